"""The vendor's team: colleagues are invited by mail, get roles, are removed and leave; what becomes of their open invitations; and always
somebody owns the company."""
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Person, Story, Vendor, address, customer, everything, link_of, machine, mail_to, mails,  # noqa: E402
                    number, register, sql, stack, value, wait)

setUpModule, tearDownModule = machine(web_workers=16, retention_days=90)


def ask(vendor, email, role="inviter", by=None):
    """Fill "Invite a colleague"; the page that follows."""
    client = (by or vendor).client
    return client.submit(client.get("/team"), "/team/invitations", email=email, role=role)


def asked(vendor, email, role="inviter", by=None):
    """The same; the link's path."""
    before = len(mails(email))
    page = ask(vendor, email, role, by)
    assert page.url == "/team" and page.status == 200, page.text
    return link_of(mail_to(email, before + 1))


def join(link):
    """A newcomer follows the link: the person, signed in as a member."""
    person = Person("(through a link)")
    page = person.client.get(link)
    person.email = page.form("/register").fields["email"]
    page = person.client.submit(page, "/register", first_name="Ada", last_name="Byron", password=PASSWORD)
    assert page.status == 200 and page.url == "/team", page.text
    return person


def member(person):
    return value(f"SELECT LOWER(HEX(public_id)) FROM account WHERE email = '{person.email}'")


def role_of(vendor, person):
    rows = sql(f"SELECT m.role FROM member m JOIN account a ON a.id = m.account_id WHERE m.company_id = {vendor.id} AND a.email = '{person.email}'")
    return rows[0][0] if rows else None


def change(vendor, person, role, by=None, **more):
    client = (by or vendor).client
    return client.submit(client.get(f"/team/members/{member(person)}/role"), "/role", role=role, **more)


def remove(vendor, person, by=None, **more):
    client = (by or vendor).client
    return client.submit(client.get(f"/team/members/{member(person)}/remove"), "/remove", **more)


def events(vendor):
    return [r[0] for r in sql(f"SELECT event FROM audit_event WHERE vendor_id = {vendor.id} AND event LIKE 'member%' ORDER BY id")]


