#!/usr/bin/python3
"""Hooks, the action and the snippets of the documentation, each tried in its own repository; the
manual and the completions; several files, interrupts and progress.

usage: run.py ORGVET
Ends with "hooks: N passed, N failed"."""
import functools, hashlib, http.server, json, os, pty, re, shutil, signal, subprocess, sys, tempfile, threading, time
import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tally import Tally

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ORGVET = os.path.realpath(sys.argv[1])
DOCUMENTS = {name: open(os.path.join(ROOT, name), encoding="utf-8").read() for name in ("README.md", "src/config/README.md")}
tally = Tally("hooks")
check = tally.check


def block(first):
    """The code block of the documents that has this line among its first lines, without the line if
    it is a comment."""
    for document in DOCUMENTS.values():
        for text in re.findall(r"^```\w+\n(.*?)^```", document, re.M | re.S):
            if first in text.split("\n")[:2]:
                return text.replace(first + "\n", "") if first.startswith("# ") else text
    raise SystemExit(f"hooks: no document has a block with {first}")


class Repository:
    """A git repository in its own folder, with orgvet on the PATH."""

    def __init__(self, work):
        self.path = os.path.join(work, "demo")
        tools = os.path.join(work, "bin")
        os.makedirs(os.path.join(self.path, "hr"))
        os.makedirs(tools)
        os.symlink(ORGVET, os.path.join(tools, "orgvet"))
        self.env = {"PATH": tools + ":" + os.environ["PATH"], "HOME": work, "XDG_CONFIG_HOME": os.path.join(work, "none"),
                    "PRE_COMMIT_HOME": os.path.join(work, "cache"), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
                    "GIT_COMMITTER_EMAIL": "a@example.org"}
        self.run("git", "init", "-q", "-b", "main")

    def run(self, *command, cwd=None, **env):
        return subprocess.run(command, cwd=cwd or self.path, env={**self.env, **env}, capture_output=True, text=True)

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as file:
            file.write(text)

    def commit(self, message):
        self.run("git", "add", "-A")
        return self.run("git", "commit", "-q", "-m", message)


HEADER = "idnumber,parent,name\n"
GOOD = HEADER + "CEO,,Chief\nCOO,CEO,Operations\nOM,COO,Office\n"
BROKEN = GOOD + "ITA,ITB,IT A\n"
SORTED = HEADER + "ITA,ITB,IT A\nOM,COO,Office\nCEO,,Chief\nCOO,CEO,Operations\n"
WORSE = SORTED + "X,OMM,New\n"


def life(name, repo):
    """A good file passes, a broken one is blocked, a baselined one passes, also re-sorted, and a
    new error is blocked."""
    repo.write("orgvet.json", '{"files": {"hr/*.csv": {"importer": "positions"}}}\n')
    repo.write("orgvet-baseline.json", '{"orgvet_baseline":1,"findings":[\n]}\n')
    repo.write("other.csv", "what,ever\n1\n")
    repo.write("hr/positions.csv", GOOD)
    run = repo.commit("good")
    check(f"{name}: a good file passes, and an unrelated one", run.returncode == 0, run.stdout + run.stderr)
    repo.write("hr/positions.csv", BROKEN)
    run = repo.commit("broken")
    check(f"{name}: a broken file is blocked, and the finding shown",
          run.returncode != 0 and "hr/positions.csv:5:5: error[OV402]: parent `ITB`" in run.stdout + run.stderr, run.stdout + run.stderr)
    run = repo.run("orgvet", "check", "--write-baseline", "orgvet-baseline.json", "hr/positions.csv")
    check(f"{name}: writes a baseline", run.returncode == 0, run.stderr)
    run = repo.commit("accepted")
    check(f"{name}: baselined findings pass", run.returncode == 0, run.stdout + run.stderr)
    repo.write("hr/positions.csv", SORTED)
    run = repo.commit("sorted")
    check(f"{name}: passes re-sorted", run.returncode == 0, run.stdout + run.stderr)
    repo.write("hr/positions.csv", WORSE)
    run = repo.commit("worse")
    told = run.stdout + run.stderr
    check(f"{name}: only a new error is blocked", run.returncode != 0 and "OMM" in told and "error[OV402]: parent `ITB`" not in told, told)
    log = repo.run("git", "log", "--format=%s").stdout.split()
    check(f"{name}: the blocked commit does not exist", log == ["sorted", "accepted", "good"], log)


