#!/usr/bin/env python3
"""Runs the sets of small real-life files in SHARED/cases with the runner that is beside them.

usage: cases.py ORGVET SHARED   (ends with "cases: N passed, N failed"; says so where there are none)"""
import os
import re
import subprocess
import sys

SETS = ["encoding", "header", "rows", "columns", "values", "shapes", "fix", "guards"]
orgvet, folder = os.path.realpath(sys.argv[1]), os.path.join(sys.argv[2], "cases")
passed = failed = 0
if not os.path.exists(os.path.join(folder, "run.py")):
    print("cases: skipped: there are no cases in " + folder)
for name in SETS if os.path.exists(os.path.join(folder, "run.py")) else []:
    run = subprocess.run([sys.executable, os.path.join(folder, "run.py"), orgvet, os.path.join(folder, name)],
                         capture_output=True, text=True)
    agree = re.search(r"^(\d+) of (\d+) agree$", run.stdout, re.M)
    if not agree:
        failed += 1
        print(f"cases: {name} FAILED: {run.stdout} {run.stderr}")
        continue
    passed += int(agree[1])
    failed += int(agree[2]) - int(agree[1])
    for line in run.stdout.splitlines()[:-1]:
        print(f"cases: FAILED {line}")
print(f"cases: {passed} passed, {failed} failed")
sys.exit(failed > 0)
