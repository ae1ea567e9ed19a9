"""Who may go where: every route, asked for by everybody, for their own things, another vendor's and things that do not exist. What is
expected comes from the table below and from nothing else. And: looking changes nothing."""
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from town import Town  # noqa: E402

PEOPLE = ("nobody", "owner Harbour", "admin", "inviter", "auditor", "owner Lagoon", "customer")
OF_HARBOUR = ("owner Harbour", "admin", "inviter", "auditor")
INVITERS, READERS = ("owner Harbour", "admin", "inviter", "owner Lagoon"), ("owner Harbour", "admin", "inviter", "auditor", "owner Lagoon")

# Addresses without a thing: what those who may see it get. A POST is an empty form.
PLAIN = {"health": 200, "ready": 200, "root": 303, "sign_in": 200, "sign_in_do": 422, "sign_out": 303, "forgot": 200, "forgot_do": 422,
         "register": 200, "register_do": 422, "verify": 303, "verify_send": 303, "connect": 200, "connect_do": 422,
         "industry": 200, "invite": 422, "customers": 200, "suppliers": 200, "home": 200,
         "invitations_export": 200, "customers_export": 200, "suppliers_export": 200, "company_switch": 404,
         "settings": 200, "settings_do": 400, "settings_logo_do": 422, "settings_logo_remove_do": 303, "audit_log": 200, "overview": 200}
# A vendor's things: what those who may see them get.
THINGS = {"invitation": 200, "invitation_resend": 303, "invitation_cancel": 200, "invitation_cancel_do": 303, "invitation_take_over": 303, "invitation_copy": 200,
          "invitation_copy_do": 303, "invitation_letter": 200, "invitation_letter_do": 303, "invitation_change": 200, "invitation_change_do": 422, "invitation_correct": 200, "invitation_correct_do": 422, "customer": 200, "supplier": 200,
          "customer_messages": 200, "customer_message_send": 422, "supplier_messages": 200, "supplier_message_send": 422}
# The letter is of the link that was copied on the line before.
# Links are open to whoever holds them: known, known and nobody signed in, unknown.
LINKS = {"link": (200, 200, 404), "link_register": (303, 422, 303), "link_sign_in": (303, 303, 303), "link_sign_out": (303, 303, 303),
         "link_accept": (303, 303, 303), "link_decline_show": (200, 200, 303), "link_decline": (303, 303, 303), "link_ask": (303, 303, 303), "link_never": (303, 303, 303), "never": (200, 200, 404), "never_do": (303, 303, 404), "never_undo": (303, 303, 404),
         "logo": (200, 200, 404), "brand": (200, 200, 404),
         "reset": (200, 200, 410), "reset_do": (422, 422, 410), "verify_link": (200, 200, 410), "verify_link_do": (422, 422, 410)}
# The invited person's own: accept is sent with a company that is not theirs.
# The customer is connected to neither vendor: their threads are none.
OWN = {"home_confirm": 422, "home_refuse": 303, "home_accept": 422, "home_decline_show": 200, "home_decline": 303, "vendor_messages": 404, "vendor_message_send": 404}
CHANGING = ("settings_logo_remove_do", "invitation_copy_do", "never_do", "never_undo", "invitation_resend", "invitation_cancel_do", "link_decline", "home_decline")
EXPORTERS = ("owner Harbour", "admin", "auditor", "owner Lagoon")
ADMINS = ("owner Harbour", "admin", "owner Lagoon")
NEEDS = {"invite": INVITERS, "messages": INVITERS, "lists-read": READERS, "lists-export": EXPORTERS, "audit-read": EXPORTERS, "member": PEOPLE[1:],
         "signed-in": PEOPLE[1:], "anyone": PEOPLE, "local": PEOPLE,
         "link-copy": ADMINS, "partners-edit": ADMINS, "share": ADMINS, "team": ADMINS, "settings": ADMINS}
# What a customer keeps itself: "Harbour" stands for the customer's own, "Lagoon" for a stranger's.
KEPT = {"company": 200, "company_edit": 200, "company_edit_do": 400, "delivery": 200, "delivery_add": 200, "delivery_add_do": 422,
        "delivery_edit": 200, "delivery_edit_do": 422, "delivery_remove": 200, "delivery_remove_do": 303,
        "home_admission_accept": 303, "home_admission_decline": 303, "members": 200, "member": 200, "member_role_do": 422, "member_remove": 200, "member_remove_do": 303, "company_merge": 200, "company_merge_do": 422, "company_leave": 200, "company_leave_do": 303,
        "home_disconnect": 200, "home_disconnect_do": 303}
