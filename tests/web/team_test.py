"""The vendor's team: colleagues get roles, are removed and leave; what becomes of their open invitations; and always somebody owns the company."""
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, address, customer, everything, machine, mail_to, mails, number, register, sql, stack, value  # noqa: E402
from team import ask, asked, delay, events, join, member, role_of  # noqa: E402

setUpModule, tearDownModule = machine(web_workers=16)


def change(vendor, person, role, by=None, **more):
    client = (by or vendor).client
    return client.submit(client.get(f"/team/members/{member(person)}/role"), "/role", role=role, **more)


def remove(vendor, person, by=None, **more):
    client = (by or vendor).client
    return client.submit(client.get(f"/team/members/{member(person)}/remove"), "/remove", **more)


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


class Roles(Story):
    def test_a_role_changes_at_once_and_the_member_signs_in_again(self):
        vendor = Vendor()
        auditor = vendor.member("auditor")
        self.assertEqual(auditor.get("/industry").status, 403)
        page = change(vendor, auditor, "inviter")
        self.said(page, f"The new role of {auditor.email}: Inviter.")
        self.assertEqual(auditor.get("/customers").path, "/sign-in", "the old session is dead")
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
        self.assertEqual(inviter.get("/industry").path, "/sign-in")
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

    def test_what_a_member_of_two_vendors_sent_for_the_other_one_stays_as_it_is(self):
        for answer in ("take-over", "cancel"):
            vendor, other, person, buyer, mine = Vendor(), Vendor(), customer()[0], address(), address()
            admin = other.member("admin")
            other.invite(buyer, by=admin)
            admin.client.submit(admin.get("/link/customer"), "/link/customer", target=person.email)
            vendor.invite(mine)
            sender = value(f"SELECT id FROM account WHERE email = '{admin.email}'")
            sql(f"INSERT INTO member (company_id, account_id, role, created_at) VALUES ({vendor.id}, {sender}, 'admin', UTC_TIMESTAMP(6)); "
                f"UPDATE invitation SET sender_id = {sender} WHERE email = '{mine}'")
            everything()   # at rest
            of_other = "; ".join(f"SELECT * FROM {table} WHERE vendor_id = {other.id} ORDER BY id" for table in ("invitation", "connection_request", "outbox"))
            before = sql(of_other)
            remove(vendor, admin, open=answer)
            self.assertNotEqual(sql(f"SELECT sender_id, status FROM invitation WHERE email = '{mine}'"), [(sender, "pending")])
            self.assertEqual(sql(of_other), before)

    def test_waiting_mails_of_cancelled_invitations_are_withdrawn(self):
        vendor, buyer = Vendor(), address()
        inviter = vendor.member("inviter")
        vendor.invite(buyer, by=inviter)
        delay(buyer)
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

    def test_it_is_the_longest_owner_who_looks_after_them_and_no_admin(self):
        vendor, buyer = Vendor(), address()
        admin, second, third = vendor.member("admin"), vendor.member("owner"), vendor.member("owner")
        vendor.invite(buyer)
        page = vendor.get("/team/leave")
        self.said(page, f"{second.email} takes them over")
        self.said(vendor.client.submit(page, "/team/leave", open="take-over"), f"You left {vendor.name}.")
        self.assertEqual(value(f"SELECT a.email FROM invitation i JOIN account a ON a.id = i.sender_id WHERE i.email = '{buyer}'"), second.email)
        self.assertEqual([role_of(vendor, p) for p in (vendor, admin, second, third)], [None, "admin", "owner", "owner"])

    def test_an_owner_who_becomes_admin_leaves_behind_the_colleagues_asked_to_be_owners_alone(self):
        for answer in ("take-over", "cancel"):
            vendor, emails = Vendor(), {role: address() for role in ("owner", "auditor")}
            second = vendor.member("owner")
            links = {role: asked(vendor, email, role, by=second) for role, email in emails.items()}
            page = change(vendor, second, "admin")
            self.said(page, "Select what happens to the open invitations", status=422)
            self.said(vendor.client.submit(page, "/role", open=answer), "The new role of")
            self.assertEqual(dict(sql(f"SELECT t.role, CONCAT(t.status, ' ', a.email) FROM team_invitation t JOIN account a ON a.id = t.sender_id WHERE t.vendor_id = {vendor.id}")),
                             {"owner": f"pending {vendor.email}" if answer == "take-over" else f"cancelled {second.email}", "auditor": f"pending {second.email}"})
            join(links["auditor"])
            if answer == "take-over":
                join(links["owner"])
            else:
                self.assertEqual(Client(stack().url).get(links["owner"]).status, 404)

    def test_colleagues_who_were_asked_are_cancelled_too_and_their_mail_stays_here(self):
        vendor, email = Vendor(), address()
        admin = vendor.member("admin")
        link = asked(vendor, email, "auditor", by=admin)
        delay(email)
        self.said(remove(vendor, admin, open="cancel"), "is not a member any more")
        self.assertEqual(Client(stack().url).get(link).status, 404)
        self.unsaid(vendor.get("/team"), email)
        self.assertEqual(sql(f"SELECT state, next_at IS NULL FROM outbox WHERE recipient = '{email}'"), [("withdrawn", "1")])

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
