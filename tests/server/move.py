#!/usr/bin/env python3
"""`orgvet admin store`: creating, checking, upgrading, and moving a store from a file to PostgreSQL, which loses nothing.
usage: move.py ORGVET"""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(__file__), "../..")
sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
os.environ.pop("ORGVET_TEST_STORE", None)
import database  # noqa: E402
from server import EXPORTER, SEED, Server  # noqa: E402
from tally import Tally  # noqa: E402

tally = Tally("move")
check, same = tally.check, tally.same
orgvet = os.path.abspath(sys.argv[1])
folder = tempfile.mkdtemp(prefix="orgvet-move-")


def run(*args, data="data", code=0):
    """What `orgvet admin store` prints; its exit code is as expected."""
    done = subprocess.run([orgvet, "admin", "--data", os.path.join(folder, data), *args], capture_output=True, text=True, timeout=120)
    same(f"exit code of {' '.join(args)}", (done.returncode, done.stderr if code == 0 else ""), (code, ""))
    return done.stdout + done.stderr


def state(*args, code=0, data="data"):
    return json.loads(run("store", "check", *args, code=code, data=data))


def dump(path):
    """Each table's rows of a store in a file."""
    connection = sqlite3.connect(path)
    tables = [name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def local():
    """A store in a file."""
    check("nothing is checked where there is nothing", "no store in" in run("store", "check", code=2))
    check("created without a service", "A new store was created" in run("store", "init"))
    check("with a token for its owner alone", os.stat(os.path.join(folder, "data/admin.token")).st_mode & 0o77 == 0)
    check("only once", "nothing was changed" in run("store", "init"))
    found = state()
    same("what it has", (found["engine"], found["version"] == found["newest"], found["users"], found["frameworks"], found["problems"]), ("sqlite", True, 1, 0, []))
    check("it is up to date", "nothing was changed" in run("store", "migrate"))
    check("an unknown action", "needs an object" in run("store", "burn", code=2))
    check("no names are taken", "takes no arguments" in run("store", "check", "x", code=2))
    check("a move needs a database", "--store postgresql://" in run("store", "move", code=2))


def older():
    """A store of an older version is told from a current one, and upgraded when that is asked for."""
    os.mkdir(os.path.join(folder, "old"))
    with sqlite3.connect(os.path.join(folder, "old/orgvet.db")) as old, open(os.path.join(ROOT, "testdata/service/store-2.sql"), encoding="utf-8") as text:
        old.executescript(text.read())
    found = state(data="old", code=1)
    same("an older version", (found["version"], found["newest"] > 2, "tenants" in found), (2, True, False))
    check("upgraded", "from version 2 to" in run("store", "migrate", data="old"))
    same("then it is sound", state(data="old")["problems"], [])
    with sqlite3.connect(os.path.join(folder, "old/orgvet.db")) as old:
        old.execute("DELETE FROM stored_item WHERE idnumber = 'A'")
        old.execute("UPDATE content SET size = size + 1")
        old.execute("UPDATE stored_framework SET tenant = 77 WHERE id = 1")
        old.execute("UPDATE queue SET waiting = 0")
    found = state(data="old", code=1)
    same("what is wrong is found", [(one["problem"].split()[0], one["count"]) for one in found["problems"]], [("items", 1), ("frameworks,", 1), ("files", 1), ("scheduled", 1)])


def filled():
    """A service that has done a bit of everything, stopped; and what it told."""
    server = Server(orgvet, data=os.path.join(folder, "full"))
    server.admin("tenant", "add", "Other", "--idnumber", "other")
    server.admin("user", "add", "bea", "--tenant", "other", "--password-file", "-", given="right\n")
    server.admin("service", "allow", "orgvet", "--user", "bea")
    token = server.admin("token", "add", "--user", "bea").split()[-1]
    ids = [server.import_text(SEED, "a.csv")["id"], server.import_text(SEED, "b.csv", token=token)["id"], server.import_text(SEED, "c.csv", tenant="other")["id"],
           server.import_text(SEED, "d.csv", notenant=1)["id"], server.import_text("idnumber,parent,name\nX,NONE,x\n", "bad.csv")["id"]]
    for id in ids:
        server.wait(id)
    server.import_text("idnumber,parent,name\n" + "".join(f"P{i},,Ä {i}\n" for i in range(5000)), "large.csv")
    export = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    server.exported(export)
    server.upload("x,y\n" * 400000, "draft.csv")
    server.call("orgvet_rollback_import", importid=ids[0])
    return server, token, ids, export


def told(server, token, ids, export):
    """What a service says about all it has."""
    return {"lists": [sorted(server.admin(what, "list").splitlines()) for what in ("user", "token", "service", "tenant", "framework")],
            "imports": server.call("orgvet_get_imports"), "exports": server.call("orgvet_get_exports"), "of bea": server.call("orgvet_get_imports", token),
            "logs": [server.log_of(id) for id in ids], "reports": [server.call("orgvet_get_import_report", importid=id) for id in ids],
            "export": server.exported(export)}


def moved():
    server, token, ids, export = filled()
    before = told(server, token, ids, export)
    server.stop()
    counts = dump(os.path.join(folder, "full/orgvet.db"))
    shared = database.Database()
    address = shared.address(os.path.join(folder, "full"))
    check("an empty database has no store", state("--store", address, data="full", code=1)["version"] == 0)
    shared.query("CREATE TABLE other (x INT)", "orgvet0")
    check("a database of something else is left alone", "tables of something else" in run("store", "move", "--store", address, data="full", code=2))
    shared.query("DROP TABLE other", "orgvet0")
    check("moved", "rows were copied" in run("store", "move", "--store", address, data="full"))
    tables = [table for table in counts if table not in ("node",)]
    same("every table has all its rows", {table: int(shared.query(f"SELECT count(*) FROM {table}", "orgvet0")) - counts[table] for table in tables
                                          if table not in ("content", "chunk")}, {table: 0 for table in tables if table not in ("content", "chunk")})
    same("the copy is sound", state("--store", address, data="full")["problems"], [])
    # as if it had been interrupted
    process = subprocess.Popen([orgvet, "admin", "--data", os.path.join(folder, "full"), "store", "move", "--store", address], stdout=subprocess.DEVNULL)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    check("moved again", "rows were copied" in run("store", "move", "--store", address, data="full"))
    same("the copy is sound again", state("--store", address, data="full")["problems"], [])
    check("the administration may look at it", "bea" in run("user", "list", "--store", address, data="full"))
    check("and it is moved again", "rows were copied" in run("store", "move", "--store", address, data="full"))
    os.rename(os.path.join(folder, "full/orgvet.db"), os.path.join(folder, "kept.db"))
    os.environ["ORGVET_TEST_STORE"] = "postgresql"
    database.ONE.append(shared)
    server = Server(orgvet, data=os.path.join(folder, "full"))
    after = told(server, token, ids, export)
    for what, value in before.items():
        same(f"the service on the database tells the same: {what}", after[what], value)
    next_ids = server.import_text(SEED, "new.csv")["id"], server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    same("ids continue", next_ids, (max(i["id"] for i in before["imports"]["imports"]) + 1, export + 1))
    same("work continues", server.wait(next_ids[0])["statusstr"], "Completed")
    same("what was undone stays so", [f["name"] for f in server.frameworks() if f["name"] == "a"], [])
    check("an import from before is undone", server.call("orgvet_rollback_import", importid=ids[2])["removed"] == 5)
    ready = server.request("GET", "/readyz")[0]
    shared.query("UPDATE orgvet_store SET version = version + 1", "orgvet0")
    same("a node is not ready where the schema is another one", (ready, server.request("GET", "/readyz")[0]), (200, 503))
    shared.query("UPDATE orgvet_store SET version = version - 1", "orgvet0")
    server.stop()
    os.rename(os.path.join(folder, "kept.db"), os.path.join(folder, "full/orgvet.db"))
    check("a database that is in use is not replaced", "in use" in run("store", "move", "--store", address, data="full", code=2))
    check("nor created again", "nothing was changed" in run("store", "init", "--store", address, data="full"))
    check("it is up to date", "nothing was changed" in run("store", "migrate", "--store", address, data="full"))
    shutil.rmtree(server.folder, ignore_errors=True)


local()
older()
if database.programs():
    moved()
else:
    print("move: to PostgreSQL: skipped: it is not there (make setup-test)")
shutil.rmtree(folder)
tally.end()
