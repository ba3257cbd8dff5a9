#!/usr/bin/env python3
"""Workbooks: what people see of cells, sheets, merged areas, hidden rows, and hostile files.

usage: run.py ORGVET   (ends with "book: N passed, N failed")"""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
import xml.etree.ElementTree as xml
from xml.sax.saxutils import escape

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."), os.path.dirname(os.path.abspath(__file__))]
from tally import Tally  # noqa: E402
from workbook import MAIN, TOP, letters, ods, ods_cell, ods_row, parts, sheet, write, xlsx  # noqa: E402

orgvet = os.path.realpath(sys.argv[1])
tally = Tally("book")
same, check = tally.same, tally.check
folder = tempfile.mkdtemp(prefix="orgvet-book-")
environment = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": folder}


def run(*args):
    return subprocess.run([orgvet, *args], capture_output=True, cwd=folder, env=environment, timeout=300)


def at(name):
    return os.path.join(folder, name)


def records(path, *options):
    done = run("records", *options, path)
    return [json.loads(line) for line in done.stdout.splitlines()]


def report(path, *options):
    done = run("check", "-q", "--no-config", "--importer", "departments", "--format", "json", *options, path)
    return json.loads(done.stdout)["files"][0] if done.returncode in (0, 1) else done.stderr.decode()


def codes(path, *options):
    return report(path, *options)["counts"]


HEADER = ["idnumber", "name", "parent"]


# --- what people see ---

def values():
    shared = ["<t>plain</t>", "<r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r>", "<t>東京</t><rPh sb=\"0\" eb=\"2\"><t>とうきょう</t></rPh>",
              "<t xml:space=\"preserve\"> a &amp;\nb_x000D_ _x005F_x0041_ </t>", "<t/>"]
    given = [("s", "<v>0</v>"), ("s", "<v>1</v>"), ("s", "<v>2</v>"), ("s", "<v>3</v>"), ("s", "<v>4</v>"), ("s", "<v>99</v>"),
             "inline", ("str", "<f>A1</f><v>formula</v>"), ("b", "<v>0</v>"), True, ("e", "<f>1/0</f><v>#DIV/0!</v>"),
             ("", "<v>100</v>"), ("", "<v>100.0</v>"), ("", "<v>-7</v>"), ("", "<v>0.1</v>"), ("", "<v>0.30000000000000004</v>"),
             ("", "<v>1E+3</v>"), ("", "<v>1.5E-5</v>"), ("", "<v>123456789012345678</v>"), ("", "<v>1E+21</v>"), ("", "<f>1+1</f><v>2</v>"),
             ("d", "<v>2024-06-01</v>"), ("", "")]
    wanted = ["plain", "rich text", "東京", " a &\nb\r _x0041_ ", "", "", "inline", "formula", "FALSE", "TRUE", "#DIV/0!",
              "100", "100", "-7", "0.1", "0.3", "1000", "0.000015", "1.23456789012346E+17", "1E+21", "2", "2024-06-01", ""]
    path = xlsx(at("values.xlsx"), [["x"] * len(given), given], strings=shared)
    same("values", records(path)[1], wanted)


def formats():
    shown = [  # code or number, value, text
        ("00000", "7", "00007"), ("00000", "1234567", "1234567"), ("000", "-5", "-5"), ("0.00", "7", "7"), ("General", "7.50", "7.5"), ("#,##0", "1234", "1234"),
        ("yyyy-mm-dd", "45444", "2024-06-01"), ("dd/mm/yyyy", "45444.75", "2024-06-01"), ("d. mmmm yyyy", "1", "1900-01-01"),
        ("m/d/yy h:mm", "45444.354166666664", "2024-06-01T08:30:00"), ("hh:mm:ss", "0.5", "12:00:00"), ("[h]:mm", "1.25", "30:00:00"),
        ("mmm-yy", "45444", "2024-06-01"), ('"KW" 0', "7", "7"), ("[Red]0;[Blue]-0", "7", "7"), ("@", "7", "7"), ('0" days"', "3", "3"),
        (14, "59", "1900-02-28"), (14, "61", "1900-03-01"), (22, "45444.5", "2024-06-01T12:00:00"), (20, "0.25", "06:00:00"), (1, "7", "7"), (14, "-1", "-1"),
        ("yyyy-mm-dd", "2958465", "9999-12-31"), ("yyyy-mm-dd", "2958466", "2958466"), ("yyyy-mm-dd", "45443.99999999", "2024-06-01"),
    ]
    rows = [["x"] * len(shown), [("", f"<v>{value}</v>") for _, value, _ in shown]]
    styles = {f"{letters(n)}2": n for n in range(1, len(shown) + 1)}
    path = xlsx(at("formats.xlsx"), rows, styles=styles, formats=[code for code, _, _ in shown])
    same("formats", records(path)[1], [text for _, _, text in shown])
    path = xlsx(at("1904.xlsx"), [["x"], [("", "<v>43982</v>")]], styles={"A2": 1}, formats=[14], date1904=True)
    same("the date system of 1904", records(path)[1], ["2024-06-01"])


