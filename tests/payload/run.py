#!/usr/bin/python3
"""Compares the output of `orgvet emit` with its input.

usage: run.py ORGVET SEEDS SHARED

Random files with defects (tests/model/generate.py), random hierarchies of up to 100,000 rows in any
order, and the real files of SHARED (skipped with a message where they are absent): parents precede
children, all references resolve, valid rows and quarantine together are the file, and the emitted
CSV is valid and emits the same payload. Then interrupted writes. Ends with "payload: N passed, N
failed"."""
import csv, hashlib, io, json, os, random, resource, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "model"))
from generate import generate  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ORGVET, SEEDS, SHARED = os.path.realpath(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
tally = Tally("payload")
check = tally.check


def orgvet(*args, **how):
    return subprocess.run([ORGVET, *args], capture_output=True, **how)


def rows_of(path, *options):
    """Cells of the header and of each data row, as the reader sees them; None for a malformed one."""
    out = orgvet("records", "--places", *options, path).stdout.decode("utf-8", "replace")
    header, rows = None, []
    for line in out.split("\n")[:-1]:
        record = json.loads(line)
        cells = [cell["text"] for cell in record["cells"]]
        if record["row"] == 0:
            header = cells
        elif record["row"]:
            rows.append(None if "error" in record else cells)
    return header, rows


def read_csv(path, delimiter=","):
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
        return list(csv.reader(file, delimiter=delimiter, strict=True))


def in_order(items):
    """Whether parents precede children and all references resolve."""
    seen = set()
    for number, item in enumerate(items, 1):
        key = item["id"] if "id" in item else item["idnumber"]
        if item["row"] != number or (item["parent"] is not None and item["parent"] not in seen):
            return False
        seen.add(key)
    return True


def payload(run, kind="positions"):
    return json.loads(run.stdout)[kind]


def again(name, work, emitted, items, options, importer):
    """The emitted CSV is valid and emits the same items, and the same CSV."""
    settings = ["--identifier", "id"] if items and "id" in items[0] else []
    keep = [o for o in options if o in ("--require-id", "--single-root")]
    vetted = orgvet("check", "-q", "-i", importer, *settings, *keep, emitted)
    if not check(f"{name}: emitted CSV is valid", vetted.returncode == 0 or not items, vetted.stdout.decode()):
        return
    if not items:
        return
    twice = os.path.join(work, "twice.csv")
    run = orgvet("emit", "-i", importer, *settings, *keep, "-f", "csv", "-o", twice, emitted)
    same = run.returncode == 0 and open(twice, "rb").read() == open(emitted, "rb").read()
    check(f"{name}: emits the same CSV again", same, run.stderr.decode())
    run = orgvet("emit", "-i", importer, *settings, *keep, emitted)
    check(f"{name}: emits the same payload again", payload(run, importer) == items)


def one_file(name, work, path, options, importer="positions"):
    """Valid rows and quarantine of one file."""
    out, held, receipt = (os.path.join(work, n) for n in ("out.csv", "held.csv", "receipt.json"))
    for old in (out, held, receipt):
        if os.path.exists(old):
            os.unlink(old)
    vetted = orgvet("check", "-f", "json", "-i", importer, *options, path)
    report = json.loads(vetted.stdout)["files"][0]
    bare = orgvet("emit", "-i", importer, *options, path)
    if not report["encoding_sure"]:  # what was only guessed is not written
        check(f"{name}: a guessed encoding", bare.returncode == 2 and not bare.stdout, bare.stderr.decode())
        options = [*options, "--encoding", report["encoding"]]
        bare = orgvet("emit", "-i", importer, *options, path)
    if report["summary"]["error"]:
        check(f"{name}: errors, nothing is written", bare.returncode == 1 and not bare.stdout, bare.stderr.decode())
    run = orgvet("emit", "-i", importer, *options, "--quarantine", held, "-f", "ndjson", "--receipt", receipt, path)
    if run.returncode == 1 and not os.path.exists(held):
        check(f"{name}: no quarantine without a header",
              not run.stdout and {f["code"] for f in report["findings"]} & {"OV101", "OV103", "OV105", "OV106"},
              run.stderr.decode())
        return
    items = [json.loads(line) for line in run.stdout.splitlines()]
    check(f"{name}: parents before children", in_order(items), run.stdout[:500])
    header, rows = rows_of(path)
    kept = read_csv(held, report["delimiter"])
    check(f"{name}: quarantine has the file's header", kept[0][:len(header)] == header, kept[0])
    check(f"{name}: every row is in one part", len(items) + len(kept) - 1 == len(rows) == report["rows"],
          f"{len(items)} + {len(kept) - 1} of {len(rows)}")
    about = json.load(open(receipt))
    check(f"{name}: receipt", about == {"rows": len(items), "source_sha256": hashlib.sha256(open(path, "rb").read()).hexdigest(),
                                        "payload_sha256": hashlib.sha256(run.stdout).hexdigest()}, about)
    check(f"{name}: exit code", run.returncode == (1 if len(kept) > 1 or report["summary"]["error"] else 0), run.returncode)
    check(f"{name}: every quarantined row has a reason", all(row[len(header) + 2] for row in kept[1:]), kept)
    # cells: quarantined rows are in the file, in its order, and the remaining rows are the items
    left, width = list(rows), len(header)
    for row in kept[1:]:
        found = next((i for i, cells in enumerate(left) if cells is None and row[width + 3] or cells is not None and
                      (cells + [""] * width)[:width] == row[:width]), None)
        if not check(f"{name}: a quarantined row is in the file", found is not None, row):
            return
        del left[found]
    column = {"name": header.index("name") if "name" in header else None}
    if column["name"] is not None and all(cells is not None for cells in left):
        names = sorted((cells + [""] * width)[column["name"]] for cells in left)
        check(f"{name}: names are those of the file", names == sorted(item["name"] for item in items))
    ordered = bare if not report["summary"]["error"] else None
    if ordered and len(kept) == 1:
        check(f"{name}: json has the same items", payload(ordered, importer) == items)
    run = orgvet("emit", "-i", importer, *options, "-k", "-f", "csv", "-o", out, path)
    emitted = read_csv(out)
    check(f"{name}: csv has as many rows", len(emitted) - 1 == len(items), run.stderr.decode())
    again(name, work, out, items, options, importer)


def defects(work):
    path = os.path.join(work, "positions.csv")
    for seed in range(1, SEEDS + 1):
        with open(path, "wb") as file:
            file.write(generate(seed))
        one_file(f"seed {seed}", work, path, [["--require-id"], ["--single-root"], []][seed % 3])


def hierarchy(rng, count, order):
    ids = [f"N{i}" for i in range(count)]
    rows = [[ids[i], ids[rng.randrange(i)] if i and rng.random() < 0.99 else "", rng.choice(["Ä, b", 'say "x"', "Plain", "Ünïcode"]) +
             f" {i}", rng.choice(["", "about it", "two\nlines"]), rng.choice(["", "0", "1"])] for i in range(count)]
    if order == "shuffled":
        rng.shuffle(rows)
    elif order == "reversed":
        rows.reverse()
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["idnumber", "parentid", "name", "description", "globalmanager"]] + rows)
    return out.getvalue().encode(), rows


