#!/usr/bin/python3
"""Trust: which configurations apply, which files they and globs may reach, that no file passes
unnoticed, and that no text from a file, repository or service is a command to a terminal or a
runner.

usage: trust.py ORGVET
Ends with "trust: N passed, N failed"."""
import json, os, re, signal, struct, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from site_answers import site_that_answers
from tally import Tally

ORGVET = os.path.realpath(sys.argv[1])
tally = Tally("trust")
check = tally.check
CSV = "idnumber,parent,name\nCEO,,Chief\nCOO,CEO,Operations\n"
BAD = CSV + "OM,COOO,Office\n"
STRANGER = 65534


class Folder:
    def __init__(self, path):
        self.path = path
        self.env = {"PATH": os.environ["PATH"], "HOME": os.path.join(path, "home"), "LC_ALL": "C.UTF-8",
                    "XDG_CONFIG_HOME": os.path.join(path, "home/config")}

    def at(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text, mode=0o644, owner=None):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        with open(self.at(name), "wb") as file:
            file.write(text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode())
        os.chmod(self.at(name), mode)
        if owner is not None:
            os.chown(self.at(name), owner, -1)

    def run(self, *args, cwd="", given=None, **env):
        return subprocess.run([ORGVET, *args], cwd=self.at(cwd), env={**self.env, **env}, capture_output=True, input=given)

    def text(self, *args, **how):
        run = self.run(*args, **how)
        return run.returncode, run.stdout.decode(), run.stderr.decode()


def configurations(folder):
    """Which orgvet.json applies."""
    def depth(name="positions.csv", *options, cwd="repo"):
        code, out, err = folder.text("config", "--format", "json", *options, name, cwd=cwd)
        values = {v["key"]: v["value"] for v in json.loads(out)[0]["values"]} if out else {}
        return values.get("max_depth"), err

    def none(name, got, why):
        check(f"{name}: ignored with a note", got[0] == "100" and why in got[1] and "use `--config` to read it" in got[1], got)

    folder.write("repo/.git/HEAD", "")
    folder.write("repo/positions.csv", CSV)
    folder.write("repo/orgvet.json", "{}")
    os.chmod(folder.at("repo/orgvet.json"), 0o666)
    code, out, err = folder.text("check", "positions.csv", cwd="repo")
    check("check with a configuration that is ignored", code in (0, 1) and "in 1 file" in out and "is ignored" in err, (code, out, err))
    os.unlink(folder.at("repo/orgvet.json"))
    folder.write("repo/orgvet.json", {"max_depth": 7})
    check("trusted: the user's own file", depth() == ("7", ""), depth())
    os.chmod(folder.at("repo/orgvet.json"), 0o666)
    none("one that all can write to", depth(), "other users can write to it")
    check("trusted: world-writable, but named with --config", depth("positions.csv", "--config", "orgvet.json") == ("7", ""))
    os.chmod(folder.at("repo/orgvet.json"), 0o664)
    if os.getuid() == 0:
        check("trusted: group-writable for the user's private group", depth() == ("7", ""), depth())
        os.chown(folder.at("repo/orgvet.json"), 0, 100)
        none("a group of others", depth(), "other users can write to it")
        os.chmod(folder.at("repo/orgvet.json"), 0o644)
        os.chown(folder.at("repo/orgvet.json"), STRANGER, 0)
        none("a stranger's", depth(), "it belongs to another user")
        os.chown(folder.at("repo"), STRANGER, 0)
        check("trusted: of the repository's owner", depth() == ("7", ""), depth())
        os.chown(folder.at("repo"), 0, 0)
    else:
        print("trust: skipped: files of other users; this needs root")
    folder.write("outside.json", {"max_depth": 8})
    os.unlink(folder.at("repo/orgvet.json"))
    os.symlink("../outside.json", folder.at("repo/orgvet.json"))
    none("a link out of the repository", depth(), "it is not a file in this folder or repository")
    os.unlink(folder.at("repo/orgvet.json"))
    # outside a repository: beside the file, and above it up to the working folder
    folder.write("plain/hr/deep/positions.csv", CSV)
    folder.write("orgvet.json", {"max_depth": 9})
    check("no repository: above the working folder", depth("hr/deep/positions.csv", cwd="plain") == ("100", ""), depth("hr/deep/positions.csv", cwd="plain"))
    folder.write("plain/orgvet.json", {"max_depth": 10})
    check("no repository: in the working folder", depth("hr/deep/positions.csv", cwd="plain") == ("10", ""))
    check("no repository: only above the working folder", depth("positions.csv", cwd="plain/hr/deep") == ("100", ""))
    folder.write("plain/hr/deep/orgvet.json", {"max_depth": 11})
    check("no repository: beside the file", depth("positions.csv", cwd="plain/hr/deep") == ("11", ""))
    check("no repository: beside a file outside the working folder", depth("../plain/hr/deep/positions.csv", cwd="home2") == ("11", ""))
    os.unlink(folder.at("plain/hr/deep/orgvet.json"))
    folder.write("home/config/orgvet/orgvet.json", {"max_depth": 12})
    check("no repository: the user's own", depth("positions.csv", cwd="plain/hr/deep") == ("12", ""))


