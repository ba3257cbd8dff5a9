"""Hostile shapes with a million rows: each must finish with the right findings.

usage: run.py ORGVET

Makes each file in a temporary folder, and compares counts, nodes, roots, depth and the first
finding with those that the shape must give. Time is not measured here (see `make bench`), but code
that is not linear would exceed the limit of ten minutes for each. Some are drawn, emitted and fixed
too. Ends with "scale: N passed, N failed"."""

import json
import os
import subprocess
import sys
import tempfile

N = 1_000_000
HEADER = "idnumber,parent,name\n"


def rows(make):
    """The file's text; `make` returns identifier and parent of a row."""
    return HEADER + "".join("%s,%s,N%d\n" % (*make(i), i) for i in range(N))


SHAPES = {
    "chain": (
        lambda i: ("P%d" % i, "P%d" % (i - 1) if i else ""),
        {"nodes": N, "roots": 1, "max_depth": N, "counts": {"OV406": 1}},
    ),
    "star": (
        lambda i: ("P%d" % i, "P0" if i else ""),
        {"nodes": N, "roots": 1, "max_depth": 2, "counts": {}},
    ),
    "cycle": (
        lambda i: ("P%d" % i, "P%d" % ((i + 1) % N)),
        {"nodes": N, "roots": 0, "max_depth": 0, "counts": {"OV404": 1}},
    ),
    "one identifier": (
        lambda i: ("P", ""),
        {"nodes": 1, "roots": 1, "max_depth": 1, "counts": {"OV401": N - 1}},
    ),
    "children before parents": (
        lambda i: ("P%d" % i, "P%d" % (i + 1) if i + 1 < N else ""),
        {"nodes": N, "roots": 1, "max_depth": N, "counts": {"OV406": 1}},
    ),
    "all parents missing, each nearly right": (
        lambda i: ("A%d" % i, "a %d" % ((i + 1) % N)),
        {"nodes": N, "roots": 0, "max_depth": 1, "counts": {"OV402": N}},
    ),
    "half a million pairs": (
        lambda i: ("P%d" % i, "P%d" % (i ^ 1)),
        {"nodes": N, "roots": 0, "max_depth": 0, "counts": {"OV404": N // 2}},
    ),
    "a tangle of duplicates": (
        lambda i: ("P%d" % (i % 1000), "P%d" % ((i * 7 + i // 1000) % 1000)),
        {"nodes": 1000, "counts": {"OV401": N - 1000}},
    ),
    "near duplicates": (
        lambda i: ("P" + "".join("xX"[i >> b & 1] for b in range(20)), ""),
        {"nodes": N, "roots": N, "counts": {"OV405": N - 1}},
    ),
    "equal siblings": (
        lambda i: ("P%d" % i, "P0" if i else ""),
        {"counts": {"OV408": N - 2}},
    ),
}


def run(orgvet, name, folder):
    make, expected = SHAPES[name]
    path = os.path.join(folder, "positions.csv")
    text = rows(make)
    if name == "equal siblings":
        text = HEADER + "".join("%s,%s,N\n" % make(i) for i in range(N))
    with open(path, "w") as file:
        file.write(text)
    command = [orgvet, "check", "--format", "json", "--max-findings", "100", path]
    done = subprocess.run(command, capture_output=True, timeout=600)
    if done.returncode not in (0, 1) or done.stderr:
        return ["exit %d, %s" % (done.returncode, done.stderr[:200])]
    report = json.loads(done.stdout)["files"][0]
    wrong = []
    for key, value in expected.items():
        got = report[key]
        if key == "counts":
            got = {code: got.get(code, 0) for code in value}
            extra = set(report[key]) - set(value) - {"OV404", "OV407", "OV403", "OV211"}
            if extra and name != "all parents missing, each nearly right":
                wrong.append("unexpected %s" % sorted(extra))
        if got != value:
            wrong.append("%s is %r, not %r" % (key, got, value))
    findings = report["findings"]
    if name == "cycle":
        cycle = findings[0]
        if len(cycle["members"]) != N or cycle["members"][:2] != ["P0", "P1"]:
            wrong.append("the members are not those of the loop")
    if name == "chain" and (findings[0]["row"], findings[0]["line"]) != (101, 102):
        wrong.append("OV406 is at row %d" % findings[0]["row"])
    if name.startswith("all parents") and findings[0].get("suggestion") != "A1":
        wrong.append("no suggestion")
    return wrong


def parents_first(text):
    """Whether each parent precedes its children, and the number of rows."""
    seen, count = {""}, 0
    for line in text.splitlines()[1:]:
        own, parent = line.split(",")[:2]
        if parent not in seen:
            return False, count
        seen.add(own)
        count += 1
    return True, count


def meaning(orgvet, name, folder):
    """Drawing, emitting and fixing at this size."""
    path, out = os.path.join(folder, "positions.csv"), os.path.join(folder, "out")
    with open(path, "w") as file:
        file.write(rows(SHAPES[name][0]))
    wrong = []
    for command, lines in (("tree", N), ("tree --format json", None), ("emit -k --quiet -f ndjson", 0 if name == "cycle" else N),
                           ("fix --sort --quiet", N + 1)):
        done = subprocess.run([orgvet, *command.split(), "-o", out, path], capture_output=True, timeout=600)
        with open(out) as file:
            text = file.read()
        if done.returncode != (name == "cycle" and "emit" in command):
            wrong.append("%s: exit %d: %s" % (command, done.returncode, done.stderr[:200]))
        elif lines is not None and text.count("\n") != lines:
            wrong.append("%s: %d lines" % (command, text.count("\n")))
        elif "json" in command and "nd" not in command and len(json.loads(text)["nodes"]) != N:
            wrong.append("%s: not all rows" % command)
        elif "fix" in command and name != "cycle" and parents_first(text) != (True, N):
            wrong.append("%s: a row before its parent" % command)
    return wrong


MEANT = ["chain", "star", "cycle", "children before parents"]


def main():
    orgvet = os.path.abspath(sys.argv[1])
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in SHAPES:
            for line in (wrong := run(orgvet, name, folder)):
                print("scale: %s FAILED: %s" % (name, line))
            failed += bool(wrong)
        for name in MEANT:
            for line in (wrong := meaning(orgvet, name, folder)):
                print("scale: %s FAILED: %s" % (name, line))
            failed += bool(wrong)
    print("scale: %d passed, %d failed" % (len(SHAPES) + len(MEANT) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
