#!/usr/bin/env python3
"""The page without a server, opened from the disk in a browser: files as HR has them go from file to
a corrected file that has no problems, or to a to-do list. usage: page.py ORGVET chromium|firefox [PART …]"""
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "book"), os.path.join(HERE, "..", "page")]
from tally import Tally  # noqa: E402
from browser import Browser, Firefox, PageUser, text_of  # noqa: E402
import hr_files  # noqa: E402
from workbook import ods, ods_row, parts, sheet, write  # noqa: E402

orgvet, browser = os.path.abspath(sys.argv[1]), sys.argv[2]
PAGE = os.path.abspath(os.path.join(HERE, "..", "..", "build", "offline", "orgvet.html"))
tally = Tally(f"offline, {browser}")
check, same = tally.check, tally.same


class Visitor(PageUser):
    """A browser that has opened the file."""

    def __init__(self, language="en", **options):
        self.tally, self.folder = tally, tempfile.mkdtemp(prefix="orgvet-offline-")
        self.server = self  # where PageUser.file puts files
        self.browser = (Firefox if browser == "firefox" else Browser)(language=language, **options)
        self.downloads = os.path.join(self.folder, "downloads")
        os.mkdir(self.downloads)
        self.browser.downloads_to(self.downloads)
        self.browser.open("file://" + PAGE)
        self.browser.until("document.querySelector('.drop')")

    def taken(self, ending):
        """Downloads a file in the last step, and returns its path."""
        if self.step() != "download":
            self.browser.click(".step a", "Download") if self.browser.find(".step a", "Download") else self.next()
            self.browser.until("location.hash === '#new/download'")
        self.browser.run("document.querySelector(`a[download$='${arguments[0]}']`).click()", ending)
        for _ in range(400):
            names = os.listdir(self.downloads)
            there = [name for name in names if name.endswith(ending) and not name.startswith(".")]
            if there and not any(name.endswith(".part") for name in names) and os.path.getsize(os.path.join(self.downloads, there[0])):
                path = os.path.join(self.folder, f"taken-{there[0]}")
                shutil.move(os.path.join(self.downloads, there[0]), path)
                return path
            time.sleep(0.05)
        raise RuntimeError(f"nothing ending in {ending} was downloaded: {text_of(self.browser, 'body')}")

    def right(self, name, *args, ending=".csv", kind="positions"):
        """Whether the corrected file, as downloaded, has no problems."""
        path = self.taken(ending)
        done = subprocess.run([orgvet, "check", "--importer", kind, "--accept-mapping", *args, path], capture_output=True, text=True)
        check(f"{name}: the corrected file is right", done.returncode == 0, done.stdout + done.stderr)
        return path

    def end(self, *expected):
        complaints = [c for c in self.browser.complaints() if not any(e in c for e in expected)]
        check("no console errors", complaints == [], complaints)
        self.browser.end()
        shutil.rmtree(self.folder, ignore_errors=True)


def german_excel():
    visit = Visitor("de-AT,de;q=0.9,en;q=0.8")
    same("in German", visit.browser.run("return document.documentElement.lang"), "de")
    visit.accessible("start, in German")
    visit.drop(hr_files.EXCEL, "Planstellen.csv")
    check("umlauts are read", visit.shows(".preview td", "Geschäftsführung"), text_of(visit.browser, ".preview"))
    visit.review()
    same("what is wrong", sorted(visit.problems()[:3]), ["Kennung doppelt", "Zirkelbezug", "„Vorgesetzte Planstelle“ nicht gefunden"])
    visit.select("„Vorgesetzte Planstelle“ nicht gefunden")
    visit.browser.click(".panel .val[open] .choice", "Oberste Ebene")
    visit.fix()
    visit.select("Kennung doppelt")
    visit.fix()
    visit.select("Zirkelbezug")
    visit.browser.click(".cedge.best .btn")
    visit.fix()
    same("nothing is left", visit.left(), 0)
    visit.accessible("done, in German")
    visit.next()
    visit.accessible("download, in German")
    visit.browser.picture("offline-german")
    visit.right("German Excel")
    visit.right("as a workbook", ending=".xlsx")
    visit.end()


def simple():
    visit = Visitor()
    visit.accessible("start")
    visit.browser.picture("offline-start")
    visit.drop(hr_files.US_EXPORT, "export.csv")
    visit.accessible("file")
    visit.review()
    same("nothing is wrong with it", visit.left(), 0)
    visit.right("US export")
    visit.another(hr_files.TITLES, "titles.csv")
    check("the total is not a row", visit.shows(".callout", "Not a row, so it is left out"))
    visit.review()
    same("titles and totals", visit.left(), 0)
    visit.right("titles and totals")
    visit.browser.click("button", "Another file")
    visit.drop(hr_files.PEOPLE, "people.csv")
    visit.review()
    same("by e-mail address", visit.left(), 0)
    visit.browser.click("button[name='view:organisation']")
    check("the organisation", visit.browser.until("document.querySelectorAll('[role=treeitem]').length > 1"))
    visit.accessible("organisation")
    visit.browser.click("button[name='view:table']")
    visit.browser.until("document.querySelector('.sheet-grid .line:not(.heads)')")
    visit.end()


