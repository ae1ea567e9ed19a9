"""What a person finds behind an invitation's link: every state of handlers/link_rules.c, by real requests."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Story, Vendor, address, customer, decline, everything, fresh, link_of, machine, mail_to,  # noqa: E402
                    register, sql, stack)

setUpModule, tearDownModule = machine()

DEAD = "This invitation link does not work"


def expire(email):
    sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{email}'")


def look(link, client=None):
    return (client or Client(stack().url)).get(link)


def steady(page):
    """A page without what differs from visit to visit."""
    return re.sub(r'name="csrf" value="[^"]*"|nonce="[^"]*"|nonce-[A-Za-z0-9_=-]+', "", page.body)


def steady_headers(page):
    return sorted((k, re.sub(r"=[^;]*", "=", v, count=1) if k == "Set-Cookie" else v) for k, v in page.headers.items()
                  if k not in ("Date", "X-Request-Id"))


class Open(Story):
    def test_every_page_of_an_open_invitation_offers_to_decline_but_to_a_strangers_account(self):
        vendor, buyer, stranger, seller = Vendor(), customer()[0], customer()[0], Vendor()
        inviter = vendor.member("inviter")
        known, new, paused = vendor.invite(buyer.email), vendor.invite(), vendor.invite(by=inviter)
        sql(f"DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{inviter.email}'")
        for link, client, sentence in ((new, None, "Create an account"), (known, None, "Sign in to accept"), (known, buyer.client, "Accept the invitation"),
                                       (vendor.invite(seller.email), seller.client, "Register a customer company for yourself"), (paused, None, "This invitation is paused")):
            page = look(link, client)
            self.said(page, sentence)
            self.said((client or Client(stack().url)).get(page.link("Decline")), "Decline this invitation?")
        for other in (stranger, seller):
            self.assertFalse([href for href, _ in look(known, other.client).links if href.endswith("/decline")])


class NewPerson(Story):
    def test_a_new_person_sees_who_invites_as_what_for_which_address_until_when_and_the_form(self):
        vendor, buyer = Vendor(), address()
        page = look(vendor.invite(buyer))
        self.assertEqual((page.status, page.h1), (200, f"{vendor.name} invited you to be a customer"))
        self.said(page, f"Invited by {vendor.email}, {vendor.name} As Customer For {buyer} Until ", "UTC", "Nothing happens unless you accept.",
                  "Create an account", f"Your account will use {buyer}", "Create account", "Decline", "Need help?")
        form = page.form("/register")
        for name in ("first_name", "last_name", "business_name", "phone", "street", "house_number", "postal_code", "city", "country", "password"):
            self.assertIn(name, form.fields)

    def test_the_invited_address_is_shown_and_not_asked_again_but_kept_for_password_managers(self):
        """Also where who has an account signs in: a field of its own, that nobody sees and nobody can change."""
        vendor, known = Vendor(), customer()[0]
        for buyer in (address(), known.email):
            page = look(vendor.invite(buyer))
            self.said(page, buyer)
            self.assertEqual(re.findall(r'<div hidden>\s*<label for="email">[^<]+</label>\s*(<input [^>]*>)', page.body),
                             [f'<input id="email" name="email" type="email" value="{buyer}" autocomplete="username" readonly>'])
            self.assertEqual(len(re.findall(r'<input[^>]*name="[^"]*mail', page.body)), 1)

    def test_help_is_at_the_same_place_on_every_page_of_an_invitee_before_and_after_joining(self):
        vendor = Vendor()
        link = vendor.invite()
        nobody = Client(stack().url)
        pages = [nobody.get(path) for path in (link, link + "/decline", link + "/join", "/sign-in", "/forgot", "/i/" + "A" * 43, "/register", "/verify/" + "A" * 43)]
        buyer = register(link)
        pages += [buyer.get(path) for path in ("/home", "/company", "/company/edit", "/company/delivery", "/company/members", "/company/leave", "/company/merge", "/account", "/connect", link,
                                               buyer.get("/home").link("Open"), buyer.get("/home").link("Messages"))]
        for page in pages:
            self.assertEqual(len(re.findall(r'<footer class="[a-z ]*"[^>]*>\s*<p>Need help\? Email <a href="mailto:', page.body)), 1, page.url)

    def test_a_registration_with_something_missing_is_shown_again_with_everything_typed_but_the_password(self):
        vendor, buyer = Vendor(), address()
        client = Client(stack().url)
        typed = {"phone": "+49 (0)30 1", "street": "Straße <1>", "house_number": "1a", "postal_code": "10115", "city": "Köln", "country": "DE"}
        before = everything()
        page = client.submit(look(vendor.invite(buyer), client), "/register", password="short", **typed)
        self.said(page, "There is a problem", "Enter your first name", "Enter your last name", "Enter the name of your business",
                  "Enter a password of at least 12 characters", status=422)
        kept = page.form("/register").fields
        self.assertEqual({n: kept[n] for n in typed}, typed)
        self.assertEqual(kept["password"], "")
        after = everything()
        self.assertEqual([after[t] for t in ("account", "company", "relationship", "session")], [before[t] for t in ("account", "company", "relationship", "session")])
        page = client.submit(page, "/register", first_name="Jo", last_name="B", business_name=fresh("Acme "), password="violet anchors under snow")
        self.assertEqual(page.url, "/home")

    def test_the_address_is_the_one_that_was_invited_whatever_the_form_says(self):
        vendor, buyer, other = Vendor(), address(), address("other")
        client = Client(stack().url)
        page = look(vendor.invite(buyer), client)
        client.submit(page, "/register", email=other, first_name="Jo", last_name="B", business_name=fresh("Acme "), password="violet anchors under snow")
        self.assertEqual(sql(f"SELECT email FROM account WHERE email IN ('{buyer}', '{other}')"), [(buyer,)])

    def test_a_password_made_of_the_persons_or_the_vendors_name_is_refused(self):
        vendor = Vendor(name=fresh("Brightwater "))
        client = Client(stack().url)
        page = look(vendor.invite(), client)
        for password in ("Brightwater12", "Wolfeschlegel!"):
            page = client.submit(page, "/register", first_name="Jo", last_name="Wolfeschlegel", business_name="Acme", password=password)
            self.said(page, "Enter a password that is harder to guess", status=422)


class KnownPerson(Story):
    def test_who_has_an_account_signs_in_and_accepts(self):
        buyer, _ = customer()
        second = Vendor()
        link = second.invite(buyer.email)
        client = Client(stack().url)
        page = look(link, client)
        self.said(page, f"You have an account with {buyer.email}. Sign in to accept the invitation.", "Decline")
        page = client.submit(page, "/sign-in", button="Sign in", password="not the password")
        self.said(page, "Enter the right password for this address", status=422)
        page = client.submit(page, "/sign-in", button="Sign in", password=buyer.password)
        self.assertEqual(page.url, link)
        self.said(page, f"You’re signed in as {buyer.email}. Accepting connects {buyer.business} with {second.name}.")
        self.assertEqual(sql(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {second.id}"), [("0",)], "signing in accepts nothing")
        self.said(client.submit(page, "/accept", button="Accept"), f"You’re connected with {second.name}.")
        self.said(second.get("/customers"), buyer.business)

    def test_signing_in_through_the_link_is_for_the_invited_address_only(self):
        buyer, vendor = customer()
        link = Vendor().invite(buyer.email)
        client = Client(stack().url)
        page = client.submit(look(link, client), "/sign-in", email=vendor.email, password=vendor.password + "x")
        self.assertEqual(page.status, 422)


class WrongAccount(Story):
    def test_a_vendors_account_cannot_accept_and_comes_back_after_signing_out(self):
        vendor, guest, buyer = Vendor(), Vendor(), address()
        link = vendor.invite(buyer)
        page = look(link, guest.client)
        self.assertEqual(page.h1, "This invitation is for a customer account")
        self.said(page, f"You’re signed in as {guest.email}, which is a vendor account. Only customer accounts can accept customer invitations.")
        self.unsaid(page, "Register a customer company for yourself")
        forged = guest.client.post(link + "/register", {"csrf": page.forms[0].fields["csrf"], "business_name": "Stolen"})
        self.assertEqual((forged.url, forged.h1), (link, page.h1))
        page = guest.client.submit(page, button="Sign out and continue")
        self.assertEqual((page.url, page.h1), (link, f"{vendor.name} invited you to be a customer"))
        self.said(page, "Create an account")
        self.assertEqual(guest.get("/industry").path, "/sign-in")

    def test_a_customer_cannot_accept_for_a_supplier_and_the_other_way_round(self):
        buyer, _ = customer()
        seller, _ = customer("supplier")
        page = look(Vendor().invite(kind="supplier"), buyer.client)
        self.assertEqual(page.h1, "This invitation is for a supplier account")
        self.said(page, f"You’re signed in as {buyer.email}, which is a customer account. Only supplier accounts can accept supplier invitations.")
        page = look(Vendor().invite(), seller.client)
        self.said(page, f"You’re signed in as {seller.email}, which is a supplier account. Only customer accounts can accept customer invitations.")

    def test_a_vendor_whose_own_address_is_invited_registers_a_customer_company_for_it(self):
        vendor, guest, business = Vendor(), Vendor(), fresh("Own ")
        page = look(vendor.invite(guest.email), guest.client)
        self.assertEqual(page.h1, "This invitation is for a customer account")
        self.said(page, "Register a customer company for yourself", f"{vendor.name} invited this address of yours.")
        wrong = guest.client.submit(page, "/register", business_name="")
        self.said(wrong, "Enter the name of your business", status=422)
        self.assertEqual(guest.client.submit(wrong, "/register", business_name=business).status, 200)
        self.said(vendor.get("/customers"), business, guest.email)
        self.said(guest.get("/home"), vendor.name)
        self.assertEqual(sql(f"SELECT kind FROM company WHERE name = '{business}'"), [("customer",)])
        switcher = guest.get("/home").form("/company")   # at home in the new company, the vendor's place a switch away
        mine = next(v for v in switcher.choices["company"] if v != switcher.fields["company"])
        self.assertEqual(guest.client.submit(guest.get("/home"), "/company", company=mine).h1, "Invitations")

    def test_who_is_signed_in_with_another_address_is_told_both_and_nothing_is_automatic(self):
        buyer, _ = customer()
        vendor, invited = Vendor(), address("invited")
        link = vendor.invite(invited)
        before = everything()
        page = look(link, buyer.client)
        self.assertEqual(page.h1, "This invitation is for another address")
        self.said(page, f"{vendor.name} sent it to {invited}. You’re signed in as {buyer.email}.", "Sign out and continue")
        csrf = page.forms[0].fields["csrf"]
        for action, fields in (("/accept", {}), ("/register", {"business_name": "Stolen"}), ("/sign-in", {"password": buyer.password})):
            self.assertEqual(buyer.client.post(link + action, {"csrf": csrf} | fields).h1, "This invitation is for another address")
        self.assertEqual(everything(), before)
        self.said(buyer.client.submit(page, button="Sign out and continue"), f"Your account will use {invited}")


class DeadLinks(Story):
    def test_used_cancelled_unknown_malformed_and_foreign_links_lead_to_one_and_the_same_page(self):
        vendor, cancelled, used, reset = Vendor(), address(), address(), address("reset")
        cancelled_link, used_link = vendor.invite(cancelled), vendor.invite(used)
        vendor.cancel(cancelled)
        register(used_link)
        client = Client(stack().url)
        Vendor(email=reset)
        client.submit(client.get("/forgot"), "/forgot", email=reset)
        foreign = link_of(mail_to(reset)).replace("/reset/", "/i/")
        fresh_link = vendor.invite()
        links = [cancelled_link, used_link, foreign, "/i/" + "A" * 43, "/i/x", "/i/" + "A" * 44, fresh_link[:-1], fresh_link + "=", fresh_link.swapcase(),
                 "/i/%C3%A9", "/i/" + "A" * 42 + "%2B"]
        pages = [look(link.replace("/I/", "/i/")) for link in links]
        for link, page in zip(links, pages):
            self.said(page, DEAD, "It may have been used already, cancelled, or copied without its end.", "Sign in", status=404)
            self.assertEqual(steady(page), steady(pages[0]), link)
            self.assertEqual(steady_headers(page), steady_headers(pages[0]), link)
        self.assertEqual(look(fresh_link).status, 200)

    def test_an_accepted_invitation_is_shown_to_the_person_who_accepted_it_and_to_nobody_else(self):
        vendor = Vendor()
        link = vendor.invite()
        buyer = register(link)
        stranger, _ = customer()
        page = look(link, buyer.client)
        self.assertEqual(page.h1, "You accepted this invitation")
        self.said(page, f"You’re connected with {vendor.name}.")
        self.assertEqual(page.link("Go to Home"), "/home")
        for client in (stranger.client, vendor.client, None):
            self.said(look(link, client), DEAD, status=404)
        buyer.client.submit(buyer.get(buyer.get("/home").link("Disconnect")), "/disconnect")
        self.said(look(link, buyer.client), "You accepted this invitation", f"You’re not connected with {vendor.name} any more.")

    def test_an_expired_link_says_so_and_how_to_ask_for_a_new_invitation(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer)
        expire(buyer)
        page = look(link)
        self.assertEqual(page.h1, "This invitation has expired")
        self.said(page, f"{vendor.name} invited you to be a customer. The link worked until ")
        self.assertEqual([f.buttons for f in page.forms], [["Ask for a new invitation"]])

    def test_a_link_works_until_the_last_moment_and_not_a_moment_longer(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 5 SECOND WHERE email = '{buyer}'")
        client = Client(stack().url)
        page = look(link, client)
        self.said(page, "Create an account")
        expire(buyer)
        page = client.submit(page, "/register", first_name="Jo", last_name="B", business_name="Late", password="violet anchors under snow")
        self.assertEqual(page.h1, "This invitation has expired")
        self.assertEqual(sql(f"SELECT COUNT(*) FROM account WHERE email = '{buyer}'"), [("0",)])

    def test_a_superseded_link_says_when_a_newer_one_was_sent(self):
        vendor, buyer = Vendor(), address()
        old = vendor.invite(buyer)
        vendor.resend(buyer)
        page = look(old)
        self.assertEqual(page.h1, "A newer invitation was sent to you")
        self.said(page, f"{vendor.name} sent it on ", "Use the link in that email; this older link no longer works.")
        self.assertEqual([f.buttons for f in page.forms], [["Send it again to that address"]])

    def test_a_declined_invitation_stays_declined(self):
        vendor, buyer = Vendor(), address()
        link = vendor.invite(buyer)
        client = Client(stack().url)
        page = decline(client, look(link, client))
        self.assertEqual((page.url, page.h1), (link, "You declined this invitation"))
        self.said(page, f"{vendor.name} sees that you declined.", "Ask for a new invitation")
        self.said(vendor.get("/industry"), "Declined (1)", "Pending (0)")
        self.said(vendor.invitation(buyer), "Declined by the invitee")
        self.assertEqual(look(link).h1, "You declined this invitation")

    def test_who_is_written_to_is_named_once(self):
        vendor = Vendor()
        link, client = vendor.invite(address()), Client(stack().url)
        self.said(decline(client, look(link, client)), f"This writes an email to {vendor.email}.")
        sql(f"UPDATE account SET first_name = 'Ada', last_name = 'Lovelace' WHERE email = '{vendor.email}'")
        self.said(look(link), f"This writes an email to Ada Lovelace, {vendor.email}.")

    def test_an_invitation_whose_sender_may_not_invite_any_more_is_paused_until_the_right_is_back(self):
        vendor = Vendor()
        for change, back in (("DELETE m FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{0}'",
                              "INSERT INTO member SELECT {1}, id, 'inviter', UTC_TIMESTAMP(6) FROM account WHERE email = '{0}'"),
                             ("UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'auditor' WHERE a.email = '{0}'",
                              "UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'admin' WHERE a.email = '{0}'")):
            sender, buyer = vendor.member("inviter"), address()
            link = vendor.invite(buyer, by=sender)
            client = Client(stack().url)
            opened = look(link, client)
            sql(change.format(sender.email))
            page = look(link)
            self.assertEqual(page.h1, "This invitation is paused")
            self.said(page, f"{vendor.name} has to confirm it before you can accept")
            late = client.submit(opened, "/register", first_name="Jo", last_name="B", business_name="Late", password="violet anchors under snow")
            self.assertEqual(late.h1, "This invitation is paused")
            sql(back.format(sender.email, vendor.id))
            register(link)


class NoChange(Story):
    def test_looking_at_a_link_changes_nothing_in_any_state(self):
        vendor = Vendor()
        emails = {state: address(state) for state in ("new", "expired", "superseded", "cancelled", "declined", "accepted")}
        links = {state: vendor.invite(email) for state, email in emails.items()}
        known, _ = customer()
        links["sign-in"] = vendor.invite(known.email)
        vendor.resend(emails["superseded"])
        vendor.cancel(emails["cancelled"])
        expire(emails["expired"])
        client = Client(stack().url)
        decline(client, look(links["declined"], client))
        buyer = register(links["accepted"])
        links["unknown"] = "/i/" + "A" * 43
        before = everything()
        for link in links.values():
            for visitor in (Client(stack().url), known.client, buyer.client, vendor.client):
                self.assertIn(visitor.get(link).status, (200, 404))
                head = visitor.raw("HEAD", link)
                self.assertEqual((head.status in (200, 404), head.body), (True, ""))
                for action in ("accept", "register", "sign-in", "sign-out"):
                    self.assertEqual(visitor.get(f"{link}/{action}").status, 405)
        self.assertEqual(everything(), before)
        self.assertEqual(known.get("/home").url, "/home", "and nobody is signed out")

    def test_a_page_behind_a_link_tells_its_address_to_nobody(self):
        page = look(Vendor().invite())
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertNotRegex(page.body, r'(?:src|href)="(?:https?:)?//')

    def test_no_action_of_a_dead_link_changes_anything(self):
        vendor = Vendor()
        emails = {state: address(state) for state in ("expired", "superseded", "cancelled", "declined", "used")}
        links = {state: vendor.invite(email) for state, email in emails.items()}
        client = Client(stack().url)
        csrf = look(links["used"], client).forms[0].fields["csrf"]
        vendor.resend(emails["superseded"])
        vendor.cancel(emails["cancelled"])
        expire(emails["expired"])
        decline(client, look(links["declined"], client))
        register(links["used"])
        person = {"first_name": "Jo", "last_name": "B", "business_name": "Late", "password": "violet anchors under snow"}
        before = everything()
        for link in [*links.values(), "/i/" + "A" * 43, "/i/x"]:
            seen = look(link)
            for action, fields in (("/register", person), ("/accept", {}), ("/decline", {}), ("/sign-in", {"password": person["password"]})):
                page = client.post(link + action, {"csrf": csrf} | fields)
                self.assertEqual((page.url, page.h1), (link, seen.h1))
        self.assertEqual(everything(), before)


if __name__ == "__main__":
    unittest.main()