class Page(Story):
    def test_the_team_is_listed_with_role_and_since(self):
        vendor = Vendor()
        admin = vendor.member("admin")
        page = vendor.get(vendor.get("/industry").link("Team"))
        self.said(page, "Team", "Member Role Since Actions", f"{vendor.email} You Role: Owner Since:", f"{admin.email} Role: Admin Since:")
        self.assertEqual(page.h1, "Team")

    def test_who_may_not_manage_sees_colleagues_and_can_only_leave(self):
        vendor = Vendor()
        inviter = vendor.member("inviter")
        page = inviter.get("/team")
        self.said(page, vendor.email, "Leave")
        self.unsaid(page, "Invite a colleague", "Change role", "Remove")

    def test_an_admin_is_not_offered_what_only_an_owner_may(self):
        vendor = Vendor()
        admin = vendor.member("admin")
        page = admin.get("/team")
        self.assertEqual(sorted(page.form("/team/invitations").choices["role"]), ["admin", "auditor", "inviter"])
        self.assertNotIn(member(vendor), page.body)

    def test_a_long_team_is_paged(self):
        vendor = Vendor()
        sql("INSERT INTO account (public_id, email, email_canon, first_name, last_name, created_at) SELECT UNHEX(MD5(CONCAT('t', seq))), "
            "CONCAT('t', seq, '@team.example'), CONCAT('t', seq, '@team.example'), '', '', UTC_TIMESTAMP(6) FROM seq_1_to_130; "
            f"INSERT INTO member SELECT {vendor.id}, id, 'auditor', UTC_TIMESTAMP(6) FROM account WHERE email LIKE 't%@team.example'")
        page = vendor.get("/team")
        self.assertEqual(page.text.count("@team.example"), 99)
        page = vendor.get(page.link("More members"))
        self.assertEqual(page.text.count("@team.example"), 31)
        self.assertEqual(page.link("First page"), "/team")


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
        page = vendor.client.get(vendor.get("/team").link("Cancel"))
        self.said(page, "Cancel this invitation to the team?", email)
        self.said(vendor.client.submit(page, button="Cancel invitation"), "Invitation cancelled.")
        self.said(Client(stack().url).get(link), "This invitation link does not work", status=404)
        self.assertEqual(events(vendor)[-1], "member_invite_cancelled")

    def test_an_account_that_nobody_has_proven_belongs_to_whom_the_link_reached(self):
        vendor, email = Vendor(), address()
        stack().command("account", "add", "--email", email, "--vendor", Vendor().name, "--role", "auditor")
        link = asked(vendor, email)
        person = join(link)
        self.assertEqual(role_of(vendor, person), "inviter")
        person.sign_in()

    def test_who_registered_with_a_strangers_address_loses_it_to_the_strangers_link(self):
        intruder, vendor = Vendor().member("auditor"), Vendor()
        sql(f"UPDATE account SET verified_at = NULL, unfinished = 1 WHERE email = '{intruder.email}'")
        link = asked(vendor, intruder.email)
        browser = Client(stack().url)
        page = browser.submit(browser.get(link), "/register", first_name="Ada", last_name="Byron", password="another lantern by the quay")
        self.assertEqual((page.status, page.url), (200, "/team"), page.text)
        self.assertEqual(intruder.get("/team").url, "/sign-in", "the sessions from before are dead")
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

    def test_an_invitation_of_who_may_not_invite_colleagues_any_more_is_void(self):
        vendor, email = Vendor(), address()
        admin = vendor.member("admin")
        link = asked(vendor, email, "admin", by=admin)
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'inviter' WHERE a.email = '{admin.email}'")
        page = Client(stack().url).get(link)
        self.said(page, "This invitation is not valid any more", status=410)

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