def hierarchies(work):
    rng, path, out = random.Random(5), os.path.join(work, "tree.csv"), os.path.join(work, "out.csv")
    for count in (1, 2, 3, 10, 100, 1000, 10000, 100000):
        for order in ("forward", "shuffled", "reversed"):
            data, rows = hierarchy(rng, count, order)
            with open(path, "wb") as file:
                file.write(data)
            name = f"{count} rows, {order}"
            run = orgvet("emit", "-i", "positions", path)
            if not check(f"{name}: emits", run.returncode == 0, run.stderr.decode()[:300]):
                continue
            items = payload(run)
            check(f"{name}: parents before children", in_order(items))
            want = sorted((r[0], r[2], r[1] or None, r[3], r[4] == "1") for r in rows)
            check(f"{name}: all cells are emitted", want == sorted((i["idnumber"], i["name"], i["parent"], i["description"],
                                                                  i["globalmanager"]) for i in items))
            place = {row[0]: at for at, row in enumerate(rows)}
            last = {}
            check(f"{name}: siblings keep the file's order",
                  all(last.get(i["parent"], -1) < place[i["idnumber"]] and
                      last.update({i["parent"]: place[i["idnumber"]]}) is None for i in items))
            depth = {None: 0}
            check(f"{name}: depths", all(depth.setdefault(i["idnumber"], depth[i["parent"]] + 1) == i["depth"] for i in items))
            piped = orgvet("emit", "-i", "positions", "--stdin-filename", path, "-", input=data)
            check(f"{name}: the same from a pipe", piped.stdout == run.stdout, piped.stderr.decode()[:300])
            orgvet("emit", "-i", "positions", "-f", "csv", "-o", out, path)
            again(name, work, out, items, [], "positions")


