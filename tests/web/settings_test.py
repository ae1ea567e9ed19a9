"""What a vendor decides for itself, and what follows from it."""
import email
import email.policy
import pathlib
import re
import sys
import threading
import unittest
import urllib.request
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase, eventually  # noqa: E402
from portal import together  # noqa: E402

PICTURES = {kind: (pathlib.Path(__file__).resolve().parent.parent / f"pictures/logo.{kind}").read_bytes() for kind in ("png", "jpeg", "webp")}
TYPE = "multipart/form-data; boundary=b"


def of_size(n):
    """A PNG of n octets."""
    png = PICTURES["png"]
    chunk = b"prIV" + bytes(n - len(png) - 12)
    full = png[:33] + (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + png[33:]
    assert len(full) == n
    return full


class Settings(HouseCase):
    @classmethod
    def furnish(cls):
        cls.owner = cls.house.sign_in(cls.house.owner("Harbour"))
        cls.colleague = cls.house.member("Harbour", "admin")
        cls.other = cls.house.sign_in(cls.house.owner("Lagoon"))
        cls.people = 0

    def save(self, client=None, **values):
        client = client or self.owner
        return client.submit(client.get("/settings"), "/settings", **values)

    def upload(self, content, name="logo.png", client=None, **more):
        client = client or self.owner
        return client.post_parts("/settings/logo", {"csrf": client.get("/settings").form("/settings").fields["csrf"], **more}, logo=(name, content))

    def invitation(self, client=None, **fields):
        """A visitor's page of a new invitation."""
        type(self).people += 1
        email = f"person{self.people}@quay.example"
        self.house.invite(client or self.owner, email, **fields)
        return self.house.visitor().get(self.house.link(email))

    def events(self):
        return self.house.sql("SELECT e.event, e.detail, c.name FROM audit_event e JOIN company c ON c.id = e.vendor_id "
                              "WHERE e.event REGEXP '^settings_' ORDER BY e.id")

    # ---- the form ----

    def test_settings_are_saved_shown_again_and_written_down(self):
        page = self.save(name="Harbour & Sons", expires_days="14", address_policy="domain", time_zone="Europe/Berlin")
        self.assertEqual(page.status, 200)
        self.assertIn("Settings saved.", page.text)
        fields = page.form("/settings").fields
        self.assertEqual({n: fields[n] for n in ("name", "colour", "language", "time_zone", "expires_days", "address_policy")},
                         {"name": "Harbour & Sons", "colour": "", "language": "en", "time_zone": "Europe/Berlin", "expires_days": "14", "address_policy": "domain"})
        self.assertEqual(self.events()[-1], ("settings_changed", "name, time zone, expiry, who may accept", "Harbour & Sons"))
        n = len(self.events())
        self.assertIn("Settings saved.", self.save().text)
        self.assertEqual(len(self.events()), n, "nothing was changed, nothing is written down")
        self.assertEqual(self.other.get("/settings").form("/settings").fields["name"], "Lagoon")
        self.save(name="Harbour", expires_days="7", address_policy="exact", time_zone="UTC")

    def test_what_is_wrong_is_said_at_the_field_and_everything_typed_is_kept(self):
        before = self.house.sql("SELECT name, colour, language, time_zone, expires_days, address_policy FROM company WHERE kind = 'vendor' ORDER BY id")
        wrong = {"name": (("", "Enter the name of your company"), ("www.harbour.example", "Enter text without web addresses and without the @ sign"), ("x" * 101, "Shorten this: it is too long")),
                 "colour": (("red", "Enter a colour as # and six hexadecimal digits, like #0a58a6"), ("#0a58a", "Enter a colour as #")),
                 "language": (("xx", "Select a language"), ("", "Select a language")),
                 "time_zone": (("Europe/Nowhere", "Select a time zone"), ("../../etc/passwd", "Select a time zone"), ("", "Select a time zone")),
                 "expires_days": (("0", "Enter a number of days from 1 to 30"), ("31", "Enter a number"), ("", "Enter a number"), ("1.5", "Enter a number")),
                 "address_policy": (("all", "Select who may accept"), ("", "Select who may accept"))}
        for name, cases in wrong.items():
            for value, sentence in cases:
                page = self.save(**{"expires_days": "9"} | {name: value})
                self.assertEqual(page.status, 422, (name, value))
                self.assertIn(sentence, page.text)
                self.assertTrue(page.title.startswith("Error: Settings"), page.title)
                self.assertIn(f"#{name}", [href for href, _ in page.links])
                if name != "expires_days":
                    self.assertEqual(page.form("/settings").fields["expires_days"], "9", "what was typed stays")
        self.assertEqual(self.house.sql("SELECT name, colour, language, time_zone, expires_days, address_policy FROM company WHERE kind = 'vendor' ORDER BY id"), before)

    def state(self):
        return self.house.sql("SELECT name, colour, expires_days, address_policy, remind FROM company WHERE name LIKE 'Harbour%'")

    def test_who_saves_what_a_colleague_has_changed_is_shown_that_first(self):
        admin = self.house.sign_in(self.colleague)
        try:
            mine = admin.get("/settings")
            self.save(expires_days="14", remind="yes", address_policy="domain", language="de", time_zone="Europe/Berlin", colour="#0a58a6")
            page = admin.submit(mine, "/settings", name="Harbour & Sons", expires_days="07")
            self.assertEqual((page.status, page.title.startswith("Error: Settings")), (422, True))
            for words in ("A colleague has changed the settings meanwhile", "As it is now", "Colour #0a58a6", "Language Deutsch", "Time zone Europe/Berlin", "Invitations expire after (days) 14",
                          "Reminder Remind invitees two days", "Who may accept an invitation Any address of the same domain", "Name Harbour "):
                self.assertIn(words, page.text)
            self.assertEqual(self.state(), [("Harbour", "#0a58a6", "14", "domain", "1")], "nothing of it was lost")
            fields = page.form("/settings").fields
            self.assertEqual((fields["name"], fields["expires_days"], fields["language"], "remind" in fields), ("Harbour & Sons", "7", "en", False), "nothing that was typed either")
            page = admin.submit(page, "/settings", time_zone="Europe/Berlin")
            self.assertIn("Settings saved.", page.text)
            self.assertEqual(self.state(), [("Harbour & Sons", "", "7", "exact", "0")])
        finally:
            self.save(name="Harbour", expires_days="7", address_policy="exact", language="en", time_zone="UTC", colour="")

    def test_what_is_wrong_besides_is_said_with_it_and_what_a_colleague_has_typed_too_is_saved(self):
        admin = self.house.sign_in(self.colleague)
        try:
            mine = admin.get("/settings")
            self.save(expires_days="9")
            n = len(self.events())
            self.assertIn("Settings saved.", admin.submit(mine, "/settings", expires_days="9").text)
            self.assertEqual(len(self.events()), n, "it was so already")
            page = admin.submit(mine, "/settings", expires_days="3", colour="red")
            self.assertEqual(page.status, 422)
            for words in ("A colleague has changed the settings meanwhile", "Invitations expire after (days) 9", "Enter a colour as #"):
                self.assertIn(words, page.text)
            page = admin.submit(page, "/settings", colour="blue")   # who has seen it is asked no more
            self.assertEqual(page.status, 422)
            self.assertNotIn("A colleague has changed", page.text)
            self.assertNotIn("As it is now", page.text)
            fields = admin.get("/settings").form("/settings").fields
            self.assertEqual(admin.post("/settings", fields | {"revision": "x"}).status, 400)
            self.assertEqual(admin.post("/settings", {k: v for k, v in fields.items() if k != "revision"}).status, 400)
        finally:
            self.save(expires_days="7")

    def test_of_two_admins_at_the_same_instant_one_saves_and_the_other_is_told(self):
        people = [self.owner] + [self.house.sign_in(self.colleague) for _ in range(3)]
        pages = [p.get("/settings") for p in people]
        n = len(self.events())
        try:
            holder = threading.Thread(target=self.house.sql, args=("START TRANSACTION; SELECT id FROM company WHERE kind = 'vendor' AND name = 'Harbour' FOR UPDATE; SELECT SLEEP(2); ROLLBACK",))
            holder.start()   # all of them have read before the first may write
            eventually("the lock", lambda: self.house.sql("SELECT 1 FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(2)%'"))
            pages = together(*(lambda p=p, page=page, days=days: p.submit(page, "/settings", expires_days=str(days)) for p, page, days in zip(people, pages, range(11, 15))))
            holder.join()
            self.assertEqual(sorted(p.status for p in pages), [200, 422, 422, 422])
            winner = next(i for i in range(4) if pages[i].status == 200)
            self.assertEqual(self.state()[0][2], str(11 + winner))
            self.assertEqual(len(self.events()), n + 1)
        finally:
            self.save(expires_days="7")

    def test_who_may_not_change_settings_does_not_see_them(self):
        for role in ("inviter", "auditor"):
            client = self.house.sign_in(self.house.member("Harbour", role))
            self.assertEqual(client.get("/settings").status, 403)
            self.assertNotIn("/settings", [href for href, _ in client.get("/home").links])
        self.assertIn("/settings", [href for href, _ in self.owner.get("/home").links])

    def test_the_default_expiry_is_that_of_an_invitation_that_says_nothing(self):
        self.save(expires_days="3")
        try:
            self.assertIn("works for 3 days", self.owner.get("/industry").text)
            self.invitation()
            self.invitation(expires_days="20")
            days = self.house.sql("SELECT expires_days, TIMESTAMPDIFF(DAY, sent_at, expires_at) FROM invitation ORDER BY id DESC LIMIT 2")
            self.assertEqual(days, [("20", "20"), ("3", "3")])
        finally:
            self.save(expires_days="7")

    # ---- the time zone ----

    def test_times_are_told_in_the_vendors_zone_on_its_pages_in_the_invitation_and_in_its_mail(self):
        self.save(time_zone="Asia/Kathmandu")
        try:
            page = self.invitation()
            email = f"person{self.people}@quay.example"
            ends = self.house.sql(f"SELECT DATE_FORMAT(expires_at + INTERVAL 345 MINUTE, '%e %M %Y, %H:%i UTC+5:45') FROM invitation WHERE email = '{email}'")[0][0]
            self.assertIn(ends, page.text)
            self.assertRegex(page.body, r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\dZ">' + re.escape(ends))   # machines are told UTC
            details = self.owner.get(f"/industry/invitations/{self.house.invitation_id(email)}")
            self.assertIn("UTC+5:45", details.text)
            self.assertIn(ends.split(",")[0], self.house.mail(email)["text"])
            self.assertNotIn("UTC+5:45", self.invitation(self.other).text)
            self.assertIn(" UTC", self.invitation(self.other).text)
        finally:
            self.save(time_zone="UTC")

    # ---- the colour ----

    def test_a_colour_that_people_cannot_read_is_refused_with_its_contrast(self):
        for colour, ratio in (("#ffff00", "1.07:1"), ("#777777", "4.47:1"), ("#ff0000", "3.99:1"), ("#ffffff", "1.00:1")):
            page = self.save(colour=colour)
            self.assertEqual(page.status, 422)
            self.assertIn(f"the contrast of white text on it is {ratio}, and at least 4.5:1 is needed", page.text)
            self.assertEqual(page.form("/settings").fields["colour"], colour)
        page = self.save(colour="#767676")   # 4.54:1 against white, but not on the page
        self.assertEqual(page.status, 422)
        self.assertRegex(page.text, r"as text on the page its contrast is 4\.2\d:1, and at least 4\.5:1 is needed")

    def test_the_colour_is_on_the_invitation_and_only_where_it_can_be_read(self):
        self.assertNotIn("/brand/", self.invitation().body)
        self.save(colour="#8A1C5B")
        page = self.invitation()
        own = re.search(r'<link rel="stylesheet" href="/static/style\.(\w+)\.css">', self.invitation(self.other).body)
        where = f"/brand/8a1c5b.{own[1]}.css"
        self.assertEqual(re.findall(r'<link rel="stylesheet" href="([^"]*)">', page.body), [where])
        sheet = self.house.visitor().get(where)
        self.assertTrue(sheet.body.startswith(self.house.visitor().get(f"/static/style.{own[1]}.css").body), "it is the portal's own, and then the colour")
        self.assertEqual((sheet.status, sheet.headers["Content-Type"]), (200, "text/css; charset=utf-8"))
        self.assertIn("(prefers-color-scheme: light)", sheet.body)
        self.assertIn("--accent: #8a1c5b;", sheet.body)
        self.assertIn("immutable", sheet.headers["Cache-Control"])
        self.assertNotIn("Set-Cookie", sheet.headers)
        self.assertNotIn("/brand/", self.owner.get("/industry").body, "the vendor's own pages keep the portal's colours")
        self.assertNotIn("/brand/", self.invitation(self.other).body)
        self.save(colour="")
        self.assertNotIn("/brand/", self.invitation().body)

    def test_a_stylesheet_is_made_of_a_good_colour_and_of_nothing_else(self):
        visitor = self.house.visitor()
        end = re.search(r"/static/style(\.\w+\.css)", visitor.get("/sign-in").body)[1]
        self.assertEqual(visitor.get("/brand/8a1c5b" + end).status, 200)
        for name in ("ffffff" + end, "777777" + end, "8a1c5b", "8a1c5b.css", "8a1c5b.000000000000.css", "8a1c5" + end, "8A1C5B" + end, "8a1c5b" + end + ".css", "8a1c5g" + end,
                     "x;}body{" + end, "%0a8a1c5" + end, end):
            self.assertEqual(visitor.get("/brand/" + name).status, 404, name)

    # ---- the logo ----

    def test_a_logo_is_shown_to_whoever_is_invited(self):
        for kind, content in PICTURES.items():
            page = self.upload(content, "any name.exe")   # the content decides, not the name
            self.assertIn("Logo saved.", page.text)
            where = re.search(r'<img class="logo" src="(/logo/[0-9a-f]{32})" width="4" height="3" alt="Logo of Harbour">', page.body)[1]
            invited = self.invitation()
            visitor = self.house.visitor()
            for page in (invited, visitor.get(invited.link("Decline")), visitor.get(invited.link("Ask to join it"))):   # the pages of the invitation too
                self.assertIn(f'<img class="logo" src="{where}" width="4" height="3" alt="">', page.body, page.h1)
            picture = visitor.raw("GET", where)
            self.assertEqual((picture.status, picture.headers["Content-Type"], picture.headers["X-Content-Type-Options"]), (200, f"image/{kind}", "nosniff"))
            self.assertEqual(int(picture.headers["Content-Length"]), len(content))
            self.assertEqual(picture.headers["Cache-Control"], "public, max-age=31536000, immutable")
            self.assertNotIn("Set-Cookie", picture.headers)
            self.assertEqual(self.events()[-1][0], "settings_logo_changed")
        stored = self.house.sql("SELECT HEX(image) FROM logo")
        self.assertEqual(stored, [(PICTURES["webp"].hex().upper(),)])
        self.assertNotIn("/logo/", self.invitation(self.other).body, "another vendor has none")
        self.owner.submit(self.owner.get("/settings"), "/settings/logo/remove")
        self.assertEqual(self.house.visitor().get(where).status, 404)
        self.assertNotIn("/logo/", self.invitation().body)

    def mailed(self, address, n=1):
        """The newest of at least n mails, as a program that reads mail takes it apart: its HTML, and its pictures by the address that the HTML has for them."""
        key = self.house.mail(address, n)["id"]
        with urllib.request.urlopen(f"{self.house.stack.mail_url}mail/{key}/source", timeout=10) as answer:
            message = email.message_from_bytes(answer.read(), policy=email.policy.default)
        text, page = message.get_body(("plain",)), message.get_body(("html",))
        self.assertEqual([message.get_content_type(), text.get_content_type(), message.defects, page.defects], ["multipart/alternative", "text/plain", [], []])
        return page.get_content(), {f"cid:{str(p['Content-ID']).strip('<>')}": p for p in message.walk() if p.get_content_maintype() == "image"}

    def test_a_logo_comes_with_every_mail_of_the_vendor_and_nothing_is_loaded_for_it(self):
        for kind, content in PICTURES.items():
            self.upload(content)
            self.invitation()
            page, pictures = self.mailed(f"person{self.people}@quay.example")
            [(where, picture)] = pictures.items()
            self.assertEqual((picture.get_content_type(), picture.get_content_disposition(), picture.get_content()), (f"image/{kind}", "inline", content))
            self.assertIn(f'<img src="{where}" width="4" height="3" alt=""', page)
            self.assertEqual(re.findall(r'src="([^"]*)"', page), [where])
            self.assertEqual(self.house.sql(f"SELECT pictured FROM outbox WHERE number = UNHEX('{where.rpartition('@')[2]}')"), [("1",)])
        self.invitation(self.other)
        page, pictures = self.mailed(f"person{self.people}@quay.example")
        self.assertEqual((pictures, "<img" in page), ({}, False), "another vendor has none")

    def test_a_large_logo_is_shown_no_larger_than_a_mails_head_and_keeps_its_shape(self):
        self.upload(PICTURES["png"])
        for size, shown in (((2000, 1000), (96, 48)), ((1000, 100), (200, 20)), ((2000, 1), (200, 1)), ((1, 2000), (1, 48)), ((200, 48), (200, 48)), ((31, 17), (31, 17))):
            self.house.sql(f"UPDATE logo SET width = {size[0]}, height = {size[1]}")
            self.invitation()
            self.assertIn(f'width="{shown[0]}" height="{shown[1]}"', self.mailed(f"person{self.people}@quay.example")[0])

    def test_mail_that_waits_is_small_and_leaves_with_the_logo_of_the_day(self):
        self.upload(of_size(200 * 1024))
        self.invitation()
        self.assertEqual([p.get_content() for p in self.mailed(f"person{self.people}@quay.example")[1].values()], [of_size(200 * 1024)])
        self.house.stack.stop_mailbox()
        try:
            self.house.invite(self.owner, "waits@quay.example")
            self.assertLess(int(self.house.sql("SELECT MAX(LENGTH(sealed)) FROM outbox")[0][0]), 20_000)
            self.upload(PICTURES["jpeg"])
        finally:
            self.house.stack.start_mailbox()
        self.house.sql("UPDATE outbox SET next_at = UTC_TIMESTAMP(6) WHERE next_at IS NOT NULL")
        [picture] = self.mailed("waits@quay.example")[1].values()
        self.assertEqual((picture.get_content_type(), picture.get_content()), ("image/jpeg", PICTURES["jpeg"]))

    def test_the_place_of_a_logo_that_was_removed_while_its_mail_waited_stays_empty(self):
        self.upload(PICTURES["png"])
        self.house.stack.stop_mailbox()
        try:
            self.house.invite(self.owner, "too-late@quay.example")
            self.owner.submit(self.owner.get("/settings"), "/settings/logo/remove")
        finally:
            self.house.stack.start_mailbox()
        self.house.sql("UPDATE outbox SET next_at = UTC_TIMESTAMP(6) WHERE next_at IS NOT NULL")
        page, pictures = self.mailed("too-late@quay.example")
        [(where, picture)] = pictures.items()
        self.assertIn(where, page)
        self.assertEqual((picture.get_content_type(), picture.get_content()[:6], picture.get_content()[6:10]), ("image/gif", b"GIF89a", b"\1\0\1\0"), "one pixel that shows nothing")

    def test_another_picture_has_another_name_and_the_old_one_is_gone(self):
        def where(page):
            return re.search(r'src="(/logo/[0-9a-f]{32})"', page.body)[1]
        first = where(self.upload(PICTURES["png"]))
        second = where(self.upload(PICTURES["jpeg"]))
        self.assertNotEqual(first, second)
        visitor = self.house.visitor()
        self.assertEqual((visitor.get(first).status, visitor.get(second).status), (404, 200))

    def test_a_logo_is_removed_by_a_button(self):
        page = self.upload(PICTURES["png"])
        page = self.owner.submit(page, "/settings/logo/remove")
        self.assertIn("Logo removed.", page.text)
        self.assertNotIn("/settings/logo/remove", [f.action for f in page.forms])
        self.assertEqual(self.events()[-1][0], "settings_logo_removed")
        self.assertEqual(self.house.count("logo", "vendor_id = (SELECT id FROM company WHERE name = 'Harbour')"), 0)
        n = len(self.events())
        self.owner.post("/settings/logo/remove", {"csrf": page.forms[0].fields["csrf"]})   # pressed twice
        self.assertEqual(len(self.events()), n)

    def test_what_is_no_picture_is_refused_at_the_field(self):
        self.upload(PICTURES["png"])
        before = self.house.sql("SELECT HEX(public_id) FROM logo")
        sentence = "Choose a PNG, JPEG or WebP picture that does not move, of at most 2,000 pixels a side"
        cases = ((b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", sentence), (b"GIF89a\1\0\1\0\0\0\0;", sentence),
                 (b"<html>", sentence), (PICTURES["png"][:-1], sentence), (PICTURES["png"] + b"<script>", sentence), (PICTURES["jpeg"] + b"x", sentence),
                 (PICTURES["webp"] + b"xx", sentence), (b"", "Choose a picture"), (b"x" * (200 * 1024 + 1), "Choose a picture of at most 200 KB"),
                 (b"x" * 900_000, "Choose a picture of at most 200 KB"))
        for content, words in cases:
            page = self.upload(content)
            self.assertEqual(page.status, 422, content[:20])
            self.assertIn(words, page.text)
            self.assertIn("#logo", [href for href, _ in page.links])
            self.assertEqual(page.form("/settings").fields["name"], "Harbour")
        self.assertEqual(self.upload(b"x" * 1_100_000).status, 413)
        self.assertEqual(self.house.sql("SELECT HEX(public_id) FROM logo"), before)

    def test_a_picture_of_just_the_limit_is_taken(self):
        full = of_size(200 * 1024)
        self.assertIn("Logo saved.", self.upload(full).text)
        self.assertIn("Choose a picture of at most 200 KB", self.upload(full + b"x").text)

    def test_a_body_that_no_browser_sends_is_refused(self):
        token = self.owner.get("/settings").form("/settings").fields["csrf"]
        part = f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
        logo = '--b\r\nContent-Disposition: form-data; name="logo"; filename="a"\r\n\r\nx\r\n'
        before = self.house.sql("SELECT * FROM logo")
        same_origin = {"Sec-Fetch-Site": "same-origin"}
        for body in ("", "x", part, part + logo, part + part + "--b--", part + logo + logo + "--b--", part + logo.replace('"logo"', '"picture"') + "--b--",
                     part + logo.replace('; filename="a"', "") + "--b--", part + logo + "--b--\r\nmore", "\r\n" + part + logo + "--b--",
                     part + '--b\r\nContent-Disposition: form-data; name="role"\r\n\r\nowner\r\n' + "--b--"):
            page = self.owner.raw("POST", "/settings/logo", body, {"Content-Type": TYPE, **same_origin})
            self.assertEqual(page.status, 400, body)
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=b", "text/plain", "image/png"):
            self.assertEqual(self.owner.raw("POST", "/settings/logo", part + logo + "--b--", {"Content-Type": kind, **same_origin}).status, 415, kind)
        self.assertEqual(self.owner.raw("POST", "/settings/logo", part.replace(token, "no") + logo + "--b--", {"Content-Type": TYPE, **same_origin}).status, 403)
        self.assertEqual(self.owner.raw("POST", "/settings/logo", part + logo + "--b--", {"Content-Type": TYPE, "Sec-Fetch-Site": "cross-site"}).status, 403)
        self.assertEqual(self.owner.raw("POST", "/settings", part + logo + "--b--", {"Content-Type": TYPE, **same_origin}).status, 415)
        self.assertEqual(self.house.sql("SELECT * FROM logo"), before)


if __name__ == "__main__":
    unittest.main()
