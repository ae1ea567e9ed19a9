"""A colleague is invited to a vendor's team by mail: the link, who may follow it, and what of it is forgotten."""
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import PASSWORD, Client, Story, Vendor, address, customer, everything, link_of, machine, mail_to, number, sql, stack, value, wait  # noqa: E402
from team import ask, asked, delay, events, join, role_of  # noqa: E402

setUpModule, tearDownModule = machine(web_workers=16, retention_days=90)


class Inviting(Story):
    def test_a_new_colleague_registers_through_the_link_and_has_the_role(self):
        vendor, email = Vendor(), address("colleague")
        link = asked(vendor, email, "inviter")
        wait(lambda: sql(f"SELECT 1 FROM outbox WHERE recipient = '{email}' AND state = 'sent'"), "record of the hand-over")
        self.said(vendor.get("/team"), "Invited colleagues", f"{email} by {vendor.email} Role: Inviter Mail: Sent", "Resend Cancel")
        mail = mail_to(email)
        self.assertEqual(mail["subject"], f"{vendor.name} invited you to its team")
        for word in (vendor.email, email, "as Inviter", "Never invite me again"):
            self.assertIn(word, mail["text"])
        colleague = join(link)
        page = colleague.get("/team")
        self.said(page, "Ada Byron", colleague.email)
        self.assertEqual(role_of(vendor, colleague), "inviter")
        self.unsaid(vendor.get("/team"), "Invited colleagues")
        self.assertEqual(colleague.get("/industry").status, 200)
        self.assertEqual(events(vendor)[-2:], ["member_invited", "member_joined"])
        self.assertEqual(colleague.elsewhere().get("/industry").status, 200, "signs in with the password")

    def test_the_link_shows_the_vendors_logo_and_colour_while_it_can_be_followed(self):
        vendor = Vendor()
        link = asked(vendor, address("colleague"))
        page = Client(stack().url).get(link)
        self.assertNotIn("/logo/", page.body)
        self.assertNotIn("/brand/", page.body)
        name = f"{vendor.id:032x}"
        sql(f"UPDATE company SET colour = '#8A1C5B' WHERE id = {vendor.id}; INSERT INTO logo (vendor_id, public_id, kind, width, height, image) VALUES ({vendor.id}, UNHEX('{name}'), 'png', 4, 3, 'x')")
        page = Client(stack().url).get(link)
        self.assertIn(f'<img class="logo" src="/logo/{name}" width="4" height="3"', page.body)
        self.assertIn('href="/brand/8a1c5b.', page.body)
        sql(f"UPDATE team_invitation SET status = 'cancelled', ended_at = UTC_TIMESTAMP(6) WHERE vendor_id = {vendor.id}")
        page = Client(stack().url).get(link)
        self.assertEqual(page.h1, "This invitation link does not work")
        self.assertNotIn("/logo/", page.body)
        self.assertNotIn("/brand/", page.body)

    def test_looking_at_the_link_changes_nothing(self):
        vendor = Vendor()
        link = asked(vendor, address())
        before = everything()
        for method in ("GET", "HEAD"):
            self.assertEqual(Client(stack().url).raw(method, link).status, 200)
        self.assertEqual(everything(), before)

    def test_who_has_an_account_signs_in_and_accepts_without_losing_anything(self):
        person, _ = customer()
        vendor = Vendor()
        link = asked(vendor, person.email, "auditor")
        client = Client(stack().url)
        page = client.get(link)
        self.said(page, f"You have an account with {person.email}.")
        page = client.submit(page, "/sign-in", password="wrong-password-here")
        self.said(page, "Enter the right password for this address", status=422)
        page = client.submit(page, "/sign-in", password=PASSWORD)
        self.said(page, f"Accepting makes you a member of {vendor.name}.", "Nothing happens unless you accept.")
        self.assertIsNone(role_of(vendor, person))
        page = client.submit(page, button="Accept")
        self.said(page, f"You’re a member of {vendor.name} now.")
        self.assertEqual((page.url, role_of(vendor, person)), ("/team", "auditor"))
        self.assertEqual(number(f"SELECT COUNT(*) FROM member m JOIN account a ON a.id = m.account_id WHERE a.email = '{person.email}'"), 2)
        self.said(client.get(link), f"You’re a member of {vendor.name}")

    def test_another_address_cannot_accept(self):
        vendor, stranger = Vendor(), Vendor()
        link = asked(vendor, address())
        page = stranger.get(link)
        self.said(page, "This invitation is for another address", stranger.email, "Sign out and continue")
        before = everything()
        csrf = page.forms[0].fields["csrf"]
        self.assertEqual(stranger.client.post(link + "/accept", {"csrf": csrf}).h1, "This invitation is for another address")
        stranger.client.post(link + "/register", {"csrf": csrf, "first_name": "A", "last_name": "B", "password": PASSWORD})
        self.assertEqual(everything(), before)
        page = stranger.client.submit(page, button="Sign out and continue")
        self.said(page, "Create an account")

    def test_a_link_works_once(self):
        vendor = Vendor()
        link = asked(vendor, address())
        page = Client(stack().url)
        first = page.get(link)
        join(link)
        later = page.submit(first, "/register", first_name="Eve", last_name="Dropper", password=PASSWORD)
        self.said(later, "This invitation link does not work", status=404)
        self.unsaid(later, vendor.name)
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE company_id = {vendor.id}"), 2)

    def test_one_link_two_people_at_the_same_instant_one_member(self):
        vendor, email = Vendor(), address()
        link = asked(vendor, email)
        clients = [Client(stack().url) for _ in range(8)]
        pages, gate = [c.get(link) for c in clients], threading.Barrier(8)

        def post(client, page):
            gate.wait()
            client.submit(page, "/register", first_name="A", last_name="B", password=PASSWORD)
        threads = [threading.Thread(target=post, args=r) for r in zip(clients, pages)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(number(f"SELECT COUNT(*) FROM account WHERE email = '{email}'"), 1)
        self.assertEqual(events(vendor).count("member_joined"), 1)

    def test_a_newer_link_supersedes_the_older(self):
        vendor, email = Vendor(), address()
        old = asked(vendor, email)
        vendor.client.submit(vendor.get("/team"), button="Resend")
        new = link_of(mail_to(email, 2))
        page = Client(stack().url).get(old)
        self.said(page, "A newer invitation was sent to you", status=410)
        self.assertNotEqual(old, new)
        join(new)

    def test_a_link_expires_and_is_renewed_by_asking_again(self):
        vendor, email = Vendor(), address()
        link = asked(vendor, email, "inviter")
        sql(f"UPDATE team_invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{email}'")
        page = Client(stack().url).get(link)
        self.said(page, "This invitation has expired", f"Ask {vendor.name} to invite you again.", status=410)
        self.said(vendor.get("/team"), "Expired")
        join(asked(vendor, email, "auditor"))
        self.assertEqual(sql(f"SELECT role, status FROM team_invitation WHERE email = '{email}'"), [("auditor", "accepted")])

    def test_a_cancelled_link_is_dead_and_its_mail_withdrawn(self):
        vendor, email = Vendor(), address()
        link = asked(vendor, email)
        delay(email)
        page = vendor.client.get(vendor.get("/team").link("Cancel"))
        self.said(page, "Cancel this invitation to the team?", email)
        self.said(vendor.client.submit(page, button="Cancel invitation"), "Invitation cancelled.")
        self.said(Client(stack().url).get(link), "This invitation link does not work", status=404)
        self.assertEqual(events(vendor)[-1], "member_invite_cancelled")
        self.assertEqual(sql(f"SELECT t.status, o.state, o.recipient, o.next_at FROM team_invitation t JOIN outbox o ON o.id = t.outbox_id WHERE t.email = '{email}'"), [("cancelled", "withdrawn", "", None)])

    def test_an_account_that_nobody_has_proven_belongs_to_whom_the_link_reached(self):
        vendor, email = Vendor(), address()
        stack().command("account", "add", "--email", email, "--vendor", Vendor().name, "--role", "auditor")
        client = Client(stack().url)
        client.submit(client.get("/forgot"), "/forgot", email=email)
        reset = link_of(mail_to(email, kind="reset"))
        link = asked(vendor, email)
        page = client.get(link)
        for weak in ("short", vendor.name + "1"):
            page = client.submit(page, "/register", first_name="Ada", last_name="Byron", password=weak)
            self.said(page, "There is a problem", "Enter a password", status=422)
        person = join(link)
        self.assertEqual(role_of(vendor, person), "inviter")
        self.assertEqual(client.get(reset).status, 410, "a link to set the first password is dead when there is one")
        person.sign_in()

    def test_who_registered_with_a_strangers_address_loses_it_to_the_strangers_link(self):
        intruder, vendor = Vendor().member("auditor"), Vendor()
        sql(f"UPDATE account SET verified_at = NULL, unfinished = 1 WHERE email = '{intruder.email}'")
        link = asked(vendor, intruder.email)
        browser = Client(stack().url)
        page = browser.submit(browser.get(link), "/register", first_name="Ada", last_name="Byron", password="another lantern by the quay")
        self.assertEqual((page.status, page.url), (200, "/team"), page.text)
        self.assertEqual(intruder.get("/team").path, "/sign-in", "the sessions from before are dead")
        page = intruder.client.submit(intruder.get("/sign-in"), "/sign-in", email=intruder.email, password=intruder.password)
        self.said(page, "Enter the right email address and password", status=422)

    def test_what_stands_in_the_way_is_said_and_what_was_typed_is_kept(self):
        vendor = Vendor()
        admin = vendor.member("admin")
        for email, role, words in (("", "admin", "Enter an email address"), ("jo at acme", "admin", "in the correct format"),
                                   (admin.email, "admin", f"{admin.email} is a member already"), (vendor.email, "auditor", "is a member already")):
            page = ask(vendor, email, role)
            self.said(page, "There is a problem", words, status=422)
            self.assertEqual([page.form("/team/invitations").fields[n] for n in ("email", "role")], [email, role])
        page = vendor.client.submit(vendor.get("/team"), "/team/invitations", email=address())
        self.said(page, "Select a role", status=422)
        twice = address()
        ask(vendor, twice)
        self.said(ask(vendor, twice), f"{twice} already has a pending invitation", status=422)
        self.assertEqual(number(f"SELECT COUNT(*) FROM team_invitation WHERE vendor_id = {vendor.id}"), 1)

    def test_nobody_gives_a_role_above_their_own(self):
        vendor = Vendor()
        admin = vendor.member("admin")
        fields = admin.get("/team").form("/team/invitations").fields
        page = admin.client.post("/team/invitations", fields | {"email": address(), "role": "owner"})
        self.said(page, "Select a role that is not above your own", status=422)
        self.assertEqual(number(f"SELECT COUNT(*) FROM team_invitation WHERE vendor_id = {vendor.id}"), 0)
        page = admin.client.post("/team/invitations", fields | {"email": address(), "role": "member"})
        self.said(page, "Select a role", status=422)

    def test_an_admin_neither_sends_again_nor_cancels_what_makes_an_owner(self):
        vendor, email = Vendor(), address()
        admin = vendor.member("admin")
        link = asked(vendor, email, "owner")
        own = admin.get("/team")
        self.said(own, email)
        self.unsaid(own, "Resend", "Cancel")
        before = everything()
        forms = vendor.get("/team"), vendor.get(vendor.get("/team").link("Cancel"))
        csrf = own.form("/team/invitations").fields["csrf"]
        self.assertEqual(admin.get(forms[1].url).status, 403)
        for form in (forms[0].form(button="Resend"), forms[1].form(button="Cancel invitation")):
            self.assertEqual(admin.client.post(form.action, form.fields | {"csrf": csrf}).status, 403, form.action)
        self.assertEqual(everything(), before)
        join(link)

    def test_an_invitation_of_who_may_not_invite_colleagues_any_more_is_void(self):
        vendor, email = Vendor(), address()
        admin = vendor.member("admin")
        link = asked(vendor, email, "admin", by=admin)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'inviter' WHERE a.email = '{admin.email}'")
        page = Client(stack().url).get(link)
        self.said(page, "This invitation is not valid any more", status=410)
        link = asked(vendor, address(), "owner")
        sql(f"UPDATE member SET role = 'admin' WHERE company_id = {vendor.id}")   # an admin makes no owners
        self.said(Client(stack().url).get(link), "This invitation is not valid any more", status=410)

    def test_a_customers_invitation_link_makes_no_colleague_and_the_other_way_round(self):
        vendor = Vendor()
        for link in ("/join/" + vendor.invite().split("/")[2], "/i/" + asked(vendor, address()).split("/")[2]):
            self.assertEqual(Client(stack().url).get(link).status, 404)


class Closed(Story):
    def test_a_suspended_vendors_link_is_neutral_and_makes_no_member(self):
        vendor, email = Vendor(), address()
        link = asked(vendor, email)
        stack().command("vendor", "suspend", "--name", vendor.name)
        page = Client(stack().url).get(link)
        self.said(page, "This invitation cannot be opened now")
        self.unsaid(page, vendor.name, email)
        self.assertEqual(page.forms, [])
        stack().command("vendor", "resume", "--name", vendor.name)
        join(link)

    def test_a_locked_account_is_told_so_and_joins_nothing(self):
        person, _ = customer()
        vendor = Vendor()
        link = asked(vendor, person.email)
        stack().command("account", "lock", "--email", person.email)
        browser = Client(stack().url)
        page = browser.submit(browser.get(link), "/sign-in", password=PASSWORD)
        self.said(page, "This account is locked.", status=422)
        self.assertIsNone(role_of(vendor, person))


class Forgetting(Story):
    def test_addresses_of_colleagues_who_never_came_are_forgotten_after_the_time(self):
        vendor, gone, cancelled, waiting = Vendor(), address("gone"), address("off"), address("stays")
        links = [asked(vendor, email) for email in (gone, cancelled, waiting)]
        row = value(f"SELECT LOWER(HEX(public_id)) FROM team_invitation WHERE email = '{gone}'")
        vendor.client.submit(vendor.get("/team"), f"/team/invitations/{row}/resend")
        mail_to(gone, 2)
        sql(f"UPDATE team_invitation SET status = 'cancelled', ended_at = UTC_TIMESTAMP(6) - INTERVAL 91 DAY WHERE email = '{cancelled}';"
            f"UPDATE team_invitation SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 91 DAY WHERE email = '{gone}';"
            f"UPDATE team_invitation SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 80 DAY WHERE email = '{waiting}'")
        stack().reload()   # the mailer looks when it starts; afterwards every ten minutes
        wait(lambda: number(f"SELECT COUNT(*) FROM team_invitation WHERE vendor_id = {vendor.id}") == 1, "the mailer's sweep", 60)
        self.assertEqual(value(f"SELECT email FROM team_invitation WHERE vendor_id = {vendor.id}"), waiting)
        held = str(sql("SELECT recipient, reply FROM outbox")) + str(sql(f"SELECT detail FROM audit_event WHERE vendor_id = {vendor.id}"))
        for email in (gone, cancelled):
            self.assertNotIn(email, held)
        self.assertEqual([Client(stack().url).get(link).status for link in links], [404, 404, 410])
        join(asked(vendor, gone))


if __name__ == "__main__":
    unittest.main()
