"""The files that are shared: 20 MB go through to the disk, whole or not at all, and nothing else of the disk is to be had."""
import hashlib
import os
import pathlib
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from house import SANITIZED  # noqa: E402
from shares import MIB, MOST, Shares  # noqa: E402


class Files(Shares):
    def test_a_file_of_20_mb_goes_through_and_one_octet_more_does_not(self):
        content = os.urandom(MIB) * 20
        item = self.share_file("big.bin", content)
        status, headers, body = self.download(self.owner, f"/shared/items/{item}/file")
        self.assertEqual((status, len(body), hashlib.sha256(body).digest()), (200, MOST, hashlib.sha256(content).digest()))
        self.assertEqual(headers["Content-Length"], str(MOST))
        page = self.upload(self.owner, "/shared/upload", "bigger.bin", content + b"x", audience="chosen")
        self.assertEqual(page.status, 422)
        self.assertIn("This file is larger than 20 MB. Choose a smaller one", page.text)
        self.assertIn('value="chosen" checked', page.body)
        self.assertEqual((len(self.files()), self.house.count("shared"), self.house.count("shared_file")), (1, 1, 1))
        page = self.upload(self.owner, "/shared/upload", "huge.bin", content + bytes(2 * MIB), audience="customers")   # nginx itself says no
        self.assertEqual(page.status, 413)
        self.assertIn("the file is larger than 20 MB", page.text)

    @unittest.skipIf(SANITIZED, "a sanitizer keeps memory of its own")

    def test_an_upload_is_never_held_in_memory(self):
        children = pathlib.Path(f"/proc/{self.stack.program.pid}/task/{self.stack.program.pid}/children").read_text().split()
        worker = next(p for p in children if os.getpriority(os.PRIO_PROCESS, int(p)) == 5)

        def peak():
            try:
                return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{worker}/status").read_text())[1])
            except PermissionError:
                self.skipTest("only root may look into a process that is not dumpable")
        self.share_file("small.bin", b"x" * 1000)
        before = peak()
        self.share_file("big.bin", bytes(MOST))
        self.assertLess(peak() - before, 2048)

    def test_a_download_is_a_file_and_never_a_page(self):
        name = "Prüfung '2026'; 水 %41.html"
        item = self.share_file(name, b"<script>alert(1)</script>")
        buyer = self.partner("buyer9")
        status, headers, body = self.download(buyer, f"/files/{item}")
        self.assertEqual((status, body, headers["Content-Type"]), (200, b"<script>alert(1)</script>", "application/octet-stream"))
        self.assertEqual(headers["Content-Disposition"],
                         'attachment; filename="Pr_fung \'2026\'; _ _41.html"; filename*=UTF-8\'\'' + urllib.parse.quote(name, safe="-._~"))
        self.assertEqual((headers["X-Content-Type-Options"], headers["Cache-Control"]), ("nosniff", "no-store"))
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertIsNone(headers["X-Accel-Redirect"])

    def test_the_folder_cannot_be_reached_from_outside(self):
        self.share_file()
        name = self.files()[0]
        for path in (f"/resource/{name}", f"/resource/../resource/{name}", "/resource/", f"/%72esource/{name}"):
            self.assertEqual(self.owner.get(path).status, 404, path)
        self.assertEqual(os.stat(self.folder / name).st_mode & 0o777, 0o640)
        self.assertRegex(name, "^[0-9a-f]{32}$")

    def test_names_are_cut_to_the_name_and_hostile_ones_are_refused(self):
        for sent, shown in (("C:\\Users\\me\\list.txt", "list.txt"), ("../../etc/passwd", "passwd"), ("<img src=x>.txt", "<img src=x>.txt")):
            self.share_file(sent)
            self.assertEqual(self.house.sql("SELECT title FROM shared ORDER BY id DESC LIMIT 1")[0][0], shown)
        self.assertEqual({len(f) for f in self.files()}, {32})
        for name, words in (("a\u202egpj.exe", "characters that cannot be shown"), ("x" * 151, "at most 150 characters"), ("dir/", "characters that cannot be shown")):
            page = self.upload(self.owner, "/shared/upload", name, b"x", audience="customers")
            self.assertEqual(page.status, 422, name)
            self.assertIn(words, page.text)
        self.assertEqual(len(self.files()), 3)

    def test_a_body_that_breaks_off_or_is_empty_leaves_nothing(self):
        fields = self.owner.get("/shared/upload").form("/shared/upload").fields | {"audience": "customers"}
        head = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
        head += '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        kind = {"Content-Type": "multipart/form-data; boundary=b", "Sec-Fetch-Site": "same-origin"}
        for end, words in (("half of it", "The file did not arrive whole. Send it again"), ("half of it\r\n--b", "The file did not arrive whole. Send it again"),
                           ("\r\n--b--\r\n", "This file is empty")):
            page = self.owner.raw("POST", "/shared/upload", head + end, kind)
            self.assertEqual(page.status, 422, page.text)
            self.assertIn(words, page.text)
        self.assertEqual((self.files(), self.house.count("shared"), self.house.count("shared_file", "state = 'kept'")), ([], 0, 0))
        self.owner.follow = False
        self.assertEqual(self.owner.raw("POST", "/shared/upload", head + "all of it\r\n--b--\r\n", kind).status, 303)
        self.owner.follow = True
        self.assertEqual((self.folder / self.files()[0]).read_bytes(), b"all of it")

    def test_a_forged_upload_writes_nothing(self):
        form = self.owner.get("/shared/upload").form("/shared/upload")
        for fields, status in ((form.fields | {"csrf": "x" * 43, "audience": "customers"}, 403), ({k: v for k, v in form.fields.items() if k != "csrf"}, 403),
                               (form.fields | {"colour": "red"}, 400)):
            self.assertEqual(self.owner.post_parts("/shared/upload", fields, file=("a.txt", b"x" * 100_000)).status, status)
        self.assertEqual(self.inviter.post_parts("/shared/upload", form.fields, file=("a.txt", b"x")).status, 403)
        self.assertEqual((self.files(), self.house.count("shared_file")), ([], 0))

    def test_what_a_crash_left_is_swept_by_its_name(self):
        left = {name: name * 32 for name in "abc"}
        for name, state, ago, file in (("a", "coming", "3 HOUR", ".part"), ("b", "gone", "2 MINUTE", ""), ("c", "coming", "1 MINUTE", ".part")):
            self.house.sql(f"INSERT INTO shared_file VALUES (UNHEX('{left[name]}'), '{state}', UTC_TIMESTAMP(6) - INTERVAL {ago})")
            (self.folder / (left[name] + file)).write_bytes(b"half")
        self.share_file("whole.txt", b"whole")
        self.assertEqual([f for f in self.files() if f[:32] in left.values()], [left["c"] + ".part"])
        self.assertEqual(self.house.count("shared_file", "state <> 'kept'"), 1)   # the one that may still be coming
        self.assertEqual(self.house.count("shared_file", "state = 'kept'"), 1)

    def test_a_vendor_that_is_deleted_leaves_no_file(self):
        gone = self.house.sign_in(self.house.owner("Gone"))
        buyer = self.partner("buyer11", owner=gone)
        self.share_file(client=gone)
        page = "/vendors/" + self.house.sql("SELECT LOWER(HEX(public_id)) FROM company WHERE name = 'Gone'")[0][0]
        self.upload(buyer, page + "/upload", "order.csv", b"a,b")
        self.share_file("stays.pdf")
        self.assertEqual(len(self.files()), 3)
        self.stack.command("vendor", "suspend", "--name", "Gone")
        self.assertEqual(buyer.get(page).status, 404)
        self.stack.command("vendor", "delete", "--name", "Gone", "--export", str(self.stack.folder / "gone.json"))
        self.assertEqual((len(self.files()), self.house.count("shared_file"), self.house.count("shared")), (1, 1, 1))

    def test_a_full_disk_is_our_trouble_and_leaves_nothing(self):
        moved = self.folder.with_name("elsewhere")
        self.folder.rename(moved)
        try:
            page = self.upload(self.owner, "/shared/upload", "a.txt", b"x", audience="customers")
            self.assertEqual(page.status, 503)
            self.assertIn("resource_folder", self.stack.program_words())
        finally:
            moved.rename(self.folder)
        self.assertEqual((self.files(), self.house.count("shared")), ([], 0))


if __name__ == "__main__":
    unittest.main()
