#!/usr/bin/python3
"""Random edit scripts, which `orgvet diff` must recover exactly.

usage: diff.py ORGVET SEEDS

A random hierarchy is edited (added, removed, renamed, moved, renumbered, other details), shuffled
and written again; the JSON of `diff` must contain these edits and no others. The same against an
emitted payload, a shuffled copy and the file itself. Ends with "diff: N passed, N failed"."""
import csv, json, os, random, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ORGVET, SEEDS = os.path.realpath(sys.argv[1]), int(sys.argv[2])
tally = Tally("diff")
check = tally.check


def write(path, tree, rng):
    rows = [[i, n["parent"] or "", n["name"], n["text"], n["flag"]] for i, n in tree.items()]
    rng.shuffle(rows)
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([["idnumber", "parentid", "name", "description", "globalmanager"], *rows])


def below(tree, top):
    """The identifiers of a subtree."""
    children = {}
    for i, n in tree.items():
        children.setdefault(n["parent"], []).append(i)
    found, todo = [], [top]
    while todo:
        at = todo.pop()
        found.append(at)
        todo += children.get(at, [])
    return found


def edit(rng, before):
    """The edited tree and the list of edits. Each row is edited at most once."""
    after = {i: dict(n) for i, n in before.items()}
    done = {"added": set(), "removed": set(), "renamed": set(), "moved": {}, "changed": set(), "renumbered": {}}
    touched, fresh = set(), 0
    for _ in range(rng.randrange(12)):
        kind = rng.choice(["add", "remove", "rename", "move", "renumber", "change"])
        free = [i for i in after if i in before and i not in touched]
        if kind == "add":
            fresh += 1
            new = f"new{fresh}"
            parent = rng.choice([None, *[i for i in after if i in before and i not in done["removed"]]])
            after[new] = {"parent": parent, "name": f"Newcomer {fresh}", "text": "", "flag": "0"}
            done["added"].add(new)
            touched.add(parent)  # not renumbered or removed afterwards
            continue
        if not free:
            continue
        row = rng.choice(free)
        if kind == "remove":
            if any(n["parent"] == row for n in after.values()):
                continue
            del after[row]
            done["removed"].add(row)
        elif kind == "rename":
            after[row]["name"] += " II"
            done["renamed"].add(row)
        elif kind == "move":
            under = set(below(after, row))
            to = rng.choice([None, *[i for i in after if i not in under and i in before]])
            if to == after[row]["parent"]:
                continue
            done["moved"][row] = (before[row]["parent"], to)
            after[row]["parent"] = to
            touched.add(to)
        elif kind == "renumber":
            fresh += 1
            new = f"again{fresh}"
            if any(after[i]["parent"] == row and i in done["moved"] for i in after):
                continue
            after[new] = after.pop(row)
            for n in after.values():
                if n["parent"] == row:
                    n["parent"] = new
            done["renumbered"][row] = new
        else:
            after[row]["text"] += "!"
            done["changed"].add(row)
        touched.add(row)
    return after, done


def diff(*args):
    run = subprocess.run([ORGVET, "diff", "-i", "positions", *args], capture_output=True)
    return run


def one(seed, work):
    rng = random.Random(seed)
    count = rng.choice([1, 2, 5, 20, 200])
    ids = [f"N{i}" for i in range(count)]
    before = {ids[i]: {"parent": rng.choice(ids[:i]) if i and rng.random() < 0.95 else None, "name": f"Name {i}", "text": "t",
                       "flag": rng.choice(["0", "1", ""])} for i in range(count)}
    after, done = edit(rng, before)
    old, new, copy, payload = (os.path.join(work, n) for n in ("old.csv", "new.csv", "copy.csv", "old.json"))
    write(old, before, rng)
    write(copy, before, rng)
    write(new, after, rng)
    for other in (old, copy):
        run = diff("--exit-code", old, other)
        check(f"seed {seed}: no changes", run.returncode == 0 and not run.stdout, run.stdout)
    emitted = subprocess.run([ORGVET, "emit", "-i", "positions", old], capture_output=True).stdout
    with open(payload, "wb") as file:
        file.write(emitted)
    for source in (old, payload):
        run = diff("--format", "json", "--exit-code", source, new)
        said = json.loads(run.stdout)
        found = {
            "added": {a["id"] for a in said["added"] if "probably_was" not in a},
            "removed": {r["id"] for r in said["removed"] if "probably_now" not in r},
            "renumbered": {r["id"]: r["probably_now"] for r in said["removed"] if "probably_now" in r},
            "renamed": {r["id"] for r in said["renamed"]},
            "moved": {m["id"]: (m["from"], m["to"]) for m in said["moved"]},
            "changed": {c["id"] for c in said["changed"]},
        }
        now = lambda i: done["renumbered"].get(i, i)
        want = dict(done, moved={i: (a, now(b)) for i, (a, b) in done["moved"].items()})
        check(f"seed {seed}: the edits are recovered", found == want, f"{found} instead of {want}")
        check(f"seed {seed}: sizes of moved subtrees", all(m["subtree"] == len(below(after, m["id"])) for m in said["moved"]), said["moved"])
        check(f"seed {seed}: exit code", run.returncode == (1 if any(done.values()) else 0))
        check(f"seed {seed}: summary", all(said["summary"][k] == len(said[k]) for k in ("added", "removed", "renamed", "moved", "changed")))


with tempfile.TemporaryDirectory() as folder:
    for number in range(1, SEEDS + 1):
        one(number, folder)
tally.end()
