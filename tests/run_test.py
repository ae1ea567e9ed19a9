"""run_test.py - README's first command as a newcomer gives it: three lines, a page, a mail, Ctrl-C, and the second time the same data.

Every stack here has a folder and ports of its own; the machine's own MariaDB, nginx and mail server, if any, are other processes.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parent / "web")]
from client import Client  # noqa: E402
from machine import ROOT, free_port, wait_for  # noqa: E402

LINES = re.compile(r"^Portal: (http://127\.0\.0\.1:\d+)\nSign in: (\S+@\S+) (\S+)\nMail: (http://127\.0\.0\.1:\d+/)$", re.M)


def make(*words, port=None):
    env = {k: v for k, v in os.environ.items() if not k.startswith("INVITED_")} | ({"PORT": str(port)} if port else {})
    return subprocess.Popen(["make", *words], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, start_new_session=True)


def make_done(*words, port=None):
    process = make(*words, port=port)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def of_folder(folder):
    """Processes that were started with something in this folder."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            pass
    return found


def read(url):
    with urllib.request.urlopen(url, timeout=5) as page:
        return page.read().decode()


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return None


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="invited-run-"))
        self.port = free_port()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(make_done, "stop", f"RUN={self.folder}")

    def begin(self):
        """make run, up to its third line: (process, portal, address, password, page of mails)."""
        process, said = make("run", f"RUN={self.folder}", port=self.port), ""
        self.addCleanup(process.stdout.close)
        self.addCleanup(self.interrupt, process)
        while not (found := LINES.search(said)):
            line = process.stdout.readline()
            self.assertTrue(line, f"make run ended:\n{said}")
            said += line
        self.assertEqual(len(LINES.findall(said)), 1)
        return process, *found.groups()

    def interrupt(self, process):
        """Ctrl-C: the terminal tells everybody of the session's foreground group."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)

    def sign_in(self, portal, address, password):
        client = Client(portal)
        page = client.submit(client.get("/sign-in"), "/sign-in", email=address, password=password)
        self.assertEqual((page.status, page.h1), (200, "Invitations"), page.text)
        return client, page

    def test_make_run_gives_a_portal_and_ctrl_c_ends_all_of_it_and_the_second_time_the_data_is_still_there(self):
        process, portal, address, password, mails = self.begin()
        self.assertEqual(portal, f"http://127.0.0.1:{self.port}")
        client, panel = self.sign_in(portal, address, password)
        sent = client.submit(panel, "/industry/invitations", kind="customer", email="guest@pier.example")
        self.assertIn("guest@pier.example", sent.text)

        wait_for("the mail on its page", 20, lambda: "guest@pier.example" in read(mails))
        mail = re.search(r"<a href='/(mail/[^']+)'><span>guest@pier\.example", read(mails))[1]
        link = re.search(re.escape(portal) + r"/i/[\w-]{43}", read(mails + mail))[0]
        self.assertEqual(status(link), 200)

        self.assertTrue(of_folder(self.folder))
        self.interrupt(process)
        self.assertIsNone(status(portal))
        wait_for("the end of every process", 10, lambda: not of_folder(self.folder))

        process, portal, address, again, _ = self.begin()
        self.assertEqual(again, password)
        _, panel = self.sign_in(portal, address, again)
        self.assertIn("guest@pier.example", panel.text)
        self.assertEqual(status(link), 200)
        self.interrupt(process)

    def test_a_killed_make_run_leaves_nothing_behind(self):
        process, portal, *_ = self.begin()
        for child in [p for p in of_folder(self.folder) if "stack.py" in pathlib.Path(f"/proc/{p}/cmdline").read_text()]:
            os.kill(child, signal.SIGKILL)
        process.wait(30)
        wait_for("the end of every process", 30, lambda: not of_folder(self.folder))
        self.assertIsNone(status(portal))

    def test_make_start_and_make_stop_do_the_same_in_the_background(self):
        code, said = make_done("start", f"RUN={self.folder}", port=self.port)
        self.assertEqual(code, 0, said)
        portal, address, password, _ = LINES.search(said).groups()
        self.sign_in(portal, address, password)
        code, said = make_done("start", f"RUN={self.folder}", port=free_port())
        self.assertNotEqual(code, 0)
        self.assertIn("it is running already: `make stop` ends it", said)
        self.assertEqual(status(portal + "/sign-in"), 200)
        self.assertEqual(make_done("stop", f"RUN={self.folder}")[0], 0)
        self.assertIsNone(status(portal))
        wait_for("the end of every process", 10, lambda: not of_folder(self.folder))
        self.assertEqual(make_done("stop", f"RUN={self.folder}")[0], 0)  # nothing to end is no mistake

    def test_a_port_that_is_taken_is_told_with_the_way_out(self):
        with subprocess.Popen([sys.executable, "-m", "http.server", str(self.port), "--bind", "127.0.0.1"], cwd=self.folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as other:
            wait_for("the other server", 10, lambda: status(f"http://127.0.0.1:{self.port}/"))
            code, said = make_done("start", f"RUN={self.folder}", port=self.port)
            other.terminate()
        self.assertNotEqual(code, 0)
        self.assertIn(f"something else listens on 127.0.0.1:{self.port}: choose another, PORT=", said)
        self.assertFalse(of_folder(self.folder / "nginx"))


class Help(unittest.TestCase):
    def test_make_help_lists_every_target(self):
        code, said = make_done("help")
        listed = set(re.findall(r"^ +make ([a-z-]+) +\S", said, re.M))
        phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)[1].replace("\\\n", " ").split()
        inner = {"generated", "program", "tools"}   # steps of others
        self.assertEqual(code, 0)
        self.assertEqual(listed, set(phony) - inner)

    def test_tests_run_help_lists_every_part_and_runs_none(self):
        said = subprocess.run([ROOT / "tests/run", "help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True).stdout.split("\n")
        for part in ("folders", "unit-form", "web-main_story", "browser", "make-help", "sanitized-web-main_story"):
            self.assertIn(part, said)


class Bench(unittest.TestCase):
    def test_make_bench_prints_rates_latencies_cpu_and_ratios_of_every_page(self):
        code, said = make_done("bench", "BENCH=--seconds 1 --rounds 1 --invitations 300 --warm 200")
        self.assertEqual(code, 0, said)
        numbers = r" +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +(\d+) +(\d+) +(\d+)$"
        rows = re.findall(r"^(constant page|invitation page|panel, page \d+)(?:, \d+ octets)?" + numbers, said, re.M)
        self.assertEqual([r[0] for r in rows][::2], ["constant page"] * 3, said)
        self.assertEqual([r[0].split(",")[0] for r in rows][1::2], ["invitation page", "panel", "panel"])
        for row in rows:
            self.assertTrue(all(float(n) > 0 for n in row[1:5]), row)
        self.assertRegex(said, r"invitation page: [\d.]+ of the constant page's requests/s \(at least 0\.50\), [\d.]+ of its program CPU")
        self.assertNotIn("FAILED", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
