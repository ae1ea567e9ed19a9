"""How far an invitee came: opened, form begun. A statistic of its own table; nothing else is touched, and nothing is decided by it."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from copied_link_test import copy  # noqa: E402
from portal import (PASSWORD, Client, Person, Story, Vendor, address, company_id, customer, decline, everything, fresh, link_of, machine, mail_to,  # noqa: E402
                    number, register, sql, stack, value, wait)

setUpModule, tearDownModule = machine()
OPENED = "Link opened for the first time, by a person or a mail scanner"
BEGUN = "Began to register or to sign in"


def of(email, column="opened_at"):
    """When it was, or nothing."""
    rows = sql(f"SELECT p.{column} FROM invitation_progress p JOIN invitation i ON i.id = p.invitation_id WHERE i.email_canon = '{email}' AND p.{column} IS NOT NULL")
    return rows[0][0] if rows else None


def opened(email):
    return wait(lambda: of(email), f"opened line of {email}")


def all_written_down():
    """What was left by now has been written down: of a link that is looked at after everything else, and everything that waits is taken at once."""
    vendor, last = Vendor(), address("last")
    Client(stack().url).get(vendor.invite(last))
    opened(last)


def invitation(email):
    return f"SELECT id FROM invitation WHERE email_canon = '{email}'"


class Progress(Story):
    def test_the_history_says_that_the_link_was_opened_by_whom_it_cannot_know(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer)
        self.unsaid(vendor.invitation(buyer), OPENED)
        Client(stack().url).get(link)
        at = opened(buyer)
        page = vendor.invitation(buyer)
        self.said(page, OPENED)
        self.unsaid(page, BEGUN)
        self.assertEqual(number(f"SELECT '{at}' BETWEEN sent_at AND UTC_TIMESTAMP(6) FROM invitation WHERE email_canon = '{buyer}'"), 1)
        Client(stack().url).get(link)
        all_written_down()
        self.assertEqual(of(buyer), at, "the first time stays")
        self.assertEqual(vendor.invitation(buyer).text.count(OPENED), 1)

    def test_opening_stands_before_what_came_of_it(self):
        vendor, buyer = Vendor(), address()
        register(vendor.invite(buyer))
        opened(buyer)
        text = vendor.invitation(buyer).text
        text = text[text.index("History"):]
        self.assertLess(text.index("Sent by"), text.index(OPENED))
        self.assertLess(text.index(OPENED), text.index(f"Accepted by {buyer}"))

    def test_a_head_and_a_link_that_does_not_work_open_nothing(self):
        vendor = Vendor()
        emails = {how: address(how) for how in ("head", "expired", "cancelled", "superseded", "declined", "wrong")}
        links = {how: vendor.invite(email) for how, email in emails.items()}
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email_canon = '{emails['expired']}'")
        vendor.cancel(emails["cancelled"])
        vendor.resend(emails["superseded"])
        sql(f"UPDATE invitation SET status = 'declined', ended_at = UTC_TIMESTAMP(6) WHERE email_canon = '{emails['declined']}'")
        self.assertEqual(Client(stack().url).raw("HEAD", links["head"]).status, 200)
        for how in ("expired", "cancelled", "superseded", "declined"):
            self.assertIn(Client(stack().url).get(links[how]).status, (200, 404))
        self.assertEqual(Client(stack().url).get(links["wrong"] + "/decline").status, 200)
        all_written_down()
        for how, email in emails.items():
            self.assertIsNone(of(email), how)

    def test_a_form_that_came_back_is_begun_and_nothing_else_is_kept_of_it(self):
        vendor, buyer = Vendor(), address()
        known, _ = customer()
        link, other = vendor.invite(buyer), vendor.invite(known.email)
        client, second = Client(stack().url), Client(stack().url)
        page, sign_in = client.get(link), second.get(other)
        opened(buyer), opened(known.email)
        before = everything()
        self.assertEqual(client.submit(page, "/register", first_name="Jo", password="short").status, 422)
        self.assertEqual(second.submit(sign_in, "/sign-in", password="not the right one").status, 422)
        self.assertEqual(everything(), before)
        first = of(buyer, "begun_at")
        self.assertTrue(first and of(known.email, "begun_at"))
        self.assertEqual(client.submit(page, "/register", first_name="Jo", password="short").status, 422)
        self.assertEqual(of(buyer, "begun_at"), first)
        text = vendor.invitation(buyer).text
        self.assertLess(text.index(OPENED), text.index(BEGUN))
        self.said(vendor.invitation(known.email), BEGUN)

    def test_who_signed_in_and_did_not_accept_yet_has_begun(self):
        vendor = Vendor()
        known, _ = customer()
        client = Client(stack().url)
        page = client.submit(client.get(vendor.invite(known.email)), "/sign-in", password=PASSWORD)
        self.said(page, "Accept")
        self.assertTrue(of(known.email, "begun_at"))

    def test_who_asks_to_join_a_company_that_is_here_has_opened_and_begun(self):
        owner, vendor = customer()
        buyer = address()
        link, client = vendor.invite(buyer), Client(stack().url)
        page = client.get(client.get(link).link("Ask to join it"))
        opened(buyer)
        self.assertIsNone(of(buyer, "begun_at"), "looking at the form is not beginning")
        self.assertEqual(client.submit(page, "/join", colleague="").status, 422)
        first = of(buyer, "begun_at")
        self.assertTrue(first)
        page = client.submit(page, "/join", colleague=company_id(owner), first_name="Jo", last_name="Second", password=PASSWORD)
        self.said(page, "Your request to join a company")
        self.assertEqual(of(buyer, "begun_at"), first, "the first time stays")
        self.said(vendor.invitation(buyer), OPENED, BEGUN)

    def test_a_request_to_join_that_is_sent_at_once_has_begun_too(self):
        owner, vendor = customer()
        buyer = address()
        client = Client(stack().url)
        page = client.get(client.get(vendor.invite(buyer)).link("Ask to join it"))
        client.submit(page, "/join", colleague=company_id(owner), first_name="Jo", last_name="Second", password=PASSWORD)
        self.assertTrue(of(buyer, "begun_at"))
        self.said(vendor.invitation(buyer), BEGUN)

    def test_who_accepted_through_a_copied_link_and_has_to_verify_first_has_begun(self):
        vendor, buyer = Vendor(), Person(address())
        vendor.invite(buyer.email)
        page = buyer.client.get(copy(vendor, buyer.email)[1])
        opened(buyer.email)
        self.assertIsNone(of(buyer.email, "begun_at"))
        page = buyer.client.submit(page, "/register", first_name="Jo", last_name="Buyer", business_name=fresh("Acme "), password=PASSWORD)
        self.assertEqual(page.url, "/verify")
        first = of(buyer.email, "begun_at")
        self.assertTrue(first)
        self.said(vendor.invitation(buyer.email), "Pending", OPENED, BEGUN)
        page = buyer.client.get(link_of(mail_to(buyer.email, kind="verify")))
        buyer.client.submit(page, page.url)
        text = vendor.invitation(buyer.email).text
        text = text[text.index("History"):]
        self.assertLess(text.index(BEGUN), text.index(f"Accepted by {buyer.email}"))
        self.assertEqual(of(buyer.email, "begun_at"), first)

    def test_it_decides_nothing(self):
        """With and without a line, a link does the same."""
        vendor, buyer, other = Vendor(), address(), address()
        link = vendor.invite(buyer)
        Client(stack().url).get(link)
        opened(buyer)
        sql(f"UPDATE invitation_progress SET begun_at = UTC_TIMESTAMP(6) WHERE invitation_id = ({invitation(buyer)})")
        register(link)
        link = vendor.invite(other)
        client = Client(stack().url)
        page = client.get(link)
        opened(other)
        sql(f"DELETE FROM invitation_progress WHERE invitation_id = ({invitation(other)})")
        self.said(decline(client, page), "declined")

    def test_it_is_written_down_across_a_reload(self):
        vendor, buyer = Vendor(), address()
        Client(stack().url).get(vendor.invite(buyer))
        stack().reload()
        opened(buyer)

    def test_both_exports_have_it_and_it_goes_with_its_vendor(self):
        vendor, (buyer, _), late = Vendor(), customer(), address()
        client = Client(stack().url)
        client.submit(client.get(vendor.invite(buyer.email)), "/sign-in", password="not the right one")
        Client(stack().url).get(vendor.invite(late))
        opened(late)
        file = stack().folder / "vendor.json"
        received = [r for r in json.loads(stack().command("account", "export", "--email", buyer.email).stdout)["invitations_received"] if r["vendor"] == vendor.name]
        self.assertTrue(received[0]["opened"] and received[0]["begun"])
        rows = [int(r[0]) for r in sql(f"SELECT id FROM invitation WHERE vendor_id = {vendor.id}")]
        listed = ",".join(map(str, rows))
        self.assertEqual(number(f"SELECT COUNT(*) FROM invitation_progress WHERE invitation_id IN ({listed})"), 2)
        stack().command("vendor", "suspend", "--name", vendor.name)
        stack().command("vendor", "delete", "--name", vendor.name, "--export", str(file))
        told = {r["email"]: r for r in json.loads(file.read_text(encoding="utf-8"))["invitations"]}
        self.assertTrue(told[late]["opened"])
        self.assertIsNone(told[late]["begun"])
        self.assertTrue(told[buyer.email]["begun"])
        self.assertEqual(value(f"SELECT COUNT(*) FROM invitation_progress WHERE invitation_id IN ({listed})"), "0")


if __name__ == "__main__":
    unittest.main()
