"""collect.py - every page that a person of each role meets, saved as a file: looked at, each form sent empty and with odd words.

What is true of all pages is judged over these files. Nothing here knows a page: routes come from `invited routes`, links and forms from the
pages themselves. Links are asked for as they are found, so a page that leads nowhere is noticed here too.
"""
import html.parser
import pathlib
import re
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "web")]
import error_rules  # noqa: E402
from house import PASSWORD  # noqa: E402
from machine import ROOT  # noqa: E402

ENDS = re.compile(r"/(disconnect|remove|cancel|leave|refuse|decline)$")   # what is pressed last: it takes other forms away
SHORT, ODD = "short", "\"><i>&amp;' ĄÖل"


class Form:
    def __init__(self, attributes):
        self.action, self.method = attributes.get("action", ""), attributes.get("method", "get").lower()
        self.parts = attributes.get("enctype") == "multipart/form-data"
        self.hidden, self.typed, self.picked, self.chosen, self.files = {}, {}, {}, {}, []


class Reader(html.parser.HTMLParser):
    """Every address in a page, every id, every form."""

    def __init__(self, body):
        super().__init__()
        self.addresses, self.ids, self.forms, self._select = [], set(), [], None
        self.feed(body)

    def handle_starttag(self, tag, attributes):
        a = {k: v or "" for k, v in attributes}
        if "id" in a:
            self.ids.add(a["id"])
        if "hreflang" in a:
            return  # the same page in another language, which this browser would keep: tests/web/language_test.py follows them
        self.addresses += [("GET", a[k]) for k in ("href", "src", "poster", "data", "cite") if k in a]
        self.addresses += [("GET", a["srcset"].split()[0])] if a.get("srcset") else []
        if tag == "form":
            self.forms.append(Form(a))
            self.addresses += [(self.forms[-1].method.upper(), self.forms[-1].action)]
        elif "formaction" in a:
            self.addresses.append(("POST", a["formaction"]))
        self._field(tag, a, self.forms[-1] if self.forms else None)

    def _field(self, tag, a, form):
        if tag == "option" and self._select and form and ("selected" in a or self._select not in form.picked):
            form.picked[self._select] = a.get("value", "")
        name = a.get("name")
        if not form or not name or tag not in ("input", "select", "textarea", "button"):
            return
        kind = a.get("type", "text") if tag == "input" else tag
        if kind == "hidden" or "readonly" in a or kind == "button":
            form.hidden.setdefault(name, a.get("value", ""))
        elif kind == "file":
            form.files.append(name)
        elif kind in ("radio", "checkbox"):
            form.chosen.setdefault(name, a.get("value", "on"))
        elif kind == "select":
            self._select = name
        else:
            form.typed[name] = SHORT if kind == "password" else ODD


def addresses(body, path):
    """(method, address) of everything on the page that leads somewhere; addresses of this portal are paths with their fragment."""
    found = {}
    for method, address in Reader(body).addresses:
        full = urllib.parse.urlsplit(urllib.parse.urljoin("http://portal" + path, address))
        if full.netloc == "portal" and full.scheme == "http":
            found[method, (full.path or "/") + ("?" + full.query if full.query else "") + ("#" + full.fragment if full.fragment else "")] = address
        elif full.scheme not in ("mailto", "https", "http", "data"):
            found[method, address] = address
    return list(found)


def broken(body, path, answer):
    """The addresses of a page that lead nowhere. `answer(method, path)` is the status there and the page's body."""
    wrong, own = [], Reader(body).ids
    for method, address in addresses(body, path):
        where, _, fragment = address.partition("#")
        if where == path.partition("#")[0] and method == "GET":
            if fragment and fragment not in own:
                wrong.append(f"{path}: {address} is not on the page")
            continue
        if not where.startswith("/"):
            wrong.append(f"{path}: {address} is no address")
            continue
        status, there = answer(method, where)
        if status >= 400 and status != 422:
            wrong.append(f"{path}: {method} {where} answers {status}")
        elif fragment and fragment not in Reader(there).ids:
            wrong.append(f"{path}: {fragment} is not on {where}")
    return wrong


