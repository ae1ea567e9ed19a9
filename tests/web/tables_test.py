"""Every table that belongs to a vendor, a person or a company is known by those who export, delete, erase and merge.

The tables and their columns come from the database itself: a new table that refers to one of these makes a test fail until it stands in a list
below, with the place of its rows in the export or with the reason why they have none, and until what is deleted or merged takes it along.
"""
import datetime
import json
import re
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from merge_test import confirm, row, two  # noqa: E402
from portal import SANITIZED, Story, Vendor, address, fresh, machine, number, register, sql, stack  # noqa: E402
from stack import environment  # noqa: E402

setUpModule, tearDownModule = machine(open_registration=True)

# Of a vendor: table -> the list of `vendor delete --export` that has its rows ("a.b": the list b of every record of a), or why it has none.
VENDOR = {"member": "members", "partner_role": "partner_roles", "relationship": "relationships", "message": "relationships.messages", "relationship_merged": "relationships.merged",
          "invitation": "invitations", "connection_request": "connection_requests", "team_invitation": "team_invitations", "shared": "shared+received", "shared_with": "shared.chosen",
          "outbox": "mails", "audit_event": "events", "logo": "vendor.logo"}
NOT_TOLD = {"company": "is the vendor itself, or the other side", "delivery_location": "of the other side, who stays", "session": "a secret", "token": "secrets", "team_token": "secrets",
            "invitation_word": "made of the invitation", "relationship_word": "made of the company", "invitation_progress": "stands with the invitation", "message_notice": "when somebody was reminded",
            "waiting_acceptance": "of the invitee, before anything was accepted", "admission_request": "of the other side, who stays"}

# Of a person: table.column -> the list of `account export`, or why there is none.
PERSON = {"member.account_id": "companies", "session.account_id": "sessions", "token.account_id": "links", "verification.account_id": "links", "invitation.accepted_by": "invitations_accepted",
          "waiting_acceptance.account_id": "acceptances_waiting", "admission_request.account_id": "requests_to_join", "admission_request.decided_by": "requests_to_join_answered",
          "invitation.sender_id": "invitations_sent", "team_invitation.sender_id": "team_invitations_sent", "connection_request.sender_id": "connection_requests_sent",
          "message.sender_id": "messages", "shared.account_id": "shared", "audit_event.account_id": "events", "audit_event.subject_id": "events",
          "invitation.email_canon": "invitations_received", "team_invitation.email_canon": "team_invitations_received", "connection_request.email_canon": "connection_requests_received",
          "outbox.address": "mails", "account.email_canon": "account", "suppression.address": "do_not_invite"}
NOT_SHOWN = {"team_invitation.accepted_by": "the invited person, who is in team_invitations_received", "verification.address": "of the account itself, which is told"}

# Of a company that is emptied into another one: where its id, or that of a relationship of it that ends, stays.
STAYS = {"company.id": "the emptied company, which leads on", "relationship_merged.company_id": "leads on", "relationship_merged.old_id": "leads on", "audit_event.relationship_id": "history",
         "relationship_merged.vendor_id": "of vendors"}

# Columns of words and of times that an export leaves out, and why.
OURS = {"outbox.sender": "the portal's own address", "outbox.next_at": "of mail that waits", "outbox.give_up_at": "of mail that waits", "outbox.remind_at": "of mail that waits"}
UNTOLD = OURS | {"company.phone": "vendors have none", "company.street": "as above", "company.house_number": "as above", "company.postal_code": "as above", "company.city": "as above",
                 "company.country": "as above", "company.merged_at": "of customers and suppliers", "company.delete_asked_at": "stands in the events", "company.delete_again_at": "when the portal tries again", "invitation.erased_at": "there is nothing left to tell",
                 "invitation.asked_at": "stands in the events", "connection_request.withdrawn_at": "stands in the events"}
