#!/usr/bin/env python3
"""The service under load and abuse: many connections, slow ones, many clients at once; and killed
at any moment or with a full disk, it must not leave a partial import, repeat one, or lose one.
usage: abuse.py ORGVET [KILLS]"""
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.parse
import zipfile
import io

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
from server import EXPORTER, POSITIONS, SEED, Server, multipart  # noqa: E402
from tally import Tally  # noqa: E402

tally = Tally("abuse")
check = tally.check
within = tally.within
orgvet = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 200


def resident(server):
    """Peak resident set size of the service, bytes."""
    for line in open(f"/proc/{server.process.pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024


def deadlines():
    """Slow connections are closed in time, whatever they drip, and others are answered meanwhile."""
    server = Server(orgvet, "--header-timeout", "1", "--body-timeout", "1")
    head = f"POST /webservice/upload.php?token={server.token} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n"
    slow = {"headers": b"GET / HTTP/1.1\r\nHost: x\r\nX: ", "nothing": b"", "body": head.encode() + b"--b"}
    connections = []
    for name, start in slow.items():
        for _ in range(20):
            connection = socket.create_connection((server.host, server.port))
            connection.sendall(start)
            connections.append((name, connection, time.monotonic()))
    answered, longest, ended = [], 0, {}
    while connections and time.monotonic() - connections[0][2] < 20:
        for one in list(connections):
            name, connection, began = one
            try:
                if name != "nothing":
                    connection.sendall(b"x")
                connection.settimeout(0.001)
                if connection.recv(1000) == b"":
                    raise ConnectionError
            except TimeoutError:
                continue
            except OSError:
                ended.setdefault(name, []).append(time.monotonic() - began)
                connections.remove(one)
        began = time.monotonic()
        answered.append(json.loads(server.request("GET", "/healthz")[2])["status"] == "ok")
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.1)
    for name in slow:
        check(f"slow connections are closed: {name}", len(ended.get(name, [])) == 20, ended)
    check("others are answered", answered and all(answered), answered)
    within("within a second", 1, longest)
    check("the service ends cleanly", server.end() == 0)


def lazy():
    """A download that is not read is closed: after one second per 100 kB, plus --body-timeout."""
    server = Server(orgvet, "--body-timeout", "1")
    server.wait(server.import_text("idnumber,parent,name,description\n" + "".join(
        f"{i},,N{i},{random.getrandbits(4000):x}\n" for i in range(11000)))["id"])
    export = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    server.wait(export, function="tool_wp_get_export_status", key="exportid")
    file = server.call("tool_wp_get_export_file", exportid=export)[0]
    path = urllib.parse.urlsplit(file["fileurl"]).path
    check("the file is larger than the socket buffers", file["filesize"] > 5 << 20, file["filesize"])
    idle = socket.socket()
    idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    idle.connect((server.host, server.port))
    idle.sendall(f"GET {path}?token={server.token} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    let_go = False
    for _ in range(1000):
        time.sleep(0.1)
        if let_go := b"\norgvet_connections 1\n" in server.request("GET", "/metrics")[2]:
            break
    check("a client that does not read is disconnected", let_go)
    check("the service ends cleanly", server.end() == 0)


def locked():
    """Another program holds the store's lock: writers eventually get an error, readers are not affected."""
    server = Server(orgvet)
    release = server.held()
    answers = []
    body, boundary = multipart({}, [("file", "a.csv", SEED)])
    writing = [threading.Thread(target=lambda: answers.append(server.request(
        "POST", "/webservice/upload.php?token=" + server.token, body, {"Content-Type": "multipart/form-data; boundary=" + boundary})))
        for _ in range(3)]
    for thread in writing:
        thread.start()
    read, longest = [], 0
    while any(thread.is_alive() for thread in writing):
        began = time.monotonic()
        read.append("sitename" in server.call("core_webservice_get_site_info"))
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.1)
    check("reading continues", read and all(read), read)
    within("within a second", 1, longest)
    for thread in writing:
        thread.join()
    check("writing is refused for now", [(a[0], json.loads(a[2])["errorcode"]) for a in answers] == [(503, "servicebusy")] * 3, answers)
    release()
    check("writing continues later", "itemid" in server.upload(SEED)[0])
    check("the service ends cleanly", server.end() == 0)


