"""Addresses of invitations that nobody accepted do not stay for ever; everything else of them does. Nor do registrations that nobody proved."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Story, Vendor, address, company_id, decline, fresh, keyed, link_of, machine, mail_to, number, register, register_open,  # noqa: E402
                    sql, stack, value, wait)
from verify_test import accept_copied, verify  # noqa: E402

setUpModule, tearDownModule = machine(retention_days=90, open_registration=True)
ADDRESS = 5   # fcgi/secret.h, SECRET_ADDRESS


def sweep():
    """The mailer looks when it starts; afterwards every ten minutes."""
    stack().reload()
    wait(lambda: not sql("SELECT 1 FROM invitation WHERE erase_from <= UTC_TIMESTAMP(6) - INTERVAL 90 DAY"), "sweep")


def age(email, days, column):
    sql(f"UPDATE invitation SET {column} = UTC_TIMESTAMP(6) - INTERVAL {round(days * 24)} HOUR WHERE email_canon = '{email}'")


def everywhere(words):
    """The tables that hold these octets."""
    columns = sql("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN "
                             "(SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE')")
    return sql(" UNION ALL ".join(f"SELECT '{table}.{column}' FROM `{table}` WHERE INSTR(HEX(`{column}`), '{words.encode().hex().upper()}') > 0"
                                  for table, column in columns))


class Retention(Story):
    def ended(self, vendor, how, days):
        """An invitation that ended in this way so many days ago: its address and link, and the words that only it has."""
        email, words = address(how), {"first_name": fresh("First"), "last_name": fresh("Last"), "business_name": fresh("Business "), "message": fresh("Message ")}
        link = vendor.invite(email, **words)
        if how == "expired":
            age(email, days, "expires_at")
            return email, link, words
        if how == "cancelled":
            vendor.cancel(email)
        elif how == "declined":
            client = Client(stack().url)
            decline(client, client.get(link))
        age(email, days, "ended_at")
        return email, link, words

    def test_whatever_way_it_ended_its_address_names_and_message_are_gone_everywhere_after_the_time(self):
        vendor = Vendor()
        for how in ("expired", "cancelled", "declined"):
            email, link, words = self.ended(vendor, how, 90)
            sql(f"UPDATE audit_event e JOIN invitation i ON i.id = e.invitation_id SET e.detail = '550 <{email}> has no mailbox' "
                f"WHERE i.email_canon = '{email}' AND e.event = 'mail_sent'; UPDATE outbox SET reply = '250 kept for {email}' WHERE recipient = '{email}'")
            i = value(f"SELECT id FROM invitation WHERE email_canon = '{email}'")
            page = vendor.invitation(email).url
            history = sql(f"SELECT event, at FROM audit_event WHERE invitation_id = {i} ORDER BY id")
            self.assertTrue(everywhere(email), "the search finds what is there")
            sweep()
            for text in (email, *words.values()):
                self.assertEqual(everywhere(text), [], f"{how}: {text}")
                self.assertEqual(everywhere(text.lower()), [])
            pseudonym = f"erased-{keyed(ADDRESS, email).hex()[:16]}@erased.invalid"
            self.assertEqual(sql(f"SELECT email, email_canon FROM invitation WHERE id = {i}"), [(pseudonym, pseudonym)])
            kept = sql(f"SELECT event, at FROM audit_event WHERE invitation_id = {i} AND event <> 'invitation_erased' ORDER BY id")
            self.assertEqual(kept, history, "the history keeps events and times")
            shown = vendor.get(page)
            self.said(shown, "Invitation, address erased", how.capitalize(), "Address, names and message erased")
            self.assertEqual([f.buttons for f in shown.forms if "/industry/" in f.action], [], "nothing can be done with it")
            self.said(vendor.get("/industry?status=" + how), "Address erased")
            self.said(vendor.get("/audit?topic=invitation"), "About: Address erased")
            self.unsaid(vendor.get("/audit"), "erased.invalid")
            self.said(Client(stack().url).get(link), "This invitation link does not work", status=404)

    def test_before_the_time_and_for_what_was_accepted_or_waits_nothing_is_erased(self):
        vendor, waits, accepted = Vendor(), address("waits"), address("accepted")
        young = [self.ended(vendor, how, 90 - 1 / 24)[0] for how in ("expired", "cancelled", "declined")]
        vendor.invite(waits)
        register(vendor.invite(accepted))
        age(accepted, 400, "ended_at")
        age(accepted, 400, "expires_at")
        sweep()
        for email in (*young, waits, accepted):
            self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE email_canon = '{email}' AND erased_at IS NULL"), 1, email)

    def test_a_request_to_connect_that_nobody_confirmed_goes_with_the_address_that_was_typed(self):
        vendor, buyer = Vendor(), register(Vendor().invite())
        nobody, refused, young, met = address("nobody"), register(Vendor().invite()), address("young"), buyer.email

        def request(target):
            return vendor.client.submit(vendor.get("/link/customer"), "/link/customer", target=target)
        for target in (nobody, refused.email, young, met):
            self.said(request(target), "Request sent.")
        refused.client.submit(refused.get("/home"), "/refuse", button="Refuse")
        buyer.client.submit(buyer.get("/home"), "/confirm", button="Confirm")
        aged = "UPDATE connection_request SET expires_at = UTC_TIMESTAMP(6) - INTERVAL {} DAY WHERE target_canon = '{}'"
        sql(aged.format(1, nobody))
        self.said(request(nobody), "Request sent.")   # asked anew after its end
        for target, days in ((nobody, 91), (refused.email, 91), (young, 89), (met, 400)):
            sql(aged.format(days, target))
        wait(lambda: not number("SELECT COUNT(*) FROM outbox WHERE next_at IS NOT NULL"), "mail")
        self.assertTrue(everywhere(nobody), "the search finds what is there")
        mail = number(f"SELECT outbox_id FROM connection_request WHERE target_canon = '{refused.email}'")
        self.assertEqual(value(f"SELECT recipient FROM outbox WHERE id = {mail}"), refused.email)
        stack().reload()
        wait(lambda: not sql("SELECT 1 FROM connection_request WHERE erase_from <= UTC_TIMESTAMP(6) - INTERVAL 90 DAY"), "sweep")
        self.assertEqual(everywhere(nobody), [])
        self.assertEqual(value(f"SELECT recipient FROM outbox WHERE id = {mail}"), "")
        self.assertEqual(sql(f"SELECT target_canon FROM connection_request WHERE vendor_id = {vendor.id} ORDER BY target_canon"), sorted([(young,), (met,)]))
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'connection_asked'"), 5, "the history keeps events and times")
        self.said(request(nobody), "Request sent.")

    def test_an_address_that_was_erased_can_be_invited_again_and_again(self):
        vendor, email = Vendor(), address()
        for n in (1, 2):
            vendor.invite(email)
            age(email, 91, "expires_at")
            sweep()
            self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id} AND erased_at IS NOT NULL"), n)
        register(vendor.invite(email))
        self.assertEqual(sql(f"SELECT COUNT(*), COUNT(DISTINCT email_canon) FROM invitation WHERE vendor_id = {vendor.id}"), [("3", "2")],
                         "the same address has the same name in its place")

    def test_actions_of_an_old_page_find_nothing(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        page = vendor.invitation(email)
        age(email, 91, "expires_at")
        sweep()
        for button in ("Resend", "Copy link"):
            self.assertEqual(vendor.client.submit(page, button=button).status, 404)
        for words in ("Correct address and resend", "Cancel"):
            self.assertEqual(vendor.client.get(page.link(words)).status, 404)
        self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id} AND erased_at IS NOT NULL AND status = 'pending'"), 1)

    def test_many_are_erased_in_batches_while_mail_goes_out(self):
        vendor = Vendor()
        vendor.invite()
        sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, expires_at) "
            f"SELECT UNHEX(MD5(seq)), i.vendor_id, i.sender_id, 'customer', 'pending', CONCAT('bulk', seq, '@bulk.example'), CONCAT('bulk', seq, '@bulk.example'), "
            f"i.partner_role_id, 'en', 7, i.sent_at, UTC_TIMESTAMP(6) - INTERVAL 200 DAY FROM invitation i JOIN seq_1_to_350 WHERE i.vendor_id = {vendor.id}")
        stack().reload()
        vendor.invite()
        wait(lambda: not number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id} AND email LIKE 'bulk%'"), "end of the batches", 40)
        self.assertEqual(number(f"SELECT COUNT(DISTINCT email) FROM invitation WHERE vendor_id = {vendor.id} AND erased_at IS NOT NULL"), 350, "without a mail: a name of its own")


def unused(person, days):
    """Registered, and last used, so many days ago."""
    then, a = f"UTC_TIMESTAMP(6) - INTERVAL {days} DAY", number(f"SELECT id FROM account WHERE email = '{person.email}'")
    sql(f"UPDATE account SET created_at = {then} WHERE id = {a}; UPDATE audit_event SET at = {then} WHERE account_id = {a}; "
        f"UPDATE session SET created_at = {then}, seen_at = {then} WHERE account_id = {a}")
    return a


class Registrations(Story):
    """Somebody typed an address that may be anybody's."""

    def gone(self, account):
        return sql(f"SELECT COUNT(*) FROM account WHERE id = {account} AND email LIKE 'erased-%@erased.invalid' AND email = email_canon AND first_name = '' AND last_name = '' "
                   "AND password IS NULL AND locked_at IS NOT NULL AND verified_at IS NULL") == [("1",)]

    def sweep(self, *due):
        stack().reload()
        wait(lambda: all(self.gone(a) for a in due), "sweep")

    def test_who_never_proved_the_address_goes_with_the_company_after_the_time_and_can_come_again(self):
        person, link = register_open(first_name=fresh("First"), last_name=fresh("Last"), business_name=fresh("Unproven "))
        names = sql(f"SELECT first_name, last_name FROM account WHERE email = '{person.email}'")[0]
        person.sign_in()
        person.client.submit(person.get("/verify"), "/verify")
        browser = Client(stack().url)
        browser.submit(browser.get("/forgot"), "/forgot", email=person.email)
        wait(lambda: not number("SELECT COUNT(*) FROM outbox WHERE next_at IS NOT NULL"), "mail")
        company = company_id(person)
        account = unused(person, 91)
        sql(f"UPDATE audit_event SET detail = 'words of {person.email}' WHERE account_id = {account} ORDER BY id LIMIT 1; UPDATE outbox SET reply = '250 kept for {person.email}' WHERE recipient = '{person.email}'")
        for words in (person.email, person.business, *names):
            self.assertTrue(everywhere(words), "the search finds what is there")
        events = number(f"SELECT COUNT(*) FROM audit_event WHERE account_id = {account}")
        self.sweep(account)
        for words in (person.email, person.business, *names):
            self.assertEqual(everywhere(words), [], words)
        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE public_id = UNHEX('{company}')"), 0)
        self.assertEqual(sql(f"SELECT event FROM audit_event WHERE account_id = {account} ORDER BY id DESC LIMIT 1"), [("registration_removed",)])
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE account_id = {account}"), events + 1, "the history keeps events and times")
        self.assertEqual(number(f"SELECT COUNT(*) FROM session WHERE account_id = {account}"), 0)
        self.said(person.client.get(link), "This link does not work", status=410)
        again, _ = register_open(person.email)
        self.assertEqual(verify(again.client, link_of(mail_to(person.email, 3, "verify"))).url, "/home")
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{person.email}' AND id <> {account}"), 1)

    def test_an_invitation_to_that_address_is_its_vendors_and_stays(self):
        person, _ = register_open()
        vendor = Vendor()
        link = vendor.invite(person.email)
        account = unused(person, 91)
        self.sweep(account)
        self.said(vendor.invitation(person.email), "Pending")
        self.assertEqual(number(f"SELECT COUNT(*) FROM outbox WHERE recipient = '{person.email}'"), 1, "the mail that invited")
        register(link)
        self.said(vendor.get("/customers"), person.email)

    def test_before_the_time_after_any_use_and_for_who_has_anything_to_do_with_somebody_nothing_is_erased(self):
        kept = {}
        for why in ("young", "signed in", "seen", "proven", "of a vendor too", "locked", "with a colleague", "connected", "asked by a vendor",
                    "asked to let somebody in", "with a place of delivery", "with a company that became part of it"):
            person, link = register_open()
            if why == "proven":
                verify(person.client, link)
            if why == "seen":
                person.sign_in()
            kept[why] = (person, unused(person, 89 if why == "young" else 91))
        ids = {why: a for why, (_, a) in kept.items()}
        companies = {why: number(f"SELECT company_id FROM member WHERE account_id = {a}") for why, a in ids.items()}
        browser = Client(stack().url)
        browser.submit(browser.get("/sign-in"), "/sign-in", email=kept["signed in"][0].email, password=PASSWORD)
        sql(f"DELETE FROM session WHERE account_id = {ids['signed in']}; "
            f"UPDATE session SET seen_at = UTC_TIMESTAMP(6) - INTERVAL 89 DAY WHERE account_id = {ids['seen']}; "
            f"INSERT INTO member SELECT {companies['with a colleague']}, {ids['proven']}, 'member', UTC_TIMESTAMP(6)")
        self.assertEqual(stack().command("account", "lock", "--email", kept["locked"][0].email).returncode, 0)
        vendor = Vendor()
        role = f"(SELECT MIN(id) FROM partner_role WHERE vendor_id = {vendor.id})"
        sql(f"INSERT INTO relationship (vendor_id, partner_id, kind, partner_role_id, state, since) VALUES ({vendor.id}, {companies['connected']}, 'customer', {role}, 'disconnected', UTC_TIMESTAMP(6)); "
            f"INSERT INTO member SELECT {vendor.id}, {ids['of a vendor too']}, 'auditor', UTC_TIMESTAMP(6)")
        sql(f"INSERT INTO admission_request (public_id, company_id, account_id, status, created_at) VALUES (RANDOM_BYTES(16), {companies['asked to let somebody in']}, {ids['proven']}, "
            f"'declined', UTC_TIMESTAMP(6)); INSERT INTO delivery_location (public_id, company_id, name, street, city, created_at) VALUES (RANDOM_BYTES(16), "
            f"{companies['with a place of delivery']}, 'x', 'x', 'x', UTC_TIMESTAMP(6)); INSERT INTO company (public_id, kind, name, merged_into, created_at) VALUES (RANDOM_BYTES(16), "
            f"'customer', 'x', {companies['with a company that became part of it']}, UTC_TIMESTAMP(6))")
        self.said(vendor.client.submit(vendor.get("/link/customer"), "/link/customer", target=company_id(kept["asked by a vendor"][0])), "Request sent.")
        due, _ = register_open()
        self.sweep(unused(due, 91))
        self.assertEqual({why: value(f"SELECT email FROM account WHERE id = {a}") for why, a in ids.items()}, {why: person.email for why, (person, _) in kept.items()})
        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE id IN ({','.join(map(str, companies.values()))})"), len(companies))

    def test_who_pressed_accept_stays_as_long_as_that_invitation_waits(self):
        vendor = Vendor()
        waits, link = accept_copied(vendor)
        over, _ = accept_copied(vendor)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{over.email}'")
        account = unused(waits, 91)
        self.sweep(unused(over, 91))
        self.said(verify(waits.client, link), f"You’re connected with {vendor.name}.")
        self.assertFalse(self.gone(account))


if __name__ == "__main__":
    unittest.main()
