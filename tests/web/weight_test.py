"""What a page weighs: every page of the town, and lists with fifty realistic rows, as a browser gets them — the answer with its headers, and the
content of every file that the page names — against the budget of a first visit."""
import hashlib
import html.parser
import http.client
import pathlib
import re
import struct
import sys
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from town import Town  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OCTETS, REQUESTS, STYLESHEET, SCRIPT = 14 * 1024, 4, 5 * 1024, 4 * 1024
A_YEAR = "public, max-age=31536000, immutable"
OWN, STRANGE = "same-origin", "cross-site"
BUSINESSES = ("Hanseatische Kaffeerösterei", "Lindqvist & Söner", "O’Donnell Precision Castings", "Brauerei Oberhausen", "Nordlicht Verpackungen",
              "Van den Berg Logistics", "Textilveredelung Krämer", "Marchetti Fratelli", "Kowalczyk Meble", "Ateliers du Rhône", "Solent Marine Supply",
              "Vega Instrumentos", "Papierfabrik Sankt Florian", "Ilmarinen Works")


class Named(html.parser.HTMLParser):
    """The files that a page names."""
    def __init__(self):
        super().__init__()
        self.files = set()

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        where = a.get("src") if tag in ("img", "script") else a.get("href") if tag == "use" or (tag == "link" and "stylesheet" in a.get("rel", "")) else None
        if where:
            self.files.add(where.partition("#")[0])


def fetched(client, path, site=OWN):
    """Status, headers, content, and the octets that came: all, and those of status line and headers."""
    connection = http.client.HTTPConnection(client.base.hostname, client.base.port, timeout=60)
    headers = {"Host": client.base.netloc, "Accept-Encoding": "gzip", "Sec-Fetch-Site": site}
    if client.cookies:
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    head = sum(len(k) + len(v) + 4 for k, v in answer.getheaders()) + len("HTTP/1.1 200 OK\r\n\r\n")
    return answer.status, answer.headers, zlib.decompress(body, 31) if answer.headers["Content-Encoding"] == "gzip" else body, len(body) + head, head