CHANGING += ("home_admission_accept", "home_admission_decline", "delivery_remove_do", "member_remove_do", "home_disconnect_do")
THINGS |= {f"{kind}_{what}": status for kind in ("customer", "supplier") for what, status in
           {"edit": 400, "pause": 200, "pause_do": 303, "lift": 303, "disconnect": 200, "disconnect_do": 303}.items()}
PLAIN |= {f"add_{kind}{what}": status for kind in ("customer", "supplier") for what, status in
          {"": 200, "_check": 422, "_data": 422, "_do": 422}.items()}
PLAIN |= {f"link_{kind}{what}": status for kind in ("customer", "supplier") for what, status in {"": 200, "_do": 422}.items()}
CHANGING += ("home_refuse", "customer_pause_do", "supplier_pause_do", "customer_disconnect_do", "supplier_disconnect_do")
THINGS |= {f"link_{kind}_withdraw{what}": status for kind in ("customer", "supplier") for what, status in {"": 200, "_do": 303}.items()}
OWN |= {"home_request": 200}
LINKS |= {"link_company": (303, 303, 303), "link_company_do": (303, 303, 303)}
PLAIN |= {"company_new": 303, "company_new_do": 303}   # everybody here has a company
CHANGING += ("link_customer_withdraw_do", "link_supplier_withdraw_do")
PLAIN |= {"admission": 200, "admission_do": 422}
LINKS |= {"link_admission": (303, 200, 303), "link_admission_do": (303, 422, 303)}
NEEDS |= {"partner": ("customer",), "partner-manage": ("customer",)}
# The vendor's team. Going is sent with an answer that there is not: whoever may is asked again, and the last owner is told so.
PLAIN |= {"team": 200, "team_invite": 422, "team_leave": 200, "team_leave_do": 422}
THINGS |= {"team_resend": 303, "team_cancel": 200, "team_cancel_do": 303, "team_role": 200, "team_role_do": 422, "team_remove": 200, "team_remove_do": 422}
LINKS |= {"join": (200, 200, 404), "join_register": (303, 422, 303), "join_sign_in": (303, 303, 303), "join_sign_out": (303, 303, 303),
          "join_do": (303, 303, 303)}
CHANGING += ("team_resend", "team_cancel_do")
NEEDS |= {"team": ("owner Harbour", "admin", "owner Lagoon")}
PLAIN |= {"roles": 200, "role_add": 200, "role_add_do": 422}
THINGS |= {"role_edit": 200, "role_edit_do": 400, "role_preselect": 303, "role_delete": 200, "role_delete_do": 303}
CHANGING += ("role_preselect", "role_delete_do")
PLAIN |= {"account": 200, "account_do": 303}
PLAIN |= {"closing": 200, "closing_do": 422, "closing_undo_do": 303, "company_export": 200}   # nothing is undone: nobody has asked
NEEDS |= {"vendor-end": ("owner Harbour", "owner Lagoon")}
PLAIN |= {"shared": 200, "shared_received": 200, "shared_upload": 200, "shared_upload_do": 422, "shared_link": 200, "shared_link_do": 422, "shared_note": 200,
          "shared_note_do": 422}
THINGS |= {"shared_item": 200, "shared_audience_do": 422, "shared_company_add": 422, "shared_company_remove": 400, "shared_remove": 200, "shared_remove_do": 303,
           "shared_file": 200}
CHANGING += ("shared_remove_do",)
# The customer is connected to neither vendor: their pages and files are none.
OWN |= {"vendor": 404, "vendor_upload": 404, "vendor_upload_do": 404, "vendor_note": 404, "vendor_note_do": 404, "vendor_file": 404}


def expected(name, path, permission, who, vendor):
    """The status, and whether something changes."""
    if name in LINKS:
        known, alone, unknown = LINKS[name]
        return unknown if not vendor else alone if who == "nobody" else known, name in CHANGING and vendor is not None
    if who not in NEEDS[permission]:
        return 303 if who == "nobody" else 403, False
    if name == "verify" and who == "nobody":
        return 200, False   # "Check your email"
    if name in PLAIN:
        return PLAIN[name], name in CHANGING
    if name in OWN:
        return (OWN[name], name in CHANGING) if vendor and who == "customer" else (404, False)
    if name in KEPT and permission == "signed-in" and who != "customer":
        return 404, False   # another owner's
    if name in KEPT:
        return (404, False) if "{" in path and vendor != "Harbour" else (KEPT[name], name in CHANGING)
    theirs = vendor == "Harbour" if who in OF_HARBOUR else vendor == "Lagoon"
    if who == "inviter" and name.startswith("invitation"):
        theirs = False   # an inviter sees the own ones; these are the owner's
    return (THINGS[name], name in CHANGING) if theirs else (404, False)


