#!/usr/bin/python3
"""orgvet.json: every error with its position, discovery, precedence, suppressions, and the output
of `config` and `init`.

usage: run.py ORGVET
Ends with "config: N passed, N failed"."""
import json, os, random, pty, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ORGVET = os.path.realpath(sys.argv[1])
tally = Tally("config")
check = tally.check


class Folder:
    """A folder with files, in which orgvet runs."""

    def __init__(self, path):
        self.path = path
        self.env = {"PATH": os.environ["PATH"], "HOME": path, "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": os.path.join(path, "own")}

    def write(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode())

    def run(self, *args, cwd="", **how):
        return subprocess.run([ORGVET, *args], cwd=os.path.join(self.path, cwd), env=self.env, capture_output=True, text=True, **how)


CSV = "idnumber,parent,name\nCEO,,Chief\nCOO,CEO,Operations\n"
BAD = CSV + "OM,COOO,Office\nTMP-1,CEO,=1+1\nTMP-2,CEO,=2+2\n"

MISTAKES = [ # the configuration, and the beginning of the message after its path
    ('{"importr": "positions"}', "1:2: unknown key `importr`; did you mean `importer`?"),
    ('{\n  "files": {"*.csv": {"fil": 1}}\n}', "2:23: unknown key `fil`; valid keys are importer, settings, rules"),
    ('{"files": {"*.csv": {"site": "https://x"}}}', "1:22: unknown key `site`"),
    ('{"files": {"*.csv": {"files": {}}}}', "1:22: unknown key `files`"),
    ('{"zzzzzzzzz": 1}', "1:2: unknown key `zzzzzzzzz`; valid keys are importer,"),
    ('{"importer": "position"}', "1:14: unknown importer `position`; it must be positions or departments"),
    ('{"importer": 1}', "1:14: `importer` must be a string"),
    ('{"rules": {"OV999": "off"}}', "1:12: unknown rule `OV999`"),
    ('{"rules": {"formla": "off"}}', "1:12: unknown rule `formla`; did you mean OV309 (formula)?"),
    ('{"rules": {"OV309": "of"}}', '1:21: `OV309` must be "error", "warning", "info" or "off"'),
    ('{"rules": ["OV309"]}', "1:11: `rules` must be an object"),
    ('{"settings": {"hierarchie": "none"}}', "1:15: unknown setting `hierarchie`; did you mean `hierarchy`?"),
    ('{"settings": {"hierarchy": "nope"}}', "1:15: the setting `hierarchy` cannot be `nope`"),
    ('{"settings": {"identifier": ["a"]}}', "1:15: the setting `identifier` must be a string or a whole number"),
    ('{"settings": 1}', "1:14: `settings` must be an object"),
    ('{"patterns": {"idnumer": "x"}}', "1:15: pattern for unknown field `idnumer`"),
    ('{"patterns": {"idnumber": "("}}', "1:27: invalid pattern for `idnumber`"),
    ('{"patterns": {"idnumber": 1}}', "1:27: `idnumber` must be a string"),
    ('{"require_id": "yes"}', "1:16: `require_id` must be true or false"),
    ('{"single_root": 1}', "1:17: `single_root` must be true or false"),
    ('{"root_markers": {"a": 1}}', "1:18: `root_markers` must be a string or a list of strings"),
    ('{"root_markers": ["XX",\n 1]}', "2:2: `root_markers` must contain only strings"),
    ('{"max_depth": 0}', "1:15: `max_depth` must be a whole number from 1"),
    ('{"max_depth": 2.5}', "1:15: `max_depth` must be a whole number"),
    ('{"fail_on": "bad"}', '1:13: `fail_on` must be "error"'),
    ('{"budget": {"max_gone": 1}}', "1:13: unknown key `max_gone`; "),
    ('{"budget": {"max_moved": "many"}}', "1:26: `max_moved` must be a number or a percentage"),
    ('{"budget": {"max_moved": -1}}', "1:26: `max_moved` must be a number or a percentage"),
    ('{"site": "ftp://x"}', "1:10: `site` must be an address"),
    ('{"files": ["*.csv"]}', "1:11: `files` must be an object"),
    ('{"files": {"*.csv": true}}', "1:21: `*.csv` must be an object"),
    ('{"files": {"hr/[.csv": {}}}', "1:12: invalid glob `hr/[.csv`: the `[` at character 4 is not closed"),
    ('{"files": {"": {}}}', "1:12: invalid glob ``: it is empty"),
    ('{"files": {"[z-a].csv": {}}}', "1:12: invalid glob `[z-a].csv`: it contains an invalid `[…]`"),
    ('{"files": {"a\\\\": {}}}', "1:12: invalid glob `a\\`: nothing follows the final `\\`"),
    ('{"files": {"../x.csv": {}}}', "1:12: invalid glob `../x.csv`: it must be relative to the configuration's folder"),
    ('{"suppress": {"code": "OV309"}}', "1:14: `suppress` must be a list of objects"),
    ('{"suppress": [1]}', "1:15: `suppress` must contain objects"),
    ('{"suppress": [{"identifier": "A", "reason": "x"}]}', "1:15: a suppression needs `code`"),
    ('{"suppress": [{"code": "OV309"}]}', "1:15: a suppression needs `reason`"),
    ('{"suppress": [{"code": "OV309", "reason": " "}]}', "1:43: `reason` in a suppression cannot be empty"),
    ('{"suppress": [{"code": "OV999", "reason": "x"}]}', "1:24: unknown rule `OV999`"),
    ('{"suppress": [{"code": "OV309", "reason": "x", "id": "a"}]}', "1:48: unknown key `id`; valid keys are code, identifier, reason"),
    ('{"suppress": [{"code": "OV309", "reason": "x", "identifier": "[a"}]}', "1:62: invalid glob `[a`"),
    ('{"fail_on": "error", "fail_on": "info"}', "1:22: duplicate key `fail_on`"),
    ('{"rules": {"OV309": "off", "OV309": "error"}}', "1:28: duplicate key `OV309`"),
    ('{"fail_on": "error",}', "1:21: invalid JSON: a comma too many before this"),
    ('{\n// what\n}', "2:1: invalid JSON: JSON has no comments"),
    ("{'fail_on': 1}", "1:2: invalid JSON: texts are in double quotes"),
    ('{"fail_on": "error"\n "rules": {}}', "2:2: invalid JSON: a comma or colon may be missing before this"),
    ("[]", "1:1: a configuration must be an object"),
    ("", "1:1: invalid JSON"),
    (b'{"fail_on": "\xff"}', "1:1: the configuration must be JSON in UTF-8"),
    (b'{"fail_on": "a\0"}', "1:1: the configuration must be JSON in UTF-8"),
    ('{"ä": 1}', "1:2: unknown key `ä`"),
    ('{"rules": {"ä": "off"}, "x": 1}', "1:12: unknown rule `ä`"),
    ('{"$schema": "s", "rules": {}, "é": 1}', "1:31: unknown key `é`"),
]


