"""One customer or supplier: everything that its vendor may know, its number here and its role, and the states of the connection."""
import datetime
import pathlib
import sys
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, address, fresh, machine, mail_to, mails, number, register, sql, together, value  # noqa: E402

setUpModule, tearDownModule = machine()

FIELDS = {"phone": "+49 30 901820", "street": "Karl-Marx-Allee", "house_number": "34 b", "postal_code": "10178", "city": "Berlin",
          "country": "Germany"}


def day(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).date()


def in_words(date):
    return f"{date.day} {date:%B %Y}"


class Partners(Story):
    """Every test for a customer and for a supplier."""

    def both(self, **more):
        for kind in ("customer", "supplier"):
            vendor = Vendor()
            person = register(vendor.invite(address("buyer"), kind, **more), business_name=fresh("Acme "), **FIELDS)
            yield kind, vendor, person, self.path(vendor, kind, person.business)

    def path(self, vendor, kind, business):
        return vendor.get(f"/{kind}s").link(business)

    def state(self, vendor):
        return sql(f"SELECT state, paused_until IS NULL, number FROM relationship WHERE vendor_id = {vendor.id}")

    def disconnect(self, vendor, path):
        return vendor.client.submit(vendor.get(vendor.get(path).link("Disconnect")), button="Disconnect")


