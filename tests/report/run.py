#!/usr/bin/python3
"""Every format of `orgvet check`, for every rule's bad file.

usage: run.py ORGVET SHARED [--update]

The output of each format is compared with testdata/formats/FORMAT (rewritten by --update: read the
difference), all formats must have the same findings, and the output must be valid: SARIF by its
JSON schema (in SHARED; skipped with a message where it is absent), XML by xmllint, GitLab by its
documented fields. Then special cases of some formats. Ends with "report: N passed, N failed"."""
import csv, glob, html, io, json, os, re, shlex, subprocess, sys, tempfile, zipfile
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ORGVET, SHARED, UPDATE = os.path.realpath(sys.argv[1]), sys.argv[2], "--update" in sys.argv
FORMATS = ["pretty", "plain", "json", "ndjson", "sarif", "github", "github-summary", "gitlab", "junit", "checkstyle", "csv", "xlsx", "html"]
QUIET = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
tally = Tally("report")
check = tally.check


def orgvet(*args, cwd=None, env=None, **how):
    return subprocess.run([ORGVET, "check", *args], capture_output=True, cwd=cwd, env={**QUIET, **(env or {})}, **how)


def words_of(folder, *names):
    """The words of the first of these files that is there; None if none is."""
    for name in names:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return shlex.split(open(path, encoding="utf-8").read())
    return None


def arguments(folder):
    importer = words_of(folder, "importer")
    importer = ["positions"] if importer is None else importer
    return [word for name in importer for word in ("-i", name)] + (words_of(folder, "args.bad", "args") or [])


# --- the findings in each format, as (code, line, column, severity); None for what a format lacks
# ---

def of_json(text):
    return [(f["code"], f["line"], f["column"], f["severity"]) for file in json.loads(text)["files"] for f in file["findings"]]


def of_ndjson(text):
    return [(f["code"], f["line"], f["column"], f["severity"]) for f in map(json.loads, text.splitlines()) if "code" in f]


CELL = re.compile(r"[^:!\n]+!([A-Z]+)(\d+)")  # of a workbook: as line and column below


def numbered(text):
    """The text with `7:2` in place of `Positions!B7`."""
    return CELL.sub(lambda m: f"{m[2]}:{sum((ord(c) - 64) * 26 ** n for n, c in enumerate(reversed(m[1])))}", text)


def of_text(text):
    text = re.sub(r"^(\S+?:)(\S+!\S+?)(: )", lambda m: m[1] + numbered(m[2]) + m[3], text, flags=re.M)
    return [(m[4], int(m[1]), int(m[2]), m[3]) for m in re.finditer(r"^\S+?:(\d+):(\d+): (\w+)\[(OV\d+)\]: ", text, re.M)]


def of_sarif(text):
    levels = {"error": "error", "warning": "warning", "note": "info"}
    out = []
    for result in json.loads(text)["runs"][0]["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        out.append((result["ruleId"], region["startLine"], region["startColumn"], levels[result["level"]]))
    return out


def of_github(text):
    return [(m[4], int(m[2]), int(m[3]), m[1])
            for m in re.finditer(r"^::(error|warning) file=[^,]+,line=(\d+),col=(\d+),title=(OV\d+) [a-z0-9-]+::", text, re.M)]


def of_summary(text):
    return [(m[4], int(m[2]), int(m[3]), m[1])
            for m in re.finditer(r"^\| (\w+) \| \S+ \| (\d+) \| (\d+) \| (OV\d+) ", text, re.M)]


def of_gitlab(text):
    names = {"major": "error", "minor": "warning", "info": "info"}
    return [(f["check_name"].split()[0], f["location"]["lines"]["begin"], None, names[f["severity"]]) for f in json.loads(text)]


def of_junit(text):
    out = []
    for case in xml.fromstring(text.encode()).iter("testcase"):
        name = re.sub(r", ([^,!]+![A-Z]+\d+)$", lambda m: ", line " + numbered(m[1]).replace(":", ", column "), case.get("name"))
        found = re.match(r"(OV\d+) [a-z0-9-]+, line (\d+), column (\d+)$", name)
        failure, skipped = case.find("failure"), case.find("skipped")
        if found:
            severity = "error" if failure is not None else skipped.get("message").split(":")[0]
            out.append((found[1], int(found[2]), int(found[3]), severity))
    return out


def of_checkstyle(text):
    return [(e.get("source").removeprefix("orgvet."), int(e.get("line")), int(e.get("column")), e.get("severity"))
            for e in xml.fromstring(text.encode()).iter("error")]


def of_csv(text, beside):
    """The findings of its rows, and those that standard error has beside them."""
    outside = [(f[0], None, None, None) for f in of_text(beside)]
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=max(",;\t|:", key=text.split("\n")[0].count)))
    if not rows:
        return outside
    at = rows[0].index("orgvet_codes")
    return outside + [(code, None, None, None) for row in rows[1:] if len(row) > at for code in row[at].split()]


