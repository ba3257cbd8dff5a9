#!/usr/bin/env python3
"""The service's page: its protocol, and what it is like in a browser.

usage: page.py ORGVET"""
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
    check("the page itself, without a redirect", status == 200 and b"<title>" in gzip.decompress(data))
    policy = visitor.headers["Content-Security-Policy"]
    check("a policy without inline script", policy.startswith("default-src 'none'; script-src 'self'") and "unsafe" not in policy and "frame-ancestors 'none'" in policy, policy)
    sizes = [len(visitor.ask(path)[1]) for path in ("/", "/page/page.css", "/page/page.js", "/page/view.css", "/page/view.js")]
    check("below 200 KB altogether", all(sizes) and sum(sizes) < 200e3, sizes)
    text = b"".join(gzip.decompress(visitor.ask(path)[1]) for path in ("/", "/page/page.css", "/page/page.js", "/page/view.css", "/page/view.js"))
    check("nothing is loaded from elsewhere", not re.search(rb"(?:src|href|url\()\s*=?\s*[\"']?https?:", text))
    for path in ("/page/me", "/page/export?id=1"):
        same(f"{path} is for those who have signed in", (visitor.ask(path)[0], visitor.ask(path)[1]["errorcode"]), (401, "sessionexpired"))
    same("and so are functions", visitor.ask("/page/call", {"wsfunction": "orgvet_get_imports"})[0], 401)
    same("no secrets in the address", visitor.ask("/page/sign-in?username=ann&password=s3cret", {})[1]["errorcode"], "badrequest")
    same("a wrong password", visitor.sign_in(username="ann", password="x")[1]["errorcode"], "invalidlogin")
    same("a wrong token", visitor.sign_in(token="0" * 32)[1]["errorcode"], "invalidtoken")
    same("from another site", visitor.ask("/page/sign-in", {"username": "ann", "password": "s3cret"}, X_Orgvet_Csrf=None)[1]["errorcode"], "sesskey")
    check("no cookie so far", visitor.cookie is None)
    status, me = visitor.sign_in(username="ann", password="s3cret")
    same("signed in", (status, me["username"], me["sitename"]), (200, "ann", "orgvet"))
    check("the cookie", re.fullmatch(r"orgvet_session=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Strict; Max-Age=\d+", visitor.set_cookie), visitor.set_cookie)
    check("the secret is kept as a hash", visitor.cookie.split("=")[1].encode() not in open(os.path.join(server.data, "orgvet.db"), "rb").read())
    same("who it is", visitor.ask("/page/me")[1]["username"], "ann")
    call = {"wsfunction": "orgvet_get_imports"}
    same("a function", visitor.ask("/page/call", call), (200, {"total": 0, "imports": []}))
    same("not without the page's word", visitor.ask("/page/call", call, X_Orgvet_Csrf="x")[1]["errorcode"], "sesskey")
    same("not by GET", visitor.ask("/page/call?wsfunction=orgvet_get_imports")[0], 405)
    same("parameters are looked at", visitor.ask("/page/call", {**call, "perpage": "0"})[1]["errorcode"], "invalidparameter")
    same("capabilities too", visitor.ask("/page/call", {"wsfunction": "nix"})[1]["errorcode"], "invalidrecord")
    server.admin("service", "add", "few", "--function", "tool_wp_get_import_status", "--without-downloads")
    server.admin("service", "allow", "few", "--user", "ann")
    few = PageClient(server)
    few.sign_in(token=server.admin("token", "add", "--user", "ann", "--service", "few"))
    same("by a token one may what the token may", (few.ask("/page/me")[0], few.ask("/page/call", call)[1]["errorcode"], few.ask("/page/export?id=1")[1]["errorcode"]),
         (200, "accessexception", "accessexception"))
    server.admin("service", "disallow", "few", "--user", "ann")
    same("and as long as it may", few.ask("/page/me")[1]["errorcode"], "sessionexpired")
    same("not with one for another place", PageClient(server).sign_in(token=server.admin("token", "add", "--user", "ann", "--ip", "10.0.0.0/8"))[1]["errorcode"], "accessexception")
    other = PageClient(server)
    other.sign_in(token=server.token)
    id = server.import_text(SEED)["id"]
    server.wait(id)
    mine = other.ask("/page/call", call)[1]
    same("the administrator's list", [(i["id"], i["username"], i["statusstr"], i["filename"], i["rows"]) for i in mine["imports"]], [(id, "admin", "Completed", "positions.csv", 5)])
    same("ann does not see it", visitor.ask("/page/call", call)[1]["total"], 0)
    export = server.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    server.wait(export, function="tool_wp_get_export_status", key="exportid")
    check("an export's file", other.ask(f"/page/export?id={export}")[1][:2] == b"PK" and "attachment" in other.headers["Content-Disposition"])
    same("not for ann", visitor.ask(f"/page/export?id={export}")[0], 404)
    same("a session outlives a restart", (server.stop(), server.start(), visitor.ask("/page/me")[0])[2], 200)
    stolen = visitor.cookie
    same("administration is for administrators", visitor.ask("/page/manage", {"kind": "users"})[1]["errorcode"], "nopermissions")
    managed = other.ask("/page/manage", {"kind": "users"})[1]
    same("its list of users", [u["username"] for u in managed["entries"]], ["admin", "ann"])
    same("a user more", [u["username"] for u in other.ask("/page/manage", {"kind": "users", "what": "user-add", "username": "bob", "password": "s3cret bob", "capabilities": "webservice/rest:use orgvet:import"})[1]["entries"]], ["admin", "ann", "bob"])
    same("who is there already is refused", other.ask("/page/manage", {"kind": "users", "what": "user-add", "username": "bob"})[1]["errorcode"], "invalidparameter")
    token = other.ask("/page/manage", {"kind": "tokens", "what": "token-add", "username": "bob", "days": "2"})[1]["token"]
    same("a token that works", PageClient(server).sign_in(token=token)[0], 200)
    few = PageClient(server)
    server.admin("service", "allow", "few", "--user", "admin")
    few.sign_in(token=server.admin("token", "add", "--user", "admin", "--service", "few"))
    same("not by a token for something else", few.ask("/page/manage", {"kind": "users"})[1]["errorcode"], "nopermissions")
    same("you cannot remove your own account", other.ask("/page/manage", {"kind": "users", "what": "user-remove", "username": "admin"})[1]["errorcode"], "invalidparameter")
    same("removed", [u["username"] for u in other.ask("/page/manage", {"kind": "users", "what": "user-remove", "username": "bob"})[1]["entries"]], ["admin", "ann"])
    same("a tenant", other.ask("/page/manage", {"kind": "tenants", "what": "tenant-add", "name": "North", "idnumber": "north"})[1]["entries"][-1]["name"], "North")
    same("a service", other.ask("/page/manage", {"kind": "services", "what": "service-add", "name": "small", "functions": "tool_wp_get_import_status"})[1]["entries"][-1]["functions"], ["tool_wp_get_import_status"])
    same("what there is not", other.ask("/page/manage", {"kind": "nix"})[0], 404)
    tokens = len(other.ask("/page/manage", {"kind": "tokens"})[1]["entries"])
    same("then nothing is done", (other.ask("/page/manage", {"kind": "nix", "what": "token-add", "username": "ann"})[0], len(other.ask("/page/manage", {"kind": "tokens"})[1]["entries"])), (404, tokens))
    same("a name ends where it ends", other.ask("/page/manage", {"kind": "users", "what": "user-remove", "username": "admin\0"})[1]["errorcode"], "invalidparameter")
    same("you cannot suspend your own account", other.ask("/page/manage", {"kind": "users", "what": "user-change", "username": "admin", "suspended": "1"})[1]["errorcode"], "invalidparameter")
    same("signed out", visitor.ask("/page/sign-out", {}), (200, {}))
    check("the cookie goes", "Max-Age=0" in visitor.set_cookie)
    visitor.cookie = stolen
    same("and is good for nothing", visitor.ask("/page/me")[0], 401)
    other.cookie += "0"
    same("another cookie", other.ask("/page/me")[0], 401)
    check("no secret in the log", stolen.split("=")[1] not in server.logged())


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
    check("it asks who it is", browser.until("document.querySelector('input[name=username]') === document.activeElement"))
    accessible("sign-in")
    browser.press(*"ann", "Tab", *"wrong", "Enter")
    check("a wrong password is told", browser.until("document.querySelector('.problem').textContent.includes('Invalid login')"))
    time.sleep(1)  # so long one waits after a mistake
    browser.run("document.querySelector('input[name=password]').value = ''; document.querySelector('input[name=password]').focus()")
    browser.press(*"s3cret", "Enter")
    check("signed in by keys", browser.until("document.querySelector('header.top')"), shown("body"))
    browser.click("header button", "Imports")
    check("an empty list says so", browser.until("document.querySelector('table.works td')?.textContent.includes('None yet')"))
    browser.run("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Sign out').click()")
    browser.until("document.querySelector('input[name=token]')")
    browser.run("document.querySelector('input[name=token]').value = arguments[0]; document.querySelectorAll('form')[1].requestSubmit()", server.token)
    browser.click("header button", "Imports")
    check("by token", browser.until("document.querySelectorAll('table.works tbody tr td').length === 6"), shown("body"))
    id = server.import_text("idnumber,parent,name\nA,B,<img src=x onerror=document.title=1>\n", "<b>bad.csv")["id"]
    check("a new one comes by itself", browser.until("document.querySelectorAll('table.works tbody tr').length === 2"))
    check("names are text", browser.until("document.querySelector('table.works tbody tr td:nth-child(2)').textContent === '<b>bad.csv'"), shown("td"))
    browser.until("document.querySelector('table.works tbody tr td:nth-child(3)').textContent === 'Error'")
    browser.run("document.querySelector('table.works tbody tr button').click()")
    check("its log", browser.until("document.querySelector('.log')?.textContent.includes('OV402')"), shown(".log"))
    accessible("imports")
    browser.picture("page-imports")
    browser.run("window.confirm = () => true; [...document.querySelectorAll('table.works button')].find((b) => b.textContent === 'Undo').click()")
    check("undone", browser.until("[...document.querySelectorAll('td')].some((c) => c.textContent === 'Rolled back')"), shown("td"))
    browser.run("[...document.querySelectorAll('header button')].find((b) => b.textContent === 'Exports').click()")
    browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Export the organisation')")
    accessible("exports")
    browser.click("header button", "Administration")
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
    check("a token is told", browser.until("/^[0-9a-f]{32}$/.test(document.querySelector('code')?.textContent)"), shown("main"))
    browser.type("input[name=ip]", "nowhere")
    browser.click("main button", "Add")
    check("what is wrong is told", browser.until("document.querySelector('main .problem').textContent.includes('nowhere')"), shown("main .problem"))
    browser.click("main button", "Users")
    browser.until("document.querySelector('input[name=firstname]')")
    browser.click("table.works button", "new password: cleo")
    browser.type("table.works input[name=password]", "hers")
    browser.press("Enter")
    check("a password is set", browser.until("document.querySelector('main [role=status]').textContent === 'Done.'"), shown("main"))
    check("with which one can sign in", PageClient(server).sign_in(username="cleo", password="hers")[0] == 200)
    browser.click("table.works button", "suspend: cleo")
    check("suspended", browser.until("[...document.querySelectorAll('table.works button')].some((b) => b.textContent === 'reactivate')"), shown("main"))
    check("and no longer", PageClient(server).sign_in(username="cleo", password="hers")[0] != 200)
    accessible("administration: a suspended user")
    browser.picture("page-administration")
    browser.click("header button", "Exports")
    browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Export the organisation')")
    server.stop()
    check("the service is gone, and it is said", browser.until("document.querySelector('.connection').textContent.includes('cannot reach the service')", 30), shown(".connection"))
    port = server.port
    server.options = (*server.options, "--listen", f"127.0.0.1:{port}")
    server.start()
    check("it goes on when it is back", browser.until("document.querySelector('.connection').textContent === ''", 30), shown(".connection"))
    complaints = [c for c in browser.complaints() if "401" not in c and "ERR_CONNECTION" not in c and "Failed to load resource" not in c]
    same("nothing to complain of", complaints, [])
    browser.end()


for part in (protocol, visit):
    if len(sys.argv) < 3 or part.__name__ in sys.argv[2:]:
        part()
check("it ends in order", server.end() == 0)
tally.end()
