#!/usr/bin/python3
"""Drives fcgi/smtp.c and fcgi/mailer.c against tests/smtp_fault.py: every fault of a mail server, with what must come of it.

Runs by itself: builds its two drivers into a temporary folder (SANITIZE=1: with the sanitizers) unless BUILD names a folder
that holds smtp_drive and mailer_drive. Ends with `N passed, N failed`; status 1 when something failed.
"""
import json, os, pathlib, shutil, signal, socket, subprocess, sys, tempfile, threading, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = pathlib.Path(tempfile.mkdtemp(prefix="smtp-test-"))
LIBRARIES = ["-lesmtp", "-lssl", "-lcrypto", "-lsodium"]
COMMON = ["smtp.c", "smtp_wire.c", "smtp_tls.c", "mail.c", "arena.c", "log.c", "utf8.c"]
MAILER = COMMON + ["mailer.c", "mailer_child.c", "secret.c", "db_options.c"]
passed = failed = 0
# libesmtp compares header names that are not terminated by length; a strict string check takes that for an overflow.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":strict_string_checks=0"


def build():
    folder = os.environ.get("BUILD")
    if folder and (pathlib.Path(folder) / "smtp_drive").exists():
        return pathlib.Path(folder)
    flags = ["-std=gnu17", "-g", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/fcgi"]
    flags += ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"] if os.environ.get("SANITIZE") else ["-O2"]
    jobs = [subprocess.Popen(["gcc", *flags, "-o", WORK / name, ROOT / f"tests/unit/{name}.c",
                              *(ROOT / "fcgi" / source for source in sources), *LIBRARIES])
            for name, sources in (("smtp_drive", COMMON), ("mailer_drive", MAILER))]
    if any([job.wait() for job in jobs]):
        sys.exit("0 passed, 1 failed: the drivers do not build")
    return WORK


class Fault:
    """The server, and what it kept."""
    def __init__(self):
        self.kept_path = WORK / "kept"
        self.process = subprocess.Popen([sys.executable, ROOT / "tests/smtp_fault.py", "--record", self.kept_path,
                                         "--certs", WORK, "--ports-file", WORK / "ports"], stdout=subprocess.DEVNULL)
        while not (WORK / "ports").exists():
            time.sleep(0.02)
        ports = dict(line.split() for line in (WORK / "ports").read_text().splitlines())
        self.port, self.ca = int(ports["smtp"]), ports["ca"]
        self.control = socket.create_connection(("127.0.0.1", int(ports["control"])))
        self.answers = self.control.makefile()

    def set(self, mode="ok", tls="none", auth="none", extensions=""):
        change = {"mode": mode, "tls": tls, "auth": auth, "extensions": extensions, "forget": True}
        self.control.sendall((json.dumps(change) + "\n").encode())
        assert self.answers.readline() == "ok\n"

    def kept(self):
        return [json.loads(line) for line in self.kept_path.read_text().splitlines()] if self.kept_path.exists() else []


def check(name, good, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {name}: {str(detail)[:600]}", flush=True)


def drive(**arguments):
    """[(result, hash, reply)] by mail, and the seconds it took."""
    command = [str(DRIVERS / "smtp_drive"), f"port={fault.port}"]
    for key, value in arguments.items():
        command += [f"{key}={v}" for v in (value if isinstance(value, list) else [value])]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if run.returncode or not run.stdout:
        return [("crash", "", f"status {run.returncode} {run.stderr[-600:]}")], 0.0
    *lines, done = run.stdout.splitlines()
    mails = {}
    for line in lines:
        index, result, digest, reply = (line + " ").split(" ", 3)
        if int(index) in mails:
            return [("twice", "", line)], 0.0
        mails[int(index)] = (result, digest, reply.strip())
    return [mails[i] for i in sorted(mails)], int(done.split()[1]) / 1e6


def expect(name, wanted, words="", kept=None, fault_settings=None, **arguments):
    """`wanted`: result of each mail, or one for all; `words` must be in every reply."""
    fault.set(**(fault_settings or {}))
    mails, seconds = drive(**arguments)
    results = [m[0] for m in mails]
    wanted = wanted if isinstance(wanted, list) else [wanted] * len(results)
    good = results == wanted and results and all(words in m[2] for m in mails) and all(len(m[2].encode()) <= 400 for m in mails)
    if kept is not None:
        good = good and len([k for k in fault.kept() if "sha256" in k]) == kept
    check(name, good, f"{mails} in {seconds:.2f} s, kept {len(fault.kept())}")
    return mails, seconds


# ---- one conversation ----

def conversation_tests():
    mails, _ = expect("everything is sent, byte for byte", "sent", "250 2.0.0 Kept", kept=50, n=50, size=3000)
    check("the server's text is the built text", [k["sha256"] for k in fault.kept()] == [m[1] for m in mails])
    expect("chunking is not used", "sent", kept=3, n=3, fault_settings={"extensions": "CHUNKING,BINARYMIME,chunking"})
    check("no BDAT was seen", not any("bdat" in k for k in fault.kept()))
    expect("enhanced codes that differ", "sent", kept=2, n=2, fault_settings={"mode": "multi", "extensions": "ENHANCEDSTATUSCODES"})
    expect("250 without words is a 250", "sent", kept=2, n=2, fault_settings={"mode": "bare-250"})
    expect("connection refused", "deferred", "No connection to the mail server", n=2, fault_settings={"mode": "refuse"})
    expect("unknown host", "deferred", "No connection to the mail server", host="no-such-host.invalid")
    _, seconds = expect("a host that drops packets", "deferred", "No connection", host="192.0.2.1", seconds=1)
    check("and the time limit of connect() holds", seconds < 4, seconds)
    expect("421 greeting", "deferred", "421 4.3.2 Service not available", n=2, fault_settings={"mode": "greet-421"})
    expect("554 greeting is the relay's trouble", "deferred", "554 5.7.1", n=2, fault_settings={"mode": "greet-554"})
    _, seconds = expect("silent banner", "deferred", "did not answer within 1 seconds", n=2, seconds=1, fault_settings={"mode": "silent"})
    check("silence costs one limit", seconds < 3, seconds)
    expect("5xx at MAIL FROM is the relay's trouble", "deferred", "550 5.7.1 Sender", n=3, fault_settings={"mode": "mail-550"})
    expect("4xx at MAIL FROM", "deferred", "451 4.3.0", n=2, fault_settings={"mode": "mail-451"})
    expect("one refused recipient among good ones", ["sent", "refused", "sent"], n=3, kept=2, fault_settings={"mode": "rcpt-550:user1"})
    expect("refused recipients, with words", "refused", "550 5.1.1 No such user here", n=3, kept=0, fault_settings={"mode": "rcpt-550"})
    expect("a busy recipient", ["sent", "sent", "deferred"], n=3, fault_settings={"mode": "rcpt-450:user2"})
    expect("text refused", "refused", "554 5.6.0 The text", n=2, kept=0, fault_settings={"mode": "data-554"})
    expect("text deferred", "deferred", "451 4.6.0 The text", n=2, fault_settings={"mode": "data-451"})
    expect("DATA refused", "refused", "554 5.5.1 No data", n=2, fault_settings={"mode": "data-early-554"})
    expect("dropped before storing", "deferred", "ended the conversation", n=2, kept=0, fault_settings={"mode": "drop-after-data"})
    expect("dropped after storing: the one duplicate", "deferred", "ended the conversation", kept=1, fault_settings={"mode": "drop-after-store"})
    expect("250 after 2 s with a limit of 1 s a stage", "sent", kept=1, seconds=1, fault_settings={"mode": "slow:2"})
    expect("250 too late", "deferred", "did not answer within 4 seconds", seconds=1, fault_settings={"mode": "slow:7"})
    expect("no answer to the text", "deferred", "did not answer within 4 seconds", seconds=1, n=2, fault_settings={"mode": "stall"})
    _, seconds = expect("one octet a second", "deferred", "did not answer within 2 seconds", n=2, seconds=2, fault_settings={"mode": "tarpit"})
    check("a tarpit holds us for a limit only", seconds < 5, seconds)
    expect("a slow server gets no more mails after the session's time", ["sent", "sent", "deferred", "deferred"], n=4, session=1,
           fault_settings={"mode": "slow:0.7"})
    expect("garbage", "deferred", "did not speak SMTP", n=2, fault_settings={"mode": "garbage"})
    expect("a line of 64 KiB", "deferred", "too long", n=2, fault_settings={"mode": "long-line"})
    expect("an answer too many", "deferred", "nobody asked for", n=2, kept=0, fault_settings={"mode": "injected"})
    mails, _ = expect("octets above 127", "refused", "550 ", fault_settings={"mode": "eight-bit"})
    check("are made one line of UTF-8", not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in mails[0][2]) and "café" in mails[0][2], mails)


def input_tests():
    for name, address in (("CRLF", "a@b.example>\r\nRCPT TO:<evil@b.example"), ("blank", "a b@c.example"), ("8 bits", "é@b.example"),
                          ("angle", "a>@b.example"), ("two @", "a@b@c.example"), ("none", "")):
        expect(f"recipient with {name}", "refused", "address that cannot", kept=0, to=address, unsafe=1)
        expect(f"sender with {name}", "refused", "address that cannot", kept=0, **{"from": address})
    for name, text in (("bare LF", "A: b\n\nc\r\n"), ("bare CR", "A: b\r\n\r\nc\rd\r\n"), ("8 bits", "A: b\r\n\r\né\r\n"), ("no end", "A: b\r\n\r\nc"),
                       ("a line of 999", "A: b\r\n\r\n" + "x" * 999 + "\r\n"), ("nothing", "")):
        expect(f"text with {name}", "refused", "damaged", kept=0, raw=text)
    expect("a line of 998", "sent", kept=1, raw="A: b\r\n\r\n" + "x" * 998 + "\r\n")
    expect("a bad mail does not hold up its neighbours", ["sent", "refused", "sent"], kept=2, to=["a@b.example", "a b@c.example", "c@d.example"], unsafe=1)
    check("an IPv6 literal is said to be unusable", "cannot be used" in drive(host="::1")[0][0][2])
    run = subprocess.run([DRIVERS / "smtp_drive", "connect=1", f"port={fault.port}"])
    check("other callers of connect() notice nothing", run.returncode == 0, run.returncode)


def tls_tests():
    good = {"host": "localhost", "tls": 1, "ca": fault.ca, "n": 2}
    expect("good TLS", "sent", kept=2, fault_settings={"tls": "good"}, **good)
    check("is TLS 1.2 with SNI", all(k["tls"] == "TLSv1.2" and k["sni"] == "localhost" for k in fault.kept()), fault.kept()[:1])
    expect("STARTTLS stripped", "deferred", "does not offer TLS", kept=0, **good)
    expect("wrong name", "deferred", "hostname mismatch", kept=0, fault_settings={"tls": "wrong"}, **good)
    expect("untrusted certificate", "deferred", "certificate is not accepted", kept=0, fault_settings={"tls": "untrusted"}, **good)
    expect("system's certificates do not know ours", "deferred", "certificate is not accepted", kept=0, host="localhost", tls=1,
           fault_settings={"tls": "good"})
    expect("no CA file", "deferred", "cannot be read", kept=0, host="localhost", tls=1, ca="/nowhere", fault_settings={"tls": "good"})
    expect("plaintext injected behind STARTTLS", "deferred", "nobody asked for", kept=0,
           fault_settings={"tls": "good", "mode": "starttls-inject"}, **good)
    expect("STARTTLS answered 454", "deferred", "454 4.7.0", kept=0, fault_settings={"tls": "good", "mode": "starttls-refuse"}, **good)
    expect("AUTH over TLS", "sent", kept=2, user="u", password="p", fault_settings={"tls": "good", "auth": "ok"}, **good)
    check("as the user", all(k["user"] == "u" for k in fault.kept()), fault.kept()[:1])
    expect("AUTH fails: nothing is sent", "deferred", "did not accept our user name and password: 535", kept=0, user="u", password="p",
           fault_settings={"tls": "good", "auth": "fail"}, **good)
    expect("AUTH not offered: nothing is sent", "deferred", "no way to sign in", kept=0, user="u", password="p",
           fault_settings={"tls": "good"}, **good)
    expect("AUTH on loopback without TLS", "sent", kept=1, user="u", password="p", fault_settings={"auth": "ok"})
    expect("AUTH elsewhere without TLS", "deferred", "only sent over TLS", host="192.0.2.1", user="u", password="p")
    expect("chunking hidden inside TLS too", "sent", kept=2, fault_settings={"tls": "good", "extensions": "CHUNKING"}, **good)
    hung = 0
    fault.set(tls="good")
    for _ in range(30):
        hung += [m[0] for m in drive(**good)[0]] != ["sent", "sent"]
    check("60 mails over 30 TLS sessions", hung == 0, hung)


# ---- the mailer ----

class Mailer:
    def __init__(self, **arguments):
        command = [str(DRIVERS / "mailer_drive"), f"port={fault.port}", f"dir={WORK}"] + [f"{k}={v}" for k, v in arguments.items()]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.pid = int(self.process.stdout.readline().split()[1])
        self.log = ""
        self.reader = threading.Thread(target=lambda: setattr(self, "log", self.process.stderr.read()))
        self.reader.start()

    def session(self):
        """The child that holds the conversation, once there is one."""
        for _ in range(400):
            try:
                children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            except OSError:
                children = []
            if children:
                return int(children[0])
            time.sleep(0.005)
        return None

    def end(self):
        """([(index, attempt, result, reply)], last line)"""
        *lines, last = self.process.stdout.read().splitlines()
        self.process.wait()
        self.reader.join()
        return [(int(a), int(b), c, d) for a, b, c, d in (line.split(" ", 3) for line in lines)], last


def run_mailer(name, settings, wanted, last, kept=None, log="", **arguments):
    fault.set(**settings)
    mailer = Mailer(**arguments)
    records, end = mailer.end()
    got = [(i, a, r) for i, a, r, _ in records]
    check(name, got == wanted and end == last and log in mailer.log, f"{records} {end} {mailer.log[-500:]}")
    if kept is not None:
        check(name + ": kept", len(fault.kept()) == kept, len(fault.kept()))
    return records


def mailer_tests():
    run_mailer("120 mails", {}, [(i, 1, "sent") for i in range(120)], "exit 0 served 120", kept=120, n=120, retry=60000)
    run_mailer("SIGTERM ends it", {}, [(0, 1, "sent")], "exit 0 served 1", n=1, sigterm=1)
    records = run_mailer("greylisting", {"mode": "greylist"}, [(0, 1, "deferred"), (1, 1, "deferred"), (0, 2, "sent"), (1, 2, "sent")],
                         "exit 0 served 4", kept=2, n=2)
    check("with the server's words", records and records[0][3] == "451 4.7.1 Greylisted, try again", records)
    records = run_mailer("a foreign seal", {}, [(1, 1, "refused"), (0, 1, "sent"), (2, 1, "sent")], "exit 0 served 3", kept=2, n=3, bad=1,
                         retry=60000, log="cannot be opened")
    check("says why", records and records[0][3] == "This mail could not be opened: the mailer's key has changed", records)
    run_mailer("keys that are no pair", {}, [], "exit 1 served 0", mismatch=1, log="does not belong to")
    run_mailer("the database is down at first", {}, [(0, 1, "sent")], "exit 0 served 1", down=3, log="the database answers again")
    run_mailer("a result waits for the database", {}, [(0, 1, "sent"), (1, 1, "sent")], "exit 0 served 2", kept=2, n=2, record_down=2, retry=60000)
    run_mailer("no password file", {"auth": "ok"}, [(0, 1, "deferred")], "exit 0 served 1", user="u", password_file="/nowhere", retry=60000, wait=1)
    crash_tests()


def crash_tests():
    fault.set("slow:0.4")
    mailer = Mailer(n=4, retry=1500)
    time.sleep(0.7)  # one mail is through
    os.kill(mailer.session(), signal.SIGKILL)
    time.sleep(0.1)
    fault.set("ok")
    records, end = mailer.end()
    first = [r for r in records if r[1] == 1]
    check("a crash costs one attempt of what was not reported",
          [r[2] for r in first] == ["sent", "deferred", "deferred", "deferred"] and end.startswith("exit 0")
          and all(r[3] == "The mail program ended unexpectedly" for r in first[1:])
          and sorted(r[0] for r in records if r[1] == 2 and r[2] == "sent") == [1, 2, 3], f"{records} {end}")
    check("and is logged", "signal 9" in mailer.log, mailer.log)

    fault.set("slow:0.4")
    mailer = Mailer(n=1, retry=60000, wait=30)
    session = mailer.session()
    os.kill(session, signal.SIGSTOP)  # longer than any conversation may take
    began = time.time()
    records, end = [], ""
    limit = threading.Timer(20, lambda: mailer.process.kill())
    limit.start()
    while not records and time.time() - began < 19:
        line = mailer.process.stdout.readline().strip()
        records.append(line)
    os.kill(mailer.pid, signal.SIGTERM)
    mailer.end()
    limit.cancel()
    check("a child that hangs is ended", records[:1] == ["0 1 deferred The mail program ended unexpectedly"], records)

    fault.set("slow:1")
    mailer = Mailer(n=1)
    session = mailer.session()
    os.kill(mailer.pid, signal.SIGKILL)
    time.sleep(0.3)
    check("a conversation does not outlive the mailer", not os.path.exists(f"/proc/{session}/exe") or
          open(f"/proc/{session}/stat").read().split()[2] == "Z")
    mailer.end()

    fault.set("slow:0.5")
    mailer = Mailer(n=3, wait=1, retry=60000)
    records, end = mailer.end()
    check("told to leave, the batch is finished first", [r[2] for r in records] == ["sent"] * 3 and end == "exit 0 served 3", f"{records} {end}")


# ---- the mailbox that a newcomer sees ----

def mailbox_tests():
    folder, ports = WORK / "box", WORK / "box.ports"
    command = [sys.executable, ROOT / "tests/mailbox.py", "--maildir", folder, "--ports-file", ports, "--title", "Box <1>"]
    for round in (1, 2):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not ports.exists():
            time.sleep(0.02)
        numbers = dict(line.split() for line in ports.read_text().splitlines())
        ports.unlink()
        if round == 1:
            arguments = [f"port={numbers['smtp']}", "to=first@example.org", "to=Second@Example.org"]
            subprocess.run([DRIVERS / "smtp_drive", *arguments], stdout=subprocess.DEVNULL)

        def get(path, host="127.0.0.1"):
            request = urllib.request.Request(f"http://127.0.0.1:{numbers['http']}{path}", headers={"Host": host})
            try:
                with urllib.request.urlopen(request) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as e:
                return e.code, e.read().decode()
        mails = json.loads(get("/api/mails")[1])
        check(f"mailbox {round}: newest first", [m["to"] for m in mails] == ["Second@Example.org", "first@example.org"], mails)
        one = json.loads(get("/api/mails?to=second@example.org")[1])
        check(f"mailbox {round}: one recipient's", len(one) == 1 and one[0]["subject"] == "Müller invited you to be a customer"
              and one[0]["sender"] == "invites@portal.example" and "From me" in one[0]["text"] and one[0]["html"] == "<p>Hello</p>\n", one)
        listed, shown = get("/"), get(f"/mail/{one[0]['id']}")
        check(f"mailbox {round}: pages", listed[0] == shown[0] == 200 and "Box &lt;1&gt;" in listed[1] and "sandbox=" in shown[1], shown)
        check(f"mailbox {round}: other hosts are refused", get("/", "evil.example")[0] == 421 and get("/mail/none")[0] == 404)
        process.terminate()
        check(f"mailbox {round}: ends cleanly", process.wait(5) == 0)


def speed():
    fault.set()
    mails, seconds = drive(n=200, size=8000)
    print(f"200 mails of 8 KB on loopback: {seconds * 1000:.0f} ms ({sum(m[0] == 'sent' for m in mails)} sent)")


DRIVERS = build()
fault = Fault()
try:
    for group in (conversation_tests, input_tests, tls_tests, mailer_tests, mailbox_tests):
        group()
    speed()
finally:
    fault.process.terminate()
    fault.process.wait()
    shutil.rmtree(WORK, ignore_errors=True)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
