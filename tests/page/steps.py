#!/usr/bin/env python3
"""The five steps of an import in a browser: files as HR has them go from file to a right import, by
mouse and by keyboard, in English and German. usage: steps.py ORGVET [PART …]"""
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "book"), HERE]
from server import SEED  # noqa: E402
from tally import Tally  # noqa: E402
import hr_files  # noqa: E402
from hr_files import DEPARTMENTS, EXCEL, LEVELS, MORE_DEPARTMENTS, PEOPLE, TITLES, US_EXPORT, WORKBOOK, mess  # noqa: E402
from browser import BROKEN, PageUser, frameworks, run_parts, text_of  # noqa: E402
from workbook import ods, ods_row, parts, sheet, write  # noqa: E402

orgvet = os.path.abspath(sys.argv[1])
tally = Tally("steps")
check, same, within = tally.check, tally.same, tally.within
GERMAN = ("de-AT,de;q=0.9,en;q=0.8", "Mit einem Token anmelden")


def items(visit, kind="positions"):
    return sorted((f["name"], f["items"]) for f in frameworks(visit) if f["kind"] == kind)


def of_line(visit, what="Circular reporting line"):
    """Changes the best line of each circular reporting line; returns the number of clicks."""
    visit.select(what)
    visit.browser.click(".cedge.best .btn")
    visit.fix()
    return 3


