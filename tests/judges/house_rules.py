"""house_rules.py - what interface.md says of every page and no public checker knows: one primary button, no disabled ones, no placeholders, no dialogs,
real tables, a <time> around every date with the zone beside the hour, a page as wide as its window, messages that instruct, an error's title, and empty places with something to do.

Over English pages. The note and the summary say once what stands elsewhere; the overview's pictures say weeks.
"""
import html.parser
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import error_rules  # noqa: E402

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(rf"\b\d{{1,2}} (?:{MONTHS}) \d{{4}}")
HOUR = re.compile(r"\d\d:\d\d(?! [A-Z]{2,5}\b)")
BLAME = re.compile(r"\b(?:please|invalid|oops)\b", re.I)
VOID = {"input", "img", "br", "meta", "link", "hr", "path", "circle", "rect", "line", "use"}


class Rules(html.parser.HTMLParser):
    def __init__(self, body):
        super().__init__()
        self.found, self.open, self.primary, self.title, self.problem, self.captions, self.window = [], [], 0, "", False, [], ""
        self.feed(body)
        if self.primary > 1:
            self.found.append(f"{self.primary} primary buttons")
        if self.window != "width=device-width, initial-scale=1":
            self.found.append(f"on a phone the window is {self.window or 'that of a desk'}")
        if self.problem != self.title.startswith("Error: "):
            self.found.append(f"the title {self.title!r}, and {'a' if self.problem else 'no'} summary of problems")

    def handle_starttag(self, tag, attributes):
        a = {k: v or "" for k, v in attributes}
        classes = a.get("class", "").split()
        self.primary += "primary" in classes
        self.problem = self.problem or "problem" in classes
        self.found += [f"<{tag} {name}>" for name in ("disabled", "placeholder", "aria-modal") if name in a]
        if tag == "dialog" or a.get("role") in ("dialog", "alertdialog"):
            self.found.append("a dialog")
        if tag in ("table", "tr", "td", "th", "thead", "tbody") and "role" in a:
            self.found.append(f"<{tag} role={a['role']}>")
        if tag == "th" and "scope" not in a:
            self.found.append("<th> without its scope")
        if tag == "meta" and a.get("name") == "viewport":
            self.window = a.get("content", "")
        if tag == "table":
            self.captions.append(False)
        if tag == "caption" and self.captions:
            self.captions[-1] = True
        if tag == "time" and "datetime" not in a:
            self.found.append("<time> without datetime")
        if tag not in VOID:
            self.open.append((tag, classes))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if tag == "table" and not self.captions.pop():
            self.found.append("a table without a caption")
        while self.open and self.open.pop()[0] != tag:
            pass

    def inside(self, *names):
        return any(tag in names or set(classes) & set(names) for tag, classes in self.open)

    def handle_data(self, data):
        if self.inside("title"):
            self.title += data
        if self.inside("title", "style", "script", "textarea", "option", "lines"):   # or what people have typed
            return
        if BLAME.search(data):
            self.found.append(f"blames: {data.strip()}")
        if self.inside("time"):
            if HOUR.search(data):
                self.found.append(f"an hour without its zone: {data.strip()}")
        elif self.inside("main") and not self.inside("note", "problem", "error", "svg", "figure") and DATE.search(data):
            self.found.append(f"a date without <time>: {data.strip()}")


EMPTY = re.compile(r"(?:No|Nothing)\b.*\b(?:yet|found|more)")


def empty_places(body):
    """Where nothing is yet: one title, one paragraph that says what will be, and something to do: a button of the page's, or the way back."""
    page, found = error_rules.Page(body), []
    for title in (e for e in page.all if e.tag in ("h2", "h3") and EMPTY.fullmatch(e.text())):
        below = [e for e in title.parent.inside if e.tag == "p" and e.place > title.place]
        words = [e for e in below if e.text() and not any(x.tag in ("a", "button") for x in e.inside)]
        if len(words) != 1:
            found.append(f"{title.text()}: {len(words)} sentences below it")
        if not any({"button", "back"} & set(e.classes) for e in title.within("main").inside if not e.within("nav")):
            found.append(f"{title.text()}: nothing to do")
    return found


def unnamed(body):
    """Hints that their field does not name, and buttons of a row that do not say of which."""
    page = error_rules.Page(body)
    named = {i for e in page.all for i in e.a.get("aria-describedby", "").split()}
    found = [f"the hint {i} belongs to nothing" for i in page.by_id if i.endswith("-hint") and i not in named]
    found += [f"{i} is named and not there" for i in sorted(named - set(page.by_id))]
    of_row = [e for e in page.all if {"button", "row"} <= set(e.classes) and e.within("tr")]
    alike = [e.text() for e in of_row]
    return found + [f"a button that does not say of which row: {e.text()}" for e in of_row if not e.a.get("aria-label") and not e.a.get("aria-describedby") and alike.count(e.text()) > 1]


def problems(body):
    return Rules(body).found + empty_places(body) + unnamed(body)


def of_folder(folder):
    return [f"{file.name}: {problem}" for file in sorted(pathlib.Path(folder).glob("*.html")) for problem in problems(file.read_text(encoding="utf-8"))]
