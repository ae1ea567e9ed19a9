"""Answering an invitation: registering, accepting and declining, also twice, also from home, and what is left behind."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Story, Vendor, address, customer, decline, everything, fresh, machine, mail_to, mails, number,  # noqa: E402
                    register, sql, stack, together, value)

setUpModule, tearDownModule = machine()


def form_filled(**values):
    return {"first_name": "Jo", "last_name": "Buyer", "business_name": fresh("Acme "), "password": PASSWORD} | values


def twin(client):
    """A browser with the same cookies: the second press of a button, before the first answer came."""
    other = Client(stack().url)
    other.cookies = dict(client.cookies)
    return other


class Effects(Story):
    def left_by(self, email):
        """What an accepted invitation left: relationships, audit lines, mails to the sender, by the invitation's address."""
        i = value(f"SELECT id FROM invitation WHERE email = '{email}'")
        return (number(f"SELECT COUNT(*) FROM relationship r JOIN invitation i ON i.relationship_id = r.id WHERE i.id = {i}"),
                number(f"SELECT COUNT(*) FROM relationship r JOIN invitation i ON i.vendor_id = r.vendor_id WHERE i.id = {i}"),
                number(f"SELECT COUNT(*) FROM audit_event WHERE invitation_id = {i} AND event = 'invitation_accepted'"),
                number(f"SELECT COUNT(*) FROM outbox o JOIN invitation i ON i.id = {i} JOIN account a ON a.id = i.sender_id "
                       "WHERE o.recipient = a.email AND o.invitation_id IS NULL"))

    def test_an_acceptance_leaves_account_company_member_relationship_audit_line_and_mail(self):
        vendor, buyer = Vendor(), address()
        person = register(vendor.invite(buyer, number="7"), phone="1")
        self.assertEqual(self.left_by(buyer), (1, 1, 1, 1))
        self.assertEqual(sql(f"SELECT i.status, i.accepted_by = a.id, i.ended_at IS NOT NULL, a.verified_at IS NOT NULL, c.kind, c.name, m.role, r.state, r.number "
                             f"FROM invitation i JOIN account a ON a.email = i.email JOIN member m ON m.account_id = a.id JOIN company c ON c.id = m.company_id "
                             f"JOIN relationship r ON r.id = i.relationship_id AND r.partner_id = c.id WHERE i.email = '{buyer}'"),
                         [("accepted", "1", "1", "1", "customer", person.business, "owner", "active", "7")])

    def test_registering_twice_by_a_double_click_shows_success_twice_and_connects_once(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer)
        first = Client(stack().url)
        page, fields = first.get(link), form_filled()
        second = twin(first)
        for client in (first, second):
            answer = client.submit(page, "/register", **fields)
            self.assertEqual(answer.url, "/home")
            self.said(answer, f"You’re connected with {vendor.name}.", fields["business_name"])
        self.assertEqual(self.left_by(buyer), (1, 1, 1, 1))
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{buyer}'"), 1)

    def test_registering_twice_at_the_same_instant_shows_success_twice_and_connects_once(self):
        for _ in range(5):
            vendor, buyer = Vendor(), address()
            first = Client(stack().url)
            page, fields = first.get(vendor.invite(buyer)), form_filled()
            second = twin(first)
            pages = together(*(lambda c=c: c.submit(page, "/register", **fields) for c in (first, second)))
            for answer in pages:
                self.assertEqual((answer.status, answer.url), (200, "/home"))
                self.said(answer, f"You’re connected with {vendor.name}.")
            self.assertEqual(self.left_by(buyer), (1, 1, 1, 1))

    def test_a_second_registration_with_another_password_is_told_that_the_link_is_used(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer)
        stranger = Client(stack().url)
        page = stranger.get(link)
        register(link)
        page = stranger.submit(page, "/register", **form_filled(password="violet anchors under snow"))
        self.said(page, "This invitation link does not work", status=404)
        self.assertEqual(stranger.get("/home").path, "/sign-in")
        self.assertEqual(self.left_by(buyer), (1, 1, 1, 1))

    def test_accepting_twice_shows_success_twice_and_connects_once(self):
        buyer, _ = customer()
        vendor = Vendor()
        page = buyer.get(vendor.invite(buyer.email))
        for client in (buyer.client, twin(buyer.client)):
            answer = client.submit(page, "/accept")
            self.assertEqual(answer.url, "/home")
            self.said(answer, vendor.name)
        self.assertEqual(buyer.get(page.url).h1, "You accepted this invitation")
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), 1)
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_accepted'"), 1)
        mail_to(vendor.email)
        self.assertEqual(len(mails(vendor.email)), 1)

    def test_the_link_is_used_up_by_accepting(self):
        buyer, vendor = customer()
        second = Vendor()
        link = second.invite(buyer.email)
        page = buyer.get(link)
        buyer.client.submit(page, "/accept")
        before = everything()
        self.assertIn(buyer.client.submit(page, "/accept").url, ("/home", link))
        self.assertEqual(buyer.client.post(link + "/decline", {"csrf": page.form("/accept").fields["csrf"]}).url, link)
        self.assertEqual(everything(), before)
        self.said(vendor.get("/customers"), buyer.business)

    def test_a_waiting_mail_with_the_link_is_withdrawn_by_the_acceptance(self):
        buyer, _ = customer()
        vendor = Vendor()
        stack().stop_mailbox()
        try:
            vendor.send(buyer.email)
            home = buyer.get("/home")
            buyer.client.submit(home, button="Accept")
            self.assertEqual(sql(f"SELECT state, sealed FROM outbox WHERE recipient = '{buyer.email}' ORDER BY id DESC LIMIT 1"), [("withdrawn", None)])
        finally:
            stack().start_mailbox()

    def test_two_links_of_two_vendors_for_one_new_person_make_one_account(self):
        first, second, buyer = Vendor(), Vendor(), address()
        links = [first.invite(buyer), second.invite(buyer)]
        tabs = [Client(stack().url), Client(stack().url)]
        pages = [tab.get(link) for tab, link in zip(tabs, links)]
        self.assertEqual(tabs[0].submit(pages[0], "/register", **form_filled()).url, "/home")
        page = tabs[1].submit(pages[1], "/register", **form_filled(password="violet anchors under snow"))
        self.said(page, f"You have an account with {buyer}. Sign in to accept the invitation.")
        page = tabs[1].submit(page, "/sign-in", password=PASSWORD)
        self.assertEqual(tabs[1].submit(page, "/accept").url, "/home")
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{buyer}'"), 1)
        self.said(tabs[1].get("/home"), first.name, second.name)

    def test_two_links_of_one_new_person_registered_at_the_same_instant_make_one_account(self):
        first, second, buyer = Vendor(), Vendor(), address()
        tabs = [Client(stack().url), Client(stack().url)]
        pages = [tab.get(v.invite(buyer)) for tab, v in zip(tabs, (first, second))]
        answers = together(*(lambda t=t, p=p: t.submit(p, "/register", **form_filled()) for t, p in zip(tabs, pages)))
        self.assertEqual(sorted(a.status for a in answers), [200, 200])
        self.assertIn("/home", [a.url for a in answers])
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{buyer}'"), 1)
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id IN ({first.id}, {second.id})"), 1)

    def test_a_customer_invited_as_supplier_too_has_both_relationships(self):
        buyer, vendor = customer()
        link = vendor.invite(buyer.email, "supplier")
        page = buyer.get(link)
        self.assertEqual(page.h1, "This invitation is for a supplier account")
        self.said(page, "Register a supplier company for yourself")
        business = fresh("Supplies ")
        self.assertEqual(buyer.client.submit(page, "/register", business_name=business).url, "/home")
        self.said(vendor.get("/suppliers"), business)
        self.unsaid(vendor.get("/customers"), business)


