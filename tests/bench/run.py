#!/usr/bin/python3
"""run.py ORGVET FOLDER [ROWS,…]: compares orgvet with its peers using hyperfine and writes
tests/bench/RESULTS.md.

FOLDER holds `generate` and `libcsv` (compiled), node_modules (if Node.js is installed) and the
generated files. The peers do three checks only: duplicate identifiers, missing parents, cycles;
orgvet applies all its rules and writes its JSON report to a file. Peers that are not installed are
listed as such. Memory is the peak resident set."""
import json, os, platform, shutil, statistics, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers")
ORGVET, FOLDER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SIZES = [int(n) for n in (sys.argv[3] if len(sys.argv) > 3 else "100000,1000000,10000000").split(",")]
REPORT = os.path.join(FOLDER, "report.json")
CHECK = f"{ORGVET} check --format json --max-findings 100 --fail-on never"

# name, command (FILE is replaced), most rows to run it with, what must be installed
PEER_LIST = [
    ("`wc -l` (floor)", "wc -l FILE", 10**9, ["wc"]),
    ("DuckDB", f"node {PEERS}/duckdb.mjs FILE", 10**9, ["node", "@duckdb/node-api"]),
    ("DuckDB, without cycles", f"node {PEERS}/duckdb.mjs FILE two", 10**9, ["node", "@duckdb/node-api"]),
    ("plain C on libcsv", f"{FOLDER}/libcsv FILE", 10**9, []),
    ("Polars (Node.js)", f"node {PEERS}/polars.mjs FILE", 10**9, ["node", "nodejs-polars"]),
    ("Python csv and dict", f"{sys.executable} {PEERS}/python.py FILE", 10**6, []),
    ("Papa Parse (Node.js)", f"node {PEERS}/papaparse.mjs FILE", 10**6, ["node", "papaparse"]),
    ("SQLite", f"{PEERS}/sqlite.sh FILE", 10**6, ["sqlite3"]),
    ("Miller", f"{PEERS}/miller.sh FILE", 10**6, ["mlr"]),
    ("csvkit, without cycles", f"{PEERS}/csvkit.sh FILE", 10**5, ["csvsql"]),
]


WHY = """The goals against DuckDB and `wc -l`, of one thread against two and of rows in error are measured in turns. On two
threads the reading thread is what the other waits for; of its time the index and the cells take a fifth,
rules and places a sixth, and a fifth to a half, from run to run, goes to the kernel, which hands out fresh
memory: user time is steady for both threads together, system time varies by a second on this virtual machine.

The report of the cycle names every member, as its schema promises, and the place of every edge: 128 MB. A third
of its time goes into fresh memory and into writing, a fifth into putting JSON together, a tenth into finding and
sorting the loop. Where no parent is there, the time goes into looking for what each was meant to be; where a
quote stands inside every row, each row is read by libcsv. Level columns that change in every row are looked up one
by one; where the file has no identifiers, a million are made of the names. Of a workbook's time more than half is expat's, a fifth zlib's.""".split("\n")


def data(rows, quoted=10, errors=0, shape="tree"):
    path = os.path.join(FOLDER, f"{shape}-{rows}-{quoted}-{errors}.csv")
    if not os.path.exists(path):
        with open(path + ".part", "wb") as out:
            subprocess.run([f"{FOLDER}/generate", str(rows), str(quoted), str(errors), shape],
                           stdout=out, check=True)
        os.rename(path + ".part", path)
    return path


def is_there(needs):
    return all(shutil.which(need) or os.path.isdir(os.path.join(FOLDER, "node_modules", need))
               for need in needs)


def times(command, runs, warmup):
    """Seconds of each run."""
    out = os.path.join(FOLDER, "hyperfine.json")
    print("  ", command, flush=True)
    subprocess.run(["hyperfine", "--style", "none", "--warmup", str(int(warmup)), "--runs", str(runs),
                    "--export-json", out, f"{command} > {REPORT}"], check=True, stdout=subprocess.DEVNULL)
    with open(out) as file:
        return json.load(file)["results"][0]["times"]


