"""Which address may accept an invitation: the vendor decides, and always sees which one did."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import DETAILS, PASSWORD, HouseCase, eventually  # noqa: E402


class Policy(HouseCase):
    @classmethod
    def furnish(cls):
        cls.owner = cls.house.sign_in(cls.house.owner("Harbour"))
        cls.other = cls.house.sign_in(cls.house.owner("Lagoon"))
        cls.n = 0

    def policy(self, value):
        page = self.owner.submit(self.owner.get("/settings"), "/settings", address_policy=value)
        self.assertIn("Settings saved.", page.text)

    def fresh(self, domain="acme.example"):
        type(self).n += 1
        return f"person{self.n}@{domain}"

    def customer(self, domain):
        """Somebody with an account and a company, a customer of another vendor."""
        email = self.fresh(domain)
        self.house.invite(self.other, email)
        return email, self.house.register(self.house.link(email), business_name=f"Company {self.n}")

    def invited(self, domain="acme.example"):
        email = self.fresh(domain)
        self.house.invite(self.owner, email)
        return email, self.house.link(email)

    def accept(self, client, link):
        """The button, or without one what a person makes up who would like to have it."""
        page = client.get(link)
        if any(f.action.endswith("/accept") for f in page.forms):
            return client.submit(page, "/accept")
        csrf = client.get("/home").forms[0].fields["csrf"]
        return client.post(link + "/accept", {"csrf": csrf})

    def status(self, email):
        return self.house.sql(f"SELECT i.status, a.email FROM invitation i LEFT JOIN account a ON a.id = i.accepted_by WHERE i.email = '{email}' ORDER BY i.id DESC LIMIT 1")[0]

    def refused(self, client, email, link, me):
        page = client.get(link)
        self.assertEqual(page.h1, "This invitation is for another address")
        self.assertIn(email, page.text)
        self.assertIn(f"You’re signed in as {me}.", page.text)
        self.assertEqual(page.form("/sign-out", "Sign out and continue").method, "post")
        self.assertEqual(self.accept(client, link).h1, "This invitation is for another address")
        self.assertEqual(self.status(email), ("pending", None))

    def test_exact_is_the_default_and_lets_only_the_invited_address_accept(self):
        self.assertEqual(self.other.get("/settings").form("/settings").fields["address_policy"], "exact")
        self.policy("exact")
        email, link = self.invited()
        for domain in ("acme.example", "elsewhere.example"):
            me, client = self.customer(domain)
            self.refused(client, email, link, me)

    def test_same_domain_lets_colleagues_accept_and_nobody_else(self):
        self.policy("domain")
        email, link = self.invited()
        for domain in ("elsewhere.example", "sub.acme.example", "notacme.example"):
            me, client = self.customer(domain)
            self.refused(client, email, link, me)
        me, client = self.customer("ACME.example")   # a domain is compared without case
        page = client.get(link)
        self.assertIn(f"The invitation was sent to {email}. Harbour sees that you accept it with your own address.", page.text)
        page = self.accept(client, link)
        self.assertIn("You’re connected with Harbour.", page.text)
        self.assertEqual(self.status(email)[0], "accepted")
        self.assertEqual(self.status(email)[1], me)

    def test_any_lets_every_account_accept_and_the_vendor_sees_which_did(self):
        self.policy("any")
        email, link = self.invited()
        me, client = self.customer("elsewhere.example")
        self.assertIn("You’re connected with Harbour.", self.accept(client, link).text)
        page = self.owner.get(f"/industry/invitations/{self.house.invitation_id(email)}")
        self.assertIn(f"Accepted by {me}", page.text)
        self.assertIn(email, page.text)
        eventually("the news", lambda: [m for m in self.house.mails("owner@harbour.example") if f"{me} accepted your invitation for" in m["text"]])
        self.assertEqual(client.get(link).h1, "You accepted this invitation")
        third, other = self.customer("elsewhere.example")
        self.assertEqual(other.get(link).status, 404, "used is used")
        self.house.invite(self.owner, third)   # who has an account, and the password of it, but did not accept
        link, visitor = self.house.link(third, 2), self.house.visitor()
        csrf = visitor.get(link).forms[0].fields["csrf"]
        self.assertIn("You’re connected with Harbour.", self.accept(self.customer("elsewhere.example")[1], link).text)
        page = visitor.post(link + "/register", DETAILS | {"csrf": csrf, "password": PASSWORD})
        self.assertEqual((page.status, page.h1), (404, "This invitation link does not work"))

    def test_a_person_without_a_company_registers_one_under_a_policy_that_allows_it(self):
        self.policy("any")
        me, client = self.customer("elsewhere.example")
        email = self.fresh()
        self.house.invite(self.owner, email, "supplier")
        self.house.sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{me}'")
        page = client.get(self.house.link(email))
        self.assertIn("Register your company", page.text)
        self.assertIn(f"The invitation was sent to {email}.", page.text)
        self.assertIn("You’re connected with Harbour.", client.submit(page, "/register", business_name="Own Supplies").text)
        self.assertEqual(self.status(email), ("accepted", me))

    def test_an_address_that_nobody_proved_is_let_in_by_no_policy(self):
        me, client = self.customer("acme.example")
        self.house.sql(f"UPDATE account SET verified_at = NULL WHERE email = '{me}'")
        for policy in ("domain", "any"):
            self.policy(policy)
            email, link = self.invited()
            self.refused(client, email, link, me)

    def test_the_kind_of_account_still_decides(self):
        self.policy("any")
        me, client = self.customer("elsewhere.example")
        email = self.fresh()
        self.house.invite(self.owner, email, "supplier")
        page = client.get(self.house.link(email))
        self.assertEqual(page.h1, "This invitation is for a supplier account")
        self.accept(client, self.house.link(email))
        self.assertEqual(self.status(email)[0], "pending")

    def test_a_stricter_policy_holds_from_the_moment_it_is_saved(self):
        self.policy("any")
        email, link = self.invited()
        me, client = self.customer("elsewhere.example")
        page = client.get(link)
        self.policy("exact")
        form = page.form("/accept")
        self.assertEqual(client.post(form.action, form.fields).h1, "This invitation is for another address")
        self.assertEqual(self.status(email), ("pending", None))

    def test_the_database_decides_once_more(self):
        """Whoever decides on an older look is stopped by the one UPDATE that accepts: the policy is a condition in it."""
        text = (pathlib.Path(__file__).resolve().parents[2] / "sql/queries/invitation.sql").read_text(encoding="utf-8")
        self.assertRegex(text, r"-- invitation_accept\((?:.*\n)+?UPDATE (?:.*\n)*?.*\$invitation_address_fits")

    def test_registration_through_the_mailed_link_is_for_the_invited_address_under_every_policy(self):
        for policy in ("exact", "domain", "any"):
            self.policy(policy)
            email, link = self.invited()
            visitor = self.house.visitor()
            page = visitor.get(link)
            self.assertEqual("Do you have an account with another address?" in page.text, policy != "exact")
            fields = page.form("/register").fields | DETAILS | {"password": PASSWORD, "email": "somebody@elsewhere.example"}
            self.assertEqual(visitor.post(link + "/register", fields).h1, "Home")
            self.assertEqual(self.status(email), ("accepted", email))


if __name__ == "__main__":
    unittest.main()
