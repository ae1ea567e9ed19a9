"""What takes minutes has workers of its own: it outlives the pages' time limit, ends at its own, and holds up no page."""
import pathlib
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fastcgi  # noqa: E402
from house import HouseCase, eventually  # noqa: E402

EXPORTS = ("/export/invitations", "/export/customers", "/export/suppliers")


class Long(HouseCase):
    settings = {"web_workers": 2, "long_workers": 2, "request_seconds": 2, "long_seconds": 20}

    @classmethod
    def furnish(cls):
        cls.admin = cls.house.sign_in(cls.house.owner("Northwind"))

    def sibling(self):
        client = self.house.visitor(follow=False)
        client.cookies = dict(self.admin.cookies)
        return client

    def test_two_long_requests_that_hang_leave_the_pages_fast_and_outlive_their_time_limit(self):
        release, mark = self.lock("partner_role"), len(self.stack.program_words())
        with ThreadPoolExecutor(3) as pool:
            begun = time.monotonic()
            hanging = [pool.submit(lambda: self.sibling().get("/export/invitations").status) for _ in range(3)]   # the third waits for a worker
            slowest = 0
            while time.monotonic() < begun + 3:   # longer than request_seconds
                looked = time.monotonic()
                self.assertEqual(self.sibling().get("/customers").status, 200)
                slowest = max(slowest, time.monotonic() - looked)
            self.assertFalse(any(h.done() for h in hanging))
            release()
            self.assertEqual([h.result() for h in hanging], [200, 200, 200])
        self.assertLess(slowest, 1)
        self.assertNotIn("is ended", self.stack.program_words()[mark:])

    def test_a_long_request_is_ended_at_its_own_time_limit(self):
        self.stack.reload(long_seconds=2)
        try:
            release = self.lock("partner_role")
            page = self.sibling().get("/export/invitations")
            self.assertIn(page.status, (502, 503))
            release()
            words = self.stack.program_words()
            self.assertTrue("serves one request for too long: invitations_export" in words or page.status == 503)
        finally:
            self.stack.reload(long_seconds=20)
        eventually("the list", lambda: self.sibling().get("/export/invitations").status == 200)

    def test_a_reload_lets_a_long_request_finish(self):
        release = self.lock("partner_role")
        with ThreadPoolExecutor(1) as pool:
            hanging = pool.submit(lambda: self.sibling().get("/export/invitations").status)
            time.sleep(0.5)
            self.stack.reload(finished=False)
            self.assertFalse(hanging.done())
            release()
            self.assertEqual(hanging.result(), 200)

    def test_a_long_request_is_refused_on_the_pages_socket(self):
        for path in EXPORTS:
            mark = len(self.stack.program_words())
            self.assertEqual(fastcgi.ask(self.stack.socket("web"), "GET", path, host=self.stack.host).status, 500, path)
            self.assertIn("came to the web socket: nginx must send it to the long socket", self.stack.program_words()[mark:])

    def test_the_connection_of_a_long_request_is_not_kept(self):
        for path in EXPORTS * 2:
            self.assertEqual(self.sibling().get(path).status, 200)
        def none_open():   # the answer is there a moment before its worker closes
            return "ESTAB" not in subprocess.run(["ss", "-xH", "src", self.stack.socket("long")], capture_output=True, text=True, check=True).stdout
        eventually("no connection to a long worker", none_open)


if __name__ == "__main__":
    unittest.main()
