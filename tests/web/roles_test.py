"""Partner roles: made, changed and deleted by the vendor; what a role permits holds at the partner's next request."""
import pathlib
import re
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, address, company_id, fresh, machine, number, register, sql, value  # noqa: E402

setUpModule, tearDownModule = machine()

POWERS = ("read", "download", "upload", "write")


class Roles(Story):
    def make(self, vendor, name, *powers):
        """The page after pressing Make role."""
        page = vendor.get("/settings/roles-new")
        fields = {k: v for k, v in page.form("/settings/roles-new").fields.items() if k not in POWERS}
        return vendor.client.post("/settings/roles-new", fields | {"name": name} | {p: "yes" for p in powers})

    def role(self, vendor, name):
        """The path of a role's page."""
        return "/settings/roles/" + value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND live_name = '{name}'")

    def save(self, vendor, path, name, *powers, form=None):
        fields = form or vendor.get(path).form(path).fields
        fields = {k: v for k, v in fields.items() if k not in POWERS}
        return vendor.client.post(path, fields | {"name": name} | {p: "yes" for p in powers})

    def row(self, page, name):
        """The words of a role's row."""
        found = re.search(rf"<tr>(?:(?!</tr>).)*?<th[^>]*>{re.escape(name)}<.*?</tr>", page.body, re.S)
        self.assertIsNotNone(found, (name, page.text))
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[0]))

    def names(self, vendor):
        return [n for n, in sql(f"SELECT name FROM partner_role WHERE vendor_id = {vendor.id} AND removed_at IS NULL ORDER BY id")]

    def remove(self, vendor, path):
        page = vendor.get(path + "/delete")
        return vendor.client.submit(page, button="Delete role")

    # ---- what there is ----

    def test_the_page_says_what_each_role_permits_and_who_has_it(self):
        vendor = Vendor()
        register(vendor.invite())
        vendor.invite()
        page = vendor.get("/settings")
        page = vendor.get(page.link("See partner roles"))
        self.said(page, "Partner roles", "can be changed and deleted like your own")
        standard, readonly = self.row(page, "Standard"), self.row(page, "Read-only")
        for words in ("On new invitations, where nothing else is chosen", "Sees what you share, reads messages", "Downloads files", "Sends you files", "Writes messages and sends you notes",
                      "Companies: 1 ", "Open invitations: 1 "):
            self.assertIn(words, standard)
        self.assertIn("Downloads files", readonly)
        for words in ("Sends you files", "Writes messages", "On new invitations"):
            self.assertNotIn(words, readonly)
        self.assertIn("Companies: 0 ", readonly)
        self.said(vendor.member("admin").get("/settings/roles"), "Partner roles")

    def test_a_new_role_is_chosen_on_an_invitation_and_permits_just_what_it_says_from_the_first_minute(self):
        vendor, name = Vendor(), "Ærøskøbing 水 & <b>"
        page = self.make(vendor, name, "read", "upload")
        self.said(page, f"Role made. {name} can be chosen from now on.")
        self.assertEqual(sql(f"SELECT name, permissions FROM partner_role WHERE vendor_id = {vendor.id} ORDER BY id")[-1], (name, "read,upload"))
        role = self.role(vendor, name).split("/")[-1]
        self.assertEqual(vendor.get("/industry").form("/industry/invitations").fields["role"], self.role(vendor, "Standard").split("/")[-1])
        buyer = register(vendor.invite(role=role))
        page = buyer.get("/vendors/" + value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE id = {vendor.id}"))
        self.said(page, f"Your role: {name}")
        self.assertTrue(page.link("Send a file"))
        self.unsaid(page, "Send a note")
        self.assertEqual(sql(f"SELECT event, detail FROM audit_event WHERE vendor_id = {vendor.id} AND event LIKE 'settings_role%'"),
                         [("settings_role_added", f"{name}: read,upload")])
        self.said(vendor.get("/audit?topic=settings"), "Partner role made", f"{name}: read,upload")

    def test_a_role_that_permits_nothing_says_so(self):
        vendor = Vendor()
        self.said(self.make(vendor, "Bare"), "Role made.")
        self.assertIn("Nothing: it is connected, and no more", self.row(vendor.get("/settings/roles"), "Bare"))

    # ---- bad input ----

    def test_what_is_wrong_is_said_at_the_field_and_everything_is_kept(self):
        vendor = Vendor()
        before = sql(f"SELECT * FROM partner_role WHERE vendor_id = {vendor.id}")
        edit = self.role(vendor, "Read-only")
        taken = "You have a role of this name already: enter another name"
        for name, powers, words in (("", ("read",), "Enter a name for this role"), ("x" * 61, ("read",), "Shorten this: it is too long"), ("sTANDARD", ("read",), taken),
                                    ("see www.spam.example", ("read",), "Enter text without web addresses"), ("Odd", ("download", "write"), "Select “See what you share” too")):
            for page in (self.make(vendor, name, *powers), self.save(vendor, edit, name, *powers)):
                self.said(page, "There is a problem", words, status=422)
                self.assertTrue(page.title.startswith("Error: "))
                fields = page.forms[-1].fields
                self.assertEqual((fields["name"], {p for p in POWERS if p in fields}), (name, set(powers)))
        path = "/settings/roles-new"
        fields = vendor.get(path).form(path).fields
        for extra in ({"write": "no"}, ):
            self.assertEqual(vendor.client.post(path, fields | {"name": "A"} | extra).status, 422)
        for extra in ({"vendor_id": "1"}, {"preselected": "1"}):
            self.assertEqual(vendor.client.post(path, fields | {"name": "A"} | extra).status, 400)
        self.assertEqual(vendor.client.post(edit, vendor.get(edit).form(edit).fields | {"revision": "x"}).status, 400)
        self.assertEqual(sql(f"SELECT * FROM partner_role WHERE vendor_id = {vendor.id}"), before)

    def test_60_characters_and_every_letter_of_the_world_are_a_name_and_accents_tell_names_apart(self):
        vendor = Vendor()
        for name in ("é" * 60, "Cafe", "Café", "Role 🦊", "Role 🐻", "دور"):
            self.said(self.make(vendor, name, "read"), "Role made.")
        self.said(self.make(vendor, "CAFÉ", "read"), "You have a role of this name already", status=422)
        self.assertEqual(len(self.names(vendor)), 8)
        self.said(self.make(Vendor(), "Café", "read"), "Role made.")

    def test_the_21st_role_is_refused_with_the_way_out_and_the_20th_is_not(self):
        vendor = Vendor()
        for n in range(18):
            self.said(self.make(vendor, f"Role {n}", "read"), "Role made.")
        page = self.make(vendor, "One more", "read", "write")
        self.said(page, "A company has at most 20 partner roles: delete one first", status=422)
        self.assertEqual(page.forms[-1].fields["name"], "One more")
        self.remove(vendor, self.role(vendor, "Role 3"))
        self.said(self.make(vendor, "One more", "read", "write"), "Role made.")
        self.assertEqual(number(f"SELECT COUNT(*) FROM partner_role WHERE vendor_id = {vendor.id}"), 20, "one that nobody ever had leaves nothing")

    # ---- change ----

    def test_a_change_holds_at_the_next_request_of_the_partner(self):
        vendor = Vendor()
        buyer = register(vendor.invite())
        home = "/vendors/" + value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE id = {vendor.id}")
        self.assertTrue(buyer.get(home).link("Send a file"))
        standard = self.role(vendor, "Standard")
        self.said(self.save(vendor, standard, "Basic", "read", "write"), "Role saved. What Basic permits holds at once.")
        page = buyer.get(home)
        self.said(page, "Your role: Basic")
        self.unsaid(page, "Send a file")
        self.assertEqual(buyer.get(home + "/upload").status, 404)
        self.save(vendor, standard, "Basic")
        self.said(buyer.get(home), "Your role at this vendor does not include reading.")
        self.assertEqual(buyer.get(home + "/messages").status, 404)
        self.assertEqual([e for e, in sql(f"SELECT detail FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'settings_role_changed' ORDER BY id")],
                         ["Basic: read,write", "Basic: "])
        self.save(vendor, standard, "Basic")
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'settings_role_changed'"), 2, "nothing changed, nothing written")
        self.said(self.save(vendor, standard, "BASIC", "read"), "Role saved.")

    def test_who_saves_what_a_colleague_has_changed_is_shown_that_first(self):
        vendor = Vendor()
        path, admin = self.role(vendor, "Read-only"), vendor.member("admin")
        mine = admin.get(path).form(path).fields
        self.save(vendor, path, "Readers", "read")
        page = self.save(admin, path, "Lookers", "read", "download", form=mine)
        self.said(page, "A colleague has changed this role meanwhile", "As it is now", "Readers", "Sees what you share", status=422)
        self.assertEqual(value(f"SELECT CONCAT(name, ' ', permissions) FROM partner_role WHERE vendor_id = {vendor.id} AND preselected IS NULL"), "Readers read")
        fields = page.form(path).fields
        self.assertEqual((fields["name"], "download" in fields), ("Lookers", True))
        self.said(admin.client.post(path, fields), "Role saved.")
        self.assertIn("Lookers", self.names(vendor))

    def test_of_two_admins_at_the_same_instant_one_saves_and_the_other_is_told(self):
        vendor = Vendor()
        path = self.role(vendor, "Read-only")
        people = [vendor] + [vendor.member("admin") for _ in range(3)]
        forms, pages = [p.get(path).form(path).fields for p in people], [None] * 4

        def press(n):
            pages[n] = self.save(people[n], path, f"Name {n}", "read", form=forms[n])
        threads = [threading.Thread(target=press, args=(n,)) for n in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(sorted(p.status for p in pages), [200, 422, 422, 422])
        winner = next(n for n in range(4) if pages[n].status == 200)
        self.assertEqual(self.names(vendor), ["Standard", f"Name {winner}"])

    # ---- the preselected one ----

    def test_another_role_is_preselected_on_new_invitations(self):
        vendor = Vendor()
        self.make(vendor, "Guests", "read")
        page = vendor.client.submit(vendor.get("/settings/roles"), self.role(vendor, "Guests") + "/preselect")
        self.said(page, "New invitations have the role Guests where nothing else is chosen.")
        self.assertIn("On new invitations", self.row(page, "Guests"))
        self.assertNotIn("On new invitations", self.row(page, "Standard"))
        email = address()
        fields = vendor.get("/industry").form("/industry/invitations").fields
        self.assertEqual(fields["role"], self.role(vendor, "Guests").split("/")[-1])
        vendor.client.post("/industry/invitations", {"csrf": fields["csrf"], "kind": "customer", "email": email})
        self.assertEqual(value(f"SELECT p.name FROM invitation i JOIN partner_role p ON p.id = i.partner_role_id WHERE i.email = '{email}'"), "Guests")
        self.said(vendor.get(self.role(vendor, "Guests") + "/delete"), "Guests cannot be deleted yet", "Preselect another one first")

    # ---- the end ----

    def test_a_role_that_nobody_has_is_deleted_after_a_question_also_one_from_the_start(self):
        vendor = Vendor()
        path = self.role(vendor, "Read-only")
        page = vendor.get(path + "/delete")
        self.said(page, "Delete the role Read-only?", "Nobody has this role.", "Keep role")
        self.assertIn("Read-only", self.names(vendor))
        self.said(vendor.client.submit(page, button="Delete role"), "Role deleted. Read-only cannot be chosen any more.")
        self.assertEqual(self.names(vendor), ["Standard"])
        self.unsaid(vendor.get("/industry"), "Read-only")
        for gone in (path, path + "/delete"):
            self.assertEqual(vendor.get(gone).status, 404)
        self.said(self.make(vendor, "Read-only", "read"), "Role made.")
        self.said(vendor.get("/audit?topic=settings"), "Partner role deleted")

    def test_a_role_in_use_says_who_has_it_and_what_to_do(self):
        vendor = Vendor()
        self.make(vendor, "Guests", "read")
        path = self.role(vendor, "Guests")
        role, email = path.split("/")[-1], address("open")
        buyer = register(vendor.invite(role=role))
        vendor.invite(email, role=role)
        page = vendor.client.get("/link/customer")
        vendor.client.submit(page, "/link/customer", target=address("asked"), role=role)
        page = vendor.get(path + "/delete")
        self.said(page, "Guests cannot be deleted yet", "Companies that have it", buyer.business, "Give each of them another role on its page", "Open invitations that bring it", email,
                  "Requests to connect that bring it", "Withdraw each of them, or wait until they have ended")
        self.unsaid(page, "Delete role")
        csrf = page.forms[0].fields["csrf"]
        page = vendor.client.post(path + "/delete", {"csrf": csrf})
        self.said(page, "Guests cannot be deleted yet")
        self.assertIn("Guests", self.names(vendor))
        details, standard = page.link(buyer.business), self.role(vendor, "Standard").split("/")[-1]
        vendor.client.submit(vendor.get(details), details, role=standard)
        invitation = page.link(email) + "/change"
        vendor.client.submit(vendor.get(invitation), invitation, role=standard)
        page = vendor.get(path + "/delete")
        self.unsaid(page, "Companies that have it", "Open invitations that bring it")
        sql(f"UPDATE connection_request SET status = 'declined' WHERE vendor_id = {vendor.id}")
        self.said(vendor.get(path + "/delete"), "Requests to connect that bring it")   # who refuses is not told of
        asked = vendor.get("/link/customer")
        vendor.client.submit(vendor.get(asked.link("Withdraw")), button="Withdraw request")
        self.said(self.remove(vendor, path), "Role deleted.")

    def test_each_use_alone_keeps_a_role_and_what_has_ended_keeps_none(self):
        vendor = Vendor()
        standard = self.role(vendor, "Standard").split("/")[-1]

        def use(name, kind):
            """A role of its own with this one use; its path."""
            self.make(vendor, name, "read")
            path = self.role(vendor, name)
            role, email = path.split("/")[-1], address()
            if kind == "relationship":
                register(vendor.invite(role=role))
            elif kind == "invitation":
                vendor.invite(email, role=role)
            else:
                vendor.client.submit(vendor.get("/link/customer"), "/link/customer", target=email, role=role)
            return path, f"partner_role_id = (SELECT id FROM partner_role WHERE public_id = UNHEX('{role}'))"

        def delete(path):
            vendor.client.post(path + "/delete", {"csrf": vendor.get("/settings/roles").forms[0].fields["csrf"]})
        cases = (("relationship", "state = 'paused', paused_until = NULL", "state = 'disconnected'"), ("relationship", "state = 'active'", "state = 'disconnected'"),
                 ("invitation", "status = 'pending'", "expires_at = UTC_TIMESTAMP(6)"), ("connection_request", "status = 'waiting'", "expires_at = UTC_TIMESTAMP(6)"),
                 ("connection_request", "status = 'declined'", "withdrawn_at = UTC_TIMESTAMP(6)"))
        for n, (table, living, ended) in enumerate(cases):
            with self.subTest(table=table, living=living):
                path, where = use(f"Alone {n}", table)
                sql(f"UPDATE {table} SET {living} WHERE {where}")
                delete(path)
                self.assertIn(f"Alone {n}", self.names(vendor))
                sql(f"UPDATE {table} SET {ended} WHERE {where}")
                delete(path)
                self.assertNotIn(f"Alone {n}", self.names(vendor))
        self.assertEqual(vendor.get("/industry").form("/industry/invitations").fields["role"], standard)

    def test_what_has_ended_keeps_the_name_of_a_deleted_role_and_an_expired_one_begins_anew_with_the_preselected(self):
        _, vendor = Vendor(), Vendor()   # an older one has a role of that name too
        self.make(vendor, "Guests", "read")
        path = self.role(vendor, "Guests")
        role, late, cancelled, wrong = path.split("/")[-1], address("late"), address("cancelled"), address("wrong")
        buyer = register(vendor.invite(role=role))
        for email in (late, cancelled, wrong):
            vendor.invite(email, role=role)
        vendor.cancel(cancelled)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email IN ('{late}', '{wrong}'); UPDATE relationship SET state = 'disconnected' WHERE vendor_id = {vendor.id}")
        self.said(self.remove(vendor, path), "Role deleted.")
        self.said(vendor.invitation(cancelled), "Guests")
        self.said(vendor.get("/customers/" + company_id(buyer)), "Guests")
        vendor.resend(late)
        page = vendor.invitation(wrong)
        right = address("right")
        vendor.client.submit(vendor.get(page.url + "/address"), page.url + "/address", email=right)
        for email in (late, right):
            self.assertEqual(sql(f"SELECT p.name, p.vendor_id = i.vendor_id FROM invitation i JOIN partner_role p ON p.id = i.partner_role_id WHERE i.email = '{email}'"),
                             [("Standard", "1")])
        self.said(vendor.send(address(), role=role), "Select a role", status=422)

    def test_deleting_against_inviting_leaves_nobody_with_a_deleted_role(self):
        vendor = Vendor()
        admin = vendor.member("admin")
        for n in range(6):
            self.make(vendor, f"Race {n}", "read")
            path, email = self.role(vendor, f"Race {n}"), address("race")
            asked, invite = vendor.get(path + "/delete"), admin.get("/industry").form("/industry/invitations").fields
            sent = []
            threads = [threading.Thread(target=lambda: vendor.client.submit(asked, button="Delete role")),
                       threading.Thread(target=lambda: sent.append(admin.client.post("/industry/invitations", invite | {"kind": "customer", "email": email, "role": path.split("/")[-1]})))]
            for t in threads[:: 1 if n % 2 else -1]:
                t.start()
            for t in threads:
                t.join()
            living = f"Race {n}" in self.names(vendor)
            invited = number(f"SELECT COUNT(*) FROM invitation WHERE email = '{email}'")
            self.assertEqual((living, invited), (True, 1) if sent[0].status == 200 else (False, 0), sent[0].text)

    # ---- who ----

    def test_inviters_auditors_and_partners_come_to_none_of_it_and_another_vendors_role_is_none(self):
        vendor, other = Vendor(), Vendor()
        path = self.role(vendor, "Read-only")
        for person in (vendor.member("inviter"), vendor.member("auditor"), register(vendor.invite())):
            for where in ("/settings/roles", "/settings/roles-new", path, path + "/delete"):
                self.assertEqual(person.get(where).status, 403, where)
        theirs, none = other.get(path), other.get("/settings/roles/" + "0" * 32)
        self.assertEqual((theirs.status, theirs.text.split("Reference")[0]), (404, none.text.split("Reference")[0]))
        page = self.save(other, path, fresh("Mine "), "read", form=other.get(self.role(other, "Read-only")).forms[-1].fields)
        self.assertEqual(page.status, 404)
        self.assertEqual(self.names(vendor), ["Standard", "Read-only"])


if __name__ == "__main__":
    unittest.main()
