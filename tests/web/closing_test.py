"""An owner deletes the company: asked with its name and a password, closed at once, kept if an owner wants, and gone for good after the time."""
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Person, Story, Vendor, address, company_id, everything, fresh, link_of, machine, mail_to, mails, number,  # noqa: E402
                    register, sql, stack, together, value, wait)
from retention_test import everywhere  # noqa: E402

setUpModule, tearDownModule = machine(delete_days=45)
PAGE, WAITS, CLOSED = "/settings/delete", "This company will be deleted", "This company is closed"


def ask(person, name, password=None, page=None):
    """Fill the confirm page and press the button."""
    return person.client.submit(page or person.get(PAGE), PAGE, name=name, password=password or person.password)


def keep(person):
    return person.client.submit(person.get(PAGE), button="Keep this company")


def owner(vendor):
    return vendor.member("owner")


def due(vendor_id):
    """The time has come; the mailer, which looks when it starts, has not."""
    sql(f"UPDATE company SET delete_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = {vendor_id}")


def sweep(vendor_id):
    """The mailer looks when it starts; what it could not delete it tries again after ten minutes."""
    sql(f"UPDATE company SET delete_again_at = UTC_TIMESTAMP(6) WHERE id = {vendor_id} AND delete_again_at IS NOT NULL")
    stack().reload()
    wait(lambda: not sql(f"SELECT 1 FROM company WHERE id = {vendor_id}"), "deletion")


def command(*arguments):
    done = stack().command(*arguments, check=False)
    return done.returncode, done.stdout, done.stderr


