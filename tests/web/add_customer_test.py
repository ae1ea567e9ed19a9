"""Add Customer and Add Supplier: by hand, without asking, and without learning anything of other vendors or of the installation."""
import csv
import io
import pathlib
import re
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Person, Story, Vendor, address, everything, fresh, link_of, machine, mail_to, mails, number, register, sql, value, wait  # noqa: E402

setUpModule, tearDownModule = machine(address_mails_day=3)

DATA = {"first_name": "Ada", "last_name": "Long", "phone": "+31 20 1234567", "street": "Damrak", "house_number": "1", "postal_code": "1012 LG",
        "city": "Amsterdam", "country": "Netherlands", "number": "K-500"}


class Adding(Story):
    def step2(self, vendor, email, name, kind="customer"):
        page = vendor.get(vendor.get(f"/{kind}s").link(f"Add {kind.capitalize()}"))
        return vendor.client.submit(page, "/check", email=email, business_name=name)

    def step3(self, vendor, email, name, kind="customer"):
        return vendor.client.submit(self.step2(vendor, email, name, kind), "/data")

    def add(self, vendor, email, name, kind="customer", **more):
        return vendor.client.submit(self.step3(vendor, email, name, kind), f"/add/{kind}", **(DATA | more))

    def relationship(self, vendor):
        return sql(f"SELECT r.id, c.name, r.state, r.number, (SELECT COUNT(*) FROM member m WHERE m.company_id = c.id) FROM relationship r "
                   f"JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id} ORDER BY r.id")