def mistakes(folder):
    folder.write("positions.csv", CSV)
    for text, said in MISTAKES:
        folder.write("orgvet.json", text)
        for command in (["check"], ["config"], ["emit"]):
            run = folder.run(*command, "positions.csv")
            check(f"{text!r}: {command[0]}", run.returncode == 2 and run.stdout == "" and run.stderr.startswith("orgvet: orgvet.json:" + said),
                  f"{run.returncode} {run.stderr!r}")
    os.remove(os.path.join(folder.path, "orgvet.json"))
    run = folder.run("check", "--config", "none.json", "positions.csv")
    check("--config: missing file", run.returncode == 2 and "cannot read `none.json`" in run.stderr, run.stderr)
    folder.write("c.json", {"fail_on": "info"})
    run = folder.run("check", "--config", "c.json", "--no-config", "positions.csv")
    check("--config and --no-config together", run.returncode == 2 and "cannot be used together" in run.stderr, run.stderr)
    for name, text, said in (("x.json", "[1]", "it is not an orgvet baseline"), ("y.json", '{"version":"2.1.0","runs":[]}', "it is not an orgvet baseline"),
                             ("z.json", "{", "it is not a JSON file")):
        folder.write(name, text)
        run = folder.run("check", "--baseline", name, "positions.csv")
        check(f"baseline {text}", run.returncode == 2 and f"`{name}` cannot be used as a baseline: {said}" in run.stderr, run.stderr)
    run = folder.run("check", "--baseline", "gone.json", "positions.csv")
    check("--baseline: missing file", run.returncode == 2 and "cannot read `gone.json`" in run.stderr, run.stderr)


