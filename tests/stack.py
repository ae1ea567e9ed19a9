"""stack.py - the whole portal on this machine, private and complete: MariaDB, the program, nginx, a mail server with a page.

    with Stack(folder) as stack: ...          for tests: everything ends with the process that made it
    python3 tests/stack.py run|start|stop FOLDER     `make run`, `make start`, `make stop`: RUN (build/run), PORT (8080)

Nothing here touches a service of the machine: own folders, own sockets, ports on 127.0.0.1 only.
"""
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from machine import (AS_ROOT, ROOT, Database, Failed, Process, answers, copy_tree, end_recorded, environment,  # noqa: E402
                     free_port, start_time, template, wait_for)

SOCKET_MOST = 100  # a unix socket's path has at most 107 octets


class Stack:
    """Owns one machine in `folder`. Keyword arguments are configuration keys (web_workers=2, mail_retry_seconds=1).

    binary    the program (default: $INVITED_TEST_BINARY, else build/invited)
    limits    True: nginx counts requests per address as in production (default: tests come from one address)
    tied      False: the processes live on when this one ends
    nginx_extra   more lines for nginx's http block
    """

    def __init__(self, folder, port=None, binary=None, limits=False, tied=True, mail_port=None, database_options=(), nginx_extra="",
                 **config):
        self.folder = pathlib.Path(folder).resolve()
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"
        self.binary = pathlib.Path(binary or os.environ.get("INVITED_TEST_BINARY") or ROOT / "build/invited")
        self.limits, self.tied, self.mail_port, self.overrides = limits, tied, mail_port, config
        self.logs = self.folder / "log"
        self.program_log, self.nginx_log = self.logs / "program.log", self.logs / "nginx.error.log"
        self.access_log, self.maildir = self.logs / "nginx.access.log", self.folder / "mail"
        self._short = self._ready = None
        self.nginx_extra = nginx_extra
        self.program = self.nginx = self.mailbox = None
        self.smtp_port = self.mail_url = None
        self._prepare_folders()
        self.database = Database(self.folder / "db", self.socket("db"), self._password(), tied, options=database_options)

    # ---- folders and files ----

    def _prepare_folders(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for name in ("log", "mail", "nginx", "tmp", "keys", "resources"):
            (self.folder / name).mkdir(exist_ok=True)
        if len(str(self.folder)) + 12 > SOCKET_MOST:
            self._short = tempfile.mkdtemp(prefix="invited-")

    def socket(self, name):
        return f"{self._short or self.folder}/{name}.sock"

    def _password(self):
        file = self.folder / "keys/database"
        if not file.exists():
            file.touch(0o600)
            file.write_text(secrets.token_hex(16) + "\n", encoding="ascii")
        return file.read_text(encoding="ascii").strip()

    @property
    def config_file(self):
        return self.folder / "invited.conf"

    def write_config(self, **changes):
        """Write the program's configuration; `changes` stay for later calls (use with reload)."""
        self.overrides.update(changes)
        keys = self.folder / "keys"
        values = {
            "base_url": self.url, "portal_name": "Invited", "support_email": "support@portal.example",
            "mail_from": "invites@portal.example", "web_socket": self.socket("web"), "auth_socket": self.socket("auth"),
            "long_socket": self.socket("long"), "status_file": self.folder / "status", "mailer_status_file": self.folder / "mailer.status",
            "database_socket": self.database.socket, "database_password_file": keys / "database", "secret_file": keys / "secret",
            "mail_public_file": keys / "mail.public", "mail_secret_file": keys / "mail.secret", "smtp_port": self.smtp_port or 25,
            "resource_folder": self.folder / "resources", "catalogue_dir": ROOT / "build/locale"} | self.overrides
        text = "".join(f"{k} = {str(v).lower() if isinstance(v, bool) else v}\n" for k, v in values.items())
        self.config_file.write_text(text, encoding="utf-8")

    def _write_nginx(self):
        base = self.folder / "nginx"
        link = base / "invited"
        if link.is_symlink():
            link.unlink()
        link.symlink_to(ROOT / "nginx")
        www = base / "share/www"
        shutil.rmtree(www, ignore_errors=True)
        for name in ("static", "error"):
            (www / name).mkdir(parents=True)
            for file in (ROOT / "build" / name).glob("*.*"):
                if file.suffix != ".h":
                    shutil.copy(file, www / name)
        shutil.copy(ROOT / "nginx/favicon.ico", www)
        text = (ROOT / "tests/nginx.conf").read_text(encoding="utf-8")
        words = {"FOLDER": self.folder, "PORT": self.port, "COUNTED": "$binary_remote_addr" if self.limits else '""',
                 "USER": "user root root;" if AS_ROOT else "", "WEB": self.socket("web"), "AUTH": self.socket("auth"),
                 "LONG": self.socket("long"), "EXTRA": self.nginx_extra}
        for word, value in words.items():
            text = text.replace(f"@{word}@", str(value))
        (base / "nginx.conf").write_text(text, encoding="utf-8")

    # ---- the parts ----

    def command(self, *arguments, stdin="", check=True):
        """Run `invited ...` with this machine's configuration: the finished process."""
        done = subprocess.run([self.binary, "-c", self.config_file, *arguments], input=stdin, capture_output=True, text=True,
                              env=environment(), check=False)
        if check and done.returncode:
            raise Failed(f"invited {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def _make_template(self, folder):
        (folder / "log").mkdir()
        database = Database(folder / "db", f"{tempfile.mkdtemp(prefix='invited-')}/db.sock", self.database.password)
        database.create()
        database.start()
        try:
            database.prepare()
            mine, self.database = self.database, database
            try:
                self.write_config()
                self.command("migrate")
            finally:
                self.database = mine
        finally:
            database.stop()
            shutil.rmtree(os.path.dirname(database.socket), ignore_errors=True)

    def start_database(self):
        if not self.database.folder.exists():
            if self.tied:
                copy_tree(template(self._make_template), self.database.folder)
            else:
                self.database.create()
        self.database.start()

    def start_mailbox(self):
        ports = self.folder / "mailbox.ports"
        ports.unlink(missing_ok=True)
        self.mailbox = Process(
            "mailbox", ["/usr/bin/python3", ROOT / "tests/mailbox.py", "--maildir", self.maildir, "--smtp-port", self.smtp_port or 0,
                        "--http-port", self.mail_port or 0, "--ports-file", ports], self.logs / "mailbox.log", self.tied)
        wait_for("mailbox", 20, lambda: ports.exists() and ports.read_text().endswith("\n"), self.mailbox)
        self.smtp_port, self.mail_port = self._ports(ports.read_text())
        self.mail_url = f"http://127.0.0.1:{self.mail_port}/"

    @staticmethod
    def _ports(text):
        numbers = [int(n) for n in text.replace("=", " ").replace(":", " ").split() if n.isdigit()]
        return numbers[0], numbers[1]

    def start_program(self, wait=True):
        self.write_config()
        self._listen_for_ready()
        self.program = Process("invited", [self.binary, "-c", self.config_file, "serve"], self.program_log, self.tied,
                               environment(NOTIFY_SOCKET=self.socket("ready")))
        if wait:
            wait_for("invited", 30, self._said_ready, self.program)

    def _listen_for_ready(self):
        """The program tells us what it would tell systemd."""
        if self._ready:
            self._ready.close()
        path = pathlib.Path(self.socket("ready"))
        path.unlink(missing_ok=True)
        self._ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._ready.bind(str(path))

    def _said_ready(self):
        try:
            return self._ready.recv(100) == b"READY=1"
        except BlockingIOError:
            return False

    def start_nginx(self):
        self._write_nginx()
        self.nginx = Process("nginx", ["nginx", "-p", self.folder, "-e", self.nginx_log, "-c", self.folder / "nginx/nginx.conf",
                                       "-g", "daemon off;"], self.nginx_log, self.tied)
        wait_for("nginx", 20, lambda: answers(socket.AF_INET, ("127.0.0.1", self.port)), self.nginx)

    def start(self):
        self.start_database()
        self.database.prepare()
        self.start_mailbox()
        self.write_config()
        self.command("keygen")
        self.command("migrate")
        self.start_program()
        self.start_nginx()
        return self

    def stop_program(self):
        """Exit status of the master."""
        status = self.program.stop(seconds=60) if self.program else 0
        self.program = None
        return status

    def stop_nginx(self):
        if self.nginx:
            self.nginx.stop(signal.SIGTERM)
            self.nginx = None

    def stop_mailbox(self):
        if self.mailbox:
            self.mailbox.stop()
            self.mailbox = None

    def stop(self):
        """End everything, visitors' side first. The folder stays."""
        try:
            self.stop_nginx()
            self.stop_program()
            self.stop_mailbox()
        finally:
            self.database.stop()
            if self._ready:
                self._ready.close()
                self._ready = None
            if self._short:
                shutil.rmtree(self._short, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    # ---- what tests ask ----

    def reload(self, seconds=30, finished=True, **changes):
        """SIGHUP with changed configuration; returns when all workers are replaced and (unless finished=False) the old ones have ended:
        until then an old one may take the next request."""
        self.write_config(**changes)
        old = set(self.children())
        while self._said_ready():
            pass
        self.program.send(signal.SIGHUP)
        wait_for("reload", seconds, self._said_ready, self.program)
        if finished:
            wait_for("the old workers' end", seconds, lambda: not old & set(self.children()), self.program)

    def children(self):
        """Pids of the master's children."""
        return [int(p) for p in pathlib.Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children").read_text().split()]

    def program_words(self, since=0):
        with open(self.program_log, "rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    def last_words(self, lines=30):
        """The end of the program's log, of the mail server's, and who waits for what: for the report of a failure."""
        said = [f"-- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) for log in (self.program_log, self.logs / "mailbox.log")]
        return "\n".join([*said, "-- outbox (state, attempts, next try, answer), processes of the database", *(str(row) for row in self.sql(
            "SELECT state, attempts, next_at, reply FROM outbox WHERE state IN ('queued', 'deferred') ORDER BY id DESC LIMIT 5")),
            *(str(row) for row in self.sql("SHOW PROCESSLIST"))])

    def sanitizer_reports(self):
        """What AddressSanitizer, UBSan or the leak checker said: "" when all is well."""
        marks = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:", "SUMMARY: ")
        return "\n".join(line for line in self.program_words().splitlines() if any(m in line for m in marks))

    def sql(self, text):
        return self.database.sql(text)

    def mails(self):
        """The mails that have arrived, oldest first, as octets."""
        files = [f for sub in ("new", "cur") for f in (self.maildir / sub).glob("*")]
        return [f.read_bytes() for f in sorted(files, key=lambda f: (f.stat().st_mtime_ns, f.name))]

    def processes(self):
        return [p for p in (self.nginx, self.program, self.mailbox, self.database.process) if p]


# ---- make run, make start, make stop ----

OWNER = "owner@northwind.example"


def _state(folder):
    return folder / "state.json"


def _recorded(folder):
    try:
        return json.loads(_state(folder).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return []


def _running(folder):
    return any(p["started"] is not None and start_time(p["pid"]) == p["started"] for p in _recorded(folder))


def _owner_password(stack):
    """Made with the vendor on the first run, the same ever after."""
    file = stack.folder / "keys/owner"
    if not file.exists():
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        stack.command("vendor", "add", "--name", "Northwind", "--owner-email", OWNER, "--first-name", "Ada", "--last-name", "Berg",
                      "--password-stdin", stdin=password + "\n")
        file.touch(0o600)
        file.write_text(password + "\n", encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def _bring_up(folder, tied):
    port = int(os.environ.get("PORT", "8080"))
    if _running(folder):
        raise Failed("it is running already: `make stop` ends it")
    if answers(socket.AF_INET, ("127.0.0.1", port)):
        raise Failed(f"something else listens on 127.0.0.1:{port}: choose another, PORT=8081 make run")
    stack = Stack(folder, port=port, limits=True, tied=tied, mail_port=port + 1)
    try:
        stack.start()
        password = _owner_password(stack)
        urllib.request.urlopen(stack.url + "/sign-in", timeout=10).close()
    except BaseException:
        stack.stop()
        raise
    _state(folder).write_text(json.dumps([{"name": p.name, "pid": p.pid, "started": p.started} for p in stack.processes()]), encoding="ascii")
    print(f"Portal: {stack.url}\nSign in: {OWNER} {password}\nMail: {stack.mail_url}", flush=True)
    return stack


def _run(folder):
    def told(*_):
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)
    stack = _bring_up(folder, tied=True)
    try:
        while True:
            dead = [p for p in stack.processes() if p.poll() is not None]
            if dead:
                raise Failed(f"{dead[0].name} has ended: see {dead[0].log}")
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stack.stop()
        _state(folder).unlink(missing_ok=True)


def _stop(folder):
    for p in _recorded(folder):
        end_recorded(p["name"], p["pid"], p["started"])
    _state(folder).unlink(missing_ok=True)
    return 0


def main(words):
    """run, start or stop, and the folder of the data (of the Makefile's RUN)."""
    if len(words) != 2 or words[0] not in ("run", "start", "stop"):
        print("usage: stack.py run|start|stop FOLDER", file=sys.stderr)
        return 2
    folder = pathlib.Path(words[1]).resolve()
    try:
        if words[0] == "run":
            return _run(folder)
        if words[0] == "start":
            _bring_up(folder, tied=False)
            return 0
        return _stop(folder)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
