"""Rules of security.md on the real stack: headers everywhere, forged requests, sessions, who may go where, reading changes nothing, limits,
and no secret in any log or table."""
import base64
import pathlib
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fastcgi  # noqa: E402
from house import DETAILS, PASSWORD, SANITIZED, HouseCase, eventually  # noqa: E402
from town import UNKNOWN_TOKEN, Town  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SAME = {"Sec-Fetch-Site": "same-origin"}
ALWAYS = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
          "Cross-Origin-Embedder-Policy": "require-corp", "Server": "nginx"}
NGINX_POLICY = {"default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"}
POLICY = NGINX_POLICY | {"script-src 'self'", "object-src 'none'"}
SECRET = ("/i/", "/join/", "/reset/", "/never/", "/verify/")   # what follows in the path is a key


class Headers(Town):
    def check(self, page, where, dynamic=True, secret=False):
        for name, value in ALWAYS.items():
            self.assertEqual(page.headers[name], value, f"{name} of {where}")
        own = "X-Request-Id" in page.headers   # of the program, which says HSTS over https only: below
        self.assertEqual(set((page.headers["Content-Security-Policy"] or "").split("; ")), POLICY if own else NGINX_POLICY, where)
        self.assertEqual(page.headers["Strict-Transport-Security"], None if own else "max-age=63072000; includeSubDomains", where)
        self.assertEqual(page.headers["Permissions-Policy"], None if own else "camera=(), geolocation=(), microphone=(), payment=()", where)
        if dynamic:
            self.assertEqual(page.headers["Cache-Control"], "no-store", where)
        if secret:
            self.assertEqual(page.headers["Referrer-Policy"], "no-referrer", where)
        self.assertIn(page.headers["Referrer-Policy"], ("same-origin", "no-referrer"), where)
        self.assertEqual([n for n in page.headers if n.lower().startswith("access-control")], [], where)
        if page.body:
            self.assertRegex(page.headers["Content-Type"], "; charset=utf-8$|^image/|^application/(octet-stream|json)$", where)
        for cookie in page.headers.get_all("Set-Cookie") or []:
            self.assertRegex(cookie, r"^(session|visitor|note)=[\w-]*; Path=/; HttpOnly; SameSite=Lax(; Max-Age=\d+)?$", where)

    def every_answer(self):
        """(where, page) of every route, as several people, done right and wrong."""
        for name, method, path, _ in self.routes:
            for who in ("nobody", "owner Harbour", "customer"):
                for vendor in ("Harbour", None):
                    where, client = self.path(path, vendor), self.people[who]
                    if method == "GET":
                        yield where, client.raw("GET", where)
                        yield where, client.raw("HEAD", where)
                    yield where, client.raw("POST", where, "csrf=wrong", FORM)             # 403, or 405
                    yield where, client.raw("POST", where, "a=%zz", FORM)                  # 400
                    yield where, client.raw("POST", where, "{}", {"Content-Type": "application/json"})
                    yield where, client.raw("POST", where, "x" * 20000, FORM)              # 413 of the program
                    yield where, client.raw("PUT", where)
            yield where, self.people["nobody"].raw("POST", where, "x" * 70000, FORM)       # 413 of nginx
        for where in ("/nowhere", "/i/", "/i/x/y/z", "/reset/", "/error/404.html", "/sign-in?a=b", "/i/%2e%2e", "/.git/config"):
            yield where, self.people["nobody"].raw("GET", where)

    def test_every_answer_carries_every_header(self):
        statuses = set()
        for where, page in self.every_answer():
            statuses.add(page.status)
            self.assertLess(page.status, 500, where)
            kept = where.startswith(("/logo/", "/brand/")) and page.status == 200   # the name changes with the content
            self.check(page, f"{where} {page.status}", dynamic=not kept, secret=where.startswith(SECRET))
        self.assertEqual(statuses, {200, 303, 400, 403, 404, 405, 410, 413, 415, 422})

    def test_static_files_and_pages_of_nginx_carry_them_too(self):
        page = self.people["nobody"].get("/sign-in")
        files = re.findall(r'(/static/[\w.-]+)', page.body) + ["/favicon.ico", "/static/missing.css"]
        self.assertGreater(len(files), 2)
        for file in files:
            answer = self.people["nobody"].raw("GET", file)
            self.assertEqual(answer.status, 404 if "missing" in file else 200)
            self.check(answer, file, dynamic=answer.status == 404)
        self.stack.stop_program()
        try:
            for where in ("/sign-in", *(kind + UNKNOWN_TOKEN for kind in SECRET)):
                answer = self.people["nobody"].raw("GET", where)
                self.assertEqual((answer.status, answer.headers["Retry-After"]), (502, "10"))
                self.check(answer, f"{where} 502", secret=where != "/sign-in")
        finally:
            self.stack.start_program()

    def test_over_https_cookies_are_bound_to_host_and_channel(self):
        usual = self.stack.url
        self.stack.reload(base_url="https://portal.example")
        try:
            answer = fastcgi.ask(self.stack.socket("web"), "GET", "/sign-in", host="portal.example")
            self.assertRegex(answer.headers["set-cookie"], r"^__Host-visitor=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure$")
            self.assertEqual(answer.headers["strict-transport-security"], "max-age=63072000; includeSubDomains")
            self.assertEqual(fastcgi.ask(self.stack.socket("web"), "GET", "/sign-in", host=self.stack.host).status, 421)
            for session in ("session", "__Host-session"):   # a cookie without the prefix may come from a sister host
                cookie = f"{session}={self.people['owner Harbour'].cookies['session']}"
                answer = fastcgi.ask(self.stack.socket("web"), "GET", "/industry", host="portal.example", HTTP_COOKIE=cookie)
                self.assertEqual(answer.status, 200 if session.startswith("__") else 303)
        finally:
            self.stack.reload(base_url=usual)

    def test_nothing_comes_from_elsewhere(self):
        for _, method, path, _ in self.routes:
            if method == "GET":
                for who in ("nobody", "owner Harbour", "customer"):
                    page = self.people[who].raw("GET", self.path(path, "Harbour"))
                    self.assertEqual(re.findall(r"""(?:src|href|action)=["'](?!/|#|\?|mailto:)[^"']*""", page.body), [], path)
                    self.assertNotRegex(page.body, r"<script(?! src)|style=|\son\w+=", path)

    def test_the_page_of_a_problem_names_the_request_as_the_log_does_and_nothing_else_of_us(self):
        for method, where, body, route in (("GET", "/nowhere/" + "x" * 20, None, "-"), ("POST", "/sign-in", "csrf=wrong", "sign_in_do"), ("POST", "/forgot", "a=%zz", "forgot_do")):
            page = self.people["nobody"].raw(method, where, body, FORM if body else None)
            number = page.headers["X-Request-Id"]
            self.assertRegex(number, r"^[0-9a-f]{32}$")
            self.assertIn(f"Reference: {number}", page.text)
            eventually("the line", lambda n=number, r=route: re.search(rf"req={n} {method} {r} {page.status} ", self.stack.program_words()))
            self.assertNotRegex(page.body, r"SELECT|\.c:|handlers/|mariadb|xxxx")