def values(folder, *args, cwd=""):
    run = folder.run("config", "--format", "json", *args, cwd=cwd)
    check(f"config {args}", run.returncode == 0 and not run.stderr, run.stderr)
    return json.loads(run.stdout)


def discovery(folder):
    folder.write("repo/.git/HEAD", "")
    folder.write("repo/hr/deep/positions.csv", CSV)
    folder.write("repo/positions.csv", CSV)
    folder.write("orgvet.json", {"max_depth": 1}) # above the repository: not searched
    folder.write("own/orgvet/orgvet.json", {"max_depth": 2})
    get = lambda name, cwd="repo": (lambda one: (one["configuration"], [v["value"] for v in one["values"] if v["key"] == "max_depth"][0]))(values(folder, name, cwd=cwd)[0])
    check("discovery: the user's own", get("positions.csv") == ("../own/orgvet/orgvet.json", "2"), get("positions.csv"))
    folder.write("repo/orgvet.json", {"max_depth": 3})
    check("discovery: the repository's root", get("hr/deep/positions.csv") == ("orgvet.json", "3"))
    folder.write("repo/hr/orgvet.json", {"max_depth": 4})
    check("discovery: the nearest one", get("hr/deep/positions.csv") == ("hr/orgvet.json", "4") and get("positions.csv") == ("orgvet.json", "3"))
    check("discovery: from another working folder", get("hr/deep/positions.csv", "repo") == ("hr/orgvet.json", "4") and get("positions.csv", "repo/hr/deep/../..")[1] == "3"
          and get("positions.csv", "repo/hr/deep") == ("../orgvet.json", "4"))
    os.symlink("../hr/deep/positions.csv", os.path.join(folder.path, "repo", "link.csv"))
    check("discovery: of a link, the link's folder", get("link.csv") == ("orgvet.json", "3"))
    check("discovery: of standard input, the working folder", get("-", "repo/hr") == ("orgvet.json", "4"))
    one = values(folder, "--no-config", "positions.csv", cwd="repo")[0]
    check("discovery: --no-config", one["configuration"] is None and {v["from"] for v in one["values"]} == {"default"}, one)
    two = folder.run("check", "hr/deep/positions.csv", "positions.csv", cwd="repo")
    check("discovery: two files with different configurations", two.returncode == 0 and "4 rows, 0 errors" in two.stdout, two.stderr)
    os.chmod(os.path.join(folder.path, "repo/orgvet.json"), 0)
    if os.getuid():
        run = folder.run("check", "positions.csv", cwd="repo")
        check("discovery: unreadable configuration", run.returncode == 2 and "Permission denied" in run.stderr, run.stderr)