class Confirming(Adding):
    def test_a_new_customer_stands_in_the_list_at_once_and_takes_the_company_over_by_the_mailed_link(self):
        for kind in ("customer", "supplier"):
            vendor, email, name = Vendor(), address("ada"), fresh("Long Ships ")
            page = self.step2(vendor, email, name, kind)
            self.said(page, f"Is this {kind} new?", f"You are adding {name} ({email}).", f"You have no {kind} and no invitation with this address or a similar name.")
            page = vendor.client.submit(page, "/data")
            fields = page.form(f"/add/{kind}").fields
            self.assertEqual((page.h1, fields["email"], fields["business_name"]), (f"{kind.capitalize()} data", email, name))
            self.assertEqual(self.relationship(vendor), [], "nothing is half made")
            page = vendor.client.submit(page, f"/add/{kind}", **DATA)
            self.assertEqual(page.h1, name)
            self.said(page, f"Added. We emailed {email} a link to confirm it and to choose a password.", "Active", "Amsterdam", "+31 20 1234567",
                      f"{kind.capitalize()} number K-500", f"Nobody yet: {email} has been asked to confirm. Pending", f"Added by hand by {vendor.email}")
            self.said(vendor.get(f"/{kind}s?q=long"), name, email, "K-500")
            id = self.relationship(vendor)[0][0]
            self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{email}'"), 0, "no account before the mailbox is proven")
            mail = mail_to(email)
            self.assertEqual(mail["subject"], f"{vendor.name} added you as a {kind}")
            self.assertIn("choose a password", mail["text"])
            link = link_of(mail)
            form = Person(email).get(link).form("/register").fields
            self.assertEqual({k: form[k] for k in DATA if k in form}, {k: v for k, v in DATA.items() if k != "number"})
            person = register(link, city="Haarlem", business_name=name + " NV")
            self.said(person.get("/home"), vendor.name, "K-500")
            self.assertEqual(self.relationship(vendor), [(id, name + " NV", "active", "K-500", "1")])
            page = vendor.get(vendor.get(f"/{kind}s").link(name + " NV"))
            self.said(page, "Haarlem", "Ada Long", "Owner", f"Accepted by {email}", f"Added by hand by {vendor.email}")
            self.unsaid(page, "Nobody yet")

    def test_an_address_that_has_an_account_gets_the_same_answer_and_the_account_is_not_touched(self):
        other = Vendor()
        known = register(other.invite(), business_name="Known Ltd")
        vendors, emails, seen = [Vendor(), Vendor()], [known.email, address()], []
        accounts = sql("SELECT * FROM account ORDER BY id"), sql(f"SELECT * FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{known.email}'")
        for vendor, email in zip(vendors, emails):
            pages = [self.step2(vendor, email, "Same Name"), self.step3(vendor, email, "Same Name"), self.add(vendor, email, "Same Name")]
            mail_to(email, 2 if email == known.email and len(mails(email)) > 1 else 1)
            wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")
            path = pages[2].url
            pages += [vendor.get("/customers"), vendor.get("/customers?q=same"), vendor.get("/industry"), vendor.get(path), vendor.get(path + "/pause"),
                      vendor.get(vendor.get(path).link("See the invitation")), vendor.send(email), self.step2(vendor, email, "Again")]
            seen.append([(p.status, self.plain(p, vendor, email)) for p in pages])
        for i, (first, second) in enumerate(zip(*seen)):
            self.assertEqual(first, second, f"page {i}")
        after = sql("SELECT * FROM account ORDER BY id")
        self.assertEqual([a for a in after if a in accounts[0]], accounts[0])
        self.assertEqual(sql(f"SELECT * FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{known.email}'"), accounts[1])
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{emails[1]}'"), 0)

    def plain(self, page, vendor, email):
        body = page.body
        for word, mark in ((email.replace("@", "%40"), "E"), (email, "E"), (vendor.email, "V"), (vendor.name, "N")):
            body = body.replace(word, mark)
        body = re.sub(r'name="csrf" value="[^"]*"', "", body)
        body = re.sub(r"[0-9a-f]{32}|id=\"i\d+\"|describedby=\"i\d+\"", "I", body)
        body = re.sub(r"id=[0-9a-f-]+|queued as \S+|<[^>]*@[^>]*>", "", body)
        return re.sub(r"\d\d:\d\d(:\d\d)?Z?|250 [^<]*", "T", body)

    def test_a_person_with_a_company_confirms_at_home_and_that_company_stands_in_the_same_place(self):
        vendor, other = Vendor(), Vendor()
        person = register(other.invite(number="X-1"), business_name="Realname Ltd")
        self.add(vendor, person.email, "Guessed Name")
        id = self.relationship(vendor)[0][0]
        self.assertEqual(self.relationship(vendor), [(id, "Guessed Name", "active", "K-500", "0")])
        self.unsaid(person.get("/home"), "Number K-500")
        page = person.client.submit(person.get("/home"), button="Accept")
        self.said(page, f"You’re connected with {vendor.name}.")
        self.assertEqual(self.relationship(vendor), [(id, "Realname Ltd", "active", "K-500", "1")])
        self.assertEqual(number("SELECT COUNT(*) FROM company WHERE name = 'Guessed Name'"), 0)
        self.said(vendor.get("/customers?q=realname"), "Realname Ltd")
        self.said(vendor.get("/customers?q=guessed"), "No customers found")
        self.said(vendor.get(vendor.get("/customers").link("Realname Ltd")), f"Added by hand by {vendor.email}", f"Accepted by {person.email}")

    def test_a_company_that_was_in_the_list_already_stays_one_and_the_doublet_ends(self):
        vendor = Vendor()
        person = register(vendor.invite(number="OLD"), business_name="Twice Ltd")
        second = address()
        self.add(vendor, second, "Twice Limited")
        sql(f"UPDATE invitation SET email = '{person.email}', email_canon = '{person.email}' WHERE email_canon = '{second}'")  # the same person's other address
        person.client.submit(person.get("/home"), button="Accept")
        rows = self.relationship(vendor)
        self.assertEqual([row[1:] for row in rows], [("Twice Ltd", "active", "OLD", "1"), ("Twice Limited", "disconnected", "K-500", "0")])
        self.said(vendor.get(vendor.get("/customers").link("Twice Limited")), "Ended: the same company is in the list already")

    def test_who_says_no_ends_the_connection(self):
        vendor, email = Vendor(), address()
        self.add(vendor, email, "Unwilling Ltd")
        visitor = Person(email)
        visitor.client.submit(visitor.get(visitor.get(link_of(mail_to(email))).link("Decline")), button="Decline invitation")
        self.assertEqual([row[2] for row in self.relationship(vendor)], ["disconnected"])
        self.said(vendor.get(vendor.get("/customers").link("Unwilling Ltd")), "Disconnected", "Ended: the person who was asked said no")

    def test_its_invitation_stays_one_of_its_kind(self):
        for kind, other in (("customer", "supplier"), ("supplier", "customer")):
            vendor, email, name = Vendor(), address(), fresh("Constant ")
            self.add(vendor, email, name, kind)
            before = everything()
            page = vendor.client.submit(vendor.get(vendor.invitation(email).link("Change")), "/change", kind=other, message="kept")
            self.said(page, f"{name} stands in your {kind.capitalize()} List. Disconnect it first, and add it as a {other}", status=422)
            self.assertEqual((page.form("/change").fields["message"], everything()), ("kept", before))
            self.assertEqual(vendor.get(page.link("View")).h1, name)
            person = register(link_of(mail_to(email)))
            self.assertEqual(sql(f"SELECT c.kind, r.kind FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id}"), [(kind, kind)])
            self.said(person.get("/home"), vendor.name)

    def test_disconnecting_it_cancels_what_was_asked_and_it_can_be_added_as_the_other_kind(self):
        vendor, email = Vendor(), address()
        self.add(vendor, email, "Mistaken Ltd")
        link = link_of(mail_to(email))
        page = vendor.get(vendor.get("/customers").link("Mistaken Ltd"))
        vendor.client.submit(vendor.get(page.link("Disconnect")), "/disconnect")
        self.said(vendor.invitation(email), "Cancelled", f"Cancelled by {vendor.email}")
        self.said(Person(email).get(link), "This invitation link does not work", status=404)
        self.assertEqual([row[2] for row in self.relationship(vendor)], ["disconnected"])
        self.said(self.add(vendor, email, "Mistaken Ltd", "supplier"), "Added.")
        register(link_of(mail_to(email, 2)), business_name="Mistaken Ltd")
        self.assertEqual(sql(f"SELECT r.kind, r.state FROM relationship r WHERE r.vendor_id = {vendor.id} ORDER BY r.id"), [("customer", "disconnected"), ("supplier", "active")])

    def test_asked_again_after_a_cancelled_invitation_it_is_the_same_customer(self):
        vendor, email = Vendor(), address()
        self.add(vendor, email, "Patient Ltd")
        id = self.relationship(vendor)[0][0]
        mail_to(email)
        vendor.cancel(email)
        self.said(vendor.get(vendor.get("/customers").link("Patient Ltd")), f"Nobody yet: {email} has been asked to confirm. Cancelled")
        link = vendor.invite(email)
        self.said(vendor.get(vendor.get("/customers").link("Patient Ltd")), f"Nobody yet: {email} has been asked to confirm. Pending")
        person = register(link, business_name="Patient BV")
        self.assertEqual(self.relationship(vendor), [(id, "Patient BV", "active", "K-500", "1")])
        self.said(person.get("/home"), vendor.name)


    def test_an_invitation_of_the_other_kind_belongs_to_no_added_customer(self):
        vendor, email = Vendor(), address()
        self.add(vendor, email, "Both Ltd")
        mail_to(email)
        person = register(vendor.invite(email, "supplier"), business_name="Both BV")
        self.assertEqual(sql(f"SELECT r.kind, c.kind, c.name FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id} ORDER BY r.id"),
                         [("customer", "customer", "Both Ltd"), ("supplier", "supplier", "Both BV")])
        self.said(person.get("/home"), vendor.name, "Supplier")
        self.said(vendor.get(vendor.get("/customers").link("Both Ltd")), f"Nobody yet: {email} has been asked to confirm. Pending")


