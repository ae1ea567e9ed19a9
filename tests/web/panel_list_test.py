"""The panel's list: filters, search, counts, and paging without a row lost or doubled."""
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, address, fresh, machine, number, sql, value  # noqa: E402

setUpModule, tearDownModule = machine()

KINDS, STATES = ("customer", "supplier"), ("pending", "accepted", "expired", "cancelled", "declined")
EACH = 121   # of every kind and state: three pages


def fill(vendor, each, kinds=KINDS, states=STATES):
    """So many invitations of every kind and state, sent at times out of order and many of them equal, lasting differently long; found by "bulk" in a search."""
    role = number(f"SELECT id FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Standard'")
    sender = number(f"SELECT id FROM account WHERE email = '{vendor.email}'")
    word = fresh("bulk")
    for kind in kinds:
        for state in states:
            sent, until = ("100 + 24 * (seq * 37 % 40)", "-(seq * 53 % 90 + 1)") if state == "expired" else ("seq * 37 % 40", "seq * 53 % 90 + 1")
            status = "pending" if state == "expired" else state
            sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, "
                f"sent_at, expires_at) SELECT UNHEX(REPLACE(UUID(), '-', '')), {vendor.id}, {sender}, '{kind}', '{status}', "
                f"CONCAT('{word}.{kind}.{state}.', seq, '@bulk.example'), CONCAT('{word}.{kind}.{state}.', seq, '@bulk.example'), {role}, 'en', 7, "
                f"UTC_TIMESTAMP() - INTERVAL {sent} HOUR, LEAST(UTC_TIMESTAMP() + INTERVAL {until} HOUR, UTC_TIMESTAMP() - INTERVAL {sent} HOUR + INTERVAL 30 DAY) "
                f"FROM seq_1_to_{each};")
    sql(f"INSERT INTO invitation_word SELECT vendor_id, email_canon, id FROM invitation WHERE vendor_id = {vendor.id}")
    return word


def read():
    """How many rows and entries of indexes the server has read."""
    return number("SELECT SUM(VARIABLE_VALUE) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME RLIKE '^HANDLER_(READ_(KEY|NEXT|PREV)|ICP_ATTEMPTS)$'")


def rows(page):
    return [int(n) for n in re.findall(r'<th scope="row" id="i(\d+)"', page.body)]


def walk(vendor, page, words):
    """The pages from this one on, following the link of these words."""
    pages = [page]
    while any(" ".join(said) == words for _, said in pages[-1].links):
        pages.append(vendor.get(pages[-1].link(words)))
        assert len(pages) < 100, "pages without an end"
    return pages


def expected(vendor, kind, state):
    """The ids as the list should show them."""
    conditions = [f"vendor_id = {vendor.id}"] + ([f"kind = '{kind}'"] if kind else [])
    if state in ("pending", "expired"):
        conditions.append(f"status = 'pending' AND expires_at {'>' if state == 'pending' else '<='} UTC_TIMESTAMP(6)")
    elif state:
        conditions.append(f"status = '{state}'")
    order = "sent_at DESC, id DESC" if state in ("pending", "expired") else "id DESC"
    return [int(r[0]) for r in sql(f"SELECT id FROM invitation WHERE {' AND '.join(conditions)} ORDER BY {order}")]