class Forged(Town):
    def refused(self, name, where, client, fields, headers, why):
        before = self.state()
        page = client.raw("POST", where, "&".join(f"{k}={v}" for k, v in fields.items()), FORM | headers)
        self.assertEqual((page.status, page.h1), (403, "This page was open too long"), f"{name}: {why}")
        self.assertNotIn("Location", page.headers, name)
        self.assertEqual(self.state(), before, f"{name}: {why}")

    def test_a_forged_post_is_refused_and_changes_nothing(self):
        origin = {"Origin": self.stack.url}
        for name, method, path, permission in self.routes:
            if method != "POST" or name in ("settings_logo_do", "shared_upload_do", "vendor_upload_do"):   # of parts: settings_test.py, shared_test.py
                continue
            partner = name.startswith("home") or permission in ("partner", "partner-manage")
            client = self.people["nobody" if permission == "anyone" else "customer" if partner else "owner Harbour"]
            token, where = self.token(client), self.path(path, "Harbour")
            other = self.token(self.people["owner Lagoon" if client.cookies.get("session") else "customer"])
            for fields, headers, why in (({}, SAME | origin, "no token"), ({"csrf": ""}, SAME | origin, "an empty token"),
                                         ({"csrf": other}, SAME | origin, "somebody else's token"),
                                         ({"csrf": token[:-1]}, SAME | origin, "a cut token"),
                                         ({"csrf": token}, {"Sec-Fetch-Site": "cross-site"} | origin, "cross-site"),
                                         ({"csrf": token}, {"Sec-Fetch-Site": "same-site"} | origin, "same-site"),
                                         ({"csrf": token}, {"Sec-Fetch-Site": "none"}, "none"),
                                         ({"csrf": token}, {"Origin": "https://evil.example"}, "foreign origin"),
                                         ({"csrf": token}, SAME | {"Origin": "https://evil.example"}, "foreign origin that lies"),
                                         ({"csrf": token}, {"Origin": "null"}, "null"),
                                         ({"csrf": token}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, "null from elsewhere")):
                self.refused(name, where, client, fields, headers, why)

    def test_a_token_without_its_cookie_is_worth_nothing(self):
        token = self.token(self.people["owner Harbour"])
        page = self.house.visitor().raw("POST", "/sign-out", f"csrf={token}", FORM | SAME)
        self.assertEqual(page.status, 403)

    def test_a_genuine_post_of_a_page_without_referrer_passes(self):
        """`no-referrer` makes browsers say `Origin: null`."""
        client = self.house.visitor(follow=False)
        page = client.get("/i/" + self.ids["Harbour", "token"])
        token = page.form("/register").fields["csrf"]
        answer = client.raw("POST", f"/i/{self.ids['Harbour', 'token']}/register", f"csrf={token}", FORM | SAME | {"Origin": "null"})
        self.assertEqual(answer.status, 422)
        answer = client.raw("POST", f"/i/{self.ids['Harbour', 'token']}/register", f"csrf={token}", FORM)   # an old browser says neither
        self.assertEqual(answer.status, 422)


