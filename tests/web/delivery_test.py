"""Delivery locations: kept by the customer or supplier, seen by the vendors that it is connected with."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, colleague, company_id, customer, everything, machine, number, sql  # noqa: E402

setUpModule, tearDownModule = machine()

YARD = {"name": "Yard <2>", "street": "Rue de l'Église", "house_number": "7", "postal_code": "1000", "city": "Bruxelles", "country": "Belgium",
        "note": "Gate 3,\n8 to 16 h"}


def add(person, **values):
    return person.client.submit(person.get("/company/delivery-new"), "/company/delivery-new", **(YARD | values))


def page_of(vendor, buyer, kind="customers"):
    return vendor.get(f"/{kind}/{company_id(buyer)}")


class DeliveryLocations(Story):
    def test_a_company_adds_changes_and_removes_locations_and_connected_vendors_see_them(self):
        for kind in ("customer", "supplier"):
            buyer, vendor = customer(kind)
            page = buyer.get(buyer.get("/company").link("Delivery locations (0)"))
            self.said(page, "No delivery locations yet")
            buyer.get(page.link("Add a delivery location"))
            page = add(buyer)
            self.said(page, "Yard <2> added.", "Rue de l'Église 7, 1000 Bruxelles, Belgium", "Gate 3, 8 to 16 h")
            self.assertEqual(page.url, "/company/delivery")
            self.said(page_of(vendor, buyer, kind + "s"), "Delivery locations", "Yard <2>", "Rue de l'Église 7, 1000 Bruxelles, Belgium", "Gate 3, 8 to 16 h")
            page = buyer.get(page.link("Change"))
            form = page.form("/company/delivery/" + page.url.split("/")[-1]).fields
            self.assertEqual({name: form[name].replace("\r", "") for name in YARD}, YARD)
            page = buyer.client.submit(page, page.url, city="Liège")
            self.said(page, "Yard <2> saved.", "1000 Liège")
            self.said(page_of(vendor, buyer, kind + "s"), "1000 Liège")
            page = buyer.get(page.link("Remove"))
            self.assertEqual(page.h1, "Remove this delivery location?")
            self.assertEqual(number(f"SELECT COUNT(*) FROM delivery_location WHERE city = 'Liège'"), 1, "asking removes nothing")
            page = buyer.client.submit(page, button="Remove delivery location")
            self.said(page, "Yard <2> removed.", "No delivery locations yet")
            self.unsaid(page_of(vendor, buyer, kind + "s"), "Yard <2>")

    def test_a_vendor_that_is_not_connected_any_more_or_never_was_sees_none(self):
        buyer, vendor = customer()
        add(buyer)
        self.assertEqual(page_of(Vendor(), buyer).status, 404)
        sql(f"UPDATE relationship SET state = 'disconnected' WHERE vendor_id = {vendor.id}")
        self.unsaid(page_of(vendor, buyer), "Yard <2>", "Delivery locations")

    def test_what_is_wrong_is_said_at_the_field_and_everything_typed_is_kept(self):
        buyer, _ = customer()
        add(buyer)
        change = buyer.get("/company/delivery").link("Change")
        before = everything()
        for where in ("/company/delivery-new", change):
            for wrong, sentence in (({"name": ""}, "Enter a name for this location"), ({"street": ""}, "Enter the street"), ({"city": " "}, "Enter the city"),
                                    ({"note": "x" * 501}, "Shorten this: it is too long"), ({"name": "buy@spam.example"}, "There is a problem")):
                page = buyer.client.submit(buyer.get(where), where, **(YARD | wrong))
                self.said(page, "There is a problem", sentence, status=422)
                kept = page.form(where).fields
                self.assertEqual({name: kept[name].replace("\r", "") for name in YARD}, YARD | {k: v.strip() for k, v in wrong.items()})
        self.assertEqual(everything(), before)

    def test_another_companys_location_is_exactly_like_none(self):
        buyer, _ = customer()
        stranger, _ = customer()
        add(buyer)
        theirs = buyer.get("/company/delivery").link("Change")
        none = "/company/delivery/" + "0123456789abcdef" * 2
        before = everything()
        csrf = stranger.get("/home").forms[0].fields["csrf"]
        for path in ("", "/remove"):
            bodies = [stranger.get(where + path) for where in (theirs, none)]
            self.assertEqual([p.status for p in bodies], [404, 404])
            for where in (theirs, none):
                fields = {"csrf": csrf} | ({} if path else YARD)
                self.assertEqual(stranger.client.post(where + path, fields).status, 404)
        self.assertEqual(everything(), before)

    def test_each_change_is_in_the_audit(self):
        buyer, _ = customer()
        page = add(buyer)
        form = buyer.get(page.link("Change"))
        page = buyer.client.submit(form, form.url, city="Namur")
        buyer.client.submit(buyer.get(page.link("Remove")), button="Remove delivery location")
        self.assertEqual(sql(f"SELECT e.event FROM audit_event e JOIN account a ON a.id = e.account_id WHERE a.email = '{buyer.email}' AND e.detail = '{company_id(buyer)}' ORDER BY e.id"),
                         [("location_added",), ("location_changed",), ("location_removed",)])

    def test_a_member_reads_them_and_changes_none(self):
        buyer, _ = customer()
        member = colleague(buyer, "member")
        add(buyer)
        page = member.get("/company/delivery")
        self.said(page, "Yard <2>")
        self.unsaid(page, "Add a delivery location", "Remove")
        self.assertEqual([member.get(w).status for w in ("/company/delivery-new", buyer.get("/company/delivery").link("Remove"))], [403, 403])

    def test_a_company_has_at_most_200(self):
        buyer, _ = customer()
        add(buyer)
        sql(f"INSERT INTO delivery_location (public_id, company_id, name, street, city, created_at) SELECT UNHEX(MD5(RAND())), d.company_id, 'Dock', 'Quay', 'Hull', "
            f"UTC_TIMESTAMP(6) FROM delivery_location d JOIN company c ON c.id = d.company_id JOIN seq_1_to_198 WHERE c.name = '{buyer.business}'")
        self.said(add(buyer, name="The last"), "The last added.")
        page = add(buyer, name="One more")
        self.said(page, "A company has at most 200 delivery locations: remove one first", status=422)
        self.assertEqual(page.form("/company/delivery-new").fields["name"], "One more")
        self.assertEqual(number(f"SELECT COUNT(*) FROM delivery_location d JOIN company c ON c.id = d.company_id WHERE c.name = '{buyer.business}'"), 200)


if __name__ == "__main__":
    unittest.main()
