#!/usr/bin/env python3
"""Every command line on the documentation page of the migration web services, with real curl and
jq, against a real service: the answers must be the documented ones (testdata/service/seed.txt).
usage: seed.py ORGVET"""
import os
import re
import subprocess
import sys
import zipfile

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
from server import SEED, Server  # noqa: E402
from tally import Tally  # noqa: E402

tally = Tally("seed")
server = Server(sys.argv[1], "--cron", "-1")
known = {"SITENAME": None, "TOKEN": server.token}
with open(os.path.join(server.folder, "positions.csv"), "w") as file:
    file.write(SEED)


def fill_in(text):
    """The text for this site: names known so far replace those of the page."""
    text = text.replace("https://SITENAME", server.url)
    for name, value in known.items():
        if value is not None:
            text = re.sub(rf"(?<![{{\w]){name}(?![\w}}])", value, text)
    return text


def pattern_of(answer):
    """A pattern for an answer, with groups for names that become known."""
    names, out = [], ""
    for part in re.split(r"(\{[A-Z]+\})", answer):
        if part == "{N}":
            out += r"\d+"
        elif part == "{S}":
            out += r'[^"\n]*'
        elif re.fullmatch(r"\{[A-Z]+\}", part):
            names.append(part[1:-1])
            out += rf'(?P<{part[1:-1]}>[^"\n,]+)'
        else:
            out += re.escape(part)
    return re.compile(out), names


def run(command, answer):
    done = subprocess.run(["bash", "-c", fill_in(command)], capture_output=True, text=True,
                          cwd=server.folder)
    pattern, names = pattern_of(fill_in(answer))
    found = pattern.fullmatch(done.stdout.strip())
    tally.check(command.split("\n")[1 if "--data" in command else 0][:150], found, done.stdout + done.stderr)
    for name in names if found else []:
        known[name] = found.group(name)


text = open(os.path.join(os.path.dirname(__file__), "../../testdata/service/seed.txt")).read()
for block in re.split(r"\n\n+", "\n".join(l for l in text.splitlines() if not l.startswith("# "))):
    if block.startswith("@cron"):
        tally.check("cron", server.cron().returncode == 0)
    elif block.startswith("$ "):
        lines = block[2:].split("\n")
        last = next(i for i, line in enumerate(lines) if not line.endswith("\\"))
        run("\n".join(lines[:last + 1]), "\n".join(lines[last + 1:]))
tally.check("the file's name is the documented one",
            re.fullmatch(r"organisation-structure-frameworks-export-\d{8}-\d{4}\.zip", known.get("FILE", "")))
with zipfile.ZipFile(os.path.join(server.folder, "exportfile.zip")) as exported:
    tally.check("the zip is valid", exported.testzip() is None and "manifest.json" in exported.namelist())
frameworks = server.frameworks()
tally.check("the framework is named after the file",
            [(f["name"], f["items"]) for f in frameworks] == [("positions", 5)], frameworks)
# A second import of a file creates a second framework of the same name; a draft can be used
# repeatedly.
again = server.call("tool_wp_perform_import", file=known["ITEM"],
                    importer="tool_organisation\\tool_wp\\importer\\positions_csv")
server.cron()
tally.check("a second framework of the same name",
            [f["name"] for f in server.frameworks()] == ["positions", "positions"], again)
tally.check("the log never contains a token", server.token not in server.logged())
tally.check("the service ends cleanly", server.end() == 0)
tally.end()
