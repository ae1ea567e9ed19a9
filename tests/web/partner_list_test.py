"""The Customer List and the Supplier List: states with their counts, search, and paging without a row lost or doubled."""
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, address, fresh, machine, number, register, sql  # noqa: E402

setUpModule, tearDownModule = machine()

KINDS = ("customer", "supplier")
STATES = {"active": "state = 'active' OR (state = 'paused' AND paused_until <= UTC_TIMESTAMP(6))",
          "paused": "state = 'paused' AND (paused_until IS NULL OR paused_until > UTC_TIMESTAMP(6))", "disconnected": "state = 'disconnected'"}


def fill(vendor, kind, each, names=("active", "paused", "ended", "disconnected")):
    """So many of every state in turn; found by the answer in a search."""
    word = fresh("bulk")
    role = number(f"SELECT id FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Standard'")
    cases = " ".join(f"WHEN {i} THEN '{'paused' if s == 'ended' else s}'" for i, s in enumerate(names))
    ends = " ".join(f"WHEN {i} THEN UTC_TIMESTAMP(6) - INTERVAL 1 HOUR" for i, s in enumerate(names) if s == "ended") or "WHEN -1 THEN NULL"
    total = each * len(names)
    sql(f"INSERT INTO company (public_id, kind, name, created_at) SELECT UNHEX(REPLACE(UUID(), '-', '')), '{kind}', CONCAT('{word} ', seq), UTC_TIMESTAMP(6) "
        f"FROM seq_1_to_{total}; "
        f"INSERT INTO relationship (vendor_id, partner_id, kind, partner_role_id, state, paused_until, since) SELECT {vendor.id}, id, '{kind}', {role}, "
        f"CASE id % {len(names)} {cases} END, CASE id % {len(names)} {ends} END, UTC_TIMESTAMP(6) FROM company WHERE name LIKE '{word} %'; "
        f"INSERT INTO relationship_word SELECT r.vendor_id, r.kind, c.name, r.id FROM relationship r JOIN company c ON c.id = r.partner_id WHERE c.name LIKE '{word} %'")
    return word


def rows(page):
    return re.findall(r'<th scope="row"><a href="/(?:customers|suppliers)/([0-9a-f]{32})"', page.body)


def walk(vendor, page, words):
    pages = [page]
    while any(" ".join(said) == words for _, said in pages[-1].links):
        pages.append(vendor.get(pages[-1].link(words)))
        assert len(pages) < 50, "pages without an end"
    return pages


def expected(vendor, kind, state):
    return [r[0] for r in sql(f"SELECT LOWER(HEX(c.public_id)) FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.vendor_id = {vendor.id} "
                              f"AND r.kind = '{kind}' AND ({STATES.get(state, 'TRUE')}) ORDER BY r.id DESC")]


class Paging(Story):
    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()
        cls.word = {kind: fill(cls.vendor, kind, 61) for kind in KINDS}

    def test_every_state_shows_every_row_once_in_order_page_by_page_and_back(self):
        for kind in KINDS:
            for state in ("", *STATES):
                with self.subTest(kind=kind, state=state):
                    ids = expected(self.vendor, kind, state)
                    there = walk(self.vendor, self.vendor.get(f"/{kind}s?state={state}"), "Older")
                    self.assertEqual([i for page in there for i in rows(page)], ids)
                    self.assertEqual([len(rows(page)) for page in there[:-1]], [50] * (len(there) - 1))
                    back = walk(self.vendor, there[-1], "Newer")
                    self.assertEqual([rows(page) for page in reversed(back)], [rows(page) for page in there])

    def test_a_search_of_many_hits_shows_every_row_once_page_by_page_and_back(self):
        for kind, state in (("customer", ""), ("supplier", "paused"), ("customer", "active"), ("supplier", "disconnected")):
            with self.subTest(kind=kind, state=state):
                query = urllib.parse.urlencode({"q": self.word[kind], "state": state})
                there = walk(self.vendor, self.vendor.get(f"/{kind}s?{query}"), "Older")
                self.assertEqual([i for page in there for i in rows(page)], expected(self.vendor, kind, state))
                back = walk(self.vendor, there[-1], "Newer")
                self.assertEqual([rows(page) for page in reversed(back)], [rows(page) for page in there])

    def test_the_tabs_count_each_state_a_pause_that_ended_as_active(self):
        self.said(self.vendor.get("/customers"), "All (244)", "Active (122)", "Paused (61)", "Disconnected (61)", "Customers (1 to 50 of 244)")
        self.assertEqual(rows(self.vendor.get(self.vendor.get("/suppliers").link("Paused (61)"))), expected(self.vendor, "supplier", "paused")[:50])

    def test_a_count_above_a_thousand_is_not_counted_out(self):
        vendor = Vendor()
        fill(vendor, "customer", 1001, ("disconnected",))
        self.said(vendor.get("/customers"), "All (1,000+)", "Disconnected (1,000+)", "Active (0)")

    def test_a_filter_that_does_not_exist_is_refused_and_another_vendors_row_is_none(self):
        for query in ("state=lost", "after=1", "colour=red", "state=active&state=active", "q=" + "x" * 300, "q=%00"):
            self.assertEqual(self.vendor.get("/customers?" + query).status, 400, query)
        stranger = Vendor()
        fill(stranger, "customer", 1, ("active",))
        foreign = expected(stranger, "customer", "")[0]
        for turn in ("after", "before"):
            self.assertEqual({self.vendor.get(f"/customers?{turn}={i}").status for i in (foreign, "f" * 32)}, {404})