UNSHOWN = OURS | {"account.password": "a secret", "outbox.recipient": "the person", "invitation.email": "the person", "team_invitation.email": "the person", "connection_request.target": "the person",
                  "invitation.number": "the vendor's", "invitation.language": "of the mail", "invitation.first_sent_at": "the newest mail is told", "invitation.erased_at": "there is nothing left to tell",
                  "invitation.asked_at": "stands in the events", "connection_request.number": "the vendor's", "connection_request.withdrawn_at": "told as status",
                  "team_invitation.expires_at": "the vendor's", "team_invitation.ended_at": "told as status"}

OWNED = ("company", "relationship", "invitation", "partner_role", "team_invitation", "connection_request", "shared", "message", "outbox")
NAMED = {"vendor_id": "company", "company_id": "company", "partner_id": "company", "relationship_id": "relationship", "invitation_id": "invitation", "partner_role_id": "partner_role",
         "outbox_id": "outbox", "account_id": "account", "sender_id": "account", "subject_id": "account", "accepted_by": "account", "decided_by": "account", "old_id": "relationship"}


def edges():
    """Every column that refers to another table, by a foreign key or by its name: (table, column, what it refers to)."""
    keys = sql("SELECT table_name, column_name, referenced_table_name FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_column_name = 'id'")
    columns = sql("SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
                  "WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'")
    return {tuple(k) for k in keys} | {(t, c, NAMED[c]) for t, c in columns if c in NAMED and not any((t, c) == tuple(k[:2]) for k in keys)}


