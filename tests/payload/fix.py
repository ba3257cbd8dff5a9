#!/usr/bin/python3
"""What `orgvet fix` fixes, and what it leaves alone.

usage: fix.py ORGVET SEEDS

Correct files with fixable errors added: the fixed file is known to the byte. Then random files with
any defect: the fixed file has no new findings, no row gets another parent, cells that were not
fixed are unchanged, `patch` creates the fixed file from the printed diff, and a second run changes
nothing. Then interrupted writes. Ends with "fix: N passed, N failed"."""
import json, os, random, re, resource, shutil, signal, stat, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "model"))
from generate import generate  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ORGVET, SEEDS = os.path.realpath(sys.argv[1]), int(sys.argv[2])
# White_Space of Unicode's PropList.txt, listed independently.
SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
FLAGS = {"yes": "1", "y": "1", "true": "1", "x": "1", "no": "0", "n": "0", "False": "0", "NEIN": "0"}
tally = Tally("fix")
check = tally.check


def orgvet(*args, **how):
    return subprocess.run([ORGVET, *args], capture_output=True, **how)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def needs_quotes(text, delimiter):
    return any(c in text for c in delimiter + '"\r\n')


# --- files whose fixed form is known ---

def spoilt(rng):
    """A file with errors, and the expected fixed file."""
    delimiter, encoding = rng.choice(",;\t|"), rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16-le-bom"])
    ends = rng.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\n", "\r\n"], ["\r\n", "\r\n", "\n"], ["\r\n", "\n", "\r"]])
    lines, counts, source, fixed = [["idnumber", "parentid", "name", "description", "globalmanager"]], {}, [], []
    ids = [f"N{i}" for i in range(rng.randrange(1, 40))]
    for i, own in enumerate(ids):
        lines.append([own, ids[rng.randrange(i)] if i and rng.random() < 0.9 else "",
                      rng.choice(["Ämter, Büro", 'say "x"', "Plain", "semi; colon", "pipe|bar"]) + f" {i}",
                      rng.choice(["", "about it", "two\nlines", "three\r\nlines", "back\\slash"]), rng.choice(["", "0", "1"])])
    last_has_end = rng.random() < 0.8
    for number, cells in enumerate(lines):
        old, new = [], []
        for column, text in enumerate(cells):
            quote = needs_quotes(text, delimiter) or rng.random() < 0.2
            value = text
            if number and text and rng.random() < 0.2:
                value = rng.choice([" ", "\t" if delimiter != "\t" else " ", "  "]) + text if rng.random() < 0.5 else text + " "
            if number and column == 4 and rng.random() < 0.3:
                value = rng.choice(list(FLAGS))
                text = FLAGS[value]
            old.append(quoted(value) if quote else value)
            if value != text:
                new.append(quoted(text) if quote or needs_quotes(text, ",") else text)
            else:
                new.append(quoted(text) if quote or "," in text else text)
        end = rng.choice(ends) if number + 1 < len(lines) or last_has_end else ""
        counts[end] = counts.get(end, 0) + 1
        source.append(delimiter.join(old) + end)
        fixed.append((",".join(new), end))
        if rng.random() < 0.1 and end:
            blank = rng.choice(["", delimiter * 4, '""' + delimiter * 4] if end != "\r" else [delimiter * 4])
            end = rng.choice(ends)
            source.append(blank + end)
            counts[end] = counts.get(end, 0) + 1
    best = "\r\n" if counts.get("\r\n", 0) > counts.get("\n", 0) else "\n"
    if len([end for end in counts if end]) > 1 or "\r" in counts:
        fixed = [(line, best if end else "") for line, end in fixed]
    text = ("sep=%s\n" % delimiter if rng.random() < 0.1 and best == "\n" and not counts.get("\r") and not counts.get("\r\n")
            else "") + "".join(source)
    if encoding == "utf-16-le-bom":
        data = b"\xff\xfe" + text.encode("utf-16-le")
    else:
        data = text.encode(encoding)
    return data, "".join(line + end for line, end in fixed).encode()


def known(work):
    path = os.path.join(work, "positions.csv")
    for seed in range(1, SEEDS + 1):
        data, want = spoilt(random.Random(seed))
        write(path, data)
        os.chmod(path, 0o640)
        clean = data == want
        run = orgvet("fix", "--check", path)
        check(f"seed {seed}: --check exits 1 if something can be fixed, and changes nothing",
              run.returncode == (0 if clean else 1) and read(path) == data, run.stderr.decode())
        run = orgvet("fix", "--write", path)
        if not check(f"seed {seed}: fixed to the byte", run.returncode == 0 and read(path) == want,
                     f"{data!r}\nbecame {read(path)!r}\nnot {want!r}\n{run.stderr.decode()}"):
            continue
        check(f"seed {seed}: keeps the mode", stat.S_IMODE(os.stat(path).st_mode) == 0o640)
        vetted = json.loads(orgvet("check", "-f", "json", path).stdout)["files"][0]
        codes = {finding["code"] for finding in vetted["findings"]} - {"OV407", "OV408"}
        check(f"seed {seed}: no findings remain", not codes, codes)
        piped = orgvet("fix", "--write", "--stdin-filename", path, "-", input=data)
        check(f"seed {seed}: the same through a pipe", piped.stdout == want, piped.stderr.decode())


