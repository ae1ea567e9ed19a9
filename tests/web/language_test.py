"""In which language a page and a mail come."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase, PASSWORD  # noqa: E402


def language(page):
    found = re.search(r'<html lang="([\w-]+)" dir="(\w+)">', page.body)
    return found[1] if found[2] == ("rtl" if found[1] == "ar" else "ltr") else found[0]


class Languages(HouseCase):
    settings = {"open_registration": True}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.house.sign_in(cls.house.owner("Harbour"))

    def asks(self, client, wish, path="/sign-in"):
        return language(client.raw("GET", path, headers={"Accept-Language": wish}))

    def test_the_browser_decides_for_who_has_said_nothing(self):
        for wish, tag in (("de-CH,de;q=0.9", "de"), ("it,fr;q=0.5", "fr"), ("it", "en"), ("*", "en"), ("ar-EG", "ar"), ("pl;q=0.1,de;q=0", "pl")):
            with self.subTest(wish=wish):
                self.assertEqual(self.asks(self.house.visitor(), wish), tag)

    def test_a_choice_is_remembered_and_stronger_than_the_browser(self):
        visitor = self.house.visitor()
        before = self.house.sql("SELECT COUNT(*) FROM session")
        page = visitor.get("/sign-in?lang=fr")
        self.assertEqual(language(page), "fr")
        cookie = next(c for c in page.headers.get_all("Set-Cookie") if c.startswith("lang="))
        self.assertEqual(cookie, "lang=fr; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000")
        self.assertEqual(self.asks(visitor, "de"), "fr")
        self.assertEqual(self.asks(visitor, "de", "/nowhere"), "fr")
        self.assertEqual(self.house.sql("SELECT COUNT(*) FROM session"), before)
        self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_a_language_that_is_not_offered_is_400(self):
        for query in ("lang=it", "lang=", "lang=de&lang=fr", "lang=en-XA", "lang=%00", "lang=../de"):
            with self.subTest(query=query):
                self.assertEqual(self.house.visitor().get("/sign-in?" + query).status, 400)

    def test_a_cookie_of_another_language_is_none(self):
        visitor = self.house.visitor()
        visitor.cookies["lang"] = "../../etc"
        self.assertEqual(self.asks(visitor, "de"), "de")

    def test_every_page_offers_itself_in_each_language_and_keeps_what_it_was_asked(self):
        for client, path in ((self.house.visitor(), "/sign-in"), (self.house.visitor(), "/nowhere"), (self.owner, "/industry?kind=customer"), (self.owner, "/settings")):
            with self.subTest(path=path):
                page = client.get(path)
                links = re.findall(r'<a href="([^"]*lang=\w+)" hreflang="(\w+)" lang="(\w+)"( aria-current="true")?>', page.body)
                self.assertEqual([tag for _, tag, _, _ in links], ["en", "de", "fr", "pl", "ar"])
                self.assertEqual([tag for _, tag, _, current in links if current], ["en"])
                there = client.get(path.split("?")[0] + links[1][0].replace("&amp;", "&"))
                self.assertEqual((there.status, language(there)), (page.status, "de"))
                self.assertEqual("kind=customer" in path, "kind=customer&amp;lang=fr" in there.body)
                self.assertEqual(language(client.get(path.split("?")[0] + "?lang=en")), "en")

    def test_a_form_that_came_back_leads_to_the_page_it_stood_on(self):
        visitor = self.house.visitor()
        page = visitor.submit(visitor.get("/forgot"), "/forgot", email="nobody")
        self.assertEqual(page.status, 422)
        self.assertEqual(visitor.get(re.search(r'href="([^"]*lang=pl)"', page.body)[1]).status, 200)
        page = self.house.invite(self.owner, "nobody")
        self.assertIn('href="/industry?lang=pl"', page.body)

    def test_the_account_decides_from_the_next_sign_in_on_and_a_later_choice_again(self):
        email = self.house.owner("Quay")
        client = self.house.sign_in(email)
        page = client.submit(client.get("/account"), "/account", language="pl")
        self.assertEqual((page.status, language(page)), (200, "pl"))
        self.assertEqual(self.asks(client, "de", "/account"), "pl")
        self.assertEqual(language(client.get("/account?lang=ar")), "ar")
        self.assertEqual(language(client.get("/account")), "ar")
        self.assertEqual(language(client.submit(client.get("/account"), "/account", language="fr")), "fr", "who says it for the account has said more")
        self.assertEqual(language(client.submit(client.get("/account"), "/account", language="pl")), "pl")
        other = self.house.visitor()
        self.assertEqual(language(other.get("/sign-in?lang=fr")), "fr")
        other.submit(other.get("/sign-in"), "/sign-in", email=email, password=PASSWORD)
        self.assertEqual(language(other.get("/account")), "pl")
        self.assertNotIn("lang", other.cookies)

    def test_an_invitation_speaks_its_language_unless_its_visitor_has_chosen(self):
        self.house.invite(self.owner, "neu@hafen.example", language="de")
        link = self.house.link("neu@hafen.example")
        self.assertEqual(self.asks(self.house.visitor(), "fr", link), "de")
        visitor = self.house.visitor()
        visitor.get("/sign-in?lang=pl")
        self.assertEqual(self.asks(visitor, "fr", link), "pl")

    def test_an_accounts_language_is_stronger_than_the_invitations_and_the_browsers(self):
        self.house.invite(self.owner, "rungs@hafen.example", language="de")
        link = self.house.link("rungs@hafen.example")
        said, silent = self.house.sign_in(self.house.owner("Jetty")), self.house.sign_in(self.house.owner("Mole"))
        said.submit(said.get("/account"), "/account", language="pl")
        self.assertEqual((self.asks(said, "fr", link), self.asks(said, "fr", "/account")), ("pl", "pl"))
        self.assertEqual((self.asks(silent, "fr", link), self.asks(silent, "fr", "/account")), ("de", "fr"))
        said.get("/account?lang=ar")
        self.assertEqual(self.asks(said, "fr", link), "ar")

    def test_names_and_addresses_stand_alone_in_a_sentence_from_the_right(self):
        self.house.invite(self.owner, "isolated@hafen.example")
        link = self.house.link("isolated@hafen.example")
        visitor = self.house.visitor()
        self.assertNotIn("<bdi>isolated@hafen.example", visitor.get(link).body)
        page = visitor.get(link + "?lang=ar").body
        self.assertIn("، <bdi>Harbour</bdi></dd>", page)
        self.assertIn("<strong><bdi>isolated@hafen.example</bdi></strong>", page)

    def test_a_number_of_days_has_the_form_that_each_language_wants(self):
        owner = self.house.sign_in(self.house.owner("Dock"))
        said = {"en": {1: "works for 1 day", 2: "works for 2 days"}, "de": {1: "der 1 Tag gilt", 2: "der 2 Tage gilt"}, "fr": {1: "valable 1 jour", 2: "valable 2 jours"},
                "pl": {1: "przez 1 dzień", 2: "przez 2 dni", 5: "przez 5 dni", 22: "przez 22 dni"},
                "ar": {1: "صالحًا ليوم واحد", 2: "صالحًا ليومين", 3: "لمدة 3 أيام", 11: "لمدة 11 يومًا"}}
        for days in sorted({n for forms in said.values() for n in forms}):
            self.house.sql(f"UPDATE company SET expires_days = {days} WHERE name = 'Dock'")
            for tag, forms in said.items():
                if days in forms:
                    with self.subTest(language=tag, days=days):
                        self.assertRegex(owner.get(f"/industry?lang={tag}").text, forms[days] + r"(?!\w)")

    def test_mail_comes_in_the_readers_language(self):
        self.house.invite(self.owner, "arabic@hafen.example", language="ar")
        mail = self.house.mail("arabic@hafen.example")
        self.assertIn('<html lang="ar" dir="rtl">', mail["html"])
        self.assertRegex(mail["text"], "[\u0600-\u06ff]{3}")
        email = self.house.owner("Pier")
        client = self.house.sign_in(email)
        client.submit(client.get("/account"), "/account", language="fr")
        visitor = self.house.visitor()
        visitor.submit(visitor.get("/forgot?lang=de"), "/forgot", email=email)
        self.assertIn('<html lang="fr" dir="ltr">', self.house.mail(email)["html"])

    def test_one_english_word_is_several_of_another_language_where_it_means_several_things(self):
        """What is counted is in the plural, an invitation feminine, an email masculine, a part of something not what is done with a file."""
        owner = self.house.sign_in(self.house.owner("Words"))
        self.house.invite(owner, "words@pier.example")
        self.house.register(self.house.link("words@pier.example"))
        for path, *sentences in (("/industry?lang=fr", "Toutes (1)", "Acceptées (1)", "Client Acceptée", "E-mail : Envoyé "), ("/customers", "Tous (1)", "Actif (1)"),
                                 ("/overview", "Acceptées : 1 ", "Étape Invitations Part "), ("/overview?lang=de", "Schritt Einladungen Anteil ")):
            said = owner.get(path).text
            for sentence in sentences:
                self.assertIn(sentence, said, path)


class Installation(HouseCase):
    settings = {"language": "fr"}

    def test_the_installations_language_is_the_last_word(self):
        self.assertEqual(language(self.house.visitor().get("/sign-in")), "fr")
        self.assertEqual(language(self.house.visitor().raw("GET", "/sign-in", headers={"Accept-Language": "it"})), "fr")
        self.assertEqual(language(self.house.visitor().raw("GET", "/sign-in", headers={"Accept-Language": "en"})), "en")


if __name__ == "__main__":
    unittest.main()
