"""What people type: addresses good and bad, and every kind of text through every field of the two big forms. Kept exactly, shown escaped,
and never a line of a mail's header."""
import html
import html.parser
import pathlib
import re
import sys
import unittest
import urllib.parse
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from client import Client  # noqa: E402
from house import DETAILS, PASSWORD, HouseCase, eventually  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
L64, LABEL = "l" * 64, "d" * 63
LONGEST = f"{L64}@{LABEL}.{LABEL}.{'d' * 57}.xy"   # 254 octets

# As typed -> where the mail goes, or None.
ADDRESSES = {
    "plain@pier.example": "plain@pier.example", "  blank@pier.example \t": "blank@pier.example", "MiXed@PIER.Example": "MiXed@PIER.Example",
    "plus+tag@pier.example": "plus+tag@pier.example", "dot.ted@pier.example": "dot.ted@pier.example", "o'brien@pier.example": "o'brien@pier.example",
    "a@b.example": "a@b.example", "1@2.example": "1@2.example", "-dash@pier.example": "-dash@pier.example", "_@pier.example": "_@pier.example",
    "a!#$%&'*+-/=?^_`{|}~@pier.example": "a!#$%&'*+-/=?^_`{|}~@pier.example", "x@a-b.example": "x@a-b.example", "x@sub.sub.sub.pier.example": "x@sub.sub.sub.pier.example",
    "x@pier.museum": "x@pier.museum", "x@xn--mnchen-3ya.example": "x@xn--mnchen-3ya.example", "v@bücher.example": "v@xn--bcher-kva.example",
    "y@例え.example": "y@xn--r8jz45g.example", "z@faß.example": "z@xn--fa-hia.example", L64 + "@pier.example": L64 + "@pier.example", LONGEST: LONGEST,
    "": None, "@": None, "a": None, "a@": None, "@pier.example": None, "a@b": None, "a@localhost": None, "a b@pier.example": None, "a@pier example": None,
    "a@@pier.example": None, "a@b@pier.example": None, ".a@pier.example": None, "a.@pier.example": None, "a..b@pier.example": None, "a@.pier.example": None,
    "a@pier.example.": None, "a@pier..example": None, "a@-pier.example": None, "a@pier-.example": None, "a@pier_.example": None, "a@pi＿er.example": None, "a@pier！.example": None, "a@pi／er.example": None, "a@pi er.example": None, "a@pier!.example": None, "a@{x}.example": None, "a@pier.ex'ample": None, "a@pier/x.example": None, "a@pier-.example": None, "a@p%65r.example": None, "a@127.0.0.1": None,
    "a@[127.0.0.1]": None, "a@[IPv6:::1]": None, "a@1.2": None, '"quoted"@pier.example': None, '"a b"@pier.example': None, "a(comment)@pier.example": None,
    "Ann <a@pier.example>": None, "<a@pier.example>": None, "a@pier.example,b@pier.example": None, "a@pier.example;b@pier.example": None, "mailto:a@pier.example": None,
    "ü@pier.example": None, "аnn@pier.example": None, "a@pier.example\r\nBcc: evil@pier.example": None, "a@pier.example\nRCPT TO:<evil@pier.example>": None,
    "a\r\nb@pier.example": None, "a\t@pier.example": None, "a@pier.example%0d%0aBcc:evil@pier.example": None, "a@pier\u3002example\u200b": None, "a\u200b@pier.example": None,
    "a\u202e@pier.example": None, "a@pier.example\u202e": None, "\ufeffa@pier.example": None, L64 + "l@pier.example": None, "a@" + LABEL + "d.example": None,
    "a@" + f"{LABEL}." * 4 + "example": None, "l" + LONGEST: None, "x" * 10000 + "@pier.example": None, "a@pier.example'--": None, "a@pier.example<script>": None, "a\\@pier.example": None,
    "a@★.example": None,
}

# Kept as they are, in every text field.
GOOD = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' OR '1'='1", "'; DROP TABLE invitation; --", "{{ 7*7 }}{% include x %}", "%s%s%n%d", "%00%0d%0a",
        "&lt;b&gt; &amp; &quot;", "\\\\ \\' \\\" \\n \\0", "$(reboot) `id` ${x}", "NULL", "undefined", "0", "-1", "1e309", "true", "=1+1", "+1", "-1+1", "O'Brien & Söhne <GmbH>",
        "Zoë Ñandú Łódź", "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "הָיְתָה testالصفحات", "ಠ_ಠ", "😀😍 🇳🇱", "Z̮̞̠͙͔ͅA", "İıſßẞ", "ＦＵＬＬ", "a  b   c", "-- x", "/* x */", "]]>", "<!-- -->", "</textarea>",
        "</title><h1>x", "\" autofocus onfocus=\"alert(1)", "' style='color:red", "javascript:alert(1)", "x" * 100, "é" * 100, "😀" * 100, ".", "..", "%", "_", "*", "\u00a0x"]
