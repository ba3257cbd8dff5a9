#!/usr/bin/env python3
"""The HTML report in a browser: its content, use by mouse and keyboard, hostile cells, and many
rows. usage: report.py ORGVET"""
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "server"), os.path.dirname(os.path.abspath(__file__))]
from browser import AXE, Browser  # noqa: E402
from tally import Tally  # noqa: E402

orgvet = os.path.abspath(sys.argv[1])
tally = Tally("html")
check, same = tally.check, tally.same
folder = tempfile.mkdtemp(prefix="orgvet-html-")
if not shutil.which("chromedriver") or not shutil.which("chromium"):
    print("html: skipped: chromium and its driver are not there (make setup-page)")
    tally.end()
    sys.exit(0)


def report(name, text, *options):
    path = os.path.join(folder, name + ".csv")
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    made = os.path.join(folder, name + ".html")
    with open(made, "wb") as file:
        subprocess.run([orgvet, "check", "--no-config", "-i", "positions", "-f", "html", *options, path], stdout=file, check=False)
    return made


BROKEN = ("idnumber,parent,name,description\nCEO,,Chief,\nCOO,CEO,Operations,\nOM,COOO,Office,\nA,C,Alpha,\nB,A,Beta,\nC,B,Gamma,\n"
          "D,C,Delta,\nCOO,CEO,Second,\nM,COO,Marketing,\n")
browser = Browser()


def shown(selector):
    return browser.run("return [...document.querySelectorAll(arguments[0])].filter((e) => e.offsetParent !== null).map((e) => e.textContent)", selector)


def click(selector, index=0):
    browser.run("document.querySelectorAll(arguments[0])[arguments[1]].click()", selector, index)
    browser.frame()


def accessible(name):
    if not os.path.exists(AXE):
        return
    for dark in (False, True):
        browser.dark(dark)
        browser.frame()
        same(f"axe: {name}, {'dark' if dark else 'light'}", browser.axe(), [])
    browser.dark(False)