def rows_and_places():
    rows = [HEADER, ["A", "Alpha", None], None, ["B", "Beta", "A", None, None], ["C", None, "X"]]
    path = xlsx(at("places.xlsx"), rows)
    got = report(path)
    same("sheet, encoding, delimiter", [got.get(key) for key in ("sheet", "encoding", "delimiter")], ["Sheet1", "", ""])
    same("findings and cells", [(f["code"], f["cell"], f["sheet"], f["line"], f["column"], f["byte_offset"]) for f in got["findings"]],
         [("OV108", "A3", "Sheet1", 3, 1, None), ("OV301", "B5", "Sheet1", 5, 2, None), ("OV402", "C5", "Sheet1", 5, 3, None)])
    text = run("check", "-q", "--no-config", "--importer", "departments", path).stdout.decode()
    check("the text names sheet and cell", f"{path}:Sheet1!C5: error[OV402]" in text, text)
    for name, words in (("sarif", '"fullyQualifiedName":"Sheet1!C5"'), ("junit", "Sheet1!C5"), ("html", "cell C5"), ("github", "line=5,col=3"),
                        ("gitlab", '"begin":5'), ("checkstyle", 'line="5" column="3"'), ("pretty", "Sheet1!C5"), ("ndjson", '"cell":"C5"')):
        text = run("check", "-q", "--no-config", "--importer", "departments", "--format", name, path).stdout.decode()
        check(f"{name}: the cell", words in text, text)
    same("a filled cell beyond the header", codes(xlsx(at("wide.xlsx"), [HEADER, ["A", "Alpha", None, "x"]])), {"OV107": 1})
    same("titles above the header", [report(xlsx(at("titles.xlsx"), [["Units of May"], None, HEADER, ["A", "Alpha"]]))[key] for key in ("header_row", "rows")], [3, 1])
    same("--header-row", report(at("titles.xlsx"), "--header-row", "3")["counts"], {})
    same("columns beyond Z", records(xlsx(at("beyond.xlsx"), [[f"c{n}" for n in range(703)]]))[0][702], "c702")
    loose = sheet([HEADER, ["A", "Alpha"]]).replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="2"', "").replace(' r="A2"', "").replace(' r="B2"', "")
    same("cells and rows without a place", records(write(at("loose.xlsx"), parts({"S": loose}))), [HEADER, ["A", "Alpha", ""]])


def areas():
    path = xlsx(at("merged.xlsx"), [HEADER, ["HQ", "Head"], ["A", "Alpha", "HQ"], ["B", "Beta"], ["C", "Gamma"], ["D", "Delta", "A"]], merged=["C3:C5", "A9:B10"])
    same("merged cells", [row[2] for row in records(path)[1:]], ["", "HQ", "HQ", "HQ", "A"])
    same("merged across", records(xlsx(at("across.xlsx"), [["x", "y", "z"], ["1", None, "3"]], merged=["A2:B2"]))[1], ["1", "1", "3"])
    many = [f"A{n}:B{n}" for n in range(2, 3000)]
    got = records(xlsx(at("many.xlsx"), [["x", "y"]] + [[str(n), None] for n in range(2, 3000)], merged=many))
    same("many areas, over all pieces of the file", [row for row in got[1:] if row[0] != row[1]], [])
    path = xlsx(at("hidden.xlsx"), [HEADER, ["A", "Alpha"], ["B", "Beta"]], hidden=[2, 3])
    same("hidden rows", [(f["code"], f["cell"]) for f in report(path)["findings"] if f["code"] == "OV117"], [("OV117", "A2")])
    path = xlsx(at("formula.xlsx"), [HEADER + ["description", "x"], ["A", "Alpha", None, ("", "<f>1+1</f>"), ("", "<f>2</f>")]])
    same("a formula without a value", codes(path), {"OV205": 1, "OV312": 1})
    path = xlsx(at("formula-text.xlsx"), [HEADER + ["description"], ["A", "Alpha", None, ("str", "<f>\"\"</f><v></v>")]])
    same("a formula whose value is empty text", codes(path), {})
    same("an error value", codes(xlsx(at("error.xlsx"), [HEADER, ["A", ("e", "<v>#REF!</v>"), None]])), {"OV310": 1})


def sheets():
    one, two = sheet([HEADER, ["A", "Alpha"]]), sheet([HEADER, ["B", "Beta"], ["C", "Gamma"]])
    path = write(at("sheets.xlsx"), parts({"First": one, "Über & Co": two}, states={"First": "hidden"}))
    same("the first one that is not hidden", report(path)["sheet"], "Über & Co")
    same("by name", report(path, "--sheet", "First")["rows"], 1)
    same("by number", report(path, "--sheet", "2")["rows"], 2)
    check("no such sheet", "`First`, `Über & Co`" in report(path, "--sheet", "Third"), report(path, "--sheet", "Third"))
    for number in ("0", "3", "99999999999"):
        check(f"no sheet {number}", isinstance(report(path, "--sheet", number), str))
    strange = {name.replace("xl/", "other/"): xml.replace("xl/workbook.xml", "/other/workbook.xml").replace('Target="worksheets/', 'Target="/other/worksheets/')
               for name, xml in parts({"S": one}).items()}
    same("parts elsewhere, by absolute names", records(write(at("strange.xlsx"), strange)), [HEADER, ["A", "Alpha", ""]])
    prefixed = {name: xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
                if name.startswith("xl/worksheets") else xml for name, xml in parts({"S": one}).items()}
    same("names with a prefix", records(write(at("prefixed.xlsx"), prefixed)), [HEADER, ["A", "Alpha", ""]])