def connections():
    """A thousand connections, five hundred of them from one address, and others are answered."""
    server = Server(orgvet)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    held = []
    for number, address in enumerate(["127.0.0.2"] * 500 + ["127.0.0.3"] * 500):
        connection = socket.socket()
        connection.bind((address, 0))
        connection.connect((server.host, server.port))
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + (b"" if number % 2 else b"X: " + b"y" * 20000))
        held.append(connection)
    for _ in range(300):
        text = server.request("GET", "/metrics")[2].decode()
        count = int(text.split("\norgvet_connections ")[1].split("\n")[0])
        if count >= 1001:
            break
        time.sleep(0.02)
    check("a thousand connections are open", count >= 1001, count)
    began = time.monotonic()
    check("others are answered", server.request("GET", "/healthz")[0] == 200)
    within("within a second", 1, time.monotonic() - began)
    extra = socket.socket()
    extra.bind(("127.0.0.2", 0))
    extra.connect((server.host, server.port))
    try:
        extra.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        refused = extra.recv(100) == b""
    except OSError:
        refused = True
    check("one more from that address is refused", refused)
    for connection in held:
        try:
            connection.sendall(b"\r\n\r\n")
        except OSError:
            pass
    answers = 0
    for connection in held:
        connection.settimeout(10)
        try:
            answers += connection.recv(100).startswith(b"HTTP/1.1 200")
        except OSError:
            pass
        connection.close()
    check("each of them is answered", answers == 1000, answers)
    check("the service ends cleanly", server.end() == 0)


