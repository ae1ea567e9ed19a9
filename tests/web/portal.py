"""portal.py - what the stories of this folder share: one machine for each file, and fresh vendors and people for each test.

    from portal import Story, machine
    setUpModule, tearDownModule = machine(web_workers=4)

Every test makes its own vendor and addresses, so tests neither disturb one another nor need an order. When the file is through, the
program must have ended well, without a word of a sanitizer, and no secret of any link may stand in a log.
"""
import hashlib
import itertools
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from client import Client  # noqa: E402
from stack import Stack  # noqa: E402

PASSWORD = "correct horse battery staple"
SANITIZED = bool(os.environ.get("INVITED_TEST_SANITIZED"))
LINK = re.compile(r"/(?:i|join|reset|verify)/([A-Za-z0-9_-]{43})")
QUICK = {"password_memory_mib": 19, "password_passes": 2, "limit_percent": 0, "mail_retry_seconds": 1, "auth_workers": 4}
# What a day's tests need.
MANY = {"member_recipients_day": 100000, "vendor_recipients_day": 100000, "address_mails_day": 10000, "installation_recipients_day": 1000000,
        "new_vendor_recipients_day": 100000, "resends_most": 10000}

_numbers = itertools.count(1)
_now = {"stack": None}
_secrets = set()   # of every link that a test has seen


def stack():
    """The machine of the file that runs."""
    return _now["stack"]


def machine(**config):
    """The setUpModule and tearDownModule of a file."""
    def set_up():
        folder = tempfile.mkdtemp(prefix="portal-")
        _now["stack"] = Stack(folder, **(QUICK | MANY | config))
        try:
            _now["stack"].start()
        except BaseException:
            _now["stack"].stop()
            raise

    def tear_down():
        s = _now["stack"]
        try:
            s.stop_nginx()
            status = s.stop_program()
            reports = s.sanitizer_reports()
            told = _secrets_told(s)
            if status or reports or told:
                raise AssertionError(f"the program ended with {status}; sanitizers: {reports or 'nothing'}; secrets in: {told or 'nothing'}")
        finally:
            s.stop()
            shutil.rmtree(s.folder, ignore_errors=True)

    return set_up, tear_down


def _secrets_told(s):
    """The logs that hold the secret of a link."""
    logs = {file.name: file.read_text(encoding="utf-8", errors="replace") for file in s.logs.iterdir() if file.is_file()}
    return [name for name, words in logs.items() if any(secret in words for secret in _secrets)]


def fresh(word="n"):
    """A word that no other test uses."""
    return f"{word}{next(_numbers)}x"


def address(word="person"):
    return f"{fresh(word)}@{fresh('firm')}.example"


# ---- what only the program knows: for a bulk of rows that would take too long through the pages ----

INVITATION, RESET, SESSION, CSRF = 1, 2, 3, 4


def keyed(purpose, text):
    """fcgi/secret.c: what the database holds in place of a secret."""
    master = bytes.fromhex((stack().folder / "keys/secret").read_text(encoding="ascii").strip())
    key = hashlib.blake2b(digest_size=32, key=master, salt=purpose.to_bytes(8, "little"), person=b"invited1").digest()
    return hashlib.blake2b(text.encode(), digest_size=32, key=key).digest()


# ---- people and vendors ----

class Person:
    """Somebody with an address and, after registration or through `vendor add`, a password and a browser."""

    def __init__(self, email=None, password=PASSWORD):
        self.email, self.password = email or address(), password
        self.client = Client(stack().url)

    def sign_in(self, password=None):
        """A new browser that is signed in; the page that is shown then."""
        self.client = Client(stack().url)
        page = self.client.submit(self.client.get("/sign-in"), "/sign-in", email=self.email, password=password or self.password)
        assert page.url != "/sign-in", page.text
        return page

    def elsewhere(self):
        """A second browser of the same person."""
        other = Person(self.email, self.password)
        other.sign_in()
        return other.client

    def get(self, path):
        return self.client.get(path)


class Vendor(Person):
    """A vendor with its owner, signed in."""

    def __init__(self, name=None, email=None):
        super().__init__(email or address("owner"))
        self.name = name or fresh("Northwind ")
        stack().command("vendor", "add", "--name", self.name, "--owner-email", self.email, "--password-stdin", stdin=self.password + "\n")
        self.sign_in()

    def member(self, role):
        """A colleague with this role, signed in."""
        person = Person(address(role))
        stack().command("account", "add", "--email", person.email, "--vendor", self.name, "--role", role, "--password-stdin",
                        stdin=person.password + "\n")
        person.sign_in()
        return person

    @property
    def id(self):
        """In the database."""
        return int(sql(f"SELECT id FROM company WHERE kind = 'vendor' AND name = '{self.name}'")[0][0])

    def send(self, email, kind="customer", by=None, **more):
        """Fill the panel and press Send Invite; the page that follows."""
        client = (by or self).client
        return client.submit(client.get("/industry"), "/industry/invitations", kind=kind, email=email, **more)

    def invite(self, email=None, kind="customer", by=None, **more):
        """Invite and wait for the mail: the link's path."""
        email = email or address()
        before = len(mails(email, "i"))
        page = self.send(email, kind, by, **more)
        assert page.status == 200 and page.url == "/industry", page.text
        return link_of(mail_to(email, before + 1, "i"))

    def resend(self, email):
        """Press Resend on the invitation's page: the new link's path."""
        before = len(mails(email, "i"))
        page = self.invitation(email)
        page = self.client.submit(page, button="Resend")
        assert "New invitation sent." in page.text, page.text
        return link_of(mail_to(email, before + 1, "i"))

    def cancel(self, email):
        page = self.invitation(email)
        page = self.client.get(page.link("Cancel"))
        return self.client.submit(page, button="Cancel invitation")

    def invitation(self, email):
        """The page of the newest invitation to this address."""
        return self.client.get(self.client.get("/industry?q=" + urllib.parse.quote(email)).link(email))


