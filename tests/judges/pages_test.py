"""Every page of everybody, before the judges that read files: the Nu HTML checker, html-validate, and each link followed.

The pages are collected once (collect.py) and stay in build/test/pages to look at. A judge is itself shown what it must refuse.
"""
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import collect  # noqa: E402
import error_rules  # noqa: E402
import house_rules  # noqa: E402
import judges  # noqa: E402
from machine import ROOT  # noqa: E402
from town import Town  # noqa: E402

PAGES = ROOT / "build/test/pages"
# Answered with something that is no page, or with the way to one.
NO_PAGE = {"health", "ready", "root", "logo", "brand", "link_never", "shared_file", "vendor_file", "invitations_export", "customers_export", "suppliers_export"}
# One button each, and in this town another form has ended what it acts on before its turn comes; the stories of tests/web press them.
ENDED_BEFORE = {"invitation_take_over", "join_sign_out", "join_do", "shared_company_remove", "link_accept", "home_decline", "company_merge_do", "home_refuse",
                "link_customer_withdraw_do"}
GOOD = """<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title>
</head>
<body>
%s
</body>
</html>
"""


class Pages(Town):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        judges.modules()
        super().setUpClass()
        cls.pages = collect.Collection(PAGES)
        collect.walk_town(cls, cls.pages)

    def test_every_route_is_among_them_and_every_form_was_sent(self):
        met = {}
        for method, path, status in self.pages.met:
            for name, way, pattern, _ in self.routes:
                if way == method and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(pattern)), path.split("?")[0]):
                    met.setdefault(name, set()).add(status)
        never = [f"{name}: {sorted(met.get(name, ()))}" for name, method, _, _ in self.routes
                 if name not in NO_PAGE | ENDED_BEFORE and not met.get(name, set()) & ({200} if method == "GET" else {200, 303, 422})]
        self.assertEqual(never, [])
        self.assertGreaterEqual({s for _, _, s in self.pages.met}, {200, 303, 400, 403, 404, 405, 410, 413, 415, 422, 503})
        self.assertGreater(len(self.pages.files), 300)

    def test_every_page_keeps_the_rules_of_the_house(self):
        self.assertEqual(house_rules.of_folder(PAGES), [])

    def test_every_refused_form_says_what_is_wrong_above_the_h1_and_at_its_field_and_every_note_is_a_status(self):
        self.assertEqual(error_rules.of_folder(PAGES), [])
        self.assertGreater(len([f for f in self.pages.files if f.endswith("-422.html")]), 100)

    def test_a_refused_form_keeps_all_that_was_typed_but_passwords(self):
        self.assertEqual(self.pages.lost, [])
        self.assertGreater(self.pages.refused, 100)

    def test_no_page_leads_nowhere(self):
        self.assertEqual(self.pages.broken, [])

    def test_the_nu_html_checker_has_nothing_to_say(self):
        self.assertEqual(judges.nu(PAGES), [])

    def test_html_validate_has_nothing_to_say(self):
        self.assertEqual(judges.html_validate(PAGES), [])


