"""A link on paper: the QR code beside the copied link, and the letter to print, which is there only at the moment when the link is."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase  # noqa: E402

SCALE, QUIET = 8, 4


def modules(body):
    """The one QR code of a page: rows of booleans, True dark, with the quiet zone."""
    (width, path), = re.findall(r'<svg class="qr" viewBox="0 0 (\d+) \1"[^>]*><rect width="100%" height="100%" fill="#fff"></rect><path fill="#000" d="([^"]+)"', body)
    rows = [[False] * int(width) for _ in range(int(width))]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join("M{} {}h{}v1h-{}z".format(*r) for r in runs) == path, "not only runs of modules"
    for x, y, n, back in runs:
        assert n == back
        rows[int(y)][int(x):int(x) + int(n)] = [True] * int(n)
    return rows


def scanned(rows):
    """What a scanner reads from them."""
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder) / "code.pbm"
        lines = [" ".join("1" if dark else "0" for dark in row for _ in range(SCALE)) for row in rows for _ in range(SCALE)]
        picture.write_text(f"P1\n{len(rows) * SCALE} {len(rows) * SCALE}\n" + "\n".join(lines) + "\n", encoding="ascii")
        done = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture], capture_output=True, text=True, check=False)
        return done.stdout.strip()


class Letter(HouseCase):
    @classmethod
    def furnish(cls):
        house = cls.house
        cls.owner = house.sign_in(house.owner("Northwind"))
        picture = (pathlib.Path(__file__).resolve().parent.parent / "pictures/logo.png").read_bytes().hex()
        house.sql(f"INSERT INTO logo (vendor_id, public_id, kind, width, height, image) SELECT id, UNHEX('{'1' * 32}'), 'png', 4, 3, UNHEX('{picture}') FROM company WHERE name = 'Northwind'")

    def copied(self, email, **fields):
        """The invitation's number, the page with its link, the link."""
        self.house.invite(self.owner, email, **fields)
        where = f"/industry/invitations/{self.house.invitation_id(email)}"
        page = self.owner.submit(self.owner.get(where), where + "/link")
        return where, page, re.search(r'id="link"[^>]* value="([^"]+)"', page.body)[1]

    def test_a_camera_reads_the_copied_link_from_the_code(self):
        for email in ("a@scan.example", "b@scan.example"):
            _, page, link = self.copied(email)
            rows = modules(page.body)
            edge = [row[:QUIET] + row[-QUIET:] for row in rows] + rows[:QUIET] + rows[-QUIET:]
            self.assertFalse(any(any(row) for row in edge), "the quiet zone is not clear")
            self.assertEqual(scanned(rows), link)
            self.assertRegex(page.body, r'<svg class="qr"[^>]* role="img" aria-label="QR code of the link"')
            rows[QUIET + 3][QUIET + 3] = not rows[QUIET + 3][QUIET + 3]   # a stain: the eye's centre
            self.assertEqual(scanned(rows), link)

    def test_a_code_without_its_corners_is_read_as_nothing(self):
        _, page, _ = self.copied("c@scan.example")
        self.assertEqual(scanned([[dark and x > 12 for x, dark in enumerate(row)] for row in modules(page.body)]), "")

    def test_the_letter_says_who_invites_whom_as_what_until_when_with_link_code_and_logo(self):
        where, page, link = self.copied("ann@paper.example", first_name="Ann", last_name="O’Neil", business_name="Paper & Sons", message="See you\nin Hull.")
        letter = self.owner.submit(page, where + "/letter")
        self.assertEqual((letter.status, letter.url, letter.h1), (200, where + "/letter", "Northwind invited you to be a customer"))
        for words in ("owner@northwind.example, Northwind", "Customer", "Ann O’Neil", "Paper & Sons", "ann@paper.example", "See you in Hull.", link, "Nothing happens unless you accept."):
            self.assertIn(words, letter.text)
        self.assertRegex(letter.text, r"Until \d+ \w+ \d{4}, \d\d:\d\d UTC")
        self.assertIn('src="/logo/' + "1" * 32, letter.body)
        self.assertEqual(scanned(modules(letter.body)), link)
        seen = self.house.visitor().get(link)
        self.assertEqual(seen.h1, "Northwind invited you to be a customer")
        for page in (letter, seen):   # line by line, as it was written
            self.assertRegex(page.body, '<p class="lines" dir="auto">See you\r?\nin Hull\\.</p>')

    def test_the_paper_speaks_the_language_of_the_invitation_and_the_page_around_it_the_members(self):
        words = {"en": ("ltr", "Northwind invited you to be a supplier", "Invited by", "How to answer", "QR code of the link"),
                 "de": ("ltr", "Northwind hat Sie als Lieferanten eingeladen", "Eingeladen von", "So antworten Sie", r"\d{4}, \d\d:\d\d Uhr UTC</time>"),
                 "ar": ("rtl", "Northwind دعتك لتكون مورّدًا", "الداعي", "كيف تجيب", r"\d{4}، \d\d:\d\d UTC</time>")}
        for tag, (direction, heading, *labels) in words.items():
            where, _, _ = self.copied(f"{tag}@spoken.example", kind="supplier", language=tag, message="Welcome.")
            for mine, way, hint, back in (("en", "ltr", "Print this page", "Back to the invitation"), ("ar", "rtl", "اطبع هذه الصفحة", "العودة إلى الدعوة")):
                with self.subTest(invitation=tag, member=mine):
                    self.owner.get(f"/home?lang={mine}")
                    page = self.owner.submit(self.owner.get(where), where + "/link")
                    letter = self.owner.submit(page, where + "/letter")
                    self.assertIn(f'<html lang="{mine}" dir="{way}">', letter.body)
                    paper = re.search(rf'<div class="stack" lang="{tag}" dir="{direction}">(.*?)</div>', letter.body, re.S)[1]
                    around = letter.body.replace(paper, "")
                    self.assertEqual(letter.h1, heading)
                    for word in labels:
                        self.assertRegex(paper, word)
                    self.assertIn("<h1>", paper)
                    self.assertIn('class="qr"', paper)
                    self.assertRegex(paper, r'<strong dir="ltr">https?://[^<]*/i/[\w-]{43}</strong>')   # to be typed: a last "-" stays the last
                    self.assertIn('dir="auto">Welcome.<', paper)
                    self.assertIn(hint, around)
                    self.assertIn(back, around)
        self.owner.get("/home?lang=en")

    def test_the_letter_is_there_only_at_that_moment_and_its_secret_is_nowhere_else(self):
        where, page, link = self.copied("once@paper.example", kind="supplier")
        before = self.house.count("token")
        letter = self.owner.submit(page, where + "/letter")
        self.assertEqual((letter.headers["Cache-Control"], letter.h1), ("no-store", "Northwind invited you to be a supplier"))
        again = self.owner.get(where + "/letter")
        self.assertEqual((again.url, "The link is shown only once" in again.text, link in again.body), (where + "/link", True, False))
        self.assertEqual(self.house.count("token"), before)
        secret = link.rpartition("/")[2]
        logs = "".join(f.read_text(encoding="utf-8", errors="replace") for f in self.stack.logs.iterdir())
        self.assertNotIn(secret, logs)

    def test_no_letter_for_a_secret_that_is_not_this_invitations_copied_link(self):
        where, page, link = self.copied("mine@paper.example")
        other, _, _ = self.copied("other@paper.example")
        mailed = self.house.link("mine@paper.example").split("/")[2]
        form = page.form(where + "/letter").fields
        for path, secret in ((where, "A" * 43), (where, mailed), (where, "short"), (where, ""), (other, form["link"])):
            found = self.owner.post(path + "/letter", form | {"link": secret})
            self.assertEqual((found.url, "The link is shown only once" in found.text), (path + "/link", True), secret)
        self.assertEqual(self.owner.post(where + "/letter", form | {"link": form["link"] + "x"}).url, where + "/link")
        self.assertEqual(self.owner.post(where + "/letter", form | {"more": "x"}).status, 400)
        self.assertEqual(self.owner.post(where + "/letter", form).url, where + "/letter")
        self.owner.submit(self.owner.get(where), where + "/resend")
        self.assertEqual(self.owner.post(where + "/letter", form).url, where + "/link", "nor for one that a newer mail has replaced")
        self.owner.submit(self.owner.get(where + "/cancel"), where + "/cancel")
        gone = self.owner.post(where + "/letter", form)
        self.assertNotIn(link, gone.body)
        self.assertEqual((gone.status, gone.url), (200, where))


if __name__ == "__main__":
    unittest.main()
