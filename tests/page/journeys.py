#!/usr/bin/env python3
"""Users' detours from the five steps: reloading, going back, pressing twice, large text, other
encodings, importing an export, answers that do not arrive. usage: journeys.py ORGVET [PART …]"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), HERE]
from server import EXPORTER, SEED  # noqa: E402
from tally import Tally  # noqa: E402
from browser import BROKEN, PageUser, frameworks, run_parts, text_of  # noqa: E402

orgvet = os.path.abspath(sys.argv[1])
tally = Tally("journeys")
check, same = tally.check, tally.same
SLOW = """const real = window.fetch; window.fetch = (path, options) => String(options?.body ?? "").includes(arguments_[0])
    ? new Promise((done) => setTimeout(done, arguments_[1])).then(() => real(path, options)) : real(path, options);"""
READY = "document.querySelector('button[name=next]:enabled:not([aria-disabled])') && globalThis.orgvet.idle()"


def slow(browser, words, milliseconds):
    """Delays requests that contain these words."""
    browser.run("const arguments_ = arguments;" + SLOW, words, milliseconds)


def choose(browser, name, value):
    browser.run("const s = document.querySelector(`select[name='${arguments[0]}']`); s.value = arguments[1]; s.dispatchEvent(new Event('change'))", name, value)
    return browser.until(f"document.querySelector(`select[name='{name}']`)?.value === {json.dumps(value)} && globalThis.orgvet.idle()")


def section(visit, name):
    visit.browser.click(".appnav a", name)


def back_and_again(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(SEED, "again.csv")
    visit.go("columns")
    check("a column is chosen", choose(browser, "csvmapping:globalmanager", "=ismanager"))
    visit.review()
    check("the address shows the step", browser.run("return location.hash") == "#new/review")
    browser.run("history.back()")
    check("back goes to the previous step", visit.shows("h1", "Do the columns match?"), visit.heading())
    browser.run("history.forward()")
    check("forward goes to the next step", visit.shows("h1", "Review and fix"), visit.heading())
    section(visit, "History")
    browser.until("document.querySelector('h1').textContent === 'History'")
    section(visit, "New import")
    check("the draft is restored after visiting another view", visit.shows("h1", "Review and fix") and visit.shows(".filechip", "again.csv"), text_of(browser, "main"))
    browser.run("location.reload()")
    check("the draft is restored after reloading", visit.shows("h1", "Review and fix") and visit.shows(".filechip", "again.csv"), text_of(browser, "main"))
    visit.go("columns")
    same("the chosen columns are restored", browser.run("return document.querySelector('select[name=\"csvmapping:globalmanager\"]').value"), "=ismanager")
    server.admin("user", "suspend", "admin")
    choose(browser, "csvmapping:globalmanager", "")
    check("an expired session is reported", visit.shows(".problem", "sign in again"), text_of(browser, "body"))
    server.admin("user", "resume", "admin")
    visit.sign_in()
    check("signing in again continues where it was", visit.shows(".filechip", "again.csv"), text_of(browser, "body"))
    visit.another(SEED, "the same.csv")
    check("columns are remembered for the same headings", visit.shows(".toast", "An earlier file had the same headings"), text_of(browser, "body"))
    visit.end("403", "Failed to load resource")


def twice(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(SEED, "twice.csv")
    visit.go("import")
    browser.until(READY)
    slow(browser, "tool_wp_perform_import", 300)
    visit.next()
    browser.until("document.querySelector('dialog .btn.primary')")
    browser.run("const b = document.querySelector('dialog .btn.primary'); b.click(); b.click(); setTimeout(() => document.querySelector('button[name=next]')?.click(), 50)")
    check("imported", visit.shows("h2", "Completed"), text_of(browser, "main"))
    same("imported only once", [f["name"] for f in frameworks(visit)], ["twice"])
    section(visit, "Exports")
    browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Export the organisation')")
    slow(browser, "tool_wp_perform_export", 300)
    browser.run("const b = [...document.querySelectorAll('button')].find((b) => b.textContent === 'Export the organisation'); b.click(); b.click()")
    check("exported", browser.until("[...document.querySelectorAll('td')].some((c) => c.textContent === 'Completed')"), text_of(browser, "main"))
    same("exported only once", browser.run("return document.querySelectorAll('table.works tbody tr').length"), 1)
    section(visit, "New import")
    check("what was imported is not shown again", browser.until("document.querySelector('.drop')"), text_of(browser, "main"))
    visit.end()


def in_order(server):
    """Edits that are made faster than they are answered."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(SEED, "order.csv")
    visit.review()
    slow(browser, "what=about", 300)
    browser.run("document.querySelector('.sheet-grid').focus(); document.querySelector(`[data-row='0'] [data-cell='2']`).click()")
    browser.press(*"one", "Enter", *"two", "Enter", *"three", "Enter")
    done = "[...document.querySelectorAll('.sheet-grid .line:not(.heads)')].slice(0, 3).map((l) => l.children[3].querySelector('bdi')?.textContent).join()"
    check("all of them are kept, in order", browser.until(f"{done} === 'one,two,three' && globalThis.orgvet.idle()"), browser.run(f"return {done}"))
    browser.press_with("Control", "z")
    browser.press_with("Control", "z")
    check("and undone in order", browser.until(f"{done} === 'one,Chief Operating Officer,Head of Marketing and Design' && globalThis.orgvet.idle()"), browser.run(f"return {done}"))
    visit.end()