def plain(body):
    """A page without what differs each time: two that are the same then are judged once."""
    return re.sub(r"(?<=next=)[^\"&]*|(?<=name=\"next\" value=\")[^\"]*|(Reference: )[0-9a-f]{32}|(name=\"csrf\" value=\")[\w-]{43}|([0-9a-f]{32})|(?<=/)[\w-]{43}|datetime=\"[^\"]*\"|\d\d?:\d\d|value=\"[\w-]{43}\"", "", body)


class Person:
    """One browser, and what it has seen."""

    def __init__(self, collection, role, client):
        self.collection, self.role, self.client = collection, role, client
        client.follow = False
        self.answers, self.forms, self.waiting, self.seen = {}, {}, [], set()

    def keep(self, page, what):
        """Save a page; its links wait to be followed, its forms to be sent. Where the page leads nowhere is written down."""
        if page.status == 303:
            self.waiting.append(self.place(page.location))
        elif "html" in page.headers.get("Content-Type", "") and self.collection.save(self.role, page, what):
            for form in Reader(page.body).forms:
                key = (form.method, re.sub(r"[0-9a-f]{32}|[\w-]{43}", "…", form.action), tuple(form.typed), tuple(form.chosen))
                self.forms.setdefault(key, []).append((page.url, form))
            self.collection.broken += [f"{self.role}: {w}" for w in broken(page.body, page.url, self.answer)]
            self.waiting += [a.partition("#")[0] for m, a in addresses(page.body, page.url) if m == "GET" and a.startswith("/")]

    @staticmethod
    def place(location):
        return urllib.parse.urlsplit(location)._replace(scheme="", netloc="").geturl()

    def answer(self, method, path):
        """What this person gets there, asked again when something was changed meanwhile. Forms that write are sent later."""
        if method != "GET":
            return 200, ""
        known = self.answers.get(path)
        if not known or known[0] != self.collection.changes:
            known = self.answers[path] = (self.collection.changes, self.client.raw("GET", path))
            self.collection.meet("GET", path, known[1])
        return known[1].status, known[1].body

    def walk(self, starts=()):
        self.waiting += starts
        while self.waiting:
            path = self.waiting.pop(0)
            if path not in self.seen:
                self.seen.add(path)
                self.answer("GET", path)
                self.keep(self.answers[path][1], "looked")

    def send(self, form, where, values, what):
        """From a fresh look: what is on the page can be sent. False: it is not there any more."""
        fresh = self.client.raw("GET", where)
        now = [f for f in Reader(fresh.body).forms if f.action == form.action and f.method == form.method] if fresh.status < 500 else []
        if not now:
            return False
        fields = now[0].hidden | now[0].picked | values
        if form.parts:
            page = self.client.post_parts(form.action, fields, **{name: ("", b"") for name in form.files})
        elif form.method == "post":
            page = self.client.post(form.action, fields)
        else:
            page = self.client.raw("GET", form.action + "?" + urllib.parse.urlencode(fields))
        self.collection.meet(form.method.upper(), form.action, page)
        if page.status >= 400 and page.status != 422:
            self.collection.broken.append(f"{self.role}: the form {form.action} of {where}, {what}, answers {page.status}")
        if page.status == 422:
            self.collection.refused += 1
            self.collection.lost += [f"{self.role}: {where}, {what}: {w}" for w in error_rules.lost(page.body, form.action, fields)]
        if page.status == 303 and form.method == "post":
            self.collection.changes += 1
            self.keep(self.client.raw("GET", self.place(page.location)), what)   # with its note
        else:
            self.keep(page, what)
        return True

    def send_all(self, typed):
        """`typed`: every form that has fields, sent empty, odd, and well, and what only leads on; else those that are one button. Also the
        forms that this brings."""
        sent = set()
        while waiting := [k for k in sorted(self.forms, key=lambda k: bool(ENDS.search(k[1])))
                          if k not in sent and bool(k[0] == "get" or k[2] or k[3] or self.forms[k][0][1].files) == typed]:
            for key in waiting:
                sent.add(key)
                ways = (("sent empty", lambda f: dict.fromkeys(f.typed, "")), ("sent odd", lambda f: f.typed | f.chosen), ("sent well", self.well)) if typed else (("pressed", lambda f: {}),)
                for what, values in ways if not key[1].endswith("/sign-out") else ():
                    any(self.send(form, where, values(form), what) for where, form in self.forms[key])
            self.walk()

    def well(self, form):
        """What a person would write. Passwords stay too short: a session that ends would end this walk."""
        number = len(self.collection.files)
        good = {"email": f"well{number}@pier.example", "url": "https://pier.example/", "phone": "+44 20 7946 0000"}
        return {name: good.get(name, value if value == SHORT else f"Well {number}") for name, value in form.typed.items()} | form.chosen

    def sign_out(self, already):
        """The first way out that nobody has taken yet; after it this person has no session."""
        for key, places in self.forms.items():
            if key[1].endswith("/sign-out") and key[1] not in already and any(self.send(form, where, {}, "pressed") for where, form in places):
                already.add(key[1])
                return


