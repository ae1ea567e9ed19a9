"""Link Existing Customer and Supplier: a request to a company of the installation, which does not tell the vendor whether there is one."""
import pathlib
import re
import sys
import threading
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, address, colleague, everything, fresh, machine, mail_to, mails, number, register, sql, stack, value, wait  # noqa: E402

setUpModule, tearDownModule = machine(address_mails_day=3)


class Linking(Story):
    def existing(self, kind="customer"):
        """Somebody who decides for a company that is connected with another vendor, and the company's ID."""
        person = register(Vendor().invite(kind=kind), business_name=fresh("Existing "))
        person.company = value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{person.business}'")
        return person

    def ask(self, vendor, target, kind="customer", **more):
        page = vendor.get(vendor.get(f"/{kind}s").link(f"Link Existing {kind.capitalize()}"))
        return vendor.client.submit(page, f"/link/{kind}", target=target, **more)

    def connected(self, vendor):
        return sql(f"SELECT c.name, r.state, r.number FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id}")

    @staticmethod
    def link(mail):
        return next(urllib.parse.urlsplit(link).path for link in mail["links"] if "/home/requests/" in link)


class Confirming(Linking):
    def test_a_company_is_asked_by_address_or_id_by_mail_and_on_home_and_stands_in_the_list_when_it_confirms(self):
        for kind in ("customer", "supplier"):
            for by in ("address", "id"):
                with self.subTest(kind=kind, by=by):
                    vendor, person = Vendor(), self.existing(kind)
                    target = person.email if by == "address" else person.company
                    page = self.ask(vendor, target, kind, number="L-1")
                    self.said(page, f"Request sent. If {target} is a {kind} in this portal, it has been asked to confirm.", "Requests without an answer", target)
                    self.assertEqual(self.connected(vendor), [], "nobody is connected unasked")
                    mail = mail_to(person.email, 2)
                    self.assertEqual(mail["subject"], f"{vendor.name} asks to connect with you")
                    self.assertIn(f"wants to have your company as a {kind}", mail["text"])
                    home = person.get("/home")
                    self.said(home, "Connection requests", vendor.name, f"Asked by {vendor.email}")
                    self.said(person.client.submit(home, button="Confirm"), f"You’re connected with {vendor.name}.", "L-1")
                    self.assertEqual(self.connected(vendor), [(person.business, "active", "L-1")])
                    page = vendor.get(vendor.get(f"/{kind}s?q=existing").link(person.business))
                    self.said(page, f"Request to connect confirmed by {person.email}", f"{kind.capitalize()} number L-1")
                    self.assertEqual(mail_to(vendor.email)["subject"], f"{vendor.name}: {person.business} is connected now")
                    self.unsaid(vendor.get(f"/link/{kind}"), "Requests without an answer")
                    self.unsaid(person.get("/home"), "Connection requests")

    def test_an_answer_counts_once(self):
        vendor, person = Vendor(), self.existing()
        self.ask(vendor, person.company)
        pages = [person.get("/home") for _ in range(2)]
        clients, answers = [person.client, person.elsewhere()], [None, None]
        pages[1] = clients[1].get("/home")

        def press(i):
            answers[i] = clients[i].submit(pages[i], button=("Confirm", "Refuse")[i])
        threads = [threading.Thread(target=press, args=(i,)) for i in (0, 1)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        status = value(f"SELECT status FROM connection_request WHERE vendor_id = {vendor.id}")
        self.assertEqual(len(self.connected(vendor)), 1 if status == "accepted" else 0)
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE event IN ('connection_confirmed', 'connection_refused') AND account_id = "
                                f"(SELECT id FROM account WHERE email = '{person.email}')"), 1)

    def test_only_who_decides_for_the_company_is_asked_and_may_answer(self):
        vendor, person, stranger = Vendor(), self.existing(), self.existing()
        self.ask(vendor, person.company)
        form = person.get("/home").form(button="Confirm")
        for other in (stranger, vendor):
            token = other.get("/home").forms[0].fields["csrf"]
            for action in (form.action, form.action.replace("confirm", "refuse")):
                self.assertEqual(other.client.post(action, {"csrf": token}).status, 404)
        sql(f"UPDATE member SET role = 'member' WHERE account_id = (SELECT id FROM account WHERE email = '{person.email}')")
        self.unsaid(person.get("/home"), vendor.name)
        self.assertEqual(person.client.post(form.action, {"csrf": form.fields["csrf"]}).status, 404)
        self.assertEqual(self.connected(vendor), [])

    def test_a_company_is_asked_through_its_owner_and_an_address_only_of_who_decides_and_has_proven_it(self):
        person = self.existing()
        admin, member = colleague(person, "admin"), colleague(person)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.created_at = m.created_at - INTERVAL 1 DAY WHERE a.email = '{admin.email}'")
        for target, asked in ((person.company, person), (admin.email, admin), (member.email, None)):
            vendor = Vendor()
            self.said(self.ask(vendor, target), "Request sent.")
            wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")
            told = [p for p in (person, admin, member) if [m for m in mails(p.email) if m["subject"] == f"{vendor.name} asks to connect with you"]]
            self.assertEqual(told, [asked] if asked else [], target)
            self.unsaid(member.get("/home"), vendor.name)
            if asked is person:   # of a company, by its ID: who decides for it is led to it
                path = self.link(mail_to(person.email, 2))
                sql(f"UPDATE connection_request SET expires_at = UTC_TIMESTAMP(6) WHERE vendor_id = {vendor.id}")
                self.said(admin.get(path), "This request is not open any more")
                self.assertEqual(member.get(path).status, 404)
            if not asked:
                sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'admin' WHERE a.email = '{member.email}'")
                self.said(member.get("/home"), vendor.name)   # from the moment when they decide
        late, vendor = self.existing(), Vendor()   # a mere member of the older company decides for the own one
        sql(f"INSERT INTO member (company_id, account_id, role, created_at) SELECT c.id, a.id, 'member', UTC_TIMESTAMP(6) FROM company c JOIN account a ON a.email = '{late.email}' "
            f"WHERE c.public_id = UNHEX('{person.company}')")
        self.ask(vendor, late.email)
        self.assertEqual(mail_to(late.email, 2)["subject"], f"{vendor.name} asks to connect with you")
        sql(f"UPDATE account SET verified_at = NULL WHERE email = '{admin.email}'")
        vendor = Vendor()
        self.said(self.ask(vendor, admin.email), "Request sent.")
        wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")
        self.assertEqual([m for m in mails(admin.email) if vendor.name in m["subject"]], [])

    def test_two_vendors_that_ask_one_company_have_a_request_and_a_mail_each(self):
        person, vendors = self.existing(), (Vendor(), Vendor())
        for n, vendor in enumerate(vendors, 2):
            self.ask(vendor, person.email)
            self.assertEqual(mail_to(person.email, n)["subject"], f"{vendor.name} asks to connect with you")
        asked = [sql(f"SELECT LOWER(HEX(q.public_id)), o.vendor_id FROM connection_request q JOIN outbox o ON o.id = q.outbox_id WHERE q.vendor_id = {v.id}") for v in vendors]
        self.assertEqual([int(rows[0][1]) for rows in asked], [v.id for v in vendors])
        for rows, mail, vendor in zip(asked, (mail_to(person.email, 2), mail_to(person.email, 3)), vendors):
            self.assertIn(rows[0][0], self.link(mail))
            self.assertEqual(value(f"SELECT detail FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'connection_asked'"), rows[0][0])

    def test_of_several_companies_the_person_says_which_one_confirms(self):
        vendor, person, other = Vendor(), self.existing(), self.existing()
        sql(f"INSERT INTO member (company_id, account_id, role, created_at) SELECT c.id, a.id, 'owner', UTC_TIMESTAMP(6) FROM company c JOIN account a ON a.email = '{person.email}' "
            f"WHERE c.name = '{other.business}'")
        self.ask(vendor, person.email)
        page = person.client.submit(person.get("/home"), button="Confirm")
        self.said(page, "Select the company that confirms", status=422)
        self.assertEqual(self.connected(vendor), [])
        self.said(person.client.submit(page, button="Confirm", company=other.company), f"You’re connected with {vendor.name}.")
        self.assertEqual([row[0] for row in self.connected(vendor)], [other.business])

    def test_a_request_of_a_sender_who_lost_the_right_or_that_ended_is_none(self):
        for change in ("UPDATE member SET role = 'auditor' WHERE company_id = {v}", "UPDATE member SET role = 'inviter' WHERE company_id = {v}", "UPDATE connection_request SET expires_at = UTC_TIMESTAMP(6) WHERE vendor_id = {v}"):
            vendor, person = Vendor(), self.existing()
            self.ask(vendor, person.email)
            home = person.get("/home")
            sql(change.format(v=vendor.id))
            self.unsaid(person.get("/home"), vendor.name)
            self.said(person.client.submit(home, button="Confirm"), f"Nothing was changed. The request of {vendor.name} is not open any more.")
            self.assertEqual(self.connected(vendor), [])

    def test_a_request_of_a_vendor_that_is_closed_is_none_as_if_there_had_never_been_one(self):
        for by in ("address", "id"):
            vendor, person = Vendor(), self.existing()
            self.ask(vendor, person.email if by == "address" else person.company)
            path = self.link(mail_to(person.email, 2))
            form = person.get("/home").form(button="Confirm")
            sql(f"UPDATE company SET suspended_at = UTC_TIMESTAMP(6) WHERE id = {vendor.id}")
            self.unsaid(person.get("/home"), vendor.name, "Connection requests")
            self.assertEqual([person.get(path).status, person.client.post(form.action, form.fields).status], [404, 404])
            self.assertEqual(self.connected(vendor), [])

    def test_a_disconnected_company_comes_back_with_its_number(self):
        vendor, person = Vendor(), self.existing()
        self.ask(vendor, person.company, number="FIRST")
        person.client.submit(person.get("/home"), button="Confirm")
        path = vendor.get("/customers").link(person.business)
        vendor.client.submit(vendor.get(path + "/disconnect"), button="Disconnect")
        self.said(self.ask(vendor, person.company, number="SECOND"), "Request sent.")
        person.client.submit(person.get("/home"), button="Confirm")
        self.assertEqual(self.connected(vendor), [(person.business, "active", "FIRST")])


