"""How many invitations may be sent: by one member, one vendor, a new vendor, to one address, by the installation, and again for one
invitation. As many as may pass, and the next does not, one after the other and 64 at once; nothing typed is lost; nobody learns of whom."""
import datetime
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase  # noqa: E402

MEMBER, VENDOR, NEW_VENDOR, ADDRESS, INSTALLATION, RESENDS = 8, 16, 10, 2, 1000, 2
NUMBERS = {"member_recipients_day": MEMBER, "vendor_recipients_day": VENDOR, "new_vendor_recipients_day": NEW_VENDOR,
           "address_mails_day": ADDRESS, "installation_recipients_day": INSTALLATION, "resends_most": RESENDS}
VENDORS = ("Ash", "Beech", "Cedar", "Elder", "Fir", "Gorse", "Hazel", "Larch")


def tomorrow():
    day = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=1)
    return f"{day.day} {day:%B %Y}, 00:00 UTC"


class Limits(HouseCase):
    settings = {"web_workers": 16, **NUMBERS}

    @classmethod
    def furnish(cls):
        cls.owners = {vendor: cls.house.sign_in(cls.house.owner(vendor)) for vendor in VENDORS}
        cls.colleagues = [cls.house.sign_in(cls.house.member("Ash", role)) for role in ("admin", "inviter")]
        cls.owner = cls.owners["Ash"]

    def setUp(self):
        self.house.sql("DELETE FROM recipient_count; UPDATE company SET created_at = created_at - INTERVAL 30 DAY WHERE created_at > NOW() - INTERVAL 20 DAY")
        self.serial = 0

    def young(self):
        self.house.sql("UPDATE company SET created_at = UTC_TIMESTAMP(6) WHERE name = 'Ash'")

    def fresh(self):
        self.serial += 1
        return f"{self._testMethodName.replace('_', '')[4:40]}{self.serial}@many.example"

    def send(self, client, email=None, **fields):
        return self.house.invite(client, email or self.fresh(), **fields)

    def passes(self, client, email=None):
        page = self.send(client, email)
        self.assertEqual((page.status, page.url), (200, "/industry"), page.text)

    def refused(self, page, *sentences):
        """429, when again, and no trace."""
        self.assertEqual(page.status, 429, page.text)
        self.assertEqual(page.title.split(":")[0], "Error")
        for sentence in (*sentences, "There is a problem", f"works again from {tomorrow()}"):
            self.assertIn(sentence, page.text)
        self.assertTrue(0 < int(page.headers["Retry-After"]) <= 86401)

    def at_once(self, requests):
        """Send all of (client, address) at once: the statuses."""
        forms = {}
        for client, _ in requests:
            if client not in forms:
                forms[client] = client.get("/industry").form("/industry/invitations").fields
        answers, gate = [None] * len(requests), threading.Barrier(len(requests))

        def ask(i, client, email):
            own = self.house.visitor(follow=False)
            own.cookies = dict(client.cookies)
            gate.wait()
            answers[i] = own.post("/industry/invitations", forms[client] | {"kind": "customer", "email": email}).status
            own.close()
        threads = [threading.Thread(target=ask, args=(i, *r)) for i, r in enumerate(requests)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(set(answers) - {303, 429}, set(), answers)
        sent = [email for (_, email), status in zip(requests, answers) if status == 303]
        self.assertEqual(self.house.count("invitation", f"email IN ({', '.join(repr(e) for _, e in requests)})"), len(sent), "refused is not sent")
        self.assertEqual(self.house.count("outbox", f"recipient IN ({', '.join(repr(e) for _, e in requests)})"), len(sent))
        return len(sent)

    # ---- one after the other ----

    def test_a_member_sends_so_many_and_not_one_more(self):
        for _ in range(MEMBER):
            self.passes(self.owner)
        email = self.fresh()
        page = self.send(self.owner, email, kind="supplier", business_name="Acme", message="Hello", number="7", expires_days="9")
        self.refused(page, f"You have sent as many invitations as one person may send in a day ({MEMBER}).")
        kept = page.form("/industry/invitations").fields
        self.assertEqual([kept[n] for n in ("kind", "email", "business_name", "message", "number", "expires_days")],
                         ["supplier", email, "Acme", "Hello", "7", "9"])
        self.assertEqual((self.house.count("invitation", f"email = '{email}'"), self.house.mails(email)), (0, []))
        self.passes(self.colleagues[0])

    def test_a_vendor_sends_so_many_and_not_one_more_whoever_does(self):
        for n in range(VENDOR):
            self.passes((self.owner, *self.colleagues)[n % 3])
        self.refused(self.send(self.owner), f"Ash has sent as many invitations as one company may send in a day ({VENDOR}).")
        self.passes(self.owners["Beech"])

    def test_a_new_vendor_sends_less_and_is_told_from_when_it_may_send_more(self):
        self.young()
        for n in range(NEW_VENDOR):
            self.passes((self.owner, *self.colleagues)[n % 3])
        page = self.send(self.owner)
        week = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=7)
        self.refused(page, f"Ash has sent as many invitations as a new company may send in a day ({NEW_VENDOR}, and {VENDOR} from {week.day} {week:%B %Y}, ")
        self.house.sql("UPDATE company SET created_at = UTC_TIMESTAMP(6) - INTERVAL 7 DAY WHERE name = 'Ash'")
        self.passes(self.owner)

    def test_an_address_gets_so_many_from_all_vendors_under_whatever_tag(self):
        self.passes(self.owners["Ash"], "flood@many.example")
        self.passes(self.owners["Beech"], "Flood+news@many.example")
        for email in ("flood@many.example", "flood+a+b@many.example"):
            page = self.send(self.owners["Cedar"], email)
            self.refused(page, f"{email} has received as many invitations as one address may get in a day. Sending to it")
            for other in ("Ash", "Beech"):
                self.assertNotIn(other, page.text)
        self.passes(self.owners["Cedar"], "floods@many.example")
        self.assertEqual(self.house.count("invitation", "email_canon = 'flood+news@many.example'"), 1, "for everything else it is another address")

    def test_the_installation_sends_so_many_and_not_one_more(self):
        self.passes(self.owner)
        self.house.sql(f"UPDATE recipient_count SET n = {INSTALLATION - 1} WHERE scope = 'installation'")
        self.passes(self.owners["Beech"])
        self.refused(self.send(self.owners["Cedar"]), "This portal has sent as many invitations as it may send in a day.")

    def test_a_resend_is_one_more_mail_for_every_limit(self):
        email = self.fresh()
        self.passes(self.owner, email)
        before = self.house.sql("SELECT scope, n FROM recipient_count ORDER BY 1")
        self.resend(email)
        self.assertEqual(self.house.sql("SELECT scope, n FROM recipient_count ORDER BY 1"), [(s, str(int(n) + 1)) for s, n in before])
        link = self.house.link(email, 2)
        page = self.resend(email)
        self.assertEqual((page.status, page.h1), (429, "Invitation not sent"))
        self.assertIn(f"{email} has received as many invitations as one address may get in a day. Sending to it works again from {tomorrow()}.", page.text)
        self.assertIn("Pending", self.owner.get(page.link("Back to the invitation")).text)
        self.assertEqual((len(self.house.mails(email)), self.house.visitor().get(link).status), (2, 200), "the last link still works")

    def test_a_colleague_is_a_recipient_too_when_asked_and_when_asked_again(self):
        email = self.fresh()

        def counts():
            return [int(n) for n, in self.house.sql("SELECT n FROM recipient_count")]
        self.owner.submit(self.owner.get("/team"), "/team/invitations", email=email, role="auditor")
        self.assertEqual(counts(), [1] * 4)
        self.house.mail(email)   # one that still waits would not leave beside the next
        self.assertIn("Invitation sent.", self.owner.submit(self.owner.get("/team"), "/resend", button="Resend").text)
        self.assertEqual(counts(), [ADDRESS] * 4)
        page = self.owner.submit(self.owner.get("/team"), "/resend", button="Resend")
        self.assertEqual((page.status, page.h1), (429, "Invitation not sent"))
        self.assertEqual(self.owner.get(page.link("Back to the team")).h1, "Team")
        self.house.link(email, ADDRESS, kind="join")
        self.house.sql(f"DELETE FROM team_token WHERE team_invitation_id = (SELECT id FROM team_invitation WHERE email = '{email}'); DELETE FROM team_invitation WHERE email = '{email}'")
        page = self.owner.submit(self.owner.get("/team"), "/team/invitations", email=email, role="auditor")
        self.refused(page, f"{email} has received as many invitations as one address may get in a day.")
        self.assertEqual((page.form("/team/invitations").fields["email"], len(self.house.mails(email))), (email, ADDRESS))

    def resend(self, email):
        page = self.owner.get(f"/industry/invitations/{self.house.invitation_id(email)}")
        return self.owner.submit(page, button="Resend")

    def test_one_invitation_is_sent_again_so_many_times(self):
        email = self.fresh()
        self.passes(self.owner, email)
        for n in range(RESENDS):
            self.house.sql("DELETE FROM recipient_count")   # another day
            self.assertIn("New invitation sent.", self.resend(email).text)
        self.house.sql("DELETE FROM recipient_count")
        page = self.resend(email)
        self.assertEqual((page.status, page.headers["Retry-After"]), (422, None))
        self.assertIn(f"This invitation has been sent again {RESENDS} times, which is the most. Cancel it, then send a new one.", page.text)
        self.house.link(email, 1 + RESENDS)
        page = self.owner.get(page.link("Back to the invitation"))
        self.owner.submit(self.owner.get(page.link("Cancel")), button="Cancel invitation")
        self.passes(self.owner, email)

    def test_what_is_sent_anew_after_it_expired_may_be_sent_again_as_often(self):
        email = self.fresh()
        self.passes(self.owner, email)
        self.resend(email)
        self.house.sql(f"UPDATE invitation SET expires_at = UTC_TIMESTAMP(6) WHERE email = '{email}'; DELETE FROM recipient_count")
        self.passes(self.owner, email)
        self.assertEqual(self.house.sql(f"SELECT resends FROM invitation WHERE email = '{email}'"), [("0",)])

    # ---- at once ----

    def test_of_64_at_once_a_member_sends_exactly_so_many(self):
        self.assertEqual(self.at_once([(self.owner, self.fresh()) for _ in range(64)]), MEMBER)
        self.refused(self.send(self.owner), "You have sent")

    def test_of_64_at_once_a_vendor_sends_exactly_so_many(self):
        people = (self.owner, *self.colleagues)
        self.assertEqual(self.at_once([(people[n % 3], self.fresh()) for n in range(64)]), VENDOR)

    def test_of_64_at_once_a_new_vendor_sends_exactly_so_many(self):
        self.young()
        people = (self.owner, *self.colleagues)
        self.assertEqual(self.at_once([(people[n % 3], self.fresh()) for n in range(64)]), NEW_VENDOR)

    def test_of_64_at_once_an_address_gets_exactly_so_many(self):
        self.assertEqual(self.at_once([(self.owners[VENDORS[n % 8]], f"swarm+{n}@many.example") for n in range(64)]), ADDRESS)

    def test_of_64_at_once_the_installation_sends_exactly_so_many(self):
        self.passes(self.owner)
        self.house.sql(f"UPDATE recipient_count SET n = {INSTALLATION - 5} WHERE scope = 'installation'")
        self.assertEqual(self.at_once([(self.owners[VENDORS[n % 8]], self.fresh()) for n in range(64)]), 5)

    # ---- what is kept of it ----

    def test_no_address_is_written_down_for_counting_and_days_that_are_over_go(self):
        self.passes(self.owner, "plain@many.example")
        self.assertNotIn("plain", str(self.house.sql("SELECT scope, subject, day FROM recipient_count")))
        self.house.sql("UPDATE recipient_count SET day = day - INTERVAL 2 DAY")
        self.passes(self.owner)
        self.assertEqual(self.house.sql("SELECT COUNT(*), COUNT(DISTINCT day) FROM recipient_count"), [("4", "1")])

    def test_yesterdays_count_for_nothing_today(self):
        for _ in range(MEMBER):
            self.passes(self.owner)
        self.house.sql("UPDATE recipient_count SET day = day - INTERVAL 1 DAY")
        self.passes(self.owner)

    def test_a_mistake_counts_for_nothing(self):
        self.send(self.owner, "not an address")
        self.passes(self.owner, "twice@many.example")
        self.send(self.owner, "twice@many.example")
        self.assertEqual(self.house.sql("SELECT DISTINCT n FROM recipient_count"), [("1",)])


class Defaults(unittest.TestCase):
    def test_the_configuration_out_of_the_box_lets_an_address_have_3_mails_a_day_and_5_resends(self):
        example = (pathlib.Path(__file__).resolve().parents[2] / "nginx/invited.conf.example").read_text(encoding="utf-8")
        values = dict(line.split(" = ") for line in example.splitlines() if " = " in line and not line.startswith("#"))
        self.assertEqual((values["address_mails_day"], values["resends_most"], values["new_vendor_days"]), ("3", "5", "7"))
        self.assertEqual(int(values["new_vendor_recipients_day"]) * 10, int(values["vendor_recipients_day"]))


if __name__ == "__main__":
    unittest.main()
