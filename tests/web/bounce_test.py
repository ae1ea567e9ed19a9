"""Mails that come back: the invitation shows it, with the mail server's words; nobody else can make it say so."""
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase, eventually  # noqa: E402
from machine import environment  # noqa: E402

REPORT = """From: MAILER-DAEMON@mx.example\r
To: {to}\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
Your message could not be delivered.\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; {address}\r
Action: {action}\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address\r
 rejected: <b>unknown</b>\r
\r
--b--\r
"""


class Bounces(HouseCase):
    settings = {"bounce_address": "bounce@portal.example"}

    @classmethod
    def furnish(cls):
        cls.admin = cls.house.sign_in(cls.house.owner("Northwind"))

    def sent(self, name):
        """An invitation whose mail has been taken: (address, where it comes back, its page)."""
        address = f"{name}@pier.example"
        self.house.invite(self.admin, address)
        sender = self.house.mail(address)["sender"]
        eventually("the record", lambda: self.house.count("outbox", "state = 'sent' AND recipient = '" + address + "'"))
        return address, sender, f"/industry/invitations/{self.house.invitation_id(address)}"

    def come_back(self, recipient, message):
        return subprocess.run([self.stack.binary, "-c", self.stack.config_file, "bounce", recipient], input=message.encode("utf-8", "surrogateescape"),
                              env=environment(), capture_output=True, timeout=30, check=False).returncode

    def report(self, address, sender, action="failed"):
        return self.come_back(sender, REPORT.format(to=sender, address=address, action=action))

    def test_the_invitation_shows_that_its_mail_came_back_and_why(self):
        address, sender, page = self.sent("gone")
        self.assertRegex(sender, r"^bounce\+[0-9a-f]{32}\.[0-9a-f]{16}@portal\.example$")
        self.assertEqual(self.report(address, sender), 0)
        for where in (page, "/industry"):
            shown = self.admin.get(where)
            self.assertIn("Bounced", shown.text)
            self.assertIn("550 5.1.1 <gone@pier.example>: Recipient address", shown.text)
            self.assertIn("&lt;b&gt;unknown", shown.body)
        self.assertIn("Came back: 550 5.1.1", self.admin.get(page).text)
        self.assertEqual(self.report(address, sender), 0)   # told twice is once
        self.assertEqual(self.house.count("audit_event", "event = 'mail_came_back' AND detail LIKE '%gone@pier%'"), 1)
        fresh = self.admin.submit(self.admin.get(page), page + "/resend")   # and the way on works: a new mail, a new number
        self.assertEqual(fresh.status, 200)
        self.assertNotEqual(self.house.mail(address, 2)["sender"], sender)

    def test_an_address_in_other_letters_is_the_same(self):
        address, sender, page = self.sent("case")
        self.assertEqual(self.report(address, sender.upper().replace("BOUNCE", "bounce")), 0)
        self.assertIn("Bounced", self.admin.get(page).text)

    def test_who_does_not_know_the_address_changes_nothing(self):
        address, sender, page = self.sent("forged")
        number, proof = re.match(r"bounce\+(\w+)\.(\w+)@", sender).groups()
        wrong = ("0" if proof[0] != "0" else "1") + proof[1:]
        for recipient in (f"bounce+{number}.{wrong}@portal.example", f"bounce+{'0' * 32}.{proof}@portal.example", "bounce@portal.example", "",
                          f"bounce+{number}.{proof}", f"bounce+{number}@portal.example", "bounce+.@x", "+" * 300, f"bounce+{number}.{proof[:-1]}@portal.example"):
            self.assertEqual(self.report(address, recipient), 0, recipient)   # nobody is answered
        self.assertNotIn("Bounced", self.admin.get(page).text)

    def test_what_is_no_final_failure_changes_nothing(self):
        address, sender, page = self.sent("late")
        self.assertEqual(self.report(address, sender, "delayed"), 0)
        self.assertEqual(self.report(address, sender, "delivered"), 0)
        for message in ("", "Subject: I am away\r\n\r\nAction: failed\r\n", "\xff\x00" * 1000, "x" * 3_000_000):
            self.assertEqual(self.come_back(sender, message), 0)
        self.assertNotIn("Bounced", self.admin.get(page).text)

    def test_without_the_database_the_mail_server_is_asked_to_come_again(self):
        address, sender, page = self.sent("later")
        self.stack.database.stop()
        try:
            self.assertEqual(self.report(address, sender), 75)
        finally:
            self.stack.database.start()
        eventually("the portal", lambda: self.admin.get(page).status == 200)
        self.assertEqual(self.report(address, sender), 0)
        self.assertIn("Bounced", self.admin.get(page).text)

    def test_a_wrong_call_says_how(self):
        done = subprocess.run([self.stack.binary, "-c", self.stack.config_file, "bounce"], env=environment(), capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (2, "usage: invited bounce RECIPIENT < message\n"))


if __name__ == "__main__":
    unittest.main()
