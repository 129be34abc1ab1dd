#!/usr/bin/env python3
"""Run a command within bounds and say how much memory it took.

usage: limited.py FILE ERRORS COMMAND [ARGUMENT...]

Its exit status is the command's; 124: it was ended after 60 s of a processor,
or as it hung; 128 + N: it died of signal N.  ERRORS gets its standard error.
FILE gets the peak in MB, rounded up, and the number of characters in ERRORS
that a terminal would not show, or would obey.
"""
import os
import resource
import signal
import subprocess
import sys
import tempfile
import unicodedata

SECONDS = 60      # of a processor; others' work does not count
PATIENCE = 600    # seconds: it hangs
UNBOXED = "dmarc-ingest: decoding without the sandbox\n"


class Result:
    def __init__(self, status, peak, errors):
        self.status = status
        self.peak = peak
        self.errors = errors
        self.invisible = sum(
            c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl",
                                                      "Zp")
            for c in errors)


def bound():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


def run(command):
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stderr=out, preexec_fn=bound)
        signal.signal(signal.SIGALRM, lambda _signum, _frame: child.kill())
        signal.alarm(PATIENCE)
        _pid, code, usage = os.wait4(child.pid, 0)
        left = signal.alarm(0)
        child.returncode = code
        if os.WIFEXITED(code):
            status = os.WEXITSTATUS(code)
        else:
            late = left == 0 or os.WTERMSIG(code) == signal.SIGXCPU
            status = 124 if late else 128 + os.WTERMSIG(code)
        out.seek(0)
        errors = out.read().decode("utf-8", "surrogateescape")
        if os.environ.get("NO_SANDBOX"):
            errors = errors.replace(UNBOXED, "")
    return Result(status, usage.ru_maxrss // 1024 + 1, errors)


def main():
    result = run(sys.argv[3:])
    with open(sys.argv[2], "w", encoding="utf-8",
              errors="surrogateescape") as f:
        f.write(result.errors)
    with open(sys.argv[1], "w", encoding="ascii") as f:
        f.write(f"{result.peak}\n{result.invisible}\n")
    sys.exit(result.status)


if __name__ == "__main__":
    main()