class Search(Story):
    def find(self, vendor, q, kind="customer", state=""):
        return self.names(vendor.get(f"/{kind}s?" + urllib.parse.urlencode({"q": q, "state": state})))

    def names(self, page):
        return set(re.findall(r'<th scope="row"><a href="[^"]*">(?:<bdi>)?([^<]*)(?:</bdi>)?</a>', page.body))

    def test_a_company_is_found_by_the_beginning_of_each_word_of_name_number_and_address(self):
        for kind in KINDS:
            vendor, mark = Vendor(), fresh("q")
            email = f"Jo.{mark}buyer@{mark}firm.example"
            name = f"Van {mark}Dyk Trading"
            register(vendor.invite(email, kind, number=f"K-{mark}77"), business_name=name)
            for q in ("van", f"{mark}dyk", f"VAN {mark}d", "trad", f"k-{mark}7", f"{mark}77", f"jo.{mark}", f"{mark}buyer@", f"{mark}firm.ex", "  trading "):
                self.assertEqual(self.find(vendor, q, kind), {name}, q)
            for q in ("an", "rading", "%", "_an", "nobody", "van dyk trading x"):
                self.assertEqual(self.find(vendor, q, kind), set(), q)
            self.assertEqual(self.find(vendor, "van", kind, "active"), {name})
            self.assertEqual(self.find(vendor, "van", kind, "paused"), set())
            page = vendor.get(f"/{kind}s?state=active&q=nobody")
            self.said(page, f"No {kind}s found", "Nothing here matches", "Clear search")
            self.assertEqual(page.link("Clear search"), f"/{kind}s?state=active", "the tab that was open stays")
            self.unsaid(page, "Export as CSV")
            page = vendor.get(f"/{kind}s?state=paused")
            self.said(page, f"No {kind}s found", "No company is in this state.")
            self.unsaid(page, "Nothing here matches", "Export as CSV")

    def test_a_changed_name_is_found_in_every_vendors_list_and_the_old_one_in_none(self):
        first, second, email = Vendor(), Vendor(), address()
        person = register(first.invite(email), business_name="Oldname Ltd")
        second.send(email)
        person.client.submit(person.get("/home"), button="Accept")
        form = person.get(person.get("/company").link("Change company data"))
        self.said(person.client.submit(form, "/company/edit", business_name="Newname Ltd"), "Newname Ltd")
        for vendor in (first, second):
            self.assertEqual((self.find(vendor, "newn"), self.find(vendor, "oldn")), ({"Newname Ltd"}, set()))

    def test_a_search_never_finds_another_vendors_customer_or_one_of_the_other_kind(self):
        vendor, stranger = Vendor(), Vendor()
        register(stranger.invite(), business_name="Secretive Ltd")
        register(vendor.invite(kind="supplier"), business_name="Toolmaker Ltd")
        self.assertEqual(self.find(vendor, "secret"), set())
        self.assertEqual(self.find(vendor, "toolm"), set())
        self.assertEqual(self.find(vendor, "toolm", "supplier"), {"Toolmaker Ltd"})

    def test_an_empty_list_offers_the_next_step(self):
        self.said(Vendor().get("/customers"), "No customers yet", "When a customer accepts an invitation, it appears here.")


if __name__ == "__main__":
    unittest.main()