class Collection:
    def __init__(self, folder):
        self.folder, self.broken, self.files, self.met = pathlib.Path(folder), [], {}, set()
        self.changes, self.refused, self.lost, self._seen = 0, 0, [], set()
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.rglob("*.html"):
            old.unlink()

    def save(self, role, page, what):
        """False: the same page is there already."""
        body = plain(page.body)
        if (page.status, body) in self._seen:
            return False
        self._seen.add((page.status, body))
        name = re.sub(r"[^\w-]+", "-", re.sub(r"[0-9a-f]{32}|[\w-]{43}", "x", page.url)).strip("-")[:60] or "root"
        file = self.folder / f"{len(self.files):04}-{role.replace(' ', '-')}-{what.replace(' ', '-')}-{name}-{page.status}.html"
        file.write_text(page.body, encoding="utf-8")
        self.files[file.name] = f"{role}, {page.url} {what}"
        return True

    def meet(self, method, path, page):
        self.met.add((method, path, page.status))


# ---- the people of a town ----

MORE = {"supplier": "supplier@harbour-supplier.example", "connected": "customer@harbour-customer.example", "two companies": "supplier@lagoon-supplier.example",
        "unverified": "unverified@harbour.example", "no company": "auditor@third.example"}


def furnish(town):
    """What the lists of a town that works look like: every state, long names, a file, a thread, and links that are over."""
    house, owner = town.house, town.people["owner Harbour"]
    owner.follow = True
    states = ("queued", "deferred", "bounced", "expired", "cancelled", "declined", "superseded")
    for n in states:
        house.invite(owner, f"{n}@very-long-subdomain.logistics-partner.example", business_name=f"{n} & <Söhne>")
    links = {n: house.link(f"{n}@very-long-subdomain.logistics-partner.example") for n in states}
    house.sql("UPDATE invitation SET status = 'cancelled' WHERE email LIKE 'cancelled@very%'; UPDATE invitation SET status = 'declined' WHERE email LIKE 'declined@very%'; "
              "UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 DAY WHERE email LIKE 'expired@very%'; "
              "UPDATE outbox o JOIN invitation i ON i.outbox_id = o.id SET o.state = SUBSTRING_INDEX(i.email, '@', 1), "
              "o.next_at = IF(i.email LIKE 'bounced%', NULL, UTC_TIMESTAMP(6) + INTERVAL 5 HOUR), o.give_up_at = UTC_TIMESTAMP(6) + INTERVAL 1 DAY, "
              "o.reply = IF(i.email LIKE 'queued%', '', '450 4.2.0 <x@y.example>: Recipient address rejected: Greylisted') "
              "WHERE i.email LIKE 'queued@very%' OR i.email LIKE 'deferred@very%' OR i.email LIKE 'bounced@very%'")
    owner.submit(owner.get(f"/industry/invitations/{house.invitation_id('superseded@very-long-subdomain.logistics-partner.example')}"), button="Resend")
    connected = house.sign_in(MORE["connected"])
    for client, path in ((owner, f"/customers/{town.ids['Harbour', 'customer']}"), (connected, f"/vendors/{town.ids['Harbour', 'vendor']}")):
        for words in ("Good morning\nand <thanks>", "A second one"):
            client.submit(client.get(path + "/messages"), path + "/messages", text=words)
    owner.submit(owner.get("/shared/link"), "/shared/link", audience="customers", title="Prices & more", url="https://prices.example/?a=1&b=2")
    owner.submit(owner.get("/shared/note"), "/shared/note", audience="customers", title="Hours", body="Monday <to> Friday")
    owner.follow = False
    return list(links.values()) + ask_people(town)


