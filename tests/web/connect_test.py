"""The Connect page: invitations of all vendors to one's proven address, chosen by the person, one button."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, everything, fresh, machine, number, register, register_open, sql, stack, value  # noqa: E402

setUpModule, tearDownModule = machine(open_registration=True)


def newcomer(*kinds, **values):
    """Somebody who has just verified the address, the vendors that have invited it, and the page that follows."""
    person, link = register_open(**values)
    vendors = [Vendor() for _ in kinds]
    for vendor, kind in zip(vendors, kinds):
        vendor.invite(person.email, kind)
    page = person.client.submit(person.client.get(link), link)
    return person, vendors, page


def field_of(page, vendor):
    """The checkbox of that vendor's invitation, and its value."""
    invitation = value(f"SELECT LOWER(HEX(MAX(public_id))) FROM invitation WHERE vendor_id = {vendor.id}")
    return next((name, invitation) for name, values in page.form("/connect").choices.items() if invitation in values)


def choose(person, page, *vendors, **more):
    """With these selected, and the others cleared."""
    form = page.form("/connect")
    for name in form.choices:
        form.fields.pop(name, None)
    return person.client.submit(page, "/connect", **dict(field_of(page, vendor) for vendor in vendors), **more)


def connected(vendor):
    return [row[0] for row in sql(f"SELECT c.name FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id}")]


