#!/usr/bin/python3
"""compare.py BIN [FROM TO] [--keep DIR] [--only CODE,CODE] [--ignore CODE,CODE]: compares `BIN
check` with the reference.
compare.py BIN --file FILE...: the same for given files.

Where several shortest cycles exist, any of them is accepted."""
import argparse, collections, json, os, shutil, subprocess, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate
import reference

UNKNOWN = set()  # rules of orgvet that the reference does not know: listed, not compared
KEY = ("code", "severity", "line", "column", "byte_offset", "row")
SOFT = ("affected", "members", "id", "header", "field")


def key(f):
    return tuple(f.get(k) for k in KEY)


def show(k):
    code, sev, line, col, off, row = k
    return "%s %s %s:%s @%s%s" % (code, sev, line, col, off, "" if row is None else " row %s" % row)


def another_shortest_loop(mine, his, result):
    """Whether the program's OV404 is a cycle of the same length in the same group, reported at its
    smallest row."""
    m = his.get("members") or []
    edges = result.get("_edges", {})
    group = next((g for g in result.get("_groups", []) if mine["members"][0] in g), set())
    loop = [(a, m[(k + 1) % len(m)]) for k, a in enumerate(m)]
    if len(m) != len(mine["members"]) or not all(e in edges and e[0] in group for e in loop):
        return False
    row, place = min((edges[e] for e in loop), key=lambda x: x[0])
    return edges[loop[0]][0] == row and all(his.get(k) == place[k] for k in place)


def settle_cycles(mine, his, result):
    """Replaces the program's equally short cycles by the reference's, so that they compare equal."""
    his = list(his)
    left = [f for f in mine if f["code"] == "OV404"]
    for k, h in enumerate(his):
        if h["code"] != "OV404" or any(key(h) == key(f) and h.get("members") == f["members"] for f in left):
            continue
        for f in left:
            if another_shortest_loop(f, h, result):
                his[k] = {**h, **{x: f[x] for x in ("line", "column", "byte_offset", "row", "id", "members")}}
                break
    return his


def compare(data, path, command):
    run = subprocess.run([command, "check", "--format", "json", path], stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if run.returncode not in (0, 1):
        return ["exit %d: %s" % (run.returncode, run.stderr.decode("utf-8", "replace")[:500])], []
    try:
        his = json.loads(run.stdout.decode("utf-8"))["files"][0]
    except Exception as e:
        return ["bad JSON: %s" % e], []
    result = reference.check(data, guess=his["encoding"])
    UNKNOWN.update(f["code"] for f in his["findings"] if f["code"] not in reference.SEVERITY)
    his["findings"] = [f for f in his["findings"] if f["code"] in reference.SEVERITY]
    his["counts"] = {code: n for code, n in his.get("counts", {}).items() if code in reference.SEVERITY}
    diff, codes = [], set()
    for k in ("rows", "nodes", "roots", "max_depth", "delimiter"):
        if his.get(k) != result[k]:
            diff.append("%s: reference %r, orgvet %r" % (k, result[k], his.get(k)))
            codes.add(k)
    if result["encoding"].lower() != str(his.get("encoding")).lower():
        diff.append("encoding: reference %r, orgvet %r" % (result["encoding"], his.get("encoding")))
        codes.add("encoding")
    mine_s, his_s = result["settings"], his.get("settings")
    if mine_s != his_s or list(mine_s) != list(his_s or {}):
        diff.append("settings: reference %s\n            orgvet %s" % (json.dumps(mine_s), json.dumps(his_s)))
        codes.add("settings")
    theirs = settle_cycles(result["findings"], his["findings"], result)
    if "counts" in his and {k: v for k, v in his["counts"].items() if v} != result["counts"]:
        a, b = result["counts"], his["counts"]
        diff.append("counts: " + ", ".join("%s %d/%d" % (c, a.get(c, 0), b.get(c, 0))
                                           for c in sorted(set(a) | set(b)) if a.get(c, 0) != b.get(c, 0))
                    + " (reference/orgvet)")
    A, B = collections.Counter(map(key, result["findings"])), collections.Counter(map(key, theirs))
    for k, n in sorted((A - B).items(), key=str):
        diff.append("  only reference: %s%s" % (show(k), " x%d" % n if n > 1 else ""))
        codes.add(k[0])
    for k, n in sorted((B - A).items(), key=str):
        extra = next((f.get("message", "") for f in theirs if key(f) == k), "")
        diff.append("  only orgvet:    %s%s  %s" % (show(k), " x%d" % n if n > 1 else "", extra))
        codes.add(k[0])
    order = [(f["byte_offset"]) for f in his["findings"]]
    if order != sorted(order):
        diff.append("  bin's findings are not sorted by place")
        codes.add("order")
    by = collections.defaultdict(list)
    for f in theirs:
        by[key(f)].append(f)
    for f in result["findings"]:
        l = by.get(key(f))
        if l:
            h = l.pop(0)
            for s in SOFT:
                if s in f and s in h and f[s] != h[s]:
                    diff.append("  %s %s: reference %r, orgvet %r" % (show(key(f)), s, f[s], h[s]))
                    codes.add(f["code"] + "." + s)
            if f["code"] == "OV404" and "members" not in h:
                diff.append("  OV404 without members")
                codes.add("OV404.members")
    return diff, sorted(codes)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("bin")
    ap.add_argument("range", nargs="*", type=int)
    ap.add_argument("--file", nargs="+")
    ap.add_argument("--keep", help="keep the differing files here")
    ap.add_argument("--only", help="show only seeds whose differences touch one of these codes (comma separated)")
    ap.add_argument("--ignore", help="leave out seeds whose differences are all of these codes")
    a = ap.parse_args()
    lo, hi = (a.range + [1, 300][len(a.range):])[:2]
    binary = os.path.abspath(a.bin)
    only = set(a.only.split(",")) if a.only else None
    ignore = set(a.ignore.split(",")) if a.ignore else set()
    differing, tally = 0, collections.Counter()
    tmp = tempfile.mkdtemp(prefix="model-")
    jobs = [(f, None) for f in a.file] if a.file else [(None, s) for s in range(lo, hi + 1)]
    try:
        for path, seed in jobs:
            if path is None:
                data = generate.generate(seed)
                path = os.path.join(tmp, "positions-%d.csv" % seed)
                open(path, "wb").write(data)
            else:
                data = open(path, "rb").read()
            try:
                diff, codes = compare(data, path, binary)
            except subprocess.TimeoutExpired:
                diff, codes = ["timeout"], []
            if not diff or only and not only & set(codes) or codes and set(codes) <= ignore:
                continue
            differing += 1
            tally.update(codes or ["failure"])
            print("== %s" % ("seed %d" % seed if seed is not None else path))
            print("\n".join(diff))
            if a.keep:
                os.makedirs(a.keep, exist_ok=True)
                shutil.copy(path, a.keep)
    finally:
        shutil.rmtree(tmp)
    if tally:
        print("by code: " + ", ".join("%s %d" % x for x in tally.most_common()))
    if UNKNOWN:
        print("model: rules that the reference does not know: " + ", ".join(sorted(UNKNOWN)))
    print("model: %d passed, %d failed" % (len(jobs) - differing, differing))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