class Asked(Story):
    def test_an_owner_is_told_what_goes_and_what_stays_and_the_company_is_closed_at_once(self):
        vendor = Vendor()
        page = vendor.get(vendor.get("/settings").link("Delete this company"))
        self.said(page, "Delete this company?", vendor.name, "What goes", "All invitations and their links", "What stays", "Your customers and suppliers", "Keep this company")
        foretold = re.search(r"deleted for good on (\d+ \w+ \d{4}) ?\.", page.text)[1]
        page = ask(vendor, vendor.name, page=page)
        self.said(page, WAITS, vendor.name, "Keep this company", "Download everything")
        self.assertIn(foretold, sql(f"SELECT DATE_FORMAT(delete_at, '%e %M %Y'), DATE_FORMAT(delete_at - INTERVAL 1 MINUTE, '%e %M %Y') FROM company WHERE id = {vendor.id}")[0])
        self.assertEqual(sql(f"SELECT TIMESTAMPDIFF(SECOND, delete_asked_at, delete_at) FROM company WHERE id = {vendor.id}"), [(str(45 * 86400),)])
        when = value(f"SELECT DATE_FORMAT(delete_at, '%e %M %Y, %H:%i UTC') FROM company WHERE id = {vendor.id}")
        self.said(page, when)
        other = Person(vendor.email)
        signed_in = other.client.submit(other.client.get("/sign-in"), "/sign-in", email=vendor.email, password=vendor.password)
        self.said(signed_in, WAITS)
        for path in ("/", "/home", "/industry", "/customers", "/team", "/settings", "/audit", "/account", "/export/customers"):
            page = vendor.get(path)
            self.assertEqual((page.status, page.url, page.h1), (200, PAGE, WAITS), path)
        before, csrf = everything(), page.form("/sign-out").fields["csrf"]
        self.said(vendor.client.post("/industry/invitations", {"csrf": csrf, "kind": "customer", "email": address()}), WAITS)
        self.assertEqual(everything(), before)

    def test_its_links_are_neutral_nothing_is_accepted_its_mail_waits_and_its_partners_see_nothing_of_it(self):
        vendor, invited, waits = Vendor(), register(Vendor().invite()), address("waits")
        link, buyer = vendor.invite(), register(vendor.invite())
        vendor.invite(invited.email)
        thread = "/vendors/" + value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE id = {vendor.id}")
        self.assertEqual(buyer.get(thread).status, 200)
        page = invited.get("/home")
        accept = next(f.action for f in page.forms if f.action.endswith("/accept"))
        team = (vendor.client.submit(vendor.get("/team"), "/team/invitations", email=(colleague := address("colleague")), role="auditor"), link_of(mail_to(colleague, kind="join")))[1]
        stack().stop_mailbox()
        try:
            vendor.send(waits)
            wait(lambda: sql(f"SELECT 1 FROM outbox WHERE recipient = '{waits}' AND state = 'deferred'"), "deferred mail")
            ask(vendor, vendor.name)
            wait(lambda: sql(f"SELECT 1 FROM outbox WHERE recipient = '{waits}' AND next_at IS NULL"), "holding back of the mail")
        finally:
            stack().start_mailbox()
        for path, h1 in ((link, "This invitation cannot be opened now"), (team, "This invitation cannot be opened now")):
            shown = Client(stack().url).get(path)
            self.assertEqual(shown.h1, h1)
            self.unsaid(shown, vendor.name)
        self.unsaid(invited.get("/home"), vendor.name)
        self.said(invited.client.post(accept, page.form(accept).fields), "This invitation is not open any more")
        self.assertEqual(buyer.get(thread).status, 404)
        self.assertEqual(mails(waits), [])
        keep(vendor)
        register(link_of(mail_to(waits)))
        self.assertEqual(buyer.get(thread).status, 200)
        self.said(invited.client.post(accept, page.form(accept).fields), "connected")

    def test_the_right_name_and_the_right_password_are_needed(self):
        vendor = Vendor()
        before = everything()
        for name, password, words in ((vendor.name.lower() + "x", vendor.password, ["Enter the name exactly as it stands above"]),
                                      (vendor.name, "something quite different", ["Enter the right password"]),
                                      ("Nothing", "something quite different", ["Enter the name exactly as it stands above", "Enter the right password"])):
            page = ask(vendor, name, password)
            self.said(page, "There is a problem", "Delete this company?", *words, status=422)
            self.assertEqual(page.form(PAGE).fields["name"], name)
            self.assertNotIn(password, page.body)
        page = vendor.client.submit(vendor.get(PAGE), PAGE)
        self.said(page, "Enter the name of the company", "Enter your password", status=422)
        fields = vendor.get(PAGE).form(PAGE).fields | {"name": vendor.name, "password": vendor.password}
        self.assertEqual(vendor.client.post(PAGE, fields | {"days": "0"}).status, 400)
        self.assertEqual(vendor.client.post(PAGE, fields | {"csrf": "x"}).status, 403)
        self.assertEqual(everything(), before)
        self.assertEqual(vendor.get("/industry").status, 200)

    def test_nobody_but_an_owner_can_ask_or_take_everything_home(self):
        vendor = Vendor()
        buyer = register(vendor.invite())
        people = [vendor.member(role) for role in ("admin", "inviter", "auditor")]
        fields = vendor.get(PAGE).form(PAGE).fields | {"name": vendor.name, "password": vendor.password}
        before = everything()
        for person in [*people, buyer]:
            csrf = person.get("/home").form("/sign-out").fields["csrf"]
            for page in (person.get(PAGE), person.get("/export/company"), person.client.post(PAGE, fields | {"csrf": csrf}), person.client.post(PAGE + "/undo", {"csrf": csrf})):
                self.assertEqual((page.status, page.h1), (403, "You cannot open this page"))
        self.unsaid(people[0].get("/settings"), "Delete this company")
        self.assertEqual(Client(stack().url).get(PAGE).url.partition("?")[0], "/sign-in")
        self.assertEqual(everything(), before)

    def test_other_members_see_that_it_is_closed_and_nothing_else(self):
        vendor, admin = (v := Vendor()), v.member("admin")
        buyer = register(vendor.invite())
        ask(vendor, vendor.name)
        for path in ("/", "/home", "/industry", "/settings", PAGE, "/account", "/export/company"):
            page = admin.get(path)
            self.said(page, CLOSED, vendor.name, "Ask an owner of it", status=403)
            self.unsaid(page, "Keep this company", "Download everything")
        before, csrf = everything(), page.form("/sign-out").fields["csrf"]
        self.assertEqual(admin.client.post(PAGE + "/undo", {"csrf": csrf}).h1, CLOSED)
        self.assertEqual(everything(), before)
        self.assertEqual(buyer.get("/home").status, 200)

    def test_every_owner_gets_a_mail_that_says_who_until_when_and_how_to_keep_it(self):
        vendor = Vendor()
        second, admin = owner(vendor), vendor.member("admin")
        sql(f"UPDATE account SET first_name = 'Ada', last_name = 'Lovelace' WHERE email = '{vendor.email}'; UPDATE account SET language = 'de' WHERE email = '{second.email}'")
        ask(vendor, vendor.name)
        when = value(f"SELECT DATE_FORMAT(delete_at, '%e %M %Y, %H:%i UTC') FROM company WHERE id = {vendor.id}")
        mail = mail_to(vendor.email)
        self.assertEqual(mail["subject"], f"{vendor.name} will be deleted")
        for words in (f"Ada Lovelace ({vendor.email}), an owner of {vendor.name}, has asked to delete the company.", when, "Until then every owner can sign in", stack().url + PAGE):
            self.assertIn(words, mail["text"])
        self.assertIn(PAGE, "".join(mail["links"]))
        self.assertEqual(mail_to(second.email)["subject"], f"{vendor.name} wird gelöscht")
        self.assertEqual(mails(admin.email), [])
        self.said(second.get(PAGE), "Dieses Unternehmen wird gelöscht")

    def test_of_two_owners_at_once_one_has_asked_and_each_is_told_once(self):
        for _ in range(3):
            vendor = Vendor()
            second = owner(vendor)
            forms = [p.get(PAGE) for p in (vendor, second)]
            pages = together(*(lambda p=p, f=f: ask(p, vendor.name, page=f) for p, f in zip((vendor, second), forms)))
            self.assertEqual([(p.status, p.url, p.h1) for p in pages], [(200, PAGE, WAITS)] * 2)
            self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'settings_closed'"), 1)
            mail_to(vendor.email), mail_to(second.email)
            self.assertEqual(number(f"SELECT COUNT(*) FROM outbox WHERE recipient IN ('{vendor.email}', '{second.email}') AND vendor_id IS NULL"), 2)
            forms = [p.get(PAGE) for p in (vendor, second)]
            pages = together(*(lambda p=p, f=f: p.client.submit(f, button="Keep this company") for p, f in zip((vendor, second), forms)))
            self.assertEqual([p.status for p in pages], [200, 200])
            self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'settings_kept'"), 1)
            self.assertEqual(vendor.get("/industry").status, 200)