def several_sheets():
    """Where no sheet is named, those are meant that look like files of an importer."""
    notes = sheet([["Please fill in both sheets"], ["Thank you"]])
    positions, departments = sheet([HEADER, ["P1", "Head"], ["P2", "Deputy", "P9"]]), sheet([HEADER, ["D1", "Alpha"]])
    path = write(at("several.xlsx"), parts({"Read me": notes, "Positions": positions, "Old": departments, "Departments": departments}, states={"Old": "hidden"}))
    done = run("check", "-q", "--no-config", "--format", "json", path)
    files = json.loads(done.stdout)["files"]
    same("both sheets are vetted", [(file["sheet"], file["importer"], file["rows"], file["counts"]) for file in files],
         [("Positions", "positions", 2, {"OV402": 1}), ("Departments", "departments", 1, {})])
    same("several sheets: exit status", done.returncode, 1)
    text = run("check", "--no-config", "--format", "plain", path).stdout.decode()
    check("each sheet has its summary", "several.xlsx:Positions: 2 rows" in text and "several.xlsx:Departments: 1 row," in text, text)
    same("--sheet: one of them", [file["sheet"] for file in json.loads(run("check", "-q", "--no-config", "--format", "json", "--sheet", "Departments", path).stdout)["files"]], ["Departments"])
    for command in (("emit",), ("diff", path)):
        done = run(*command, "--no-config", path)
        check(f"{command[0]} needs one", done.returncode == 2 and not done.stdout and b"`Positions`, `Departments`" in done.stderr and b"--sheet" in done.stderr, done)
    done = run("emit", "--no-config", "--format", "csv", "--sheet", "Departments", path)
    check("emit --sheet", done.returncode == 0 and b"Alpha" in done.stdout, done)
    only = write(at("only.xlsx"), parts({"Read me": notes, "Departments": departments}))
    done = run("emit", "--no-config", "--format", "csv", only)
    check("emit: the only one that fits", done.returncode == 0 and b"Alpha" in done.stdout, done)
    neither = write(at("neither.xlsx"), parts({"Read me": notes, "More": notes}))
    same("none fits: the first one", report(neither)["sheet"], "Read me")
    renamed = write(at("renamed.xlsx"), parts({"Positions": positions, "Departments": sheet([["Abt.-Nr.", "Bezeichnung", "Gehört zu"], ["D1", "Alpha", ""], ["D2", "Beta", "D1"]])}))
    done = run("check", "--no-config", "--format", "plain", renamed)
    line = next((line for line in done.stdout.decode().splitlines() if "to accept these columns" in line), "")
    check("accepting names the sheet", "--sheet Departments" in line, done.stdout)
    with open(path, "rb") as stream:
        piped = subprocess.run([orgvet, "check", "-q", "--no-config", "--format", "json", "--importer", "departments", "-"], stdin=stream, capture_output=True, cwd=folder, env=environment, timeout=60)
    same("standard input: the first sheet", json.loads(piped.stdout)["files"][0]["sheet"], "Read me")


def configured_sheets():
    """`sheets` in an entry of `files`: which sheets are meant, and what is different for them."""
    place = at("configured")
    os.makedirs(place)
    write(os.path.join(place, "org.xlsx"), parts({"Pos": sheet([["Nr", "Titel", "Chef"], ["P", "Head", None], ["Q", "Two", "P"]]), "Notes": sheet([["x"]]),
                                                  "Dep": sheet([["code", "name", "parent"], ["D", "Alpha", "Y"]])}))

    def configure(**sheets):
        with open(os.path.join(place, "orgvet.json"), "w") as out:
            json.dump({"files": {"org.xlsx": {"sheets": sheets}}}, out)

    def ask(*args):
        return subprocess.run([orgvet, *args], capture_output=True, cwd=place, env=environment, timeout=60)

    def files(*args):
        done = ask("check", "-q", "--format", "json", *args, "org.xlsx")
        return [(file["sheet"], file["importer"], file["counts"]) for file in json.loads(done.stdout)["files"]]
    pos = {"importer": "positions", "settings": {"identifier": "Nr", "csvmapping:name": "Titel", "csvmapping:parentid": "Chef"}}
    dep = {"importer": "departments", "settings": {"identifier": "code"}, "suppress": [{"code": "OV402", "reason": "elsewhere"}]}
    configure(Pos=pos, Dep=dep)
    same("sheets: each with its own", files(), [("Pos", "positions", {}), ("Dep", "departments", {})])
    same("sheets: --sheet takes those of that sheet", files("--sheet", "Pos"), [("Pos", "positions", {})])
    done = ask("tree", "--sheet", "Pos", "org.xlsx")
    check("sheets: another command", done.returncode == 0 and b"Two" in done.stdout, done)
    configure(Pos=False, Dep=dep)
    same("sheets: one is skipped", files(), [("Dep", "departments", {})])
    done = ask("tree", "org.xlsx")
    check("sheets: the only one that is left", b"D  Alpha" in done.stdout, done)
    configure(Pos=False)
    done = ask("tree", "--map", "idnumber=code", "org.xlsx")
    check("sheets: what is skipped is not meant", b"D  Alpha" in done.stdout, done)
    configure(Pos=False, Notes=False, Dep=False)
    done = ask("check", "-v", "org.xlsx")
    check("sheets: all are skipped", done.returncode == 0 and b"skipped: excluded" in done.stderr and b"OV" not in done.stdout, done)
    configure(Posten={})
    done = ask("check", "org.xlsx")
    check("sheets: one that is not there", done.returncode == 2 and b"no sheet `Posten`; it has `Pos`, `Notes`, `Dep`" in done.stderr, done)
    for wrong, words in (({"Pos": 1}, b"for this sheet"), ({"Pos": {"sheets": {}}}, b"unknown key `sheets`"), ({"Pos": {"importr": "x"}}, b"unknown key `importr`")):
        configure(**wrong)
        done = ask("check", "org.xlsx")
        check(f"sheets: a mistake: {wrong}", done.returncode == 2 and words in done.stderr and b"orgvet.json:1:" in done.stderr, done.stderr)
    os.remove(os.path.join(place, "orgvet.json"))
    write(os.path.join(place, "org.xlsx"), parts({"Pos": sheet([["Nr", "Titel", "Chef"], ["P", "Head", None], ["Q", "Two", "P"]]),
                                                  "Departments": sheet([["Dept code", "Dept name", "Parent dept"], ["D1", "Alpha", None], ["D2", "Beta", "D1"]])}))
    done = ask("init", "--yes", "org.xlsx")
    with open(os.path.join(place, "orgvet.json")) as file:
        made = json.load(file)["files"]
    check("init: an entry for each sheet", done.returncode == 0 and list(made) == ["org*.xlsx"] and list(made["org*.xlsx"]["sheets"]) == ["Pos", "Departments"] and
          made["org*.xlsx"]["sheets"]["Pos"]["settings"]["csvmapping:name"] == "Titel" and made["org*.xlsx"]["sheets"]["Departments"] ==
          {"importer": "departments", "settings": {"csvmapping:idnumber": "Dept code", "csvmapping:name": "Dept name", "csvmapping:parentid": "Parent dept"}}, (done, made))


