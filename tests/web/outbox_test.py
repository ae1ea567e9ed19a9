"""What lies in the database and in the logs: no secret, no readable mail, nothing longer than needed."""
import base64
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, TABLES, Client, Story, Vendor, address, customer, fresh, link_of, machine, mail_to, number,  # noqa: E402
                    register, sql, stack, value, wait)

setUpModule, tearDownModule = machine()


def dump():
    """Every row of every table, binary columns too, as the octets that lie in the database."""
    text = ""
    for table in (*TABLES, "session"):
        columns = sql(f"SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'invited' AND TABLE_NAME = '{table}'")
        for row in sql(f"SELECT CONCAT_WS('|', {', '.join(f'HEX({c[0]})' for c in columns)}) FROM {table}"):
            text += row[0].replace("|", "") + "\n"
    return text


def stored(octets, text=None):
    """Whether these octets lie somewhere in the database."""
    octets = octets.encode() if isinstance(octets, str) else octets
    return octets.hex().upper() in (text if text is not None else dump())


class Sealed(Story):
    """The mail server is away, so that the outbox holds its mails."""

    @classmethod
    def setUpClass(cls):
        cls.vendor, cls.buyer = Vendor(), address("sealed")
        cls.typed = {"first_name": fresh("Firstname"), "last_name": fresh("Lastname"), "message": fresh("A very private message ")}
        stack().stop_mailbox()
        try:
            cls.vendor.send(cls.buyer, **cls.typed)
            client = Client(stack().url)
            client.submit(client.get("/forgot"), "/forgot", email=cls.vendor.email)
            cls.waiting = wait(lambda: sql("SELECT LOWER(HEX(sealed)), state, recipient FROM outbox WHERE sealed IS NOT NULL"), "waiting mail")
            cls.whole = dump()
        finally:
            stack().start_mailbox()
        cls.mail = mail_to(cls.buyer)
        cls.link = link_of(cls.mail)
        cls.reset = link_of(mail_to(cls.vendor.email))

    def test_nothing_of_a_waiting_mail_can_be_read_in_the_outbox(self):
        self.assertEqual(len(self.waiting), 2)
        secrets = [self.link.rpartition("/")[2], self.reset.rpartition("/")[2]]
        for sealed, _, recipient in self.waiting:
            octets = bytes.fromhex(sealed)
            self.assertGreater(len(octets), 1000)
            for words in (*secrets, self.buyer, self.vendor.email, *self.typed.values(), "Subject:", "http://", "/i/", self.vendor.name, recipient):
                self.assertNotIn(words.encode(), octets)

    def test_the_same_mail_twice_is_sealed_differently(self):
        self.assertNotEqual(self.waiting[0][0][:96], self.waiting[1][0][:96])

    def test_the_secret_of_a_link_lies_nowhere_in_the_database(self):
        for link in (self.link, self.reset):
            secret = link.rpartition("/")[2]
            self.assertFalse(stored(secret, self.whole))
            self.assertFalse(stored(secret[:20], self.whole))
            self.assertFalse(stored(base64.urlsafe_b64decode(secret + "="), self.whole), "nor its octets")
        self.assertTrue(stored(self.buyer, self.whole), "the search itself finds what is there")

    def test_the_sealed_mail_is_erased_when_the_mail_server_has_it(self):
        for email in (self.buyer, self.vendor.email):
            wait(lambda e=email: sql(f"SELECT 1 FROM outbox WHERE recipient = '{e}' AND state = 'sent'"), "record of the hand-over")
            self.assertEqual(sql(f"SELECT DISTINCT sealed, next_at FROM outbox WHERE recipient = '{email}' AND state = 'sent'"), [(None, None)])

    def test_the_mail_that_waited_is_complete(self):
        self.assertIn(self.typed["message"], self.mail["text"])
        register(self.link)