class Decline(Story):
    def test_declining_connects_nothing_and_ends_the_link(self):
        vendor, buyer = Vendor(), address()
        client = Client(stack().url)
        page = client.get(vendor.invite(buyer))
        question = client.get(page.link("Decline"))
        self.assertEqual(question.h1, "Decline this invitation?")
        self.said(question, f"Nothing is connected. The link stops working, and {vendor.name} is told that {buyer} declined.")
        self.assertEqual(client.get(question.link("Keep invitation")).h1, page.h1)
        answer = client.submit(question, button="Decline invitation")
        self.assertEqual(answer.h1, "You declined this invitation")
        self.assertEqual(client.submit(question, "/decline").h1, "You declined this invitation", "twice is once")
        self.assertEqual(client.get(question.url).h1, "You declined this invitation")
        self.assertEqual(client.submit(page, "/register", **form_filled()).h1, "You declined this invitation")
        self.assertEqual(sql(f"SELECT i.status, COUNT(*) FROM invitation i JOIN audit_event e ON e.invitation_id = i.id AND e.event = 'invitation_declined' "
                             f"WHERE i.email = '{buyer}' GROUP BY i.id"), [("declined", "1")])
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{buyer}'"), 0)

    def test_who_has_an_account_declines_signed_in_or_not(self):
        buyer, _ = customer()
        for client in (buyer.client, Client(stack().url)):
            vendor = Vendor()
            page = client.get(vendor.invite(buyer.email))
            self.assertEqual(decline(client, page).h1, "You declined this invitation")
            self.said(vendor.get("/industry"), "Declined (1)")

    def test_somebody_signed_in_as_another_address_gets_no_button_to_decline(self):
        buyer, _ = customer()
        page = buyer.get(Vendor().invite())
        self.assertFalse([href for href, _ in page.links if href.endswith("/decline")])


