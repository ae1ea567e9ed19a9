"""The main job, end to end: from the panel through a real mail to the Customer List."""
import datetime
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, address, fresh, link_of, machine, mail_to, mails, number, register, sql, stack, value  # noqa: E402

setUpModule, tearDownModule = machine()


def in_words(days):
    day = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return f"{day.day} {day:%B %Y}"


class MainStory(Story):
    def test_an_invited_customer_registers_and_stands_in_the_customer_list(self):
        vendor = Vendor()
        buyer, business = address("buyer"), fresh("Acme & Söhne ")
        panel = vendor.get("/industry")
        self.assertEqual(panel.h1, "Invitations")
        page = vendor.client.submit(panel, "/industry/invitations", button="Send Invite", kind="customer", email=buyer)
        self.sent(page, buyer)

        mail = mail_to(buyer)
        self.assertEqual(mail["subject"], f"{vendor.name} invited you to be a customer")
        browser = Client(stack().url)
        page = browser.get(link_of(mail))
        self.assertEqual(page.h1, f"{vendor.name} invited you to be a customer")
        self.said(page, "Nothing happens unless you accept.", "Create an account", f"Your account will use {buyer}", vendor.email)
        page = browser.submit(page, "/register", button="Create account", first_name="Jo", last_name="Buyer", business_name=business,
                              password="violet anchors under snow")
        self.assertEqual((page.status, page.url, page.h1), (200, "/home", "Home"))
        self.said(page, f"You’re connected with {vendor.name}.", "Connected vendors", vendor.name)

        listed = vendor.get("/customers")
        self.assertEqual(listed.h1, "Customer List")
        self.said(listed, business, f"Contact: {buyer}", "Active")
        details = vendor.get(listed.link(business))
        self.assertEqual(details.h1, business)
        self.said(details, "Jo Buyer", buyer, f"Accepted by {buyer}")
        self.assertEqual(vendor.get("/suppliers").text.count(business), 0)

    def test_the_panel_says_that_the_mail_was_sent_as_soon_as_the_mail_server_has_it(self):
        vendor, buyers = Vendor(), [address() for _ in range(5)]
        said = [f"Invitation sent. We emailed {buyer}. The link works until {in_words(7)}." in vendor.send(buyer).text for buyer in buyers]
        self.assertIn(True, said, "one of five within half a second, however busy the machine")

    def test_an_invited_supplier_stands_in_the_supplier_list_and_not_in_the_customer_list(self):
        vendor = Vendor()
        link = vendor.invite(address("seller"), "supplier")
        page = Client(stack().url).get(link)
        self.assertEqual(page.h1, f"{vendor.name} invited you to be a supplier")
        seller = register(link)
        listed = vendor.get("/suppliers")
        self.assertEqual(listed.h1, "Supplier List")
        self.said(listed, seller.business, seller.email)
        self.said(vendor.get("/customers"), "No customers yet", "When a customer accepts an invitation, it appears here.")
        self.assertEqual(vendor.get(listed.link(seller.business)).h1, seller.business)

    def test_the_lists_are_empty_with_a_sentence_and_one_action_before_anybody_accepted(self):
        vendor = Vendor()
        self.said(vendor.get("/customers"), "Customer List", "No customers yet", "When a customer accepts an invitation, it appears here.")
        page = vendor.get("/suppliers")
        self.said(page, "Supplier List", "No suppliers yet", "When a supplier accepts an invitation, it appears here.")
        self.assertEqual(page.link("Invite a supplier"), "/industry")

    def test_what_the_new_customer_typed_stands_on_the_details_page(self):
        vendor = Vendor()
        typed = {"first_name": "Zoë", "last_name": "O’Neill", "business_name": fresh("Ünal “Tools” "), "phone": "+44 20 7946 0018",
                 "street": "Rue de l’Église", "house_number": "12 b", "postal_code": "SW1A 1AA", "city": "Łódź", "country": "Côte d’Ivoire"}
        register(vendor.invite(), **typed)
        details = vendor.get(vendor.get("/customers").link(typed["business_name"]))
        for name in ("business_name", "phone", "street", "house_number", "postal_code", "city", "country"):
            self.said(details, typed[name])
        self.said(details, "Zoë O’Neill", "Customer number Not given", "Role Standard")

    def test_the_inviter_gets_a_mail_when_somebody_accepts(self):
        vendor = Vendor()
        buyer = register(vendor.invite())
        mail = mail_to(vendor.email)
        self.assertEqual(mail["subject"], f"{vendor.name}: {buyer.business} accepted your invitation")
        self.assertIn(f"{buyer.email} accepted your invitation for {buyer.business}", mail["text"])
        self.assertIn("Customer List", mail["text"])
        self.assertIn(buyer.business, mail["html"])
        page = vendor.get(next(link for link in mail["links"] if "/industry/invitations/" in link))
        self.said(page, f"Invitation to {buyer.email}", "Accepted")

    def test_the_mail_about_the_acceptance_goes_to_the_colleague_who_invited(self):
        vendor = Vendor()
        colleague = vendor.member("inviter")
        register(vendor.invite(by=colleague))
        mail_to(colleague.email)
        self.assertEqual(mails(vendor.email), [])

    def test_the_history_of_an_invitation_tells_every_step_in_order(self):
        vendor = Vendor()
        buyer = address()
        vendor.invite(buyer)
        register(vendor.resend(buyer))
        page = vendor.invitation(buyer)
        steps = [f"Sent by {vendor.email}", "Handed to the mail server: ", f"Resent by {vendor.email}. The old link no longer works",
                 "Handed to the mail server: ", f"Accepted by {buyer}"]
        at = page.text.index("History")
        for step in steps:
            at = page.text.index(step, at) + len(step)
        self.said(page, f"Accepted by {buyer}", "Company")
        self.unsaid(page, "Resend ")

    def test_the_mail_says_who_invites_as_what_until_when_and_whom_to_ask(self):
        vendor = Vendor()
        buyer = address()
        vendor.invite(buyer)
        mail = mail_to(buyer)
        headers, text = mail["headers"], mail["text"]
        self.assertEqual(mail["from"], f"{vendor.name} via Invited <invites@portal.example>")
        self.assertIn(vendor.email, headers["Reply-To"])
        self.assertEqual(headers["Content-Language"], "en")
        self.assertTrue(headers["Auto-Submitted"].startswith("auto-"), headers)
        self.assertTrue(headers["Content-Type"].startswith("multipart/alternative"), headers)
        for words in (f"{vendor.name} invited you to be a customer", vendor.email, f"sent this invitation to {buyer}", in_words(7),
                      "Nothing happens unless you accept.", "You did not expect this?", "support@portal.example"):
            self.assertIn(words, " ".join(text.split()))
        secret = [link for link in mail["links"] if "/i/" in link]
        self.assertEqual(len(secret), 1, "text and HTML carry the same link")
        self.assertIn(secret[0], text)
        self.assertIn(secret[0], mail["html"])
        self.assertTrue(secret[0].startswith(stack().url + "/i/"))

    def test_the_address_is_written_as_typed_and_is_one_address_whatever_its_case(self):
        vendor = Vendor()
        domain = fresh("firm")
        typed = f"Jo.Buyer@{domain.upper()}.Example"
        self.sent(vendor.send(typed), typed)
        self.assertEqual(mail_to(typed)["headers"]["To"], typed)
        page = vendor.send(f"  jo.BUYER@{domain}.example ")
        self.said(page, f"jo.BUYER@{domain}.example already has a pending invitation", status=422)