def references(folder):
    """Files named by a configuration must be in its repository."""
    folder.write("repo/.git/HEAD", "")
    folder.write("repo/hr/positions.csv", BAD)
    folder.write("secret.csv", "idnumber\nCOOO\nTOPSECRET\n")
    folder.write("repo/hr/framework.csv", "idnumber\nCOOO\n")
    os.symlink("../../secret.csv", folder.at("repo/hr/link.csv"))
    for name, said in (("hr/framework.csv", None), ("/dev/zero", "not a file in"), ("../secret.csv", "not a file in"),
                       (folder.at("secret.csv"), "not a file in"), ("hr/link.csv", "not a file in"), ("/etc/passwd", "not a file in")):
        for key in ("existing", "jobs_file"):
            folder.write("repo/orgvet.json", {key: name})
            code, out, err = folder.text("check", "hr/positions.csv", cwd="repo")
            if said:
                check(f"{key} {name}: refused with its position", code == 2 and said in err and err.startswith("orgvet: orgvet.json:1:") and "TOPSECRET" not in out + err, (code, out, err))
            elif key == "existing":
                check(f"{key} {name}: read", code == 0, (code, out, err))
    folder.write("named.json", {"existing": "secret.csv"})
    check("outside file: from a configuration named with --config", folder.text("check", "--config", "../named.json", "hr/positions.csv", cwd="repo")[0] == 0)
    os.unlink(folder.at("repo/orgvet.json"))
    check("outside file: on the command line", folder.text("check", "--existing", "../secret.csv", "hr/positions.csv", cwd="repo")[0] == 0)
    # globs
    folder.write("repo/hr/[g].csv", CSV)
    folder.write("repo/hr/g.csv", BAD)
    folder.write("runner.env", "idnumber,parent,name\nS3CRET,NIX,Token\n")
    os.unlink(folder.at("repo/hr/link.csv"))
    os.symlink("../../runner.env", folder.at("repo/hr/leak.csv"))
    os.symlink("g.csv", folder.at("repo/hr/inside.csv"))
    os.symlink("..", folder.at("repo/out"))
    code, out, err = folder.text("check", "-i", "positions", "hr/*.csv", "out/*.env", "../repo/hr/lea?.csv", cwd="repo")
    check("glob: links leading outside are skipped", "S3CRET" not in out + err and "hr/leak.csv: skipped" in err and "out/runner.env: skipped" in err
          and "hr/inside.csv:4" in out and "hr/g.csv:4" in out and code == 1, (code, out, err))
    check("glob: a link named explicitly is followed", "NIX" in folder.text("check", "-i", "positions", "hr/leak.csv", cwd="repo")[1])
    code, out, err = folder.text("check", "-i", "positions", "hr/[g].csv", cwd="repo")
    check("glob: a file name with brackets is itself", code == 0 and "2 rows" in out, (code, out, err))
    code, out, err = folder.text("check", "hr/*.tsv", cwd="repo")
    check("glob: no match", code == 2 and "no file matches `hr/*.tsv`" in err, (code, err))
    code, out, err = folder.text("check", "-i", "positions", "--existing", "/dev/zero", "hr/g.csv", cwd="repo")
    check("an endless input", code == 2 and "`/dev/zero` is too large" in err, (code, err))


