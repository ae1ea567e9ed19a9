"""What the portal does when the database or the mail server is away, slow, or lies: nobody waits long, nothing is lost, nothing is
done twice, and nobody has to repair anything."""
import json
import os
import pathlib
import re
import signal
import socket
import sys
import time
import unittest
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import SANITIZED, HouseCase, Process, eventually  # noqa: E402
from stack import ROOT  # noqa: E402
from wire_proxy import Proxy  # noqa: E402

BOUND = 12  # a statement that gets no answer is given up after 7 seconds, a connection after 2; and a visitor may wait behind another
BACK = 5    # how soon all is well again
QUICK = 5 if SANITIZED else 1


def timed(ask):
    begun = time.monotonic()
    page = ask()
    return page, time.monotonic() - begun


class DatabaseDown(HouseCase):
    @classmethod
    def furnish(cls):
        cls.admin = cls.house.sign_in(cls.house.owner("Northwind"))

    def unavailable(self, page, seconds):
        self.assertEqual((page.status, page.h1), (503, "The service is not available right now"))
        self.assertRegex(page.headers["Retry-After"], r"^[1-9]\d*$")
        self.assertLess(seconds, BOUND)

    def pages_while_down(self, form):
        """All at once: each may wait for the database."""
        email = f"down{time.monotonic_ns()}@pier.example"
        stranger = self.house.visitor()
        sign_in = stranger.get("/sign-in")
        self.assertEqual(sign_in.status, 200)   # asks the database for nothing
        body = urllib.parse.urlencode(form.fields | {"kind": "customer", "email": email})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        asks = [lambda: self.sibling().get("/industry"), lambda: self.sibling().raw("POST", "/industry/invitations", body, kind),
                lambda: self.house.visitor().get("/i/" + "A" * 43),
                lambda: stranger.submit(sign_in, "/sign-in", email="a@b.example", password="wrong-Horse-77")]
        with ThreadPoolExecutor(5) as pool:
            ready = pool.submit(timed, lambda: self.house.visitor().get("/readyz"))
            for page, seconds in pool.map(timed, asks):
                self.unavailable(page, seconds)
            self.assertEqual(ready.result()[0].status, 503)
            self.assertLess(ready.result()[1], BOUND)
        self.assertEqual(stranger.get("/healthz").status, 200)
        return email

    def sibling(self):
        """Another window of the same browser."""
        client = self.house.visitor()
        client.cookies = dict(self.admin.cookies)
        return client

    def good_again(self, form, email):
        # A worker that has just been refused asks again after a quarter of a second: so eight times in a row.
        eventually("the panel", lambda: all(self.admin.get("/industry").status == 200 for _ in range(8)), BACK)
        time.sleep(0.3)   # a worker that was idle in the row may have been refused just before the server was back
        eventually("every worker", lambda: all(self.house.visitor().get("/readyz").status == 200 for _ in range(20)), BACK)
        page = self.admin.post("/industry/invitations", form.fields | {"kind": "customer", "email": email})
        self.assertEqual(page.status, 200, page.text)
        self.assertEqual(self.house.count("invitation", f"email_canon = '{email}'"), 1)
        self.assertIn("/i/", self.house.mail(email)["text"])

    def down(self, end, begin):
        form = self.admin.get("/industry").form("/industry/invitations")
        end()
        try:
            email = self.pages_while_down(form)
        finally:
            begin()
        self.good_again(form, email)

    def test_a_database_that_stands_still_costs_seconds_and_comes_back_by_itself(self):
        database = self.stack.database.process
        self.down(lambda: database.send(signal.SIGSTOP), lambda: database.send(signal.SIGCONT))

    def test_a_database_that_was_stopped_comes_back_by_itself(self):
        self.down(self.stack.database.stop, self.stack.database.start)

    def test_a_database_that_was_killed_comes_back_by_itself(self):
        self.down(self.stack.database.kill, self.stack.database.start)

    def test_a_read_only_database_shows_pages_and_refuses_changes(self):
        form = self.admin.get("/industry").form("/industry/invitations")
        self.house.sql("UPDATE session SET seen_at = UTC_TIMESTAMP(6) - INTERVAL 5 MINUTE; SET GLOBAL read_only = 1")
        try:
            self.assertEqual(self.admin.get("/industry").status, 200)   # that this session was seen just now cannot be written
            page, seconds = timed(lambda: self.admin.post("/industry/invitations", form.fields | {"kind": "customer", "email": "ro@pier.example"}))
            self.unavailable(page, seconds)
        finally:
            self.house.sql("SET GLOBAL read_only = 0")
        self.good_again(form, "ro@pier.example")

    def test_a_server_without_room_for_connections_is_waited_for(self):
        self.house.sql("SET GLOBAL max_connections = 10")
        try:
            held = [socket.socket(socket.AF_UNIX) for _ in range(40)]
            for s in held:
                s.connect(self.stack.database.socket)
            self.stack.reload()   # new workers have no connection yet
            page, seconds = timed(lambda: self.admin.get("/industry"))
            self.assertIn(page.status, (200, 503))
            self.assertLess(seconds, BOUND)
        finally:
            for s in held:
                s.close()
        eventually("the panel", lambda: self.admin.get("/industry").status == 200, BACK)
        self.house.sql("SET GLOBAL max_connections = 300")