def commands():
    rows = [HEADER, ["HQ", "Head", None], ["A", "Größe", "HQ"]]
    path = xlsx(at("units-departments.xlsx"), rows)
    with open(at("units-departments.csv"), "w") as out:
        out.write("idnumber,name,parent\nHQ,Head,\nA,Größe,HQ\n")
    for command in (["emit", "-q", "--format", "csv"], ["tree", "-q"], ["dry-run"], ["records"]):
        a, b = run(*command, "units-departments.csv"), run(*command, "units-departments.xlsx")
        if command == ["dry-run"]:  # the site would read the canonical form
            check("dry-run: the canonical form", b.returncode == 0 and b"canonical form" in b.stderr, b.stderr)
        else:
            same(f"{command[0]}: as of the CSV", b.stdout, a.stdout)
    done = run("diff", "--format", "json", "units-departments.csv", "units-departments.xlsx")
    check("diff: nothing differs", done.returncode == 0 and json.loads(done.stdout)["summary"]["added"] == 0, done.stdout)
    done = run("check", "--no-config", "--existing", "units-departments.xlsx", "units-departments.csv")
    check("--existing takes a workbook", done.returncode == 0, done.stderr)
    with open(path, "rb") as file:
        data = file.read()
    done = subprocess.run([orgvet, "records", "-"], input=data, capture_output=True)
    same("standard input", len(done.stdout.splitlines()), 3)
    done = run("fix", "--write", "units-departments.xlsx")
    with open(path, "rb") as file:
        check("fix --write leaves a workbook alone", done.returncode == 2 and file.read() == data, (done.returncode, done.stderr))


def fixing():
    """fix writes the sheet as CSV, and never changes a workbook."""
    rows = [["Staff list"], None, ["idnumber", "name", "parent", "description"], ["HQ", " Head, \"first\"", None, "two\nlines"], ["A", "Größe", "HQ "]]
    notes = sheet([["Please fill in"]])
    path = write(at("fix.xlsx"), parts({"Notes": notes, "Departments": sheet(rows)}))
    out = at("fixed.csv")
    done = run("fix", "--no-config", "-o", "fixed.csv", "fix.xlsx")
    with open(out, "rb") as file:
        fixed = file.read().decode()
    same("fix -o: the sheet, fixed", (done.returncode, fixed),
         (0, 'idnumber,name,parent,description\nHQ,"Head, ""first""",,"two\nlines"\nA,Größe,HQ,\n'))
    same("what was fixed is right", codes(out), {})
    for options in ((), ("--check",), ("--write",)):
        done = run("fix", "--no-config", *options, "fix.xlsx")
        check(f"fix {options} needs -o", done.returncode == 2 and b"--output" in done.stderr and not done.stdout, done)
    os.remove(out)
    xlsx(at("formula.xlsx"), [HEADER, ["A", ("", "<f>B1</f>"), None]])
    done = run("fix", "--no-config", "-o", "fixed.csv", "formula.xlsx")
    check("fix: a formula without a value is not lost", done.returncode == 2 and b"formula" in done.stderr and not os.path.exists(out), done)
    write(at("both.xlsx"), parts({"Positions": sheet([HEADER, ["P", "Head "]]), "Departments": sheet([HEADER, ["D", "Alpha"]])}))
    done = run("fix", "--no-config", "-o", "fixed.csv", "both.xlsx")
    check("fix: which sheet", done.returncode == 2 and b"`Positions`, `Departments`" in done.stderr, done)
    done = run("fix", "--no-config", "-o", "fixed.csv", "--sheet", "Positions", "both.xlsx")
    with open(out, "rb") as file:
        same("fix --sheet", (done.returncode, file.read()), (0, b"idnumber,name,parent\nP,Head,\n"))


def open_document():
    note = ('<table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation>'
            "<text:p>a<text:s text:c=\"2\"/>b<text:tab/><text:span>c</text:span><text:line-break/>d</text:p></table:table-cell>")
    given = ["plain", "two\nlines", note, ("float", "7", "00007"), ("float", "100", "100.00"), ("float", "0.1", "0,1"), ("percentage", "0.5", "50%"),
             ("currency", "1E3", "1.000 €"), ("date", "2024-06-01", "01.06.24"), ("time", "PT08H30M00S", "08:30"), ("boolean", "true", "WAHR"),
             ("boolean", "false", "FALSCH"), ("float", "0", "#REF!")]
    wanted = ["plain", "two\nlines", "a  b\tc\nd", "00007", "100", "0.1", "0.5", "1000", "2024-06-01", "08:30:00", "TRUE", "FALSE", "#REF!"]
    path = ods(at("values.ods"), {"S": ods_row([f"c{n}" for n in range(len(given))]) + ods_row(given)})
    same("ods: values", records(path)[1], wanted)
    head = ods_row(HEADER)
    rows = head + ods_row(["A", "Alpha", None]) + ods_row([None], 'table:number-rows-repeated="2"') + ods_row(["B", "Beta", "A"], 'table:visibility="filter"')
    rows += ods_row(["C", ods_cell("X", 'table:number-columns-repeated="2"')]) + ods_row([None], 'table:number-rows-repeated="1048000"')
    path = ods(at("rows.ods"), {"First": head, "Second": rows}, hidden=["First"])
    got = report(path)
    same("ods: findings and cells", [(f["code"], f["cell"], f["sheet"]) for f in got["findings"]],
         [("OV108", "A3", "Second"), ("OV117", "A5", "Second"), ("OV402", "C6", "Second")])
    same("ods: the sheet that is not displayed", report(path, "--sheet", "First")["rows"], 0)
    merged = head + ods_row(["HQ", "Head", None]) + ods_row(["A", "Alpha", ods_cell("HQ", 'table:number-rows-spanned="2"')])
    merged += ods_row(["B", "Beta", "<table:covered-table-cell/>"]) + ods_row(["C", "Gamma", "A"])
    same("ods: merged cells", [row[2] for row in records(ods(at("merged.ods"), {"S": merged}))[1:]], ["", "HQ", "HQ", "A"])
    formula = head + ods_row(["A", '<table:table-cell table:formula="of:=1+1"/>', None])
    same("ods: a formula without a value", codes(ods(at("formula.ods"), {"S": formula})), {"OV301": 1, "OV312": 1})
    repeated = ods(at("long-repeated.ods"), {"S": head + ods_row(["A", "x" * 10000], 'table:number-rows-repeated="10000"')})
    foreign("ods: a long row, repeated", repeated, "--max-workbook", "1000000")
    same("ods: rows that are repeated", len(records(ods(at("repeated.ods"), {"S": head + ods_row(["A"], 'table:number-rows-repeated="1000"')}))), 1001)
    wide = ods_row([ods_cell("x", 'table:number-columns-repeated="16384"')], 'table:number-rows-repeated="1048576"')
    foreign("ods: a bomb of repetitions", ods(at("repetitions.ods"), {"S": wide}))
    text = write(at("text.odt"), {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})
    same("a text document", codes(text), {"OV103": 1})