def precedence(folder):
    folder.write("hr/departments.csv", CSV.replace("CEO", "SAL").replace("COO", "SAD"))
    folder.write("hr/x-positions.csv", BAD)
    folder.write("hr/framework.csv", "idnumber\nCOOO\n")
    folder.write("orgvet.json", {
        "importer": "positions", "rules": {"formula": "error", "OV402": "warning"}, "fail_on": "warning", "require_id": True,
        "settings": {"csvdefault:descriptionformat": "2"}, "root_markers": ["XX", "0"], "patterns": {"name": "^."},
        "budget": {"max_removed": "5%", "max_moved": 3}, "site": "https://site.example.org",
        "files": {"hr/dep*.csv": {"importer": "departments", "require_id": False}, "hr/*.csv": {"rules": {"OV309": "off"}},
                  "x-*.csv": {"existing": "hr/framework.csv"}}})
    got = values(folder, "hr/departments.csv", "hr/x-positions.csv", "other.csv")
    of = lambda one, key, name="": [(v["value"], v["from"]) for v in one["values"] if v["key"] == key and v["name"] == name]
    check("files: an override", of(got[0], "importer")[0][0] == "departments" and of(got[0], "require_id")[0][0] == "false", got[0])
    check("files: a glob without a slash", of(got[1], "existing") == [("hr/framework.csv", of(got[1], "existing")[0][1])] and not of(got[0], "existing"), got[1])
    check("files: the later entry wins", of(got[0], "rules", "OV309")[0][0] == "off" == of(got[1], "rules", "OV309")[0][0])
    check("files: other values remain", of(got[1], "rules", "OV402")[0][0] == "warning" and of(got[1], "settings", "csvdefault:descriptionformat")[0][0] == '"2"')
    check("lists and budgets", [v[0] for v in of(got[1], "root_markers")] == ["XX", "0"] and of(got[1], "budget", "max_removed")[0][0] == "5%" and of(got[1], "site"))
    check("a file that no glob matches", got[2]["skipped"] and not got[0]["skipped"])
    check("origins: position and default", of(got[0], "importer")[0][1].startswith("orgvet.json:1:") and of(got[0], "max_depth") == [("100", "default")])
    one = values(folder, "--importer", "departments", "--no-require-id", "--severity", "OV309=info", "--map", "name=title", "hr/x-positions.csv")[0]
    check("precedence: the command line wins", of(one, "importer") == [("departments", "command line")] and of(one, "require_id") == [("false", "command line")]
          and of(one, "rules", "OV309") == [("info", "command line")] and of(one, "settings", "csvmapping:name") == [("title", "command line")], one)
    run = folder.run("check", "hr/x-positions.csv")
    check("check: rule off, parent exists", run.returncode == 0 and "OV309" not in run.stdout and "OV402" not in run.stdout, run.stdout)
    run = folder.run("check", "--severity", "OV309=error", "hr/x-positions.csv")
    check("check: the command line wins", run.returncode == 1 and run.stdout.count("error[OV309]") == 2, run.stdout)
    run = folder.run("check", "x-positions.csv", cwd="hr")
    check("check: from a subfolder", run.returncode == 0 and "OV402" not in run.stdout, run.stdout + run.stderr)
    run = folder.run("dry-run", "hr/departments.csv")
    check("dry-run: settings of the configuration", run.returncode == 0 and '\\"csvdefault:descriptionformat\\":\\"2\\"' in run.stdout and "manager" not in run.stdout, run.stdout)
    folder.write("other.csv", "a,b\n1\n")
    run = folder.run("check", "other.csv")
    check("skipped: the only file", run.returncode == 0 and run.stdout == "" and "nothing was vetted: no glob in `files` of orgvet.json matches other.csv" in run.stderr, run.stderr)
    run = folder.run("check", "-v", "other.csv", "hr/departments.csv")
    check("skipped: reported with -v", run.returncode == 0 and "orgvet: other.csv: skipped: no glob in `files` of orgvet.json matches" in run.stderr and "2 rows" in run.stdout, run.stderr)
    run = folder.run("check", "other.csv", "hr/departments.csv")
    check("skipped: not reported otherwise", run.stderr == "" and "other.csv" not in run.stdout, run.stderr)
    run = folder.run("fix", "--write", "other.csv")
    check("skipped: by fix", run.returncode == 0 and run.stderr == "")
    run = folder.run("tree", "hr/x-positions.csv", "--no-config", "--importer", "positions")
    check("tree: --no-config", run.returncode == 0 and "Chief" in run.stdout, run.stderr)
    run = folder.run("check", "-", input=BAD)
    check("standard input without a name is checked", run.returncode == 1 and "OV402" in run.stdout, run.stderr)
    run = folder.run("check", "other.csv", "-", input=BAD)
    check("standard input together with a skipped file", "OV402" in run.stdout and "other.csv" not in run.stdout, run.stdout)
    run = folder.run("check", "--output", "json=orgvet.json", "hr/departments.csv")
    check("a configuration is not overwritten", run.returncode == 2 and "would overwrite an input file" in run.stderr, run.stderr)
    run = folder.run("check", "--stdin-filename", "hr/departments.csv", "-", input=BAD)
    check("standard input matched by its name", "OV309" not in run.stdout and "OV402" in run.stdout, run.stdout)
    folder.write("old.csv", CSV + "A,CEO,a\nB,CEO,b\nC,CEO,c\n")
    run = folder.run("diff", "old.csv", "hr/x-positions.csv")
    check("budget: diff", run.returncode == 1 and "OV501" in run.stderr, run.stderr)
    run = folder.run("check", "--against", "old.csv", "hr/x-positions.csv")
    check("budget: check", run.returncode == 1 and "OV501" in run.stdout, run.stdout + run.stderr)


