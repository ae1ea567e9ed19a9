"""A link that a member copied: who may, what it shows and to whom, and that it does not prove the mailbox."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import portal  # noqa: E402
from portal import (Client, Story, Vendor, address, customer, everything, link_of, machine, mail_to, mails, number, register, sql,  # noqa: E402
                    stack)

setUpModule, tearDownModule = machine()

DEAD = "This invitation link does not work"


def copy(vendor, email):
    """Press Copy link on the invitation's page: the page that follows, and the link's path."""
    page = vendor.client.submit(vendor.invitation(email), button="Copy link")
    found = re.search(r'value="[^"]*(/i/([\w-]{43}))"', page.body)
    assert found, page.text
    portal._secrets.add(found[2])   # must stand in no log either
    return page, found[1]


class Copying(Story):
    def test_the_link_is_shown_once_with_what_it_means_and_the_mailed_one_stays_good(self):
        vendor, buyer = Vendor(), address()
        mailed = vendor.invite(buyer)
        page, link = copy(vendor, buyer)
        self.assertEqual(page.h1, "Copy the link")
        self.said(page, f"For {buyer}", "It is shown only now.", f"give it to {buyer} only.", "It does not prove the mailbox")
        self.assertIn(f'value="{stack().url}{link[1:]}"' if stack().url.endswith("/") else f'value="{stack().url}{link}"', page.body)
        self.assertIn("readonly", page.body)
        self.assertEqual((page.headers["Cache-Control"], vendor.client.cookies.keys() & {"copied", "__Host-copied"}), ("no-store", set()))
        again = vendor.get(page.url)
        self.said(again, "The link is shown only once", "You can make another one.")
        self.assertNotIn(link, again.body)
        self.said(vendor.invitation(buyer), f"Link copied by {vendor.email}")
        self.assertNotIn(link, vendor.invitation(buyer).body)
        self.said(look(mailed), "Create an account")
        self.assertTrue(len(mails(buyer)) == 1)

    def test_reloading_makes_no_other_link_and_what_is_stored_cannot_be_turned_into_one(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        page, link = copy(vendor, buyer)
        for _ in range(3):
            vendor.get(page.url)
        self.assertEqual(number(f"SELECT COUNT(*) FROM token t JOIN invitation i ON i.id = t.invitation_id WHERE i.email = '{buyer}' AND t.copied"), 1)
        self.assertNotIn(link.split("/")[2], str(everything()))

    def test_owners_and_admins_copy_links_from_the_list_too_inviters_and_auditors_do_not(self):
        vendor, buyer, mine = Vendor(), address(), address()
        vendor.invite(buyer)
        admin, inviter = vendor.member("admin"), vendor.member("inviter")
        self.assertEqual(admin.client.submit(admin.get("/industry"), button="Copy link").h1, "Copy the link")
        vendor.invite(mine, by=inviter)
        page = inviter.get("/industry")
        self.unsaid(page, "Copy link")
        where = page.link(mine)
        self.unsaid(inviter.get(where), "Copy link")
        csrf = page.forms[0].fields["csrf"]
        self.assertEqual((inviter.client.post(where + "/link", {"csrf": csrf}).status, inviter.get(where + "/link").status), (403, 403))

    def test_only_of_an_invitation_that_waits(self):
        vendor, late, gone = Vendor(), address(), address()
        vendor.invite(late)
        vendor.invite(gone)
        page = vendor.invitation(late)
        csrf, urls = page.forms[0].fields["csrf"], [vendor.invitation(e).url for e in (late, gone)]
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{late}'")
        vendor.cancel(gone)
        for url in urls:
            self.said(vendor.client.post(url + "/link", {"csrf": csrf}), "Nothing was changed.")
            self.unsaid(vendor.get(url), "Copy link")
        self.assertEqual(number(f"SELECT COUNT(*) FROM token t JOIN invitation i ON i.id = t.invitation_id WHERE i.vendor_id = {vendor.id} AND t.copied"), 0)

    def test_the_page_shows_no_secret_that_somebody_else_put_into_the_browser(self):
        vendor, buyer, other = Vendor(), address(), Vendor()
        vendor.invite(buyer)
        strange = other.invite().split("/")[2]
        where = vendor.invitation(buyer).url + "/link"
        for secret in (strange, "A" * 43, "x"):
            for name in ("copied", "__Host-copied"):
                vendor.client.cookies[name] = secret
            self.assertNotIn("/i/" + secret, vendor.get(where).body)


class Following(Story):
    def test_a_new_person_is_sent_to_the_mailbox_before_anything_is_connected(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        vendor.invite(buyer)
        _, link = copy(vendor, buyer)
        page = look(link, client)
        self.said(page, f"{vendor.name} invited you to be a customer", f"We’ll email {buyer} a link to verify the address.")
        self.unsaid(page, "Never invite me again")
        self.assertEqual(Client(stack().url).get(link + "/never").url, link, "not by typing its address either")
        page = client.submit(page, "/register", first_name="Jo", last_name="B", business_name="Acme", password="violet anchors under snow")
        self.assertEqual(page.url, "/verify")
        self.assertEqual(sql(f"SELECT verified_at IS NULL FROM account WHERE email = '{buyer}'"), [("1",)])
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), 0)
        self.assertEqual(sql(f"SELECT status FROM invitation WHERE email = '{buyer}'"), [("pending",)])

    def test_who_would_rather_has_the_invitation_mailed_once_more_and_the_mailed_one_stays_good(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        mailed = vendor.invite(buyer)
        _, link = copy(vendor, buyer)
        for _ in range(2):
            page = client.submit(look(link, client), button="Email me the invitation instead")
            self.said(page, "Check your email.", "at most once a day")
        again = link_of(mail_to(buyer, 2))
        everything()
        self.assertEqual(len(mails(buyer)), 2)
        self.said(look(mailed), "Create an account")
        register(again)

    def test_a_mail_that_still_waits_gives_way_to_the_one_that_was_asked_for(self):
        vendor, buyer, client = Vendor(), address(), Client(stack().url)
        stack().stop_mailbox()
        try:
            vendor.send(buyer)
            _, link = copy(vendor, buyer)
            client.submit(look(link, client), button="Email me the invitation instead")
        finally:
            stack().start_mailbox()
        again = mail_to(buyer)
        everything()
        self.assertEqual(len(mails(buyer)), 1)
        register(link_of(again))

    def test_who_has_a_proven_account_with_that_address_signs_in_and_accepts(self):
        (buyer, _), vendor = customer(), Vendor()
        vendor.invite(buyer.email)
        _, link = copy(vendor, buyer.email)
        client = Client(stack().url)
        page = client.submit(look(link, client), "/sign-in", password=buyer.password)
        self.assertEqual(page.url, link)
        self.said(client.submit(page, "/accept"), f"You’re connected with {vendor.name}.")

    def test_an_account_whose_address_is_not_proven_does_not_accept_by_it(self):
        (buyer, _), vendor = customer(), Vendor()
        vendor.invite(buyer.email)
        _, link = copy(vendor, buyer.email)
        opened = look(link, buyer.client)
        sql(f"UPDATE account SET verified_at = NULL WHERE email = '{buyer.email}'")
        page = buyer.client.submit(opened, "/accept")
        self.assertEqual(page.url, "/verify")
        self.assertEqual(sql(f"SELECT status FROM invitation WHERE email = '{buyer.email}' ORDER BY id DESC LIMIT 1"), [("pending",)])
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {vendor.id}"), 0)

    def test_it_ends_with_the_others_when_the_invitation_is_sent_again_corrected_or_cancelled(self):
        vendor, buyer, right = Vendor(), address(), address("right")
        vendor.invite(buyer)
        _, first = copy(vendor, buyer)
        vendor.resend(buyer)
        self.assertEqual(look(first).h1, "A newer invitation was sent to you")
        _, second = copy(vendor, buyer)
        vendor.client.submit(vendor.get(vendor.invitation(buyer).link("Correct address and resend")), "/address", email=right)
        self.said(look(second), DEAD, status=404)
        _, third = copy(vendor, right)
        vendor.cancel(right)
        self.said(look(third), DEAD, status=404)

    def test_looking_at_it_changes_nothing(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        _, link = copy(vendor, buyer)
        before = everything()
        look(link)
        Client(stack().url).raw("HEAD", link)
        self.assertEqual(everything(), before)


def look(link, client=None):
    return (client or Client(stack().url)).get(link)


if __name__ == "__main__":
    unittest.main()
