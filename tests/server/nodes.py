#!/usr/bin/env python3
"""Nodes that share a store in PostgreSQL: any of them answers for any work, and while they are killed, stopped
for longer than their lease, and lose the database, every import is there completely and once.
usage: nodes.py ORGVET [ROUNDS [NODES [TENANTS [IMPORTS]]]]"""
import os
import random
import shutil
import signal
import sys
import threading
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
os.environ["ORGVET_TEST_STORE"] = "postgresql"
import database  # noqa: E402
from server import SEED, Node  # noqa: E402
from tally import Tally  # noqa: E402

tally = Tally("nodes")
check, same = tally.check, tally.same
orgvet = sys.argv[1]
ROUNDS, NODES, TENANTS, IMPORTS = ([int(word) for word in sys.argv[2:]] + [10, 3, 5, 120][len(sys.argv) - 2:])[:4]
LEASE = 3  # seconds
LONG = ROUNDS >= 100  # nodes are stopped for a minute, and the imports come over the whole time
SIZES = (3, 300, 300, 3000, 12000)  # rows

if not database.programs():
    print("nodes: skipped: PostgreSQL is not there (make setup-test)")
    sys.exit()


def rows(count):
    return "idnumber,parent,name\n" + "".join(f"P{i},{f'P{(i - 1) // 7}' if i else ''},Position {i}\n" for i in range(count))


def patiently(call, seconds=120):
    """What a call gives, tried again while nodes and database are gone."""
    end = time.monotonic() + seconds
    while True:
        try:
            return call()
        except Exception:  # pylint: disable=broad-except
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def agreement(nodes):
    """What one node does, another one tells."""
    a, b = nodes[:2]
    id = a.import_text(SEED, "agreed.csv")["id"]
    same("another node tells of the work", b.wait(id)["statusstr"], "Completed")
    same("and of its log", [e["message"] for e in b.log_of(id)["entries"]], [e["message"] for e in a.log_of(id)["entries"]])
    same("and has what was imported", [f["items"] for f in b.frameworks() if f["name"] == "agreed"], [5])
    item = a.upload(SEED)[0]["itemid"]
    id = b.call("tool_wp_perform_import", file=item, importer="tool_organisation\\tool_wp\\importer\\positions_csv").get("id")
    same("a file that was uploaded to one is imported by another", a.wait(id)["statusstr"], "Completed")
    same("and undone by one of them", b.call("orgvet_rollback_import", importid=id)["removed"], 5)
    a.admin("tenant", "add", "More")
    check("administration is shared", "More" in b.admin("tenant", "list"))


def stopped_while_importing(a, b, name):
    """The id of an import that one node has begun when it is stopped, and only then is the other one there."""
    b.stop()
    id = a.import_text(rows(200000), name)["id"]
    begun(a, id)
    time.sleep(0.4)
    a.process.send_signal(signal.SIGSTOP)
    b.log.close()
    b.start()
    return id


def begun(node, id):
    """Waits until an import is in progress."""
    while node.call("tool_wp_get_import_status", importid=id)["status"] < 3:
        time.sleep(0.01)


def takeover(nodes):
    """A node that is stopped while it imports, and continues after its lease: another one has taken over."""
    a, b = nodes[:2]
    for other in nodes[2:]:
        other.stop()
    id = stopped_while_importing(a, b, "stopped.csv")
    began = time.monotonic()
    done = b.wait(id)
    same("the other node completes it", done["statusstr"], "Completed")
    print(f"nodes: taken over and done {time.monotonic() - began:.1f} s after the node was stopped (lease: {LEASE} s)")
    a.process.send_signal(signal.SIGCONT)
    time.sleep(1)
    same("the one that comes back changes nothing", [f["items"] for f in a.frameworks() if f["name"] == "stopped"], [200000])
    same("nothing is hidden", a.sql("SELECT count(*) FROM hidden")[0][0], 0)
    # both have it, one after the other, and the second one gives it back while the first one is stopped
    id = stopped_while_importing(a, b, "twice.csv")
    while a.sql(f"SELECT attempts FROM import WHERE id = {id}")[0][0] < 2:
        time.sleep(0.02)
    time.sleep(0.3)
    same("the second one gives it back", b.stop(), 0)
    a.process.send_signal(signal.SIGCONT)
    time.sleep(1)
    b.log.close()
    b.start()
    same("it is completed", patiently(lambda: b.wait(id))["statusstr"], "Completed")
    same("and there once", a.sql("SELECT count(*) FROM stored_item JOIN stored_framework ON stored_framework.id = framework WHERE stored_framework.name = 'twice'")[0][0], 200000)
    same("with nothing hidden", a.sql("SELECT count(*) FROM hidden")[0][0], 0)
    database.ONE[0].stop()
    same("without the database it is alive, and not ready", (b.request("GET", "/healthz")[0], b.request("GET", "/readyz")[0]), (200, 503))
    answer = b.request("GET", f"/webservice/rest/server.php?wstoken={b.token}&wsfunction=core_webservice_get_site_info&moodlewsrestformat=json")
    same("a request is to be sent again", (answer[0], b"servicebusy" in answer[2]), (503, True))
    database.ONE[0].recover()
    check("then it is ready again", patiently(lambda: b.request("GET", "/readyz")[0] == 200 or 1 / 0, 10))
    id = a.import_text(rows(200000), "given back.csv")["id"]
    begun(a, id)
    began = time.monotonic()
    same("a node that ends", a.stop(), 0)
    check("ends within 5 s", time.monotonic() - began < 5, time.monotonic() - began)
    same("what it was doing is done by another one", b.wait(id)["statusstr"], "Completed")
    for node in (a, *nodes[2:]):
        node.log.close()
        node.start()


