"""The lists as CSV: what stands in them, for whom, as many rows as there are in the memory of a few, and never half a list that looks whole."""
import csv
import http.client
import io
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fastcgi  # noqa: E402
from house import DETAILS, SANITIZED, HouseCase, eventually  # noqa: E402

MANY, MILLION = (20_000, 20_000) if SANITIZED else (200_000, 1_000_000)
NAUGHTY = ["=1+1", "+44 20 7946 0000", "-5", "@SUM(A1)", "a,b;c", 'he said "no"', "'quoted'", "Ærøskøbing 水 🦊", "=HYPERLINK(\"x\",\"y\")", "%s%n", "\\\"", "a\u202eb", "﷽"]


def rows_of(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def as_cell(text):
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def fill(house, n):
    """So many invitations of Crowd. Their numbers grow with their ids, so that every index of the table grows at its end."""
    house.sql(f"SET unique_checks = 0, foreign_key_checks = 0; "
              f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, business_name, partner_role_id, language, expires_days, sent_at, expires_at, "
              f"ended_at) SELECT UNHEX(LPAD(HEX(seq), 32, '0')), v.id, m.account_id, 'customer', 'declined', CONCAT('many', LPAD(seq, 7, '0'), '@crowd.example'), "
              f"CONCAT('many', LPAD(seq, 7, '0'), '@crowd.example'), CONCAT('Crowd \"', seq, '\" Ltd'), r.id, 'en', 7, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) "
              f"FROM seq_1_to_{n} JOIN (SELECT id FROM company WHERE name = 'Crowd' AND kind = 'vendor') v "
              f"JOIN member m ON m.company_id = v.id AND m.role = 'owner' JOIN partner_role r ON r.vendor_id = v.id AND r.name = 'Standard'")


class Export(HouseCase):
    settings = {"web_workers": 2, "long_workers": 1, "mailer": False}

    @classmethod
    def furnish(cls):
        house = cls.house
        cls.owner = house.sign_in(house.owner("Northwind"))
        cls.other = house.sign_in(house.owner("Otherwind"))
        cls.crowd = house.sign_in(house.owner("Crowd"))
        cls.people = {role: house.sign_in(house.member("Northwind", role)) for role in ("admin", "auditor", "inviter")}
        for client in (cls.owner, cls.other):
            client.follow = False
        fields = cls.owner.get("/industry").form("/industry/invitations").fields
        for n, (kind, name) in enumerate([("customer", "Anna"), ("customer", "Bert"), ("supplier", "Cleo")]):
            page = cls.owner.post("/industry/invitations", fields | {"kind": kind, "email": f"{name.lower()}@pier.example", "first_name": name,
                                                                     "business_name": f"{name} Ltd", "number": f"N-{n}"})
            assert page.status == 303, page.text
        fields = cls.other.get("/industry").form("/industry/invitations").fields
        cls.other.post("/industry/invitations", fields | {"kind": "customer", "email": "secret@other.example"})
        house.sql("UPDATE invitation SET status = 'cancelled', ended_at = UTC_TIMESTAMP(6) WHERE email = 'bert@pier.example'")

    def sheet(self, path, client=None):
        page = (client or self.owner).get(path)
        self.assertEqual(page.status, 200, page.text)
        return rows_of(page.body)

    def connect(self, names, kind="customer"):
        """Connected companies of these names, as an acceptance would leave them."""
        for n, name in enumerate(names):
            quoted = name.replace("\\", "\\\\").replace("'", "\\'")
            self.house.sql(f"INSERT INTO company (public_id, kind, name, phone, street, house_number, postal_code, city, country, created_at) VALUES "
                           f"(UNHEX(MD5('{kind}{n}{quoted}')), '{kind}', '{quoted}', '{DETAILS['phone']}', 'High Street', '1a', 'SW1A', 'London', 'UK', UTC_TIMESTAMP(6)); "
                           f"INSERT INTO relationship (vendor_id, partner_id, kind, number, partner_role_id, state, since) SELECT v.id, LAST_INSERT_ID(), '{kind}', "
                           f"'{quoted}', (SELECT MIN(id) FROM partner_role WHERE vendor_id = v.id), 'active', UTC_TIMESTAMP(6) FROM company v WHERE v.name = 'Northwind'")

    def test_invitations_are_exported_with_every_field(self):
        rows = self.sheet("/export/invitations")
        self.assertEqual(rows[0], ["Email Address", "Kind", "Status", "First name", "Last name", "Business name", "Number", "Role", "Sent by", "Sent", "Expires",
                                   "Ended", "Mail", "Answer of the mail server"])
        self.assertEqual([r[0] for r in rows[1:]], ["cleo@pier.example", "bert@pier.example", "anna@pier.example"])
        bert = dict(zip(rows[0], rows[2]))
        self.assertEqual((bert["Kind"], bert["Status"], bert["First name"], bert["Number"], bert["Role"], bert["Mail"]),
                         ("Customer", "Cancelled", "Bert", "N-1", "Standard", "Queued"))
        for name in ("Sent", "Expires", "Ended"):
            self.assertRegex(bert[name], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(dict(zip(rows[0], rows[3]))["Ended"], "")
        self.house.sql("UPDATE outbox SET reply = '451 4.7.1 Try again later' WHERE recipient = 'bert@pier.example'; "
                       "UPDATE account SET first_name = 'Olga', last_name = 'Nord' WHERE email = 'owner@northwind.example'")
        rows = self.sheet("/export/invitations")
        self.assertEqual([(dict(zip(rows[0], r))["Sent by"], dict(zip(rows[0], r))["Answer of the mail server"]) for r in rows[2:]],
                         [("Olga Nord", "451 4.7.1 Try again later"), ("Olga Nord", "")])
        self.house.sql("UPDATE account SET first_name = '', last_name = '' WHERE email = 'owner@northwind.example'")
        self.assertEqual({dict(zip(rows[0], r))["Sent by"] for r in self.sheet("/export/invitations")[1:]}, {"owner@northwind.example"})

    def test_the_answer_is_a_file_that_a_browser_saves(self):
        page = self.owner.get("/export/invitations")
        self.assertEqual(page.headers["Content-Type"], "text/csv; header=present; charset=utf-8")
        self.assertRegex(page.headers["Content-Disposition"], r"^attachment; filename=\"Invitations 20\d\d-\d\d-\d\d\.csv\"; filename\*=UTF-8''Invitations%2020\d\d-\d\d-\d\d\.csv$")
        self.assertEqual((page.headers["X-Content-Type-Options"], page.headers["Cache-Control"]), ("nosniff", "no-store"))
        self.assertTrue(page.body.startswith("\ufeff"))
        self.assertEqual(page.body.count("\r\n"), page.body.count("\n"))
        head = self.owner.raw("HEAD", "/export/invitations")
        self.assertEqual((head.status, head.body, head.headers["Content-Type"]), (200, "", page.headers["Content-Type"]))

    def test_the_filters_of_the_panel_hold_for_the_file(self):
        for query, names in (("kind=supplier", ["cleo"]), ("status=pending", ["cleo", "anna"]), ("status=cancelled", ["bert"]), ("status=expired", []),
                             ("q=ann", ["anna"]), ("q=PIER.ex&kind=customer", ["bert", "anna"]), ("q=pier&status=pending&kind=customer", ["anna"]), ("q=ier", [])):
            self.assertEqual([r[0].split("@")[0] for r in self.sheet("/export/invitations?" + query)[1:]], names, query)
        button = next(href for href, words in self.people["admin"].get("/industry?status=cancelled&q=be").links if "Export as CSV" in words)
        self.assertEqual([r[0] for r in self.sheet(button)[1:]], ["bert@pier.example"])
        for query in ("kind=vendor", "status=paused", "colour=red", "q=" + "x" * 101):
            self.assertEqual(self.owner.get("/export/invitations?" + query).status, 400, query)

    def test_the_filters_of_the_lists_hold_for_the_file(self):
        self.connect(["Quay One", "Quay Two", "Pier Three"], "customer")
        self.house.sql("INSERT IGNORE INTO relationship_word (vendor_id, kind, word, relationship_id) SELECT r.vendor_id, r.kind, LOWER(c.name), r.id FROM relationship r "
                       "JOIN company c ON c.id = r.partner_id; UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.state = 'paused', "
                       "r.paused_until = IF(c.name = 'Quay Two', UTC_TIMESTAMP(6) - INTERVAL 1 SECOND, NULL) WHERE c.name IN ('Quay Two', 'Pier Three')")
        for query, names in (("state=paused", ["Pier Three"]), ("q=qua", ["Quay Two", "Quay One"]), ("q=quay&state=active", ["Quay Two", "Quay One"]),
                             ("q=pier&state=active", []), ("state=disconnected", [])):
            rows = self.sheet("/export/customers?" + query)
            self.assertEqual([r[0] for r in rows[1:]], names, query)
        self.assertEqual([r[2] for r in self.sheet("/export/customers?q=quay")[1:]], ["Active", "Active"])
        button = next(href for href, words in self.people["auditor"].get("/customers?state=paused&q=pie").links if "Export as CSV" in words)
        self.assertEqual([r[0] for r in self.sheet(button)[1:]], ["Pier Three"])
        for query in ("state=gone", "colour=red"):
            self.assertEqual(self.owner.get("/export/customers?" + query).status, 400, query)

    def test_every_status_and_every_state_is_a_filter_and_nothing_is_in_two(self):
        """Also where an export takes more than one batch, of customers and of suppliers."""
        house, many = self.house, 260
        owner = house.sign_in(house.owner("Sieve"))
        vendor = "(SELECT id FROM company WHERE name = 'Sieve' AND kind = 'vendor')"
        statuses = ("pending", "expired", "accepted", "cancelled", "declined")
        house.sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, expires_at, ended_at) "
                  f"SELECT UNHEX(MD5(CONCAT('sieve', seq))), r.vendor_id, m.account_id, IF(seq % 2, 'customer', 'supplier'), ELT(1 + seq % 5, 'pending', 'pending', 'accepted', "
                  f"'cancelled', 'declined'), CONCAT('grain', seq, '@sieve.example'), CONCAT('grain', seq, '@sieve.example'), r.id, 'en', 7, UTC_TIMESTAMP(6), "
                  f"UTC_TIMESTAMP(6) + INTERVAL IF(seq % 5, -1, 1) DAY, IF(seq % 5 < 2, NULL, UTC_TIMESTAMP(6)) FROM seq_1_to_{many * len(statuses)} "
                  f"JOIN partner_role r ON r.vendor_id = {vendor} AND r.name = 'Standard' JOIN member m ON m.company_id = r.vendor_id")
        for kind in ("", "customer", "supplier"):
            found = {s: [(r[0], r[2]) for r in self.sheet(f"/export/invitations?status={s}" + (f"&kind={kind}" if kind else ""), owner)[1:]] for s in statuses}
            self.assertEqual({s: {status for _, status in rows} for s, rows in found.items()}, {s: {s.capitalize()} for s in statuses})
            self.assertEqual({len(rows) for rows in found.values()}, {many // 2 if kind else many})
            self.assertEqual(len({email for rows in found.values() for email, _ in rows}), many * 5 // (2 if kind else 1))
        for kind in ("customer", "supplier"):
            house.sql(f"INSERT INTO company (public_id, kind, name, created_at) SELECT UNHEX(MD5(CONCAT('sieve{kind}', seq))), '{kind}', CONCAT('Grain {kind} ', seq), UTC_TIMESTAMP(6) "
                      f"FROM seq_1_to_{many * 3}; INSERT INTO relationship (vendor_id, partner_id, kind, number, partner_role_id, state, since) SELECT {vendor}, c.id, '{kind}', '', "
                      f"(SELECT MIN(id) FROM partner_role WHERE vendor_id = {vendor}), ELT(1 + c.id % 3, 'active', 'paused', 'disconnected'), UTC_TIMESTAMP(6) "
                      f"FROM company c WHERE c.name LIKE 'Grain {kind} %' ORDER BY c.id")
            found = {s: [(r[0], r[2]) for r in self.sheet(f"/export/{kind}s?state={s}", owner)[1:]] for s in ("active", "paused", "disconnected")}
            self.assertEqual({s: {state for _, state in rows} for s, rows in found.items()}, {s: {s.capitalize()} for s in found})
            self.assertEqual({len(rows) for rows in found.values()}, {many})
            names = [r[0] for r in self.sheet(f"/export/{kind}s", owner)[1:]]
            self.assertEqual(names, [f"Grain {kind} {n}" for n in range(many * 3, 0, -1)], "each once, newest first")

    def test_who_may_export(self):
        for path in ("/export/invitations", "/export/customers", "/export/suppliers"):
            for role, status in (("admin", 200), ("auditor", 200), ("inviter", 403)):
                self.assertEqual(self.people[role].get(path).status, status, (role, path))
            self.assertEqual(self.house.visitor(follow=False).get(path).status, 303)
        self.assertNotIn("Export as CSV", self.people["inviter"].get("/industry").text)

    def test_nothing_of_another_vendor_is_in_it(self):
        self.connect(["Mine Ltd"])
        for path in ("/export/invitations", "/export/customers", "/export/suppliers"):
            self.assertNotIn("secret@", self.owner.get(path).body)
            self.assertNotRegex(self.other.get(path).body, "pier.example|Mine Ltd")

    def test_naughty_strings_come_back_as_they_were_and_no_cell_is_a_formula(self):
        self.connect(NAUGHTY, "supplier")
        rows = self.sheet("/export/suppliers")
        self.assertEqual(rows[0], ["Business name", "Number", "State", "Since", "Role", "Contact", "First name", "Last name", "Phone", "Street", "House number",
                                   "Postal code", "City", "Country", "Company ID"])
        self.assertEqual([r[0] for r in rows[1:]][::-1], [as_cell(name) for name in NAUGHTY])
        self.assertEqual([r[1] for r in rows[1:]][::-1], [as_cell(name) for name in NAUGHTY])
        self.assertEqual({tuple(r[8:14]) for r in rows[1:]}, {("'+44 20 7946 0000", "High Street", "1a", "SW1A", "London", "UK")})
        self.assertEqual({r[4] for r in rows[1:]}, {"Standard"})
        since = self.house.sql("SELECT DATE_FORMAT(r.since, '%Y-%m-%dT%TZ'), LOWER(HEX(c.public_id)) FROM relationship r JOIN company c ON c.id = r.partner_id WHERE r.kind = 'supplier' ORDER BY r.id DESC")
        self.assertEqual([(r[3], r[14]) for r in rows[1:]], [s for s in since if s[1] in {r[14] for r in rows}])
        self.assertEqual({len(r) for r in rows}, {15})

    def fill(self):
        """Many invitations, once."""
        if not self.house.count("invitation", "email LIKE 'many%'"):
            fill(self.house, MANY)

    def test_a_list_that_cannot_be_brought_to_its_end_does_not_look_whole(self):
        self.fill()
        mark = len(self.stack.program_words())
        holder = subprocess.Popen(["mariadb", "--no-defaults", f"--socket={self.stack.database.socket}", "-N", "--unbuffered", "invited"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=60)
        connection.request("GET", "/export/invitations", headers={"Cookie": f"session={self.crowd.cookies['session']}"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Content-Length")), (200, None))
        answer.read(1000)
        holder.stdin.write("LOCK TABLES account WRITE; SELECT 'held';\n")   # a statement may take five seconds
        holder.stdin.flush()
        self.assertEqual(holder.stdout.readline(), "held\n")
        with self.assertRaises((http.client.IncompleteRead, ConnectionResetError)):
            while answer.read(1 << 16):
                pass
        connection.close()
        holder.kill()
        holder.communicate()
        eventually("the log", lambda: "broken off" in self.stack.program_words()[mark:])
        self.assertEqual(self.sheet("/export/invitations?status=cancelled")[1][0], "bert@pier.example")

    def test_a_visitor_who_goes_frees_the_worker(self):
        self.fill()
        mark = len(self.stack.program_words())
        with fastcgi.connect(self.stack.socket("long")) as s:
            s.sendall(fastcgi.request("GET", "/export/invitations", host=self.stack.host, HTTP_COOKIE=f"session={self.crowd.cookies['session']}"))
            s.recv(1000)
        self.assertEqual(self.sheet("/export/invitations?status=cancelled")[1][0], "bert@pier.example")
        self.assertIn("visitor gone", self.stack.program_words()[mark:])

    def test_a_database_that_is_away_is_a_page_and_not_a_file(self):
        self.stack.database.stop()
        try:
            page = self.owner.get("/export/customers")
            self.assertEqual((page.status, page.headers["Content-Disposition"]), (503, None))
        finally:
            self.stack.database.start()
        eventually("the list", lambda: self.owner.get("/export/customers").status == 200)


class Million(HouseCase):
    settings = {"web_workers": 1, "long_workers": 1, "mailer": False}

    @classmethod
    def furnish(cls):
        cls.house.owner("Other")
        cls.crowd = cls.house.sign_in(cls.house.owner("Crowd"))
        # The indexes of the panel would be most of the work, and the export reads by one that stays (FORCE INDEX).
        keys = cls.house.sql("SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'invitation' "
                             "AND index_name NOT IN ('PRIMARY', 'invitation_all')")
        parts = cls.house.sql("SELECT constraint_name FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() AND table_name = 'invitation'")
        cls.house.sql("ALTER TABLE invitation " + ", ".join([f"DROP FOREIGN KEY {name}" for name, in parts] + [f"DROP KEY {name}" for name, in keys]))

    def long_worker(self):
        children = pathlib.Path(f"/proc/{self.stack.program.pid}/task/{self.stack.program.pid}/children").read_text().split()
        return next(int(p) for p in children if os.getpriority(os.PRIO_PROCESS, int(p)) == 5)

    def peak_kib(self):
        """What the long worker, and each of nginx's workers, ever held."""
        try:
            status = [pathlib.Path(f"/proc/{p}/status").read_text(encoding="ascii") for p in (self.long_worker(), *self.nginx_workers())]
        except PermissionError:
            self.skipTest("only root may look into a process that is not dumpable")
        return [int(re.search(r"VmHWM:\s+(\d+) kB", words)[1]) for words in status]

    def nginx_workers(self):
        return pathlib.Path(f"/proc/{self.stack.nginx.pid}/task/{self.stack.nginx.pid}/children").read_text(encoding="ascii").split()

    def stream(self, path):
        """The rows of a list, as they come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=120)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers={"Cookie": f"session={self.crowd.cookies['session']}"})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.getheader("Content-Length")), (200, None))
        return csv.reader(io.TextIOWrapper(answer, encoding="utf-8-sig", newline=""), strict=True)

    def test_a_million_rows_come_whole_in_the_memory_of_a_few(self):
        """Of nginx too, which keeps what a slow visitor has not taken yet in a file, so that it holds no long worker, and not in memory."""
        self.assertEqual(len(list(self.stream("/export/invitations?status=cancelled"))), 1, "nothing but the names")
        before, n = self.peak_kib(), MILLION
        fill(self.house, n)
        rows = self.stream("/export/invitations?status=declined")
        self.assertEqual(next(rows)[:3], ["Email Address", "Kind", "Status"])
        for row in rows:   # newest first, each once
            if (row[0], row[5], len(row)) != (f"many{n:07}@crowd.example", f'Crowd "{n}" Ltd', 14):
                self.fail(f"instead of number {n}: {row}")
            n -= 1
        self.assertEqual(n, 0)
        after = self.peak_kib()
        eventually("nginx's file is gone", lambda: not [f for f in (self.stack.folder / "tmp/fastcgi").rglob("*") if f.is_file()])
        sys.stderr.write(f"long worker and nginx held at most {after} KiB ({before} before) for {MILLION} rows ")
        if not SANITIZED:
            self.assertEqual([f"from {b} to {a} KiB" for b, a in zip(before, after) if a - b > 4 * 1024], [])


if __name__ == "__main__":
    unittest.main()
