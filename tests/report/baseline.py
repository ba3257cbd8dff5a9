#!/usr/bin/python3
"""Baselines of `orgvet check`.

usage: baseline.py ORGVET SEEDS

Random files with any defect (tests/model/generate.py): with a baseline of itself a file has no
findings; only added problems are reported; removed ones are reported as gone. Reordered rows have
the same findings. Ends with "baseline: N passed, N failed"."""
import csv, io, json, os, random, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "model"))
from generate import generate  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ORGVET, SEEDS = os.path.realpath(sys.argv[1]), int(sys.argv[2])
tally = Tally("baseline")
check = tally.check


def orgvet(*args, cwd=None):
    return subprocess.run([ORGVET, "check", "-i", "positions", *args], capture_output=True, cwd=cwd)


def findings(run):
    return [(f["code"], f["fingerprint"]) for f in json.loads(run.stdout)["files"][0]["findings"]]


def random_files(work):
    path, known = os.path.join(work, "positions.csv"), os.path.join(work, "known.json")
    for seed in range(1, SEEDS + 1):
        with open(path, "wb") as file:
            file.write(generate(seed))
        all_of_it = findings(orgvet("-f", "json", path))
        run = orgvet("-f", "json", "--write-baseline", known, path)
        check(f"seed {seed}: written, no findings reported", run.returncode == 0 and not findings(run), run.stderr)
        entries = [(f["code"], f["fingerprint"]) for f in json.load(open(known, encoding="utf-8"))["findings"]]
        check(f"seed {seed}: contains all findings", sorted(entries) == sorted(all_of_it), f"{entries} {all_of_it}")
        run = orgvet("-f", "json", "--fail-on", "info", "--baseline", known, path)
        check(f"seed {seed}: all findings are known", run.returncode == 0 and not findings(run) and b"gone since" not in run.stderr, run.stderr)
        summary = json.loads(run.stdout)["summary"]
        check(f"seed {seed}: counts exclude known findings", not (summary["error"] or summary["warning"] or summary["info"]), summary)
        # from another folder, by another name of the same file
        run = orgvet("-f", "json", "--fail-on", "info", "--baseline", known, "./positions.csv", cwd=work)
        check(f"seed {seed}: from another working folder", run.returncode == 0, run.stdout[:300])


def organisation(rng, count):
    """Rows whose problems concern only themselves: none depends on the order."""
    rows = []
    for i in range(count):
        kind = rng.random()
        parent = f"N{rng.randrange(i)}" if i else ""
        rows.append([f"N{i}", f"GONE{i}" if kind < 0.1 else f"N{i}" if kind < 0.15 else parent,
                     f"Name {i}" + (" " if kind > 0.9 else ""), "yes" if 0.5 < kind < 0.6 else "0"])
    return rows


def save(path, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["idnumber", "parentid", "name", "globalmanager"]] + rows)
    with open(path, "w", encoding="utf-8") as file:
        file.write(out.getvalue())


def changed_files(work):
    path, known = os.path.join(work, "positions.csv"), os.path.join(work, "known.json")
    for seed in range(1, SEEDS + 1):
        rng = random.Random(seed)
        rows = organisation(rng, rng.randrange(2, 60))
        save(path, rows)
        orgvet("--write-baseline", known, path)
        before = open(known, "rb").read()
        rng.shuffle(rows)
        save(path, rows)
        run = orgvet("--fail-on", "info", "--baseline", known, path)
        check(f"seed {seed}: known in any order", run.returncode == 0, run.stdout)
        orgvet("--write-baseline", known, path)
        check(f"seed {seed}: the same baseline in any order", open(known, "rb").read() == before)
        rows.insert(rng.randrange(len(rows) + 1), ["NEW", "NOWHERE", "New", "ja"])
        save(path, rows)
        run = orgvet("-f", "json", "--baseline", known, path)
        check(f"seed {seed}: new findings are reported", run.returncode == 1 and sorted(code for code, _ in findings(run)) == ["OV304", "OV402"],
              run.stdout)
        bad = [row for row in rows if row[1].startswith("GONE")]
        if bad:
            bad[0][1] = ""
            save(path, rows)
            run = orgvet("--baseline", known, path)
            check(f"seed {seed}: gone findings are reported", f"gone since the baseline: OV402: parent `GONE{bad[0][0][1:]}`" in run.stderr.decode(),
                  run.stderr)


def bad_ones(work):
    path, other = os.path.join(work, "positions.csv"), os.path.join(work, "other.json")
    save(path, organisation(random.Random(1), 10))
    for text, words in (("", "not a JSON file"), ("no json", "not a JSON file"), ("[]", "not an orgvet baseline"), ('{"version":1,"results":{}}', "not an orgvet baseline"),
                        ('{"orgvet_baseline":2,"findings":[]}', "another version"), ('{"orgvet_baseline":1,"findings":[{"path":"x"}]}', "no `code`")):
        with open(other, "w", encoding="utf-8") as file:
            file.write(text)
        run = orgvet("--baseline", other, path)
        check(f"a baseline of {text!r}", run.returncode == 2 and words in run.stderr.decode() and not run.stdout, run.stderr)
    check("a missing baseline", orgvet("--baseline", other + "x", path).returncode == 2)
    check("a missing folder", orgvet("--write-baseline", os.path.join(work, "no", "b.json"), path).returncode == 2)
    check("an input file is not overwritten", orgvet("--write-baseline", path, path).returncode == 2)
    os.unlink(other)
    run = orgvet("--write-baseline", other, path, path + "x")
    check("not written when a file cannot be read", run.returncode == 2 and not os.path.exists(other), run.stderr)


with tempfile.TemporaryDirectory() as folder:
    random_files(folder)
    changed_files(folder)
    bad_ones(folder)
tally.end()