def annotated():
    """The report as a workbook: vetted again it has the same findings, and what is corrected in it is corrected."""
    text = ('idnumber,name,parent,description\n001,"Chief, ""first""",,=1+1\n002,Sales,001,two\n\n003,North,0002,_x0041_\x01\n003,South,002,&<>\n'
            '004,West,0002,"a\nb"\n5,Ring,6,\n6,Ring 2,5,b,surplus\n7,,001,' + "x" * 40000 + "\n")
    with open(at("units.csv"), "w") as out:
        out.write(text)
    done = run("check", "-q", "--no-config", "--importer", "departments", "--format", "json", "--output", "xlsx=annotated.xlsx", "units.csv")
    before = json.loads(done.stdout)["files"][0]
    with open(at("annotated.xlsx"), "rb") as file:
        data = file.read()
    with zipfile.ZipFile(at("annotated.xlsx")) as book:
        names = book.namelist()
        sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3)]
        comments = [book.read(name).decode() for name in names if "comments" in name]
        listed = re.findall(r'<sheet name="(.*?)"', book.read("xl/workbook.xml").decode())
    same("annotated: the sheets", listed, ["orgvet start here", "orgvet findings", "units"])
    check("annotated: nothing is a formula, all cells are texts", not any(re.search(r"<f>|<v>", sheet) for sheet in sheets), sheets)
    check("annotated: filters, a header that stays, widths", all(word in sheets[2] for word in ("<autoFilter", 'state="frozen"', "<cols>")), sheets[2][:2000])
    check("annotated: links to the cells", 'location="\'units\'!C5"' in sheets[1] or "'units'!C5" in sheets[1], sheets[1][-3000:])
    check("annotated: comments at the cells", len(comments) == 1 and '<comment ref="C5"' in comments[0] and "parent `0002` not found" in comments[0], comments)
    for name in names:
        if name.endswith((".xml", ".rels", ".vml")):
            xml.fromstring(zipfile.ZipFile(at("annotated.xlsx")).read(name))
    got = report(at("annotated.xlsx"))
    same("annotated: its sheet of rows is what is vetted", (got["sheet"], got["rows"], got["columns"] == before["columns"]), ("units", before["rows"], True))
    same("annotated: the same findings, those about the text aside", [(f["code"], f["id"], f["field"]) for f in got["findings"] if f["code"] > "OV2"],
         [(f["code"], f["id"], f["field"]) for f in before["findings"] if f["code"] > "OV2"])
    done = run("check", "-q", "--no-config", "--importer", "departments", "--format", "xlsx", "units.csv")
    same("annotated: the same bytes, on standard output too", done.stdout, data)
    done = run("check", "-q", "--no-config", "--importer", "departments", "--output", "xlsx=twice.xlsx", "annotated.xlsx")
    with zipfile.ZipFile(at("twice.xlsx")) as book:
        same("annotated twice: its own columns are replaced", len(re.findall("orgvet_codes", book.read("xl/worksheets/sheet3.xml").decode())), 1)
    path = write(at("both.xlsx"), parts({"Positions": sheet([HEADER, ["P", "Head", "X"]]), "Departments": sheet([HEADER, ["D", "Alpha", "Y"]])}))
    run("check", "-q", "--no-config", "--output", "xlsx=two.xlsx", path)
    with zipfile.ZipFile(at("two.xlsx")) as book:
        same("annotated: each sheet has its own", re.findall(r'<sheet name="(.*?)"', book.read("xl/workbook.xml").decode())[2:], ["Positions", "Departments"])
    with open(at("empty.csv"), "w"):
        pass
    run("check", "-q", "--no-config", "--importer", "departments", "--output", "xlsx=empty.xlsx", "empty.csv")
    check("annotated: an empty file", "OV102" in codes(at("empty.xlsx")) or "OV101" in codes(at("empty.xlsx")), codes(at("empty.xlsx")))
    titled = xlsx(at("titled.xlsx"), [["Units of May"], None, HEADER, ["A", "Alpha"], None, ["A", "Again"], ["X", "Ring", "Y"], ["Y", "Ring 2", "X"], ["Total"]])
    run("check", "-q", "--no-config", "--importer", "departments", "--output", "xlsx=lines.xlsx", titled)
    with zipfile.ZipFile(at("lines.xlsx")) as book:
        found, rows = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (2, 3))
        start = book.read("xl/worksheets/sheet1.xml").decode()
    check("annotated: rows are where they were", re.search(r'<c r="A6"[^>]*><is><t>A</t>', rows) and '<row r="9"' in rows and '<row r="1"' not in rows, rows)
    check("annotated: the other cell of a finding", "'Sheet1'!A4" in found and "'Sheet1'!A8" in found, found)
    texts = re.findall(r"<is><t(?: [^>]*)?>(.*?)</t>", start, re.S)
    check("annotated: a workbook is not told to be written", "--write" not in " ".join(texts) and any("--output FILE.csv" in text for text in texts), texts)
    check("annotated: errors come first", [text for text in texts if "duplicate" in text or "blank" in text][0].startswith("duplicate"), texts)
    def workbook_of(text, *options, name="part.csv"):
        """The parts of the annotated workbook of a CSV file."""
        with open(at(name), "w") as out:
            out.write(text)
        done = run("check", "-q", "--no-config", "--importer", "positions", *options, "--output", "xlsx=part.xlsx", "--format", "json", name)
        with zipfile.ZipFile(at("part.xlsx")) as book:
            return json.loads(done.stdout)["files"][0], {part: book.read(part).decode() for part in book.namelist()}
    found, made = workbook_of("Region,Dept,Status\nA,B,closed\nA,C,closed\n=R1,X,closed\nC,=E,open\nC,=F,open\n=R1,Y,open\nC,=G,open\nC,=H,open\n",
                              "--parents", "levels=Region,Dept", "--where", "Status=open")
    same("annotated: rows that are left out hold no findings up", made["xl/worksheets/sheet2.xml"].count(">OV309<"), found["counts"]["OV309"])
    found, made = workbook_of('idnumber,name,parent,globalmanager\n 1,"x y",,yes,a\n')
    comment = re.search(r'<comment ref="A2".*?</comment>', made["xl/comments1.xml"], re.S)[0]
    check("annotated: a comment has all findings of its cell", "white space" in comment and "5 cells" in comment, comment)
    found, made = workbook_of("idnumber, name ,parent\n1,x,\n")
    check("annotated: a heading with a finding", '<comment ref="B1"' in made["xl/comments1.xml"], made["xl/comments1.xml"])
    found, made = workbook_of("idnumber,name,parent,globalmanager\n" + "".join(f"{n},n{n},,yes\n" for n in range(50)), "--max-findings", "5")
    check("annotated: findings that were not kept are told", "more findings than are kept" in made["xl/worksheets/sheet1.xml"], found["summary"])
    found, made = workbook_of("idnumber,name,parent,description\n1,x,," + "y" * 40000 + "\n")
    check("annotated: a cell that was shortened is told", "too long for a spreadsheet" in made["xl/worksheets/sheet1.xml"], found["counts"])
    for name in ("2026", "hr2026", "R1C1", "history", "orgvet mine"):
        found, made = workbook_of("idnumber,name,parent\n1,x,\n2,y,1\n", name=f"{name}.csv")
        same(f"annotated: the sheet of {name}.csv", (re.findall(r'<sheet name="(.*?)"', made["xl/workbook.xml"])[2], report(at("part.xlsx"))["rows"]), (f"({name})", 2))
    with open(at("large.csv"), "w") as out:
        out.write("idnumber,name,parent,globalmanager\n" + "".join(f"{n},n{n},,yes\n" for n in range(20000)))
    with open(at("limited.xlsx"), "wb") as out:
        limited = subprocess.run(["sh", "-c", f"ulimit -f 1000; exec {orgvet} check -q --no-config -i positions --format xlsx large.csv"], stdout=out, stderr=subprocess.PIPE, cwd=folder, env=environment)
    check("annotated: no half of a workbook where temporary files do not fit", limited.returncode == 2 and b"TMPDIR" in limited.stderr and os.path.getsize(at("limited.xlsx")) == 0, limited)
    names = "a" * 40 + "[1]:*?.csv"
    with open(at(names), "w") as out:
        out.write("idnumber,name,parent\nA,Alpha,X\n")
    done = run("check", "-q", "--no-config", "--importer", "departments", "--output", "xlsx=names.xlsx", names, "units.csv", "./units.csv")
    with zipfile.ZipFile(at("names.xlsx")) as book:
        same("annotated: names of sheets", re.findall(r'<sheet name="(.*?)"', book.read("xl/workbook.xml").decode())[2:], ["a" * 31, "units", "units (2)"])
    try:
        import openpyxl
    except ImportError:
        print("book: skipped: openpyxl is not here")
        return
    book = openpyxl.load_workbook(at("annotated.xlsx"))
    same("openpyxl: identifiers are texts", [book["units"]["A2"].value, book["units"]["A2"].data_type, book["units"]["D2"].value], ["001", "s", "=1+1"])
    check("openpyxl: the comment", "not found" in book["units"]["C5"].comment.text, book["units"]["C5"].comment)
    for place, value in (("C5", "002"), ("C7", "002"), ("A6", "003b"), ("C8", None), ("D2", "Leads"), ("G9", None), ("B10", "Named"), ("D5", "x")):
        book["units"][place] = value
    book.save(at("corrected.xlsx"))
    same("openpyxl: what was corrected is right", {code: count for code, count in codes(at("corrected.xlsx")).items() if code not in ("OV108", "OV304", "OV407")}, {})
    made = openpyxl.Workbook()
    for row in (HEADER, ["00100", "Größe", None], ["B", "Beta", "00100"], ["C", True, 3]):
        made.active.append(row)
    made.save(at("openpyxl.xlsx"))
    same("openpyxl: its own workbook", records(at("openpyxl.xlsx"))[1:], [["00100", "Größe", ""], ["B", "Beta", "00100"], ["C", "TRUE", "3"]])