def plain_hook(work):
    repo = Repository(work)
    hook = os.path.join(repo.path, ".git/hooks/pre-commit")
    run = repo.run("sh", "-ec", block("hook=$(git rev-parse --git-path hooks)/pre-commit && cat >\"$hook\" <<'HOOK'"))
    check("git hook: the snippet installs it", run.returncode == 0 and os.access(hook, os.X_OK), run.stderr)
    with open(hook, encoding="utf-8") as file:
        text = file.read()
    with open(hook, "w", encoding="utf-8") as file:
        file.write(text.replace("orgvet check --", "orgvet check --baseline orgvet-baseline.json --"))
    life("git hook", repo)
    repo.run("git", "checkout", "-q", "--", ".")
    repo.write("hr/positions.csv", WORSE)
    repo.run("git", "add", "-A")
    repo.write("hr/positions.csv", SORTED)
    run = repo.run("git", "commit", "-q", "-m", "staged")
    check("git hook: checks what is staged", run.returncode != 0 and "OMM" in run.stdout + run.stderr, run.stdout + run.stderr)
    # only the staged configuration applies
    temporary, own = os.path.join(work, "tmp"), os.path.join(work, "own", "orgvet")
    os.makedirs(temporary)
    os.makedirs(own)
    for folder in (temporary, own):
        with open(os.path.join(folder, "orgvet.json"), "w", encoding="utf-8") as file:
            file.write('{"fail_on": "never", "files": {"*": false}}')
    repo.write("orgvet.json", '{"files": {"*": false}}')
    run = repo.run("git", "commit", "-q", "-m", "staged", TMPDIR=temporary, XDG_CONFIG_HOME=os.path.join(work, "own"))
    check("git hook: no other configuration applies", run.returncode != 0 and "OMM" in run.stdout + run.stderr, run.stdout + run.stderr)
    repo.run("git", "reset", "-q", "--hard")
    os.rename(os.path.join(repo.path, "hr/positions.csv"), os.path.join(repo.path, "hr/POSITIONS.CSV"))
    repo.write("hr/POSITIONS.CSV", WORSE)
    run = repo.commit("upper case")
    check("git hook: upper-case names", run.returncode != 0 and "OMM" in run.stdout + run.stderr, run.stdout + run.stderr)


def snippets(work):
    """The snippets of the README run unchanged on its sample."""
    repo = Repository(work)
    shutil.copytree(os.path.join(ROOT, "testdata/sample"), repo.path, dirs_exist_ok=True)
    for first in ("orgvet check positions.csv                            # every finding; exit 1 when there are errors",
                  "orgvet check --write-baseline orgvet-baseline.json positions.csv"):
        for line in block(first).strip().split("\n"):
            command = line.split("#")[0].strip()
            run = repo.run("sh", "-c", command)
            check(f"README: {command}", run.returncode == (command == "orgvet check positions.csv") and run.stdout + run.stderr, run.stdout + run.stderr)
    run = repo.run("orgvet", "check", "--format", "pretty", "positions.csv", "--no-config")
    check("README: the sample's output, as printed without a terminal", run.stdout in DOCUMENTS["README.md"], run.stdout)
    check("README: at most 9 kB", len(DOCUMENTS["README.md"].encode()) <= 9 * 1024)


