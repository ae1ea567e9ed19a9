"""What nobody's browser sends: oversized, malformed, repeated, unknown, hostile. Never a 500, never a hang, never a change, and nothing that
a person typed is lost."""
import pathlib
import re
import socket
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fastcgi  # noqa: E402
from house import DETAILS  # noqa: E402
from town import UNKNOWN, UNKNOWN_TOKEN, Town  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
READ = "This request could not be read"


OF_PARTS = ("settings_logo_do", "shared_upload_do", "vendor_upload_do")   # multipart/form-data: settings_test.py, shared_test.py
HAVE_ROLE = ("invite", "invitation_change_do", "customer_edit", "supplier_edit", "team_invite", "team_role_do", "member_role_do", "add_customer_do", "add_supplier_do", "link_customer_do", "link_supplier_do")


class Guarded(Town):
    def setUp(self):
        self.before, self.mark = self.state(), len(self.stack.program_words())

    def tearDown(self):
        words = self.stack.program_words()[self.mark:]
        self.assertNotRegex(words, r" error (?!web\[\d+\] req=\w+ route )", "the program complained")
        self.assertNotIn("ended by signal", words)

    def unchanged(self, why):
        self.assertEqual(self.state(), self.before, why)

    def sender(self, name, permission):
        partner = name.startswith("home") or permission in ("partner", "partner-manage")
        return self.people["nobody" if permission == "anyone" else "customer" if partner else "owner Harbour"]

    def posts(self):
        """(name, path, client, token) of every route that takes a form, as somebody who may send it."""
        for name, method, path, permission in self.routes:
            if method == "POST" and name not in OF_PARTS:
                client = self.sender(name, permission)
                yield name, self.path(path, "Harbour"), client, self.token(client)

    def ask(self, client, method, path, body=None, headers=None):
        begun = time.monotonic()
        page = client.raw(method, path, body, headers or {})
        self.assertLess(time.monotonic() - begun, 5, path)
        self.assertLess(page.status, 500, f"{path} {str(body)[:80]}")
        return page