def templates():
    for name in ("positions", "departments"):
        done = run("template", name, "--format", "xlsx", "-o", f"{name}.xlsx")
        same(f"template {name}: is sound", (done.returncode, run("check", "--no-config", "--importer", name, f"{name}.xlsx").stdout), (0, b"2 rows, 0 errors, 0 warnings in 1 file\n"))
        with zipfile.ZipFile(at(f"{name}.xlsx")) as book:
            text = book.read("xl/worksheets/sheet1.xml").decode()
            notes = "".join(book.read(member).decode() for member in book.namelist() if "comments" in member)
        header = run("template", name).stdout.decode("utf-8-sig").splitlines()[0].split(",")
        same(f"template {name}: the columns of the CSV", records(at(f"{name}.xlsx"))[0], header)
        same(f"template {name}: a comment at each heading", len(re.findall("<comment ", notes)), len(header))
        check(f"template {name}: choices, and texts", "<dataValidation " in text and "<cols>" in text and "<v>" not in text, text)
    done = run("template", "positions", "--format", "ods")
    check("template: no other format", done.returncode == 2 and b"csv or xlsx" in done.stderr and not done.stdout, done)


def nested():
    """The head of a sheet is looked at while it is being read: many cells without a value before some with one."""
    styled = "".join(f'<row r="{n}">' + "".join(f'<c r="{letters(c)}{n}" s="1"/>' for c in range(1, 200)) + f'<c r="A{n}" t="str"><v>A{n}</v></c></row>'
                     for n in range(3, 400))
    raw = sheet([HEADER, ["A", "Alpha", None]]).replace("</sheetData>", styled + "</sheetData>")
    got = report(write(at("nested.xlsx"), parts({"S": raw}, formats=["0"])))
    check("many cells without a value", isinstance(got, dict) and got["rows"] == 398 and "OV103" not in got["counts"], got)


