"""Addresses of invitations that nobody accepted do not stay for ever; everything else of them does."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, address, decline, fresh, keyed, machine, number, register, sql, stack, value, wait  # noqa: E402

setUpModule, tearDownModule = machine(retention_days=90)
ADDRESS = 5   # fcgi/secret.h, SECRET_ADDRESS


def sweep():
    """The mailer looks when it starts; afterwards every ten minutes."""
    stack().reload()
    wait(lambda: not sql("SELECT 1 FROM invitation WHERE erase_from <= UTC_TIMESTAMP(6) - INTERVAL 90 DAY"), "sweep")


def age(email, days, column):
    sql(f"UPDATE invitation SET {column} = UTC_TIMESTAMP(6) - INTERVAL {days} DAY WHERE email_canon = '{email}'")


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
            email, link, words = self.ended(vendor, how, 91)
            sql(f"UPDATE audit_event e JOIN invitation i ON i.id = e.invitation_id SET e.detail = '550 <{email}> has no mailbox' "
                f"WHERE i.email_canon = '{email}' AND e.event = 'mail_sent'")
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
        young = [self.ended(vendor, how, 89)[0] for how in ("expired", "cancelled", "declined")]
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
        stack().reload()
        wait(lambda: not sql("SELECT 1 FROM connection_request WHERE erase_from <= UTC_TIMESTAMP(6) - INTERVAL 90 DAY"), "sweep")
        self.assertEqual(everywhere(nobody), [])
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


if __name__ == "__main__":
    unittest.main()
