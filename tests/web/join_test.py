"""A company is here already, through a colleague: the second person asks to join it, its owner decides, and there is no second company."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Person, Story, Vendor, address, colleague, company_id, customer, everything, fresh, machine, mail_to, mails,  # noqa: E402
                    number, sql, value)

setUpModule, tearDownModule = machine(web_workers=8)

ASKED = "Request sent. If there is such a company here, its owner decides."
UNKNOWN = "0123456789abcdef" * 2


def account(person):
    return number(f"SELECT id FROM account WHERE email = '{person.email}'")


def ask(link, named, **values):
    """A newcomer asks through an invitation's link: the person, and the page that follows."""
    person = Person("(through a link)")
    page = person.client.get(link)
    page = person.client.get(page.link("Ask to join it"))
    form = page.form("/join").fields
    person.email = form["email"]
    page = person.client.submit(page, "/join", colleague=named, **({"first_name": "Jo", "last_name": "Second", "password": person.password} | values))
    return person, page


def ask_again(person, named):
    return person.client.submit(person.get("/admission"), "/admission", colleague=named)


def told(person, owner):
    """The lines of history of this request: the person's, and what came after the owner's own beginning."""
    return [row[0] for row in sql(f"SELECT event FROM audit_event WHERE account_id = {account(person)} OR (account_id = {account(owner)} AND id > "
                                  f"(SELECT MIN(id) FROM audit_event WHERE account_id = {account(person)})) ORDER BY id")]


def steady(page):
    return re.sub(r'name="csrf" value="[^"]*"|datetime="[^"]*"', "", page.body)


