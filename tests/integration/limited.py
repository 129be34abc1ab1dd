#!/usr/bin/env python3
"""Run a command for at most 60 s and say how much memory it took.

usage: limited.py FILE ERRORS COMMAND [ARGUMENT...]

Its exit status is the command's; 124: it was ended after 60 s; 128 + N: it
died of signal N.  ERRORS gets its standard error.  FILE gets the peak in MB,
rounded up, and the number of characters in ERRORS that a terminal would not
show, or would obey.
"""
import os
import resource
import signal
import subprocess
import sys
import unicodedata

errors = open(sys.argv[2], "w+b")
child = subprocess.Popen(sys.argv[3:], stderr=errors)
status = None


def on_alarm(_signum, _frame):
    global status
    status = 124
    child.kill()


signal.signal(signal.SIGALRM, on_alarm)
signal.alarm(60)
code = child.wait()
if status is None:
    status = code if code >= 0 else 128 - code
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
errors.seek(0)
text = errors.read().decode("utf-8", "surrogateescape")
bad = sum(c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")
          for c in text)
with open(sys.argv[1], "w", encoding="ascii") as f:
    f.write(f"{peak // 1024 + 1}\n{bad}\n")
sys.exit(status)
