#!/usr/bin/env python3
"""The service's page: its protocol, and its behaviour in a browser. usage: page.py ORGVET"""
import gzip
import http.client
import json
import os
import re
import shutil
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "server"), HERE]
from browser import AXE, Browser, PageClient  # noqa: E402
from server import EXPORTER, SEED, Server  # noqa: E402
from tally import Tally  # noqa: E402

orgvet = os.path.abspath(sys.argv[1])
tally = Tally("page")
check, same = tally.check, tally.same
server = Server(orgvet)
server.admin("user", "add", "ann", "--password-file", "-", given="s3cret\n")


def protocol():
    visitor = PageClient(server)
    status, data = visitor.ask("/")
    check("the page, without a redirect", status == 200 and b"<title>" in gzip.decompress(data))
    policy = visitor.headers["Content-Security-Policy"]
    check("policy without inline scripts", policy.startswith("default-src 'none'; script-src 'self'") and "unsafe" not in policy and "frame-ancestors 'none'" in policy, policy)
    sizes = [len(visitor.ask(path)[1]) for path in ("/", "/page/page.css", "/page/page.js", "/page/view.css", "/page/view.js")]
    check("less than 200 KB in total", all(sizes) and sum(sizes) < 200e3, sizes)
    text = b"".join(gzip.decompress(visitor.ask(path)[1]) for path in ("/", "/page/page.css", "/page/page.js", "/page/view.css", "/page/view.js"))
    check("no external resources", not re.search(rb"(?:src|href|url\()\s*=?\s*[\"']?https?:", text))
    same("no page without a server where none is installed", visitor.ask("/offline.html")[0], 404)
    installed = os.path.join(server.folder, "prefix")
    os.makedirs(os.path.join(installed, "bin"))
    os.makedirs(os.path.join(installed, "share", "orgvet"))
    shutil.copy(orgvet, os.path.join(installed, "bin", "orgvet"))
    with open(os.path.join(installed, "share", "orgvet", "orgvet.html"), "w") as file:
        file.write("installed")
    other = Server(os.path.join(installed, "bin", "orgvet"))
    same("the one that was installed", other.request("GET", "/offline.html")[2], b"installed")
    other.end()
    named = os.path.join(server.folder, "named.html")
    with open(named, "w") as file:
        file.write("<!DOCTYPE html><title>offline</title>")
    other = Server(orgvet, "--offline-page", named)
    status, headers, data = other.request("GET", "/offline.html")
    same("the one that is named, with its own policy", (status, headers["Content-Type"], headers["Content-Security-Policy"], data), (200, "text/html; charset=utf-8", "frame-ancestors 'none'", b"<!DOCTYPE html><title>offline</title>"))
    other.end()
    for path in ("/page/me", "/page/export?id=1"):
        same(f"{path} requires signing in", (visitor.ask(path)[0], visitor.ask(path)[1]["errorcode"]), (401, "sessionexpired"))
    same("functions require signing in", visitor.ask("/page/call", {"wsfunction": "orgvet_get_imports"})[0], 401)
    same("no credentials in the address", visitor.ask("/page/sign-in?username=ann&password=s3cret", {})[1]["errorcode"], "badrequest")
    same("a wrong password", visitor.sign_in(username="ann", password="x")[1]["errorcode"], "invalidlogin")
    same("a wrong token", visitor.sign_in(token="0" * 32)[1]["errorcode"], "invalidtoken")
    same("request from another site", visitor.ask("/page/sign-in", {"username": "ann", "password": "s3cret"}, X_Orgvet_Csrf=None)[1]["errorcode"], "sesskey")
    check("no cookie yet", visitor.cookie is None)
    status, me = visitor.sign_in(username="ann", password="s3cret")
    same("signed in", (status, me["username"], me["sitename"]), (200, "ann", "orgvet"))
    check("attributes of the cookie", re.fullmatch(r"orgvet_session=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Strict; Max-Age=\d+", visitor.set_cookie), visitor.set_cookie)
    check("the session is stored as a hash", visitor.cookie.split("=")[1].encode() not in server.stored())
    same("the current user", visitor.ask("/page/me")[1]["username"], "ann")
    call = {"wsfunction": "orgvet_get_imports"}
    same("a function call", visitor.ask("/page/call", call), (200, {"total": 0, "imports": []}))
    same("a function call without the page's header", visitor.ask("/page/call", call, X_Orgvet_Csrf="x")[1]["errorcode"], "sesskey")
    same("a function call by GET", visitor.ask("/page/call?wsfunction=orgvet_get_imports")[0], 405)
    same("parameters are checked", visitor.ask("/page/call", {**call, "perpage": "0"})[1]["errorcode"], "invalidparameter")
    same("unknown functions are refused", visitor.ask("/page/call", {"wsfunction": "nix"})[1]["errorcode"], "invalidrecord")
    server.admin("service", "add", "few", "--function", "tool_wp_get_import_status", "--without-downloads")
    server.admin("service", "allow", "few", "--user", "ann")
    few = PageClient(server)
    few.sign_in(token=server.admin("token", "add", "--user", "ann", "--service", "few"))
    same("a token's session is limited to its service", (few.ask("/page/me")[0], few.ask("/page/call", call)[1]["errorcode"], few.ask("/page/export?id=1")[1]["errorcode"]),
         (200, "accessexception", "accessexception"))
    server.admin("service", "disallow", "few", "--user", "ann")
    same("a token's session ends with its authorisation", few.ask("/page/me")[1]["errorcode"], "sessionexpired")
    same("a token restricted to other addresses", PageClient(server).sign_in(token=server.admin("token", "add", "--user", "ann", "--ip", "10.0.0.0/8"))[1]["errorcode"], "accessexception")
    other = PageClient(server)
    other.sign_in(token=server.token)
    id = server.import_text(SEED)["id"]
    server.wait(id)
    mine = other.ask("/page/call", call)[1]
    same("the administrator's imports", [(i["id"], i["username"], i["statusstr"], i["filename"], i["rows"]) for i in mine["imports"]], [(id, "admin", "Completed", "positions.csv", 5)])
    same("other users do not see them", visitor.ask("/page/call", call)[1]["total"], 0)
    export = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    server.wait(export, function="tool_wp_get_export_status", key="exportid")
    check("download of an export", other.ask(f"/page/export?id={export}")[1][:2] == b"PK" and "attachment" in other.headers["Content-Disposition"])
    same("other users cannot download it", visitor.ask(f"/page/export?id={export}")[0], 404)
    same("a session outlives a restart", (server.stop(), server.start(), visitor.ask("/page/me")[0])[2], 200)
    stolen = visitor.cookie
    same("administration requires an administrator", visitor.ask("/page/manage", {"kind": "users"})[1]["errorcode"], "nopermissions")
    managed = other.ask("/page/manage", {"kind": "users"})[1]
    same("list of users", [u["username"] for u in managed["entries"]], ["admin", "ann"])
    same("a user is added", [u["username"] for u in other.ask("/page/manage", {"kind": "users", "what": "user-add", "username": "bob", "password": "s3cret bob", "capabilities": "webservice/rest:use orgvet:import"})[1]["entries"]], ["admin", "ann", "bob"])
    same("an existing user name is refused", other.ask("/page/manage", {"kind": "users", "what": "user-add", "username": "bob"})[1]["errorcode"], "invalidparameter")
    token = other.ask("/page/manage", {"kind": "tokens", "what": "token-add", "username": "bob", "days": "2"})[1]["token"]
    same("a new token works", PageClient(server).sign_in(token=token)[0], 200)
    few = PageClient(server)
    server.admin("service", "allow", "few", "--user", "admin")
    few.sign_in(token=server.admin("token", "add", "--user", "admin", "--service", "few"))
    same("a token of a limited service cannot administer", few.ask("/page/manage", {"kind": "users"})[1]["errorcode"], "nopermissions")
    same("you cannot remove your own account", other.ask("/page/manage", {"kind": "users", "what": "user-remove", "username": "admin"})[1]["errorcode"], "invalidparameter")
    same("a user is removed", [u["username"] for u in other.ask("/page/manage", {"kind": "users", "what": "user-remove", "username": "bob"})[1]["entries"]], ["admin", "ann"])
    same("a tenant is added", other.ask("/page/manage", {"kind": "tenants", "what": "tenant-add", "name": "North", "idnumber": "north"})[1]["entries"][-1]["name"], "North")
    same("a service is added", other.ask("/page/manage", {"kind": "services", "what": "service-add", "name": "small", "functions": "tool_wp_get_import_status"})[1]["entries"][-1]["functions"], ["tool_wp_get_import_status"])
    same("unknown list", other.ask("/page/manage", {"kind": "nix"})[0], 404)
    tokens = len(other.ask("/page/manage", {"kind": "tokens"})[1]["entries"])
    same("unknown list: nothing is changed", (other.ask("/page/manage", {"kind": "nix", "what": "token-add", "username": "ann"})[0], len(other.ask("/page/manage", {"kind": "tokens"})[1]["entries"])), (404, tokens))
    same("NUL does not truncate a name", other.ask("/page/manage", {"kind": "users", "what": "user-remove", "username": "admin\0"})[1]["errorcode"], "invalidparameter")
    same("you cannot suspend your own account", other.ask("/page/manage", {"kind": "users", "what": "user-change", "username": "admin", "suspended": "1"})[1]["errorcode"], "invalidparameter")
    same("signed out", visitor.ask("/page/sign-out", {}), (200, {}))
    check("signing out clears the cookie", "Max-Age=0" in visitor.set_cookie)
    visitor.cookie = stolen
    same("the old session is invalid", visitor.ask("/page/me")[0], 401)
    other.cookie += "0"
    same("a forged cookie is invalid", other.ask("/page/me")[0], 401)
    check("no session in the log", stolen.split("=")[1] not in server.logged())