def ask_people(town):
    """Whoever has an account already is asked to connect, to join a team, to be admitted; one owns two companies. The links of it."""
    house, lagoon, third = town.house, town.people["owner Lagoon"], town.people["owner Third"]
    for client in (lagoon, third):
        client.follow = True
        house.invite(client, MORE["connected"])
    third.submit(third.get("/team"), "/team/invitations", email="admin@harbour.example", role="auditor")
    house.invite(town.people["owner Harbour"], "orphan@pier.example")
    house.sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{house.member('Third', 'auditor')}'")
    house.sql("UPDATE invitation SET sender_id = (SELECT id FROM account WHERE email = 'owner@third.example') WHERE email = 'orphan@pier.example'; "
              "INSERT INTO company (public_id, kind, name, created_at) VALUES (RANDOM_BYTES(16), 'customer', 'Lagoon Second & Sons', UTC_TIMESTAMP(6)); "
              f"INSERT INTO member SELECT LAST_INSERT_ID(), id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = '{MORE['two companies']}'; "
              "INSERT INTO company (public_id, kind, name, created_at) VALUES (RANDOM_BYTES(16), 'customer', 'Lagoon Third & Sons', UTC_TIMESTAMP(6)); "
              f"INSERT INTO member SELECT LAST_INSERT_ID(), id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = '{MORE['two companies']}'; "
              "INSERT INTO admission_request (public_id, company_id, account_id, status, created_at) SELECT RANDOM_BYTES(16), m.company_id, a.id, 'open', UTC_TIMESTAMP(6) "
              "FROM account o JOIN member m ON m.account_id = o.id JOIN account a ON a.email = 'supplier@harbour-supplier.example' WHERE o.email = 'buyer@third-customer.example'")
    for client in (lagoon, third):
        client.follow = False
    return [house.link(MORE["connected"], n) for n in (2, 3)] + [house.link("admin@harbour.example", kind="join"), house.link("buyer@third-customer.example", 3)]


def hand_on(person, town):
    """A copied link and its letter: there once, so no form of them can be sent from a fresh look."""
    where = f"/industry/invitations/{town.ids['Harbour', 'invitation']}"
    person.client.submit(person.client.get(where), where + "/link")
    page = person.client.get(where + "/link")
    person.keep(page, "looked once")
    person.collection.meet("POST", where + "/letter", person.client.submit(page, where + "/letter"))
    page = person.client.get(where + "/letter")
    person.collection.meet("GET", where + "/letter", page)
    person.keep(page, "looked once")


