"""What nginx does before the program is asked, set up as on the production machine: it counts visitors and refuses who asks too often, and it
tells nobody from elsewhere how the program is."""
import pathlib
import re
import socket
import sys
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import HouseCase  # noqa: E402
from machine import free_port  # noqa: E402

AUTH_BURST, PAGES_BURST, AUTH_AT_ONCE, LONG_AT_ONCE = 5, 100, 2, 4   # nginx/invited-locations.conf


class Nginx(HouseCase):
    """Every test is visitors of its own: other addresses of this machine."""
    limits = True
    ranges = free_port()
    settings = {"nginx_extra": f"server {{ listen 127.0.0.1:{ranges}; set_real_ip_from 127.0.0.1; real_ip_header X-From; return 200 $invited_range; }}"}

    def head(self, method, path, *lines):
        return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {self.stack.host}", *lines, "", ""]).encode()

    def connection(self, visitor):
        s = socket.create_connection(("127.0.0.1", self.stack.port), 20, (visitor, 0))
        self.addCleanup(s.close)
        return s

    def answers(self, visitor, requests):
        """What is answered to these, sent in one go: the heads, and the text of all bodies."""
        s = self.connection(visitor)
        s.sendall(b"".join(requests[:-1]) + requests[-1].replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        said = s.makefile("rb").read().decode("utf-8", "replace")
        return re.findall(r"HTTP/1\.1 \d+ .*?\r\n\r\n", said, re.S), said

    def statuses(self, visitor, requests):
        return [int(head.split()[1]) for head in self.answers(visitor, requests)[0]]

    def half_sent(self, visitor, path, kind):
        """A form whose body is still to come, and which nginx waits for."""
        s = self.connection(visitor)
        s.sendall(self.head("POST", path, f"Content-Type: {kind}", "Content-Length: 100", "Expect: 100-continue"))
        self.assertEqual(s.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")

    def test_who_tries_passwords_too_often_is_told_to_wait_and_nobody_else_is(self):
        forms = [self.head("POST", "/sign-in", f"X-Forwarded-For: 10.0.0.{n}", f"X-Real-IP: 10.0.0.{n}", "Content-Length: 0") for n in range(60)]
        heads, said = self.answers("127.0.0.2", forms)
        found = [int(head.split()[1]) for head in heads]
        self.assertEqual((len(found), found[:AUTH_BURST + 1]), (60, [400] * (AUTH_BURST + 1)))   # what the program says of such a form
        self.assertIn(429, found)
        refused = next(head for head in heads if " 429 " in head)
        self.assertIn("\r\nRetry-After: 5\r\n", refused)
        self.assertIn("<h1>Too many tries</h1>", said)
        self.assertEqual(self.statuses("127.0.0.2", [self.head("GET", "/sign-in")]), [200])   # pages go on
        self.assertEqual(self.statuses("127.0.0.3", forms[:1]), [400])

    def test_who_asks_for_too_many_pages_is_told_to_wait_and_nobody_else_is(self):
        pages = [self.head("GET", "/favicon.ico") for _ in range(500)]
        found = self.statuses("127.0.0.4", pages)
        self.assertEqual((len(found), found[:PAGES_BURST + 1]), (500, [200] * (PAGES_BURST + 1)))
        self.assertIn(429, found)
        self.assertEqual(self.statuses("127.0.0.5", pages[:1]), [200])

    def test_one_visitor_holds_so_many_auth_and_long_workers_at_once_and_no_more(self):
        for path, kind, most, visitor in (("/sign-in", "application/x-www-form-urlencoded", AUTH_AT_ONCE, "127.0.0.6"),
                                          ("/shared/upload", "multipart/form-data; boundary=b", LONG_AT_ONCE, "127.0.0.7")):
            for _ in range(most):
                self.half_sent(visitor, path, kind)
            one_more = self.head("POST", path, f"Content-Type: {kind}", "Content-Length: 0")
            self.assertEqual(self.statuses(visitor, [one_more]), [429], path)
            self.assertNotEqual(self.statuses("127.0.0.8", [one_more]), [429], path)
            self.assertEqual(self.statuses(visitor, [self.head("GET", "/sign-in")]), [200], path)

    def test_a_network_of_ipv6_counts_as_one_visitor(self):
        def counted(address):
            return urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.ranges}/", headers={"X-From": address}), timeout=10).read()
        self.assertEqual(counted("2001:db8:1:2::1"), socket.inet_pton(socket.AF_INET6, "2001:db8:1:2::")[:8])
        self.assertEqual(counted("2001:db8:1:2::1"), counted("2001:db8:1:2:ffff::9"))
        self.assertEqual(len({counted(a) for a in ("2001:db8:1:2::1", "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2")}), 4)

    def test_how_the_program_is_is_told_on_this_machine_only(self):
        for path in ("/healthz", "/readyz"):
            self.assertEqual(self.statuses("127.0.0.1", [self.head("GET", path)]), [200])
            heads, said = self.answers("127.0.0.9", [self.head("GET", path, "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1")])
            self.assertEqual([int(head.split()[1]) for head in heads], [403])
            self.assertIn("<h1>Page not found</h1>", said)


if __name__ == "__main__":
    unittest.main()
