"""machine.py - processes that a test or `make run` owns, and a private MariaDB among them.

Every process is started by this file, known by its pid, and ended by that pid. A tied process gets SIGTERM when its parent dies, so
nothing outlives a test; an untied one (`make start`) lives on and is found again through its pid and start time.
"""
import contextlib
import ctypes
import fcntl
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import weakref

ROOT = pathlib.Path(__file__).resolve().parent.parent
AS_ROOT = os.geteuid() == 0
_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
os.environ["PATH"] += ":/usr/sbin:/sbin"


class Failed(Exception):
    """Something of the machine did not start or answer; the words say where to look."""


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, seconds, check, process=None):
    """Poll `check` until it is true; Failed when the time is over or the process has ended."""
    deadline = time.monotonic() + seconds
    while not check():
        if process and process.poll() is not None:
            raise Failed(f"{what} ended while starting: see {process.log}")
        if time.monotonic() > deadline:
            raise Failed(f"{what} is not ready after {seconds} s")
        time.sleep(0.01)


def answers(family, address):
    """Whether somebody accepts connections there."""
    with socket.socket(family) as s:
        s.settimeout(1)
        return s.connect_ex(address) == 0


def start_time(pid):
    """When the process with this number was started, in clock ticks: a pid alone may be somebody else's by now."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])
    except (OSError, IndexError):
        return None


def environment(**more):
    """Ours without the caller's INVITED_ variables, which would change the program under test."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("INVITED_", "LISTEN_", "NOTIFY_"))}
    return clean | more


class Process:
    """One process in a session of its own (so that Ctrl-C reaches only us), its output in a file."""

    def __init__(self, name, command, log, tied=True, env=None, cwd=None):
        self.name, self.log = name, log
        with open(log, "ab") as out:
            self._popen = subprocess.Popen(
                [str(c) for c in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env or environment(), cwd=cwd,
                start_new_session=True, preexec_fn=_die_with_parent if tied else None)
        self.pid = self._popen.pid
        self.started = start_time(self.pid)

    def poll(self):
        return self._popen.poll()

    def send(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)
            if number == signal.SIGSTOP:  # its threads run on for a moment
                os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def kill(self):
        self.send(signal.SIGKILL)
        self._popen.wait()

    def stop(self, number=signal.SIGTERM, seconds=30):
        """Exit status; killed when it takes longer."""
        self.send(number)
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.name} ({self.pid}) did not end within {seconds} s") from None


def end_recorded(name, pid, started, number=signal.SIGTERM, seconds=45):
    """End a process of an earlier run, if that pid is still that process."""
    if start_time(pid) != started or started is None:
        return
    os.kill(pid, number)
    deadline = time.monotonic() + seconds
    while start_time(pid) == started and time.monotonic() < deadline:
        if ended(pid):
            return
        time.sleep(0.02)
    if start_time(pid) == started and not ended(pid):
        os.kill(pid, signal.SIGKILL)


