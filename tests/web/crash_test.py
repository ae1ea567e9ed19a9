"""kill -9 in the middle of sending, accepting, uploading: of every worker, or of the database, when half of the rows are written. Nothing of it is
there afterwards, and doing it once more does it once. (fault_test.py loses the COMMIT; worker_test.py kills who only reads.)"""
import os
import pathlib
import signal
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import DETAILS, PASSWORD, eventually  # noqa: E402
from shares import Shares  # noqa: E402

TABLES = ("account", "company", "member", "relationship", "invitation", "token", "outbox", "audit_event", "session")


class Crash(Shares):
    settings = {"web_workers": 2, "auth_workers": 2, "long_workers": 1}

    def kill_children(self):
        """Every worker, the mailer, whoever the master has: they are there again when this returns."""
        before = self.stack.children()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        eventually("the next ones", lambda: len(self.stack.children()) == len(before) and not set(before) & set(self.stack.children()), 20)
        eventually("a page", lambda: self.house.visitor().get("/readyz").status == 200, 20)

    def kill_database(self):
        self.stack.database.kill()
        self.stack.database.start()
        eventually("a page", lambda: all(self.house.visitor().get("/readyz").status == 200 for _ in range(8)), 20)

    def rows(self):
        eventually("the mailer's rest", lambda: not self.house.sql("SELECT 1 FROM outbox WHERE next_at IS NOT NULL"), 20)
        return {t: self.house.count(t) for t in TABLES}

    def interrupted(self, press, kill, last="outbox"):
        """What the visitor sees when `kill` comes after the change is written and before its last row is: a mail, or what is shared."""
        before = self.rows()
        release = self.lock(last)
        with ThreadPoolExecutor(1) as pool:
            pressed = pool.submit(press)
            eventually("half a transaction", lambda: pressed.done() or self.house.sql(
                f"SELECT 1 FROM information_schema.processlist WHERE (info LIKE 'INSERT INTO {last} %' OR info LIKE 'UPDATE {last} %') AND state LIKE 'Waiting%'"), 20)
            self.assertFalse(pressed.done(), "it stands still where it should")
            kill()
            page = pressed.result()
        release()
        self.assertIn((page.status, page.h1), ((502, "The portal cannot answer just now"), (503, "The service is not available right now")))
        self.assertEqual(self.rows(), before, "nothing of it is there")

    def once_more(self, press):
        """The page when there is service again, at most five seconds after the fault: a worker that found the database away asks it again a quarter of a second later."""
        return eventually("service", lambda: (page := press()).status not in (502, 503) and page, 5)

    def test_sending(self):
        for kill in (self.kill_children, self.kill_database):
            email = f"{kill.__name__}@send.example".replace("_", "-")
            page = self.owner.get("/industry")
            self.interrupted(lambda: self.owner.submit(page, "/industry/invitations", kind="customer", email=email), kill)
            again = self.once_more(lambda: self.owner.submit(page, "/industry/invitations", kind="customer", email=email))   # the same page, sent once more
            self.assertEqual((again.status, again.url), (200, "/industry"), again.text)
            self.house.link(email)
            self.rows()
            self.assertEqual((self.house.count("invitation", f"email = '{email}'"), len(self.house.mails(email))), (1, 1))

    def test_accepting_by_registering_and_with_an_account(self):
        for kill in (self.kill_children, self.kill_database):
            email = f"{kill.__name__}@accept.example".replace("_", "-")
            self.house.invite(self.owner, email)
            visitor, link = self.house.visitor(), self.house.link(email)
            page = visitor.get(link)
            press = lambda: visitor.submit(page, "/register", **DETAILS, password=PASSWORD)   # noqa: E731
            self.interrupted(press, kill)
            self.assertIn("Northwind invited you to be a customer", visitor.get(link).h1, "the link is as good as before")
            self.assertEqual(self.once_more(press).h1, "Home")
            self.assertEqual(self.house.count("relationship r JOIN invitation i ON i.relationship_id = r.id", f"i.email = '{email}' AND i.status = 'accepted'"), 1)

            self.house.invite(self.other, email)
            link = self.house.link(email, 2)
            page = visitor.get(link)
            accept = lambda: visitor.submit(page, "/accept", button="Accept")   # noqa: E731
            self.interrupted(accept, kill)
            self.assertIn("You’re connected with Contoso.", self.once_more(accept).text)
            self.assertEqual(self.house.count("relationship r JOIN invitation i ON i.relationship_id = r.id", f"i.email = '{email}' AND i.status = 'accepted'"), 2)

    def test_uploading(self):
        """nginx takes the body as a whole; a worker writes the file, then the row that makes it a shared one."""
        for kill, after in ((self.kill_children, 1), (self.kill_database, 2)):
            self.interrupted(lambda: self.upload(self.owner, "/shared/upload", "half.bin", b"x" * 1_000_000, audience="customers"), kill, "audit_event")
            self.assertEqual((self.house.count("shared"), self.house.count("shared_file", "state = 'kept'")), (after - 1, after - 1), "nothing is shared of it")
            self.assertEqual(len(self.files()), after, "the file has come, and its row says that it may be half")
            self.house.sql("UPDATE shared_file SET since = since - INTERVAL 3 HOUR WHERE state <> 'kept'")
            whole = self.once_more(lambda: self.upload(self.owner, "/shared/upload", "whole.bin", b"whole", audience="customers"))   # sweeps
            self.assertEqual(whole.status, 200, whole.text)
            self.assertEqual((self.house.count("shared"), self.house.count("shared_file"), len(self.files())), (after, after, after), "nothing is left of it")


if __name__ == "__main__":
    unittest.main()
