"""Everything of one person: shown as JSON, or erased so that ids and times are left."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Person, Story, Vendor, address, colleague, company_id, customer, everything, fresh, link_of, machine, mail_to, mails, number,  # noqa: E402
                    register, sql, stack, value, wait)
from retention_test import everywhere  # noqa: E402

setUpModule, tearDownModule = machine()


def run(*arguments):
    """Exit status, standard output, standard error."""
    done = stack().command(*arguments, check=False)
    return done.returncode, done.stdout, done.stderr


def export(email):
    status, output, errors = run("account", "export", "--email", email)
    assert (status, errors) == (0, ""), errors
    return json.loads(output)


class Export(Story):
    def test_everything_of_a_person_is_exported_as_json(self):
        vendor = Vendor()
        email, message = address("buyer"), fresh("A message with \\\\ and \u00e9 and ") + '"quotes"'
        buyer = register(vendor.invite(email, first_name="Ann", last_name="B\u00f8", business_name="Acme", message=message), first_name="Ann", last_name="B\u00f8", business_name="Acme")
        Vendor().invite(email)
        told = export(email.upper())
        self.assertEqual([told["account"][k] for k in ("email", "first_name", "last_name", "locked")], [email, "Ann", "B\u00f8", None])
        self.assertRegex(told["account"]["id"], r"^[0-9a-f]{32}$")
        self.assertRegex(told["account"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual([(c["name"], c["kind"], c["role"]) for c in told["companies"]], [("Acme", "customer", "owner")])
        self.assertEqual([(i["vendor"], i["status"], i["message"]) for i in told["invitations_received"]][0], (vendor.name, "accepted", message))
        self.assertEqual([i["status"] for i in told["invitations_received"]], ["accepted", "pending"])
        self.assertEqual(len(told["mails"]), number(f"SELECT COUNT(*) FROM outbox WHERE recipient = '{email}'"))
        self.assertEqual(len(told["sessions"]), 1)
        self.assertIn("invitation_accepted", [e["event"] for e in told["events"]])
        self.assertIs(told["do_not_invite"], False)
        run("suppress", "add", "--email", email)
        self.assertIs(export(buyer.email)["do_not_invite"], True)

    def test_of_a_vendors_person_what_was_sent_and_not_to_whom(self):
        vendor, email = Vendor(), address("secret")
        vendor.invite(email)
        told = export(vendor.email)
        self.assertEqual([(i["vendor"], i["kind"], i["status"]) for i in told["invitations_sent"]], [(vendor.name, "customer", "pending")])
        self.assertNotIn(email, json.dumps(told))

    def test_more_than_a_page_is_exported_whole_and_nothing_is_changed(self):
        vendor = Vendor()
        account = value(f"SELECT id FROM account WHERE email = '{vendor.email}'")
        sql(f"INSERT INTO audit_event (at, event, account_id) SELECT UTC_TIMESTAMP(6), CONCAT('event_', seq), {account} FROM seq_1_to_1203")
        before = everything()
        events = [e["event"] for e in export(vendor.email)["events"] if e["event"].startswith("event_")]
        self.assertEqual(events, [f"event_{n}" for n in range(1, 1204)])
        self.assertEqual(everything(), before)

    def test_an_unknown_person_is_said(self):
        nobody = address()
        for verb in ("export", "erase"):
            self.assertEqual(run("account", verb, "--email", nobody), (1, "", f"invited: {nobody} has no account\n"))


class Erase(Story):
    def colleague(self, vendor):
        person = vendor.member("inviter")
        sql(f"UPDATE account SET first_name = '{fresh('First')}', last_name = '{fresh('Last')}' WHERE email = '{person.email}'")
        return person

    def test_a_person_is_gone_everywhere_and_ids_and_times_stay(self):
        vendor, other = Vendor(), Vendor()
        person = self.colleague(vendor)
        names = sql(f"SELECT first_name, last_name FROM account WHERE email = '{person.email}'")[0]
        invited = address("invited")
        vendor.invite(invited, by=person)
        waiting = other.invite(person.email, first_name=names[0], message=fresh("Dear "))
        account = value(f"SELECT id FROM account WHERE email = '{person.email}'")
        sql(f"UPDATE audit_event SET detail = '{person.email}' WHERE account_id = {account}")
        events = sql(f"SELECT id, at, event FROM audit_event WHERE account_id = {account} ORDER BY id")
        Client(stack().url).get("/forgot")
        self.assertTrue(everywhere(person.email))
        status, output, errors = run("account", "erase", "--email", person.email)
        self.assertEqual((status, output, errors), (0, f"{person.email} is erased: what is left are ids and times\n", ""))
        for text in (person.email, *names):
            self.assertEqual(everywhere(text), [], text)
        self.assertEqual(sql(f"SELECT id, at, event FROM audit_event WHERE account_id = {account} AND event <> 'account_erased' ORDER BY id"), events)
        self.assertEqual(person.get("/industry").path, "/sign-in")
        self.assertEqual(Client(stack().url).get(waiting).status, 404)
        self.assertRegex(value(f"SELECT email FROM account WHERE id = {account}"), r"^erased-[0-9a-f]{16}@erased\.invalid$")
        client = Client(stack().url)
        self.assertEqual(client.submit(client.get("/sign-in"), "/sign-in", email=person.email, password=person.password).status, 422)
        self.said(other.get("/industry?status=cancelled"), "Address erased")
        page = vendor.invitation(invited)
        self.said(page, "Paused", "Sent by Address erased")
        for shown in (page, vendor.get("/industry"), vendor.get("/audit")):
            self.unsaid(shown, "erased.invalid")

    def test_of_a_customers_person_nothing_is_found_asked_or_opened_any_more(self):
        buyer, vendor = customer()
        colleague(buyer, "owner")
        asking, team, other, host = Vendor(), Vendor(), Vendor(), customer()[0]
        self.said(asking.client.submit(asking.get("/link/customer"), "/link/customer", target=buyer.email), "Request sent.")
        team.client.submit(team.get("/team"), "/team/invitations", email=buyer.email, role="auditor")
        join, waiting = link_of(mail_to(buyer.email, kind="join")), other.invite(buyer.email)
        browser = Client(stack().url)
        browser.submit(browser.get("/forgot"), "/forgot", email=buyer.email)
        reset = link_of(mail_to(buyer.email, kind="reset"))
        account = number(f"SELECT id FROM account WHERE email = '{buyer.email}'")
        wait(lambda: not number("SELECT COUNT(*) FROM outbox WHERE next_at IS NOT NULL"), "mail")
        sql(f"UPDATE outbox SET reply = '250 kept for {buyer.email}' WHERE recipient = '{buyer.email}'")
        sql(f"INSERT INTO admission_request (public_id, company_id, account_id, status, created_at) SELECT RANDOM_BYTES(16), id, {account}, 'open', UTC_TIMESTAMP(6) FROM company "
            f"WHERE public_id = UNHEX('{company_id(host)}'); UPDATE audit_event e JOIN invitation i ON i.id = e.invitation_id SET e.detail = 'to {buyer.email}' WHERE i.email_canon = '{buyer.email}'; "
            f"INSERT INTO waiting_acceptance SELECT {account}, i.id, m.company_id, UTC_TIMESTAMP(6) FROM invitation i JOIN member m ON m.account_id = {account} WHERE i.vendor_id = {other.id}")
        self.said(vendor.get("/customers?q=" + buyer.email), buyer.business)
        self.said(host.get("/home"), "Requests to join")
        self.assertEqual(run("account", "erase", "--email", buyer.email)[0], 0)
        self.assertEqual(everywhere(buyer.email), [])
        self.assertEqual([Client(stack().url).get(link).status for link in (waiting, reset)], [404, 410])
        self.said(Client(stack().url).get(join), "This invitation link does not work", status=404)
        for table in ("session", "token", "waiting_acceptance", "member"):
            self.assertEqual(number(f"SELECT COUNT(*) FROM {table} WHERE account_id = {account}"), 0, table)
        self.assertEqual(number(f"SELECT COUNT(*) FROM token t JOIN invitation i ON i.id = t.invitation_id WHERE i.vendor_id = {other.id}"), 0)
        self.unsaid(vendor.get("/customers?q=" + buyer.email), buyer.business)
        self.unsaid(host.get("/home"), "Requests to join")
        self.assertEqual(value(f"SELECT status FROM invitation WHERE vendor_id = {other.id}"), "cancelled")

    def test_mail_that_waits_for_the_person_is_not_sent(self):
        vendor, other = Vendor(), Vendor()
        person = self.colleague(vendor)
        stack().stop_mailbox()
        try:
            other.send(person.email)
            run("account", "erase", "--email", person.email)
        finally:
            stack().start_mailbox()
        other.invite()
        self.assertEqual(mails(person.email), [])

    def test_the_last_owner_of_a_company_is_refused_with_the_reason_and_nothing_changes(self):
        buyer, vendor = customer(business_name="Acme Last")
        before = everything()
        for person, company, kind in ((buyer, "Acme Last", "customer"), (vendor, vendor.name, "vendor")):
            self.assertEqual(run("account", "erase", "--email", person.email), (1, "", f"invited: {person.email} is the last owner of {company} ({kind}): "
                                                                               "make somebody else an owner first; nothing was changed\n"))
        self.assertEqual(everything(), before)
        vendor.member("owner")
        self.assertEqual(run("account", "erase", "--email", vendor.email)[0], 0)

    def test_who_was_erased_can_register_anew_and_be_erased_again(self):
        vendor = Vendor()
        email = address("again")
        for _ in range(2):
            stack().command("account", "add", "--email", email, "--vendor", vendor.name, "--role", "auditor")
            self.assertEqual(run("account", "erase", "--email", email)[0], 0)
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email_canon = '{email}'"), 0)

    def test_the_do_not_invite_list_still_holds(self):
        vendor = Vendor()
        person = self.colleague(vendor)
        run("suppress", "add", "--email", person.email)
        run("account", "erase", "--email", person.email)
        self.said(vendor.send(person.email), "wants no invitations", status=422)


if __name__ == "__main__":
    unittest.main()
