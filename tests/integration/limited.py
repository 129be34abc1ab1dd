#!/usr/bin/env python3
"""Run a command for at most 60 s and say how much memory it took.

usage: limited.py FILE COMMAND [ARGUMENT...]

Its exit status is the command's; 124: it was ended after 60 s; 128 + N: it
died of signal N.  FILE gets the peak in MB, rounded up.
"""
import os
import resource
import signal
import subprocess
import sys

child = subprocess.Popen(sys.argv[2:])
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
with open(sys.argv[1], "w", encoding="ascii") as f:
    f.write(f"{peak // 1024 + 1}\n")
sys.exit(status)
