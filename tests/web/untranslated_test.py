"""No untranslated text on any page: in a language made for this, every sentence stands in brackets, and what stands outside must be a name, an
address or a number that people have typed or the program has made."""
import html.parser
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import House  # noqa: E402
from town import TABLES, Town  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ACCENTS = str.maketrans("aceginorsuyAEINOSU", "áçéğíñöřšûýÁÉÎÑÖŠÛ")
MARKS = re.compile(r"%(?:\d\$)?[-0-9.]*[a-z%]+|{\w+}|\*|\\.")
# What is the same in every language: the portal's name, languages by themselves, units, zones.
SAME = ["Invited", "Deutsch", "Français", "Polski", "العربية", "English", "UTC"]


def pseudo(sentence):
    """Longer by a third, accented, in brackets; what the program reads in it stays."""
    words = MARKS.split(sentence)
    told = "".join(a.translate(ACCENTS) + b for a, b in zip(words, MARKS.findall(sentence) + [""]))
    return f"[{told}{'·' * (len(sentence) // 3)}]"


def catalogue(folder):
    """The pseudo-language's catalogue, out of the template."""
    full = subprocess.run(["msgen", "--no-wrap", str(ROOT / "views/po/invited.pot")], capture_output=True, text=True, check=True).stdout
    head, _, rest = full.partition("\n\n")
    head = head.replace("#, fuzzy\n", "").replace("nplurals=INTEGER; plural=EXPRESSION;", "nplurals=2; plural=(n != 1);")
    rest = re.sub(r'^(msgstr(?:\[\d\])?) "(.+)"$', lambda m: f'{m[1]} "{pseudo(m[2])}"', rest, flags=re.M)
    messages = folder / "C.UTF-8/LC_MESSAGES"
    messages.mkdir(parents=True)
    subprocess.run(["msgfmt", "--check-format", "-o", str(messages / "invited-en-XA.mo"), "-"], input=head + "\n\n" + rest, text=True, check=True)


class Words(html.parser.HTMLParser):
    """What a person reads or hears: texts, and the attributes that are read aloud."""

    def __init__(self, body):
        super().__init__()
        self.words, self.silent, self.value = [], 0, None
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        a = {k: v or "" for k, v in attributes}
        self.silent += tag in ("style", "script")
        self.value = a.get("value") if tag == "option" else None
        self.words += [f"\n{a[k]}\n" for k in ("title", "alt", "aria-label", "placeholder", "label") if a.get(k)]
        if tag == "input" and a.get("type") in ("submit", "button"):
            self.words.append(f"\n{a.get('value', '')}\n")

    def handle_endtag(self, tag):
        self.silent -= tag in ("style", "script")
        if tag not in ("strong", "span", "a", "b"):
            self.words.append("\n")

    def handle_data(self, data):
        self.words += [] if self.silent or data == self.value else [data]  # a zone's name is its own value


def outside(text):
    """What stands in no bracket; a sentence may hold another."""
    depth, left = 0, []
    for c in text:
        depth += c == "["
        if depth == 0:
            left.append(c)
        if c == "]":
            depth = max(0, depth - 1)
            left.append("\n")
    return "".join(left)


class Untranslated(Town):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="pseudo-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        catalogue(folder)
        Town.house = House(open_registration=True, catalogue_dir=folder)
        unittest.addModuleCleanup(Town.house.stop)
        Town.stack = Town.house.start().stack
        Town.furnish(Town.house)
        for client in cls.people.values():
            client.cookies["lang"] = "en-XA"
        cls.data = SAME + sorted({v for t in TABLES for row in cls.house.sql(f"SELECT * FROM {t}") for v in row if isinstance(v, str) and 2 < len(v) < 300}, key=len, reverse=True)

    def untranslated(self, page):
        text = outside("".join(Words(page.body).words))
        for known in self.data:
            text = text.replace(known, " ")
        text = re.sub(r"\S+@\S+|https?://\S+|\b[0-9a-f]{32}\b|#[0-9a-f]{6}|\b[A-Z][a-z]+/[A-Za-z_/+-]+", " ", text)
        return sorted(set(re.findall(r"[^\W\d_]{2,}(?: [^\W\d_]+)*", text)))

    def judge(self, who, page, found):
        if "html" not in page.headers.get("Content-Type", "") or not page.body:
            return
        self.assertIn('<html lang="en-XA" dir="ltr">', page.body, page.url)
        left = self.untranslated(page)
        if left:
            found.append((who, page.status, page.url, left))

    def test_every_page_and_every_refused_form_of_everybody_is_translated(self):
        found, n = [], 0
        for who, client in self.people.items():
            for _, method, path, _ in self.routes:
                if method == "GET" and not path.startswith(("/export", "/logo", "/brand")) and not path.endswith("z"):
                    self.judge(who, client.get(self.path(path, "Harbour")), found)
                    n += 1
        for who in ("nobody", "owner Harbour", "customer"):
            client = self.people[who]
            for _, method, path, _ in self.routes:
                if method == "POST" and not re.search(r"sign-out|/company$|leave|remove|disconnect|merge|upload|logo|lift|pause|delete|account$", path):
                    token = self.token(client)
                    self.judge(who, client.post(self.path(path, "Harbour"), {"csrf": token}), found)
                    n += 1
        self.assertGreater(n, 500)
        self.assertEqual(found, [])

    def test_a_text_without_a_translation_is_seen(self):
        client = self.people["nobody"]
        page = client.get("/sign-in")
        self.assertEqual(self.untranslated(page), [])
        for bad in ("<p>Plain words</p>", '<p><img alt="A picture"></p>', '<p aria-label="Spoken">[x]</p>', "<p>[x] and more</p>", "<title>Page</title>"):
            page.body = bad
            self.assertTrue(self.untranslated(page), bad)


if __name__ == "__main__":
    unittest.main()
