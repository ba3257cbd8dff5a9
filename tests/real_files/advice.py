#!/usr/bin/env python3
"""Follows the advice of findings, root causes and proposals: every option that a text names is pasted, must be accepted, and must
remove the finding that it was given for.

usage: advice.py ORGVET SHARED   (files: testdata/rules and testdata/cases, and SHARED/cases if it is there; ends with
"advice: N passed, N failed")"""
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path.insert(0, os.path.join(ROOT, "tests"))
from tally import Tally  # noqa: E402

ORGVET, SHARED = os.path.realpath(sys.argv[1]), sys.argv[2]
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"}
tally = Tally("advice")
# what the text leaves to the reader: a place holder, or a file that is not here
OPEN = re.compile(r"…|\b(?:COLUMN|FILE|FIELD|N|NAME|ID|VALUE)\b|--existing|--jobs-file|--site|--exclude|--from|--skip|--max-|--importer")


def orgvet(command, *args, cwd):
    return subprocess.run([ORGVET, command, *args], capture_output=True, cwd=cwd, env=ENVIRONMENT)


def check(path, options, cwd):
    """The report of a file; None if it was not vetted."""
    run = orgvet("check", "-q", "--no-config", "--max-findings", "0", "--format", "json", *options, path, cwd=cwd)
    return json.loads(run.stdout)["files"][0] if run.returncode in (0, 1) else None


def advised(text):
    """The options that a text names, each as words; then the arguments of `orgvet fix`."""
    options, fixes = [], []
    text = text.replace("leave out `--", "leave it out: `")
    for quoted in re.findall(r"`((?:orgvet fix )?--[^`]*)`", text):
        words = shlex.split(quoted)
        if OPEN.search(quoted) or words in (["--encoding"], ["--identifier"]):
            continue
        if words[0] == "orgvet":
            fixes.append([word for word in words[2:] if word != "--write"])
        else:
            options.append(words)
    return options, fixes


def same(finding, report):
    return any(all(other[key] == finding[key] for key in ("code", "line", "column", "message")) for other in report["findings"])


def follow_finding(name, path, options, finding, cwd):
    texts = finding["message"] + " " + finding.get("help", "")
    named, fixes = advised(texts)
    tries = named + ([sum(named, [])] if len(named) > 1 else [])
    if tries and "write the identifier" not in texts:
        reports = [check(path, [*options, *words], cwd) for words in tries]
        tally.check(f"{name}: {finding['code']}: all options are accepted", None not in reports, texts)
        tally.check(f"{name}: {finding['code']}: an option removes it", any(r and not same(finding, r) for r in reports), texts)
    for words in fixes if "unless another row" not in texts else []:
        out = os.path.join(cwd, "fixed.csv")
        run = orgvet("fix", "-q", "--no-config", *options, *words, "-o", out, path, cwd=cwd)
        before = check(path, options, cwd)
        after = check(out, options, cwd) if run.returncode in (0, 1) else None
        code = finding["code"]
        tally.check(f"{name}: {code}: fix {' '.join(words)} removes it",
                    after and after["counts"].get(code, 0) < before["counts"][code], (texts, run.stderr))
        if os.path.exists(out):
            os.remove(out)


def errors(report):
    return report["summary"]["error"]


def follow(name, path, options, cwd):
    report = check(path, options, cwd)
    if report is None:
        return
    seen = set()
    for finding in report["findings"]:
        key = finding["code"], re.sub(r"\d+", "", finding.get("help", ""))
        if key not in seen:  # one of each kind
            seen.add(key)
            follow_finding(name, path, options, finding, cwd)
    cause = report.get("root_cause", {})
    if cause.get("options"):
        after = check(path, [*options, *cause["options"]], cwd)
        tally.check(f"{name}: the root cause's options are accepted", after is not None, cause)
        tally.check(f"{name}: the root cause's options help", after and errors(after) < errors(report), cause)
    if report.get("accept"):
        after = check(path, [*options, *report["accept"]], cwd)
        counts = after["counts"] if after else {}
        tally.check(f"{name}: the proposals can be accepted", after and not after.get("provisional"), report["accept"])
        missing = {"OV202"}
        for code, start in (("OV201", "name="), ("OV208", "parentid=")):
            if any(word.startswith(start) or word == "--parents" for word in report["accept"]):
                missing.add(code)
        tally.check(f"{name}: nothing is missing then", not missing & set(counts), (report["accept"], counts))


def files():
    """Name, path and options of each file."""
    for folder in sorted(glob.glob(os.path.join(ROOT, "testdata/rules/*"))):
        words = [open(path, encoding="utf-8").read() for path in glob.glob(folder + "/args") + glob.glob(folder + "/args.bad")]
        if not any("--" in text and "-file" in text for text in words):
            yield os.path.basename(folder), os.path.join(folder, "bad.csv"), ["--importer", "positions", *shlex.split(" ".join(words))]
    for path in sorted(glob.glob(os.path.join(ROOT, "testdata/cases/*/*.csv"))):
        yield os.path.relpath(path, os.path.join(ROOT, "testdata/cases")), path, []
    for path in sorted(glob.glob(os.path.join(SHARED, "cases/*/*.csv"))):
        yield os.path.relpath(path, os.path.join(SHARED, "cases")), path, []
    if not os.path.exists(os.path.join(SHARED, "cases")):
        print(f"advice: skipped: real files; {SHARED}/cases is not there")


for name, path, options in files():
    cwd = tempfile.mkdtemp(prefix="orgvet-advice-")
    shutil.copy(path, cwd)
    follow(name, os.path.basename(path), options, cwd)
    shutil.rmtree(cwd)
tally.end()
