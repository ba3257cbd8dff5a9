#!/usr/bin/env python3
"""The edits of a draft, its problems and what is imported from it, without a browser.
usage: edits.py ORGVET"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), HERE]
from server import Server  # noqa: E402
from tally import Tally  # noqa: E402
from browser import PageClient  # noqa: E402

tally = Tally("edits")
check, same = tally.check, tally.same
server = Server(os.path.abspath(sys.argv[1]))

FILE = ("idnumber,parent,name,globalmanager\n"
        "CEO,,Chief Executive Officer,yes\n"
        "COO,CEO,Chief Operating Officer ,0\n"
        "OM,COOO,Office Manager,0\n"
        "AM,COOO,Area Manager,yes\n"
        "IT,COO,Head of IT,0\n"
        "IT,CEO,Head of Information,0\n"
        "A,B,First,0\n"
        "B,C,Second,0\n"
        "C,A,Third,0\n"
        "D,C,Fourth,0\n")


def visitor(language="en"):
    one = PageClient(server, language)
    one.sign_in(token=server.token)
    return one


class Draft:
    def __init__(self, one, text, name="positions.csv", **how):
        self.one, self.how = one, how
        self.item = one.upload(text, name)

    def ask(self, what, **more):
        status, answer = self.one.look(self.item, what, **self.how, **more)
        check(f"{what} {more}: answered", status == 200, answer)
        return answer

    def refused(self, what, **more):
        return self.one.look(self.item, what, **self.how, **more)[1].get("errorcode")

    def edit(self, *edits, label=""):
        return self.ask("edit", edits=json.dumps(edits), label=label)

    def codes(self):
        return {(p["code"], p.get("column")): p["count"] for p in self.ask("problems") if p["severity"] != "info"}

    def rows(self):
        return [[row["key"], *row["cells"]] for row in self.ask("rows", most=50)["rows"]]


def problems():
    draft = Draft(visitor(), FILE)
    found = draft.ask("problems")
    same("the kinds, in the order in which they are best fixed",
         [(p["code"], p["kind"], p["count"], p["values"]) for p in found if p["severity"] == "error"],
         [("OV402", "parent", 2, 1), ("OV304", "value", 2, 1), ("OV401", "duplicate", 1, 1), ("OV404", "circular", 1, 1)])
    entry = draft.ask("problem", code="OV402", kind="parent")["entries"]
    same("a missing parent, with all its rows and what was probably meant",
         [(e["value"], e["rows"], e["to"], e["to_name"], e["percent"]) for e in entry], [("COOO", 2, "COO", "Chief Operating Officer ", 75)])
    entry = draft.ask("problem", code="OV401", kind="duplicate")["entries"][0]
    same("a duplicate identifier, with all its rows", (entry["value"], [(r["line"], r["name"], r.get("fresh")) for r in entry["all"]]), ("IT", [(6, "Head of IT", None), (7, "Head of Information", "IT-2")]))
    entry = draft.ask("problem", code="OV404", kind="circular")["entries"][0]
    same("a circular reporting line", ([r["id"] for r in entry["all"]], entry["cut"], entry["below"]), (["A", "B", "C"], 7, 1))
    entry = draft.ask("problem", code="OV304", kind="value", column=3)["entries"]
    same("a value, once for all its cells", [(e["value"], e["rows"], e["to"], e["percent"]) for e in entry], [("yes", 2, "1", 100)])
    same("all fixes that replace values", sorted((f["code"], f["column"], f["from"], f["to"], f["rows"], f["percent"]) for f in draft.ask("fixes")["fixes"]),
         [("OV304", 3, "yes", "1", 2, 100), ("OV306", 2, "Chief Operating Officer ", "Chief Operating Officer", 1, 100), ("OV402", 1, "COOO", "COO", 2, 75)])
    same("as many as the problems say", sum(p["fixable"] for p in found), draft.ask("fixes")["total"])
    same("a problem that is not there", draft.ask("problem", code="OV305", kind="value", column=3), None)


def many():
    """Values in several spellings, and identifiers of very many rows."""
    draft = Draft(visitor(), "idnumber,parent,name\nA,,One\nB,X,Two\nC,X,Three\n" + "".join(f"Z,A,Row {i}\n" for i in range(30)) + "Z-2,A,Last\n")
    entry = draft.ask("problem", code="OV402", kind="parent")["entries"][0]
    same("how a missing parent is written", (entry["value"], entry["rows"], entry["spellings"]), ("X", 2, ["X"]))
    entry = draft.ask("problem", code="OV401", kind="duplicate")["entries"][0]
    same("an identifier of 30 rows", (entry["rows"], len(entry["all"]), sum("cells" in r for r in entry["all"])), (30, 30, 20))
    fresh = [r["fresh"] for r in entry["all"][1:]]
    check("new identifiers that nobody has", len(set(fresh)) == 29 and "Z-2" not in fresh and fresh[0] == "Z-3", fresh[:3])
    draft.edit(*[["set", r["key"], 0, r["fresh"]] for r in entry["all"][1:]])
    check("no duplicates are left", ("OV401", None) not in draft.codes(), draft.codes())
    by_name = Draft(draft.one, "idnumber,parent,name\n1,,Head\n2,Head,Arm\n3,Torso,Leg\n4,Torso ,Foot\n", parents="name")
    entries = by_name.ask("problem", code="OV402", kind="parent")["entries"]
    same("in all spellings", [(e["value"], e["rows"], e["spellings"]) for e in entries], [("Torso", 2, ["Torso", "Torso "])])
    by_name.edit(*[["replace", 1, text, "Head"] for entry in entries for text in entry["spellings"]])
    same("parents by name, in any spelling", by_name.codes().get(("OV402", None)), None)
    levels = Draft(draft.one, "L1,L2,L3\nCo,North,Sales\nCo,South,Sales\n", parents="levels=L1,L2,L3")
    rows = levels.ask("rows", most=50)["rows"]
    same("units that were made cannot be edited: they have no key", [row.get("key") for row in rows], [2, 3, None, None, None])
    same("they count as units", levels.ask("about")["units"], 5)


def steps():
    """Changes that were made elsewhere, that are too many, or that are no text."""
    draft = Draft(visitor(), FILE)
    first = draft.edit(["set", 2, 2, "Boss"], label="one")
    same("with the revision that was seen", draft.refused("edit", edits="[]", revision=first["revision"] - 1), "invalidparameter")
    same("of undoing too", draft.refused("undo", revision=first["revision"] - 1), "invalidparameter")
    same("and of undoing all", draft.refused("reset", revision=first["revision"] - 1), "invalidparameter")
    second = draft.ask("edit", edits='[["set",2,2,"Head"]]', label="two", revision=first["revision"])
    check("each change has a revision of its own", second["revision"] > first["revision"], second)
    for wrong in ('[["set",2,1,"a"]] x', '[["set",2,1,"a\x01b"]]', '[["set",2,1,"a\nb"]]', '[["set",2,1,"a\\u0000b"]]', '[["set",2,1,"\\ud800"]]'):
        check(f"not a step: {wrong!r}", draft.refused("edit", edits=wrong) == "invalidparameter", wrong)
    draft.ask("edit", edits=r'[["set",2,2,"\\u0000"]]')
    same("a text that only looks like an escape", draft.rows()[0][3], r"\u0000")
    draft.ask("edit", edits=r'[["set",2,2,"two\nlines"]]')
    same("a line break is part of a cell", draft.rows()[0][3], "two\nlines")
    for i in range(205):
        last = draft.edit(label=f"step {i}")
    same("the newest labels", (len(last["done"]), last["done"][-1], last["count"]), (200, "step 204", 209))
    big = json.dumps([["set", 2, 2, "x" * 1000] for _ in range(900)])
    for i in range(20):
        status, answer = draft.one.look(draft.item, "edit", edits=big)
        if status != 200:
            break
    check("too many changes are refused, in words", answer.get("errorcode") == "invalidparameter" and "too many changes" in str(answer), (i, answer))
    edits_ = draft.ask("steps")["edits"]
    check("the newest edits are in the answer", 1 <= len(edits_) <= 3 and len(edits_[-1]) == 900, len(edits_))
    same("the draft is as it was", draft.rows()[0][3], "x" * 300)


def edits():
    draft = Draft(visitor(), FILE)
    steps = draft.edit(["replace", 1, "COOO", "COO"], label="COOO is COO")
    same("a step is in effect", (steps["count"], steps["done"], steps["undone"]), (1, ["COOO is COO"], []))
    draft.edit(["replace", 3, "yes", "1"], ["set", 3, 2, "Chief Operating Officer"])
    draft.edit(["remove", 7], label="second IT")
    draft.edit(["set", 10, 1, ""], label="C is at the top")
    same("all errors are gone", draft.codes(), {})
    check("the file can be imported", draft.ask("about")["good"])
    steps = draft.ask("undo")
    same("undone", (steps["count"], steps["undone"]), (3, ["C is at the top"]))
    same("what was undone is wrong again", draft.codes(), {("OV404", None): 1})
    draft.ask("undo")
    same("undone twice, redone once", draft.ask("redo")["done"][-1], "second IT")
    draft.edit(["set", 9, 1, "CEO"], label="B is below the CEO")
    same("a new step forgets what was undone", draft.ask("steps")["undone"], [])
    draft.ask("redo")
    same("there is nothing to redo", draft.ask("steps")["count"], 4)
    draft.edit(["add", 11, ["E", "D", "Fifth", "0"]], ["add", 11, ["", "", "", ""]])
    draft.edit(["set", -2, 0, "F"], ["set", -2, 1, "E"], ["set", -2, 2, "Sixth"])
    same("added rows, and their keys", draft.rows()[-2:], [[-1, "E", "D", "Fifth", "0"], [-2, "F", "E", "Sixth", ""]])
    one = visitor()
    one.sign_in(token=server.token)
    again = Draft.__new__(Draft)
    again.one, again.how, again.item = one, {}, draft.item
    same("the edits are there in another session", again.rows()[-1][0], -2)
    same("all edits, as they were sent", draft.ask("steps")["edits"][2], [["remove", 7]])
    draft.ask("reset")
    same("reset: the file as it was", len(draft.rows()), 10)
    draft.edit(["set", 3, 2, "Other"], ["replace", 1, "COOO", "COO"])
    same("cells that were edited", [(row["line"], row["edited"]) for row in draft.ask("rows", most=50)["rows"] if "edited" in row], [(3, [2]), (4, [1]), (5, [1])])
    draft.ask("reset")
    empty = Draft(draft.one, "idnumber,parent,name\nP0,,Boss\n")
    empty.edit(["add", 2, ["", "", ""]])
    same("an added row, to be filled", empty.rows(), [[2, "P0", "", "Boss"], [-1, "", "", ""]])
    same("what it lacks", sorted(code for code, _ in empty.codes()), ["OV301", "OV302"])
    for wrong in ("", "{}", "[1]", '[["set"]]', '[["set",0,1,"x"]]', '[["set",1.5,1,"x"]]', '[["set",2,-1,"x"]]', '[["set",2,1,null]]', '[["nix",2]]', '[["add",1,[1]]]', '[["set",2,100000,"x"]]', "[[[[["):
        check(f"not a step: {wrong}", draft.refused("edit", edits=wrong) == "invalidparameter", wrong)
    same("nothing was kept of them", draft.ask("steps")["count"], 0)
    same("somebody else's draft", PageClient(server).look(draft.item, "edit", edits="[]")[0], 401)


def lines():
    draft = Draft(visitor(), "List of positions\n\nidnumber,parent,name\nCEO,,Boss\nTotal,,\n# a remark, not a row\nX,CEO,Other\nTotal: 3,,\n")
    same("lines that are not rows", [(p["code"], p["kind"], p["line"]) for p in draft.ask("problems") if p["kind"] == "line"], [("OV116", "line", 6), ("OV115", "line", 8)])
    draft.edit(["remove", 6], ["keep", 8], label="")
    same("one removed, one made a row", draft.rows()[-1], [8, "Total: 3", "", ""])
    draft.edit(["set", 8, 2, "Three"])
    same("the first lines, above the header too", [line["line"] for line in draft.ask("lines")], [1, 2, 3, 4, 5, 7, 8])
    same("the header", draft.ask("reading")["header_row"], 3)
    lower = Draft(draft.one, "a,b\nidnumber,name\nX,y\n")
    same("the header is chosen", (lower.ask("reading")["header_row"], Draft.ask(lower, "rows", most=5, header_row=2)["rows"][0]["cells"]), (2, ["X", "y"]))


def reading():
    one = visitor()
    draft = Draft(one, "Org Unit,Parent Unit,Unit Name\nA1,,Head\nB1,A1,Arm\nB2,A1,Leg\nC1,B1,Hand\n")
    found = draft.ask("reading")
    same("proposed columns, with reasons", [(c["field"], c["column"], c["percent"] >= 80, bool(c.get("reason"))) for c in found["choices"] if c["state"] == "proposed"],
         [("identifier", "Org Unit", True, True), ("name", "Unit Name", True, True), ("idnumber", "Org Unit", True, True), ("parentid", "Parent Unit", True, True)])
    draft = Draft(one, "idnumber,name\nA,Zarząd główny\nB,Dział\n".encode("cp1250"))
    found = draft.ask("reading")
    check("candidates for the encoding, each with a decoded sample", not found["encoding_sure"] and len(found["encodings"]) >= 2 and
          all(e["sample"] for e in found["encodings"]) and len({e["sample"] for e in found["encodings"]}) > 1, found["encodings"])
    draft = Draft(one, "L1,L2,L3\nHead,,\nHead,Sales,\nHead,Sales,North\n", parents="levels=L1,L2,L3")
    same("levels", [row[1:] for row in draft.rows()], [["Head", "", ""], ["Head", "Sales", ""], ["Head", "Sales", "North"]])
    same("levels: the hierarchy", draft.ask("about")["levels"], 3)
    same("an option that is not one", draft.refused("about", valid_on="nonsense"), "invalidparameter")


def imports():
    draft = Draft(visitor(), FILE)
    draft.edit(["replace", 1, "COOO", "COO"], ["replace", 3, "yes", "1"], ["set", 3, 2, "Chief Operating Officer"], ["remove", 7], ["set", 10, 1, ""])
    ready = draft.ask("ready")
    check("what is imported is a form of its own", ready["item"] != draft.item and ready["reasons"], ready)
    plain = Draft(draft.one, "idnumber,parent,name\nCEO,,Boss\n")
    same("a file without edits is imported as it is", plain.ask("ready")["item"], plain.item)
    for what, begins in (("copy", b"\xef\xbb\xbfidnumber,parent,name,globalmanager\r\nCEO,,Chief Executive Officer,1\r\n"), ("workbook", b"PK")):
        bytes_ = draft.one.ask(f"/page/report?item={draft.item}&what={what}")[1]
        check(f"the corrected file: {what}", bytes_.startswith(begins), bytes_[:80])
        again = Draft(draft.one, bytes_, "positions.xlsx" if what == "workbook" else "positions.csv")
        same(f"read again, it has no findings: {what}", (again.codes(), len(again.rows())), ({}, 9))
    book = Draft(draft.one, draft.one.ask(f"/page/report?item={draft.item}&what=workbook")[1], "positions.xlsx")
    book.edit(["set", 3, 2, "Operations"])
    same("a workbook is edited as a text is", book.rows()[1][3], "Operations")
    same("its sheet", [s["name"] for s in book.ask("reading")["sheets"]], ["positions"])


for part in (problems, many, steps, edits, lines, reading, imports):
    part()
check("the service ends cleanly", server.end() == 0)
tally.end()