def of_xlsx(data):
    """Code and severity of its sheet of findings."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = re.findall(r'<sheet name="(.*?)"', book.read("xl/workbook.xml").decode())
        sheet = book.read(f"xl/worksheets/sheet{names.index('orgvet findings') + 1}.xml").decode()
    rows = [re.findall(r"<is><t(?: [^>]*)?>(.*?)</t>", row, re.S) for row in re.findall(r"<row .*?</row>", sheet, re.S)]
    return [(row[1], None, None, row[0]) for row in rows[1:]]


def of_html(text):
    """The findings of the JSON report and the first hundred of the HTML report, with the column's
    name where there is one."""
    text = re.sub(r'(<span class="place">)cell ([A-Z]+\d+)(</span>)', lambda m: m[1] + "line " + numbered("x!" + m[2]).replace(":", ", column ") + m[3], text)
    told = re.findall(r'<span class="place">(?:line (\d+), column (?:(\d+)|`(.*?)`))?</span> <span class="severity">(\w+)</span> [^<]*<span class="code">(OV\d+)</span>', text, re.S)
    found = [f for data in re.findall(r'class="findings">(.*?)</script>', text, re.S) for f in json.loads(data)]
    assert len(told) == len(found[:100])
    for (line, column, name, severity, code), f in zip(told, found):
        assert (code, int(line or 0), severity) == (f["code"], f["line"], f["severity"])
        assert (int(column or 0) == (f["column"] if line else 0)) if not name else f["header"].startswith(html.unescape(name))
    return [(f["code"], f["line"], f["column"], f["severity"]) for f in found]


def unpacked(name, data):
    """All bytes of a report, those in a workbook's members too."""
    if name != "xlsx":
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"".join(book.read(member) for member in book.namelist())


READ = {"pretty": of_text, "plain": of_text, "json": of_json, "ndjson": of_ndjson, "sarif": of_sarif, "github": of_github,
        "github-summary": of_summary, "gitlab": of_gitlab, "junit": of_junit, "checkstyle": of_checkstyle, "csv": of_csv, "html": of_html, "xlsx": of_xlsx}


def alike(want, got):
    """Whether all known parts of `got` equal `want`."""
    known = [i for i in range(4) if not got or got[0][i] is not None]
    return sorted(tuple(f[i] for i in known) for f in want) == sorted(tuple(f[i] for i in known) for f in got)


def is_well_formed(name, text):
    run = subprocess.run(["xmllint", "--noout", "-"], input=text.encode(), capture_output=True)
    check(f"{name}: xmllint", run.returncode == 0, run.stderr.decode())


def is_gitlab(name, text):
    for finding in json.loads(text):
        fine = (isinstance(finding["description"], str) and isinstance(finding["check_name"], str) and
                finding["severity"] in ("info", "minor", "major", "critical", "blocker") and
                isinstance(finding["fingerprint"], str) and isinstance(finding["location"]["lines"]["begin"], int) and
                not finding["location"]["path"].startswith("./"))
        check(f"{name}: GitLab's fields", fine, finding)
    prints = [finding["fingerprint"] for finding in json.loads(text)]
    check(f"{name}: fingerprints are unique", len(prints) == len(set(prints)))


def sarif_validator():
    path = os.path.join(SHARED, "schemas", "sarif-2.1.0.json")
    if not os.path.exists(path):
        print(f"report: skipped: SARIF's schema; {path} is not there")
        return None
    import jsonschema
    with open(path, encoding="utf-8") as file:
        return jsonschema.Draft7Validator(json.load(file))


