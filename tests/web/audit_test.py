"""The audit log of a vendor: everything that happened, in words, newest first, and nothing of anybody else."""
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase, eventually  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = re.compile(r'"([a-z]+(?:[_-][a-z]+)+)"')


def events_written():
    """Every name that a handler or a query gives to an event: literals of the statements that write one."""
    found = set()
    for path in (ROOT / "handlers").glob("*.c"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        for statement in text.split(";"):
            if re.search(r"\b(audit_add|outbox_history|team_write|team_audit|team_invitations_lines)\(", statement):
                found |= set(NAME.findall(statement))
                if "outbox_history(" in statement:   # of a reminder it has a name of its own, and nothing but a reminder is dropped
                    found |= {f"mail_reminder_{event.removeprefix('mail_')}" for event in NAME.findall(statement)}
                    found -= {"mail_dropped"}
            for event in re.findall(r"\.event = ([^,}]*)", statement):
                found |= set(re.findall(r'"([a-z_-]+)"', event))
    for path in (ROOT / "sql/queries").glob("*.sql"):
        for statement in path.read_text(encoding="utf-8").split(";"):
            if "INTO audit_event" in statement:
                found |= set(re.findall(r"UTC_TIMESTAMP\(6\), '([a-z_-]+)'", statement))
    return found


class Words(unittest.TestCase):
    def test_every_event_that_is_written_has_words_and_every_vendors_event_a_topic(self):
        text = (ROOT / "handlers/events.c").read_text(encoding="utf-8")
        known = set(re.findall(r'\{"([a-z_-]+)", N_\("[A-Z][^"]+"\)\},', text))
        written = events_written()
        self.assertGreater(len(written), 30)
        self.assertEqual(written - known, set(), "events without words: handlers/events.c")
        topics = set(re.findall(r'"([a-z]+)"', re.search(r"events_topics\[\] = \{(.*?)\}", text)[1]))
        of_no_vendor = {"account", "address", "admission", "company", "invitations-allowed", "never-invited", "password", "registered", "registration", "signed", "verification"}
        self.assertEqual({w.split("_")[0] for w in written} - topics - of_no_vendor, set(), "a kind of event that no filter offers")


class Log(HouseCase):
    @classmethod
    def furnish(cls):
        cls.owner = cls.house.sign_in(cls.house.owner("Harbour"))
        cls.other = cls.house.sign_in(cls.house.owner("Lagoon"))
        cls.auditor = cls.house.sign_in(cls.house.member("Harbour", "auditor"))
        cls.house.invite(cls.owner, "buyer@pier.example")
        cls.house.register(cls.house.link("buyer@pier.example"), business_name="Pier Ltd")
        cls.house.invite(cls.owner, "late@pier.example", "supplier")
        cls.house.visitor().get(cls.house.link("late@pier.example"))
        cls.house.invite(cls.other, "secret@lagoon-customer.example")
        cls.owner.submit(cls.owner.get("/settings"), "/settings", time_zone="Asia/Kathmandu")
        eventually("every mail", lambda: cls.house.count("outbox", "state IN ('queued', 'deferred')") == 0, 20)

    def rows(self, page):
        return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in re.findall(r"<tr>(.*?)</tr>", page.body.split("<tbody>")[1], re.S)] if "<tbody>" in page.body else []

    def test_what_happened_is_told_in_words_with_who_when_and_about_what(self):
        page = self.owner.get("/audit")
        self.assertEqual((page.status, page.h1), (200, "Audit log"))
        rows = self.rows(page)
        settings = next(r for r in rows if r.startswith("Settings changed"))
        self.assertIn("Who: owner@harbour.example", settings)
        self.assertIn("time zone", settings)
        self.assertRegex(settings, r"\d{4}, \d\d:\d\d UTC\+5:45")   # in the vendor's zone
        accepted = next(r for r in rows if r.startswith("Invitation accepted"))
        self.assertIn("Who: buyer@pier.example", accepted)
        self.assertIn("Pier Ltd", accepted)
        sent = [r for r in rows if r.startswith("Invitation sent")]
        self.assertEqual(len(sent), 2)
        self.assertIn("late@pier.example", sent[0])
        self.assertIn("Who: owner@harbour.example", sent[0])
        mail = next(r for r in rows if r.startswith("Mail handed to the mail server"))
        self.assertIn("Who: The portal", mail)
        added = next(r for r in rows if r.startswith("Colleague added"))
        self.assertRegex(added, "Who: The operator About: (auditor|inviter)@harbour.example$")   # said once
        self.assertNotRegex(page.text, r"\b[a-z]+_[a-z]+\b", "an event without words")

    def test_what_an_event_was_about_is_linked_for_who_may_see_it(self):
        page = self.owner.get("/audit")
        where = page.link("late@pier.example")
        self.assertEqual(self.owner.get(where).status, 200)
        company = page.link("Pier Ltd")
        self.assertEqual(self.owner.get(company).h1, "Pier Ltd")
        page = self.auditor.get("/audit")
        self.assertEqual(page.status, 200)
        self.assertIn("late@pier.example", page.text)
        self.assertNotIn(where, [href for href, _ in page.links])   # an auditor sees no invitation
        self.assertEqual(self.auditor.get(page.link("Pier Ltd")).status, 200)

    def test_a_colleague_who_was_asked_is_named_and_the_role_is_told_in_the_language_of_the_page(self):
        self.owner.submit(self.owner.get("/team"), "/team/invitations", email="colleague@pier.example", role="auditor")
        rows = self.rows(self.owner.get("/audit?topic=member"))
        self.assertRegex(rows[0], "^Colleague asked to join .* Who: owner@harbour.example About: colleague@pier.example Auditor$")
        german = self.house.visitor()
        german.cookies.update(self.owner.cookies)
        self.assertRegex(self.rows(german.get("/audit?topic=member&lang=de"))[0], " Prüfer$")

    def test_a_role_before_and_after_is_told_in_the_language_of_the_page(self):
        owner = self.house.sign_in(self.house.owner("Role Harbour"))
        member = self.house.member("Role Harbour", "auditor")
        where = "/team/members/" + self.house.sql(f"SELECT LOWER(HEX(public_id)) FROM account WHERE email = '{member}'")[0][0] + "/role"
        owner.submit(owner.get(where), where, role="inviter")
        self.assertRegex(self.rows(owner.get("/audit?topic=member"))[0], "^Role of a colleague changed .* Auditor to Inviter$")
        owner.get("/audit?lang=de")
        self.assertRegex(self.rows(owner.get("/audit?topic=member"))[0], "von Prüfer zu Einlader$")

    def test_what_is_shared_received_and_removed_is_in_it(self):
        owner = self.house.sign_in(self.house.owner("Sharing Harbour"))
        self.house.invite(owner, "sharer@pier.example")
        buyer = self.house.register(self.house.link("sharer@pier.example"), business_name="Sharer Ltd")
        page = owner.submit(owner.get("/shared/note"), "/shared/note", title="Price list", body="b", audience="customers")
        where = page.link("Who sees it")
        owner.submit(owner.get(where), where, audience="chosen")
        owner.submit(owner.get(where), where + "/companies", company="Sharer Ltd")
        note = "/vendors/" + self.house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Sharing Harbour'")[0][0] + "/note"
        buyer.submit(buyer.get(note), note, title="Gate code", body="b")
        rows = self.rows(owner.get("/audit?topic=resource"))
        ours = "Who: owner@sharing-harbour.example About: Shared item$"
        for row, told in zip(rows, ("^File or note received .* Who: sharer@pier.example About: Shared item Sharer Ltd$", *[f"^Shared item: for whom it is changed .* {ours}"] * 2, f"^Item shared .* {ours}")):
            self.assertRegex(row, told)
        self.assertEqual((len(rows), owner.get("/audit?topic=resource").link("Shared item")), (4, "/shared/items/" + self.house.sql("SELECT LOWER(HEX(public_id)) FROM shared WHERE title = 'Gate code'")[0][0]))
        owner.submit(owner.get(where + "/remove"), where + "/remove")
        self.assertRegex(self.rows(owner.get("/audit?topic=resource"))[0], "^Shared item removed .* Who: owner@sharing-harbour.example")

    def test_a_request_to_connect_says_whom_it_was_made_to(self):
        owner = self.house.sign_in(self.house.owner("Asking Harbour"))
        owner.submit(owner.get("/link/customer"), "/link/customer", target="Whoever@Nowhere.example")
        row = self.rows(owner.get("/audit?topic=connection"))[0]
        self.assertRegex(row, "^Existing company asked to connect .* About: Whoever@Nowhere.example$")
        owner.submit(owner.get(owner.get("/link/customer").link("Withdraw")), "/withdraw")
        rows = self.rows(owner.get("/audit?topic=connection"))
        self.assertRegex(rows[0], "^Request to connect withdrawn .* About: Whoever@Nowhere.example$")
        other = self.house.sign_in(self.house.owner("Other Harbour"))
        self.assertNotIn("nowhere", other.get("/audit").text.lower())

    def test_nothing_of_another_vendor_is_in_it(self):
        page = self.owner.get("/audit")
        self.assertNotIn("lagoon", page.text.lower())
        self.assertNotIn("secret@", page.text)
        page = self.other.get("/audit")
        self.assertIn("secret@lagoon-customer.example", page.text)
        self.assertNotIn("harbour", page.text.lower())
        self.assertNotIn("Pier Ltd", page.text)

    def test_it_is_for_who_may_read_it(self):
        inviter = self.house.sign_in(self.house.member("Harbour", "inviter"))
        self.assertEqual(inviter.get("/audit").status, 403)
        self.assertNotIn("/audit", [href for href, _ in inviter.get("/home").links])
        self.assertIn("/audit", [href for href, _ in self.auditor.get("/customers").links])

    def test_it_is_narrowed_to_a_kind_of_event(self):
        page = self.owner.get("/audit")
        self.assertEqual(page.form("/audit").choices["topic"][0], "")
        mail = self.owner.submit(page, "/audit", topic="mail")
        self.assertEqual(mail.form("/audit").fields["topic"], "mail")
        self.assertEqual({r.split(" to the")[0] for r in self.rows(mail)}, {"Mail handed"})
        settings = self.rows(self.owner.get("/audit?topic=settings"))
        self.assertTrue(settings and all(r.startswith(("Settings", "Logo")) for r in settings))
        nothing = self.owner.get("/audit?topic=message")
        self.assertIn("No events found", nothing.text)
        self.assertEqual(nothing.link("Show all events"), "/audit")

    def test_fifty_a_page_by_key_both_ways_and_narrowed_too(self):
        client = self.house.sign_in(self.house.owner("Third Harbour"))
        self.house.sql("INSERT INTO audit_event (at, event, vendor_id, detail) SELECT UTC_TIMESTAMP(6), IF(seq % 2, 'vendor_resumed', 'vendor_suspended'), c.id, "
                       "CONCAT('number-', seq) FROM company c JOIN seq_1_to_120 WHERE c.name = 'Third Harbour' ORDER BY seq")

        def numbers(page):
            return [int(n) for n in re.findall(r"number-(\d+)", page.text)]
        first = client.get("/audit?topic=vendor")
        self.assertEqual(numbers(first), list(range(120, 70, -1)))
        self.assertNotIn("Newer", [" ".join(s) for _, s in first.links])
        second = client.get(first.link("Older"))
        self.assertEqual(numbers(second), list(range(70, 20, -1)))
        third = client.get(second.link("Older"))
        self.assertEqual(numbers(third), list(range(20, 0, -1)))
        self.assertNotIn("Older", [" ".join(s) for _, s in third.links])
        self.assertEqual(numbers(client.get(third.link("Newer"))), numbers(second))
        back = client.get(client.get(third.link("Newer")).link("Newer"))
        self.assertEqual(numbers(back), numbers(first))
        self.assertEqual(len(self.rows(client.get("/audit"))), 50)
        self.assertIn("topic=vendor", first.link("Older"))

    def test_a_place_is_sealed_and_of_one_vendor_only(self):
        owner = self.house.sign_in(self.house.owner("Full Harbour"))
        self.house.sql("INSERT INTO audit_event (at, event, vendor_id, detail) SELECT UTC_TIMESTAMP(6), 'vendor_resumed', c.id, '' FROM company c "
                       "JOIN seq_1_to_60 WHERE c.name = 'Full Harbour'")
        older = owner.get("/audit").link("Older")
        place = urllib.parse.parse_qs(older.split("?")[1])["after"][0]
        self.assertRegex(place, r"^[\w-]{40,}$")
        self.assertEqual(owner.get(older).status, 200)
        theirs, none = self.other.get(older), self.other.get("/audit?after=" + "A" * len(place))
        self.assertEqual((theirs.status, none.status), (404, 404))
        self.assertEqual(*(re.sub("[0-9a-f]{32}", "", p.body) for p in (theirs, none)))
        for query in ("after=1", "before=x", "after=" + place[:-1]):
            self.assertEqual(owner.get("/audit?" + query).status, 404, query)
        for query in ("topic=xyz", "page=2", "topic=mail&topic=mail", "after=" + "x" * 201):
            self.assertEqual(owner.get("/audit?" + query).status, 400, query)


if __name__ == "__main__":
    unittest.main()