# --- any file ---

def report_of(path, options):
    return json.loads(orgvet("check", "-f", "json", "-i", "positions", *options, path).stdout)["files"][0]


def records_of(path, *options):
    out = orgvet("records", "--places", *options, path).stdout.decode("utf-8", "replace")
    return [json.loads(line) for line in out.split("\n")[:-1]]


def marks(report):
    """Findings without their positions, which change where blank rows are removed."""
    return sorted((f["code"], f.get("row", -1), f.get("header") or "") for f in report["findings"])


def is_mended(old, new, unsafe):
    trimmed = old.strip(SPACE)
    flag = {"0": ["no", "n", "false", "f", "nein", "off", "falsch"],
            "1": ["yes", "y", "true", "t", "x", "ja", "on", "wahr"]}
    return new in (old, trimmed) or trimmed.lower() in flag.get(new, []) or unsafe


def parents(records, report):
    """For each row: the row that its parent cell refers to, or None. Without broken rows."""
    header = next((r for r in records if r["row"] == 0), None)
    names = [cell["text"] for cell in header["cells"]] if header else []
    settings = report["settings"]
    key = settings.get("identifier") or "idnumber"
    parent = settings.get("csvmapping:parentid", "")
    if key not in names or parent not in names:
        return None
    a, b = names.index(key), names.index(parent)
    broken = {f.get("row") for f in report["findings"] if f["code"] in ("OV103", "OV104", "OV105", "OV106", "OV107", "OV111")}
    rows = [r for r in records if r["row"]]
    cell = lambda r, i: r["cells"][i]["text"] if i < len(r["cells"]) else ""
    first = {}
    for r in rows:
        if r["row"] not in broken and cell(r, a):
            first.setdefault(cell(r, a), r["row"])
    return {r["row"]: first.get(cell(r, b)) for r in rows if r["row"] not in broken}


def without_order(records):
    return sorted(json.dumps([c["text"] for c in r["cells"]]) for r in records if r["row"])


def any_file(work):
    path, copy, third = (os.path.join(work, n) for n in ("positions.csv", "fixed.csv", "third.csv"))
    for seed in range(1, 3 * SEEDS + 1):
        data = generate(seed)
        write(path, data)
        if os.path.exists(copy):
            os.remove(copy)
        asked = options = [["--require-id"], ["--single-root"], []][seed % 3]
        extra = [[], ["--unsafe"], ["--sort"], ["--unsafe", "--sort", "--confidence", "50"]][seed % 4]
        run = orgvet("fix", "-i", "positions", *options, *extra, "-o", copy, path)
        if run.returncode == 2:  # what was only guessed is not written: take the first name that is advised
            named = re.search(r"`--encoding ([^`]+)`", run.stderr.decode())
            if not check(f"any {seed}: names encodings", named and not os.path.exists(copy), run.stderr.decode()):
                continue
            options = [*options, "--encoding", named[1]]
            run = orgvet("fix", "-i", "positions", *options, *extra, "-o", copy, path)
        before = report_of(path, options)
        if run.returncode == 1:
            check(f"any {seed}: left unchanged", read(copy) == data and "can be fixed until" in run.stderr.decode())
            continue
        if not check(f"any {seed}: runs", run.returncode == 0, run.stderr.decode()):
            continue
        after = report_of(copy, asked)
        old, new = records_of(path), records_of(copy)
        left = marks(before)
        if "--sort" in extra:
            counts = lambda r: {code: n for code, n in r["counts"].items()}
            more = [code for code, n in counts(after).items() if n > counts(before).get(code, 0)]
        else:
            more = [m for m in marks(after) if m not in left or left.remove(m)]
        check(f"any {seed}: no new findings", not more, f"{more} {data!r} {run.stderr.decode()}")
        check(f"any {seed}: no rows are lost", before["rows"] == after["rows"], run.stderr.decode())
        if "--sort" not in extra:
            was, now = parents(old, before), parents(new, after)
            changed = was and [r for r in was if was[r] is not None and now.get(r) != was[r]]
            check(f"any {seed}: no row gets another parent", not changed, f"{changed} {data!r}")
            rows = [(a, b) for a, b in zip([r for r in old if r["row"] is not None], [r for r in new if r["row"] is not None])]
            odd = [(x["text"], y["text"]) for a, b in rows for x, y in zip(a["cells"], b["cells"])
                   if not is_mended(x["text"], y["text"], "--unsafe" in extra)]
            check(f"any {seed}: only fixable cells change", not odd and all(len(a["cells"]) == len(b["cells"]) for a, b in rows),
                  f"{odd} {data!r}")
        elif extra == ["--sort"] and "the encoding, and with it everything else" not in run.stderr.decode():
            plain = orgvet("fix", "-i", "positions", *options, "-o", third, path)
            check(f"any {seed}: sorting only moves rows", plain.returncode == 0 and
                  without_order(records_of(third)) == without_order(new), data)
            ok, at = True, {}
            key = parents(new, after)
            loose = {f.get("row") for f in after["findings"] if f["code"] in ("OV401", "OV403", "OV404")}
            if key and not loose and "the order" not in run.stderr.decode() and "rows before their parents: left" not in run.stderr.decode():
                ok = all(up is None or up < row for row, up in key.items())
            check(f"any {seed}: parents before children", ok, f"{data!r} became {read(copy)!r}")
        again = orgvet("fix", "-i", "positions", *asked, *extra, "--check", copy)
        check(f"any {seed}: a second run finds nothing to fix", again.returncode == 0, f"{again.stderr.decode()} {data!r} {read(copy)!r}")
        told = orgvet("fix", "-i", "positions", *options, *extra, "--check", path)
        check(f"any {seed}: --check agrees", told.returncode == (read(copy) != data), told.stderr.decode())
        patchable(f"any {seed}", work, data, read(copy), told.stdout)