def large_letters(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,parent,name\n" + "".join(f"P{i},,Position {i}\n" for i in range(1000)), "letters.csv")
    browser.run("document.documentElement.style.fontSize = '24px'")
    visit.review()
    browser.run("document.querySelector('.sheet-grid').focus()")
    browser.press_with("Control", "End")
    shown = """const grid = document.querySelector('.sheet-grid'), row = grid.querySelector('.line.sel'); if (!row) return null;
        const box = grid.getBoundingClientRect(), at = row.getBoundingClientRect(); return [row.firstChild.textContent, at.top >= box.top && at.bottom <= box.top + grid.clientHeight + 1];"""
    browser.until("document.querySelector('.sheet-grid .line.sel .ln')?.textContent === '1,001'")
    same("the last row is visible with large text", browser.run(shown), ["1,001", True])
    visit.end()


def to_the_top(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,parent,name\n" + "".join(f"P{i},,N\n" for i in range(400000)), "top.csv")
    visit.review()
    first = "document.querySelector('.sheet-grid .line:not(.heads)')?.firstChild.textContent"
    for place in (4e6, 0):
        browser.run("document.querySelector('.sheet-grid').scrollTop = arguments[0]", place)
        browser.frame()
    check("the first row is at the top again", browser.until(f"{first} === '2'"), browser.run(f"return {first}"))
    visit.end()


def wide(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    header = ",".join(["idnumber", "parent", "name", *(f"c{i}" for i in range(150))])
    visit.drop(header + "\n" + "".join(f"P{i},,N{i}," + ",".join("x" * 250 for _ in range(150)) + "\n" for i in range(400)), "wide.csv")
    visit.review()
    browser.run("const g = document.querySelector('.sheet-grid'); g.scrollTop = g.scrollHeight")
    check("rows of truncated answers are loaded completely", visit.shows(".sheet-grid .line", "N399"), text_of(browser, ".sheet-grid")[:200])
    check("all visible rows are loaded", browser.until("[...document.querySelectorAll('.sheet-grid .line:not(.heads)')].every((r) => r.textContent !== '\u2026')"))
    browser.run("document.querySelector('.sheet-grid').focus()")
    browser.press("End")
    check("the last column is reached, the identifier stays", browser.until("document.querySelector('.sheet-grid').scrollLeft > 1000 && document.querySelector('.sheet-grid .line.sel .idc').getBoundingClientRect().left < 400"))
    visit.end()


def archive(server):
    server.wait(server.import_text(SEED, name="whole.csv")["id"])
    export = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    server.wait(export, function="tool_wp_get_export_status", key="exportid")
    visit = PageUser(tally, server)
    browser = visit.browser
    data = bytes(browser.wait(f"fetch('/page/export?id={export}').then((r) => r.arrayBuffer()).then((b) => done([...new Uint8Array(b)]))"))
    browser.drop(".drop", visit.file(data, "whole.zip"))
    check("an export is recognised", visit.shows("h1", "This is an export of an organisation"), text_of(browser, "main"))
    visit.accessible("an export to be imported")
    visit.next()
    check("the export is imported", visit.shows("h2", "Completed"), text_of(browser, "main"))
    same("the export's items are complete", [(f["name"], f["items"]) for f in frameworks(visit)], [("whole", 5), ("whole", 5)])
    visit.next()
    browser.until("document.querySelector('.drop')")
    browser.drop(".drop", visit.file(b"PK\x03\x04 no archive at all", "other.zip"))
    visit.shows("h1", "This is an export of an organisation")
    visit.next()
    check("an invalid zip is reported", visit.shows(".log li", "not a readable zip"), text_of(browser, "main"))
    visit.accessible("an import that failed")
    visit.next()
    browser.until("document.querySelector('.drop')")
    check("a CSV named .zip is recognised", visit.drop(SEED, "csv.zip"), text_of(browser, "main"))
    browser.drop("main", visit.file(b"%PDF-1.4\n" + b"x" * 300, "scan.pdf"))
    check("another kind of file is named", visit.shows("h1", "This table cannot be read") and visit.shows(".callout", "PDF"), text_of(browser, "main"))
    visit.accessible("a file that cannot be read")
    visit.end("Failed to load resource")


def failing(server):
    """Answers that do not arrive, or are broken."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "failing.csv")
    visit.review()
    browser.run("""const real = window.fetch; window.failing = true;
        window.fetch = (path, options) => window.failing && String(path).startsWith("/page/draft") ? Promise.resolve(new Response("<html>502</html>", {status: 502, headers: {"Content-Type": "text/html"}})) : real(path, options);""")
    browser.click(".panel footer .btn")
    check("a proxy's error is reported as such", visit.shows(".connection", "502"), text_of(browser, "body"))
    left = visit.left()
    browser.run("window.failing = false")
    check("the error disappears once it is resolved", browser.until("document.querySelector('.connection').textContent === ''"), text_of(browser, "body"))
    check("the fix can be made now", visit.fix() and visit.left() == left - 1, visit.left())
    browser.run("""const real = window.fetch; window.busy = 2; window.fetch = (path, options) => String(options?.body ?? "").includes("what=undo") && window.busy-- > 0
        ? Promise.resolve(new Response('{"errorcode":"servicebusy","error":"The service is busy"}', {status: 503, headers: {"Content-Type": "application/json"}})) : real(path, options)""")
    browser.click("button", "Undo")
    check("a busy service is tried again", browser.until(f"document.querySelector('.left b').textContent === '{left}' && globalThis.orgvet.idle()"), visit.left())
    browser.run("const real = window.fetch; window.fetch = (path, options) => String(path).startsWith('/page/sign-out') ? Promise.reject(new Error('x')) : real(path, options)")
    browser.click(".user button")
    browser.click("[role=menuitem]", "Sign out")
    check("a failed sign-out is reported", visit.shows(".problem", "You are still signed in"), text_of(browser, "body"))
    visit.end()


def elsewhere(server):
    """Work in progress continues, once, while another view is open."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "slow.csv")
    same("the first address contains its step", browser.run("return location.hash"), "#new/file")
    visit.review()
    slow(browser, "what=edit", 600)
    browser.click(".panel footer .btn")
    section(visit, "History")
    browser.until("document.querySelector('h1').textContent === 'History'")
    section(visit, "New import")
    check("the change is shown when it is done", browser.until("document.querySelector('.left b')?.textContent === '1' && globalThis.orgvet.idle()"), text_of(browser, "main"))
    visit.fix()
    visit.next()
    browser.until(READY)
    slow(browser, "tool_wp_perform_import", 600)
    visit.next()
    browser.click("dialog .btn.primary")
    section(visit, "History")
    check("the import is started", browser.until("document.querySelector('table.works td')", 20), text_of(browser, "main"))
    browser.until("false", 1)
    same("the address is that of the current view", browser.run("return location.hash"), "#imports")
    section(visit, "New import")
    check("a new import starts empty", browser.until("document.querySelector('.drop')"), text_of(browser, "main"))
    same("one framework was imported", [f["name"] for f in frameworks(visit)], ["slow"])
    visit.end()


def files(server):
    """One file after the other, or two at once."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "first.csv")
    visit.review()
    visit.fix()
    browser.drop("main", visit.file(SEED, "other.csv"))
    check("corrections are not lost without a question", visit.shows("dialog", "Replace the file?"), text_of(browser, "body"))
    browser.press("Escape")
    check("and the file stays", visit.shows(".filechip", "first.csv"))
    browser.drop("main", visit.file(SEED, "other.csv"))
    browser.click("dialog .btn.primary")
    check("another file", visit.settled("other.csv"), text_of(browser, "main"))
    browser.run("""const real = XMLHttpRequest.prototype.send; let first = true; XMLHttpRequest.prototype.send = function (form) {
        const late = first; first = false; setTimeout(() => real.call(this, form), late ? 700 : 0); };
        for (const name of ['one.csv', 'two.csv'])
            document.querySelector('main').dispatchEvent(Object.assign(new Event('drop', {bubbles: true, cancelable: true}), {dataTransfer: {files: [new File([arguments[0]], name)]}}));""", SEED)
    check("two files: the second one", visit.settled("two.csv"), text_of(browser, "main"))
    browser.until("false", 1.2)
    check("two files: the second one remains", visit.settled("two.csv"), text_of(browser, "main"))
    same("two files: no error about the first one", text_of(browser, ".view > .problem"), "")
    browser.run("document.querySelector('main').dispatchEvent(Object.assign(new Event('drop', {bubbles: true, cancelable: true}), {dataTransfer: {files: [new File(['a'], 'a'), new File(['b'], 'b')]}}))")
    check("several files at once", visit.shows(".problem", "One file at a time"))
    browser.run("sessionStorage.clear(); location.reload()")
    browser.until("document.querySelector('.drop')")
    browser.click("button", "Paste from a spreadsheet")
    browser.until("document.querySelector('dialog textarea')")
    visit.accessible("paste")
    browser.run("document.querySelector('dialog textarea').value = 'idnumber\\tparent\\tname\\nA\\t\\tAlpha\\nB\\tA\\tBeta\\n'")
    browser.click("dialog .btn.primary")
    check("cells are pasted", visit.settled("pasted") and visit.shows(".preview td", "Beta"), text_of(browser, "main"))
    visit.end()


def as_read(server):
    """Choosing an encoding and a delimiter, the same as detected or others."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,parent,name\nA,,Zarząd główny\nB,A,Dział\n".encode("cp1250"), "polish.csv")
    check("candidates for the encoding are shown, each with a cell", visit.shows("legend", "Which of these is spelled right?") and browser.run("return document.querySelectorAll('input[name=encoding]').length") >= 2, text_of(browser, "main"))
    visit.accessible("file: which encoding")
    browser.click("input[name=encoding][value='windows-1250']")
    check("the right one is chosen", visit.shows(".preview td", "Zarząd główny"), text_of(browser, "main"))
    visit.go("import")
    visit.imported()
    visit.next()
    visit.drop("Titel,x;name;idnumber;parent;description,Nr,Chef\nAlpha,q;q;q;q;q,X,\nBeta,q;q;q;q;q,Y,X\n", "wrong.csv")
    browser.click("summary", "How the file is read")
    check("commas are chosen", choose(browser, "delimiter", ",") and visit.shows(".preview td", "Chef"), text_of(browser, "main"))
    visit.go("columns")
    for field, column in (("name", "Titel"), ("idnumber", "Nr"), ("parentid", "Chef")):
        check(f"the column for {field}", choose(browser, f"csvmapping:{field}", "=" + column))
    visit.go("import")
    visit.imported()
    same("imported as shown", sorted((f["name"], f["items"]) for f in frameworks(visit)), [("polish", 2), ("wrong", 2)])
    visit.end()


def gone(server):
    """A session that expires or a framework that is removed while another view is open."""
    first = server.import_text("idnumber,parent,name\nOLD,,Old\n", name="old.csv")["id"]
    server.wait(first)
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN + "".join(f"P{i},CEO,Position {i},0\n" for i in range(3000)), "kept.csv")
    browser.until("document.querySelector('select[name=other-target]')")
    browser.run("const s = document.querySelector('select[name=other-target]'); s.value = s.options[1].value; s.dispatchEvent(new Event('change'))")
    check("into a framework", browser.until("document.querySelector('input[name=target]:checked')?.value !== '' && globalThis.orgvet.idle()"), text_of(browser, "main"))
    visit.review()
    server.admin("user", "suspend", "admin")
    browser.run("document.querySelector('.sheet-grid').scrollTop = 30000")
    check("the expired session is reported", visit.shows(".problem", "sign in again"), text_of(browser, "body"))
    browser.run("window.asked = 0; const real = window.fetch; window.fetch = (...all) => { window.asked += String(all[0]).startsWith('/page/draft'); return real(...all); }")
    browser.until("false", 3)
    same("no requests for a view that no longer exists", browser.run("return window.asked"), 0)
    server.admin("user", "resume", "admin")
    server.call("orgvet_rollback_import", importid=first)
    visit.sign_in()
    check("the file is still open", visit.shows(".filechip", "kept.csv"), text_of(browser, "body"))
    check("the removed framework is reported", visit.shows(".toast", "The selected framework no longer exists."), text_of(browser, "body"))
    while visit.left():
        visit.fix()
    visit.next()
    browser.until(READY)
    browser.run("const real = window.fetch; window.fetch = (path, options) => String(options?.body ?? '').includes('perform_import') ? Promise.reject(new Error('x')) : real(path, options)")
    visit.next()
    browser.click("dialog .btn.primary")
    check("an import with an unknown outcome", visit.shows(".view > .problem", "check the history"), text_of(browser, "main"))
    browser.run("location.reload()")
    check("the unknown outcome is still shown after reloading", visit.shows(".callout", "check the history"), text_of(browser, "main"))
    visit.end("403", "Failed to load resource")


def two_windows(server):
    one, two = PageUser(tally, server), PageUser(tally, server)
    one.drop(SEED, "one.csv")
    two.drop(BROKEN, "two.csv")
    for visit in (one, two):
        visit.review()
    while two.left():
        two.fix()
    for visit in (one, two):
        visit.imported()
    same("two windows, two imports", sorted(f["name"] for f in frameworks(one)), ["one", "two"])
    one.end()
    two.end()


def password(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    section(visit, "Administration")
    browser.click("td button", "new password")
    browser.type("td input[name=password]", "long enough to be one")
    browser.click("td button", "set")
    check("a new password requires signing in again", visit.shows(".problem", "Your password has been changed"), text_of(browser, "body"))
    browser.type("input[name=username]", "admin")
    browser.type("input[name=password]", "long enough to be one")
    browser.click("button", "Sign in")
    check("signing in with the new password", browser.until("document.querySelector('.appnav')"), text_of(browser, "body"))
    visit.end()


run_parts(tally, orgvet, (back_and_again, twice, in_order, large_letters, to_the_top, wide, archive, failing, elsewhere, files, as_read, gone, two_windows, password))
tally.end()
