"""Whoever is asked to sign in stands afterwards on the page that was asked for, if it is one of ours."""
import base64
import pathlib
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import PASSWORD, SESSION, Client, Story, Vendor, address, company_id, customer, keyed, link_of, machine, mail_to, mails, register, sql, stack, wait  # noqa: E402

setUpModule, tearDownModule = machine(open_registration=True)
ID = "0123456789abcdef0123456789abcdef"
TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0"

# What no redirect of ours brings and somebody may write into an address or a form.
BAD = ("https://evil.example/", "http://evil.example", "//evil.example/industry", "///evil.example", "/\\evil.example", "\\\\evil.example", "/industry\\", "javascript:alert(1)",
       "evil.example", "industry", "?lang=de", "#main", "/industry#x", "/industry\r\nSet-Cookie: a=b", "/industry?q=\nx", "/indus\ttry", "/industry\x7f", "/industry?q=a b", "/industry ?q=",
       "/nothing", "/Industry", "/industry/", "//industry", "/customers//messages", "/customers/../industry", "/customers/..", "/./industry", "/industry%2f", "/%69ndustry",
       "/customers/%2e%2e", f"/customers/{ID}/nothing", "/@evil.example", "/industry@evil.example", "/industry?q=<b>", '/industry?q="', "/industry?q=\u202eevil", "/indüstry", "/home?q=\u00e4",
       "/customers?q=" + "x" * 1000, "/" * 1001, "/sign-out", "/industry/invitations", f"/industry/invitations/{ID}/resend", "/settings/logo", "/company?switch#", "/sign-in", "/sign-in?next=/industry", "/",
       "/forgot", "/healthz", "/readyz", f"/i/{TOKEN}", f"/reset/{TOKEN}", f"/verify/{TOKEN}", f"/join/{TOKEN}", f"/never/{TOKEN}", f"/i/{TOKEN}/company", f"/logo/{ID}", "/register",
       "/export/customers", "/export/invitations?kind=customer", f"/files/{ID}", f"/shared/items/{ID}/file", "/static/style.css")


def come(client, person, path, password=None, **more):
    """Follow a link without a session, and sign in on the page that is shown."""
    page = client.get(path)
    assert (page.path, page.h1) == ("/sign-in", "Sign in"), (page.url, page.text)
    return client.submit(page, "/sign-in", email=person.email, password=password or person.password, **more)


