"""Signing in and out, forgotten passwords, and what each role of a vendor may open."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Story, Vendor, address, customer, everything, link_of, machine, mail_to, mails,  # noqa: E402
                    number, register, sql, stack, value)

setUpModule, tearDownModule = machine()

WRONG = "Enter the right email address and password"
NEW = "seven copper kettles whistle"


def ask(email, client=None):
    """Forgotten your password: the page that is shown then."""
    client = client or Client(stack().url)
    return client.submit(client.get("/forgot"), "/forgot", button="Send link", email=email)


def choose(link, password, client=None):
    client = client or Client(stack().url)
    return client.submit(client.get(link), link, button="Change password", password=password)


def sign_in(email, password):
    client = Client(stack().url)
    return client, client.submit(client.get("/sign-in"), "/sign-in", button="Sign in", email=email, password=password)


class SignIn(Story):
    def test_everybody_comes_to_the_own_home(self):
        buyer, vendor = customer()
        self.assertEqual(buyer.sign_in().url, "/home")
        self.assertEqual(vendor.sign_in().url, "/industry")
        self.assertEqual(buyer.get("/").url, "/home")
        self.assertEqual(vendor.get("/").url, "/industry")
        self.assertEqual([vendor.member(role).get("/").url for role in ("admin", "inviter", "auditor")], ["/industry", "/industry", "/customers"])
        self.assertEqual(Client(stack().url).get("/").url, "/sign-in")

    def test_the_address_is_one_whatever_its_case_and_blanks_around_it(self):
        vendor = Vendor()
        self.assertEqual(sign_in(f"  {vendor.email.upper()} ", PASSWORD)[1].url, "/industry")

    def test_a_wrong_password_and_an_unknown_address_get_the_same_words(self):
        vendor = Vendor()
        pages = [sign_in(vendor.email, "not the password")[1], sign_in(address("nobody"), PASSWORD)[1]]
        for page in pages:
            self.said(page, "There is a problem", WRONG, status=422)
            self.assertTrue(page.title.startswith("Error: "), page.title)
            self.assertEqual(page.form("/sign-in").fields["password"], "", "a password is never shown again")
        self.assertEqual(pages[0].text, pages[1].text)
        self.assertEqual(pages[0].form("/sign-in").fields["email"], vendor.email, "what was typed is kept")

    def test_a_password_of_other_letter_case_or_with_a_blank_more_is_wrong(self):
        vendor = Vendor()
        for password in (PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, PASSWORD[:-1]):
            self.said(sign_in(vendor.email, password)[1], WRONG, status=422)

    def test_empty_fields_are_named_one_by_one(self):
        page = sign_in("", "")[1]
        self.said(page, "Enter an email address", "Enter a password", status=422)
        self.assertEqual(page.link("Enter a password"), "#password")

    def test_signing_out_ends_the_session_for_good(self):
        vendor = Vendor()
        cookies = dict(vendor.client.cookies)
        page = vendor.client.submit(vendor.get("/industry"), "/sign-out", button="Sign out")
        self.said(page, "You’re signed out.")
        self.assertEqual(page.url, "/sign-in")
        self.unsaid(vendor.get("/sign-in"), "You’re signed out.")
        vendor.client.cookies = cookies
        self.assertEqual(vendor.get("/industry").path, "/sign-in", "the old cookie opens nothing")

    def test_signing_out_here_leaves_the_other_browser_signed_in(self):
        vendor = Vendor()
        other = vendor.elsewhere()
        vendor.client.submit(vendor.get("/industry"), "/sign-out")
        self.assertEqual(other.get("/industry").url, "/industry")

    def test_signing_in_makes_a_new_secret_and_the_one_before_is_dead(self):
        vendor = Vendor()
        before = dict(vendor.client.cookies)
        vendor.client.submit(vendor.get("/sign-in"), "/sign-in", email=vendor.email, password=PASSWORD)
        self.assertNotEqual(before["session"], vendor.client.cookies["session"])
        old = Client(stack().url)
        old.cookies = before
        self.assertEqual(old.get("/industry").path, "/sign-in")

    def test_a_session_ends_after_half_an_hour_without_a_visit_and_after_twelve_hours_in_any_case(self):
        for column, ago, place in (("seen_at", "29 MINUTE", "/industry"), ("seen_at", "31 MINUTE", "/sign-in"),
                                   ("created_at", "719 MINUTE", "/industry"), ("created_at", "721 MINUTE", "/sign-in")):
            vendor = Vendor()
            sql(f"UPDATE session s JOIN account a ON a.id = s.account_id SET s.{column} = UTC_TIMESTAMP(6) - INTERVAL {ago} "
                f"WHERE a.email = '{vendor.email}'")
            self.assertEqual(vendor.get("/industry").path, place, (column, ago))

    def test_who_keeps_visiting_stays_signed_in(self):
        vendor = Vendor()
        session = f"session s JOIN account a ON a.id = s.account_id AND a.email = '{vendor.email}'"
        sql(f"UPDATE {session} SET s.seen_at = UTC_TIMESTAMP(6) - INTERVAL 29 MINUTE")
        self.assertEqual(vendor.get("/industry").path, "/industry")
        self.assertEqual(number(f"SELECT TIMESTAMPDIFF(MINUTE, s.seen_at, UTC_TIMESTAMP(6)) FROM {session}"), 0, "the half hour begins anew")

    def test_a_password_hashed_with_weaker_parameters_is_hashed_anew_at_the_next_sign_in(self):
        vendor = Vendor()
        before = value(f"SELECT password FROM account WHERE email = '{vendor.email}'")
        stack().reload(password_passes=3)
        try:
            vendor.sign_in()
            after = value(f"SELECT password FROM account WHERE email = '{vendor.email}'")
            self.assertIn("t=2", before)
            self.assertIn("t=3", after)
            vendor.sign_in()
            self.assertEqual(value(f"SELECT password FROM account WHERE email = '{vendor.email}'"), after)
        finally:
            stack().reload(password_passes=2)


    def test_each_way_in_and_out_and_a_new_password_is_written_down_with_whose_it_was(self):
        vendor = Vendor()
        ask(vendor.email)
        choose(link_of(mail_to(vendor.email)), NEW)
        client, _ = sign_in(vendor.email, NEW)
        client.submit(client.get("/industry"), "/sign-out")
        self.assertEqual([event for event, in sql(f"SELECT e.event FROM audit_event e JOIN account a ON a.id = e.account_id WHERE a.email = '{vendor.email}' ORDER BY e.id")],
                         ["signed_in", "password_link_asked", "password_set", "signed_in", "signed_out"])


class Forgotten(Story):
    def test_a_forgotten_password_is_replaced_through_a_link_by_mail(self):
        vendor = Vendor()
        self.said(ask(vendor.email), "Check your email.", f"If {vendor.email} has an account, we have sent a link to it.", "1 hour")
        mail = mail_to(vendor.email)
        self.assertEqual(mail["subject"], "Invited: choose a new password")
        self.assertEqual(number(f"SELECT TIMESTAMPDIFF(MINUTE, t.created_at, t.expires_at) FROM token t JOIN account a ON a.id = t.account_id WHERE a.email = '{vendor.email}'"), 60)
        page = Client(stack().url).get(link_of(mail))
        self.assertEqual(page.h1, "Choose a new password")
        self.said(page, f"For {vendor.email}")
        page = choose(link_of(mail), NEW)
        self.assertEqual(page.url, "/sign-in")
        self.said(page, "Password changed. Sign in with the new one.")
        self.said(sign_in(vendor.email, PASSWORD)[1], WRONG, status=422)
        self.assertEqual(sign_in(vendor.email, NEW)[1].url, "/industry")

    def test_the_link_works_once(self):
        vendor = Vendor()
        ask(vendor.email)
        link = link_of(mail_to(vendor.email))
        late = Client(stack().url)
        opened = late.get(link)
        choose(link, NEW)
        for page in (Client(stack().url).get(link), late.submit(opened, link, password="another good long passphrase")):
            self.said(page, "This link does not work", "Ask for a new link", status=410)
        self.assertEqual(sign_in(vendor.email, NEW)[1].url, "/industry")

    def test_the_first_link_that_is_used_ends_the_others(self):
        vendor = Vendor()
        ask(vendor.email)
        first = link_of(mail_to(vendor.email))
        ask(vendor.email)
        second = link_of(mail_to(vendor.email, 2))
        self.assertEqual(Client(stack().url).get(first).status, 200)
        choose(second, NEW)
        self.said(Client(stack().url).get(first), "This link does not work", status=410)

    def test_an_expired_unknown_malformed_or_foreign_link_sets_no_password(self):
        vendor = Vendor()
        ask(vendor.email)
        expired = link_of(mail_to(vendor.email))
        sql(f"UPDATE token t JOIN account a ON a.id = t.account_id SET t.expires_at = UTC_TIMESTAMP(6) WHERE a.email = '{vendor.email}'")
        invitation = vendor.invite().replace("/i/", "/reset/")
        for link in (expired, "/reset/" + "A" * 43, "/reset/abc", invitation):
            self.said(Client(stack().url).get(link), "This link does not work", status=410)

    def test_a_reset_ends_every_session_of_the_person(self):
        vendor = Vendor()
        other = vendor.elsewhere()
        ask(vendor.email)
        choose(link_of(mail_to(vendor.email)), NEW)
        self.assertEqual(vendor.get("/industry").path, "/sign-in")
        self.assertEqual(other.get("/industry").path, "/sign-in")
        self.assertEqual(number(f"SELECT COUNT(*) FROM session s JOIN account a ON a.id = s.account_id WHERE a.email = '{vendor.email}'"), 0)

    def test_a_reset_accepts_and_connects_nothing(self):
        buyer, vendor = customer()
        second = Vendor()
        second.invite(buyer.email)
        ask(buyer.email)
        before = number("SELECT COUNT(*) FROM relationship")
        choose(link_of(mail_to(buyer.email, 3)), NEW)
        self.assertEqual(number("SELECT COUNT(*) FROM relationship"), before)
        self.assertEqual(value(f"SELECT status FROM invitation WHERE vendor_id = {second.id}"), "pending")
        self.unsaid(second.get("/customers"), buyer.business)
        self.said(vendor.get("/customers"), buyer.business)

    def test_an_unknown_address_gets_the_same_answer_and_no_mail(self):
        vendor, nobody = Vendor(), address("nobody")
        known, unknown = ask(vendor.email), ask(nobody)
        self.assertEqual(known.text.replace(vendor.email, "X"), unknown.text.replace(nobody, "X"))
        self.assertEqual((known.status, known.url), (unknown.status, unknown.url))
        mail_to(vendor.email)
        time.sleep(0.3)
        self.assertEqual(mails(nobody), [])
        self.assertEqual(number(f"SELECT COUNT(*) FROM outbox WHERE recipient = '{nobody}'"), 0, "not even the address is kept")
        self.assertEqual(sql("SELECT state, sealed FROM outbox ORDER BY id DESC LIMIT 1"), [("withdrawn", None)])

    def test_a_password_that_is_short_common_or_made_of_the_persons_words_is_refused_with_the_reason(self):
        vendor = Vendor()
        ask(vendor.email)
        link = link_of(mail_to(vendor.email))
        for password, words in (("", "Enter a new password"), ("short", "at least 12 characters"), ("Password1234", "harder to guess"), ("letmeinletmein", "harder to guess"),
                                (vendor.email, "harder to guess"), ("x" * 1025, "at most 1,024 bytes")):
            page = choose(link, password)
            self.said(page, "There is a problem", words, status=422)
            self.assertEqual(page.form("/reset/" + link.rpartition("/")[2]).fields["password"], "")
        self.assertEqual(choose(link, "ß" * 6 + "kühlerWald9").url, "/sign-in")

    def test_a_password_of_the_persons_or_the_portals_name_is_refused_and_good_for_others(self):
        vendor, other = Vendor(), Vendor()
        sql(f"UPDATE account SET first_name = 'Thistledown', last_name = 'Wainwright' WHERE email = '{vendor.email}'")
        links = []
        for person in (vendor, other):
            ask(person.email)
            links.append(link_of(mail_to(person.email)))
        stack().reload(portal_name="Quarterdeck")
        try:
            for password in ("Thistledown77", "77wainwright", "Quarterdeck77"):
                self.said(choose(links[0], password), "harder to guess", status=422)
            self.assertEqual(choose(links[1], "Thistledown77").url, "/sign-in")
        finally:
            stack().reload(portal_name="Invited")
        self.assertEqual(choose(links[0], "Quarterdeck77").url, "/sign-in")

    def test_looking_at_the_link_changes_nothing(self):
        vendor = Vendor()
        ask(vendor.email)
        link = link_of(mail_to(vendor.email))
        before = everything()
        for _ in range(3):
            self.assertEqual(Client(stack().url).get(link).status, 200)
            self.assertEqual(Client(stack().url).raw("HEAD", link).status, 200)
        self.assertEqual(everything(), before)
        self.assertEqual(choose(link, NEW).url, "/sign-in")

    def test_an_address_in_a_wrong_form_is_named(self):
        self.said(ask("nobody"), "Enter an email address in the correct format, like name@example.com", status=422)
        self.said(ask(""), "Enter an email address", status=422)


class Roles(Story):
    """What members of a vendor may do (product.md, Words)."""

    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()
        cls.buyer = register(cls.vendor.invite())

    def opened(self, person, *paths):
        return [person.get(path).status for path in paths]

    def test_owner_admin_and_inviter_may_invite_and_read_the_lists(self):
        for role in ("owner", "admin", "inviter"):
            person, buyer = self.vendor.member(role), address()
            self.assertEqual(self.opened(person, "/industry", "/customers", "/suppliers"), [200, 200, 200], role)
            self.sent(self.vendor.send(buyer, by=person), buyer)

    def test_an_auditor_reads_the_lists_and_cannot_open_the_panel(self):
        auditor = self.vendor.member("auditor")
        self.assertEqual(self.opened(auditor, "/customers", "/suppliers", "/industry"), [200, 200, 403])
        self.said(auditor.get("/customers"), self.buyer.business)
        self.said(auditor.get(auditor.get("/customers").link(self.buyer.business)), self.buyer.email)
        self.said(auditor.get("/industry"), "You cannot open this page", "Your role does not include it.", status=403)

    def test_an_auditor_sends_resends_and_cancels_nothing(self):
        auditor, buyer = self.vendor.member("auditor"), address()
        self.vendor.invite(buyer)
        path = self.vendor.get("/industry").link(buyer)
        csrf = auditor.get("/customers").form("/sign-out").fields["csrf"]
        before = everything()
        for action, fields in (("/industry/invitations", {"kind": "customer", "email": address()}), (path + "/resend", {}), (path + "/cancel", {})):
            self.assertEqual(auditor.client.post(action, {"csrf": csrf} | fields).status, 403, action)
        self.assertEqual(everything(), before)

    def test_an_inviter_sees_and_manages_only_the_own_invitations(self):
        inviter, own, foreign = self.vendor.member("inviter"), address("own"), address("foreign")
        self.vendor.invite(foreign)
        self.vendor.invite(own, by=inviter)
        panel = inviter.get("/industry")
        self.said(panel, own, "All (1)", "Pending (1)", "Accepted (0)", "1 to 1 of 1")
        self.unsaid(panel, foreign)
        self.said(inviter.get("/home"), "Pending 1 Expired 0 Declined 0 Accepted 0")
        self.said(inviter.get("/industry?q=" + foreign), "No invitations found")
        self.assertEqual(inviter.get(panel.link(own)).status, 200)
        path = self.vendor.get("/industry").link(foreign)
        csrf = panel.form("/industry/invitations").fields["csrf"]
        self.assertEqual(inviter.get(path).status, 404)
        for action in ("/resend", "/cancel"):
            self.assertEqual(inviter.client.post(path + action, {"csrf": csrf}).status, 404)
        self.said(self.vendor.get("/industry"), own, foreign)

    def test_an_inviter_learns_that_a_colleague_has_invited_the_address_but_gets_no_button_for_it(self):
        inviter, buyer = self.vendor.member("inviter"), address()
        self.vendor.invite(buyer)
        page = self.vendor.send(buyer, by=inviter)
        self.said(page, f"{buyer} already has a pending invitation", status=422)
        self.assertNotIn("Resend", [b for f in page.forms for b in f.buttons])

    def test_a_role_that_was_taken_away_is_gone_at_the_next_click(self):
        admin = self.vendor.member("admin")
        self.assertEqual(admin.get("/industry").status, 200)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = '{admin.email}'")
        self.assertEqual(admin.get("/industry").status, 403)
        self.assertEqual(admin.get("/customers").status, 200)
        sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{admin.email}'")
        self.assertEqual(admin.get("/customers").status, 403)

    def test_the_name_of_the_company_in_use_stands_on_every_page(self):
        for path in ("/industry", "/customers", "/suppliers"):
            self.said(self.vendor.get(path), self.vendor.name)
        self.said(self.buyer.get("/home"), self.buyer.business)


if __name__ == "__main__":
    unittest.main()