def pre_commit(work):
    hooks = os.path.join(work, "hooks")
    os.makedirs(hooks)
    repo = Repository(work)
    shutil.copy(os.path.join(ROOT, ".pre-commit-hooks.yaml"), hooks)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "hooks"]):
        repo.run("git", *command, cwd=hooks)
    config = yaml.safe_load(block("# .pre-commit-config.yaml"))
    config["repos"][0]["repo"] = hooks
    config["repos"][0]["rev"] = repo.run("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
    repo.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    run = repo.run("pre-commit", "install")
    check("pre-commit: installs", run.returncode == 0, run.stdout + run.stderr)
    life("pre-commit", repo)
    config["repos"][0]["hooks"] = [{"id": "orgvet-fix"}]
    repo.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    repo.write("hr/positions.csv", SORTED + "\nA, CEO,Space \n")
    repo.write("other.csv", "what,ever\n1, 2\n")
    run = repo.commit("fix")
    text = open(os.path.join(repo.path, "hr/positions.csv"), encoding="utf-8").read()
    other = open(os.path.join(repo.path, "other.csv"), encoding="utf-8").read()
    check("pre-commit: orgvet-fix fixes only matching files", run.returncode != 0 and text == SORTED + "A,CEO,Space\n" and other == "what,ever\n1, 2\n",
          run.stdout + run.stderr + text)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def action(work):
    repo = Repository(work)
    folder = os.path.join(ROOT, ".github/actions/orgvet")
    with open(os.path.join(folder, "action.yml"), encoding="utf-8") as file:
        text = yaml.safe_load(file)
    used = yaml.safe_load(block("# .github/workflows/orgvet.yml"))["jobs"]["orgvet"]["steps"][1]
    check("action: the README uses this one", "/.github/actions/orgvet@" in used["uses"] and set(used["with"]) <= set(text["inputs"]), used)
    given = {name: used["with"].get(name, about.get("default", "")) for name, about in text["inputs"].items()}
    repo.write("hr/positions.csv", BROKEN)
    summary = os.path.join(work, "summary")

    paths = os.path.join(work, "path")

    def steps():
        last = None
        for step in text["runs"]["steps"]:
            env = {}
            if os.path.exists(paths): # a step can add to the PATH of later steps
                with open(paths, encoding="utf-8") as file:
                    env["PATH"] = ":".join(file.read().split() + [repo.env["PATH"]])
            for name, value in step.get("env", {}).items():
                value = value.replace("${{ github.action_path }}", folder)
                env[name] = re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda m: str(given[m[1]]), value)
            last = repo.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], GITHUB_ACTIONS="true",
                            GITHUB_STEP_SUMMARY=summary, GITHUB_PATH=paths, **env)
        return last

    run = steps()
    check("action: annotates and fails", run.returncode == 1 and "::error file=hr/positions.csv,line=5,col=5,title=OV402" in run.stdout, run.stdout + run.stderr)
    check("action: writes a summary", "OV402" in open(summary, encoding="utf-8").read())
    matcher = re.search(r"^::add-matcher::(.+)$", run.stdout, re.M)
    with open(matcher[1], encoding="utf-8") as file:
        pattern = json.load(file)["problemMatcher"][0]["pattern"][0]
    given.update(format="plain", sarif="out.sarif", args="--severity OV309=warning")
    repo.write("hr/positions.csv", BROKEN + "Y,CEO,=1+1\n")
    run = steps()
    found = [re.match(pattern["regexp"], line) for line in run.stdout.splitlines()]
    found = [(m[pattern["file"]], m[pattern["line"]], m[pattern["column"]], m[pattern["severity"]], m[pattern["code"]]) for m in found if m]
    check("action: the problem matcher matches plain lines", found == [("hr/positions.csv", "5", "5", "error", "OV402"),
                                                                    ("hr/positions.csv", "6", "7", "warning", "OV309")], run.stdout)
    with open(os.path.join(repo.path, "out.sarif"), encoding="utf-8") as file:
        check("action: SARIF on request", len(json.load(file)["runs"][0]["results"]) == 2)
    check("action: uses an installed orgvet", not os.path.exists(paths))
    repo.write("hr/[g].csv", GOOD)
    repo.write("hr/g.csv", BROKEN)
    with open(os.path.join(work, "runner.env"), "w", encoding="utf-8") as file:
        file.write("idnumber,parent,name\nS3CRET,NIX,x\n")
    os.symlink("../../runner.env", os.path.join(repo.path, "hr/leak.csv"))
    given.update(files="hr/[g].csv hr/leak*.csv", sarif="", args="-i positions")
    run = steps()
    check("action: does not expand a file name again", run.returncode == 0 and "3 rows, 0 errors" in run.stdout, run.stdout + run.stderr)
    check("action: skips a link out of the repository", "hr/leak.csv: skipped" in run.stderr and "S3CRET" not in run.stdout + run.stderr, run.stdout + run.stderr)
    os.makedirs(os.path.join(repo.path, "hr/new posts"))
    repo.write("hr/new posts/our positions.csv", GOOD)
    for files in ("hr/new posts/our positions.csv", "hr/new posts/our positions.csv\n", "hr/n*/**/*.csv"):
        given.update(files=files)
        run = steps()
        check(f"action: {files!r}", run.returncode == 0 and "3 rows, 0 errors" in run.stdout, run.stdout + run.stderr)
    given.update(files="hr/positions.csv")
    os.unlink(os.path.join(work, "bin", "orgvet"))
    release = os.path.join(work, "web/o/r/releases/download/v0")
    os.makedirs(release)
    name = "orgvet-aarch64" if os.uname().machine == "aarch64" else "orgvet"
    shutil.copy(ORGVET, os.path.join(release, name))
    sums = subprocess.run(["sha256sum", name], cwd=release, capture_output=True, text=True).stdout
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=os.path.join(work, "web")))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    repo.env.update(GITHUB_SERVER_URL=f"http://127.0.0.1:{web.server_port}", GITHUB_ACTION_REPOSITORY="o/r", GITHUB_ACTION_REF="v0", RUNNER_TEMP=os.path.join(work, "temp"))
    for what, text_of_sums, good in (("a wrong checksum is refused", sums.replace(sums[0], "0" if sums[0] != "0" else "1", 1), False), ("the binary of the release", sums, True)):
        with open(os.path.join(release, "SHA256SUMS"), "w", encoding="utf-8") as file:
            file.write(text_of_sums)
        run = repo.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", re.search(r"^(.*?)^if command -v orgvet", text["runs"]["steps"][0]["run"], re.M | re.S)[1] + "\n(from_release) && echo taken || echo refused",
                       ORGVET_SOURCE=ROOT)
        check(f"action: {what}", run.stdout.strip().endswith("taken" if good else "refused"), run.stdout + run.stderr)
    run = steps()
    check("action: uses the binary of the release, and says so", run.returncode == 1 and "error[OV402]" in run.stdout and os.path.exists(paths), run.stdout + run.stderr)
    web.shutdown()
    for name in ("GITHUB_SERVER_URL", "GITHUB_ACTION_REPOSITORY", "GITHUB_ACTION_REF"):
        del repo.env[name]
    os.unlink(paths)
    if shutil.which("orgvet", path=repo.env["PATH"]):
        print("hooks: skipped: the action building orgvet; one is installed")
    else:
        run = steps()
        check("action: otherwise builds orgvet", run.returncode == 1 and "error[OV402]" in run.stdout and os.path.exists(paths), run.stdout + run.stderr)
    os.symlink(ORGVET, os.path.join(work, "bin", "orgvet"))
    github = repo.run("orgvet", "check", "-f", "github", "hr/positions.csv").stdout
    check("action: the matcher ignores annotations", not any(re.match(pattern["regexp"], line) for line in github.splitlines()), github)


