"""The overview of a vendor: its numbers are what was done, week by week in the vendor's time zone, and nobody else's."""
import datetime
import gzip
import html
import pathlib
import re
import subprocess
import sys
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import (PASSWORD, Client, Story, Vendor, address, fresh, mail_to, machine, register, sql, stack, wait)  # noqa: E402
from machine import environment  # noqa: E402

setUpModule, tearDownModule = machine(bounce_address="bounce@portal.example")


def cells(page, heading):
    """The rows of the table below a heading, as words."""
    part = re.split(rf"<h2[^>]*>{heading}</h2>", page.body)[1].split("</section>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part.split("<tbody>")[1], re.S)
    return [[html.unescape(re.sub(r"<svg.*?</svg>|<span class=\"label\">.*?</span>|<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S)]
            for row in rows]


def weeks(page):
    """(sent, accepted, expired) of each week, oldest first."""
    return [tuple(map(int, row[1:])) for row in cells(page, "Invitations week by week")]


def steps(page):
    return [(row[0], int(row[1]), row[2]) for row in cells(page, "Where people stop")]


def chart(page, name):
    """The heights of the bars of a picture by their place, in percent of the width, and the picture's title."""
    picture = re.search(rf'<svg[^>]*aria-labelledby="{name}-title {name}-words".*?</svg>', page.body, re.S)[0]
    return {float(x): int(h) for x, h in re.findall(r'<rect x="([\d.]+)%"[^>]* height="(\d+)"', picture)}, re.search(r"<title[^>]*>(.*?)</title>", picture)[1]


def move(vendor, email, column, moment):
    sql(f"UPDATE invitation SET {column} = {moment} WHERE vendor_id = {vendor.id} AND email_canon = '{email}'")


def seen(email):
    wait(lambda: sql(f"SELECT 1 FROM invitation_progress p JOIN invitation i ON i.id = p.invitation_id WHERE i.email_canon = '{email}'"), f"{email} opened")


class Overview(Story):
    def busy(self):
        """Six invitations: accepted, only opened, begun, expired, came back, left alone."""
        vendor, emails = Vendor(), {}
        for name in ("accepted", "opened", "begun", "expired", "bounced", "alone"):
            emails[name] = f"{fresh(name)}@{'broken.example' if name == 'bounced' else 'works.example'}"
        links = {name: vendor.invite(email) for name, email in emails.items()}
        register(links["accepted"])
        Client(stack().url).get(links["opened"])
        client = Client(stack().url)
        self.assertEqual(client.submit(client.get(links["begun"]), "/register", password="short").status, 422)
        move(vendor, emails["expired"], "expires_at", "UTC_TIMESTAMP(6)")
        sender = mail_to(emails["bounced"])["sender"]
        wait(lambda: sql(f"SELECT 1 FROM outbox WHERE state = 'sent' AND recipient = '{emails['bounced']}'"), "record of the mail")
        report = (stack().folder / "report.eml")
        report.write_text("\n".join((f"To: {sender}", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "", "--b",
                                     "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
                                     f"Final-Recipient: rfc822; {emails['bounced']}", "Action: failed", "Status: 5.1.1", "", "--b--", "")), encoding="ascii")
        with report.open("rb") as message:
            subprocess.run([stack().binary, "-c", stack().config_file, "bounce", sender], stdin=message, env=environment(), check=True)
        seen(emails["opened"])
        return vendor, emails

    def test_the_numbers_are_what_was_done(self):
        vendor, _ = self.busy()
        stranger, _ = self.busy()   # whose numbers are its own
        stranger.invite()
        page = vendor.get("/overview")
        self.said(page, "Overview", "Half of those who accepted did so within 1 minute of the first mail.")
        self.assertEqual(weeks(page), [(0, 0, 0)] * 11 + [(6, 1, 1)])
        self.assertEqual(steps(page), [("Invitation sent", 6, "100%"), ("Link opened", 3, "50%"), ("Form begun", 2, "33%"), ("Accepted", 1, "17%")])
        self.assertEqual(cells(page, "Mail that came back"), [["broken.example", "1", "1", "100%"]])
        self.assertEqual(weeks(stranger.get("/overview"))[-1], (7, 1, 1))

    def test_the_pictures_show_the_same_numbers_and_say_them(self):
        vendor, emails = self.busy()
        move(vendor, emails["alone"], "first_sent_at", "UTC_TIMESTAMP(6) - INTERVAL 21 DAY")
        page = vendor.get("/overview?weeks=4")
        self.assertEqual([w[0] for w in weeks(page)], [1, 0, 0, 5])
        bars, title = chart(page, "sent")
        self.assertEqual(title, "Sent: 6")
        self.assertEqual(bars, {2.5: 19, 77.5: 96})
        self.assertEqual(chart(page, "accepted"), ({77.5: 19}, "Accepted: 1"), "the same height stands for the same number")
        self.assertIn("At most 5 a week: in the week of", page.body)
        self.assertEqual(re.findall(r'<title id="step-opened">(.*?)</title><rect width="(\d+)%"', page.body), [("3 of 6", "50")])
        pictures = re.findall(r"<svg[^>]*class=\"chart.*?</svg>", page.body, re.S)
        self.assertEqual(len(pictures), 3 + 4 + 1)
        for picture in pictures:
            ids = re.search(r'role="img" aria-labelledby="([^"]+)"', picture)[1].split()
            self.assertEqual([len(re.findall(f'id="{i}"', page.body)) for i in ids], [1] * len(ids))
        self.assertNotIn("style=", page.body)

    def test_a_resent_invitation_stays_in_the_week_of_its_first_mail(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        move(vendor, email, "first_sent_at", "UTC_TIMESTAMP(6) - INTERVAL 14 DAY")
        vendor.resend(email)
        self.assertEqual([w[0] for w in weeks(vendor.get("/overview?weeks=4"))], [0, 1, 0, 0])

    def test_half_of_those_who_accepted_did_so_within_the_median(self):
        vendor = Vendor()
        for took in ("30 MINUTE", "5 HOUR", "90 HOUR"):
            email = address()
            register(vendor.invite(email))
            move(vendor, email, "first_sent_at", f"ended_at - INTERVAL {took}")
        self.said(vendor.get("/overview"), "did so within 5 hours of the first mail")
        email = address()
        register(vendor.invite(email))
        move(vendor, email, "first_sent_at", "ended_at - INTERVAL 211 HOUR")
        self.said(vendor.get("/overview"), "did so within 2 days of the first mail")   # between 5 and 90 hours

    def test_a_week_begins_on_monday_at_midnight_where_the_vendor_is(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        for name in ("Pacific/Auckland", "America/St_Johns", "UTC"):
            page = vendor.client.submit(vendor.get("/settings"), "/settings", time_zone=name)
            self.said(page, "Settings saved.")
            zone = zoneinfo.ZoneInfo(name)
            today = datetime.datetime.now(zone).date()
            for back in (1, 40):   # weeks; half a year has passed a change of the clock
                monday = today - datetime.timedelta(days=today.weekday() + 7 * back)
                begin = datetime.datetime.combine(monday, datetime.time(), zone).astimezone(datetime.timezone.utc)
                for moment, place in ((begin, -1 - back), (begin - datetime.timedelta(microseconds=1), -2 - back)):
                    move(vendor, email, "first_sent_at", f"'{moment:%Y-%m-%d %H:%M:%S.%f}'")
                    page = vendor.get("/overview?weeks=52")
                    self.assertEqual([i - 52 for i, w in enumerate(weeks(page)) if w[0]], [place], f"{name}: {moment}")
                    row = cells(page, "Invitations week by week")[-1 - back]
                    self.assertEqual(row[0], f"{monday.day} {monday:%b} {monday.year}")
            self.said(page, f"in the time zone {name}.")

    def test_it_is_narrowed_to_a_kind_and_to_a_number_of_weeks(self):
        vendor, old = Vendor(), address()
        vendor.invite(old, "supplier")
        vendor.invite()
        vendor.invite()
        move(vendor, old, "first_sent_at", "UTC_TIMESTAMP(6) - INTERVAL 91 DAY")
        self.assertEqual([sum(w[0] for w in weeks(vendor.get(f"/overview{q}"))) for q in ("", "?weeks=26", "?weeks=26&kind=supplier", "?kind=customer", "?weeks=4&kind=")],
                         [2, 3, 1, 2, 2])
        self.assertEqual([len(weeks(vendor.get(f"/overview?weeks={n}"))) for n in (4, 12, 26, 52)], [4, 12, 26, 52])
        page = vendor.get("/overview?weeks=26&kind=supplier")
        self.assertEqual((page.form("/overview").fields["weeks"], page.form("/overview").fields["kind"]), ("26", "supplier"))
        wait(lambda: not sql(f"SELECT 1 FROM outbox WHERE vendor_id = {vendor.id} AND next_at IS NOT NULL"), "rest of the mailer")
        sql(f"UPDATE outbox o JOIN invitation i ON i.id = o.invitation_id SET o.state = 'bounced' WHERE i.vendor_id = {vendor.id}")
        domain = old.split("@")[1]
        self.assertIn(domain, [row[0] for row in cells(vendor.get("/overview?kind=supplier"), "Mail that came back")])
        self.assertNotIn(domain, [row[0] for row in cells(vendor.get("/overview?kind=customer"), "Mail that came back")])

    def test_a_kind_has_its_own_acceptances_ends_and_median(self):
        vendor = Vendor()
        for kind, took in (("customer", "5 HOUR"), ("supplier", "90 HOUR")):
            email, late = address(), address()
            register(vendor.invite(email, kind))
            vendor.invite(late, kind)
            move(vendor, email, "first_sent_at", f"ended_at - INTERVAL {took}")
            move(vendor, late, "expires_at", "UTC_TIMESTAMP(6)")
        for query, words, numbers in (("", "2 days", 2), ("?kind=customer", "5 hours", 1), ("?kind=supplier", "4 days", 1)):
            page = vendor.get("/overview" + query)
            self.said(page, f"did so within {words} of the first mail")
            self.assertEqual(weeks(page)[-1][1:], (numbers, numbers), query)

    def test_who_accepted_from_home_has_opened_and_begun(self):
        vendor, buyer = Vendor(), register(Vendor().invite())
        vendor.send(buyer.email)
        buyer.client.submit(buyer.get("/home"), button="Accept")
        self.assertEqual(steps(vendor.get("/overview")), [(name, 1, "100%") for name in ("Invitation sent", "Link opened", "Form begun", "Accepted")])

    def test_what_is_neither_nothing_nor_all_is_shown_as_neither(self):
        for accepted, shown in ((1, "1%"), (299, "99%"), (300, "100%")):
            vendor, first = Vendor(), address()
            vendor.invite(first)
            sql("INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, first_sent_at, expires_at, ended_at) "
                f"SELECT UNHEX(MD5(CONCAT('all', i.id, '-', s.seq))), i.vendor_id, i.sender_id, 'customer', IF(s.seq > {accepted}, 'declined', 'accepted'), CONCAT('p', s.seq, '@all.example'), "
                "CONCAT('p', s.seq, '@all.example'), i.partner_role_id, 'en', 7, i.sent_at, i.sent_at, i.expires_at, i.sent_at FROM invitation i "
                f"JOIN seq_1_to_300 s WHERE i.email_canon = '{first}'")
            sql(f"UPDATE invitation SET first_sent_at = first_sent_at - INTERVAL 400 DAY WHERE email_canon = '{first}'")
            self.assertEqual(steps(vendor.get("/overview"))[-1], ("Accepted", accepted, shown))

    def test_what_has_not_ended_yet_is_not_expired(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        move(vendor, email, "expires_at", "UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE")
        self.assertEqual(weeks(vendor.get("/overview"))[-1], (1, 0, 0))

    def test_only_mail_with_an_invitation_is_counted_among_what_came_back(self):
        vendor, email = Vendor(), address()
        vendor.client.submit(vendor.get("/team"), "/team/invitations", email=email, role="auditor")
        vendor.invite()
        wait(lambda: not sql(f"SELECT 1 FROM outbox WHERE vendor_id = {vendor.id} AND next_at IS NOT NULL"), "rest of the mailer")
        sql(f"UPDATE outbox SET state = 'bounced' WHERE recipient = '{email}'")
        self.assertNotIn(email.split("@")[1], vendor.get("/overview").body)

    def test_the_worst_ten_domains_come_first(self):
        vendor = Vendor()
        for n in range(12):
            for _ in range(2 if n == 7 else 1):
                vendor.send(f"{fresh('p')}@d{n}.example")
        good = f"{fresh('p')}@d7.example"
        vendor.invite(good)
        wait(lambda: not sql(f"SELECT 1 FROM outbox WHERE vendor_id = {vendor.id} AND next_at IS NOT NULL"), "rest of the mailer")
        sql(f"UPDATE outbox SET state = 'bounced' WHERE vendor_id = {vendor.id} AND recipient <> '{good}'")
        rows = cells(vendor.get("/overview"), "Mail that came back")
        self.assertEqual(rows[0], ["d7.example", "3", "2", "67%"])
        self.assertEqual(len(rows), 10)

    def test_an_erased_address_stays_in_the_sums_without_its_domain(self):
        vendor, email = Vendor(), address()
        vendor.invite(email)
        wait(lambda: not sql(f"SELECT 1 FROM outbox WHERE vendor_id = {vendor.id} AND next_at IS NOT NULL"), "rest of the mailer")
        sql(f"UPDATE outbox SET state = 'bounced', recipient = '' WHERE recipient = '{email}'")
        page = vendor.get("/overview")
        self.assertEqual(cells(page, "Mail that came back"), [["Erased addresses", "1", "1", "100%"]])
        self.assertNotIn(email.split("@")[1], page.body)

    def test_without_anything_the_page_says_what_to_do(self):
        vendor = Vendor()
        page = vendor.get("/overview")
        self.said(page, "Nothing to show yet", "In this time no invitation was sent, accepted or expired.")
        self.assertEqual(page.link("Invite someone"), "/industry")
        self.assertNotIn('class="chart', page.body)
        auditor = vendor.member("auditor")
        page = auditor.get("/overview")
        self.unsaid(page, "Invite someone")
        self.assertEqual(page.link("Show the customers"), "/customers")

    def test_who_reads_the_audit_log_reads_it_and_finds_it_in_the_menu(self):
        vendor = Vendor()
        for role, status in (("admin", 200), ("auditor", 200), ("inviter", 403)):
            person = vendor.member(role)
            self.assertEqual(person.client.raw("GET", "/overview").status, status, role)
            self.assertEqual('href="/overview"' in person.get("/customers").body, status == 200, role)
        self.assertEqual(register(vendor.invite(), password=PASSWORD).client.raw("GET", "/overview").status, 403)

    def test_an_auditor_takes_the_list_of_invitations_home_from_here(self):
        vendor, buyer = Vendor(), address()
        vendor.invite(buyer)
        vendor.invite(kind="supplier")
        auditor = vendor.member("auditor")
        page = auditor.get("/overview?kind=customer")
        self.said(page, "All invitations", "Of all times, each with its address, status and mail.")
        sheet = auditor.get(page.link("Export as CSV"))
        self.assertTrue(sheet.headers["Content-Type"].startswith("text/csv"))
        self.assertIn(buyer, sheet.body)
        self.assertEqual(len(sheet.body.strip().splitlines()), 2, "narrowed as the page is")

    def test_another_period_than_those_offered_is_refused(self):
        vendor = Vendor()
        for query in ("weeks=0", "weeks=5", "weeks=-12", "weeks=012", "weeks=12&weeks=12", "weeks=52x", "weeks=999999999999999999999", "kind=vendor", "kind=Customer", "from=2026"):
            self.assertEqual(vendor.client.raw("GET", f"/overview?{query}").status, 400, query)

    def test_a_year_weighs_little(self):
        vendor = Vendor()
        first = address()
        vendor.invite(first)
        sql("INSERT INTO invitation (public_id, vendor_id, sender_id, kind, status, email, email_canon, partner_role_id, language, expires_days, sent_at, first_sent_at, expires_at, ended_at) "
            "SELECT UNHEX(MD5(CONCAT(i.id, '-', s.seq))), i.vendor_id, i.sender_id, 'customer', IF(s.seq % 3, 'pending', 'accepted'), CONCAT('p', s.seq, '@d.example'), "
            "CONCAT('p', s.seq, '@d.example'), i.partner_role_id, 'en', 7, at, at, at + INTERVAL 7 DAY, IF(s.seq % 3, NULL, at + INTERVAL s.seq HOUR) FROM invitation i "
            f"JOIN (SELECT seq, UTC_TIMESTAMP(6) - INTERVAL seq * 17 HOUR AS at FROM seq_1_to_500) s WHERE i.email_canon = '{first}'")
        page = vendor.get("/overview?weeks=52")
        self.assertGreater(sum(w[0] for w in weeks(page)), 400)
        self.assertLess(len(gzip.compress(page.body.encode())), 14 * 1024)


if __name__ == "__main__":
    unittest.main()