def unseen(folder):
    """A file that was not checked must not pass silently."""
    folder.write("hr/positions.csv", CSV)
    folder.write("hr/positions-2027.csv", BAD)
    folder.write("hr/units.csv", BAD)
    folder.write("hr/other.csv", "a,b\n1\n")
    folder.write("orgvet.json", {"files": {"hr/positions.csv": {}}})
    code, out, err = folder.text("check", "hr/positions-2027.csv")
    check("next month's file: recognised by its name", code == 1 and "OV402" in out and "no glob in `files` of orgvet.json matches" in err and "with the defaults" in err, (code, out, err))
    code, out, err = folder.text("check", "hr/units.csv", "hr/positions.csv")
    check("recognised by its columns", code == 1 and "hr/units.csv:4" in out and "no glob" in err, (code, out, err))
    code, out, err = folder.text("check", "-q", "hr/units.csv")
    check("recognised: no note with -q", code == 1 and "no glob" not in err, err)
    code, out, err = folder.text("check", "--stdin-filename", "hr/units.csv", "-", given=BAD.encode())
    check("standard input: recognised by its columns", code == 1 and "hr/units.csv:4" in out, (code, out, err))
    code, out, err = folder.text("check", "--stdin-filename", "hr/other.csv", "-", given=b"a,b\n1\n")
    check("standard input: not recognised, skipped", code == 0 and "nothing was vetted" in err, (code, out, err))
    code, out, err = folder.text("check", "hr/other.csv")
    check("other files are skipped", code == 0 and "nothing was vetted" in err, (code, err))
    folder.write("orgvet.json", {"files": {"hr/positions.csv": {}, "hr/*-2027.csv": False, "hr/units.csv": False}})
    for name in ("hr/units.csv", "hr/positions-2027.csv"):
        code, out, err = folder.text("check", "-v", name)
        check(f"excluded: {name}", code == 0 and f"orgvet: {name}: skipped: excluded by `files` of orgvet.json" in err and not out, (code, out, err))
    folder.write("orgvet.json", {"files": {"hr/*.csv": False, "hr/positions*.csv": {"importer": "positions"}}})
    check("excluded: the later entry wins", folder.text("check", "hr/positions-2027.csv")[0] == 1)
    check("excluded: shown by config", json.loads(folder.text("config", "--format", "json", "hr/units.csv")[1])[0]["skipped"] is True)
    folder.write("orgvet.json", {"files": {"x.csv": {}}})
    code, out, err = folder.text("fix", "hr/units.csv")
    check("fix recognises files too", code == 0 and "looks like an importer file" in err, (code, out, err))
    # jobs_file
    folder.write("hr/users.csv", "username,jobposition1\nann,COO\nbob,NIX\n")
    folder.write("orgvet.json", {"jobs_file": "hr/users.csv", "files": {"hr/positions*.csv": {}}})
    code, out, err = folder.text("check", "hr/positions.csv", "hr/users.csv")
    check("jobs_file: used", code == 1 and "hr/users.csv:3:5: error[OV601]" in out and out.count("error[") == 1, (code, out, err))
    folder.write("orgvet.json", {"jobs_file": ""})
    check("jobs_file: an error", "`jobs_file` must be a string" in folder.text("check", "hr/positions.csv")[2])