def tenants(nodes):
    """(name, token) of each tenant."""
    first = nodes[0]
    for number in range(TENANTS):
        first.admin("tenant", "add", f"Tenant {number}", "--idnumber", f"t{number}")
        first.admin("user", "add", f"user{number}", "--tenant", f"t{number}")
        first.admin("service", "allow", "orgvet", "--user", f"user{number}")
    return [first.admin("token", "add", "--user", f"user{number}").split()[-1] for number in range(TENANTS)]


def work(nodes, tokens, wanted, acknowledged, stop):
    """Schedules imports on any node until all are acknowledged."""
    while wanted and not stop.is_set():
        try:
            name, token, size = wanted.pop()
        except IndexError:
            return
        if LONG:
            time.sleep(random.uniform(0, 1.6))
        try:
            answer = random.choice([node for node in nodes if not node.stopped]).import_text(rows(size), name + ".csv", token=tokens[token])
            if "id" in answer:
                acknowledged[name] = (answer["id"], token, size)
                continue
        except Exception:  # pylint: disable=broad-except  # the node is gone
            pass
        wanted.insert(0, (name + "'", token, size))  # it may have been scheduled, without an answer
        time.sleep(0.05)


def pause(node, seconds):
    """Stops a node; it continues later, by itself."""
    node.stopped = True
    node.process.send_signal(signal.SIGSTOP)

    def go_on():
        node.process.send_signal(signal.SIGCONT)
        node.stopped = False
    threading.Timer(seconds, go_on).start()


def storm(nodes):
    tokens = tenants(nodes)
    wanted = [(f"import-{number}", number % TENANTS, random.choice(SIZES)) for number in range(IMPORTS)]
    acknowledged, stop = {}, threading.Event()
    threads = [threading.Thread(target=work, args=(nodes, tokens, wanted, acknowledged, stop)) for _ in range(4)]
    for thread in threads:
        thread.start()
    counts = {"killed": 0, "stopped": 0, "cut off": 0, "database killed": 0}
    shared = database.ONE[0]
    for round in range(ROUNDS):
        time.sleep(random.uniform(2, 6) if LONG else random.uniform(0.3, 1.2))
        awake = [node for node in nodes if not node.stopped]
        node, what = random.choice(awake), random.choice(("database killed",) if round % 5 == 4 else ("killed", "stopped", "cut off"))
        if what == "stopped" and len(awake) == 1:
            what = "killed"
        counts[what] += 1
        if what == "killed":
            node.process.send_signal(signal.SIGKILL)
            node.process.wait(60)
            patiently(node.revived)
        elif what == "stopped":
            pause(node, 60 if LONG else LEASE * random.uniform(0.5, 2))
        elif what == "cut off":
            patiently(lambda: shared.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'orgvet' AND random() < 0.4 AND pid <> pg_backend_pid()", "postgres"))
        else:
            shared.stop(random.choice((signal.SIGINT, signal.SIGKILL)))
            shared.recover()
    for thread in threads:
        thread.join(600)
    stop.set()
    while any(node.stopped for node in nodes):
        time.sleep(0.1)
    print("nodes: " + ", ".join(f"{what}: {count}" for what, count in counts.items()))
    same("every import was acknowledged", len(acknowledged), IMPORTS)
    for name, (id, token, size) in acknowledged.items():
        node = random.choice(nodes)
        status = patiently(lambda: node.wait(id, tokens[token]))
        check(f"{name} is completed", status.get("statusstr") == "Completed", (status, patiently(lambda: node.log_of(id, tokens[token]))))
    counted = nodes[0].sql("SELECT framework.name, count(item.id) FROM framework JOIN item ON item.framework = framework.id WHERE framework.name LIKE 'import-%' GROUP BY framework.id, framework.name ORDER BY 1")
    there = {}
    for name, items in counted:
        there.setdefault(name, []).append(items)
    for name, (id, token, size) in acknowledged.items():
        same(f"{name} is there completely and once", there.get(name), [size])
    check("an import that was not acknowledged is there once at most", all(len(items) == 1 for items in there.values()), there)
    same("nothing is hidden", nodes[0].sql("SELECT count(*) FROM hidden")[0][0], 0)
    orphans = nodes[0].sql("SELECT count(*) FROM stored_item AS child WHERE parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stored_item AS above WHERE above.id = child.parent AND above.framework = child.framework)")
    same("every parent is there", orphans[0][0], 0)


random.seed(11)
options = ("--lease", str(LEASE))
first = Node(orgvet, None, *options)
nodes = [first] + [Node(orgvet, first, *options) for _ in range(NODES - 1)]
agreement(nodes)
takeover(nodes)
storm(nodes)
for node in nodes:
    same("a node ends cleanly", node.stop(), 0)
    shutil.rmtree(node.folder, ignore_errors=True)
tally.end()