class Measured:
    """Seconds (median, minimum, maximum) and KiB of one command."""

    def __init__(self, command, runs, warmup=1, seconds=None):
        seconds = seconds or times(command, runs, warmup)
        self.median, self.least, self.most = statistics.median(seconds), min(seconds), max(seconds)
        child = subprocess.Popen(["sh", "-c", f"exec {command} > {REPORT}"], stderr=subprocess.DEVNULL)
        self.memory = os.wait4(child.pid, 0)[2].ru_maxrss

    def cells(self, other):
        ratio = f"{self.median / other.median:.2f}" if other else "1"
        return (f"{self.median:.3f} | {self.least:.3f} to {self.most:.3f} | {ratio} | "
                f"{self.memory / 1024:,.0f}")


def orgvet(path, options="", runs=7):
    return Measured(f"{CHECK} {options} {path}", runs)


def in_turns(commands, rounds=7):
    """{name: command} measured one after the other in rounds, so that a temporary slowdown of the
    machine affects all of them."""
    seconds = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds[name] += times(command, 1, False)
    return {name: Measured(command, 0, seconds=seconds[name]) for name, command in commands.items()}


def peers_table(rows, mine):
    lines = [f"\n### {rows:,} rows ({os.path.getsize(data(rows)) / 1e6:,.0f} MB)\n",
             "| | median s | least to most | times orgvet | MiB |", "|---|---|---|---|---|",
             f"| **orgvet** | {mine.cells(None)} |"]
    found = {}
    for name, command, most, needs in PEER_LIST:
        if rows > most:
            lines.append(f"| {name} | not run at this size | | | |")
        elif not is_there(needs):
            lines.append(f"| {name} | not installed | | | |")
        else:
            slow = rows >= 10**6 and not name.startswith("`wc")
            found[name] = Measured(command.replace("FILE", data(rows)), 3 if slow else 7, not slow)
            lines.append(f"| {name} | {found[name].cells(mine)} |")
    return lines, found


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 2**20
    version = subprocess.run([ORGVET, "--version"], capture_output=True, text=True).stdout.strip()
    compiler = subprocess.run(["gcc", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    return (f"{version}; {model}, {os.cpu_count()} processors, {memory:.0f} GiB; "
            f"Linux {platform.release()}; {compiler}; files in the page cache, reports written to files. The "
            "least measure of memory is that of the measuring program itself, some 12 MiB.")


def goals(rows, mine, peers, own):
    """The target figures, at the largest size."""
    identifiers = 9 * rows
    allowed = (48 * rows + identifiers + 16e6) / 1024
    fastest = min((m.median, n) for n, m in peers.items() if not n.startswith("`wc") and "without" not in n)[1]
    in_turn = own if fastest in own else peers | {"two": mine}
    lines = [("against the fastest peer with all three checks, " + fastest, "at least 6",
              in_turn[fastest].median / in_turn["two"].median, 6, True)]
    if "plain C on libcsv" in peers:
        lines.append(("against plain C on libcsv", "at least 6", peers["plain C on libcsv"].median / mine.median, 6, True))
    lines += [
        ("against its own `--reader libcsv`", "at least 3", own["libcsv"].median / mine.median, 3, True),
        ("one thread against `wc -l`", "at most 14", own["one"].median / own["`wc -l` (floor)"].median, 14, False),
        ("one thread against two", "at least 1.3", own["one"].median / own["two"].median, 1.3, True),
        ("memory, of what is allowed", "at most 1", mine.memory / allowed, 1, False),
        ("1 % of rows in error against the clean file", "at most 1.3", own["errors"].median / own["two"].median, 1.3, False),
    ]
    if "smaller" in own:
        lines.append((f"{rows:,} rows against a tenth", "at most 13", mine.median / own["smaller"].median, 13, False))
    out = ["| | to reach | measured | |", "|---|---|---|---|"]
    for what, wanted, value, limit, least in lines:
        fine = value >= limit if least else value <= limit
        out.append(f"| {what} | {wanted} | {value:.2f} | {'reached' if fine else '**not reached**'} |")
    return out


def once(path, write):
    """The path of a file, written once."""
    path = os.path.join(FOLDER, path)
    if not os.path.exists(path):
        with open(path + ".part", "w") as out:
            write(out)
        os.rename(path + ".part", path)
    return path


def levels_file(rows, ids=True):
    """Level columns at their worst: each row changes every level."""
    def write(out):
        out.write(f"Company,Division,Department,{'code,' if ids else ''}description,active\n")
        for i in range(rows):
            out.write(f"Company {i % 3},Division {i % 3}-{i // 3 % 50},Department {i},{f'D{i},' if ids else ''}"
                      f"works for the company {i},{'yes' if i % 10 else 'no'}\n")
    return once(f"levels-{rows}{'' if ids else '-bare'}.csv", write)


def foreign_file(rows):
    """The usual file under the headings of another system."""
    def write(out):
        with open(data(rows)) as file:
            file.readline()
            out.write("Position Code,Reports To Position Code,Position Title,Purpose,Is Manager\n")
            shutil.copyfileobj(file, out)
    return once(f"foreign-{rows}.csv", write)


def layouts(rows):
    """Other layouts against plain reading, and what proposing columns takes."""
    plain, levels, foreign = data(rows), levels_file(rows), foreign_file(rows)
    bare = levels_file(rows, ids=False)
    flat = "--map name=Department --map idnumber=code --settings '{\"hierarchy\":\"none\"}'"
    accept = "--map 'idnumber=Position Code' --map 'name=Position Title' --map 'parentid=Reports To Position Code'"
    measured = in_turns({
        "plain": f"{CHECK} {plain}",
        "fill": f"{CHECK} --fill-down parentid {plain}",
        "where": f"{CHECK} --where globalmanager!=7 {plain}",
        "flat": f"{CHECK} {flat} {levels}",
        "levels": f"{CHECK} --parents levels=Company,Division,Department --map idnumber=code {levels}",
        "bare": f"{CHECK} --parents levels=Company,Division,Department {bare}",
        "mapped": f"{CHECK} {accept} {foreign}",
        "proposed": f"{CHECK} --fail-on never {foreign}",
    })
    table = [("plain reading", "plain", None), ("`--fill-down parentid`", "fill", "plain"),
             ("`--where`, all rows", "where", "plain"),
             ("level columns, read as a flat list", "flat", None), ("`--parents levels=…`", "levels", "flat"),
             ("the same without identifiers: they are made", "bare", "flat"),
             ("foreign headings, `--map`", "mapped", None), ("the same, proposed", "proposed", "mapped")]
    lines = ["", f"## Layouts and proposals ({rows:,} rows)", "",
             "| | median s | least to most | times plain | MiB |", "|---|---|---|---|---|"]
    lines += [f"| {what} | {measured[name].cells(measured.get(other))} |" for what, name, other in table]
    return lines


WORKBOOK_PEERS = [
    ("exceljs (Node.js), reading alone", f"node --max-old-space-size=12000 {PEERS}/exceljs.mjs FILE", ["node", "exceljs"]),
    ("SheetJS (Node.js), reading alone", f"node --max-old-space-size=12000 {PEERS}/sheetjs.mjs FILE", ["node", "xlsx"]),
    ("openpyxl (Python), read-only", f"/usr/bin/python3 {PEERS}/openpyxl_rows.py FILE", []),
]


def workbooks(rows):
    """A workbook of five columns with shared strings, all rules, beside readers that only read."""
    path = os.path.join(FOLDER, f"book-{rows}.xlsx")
    if not os.path.exists(path):
        subprocess.run([f"{FOLDER}/workbook", data(rows, quoted=0), path + ".part"], check=True)
        os.rename(path + ".part", path)
    mine = Measured(f"{CHECK} {path}", 5)
    lines = ["", f"## Workbooks ({rows:,} rows of five columns, {os.path.getsize(path) / 1e6:,.0f} MB)", "",
             "| | median s | least to most | times orgvet | MiB |", "|---|---|---|---|---|", f"| **orgvet**, all rules | {mine.cells(None)} |"]
    for name, command, needs in WORKBOOK_PEERS:
        there = is_there(needs) and ("openpyxl" not in name or subprocess.run(["/usr/bin/python3", "-c", "import openpyxl"], capture_output=True).returncode == 0)
        lines.append(f"| {name} | {Measured(command.replace('FILE', path), 3, 0).cells(mine)} |" if there else f"| {name} | not installed | | | |")
    return lines


def main():
    lines = ["# What orgvet takes, and what others take", "",
             "Made by `make bench`. " + machine(), "",
             "The files have five columns, 121 bytes a row, quoted cells in one row of ten; each row's parent is some",
             "earlier row, so that nearly every look at the hierarchy misses the caches. The peers do three checks",
             "(duplicate identifiers, missing parents, cycles); orgvet applies all its rules, keeps every place, and writes",
             "its JSON report."]
    tables, mine, peers = [], {}, {}
    for rows in SIZES:
        mine[rows] = orgvet(data(rows))
        table, peers[rows] = peers_table(rows, mine[rows])
        tables += table
    top, shape_rows = SIZES[-1], min(SIZES[-1], 10**6)
    case = f"{CHECK} --threads {{}} {data(top)}"
    turns = {"two": case.format(2), "one": case.format(1), "errors": f"{CHECK} --threads 2 {data(top, errors=10)}"}
    turns |= {name: command.replace("FILE", data(top)) for name, command, most, needs in PEER_LIST
              if name in ("`wc -l` (floor)", "DuckDB") and is_there(needs)}
    own = in_turns(turns)
    own["libcsv"] = orgvet(data(top), "--reader libcsv", 3)
    if len(SIZES) > 1:
        own["smaller"] = mine[SIZES[-2]]
    variants = {name: orgvet(data(top), f"--reader {name} --threads 1", 3)
                for name in ("avx512", "avx2", "sse2", "neon", "plain")
                if subprocess.run([ORGVET, "records", "--reader", name, "-"], stdin=subprocess.DEVNULL,
                                  capture_output=True).returncode == 0}
    lines += ["", f"## What was to be reached ({top:,} rows)", "", *goals(top, mine[top], peers[top], own),
              "", "## Peers", *tables,
              "", f"## orgvet itself ({top:,} rows)", "", "| | median s | least to most | times the first | MiB |",
              "|---|---|---|---|---|", f"| two threads | {own['two'].cells(None)} |",
              f"| one thread | {own['one'].cells(own['two'])} |",
              f"| 1 % of rows in error | {own['errors'].cells(own['two'])} |",
              f"| `--reader libcsv` | {own['libcsv'].cells(own['two'])} |"]
    lines += [f"| one thread, `--reader {name}` | {m.cells(own['two'])} |" for name, m in variants.items()]
    shapes = {"tree": "tree, clean", "chain": "one chain", "star": "one row above all others",
              "duplicate": "one identifier for all rows", "cycle": "one cycle, every member in the report",
              "missing": "no parent is there", "stray": "a quote inside every row"}
    shaped = in_turns({shape: f"{CHECK} {data(shape_rows, shape=shape)}" for shape in shapes})
    lines += ["", f"## Shapes ({shape_rows:,} rows, `--max-findings 100`)", "",
              "| | median s | least to most | times the tree | MiB |", "|---|---|---|---|---|"]
    lines += [f"| {what} | {shaped[shape].cells(None if shape == 'tree' else shaped['tree'])} |"
              for shape, what in shapes.items()]
    lines += layouts(shape_rows)
    lines += workbooks(shape_rows)
    lines += ["", *WHY]
    with open(os.path.join(HERE, "RESULTS.md"), "w") as file:
        file.write("\n".join(lines) + "\n")
    print("written: tests/bench/RESULTS.md")


main()