def init(folder):
    """The configuration that init writes matches next month's files."""
    def made(*args, **files):
        for name in os.listdir(folder.path):
            if name.endswith((".csv", ".json")):
                os.unlink(folder.at(name))
        for name, text in files.items():
            folder.write(name.replace("__", ".").replace("_d_", "-"), text)
        code, out, err = folder.text("init", "--force", *args)
        got = json.load(open(folder.at("orgvet.json"), encoding="utf-8")) if code == 0 else None
        return got, err

    for names, globs in (
        (["positions.csv"], ["positions*.csv"]), (["positions-2026.csv"], ["positions*.csv"]), (["2026-05-positions.csv"], ["*positions*.csv"]),
        (["positions_2026_05.csv", "positions_2026_06.csv"], ["positions*.csv"]), (["Acme Positions (3) final.csv"], ["Acme Positions*final*.csv"]),
        (["positions-may.csv"], ["positions*.csv"]), (["positions-Juni-2026.CSV"], ["positions*.CSV"]), (["2026.csv"], ["2026.csv"]), (["positions v2.csv"], ["positions*.csv"]),
        (["positions-2026.csv", "departments-2026.csv"], ["positions*.csv", "departments*.csv"]),
        (["positions[1].csv"], ["positions*.csv"]), (["Größen-positions-Q3.csv"], ["Größen-positions*.csv"]),
    ):
        for name in os.listdir(folder.path):
            if name.lower().endswith((".csv", ".json")):
                os.unlink(folder.at(name))
        for name in names:
            folder.write(name, CSV)
        code, out, err = folder.text("init", "--force", *names)
        got = json.load(open(folder.at("orgvet.json"), encoding="utf-8")) if code == 0 else {}
        check(f"init {names}", set(got.get("files", {})) == set(globs), (got, err))
        check(f"init {names}: matches its own files", folder.text("check", "-q", *names)[0] == 0 and
              not any(one["skipped"] for one in json.loads(folder.text("config", "--format", "json", *names)[1])))
    # two kinds that the same glob would match
    for name in os.listdir(folder.path):
        if name.lower().endswith((".csv", ".json")):
            os.unlink(folder.at(name))
    folder.write("org-1.csv", CSV.replace("name", "name,manager").replace("Chief", "Chief,1").replace("Operations", "Operations,0"))
    folder.write("org-2.csv", CSV)
    folder.write("org-units-departments.csv", CSV)
    code, out, err = folder.text("init", "--force", "--yes", "org-1.csv", "org-2.csv", "org-units-departments.csv")
    got = json.load(open(folder.at("orgvet.json")))["files"]
    check("init: each file keeps its own entry", code == 0 and list(got)[-1] == "org-units-departments*.csv" and "org*.csv" in got, got)
    # uploads
    folder.write("users.csv", "username,firstname,jobposition1,jobdepartment1\nann,Ann,CEO,X\n")
    folder.write("courses.csv", "shortname,fullname,category\nA,Alpha,1\n")
    os.unlink(folder.at("orgvet.json"))
    folder.write("positions-1.csv", CSV)
    code, out, err = folder.text("init", "--yes", "users.csv", "courses.csv", "positions-1.csv")
    got = json.load(open(folder.at("orgvet.json")))
    check("init: user and course uploads", got == {"jobs_file": "users.csv", "files": {"positions*.csv": {"importer": "positions"}}} and "courses.csv: skipped: this is a course upload" in err
          and "users.csv: this is a user upload" in err, (got, err))
    os.unlink(folder.at("orgvet.json"))
    code, out, err = folder.text("init", "courses.csv")
    check("init: nothing to configure", code == 2 and "nothing to configure" in err and not os.path.exists(folder.at("orgvet.json")), (code, err))
    code, out, err = folder.text("init", "positions-*.csv")
    got = json.load(open(folder.at("orgvet.json")))
    check("init: a quoted glob is kept", got == {"files": {"positions-*.csv": {"importer": "positions"}}}, got)
    code, out, err = folder.text("init", "--force", "nix-*.csv")
    check("init: a glob without a match", code == 2 and "no file matches" in err, err)


NASTY = "::stop-commands::x\x1b[31m\x9b##[add-mask]\u202e"


def defused(name, data):
    """The output has no control character, and no line that a runner would take for a command."""
    text = data.decode("utf-8")
    bad = [line for line in text.split("\n") if line.lstrip().startswith("::") and not re.match(r"::(error|warning|notice|add-matcher) ?[^:]*(::|$)", line)]
    bad += re.findall(r"##\[", text) + re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
    check(f"{name}: no command", not bad, (bad, text[:600]))