def sample():
    """The sample as a workbook: the findings and the payload of the CSV, and the dry run's answer to its canonical form, which is what
    a site gets of a workbook."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../testdata/sample/positions.csv"), newline="") as file:
        rows = [[cell or None for cell in row] for row in csv.reader(file)]
    with open(at("sample.csv"), "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([[cell or "" for cell in row] for row in rows])
    xlsx(at("sample.xlsx"), rows)
    ods(at("sample.ods"), {"positions": "".join(ods_row(row) for row in rows)})
    wanted = None
    for name in ("sample.csv", "sample.xlsx", "sample.ods"):
        done = run("check", "-q", "--no-config", "--importer", "positions", "--format", "json", name)
        found = [(f["code"], f["severity"], f["line"], f["id"], f["field"], f["fingerprint"]) for f in json.loads(done.stdout)["files"][0]["findings"]]
        payload = run("emit", "-q", "--no-config", "--importer", "positions", "--keep-going", "--format", "json", name).stdout
        body = {key: value for key, value in json.loads(payload).items() if key != "receipt"} if payload.startswith(b"{") else payload
        asked = name
        if wanted is None:
            asked = "canonical.csv"
            with open(at(asked), "wb") as out:
                out.write(run("emit", "-q", "--no-config", "--importer", "positions", "--keep-going", "--format", "csv", name).stdout)
        answer = run("dry-run", "--no-config", "--importer", "positions", asked).stdout
        if wanted is None:
            wanted = (found, body, answer)
            check("the sample has findings and rows", found and body and answer, wanted)
        same(f"{name}: findings", found, wanted[0])
        same(f"{name}: payload", body, wanted[1])
        same(f"{name}: the dry run's answer", answer, wanted[2])


def by_libreoffice():
    """What LibreOffice makes of a workbook reads as before."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        print("book: skipped: LibreOffice is not here")
        return
    rows = [["idnumber", "parent", "name", "description", "globalmanager"], ["00100", None, "Zarząd & Co", "two\nlines", 1],
            ["A", "00100", "Größe", None, 0], ["B", "X", 'say "x"', "1.5", 0]]
    styles = {"A2": 1}
    rows[1][0] = ("", "<v>100</v>")
    path = xlsx(at("made.xlsx"), rows, styles=styles, formats=["00000"], merged=[])
    for kind in ("ods", "xlsx:Calc MS Excel 2007 XML"):
        out = at("office-" + kind[:3])
        done = subprocess.run([office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind, "--outdir", out, path],
                              capture_output=True, timeout=300)
        made = [os.path.join(out, name) for name in os.listdir(out)] if os.path.isdir(out) else []
        check(f"LibreOffice writes {kind[:4]}", made, done.stderr)
        if made:
            same(f"LibreOffice's {kind[:4]} reads as before", records(made[0]), records(path))
    round_trip(office)


def round_trip(office):
    """A macro corrects the annotated workbook, as a person would."""
    with open(at("trip.csv"), "w") as out:
        out.write("idnumber,name,parent\n001,Head,\n002,Sales,01\n003,North,002\n")
    done = run("check", "-q", "--no-config", "--importer", "departments", "--output", "xlsx=trip.xlsx", "trip.csv")
    same("round trip: before", (done.returncode, codes(at("trip.xlsx"))), (1, {"OV402": 1}))
    basic = at("profile/user/basic/Standard")
    os.makedirs(basic, exist_ok=True)
    top = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://openoffice.org/2000"
    macro = f"""Sub Correct
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("file://{at("trip.xlsx")}", "_blank", 0, hidden())
  book.Sheets.getByName("trip").getCellRangeByName("C3").String = "001"
  book.store()
  book.close(True)
End Sub"""
    with open(os.path.join(basic, "script.xlb"), "w") as out:
        out.write(f'{top}<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">\n'
                  f'<library:library xmlns:library="{space}/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">'
                  '<library:element library:name="Module1"/></library:library>')
    with open(os.path.join(basic, "Module1.xba"), "w") as out:
        out.write(f'{top}<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
                  f'<script:module xmlns:script="{space}/script" script:name="Module1" script:language="StarBasic">{escape(macro)}</script:module>')
    done = subprocess.run([office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "macro:///Standard.Module1.Correct"],
                          capture_output=True, timeout=300)
    same("round trip: after LibreOffice corrected a cell", (codes(at("trip.xlsx")), done.returncode), ({}, 0))


# --- hostile files ---

