"""`invited status`: read from another process, while the program runs, when it has ended, and when it was killed."""
import os
import pathlib
import re
import signal
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import House, eventually  # noqa: E402
from machine import Process, environment  # noqa: E402


class Status(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House(web_workers=2, auth_workers=1)
        cls.addClassCleanup(cls.house.stop)
        cls.stack = cls.house.start().stack
        cls.owner = cls.house.sign_in(cls.house.owner("Harbour"))

    def status(self):
        done = self.stack.command("status", check=False)
        return done.returncode, done.stdout

    def test_every_process_is_shown_with_what_it_does_and_has_done(self):
        self.house.visitor().get("/sign-in")
        eventually("the mailer's rest", lambda: "mail: 0 waiting\n" in self.status()[1])
        status, words = self.status()
        self.assertEqual(status, 0, words)
        self.assertRegex(words, rf"\Aserve: master {self.stack.program.pid}, since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n")
        shown = re.findall(r"^  (\w+) +(\d+), (\d+) served, (.+)$", words, re.M)
        self.assertEqual(sorted(int(pid) for _, pid, _, _ in shown), sorted(self.stack.children()))
        pools = [name for name, *_ in shown]
        self.assertEqual({p: pools.count(p) for p in ("web", "auth", "mailer")}, {"web": 2, "auth": 1, "mailer": 1})
        self.assertGreater(sum(int(n) for name, _, n, _ in shown if name == "web"), 0)
        self.assertEqual({doing for *_, doing in shown}, {"idle"})
        self.assertIn("mail: 0 waiting\n", words)

    def test_a_request_under_way_is_shown_by_its_routes_name_and_never_by_its_path(self):
        self.house.invite(self.owner, "slow@pier.example")
        link = self.house.link("slow@pier.example")
        page = self.house.visitor().get(link)
        client = self.house.visitor()
        client.get(link)
        holder = threading.Thread(target=self.house.sql, args=("START TRANSACTION; SELECT * FROM invitation WHERE email = 'slow@pier.example' FOR UPDATE; "
                                                               "SELECT SLEEP(3); ROLLBACK",))
        holder.start()
        eventually("the lock", lambda: self.house.sql("SELECT 1 FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(3)%'"))
        waiting = threading.Thread(target=lambda: client.submit(client.get(link + "/decline"), "/decline"))
        waiting.start()
        words = eventually("the request", lambda: (w := self.status()[1]) and "link_decline for" in w and w)
        self.assertRegex(words, r"web +\d+, \d+ served, link_decline for \d+ ms\n")
        self.assertNotIn(link.split("/")[2], words)
        holder.join()
        waiting.join()
        self.assertEqual(page.status, 200)

    def test_waiting_mail_is_counted_with_the_oldest_and_what_is_held_for_a_suspended_vendor(self):
        self.house.owner("Closed")
        closed = self.house.sign_in("owner@closed.example")
        self.stack.stop_mailbox()
        try:
            self.house.invite(self.owner, "one@pier.example")
            self.house.invite(closed, "two@pier.example")
            self.house.invite(self.owner, "three@pier.example")
            self.assertRegex(self.status()[1], r"mail: 3 waiting, the oldest since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n")
            self.stack.command("vendor", "suspend", "--name", "Closed")
            eventually("the holding back", lambda: "mail: 2 waiting, the oldest since" in self.status()[1])
            self.assertRegex(self.status()[1], r", 1 more for closed vendors\n")
        finally:
            self.stack.start_mailbox()
        self.stack.command("vendor", "resume", "--name", "Closed")
        eventually("the end of the queue", lambda: "mail: 0 waiting\n" in self.status()[1], 20)

    def test_a_master_that_has_ended_or_was_killed_is_not_running(self):
        self.stack.stop_program()
        try:
            self.assertFalse((self.stack.folder / "status").exists())
            status, words = self.status()
            self.assertEqual(status, 1)
            self.assertIn(f"serve: not running (nothing in {self.stack.folder / 'status'})\n", words)
            self.assertIn("mail: 0 waiting", words, "the database is asked all the same")
            self.stack.start_program()
            os.kill(self.stack.program.pid, signal.SIGKILL)
            eventually("the end of the master", lambda: self.stack.program.poll() is not None)
            eventually("the end of its children", lambda: "not running" in self.status()[1])
            self.assertTrue((self.stack.folder / "status").exists())
            self.stack.program = None
        finally:
            self.stack.start_program()
        self.assertEqual(self.status()[0], 0)

    def test_a_mailer_of_its_own_is_missed_until_it_runs(self):
        self.stack.reload(mailer=False)
        try:
            status, words = self.status()
            self.assertEqual(status, 1)
            self.assertIn(f"mailer: not running (nothing in {self.stack.folder / 'mailer.status'})\n", words)
            mailer = Process("mailer", [self.stack.binary, "-c", self.stack.config_file, "mailer"], self.stack.logs / "mailer.log", env=environment())
            try:
                words = eventually("the mailer", lambda: (s := self.status())[0] == 0 and s[1])
                self.assertRegex(words, rf"mailer: master {mailer.pid}, since ")
            finally:
                mailer.stop()
            self.assertEqual(self.status()[0], 1)
        finally:
            self.stack.reload(mailer=True)
        self.assertEqual(self.status()[0], 0)

    def test_nobody_else_can_read_the_file(self):
        self.assertEqual((self.stack.folder / "status").stat().st_mode & 0o777, 0o600)

    def test_a_place_that_cannot_be_written_is_no_reason_not_to_start(self):
        self.stack.stop_program()
        self.stack.write_config(status_file="/nowhere/status")
        try:
            since = self.stack.program_log.stat().st_size
            self.stack.start_program()
            self.assertIn("/nowhere/status: No such file or directory: `invited status` will not see these processes", self.stack.program_words(since))
            self.assertEqual(self.house.visitor().get("/sign-in").status, 200)
            self.assertEqual(self.status()[0], 1)
        finally:
            self.stack.stop_program()
            self.stack.write_config(status_file=self.stack.folder / "status")
            self.stack.start_program()


if __name__ == "__main__":
    unittest.main()
