"""Proving the mailbox: what the link needs besides itself, what waits for it, and whose the account is when the owner comes."""
import pathlib
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Person, Story, Vendor, address, everything, fresh, link_of, machine, mail_to, mails, number, register, register_open,  # noqa: E402
                    sql, stack, value, wait)
from team import asked  # noqa: E402

setUpModule, tearDownModule = machine(open_registration=True)

OTHER_PASSWORD = "another-Lantern-77-heron"


def verified(email):
    return value(f"SELECT verified_at IS NOT NULL FROM account WHERE email = '{email}'") == "1"


def verify(client, link, **values):
    return client.submit(client.get(link), link, **values)


def copied(vendor, email=None, **more):
    """The path of a link that proves no mailbox."""
    link = vendor.invite(email or address(), **more)
    sql("UPDATE token SET copied = 1 WHERE invitation_id = (SELECT MAX(id) FROM invitation)")
    return link


def accept_copied(vendor, **more):
    """A newcomer registers through a copied link: the person and the link that verifies the address."""
    link = copied(vendor, **more)
    person = Person("(through a link)")
    page = person.client.get(link)
    person.email = page.form("/register").fields["email"]
    person.link, person.business = link, fresh("Acme ")
    page = person.client.submit(page, "/register", first_name="Jo", last_name="Buyer", business_name=person.business, password=PASSWORD)
    assert (page.status, page.url) == (200, "/verify"), page.text
    return person, link_of(mail_to(person.email, kind="verify"))


def relationships(vendor):
    return sql(f"SELECT c.name, r.kind, r.state FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id}")


class Link(Story):
    def test_the_browser_that_registered_needs_one_press_and_is_at_home(self):
        person, link = register_open()
        page = person.client.get(link)
        self.assertEqual((page.status, page.h1), (200, "Verify your email address"))
        self.assertNotIn("password", page.form(link).fields)
        self.assertFalse(verified(person.email))
        page = person.client.submit(page, link)
        self.said(page, "Your address is verified.")
        self.assertEqual(page.url, "/home")
        self.assertTrue(verified(person.email))

    def test_another_browser_needs_the_password(self):
        person, link = register_open()
        other = Client(stack().url)
        self.said(verify(other, link), "Enter the password that you registered with", status=422)
        self.said(verify(other, link, password="wrong-Lantern-42-osprey"), "Enter the right password for this address", status=422)
        self.assertFalse(verified(person.email))
        page = verify(other, link, password=PASSWORD)
        self.assertEqual(page.url, "/home")
        self.assertTrue(verified(person.email))

    def test_a_session_of_the_account_is_as_good_as_its_password(self):
        person, link = register_open()
        browser = Person(person.email).client
        browser.submit(browser.get("/sign-in"), "/sign-in", email=person.email, password=PASSWORD)
        self.assertEqual(verify(browser, link).url, "/home")
        self.assertTrue(verified(person.email))

    def test_somebody_elses_session_or_browser_is_not(self):
        person, link = register_open()
        stranger, _ = register_open()
        vendor = Vendor()
        for client in (stranger.client, vendor.client):
            self.said(verify(client, link), "Enter the password that you registered with", status=422)
        self.assertFalse(verified(person.email))

    def test_looking_at_the_link_changes_nothing(self):
        person, link = register_open()
        before = everything()
        for client in (person.client, Client(stack().url)):
            client.get(link)
            client.raw("HEAD", link)
        self.assertEqual(everything(), before)
        self.assertFalse(verified(person.email))

    def test_the_link_works_once_in_time_and_for_nothing_else(self):
        person, link = register_open()
        late, late_link = register_open()
        sql(f"UPDATE verification SET expires_at = UTC_TIMESTAMP(6) WHERE account_id = (SELECT id FROM account WHERE email = '{late.email}')")
        verify(person.client, link)
        vendor = Vendor()
        foreign = vendor.invite().replace("/i/", "/verify/")
        for dead in (link, late_link, foreign, "/verify/" + "A" * 43, "/verify/abc"):
            for client in (Client(stack().url), late.client):
                page = client.get(dead)
                self.assertEqual((page.status, page.h1), (410, "This link does not work"))
                self.assertIn("/sign-in", [where for where, _ in page.links])
        self.assertEqual(Client(stack().url).get(link.replace("/verify/", "/reset/")).status, 410)
        self.assertEqual(Client(stack().url).get(link.replace("/verify/", "/i/")).status, 404)
        self.assertFalse(verified(late.email))

    def test_a_second_press_of_the_same_browser_comes_home(self):
        person, link = register_open()
        page = person.client.get(link)
        self.assertEqual(person.client.submit(page, link).url, "/home")
        csrf = person.client.get("/home").forms[0].fields["csrf"]
        self.assertEqual(person.client.post(link, {"csrf": csrf}).url, "/home")

    def test_the_mails_say_what_happened(self):
        person, link = register_open()
        verify(person.client, link)
        welcome = wait(lambda: mails(person.email, welcome=True)[1:], "welcome")[0]
        self.assertEqual(welcome["subject"], "Invited: welcome")
        self.assertIn(person.email, welcome["text"])
        self.assertIn("/home", welcome["html"])

    def test_the_vendor_sees_the_verified_address_only_afterwards(self):
        person, link = register_open()
        vendor = Vendor()
        vendor.invite(person.email)
        page = person.sign_in()
        self.assertNotIn(vendor.name, page.text)
        verify(person.client, link)
        self.said(person.get("/home"), vendor.name)