class BadInput(Guarded):
    def test_bodies_that_are_too_long_are_refused_with_413(self):
        for name, path, client, token in self.posts():
            for body in ("csrf=" + token + "&password=" + "x" * 50000, "x" * 65537, "a=b&" * 250_000, "&" * 60000):
                page = self.ask(client, "POST", path, body, FORM)
                self.assertEqual(page.status, 413, f"{name} {len(body)}")
        self.unchanged("413")

    def test_bodies_of_another_kind_are_refused_with_415(self):
        for name, path, client, token in self.posts():
            for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml", "application/x-www-form-urlencode", "x" * 1000, "", None):
                headers = {"Sec-Fetch-Site": "same-origin"} | ({"Content-Type": kind} if kind is not None else {})
                self.assertEqual(self.ask(client, "POST", path, f"csrf={token}", headers).status, 415, f"{name} {kind}")
        self.unchanged("415")

    def test_malformed_and_unknown_and_repeated_fields_are_refused_with_400(self):
        bad = [b"%", b"a=%", b"%4", b"a=%4", b"a=%zz", b"a=%g1", b"a=%0", b"email=%00", b"email=a%00b", b"email=\0", b"\0", b"email=%c0%af", b"email=%e0%80%80",
               b"email=%ed%a0%80", b"email=%ed%b0%80", b"email=%f4%90%80%80", b"email=%ff", b"email=\xff\xfe", b"email=%80", b"email=%f0%9f%98", b"%ff=a",
               b"tenant_id=1", b"vendor_id=1", b"verified=1", b"verified_at=now", b"is_admin=true", b"id=1", b"status=accepted", b"account_id=1", b"sender_id=1",
               b"__proto__=1", b"email[]=a", b"email.x=a", b"Email=a", b"EMAIL=a", b"=a", b"=", b"x", b"%EF%BB%BFemail=a", b"a&" * 1500, b"csrf=again", b"%63srf=again",
               b"_method=DELETE", b"permissions=write", b"company_id=1", b"public_id=1", b"expires_at=9999", b";a=b", b"email=a;role=owner=b&c"]
        for name, path, client, token in self.posts():
            for fields in bad:
                page = self.ask(client, "POST", path, b"csrf=" + token.encode() + b"&" + fields, FORM)
                self.assertEqual((page.status, page.h1), (400, READ), f"{name} {fields[:40]}")
            known = {"sign_in_do": "email", "forgot_do": "email", "reset_do": "password", "invite": "role", "link_register": "city", "link_sign_in": "password"}.get(name)
            if known:   # a known one, but twice
                self.assertEqual(self.ask(client, "POST", path, f"csrf={token}&{known}=a&{known}=a", FORM).status, 400, name)
            if name not in HAVE_ROLE:
                self.assertEqual(self.ask(client, "POST", path, f"csrf={token}&role=owner", FORM).status, 400, name)
            self.assertEqual(self.ask(client, "POST", path + "?email=a", f"csrf={token}", FORM).status, 400, name)
            self.assertEqual(self.ask(client, "POST", path + "?csrf=" + token, "", FORM).status, 400, name)
        self.unchanged("400")

    def test_queries_that_no_page_makes_are_refused_with_400(self):
        owner = self.people["owner Harbour"]
        for path in ("/industry", "/customers", "/suppliers", "/industry/invitations/" + self.ids["Harbour", "invitation"]):
            for query in ("kind=evil", "status=owner", "after=1", "before=zz", "after=" + "G" * 32, "after=" + "0" * 33, "q=%", "q=%00", "q=%c0%af", "q=%ff", "q=a&q=a",
                          "role=owner", "x", "q=" + "x" * 101, "q=%0d%0aSet-Cookie:a=b", "tenant_id=1", "kind[]=customer"):
                self.assertEqual(self.ask(owner, "GET", f"{path}?{query}").status, 400, f"{path}?{query}")
        for query in ("q=%25", "q=_%25_", "q='", "q=%5C", 'q="><script>', "q=%F0%9F%98%80", "q=" + "x" * 100, "q=+", "q=", "", "&&", "kind=", "kind=customer&status=expired&q=a"):
            page = self.ask(owner, "GET", f"/industry?{query}")
            self.assertEqual(page.status, 200, query)
            self.assertNotIn("<script>", page.body)
        self.assertIn("No invitations found", self.ask(owner, "GET", "/industry?q=%25").text)   # no wildcard
        self.unchanged("queries")

    def test_ids_and_tokens_that_nobody_gave_are_unknown(self):
        strange = ["1", "0", "-1", "null", "..", "'", "%27", "%00", "%2e%2e", "%252e", "a%2fb", "%ff", UNKNOWN.upper(), UNKNOWN[1:], UNKNOWN + "0", "x" * 2000, "{id}", "*",
                   UNKNOWN_TOKEN[1:], UNKNOWN_TOKEN + "A", self.ids["Harbour", "token"] + "%20", self.ids["Harbour", "token"].swapcase(), "%F0%9F%98%80",
                   self.people["owner Harbour"].cookies["session"], self.ids["Harbour", "invitation"]]
        for name, method, path, permission in self.routes:
            own = [self.ids["Harbour", "reset"] if path.startswith("/i/") else self.ids["Harbour", "token"]]   # good, but for another purpose
            client = self.sender(name, permission) if permission != "lists-read" else self.people["owner Harbour"]
            for word in strange + own if "{" in path else []:
                if "{id}" in path and word == self.ids["Harbour", "invitation"]:
                    continue
                body, headers = (f"csrf={self.token(client)}", FORM) if method == "POST" else (None, {})
                page = self.ask(client, method, re.sub(r"\{\w+\}", lambda _, w=word: w, path), body, headers)
                self.assertIn(page.status, (303, 400, 404, 410) + (415,) * (name in OF_PARTS), f"{name} {word}")
                if page.status == 303:   # back to the link's own page, which says that it does not work
                    self.assertEqual(self.ask(client, "GET", page.location).status, 404)
        self.unchanged("strange ids")

    def test_methods_that_an_address_does_not_know_are_refused_with_405_and_the_ones_it_knows(self):
        allowed = {}
        for _, method, path, _ in self.routes:
            allowed.setdefault(path, set()).update({"GET", "HEAD"} if method == "GET" else {"POST"})
        for path, methods in allowed.items():
            where = self.path(path, None)
            for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "BREW"} - methods:
                page = self.ask(self.people["nobody"], method, where, "" if method == "POST" else None, FORM if method == "POST" else {})
                self.assertEqual((page.status, set((page.headers["Allow"] or "").split(", "))), (405, methods), f"{method} {where}")
            self.assertEqual(self.ask(self.people["nobody"], "TRACE", where).status, 405)
        self.unchanged("methods")

    def test_headers_of_any_size_are_read_or_refused(self):
        nobody = self.people["nobody"]
        for headers, status in (({"X-Long": "x" * 7000}, 200), ({"X-Long": "x" * 40000}, 400), ({"Cookie": "a=" + "b" * 7000}, 200), ({"Cookie": "session=" + "A" * 43}, 200),
                                ({"Cookie": "session=;;;=;session==; visitor=" + "%" * 43}, 200), ({"Cookie": "note=" + "A" * 2000}, 200), ({"Cookie": "note=!!!!"}, 200),
                                ({"Cookie": "note=c2VudApibGEKeA"}, 200), ({"Cookie": "note=_____w"}, 200), ({"Accept-Language": "x" * 5000}, 200),
                                ({"Origin": "x" * 3000}, 200), ({"X-Forwarded-For": "10.0.0.1", "Proxy": "http://evil.example", "X-Forwarded-Host": "evil.example"}, 200)):
            page = nobody.raw("GET", "/sign-in", None, headers, cookies=False)
            self.assertEqual((page.status, page.h1), (status, "Sign in" if status == 200 else "This request could not be read"), str(headers)[:60])
            self.assertNotIn("evil.example", page.body)
        page = nobody.raw("GET", "/sign-in", None, {"Cookie": "a=" + "b" * 9000}, cookies=False)   # whoever has collected too many
        self.assertEqual(page.status, 400)
        self.assertIn("delete this site’s cookies and try once more", page.text)
        self.assertIn(self.ask(nobody, "GET", "/" + "a" * 9000).status, (414, 400))
        self.assertEqual(self.ask(nobody, "GET", "/sign-in", None, {f"X-{n}": "y" for n in range(90)}).status, 200)