class HandOver(Story):
    def test_no_content_is_left_of_mails_that_were_handed_over_withdrawn_or_led_nowhere(self):
        vendor, cancelled = Vendor(), address()
        register(vendor.invite())
        mail_to(vendor.email)
        stack().stop_mailbox()
        try:
            vendor.send(cancelled)
            vendor.cancel(cancelled)
            client = Client(stack().url)
            client.submit(client.get("/forgot"), "/forgot", email=address("nobody"))
        finally:
            stack().start_mailbox()
        wait(lambda: not sql("SELECT 1 FROM outbox WHERE state IN ('queued', 'deferred')"), "empty queue")
        self.assertEqual(sql("SELECT COUNT(*) FROM outbox WHERE sealed IS NOT NULL OR next_at IS NOT NULL"), [("0",)])
        self.assertEqual(sql(f"SELECT state FROM outbox WHERE recipient = '{cancelled}'"), [("withdrawn",)])

    def test_a_withdrawn_mail_never_arrives(self):
        vendor, buyer, control = Vendor(), address(), address()
        stack().stop_mailbox()
        try:
            vendor.send(buyer)
            vendor.send(control)
            vendor.cancel(buyer)
        finally:
            stack().start_mailbox()
        mail_to(control)
        self.assertFalse([m for m in stack().mails() if buyer.encode() in m])

    def test_resending_withdraws_the_mail_that_waits_so_that_only_one_arrives(self):
        vendor, buyer = Vendor(), address()
        stack().stop_mailbox()
        try:
            vendor.send(buyer)
            vendor.client.submit(vendor.invitation(buyer), button="Resend")
        finally:
            stack().start_mailbox()
        register(link_of(mail_to(buyer)))
        self.assertEqual(sql(f"SELECT state FROM outbox WHERE recipient = '{buyer}' AND invitation_id IS NOT NULL ORDER BY id"), [("withdrawn",), ("sent",)])

    def test_the_history_names_the_mail_servers_answer(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        wait(lambda: sql(f"SELECT 1 FROM outbox WHERE recipient = '{buyer}' AND state = 'sent'"), "record of the hand-over")
        self.assertEqual(value(f"SELECT reply FROM outbox WHERE recipient = '{buyer}'"), "250 2.0.0 Kept")
        self.said(vendor.invitation(buyer), "Handed to the mail server: 250 2.0.0 Kept")


class AtRest(Story):
    def test_tokens_sessions_and_passwords_are_stored_as_hashes_only(self):
        buyer, vendor = customer(password="violet anchors under snow")
        whole = dump()
        for secret in (buyer.client.cookies["session"], vendor.client.cookies["session"], "violet anchors under snow", PASSWORD):
            self.assertFalse(stored(secret, whole))
        for (password,) in sql("SELECT password FROM account WHERE password IS NOT NULL"):
            self.assertTrue(password.startswith("$argon2id$v=19$m=19456,t=2,p=1$"), password)
        self.assertEqual(number("SELECT COUNT(*) FROM token WHERE LENGTH(hash) <> 32"), 0)

    def test_cookies_are_for_the_server_alone_and_of_this_site(self):
        client = Client(stack().url)
        page = client.raw("GET", "/sign-in")
        for cookie in page.headers.get_all("Set-Cookie"):
            for word in ("; Path=/", "; HttpOnly", "; SameSite=Lax"):
                self.assertIn(word, cookie)

    def test_the_log_of_the_program_names_no_address_password_or_secret(self):
        vendor, buyer = Vendor(), address("logged")
        link = vendor.invite(buyer, message=fresh("Logged message "))
        person = register(link)
        words = stack().program_words()
        self.assertIn("POST link_register 303", words, "the log tells what happened by the route's name")
        for secret in (buyer, vendor.email, PASSWORD, person.business, "Logged message", link.rpartition("/")[2], person.client.cookies["session"]):
            self.assertNotIn(secret, words)

    def test_the_log_of_nginx_names_no_link(self):
        link = Vendor().invite()
        Client(stack().url).get(link)
        Client(stack().url).get("/industry?q=searched.address")
        lines = stack().access_log.read_text(encoding="utf-8")
        self.assertNotIn("searched.address", lines)
        self.assertFalse(re.findall(r"/(?:i|reset|verify)/\S+", lines))
        self.assertIn(' GET "/industry" ', lines)


if __name__ == "__main__":
    unittest.main()
