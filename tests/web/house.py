"""house.py - a portal of one's own with people in it, for tests that break things or need their own settings.

    class Story(HouseCase):
        settings = {"web_workers": 2}
        def test_...(self): owner = self.house.sign_in(self.house.owner("Northwind"))
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent), str(pathlib.Path(__file__).resolve().parent)]
from client import Client  # noqa: E402
from machine import Failed, Process, wait_for  # noqa: E402,F401
from stack import Stack  # noqa: E402

SANITIZED = "INVITED_TEST_SANITIZED" in os.environ or "asan" in os.environ.get("INVITED_TEST_BINARY", "")
PASSWORD = "gravel-Lantern-42-osprey"
USUAL = {"limit_percent": 0, "password_memory_mib": 19, "web_workers": 4, "auth_workers": 2, "mail_retry_seconds": 1,
         "mail_lease_seconds": 2, "smtp_seconds": 2}
# What a day's tests need.
MANY = {"member_recipients_day": 100000, "vendor_recipients_day": 100000, "address_mails_day": 10000, "installation_recipients_day": 1000000,
        "new_vendor_recipients_day": 100000, "resends_most": 10000}
DETAILS = {"first_name": "Ann", "last_name": "Smith", "business_name": "Smith Ltd", "phone": "+44 20 7946 0000", "street": "High Street",
           "house_number": "1a", "postal_code": "SW1A 1AA", "city": "London", "country": "United Kingdom"}


def eventually(what, check, seconds=10, stack=None):
    """The first true answer of `check`. `stack`: whose program's last words belong to a failure."""
    deadline = time.monotonic() + seconds
    while not (found := check()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s" + (f"; the program said last:\n{stack.last_words()}" if stack else ""))
        time.sleep(0.03)
    return found


class House:
    def __init__(self, limits=False, **settings):
        self.folder = tempfile.mkdtemp(prefix="house-")
        self.stack = Stack(self.folder, limits=limits, **(USUAL | MANY | settings))
        self.clients = []

    def start(self):
        self.stack.start()
        return self

    def stop(self):
        for client in self.clients:
            client.close()
        self.stack.stop()
        reports = self.stack.sanitizer_reports()
        shutil.rmtree(self.folder, ignore_errors=True)
        assert not reports, reports

    # ---- people ----

    def visitor(self, follow=True, source=None):
        client = Client(self.stack.url, follow, source)
        self.clients.append(client)
        return client

    def owner(self, vendor):
        """A new vendor's owner: the address."""
        email = f"owner@{vendor.lower().replace(' ', '-')}.example"
        self.stack.command("vendor", "add", "--name", vendor, "--owner-email", email, "--password-stdin", stdin=PASSWORD + "\n")
        return email

    def member(self, vendor, role):
        email = f"{role}@{vendor.lower().replace(' ', '-')}.example"
        self.stack.command("account", "add", "--email", email, "--vendor", vendor, "--role", role, "--password-stdin", stdin=PASSWORD + "\n")
        return email

    def sign_in(self, email, password=PASSWORD):
        client = self.visitor()
        page = client.submit(client.get("/sign-in"), "/sign-in", email=email, password=password)
        assert page.status == 200 and page.h1 != "Sign in", (page.status, page.text)
        return client

    def invite(self, client, email, kind="customer", **fields):
        return client.submit(client.get("/industry"), "/industry/invitations", kind=kind, email=email, **fields)

    def invitation_id(self, email):
        """The public id of the newest invitation to this address."""
        return self.sql(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE email_canon = '{email.lower()}' ORDER BY id DESC LIMIT 1")[0][0]

    def register(self, link, **fields):
        """A newcomer's client, at home and connected."""
        client = self.visitor()
        page = client.submit(client.get(link), "/register", **(DETAILS | fields | {"password": PASSWORD}))
        assert page.status == 200 and page.h1 == "Home", (page.status, page.text)
        return client

    def register_open(self, email, client=None, **fields):
        """Register without a link: the path of the link that verifies the address."""
        client = client or self.visitor()
        page = client.submit(client.get("/register"), "/register", **(DETAILS | {"kind": "customer", "email": email, "password": PASSWORD} | fields))
        assert page.status == 200 and page.h1 == "Check your email", (page.status, page.text)
        return self.link(email, kind="verify")

    # ---- mail ----

    def mails(self, address):
        with urllib.request.urlopen(f"{self.stack.mail_url}api/mails?{urllib.parse.urlencode({'to': address})}", timeout=10) as answer:
            return json.load(answer)

    def mail(self, address, n=1, seconds=15):
        """The newest of at least n mails."""
        return eventually(f"{n} mails to {address}", lambda: len(found := self.mails(address)) >= n and found, seconds, self.stack)[0]

    def link(self, address, n=1, kind="i"):
        """The path of the newest of at least n mailed links."""
        def links():
            return [found[0] for mail in self.mails(address) if (found := re.search(rf"/{kind}/[\w-]{{43}}", mail["text"]))]
        return eventually(f"{n} links to {address}", lambda: len(found := links()) >= n and found, 15, self.stack)[0]

    # ---- database ----

    def sql(self, text):
        return self.stack.sql(text)

    def count(self, table, where="TRUE"):
        return int(self.sql(f"SELECT COUNT(*) FROM {table} WHERE {where}")[0][0])


class HouseCase(unittest.TestCase):
    """One portal for all tests of the class."""
    settings, limits = {}, False

    @classmethod
    def setUpClass(cls):
        cls.house = House(cls.limits, **cls.settings)
        try:
            cls.house.start()
            cls.furnish()
        except BaseException:
            cls.house.stack.stop()
            raise
        cls.stack = cls.house.stack

    @classmethod
    def furnish(cls):
        """People and things that all tests of the class use."""

    @classmethod
    def tearDownClass(cls):
        cls.house.stop()

    def lock(self, table):
        """Hold a table, as a migration or a backup does. Call the answer to let it go."""
        return self.hold(f"LOCK TABLES {table} WRITE")

    def hold(self, statement):
        """Keep the locks of a statement that has no rows to show, until the answer is called."""
        held = subprocess.Popen(["mariadb", "--no-defaults", f"--socket={self.stack.database.socket}", "-N", "--unbuffered", "invited"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def release():
            held.kill()
            held.communicate()
        self.addCleanup(release)
        held.stdin.write(f"{statement}; SELECT 'held';\n")
        held.stdin.flush()
        self.assertEqual(held.stdout.readline(), "held\n")
        return release
