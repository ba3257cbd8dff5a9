#!/usr/bin/python3
"""Statements in the output are true: root cause, differences, baselines, suggestions and fixes, as
properties of random files and as single cases.

usage: claims.py ORGVET SEEDS
Ends with "claims: N passed, N failed"."""
import json, os, random, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ORGVET, SEEDS = os.path.realpath(sys.argv[1]), int(sys.argv[2])
tally = Tally("claims")
check, same = tally.check, tally.same
work = tempfile.mkdtemp(prefix="orgvet-claims-")
ENV = {"PATH": os.environ["PATH"], "HOME": work, "LC_ALL": "C.UTF-8"}


def run(*args, given=None):
    done = subprocess.run([ORGVET, *args], cwd=work, env=ENV, capture_output=True, input=given)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def write(name, text):
    with open(os.path.join(work, name), "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return name


def report(name, *options):
    code, out, err = run("check", "--no-config", "-i", "positions", "--format", "json", *options, name)
    return json.loads(out)["files"][0]


def missing(name, *options):
    return report(name, *options)["counts"].get("OV402", 0)


def root_cause():
    """A root cause's number of cleared findings is exact, or stated as approximate."""
    for seed in range(SEEDS):
        rng = random.Random(seed)
        count = rng.choice([5, 20, 200, 1500])
        rows = []
        for n in range(count):
            parent = f"c{rng.randrange(n)}" if n and rng.random() < 0.95 else ""
            cells = [str(n), f"c{n}", parent, f"Name {n}", "x"]
            rows.append(",".join(cells[:rng.choice([2, 3, 4])] if rng.random() < 0.03 else cells))
        name = write("positions.csv", "idnumber,code,parent,name,description\n" + "\n".join(rows) + "\n")
        before = report(name)
        cause = before.get("root_cause")
        if not cause or "--identifier" not in cause["message"]:
            continue
        cleared = before["counts"]["OV402"] - missing(name, "--identifier", "code")
        same(f"root cause {seed}: cleared findings", cause["clears"], cleared)
    rows = [f"{n},c{n},{'c' + str(n - 1) if n else ''},N" + (",too,many" if n % 1000 == 7 else "") for n in range(70000)]
    name = write("positions.csv", "idnumber,code,parent,name\n" + "\n".join(rows) + "\n")
    before = report(name, "--max-findings", "1")
    message = before["root_cause"]["message"]
    cleared = before["counts"]["OV402"] - missing(name, "--identifier", "code", "--max-findings", "1")
    check("root cause: approximate for a long file", "fixes about" in message and "65,536 rows" in message and abs(before["root_cause"]["clears"] - cleared) < cleared / 100, (message, cleared))


def difference(old, new):
    code, out, err = run("diff", "--no-config", "-i", "positions", "--format", "json", "--max-moved", "0", old, new)
    return code, json.loads(out)


def differences():
    for seed in range(SEEDS):
        rng = random.Random(seed)
        count = rng.choice([3, 8, 30])
        rows = [[f"P{n}", f"P{rng.randrange(n)}" if n and rng.random() < 0.9 else rng.choice(["", f"P{n}"]), f"N{rng.randrange(count)}"] for n in range(count)]
        changed = [list(row) for row in rows]
        for row in changed:
            what = rng.random()
            if what < 0.1:
                row[1] = rng.choice(["", row[0], f"P{rng.randrange(count)}"])
            elif what < 0.2:
                row[2] += "!"
            elif what < 0.3: # renumbered, with or without its children
                old, row[0] = row[0], row[0] + "x"
                if rng.random() < 0.5:
                    for other in changed:
                        other[1] = row[0] if other[1] == old else other[1]
        changed = [row for row in changed if rng.random() > 0.05] + [[f"A{n}", "", f"New {n}"] for n in range(rng.randrange(3))]
        head = "idnumber,parent,name\n"
        old = write("old.csv", head + "".join(",".join(r) + "\n" for r in rows))
        new = write("new.csv", head + "".join(",".join(r) + "\n" for r in changed))
        code, there = difference(old, new)
        code, back = difference(new, old)
        key = lambda one: one["idnumber"] if "idnumber" in one else one["id"]
        same(f"diff {seed}: added and removed", sorted(map(key, there["added"])), sorted(map(key, back["removed"])))
        same(f"diff {seed}: removed and added", sorted(map(key, there["removed"])), sorted(map(key, back["added"])))
        for kind in ("renamed", "moved"):
            forth = sorted((key(one), one["from"], one["to"]) for one in there[kind])
            same(f"diff {seed}: {kind}, mirrored", forth, sorted((key(one), one["to"], one["from"]) for one in back[kind]))
            check(f"diff {seed}: {kind} have different sides", all(f != t for _, f, t in forth), forth)
    head = "idnumber,parent,name\n"
    old = write("old.csv", head + "69,,Boss\n1,69,One\n2,69,Two\n")
    code, got = difference(old, write("new.csv", head + "70,,Boss\n1,69,One\n2,69,Two\n"))
    same("a parent renumbered, without its children", (code, got["moved"]), (0, []))
    code, got = difference(old, write("new.csv", head + "70,,Boss\n1,70,One\n2,70,Two\n"))
    same("a parent renumbered with its children", (code, got["moved"]), (0, []))
    old = write("old.csv", head + "A,,Top\nB,,Other\n")
    code, got = difference(old, write("new.csv", head + "A,A,Top\nB,,Other\n"))
    same("moved from the top level to itself", (code, len(got["moved"])), (1, 1))


def baselines():
    """A re-sorted file has the same findings."""
    for seed in range(SEEDS):
        rng = random.Random(seed)
        ids = ["a1", "A1", "a 1", "b", "B", "c", "", "d4", "D4", "\u00e9", "e\u0301"]
        rows = [[rng.choice(ids) + ("" if n % 3 else str(n)), rng.choice(["", "b", "c", "nix"]), rng.choice(["N", "M", "n"])] for n in range(rng.choice([4, 12, 40]))]
        seen, kept = set(), []
        for row in rows: # which of two duplicates is the first may change results
            if row[0] not in seen or not row[0]:
                kept.append(row)
            seen.add(row[0])
        write("positions.csv", "idnumber,parent,name\n" + "".join(",".join(r) + "\n" for r in kept))
        run("check", "--no-config", "-i", "positions", "--write-baseline", "base.json", "positions.csv")
        rng.shuffle(kept)
        write("positions.csv", "idnumber,parent,name\n" + "".join(",".join(r) + "\n" for r in kept))
        one = report("positions.csv", "--baseline", "base.json")
        check(f"baseline {seed}: re-sorted, nothing is new", one["findings"] == [] and one["gone"] == [], (one["findings"], one["gone"]))
    write("positions.csv", "idnumber,parent,name\nA,X,a\nB,Y,b\n")
    run("check", "--no-config", "-i", "positions", "--write-baseline", "base.json", "positions.csv")
    fingerprints = [f["fingerprint"] for f in report("positions.csv")["findings"]]
    write("positions.csv", "idnumber,parent,name\nA,X,a\nB,,b\nC,Z,c\n")
    one = report("positions.csv", "--baseline", "base.json")
    same("report: hidden and gone findings", (one["hidden"], one["gone"], one["counts"]["OV402"]), (1, [fingerprints[1]], 1))
    one = report("positions.csv")
    check("report: no such members without a baseline", "hidden" not in one and "gone" not in one, one)


def suggestions():
    def of(parent, *ids):
        rows = "".join(f'"{i}",,{n}\n' for n, i in enumerate(ids))
        got = report(write("positions.csv", f'idnumber,parent,name\n{rows}row,"{parent}",x\n'))["findings"]
        return next(((f.get("suggestion"), f.get("help", "")) for f in got if f["code"] == "OV402"), None)

    for parent, id, zeros in (("a001", "A1", False), ("02", "\u00b2", False), ("0012", "12", True), ("P007", "P7", True), ("p007", "P7", False)):
        suggestion, help = of(parent, id)
        check(f"{parent} and {id}: the stated difference", suggestion == id and ("only leading zeros differ" in help) == zeros, (suggestion, help))
    one = report(write("positions.csv", 'idnumber,parent,name\nceo, CEO,x\nCEO,,y\n'))
    got = [(f["suggestion"], f["help"]) for f in one["findings"] if f["code"] == "OV402"]
    check("suggestion: a row's own identifier does not hide a better match", got and got[0][0] == "CEO" and "only spaces" in got[0][1], got)
    one = report(write("positions.csv", 'idnumber,parent,name\nceo,CEO ,x\nCeo,,y\n'))
    got = [f.get("suggestion") for f in one["findings"] if f["code"] == "OV402"]
    same("suggestion: nor an equally good match", got, ["Ceo"])
    rows = "".join(f"R{n},{'R' + str(n - 1) if n else ''},N{n}\n" for n in range(4))
    name = write("positions.csv", f"idnumber,parent,name\n{rows},R3,deep\n")
    one = [f for f in report(name, "--max-depth", "4")["findings"] if f["code"] == "OV406"][0]
    check("too deep, without an identifier", "value" not in one and one["message"].startswith("this row is at level 5"), one)
    code, out, err = run("check", "--no-config", "-i", "positions", "--redact", "--max-depth", "4", name)
    check("too deep, redacted", "this row is at level 5" in out, out)


def fixes():
    name = write("positions.csv", "idnumber,parent,name\nA,,a\n")
    same("fix --check: ASCII in any declared encoding", run("fix", "--no-config", "-i", "positions", "--check", "--encoding", "windows-1252", name)[0], 0)
    code, out, err = run("fix", "--no-config", "-i", "positions", "--encoding", "windows-1252", write("positions.csv", "idnumber,parent,name\nA,,\u00e4 \n".encode("cp1252")))
    check("fix: other text is converted", code == 0 and "+A,,\u00e4\n" in out, (code, out, err))
    code, out, err = run("fix", "--no-config", "-i", "positions", "--sort", "-o", "-", write("positions.csv", "idnumber,parent,name\nX,P,second\nB,,b\nX,Q,third\nQ,P,q\nP,,p\n"))
    order = [line.split(",")[2] for line in out.splitlines()[1:]]
    check("sorted: a later duplicate follows its parent and the first one", order.index("third") > order.index("q") > order.index("p") and order.index("second") > order.index("p")
          and order.index("third") > order.index("second") and len(order) == 5, out)
    for data in (b"idnumber,parent,name\rA,,a \rB,A,b\r", b"idnumber,parent,name\rA,,a \rB,A,b", b"idnumber,parent,name\nA,,a\rB,A,b \nC,A,c\rD,A,d\n", b"idnumber,parent,name\r\nA,,a\rB,A,b \r\nC,A,c\n"):
        name = write("positions.csv", data)
        code, patch, err = run("fix", "--no-config", "-i", "positions", name)
        wanted = subprocess.run([ORGVET, "fix", "--no-config", "-i", "positions", "-o", "-", name], cwd=work, env=ENV, capture_output=True).stdout
        shutil.copy(os.path.join(work, name), os.path.join(work, "patched.csv"))
        done = subprocess.run(["patch", "--binary", "-s", "patched.csv"], cwd=work, input=subprocess.run([ORGVET, "fix", "--no-config", "-i", "positions", name], cwd=work, env=ENV, capture_output=True).stdout, capture_output=True)
        with open(os.path.join(work, "patched.csv"), "rb") as file:
            check(f"patch applies: {data[:40]}", done.returncode == 0 and file.read() == wanted, (done, patch))


def jobs():
    write("positions.csv", "idnumber;parent;name\nCOO;;x\n")
    write("users.csv", "username,jobposition1\nann,COO\nbob,NIX\n")
    code, out, err = run("check", "--no-config", "--delimiter", ";", "--format", "json", "--jobs-file", "users.csv", "positions.csv")
    files = json.loads(out)["files"]
    check("reading options apply to the operands", code == 1 and files[1]["counts"] == {"OV601": 1} and files[1]["importer"] == "users", (code, out, err))
    check("a user upload has no hierarchy and no settings", not {"nodes", "roots", "max_depth", "settings"} & set(files[1]) and {"nodes", "settings"} <= set(files[0]), files[1])
    write("positions.csv", "Title\nidnumber,parent,name\nCOO,,x\n")
    code, out, err = run("check", "--no-config", "--skip", "1", "--encoding", "utf-8", "--jobs-file", "users.csv", "positions.csv")
    check("user upload: no lines are skipped", code == 1 and "users.csv:3:5: error[OV601]" in out and out.count("error[") == 1, (code, out, err))


for test in (root_cause, differences, baselines, suggestions, fixes, jobs):
    test()
shutil.rmtree(work)
tally.end()
