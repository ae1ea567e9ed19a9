"""What the operator closes and opens: vendors, accounts, addresses. And that all of it can be seen from the command line."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Person, Story, Vendor, address, customer, decline, everything, fresh, link_of, machine, mail_to, mails, number,  # noqa: E402
                    register, sql, stack, value, wait)

setUpModule, tearDownModule = machine()


def run(*arguments, stdin=""):
    """Exit status, standard output, standard error."""
    done = stack().command(*arguments, stdin=stdin, check=False)
    return done.returncode, done.stdout, done.stderr


def suspend(vendor):
    status, output, errors = run("vendor", "suspend", "--name", vendor.name)
    assert (status, errors) == (0, ""), errors
    return output


def resume(vendor):
    assert run("vendor", "resume", "--name", vendor.name)[0] == 0


class Lists(Story):
    def test_every_vendor_is_listed_with_its_state(self):
        vendor, other = Vendor(), Vendor()
        other.member("admin")
        suspend(other)
        status, output, errors = run("vendor", "list")
        self.assertEqual((status, errors), (0, ""))
        rows = {line.split("\t")[4]: line.split("\t") for line in output.splitlines()}
        ids = {name: value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{name}'") for name in (vendor.name, other.name)}
        self.assertEqual(rows["name"], ["id", "state", "people", "since", "name"])
        self.assertEqual(rows[vendor.name][:3], [ids[vendor.name], "active", "1"])
        self.assertEqual(rows[other.name][:3], [ids[other.name], "suspended", "2"])
        self.assertRegex(rows[other.name][3], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_accounts_are_listed_all_or_of_one_vendor(self):
        vendor = Vendor()
        colleague, buyer = vendor.member("inviter"), register(vendor.invite())
        run("account", "lock", "--email", colleague.email)
        rows = {line.split("\t")[0]: line.split("\t")[1:3] for line in run("account", "list")[1].splitlines()}
        self.assertEqual([rows[p.email] for p in (vendor, colleague, buyer)], [["active", "1"], ["locked", "1"], ["active", "1"]])
        of_vendor = [line.split("\t")[0] for line in run("account", "list", "--vendor", vendor.name)[1].splitlines()]
        self.assertEqual(of_vendor, ["email", vendor.email, colleague.email])

    def test_a_vendor_is_named_by_its_id_where_several_have_its_name(self):
        vendor, twin = Vendor(), Vendor()
        sql(f"UPDATE company SET name = '{vendor.name}' WHERE id = {twin.id}")
        self.assertEqual(run("vendor", "suspend", "--name", vendor.name)[::2],
                         (1, f"invited: several vendors are called {vendor.name}: say which by --id; `invited vendor list` shows them\n"))
        public = value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE kind = 'vendor' AND name = '{vendor.name}' ORDER BY id DESC LIMIT 1")
        self.assertEqual(run("vendor", "suspend", "--id", public)[0], 0)
        self.assertEqual(sql(f"SELECT suspended_at IS NULL FROM company WHERE name = '{vendor.name}' ORDER BY id"), [("1",), ("0",)])
        sql(f"UPDATE company SET name = '{fresh('Twin ')}' WHERE LOWER(HEX(public_id)) = '{public}'")

    def test_an_unknown_vendor_and_no_change_are_said_and_change_nothing(self):
        vendor, name = Vendor(), fresh("Nobody ")
        suspended = Vendor()
        suspend(suspended)
        before = everything()
        for arguments, words in ((("suspend", "--name", name), f"there is no vendor {name}; `invited vendor add` makes one"),
                                 (("suspend", "--id", "0" * 32), f"there is no vendor with the id {'0' * 32}; `invited vendor list` shows them"),
                                 (("suspend", "--id", "x"), "there is no vendor with the id x; `invited vendor list` shows them"),
                                 (("suspend",), "say which vendor: --name NAME or --id ID"),
                                 (("resume", "--name", vendor.name), f"{vendor.name} is not suspended; nothing was changed"),
                                 (("suspend", "--name", suspended.name), f"{suspended.name} is suspended already; nothing was changed")):
            self.assertEqual(run("vendor", *arguments), (1, "", f"invited: {words}\n"), arguments)
        self.assertEqual(everything(), before)


class Suspended(Story):
    def test_its_people_are_told_after_sign_in_whom_to_ask_and_can_do_nothing(self):
        vendor = Vendor()
        colleague = vendor.member("auditor")
        link = vendor.invite()
        suspend(vendor)
        for client in (vendor.client, colleague.client, vendor.elsewhere() if False else vendor.client):
            for path in ("/", "/home", "/industry", "/customers"):
                page = client.get(path)
                self.said(page, "This company is suspended", vendor.name, "Ask support@portal.example", status=403)
        person = Person(vendor.email)
        page = person.client.submit(person.client.get("/sign-in"), "/sign-in", email=vendor.email, password=vendor.password)
        self.said(page, "This company is suspended", status=403)
        before = everything()
        csrf = page.form("/sign-out").fields["csrf"]
        answer = person.client.post("/industry/invitations", {"csrf": csrf, "kind": "customer", "email": address()})
        self.assertEqual(answer.status, 403)
        self.assertEqual(everything(), before)
        resume(vendor)
        self.assertEqual(vendor.get("/industry").status, 200)
        self.assertEqual(register(link).get("/home").status, 200)
        self.assertRegex(vendor.get("/audit?topic=vendor").text, "Vendor opened again.*Who: The operator.*Vendor suspended.*Who: The operator")

    def test_its_links_show_a_neutral_page_and_nothing_is_accepted(self):
        vendor = Vendor()
        fresh_link, used, cancelled_address = vendor.invite(), vendor.invite(), address()
        cancelled = vendor.invite(cancelled_address)
        buyer = register(used)
        vendor.cancel(cancelled_address)
        page = Client(stack().url).get(fresh_link)
        form = page.form("/register").fields | {"first_name": "A", "last_name": "B", "business_name": "C", "password": "correct horse battery staple"}
        opened = Client(stack().url)
        csrf = opened.get(fresh_link).form("/register").fields["csrf"]
        suspend(vendor)
        pages = [Client(stack().url).get(link) for link in (fresh_link, cancelled, used)] + [buyer.get(used)]
        for page in pages:
            self.said(page, "This invitation cannot be opened now", "Try again later, or ask the company that invited you")
            self.assertNotIn(vendor.name, page.text)
            self.assertNotIn("suspend", page.text.lower())
        before = everything()
        self.assertEqual(opened.post(fresh_link + "/register", form | {"csrf": csrf}).h1, "This invitation cannot be opened now")
        self.assertEqual(opened.post(fresh_link + "/ask", {"csrf": csrf}).h1, "This invitation cannot be opened now")
        self.assertEqual(opened.post(fresh_link + "/decline", {"csrf": csrf}).h1, "This invitation cannot be opened now")
        self.assertEqual(everything(), before)
        resume(vendor)
        register(fresh_link)

    def test_every_kind_of_link_of_it_shows_the_same_neutral_page_whatever_is_asked_of_it(self):
        vendor = Vendor()
        emails = {state: address(state) for state in ("good", "superseded", "expired", "earlier", "declined", "cancelled", "used", "copied")}
        links = {state: vendor.invite(email) for state, email in emails.items()}
        for state in ("superseded", "earlier"):
            vendor.resend(emails[state])
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email IN ('{emails['expired']}', '{emails['earlier']}')")
        client = Client(stack().url)
        decline(client, client.get(links["declined"]))
        vendor.cancel(emails["cancelled"])
        register(links["used"])
        links["by hand"] = re.search(r"/i/[\w-]{43}", vendor.client.submit(vendor.invitation(emails["copied"]), button="Copy link").body)[0]
        suspend(vendor)
        before = everything()
        csrf = client.get("/sign-in").form("/sign-in").fields["csrf"]
        said = set()
        for state, link in links.items():
            for page in [client.get(link + way) for way in ("", "/decline", "/company", "/join")] + \
                        [client.post(link + way, {"csrf": csrf} | fields) for way, fields in (
                            ("/ask", {}), ("/accept", {}), ("/decline", {}), ("/sign-in", {"password": "correct horse battery staple"}),
                            ("/register", {"first_name": "A", "last_name": "B", "business_name": "C", "password": "correct horse battery staple"}))]:
                said.add(page.text)
                self.assertEqual((page.status, page.h1), (200, "This invitation cannot be opened now"), (state, page.url))
                self.assertNotIn(vendor.name, page.body)
        self.assertEqual(len(said), 1, "one and the same page")
        self.assertEqual(everything(), before)

    def test_who_had_accepted_it_and_verifies_now_is_told_that_it_waits(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        person = Client(stack().url)
        copied = re.search(r"/i/[\w-]{43}", vendor.client.submit(vendor.invitation(email), button="Copy link").body)[0]
        person.submit(person.get(copied), "/register", first_name="Jo", last_name="B", business_name=fresh("Waits "), password="correct horse battery staple")
        link = link_of(mail_to(email, kind="verify"))
        suspend(vendor)
        page = person.submit(person.get(link), button="Verify address")
        self.said(page, "Your address is verified.", "Not connected: this invitation cannot be accepted now. Try again later, or ask the company that invited you.")
        self.unsaid(page, "choose it below")
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), 0)
        resume(vendor)
        page = person.submit(person.get("/home"), "/accept", button="Accept")
        self.said(page, f"You’re connected with {vendor.name}.")

    def test_its_invitations_disappear_from_the_invitees_home_and_cannot_be_accepted_there(self):
        buyer, _ = customer()
        vendor = Vendor()
        vendor.invite(buyer.email)
        page = buyer.get("/home")
        self.said(page, f"{vendor.name}", "Accept")
        action = next(f.action for f in page.forms if f.action.endswith("/accept"))
        suspend(vendor)
        self.assertNotIn(vendor.name, buyer.get("/home").text)
        self.said(buyer.client.post(action, page.form(action).fields), "This invitation is not open any more")
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), 0)
        resume(vendor)
        self.said(buyer.client.post(action, page.form(action).fields), vendor.name, "connected")

    def test_its_partners_home_says_that_it_cannot_be_opened_and_leads_nowhere_that_is_not_there(self):
        vendor = Vendor()
        buyer = register(vendor.invite())
        vendor.client.submit(vendor.get("/shared/note"), "/shared/note", title="Spring prices", body="Ten", audience="customers")
        page = buyer.get("/home")
        self.said(page, "Newest shared: Spring prices")
        self.assertEqual(buyer.get(page.link("Open")).h1, vendor.name)
        suspend(vendor)
        page = buyer.get("/home")
        self.said(page, vendor.name, "Its page cannot be opened now. Try again later.")
        self.unsaid(page, "Spring prices", "suspended")
        self.assertNotIn(["Open"], [said for _, said in page.links])
        for words in ("Messages", "Disconnect"):
            self.assertEqual(buyer.get(page.link(words)).status, 200)
        resume(vendor)
        self.said(buyer.get("/home"), "Spring prices", "Open")

    def test_its_waiting_mail_is_held_back_and_goes_out_after_it_is_resumed_unless_it_is_too_late(self):
        vendor, other, waits, late = Vendor(), Vendor(), address("waits"), address("late")
        stack().stop_mailbox()
        try:
            for email in (waits, late):
                vendor.send(email)
            wait(lambda: number(f"SELECT COUNT(*) FROM outbox WHERE vendor_id = {vendor.id} AND state = 'deferred'") == 2, "deferred mails")
            suspend(vendor)
            wait(lambda: number(f"SELECT COUNT(*) FROM outbox WHERE vendor_id = {vendor.id} AND next_at IS NULL") == 2, "the mailer's holding back")
        finally:
            stack().start_mailbox()
        mail_to((lambda email: (other.send(email), email)[1])(address()))   # others' mail goes on
        self.assertEqual(mails(waits), [])
        sql(f"UPDATE outbox SET give_up_at = UTC_TIMESTAMP(6) WHERE recipient = '{late}'")
        resume(vendor)
        register(link_of(mail_to(waits)))
        wait(lambda: sql(f"SELECT 1 FROM outbox WHERE recipient = '{late}' AND sealed IS NULL AND next_at IS NULL"), "the end of the late mail")
        self.assertEqual(mails(late), [])

    def test_what_was_withdrawn_or_sent_meanwhile_is_not_sent_again(self):
        vendor, email, cancelled = Vendor(), address(), address()
        vendor.invite(email)
        stack().stop_mailbox()
        try:
            vendor.send(cancelled)
            vendor.cancel(cancelled)
        finally:
            stack().start_mailbox()
        suspend(vendor)
        resume(vendor)
        vendor.invite()
        self.assertEqual((len(mails(email)), len(mails(cancelled))), (1, 0))


class Locked(Story):
    def test_a_locked_account_is_out_at_once_and_cannot_sign_in_until_it_is_unlocked(self):
        vendor = Vendor()
        second = vendor.elsewhere()
        self.assertEqual(run("account", "lock", "--email", vendor.email.upper())[::2], (0, ""))
        for client in (vendor.client, second):
            self.assertEqual(client.get("/industry").path, "/sign-in")
        self.assertEqual(number(f"SELECT COUNT(*) FROM session s JOIN account a ON a.id = s.account_id WHERE a.email = '{vendor.email}'"), 0)
        client = Client(stack().url)
        page = client.submit(client.get("/sign-in"), "/sign-in", email=vendor.email, password=vendor.password)
        self.said(page, "This account is locked. Ask support@portal.example to unlock it", status=422)
        self.assertEqual(run("account", "unlock", "--email", vendor.email)[0], 0)
        self.assertEqual(vendor.sign_in().url, "/industry")

    def test_who_does_not_know_the_password_learns_nothing_of_the_lock(self):
        vendor = Vendor()
        wrong = []
        for locked in (False, True):
            if locked:
                run("account", "lock", "--email", vendor.email)
            client = Client(stack().url)
            page = client.submit(client.get("/sign-in"), "/sign-in", email=vendor.email, password="something quite different")
            wrong.append((page.status, page.text))
        self.assertEqual(wrong[0], wrong[1])
        self.assertIn("Enter the right email address and password", wrong[1][1])

    def test_no_other_way_leads_in(self):
        buyer, _ = customer()
        other = Vendor()
        link = other.invite(buyer.email)
        run("account", "lock", "--email", buyer.email)
        client = Client(stack().url)
        page = client.submit(client.get(link), "/sign-in", password=buyer.password)
        self.said(page, "This account is locked", status=422)
        client = Client(stack().url)
        client.submit(client.get("/forgot"), "/forgot", email=buyer.email)
        reset = link_of(wait(lambda: [m for m in mails(buyer.email) if "/reset/" in m["text"]], "the reset mail")[0])
        client.submit(client.get(reset), reset, password="another good password, 7")
        page = client.submit(client.get("/sign-in"), "/sign-in", email=buyer.email, password="another good password, 7")
        self.said(page, "This account is locked", status=422)
        self.assertEqual(number(f"SELECT COUNT(*) FROM session s JOIN account a ON a.id = s.account_id WHERE a.email = '{buyer.email}'"), 0)

    def test_an_unknown_account_and_no_change_are_said(self):
        vendor, nobody = Vendor(), address()
        before = everything()
        self.assertEqual(run("account", "lock", "--email", nobody), (1, "", f"invited: {nobody} has no account\n"))
        self.assertEqual(run("account", "unlock", "--email", vendor.email), (1, "", f"invited: {vendor.email} is not locked; nothing was changed\n"))
        self.assertEqual(run("account", "lock", "--email", "nobody")[0], 1)
        self.assertEqual(everything(), before)


class Suppressed(Story):
    def test_the_operator_puts_an_address_on_the_do_not_invite_list_looks_and_takes_it_off(self):
        vendor, email = Vendor(), address()
        self.assertEqual(run("suppress", "list", "--email", email), (1, "", f"invited: {email} is not on the list\n"))
        self.assertEqual(run("suppress", "add", "--email", email.upper()), (0, f"{email.upper()} is on the do-not-invite list: nobody can invite this address\n", ""))
        self.assertEqual(run("suppress", "add", "--email", email), (1, "", f"invited: {email} is on the list already; nothing was changed\n"))
        self.said(vendor.send(email), f"{email} wants no invitations", status=422)
        status, line, _ = run("suppress", "list", "--email", email)
        self.assertRegex(line, r"^[0-9a-f]{64}\toperator\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$")
        listed = run("suppress", "list")[1]
        self.assertIn(line, listed)
        self.assertNotIn(email, listed, "the list holds no addresses")
        self.assertEqual(run("suppress", "remove", "--email", email), (0, f"{email} may be invited again\n", ""))
        self.assertEqual(run("suppress", "remove", "--email", email)[0], 1)
        vendor.invite(email)
        self.assertEqual(sql("SELECT event FROM audit_event WHERE event IN ('never-invited', 'invitations-allowed') AND detail = 'by the operator' ORDER BY id"),
                         [("never-invited",), ("invitations-allowed",)])

    def test_a_long_list_is_printed_whole(self):
        sql("INSERT INTO suppression SELECT UNHEX(SHA2(seq, 256)), 'person', UTC_TIMESTAMP(6) FROM seq_1_to_1203")
        lines = run("suppress", "list")[1].splitlines()
        self.assertEqual(len(lines), number("SELECT COUNT(*) FROM suppression"))
        self.assertEqual(len(set(lines)), len(lines))


if __name__ == "__main__":
    unittest.main()