class Connect(Story):
    def test_after_verification_the_invitations_of_all_vendors_are_listed_and_selected_and_one_button_connects(self):
        person, vendors, page = newcomer("customer", "customer")
        self.assertEqual((page.url, page.h1), ("/connect", "Connect"))
        self.said(page, "Your address is verified.", vendors[0].name, vendors[1].name, vendors[0].email)
        form = page.form("/connect")
        self.assertEqual(sorted(form.choices), ["i1", "i2"])
        self.assertEqual(set(form.fields), {"csrf", "i1", "i2"})
        self.said(page, "All are selected: clear those that you do not know.")
        self.assertEqual([connected(v) for v in vendors], [[], []], "nobody is joined to a stranger unasked")
        page = person.client.submit(page, "/connect")
        self.said(page, f"{vendors[0].name} You’re connected.", f"{vendors[1].name} You’re connected.", "No more invitations")
        self.assertEqual([connected(v) for v in vendors], [[person.business], [person.business]])

    def test_the_chosen_ones_are_connected_with_one_button_and_the_others_stay(self):
        person, (first, second, third), page = newcomer("customer", "customer", "customer")
        page = choose(person, page, first, third)
        self.assertEqual(page.status, 200)
        self.assertEqual(set(page.form("/connect").fields), {"csrf"}, "what was left out is not selected again")
        self.said(page, "What became of your choice", f"{first.name} You’re connected.", f"{third.name} You’re connected.", second.name)
        self.assertEqual([connected(v) for v in (first, second, third)], [[person.business], [], [person.business]])
        self.assertEqual(value(f"SELECT status FROM invitation WHERE vendor_id = {second.id}"), "pending")
        self.said(first.get("/customers"), person.business)
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE event = 'invitation_accepted' AND vendor_id = {first.id}"), 1)
        self.said(person.get("/home"), first.name, third.name)

    def test_reload_and_a_second_press_do_nothing_twice(self):
        person, (vendor,), page = newcomer("customer")
        name, invitation = field_of(page, vendor)
        after = choose(person, page, vendor)
        before = everything()
        self.said(person.get(after.url), "You’re connected.")
        csrf = person.get("/home").forms[0].fields["csrf"]
        again = person.client.post("/connect", {"csrf": csrf, "i1": invitation, "i2": invitation})
        self.assertEqual(again.text.count("You’re connected."), 1)
        self.assertEqual(everything(), before)

    def test_what_is_not_open_any_more_is_told_beside_its_line_and_the_rest_is_connected(self):
        person, (good, gone, late, paused), page = newcomer("customer", "customer", "customer", "customer")
        sql(f"UPDATE invitation SET status = 'cancelled' WHERE vendor_id = {gone.id}")
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE vendor_id = {late.id}")
        sql(f"UPDATE member SET role = 'auditor' WHERE company_id = {paused.id}")
        page = choose(person, page, good, gone, late, paused)
        self.said(page, f"{good.name} You’re connected.", f"{gone.name} Not connected: {gone.name} has cancelled this invitation.",
                  f"{late.name} Not connected: this invitation has expired.", f"{paused.name} Not connected: {paused.name} has to confirm this invitation first.")
        self.assertEqual([len(connected(v)) for v in (good, gone, late, paused)], [1, 0, 0, 0])

    def test_pressing_the_button_without_a_choice_says_so(self):
        person, (vendor,), page = newcomer("customer")
        page = choose(person, page)
        self.assertEqual(set(page.form("/connect").fields), {"csrf"})
        self.said(page, "There is a problem", "Select at least one invitation", vendor.name, status=422)
        self.assertEqual(connected(vendor), [])

    def test_an_invitation_of_another_kind_is_shown_with_the_way_to_accept_it(self):
        person, (customer, supplier), page = newcomer("customer", "supplier")
        self.said(page, supplier.name, "To accept, open the link in the email")
        self.assertEqual(sorted(page.form("/connect").choices), ["i1"])
        invitation = value(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE vendor_id = {supplier.id}")
        csrf = page.form("/connect").fields["csrf"]
        page = person.client.post("/connect", {"csrf": csrf, "i2": invitation})
        self.said(page, "Open the link in the email: it lets you register a company for this", status=422)
        self.assertEqual((connected(customer), connected(supplier)), ([], []))

    def test_with_several_companies_the_person_says_which_one_connects(self):
        person, (vendor,), page = newcomer("customer")
        account = value(f"SELECT id FROM account WHERE email = '{person.email}'")
        second = fresh("Second ")
        sql(f"INSERT INTO company (public_id, kind, name, created_at) VALUES (RANDOM_BYTES(16), 'customer', '{second}', UTC_TIMESTAMP(6)); "
            f"INSERT INTO member (company_id, account_id, role, created_at) SELECT MAX(id), {account}, 'owner', UTC_TIMESTAMP(6) FROM company")
        page = person.get("/connect")
        wrong = choose(person, page, vendor)
        self.said(wrong, "Select the company that accepts", status=422)
        self.assertEqual(wrong.form("/connect").fields[field_of(wrong, vendor)[0]], field_of(wrong, vendor)[1])   # the choice is kept
        company = value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{second}'")
        page = choose(person, wrong, vendor, customer=company)
        self.said(page, "You’re connected.")
        self.assertEqual(connected(vendor), [second])

    def test_who_connects_stays_in_the_company_in_use_when_it_is_one_of_them(self):
        person, (seller, buyer), _ = newcomer("supplier", "customer")
        account, second = value(f"SELECT id FROM account WHERE email = '{person.email}'"), fresh("Second ")
        sql(f"INSERT INTO company (public_id, kind, name, created_at) VALUES (RANDOM_BYTES(16), 'supplier', '{second}', UTC_TIMESTAMP(6)); "
            f"INSERT INTO member (company_id, account_id, role, created_at) SELECT MAX(id), {account}, 'owner', UTC_TIMESTAMP(6) FROM company")
        choose(person, person.get("/connect"), seller, buyer)
        self.assertEqual((connected(seller), connected(buyer)), ([second], [person.business]))
        self.assertIn(person.business, person.get("/home").title)

    def test_somebody_elses_invitation_or_company_is_like_none(self):
        person, (vendor,), page = newcomer("customer")
        other, (stranger,), _ = newcomer("customer")
        invitation = value(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE vendor_id = {stranger.id}")
        company = value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{other.business}'")
        csrf = page.form("/connect").fields["csrf"]
        before = everything()
        answers = [person.client.post("/connect", {"csrf": csrf, "i1": wanted}) for wanted in (invitation, "0" * 32)]
        self.assertEqual([(a.status, a.h1) for a in answers], [(404, "Page not found")] * 2)
        self.assertEqual([person.get(f"/connect?i1={wanted}").status for wanted in (invitation, "0" * 32)], [404, 404])
        mine = field_of(page, vendor)
        for wanted in (company, "0" * 32):
            self.said(person.client.post("/connect", {"csrf": csrf, mine[0]: mine[1], "customer": wanted}), "Select the company that accepts", status=422)
        self.assertEqual(person.client.post("/connect", {"csrf": csrf, "i1": "x"}).status, 422)
        self.assertEqual(person.client.post("/connect", {"csrf": csrf, "i21": mine[1]}).status, 400)
        self.assertEqual(everything(), before)

    def test_without_invitations_the_page_says_where_they_will_appear(self):
        person, _, page = newcomer()
        self.assertEqual(page.url, "/home")
        page = person.get("/connect")
        self.said(page, "No invitations yet", "Go to Home")
        self.assertEqual([form.action for form in page.forms if form.action == "/connect"], [])

    def test_home_leads_to_it_when_several_wait(self):
        first = Vendor()
        person = register(first.invite())
        for vendor in (Vendor(), Vendor()):
            vendor.invite(person.email)
        page = person.get(person.get("/home").link("Choose several and connect"))
        self.assertEqual(len(page.form("/connect").choices), 2)

    def test_it_is_for_who_is_signed_in(self):
        self.assertEqual(Client(stack().url).get("/connect").path, "/sign-in")


if __name__ == "__main__":
    unittest.main()