def patchable(name, work, data, fixed, diff):
    """`patch` accepts the diff; for UTF-8 without lone CRs."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if b"\0" in data or b"\0" in fixed or re.search(rb"\r(?!\n)", data + b"." + fixed):
        return
    target = os.path.join(work, "patched.csv")
    write(target, data)
    run = subprocess.run(["patch", "--binary", "-s", "-F0", target], input=diff, capture_output=True)
    check(f"{name}: patch creates the fixed file", run.returncode == 0 and read(target) == fixed, f"{run.stdout} {diff!r} {data!r}")


# --- sorting large files, interrupted writes ---

def hierarchy(rng, count):
    rows = [f"N{i},{'N%d' % rng.randrange(i) if i else ''}, Name {i},\n" for i in range(count)]
    rng.shuffle(rows)
    return "idnumber,parentid,name,description\n" + "".join(rows)


def large(work):
    path, out = os.path.join(work, "tree.csv"), os.path.join(work, "sorted.csv")
    for count in (1, 2, 10, 1000, 100000):
        text = hierarchy(random.Random(count), count)
        write(path, text.encode())
        run = orgvet("fix", "-i", "positions", "--sort", "-o", out, path)
        lines = read(out).decode().splitlines()
        seen, fine = {""}, run.returncode == 0
        for line in lines[1:]:
            own, parent = line.split(",")[:2]
            fine &= parent in seen
            seen.add(own)
        check(f"{count} rows: parents before children", fine, run.stderr.decode())
        check(f"{count} rows: the same rows, fixed", sorted(text.replace(", ", ",").splitlines()) == sorted(lines))
        diff = orgvet("fix", "-i", "positions", "--sort", path).stdout
        patchable(f"{count} rows", work, text.encode(), read(out), diff)


def cut_short(work):
    path, kept = os.path.join(work, "tree.csv"), os.path.join(work, "kept.csv")
    data = hierarchy(random.Random(3), 100000).encode()
    write(path, data)
    start = time.monotonic()
    want = orgvet("fix", "-i", "positions", "-o", "-", path).stdout
    takes = time.monotonic() - start
    check("100000 rows are fixed", want == data.replace(b", ", b","))
    rng = random.Random(9)
    for number in (signal.SIGKILL, signal.SIGTERM):
        for _ in range(10):
            write(kept, data)
            child = subprocess.Popen([ORGVET, "fix", "-w", "-q", "-i", "positions", kept])
            time.sleep(rng.random() * takes)
            child.send_signal(number)
            child.wait()
            check("killed: the old file or the new one", read(kept) in (data, want))
    left = [name for name in os.listdir(work) if ".orgvet-" in name]
    check("other signals leave no temporary file", len(left) <= 10, left)  # those of SIGKILL
    for name in left:
        os.unlink(os.path.join(work, name))

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

    write(kept, data)
    run = orgvet("fix", "-w", "-i", "positions", kept, preexec_fn=small_files)
    check("no space: the old file", run.returncode == 2 and read(kept) == data, run.stderr)
    check("no space: no temporary file", not [name for name in os.listdir(work) if ".orgvet-" in name])
    with open("/dev/full", "wb") as full:
        for args in ([], ["-o", "-"]):
            run = subprocess.run([ORGVET, "fix", "-i", "positions", *args, path], stdout=full, stderr=subprocess.DEVNULL)
            check("a full device", run.returncode == 2)
    link = os.path.join(work, "link.csv")
    os.symlink("kept.csv", link)
    run = orgvet("fix", "-w", "-i", "positions", link)
    check("a symbolic link remains one", run.returncode == 0 and os.path.islink(link) and read(kept) == want)
    if os.geteuid() == 0:
        write(kept, data)
        os.chown(kept, 1234, 4321)
        orgvet("fix", "-w", "-i", "positions", kept)
        about = os.stat(kept)
        check("keeps the owner", (about.st_uid, about.st_gid) == (1234, 4321) and read(kept) == want)


with tempfile.TemporaryDirectory() as folder:
    if shutil.which("patch") is None:
        sys.exit("fix: needs patch")
    known(folder)
    any_file(folder)
    large(folder)
    cut_short(folder)
tally.end()