class Duplicates(Adding):
    def test_step_2_shows_own_customers_and_invitations_that_may_be_the_same(self):
        vendor, mark = Vendor(), fresh("z")
        register(vendor.invite(number="N-1", business_name=f"{mark}works"), business_name=f"{mark}works GmbH")
        vendor.send(f"info@{mark}other.example", business_name=f"The {mark}works Berlin")
        vendor.send(address(), business_name="Something else")
        page = self.step2(vendor, f"new@{mark}.example", f"{mark.upper()}WORKS Ltd")
        self.said(page, "You have these already", f"{mark}works GmbH", "Number N-1", f"info@{mark}other.example", "Pending")
        self.unsaid(page, "Something else", "Accepted")   # what was accepted is a customer, and stands there once
        page = vendor.client.submit(page, "/data")
        self.assertEqual(page.status, 200, "whoever knows better goes on")

    def test_step_2_never_shows_another_vendors(self):
        vendor, stranger, mark = Vendor(), Vendor(), fresh("z")
        email = f"buyer@{mark}.example"
        register(stranger.invite(email), business_name=f"{mark}works")
        stranger.send(f"info@{mark}two.example", business_name=f"{mark}works two")
        page = self.step2(vendor, email, f"{mark}works")
        self.said(page, "You have no customer and no invitation with this address or a similar name.")
        self.unsaid(page, f"{mark}two")

    def test_a_suppliers_name_is_no_duplicate_of_a_customer(self):
        vendor, mark = Vendor(), fresh("z")
        register(vendor.invite(kind="supplier"), business_name=f"{mark}works")
        self.said(self.step2(vendor, address(), f"{mark}works"), "You have no customer")
        self.said(self.step2(vendor, address(), f"{mark}works", "supplier"), "You have these already")

    def test_an_address_that_cannot_be_added_is_refused_with_the_reason_and_the_way_out(self):
        vendor = Vendor()
        person = register(vendor.invite(), business_name="Mine Ltd")
        waiting = address()
        vendor.send(waiting)
        for email, sentence, way in ((person.email, f"{person.email} is already a customer", "/customers/"),
                                     (waiting, f"{waiting} already has a pending invitation", "/industry/invitations/"),
                                     (vendor.email, f"{vendor.email} is a colleague of yours", "/team")):
            before = everything()
            page = self.step2(vendor, email, "Another name")
            self.said(page, "There is a problem", sentence, status=422)
            self.assertEqual(page.form("/check").fields["business_name"], "Another name")
            self.assertIn(way, page.link("View"))
            direct = vendor.client.submit(self.step3(vendor, address(), "X"), "/add/customer", email=email)
            self.said(direct, sentence, status=422)
            self.assertEqual(everything(), before)