def refused(collection, town):
    """What the program says to a request that no page makes, and nginx's own pages."""
    client = town.house.visitor(follow=False)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    asked = [("GET", "/sign-in?colour=blue", None, {}), ("GET", "/nothing", None, {}), ("GET", "/static/nothing.css", None, {}), ("DELETE", "/sign-in", None, {}), ("POST", "/forgot", "email=x", form),
             ("POST", "/forgot", "email=" + "x" * 60000, form), ("POST", "/forgot", "{}", form | {"Content-Type": "application/json"})]
    for method, path, body, headers in asked:
        page = client.raw(method, path, body, headers)
        collection.meet(method, path, page)
        collection.save("nobody", page, "refused " + method)
    for file in sorted((ROOT / "build/error").glob("*.html")):
        (collection.folder / f"nginx-{file.name}").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    house = town.house
    house.stack.command("vendor", "suspend", "--name", "Lagoon")
    late = house.visitor()
    late.submit(late.get("/sign-in"), "/sign-in", email="owner@lagoon.example", password=PASSWORD)
    Person(collection, "suspended vendor", late).walk(["/home", f"/i/{town.ids['Lagoon', 'token']}"])
    house.stack.command("vendor", "resume", "--name", "Lagoon")
    end = "/settings/delete"
    late.submit(late.get(end), end, name="Lagoon", password=PASSWORD)
    Person(collection, "owner of a closed vendor", late).walk([end])
    house.sql("UPDATE member m JOIN company c ON c.id = m.company_id SET m.role = 'admin' WHERE c.name = 'Lagoon'")
    Person(collection, "member of a closed vendor", late).walk(["/home"])
    house.sql("UPDATE member m JOIN company c ON c.id = m.company_id SET m.role = 'owner' WHERE c.name = 'Lagoon'")
    collection.meet("POST", end + "/undo", late.submit(late.get(end), button="Keep this company"))
    Person(collection, "owner who kept a vendor", late).walk(["/settings"])
    owner = house.sign_in("owner@third.example")
    fields = owner.get("/settings").form("/settings").fields
    stale = owner.post("/settings", fields | {"name": "Third & Sons", "expires_days": "9", "time_zone": "Europe/Lisbon", "address_policy": "any", "revision": "99"})
    collection.save("owner", stale, "a colleague was faster")
    house.sql("UPDATE relationship r JOIN company v ON v.id = r.vendor_id SET r.state = 'paused' WHERE v.name = 'Third'")
    paused = house.sign_in("buyer@third-customer.example").get(f"/vendors/{town.ids['Harbour', 'connected']}")
    collection.save("customer", paused, "paused")
    customer = house.sign_in("buyer@third-customer.example")
    other = customer.post("/company/edit", customer.get("/company/edit").form("/company/edit").fields | {"city": "Gent", "revision": "99"})
    collection.save("customer", other, "a colleague was faster")
    assert other.status == 422, other.text
    assert (stale.status, paused.status) == (422, 403), (stale.text, paused.text)
    token = town.token(town, owner)
    house.sql("SET GLOBAL read_only = 1")
    page = owner.post("/team/invitations", {"csrf": token, "email": "late@pier.example", "role": "auditor"})
    house.sql("SET GLOBAL read_only = 0")
    collection.meet("POST", "/team/invitations", page)
    collection.save("owner Harbour", page, "refused by the database")


def walk_town(town, collection):
    """Everybody looks at everything, then sends every form: first those that can be refused, at the end those that are one button."""
    links = furnish(town)
    clients = town.people | {role: town.house.sign_in(email) for role, email in MORE.items()}
    people = [Person(collection, role, client) for role, client in clients.items()]
    people.sort(key=lambda p: p.role.split()[0] in ("owner", "admin", "inviter"))   # a vendor can end what its partners have
    for person in people:
        person.walk(links)
        for _, method, path, _ in town.routes:
            if method == "GET" and not path.startswith("/export/"):
                person.walk([town.path(town, path, vendor) for vendor in (("Harbour", "Lagoon", None) if "{" in path else (None,))])
    hand_on(next(p for p in people if p.role == "owner Harbour"), town)
    for typed in (True, False):
        for person in people:
            person.send_all(typed)
    ways_out = set()
    for person in people:
        person.sign_out(ways_out)
    refused(collection, town)
