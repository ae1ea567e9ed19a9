"""The reminder: once, two days before the link ends, where the vendor wants it and as long as it says what is true."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Story, Vendor, address, decline, link_of, machine, mail_to, mails, number, register, sql, stack, value, wait)  # noqa: E402

setUpModule, tearDownModule = machine()


def waiting(email):
    """The states of the reminders for an address, oldest first."""
    return [row[0] for row in sql(f"SELECT o.state FROM outbox o JOIN invitation i ON i.id = o.invitation_id WHERE o.remind_at IS NOT NULL AND i.email = '{email}' ORDER BY o.id")]


def its_day_comes(email):
    """Two days before the link ends, as far as this invitation goes; after the mailer has looked."""
    sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 2 DAY WHERE email = '{email}'")
    sql(f"UPDATE outbox o JOIN invitation i ON i.id = o.invitation_id SET o.next_at = UTC_TIMESTAMP(6), o.remind_at = UTC_TIMESTAMP(6) "
        f"WHERE i.email = '{email}' AND o.remind_at IS NOT NULL AND o.next_at IS NOT NULL")
    wait(lambda: not sql(f"SELECT 1 FROM outbox o JOIN invitation i ON i.id = o.invitation_id WHERE i.email = '{email}' AND o.next_at IS NOT NULL"), "look of the mailer")


def reminders(email):
    return [m for m in mails(email) if "your invitation ends on" in m["subject"]]


class Reminders(Story):
    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()
        cls.vendor.client.submit(cls.vendor.get("/settings"), "/settings", remind="yes")

    def test_it_is_off_until_the_vendor_wants_it(self):
        vendor, buyer = Vendor(), address()
        page = vendor.get("/settings")
        self.assertIn("Remind invitees two days before the link ends", page.text)
        self.assertNotIn("remind", page.form("/settings").fields)
        vendor.invite(buyer)
        self.assertEqual(waiting(buyer), [])
        page = vendor.client.submit(page, "/settings", remind="yes")
        self.said(page, "Settings saved.")
        self.assertEqual(page.form("/settings").fields["remind"], "yes")
        self.assertEqual(value(f"SELECT detail FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'settings_changed'"), "reminders")
        self.assertEqual(waiting(buyer), [], "what was sent before stays as it was")
        vendor.resend(buyer)
        self.assertEqual(waiting(buyer), ["queued"])
        self.assertEqual(vendor.client.post("/settings", page.form("/settings").fields | {"remind": "no"}).status, 422)

    def test_it_leaves_two_days_before_the_end_with_the_same_link_and_the_history_says_so(self):
        buyer = address()
        link = self.vendor.invite(buyer, message="See you on Monday")
        self.assertEqual(sql(f"SELECT o.remind_at = i.expires_at - INTERVAL 2 DAY, o.next_at = o.remind_at, o.give_up_at = i.expires_at, o.state FROM outbox o "
                             f"JOIN invitation i ON i.id = o.invitation_id WHERE i.email = '{buyer}' AND o.remind_at IS NOT NULL"), [("1", "1", "1", "queued")])
        its_day_comes(buyer)
        mail = wait(lambda: reminders(buyer), "reminder")[0]
        self.assertRegex(mail["subject"], rf"^{self.vendor.name}: your invitation ends on \d+ \w+ 20\d\d$")
        self.assertEqual(link_of(mail), link)
        text = " ".join(mail["text"].split())
        for sentence in (f"{self.vendor.name} invited you to be a customer, and has no answer yet. This is the only reminder.", "See you on Monday",
                         "Nothing happens unless you accept.", "Never invite me again"):
            self.assertIn(sentence, text)
        self.assertEqual(mail["headers"]["Reply-To"], self.vendor.email)
        wait(lambda: waiting(buyer) == ["sent"], "record of the hand-over")
        self.said(self.vendor.invitation(buyer), "Reminder sent:")
        self.assertIn("Reminder sent", self.vendor.get("/audit?topic=mail").text)
        register(link)
        self.assertEqual(len(reminders(buyer)), 1)

    def test_only_a_link_that_works_for_three_days_or_more_has_one(self):
        for days, states in (("1", []), ("2", []), ("3", ["queued"]), ("30", ["queued"])):
            buyer = address()
            self.vendor.invite(buyer, expires_days=days)
            self.assertEqual(waiting(buyer), states, days)

    def test_an_answer_a_cancellation_or_never_again_is_its_end(self):
        emails = {what: address(what) for what in ("accepted", "declined", "cancelled", "never")}
        links = {what: self.vendor.invite(email) for what, email in emails.items()}
        client = Client(stack().url)
        register(links["accepted"])
        decline(client, client.get(links["declined"]))
        self.vendor.cancel(emails["cancelled"])
        page = client.get(client.get(links["never"]).link("Never invite me again"))
        client.submit(page, page.url)
        self.assertEqual({what: waiting(email) for what, email in emails.items()},
                         {"accepted": ["withdrawn"], "declined": ["withdrawn"], "cancelled": ["withdrawn"], "never": ["suppressed"]})
        self.said(self.vendor.invitation(emails["never"]), "Reminder not sent: this person wants no invitations")
        for email in emails.values():
            its_day_comes(email)
            self.assertEqual(reminders(email), [])

    def test_a_resent_or_corrected_invitation_reminds_of_the_new_link_alone(self):
        buyer, right = address(), address()
        self.vendor.invite(buyer)
        link = self.vendor.resend(buyer)
        self.assertEqual(waiting(buyer), ["withdrawn", "queued"])
        its_day_comes(buyer)
        self.assertEqual([link_of(m) for m in wait(lambda: reminders(buyer), "reminder")], [link])
        wrong = address("wrong")
        self.vendor.invite(wrong)
        page = self.vendor.client.get(self.vendor.invitation(wrong).link("Correct address and resend"))
        self.vendor.client.submit(page, page.form(button="Correct address and resend").action, email=right)
        its_day_comes(right)
        self.assertEqual(len(wait(lambda: reminders(right), "reminder")), 1)
        self.assertEqual(reminders(wrong), [])
        register(link_of(reminders(right)[0]))

    def test_a_changed_invitation_is_reminded_of_as_it_is_now(self):
        buyer = address()
        link = self.vendor.invite(buyer)
        page = self.vendor.client.get(self.vendor.invitation(buyer).link("Change"))
        self.vendor.client.submit(page, page.form("/change").action, kind="supplier", message="We buy from you")
        self.assertEqual(waiting(buyer), ["withdrawn", "queued"])
        its_day_comes(buyer)
        mail = wait(lambda: reminders(buyer), "reminder")[0]
        self.assertIn("invited you to be a supplier", " ".join(mail["text"].split()))
        self.assertIn("We buy from you", mail["text"])
        self.assertEqual(Client(stack().url).get(link).status, 200, "the first link works too")
        register(link_of(mail))

    def test_who_takes_over_is_who_reminds(self):
        sender, heir, buyer, other = self.vendor.member("inviter"), self.vendor.member("admin"), address(), address()
        self.vendor.invite(buyer, by=sender)
        self.vendor.invite(other, by=sender)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = '{sender.email}'")
        heir.client.submit(heir.client.get(heir.client.get("/industry?q=" + buyer).link(buyer)), button="Take over")
        its_day_comes(buyer)
        self.assertEqual(wait(lambda: reminders(buyer), "reminder")[0]["headers"]["Reply-To"], heir.email)
        its_day_comes(other)
        self.assertEqual((waiting(other), reminders(other)), (["withdrawn"], []), "paused")
        self.said(self.vendor.invitation(other), "Reminder not sent: reminders are off, or the invitation is paused")

    def test_one_that_waits_is_not_sent_when_the_vendor_wants_none_any_more(self):
        vendor, buyer = Vendor(), address()
        vendor.client.submit(vendor.get("/settings"), "/settings", remind="yes")
        vendor.invite(buyer)
        fields = vendor.get("/settings").form("/settings").fields
        del fields["remind"]
        self.said(vendor.client.post("/settings", fields), "Settings saved.")
        its_day_comes(buyer)
        self.assertEqual((waiting(buyer), reminders(buyer)), (["withdrawn"], []))

    def test_one_that_waits_for_its_day_is_no_mail_that_is_late(self):
        wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL AND remind_at IS NULL"), "rest of the mailer")
        self.vendor.invite()
        wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL AND remind_at IS NULL"), "rest of the mailer")
        self.assertGreater(number("SELECT COUNT(*) FROM outbox WHERE next_at IS NOT NULL"), 0)
        self.assertIn("mail: 0 waiting", stack().command("status", check=False).stdout)


if __name__ == "__main__":
    unittest.main()
