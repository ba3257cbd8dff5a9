#!/usr/bin/env python3
"""service.py ORGVET FOLDER [ROWS]: measures the import service: requests per second for the status
of an import (wrk), and the time of an import of ROWS rows (default: a million). Writes
tests/bench/SERVICE.md."""
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../service"))
from server import POSITIONS, SEED, Server  # noqa: E402

ORGVET, FOLDER = sys.argv[1], sys.argv[2]
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 10**6
RUNS, SECONDS = 3, 5


def peak(server):
    for line in open(f"/proc/{server.process.pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def requests():
    server = Server(ORGVET)
    done = server.import_text(SEED)["id"]
    server.wait(done)
    query = f"wstoken={server.token}&wsfunction=tool_wp_get_import_status&importid={done}&moodlewsrestformat=json"
    lines = []
    for connections in (1, 10, 100):
        rates, worst = [], []
        for _ in range(RUNS):
            out = subprocess.run(["wrk", "-t2" if connections > 1 else "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency",
                                  f"{server.url}/webservice/rest/server.php?{query}"], capture_output=True, text=True).stdout
            rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)))
            worst.append(re.search(r"99%\s+(\S+)", out).group(1))
            assert "Non-2xx" not in out, out
        lines.append(f"| {connections} | {statistics.median(rates):,.0f} | {min(rates):,.0f} to {max(rates):,.0f} | {sorted(worst)[-1]} |")
    memory = peak(server)
    server.end()
    return lines, memory


def large():
    path = os.path.join(FOLDER, f"service-{ROWS}.csv")
    if not os.path.exists(path):
        with open(path, "wb") as file:
            subprocess.run([os.path.join(FOLDER, "generate"), str(ROWS)], stdout=file, check=True)
    size = os.path.getsize(path)
    times, uploads, memory, checks = [], [], 0, []
    for _ in range(RUNS):
        began = time.monotonic()
        out = subprocess.run(["/usr/bin/time", "-f", "%M", ORGVET, "check", "--no-config", "-q", "--importer", "positions", path],
                             capture_output=True, text=True)
        checks.append((time.monotonic() - began, int(out.stderr.split()[-1]) / 1024))
        server = Server(ORGVET, "--max-upload", str(1 << 30))
        began = time.monotonic()
        upload = subprocess.run(["curl", "-s", "-F", f"file=@{path}", f"{server.url}/webservice/upload.php?token={server.token}"],
                                capture_output=True, text=True).stdout
        uploads.append(time.monotonic() - began)
        item = int(re.search(r'"itemid":(\d+)', upload).group(1))
        began = time.monotonic()
        id = server.call("tool_wp_perform_import", file=item, importer=POSITIONS)["id"]
        assert server.wait(id)["statusstr"] == "Completed", server.log_of(id)
        times.append(time.monotonic() - began)
        memory = max(memory, peak(server))
        server.end()
    check = statistics.median(c[0] for c in checks)
    return [f"| `check` of the file ({size / 1e6:.0f} MB) | {check:.2f} | {max(c[1] for c in checks):.0f} |",
            f"| upload | {statistics.median(uploads):.2f} | |",
            f"| import: vetted, added in one transaction, on disk | {statistics.median(times):.2f} | {memory:.0f} |"]


def main():
    rates, memory = requests()
    lines = ["# What the import service takes", "", "Made by `make bench`; service and client on one machine of two processors.", "",
             "## `tool_wp_get_import_status`", "", "| connections | requests a second, median | least to most | 99 in 100 within |", "|---|---|---|---|", *rates,
             "", f"Peak memory of the service meanwhile: {memory:.0f} MB.", "", f"## An import of {ROWS:,} rows", "",
             "| | median s | peak MB |", "|---|---|---|", *large()]
    with open(os.path.join(HERE, "SERVICE.md"), "w") as file:
        file.write("\n".join(lines) + "\n")
    print("written: tests/bench/SERVICE.md")


main()
