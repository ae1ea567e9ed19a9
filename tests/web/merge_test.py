"""Two customer (or supplier) companies turn out to be one: the owner of both confirms, numbers and history are kept, nothing is lost."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Story, Vendor, colleague, company_id, customer, everything, machine, number, sql, value  # noqa: E402
from join_test import ask, ask_again  # noqa: E402
from race_test import Crowd, post, session  # noqa: E402

setUpModule, tearDownModule = machine(web_workers=16)


def row(public):
    return number(f"SELECT id FROM company WHERE public_id = UNHEX('{public}')")


def accept(person, vendor, kind="customer"):
    page = person.client.submit(person.get(vendor.invite(person.email, kind)), "/accept", button="Accept")
    assert "You’re connected with" in page.text, page.text


def two(kind="customer"):
    """Two companies, each with its own vendor and one that both have; the first one's owner owns the second as well."""
    first, a = customer(kind)
    second, b = customer(kind)
    both = Vendor()
    for person, n in ((first, "K-1"), (second, "K-2")):
        accept(person, both, kind)
        sql(f"UPDATE relationship SET number = '{n}' WHERE vendor_id = {both.id} AND partner_id = {row(company_id(person))}")
    ids = company_id(first), company_id(second)
    sql(f"INSERT INTO member SELECT {row(ids[1])}, id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = '{first.email}'")
    return first, second, a, b, both, ids


def confirm(person, other):
    page = person.get(person.get("/company").link("Merge with another company"))
    return person.client.submit(page, "/company/merge", button="Continue", company=other)