class Options(Story):
    """Every optional field of the panel arrives where it should."""

    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()
        cls.buyer = address()
        cls.message = "Dear Jo,\nwe look forward to it: 100 % & more <b>"
        roles = dict(sql(f"SELECT name, HEX(public_id) FROM partner_role WHERE vendor_id = {cls.vendor.id}"))
        cls.typed = {"first_name": "Jo", "last_name": "van Dyk", "business_name": fresh("Van Dyk Trading "), "number": "C-4711/a",
                     "role": roles["Read-only"].lower(), "language": "en", "message": cls.message, "expires_days": "3"}
        cls.link = cls.vendor.invite(cls.buyer, **cls.typed)
        cls.mail = mail_to(cls.buyer)

    def test_the_message_stands_in_the_mail_and_on_the_page_behind_the_link(self):
        self.assertIn(self.message, self.mail["text"].replace("\r\n", "\n"))
        self.assertIn("100 % &amp; more &lt;b&gt;", self.mail["html"])
        self.assertNotIn("<b>", self.mail["html"])
        self.said(Client(stack().url).get(self.link), "Dear Jo,", "100 % & more <b>")

    def test_the_days_until_it_expires_stand_in_the_mail_on_the_page_and_in_the_record(self):
        self.assertIn(in_words(3), self.mail["text"])
        self.said(Client(stack().url).get(self.link), f"Until {in_words(3)}")
        self.assertEqual(value(f"SELECT TIMESTAMPDIFF(HOUR, sent_at, expires_at) FROM invitation WHERE email = '{self.buyer}'"), "72")

    def test_the_language_is_the_language_of_the_mail(self):
        self.assertEqual(self.mail["headers"]["Content-Language"], "en")
        self.assertEqual(value(f"SELECT language FROM invitation WHERE email = '{self.buyer}'"), "en")

    def test_the_names_are_filled_in_for_the_person_who_registers(self):
        form = Client(stack().url).get(self.link).form("/register")
        self.assertEqual({n: form.fields[n] for n in ("first_name", "last_name", "business_name")},
                         {n: self.typed[n] for n in ("first_name", "last_name", "business_name")})
        self.assertEqual(form.fields["password"], "")

    def test_the_invitation_page_shows_everything_that_was_typed(self):
        self.said(self.vendor.invitation(self.buyer), "Jo van Dyk", self.typed["business_name"], "C-4711/a", "Read-only", "Dear Jo,",
                  in_words(3), "Sent by " + self.vendor.email)

    def test_number_and_role_belong_to_the_relationship_from_the_first_minute(self):
        vendor, buyer = Vendor(), address()
        role = value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {vendor.id} AND name = 'Read-only'")
        person = register(vendor.invite(buyer, number="K 99", role=role))
        self.assertEqual(sql(f"SELECT r.number, p.name FROM relationship r JOIN partner_role p ON p.id = r.partner_role_id "
                             f"WHERE r.vendor_id = {vendor.id}"), [("K 99", "Read-only")])
        listed = vendor.get("/customers")
        self.said(listed, "Number: K 99")
        self.said(vendor.get(listed.link(person.business)), "Customer number K 99", "Role Read-only")
        self.said(person.get("/home"), "Number K 99")

    def test_another_vendors_role_is_no_role(self):
        other = value(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE vendor_id = {Vendor().id} AND name = 'Standard'")
        vendor, buyer = Vendor(), address()
        page = vendor.client.get("/industry")
        fields = page.form("/industry/invitations").fields | {"kind": "customer", "email": buyer, "role": other}
        self.said(vendor.client.post("/industry/invitations", fields), "Select a role", status=422)
        self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE email = '{buyer}'"), 0)


class Tenants(Story):
    """One vendor learns nothing of another."""

    def test_another_vendors_records_look_exactly_like_records_that_do_not_exist(self):
        vendor, stranger = Vendor(), Vendor()
        buyer = register(vendor.invite())
        customer = vendor.get("/customers").link(buyer.business)
        invitation = vendor.get("/industry").link(buyer.email)
        for path in (customer, invitation, invitation + "/cancel"):
            foreign = stranger.get(path)
            absent = stranger.get(re.sub("[0-9a-f]{32}", "0123456789abcdef" * 2, path))
            self.assertEqual((foreign.status, absent.status), (404, 404), path)
            self.assertEqual(foreign.text.split("Reference:")[0], absent.text.split("Reference:")[0])
            self.assertEqual(sorted(foreign.headers.keys()), sorted(absent.headers.keys()))
            self.assertEqual(vendor.get(path).status, 200)
        self.unsaid(stranger.get("/industry"), buyer.email)
        self.unsaid(stranger.get("/customers"), buyer.business)
        self.said(stranger.get("/industry?q=" + buyer.email), "No invitations found")

    def test_another_vendors_invitation_is_neither_resent_nor_cancelled(self):
        vendor, stranger, buyer = Vendor(), Vendor(), address()
        link = vendor.invite(buyer)
        path = vendor.get("/industry").link(buyer)
        csrf = stranger.get("/industry").form("/industry/invitations").fields["csrf"]
        for what in ("/resend", "/cancel"):
            self.assertEqual(stranger.client.post(path + what, {"csrf": csrf}).status, 404)
        self.assertEqual(len(mails(buyer)), 1)
        self.assertEqual(Client(stack().url).get(link).h1, f"{vendor.name} invited you to be a customer")

    def test_two_vendors_invite_one_person_and_each_sees_only_its_own(self):
        first, second, buyer = Vendor(), Vendor(), address()
        first_link, second_link = first.invite(buyer, number="A1"), second.invite(buyer, number="B2")
        person = register(first_link)
        home = person.get("/home")
        self.said(home, "Pending invitations", second.name)
        page = person.get(second_link)
        self.said(page, f"Accepting connects {person.business} with {second.name}.")
        home = person.client.submit(page, "/accept")
        self.said(home, f"You’re connected with {second.name}.", first.name, "Number A1", "Number B2")
        self.unsaid(home, "Pending invitations")
        self.unsaid(first.get("/customers"), "B2")
        self.said(second.get("/customers"), "B2", person.business)
        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE name = '{person.business}'"), 1)

    def test_who_is_not_signed_in_is_asked_to_sign_in(self):
        for path in ("/", "/industry", "/customers", "/suppliers", "/home", "/industry/invitations/" + "0" * 32):
            page = Client(stack().url).get(path)
            self.assertEqual((page.path, page.h1), ("/sign-in", "Sign in"), path)

    def test_a_customer_cannot_open_the_pages_of_a_vendor(self):
        person = register(Vendor().invite())
        for path in ("/industry", "/customers", "/suppliers"):
            self.said(person.get(path), "You cannot open this page", f"It is for vendors, and {person.business} is a customer or supplier.", status=403)
        csrf = person.get("/home").form("/sign-out").fields["csrf"]
        page = person.client.post("/industry/invitations", {"csrf": csrf, "kind": "customer", "email": address()})
        self.assertEqual(page.status, 403)

    def test_nobody_signs_in_with_an_invitation_alone(self):
        """Following the link makes no session; only registering does."""
        link = Vendor().invite()
        browser = Client(stack().url)
        browser.get(link)
        self.assertEqual(browser.get("/home").path, "/sign-in")


if __name__ == "__main__":
    unittest.main()
