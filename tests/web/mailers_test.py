"""The outbox under its mailers: each mail once, though two of them share it, and what was withdrawn meanwhile stays withdrawn."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from fault_test import MailServer  # noqa: E402
from house import HouseCase, eventually  # noqa: E402
from machine import Process, environment  # noqa: E402


class TwoMailers(HouseCase):
    """A second machine is a second copy of the program on the same database."""
    settings = {"web_workers": 2, "mail_lease_seconds": 30}

    def test_a_mail_that_both_find_due_at_the_same_instant_is_sent_by_one_of_them(self):
        house, email = self.house, "twice@pier.example"
        owner = house.sign_in(house.owner("Northwind"))
        second = Process("mailer", [self.stack.binary, "-c", self.stack.config_file, "mailer"], self.stack.logs / "second.log",
                         env=environment(INVITED_MAILER_STATUS_FILE=str(self.stack.folder / "second.status")))
        self.addCleanup(second.stop)
        self.stack.stop_mailbox()
        house.invite(owner, email)
        eventually("the first try", lambda: house.count("outbox", f"recipient = '{email}' AND state = 'deferred'"))
        house.sql(f"UPDATE outbox SET next_at = UTC_TIMESTAMP(6) + INTERVAL 2 SECOND WHERE recipient = '{email}'")
        release = self.hold(f"START TRANSACTION; UPDATE outbox SET reply = 'held' WHERE recipient = '{email}'")   # it is seen, and not taken yet
        tries = int(house.sql(f"SELECT attempts FROM outbox WHERE recipient = '{email}'")[0][0])
        self.stack.start_mailbox()
        eventually("both, who want it", lambda: house.count("information_schema.PROCESSLIST", "INFO LIKE 'UPDATE outbox SET attempts%'") == 2)
        release()
        eventually("the mail", lambda: house.count("outbox", f"recipient = '{email}' AND state = 'sent'"))
        time.sleep(0.5)   # the other one would have sent it by now
        self.assertEqual((len(house.mails(email)), house.sql(f"SELECT attempts FROM outbox WHERE recipient = '{email}'")), (1, [(str(tries + 1),)]))


class Attempts(HouseCase):
    settings = {"web_workers": 2}

    @classmethod
    def furnish(cls):
        cls.server = MailServer(cls.house)
        cls.addClassCleanup(cls.server.process.stop)
        cls.house.stack.reload(smtp_port=cls.server.port)
        cls.owner = cls.house.sign_in(cls.house.owner("Northwind"))
        cls.owner.follow = False

    def invited(self, email, mode):
        """An invitation whose mail the mail server has begun to take, in this mode; its page."""
        self.server.mode(mode)
        self.house.invite(self.owner, email)
        eventually("the attempt", lambda: self.house.count("outbox", f"recipient = '{email}' AND attempts = 1"))
        return f"/industry/invitations/{self.house.invitation_id(email)}"

    def test_what_is_cancelled_while_the_mail_server_is_asked_stays_withdrawn_whatever_it_answers(self):
        for mode, taken in (("silent", False), ("slow:1.5", True)):
            with self.subTest(mode=mode):
                email, control = f"{mode[:4]}@pier.example", f"after-{mode[:4]}@pier.example"
                page = self.invited(email, mode)
                self.owner.submit(self.owner.get(page + "/cancel"), "/cancel")
                self.assertEqual(self.house.sql(f"SELECT state, reply FROM outbox WHERE recipient = '{email}'"), [("withdrawn", "")])   # before the answer
                self.house.invite(self.owner, control)
                self.server.mode("ok")
                eventually("the next mail", lambda: self.server.kept(control), 20)   # one after the other, so the answer is written down
                self.assertEqual(self.house.sql(f"SELECT state, next_at, attempts FROM outbox WHERE recipient = '{email}'"), [("withdrawn", None, "1")])
                words = self.owner.get(page).text
                self.assertIn("Withdrawn", words)
                self.assertEqual(("Handed to the mail server" in words, len(self.server.kept(email))), (taken, int(taken)))

    def test_the_pause_before_the_next_try_doubles_up_to_half_an_hour_and_the_history_says_it_once(self):
        email = "patient@pier.example"
        page, pause = self.invited(email, "rcpt-450"), "TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(6), next_at) / 1000000"
        eventually("the first answer", lambda: self.house.count("outbox", f"recipient = '{email}' AND state = 'deferred'"))
        for tried, least, most in ((4, 10, 16), (9, 300, 512), (40, 1700, 1800)):
            self.house.sql(f"UPDATE outbox SET attempts = {tried}, next_at = UTC_TIMESTAMP(6) WHERE recipient = '{email}'")
            row = eventually(f"the try after the one in {least} s", lambda t=tried, l=least: self.house.sql(f"SELECT {pause} FROM outbox WHERE recipient = '{email}' AND attempts = {t + 1} AND {pause} > {l}"), 20)
            self.assertLessEqual(float(row[0][0]), most)
        self.assertEqual(self.owner.get(page).text.count("Not delivered yet"), 1)


if __name__ == "__main__":
    unittest.main()
