"""What is translated: the template is what the source says, and every catalogue has all of it."""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "views/po").glob("*.po"))


def done(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def sentences(*options):
    """The msgids that msgattrib leaves, each behind its context if it has one."""
    said = subprocess.run(["msgattrib", "--no-wrap", *options], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [f"{context}|{m}" if context else m for context, m in re.findall(r'^(?:msgctxt "(.+)"\n)?msgid "(.+)"$', said, re.M)]


class Messages(unittest.TestCase):
    maxDiff = None

    def test_the_template_has_every_sentence_of_the_source(self):
        made = done("make", "template", "TEMPLATE=build/test/invited.pot")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual((ROOT / "views/po/invited.pot").read_text().splitlines(), (ROOT / "build/test/invited.pot").read_text().splitlines(),
                         "`make messages` has not been run")

    def test_the_languages_are_there(self):
        self.assertEqual([po.stem for po in CATALOGUES], ["ar", "de", "fr", "pl"])

    def test_every_catalogue_is_well_formed(self):
        for po in CATALOGUES:
            with self.subTest(language=po.stem):
                said = done("msgfmt", "--check", "-o", "/dev/null", str(po))
                self.assertEqual((said.returncode, said.stderr), (0, ""))

    def test_every_sentence_is_translated_into_every_language(self):
        for po in CATALOGUES:
            with self.subTest(language=po.stem):
                known = set(sentences("--translated", "--no-fuzzy", "--no-obsolete", str(po)))
                self.assertEqual([s for s in sentences("--no-obsolete", "views/po/invited.pot") if s not in known], [])

    def test_a_number_in_a_sentence_is_written_as_the_language_does(self):
        """%s of number_text, but where it can never be 1,000: days of a link, percents, what is told of the median, a contrast in its own words."""
        small = ("The new link works for %u day", "We’ll send a link that works for %u day", "From 1 to 30, or empty for %u", "%u%%", "%u minute", "%u hour", "%u day")
        found = [s for s in sentences("--no-obsolete", "views/po/invited.pot") if re.search(r"%[-0-9.]*(?:l|ll|z)?[diux]", s)]
        self.assertEqual([s for s in found if s not in small and "%u.%02u:1" not in s], [])
        self.assertEqual(sorted(set(small) - set(found)), [], "not there any more")

    def test_no_sentence_blames(self):
        """Messages instruct: of pages, mails, and refusals that no walk over the pages meets."""
        blames = re.compile(r"\b(?:please|invalid|oops|sorry|illegal)\b", re.I)
        said = sentences("--no-obsolete", "views/po/invited.pot")
        self.assertGreater(len(said), 500)
        self.assertEqual([s for s in said if blames.search(s)], [])
        files = [*(ROOT / "nginx").glob("**/*.html"), *(ROOT / "nginx").glob("*.conf")]
        self.assertEqual([f"{f.name}: {line}" for f in files for line in f.read_text(encoding="utf-8").splitlines() if re.search(r"<(?:p|h1|title)\b", line) and blames.search(line)], [])

    def test_translations_keep_what_the_pages_read(self):
        """Stars in pairs, and the same {names}: the printf marks are msgfmt's."""
        for po in CATALOGUES:
            text = subprocess.run(["msgattrib", "--no-wrap", "--translated", "--no-obsolete", str(po)], cwd=ROOT, capture_output=True, text=True, check=True).stdout
            for entry in text.split("\n\n")[1:]:
                said = re.findall(r'^msgid(?:_plural)? "(.*)"$', entry, re.M)
                for told in re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', entry, re.M):
                    with self.subTest(language=po.stem, sentence=said[:1]):
                        self.assertEqual(sorted(re.findall(r"{\w+}", told)), sorted(re.findall(r"{\w+}", said[0] if said else "")))
                        self.assertEqual(told.count("*"), said[0].count("*") if said else 0)

    def told(self, language):
        """The translations of a catalogue, each with its sentence."""
        text = subprocess.run(["msgattrib", "--no-wrap", "--translated", "--no-obsolete", f"views/po/{language}.po"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for entry in text.split("\n\n")[1:]:
            for told in re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', entry, re.M):
                yield re.search(r'^msgid "(.*)"$', entry, re.M)[1], told

    def test_quotation_marks_are_the_languages_own(self):
        """And spaces: French has one that does not break before ; : ? ! and inside its marks, where a line could begin with them."""
        pairs = {"de": r"„[^„“]+“", "fr": "«\u202f[^«»]+\u202f»"}
        wrong = {"de": "[\"'„“”«»]", "fr": "[\"'“”«»]|[^\u202f][;?!]|[^\u00a0]:(?!//|1\\b)"}
        for language, found in wrong.items():
            with self.subTest(language=language):
                self.assertEqual([(said, told) for said, told in self.told(language) if re.search(found, re.sub(pairs[language], "…", told.replace('\\"', '"')))], [])


if __name__ == "__main__":
    unittest.main()