def real(work):
    folder = os.path.join(SHARED, "examples", "real")
    if not os.path.isdir(folder):
        print(f"payload: skipped: real files; {folder} is not there")
        return
    cases = {"harmonized-system.csv": ["--root-marker", "TOTAL", "--identifier", "hscode", "--map", "name=description", "--map",
                                       "idnumber=hscode", "--map", "parentid=parent", "--map", "description="],
             "iab-audience-1.1.tsv": ["--identifier", "Unique ID", "--map", "idnumber=Unique ID", "--map", "parentid=Parent ID",
                                      "--map", "name=Condensed Name (1st, 2nd, Last Tier)"],
             "iab-content-2.2.tsv": ["--skip", "1", "--identifier", "Unique ID", "--map", "idnumber=Unique ID", "--map",
                                     "parentid=Parent", "--map", "name=Name"],
             "iab-content-3.1.tsv": ["--skip", "1", "--identifier", "Unique ID", "--map", "idnumber=Unique ID", "--map",
                                     "parentid=Parent", "--map", "name=Name"]}
    for name, options in cases.items():
        out = os.path.join(work, "out.csv")
        path = os.path.join(folder, name)
        run = orgvet("emit", "-i", "positions", *options, "-k", path)
        items = payload(run)
        rows = json.loads(orgvet("check", "-f", "json", "-i", "positions", *options, path).stdout)["files"][0]["rows"]
        check(f"{name}: most rows are valid", rows * 0.9 < len(items) <= rows, f"{len(items)} of {rows}: {run.stderr.decode()[:300]}")
        check(f"{name}: parents before children", in_order(items))
        orgvet("emit", "-i", "positions", *options, "-k", "-f", "csv", "-o", out, path)
        again(name, work, out, items, [], "positions")


def cut_short(work):
    """Emission that is killed, runs out of space, or reads a changed file the second time."""
    path, out = os.path.join(work, "tree.csv"), os.path.join(work, "kept.json")
    with open(path, "wb") as file:
        file.write(hierarchy(random.Random(7), 100000, "shuffled")[0])
    start = time.monotonic()
    whole = orgvet("emit", "-i", "positions", path).stdout
    takes = time.monotonic() - start
    rng = random.Random(9)
    for number in (signal.SIGKILL, signal.SIGTERM):
        for _ in range(10):
            with open(out, "wb") as file:
                file.write(b"before")
            child = subprocess.Popen([ORGVET, "emit", "-i", "positions", "-o", out, path])
            time.sleep(rng.random() * takes)
            child.send_signal(number)
            child.wait()
            check("killed: the old file or the new one", open(out, "rb").read() in (b"before", whole))
    left = [name for name in os.listdir(work) if ".orgvet-" in name]
    check("other signals leave no temporary file", len(left) <= 10, left)  # those of SIGKILL
    for name in left:
        os.unlink(os.path.join(work, name))

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

    with open(out, "wb") as file:
        file.write(b"before")
    run = orgvet("emit", "-i", "positions", "-o", out, path, preexec_fn=small_files)
    check("no space: the old file", run.returncode == 2 and open(out, "rb").read() == b"before", run.stderr)
    check("no space: no temporary file", not [name for name in os.listdir(work) if ".orgvet-" in name])
    with open(os.path.join(work, "part.json"), "wb") as file:
        run = subprocess.run([ORGVET, "emit", "-i", "positions", path], stdout=file, stderr=subprocess.DEVNULL,
                             preexec_fn=small_files)
    part = open(os.path.join(work, "part.json"), "rb").read()
    check("no space on standard output: unterminated JSON", run.returncode == 2 and part and whole.startswith(part) and part != whole)
    with open("/dev/full", "wb") as full:
        run = subprocess.run([ORGVET, "emit", "-i", "positions", path], stdout=full, stderr=subprocess.DEVNULL)
    check("a full device", run.returncode == 2)


with tempfile.TemporaryDirectory() as folder:
    defects(folder)
    hierarchies(folder)
    real(folder)
    cut_short(folder)
tally.end()