def register(link, **values):
    """A new browser follows the link and registers: the person, at home."""
    person = Person("(through a link)", values.get("password", PASSWORD))
    page = person.client.get(link)
    form = page.form("/register").fields
    person.email = form["email"]
    needed = {"first_name": form["first_name"] or "Jo", "last_name": form["last_name"] or "Buyer",
              "business_name": form["business_name"] or fresh("Acme "), "password": person.password}
    page = person.client.submit(page, "/register", **(needed | values))
    assert page.status == 200 and page.url == "/home", page.text
    person.business = (needed | values)["business_name"]
    return person


def decline(client, page):
    """From an invitation's page: Decline, and yes."""
    return client.submit(client.get(page.link("Decline")), button="Decline invitation")


def register_open(email=None, **values):
    """Register without a link (the file's machine has open_registration): the person, whose address is not verified, and the path of the
    link that verifies it."""
    person = Person(email, values.get("password", PASSWORD))
    person.business = values.get("business_name") or fresh("Acme ")
    needed = {"kind": "customer", "email": person.email, "first_name": "Jo", "last_name": "Buyer", "business_name": person.business, "password": person.password}
    page = person.client.submit(person.client.get("/register"), "/register", **(needed | values))
    assert page.status == 200 and page.url == "/verify", page.text
    return person, link_of(mail_to(person.email, kind="verify"))


def customer(kind="customer", **values):
    """Somebody who accepted the invitation of some vendor, and that vendor."""
    vendor = Vendor()
    return register(vendor.invite(kind=kind), **values), vendor


def company_id(person):
    """The public id of the first company that this person is a member of."""
    return value(f"SELECT LOWER(HEX(c.public_id)) FROM company c JOIN member m ON m.company_id = c.id JOIN account a ON a.id = m.account_id "
                 f"WHERE a.email = '{person.email}' ORDER BY c.id LIMIT 1")


def colleague(of, role="member"):
    """Somebody else in that person's company, signed in."""
    person, _ = customer()
    sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.company_id = (SELECT id FROM company WHERE public_id = UNHEX('{company_id(of)}')), "
        f"m.role = '{role}' WHERE a.email = '{person.email}'")
    person.sign_in()
    person.business = of.business
    return person


def together(*calls):
    """Do these at the same instant: what each answered."""
    answers, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(i):
        barrier.wait()
        answers[i] = calls[i]()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers


# ---- mail and rows ----

def mails(email, kind=None, welcome=False):
    """Everything that has arrived for an address, oldest first; of one kind of link. Without the welcome that every new person gets, unless
    it is asked for: it says nothing about what came before and after it."""
    url = stack().mail_url + "api/mails?to=" + urllib.parse.quote(email)
    with urllib.request.urlopen(url, timeout=20) as answer:
        return [mail for mail in json.load(answer)[::-1] if (welcome or not mail["subject"].endswith(": welcome")) and (not kind or f"/{kind}/" in mail["text"])]


def mail_to(email, n=1, kind=None):
    """The n-th mail to an address, of those with this kind of link; waits for it."""
    def arrived():
        found = mails(email, kind)
        return found[n - 1] if len(found) >= n else None
    return wait(arrived, f"mail {n} to {email}")


def wait(check, what, seconds=20):
    """What `check` answers as soon as that is something."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < end, f"no {what} after {seconds} s; the program said last:\n{stack().last_words()}"
        time.sleep(0.02)


def link_of(mail):
    """The path of the link with a secret in a mail."""
    links = [urllib.parse.urlsplit(link).path for link in mail["links"] if LINK.search(link)]
    assert links, mail["text"]
    _secrets.add(LINK.search(links[0])[1])
    return links[0]


def sql(text):
    return stack().sql(text)


def value(text):
    """The one value that a query finds."""
    rows = sql(text)
    assert len(rows) == 1 and len(rows[0]) == 1, (text, rows)
    return rows[0][0]


def number(text):
    return int(value(text))


TABLES = ("account", "company", "member", "partner_role", "relationship", "relationship_word", "connection_request", "invitation", "invitation_word", "token",
          "outbox", "suppression", "audit_event", "delivery_location", "recipient_count", "team_invitation", "team_token")
TABLES += ("relationship_merged", "admission_request",)
# Not invitation_progress: that a link's page was shown is written down afterwards, by another process, and decides nothing (progress_test.py).


def everything():
    """Every row of every table, without when a session was last seen; after the mailer has come to rest."""
    wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")
    return {t: sql(f"SELECT * FROM {t} ORDER BY 1, 2") for t in TABLES} | \
        {"session": sql("SELECT HEX(hash), account_id, company_id, created_at FROM session ORDER BY 1")}


class Story(unittest.TestCase):
    maxDiff = 4000

    def said(self, page, *sentences, status=200):
        """The page has this status and says these sentences."""
        self.assertEqual(page.status, status, page.text)
        for sentence in sentences:
            self.assertIn(sentence, page.text)

    def sent(self, page, email):
        """The note after Send Invite; a machine too busy to hand the mail over within half a second says that it will."""
        self.assertEqual(page.status, 200, page.text)
        self.assertRegex(page.text, rf"Invitation sent\. We emailed {re.escape(email)}\.|Invitation saved\. We will keep trying to email {re.escape(email)}\.")

    def unsaid(self, page, *sentences):
        for sentence in sentences:
            self.assertNotIn(sentence, page.text)
