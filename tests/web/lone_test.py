"""A person with a proven address and no company: having left the only one, or been removed from every one."""
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, colleague, customer, everything, fresh, machine, number, sql, stack  # noqa: E402

setUpModule, tearDownModule = machine(open_registration=True)

LONE = "You’re not a member of any company"


def removed():
    """Somebody who was removed from the only company and signs in again."""
    owner, vendor = customer()
    person = colleague(owner)
    sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{person.email}'")
    return person, person.sign_in()


def companies(person):
    return sql(f"SELECT c.name, c.kind, m.role, c.city FROM company c JOIN member m ON m.company_id = c.id JOIN account a ON a.id = m.account_id WHERE a.email = '{person.email}'")


class Lone(Story):
    def test_who_left_the_only_company_or_was_removed_is_told_so_and_what_can_be_done(self):
        owner, _ = customer()
        person = colleague(owner)
        page = person.client.submit(person.get("/company/leave"), button="Leave company")
        self.said(page, f"You left {owner.business}.", LONE, person.email, "Register your company", "Ask to join it")
        self.said(person.sign_in(), LONE)
        self.said(removed()[1], LONE)
        vendor = Vendor()
        inviter = vendor.member("inviter")
        sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{inviter.email}'")
        self.said(inviter.get("/home"), LONE)
        self.said(inviter.sign_in(), LONE)
        self.unsaid(owner.get("/home"), LONE)

    def test_pending_invitations_are_listed_and_their_mail_lets_register_a_company(self):
        person, _ = removed()
        vendor = Vendor()
        link = vendor.invite(person.email)
        self.said(person.get("/home"), LONE, "Pending invitations", vendor.name, "To accept, open the link in the email")
        page = person.client.submit(person.get(link), "/register", business_name=fresh("Anew "))
        self.said(page, f"You’re connected with {vendor.name}.")
        self.unsaid(page, LONE)

    def test_where_registration_is_open_a_company_is_registered_with_everything_kept_on_errors(self):
        for kind in ("customer", "supplier"):
            person, page = removed()
            page = person.get(page.link("Register your company"))
            typed = {"phone": "1", "street": "Straße <1>", "city": "Köln"}
            before = everything()
            page = person.client.submit(page, "/company/new", **typed)
            self.said(page, "There is a problem", "Select customer or supplier", "Enter the name of your business", status=422)
            kept = page.form("/company/new").fields
            self.assertEqual({n: kept[n] for n in typed}, typed)
            self.assertEqual(person.client.post("/company/new", kept | {"kind": "vendor", "business_name": "X"}).status, 422)
            self.assertEqual(person.client.post("/company/new", kept | {"company_id": "1"}).status, 400)
            self.assertEqual(everything(), before)
            name = fresh("Own ")
            page = person.client.submit(page, "/company/new", kind=kind, business_name=name)
            self.said(page, f"{name} is registered.", "No vendors yet")
            self.assertEqual(companies(person), [(name, kind, "owner", "Köln")])
            self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event e JOIN account a ON a.id = e.account_id WHERE e.event = 'company_registered' AND a.email = '{person.email}'"), 1)
            self.assertEqual(person.get("/company/new").url, "/home", "who has one registers no further one")
            self.assertEqual(person.client.post("/company/new", {"csrf": person.get("/home").forms[0].fields["csrf"], "kind": kind, "business_name": "Further"}).url, "/home")
            self.assertEqual(len(companies(person)), 1)

    def test_pressed_twice_at_once_it_is_one_company(self):
        person, page = removed()
        clients = [person.elsewhere() for _ in range(4)]
        pages = [c.get("/company/new") for c in clients]
        answers = []
        threads = [threading.Thread(target=lambda c=c, p=p: answers.append(c.submit(p, "/company/new", kind="customer", business_name=fresh("Twice ")).url))
                   for c, p in zip(clients, pages)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        self.assertEqual(answers, ["/home"] * 4)
        self.assertEqual(len(companies(person)), 1)
        self.assertEqual(number("SELECT COUNT(*) FROM company c LEFT JOIN member m ON m.company_id = c.id WHERE m.company_id IS NULL AND c.name LIKE 'Twice%'"), 0)


def begin_anew(**settings):
    stack().stop_program()
    stack().write_config(**settings)
    stack().start_program()


class Closed(Story):
    def setUp(self):
        begin_anew(open_registration=False)

    def tearDown(self):
        begin_anew(open_registration=True)

    def test_where_it_is_not_the_page_says_whom_to_ask(self):
        person, page = removed()
        self.said(page, LONE, "New companies come here by invitation.", person.email, "Ask to join it", "Need help? Email")
        self.assertEqual(person.get("/company/new").url, "/home")
        self.assertEqual(person.client.post("/company/new", {"csrf": page.forms[0].fields["csrf"], "kind": "customer", "business_name": "X"}).url, "/home")
        self.assertEqual(companies(person), [])


if __name__ == "__main__":
    unittest.main()
