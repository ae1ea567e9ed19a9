"""A date with its hour and zone, whole, as each language writes it: on a page and in a mail, in winter and in summer."""
import datetime
import pathlib
import re
import sys
import unittest
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from portal import Client, Story, Vendor, address, link_of, machine, mail_to, sql, stack  # noqa: E402

setUpModule, tearDownModule = machine()

# The months as they stand in a date, and the whole of a date and an hour.
MONTHS = {"en": "January February March April May June July August September October November December",
          "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
          "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
          "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
          "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"}
WHOLE = {"en": "{day} {month} {year}, {time} {zone}", "de": "{day}. {month} {year}, {time} Uhr {zone}", "fr": "{day} {month} {year} à {time} {zone}",
         "pl": "{day} {month} {year}, {time} {zone}", "ar": "{day} {month} {year}، {time} {zone}"}
GERMAN = {"CET": "MEZ", "CEST": "MESZ", "EET": "OEZ", "EEST": "OESZ", "WET": "WEZ", "WEST": "WESZ"}


def whole(moment, zone, tag):
    """Of a moment in UTC, in a zone whose names are letters."""
    local = moment.replace(tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(zone))
    hours = int(local.utcoffset().total_seconds() // 3600)
    name = GERMAN.get(local.tzname(), local.tzname()) if tag == "de" else local.tzname()
    return WHOLE[tag].format(day="1er" if tag == "fr" and local.day == 1 else local.day, month=MONTHS[tag].split()[local.month - 1], year=local.year,
                             time=f"{local:%H:%M}", zone=f"{name} (UTC{hours:+})")


class Dates(Story):
    def invited(self, zone, tag="en"):
        vendor, buyer = Vendor(), address()
        sql(f"UPDATE company SET time_zone = '{zone}' WHERE id = {vendor.id}")
        vendor.send(buyer, language=tag)
        return vendor, buyer

    def until(self, buyer):
        return datetime.datetime.fromisoformat(sql(f"SELECT expires_at FROM invitation WHERE email = '{buyer}'")[0][0])

    def test_the_expected_words_are_those_of_the_languages(self):
        """By hand, once."""
        summer, winter = datetime.datetime(2031, 7, 1, 14, 5), datetime.datetime(2031, 12, 2, 14, 5)
        self.assertEqual([whole(m, "Europe/Berlin", tag) for tag in WHOLE for m in (summer, winter)],
                         ["1 July 2031, 16:05 CEST (UTC+2)", "2 December 2031, 15:05 CET (UTC+1)", "1. Juli 2031, 16:05 Uhr MESZ (UTC+2)", "2. Dezember 2031, 15:05 Uhr MEZ (UTC+1)",
                          "1er juillet 2031 à 16:05 CEST (UTC+2)", "2 décembre 2031 à 15:05 CET (UTC+1)", "1 lipca 2031, 16:05 CEST (UTC+2)", "2 grudnia 2031, 15:05 CET (UTC+1)",
                          "1 يوليو 2031، 16:05 CEST (UTC+2)", "2 ديسمبر 2031، 15:05 CET (UTC+1)"])

    def test_a_page_in_every_language_in_every_month(self):
        vendor, buyer = self.invited("Europe/Berlin")
        link, client = link_of(mail_to(buyer)), Client(stack().url)
        moments = [datetime.datetime(2031, month, day, 23, 5) for month, day in enumerate((1, 28, 30, 1, 30, 30, 1, 31, 29, 26, 1, 31), 1)]
        moments += [datetime.datetime(2031, 3, 30, 0, 59), datetime.datetime(2031, 3, 30, 1, 0), datetime.datetime(2031, 10, 26, 0, 59), datetime.datetime(2031, 10, 26, 1, 0)]
        for moment in moments:
            sql(f"UPDATE invitation SET expires_at = '{moment}', sent_at = expires_at - INTERVAL 7 DAY WHERE email = '{buyer}'")
            for tag in WHOLE:
                with self.subTest(moment=moment, language=tag):
                    found = re.search(r'<time datetime="([^"]+)">([^<]+)</time>', client.get(f"{link}?lang={tag}").body)
                    self.assertEqual(found.groups(), (f"{moment:%Y-%m-%dT%H:%MZ}", whole(moment, "Europe/Berlin", tag)))

    def test_a_day_without_an_hour_is_the_same_day_for_machines_in_the_zone_of_the_page(self):
        vendor, buyer = self.invited("Europe/Berlin")
        sql(f"UPDATE invitation SET sent_at = '2031-06-30 22:30', expires_at = '2031-07-07 21:59' WHERE email = '{buyer}'")
        self.assertEqual(re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', vendor.get("/industry?q=" + buyer).body), [("2031-07-01", "1 Jul 2031"), ("2031-07-07", "7 Jul 2031")])

    def test_other_zones(self):
        vendor, buyer = self.invited("Europe/Lisbon")
        link, client = link_of(mail_to(buyer)), Client(stack().url)
        for zone, summer in (("Europe/Lisbon", datetime.datetime(2031, 7, 1, 12)), ("Europe/Helsinki", datetime.datetime(2031, 7, 1, 12)), ("Europe/Helsinki", datetime.datetime(2031, 1, 5, 12)),
                             ("Europe/London", datetime.datetime(2031, 7, 1, 12)), ("America/New_York", datetime.datetime(2031, 7, 1, 2)), ("Australia/Sydney", datetime.datetime(2031, 1, 5, 12))):
            sql(f"UPDATE invitation SET expires_at = '{summer}', sent_at = expires_at - INTERVAL 7 DAY WHERE email = '{buyer}'; UPDATE company SET time_zone = '{zone}' WHERE id = {vendor.id}")
            for tag in WHOLE:
                self.assertIn(f">{whole(summer, zone, tag)}</time>", client.get(f"{link}?lang={tag}").body, (zone, tag))

    def test_a_mail_in_every_language(self):
        """It is written now, when one half of the earth has summer time: one zone of each."""
        for zone in ("Europe/Berlin", "Australia/Sydney"):
            for tag in WHOLE:
                with self.subTest(zone=zone, language=tag):
                    vendor, buyer = self.invited(zone, tag)
                    mail = mail_to(buyer)
                    expected = whole(self.until(buyer), zone, tag)
                    self.assertIn(expected, " ".join(mail["text"].split()))
                    self.assertIn(expected, " ".join(re.sub(r"<[^>]+>", " ", mail["html"]).split()))
                    self.assertEqual(mail["headers"]["Content-Language"], tag)

    def test_a_mail_to_a_member_is_in_the_members_language(self):
        for tag in WHOLE:
            with self.subTest(language=tag):
                vendor, buyer = self.invited("Europe/Berlin")
                vendor.client.submit(vendor.get("/account"), "/account", language=tag)
                client = Client(stack().url)
                page = client.get(link_of(mail_to(buyer)))
                sql(f"UPDATE invitation SET expires_at = '2026-07-01 14:05' WHERE email = '{buyer}'")
                client.submit(client.get(page.url), "/ask")
                text = " ".join(mail_to(vendor.email)["text"].split())
                self.assertIn(whole(datetime.datetime(2026, 7, 1, 14, 5), "Europe/Berlin", tag), text)


if __name__ == "__main__":
    unittest.main()
