"""site_test.py ROOT - the site of nginx as `make install` has put it below ROOT, started: what it answers over http and https, and what
it does not. The program is not there: its pages are 502."""
import http.client
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from machine import AS_ROOT, Process, answers, free_port, wait_for  # noqa: E402

ROOT = pathlib.Path(sys.argv.pop())
NAME, TOKEN = "portal.example", "A" * 43


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.http, cls.https = free_port(), free_port()
        site = (ROOT / "etc/nginx/sites-available/invited").read_text(encoding="utf-8")
        for place in ("etc/ssl", "var/log", "usr/local", "var/www", "run/invited"):
            site = site.replace(f"/{place}/", f"{ROOT}/{place}/")
        site = re.sub(r"listen \[::\].*\n", "\n", site)
        site = site.replace("listen 80", f"listen 127.0.0.1:{cls.http}").replace("listen 443", f"listen 127.0.0.1:{cls.https}")
        paths = "".join(f"{kind}_temp_path {ROOT}/tmp/{kind};\n" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        (ROOT / "etc/nginx/running.conf").write_text(f"{'user root root;' if AS_ROOT else ''}\npid {ROOT}/run/running.pid;\nevents {{}}\nhttp {{\n{paths}{site}}}\n", encoding="utf-8")
        cls.log = ROOT / "var/log/nginx/running.log"
        cls.nginx = Process("nginx", ["nginx", "-p", ROOT, "-e", cls.log, "-c", ROOT / "etc/nginx/running.conf", "-g", "daemon off;"], cls.log)
        cls.addClassCleanup(cls.nginx.stop)
        wait_for("nginx", 20, lambda: answers(socket.AF_INET, ("127.0.0.1", cls.https)), cls.nginx)

    def plain(self, method, path, host=NAME):
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, path, headers={"Host": host})
        return connection.getresponse()

    def secure(self, name=NAME, **versions):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(ROOT / "etc/ssl/invited/fullchain.pem")
        context.check_hostname = False   # who is meant is said in SNI
        for which, version in versions.items():
            setattr(context, which, version)
        s = socket.create_connection(("127.0.0.1", self.https), 10)
        self.addCleanup(s.close)
        tls = context.wrap_socket(s, server_hostname=name)
        self.addCleanup(tls.close)
        return tls

    def ask(self, path, host=NAME):
        with self.secure() as tls:
            tls.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return tls.makefile("rb").read().decode("utf-8", "replace")

    def test_a_page_over_http_is_redirected_to_the_same_page_over_https(self):
        answer = self.plain("GET", f"/i/{TOKEN}?lang=de")
        self.assertEqual((answer.status, answer.headers["Location"], answer.headers["Referrer-Policy"]), (301, f"https://{NAME}/i/{TOKEN}?lang=de", "no-referrer"))

    def test_what_is_no_page_is_not_redirected(self):
        self.assertEqual([self.plain("POST", "/sign-in").status, self.plain("GET", "/healthz").status, self.plain("GET", "/readyz").status], [403, 404, 404])

    def test_an_unknown_host_gets_no_answer_and_no_certificate(self):
        with self.assertRaises(http.client.RemoteDisconnected):
            self.plain("GET", "/", "evil.example")
        for name in ("evil.example", None):
            with self.assertRaises(ssl.SSLError, msg=name):
                self.secure(name)
        self.assertEqual(self.ask("/", "evil.example"), "")

    def test_https_is_tls_1_2_or_1_3(self):
        for version in ("TLSv1_2", "TLSv1_3"):
            only = ssl.TLSVersion[version]
            self.assertEqual(self.secure(maximum_version=only, minimum_version=only).version(), version.replace("_", "."))
        said = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.https}", "-servername", NAME, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertIn("alert protocol version", said.stderr)

    def test_a_page_of_nginx_itself_carries_the_headers_and_no_version(self):
        said = self.ask("/sign-in")
        self.assertIn("HTTP/1.1 502 ", said)
        self.assertIn("<h1>The portal cannot answer just now</h1>", said)
        for line in ("Strict-Transport-Security: max-age=63072000; includeSubDomains", "Server: nginx", "X-Content-Type-Options: nosniff", "Retry-After: 10", "Cache-Control: no-store"):
            self.assertIn(f"\r\n{line}\r\n", said)

    def test_a_link_is_in_no_log(self):
        for kind in ("i", "join", "reset", "never", "verify"):
            self.ask(f"/{kind}/{TOKEN}?{TOKEN}")
            self.plain("GET", f"/{kind}/{TOKEN}").read()
        self.ask("/sign-in?seen")
        logs = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "var/log/nginx").iterdir()}
        self.assertIn('"/sign-in"', logs["invited.log"])
        self.assertEqual([name for name, words in logs.items() if TOKEN in words], [])


if __name__ == "__main__":
    unittest.main()
