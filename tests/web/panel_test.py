"""The Industry panel: sending, what stands in the way, what is kept and said, resend and cancel."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Story, Vendor, address, customer, decline, everything, fresh, link_of, machine, mail_to, mails, number,  # noqa: E402
                    register, sql, stack, value, wait)

setUpModule, tearDownModule = machine()


def expire(email):
    sql(f"UPDATE invitation SET sent_at = sent_at - INTERVAL 29 DAY, expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE email = '{email}'")


class Sending(Story):
    def test_a_vendor_without_invitations_is_told_what_to_do(self):
        page = Vendor().get("/industry")
        self.said(page, "Sent invitations", "No invitations yet", "When you invite a customer or supplier, it appears here.")
        self.assertEqual(page.link("Invite someone"), "#kind")
        self.unsaid(page, "All (0)")

    def test_the_row_of_an_invitation_says_everything_about_it(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer, business_name="Acme Ltd")
        page = vendor.get("/industry")
        self.said(page, f"Invitations (1 to 1 of 1) Email Address Type Status Sent Expires Actions {buyer} Acme Ltd Customer Pending "
                        "Mail: Sent Sent:", f"by {vendor.email}", "Resend Cancel")

    def test_the_page_of_an_invitation_says_its_language_and_what_to_look_for_when_no_mail_arrives(self):
        vendor, buyer = Vendor(), address()
        vendor.send(buyer, language="pl")
        sender = re.search(r"<([^>]+)>", mail_to(buyer)["from"])[1]
        page = wait(lambda: (p := vendor.invitation(buyer)) and "Handed to the mail server" in p.text and p, "mail")
        self.said(page, "Language Polski", f"Has it not arrived? Look at the address once more, and ask for a look into the spam folder: the mail comes from {sender}.")
        vendor.cancel(buyer)
        self.unsaid(vendor.invitation(buyer), "Has it not arrived?")

    def test_every_page_of_the_panel_names_who_helps(self):
        vendor = Vendor()
        for path in ("/industry", "/customers", "/settings", "/team", "/audit"):
            self.assertIn("mailto:support@portal.example", vendor.get(path).link("support@portal.example"), path)

    def test_neither_kind_nor_address_is_guessed(self):
        vendor = Vendor()
        panel = vendor.get("/industry")
        self.said(panel, "Who are you inviting?", "Email Address", "More options", "Send Invite")
        self.assertNotIn("kind", panel.form("/industry/invitations").fields, "neither card is chosen beforehand")
        page = vendor.client.submit(panel, "/industry/invitations", email="")
        self.said(page, "There is a problem", "Select customer or supplier", "Enter an email address", status=422)
        self.assertTrue(page.title.startswith("Error: "))
        self.assertEqual((page.link("Select customer or supplier"), page.link("Enter an email address")), ("#kind", "#email"))
        self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id}"), 0)

    def test_everything_that_was_typed_is_kept_when_something_is_wrong(self):
        vendor = Vendor()
        role = value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Read-only'")
        typed = {"kind": "supplier", "email": "jo at acme", "first_name": "Jo <b>", "last_name": "\"O’Neill\"", "business_name": "A & B",
                 "number": "N'1", "role": role, "language": "en", "message": "two\nlines & </textarea>", "expires_days": "31"}
        page = vendor.client.submit(vendor.get("/industry"), "/industry/invitations", **typed)
        self.said(page, "Enter an email address in the correct format, like name@example.com", "Enter a number of days from 1 to 30", status=422)
        kept = page.form("/industry/invitations").fields
        self.assertEqual({n: kept[n] for n in typed}, typed)
        self.assertIn("<details open>", page.body)
        buyer = address()
        self.sent(vendor.client.submit(page, "/industry/invitations", email=buyer, expires_days="30"), buyer)
        self.assertEqual(sql(f"SELECT kind, first_name, last_name, business_name, number, message, expires_days FROM invitation WHERE vendor_id = {vendor.id}"),
                         [("supplier", "Jo <b>", "\"O’Neill\"", "A & B", "N'1", "two\nlines & </textarea>", "30")])

    def test_links_and_addresses_in_names_and_message_are_refused(self):
        vendor = Vendor()
        for field, text in (("message", "see https://evil.example/x"), ("message", "write to me@evil.example"), ("first_name", "www.evil.example"),
                            ("business_name", "evil.example/win")):
            page = vendor.send(address(), **{field: text})
            self.said(page, "Enter text without web addresses and without the @ sign", status=422)
        self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id}"), 0)

    def test_a_note_is_shown_once_and_gone_on_the_next_page(self):
        vendor, buyer = Vendor(), address()
        self.sent(vendor.send(buyer), buyer)
        self.unsaid(vendor.get("/industry"), "Invitation sent.", "Invitation saved.")
        vendor.resend(buyer)
        self.unsaid(vendor.get("/industry"), "New invitation sent.")
        self.said(vendor.cancel(buyer), "Invitation cancelled.", f"The link sent to {buyer} does not work any more.")
        self.unsaid(vendor.get("/industry"), "Invitation cancelled.")

    def test_the_note_waits_for_the_panel_where_another_page_comes_first(self):
        vendor, buyer = Vendor(), address()
        vendor.client.follow = False
        self.assertEqual(vendor.send(buyer).location, "/industry")
        for path, status in (("/customers", 200), ("/nowhere", 404), ("/industry?status=x", 400)):
            page = vendor.get(path)
            self.assertEqual(page.status, status)
            self.unsaid(page, "We emailed", "Invitation sent.", "Invitation saved.")
        self.sent(vendor.get("/industry"), buyer)
        self.unsaid(vendor.get("/industry"), "Invitation sent.", "Invitation saved.")

    def test_without_a_mail_server_the_note_says_that_it_was_saved_and_the_mail_leaves_later(self):
        vendor, buyer, other = Vendor(), address(), address()
        stack().stop_mailbox()
        try:
            page = vendor.send(buyer)
            self.said(page, f"Invitation saved. We will keep trying to email {buyer}.")
            self.unsaid(page, "Invitation sent.")
            self.unsaid(vendor.get("/industry"), "Invitation saved.")
            self.said(vendor.send(other), f"We will keep trying to email {other}.")
            self.said(vendor.invitation(buyer), "Deferred", "Next try:")
        finally:
            stack().start_mailbox()
        link = link_of(mail_to(buyer))
        self.said(vendor.invitation(buyer), "Mail Sent", "Not delivered yet: ", "Handed to the mail server: ")
        register(link)

    def test_reloading_the_page_after_sending_sends_nothing_again(self):
        vendor, buyer = Vendor(), address()
        vendor.client.follow = False
        page = vendor.client.get("/industry")
        answer = vendor.client.submit(page, "/industry/invitations", kind="customer", email=buyer)
        self.assertEqual((answer.status, answer.location), (303, "/industry"))
        for _ in range(3):
            self.assertEqual(vendor.get("/industry").status, 200)
        vendor.client.follow = True
        mail_to(buyer)
        self.said(vendor.client.submit(page, "/industry/invitations", kind="customer", email=buyer), f"We emailed {buyer}.")   # the same form is the same invitation
        self.assertEqual(len(mails(mail_to(buyer)["to"])), 1)


class Obstacles(Story):
    def test_an_address_with_a_pending_invitation_is_refused_with_resend_and_view(self):
        vendor, buyer = Vendor(), address()
        old = vendor.invite(buyer)
        before = everything()
        page = vendor.send(buyer, message="a second one")
        self.said(page, f"{buyer} already has a pending invitation", status=422)
        self.assertEqual(everything(), before)
        self.assertEqual(vendor.get(page.link("View")).h1, f"Invitation to {buyer}")
        resend = next(f for f in page.forms if "Resend" in f.buttons)
        self.said(vendor.client.post(resend.action, resend.fields), "New invitation sent. The old link no longer works.")
        self.assertNotEqual(link_of(mail_to(buyer, 2)), old)

    def test_the_same_address_is_invited_as_customer_and_as_supplier(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        self.sent(vendor.send(buyer, "supplier"), buyer)
        self.said(vendor.get("/industry"), "All (2)", "Pending (2)")

    def test_an_address_that_is_a_customer_already_is_refused_with_view(self):
        buyer, vendor = customer()
        page = vendor.send(buyer.email)
        self.said(page, f"{buyer.email} is already a customer", status=422)
        self.assertEqual(vendor.get(page.link("View")).h1, buyer.business)
        seller, vendor = customer("supplier")
        page = vendor.send(seller.email, "supplier")
        self.said(page, f"{seller.email} is already a supplier", status=422)
        self.assertEqual(vendor.get(page.link("View")).h1, seller.business)

    def test_a_customer_of_one_vendor_is_no_customer_of_another(self):
        buyer, _ = customer()
        other = Vendor()
        self.sent(other.send(buyer.email), buyer.email)

    def test_a_colleague_is_refused_with_the_team_as_the_way_out(self):
        vendor = Vendor()
        colleague = vendor.member("auditor")
        for email in (vendor.email, colleague.email):
            page = vendor.send(email)
            self.said(page, f"{email} is a colleague of yours, in this company", status=422)
            self.said(vendor.get(page.link("View")), colleague.email)

    def test_an_inviter_is_told_which_colleague_has_invited_the_address(self):
        vendor, buyer = Vendor(), address()
        inviter = vendor.member("inviter")
        vendor.invite(buyer)
        page = vendor.send(buyer, by=inviter)
        self.said(page, f"{buyer} already has a pending invitation from {vendor.email}, who can send it again or change it", status=422)
        self.assertNotIn("View", [" ".join(words) for _, words in page.links])   # an inviter sees the own ones

    def test_a_paused_connection_says_to_lift_the_pause_first(self):
        buyer, vendor = customer()
        sql(f"UPDATE relationship SET state = 'paused' WHERE vendor_id = {vendor.id}")
        page = vendor.send(buyer.email)
        self.said(page, f"The connection with {buyer.email} is paused: lift the pause first", status=422)
        self.assertEqual(vendor.get(page.link("View")).h1, buyer.business)
        self.said(vendor.get("/customers"), "Paused")
        sql(f"UPDATE relationship SET paused_until = UTC_TIMESTAMP(6) WHERE vendor_id = {vendor.id}")
        self.said(vendor.send(buyer.email), f"{buyer.email} is already a customer", status=422)   # a pause that is over needs no lift

    def test_a_disconnected_customer_is_invited_again_and_keeps_the_number(self):
        buyer, vendor = customer()
        sql(f"UPDATE relationship SET state = 'disconnected', number = 'K1' WHERE vendor_id = {vendor.id}")
        link = vendor.invite(buyer.email, number="K2")
        buyer.client.submit(buyer.get(link), "/accept")
        self.assertEqual(sql(f"SELECT state, number FROM relationship WHERE vendor_id = {vendor.id}"), [("active", "K1")])

    def test_an_expired_invitation_is_sent_anew_by_typing_the_address_again_as_the_same_record(self):
        vendor, buyer = Vendor(), address()
        old = vendor.invite(buyer, message="first", business_name=fresh("Oldname"))
        record = value(f"SELECT HEX(public_id) FROM invitation WHERE email = '{buyer}'")
        expire(buyer)
        self.said(vendor.get("/industry"), "Expired (1)", "Pending (0)")
        word = fresh("Newname")
        new = vendor.invite(buyer, message="second", business_name=word, expires_days="2")
        self.assertEqual(sql(f"SELECT HEX(public_id), status, message, business_name, expires_days FROM invitation WHERE email = '{buyer}'"),
                         [(record, "pending", "second", word, "2")])
        self.said(vendor.invitation(buyer), f"Sent by {vendor.email}", f"Sent anew by {vendor.email} after it had expired", "Pending")
        self.said(vendor.get("/industry?q=" + word), buyer)
        self.said(vendor.get("/industry?q=Oldname"), "No invitations found")
        self.said(Client(stack().url).get(old), "A newer invitation was sent to you")
        register(new)

    def test_after_cancelling_and_after_declining_the_address_is_invited_with_a_new_record(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        vendor.cancel(buyer)
        link = vendor.invite(buyer)
        browser = Client(stack().url)
        decline(browser, browser.get(link))
        vendor.invite(buyer)
        self.assertEqual(sql(f"SELECT status FROM invitation WHERE email = '{buyer}' ORDER BY id"), [("cancelled",), ("declined",), ("pending",)])
        self.said(vendor.get("/industry"), "All (3)", "Pending (1)", "Cancelled (1)", "Declined (1)")


class ResendAndCancel(Story):
    def test_resending_mails_a_new_link_with_a_new_expiry(self):
        vendor, buyer = Vendor(), address()
        old = vendor.invite(buyer, message="Hello Jo", expires_days="5")
        sql(f"UPDATE invitation SET expires_at = expires_at - INTERVAL 4 DAY WHERE email = '{buyer}'")
        new = vendor.resend(buyer)
        self.assertNotEqual(new, old)
        self.assertIn("Hello Jo", mail_to(buyer, 2)["text"])
        self.assertEqual(number(f"SELECT TIMESTAMPDIFF(HOUR, sent_at, expires_at) FROM invitation WHERE email = '{buyer}'"), 120)
        self.said(Client(stack().url).get(old), "A newer invitation was sent to you")
        register(new)

    def test_an_expired_invitation_is_resent(self):
        vendor, buyer = Vendor(), address()
        old = vendor.invite(buyer)
        expire(buyer)
        new = vendor.resend(buyer)
        self.said(vendor.get("/industry"), "Pending (1)", "Expired (0)")
        self.said(Client(stack().url).get(old), "A newer invitation was sent to you")
        register(new)

    def test_what_has_come_between_is_said_and_nothing_is_sent_again(self):
        buyer, _ = customer()
        vendor, colleague = Vendor(), address("colleague")
        for email in (buyer.email, colleague):
            vendor.invite(email)
        sql(f"INSERT INTO relationship (vendor_id, partner_id, kind, partner_role_id, state, since) SELECT {vendor.id}, c.id, 'customer', MIN(p.id), 'active', UTC_TIMESTAMP(6) "
            f"FROM company c JOIN partner_role p ON p.vendor_id = {vendor.id} WHERE c.name = '{buyer.business}' GROUP BY c.id")
        stack().command("account", "add", "--email", colleague, "--vendor", vendor.name, "--role", "auditor", "--password-stdin", stdin=vendor.password + "\n")
        sentences = [(buyer.email, f"{buyer.email} is already a customer", "active"), (buyer.email, f"The connection with {buyer.email} is paused: lift the pause first", "paused"),
                     (colleague, f"{colleague} is a colleague of yours, in this company", "paused")]
        for email, sentence, state in sentences:
            sql(f"UPDATE relationship SET state = '{state}' WHERE vendor_id = {vendor.id}")
            opened, before = vendor.invitation(email), everything()
            page = vendor.client.submit(opened, button="Resend")
            self.said(page, "Nothing was sent. " + sentence)
            self.assertEqual((page.h1, everything()), (f"Invitation to {email}", before))
        sql(f"UPDATE relationship SET state = 'disconnected' WHERE vendor_id = {vendor.id}")
        vendor.resend(buyer.email)

    def test_cancelling_asks_first_and_says_what_happens(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer)
        page = vendor.client.get(vendor.get("/industry").link("Cancel"))
        self.assertEqual(page.h1, "Cancel this invitation?")
        self.said(page, f"The link sent to {buyer} will stop working. We will not email them about this.", "Cancel invitation", "Keep invitation")
        self.said(vendor.get(page.link("Keep invitation")), "Pending")
        self.said(Client(stack().url).get(link), "Create an account")
        vendor.client.submit(page, button="Cancel invitation")
        self.said(vendor.get("/industry"), "Cancelled (1)", "Pending (0)")
        self.said(vendor.invitation(buyer), f"Cancelled by {vendor.email}")
        self.assertEqual(len(mails(buyer)), 1)

    def test_an_accepted_or_cancelled_invitation_is_neither_resent_nor_cancelled(self):
        vendor, cancelled, accepted = Vendor(), address(), address()
        vendor.invite(cancelled)
        link = vendor.invite(accepted)
        pages = {email: (vendor.invitation(email), vendor.get(vendor.invitation(email).link("Cancel"))) for email in (cancelled, accepted)}
        vendor.cancel(cancelled)
        register(link)
        before = everything()
        for email, (opened, cancel) in pages.items():
            for page in (vendor.client.submit(opened, button="Resend"), vendor.client.submit(cancel, button="Cancel invitation"), vendor.get(cancel.url)):
                self.said(page, f"Nothing was changed. The invitation to {email} is not pending any more.")
        self.assertEqual(everything(), before)

    def test_cancelling_twice_cancels_once(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        page = vendor.get(vendor.invitation(buyer).link("Cancel"))
        self.said(vendor.client.submit(page, button="Cancel invitation"), "Invitation cancelled.")
        self.said(vendor.client.submit(page, button="Cancel invitation"), "Nothing was changed.")
        self.assertEqual(number("SELECT COUNT(*) FROM audit_event e JOIN invitation i ON i.id = e.invitation_id "
                                f"WHERE i.email = '{buyer}' AND e.event = 'invitation_cancelled'"), 1)


if __name__ == "__main__":
    unittest.main()