class Weight(Town):
    def setUp(self):
        self.files = {}
        self.house.sql("UPDATE company SET colour = '#0a58a6' WHERE name IN ('Harbour', 'Lagoon')")   # both have a logo already

    def weighed(self, client, path, site=OWN):
        """Status, octets with everything in it, requests; nothing for what is no page. A vendor's own picture counts as a request only: it
        has a limit of its own."""
        status, headers, body, octets, _ = fetched(client, path, site)
        if not headers.get("Content-Type", "").startswith("text/html") or not body:
            return None
        page = Named()
        page.feed(body.decode())
        for file in page.files:
            if file not in self.files:
                self.files[file] = fetched(client, file)
                self.assertEqual(self.files[file][0], 200, f"{path} names {file}")
            octets += self.files[file][3] - self.files[file][4] if not file.startswith("/logo/") else 0
        return status, octets, 1 + len(page.files)

    def judge(self, pages, least, icons=True):
        """(client, path, site) of each against the budget; at least so many are pages."""
        heavy, seen = [], []
        for client, path, site in pages:
            weight = self.weighed(client, path, site)
            if weight:
                seen.append(path)
                if weight[1] > OCTETS or weight[2] > REQUESTS:
                    heavy.append(f"{path}, {site}: {weight[1]} octets, {weight[2]} requests")
        self.assertEqual(heavy, [])
        self.assertGreaterEqual(len(seen), least)
        self.assertTrue(any(f.startswith(("/static/style.", "/brand/")) for f in self.files) and (not icons or any("/static/icons." in f for f in self.files)), self.files.keys())

    def test_every_page_is_at_most_fourteen_kilobytes_and_four_requests(self):
        pages = [(client, self.path(path, vendor), OWN) for _, method, path, _ in self.routes if method == "GET" and not path.startswith("/export/")
                 for client in self.people.values() for vendor in ("Harbour", None)]
        self.judge(pages, 300)

    def test_what_a_mail_leads_to_keeps_the_budget_from_a_webmail_too(self):
        """Another site's link: such an answer is not compressed."""
        pages = [(self.people["nobody"], self.path(path, "Harbour"), STRANGE) for _, method, path, _ in self.routes
                 if method == "GET" and path.startswith(("/i/", "/join/", "/reset/", "/never/", "/verify/", "/sign-in", "/register", "/forgot"))]
        self.judge(pages, 7)
        page = self.people["nobody"].get(self.path("/i/{token}", "Harbour")).body
        self.assertTrue("/brand/" in page and "/logo/" in page and 'type="password"' in page and "/static/script." in page, "logo, colour, and a password that can be looked at")

    def test_the_copied_link_with_its_code_and_the_letter_keep_the_budget(self):
        owner, where = self.people["owner Harbour"], f"/industry/invitations/{self.ids['Harbour', 'invitation']}"
        owner.submit(owner.get(where), where + "/link")
        self.judge([(owner, where + "/link", OWN)], 1)
        page = owner.get(where + "/link")
        owner.submit(page, where + "/letter")
        self.judge([(owner, where + "/letter", OWN)], 1)
        self.assertIn('class="qr"', page.body)
        self.assertIn('class="qr"', owner.get(where + "/letter").body)

    def test_a_link_whose_page_has_a_note_beside_logo_and_colour_keeps_the_budget(self):
        visitor, link = self.house.visitor(follow=False), self.path("/i/{token}", "Lagoon")
        self.house.sql("UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = 'pending@lagoon.example'")
        visitor.submit(visitor.get(link), button="Ask for a new invitation")
        self.judge([(visitor, link, OWN)], 1, icons=False)
        page = visitor.get(link).body
        self.assertTrue('class="note"' in page and "/logo/" in page and "/brand/" in page)

    def test_lists_of_fifty_keep_the_budget(self):
        self.fill()
        owner, customer = self.people["owner Third"], self.people["customer"]
        thread = self.house.sql("SELECT LOWER(HEX(c.public_id)) FROM company c JOIN company v ON v.name = 'Third' JOIN relationship r ON r.vendor_id = v.id "
                                "AND r.partner_id = c.id JOIN member m ON m.company_id = c.id LIMIT 1")[0][0]
        pages = [(owner, path, OWN) for path in ("/industry", "/industry?status=pending", "/industry?q=buyer", "/customers", "/suppliers", "/audit", "/shared", "/team",
                                                 "/shared/received", f"/customers/{thread}", f"/customers/{thread}/messages", "/home")]
        vendor = self.house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Third'")[0][0]
        pages += [(customer, path, OWN) for path in ("/home", "/company/delivery", "/company/members", f"/vendors/{vendor}", f"/vendors/{vendor}/messages")]
        self.judge(pages, len(pages))
        for path, part in (("/industry", "Resend"), ("/customers", "<tr>"), ("/audit", "<time"), ("/shared", "<time"), (f"/customers/{thread}/messages", "<time")):
            self.assertGreaterEqual(owner.get(path).body.count(part), 25, f"{path} is not full")

    def fill(self):
        """Fifty of everything that vendor Third and its customer have, none like another."""
        business = f"CONCAT(ELT(1 + seq % {len(BUSINESSES)}, {', '.join(chr(39) + b + chr(39) for b in BUSINESSES)}), ELT(1 + seq % 4, ' GmbH', ' Ltd', ' AB', ' & Cie'))"
        person = "CONCAT(ELT(1 + seq % 7, 'buyer', 'm.okonkwo', 'einkauf', 'anne-marie', 'j.whitfield', 'purchasing', 'b.szymanska'), seq, '@', " \
                 "ELT(1 + seq % 9, 'kaffee-roesterei', 'lindqvist', 'odonnell-castings', 'oberhausener-brauerei', 'nordlicht', 'vdberg-logistics', 'kraemer-textil', 'solent', 'vega'), '.example')"
        then = "UTC_TIMESTAMP(6) - INTERVAL seq * 7919 MINUTE"
        sent = "UTC_TIMESTAMP(6) - INTERVAL seq * 601 MINUTE"
        vendor = "(SELECT id FROM company WHERE name = 'Third')"
        owner = "(SELECT id FROM account WHERE email = 'owner@third.example')"
        role = f"(SELECT MIN(id) FROM partner_role WHERE vendor_id = {vendor})"
        reply = "ELT(1 + seq % 5, '', '', '', '451 4.7.1 Greylisted, try again in 300 seconds', '550 5.1.1 User unknown in virtual mailbox table')"
        state = "ELT(1 + seq % 5, 'sent', 'sent', 'sent', 'deferred', 'bounced')"
        rid, connected = "UNHEX(MD5(CONCAT({}, seq)))", f"FROM relationship r WHERE r.vendor_id = {vendor} AND r.kind = 'customer' ORDER BY r.id LIMIT 1"
        self.house.sql(
            f"INSERT INTO outbox (id, vendor_id, sender, recipient, state, give_up_at, reply, created_at) SELECT 100000 + seq, {vendor}, 'x', 'x', {state}, UTC_TIMESTAMP(6), "
            f"{reply}, {then} FROM seq_1_to_60; "
            f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, business_name, partner_role_id, language, expires_days, sent_at, expires_at, "
            f"outbox_id) SELECT {rid.format(1)}, {vendor}, {owner}, IF(seq % 3, 'customer', 'supplier'), IF(seq % 6, 'pending', 'cancelled'), {person}, {person}, "
            f"IF(seq % 2, {business}, ''), {role}, 'en', 7, {sent}, {sent} + INTERVAL 30 DAY - INTERVAL seq * 37 MINUTE, 100000 + seq FROM seq_1_to_60; "
            f"INSERT INTO company (public_id, kind, name, phone, street, city, created_at) SELECT {rid.format(2)}, IF(seq % 2, 'customer', 'supplier'), CONCAT({business}, ' ', seq), "
            f"CONCAT('+49 40 ', seq * 7919), CONCAT('Speicherstraße ', seq), ELT(1 + seq % 3, 'Hamburg', 'Göteborg', 'Kraków'), {then} FROM seq_1_to_120; "
            f"INSERT INTO relationship (vendor_id, partner_id, kind, number, partner_role_id, state, since) SELECT {vendor}, c.id, c.kind, CONCAT('C-', c.id * 37), {role}, "
            f"ELT(1 + c.id % 3, 'active', 'active', 'paused'), c.created_at FROM company c WHERE c.kind <> 'vendor' AND c.phone LIKE '+49 40 %'; "
            f"INSERT INTO audit_event (at, event, vendor_id, account_id, invitation_id, detail) SELECT i.sent_at, ELT(1 + i.id % 5, 'invitation_sent', 'invitation_resent', 'mail_deferred', "
            f"'invitation_cancelled', 'mail_sent'), i.vendor_id, i.sender_id, i.id, ELT(1 + i.id % 5, '', '', '451 4.7.1 Greylisted', '', '250 2.0.0 Ok: queued as 4Q7') FROM invitation i "
            f"WHERE i.vendor_id = {vendor} AND i.outbox_id > 100000; "
            f"INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) SELECT {rid.format(3)}, r.id, {owner}, seq % 2, CONCAT('Order ', seq * 7919, "
            f"ELT(1 + seq % 4, ': could you confirm the delivery week?', ' has left our warehouse this morning.', ': the invoice names the old address.', ' is complete. Thank you!')), {then} "
            f"FROM seq_1_to_60, (SELECT r.id {connected}) r; "
            f"INSERT INTO shared (public_id, vendor_id, kind, audience, title, body, account_id, created_at) SELECT {rid.format(4)}, {vendor}, 'note', 'customers', "
            f"CONCAT(ELT(1 + seq % 4, 'Price list', 'Opening hours', 'Recall of batch', 'Packing instructions'), ' ', seq * 37), CONCAT('Valid from week ', seq), {owner}, {then} FROM seq_1_to_60; "
            f"INSERT INTO account (public_id, email, email_canon, first_name, last_name, created_at) SELECT {rid.format(5)}, {person}, CONCAT('w', {person}), "
            f"ELT(1 + seq % 6, 'Anna', 'Boris', 'Chiara', 'Dmytro', 'Emre', 'Fiona'), ELT(1 + seq % 7, 'Kowalska', 'Nguyen', 'O’Brien', 'Santos', 'Lindqvist', 'Weber', 'Çelik'), {then} FROM seq_1_to_100; "
            f"INSERT INTO member SELECT IF(a.id % 2, {vendor}, (SELECT r.partner_id {connected})), a.id, IF(a.id % 2, 'auditor', 'member'), a.created_at FROM account a WHERE a.email_canon LIKE 'w%'; "
            f"INSERT INTO delivery_location (public_id, company_id, name, street, city, note, created_at) SELECT {rid.format(6)}, r.partner_id, CONCAT('Gate ', seq), CONCAT('Speicherstraße ', seq * 3), "
            f"ELT(1 + seq % 3, 'Hamburg', 'Göteborg', 'Kraków'), CONCAT('Ring at door ', seq * 7), {then} FROM seq_1_to_50, (SELECT r.partner_id {connected}) r")

    # ---- compression ----

    def test_only_what_no_other_site_asked_for_is_compressed(self):
        """Length tells content where a stranger chooses a part of the page (BREACH)."""
        owner = self.people["owner Harbour"]
        for site, packed in ((OWN, True), ("none", True), ("same-site", False), (STRANGE, False), ("", False), ("Same-Origin", True), ("same-origin, cross-site", False)):
            _, headers, body, *_ = fetched(owner, "/industry?q=customer", site)
            self.assertEqual((headers["Content-Encoding"], b"</html>" in body), ("gzip" if packed else None, True), site)
            self.assertIn("Accept-Encoding", headers["Vary"] or "" if packed else "Accept-Encoding")
            sheet = fetched(owner, self.path("/brand/{colour}", "Harbour"), site)
            self.assertEqual((sheet[1]["Content-Encoding"], b"--accent: #0a58a6" in sheet[2]), ("gzip", True), "a vendor's stylesheet says nothing that its address does not")

    def test_an_export_is_not_compressed(self):
        self.assertIsNone(fetched(self.people["owner Harbour"], "/export/customers")[1]["Content-Encoding"])

    # ---- static files ----

    def test_the_icon_that_browsers_ask_for_by_themselves_is_there_small_and_kept_a_week(self):
        page = self.people["nobody"].get("/sign-in")
        self.assertNotIn('rel="icon"', page.body, "no page pays for it")
        for client in (self.people["nobody"], self.people["owner Harbour"]):
            answer = client.raw("GET", "/favicon.ico")
            self.assertEqual((answer.status, answer.headers["Content-Type"], answer.headers["Cache-Control"], answer.headers["Set-Cookie"]),
                             (200, "image/x-icon", "public, max-age=604800", None))
        icon = fetched(client, "/favicon.ico")[2]
        self.assertLess(len(icon), 1024)
        self.assertEqual(struct.unpack("<HHHBB", icon[:8]), (0, 1, 1, 32, 32), "an icon of one picture of 32 by 32")
        size, begin = struct.unpack("<II", icon[14:22])
        self.assertEqual((icon[begin:begin + 8], begin + size), (b"\x89PNG\r\n\x1a\n", len(icon)))
        self.assertEqual(client.raw("POST", "/favicon.ico", "", {"Content-Type": "application/x-www-form-urlencoded"}).status, 405)

    def test_a_static_file_is_named_by_its_content_kept_a_year_and_small(self):
        names = [f.name for f in (ROOT / "build/static").iterdir() if f.suffix not in (".h", ".gz")]
        self.assertTrue({"css", "svg", "txt"} <= {n.split(".")[-1] for n in names}, names)
        for name in names:
            status, headers, body, octets, _ = fetched(self.people["nobody"], f"/static/{name}")
            self.assertEqual((status, headers["Cache-Control"], headers["Content-Encoding"], "Accept-Encoding" in headers["Vary"]), (200, A_YEAR, "gzip", True), name)
            self.assertEqual(name.split(".")[1], hashlib.sha256(body).hexdigest()[:12], name)
            plain = self.people["nobody"].raw("GET", f"/static/{name}")
            self.assertEqual((plain.headers["Content-Encoding"], plain.body), (None, body.decode()), name)
            self.assertLess(octets if name.endswith(".css") else 0, STYLESHEET, name)
            self.assertLess(len(body) if name.endswith(".js") else 0, SCRIPT, name)

    def test_the_sprite_names_its_licence(self):
        sprite = next((ROOT / "build/static").glob("icons.*.svg")).read_text(encoding="utf-8")
        licence = self.people["nobody"].raw("GET", "/static/" + re.search(r"licence: (icons\.\w+\.txt)", sprite)[1])
        self.assertEqual((licence.status, "Permission to use, copy" in licence.body, "MIT" in licence.body), (200, True, True))


class Sprite(unittest.TestCase):
    def test_every_icon_that_a_page_uses_is_there_and_every_one_there_is_used(self):
        there = re.findall(r'<symbol id="([\w-]+)"', (ROOT / "views/static/icons.svg").read_text(encoding="utf-8"))
        used = {name for view in (ROOT / "views").glob("*.html") for name in re.findall(r'icon\("([^"]+)"\)', view.read_text(encoding="utf-8"))}
        self.assertEqual((sorted(there), len(used) > 10), (sorted(used), True))


if __name__ == "__main__":
    unittest.main()