def workbooks():
    visit = Visitor()
    for name, path in (("org.xlsx", write(os.path.join(visit.folder, "source.xlsx"), parts({"Notes": sheet([["Only a remark"]]), "Positions": sheet(hr_files.WORKBOOK)}))),
                       ("org.ods", ods(os.path.join(visit.folder, "source.ods"), {"Positions": "".join(ods_row(row) for row in hr_files.WORKBOOK)}))):
        with open(path, "rb") as file:
            visit.drop(file.read(), name) if name == "org.xlsx" else visit.another(file.read(), name)
        if name == "org.xlsx" and not visit.browser.find("button[name='sheet:Positions'][aria-pressed=true]"):
            visit.browser.click("button[name='sheet:Positions']")
            visit.browser.until("document.querySelector('.preview').textContent.includes('Position title') && globalThis.orgvet.idle()")
        visit.review()
        same(f"{name}: its problem", visit.problems()[:1], ["“Reports to” not found"])
        visit.browser.click(".panel .choice", "Top level")
        visit.fix()
        visit.right(name, ending=".xlsx")
        if name == "org.ods":
            done = subprocess.run([orgvet, "check", "--format", "json", visit.taken(".annotated.xlsx")], capture_output=True, text=True)
            check("the annotated workbook can be read", json.loads(done.stdout)["files"][0]["rows"] == 20, done.stdout[:200])
    visit.end()


def large_mess():
    visit = Visitor()
    visit.drop(hr_files.mess(), "mess.csv")
    visit.review()
    clicks = 0
    while "“Reports to” not found" in visit.problems()[:3] and visit.left() == 3 and clicks < 60:
        visit.browser.click(".panel .val[open] .choice", "Top level")
        visit.fix()
        clicks += 2
    visit.select("Circular reporting line")
    visit.browser.click(".cedge.best .btn")
    visit.fix()
    visit.select("Duplicate identifier")
    while visit.left() and clicks < 120:
        visit.fix()
        clicks += 1
    same("nothing is left", visit.left(), 0)
    visit.right("5,000 rows in a mess")
    visit.end()


def layouts():
    visit = Visitor()
    visit.drop(hr_files.LEVELS, "departments.csv")
    visit.review()
    same("levels: nothing is wrong", visit.left(), 0)
    visit.right("levels", "--parents", "levels=Level 1,Level 2,Level 3", kind="departments")
    visit.another(hr_files.MORE_DEPARTMENTS, "more departments.csv")
    visit.review()
    same("parents that are not in the file", visit.problems()[:1], ["“parent” not found"])
    visit.go("file")
    compare(visit, hr_files.DEPARTMENTS, "all departments.csv")
    visit.review()
    same("they are in another file", visit.left(), 0)
    visit.end()


def compare(visit, text, name):
    """Compares with another file: its chooser is given the path, as a user does in a dialog."""
    visit.browser.choose("input[aria-label='Choose a file to compare with']", visit.file(text, name))
    check("the file to compare with is chosen", visit.browser.until("document.querySelector('input[name=target]:checked')?.value > 0 && globalThis.orgvet.idle()"), text_of(visit.browser, "main"))


def update():
    visit = Visitor()
    before, after = hr_files.update()
    visit.drop(after, "november.csv")
    compare(visit, before, "october.csv")
    check("how many are in both", visit.shows(".choice", "198 of 203 identifiers are already there"), text_of(visit.browser, "main"))
    visit.accessible("file: a comparison")
    visit.review()
    same("nothing is wrong with it", visit.left(), 0)
    visit.next()
    visit.shows(".tile", "Moved")
    same("the changes", visit.browser.run("return [...document.querySelectorAll('.tile .n')].map((e) => e.textContent)"), ["5", "30", "1", "2"])
    same("the to-do list", visit.browser.run("return document.querySelectorAll('.todo li').length"), 33)
    visit.accessible("download: an update")
    visit.browser.picture("offline-update")
    with open(visit.taken(".todo.csv"), encoding="utf-8-sig") as file:
        todo = file.read()
    check("the to-do list as CSV", todo.count("\n") == 34 and "Rename,P50,Renamed,Position 50" in todo, todo[:300])
    with open(visit.taken(".new.csv"), encoding="utf-8-sig") as file:
        same("only the new rows", file.read().splitlines()[:2], ["idnumber,parent,name", "N0,P3,New 0"])
    visit.end()