class Details(Partners):
    def test_the_page_shows_every_field_the_people_and_the_history_in_words(self):
        for kind, vendor, person, path in self.both(number="K-10042"):
            page = vendor.get(path)
            id = path.rsplit("/", 1)[1]
            self.said(page, f"{kind.capitalize()} details", f"Company ID {id}", f"Business name {person.business}", f"Email Address {person.email}",
                      *(f"{label} {FIELDS[name]}" for name, label in (("phone", "Phone"), ("street", "Street"), ("house_number", "House number"),
                                                                     ("postal_code", "Postal code"), ("city", "City"), ("country", "Country"))),
                      f"{kind.capitalize()} number K-10042", "Role Standard", "Active", "People who may act", "Jo Buyer", "Owner",
                      f"Accepted by {person.email}")
            self.assertEqual(vendor.get(path.replace(f"/{kind}s/", "/suppliers/" if kind == "customer" else "/customers/")).status, 404, "it stands in one list")

    def test_number_and_role_are_changed_here_and_found_by_the_search_of_the_database(self):
        for kind, vendor, person, path in self.both(number="OLD-1"):
            page = vendor.get(path)
            form = page.form(path)
            self.assertEqual(form.fields["number"], "OLD-1")
            roles = dict(zip(("Standard", "Read-only"), form.choices["role"]))
            page = vendor.client.submit(page, path, number="NEW 7/2", role=roles["Read-only"])
            self.said(page, "Saved. Number and role of", f"{kind.capitalize()} number NEW 7/2", "Role Read-only",
                      f"Number changed to NEW 7/2 by {vendor.email}", f"Role changed to Read-only by {vendor.email}")
            words = {row[0] for row in sql(f"SELECT word FROM relationship_word WHERE vendor_id = {vendor.id}")}
            self.assertIn("new 7/2", words)
            self.assertNotIn("old-1", words)
            page = vendor.client.submit(page, path, number="")
            self.said(page, f"{kind.capitalize()} number Not given", f"Number removed by {vendor.email}")
            before = number("SELECT COUNT(*) FROM audit_event")
            vendor.client.submit(page, path)
            self.assertEqual(number("SELECT COUNT(*) FROM audit_event"), before, "nothing changed, nothing written")

    def test_the_number_belongs_to_the_relationship(self):
        first, second, email = Vendor(), Vendor(), address()
        person = register(first.invite(email, number="A-1"))
        second.invite(email, number="B-2")
        person.client.submit(person.get("/home"), button="Accept")
        self.said(first.get(self.path(first, "customer", person.business)), "Customer number A-1")
        self.said(second.get(self.path(second, "customer", person.business)), "Customer number B-2")

    def test_a_number_or_role_that_cannot_be_is_refused_at_the_field_with_everything_kept(self):
        stranger = Vendor()
        foreign = stranger.get("/industry").form("/industry/invitations").fields["role"]
        for _, vendor, _, path in self.both(number="K-1"):
            page = vendor.get(path)
            for values, sentence, kept in (({"number": "9" * 51}, "Shorten this: it is too long", "9" * 51),
                                           ({"number": "a\x07b"}, "Enter text without control characters", None),
                                           ({"number": "K-2", "role": foreign}, "Select a role", "K-2"),
                                           ({"number": "K-2", "role": ""}, "Select a role", "K-2"), ({"number": "K-2", "role": "x"}, "Select a role", "K-2")):
                answer = vendor.client.submit(page, path, **values)
                self.said(answer, "There is a problem", sentence, status=422)
                self.assertTrue(answer.title.startswith("Error: "))
                if kept:
                    self.assertEqual(answer.form(path).fields["number"], kept)
            self.assertEqual(vendor.client.post(path, page.form(path).fields | {"state": "paused"}).status, 400)
            self.assertEqual(self.state(vendor), [("active", "1", "K-1")])

    def test_of_two_colleagues_who_change_it_at_once_one_saves_and_the_other_is_told(self):
        for _, vendor, _, path in self.both():
            other = vendor.elsewhere()
            pages = [vendor.get(path), other.get(path)]
            answers = together(*(lambda i=i, c=c: c.submit(pages[i], path, number=f"N-{i}") for i, c in enumerate((vendor.client, other))))
            self.assertEqual(sorted(a.status for a in answers), [200, 422])
            winner = next(i for i in (0, 1) if answers[i].status == 200)
            self.assertEqual(self.state(vendor), [("active", "1", f"N-{winner}")])
            self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'relationship_number'"), 1)

    def test_who_saves_what_a_colleague_has_changed_is_shown_that_first(self):
        for kind, vendor, _, path in self.both(number="K-1"):
            admin = vendor.member("admin")
            mine = admin.get(path)
            role = value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Read-only'")
            vendor.client.submit(vendor.get(path), path, role=role)
            page = admin.client.submit(mine, path, number="K-2")   # with the role as it was
            self.said(page, "There is a problem", "A colleague has changed number or role meanwhile", f"{kind.capitalize()} number K-1 Role Read-only", status=422)
            self.assertEqual(sql(f"SELECT r.number, p.name FROM relationship r JOIN partner_role p ON p.id = r.partner_role_id WHERE r.vendor_id = {vendor.id}"), [("K-1", "Read-only")])
            self.assertEqual(page.form(path).fields["number"], "K-2")
            self.said(admin.client.submit(page, path, role=role), "Saved.", f"{kind.capitalize()} number K-2 Role Read-only", f"Number changed to K-2 by {admin.email}")
            fields = admin.get(path).form(path).fields
            for wrong in ({"revision": "x"}, {"revision": ""}, {"revision": "-1"}):
                self.assertEqual(admin.client.post(path, fields | wrong).status, 400)
            self.assertEqual(admin.client.post(path, {k: v for k, v in fields.items() if k != "revision"}).status, 400)

    def test_a_connection_that_came_back_is_not_given_the_role_that_an_old_page_shows(self):
        for kind, vendor, person, path in self.both():
            old = vendor.get(path)
            self.disconnect(vendor, path)
            vendor.send(person.email, kind, role=value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Read-only'"))
            person.client.submit(person.get("/home"), button="Accept")
            self.said(vendor.client.submit(old, path, number="K-3"), "A colleague has changed number or role meanwhile", "Role Read-only", status=422)

    def test_who_only_reads_sees_no_buttons(self):
        for _, vendor, _, path in self.both():
            for role in ("inviter", "auditor"):
                page = vendor.member(role).get(path)
                self.unsaid(page, "Pause", "Disconnect", "Save")
                self.assertEqual(page.status, 200)


class Pausing(Partners):
    def pause(self, vendor, path, until=""):
        return vendor.client.submit(vendor.get(vendor.get(path).link("Pause")), "/pause", until=until)

    def test_a_pause_without_an_end_lasts_until_it_is_lifted_and_forbids_inviting(self):
        for kind, vendor, person, path in self.both():
            page = self.pause(vendor, path)
            self.said(page, "Connection paused.", "Paused until you lift it.", f"Paused by {vendor.email}")
            self.said(vendor.get(f"/{kind}s"), "Paused")
            self.said(vendor.send(person.email, kind), "lift the pause first", status=422)
            self.said(person.get("/home"), "Paused")
            self.assertEqual(sql(f"SELECT 1 FROM active_relationship WHERE vendor_id = {vendor.id}"), [])
            page = vendor.client.submit(vendor.get(path), button="Lift the pause")
            self.said(page, "Pause lifted.", "Active", f"Pause lifted by {vendor.email}")
            self.said(vendor.send(person.email, kind), f"{person.email} is already a {kind}", status=422)
            self.assertEqual(sql(f"SELECT 1 FROM active_relationship WHERE vendor_id = {vendor.id}"), [("1",)])

    def test_a_pause_ends_by_itself_when_its_end_has_passed(self):
        for kind, vendor, person, path in self.both():
            end = day(3)
            self.said(self.pause(vendor, path, end.isoformat()), f"does not see what you share until {in_words(end)}.", f"Paused by {vendor.email} until {in_words(end)}")
            self.assertEqual(value(f"SELECT paused_until FROM relationship WHERE vendor_id = {vendor.id}"), f"{end} 00:00:00.000000")
            sql(f"UPDATE relationship SET paused_until = UTC_TIMESTAMP(6) WHERE vendor_id = {vendor.id}")
            page = vendor.get(path)
            self.said(page, "Active")
            self.unsaid(page, "Paused until", "Lift the pause")
            self.unsaid(person.get("/home"), "Paused")
            self.said(vendor.send(person.email, kind), f"{person.email} is already a {kind}", status=422)
            self.assertEqual(sql(f"SELECT 1 FROM active_relationship WHERE vendor_id = {vendor.id}"), [("1",)])
            self.said(self.pause(vendor, path), "Connection paused.")   # and again

    def test_a_pause_ends_when_its_day_begins_where_the_vendor_is(self):
        vendor = Vendor()
        person = register(vendor.invite(), business_name=fresh("Acme "))
        path, soon = self.path(vendor, "customer", person.business), day(30)
        friday = datetime.date(soon.year + 1, 4, 30)   # on April's last one clocks in Cairo are put forward at midnight: it begins at one o'clock
        friday -= datetime.timedelta(days=(friday.weekday() - 4) % 7)
        for zone, end in (("America/New_York", soon), ("Pacific/Kiritimati", soon), ("Europe/Berlin", soon), ("Africa/Cairo", friday)):
            sql(f"UPDATE company SET time_zone = '{zone}' WHERE id = {vendor.id}")
            self.said(vendor.get(path + "/pause"), f"From this day on ({zone}) the connection is active again.")
            self.said(self.pause(vendor, path, end.isoformat()), f"Paused until {in_words(end)}", f"by {vendor.email} until {in_words(end)}")
            begins = datetime.datetime(end.year, end.month, end.day, tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(datetime.timezone.utc)
            self.assertEqual(value(f"SELECT paused_until FROM relationship WHERE vendor_id = {vendor.id}"), f"{begins:%Y-%m-%d %H:%M:%S}.000000")
            vendor.client.submit(vendor.get(path), button="Lift the pause")

    def test_an_end_that_is_no_day_to_come_is_refused_and_kept(self):
        for _, vendor, _, path in self.both():
            for text, sentence in (("2027-02-30", "Enter a date like"), ("tomorrow", "Enter a date like"), ("1-1-1", "Enter a date like"),
                                   (day(0).isoformat(), "Enter a date after today"), ("2020-01-01", "Enter a date after today"),
                                   ("9999-12-31", "Enter a date within the next ten years"), ("2027-01-011", "Shorten this")):
                page = self.pause(vendor, path, text)
                self.said(page, "There is a problem", sentence, status=422)
                self.assertEqual(page.form("/pause").fields["until"], text)
            self.assertEqual(self.state(vendor), [("active", "1", "")])

    def test_a_second_pause_and_a_second_lift_change_nothing_and_say_so(self):
        for _, vendor, _, path in self.both():
            form = vendor.get(vendor.get(path).link("Pause"))
            self.said(vendor.client.submit(form, "/pause"), "Connection paused.")
            events = number("SELECT COUNT(*) FROM audit_event")
            self.said(vendor.client.submit(form, "/pause"), "Nothing was changed.")
            self.said(vendor.get(path + "/pause"), "Nothing was changed.")
            lift = vendor.get(path)
            self.assertEqual(number("SELECT COUNT(*) FROM audit_event"), events)
            self.said(vendor.client.submit(lift, button="Lift the pause"), "Pause lifted.")
            self.said(vendor.client.submit(lift, button="Lift the pause"), "Nothing was changed.")
            self.assertEqual(number("SELECT COUNT(*) FROM audit_event"), events + 1)

    def test_an_acceptance_never_lifts_a_pause(self):
        for kind, vendor, person, path in self.both():
            colleague = address()
            vendor.invite(colleague, kind)   # an address that nobody knows to be of that company
            sql(f"UPDATE invitation SET email = '{person.email}', email_canon = '{person.email}' WHERE email_canon = '{colleague}'")
            self.pause(vendor, path)
            person.client.submit(person.get("/home"), button="Accept")
            self.assertEqual(self.state(vendor), [("paused", "1", "")])


    def test_a_second_acceptance_takes_no_number_and_no_right_away_and_gives_none_but_a_number_that_was_missing(self):
        for kind, vendor, person, path in self.both():
            read_only, standard = (value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = '{name}'") for name in ("Read-only", "Standard"))
            vendor.client.submit(vendor.get(path), path, role=read_only)
            for n in ("K-1", "K-2"):
                other = address()
                vendor.invite(other, kind, number=n, role=standard)
                sql(f"UPDATE invitation SET email = '{person.email}', email_canon = '{person.email}' WHERE email_canon = '{other}'")
                person.client.submit(person.get("/home"), button="Accept")
                self.said(vendor.get(path), "Active", "number K-1", "Role Read-only")


class Disconnecting(Partners):
    def test_the_vendor_disconnects_after_a_question_and_the_partner_is_told(self):
        for kind, vendor, person, path in self.both(number="K-7"):
            page = vendor.get(vendor.get(path).link("Disconnect"))
            self.said(page, f"Disconnect {person.business}?", "Its number and its history stay here", "Stay connected")
            self.assertEqual(self.state(vendor), [("active", "1", "K-7")], "asking changes nothing")
            before = len(mails(person.email))
            page = vendor.client.submit(page, button="Disconnect")
            self.said(page, "Disconnected.", f"Disconnected by {vendor.email}")
            self.unsaid(page, "Lift the pause", "Stay connected")
            mail = mail_to(person.email, before + 1)
            self.assertEqual(mail["subject"], f"{vendor.name}: the connection has ended")
            self.assertIn(f"{vendor.name} ended the connection.", mail["text"])
            self.unsaid(person.get("/home"), vendor.name)
            self.assertEqual(sql(f"SELECT 1 FROM active_relationship WHERE vendor_id = {vendor.id}"), [])

    def test_disconnecting_twice_happens_once(self):
        for _, vendor, person, path in self.both():
            page = vendor.get(path + "/disconnect")
            vendor.client.submit(page, button="Disconnect")
            self.said(vendor.client.submit(page, button="Disconnect"), "Nothing was changed.")
            self.said(vendor.get(path + "/disconnect"), "Nothing was changed.")
            self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'relationship_disconnected'"), 1)

    def test_a_new_acceptance_activates_the_same_relationship_and_keeps_its_number_and_history(self):
        for kind, vendor, person, path in self.both(number="K-7"):
            id = value(f"SELECT id FROM relationship WHERE vendor_id = {vendor.id}")
            self.disconnect(vendor, path)
            vendor.send(person.email, kind, number="K-8")
            person.client.submit(person.get("/home"), button="Accept")
            self.assertEqual(sql(f"SELECT id, state, number FROM relationship WHERE vendor_id = {vendor.id}"), [(id, "active", "K-7")])
            page = vendor.get(path)
            self.said(page, "Active", f"Disconnected by {vendor.email}")
            self.assertEqual(page.text.count(f"Accepted by {person.email}"), 2)

    def test_what_comes_back_has_the_role_of_its_new_invitation_and_a_new_since(self):
        for kind, vendor, person, path in self.both():
            self.disconnect(vendor, path)
            sql(f"UPDATE relationship SET since = '2024-05-17' WHERE vendor_id = {vendor.id}")
            self.said(vendor.get(path), "Role Standard", "Since 17 May 2024")
            read_only = value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Read-only'")
            vendor.send(person.email, kind, role=read_only)
            person.client.submit(person.get("/home"), button="Accept")
            self.said(vendor.get(path), "Role Read-only", f"Since {in_words(day(0))}")

    def test_a_paused_one_can_be_disconnected_and_comes_back_without_a_pause(self):
        for kind, vendor, person, path in self.both():
            vendor.client.submit(vendor.get(path + "/pause"), "/pause", until=day(9).isoformat())
            self.said(self.disconnect(vendor, path), "Disconnected.")
            vendor.send(person.email, kind)
            person.client.submit(person.get("/home"), button="Accept")
            self.assertEqual(self.state(vendor), [("active", "1", "")])


if __name__ == "__main__":
    unittest.main()