class Joining(Story):
    def test_the_second_person_asks_the_owner_accepts_and_no_second_company_exists(self):
        for kind, where in (("customer", "/customers"), ("supplier", "/suppliers")):
            for by in ("id", "address"):
                owner, vendor = customer(kind)
                companies = number("SELECT COUNT(*) FROM company")
                link = vendor.invite(kind=kind)
                person, page = ask(link, company_id(owner) if by == "id" else owner.email.upper())
                self.assertEqual(page.url, "/home")
                self.said(page, ASKED, "Your request to join a company", "You asked on")
                self.unsaid(page, owner.business)
                self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE account_id = {account(person)}"), 0)
                mail = [m for m in mails(owner.email) if "asks to join" in m["subject"]] or [mail_to(owner.email, 2)]
                self.assertIn(f"Jo Second, {person.email}, asks to join {owner.business} as a member.", " ".join(mail[0]["text"].split()))
                page = owner.get("/home")
                self.said(page, "Requests to join", person.email, f"Asks to join {owner.business} as a member", f"Invited by {vendor.name}")
                page = owner.client.submit(page, "/accept", button="Accept")
                self.said(page, f"{person.email} is a member now.")
                self.unsaid(page, "Requests to join")
                self.assertEqual(sql(f"SELECT m.role FROM member m WHERE m.account_id = {account(person)}"), [("member",)])
                self.assertEqual(number("SELECT COUNT(*) FROM company"), companies, "no duplicate company")
                self.assertEqual(sql(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), [("1",)])
                self.said(vendor.invitation(person.email), "Accepted", owner.business)
                self.assertEqual(told(person, owner), ["registered", "admission_asked", "invitation_accepted", "admission_accepted"])
                page = person.get("/home")   # as signed in as they were when they asked
                self.said(page, vendor.name)
                self.assertIn(owner.business, page.title)
                self.unsaid(page, "Ask to join it", "Company in use")
                self.said(person.get("/company"), owner.business)
                self.assertEqual(person.get("/company/edit").status, 403)
                self.assertIn("You are a member of", mail_to(person.email, 2)["text"])
                self.said(person.get(link), "You accepted this invitation")

    def test_the_owner_may_decline_and_nothing_is_connected(self):
        owner, vendor = customer()
        link = vendor.invite()
        person, _ = ask(link, company_id(owner))
        page = owner.client.submit(owner.get("/home"), "/decline", button="Decline")
        self.said(page, f"You declined the request of {person.email}.")
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE account_id = {account(person)}"), 0)
        self.said(person.get("/home"), "It was not accepted.")
        self.said(person.get(link), "Register your company")
        before = number("SELECT COUNT(*) FROM outbox WHERE recipient <> ''")
        self.said(ask_again(person, company_id(owner)), ASKED)
        self.unsaid(owner.get("/home"), "Requests to join")
        self.assertEqual(number("SELECT COUNT(*) FROM outbox WHERE recipient <> ''"), before, "an owner who declined is not asked again")
        sql(f"UPDATE admission_request SET created_at = created_at - INTERVAL 29 DAY WHERE account_id = {account(person)}")
        ask_again(person, company_id(owner))
        self.unsaid(owner.get("/home"), "Requests to join")
        sql(f"UPDATE admission_request SET created_at = created_at - INTERVAL 2 DAY WHERE account_id = {account(person)}")
        ask_again(person, company_id(owner))
        self.said(owner.get("/home"), "Requests to join", person.email)

    def test_what_asking_means_is_said_before_and_how_it_stands_afterwards(self):
        """Word for word: a person gives their name and address away here, and waits."""
        promise = ("If there is such a company here, its owner gets your name and email address and decides. You get an email when the owner accepts. "
                   "Nothing is connected before.")
        hint = "Ask a colleague who is here already: the company ID stands on their page Company"
        owner, vendor = customer()
        link = vendor.invite()
        page = Person("(through a link)").client.get(link)
        self.said(page, "Is your company here already, through a colleague? Ask to join it")
        person, home = ask(link, company_id(owner))
        other = Person("(another)")
        page = other.get(other.get(vendor.invite()).link("Ask to join it"))
        self.assertEqual(page.h1, "Ask to join your company")
        self.said(page, promise, f"When the owner accepts, you are a member of the company, and {vendor.name} is connected with it.", "Company ID or email address of a colleague", hint)

        waiting = (r"Your request to join a company You asked on \d+ \w+ \d{4} ?\. You get an email when its owner accepts\. "
                   r"If nobody answers within two weeks, ask your colleague\.")
        refused = "Your request to join a company It was not accepted. Ask your colleague, or register a company of your own from an invitation."
        for page in (home, person.get("/home")):
            self.assertRegex(page.text, waiting)
            self.unsaid(page, refused)
        sql(f"UPDATE admission_request SET created_at = created_at - INTERVAL 13 DAY WHERE account_id = {account(person)}")
        self.assertRegex(person.get("/home").text, waiting)   # as long as it waits
        page = person.get("/admission")
        self.assertEqual(page.h1, "Join a company")
        self.said(page, promise, hint)
        self.said(owner.get("/home"), "Requests to join Jo Second " + person.email + f" Asks to join {owner.business} as a member, since ",
                  "Accept people whom you know only: a member sees what vendors share with your company.")
        owner.client.submit(owner.get("/home"), "/decline", button="Decline")
        page = person.get("/home")
        self.said(page, refused)
        self.unsaid(page, "You asked on")

    def test_the_answer_is_the_same_whether_such_a_company_exists_or_not(self):
        owner, vendor = customer()
        other_kind, _ = customer("supplier")
        pages, first = [], number("SELECT COALESCE(MAX(id), 0) FROM admission_request")
        for named in (company_id(owner), UNKNOWN, owner.email, address(), vendor.email, company_id(other_kind), other_kind.email):
            link, before = vendor.invite(), number("SELECT COUNT(*) FROM outbox")
            person, page = ask(link, named)
            self.assertEqual((page.status, page.url), (200, "/home"))
            self.assertEqual(number("SELECT COUNT(*) FROM outbox") - before, 2, "a welcome, and a mail is built whether it has a reader or not")
            pages.append(steady(page).replace(person.email, "").replace(re.search(r"Sent by (\S+)", page.text)[1] if "Sent by" in page.text else "-", ""))
            home = steady(person.get("/home"))
            pages.append(home.replace(person.email, ""))
        shown = {re.sub(r"[0-9a-f]{32}|Northwind \w+|owner\w+@\S+?example|\d+ \w+ 2\d{3}, \d\d:\d\d", "", p) for p in pages[::2]}
        self.assertEqual(len(shown), 1, shown)
        self.assertEqual(number(f"SELECT COUNT(*) FROM admission_request WHERE company_id IS NULL AND id > {first}"), 5)
        self.unsaid(other_kind.get("/home"), "Requests to join")
        self.assertEqual(len([m for m in mails(vendor.email) if "asks to join" in m["subject"]]), 0, "a vendor is no company to join")

    def test_who_is_signed_in_asks_without_a_link_and_a_pending_invitation_is_accepted_with_it(self):
        owner, vendor = customer()
        leaver, _ = customer()
        sql(f"DELETE FROM member WHERE account_id = {account(leaver)}")
        vendor.invite(leaver.email)
        leaver.sign_in()
        page = leaver.get(leaver.get("/home").link("Ask to join it"))
        self.assertEqual(page.h1, "Join a company")
        self.said(leaver.client.submit(page, "/admission", colleague=owner.email), ASKED)
        owner.client.submit(owner.get("/home"), "/accept", button="Accept")
        self.said(vendor.invitation(leaver.email), "Accepted", owner.business)
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), 1)

    def test_a_person_of_a_vendor_asks_through_the_wrong_kind_page(self):
        owner, vendor = customer()
        seller = Vendor()
        page = seller.get(vendor.invite(seller.email))
        self.said(page, "This invitation is for a customer account")
        page = seller.get(page.link("Ask to join it"))
        self.assertNotIn("password", page.form("/join").fields)
        self.said(seller.client.submit(page, "/join", colleague=owner.email), ASKED)
        owner.client.submit(owner.get("/home"), "/accept", button="Accept")
        self.assertEqual(sql(f"SELECT m.role FROM member m JOIN company c ON c.id = m.company_id WHERE m.account_id = {account(seller)} AND c.name = '{owner.business}'"),
                         [("member",)])

    def test_only_owners_decide(self):
        owner, vendor = customer()
        admin, stranger = colleague(owner, "admin"), customer()[0]
        person, _ = ask(vendor.invite(), company_id(owner))
        self.unsaid(admin.get("/home"), "Requests to join")
        action = owner.get("/home").form(button="Accept").action
        before = everything()
        for who in (admin, stranger, person):
            token = who.get("/home").forms[0].fields["csrf"]
            for path in (action, action.replace("/accept", "/decline"), f"/home/admissions/{UNKNOWN}/accept"):
                self.assertEqual(who.client.post(path, {"csrf": token}).status, 404)
        self.assertEqual(everything(), before)

    def test_a_decision_is_made_once(self):
        owner, vendor = customer()
        person, _ = ask(vendor.invite(), company_id(owner))
        page = owner.get("/home")
        owner.client.submit(page, "/decline", button="Decline")
        self.assertEqual(told(person, owner), ["registered", "admission_asked", "admission_declined"])
        self.said(owner.client.submit(page, "/accept", button="Accept"), "Nothing was changed. This request is not open any more.")
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE account_id = {account(person)}"), 0)

    def test_an_invitation_that_ended_meanwhile_is_not_accepted_but_the_person_joins(self):
        owner, vendor = customer()
        link = vendor.invite()
        person, _ = ask(link, company_id(owner))
        vendor.cancel(person.email)
        owner.client.submit(owner.get("/home"), "/accept", button="Accept")
        self.said(vendor.invitation(person.email), "Cancelled")
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE account_id = {account(person)}"), 1)

    def test_an_invitation_that_is_not_for_this_connection_is_not_accepted_with_it(self):
        for kind, state in (("supplier", "active"), ("customer", "disconnected")):
            owner, vendor = customer()
            person, _ = customer()
            sql(f"DELETE FROM member WHERE account_id = {account(person)}")
            vendor.invite(person.email, kind)
            sql(f"UPDATE relationship SET state = '{state}' WHERE vendor_id = {vendor.id}")
            person.sign_in()
            self.said(ask_again(person, company_id(owner)), ASKED)
            self.said(owner.client.submit(owner.get("/home"), "/accept", button="Accept"), f"{person.email} is a member now.")
            self.assertEqual(sql(f"SELECT status FROM invitation WHERE email = '{person.email}' AND vendor_id = {vendor.id}"), [("pending",)])
            self.assertEqual(sql(f"SELECT kind, state FROM relationship WHERE vendor_id = {vendor.id}"), [("customer", state)])

    def test_who_has_become_a_member_meanwhile_stays_what_they_are(self):
        owner, vendor = customer()
        person, _ = ask(vendor.invite(), company_id(owner))
        sql(f"INSERT INTO member (company_id, account_id, role, created_at) SELECT id, {account(person)}, 'admin', UTC_TIMESTAMP(6) FROM company "
            f"WHERE public_id = UNHEX('{company_id(owner)}')")
        self.said(owner.client.submit(owner.get("/home"), "/accept", button="Accept"), f"{person.email} is a member now.")
        self.assertEqual(sql(f"SELECT role FROM member WHERE account_id = {account(person)}"), [("admin",)])

    def test_nobody_asks_more_than_five_times_a_day(self):
        owner, vendor = customer()
        person, _ = ask(vendor.invite(), UNKNOWN)
        for _ in range(4):
            self.said(ask_again(person, UNKNOWN), ASKED)
        page = ask_again(person, company_id(owner))
        self.said(page, "You have asked 5 times within a day", status=422)
        self.assertEqual(page.form("/admission").fields["colleague"], company_id(owner))
        self.unsaid(owner.get("/home"), "Requests to join")
        sql(f"UPDATE admission_request SET created_at = created_at - INTERVAL 25 HOUR WHERE account_id = {account(person)}")
        self.said(ask_again(person, company_id(owner)), ASKED)
        self.said(owner.get("/home"), "Requests to join")

    def test_asking_twice_is_one_request_and_after_two_weeks_it_lapses(self):
        owner, vendor = customer()
        person, _ = ask(vendor.invite(), company_id(owner))
        self.said(ask_again(person, owner.email), ASKED)
        self.assertEqual(owner.get("/home").text.count(person.email), 1)
        opened = owner.get("/home")
        sql(f"UPDATE admission_request SET created_at = created_at - INTERVAL 15 DAY WHERE account_id = {account(person)}")
        self.unsaid(owner.get("/home"), person.email)
        self.said(owner.client.submit(opened, "/accept", button="Accept"), "Nothing was changed. This request is not open any more.")
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE account_id = {account(person)}"), 0)
        self.said(ask_again(person, owner.email), ASKED)
        self.said(owner.get("/home"), person.email)

    def test_a_company_that_twenty_ask_already_is_asked_by_nobody_else_and_nobody_notices(self):
        owner, vendor = customer()
        person, _ = ask(vendor.invite(), UNKNOWN)
        company, where = company_id(owner), f"company_id = (SELECT id FROM company WHERE public_id = UNHEX('{company_id(owner)}'))"
        crowd = f"FROM account WHERE email_canon LIKE '%@crowd{company}.example'"
        sql(f"INSERT INTO account (public_id, email, email_canon, first_name, last_name, created_at) SELECT RANDOM_BYTES(16), CONCAT(seq, '@crowd{company}.example'), "
            f"CONCAT(seq, '@crowd{company}.example'), '', '', UTC_TIMESTAMP(6) FROM seq_1_to_20; "
            f"INSERT INTO admission_request (public_id, company_id, account_id, status, created_at) "
            f"SELECT RANDOM_BYTES(16), (SELECT id FROM company WHERE public_id = UNHEX('{company}')), id, 'open', UTC_TIMESTAMP(6) {crowd}")
        self.said(ask_again(person, company), ASKED)
        self.unsaid(owner.get("/home"), person.email)
        sql(f"UPDATE admission_request SET status = 'declined' WHERE {where} LIMIT 1")
        self.said(ask_again(person, company), ASKED)
        self.said(owner.get("/home"), person.email)

    def test_what_is_wrong_is_said_at_the_field_and_nobody_is_registered(self):
        _, vendor = customer()
        link = vendor.invite()
        before = everything()
        for named, values, sentence in (("", {}, "Enter the company ID or the email address of a colleague"), ("Acme", {}, "Enter a company ID of 32 letters and digits"),
                                        ("x@", {}, "There is a problem"), (UNKNOWN, {"first_name": ""}, "Enter your first name"),
                                        (UNKNOWN, {"password": "short"}, "Enter a password of at least 12 characters")):
            _, page = ask(link, named, **values)
            self.said(page, "There is a problem", sentence, status=422)
            self.assertEqual(page.form("/join").fields["colleague"], named)
        self.assertEqual(everything(), before)

    def test_a_link_that_cannot_be_accepted_cannot_be_asked_through(self):
        owner, vendor = customer()
        link = vendor.invite(owner.email, "supplier")
        for path in (link, "/i/" + "A" * 43):
            page = Person().client.get(path + "/join")
            self.assertEqual(page.url, path)

    def test_nobody_asks_with_an_address_that_is_not_proven_or_not_invited(self):
        owner, vendor = customer()
        email, asked = address(), {"colleague": company_id(owner), "first_name": "Jo", "last_name": "Second", "password": PASSWORD}
        link = vendor.invite(email)
        seller = Vendor()   # somebody else, of another kind of company
        csrf = seller.get("/home").forms[0].fields["csrf"]
        self.assertEqual(seller.get(link + "/join").url, link)
        self.assertEqual(seller.client.post(link + "/join", asked | {"csrf": csrf}).url, link)
        sql(f"UPDATE token SET copied = 1 WHERE invitation_id = (SELECT id FROM invitation WHERE email = '{email}')")
        stranger = Person()
        page = stranger.get(link)
        self.unsaid(page, "Ask to join it")
        self.assertEqual(stranger.get(link + "/join").url, link)
        self.assertEqual(stranger.client.post(link + "/join", asked | {"csrf": page.forms[0].fields["csrf"]}).url, link)
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{email}'"), 0)
        self.unsaid(owner.get("/home"), "Requests to join")

    def test_owners_alone_are_asked_and_of_a_colleagues_companies_the_one_that_the_vendor_knows(self):
        owner, vendor = customer()
        admin, other = colleague(owner, "admin"), customer()[0]   # the owner's first company is another one
        sql(f"INSERT INTO member (company_id, account_id, role, created_at) SELECT m.company_id, {account(owner)}, 'owner', UTC_TIMESTAMP(6) FROM member m "
            f"WHERE m.account_id = {account(other)}")
        second = Vendor()
        sql(f"INSERT INTO relationship (vendor_id, partner_id, kind, partner_role_id, state, since) SELECT {second.id}, m.company_id, 'customer', MIN(p.id), 'active', UTC_TIMESTAMP(6) "
            f"FROM member m JOIN partner_role p ON p.vendor_id = {second.id} WHERE m.account_id = {account(other)} GROUP BY m.company_id")
        person, _ = ask(second.invite(), owner.email)
        self.said(other.get("/home"), f"Asks to join {other.business} as a member")
        sql(f"DELETE FROM member WHERE account_id = {account(owner)} AND company_id = (SELECT company_id FROM (SELECT company_id FROM member WHERE account_id = {account(other)}) c)")
        again, _ = ask(vendor.invite(), owner.email)
        self.said(owner.get("/home"), f"Asks to join {owner.business} as a member", again.email)
        self.assertEqual([m["subject"] for m in (mail_to(owner.email, 2), mail_to(owner.email, 3)) if "asks to join" not in m["subject"]], [])
        self.assertEqual([m for m in mails(admin.email) if "asks to join" in m["subject"]], [], "an admin does not decide")
        self.said(ask_again(admin, company_id(owner)), ASKED)
        self.unsaid(owner.get("/home"), admin.email)   # who is in it already

    def test_who_has_not_proven_the_address_is_nobodys_colleague(self):
        owner, vendor = customer()
        sql(f"UPDATE account SET verified_at = NULL WHERE id = {account(owner)}")
        self.assertEqual(ask(vendor.invite(), owner.email)[1].url, "/home")
        sql(f"UPDATE account SET verified_at = UTC_TIMESTAMP(6) WHERE id = {account(owner)}")
        self.unsaid(owner.get("/home"), "Requests to join")


class OwnCompany(Story):
    def test_a_person_of_a_vendor_registers_a_customer_company_for_themselves(self):
        vendor, seller = Vendor(), Vendor()
        page = seller.get(vendor.invite(seller.email))
        self.said(page, "This invitation is for a customer account", "Register a customer company for yourself")
        name = fresh("Own ")
        page = seller.client.submit(page, "/register", business_name=name)
        self.said(page, f"You’re connected with {vendor.name}.")
        self.said(vendor.get("/customers"), name, seller.email)
        self.assertEqual(value(f"SELECT c.kind FROM company c JOIN member m ON m.company_id = c.id WHERE c.name = '{name}' AND m.role = 'owner' "
                               f"AND m.account_id = {account(seller)}"), "customer")


if __name__ == "__main__":
    unittest.main()
