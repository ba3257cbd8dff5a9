"""What tests of the page need: a browser (Chromium, driven by WebDriver over the loopback address),
a user signed in there, and a client of the page without a browser."""
import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from server import Server, multipart  # noqa: E402

AXE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "page", "node_modules", "axe-core", "axe.min.js")
KEYS = {"ArrowUp": "\ue013", "ArrowDown": "\ue015", "ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Home": "\ue011", "End": "\ue010",
        "PageDown": "\ue00f", "PageUp": "\ue00e", "Enter": "\ue007", "Tab": "\ue004", "Space": " ", "Escape": "\ue00c", "Shift": "\ue008", "Control": "\ue009", "Delete": "\ue017", "F2": "\ue032"}


class Browser:
    def __init__(self, size=(1280, 1000), script=True, language="en", arguments=()):
        found = None
        for _ in range(5):  # the port it chooses may be in use on one of its two addresses
            self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            found = next(filter(None, (re.search(r"started successfully on port (\d+)", line) for line in self.driver.stdout)), None)
            if found:
                break
            self.driver.wait()
        if not found:
            raise RuntimeError("chromedriver does not start")
        self.url = f"http://127.0.0.1:{found.group(1)}"
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--enable-precise-memory-info", f"--window-size={size[0]},{size[1]}", *arguments]}
        options["prefs"] = {"intl.accept_languages": language}
        if not script:
            options["prefs"]["profile.managed_default_content_settings.javascript"] = 2
        wanted = {"browserName": "chrome", "timeouts": {"script": 120000}, "goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": options}
        self.session = "/session/" + self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(),
                                         {"Content-Type": "application/json"}, method=method)
        try:
            return json.loads(urllib.request.urlopen(request, timeout=180).read())["value"]
        except urllib.error.HTTPError as problem:
            raise RuntimeError(json.loads(problem.read())["value"]["message"]) from None

    def open(self, url):
        self.ask("POST", self.session + "/url", {"url": url})

    def run(self, script, *args):
        return self.ask("POST", self.session + "/execute/sync", {"script": script, "args": args})

    def wait(self, script, *args):
        """The result of a script that calls `done`."""
        return self.ask("POST", self.session + "/execute/async", {"script": "const done = arguments[arguments.length - 1];" + script, "args": args})

    def until(self, condition, seconds=20):
        """Whether an expression becomes true in time."""
        return self.wait(f"""const until = performance.now() + {seconds * 1000};
            const look = () => {{ let got; try {{ got = {condition}; }} catch {{ got = false; }}
              if (got || performance.now() > until) done(Boolean(got)); else setTimeout(look, 20); }}; look();""")

    def frame(self):
        """Waits two frames, so that pending drawing is done."""
        self.wait("requestAnimationFrame(() => requestAnimationFrame(() => done(true)));")

    def double_click(self, selector):
        """A real double click in the middle of an element."""
        place = self.run("const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]", selector)
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.ask("POST", self.session + "/actions", {"actions": [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [{"type": "pointerMove", "x": place[0], "y": place[1]}, *press, {"type": "pause", "duration": 60}, *press]}]})
        self.frame()

    def press(self, *keys):
        actions = [action for key in keys for action in ({"type": "keyDown", "value": KEYS.get(key, key)}, {"type": "keyUp", "value": KEYS.get(key, key)})]
        self.ask("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})
        self.frame()

    def press_with(self, held, key):
        actions = [{"type": kind, "value": KEYS.get(k, k)} for kind, k in (("keyDown", held), ("keyDown", key), ("keyUp", key), ("keyUp", held))]
        self.ask("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})
        self.frame()

    def find(self, selector, text=None):
        """The visible element with this text (as its name or the beginning of it), as a WebDriver
        id; None if not found."""
        return self.run("""const [selector, text] = arguments, told = (e) => (e.getAttribute("aria-label") || e.textContent).trim();
            const all = [...document.querySelectorAll(selector)].filter((e) => e.offsetParent !== null);
            return (text === null ? all[0] : all.find((e) => told(e) === text) || all.find((e) => told(e).startsWith(text))) || null;""", selector, text)

    def click(self, selector, text=None, seconds=20):
        """Clicks with the mouse as soon as the element exists and is enabled."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                found = self.find(selector, text)
                if found and not self.run("return arguments[0].disabled === true", found):
                    self.ask("POST", f"{self.session}/element/{next(iter(found.values()))}/click", {})
                    return
            except RuntimeError as problem:  # the page was drawn anew in between: nothing was clicked
                if "stale element" not in str(problem):
                    raise
            time.sleep(0.02)
        raise RuntimeError(f"there is no {selector} {text or ''} that can be clicked")

    def type(self, selector, text):
        self.ask("POST", f"{self.session}/element/{next(iter(self.find(selector).values()))}/value", {"text": text})

    def drop(self, selector, path):
        """Drops a file with the mouse."""
        x, y = self.run("const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];", selector)
        for kind in ("dragEnter", "dragOver", "drop"):
            self.command("Input.dispatchDragEvent", type=kind, x=x, y=y, data={"items": [], "files": [path], "dragOperationsMask": 1})

    def choose(self, selector, path):
        """Gives an input for files a path, as a user does in a dialog."""
        node = self.command("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")
        self.command("DOM.setFileInputFiles", files=[path], objectId=node["result"]["objectId"])

    def downloads_to(self, folder):
        self.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)

    def load(self, script):
        """Runs a script that the page's own policy would not let in."""
        self.command("Runtime.evaluate", expression=script + "; undefined")

    def command(self, name, **params):
        return self.ask("POST", self.session + "/goog/cdp/execute", {"cmd": name, "params": params})

    def told(self):
        """What assistive technology is told of the focused element, or of the one that is active in
        it: role, name and some properties."""
        place = self.command("Runtime.evaluate", expression="document.getElementById(document.activeElement.getAttribute('aria-activedescendant')) || document.activeElement")
        nodes = self.command("Accessibility.getPartialAXTree", objectId=place["result"]["objectId"], fetchRelatives=False)["nodes"]
        value = lambda node, name: (node.get(name) or {}).get("value")  # noqa: E731
        properties = {p["name"]: p["value"].get("value") for p in nodes[0].get("properties", [])}
        return {"role": value(nodes[0], "role"), "name": value(nodes[0], "name"), "description": value(nodes[0], "description"), **properties}

    def dark(self, on):
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if on else "light"}])

    def picture(self, name):
        """Saved as build output."""
        folder = os.path.join(os.path.dirname(AXE), "..", "..", "pictures")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(self.ask("GET", self.session + "/screenshot")))

    def complaints(self):
        """The browser console's messages since the last call."""
        return [entry["message"] for entry in self.ask("POST", self.session + "/se/log", {"type": "browser"}) if entry["level"] in ("SEVERE", "WARNING")]

    def axe(self):
        """axe-core's violations on the page: rule, description, first places. None without axe-core."""
        if not os.path.exists(AXE):
            return None
        with open(AXE, encoding="utf-8") as file:
            self.load(file.read())
        return self.wait("axe.run().then((r) => done(r.violations.map((v) => [v.id, v.help, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message)])));")

    def end(self):
        self.ask("DELETE", self.session)
        self.driver.terminate()
        self.driver.wait()


