"""The mails of the product as their readers get them: whose they are, what they say, and the ones that come once."""
import html.parser
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Story, Vendor, address, company_id, customer, fresh, link_of, machine, mail_to, mails, register, sql, stack,  # noqa: E402
                    wait)

setUpModule, tearDownModule = machine()

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(html.parser.HTMLParser):
    """An HTML mail: its elements with attributes, and its words as a reader gets them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.open, self.h1, self.button = [], [], [], [], []
        self.feed(text)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append((tag, dict(attributes)))
        elif tag == "br":
            self.words.append(" ")

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, tag

    def handle_data(self, data):
        if any(tag in ("style", "title", "head") for tag, _ in self.open):
            return
        self.words.append(data)
        if self.open and self.open[-1][0] == "h1":
            self.h1.append(data)
        if [1 for tag, a in self.open if a.get("class") == "button"]:
            self.button.append(data)


def words(text):
    return " ".join(text.split())


def welcomes(email):
    return [m for m in mails(email, welcome=True) if m["subject"].endswith(": welcome")]


class Letter(Story):
    def of(self, mail):
        page = Page(mail["html"])
        self.assertEqual(len(page.h1), 1)
        return page

    def parity(self, mail):
        """Each sentence of the text part stands in the HTML, in the same order; the link once behind the button and once as words."""
        page, at = self.of(mail), 0
        link = mail["links"][0]
        for line in filter(None, (words(line) for line in mail["text"].splitlines())):
            if line.endswith(":") and line[:-1] in " ".join(page.button) or line == link:
                continue
            if "/never/" in line:
                self.assertIn(line, [a.get("href") for _, a in page.elements])
                continue
            found = page.text.find(line.removesuffix(" Never invite me again:"), at)
            self.assertNotEqual(found, -1, f"{line!r} in {page.text[at:]!r}")
            at = found
        self.assertIn(link, mail["text"])
        self.assertEqual([a["href"] for tag, a in page.elements if tag == "a"][:1], [link])
        self.assertIn(link, page.text)
        return page


class Invitation(Letter):
    def test_it_says_who_to_whom_as_what_until_when_and_what_to_do_if_it_was_not_expected(self):
        for kind in ("customer", "supplier"):
            vendor, buyer = Vendor(), address()
            sql(f"UPDATE account SET first_name = 'Ada', last_name = 'Lovelace' WHERE email = '{vendor.email}'")
            vendor.sign_in()
            vendor.invite(buyer, kind, message="See you on Monday")
            mail = mail_to(buyer)
            page, text = self.parity(mail), words(mail["text"])
            self.assertEqual(mail["from"], f"{vendor.name} via Invited <invites@portal.example>")
            self.assertEqual(mail["headers"]["Reply-To"], f"Ada Lovelace <{vendor.email}>")
            self.assertEqual(mail["subject"], f"{vendor.name} invited you to be a {kind}")
            self.assertIn(f"Ada Lovelace ({vendor.email}) of {vendor.name} sent this invitation to {buyer}.", text)
            self.assertIn("See you on Monday", text)
            self.assertRegex(text, r"It opens a page where you can register or sign in, and accept or decline\. It works once, until \d+ \w+ 20\d\d, \d\d:\d\d UTC\.")
            self.assertIn(f"You did not expect this? Ignore this email, or ask Ada Lovelace at {vendor.email}.", text)
            self.assertIn("Help with this portal:", text)
            self.assertIn("Never invite me again", text)
            self.assertEqual([a for tag, a in page.elements if tag == "img"], [])

    def test_a_resent_one_says_that_the_old_link_is_dead_and_one_that_was_asked_for_says_so(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        old = vendor.invite(buyer)
        self.assertNotIn("replaces", mail_to(buyer)["text"])
        vendor.resend(buyer)
        self.assertIn("This email replaces an earlier one: the link in that one no longer works.", words(mail_to(buyer, 2)["text"]))
        self.parity(mail_to(buyer, 2))
        client.submit(client.get(old), button="Send it again to that address")
        mail = mail_to(buyer, 3)
        self.assertIn("It was asked for on the page of your invitation. It is the same invitation, with a new link.", words(mail["text"]))
        self.assertNotIn("replaces", mail["text"])
        self.parity(mail)
        register(link_of(mail))

    def test_an_expired_one_sent_anew_replaces_the_earlier_one(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{buyer}'")
        vendor.send(buyer)
        self.assertIn("the link in that one no longer works", words(mail_to(buyer, 2)["text"]))


class Look(Letter):
    def test_the_vendors_colour_is_the_buttons_and_the_names_and_one_that_cannot_be_read_is_not_used(self):
        vendor = Vendor()
        for colour, shown in (("", "#0a58a6"), ("#136c34", "#136c34"), ("#ffe000", "#0a58a6")):
            sql(f"UPDATE company SET colour = '{colour}' WHERE id = {vendor.id}")
            buyer = address()
            vendor.invite(buyer)
            page = self.of(mail_to(buyer))
            styles = {a["class"]: a["style"] for _, a in page.elements if "class" in a and "style" in a}
            self.assertIn(f"background:{shown}", styles["button"])
            self.assertIn(f"color:{shown}", styles["whose"])
            self.assertIn(vendor.name, page.text)

    def test_a_long_name_gives_way_so_that_every_subject_has_60_characters_at_most(self):
        vendor = Vendor("Nördliche Handelsgesellschaft für Überseeische Erzeugnisse " + fresh("und Söhne "))
        buyer = register(vendor.invite(), business_name="Internationale Beschaffungsgenossenschaft der Küchenmeister")
        invited, accepted = mail_to(buyer.email)["subject"], mail_to(vendor.email)["subject"]
        self.assertRegex(invited, r"^Nördliche Handelsgesellsc\w*… invited you to be a customer$")
        self.assertLessEqual(len(invited), 60)
        self.assertRegex(accepted, r"^Nördlich[^…]*…: Internation[^…]*… accepted your invitation$")
        self.assertLessEqual(len(accepted), 60)

    def test_every_subject_begins_with_the_vendors_or_the_portals_name_in_every_language(self):
        views = pathlib.Path(__file__).resolve().parent.parent.parent / "views"
        wanted = {s for file in (views / "mail").glob("*.txt") for block in re.findall(r"{% subject .*?(?={% view)", file.read_text(encoding="utf-8"), re.S)
                  for s in re.findall(r'trf?\("([^"]+)"', block)}
        self.assertGreater(len(wanted), 20)
        self.assertEqual([s for s in wanted if not s.startswith("%s")], [])
        for po in (views / "po").glob("*.po"):
            told = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', po.read_text(encoding="utf-8"), re.M))
            self.assertEqual([told.get(s) for s in wanted if not re.match(r"%(1\$)?s", told.get(s, ""))], [], po.stem)

    def test_language_and_direction_stand_in_the_page_and_in_the_header(self):
        buyer = address()
        Vendor().invite(buyer)
        mail = mail_to(buyer)
        self.assertEqual(mail["headers"]["Content-Language"], "en")
        tag, attributes = self.of(mail).elements[0]
        self.assertEqual((tag, attributes), ("html", {"lang": "en", "dir": "ltr"}))

    def test_an_invitation_in_arabic_is_arabic_from_right_to_left_and_the_news_of_it_are_not(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer, language="ar")
        mail = mail_to(buyer)
        self.assertEqual(mail["subject"], f"{vendor.name} دعتك لتكون عميلًا")
        self.assertEqual(mail["headers"]["Content-Language"], "ar")
        self.assertEqual(self.of(mail).elements[0][1], {"lang": "ar", "dir": "rtl"})
        self.assertIn(f'<span dir="ltr">{mail["links"][0]}</span>', mail["html"])   # to be copied: a last "-" stays the last
        register(link)
        news = mail_to(vendor.email)
        self.assertTrue(news["subject"].endswith("accepted your invitation"), news["subject"])
        self.assertEqual(self.of(news).elements[0][1], {"lang": "en", "dir": "ltr"})

    def test_times_are_told_in_the_zone_of_the_reader(self):
        """An inviter reads in the own vendor's zone, and so does the person who is invited."""
        vendor, buyer = Vendor(), address()
        sql(f"UPDATE company SET time_zone = 'Asia/Tokyo' WHERE id = {vendor.id}")
        link, client = vendor.invite(buyer), Client(stack().url)
        self.assertRegex(mail_to(buyer)["text"], r"\d\d:\d\d JST \(UTC\+9\)")
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{buyer}'")
        client.submit(client.get(link), button="Ask for a new invitation")
        self.assertRegex(words(mail_to(vendor.email)["text"]), r"\d\d:\d\d JST \(UTC\+9\)")
        client.submit(client.get("/forgot"), "/forgot", email=vendor.email)
        self.assertRegex(words(mail_to(vendor.email, 2)["text"]), r"\d\d:\d\d JST \(UTC\+9\)")