def visit():
    if not shutil.which("chromedriver") or not shutil.which("chromium"):
        print("page: skipped: chromium and its driver are not there (make setup-page)")
        return
    browser = Browser()

    def shown(selector):
        return browser.run("return [...document.querySelectorAll(arguments[0])].filter((e) => e.offsetParent !== null).map((e) => e.textContent)", selector)

    def accessible(name):
        for dark in (False, True) if os.path.exists(AXE) else ():
            browser.dark(dark)
            browser.frame()
            same(f"axe: {name}, {'dark' if dark else 'light'}", browser.axe(), [])
        browser.dark(False)

    browser.open(server.url)
    check("sign-in form has the focus", browser.until("document.querySelector('input[name=username]') === document.activeElement"))
    accessible("sign-in")
    browser.press(*"ann", "Tab", *"wrong", "Enter")
    check("a wrong password is reported", browser.until("document.querySelector('.problem').textContent.includes('Invalid login')"))
    time.sleep(1)  # the delay after a wrong password
    browser.run("document.querySelector('input[name=password]').value = ''; document.querySelector('input[name=password]').focus()")
    browser.press(*"s3cret", "Enter")
    check("signed in by keyboard", browser.until("document.querySelector('.appnav')"), shown("body"))
    browser.click(".appnav a", "History")
    check("an empty list is reported", browser.until("document.querySelector('table.works td')?.textContent.includes('None yet')"))
    browser.run("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Sign out').click()")
    browser.until("document.querySelector('input[name=token]')")
    browser.run("document.querySelector('input[name=token]').value = arguments[0]; document.querySelectorAll('form')[1].requestSubmit()", server.token)
    browser.click(".appnav a", "History")
    check("signed in with a token", browser.until("document.querySelectorAll('table.works tbody tr td').length === 6"), shown("body"))
    id = server.import_text("idnumber,parent,name\nA,B,<img src=x onerror=document.title=1>\n", "<b>bad.csv")["id"]
    check("a new import appears by itself", browser.until("document.querySelectorAll('table.works tbody tr').length === 2"))
    check("file names are shown as text", browser.until("document.querySelector('table.works tbody tr td:nth-child(2)').textContent === '<b>bad.csv'"), shown("td"))
    browser.until("document.querySelector('table.works tbody tr td:nth-child(3)').textContent === 'Error'")
    browser.run("document.querySelector('table.works tbody tr button').click()")
    check("log of the import", browser.until("document.querySelector('.log')?.textContent.includes('OV402')"), shown(".log"))
    accessible("imports")
    browser.picture("page-imports")
    browser.click("table.works button", "Undo")
    browser.click("dialog .btn.primary")
    check("the import undone", browser.until("[...document.querySelectorAll('td')].some((c) => c.textContent === 'Rolled back')"), shown("td"))
    browser.click(".appnav a", "Exports")
    browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Export the organisation')")
    accessible("exports")
    browser.click(".appnav a", "Administration")
    for kind in ("Users", "Tokens", "Services", "Tenants"):
        browser.click("main button", kind)
        browser.until(f"document.querySelector('main button[aria-pressed=true]').textContent === '{kind}' && document.querySelector('table.works')")
        accessible(f"administration: {kind}")
    browser.click("main button", "Users")
    browser.until("document.querySelector('input[name=firstname]')")
    browser.type("input[name=username]", "cleo")
    browser.click("main button", "Add")
    check("a user is added", browser.until("[...document.querySelectorAll('td')].some((c) => c.textContent === 'cleo')"), shown("td"))
    browser.click("main button", "Tokens")
    browser.until("document.querySelector('input[name=days]')")
    browser.run("document.querySelector('select[name=username]').value = 'cleo'")
    browser.click("main button", "Add")
    check("a new token is shown", browser.until("/^[0-9a-f]{32}$/.test(document.querySelector('code')?.textContent)"), shown("main"))
    browser.type("input[name=ip]", "nowhere")
    browser.click("main button", "Add")
    check("an error is shown", browser.until("document.querySelector('main .problem').textContent.includes('nowhere')"), shown("main .problem"))
    browser.click("main button", "Users")
    browser.until("document.querySelector('input[name=firstname]')")
    browser.click("table.works button", "new password: cleo")
    browser.type("table.works input[name=password]", "hers")
    browser.press("Enter")
    check("a password is set", browser.until("document.querySelector('main [role=status]').textContent === 'Done.'"), shown("main"))
    check("signing in with the new password", PageClient(server).sign_in(username="cleo", password="hers")[0] == 200)
    browser.click("table.works button", "suspend: cleo")
    browser.click("dialog .btn.primary")
    check("a user is suspended", browser.until("[...document.querySelectorAll('table.works button')].some((b) => b.textContent === 'reactivate')"), shown("main"))
    check("a suspended user cannot sign in", PageClient(server).sign_in(username="cleo", password="hers")[0] != 200)
    accessible("administration: a suspended user")
    browser.picture("page-administration")
    browser.click(".appnav a", "Exports")
    browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Export the organisation')")
    server.stop()
    check("an unreachable service is reported", browser.until("document.querySelector('.connection').textContent.includes('cannot reach the service')", 30), shown(".connection"))
    port = server.port
    server.options = (*server.options, "--listen", f"127.0.0.1:{port}")
    server.start()
    check("continues when the service is back", browser.until("document.querySelector('.connection').textContent === ''", 30), shown(".connection"))
    complaints = [c for c in browser.complaints() if "401" not in c and "ERR_CONNECTION" not in c and "Failed to load resource" not in c]
    same("no console errors", complaints, [])
    browser.end()


for part in (protocol, visit):
    if len(sys.argv) < 3 or part.__name__ in sys.argv[2:]:
        part()
check("the service ends cleanly", server.end() == 0)
tally.end()