class Withdrawing(Linking):
    def withdraw(self, vendor, target, kind="customer"):
        page = vendor.get(vendor.get(f"/{kind}s").link("Requests without an answer"))
        page = vendor.get(page.link("Withdraw"))   # the newest
        self.said(page, "Withdraw this request?", target)
        return vendor.client.submit(page, button="Withdraw request")

    def test_a_request_that_waits_is_found_from_the_list_and_withdrawn_after_a_question(self):
        for kind in ("customer", "supplier"):
            vendor, person = Vendor(), self.existing(kind)
            self.unsaid(vendor.get(f"/{kind}s"), "Requests without an answer")
            self.ask(vendor, person.email, kind)
            mail = mail_to(person.email, 2)
            home = person.get("/home")
            self.said(self.withdraw(vendor, person.email, kind), "Request withdrawn.")
            for path in (f"/{kind}s", f"/link/{kind}"):
                self.unsaid(vendor.get(path), "Requests without an answer")
            self.unsaid(person.get("/home"), "Connection requests", vendor.name)
            for button in ("Confirm", "Refuse"):
                self.said(person.client.submit(home, button=button), f"Nothing was changed. {vendor.name} has withdrawn its request.")
            self.said(person.get(self.link(mail)), "This request was withdrawn", f"{vendor.name} has withdrawn its request to connect")
            self.assertEqual(self.connected(vendor), [])
            self.assertEqual(len(mails(person.email)), 2, "nobody is mailed about it")
            self.said(vendor.get("/audit"), "Request to connect withdrawn")

    def test_the_mails_link_leads_to_the_request_and_says_what_became_of_it(self):
        vendor, person, stranger = Vendor(), self.existing(), self.existing()
        self.ask(vendor, person.email)
        path = self.link(mail_to(person.email, 2))
        self.said(person.get(path), "Connection requests", vendor.name)
        self.assertEqual(stranger.get(path).status, 404)
        for change, sentence in (("expires_at = UTC_TIMESTAMP(6)", "has ended without an answer"), ("status = 'declined'", "was refused"), ("status = 'accepted'", "was confirmed")):
            sql(f"UPDATE connection_request SET {change} WHERE vendor_id = {vendor.id}")
            self.said(person.get(path), "This request is not open any more", sentence, vendor.name)
        self.assertEqual(stranger.get(path).status, 404)

    def test_a_mail_that_still_waits_does_not_leave(self):
        vendor, person, control = Vendor(), self.existing(), self.existing()
        stack().stop_mailbox()
        try:
            self.ask(vendor, control.email)
            self.ask(vendor, person.email)
            self.withdraw(vendor, person.email)
        finally:
            stack().start_mailbox()
        mail_to(control.email, 2)
        self.assertEqual(len(mails(person.email)), 1)

    def test_pressing_twice_is_one_withdrawal_and_what_was_confirmed_is_not_withdrawn(self):
        vendor, person = Vendor(), self.existing()
        self.ask(vendor, person.email)
        pages = [vendor.get(vendor.get("/link/customer").link("Withdraw")) for _ in range(2)]
        for page in pages:
            self.said(vendor.client.submit(page, button="Withdraw request"), "Request withdrawn.")
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'connection_withdrawn'"), 1)
        self.said(self.ask(vendor, person.email), "Request sent.")
        page = vendor.get(vendor.get("/link/customer").link("Withdraw"))
        person.client.submit(person.get("/home"), button="Confirm")
        self.said(vendor.client.submit(page, button="Withdraw request"), "Nothing was changed.")
        self.assertEqual(len(self.connected(vendor)), 1)

    def test_a_confirmation_and_a_withdrawal_at_the_same_instant_are_never_both(self):
        for _ in range(3):
            vendor, person = Vendor(), self.existing()
            self.ask(vendor, person.email)
            page, home = vendor.get(vendor.get("/link/customer").link("Withdraw")), person.get("/home")
            press = (lambda: vendor.client.submit(page, button="Withdraw request"), lambda: person.client.submit(home, button="Confirm"))
            threads = [threading.Thread(target=p) for p in press]
            [t.start() for t in threads]
            [t.join() for t in threads]
            events = [r[0] for r in sql(f"SELECT event FROM audit_event WHERE vendor_id = {vendor.id} AND event IN ('connection_withdrawn', 'connection_confirmed')")]
            self.assertEqual(len(events), 1, events)
            self.assertEqual(len(self.connected(vendor)), 1 if events == ["connection_confirmed"] else 0)

    def test_a_refusal_holds_though_the_vendor_withdraws_and_asks_again_and_looks_like_none(self):
        seen = []
        for refused in (True, False, None):   # None: nobody has the address
            vendor, person = Vendor(), self.existing() if refused is not None else None
            target = person.email if person else address()
            self.ask(vendor, target)
            if refused:
                mail_to(target, 2)
                person.client.submit(person.get("/home"), button="Refuse")
            pages = [self.withdraw(vendor, target), self.ask(vendor, target), vendor.get("/customers"), vendor.get("/link/customer"), vendor.get("/audit")]
            seen.append([Discreet.plain(self, page, vendor, target) for page in pages])
            wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")
            if refused:
                self.unsaid(person.get("/home"), "Connection requests")
                self.assertEqual(len(mails(target)), 2, "who refused is not asked again")
            elif person:
                self.said(person.get("/home"), "Connection requests")
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])