class Asked(Story):
    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()

    def new(self, **more):
        return Client(stack().url, **more)

    def test_the_page_that_was_asked_for_is_shown_after_signing_in_with_what_it_was_asked(self):
        email = address()
        self.vendor.invite(email)
        where = self.vendor.invitation(email).url
        for path, h1 in (("/customers", "Customer List"), ("/audit", "Audit log"), ("/industry?kind=supplier&q=a%20b%26c%2B%C3%A4", "Invitations"), ("/home", "Home"),
                         (where, email)):
            page = come(self.new(), self.vendor, path)
            self.assertEqual((page.status, page.url), (200, path))
            self.assertIn(h1, page.h1 + " " + page.text)

    def test_whoever_only_comes_to_sign_in_comes_home(self):
        client = self.new()
        self.assertEqual(client.get("/").url, "/sign-in")
        self.assertEqual(come(client, self.vendor, "/sign-in").url, "/industry")

    def test_a_wrong_password_first_and_another_language_keep_the_page(self):
        client = self.new()
        page = come(client, self.vendor, "/suppliers?q=x", password="wrong-Horse-77")
        self.said(page, "Enter the right email address and password", status=422)
        page = client.submit(page, "/sign-in", email="nobody", password="")
        self.said(page, "Enter a password", status=422)
        page = client.get(page.link("Deutsch"))
        self.assertEqual((page.path, page.h1), ("/sign-in", "Anmelden"))
        page = client.submit(page, "/sign-in", email=self.vendor.email, password=PASSWORD)
        self.assertEqual((page.status, page.url), (200, "/suppliers?q=x"))
        self.assertIn('lang="de"', page.body)

    def test_the_language_of_the_page_that_was_asked_for_is_kept_until_another_is_chosen(self):
        client = self.new()
        page = client.get("/suppliers?lang=fr&q=x")
        self.assertIn('<html lang="fr"', page.body)
        page = client.submit(page, "/sign-in", email=self.vendor.email, password=PASSWORD)
        self.assertEqual(page.url, "/suppliers?q=x&lang=fr")
        self.assertIn('<html lang="fr"', page.body)
        client = self.new()
        page = client.get(urllib.parse.urljoin("/sign-in", client.get("/suppliers?lang=fr&q=x").link("Polski")))
        page = client.submit(page, "/sign-in", email=self.vendor.email, password=PASSWORD)
        self.assertEqual(page.url, "/suppliers?q=x")
        self.assertIn('<html lang="pl"', page.body)

    def test_a_session_that_ended_comes_back_to_the_page(self):
        person = self.vendor.elsewhere()
        self.assertEqual(person.get("/audit").status, 200)
        sql(f"UPDATE session SET seen_at = seen_at - INTERVAL 1 DAY WHERE hash = UNHEX('{keyed(SESSION, person.cookies['session']).hex()}')")
        self.assertEqual(come(person, self.vendor, "/audit").url, "/audit")

    def test_who_has_signed_in_in_another_tab_is_led_on(self):
        client = self.new()
        where = client.get("/audit").url
        come(client, self.vendor, "/suppliers")
        self.assertEqual(client.get(where).url, "/audit")
        self.assertEqual(client.get("/sign-in").h1, "Sign in")
        self.assertEqual(client.get("/sign-in?next=//evil.example").h1, "Sign in")

    def test_what_somebody_may_not_see_is_as_it_is_with_a_session(self):
        buyer = register(self.vendor.invite())
        other = Vendor()
        self.said(come(self.new(), buyer, "/industry"), "You cannot open this page", status=403)
        self.assertEqual(come(self.new(), other, f"/customers/{company_id(buyer)}").status, 404)
        self.assertEqual(come(self.new(), self.vendor, f"/customers/{company_id(buyer)}").status, 200)

    def test_a_post_is_never_come_back_to(self):
        page = self.new(follow=False)
        for path in ("/industry/invitations", "/company", "/settings", f"/customers/{ID}/messages"):
            answer = page.post(path, {"csrf": "x", "next": "/audit"})
            self.assertEqual((answer.status, answer.location), (303, "/sign-in"), path)

    def test_the_redirect_is_kept_by_nobody(self):
        page = self.new(follow=False).raw("GET", "/customers?q=x")
        self.assertEqual((page.status, page.location, page.body), (303, "/sign-in?next=%2Fcustomers%3Fq%3Dx", ""))
        self.assertEqual((page.headers["Cache-Control"], page.headers["Vary"], page.headers["Referrer-Policy"]), ("no-store", "Cookie, Accept-Language", "same-origin"))
        head = self.new(follow=False).raw("HEAD", "/customers?q=x")
        self.assertEqual((head.status, head.location), (page.status, page.location))