def foreign(name, path, *options):
    """The file is one finding that names what it is."""
    got = report(path, *options)
    check(name, isinstance(got, dict) and got["counts"] == {"OV103": 1} and "workbook" in got["findings"][0]["message"], got)


def hostile():
    good = parts({"S": sheet([HEADER, ["A", "Alpha"]])}, strings=["<t>x</t>"])
    raw = open(write(at("good.xlsx"), good), "rb").read()
    for cut in (5, 100, len(raw) // 2, len(raw) - 1, len(raw) - 30):
        with open(at("cut.xlsx"), "wb") as out:
            out.write(raw[:cut])
        foreign(f"cut at {cut}", at("cut.xlsx"))
    for spot in range(0, len(raw), 97):  # whatever comes of it: no crash, no hang
        with open(at("bent.xlsx"), "wb") as out:
            out.write(raw[:spot] + bytes([raw[spot] ^ 0x55]) + raw[spot + 1:])
        done = run("check", "-q", "--no-config", "--format", "json", at("bent.xlsx"))
        check(f"a byte changed at {spot}", done.returncode in (0, 1, 2), (done.returncode, done.stderr))
    evil = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"):
        foreign(f"entities in {part}", write(at("entities.xlsx"), {**good, part: good[part].replace(TOP, TOP + evil)}))
        foreign(f"{part} is no XML", write(at("no-xml.xlsx"), {**good, part: "<a><b></a>"}))
    external = TOP + f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>&f;</v></c></row></sheetData></worksheet>'
    foreign("external entities", write(at("external.xlsx"), {**good, "xl/worksheets/sheet1.xml": external}))
    foreign("a bomb: the ratio", write(at("bomb.xlsx"), {**good, "xl/worksheets/sheet1.xml": good["xl/worksheets/sheet1.xml"].replace("<sheetData>", " " * 50_000_000 + "<sheetData>")}))
    foreign("a bomb: the sum", write(at("good.xlsx"), good), "--max-workbook", "500")
    for stream, words in (("EncryptedPackage", "a workbook with a password"), ("Workbook", "an old Excel workbook")):
        top = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\0\x06\0" + bytes(14) + b"\x01\0\0\0" + bytes(460)
        with open(at("compound.xlsx"), "wb") as out:
            out.write(top + bytes(512) + "Root Entry".encode("utf-16le").ljust(128, b"\0") + stream.encode("utf-16le").ljust(128, b"\0") + bytes(3000))
        got = report(at("compound.xlsx"))
        check(f"a compound file of {stream}", got["counts"] == {"OV103": 1} and words in got["findings"][0]["message"], got)
    secret = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    got = report(write(at("secret.ods"), {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": secret, "content.xml": "\x01\x02"}))
    check("an .ods with a password", got["counts"] == {"OV103": 1} and "a workbook with a password" in got["findings"][0]["message"], got)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        foreign("a member twice", write(at("twice.xlsx"), [*good.items(), ("xl/workbook.xml", good["xl/workbook.xml"])]))
    lone = {name: xml for name, xml in good.items() if name != "xl/worksheets/sheet1.xml"}
    foreign("the sheet is missing", write(at("lone.xlsx"), lone))
    with zipfile.ZipFile(at("zip.zip"), "w") as archive:
        archive.writestr("../../etc/x.csv", "idnumber,name\n")
    same("a zip that is no workbook", codes(at("zip.zip")), {"OV103": 1})
    long = sheet([HEADER]).replace("</sheetData>", "<row>" + '<c t="s"><v>0</v></c>' * 200 + "</row></sheetData>")
    path = write(at("long-string.xlsx"), parts({"S": long}, strings=["<t>" + "x" * 100_000 + "</t>"]))
    foreign("a long string in many cells", path, "--max-workbook", "10000000")
    same("the same, where that much is allowed", report(path, "--max-workbook", "100000000")["rows"], 1)
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 1_000_000))
    foreign("a million sheets", write(at("million.xlsx"), {**good, "xl/workbook.xml": good["xl/workbook.xml"].replace("</sheets>", listed + "</sheets>")}))
    many = parts({f"S{n}": sheet([HEADER]) for n in range(2000)})
    same("2,000 sheets", report(write(at("many-sheets.xlsx"), many), "--sheet", "S1999")["sheet"], "S1999")
    wide = records(xlsx(at("wide-row.xlsx"), [[f"c{n}" for n in range(16384)]]))
    same("16,384 columns", len(wide[0]), 16384)
    same("a cell of 32,767 characters", len(records(xlsx(at("long.xlsx"), [["x"], ["é" * 32767]]))[1][0]), 32767)
    beyond = sheet([HEADER]).replace("</row>", '<c r="XFE1"><v>1</v></c><c r="ZZZZZZZZ1"><v>2</v></c></row>')
    check("places beyond the sheet", isinstance(records(write(at("beyond-sheet.xlsx"), parts({"S": beyond}))), list))
    last = sheet([HEADER]).replace("</sheetData>", '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')
    same("the last row of a sheet", report(write(at("last.xlsx"), parts({"S": last})))["rows"], 1)
    big = "A1:XFD1048576"
    foreign("a merged area as large as the sheet", xlsx(at("area.xlsx"), [HEADER, ["A", "Alpha"]], merged=[big]))
    overlapping = xlsx(at("overlap.xlsx"), [HEADER, ["A", "Alpha"]], merged=["A2:C3", "A2:C3", "B2:B9", "C9:A1", "x", "A0:B1"])
    check("areas that overlap", isinstance(report(overlapping), dict))
    deep = TOP + "<worksheet>" + "<a>" * 200_000
    foreign("elements without end", write(at("deep.xlsx"), {**good, "xl/worksheets/sheet1.xml": deep}))


for part in (values, formats, rows_and_places, areas, sheets, several_sheets, configured_sheets, commands, fixing, open_document, nested, sample, annotated, templates, by_libreoffice, hostile):
    part()
tally.end()
