#!/usr/bin/env python3
"""Workers: tenants take turns, none has more than half of the workers while another waits, and imports of different
frameworks run side by side. On SQLite, or with ORGVET_TEST_STORE=postgresql on PostgreSQL.
usage: fair.py ORGVET"""
import os
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
from server import Server  # noqa: E402
from tally import Tally  # noqa: E402

tally = Tally("fair")
check, same = tally.check, tally.same
orgvet = sys.argv[1]
ROWS = 60000 if os.environ.get("VARIANT", "release") == "release" else 6000
TEXT = "idnumber,parent,name\n" + "".join(f"P{i},{f'P{(i - 1) // 7}' if i else ''},Position {i} {'x' * 20}\n" for i in range(ROWS))
SMALL = "idnumber,parent,name\nA,,A\n"


def waiting(plan, text):
    """A service whose worker has not begun, with the imports of a plan: tenants by their letters."""
    server = Server(orgvet, "--cron", "-1")
    tokens, ids = {}, []
    for letter in sorted(set(plan)):
        server.admin("tenant", "add", letter, "--idnumber", letter)
        server.admin("user", "add", letter.lower(), "--tenant", letter)
        server.admin("service", "allow", "orgvet", "--user", letter.lower())
        tokens[letter] = server.admin("token", "add", "--user", letter.lower()).split()[-1]
    for number, letter in enumerate(plan):
        ids.append((server.import_text(text, f"{letter}{number}.csv", token=tokens[letter])["id"], tokens[letter]))
    server.stop()
    server.log.close()
    return server, ids


def begun(server):
    """The tenants of the imports, in the order in which they began."""
    return "".join(name[0] for name, in server.sql("SELECT name FROM stored_framework ORDER BY id"))


def turns():
    server, ids = waiting("AAAAAABBC", SMALL)
    server.options = ("--workers", "1")
    server.start()
    for id, token in ids:
        server.wait(id, token)
    same("with one worker, tenants take turns", begun(server), "ABCABAAAA")
    check("the service ends cleanly", server.end() == 0)


def halves():
    server, ids = waiting("A" * 16 + "BBBCC", TEXT)
    server.options = ("--workers", "4")
    server.start()
    most, alone, seen = 0, 0, 0
    while True:
        states = server.sql("SELECT substr(filename, 1, 1), status FROM import")
        mine = sum(letter == "A" and state == 3 for letter, state in states)
        # one may have been taken at the moment at which the last one of another tenant was
        if any(letter != "A" and state == 2 for letter, state in states):
            most, seen = max(most, mine), seen + 1
        else:
            alone = max(alone, mine)
        if all(state >= 4 for _, state in states):
            break
        time.sleep(0.005)
    check("while others wait, a tenant has at most half of the workers", seen and most <= 2, (seen, most))
    check("when nobody else waits, it has more", alone > 2, alone)
    same("all are done", {server.call("tool_wp_get_import_status", token, importid=id)["status"] for id, token in ids}, {4})
    check("the service ends cleanly", server.end() == 0)


def order():
    """Imports of one framework, each of which needs the one before."""
    server = Server(orgvet, "--workers", "4")
    server.wait(server.import_text(SMALL, "base.csv")["id"])
    into = {"target_framework": "existing", "select_framework": server.frameworks()[0]["id"]}
    ids = [server.import_text(f"idnumber,parent,name\nN{i},{f'N{i - 1}' if i else 'A'},n\n", "next.csv", settings=into)["id"] for i in range(30)]
    export = server.call("tool_wp_perform_export", exporter="tool_organisation\\tool_wp\\exporter\\orgstructure")["id"]
    late = server.import_text(SMALL, "late.csv")["id"]
    same("each finds what the one before has added", {server.wait(id)["statusstr"] for id in ids}, {"Completed"})
    same("an export has what was scheduled before it, and nothing that was scheduled later", {name: text.count("\n") - 1 for name, text in server.exported(export).items()}, {"base": 31})
    same("what was scheduled later is done", server.wait(late)["statusstr"], "Completed")
    check("the service ends cleanly", server.end() == 0)


def leases():
    """Work that takes longer than its lease is done once."""
    server = Server(orgvet, "--lease", "4", "--workers", "3")
    ids = [server.import_text(TEXT, f"{letter}.csv")["id"] for letter in "ABC"]
    large = server.import_text("idnumber,parent,name\n" + "".join(f"L{i},,{i}\n" for i in range(15 * ROWS)), "large.csv")["id"]
    same("each is done", {server.wait(id)["statusstr"] for id in (*ids, large)}, {"Completed"})
    same("once", server.sql("SELECT DISTINCT attempts FROM import"), [(1,)])
    check("the service ends cleanly", server.end() == 0)


turns()
halves()
order()
leases()
tally.end()
