#!/usr/bin/env python3
"""The page's requests about a draft, without a browser: limits, permissions, states, languages.
usage: answers.py ORGVET"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), HERE]
from server import POSITIONS, SEED, Server  # noqa: E402
from tally import Tally  # noqa: E402
from browser import PageClient  # noqa: E402

tally = Tally("answers")
check, same = tally.check, tally.same
server = Server(os.path.abspath(sys.argv[1]))


def visitor(language="en", **how):
    one = PageClient(server, language)
    one.sign_in(**(how or {"token": server.token}))
    return one


def bounds():
    one = visitor()
    wide = ",".join(["idnumber", "parent", "name", *(f"c{i}" for i in range(300))]) + "\n" + "".join(
        f"P{i},,Name," + ",".join("x" * 200 for _ in range(300)) + "\n" for i in range(400))
    item = one.upload(wide)
    about = one.look(item, "about")[1]
    same("columns: returned up to a limit", (len(about["columns"]), about["rows"]), (200, 400))
    same("columns: samples of each", {len(column["samples"]) for column in about["columns"][3:]}, {3})
    status, rows = one.look(item, "rows", **{"from": 0, "most": 500})
    check("rows: cells up to the limit too", status == 200 and {len(row["cells"]) for row in rows["rows"]} == {200}, status)
    check("rows: an answer ends with a whole row, within its limit", 0 < len(rows["rows"]) < 400 and len(json.dumps(rows)) < 5 << 20, len(rows["rows"]))
    same("too many columns", one.look(one.upload("name" + "," * 10001 + "\n"), "about")[1]["errorcode"], "invalidparameter")
    chain = "idnumber,parent,name\n" + "".join(f"P{i},{f'P{i - 1}' if i else ''},Name\n" for i in range(5000))
    item = one.upload(chain)
    way = one.look(item, "way", node=4999)[1]
    same("the path to a deep row", (len(way), way[-1]["node"], way[0]["node"]), (2000, 0, 1999))
    same("unknown request", one.look(item, "nix")[0], 404)
    same("unknown code", one.look(item, "rows", code="OVXXX")[1]["errorcode"], "invalidparameter")
    same("unknown severity", one.look(item, "rows", severity="bad")[1]["errorcode"], "invalidparameter")
    many = one.upload("idnumber,parent,name" + "".join(f",c{i}" for i in range(80)) + "\nA,,x" + "," * 80 + "\n")
    about = one.look(many, "about")[1]
    same("findings about the file: up to a limit, and their number", (len(about["of_file"]), about["of_file_count"]), (50, 80))


def searching():
    one = visitor()
    item = one.upload("idnumber,parent,name,description\nA,,\u00c4nderung,\nB,A,\u00e4ndern,\nC,A,Other,with\u00a0hard space\nD,A," + "x" * 200 + "," + "y" * 3000 + "\u00c4\n")
    for text, rows, nodes in (("\u00c4", [1, 2, 4], [0, 1]), ("\u00e4", [1, 2, 4], [0, 1]), ("\u00c4NDER", [1, 2], [0, 1]), ("other", [3], [2]), ("\u00a0", [3], []), ("with\u00a0hard", [3], [])):
        found = [row["row"] for row in one.look(item, "rows", text=text, most=50)[1]["rows"]]
        same(f"rows with {text!r}", found, rows)
        same(f"names with {text!r}", one.look(item, "find", text=text)[1], nodes)


def states():
    one = visitor()
    first = server.import_text(SEED, name="state.csv")["id"]
    server.wait(first)
    framework = next(f["id"] for f in server.frameworks() if f["name"] == "state")
    item = one.upload(SEED)
    how = {"importer": "positions", "settings": json.dumps({"target_framework": "existing", "select_framework": str(framework)})}
    escaped = {**how, "settings": how["settings"].replace("existing", "\\u0065xisting")}
    added = lambda item, how: one.look(item, "changes", **how)[1]["summary"]["added"]  # noqa: E731
    same("compared: all items exist", added(item, how), 0)
    same("compared: escaped settings", added(item, escaped), 0)
    more = one.upload(SEED + "NEW,CEO,New,,0\n")
    same("compared: a new item does not exist", added(more, how), 1)
    server.wait(server.import_text("idnumber,parent,name\nNEW,CEO,New\n", settings=json.loads(how["settings"]))["id"])
    last = max(i["id"] for i in one.ask("/page/call", {"wsfunction": "orgvet_get_imports"})[1]["imports"])
    server.call("tool_wp_delete_import", id=last)
    same("compared: the new item exists after an import", added(more, how), 0)
    same("compared: escaped settings afterwards", added(more, escaped), 0)
    item = one.upload("idnumber,parent,name\nA,,First\n")
    same("upload: a file", one.look(item, "row", row=1)[1]["cells"], ["A", "", "First"])
    other = one.upload("Titel,x;name;idnumber;parent;description,Nr\nAlpha,q;q;q;q;q,A\n")
    columns = lambda item, **how: [c["name"] for c in one.look(item, "about", **how)[1]["columns"]]  # noqa: E731
    same("a wrong delimiter is detected", columns(other)[1:], ["name", "idnumber", "parent", "description,Nr"])
    same("the delimiter is chosen", columns(other, delimiter=","), ["Titel", "x;name;idnumber;parent;description", "Nr"])
    spaced = one.upload("idnumber;parent;name\nA;;First\n")
    first = one.look(spaced, "ready", delimiter=";", drop=item)[1]["item"]
    again = one.look(spaced, "ready", delimiter=";", drop=first)[1]["item"]
    check("what is to be imported replaces an older form of it", again not in (spaced, first) and one.look(first, "about")[1]["errorcode"] == "invalidparameter", again)
    item = one.upload("idnumber,parent,name\nA,,Second\n", item=item)
    same("upload: another file in the same area", one.look(item, "row", row=1)[1]["cells"], ["A", "", "Second"])


def comparing():
    one = visitor()
    server.wait(server.import_text("idnumber,parent,name\nCEO,,Chief\nA,CEO,Alpha\nB,CEO,Beta\nC,B,Gamma\nD,C,Delta\n", name="old.csv")["id"])
    framework = next(f["id"] for f in server.frameworks() if f["name"] == "old")
    how = {"importer": "positions", "settings": json.dumps({"target_framework": "existing", "select_framework": str(framework)})}
    item = one.upload("idnumber,parent,name\nCEO,,Boss\nA,,Alpha\nB,A,Beta\nN,C,New\n")
    check("compared with the framework", one.look(item, "about", **how)[1]["compared"])
    targets = one.look(item, "targets", importer="positions")[1]
    same("the framework that has most of the identifiers", [(t["name"], t["items"], t["known"]) for t in targets][:1], [("old", 5, 3)])
    todo = one.look(item, "todo", **how)[1]
    same("what is to be done by hand", [(t["kind"], t["id"], t["from"], t["to"]) for t in todo["todo"]],
         [("rename", "CEO", "Chief", "Boss"), ("move", "A", "CEO", ""), ("move", "B", "CEO", "A"), ("remove", "C", "", ""), ("remove", "D", "", "")])
    same("nothing to be done without a comparison", one.look(item, "todo")[1], None)
    changes = one.look(item, "changes", **how)[1]
    summary = changes["summary"]
    same("compared: all rows have an idnumber", changes["left_out"], 0)
    same("compared: summary of changes", summary, {"added": 1, "removed": 2, "renamed": 1, "moved": 2, "moved_rows": 2, "changed": 0})
    nodes = {what: one.look(item, "changed", kind=what, **how)[1] for what in ("added", "moved", "renamed", "changed", "removed")}
    told = {what: [one.look(item, "node", node=node, **how)[1] for node in list] for what, list in nodes.items()}
    same("found in the framework alone, by name and identifier", [one.look(item, "elsewhere", text=text, **how)[1] for text in ("gamm", "d", "chief", "")],
         [[{"id": "C", "name": "Gamma"}], [{"id": "D", "name": "Delta"}], [], [{"id": "C", "name": "Gamma"}, {"id": "D", "name": "Delta"}]])
    same("compared: added", [(n["id"], n["change"]) for n in told["added"]], [("N", {"added": True})])
    same("compared: moved", [(n["id"], n["change"]) for n in told["moved"]], [("A", {"other": False, "from": "CEO"}), ("B", {"other": False, "from": "CEO"})])
    same("compared: renamed", [(n["id"], n["change"]) for n in told["renamed"]], [("CEO", {"other": False, "was": "Chief"})])
    same("compared: only in the framework", sorted((n["there"], n["name"]) for n in told["removed"]), [("C", "Gamma"), ("D", "Delta")])
    way = [one.look(item, "node", node=step["node"], **how)[1] for step in reversed(one.look(item, "way", node=nodes["added"][0], **how)[1])]
    same("compared: a new item is below an unchanged one of the framework", [n.get("id", n.get("there")) for n in way], ["A", "B", "C", "N"])
    conflict = json.dumps({"target_framework": "existing", "select_framework": str(framework), "conflict_idnumber": "empty"})
    server.wait(one.ask("/page/call", {"wsfunction": "tool_wp_perform_import", "file": one.upload("idnumber,parent,name\nCEO,,Chief\n"), "importer": POSITIONS, "settings": conflict})[1]["id"])
    changes = one.look(item, "changes", **how)[1]
    same("compared: an item without an idnumber is skipped and counted", (changes["summary"], changes["left_out"]), (summary, 1))
    plain = one.upload("idnumber,name\n,Something\n")
    none = {**how, "settings": json.dumps({**json.loads(how["settings"]), "hierarchy": "none"})}
    same("without identifiers: viewed, but not compared", (one.look(plain, "about", **none)[1].get("compared"), one.look(plain, "changes", **none)), (False, (200, None)))
    round = one.upload("idnumber,parent,name\nB,D,Beta\n")  # D is below B in the framework
    about = one.look(round, "about", **how)[1]
    below = one.look(round, "node", node=about["top"], **how)[1]["below"]
    same("a cycle across file and framework terminates", below, 1)


def rights():
    server.admin("service", "add", "nofiles", "--without-uploads", "--without-downloads")
    server.admin("service", "add", "onlystatus", "--function", "tool_wp_get_import_status")
    server.admin("user", "add", "ann")
    for service in ("nofiles", "onlystatus"):
        server.admin("service", "allow", service, "--user", "ann")
    full = visitor(token=server.admin("token", "add", "--user", "ann"))
    item = full.upload(SEED.replace("CEO,,", "CEO,, "), name="M\u00e4rz.csv")
    few = visitor(token=server.admin("token", "add", "--user", "ann", "--service", "nofiles"))
    edited = full.look(item, "edit", edits='[["set",2,2,"Chief"]]')
    same("edits", edited[0], 200)
    same("without uploads: no other form", few.look(item, "ready")[1]["errorcode"], "accessexception")
    same("without downloads: no file", few.ask(f"/page/report?item={item}&what=file")[1]["errorcode"], "accessexception")
    same("without downloads: no report", few.ask(f"/page/report?item={item}&what=csv")[1]["errorcode"], "accessexception")
    one = visitor(token=server.admin("token", "add", "--user", "ann", "--service", "onlystatus"))
    same("without the import capability: no frameworks", one.ask("/page/frameworks")[1]["errorcode"], "accessexception")
    same("without the import capability: no draft", one.look(item, "about")[1]["errorcode"], "accessexception")
    same("another user's draft", visitor().look(item, "about")[1]["errorcode"], "invalidparameter")
    full.ask(f"/page/report?item={item}&what=csv")
    said = full.headers["Content-Disposition"]
    check("a report is named after the file", said.startswith('attachment; filename="M') and "filename*=UTF-8''M%C3%A4rz.annotated.csv" in said, said)


def languages():
    german, english = visitor("de-AT,de;q=0.9,en;q=0.5"), visitor("en")
    item = german.upload(SEED)
    same("an error in German", german.look(0, "about")[1]["error"].startswith("Ung\u00fcltiger"), True)
    same("an error in English", english.look(0, "about")[1]["error"].startswith("Invalid parameter value"), True)
    begun = german.ask("/page/call", {"wsfunction": "tool_wp_perform_import", "file": item, "importer": POSITIONS})[1]["id"]
    server.wait(begun)
    log = german.ask("/page/call", {"wsfunction": "orgvet_get_import_log", "importid": begun})[1]["entries"]
    check("the log is in the language of the user who started it", any("importiert" in entry["message"] for entry in log), log)
    headers = {"Accept-Language": "de", "Content-Type": "application/x-www-form-urlencoded"}
    english.ask("/page/call", {"wsfunction": "orgvet_rollback_import", "importid": begun})
    again = german.ask("/page/call", {"wsfunction": "orgvet_rollback_import", "importid": begun})[1]
    check("undoing twice: an error in German", "`R\u00fcckg\u00e4ngig gemacht`" in again["error"], again)
    refused = json.loads(server.request("POST", "/webservice/rest/server.php", "wsfunction=x&moodlewsrestformat=json&wstoken=" + "0" * 32, headers)[2])
    same("messages that clients compare are not translated", refused["message"], "Invalid token - token not found")
    meanings = german.ask("/page/manage", {"kind": "users"})[1]["capabilities"]
    check("capabilities are described in the user's language", all(c["meaning"] not in [e["meaning"] for e in english.ask("/page/manage", {"kind": "users"})[1]["capabilities"]] for c in meanings), meanings)


for part in (bounds, searching, states, comparing, rights, languages):
    if len(sys.argv) < 3 or part.__name__ in sys.argv[2:]:
        part()
check("the service ends cleanly", server.end() == 0)
tally.end()