def output(folder):
    os.makedirs(folder.at("x"), exist_ok=True)
    name = "x/" + NASTY.replace("/", "") + "positions.csv"
    cell = NASTY.replace("\x9b", "\u009b")
    folder.write(name, f"idnumber,parent,name,{cell}\n\"{cell}\",NIX {cell},\"{cell}\n::error::forged\",1\n::error::x,,=1,1\n  ::error::y,::error::z,n,1\n")
    actions = {"GITHUB_ACTIONS": "true"}
    for format in "pretty plain json ndjson sarif github gitlab junit checkstyle csv html".split():
        if format == "html":
            continue # opened in a browser; its texts are escaped for HTML
        run = folder.run("check", "-i", "positions", "--format", format, "-v", name, **actions)
        check(f"check --format {format}: findings", run.returncode == 1, run.stderr)
        defused(f"check --format {format}", run.stdout)
        defused(f"check --format {format}: standard error", run.stderr)
    for args in (["tree", name, "-i", "positions"], ["fix", name, "-i", "positions"], ["diff", name, name, "-i", "positions"], ["config", name], ["check", name], ["records", name],
                 ["emit", name, "-i", "positions"], ["check", "--severity", cell + "=error", name], ["check", "--settings", '{"' + cell.replace("\x1b", "") + '":1}', name], ["check", cell + ".csv"], [cell], ["check", "--" + cell],
                 ["explain", cell], ["check", "--format", cell, name], ["check", "--encoding", cell, name], ["check", "--config", cell, name], ["dry-run", name, "-i", "positions"],
                 ["check", "--pattern", "name=(" + cell, name]):
        run = folder.run(*args, **actions)
        defused(args[0][:20] + " " + str(len(args)), run.stdout)
        defused(args[0][:20] + " " + str(len(args)) + ": standard error", run.stderr)
    for text in ('{"' + cell.replace("\x1b", "\\u001b") + '": 1}', '{"rules": {"' + cell.replace("\x1b", "\\u001b") + '": "off"}}', '{"root_markers": ["' + cell.replace("\x1b", "\\u001b") + '\\n::error::x"]}',
                 '{"suppress": [{"code": "OV401", "identifier": "' + cell.replace("\x1b", "\\u001b") + '", "reason": "' + cell.replace("\x1b", "\\u001b") + '"}]}'):
        folder.write("x/orgvet.json", text)
        for args in (["check", name], ["config", name], ["config", "--format", "json", name]):
            run = folder.run(*args, **actions)
            defused(f"configuration {args[0]}", run.stdout + run.stderr)
    os.unlink(folder.at("x/orgvet.json"))
    folder.write("x/users.csv", f"username,{cell}\na,b\n")
    run = folder.run("init", "--force", "-o", "x/orgvet.json", name, **actions)
    defused("init", run.stdout + run.stderr)
    os.path.exists(folder.at("x/orgvet.json")) and os.unlink(folder.at("x/orgvet.json"))
    # a file gets the bytes unchanged
    run = folder.run("check", "-i", "positions", "--format", "plain", "--output", "csv=out.csv", name, **actions)
    check("a file of --output is not escaped", b"\n::error::x,,=1" in open(folder.at("out.csv"), "rb").read())
    run = folder.run("check", "-i", "positions", "--format", "csv", name)
    check("nor output that no runner reads", b"\n::error::x,,=1" in run.stdout)
    service(folder, cell, actions)


def service(folder, cell, actions):
    """Texts from a service."""
    def answer(_, body):
        entry = {"level": cell, "code": cell, "message": cell + "\n::error::x", "line": 0, "column": 0, "row": 1}
        if "get_import_log" in body:
            return {"total": 1, "entries": [entry]}
        if "status" in body:
            return {"status": 4, "statusstr": cell, "progress": 1}
        return {"exception": "x", "errorcode": cell, "message": cell + "\n::error::forged"}

    with site_that_answers(answer) as address:
        where = {"ORGVET_SITE": address, "ORGVET_TOKEN": "x", **actions}
        for args in (["log", "1"], ["status", "1"], ["rollback", "1"], ["delete", "1"], ["export"], ["dry-run", "--site", address, "x/users.csv", "-i", "positions"]):
            run = folder.run(*args, **where)
            check(f"service: {args[0]}: answered", "::" not in run.stderr.decode().split("\n")[0].replace("orgvet: ", "")[:2] and (run.stdout or run.stderr), run)
            defused(f"service: {args[0]}", run.stdout)
            defused(f"service: {args[0]}: standard error", run.stderr)


def attributes(path):
    return {name: os.getxattr(path, name) for name in os.listxattr(path)}


