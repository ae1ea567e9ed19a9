"""The stylesheet before its judge, and the judge before stylesheets that it must refuse."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import judges  # noqa: E402

ROOT = judges.HERE.parent.parent


class Styles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        judges.modules()

    def test_stylelint_has_nothing_to_say(self):
        sheets = sorted((ROOT / "views/static").glob("*.css"))
        self.assertTrue(sheets)
        self.assertEqual(judges.stylelint(*sheets), [])

    def test_stylelint_refuses_mistakes_and_what_does_not_turn_round_with_the_script(self):
        good, bad = "a {\n  color: var(--text);\n}\n", (
            "a { colour: red }", "a {\n  color: #ggg;\n}\n", "a {\n  color: var(--text);\n  color: var(--muted);\n}\n", "a {\n  margin-left: 4px;\n}\n",
            "a {\n  border-top-left-radius: 6px;\n}\n", "a {\n  padding-top: 4px;\n}\n", "a {\n  width: 4rem;\n}\n", "a {\n  max-height: 4rem;\n}\n", "a {\n  bottom: 0;\n}\n",
            "a {\n  text-align: left;\n}\n", "#main {\n  color: var(--text);\n}\n", "a {\n  color: red;\n}\n", "a {\n}\n", "a { color: var(--text)")
        with tempfile.TemporaryDirectory(prefix="styles-") as folder:
            files = [pathlib.Path(folder) / f"{n}.css" for n in range(len(bad) + 1)]
            for file, text in zip(files, (good, *bad)):
                file.write_text(text, encoding="utf-8")
            said = judges.stylelint(*files)
        self.assertEqual({s.split(":")[0] for s in said}, {f.name for f in files[1:]}, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
