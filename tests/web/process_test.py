"""process_test.py - the master and its workers on the real stack: reload, death, hanging, the end, sockets that systemd holds."""
import http.client
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from machine import ended, environment, wait_for  # noqa: E402
from stack import Stack  # noqa: E402


def get(stack, path="/sign-in", seconds=20):
    """(status, octets) of one page."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=seconds)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def load(stack, seconds):
    """Start wrk against a page of the program."""
    return subprocess.Popen(["wrk", "-t2", "-c16", f"-d{seconds}s", stack.url + "/sign-in"], stdout=subprocess.PIPE, text=True)


def load_end(process):
    """(requests, failures) of that load."""
    said = process.communicate()[0]
    failures = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    for errors in re.findall(r"Socket errors: (.*)", said):
        failures += sum(int(n) for n in re.findall(r"\d+", errors))
    return int(re.search(r"(\d+) requests in", said)[1]), failures


class Processes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="invited-process-")
        cls.stack = Stack(cls.folder, web_workers=3, auth_workers=1, long_workers=1, request_seconds=2, limit_percent=0)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def words_since(self, mark):
        return self.stack.program_words(mark)

    def mark(self):
        return self.stack.program_log.stat().st_size

    def test_reload_under_load_loses_nothing(self):
        before = set(self.stack.children())
        running = load(self.stack, 5)
        for _ in range(4):
            time.sleep(0.8)
            self.stack.reload()
        requests, failures = load_end(running)
        self.assertGreater(requests, 500)
        self.assertEqual(failures, 0)
        wait_for("the old workers' end", 5, lambda: not before & set(self.stack.children()))

    def test_reload_changes_the_number_of_workers(self):
        self.stack.reload(web_workers=5)
        wait_for("five web, one auth, one long, mailer", 5, lambda: len(self.stack.children()) == 8)
        self.stack.reload(web_workers=3)
        wait_for("the workers that are too many", 5, lambda: len(self.stack.children()) == 6)

    def test_a_bad_configuration_keeps_the_old_one(self):
        mark, before = self.mark(), self.stack.children()
        good = self.stack.config_file.read_text()
        self.stack.config_file.write_text(good + "colour = red\n")
        self.stack.program.send(signal.SIGHUP)
        wait_for("the complaint", 5, lambda: "the old one stays in force" in self.words_since(mark))
        self.stack.config_file.write_text(good)
        self.assertIn("unknown key `colour`", self.words_since(mark))
        self.assertLessEqual(set(self.stack.children()), set(before))
        self.assertEqual(get(self.stack)[0], 200)

    def test_a_killed_child_is_replaced_within_a_second(self):
        for victim in self.stack.children():
            mark = self.mark()
            os.kill(victim, signal.SIGKILL)
            wait_for("the next one", 1, lambda v=victim: len(self.stack.children()) == 6 and v not in self.stack.children())
            wait_for("the report", 1, lambda m=mark, v=victim: re.search(rf"\w+ {v} ended by signal 9", self.words_since(m)))
        self.assertEqual(get(self.stack)[0], 200)

    def test_a_child_that_cannot_begin_is_tried_again_ever_later_while_the_others_serve(self):
        mark, key = self.mark(), self.stack.folder / "keys/secret"
        web = int(re.search(r"web +(\d+),", self.stack.command("status").stdout)[1])
        key.rename(key.with_suffix(".away"))
        try:
            os.kill(web, signal.SIGKILL)
            wait_for("three tries", 10, lambda: re.findall(r"the next web child is started in (\d+) ms", self.words_since(mark))[:3] == ["250", "500", "1000"])
            self.assertEqual([get(self.stack)[0] for _ in range(10)], [200] * 10)
        finally:
            key.with_suffix(".away").rename(key)
        wait_for("the next one", 10, lambda: len(self.stack.children()) == 6 and get(self.stack)[0] == 200)

    def test_no_process_may_leave_a_core_file_behind(self):
        for pid in (self.stack.program.pid, *self.stack.children()):
            self.assertRegex(pathlib.Path(f"/proc/{pid}/limits").read_text(), r"Max core file size +0 +0 ")

    def test_a_request_that_hangs_is_ended_and_named(self):
        mark = self.mark()
        self.stack.database.process.send(signal.SIGSTOP)
        try:
            begun = time.monotonic()
            status, body = get(self.stack, "/readyz")
            self.assertLess(time.monotonic() - begun, 7)
        finally:
            self.stack.database.process.send(signal.SIGCONT)
        self.assertIn(status, (502, 503), body)
        if status == 502:
            self.assertIn("it serves one request for too long: ready", self.words_since(mark))
        wait_for("the database's pages", 5, lambda: get(self.stack, "/readyz")[0] == 200)

    def test_a_silent_peer_is_ended(self):
        mark = self.mark()
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(self.stack.socket("web"))
            peer.sendall(b"\x01")
            wait_for("the end of a silent connection", 8, lambda: "not yet routed" in self.words_since(mark))
        self.assertEqual(get(self.stack)[0], 200)

    def test_many_silent_peers_do_not_stop_the_pages(self):
        """They are ended at their time limit; then pages come again by themselves."""
        peers = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for peer in peers:
            peer.connect(self.stack.socket("web"))
            peer.sendall(b"\x01")
        self.assertIn(get(self.stack, seconds=20)[0], (200, 502))
        for peer in peers:
            peer.close()
        wait_for("the pages", 5, lambda: get(self.stack)[0] == 200)


class Endings(unittest.TestCase):
    """What ends the master: each test has a machine of its own for it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="invited-ending-")
        cls.stack = Stack(cls.folder, web_workers=2, auth_workers=1, limit_percent=0)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def setUp(self):
        if not self.stack.program or self.stack.program.poll() is not None:
            self.stack.start_program()
        self.addCleanup(self.stack.database.process.send, signal.SIGCONT)  # one test's failure is not the next one's

    def test_sigterm_finishes_what_is_served(self):
        """A request waits for a lock while the master is told to end: it is answered, then everyone is gone."""
        stack, said = self.stack, []
        stack.database.process.send(signal.SIGSTOP)
        reader = threading.Thread(target=lambda: said.append(get(stack, "/readyz")[0]))
        reader.start()
        time.sleep(0.5)
        stack.program.send(signal.SIGTERM)
        time.sleep(0.5)
        self.assertIsNone(stack.program.poll(), "the master did not wait for the request")
        stack.database.process.send(signal.SIGCONT)
        reader.join()
        self.assertEqual(said, [200])
        self.assertEqual(stack.stop_program(), 0)
        self.assertFalse(os.path.exists(stack.socket("web")))

    def test_no_child_outlives_a_killed_master(self):
        children = self.stack.children()
        self.stack.program.kill()
        wait_for("the children's end", 2, lambda: all(ended(c) for c in children))
        self.stack.start_program()
        self.assertEqual(get(self.stack)[0], 200)

    def test_a_socket_in_use_is_not_taken(self):
        second = self.stack.command("serve", check=False)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another process listens there", second.stderr)
        self.assertEqual(get(self.stack)[0], 200)

    def test_the_socket_is_for_owner_and_group(self):
        self.assertEqual(os.stat(self.stack.socket("web")).st_mode & 0o777, 0o660)

    def test_sockets_of_systemd_and_its_notification(self):
        self.stack.stop_program()
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(f"{folder}/notify")
            notify.settimeout(10)
            listeners = [socket.socket(socket.AF_UNIX) for _ in range(3)]
            for listener, name in zip(listeners, ("web", "auth", "long")):
                listener.bind(self.stack.socket(name))
                listener.listen(100)
            # systemd puts them at 3, 4 and 5, in any order, and says their names.
            script = (f"exec 3<&{listeners[1].fileno()} 4<&{listeners[0].fileno()} 5<&{listeners[2].fileno()}; export LISTEN_PID=$$; "
                      f"exec {self.stack.binary} -c {self.stack.config_file} serve")
            env = environment(LISTEN_FDS="3", LISTEN_FDNAMES="auth:web:long", NOTIFY_SOCKET=f"{folder}/notify",
                              INVITED_WEB_SOCKET="fd:web", INVITED_AUTH_SOCKET="fd:auth", INVITED_LONG_SOCKET="fd:long")
            with open(self.stack.program_log, "ab") as log:
                program = subprocess.Popen(["bash", "-c", script], env=env, pass_fds=[s.fileno() for s in listeners], stderr=log)
            try:
                wait_for("READY=1", 10, lambda: program.poll() is not None or select.select([notify], [], [], 0)[0])
                self.assertIsNone(program.poll(), self.stack.program_words()[-500:])
                self.assertEqual(notify.recv(100), b"READY=1")
                self.assertEqual(get(self.stack)[0], 200)
            finally:
                program.send_signal(signal.SIGTERM)
                self.assertEqual(program.wait(20), 0)
            self.assertEqual(notify.recv(100), b"STOPPING=1")
            self.assertTrue(os.path.exists(self.stack.socket("web")), "a socket of systemd was removed")
            for listener in listeners:
                listener.close()


if __name__ == "__main__":
    unittest.main()
