"""What a command takes: time, CPU and memory, its own and the server's."""
import glob
import os
import subprocess
import sys
import time
from dataclasses import dataclass

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass
class Taken:
    wall: float    # seconds
    client: float  # CPU seconds of the command and of all below it
    server: float  # CPU seconds of the whole PostgreSQL meanwhile
    peak: float    # MiB of the largest process of the command

    @property
    def cpu(self):
        return self.client + self.server


def stat(pid):
    """The fields of /proc/PID/stat that follow the command's name."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
            return f.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def processes():
    """Process id, parent's id and stat fields of every process."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        fields = stat(pid)
        if fields is not None:
            yield int(pid), int(fields[1]), fields


def postmaster():
    locks = glob.glob(f"{os.environ['PGHOST']}/.s.PGSQL.*.lock")
    with open(locks[0], encoding="ascii") as f:
        return int(f.readline())


def server_cpu():
    """Of the server: its own, of its children, and of those that are gone.

    A backend ends a moment after its client, and passes its time on then.
    """
    time.sleep(0.3)
    server = postmaster()
    ticks = sum(int(n) for n in stat(server)[11:15])
    for _, parent, fields in processes():
        if parent == server:
            ticks += sum(int(n) for n in fields[11:13])
    return ticks / TICKS


def tree_mib(root):
    """Resident memory of a process and of all below it."""
    parents, pages = {}, {}
    for pid, parent, fields in processes():
        parents[pid], pages[pid] = parent, int(fields[21])
    total = 0
    for pid, size in pages.items():
        up = pid
        while up not in (root, 0, None):
            up = parents.get(up)
        total += size if up == root else 0
    return total * PAGE_KIB / 1024


def run(*command, watch=None, done=(0, 65)):
    """Run a command; watch is called with its process id while it runs.

    Exit 65 counts as done: something was set aside.
    """
    before = server_cpu()
    start = time.monotonic()
    with subprocess.Popen([str(word) for word in command],
                          stdout=subprocess.DEVNULL) as child:
        if watch is not None:
            watch(child.pid)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if child.returncode not in done:
        sys.exit(f"bench: {command}: exit {child.returncode}")
    return Taken(wall, used.ru_utime + used.ru_stime, server_cpu() - before,
                 used.ru_maxrss / 1024)
