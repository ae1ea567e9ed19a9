"""Every mail in every language, with each thing changed that its views ask about: text and HTML say the same, and a phone shows it
from the right, too. Drawn by the views themselves (mails_drawn.c); that each is sent, and with which headers, is tested in mails_test.py."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import judges  # noqa: E402
import mails  # noqa: E402
from machine import ROOT  # noqa: E402
from mails_test import seen  # noqa: E402
from untranslated_test import Words, catalogue, outside  # noqa: E402

FOLDER, PORTAL = ROOT / "build/test/mail-languages", "http://127.0.0.1"
LANGUAGES = {"en", *(p.stem for p in (ROOT / "views/po").glob("*.po"))}


class Drawn:
    """As much of a mails.Letter as parity asks for."""

    def __init__(self, mail, language, text, html):
        self.mail, self.language, self.text, self.html = mail, language, text, html
        self.page = mails.Html(html)

    @property
    def name(self):
        return f"{self.mail}, {self.language}"


def told(catalogues):
    return json.loads(subprocess.run([ROOT / "build/mails_drawn", catalogues], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=120).stdout)


def drawn():
    """Each that differs, once."""
    return [Drawn(*one) for one in dict.fromkeys((m["mail"], m["language"], m["text"], m["html"]) for m in told(ROOT / "build/locale"))]


# What people and the program have named; the rest of a mail is sentences.
NAMES = re.compile(r"\S+@\S+|https?://\S+|Northwind Großhandel|Anna Kowalska|Jo Example|Donaudampf\w+|Hello,\s+here is the portal\.|\b(?:Invited|Pier|Ox|UTC)\b")


def untranslated(text):
    return sorted(set(re.findall(r"[^\W\d_]{2,}(?: [^\W\d_]+)*", NAMES.sub(" ", outside(text)))))


class MailLanguages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        judges.modules()
        cls.letters = drawn()

    def test_every_mail_is_drawn_in_every_language(self):
        views = set(re.findall(r"\bview_mail_(\w+)_subject\(", (ROOT / "build/views/views.h").read_text(encoding="utf-8")))
        self.assertEqual({(m.mail, m.language) for m in self.letters}, {(mail, language) for mail in views for language in LANGUAGES})
        self.assertEqual([m.name for m in self.letters if (m.page.root.get("lang"), m.page.root.get("dir")) != (m.language, "rtl" if m.language == "ar" else "ltr")], [])

    def test_text_and_html_say_the_same_in_every_language(self):
        self.assertEqual([f"{m.name}: {wrong}" for m in self.letters for wrong in mails.parity(m, PORTAL)], [])

    def test_no_mail_and_no_subject_has_a_sentence_that_nobody_can_translate(self):
        """Drawn in the pseudo-language, whose sentences all stand in brackets."""
        with tempfile.TemporaryDirectory(prefix="pseudo-") as folder:
            catalogue(pathlib.Path(folder))
            mails_told = [m for m in told(folder) if m["language"] == "en-XA"]
        found = {(m["mail"], part, *left) for m in mails_told for part in ("subject", "text", "html")
                 if (left := untranslated("".join(Words(m[part]).words) if part == "html" else m[part]))}
        self.assertEqual(sorted(found), [])
        self.assertGreater(len(mails_told), 100)
        self.assertEqual(untranslated("[x] Jo Example, Northwind Großhandel: http://a.example/x"), [])
        self.assertEqual(untranslated("[x] and more"), ["and more"])

    def test_a_translation_that_says_something_else_in_one_of_them_is_noticed(self):
        for language in LANGUAGES:
            m = next(m for m in self.letters if (m.mail, m.language) == ("invitation", language))
            sentence = next(line for line in m.text.split("\n") if "Anna Kowalska" in line)
            said = mails.parity(Drawn(m.mail, language, m.text.replace(sentence, sentence + " Now."), m.html), PORTAL)
            self.assertTrue(said and said[0].startswith("only in the text: "), (language, said))

    def test_what_a_person_wrote_keeps_its_own_direction_and_lines_in_an_arabic_mail(self):
        wrote = {m.mail: re.findall(r"<p([^>]*)>Hello,\s", m.html) for m in self.letters if m.language == "ar" and "Hello," in m.text}
        self.assertEqual(set(wrote), {"invitation", "reminder"})
        self.assertEqual([name for name, found in wrote.items() if len(found) != 1 or 'dir="auto"' not in found[0] or "white-space:pre-line" not in found[0]], [])

    def test_no_mail_with_a_logo_is_so_short_that_spamassassin_takes_it_for_a_picture(self):
        """HTML_IMAGE_ONLY_32: an HTML part with a picture and at most 3,200 octets."""
        pictured = {m.name: len(m.html.encode()) for m in self.letters if '<img src="cid:' in m.html}
        self.assertEqual(len(pictured), len({m.name for m in self.letters}))
        self.assertEqual({name: n for name, n in pictured.items() if n <= 3250}, {})

    def test_a_phone_shows_every_mail_from_the_right_and_the_nu_html_checker_has_nothing_to_say(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.iterdir():
            old.unlink()
        first = {m.mail: m for m in reversed(self.letters) if m.language == "ar"}
        for mail, m in first.items():
            (FOLDER / f"{mail}.html").write_text(m.html, encoding="utf-8")
        self.assertEqual(seen(FOLDER), [])
        self.assertEqual(judges.nu(FOLDER), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
