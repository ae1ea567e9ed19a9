"""Every mail of the portal, sent through the real way, before its judges; and each judge before mails that it must refuse.

Which mails there are is the list of views/mail: a new one without a mail here fails, and is judged as soon as the story below sends it.
"""
import email.utils
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import collect  # noqa: E402
import judges  # noqa: E402
import mails  # noqa: E402
from house import DETAILS, PASSWORD, eventually  # noqa: E402
from machine import ROOT  # noqa: E402
from town import Town  # noqa: E402

FOLDER = ROOT / "build/test/mails"
VENDORS = ("Harbour", "Lagoon", "Third")


def points(*files):
    """What SpamAssassin says to each: name -> (points, rules)."""
    out = subprocess.run(["perl", HERE / "spam.pl", *files], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=300).stdout
    return {line.split(" ")[0]: (float(line.split(" ")[1]), line.split(" ")[2]) for line in out.splitlines()}


def seen(folder):
    """What Chromium finds in the folder's HTML parts on a phone, by day and by night."""
    judges.modules(ROOT / "tests/browser")
    done = subprocess.run([os.environ.get("NODE", "node"), ROOT / "tests/browser/mails.mjs", folder], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=300,
                          env=os.environ | {"INVITED_BROWSER": "{}"})
    return json.loads(done.stdout)