def all_rules():
    validator = sarif_validator()
    folders = sorted(glob.glob(os.path.join(ROOT, "testdata/rules/*")))
    check("all rules are covered", len(folders) >= 40)
    for folder in folders:
        code, findings, whole = os.path.basename(folder), None, ""
        for name in FORMATS:
            options = ["-v"] if name in ("pretty", "plain", "csv") else []
            run = orgvet("--format", name, *options, *arguments(folder), "bad.csv", cwd=folder)
            if name == "csv" and "--jobs-file" in arguments(folder):
                check(f"{code}: csv takes a single file", run.returncode == 2 and b"specify exactly one FILE" in run.stderr, run.stderr)
                continue
            if name == "xlsx":
                check(f"{code}: xlsx has the same findings", alike(findings, of_xlsx(run.stdout)), f"{findings} {of_xlsx(run.stdout)}")
                continue
            text = run.stdout.decode("utf-8")
            if name == "html":  # the view is in separate files
                text = re.sub(r"(<style>).*?(</style>)", r"\1\2", text, flags=re.S)
                text = re.sub(r"(<script>).*?(</script>)", r"\1\2", text, flags=re.S)
                text = re.sub(r"'sha256-[^']*'", "'sha256-'", text)
            whole += f"== {name}\n{without_rules(text) if name == 'sarif' else text}"
            if name == "pretty":
                continue
            got = of_csv(text, run.stderr.decode()) if name == "csv" else READ[name](text)
            if name == "plain":
                findings = got
                check(f"{code}: is found", code in {f[0] for f in got}, text)
            elif name == "github":
                check(f"{code}: {name} has errors and warnings", alike([f for f in findings if f[3] != "info"], got), text)
            else:
                check(f"{code}: {name} has the same findings", alike(findings, got), f"{findings} {got}")
            if name == "sarif" and validator:
                errors = [error.message for error in validator.iter_errors(json.loads(text))]
                check(f"{code}: valid by SARIF's schema", not errors, errors[:3])
            if name in ("junit", "checkstyle"):
                is_well_formed(f"{code}: {name}", text)
            if name == "gitlab":
                is_gitlab(f"{code}", text)
        is_golden(code, os.path.join(folder, "expected"), whole)


def without_rules(sarif):
    """A SARIF report without its list of rules, which is compared once, below, and the places in it."""
    return re.sub(r'"ruleIndex":\d+,', "", re.sub(r'"rules":\[\n.*?\n\]', '"rules":[]', sarif, flags=re.S))


def is_golden(name, path, text):
    if UPDATE:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    want = open(path, encoding="utf-8", newline="").read() if os.path.exists(path) else ""
    if not check(f"{name}: unchanged in every format", text == want):
        for old, new in zip(want.split("\n"), text.split("\n")):
            if old != new:
                print(f"  was: {old}\n  is:  {new}")
                break


def rule_list():
    """SARIF and `explain` list the rules of rules.def, each with its explanation."""
    source = open(os.path.join(ROOT, "src/finding/rules.def"), encoding="utf-8").read()
    rules = re.findall(r'^OV_RULE_\w+\((\d+), "([a-z0-9-]+)", (\w+),.*?"((?:[^"\\]|\\.)*)"\)$', source, re.M | re.S)
    check("rules.def has rules", len(rules) >= 42)
    wanted = [(f"OV{number}", name, {"INFO": "note"}.get(severity, severity.lower()), summary.replace('\\"', '"').replace("\\\\", "\\"))
              for number, name, severity, summary in rules]
    run = orgvet("--format", "sarif", os.path.join(ROOT, "testdata/sample/positions.csv"))
    listed = json.loads(run.stdout)["runs"][0]["tool"]["driver"]["rules"]
    check("SARIF: the rules", [(r["id"], r["name"], r["defaultConfiguration"]["level"], r["shortDescription"]["text"]) for r in listed] == wanted)
    check("SARIF: results refer to them", all(listed[r["ruleIndex"]]["id"] == r["ruleId"] for r in json.loads(run.stdout)["runs"][0]["results"]))
    check("SARIF: each with its explanation", all(len(r["fullDescription"]["text"]) > 20 and len(r["help"]["text"]) > 5 for r in listed))
    run = subprocess.run([ORGVET, "explain"], capture_output=True, text=True)
    lines = [line.split(None, 3) for line in run.stdout.splitlines()]
    check("explain: the rules", [line[0] for line in lines] == [rule[0] for rule in wanted] and not run.returncode, run.stdout)
    run = subprocess.run([ORGVET, "explain", *(rule[0] for rule in wanted)], capture_output=True, text=True)
    check("explain: each of them", run.returncode == 0 and all(re.search(rf"^{code} {name}", run.stdout, re.M) for code, name, _, _ in wanted), run.stdout[:500])


