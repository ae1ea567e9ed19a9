"""What becomes of an invitation after it was sent: asked for again, declined, changed, corrected, taken over; by real requests."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Story, Vendor, address, customer, everything, link_of, machine, mail_to, mails, number, register, sql,  # noqa: E402
                    stack)

setUpModule, tearDownModule = machine()

DEAD = "This invitation link does not work"


def expire(email):
    sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{email}'")


def look(link, client=None):
    return (client or Client(stack().url)).get(link)


def quiet(email, n):
    """After the mailer has come to rest: still n mails to this address."""
    everything()
    return len(mails(email)) == n


class AskAgain(Story):
    def test_who_comes_too_late_asks_for_a_new_invitation_and_the_inviter_is_told(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        link = vendor.invite(buyer)
        expire(buyer)
        page = client.submit(look(link, client), button="Ask for a new invitation")
        self.assertEqual((page.url, page.h1), (link, "This invitation has expired"))
        self.said(page, f"{vendor.name} has been told. When they send a new invitation, it comes by email.")
        mail = mail_to(vendor.email)
        self.assertEqual(mail["subject"], f"{vendor.name}: a new invitation was asked for")
        self.assertIn(f"invitation to {buyer} asks for a new one, to be a customer of {vendor.name}.", " ".join(mail["text"].split()))
        self.said(vendor.invitation(buyer), "The invitee asked for a new invitation")
        register(vendor.resend(buyer))

    def test_asking_twice_is_answered_alike_and_tells_nobody_again(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        link = vendor.invite(buyer)
        expire(buyer)
        pages = [client.submit(look(link, client), button="Ask for a new invitation") for _ in range(3)]
        self.assertEqual({p.text for p in pages}, {pages[0].text})
        self.assertTrue(quiet(vendor.email, 1))
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = 'invitation_asked'"), 1)
        sql(f"UPDATE invitation SET asked_at = asked_at - INTERVAL 25 HOUR WHERE email = '{buyer}'")
        client.submit(look(link, client), button="Ask for a new invitation")
        mail_to(vendor.email, 2)

    def test_when_the_inviter_may_not_invite_any_more_an_owner_hears_of_it(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        sender = vendor.member("inviter")
        link = vendor.invite(buyer, by=sender)
        expire(buyer)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = '{sender.email}'")
        client.submit(look(link, client), button="Ask for a new invitation")
        mail_to(vendor.email)
        self.assertTrue(quiet(sender.email, 0))

    def test_from_a_superseded_link_the_newest_invitation_is_sent_again_to_the_invited_address_and_both_new_links_work(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        old = vendor.invite(buyer, message="See you soon.")
        newer = vendor.resend(buyer)
        expires = sql(f"SELECT expires_at FROM invitation WHERE email = '{buyer}'")
        for _ in range(2):
            page = client.submit(look(old, client), button="Send it again to that address")
            self.assertEqual((page.url, page.h1), (old, "A newer invitation was sent to you"))
            self.said(page, f"Check your email. The newest invitation from {vendor.name} is sent again to the address that was invited, at most once a day.")
        mail = mail_to(buyer, 3)
        self.assertIn("See you soon.", mail["text"])
        self.assertIn(vendor.email, mail["text"])
        newest = link_of(mail)
        self.assertTrue(quiet(buyer, 3))
        self.assertEqual(sql(f"SELECT expires_at FROM invitation WHERE email = '{buyer}'"), expires, "asking gives no more time")
        self.said(vendor.invitation(buyer), "Sent again to the same address: the invitee asked")
        self.assertEqual(look(newer).h1, look(newest).h1)
        register(newest)
        self.said(look(newer), DEAD, status=404)

    def test_an_older_link_of_an_invitation_that_is_over_says_that_it_has_expired(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        old = vendor.invite(buyer)
        vendor.resend(buyer)
        expire(buyer)
        self.assertEqual(look(old).h1, "This invitation has expired")
        client.submit(look(old, client), button="Ask for a new invitation")
        mail_to(vendor.email)

    def test_nothing_can_be_asked_for_with_a_link_that_works_or_is_dead(self):
        vendor = Vendor()
        emails = {state: address(state) for state in ("good", "cancelled", "accepted", "declined", "paused")}
        links = {state: vendor.invite(email) for state, email in emails.items()}
        client = Client(stack().url)
        csrf = look(links["good"], client).forms[0].fields["csrf"]
        vendor.cancel(emails["cancelled"])
        register(links["accepted"])
        client.submit(look(links["declined"], client), "/decline")
        sql(f"UPDATE invitation SET sender_id = (SELECT MIN(id) FROM account) WHERE email = '{emails['paused']}'")
        before = everything()
        for link in [*links.values(), "/i/" + "A" * 43, "/i/x"]:
            page = client.post(link + "/ask", {"csrf": csrf})
            self.assertEqual(page.text, look(link, client).text)
        self.assertEqual(everything(), before)


class Decline(Story):
    def test_the_sender_is_told_by_mail_that_the_invitee_said_no(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        client.submit(look(vendor.invite(buyer, "supplier"), client), "/decline")
        mail = mail_to(vendor.email)
        self.assertEqual(mail["subject"], f"{vendor.name}: your invitation was declined")
        self.assertIn(f"{buyer} declined the invitation to be a supplier of {vendor.name}.", " ".join(mail["text"].split()))
        self.assertIn("/industry/invitations/", mail["text"])
        self.assertTrue(quiet(vendor.email, 1))

    def test_declining_from_home_tells_the_sender_too_and_only_who_sent_it(self):
        vendor, (buyer, _) = Vendor(), customer()
        sender = vendor.member("inviter")
        vendor.invite(buyer.email, by=sender)
        page = buyer.client.submit(buyer.get("/home"), "/decline")
        self.said(page, f"You declined the invitation from {vendor.name}.")
        self.assertIn(buyer.email, mail_to(sender.email)["text"])
        self.assertTrue(quiet(vendor.email, 0))


if __name__ == "__main__":
    unittest.main()