def look():
    path = report("broken", BROKEN)
    browser.open("file://" + path)
    same("no console errors", browser.complaints(), [])
    same("the verdict", shown("h1"), ["broken.csv: 3 problems to fix before the import"])
    check("how much of the file is concerned", "3 errors" in shown(".lead")[0] and "3 rows have to be changed." in shown(".lead")[0], shown(".lead"))
    same("who is affected", [row.split("\n")[-1] for row in browser.run("return [...document.querySelectorAll('.codes tbody tr')].map((r) => r.children[2].textContent)")], ["COO (line 9)", "OM (line 4)", "A → C → B → A"])
    check("no options of the command in the summary", not any("--" in text for text in shown(".codes td")), shown(".codes td"))
    same("rows", shown(".grid .row:not(.head) .number"), ["2", "3", "4", "5", "6", "7", "8", "9", "10"])
    same("cells with findings are marked", shown(".grid .cell.error"), ["COOO", "C", "COO"])
    accessible("table")
    browser.picture("report-table")
    click(".next")
    check("next finding", shown(".grid .chosen .number") == ["4"] and "did you mean COO" in shown(".detail")[0], shown(".detail"))
    click(".next")
    same("second next finding", shown(".grid .chosen .number"), ["5"])
    browser.run("document.querySelector('.grid').focus()")
    browser.press("n")
    same("next finding by key", shown(".grid .chosen .number"), ["9"])
    browser.press("p", "p")
    same("previous finding by key", shown(".grid .chosen .number"), ["4"])
    browser.press("Home", "ArrowDown")
    same("arrow keys", shown(".grid .chosen .number"), ["3"])
    browser.press("End")
    same("End key", shown(".grid .chosen .number"), ["10"])
    codes = browser.run("return [...document.querySelectorAll('.bar button .code')].map((e) => e.textContent)")
    same("groups of findings", sorted(codes), ["OV401", "OV402", "OV404"])
    click(".bar button", codes.index("OV401"))
    same("filtered by code", shown(".grid .row:not(.head) .number"), ["9"])
    click(".bar button", codes.index("OV401"))
    browser.run("const s = document.querySelector('.bar input'); s.value = 'gamm'; s.dispatchEvent(new Event('input'))")
    check("search", browser.until("document.querySelectorAll('.grid .row').length === 2") and shown(".grid .row:not(.head) .number") == ["7"])
    browser.run("const s = document.querySelector('.bar input'); s.value = ''; s.dispatchEvent(new Event('input'))")
    browser.until("document.querySelectorAll('.grid .row').length === 10")
    click("[role=tab]", 1)
    items = "[role=treeitem]"
    same("top level of the tree", [re.sub(r"\W+", " ", t).strip() for t in shown(items)], ["Chief CEO problem below 33 below", "COOO not found problem 11 below", "circular reporting line of 3 rows problem 44 below"])
    accessible("tree")
    browser.run("document.querySelector('[role=tree]').focus()")
    browser.press("ArrowRight")
    same("an item is expanded", len(shown(items)), 5)
    browser.press("ArrowRight")
    tree = browser.run("return [...document.querySelectorAll('[role=treeitem]')].map((e) => ['level', 'setsize', 'posinset', 'expanded', 'selected'].map((a) => e.getAttribute('aria-' + a)))")
    same("levels, sizes and positions", tree, [["1", "3", "1", "true", "false"], ["2", "2", "1", "false", "true"], ["2", "2", "2", None, "false"], ["1", "3", "2", "false", "false"], ["1", "3", "3", "false", "false"]])
    same("focused item", browser.run("return document.getElementById(document.querySelector('[role=tree]').getAttribute('aria-activedescendant')).getAttribute('aria-posinset')"), "1")
    browser.press("ArrowRight", "ArrowDown")
    check("details of an item and its surroundings", shown(".card .name") == ["Marketing"] and shown(".crumbs") == ["Chief › Operations › Marketing"], shown(".card .name, .crumbs"))
    browser.press("ArrowLeft", "ArrowLeft")
    same("collapsed again", len(shown(items)), 5)
    browser.press("End")
    check("a circular reporting line", browser.until("document.querySelectorAll('.ring circle').length === 3") and "Break it here" in shown(".around")[0])
    accessible("ring")
    browser.press("Home")
    browser.until("document.querySelector('.card .name')?.textContent === 'Chief'")
    same("what is directly below, in one frame", shown(".box-of-cards .card b"), ["Operations", "Second"])
    accessible("cards")
    browser.run("window.kept = []; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { window.kept.push(blob); return make.call(URL, blob); }")
    click(".org button[aria-label='Download as SVG']")
    click(".org button[aria-label='Download as PNG']")
    browser.until("window.kept.length === 2")
    svg, png = browser.wait("Promise.all(window.kept.map(async (b) => [b.type, (await b.text()).slice(0, 20000)])).then(done)")
    check("the chart as SVG", svg[0] == "image/svg+xml" and svg[1].startswith("<svg") and all(name in svg[1] for name in ("Chief", "Operations", "Second", "Marketing")), svg[1][:200])
    check("the chart as PNG", png[0] == "image/png" and png[1][1:4] == "PNG", png[1][:20])
    browser.run("window.print = () => { window.printed = getComputedStyle(document.querySelector('.chart-sheet')).display; }")
    click(".org button[aria-label^='Print']")
    check("the chart is there to print", browser.until("window.printed !== undefined && document.body.classList.contains('printing')"))
    browser.command("Emulation.setEmulatedMedia", media="print")
    check("alone", shown(".chart-sheet svg text") and not shown("h1"), shown("h1"))
    browser.command("Emulation.setEmulatedMedia", media="")
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    check("and gone afterwards", browser.run("return document.querySelector('.chart-sheet') === null && !document.body.classList.contains('printing')"))
    browser.press("End")
    browser.picture("report-ring")
    browser.run("const s = document.querySelectorAll('input[type=search]')[1]; s.value = 'delta'")
    click("[role=tabpanel]:not(.hidden) .bar button")
    check("found in the tree", browser.until("document.querySelector('[role=treeitem].chosen .id')?.textContent === 'D'"), shown(items))
    check("everything expanded", browser.run("const c = document.querySelector('canvas'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"))
    same("no console errors at the end", browser.complaints(), [])
    browser.command("Emulation.setEmulatedMedia", media="print")
    check("print: the findings, without controls", len(shown("ol.first li")) == 3 and not shown(".looker"), shown("ol.first li"))
    browser.command("Emulation.setEmulatedMedia", media="")
    browser.command("Emulation.setDeviceMetricsOverride", width=360, height=700, deviceScaleFactor=1, mobile=False)
    browser.frame()
    check("narrow screen: no horizontal overflow", browser.run("return document.documentElement.scrollWidth <= 360"), browser.run("return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > 361 && !e.closest('.scroller')).map((e) => e.outerHTML.slice(0, 90))"))
    browser.picture("report-narrow")
    browser.command("Emulation.clearDeviceMetricsOverride")