GLOBS = [ # glob, path, whether it matches
    ("*.csv", "a.csv", True), ("*.csv", "hr/a.csv", True), ("hr/*.csv", "hr/a.csv", True), ("hr/*.csv", "hr/x/a.csv", False),
    ("hr/**/*.csv", "hr/x/y/a.csv", True), ("hr/**/*.csv", "hr/a.csv", True), ("**/a.csv", "a.csv", True), ("hr/**", "hr/x/a.csv", True),
    ("hr/a?.csv", "hr/ab.csv", True), ("hr/a?.csv", "hr/a/.csv", False), ("[ab].csv", "b.csv", True), ("[!ab].csv", "b.csv", False),
    ("[!ab].csv", "s.csv", True), ("a[b]c.csv", "abc.csv", True), ("\\*.csv", "a.csv", False), ("a.csv", "aXcsv", False), ("./a.csv", "a.csv", False),
    ("ä*.csv", "äö.csv", True), ("{a,b}.csv", "a.csv", False), ("hr/*", "hr/a.csv", True), ("A.csv", "a.csv", False), ("x[]]y", "x]y", True),
]


def globs(folder):
    for glob, path, fits in GLOBS:
        folder.write("orgvet.json", {"files": {glob: {}}})
        folder.write(path, "")
        check(f"glob {glob} {path}", values(folder, path)[0]["skipped"] is not fits)


def suppressions(folder):
    folder.write("positions.csv", BAD)
    folder.write("orgvet.json", {"suppress": [
        {"code": "OV309", "identifier": "TMP-*", "reason": "placeholders"}, {"code": "missing-parent", "identifier": "O?", "reason": "known"},
        {"code": "OV401", "reason": "never"}]})
    run = folder.run("check", "positions.csv")
    check("suppressed: not reported", run.returncode == 0 and run.stdout == "5 rows, 0 errors, 0 warnings in 1 file\n", run.stdout)
    check("suppressed: noted", "orgvet: positions.csv: 3 findings suppressed by orgvet.json" in run.stderr, run.stderr)
    check("suppressed: unused ones noted", re.search(r"^orgvet: orgvet.json:1:\d+: unused suppression: no matching finding \(OV401\)", run.stderr, re.M), run.stderr)
    check("suppressed: used ones not noted as unused", run.stderr.count("unused suppression") == 1, run.stderr)
    report = json.loads(folder.run("check", "--format", "json", "positions.csv").stdout)
    check("suppressed: missing from every format and count", report["files"][0]["findings"] == [] and report["files"][0]["counts"] == {} and report["summary"]["error"] == 0, report)
    run = folder.run("check", "-q", "positions.csv")
    check("suppressed: no notes with -q", run.stderr == "" and run.returncode == 0, run.stderr)
    run = folder.run("emit", "positions.csv")
    check("suppressed: not in emit", run.returncode == 1 and "OV402" in run.stderr)
    folder.write("orgvet.json", {"files": {"*.csv": {}, "a-*.csv": {"suppress": [{"code": "OV309", "identifier": "*", "reason": "x"}]}}})
    folder.write("a-positions.csv", BAD)
    run = folder.run("check", "positions.csv", "a-positions.csv")
    check("suppressed: in one file only", run.stdout.count("OV309") == 2 and "unused" not in run.stderr and "unused suppression" not in run.stderr, run.stdout + run.stderr)
    run = folder.run("check", "positions.csv")
    check("suppressed: unused only if tried", "unused suppression" not in run.stderr, run.stderr)
    folder.write("many-positions.csv", CSV + "".join(f"X{i},CEO,={i}a\n" for i in range(300)) + "Y,CEO,=1\n")
    folder.write("orgvet.json", {"suppress": [{"code": "OV309", "identifier": "X*", "reason": "x"}]})
    run = folder.run("check", "many-positions.csv")
    check("suppressed: more than are shown", "0 errors, 1 warning" in run.stdout and run.stdout.count("OV309") == 1 and "300 findings suppressed" in run.stderr, run.stdout)
    run = folder.run("check", "--baseline", "b.json", "--write-baseline", "b.json", "many-positions.csv")
    folder.run("check", "--write-baseline", "b.json", "many-positions.csv")
    run = folder.run("check", "--baseline", "b.json", "many-positions.csv")
    check("suppressed: with a baseline", run.stdout == "303 rows, 0 errors, 0 warnings in 1 file\n", run.stdout)