class Judges(unittest.TestCase):
    """What each judge must refuse; what it must let pass, so that it does not refuse everything."""

    def judged(self, judge, *bodies):
        judges.modules()
        folder = tempfile.mkdtemp(prefix="judged-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        for n, body in enumerate(bodies):
            (pathlib.Path(folder) / f"{n}.html").write_text(GOOD % body, encoding="utf-8")
        return judge(folder)

    def test_the_nu_html_checker_refuses_an_error_and_a_warning(self):
        said = self.judged(judges.nu, "<h1>Good</h1>", "<h1>x</h1><img src='a.png'>", "<h1>x</h1><section><p>No heading</p></section>", "<h1>x</h1><p id='a'></p><p id='a'></p>")
        self.assertFalse([s for s in said if s.startswith("0")], said)
        self.assertLessEqual({"1.html", "2.html", "3.html"}, {s.split(":")[0] for s in said})

    def test_html_validate_refuses_an_error_and_what_only_it_knows(self):
        said = self.judged(judges.html_validate, "<h1>Good</h1>", "<h1>x</h1><button>No type</button>", "<h1>x</h1><p style=\"color:red\">Style</p>",
                           "<h1>x</h1><form><input type=\"text\" name=\"a\"></form>")
        self.assertFalse([s for s in said if s.startswith("0")], said)
        self.assertLessEqual({"1.html", "2.html", "3.html"}, {s.split(":")[0] for s in said})

    def test_each_breach_of_the_rules_of_the_house_is_noticed(self):
        good = ("<main><h1>x</h1><p>Until <time datetime='2026-12-02'>2 December 2026</time></p><button class='primary'>x</button><button>y</button>"
                "<table><caption>x</caption><tr><th scope='col'>x</th></tr></table><div class='note'>Until 2 December 2026.</div><section><h2>No customers yet</h2>"
                "<p>It appears here.</p><p><a class='button' href='/x'>Invite</a></p></section></main>")
        self.assertEqual(house_rules.problems(GOOD % good), [])
        for bad in ("<a class='button primary'>x</a>", "<button disabled>x</button>", "<input disabled>", "<input placeholder='x'>", "<dialog>x</dialog>", "<div role='dialog'>x</div>",
                    "<table><tr><th scope='col'>x</th></tr></table>", "<table><caption>x</caption><tr><th>x</th></tr></table>", "<table><caption>x</caption><tr role='row'><th scope='col'>x</th></tr></table>",
                    "<p>Until 2 December 2026.</p>", "<p>Until 2 Dec 2026, 14:05 UTC</p>", "<p>Please try again</p>", "<p>Invalid address</p>", "<time datetime='2026-12-02T14:05:00Z'>2 December 2026, 14:05</time>",
                    "<div class='problem'>There is a problem</div>", "<p id='a-hint'>x</p>", "<input aria-describedby='gone-hint'>", "<table><caption>x</caption><tr><td><a class='button row' href='/x' aria-label='x of a'>x</a></td></tr><tr><td><a class='button row' href='/y'>x</a></td></tr></table>"):
            self.assertEqual(len(house_rules.problems(GOOD % good.replace("</main>", bad + "</main>"))), 1, bad)
        for bad in ("", "<meta name='viewport' content='width=device-width, initial-scale=1, maximum-scale=1'>"):
            self.assertEqual(len(house_rules.problems(re.sub(r"<meta name=.viewport.*", bad, GOOD) % good)), 1, bad)
        for old, new in (("<p>It appears here.</p>", ""), ("<p>It appears here.</p>", "<p>It appears.</p><p>Here.</p>"), ("<a class='button' href='/x'>Invite</a>", "")):
            self.assertEqual(len(house_rules.problems(GOOD % good.replace(old, new))), 1, new)

    def test_each_breach_of_the_rules_of_errors_and_notes_is_noticed(self):
        good = ("<div class='problem' role='alert'><h2>There is a problem</h2><ul><li><a href='#a'>Enter a</a></li><li><a href='#k'>Choose k</a></li></ul></div>"
                "<div class='note' role='status'><svg class='icon'></svg><p><strong>Done.</strong> It is.</p></div><h1>x</h1><form action='/f'><label for='a'>A</label><p id='a-hint'>Hint</p>"
                "<p class='error' id='a-error'>Enter a</p><input id='a' name='a' value='&lt;1' aria-describedby='a-hint a-error' aria-invalid='true'><fieldset aria-describedby='k-error'><legend>K</legend>"
                "<p class='error' id='k-error'>Choose k</p><label><input type='radio' id='k' name='k' value='1' checked>One</label></fieldset><input name='p' type='password'>"
                "<select name='s'><option value='1'>1</option><option value='2' selected>2</option></select><textarea name='t'>\n two\nlines</textarea></form>")
        sent = {"a": "<1", "k": "1", "p": "secret", "s": "2", "t": " two\nlines", "csrf": "x"}
        self.assertEqual((error_rules.problems(GOOD % good), error_rules.lost(GOOD % good, "/f", sent)), ([], []))
        for old, new in ((" role='alert'", ""), ("There is a problem", "Sorry"), ("<h2>", "<h1>x</h1><h2>"), ("<a href='#a'>Enter a</a>", "Enter a"), ("href='#a'", "href='#b'"), ("href='#k'", "href='/k'"),
                         ("#a'>Enter a", "#a'>Type a"), ("id='a-error'", "id='b-error'"), ("a-hint a-error", "a-hint"), (" aria-invalid='true'", ""), ("<fieldset aria-describedby='k-error'>", "<fieldset>"),
                         ("<p id='a-hint'>Hint</p><p class='error' id='a-error'>Enter a</p>", "<p class='error' id='a-error'>Enter a</p><p id='a-hint'>Hint</p>"),
                         ("<label for='a'>A</label>", ""), (" role='status'", ""), ("<svg class='icon'></svg>", ""), ("<strong>Done.</strong>", ""),
                         ("<li><a href='#a'>Enter a</a></li><li><a href='#k'>Choose k</a></li>", "")):
            self.assertIn(old, good)
            self.assertNotEqual(error_rules.problems(GOOD % good.replace(old, new, 1)), [], new)
        for old, new in (("value='&lt;1'", ""), (" checked", ""), ("name='p'", "name='p' value='secret'"), (" selected", ""), ("two\nlines</", "two</"), ("'/f'", "'/g'")):
            self.assertIn(old, good)
            self.assertEqual(len(error_rules.lost(GOOD % good.replace(old, new), "/f", sent)), 1, new)

    def test_a_link_a_form_a_picture_and_a_place_that_lead_nowhere_are_noticed(self):
        there = {"/": (200, GOOD % "<h1 id='top'>x</h1>"), "/secret": (403, "")}

        def answer(method, path):
            return there.get(path, (404, ""))
        good = "<a href='/'>x</a><a href='/#top'>x</a><a id='a' href='#a'>x</a><a href='mailto:x@pier.example'>x</a><a href='https://pier.example/'>x</a>"
        self.assertEqual(collect.broken(GOOD % good, "/page", answer), [])
        for bad in ("<a href='/nothing'>x</a>", "<a href='nothing'>x</a>", "<a href='/secret'>x</a>", "<a href='#b'>x</a>", "<a href='/#b'>x</a>", "<img src='/a.png' alt=''>",
                    "<svg><use href='/#factory'></use></svg>", "<form action='/nothing'></form>", "<form method='post' action='/nothing'></form>",
                    "<button formaction='/nothing'>x</button>", "<a href='javascript:x'>x</a>", "<link rel='stylesheet' href='/a.css'>"):
            self.assertEqual(len(collect.broken(GOOD % (good + bad), "/page", answer)), 1, bad)


if __name__ == "__main__":
    unittest.main(verbosity=2)
