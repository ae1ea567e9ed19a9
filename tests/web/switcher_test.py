"""A person of several companies: which one is in use, and how it is changed."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase  # noqa: E402


class Switcher(HouseCase):
    @classmethod
    def furnish(cls):
        cls.owner = cls.house.owner("Harbour")
        cls.other = cls.house.owner("Lagoon")
        # The owner of Harbour is a customer of Lagoon too, with a company of their own.
        cls.house.invite(cls.house.sign_in(cls.other), cls.owner)
        client = cls.house.sign_in(cls.owner)
        page = client.submit(client.get(cls.house.link(cls.owner)), "/register", business_name="Side Business")
        assert page.h1 == "Home", page.text
        cls.joined = client, page

    def company(self, name):
        return self.house.sql(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{name}'")[0][0]

    def brand(self, page):
        return " ".join(re.sub(r"<[^>]*>", " ", re.search(r'<p class="brand">(.*?)</p>', page.body, re.S)[1]).split())

    def switch(self, client, name):
        return client.submit(client.get("/home"), "/company", company=self.company(name))

    def test_the_company_in_use_is_named_on_every_page_and_changes_by_the_switcher(self):
        client = self.house.sign_in(self.owner)
        page = client.get("/home")
        self.assertEqual(self.brand(page), "Harbour")   # a vendor before a partner
        form = page.form("/company")
        self.assertEqual(form.choices["company"], [self.company("Harbour"), self.company("Side Business")])
        self.assertEqual(form.fields["company"], self.company("Harbour"))
        self.assertIn("Harbour (vendor)", page.text)
        self.assertIn("Side Business (customer)", page.text)
        page = self.switch(client, "Side Business")
        self.assertEqual((page.status, page.h1, self.brand(page)), (200, "Home", "Side Business"))
        self.assertEqual(page.form("/company").fields["company"], self.company("Side Business"))
        self.assertIn("Side Business", page.title)
        page = self.switch(client, "Harbour")
        self.assertEqual((page.h1, self.brand(page)), ("Invitations", "Harbour"))

    def test_what_a_person_may_do_follows_the_company_in_use(self):
        client = self.house.sign_in(self.owner)
        self.assertIn("/industry", [href for href, _ in client.get("/home").links])
        page = self.switch(client, "Side Business")
        for address in ("/industry", "/customers", "/suppliers"):
            self.assertNotIn(address, [href for href, _ in page.links])
            self.assertEqual(client.get(address).status, 403, address)
        self.switch(client, "Harbour")
        self.assertEqual(client.get("/industry").status, 200)

    def test_home_is_of_the_kind_of_the_company_in_use(self):
        client = self.house.sign_in(self.owner)
        page = client.get("/home")
        self.assertEqual((page.h1, page.link("Home")), ("Home", "/home"))
        self.assertIn("Connected companies", page.text)
        self.assertNotIn("Connected vendors", page.text)
        self.assertEqual(page.link("Pending"), "/industry?status=pending")
        page = self.switch(client, "Side Business")
        self.assertIn("Connected vendors", page.text)
        self.assertIn("Lagoon", page.text)
        self.assertNotIn("Customer List", page.text)

    def test_who_accepts_for_another_company_is_at_home_there(self):
        client, page = self.joined
        self.assertEqual(self.brand(page), "Side Business")
        self.assertIn("You’re connected with Lagoon.", page.text)

    def test_home_leads_to_a_vendor_of_another_company_by_switching_to_it(self):
        self.house.invite(self.house.sign_in(self.other), "two@pier.example")
        client = self.house.register(self.house.link("two@pier.example"), business_name="First Ltd")
        self.house.invite(self.house.sign_in(self.house.owner("Bay")), "two@pier.example", "supplier")
        page = client.submit(client.get(self.house.link("two@pier.example", 2)), "/register", business_name="Second Ltd")
        self.assertEqual(self.brand(page), "Second Ltd")
        switch = [f for f in page.forms if f.fields.get("company") == self.company("First Ltd")]
        self.assertEqual([(f.action, f.buttons) for f in switch], [("/company", ["Switch"])])
        self.assertEqual([href for href, said in page.links if said == ["Open"]], [f"/vendors/{self.company('Bay')}"])
        page = client.post(switch[0].action, switch[0].fields)
        self.assertEqual((page.h1, self.brand(page)), ("Home", "First Ltd"))
        self.assertEqual([href for href, said in page.links if said == ["Open"]], [f"/vendors/{self.company('Lagoon')}"])

    def test_switching_changes_the_secret_of_the_session_and_is_written_down(self):
        client = self.house.sign_in(self.owner)
        before, lines = dict(client.cookies), self.house.count("audit_event", "event = 'company_switched'")
        self.switch(client, "Side Business")
        self.assertEqual(self.house.count("audit_event", "event = 'company_switched'"), lines + 1)
        self.assertNotEqual(client.cookies["session"], before["session"])
        old = self.house.visitor(follow=False)
        old.cookies = before
        self.assertEqual(old.get("/home").location, "/sign-in?next=%2Fhome")

    def test_a_company_of_others_is_like_one_that_does_not_exist(self):
        client = self.house.sign_in(self.owner)
        csrf = client.get("/home").form("/company").fields["csrf"]
        answers = {name: client.post("/company", {"csrf": csrf, "company": name}) for name in (self.company("Lagoon"), "0" * 32, "x", "")}
        self.assertEqual({p.status for p in answers.values()}, {404})
        self.assertEqual(len({re.sub("[0-9a-f]{32}", "", p.body) for p in answers.values()}), 1)
        self.assertEqual(client.post("/company", {"csrf": "no", "company": self.company("Side Business")}).status, 403)
        self.assertEqual(client.post("/company", {"csrf": csrf, "company": "0" * 32, "role": "owner"}).status, 400)
        self.assertEqual(self.brand(client.get("/home")), "Harbour")

    def test_one_company_needs_no_switcher(self):
        page = self.house.sign_in(self.other).get("/home")
        self.assertNotIn("/company", [f.action for f in page.forms])
        self.assertEqual(self.brand(page), "Lagoon")

    def test_who_left_the_company_in_use_chooses_another(self):
        client = self.house.sign_in(self.owner)
        where = f"company_id = (SELECT id FROM company WHERE name = 'Harbour') AND account_id = (SELECT id FROM account WHERE email = '{self.owner}')"
        self.house.sql(f"DELETE FROM member WHERE {where}")
        try:
            page = client.get("/home")
            self.assertEqual(page.form("/company").choices["company"], [self.company("Side Business")])
            self.assertEqual(self.brand(self.switch(client, "Side Business")), "Side Business")
        finally:
            self.house.sql(f"INSERT INTO member (company_id, account_id, role, created_at) SELECT c.id, a.id, 'owner', UTC_TIMESTAMP(6) FROM company c, account a "
                           f"WHERE c.name = 'Harbour' AND a.email = '{self.owner}'")


if __name__ == "__main__":
    unittest.main()
