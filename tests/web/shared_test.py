"""Shared resources: what a vendor shares, who sees it, what the partner role permits, and what partners send."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from shares import Shares  # noqa: E402


class Shared(Shares):
    def test_a_file_a_link_and_a_note_for_all_customers(self):
        buyer, seller = self.partner("buyer"), self.partner("seller", "supplier")
        item = self.share_file("Prices 2026.pdf", b"%PDF prices")
        self.owner.submit(self.owner.get("/shared/link"), "/shared/link", title="Manual", url="https://docs.northwind.example/manual?x=1", audience="customers")
        page = self.share_note("Opening hours", body="Monday to Friday\n<b>8 to 17</b>")
        self.assertIn("Opening hours is shared.", page.text)
        page = buyer.get(self.page)
        self.assertEqual(page.h1, "Northwind")
        for words in ("Prices 2026.pdf", "Manual", "Opening hours", "Monday to Friday", "<b>8 to 17</b>"):
            self.assertIn(words, page.text)
        self.assertLess(page.text.index("Opening hours"), page.text.index("Prices 2026.pdf"))
        self.assertIn(("https://docs.northwind.example/manual?x=1", "Manual"), [(h, " ".join(w)) for h, w in page.links])
        self.assertIn('rel="noopener noreferrer nofollow"', page.body)
        status, headers, body = self.download(buyer, f"/files/{item}")
        self.assertEqual((status, body), (200, b"%PDF prices"))
        for words in ("Prices 2026.pdf", "Manual", "Opening hours"):
            self.assertNotIn(words, seller.get(self.page).text)
        self.assertEqual(self.download(seller, f"/files/{item}")[0], 404)

    def test_for_all_suppliers(self):
        seller, buyer = self.partner("seller2", "supplier"), self.partner("buyer2")
        self.share_note("For suppliers", "suppliers")
        self.assertIn("For suppliers", seller.get(self.page).text)
        self.assertNotIn("For suppliers", buyer.get(self.page).text)

    def test_for_chosen_companies(self):
        alpha, beta = self.partner("alpha"), self.partner("beta")
        page = self.share_note("Only for some", "chosen")
        self.assertIn("Nobody sees it yet · owner@northwind.example", page.text)
        self.assertIn("Only for some Note Some words. Nobody sees it yet · owner@northwind.example", self.owner.get("/shared").text)
        where = re.search(r"/shared/items/[0-9a-f]{32}", page.url)[0] if "/items/" in page.url else page.form("/companies").action.removesuffix("/companies")
        self.assertNotIn("Only for some", alpha.get(self.page).text)
        page = self.owner.submit(self.owner.get(where), where + "/companies", company="Alpha Ltd")
        self.assertIn("Shared with Alpha Ltd.", page.text)
        self.assertIn("Only for some", alpha.get(self.page).text)
        self.assertNotIn("Only for some", beta.get(self.page).text)
        page = self.owner.submit(self.owner.get(where), where + "/companies", company="beta@BETA.example")
        self.assertIn("Shared with Beta Ltd.", page.text)
        self.assertIn("Only for some", beta.get(self.page).text)
        ids = dict(self.house.sql("SELECT name, LOWER(HEX(public_id)) FROM company WHERE name IN ('Alpha Ltd', 'Beta Ltd')"))
        self.owner.post(where + "/companies/remove", {"csrf": self.owner.get(where).forms[0].fields["csrf"], "company": ids["Alpha Ltd"]})
        self.assertNotIn("Only for some", alpha.get(self.page).text)
        self.assertIn("Only for some", beta.get(self.page).text)

    def test_a_company_that_is_not_found_and_one_of_several(self):
        for name in ("twin1", "twin2"):
            self.partner(name)
        self.house.sql("UPDATE company SET name = 'Twin Ltd' WHERE name IN ('Twin1 Ltd', 'Twin2 Ltd')")
        self.partner("stranger", owner=self.other)
        page = self.share_note("For one twin", "chosen")
        where = page.form("/companies").action.removesuffix("/companies")
        for words in ("Nobody Ltd", "Stranger Ltd", "stranger@stranger.example"):
            page = self.owner.submit(self.owner.get(where), where + "/companies", company=words)
            self.assertEqual(page.status, 422)
            self.assertIn("You have no customer or supplier of this name, number or address", page.text)
            self.assertEqual(page.form("/companies").fields["company"], words)
        page = self.owner.submit(self.owner.get(where), where + "/companies", company="Twin Ltd")
        self.assertEqual(page.status, 422)
        self.assertIn("Several companies match", page.text)
        twin = self.house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Twin Ltd' ORDER BY id LIMIT 1")[0][0]
        self.assertIn(twin, page.body)
        page = self.owner.post(where + "/companies", {"csrf": page.forms[0].fields["csrf"], "company": twin})
        self.assertIn("Shared with Twin Ltd.", page.text)
        self.assertEqual(self.house.count("shared_with"), 1)

    def test_the_audience_is_changed_and_holds_at_once(self):
        buyer, seller = self.partner("buyer3"), self.partner("seller3", "supplier")
        self.share_note("Wandering")
        where = "/shared/items/" + self.house.sql("SELECT LOWER(HEX(public_id)) FROM shared")[0][0]
        page = self.owner.submit(self.owner.get(where), where, audience="suppliers")
        self.assertIn("You changed who may see Wandering", page.text)
        self.assertNotIn("Wandering", buyer.get(self.page).text)
        self.assertIn("Wandering", seller.get(self.page).text)

    def test_who_was_chosen_does_not_see_what_is_for_all_of_the_other_kind(self):
        chosen, seller = self.partner("chosen"), self.partner("seller22", "supplier")
        item = self.share_file(audience="chosen")
        where = f"/shared/items/{item}"
        self.owner.submit(self.owner.get(where), where + "/companies", company="Chosen Ltd")

        def seen():
            return ["prices.pdf" in client.get(self.page).text for client in (chosen, seller)], [self.download(client, f"/files/{item}")[0] for client in (chosen, seller)]
        self.assertEqual(seen(), ([True, False], [200, 404]))
        self.owner.submit(self.owner.get(where), where, audience="suppliers")
        self.assertEqual(seen(), ([False, True], [404, 200]))
        self.owner.submit(self.owner.get(where), where, audience="chosen")
        self.assertEqual(seen(), ([True, False], [200, 404]))
        self.owner.submit(self.owner.get(where), where, audience="customers")
        self.assertEqual(seen(), ([True, False], [200, 404]))
        self.assertEqual(chosen.get(self.page).text.count("prices.pdf"), 1)

    def test_what_is_removed_is_gone_with_its_file(self):
        buyer = self.partner("buyer4")
        item = self.share_file()
        where = f"/shared/items/{item}/remove"
        page = self.owner.get(where)
        self.assertEqual(page.h1, "Stop sharing this?")
        self.assertEqual(len(self.files()), 1)
        page = self.owner.submit(page, where)
        self.assertIn("prices.pdf was removed.", page.text)
        self.assertEqual((self.files(), self.house.count("shared"), self.house.count("shared_file")), ([], 0, 0))
        self.assertEqual(self.download(buyer, f"/files/{item}")[0], 404)
        self.assertEqual(self.owner.get(where).status, 404)

    # ---- roles ----

    def test_the_role_on_the_invitation_holds_from_the_first_minute(self):
        item = self.share_file()
        reader = self.partner("reader", role="Read-only")
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.number = 'K-5' WHERE c.name = 'Reader Ltd'")
        page = reader.get(self.page)
        self.assertIn("Your number: K-5 · Your role: Read-only", page.text)
        self.assertIn("prices.pdf", page.text)
        self.assertEqual(self.download(reader, f"/files/{item}")[0], 200)
        self.assertNotIn("Send a file", page.text)
        self.assertEqual(reader.get(self.page + "/upload").status, 404)
        self.assertEqual(reader.get(self.page + "/note").status, 404)

    def test_each_permission_is_one_thing_and_holds_at_once(self):
        buyer, item = self.partner("buyer5"), self.share_file()
        standard = buyer.get(self.page + "/upload")
        note = buyer.get(self.page + "/note")
        self.role("buyer5", "upload,write")
        page = buyer.get(self.page)
        self.assertNotIn("prices.pdf", page.text)
        self.assertIn("does not include reading", page.text)
        self.assertEqual(self.download(buyer, f"/files/{item}")[0], 404)
        self.role("buyer5", "read")
        page = buyer.get(self.page)
        self.assertIn("prices.pdf", page.text)
        self.assertNotIn(f"/files/{item}", page.body)
        self.assertIn("does not include getting files", page.text)
        self.assertEqual(self.download(buyer, f"/files/{item}")[0], 404)
        self.assertEqual(buyer.post_parts(self.page + "/upload", standard.form("/upload").fields, file=("x.txt", b"x")).status, 404)
        self.assertEqual(buyer.submit(note, "/note", title="T", body="B").status, 404)
        self.assertEqual((self.house.count("shared"), len(self.files())), (1, 1))
        self.role("buyer5", "read,upload")
        self.assertIn("was sent to Northwind", self.upload(buyer, self.page + "/upload", "x.txt", b"x").text)

    def test_a_paused_and_an_ended_connection_hide_everything(self):
        buyer, item = self.partner("buyer6"), self.share_file()
        mine = f"r JOIN company c ON c.id = r.partner_id SET r.state = '%s', r.paused_until = %s WHERE c.name = 'Buyer6 Ltd'"
        self.assertIn(self.page, buyer.get("/home").body)
        for state in ("paused", "disconnected"):
            self.house.sql("UPDATE relationship " + mine % (state, "NULL"))
            for path in (self.page, self.page + "/upload", self.page + "/note"):
                self.assertEqual(buyer.get(path).status, 403 if state == "paused" else 404, (state, path))
            self.assertEqual(buyer.get(f"/files/{item}").status, 404, state)
            self.assertNotIn(self.page + '"', buyer.get("/home").body)
        self.house.sql("UPDATE relationship " + mine % ("paused", "UTC_TIMESTAMP(6) - INTERVAL 1 SECOND"))   # its end has come
        self.assertEqual(self.download(buyer, f"/files/{item}")[0], 200)
        self.assertIn(self.page, buyer.get("/home").body)

    def test_a_bookmark_of_a_paused_vendor_says_that_it_is_paused_and_shows_nothing_else(self):
        buyer, title = self.partner("buyer27"), "Not to be seen"
        self.share_note(title)
        self.assertIn(title, buyer.get(self.page).text)
        form = buyer.get(self.page + "/note")
        where = "r JOIN company c ON c.id = r.partner_id SET r.state = 'paused', r.paused_until = %s WHERE c.name = 'Buyer27 Ltd'"
        for until in ("NULL", "'2199-12-02'"):
            self.house.sql("UPDATE relationship " + where % until)
            before = self.house.count("shared")
            for page in (buyer.get(self.page), buyer.get(self.page + "/upload"), buyer.get(self.page + "/note"), buyer.submit(form, self.page + "/note", title="Late", body="x")):
                self.assertEqual((page.status, page.h1), (403, "The connection with Northwind is paused"))
                self.assertIn("Northwind has paused the connection with your company.", page.text)
                for word in (title, "Standard", "2199", "Send"):
                    self.assertNotIn(word, page.text)
                self.assertEqual(buyer.get(page.link("Go to Home")).h1, "Home")
                self.assertEqual(buyer.get(page.link("Read the messages")).h1, "Messages with Northwind")
            self.assertEqual(self.house.count("shared"), before)
        self.house.sql("UPDATE company SET suspended_at = UTC_TIMESTAMP(6) WHERE name = 'Northwind'")
        try:
            closed = buyer.get(self.page)
        finally:
            self.house.sql("UPDATE company SET suspended_at = NULL WHERE name = 'Northwind'")
        unknown = buyer.get("/vendors/" + "0123456789abcdef" * 2)
        self.assertEqual((closed.status, unknown.status, closed.text.partition("Reference")[0]), (404, 404, unknown.text.partition("Reference")[0]))
        stranger = self.partner("buyer28")
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.state = 'disconnected' WHERE c.name = 'Buyer28 Ltd'")
        self.assertEqual(stranger.get(self.page).text.partition("Reference")[0], unknown.text.partition("Reference")[0])
        self.role("buyer27", "")
        self.assertNotIn("Read the messages", buyer.get(self.page).text)
        self.house.sql("UPDATE relationship " + where % "UTC_TIMESTAMP(6) - INTERVAL 1 SECOND")   # its end has come
        self.assertEqual((buyer.get(self.page).status, buyer.get(self.page + "/note").status), (200, 404), "what the role does not permit is no pause")

    def test_home_says_what_is_newest_of_each_vendor(self):
        buyer, seller = self.partner("buyer20"), self.partner("seller20", "supplier")
        self.assertNotIn("Newest", buyer.get("/home").text)
        self.share_note("For everybody")
        self.assertIn("Newest shared: For everybody, ", buyer.get("/home").text)
        self.assertNotIn("Newest", seller.get("/home").text)
        self.share_note("For suppliers", "suppliers")
        self.assertIn("Newest shared: For suppliers, ", seller.get("/home").text)
        self.share_note("For one", "chosen")
        self.assertIn("Newest shared: For everybody, ", buyer.get("/home").text)
        self.house.sql("INSERT INTO shared_with SELECT r.id, s.id FROM shared s, relationship r JOIN company c ON c.id = r.partner_id WHERE s.title = 'For one' AND c.name = 'Buyer20 Ltd'")
        self.assertIn("Newest shared: For one, ", buyer.get("/home").text)
        self.assertIn("Newest shared: For suppliers, ", seller.get("/home").text, "what is for another company is not told")
        thread = self.page + "/messages"
        buyer.submit(buyer.get(thread), thread, text="Good morning")
        self.assertIn("Newest message from your company, ", buyer.get("/home").text)
        theirs = self.owner.get("/customers/" + self.house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Buyer20 Ltd'")[0][0] + "/messages")
        self.owner.submit(theirs, "/messages", text="And to you")
        page = buyer.get("/home")
        self.assertIn("Newest message from Northwind, ", page.text)
        self.assertNotIn("And to you", page.text)
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.state = 'paused' WHERE c.name = 'Buyer20 Ltd'")
        page = buyer.get("/home")
        self.assertIn("Newest message from Northwind, ", page.text)
        self.assertNotIn("Newest shared", page.text)
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.state = 'active' WHERE c.name = 'Buyer20 Ltd'")
        self.role("buyer20", "upload")
        page = buyer.get("/home")
        self.assertNotIn("Newest", page.text)
        self.assertNotIn(thread, page.body, "a thread that the role may not read has no way there")

    def test_who_of_the_vendor_may_share(self):
        for client in (self.inviter, self.auditor):
            self.assertEqual(client.get("/shared").status, 403)
            self.assertNotIn('href="/shared"', client.get("/home").body)
        self.assertIn('href="/shared"', self.owner.get("/customers").body)

    def test_nothing_of_one_vendor_is_visible_to_another(self):
        buyer, item = self.partner("buyer7"), self.share_file()
        elsewhere = self.partner("elsewhere", owner=self.other)
        for client, path in ((self.other, f"/shared/items/{item}"), (self.other, f"/shared/items/{item}/file"), (self.other, f"/shared/items/{item}/remove"),
                             (elsewhere, f"/files/{item}"), (elsewhere, self.page), (elsewhere, self.page + "/upload")):
            theirs, none = client.get(path), client.get(path.replace(item, "0" * 32).replace(self.vendor, "0" * 32))
            self.assertEqual((theirs.status, none.status, theirs.h1), (404, 404, none.h1), path)
        self.assertNotIn("prices.pdf", self.other.get("/shared").text)
        self.assertEqual(buyer.get(self.page).status, 200)

    # ---- what partners send ----

    def test_a_partner_sends_a_file_and_a_note(self):
        buyer, fellow = self.partner("buyer8"), self.partner("fellow8")
        page = self.upload(buyer, self.page + "/upload", "order.csv", b"a,b\r\n1,2\r\n")
        self.assertIn("order.csv was sent to Northwind.", page.text)
        self.assertIn("Sent by your company", page.text)
        buyer.submit(buyer.get(self.page + "/note"), "/note", title="Gate code", body="It is 12.")
        page = self.owner.get("/shared/received")
        for words in ("order.csv", "From Buyer8 Ltd", "Gate code", "It is 12."):
            self.assertIn(words, page.text)
        self.assertNotIn("order.csv", self.owner.get("/shared").text)
        self.assertNotIn("order.csv", fellow.get(self.page).text)
        item = self.house.sql("SELECT LOWER(HEX(public_id)) FROM shared WHERE kind = 'file'")[0][0]
        self.assertEqual(self.download(self.owner, f"/shared/items/{item}/file")[2], b"a,b\r\n1,2\r\n")
        self.assertEqual(self.download(buyer, f"/files/{item}")[2], b"a,b\r\n1,2\r\n")
        self.assertEqual(self.download(fellow, f"/files/{item}")[0], 404)

    def test_what_a_partner_sent_is_for_the_vendor_alone_and_for_nobody_else_to_be_made(self):
        buyer, fellow = self.partner("buyer21"), self.partner("fellow21")
        self.upload(buyer, self.page + "/upload", "order.csv", b"a,b")
        item = self.house.sql("SELECT LOWER(HEX(public_id)) FROM shared")[0][0]
        where = f"/shared/items/{item}"
        page = self.owner.get(where)
        self.assertNotIn("Who may see this?", page.text)
        csrf = page.forms[0].fields["csrf"]
        for path, fields in ((where, {"audience": "customers"}), (where + "/companies", {"company": "Fellow21 Ltd"})):
            self.assertEqual(self.owner.post(path, fields | {"csrf": csrf}).status, 404, path)
        self.assertEqual(self.house.sql("SELECT audience FROM shared"), [("vendor",)])
        self.assertEqual((self.house.count("shared_with"), self.download(fellow, f"/files/{item}")[0]), (0, 404))
        page = self.owner.get(where + "/remove")
        self.assertEqual(page.h1, "Remove what you received?")
        self.assertIn("order.csv is removed for you and for Buyer21 Ltd. It cannot be brought back.", page.text)
        page = self.owner.submit(page, where + "/remove")
        self.assertIn("Received from partners", page.h1)
        self.assertNotIn("order.csv", buyer.get(self.page).text)
        self.assertEqual(self.files(), [])

    def test_a_company_to_share_with_is_found_by_number_and_id_too_but_not_when_the_connection_has_ended(self):
        self.partner("found")
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.number = 'K-771' WHERE c.name = 'Found Ltd'")
        id = self.house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Found Ltd'")[0][0]
        for words in ("K-771", id, "Found Ltd", "found@found.example"):
            where = self.share_note("For the found", "chosen").form("/companies").action
            self.assertIn("Shared with Found Ltd.", self.owner.submit(self.owner.get(where.removesuffix("/companies")), where, company=words).text)
        self.house.sql("UPDATE relationship r JOIN company c ON c.id = r.partner_id SET r.state = 'disconnected' WHERE c.name = 'Found Ltd'")
        for words in ("K-771", id, "Found Ltd", "found@found.example"):
            page = self.owner.submit(self.owner.get(where.removesuffix("/companies")), where, company=words)
            self.assertEqual(page.status, 422, words)
            self.assertIn("You have no customer or supplier of this name, number or address", page.text)

    # ---- forms, and the list ----

    def test_what_is_missing_is_said_at_the_field_and_nothing_is_kept(self):
        for fields, file, words in (({}, ("a.txt", b"x"), "Select who may see this"), ({"audience": "customers"}, ("", b""), "Choose a file"),
                                    ({"audience": "customers"}, ("a.txt", b""), "This file is empty"), ({"audience": "vendor"}, ("a.txt", b"x"), "Select who may see this")):
            form = self.owner.get("/shared/upload").form("/shared/upload")
            page = self.owner.post_parts("/shared/upload", form.fields | fields, file=file)
            self.assertEqual(page.status, 422, (fields, file, page.text))
            self.assertIn(words, page.text)
        self.assertEqual((self.files(), self.house.count("shared"), self.house.count("shared_file")), ([], 0, 0))

    def test_a_link_must_be_https(self):
        for url in ("http://a.example/", "javascript:alert(1)", "https://", "https://user@a.example/", "https://localhost", "//a.example", "https:/a.example", "https://a.example\\@b.example"):
            page = self.owner.submit(self.owner.get("/shared/link"), "/shared/link", title="T", url=url, audience="customers")
            self.assertEqual(page.status, 422, url)
            self.assertIn("Enter an address that begins with https://", page.text)
            self.assertEqual(page.form("/shared/link").fields["url"], url)
        self.assertEqual(self.house.count("shared"), 0)

    def test_the_same_form_twice_shares_once(self):
        form = self.owner.get("/shared/upload").form("/shared/upload")
        for _ in range(2):
            page = self.owner.post_parts("/shared/upload", form.fields | {"audience": "customers"}, file=("a.txt", b"x"))
            self.assertEqual(page.status, 200)
        self.assertEqual((len(self.files()), self.house.count("shared"), self.house.count("shared_file")), (1, 1, 1))
        page = self.owner.get("/shared/note")
        for _ in range(2):
            self.owner.submit(page, "/shared/note", title="Once", body="B", audience="customers")
        self.assertEqual(self.house.count("shared", "title = 'Once'"), 1)

    def test_the_list_turns_its_pages(self):
        self.house.sql("INSERT INTO shared (public_id, vendor_id, kind, audience, title, body, account_id, created_at) SELECT UNHEX(MD5(CONCAT('n', seq))), v.id, 'note', 'customers', "
                       "CONCAT('Note ', seq), 'b', m.account_id, UTC_TIMESTAMP(6) FROM seq_1_to_120 JOIN company v ON v.name = 'Northwind' JOIN member m ON m.company_id = v.id AND m.role = 'owner'")
        buyer = self.partner("buyer10")
        for client, page in ((self.owner, "/shared"), (buyer, self.page)):
            seen, where = [], page
            while where:
                shown = client.get(where)
                seen += re.findall(r"<strong>Note (\d+)</strong>", shown.body)
                where = next((href for href, words in shown.links if "Older" in words), None)
            self.assertEqual([int(n) for n in seen], list(range(120, 0, -1)), page)
        self.assertEqual(self.owner.get("/shared?after=" + "0" * 32).status, 404)


if __name__ == "__main__":
    unittest.main()
