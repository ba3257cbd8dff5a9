#!/usr/bin/env python3
"""The npm package with Node.js for Windows, by Wine: its paths, what it writes and replaces. usage: windows.py PACKAGE NODE.EXE"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..")]
from tally import Tally  # noqa: E402

package, node = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
tally = Tally("windows")
check, same = tally.check, tally.same
WINE = next((found for found in (shutil.which("wine64"), "/usr/lib/wine/wine64") if found and os.path.exists(found)), None)
if not WINE or not os.path.exists(node):
    print("windows: skipped: Wine or Node.js for Windows is not there (make setup-windows)")
    sys.exit()
prefix = tempfile.mkdtemp(prefix="orgvet-wine-")
drive = os.path.join(prefix, "drive_c")
environment = {**os.environ, "WINEPREFIX": prefix, "WINEDEBUG": "-all", "LC_ALL": "C"}


def wine(*args, within="."):
    """(exit code, output, errors): by files, as a program in Wine does not know the pipes of Linux."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = subprocess.run([WINE, *args], cwd=os.path.join(drive, within), stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, timeout=300).returncode
        out.seek(0)
        err.seek(0)
        return code, out.read().decode().replace("\r\n", "\n"), err.read().decode()


def orgvet(*args, within="hr"):
    return wine(r"C:\node.exe", r"C:\package\bin\orgvet.js", *args, within=within)


os.makedirs(os.path.join(drive, "hr", "new posts"))
wine("wineboot", "-i")
wine("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
shutil.copytree(package, os.path.join(drive, "package"))
os.symlink(node, os.path.join(drive, "node.exe"))
sample = os.path.join(HERE, "..", "..", "testdata", "sample", "positions.csv")
for name in ("positions.csv", "other.csv", os.path.join("new posts", "our positions.csv")):
    shutil.copy(sample, os.path.join(drive, "hr", name))

LAST = "7 rows, 3 errors, 0 warnings in 1 file\n"
for what, given, shown in (("a name", "positions.csv", "positions.csv"), ("a drive", r"C:\hr\positions.csv", "positions.csv"), ("the root of the drive", r"\hr\positions.csv", "positions.csv"),
                           ("a folder", r"new posts\our positions.csv", "new posts/our positions.csv"), ("a glob", r"new posts\*.csv", "new posts/our positions.csv"), ("**", r"**\our*.csv", "new posts/our positions.csv")):
    code, out, err = orgvet("check", "--importer", "positions", given)
    check(f"check, {what}", code == 1 and out.startswith(f"{shown}:3:57: error[OV304]") and out.endswith(LAST), out + err)
code, out, err = orgvet("check", r"..\positions.csv", within=os.path.join("hr", "new posts"))
check("check, the folder above", code == 1 and out.startswith("../positions.csv:3:57: "), out + err)
same("check, what is not there", orgvet("check", r"C:\none\x.csv")[::2], (2, "orgvet: cannot read `../none/x.csv`: No such file or directory\n"))
code, out, err = orgvet("check", "positions.csv", "--output", r"json=C:\hr\new posts\report.json")
with open(os.path.join(drive, "hr", "new posts", "report.json"), encoding="utf-8") as file:
    same("check, a report on a drive", (code, json.load(file)["files"][0]["path"]), (1, "positions.csv"))
code, out, err = orgvet("records", "--delimiter", "\\", "positions.csv")
check("a value that is no path stays", code in (0, 1) and "/" not in err, err)
code, out, err = orgvet("init", "--yes", "positions.csv")
check("init", code == 0 and os.path.exists(os.path.join(drive, "hr", "orgvet.json")), out + err)
code, out, err = orgvet("config", r"C:\hr\positions.csv")
check("config finds it", code == 0 and out.startswith("positions.csv: orgvet.json"), out + err)
code, out, err = orgvet("config", "--config", r"C:\hr\orgvet.json", "positions.csv")
check("config is given it", code == 0 and "orgvet.json" in out, out + err)
code, out, err = orgvet("fix", "--unsafe", "--write", r"C:\hr\positions.csv")
with open(os.path.join(drive, "hr", "positions.csv"), encoding="utf-8") as file:
    fixed = file.read()
check("fix --write replaces the file that it read", code == 0 and "Runs the daily business,1" in fixed and "OM,COO," in fixed, out + err)
same("nothing else is left there", sorted(os.listdir(os.path.join(drive, "hr"))), ["new posts", "orgvet.json", "other.csv", "positions.csv"])
code, out, err = orgvet("fix", "--output", r"new posts\fixed.csv", "other.csv")
check("fix --output", code == 0 and os.path.exists(os.path.join(drive, "hr", "new posts", "fixed.csv")), out + err)
subprocess.run([os.path.join(os.path.dirname(WINE), "wineserver64"), "-k"], env=environment, capture_output=True)
shutil.rmtree(prefix, ignore_errors=True)
tally.end()