def many_suppressions(folder):
    """The index of suppressions finds exactly those that match, as each one alone would."""
    random.seed(7)
    ids = sorted({"".join(random.choice("ABab1é-") for _ in range(random.randrange(1, 7))) for _ in range(800)})
    folder.write("positions.csv", "idnumber,parent,name\n" + "".join(f"{i},,=n{n}\n" for n, i in enumerate(ids)))
    for round in range(10):
        globs = []
        for _ in range(60):
            glob = random.choice(ids) if random.random() < 0.7 else random.choice(ids) * 6
            for _ in range(random.randrange(3)):
                at = random.randrange(len(glob))
                glob = glob[:at] + random.choice(["*", "?", "[ab1]", "[!A]", "\\" + glob[at]]) + glob[at + 1:] if "[" not in glob and "\\" not in glob else glob
            globs.append(glob)
        regexes = [re.compile("".join(r".*" if t == "*" else "." if t == "?" else t.replace("[!", "[^") if t[0] == "[" else re.escape(t[-1])
                                      for t in re.findall(r"\[[^]]*\]|\\.|.", g)), re.S) for g in globs]
        left = {i for i in ids if not any(r.fullmatch(i) for r in regexes)}
        unused = sorted(g for g, r in zip(globs, regexes) if not any(r.fullmatch(i) for i in ids))
        folder.write("orgvet.json", {"suppress": [{"code": "OV309", "identifier": g, "reason": "x"} for g in globs]})
        run = folder.run("check", "-f", "json", "positions.csv")
        found = {f["id"] for f in json.loads(run.stdout)["files"][0]["findings"] if f["code"] == "OV309"}
        check(f"many suppressions: {round}: remaining findings", found == left, (found ^ left, globs))
        told = sorted(re.findall(r"\(OV309 of (.*)\); remove", run.stderr))
        check(f"many suppressions: {round}: unused ones", told == unused, (told, unused))


