#!/usr/bin/env python3
"""Users' detours from the five steps: reloading, going back, pressing twice, large text, fixing one
by one, comparing with a framework, importing an export. usage: journeys.py ORGVET"""
import json
import os
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), HERE]
from server import EXPORTER, SEED  # noqa: E402
from tally import Tally  # noqa: E402
from browser import BROKEN, PageUser, frameworks, run_parts, text_of  # noqa: E402

orgvet = os.path.abspath(sys.argv[1])
tally = Tally("ways")
check, same = tally.check, tally.same
SLOW = """const real = window.fetch; window.fetch = (path, options) => String(options?.body ?? "").includes(arguments_[0])
    ? new Promise((done) => setTimeout(done, arguments_[1])).then(() => real(path, options)) : real(path, options);"""


def slow(browser, words, milliseconds):
    """Delays requests that contain these words."""
    browser.run("const arguments_ = arguments;" + SLOW, words, milliseconds)


def choose(browser, name, value):
    browser.run("const s = document.querySelector(`select[name='${arguments[0]}']`); s.value = arguments[1]; s.dispatchEvent(new Event('change'))", name, value)


def back_and_again(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(SEED, "again.csv")
    browser.click("button", "Continue to the columns")
    browser.click("button", "use `ismanager`")
    browser.until("document.querySelector('select[name=\"csvmapping:globalmanager\"]').value === '=ismanager'")
    browser.click("button", "Continue to the check")
    check("the address shows the step", browser.until("location.hash === '#new/check'"))
    browser.run("history.back()")
    check("back goes to the previous step", visit.shows("h2", "Columns: again.csv"), text_of(browser, "h2"))
    browser.run("history.forward()")
    check("forward goes to the next step", visit.shows("h2", "Check: again.csv"), text_of(browser, "h2"))
    browser.click("button", "3. Check")
    browser.click("header button", "Imports")
    browser.until("document.querySelector('h1').textContent === 'Imports'")
    browser.click("header button", "New import")
    check("the draft is restored after visiting another view", visit.shows("h2", "again.csv"), text_of(browser, "main"))
    browser.run("location.reload()")
    check("the draft is restored after reloading", visit.shows("h2", "again.csv"), text_of(browser, "main"))
    browser.click("button", "2. Columns")
    same("the chosen columns are restored", browser.run("return document.querySelector('select[name=\"csvmapping:globalmanager\"]').value"), "=ismanager")
    browser.click("button", "map columns automatically again")
    check("the chosen columns can be reset", browser.until("document.querySelector('select[name=\"csvmapping:globalmanager\"]').value === 'auto'"))
    server.admin("user", "suspend", "admin")
    browser.click("button", "3. Check")
    check("an expired session is reported", visit.shows(".problem", "sign in again"), text_of(browser, "body"))
    server.admin("user", "resume", "admin")
    visit.sign_in()
    check("signing in again continues where it was", visit.shows("h2", "again.csv"), text_of(browser, "body"))
    visit.end("403", "Failed to load resource")


def twice(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(SEED, "twice.csv")
    browser.click("button", "4. Import")
    browser.until("document.querySelector('button[name=import]:enabled')")
    slow(browser, "tool_wp_perform_import", 300)
    browser.run("const b = document.querySelector('button[name=import]'); b.click(); b.click(); setTimeout(() => b.click(), 50)")
    check("imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    same("imported only once", [f["name"] for f in frameworks(visit)], ["twice"])
    browser.click("header button", "Exports")
    browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Export the organisation')")
    slow(browser, "tool_wp_perform_export", 300)
    browser.run("const b = [...document.querySelectorAll('button')].find((b) => b.textContent === 'Export the organisation'); b.click(); b.click()")
    check("exported", browser.until("[...document.querySelectorAll('td')].some((c) => c.textContent === 'Completed')"), text_of(browser, "main"))
    same("exported only once", browser.run("return document.querySelectorAll('table.works tbody tr').length"), 1)
    visit.end()


def in_order(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(SEED, "order.csv")
    browser.click("button", "2. Columns")
    browser.until("document.querySelector('select[name=hierarchy]')")
    slow(browser, "hierarchy", 400)
    choose(browser, "hierarchy", "none")
    choose(browser, "csvmapping:globalmanager", "=ismanager")
    check("the second choice applies to the result of the first", browser.until(
        "document.querySelector('select[name=hierarchy]').value === 'none' && document.querySelector('select[name=\"csvmapping:globalmanager\"]').value === '=ismanager'"), text_of(browser, "main"))
    browser.until("!document.querySelector('[aria-busy]')")
    choose(browser, "hierarchy", "")
    browser.click("button", "4. Import")
    browser.click("button[name=import]")
    check("choices in sequence: imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    below = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    server.wait(below, function="tool_wp_get_export_status", key="exportid")
    check("the last choices were used", visit.shows(".log li", "5 positions imported"), text_of(browser, ".log"))
    visit.end()


def one_by_one(server):
    rows = "".join(f"P{i},{'P0' if i else ''},Position {i}{' ' if i % 100 == 50 else ''},{'yes' if i % 250 == 0 else '1'}\n" for i in range(1000))
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,parent,name,globalmanager\n" + rows, "one.csv")
    browser.click("button", "3. Check")
    browser.click("button", "next finding")
    check("the first row with findings is not skipped", visit.shows(".detail", "line 2") and visit.shows(".detail", "`yes` is not a valid flag"), text_of(browser, ".detail"))
    browser.click("button", "OV306")
    check("filtered by code", visit.shows(".looker [role=status]", "10 rows"), text_of(browser, ".looker [role=status]"))
    for _ in range(3):
        browser.click("button", "next finding")
    check("the third finding", visit.shows(".detail", "line 252"), text_of(browser, ".detail"))
    browser.click(".detail button", "remove the spaces")
    check("one problem fixed", visit.shows("p[role=status]", "1 change, in a copy"), text_of(browser, "main"))
    same("the change is shown", browser.run("return document.querySelector('details pre').textContent.trim().split('\\n')"), ["-P250,P0,Position 250 ,yes", "+P250,P0,Position 250,yes"])
    check("the filter is kept", browser.until("document.querySelector('.bar button[aria-pressed=true]')?.textContent.includes('OV306') && document.querySelector('.grid').getAttribute('aria-rowcount') === '10'"),
          browser.run("return document.querySelector('.grid').getAttribute('aria-rowcount')"))
    check("the table has the focus", browser.until("document.activeElement.classList.contains('grid')"), browser.run("return document.activeElement.outerHTML.slice(0, 100)"))
    browser.press("n")
    check("n goes to the next finding", visit.shows(".detail", "line "), text_of(browser, ".detail"))
    browser.click("button[name='fix:undo']")
    check("the fix undone", browser.until("document.querySelector('.grid').getAttribute('aria-rowcount') === '11'"))
    browser.click("[role=tab]", "Organisation")
    browser.until("document.querySelectorAll('[role=treeitem]').length > 1")
    browser.press_with("Shift", "Tab")
    browser.run("document.querySelector('[role=tree]').focus()")
    browser.press("ArrowDown")
    browser.click(".around button", "show in the table")
    check("a row outside the filter clears it, and the controls show that", browser.until("document.querySelector('.grid').getAttribute('aria-rowcount') === '1001' && !document.querySelector('.looker .bar button[aria-pressed=true]')"),
          browser.run("return document.querySelector('.grid').getAttribute('aria-rowcount')"))
    check("the table has the focus again", browser.until("document.activeElement.classList.contains('grid')"))
    same("the shortcut for printing still works", browser.run(
        "const e = new KeyboardEvent('keydown', {key: 'p', ctrlKey: true, bubbles: true, cancelable: true}); document.querySelector('.grid').dispatchEvent(e); return e.defaultPrevented"), False)
    visit.end()


def large_letters(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,parent,name\n" + "".join(f"P{i},,Position {i}\n" for i in range(1000)), "letters.csv")
    browser.run("document.documentElement.style.fontSize = '24px'")
    browser.click("button", "3. Check")
    browser.until("document.querySelectorAll('.grid .row').length > 5")
    browser.run("document.querySelector('.grid').focus()")
    browser.press("End")
    shown = """const grid = document.querySelector('.grid'), row = grid.querySelector('.row.chosen'); if (!row) return null;
        const box = grid.getBoundingClientRect(), at = row.getBoundingClientRect(); return [row.firstChild.textContent, at.top >= box.top && at.bottom <= box.top + grid.clientHeight + 1];"""
    browser.until("document.querySelector('.grid .row.chosen')")
    same("the last row is visible with large text", browser.run(shown), ["1001", True])
    visit.end()


def to_the_top(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,name\n" + "".join(f"P{i},N\n" for i in range(400000)), "top.csv")
    browser.click("button", "2. Columns")
    choose(browser, "hierarchy", "none")
    browser.until("!document.querySelector('[aria-busy]')")
    browser.click("button", "3. Check")
    browser.until("document.querySelectorAll('.grid .row').length > 5")
    first = "document.querySelector('.grid .row:not(.head)')?.firstChild.textContent"
    for place in (4e6, 0):
        browser.run("document.querySelector('.grid').scrollTop = arguments[0]", place)
        browser.frame()
    check("the first row is at the top again", browser.until(f"{first} === '2'"), browser.run(f"return {first}"))
    taken = "const e = new WheelEvent('wheel', {deltaY: -100, bubbles: true, cancelable: true}); document.querySelector('.grid').dispatchEvent(e); return e.defaultPrevented"
    same("the wheel scrolls the page", browser.run(taken), False)
    visit.end()


def wide(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    header = ",".join(["idnumber", "name", *(f"c{i}" for i in range(150))])
    visit.drop(header + "\n" + "".join(f"P{i},N{i}," + ",".join("x" * 250 for _ in range(150)) + "\n" for i in range(400)), "wide.csv")
    browser.click("button", "2. Columns")
    choose(browser, "hierarchy", "none")
    browser.until("!document.querySelector('[aria-busy]')")
    browser.click("button", "3. Check")
    browser.until("document.querySelectorAll('.grid .row').length > 5")
    browser.run("const g = document.querySelector('.grid'); g.scrollTop = g.scrollHeight")
    check("rows of truncated answers are loaded completely", visit.shows(".grid .row", "N399"), text_of(browser, ".grid")[:200])
    check("all visible rows are loaded", browser.until("[...document.querySelectorAll('.grid .row:not(.head)')].every((r) => r.textContent !== '\u2026')"))
    visit.end()


def compared(server):
    old = "idnumber,parent,name\nCEO,,Chief\nA,CEO,Alpha\nB,CEO,Beta\nC,B,Gamma\nD,C,Delta\n"
    server.wait(server.import_text(old, name="old.csv")["id"])
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop("idnumber,parent,name\nCEO,,Boss\nA,,Alpha\nB,A,Beta\nN,C,New\n", "old.csv")
    browser.click("button", "4. Import")
    check("a name that is taken is reported", visit.shows("p.note", "A framework `old` already exists"), text_of(browser, "main"))
    choose(browser, "target", str(frameworks(visit)[0]["id"]))
    check("a required choice is mentioned first", visit.shows(".verdict.bad", "nothing is imported until you do"), text_of(browser, "main"))
    check("summary of changes", visit.shows("li", "2 items have a different parent") and visit.shows("li", "2 items in the framework are not in the file"), text_of(browser, "main"))
    browser.run("document.querySelector('details').open = true")
    same("each change on its own line", browser.run("return document.querySelector('pre').innerText.trim().split('\\n')"), [
        "- C  Gamma", "- D  Delta", "~ CEO  Boss, renamed: was `Chief`", "> A  Alpha, moved from CEO to the top level, along with 1 below it", "> B  Beta, moved from CEO to A", "+ N  New, below C"])
    visit.accessible("compared, in the plan")
    browser.click("button", "View in the organisation")
    check("the tree of changes", browser.until("document.querySelectorAll('[role=treeitem]').length > 1"), text_of(browser, "main"))
    for name, text, badge in (("new", "N New", "new"), ("renamed", "CEO Boss", "named `Chief` in the framework"), ("with a different parent", "A Alpha", "below `CEO` in the framework"), ("only in the framework", "C Gamma", "only in the framework")):
        browser.click("[role=group] button", name)
        check(f"goes to an item that is {name}", browser.until(f"document.querySelector('.item.chosen')?.textContent.includes({json.dumps(text)})"), text_of(browser, ".item.chosen"))
        check(f"shows the change: {badge}", badge in text_of(browser, ".item.chosen"), text_of(browser, ".item.chosen"))
    visit.accessible("compared, in the tree")
    browser.picture("ways-compared")
    visit.end()


def archive(server):
    server.wait(server.import_text(SEED, name="whole.csv")["id"])
    export = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    server.wait(export, function="tool_wp_get_export_status", key="exportid")
    visit = PageUser(tally, server)
    browser = visit.browser
    data = bytes(browser.wait(f"fetch('/page/export?id={export}').then((r) => r.arrayBuffer()).then((b) => done([...new Uint8Array(b)]))"))
    browser.drop(".drop", visit.file(data, "whole.zip"))
    check("an export is recognised", visit.shows(".verdict", "This is an export of an organisation"), text_of(browser, "main"))
    visit.accessible("an export to be imported")
    browser.click("button[name=import]")
    check("the export is imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    same("the export's items are complete", [(f["name"], f["items"]) for f in frameworks(visit)], [("whole", 5), ("whole", 5)])
    browser.click("button", "start another import")
    browser.drop(".drop", visit.file(b"PK\x03\x04 no archive at all", "other.zip"))
    browser.click("button[name=import]")
    check("an invalid zip is reported", visit.shows(".log li", "not a readable zip"), text_of(browser, "main"))
    browser.click("button", "start another import")
    check("a CSV named .zip is recognised", visit.drop(SEED, "csv.zip"), text_of(browser, "main"))
    visit.end("Failed to load resource")


def failing(server):
    """Answers that do not arrive, or are broken."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "failing.csv")
    browser.drop(".drop", visit.file(b"x" * (2**26 + 1), "large.csv"))
    check("a file that is too large is refused", visit.shows("section > .problem", "larger than the limit of 67108864 bytes"), text_of(browser, "main"))
    same("the previous file is still open", text_of(browser, "h2"), "File: failing.csv")
    browser.click("button", "3. Check")
    browser.click("button[name='fix:safe']")
    check("safe problems fixed", visit.shows("p[role=status]", "in a copy"), text_of(browser, "main"))
    browser.run("""const real = window.fetch; window.failing = true;
        window.fetch = (path, options) => window.failing && String(path).startsWith("/page/draft") ? Promise.resolve(new Response("<html>502</html>", {status: 502, headers: {"Content-Type": "text/html"}})) : real(path, options);""")
    browser.click("button[name='fix:undo']")
    check("a proxy's error is reported as such", visit.shows(".connection", "502"), text_of(browser, "body"))
    check("the change can still be undone", browser.until("document.querySelector(\"button[name='fix:undo']\")"), text_of(browser, "main"))
    browser.run("window.failing = false")
    check("the error disappears once it is resolved", browser.until("document.querySelector('.connection').textContent === ''"), text_of(browser, "body"))
    browser.click("button[name='fix:undo']")
    check("the change undone", visit.shows("p[role=status]", "The last change has been undone"), text_of(browser, "main"))
    browser.run("const real = window.fetch; window.fetch = (path, options) => String(path).startsWith('/page/sign-out') ? Promise.reject(new Error('x')) : real(path, options)")
    browser.click("header button", "Sign out")
    check("a failed sign-out is reported", visit.shows(".problem", "You are still signed in"), text_of(browser, "body"))
    visit.end()


def elsewhere(server):
    """Work in progress continues, once, while another view is open."""
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "slow.csv")
    same("the first address contains its step", browser.run("return location.hash"), "#new/file")
    browser.click("button", "2. Columns")
    browser.run("history.back()")
    check("back to the first address", visit.shows("h2", "File: slow.csv"), text_of(browser, "h2"))
    browser.click("button", "3. Check")
    slow(browser, "what=fix", 600)
    browser.click("button[name='fix:safe']")
    browser.click("header button", "Imports")
    browser.until("document.querySelector('h1').textContent === 'Imports'")
    browser.click("header button", "New import")
    check("the change is shown when it is done", visit.shows("button", "undo the last change"), text_of(browser, "main"))
    browser.run("location.reload()")
    check("the change is shown after reloading", visit.shows("button", "undo the last change"), text_of(browser, "main"))
    check("the difference is shown", browser.run("return document.querySelector('details pre')?.textContent.includes('-COO,CEO,Chief Operating Officer ,0')"), text_of(browser, "details"))
    browser.click("button[name='fix:parent']")
    check("the parent fixed", visit.shows(".verdict.good", "can be imported"), text_of(browser, "main"))
    browser.click("button", "4. Import")
    browser.until("document.querySelector('button[name=import]:enabled')")
    slow(browser, "tool_wp_perform_import", 600)
    browser.run("history.pushState(null, '', '#new/import')")
    browser.click("button[name=import]")
    browser.click("header button", "Imports")
    check("the import is started", browser.until("document.querySelector('table.works td')", 20), text_of(browser, "main"))
    browser.until("false", 1)
    same("the address is that of the current view", browser.run("return location.hash"), "#imports")
    browser.click("header button", "New import")
    check("a new import starts empty", browser.until("document.querySelector('.drop') && !document.querySelector('table.preview')"), text_of(browser, "main"))
    same("one framework was imported", [f["name"] for f in frameworks(visit)], ["slow"])
    visit.drop(BROKEN, "left.csv")
    browser.click("button", "3. Check")
    browser.click("button[name='fix:all']")
    browser.until("document.querySelector(\".verdict.good\")")
    browser.click("button", "4. Import")
    browser.click("button[name=import]")
    check("another import", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    browser.click("button", "3. Check")
    slow(browser, "what=fix", 700)
    browser.click("button[name='fix:undo']")
    browser.until("document.querySelector(\"button[name='fix:safe']\")")
    browser.click("button[name='fix:safe']")
    browser.click("header button", "New import")
    check("the next import starts empty", browser.until("document.querySelector('.drop') && !document.querySelector('table.preview')"), text_of(browser, "main"))
    browser.until("false", 1.2)
    same("a late answer of the previous import is ignored", (text_of(browser, "h2"), text_of(browser, "p[role=status]"), browser.run("return sessionStorage.getItem('orgvet.draft')")), ("File", "", None))
    visit.end()


def filters(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN, "filters.csv")
    browser.click("button", "3. Check")
    browser.click(".looker button", "OV306")
    check("filtered by code", browser.until("document.querySelector('.grid').getAttribute('aria-rowcount') === '2'"))
    browser.click("button[name='fix:space']")
    check("a code without findings no longer filters", browser.until("document.querySelector('.grid').getAttribute('aria-rowcount') === '6'"), text_of(browser, "main"))
    browser.run("const s = document.querySelector('input[type=search]'); s.value = 'Developer'; s.dispatchEvent(new Event('input'))")
    check("filtered by text", browser.until("document.querySelector('.grid').getAttribute('aria-rowcount') === '2'"))
    browser.run("document.querySelector('section').dispatchEvent(Object.assign(new Event('drop', {bubbles: true, cancelable: true}), {dataTransfer: {files: [new File([arguments[0]], 'other.csv')]}}))", SEED)
    check("another file", visit.shows("h2", "File: other.csv"), text_of(browser, "main"))
    browser.click("button", "3. Check")
    check("the new file is not filtered", browser.until("document.querySelector('.grid')?.getAttribute('aria-rowcount') === '6'"), text_of(browser, "main"))
    browser.run("""const real = XMLHttpRequest.prototype.send; let first = true; XMLHttpRequest.prototype.send = function (form) {
        const late = first; first = false; setTimeout(() => real.call(this, form), late ? 700 : 0); };
        for (const name of ['first.csv', 'second.csv'])
            document.querySelector('section').dispatchEvent(Object.assign(new Event('drop', {bubbles: true, cancelable: true}), {dataTransfer: {files: [new File([arguments[0]], name)]}}));""", SEED)
    check("two files: the second one", visit.shows("h2", "File: second.csv") and browser.until("document.querySelector('button.next:enabled')", 0.3), text_of(browser, "main"))
    browser.until("false", 1.2)
    check("two files: the second one remains", visit.shows("h2", "File: second.csv"), text_of(browser, "main"))
    same("two files: no error about the first one", text_of(browser, "section > .problem"), "")
    browser.run("location.reload()")
    check("reloading keeps the step", visit.shows("h2", "File: second.csv"), text_of(browser, "main"))
    same("reloading keeps the address", browser.run("return location.hash"), "#new/file")
    browser.wait("""fetch('/page/sign-in', {method: 'POST', body: new URLSearchParams({token: %s}), headers: {'X-Orgvet-Csrf': 'page'}}).then(() => done(true))""" % json.dumps(server.token))
    check("a file can be dropped after signing in again in another window", visit.drop(SEED, "anew.csv"), text_of(browser, "main"))
    visit.end()


def as_read(server):
    """Choosing an encoding and a delimiter, the same as detected or others."""
    visit = PageUser(tally, server)
    browser = visit.browser
    for name, text, key, value, copied in (("comma.csv", SEED, "delimiter", ",", False), ("utf8.csv", SEED, "encoding", "UTF-8", False), ("semicolon.csv", SEED.replace(",", ";"), "delimiter", ";", True)):
        visit.drop(text, name)
        choose(browser, key, value)
        browser.until(f"document.querySelector('select[name={key}]')?.value === {json.dumps(value)} && !document.querySelector('[aria-busy]')")
        browser.click("button", "4. Import")
        browser.click("button[name=import]")
        check(f"{name} is imported", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
        browser.click("button", "1. File")
        check("detected values are shown as such", visit.shows("option", "comma (detected automatically)"), text_of(browser, ".fields"))
        browser.click("button", "3. Check")
        same("a copy was made only if needed", browser.until("document.querySelector('.grid')") and browser.run("return Boolean(document.querySelector(\"button[name='fix:undo']\"))"), copied)
        browser.click("button", "5. Log")
        browser.click("button", "start another import")
    visit.drop("Titel,x;name;idnumber;parent;description,Nr,Chef\nAlpha,q;q;q;q;q,A,\nBeta,q;q;q;q;q,B,A\n", "wrong.csv")
    check("semicolons are detected", visit.shows("option", "semicolon (detected automatically)"), text_of(browser, "main"))
    choose(browser, "delimiter", ",")
    check("commas are chosen", visit.shows("th", "Chef"), text_of(browser, "main"))
    browser.until("!document.querySelector('[aria-busy]')")
    browser.click("button", "2. Columns")
    for field, column in (("name", "Titel"), ("idnumber", "Nr"), ("parentid", "Chef")):
        choose(browser, f"csvmapping:{field}", "=" + column)
        browser.until(f"document.querySelector('select[name=\"csvmapping:{field}\"]').value === '={column}' && !document.querySelector('[aria-busy]')")
    browser.click("button", "4. Import")
    check("the plan", visit.shows("li", "2 items will be created."), text_of(browser, "main"))
    browser.click("button[name=import]")
    check("imported as shown", visit.shows(".verdict", "Completed"), text_of(browser, "main"))
    same("all frameworks", sorted((f["name"], f["items"]) for f in frameworks(visit)), [("comma", 5), ("semicolon", 5), ("utf8", 5), ("wrong", 2)])
    visit.end()


def gone(server):
    """A session that expires or a framework that is removed while another view is open; a busy service."""
    first = server.import_text("idnumber,parent,name\nOLD,,Old\n", name="old.csv")["id"]
    server.wait(first)
    visit = PageUser(tally, server)
    browser = visit.browser
    visit.drop(BROKEN + "".join(f"P{i},CEO,Position {i},0\n" for i in range(3000)), "kept.csv")
    browser.click("button", "4. Import")
    browser.until("document.querySelectorAll('select[name=target] option').length > 1")
    choose(browser, "target", str(frameworks(visit)[0]["id"]))
    check("into a framework", browser.until("document.querySelector('select[name=conflict]')"), text_of(browser, "main"))
    browser.click("button", "3. Check")
    browser.until("document.querySelectorAll('.grid .row').length > 5")
    server.admin("user", "suspend", "admin")
    browser.run("document.querySelector('.grid').scrollTop = 30000")
    check("the expired session is reported", visit.shows(".problem", "sign in again"), text_of(browser, "body"))
    browser.run("window.asked = 0; const real = window.fetch; window.fetch = (...all) => { window.asked += String(all[0]).startsWith('/page/draft'); return real(...all); }")
    browser.until("false", 3)
    same("no requests for a view that no longer exists", browser.run("return window.asked"), 0)
    server.admin("user", "resume", "admin")
    server.call("orgvet_rollback_import", importid=first)
    visit.sign_in()
    check("the file is still open", visit.shows("h2", "kept.csv"), text_of(browser, "body"))
    check("the removed framework is reported", visit.shows("p[role=status]", "The selected framework no longer exists."), text_of(browser, "body"))
    browser.click("button", "3. Check")
    browser.run("""const real = window.fetch; window.busy = arguments[0]; window.fetch = (path, options) => String(options?.body ?? "").includes("what=fix") && window.busy-- > 0
        ? Promise.resolve(new Response('{"errorcode":"servicebusy","error":"The service is busy"}', {status: 503, headers: {"Content-Type": "application/json"}})) : real(path, options)""", 2)
    browser.click("button[name='fix:safe']")
    check("a busy service is tried again", visit.shows("p[role=status]", "in a copy"), text_of(browser, "main"))
    browser.run("window.busy = 100")
    browser.click("button[name='fix:undo']")
    browser.until("document.querySelector(\"button[name='fix:safe']:enabled\")")
    browser.click("button[name='fix:safe']")
    check("a service that stays busy is reported", visit.shows("section > .problem", "The service is busy"), text_of(browser, "main"))
    browser.run("window.busy = 0")
    browser.click("button[name='fix:all']")
    check("all fixed", visit.shows(".verdict.good", "can be imported"), text_of(browser, "main"))
    browser.click("button", "4. Import")
    browser.until("document.querySelector('button[name=import]:enabled')")
    browser.run("const real = window.fetch; window.fetch = (path, options) => String(options?.body ?? '').includes('perform_import') ? Promise.reject(new Error('x')) : real(path, options); document.querySelector('button[name=import]').focus()")
    browser.press("Enter")
    check("an import with an unknown outcome", visit.shows("section > .problem", "check `Imports`"), text_of(browser, "main"))
    check("the button has the focus again", browser.until("document.activeElement.name === 'import'"), browser.run("return document.activeElement.outerHTML.slice(0, 100)"))
    browser.click("button", "3. Check")
    same("the error is not shown in another step", text_of(browser, "section > .problem"), "")
    browser.run("location.reload()")
    browser.until("document.querySelector('.grid')")
    browser.click("button", "4. Import")
    check("the unknown outcome is still shown after reloading", visit.shows("p.note", "check `Imports`"), text_of(browser, "main"))
    visit.end("403", "Failed to load resource")


def password(server):
    visit = PageUser(tally, server)
    browser = visit.browser
    browser.click("header button", "Administration")
    browser.click("td button", "new password")
    browser.type("td input[name=password]", "long enough to be one")
    browser.click("td button", "set")
    check("a new password requires signing in again", visit.shows(".problem", "Your password has been changed"), text_of(browser, "body"))
    browser.type("input[name=username]", "admin")
    browser.type("input[name=password]", "long enough to be one")
    browser.click("button", "Sign in")
    check("signing in with the new password", browser.until("document.querySelector('header.top')"), text_of(browser, "body"))
    visit.end()


run_parts(tally, orgvet, (back_and_again, twice, in_order, one_by_one, large_letters, to_the_top, wide, compared, archive, failing, elsewhere, filters, as_read, gone,
                          password))
tally.end()