def hostile():
    cells = ["<script>window.broken = 1</script>", '"><img src=x onerror=window.broken=1>', "\u202egnp.exe", "</script><b>x", "<!--", "x" * (1 << 20)]
    rows = "".join(f'R{i},NIX{i},"{c.replace(chr(34), chr(34) * 2)}",\n' for i, c in enumerate(cells))
    path = report("<b>hostile&", "idnumber,parent,name,<i>description</i>\n" + rows, "--max-cell", "2097152")
    browser.open("file://" + path.replace("<", "%3C").replace(">", "%3E").replace("&", "%26"))
    same("no script of the file runs", browser.run("return [window.broken === undefined, document.querySelectorAll('img').length, document.querySelectorAll('main b b, h1 b').length]"), [True, 0, 0])
    told = browser.run("return [...document.querySelectorAll('.grid .row:not(.head)')].map((r) => r.children[3].textContent)")
    same("cells are shown as text", told[:2] + told[3:5], cells[:2] + cells[3:5])
    same("bidirectional controls are shown", told[2], "\u27e8U+202E\u27e9gnp.exe")
    check("a long cell is truncated", told[5].endswith("\u2026") and len(told[5]) < 400)
    click(".grid .row:not(.head)", 5)
    check("a long cell can be expanded", browser.until("document.querySelector('.detail .value')?.textContent.length > 10000"))
    same("hostile cells: no console errors", browser.complaints(), [])
    text = open(path, encoding="utf-8").read()
    check("the file name is shown as text", html.escape("<b>hostile&") in text and "<b>hostile" not in text)
    check("`<` in data is \\u003c", all("<" not in data for data in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.S)))
    check("no external resources", not re.search(r'(?:src|href)\s*=\s*["\']?\s*https?:', text))


def plain():
    """Without JavaScript."""
    other = Browser(script=False)
    other.open("file://" + report("broken", BROKEN))
    text = other.ask("POST", other.session + "/element", {"using": "css selector", "value": "main"})
    text = other.ask("GET", f"{other.session}/element/{list(text.values())[0]}/text")
    check("summary, root cause and findings without JavaScript", "3 problems to fix before the import" in text and "parent `COOO` not found in this file OV402" in text and "3 rows have to be changed." in text, text)
    other.end()


def many():
    count = 200000
    path = report("many", "idnumber,parent,name,description\n" + "".join(
        f"P{i},{'' if i == 0 else f'P{(i - 1) // 8}' if i % 5000 else f'X{i}'},Position {i},Something about it\n" for i in range(count)))
    began = time.monotonic()
    browser.open("file://" + path)
    check("200,000 rows are loaded", browser.until("document.querySelectorAll('.grid .row').length > 5"))
    print(f"html: 200,000 rows are there {time.monotonic() - began:.1f} s after the file was opened")
    for part in (0.5, 0.9999, 0.25):
        browser.run("const g = document.querySelector('.grid'); g.scrollIntoView(); g.scrollTop = arguments[0] * (g.scrollHeight - g.clientHeight)", part)
        browser.frame()
        box = browser.run("""const g = document.querySelector('.grid').getBoundingClientRect();
            return [0.2, 0.5, 0.8].map((y) => document.elementFromPoint(g.left + 100, g.top + y * g.height)?.closest('.row')?.children[1].textContent ?? '')""")
        check(f"no blank areas at {part}", all(re.fullmatch(r"P\d+", cell) for cell in box), box)
    click("[role=tab]", 1)
    check("a tree of 200,000 rows", browser.until("document.querySelectorAll('[role=treeitem]').length > 5"))
    memory = browser.run("return performance.memory.usedJSHeapSize")
    check("less than 300 MB", memory < 300e6, memory)
    browser.picture("report-many")
    path = report("more", "idnumber,parent,name\n" + "".join(f"P{i},{'' if i == 0 else f'P{i // 8}' if i != 70007 else 'X'},N{i}\n" for i in range(count + 1)))
    browser.open("file://" + path)
    check("a truncated view is reported", "Of 200,001 rows, 1 are shown" in shown(".looker .note")[0], shown(".looker .note"))
    same("many rows: no console errors", browser.complaints(), [])


for part in (look, hostile, plain, many):
    if len(sys.argv) < 3 or part.__name__ in sys.argv[2:]:
        part()
browser.end()
shutil.rmtree(folder)
if not os.path.exists(AXE):
    print("html: skipped: axe-core is not there (make setup-page)")
tally.end()
