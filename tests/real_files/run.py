"""Real files are vetted and compared with an independent count; reports are validated against their
JSON schema.

usage: run.py ORGVET SHARED

SHARED contains `examples/` (files that the project may not distribute); without them they are
skipped with a message. The independent count uses Python's csv module and plain dictionaries. The
JSON reports of the golden cases are validated too. Ends with "real: N passed, N failed"."""

import csv
import glob
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMA = os.path.join(ROOT, "src/report/report-1.json")
TSV = {"delimiter": "\t", "identifier": "Unique ID", "markers": []}
FILES = {
    "harmonized-system.csv": {
        "delimiter": ",", "skip": 0, "identifier": "hscode", "parent": "parent",
        "name": "description", "markers": ["TOTAL"], "rows": 6940,
    },
    "iab-audience-1.1.tsv": {
        **TSV, "skip": 0, "parent": "Parent ID", "name": "Condensed Name (1st, 2nd, Last Tier)",
        "rows": 1558,
    },
    "iab-content-2.2.tsv": {**TSV, "skip": 1, "parent": "Parent", "name": "Name", "rows": 1196},
    "iab-content-3.1.tsv": {**TSV, "skip": 1, "parent": "Parent", "name": "Name", "rows": 704},
}


def levels(parent_of):
    """The deepest chain of known parents; identifiers in or below a cycle do not count."""
    deepest = 0
    for start in parent_of:
        seen, at = [], start
        while at in parent_of and at not in seen:
            seen.append(at)
            at = parent_of[at]
        deepest = max(deepest, 0 if at in seen else len(seen))
    return deepest


def count(path, about):
    """The contents of the file, by the csv module only."""
    with open(path, newline="", encoding="utf-8") as file:
        for _ in range(about["skip"]):
            next(file)
        reader = csv.reader(file, delimiter=about["delimiter"], strict=True)
        header = next(reader)
        rows = [row for row in reader if any(row)]
    column = {key: header.index(about[key]) for key in ("identifier", "parent", "name")}
    get = lambda row, key: row[column[key]]
    parent = lambda row: "" if get(row, "parent") in about["markers"] else get(row, "parent")
    ids, first, duplicates = set(), [], 0
    for row in rows:
        duplicates += get(row, "identifier") in ids
        if get(row, "identifier") not in ids:
            first.append(row)
        ids.add(get(row, "identifier"))
    siblings, same = set(), 0
    for row in first:
        pair = (parent(row), get(row, "name"))
        if not parent(row) or parent(row) in ids:
            same += pair in siblings and bool(get(row, "name").strip())
            siblings.add(pair)
    checked = [get(row, key) for row in rows for key in column if get(row, key) not in about["markers"]]
    counts = {
        "OV107": sum(len(row) != len(header) for row in rows),
        "OV301": sum(not get(row, "name").strip() for row in rows),
        "OV302": sum(not get(row, "identifier") for row in rows),
        "OV306": sum(value != value.strip() and bool(value.strip()) for value in checked),
        "OV401": duplicates,
        "OV402": sum(bool(parent(row)) and parent(row) not in ids for row in rows),
        "OV408": same,
        "OV412": sum(marker in ids and any(get(row, "parent") == marker for row in rows) for marker in about["markers"]),
    }
    return {
        "rows": len(rows), "nodes": len(first), "roots": sum(not parent(row) for row in first),
        "max_depth": levels({get(row, "identifier"): parent(row) for row in first}),
        "counts": {code: number for code, number in counts.items() if number},
    }


def vet(orgvet, path, about):
    command = [orgvet, "check", "--importer", "positions", "--format", "json", "--skip", str(about["skip"]),
               "--identifier", about["identifier"], "--map", "parentid=" + about["parent"],
               "--map", "name=" + about["name"]]
    for marker in about["markers"]:
        command += ["--root-marker", marker]
    done = subprocess.run(command + [path], capture_output=True, timeout=60)
    return json.loads(done.stdout)


def compare(orgvet, path, about, validator):
    report = vet(orgvet, path, about)
    validator.validate(report)
    got, expected = report["files"][0], count(path, about)
    wrong = ["%s is %r, the script says %r" % (key, got[key], expected[key])
             for key in ("rows", "nodes", "roots", "max_depth") if got[key] != expected[key]]
    codes = {code: number for code, number in got["counts"].items()
             if code in expected["counts"] or code[2] == "4" and code != "OV407" or code in ("OV107", "OV306")}
    if codes != expected["counts"]:
        wrong.append("counts are %r, the script says %r" % (codes, expected["counts"]))
    if got["rows"] != about["rows"]:
        wrong.append("%d rows, its source says %d" % (got["rows"], about["rows"]))
    return wrong


def main():
    import jsonschema

    orgvet, shared = os.path.abspath(sys.argv[1]), sys.argv[2]
    with open(SCHEMA, encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(json.load(file))
    passed = failed = 0
    for path in sorted(glob.glob(os.path.join(ROOT, "testdata/cases/*/expected.stdout"))):
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        with open(os.path.join(os.path.dirname(path), "args"), encoding="utf-8") as file:
            words = file.read().split()
        if words[:1] == ["check"] and text.startswith('{"schema_version"'):
            errors = [error.message for error in validator.iter_errors(json.loads(text))]
            if errors:
                print("real: %s FAILED: %s" % (path, errors[0]))
            passed, failed = passed + (not errors), failed + bool(errors)
    schema = os.path.join(shared, "schemas/report-1.json")
    if os.path.exists(schema):
        same = open(schema, "rb").read() == open(SCHEMA, "rb").read()
        if not same:
            print("real: the schema FAILED: it is not the shared one")
        passed, failed = passed + same, failed + (not same)
    folder = os.path.join(shared, "examples/real")
    if not os.path.isdir(folder):
        print("real: skipped the real files, %s is not here" % folder)
    for name, about in FILES.items() if os.path.isdir(folder) else ():
        wrong = compare(orgvet, os.path.join(folder, name), about, validator)
        for line in wrong:
            print("real: %s FAILED: %s" % (name, line))
        passed, failed = passed + (not wrong), failed + bool(wrong)
    print("real: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