class BadInput(Adding):
    def test_every_step_refuses_what_cannot_be_at_the_field_keeps_the_rest_and_writes_nothing(self):
        vendor, good = Vendor(), address()
        before = everything()
        for email, name, sentence in (("", "Acme", "Enter an email address"), ("nonsense", "Acme", "Enter an email address in the correct format"),
                                      (good, "", "Enter the name of the business"), (good, "see www.evil.example", "Enter text without web addresses")):
            page = self.step2(vendor, email, name)
            self.said(page, "There is a problem", sentence, status=422)
            self.assertTrue(page.title.startswith("Error: "))
            self.assertEqual({k: v for k, v in page.form("/check").fields.items() if k in ("email", "business_name")}, {"email": email, "business_name": name})
        form = self.step3(vendor, good, "Acme")
        for field, text, sentence in (("email", "x", "Enter an email address in the correct format"), ("business_name", "", "Enter the name of the business"),
                                      ("first_name", "a@b", "without the @ sign"), ("phone", "1" * 41, "Shorten this"), ("number", "9" * 51, "Shorten this"),
                                      ("role", "f" * 32, "Select a role"), ("city", "x\x07y", "control characters")):
            page = vendor.client.submit(form, "/add/customer", **(DATA | {field: text}))
            self.said(page, "There is a problem", sentence, status=422)
            kept = page.form("/add/customer").fields
            self.assertEqual({k: kept[k] for k in DATA if k != field}, {k: v for k, v in DATA.items() if k != field})
        self.assertEqual(vendor.client.post("/add/customer", form.form("/add/customer").fields | {"verified": "1"}).status, 400)
        self.assertEqual(vendor.get("/add/customer/check?email=a&email=b").status, 400)
        self.assertEqual(everything(), before)

    def test_back_shows_what_was_typed(self):
        vendor, email = Vendor(), address()
        page = self.step2(vendor, email, "Tea & Co + Söhne")
        page = vendor.client.submit(page, "/data")
        back = vendor.get(page.link("Back"))
        self.said(back, "Tea & Co + Söhne", email)
        first = vendor.get(back.link("Back to address and name")).form("/check").fields
        self.assertEqual((first["email"], first["business_name"]), (email, "Tea & Co + Söhne"))

    def test_a_double_click_and_two_colleagues_add_once(self):
        vendor, email = Vendor(), address()
        clients = [vendor.client, vendor.elsewhere(), vendor.member("admin").client]
        pages = [c.submit(c.submit(c.get("/add/customer"), "/check", email=email, business_name="Once Ltd"), "/data") for c in clients]
        answers = [None] * len(clients)

        def press(i):
            answers[i] = clients[i].submit(pages[i], "/add/customer", **DATA)
        threads = [threading.Thread(target=press, args=(i,)) for i in range(len(clients))]
        [t.start() for t in threads]
        [t.join() for t in threads]
        self.assertEqual(sorted(a.status for a in answers), [200, 422, 422])
        self.assertEqual(len(self.relationship(vendor)), 1)
        self.assertEqual(value("SELECT COUNT(*) FROM company WHERE name = 'Once Ltd'"), "1")
        self.assertEqual(len([1 for a in answers if "already has a pending invitation" in a.text]), 2)

    def test_until_it_is_confirmed_list_and_csv_show_the_address_that_was_typed(self):
        for kind in ("customer", "supplier"):
            vendor, email, name = Vendor(), address(), fresh("Typed ")
            self.add(vendor, email, name, kind, first_name="Ann", last_name="Bo")
            self.assertRegex(vendor.get(f"/{kind}s").text, f"{name}.*Contact: {email}")
            header, row = csv.reader(io.StringIO(vendor.get(f"/export/{kind}s").body.removeprefix("\ufeff"), newline=""))
            told = dict(zip(header, row))
            self.assertEqual([told[c] for c in ("Business name", "Contact", "First name", "Last name")], [name, email, "Ann", "Bo"])
            person = register(link_of(mail_to(email)), first_name="Cleo", last_name="Dee")
            _, row = csv.reader(io.StringIO(vendor.get(f"/export/{kind}s").body.removeprefix("\ufeff"), newline=""))
            self.assertEqual([dict(zip(header, row))[c] for c in ("Contact", "First name", "Last name")], [person.email, "Cleo", "Dee"])

    def test_a_limit_of_mails_leaves_nothing_half_made(self):
        email = address()
        for _ in range(3):
            Vendor().send(email)
        vendor = Vendor()
        before = everything()
        page = self.add(vendor, email, "Too Many Ltd")
        self.assertEqual(page.status, 429, page.text)
        self.assertEqual(page.form("/add/customer").fields["city"], "Amsterdam")
        self.assertEqual(everything(), before)

    def test_who_may_not_edit_customers_sees_no_button_and_gets_no_page(self):
        vendor = Vendor()
        for role in ("inviter", "auditor"):
            member = vendor.member(role)
            self.unsaid(member.get("/customers"), "Add Customer")
            self.assertEqual(member.get("/add/customer").status, 403)


if __name__ == "__main__":
    unittest.main()