class Roles(Story):
    def test_a_role_changes_at_once_and_the_member_signs_in_again(self):
        vendor = Vendor()
        auditor = vendor.member("auditor")
        self.assertEqual(auditor.get("/industry").status, 403)
        page = change(vendor, auditor, "inviter")
        self.said(page, f"The new role of {auditor.email}: Inviter.")
        self.assertEqual(auditor.get("/customers").url, "/sign-in", "the old session is dead")
        auditor.sign_in()
        self.assertEqual(auditor.get("/industry").status, 200)
        mail = mail_to(auditor.email)
        self.assertEqual(mail["subject"], f"{vendor.name}: your role changed")
        self.assertIn("The new role: Inviter", mail["text"])
        self.assertEqual(events(vendor)[-1], "member_role_changed")
        self.assertEqual(sql(f"SELECT e.detail, a.email FROM audit_event e JOIN account a ON a.id = e.subject_id WHERE e.vendor_id = {vendor.id} "
                             "AND e.event = 'member_role_changed'"), [("auditor to inviter", auditor.email)])

    def test_only_an_owner_makes_or_removes_owners(self):
        vendor = Vendor()
        admin, other = vendor.member("admin"), vendor.member("inviter")
        for path in ("role", "remove"):
            self.assertEqual(admin.get(f"/team/members/{member(vendor)}/{path}").status, 403)
        csrf = admin.get("/team").form("/team/invitations").fields["csrf"]
        self.assertEqual(admin.client.post(f"/team/members/{member(vendor)}/role", {"csrf": csrf, "role": "auditor"}).status, 403)
        self.assertEqual(admin.client.post(f"/team/members/{member(vendor)}/remove", {"csrf": csrf}).status, 403)
        page = admin.client.post(f"/team/members/{member(other)}/role", {"csrf": csrf, "role": "owner"})
        self.said(page, "Select a role that is not above your own", status=422)
        self.assertEqual((role_of(vendor, vendor), role_of(vendor, other)), ("owner", "inviter"))
        change(vendor, admin, "owner")
        self.assertEqual(role_of(vendor, admin), "owner")

    def test_an_admin_changes_everybody_but_owners(self):
        vendor = Vendor()
        admin, other, third = vendor.member("admin"), vendor.member("admin"), vendor.member("auditor")
        change(vendor, third, "admin", by=admin)
        change(vendor, other, "auditor", by=admin)
        self.assertEqual((role_of(vendor, other), role_of(vendor, third)), ("auditor", "admin"))

    def test_the_last_owner_cannot_become_something_else(self):
        vendor = Vendor()
        page = change(vendor, vendor, "admin")
        self.said(page, "This is the last owner: make somebody else an owner first", status=422)
        self.assertEqual(page.form("/role").fields["role"], "admin", "what was chosen is kept")
        self.assertEqual(role_of(vendor, vendor), "owner")

    def test_an_owner_steps_down_when_another_remains(self):
        vendor = Vendor()
        second = vendor.member("owner")
        old = dict(vendor.client.cookies)
        page = change(vendor, vendor, "admin")
        self.said(page, "Role changed.")
        self.assertEqual(role_of(vendor, vendor), "admin")
        self.assertNotEqual(vendor.client.cookies, old, "a new session")
        self.assertEqual(vendor.get(f"/team/members/{member(second)}/role").status, 403)

    def test_the_same_role_is_no_change(self):
        vendor = Vendor()
        inviter = vendor.member("inviter")
        page = change(vendor, inviter, "inviter")
        self.assertEqual((page.url, inviter.get("/industry").status, mails(inviter.email)), ("/team", 200, []))

    def test_demotion_asks_what_becomes_of_the_open_invitations(self):
        vendor, buyer = Vendor(), address()
        inviter = vendor.member("inviter")
        link = vendor.invite(buyer, by=inviter)
        page = change(vendor, inviter, "auditor")
        self.said(page, "Select what happens to the open invitations", "1 invitation is open", "I take them over", status=422)
        self.assertEqual(role_of(vendor, inviter), "inviter")
        page = vendor.client.submit(page, "/role", open="take-over")
        self.said(page, "The new role of")
        self.assertEqual(value(f"SELECT a.email FROM invitation i JOIN account a ON a.id = i.sender_id WHERE i.email = '{buyer}'"), vendor.email)
        register(link)

    def test_a_role_that_may_still_invite_asks_nothing(self):
        vendor = Vendor()
        admin = vendor.member("admin")
        vendor.invite(by=admin)
        self.said(change(vendor, admin, "inviter"), "The new role of")

    def test_an_admin_who_becomes_inviter_leaves_behind_the_colleagues_that_were_asked(self):
        vendor, email = Vendor(), address()
        admin = vendor.member("admin")
        link = asked(vendor, email, "admin", by=admin)
        page = change(vendor, admin, "inviter")
        self.said(page, "Select what happens to the open invitations", status=422)
        vendor.client.submit(page, "/role", open="take-over")
        join(link)