class AtHome(Story):
    def test_a_pending_invitation_is_accepted_from_home(self):
        buyer, _ = customer()
        vendor = Vendor()
        vendor.invite(buyer.email)
        home = buyer.get("/home")
        self.said(home, "Pending invitations", vendor.name, f"Sent by {vendor.email}. Works until ")
        page = buyer.client.submit(home, button="Accept")
        self.assertEqual(page.url, "/home")
        self.said(page, f"You’re connected with {vendor.name}.")
        self.unsaid(page, "Pending invitations")
        self.unsaid(buyer.get("/home"), "You’re connected")
        self.said(vendor.get("/customers"), buyer.business)
        self.said(vendor.invitation(buyer.email), f"Accepted by {buyer.email}")
        mail_to(vendor.email)

    def test_a_pending_invitation_is_declined_from_home(self):
        buyer, _ = customer()
        vendor = Vendor()
        link = vendor.invite(buyer.email)
        question = buyer.get(buyer.get("/home").link("Decline"))
        self.assertEqual((question.h1, question.link("Keep invitation")), ("Decline this invitation?", "/home"))
        page = buyer.client.submit(question, button="Decline invitation")
        self.said(page, f"You declined the invitation from {vendor.name}.")
        self.unsaid(page, "Pending invitations")
        self.said(vendor.get("/industry"), "Declined (1)")
        self.assertEqual(buyer.get(link).h1, "You declined this invitation")

    def test_what_is_pressed_too_late_changes_nothing_and_says_so(self):
        buyer, _ = customer()
        for button in ("Accept", "Decline"):
            vendor = Vendor()
            vendor.invite(buyer.email)
            home = buyer.get("/home")
            if button == "Decline":
                home, button = buyer.get(home.link("Decline")), "Decline invitation"
            vendor.cancel(buyer.email)
            before = everything()
            self.said(buyer.client.submit(home, button=button), "Nothing was changed. This invitation is not open any more.")
            if button == "Decline invitation":
                self.said(buyer.get(home.url), "Nothing was changed. This invitation is not open any more.")   # the question is not asked any more
            self.assertEqual(everything(), before)

    def test_accepting_twice_from_home_connects_once(self):
        buyer, _ = customer()
        vendor = Vendor()
        vendor.invite(buyer.email)
        home = buyer.get("/home")
        for _ in range(2):
            page = buyer.client.submit(home, button="Accept")
            self.assertEqual(page.url, "/home")
            self.unsaid(page, "Nothing was changed.")   # both presses see the one success
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_accepted'"), 1)

    def test_expired_cancelled_and_paused_invitations_do_not_wait_at_home(self):
        buyer, _ = customer()
        for change in ("UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE vendor_id = {0}",
                       "UPDATE invitation SET status = 'cancelled' WHERE vendor_id = {0}",
                       "UPDATE member SET role = 'auditor' WHERE company_id = {0}"):
            vendor = Vendor()
            vendor.invite(buyer.email)
            home = buyer.get("/home")
            self.said(home, vendor.name)
            sql(change.format(vendor.id))
            self.unsaid(buyer.get("/home"), vendor.name)
            self.said(buyer.client.submit(home, button="Accept"), "Nothing was changed.")
            self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), 0)

    def test_a_person_of_two_companies_chooses_at_home(self):
        buyer, _ = customer()
        name = fresh("Second ")
        sql(f"INSERT INTO company (public_id, kind, name, created_at) VALUES (UNHEX(REPLACE(UUID(), '-', '')), 'customer', '{name}', UTC_TIMESTAMP(6));"
            f"INSERT INTO member SELECT LAST_INSERT_ID(), id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = '{buyer.email}'")
        vendor = Vendor()
        vendor.invite(buyer.email)
        page = buyer.client.submit(buyer.get("/home"), button="Accept")
        self.said(page, "Select the company that accepts", status=422)
        form = page.form(button="Accept")
        buyer.client.submit(page, button="Accept", company=form.choices["company"][1])
        self.said(vendor.get("/customers"), name)

    def test_an_invitation_of_the_other_kind_is_accepted_through_its_mail(self):
        buyer, _ = customer()
        vendor = Vendor()
        vendor.invite(buyer.email, "supplier")
        home = buyer.get("/home")
        self.said(home, "lets you register a company for this.")
        self.assertFalse([f for f in home.forms if "Accept" in f.buttons])

    def test_nobody_answers_an_invitation_of_somebody_else_from_home(self):
        buyer, _ = customer()
        vendor, other = Vendor(), address()
        vendor.invite(other)
        foreign = value(f"SELECT LOWER(HEX(public_id)) FROM invitation WHERE email = '{other}'")
        csrf = buyer.get("/home").form("/sign-out").fields["csrf"]
        before = everything()
        for i in (foreign, "0" * 32, "x"):
            for action in ("accept", "decline"):
                self.assertEqual(buyer.client.post(f"/home/invitations/{i}/{action}", {"csrf": csrf}).status, 404)
        self.assertEqual(everything(), before)

    def test_a_home_without_vendors_says_so(self):
        buyer, vendor = customer()
        sql(f"UPDATE relationship SET state = 'disconnected' WHERE vendor_id = {vendor.id}")
        self.said(buyer.get("/home"), "No vendors yet")


if __name__ == "__main__":
    unittest.main()