def without_numbers(page):
    """What an onlooker can tell apart: all but the request's own number, the date, the form token of who has no session yet, and the
    address that was asked for, which the links to other languages and the way to the sign-in repeat."""
    body = re.sub(r"(Reference: )[0-9a-f]{32}|(name=\"csrf\" value=\")[\w-]{43}", r"\1\2", page.body)
    body = re.sub(r'href="[^"]*[?&;]lang=[^"]*"', lambda link: re.sub(r"[0-9a-f]{32}", "", link[0]), body)
    dull = ("Date", "X-Request-Id", "Set-Cookie", "Connection")
    headers = [(k, re.sub(r"[0-9a-f]{32}", "", v) if v.startswith("/sign-in?next=") else v) for k, v in page.headers.items() if k not in dull]
    return page.status, sorted(headers), body


class Access(Town):
    def ask(self, name, method, path, who, vendor):
        client, where = self.people[who], self.path(path, vendor)
        if name.endswith("sign_out"):   # the session is still needed: another one
            client = self.house.visitor(follow=False)
        if method == "GET":
            return client.raw("GET", where)
        if name in ("shared_upload_do", "vendor_upload_do"):
            return client.post_parts(where, {"csrf": self.token(client)}, file=("", b""))
        if name == "settings_logo_do":
            return client.post_parts(where, {"csrf": self.token(client)}, logo=("", b""))
        fields = {"csrf": self.token(client)} | self.seen(name, vendor) | ({"company": "f" * 32} if name in ("home_accept", "home_confirm") else {"open": "x"} if name in ("team_leave_do", "team_remove_do") else {})
        return client.raw("POST", where, urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded",
                                                                         "Sec-Fetch-Site": "same-origin"})

    def seen(self, name, vendor):
        """What the page with this button says of what it was sent."""
        column, field, table = {"invitation_resend": ("resends", "resends", "invitation"),
                                "team_resend": ("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', sent_at)", "sent", "team_invitation")}.get(name, (None,) * 3)
        if not column:
            return {}
        thing = self.ids[vendor or "Harbour", "asked" if name == "team_resend" else "invitation"]
        return {field: self.house.sql(f"SELECT {column} FROM {table} WHERE public_id = UNHEX('{thing}')")[0][0]}

    def restore(self):
        """Everything that the matrix may end is open again; mails of it are none."""
        self.house.sql("DELETE FROM suppression")
        self.furnish_logos(self.house)
        self.furnish_shared(self.house)
        self.furnish_roles(self.house)
        self.house.sql(f"INSERT IGNORE INTO delivery_location (public_id, company_id, name, street, city, created_at) SELECT UNHEX('{self.ids['Harbour', 'location']}'), "
                       "m.company_id, 'Dock of Harbour', 'Quay', 'Hull', UTC_TIMESTAMP(6) FROM member m JOIN account a ON a.id = m.account_id "
                       "WHERE a.email = 'buyer@third-customer.example'")
        self.house.sql(self.COLLEAGUE + self.ASKING)
        self.house.sql("UPDATE invitation SET status = 'pending', ended_at = NULL WHERE status IN ('cancelled', 'declined')")
        self.house.sql("UPDATE connection_request SET status = 'waiting', withdrawn_at = NULL")
        self.house.sql("UPDATE relationship SET state = 'active', paused_until = NULL")
        self.house.sql("UPDATE team_invitation SET status = 'pending', ended_at = NULL; UPDATE team_token t JOIN (SELECT MIN(created_at) c, team_invitation_id "
                       "FROM team_token GROUP BY 2) f ON f.team_invitation_id = t.team_invitation_id AND f.c = t.created_at SET t.superseded_at = NULL")
        for vendor in ("Harbour", "Lagoon"):   # a resent invitation's link is known from its mail only: the first one lives on
            self.house.sql(f"UPDATE token t JOIN (SELECT MIN(created_at) c, invitation_id FROM token GROUP BY 2) f ON f.invitation_id = t.invitation_id "
                           f"AND f.c = t.created_at SET t.superseded_at = NULL; DELETE FROM outbox WHERE state = 'queued'")

    def test_every_route_for_everybody_and_everything(self):
        wrong, cells = [], 0
        self.assertEqual({r[0] for r in self.routes}, PLAIN.keys() | THINGS.keys() | LINKS.keys() | OWN.keys() | KEPT.keys(), "a new route needs a line above")
        for name, method, path, permission in self.routes:
            for who in PEOPLE:
                for vendor in ("Harbour", "Lagoon", None) if "{" in path else (None,):
                    status, changes = expected(name, path, permission, who, vendor)
                    before = self.state() if method == "POST" else None
                    page = self.ask(name, method, path, who, vendor)
                    changed = method == "POST" and self.state() != before
                    cells += 1
                    if (page.status, changed) != (status, changes):
                        wrong.append(f"{who}, {method} {name} of {vendor}: {page.status} {'changed' if changed else ''}, expected {status} {'change' if changes else ''}")
                    if changed:
                        self.restore()
        self.assertEqual(wrong, [])
        self.assertGreater(cells, 400)

    def test_another_vendors_thing_is_exactly_like_none(self):
        for name, method, path, permission in self.routes:
            if "{id}" not in path or name == "logo":   # a logo is for whoever was told its name
                continue
            for who in ("owner Lagoon", "admin", "auditor", "nobody", "customer") if not name.startswith("home") and name not in KEPT else ("owner Lagoon", "nobody"):
                theirs = "Harbour" if who not in OF_HARBOUR else "Lagoon"
                other, none = (without_numbers(self.ask(name, method, path, who, v)) for v in (theirs, None))
                self.assertEqual(other, none, f"{who}: {name}")
        for where in ("/industry?after=", "/industry?before=", "/customers?after=", "/suppliers?before="):
            kind = "customer" if "customers" in where else "supplier" if "suppliers" in where else "invitation"
            other, none = (without_numbers(self.people["owner Lagoon"].raw("GET", where + i)) for i in (self.ids["Harbour", kind], "0" * 32))
            self.assertEqual(other, none, where)
        form = self.people["owner Lagoon"].get("/industry").form("/industry/invitations").fields
        role = self.people["owner Harbour"].get("/industry").form("/industry/invitations").fields["role"]
        before, bodies = self.state(), []
        for value in (role, "0" * 32):
            page = self.people["owner Lagoon"].post("/industry/invitations", form | {"kind": "customer", "email": "x@pier.example", "role": value})
            self.assertEqual((page.status, "Select a role" in page.text), (422, True))
            bodies.append(page.body.replace(value, ""))
        self.assertEqual(bodies[0], bodies[1])
        self.assertEqual(self.state(), before)

    def test_an_inviter_sees_the_own_invitations_only(self):
        inviter = self.people["inviter"]
        inviter.follow = True
        self.house.invite(inviter, "mine@pier.example")
        inviter.follow = False
        page = inviter.get("/industry")
        self.assertIn("mine@pier.example", page.text)
        self.assertNotIn("pending@harbour.example", page.text)
        self.assertEqual(inviter.get(f"/industry/invitations/{self.house.invitation_id('mine@pier.example')}").status, 200)
        self.assertNotIn("pending@", inviter.get("/industry?q=pending").body.split("<table")[-1])

    def crawl(self, client, starts):
        """Every address that the pages lead to, by GET and HEAD."""
        seen, waiting = set(), list(starts)
        while waiting:
            where = waiting.pop()
            page_of_it = re.sub(r"^(/sign-in\?next=)[^&]*", r"\1", where)   # one for all that it leads back to
            if page_of_it in seen or not where.startswith("/"):
                continue
            seen.add(page_of_it)
            page = client.raw("GET", where)
            self.assertLess(page.status, 500, where)
            head = client.raw("HEAD", where)
            self.assertEqual((head.status, head.body), (page.status, ""), where)
            waiting += [href.split("#")[0] for href, _ in page.links if not href.startswith(("#", "mailto:"))]
            waiting += [f.action for f in page.forms] + ([page.location] if page.location else [])
        return seen

    def test_looking_changes_nothing(self):
        """Mail scanners and link previews open everything."""
        starts = {self.path(path, vendor) for _, _, path, _ in self.routes for vendor in ("Harbour", "Lagoon", None)}
        before, seen = self.state(), set()
        for who in PEOPLE:
            seen |= self.crawl(self.people[who], starts)
        self.assertGreater(len(seen), 40)
        self.assertEqual(self.state(), before)


if __name__ == "__main__":
    unittest.main()
