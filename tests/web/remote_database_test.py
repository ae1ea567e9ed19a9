"""A database on another machine: spoken to over TLS, with a certificate of its own name from somebody who is trusted, or not at all; and not
when its clock is another one."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import MANY, PASSWORD, USUAL, House  # noqa: E402
from machine import free_port  # noqa: E402
from stack import Stack  # noqa: E402


class Remote(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keys, cls.port = pathlib.Path(tempfile.mkdtemp(prefix="remote-")), free_port()
        cls.addClassCleanup(shutil.rmtree, cls.keys, ignore_errors=True)
        for who, name in (("good", "localhost"), ("other", "elsewhere.example"), ("stranger", "localhost")):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                            "-addext", f"subjectAltName=DNS:{name}", "-keyout", cls.keys / f"{who}.key", "-out", cls.keys / f"{who}.pem"], capture_output=True, check=True)
        (cls.keys / "trusted.pem").write_bytes((cls.keys / "good.pem").read_bytes() + (cls.keys / "other.pem").read_bytes())
        cls.present("good")
        cls.house = House()
        cls.house.stack = cls.stack = Stack(cls.house.folder, database_options=["--skip-networking=0", "--bind-address=127.0.0.1", f"--port={cls.port}",
                                            f"--ssl-cert={cls.keys}/server.pem", f"--ssl-key={cls.keys}/server.key"], **(USUAL | MANY))
        cls.addClassCleanup(cls.house.stop)
        cls.house.start()
        cls.house.owner("Northwind")
        cls.stack.sql("ALTER USER invited@localhost REQUIRE SSL")   # who comes without TLS is not let in

    @classmethod
    def present(cls, who):
        """From now on the server shows this certificate."""
        for end in ("pem", "key"):
            (cls.keys / f"server.{end}").write_bytes((cls.keys / f"{who}.{end}").read_bytes())
            (cls.keys / f"server.{end}").chmod(0o600)

    def answer(self, who, host=None, ca="trusted.pem"):
        """Exit status and complaints of a command that asks the database, which has that certificate."""
        self.present(who)
        self.stack.sql("FLUSH SSL")
        self.stack.write_config(database_host=host or f"localhost:{self.port}", database_tls_ca=self.keys / ca)
        done = self.stack.command("vendor", "list", check=False)
        return done.returncode, done.stderr

    def test_pages_come_from_a_database_whose_certificate_names_it(self):
        self.assertEqual(self.answer("good")[0], 0)
        self.stack.reload()
        self.assertEqual(self.house.sign_in("owner@northwind.example", PASSWORD).get("/industry").status, 200)

    def test_a_certificate_of_another_name_or_of_nobody_who_is_trusted_is_refused(self):
        for who, ca in (("other", "trusted.pem"), ("stranger", "trusted.pem"), ("good", "stranger.pem")):
            status, words = self.answer(who, ca=ca)
            self.assertEqual((status, "cannot connect to localhost" in words), (1, True), (who, words))

    def test_the_first_of_several_hosts_that_answers_is_taken(self):
        self.assertEqual(self.answer("good", f"localhost:{free_port()}, localhost:{self.port}")[0], 0)
        self.assertEqual(self.answer("good", f"localhost:{free_port()}, localhost:{free_port()}")[0], 1)

    def test_a_server_whose_clock_is_more_than_two_seconds_away_is_refused(self):
        """It decides what has expired."""
        try:
            for seconds in (-3, 3, 1):
                self.stack.sql(f"SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP(SYSDATE(6)) + {seconds}'")
                status, words = self.answer("good")
                self.assertEqual((status, "its clock is" in words), (int(seconds != 1), seconds != 1), (seconds, words))
        finally:
            self.stack.sql("SET GLOBAL init_connect = ''")


if __name__ == "__main__":
    unittest.main()
