"""Which company accepts at an invitation's link: one of several, a further one, the first one, and never somebody else's."""
import pathlib
import re
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, customer, everything, fresh, machine, sql, stack  # noqa: E402

setUpModule, tearDownModule = machine()

LOGO = (pathlib.Path(__file__).resolve().parent.parent / "pictures/logo.png").read_bytes()


def look(link, client=None):
    return (client or Client(stack().url)).get(link)


class Companies(Story):
    def test_a_person_of_two_companies_says_which_one_accepts(self):
        buyer, _ = customer()
        names = [buyer.business, fresh("Second ")]
        sql(f"INSERT INTO company (public_id, kind, name, created_at) VALUES (UNHEX(REPLACE(UUID(), '-', '')), 'customer', '{names[1]}', UTC_TIMESTAMP(6));"
            f"INSERT INTO member SELECT LAST_INSERT_ID(), id, 'admin', UTC_TIMESTAMP(6) FROM account WHERE email = '{buyer.email}'")
        vendor = Vendor()
        page = look(vendor.invite(buyer.email), buyer.client)
        self.said(page, f"Which company should {vendor.name} connect with?", *names)
        form = page.form("/accept")
        self.assertEqual((len(form.choices["company"]), "company" in form.fields), (2, False), "none is chosen beforehand")
        page = buyer.client.submit(page, "/accept")
        self.said(page, "Select the company that accepts", status=422)
        buyer.client.submit(page, "/accept", company=form.choices["company"][1])
        self.assertEqual(sql(f"SELECT c.name FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id}"), [(names[1],)])

    def test_who_has_a_company_registers_another_one_for_the_invitation_and_keeps_the_first(self):
        for kind in ("customer", "supplier"):
            buyer, first = customer(kind)
            vendor, name = Vendor(), fresh("Further ")
            link = vendor.invite(buyer.email, kind, business_name="Known Ltd")
            page = look(link, buyer.client)
            page = buyer.client.get(page.link("Accept with another company that is not here yet"))
            self.assertEqual(page.form("/company").fields["business_name"], "Known Ltd")
            self.said(page, "Register another company", buyer.email, vendor.name)
            typed = {"phone": "+49 (0)30 1", "street": "Straße <1>", "city": "Köln"}
            before = everything()
            for wrong, sentence in ((" ", "Enter the name of your business"), (buyer.business.upper(), "You have a company with this name")):
                page = buyer.client.submit(page, "/company", business_name=wrong, **typed)
                self.said(page, "There is a problem", sentence, status=422)
                kept = page.form("/company").fields
                self.assertEqual({n: kept[n] for n in typed}, typed)
            self.assertEqual(everything(), before)
            again = look(link + "/company", buyer.client)
            self.said(buyer.client.submit(page, "/company", business_name=name), f"You’re connected with {vendor.name}.", name)
            buyer.client.submit(again, "/company", business_name=fresh("Second "))   # from a page that was open before
            self.said(buyer.client.get(link + "/company"), "You accepted this invitation")
            self.assertEqual(sql(f"SELECT c.name, c.kind, c.city, m.role FROM company c JOIN member m ON m.company_id = c.id JOIN account a ON a.id = m.account_id WHERE a.email = "
                                 f"'{buyer.email}' AND c.id NOT IN (SELECT MIN(company_id) FROM member mm JOIN account b ON b.id = mm.account_id WHERE b.email = '{buyer.email}')"),
                             [(name, kind, "Köln", "owner")])
            self.assertEqual(sql(f"SELECT c.name, r.state FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id}"), [(name, "active")])
            self.said(first.get(f"/{kind}s"), buyer.business)
            self.unsaid(first.get(f"/{kind}s"), name)

    def test_the_page_of_a_further_company_bears_the_vendors_logo_and_name_also_when_something_is_wrong(self):
        buyer, first = customer()
        vendor, plain = Vendor(), Vendor()
        token = vendor.get("/settings").form("/settings").fields["csrf"]
        page = vendor.client.post_parts("/settings/logo", {"csrf": token}, logo=("logo.png", LOGO))
        where = re.search(r'<img class="logo" src="(/logo/[0-9a-f]{32})"', page.body)[1]
        mine = look(vendor.invite(buyer.email) + "/company", buyer.client)
        for page in (mine, buyer.client.submit(mine, "/company", business_name="")):
            self.assertEqual(page.h1, "Register another company")
            header = re.search(r'<header class="brand">(.*?)</header>', page.body, re.S)[1]
            self.assertEqual(header.strip(), f'<img class="logo" src="{where}" width="4" height="3" alt=""> <bdi>{vendor.name}</bdi>')
        self.assertEqual(buyer.client.raw("GET", where).status, 200)
        page = look(plain.invite(buyer.email) + "/company", buyer.client)
        self.assertEqual(page.h1, "Register another company")
        self.assertNotIn("/logo/", page.body, "the logo of another vendor")
        self.assertIn(f"</svg> <bdi>{plain.name}</bdi></header>", page.body)

    def test_a_further_company_pressed_twice_at_once_is_one(self):
        buyer, _ = customer()
        vendor = Vendor()
        page = look(vendor.invite(buyer.email) + "/company", buyer.client)
        clients = [buyer.client, buyer.elsewhere()]
        pages = [page, clients[1].get(page.url)]
        threads = [threading.Thread(target=c.submit, args=(p, "/company"), kwargs={"business_name": fresh("Twice ")}) for c, p in zip(clients, pages)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        self.assertEqual(sql(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), [("1",)])
        self.assertEqual(sql(f"SELECT COUNT(*) FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{buyer.email}'"), [("2",)])

    def test_only_who_may_accept_and_has_a_company_finds_the_page_for_another_one(self):
        buyer, stranger = customer()[0], customer()[0]
        link = Vendor().invite(buyer.email)
        for client in (Client(stack().url), stranger.client):
            self.assertEqual(client.get(link + "/company").url, link)
        sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{buyer.email}'")
        self.assertEqual(buyer.client.get(link + "/company").url, link, "the first one is registered on the invitation's own page")
        self.assertEqual(buyer.client.post(link + "/company", {"csrf": buyer.client.get(link).forms[0].fields["csrf"], "business_name": "X"}).url, link)

    def test_nobody_accepts_for_somebody_elses_company(self):
        buyer, _ = customer()
        foreign, _ = customer()
        strange = sql(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{foreign.business}'")[0][0]
        second = Vendor()
        page = look(second.invite(buyer.email), buyer.client)
        for company in (strange, "0" * 32, "x"):
            self.assertEqual(buyer.client.submit(page, "/accept", company=company).status, 422)
        self.assertEqual(sql(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {second.id}"), [("0",)])

    def test_a_mere_member_of_a_company_does_not_accept_for_it(self):
        buyer, _ = customer()
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'member' WHERE a.email = '{buyer.email}'")
        page = look(Vendor().invite(buyer.email), buyer.client)
        self.said(page, "Register your company", "Accept with this company")
        self.assertFalse([f for f in page.forms if f.action.endswith("/accept")])

    def test_a_person_without_any_company_registers_one_without_typing_name_and_password_again(self):
        buyer, _ = customer()
        sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{buyer.email}'")
        vendor, business = Vendor(), fresh("Anew ")
        page = look(vendor.invite(buyer.email), buyer.client)
        self.said(page, "Register your company", f"You’re signed in as {buyer.email}. The company will belong to your account.")
        self.assertNotIn("password", page.form("/register").fields)
        page = buyer.client.submit(page, "/register", business_name=business, city="Oslo")
        self.said(page, f"You’re connected with {vendor.name}.", business)
        self.said(vendor.get("/customers"), business, buyer.email)


if __name__ == "__main__":
    unittest.main()
