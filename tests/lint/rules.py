#!/usr/bin/env python3
"""What each rule of rules.def needs: names every piece that is missing.

usage: rules.py   (ends with "rules: N passed, N failed")"""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
os.chdir(ROOT)
STRING = r'"(?:[^"\\]|\\.)*"'


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def missing(number, name):
    """The pieces that a rule lacks."""
    code = f"OV{number}"
    if not re.search(rf"^OV_EXPLAIN\({number},", read("src/finding/explain.def"), re.M):
        yield "its explanation (OV_EXPLAIN) in src/finding/explain.def"
    for file in ("bad.csv", "good.csv", "expected"):
        if not os.path.exists(f"testdata/rules/{code}/{file}"):
            yield f"testdata/rules/{code}/{file}" + (" (make golden-update)" if file == "expected" else "")
    if not any(f"OV_R{number}" in read(path) for path in glob.glob("src/**/*.c", recursive=True)):
        yield f"a function in src/vet/ that adds OV_R{number}"
    if code not in announced:
        yield f"a line about {code} in CHANGELOG.md"


announced = set(re.findall(r"\bOV\d{3}\b", read("CHANGELOG.md")))
for first, last in re.findall(r"\bOV(\d{3}) to OV(\d{3})\b", read("CHANGELOG.md")):
    announced |= {f"OV{n}" for n in range(int(first), int(last) + 1)}
rules = re.findall(r'^OV_RULE_\w+\((\d+), "([a-z0-9-]+)"', read("src/finding/rules.def"), re.M)
failed = 0
for number, name in rules:
    for piece in missing(number, name):
        failed += 1
        print(f"rules: OV{number} {name} FAILED: it lacks {piece}")
numbers = [number for number, _ in rules]
if len(set(numbers)) != len(numbers) or numbers != sorted(numbers):
    failed += 1
    print("rules: rules.def FAILED: numbers are unique and rising")
for folder in sorted(glob.glob("testdata/rules/OV*")):
    if folder[-3:] not in numbers:
        failed += 1
        print(f"rules: {folder} FAILED: it is of no rule")
run = subprocess.run([sys.executable, "tests/lint/catalogue.py"], capture_output=True, text=True)
if run.returncode:
    failed += 1
    print("rules: translations FAILED: (tests/lint/catalogue.py --missing prints the entries)\n" + run.stdout, end="")
# numbers of rules that documents mention
for path in ["README.md", "CHANGELOG.md", *glob.glob("src/**/*.md", recursive=True), *glob.glob("src/cli/*.def")]:
    for count in re.findall(r"\b(\d+) (?:rules|codes)\b", read(path)):
        if int(count) != len(rules):
            failed += 1
            print(f"rules: {path} FAILED: it speaks of {count} rules; there are {len(rules)}")
print(f"rules: {len(rules) - min(failed, len(rules))} passed, {failed} failed")
sys.exit(failed > 0)