def rewriting(folder):
    """`fix --write` changes the content and nothing else, or nothing at all."""
    bad, good = "idnumber,name,parent\n a,A,\nb,B,a\n", "idnumber,name,parent\na,A,\nb,B,a\n"
    folder.write("x/positions.csv", bad)
    path = folder.at("x/positions.csv")
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in (
        (1, 6, 0xFFFFFFFF), (2, 4, 12345), (4, 0, 0xFFFFFFFF), (16, 4, 0xFFFFFFFF), (32, 0, 0xFFFFFFFF)))
    try:
        os.setxattr(path, "user.from", b"payroll")
        os.setxattr(path, "system.posix_acl_access", acl)
        able = True
    except OSError as error:
        able = False
        print(f"trust: SKIPPED attributes and access control lists, which {path} cannot have: {error}")
    before = os.stat(path)
    run = folder.run("fix", "--write", "x/positions.csv")
    check("fix: written", run.returncode == 0 and open(path).read() == good, run)
    after = os.stat(path)
    check("fix: keeps the mode", (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid))
    if able:
        check("fix: keeps attributes and access control list", attributes(path).get("user.from") == b"payroll" and
              attributes(path).get("system.posix_acl_access") == acl, attributes(path))
        try:
            os.setxattr(folder.at("x"), "system.posix_acl_default", acl)
            folder.write("x/plain.csv", bad)
            plain = folder.at("x/plain.csv")
            os.removexattr(plain, "system.posix_acl_access")
            run = folder.run("fix", "-i", "positions", "--write", "x/plain.csv")
            check("fix: does not add the folder's default access control list", run.returncode == 0 and open(plain).read() == good and
                  "system.posix_acl_access" not in attributes(plain), (run, attributes(plain)))
        finally:
            os.removexattr(folder.at("x"), "system.posix_acl_default")
    folder.write("x/linked.csv", bad)
    linked = folder.at("x/linked.csv")
    os.link(linked, folder.at("x/other.csv"))
    run = folder.run("fix", "-i", "positions", "--write", "x/linked.csv")
    check("fix: refuses a file with other hard links", run.returncode == 2 and b"--break-links" in run.stderr and open(linked).read() == bad, run)
    run = folder.run("fix", "-i", "positions", "--write", "--break-links", "x/linked.csv")
    check("fix: --break-links", run.returncode == 0 and open(linked).read() == good and open(folder.at("x/other.csv")).read() == bad, run)
    with open(folder.at("x/other.csv")) as file:
        os.link(folder.at("x/other.csv"), folder.at("x/third.csv"))
        run = subprocess.run([ORGVET, "fix", "-i", "positions", "--write", "-"], stdin=file, capture_output=True, env=folder.env)
    check("fix: hard links do not matter for standard input", run.returncode == 0 and run.stdout.decode() == good, run)
    replaced(folder)


def has_read(pid, path):
    """Whether a process has opened a file and started to read it."""
    try:
        for fd in os.listdir(f"/proc/{pid}/fd"):
            if os.path.realpath(f"/proc/{pid}/fd/{fd}") == path:
                with open(f"/proc/{pid}/fdinfo/{fd}") as file:
                    return int(file.readline().split()[1]) > 0
    except OSError:
        pass  # it has ended
    return False


def replaced(folder):
    """A file that another process saves while it is read is not overwritten."""
    rows = "idnumber,name,parent\n" + "".join(f" p{i},Position {i},\n" for i in range(150000))
    for how in ("replaced", "saved in place"):
        for attempt in range(20):
            folder.write("x/large.csv", rows)
            path = folder.at("x/large.csv")
            process = subprocess.Popen([ORGVET, "fix", "-i", "positions", "--write", path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=folder.env)
            stopped = False
            while process.poll() is None and not stopped:
                stopped = has_read(process.pid, path)
            if stopped:
                process.send_signal(signal.SIGSTOP)
                if how == "replaced":
                    folder.write("x/new.csv", "theirs")
                    os.rename(folder.at("x/new.csv"), path)
                else:
                    with open(path, "w") as file:
                        file.write("theirs")
                process.send_signal(signal.SIGCONT)
            err = process.communicate()[1]
            noticed = b"someone else" in err or b"changed while it was being read" in err
            if noticed or attempt == 19:
                break  # otherwise it was too fast for this test
        check(f"fix: keeps a file that was {how} meanwhile", open(path).read() == "theirs" and process.returncode == 2 and noticed, err)
    check("fix: leaves no temporary file", not [n for n in os.listdir(folder.at("x")) if ".orgvet-" in n])


for test in (configurations, references, unseen, init, output, rewriting):
    with tempfile.TemporaryDirectory() as path:
        path = os.path.realpath(path)
        os.makedirs(os.path.join(path, "home2"))
        os.makedirs(os.path.join(path, "home"))
        test(Folder(path))
tally.end()
