#!/usr/bin/env python3
"""service.py ORGVET FOLDER [ROWS]: measures the import service: requests per second for the status
of an import (wrk), the time of an import of ROWS rows (default: a million), and services that share a database. Writes
tests/bench/SERVICE.md."""
import asyncio
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../server"))
import database  # noqa: E402
from server import POSITIONS, SEED, Node, Server  # noqa: E402

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


class Delay:
    """A database behind a network: each message arrives after half of a latency (ms), in either direction."""

    def __init__(self, database, latency):
        self.path, self.half = os.path.join(database.folder, ".s.PGSQL.5432"), latency / 2000
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(started,), daemon=True)
        self.thread.start()
        started.wait()

    def run(self, started):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    async def accept(self, reader, writer):
        other_reader, other_writer = await asyncio.open_unix_connection(self.path)
        await asyncio.gather(self.pass_on(reader, other_writer), self.pass_on(other_reader, writer))

    async def pass_on(self, reader, writer):
        queue = asyncio.Queue()

        async def send():
            while True:
                due, data = await queue.get()
                await asyncio.sleep(max(0, due - self.loop.time()))
                writer.write(data) if data else writer.close()
                if not data:
                    return
        sending = asyncio.create_task(send())
        while data := await reader.read(1 << 20):
            queue.put_nowait((self.loop.time() + self.half, data))
        queue.put_nowait((self.loop.time() + self.half, b""))
        await sending


def shared(options, count, address):
    """Services that share the database at an address; None: one with a file."""
    nodes = []
    for _ in range(count):
        nodes.append(Node(ORGVET, nodes[0] if nodes else None, *options, store=address))
    return nodes


def timed_import(node, text):
    item = node.upload(text)[0]["itemid"]
    began = time.monotonic()
    id = node.call("tool_wp_perform_import", file=item, importer=POSITIONS)["id"]
    assert node.wait(id)["statusstr"] == "Completed", node.log_of(id)
    return time.monotonic() - began


def rows(count):
    return "idnumber,parent,name\n" + "".join(f"P{i},{f'P{(i - 1) // 7}' if i else ''},Position {i}\n" for i in range(count))


def throughput(nodes):
    """Imports a second: 400 of 1,000 rows, of 10 tenants."""
    first, text = nodes[0], rows(1000)
    tokens = []
    for number in range(10):
        first.admin("tenant", "add", f"Tenant {number}", "--idnumber", f"t{number}")
        first.admin("user", "add", f"user{number}", "--tenant", f"t{number}")
        first.admin("service", "allow", "orgvet", "--user", f"user{number}")
        tokens.append(first.admin("token", "add", "--user", f"user{number}").split()[-1])
    began = time.monotonic()
    ids = []

    def schedule(mine):
        for number in mine:
            ids.append((nodes[number % len(nodes)].import_text(text, f"n{number}.csv", token=tokens[number % 10])["id"], tokens[number % 10]))
    threads = [threading.Thread(target=schedule, args=(range(part, 400, 4),)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for id, token in ids:
        assert first.wait(id, token)["statusstr"] == "Completed"
    return 400 / (time.monotonic() - began)


def many():
    """SQLite and PostgreSQL, in turns; both with every commit on disk."""
    if not database.programs():
        return ["PostgreSQL was not there."]
    server = database.Database(durable=True)
    names = iter(range(1000))

    def address(port=None):
        name = f"bench{next(names)}"
        server.query("CREATE DATABASE " + name, "postgres")
        return f"postgresql://orgvet@127.0.0.1:{port}/{name}" if port else f"postgresql://orgvet@/{name}?host={server.folder}"

    def end(nodes):
        for node in nodes:
            node.end()

    text, times = rows(ROWS), {"SQLite": [], "PostgreSQL": []}
    for _ in range(RUNS):
        for what, where in (("SQLite", None), ("PostgreSQL", address())):
            nodes = shared(("--max-upload", str(1 << 30)), 1, where)
            times[what].append(timed_import(nodes[0], text))
            end(nodes)
    lite, post = (statistics.median(times[what]) for what in times)
    lines = [f"| an import of {ROWS:,} rows, three columns | {lite:.2f} s | {post:.2f} s | {post / lite:.2f} |"]
    for count in (1, 2, 3):
        rates = []
        for where in (None, address()) if count == 1 else (address(),):
            nodes = shared((), count, where)
            rates.append(throughput(nodes))
            end(nodes)
        lite = rates[0] if count == 1 else lite
        lines.append(f"| imports of 1,000 rows a second, {count} {'service' if count == 1 else 'services'} | {f'{lite:.0f}' if count == 1 else ''} | {rates[-1]:.0f} | {rates[-1] / lite:.2f} |")
    lines = ["| | SQLite | PostgreSQL | ratio |", "|---|---|---|---|", *lines, "",
             "The same with a network between a service and its database:", "",
             f"| latency | {ROWS:,} rows | 1,000 rows | imports of 1,000 rows a second |", "|---|---|---|---|"]
    small = rows(1000)
    for latency in (0, 1, 5, 20):
        where = address(Delay(server, latency).port)
        nodes = shared(("--max-upload", str(1 << 30)), 1, where)
        large_one, small_one = timed_import(nodes[0], text), statistics.median(timed_import(nodes[0], small) for _ in range(5))
        lines.append(f"| {latency} ms | {large_one:.2f} s | {1000 * small_one:.0f} ms | {throughput(nodes):.0f} |")
        end(nodes)
    server.end()
    return lines


def main():
    rates, memory = requests()
    lines = ["# What the import service takes", "", "Made by `make bench`; service and client on one machine of two processors.", "",
             "## `tool_wp_get_import_status`", "", "| connections | requests a second, median | least to most | 99 in 100 within |", "|---|---|---|---|", *rates,
             "", f"Peak memory of the service meanwhile: {memory:.0f} MB.", "", f"## An import of {ROWS:,} rows", "",
             "| | median s | peak MB |", "|---|---|---|", *large(),
             "", "## Services that share a database", "", "PostgreSQL on the same machine; every commit is on disk.", "", *many()]
    with open(os.path.join(HERE, "SERVICE.md"), "w") as file:
        file.write("\n".join(lines) + "\n")
    print("written: tests/bench/SERVICE.md")


main()