class Unverified(Story):
    def test_an_unverified_account_signs_in_and_finds_only_how_to_verify(self):
        person, _ = register_open()
        page = person.client.submit(person.client.get("/sign-in"), "/sign-in", email=person.email, password=PASSWORD)
        self.assertEqual((page.url, page.h1), ("/verify", "Verify your email address"))
        self.said(page, person.email, "Send the email again", "Sign out")
        routes = subprocess.run([stack().binary, "routes"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
        person.client.follow = False
        csrf = page.forms[0].fields["csrf"]
        asked = 0
        for _, method, path, permission in (line.split()[:4] for line in routes):
            if permission in ("anyone", "local"):
                continue
            where = path.replace("{id}", "0" * 32).replace("{token}", "A" * 43)
            if method == "GET":
                page = person.client.raw("GET", where)
            else:
                page = person.client.raw("POST", where, urllib.parse.urlencode({"csrf": csrf}),
                                         {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"})
            if page.status == 415:   # an upload: its form is of another kind
                continue
            self.assertEqual((page.status, page.location), (303, "/verify"), f"{method} {path}")
            asked += 1
        self.assertGreater(asked, 20)

    def test_it_accepts_nothing_at_home(self):
        person, _ = register_open()
        vendor = Vendor()
        vendor.invite(person.email)
        invitation = value(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE email = '{person.email}'")
        page = person.client.submit(person.client.get("/sign-in"), "/sign-in", email=person.email, password=PASSWORD)
        csrf = page.forms[0].fields["csrf"]
        for where, fields in ((f"/home/invitations/{invitation}/accept", {}), ("/connect", {"i1": invitation})):
            self.assertEqual(person.client.post(where, {"csrf": csrf} | fields).url, "/verify")
        self.assertEqual(relationships(vendor), [])

    def test_the_mail_is_sent_again_with_a_link_of_its_own(self):
        person, first = register_open()
        page = person.client.submit(person.client.get("/sign-in"), "/sign-in", email=person.email, password=PASSWORD)
        for _ in range(2):
            page = person.client.submit(page, button="Send the email again")
            self.said(page, "Check your email.", person.email)
        newest = link_of(mail_to(person.email, 3))
        self.assertEqual([row[0] for row in sql(f"SELECT e.event FROM audit_event e JOIN account a ON a.id = e.account_id WHERE a.email = '{person.email}' ORDER BY e.id")],
                         ["registered", "signed_in", "verification_asked", "verification_asked"])
        self.assertNotEqual(newest, first)
        self.assertEqual(verify(person.client, newest).url, "/home")
        self.assertEqual(Client(stack().url).get(first).status, 410)


class CopiedLink(Story):
    def test_who_registers_through_a_copied_link_is_connected_by_the_verification_alone(self):
        vendor = Vendor()
        person, link = accept_copied(vendor, number="C-7")
        self.assertEqual(relationships(vendor), [])
        self.assertFalse(verified(person.email))
        page = verify(person.client, link)
        self.said(page, f"You’re connected with {vendor.name}.")
        self.assertEqual(page.url, "/home")
        self.assertEqual(relationships(vendor), [(person.business, "customer", "active")])
        self.assertEqual(number(f"SELECT COUNT(*) FROM waiting_acceptance w JOIN account a ON a.id = w.account_id WHERE a.email = '{person.email}'"), 0)
        self.assertEqual([row[0] for row in sql(f"SELECT e.event FROM audit_event e JOIN account a ON a.id = e.account_id WHERE a.email = '{person.email}' ORDER BY e.id")],
                         ["invitation_waiting", "address_verified", "invitation_accepted"])
        self.assertEqual(sql(f"SELECT i.status, i.accepted_by = a.id, r.number FROM invitation i JOIN account a ON a.email = i.email "
                             f"JOIN relationship r ON r.id = i.relationship_id WHERE i.email = '{person.email}'"), [("accepted", "1", "C-7")])
        self.said(vendor.get("/customers"), person.business)
        self.assertIn(f"Now connected with {vendor.name}", mail_to(vendor.email)["html"])
        self.assertIn(vendor.name, wait(lambda: [m for m in mails(person.email, welcome=True) if "welcome" in m["subject"]], "welcome")[0]["text"])

    def test_the_page_of_a_copied_link_says_that_the_address_has_to_be_verified(self):
        vendor = Vendor()
        link = copied(vendor)
        page = Client(stack().url).get(link)
        self.said(page, "a link to verify the address.", f"You’re connected with {vendor.name} as soon as you follow it.", "Email me the invitation instead")
        self.unsaid(Client(stack().url).get(vendor.invite()), "a link to verify the address")

    def test_the_vendor_reads_in_the_history_who_has_yet_to_verify(self):
        vendor = Vendor()
        person, _ = accept_copied(vendor)
        self.said(vendor.invitation(person.email), "who has to verify the address first", "Pending")

    def test_a_person_with_an_unfinished_account_signs_in_accepts_and_is_connected_when_verified(self):
        person, link = register_open()
        vendor = Vendor()
        invitation = copied(vendor, person.email)
        browser = Client(stack().url)
        page = browser.submit(browser.get(invitation), "/sign-in", password=PASSWORD)
        self.assertEqual(browser.get(invitation + "/company").url, invitation, "nobody piles companies up before the address is proven")
        page = browser.submit(page, "/accept")
        self.assertEqual(page.url, "/verify")
        self.assertEqual(relationships(vendor), [])
        self.said(verify(browser, link), f"You’re connected with {vendor.name}.")
        self.assertEqual(relationships(vendor), [(person.business, "customer", "active")])

    def test_who_accepted_for_another_company_is_at_home_there_when_verified(self):
        person, link = register_open(kind="supplier")
        vendor, business = Vendor(), fresh("Buying ")
        browser = Client(stack().url)
        page = browser.submit(browser.get(copied(vendor, person.email)), "/sign-in", password=PASSWORD)
        self.assertEqual(page.h1, "This invitation is for a customer account")
        self.assertEqual(browser.submit(page, "/register", business_name=business).url, "/verify")
        page = verify(browser, link)
        self.said(page, f"You’re connected with {vendor.name}.")
        self.assertIn(business, page.title)

    def test_a_person_whose_address_is_verified_accepts_through_a_copied_link_at_once(self):
        first, second = Vendor(), Vendor()
        person = register(first.invite())
        page = person.client.submit(person.get(copied(second, person.email)), "/accept")
        self.said(page, f"You’re connected with {second.name}.")
        self.assertEqual(len(relationships(second)), 1)

    def test_what_is_not_open_any_more_when_the_address_is_verified_is_not_connected_and_told(self):
        ends = {"cancelled": "has cancelled this invitation", "expired": "this invitation has expired", "demoted": "has to confirm this invitation first"}
        for how, words in ends.items():
            vendor = Vendor()
            person, link = accept_copied(vendor, by=vendor.member("inviter") if how == "demoted" else None)
            if how == "cancelled":
                vendor.cancel(person.email)
            elif how == "expired":
                sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{person.email}'")
            else:
                sql(f"UPDATE member SET role = 'auditor' WHERE company_id = {vendor.id} AND role = 'inviter'")
            page = verify(person.client, link)
            self.said(page, "Your address is verified.", "Not connected:", vendor.name, words)
            self.assertEqual(relationships(vendor), [], how)
            self.assertTrue(verified(person.email))

    def test_of_two_that_were_accepted_each_is_told_what_became_of_it(self):
        first, second = Vendor(), Vendor()
        person, link = accept_copied(first)
        page = person.client.submit(person.client.get(copied(second, person.email)), "/accept")
        self.assertEqual(page.url, "/verify")
        second.cancel(person.email)
        page = verify(person.client, link)
        self.assertEqual(page.h1, "Connect")
        self.said(page, "Your address is verified.", f"{first.name} You’re connected.", f"{second.name} Not connected:")

    def test_nobody_is_connected_with_another_kind_than_was_shown_or_when_the_address_was_corrected(self):
        vendor = Vendor()
        person, link = accept_copied(vendor)
        sql(f"UPDATE invitation SET kind = 'supplier' WHERE email = '{person.email}'")
        verify(person.client, link)
        self.assertEqual(relationships(vendor), [])
        person, link = accept_copied(vendor)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'member' WHERE a.email = '{person.email}'")
        verify(person.client, link)
        self.assertEqual(relationships(vendor), [], "nor by who does not decide for the company any more")
        person, link = accept_copied(vendor)
        sql(f"UPDATE invitation SET email = 'x{person.email}', email_canon = 'x{person.email}' WHERE email = '{person.email}'")
        self.assertEqual(verify(person.client, link).url, "/home")
        self.assertEqual(relationships(vendor), [])

    def test_an_invitation_that_the_person_never_accepted_stays_pending(self):
        person, link = register_open()
        vendor = Vendor()
        vendor.invite(person.email)
        page = verify(person.client, link)
        self.assertEqual((page.url, page.h1), ("/connect", "Connect"))
        self.assertEqual(relationships(vendor), [])


class Owner(Story):
    """Somebody registered with an address that is not theirs; then its owner comes."""

    def squat(self):
        """The stranger, signed in, with an acceptance that waits."""
        vendor = Vendor()
        stranger, link = accept_copied(vendor)
        self.assertIn("session", stranger.client.cookies)
        return stranger, link, vendor

    def gone(self, stranger, link, vendor):
        """Nothing of the stranger is left."""
        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE name = '{stranger.business}'"), 0)
        self.assertEqual(number(f"SELECT COUNT(*) FROM waiting_acceptance w JOIN account a ON a.id = w.account_id WHERE a.email = '{stranger.email}'"), 0)
        self.assertEqual(stranger.client.get("/home").path, "/sign-in")
        self.assertEqual(stranger.client.get(link).status, 410)
        client = Client(stack().url)
        page = client.submit(client.get("/sign-in"), "/sign-in", email=stranger.email, password=PASSWORD)
        self.assertEqual((page.status, page.h1), (422, "Sign in"))
        self.assertEqual(relationships(vendor), [])

    def test_a_mailed_invitation_lets_the_owner_register_freshly(self):
        stranger, link, squatted = self.squat()
        vendor = Vendor()
        invitation = vendor.invite(stranger.email)
        owner = Client(stack().url)
        owner.submit(owner.get("/forgot"), "/forgot", email=stranger.email)
        reset = link_of(mail_to(stranger.email, kind="reset"))
        page = owner.get(invitation)
        self.assertEqual(page.form("/register").fields["email"], stranger.email)
        page = owner.submit(page, "/register", first_name="Olga", last_name="Owner", business_name="Owner Ltd", password=OTHER_PASSWORD)
        self.said(page, f"You’re connected with {vendor.name}.")
        self.gone(stranger, link, squatted)
        self.assertEqual(owner.get(reset).status, 410)
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event e JOIN account a ON a.id = e.account_id WHERE a.email = '{stranger.email}' AND e.event = 'registration_removed'"), 1)
        self.assertEqual(sql(f"SELECT first_name, verified_at IS NOT NULL, unfinished FROM account WHERE email = '{stranger.email}'"), [("Olga", "1", "0")])
        self.assertEqual(relationships(vendor), [("Owner Ltd", "customer", "active")])
        Person(stranger.email, OTHER_PASSWORD).sign_in()

    def test_also_in_the_strangers_own_browser_the_mailed_link_begins_anew(self):
        stranger, link, squatted = self.squat()
        vendor = Vendor()
        page = stranger.client.get(vendor.invite(stranger.email))
        self.unsaid(page, "You’re signed in as")
        page = stranger.client.submit(page, "/register", first_name="Olga", last_name="Owner", business_name="Owner Ltd", password=OTHER_PASSWORD)
        self.said(page, f"You’re connected with {vendor.name}.")
        self.assertEqual(relationships(squatted), [])
        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE name = '{stranger.business}'"), 0)

    def test_a_reset_link_removes_the_unfinished_registration_and_activates_accepts_and_connects_nothing(self):
        stranger, link, squatted = self.squat()
        owner = Client(stack().url)
        owner.submit(owner.get("/forgot"), "/forgot", email=stranger.email)
        reset = link_of(mail_to(stranger.email, kind="reset"))
        before = everything()
        page = owner.get(reset)
        self.said(page, "Register again", stranger.email)
        self.assertEqual(everything(), before)
        page = owner.submit(page, button="Remove it and register again")
        self.said(page, "The unfinished registration was removed.")
        self.assertEqual((page.url, page.h1), ("/register", "Create an account"))
        self.gone(stranger, link, squatted)
        self.assertFalse(verified(stranger.email))
        self.assertEqual(owner.get(reset).status, 410)

        page = owner.submit(page, "/register", kind="supplier", email=stranger.email, first_name="Olga", last_name="Owner", business_name="Owner Ltd",
                            password=OTHER_PASSWORD)
        self.assertEqual(page.url, "/verify")
        fresh_link = link_of(mail_to(stranger.email, 2, kind="verify"))
        verify(owner, fresh_link)
        self.assertTrue(verified(stranger.email))
        self.assertEqual(relationships(squatted), [])

    def test_after_the_removal_an_invitations_link_registers_too(self):
        stranger, _, squatted = self.squat()
        owner = Client(stack().url)
        owner.submit(owner.get("/forgot"), "/forgot", email=stranger.email)
        owner.submit(owner.get(link_of(mail_to(stranger.email, kind="reset"))), button="Remove it and register again")
        other = Vendor()
        holder, link = Client(stack().url), copied(other, stranger.email)
        page = holder.submit(holder.get(link), "/register", first_name="Jo", last_name="B", business_name=fresh("Held "), password=PASSWORD)
        self.assertEqual((page.url, verified(stranger.email), relationships(other)), ("/verify", False, []), "whoever holds a copied link has proven nothing")
        again = register(squatted.resend(stranger.email), password=OTHER_PASSWORD)
        self.assertEqual(relationships(squatted), [(again.business, "customer", "active")])

    def test_a_verified_account_is_overwritten_by_nobody(self):
        vendor = Vendor()
        person, link = register_open()
        verify(person.client, link)
        before = sql(f"SELECT * FROM account WHERE email = '{person.email}'")
        page = Client(stack().url).get(vendor.invite(person.email))
        self.assertIn("password", page.form("/sign-in").fields)
        self.assertEqual([form.action for form in page.forms if form.action.endswith("/register")], [])
        self.assertEqual(sql(f"SELECT * FROM account WHERE email = '{person.email}'"), before)

    def test_a_colleagues_link_begins_anew_too(self):
        stranger, link, squatted = self.squat()
        owner, vendor = Client(stack().url), Vendor()
        page = owner.get(asked(vendor, stranger.email))
        self.assertEqual(owner.submit(page, "/register", first_name="Olga", last_name="Owner", password=OTHER_PASSWORD).url, "/team")
        self.gone(stranger, link, squatted)

    def test_a_company_that_somebody_else_belongs_to_stays_theirs(self):
        stranger, _, _ = self.squat()
        colleague, vendor = register_open()[0], Vendor()
        sql(f"INSERT INTO member (company_id, account_id, role, created_at) SELECT m.company_id, c.id, 'member', UTC_TIMESTAMP(6) FROM member m "
            f"JOIN account s ON s.id = m.account_id JOIN account c ON c.email = '{colleague.email}' WHERE s.email = '{stranger.email}'")
        register(vendor.invite(stranger.email), password=OTHER_PASSWORD)
        self.assertEqual(sql(f"SELECT COUNT(*) FROM waiting_acceptance w JOIN account a ON a.id = w.account_id WHERE a.email = '{stranger.email}'"), [("0",)])
        self.assertEqual(sql(f"SELECT COUNT(*) FROM company c JOIN member m ON m.company_id = c.id JOIN account a ON a.id = m.account_id "
                             f"WHERE c.name = '{stranger.business}' AND a.email = '{colleague.email}'"), [("1",)])

    def test_a_vendor_that_an_operator_has_given_to_the_address_stays_its_owners(self):
        stranger, _, _ = self.squat()
        name, vendor = fresh("Given "), Vendor()
        stack().command("vendor", "add", "--name", name, "--owner-email", stranger.email)
        register(vendor.invite(stranger.email), password=OTHER_PASSWORD)
        self.assertEqual(sql(f"SELECT a.email, m.role, a.verified_at IS NOT NULL FROM company c JOIN member m ON m.company_id = c.id JOIN account a ON a.id = m.account_id WHERE c.name = '{name}'"),
                         [(stranger.email, "owner", "1")])

    def test_a_locked_registration_is_neither_proven_nor_overwritten(self):
        person, link = register_open()
        vendor = Vendor()
        invitation, join = vendor.invite(person.email), asked(vendor, person.email)
        before = sql(f"SELECT password, verified_at, unfinished FROM account WHERE email = '{person.email}'")
        stack().command("account", "lock", "--email", person.email)
        self.assertEqual(Client(stack().url).get(link).status, 410)
        for path in (invitation, join):
            page = Client(stack().url).get(path)
            self.assertIn("password", page.form("/sign-in").fields)
            self.assertEqual([form.action for form in page.forms if form.action.endswith("/register")], [])
        self.assertEqual(sql(f"SELECT password, verified_at, unfinished FROM account WHERE email = '{person.email}'"), before)

    def test_a_company_that_is_connected_stays(self):
        """Made by an operator or a vendor for this person: no unfinished registration, the first password is set by mail."""
        vendor = Vendor()
        email = address()
        stack().command("account", "add", "--email", email, "--vendor", vendor.name, "--role", "inviter")
        self.assertEqual(sql(f"SELECT verified_at IS NULL, unfinished, password IS NULL FROM account WHERE email = '{email}'"), [("1", "0", "1")])
        client = Client(stack().url)
        client.submit(client.get("/forgot"), "/forgot", email=email)
        reset = link_of(mail_to(email, kind="reset"))
        client.submit(client.get(reset), reset, password=OTHER_PASSWORD)
        self.assertTrue(verified(email))
        self.assertEqual(Person(email, OTHER_PASSWORD).sign_in().status, 200)


class PasswordChanged(Story):
    def test_a_reset_is_told_by_mail(self):
        vendor = Vendor()
        client = Client(stack().url)
        client.submit(client.get("/forgot"), "/forgot", email=vendor.email)
        reset = link_of(mail_to(vendor.email, kind="reset"))
        client.submit(client.get(reset), reset, password=OTHER_PASSWORD)
        mail = mail_to(vendor.email, 2)
        self.assertEqual(mail["subject"], "Invited: your password was changed")
        self.assertIn("/forgot", mail["text"])


if __name__ == "__main__":
    unittest.main()