class Forgotten(Story):
    """The page is kept while a new password is set, in the browser that asked for the mail and in no other place."""
    NEW = "seven lanterns over a harbour"

    def forgotten(self, client, person, page):
        """From the sign-in to the mail: the link's path."""
        before = len(mails(person.email, "reset"))
        page = client.submit(client.get(page.link("Forgotten your password?")), "/forgot", email=person.email)
        self.said(page, "Check your email")
        return page, link_of(mail_to(person.email, before + 1, "reset"))

    def sign_in(self, page, client, person):
        return client.submit(page, "/sign-in", email=person.email, password=self.NEW)

    def test_the_page_is_shown_after_a_new_password_was_set(self):
        vendor, client = Vendor(), Client(stack().url)
        asked = "/customers?q=a%20b%3B%2C&state=paused"
        page, link = self.forgotten(client, vendor, client.get(asked))
        self.assertEqual(page.form("/sign-in").fields["next"], asked, "who remembers it now is led there too")
        self.assertRegex(link, r"^/reset/[\w-]{43}$")
        page = client.submit(client.get(link), link, password="short")
        self.assertEqual(page.status, 422)
        page = client.submit(page, link, password=self.NEW)
        self.said(page, "Sign in")
        page = self.sign_in(page, client, vendor)
        self.assertEqual((page.status, page.url), (200, asked))
        self.assertNotIn("asked", client.cookies)

    def test_every_step_keeps_it_in_another_language_and_with_something_wrong(self):
        vendor, client = Vendor(), Client(stack().url)
        page = client.get(client.get("/suppliers?q=x").link("Forgotten your password?"))
        page = client.submit(page, "/forgot", email="nobody")
        self.said(page, "There is a problem", status=422)
        page = client.get(page.link("Deutsch"))
        self.assertIn('lang="de"', page.body)
        self.assertEqual(page.form("/forgot").fields["next"], "/suppliers?q=x")
        self.assertEqual(client.get(page.link("Zurück zur Anmeldung")).form("/sign-in").fields["next"], "/suppliers?q=x")
        client.submit(page, "/forgot", email=vendor.email)
        link = link_of(mail_to(vendor.email, 1, "reset"))
        self.assertEqual(self.sign_in(client.submit(client.get(link), link, password=self.NEW), client, vendor).url, "/suppliers?q=x")

    def test_another_browser_comes_home(self):
        vendor, client, other = Vendor(), Client(stack().url), Client(stack().url)
        _, link = self.forgotten(client, vendor, client.get("/audit"))
        self.assertEqual(self.sign_in(other.submit(other.get(link), link, password=self.NEW), other, vendor).url, "/industry")

    def test_who_asks_once_more_without_a_page_comes_home(self):
        vendor, client = Vendor(), Client(stack().url)
        self.forgotten(client, vendor, client.get("/audit"))
        _, link = self.forgotten(client, vendor, client.get("/sign-in"))
        self.assertEqual(self.sign_in(client.submit(client.get(link), link, password=self.NEW), client, vendor).url, "/industry")

    def test_what_is_not_ours_is_dropped_in_the_form_and_in_the_cookie(self):
        vendor, client = Vendor(), Client(stack().url)
        for bad in BAD:
            with self.subTest(bad=bad):
                page = client.get("/forgot?" + urllib.parse.urlencode({"next": bad}))
                self.assertEqual((page.status, page.h1), (200, "Reset your password"))
                self.assertNotIn("next", page.form("/forgot").fields)
                self.assertNotIn("next", "".join(href for href, _ in page.links))
                page = client.post("/forgot", page.form("/forgot").fields | {"email": "", "next": bad})
                self.assertEqual(page.status, 422)
                self.assertNotIn("next", page.form("/forgot").fields)
        client.follow = False
        page = client.post("/forgot", page.form("/forgot").fields | {"email": vendor.email, "next": f"/i/{TOKEN}"})
        self.assertEqual((page.status, page.location, "asked" in client.cookies), (303, "/sign-in", False))
        link = link_of(mail_to(vendor.email, 1, "reset"))
        client.cookies["asked"] = base64.urlsafe_b64encode(b"//evil.example/industry").decode().rstrip("=")
        self.assertEqual(client.submit(client.get(link), link, password=self.NEW).location, "/sign-in")