class PastNginx(Guarded):
    """The program asked directly: it trusts nginx with nothing but the socket."""

    def ask_program(self, *words, **values):
        return fastcgi.ask(self.stack.socket("web"), *words, **({"host": self.stack.host} | values)).status

    def test_a_host_that_is_not_ours_is_misdirected(self):
        for host in ("evil.example", "", self.stack.host + ".evil.example", "127.0.0.1", self.stack.host + "@evil.example", None):
            self.assertEqual(self.ask_program("GET", "/sign-in", HTTP_HOST=host), 421, host)
        self.assertEqual(self.ask_program("GET", "/sign-in"), 200)

    def test_lengths_that_lie_are_refused(self):
        for length, status in (("-1", 400), ("1e3", 400), ("0x10", 400), ("9" * 30, 400), (" 5", 400), ("999999999999", 413), ("70000", 413), ("100", 400)):
            self.assertEqual(self.ask_program("POST", "/forgot", b"email=a", CONTENT_LENGTH=length), status, length)

    def test_requests_that_are_none_are_answered(self):
        for values in ({"REQUEST_URI": ""}, {"REQUEST_URI": b"/\xff\xfe"}, {"REQUEST_URI": "sign-in"}, {"REQUEST_METHOD": ""}, {"REQUEST_METHOD": None}, {"REQUEST_URI": None},
                       {"REMOTE_ADDR": None}, {"HTTP_COOKIE": b"session=\xff"}, {f"X{n}": "y" * 100 for n in range(2000)}):
            status = fastcgi.ask(self.stack.socket("web"), "GET", "/sign-in", **({"HTTP_HOST": self.stack.host} | values)).status
            self.assertIn(status, (200, 404, 405), values)

    def test_a_peer_that_hangs_up_in_the_middle_costs_nothing(self):
        octets = fastcgi.request("POST", "/forgot", b"email=a%40b.example", host=self.stack.host)
        for cut in (1, 8, 16, 40, len(octets) - 20, len(octets) - 1):
            with fastcgi.connect(self.stack.socket("web")) as s:
                s.sendall(octets[:cut])
        for _ in range(8):
            self.assertEqual(self.ask_program("GET", "/sign-in"), 200)
        self.unchanged("half requests")