class CommitLost(HouseCase):
    """Between program and database: a line that loses COMMITs, or only the answers to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxy = Proxy(cls.stack.socket("proxy"), cls.stack.database.socket)
        cls.stack.reload(database_socket=cls.stack.socket("proxy"))
        cls.admin = cls.house.sign_in(cls.house.owner("Northwind"))

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.proxy.close()

    def invited_once(self, email, what):
        lost = self.proxy.lost
        self.proxy.lose(what, "INSERT INTO invitation ")
        page = self.house.invite(self.admin, email)
        self.assertEqual(self.proxy.lost, lost + 1)
        self.assertEqual(page.status, 200)
        self.assertRegex(page.text, f"Invitation (sent|saved)[^!]*{re.escape(email)}")
        self.assertEqual(self.house.count("invitation", f"email_canon = '{email}'"), 1)
        self.house.mail(email)
        self.assertEqual(len(self.house.mails(email)), 1)
        self.assertEqual(self.house.count("audit_event", f"event = 'invitation_sent' AND invitation_id = (SELECT id FROM invitation WHERE email_canon = '{email}')"), 1)

    def test_an_invitation_whose_commit_was_not_answered_exists_once_and_is_reported_as_sent(self):
        self.invited_once("answer@pier.example", "answer")

    def test_an_invitation_whose_commit_never_arrived_is_written_again(self):
        self.invited_once("request@pier.example", "request")

    def accepted_once(self, email, what):
        self.house.invite(self.admin, email)
        link = self.house.link(email)
        self.proxy.lose(what, "INSERT INTO relationship ")
        client = self.house.register(link)
        self.assertEqual(self.proxy.plan, [])
        self.assertIn("Northwind", client.get("/home").text)
        self.assertEqual(self.house.count("account", f"email_canon = '{email}'"), 1)
        self.assertEqual(self.house.count("relationship r JOIN invitation i ON i.relationship_id = r.id", f"i.email_canon = '{email}'"), 1)

    def test_an_acceptance_whose_commit_was_not_answered_connects_once_and_signs_in(self):
        self.accepted_once("accept-answer@pier.example", "answer")

    def test_an_acceptance_whose_commit_never_arrived_is_done_again(self):
        self.accepted_once("accept-request@pier.example", "request")

    def test_when_nobody_knows_whether_it_was_saved_the_page_says_so_and_does_not_claim_that_nothing_was_changed(self):
        self.proxy.closed_for = 1.0
        self.proxy.lose("answer", "INSERT INTO invitation ")
        try:
            page = self.house.invite(self.admin, "nobody-knows@pier.example")
        finally:
            self.proxy.closed_for = 0.0
        self.assertEqual((page.status, page.h1), (503, "We do not know whether this was saved"))
        self.assertTrue(int(page.headers["Retry-After"]) > 0)
        self.assertNotIn("Nothing was changed", page.text)
        eventually("the panel", lambda: "nobody-knows@pier.example" in self.admin.get("/industry").text, BACK)

    def test_a_sign_in_whose_commit_was_not_answered_is_signed_in(self):
        self.proxy.lose("answer", "INSERT INTO session ", times=1)
        self.assertEqual(self.house.sign_in("owner@northwind.example").get("/industry").status, 200)


class MailServer:
    """tests/smtp_fault.py as a process, and what it has kept."""

    def __init__(self, house):
        self.ports_file, self.record = house.stack.folder / "fault.ports", house.stack.folder / "fault.record"
        self.process = Process("smtp_fault", ["/usr/bin/python3", ROOT / "tests/smtp_fault.py", "--record", self.record, "--ports-file", self.ports_file],
                               house.stack.logs / "fault.log")
        text = eventually("the mail server", lambda: self.ports_file.exists() and self.ports_file.read_text(), 20)
        self.port, control = (int(re.search(rf"^{name} (\d+)", text, re.M)[1]) for name in ("smtp", "control"))
        self.line = socket.create_connection(("127.0.0.1", control), 10).makefile("rw")

    def mode(self, mode):
        self.line.write(json.dumps({"mode": mode}) + "\n")
        self.line.flush()
        assert self.line.readline() == "ok\n", mode

    def kept(self, email):
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return [m for m in map(json.loads, lines) if email in m.get("recipients", [])]


class MailFaults(HouseCase):
    settings = {"web_workers": 2}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = MailServer(cls.house)
        cls.stack.reload(smtp_port=cls.server.port)
        cls.admin = cls.house.sign_in(cls.house.owner("Northwind"))

    @classmethod
    def tearDownClass(cls):
        cls.server.process.stop()
        super().tearDownClass()

    def tearDown(self):
        self.server.mode("ok")

    def invited(self, email):
        """The page after Send Invite; the request itself is never held up."""
        form = self.admin.get("/industry").form("/industry/invitations")
        self.admin.follow = False
        page, seconds = timed(lambda: self.admin.post("/industry/invitations", form.fields | {"kind": "customer", "email": email}))
        self.admin.follow = True
        self.assertEqual(page.status, 303)
        self.assertLess(seconds, QUICK)
        page, seconds = timed(lambda: self.admin.get("/industry"))
        self.assertLess(seconds, QUICK)
        return page

    def fate(self, email):
        """What the invitation's own page says of the mail."""
        text = self.admin.get(f"/industry/invitations/{self.house.invitation_id(email)}").text
        return re.search(r"Details Mail (.*?) (?:Role|Name) ", text)[1]

    def becomes(self, email, pattern, seconds=8):
        return eventually(f"{email}: {pattern}", lambda: re.search(pattern, self.fate(email)), seconds)

    def arrives_once(self, email, seconds=15):
        eventually(f"mail to {email}", lambda: self.server.kept(email), seconds)
        self.becomes(email, "^Sent$", seconds)
        time.sleep(0.3)
        self.assertEqual(len(self.server.kept(email)), 1)

    def waits(self, mode, email, words):
        """Deferred with these words and the next try; sent later without anybody doing anything."""
        self.server.mode(mode)
        page = self.invited(email)
        self.assertIn(f"Invitation saved. We will keep trying to email {email}.", page.text)
        self.becomes(email, rf"^Deferred .*{words}.*Next try: \d")
        self.assertRegex(self.admin.get("/industry").text, rf"{email} .*?Deferred .*?{words}")
        self.server.mode("ok")
        self.arrives_once(email)

    def test_mail_waits_for_a_server_that_is_away(self):
        self.waits("refuse", "away@pier.example", "(?i:connect|refused)")

    def test_mail_waits_for_a_server_that_says_nothing(self):
        self.waits("silent", "silent@pier.example", "(?i:time|answer|connection)")

    def test_mail_waits_for_a_server_that_says_one_letter_a_second(self):
        self.waits("tarpit", "tarpit@pier.example", "(?i:time|answer|connection)")

    def test_mail_waits_for_a_server_that_is_closing(self):
        self.waits("greet-421", "closing@pier.example", "421 4.3.2 Service not available")

    def test_mail_waits_for_a_server_that_hangs_up_after_the_text(self):
        self.waits("drop-after-data", "drop@pier.example", "(?i:connection|answer|closed|ended)")

    def test_mail_to_a_full_mailbox_waits(self):
        self.waits("rcpt-450", "busy@pier.example", "450 4.2.1 Mailbox is busy")

    def test_a_greylisted_mail_is_sent_at_the_second_try(self):
        self.server.mode("greylist")
        self.assertIn("Invitation saved. We will keep trying to email grey@pier.example.", self.invited("grey@pier.example").text)
        self.arrives_once("grey@pier.example")
        page = self.admin.get(f"/industry/invitations/{self.house.invitation_id('grey@pier.example')}")
        self.assertRegex(page.text, "Not delivered yet: 451 4.7.1 Greylisted, try again .*Handed to the mail server: 250")

    def test_a_recipient_that_does_not_exist_is_bounced_with_the_servers_words(self):
        self.server.mode("rcpt-550")
        self.assertIn("Invitation saved, but not delivered. The mail server refused the mail to nobody@pier.example.", self.invited("nobody@pier.example").text)
        self.becomes("nobody@pier.example", "^Bounced 550 5.1.1 No such user here")
        self.assertEqual(self.house.sql("SELECT attempts, sealed, next_at FROM outbox WHERE recipient = 'nobody@pier.example'"), [("1", None, None)])

    def test_a_text_that_is_refused_is_bounced_with_the_servers_words(self):
        self.server.mode("data-554")
        self.invited("text@pier.example")
        self.becomes("text@pier.example", "^Bounced 554 5.6.0 The text is not liked")

    def test_a_server_that_answers_late_is_not_asked_twice(self):
        self.server.mode("slow:1.5")
        self.assertIn("Invitation saved. We will keep trying to email late@pier.example.", self.invited("late@pier.example").text)
        self.assertEqual(self.fate("late@pier.example"), "Queued")
        self.arrives_once("late@pier.example")

    def test_a_result_that_cannot_be_written_down_now_is_written_down_later(self):
        for name, locks, words in (("row", "START TRANSACTION; UPDATE invitation SET language = 'de' WHERE email = 'row@pier.example'", "error 1205, to be repeated"),
                                   ("table", "LOCK TABLES audit_event WRITE", "a mail's result: the database is down")):
            with self.subTest(locked=name):
                email, mark = f"{name}@pier.example", len(self.stack.program_words())
                self.server.mode("slow:1.5")
                self.invited(email)
                eventually("the attempt", lambda: self.house.count("outbox", f"recipient = '{email}' AND attempts = 1"))
                release = self.hold(locks)
                eventually(words, lambda: words in self.stack.program_words()[mark:], 30)
                self.server.mode("ok")
                release()
                self.arrives_once(email)

    def mailer(self):
        """Pids of the mailer and, while it talks to a server, its child: of the master's children only the mailer has any."""
        def of(pid):
            try:
                return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            except OSError:
                return []
        return next(([pid, *of(pid)] for pid in self.stack.children() if of(pid)), None)

    def test_a_killed_mailer_loses_no_mail_and_sends_at_most_one_twice(self):
        self.server.mode("stall")   # takes the text, never says so
        self.invited("crash@pier.example")
        eventually("the text is there", lambda: self.server.kept("crash@pier.example"))
        for pid in eventually("a mail child", self.mailer):
            os.kill(pid, signal.SIGKILL)
        self.server.mode("ok")
        eventually("second copy", lambda: len(self.server.kept("crash@pier.example")) == 2, 15)
        self.becomes("crash@pier.example", "^Sent$")
        time.sleep(0.5)
        copies = self.server.kept("crash@pier.example")
        self.assertEqual(len(copies), 2)
        self.assertEqual(copies[0]["sha256"], copies[1]["sha256"])   # the same Message-ID: mail programs show it once
        self.assertRegex(self.stack.program_words(), r"mailer \d+ ended by signal 9")

    def test_a_killed_child_of_the_mailer_costs_one_attempt(self):
        self.server.mode("silent")
        self.invited("child@pier.example")
        os.kill(eventually("a mail child", self.mailer)[1], signal.SIGKILL)
        self.becomes("child@pier.example", "^Deferred ")
        self.server.mode("ok")
        self.arrives_once("child@pier.example")

    def test_resend_while_the_mail_waits_sends_only_the_new_link(self):
        self.server.mode("rcpt-450")
        self.invited("again@pier.example")
        self.becomes("again@pier.example", "^Deferred ")
        page = self.admin.get(f"/industry/invitations/{self.house.invitation_id('again@pier.example')}")
        self.assertEqual(self.admin.submit(page, button="Resend").status, 200)
        self.assertEqual(self.house.count("outbox", "recipient = 'again@pier.example' AND state = 'withdrawn' AND sealed IS NULL"), 1)
        self.server.mode("ok")
        self.arrives_once("again@pier.example")
        link = re.search(r"/i/[\w-]+", re.sub("=\r?\n", "", self.server.kept("again@pier.example")[0]["data"]))[0]
        self.assertIn("invited you to be a customer", self.house.visitor().get(link).h1)

    def test_nothing_is_sent_of_an_invitation_that_was_cancelled_in_time(self):
        self.server.mode("rcpt-450")
        self.invited("cancel@pier.example")
        self.becomes("cancel@pier.example", "^Deferred ")
        page = self.admin.get(f"/industry/invitations/{self.house.invitation_id('cancel@pier.example')}/cancel")
        self.assertEqual(self.admin.submit(page, "/cancel").status, 200)
        self.server.mode("ok")
        self.invited("after@pier.example")
        self.arrives_once("after@pier.example")
        time.sleep(2.5)   # longer than the pause before the next try would have been
        self.assertEqual(self.server.kept("cancel@pier.example"), [])
        self.assertEqual(self.fate("cancel@pier.example"), "Withdrawn")

    def test_a_mail_whose_link_has_expired_is_not_sent_any_more(self):
        self.server.mode("rcpt-450")
        self.invited("expired@pier.example")
        self.becomes("expired@pier.example", "^Deferred ")
        self.house.sql("UPDATE outbox SET give_up_at = UTC_TIMESTAMP(6) WHERE recipient = 'expired@pier.example'")
        self.server.mode("ok")
        eventually("the end of trying", lambda: self.house.count("outbox", "recipient = 'expired@pier.example' AND next_at IS NULL AND sealed IS NULL") == 1)
        self.invited("in-time@pier.example")
        self.arrives_once("in-time@pier.example")
        self.assertEqual(self.server.kept("expired@pier.example"), [])


if __name__ == "__main__":
    unittest.main()