class Firefox(Browser):
    """The same for Firefox, by its own protocol (Marionette): what WebDriver asks for by paths are its commands."""
    COMMANDS = [("POST", "/url", "Navigate"), ("POST", "/execute/sync", "ExecuteScript"), ("POST", "/execute/async", "ExecuteAsyncScript"), ("POST", "/actions", "PerformActions"),
                ("POST", "/element/(?P<id>[^/]+)/click", "ElementClick"), ("POST", "/element/(?P<id>[^/]+)/value", "ElementSendKeys"), ("GET", "/screenshot", "TakeScreenshot")]

    def __init__(self, size=(1280, 1000), language="en", preferences=None):
        self.session, self.count, self.profile = "", 0, tempfile.mkdtemp(prefix="orgvet-firefox-")
        given = {"marionette.port": 0, "intl.accept_languages": language, "intl.locale.requested": language.split(",")[0], "app.normandy.enabled": False, "browser.shell.checkDefaultBrowser": False,
                 "datareporting.policy.dataSubmissionEnabled": False, "browser.download.folderList": 2, "browser.download.useDownloadDir": True, "dom.disable_beforeunload": True, "remote.prefs.recommended": True, **(preferences or {})}
        with open(os.path.join(self.profile, "user.js"), "w", encoding="utf-8") as file:
            file.writelines(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in given.items())
        self.driver = subprocess.Popen(["firefox-esr", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--width", str(size[0]), "--height", str(size[1]), "--profile", self.profile],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self.profile})
        port, end = os.path.join(self.profile, "MarionetteActivePort"), time.monotonic() + 60
        while not os.path.exists(port) or not os.path.getsize(port):
            if time.monotonic() > end or self.driver.poll() is not None:
                raise RuntimeError("firefox-esr does not start")
            time.sleep(0.05)
        with open(port, encoding="ascii") as file:
            self.socket = socket.create_connection(("127.0.0.1", int(file.read())), 180)
        self.receive()  # it greets
        self.send("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"timeouts": {"script": 120000}}}})

    def receive(self):
        digits = b""
        while not digits.endswith(b":"):
            digits += self.socket.recv(1)
        size, message = int(digits[:-1]), b""
        while len(message) < size:
            message += self.socket.recv(size - len(message))
        return json.loads(message)

    def send(self, command, params):
        self.count += 1
        message = json.dumps([0, self.count, command, params]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        problem, value = self.receive()[2:]
        if problem:
            raise RuntimeError(problem["error"] + ": " + problem["message"])
        return value

    def ask(self, method, path, body=None):
        for wanted, pattern, command in self.COMMANDS:
            found = re.fullmatch(pattern, path)
            if wanted == method and found:
                value = self.send("WebDriver:" + command, {**(body or {}), **found.groupdict()})
                return value["value"] if "value" in value else value
        raise ValueError(f"{method} {path}")

    def drop(self, selector, path):
        """A file is dropped by a script: this protocol has no dragging of files."""
        self.run("const input = document.createElement('input'); input.type = 'file'; input.className = 'given'; document.body.append(input);")
        self.choose("input.given", path)
        self.run("""const input = document.querySelector("input.given"), data = new DataTransfer();
            data.items.add(input.files[0]);
            input.remove();
            for (const kind of ["dragenter", "dragover", "drop"])
              document.querySelector(arguments[0]).dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}));""", selector)

    def choose(self, selector, path):
        self.ask("POST", f"/element/{next(iter(self.run('return document.querySelector(arguments[0])', selector).values()))}/value", {"text": path})

    def downloads_to(self, folder):
        self.send("Marionette:SetContext", {"value": "chrome"})
        self.run("Services.prefs.setStringPref('browser.download.dir', arguments[0])", folder)
        self.send("Marionette:SetContext", {"value": "content"})

    def dark(self, on):
        self.send("Marionette:SetContext", {"value": "chrome"})
        self.run("Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', arguments[0])", 0 if on else 1)
        self.send("Marionette:SetContext", {"value": "content"})

    def load(self, script):
        self.run(script + "; globalThis.axe = axe;")

    def complaints(self):
        """What the console has of this page's scripts since the last call."""
        self.send("Marionette:SetContext", {"value": "chrome"})
        found = self.run("const all = Services.console.getMessageArray(); Services.console.reset();"
                         "return all.filter((m) => m instanceof Ci.nsIScriptError && !(m.flags & Ci.nsIScriptError.warningFlag) && /^(file|blob|https?):/.test(m.sourceName)).map((m) => m.message)")
        self.send("Marionette:SetContext", {"value": "content"})
        return found

    def end(self):
        self.send("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.socket.close()
        self.driver.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


class PageClient:
    """A browser as far as cookies are concerned: sends the page's requests to the service."""

    def __init__(self, server, language="en"):
        self.server, self.language = server, language
        self.cookie, self.csrf = None, "page"

    def ask(self, path, form=None, **headers):
        headers = {"Accept-Language": self.language, **({"Cookie": self.cookie} if self.cookie else {}), **{k.replace("_", "-"): v for k, v in headers.items()}}
        if form is not None:
            headers = {"X-Orgvet-Csrf": self.csrf, "Content-Type": "application/x-www-form-urlencoded", **headers}
        status, got, data = self.server.request("POST" if form is not None else "GET", path, urllib.parse.urlencode(form) if form is not None else None,
                                           {k: v for k, v in headers.items() if v is not None})
        if got["Set-Cookie"]:
            self.set_cookie = got["Set-Cookie"]
            self.cookie = got["Set-Cookie"].split(";")[0]
        self.headers = got
        return status, json.loads(data) if got["Content-Type"] == "application/json" else data

    def sign_in(self, **form):
        status, me = self.ask("/page/sign-in", form)
        while status == 429:  # after a recent wrong password
            time.sleep(1)
            status, me = self.ask("/page/sign-in", form)
        if status == 200:
            self.csrf = me["csrf"]
        return status, me

    def upload(self, text, name="org.csv", item=None):
        """The draft area that a file is uploaded to."""
        body, boundary = multipart({"itemid": item} if item else {}, [("file", name, text)])
        headers = {"Cookie": self.cookie, "X-Orgvet-Csrf": self.csrf, "Content-Type": "multipart/form-data; boundary=" + boundary}
        _, _, data = self.server.request("POST", "/webservice/upload.php", body, headers)
        return json.loads(data)[0]["itemid"]

    def look(self, item, what, **more):
        """(status, answer) of a request about a draft."""
        return self.ask("/page/draft", {"item": item, "what": what, **more})


BROKEN = ("idnumber,parent,name,globalmanager\n"
          "CEO,,Chief Executive Officer,yes\n"
          "COO,CEO,Chief Operating Officer ,0\n"
          "OM,COOO,Office Manager,0\n"
          "IT,COO,Head of IT,0\n"
          "DEV,IT,Developer,0\n")


def text_of(browser, selector):
    return browser.run("return document.querySelector(arguments[0])?.textContent ?? null", selector)


OPEN = []  # browsers; those of an aborted part are closed too


class PageUser:
    """A browser that is signed in."""

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
        return self.settled(name, 60)

    def another(self, text, name):
        """Drops another file onto the page."""
        self.browser.drop("main", self.file(text, name))
        return self.settled(name, 60)

    def settled(self, name, seconds=20):
        """Whether the step of the file shows a file, and its proposals were looked up."""
        return self.browser.until(f"location.hash === '#new/file' && document.querySelector('.preview tbody tr') && document.querySelector('.filechip')?.textContent.includes({json.dumps(name)})"
                                  " && !document.querySelector('[aria-busy]') && globalThis.orgvet.idle()", seconds)

    def heading(self):
        return self.browser.run("return document.querySelector('h1')?.textContent ?? null")

    def step(self):
        return self.browser.run("return location.hash.split('/')[1] ?? null")

    def next(self):
        self.browser.click("button[name=next]")

    def go(self, step):
        """Clicks a step in the bar."""
        self.browser.click(f'.step a[href="#new/{step}"]')
        return self.browser.until(f"location.hash === '#new/{step}'")

    def review(self):
        """Goes on to the review; returns the number of clicks."""
        clicks = 0
        while self.step() != "review" and clicks < 4:
            before = self.step()
            self.next()
            clicks += 1
            self.browser.until(f"location.hash !== '#new/{before}'")
        self.browser.until("document.querySelector('.sheet-grid .line:not(.heads)') && document.querySelector('.panel h2') && !document.querySelector('[aria-busy]') && globalThis.orgvet.idle()")
        return clicks

    def left(self):
        return int(self.browser.run("return document.querySelector('.left b').textContent").replace(",", ""))

    def problems(self):
        return self.browser.run("return [...document.querySelectorAll('.plist a .t')].map((e) => e.textContent)")

    def select(self, name):
        self.browser.click(".plist a", name)
        return self.browser.until(f"document.querySelector('.panel h2, .many h2')?.textContent.includes({json.dumps(name)}) && globalThis.orgvet.idle()")

    def panel(self):
        return self.browser.run("return [document.querySelector('.panel h2')?.textContent, document.querySelector('.panel .say')?.textContent]")

    def fix(self):
        """Presses the panel's button and waits for what comes of it."""
        before = self.browser.run("return globalThis.orgvet.changes()")
        self.browser.click(".panel footer .btn")
        return self.browser.until(f"globalThis.orgvet.changes() > {before} && globalThis.orgvet.idle()")

    def imported(self):
        """From the review, or the plan, to the result; returns the number of clicks."""
        clicks = 0
        if self.step() == "review":
            self.next()
            clicks += 1
            self.browser.until("location.hash === '#new/import'")
        self.browser.until("document.querySelector('button[name=next]:enabled:not([aria-disabled])')")
        self.next()
        self.browser.click("dialog .btn.primary")
        return clicks + 2 if self.shows("h2", "Completed") or self.shows("h2", "Abgeschlossen", 1) else 0

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
        self.tally.check("no console errors", complaints == [], complaints)
        self.browser.end()
        OPEN.remove(self.browser)


def frameworks(visit):
    return visit.browser.wait("fetch('/page/frameworks').then((r) => r.json()).then(done)")


def run_parts(tally, orgvet, parts):
    """Runs parts of a test, each with its own service: those named on the command line, or all."""
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
        tally.check(f"{part.__name__}: the service ends cleanly", server.end() == 0)
        if os.environ.get("TIMES"):
            print(f"{tally.name}: {part.__name__}: {time.monotonic() - begun:.1f} s")