# Refused with a message, and kept to be corrected.
REFUSED = ["a\tb", "a\x01b", "a\x1b[31mb", "a\x7fb", "a\u0085b", "a\u200bb", "a\u202eb", "a\u2066b", "a\ufeffb", "a\u2028b", "a\u00adb", "a\x0bb"]
LINKS = ["http://evil.example", "see https://evil.example now", "www.evil.example", "WWW.EVIL.EXAMPLE", "ann@evil.example", "evil.example/path", "//evil@x", "ftp://x"]
INVITE = {"first_name": True, "last_name": True, "business_name": True, "number": False, "message": True}   # True: no links
REGISTER = {"first_name": True, "last_name": True, "business_name": True, "phone": False, "street": True, "house_number": False, "postal_code": False, "city": True, "country": True}
SHORT = {"number": 50, "phone": 40, "house_number": 20, "postal_code": 20, "country": 60}
HEADERS = {"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language", "Auto-Submitted", "Content-Transfer-Encoding",
           "Return-Path", "Delivered-To", "List-Unsubscribe", "X-Auto-Response-Suppress"}


class Markup(html.parser.HTMLParser):
    """Elements and attributes that no page of ours has. The one script is a file of ours, and nothing stands in its element."""

    def __init__(self):
        super().__init__()
        self.foreign, self.script = [], False

    def handle_starttag(self, tag, attributes):
        if tag == "script" and not re.fullmatch(r"/static/\w+\.[0-9a-f]+\.js", dict(attributes).get("src") or ""):
            self.foreign.append(tag)
        self.script = tag == "script"
        self.foreign += [tag] * (tag in ("img", "b", "iframe")) + [k for k, _ in attributes if k.startswith("on") or k == "style"]

    def handle_data(self, data):
        self.foreign += [data] * (self.script and bool(data.strip()))

    def handle_endtag(self, tag):
        self.script = False

    def handle_comment(self, data):
        self.foreign.append(data)


