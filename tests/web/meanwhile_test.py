"""What ends an invitation between the look at it and the press of the button: the one UPDATE decides on what is true then.

Each change is made by another connection, which keeps its rows locked until the button's own statement stands before them.
"""
import pathlib
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, address, customer, fresh, machine, number, register_open, sql, stack, wait  # noqa: E402
from team import asked  # noqa: E402

setUpModule, tearDownModule = machine(open_registration=True)

PASSWORD = "violet anchors under snow"
EXPIRED, DEMOTED, CLOSED, SUPERSEDED = "expired", "demoted", "closed", "superseded"


def meanwhile(change, statement, press):
    """What `press` answers when `change` is committed after its look and before its `statement` has met the rows."""
    answers = []
    with subprocess.Popen(["mariadb", "--no-defaults", f"--socket={stack().database.socket}", "-N", "--unbuffered", "invited"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        other.stdin.write(f"START TRANSACTION; {change}; SELECT 'held';\n")
        other.stdin.flush()
        assert other.stdout.readline() == "held\n", change
        thread = threading.Thread(target=lambda: answers.append(press()))
        thread.start()
        try:
            wait(lambda: answers or sql(f"SELECT 1 FROM information_schema.processlist WHERE command = 'Execute' AND info LIKE '{statement}%'"), statement)
        finally:
            other.stdin.write("COMMIT;\n")
            other.stdin.close()
            thread.join()
    return answers[0]


def changes(vendor, email):
    """How it ends, and what its link says then. By keys: what is looked through is locked too."""
    invitation = number(f"SELECT id FROM invitation WHERE vendor_id = {vendor.id} AND email = '{email}'")
    return {EXPIRED: (f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE id = {invitation}", "This invitation has expired"),
            DEMOTED: (f"UPDATE member SET role = 'auditor' WHERE company_id = {vendor.id}", "This invitation is paused"),
            CLOSED: (f"UPDATE company SET suspended_at = UTC_TIMESTAMP(6) WHERE id = {vendor.id}", "This invitation cannot be opened now"),
            SUPERSEDED: (f"UPDATE token SET superseded_at = UTC_TIMESTAMP(6) WHERE invitation_id = {invitation}", "A newer invitation was sent to you")}


def left(email):
    return sql(f"SELECT i.status, i.relationship_id, (SELECT COUNT(*) FROM relationship r WHERE r.vendor_id = i.vendor_id) FROM invitation i WHERE i.email = '{email}'")


class Link(Story):
    def test_nobody_registers_through_a_link_that_ends_in_between(self):
        for how in (EXPIRED, DEMOTED, CLOSED, SUPERSEDED):
            with self.subTest(how):
                vendor, email, client = Vendor(), address(), Client(stack().url)
                opened = client.get(vendor.invite(email))
                change, h1 = changes(vendor, email)[how]
                page = meanwhile(change, "UPDATE invitation", lambda: client.submit(
                    opened, "/register", first_name="Jo", last_name="B", business_name=fresh("Late "), password=PASSWORD))
                self.assertEqual(page.h1, h1)
                self.assertEqual(left(email), [("pending", None, "0")])
                self.assertEqual(sql(f"SELECT COUNT(*) FROM account WHERE email = '{email}'"), [("0",)])

    def test_nobody_declines_through_a_link_that_ends_in_between(self):
        for how in (EXPIRED, SUPERSEDED):
            with self.subTest(how):
                vendor, email, client = Vendor(), address(), Client(stack().url)
                opened = client.get(client.get(vendor.invite(email)).link("Decline"))
                change, h1 = changes(vendor, email)[how]
                page = meanwhile(change, "UPDATE invitation", lambda: client.submit(opened, button="Decline invitation"))
                self.assertEqual(page.h1, h1)
                self.assertEqual(left(email), [("pending", None, "0")])

    def test_a_stricter_policy_and_a_lost_role_hold_for_who_had_opened_the_page(self):
        vendor, (buyer, _) = Vendor(), customer()
        sql(f"UPDATE company SET address_policy = 'any' WHERE id = {vendor.id}")
        email = address()
        opened = buyer.get(vendor.invite(email))
        page = meanwhile(f"UPDATE company SET address_policy = 'exact' WHERE id = {vendor.id}", "UPDATE invitation", lambda: buyer.client.submit(opened, "/accept"))
        self.assertEqual(page.h1, "This invitation is for another address")
        self.assertEqual(left(email), [("pending", None, "0")])

        opened = buyer.get(vendor.invite(buyer.email))
        member = sql(f"SELECT m.company_id, m.account_id FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{buyer.email}'")[0]
        page = meanwhile(f"UPDATE member SET role = 'member' WHERE company_id = {member[0]} AND account_id = {member[1]}", "UPDATE member",
                         lambda: buyer.client.submit(opened, "/accept"))
        self.assertEqual(sql(f"SELECT status FROM invitation WHERE vendor_id = {vendor.id} AND email = '{buyer.email}'"), [("pending",)])
        self.assertNotIn("You’re connected", page.text)


class Home(Story):
    def test_what_waits_at_home_is_neither_accepted_nor_declined_after_its_end(self):
        for how in (EXPIRED, DEMOTED, CLOSED):
            with self.subTest(how):
                vendor, (buyer, _) = Vendor(), customer()
                vendor.invite(buyer.email)
                home = buyer.get("/home")
                question = buyer.get(home.link("Decline"))
                change, _ = changes(vendor, buyer.email)[how]
                where = f"WHERE vendor_id = {vendor.id}"
                page = meanwhile(change, "UPDATE invitation", lambda: buyer.client.submit(home, "/accept"))
                self.said(page, "Nothing was changed.")
                self.assertEqual(sql(f"SELECT status FROM invitation {where}"), [("pending",)])
                if how == EXPIRED:
                    sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 DAY {where}")
                    self.said(meanwhile(change, "UPDATE invitation", lambda: buyer.client.submit(question, "/decline")), "Nothing was changed.")
                    self.assertEqual(sql(f"SELECT status FROM invitation {where}"), [("pending",)])


class Request(Story):
    def test_a_request_to_connect_that_ends_in_between_connects_nobody(self):
        for how, change in ((EXPIRED, "UPDATE connection_request SET expires_at = UTC_TIMESTAMP(6) WHERE id = {request}"),
                            ("withdrawn", "UPDATE connection_request SET withdrawn_at = UTC_TIMESTAMP(6) WHERE id = {request}"),
                            (DEMOTED, "UPDATE member SET role = 'auditor' WHERE company_id = {vendor}"),
                            (CLOSED, "UPDATE company SET suspended_at = UTC_TIMESTAMP(6) WHERE id = {vendor}")):
            with self.subTest(how):
                vendor, (buyer, _) = Vendor(), customer()
                vendor.client.submit(vendor.get("/link/customer"), "/link/customer", target=buyer.email)
                home, request = buyer.get("/home"), number(f"SELECT id FROM connection_request WHERE vendor_id = {vendor.id}")
                page = meanwhile(change.format(request=request, vendor=vendor.id), "UPDATE connection_request", lambda: buyer.client.submit(home, button="Confirm"))
                self.unsaid(page, "You’re connected")
                self.assertEqual(sql(f"SELECT status, (SELECT COUNT(*) FROM relationship r WHERE r.vendor_id = q.vendor_id) FROM connection_request q WHERE q.id = {request}"),
                                 [("waiting", "0")])

    def test_an_owner_who_is_none_any_more_lets_nobody_join(self):
        (owner, _), (person, _) = customer(), customer()
        company, account = sql(f"SELECT m.company_id, m.account_id FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{owner.email}'")[0]
        person.client.submit(person.get("/admission"), "/admission", colleague=owner.email)
        home = owner.get("/home")
        page = meanwhile(f"UPDATE member SET role = 'admin' WHERE company_id = {company} AND account_id = {account}", "UPDATE admission_request",
                         lambda: owner.client.submit(home, "/accept", button="Accept"))
        self.said(page, "Nothing was changed.")
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE company_id = {company}"), 1)


class Colleague(Story):
    def test_nobody_joins_a_team_through_a_link_that_ends_in_between(self):
        for how, change in ((EXPIRED, "UPDATE team_invitation SET expires_at = UTC_TIMESTAMP(6) WHERE id = {invitation}"),
                            (SUPERSEDED, "UPDATE team_token SET superseded_at = UTC_TIMESTAMP(6) WHERE team_invitation_id = {invitation}"),
                            (DEMOTED, "UPDATE member SET role = 'inviter' WHERE company_id = {vendor}"),
                            (CLOSED, "UPDATE company SET suspended_at = UTC_TIMESTAMP(6) WHERE id = {vendor}")):
            with self.subTest(how):
                vendor, email, client = Vendor(), address(), Client(stack().url)
                opened = client.get(asked(vendor, email))
                invitation = number(f"SELECT id FROM team_invitation WHERE vendor_id = {vendor.id}")
                page = meanwhile(change.format(invitation=invitation, vendor=vendor.id), "UPDATE team_invitation", lambda: client.submit(
                    opened, "/register", first_name="Ada", last_name="Byron", password=PASSWORD))
                self.assertEqual(page.url, opened.url)
                self.assertEqual(page.forms, [])
                self.assertEqual(sql(f"SELECT status, (SELECT COUNT(*) FROM account WHERE email = '{email}') FROM team_invitation WHERE id = {invitation}"), [("pending", "0")])


class Verification(Story):
    def test_an_address_is_not_proven_by_a_link_that_ends_in_between(self):
        for change in ("expires_at", "used_at"):
            with self.subTest(change):
                person, link = register_open()
                opened, account = person.client.get(link), number(f"SELECT id FROM account WHERE email = '{person.email}'")
                page = meanwhile(f"UPDATE verification SET {change} = UTC_TIMESTAMP(6) WHERE account_id = {account}", "UPDATE verification",
                                 lambda: person.client.submit(opened, link))
                self.said(page, "This link does not work", status=410)
                self.assertEqual(sql(f"SELECT verified_at FROM account WHERE id = {account}"), [(None,)])


class Role(Story):
    def test_a_role_that_is_deleted_in_between_is_given_to_nobody(self):
        for statement, press in (("INSERT INTO invitation", lambda v, email, role: v.send(address(), role=role)),
                                 ("UPDATE invitation", lambda v, email, role: v.client.submit(v.get(v.invitation(email).link("Change")), "/change", role=role)),
                                 ("INSERT INTO connection_request", lambda v, email, role: v.client.submit(v.get("/link/customer"), "/link/customer", target=email, role=role))):
            with self.subTest(statement):
                vendor, email = Vendor(), address()
                if statement == "UPDATE invitation":
                    vendor.invite(email)
                row = f"vendor_id = {vendor.id} AND name = 'Read-only'"
                role = sql(f"SELECT LOWER(HEX(public_id)) FROM partner_role WHERE {row}")[0][0]
                page = meanwhile(f"UPDATE partner_role SET removed_at = UTC_TIMESTAMP(6) WHERE {row}", statement, lambda: press(vendor, email, role))
                self.said(page, "There is a problem", "Select a role", status=422)
                for table in ("invitation", "connection_request"):
                    self.assertEqual(sql(f"SELECT COUNT(*) FROM {table} t JOIN partner_role p ON p.id = t.partner_role_id WHERE p.vendor_id = {vendor.id} AND p.removed_at IS NOT NULL"),
                                     [("0",)])


if __name__ == "__main__":
    unittest.main()