class Discreet(Linking):
    def plain(self, page, vendor, target):
        body = page.body.replace(target.replace("@", "%40"), "T").replace(target, "T").replace(vendor.email, "V").replace(vendor.name, "N")
        return page.status, re.sub(r'name="csrf" value="[^"]*"|value="[0-9a-f]{32}"|/link/customer/[0-9a-f]{32}|\d\d:\d\d(:\d\d)?Z?', "", body)

    def test_what_the_vendor_sees_is_the_same_whether_the_company_exists_refuses_or_does_not_exist(self):
        person, supplier, refuser = self.existing(), self.existing("supplier"), self.existing()
        targets = [person.email, address(), person.company, "0" * 31 + "7", supplier.email, supplier.company, refuser.email,
                   Vendor().email, value("SELECT LOWER(HEX(public_id)) FROM company WHERE kind = 'vendor' LIMIT 1")]
        seen = []
        for target in targets:
            vendor = Vendor()
            pages = [self.ask(vendor, target)]
            if target == refuser.email:
                self.said(refuser.client.submit(refuser.get("/home"), button="Refuse"), f"You refused the request of {vendor.name}. It is not told.")
            wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")
            pages += [vendor.get(p) for p in ("/link/customer", "/customers", "/customers?q=existing", "/industry", "/home")] + [self.ask(vendor, target)]
            seen.append([self.plain(p, vendor, target) for p in pages])
            self.assertEqual(mails(vendor.email), [], "nothing is mailed to who asked")
            self.assertEqual([r[0] for r in sql(f"SELECT event FROM audit_event WHERE vendor_id = {vendor.id} AND event LIKE 'connection%'")], ["connection_asked"])
        for target, pages in zip(targets[1:], seen[1:]):
            for n, (page, first) in enumerate(zip(pages, seen[0])):
                self.assertEqual(page, first, f"{target}, page {n}")
        self.assertEqual(len(mails(targets[1])), 0, "no mail to who is not there")
        self.assertEqual(len(mails(supplier.email)), 1, "a supplier is no customer")
        self.unsaid(supplier.get("/home"), "Connection requests")

    def test_one_request_waits_for_one_target_and_the_vendor_cannot_nag(self):
        vendor, person = Vendor(), self.existing()
        self.ask(vendor, person.email)
        before = everything()
        for target in (person.email, person.email.upper(), f"  {person.email} "):
            self.said(self.ask(vendor, target), "already: the request waits until", status=422)
        self.assertEqual(everything(), before)
        person.client.submit(person.get("/home"), button="Refuse")
        self.said(self.ask(vendor, person.email), "already: the request waits until", status=422)
        self.unsaid(person.get("/home"), vendor.name)
        first = value(f"SELECT outbox_id FROM connection_request WHERE vendor_id = {vendor.id}")
        sql(f"UPDATE connection_request SET expires_at = UTC_TIMESTAMP(6) WHERE vendor_id = {vendor.id}")
        self.said(self.ask(vendor, person.email), "Request sent.")
        self.said(person.get("/home"), "Connection requests", vendor.name)   # a refusal does not hold longer than the request
        mail_to(person.email, 3)
        self.assertEqual(value(f"SELECT recipient FROM outbox WHERE id = {first}"), "", "to whom the earlier mail went is forgotten")

    def test_requests_are_limited_by_what_was_typed_existing_or_not(self):
        person = self.existing()   # has had one mail today
        for target in (person.company, "0" * 31 + "9"):
            answers = [self.ask(Vendor(), target).status for _ in range(4)]
            self.assertEqual(answers, [200, 200, 200, 429], target)

    def test_what_the_vendor_knows_itself_is_said_with_the_way_out(self):
        vendor = Vendor()
        person = register(vendor.invite(), business_name=fresh("Mine "))
        company = value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{person.business}'")
        waiting = address()
        vendor.send(waiting)
        for target, sentence, way in ((person.email, f"{person.email} is already a customer", "/customers/" + company), (company, f"{person.business} is already a customer", "/customers/" + company),
                                      (waiting, "already has a pending invitation", "/industry/invitations/"), (vendor.email, "is a colleague of yours", "/team")):
            page = self.ask(vendor, target)
            self.said(page, "There is a problem", sentence, status=422)
            self.assertIn(way, page.link("View"))
        vendor.client.submit(vendor.get(f"/customers/{company}/pause"), "/pause")
        for target in (person.email, company):
            self.said(self.ask(vendor, target), "lift the pause first", status=422)

    def test_bad_input_is_refused_at_the_field_with_everything_kept_and_nothing_written(self):
        vendor, stranger = Vendor(), Vendor()
        foreign = stranger.get("/link/customer").form("/link/customer").fields["role"]
        before = everything()
        for target, more, sentence in (("", {}, "Enter an email address or a company ID"), ("Acme Ltd", {}, "Enter an email address like"), ("f" * 31, {}, "Enter an email address like"),
                                       ("a@b.example", {"number": "9" * 51}, "Shorten this"), ("a@b.example", {"role": foreign}, "Select a role")):
            page = self.ask(vendor, target, **more)
            self.said(page, "There is a problem", sentence, status=422)
            self.assertEqual(page.form("/link/customer").fields["target"], target)
        self.assertEqual(vendor.client.post("/link/customer", page.form("/link/customer").fields | {"company_id": "1"}).status, 400)
        self.assertEqual(everything(), before)

    def test_who_may_not_edit_customers_sees_no_button_and_gets_no_page(self):
        vendor = Vendor()
        for role in ("inviter", "auditor"):
            member = vendor.member(role)
            self.unsaid(member.get("/customers"), "Link Existing")
            self.assertEqual(member.get("/link/customer").status, 403)


if __name__ == "__main__":
    unittest.main()
