"""Somebody who has signed in to the page, in a browser of their own."""
import json
import os
import shutil
import sys
import time

from browser import AXE, Browser
from server import Server

BROKEN = ("idnumber,parent,name,globalmanager\n"
          "CEO,,Chief Executive Officer,yes\n"
          "COO,CEO,Chief Operating Officer ,0\n"
          "OM,COOO,Office Manager,0\n"
          "IT,COO,Head of IT,0\n"
          "DEV,IT,Developer,0\n")


def text_of(browser, selector):
    return browser.run("return document.querySelector(arguments[0])?.textContent ?? null", selector)


OPEN = []  # browsers; those of a part that broke off are ended too


class Visit:
    """A browser that has signed in."""

    def __init__(self, tally, server, language="en", sign_in="Sign in with a token"):
        self.tally = tally
        self.browser = Browser(language=language)
        OPEN.append(self.browser)
        self.server = server
        browser = self.browser
        browser.open(server.url)
        browser.until("document.querySelector('input[name=token]')")
        self.sign_in(sign_in)
        browser.until("document.querySelector('.drop')")

    def sign_in(self, button="Sign in with a token"):
        self.browser.type("input[name=token]", self.server.token)
        self.browser.click("button", button)

    def file(self, text, name="positions.csv"):
        path = os.path.join(self.server.folder, name)
        with open(path, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        return path

    def drop(self, text, name="positions.csv"):
        self.browser.drop(".drop", self.file(text, name))
        return self.browser.until("document.querySelector('table.preview') && document.querySelector('h2').textContent.includes(" + json.dumps(name) + ")", 60)

    def shows(self, selector, text, seconds=20):
        return self.browser.until(f"[...document.querySelectorAll({json.dumps(selector)})].some((e) => e.textContent.includes({json.dumps(text)}))", seconds)

    def accessible(self, name):
        for dark in (False, True) if os.path.exists(AXE) else ():
            self.browser.dark(dark)
            self.browser.frame()
            found = self.browser.axe()
            self.tally.check(f"axe: {name}, {'dark' if dark else 'light'}", found == [], found)
        self.browser.dark(False)

    def end(self, *expected):
        complaints = [c for c in self.browser.complaints() if "401" not in c and not any(e in c for e in expected)]
        self.tally.check("nothing to complain of", complaints == [], complaints)
        self.browser.end()
        OPEN.remove(self.browser)


def frameworks(visit):
    return visit.browser.wait("fetch('/page/frameworks').then((r) => r.json()).then(done)")


def run_parts(tally, orgvet, parts):
    """Runs parts of a test, each with a service of its own; those that are named on the command line, or all."""
    if not shutil.which("chromedriver") or not shutil.which("chromium"):
        print(f"{tally.name}: skipped: chromium and its driver are not there (make setup-page)")
        return
    for part in parts:
        if len(sys.argv) > 2 and part.__name__ not in sys.argv[2:]:
            continue
        begun = time.monotonic()
        server = Server(orgvet)
        try:
            part(server)
        except RuntimeError as problem:
            tally.check(part.__name__, False, str(problem))
        while OPEN:
            OPEN.pop().end()
        tally.check(f"{part.__name__}: the service ends in order", server.end() == 0)
        if os.environ.get("TIMES"):
            print(f"{tally.name}: {part.__name__}: {time.monotonic() - begun:.1f} s")
