"""Every field of every form, wrong by itself: refused with a message at that field and in the summary, everything else is kept, nothing is written.

Nothing here knows a form: whoever has a page is shown it, and each field that a person types into gets what it cannot take.
"""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from town import Town  # noqa: E402

WRONG = {"too long": ("x" * 20_000,) * 2, "a control character": ("a\u0001b",) * 2, "text turned round": ("a\u202eb",) * 2}   # of a line, of an area
FILLED = {"email": "keep@keep.example", "password": "gravel-Lantern-42-Xsprey", "expires_days": "9", "until": "", "target": "keep@keep.example", "url": "https://keep.example/",
          "colour": "#0a58a6", "link": "", "company": "Keep Ltd", "colleague": "keep@keep.example"}
# Signing in never says which of the two was wrong.
ONE_MESSAGE = ("/sign-in",)


class Field:
    def __init__(self, tag):
        a = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        self.name, self.kind = a.get("name"), a.get("type", "text") if tag.startswith("<input") else "area"
        self.typed = self.name and "readonly" not in tag and self.kind not in ("hidden", "radio", "checkbox", "file")


class Fields(Town):
    maxDiff = None

    def part(self, page, form):
        """The form as it is written: its tag, and the fields that people type into."""
        at = page.body.rfind("<form", 0, page.body.index(f'action="{form.action}"') + 1)
        words = page.body[at:page.body.index("</form>", at)]
        return words[:words.index(">")], [f for f in map(Field, re.findall(r"<(?:input|textarea)[^>]*>", words)) if f.typed]

    def forms(self):
        """Each form that anybody meets, once: who, the page's address, the form, how it is sent, its fields."""
        seen = set()
        for who, client in self.people.items():
            for _, method, path, _ in self.routes:
                if method != "GET" or path.startswith(("/export", "/logo", "/brand")) or path.endswith("z"):
                    continue
                page = client.get(self.path(path, "Harbour"))
                for form in page.forms if page.status == 200 else ():
                    key = re.sub(r"[0-9a-f]{32}|[\w-]{43}", "…", form.action), tuple(sorted(form.fields))
                    if form.method == "post" and key not in seen and form.action not in ONE_MESSAGE:
                        seen.add(key)
                        start, fields = self.part(page, form)
                        if fields:
                            yield who, page.url, form, "multipart" in start, fields

    def ask(self, who, where, form, parts, values):
        """In a browser of its own, which a form that signs in does not change."""
        client = self.house.visitor(follow=False)
        client.cookies = dict(self.people[who].cookies)
        shown = next(f for f in client.get(where).forms if f.action == form.action)
        values = values | {n: shown.fields[n] for n in ("csrf", "once") if n in shown.fields}
        answer = client.post_parts(form.action, values) if parts else client.post(form.action, values)
        client.close()
        return values, answer

    def values(self, form, fields):
        values = dict(form.fields)
        for field in fields:
            values[field.name] = FILLED.get(field.name, f"Keep {field.name[:6]}")
        for name, choices in form.choices.items():
            values.setdefault(name, next((c for c in choices if c), ""))
        return values

    def faults(self, field, values, form, answer):
        """What is not as it should be."""
        if answer.status != 422:
            return [f"status {answer.status}: {answer.h1}"]
        found = []
        if f'id="{field.name}-error"' not in answer.body or f'href="#{field.name}"' not in answer.body:
            found.append("no message at the field and in the summary")
        if not answer.title.startswith("Error: "):
            found.append(f"title {answer.title}")
        back = next((f for f in answer.forms if f.action == form.action), None)
        if not back:
            return found + ["the form is gone"]
        secret = [f for f in values if f in ("csrf", "once") or "password" in f]
        found += [f"{name} was {value!r} and is {back.fields.get(name, '')!r}" for name, value in values.items()
                  if name not in secret and not (name == field.name and "\u0001" in value) and back.fields.get(name, "") != value]
        found += [f"{name} is shown again" for name in secret if "password" in name and back.fields.get(name)]
        return found

    def test_each_is_refused_where_it_stands_with_everything_else_kept_and_nothing_written(self):
        found, forms, asked = [], 0, 0
        before = self.state()
        for who, where, form, parts, fields in list(self.forms()):
            forms += 1
            for field in fields:
                for what, wrongs in WRONG.items():
                    if field.kind == "password" and what != "too long":
                        continue   # any character is one
                    wrong = "x" * 1025 if field.kind == "password" else wrongs[field.kind == "area"]
                    values, answer = self.ask(who, where, form, parts, self.values(form, fields) | {field.name: wrong})
                    found += [f"{who}, {form.action}, {field.name} is {what}: {fault}" for fault in self.faults(field, values, form, answer)]
                    asked += 1
        self.assertEqual(found, [])
        self.assertGreater(forms, 25)
        self.assertGreater(asked, 200)
        self.assertEqual(self.state(), before)


if __name__ == "__main__":
    unittest.main()
