"""Mails that a recipient, or whoever says so, asks for: three a day to an address, and the answer does not tell when there were more."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Story, Vendor, address, customer, link_of, machine, mail_to, mails, number, register_open, sql, stack, wait)  # noqa: E402

MOST = 3
setUpModule, tearDownModule = machine(open_registration=True, address_mails_day=MOST)


def rest():
    wait(lambda: not sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), "rest of the mailer")


def tomorrow():
    """The day is over."""
    sql("DELETE FROM recipient_count")


class Account(Story):
    def forgotten(self, email):
        client = Client(stack().url)
        page = client.submit(client.get("/forgot"), "/forgot", email=email)
        self.said(page, f"Check your email. If {email} has an account")
        return re.sub(r'value="[^"]*"', "", page.body.replace(email, "X"))

    def resets(self, email):
        rest()
        return mails(email, "reset")

    def test_a_verification_is_mailed_so_many_times_a_day_with_the_same_answer(self):
        person, _ = register_open()
        page = person.client.submit(person.client.get("/sign-in"), "/sign-in", email=person.email, password=PASSWORD)
        answers = []
        for n in range(MOST + 1):
            self.said(person.client.submit(page, button="Send the email again"), "Check your email.", person.email)
            answers.append(number("SELECT COUNT(*) FROM outbox"))
        self.assertEqual([b - a for a, b in zip(answers, answers[1:])], [1] * MOST, "a mail is built each time")
        rest()
        self.assertEqual(len(mails(person.email, "verify")), MOST)
        again = Client(stack().url)   # registering again is one more that is asked for
        self.assertEqual(again.submit(again.get("/register"), "/register", kind="customer", email=person.email, first_name="A", last_name="B", business_name="C",
                                      password=PASSWORD).url, "/verify")
        rest()
        self.assertEqual(len(mails(person.email)), MOST)
        tomorrow()
        person.client.submit(person.get("/verify"), button="Send the email again")
        page = person.get(link_of(mail_to(person.email, MOST + 1, "verify")))
        self.assertEqual(person.client.submit(page, button="Verify address").url, "/home")

    def test_a_reset_is_mailed_so_many_times_a_day_with_the_same_answer_and_nobody_is_kept_out(self):
        person, _ = customer()
        nobody = address()
        seen = [(self.forgotten(person.email), self.forgotten(nobody)) for _ in range(MOST + 2)]
        self.assertEqual({a for a, _ in seen}, {b for _, b in seen} & {seen[0][0]}, "the answer is one and the same")
        self.assertEqual((len(self.resets(person.email)), self.resets(nobody)), (MOST, []))
        sql("UPDATE token SET expires_at = UTC_TIMESTAMP(6) WHERE purpose = 'password'")   # an hour later none of the links works
        self.forgotten(person.email)
        self.assertEqual(len(self.resets(person.email)), MOST + 1, "one more, when the mailbox has none that works")
        self.forgotten(person.email)
        self.assertEqual(len(self.resets(person.email)), MOST + 1)
        page = person.get(link_of(mail_to(person.email, MOST + 1, "reset")))
        self.said(person.client.submit(page, button="Change password", password="violet anchors under snow"), "Password changed.")
        tomorrow()
        self.forgotten(person.email)
        self.assertEqual(len(self.resets(person.email)), MOST + 2)

    def test_resets_and_invitations_do_not_stop_one_another(self):
        person, _ = customer()
        tomorrow()
        for _ in range(MOST + 1):
            self.forgotten(person.email)
        for _ in range(MOST):
            Vendor().invite(person.email)
        self.said(Vendor().send(person.email), "has received as many invitations as one address may get in a day", status=429)
        other, _ = customer()
        tomorrow()
        for _ in range(MOST):
            Vendor().invite(other.email)
        self.forgotten(other.email)
        mail_to(other.email, kind="reset")


class Invitee(Story):
    def test_an_invitation_that_is_asked_for_counts_with_those_that_vendors_send(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        old = vendor.invite(buyer)
        vendor.resend(buyer)
        answers = [client.submit(client.get(old), button="Send it again to that address").text]
        mail_to(buyer, MOST, "i")
        self.said(Vendor().send(buyer), f"{buyer} has received as many invitations as one address may get in a day.", status=429)
        sql("UPDATE invitation SET asked_at = NULL")   # a day later, as far as this invitation is concerned
        before = sql(f"SELECT * FROM invitation WHERE email = '{buyer}'")
        answers.append(client.submit(client.get(old), button="Send it again to that address").text)
        self.assertEqual(answers[0], answers[1], "the answer does not tell")
        self.assertIn("Check your email.", answers[0])
        rest()
        self.assertEqual(len(mails(buyer)), MOST)
        self.assertEqual(sql(f"SELECT * FROM invitation WHERE email = '{buyer}'"), before, "nothing is remembered of it")
        tomorrow()
        client.submit(client.get(old), button="Send it again to that address")
        mail_to(buyer, MOST + 1, "i")


if __name__ == "__main__":
    unittest.main()
