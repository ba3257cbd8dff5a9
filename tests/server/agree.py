#!/usr/bin/env python3
"""The import equals what was vetted: vet → submit → export → every cell equal, or refused before
anything is sent. First each reading option in turn, then random files with random options. usage:
agree.py ORGVET FILES"""
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
from server import EXPORTER, Server  # noqa: E402
from tally import Tally  # noqa: E402

tally = Tally("agree")
check, same = tally.check, tally.same
orgvet, FILES = os.path.abspath(sys.argv[1]), int(sys.argv[2])
server = Server(orgvet, "--max-upload", str(1 << 26))
folder = tempfile.mkdtemp(prefix="orgvet-agree-")
environment = {**os.environ, "ORGVET_SITE": server.url, "ORGVET_TOKEN": server.token, "LC_ALL": "C.UTF-8",
               "XDG_CONFIG_HOME": folder}
FIELDS = ["idnumber", "parent", "name", "description", "descriptionformat", "globalmanager", "departmentmanager"]


def run(*args):
    done = subprocess.run([orgvet, *args], capture_output=True, cwd=folder, env=environment)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def write(name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
    return name


def as_item(item):
    """An item of `emit` as its framework keeps it; parents by idnumber."""
    return {field: item.get(field) for field in FIELDS}


def expected(path, options):
    """The meaning of the file according to `emit`; None if it has errors."""
    code, out, err = run("emit", "-q", path, *options)
    if code:
        return None
    items = json.loads(out)["positions"]
    names = {item.get("id", item["idnumber"]): item["idnumber"] for item in items}
    return [as_item({**item, "parent": item["parent"] and names.get(item["parent"], item["parent"])}) for item in items]


def exported(members, framework):
    """The items of a framework in an export."""
    rows = list(csv.DictReader(io.StringIO(members[framework], newline=""), strict=True))
    names = {row.get("id", row["idnumber"]): row["idnumber"] for row in rows}
    flag = {"1": True, "0": False}
    return [as_item({**row, "idnumber": row["idnumber"] or None,
                     "parent": row["parentid"] and names[row["parentid"]] or None,
                     "descriptionformat": int(row["descriptionformat"]), "globalmanager": flag[row["globalmanager"]],
                     "departmentmanager": flag[row["departmentmanager"]]}) for row in rows]


def export_all():
    """The CSV of each framework, by its name."""
    id = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    return server.exported(id)


def uploads():
    return server.logged().count("/webservice/upload.php")


# --- each reading option in turn ---

PLAIN = "idnumber,parent,name,description\nCEO,,Zarząd,\"Leads, and\nmore\"\nCOO,CEO,Ops,\n"
TOTAL = "idnumber,parent,name\nCEO,TOTAL,Chief\nCOO,CEO,Ops\n"
CYRILLIC = "idnumber,parent,name,description\nA,,Директор,Отдел кадров\nB,A,Бухгалтер,\n"
OPTIONS = {  # name: (bytes, options, whether it is sent in its canonical form)
    "nothing": (PLAIN.encode(), [], False),
    "a mark": (b"\xef\xbb\xbf" + PLAIN.encode(), [], False),
    "CRLF": (PLAIN.replace("\n", "\r\n").encode(), [], False),
    "encoding": (CYRILLIC.encode("windows-1251"), ["--encoding", "windows-1251"], True),
    "an encoding that is recognised": (PLAIN.encode("utf-16"), [], True),
    "encoding utf-8": (PLAIN.encode(), ["--encoding", "utf-8"], False),
    "ASCII read as windows-1252": (TOTAL.replace("TOTAL", "").encode(), ["--encoding", "windows-1252"], True),
    "delimiter": (TOTAL.replace("TOTAL", "").replace(",", ";").encode(), ["--delimiter", ";"], True),
    "a delimiter that is recognised": (TOTAL.replace("TOTAL", "").replace(",", "\t").encode(), [], True),
    "a sep= line": (b"sep=,\n" + TOTAL.replace("TOTAL", "").encode(), [], True),
    "skip": (b"Report of May\n" + PLAIN.encode(), ["--skip", "1"], True),
    "root marker": (TOTAL.encode(), ["--root-marker", "TOTAL"], True),
    "a root marker that no row has": (PLAIN.encode(), ["--root-marker", "TOTAL"], False),
    "blank rows": (PLAIN.replace("COO", "\n,,,\nCOO").encode(), [], True),
    "an empty line at the end": (PLAIN.encode() + b"\n", [], False),
    "a blank row at the end": (PLAIN.encode() + b",,,\n", [], True),
    "a backslash in a column that nobody reads": (b'idnumber,parent,name,x\nA,,A,"\\"""\n', [], True),
    "a backslash where the canonical form needs no quotes": (b'idnumber,parent,name\nA,,"C:\\"\n', [], True),
    "a cell limit": (PLAIN.encode(), ["--max-cell", "100"], False),
    "libcsv": (PLAIN.encode(), ["--reader", "libcsv"], False),
    "map": (PLAIN.replace("name", "titel").encode(), ["--map", "name=titel"], False),
    "map, in another encoding": (PLAIN.replace("name", "Ämtel").encode("windows-1250", "replace"),
                                 ["--map", "name=Ämtel", "--encoding", "windows-1250"], True),
    "default": (PLAIN.encode(), ["--default", "globalmanager=1"], False),
    "default, in another form": (PLAIN.replace("idnumber", "\nidnumber").encode(), ["--default", "globalmanager=1"], True),
    "identifier": (b"code,idnumber,parent,name\n1,A,,Chief\n2,B,1,Ops\n", ["--identifier", "code"], False),
    "identifier, in another form": (b"code;idnumber;parent;name\n1;A;;Chief\n2;B;1;Ops\n", ["--identifier", "code"], True),
    "no idnumber": (b"code;parent;name\n1;;Chief\n2;1;Ops\n", [], True),
    "no hierarchy": (b"idnumber;name\nA;Chief\nB;Ops\n", ["--settings", '{"hierarchy":"none"}'], True),
    "missing parents to the top": (b"idnumber;parent;name\nA;X;Chief\nB;A;Ops\n", ["--settings", '{"missing_parent":"root"}'], True),
    "comments": (b"idnumber,parent,name\n# kept by HR\nA,,Chief\nB,A,Ops\n", ["--comment", "#"], True),
    "parents by name": (b"idnumber,parent,name\nA,,Chief\nB,Chief,Ops\n", ["--parents", "name"], True),
    "parents by either": (b"idnumber,parent,name\nA,,Chief\nB,Chief (A),Ops\nC,Ops,Clerk\n", ["--parents", "either"], True),
    "parents by identifier": (PLAIN.encode(), ["--parents", "id"], False),
    "levels": (b"L1,L2,idnumber\nChief,,A\nChief,Ops,B\nChief,Sales,\nBoard,Law,D\n", ["--parents", "levels=L1,L2"], True),
    "levels without identifiers": (b"L1,L2\nChief,Ops\nChief,Sales\n", ["--parents", "levels=L1,L2"], True),
    "a path": ("path,idnumber\nZarząd/Ops,A\nZarząd/Sales,\n".encode(), ["--parents", "path=path"], True),
    "an outline": (b"level,name,idnumber\n1,Chief,A\n2,Ops,B\n2,Sales,\n", ["--parents", "outline=level"], True),
    "filled down": (b"idnumber,parent,name\nA,,Chief\nB,A,Ops\nC,,Sales\n", ["--fill-down", "parentid"], True),
    "some rows": (b"idnumber,parent,name,state\nA,,Chief,on\nB,A,Ops,off\nC,A,Sales,on\n", ["--where", "state=on"], True),
    "rows of a day": (b"idnumber,parent,name,from\nA,,Chief,2020-01-01\nB,A,Ops,2030-01-01\n",
                      ["--valid-on", "2025-01-01", "--valid-from", "from"], True),
    "severity that changes nothing": (PLAIN.encode(), ["--severity", "OV402=warning", "--severity", "OV302=error"], False),
}
REFUSED = {  # name: (bytes, options, text on standard error)
    "a backslash that no form can carry": (b'idnumber,parent,name\nA,,"a\\"", b"\n', [], "OV110"),
    "the same, not reported": (b'idnumber,parent,name\nA,,"a\\"", b"\n', ["--severity", "OV110=off"], "OV110"),
    "severity lowers an error": (b"idnumber,parent,name\nA,X,Chief\n", ["--severity", "OV402=warning"], "would refuse OV402"),
    "severity switches an error off": (b"idnumber,parent,name\nA,,\n", ["--severity", "OV301=off"], "would refuse OV301"),
    "severity lowers what is an error here": (b"idnumber,parent,name\n A,,Chief\n", ["--severity", "OV306=info"], "would refuse OV306"),
    "parents that a new framework does not have": (b"idnumber,parent,name\nA,OLD,Chief\n", ["--existing", "old.txt"], "OV402"),
    "a cell that the site would not take": (b"idnumber,parent,name,description\nA,,Chief," + b"x" * 1100000 + b"\n",
                                            ["--max-cell", "2000000"], "OV111"),
    "an error": (b"idnumber,parent,name\nA,A,Chief\n", [], "OV403"),
}


def each_option():
    members = None
    for number, (name, (data, options, canonical)) in enumerate(OPTIONS.items()):
        path = write(f"positions-{number}.csv", data)
        wanted = expected(path, options)
        code, out, err = run("submit", path, *options)
        check(f"{name}: imported", code == 0 and wanted, (code, out, err))
        same(f"{name}: canonical form", "canonical form" in err, canonical)
    members = export_all()
    for number, (name, (data, options, canonical)) in enumerate(OPTIONS.items()):
        got = exported(members, f"positions-{number}")
        same(f"{name}: every cell", got, expected(f"positions-{number}.csv", options))
    write("old.txt", b"OLD\n")
    before = uploads()
    for name, (data, options, words) in REFUSED.items():
        code, out, err = run("submit", write("positions-refused.csv", data), *options)
        check(f"{name}: refused", code == 1 and words in err and not out, (code, out, err))
    same("nothing was sent of refused files", uploads(), before)
    # a configuration has the same effect as the options
    os.mkdir(os.path.join(folder, "configured"))
    write("configured/orgvet.json", json.dumps({"root_markers": ["TOTAL"], "rules": {"OV301": "off"}}).encode())
    path = write("configured/positions-configured.csv", TOTAL.encode())
    code, out, err = run("submit", path)
    check("by a configuration: imported", code == 0 and "canonical form" in err, (code, out, err))
    same("by a configuration: every cell", exported(export_all(), "positions-configured"), expected(path, []))
    write(path, b"idnumber,parent,name\nA,,\n")
    code, out, err = run("submit", path)
    check("by a configuration: refused", code == 1 and "would refuse OV301" in err, (code, out, err))
    # parents of an existing framework
    target = next(f["id"] for f in server.frameworks() if f["name"] == "positions-0")
    path = write("positions-more.csv", b"idnumber;parent;name\nX;COO;More\n")
    write("old.txt", b"COO\nCEO\n")
    into = json.dumps({"target_framework": "existing", "select_framework": str(target)})
    code, out, err = run("submit", path, "--existing", "old.txt", "--settings", into)
    check("into an existing framework: imported", code == 0, (code, out, err))
    code, out, err = run("check", path, "--existing", "old.txt")
    check("parents that a new framework does not have: noted", code == 0 and "a new framework will not contain" in err, (code, out, err))


# --- random files ---

NAMES = ["Chief", "Größe", "a,b", 'say "x"', "Überblick", "1", "-", "back\\slash", "end\\", "é" * 3, "x;y", "c:d"]
WORDS = ["Chief", "Größe", "a,b", 'say "x"', "two\nlines", " x", "x ", "", "Überblick", "1", "-", "back\\slash", 'a\\"b', "end\\", "é" * 3, "x;y", "c:d", "t\tt"]


def random_file(random):
    """Bytes and options."""
    options, rows = [], []
    count = random.randint(1, 12)
    ids = [random.choice(["A", "id ", "é", "0", ""]).strip() + str(n) for n in range(count)]
    extra = random.random() < 0.3
    header = ["idnumber", "parent", "name", "description", "descriptionformat", "globalmanager"] + ["note"] * extra
    marker = random.choice(["", "", "TOTAL"])
    for n, id in enumerate(ids):
        parent = random.choice(ids[:n]) if n and random.random() < 0.8 else random.choice(["", marker])
        rows.append([id, parent, random.choice(NAMES), random.choice(WORDS),
                     random.choice(["", "1", "2"]), random.choice(["", "0", "1"])] + [random.choice(WORDS)] * extra)
    if random.random() < 0.3:
        random.shuffle(rows)
    if random.random() < 0.1:
        rows[0][random.randrange(3)] = random.choice(["", "nix", "yes"])
    renamed = random.random() < 0.2
    if renamed:
        header[2] = "Bezeichnung"
        options += ["--map", "name=Bezeichnung"]
    delimiter = random.choice([",", ",", ",", ";", "\t", "|"])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=random.choice(["\n", "\n", "\r\n"]),
                        quoting=random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerow(header)
    for row in rows:
        if random.random() < 0.05:
            out.write("\n")
        writer.writerow(row)
    text = out.getvalue() + "\n" * (random.random() < 0.1)
    if random.random() < 0.5:
        options += ["--delimiter", {"\t": "tab"}.get(delimiter, delimiter)]
    if random.random() < 0.1:
        text = f"sep={delimiter}\n" + text
    elif random.random() < 0.1:
        text = "Report\n" + text
        options += ["--skip", "1"]
    if marker or random.random() < 0.1:
        options += ["--root-marker", "TOTAL"]
    if random.random() < 0.1:
        options += ["--default", "departmentmanager=1"]
    encoding = random.choice(["utf-8", "utf-8", "utf-8-sig", "windows-1252", "utf-16"])
    if random.random() < 0.5:
        options += ["--encoding", encoding.replace("-sig", "")]
    return text.encode(encoding), options


def random_files():
    wanted, refused = {}, 0
    for seed in range(FILES):
        data, options = random_file(random.Random(seed))
        name = f"positions-r{seed}"
        path = write(name + ".csv", data)
        items = expected(path, options)
        before = uploads()
        code, out, err = run("submit", path, "--no-wait", *options)
        if items is not None and code == 0:
            wanted[name] = items
        elif check(f"{seed}: refused with a reason", not out and (code == 1 and (items is None or "OV110" in err) or
                                                                       code == 2 and "the encoding is not certain" in err), (code, out, err, options)):
            same(f"{seed}: nothing was sent", uploads(), before)
            refused += 1
    members = export_all()
    for name, items in wanted.items():
        if check(f"{name}: exists", name in members):
            same(f"{name}: every cell", exported(members, name), items)
    check("some were accepted and some refused", len(wanted) > FILES / 4 and (refused or FILES < 20), (len(wanted), refused))


try:
    each_option()
    random_files()
    same("the service ends cleanly", server.end(), 0)
finally:
    server.end()
tally.end()
