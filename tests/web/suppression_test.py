"""The do-not-invite list: who is on it is invited by nobody, whoever the vendor; and finds the way back."""
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Person, Story, Vendor, address, customer, everything, keyed, machine, mail_to, mails, number, register,  # noqa: E402
                    sql, stack, value, wait)

setUpModule, tearDownModule = machine()
ADDRESS = 5   # fcgi/secret.h, SECRET_ADDRESS


def never_of(mail):
    """The path of "Never invite me again" in a mail."""
    found = [urllib.parse.urlsplit(link).path for link in mail["links"] if "/never/" in link]
    assert len(set(found)) == 1, mail["text"]
    return found[0]


def forbid(path):
    """A new browser follows the link and presses the button; the page that follows."""
    client = Client(stack().url)
    return client.submit(client.get(path), path)


def invited(vendor=None, email=None, **more):
    """Vendor, address, link and the way out, after an invitation."""
    vendor, email = vendor or Vendor(), email or address("invitee")
    link = vendor.invite(email, **more)
    return vendor, email, link, never_of(mail_to(email))


def press(link):
    """"Never invite me again" on the invitation's page: the page that follows."""
    client = Client(stack().url)
    return client.get(client.get(link).link("Never invite me again"))


class TheWayOut(Story):
    def test_every_invitation_says_at_its_end_how_to_be_never_invited_again(self):
        _, email, link, never = invited()
        mail = mail_to(email)
        self.assertIn(f"Never invite me again:\n{stack().url}{never}", mail["text"])
        self.assertIn(f'href="{stack().url}{never}"', mail["html"])
        headers = {k.lower(): v for k, v in mail["headers"]} if isinstance(mail["headers"], list) else {k.lower(): v for k, v in mail["headers"].items()}
        self.assertEqual("".join(headers["list-unsubscribe"].split()), f"<{stack().url}{never}>")
        self.assertNotIn("list-unsubscribe-post", headers)

    def test_mail_that_somebody_asked_for_has_the_way_out_too_and_reaches_who_is_on_the_list(self):
        buyer, vendor = customer()
        never = never_of(mail_to(buyer.email))
        forbid(never)
        client = Client(stack().url)
        client.submit(client.get("/forgot"), "/forgot", email=buyer.email)
        mail = wait(lambda: [m for m in mails(buyer.email) if "/reset/" in m["text"]], "the reset mail")[0]
        self.assertEqual(never_of(mail), never)
        self.assertIn(f'href="{stack().url}{never}"', mail["html"])
        self.assertEqual(buyer.sign_in().url, "/home", "the account keeps working")

    def test_the_link_is_the_same_for_an_address_and_another_for_every_other_and_is_not_the_invitations_own(self):
        one, email, link, never = invited()
        other, _, _, second = invited(email=email.upper())
        self.assertEqual(never, second, "one address, however it is typed and whoever writes")
        self.assertNotEqual(never, invited(vendor=one)[3])
        secret = link.rpartition("/")[2]
        self.assertNotIn(secret, never)
        self.assertEqual(Client(stack().url).get("/never/" + secret).status, 404)

    def test_looking_at_the_page_changes_nothing_and_says_what_the_button_does(self):
        _, email, _, never = invited()
        before = everything()
        for method in ("GET", "HEAD"):
            page = Client(stack().url).raw(method, never)
            self.assertEqual(page.status, 200)
            self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        page = Client(stack().url).get(never)
        self.said(page, f"This is about {email}", "not only the one that wrote to you", "You can change your mind")
        self.assertEqual(page.h1, "Never invite me again")
        self.assertEqual(everything(), before)

    def test_a_link_that_is_changed_cut_or_guessed_leads_nowhere_and_changes_nothing(self):
        _, _, _, never = invited()
        token = never.rpartition("/")[2]
        before = everything()
        wrong = [token[:-1], token[1:], token + "A", token[:30] + ("B" if token[30] != "B" else "C") + token[31:], token.swapcase(), "A" * 43, "A" * 100, "x",
                 "%C3%A9", token + "%3D", "A" * 3000]
        for text in wrong:
            client = Client(stack().url)
            page = client.get("/never/" + text)
            self.said(page, "This link does not work", "support@portal.example", status=404)
            csrf = client.get("/sign-in").form("/sign-in").fields["csrf"]
            for path in ("/never/" + text, f"/never/{text}/undo"):
                self.assertEqual(client.post(path, {"csrf": csrf}).status, 404)
        self.assertEqual(everything(), before)

    def test_the_button_pressed_by_a_program_without_the_page_does_nothing(self):
        _, _, _, never = invited()
        before = everything()
        for body in ("", "List-Unsubscribe=One-Click"):
            page = Client(stack().url).raw("POST", never, body, {"Content-Type": "application/x-www-form-urlencoded"})
            self.assertIn(page.status, (400, 403))
        self.assertEqual(everything(), before)

    def test_the_invitations_page_leads_there_too(self):
        vendor, email, link, never = invited()
        self.assertEqual(press(link).url, never)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email_canon = '{email}'")
        self.assertEqual(press(link).url, never, "also when it has expired")
        vendor.cancel(email)
        self.assertNotIn("/never/", Client(stack().url).get(link).body, "a dead link does not tell whose it was")

    def test_a_link_that_an_admin_copied_does_not_let_its_holder_speak_for_the_mailbox(self):
        _, email, link, _ = invited()
        sql(f"UPDATE token t JOIN invitation i ON i.id = t.invitation_id SET t.copied = 1 WHERE i.email_canon = '{email}'")
        page = Client(stack().url).get(link)
        self.said(page, email)
        self.assertNotIn("/never/", page.body)