def edits():
    """Edits are undone and redone; those that were not downloaded are asked about."""
    visit = Visitor()
    visit.drop("idnumber,parent,name\nP0,,Boss\nP1,P0,One\n", "small.csv")
    visit.review()
    cell = "[...document.querySelectorAll('.sheet-grid .line:not(.heads)')].map((l) => [...l.children].map((c) => c.querySelector('bdi')?.textContent ?? c.textContent))"
    visit.browser.run("document.querySelector('.sheet-grid').focus()")
    visit.browser.press("ArrowDown", "ArrowRight", "ArrowRight", *"New", "Enter")
    check("an edit", visit.browser.until(f"{cell}[1][3] === 'New' && globalThis.orgvet.idle()"), visit.browser.run(f"return {cell}"))
    visit.browser.press_with("Control", "z")
    check("undone", visit.browser.until(f"{cell}[1][3] === 'One' && globalThis.orgvet.idle()"))
    visit.browser.click("button", "Redo")
    check("redone", visit.browser.until(f"{cell}[1][3] === 'New' && globalThis.orgvet.idle()"))
    same("nothing is kept in the browser", visit.browser.run("return [localStorage.length, sessionStorage.length]"), [0, 0])
    asked = "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented"
    check("closing it would lose the edit, which is asked", visit.browser.run(asked))
    with open(visit.taken("small.csv"), encoding="utf-8-sig") as file:
        same("the corrected file", file.read().splitlines(), ["idnumber,parent,name", "P0,,Boss", "P1,P0,New"])
    check("then it is not asked", not visit.browser.run(asked))
    with open(visit.taken(".report.html"), encoding="utf-8") as file:
        check("a report", "small.csv" in file.read())
    visit.end()


def policy():
    """No request leaves: a proxy that listens for all of them hears none, and the policy forbids them."""
    heard = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self):
            heard.append(self.raw_requestline if hasattr(self, "raw_requestline") else self.rfile.readline())

    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    if browser == "firefox":
        visit = Visitor(preferences={"network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": proxy.server_port, "network.proxy.allow_hijacking_localhost": True})
    else:
        visit = Visitor(arguments=[f"--proxy-server=http://127.0.0.1:{proxy.server_port}", "--proxy-bypass-list=<-loopback>", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"])
    visit.drop(hr_files.US_EXPORT, "export.csv")
    visit.review()
    visit.taken("export.xlsx")
    host = f"http://127.0.0.1:{proxy.server_port}/"
    ours = [line for line in heard if b"127.0.0.1" in line]
    same("nothing was asked for", ours, [])
    refused = visit.browser.wait("Promise.allSettled([fetch(arguments[0]), new Promise((yes, no) => { const i = new Image(); i.onload = yes; i.onerror = no; i.src = arguments[0]; })]).then((all) => done(all.map((one) => one.status)))", host)
    same("nor could it be", refused, ["rejected", "rejected"])
    same("even where it was tried", [line for line in heard if b"127.0.0.1" in line], [])
    proxy.shutdown()
    visit.end("Content Security Policy", "Content-Security-Policy")


def memory():
    """The most memory that each process of a page has had, in MB."""
    most = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", encoding="utf-8") as file, open(f"/proc/{process}/status", encoding="utf-8") as status:
                if re.search("--type=renderer|-contentproc", file.read()):
                    most[process] = int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) / 1024
        except (OSError, TypeError):
            pass  # it has ended
    return most


def many():
    """A million rows."""
    visit = Visitor()
    before = memory()
    path = os.path.join(visit.folder, "many.csv")
    with open(path, "w") as file:
        file.write("idnumber,parent,name\nP0,,Top\n")
        file.writelines(f"P{i},P{i // 8},Position number {i}\n" for i in range(1, 1000000))
    begun = time.monotonic()
    visit.browser.drop(".drop", path)
    check("a million rows are read", visit.browser.until("document.querySelector('.filechip')?.textContent.includes('1,000,000 rows') && globalThis.orgvet.idle()", 120), text_of(visit.browser, "main"))
    print(f"offline, {browser}: 1,000,000 rows: {time.monotonic() - begun:.1f} s, {max((most - before[process] for process, most in memory().items() if process in before), default=0):.0f} MB more than the empty page")
    visit.review()
    same("they can be reviewed", visit.left(), 0)
    visit.end()


for program in ("firefox-esr",) if browser == "firefox" else ("chromium", "chromedriver"):
    if not shutil.which(program):
        print(f"offline: skipped: {program} is not there (make setup-forms)")
        sys.exit()
check("the file is there", os.path.exists(PAGE), PAGE)
with open(PAGE, encoding="utf-8") as page:
    source = page.read()
check("it refers to nothing else", not re.search(r'(?:src|href)="(?!data:|#|\?)', re.sub(r"<script[^>]*>.*?</script>", "", source, flags=re.S)))
for part in (german_excel, simple, workbooks, large_mess, layouts, update, edits, policy, many):
    if len(sys.argv) > 3 and part.__name__ not in sys.argv[3:]:
        continue
    try:
        part()
    except RuntimeError as problem:
        check(part.__name__, False, str(problem))
tally.end()
