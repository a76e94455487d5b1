#!/usr/bin/env python3
"""Run a command and append "NAME seconds peak-kilobytes exit-status" to REPORT. The peak is the largest resident set of
the command or of a process that it started and waited for, as the kernel counts it.

usage: measure.py REPORT NAME COMMAND [ARGUMENT...]
"""
import os, sys, time

report, name, command = sys.argv[1], sys.argv[2], sys.argv[3:]
started = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - started
code = os.waitstatus_to_exitcode(status)
with open(report, "a") as file:
    print(name, f"{wall:.3f}", usage.ru_maxrss, code, file=file)
sys.exit(code if code >= 0 else 128 - code)