def downloads(work):
    """The snippets that take the binary of a release, by its checksum."""
    repo = Repository(work)
    repo.write("hr/positions.csv", BROKEN)
    job = yaml.safe_load(block("# .gitlab-ci.yml"))["orgvet"]
    check("gitlab: both values have a name", set(job["variables"]) == {"ORGVET", "ORGVET_SHA256"}, job["variables"])
    with open(ORGVET, "rb") as file:
        right = hashlib.sha256(file.read()).hexdigest()
    for name, script in (("gitlab", "\n".join(job["before_script"] + job["script"])), ("shell", block("# orgvet in a shell"))):
        for sum_, said in ((right, "orgvet: OK"), (right[::-1], "orgvet: FAILED"), ("", "")):
            given = repo.run("bash", "-ec", script, ORGVET=f"file://{ORGVET}", ORGVET_SHA256=sum_)
            checked = "OV402" in given.stdout
            check(f"{name}: checksum {sum_[:4] or 'of nothing'}", given.returncode != 0 and said in given.stdout and checked == (sum_ == right), given.stdout + given.stderr)
            os.unlink(os.path.join(repo.path, "orgvet"))
    for path in job["artifacts"]["reports"].values():
        check(f"gitlab: {path} is written", os.path.getsize(os.path.join(repo.path, path)) > 0)