def by_mouse(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.accessible("file: empty")
    browser.click("button", "Try it with a sample")
    check("the sample is read", visit.settled("sample.csv"), visit.heading())
    visit.accessible("file")
    browser.picture("steps-1-file")
    visit.next()
    check("what is only likely is shown", browser.until("location.hash === '#new/columns'"))
    visit.accessible("columns")
    browser.picture("steps-2-columns")
    visit.review()
    same("problems, the one of most rows first", visit.problems()[:5], ["Yes and no are written out", "“Reports to” not found", "Reports to itself", "Duplicate identifier", "Circular reporting line"])
    visit.accessible("review: values")
    visit.select("“Reports to” not found")
    visit.accessible("review: not found")
    browser.picture("steps-3-review")
    same("what will change is said", visit.panel()[1], "2 rows will report to P-200")
    visit.select("Duplicate identifier")
    visit.accessible("review: duplicate")
    browser.picture("steps-3-duplicate")
    visit.select("Circular reporting line")
    visit.accessible("review: circular")
    browser.picture("steps-3-circular")
    visit.select("Review 3 fixes at once")
    browser.until("document.querySelectorAll('.many tbody tr').length > 3")
    visit.accessible("review: many")
    browser.picture("steps-3-many")
    check("all sure ones are applied", visit.fix() and visit.left() == 3, visit.left())
    check("they can be undone", browser.click(".toast button", "Undo") or browser.until("document.querySelector('.left b').textContent === '5'"))
    browser.until("globalThis.orgvet.idle()")
    browser.click("button", "Redo")
    check("and redone", browser.until("document.querySelector('.left b').textContent === '3' && globalThis.orgvet.idle()"))
    for name in ("Reports to itself", "Duplicate identifier"):
        visit.select(name)
        visit.fix()
    of_line(visit)
    same("nothing is left", visit.left(), 0)
    check("which the page says", visit.shows(".panel h2", "No problems left"))
    visit.accessible("review: done")
    browser.click("button[name='view:organisation']")
    check("the organisation", browser.until("document.querySelectorAll('[role=treeitem]').length >= 2"))
    visit.accessible("organisation")
    browser.picture("steps-3-organisation")
    visit.next()
    check("what will change", visit.shows("h1", "10 positions will be created in a new framework, “sample”"), visit.heading())
    visit.accessible("import")
    browser.picture("steps-4-import")
    visit.imported()
    visit.accessible("result")
    browser.picture("steps-5-result")
    same("the framework is right", items(visit), [("sample", 10)])
    browser.click("button[name=undo]")
    browser.click("dialog .btn.primary")
    check("the import is undone", visit.shows("h2", "Undone. Items removed: 10. Frameworks removed: 1."), text_of(browser, "main"))
    same("the framework is removed", frameworks(visit), [])
    visit.next()
    check("another import begins with the file", browser.until("document.querySelector('.drop')"))
    visit.end()


# --- the files that HR has ---


def german_excel(server):
    visit = PageUser(tally, server, *GERMAN)
    browser = visit.browser
    same("the page declares its language", browser.run("return document.documentElement.lang"), "de")
    visit.drop(EXCEL, "Planstellen.csv")
    check("umlauts are read", visit.shows(".preview td", "Geschäftsführung"), text_of(browser, ".preview"))
    clicks = visit.review()
    same("what is wrong, in German", sorted(visit.problems()[:3]), ["Kennung doppelt", "Zirkelbezug", "„Vorgesetzte Planstelle“ nicht gefunden"])
    visit.accessible("review, in German")
    browser.picture("steps-german")
    visit.select("„Vorgesetzte Planstelle“ nicht gefunden")
    browser.click(".panel .val[open] .choice", "Oberste Ebene")
    visit.fix()
    visit.select("Kennung doppelt")
    visit.fix()
    clicks += 5 + of_line(visit, "Zirkelbezug") + visit.imported()
    same("imported", items(visit), [("Planstellen", 38)])
    print(f"steps: German Excel: {clicks} clicks")
    visit.end()


def us_export(server):
    visit = PageUser(tally, server)
    visit.drop(US_EXPORT, "export.csv")
    clicks = visit.review()
    same("nothing is wrong with it", visit.left(), 0)
    clicks += visit.imported()
    same("imported", items(visit), [("export", 60)])
    print(f"steps: US export: {clicks} clicks")
    visit.end()


def titles(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(TITLES, "titles.csv")
    check("the headings are found", visit.shows(".box header", "Headings: row 4"), text_of(browser, ".box header"))
    browser.click('.preview input[value="2"]')
    check("other headings are chosen", visit.shows(".box header", "Headings: row 2") or visit.shows("h1", "cannot be read"), text_of(browser, "main"))
    browser.click('.preview input[value="4"]')
    check("and the right ones again", visit.shows(".box header", "Headings: row 4"))
    check("the total is not a row", visit.shows(".callout", "Not a row, so it is left out"), text_of(browser, "main"))
    visit.accessible("file: a line that is not a row")
    browser.click(".callout button", "Keep it")
    check("it can be kept", browser.until("document.querySelector('.callout') === null && globalThis.orgvet.idle()"), text_of(browser, "main"))
    visit.review()
    check("then it is a row like others", browser.run("return document.querySelector('.left b').textContent !== '0' || document.querySelector('.filechip').textContent.includes('31 rows')"), text_of(browser, "main"))
    browser.press_with("Control", "z")
    browser.until("globalThis.orgvet.idle()")
    visit.go("file")
    check("and left out again", visit.shows(".callout", "Not a row, so it is left out"), text_of(browser, "main"))
    clicks = visit.review()
    same("nothing is wrong with the rows", visit.left(), 0)
    clicks += visit.imported()
    same("imported", items(visit), [("titles", 30)])
    print(f"steps: titles and totals: {clicks} clicks")
    visit.end()


def workbooks(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    path = write(os.path.join(server.folder, "source.xlsx"), parts({"Notes": sheet([["Only a remark"]]), "Positions": sheet(WORKBOOK)}))
    with open(path, "rb") as file:
        visit.drop(file.read(), "org.xlsx")
    if not browser.find("button[name='sheet:Positions'][aria-pressed=true]"):
        browser.click("button[name='sheet:Positions']")
    check("the sheet is chosen", browser.until("document.querySelector(\"button[name='sheet:Positions']\")?.getAttribute('aria-pressed') === 'true' && document.querySelector('.preview').textContent.includes('Position title') && globalThis.orgvet.idle()"), text_of(browser, "main"))
    visit.accessible("file: sheets")
    clicks = 1 + visit.review()
    same("a workbook's problem", visit.problems()[:1], ["“Reports to” not found"])
    browser.click(".panel .choice", "Top level")
    visit.fix()
    clicks += 2
    book = bytes(browser.wait("fetch([...document.querySelectorAll('a[download]')].find((a) => a.download.endsWith('org.xlsx')).href).then((r) => r.arrayBuffer()).then((b) => done([...new Uint8Array(b)]))"))
    clicks += visit.imported()
    same("imported", items(visit), [("org", 20)])
    print(f"steps: workbook: {clicks} clicks")
    visit.next()
    visit.drop(book, "corrected.xlsx")
    visit.review()
    same("the corrected workbook has no problems", visit.left(), 0)
    table = ods(os.path.join(server.folder, "source.ods"), {"Positions": "".join(ods_row(row) for row in WORKBOOK)})
    with open(table, "rb") as file:
        visit.another(file.read(), "org.ods")
    check("the framework that has all of it is proposed", browser.until("document.querySelector('input[name=target]:checked')?.value !== '' && globalThis.orgvet.idle()"))
    browser.click("input[name=target][value='']")
    browser.until("globalThis.orgvet.idle()")
    clicks = 1 + visit.review()
    same("an OpenDocument table's problem", visit.problems()[:1], ["“Reports to” not found"])
    browser.click(".panel .choice", "Top level")
    visit.fix()
    clicks += 2 + visit.imported()
    same("imported too", items(visit), [("org", 20), ("org", 20)])
    print(f"steps: .ods: {clicks} clicks")
    visit.end()


def by_name(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(PEOPLE, "people.csv")
    visit.next()
    browser.until("location.hash === '#new/columns'")
    clicks = 1 + visit.review()
    same("by e-mail address", visit.left(), 0)
    visit.imported()
    visit.next()
    visit.drop("Title,Reports to\n" + "".join(f"Title {i},{f'Title {i // 4}' if i else ''}\n" for i in range(40)), "names.csv")
    visit.next()
    browser.until("location.hash === '#new/columns'")
    if not browser.find("input[name=parents][value=name]:checked"):
        browser.click(".choice", "By name")
    check("parents are given by name", browser.until("document.querySelector('input[name=parents][value=name]:checked') && globalThis.orgvet.idle()"), text_of(browser, "main"))
    visit.accessible("columns: by name")
    visit.review()
    same("by name", visit.left(), 0)
    visit.imported()
    same("imported", items(visit), [("names", 40), ("people", 40)])
    print(f"steps: by e-mail address: {clicks + 3} clicks")
    visit.end()


def large_mess(server):
    """A circular reporting line of seven, 300 missing parents, 20 duplicates in 5,000 rows."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(mess(), "mess.csv")
    clicks = visit.review()
    check("three problems, the largest first", visit.problems()[0] == "“Reports to” not found" and visit.left() == 3, visit.problems())
    values = browser.run("return document.querySelectorAll('.panel .val').length")
    while "“Reports to” not found" in visit.problems()[:3] and visit.left() == 3 and clicks < 60:
        browser.click(".panel .val[open] .choice", "Top level")
        visit.fix()
        clicks += 2
    check("each value is answered once, for all its rows", 1 <= values <= 12 and visit.left() == 2, (values, visit.left()))
    clicks += of_line(visit)
    visit.select("Duplicate identifier")
    while visit.left() and clicks < 120:
        visit.fix()
        clicks += 1
    same("nothing is left", visit.left(), 0)
    clicks += visit.imported()
    same("imported", items(visit), [("mess", 5000)])
    print(f"steps: 5,000 rows in a mess: {clicks} clicks")
    visit.end()


def levels(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(LEVELS, "departments.csv")
    visit.next()
    check("levels are proposed", browser.until("document.querySelector('input[name=parents][value=levels]:checked')"), text_of(browser, "main"))
    visit.accessible("columns: levels")
    clicks = 1 + visit.review()
    same("nothing is wrong with it", visit.left(), 0)
    clicks += visit.imported()
    same("the levels above are imported too", items(visit, "departments"), [("departments", 25)])
    print(f"steps: levels: {clicks} clicks")
    visit.end()


def elsewhere(server):
    """Departments whose parents are in another framework."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(DEPARTMENTS, "departments.csv")
    visit.review()
    visit.imported()
    visit.next()
    visit.drop(MORE_DEPARTMENTS, "more departments.csv")
    visit.review()
    same("their parents are not in the file", (visit.left(), visit.problems()[0]), (1, "“parent” not found"))
    browser.click(".panel .val[open] button", "It is in another framework")
    browser.until("document.querySelector('dialog[open] select')")
    browser.click("dialog[open] button", "Use this framework")
    browser.until("!document.querySelector('dialog[open]') && globalThis.orgvet.idle()")
    clicks = 2
    same("compared with it, they are", visit.left(), 0)
    clicks += visit.imported()
    same("imported", items(visit, "departments"), [("departments", 6)])
    print(f"steps: parents in another framework: {clicks} clicks")
    visit.end()


def update(server):
    """30 moved, 5 new, 2 gone, 1 renamed."""
    before, after = hr_files.update()
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(before, "Positions 2026.csv")
    visit.review()
    visit.imported()
    visit.next()
    visit.drop(after, "november.csv")
    check("the framework is found and chosen", browser.until("document.querySelector('input[name=target]:checked')?.value !== ''") and visit.shows(".choice", "198 of 203 identifiers are already there"), text_of(browser, "main"))
    visit.accessible("file: an update")
    clicks = visit.review()
    same("nothing is wrong with it", visit.left(), 0)
    visit.next()
    check("what will be added", visit.shows("h1", "5 positions will be added to “Positions 2026”"), visit.heading())
    same("the changes", browser.run("return [...document.querySelectorAll('.tile .n')].map((e) => e.textContent)"), ["5", "30", "1", "2"])
    same("the to-do list", browser.run("return document.querySelectorAll('.todo li').length"), 33)
    visit.accessible("import: an update")
    browser.picture("steps-update")
    get = "fetch(document.querySelector(`a[download$='${arguments[0]}']`).href).then((r) => r.text()).then(done)"
    todo = browser.wait(get, ".todo.csv")
    check("the to-do list as CSV", todo.count("\n") == 34 and "Rename,P50,Renamed,Position 50" in todo, todo[:300])
    fresh = browser.wait(get, ".new.csv")
    same("only the new rows", fresh.lstrip("\ufeff").split("\r\n")[:2], ["idnumber,parent,name", "N0,P3,New 0"])
    clicks += 1 + visit.imported()
    same("imported", items(visit), [("Positions 2026", 205)])
    print(f"steps: an update: {clicks} clicks")
    visit.end()


# --- by keyboard alone ---

def tab_to(browser, condition, most=90):
    """Presses Tab until a condition on the focused element `e` holds; returns whether it does."""
    for _ in range(most):
        if browser.run(f"const e = document.activeElement; return Boolean({condition})"):
            return True
        browser.press("Tab")
    return False


def by_keys(server, language=("en", "Sign in with a token"), words=("Continue", "Fix", "Completed")):
    go_on, fix, completed = words
    visit = PageUser(tally, server, *language)
    browser = visit.browser
    check("the file field is reached by Tab", tab_to(browser, "e.type === 'file'"))
    browser.type("input[type=file]", visit.file(EXCEL, "keys.csv"))  # the system's own dialog cannot be driven
    check("the file is read", visit.settled("keys.csv"))
    for step in ("columns", "review"):
        check(f"{go_on}: to {step}", tab_to(browser, "e.name === 'next'"))
        browser.press("Enter")
        if not browser.until(f"location.hash === '#new/{step}'", 5):
            break
        check(f"{step}: the heading has the focus, or the panel", browser.until("document.activeElement.tagName === 'H1' || document.activeElement.tagName === 'H2'"), browser.run("return document.activeElement.outerHTML.slice(0, 100)"))
    browser.until("document.querySelector('.panel footer .btn') && globalThis.orgvet.idle()")
    before = visit.left()
    browser.press("n")
    check("n goes to the next problem", browser.until("document.activeElement.tagName === 'H2' && globalThis.orgvet.idle()"), browser.run("return document.activeElement.outerHTML.slice(0, 100)"))
    for _ in range(12):
        if not visit.left():
            break
        browser.until("globalThis.orgvet.idle()")
        if browser.find(".cedge.best .btn"):
            check("the best line is reached", tab_to(browser, "e.closest?.('.cedge.best')"))
            browser.press("Enter")
        elif browser.run("return document.querySelector('.panel footer .btn').disabled"):
            check("a choice is reached", tab_to(browser, "e.type === 'radio' && e.closest('.panel')"))
            browser.press("Space")
        check(f"{fix} is reached", tab_to(browser, "e.closest?.('.panel footer')"))
        left = browser.run("return globalThis.orgvet.changes()")
        browser.press("Enter")
        check("a fix by keyboard", browser.until(f"globalThis.orgvet.changes() > {left} && globalThis.orgvet.idle()"))
    same("all are fixed by keyboard alone", (before > 0, visit.left()), (True, 0))
    check("the table is reached", tab_to(browser, "e.getAttribute('role') === 'grid'"))
    browser.press("Home", "ArrowDown", "ArrowRight", "F2")
    browser.until("document.activeElement.classList.contains('plain-input')")
    browser.press(*"x", "Enter")
    check("a cell is edited", browser.until("[...document.querySelectorAll('.sheet-grid .edited')].some((e) => e.textContent.includes('P6x'))"), text_of(browser, ".sheet-grid"))
    check("the focus stays in the table", browser.until("document.activeElement.getAttribute('role') === 'grid' && globalThis.orgvet.idle()"))
    browser.press_with("Control", "z")
    check("undone by keyboard", browser.until("![...document.querySelectorAll('.sheet-grid .edited')].some((e) => e.textContent.includes('P6x')) && globalThis.orgvet.idle()"))
    check("to the plan", tab_to(browser, "e.name === 'next'"))
    browser.press("Enter")
    browser.until("location.hash === '#new/import' && document.querySelector('button[name=next]:not([aria-disabled])')")
    check("Import is reached", tab_to(browser, "e.name === 'next'"))
    browser.press("Enter")
    check("the dialog has the focus", browser.until("document.activeElement.closest('dialog')"))
    check("it is confirmed", tab_to(browser, "e.closest?.('dialog') && e.classList.contains('primary')"))
    browser.press("Enter")
    check("imported", visit.shows("h2", completed), text_of(browser, "main"))
    same("as it was fixed", items(visit), [("keys", 38)])
    visit.end()


def by_keys_in_german(server):
    by_keys(server, GERMAN, ("Weiter", "Beheben", "Abgeschlossen"))


def by_ear(server):
    """What a screen reader is told on the way through review and fixing, from the accessibility tree."""
    visit = PageUser(tally, server)
    browser = visit.browser
    told = browser.told
    visit.drop("idnumber,parent,name\nCEO,,Chief\nCOO,CEO,Operations\nHR,COOO,People\nFIN,COOO,Finance\nIT,COO,Head of IT\nIT,COO,Head of Information\n", "ear.csv")
    visit.review()
    browser.press("n")
    browser.until("document.activeElement.tagName === 'H2' && globalThis.orgvet.idle()")
    browser.press("p")
    browser.until("document.activeElement.tagName === 'H2' && globalThis.orgvet.idle()")
    one = told()
    check("the problem is a heading", (one["role"], one["name"]) == ("heading", "“parent” not found"), one)
    check("its values are disclosed", tab_to(browser, "e.tagName === 'SUMMARY'"))
    one = told()
    check("with what they stand for, and how many rows", "COOO" in one["name"] and "COO" in one["name"] and "2 rows" in one["name"] and one.get("expanded"), one)
    check("the suggestion is reached", tab_to(browser, "e.type === 'radio'"))
    one = told()
    check("the suggestion, its reason, and that it is chosen", one["role"] == "radio" and one["name"].startswith("COO · Operations") and one["checked"] == "true", one)
    check("the search is reached", tab_to(browser, "e.type === 'search' && e.closest('.panel')"))
    check("and says for what", told()["name"] == "Other row for “COOO”", told())
    check("the action is reached", tab_to(browser, "e.closest('.panel footer')"))
    check("and says how much it does", told() ["name"] == "Fix 2 rows", told())
    browser.press("Enter")
    browser.until("globalThis.orgvet.idle() && document.querySelector('.left b').textContent === '1'")
    said = browser.run("return [...document.querySelectorAll('[role=status], [aria-live]')].map((e) => e.textContent)")
    check("what was done and what is left is announced", any("2 rows fixed. 1 problem left." in text for text in said), said)
    one = told()
    check("the next problem has the focus", (one["role"], one["name"]) == ("heading", "Duplicate identifier"), one)
    check("the table is reached", tab_to(browser, "e.getAttribute('role') === 'grid'"))
    browser.press("Home")
    one = told()
    check("a cell with its mistake", one["role"] == "gridcell" and one["name"].startswith("IT") and "more than once" in one["name"] + (one["description"] or "") or "IT" in one["name"] and "invalid" in one, one)
    browser.press("F2")
    one = told()
    check("a cell that is being edited is a field with a name", one["role"] == "textbox" and "Line 7" in one["name"] and "idnumber" in one["name"], one)
    browser.press(*"X7", "Enter")
    browser.until("globalThis.orgvet.idle() && document.querySelector('.left b').textContent === '0'")
    said = browser.run("return [...document.querySelectorAll('[role=status], [aria-live]')].map((e) => e.textContent)")
    check("that nothing is left is announced", any("No problems left." in text for text in said), said)
    check("Continue is reached", tab_to(browser, "e.name === 'next'"))
    check("and not held back", told()["role"] == "button" and told()["name"] == "Continue" and not told().get("disabled"), told())
    visit.end()


# --- editing in the table ---

CELL = "[...document.querySelectorAll('.sheet-grid .line:not(.heads)')].map((l) => [...l.children].map((c) => c.querySelector('bdi')?.textContent ?? c.textContent))"


def editing(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,parent,name\n" + "".join(f"P{i},{f'P{i // 3}' if i else ''},Position {i}\n" for i in range(12)), "edit.csv")
    visit.review()
    cells = lambda: browser.run(f"return {CELL}")  # noqa: E731
    at = lambda row, column: browser.run("document.querySelector(`[data-row='${arguments[0]}'] [data-cell='${arguments[1]}']`).click()", row, column)  # noqa: E731
    done = lambda: browser.until("globalThis.orgvet.idle()")  # noqa: E731
    browser.run("document.querySelector('.sheet-grid').focus()")
    at(2, 2)
    browser.press(*"New", "Enter")
    check("typing replaces a cell", browser.until(f"{CELL}[2][3] === 'New'"), cells())
    done()
    browser.double_click("[data-row='1'] [data-cell='2']")
    check("a double click edits", browser.until("document.activeElement.classList.contains('plain-input')"))
    browser.press("x")
    browser.double_click(".plain-input")
    same("another one within it selects a word", browser.run("return document.activeElement.value"), "Position 1x")
    browser.press("Escape")
    same("Esc leaves it as it was", cells()[1][3], "Position 1")
    at(3, 2)
    browser.run("""const data = new DataTransfer(); data.setData('text/plain', 'a\\tb\\nc\\td\\n');
        document.querySelector('.sheet-grid').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))""")
    check("a block is pasted, as far as there are columns", browser.until(f"{CELL}[3][3] === 'a' && {CELL}[4][3] === 'c'"), cells())
    done()
    at(3, 2)
    browser.press_with("Shift", "ArrowDown")
    browser.press_with("Shift", "ArrowDown")
    browser.press_with("Control", "d")
    check("filled down", browser.until(f"{CELL}[4][3] === 'a' && {CELL}[5][3] === 'a'"), cells())
    done()
    at(5, 2)
    browser.press("Delete")
    check("a cell is emptied, which is a problem", browser.until("document.querySelector('.left b').textContent === '1'"), cells())
    done()
    same("its problem is named", visit.problems()[0], "Name missing")
    browser.press_with("Control", "z")
    check("undone", browser.until(f"{CELL}[5][3] === 'a' && document.querySelector('.left b').textContent === '0'"))
    done()
    at(11, 0)
    browser.press_with("Shift", "Delete")
    check("a row is deleted", browser.until(f"{CELL}.length === 11"), cells())
    done()
    browser.click("button", "More")
    browser.click("[role=menuitem]", "Deleted rows (1)")
    browser.click("dialog input[type=checkbox]")
    browser.click("dialog .btn.primary")
    check("and restored", browser.until(f"{CELL}.length === 12"), cells())
    done()
    at(11, 0)
    browser.click("button", "More")
    browser.click("[role=menuitem]", "Add a row")
    check("a row is added below", browser.until(f"{CELL}.length === 13 && document.querySelector('.line.added')"), cells())
    done()
    at(12, 0)
    browser.press(*"Z", "Tab", *"P1", "Tab", *"Last", "Enter")
    check("and filled", browser.until(f"JSON.stringify({CELL}[12].slice(1)) === JSON.stringify(['Z', 'P1', 'Last'])"), cells())
    done()
    browser.press_with("Control", "h")
    browser.until("document.querySelector('.find')")
    visit.accessible("find and replace")
    browser.run("const s = document.querySelector('.find select'); s.value = '2'; s.dispatchEvent(new Event('change'))")
    browser.type(".find input[aria-label=Find]", "a")
    check("all cells that contain it are counted", visit.shows(".find [role=status]", "in 4 cells"), text_of(browser, ".find"))
    browser.type(".find input[aria-label='Replace with']", "aa")
    browser.click(".find button", "Replace")
    check("each is replaced once", browser.until(f"{CELL}[3][3] === 'aa' && {CELL}[5][3] === 'aa'"), cells())
    done()
    browser.run("document.querySelector('.find input[type=checkbox]').click()")
    browser.run("document.querySelector('.find input[aria-label=Find]').value = ''")
    browser.type(".find input[aria-label=Find]", "aa")
    check("whole cells are counted", visit.shows(".find [role=status]", "in 3 cells"), text_of(browser, ".find"))
    browser.run("document.querySelector(\".find input[aria-label='Replace with']\").value = ''")
    browser.type(".find input[aria-label='Replace with']", "Same")
    browser.click(".find button", "Replace")
    check("replaced", browser.until(f"{CELL}[3][3] === 'Same' && {CELL}[5][3] === 'Same'"), cells())
    done()
    browser.click("button", "More")
    browser.click("[role=menuitem]", "Changes so far")
    check("all changes are listed", browser.run("return document.querySelectorAll('dialog li').length") >= 6)
    visit.accessible("changes so far")
    browser.press("Escape")
    browser.click("button[name='view:organisation']")
    browser.until("document.querySelectorAll('[role=treeitem]').length > 1 && document.querySelector('.around button')")
    browser.run("document.querySelector('[role=tree]').focus()")
    browser.press("ArrowDown", "m")
    visit.shows("dialog", "belong?")
    browser.type("dialog input[type=search]", "P5")
    browser.click("dialog .finds button", "P5")
    browser.click("dialog .btn.primary")
    check("not below itself", visit.shows(".org [role=status]", "“Same” is below “Position 1”."), text_of(browser, "main"))
    browser.run("document.querySelector('[role=tree]').focus()")
    browser.press("ArrowDown", "F2")
    check("F2 renames in place", browser.until("document.querySelector('.card .name input') === document.activeElement"))
    visit.accessible("rename in place")
    browser.run("document.activeElement.value = 'Renamed'")
    browser.press("Enter")
    check("renamed", browser.until("globalThis.orgvet.idle() && document.querySelector('.card .name')?.textContent === 'Renamed'"), text_of(browser, ".org"))
    browser.type("input[aria-label='Search all rows']", "P4")
    check("the one search field finds in the organisation", browser.until("document.querySelector('[role=treeitem].chosen .id')?.textContent === 'P4'"), text_of(browser, ".org"))
    browser.run("const s = document.querySelector(\"input[aria-label='Search all rows']\"); s.value = ''; s.dispatchEvent(new Event('input')); document.querySelector('[role=tree]').focus()")
    browser.press("m")
    check("M asks where a row belongs", visit.shows("dialog", "belong?"), text_of(browser, "main"))
    visit.accessible("move to")
    browser.type("dialog input[type=search]", "P5")
    browser.click("dialog .finds button", "P5")
    browser.click("dialog .btn.primary")
    check("the row is moved", browser.until("globalThis.orgvet.idle() && document.querySelector('.toast')?.textContent.includes('moved')"), text_of(browser, "body"))
    browser.click("button[name='view:table']")
    browser.until(f"{CELL}.length > 5")
    browser.press("?")
    check("? lists the keys", visit.shows("dialog", "fill down"))
    visit.accessible("keyboard")
    browser.press("Escape")
    browser.run("location.reload()")
    check("the edits are there after reloading", browser.until(f"{CELL}[12]?.[1] === 'Z'"), text_of(browser, "main"))
    visit.end()


# --- what must not happen ---

def hostile(server):
    cells = ["<script>document.title=1</script>", '"><img src=x onerror=document.title=1>', "a\u202eb\u2066c", "x" * (1 << 20), "=1+1"]
    rows = "".join(f'{i},"{"" if not i else 0}","{cell.replace(chr(34), chr(34) * 2)}"\n' for i, cell in enumerate(cells))
    visit = PageUser(tally, server)
    browser = visit.browser
    check("hostile cells", visit.drop("idnumber,parent,name\n" + rows + "</td><b>,0,x\n", "<img src=x onerror=document.title=1>.csv"))
    visit.go("columns")
    visit.review()
    check("a tag is shown as text", visit.shows(".sheet-grid .line", "<script>document.title=1</script>"))
    check("bidirectional controls are shown as code points", visit.shows(".sheet-grid .line", "\u27e8U+202E\u27e9b\u27e8U+2066\u27e9c"))
    check("a cell of one mebibyte is truncated", browser.run("return [...document.querySelectorAll('.sheet-grid .line')].every((r) => r.textContent.length < 3000)"))
    browser.click("button[name='view:organisation']")
    check("hostile cells in the tree", visit.shows("[role=treeitem]", "<script>document.title=1</script>") or visit.shows(".cards", "<script>"), text_of(browser, "[role=tree]"))
    same("no script ran, no markup was created", browser.run("return [document.title !== '1', document.querySelectorAll('main img, main script').length]"), [True, 0])
    visit.end()


def many(server):
    rows = 1000000
    visit = PageUser(tally, server)
    browser = visit.browser
    check("a million rows", visit.drop("idnumber,parent,name\n" + "".join(f"P{i},{f'P{i // 10}' if i else ''},Position {i}\n" for i in range(rows)), "many.csv"))
    visit.review()
    browser.run("document.querySelector('.sheet-grid').focus()")
    browser.press_with("Control", "End")
    check("the last row", browser.until("document.querySelector('.sheet-grid .sel .ln')?.textContent === '1,000,001'"), text_of(browser, ".sheet-grid .sel"))
    browser.press(*"x", "Enter")
    check("an edit of the last row", browser.until("[...document.querySelectorAll('.sheet-grid .edited')].some((e) => e.textContent.startsWith('x'))", 60))
    check("little memory in the page", browser.run("return performance.memory.usedJSHeapSize") < 80e6, browser.run("return performance.memory.usedJSHeapSize"))
    visit.end()


def continued(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    heads = ["idnumber", "parent", "name"]
    path = write(os.path.join(server.folder, "two.xlsx"), parts({name: sheet([heads] + [[f"{name}{i}", f"{name}{i // 2}" if i else "", f"Title {i}"] for i in range(9)]) for name in ("A", "B")}))
    with open(path, "rb") as file:
        visit.drop(file.read(), "two.xlsx")
    visit.review()
    browser.run("document.querySelector('.sheet-grid').focus()")
    browser.press("ArrowDown", *"New", "Enter")
    check("an edit of a workbook", browser.until(f"{CELL}[1][1] === 'New' && globalThis.orgvet.idle()"), browser.run(f"return {CELL}"))
    again = PageUser(tally, server)
    again.browser.click(".way", "two.xlsx")
    check("it is continued elsewhere", again.browser.until(f"location.hash === '#new/review' && {CELL}[1][1] === 'New'"), text_of(again.browser, "main"))
    again.end()
    visit.go("file")
    browser.click("button[name='sheet:B']")
    check("another sheet has other cells, which is asked", visit.shows("dialog", "1 change that was made here"), text_of(browser, "main"))
    visit.accessible("another sheet")
    browser.click("dialog .btn", "Cancel")
    check("the sheet stays", browser.until("document.querySelector(\"button[name='sheet:A']\").getAttribute('aria-pressed') === 'true' && globalThis.orgvet.idle()"))
    browser.click("button[name='sheet:B']")
    browser.click("dialog .btn.primary")
    check("or the change is undone", browser.until("document.querySelector(\"button[name='sheet:B']\").getAttribute('aria-pressed') === 'true' && document.querySelector('.preview').textContent.includes('B8') && globalThis.orgvet.idle()"))
    visit.review()
    same("the rows of the other sheet", browser.run(f"return {CELL}.map((row) => row[1])"), [f"B{i}" for i in range(9)])
    visit.end()


def restarted(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "before.csv")
    visit.review()
    visit.select("“parent” not found")
    visit.fix()
    server.stop()
    browser.click(".plist a", "Yes and no are written out")
    check("the restart is reported", visit.shows(".connection", "cannot reach the service"), text_of(browser, "body"))
    server.options = (*server.options, "--listen", f"127.0.0.1:{server.port}")
    server.start()
    browser.until("document.querySelector('.connection').textContent === ''")
    visit.select("Yes and no are written out")
    check("fixed after the restart, the earlier fix is kept", visit.fix() and visit.left() == 0, visit.left())
    visit.next()
    browser.until("document.querySelector('button[name=next]:enabled:not([aria-disabled])')")
    visit.next()
    browser.click("dialog .btn.primary")
    browser.until("location.hash === '#new/result'")
    server.stop()
    check("restart during the import", visit.shows(".connection", "cannot reach the service") or visit.shows("h2", "Completed", 1), text_of(browser, "main"))
    server.start()
    check("the import continues", visit.shows("h2", "Completed", 30), text_of(browser, "main"))
    visit.end("ERR_CONNECTION", "Failed to load resource")


AGREE = """(async () => {
    const {Memory, Remote, look} = globalThis.orgvet, link = [...document.querySelectorAll("a[download]")].find((a) => a.download.endsWith("report.html"));
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html"), json = (name) => JSON.parse(page.querySelector("script." + name).textContent);
    const memory = new Memory(json("rows"), json("findings")), draft = {item: new URL(link.href).searchParams.get("item"), settings: {}};
    const remote = new Remote(draft, await look(draft, "about")), differ = [];
    let asked = 0;
    const same = (what, got, wanted) => { asked++; if (JSON.stringify(got) !== JSON.stringify(wanted)) differ.push(what + ": " + JSON.stringify(got) + " is not " + JSON.stringify(wanted)); };
    same("top", remote.top, memory.top);
    const of = (n) => [n.node, n.kids, n.below, n.own, n.worst, n.row, n.id, n.name, n.group, n.loop && n.loop.cut];
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
      }
    }
    same("find", await remote.find("b"), memory.find("b", 1000));
    const rounded = (levels) => levels.map((level) => level.map(([from, to, ...more]) => [from.toFixed(1), to.toFixed(1), ...more.slice(0, 3)]));
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
        text = "idnumber,parent,name\n" + rows
        visit.drop(text, name) if number == 0 else visit.another(text, name)
        visit.review()
        asked, differ = browser.wait(AGREE)
        check(f"page and report agree on {name} ({asked} answers)", asked > 200 and not differ, "\n  ".join(map(str, differ)) + "\n" + rows)
    visit.end("Applying inline style")  # the report's data source, read here as data


def sizes(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "sizes.csv")
    for name, width, scale in (("narrow", 320, 1), ("a phone", 390, 1), ("zoomed to 200 %", 640, 2)):
        browser.command("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=scale, mobile=False)
        for step in ("columns", "review", "import", "file"):
            visit.go(step)
            browser.until("globalThis.orgvet.idle()")
            browser.frame()
            check(f"{name}: {step} does not overflow", browser.run("return document.documentElement.scrollWidth <= innerWidth"), browser.run("return [document.documentElement.scrollWidth, innerWidth]"))
            browser.picture(f"steps-{width}-{step}")
            visit.accessible(f"{name}: {step}")
    browser.command("Emulation.clearDeviceMetricsOverride")
    browser.until("document.getAnimations().length === 0")
    browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    same("no animation with reduced motion", browser.run("return document.getAnimations().length"), 0)
    visit.end()


run_parts(tally, orgvet, (by_mouse, german_excel, us_export, titles, workbooks, by_name, large_mess, levels, elsewhere, update, by_keys, by_keys_in_german, by_ear, editing, hostile, many,
                          continued, restarted, agree, sizes))
tally.end()