def memory():
    """Large uploads and parameters, as many as possible at once: less than 512 MB."""
    server = Server(orgvet)
    big = b"x" * (60 << 20)
    body, boundary = multipart({}, [("f", "f.csv", big)])
    statuses = []

    def upload():
        try:
            statuses.append(server.request("POST", "/webservice/upload.php?token=" + server.token, body,
                                           {"Content-Type": "multipart/form-data; boundary=" + boundary})[0])
        except OSError:
            statuses.append(0)

    def params():
        for _ in range(10):
            try:
                statuses.append(server.request("POST", "/webservice/rest/server.php", "a=" + "%41" * 340000,
                                               {"Content-Type": "application/x-www-form-urlencoded"})[0])
            except OSError:
                statuses.append(0)

    threads = [threading.Thread(target=upload) for _ in range(6)] + [threading.Thread(target=params) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check("all are answered", all(s in (200, 413, 503) for s in statuses), set(statuses))
    check("memory stays below 512 MB", resident(server) < 512 << 20, f"{resident(server) >> 20} MB")
    check("the service is healthy", server.request("GET", "/healthz")[0] == 200)
    check("the service ends cleanly", server.end() == 0)


def zip_of(members, idnumber=""):
    """An export with this many rows in each framework."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = []
        for i, data in enumerate(members):
            name = f"positions-{i}.csv"
            archive.writestr(name, data)
            entries.append({"file": name, "importer": POSITIONS, "sha256": hashlib.sha256(data).hexdigest(), "rows": data.count(b"\n") - 1,
                            "framework": {"name": f"f{i}", "idnumber": idnumber}, "settings": {}})
        archive.writestr("manifest.json", json.dumps({"schema_version": 1, "members": entries}))
    return out.getvalue()


def findings():
    """However many errors there are, few findings are kept, all are counted, and memory depends on
    the rows only."""
    # sanitizers keep freed memory for a while: the limits do not apply
    bound = os.environ.get("VARIANT", "release") == "release"
    server = Server(orgvet)
    rows = 8000000 if bound else 400000
    began = time.monotonic()
    id = server.import_text("name,idnumber,parent\n" + " a,,\n" * rows, "spaces.csv")["id"]
    status = server.wait(id)
    log = server.log_of(id, perpage=1000)
    check("a warning in each row: imported", status["statusstr"] == "Completed", status)
    more = [int(re.sub(r"[^0-9]", "", e["message"].split(" more of")[0])) for e in log["entries"] if " more of OV3" in e["message"]] if log["total"] < 1000 else []
    print(f"findings: {rows} rows in {time.monotonic() - began:.0f} s, {resident(server) >> 20} MB", file=sys.stderr)
    if bound:
        check("100 bytes per row and 64 MB are enough", resident(server) < 100 * rows + (64 << 20), f"{resident(server) >> 20} MB")
    server.end()
    server = Server(orgvet)
    id = server.import_text("name,idnumber,parent\n" + " ,,\n" * 200000, "bad.csv")["id"]
    status, entries, page = server.wait(id), [], 0
    while True:
        log = server.log_of(id, page=page, perpage=1000)
        entries += log["entries"]
        page += 1
        if len(entries) >= log["total"] or not log["entries"]:
            break
    check("an error in each row: refused", status["statusstr"] == "Error" and len(entries) < 20000, (status, len(entries)))
    told = {}
    for entry in entries:
        number = re.match(r"… and ([0-9]+) more of", entry["message"])
        told[entry["code"]] = told.get(entry["code"], 0) + (int(number[1]) if number else 1)
    report = server.call("tool_wp_get_import_status", importid=id)
    check("the log reports the number of omitted findings", told.get("OV301") == 200000, (told, report))
    small = "idnumber,parent,name\n" + ",,a\n" * 3000000
    for name, members in (*([("too many rows", [small.encode()] * 6)] if bound else []), ("too many bytes", [b"name,parent\n" + b"a" * (200 << 20) + b",\n"] * 6)):
        data = zip_of(members)
        before = resident(server)
        answer = server.import_text(data, "export.zip", importer="")
        status = server.wait(answer["id"])
        told = [e["message"] for e in server.log_of(answer["id"])["entries"]]
        check(f"a zip of {len(data) >> 10} KiB with {name} is refused", status["statusstr"] == "Error" and
              any("one by one" in t for t in told), (status, told[:3]))
        print(f"findings: {name}: {before >> 20} to {resident(server) >> 20} MB", file=sys.stderr)
        if bound:
            check(f"within the memory limit: {name}", resident(server) < (1100 << 20) + (64 << 20), f"{resident(server) >> 20} MB")
    check("the service ends cleanly", server.end() == 0)


def guessing(seconds=12):
    """Someone who guesses passwords waits longer each time; the user, at an address where she
    signed in before, does not."""
    server = Server(orgvet)
    for name in ("ann", "bea"):
        server.admin("user", "add", name, "--password-file", "-", given="right\n")
        server.admin("service", "allow", "orgvet", "--user", name)

    def sign_in(home, name, password):
        began = time.monotonic()
        body = urllib.parse.urlencode({"username": name, "password": password, "service": "orgvet"})
        status, headers, data = server.request("POST", "/login/token.php", body, {"Content-Type": "application/x-www-form-urlencoded"}, home=home)
        return status, json.loads(data).get("errorcode"), headers["Retry-After"], time.monotonic() - began

    for home in ("127.0.0.10", "127.0.0.11"):
        check(f"she signs in at {home}", sign_in(home, "ann", "right")[1] is None)
    stop, tried, told = threading.Event(), {}, []

    def attack(home, name):
        while not stop.is_set():
            status, code, after, _ = sign_in(home, name, "wrong")
            tried[home] = tried.get(home, 0) + (code == "invalidlogin")
            if status == 429:
                told.append((code, int(after)))
                time.sleep(0.02)

    threads = [threading.Thread(target=attack, args=(f"127.0.1.{n % 4}", ["ann", "nobody", "bea"][n % 3])) for n in range(16)]
    for thread in threads:
        thread.start()
    honest, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        honest.append(sign_in(["127.0.0.10", "127.0.0.11"][len(honest) % 2], "ann", "right"))
        time.sleep(0.3)
    strange = sign_in("127.0.0.99", "ann", "right")
    stop.set()
    for thread in threads:
        thread.join()
    check("each address guesses less and less often", all(1 <= n <= 6 for n in tried.values()) and len(tried) == 4, tried)
    check("the wait is reported, and grows", told and all(code == "logintoomany" for code, _ in told) and max(a for _, a in told) >= 4 and
          all(1 <= a <= 900 for _, a in told), told[:5])
    check("the user signs in each time", len(honest) > 5 and all(code is None for _, code, _, _ in honest), honest)
    within("the user signs in within 2 s", 2, max(took for _, _, _, took in honest))
    check("from an unknown address the account waits too", strange[0] == 429 and int(strange[2]) >= 1, strange)
    check("another account at such an address does not", sign_in("127.0.0.99", "admin2", "x")[1] == "invalidlogin")
    wrong = [sign_in("127.0.0.10", "ann", "wrong")[0] for _ in range(3)]
    check("at a known address she waits only for her own errors", wrong[1:] == [429, 429], wrong)
    check("and not at her other address", sign_in("127.0.0.11", "ann", "right")[1] is None)
    check("the service ends cleanly", server.end() == 0)


def lanes(rows=600000):
    """Small jobs do not wait for large ones; an export waits for what was scheduled before it."""
    if os.environ.get("VARIANT", "release") != "release":
        rows //= 10
    server = Server(orgvet)
    server.admin("tenant", "add", "Other")
    server.admin("user", "add", "bea", "--tenant", "Other")
    server.admin("service", "allow", "orgvet", "--user", "bea")
    bea = server.admin("token", "add", "--user", "bea").split()[-1]
    text = "idnumber,parent,name\n" + "".join(f"P{i},{f'P{(i - 1) // 7}' if i else ''},Position {i}\n" for i in range(rows))
    large = [server.import_text(text, f"large{n}.csv")["id"] for n in range(2)]
    own = server.import_text("idnumber,parent,name\nA,,A\n", "small.csv")["id"]
    export_own = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    took = []
    for n in range(8):
        began = time.monotonic()
        id = server.import_text("idnumber,parent,name\nA,,A\n", f"other{n}.csv", token=bea)["id"]
        status = server.wait(id, bea)
        took.append(time.monotonic() - began)
        check("a small job of another tenant is done", status["statusstr"] == "Completed", status)
    export = server.call("tool_wp_perform_export", bea, exporter=EXPORTER)["id"]
    began = time.monotonic()
    server.wait(export, bea, "tool_wp_get_export_status", "exportid")
    took.append(time.monotonic() - began)
    states = [server.call("tool_wp_get_import_status", importid=i)["status"] for i in [*large, own]] + [
        server.call("tool_wp_get_export_status", exportid=export_own)["status"]]
    print(f"lanes: small work took {max(took):.2f} s beside large work, which was {states}", file=sys.stderr)
    within("within 5 s", 5, max(took))
    check("while the large one is running", states[1] < 4, (took, states))
    check("a small job of the same tenant does not wait either", states[2] == 4, states)
    check("an export waits for the imports before it", states[3] < 3, states)
    for id in [*large, own]:
        check("all jobs are done", server.wait(id)["statusstr"] == "Completed")
    check("the export has all of them", sorted(server.exported(export_own)) == ["large0", "large1", "small"])
    # two imports of one framework, of which the second one needs the first
    into = {"target_framework": "existing", "select_framework": next(f["id"] for f in server.frameworks() if f["name"] == "small")}
    pair = [server.import_text(text, "into.csv", settings=into)["id"] for text in (
        "idnumber,parent,name\n" + "".join(f"Q{i},A,q\n" for i in range(20000)), "idnumber,parent,name\nZ,Q19999,z\n")]
    check("imports of one framework run in the order in which they were scheduled", [server.wait(id)["statusstr"] for id in pair] == ["Completed"] * 2,
          [server.log_of(id) for id in pair])
    # two imports at once that both create suffixes
    base = {f["tenant"]: f["id"] for f in server.frameworks() if f["name"] in ("small", "other0")}
    twins = [(server.import_text("idnumber,parent,name\n" + "".join(f"A_{i},,x\n" for i in range(2, 40)) + "A,,A\n", "twin.csv", token=token,
                                 settings={"target_framework": "existing", "select_framework": framework, "conflict_idnumber": "suffix"})["id"], token)
             for token, framework in ((None, base[1]), (bea, base[2]))]
    for id, token in twins:
        check("suffixes from two imports at once", server.wait(id, token)["statusstr"] == "Completed" and
              any("imported as `A_40`" in e["message"] for e in server.log_of(id, token)["entries"]), server.log_of(id, token))
    # an idnumber of a framework belongs to its tenant
    data = zip_of([b"idnumber,parent,name\nA,,A\n"], "SAME")
    for token, kept in ((None, True), (bea, True), (None, False)):
        id = server.import_text(data, "export.zip", importer="", token=token)["id"]
        check("a framework with an idnumber", server.wait(id, token)["statusstr"] == "Completed")
        told = [(e["level"], e["message"]) for e in server.log_of(id, token)["entries"]]
        check("the idnumber is dropped with a warning if the tenant has it", any(level == "warning" and "already has the idnumber `SAME`: created without one" in text for level, text in told) is not kept, told)
    check("each tenant has one framework with it", [f["tenant"] for f in server.frameworks() if f["idnumber"] == "SAME"] == [1, 2], server.frameworks())
    check("the service ends cleanly", server.end() == 0)


def slices(rows=600000):
    """A large import does not block writers, is hidden until complete, continues after SIGTERM, and
    survives kill -9."""
    if os.environ.get("VARIANT", "release") != "release":
        rows //= 10
    server = Server(orgvet)
    text = "idnumber,parent,name\n" + "".join(f"P{i},{f'P{(i - 1) // 7}' if i else ''},Position {i}\n" for i in range(rows))
    small = "idnumber,parent,name\nA,,A\n"
    server.admin("user", "add", "ann", "--password-file", "-", given="right\n")
    server.admin("service", "allow", "orgvet", "--user", "ann")

    def running(id):
        for _ in range(3000):
            status = server.call("tool_wp_get_import_status", importid=id)
            if status["status"] >= 4 or (status["status"] == 3 and status["progress"] > 45):
                return status
            time.sleep(0.01)
        return {}

    def stored():
        return [server.sql("SELECT count(*) FROM " + name)[0][0] for name in ("stored_item", "stored_framework", "hidden")]

    id = server.import_text(text, "large.csv")["id"]
    took, seen = [], set()
    while server.call("tool_wp_get_import_status", importid=id)["status"] < 3:
        time.sleep(0.005)
    while server.call("tool_wp_get_import_status", importid=id)["status"] == 3:
        for _ in range(4):
            began = time.monotonic()
            one = server.upload(small)
            took.append(time.monotonic() - began)
        began = time.monotonic()
        body = urllib.parse.urlencode({"username": "ann", "password": "right", "service": "orgvet"})
        token = json.loads(server.request("POST", "/login/token.php", body, {"Content-Type": "application/x-www-form-urlencoded"})[2])
        took.append(time.monotonic() - began)
        frameworks = server.frameworks()
        if server.call("tool_wp_get_import_status", importid=id)["status"] == 3:
            seen |= {f["name"] for f in frameworks}
            seen |= {e["message"] for e in server.log_of(id)["entries"]}
        check("others can write meanwhile", isinstance(one, list) and "token" in token, (one, token))
    print(f"slices: {len(took)} writes beside an import of {rows} rows, the longest {max(took, default=0):.2f} s", file=sys.stderr)
    check("several writes succeeded", len(took) > 3, took)
    within("no other write waits more than a second", 1, max(took, default=0))
    check("nothing is visible before the end", not seen, seen)
    check("the import is complete", [(f["name"], f["items"]) for f in server.frameworks()] == [("large", rows)], server.frameworks())
    # undone: hidden at once, deleted soon; imports that depend on it first
    child = server.import_text("idnumber,parent,name\nX,P0,x\nY,X,y\n", "child.csv", settings={
        "target_framework": "existing", "select_framework": server.frameworks()[0]["id"]})["id"]
    check("another import adds to it", server.wait(child)["statusstr"] == "Completed")
    check("it cannot be undone while another depends on it", server.call("orgvet_rollback_import", importid=id).get("errorcode") is not None)
    check("the dependent import is undone", server.call("orgvet_rollback_import", importid=child)["removed"] == 2)
    began = time.monotonic()
    answer = server.call("orgvet_rollback_import", importid=id)
    within("an undo is quick", 1, time.monotonic() - began)
    check("undone completely", answer["removed"] == rows and server.frameworks() == [], answer)
    for _ in range(1000):
        if stored() == [0, 0, 0]:
            break
        time.sleep(0.02)
    check("both are deleted soon", stored() == [0, 0, 0], stored())
    again = server.import_text(text, "large.csv")["id"]
    running(again)
    began = time.monotonic()
    code = server.stop()
    within("SIGTERM ends it within 5 s", 5, time.monotonic() - began)
    check("SIGTERM: ends cleanly", code == 0, code)
    server.start()
    check("SIGTERM: nothing is visible", server.frameworks() == [] or server.call("tool_wp_get_import_status", importid=again)["status"] == 4)
    check("SIGTERM: continues at the next start", server.wait(again)["statusstr"] == "Completed")
    check("SIGTERM: complete, and only once", [(f["name"], f["items"]) for f in server.frameworks()] == [("large", rows)], server.frameworks())
    log = [e["message"] for e in server.log_of(again)["entries"]]
    check("SIGTERM: a single log", len(log) == len(set(log)), log)
    framework = server.frameworks()[0]["id"]
    id = server.import_text(text, "again.csv", settings={"target_framework": "existing", "select_framework": framework})["id"]
    check("conflicts leave nothing behind", server.wait(id)["statusstr"] == "Error" and [f["items"] for f in server.frameworks()] == [rows], server.frameworks())
    for kill in range(4):
        id = server.import_text(text, f"killed{kill}.csv")["id"]
        running(id)
        time.sleep(random.random() * 0.5)
        server.stop(signal.SIGKILL)
        server.start()
        seen = [f for f in server.frameworks() if f["name"] == f"killed{kill}"]
        ended = server.call("tool_wp_get_import_status", importid=id)["status"] == 4
        check("killed: all or nothing", [f["items"] for f in seen] in ([], [rows]) and (ended or not seen), (seen, ended))
        check("killed: continues", server.wait(id)["statusstr"] == "Completed")
        check("killed: complete, and only once", [f["items"] for f in server.frameworks() if f["name"] == f"killed{kill}"] == [rows], server.frameworks())
    for _ in range(500):
        if stored() == [5 * rows, 5, 0]:
            break
        time.sleep(0.05)
    check("hidden items are deleted", stored() == [5 * rows, 5, 0], stored())
    check("the service ends cleanly", server.end() == 0)


def clients(count=100):
    """A hundred clients at once: uploading, scheduling, polling."""
    server = Server(orgvet)
    problems, done = [], []

    def work(number):
        try:
            answer = server.import_text(SEED, f"f{number}.csv")
            status = server.wait(answer["id"])
            done.append((number, answer["id"], status["statusstr"]))
        except Exception as problem:  # any exception is reported
            problems.append(repr(problem))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check("no errors", not problems, problems[:3])
    check("no import is lost, each is completed", sorted(d[2] for d in done) == ["Completed"] * count, done[:3])
    frameworks = server.frameworks()
    check("each only once", sorted(f["name"] for f in frameworks) == sorted(f"f{i}" for i in range(count)) and
          all(f["items"] == 5 for f in frameworks))
    check("the service ends cleanly", server.end() == 0)


def large(rows=200000):
    """A large import, during which polling is answered."""
    server = Server(orgvet, "--max-upload", str(1 << 30))
    text = "idnumber,parent,name\n" + "".join(
        f"P{i},{'' if i == 0 else f'P{(i - 1) // 10}'},Position {i}\n" for i in range(rows))
    answer = server.import_text(text, "large.csv")
    longest, seen = 0, set()
    while True:
        began = time.monotonic()
        status = server.call("tool_wp_get_import_status", importid=answer["id"])
        longest = max(longest, time.monotonic() - began)
        seen.add(status["progress"])
        if status["status"] >= 4:
            break
        time.sleep(0.01)
    check("the import is completed", status["statusstr"] == "Completed" and server.frameworks()[0]["items"] == rows, status)
    within("polling is answered meanwhile", 1, longest)
    check("the progress increases", len(seen) > 2, seen)
    check("the service ends cleanly", server.end() == 0)


class State:
    """What must hold for a store in any case: each import has its complete framework, or none."""

    def __init__(self, server):
        self.server, self.acknowledged, self.undone = server, {}, set()

    def judge(self, round):
        server = self.server
        for id in self.acknowledged.values():
            server.wait(id)
        server.cron()
        frameworks = {f["name"]: f for f in server.frameworks()}
        names = [f["name"] for f in server.frameworks()]
        fine = check(f"{round}: no import is repeated", len(names) == len(set(names)), names)
        fine &= check(f"{round}: each is complete", all(f["items"] == 300 for f in frameworks.values()),
                      [f for f in frameworks.values() if f["items"] != 300])
        for name, id in self.acknowledged.items():
            status = server.wait(id)
            wanted = "Rolled back" if id in self.undone else "Completed"
            either = id in self.undone and status.get("statusstr") == "Completed"  # undoing it was not acknowledged
            fine &= check(f"{round}: import {id} keeps its acknowledged status", status.get("statusstr") == wanted or either, status)
            there = name in frameworks
            fine &= check(f"{round}: import {id} exists if completed", there == (status.get("statusstr") == "Completed"), (name, status))
        return fine


ROWS = "idnumber,parent,name\n" + "".join(f"P{i},{'' if i == 0 else 'P0'},Position {i}\n" for i in range(300))


def busy(server, state, stop, number):
    """Uploads, schedules, rolls back and exports until it is stopped or the service is gone."""
    count = 0
    while not stop.is_set():
        name = f"f{number}-{count}"
        count += 1
        try:
            answer = server.import_text(ROWS, name + ".csv")
            if "id" not in answer:
                continue
            state.acknowledged[name] = answer["id"]
            if random.random() < 0.3:
                server.wait(answer["id"])
                state.undone.add(answer["id"])
                server.call("orgvet_rollback_import", importid=answer["id"])
            if random.random() < 0.3:
                server.call("tool_wp_perform_export", exporter=EXPORTER, settings='{"select_frameworks":[1]}')
        except Exception:  # the service is gone, as intended
            time.sleep(0.001)


def kills(count, at_once=10):
    """Kills the service at random moments; after each start everything must be consistent. Uses a
    new store every ten times, so that checking does not take longer and longer."""
    random.seed(7)
    for first in range(0, count, at_once):
        server = Server(orgvet)
        server.wait(server.import_text(ROWS, "first.csv")["id"])  # content for the exports
        state = State(server)
        for round in range(first, min(first + at_once, count)):
            stop = threading.Event()
            threads = [threading.Thread(target=busy, args=(server, state, stop, f"{round}-{i}")) for i in range(3)]
            for thread in threads:
                thread.start()
            time.sleep(random.random() * 0.25)
            server.stop(signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join()
            server.start()
            if not state.judge(f"kill {round}"):
                return
        judge_exports(server)
        left = [f for f in os.listdir(server.data) if f.startswith(".")]
        check("no partial file remains", not left, left)
        check("the service ends cleanly", server.end() == 0)


def judge_exports(server):
    """Every completed export has a complete file."""
    id = 1
    while "status" in (status := server.wait(id, function="tool_wp_get_export_status", key="exportid")):
        check(f"export {id} is completed", status["statusstr"] == "Completed", status)
        file = server.call("tool_wp_get_export_file", exportid=id)[0]
        data = server.request("GET", urllib.parse.urlsplit(file["fileurl"]).path + "?token=" + server.token)[2]
        check(f"export {id} is complete", len(data) == file["filesize"] and zipfile.ZipFile(io.BytesIO(data)).testzip() is None)
        id += 1


def full_disk():
    """Files cannot grow any more: every request is refused with an error, nothing is done
    partially, and work continues later."""
    server = Server(orgvet)
    first = server.import_text(ROWS, "first.csv")
    server.wait(first["id"])
    pid, data = server.process.pid, server.data
    check("the service is healthy", server.request("GET", "/readyz")[0] == 200)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    status, _, told = server.request("GET", "/readyz")
    check("unhealthy while it cannot write", status == 503, (status, told))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    check("healthy again", server.request("GET", "/readyz")[0] == 200)
    size = max(os.path.getsize(os.path.join(data, f)) for f in os.listdir(data))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + (3 << 20), resource.RLIM_INFINITY))
    refused, ids = 0, []
    for i in range(30):
        try:
            answer = server.upload("x" * 300000, f"u{i}.csv")
            refused += isinstance(answer, dict)
            answer = server.import_text(ROWS, f"d{i}.csv") if isinstance(answer, list) else {}
            if "id" in answer:
                ids.append((f"d{i}", answer["id"]))
        except (TypeError, KeyError, AssertionError):
            refused += 1
    if server.shared:  # what it writes here is for a moment only
        check("all imports are accepted", refused == 0 and len(ids) == 30, (refused, ids))
    else:
        check("some imports are accepted, then all are refused", refused > 0 and ids and isinstance(answer, dict), (refused, ids))
    check("the status is available all the time", server.call("tool_wp_get_import_status", importid=first["id"])["statusstr"] == "Completed")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    server.stop()
    server.start()
    for name, id in ids:
        check(f"an acknowledged import is done: {id}", server.wait(id)["statusstr"] == "Completed")
    frameworks = server.frameworks()
    check("complete, and only once", sorted(f["name"] for f in frameworks) == sorted(["first", *[n for n, _ in ids]]) and
          all(f["items"] == 300 for f in frameworks), frameworks)
    check("accepts work again", server.wait(server.import_text(ROWS, "last.csv")["id"])["statusstr"] == "Completed")
    check("the service ends cleanly", server.end() == 0)


parts = {"deadlines": deadlines, "connections": connections, "memory": memory, "findings": findings, "guessing": guessing, "slices": slices, "lanes": lanes, "clients": clients, "large": large,
         "full_disk": full_disk, "kills": lambda: kills(KILLS)}
waiting = [threading.Thread(target=part) for part in (lazy, locked)  # they mostly wait
           if len(sys.argv) < 4 or part.__name__ in sys.argv[3:]]
for thread in waiting:
    thread.start()
for name, part in parts.items():
    if len(sys.argv) < 4 or name in sys.argv[3:]:
        began = time.monotonic()
        part()
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
for thread in waiting:
    thread.join()
tally.end()