class Sessions(Town):
    def alive(self, session):
        return self.house.visitor(follow=False).raw("GET", "/industry", headers={"Cookie": f"session={session}"}).status == 200

    def session(self, client=None):
        return (client or self.house.sign_in("owner@harbour.example")).cookies["session"]

    def test_signing_in_makes_a_new_session_and_ends_the_one_before(self):
        client = self.house.visitor()
        page = client.get("/sign-in")
        visitor = client.cookies["visitor"]
        client.submit(page, "/sign-in", email="owner@harbour.example", password=PASSWORD)
        first = client.cookies["session"]
        self.assertNotEqual(first, visitor)
        self.assertNotIn("visitor", client.cookies)
        client.submit(client.get("/sign-in"), "/sign-in", email="owner@harbour.example", password=PASSWORD)
        self.assertNotEqual(client.cookies["session"], first)
        self.assertTrue(self.alive(client.cookies["session"]))
        self.assertFalse(self.alive(first))

    def test_a_session_that_was_brought_along_is_not_adopted(self):
        for planted in ("A" * 43, "short", ""):
            client = self.house.visitor()
            client.cookies["session"] = client.cookies["visitor"] = planted
            client.submit(client.get("/sign-in"), "/sign-in", email="owner@harbour.example", password=PASSWORD)
            self.assertNotEqual(client.cookies["session"], planted)

    def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(self):
        client = self.house.sign_in("owner@harbour.example")
        session = self.session(client)
        client.follow = False
        page = client.submit(client.get("/industry"), "/sign-out")
        self.assertEqual((page.status, page.location, page.headers["Clear-Site-Data"]), (303, "/sign-in", '"cache", "storage"'))
        self.assertFalse(self.alive(session))
        self.assertNotIn("session", client.cookies)

    def test_a_session_ends_after_its_idle_time_and_after_its_whole_time(self):
        for change in ("seen_at = UTC_TIMESTAMP(6) - INTERVAL 30 MINUTE", "created_at = UTC_TIMESTAMP(6) - INTERVAL 12 HOUR, seen_at = UTC_TIMESTAMP(6)"):
            session = self.session()
            newest = "hash = (SELECT hash FROM (SELECT hash FROM session ORDER BY created_at DESC LIMIT 1) s)"
            nearly = change.replace("30 MINUTE", "29 MINUTE").replace("12 HOUR", "11 HOUR")
            self.house.sql(f"UPDATE session SET {nearly} WHERE {newest}")
            self.assertTrue(self.alive(session), nearly)
            self.house.sql(f"UPDATE session SET {change} ORDER BY created_at DESC LIMIT 1" if "seen_at = UTC_TIMESTAMP(6) -" in change else
                           f"UPDATE session SET {change} WHERE created_at < UTC_TIMESTAMP(6) - INTERVAL 10 HOUR")
            self.assertFalse(self.alive(session), change)

    def test_a_role_that_is_taken_away_is_gone_at_the_next_request(self):
        email = "fired@harbour.example"
        self.stack.command("account", "add", "--email", email, "--vendor", "Harbour", "--role", "admin", "--password-stdin", stdin=PASSWORD + "\n")
        client = self.house.sign_in(email)
        client.follow = False
        form = client.get("/industry").form("/industry/invitations").fields
        member = f"WHERE account_id = (SELECT id FROM account WHERE email_canon = '{email}')"
        self.house.sql(f"UPDATE member SET role = 'auditor' {member}")
        self.assertEqual((client.get("/industry").status, client.get("/customers").status), (403, 200))
        self.house.sql(f"DELETE FROM member {member}")
        before = self.state()
        self.assertEqual((client.get("/industry").status, client.get("/customers").status), (403, 403))
        self.assertEqual(client.post("/industry/invitations", form | {"kind": "customer", "email": "x@pier.example"}).status, 403)
        self.assertEqual(self.state(), before)


