"""The people of a customer's or supplier's company: owner, admin, member; roles, removing, leaving; the last owner stays."""
import csv
import io
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import SANITIZED, Story, Vendor, colleague, company_id, customer, everything, machine, mails, number, sql, value, wait  # noqa: E402
from race_test import Crowd, post, session  # noqa: E402

setUpModule, tearDownModule = machine(web_workers=16)

AT_ONCE = 64


def person_id(person):
    return value(f"SELECT LOWER(HEX(public_id)) FROM account WHERE email = '{person.email}'")


def role_of(person, of=None):
    rows = sql(f"SELECT m.role FROM member m JOIN account a ON a.id = m.account_id JOIN company c ON c.id = m.company_id "
               f"WHERE a.email = '{person.email}' AND c.public_id = UNHEX('{company_id(of or person)}')")
    return rows[0][0] if rows else None


def give(actor, person, role):
    where = f"/company/members/{person_id(person)}"
    return actor.client.submit(actor.get(where), where, role=role)


def remove(actor, person):
    where = f"/company/members/{person_id(person)}/remove"
    return actor.client.submit(actor.get(where), where)


class Members(Story):
    def test_everybody_in_the_company_sees_who_is_in_it(self):
        owner, _ = customer()
        member = colleague(owner)
        page = member.get(member.get("/company").link("Members (2)"))
        self.said(page, owner.email, member.email, "(you)", "Owner", "Member", company_id(owner))
        self.unsaid(page, "Change role", "Remove")

    def test_an_owner_changes_roles_and_each_role_may_what_it_may_at_once(self):
        owner, _ = customer()
        person = colleague(owner, "member")
        invitation = Vendor().invite(person.email)
        self.unsaid(person.get(invitation), "Accepting connects")
        page = give(owner, person, "admin")
        self.said(page, f"Role of {person.email} saved.")
        self.assertEqual(role_of(person, owner), "admin")
        self.said(person.get(invitation), f"Accepting connects {owner.business} with")
        self.assertEqual(person.get("/company/edit").status, 200)
        give(owner, person, "member")
        self.unsaid(person.get(invitation), "Accepting connects")
        self.assertEqual(person.get("/company/edit").status, 403)

    def test_only_an_owner_makes_changes_or_removes_owners(self):
        owner, _ = customer()
        admin, member = colleague(owner, "admin"), colleague(owner, "member")
        second = colleague(owner, "owner")
        before = everything()
        sentence = "Only an owner can make somebody an owner, or change or remove one"
        self.said(give(admin, member, "owner"), sentence, status=422)
        self.said(give(admin, admin, "owner"), sentence, status=422)
        self.said(give(admin, second, "member"), sentence, status=422)
        self.said(remove(admin, second), "Nothing was changed. Only an owner can change or remove an owner.")
        self.assertEqual(everything(), before)
        give(admin, member, "admin")
        self.assertEqual(role_of(member, owner), "admin")
        give(owner, member, "owner")
        self.assertEqual(role_of(member, owner), "owner")

    def test_who_is_removed_sees_nothing_of_the_company_from_then_on(self):
        owner, vendor = customer()
        person = colleague(owner)
        self.said(owner.get(f"/company/members/{person_id(person)}/remove"), "Remove this member?", person.email)
        self.assertEqual(role_of(person, owner), "member", "asking removes nobody")
        self.said(remove(owner, person), f"{person.email} removed.")
        self.assertEqual(person.get("/company").status, 403)
        self.unsaid(person.get("/home"), vendor.name, owner.business)
        self.unsaid(owner.get("/company/members"), person.email + " Member")

    def test_who_leaves_stays_signed_in_without_the_company(self):
        owner, vendor = customer()
        person = colleague(owner)
        page = person.get(person.get("/company/members").link("Leave this company"))
        self.assertEqual(page.h1, "Leave this company?")
        page = person.client.submit(page, button="Leave company")
        self.assertEqual(page.url, "/home")
        self.said(page, f"You left {owner.business}.")
        self.unsaid(page, vendor.name)
        self.assertIsNone(role_of(person, owner))

    def test_who_goes_is_not_the_vendors_contact_any_more_nor_found_by_the_search(self):
        for way in ("demoted", "removed", "left"):
            owner, vendor = customer()
            second = colleague(owner, "owner")
            sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.created_at = m.created_at - INTERVAL 1 DAY WHERE a.email = '{owner.email}'")

            def found():
                return [owner.business in vendor.get(f"/customers?q={person.email}").text for person in (owner, second)]
            self.said(vendor.get("/customers"), f"Contact: {owner.email}")
            self.assertEqual(found(), [True, False])
            if way == "demoted":
                give(second, owner, "member")
            elif way == "removed":
                remove(second, owner)
            else:
                owner.client.submit(owner.get("/company/leave"), button="Leave company")
            self.said(vendor.get("/customers"), f"Contact: {second.email}")
            self.assertEqual(found(), [False, True], way)
            header, told = csv.reader(io.StringIO(vendor.get("/export/customers").body.removeprefix("\ufeff"), newline=""))
            self.assertEqual(dict(zip(header, told))["Contact"], second.email)

    def test_the_contact_is_an_owner_though_others_came_before_and_after(self):
        owner, vendor = customer()
        for role, days in (("member", -1), ("admin", 1)):
            sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.created_at = m.created_at + INTERVAL {days} DAY WHERE a.email = '{colleague(owner, role).email}'")
        self.said(vendor.get("/customers"), f"Contact: {owner.email}")
        page = vendor.get(f"/customers/{company_id(owner)}")
        self.said(page, f"Email Address {owner.email}")
        header, told = csv.reader(io.StringIO(vendor.get("/export/customers").body.removeprefix("\ufeff"), newline=""))
        self.assertEqual(dict(zip(header, told))["Contact"], owner.email)
        before = len(mails(owner.email))
        vendor.client.submit(vendor.get(page.link("Disconnect")), "/disconnect")
        self.assertTrue(wait(lambda: len(mails(owner.email)) > before, "the mail to the owner"))

    def test_every_change_of_the_people_is_written_down(self):
        owner, _ = customer()
        person, second = colleague(owner), colleague(owner)
        id = company_id(owner)
        give(owner, person, "admin")
        remove(owner, person)
        second.client.submit(second.get("/company/leave"), button="Leave company")
        self.assertEqual(sql(f"SELECT e.event, a.email, e.detail FROM audit_event e JOIN account a ON a.id = e.account_id WHERE e.detail LIKE '{id} %' ORDER BY e.id"),
                         [("member_role_changed", owner.email, f"{id} {person_id(person)}"), ("member_removed", owner.email, f"{id} {person_id(person)}"),
                          ("member_left", second.email, f"{id} {person_id(second)}")])

    def test_the_last_owner_stays(self):
        owner, _ = customer()
        colleague(owner, "admin")
        before = everything()
        self.said(give(owner, owner, "member"), "A company needs an owner: make somebody else an owner first", status=422)
        page = owner.client.submit(owner.get("/company/leave"), "/company/leave")
        self.said(page, "Nothing was changed. A company needs an owner: make somebody else an owner first.")
        self.assertEqual(everything(), before)
        second = colleague(owner, "member")
        give(owner, second, "owner")
        self.said(owner.client.submit(owner.get("/company/leave"), "/company/leave"), f"You left {owner.business}.")
        self.assertEqual(role_of(second), "owner")

    def test_of_64_owners_who_go_at_once_one_stays(self):
        owner, _ = customer()
        company = number(f"SELECT id FROM company WHERE public_id = UNHEX('{company_id(owner)}')")
        for way in ("leave", "demote") if not SANITIZED else ("leave",):
            sql(f"DELETE FROM member WHERE company_id = {company};"
                f"INSERT INTO account (public_id, email, email_canon, first_name, last_name, verified_at, created_at) SELECT UNHEX(MD5(CONCAT('{way}', seq))), CONCAT(seq, '@{way}{company}.example'), "
                f"CONCAT(seq, '@{way}{company}.example'), 'Jo', 'B', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_{AT_ONCE};"
                f"INSERT INTO member SELECT {company}, id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email LIKE '%@{way}{company}.example'")
            people = sql(f"SELECT id, LOWER(HEX(public_id)) FROM account WHERE email LIKE '%@{way}{company}.example'")
            crowd = Crowd(AT_ONCE)
            crowd.ask([post("/company/leave", session(i, company)) if way == "leave" else
                       post(f"/company/members/{public}", session(i, company), role="member") for i, public in people])
            crowd.close()
            self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE company_id = {company} AND role = 'owner'"), 1, way)
            self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE company_id = {company}"), 1 if way == "leave" else AT_ONCE)

    def test_people_of_another_company_are_exactly_like_nobody(self):
        owner, _ = customer()
        stranger, _ = customer()
        before = everything()
        csrf = owner.get("/home").forms[0].fields["csrf"]
        for who in (person_id(stranger), "0123456789abcdef" * 2):
            where = f"/company/members/{who}"
            self.assertEqual([owner.get(where).status, owner.get(where + "/remove").status, owner.client.post(where, {"csrf": csrf, "role": "admin"}).status,
                              owner.client.post(where + "/remove", {"csrf": csrf}).status], [404] * 4)
        self.assertEqual(everything(), before)

    def test_a_role_that_companies_of_this_kind_do_not_have_is_refused(self):
        owner, _ = customer()
        person = colleague(owner)
        for role in ("inviter", "auditor", "", "x"):
            self.said(give(owner, person, role), "Select a role", status=422)
        self.assertEqual(role_of(person, owner), "member")