class OnTheList(Story):
    def test_the_page_confirms_it_and_a_second_press_changes_nothing(self):
        _, email, _, never = invited()
        client = Client(stack().url)
        first, last = client.get(never), number("SELECT MAX(id) FROM audit_event")
        page = client.submit(first, never)
        self.assertEqual(sql(f"SELECT event, account_id, vendor_id, detail FROM audit_event WHERE id > {last} AND event = 'never-invited'"), [("never-invited", None, None, "")], "written down, without whom")
        self.said(page, "Done.", "You are on the do-not-invite list", f"Nobody can invite {email}", "Allow invitations again")
        row = f"SELECT asked_by, asked_at FROM suppression WHERE HEX(address) = '{keyed(ADDRESS, email).hex().upper()}'"
        before = sql(row)
        self.assertEqual(client.submit(first, never).h1, "You are on the do-not-invite list")
        self.assertEqual(sql(row), before, "the first time stays")
        self.assertEqual(number(f"SELECT COUNT(*) FROM suppression WHERE HEX(address) = '{keyed(ADDRESS, email).hex().upper()}' AND asked_by = 'person'"), 1)

    def test_the_list_holds_no_address(self):
        _, email, _, never = invited()
        forbid(never)
        for row in sql("SELECT HEX(address), asked_by, asked_at FROM suppression"):
            self.assertNotIn(email.encode().hex().upper(), row[0])

    def test_no_vendor_can_invite_the_address_however_it_is_typed_and_each_is_told_why_and_what_to_do(self):
        vendor, email, _, never = invited()
        other = Vendor()
        forbid(never)
        before = everything()
        for v, typed in ((vendor, email), (other, email), (other, email.upper())):
            page = v.send(typed)
            self.said(page, f"{typed} wants no invitations through Invited", "Ask this person to allow them again", status=422)
            self.assertEqual(page.form("/industry/invitations").fields["email"], typed)
        self.assertNotIn(vendor.name, other.send(email).text, "nothing of other vendors")
        self.said(other.client.submit(other.get("/link/customer"), "/link/customer", target=email), f"{email} wants no invitations", status=422)
        self.assertEqual(everything(), before)
        self.assertEqual(len(mails(email)), 1)

    def test_nobody_adds_the_address_by_hand_or_asks_it_into_a_team(self):
        _, email, _, never = invited()
        vendor, asked = Vendor(), address("asked")
        vendor.client.submit(vendor.get("/team"), "/team/invitations", email=asked, role="auditor")
        for path in (never, never_of(mail_to(asked))):
            forbid(path)
        before = everything()
        page = vendor.client.submit(vendor.get("/add/customer"), "/check", email=email, business_name="Quiet Ltd")
        self.said(page, f"{email} wants no invitations through Invited", status=422)
        self.assertEqual(page.form("/check").fields["business_name"], "Quiet Ltd")
        form = vendor.client.submit(vendor.client.submit(vendor.get("/add/customer"), "/check", email=address(), business_name="Quiet Ltd"), "/data")
        self.said(vendor.client.submit(form, "/add/customer", email=email), f"{email} wants no invitations through Invited", status=422)
        self.said(vendor.client.submit(vendor.get("/team"), "/team/invitations", email=email, role="auditor"), f"{email} wants no invitations through Invited", status=422)
        self.said(vendor.client.submit(vendor.get("/team"), button="Resend"), "Nothing was sent.", f"{asked} wants no invitations")
        self.assertEqual(everything(), before)
        self.assertEqual((len(mails(email)), len(mails(asked))), (1, 1))

    def test_a_pending_invitation_stays_but_is_not_sent_again(self):
        vendor, email, link, never = invited()
        forbid(never)
        before = everything()
        page = vendor.client.submit(vendor.invitation(email), button="Resend")
        self.said(page, "Nothing was sent.", f"{email} wants no invitations", "Pending")
        self.assertEqual(everything(), before)
        self.assertEqual(register(link).get("/home").status, 200, "the link that was sent still works")

    def test_an_expired_one_is_not_renewed(self):
        vendor, email, _, never = invited()
        forbid(never)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email_canon = '{email}'")
        self.said(vendor.send(email), "wants no invitations", status=422)
        self.assertEqual(len(mails(email)), 1)

    def test_a_mail_that_was_waiting_is_not_sent_and_its_invitation_says_suppressed(self):
        one, email, _, never = invited()
        other = Vendor()
        stack().stop_mailbox()
        try:
            other.send(email)
            wait(lambda: sql(f"SELECT 1 FROM outbox WHERE recipient = '{email}' AND state = 'deferred'"), "deferred mail")
            forbid(never)
            self.assertEqual(sql(f"SELECT state, sealed, next_at FROM outbox o JOIN invitation i ON i.outbox_id = o.id WHERE i.vendor_id = {other.id}"),
                             [("suppressed", None, None)])
        finally:
            stack().start_mailbox()
        page = other.invitation(email)
        self.said(page, "Suppressed", "This person wants no invitations", "Not sent: this person wants no invitations", "Pending")
        self.said(other.get("/industry"), "Suppressed")
        third = Vendor()
        third.invite()   # the mailer has gone through the outbox meanwhile
        self.assertEqual(len(mails(email)), 1)
        self.assertNotIn("Suppressed", one.invitation(email).text, "what was sent before stays sent")

    def test_a_mail_written_at_the_same_moment_is_stopped_by_the_mailer(self):
        _, email, _, never = invited()
        other = Vendor()
        stack().stop_mailbox()
        try:
            other.send(email)
            # as if the list had got its line after the mail was checked and before it was there
            sql(f"INSERT INTO suppression VALUES (UNHEX('{keyed(ADDRESS, email).hex()}'), 'person', UTC_TIMESTAMP(6))")
            wait(lambda: sql(f"SELECT 1 FROM outbox o JOIN invitation i ON i.outbox_id = o.id WHERE i.vendor_id = {other.id} AND o.state = 'suppressed' AND o.sealed IS NULL"),
                 "the mailer's stop")
        finally:
            stack().start_mailbox()
        self.said(other.invitation(email), "Suppressed", "Not sent: this person wants no invitations")
        self.assertEqual(len(mails(email)), 1)


class TheWayBack(Story):
    def test_the_person_allows_invitations_again_and_is_invited(self):
        vendor, email, _, never = invited()
        client, first = Client(stack().url), number("SELECT MAX(id) FROM audit_event")
        page = client.submit(client.get(never), never)
        page = client.submit(page, button="Allow invitations again")
        self.said(page, "Invitations to this address are allowed again", "Never invite me again")
        self.assertEqual(number("SELECT COUNT(*) FROM suppression WHERE HEX(address) = '" + keyed(ADDRESS, email).hex().upper() + "'"), 0)
        self.assertEqual(sql(f"SELECT event, vendor_id, account_id FROM audit_event WHERE id > {first} AND event NOT LIKE 'mail%' ORDER BY id"),
                         [("never-invited", None, None), ("invitations-allowed", None, None)])
        vendor.resend(email)
        Vendor().invite(email)
        self.assertEqual(len(mails(email)), 3)


if __name__ == "__main__":
    unittest.main()