class Limits(HouseCase):
    settings = {"limit_percent": 100, "open_registration": True}

    def tries(self, n, email, password="wrong-Horse-77", source=None):
        client = self.house.visitor(source=source)
        page = client.get("/sign-in")
        return [client.submit(page, "/sign-in", email=email, password=password) for _ in range(n)]

    @staticmethod
    def in_one_minute(latest=40):
        if time.monotonic() % 60 > latest:   # the count begins anew with every minute
            time.sleep(61 - time.monotonic() % 60)

    def test_passwords_cannot_be_tried_again_and_again(self):
        self.in_one_minute(40 if SANITIZED else 54)
        email = self.house.owner("Northwind")
        self.assertEqual([p.status for p in self.tries(10, email)], [422] * 10)
        eleventh = self.tries(1, email.upper(), PASSWORD)[0]   # the right one does not help now
        self.assertEqual((eleventh.status, eleventh.h1), (429, "Too many tries"))
        self.assertIn(int(eleventh.headers["Retry-After"]), range(1, 61))
        others = [self.tries(1, f"somebody{n}@pier.example")[0].status for n in range(19)]   # another account, the same visitor
        self.assertEqual(others, [422] * 19)
        self.assertEqual(self.tries(1, "one-more@pier.example")[0].status, 429)
        self.assertEqual(self.tries(1, "one-more@pier.example", source="127.0.0.2")[0].status, 422)   # another visitor
        client = self.house.visitor()
        asked = [client.submit(client.get("/forgot"), "/forgot", email=email).status for _ in range(4)]
        self.assertEqual(asked, [200, 200, 200, 429])

    def test_neither_registrations_of_an_address_nor_passwords_at_its_verification_link_are_tried_again_and_again(self):
        self.in_one_minute()
        client, other = self.house.visitor(), self.house.visitor()
        whose = DETAILS | {"kind": "customer", "email": "squat@pier.example", "password": PASSWORD}
        page = client.get("/register")
        self.assertEqual([client.submit(page, "/register", **whose | {"email": email}).status for email in ("squat@pier.example",) * 3 + ("Squat@PIER.example",)],
                         [200, 200, 200, 429])
        link = self.house.link("squat@pier.example", kind="verify")
        page = other.get(link)
        self.assertEqual([other.submit(page, link, password="wrong-Horse-77").status for _ in range(10)], [422] * 10)
        self.assertEqual(other.submit(page, link, password=PASSWORD).status, 429, "the right one does not help now")
        self.assertEqual(client.submit(client.get(link), link).h1, "Home", "the browser that registered needs none")

    def test_a_network_of_ipv6_is_one_visitor_and_another_network_another(self):
        def asked(address):
            return fastcgi.ask(self.stack.socket("web"), "POST", "/forgot", b"", host=self.stack.host, REMOTE_ADDR=address).status
        if time.monotonic() % 60 > 54:
            time.sleep(61 - time.monotonic() % 60)
        self.assertEqual([asked(f"2001:db8:1:2:{n:x}::{n:x}") for n in range(12)], [403] * 10 + [429] * 2)   # 403: it came from no page of ours
        self.assertEqual([asked(address) for address in ("2001:db8:1:3::1", "::ffff:192.0.2.1", "::ffff:192.0.2.2", "192.0.2.3", "")], [403] * 5)