class Strange(Story):
    """No open redirect, and no secret in a query."""

    def test_an_address_that_is_not_ours_is_dropped_and_leads_home(self):
        vendor = Vendor()
        for bad in BAD:
            with self.subTest(bad=bad):
                client = Client(stack().url)
                page = client.get("/sign-in?" + urllib.parse.urlencode({"next": bad}))
                self.assertEqual((page.status, page.h1), (200, "Sign in"))
                self.assertNotIn("next", page.form("/sign-in").fields)
                self.assertNotIn("next", "".join(href for href, _ in page.links))
        for bad in BAD:
            with self.subTest(sent=bad):
                client.follow = False
                page = client.post("/sign-in", page.form("/sign-in").fields | {"email": vendor.email, "next": bad})   # without a password
                self.assertEqual(page.status, 422)
                self.assertNotIn("next", page.form("/sign-in").fields)
        for bad in BAD[:8] + ("/industry\r\nSet-Cookie: a=b", f"/i/{TOKEN}", "/" * 1001):
            with self.subTest(signed_in_with=bad):
                client = Client(stack().url, follow=False)
                page = client.get("/sign-in")
                page = client.post("/sign-in", page.form("/sign-in").fields | {"email": vendor.email, "password": PASSWORD, "next": bad})
                self.assertEqual((page.status, page.location), (303, "/"))
                self.assertNotIn("a", client.cookies)

    def test_no_page_with_a_secret_in_its_address_ever_asks_to_sign_in_with_it(self):
        vendor = Vendor()
        link = vendor.invite()
        stranger = Client(stack().url, follow=False)
        for path in (link, f"{link}/company", f"{link}/join", f"{link}/decline", f"/reset/{TOKEN}", f"/verify/{TOKEN}", f"/join/{TOKEN}", f"/never/{TOKEN}"):
            page = stranger.raw("GET", path)
            self.assertNotIn("next", page.location or "", path)

    def test_an_address_too_long_to_come_back_to_leads_home(self):
        vendor = Vendor()
        stranger = Client(stack().url, follow=False)
        longest = "/customers?q=" + "x" * (1000 - len("/customers?q="))
        self.assertEqual(urllib.parse.parse_qs(urllib.parse.urlsplit(stranger.raw("GET", longest).location).query), {"next": [longest]})
        self.assertEqual(stranger.raw("GET", longest + "x").location, "/sign-in")
        encoded = "/customers?q=" + "&=" * 493   # every octet of it is three in the redirect
        location = stranger.raw("GET", encoded).location
        self.assertEqual((len(location) > 2900, stranger.raw("GET", location).form("/sign-in").fields["next"]), (True, encoded))
        client = Client(stack().url)
        page = client.submit(client.get(longest), "/sign-in", email="x" * 190 + "@" + "y" * 60 + ".de", password="ß" * 500)   # the longest form there is
        self.assertEqual(page.status, 422)
        self.assertEqual(come(Client(stack().url), vendor, longest + "x").url, "/industry")


class Mails(Story):
    """The links of mails that lead to a page behind the sign-in."""

    def where(self, mail):
        return [urllib.parse.urlsplit(link)._replace(scheme="", netloc="").geturl() for link in mail["links"] if link.startswith(stack().url)]

    def test_open_the_conversation_opens_it_on_both_sides(self):
        buyer, vendor = customer()
        ours = f"/customers/{company_id(buyer)}/messages"
        vendor.client.submit(vendor.get(ours), ours, text="Hello")
        mail = wait(lambda: [m for m in mails(buyer.email) if "new message" in m["subject"]], "mail of the message")[0]
        page = come(Client(stack().url), buyer, self.where(mail)[0])
        self.assertEqual((page.status, page.h1), (200, f"Messages with {vendor.name}"))
        theirs = page.url
        buyer.client.submit(buyer.get(theirs), theirs, text="Hello too")
        mail = wait(lambda: [m for m in mails(vendor.email) if "new message" in m["subject"]], "mail of the answer")[0]
        page = come(Client(stack().url), vendor, self.where(mail)[0])
        self.assertEqual((page.status, page.url, page.h1), (200, ours, f"Messages with {buyer.business}"))

    def test_a_request_to_connect_is_opened_where_it_is_answered(self):
        buyer, _ = customer()
        vendor = Vendor()
        vendor.client.submit(vendor.get("/link/customer"), "/link/customer", target=buyer.email)
        mail = wait(lambda: [m for m in mails(buyer.email) if any("/home/requests/" in where for where in self.where(m))], "mail of the request")[0]
        where = next(where for where in self.where(mail) if "/home/requests/" in where)
        page = come(Client(stack().url), buyer, where)
        self.assertEqual((page.status, page.url), (200, where))
        self.assertIn(vendor.name, page.text)

    def test_see_the_invitation_shows_it(self):
        vendor = Vendor()
        register(vendor.invite())
        mail = wait(lambda: [m for m in mails(vendor.email) if self.where(m) and "/industry/invitations/" in self.where(m)[0]], "mail of the acceptance")[0]
        page = come(Client(stack().url), vendor, self.where(mail)[0])
        self.assertEqual((page.status, page.url), (200, self.where(mail)[0]))


if __name__ == "__main__":
    unittest.main()