class Text(HouseCase):
    @classmethod
    def furnish(cls):
        cls.owner = cls.house.sign_in(cls.house.owner("Northwind"))
        cls.owner.follow = False
        cls.form = cls.owner.get("/industry").form("/industry/invitations").fields

    def send(self, **fields):
        body = urllib.parse.urlencode(self.form | {"kind": "customer"} | fields)
        return self.owner.raw("POST", "/industry/invitations", body, FORM)

    def escaped(self, page, text):
        """What could be markup is in the page only as text."""
        if re.search("[<>\"']", text) and text != "</textarea>":
            self.assertNotIn(text, page.body)
        markup = Markup()
        markup.feed(page.body)
        self.assertEqual(markup.foreign, [], text)

    def test_addresses_are_taken_as_they_are_or_refused_with_a_message(self):
        for typed, goes_to in ADDRESSES.items():
            page = self.send(email=typed)
            if goes_to is None:
                self.assertEqual(page.status, 422, typed[:80])
                self.assertRegex(page.text, "There is a problem (Enter an email address|Shorten this)", typed[:80])
                self.assertEqual(page.form("/industry/invitations").fields["email"], typed.strip(" \t\r\n"), "kept")
                self.escaped(page, typed)
            else:
                self.assertEqual(page.status, 303, f"{typed}: {page.text[:300]}")
                sent = self.house.sql("SELECT i.email, o.recipient, i.email_canon FROM invitation i JOIN outbox o ON o.id = i.outbox_id ORDER BY i.id DESC LIMIT 1")[0]
                self.assertEqual(sent, (goes_to, goes_to, goes_to.lower()), typed)
            if typed == "x@xn--mnchen-3ya.example":   # the same mailbox, written otherwise
                self.assertIn("already has a pending invitation", self.send(email="X@MÜNCHEN.example", once=uuid.uuid4().hex).text)
        eventually("every mail", lambda: self.house.count("outbox", "state <> 'sent'") == 0, 20)
        self.assertEqual(self.house.mails("evil@pier.example"), [])

    def kept(self, page, action, fields):
        shown = page.form(action).fields
        for name, text in fields.items():
            expected = text.strip(" \t\r\n") if name != "message" else text.replace("\r", "").strip(" \t\n")
            self.assertEqual(shown[name].removeprefix("\n") if name == "message" else shown[name], expected, name)
            self.escaped(page, text)

    def each(self, fields, send, action):
        """Every text through every field: good ones without, others with a message; all are shown again."""
        for text in GOOD + REFUSED + LINKS:
            values = {name: text[:SHORT.get(name, 1000)] for name in fields}
            page = send(values)
            self.assertEqual(page.status, 422, text)
            self.kept(page, action, values)
            for name, no_links in fields.items():
                bad = text in REFUSED or (text in LINKS and no_links)
                self.assertEqual(f'id="{name}-error"' in page.body, bad, f"{name}: {text!r}")

    def test_every_text_comes_back_in_the_invitation_form(self):
        self.each(INVITE, lambda values: self.send(email="no address", **values), "/industry/invitations")

    def test_every_text_comes_back_in_the_registration_form_but_never_the_password(self):
        self.owner.follow = True
        self.house.invite(self.owner, "texts@pier.example")
        self.owner.follow = False
        link, client = self.house.link("texts@pier.example"), self.house.visitor()
        token = client.get(link).form("/register").fields["csrf"]

        def send(values):
            page = client.raw("POST", link + "/register", urllib.parse.urlencode({"csrf": token, "password": "hunter2"} | values), FORM)
            self.assertNotIn("hunter2", page.body)
            return page
        self.each(REGISTER, send, "/register")

    def test_texts_reach_lists_details_and_mails_exactly_as_they_were_typed(self):
        for n, text in enumerate(t for t in GOOD if t != "NULL" and "\u00a0" not in t):   # mariadb's own NULL looks like that
            email = f"round{n}@pier.example"
            self.assertEqual(self.send(email=email, first_name=text, last_name=text, business_name=text, number=text[:50], message=text).status, 303, text)
            stored = self.house.sql(f"SELECT first_name, last_name, business_name, number, message FROM invitation WHERE email_canon = '{email}'")[0]
            self.assertEqual(stored, (text, text, text, text[:50], text))
            details = self.owner.get(f"/industry/invitations/{self.house.invitation_id(email)}")
            self.assertIn(" ".join(f"Business name {text} Customer number {text[:50]}".split()), details.text)
            self.escaped(details, text)
            panel = self.owner.get("/industry?q=" + email)
            self.assertIn(" ".join(text.split()), panel.text)
            self.escaped(panel, text)
            mail = self.house.mail(email)
            self.assertIn(text, mail["text"])
            self.assertNotIn("<script", mail["html"])
            self.assertIn(html.escape(text, quote=False)[:20], mail["html"].replace("&quot;", '"').replace("&#39;", "'").replace("&#x27;", "'"))

    def test_registered_texts_are_shown_escaped_to_the_vendor(self):
        nasty = {name: f"<b>'\"{n}"[:SHORT.get(name, 100)] for n, name in enumerate(DETAILS)}
        self.owner.follow = True
        self.house.invite(self.owner, "nasty@pier.example")
        client = self.house.register(self.house.link("nasty@pier.example"), **nasty)
        self.owner.follow = False
        company = self.house.sql(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{nasty['business_name'].replace(chr(39), chr(39) * 2)}'")[0][0]
        for page in (self.owner.get("/customers"), self.owner.get(f"/customers/{company}"), client.get("/home")):
            self.assertEqual(page.status, 200)
            self.assertNotIn("<b>", page.body)
            self.assertIn(nasty["business_name"], page.text)
        for text in nasty.values():
            self.assertIn(text, self.owner.get(f"/customers/{company}").text)

    def test_line_ends_in_a_field_are_no_line_of_a_mail(self):
        inject = "\r\nBcc: evil@pier.example\r\nX-Evil: 1"
        for name in (*INVITE, "email", "kind", "role", "language", "expires_days"):
            for text in (inject, inject.replace("\r", ""), inject.replace("\n", "")):
                values = {"email": f"crlf-{name}@pier.example"} | {name: ("crlf@pier.example" if name == "email" else "x") + text}
                self.assertEqual(self.send(**values).status, 422, f"{name} {text!r}")
        self.assertEqual(self.send(email="lines@pier.example", message="first\r\nBcc: evil\r\n.\r\nQUIT\r\n\r\nlast").status, 303)
        mail = self.house.mail("lines@pier.example")
        self.assertIn("first\nBcc: evil\n.\nQUIT\n\nlast", mail["text"].replace("\r", ""))
        for n, text in enumerate(("=?utf-8?q?Bcc=3A?=", "a, b <c>", "\"x\" <y>", "é" * 100, "😀" * 90)):   # vendor and sender reach headers
            vendor = Client(self.stack.url)
            self.stack.command("vendor", "add", "--name", text, "--owner-email", f"head{n}@vendor.example", "--first-name", text, "--last-name", text,
                               "--password-stdin", stdin=PASSWORD + "\n")
            vendor.submit(vendor.get("/sign-in"), "/sign-in", email=f"head{n}@vendor.example", password=PASSWORD)
            self.house.invite(vendor, f"head{n}@pier.example")
            mail = self.house.mail(f"head{n}@pier.example")
            self.assertTrue(text in mail["subject"] or text.startswith(mail["subject"].split("…")[0]), mail["subject"])   # a long name gives way at its end
            self.assertGreater(len(mail["subject"].split("…")[0]), min(len(text), 20), mail["subject"])
            self.assertEqual(mail["headers"]["Reply-To"].count("@"), 1)
            vendor.close()
        for octets in self.stack.mails():
            head = octets.partition(b"\n\n")[0].decode("ascii")   # nothing else is in a header
            self.assertEqual({line.split(":")[0] for line in head.split("\n") if line[0] not in " \t"} - HEADERS, set())
            self.assertLessEqual(max(map(len, head.split("\n"))), 998)
        self.assertEqual(self.house.mails("evil@pier.example"), [])


if __name__ == "__main__":
    unittest.main()