class Disconnect(Story):
    def test_the_companys_side_disconnects_from_home_and_the_vendor_sees_it(self):
        for kind, where in (("customer", "/customers"), ("supplier", "/suppliers")):
            buyer, vendor = customer(kind)
            others = [vendor.member(role) for role in ("admin", "auditor")]
            sql(f"UPDATE relationship SET number = 'K-4711' WHERE vendor_id = {vendor.id}")
            page = buyer.get(buyer.get("/home").link("Disconnect"))
            self.assertEqual(page.h1, f"Disconnect from {vendor.name}?")
            self.assertIn("Active", vendor.get(where).text, "asking ends nothing")
            page = buyer.client.submit(page, button="Disconnect")
            self.assertEqual(page.url, "/home")
            self.said(page, f"You’re not connected with {vendor.name} any more.", "No vendors yet")
            self.said(vendor.get(where), buyer.business, "Disconnected")
            self.said(vendor.get(f"{where}/{company_id(buyer)}"), "Disconnected", f"Disconnected by {buyer.email}")
            self.assertTrue(wait(lambda: [m for m in mails(vendor.email) if "the connection has ended" in m["subject"] and buyer.business in m["text"]], "mail"))
            self.assertEqual([mails(other.email) for other in others], [[], []], "an owner is told")
            back = vendor.invite(buyer.email, kind)
            page = buyer.client.submit(buyer.get(back), "/accept", button="Accept")
            self.said(page, f"You’re connected with {vendor.name}.", "K-4711")
            self.assertEqual(sql(f"SELECT state, number FROM relationship WHERE vendor_id = {vendor.id}"), [("active", "K-4711")])

    def test_pressing_twice_is_one_disconnection_and_a_strangers_vendor_is_exactly_like_none(self):
        buyer, vendor = customer()
        stranger, other = customer()
        page = buyer.get(buyer.get("/home").link("Disconnect"))
        where = page.form(button="Disconnect").action
        before = everything()
        theirs = stranger.get(stranger.get("/home").link("Disconnect")).form(button="Disconnect").action
        csrf = buyer.get("/home").forms[0].fields["csrf"]
        for path in (theirs, "/home/vendors/" + "0123456789abcdef" * 2 + "/disconnect"):
            self.assertEqual([buyer.get(path).status, buyer.client.post(path, {"csrf": csrf}).status], [404, 404])
        self.assertEqual(everything(), before)
        buyer.client.submit(page, button="Disconnect")
        self.assertEqual((buyer.client.submit(page, button="Disconnect").status, buyer.get(where).status), (404, 404))
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE event = 'relationship_disconnected' AND vendor_id = {vendor.id}"), 1)
        self.assertEqual(sql(f"SELECT state FROM relationship WHERE vendor_id = {other.id}"), [("active",)])
        self.assertNotEqual(where, theirs)

    def test_a_member_cannot_disconnect(self):
        buyer, _ = customer()
        member = colleague(buyer)
        where = buyer.get("/home").link("Disconnect")
        self.unsaid(member.get("/home"), "Disconnect")
        self.assertEqual(member.get(where).status, 403)


if __name__ == "__main__":
    unittest.main()