class Kept(Story):
    def test_kept_all_is_as_before_and_the_audit_log_says_who_asked_and_who_kept_it(self):
        vendor = Vendor()
        second = owner(vendor)
        link, buyer = vendor.invite(), register(vendor.invite())
        before = everything()
        ask(vendor, vendor.name)
        page = keep(second)
        self.said(page, f"{vendor.name} is kept.", "Everything works again as before")
        self.assertEqual(page.url, "/settings")
        after = everything()
        for table in before.keys() - {"audit_event", "outbox", "session"}:
            self.assertEqual(after[table], before[table], table)
        self.assertEqual(sql(f"SELECT e.event, a.email FROM audit_event e JOIN account a ON a.id = e.account_id WHERE e.vendor_id = {vendor.id} ORDER BY e.id DESC LIMIT 2"),
                         [("settings_kept", second.email), ("settings_closed", vendor.email)])
        self.said(vendor.get("/audit?topic=settings"), "Deletion of the company asked for", "Company kept, its deletion undone", second.email)
        register(link)
        self.assertEqual(buyer.get("/home").status, 200)
        vendor.invite()
        sql(f"UPDATE company SET delete_asked_at = NULL WHERE id = {vendor.id}")
        self.said(vendor.get(PAGE), "Delete this company?")

    def test_a_suspension_by_the_operator_stays_one(self):
        vendor = Vendor()
        ask(vendor, vendor.name)
        self.assertEqual(command("vendor", "suspend", "--name", vendor.name)[0], 0)
        self.said(vendor.get("/home"), WAITS)
        page = keep(vendor)
        self.said(page, "This company is suspended", status=403)
        self.unsaid(page, "is kept")
        self.said(vendor.get(PAGE), "This company is suspended", status=403)
        self.assertEqual(command("vendor", "resume", "--name", vendor.name)[0], 0)
        self.assertEqual(vendor.get("/industry").status, 200)
        command("vendor", "suspend", "--name", vendor.name)
        self.said(vendor.get(PAGE), "This company is suspended", status=403)

    def test_resuming_does_not_undo_what_an_owner_wants_and_the_operator_sees_it(self):
        vendor = Vendor()
        ask(vendor, vendor.name)
        rows = {line.split("\t")[4]: line.split("\t")[1] for line in command("vendor", "list")[1].splitlines()}
        self.assertEqual(rows[vendor.name], "closing")
        self.assertEqual(command("vendor", "resume", "--name", vendor.name)[2], f"invited: {vendor.name} is not suspended; nothing was changed\n")
        command("vendor", "suspend", "--name", vendor.name)
        self.assertEqual(command("vendor", "resume", "--name", vendor.name),
                         (0, f"{vendor.name} is resumed, but stays closed: an owner has asked to delete it\n", ""))
        self.said(vendor.get("/home"), WAITS)


