"""measure.py - what one page costs: requests per second and latency from wrk, CPU time per request from /proc, memory of a worker."""
import os
import pathlib
import re
import subprocess
from dataclasses import dataclass, field

TICK = os.sysconf("SC_CLK_TCK")
REQUESTS = re.compile(r"(\d+) requests in")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def family(pid):
    """A process and all that descend from it."""
    pids = [pid]
    for parent in pids:
        try:
            pids += [int(p) for p in pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        except OSError:
            pass
    return pids


def cpu_seconds(pid):
    """User and system time of a process and its living descendants."""
    total = 0
    for p in family(pid):
        try:
            fields = pathlib.Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return total / TICK


def pss_kib(pid):
    """Proportional memory of one process: shared pages are divided among those who share them."""
    return int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])


@dataclass
class Result:
    name: str
    rate: float       # requests per second
    p50: float        # ms
    p99: float        # ms
    failures: int     # answers that were not 2xx or 3xx, and broken connections
    cpu: dict = field(default_factory=dict)  # microseconds per request, by process name

    def line(self, limit=None):
        ratio = f"{self.rate / limit.rate:6.2f}" if limit else "     1"
        cpu = "".join(f" {self.cpu.get(n, 0):9.0f}" for n in COLUMNS)
        return f"{self.name:<28} {self.rate:9.0f} {self.p50:8.2f} {self.p99:8.2f} {ratio}{cpu}" + \
            (f"  {self.failures} FAILED" if self.failures else "")


COLUMNS = ("program", "mariadb", "nginx")
HEADING = f"{'':<28} {'requests/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'ratio':>6} " + " ".join(f"{'us ' + n:>9}" for n in COLUMNS)


def _milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS[unit]


def measure(name, url, pids, seconds=8, connections=32, headers=()):
    """Load `url` with wrk. `pids`: column name -> pid whose family's CPU time is counted."""
    before = {n: cpu_seconds(p) for n, p in pids.items()}
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", *[w for h in headers for w in ("-H", h)], url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = {n: cpu_seconds(p) for n, p in pids.items()}
    requests = int(REQUESTS.search(said)[1])
    failures = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    for errors in re.findall(r"Socket errors: (.*)", said):
        failures += sum(int(n) for n in re.findall(r"\d+", errors))
    return Result(
        name, float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), _milliseconds(re.search(r"^ +50% +(\S+)", said, re.M)[1]),
        _milliseconds(re.search(r"^ +99% +(\S+)", said, re.M)[1]), failures,
        {n: (after[n] - before[n]) * 1e6 / max(requests, 1) for n in pids})


def warm(url, requests):
    """So many requests at least, in rounds of two seconds."""
    done = 0
    while done < requests:
        said = subprocess.run(["wrk", "-t2", "-c32", "-d2s", url], capture_output=True, text=True, check=True).stdout
        done += int(REQUESTS.search(said)[1])