# --- special cases ---

def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def particulars(work):
    path = os.path.join(work, "my positions,100%.csv")
    rows = "".join(f"A{i},MISSING{i},N\n" for i in range(30))
    write(path, "idnumber,parentid,name\n" + rows + "TOP,NOWHERE,T\n" + "".join(f"T{i},TOP,T{i}\n" for i in range(9)))
    name = os.path.basename(path)
    # github: the default in GitHub Actions, most affected first, escaped, appends a summary
    summary = os.path.join(work, "summary.md")
    write(summary, "before\n")
    run = orgvet("-i", "positions", name, cwd=work, env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary})
    lines = run.stdout.decode().splitlines()
    check("github: the default in GitHub Actions", lines[0].startswith("::error file=my positions%2C100%25.csv,line=32,"), lines[:1])
    check("github: ten errors", sum(line.startswith("::error") for line in lines) == 10, lines)
    text = open(summary, encoding="utf-8").read()
    check("github: the summary has all findings, after existing content",
          text.startswith("before\n## orgvet\n") and text.count("\n| error |") == 31, text)
    run = orgvet("-i", "positions", name, cwd=work)
    check("github: not the default elsewhere", not run.stdout.startswith(b"::"))
    # sarif: URIs, related locations of a cycle, the limit on results
    write(os.path.join(work, "loop.csv"), "idnumber,parentid,name\nA,B,a\nB,C,b\nC,A,c\n")
    result = json.loads(orgvet("-i", "positions", "-f", "sarif", "loop.csv", cwd=work).stdout)["runs"][0]["results"]
    check("sarif: a cycle is one result", len(result) == 1 and len(result[0]["relatedLocations"]) == 3, result)
    uri = json.loads(orgvet("-i", "positions", "-f", "sarif", name, cwd=work).stdout)["runs"][0]["results"][0]
    uri = uri["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    check("sarif: paths are URIs", uri == "my%20positions%2C100%25.csv", uri)
    write(os.path.join(work, "many.csv"), "idnumber,parentid,name\n" + "".join(f"A{i}, ,=N{i}\n" for i in range(14000)))
    run = json.loads(orgvet("-i", "positions", "-f", "sarif", "many.csv", "many.csv", cwd=work).stdout)["runs"][0]
    levels = [r["level"] for r in run["results"]]
    check("sarif: 25,000 results, errors first", len(levels) == 25000 and levels.count("error") == 25000, len(levels))
    note = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    check("sarif: omitted findings are reported", re.match(r"\d+ findings are left out", note), note)
    # gitlab: the same file under two names
    write(os.path.join(work, "again.csv"), open(os.path.join(work, "loop.csv"), encoding="utf-8").read())
    prints = [f["fingerprint"] for f in json.loads(orgvet("-i", "positions", "-f", "gitlab", "loop.csv", "./again.csv", cwd=work).stdout)]
    check("gitlab: fingerprints are unique across files", len(prints) == len(set(prints)) == 2, prints)
    # csv: surplus cells, blank rows, other encodings
    with open(os.path.join(work, "odd.csv"), "wb") as file:
        file.write("idnumber;parentid;name\r\nÄ;;Chief \r\n\r\nB;Ä;b;more;still\r\nC;Ä\r\n".encode("cp1252"))
    run = orgvet("-i", "positions", "-f", "csv", "odd.csv", cwd=work)
    table = list(csv.reader(io.StringIO(run.stdout.decode("utf-8-sig"), newline=""), delimiter=";"))
    check("csv: every cell, with its findings",
          [row[:4] + row[5:] for row in table] == [["idnumber", "parentid", "name", "orgvet_codes"], ["Ä", "", "Chief ", "OV306"],
                                                   [], ["B", "Ä", "b", "OV107", "more", "still"], ["C", "Ä", "", "OV107"]], table)
    check("csv: begins with the mark of UTF-8", run.stdout.startswith(b"\xef\xbb\xbf"), run.stdout[:9])
    check("csv: what is about no row is on standard error", [f[0] for f in of_text(run.stderr.decode())] == ["OV112", "OV108"], run.stderr)
    with open(os.path.join(work, "annotated.csv"), "wb") as file:
        file.write(run.stdout)
    again = json.loads(orgvet("-i", "positions", "-f", "json", "annotated.csv", cwd=work).stdout)["files"][0]
    check("csv: vetted again, its own columns are passed over", again["counts"] == {"OV107": 1, "OV108": 1, "OV301": 1, "OV306": 1}, again["counts"])
    run = orgvet("-i", "positions", "-f", "csv", "annotated.csv", cwd=work)
    check("csv: they are replaced", run.stdout.split(b"\r\n")[0].split(b"\n")[0] == "\ufeffidnumber;parentid;name;orgvet_codes;orgvet_messages".encode(), run.stdout[:99])
    run = orgvet("-i", "positions", "-f", "csv", "odd.csv", cwd=work)
    run = orgvet("-i", "positions", "-f", "csv", "--stdin-filename", "odd.csv", "-", cwd=work, input=open(os.path.join(work, "odd.csv"), "rb").read())
    check("csv: the same from a pipe", list(csv.reader(io.StringIO(run.stdout.decode("utf-8-sig"), newline=""), delimiter=";")) == table, run.stderr)
    run = orgvet("-i", "positions", "-f", "csv", "odd.csv", "loop.csv", cwd=work)
    check("csv: takes a single file", run.returncode == 2 and b"specify exactly one FILE" in run.stderr, run.stderr)
    # several formats at once
    out = [os.path.join(work, n) for n in ("r.sarif", "r.xml", "r.json", "r.csv")]
    pairs = [f"--output={f}={o}" for f, o in zip(("sarif", "junit", "gitlab", "csv"), out)]
    run = orgvet("-i", "positions", *pairs, "loop.csv", cwd=work)
    check("several formats at once", run.returncode == 1 and all(os.path.getsize(o) for o in out), run.stderr)
    run = orgvet("-f", "sarf", "loop.csv", cwd=work)
    check("an unknown format", run.returncode == 2 and b"did you mean `sarif`?" in run.stderr, run.stderr)


def secrets(work):
    """With --redact no format contains a row's cells, and an identifier always has the same hash."""
    path = os.path.join(work, "positions.csv")
    rows = ["idnumber,parentid,name,description,descriptionformat,globalmanager,departmentmanager,nickname,",
            "secretceo,,secret chief,secret text,1,1,0,secretboss,secretdata", "secretcoo,secretceo,secret ops,=secret(),secret4,secretyes,yes,x,",
            "secretcoo,SecretCEO,secret twin,x,1,,,y,", "SECRETCOO,secretcoo,Secret\u202etwin, padded secret ,,,,,", " secretpad,secretmissing,,secret,,,,,",
            "seCRETa,seCRETb,secret loop,,,,,,", "seCRETb,seCRETa,secret loop,,,,,,", "secretself,secretself,secret \u00c3\u00a9,,,,,,",
            ",secretceo,secret nobody,,,,,,", "2E+05,secretceo,secret damage,,,,,,", "secretlong" + "g" * 100 + ",secretceo,secret long,,,,,,",
            "secretrag,secretceo,secret ragged", 'secretq,secretceo,secret "quoted",,,,,,', '"secretopen,secretceo,secret torn', 'secretback,secretceo,"secret \\""",,,,,,',
            "secretsame,secretceo,secret same,,,,,,", "secretsam2,secretceo,secret same,,,,,,", "secretnul\0,secretceo,secret nul,,,,,,"]
    with open(path, "wb") as file:
        file.write("\n".join(rows).encode() + b"\nsecret\xff,secretceo,secret bytes,,,,,,\n")
    baseline, key, other = (os.path.join(work, n) for n in ("known.json", "key", "other.key"))
    for file, text in ((key, b"k" * 32), (other, b"o" * 32)):
        with open(file, "wb") as out:
            out.write(text)
    for name in FORMATS:
        run = orgvet("-i", "positions", "-v", "--encoding", "UTF-8", "--redact",
                     *(["--redact-key", key, "--write-baseline", baseline] if name == "json" else ["--pattern", "description=^[a-z]+$"]), "--format", name, path)
        told = unpacked(name, run.stdout) + run.stderr
        check(f"redact: {name} has no cell values", run.stdout and b"secret" not in told.lower(), told[:2000])
    check("redact: a baseline has no cell values", b"secret" not in open(baseline, "rb").read().lower())
    run = orgvet("-i", "positions", "-v", "--encoding", "UTF-8", "--redact-key", key, "--baseline", baseline, "--severity", "OV402=off", path)
    check("redact: gone findings have no cell values", b"gone since" in run.stderr and b"secret" not in run.stderr.lower(), run.stderr)
    text = orgvet("-i", "positions", "--encoding", "UTF-8", "--redact", "-f", "json", path).stdout.decode()
    loop = [f for f in of_json_whole(text) if f["code"] == "OV404"][0]
    check("redact: the same hash for an identifier", loop["id"] in loop["members"] and all(re.match(r"#[0-9a-f]{8}$", m) for m in loop["members"]), loop)
    plain = orgvet("-i", "positions", "--encoding", "UTF-8", "-f", "json", path).stdout.decode()
    def found(text, *members):
        return [[f.get(m) for m in members] for f in of_json_whole(text)]

    def keyed(*more):
        return orgvet("-i", "positions", "--encoding", "UTF-8", "-f", "json", *more, path).stdout.decode()
    check("redact: the same findings", found(text, "code", "line") == found(plain, "code", "line"))
    check("redact: a random key for each run", not set(map(str, found(text, "fingerprint"))) & set(map(str, found(keyed("--redact"), "fingerprint"))))
    check("redact: the same output with a key", keyed("--redact-key", key) == keyed("--redact-key", key))
    check("redact: other hashes with another key", not set(map(str, found(keyed("--redact-key", key), "fingerprint"))) &
          set(map(str, found(keyed("--redact-key", other), "fingerprint"))))
    plainly = os.path.join(work, "plain.json")
    run = orgvet("-i", "positions", "--encoding", "UTF-8", "--write-baseline", plainly, path)
    check("a baseline states that it contains cell values", b"cell values" in run.stderr and b'"holds":"texts of cells' in open(plainly, "rb").read(), run.stderr)
    check("redact: such a baseline does not", b"holds" not in open(baseline, "rb").read())
    run = orgvet("-i", "positions", "--encoding", "UTF-8", "--redact", "--baseline", plainly, path)
    check("redact: findings are known from a plain baseline", run.returncode == 0, run.stdout)
    run = orgvet("--redact", "--write-baseline", plainly, path)
    check("redact: no baseline with a random key", run.returncode == 2 and b"--redact-key" in run.stderr, run.stderr)
    with open(other, "wb") as out:
        out.write(b"short")
    run = orgvet("--redact-key", other, path)
    check("redact: a key that is too short", run.returncode == 2 and b"too short" in run.stderr, run.stderr)
    headless = os.path.join(work, "headless.csv")
    with open(headless, "w") as out:
        out.write("secretceo,,Secret Chief,secret\nsecretcoo,secretceo,Secret Ops,secret\nsecretx,secretceo,Secret Ops,secret\n")
    for name in FORMATS:
        for more in ([], ["--map", "idnumber=sekretceo"], ["--map", "idnumber=nowhere"]):
            run = orgvet("-i", "positions", "-v", "--redact", *more, "--format", name, headless)
            told = unpacked(name, run.stdout) + run.stderr
            check(f"redact: {name} of a file without a header has no cell values", run.stdout and b"secret" not in told.lower(), told[:2000])


def secret_jobs(work):
    """A redacted user upload."""
    for name, text in (("positions.csv", "idnumber,parent,name\nsecretceo,,secret\n"),
                       ("users.csv", "username,email,jobposition1\nsecretann,secret@x,SecretCEO\nsecretbob,secret@y,secretno\n")):
        with open(os.path.join(work, name), "w", encoding="utf-8") as file:
            file.write(text)
    for name in [n for n in FORMATS if n != "csv"]:
        run = orgvet("--redact", "-v", "--format", name, "--jobs-file", "users.csv", "positions.csv", cwd=work)
        told = unpacked(name, run.stdout) + run.stderr
        check(f"redact: {name} of jobs has no cell values", run.returncode == 1 and b"OV601" in told and b"secret" not in told.lower(), told[:2000])


def of_json_whole(text):
    return [f for file in json.loads(text)["files"] for f in file["findings"]]


all_rules()
rule_list()
with tempfile.TemporaryDirectory() as folder:
    particulars(folder)
    secrets(folder)
    secret_jobs(folder)
tally.end()