class Taken(Story):
    def test_what_an_owner_downloads_is_what_the_operators_command_writes(self):
        vendor = Vendor(name=fresh("Nörd & Söhne "))
        vendor.member("inviter")
        register(vendor.invite(number=fresh("K")))
        vendor.invite(message=fresh("Private "))
        ask(vendor, vendor.name)
        command("vendor", "suspend", "--name", vendor.name)   # the command wants it; nothing happens after this
        everything()
        page = vendor.client.raw("GET", vendor.get(PAGE).link("Download everything"))
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "application/json"))
        self.assertRegex(page.headers["Content-Disposition"], r"^attachment; filename=\"N_rd & S_hne n?\d*.*\.json\"; filename\*=UTF-8''N%C3%B6rd")
        told = json.loads(page.body)
        self.assertEqual((told["vendor"]["name"], len(told["members"]), len(told["invitations"]), len(told["relationships"])), (vendor.name, 2, 2, 1))
        self.assertRegex(told["vendor"]["deletion"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        path = stack().folder / (fresh("export") + ".json")
        self.assertEqual(command("vendor", "delete", "--name", vendor.name, "--export", str(path))[0], 0)
        self.assertEqual(path.read_text(encoding="utf-8"), page.body)

    def test_a_long_one_comes_in_pieces_and_whole_and_an_open_companys_too(self):
        vendor = Vendor()
        vendor.invite()
        sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, expires_at, ended_at) "
            f"SELECT UNHEX(MD5(CONCAT('c', seq))), i.vendor_id, i.sender_id, 'customer', 'cancelled', CONCAT('b', seq, '@long.example'), CONCAT('b', seq, '@long.example'), "
            f"i.partner_role_id, 'en', 7, i.sent_at, i.expires_at, i.sent_at FROM invitation i JOIN seq_1_to_3000 WHERE i.vendor_id = {vendor.id}")
        page = vendor.client.raw("GET", "/export/company")
        self.assertGreater(len(page.body), 500_000)
        self.assertEqual(len(json.loads(page.body)["invitations"]), 3001)
        self.assertNotIn("Content-Length", page.headers)
        self.assertEqual(vendor.client.raw("HEAD", "/export/company").body, "")