def picture(width, height):
    """A PNG like a logo: a bar of blue on white."""
    def chunk(name, content):
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")
    lines = b"".join(b"\0" + (b"\x0a\x58\xa6" if height // 3 < y < height // 3 * 2 else b"\xff\xff\xff") * width for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\2\0\0\0") + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def write(folder, letters):
    """The mails as files, and their HTML parts beside them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for n, letter in enumerate(letters):
        (folder / f"{n:02}.eml").write_bytes(letter.raw)
        (folder / f"{n:02}.html").write_text(letter.html, encoding="utf-8")


# Mails of one subject that are another mail: by a sentence of theirs.
VARIANTS = {"again": "This email replaces an earlier one", "asked for": "It was asked for on the page of your invitation"}


def variant(letter):
    return next((name for name, words in VARIANTS.items() if words in letter.text), "")


class Mails(Town):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        judges.modules()
        super().setUpClass()
        cls.everything_that_sends()
        cls.letters = eventually("the mails", cls.all_there, 60)
        write(FOLDER, cls.letters)

    @classmethod
    def all_there(cls):
        """One of each subject and variant, when nothing waits any more that is due."""
        if cls.house.sql("SELECT 1 FROM outbox WHERE state IN ('queued', 'deferred') AND next_at < UTC_TIMESTAMP(6) + INTERVAL 1 HOUR AND vendor_id IS NULL LIMIT 1"):
            return None
        found = {}
        for file in sorted((cls.house.stack.maildir / "new").iterdir()):
            raw = re.sub(rb"\A(?:(?:Return-Path|Delivered-To):.*\n)*", b"", file.read_bytes())   # the envelope, which the mail server of the tests writes down
            letter = mails.Letter(raw)
            found.setdefault((re.sub(r"Smith Ltd|\S+@\S+", "x", letter.header("Subject")), variant(letter)), letter)
        return list(found.values()) if not cls.missing(found.values()) else None

    @staticmethod
    def missing(letters):
        """The subjects, and their variants, of which there is no mail."""
        wanted = [s for p in sorted((ROOT / "views/mail").glob("*.txt")) for s in mails.subjects(p.read_text(encoding="utf-8"))]
        return [s.pattern for s in wanted if not any(s.fullmatch(letter.header("Subject")) for letter in letters)] + \
            sorted(set(VARIANTS) - {variant(letter) for letter in letters})

    @classmethod
    def everything_that_sends(cls):
        house, owner, customer, nobody = cls.house, cls.people["owner Harbour"], cls.people["customer"], cls.house.visitor()
        superseded = collect.furnish(cls)[6]
        house.sql("INSERT INTO logo (vendor_id, public_id, kind, width, height, image) SELECT id, UNHEX(REPEAT('7', 32)), 'png', 240, 80, "
                  f"UNHEX('{picture(240, 80).hex()}') FROM company WHERE name = 'Harbour' ON DUPLICATE KEY UPDATE kind = 'png', width = 240, height = 80, image = VALUES(image)")
        connected, third, ids = house.sign_in(collect.MORE["connected"]), cls.people["owner Third"], cls.ids
        for client in (owner, customer, third):
            client.follow = True

        def press(client, path, action=None, button=None, **values):
            page = client.submit(client.get(path), action or path, button, **values)
            assert page.status == 200, (path, page.status, page.text)
            return page
        press(customer, f"/home/invitations/{ids['Harbour', 'home']}/decline")
        press(nobody, house.link("expired@very-long-subdomain.logistics-partner.example"), "/ask")
        press(nobody, "/register", **DETAILS, kind="customer", email="owner@harbour.example", password=PASSWORD)
        press(nobody, f"/reset/{ids['Lagoon', 'reset']}", password=PASSWORD + "-new")
        press(third, "/link/customer", target="customer@lagoon-customer.example")
        asked = house.sign_in("customer@lagoon-customer.example")
        asked.submit(asked.get("/home"), button="Confirm")
        press(house.sign_in("unverified@harbour.example"), f"/verify/{ids['Harbour', 'verify']}")
        asker = house.sign_in("unverified@harbour.example")
        press(asker, "/admission", colleague="customer@harbour-customer.example")
        connected.submit(connected.get("/home"), "/accept", button="Accept")
        press(owner, f"/team/members/{ids['Harbour', 'member']}/role", role="auditor")
        for kind in ("customer", "supplier"):
            page = press(owner, f"/add/{kind}", f"/add/{kind}/check", email=f"added-{kind}@pier.example", business_name=f"Added {kind} Ltd")
            page = owner.submit(owner.submit(page, "/data"), f"/add/{kind}", **{k: v for k, v in DETAILS.items() if k != "business_name"})
            assert page.status == 200, page.text
        press(owner, f"/team/members/{ids['Harbour', 'member']}/remove")
        assert "Check your email." in nobody.submit(nobody.get(superseded), button="Send it again to that address").text
        settings = owner.get("/settings")
        owner.submit(settings, "/settings", remind=settings.form("/settings").choices["remind"][-1])
        house.invite(owner, "remind@pier.example")
        press(owner, f"/customers/{ids['Harbour', 'customer']}/disconnect")
        press(third, "/settings/delete", name="Third", password=PASSWORD)
        press(third, "/settings/delete", "/settings/delete/undo")   # or its mails would wait
        house.sql("UPDATE outbox SET next_at = UTC_TIMESTAMP(6) WHERE next_at IS NOT NULL")   # reminders are due, and messages' notices

    def judged(self, judge):
        return [f"{letter.name}: {complaint}" for letter in self.letters for complaint in judge(letter)]

    def test_every_mail_of_the_folder_is_among_them(self):
        self.assertEqual(self.missing(self.letters), [])
        self.assertGreater(len(mails.subjects((ROOT / "views/mail/invitation.txt").read_text(encoding="utf-8"))), 4, "the reminder's too")
        texts = {p.stem for p in (ROOT / "views/mail").glob("*.txt")} - {"foot"}
        self.assertEqual(texts, {p.stem for p in (ROOT / "views/mail").glob("*.html")} - {"frame"})

    def test_every_header_is_as_it_should_be(self):
        self.assertEqual(self.judged(lambda letter: mails.headers(letter, VENDORS)), [])

    def test_every_mail_is_built_as_it_should_be(self):
        self.assertEqual(self.judged(mails.structure), [])

    def test_every_mail_of_a_vendor_with_a_logo_brings_it_along(self):
        """And the others bring nothing: of the portal itself, of a vendor without."""
        of = {bool(letter.pictures): set() for letter in self.letters}
        for letter in self.letters:
            of[bool(letter.pictures)].add(letter.header("Subject").split(" ")[0].strip(":"))
        self.assertIn("Harbour", of[True])
        self.assertLessEqual(of[True], {"Harbour", "Lagoon"})
        self.assertIn("Invited", of[False])

    def test_text_and_html_say_the_same_and_lead_to_the_same_places(self):
        self.assertEqual(self.judged(lambda letter: mails.parity(letter, self.house.stack.url)), [])

    def test_every_link_of_a_mail_leads_somewhere(self):
        """To everybody, but those that the story used up."""
        used = {r[0] for r in self.house.sql("SELECT email FROM invitation WHERE status <> 'pending' UNION SELECT email FROM account")}
        nobody = self.house.visitor(follow=False)
        wrong = [f"{letter.name}: {link}" for letter in self.letters for link in mails.LINK.findall(letter.text)
                 if nobody.raw("GET", link.removeprefix(self.house.stack.url)).status >= 400 and email.utils.parseaddr(letter.header("To"))[1] not in used]
        self.assertEqual(wrong, [])
        self.assertGreater(len([letter for letter in self.letters if email.utils.parseaddr(letter.header("To"))[1] not in used]), 2)

    def test_the_nu_html_checker_has_nothing_to_say(self):
        self.assertEqual(judges.nu(FOLDER), [])

    def test_spamassassin_gives_no_mail_a_point(self):
        said = points(*sorted(FOLDER.glob("*.eml")))
        self.assertEqual(len(said), len(self.letters))
        self.assertEqual({self.letters[int(n[:2])].name: p for n, p in said.items() if p[0] > 0}, {})

    def test_a_phone_of_320_px_shows_it_whole_by_day_and_by_night_and_axe_has_nothing_to_say(self):
        self.assertEqual(seen(FOLDER), [])


class Judges(unittest.TestCase):
    """A mail that is good, and each thing that makes it bad."""
    GOOD = (b"From: Harbour via Invited <invites@portal.example>\nTo: <a@pier.example>\nReply-To: <b@harbour.example>\nSubject: Harbour invited you to be a customer\n"
            b"Date: Sat, 21 Nov 2026 06:46:20 +0000\nMessage-ID: <ab010200000000000000000000000000@portal.example>\nMIME-Version: 1.0\nContent-Language: en\n"
            b"Auto-Submitted: auto-generated\nList-Unsubscribe:\n <http://portal/never/x>\nContent-Type: multipart/alternative; boundary=\"b\"\n\n"
            b"--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nYou are invited\n\nIt is Harbour.\n\nOpen it:\nhttp://portal/i/x\n\n"
            b"No more?\nhttp://portal/never/x\n\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<!DOCTYPE html>\n"
            b"<html lang=3D\"en\" dir=3D\"ltr\"><head><meta charset=3D\"utf-8\"><meta name=3D\"viewport\" content=3D\"width=3Ddevice-width\"><meta name=3D\"color-scheme\" content=3D\"light dark\"><title>x</title>"
            b"<style>@media (prefers-color-scheme: dark) { p { color: #fff } body { background: #000; color: #fff } a { color: #7ab8f9 } }</style></head><body>=\n"
            b"<div style=3D\"display:none\">Preheader</div><h1>You are invited</h1><p>It is Harbour.</p><table role=3D\"presentation\"><tr><td class=3D\"button\">"
            b"<a href=3D\"http://portal/i/x\" style=3D\"display:inline-block;padding:12px 24px;line-height:24px\">Open it</a></td></tr></table><p>Or copy:<br>http://portal/i/x</p>"
            b"<p><a href=3D\"http://portal/never/x\">No more?</a></p></body></html>\n--b--\n")

    @staticmethod
    def judged(raw):
        letter = mails.Letter(raw)
        return mails.headers(letter, VENDORS) + mails.structure(letter) + mails.parity(letter, "http://portal")

    def test_a_good_mail_passes_and_each_breach_is_noticed(self):
        self.assertEqual(self.judged(self.GOOD), [])
        for old, new in ((b"Subject: Harbour invited", b"Subject: You are invited"), (b"you to be a customer", b"you to be a customer, at last and after all this time"),
                         (b"Harbour via Invited", b"Harbour"), (b"invites@portal", b"harbour@portal"), (b"Reply-To: <b@harbour.example>\n", b""),
                         (b"Reply-To: <b@harbour.example>", b"Reply-To: <support@portal.example>"), (b"Auto-Submitted: auto-generated\n", b""), (b"Content-Language: en", b"Content-Language: de"),
                         (b"List-Unsubscribe:\n <http://portal/never/x>\n", b""), (b"/never/x", b"/other/x"), (b"06:46:20 +0000", b"06:46:20 -0000"), (b"<ab01", b"<xy01"), (b"multipart/alternative", b"multipart/mixed"),
                         (b"text/plain; charset=utf-8", b"text/plain; charset=us-ascii"), (b"quoted-printable\n\nYou", b"7bit\n\nYou"), (b"lang=3D\"en\" ", b""), (b"dir=3D\"ltr\"", b""),
                         (b"content=3D\"light dark\"", b"content=3D\"light\""), (b"width=3Ddevice-width", b"width=3D1000"), (b"prefers-color-scheme: dark", b"print"), (b"<div style=3D\"display:none\">Preheader</div>", b""),
                         (b"<h1>You are invited</h1>", b"<h1>You are invited</h1><h1>Twice</h1>"), (b"<p>It is Harbour.</p>", b"<p>It is Harbour.</p><img src=3D\"http://portal/a.gif\" alt=3D\"\">"),
                         (b"<p>It is Harbour.</p>", b""), (b"It is Harbour.\n", b"It is Harbour. <b>Now</b>\n"), (b"It is Harbour.\n", b"It is Lagoon.\n"), (b"padding:12px", b"padding:4px"),
                         (b"class=3D\"button\"", b"class=3D\"link\""), (b"<br>http://portal/i/x</p>", b"</p>"), (b"Open it:\nhttp://portal/i/x", b"Open it:\nhttp://portal/i/y"),
                         (b"href=3D\"http://portal/i/x\"", b"href=3D\"http://counts.example/i/x\""), (b"href=3D\"http://portal/i/x\"", b"href=3D\"http://portal/i/x?who=3Da\"")):
            self.assertIn(old, self.GOOD)
            self.assertNotEqual(self.judged(self.GOOD.replace(old, new)), [], new)

    def test_a_picture_comes_with_the_mail_and_is_shown_or_it_is_noticed(self):
        outer, page = self.GOOD.split(b"--b\nContent-Type: text/html")
        good = (outer + b"--b\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"r\"\n\n--r\nContent-Type: text/html"
                + page.replace(b"<p>It is Harbour.</p>", b"<p><img src=3D\"cid:logo@x\" width=3D\"9\" height=3D\"9\" alt=3D\"\"></p><p>It is Harbour.</p>").replace(b"\n--b--\n", b"")
                + b"\n--r\nContent-Type: image/gif\nContent-Transfer-Encoding: base64\nContent-ID: <logo@x>\nContent-Disposition: inline\n\nR0lGODlhAQ==\n--r--\n\n--b--\n")
        self.assertEqual(self.judged(good), [])
        for old, new in ((b"cid:logo@x", b"cid:logo@y"), (b"cid:logo@x", b"http://portal/logo/x"), (b" alt=3D\"\"", b""), (b" width=3D\"9\"", b""), (b" height=3D\"9\"", b" height=3D\"0\""),
                         (b"Disposition: inline", b"Disposition: attachment"), (b"image/gif", b"text/plain"), (b"R0lGODlhAQ==", b""), (b"<logo@x>", b"<logo@z>"),
                         (b"<p><img src=3D\"cid:logo@x\" width=3D\"9\" height=3D\"9\" alt=3D\"\"></p>", b"")):
            self.assertIn(old, good)
            self.assertNotEqual(self.judged(good.replace(old, new)), [], new)

    def test_spamassassin_notices_a_bad_one(self):
        with tempfile.TemporaryDirectory(prefix="spam-") as folder:
            bad = pathlib.Path(folder) / "bad"
            bad.write_bytes(self.GOOD.replace(b"Subject: Harbour invited you to be a customer", b"Subject: VIAGRA 100% FREE!!! ACT NOW").replace(b"Date: Sat", b"X-Date: Sat"))
            said = points(bad)
        self.assertGreater(said["bad"][0], 5, said)

    def test_a_phone_notices_what_is_too_wide_too_pale_and_too_small(self):
        good = mails.Letter(self.GOOD).html
        bad = (good.replace("It is Harbour.", "<span style=\"display:inline-block;width:500px\">It is Harbour.</span>"), good.replace("<p>It is", "<p style=\"color:#999;background:#888\">It is"),
               good.replace("padding:12px", "padding:2px"), good.replace(" lang=\"en\"", ""))
        with tempfile.TemporaryDirectory(prefix="seen-") as folder:
            for n, body in enumerate((good, *bad)):
                (pathlib.Path(folder) / f"{n}.html").write_text(body, encoding="utf-8")
            said = seen(folder)
        self.assertEqual({s.split(":")[0] for s in said}, {f"{n}.html" for n in range(1, len(bad) + 1)}, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