class Going(Story):
    def test_a_removed_member_is_out_at_once_and_told(self):
        vendor = Vendor()
        inviter = vendor.member("inviter")
        page = vendor.client.get(f"/team/members/{member(inviter)}/remove")
        self.said(page, f"Remove {inviter.email}?", "loses access")
        self.unsaid(page, "What happens to their open invitations?")
        self.said(vendor.client.submit(page, "/remove"), f"{inviter.email} is not a member any more.")
        self.assertEqual(inviter.get("/industry").url, "/sign-in")
        self.assertEqual(mail_to(inviter.email)["subject"], f"{vendor.name}: you are not a member any more")
        inviter.sign_in()
        self.assertEqual((inviter.get("/industry").status, inviter.get("/home").status), (403, 200))
        self.assertEqual(events(vendor)[-1], "member_removed")
        self.assertEqual(vendor.get(f"/team/members/{member(inviter)}/remove").status, 404)

    def test_removing_asks_and_cancels_the_open_invitations_on_demand(self):
        vendor, buyer, gone = Vendor(), address(), address()
        inviter = vendor.member("inviter")
        link, dead = vendor.invite(buyer, by=inviter), vendor.invite(gone, by=inviter)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{gone}'")
        mine = vendor.invite()
        page = vendor.client.get(f"/team/members/{member(inviter)}/remove")
        self.said(page, "What happens to their open invitations?", "1 invitation is open")
        page = vendor.client.submit(page, "/remove")
        self.said(page, "Select what happens to the open invitations", status=422)
        self.assertEqual(role_of(vendor, inviter), "inviter")
        self.said(vendor.client.submit(page, "/remove", open="cancel"), "is not a member any more")
        self.assertEqual(Client(stack().url).get(link).status, 404)
        self.assertEqual(Client(stack().url).get(mine).status, 200, "others' invitations stay")
        self.assertEqual(value(f"SELECT status FROM invitation WHERE email = '{gone}'"), "pending", "what had expired stays so")
        self.said(vendor.invitation(buyer), "Cancelled", f"Cancelled by {vendor.email}")
        self.assertTrue(dead)

    def test_taken_over_invitations_work_on_and_say_so_in_their_history(self):
        vendor, buyers = Vendor(), [address(), address()]
        admin = vendor.member("admin")
        links = [vendor.invite(b, by=admin) for b in buyers]
        colleague = asked(vendor, address(), "auditor", by=admin)
        self.said(vendor.get(f"/team/members/{member(admin)}/remove"), "3 invitations are open")
        remove(vendor, admin, open="take-over")
        for buyer, link in zip(buyers, links):
            register(link)
            self.assertIn("accepted", mail_to(vendor.email, buyers.index(buyer) + 1)["subject"])
        self.said(vendor.invitation(buyers[0]), f"Taken over by {vendor.email}")
        join(colleague)

    def test_requests_to_connect_that_wait_are_taken_over_or_withdrawn_too(self):
        for answer, demote in ((None, False), ("take-over", False), ("cancel", False), (None, True), ("cancel", True)):
            with self.subTest(answer=answer, demote=demote):
                vendor, person = Vendor(), customer()[0]
                admin = vendor.member("admin")
                admin.client.submit(admin.get("/link/customer"), "/link/customer", target=person.email)
                if answer:
                    vendor.invite(by=admin)
                more = {"open": answer} if answer else {}
                if demote:
                    page = vendor.get(f"/team/members/{member(admin)}/role")
                    self.said(vendor.client.submit(page, "/role", role="auditor", **more), "The new role of")
                else:
                    remove(vendor, admin, **more)
                if answer == "cancel":
                    self.unsaid(person.get("/home"), "Connection requests")
                    self.unsaid(vendor.get("/link/customer"), person.email)
                    self.said(vendor.get("/audit"), "Request to connect withdrawn")
                else:
                    self.said(vendor.get("/link/customer"), person.email)
                    self.said(person.get("/home"), f"Asked by {vendor.email}")
                    self.said(person.client.submit(person.get("/home"), button="Confirm"), f"You’re connected with {vendor.name}.")

    def test_waiting_mails_of_cancelled_invitations_are_withdrawn(self):
        vendor, buyer = Vendor(), address()
        inviter = vendor.member("inviter")
        vendor.invite(buyer, by=inviter)
        sql(f"UPDATE outbox SET state = 'deferred', next_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR WHERE recipient = '{buyer}'")
        remove(vendor, inviter, open="cancel")
        self.assertEqual(sql(f"SELECT state, next_at IS NULL FROM outbox WHERE recipient = '{buyer}'"), [("withdrawn", "1")])

    def test_a_member_leaves_by_themselves_and_an_owner_looks_after_the_invitations(self):
        vendor, buyer = Vendor(), address()
        inviter = vendor.member("inviter")
        link = vendor.invite(buyer, by=inviter)
        page = inviter.client.get(inviter.get("/team").link("Leave"))
        self.said(page, f"Leave {vendor.name}?", "What happens to your open invitations?", f"{vendor.email} takes them over")
        page = inviter.client.submit(page, "/team/leave")
        self.said(page, "Select what happens to the open invitations", status=422)
        page = inviter.client.submit(page, "/team/leave", open="take-over")
        self.said(page, f"You left {vendor.name}.")
        self.assertIsNone(role_of(vendor, inviter))
        self.assertEqual(inviter.get("/industry").status, 403)
        register(link)
        self.assertEqual(events(vendor)[-1], "member_left")

    def test_the_last_owner_cannot_leave(self):
        vendor = Vendor()
        vendor.member("admin")
        page = vendor.get("/team/leave")
        self.said(page, "This is the last owner", "Make somebody else an owner first.")
        csrf = vendor.get("/team").form("/team/invitations").fields["csrf"]
        for path in ("/team/leave", f"/team/members/{member(vendor)}/remove"):
            self.said(vendor.client.post(path, {"csrf": csrf}), "This is the last owner", status=422)
        self.assertEqual(role_of(vendor, vendor), "owner")

    def test_of_64_removals_at_once_an_owner_remains(self):
        vendor = Vendor()
        owners = [vendor, vendor.member("owner"), vendor.member("owner")]
        ids = [member(o) for o in owners]
        requests = []
        for n in range(64):
            who = owners[n % 3]
            requests.append((who, f"/team/members/{ids[(n + 1 + n // 3 % 2) % 3]}/remove") if n % 2 else (who, "/team/leave"))
        tokens = {o.email: o.get("/team").form("/team/invitations").fields["csrf"] for o in owners}
        cookies = {o.email: dict(o.client.cookies) for o in owners}
        gate, answers = threading.Barrier(64), [None] * 64

        def post(i, who, path):
            client = Client(stack().url, follow=False)
            client.cookies = dict(cookies[who.email])
            gate.wait()
            answers[i] = client.post(path, {"csrf": tokens[who.email]}).status
        threads = [threading.Thread(target=post, args=(i, *r)) for i, r in enumerate(requests)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE company_id = {vendor.id} AND role = 'owner'"), 1, answers)
        self.assertEqual(set(answers) - {303, 403, 404, 422}, set(), answers)
        self.assertEqual(len([e for e in events(vendor) if e in ("member_left", "member_removed")]), 2, answers)

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


class Strangers(Story):
    def test_another_vendors_members_and_requests_are_none(self):
        vendor, other = Vendor(), Vendor()
        theirs = other.member("inviter")
        ask(other, address())
        request = value(f"SELECT LOWER(HEX(public_id)) FROM team_invitation WHERE vendor_id = {other.id}")
        csrf = vendor.get("/team").form("/team/invitations").fields["csrf"]
        before = everything()
        for path in (f"members/{member(theirs)}/role", f"members/{member(theirs)}/remove", f"invitations/{request}/cancel"):
            self.assertEqual(vendor.get(f"/team/{path}").status, 404)
            self.assertEqual(vendor.client.post(f"/team/{path}", {"csrf": csrf}).status, 404)
        self.assertEqual(vendor.client.post(f"/team/invitations/{request}/resend", {"csrf": csrf}).status, 404)
        self.assertEqual(vendor.get(f"/team?after={member(theirs)}").status, 404)
        self.assertEqual(everything(), before)

    def test_a_customers_people_have_no_team_here(self):
        person, _ = customer()
        self.assertEqual([person.get(p).status for p in ("/team", "/team/leave")], [403, 403])


if __name__ == "__main__":
    unittest.main()