class Canaries(HouseCase):
    settings = {"open_registration": True}

    def test_no_secret_and_no_address_is_written_down_anywhere(self):
        house, secrets = self.house, {PASSWORD, "wrong-Horse-77", "a-New-one-for-osprey-55"}
        owner = house.sign_in(house.owner("Northwind"))
        house.invite(owner, "canary@pier.example", first_name="Canary")
        link = house.link("canary@pier.example")
        house.visitor().post(f"{link}/register", {"password": "wrong-Horse-77"})
        visitor = house.visitor()
        visitor.get(link)
        customer = house.register(link)
        visitor.submit(visitor.get("/forgot"), "/forgot", email="canary@pier.example")
        reset = house.link("canary@pier.example", kind="reset")
        visitor.submit(visitor.get("/sign-in"), "/sign-in", email="canary@pier.example", password="wrong-Horse-77")
        visitor.submit(visitor.get(reset), reset, password="a-New-one-for-osprey-55")
        owner.submit(owner.get("/team"), "/team/invitations", email="colleague@pier.example", role="auditor")
        never = re.search(r"/never/[\w-]+", house.mail("canary@pier.example", 1)["text"])[0]
        links = [link, reset, never, house.link("colleague@pier.example", kind="join"), house.register_open("newcomer@pier.example")]
        secrets |= {*(key.split("/")[2] for key in links), *owner.cookies.values(), *customer.cookies.values(), *visitor.cookies.values()}
        paths = [path for base in links for path in (base, base + "/register", base + "?x=1", "/." + base, "/" + base, f"/%{ord(base[1]):x}" + base[2:], base.upper(), base + "%")]
        for path in paths:
            for body, headers in ((None, {}), ("x" * 70000, FORM), ("x=%", FORM), (None, {"Cookie": "x" * 9000, "Referer": self.stack.url + link})):
                visitor.raw("POST" if body else "GET", path, body, headers)
        self.stack.stop_program()   # now nginx complains of a missing upstream
        try:
            for path in paths:
                visitor.raw("GET", path)
                visitor.raw("POST", path, "a=b", FORM)
        finally:
            self.stack.start_program()
        self.stack.program.send(1)
        for log in self.stack.logs.iterdir():
            words = log.read_text("utf-8", "replace")
            for secret in secrets | {s.upper() for s in secrets if len(s) == 43}:
                self.assertNotIn(secret, words, log.name)
        for email in ("canary@pier.example", "owner@northwind.example", "Canary", "colleague@pier.example", "newcomer@pier.example"):
            self.assertNotIn(email, self.stack.program_words())
        self.assertIn("/sign-in", self.stack.access_log.read_text())
        dump = subprocess.run(["mariadb-dump", "--no-defaults", f"--socket={self.stack.database.socket}", "--hex-blob", "invited"],
                              capture_output=True, check=True).stdout.decode("utf-8", "replace")
        self.assertIn("canary@pier.example", dump)
        for secret in secrets:
            self.assertNotIn(secret, dump)
            self.assertNotIn(secret.encode().hex().upper(), dump.upper())
            if len(secret) == 43:
                self.assertNotIn(base64.urlsafe_b64decode(secret + "=").hex().upper(), dump.upper())


if __name__ == "__main__":
    unittest.main()