def run(*arguments):
    done = stack().command(*arguments, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def listed(told, where):
    """The records of a list, of several (a+b), or of the lists within the records (a.b)."""
    if "+" in where:
        return [r for name in where.split("+") for r in listed(told, name)]
    name, _, within = where.partition(".")
    if name == "vendor":
        return [told["vendor"][within]]
    return [inner for r in told[name] for inner in r[within]] if within else told[name]


class Tables(Story):
    def busy(self):
        """A vendor with a row in every table that can have one: itself, the customer and the relationship."""
        vendor, email = Vendor(), address("buyer")
        buyer = register(vendor.invite(email))
        vendor.member("inviter")
        vendor.invite()
        vendor.client.submit(vendor.get("/team"), "/team/invitations", email=address("colleague"), role="auditor")
        vendor.client.submit(vendor.get("/link/customer"), "/link/customer", target=address("asked"))
        v, a = vendor.id, number(f"SELECT id FROM account WHERE email = '{email}'")
        r, c = (int(n) for n in sql(f"SELECT id, partner_id FROM relationship WHERE vendor_id = {v}")[0])
        emptied = number("SELECT MIN(id) FROM company")
        sql(f"INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) VALUES (RANDOM_BYTES(16), {r}, {a}, 0, 'm', UTC_TIMESTAMP(6)); "
            f"INSERT INTO message_notice VALUES ({r}, 1, UTC_TIMESTAMP(6)); "
            f"INSERT INTO relationship_merged (company_id, vendor_id, kind, relationship_id, number) VALUES ({emptied}, {v}, 'customer', {r}, 'OLD-1'); "
            f"INSERT INTO shared (public_id, vendor_id, kind, audience, title, account_id, created_at) VALUES (RANDOM_BYTES(16), {v}, 'note', 'chosen', 't', {a}, UTC_TIMESTAMP(6)); "
            f"INSERT INTO shared_with SELECT {r}, id FROM shared WHERE vendor_id = {v}; "
            f"INSERT INTO shared (public_id, vendor_id, kind, audience, relationship_id, title, account_id, created_at) VALUES "
            f"(RANDOM_BYTES(16), {v}, 'note', 'vendor', {r}, 'u', {a}, UTC_TIMESTAMP(6)); "
            f"INSERT INTO logo VALUES ({v}, RANDOM_BYTES(16), 'png', 4, 3, 'octets\\0'); "
            f"INSERT INTO waiting_acceptance SELECT {a}, id, {c}, UTC_TIMESTAMP(6) FROM invitation WHERE vendor_id = {v} AND status = 'pending'; "
            f"INSERT INTO admission_request (public_id, company_id, account_id, invitation_id, status, created_at) SELECT RANDOM_BYTES(16), {c}, {a}, MIN(id), 'open', UTC_TIMESTAMP(6) "
            f"FROM invitation WHERE vendor_id = {v}")
        return vendor, buyer, r

    def of_vendor(self, v):
        """Table -> the condition for this vendor's rows."""
        mine = {"company": f"id = {v}"}
        for column in ("vendor_id", "company_id", "relationship_id", "invitation_id"):
            for table, _, to in sorted(e for e in edges() if e[1] == column and e[2] in mine):
                mine.setdefault(table, f"{column} IN ({self.ids(to, mine)})")
        mine["shared_with"] = f"shared_id IN ({self.ids('shared', mine)})"
        return mine

    def ids(self, table, mine):
        return ", ".join(n for n, in sql(f"SELECT id FROM {table} WHERE {mine[table]}")) or "0"

    def test_every_table_of_a_vendor_is_exported_or_has_a_reason_and_nothing_of_it_is_left(self):
        tables = {t for t, _, to in edges() if to in OWNED}
        self.assertEqual(tables - VENDOR.keys() - NOT_TOLD.keys(), set(), "a new table: handlers/tenant_export.c, sql/queries/tenant.sql, and a line above")
        vendor, _, _ = self.busy()
        v = vendor.id
        mine = self.of_vendor(v)
        counts = {t: number(f"SELECT COUNT(*) FROM {t} WHERE {mine[t]}") for t in VENDOR}
        self.assertEqual([t for t, n in counts.items() if not n], [], "busy() needs a row of it")
        owned = {t: self.ids(t, mine) for t in OWNED if t in mine}
        run("vendor", "suspend", "--name", vendor.name)
        counts["audit_event"] += 1
        path = stack().folder / (fresh("export") + ".json")
        run("vendor", "delete", "--name", vendor.name, "--export", str(path))
        told = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual({t: len(listed(told, where)) for t, where in VENDOR.items()}, counts)
        self.assertEqual(told["vendor"]["logo"], {"kind": "png", "width": 4, "height": 3, "base64": "b2N0ZXRzAA=="})
        self.assertEqual(told["relationships"][0]["merged"][0]["number"], "OLD-1")
        left = {f"{t}.{c}": n for t, c, to in sorted(edges()) if to in owned and t != "audit_event" and (n := number(f"SELECT COUNT(*) FROM {t} WHERE {c} IN ({owned[to]})"))}
        self.assertEqual(left, {})

    def marked(self, where, untold):
        """Give each column of words or of times in the newest row of these tables a value that stands nowhere else: column -> what an export must say."""
        marks = {}
        for table, condition in where.items():
            order = "ORDER BY id DESC LIMIT 1" if sql(f"SHOW COLUMNS FROM {table} LIKE 'id'") else "LIMIT 1"
            for column, words in sql(f"SELECT column_name, data_type = 'varchar' FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}' "
                                     "AND data_type IN ('varchar', 'datetime') AND generation_expression IS NULL ORDER BY ordinal_position"):
                if f"{table}.{column}" in untold:
                    continue
                day = (datetime.date(2031, 1, 1) + datetime.timedelta(days=len(marks))).isoformat()
                marks[f"{table}.{column}"] = f"w{len(marks)}z" if words == "1" else f"{day}T12:00:00Z"
                sql(f"UPDATE {table} SET {column} = '{marks[f'{table}.{column}'].replace('T12', ' 12').rstrip('Z')}' WHERE {condition} {order}")
        return marks

    def test_every_word_and_time_of_a_vendor_stands_in_its_export_or_has_a_reason(self):
        vendor, _, _ = self.busy()
        mine = self.of_vendor(vendor.id)
        sql(f"UPDATE company SET address_policy = 'domain', remind = 1, expires_days = 29 WHERE id = {vendor.id}; "
            f"UPDATE partner_role SET permissions = 'download' WHERE vendor_id = {vendor.id} AND name = 'Read-only'")
        run("vendor", "suspend", "--name", vendor.name)
        public = sql(f"SELECT LOWER(HEX(public_id)) FROM company WHERE id = {vendor.id}")[0][0]
        marks = self.marked({t: mine[t] for t in ("company", *VENDOR) if t not in ("logo", "shared_with")}, UNTOLD)
        self.assertGreater(len(marks), 35)
        path = stack().folder / (fresh("export") + ".json")
        run("vendor", "delete", "--id", public, "--export", str(path))
        text = path.read_text(encoding="utf-8")
        self.assertEqual({c: m for c, m in marks.items() if f'"{m}"' not in text}, {})
        told = json.loads(text)
        self.assertEqual([told["vendor"][k] for k in ("address_policy", "reminders", "expires_days")], ["domain", True, 29])
        self.assertIn(("download", False), [(r["permissions"], r["preselected"]) for r in told["partner_roles"]])
        self.assertEqual({m["role"] for m in told["members"]}, {"owner", "inviter"})
        self.assertIn(vendor.email, {e["who"] for e in told["events"]})
        self.assertEqual([told[name][0]["sender"] for name in ("invitations", "team_invitations", "connection_requests")], [vendor.email] * 3)

    def test_every_word_and_time_of_a_person_stands_in_the_export_or_has_a_reason(self):
        vendor, buyer, r = self.busy()
        a, v, email = number(f"SELECT id FROM account WHERE email = '{buyer.email}'"), vendor.id, buyer.email
        sql(f"INSERT INTO connection_request (public_id, vendor_id, sender_id, kind, target, target_canon, email_canon, partner_role_id, status, created_at, expires_at) "
            f"SELECT RANDOM_BYTES(16), {v}, m.account_id, 'supplier', 'x', 'x', '{email}', MIN(p.id), 'waiting', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM partner_role p "
            f"JOIN member m ON m.company_id = {v} AND m.role = 'owner' WHERE p.vendor_id = {v}; "
            f"INSERT INTO team_invitation (public_id, vendor_id, sender_id, email, email_canon, role, status, sent_at, expires_at) SELECT "
            f"RANDOM_BYTES(16), {v}, account_id, '{email}', '{email}', 'auditor', 'cancelled', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM member WHERE company_id = {v} AND role = 'owner'")
        mine = {"account": f"id = {a}", "invitation": f"email_canon = '{email}'", "team_invitation": f"email_canon = '{email}'", "connection_request": f"email_canon = '{email}'",
                "outbox": f"recipient = '{email}'"}
        mine |= {t: f"account_id = {a}" for t in ("member", "session", "waiting_acceptance", "shared", "audit_event")} | {"message": f"sender_id = {a}"}
        marks = self.marked(mine, UNSHOWN | {"account.email": "how the export is asked for"})
        self.assertGreater(len(marks), 25)
        text = run("account", "export", "--email", email)
        self.assertEqual({c: m for c, m in marks.items() if f'"{m}"' not in text}, {})
        told = json.loads(text)
        self.assertEqual((told["account"]["email"], told["messages"][0]["vendor"], told["invitations_received"][0]["vendor"]), (email, vendor.name, vendor.name))

    def test_every_table_of_a_person_is_exported_or_has_a_reason(self):
        columns = {f"{t}.{c}" for t, c, to in edges() if to == "account"}
        columns |= {f"{t}.{c}" for t, c in sql("SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
                                               "WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND c.column_name IN ('email_canon', 'address')")}
        self.assertEqual(columns - PERSON.keys() - NOT_SHOWN.keys(), set(), "a new column: handlers/account_export.c, sql/queries/privacy.sql, and a line above")
        vendor, buyer, r = self.busy()
        a, v = number(f"SELECT id FROM account WHERE email = '{buyer.email}'"), vendor.id
        other, c = number(f"SELECT id FROM account WHERE email = '{vendor.email}'"), number(f"SELECT partner_id FROM relationship WHERE id = {r}")
        Vendor().invite(buyer.email)
        sql(f"UPDATE invitation SET sender_id = {a} WHERE vendor_id = {v} AND status = 'pending'; UPDATE team_invitation SET sender_id = {a} WHERE vendor_id = {v}; "
            f"UPDATE connection_request SET sender_id = {a} WHERE vendor_id = {v}; "
            f"INSERT INTO connection_request (public_id, vendor_id, sender_id, kind, target, target_canon, email_canon, partner_role_id, status, created_at, expires_at) "
            f"SELECT RANDOM_BYTES(16), {v}, {other}, 'supplier', 'x', 'x', '{buyer.email}', MIN(id), 'waiting', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM partner_role WHERE vendor_id = {v}; "
            f"INSERT INTO team_invitation (public_id, vendor_id, sender_id, email, email_canon, role, status, sent_at, expires_at) VALUES "
            f"(RANDOM_BYTES(16), {v}, {other}, '{buyer.email}', '{buyer.email}', 'auditor', 'cancelled', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)); "
            f"INSERT INTO admission_request (public_id, company_id, account_id, status, created_at, ended_at, decided_by) VALUES "
            f"(RANDOM_BYTES(16), {c}, {other}, 'declined', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), {a}); "
            f"INSERT INTO token (hash, purpose, account_id, created_at) VALUES (RANDOM_BYTES(32), 'password', {a}, UTC_TIMESTAMP(6)); "
            f"INSERT INTO verification (hash, account_id, browser, created_at, expires_at) VALUES (RANDOM_BYTES(32), {a}, RANDOM_BYTES(32), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)); "
            f"INSERT INTO audit_event (at, event, vendor_id, account_id, subject_id) VALUES (UTC_TIMESTAMP(6), 'member_removed', {v}, {other}, {a})")
        told = json.loads(run("account", "export", "--email", buyer.email))
        lists = {}
        for column, where in PERSON.items():
            table, name = column.split(".")
            if where in ("account", "do_not_invite", "mails"):
                continue
            n = number(f"SELECT COUNT(*) FROM {table} WHERE {name} = " + (f"'{buyer.email}'" if name == "email_canon" else str(a)))
            self.assertGreater(n, 0, f"the fixture needs a row of {column}")
            lists[where] = lists.get(where, 0) + n
        self.assertEqual({name: len(told[name]) for name in lists}, lists)
        self.assertEqual(len(told["mails"]), number(f"SELECT COUNT(*) FROM outbox WHERE recipient = '{buyer.email}'"))
        self.assertEqual({k for k in told} - lists.keys(), {"account", "do_not_invite", "mails"}, "and no list is nobody's")
        self.assertEqual((told["shared"][0]["vendor"], told["connection_requests_received"][0]["kind"], told["events"][-1]["event"]), (vendor.name, "supplier", "member_removed"))

    def test_nothing_refers_to_a_company_that_was_emptied_into_another(self):
        first, second, _, _, both, ids = two()
        old, into = row(ids[1]), row(ids[0])
        relationship = number(f"SELECT id FROM relationship WHERE vendor_id = {both.id} AND partner_id = {old}")
        a = number(f"SELECT id FROM account WHERE email = '{second.email}'")
        sql(f"INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) VALUES (RANDOM_BYTES(16), {relationship}, {a}, 0, 'm', UTC_TIMESTAMP(6)); "
            f"INSERT INTO message_notice VALUES ({relationship}, 1, UTC_TIMESTAMP(6)); "
            f"INSERT INTO delivery_location (public_id, company_id, name, street, city, created_at) VALUES (RANDOM_BYTES(16), {old}, 'Dock', 'Quay', 'Hull', UTC_TIMESTAMP(6)); "
            f"INSERT INTO shared (public_id, vendor_id, kind, audience, relationship_id, title, account_id, created_at) VALUES "
            f"(RANDOM_BYTES(16), {both.id}, 'note', 'vendor', {relationship}, 'u', {a}, UTC_TIMESTAMP(6)); "
            f"INSERT INTO shared_with SELECT {relationship}, id FROM shared WHERE relationship_id = {relationship}; "
            f"INSERT INTO relationship_merged (company_id, vendor_id, kind, relationship_id, number) VALUES ({into}, {both.id}, 'customer', {relationship}, 'OLD-1'); "
            f"INSERT INTO waiting_acceptance SELECT {a}, MIN(id), {old}, UTC_TIMESTAMP(6) FROM invitation WHERE vendor_id = {both.id}; "
            f"INSERT INTO admission_request (public_id, company_id, account_id, status, created_at) VALUES (RANDOM_BYTES(16), {old}, {a}, 'open', UTC_TIMESTAMP(6)); "
            f"INSERT INTO connection_request (public_id, vendor_id, sender_id, kind, target, target_canon, company_id, partner_role_id, status, created_at, expires_at) "
            f"SELECT RANDOM_BYTES(16), {both.id}, {a}, 'customer', 'x', 'x', {old}, MIN(id), 'waiting', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM partner_role WHERE vendor_id = {both.id}")
        refer = [(t, c, old if to == "company" else relationship) for t, c, to in sorted(edges())
                 if to in ("company", "relationship") and f"{t}.{c}" not in STAYS and not (c == "vendor_id") and (t, c) != ("company", "merged_into")]
        empty = [f"{t}.{c}" for t, c, i in refer if not number(f"SELECT COUNT(*) FROM {t} WHERE {c} = {i}")]
        self.assertEqual(empty, [], "the fixture needs a row of it; and sql/queries/merge.sql, or a line above")
        first.client.submit(confirm(first, ids[1]), button="Merge companies")
        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE id = {old} AND merged_into = {into}"), 1)
        self.assertEqual([f"{t}.{c}" for t, c, i in refer if number(f"SELECT COUNT(*) FROM {t} WHERE {c} = {i}")], [])

    def peak_kib(self, *arguments):
        """What a command held at most, as the kernel counted it; it must succeed."""
        with tempfile.NamedTemporaryFile("r") as said:   # time itself is small: a child of ours would begin with our memory
            subprocess.run(["/usr/bin/time", "-f", "%M", "-o", said.name, stack().binary, "-c", stack().config_file, *arguments],
                           stdout=subprocess.DEVNULL, env=environment(), check=True)
            return int(said.read())

    @unittest.skipIf(SANITIZED, "a sanitizer's memory grows")
    def test_both_exports_of_many_rows_need_the_memory_of_a_few(self):
        many = 30_000
        vendor, small = Vendor(), Vendor()
        register(vendor.invite())
        v, a = vendor.id, number(f"SELECT id FROM account WHERE email = '{vendor.email}'")
        r = number(f"SELECT id FROM relationship WHERE vendor_id = {v}")
        sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, expires_at, ended_at) "
            f"SELECT UNHEX(MD5(CONCAT('t', seq))), {v}, {a}, 'customer', 'cancelled', CONCAT('b', seq, '@bulk.example'), CONCAT('b', seq, '@bulk.example'), "
            f"(SELECT MIN(id) FROM partner_role WHERE vendor_id = {v}), 'en', 7, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_{many}; "
            f"INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) SELECT UNHEX(MD5(CONCAT('u', seq))), {r}, {a}, 1, REPEAT('m', 100), UTC_TIMESTAMP(6) FROM seq_1_to_{many}; "
            f"INSERT INTO audit_event (at, event, vendor_id, account_id) SELECT UTC_TIMESTAMP(6), 'message_sent', {v}, {a} FROM seq_1_to_{many}")
        for one in (vendor, small):
            run("vendor", "suspend", "--name", one.name)
        path = stack().folder / (fresh("export") + ".json")
        people = [self.peak_kib("account", "export", "--email", one.email) for one in (small, vendor)]
        vendors = [self.peak_kib("vendor", "delete", "--name", one.name, "--export", str(p)) for one, p in ((small, str(path) + "2"), (vendor, path))]
        told = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual((len(told["invitations"]), len(told["relationships"][0]["messages"])), (many + 1, many))
        sys.stderr.write(f"account export: {people} KiB, vendor delete: {vendors} KiB for {many * 3} rows ")
        for few, lots in (people, vendors):
            self.assertLess(lots - few, 4 * 1024, (people, vendors))


if __name__ == "__main__":
    unittest.main()
