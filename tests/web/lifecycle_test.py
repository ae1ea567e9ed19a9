"""What becomes of an invitation after it was sent: asked for again, declined, changed, corrected, taken over; by real requests."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Story, Vendor, address, customer, decline, everything, link_of, machine, mail_to, mails, number, register, sql,  # noqa: E402
                    stack)

setUpModule, tearDownModule = machine()

DEAD = "This invitation link does not work"


def expire(email):
    sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{email}'")


def look(link, client=None):
    return (client or Client(stack().url)).get(link)


def quiet(email, n):
    """After the mailer has come to rest: still n mails to this address."""
    everything()
    return len(mails(email)) == n


class AskAgain(Story):
    def test_who_comes_too_late_asks_for_a_new_invitation_and_the_inviter_is_told(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        link = vendor.invite(buyer)
        expire(buyer)
        page = client.submit(look(link, client), button="Ask for a new invitation")
        self.assertEqual((page.url, page.h1), (link, "This invitation has expired"))
        self.said(page, f"{vendor.name} has been told. When they send a new invitation, it comes by email.")
        mail = mail_to(vendor.email)
        self.assertEqual(mail["subject"], f"{vendor.name}: a new invitation was asked for")
        self.assertIn(f"invitation to {buyer} asks for a new one, to be a customer of {vendor.name}.", " ".join(mail["text"].split()))
        self.said(vendor.invitation(buyer), "The invitee asked for a new invitation")
        register(vendor.resend(buyer))

    def test_asking_twice_is_answered_alike_and_tells_nobody_again(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        link = vendor.invite(buyer)
        expire(buyer)
        pages = [client.submit(look(link, client), button="Ask for a new invitation") for _ in range(3)]
        self.assertEqual({p.text for p in pages}, {pages[0].text})
        self.assertTrue(quiet(vendor.email, 1))
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_asked'"), 1)
        sql(f"UPDATE invitation SET asked_at = asked_at - INTERVAL 25 HOUR WHERE email = '{buyer}'")
        client.submit(look(link, client), button="Ask for a new invitation")
        mail_to(vendor.email, 2)

    def test_what_was_sent_anew_is_asked_for_anew_the_same_day(self):
        vendor, buyer, right, client = Vendor(), address(), address("right"), Client(stack().url)

        def correct():
            vendor.client.submit(vendor.get(vendor.invitation(buyer).link("Correct address and resend")), "/address", email=right)
            return link_of(mail_to(right))
        link = vendor.invite(buyer)
        for n, anew in enumerate((lambda: vendor.resend(buyer), lambda: vendor.invite(buyer), correct), 1):
            expire(buyer)
            client.submit(look(link, client), button="Ask for a new invitation")
            mail_to(vendor.email, n)
            link = anew()
        expire(right)
        client.submit(look(link, client), button="Ask for a new invitation")
        mail_to(vendor.email, 4)

    def test_when_the_inviter_may_not_invite_any_more_an_owner_hears_of_it(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        sender = vendor.member("inviter")
        link = vendor.invite(buyer, by=sender)
        expire(buyer)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = '{sender.email}'")
        client.submit(look(link, client), button="Ask for a new invitation")
        mail_to(vendor.email)
        self.assertTrue(quiet(sender.email, 0))

    def test_from_a_superseded_link_the_newest_invitation_is_sent_again_to_the_invited_address_and_both_new_links_work(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        old = vendor.invite(buyer, message="See you soon.")
        newer = vendor.resend(buyer)
        expires = sql(f"SELECT expires_at FROM invitation WHERE email = '{buyer}'")
        for _ in range(2):
            page = client.submit(look(old, client), button="Send it again to that address")
            self.assertEqual((page.url, page.h1), (old, "A newer invitation was sent to you"))
            self.said(page, f"Check your email. The newest invitation from {vendor.name} is sent again to the address that was invited, at most once a day.")
        mail = mail_to(buyer, 3)
        self.assertIn("See you soon.", mail["text"])
        self.assertIn(vendor.email, mail["text"])
        newest = link_of(mail)
        self.assertTrue(quiet(buyer, 3))
        self.assertEqual(sql(f"SELECT expires_at FROM invitation WHERE email = '{buyer}'"), expires, "asking gives no more time")
        self.said(vendor.invitation(buyer), "Sent again to the same address: the invitee asked")
        self.assertEqual(look(newer).h1, look(newest).h1)
        register(newest)
        self.said(look(newer), DEAD, status=404)

    def test_a_paused_invitation_is_not_sent_again_whoever_asks_and_nobody_notices(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        old = vendor.invite(buyer)
        vendor.resend(buyer)
        sql(f"UPDATE member SET role = 'auditor' WHERE company_id = {vendor.id}")
        self.said(client.submit(look(old, client), button="Send it again to that address"), f"Check your email. The newest invitation from {vendor.name} is sent again")
        self.assertTrue(quiet(buyer, 2))

    def test_an_older_link_of_an_invitation_that_is_over_says_that_it_has_expired(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        old = vendor.invite(buyer)
        vendor.resend(buyer)
        expire(buyer)
        self.assertEqual(look(old).h1, "This invitation has expired")
        client.submit(look(old, client), button="Ask for a new invitation")
        mail_to(vendor.email)

    def test_nothing_can_be_asked_for_with_a_link_that_works_or_is_dead(self):
        vendor = Vendor()
        emails = {state: address(state) for state in ("good", "cancelled", "accepted", "declined", "paused")}
        links = {state: vendor.invite(email) for state, email in emails.items()}
        client = Client(stack().url)
        csrf = look(links["good"], client).forms[0].fields["csrf"]
        vendor.cancel(emails["cancelled"])
        register(links["accepted"])
        decline(client, look(links["declined"], client))
        sql(f"UPDATE invitation SET sender_id = (SELECT MIN(id) FROM account) WHERE email = '{emails['paused']}'")
        before = everything()
        for link in [*links.values(), "/i/" + "A" * 43, "/i/x"]:
            page = client.post(link + "/ask", {"csrf": csrf})
            self.assertEqual(page.text, look(link, client).text)
        self.assertEqual(everything(), before)


class Decline(Story):
    def test_the_sender_is_told_by_mail_that_the_invitee_said_no(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        decline(client, look(vendor.invite(buyer, "supplier"), client))
        mail = mail_to(vendor.email)
        self.assertEqual(mail["subject"], f"{vendor.name}: your invitation was declined")
        self.assertIn(f"{buyer} declined the invitation to be a supplier of {vendor.name}.", " ".join(mail["text"].split()))
        self.assertIn("/industry/invitations/", mail["text"])
        self.assertTrue(quiet(vendor.email, 1))

    def test_declining_from_home_tells_the_sender_too_and_only_who_sent_it(self):
        vendor, (buyer, _) = Vendor(), customer()
        sender = vendor.member("inviter")
        vendor.invite(buyer.email, by=sender)
        page = buyer.client.submit(buyer.get(buyer.get("/home").link("Decline")), "/decline")
        self.said(page, f"You declined the invitation from {vendor.name}.")
        self.assertIn(buyer.email, mail_to(sender.email)["text"])
        self.assertTrue(quiet(vendor.email, 0))


def row(email, columns):
    return sql(f"SELECT {columns} FROM invitation WHERE email = '{email}' ORDER BY id DESC LIMIT 1")[0]


class Renew(Story):
    def test_an_expired_invitation_is_sent_anew_on_the_same_record_with_its_history(self):
        vendor, buyer = Vendor(), address()
        old = vendor.invite(buyer)
        before = row(buyer, "id, public_id")
        expire(buyer)
        self.said(vendor.invitation(buyer), "Expired", "Resend")
        new = vendor.resend(buyer)
        self.assertEqual(row(buyer, "id, public_id"), before)
        self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id}"), 1)
        page = vendor.invitation(buyer)
        self.said(page, "Pending", f"Sent by {vendor.email}", f"Resent by {vendor.email}. The old link no longer works")
        self.assertEqual(look(old).h1, "A newer invitation was sent to you")
        register(new)

    def test_after_a_cancelled_or_declined_one_inviting_again_is_filled_in_and_makes_a_new_record(self):
        vendor = Vendor()
        role = sql(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Read-only'")[0][0]
        for end in ("cancel", "decline"):
            buyer = address()
            typed = {"kind": "supplier", "first_name": "Jo", "last_name": "Li", "business_name": "Acme & Sons", "number": "S-7", "role": role, "language": "de",
                     "message": "two\nlines", "expires_days": "9"}
            link = vendor.invite(buyer, **typed)
            if end == "cancel":
                vendor.cancel(buyer)
            else:
                client = Client(stack().url)
                decline(client, look(link + "?lang=en", client))
            first = row(buyer, "id")
            page = vendor.invitation(buyer)
            self.unsaid(page, "Resend", "Copy link", "Correct address and resend")
            panel = vendor.get(page.link("Invite again"))
            form = panel.form("/industry/invitations").fields
            self.assertEqual({n: form[n] for n in ("email", *typed)}, {"email": buyer} | typed)
            vendor.client.submit(panel, "/industry/invitations")
            self.assertNotEqual(row(buyer, "id"), first)
            self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE email = '{buyer}'"), 2)
            register(link_of(mail_to(buyer, 2)))

    def test_an_accepted_invitation_offers_nothing_more(self):
        vendor, buyer = Vendor(), address()
        register(vendor.invite(buyer))
        self.unsaid(vendor.invitation(buyer), "Resend", "Cancel", "Invite again", "Change", "Copy link", "Correct address")

    def test_inviting_again_fills_in_nothing_of_another_vendor_or_of_a_colleagues_to_an_inviter(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        inviter, stranger = vendor.member("inviter"), Vendor()
        vendor.cancel(buyer)
        public = row(buyer, "LOWER(HEX(public_id))")[0]
        for who in (inviter, stranger):
            page = who.get(f"/industry?again={public}")
            self.assertEqual((page.status, page.form("/industry/invitations").fields["email"]), (200, ""))
        sql(f"UPDATE invitation SET email = 'erased-0a@erased.invalid' WHERE email = '{buyer}'")
        self.assertEqual(vendor.get(f"/industry?again={public}").form("/industry/invitations").fields["email"], "", "nor what has been erased")
        self.assertEqual(vendor.get("/industry?again=x").status, 400)


class Change(Story):
    def page_of(self, vendor, email):
        return vendor.get(vendor.invitation(email).link("Change"))

    def test_kind_number_role_and_message_are_changed_while_the_same_link_stays_good(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer, message="Old words")
        form = self.page_of(vendor, buyer)
        self.assertEqual(form.h1, "Change this invitation")
        before = form.form("/change").fields
        self.assertEqual((before["kind"], before["number"], before["message"]), ("customer", "", "Old words"))
        role = sql(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Read-only'")[0][0]
        page = vendor.client.submit(form, "/change", kind="supplier", number="S-12", role=role, message="New words")
        self.said(page, f"Invitation changed. The link sent to {buyer} still works and shows what is true now.", "Supplier", "S-12", "Read-only", "New words",
                  f"Changed by {vendor.email}: type, number, role, message")
        shown = look(link)
        self.assertEqual(shown.h1, f"{vendor.name} invited you to be a supplier")
        self.said(shown, "New words")
        register(link)
        self.assertEqual(sql(f"SELECT r.kind, r.number, p.name FROM relationship r JOIN partner_role p ON p.id = r.partner_role_id WHERE r.vendor_id = {vendor.id}"),
                         [("supplier", "S-12", "Read-only")])
        self.assertTrue(quiet(buyer, 1))

    def test_who_had_the_page_open_before_the_change_gets_what_the_row_says(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        opened = look(vendor.invite(buyer), client)
        vendor.client.submit(self.page_of(vendor, buyer), "/change", number="C-1")
        client.submit(opened, "/register", first_name="Jo", last_name="B", business_name="Acme", password="violet anchors under snow")
        self.assertEqual(sql(f"SELECT number FROM relationship WHERE vendor_id = {vendor.id}"), [("C-1",)])

    def test_each_change_has_its_line_of_history_and_none_without_a_change(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        vendor.client.submit(self.page_of(vendor, buyer), "/change", number="1")
        for message in ("Hello", "hello"):
            vendor.client.submit(self.page_of(vendor, buyer), "/change", message=message)
        page = vendor.client.submit(self.page_of(vendor, buyer), "/change")
        self.unsaid(page, "Invitation changed.")
        self.assertEqual(sql(f"SELECT detail FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_changed' ORDER BY id"), [("number",), ("message",), ("message",)])

    def test_a_kind_that_meets_another_invitation_or_a_connection_is_refused_with_the_way_out(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer, "supplier")
        other = row(buyer, "LOWER(HEX(public_id))")[0]
        vendor.invite(buyer, "customer")
        page = vendor.client.submit(self.page_of(vendor, buyer), "/change", kind="supplier", number="kept")
        self.said(page, f"{buyer} already has a pending invitation", status=422)
        self.assertEqual((page.link("View"), page.form("/change").fields["number"]), (f"/industry/invitations/{other}", "kept"))
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{buyer}' AND kind = 'supplier'")
        page = vendor.client.submit(page, "/change")
        self.said(page, f"{buyer} already has an invitation of this type, which has expired: resend that one", status=422)
        known = register(vendor.invite(kind="supplier"))
        vendor.invite(known.email, "customer")
        self.said(vendor.client.submit(self.page_of(vendor, known.email), "/change", kind="supplier"), f"{known.email} is already a supplier", status=422)
        inviter, both = vendor.member("inviter"), address("both")
        vendor.invite(both, "supplier")
        vendor.invite(both, "customer", by=inviter)
        page = inviter.get(inviter.get("/industry?q=" + both).link(both))
        page = inviter.client.submit(inviter.get(page.link("Change")), "/change", kind="supplier")
        self.said(page, f"{both} already has a pending invitation", status=422)
        self.assertNotIn("View", [" ".join(words) for _, words in page.links], "a colleague's is no page of an inviter")
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_changed'"), 0)

    def test_wrong_values_are_refused_and_everything_typed_is_kept(self):
        vendor, other, buyer = Vendor(), Vendor(), address()
        vendor.invite(buyer)
        strange = sql(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {other.id}")[0][0]
        form = self.page_of(vendor, buyer)
        fields = form.form("/change").fields
        for wrong, sentence in (({"role": strange}, "Select a role"), ({"role": "x"}, "Select a role"), ({"kind": "vendor"}, "Select customer or supplier"),
                                ({"kind": ""}, "Select customer or supplier"), ({"message": "see https://evil.example"}, "Enter text without web addresses")):
            page = vendor.client.post(form.form("/change").action, fields | {"number": "N 1"} | wrong)
            self.said(page, sentence, status=422)
            self.assertTrue(page.title.startswith("Error: "))
            self.assertEqual(page.form("/change").fields["number"], "N 1")
        self.assertEqual(vendor.client.post(form.form("/change").action, fields | {"status": "accepted"}).status, 400)
        self.assertEqual(row(buyer, "kind, number, message"), ("customer", "", ""))

    def test_what_is_not_pending_is_not_changed(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        form = self.page_of(vendor, buyer)
        expire(buyer)
        for page in (vendor.client.submit(form, "/change", number="late"), vendor.get(form.url)):
            self.said(page, f"Nothing was changed. The invitation to {buyer} is not pending any more.")
        self.assertEqual(row(buyer, "number"), ("",))


class Correct(Story):
    def page_of(self, vendor, email):
        return vendor.get(vendor.invitation(email).link("Correct address and resend"))

    def test_the_right_address_gets_a_new_link_and_the_old_one_is_dead_and_tells_nothing(self):
        vendor, wrong, right = Vendor(), address("wrong"), address("right")
        first = vendor.invite(wrong, first_name="Jo", number="C-9", message="Welcome")
        second = vendor.resend(wrong)
        before = row(wrong, "id, public_id")
        page = self.page_of(vendor, wrong)
        self.assertEqual((page.h1, page.form("/address").fields["email"]), ("Correct the address", wrong))
        page = vendor.client.submit(page, "/address", email=right)
        self.assertEqual(page.url, "/industry")
        self.said(page, f"We emailed {right}.", right)
        self.assertEqual(row(right, "id, public_id"), before)
        new = link_of(mail_to(right))
        for dead in (first, second):
            self.said(look(dead), DEAD, status=404)
            self.unsaid(look(dead), right, vendor.name)
        self.said(vendor.invitation(right), f"Sent to a corrected address by {vendor.email}. The links sent before are dead", "C-9")
        self.assertTrue(quiet(wrong, 2))
        self.assertEqual(register(new).email, right)

    def test_sent_again_or_to_a_corrected_address_the_mail_says_the_same_in_the_same_language_until_the_new_end(self):
        vendor, wrong, right = Vendor(), address("wrong"), address("right")
        vendor.invite(wrong, language="de", message="Bis Montag.", expires_days="20")
        subject = mail_to(wrong)["subject"]
        vendor.resend(wrong)
        again = mail_to(wrong, 2)
        vendor.client.submit(self.page_of(vendor, wrong), "/address", email=right)
        for mail in (again, mail_to(right)):
            self.assertEqual((mail["subject"], mail["headers"]["Content-Language"]), (subject, "de"))
            self.assertIn("Bis Montag.", mail["text"])
            self.assertRegex(mail["text"], rf"\b{row(right, 'DAY(expires_at)')[0]}\. \w+ 20\d\d\b")

    def test_the_list_finds_it_by_the_new_address_only(self):
        vendor, wrong, right = Vendor(), address("wrong"), address("right")
        vendor.invite(wrong, business_name="Acme Harbour")
        vendor.client.submit(self.page_of(vendor, wrong), "/address", email=right)
        self.said(vendor.get(f"/industry?q={right}"), right)
        self.said(vendor.get("/industry?q=harbour"), right)
        self.said(vendor.get(f"/industry?q={wrong}"), "No invitations found")

    def test_a_mail_that_still_waits_never_leaves_for_the_wrong_address(self):
        vendor, wrong, right = Vendor(), address("wrong"), address("right")
        stack().stop_mailbox()
        try:
            vendor.send(wrong)
            self.said(vendor.client.submit(self.page_of(vendor, wrong), "/address", email=right), f"We will keep trying to email {right}.")
        finally:
            stack().start_mailbox()
        register(link_of(mail_to(right)))
        self.assertTrue(quiet(wrong, 0))

    def test_nothing_can_be_done_with_the_old_link_and_its_asking_answers_like_an_unknown_one(self):
        vendor, wrong, right, client = Vendor(), address("wrong"), address("right"), Client(stack().url)
        old = vendor.invite(wrong)
        opened = look(old, client)
        vendor.client.submit(self.page_of(vendor, wrong), "/address", email=right)
        mail_to(right)
        csrf, before = opened.forms[0].fields["csrf"], everything()
        person = {"first_name": "Jo", "last_name": "B", "business_name": "Late", "password": "violet anchors under snow"}
        for action, fields in (("/register", person), ("/decline", {}), ("/ask", {}), ("/accept", {}), ("/sign-in", {"password": "x"})):
            self.said(client.post(old + action, {"csrf": csrf} | fields), DEAD, status=404)
        self.assertEqual(everything(), before)

    def test_an_address_that_cannot_be_invited_is_refused_with_its_reason_and_kept(self):
        vendor, wrong, taken, late = Vendor(), address("wrong"), address("taken"), address("late")
        for email in (wrong, taken, late):
            vendor.invite(email)
        expire(late)
        known = register(vendor.invite())
        for email, sentence in ((taken, f"{taken} already has a pending invitation"), (known.email, f"{known.email} is already a customer"),
                                (late, f"{late} already has an invitation of this type, which has expired: resend that one"),
                                (vendor.email, f"{vendor.email} is a colleague of yours, in this company"), ("", "Enter an email address"),
                                (wrong, "Enter the right address: the invitation was sent to this one already"), ("jo at x", "Enter an email address in the correct format")):
            page = vendor.client.submit(self.page_of(vendor, wrong), "/address", email=email)
            self.said(page, sentence, status=422)
            self.assertEqual(page.form("/address").fields["email"], email)
        self.assertTrue(page.title.startswith("Error: "))
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_corrected'"), 0)
        self.sent(vendor.client.submit(self.page_of(vendor, wrong), "/address", email=wrong.upper()), wrong.upper())   # the same address, spelled right

    def test_an_expired_one_can_be_corrected_too_an_ended_one_cannot(self):
        vendor, wrong, right = Vendor(), address("wrong"), address("right")
        vendor.invite(wrong)
        expire(wrong)
        form = self.page_of(vendor, wrong)
        vendor.client.submit(form, "/address", email=right)
        register(link_of(mail_to(right)))
        self.said(vendor.client.submit(form, "/address", email=address()), "is not pending any more.")
        self.said(vendor.get(form.url), "is not pending any more.")


class TakeOver(Story):
    def test_an_invitation_whose_sender_lost_the_right_is_marked_and_works_again_when_an_admin_takes_it_over(self):
        vendor, buyer = Vendor(), address()
        sender, admin = vendor.member("inviter"), vendor.member("admin")
        link = vendor.invite(buyer, by=sender)
        self.unsaid(vendor.get("/industry"), "Paused")
        self.unsaid(vendor.invitation(buyer), "Paused", "Take over")
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = '{sender.email}'")
        self.assertEqual(look(link).h1, "This invitation is paused")
        self.said(vendor.get("/industry"), "Paused: sender may not invite any more")
        page = admin.get(vendor.invitation(buyer).url)
        self.said(page, "Paused: sender may not invite any more", f"Nobody can accept it until an owner or admin takes it over from {sender.email}.")
        page = admin.client.submit(page, button="Take over")
        self.said(page, f"You have taken over the invitation to {buyer}. Its link works again.", f"Taken over by {admin.email}", f"Sent by {admin.email}")
        self.unsaid(page, "Paused")
        register(link)
        mail_to(admin.email)
        self.assertTrue(quiet(sender.email, 0), "who accepts is told to whom it belongs now")

    def test_an_invitation_that_works_or_has_ended_is_not_taken_over(self):
        vendor, buyer, done = Vendor(), address(), address()
        sender = vendor.member("inviter")
        vendor.invite(buyer, by=sender)
        vendor.invite(done, by=sender)
        vendor.cancel(done)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = '{sender.email}'")
        page = vendor.invitation(buyer)
        self.unsaid(vendor.invitation(done), "Paused")
        csrf = page.forms[0].fields["csrf"]
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'inviter' WHERE a.email = '{sender.email}'")
        for email in (buyer, done):
            answer = vendor.client.post(vendor.invitation(email).url + "/take-over", {"csrf": csrf})
            self.said(answer, "Nothing was changed.")
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_taken_over'"), 0)


if __name__ == "__main__":
    unittest.main()