def manual(work):
    """Every option, command and rule is in every generated form, and each form is valid."""
    def text(*args):
        run = subprocess.run([ORGVET, *args], capture_output=True, text=True)
        check(f"{args}: prints", run.returncode == 0 and run.stdout and not run.stderr, run.stderr)
        return run.stdout

    with open(os.path.join(ROOT, "src/cli/commands.def"), encoding="utf-8") as file:
        network = "" if os.environ.get("ENGINE") else "(?:NETWORK_)?"
        commands = re.findall(rf'^CLI_{network}COMMAND\(\w+, "([a-z-]+)"', file.read(), re.M)
    with open(os.path.join(ROOT, "src/cli/options.def"), encoding="utf-8") as file:
        options = set(re.findall(r'^CLI_OPTION\(\w+, "([a-z-]+)"', file.read(), re.M)) - {"version"}
    with open(os.path.join(ROOT, "src/finding/rules.def"), encoding="utf-8") as file:
        rules = re.findall(r'^OV_RULE_\w+\((\d+), "([a-z0-9-]+)"', file.read(), re.M)
    check("manual: there are commands and rules", len(commands) > 10 and len(options) > 40 and len(rules) > 40)
    page = text("manual").replace("\\-", "-")
    check("manual: every command", all(f".B {c} " in page or f".B {c}\n" in page for c in commands))
    check("manual: every rule", all(f".B OV{n} {name} (" in page for n, name in rules))
    shells = {shell: text("completion", shell) for shell in ("bash", "zsh", "fish")}
    seen = set()
    for command in commands:
        page, help_text = text("manual", command), text(command, "--help")
        of_page = set(re.findall(r"\\fB\\-\\-([a-z\\-]+)\\fR", page))
        of_page = {name.replace("\\-", "-") for name in of_page}
        of_help = set(re.findall(r"^  .{3} --([a-z-]+)", help_text, re.M))
        check(f"{command}: manual and help name the same options", of_page == of_help and "help" in of_help, of_page ^ of_help)
        part = re.search(rf"^    {command}\)\n(.*?)^        esac ;;", shells["bash"], re.M | re.S)[1]
        words = set(re.findall(r"--([a-z-]+)", re.search(r"-\*\) COMPREPLY=\(\$\(compgen -W '([^']*)'", part)[1]))
        check(f"{command}: bash", words == of_help, words ^ of_help)
        part = re.search(rf"^  {command}\)\n(.*?);;", shells["zsh"], re.M | re.S)[1]
        check(f"{command}: zsh", set(re.findall(r"'\*--([a-z-]+)", part)) == of_help, part)
        fish = set(re.findall(rf"__fish_seen_subcommand_from {command}' -l ([a-z-]+)", shells["fish"]))
        check(f"{command}: fish", fish == of_help, fish ^ of_help)
        seen |= of_help
        check(f"{command}: in every shell", all(command in shells[s] for s in shells))
        if shutil.which("man"):
            run = subprocess.run(["man", "--warnings", "-l", "-"], input=page, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "90"})
            check(f"{command}: accepted by man", run.returncode == 0 and not run.stderr and "EXIT STATUS" in run.stdout, run.stderr)
    check("every option belongs to a command", seen == options, seen ^ options)
    for shell, flag in (("bash", "-n"), ("zsh", "-n"), ("fish", "-n")):
        if not shutil.which(shell):
            print(f"hooks: skipped: {shell} is not there")
            continue
        run = subprocess.run([shell, flag], input=shells[shell], capture_output=True, text=True)
        check(f"{shell}: valid syntax", run.returncode == 0 and not run.stderr, run.stderr)

    def complete(*words):
        script = shells["bash"] + f"\nCOMP_WORDS=({' '.join(words)})\nCOMP_CWORD={len(words) - 1}\n_orgvet\necho \"${{COMPREPLY[@]}}\"\n"
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=work).stdout.split()

    open(os.path.join(work, "here.csv"), "w").close()
    check("bash: completes a command", complete("orgvet", "che") == ["check"], complete("orgvet", "che"))
    check("bash: completes an option", complete("orgvet", "check", "--write-b") == ["--write-baseline"])
    check("bash: completes a value", complete("orgvet", "check", "--format", "sa") == ["sarif"])
    check("bash: completes a rule", complete("orgvet", "explain", "OV40") == [f"OV{n}" for n, _ in rules if n.startswith("40")])
    check("bash: completes a file", complete("orgvet", "check", "her") == ["here.csv"])