class Merging(Story):
    def test_the_owner_of_both_sees_what_becomes_of_what_and_merges(self):
        for kind, where in (("customer", "/customers"), ("supplier", "/suppliers")):
            first, second, a, b, both, ids = two(kind)
            second.client.submit(second.get("/company/delivery-new"), "/company/delivery-new", name="Dock 9", street="Quay", city="Hull")
            sql(f"UPDATE relationship SET number = 'B-7' WHERE vendor_id = {b.id}")
            before = everything()
            page = confirm(first, ids[1])
            self.assertEqual(page.h1, "Merge these companies?")
            self.said(page, f"{second.business} becomes part of {first.business}. This cannot be undone.", "Delivery locations that come along: 1.",
                      f"{b.name} Comes along with number B-7", f"{both.name} Connected with both: number K-1 stays, number K-2 is kept in the history")
            self.assertEqual(everything(), before, "asking changes nothing")
            page = first.client.submit(page, button="Merge companies")
            self.assertEqual(page.url, "/company")
            self.said(page, f"{second.business} is part of this company now.", first.business, "Members (2)", "Delivery locations (1)")
            self.said(first.get("/company/delivery"), "Dock 9")
            self.said(first.get("/home"), a.name, b.name, both.name, "Number B-7", "Number K-1")
            for vendor, n in ((b, "B-7"), (both, "K-1")):
                self.said(vendor.get(f"{where}?q={first.business.split()[-1]}"), first.business)
                self.said(vendor.get(f"{where}?q={second.business.split()[-1]}"), f"No {kind}s found")
                page = vendor.get(where)
                self.said(page, first.business, n)
                self.unsaid(page, second.business)
                moved = vendor.get(f"{where}/{ids[1]}")
                self.assertEqual(moved.url, f"{where}/{ids[0]}", "the old link leads to the survivor")
                self.said(moved, first.business, n)
            page = both.get(f"{where}/{ids[0]}")
            self.said(page, f"Merged with another connection of the same company by {first.email}. Its number was K-2",
                      f"Accepted by {first.email}", f"Accepted by {second.email}")
            self.said(b.get(f"{where}/{ids[0]}"), f"{second.business} became part of this company, merged by {first.email}")
            self.said(both.invitation(second.email), "Accepted", first.business)
            self.assertEqual(a.get(f"{where}/{ids[1]}").status, 404, "who never knew the emptied company learns nothing of it")
            self.said(second.get("/company"), first.business)
            self.assertEqual(number(f"SELECT COUNT(*) FROM relationship r JOIN company c ON c.id = r.partner_id WHERE c.merged_into IS NOT NULL"), 0)

    def test_who_is_in_both_keeps_the_higher_role(self):
        first, second, _, _, _, ids = two()
        helper = colleague(first, "member")
        sql(f"INSERT INTO member SELECT {row(ids[1])}, id, 'admin', UTC_TIMESTAMP(6) FROM account WHERE email = '{helper.email}'")
        sql(f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = 'admin' WHERE a.email = '{second.email}'")
        first.client.submit(confirm(first, ids[1]), button="Merge companies")
        self.assertEqual(sql(f"SELECT a.email, m.role FROM member m JOIN account a ON a.id = m.account_id WHERE m.company_id = {row(ids[0])} ORDER BY a.id"),
                         [(first.email, "owner"), (second.email, "admin"), (helper.email, "admin")])
        self.assertEqual(number(f"SELECT COUNT(*) FROM member WHERE company_id = {row(ids[1])}"), 0)

    def test_messages_become_one_thread_and_a_number_that_was_missing_is_taken_over(self):
        first, second, _, _, both, ids = two()
        sql(f"UPDATE relationship SET number = '' WHERE partner_id = {row(ids[0])} AND vendor_id = {both.id}")
        sql(f"INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) SELECT UNHEX(MD5(RAND())), r.id, a.id, 0, 'From the second', UTC_TIMESTAMP(6) "
            f"FROM relationship r JOIN account a ON a.email = '{second.email}' WHERE r.partner_id = {row(ids[1])} AND r.vendor_id = {both.id}")
        asks = Vendor()
        sql(f"INSERT INTO connection_request (public_id, vendor_id, sender_id, kind, target, target_canon, company_id, partner_role_id, status, created_at, expires_at) "
            f"SELECT UNHEX(MD5(RAND())), p.vendor_id, m.account_id, 'customer', '{ids[1]}', '{ids[1]}', {row(ids[1])}, p.id, 'waiting', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 1 DAY "
            f"FROM partner_role p JOIN member m ON m.company_id = p.vendor_id WHERE p.vendor_id = {asks.id} LIMIT 1")
        first.client.submit(confirm(first, ids[1]), button="Merge companies")
        self.said(both.get(f"/customers/{ids[0]}"), "K-2")
        self.assertEqual(sql(f"SELECT company_id FROM connection_request WHERE vendor_id = {asks.id}"), [(str(row(ids[0])),)], "who asked it waits for the survivor")
        self.said(both.get(f"/customers/{ids[0]}/messages"), "From the second")

    def test_who_asked_to_join_both_waits_for_one_answer_and_the_invitation_is_accepted_with_it(self):
        first, _, _, _, _, ids = two()
        vendor = Vendor()
        person, page = ask(vendor.invite(), ids[1])
        self.said(ask_again(person, ids[0]), "Request sent.")
        first.client.submit(confirm(first, ids[1]), button="Merge companies")
        self.assertEqual(number(f"SELECT COUNT(*) FROM admission_request WHERE company_id = {row(ids[1])}"), 0)
        first.client.submit(first.get("/home"), "/accept", button="Accept")
        self.unsaid(first.get("/home"), "Requests to join")
        page = person.get("/home")
        self.unsaid(page, "Your request to join a company")
        self.said(page, vendor.name, f"{first.business}, since")
        self.said(vendor.invitation(person.email), "Accepted", first.business)

    def test_a_pause_is_not_escaped_by_merging(self):
        for paused in (0, 1):
            first, _, _, _, both, ids = two()
            sql(f"UPDATE relationship SET state = 'paused' WHERE vendor_id = {both.id} AND partner_id = {row(ids[paused])}")
            first.client.submit(confirm(first, ids[1]), button="Merge companies")
            self.assertEqual(sql(f"SELECT state FROM relationship WHERE vendor_id = {both.id}"), [("paused",)])

    def test_of_two_pauses_the_longer_one_holds(self):
        soon, late = "2031-01-01 00:00:00.000000", "2032-01-01 00:00:00.000000"
        for ends, left in (((soon, late), late), ((late, soon), late), ((None, late), None), ((late, None), None)):
            first, _, _, _, both, ids = two()
            for end, company in zip(ends, ids):
                until = f"'{end}'" if end else "NULL"
                sql(f"UPDATE relationship SET state = 'paused', paused_until = {until} WHERE vendor_id = {both.id} AND partner_id = {row(company)}")
            first.client.submit(confirm(first, ids[1]), button="Merge companies")
            self.assertEqual(sql(f"SELECT state, paused_until FROM relationship WHERE vendor_id = {both.id}"), [("paused", left)], ends)

    def test_an_ended_connection_lives_on_with_the_role_of_the_living_one_and_has_been_there_since_the_first(self):
        for ended in (0, 1):
            first, _, _, _, both, ids = two()
            sql(f"UPDATE relationship SET state = 'disconnected', since = '2024-05-17' WHERE vendor_id = {both.id} AND partner_id = {row(ids[ended])};"
                f"UPDATE relationship r JOIN partner_role p ON p.vendor_id = r.vendor_id AND p.name = 'Read-only' SET r.partner_role_id = p.id "
                f"WHERE r.vendor_id = {both.id} AND r.partner_id = {row(ids[1 - ended])}")
            old = both.get(f"/customers/{ids[0]}")
            first.client.submit(confirm(first, ids[1]), button="Merge companies")
            self.said(both.get(f"/customers/{ids[0]}"), "Active", "Role Read-only", "Since 17 May 2024", "number K-1")
            self.said(both.client.submit(old, old.url, number="K-9"), "A colleague has changed number or role meanwhile", status=422)

    def test_what_was_shared_with_it_and_what_it_sent_comes_along(self):
        first, _, _, _, both, ids = two()
        relationship = number(f"SELECT id FROM relationship WHERE vendor_id = {both.id} AND partner_id = {row(ids[1])}")
        for title, audience, of in (("For the second", "chosen", "NULL"), ("From the second", "vendor", relationship)):
            sql(f"INSERT INTO shared (public_id, vendor_id, kind, audience, relationship_id, title, body, account_id, created_at) SELECT UNHEX(MD5(RAND())), {both.id}, 'note', '{audience}', {of}, "
                f"'{title}', 'b', account_id, UTC_TIMESTAMP(6) FROM member WHERE company_id = {both.id}")
        sql(f"INSERT INTO shared_with SELECT {relationship}, id FROM shared WHERE vendor_id = {both.id} AND audience = 'chosen'")
        first.client.submit(confirm(first, ids[1]), button="Merge companies")
        page = first.get("/vendors/" + value(f"SELECT LOWER(HEX(public_id)) FROM company WHERE id = {both.id}"))
        self.said(page, "For the second", "From the second", "Sent by your company")
        self.said(both.get("/shared/received"), f"From {first.business}")

    def test_who_uses_the_emptied_company_uses_the_survivor(self):
        first, second, _, _, _, ids = two()
        other = second.elsewhere()
        first.client.submit(confirm(first, ids[1]), button="Merge companies")
        for client in (second.client, other):
            self.said(client.get("/company"), first.business)

    def test_merged_again_old_links_still_lead_to_who_lives_on(self):
        first, _, _, b, both, ids = two()
        first.client.submit(confirm(first, ids[1]), button="Merge companies")
        third, _ = customer()
        accept(third, both)
        last = company_id(third)
        sql(f"INSERT INTO member SELECT {row(ids[0])}, id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = '{third.email}'")
        third.client.submit(confirm(third, ids[0]), button="Merge companies")
        for vendor in (b, both):
            for old in ids:
                self.assertEqual(vendor.get(f"/customers/{old}").url, f"/customers/{last}")
        self.said(both.get(f"/customers/{last}"), "Its number was K-2", "K-1")
        for old in ids:   # and who asks to join by it
            person, _ = ask(both.invite(), old)
            self.said(third.get("/home"), person.email)

    def test_only_an_owner_of_both_and_only_of_one_kind(self):
        first, second, _, _, _, ids = two()
        supplier, _ = customer("supplier")
        stranger, _ = customer()
        admin = colleague(first, "admin")
        sql(f"INSERT INTO member SELECT {row(company_id(supplier))}, id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = '{first.email}';"
            f"INSERT INTO member SELECT {row(ids[1])}, id, 'owner', UTC_TIMESTAMP(6) FROM account WHERE email = '{admin.email}'")
        before = everything()
        for who, other in ((first, company_id(supplier)), (first, company_id(stranger)), (first, ids[0]), (first, "0123456789abcdef" * 2), (second, ids[0]), (admin, ids[1])):
            csrf = who.get("/home").forms[-1].fields["csrf"]
            self.assertEqual(who.get(f"/company/merge?company={other}").status, 404)
            self.assertEqual(who.client.post("/company/merge", {"csrf": csrf, "company": other}).status, 404)
        self.said(stranger.get("/company/merge"), "Only somebody who is an owner of both companies can merge them")
        page = first.client.submit(first.get("/company/merge"), "/company/merge", button="Continue")
        self.assertEqual(page.h1, "Merge companies", "none was chosen")
        self.assertEqual(everything(), before)

    def test_each_into_the_other_at_once_is_one_merge(self):
        first, _, _, _, both, ids = two()
        account = number(f"SELECT id FROM account WHERE email = '{first.email}'")
        crowd = Crowd(8)
        crowd.ask([post("/company/merge", session(account, row(ids[n % 2])), company=ids[1 - n % 2]) for n in range(8)])
        crowd.close()
        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE merged_into IS NOT NULL AND id IN ({row(ids[0])}, {row(ids[1])})"), 1)
        self.assertEqual(number(f"SELECT COUNT(*) FROM relationship WHERE vendor_id = {both.id}"), 1)
        self.assertEqual(number(f"SELECT COUNT(*) FROM audit_event WHERE event = 'company_merged' AND account_id = {account}"), 1)


if __name__ == "__main__":
    unittest.main()
