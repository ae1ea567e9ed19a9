"""Registering without a link: who may, what the form asks for, and that it tells nobody who has an account."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Person, Story, Vendor, address, fresh, link_of, machine, mail_to, mails, number, register, sql, stack, value)  # noqa: E402

setUpModule, tearDownModule = machine(open_registration=True)


def fill(client, email, **more):
    """The page that follows the form of /register."""
    values = {"kind": "customer", "email": email, "first_name": "Jo", "last_name": "Buyer", "business_name": fresh("Acme "), "password": PASSWORD}
    return client.submit(client.get("/register"), "/register", **(values | more))


class OpenRegistration(Story):
    def test_a_reset_of_a_locked_unverified_account_sets_a_password_and_proves_nothing(self):
        email, other = address(), "seven copper kettles whistle"
        fill(Client(stack().url), email)
        stack().command("account", "lock", "--email", email)
        client = Client(stack().url)
        client.submit(client.get("/forgot"), "/forgot", email=email)
        link = link_of(mail_to(email, kind="reset"))
        self.assertEqual(client.submit(client.get(link), link, password=other).url, "/sign-in")
        self.said(client.submit(client.get("/sign-in"), "/sign-in", email=email, password=other), "This account is locked", status=422)
        stack().command("account", "unlock", "--email", email)
        self.assertEqual(Person(email, other).sign_in().url, "/verify")
        self.assertEqual(value(f"SELECT verified_at IS NULL FROM account WHERE email = '{email}'"), "1")

    def test_the_sign_in_page_leads_to_the_form(self):
        client = Client(stack().url)
        page = client.get(client.get("/sign-in").link("Create an account"))
        self.assertEqual((page.status, page.h1), (200, "Create an account"))
        self.assertIn("password", page.form("/register").fields)

    def test_an_account_and_a_company_of_the_chosen_kind_are_made_and_the_address_is_asked_to_prove_itself(self):
        for kind in ("customer", "supplier"):
            email, business = address(), fresh("Acme ")
            page = fill(Client(stack().url), email, kind=kind, business_name=business, phone="+44 20 7946 0000", city="Hull")
            self.said(page, "Check your email.", f"A mail goes to {email}")
            self.assertEqual(sql(f"SELECT c.kind, c.name, c.phone, c.city, m.role, a.verified_at IS NULL, a.first_name FROM account a JOIN member m ON m.account_id = a.id "
                                 f"JOIN company c ON c.id = m.company_id WHERE a.email = '{email}'"), [(kind, business, "+44 20 7946 0000", "Hull", "owner", "1", "Jo")])
            mail = mail_to(email)
            self.assertEqual(mail["subject"], "Invited: verify your email address")
            self.assertIn("/verify/", mail["text"])
            self.assertIn("/verify/", mail["html"])

    def test_the_answer_is_the_same_for_an_address_that_has_an_account(self):
        known, new = Vendor(), address()
        answers = []
        for email in (new, known.email):
            client = Client(stack().url, follow=False)
            page = fill(client, email, business_name="Same Ltd")
            answers.append((page.status, page.location, sorted(client.cookies), client.get("/verify").body.replace(email, "")))
        body = [a[3] for a in answers]
        self.assertEqual(answers[0][:3], answers[1][:3])
        csrf = lambda text: text.split('name="csrf"')[0]   # noqa: E731
        self.assertEqual(csrf(body[0]), csrf(body[1]))
        mail = mail_to(known.email)
        self.assertEqual(mail["subject"], "Invited: you already have an account")
        self.assertNotIn("/verify/", mail["text"])
        self.assertIn("/sign-in", mail["text"])
        self.assertEqual(mail_to(new)["subject"], "Invited: verify your email address")

    def test_a_second_registration_changes_nothing_of_the_account(self):
        person = Vendor()
        before = sql(f"SELECT * FROM account WHERE email = '{person.email}'")
        companies = number("SELECT COUNT(*) FROM company")
        fill(Client(stack().url), person.email, password="another-Lantern-77-heron", first_name="Mallory")
        mail_to(person.email)
        self.assertEqual(sql(f"SELECT * FROM account WHERE email = '{person.email}'"), before)
        self.assertEqual(number("SELECT COUNT(*) FROM company"), companies)

    def test_nobody_puts_a_password_under_somebody_elses_unfinished_registration(self):
        email = address()
        fill(Client(stack().url), email)
        before = sql(f"SELECT * FROM account WHERE email = '{email}'")
        fill(Client(stack().url), email.upper(), password="another-Lantern-77-heron", first_name="Mallory")
        self.assertEqual(mail_to(email.upper() if mails(email.upper()) else email, 2)["subject"], "Invited: you already have an account")
        self.assertEqual(sql(f"SELECT * FROM account WHERE email = '{email}'"), before)
        self.assertEqual(sql(f"SELECT e.event FROM audit_event e JOIN account a ON a.id = e.account_id WHERE a.email = '{email}' ORDER BY e.id"),
                         [("registered",), ("registration_repeated",)])

    def test_the_answer_stays_the_same_however_often_somebody_registers(self):
        email = address()
        pages = [fill(Client(stack().url), email) for _ in range(5)]
        self.assertEqual({page.text.replace(email, "") for page in pages}, {pages[0].text.replace(email, "")})

    def test_every_needed_field_is_named_and_every_value_is_kept(self):
        client = Client(stack().url)
        page = client.submit(client.get("/register"), "/register", city="Hull", password="short")
        self.said(page, "Select customer or supplier", "Enter an email address", "Enter your first name", "Enter your last name",
                  "Enter the name of your business", status=422)
        self.assertTrue(page.title.startswith("Error: "))
        self.assertEqual(page.form("/register").fields["city"], "Hull")
        self.assertEqual(page.form("/register").fields["password"], "")

    def test_a_wrong_address_and_a_weak_password_are_told_at_the_field(self):
        before = number("SELECT COUNT(*) FROM account")
        self.said(fill(Client(stack().url), "jo at firm"), "Enter an email address in the correct format, like name@example.com", status=422)
        page = fill(Client(stack().url), address(), password="password1234")
        self.assertEqual(page.status, 422)
        page = fill(Client(stack().url), "wolfeschlegel@firm.example", password="Wolfeschlegel!")   # made of the address
        self.said(page, "Enter a password that is harder to guess", status=422)
        page = fill(Client(stack().url), address(), first_name="see http://spam.example")
        self.assertEqual(page.status, 422)
        self.assertEqual(number("SELECT COUNT(*) FROM account"), before)

    def test_fields_that_the_form_does_not_have_are_refused(self):
        client = Client(stack().url)
        form = client.get("/register").form("/register").fields
        for name in ("verified", "role", "company", "account_id"):
            self.assertEqual(client.post("/register", form | {"kind": "customer", "email": address(), name: "1"}).status, 400)

    def test_who_has_registered_through_an_invitation_is_verified_and_gets_no_such_mail(self):
        vendor = Vendor()
        person = register(vendor.invite())
        self.assertEqual(value(f"SELECT verified_at IS NOT NULL FROM account WHERE email = '{person.email}'"), "1")
        self.assertEqual([mail["subject"] for mail in mails(person.email) if "verify" in mail["subject"]], [])


def begin_anew(**settings):
    """Not a reload: that is over when the new workers are there, and an old one may still take a request."""
    stack().stop_program()
    stack().write_config(**settings)
    stack().start_program()


class ClosedRegistration(Story):
    def setUp(self):
        begin_anew(open_registration=False)

    def tearDown(self):
        begin_anew(open_registration=True)

    def test_the_page_says_how_to_be_invited_and_nobody_registers(self):
        client = Client(stack().url)
        page = client.get("/register")
        self.said(page, "Ask the company that you buy from or sell to for an invitation.", "Sign in")
        self.assertEqual([form.action for form in page.forms], [])
        self.assertEqual([href for href, _ in client.get("/sign-in").links if href == "/register"], [])
        before = number("SELECT COUNT(*) FROM account")
        csrf = client.get("/sign-in").forms[0].fields["csrf"]
        page = client.post("/register", {"csrf": csrf, "kind": "customer", "email": address(), "first_name": "Jo", "last_name": "B", "business_name": "Acme",
                                         "password": PASSWORD})
        self.assertEqual((page.status, page.h1), (200, "Registration is by invitation"))
        self.assertEqual(number("SELECT COUNT(*) FROM account"), before)


if __name__ == "__main__":
    unittest.main()