def ended(pid):
    """Whether nothing of that process runs any more. Its number stays until its parent asks: for an orphan that is the machine's first
    process, which may take its time."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


class Database:
    """A private MariaDB: own data folder, unix socket, no network port, durable."""

    # The schema and the program's user; the password is in a file that the program reads.
    USER = "invited"

    def __init__(self, folder, socket_path, password, tied=True, buffer_pool="64M", options=()):
        self.folder, self.socket, self.password = pathlib.Path(folder), str(socket_path), password
        self.tied, self.buffer_pool, self.options = tied, buffer_pool, list(options)
        self.log = self.folder.parent / "log" / "mariadb.log"
        self.process = None
        self._here = threading.local()

    def _server_options(self):
        options = [
            "--no-defaults", f"--datadir={self.folder}", f"--socket={self.socket}", f"--pid-file={self.folder}.pid",
            f"--tmpdir={self.folder.parent}", "--skip-networking", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=1",
            f"--innodb-buffer-pool-size={self.buffer_pool}", "--innodb-log-file-size=16M", "--character-set-server=utf8mb4",
            "--max-connections=300", "--performance-schema=off", *self.options]
        return options + (["--user=root"] if AS_ROOT else [])

    def create(self):
        """A new, empty data folder. The slow part (about a second)."""
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        making = self.folder.with_suffix(".making")  # whoever is interrupted here begins anew
        shutil.rmtree(making, ignore_errors=True)
        command = [
            "mariadb-install-db", "--no-defaults", f"--datadir={making}", "--skip-test-db", "--skip-name-resolve",
            "--auth-root-authentication-method=socket", f"--auth-root-socket-user={user}", "--innodb-log-file-size=16M",
            "--innodb-buffer-pool-size=32M", *(["--user=root"] if AS_ROOT else [])]
        env = environment(TMPDIR=str(self.folder.parent))  # its temporary tables have the same names as those of another one that is made now
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, check=False)
        if done.returncode:
            raise Failed(f"mariadb-install-db: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        making.rename(self.folder)

    def start(self):
        self.process = Process("mariadbd", ["mariadbd", *self._server_options()], self.log, self.tied)
        wait_for("mariadbd", 60, self._greets, self.process)

    def _greets(self):
        """The server's first packet: the socket alone accepts before the server is ready (and loses a SIGTERM until then)."""
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(5)
                s.connect(self.socket)
                return len(s.recv(5)) == 5
        except OSError:
            return False

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None

    def kill(self):
        self.process.kill()
        self.process = None

    def prepare(self):
        """The program's schema and user, as often as wanted."""
        self.sql(f"CREATE DATABASE IF NOT EXISTS invited CHARACTER SET utf8mb4;"
                 f"CREATE USER IF NOT EXISTS {self.USER}@localhost IDENTIFIED BY '{self.password}';"
                 f"ALTER USER {self.USER}@localhost IDENTIFIED BY '{self.password}';"
                 f"GRANT ALL ON invited.* TO {self.USER}@localhost;", schema="")

    def sql(self, text, schema="invited"):
        """Run statements as the administrator. Rows as tuples of text (None for NULL), of all statements one after the other."""
        if not schema or len(text) > Administrator.MOST:
            said = self._once(text, schema)
        else:
            if getattr(self._here, "of", self) is not self.process or self._here.administrator.ended():
                self._here.of, self._here.administrator = self.process, Administrator(self._command(schema))
            said = self._here.administrator.ask(text)
        return [tuple(_unescaped(f) for f in line.split("\t")) if "\\" in line or "NULL" in line else tuple(line.split("\t")) for line in said]

    def _command(self, schema):
        return ["mariadb", "--no-defaults", f"--socket={self.socket}", "--batch", "--skip-column-names", "--unbuffered",
                "--default-character-set=utf8mb4", *([schema] if schema else [])]

    def _once(self, text, schema):
        done = subprocess.run(self._command(schema), input=text.encode(), capture_output=True, check=False)
        if done.returncode:
            raise Failed(f"sql: {done.stderr.decode(errors='replace').strip()}\n{text[:500]}")
        return done.stdout.decode(errors="replace").split("\n")[:-1]


class Administrator:
    """A `mariadb` that stays, one for each thread: starting one costs more than most statements do. It ends with a statement that fails, with its
    server, and with us, whose pipe it reads."""
    MOST = 30000   # a pipe takes this much at once, so that nobody waits for the other
    END = "that was everything"

    def __init__(self, command):
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said)
        weakref.finalize(self, self._end, self.process, self.said)

    @staticmethod
    def _end(process, said):
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        said.close()

    def ended(self):
        return self.process.poll() is not None

    def ask(self, text):
        lines, end = [], f"{self.END}\n".encode()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{text}\n;\nSELECT '{self.END}';\n".encode())
            self.process.stdin.flush()
        for line in self.process.stdout:
            if line == end:
                return lines
            lines.append(line.decode(errors="replace").rstrip("\n"))
        self.process.wait()
        self.said.seek(0)
        raise Failed(f"sql: {self.said.read().decode(errors='replace').strip()}\n{text[:500]}")


def _unescaped(field):
    if field == "NULL":
        return None
    if "\\" not in field:
        return field
    out, i = [], 0
    while i < len(field):
        if field[i] == "\\" and i + 1 < len(field):
            i += 1
            out.append({"n": "\n", "t": "\t", "0": "\0"}.get(field[i], field[i]))
        else:
            out.append(field[i])
        i += 1
    return "".join(out)


def template(make):
    """A stopped data folder that `make(folder)` has filled, kept in build/test until the migrations or the server change."""
    version = subprocess.run(["mariadbd", "--version"], capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256(version.encode() + pathlib.Path(__file__).read_bytes())
    for migration in sorted((ROOT / "sql/migrations").glob("*.sql")):
        digest.update(migration.name.encode() + b"\0" + migration.read_bytes())
    cache = ROOT / "build/test"
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"template-{digest.hexdigest()[:16]}"
    with open(cache / "template.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in cache.glob("template-*"):
                shutil.rmtree(old, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix="making-", dir=cache) as making:
                make(pathlib.Path(making))
                os.rename(f"{making}/db", kept)
    return kept


def copy_tree(source, target):
    subprocess.run(["cp", "-a", "--reflink=auto", "--sparse=always", f"{source}/.", str(target)], check=True)
