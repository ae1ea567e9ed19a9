"""Messages: one thread for a vendor and a partner, read and written by both, told by mail at most once an hour."""
import pathlib
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase, eventually  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Messages(HouseCase):
    @classmethod
    def furnish(cls):
        house = cls.house
        cls.owner = house.sign_in(house.owner("Northwind"))
        cls.other = house.sign_in(house.owner("Contoso"))
        cls.inviter = house.sign_in(house.member("Northwind", "inviter"))
        cls.auditor = house.sign_in(house.member("Northwind", "auditor"))

    def pair(self, name, kind="customer"):
        """(the partner's client, the vendor's address of the thread, the partner's)."""
        email = f"{name}@{name}.example"
        self.house.invite(self.owner, email, kind)
        partner = self.house.register(self.house.link(email), business_name=name.title() + " Ltd")
        ids = self.house.sql(f"SELECT LOWER(HEX(c.public_id)), LOWER(HEX(v.public_id)) FROM relationship r JOIN company c ON c.id = r.partner_id "
                             f"JOIN company v ON v.id = r.vendor_id WHERE c.name = '{name.title()} Ltd'")[0]
        return partner, f"/{kind}s/{ids[0]}/messages", f"/vendors/{ids[1]}/messages"

    def write(self, client, where, text):
        return client.submit(client.get(where), where, text=text)

    def notices(self, address):
        return [m for m in self.house.mails(address) if "new message" in m["subject"]]

    def scheduled(self):
        return self.house.sql("SELECT ROUND(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), next_at) / 60) FROM outbox WHERE next_at > UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE")

    def test_both_sides_read_one_thread_in_order(self):
        for kind in ("customer", "supplier"):
            name = "both" + kind
            partner, ours, theirs = self.pair(name, kind)
            page = self.write(self.owner, ours, "Welcome!\nSee https://northwind.example/start or ask anna@northwind.example <b>")
            self.assertEqual((page.status, page.h1), (200, f"Messages with {name.title()} Ltd"))
            self.assertIn("Message sent.", page.text)
            self.assertIn("Messages", partner.get("/home").text)
            self.assertIn(theirs, partner.get("/home").body)
            page = self.write(partner, theirs, "Thank you.")
            for reader, where in ((partner, theirs), (self.inviter, ours)):
                page = reader.get(where)
                self.assertEqual(page.status, 200)
                self.assertLess(page.text.index("Welcome! See https://northwind.example/start"), page.text.index("Thank you."))
                self.assertIn("&lt;b&gt;", page.body)
                self.assertIn("Ann Smith, " + name.title() + " Ltd", page.text)
            self.assertIn(ours, self.owner.get(ours.removesuffix("/messages")).body)

    def test_the_vendors_home_leads_to_the_threads_that_were_written_in_last(self):
        owner = self.house.sign_in(self.house.owner("Tailspin"))
        inviter, auditor = (self.house.sign_in(self.house.member("Tailspin", role)) for role in ("inviter", "auditor"))
        self.assertNotIn("Newest messages", owner.get("/home").text)
        pairs = []
        for n in range(6):
            kind, name = ("customer", "supplier")[n % 2], f"newest{n}"
            self.house.invite(owner, f"{name}@{name}.example", kind)
            partner = self.house.register(self.house.link(f"{name}@{name}.example"), business_name=name.title() + " Ltd", first_name="Nell")
            company = self.house.sql(f"SELECT LOWER(HEX(public_id)) FROM company WHERE name = '{name.title()} Ltd'")[0][0]
            pairs.append((partner, f"/{kind}s/{company}/messages", partner.get("/home").link("Messages"), name.title() + " Ltd"))
        for partner, _, theirs, _ in pairs:
            self.write(partner, theirs, "Hello")
        self.write(owner, pairs[2][1], "Hello back")

        def newest(client):
            return [href for href, _ in client.get("/home").links if href.endswith("/messages")]
        self.assertEqual(newest(owner), [pairs[n][1] for n in (2, 5, 4, 3, 1)])
        page = inviter.get("/home")
        self.assertIn("Newest message from Nell Smith,", page.text)
        self.assertEqual(inviter.get(page.link("Newest5 Ltd")).h1, "Messages with Newest5 Ltd")
        self.assertIn("Newest message from owner@tailspin.example,", page.text)
        self.assertEqual((newest(auditor), newest(self.owner).count(pairs[5][1])), ([], 0))

    def test_the_other_side_is_told_by_mail_and_at_most_once_an_hour(self):
        partner, ours, theirs = self.pair("hourly")
        self.write(self.owner, ours, "One secret sentence")
        mail = eventually("a notice", lambda: self.notices("hourly@hourly.example"))[0]
        self.assertEqual(mail["subject"], "Northwind: new message")
        self.assertIn(self.stack.url + theirs, mail["text"])
        self.assertNotIn("secret", mail["text"])
        for n in range(3):
            self.write(self.owner, ours, f"More {n}")
        self.assertEqual(self.scheduled(), [("60",)])   # one mail tells of all three, an hour after the first
        self.house.sql("UPDATE outbox SET next_at = UTC_TIMESTAMP(6) WHERE next_at > UTC_TIMESTAMP(6); "
                       "UPDATE message_notice SET told_at = told_at - INTERVAL 1 HOUR")
        eventually("the second notice", lambda: len(self.notices("hourly@hourly.example")) == 2)
        self.write(partner, theirs, "An answer")   # the other direction has an hour of its own; told is who has written
        mail = eventually("the vendor's notice", lambda: [m for m in self.notices("owner@northwind.example") if "Hourly Ltd" in m["subject"]])[0]
        self.assertEqual(mail["subject"], "Northwind: new message from Hourly Ltd")
        self.assertIn(self.stack.url + ours, mail["text"])
        self.assertEqual([m for m in self.notices("inviter@northwind.example") if "Hourly Ltd" in m["subject"]], [])
        self.house.sql("UPDATE outbox SET next_at = NULL, sealed = NULL WHERE next_at IS NOT NULL")

    def test_of_the_vendor_those_are_told_who_wrote_and_may_still_and_without_any_the_owners(self):
        partner, ours, theirs = self.pair("readers")
        relationship = "(SELECT r.id FROM relationship r JOIN company c ON c.id = r.partner_id WHERE c.name = 'Readers Ltd')"
        team = ("owner@northwind.example", "inviter@northwind.example")

        def told(writer=None, role="inviter"):
            """Whom a mail tells of what the partner writes, after who has written before."""
            self.house.sql(f"DELETE FROM message_notice WHERE relationship_id = {relationship}; "
                           f"UPDATE member m JOIN account a ON a.id = m.account_id SET m.role = '{role}' WHERE a.email = '{team[1]}'")
            if writer:
                self.write(writer, ours, "From the vendor")
            before = int(self.house.sql("SELECT COALESCE(MAX(id), 0) FROM outbox")[0][0])
            self.write(partner, theirs, "From the partner")
            return [r[0] for r in self.house.sql(f"SELECT recipient FROM outbox WHERE id > {before} ORDER BY recipient")]
        self.assertEqual(told(), [team[0]], "nobody has written: the owners")
        self.assertEqual(told(self.inviter), [team[1]])
        self.assertEqual(told(role="auditor"), [team[0]], "who wrote may not read any more")
        self.assertEqual(told(self.owner), sorted(team))
        self.house.sql("UPDATE outbox SET next_at = NULL, sealed = NULL WHERE next_at IS NOT NULL")

    def test_a_form_sent_twice_is_one_message(self):
        _, ours, _ = self.pair("double")
        form = self.owner.get(ours).form(ours)
        for _ in range(2):
            page = self.owner.post(ours, form.fields | {"text": "Only once"})
            self.assertEqual(page.status, 200)
        self.assertEqual(self.house.count("message", "text = 'Only once'"), 1)
        self.assertEqual(page.text.count("Only once"), 1)

    def test_what_cannot_be_sent_is_told_and_kept(self):
        _, ours, theirs = self.pair("wrong")
        page = self.write(self.owner, ours, "  \n ")
        self.assertEqual(page.status, 422)
        self.assertIn("Enter a message", page.text)
        page = self.write(self.owner, ours, "x" * 4001)
        self.assertEqual(page.status, 422)
        self.assertIn("x" * 4001, page.body)
        page = self.owner.submit(page, ours, text="y" * 4000)   # from the page with the message: its form works
        self.assertEqual(page.status, 200)
        token = self.owner.get(ours).form(ours).fields["csrf"]
        for body, status in ((f"csrf={token}&text=a", 422), (f"csrf={token}&text=a&once=zz", 422), (f"csrf={token}&text=a&once={'a' * 32}&more=1", 400),
                             (f"csrf={token}&text=%00&once={'a' * 32}", 400), ("text=a&once=" + "a" * 32, 403)):
            self.assertEqual(self.owner.raw("POST", ours, body, FORM).status, status, body)
        self.assertEqual(self.house.count("message", "text = 'a'"), 0)

    def test_a_long_thread_is_read_in_pages(self):
        _, ours, _ = self.pair("long")
        self.write(self.owner, ours, "Number 0")
        self.house.sql("INSERT INTO message (public_id, relationship_id, sender_id, from_vendor, text, at) "
                       "SELECT RANDOM_BYTES(16), relationship_id, sender_id, 1, CONCAT('Number ', s.seq), at FROM message m, seq_1_to_119 s WHERE m.text = 'Number 0'")
        page, seen = self.owner.get(ours), []
        for _ in range(3):
            seen.append([w.split("<")[0] for w in page.body.split('class="lines">Number ')[1:]])
            earlier = [href for href, _ in page.links if "before=" in href]
            page = self.owner.get(earlier[0]) if earlier else page
        self.assertEqual([len(s) for s in seen], [50, 50, 20])
        self.assertEqual([int(n) for s in reversed(seen) for n in s], list(range(120)))
        _, other, _ = self.pair("elsewhere")
        self.write(self.owner, other, "Of another thread")
        for place in ("0" * 32, self.house.sql("SELECT LOWER(HEX(public_id)) FROM message WHERE text = 'Of another thread'")[0][0]):
            self.assertEqual(self.owner.get(ours + "?before=" + place).status, 404)

    def test_without_the_right_to_write_or_read_a_partner_does_neither(self):
        partner, ours, theirs = self.pair("rights")
        self.write(self.owner, ours, "Hello")
        form = partner.get(theirs).form(theirs)
        role = "UPDATE relationship r JOIN company c ON c.id = r.partner_id JOIN partner_role p ON p.vendor_id = r.vendor_id AND p.name = 'Read-only' " \
               "SET r.partner_role_id = p.id WHERE c.name = 'Rights Ltd'"
        self.house.sql(role)
        page = partner.get(theirs)
        self.assertIn("Hello", page.text)
        self.assertIn("Your role at this vendor does not include writing", page.text)
        page = partner.post(theirs, form.fields | {"text": "Against the rule"})
        self.assertEqual(page.status, 422)
        self.house.sql("UPDATE partner_role SET permissions = '' WHERE name = 'Read-only'")
        self.assertEqual(partner.get(theirs).status, 404)
        self.house.sql("UPDATE partner_role SET permissions = 'read,download' WHERE name = 'Read-only'")
        self.assertEqual(self.house.count("message", "text = 'Against the rule'"), 0)

    def test_an_empty_thread_says_who_reads_it_to_those_alone_who_may_write(self):
        partner, ours, theirs = self.pair("silent")
        for client, where in ((partner, theirs), (self.owner, ours)):
            self.assertIn("What you write here is read by ", client.get(where).text)
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id JOIN partner_role p ON p.vendor_id = r.vendor_id AND p.name = 'Read-only' "
                       "SET r.partner_role_id = p.id WHERE c.name = 'Silent Ltd'")
        page = partner.get(theirs)
        self.assertIn("No messages yet", page.text)
        self.assertNotIn("What you write here", page.text)
        self.assertIn("What you write here", self.owner.get(ours).text)
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.state = 'paused' WHERE c.name = 'Silent Ltd'")
        self.assertNotIn("What you write here", self.owner.get(ours).text)

    def test_a_paused_or_ended_connection_keeps_its_thread_and_takes_nothing_new(self):
        partner, ours, theirs = self.pair("paused")
        self.write(self.owner, ours, "Before")
        forms = (self.owner, ours, self.owner.get(ours).form(ours).fields), (partner, theirs, partner.get(theirs).form(theirs).fields)
        for state in ("paused", "disconnected"):
            self.house.sql(f"UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.state = '{state}' WHERE c.name = 'Paused Ltd'")
            for client, where, fields in forms:
                page = client.get(where)
                self.assertIn("Before", page.text)
                self.assertIn("This connection is not active.", page.text)
                self.assertEqual(client.post(where, fields | {"text": "After"}).status, 422)
        self.assertEqual(self.house.count("message", "text = 'After'"), 0)

    def test_nobody_else_sees_the_thread(self):
        partner, ours, theirs = self.pair("alone")
        stranger, _, _ = self.pair("stranger")
        contoso = self.house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Contoso'")[0][0]
        for client, where, status in ((self.other, ours, 404), (stranger, ours, 403), (self.owner, theirs, 403), (self.auditor, ours, 403),
                                      (partner, f"/vendors/{contoso}/messages", 404), (partner, f"/vendors/{'0' * 32}/messages", 404)):
            self.assertEqual(client.get(where).status, status, where)
        self.assertEqual(self.other.get(ours.replace("customers", "suppliers")).status, 404)
        home = self.other.get("/home")
        body = urllib.parse.urlencode({"csrf": home.forms[0].fields["csrf"], "text": "Intruder", "once": "b" * 32})
        self.assertEqual(self.other.raw("POST", ours, body, FORM).status, 404)
        self.assertEqual(self.house.count("message", "text = 'Intruder'"), 0)


if __name__ == "__main__":
    unittest.main()
