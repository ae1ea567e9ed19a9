"""Double click: two requests of one form at the same instant. Whatever the button, it happens once, and the last page never says that it failed."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (Client, Story, Vendor, address, company_id, customer, everything, link_of, mail_to, machine, mails, number, sql,  # noqa: E402
                    stack, together)

setUpModule, tearDownModule = machine(web_workers=8)


class Twice(Story):
    def twice(self, person, page, action=None, button=None, **values):
        """Both answers, of two windows that share the cookies: (303, where to, what is said there) or (422, what is said)."""
        form = page.form(action, button)
        self.assertEqual(set(values) - set(form.fields) - set(form.choices), set())

        def press():
            client = Client(stack().url, follow=False)
            client.cookies = dict(person.client.cookies)
            answer = client.post(form.action, form.fields | values)
            if answer.status != 303:
                return answer.status, " ".join(re.findall(r'class="error"[^>]*>([^<]*)<', answer.body))
            after = client.get(answer.location)
            self.assertEqual(after.status, 200)
            return 303, answer.location, re.search(r'role="status">(.*?)</div>', after.body, re.S)[1]
        return together(press, press)

    def both(self, answers, *words):
        """Both presses see the one success."""
        for answer in answers:
            self.assertEqual(answer[0], 303, answers)
            for word in words:
                self.assertIn(word, answer[2])

    def one(self, answers, words):
        """One press sees the success, the other that it has been done."""
        self.assertEqual(sorted(a[0] for a in answers), [303, 422], answers)
        self.assertIn(words, next(a for a in answers if a[0] == 422)[1])

    def lines(self, vendor, event):
        return number(f"SELECT COUNT(*) FROM audit_event WHERE vendor_id = {vendor.id} AND event = '{event}'")

    def test_send_invite_is_one_invitation_and_one_mail(self):
        vendor, email = Vendor(), address()
        before, page = self.counted(), vendor.get("/industry")
        self.both(self.twice(vendor, page, "/industry/invitations", kind="customer", email=email), "Invitation s", email)   # sent, or saved
        everything()
        self.assertEqual((number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id}"), len(mails(email)), self.lines(vendor, "invitation_sent")), (1, 1, 1))
        self.assertEqual(self.counted(), before + 1, "it is counted once against the limits")
        self.said(vendor.client.submit(page, "/industry/invitations", kind="customer", email=email), "Invitation sent.")   # the answer never came: sent once more
        self.said(vendor.send(email), f"{email} already has a pending invitation", status=422)   # another form
        colleague = vendor.member("admin")
        once = {"once": page.form("/industry/invitations").fields["once"]}
        for person, words in ((colleague, f"{email} already has a pending invitation"), (other := Vendor(), "Invitation sent.")):
            self.assertIn(words, person.client.submit(person.get("/industry"), "/industry/invitations", kind="customer", email=email, **once).text)   # nobody else's form
        self.assertEqual((number(f"SELECT COUNT(*) FROM invitation WHERE email = '{email}'"), self.lines(other, "invitation_sent")), (2, 1))

    def counted(self):
        """Recipients that count against the limits."""
        return number("SELECT COALESCE(SUM(n), 0) FROM recipient_count WHERE scope = 'installation'")

    def test_an_expired_invitation_is_sent_anew_once(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{email}'")
        self.both(self.twice(vendor, vendor.get("/industry"), "/industry/invitations", kind="customer", email=email), "Invitation s", email)
        everything()
        self.assertEqual((number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor.id}"), len(mails(email)), self.lines(vendor, "invitation_renewed")), (1, 2, 1))
        self.said(vendor.send(email), f"{email} already has a pending invitation", status=422)

    def test_resend_is_one_mail_and_one_of_the_times_it_may_be_sent_again_from_the_row_the_page_and_the_refusal(self):
        vendor = Vendor()
        for where in ("row", "page", "refusal"):
            email = address(where)
            vendor.invite(email)
            if where == "page":
                page = vendor.invitation(email)
            else:
                page = vendor.get("/industry?q=" + email) if where == "row" else vendor.send(email)
            self.both(self.twice(vendor, page, f"{vendor.client.get('/industry?q=' + email).link(email)}/resend", "Resend"), "New invitation sent.")
            self.assertNotEqual(link_of(mail_to(email, 2, "i")), "")
            everything()
            self.assertEqual(sql(f"SELECT resends FROM invitation WHERE email = '{email}'"), [("1",)], where)
            self.assertEqual(len(mails(email)), 2, where)
            self.assertEqual(number(f"SELECT COUNT(*) FROM token t JOIN invitation i ON i.id = t.invitation_id WHERE i.email = '{email}'"), 2, where)
        self.assertEqual(self.lines(vendor, "invitation_resent"), 3)

    def test_resend_on_a_page_that_was_left_open_says_what_has_come_between(self):
        vendor, email = Vendor(), address()
        colleague = vendor.member("admin")
        vendor.invite(email)
        old = vendor.invitation(email)
        colleague.client.submit(colleague.get(old.url), button="Resend")
        mail_to(email, 2, "i")
        page = vendor.client.submit(old, button="Resend")
        self.assertEqual(page.url, old.url)
        self.said(page, "Nothing was sent. This invitation was sent again in the meantime.", f"Resent by {colleague.email}")
        self.said(vendor.client.submit(page, button="Resend"), "New invitation sent.")
        page = vendor.invitation(email)
        vendor.cancel(email)
        self.said(vendor.client.submit(page, button="Resend"), "Nothing was changed.", "is not pending any more")
        everything()
        self.assertEqual(len(mails(email)), 3)
        sql(f"UPDATE invitation SET status = 'pending', ended_at = NULL, resends = resends + 1, sent_at = sent_at - INTERVAL 2 MINUTE WHERE email = '{email}'")
        self.said(vendor.client.submit(page, button="Resend"), "Nothing was sent. This invitation was sent again in the meantime.")

    def test_a_corrected_address_gets_one_mail(self):
        vendor, wrong, right = Vendor(), address("wrong"), address("right")
        vendor.invite(wrong)
        page = vendor.get(vendor.invitation(wrong).link("Correct address and resend"))
        self.one(self.twice(vendor, page, "/address", email=right), "the invitation was sent to this one already")
        everything()
        self.assertEqual((len(mails(right)), sql(f"SELECT resends FROM invitation WHERE email = '{right}'"), self.lines(vendor, "invitation_corrected")), (1, [("1",)], 1))

    def test_a_change_and_new_settings_are_one_line_of_history(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        for number_ in ("c-1", "C-1"):   # another case is another number
            page = vendor.get(vendor.invitation(email).link("Change"))
            answers = self.twice_quietly(vendor, page, "/change", number=number_)
            self.assertEqual([a[0] for a in answers], [303, 303])
            self.assertEqual(sql(f"SELECT number FROM invitation WHERE email = '{email}'"), [(number_,)])
        self.assertEqual(self.lines(vendor, "invitation_changed"), 2)
        for name in ("Once More Ltd", "Once more Ltd"):
            self.both(self.twice(vendor, vendor.get("/settings"), "/settings", name=name), "Settings saved.")
            vendor.name = name
        self.assertEqual(self.lines(vendor, "settings_changed"), 2)
        role = vendor.get(vendor.get("/settings/roles").link("Change"))
        answers = self.twice_quietly(vendor, role, role.url, name="Ordinary")
        self.assertEqual([a[0] for a in answers], [303, 303])
        self.assertEqual(self.lines(vendor, "settings_role_changed"), 1)

    def twice_quietly(self, person, page, action, **values):
        """Of two, where the second has nothing to say."""
        form = page.form(action)

        def press():
            client = Client(stack().url, follow=False)
            client.cookies = dict(person.client.cookies)
            answer = client.post(form.action, form.fields | values)
            return answer.status, answer.location
        return together(press, press)

    def test_a_colleague_is_asked_once_and_once_again(self):
        vendor, email = Vendor(), address()
        before, page = self.counted(), vendor.get("/team")
        self.both(self.twice(vendor, page, "/team/invitations", email=email, role="auditor"), "Invitation sent.", email)
        mail_to(email, 1, "join")
        everything()
        self.assertEqual((len(mails(email)), self.counted()), (1, before + 1))
        self.said(vendor.client.submit(vendor.get("/team"), "/team/invitations", email=email, role="auditor"), f"{email} already has a pending invitation", status=422)
        admin = vendor.member("admin")
        once = {"once": page.form("/team/invitations").fields["once"]}
        self.said(admin.client.submit(admin.get("/team"), "/team/invitations", email=email, role="auditor", **once), f"{email} already has a pending invitation", status=422)
        sql(f"UPDATE team_invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{email}'")
        self.both(self.twice(vendor, vendor.get("/team"), "/team/invitations", email=email, role="auditor"), "Invitation sent.", email)   # an expired one anew
        mail_to(email, 2, "join")
        self.both(self.twice(vendor, vendor.get("/team"), "/resend", "Resend"), "Invitation sent.")
        mail_to(email, 3, "join")
        everything()
        self.assertEqual((len(mails(email)), self.lines(vendor, "member_invited"), self.lines(vendor, "member_invited_again")), (3, 2, 1))
        page = vendor.get("/team")
        sql(f"UPDATE team_invitation SET sent_at = sent_at + INTERVAL 1 SECOND - INTERVAL 1 HOUR WHERE email = '{email}'")
        page = vendor.client.submit(page, button="Resend")
        self.said(page, "Nothing was sent. This invitation was sent again in the meantime.")
        self.said(vendor.client.submit(page, button="Resend"), "Invitation sent.")

    def test_a_request_to_connect_is_made_once(self):
        vendor, (buyer, _) = Vendor(), customer()
        nobody = address("nobody")
        for target in (buyer.email, nobody):   # the same for a company that does not exist
            before, page = self.counted(), vendor.get("/link/customer")
            self.both(self.twice(vendor, page, "/link/customer", target=target), "Request sent.", target)
            everything()
            self.assertEqual(self.counted(), before + 1)
            self.said(vendor.client.submit(vendor.get("/link/customer"), "/link/customer", target=target), f"You have asked {target} already", status=422)
            admin, once = vendor.member("admin"), {"once": page.form("/link/customer").fields["once"]}
            self.said(admin.client.submit(admin.get("/link/customer"), "/link/customer", target=target, **once), f"You have asked {target} already", status=422)
            sql(f"UPDATE connection_request SET expires_at = UTC_TIMESTAMP(6) WHERE target = '{target}'")
            self.both(self.twice(vendor, vendor.get("/link/customer"), "/link/customer", target=target), "Request sent.", target)   # after its end once more
            everything()
        self.assertEqual((len([m for m in mails(buyer.email) if "/home/requests/" in m["text"]]), mails(nobody), self.lines(vendor, "connection_asked")), (2, [], 4))

    def test_a_delivery_location_is_added_once(self):
        buyer, _ = customer()
        self.both(self.twice(buyer, buyer.get("/company/delivery-new"), "/company/delivery-new", name="Dock 9", street="Quay", city="Hull"), "Dock 9")
        self.assertEqual(number(f"SELECT COUNT(*) FROM delivery_location d JOIN company c ON c.id = d.company_id WHERE c.public_id = UNHEX('{company_id(buyer)}')"), 1)
        self.said(buyer.client.submit(buyer.get("/company/delivery-new"), "/company/delivery-new", name="Dock 9", street="Quay", city="Hull"), "Dock 9 added.")
        self.assertEqual(buyer.get("/company/delivery").text.count("Dock 9 Quay, Hull"), 2, "asked for twice it is there twice")

    def test_pause_lift_number_and_disconnect_happen_once(self):
        buyer, vendor = customer()
        page = f"/customers/{company_id(buyer)}"
        for path, action, values, event in ((page + "/pause", "/pause", {}, "relationship_paused"), (page, "/lift", {}, "relationship_lifted"),
                                            (page, page, {"number": "K-7"}, "relationship_number"), (page + "/disconnect", "/disconnect", {}, "relationship_disconnected")):
            answers = self.twice_quietly(vendor, vendor.get(path), action, **values)
            self.assertEqual([a[0] for a in answers], [303, 303], path)
            self.assertEqual(self.lines(vendor, event), 1, event)


if __name__ == "__main__":
    unittest.main()
