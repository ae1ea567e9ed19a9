"""`invited vendor delete`: everything of a vendor lies in a file before anything goes; then nothing of it is left, and others keep theirs."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, address, everything, fresh, machine, number, register, sql, stack, value  # noqa: E402
from retention_test import everywhere  # noqa: E402

setUpModule, tearDownModule = machine()


def run(*arguments):
    """Exit status, standard output, standard error."""
    done = stack().command(*arguments, check=False)
    return done.returncode, done.stdout, done.stderr


def file():
    return stack().folder / (fresh("export") + ".json")


class Delete(Story):
    def vendor(self):
        """One with something of everything, and a customer who is connected with another vendor too."""
        vendor, other = Vendor(), Vendor()
        self.inviter = vendor.member("inviter")
        self.pending, self.buyer_address = address("pending"), address("buyer")
        self.link = vendor.invite(self.pending, message=fresh("Private "))
        self.business = fresh("Business ")
        self.buyer = register(vendor.invite(self.buyer_address, number=fresh("K")), business_name=self.business)
        relationship = value(f"SELECT id FROM relationship WHERE vendor_id = {vendor.id}")
        account = value(f"SELECT id FROM account WHERE email = '{self.buyer_address}'")
        self.message = fresh("Message ")
        sql(f"INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) VALUES (RANDOM_BYTES(16), {relationship}, {account}, 0, "
            f"'{self.message}', UTC_TIMESTAMP(6)); INSERT INTO message_notice VALUES ({relationship}, 1, UTC_TIMESTAMP(6))")
        self.note = fresh("Note ")
        sql(f"INSERT INTO shared (public_id, vendor_id, kind, audience, title, body, account_id, created_at) VALUES "
            f"(RANDOM_BYTES(16), {vendor.id}, 'note', 'chosen', '{self.note}', 'x', {account}, UTC_TIMESTAMP(6)); "
            f"INSERT INTO shared_with SELECT {relationship}, id FROM shared WHERE title = '{self.note}'; "
            f"INSERT INTO shared_file VALUES (UNHEX(MD5('{self.note}')), 'kept', UTC_TIMESTAMP(6)); "
            f"INSERT INTO shared (public_id, vendor_id, kind, audience, relationship_id, title, stored, account_id, created_at) VALUES "
            f"(RANDOM_BYTES(16), {vendor.id}, 'file', 'vendor', {relationship}, 'received.pdf', UNHEX(MD5('{self.note}')), {account}, UTC_TIMESTAMP(6))")
        other.invite(self.buyer_address)
        return vendor, other

    def test_everything_is_in_the_file_and_nothing_is_left_and_the_partners_stay(self):
        vendor, other = self.vendor()
        vendor_id, path = vendor.id, file()
        vendor.resend(self.pending)
        sent = sql(f"SELECT first_sent_at, sent_at FROM invitation WHERE email_canon = '{self.pending}'")[0]
        self.assertNotEqual(*sent)
        sql(f"UPDATE audit_event SET detail = '550 {self.pending}' WHERE vendor_id = {vendor_id} ORDER BY id LIMIT 1")   # words of a mail server
        events = sql(f"SELECT id, at, event FROM audit_event WHERE vendor_id = {vendor_id} ORDER BY id")
        run("vendor", "suspend", "--name", vendor.name)
        status, output, errors = run("vendor", "delete", "--name", vendor.name, "--export", str(path))
        self.assertEqual((status, output, errors), (0, f"{vendor.name} is deleted; what it was is in {path}\n", ""))
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        told = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual(told["vendor"]["name"], vendor.name)
        self.assertEqual([(m["email"], m["role"]) for m in told["members"]], [(vendor.email, "owner"), (self.inviter.email, "inviter")])
        self.assertEqual([r["name"] for r in told["partner_roles"]], ["Standard", "Read-only"])
        self.assertEqual([(r["name"], r["kind"], r["state"], [m["text"] for m in r["messages"]]) for r in told["relationships"]],
                         [(self.business, "customer", "active", [self.message])])
        self.assertEqual([(i["email"], i["status"]) for i in told["invitations"]], [(self.pending, "pending"), (self.buyer_address, "accepted")])
        self.assertEqual([told["invitations"][0][name][:19].replace("T", " ") for name in ("first_sent", "sent")], [at[:19] for at in sent])
        self.assertEqual([s["title"] for s in told["shared"] + told["received"]], [self.note, "received.pdf"])
        self.assertRegex(told["received"][0]["file"], r"^[0-9a-f]{32}$")
        self.assertEqual([e["event"] for e in told["events"]][:len(events)], [e[2] for e in events])

        tables = [t for t, in sql("SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
                                  "WHERE c.table_schema = DATABASE() AND c.column_name = 'vendor_id' AND t.table_type = 'BASE TABLE'")]
        self.assertGreater(len(tables), 5)
        left = {t: n for t in tables if t != "audit_event" and (n := number(f"SELECT COUNT(*) FROM {t} WHERE vendor_id = {vendor_id}"))}
        self.assertEqual(left, {})
        for words in (self.pending, self.message, self.note, vendor.name):
            self.assertEqual(everywhere(words), [], words)
        self.assertEqual(sql(f"SELECT state FROM shared_file WHERE stored = UNHEX(MD5('{self.note}'))"), [])
        kept = sql(f"SELECT id, at, event FROM audit_event WHERE vendor_id = {vendor_id} ORDER BY id")
        self.assertEqual(kept[:len(events)], events, "ids and times stay")
        self.assertEqual(sql(f"SELECT event, detail, account_id FROM audit_event WHERE vendor_id = {vendor_id} ORDER BY id DESC LIMIT 1"), [("vendor_deleted", "by the operator", None)])

        self.assertEqual(number(f"SELECT COUNT(*) FROM company WHERE name = '{self.business}'"), 1)
        page = self.buyer.get("/home")
        self.said(page, other.name)
        self.assertNotIn(vendor.name, page.text)
        self.said(Client(stack().url).get(self.link), "This invitation link does not work", status=404)
        self.assertEqual(vendor.get("/industry").status, 403, "its people keep their accounts, without a company")
        self.assertEqual(run("vendor", "delete", "--name", vendor.name, "--export", str(file()))[0], 1)

    def test_without_a_file_of_its_own_or_before_it_is_suspended_nothing_is_deleted(self):
        vendor, _ = self.vendor()
        path = file()
        path.write_text("somebody's", encoding="ascii")
        before = everything()
        fresh_path = file()
        self.assertEqual(run("vendor", "delete", "--name", vendor.name, "--export", str(fresh_path)),
                         (1, "", f"invited: {vendor.name} is not suspended: suspend it first, so that nothing changes meanwhile; nothing was changed\n"))
        self.assertFalse(fresh_path.exists())
        self.assertEqual(everything(), before)
        run("vendor", "suspend", "--name", vendor.name)
        before = everything()
        self.assertEqual(run("vendor", "delete", "--name", vendor.name)[0], 2)
        self.assertEqual(run("vendor", "delete", "--name", vendor.name, "--export", str(path)), (1, "", f"invited: {path}: File exists; nothing was changed\n"))
        self.assertEqual(run("vendor", "delete", "--name", vendor.name, "--export", "/nowhere/x")[2], "invited: /nowhere/x: No such file or directory; nothing was changed\n")
        self.assertEqual(run("vendor", "delete", "--name", vendor.name, "--export", "/dev/full")[0], 1)
        self.assertEqual(path.read_text(encoding="ascii"), "somebody's")
        self.assertEqual(everything(), before)

    def test_data_that_the_command_does_not_know_stop_it_and_all_stays(self):
        vendor, _ = self.vendor()
        run("vendor", "suspend", "--name", vendor.name)
        sql(f"CREATE TABLE later (invitation_id BIGINT UNSIGNED NOT NULL, FOREIGN KEY (invitation_id) REFERENCES invitation (id)) ENGINE=InnoDB; "
            f"INSERT INTO later SELECT MIN(id) FROM invitation WHERE vendor_id = {vendor.id}")
        try:
            before, path = everything(), file()
            status, output, errors = run("vendor", "delete", "--name", vendor.name, "--export", str(path))
            self.assertEqual((status, output), (1, ""))
            self.assertIn("nothing was changed", errors)
            self.assertFalse(path.exists())
            self.assertEqual(everything(), before)
        finally:
            sql("DROP TABLE later")
        self.assertEqual(run("vendor", "delete", "--name", vendor.name, "--export", str(path))[0], 0)

    def test_more_than_one_batch_is_exported_and_deleted(self):
        vendor = Vendor()
        vendor.invite()
        sql(f"INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, expires_at, ended_at) "
            f"SELECT UNHEX(MD5(CONCAT('d', seq))), i.vendor_id, i.sender_id, 'customer', 'cancelled', CONCAT('b', seq, '@bulk.example'), CONCAT('b', seq, '@bulk.example'), "
            f"i.partner_role_id, 'en', 7, i.sent_at, i.expires_at, i.sent_at FROM invitation i JOIN seq_1_to_2600 WHERE i.vendor_id = {vendor.id}")
        run("vendor", "suspend", "--name", vendor.name)
        path, vendor_id = file(), vendor.id
        self.assertEqual(run("vendor", "delete", "--name", vendor.name, "--export", str(path))[0], 0)
        self.assertEqual(len(json.loads(path.read_text(encoding="utf-8"))["invitations"]), 2601)
        self.assertEqual(number(f"SELECT COUNT(*) FROM invitation WHERE vendor_id = {vendor_id}"), 0)


if __name__ == "__main__":
    unittest.main()
