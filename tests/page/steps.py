#!/usr/bin/env python3
"""The five steps of an import in a browser: by mouse, by keyboard, with hostile cells, with a
million rows, in two windows at once, and with a restart of the service in between. usage: steps.py
ORGVET"""
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "book"), HERE]
from server import SEED, Server  # noqa: E402
from tally import Tally  # noqa: E402
from browser import BROKEN, PageUser, frameworks, run_parts, text_of  # noqa: E402
from workbook import xlsx  # noqa: E402

orgvet = os.path.abspath(sys.argv[1])
tally = Tally("steps")
check, same, within = tally.check, tally.same, tally.within
SCROLLED = """const host = document.querySelector(arguments[0]), steps = arguments[1];
  let blank = 0, step = 0;
  const look = () => {
    const rows = [...host.querySelectorAll(".row:not(.head)")];
    if (!rows.length || rows.some((r) => !r.textContent || r.textContent === "\\u2026")) blank++;
    if (++step > steps) return done(blank);
    host.dispatchEvent(new WheelEvent("wheel", {deltaY: 700, bubbles: true, cancelable: true}));
    if (host.scrollHeight < 8e6) host.scrollTop += 700;
    requestAnimationFrame(() => requestAnimationFrame(look));
  };
  look();"""


def by_mouse(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.accessible("file")
    check("a file is dropped", visit.drop(SEED))
    same("detected encoding and delimiter", browser.run("return [...document.querySelectorAll('.preview tbody tr:first-child td')].map((c) => c.textContent)"),
         ["CEO", "", "Chief Executive Officer", "Chief Executive Officer position", "1"])
    visit.accessible("file, read")
    browser.picture("steps-1-file")
    browser.click("button", "Continue to the columns")
    browser.click("button", "use `ismanager`")
    check("a suggestion is accepted", browser.until("document.querySelector('select[name=\"csvmapping:globalmanager\"]').value === '=ismanager'"))
    check("no unused columns", not browser.find("p.note", "Not used"))
    visit.accessible("columns")
    browser.picture("steps-2-columns")
    browser.click("button", "Continue to the check")
    check("the file can be imported", visit.shows(".verdict", "can be imported: 5 rows, 0 errors, 0 warnings"), text_of(browser, ".verdict"))
    check("preview of rows", browser.until("document.querySelectorAll('.grid .row').length === 6"))
    visit.accessible("check")
    browser.picture("steps-3-check")
    browser.click("[role=tab]", "Organisation")
    check("preview of the hierarchy", browser.until("document.querySelectorAll('[role=treeitem]').length >= 2"))
    visit.accessible("check, organisation")
    browser.picture("steps-3-organisation")
    browser.click("button", "Continue to the import")
    check("the plan", visit.shows("li", "5 items will be created"), text_of(browser, "main"))
    settings = json.loads(browser.run("return document.querySelector('details pre').textContent"))
    same("settings of the dry run", (settings["csvmapping:globalmanager"], settings["target_framework"]), ("ismanager", "new"))
    visit.accessible("import")
    browser.picture("steps-4-import")
    browser.click("button[name=import]")
    check("imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    check("log of the import", visit.shows(".log li", "5 positions imported"))
    same("the framework exists", [(f["name"], f["items"]) for f in frameworks(visit)], [("positions", 5)])
    visit.accessible("log")
    browser.picture("steps-5-log")
    browser.run("window.confirm = () => true")
    browser.click("button[name=undo]")
    check("rolled back", visit.shows(".verdict", "Undone. Items removed: 5. Frameworks removed: 1."), text_of(browser, "main"))
    same("the framework is removed", frameworks(visit), [])
    browser.click("button", "start another import")
    check("settings remembered for the same headers", visit.drop(SEED, "again.csv") and visit.shows("p[role=status]", "the same way as last time"), text_of(browser, "main"))
    browser.click("button", "2. Columns")
    check("the remembered column is chosen", browser.until("document.querySelector('select[name=\"csvmapping:globalmanager\"]').value === '=ismanager'"))
    visit.end()


def broken(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    check("a broken file", visit.drop(BROKEN, "broken.csv"))
    browser.click("button", "3. Check")
    check("a broken file cannot be imported", visit.shows(".verdict", "cannot be imported as it is: 5 rows, 2 errors, 1 warning"), text_of(browser, ".verdict"))
    visit.accessible("check with findings")
    browser.picture("steps-broken")
    browser.click("button", "next finding")
    browser.click("button", "next finding")
    browser.click("button", "next finding")
    check("search finds a row", visit.shows(".detail", "parent `COOO` not found in this file"), text_of(browser, ".detail"))
    browser.click(".detail button", "change to `COO`")
    check("fixed in a copy and vetted again", visit.shows(".verdict", "5 rows, 1 error, 1 warning") and visit.shows("p[role=status]", "1 change, in a copy"), text_of(browser, ".verdict"))
    browser.click("button[name='fix:safe']")
    check("all safe fixes at once", visit.shows(".verdict", "can be imported: 5 rows, 0 errors, 0 warnings"), text_of(browser, ".verdict"))
    fixed = browser.wait("fetch(document.querySelector('a[download=\"broken.csv\"]').href).then((r) => r.text()).then(done)")
    same("download of the copy", fixed, BROKEN.replace("COOO", "COO").replace("Officer ,", "Officer,").replace("yes", "1"))
    browser.click("button[name='fix:undo']")
    check("the last change undone", visit.shows(".verdict", "5 rows, 1 error, 1 warning"), text_of(browser, ".verdict"))
    annotated = browser.wait("fetch([...document.querySelectorAll('a[download]')].find((a) => a.download.endsWith('annotated.csv')).href).then((r) => r.text()).then(done)")
    check("download of the annotated CSV", "OV304" in annotated and annotated.count("\n") == 6, annotated)
    report = json.loads(browser.wait("fetch([...document.querySelectorAll('a[download]')].find((a) => a.download.includes('report.json')).href).then((r) => r.text()).then(done)"))
    same("download of the JSON report", [f["code"] for f in report["files"][0]["findings"]], ["OV304", "OV306"])
    browser.click("button[name='fix:safe']")
    browser.click("button", "4. Import")
    browser.click("button[name=import]")
    check("the fixed copy imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    browser.click("button", "start another import")
    check("a file with errors", visit.drop(BROKEN, "broken.csv"))
    browser.click("button", "4. Import")
    check("a file with errors cannot be imported", browser.until("document.querySelector('button[name=import]')?.disabled"))
    existing = {f["name"]: f["id"] for f in frameworks(visit)}["broken"]
    browser.run("const s = document.querySelector('select[name=target]'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", str(existing))
    check("compared with the framework", visit.shows("li", "1 item has a different parent"), text_of(browser, "main"))
    check("conflicts", visit.shows("li", "5 idnumbers already exist in the framework"), text_of(browser, "main"))
    visit.accessible("import into an existing framework")
    browser.picture("steps-existing")
    browser.run("const s = document.querySelector('select[name=conflict]'); s.value = 'skip'; s.dispatchEvent(new Event('change'))")
    check("skipped", visit.shows("li", "will be skipped") and visit.shows("li", "nothing will be imported"), text_of(browser, "main"))
    visit.end()


def tab_to(browser, condition, most=60):
    """Presses Tab until a condition on the focused element `e` holds; returns whether it does."""
    for _ in range(most):
        if browser.run(f"const e = document.activeElement; return Boolean({condition})"):
            return True
        browser.press("Tab")
    return False


def seed_by_keys(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    check("the file field is reached by Tab", tab_to(browser, "e.type === 'file'"))
    browser.type("input[type=file]", visit.file(SEED, "positions.csv"))  # the system's own dialog cannot be driven
    check("the file is read", browser.until("document.querySelector('table.preview')"))
    check("Continue to the columns", tab_to(browser, "e.textContent === 'Continue to the columns'"))
    browser.press("Enter")
    check("the suggestion is reached", browser.until("document.querySelector('.suggest')") and tab_to(browser, "e.textContent === 'use `ismanager`'"))
    browser.press("Enter")
    check("the suggestion is accepted", browser.until("document.querySelector('select[name=\"csvmapping:globalmanager\"]').value === '=ismanager'"))
    check("the focus is kept", browser.until("document.activeElement !== document.body"), browser.run("return document.activeElement.outerHTML.slice(0, 100)"))
    check("Continue to the check", tab_to(browser, "e.textContent === 'Continue to the check'"))
    browser.press("Enter")
    check("the file can be imported", visit.shows(".verdict", "can be imported: 5 rows, 0 errors"))
    check("Continue to the import", tab_to(browser, "e.textContent === 'Continue to the import'"))
    browser.press("Enter")
    check("the plan", browser.until("document.querySelector('button[name=import]')") and tab_to(browser, "e.name === 'import'"))
    browser.press("Enter")
    check("imported, with its log", visit.shows(".verdict", "Completed") and visit.shows(".log li", "5 positions imported"), text_of(browser, "main"))
    browser.run("window.confirm = () => true")
    check("undo is reached", tab_to(browser, "e.name === 'undo'"))
    browser.press("Enter")
    check("rolled back", visit.shows(".verdict", "Undone"), text_of(browser, "main"))
    same("the framework is removed", frameworks(visit), [])
    visit.end()


def broken_by_keys(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    check("the file field is reached by Tab", tab_to(browser, "e.type === 'file'"))
    browser.type("input[type=file]", visit.file(BROKEN, "keys.csv"))  # the system's own dialog cannot be driven
    check("the broken file is read", browser.until("document.querySelector('table.preview')"))
    check("Continue to the columns", tab_to(browser, "e.textContent === 'Continue to the columns'"))
    browser.press("Enter")
    check("the heading has the focus", browser.until("document.activeElement.tagName === 'H2'"))
    check("Continue to the check", tab_to(browser, "e.textContent === 'Continue to the check'"))
    browser.press("Enter")
    check("the table is reached", browser.until("document.querySelector('.grid')") and tab_to(browser, "e.classList.contains('grid')"))
    browser.press("n", "n", "n")
    check("n goes to the next finding", visit.shows(".detail", "COOO"), text_of(browser, ".detail"))
    check("the fix is reached", tab_to(browser, "e.classList.contains('fix')", 5))
    browser.press("Enter")
    check("one problem fixed", visit.shows(".verdict", "1 error, 1 warning"), text_of(browser, ".verdict"))
    check("all safe fixes", tab_to(browser, "e.name === 'fix:safe'"))
    browser.press("Enter")
    check("all problems fixed", visit.shows(".verdict", "0 errors, 0 warnings"), text_of(browser, ".verdict"))
    check("the organisation tab", tab_to(browser, "e.getAttribute('role') === 'tab'"))
    browser.press("ArrowRight")
    check("the tree", browser.until("document.querySelector('[role=tree]')") and tab_to(browser, "e.getAttribute('role') === 'tree'"))
    browser.until("document.querySelectorAll('[role=treeitem]').length > 1")
    browser.press("ArrowDown", "ArrowRight")
    check("an item is expanded", browser.until("document.querySelectorAll('[role=treeitem]').length >= 4"), text_of(browser, "[role=tree]"))
    check("Continue to the import", tab_to(browser, "e.textContent === 'Continue to the import'"))
    browser.press("Enter")
    check("the plan", browser.until("document.querySelector('button[name=import]')") and tab_to(browser, "e.name === 'import'"))
    browser.press("Enter")
    check("imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    browser.run("window.confirm = () => true")
    check("undo is reached", tab_to(browser, "e.name === 'undo'"))
    browser.press("Enter")
    check("rolled back", visit.shows(".verdict", "Undone"), text_of(browser, "main"))
    visit.end()


def hostile(server):
    cells = ["<script>document.title=1</script>", '"><img src=x onerror=document.title=1>', "a\u202eb\u2066c", "x" * (1 << 20), "=1+1"]
    rows = "".join(f'{i},"{"" if not i else 0}","{cell.replace(chr(34), chr(34) * 2)}"\n' for i, cell in enumerate(cells))
    visit = PageUser(tally, server)
    browser = visit.browser
    check("hostile cells", visit.drop("idnumber,parent,name\n" + rows + "</td><b>,0,x\n", "<img src=x onerror=document.title=1>.csv"))
    for step in ("2. Columns", "3. Check"):
        browser.click("button", step)
        browser.frame()
    check("a tag is shown as text", visit.shows(".grid .row", "<script>document.title=1</script>"))
    check("another tag is shown as text", visit.shows(".grid .row", '"><img src=x onerror=document.title=1>'))
    check("bidirectional controls are shown as code points", visit.shows(".grid .row", "\u27e8U+202E\u27e9b\u27e8U+2066\u27e9c"))
    check("a cell of one mebibyte is truncated", browser.run("return [...document.querySelectorAll('.grid .row')].every((r) => r.textContent.length < 3000)"))
    browser.run("document.querySelectorAll('.grid .row')[4].click()")
    check("the whole cell is shown below", browser.until("(document.querySelector('.detail .value')?.textContent.length ?? 0) > 15000"))
    browser.click("[role=tab]", "Organisation")
    check("hostile cells in the tree", visit.shows("[role=treeitem]", "<script>document.title=1</script>") or visit.shows(".cards", "<script>"), text_of(browser, "[role=tree]"))
    same("no script ran, no markup was created", browser.run("return [document.title !== '1', document.querySelectorAll('main img, main script').length]"), [True, 0])
    visit.end()


def reading(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    check("another encoding and delimiter", visit.drop("idnumber;parent;name\nA;;Größe\nB;A;Zoë\n".encode("iso-8859-15"), "latin.csv"))
    check("encoding and delimiter are detected", visit.shows("option", "windows-1252 (detected automatically)") and visit.shows("option", "semicolon (detected automatically)") and visit.shows("td", "Größe"), text_of(browser, "main"))
    browser.run("const s = document.querySelector('select[name=encoding]'); s.value = 'macintosh'; s.dispatchEvent(new Event('change'))")
    check("the encoding is changed", browser.until("!document.querySelector('.preview').textContent.includes('Größe')"))
    browser.run("const s = document.querySelector('select[name=encoding]'); s.value = 'ISO-8859-15'; s.dispatchEvent(new Event('change'))")
    check("the encoding is changed back", visit.shows("td", "Größe"))
    browser.run("const s = document.querySelector('select[name=delimiter]'); s.value = '|'; s.dispatchEvent(new Event('change'))")
    check("a wrong delimiter is reported", visit.shows(".findings", "OV109"), text_of(browser, "main"))
    browser.run("const s = document.querySelector('select[name=delimiter]'); s.value = ';'; s.dispatchEvent(new Event('change'))")
    check("the delimiter is changed back", visit.shows("td", "Zoë"))
    browser.click("button", "4. Import")
    browser.click("button[name=import]")
    check("imported as shown", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    check("a file that is not a CSV is reported", browser.click("button", "start another import") or not visit.browser.drop(".drop", visit.file(b"PK\x03\x04" + bytes(200), "book.xlsx")))
    check("advice for such a file", visit.shows(".findings", "OV103") or visit.shows(".problem", "zip"), text_of(browser, "main"))
    visit.end()


def workbook(server):
    """A workbook is vetted and imported like a CSV file, and not changed."""
    header = ["idnumber", "name", "parent", "manager"]
    made = os.path.join(server.folder, "made.xlsx")
    visit = PageUser(tally, server)
    browser = visit.browser

    def drop(name, *rows):
        with open(xlsx(made, [header, *rows]), "rb") as file:
            return visit.drop(file.read(), name)
    check("a workbook is read", drop("bad.xlsx", ["CEO", "Chief", None, 1], ["COO", "Operations", "CEO", 0], ["OM", "Office", "COOO", 0]))
    browser.click("button", "3. Check")
    check("a workbook's findings", visit.shows(".verdict", "3 rows, 1 error"), text_of(browser, "main"))
    browser.click("button", "set the likely parent")
    check("a workbook is not changed", visit.shows("main", "a workbook is not changed here"), text_of(browser, "main"))
    browser.click("button", "1. File")
    check("another workbook", drop("good.xlsx", ["CEO", "Chief", None, 1], ["COO", "Operations", "CEO", 0]))
    browser.click("button", "4. Import")
    browser.click("button[name=import]")
    check("a workbook is imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    same("the framework of a workbook", [(f["name"], f["items"]) for f in frameworks(visit)], [("good", 2)])
    visit.end("400")  # what is refused


def many(server):
    n = 1000000
    text = "idnumber,parent,name,description\n" + "".join(f"P{k},{'' if k == 0 else f'P{(k - 1) // 8}' if k % 1000 else 'NIX'},Position {k},\n" for k in range(n))
    visit = PageUser(tally, server)
    browser = visit.browser
    check("a million rows", visit.drop(text, "many.csv"))
    browser.run("""window.usable = 0; const opened = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send = function (...args) {
        this.upload.addEventListener("load", () => { window.uploaded = performance.now(); }); return opened.apply(this, args); };
        window.looking = setInterval(() => { if (window.uploaded && document.querySelector(".grid .row:not(.head) [role=gridcell]")?.textContent === "2") { window.usable ||= performance.now(); } }, 5);""")
    browser.click("button", "1. File")
    browser.drop(".drop", visit.file(text, "more.csv"))
    browser.until("document.querySelector('h2').textContent.includes('more.csv')", 60)
    browser.click("button", "3. Check")
    browser.until("window.usable", 60)
    seconds = browser.run("return (window.usable - window.uploaded) / 1000")
    print(f"steps: the check step of 1,000,000 rows is usable {seconds:.1f} s after the upload")
    if "/release/" in orgvet: # other builds are slow on purpose
        within("usable within five seconds", 5, seconds)
    check("findings of a million rows", visit.shows(".verdict", "999 errors"), text_of(browser, ".verdict"))
    same("no blank areas when scrolling", browser.wait(SCROLLED, ".grid", 60), 0)
    browser.run("const g = document.querySelector('.grid'); g.scrollTop = g.scrollHeight")
    check("End key goes to the end", visit.shows(".grid .row", "Position 999999"), text_of(browser, ".grid"))
    browser.click("button", "next finding")
    browser.click("button", "only rows with findings")
    check("a thousand rows have findings", browser.until("document.querySelector('.grid').getAttribute('aria-rowcount') === '1000'"), text_of(browser, ".looker [role=status]"))
    browser.click("[role=tab]", "Organisation")
    check("everything expanded", browser.until("document.querySelector('canvas.icicle')?.width > 100"))
    check("tree of a million rows", browser.until("document.querySelectorAll('[role=treeitem]').length > 1"))
    browser.type("input[placeholder^='identifier or']", "Position 999999")
    browser.press("Enter")
    check("found in the tree", visit.shows(".item.chosen", "Position 999999"), text_of(browser, "[role=tree]"))
    browser.picture("steps-many")
    memory = browser.run("return performance.memory.usedJSHeapSize / 1e6")
    print(f"steps: it takes {memory:.0f} MB of the page's memory")
    check("less than 300 MB", memory < 300, memory)
    visit.end()


def two_windows(server):
    one, two = PageUser(tally, server), PageUser(tally, server)
    for visit, name in ((one, "one.csv"), (two, "two.csv")):
        check(f"{name} is read", visit.drop(SEED, name))
        visit.browser.click("button", "4. Import")
    for visit in (one, two):
        visit.browser.click("button[name=import]")
    for visit, name in ((one, "one"), (two, "two")):
        check(f"{name} is imported", visit.shows(".verdict", "Completed"), text_of(visit.browser, "main"))
    check("both frameworks exist", {"one", "two"} <= {f["name"] for f in frameworks(one)})
    one.end()
    two.end()


def restarted(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    check("read before the restart", visit.drop(BROKEN, "before.csv"))
    browser.click("button", "3. Check")
    browser.until("document.querySelector('.grid')")
    server.stop()
    browser.click("button[name='fix:safe']")
    check("the restart is reported", visit.shows(".connection", "cannot reach the service"), text_of(browser, "main"))
    server.options = (*server.options, "--listen", f"127.0.0.1:{server.port}")
    server.start()
    browser.click("button[name='fix:safe']")
    check("continues after the restart", visit.shows(".verdict", "1 error, 0 warnings"), text_of(browser, ".verdict"))
    browser.click("button[name='fix:parent']") if browser.find("button[name='fix:parent']") else browser.click("button", "next finding")
    check("fixed after the restart", visit.shows(".verdict", "can be imported"), text_of(browser, "main"))
    browser.click("button", "4. Import")
    browser.until("document.querySelector('button[name=import]')")
    browser.click("button[name=import]")
    check("the import is started", visit.shows("h2", "Log: before.csv"), text_of(browser, "main"))
    server.stop()
    check("restart during the import", visit.shows(".connection", "cannot reach the service") or visit.shows(".verdict", "Completed", 1), text_of(browser, "main"))
    server.start()
    check("the import continues", visit.shows(".verdict", "Completed", 30), text_of(browser, "main"))
    visit.end("ERR_CONNECTION", "Failed to load resource")


AGREE = """(async () => {
    const {Memory, Remote, look} = globalThis.orgvet, link = [...document.querySelectorAll("a[download]")].find((a) => a.download.endsWith("report.html"));
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html"), json = (name) => JSON.parse(page.querySelector("script." + name).textContent);
    const memory = new Memory(json("rows"), json("findings")), draft = {item: new URL(link.href).searchParams.get("item"), settings: {}};
    const remote = new Remote(draft, await look(draft, "about")), differ = [];
    let asked = 0;
    const same = (what, got, wanted) => { asked++; if (JSON.stringify(got) !== JSON.stringify(wanted)) differ.push(what + ": " + JSON.stringify(got) + " is not " + JSON.stringify(wanted)); };
    same("top", remote.top, memory.top);
    const of = (n) => [n.node, n.kids, n.below, n.worst, n.row, n.id, n.name, n.group, n.loop && n.loop.cut];
    for (let node = 0; node < memory.nodes; node++) {
      same("node " + node, of(await remote.node(node)), of(memory.node(node)));
      same("above " + node, await remote.above(node), memory.above(node));
      same("children of " + node, (await remote.children(node, 0, 500)).map(of), memory.children(node, 0, 500).map(of));
    }
    for (let row = 1; row <= memory.count; row++) same("way to " + row, await remote.way(row), memory.way(row));
    for (const filter of [{code: "", severity: "", text: "", only: false}, {code: "", severity: "", text: "", only: true}, {code: "OV402", severity: "", text: "", only: false},
      {code: "", severity: "warning", text: "", only: false}, {code: "", severity: "", text: "a", only: false}, {code: "", severity: "error", text: "is", only: true}]) {
      same("total", await remote.total(filter), memory.total(filter));
      same("window", (await remote.window(filter, 1, 20)).map((r) => [r.row, r.line, r.cells, r.findings.map((f) => [f.code, f.message])]), memory.window(filter, 1, 20).map((r) => [r.row, r.line, r.cells, r.findings.map((f) => [f.code, f.message])]));
      for (const row of [1, 5, 17]) {
        same("position", await remote.position(filter, row), memory.position(filter, row));
        const at = Math.min(row, memory.total(filter));
        same("next", await remote.next(filter, at, 1), memory.next(filter, at, 1));
        same("previous", await remote.next(filter, at, -1), memory.next(filter, at, -1));
      }
    }
    same("find", await remote.find("b"), memory.find("b", 1000));
    const rounded = (levels) => levels.map((level) => level.map(([from, to, worst, node]) => [from.toFixed(1), to.toFixed(1), worst, node]));
    same("overview", rounded(await remote.overview(300)), rounded(memory.overview(300, 40)));
    done([asked, differ.slice(0, 3)]);
  })().catch((problem) => done([0, [String(problem)]]));"""


def agree(server):
    """The data sources of the page and of the report, which are separate programs, give the same
    answers for random files."""
    visit = PageUser(tally, server)
    browser = visit.browser
    dice = random.Random(7)
    for number in range(12):
        ids = [dice.choice("abcdefghijklmnopqrstuvw") + str(dice.randrange(3)) for _ in range(40)]
        pick = lambda: dice.choice(["", "", dice.choice(ids), dice.choice(ids), dice.choice(ids), "X" + str(dice.randrange(3)), "nobody"])  # noqa: E731
        rows = "".join(f"{id},{pick()},{dice.choice(['', 'Name ', 'same', id])}{',' if dice.random() < 0.05 else ''}\n" for id in ids)
        name = f"random{number}.csv"
        visit.drop("idnumber,parent,name\n" + rows, name)
        browser.click("button", "3. Check")
        browser.until("document.querySelector('.grid')")
        asked, differ = browser.wait(AGREE)
        check(f"page and report agree on {name} ({asked} answers)", asked > 200 and not differ, "\n  ".join(map(str, differ)) + "\n" + rows)
        browser.click("button", "1. File")
    visit.end("Applying inline style")  # the report's data source, read here as data


def german(server):
    visit = PageUser(tally, server, "de-AT,de;q=0.9,en;q=0.8", "Mit einem Token anmelden")
    browser = visit.browser
    same("the page declares its language", browser.run("return document.documentElement.lang"), "de")
    check("the file is read", visit.drop(BROKEN, "kaputt.csv"))
    browser.click("button", "3. Prüfung")
    check("the verdict", visit.shows(".verdict", "kann so nicht importiert werden: 5 Zeilen, 2 Fehler, 1 Warnung"), text_of(browser, ".verdict"))
    check("the findings", visit.shows(".grid .row", "der übergeordnete Eintrag `COOO` wurde in dieser Datei nicht gefunden"), text_of(browser, ".grid"))
    check("the same codes", visit.shows(".bar button", "OV402"))
    visit.accessible("check, in German")
    browser.picture("steps-german")
    report = browser.wait("fetch([...document.querySelectorAll('a[download]')].find((a) => a.download.includes('report.html')).href).then((r) => r.text()).then(done)")
    check("download of the report", '<html lang="de">' in report and "kann so nicht importiert werden" in report, report[:300])
    browser.click("button", "alles korrigieren, auch Vermutungen")
    check("all fixed", visit.shows(".verdict", "kann importiert werden: 5 Zeilen, 0 Fehler"), text_of(browser, ".verdict"))
    visit.end()


def sizes(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "sizes.csv")
    for name, width, scale in (("narrow", 360, 1), ("zoomed to 200 %", 640, 2)):
        browser.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=scale, mobile=False)
        for step in ("1. File", "2. Columns", "3. Check", "4. Import"):
            browser.click("button", step)
            browser.frame()
            check(f"{name}: {step} does not overflow", browser.run("return document.documentElement.scrollWidth <= innerWidth"), browser.run("return [document.documentElement.scrollWidth, innerWidth]"))
        browser.picture(f"steps-{width}")
    browser.command("Emulation.clearDeviceMetricsOverride")
    browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    same("no animation with reduced motion", browser.run("return document.getAnimations().length"), 0)
    visit.end()


run_parts(tally, orgvet, (by_mouse, broken, seed_by_keys, broken_by_keys, hostile, reading, workbook, many, two_windows, restarted, agree, german, sizes))
tally.end()