class Gone(Story):
    def test_after_the_time_nothing_of_it_is_left_and_the_partners_and_accounts_stay(self):
        vendor = Vendor()
        vendor_id, pending, words, colleague = vendor.id, address("pending"), fresh("Private "), vendor.member("admin")
        link, buyer = vendor.invite(pending, message=words), register(vendor.invite())
        self.said(vendor.client.submit(vendor.get("/shared/note"), "/shared/note", title=(note := fresh("Note ")), body="x", audience="customers"), note)
        csrf = vendor.get("/shared/upload").form("/shared/upload").fields
        self.assertEqual(vendor.client.post_parts("/shared/upload", csrf | {"audience": "customers"}, file=("list.pdf", b"octets")).status, 200)
        stored = stack().folder / "resources" / value(f"SELECT LOWER(HEX(stored)) FROM shared WHERE vendor_id = {vendor_id} AND stored IS NOT NULL")
        self.assertEqual(stored.read_bytes(), b"octets")
        events = sql(f"SELECT id, at, event FROM audit_event WHERE vendor_id = {vendor_id} ORDER BY id")
        ask(vendor, vendor.name)
        mail_to(vendor.email)
        sql(f"UPDATE company SET delete_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE id = {vendor_id}")
        stack().reload()
        other = Vendor()
        ask(other, other.name)
        due(other.id)
        sweep(other.id)
        self.said(vendor.get("/home"), WAITS)   # its time has not come
        due(vendor_id)
        sweep(vendor_id)
        tables = [t for t, in sql("SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
                                  "WHERE c.table_schema = DATABASE() AND c.column_name = 'vendor_id' AND t.table_type = 'BASE TABLE'")]
        self.assertEqual({t: n for t in tables if t != "audit_event" and (n := number(f"SELECT COUNT(*) FROM {t} WHERE vendor_id = {vendor_id}"))}, {})
        for text in (pending, words, note, vendor.name):
            self.assertEqual(everywhere(text), [], text)
        stack().reload()   # the long workers look when they start, and every ten minutes
        wait(lambda: not stored.exists(), "end of the uploaded file")
        kept = sql(f"SELECT id, at, event FROM audit_event WHERE vendor_id = {vendor_id} ORDER BY id")
        self.assertEqual(kept[:len(events)], events, "ids and times stay")
        self.assertEqual(sql(f"SELECT event, account_id, detail FROM audit_event WHERE vendor_id = {vendor_id} ORDER BY id DESC LIMIT 1"), [("vendor_deleted", None, "")])
        self.assertEqual(buyer.get("/home").status, 200)
        self.assertTrue(company_id(buyer))
        self.said(Client(stack().url).get(link), "This invitation link does not work", status=404)
        for person in (vendor, colleague):
            self.assertEqual(person.get("/industry").status, 403)
            self.assertEqual(person.sign_in().status, 200, "its people keep their accounts")

    def test_once_the_time_has_come_it_can_neither_be_kept_nor_downloaded(self):
        vendor = Vendor()
        page = ask(vendor, vendor.name)
        everything()
        stack().reload(mailer="false")   # it would delete the company at once
        self.addCleanup(lambda: stack().reload(mailer="true"))
        due(vendor.id)
        before = everything()
        self.said(vendor.client.submit(page, button="Keep this company"), "This company is being deleted")
        page = vendor.get("/home")
        self.said(page, "This company is being deleted", "The time to keep", vendor.name)
        self.unsaid(page, "Keep this company", "Download everything")
        self.assertEqual(vendor.get("/export/company").status, 404)
        self.assertEqual(everything(), before)

    def test_much_goes_in_many_transactions_and_what_stops_it_stops_nothing_else(self):
        vendor, old = Vendor(), address("old")
        buyer, vendor_id = register(vendor.invite()), vendor.id
        vendor.client.submit(vendor.get("/shared/note"), "/shared/note", title=fresh("Note "), body="x", audience="customers")
        relationship = value(f"SELECT id FROM relationship WHERE vendor_id = {vendor_id}")
        account = value(f"SELECT id FROM account WHERE email = '{vendor.email}'")
        sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, expires_at, ended_at) "
            f"SELECT UNHEX(MD5(CONCAT('e', seq))), i.vendor_id, i.sender_id, 'customer', 'cancelled', CONCAT('b', seq, '@much.example'), CONCAT('b', seq, '@much.example'), "
            f"i.partner_role_id, 'en', 7, i.sent_at, i.expires_at, i.sent_at FROM invitation i JOIN seq_1_to_2200 WHERE i.vendor_id = {vendor_id}; "
            f"INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) SELECT UNHEX(MD5(CONCAT('f', seq))), {relationship}, {account}, 1, 'm', UTC_TIMESTAMP(6) FROM seq_1_to_5500; "
            f"INSERT INTO audit_event (at, event, vendor_id, account_id, detail) SELECT UTC_TIMESTAMP(6), 'message_sent', {vendor_id}, {account}, 'words' FROM seq_1_to_5500; "
            f"CREATE TABLE later (role_id BIGINT UNSIGNED NOT NULL, FOREIGN KEY (role_id) REFERENCES partner_role (id)) ENGINE=InnoDB; "
            f"INSERT INTO later SELECT MIN(id) FROM partner_role WHERE vendor_id = {vendor_id}")
        try:
            ask(vendor, vendor.name)
            due(vendor_id)
            ended = Vendor()
            ended.invite(old)
            sql(f"UPDATE invitation SET status = 'cancelled', ended_at = UTC_TIMESTAMP(6) - INTERVAL 400 DAY WHERE email_canon = '{old}'")
            stack().reload()   # the partner roles come last, and cannot go
            wait(lambda: not sql(f"SELECT 1 FROM audit_event WHERE vendor_id = {vendor_id} AND detail <> ''"), "the last batch but one")
            wait(lambda: "tenant_delete_roles" in stack().last_words(), "the reason in the log")
            self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor_id}"), 0, "earlier batches are gone for good")
            self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE id = {vendor_id}"), 1)
            self.assertEqual(vendor.get("/industry").status, 403, "nobody sees the half of it")
            self.assertEqual(everywhere(old), [], "other retention goes on")
        finally:
            sql("DROP TABLE later")
        sweep(vendor_id)
        self.assertEqual(buyer.get("/home").status, 200)

    def test_one_that_cannot_be_deleted_holds_up_none_that_come_after_it_and_is_tried_again(self):
        stuck, other, good = vendors = [Vendor() for _ in range(3)]
        ids = [v.id for v in vendors]
        again = f"SELECT delete_again_at > UTC_TIMESTAMP(6) + INTERVAL 9 MINUTE FROM company WHERE id IN ({ids[0]}, {ids[1]})"
        sql(f"CREATE TABLE held (role_id BIGINT UNSIGNED NOT NULL, FOREIGN KEY (role_id) REFERENCES partner_role (id)) ENGINE=InnoDB; "
            f"INSERT INTO held SELECT MIN(id) FROM partner_role WHERE vendor_id IN ({ids[0]}, {ids[1]}) GROUP BY vendor_id")
        try:
            for vendor in vendors:
                ask(vendor, vendor.name)
                due(vendor.id)
            sweep(ids[2])
            self.assertEqual(sql(again), [("1",), ("1",)])
            self.assertIn(f"vendor {ids[0]} cannot be deleted now, and is tried again in 10 minutes", stack().program_words())
            for vendor in (stuck, other):
                self.assertEqual(vendor.get("/industry").status, 403, "nobody sees the half of it")
            sql(f"UPDATE company SET delete_again_at = UTC_TIMESTAMP(6) WHERE id = {ids[0]}")
            stack().reload()
            wait(lambda: sql(again) == [("1",), ("1",)], "the next try")
        finally:
            sql("DROP TABLE held")
        for vendor_id in ids[:2]:
            sweep(vendor_id)
        self.assertEqual(good.sign_in().status, 200)


if __name__ == "__main__":
    unittest.main()