class Wire(Guarded):
    """Octets that nginx must not pass on."""

    def said(self, octets):
        """The statuses that come until nginx hangs up. (A half-closed connection would be a visitor who left.)"""
        with socket.create_connection(("127.0.0.1", self.stack.port), 10) as s:
            s.sendall(octets.replace(b"HOST", self.stack.host.encode()))
            out = b""
            try:
                while part := s.recv(65536):
                    out += part
            except ConnectionResetError:
                pass
        self.assertNotIn(b"nginx/", out)
        return [int(n) for n in re.findall(rb"^HTTP/1\.1 (\d+)", out, re.M)]

    def test_requests_that_two_parsers_could_read_differently_are_refused(self):
        post = b"POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        hidden = b"GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n"
        for head in (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n",
                     b"Content-Length: 5\r\nContent-Length: 5\r\n", b"Content-Length: -5\r\n", b"Content-Length: +5\r\n", b"Content-Length: 5, 5\r\n",
                     b"Host: HOST\r\nContent-Length: 5\r\n", b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: xchunked\r\n"):
            answers = self.said(post + head + b"\r\n0\r\n\r\n" + hidden)
            self.assertIn(answers[:1], ([400], [501]), head)
            self.assertEqual(len(answers), 1, head)
        for octets in (b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /a\x00b HTTP/1.1\r\nHost: HOST\r\n\r\n", b"get / HTTP/1.1\r\nHost: HOST\r\n\r\n",
                       b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"GET /%zz HTTP/1.1\r\nHost: HOST\r\n\r\n", b"GET /../../etc/passwd HTTP/1.1\r\nHost: HOST\r\n\r\n", b"\x16\x03\x01\x02\r\n"):
            self.assertIn(self.said(octets), ([400], [505]), octets)
        self.unchanged("smuggled")

    def test_hosts_that_are_not_ours_get_no_answer(self):
        for host in (b"evil.example", b"127.0.0.1.evil.example", b"10.0.0.1", b"[::1]", b"_"):
            self.assertEqual(self.said(b"GET /sign-in HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"), [], host)
        for host in (b"127.0.0.1", b"HOST.evil.example", b"127.0.0.1:1"):   # the name is ours, the port is not: the program's matter
            self.assertEqual(self.said(b"GET /sign-in HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n"), [421], host)
        self.assertEqual(self.said(b"GET http://evil.example/sign-in HTTP/1.1\r\nHost: HOST\r\n\r\n"), [])
        self.assertEqual(self.said(b"GET /sign-in HTTP/1.0\r\n\r\n"), [])


class LongForms(Guarded):
    def test_a_form_with_every_field_at_its_limit_goes_through(self):
        owner, wide = self.people["owner Harbour"], "😀"
        form = owner.get("/industry").form("/industry/invitations").fields
        page = owner.post("/industry/invitations", form | {"kind": "customer", "email": "wide@pier.example", "first_name": wide * 100, "last_name": wide * 100,
                                                           "business_name": wide * 100, "number": wide * 50, "message": wide * 1000, "expires_days": "30"})
        self.assertEqual(page.status, 303, page.text)
        stored = self.house.sql("SELECT first_name, business_name, number, message FROM invitation WHERE email_canon = 'wide@pier.example'")[0]
        self.assertEqual(stored, (wide * 100, wide * 100, wide * 50, wide * 1000))
        page = owner.post("/industry/invitations", form | {"kind": "customer", "email": "wider@pier.example", "message": wide * 1800})
        self.assertEqual((page.status, page.form("/industry/invitations").fields["message"].strip()), (422, wide * 1800))   # told, and kept
        page = self.house.visitor().get(self.house.link("wide@pier.example"))
        registered = self.house.visitor().get(page.url)
        limits = {"first_name": 100, "last_name": 100, "business_name": 100, "phone": 40, "street": 100, "house_number": 20, "postal_code": 20, "city": 100, "country": 60}
        client = self.house.visitor()
        page = client.submit(client.get(registered.url), "/register", **{k: wide * n for k, n in limits.items()}, password="gravel-Lantern-42-" + "é" * 503)
        self.assertEqual(page.h1, "Home", page.text[:300])
        self.assertEqual(set(limits), set(DETAILS))
        owner.submit(owner.get("/team"), "/team/invitations", email="wide@team.example", role="auditor")
        client = self.house.visitor()
        page = client.submit(client.get(self.house.link("wide@team.example", kind="join")), "/register", first_name=wide * 100, last_name=wide * 100, password="gravel-Lantern-42-" + "é" * 503)
        self.assertEqual((page.status, page.h1), (200, "Team"), page.text[:300])
        lagoon = self.people["owner Lagoon"]
        page = lagoon.submit(lagoon.get("/settings/delete"), "/settings/delete", name=wide * 200, password="é" * 512)
        self.assertEqual((page.status, page.form("/settings/delete").fields["name"]), (422, wide * 200))   # told, and kept


if __name__ == "__main__":
    unittest.main()
