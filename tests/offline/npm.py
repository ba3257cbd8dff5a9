#!/usr/bin/env python3
"""The npm package, as it is installed: its command, its JavaScript API. usage: npm.py FOLDER"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..")]
from tally import Tally  # noqa: E402

package = os.path.abspath(sys.argv[1])
tally = Tally("npm")
check, same = tally.check, tally.same
folder = tempfile.mkdtemp(prefix="orgvet-npm-")
sample = os.path.join(HERE, "..", "..", "testdata", "sample", "positions.csv")


def ran(*args, **more):
    return subprocess.run(args, capture_output=True, text=True, cwd=folder, **more)


with open(os.path.join(folder, "package.json"), "w") as file:
    file.write('{"private": true}')
tarball = ran("npm", "pack", "--silent", package).stdout.strip()
installed = ran("npm", "install", "--silent", "--no-audit", "--no-fund", "--offline", tarball)
check("it is installed", installed.returncode == 0, installed.stderr)
orgvet = os.path.join(folder, "node_modules", ".bin", "orgvet")
shutil.copy(sample, os.path.join(folder, "positions.csv"))
begun = time.monotonic()
done = ran(orgvet, "check", "positions.csv")
print(f"npm: the first verdict of node_modules/.bin/orgvet: {time.monotonic() - begun:.2f} s")
same("findings: exit code 1", done.returncode, 1)
check("the findings", "OV402" in done.stdout and done.stdout.endswith("7 rows, 3 errors, 0 warnings in 1 file\n"), done.stdout)
done = ran("npx", "--offline", "orgvet", "check", "-", input="idnumber,parent,name\nA,,x\n")
same("by npx, from a pipe", (done.returncode, done.stdout), (0, "1 row, 0 errors, 0 warnings in 1 file\n"))
done = ran(orgvet, "check", "p*.csv", "**/p*.csv")
check("globs, which not every shell expands", done.returncode == 1 and "positions.csv:3:57" in done.stdout, done.stdout + done.stderr)
done = ran(orgvet, "check", "none.csv")
same("a file that is not there: exit code 2", done.returncode, 2)
done = ran(orgvet, "check", "--color", "always", "--format", "pretty", "positions.csv")
check("colours", "\x1b[" in done.stdout)
done = ran(orgvet, "fix", "--write", "positions.csv")
with open(os.path.join(folder, "positions.csv")) as file:
    check("fix --write replaces the file that it read", "Runs the daily business,1" in file.read(), done.stderr)
done = ran("sh", "-c", f"{orgvet} explain | head -n 1")
check("the reader of a pipe may leave", done.stdout.startswith("OV101") and not done.stderr, done.stderr)
done = ran(orgvet, "init", "--yes", "positions.csv")
check("init", done.returncode == 0 and os.path.exists(os.path.join(folder, "orgvet.json")), done.stderr)
done = ran(orgvet, "config", "--format", "json", "positions.csv")
check("config", done.returncode == 0 and "orgvet.json" in done.stdout, done.stdout + done.stderr)
os.unlink(os.path.join(folder, "orgvet.json"))

# --- interrupted ---

with open(os.path.join(folder, "big.csv"), "w") as file:
    file.write("idnumber,parent,name\nP0,,Top\n")
    file.writelines(f"P{i},P{i // 8}, Position number {i}\n" for i in range(1, 1500000))
before = sorted(os.listdir(folder))
for number, code, said in ((signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, -signal.SIGTERM, "")):
    process = subprocess.Popen([orgvet, "fix", "--write", "--importer", "positions", "big.csv"], cwd=folder, stderr=subprocess.PIPE, text=True)
    for _ in range(2000):  # until it writes
        if sorted(os.listdir(folder)) != before or process.poll() is not None:
            break
        time.sleep(0.005)
    process.send_signal(number)
    words = process.communicate()[1]
    same(f"{signal.Signals(number).name}: exit", process.returncode, code)
    check(f"{signal.Signals(number).name}: what it says", said in words, words)
    same(f"{signal.Signals(number).name}: no files are left behind", sorted(os.listdir(folder)), before)

# --- the JavaScript API ---

script = """const {check, OrgvetError} = require("orgvet"), fs = require("fs");
(async () => {
  const report = await check(fs.readFileSync(process.argv[2]), {fileName: "positions.csv", importer: "positions", language: "de"});
  const mapped = await check("Nr,Titel,Chef\\n1,A,\\n2,B,1\\n", {map: {idnumber: "Nr", name: "Titel", parentid: "Chef"}, importer: "positions"});
  const wrong = await check("a,b\\n", {importer: "nix"}).catch((problem) => problem);
  console.log(JSON.stringify([report.summary, report.files[0].findings.map((one) => [one.line, one.code, one.message]), mapped.summary, wrong instanceof OrgvetError, wrong.message]));
})();"""
with open(os.path.join(folder, "api.js"), "w") as file:
    file.write(script)
done = ran("node", "api.js", os.path.abspath(sample))
check("the API answers", done.returncode == 0 and not done.stderr, done.stderr)
summary, findings, mapped, is_error, message = json.loads(done.stdout or "[0,[],0,0,0]")
same("the summary", (summary["rows"], summary["error"]), (7, 3))
check("the findings, in German", [one[:2] for one in findings] == [[3, "OV304"], [6, "OV402"], [7, "OV404"]] and "gültiger" in findings[0][2], findings)
same("mapped columns", (mapped["rows"], mapped["error"]), (2, 0))
check("an option that is not valid", is_error and "nix" in message, message)
shutil.rmtree(folder)
tally.end()