class Paging(Story):
    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()
        cls.word = fill(cls.vendor, EACH)

    def test_every_filter_shows_every_row_once_in_order_page_by_page_and_back(self):
        for kind in ("", *KINDS):
            for state in ("", *STATES):
                with self.subTest(kind=kind, state=state):
                    ids = expected(self.vendor, kind, state)
                    first = self.vendor.get("/industry?" + urllib.parse.urlencode({"kind": kind, "status": state}))
                    there = walk(self.vendor, first, "Older")
                    self.assertEqual([i for page in there for i in rows(page)], ids)
                    self.assertEqual([len(rows(page)) for page in there[:-1]], [50] * (len(there) - 1))
                    back = walk(self.vendor, there[-1], "Newer")
                    self.assertEqual([rows(page) for page in reversed(back)], [rows(page) for page in there])

    def test_a_search_of_many_hits_shows_every_row_once_page_by_page_and_back(self):
        for kind, state in (("", ""), ("customer", ""), ("", "expired"), ("supplier", "pending"), ("customer", "declined")):
            with self.subTest(kind=kind, state=state):
                query = urllib.parse.urlencode({"kind": kind, "status": state, "q": self.word})
                there = walk(self.vendor, self.vendor.get("/industry?" + query), "Older")
                self.assertEqual([i for page in there for i in rows(page)], sorted(expected(self.vendor, kind, state), reverse=True))
                back = walk(self.vendor, there[-1], "Newer")
                self.assertEqual([rows(page) for page in reversed(back)], [rows(page) for page in there])

    def test_the_tabs_count_and_a_count_above_a_thousand_is_not_counted_out(self):
        self.said(self.vendor.get("/industry"), "All (1,000+)", *(f"{s.capitalize()} ({2 * EACH})" for s in STATES))
        vendor = Vendor()
        fill(vendor, 1001, kinds=("customer",), states=("cancelled",))
        self.said(vendor.get("/industry"), "All (1,000+)", "Cancelled (1,000+)", "Pending (0)")

    def test_pending_and_expired_are_newest_first_by_when_each_was_last_sent(self):
        """Not by number, and not by the end of the link: the three orders differ here."""
        for state, condition in (("pending", ">"), ("expired", "<=")):
            orders = [[int(r[0]) for r in sql(f"SELECT id FROM invitation WHERE vendor_id = {self.vendor.id} AND status = 'pending' AND expires_at {condition} UTC_TIMESTAMP(6) "
                                              f"ORDER BY {order}")][:50] for order in ("sent_at DESC, id DESC", "id DESC", "expires_at DESC, id DESC", "sent_at DESC, id")]
            self.assertEqual(rows(self.vendor.get("/industry?status=" + state)), orders[0])
            self.assertNotIn(orders[0], orders[1:])

    def test_what_is_sent_again_is_new_again(self):
        vendor = Vendor()
        oldest, older, newest = emails = address(), address(), address()
        for email in emails:
            vendor.invite(email)
        ids = [number(f"SELECT id FROM invitation WHERE email = '{email}'") for email in emails]
        sql(f"UPDATE invitation SET sent_at = sent_at - INTERVAL 9 DAY, expires_at = expires_at - INTERVAL 9 DAY WHERE email = '{oldest}'; "
            f"UPDATE invitation SET sent_at = sent_at - INTERVAL 8 DAY WHERE email = '{older}'")
        shown = {state: "/industry?status=" + state for state in ("pending", "expired", "")}
        self.assertEqual([rows(vendor.get(shown["pending"])), rows(vendor.get(shown["expired"]))], [[ids[2], ids[1]], [ids[0]]])
        vendor.resend(oldest)
        self.assertEqual([rows(vendor.get(shown["pending"])), rows(vendor.get(shown["expired"]))], [[ids[0], ids[2], ids[1]], []])
        vendor.resend(older)
        self.assertEqual(rows(vendor.get(shown["pending"])), [ids[1], ids[0], ids[2]])
        self.assertEqual(rows(vendor.get(shown["pending"] + "&kind=customer")), [ids[1], ids[0], ids[2]])
        self.assertEqual(rows(vendor.get(shown[""])), ids[::-1], "the list of all stays in the order in which they were first sent")

    def test_a_link_of_thirty_days_is_pending_until_its_last_minute_and_none_lasts_longer(self):
        vendor = Vendor()
        buyer = address()
        vendor.send(buyer, expires_days="30")
        sql(f"UPDATE invitation SET sent_at = UTC_TIMESTAMP(6) - INTERVAL 30 DAY + INTERVAL 1 MINUTE, expires_at = sent_at + INTERVAL 30 DAY WHERE email = '{buyer}'")
        for kind in ("", "&kind=customer"):
            self.said(vendor.get("/industry?status=pending" + kind), buyer)
        with self.assertRaises(Exception) as refused:
            sql(f"UPDATE invitation SET expires_at = sent_at + INTERVAL 30 DAY + INTERVAL 1 SECOND WHERE email = '{buyer}'")
        self.assertIn("invitation_lasts", str(refused.exception))

    def test_the_first_page_of_the_pending_ones_reads_none_of_the_many_that_expired(self):
        vendor = Vendor()
        buyer = address()
        vendor.send(buyer)
        sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, expires_at) "
            f"SELECT UNHEX(MD5(CONCAT('below', i.id, '-', seq))), i.vendor_id, i.sender_id, 'customer', 'pending', CONCAT(seq, '@below.example'), CONCAT(seq, '@below.example'), "
            f"i.partner_role_id, 'en', 7, i.sent_at - INTERVAL 60 DAY, i.sent_at - INTERVAL 53 DAY FROM invitation i JOIN seq_1_to_6000 WHERE i.email = '{buyer}'")
        for query in ("status=pending", "status=pending&kind=customer", "status=expired"):
            before = read()
            page = vendor.get("/industry?" + query)
            after = read()
            self.assertEqual(len(rows(page)), 50 if query == "status=expired" else 1)
            self.assertLess(after - before, 5000, f"{query}: the counts stop at 1,001 of each, and the list at a page")

    def test_the_tabs_keep_the_kind_and_lead_to_their_state(self):
        page = self.vendor.get("/industry?kind=supplier")
        there = self.vendor.get(page.link(f"Declined ({2 * EACH})"))
        self.assertEqual(rows(there), expected(self.vendor, "supplier", "declined")[:50])

    def test_an_inviter_pages_through_the_own_rows_only(self):
        inviter = self.vendor.member("inviter")
        ids = expected(self.vendor, "", "pending")[::2]
        sender = value(f"SELECT id FROM account WHERE email = '{inviter.email}'")
        owner = value(f"SELECT id FROM account WHERE email = '{self.vendor.email}'")
        numbers = ",".join(map(str, ids))
        sql(f"UPDATE invitation SET sender_id = {sender} WHERE id IN ({numbers})")
        try:
            there = walk(inviter, inviter.get("/industry?status=pending"), "Older")
            self.assertEqual([i for page in there for i in rows(page)], ids)
            self.said(there[0], f"All ({len(ids)})", f"Pending ({len(ids)})", "Accepted (0)")
        finally:
            sql(f"UPDATE invitation SET sender_id = {owner} WHERE id IN ({numbers})")

    def test_an_inviter_finds_the_own_rows_only_by_every_filter_and_search_there_and_back(self):
        inviter = self.vendor.member("inviter")
        sender, owner = (value(f"SELECT id FROM account WHERE email = '{p.email}'") for p in (inviter, self.vendor))
        mine = {i for kind in KINDS for state in STATES for i in expected(self.vendor, kind, state)[1::EACH // 2]}
        sql(f"UPDATE invitation SET sender_id = {sender} WHERE id IN ({','.join(map(str, mine))})")
        try:
            for kind, state, word in [(k, s, "") for k in ("", *KINDS) for s in ("", *STATES)] + [("", "", self.word), ("supplier", "expired", self.word)]:
                with self.subTest(kind=kind, state=state, word=word):
                    own = [i for i in expected(self.vendor, kind, state) if i in mine]
                    own = sorted(own, reverse=True) if word else own
                    query = "/industry?" + urllib.parse.urlencode({"kind": kind, "status": state, "q": word})
                    self.assertEqual(rows(inviter.get(query)), own)
                    last = value(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE id = {own[-1]}")
                    self.assertEqual(rows(inviter.get(f"{query}&before={last}")), own[:-1])
        finally:
            sql(f"UPDATE invitation SET sender_id = {owner} WHERE vendor_id = {self.vendor.id} AND sender_id = {sender}")

    def test_an_invitation_sent_while_somebody_reads_moves_no_row_of_the_later_pages(self):
        vendor = Vendor()
        fill(vendor, 61, kinds=("customer",), states=("pending",))
        first = vendor.get("/industry")
        ids = expected(vendor, "", "")
        buyer = address()
        vendor.send(buyer)
        second = vendor.get(first.link("Older"))
        self.assertEqual(rows(first) + rows(second), ids)
        again = vendor.get(second.link("Newer"))
        self.assertEqual(rows(again), ids[:50])
        self.assertEqual(len(rows(vendor.get(again.link("Newer")))), 1, "the new one stands on the page before")

    def test_a_page_beyond_the_end_or_of_another_vendors_row_is_answered_without_rows_of_others(self):
        stranger = Vendor()
        fill(stranger, 3, kinds=("customer",), states=("pending",))
        foreign = value(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE vendor_id = {stranger.id} LIMIT 1")
        last = value(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE vendor_id = {self.vendor.id} ORDER BY id LIMIT 1")
        missing = "f" * 32
        self.assertEqual({self.vendor.get("/industry?after=" + i).status for i in (foreign, missing)}, {404})
        self.said(self.vendor.get("/industry?after=" + last), "No invitations found")

    def test_a_filter_that_does_not_exist_is_refused(self):
        for query in ("kind=friend", "status=lost", "after=1", "colour=red", "kind=customer&kind=supplier", "q=" + "x" * 300, "q=%00", "q=%ff"):
            self.assertEqual(self.vendor.get("/industry?" + query).status, 400, query)


class Search(Story):
    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()
        cls.mark = fresh("m")
        m = cls.mark
        cls.vendor.send(f"Jo.Buyer+{m}@{m}trade.example", first_name=f"Zo{m}", last_name=f"van {m}dyk", business_name=f"{m}Ünal & Söhne Trading")
        cls.first, cls.second = f"Jo.Buyer+{m}@{m}trade.example", f"other-{m}left_{m}hand@{m}two.example"
        cls.vendor.send(cls.second, kind="supplier", business_name="100% Tools_2 " + m)

    def found(self, q, **more):
        page = self.vendor.get("/industry?" + urllib.parse.urlencode({"q": q, **more}))
        self.assertEqual(page.status, 200)
        return [email for email in (self.first, self.second) if email in page.text]

    def test_an_invitation_is_found_by_the_beginning_of_its_address_and_of_its_domain(self):
        for q in (self.first, self.first.upper(), self.first[:9], "jo.buyer+", f"{self.mark}trade", f"{self.mark}TRADE.exa", "buyer+"):
            self.assertEqual(self.found(q), [self.first], q)
        for q in (f"{self.mark}left", f"{self.mark}hand@"):
            self.assertEqual(self.found(q), [self.second], q)

    def test_an_invitation_is_found_by_names_and_business_and_by_any_word_of_them(self):
        for q in (f"Zo{self.mark}", f"zo{self.mark} van", "van", f"{self.mark}dyk", f"{self.mark}Ünal", "söhne", "Trading"):
            self.assertEqual(self.found(q), [self.first], q)
        self.assertEqual(self.found("100% tools_2"), [self.second])

    def test_a_search_finds_beginnings_of_words_and_no_pattern(self):
        for q in ("%", "_", "100_ tools", "uyer", "'", "\\", "*", "nobody"):
            self.assertEqual(self.found(q), [], q)

    def test_search_kind_and_status_narrow_together(self):
        self.assertEqual(self.found("example"), [self.first, self.second])
        self.assertEqual(self.found("example", kind="supplier"), [self.second])
        self.assertEqual(self.found("example", kind="customer", status="pending"), [self.first])
        self.assertEqual(self.found("example", status="accepted"), [])

    def test_the_search_form_keeps_what_was_searched_and_offers_to_clear_it(self):
        page = self.vendor.client.submit(self.vendor.get("/industry?status=pending"), "/industry", button="Search", q="jo.b", kind="customer")
        self.said(page, self.first)
        form = next(f for f in page.forms if "Search" in f.buttons)
        self.assertEqual(form.fields, {"q": "jo.b", "kind": "customer", "status": "pending"})
        cleared = self.vendor.get(page.link("Clear search"))
        self.assertEqual(cleared.url, "/industry?status=pending", "the tab that was open stays")
        self.said(cleared, self.first, self.second)

    def test_nothing_found_is_said_with_what_to_do(self):
        page = self.vendor.get("/industry?q=nobody")
        self.said(page, "No invitations found", "Try the beginning of an address, a name or a business")
        page = self.vendor.get("/industry?status=declined")
        self.said(page, "No invitations found", "No invitation has this status.")
        self.unsaid(page, "Nothing here matches", "Export as CSV")


class PartnerPaging(Story):
    def test_the_customer_list_shows_every_customer_once_page_by_page_and_back(self):
        vendor = Vendor()
        role = number(f"SELECT id FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Standard'")
        word = fresh("Partner ")
        sql(f"INSERT INTO company (public_id, kind, name, created_at) SELECT UNHEX(REPLACE(UUID(), '-', '')), 'customer', "
            f"CONCAT('{word} ', seq), UTC_TIMESTAMP(6) FROM seq_1_to_121;"
            f"INSERT INTO relationship (vendor_id, partner_id, kind, partner_role_id, state, since) "
            f"SELECT {vendor.id}, id, 'customer', {role}, 'active', UTC_TIMESTAMP(6) FROM company WHERE name LIKE '{word} %' ORDER BY id")
        names = [f"{word} {n}" for n in range(121, 0, -1)]
        there = walk(vendor, vendor.get("/customers"), "Older")
        found = [[" ".join(said) for href, said in page.links if href.startswith("/customers/")] for page in there]
        self.assertEqual([n for page in found for n in page], names)
        self.assertEqual([len(page) for page in found], [50, 50, 21])
        back = walk(vendor, there[-1], "Newer")
        self.assertEqual([re.findall("Partner [^<]*", p.body) for p in reversed(back)], [re.findall("Partner [^<]*", p.body) for p in there])
        self.said(vendor.get("/suppliers"), "No suppliers yet")


if __name__ == "__main__":
    unittest.main()