def init(folder):
    folder.write("hr/positions.csv", "code,id,parentid,title,ismanager\nA,1,,x,1\nB,2,A,y,0\nC,3,A,z,0\n")
    folder.write("hr/departments[1].csv", CSV)
    run = folder.run("init", "hr/positions.csv", "hr/departments[1].csv", stdin=subprocess.DEVNULL)
    with open(os.path.join(folder.path, "orgvet.json"), encoding="utf-8") as file:
        got = json.load(file)
    check("init: importers; suggestions skipped and noted", got == {"files": {"hr/positions*.csv": {"importer": "positions"}, "hr/departments*.csv": {"importer": "departments"}}}
          and run.returncode == 0 and "suggestion skipped: read the field `name` from the column `title`" in run.stderr, run.stderr)
    run = folder.run("init", "hr/positions.csv")
    check("init: does not overwrite", run.returncode == 2 and "already exists" in run.stderr, run.stderr)
    run = folder.run("init", "--yes", "--force", "hr/positions.csv", "hr/departments[1].csv")
    with open(os.path.join(folder.path, "orgvet.json"), encoding="utf-8") as file:
        got = json.load(file)
    check("init: --yes", got["files"]["hr/positions*.csv"]["settings"] == {"csvmapping:name": "title", "csvmapping:globalmanager": "ismanager", "identifier": "code"}, got)
    run = folder.run("check", "hr/positions.csv", "hr/departments[1].csv")
    check("init: the configuration it wrote is valid", run.returncode == 0 and "5 rows, 0 errors, 0 warnings in 2 files" in run.stdout, run.stdout + run.stderr)
    run = folder.run("init", "hr/none.csv", "--force")
    check("init: missing file", run.returncode == 2 and "cannot read" in run.stderr, run.stderr)
    with open(os.path.join(folder.path, "orgvet.json"), encoding="utf-8") as file:
        check("init: nothing written after a failure", json.load(file) == got)
    run = folder.run("init", "-o", "deep/orgvet.json", "hr/positions.csv")
    check("init: missing folder", run.returncode == 2, run.stderr)
    master, slave = pty.openpty()
    run = subprocess.Popen([ORGVET, "init", "--force", "-o", "asked.json", "hr/positions.csv"], cwd=folder.path, env=folder.env,
                           stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    os.write(master, b"n\n\ny\n")
    shown = b""
    try:
        while chunk := os.read(master, 4096):
            shown += chunk
    except OSError:
        pass
    run.wait(timeout=20)
    os.close(master)
    with open(os.path.join(folder.path, "asked.json"), encoding="utf-8") as file:
        got = json.load(file)
    check("init: questions on a terminal", run.returncode == 0 and got["files"]["hr/positions*.csv"]["settings"] == {"csvmapping:globalmanager": "ismanager", "identifier": "code"}
          and b"hr/positions.csv: read the field `name` from the column `title`? [Y/n]" in shown, (got, shown))


def jobs(folder):
    folder.write("positions.csv", CSV)
    folder.write("units.csv", "idnumber,parent,name\nSAL,,Sales\n")
    folder.write("users.csv", "username,jobposition1,jobdepartment1\nann,COO,SAL\nbob,coo,SALE\ncy,,\n")
    run = folder.run("check", "--jobs-file", "users.csv", "positions.csv", "units.csv")
    check("jobs: ambiguous file is an error", run.returncode == 2 and "units.csv: cannot tell whether these are positions or departments" in run.stderr, run.stderr)
    folder.write("orgvet.json", {"files": {"units.csv": {"importer": "departments"}, "positions.csv": {}}})
    run = folder.run("check", "--jobs-file", "users.csv", "positions.csv", "units.csv")
    check("jobs: positions and departments", run.returncode == 1 and "users.csv:3:5: error[OV601]: position `coo`" in run.stdout and "did you mean `COO`? only upper and lower case differ" in run.stdout
          and "users.csv:3:9: error[OV602]: department `SALE`" in run.stdout and run.stdout.count("error[") == 2, run.stdout + run.stderr)
    run = folder.run("check", "--jobs-file", "users.csv", "positions.csv")
    check("jobs: a missing kind is not checked, and noted", run.returncode == 1 and "departments not checked" in run.stderr and "OV602" not in run.stdout, run.stderr)
    run = folder.run("check", "--severity", "OV601=off", "--jobs-file", "users.csv", "positions.csv", "units.csv")
    check("jobs: a rule that is off", "OV601" not in run.stdout and "OV602" in run.stdout, run.stdout)
    folder.write("new.csv", "idnumber\nSALE\n")
    run = folder.run("check", "--existing", "new.csv", "--jobs-file", "users.csv", "positions.csv", "units.csv")
    check("jobs: existing items of the framework are known", "OV602" not in run.stdout, run.stdout)
    folder.write("users.csv", "a,b\n1,2\n")
    run = folder.run("check", "--jobs-file", "users.csv", "positions.csv")
    check("jobs: not a user upload", run.returncode == 2 and "no column jobdepartment1 or jobposition1" in run.stderr, run.stderr)
    run = folder.run("check", "--jobs-file", "none.csv", "positions.csv")
    check("jobs: missing file", run.returncode == 2 and "cannot read `none.csv`" in run.stderr, run.stderr)
    folder.write("positions.csv", "idnumber,id,parent,name\n1,A,,a\n2,B,A,b\n")
    run = folder.run("check", "--identifier", "id", "--jobs-file", "users.csv", "positions.csv")
    check("jobs: another identifier column", run.returncode == 2 and "jobs refer to the ID number" in run.stderr, run.stderr)


for test in (mistakes, discovery, precedence, globs, suppressions, many_suppressions, init, jobs):
    with tempfile.TemporaryDirectory() as path:
        path = os.path.realpath(path)
        os.makedirs(os.path.join(path, ".git")) # no configuration above it applies
        test(Folder(path))
tally.end()
