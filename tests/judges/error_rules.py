"""error_rules.py - what interface.md says of a page that refuses a form, and of the note after one that was taken.

A summary "There is a problem" above the h1 leads to each field, whose error says the same words between its label and its input, after the hint, and is named by
the input. A note stands above the h1, is a status, and has a word and an icon. Over English pages.
"""
import html.parser
import pathlib

VOID = {"input", "img", "br", "meta", "link", "hr"}
BOXES = ("radio", "checkbox")


class Element:
    def __init__(self, tag, attributes, parent, place):
        self.tag, self.a, self.parent, self.place = tag, {k: v or "" for k, v in attributes}, parent, place
        self.classes, self.words, self.inside = self.a.get("class", "").split(), "", []

    def within(self, tag):
        e = self.parent
        while e and e.tag != tag:
            e = e.parent
        return e

    def text(self):
        return " ".join(self.words.split())


class Page(html.parser.HTMLParser):
    def __init__(self, body):
        super().__init__()
        self.all, self.open = [], []
        self.feed(body)
        self.by_id = {e.a["id"]: e for e in self.all if "id" in e.a}

    def handle_starttag(self, tag, attributes):
        e = Element(tag, attributes, self.open[-1] if self.open else None, len(self.all))
        self.all.append(e)
        for outer in self.open:
            outer.inside.append(e)
        if tag not in VOID:
            self.open.append(e)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        while tag not in VOID and self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        for e in self.open:
            e.words += data

    def of_class(self, name):
        return [e for e in self.all if name in e.classes]


def at_field(page, name, words):
    """The message of one field."""
    field, said = page.by_id.get(name), page.by_id.get(name + "-error")
    if not field:
        return [f"the summary leads to {name}, which is not there"]
    if not said or "error" not in said.classes or said.text() != words:
        return [f"“{words}” is not said at {name}" + (f", but “{said.text()}”" if said else "")]
    found, group = [], field.within("fieldset") if field.a.get("type") in BOXES else None
    label = next((e for e in page.all if e.tag == "legend" and e.parent is group), None) if group else next((e for e in page.all if e.a.get("for") == name), None)
    if not label or not label.place < said.place < field.place:
        found.append(f"the message of {name} does not stand between label and input")
    if (hint := page.by_id.get(name + "-hint")) and not hint.place < said.place:
        found.append(f"the message of {name} stands before its hint")
    if name + "-error" not in ((group or field).a.get("aria-describedby", "")).split():
        found.append(f"{name} does not name its message")
    if not group and field.a.get("aria-invalid") != "true":
        found.append(f"{name} is not marked")
    return found


def lost(body, action, sent):
    """What was typed into the form to `action` and is not in the one that came back. A password never comes back, a file cannot."""
    page = Page(body)
    form = next((e for e in page.all if e.tag == "form" and e.a.get("action") == action), None)
    if not form:
        return [f"the form {action} did not come back"]
    found = []
    for e in form.inside:
        name, kind = e.a.get("name"), e.a.get("type", e.tag)
        if e.tag not in ("input", "textarea", "select") or name not in sent or kind in ("hidden", "file") or "readonly" in e.a:
            continue
        if kind == "password":
            found += [f"the password {name} came back"] if e.a.get("value") else []
        elif kind in BOXES:
            found += [f"{name} is not chosen any more"] if e.a.get("value", "on") == sent[name] and "checked" not in e.a else []
        elif kind == "select":
            chosen = next((o.a.get("value") for o in e.inside if "selected" in o.a), next((o.a.get("value") for o in e.inside), None))
            found += [f"{name} is {chosen!r}, not {sent[name]!r}"] if chosen != sent[name] else []
        else:
            value = e.words.removeprefix("\n") if e.tag == "textarea" else e.a.get("value", "")
            found += [f"{name} is {value!r}, not {sent[name]!r}"] if value != sent[name] else []
    return found


def problems(body):
    page, found = Page(body), []
    h1 = next((e for e in page.all if e.tag == "h1"), None)
    summaries, notes = page.of_class("problem"), page.of_class("note")
    for box in summaries + notes:
        if not h1 or box.place > h1.place:
            found.append(f"not above the h1: {box.text()[:60]}")
    linked = []
    for box in summaries:
        if box.a.get("role") != "alert" or [e.text() for e in box.inside if e.tag == "h2"] != ["There is a problem"]:
            found.append("a summary that is none")
        for link in (e for e in box.inside if e.tag == "a" and e.parent.tag == "li"):
            linked.append(link.text())
            found += at_field(page, link.a["href"].removeprefix("#"), link.text()) if link.a.get("href", "").startswith("#") else [f"a summary that leads away: {link.text()}"]
        if not linked:
            found.append("a summary of nothing")
    found += [f"the summary does not have “{e.text()}”" for e in page.of_class("error") if e.text() not in linked]
    for box in notes:
        words = [e.text() for e in box.inside if e.tag == "strong"]
        if box.a.get("role") != "status" or not any("icon" in e.classes for e in box.inside) or not words or not words[0]:
            found.append(f"a note without status, word or icon: {box.text()[:60]}")
    return found


def of_folder(folder):
    return [f"{file.name}: {problem}" for file in sorted(pathlib.Path(folder).glob("*.html")) for problem in problems(file.read_text(encoding="utf-8"))]
