"""A customer's or supplier's own company: its data, kept by itself, read by its members, seen by the vendors that it is connected with."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, colleague, company_id, customer, everything, fresh, machine, sql  # noqa: E402

setUpModule, tearDownModule = machine()

DATA = {"business_name": "Møller & Søn <ApS>", "phone": "+45 33 12 34 56", "street": "Østergade", "house_number": "12 B", "postal_code": "1100",
        "city": "København", "country": "Danmark"}


class CompanyData(Story):
    def test_an_owner_changes_the_company_data_and_every_connected_vendor_sees_the_new_values(self):
        for kind, where in (("customer", "/customers"), ("supplier", "/suppliers")):
            buyer, vendor = customer(kind)
            second = Vendor()
            page = buyer.get(second.invite(buyer.email, kind))
            buyer.client.submit(page, "/accept", button="Accept")
            page = buyer.get(buyer.get("/home").link("Company"))
            self.assertEqual(page.h1, "Company data")
            self.said(page, buyer.business, f"Company ID {company_id(buyer)}")
            page = buyer.get(page.link("Change company data"))
            self.assertEqual(page.form("/company/edit").fields["business_name"], buyer.business)
            page = buyer.client.submit(page, "/company/edit", **DATA)
            self.assertEqual(page.url, "/company")
            self.said(page, "Company data saved.", *DATA.values())
            kept = buyer.get("/company/edit").form("/company/edit").fields
            self.assertEqual({name: kept[name] for name in DATA}, DATA)
            for v in (vendor, second):
                self.said(v.get(v.get(where).link(DATA["business_name"])), *DATA.values())

    def test_a_change_with_something_wrong_is_shown_again_with_everything_typed_and_nothing_is_lost(self):
        buyer, _ = customer()
        before = everything()
        for wrong, sentence in (({"business_name": ""}, "Enter the name of your business"), ({"business_name": "x" * 101}, "Shorten this: it is too long"),
                                ({"city": "http://spam.example"}, "There is a problem"), ({"phone": "1" * 41}, "Shorten this: it is too long")):
            page = buyer.client.submit(buyer.get("/company/edit"), "/company/edit", **(DATA | wrong))
            self.said(page, "There is a problem", sentence, status=422)
            kept = page.form("/company/edit").fields
            self.assertEqual({name: kept[name] for name in DATA}, DATA | wrong)
        self.assertEqual(buyer.client.post("/company/edit", {**buyer.get("/company/edit").form("/company/edit").fields, "role": "owner"}).status, 400)
        self.assertEqual(everything(), before)

    def test_who_saves_what_a_colleague_has_changed_is_shown_that_first(self):
        buyer, vendor = customer()
        admin = colleague(buyer, "admin")
        mine = admin.get("/company/edit")
        buyer.client.submit(buyer.get("/company/edit"), "/company/edit", **DATA)
        page = admin.client.submit(mine, "/company/edit", phone="+49 30 1", street=DATA["street"])
        self.said(page, "A colleague has changed the company data meanwhile", "As it is now", f"Business name {DATA['business_name']}", *(
            f"{label} {DATA[name]}" for label, name in (("Phone", "phone"), ("House number", "house_number"), ("Postal code", "postal_code"), ("City", "city"), ("Country", "country"))), status=422)
        self.assertNotIn(f"Street {DATA['street']}", page.text)
        self.said(vendor.get(vendor.get("/customers").link(DATA["business_name"])), *DATA.values())   # nothing of it was lost
        self.assertEqual(page.form("/company/edit").fields["phone"], "+49 30 1", "nothing that was typed either")
        self.said(admin.client.submit(page, "/company/edit", business_name=DATA["business_name"]), "Company data saved.", "+49 30 1")
        self.said(admin.client.submit(mine, "/company/edit", city="Ghent"), "A colleague has changed the company data meanwhile", status=422)
        fields = buyer.get("/company/edit").form("/company/edit").fields
        for wrong in (fields | {"revision": "x"}, {k: v for k, v in fields.items() if k != "revision"}):
            self.assertEqual(buyer.client.post("/company/edit", wrong).status, 400)

    def test_an_admin_may_change_it_and_a_member_reads_it(self):
        buyer, _ = customer()
        admin, member = colleague(buyer, "admin"), colleague(buyer, "member")
        page = admin.client.submit(admin.get("/company/edit"), "/company/edit", city="Ghent")
        self.said(page, "Company data saved.", "Ghent")
        page = member.get("/company")
        self.said(page, buyer.business, "Ghent", company_id(buyer), "An owner or admin of your company can change this.")
        self.unsaid(page, "Change company data")
        self.assertEqual(member.get("/company/edit").status, 403)
        csrf = member.get("/home").forms[0].fields["csrf"]
        self.assertEqual(member.client.post("/company/edit", DATA | {"csrf": csrf}).status, 403)
        self.said(buyer.get("/company"), "Ghent")

    def test_it_is_the_company_in_use_that_is_changed_and_no_other(self):
        buyer, _ = customer()
        other, _ = customer()
        buyer.client.submit(buyer.get("/company/edit"), "/company/edit", city="Ghent")
        self.assertEqual(sql(f"SELECT city FROM company WHERE name = '{other.business}'"), [("",)])
        self.assertNotIn(other.business, buyer.get("/company").text)

    def test_a_vendors_people_have_no_such_page(self):
        vendor = Vendor()
        self.assertEqual(vendor.get("/company").status, 403)
        self.unsaid(vendor.get("/industry"), "Company data")

    def test_a_change_is_in_the_audit(self):
        buyer, _ = customer()
        buyer.client.submit(buyer.get("/company/edit"), "/company/edit", business_name=fresh("New name "))
        self.assertEqual(sql(f"SELECT e.event FROM audit_event e JOIN account a ON a.id = e.account_id WHERE a.email = '{buyer.email}' "
                             f"AND e.detail = '{company_id(buyer)}'"), [("company_changed",)])


if __name__ == "__main__":
    unittest.main()