def several(work):
    """Two files at a time give the same output as one after the other, in the order given."""
    names = []
    for i in range(9):
        names.append(f"{i}-positions.csv")
        rows = "".join(f"R{r},{'X' if r % (50 + i) == 7 else ''},Row {r}\n" for r in range(3000 if i % 2 else 20))
        with open(os.path.join(work, names[-1]), "w", encoding="utf-8") as file:
            file.write(HEADER + rows)
    names.insert(3, "none.csv")

    def run(*options):
        return subprocess.run([ORGVET, "check", "--no-config", "--format", "plain", *options, *names], cwd=work, capture_output=True)

    one, two = run("--threads", "1"), run("--threads", "2")
    check("several: one thread and two print the same", one.stdout == two.stdout and one.stderr == two.stderr and one.returncode == two.returncode == 2)
    sums = re.findall(rb"^(\S+): [\d,]+ rows, [\d,]+ errors?, [\d,]+ warnings?$", two.stdout, re.M)
    check("several: a summary for each file, in order", [s.decode() for s in sums] == [n for n in names if n != "none.csv"], sums)
    check("several: a total", re.search(rb"^12,100 rows, [\d,]+ errors, [\d,]+ warnings in 9 files$", two.stdout, re.M), two.stdout[-200:])


def interrupts(work):
    """Ctrl-C exits with 130 and prints a summary; progress is shown on a terminal."""
    with open(os.path.join(work, "positions.csv"), "w", encoding="utf-8") as file:
        file.write(BROKEN)
    slow = os.path.join(work, "slow.csv")
    os.mkfifo(slow)
    run = subprocess.Popen([ORGVET, "check", "--no-config", "-i", "positions", "--output", "json=report.json", "positions.csv", slow],
                           cwd=work, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) # a background job ignores it
    with open(slow, "wb") as pipe:
        pipe.write(HEADER.encode())
        pipe.flush()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not any(name.startswith("report.json.") for name in os.listdir(work)):
            time.sleep(0.02)
        time.sleep(0.3)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    check("an interrupt exits 130", run.returncode == 130, run.returncode)
    check("an interrupt prints a summary", re.search(rb"^orgvet: interrupted: this is not all: 1 of 2 files vetted: 4 rows, 1 error, 0 warnings$", err, re.M), err)
    check("an interrupt leaves no file", not [n for n in os.listdir(work) if n.startswith("report.json")], os.listdir(work))
    for command in ("check", "emit"):
        progress(work, command)


def progress(work, command):
    master, slave = pty.openpty()
    run = subprocess.Popen([ORGVET, command, "--no-config", "-i", "positions", "-"], cwd=work, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=slave)
    os.close(slave)
    run.stdin.write(HEADER.encode())
    for i in range(15): # the bar appears when the work takes longer than a second
        run.stdin.write(f"R{i},,Row {i}\n".encode())
        run.stdin.flush()
        time.sleep(0.1)
    run.stdin.close()
    shown = b""
    try:
        while chunk := os.read(master, 4096):
            shown += chunk
    except OSError:
        pass
    run.wait(timeout=20)
    os.close(master)
    check(f"{command}: shows progress on a terminal", re.search(rb"\r\d+ B  \d+ B/s\x1b\[K", shown) and b"\r\x1b[K" in shown, shown)


for test in (snippets, plain_hook, pre_commit, action, downloads, manual, several, interrupts):
    with tempfile.TemporaryDirectory() as folder:
        test(folder)
tally.end()