class Account(Letter):
    def test_who_registers_through_an_invitation_is_welcomed_once(self):
        vendor = Vendor()
        buyer = register(vendor.invite())
        mail = wait(lambda: welcomes(buyer.email), "welcome")[0]
        self.assertEqual(mail["headers"]["Reply-To"], "support@portal.example")
        self.assertIn(f"Your account {buyer.email} is ready.", words(mail["text"]))
        self.assertIn(f"You’re connected with {vendor.name}.", words(mail["text"]))
        self.parity(mail)
        other = Vendor()
        page = buyer.client.get(other.invite(buyer.email))
        self.said(buyer.client.submit(page, button="Accept"), f"You’re connected with {other.name}")
        mail_to(other.email)
        self.assertEqual(len(welcomes(buyer.email)), 1, "who has an account is not welcomed again")

    def test_who_comes_by_a_colleagues_link_is_welcomed_as_a_member_with_the_role(self):
        vendor, email = Vendor(), address("colleague")
        vendor.client.submit(vendor.get("/team"), "/team/invitations", email=email, role="auditor")
        client = Client(stack().url)
        page = client.get(link_of(mail_to(email, kind="join")))
        self.assertEqual(welcomes(email), [], "an invitation alone is no welcome")
        page = client.submit(page, "/register", first_name="Ada", last_name="Byron", password=PASSWORD)
        self.said(page, f"You’re a member of {vendor.name} now.")
        mail = wait(lambda: welcomes(email), "welcome")[0]
        self.assertIn(f"Your account {email} is ready.", words(mail["text"]))
        self.assertIn(f"You are a member of {vendor.name} now, as Auditor.", words(mail["text"]))
        self.assertNotIn("Invitations of vendors", mail["text"])
        self.assertEqual(urllib.parse.urlsplit(mail["links"][0]).path, "/home")
        self.parity(mail)
        other = Vendor()
        other.client.submit(other.get("/team"), "/team/invitations", email=email, role="inviter")
        link = wait(lambda: [m for m in mails(email, "join") if other.name in m["subject"]], "second invitation")[0]
        client.submit(client.get(link_of(link)), button="Accept")
        wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")
        self.assertEqual(len(welcomes(email)), 1, "who has an account is not welcomed again")

    def test_who_asks_to_join_a_company_is_welcomed_without_a_word_of_it(self):
        owner, vendor = customer()
        email, client = address(), Client(stack().url)
        page = client.get(client.get(vendor.invite(email)).link("Ask to join it"))
        self.assertEqual(client.submit(page, "/join", colleague="", first_name="Jo", last_name="Second", password=PASSWORD).status, 422)
        page = client.submit(page, "/join", colleague=company_id(owner), first_name="Jo", last_name="Second", password=PASSWORD)
        self.said(page, "Your request to join a company")
        mail = wait(lambda: welcomes(email), "welcome")[0]
        self.assertIn(f"Your account {email} is ready.", words(mail["text"]))
        self.assertIn("Invitations of vendors to this address appear on your home", words(mail["text"]))
        for word in ("You’re connected", "You are a member", owner.business, vendor.name):
            self.assertNotIn(word, mail["text"])
        self.parity(mail)
        self.said(owner.client.submit(owner.get("/home"), "/accept", button="Accept"), f"{email} is a member now.")
        wait(lambda: [m for m in mails(email) if "was accepted" in m["subject"]], "news of the acceptance")
        self.assertEqual(len(welcomes(email)), 1)

    def test_who_sets_a_new_password_is_told_and_which_way_back_there_is(self):
        buyer = register(Vendor().invite())
        client = Client(stack().url)
        client.submit(client.get("/forgot"), "/forgot", email=buyer.email)
        reset = wait(lambda: [m for m in mails(buyer.email) if "/reset/" in m["text"]], "reset")[0]
        self.parity(reset)
        page = client.get(link_of(reset))
        client.submit(page, page.url, password="another long password of mine")
        mail = wait(lambda: [m for m in mails(buyer.email) if "password was changed" in m["subject"]], "news")[0]
        self.assertIn(f"The password of {buyer.email} was changed just now, through a link in an email, and every session was ended.", words(mail["text"]))
        self.assertEqual(urllib.parse.urlsplit(mail["links"][0]).path, "/forgot")
        self.assertIn("It was not you? Then somebody reads your email", words(mail["text"]))
        self.parity(mail)


if __name__ == "__main__":
    unittest.main()
