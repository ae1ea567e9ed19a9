"""Numbers of 1,000 and more stand on pages as each language writes them, and stay as they are where machines read them."""
import csv
import io
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from panel_list_test import fill as invitations  # noqa: E402
from partner_list_test import fill as partners  # noqa: E402
from portal import Story, Vendor, address, machine, sql  # noqa: E402

setUpModule, tearDownModule = machine(vendor_recipients_day=1500, resource_max_mib=1200)

NARROW, SPACE = "\u202f", "\u00a0"
THOUSAND = {"en": "1,000", "de": "1.000", "fr": f"1{NARROW}000", "pl": "1000", "ar": "1,000"}   # Polish divides from five digits on


def shown(n, tag):
    digits = f"{n:,}"
    return {"en": digits, "ar": digits, "de": digits.replace(",", "."), "fr": digits.replace(",", NARROW), "pl": digits.replace(",", SPACE if n > 9999 else "")}[tag]


def said(page):
    """The words with their blanks as they are."""
    return re.sub(r"[ \n]+", " ", "".join(page.words))


class Numbers(Story):
    @classmethod
    def setUpClass(cls):
        cls.vendor = Vendor()
        invitations(cls.vendor, 1000, ("customer",), ("pending",))
        partners(cls.vendor, "supplier", 1000, ("active",))
        sql(f"UPDATE invitation SET first_sent_at = sent_at WHERE vendor_id = {cls.vendor.id} AND first_sent_at IS NULL")

    def in_every_language(self, path):
        """(tag, 1,000 in it, the page)."""
        pages = [(tag, thousand, self.vendor.get(f"{path}?lang={tag}")) for tag, thousand in THOUSAND.items()]
        for tag, _, page in pages:
            self.assertEqual(page.status, 200)
            self.assertIn(f'<html lang="{tag}"', page.body)
        return pages

    def test_what_a_list_counts(self):
        fifty = {"en": "1 to 50 of 1,000", "de": "1 bis 50 von 1.000", "fr": f"1 à 50 sur 1{NARROW}000", "pl": "1–50 z 1000", "ar": "1 إلى 50 من 1,000"}
        for path in ("/industry", "/suppliers"):
            for tag, thousand, page in self.in_every_language(path):
                self.assertEqual(said(page).count(f"({thousand})"), 2, f"{path} in {tag}: all, and the one state")
                self.assertIn(f"({fifty[tag]})", said(page))

    def test_home_roles_and_the_overview(self):
        for path, times in (("/home", 1), ("/settings/roles", 2), ("/overview", 3)):
            for tag, thousand, page in self.in_every_language(path):
                self.assertGreaterEqual(said(page).count(thousand), times, f"{path} in {tag}")
                if tag != "pl":
                    self.assertNotIn("1000", said(page), f"{path} in {tag}")

    def test_a_picture_says_them_too_and_its_measures_stay_a_machines(self):
        for tag, thousand, page in self.in_every_language("/overview"):
            picture = re.search(r"<svg[^>]*aria-labelledby.*?</svg>", page.body, re.S)[0]
            self.assertRegex(re.search(r"<title[^>]*>(.*?)</title>", picture)[1], f": {thousand}$")
            measures = re.findall(r' (?:x|y|width|height)="([^"]*)"', picture)
            self.assertEqual([m for m in measures if not re.fullmatch(r"\d+(\.\d+)?%?", m)], [])
            self.assertTrue(measures)

    def test_a_number_stays_beside_its_unit(self):
        percents = {"en": "100%", "de": f"100{SPACE}%", "fr": f"100{NARROW}%", "pl": "100%", "ar": "100%"}
        for tag, _, page in self.in_every_language("/overview"):
            self.assertIn(percents[tag], said(page), tag)
        page = self.vendor.get("/shared/upload")
        self.vendor.client.post_parts("/shared/upload", page.form("/shared/upload").fields | {"audience": "customers"}, file=("list.bin", b"x" * 1_234_567))
        for tag, size in {"en": "1.2 MB", "de": f"1,2{SPACE}MB", "fr": f"1,2{SPACE}Mo", "pl": f"1,2{SPACE}MB", "ar": "1.2 ميغابايت"}.items():
            self.assertIn(size, said(self.vendor.get(f"/shared?lang={tag}")), tag)

    def test_more_than_are_counted(self):
        vendor = Vendor()
        invitations(vendor, 1001, ("supplier",), ("pending",))
        for tag, thousand in THOUSAND.items():
            self.assertEqual(said(vendor.get(f"/industry?lang={tag}")).count(f"({thousand}+)"), 2, tag)
            self.assertIn(f"{thousand}+", said(vendor.get(f"/home?lang={tag}")), tag)

    def test_what_a_leaving_owner_is_asked(self):
        vendor = Vendor()
        invitations(vendor, 12345, ("customer",), ("pending",))
        vendor.member("owner")
        words = {"en": "12,345 invitations are open", "de": "12.345 Einladungen sind offen", "fr": f"12{NARROW}345 invitations sont ouvertes", "pl": f"Otwarte zaproszenia: 12{SPACE}345",
                 "ar": "الدعوات المفتوحة: 12,345"}
        for tag, sentence in words.items():
            self.assertIn(sentence, said(vendor.get(f"/team/leave?lang={tag}")), tag)

    def test_limits(self):
        vendor = Vendor()
        sql(f"UPDATE company SET created_at = created_at - INTERVAL 30 DAY WHERE id = {vendor.id}")
        vendor.send(address())
        sql("UPDATE recipient_count SET n = 1500 WHERE scope = 'vendor'")
        for tag in THOUSAND:
            vendor.get(f"/industry?lang={tag}")
            page = vendor.send(address())
            self.assertEqual(page.status, 429)
            self.assertIn(f"({shown(1500, tag)})", said(page), tag)
            self.assertRegex(said(vendor.get("/shared/upload")), rf" {re.escape(shown(1200, tag))}\s", tag)
        sql("DELETE FROM recipient_count")

    def test_what_machines_read_stays_plain(self):
        sql(f"UPDATE relationship SET number = '1234567' WHERE vendor_id = {self.vendor.id} LIMIT 1; "
            f"INSERT INTO relationship_word SELECT vendor_id, kind, number, id FROM relationship WHERE vendor_id = {self.vendor.id} AND number = '1234567'")
        for tag in ("de", "fr", "ar"):
            self.vendor.get(f"/industry?lang={tag}")
            rows = list(csv.reader(io.StringIO(self.vendor.get("/export/suppliers").body)))
            self.assertEqual(len(rows), 1001)
            self.assertIn("1234567", {cell for row in rows for cell in row}, tag)
            self.assertIn("1234567", self.vendor.get("/suppliers?q=1234567").text, tag)


if __name__ == "__main__":
    unittest.main()
