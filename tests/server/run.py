#!/usr/bin/env python3
"""The import service from outside: protocol, access, tenants, imports, conflicts, rollback,
exports, and the client. usage: run.py ORGVET"""
import hashlib
import http.client
import io
import json
import os
import re
import socket
import ssl
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
from server import DEPARTMENTS, EXPORTER, POSITIONS, SEED, Server, multipart  # noqa: E402
from site_answers import site_that_answers  # noqa: E402
from tally import Tally  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
tally = Tally("service")
check, same = tally.check, tally.same
orgvet = os.path.abspath(sys.argv[1])
server = Server(orgvet)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REST = "/webservice/rest/server.php"


def refused(name, answer, code, about="", exception=None):
    fine = isinstance(answer, dict) and answer.get("errorcode") == code and about in answer.get("message", "")
    check(name, fine and (exception is None or answer["exception"] == exception) and
          set(answer) == {"exception", "errorcode", "message"}, answer)


def rest(query="", body=None, **more):
    return server.request("POST" if body is not None else "GET", REST + "?" + query, body,
                          more.get("headers", FORM if body is not None else {}))


def raw(data, port=None, shut=False):
    """The whole response to raw bytes."""
    connection = socket.create_connection((server.host, port or server.port), timeout=30)
    connection.sendall(data)
    if shut:
        connection.shutdown(socket.SHUT_WR)
    got = b""
    try:
        while piece := connection.recv(65536):
            got += piece
    except (TimeoutError, ConnectionResetError):
        pass
    connection.close()
    return got


# --- the protocol (CONTRACT 2.1 to 2.4) ---

def protocol():
    token = server.token
    call = f"wsfunction=core_webservice_get_site_info&wstoken={token}"
    status, headers, data = rest(call + "&moodlewsrestformat=json")
    info = json.loads(data)
    same("site info by GET", (status, headers["Content-Type"]), (200, "application/json"))
    kinds = {"userid": int, "downloadfiles": int, "uploadfiles": int, "userquota": int, "siteid": int,
             "usermaxuploadfilesize": int, "userhomepage": int, "usercanmanageownfiles": bool, "siteurl": str}
    same("types in site info", {k: type(info[k]) for k in kinds}, kinds)
    check("functions of site info", all(type(f["name"]) is str and type(f["version"]) is str
                                        for f in info["functions"]) and len(info["functions"]) == 14, info)
    same("compact JSON, slashes escaped as PHP does", b"http:\\/\\/127.0.0.1" in data and b": " not in data, True)
    same("cross-origin access to web services", headers["Access-Control-Allow-Origin"], "*")
    same("types that clients check", {k: type(info[k]) for k in ("lang", "theme", "mobilecssurl", "sitecalendartype", "usercalendartype")},
         dict.fromkeys(("lang", "theme", "mobilecssurl", "sitecalendartype", "usercalendartype"), str))
    for path, origin in (("/webservice/upload.php", "*"), ("/webservice/pluginfile.php/1/x", "*"), ("/login/token.php", None), ("/metrics", None), ("/healthz", None), ("/readyz", None),
                         ("/webservice/docs", None), ("/", None), ("/nix", None)):
        same(f"cross-origin access to {path}", server.request("GET", path)[1]["Access-Control-Allow-Origin"], origin)
    absolute = raw(f"GET {server.url}{REST}?moodlewsrestformat=json&{call} HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode())
    check("an absolute request target, as proxies send it", absolute.endswith(data) and b"200 OK" in absolute, absolute[:300])
    # a token is never in the log, however the address is written
    for path in (f"/webservice/rest/server.php%3Fwstoken={token}", f"/webservice/rest/server.php;wstoken={token}", f"/{token}", f"/webservice/pluginfile.php/{token}/1/x",
                 f"/login%26wstoken%3D{token}", f"/a/{token[:16]}%2f{token}", "/" + "".join(f"%{ord(c):02x}" for c in token), "/" + token.upper(), f"{REST}?wsfunction={token}&wstoken={token}",
                 "/%25" + "%25".join(f"{ord(c):02x}" for c in token)):
        server.request("GET", path)
    time.sleep(0.2)
    check("the token is not in the log", token not in server.logged().lower() and token[:16] not in server.logged().lower() and
          "%25" not in server.logged(), [l for l in server.logged().splitlines() if token[:16] in l.lower()])
    same("responses are not cached", "no-store" in headers["Cache-Control"], True)
    same("no compression, even if requested", rest(call, headers={"Accept-Encoding": "gzip"})[1]["Content-Encoding"], None)
    for name, got in {
        "POST": rest("moodlewsrestformat=json", call)[2],
        "the body beats the query": rest("wsfunction=nix&moodlewsrestformat=json", call)[2],
        "the last duplicate wins": rest("moodlewsrestformat=json", "wsfunction=nix&" + call)[2],
        "settings of the protocol are tolerated": rest("moodlewsrestformat=json", call + "&moodlewssettingfilter=1")[2],
        "a doubled slash": server.request("GET", "//webservice//rest/server.php?moodlewsrestformat=json&" + call)[2],
    }.items():
        same(name, got, data)
    body, boundary = multipart({"wsfunction": "core_webservice_get_site_info", "wstoken": token}, [])
    same("a multipart body for server.php", rest("moodlewsrestformat=json", body, headers={
        "Content-Type": f"multipart/form-data; boundary={boundary}"})[2], data)
    for format in ("", "xml", "JSON", "json "):
        got = rest(urllib.parse.urlencode({"moodlewsrestformat": format}) + "&" + call)
        check(f"XML for the format `{format}`", got[2].startswith(b'<?xml version="1.0" encoding="UTF-8" ?>\n<RESPONSE>\n<SINGLE>') and
              got[1]["Content-Type"] == "application/xml; charset=utf-8" and "inline" in got[1]["Content-Disposition"], got[2])
    same("an error as XML", rest("wsfunction=x")[2].decode(),
         '<?xml version="1.0" encoding="UTF-8" ?>\n<EXCEPTION class="moodle_exception">\n<ERRORCODE>invalidtoken</ERRORCODE>\n'
         "<MESSAGE>Invalid token - token not found</MESSAGE>\n</EXCEPTION>\n")
    same("null as XML", rest(f"wsfunction=tool_wp_delete_import&id=9&wstoken={token}")[2].decode().split("\n")[1],
         '<EXCEPTION class="dml_missing_record_exception">')
    head = server.request("HEAD", REST + "?moodlewsrestformat=json&" + call)
    same("HEAD", (head[0], head[1]["Content-Length"], head[2]), (200, str(len(data)), b""))
    other = server.request("PUT", REST, "x")
    same("another method", (other[0], other[1]["Allow"]), (405, "GET, POST, HEAD"))

    # the order of checks: token, function, access, parameters
    refused("no token", server.call("nix", ""), "invalidtoken", exception="moodle_exception")
    refused("a bad token hides a bad function", server.call("nix", "0" * 32), "invalidtoken")
    refused("a bad function", server.call("nix", x=1), "invalidrecord", "external_functions")
    refused("no function", server.call(""), "invalidparameter", "Missing function name", "invalid_parameter_exception")
    status = "tool_wp_get_import_status"
    refused("a missing parameter", server.call(status), "invalidparameter", "Missing required key in single structure: importid")
    refused("an unknown parameter", server.call(status, importid=1, a=1, b=2), "invalidparameter", "Unexpected keys (a, b) detected in parameter array.")
    for value in ("007", "1.0", "", " 1", "+1", "x", "-0", "9" * 30):
        refused(f"no integer: `{value}`", server.call(status, importid=value), "invalidparameter", "importid => Invalid parameter value detected: ")
    refused("an array for a number", server.call(status, **{"importid[]": "1"}), "invalidparameter", "Scalar type expected, array or object received.")
    for value in ("true", "yes", "2", ""):
        refused(f"no boolean: `{value}`", server.call("tool_wp_perform_export", exporter=EXPORTER, dryrun=value), "invalidparameter", "dryrun =>")
    refused("a text for a list", server.call("core_webservice_get_site_info", serviceshortnames="x"), "invalidparameter", "Only arrays accepted. The bad value is: x")
    check("a list of texts", "sitename" in server.call("core_webservice_get_site_info", **{"serviceshortnames[0]": "x"}))
    refused("what is not UTF-8", json.loads(rest("moodlewsrestformat=json", f"wsfunction=tool_wp_perform_export&exporter=%ff&wstoken={token}")[2]),
            "invalidparameter", "exporter => Invalid parameter value detected: the value is no valid UTF-8")
    refused("an id that is not there", server.call(status, importid=99), "invalidrecord", "Can not find data record in database table import.")
    long = "x" * 5000
    answer = server.call("tool_wp_perform_export", exporter=long)
    check("a long value is quoted in part", "x" * 200 in answer["message"] and "x" * 201 not in answer["message"], answer)
    refused("an unknown name is compared byte for byte", server.call("tool_wp_perform_export", exporter=EXPORTER.upper()), "invalidparameter", "Could not find exporter")
    refused("an exporter that is known by name", server.call("tool_wp_perform_export", exporter="tool_wp\\tool_wp\\exporter\\users"),
            "invalidparameter", "is not available here")
    for text in ('"\\\u00e4\u20ac\U0001f600</x>\x7f', "a/b"):
        got = server.call("tool_wp_perform_export", exporter=text)
        check(f"returned unchanged: {text!r}", f"'{text}'" in got["message"], got)
    same("non-ASCII is escaped as PHP does", b"\\u00e4" in rest("moodlewsrestformat=json", f"wsfunction=tool_wp_perform_export&exporter=%c3%a4&wstoken={token}")[2], True)


# --- hostile requests ---

def hostile():
    token = server.token
    host = f"Host: {server.host}\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    good = f"wsfunction=core_webservice_get_site_info&wstoken={token}&moodlewsrestformat=json"

    def status(data, **more):
        got = raw(data if isinstance(data, bytes) else data.encode(), **more)
        return int(got.split(b" ")[1]) if got.startswith(b"HTTP/1.1 ") else got

    close = "Connection: close\r\n"
    same("a valid request", status(f"GET {REST}?{good} HTTP/1.1\r\n{host}{close}\r\n"), 200)
    for name, head in {
        "two lengths": "Content-Length: 5\r\nContent-Length: 6\r\n",
        "one length twice": "Content-Length: 5\r\nContent-Length: 5\r\n",
        "length and encoding": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "a blank before the colon": "Transfer-Encoding : chunked\r\n",
        "an unknown encoding": "Transfer-Encoding: gzip\r\n",
        "two encodings": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "two hosts": "Host: other\r\nContent-Length: 5\r\n",
        "a length that is none": "Content-Length: 5x\r\n",
        "a negative length": "Content-Length: -5\r\n",
        "a signed length": "Content-Length: +5\r\n",
    }.items():
        same(name, status(f"POST {REST} HTTP/1.1\r\n{host}{form}{head}\r\nabcde", shut=True), 400)
    for name, query in {
        "NUL in the path": f"/webservice/rest%00/server.php?{good}",
        "NUL in a name": f"{REST}?{good}&a%00b=1",
        "a broken escape": f"{REST}?{good}&a=%zz",
        "an escape that is cut off": f"{REST}?{good}&a=%4",
        "too deep": f"{REST}?{good}&a{'[x]' * 20}=1",
        "a name that is too long": f"{REST}?{good}&{'a' * 2000}=1",
        "too many": f"{REST}?{good}&" + "&".join(f"a{i}=1" for i in range(1200)),
    }.items():
        data = raw(f"GET {query} HTTP/1.1\r\n{host}{close}\r\n".encode())
        check(name, data.startswith(b"HTTP/1.1 200") and b'"errorcode":"badrequest"' in data or
              data.startswith(b"HTTP/1.1 40"), data[:300])
    refused("NUL in a token", json.loads(rest(good.replace(token, token + "%00abc"))[2]), "invalidtoken")
    refused("a token with something behind it", json.loads(rest(good.replace(token, token + "a"))[2]), "invalidtoken")
    refused("NUL in a name of a file's importer", server.call("tool_wp_perform_import", importer="a\0b", file=1), "invalidparameter", "NUL")
    check("a header that is too large", status(f"GET {REST} HTTP/1.1\r\n{host}X: {'x' * 100000}\r\n\r\n") in (400, 413, 431))
    check("an address that is too long", status(f"GET {REST}?{'x' * 100000} HTTP/1.1\r\n{host}\r\n") in (400, 413, 414, 431))
    same("a body with a huge declared length", status(f"POST {REST} HTTP/1.1\r\n{host}{form}Content-Length: 99999999999\r\n\r\n"), 413)
    answer = json.loads(rest("moodlewsrestformat=json", "a=" + "x" * (2 << 20))[2])
    refused("parameters that are too long", answer, "requesttoolarge")
    answer = rest("moodlewsrestformat=json", '{"a":1}', headers={"Content-Type": "application/json"})
    refused("a body of another kind", json.loads(answer[2]), "badrequest", "application/x-www-form-urlencoded")
    same("unknown path", server.request("GET", "/nix")[0], 404)
    for path in ("/webservice/pluginfile.php", "/webservice/rest/server.phpx", "/../etc/passwd", "/webservice/docs/x"):
        check(f"nothing at {path}", server.request("GET", path)[0] in (400, 404), path)
    page = server.request("GET", "/webservice/docs")
    check("documentation", page[0] == 200 and b"tool_wp_perform_import" in page[2] and page[1]["X-Content-Type-Options"] == "nosniff")
    for path in ("/healthz", "/readyz"):
        same(path, (server.request("GET", path)[0], json.loads(server.request("GET", path)[2])["status"]), (200, "ok"))
    figures = server.request("GET", "/metrics")[2].decode()
    check("metrics", re.search(r"^orgvet_requests_total \d+$", figures, re.M) and re.search(r"^orgvet_resident_memory_bytes \d{6,}$", figures, re.M))


# --- uploads (CONTRACT 2.5) ---

def uploads():
    token = server.token

    def post(body, boundary="b", path="", headers=None):
        got = server.request("POST", f"/webservice/upload.php?token={token}{path}", body,
                             headers or {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        return got[0], json.loads(got[2])

    answer = server.upload(SEED)[0]
    same("the answer to an upload", {k: v for k, v in answer.items() if k != "itemid"}, {
        "component": "user", "contextid": 1, "userid": "1", "filearea": "draft", "filename": "positions.csv", "filepath": "/",
        "license": "allrightsreserved", "author": "Admin User",
        "source": 'O:8:"stdClass":1:{s:6:"source";s:13:"positions.csv";}'})
    check("the item id is a number", type(answer["itemid"]) is int)
    item = answer["itemid"]
    same("a second file with the same name", server.upload(SEED, itemid=item)[0]["errortype"], "filenameexist")
    same("another file in the same area", server.upload("x", "b.csv", itemid=item)[0]["itemid"], item)
    refused("an area with two files", server.call("tool_wp_perform_import", file=item, importer=POSITIONS), "invalidparameter", "more than one file")
    same("another folder in the same area", server.upload("x", "b.csv", itemid=item, filepath="/a/")[0]["filepath"], "/a/")
    names = {"a/b/c.csv": "c.csv", "..\\..\\c.csv": "c.csv", "ä€.csv": "ä€.csv", "a\\\"b.csv": 'a"b.csv', "%22.csv": "%22.csv",
             "a;b.csv": "a;b.csv", "a b.csv": "a b.csv"}
    for given, kept in names.items():
        got = server.upload("x", given)
        same(f"the name {given}", got[0]["filename"] if isinstance(got, list) else got, kept)
    for name in ("..", "a\x01b", "x" * 300):
        got = server.upload("x", name)
        check(f"invalid name: {name!r:.20}", isinstance(got, dict) and got["errorcode"] == "badrequest" and "name" in got["error"], got)
    error = server.upload("x", token="0" * 32)
    same("an invalid token", (error["errorcode"], list(error)), ("invalidtoken", ["error", "errorcode", "stacktrace", "debuginfo", "reproductionlink"]))
    same("no token", json.loads(server.request("POST", "/webservice/upload.php")[2])["errorcode"], "missingparam")
    same("no file", post(multipart({"a": "1"}, [])[0], "orgvetboundary")[1]["errorcode"], "upload_error_no_file")
    for path in ("a", "/a", "a/", "/../", "/a/../b/", "/a//b/"):
        got = server.upload("x", filepath=path)
        check(f"invalid folder: {path}", isinstance(got, dict) and got["errorcode"] == "invalidparameter", got)
    # truncated bodies, or invalid multipart
    whole, boundary = multipart({"token": token}, [("image", "p.csv", SEED)])
    for cut in [*range(1, 40, 3), *range(40, len(whole) - 4, 29), len(whole) - 5]:
        status, got = post(whole[:cut], boundary)
        check(f"truncated at {cut}", isinstance(got, dict) and got["errorcode"] in ("upload_error_partial", "badrequest"), got)
    same("an unterminated boundary", post(whole, headers={"Content-Type": f'multipart/form-data; boundary="{boundary}'})[1]["errorcode"], "badrequest")
    same("without a boundary", post(whole, headers={"Content-Type": "multipart/form-data"})[1]["errorcode"], "badrequest")
    same("a boundary that is too long", post(whole, "x" * 100)[1]["errorcode"], "badrequest")
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a\0b.csv"\r\n\r\nx\r\n--b--\r\n'
    check("NUL in a file's name", post(body)[1].get("errorcode") == "badrequest")
    body = b'preamble\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n\r\n-b\r\n--c\r\n-\r\n\r\r\n--b  \r\nContent-Disposition: form-data; name="itemid"\r\n\r\n4711\r\n--b--\r\nepilogue'
    status, got = post(body)
    check("content that resembles a boundary", isinstance(got, list) and got[0]["itemid"] == 4711, got)
    many = multipart({}, [("f", f"{i}.csv", "") for i in range(17)])
    same("too many files", post(many[0], many[1])[1]["errorcode"], "requesttoolarge")
    # chunked, and sent slowly
    chunks = b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in (whole[i:i + 7] for i in range(0, len(whole), 7))) + b"0\r\n\r\n"
    got = raw(f"POST /webservice/upload.php HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary={boundary}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunks)
    check("chunked upload", got.startswith(b"HTTP/1.1 200") and b'"filename":"p.csv"' in got, got)
    check("text/plain after an upload", b"Content-Type: text/plain" in got, got)


# --- access control ---

def access():
    admin = server.admin
    denied = {"exception": "webservice_access_exception", "errorcode": "accessexception"}
    admin("user", "add", "ann", "--password-file", "-", given="s3cret\nmore")
    admin("user", "add", "bob")
    ann, bob = admin("token", "add", "--user", "ann"), admin("token", "add", "--user", "bob")
    check("a token is 32 lower-case hexadecimal digits", re.fullmatch("[0-9a-f]{32}", ann))
    check("tokens are stored as hashes", ann.encode() not in server.stored())
    item = server.upload(SEED, token=ann)[0]["itemid"]
    mine = server.call("tool_wp_perform_import", ann, file=item, importer=POSITIONS, dryrun=1)
    theirs = server.call("tool_wp_perform_import", bob, file=item, importer=POSITIONS, dryrun=1)
    none = server.call("tool_wp_perform_import", bob, file=item + 1, importer=POSITIONS, dryrun=1)
    same("one's own draft", mine["id"], 0)
    same("another user's draft is as if it did not exist", (theirs["errorcode"], theirs["message"].replace(str(item), "N")),
         (none["errorcode"], none["message"].replace(str(item + 1), "N")))
    check("also for an administrator", "No file found in your draft area" in
          server.call("tool_wp_perform_import", file=item, importer=POSITIONS)["message"])
    done = server.call("tool_wp_perform_import", ann, file=item, importer=POSITIONS)["id"]
    server.wait(done, ann)
    for function, key in (("tool_wp_get_import_status", "importid"), ("orgvet_get_import_log", "importid"),
                          ("orgvet_get_import_report", "importid"), ("orgvet_rollback_import", "importid"), ("tool_wp_delete_import", "id")):
        same(f"another user's import: {function}", server.call(function, bob, **{key: done}), server.call(function, bob, **{key: 4711}))
    same("an administrator sees it", server.call("tool_wp_get_import_status", importid=done)["statusstr"], "Completed")

    def is_denied(name, token, reason, function="core_webservice_get_site_info"):
        """The answer never contains the reason; the log does."""
        before = len(server.logged())
        answer = server.call(function, token)
        check(name, {k: answer.get(k) for k in denied} == denied and answer["message"] == "Access control exception", answer)
        for _ in range(100):
            if len(server.logged()) > before:
                break
            time.sleep(0.01)
        check(f"{name}: the reason is logged", f'"reason":"{reason}' in server.logged()[before:], server.logged()[before:])

    run = server.admin("token", "add", "--user", "ann", "--valid-until", "2020-01-01", fails=True)
    past = run.stdout.strip()
    check("warning for a token that was never valid", run.returncode == 0 and "2020-01-01` is in the past: the token would never be valid" in run.stderr, run.stderr)
    is_denied("an expired token", past, "expired")
    same("the answer has no details", server.call("core_webservice_get_site_info", past)["message"], "Access control exception")
    is_denied("from elsewhere", admin("token", "add", "--user", "ann", "--ip", "10.0.0.0/8,::1"), "address")
    check("a token for this address", "sitename" in server.call("core_webservice_get_site_info", admin("token", "add", "--user", "ann", "--ip", "10.0.0.0/8, 127.0.0.0/30")))
    admin("service", "add", "few", "--function", "tool_wp_get_import_status", "--without-uploads", "--without-downloads")
    run = server.admin("token", "add", "--user", "ann", "--service", "few", fails=True)
    few = run.stdout.strip()
    check("warning for a token whose user is not authorised for the service", run.returncode == 0 and "`ann` is not authorised for the service `few`" in run.stderr and "orgvet admin service allow few --user ann" in run.stderr, run.stderr)
    is_denied("a service that the user is not authorised for", few, "service")
    admin("service", "allow", "few", "--user", "ann")
    is_denied("a function outside the service", few, "function")
    same("a function of the service", server.call("tool_wp_get_import_status", few, importid=done)["statusstr"], "Completed")
    same("no uploads", server.upload("x", token=few)["errorcode"], "accessexception")
    same("no downloads", server.request("GET", f"/webservice/pluginfile.php/1/tool_wp/export/1/x.zip?token={few}")[0], 403)
    admin("service", "allow", "few", "--user", "ann", "--valid-until", "2020-01-01T00:00:00Z")
    is_denied("an authorisation that has ended", few, "expired", "tool_wp_get_import_status")
    admin("service", "disallow", "few", "--user", "ann")
    is_denied("one that was withdrawn", few, "service", "tool_wp_get_import_status")
    admin("service", "add", "lead", "--everybody", "--capability", "tool/tenant:manage")
    is_denied("a capability that the service asks for", admin("token", "add", "--user", "ann", "--service", "lead"), "capability")
    admin("user", "add", "reader", "--capability", "webservice/rest:use", "--capability", "orgvet:export")
    reader = admin("token", "add", "--user", "reader")
    refused("a missing capability", server.call("tool_wp_get_import_status", reader, importid=1), "nopermissions", "(import files)", "required_capability_exception")
    admin("user", "add", "mute", "--capability", "none")
    is_denied("without the protocol", admin("token", "add", "--user", "mute"), "capability")
    admin("user", "add", "sue")
    sue = admin("token", "add", "--user", "sue")
    admin("user", "suspend", "sue")
    is_denied("a suspended user", sue, "suspended")
    admin("user", "remove", "sue")
    tokens = [json.loads(line) for line in admin("token", "list").splitlines()]
    check("the list of tokens does not contain the tokens", ann not in admin("token", "list") and len(tokens) >= 8)
    admin("token", "remove", str(max(t["id"] for t in tokens if t["user"] == "bob")))
    refused("a token that was removed", server.call("core_webservice_get_site_info", bob), "invalidtoken")
    admin("user", "remove", "bob")
    check("a user with imports is kept", "kept for the record" in admin("user", "remove", "ann"))
    refused("a removed user's token", server.call("core_webservice_get_site_info", ann), "invalidtoken")

    # token.php
    homes = iter(range(2, 250))  # addresses in the loopback network: one for each, so that none waits for another

    def login(home=1, **fields):
        return json.loads(server.request("POST", "/login/token.php", urllib.parse.urlencode(fields), FORM, home=f"127.0.0.{home}")[2])

    admin("user", "add", "carl", "--password-file", "-", given="pa ss\u00e4\n")
    admin("service", "allow", "orgvet", "--user", "carl")
    answer = login(username=" CARL ", password="pa ss\u00e4", service="orgvet")
    check("signing in", re.fullmatch("[0-9a-f]{32}", answer.get("token", "")) and answer["privatetoken"] is None, answer)
    same("its token works", server.call("core_webservice_get_site_info", answer["token"])["username"], "carl")
    same("by GET", set(json.loads(server.request("GET", "/login/token.php?" + urllib.parse.urlencode(
        {"username": "carl", "password": "pa ss\u00e4", "service": "orgvet"}))[2])), {"token", "privatetoken"})
    wrong = login(next(homes), username="carl", password="x", service="orgvet")
    same("a wrong password", wrong["errorcode"], "invalidlogin")
    same("an unknown user, and one without a password, get the same answer",
         [login(next(homes), username=u, password="x", service="orgvet") for u in ("nobody", "admin", "bob")], [wrong] * 3)
    same("a suspended user gets the same answer", login(next(homes), username="ann", password="s3cret", service="orgvet"), wrong)
    same("an unknown service", login(username="carl", password="pa ss\u00e4", service="nix")["errorcode"], "servicenotavailable")
    same("a service the user is not authorised for", login(username="carl", password="pa ss\u00e4", service="few")["errorcode"], "cannotcreatetoken")
    same("without a service", login(username="carl", password="x")["error"], "A required parameter (service) was missing")
    same("appsitecheck", login(appsitecheck=1), {"appsitecheck": "ok"})

    # administration commands that are refused
    for args, about in {
        ("user", "add", "Ann!"): "is not a valid name for a user",
        ("user", "add", "admin"): "already exists",
        ("user", "add", "x", "--capability", "orgvet:imprt"): "did you mean `orgvet:import`",
        ("user", "add", "x", "--tenant", "nix"): "tenant `nix` not found",
        ("user", "remove", "nobody"): "user `nobody` not found",
        ("token", "add"): "needs `--user NAME`",
        ("token", "add", "--user", "nobody"): "user `nobody` not found",
        ("token", "add", "--user", "admin", "--service", "nix"): "service `nix` not found",
        ("token", "add", "--user", "admin", "--ip", "1.2.3.4/33"): "is not a valid list of addresses",
        ("token", "add", "--user", "admin", "--valid-until", "2020-02-31"): "is not a valid time",
        ("token", "add", "--user", "admin", "--valid-until", "tomorrow"): "is not a valid time",
        ("token", "remove", "999"): "token 999 not found",
        ("service", "add", "x", "--function", "tool_wp_perform_imprt"): "did you mean `tool_wp_perform_import`",
        ("service", "add", "orgvet"): "already exists",
        ("nix",): "needs an object",
        ("user", "add"): "needs exactly one name",
    }.items():
        got = admin(*args, fails=True)
        check(f"refused: {' '.join(args)}", got.returncode == 2 and about in got.stderr and not got.stdout, got.stderr)
    check("refused commands have no effect", "x" not in [json.loads(line)["username"] for line in admin("user", "list").splitlines()])


# --- tenants ---

def tenants():
    admin = server.admin
    other = int(admin("tenant", "add", "Other", "--idnumber", "other"))
    admin("tenant", "add", "All")
    check("an idnumber must not be a number", "cannot be a number" in admin("tenant", "add", "X", "--idnumber", "12", fails=True).stderr)
    admin("tenant", "limit", "3")
    check("the limit of tenants", "no more are allowed" in admin("tenant", "add", "X", fails=True).stderr)
    admin("tenant", "limit", "0")
    admin("user", "add", "dora", "--tenant", "other")
    dora = admin("token", "add", "--user", "dora")
    admin("user", "add", "emil", "--capability", "webservice/rest:use", "--capability", "orgvet:import", "--capability", "orgvet:export", "--capability", "tool/tenant:manage")
    emil = admin("token", "add", "--user", "emil")
    refused("tenant and notenant", server.import_text(SEED, tenant="other", notenant=1), "invalidparameter", "cannot be combined")
    refused("who may not switch", server.import_text(SEED, token=dora, tenant="1"), "invalidparameter", "you may not switch")
    same("existing tenants are not disclosed", server.import_text(SEED, token=dora, tenant="nix")["message"], server.import_text(SEED, token=dora, tenant="default")["message"])
    refused("without a tenant likewise", server.import_text(SEED, token=dora, notenant=1), "invalidparameter", "you may not switch")
    before = {f["id"] for f in server.frameworks()}
    for token, more in ((dora, {}), (dora, {"tenant": "other"}), (emil, {"tenant": str(other)}), (server.token, {"tenant": "other"}), (emil, {"notenant": 1}), (emil, {})):
        server.wait(server.import_text(SEED, token=token, **more)["id"], token)
    same("tenants of the frameworks", [f["tenant"] for f in server.frameworks() if f["id"] not in before], [other] * 4 + [None, 1])
    mine = next(f["id"] for f in server.frameworks() if f["tenant"] == 1)
    refused("a framework of another tenant", server.import_text(SEED, token=dora, settings={"target_framework": "existing", "select_framework": mine}),
            "invalidparameter", f"framework `{mine}` of positions not found")
    refused("to export it", server.call("tool_wp_perform_export", dora, exporter=EXPORTER, settings=json.dumps({"select_frameworks": [mine]})),
            "invalidparameter", f"framework `{mine}` not found")
    check("a tenant that is in use cannot be removed", "remove them first" in admin("tenant", "remove", "other", fails=True).stderr)
    admin("tenant", "remove", "All")


# --- imports ---

def imports():
    def ends(name, answer, status, *said, **counts):
        check(name + ": scheduled", answer.get("id", 0) > 0, answer)
        if not answer.get("id"):
            return None
        same(name, server.wait(answer["id"])["statusstr"], status)
        entries = server.log_of(answer["id"], perpage=1000)["entries"]
        text = "\n".join(e["message"] for e in entries)
        check(name + ": log", all(s in text for s in said), text)
        return answer["id"]

    def items(framework):
        return next((f["items"] for f in server.frameworks() if f["id"] == framework), None)

    def newest():
        return max(f["id"] for f in server.frameworks())

    bad = "idnumber,parent,name\nA,,A\nB,NIX,B\nA,,C\nD,E,D\nE,D,E\n"
    count = len(server.frameworks())
    id = ends("a file with errors", server.import_text(bad), "Error", "parent `NIX`", "nothing was imported: the file has errors")
    same("a failed import imports nothing", len(server.frameworks()), count)
    log = server.log_of(id)
    codes = {(e["code"], e["line"], e["column"], e["row"], e["level"]) for e in log["entries"] if e["code"]}
    same("the log has the findings of check", codes, {("OV402", 3, 3, 2, "error"), ("OV401", 4, 1, 3, "error"), ("OV404", 5, 3, 4, "error")})
    same("levels", [e["level"] for e in server.log_of(id, level="error")["entries"]], ["error"] * 4)
    pages = [server.log_of(id, perpage=1, page=i)["entries"] for i in range(log["total"] + 1)]
    same("pages", [p[0]["id"] if p else None for p in pages], [e["id"] for e in log["entries"]] + [None])
    behind, after = [], 0
    while True:
        answer = server.log_of(id, perpage=2, **({"after": after} if after else {}))
        behind += [e["id"] for e in answer["entries"]]
        same("the total is only in the first page", answer["total"], None if after else log["total"])
        after = answer["next"]
        if not after:
            break
    same("pages are consecutive", behind, [e["id"] for e in log["entries"]])
    for params in ({"level": "nix"}, {"perpage": 0}, {"perpage": 1001}, {"page": -1}, {"after": 1, "page": 1}):
        refused(f"log {params}", server.log_of(id, **params), "invalidparameter")
    report = json.loads(server.call("orgvet_get_import_report", importid=id)["report"])
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(bad)
        file.flush()
        local = json.loads(subprocess.run([orgvet, "check", "--no-config", "--importer", "positions", "-f", "json", file.name],
                                          capture_output=True, text=True).stdout)
    same("the report is that of check", report["files"][0]["findings"], local["files"][0]["findings"])
    check("no report for an unknown import", server.call("orgvet_get_import_report", importid=4711)["errorcode"] == "invalidrecord")

    # both forms of settings
    for name, params in {"an object": {"raw": '{"csvmapping:globalmanager":"ismanager"}'},
                         "a list": {"settings[0][name]": "csvmapping:globalmanager", "settings[0][value]": "ismanager"},
                         "a list, then an object": {"settings[0][name]": "x", "raw": '{"csvmapping:globalmanager":"ismanager"}'}}.items():
        got = server.import_text(SEED, dryrun=1, **params)
        check("settings as " + name, '"csvmapping:globalmanager":"ismanager"' in got.get("settings", ""), got)
    item = server.upload(SEED)[0]["itemid"]
    body = urllib.parse.urlencode({"wsfunction": "tool_wp_perform_import", "wstoken": server.token, "file": item, "importer": POSITIONS,
                                   "dryrun": 1, "settings[][name]": "identifier", "settings[][value]": "idnumber"})
    check("a list in two halves", b"settings as a list are" in rest("moodlewsrestformat=json", body)[2])
    shape = rest("moodlewsrestformat=json", urllib.parse.urlencode({"wsfunction": "tool_wp_perform_import", "wstoken": server.token, "file": item,
                                                                   "importer": POSITIONS, "dryrun": 1, "settings[0][name]": "identifier", "settings[0][value]": "idnumber"}))
    same("the detected form is reported", shape[1]["X-Orgvet-Settings"], "list")
    for raw, about in {'{"x":1}': "unknown setting `x`", '{"target_framework":"existing"}': "select_framework", "{": "not valid JSON",
                            '{"csvmapping:name":"nix"}': "Import settings validation failed", '{"hierarchy":"none"}': "Import settings validation failed"}.items():
        refused(f"settings {raw}", server.import_text(SEED, raw=raw), "invalidparameter", about)
    refused("neither file nor export", server.call("tool_wp_perform_import", importer=POSITIONS), "invalidparameter", "Either exportid or file")
    refused("both", server.call("tool_wp_perform_import", importer=POSITIONS, file=1, exportid=1), "invalidparameter", "Either exportid or file")
    refused("an unknown importer", server.import_text(SEED, importer="position"), "invalidparameter",
            "Could not find importer 'position'\nChoose from: " + DEPARTMENTS + ", " + POSITIONS)
    check("an importer by its short name", server.import_text(SEED, importer="positions", dryrun=1).get("id") == 0)
    refused("an empty file", server.import_text(""), "invalidparameter")
    flags = "idnumber,parent,name,manager\nA,,A,1\n"
    refused("a heading alone names no importer", server.import_text(flags, importer=""), "invalidparameter", "More than one importer is available")
    refused("nor do settings that fit both", server.import_text(flags, importer="", settings={"csvmapping:name": "name"}), "invalidparameter", "More than one importer")
    one = server.import_text(flags, importer="", settings={"csvmapping:globalmanager": "manager"})
    check("settings that fit only one importer select it", one.get("id", 0) > 0, one)
    server.wait(one["id"])
    same("extensions in a dry run's answer", list(json.loads(server.import_text(SEED, dryrun=1, settings={"missing_parent": "root", "conflict_idnumber": "skip"})["settings"]))[-3:],
         ["select_framework", "missing_parent", "conflict_idnumber"])

    ends("a missing parent at the top", server.import_text("idnumber,parent,name\nA,NIX,A\nB,A,B\n", settings={"missing_parent": "root"}), "Completed",
         "placed directly under the framework", "2 positions imported")
    ends("departments", server.import_text("idnumber,parent,name\nA,,A\n", "dep.csv", DEPARTMENTS), "Completed", "1 departments imported")
    ends("Windows-1252", server.import_text("idnumber,parent,name\nA,,Gr\xf6\xdfe\n".encode("cp1252")), "Completed", "1 positions imported")
    ends("rows in any order", server.import_text("idnumber,parent,name\nC,B,C\nB,A,B\nA,,A\n"), "Completed", "3 positions imported")
    ends("identifiers of another column", server.import_text("code,idnumber,parent,name\n1,,,A\n2,,1,B\n", settings={"identifier": "code"}), "Completed", "2 positions imported")
    ends("an idnumber twice behind another identifier", server.import_text("code,idnumber,parent,name\n1,X,,A\n2,X,1,B\n", settings={"identifier": "code"}), "Error", "the idnumber `X`")

    # into an existing framework
    first = ends("a framework to add to", server.import_text(SEED, "target.csv"), "Completed", "5 positions imported")
    target = newest()
    into = {"target_framework": "existing", "select_framework": target}
    more = "idnumber,parent,name\nNEW,COO,New\nBELOW,NEW,Below\n"
    added = ends("new rows", server.import_text(more, settings=into), "Completed", "2 positions imported")
    same("the items exist", items(target), 7)
    clash = "idnumber,parent,name\nCOO,CEO,Again\nKID,COO,Kid\n"
    ends("an idnumber that is there", server.import_text(clash, settings=into), "Error", "the idnumber `COO` already exists in the framework")
    same("nothing was added", items(target), 7)
    for how, text, count in (("skip", "`COO` already exists in the framework: not imported", 8), ("suffix", "imported as `COO_2`", 10), ("empty", "imported without one", 12)):
        ends(how, server.import_text(clash, settings={**into, "conflict_idnumber": how}), "Completed", text)
        same(f"items after {how}", items(target), count)
    ends("a suffix that the file has itself", server.import_text("idnumber,parent,name\nCEO,,Again\nCEO_2,CEO,Two\n", settings={**into, "conflict_idnumber": "suffix"}),
         "Completed", "`CEO` already exists in the framework: imported as `CEO_3`")

    # rollback
    refused("what later work stands on", server.call("orgvet_rollback_import", importid=first), "importrollbackrefused", f"import {added}")
    later = ends("below what was added", server.import_text("idnumber,parent,name\nLEAF,BELOW,Leaf\n", settings=into), "Completed", "1 positions")
    refused("whose items have others below", server.call("orgvet_rollback_import", importid=added), "importrollbackrefused", f"`Leaf` of import {later} is below `Below`")
    same("the last import is undone", server.call("orgvet_rollback_import", importid=later)["removed"], 1)
    same("the one before is undone", server.call("orgvet_rollback_import", importid=added), {"importid": added, "removed": 2, "frameworks": 0})
    same("its status", server.call("tool_wp_get_import_status", importid=added)["statusstr"], "Rolled back")
    refused("twice", server.call("orgvet_rollback_import", importid=added), "importrollbackrefused")
    refused("what imported nothing", server.call("orgvet_rollback_import", importid=id), "importrollbackrefused", "it imported nothing")
    alone = ends("one by itself", server.import_text(SEED, "alone.csv"), "Completed", "5 positions")
    same("undone with its framework", server.call("orgvet_rollback_import", importid=alone), {"importid": alone, "removed": 5, "frameworks": 1})
    same("the record is deleted", server.call("tool_wp_delete_import", id=alone), None)
    refused("it is gone", server.call("tool_wp_get_import_status", importid=alone), "invalidrecord")


# --- exports ---

def exports():
    def fetch(**params):
        id = server.call("tool_wp_perform_export", exporter=EXPORTER, **params)["id"]
        same("an export is completed", server.wait(id, function="tool_wp_get_export_status", key="exportid")["statusstr"], "Completed")
        file = server.call("tool_wp_get_export_file", exportid=id)[0]
        same("the older name of the function", server.call("tool_wp_retrieve_export_file", exportid=id), [file])
        path = urllib.parse.urlsplit(file["fileurl"]).path
        status, headers, data = server.request("GET", f"{path}?token={server.token}")
        same("download of the file", (status, headers["Content-Type"], len(data), headers["X-Content-Type-Options"]), (200, "application/zip", file["filesize"], "nosniff"))
        check("as an attachment", headers["Content-Disposition"] == f'attachment; filename="{file["filename"]}"')
        same("download by query parameter", server.request("GET", f"/webservice/pluginfile.php?file={path.split('pluginfile.php')[1]}&token={server.token}")[2], data)
        same("HEAD of the file", server.request("HEAD", f"{path}?token={server.token}")[1]["Content-Length"], str(len(data)))
        for other in (path + "x", path.replace(f"/{id}/", f"/{id + 1000}/"), path.replace("/1/", "/2/")):
            same("another file name", server.request("GET", f"{other}?token={server.token}")[0], 404)
        got = server.request("GET", f"{path}?token={'0' * 32}")
        same("an invalid token", (got[0], json.loads(got[2])["errorcode"]), (401, "invalidtoken"))
        return id, zipfile.ZipFile(io.BytesIO(data))

    def structure(framework):
        """Items of a framework, from an export of it only: names, idnumbers, parents."""
        _, exported = fetch(settings=json.dumps({"select_frameworks": [framework]}))
        member = json.loads(exported.read("manifest.json"))["members"]
        return exported.read(member[0]["file"]) if member else None

    before = server.frameworks()
    id, exported = fetch()
    manifest = json.loads(exported.read("manifest.json"))
    mine = [f for f in before if f["tenant"] == 1]
    same("all frameworks of the tenant", [(m["framework"]["name"], m["items"]) for m in manifest["members"]], [(f["name"], f["items"]) for f in mine])
    check("digests", all(hashlib.sha256(exported.read(m["file"])).hexdigest() == m["sha256"] for m in manifest["members"]))
    for member in manifest["members"]:
        with tempfile.NamedTemporaryFile("wb", suffix=".csv") as file:
            file.write(exported.read(member["file"]))
            file.flush()
            importer = "positions" if "positions" in member["importer"] else "departments"
            done = subprocess.run([orgvet, "check", "--no-config", "-q", "--importer", importer, "--settings", json.dumps(member["settings"]), file.name], capture_output=True, text=True)
            same(f"{member['file']} can be imported again", (done.returncode, done.stdout), (0, ""))
    done = server.call("tool_wp_perform_import", exportid=id)
    same("an import of the export", server.wait(done["id"])["statusstr"], "Completed")
    new = [f for f in server.frameworks() if f["id"] not in {f["id"] for f in before}]
    same("the same frameworks", [(f["name"], f["kind"], f["items"]) for f in new], [(f["name"], f["kind"], f["items"]) for f in mine])
    pairs = list(zip(mine, new))
    for old, twin in [pairs[0], pairs[-1], *[p for p in pairs if p[0]["name"] == "target"]]:
        def shape(framework):
            """Each item as the names from it to the top, because ids of items without an idnumber differ."""
            import csv
            rows = list(csv.DictReader(io.StringIO(structure(framework["id"]).decode())))
            key = "id" if rows and "id" in rows[0] else "idnumber"
            by = {r[key]: r for r in rows}
            def way(row):
                out = []
                while row:
                    out.append((row["idnumber"], row["name"], row["description"], row.get("globalmanager")))
                    row = by.get(row["parentid"])
                return out
            return sorted(way(r) for r in rows)
        same(f"the same structure: {old['name']}", shape(twin), shape(old))
    same("undone as a whole", server.call("orgvet_rollback_import", importid=done["id"])["frameworks"], len(new))
    _, departments = fetch(settings=json.dumps({"export_instances": "departments"}))
    check("departments only", {m["importer"] for m in json.loads(departments.read("manifest.json"))["members"]} <= {DEPARTMENTS})
    # the zip as an uploaded file, and foreign zips
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("x", "y")
    for name, content, about in (("a zip without a manifest", data.getvalue(), "has no manifest.json"), ("half a zip", data.getvalue()[:30], "not a readable zip")):
        answer = server.import_text(content, "x.zip", importer="")
        same(name, server.wait(answer["id"])["statusstr"], "Error")
        check(name + ": log", about in server.log_of(answer["id"])["entries"][0]["message"], server.log_of(answer["id"]))
    refused("a zip for a CSV importer", server.import_text(data.getvalue(), "x.zip"), "invalidparameter", "orgstructure")
    for settings, about in (('{"export_instances":"x"}', "it must be `all`"), ('{"x":1}', "unknown setting `x`"), ('{"select_frameworks":["nix"]}', "framework `nix` not found"), ("[", "not a JSON object"),
                            (json.dumps({"select_frameworks": [1] * 5000})[:-1] + ',"select_frameworks":["nix"]}', "framework `nix` not found")):
        refused(f"export settings {settings}", server.call("tool_wp_perform_export", exporter=EXPORTER, settings=settings), "invalidparameter", about)
    same("the export is deleted", server.call("tool_wp_delete_export", id=id), None)
    refused("its status", server.call("tool_wp_get_export_status", exportid=id), "invalidrecord")


# --- the client ---

def client():
    folder = tempfile.mkdtemp(prefix="orgvet-client-")
    environment = {**os.environ, "ORGVET_SITE": server.url, "ORGVET_TOKEN": server.token}

    def run(*args, given=None, **env):
        done = subprocess.run([orgvet, *args], capture_output=True, text=True, cwd=folder, input=given,
                              env={k: v for k, v in {**environment, **env}.items() if v is not None})
        return done.returncode, done.stdout, done.stderr

    def write(name, text, mode=0o600):
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    write("positions.csv", SEED)
    code, out, err = run("submit", "positions.csv", "--map", "globalmanager=ismanager")
    check("submit", code == 0 and re.search(r"import \d+ was scheduled\ninfo: created the framework `positions`.*\ninfo: 5 positions imported\nimported\n", out), (code, out, err))
    id = re.search(r"import (\d+)", out).group(1)
    named = f"orgvet: site: {server.url}\n"
    same("status", run("status", id), (0, '{"status":4,"statusstr":"Completed","progress":100}\n', named))
    check("log", run("log", id)[1].endswith("info: 5 positions imported\n"))
    same("rollback", run("rollback", id), (0, "undone; items removed: 5, frameworks removed: 1\n", named))
    check("rollback twice", run("rollback", id)[0] == 3)
    same("delete", run("delete", id), (0, "", named))
    check("a deleted import", run("status", id)[0] == 3)
    write("bad.csv", "idnumber,parent,name\nA,B,A\n")
    code, out, err = run("submit", "bad.csv", "--importer", "positions")
    check("errors are not submitted", code == 1 and "OV402" in err and "nothing was submitted" in err and not out, (code, out, err))
    write("any.csv", "idnumber,parent,name\nA,,A\n")
    code, out, err = run("submit", "any.csv")
    check("the importer must be chosen", code == 1 and "More than one importer is available" in err, (code, out, err))
    code, out, err = run("submit", "-", "--importer", "departments", "--stdin-filename", "dep.csv", given="idnumber,parent,name\nA,,A\n")
    check("from standard input", code == 0 and "`dep` of departments" in out, (code, out, err))
    code, out, err = run("submit", "positions.csv", "--no-wait")
    check("without waiting", code == 0 and re.fullmatch(r"\d+\n", out), (code, out, err))
    code, out, err = run("export", "-o", "x.zip")
    check("export", code == 0 and out == "x.zip\n" and zipfile.is_zipfile(os.path.join(folder, "x.zip")), (code, out, err))
    exports = json.loads(run("status", "--export", "1")[1] or "{}")
    code, out, err = run("submit", "--exportid", str(max(i for i in range(1, 60) if run("status", "--export", str(i))[0] == 0)))
    check("an export is imported", code == 0 and "imported" in out, (code, out, err, exports))
    code, out, err = run("dry-run", "positions.csv", "--site", server.url, "--importer", "positions")
    same("a dry run on the site equals the offline one", (code, out), run("dry-run", "--no-config", "--importer", "positions", "positions.csv")[:2])
    code, out, err = run("dry-run", "any.csv", "--site", server.url)
    check("a dry run that is refused", code == 3 and json.loads(out)["errorcode"] == "invalidparameter", (code, out, err))
    # receipts
    subprocess.run([orgvet, "emit", "--no-config", "-f", "csv", "-o", "out.csv", "--receipt", "r.json", "positions.csv"], cwd=folder, check=True, capture_output=True)
    check("with its receipt", run("submit", "positions.csv", "--receipt", "r.json", "--no-wait")[0] == 0)
    write("positions.csv", SEED.replace("OM", "OX"))
    code, out, err = run("submit", "positions.csv", "--receipt", "r.json")
    check("a file that changed after its receipt", code == 2 and "has changed since" in err, (code, out, err))
    # tokens and addresses
    write("token", server.token + "\n")
    check("a token file", run("status", "1", "--token-file", "token", ORGVET_TOKEN=None)[0] in (0, 3))
    write("open", server.token, 0o644)
    code, out, err = run("status", "1", "--token-file", "open")
    check("a token file that others can read", code == 2 and "other users can read" in err and "chmod 600" in err, err)
    check("a token from standard input", "invalidrecord" in run("status", "4711", "--token-file", "-", given=server.token, ORGVET_TOKEN=None)[2])
    for name, env, args, wanted, about in (
        ("no token", {"ORGVET_TOKEN": None}, (), 2, "a token is required"),
        ("no site", {"ORGVET_SITE": None}, (), 2, "no import service given"),
        ("a site that is none", {"ORGVET_SITE": "nix"}, (), 2, "is not a valid site address"),
        ("unencrypted", {"ORGVET_SITE": "http://192.0.2.1"}, (), 2, "is not encrypted"),
        ("a name that looks like this machine", {"ORGVET_SITE": "http://127.example.org"}, (), 2, "is not encrypted"),
        ("a password in the address", {"ORGVET_SITE": "https://a:b@192.0.2.1"}, (), 2, "must not contain a user or password"),
        ("nobody there", {"ORGVET_SITE": "http://127.0.0.1:1"}, (), 4, "cannot reach"),
        ("a bad token", {"ORGVET_TOKEN": "0" * 32}, (), 3, "invalidtoken"),
    ):
        code, out, err = run("status", "1", *args, **env)
        check(name, code == wanted and about in err and not out, (code, err))
    # sites to which a token may be sent
    write("orgvet.json", json.dumps({"site": server.url}))
    def requests():
        """The requests that the service has logged: an answer is sent before its line is written."""
        count = -1
        while count != (count := server.logged().count('"path"')):
            time.sleep(0.2)
        return count
    nothing = requests()
    code, out, err = run("status", "4711", ORGVET_SITE=None)
    check("a site named only by a file's configuration", code == 2 and f"add `--site {server.url}`" in err and requests() == nothing, err)
    code, out, err = run("submit", "positions.csv", ORGVET_SITE=None)
    check("also for submit", code == 2 and f"add `--site {server.url}`" in err and requests() == nothing, err)
    for name, tokens, env, wanted, about in (
        ("a line for the site that a configuration names", f"https://other.example.org 1\n{server.url}/ {server.token}\n", {"ORGVET_SITE": None}, 3, "invalidrecord"),
        ("the only line with a site names it", f"\n  {server.url}\t{server.token}  \n", {"ORGVET_SITE": None}, 3, "invalidrecord"),
        ("of two lines the one for the site", f"http://127.0.0.1:1 nix\n{server.url} {server.token}\n", {}, 3, "invalidrecord"),
        ("a token for any site", f"http://127.0.0.1:1 nix\n{server.token}\n", {}, 3, "invalidrecord"),
        ("a token for any site goes to none that a configuration names", f"{server.token}\n", {"ORGVET_SITE": None}, 2, "add `--site"),
        ("a token for another site", f"https://other.example.org {server.token}\n", {}, 2, "has no token for"),
        ("an empty file", "\n", {}, 2, "has no token for"),
    ):
        write("tokens", tokens)
        code, out, err = run("status", "4711", "--token-file", "tokens", ORGVET_TOKEN=None, **env)
        check(name, code == wanted and about in err, (code, err))
    os.remove(os.path.join(folder, "orgvet.json"))
    write("tokens", f"{server.url} {server.token}\nhttps://b.example.org x\n")
    code, out, err = run("status", "4711", "--token-file", "tokens", ORGVET_TOKEN=None, ORGVET_SITE=None)
    check("two sites in the token file: none is chosen", code == 2 and "no import service given" in err, err)
    own = os.path.join(folder, "own", "orgvet")
    os.makedirs(own)
    with open(os.path.join(own, "orgvet.json"), "w") as file:
        json.dump({"site": server.url}, file)
    write("orgvet.json", json.dumps({"site": "http://127.0.0.1:1"}))
    code, out, err = run("status", "4711", ORGVET_SITE=None, XDG_CONFIG_HOME=os.path.join(folder, "own"))
    check("the user's own configuration takes precedence", "invalidrecord" in err and err.startswith(f"orgvet: site: {server.url}\n"), err)
    first_generation(run, write)
    # proxies
    taken = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
        run("status", "4711", **{name: proxy})
        try:
            taken.append(listener.accept()[0])
        except TimeoutError:
            pass
    check("no proxy for a site on this machine", not taken, taken)
    listener.close()
    check("--site takes precedence", run("status", "1", "--site", "http://127.0.0.1:1")[0] == 4)
    check("an invalid or missing id", run("status", "x")[0] == 2 and run("status")[0] == 2)
    check("the token is not in any address", server.token not in server.logged())


# --- the client behind a proxy that interferes ---

def proxy():
    """A proxy in front of the service. Scheduling that it answered may have been done: it is not repeated."""
    import http.server
    import threading
    tricks, seen = {}, []
    busy = json.dumps({"exception": "moodle_exception", "errorcode": "servicebusy", "message": "busy"}).encode()

    class Proxy(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            form = urllib.parse.parse_qs(body.decode("utf-8", "replace"))
            kind = "upload" if "upload.php" in self.path else form["wsfunction"][0]
            kind += "/dry" if form.get("dryrun") == ["1"] else ""
            seen.append(kind)
            trick = tricks.get(kind, []).pop(0) if tricks.get(kind) else None
            if trick in ("lost", None):
                status, _, data = server.request("POST", self.path, body, {"Content-Type": self.headers["Content-Type"]})
            if trick == "lost":
                self.close_connection = True
                return
            if trick:
                status, data = 503, {"page": b"<html>try later</html>", "busy": busy}[trick]
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    between = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=between.serve_forever, daemon=True).start()
    environment = {**os.environ, "ORGVET_SITE": f"http://127.0.0.1:{between.server_address[1]}", "ORGVET_TOKEN": server.token}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "positions.csv")
        with open(path, "w") as file:
            file.write(SEED)
        schedule = "tool_wp_perform_import"
        for name, plan, code, times, made in (
            ("nothing in the way", {}, 0, 1, 1),
            ("the service is busy: again", {schedule: ["busy"]}, 0, 2, 1),
            ("the proxy says 503 to a scheduling: not again", {schedule: ["page"]}, 3, 1, 0),
            ("its answer is lost: not again", {schedule: ["lost"]}, 3, 1, 1),
            ("503 to what can be asked again", {"upload": ["page"], schedule + "/dry": ["page"], "tool_wp_get_import_status": ["page"]}, 0, 1, 1),
        ):
            tricks.clear()
            tricks.update(plan)
            seen.clear()
            before = len(server.frameworks())
            done = subprocess.run([orgvet, "submit", path], capture_output=True, text=True, env=environment)
            same(f"{name}: exit code", (done.returncode, done.stderr) if code != done.returncode else code, code)
            same(f"{name}: scheduled", seen.count(schedule), times)
            for _ in range(100):
                if len(server.frameworks()) == before + made:
                    break
                time.sleep(0.05)
            same(f"{name}: imported", len(server.frameworks()), before + made)
    between.shutdown()
    between.server_close()


# --- when the service cannot, or must not, continue ---

def failures():
    own = Server(orgvet, "--cron", "3600")

    sql = own.sql

    def status(id, kind="import"):
        return own.call(f"tool_wp_get_{kind}_status", **{kind + "id": id})["statusstr"]

    # aborted: tried again, but not forever
    often, once, fresh = (own.import_text(SEED, f"{n}.csv")["id"] for n in ("often", "once", "fresh"))
    export = own.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    sql(f"UPDATE import SET status = 3, attempts = 5 WHERE id = {often}")
    sql(f"UPDATE import SET status = 3, attempts = 4 WHERE id = {once}")
    sql(f"UPDATE export SET status = 3, attempts = 5 WHERE id = {export}")
    same("cron runs", own.cron().returncode, 0)
    same("work that was aborted too often fails", [status(often), status(once), status(fresh), status(export, "export")], ["Error", "Completed", "Completed", "Error"])
    check("the log has the reason", "started 5 times" in own.log_of(often)["entries"][-1]["message"])
    refused("an export likewise", own.call("tool_wp_get_export_file", exportid=export), "exportnotready", "started 5 times")
    # work that the store refuses is not repeated forever, and does not block others
    sql("ALTER TABLE stored_item ADD CONSTRAINT boom CHECK (name <> 'boom')" if own.shared else
        "CREATE TRIGGER boom BEFORE INSERT ON stored_item WHEN NEW.name = 'boom' BEGIN SELECT RAISE(ABORT, 'not that'); END")
    bad, good = own.import_text("idnumber,parent,name\nA,,boom\n")["id"], own.import_text(SEED)["id"]
    own.cron()
    same("the next job is done", [status(bad), status(good)], ["Error", "Completed"])
    check("the log has the refusal", ("boom" if own.shared else "not that") in own.log_of(bad)["entries"][-1]["message"], own.log_of(bad))
    sql("ALTER TABLE stored_item DROP CONSTRAINT boom" if own.shared else "DROP TRIGGER boom")
    export = own.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    sql(f"UPDATE export SET settings = '{{\"x\":1}}' WHERE id = {export}")
    own.cron()
    refused("an export's reason", own.call("tool_wp_get_export_file", exportid=export), "exportnotready", "unknown setting `x`")
    # members of a zip that are to go into an existing framework
    framework = own.frameworks()[0]
    text = b"idnumber,parentid,name\nX,,X\n"
    entry = {"file": "a.csv", "sha256": hashlib.sha256(text).hexdigest(), "items": 1, "importer": POSITIONS, "framework": {"name": "a", "idnumber": None},
             "settings": {"target_framework": "existing", "select_framework": str(framework["id"])}}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("manifest.json", json.dumps({"schema_version": 1, "members": [entry, entry]}))
        made.writestr("a.csv", text)
    id = own.import_text(data.getvalue(), "x.zip", importer="")["id"]
    own.cron()
    same("members cannot go into an existing framework", status(id), "Error")
    check("the log explains it", any("always created as new ones" in e["message"] for e in own.log_of(id)["entries"]), own.log_of(id))
    # many frameworks: exported, imported and undone
    first = sql("SELECT value FROM counter WHERE name = 'item' AND tenant = -1")[0][0]
    tenant = ", tenant" if own.shared else ""
    sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO stored_framework (kind, name, tenant, created) SELECT 'positions', 'many ' || i, 1, 0 FROM n")
    sql(f"INSERT INTO stored_item (id, framework, idnumber, name, description, descriptionformat, globalmanager, departmentmanager{tenant})"
        f" SELECT {first} + id, id, 'A', 'A', '', 1, 0, 0{tenant} FROM framework WHERE name LIKE 'many %'")
    sql("UPDATE counter SET value = (SELECT max(id) + 1 FROM item) WHERE name = 'item' AND tenant = -1")
    there = len(own.frameworks())
    export = own.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    own.cron()
    same("an export of 1500 frameworks and more", status(export, "export"), "Completed")
    id = own.call("tool_wp_perform_import", exportid=export)["id"]
    own.cron()
    same("all frameworks are imported", (status(id), len(own.frameworks())), ("Completed", 2 * there))
    same("all frameworks are undone", (own.call("orgvet_rollback_import", importid=id)["frameworks"], len(own.frameworks())), (there, there))
    sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4097) INSERT INTO stored_framework (kind, name, tenant, created) SELECT 'departments', 'more ' || i, 1, 0 FROM n")
    export = own.call("tool_wp_perform_export", exporter=EXPORTER)["id"]
    own.cron()
    refused("more than can be exported at once", own.call("tool_wp_get_export_file", exportid=export), "exportnotready", "at most 4096 frameworks")
    # who may see the imports of others
    own.admin("tenant", "add", "Other", "--idnumber", "other")
    for name, *capabilities in (("ann",), ("lead", "orgvet:viewall"), ("chief", "orgvet:viewall", "tool/tenant:manage"), ("far",)):
        more = [x for c in ("webservice/rest:use", "orgvet:import", "orgvet:rollback", *capabilities) for x in ("--capability", c)]
        own.admin("user", "add", name, *more, *(("--tenant", "other") if name == "far" else ()))
    tokens = {name: own.admin("token", "add", "--user", name) for name in ("ann", "lead", "chief", "far")}
    ids = {name: own.import_text(SEED, token=tokens[name])["id"] for name in ("ann", "far")}
    own.cron()
    seen = {(who, whose): "status" in own.call("tool_wp_get_import_status", tokens[who], importid=ids[whose]) for who in tokens for whose in ids}
    same("visible: own, the tenant's, all", {pair for pair, is_seen in seen.items() if is_seen},
         {("ann", "ann"), ("far", "far"), ("lead", "ann"), ("chief", "ann"), ("chief", "far")})
    refused("undoing in another tenant", own.call("orgvet_rollback_import", tokens["lead"], importid=ids["far"]), "invalidrecord")
    same("undoing within the own tenant", own.call("orgvet_rollback_import", tokens["lead"], importid=ids["ann"])["removed"], 5)
    # the memory that one address may use
    held = []
    for _ in range(16):
        connection = socket.socket()
        connection.bind(("127.0.0.2", 0))
        connection.connect((own.host, own.port))
        connection.sendall(b"POST /webservice/rest/server.php HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1048577\r\n\r\na=" + b"x" * 1048574)
        held.append(connection)
    def form(address):
        connection = http.client.HTTPConnection(own.host, own.port, timeout=30, source_address=(address, 0))
        connection.request("POST", REST + "?moodlewsrestformat=json", "a=" + "x" * 500000, FORM)
        answer = connection.getresponse()
        got = answer.status, json.loads(answer.read())["errorcode"]
        connection.close()
        return got
    for _ in range(500):  # until everything has arrived
        if b"\norgvet_held_memory_bytes 16777216\n" in own.request("GET", "/metrics")[2]:
            break
        time.sleep(0.02)
    same("one address has reached its limit", form("127.0.0.2"), (503, "servicebusy"))
    same("others are answered", form("127.0.0.3"), (200, "invalidtoken"))
    for connection in held:
        connection.close()
    for _ in range(200):
        answer = form("127.0.0.2")
        if answer[0] == 200:
            break
        time.sleep(0.02)
    same("it is answered again after releasing memory", answer, (200, "invalidtoken"))
    own.end()


# --- operation ---

def running():
    mode = stat.S_IMODE(os.stat(os.path.join(server.data, "admin.token")).st_mode)
    same("admin.token is readable by its owner only", mode, 0o600)
    same("the folder is accessible to its owner only", stat.S_IMODE(os.stat(server.data).st_mode), 0o700)
    nowhere = os.path.join(server.folder, "nowhere")
    for args in () if server.shared else (("admin", "--data", nowhere, "user", "list"), ("cron", "--data", nowhere), ("serve", "backup", nowhere + ".db", "--data", nowhere)):
        done = subprocess.run([orgvet, *args], capture_output=True, text=True)
        check(f"only serve creates a store: {args[0]}", done.returncode == 2 and "no store in" in done.stderr and not os.path.exists(nowhere), done.stderr)
    copy = os.path.join(server.folder, "copy.db")
    backup = subprocess.run([orgvet, "serve", "backup", copy, "--data", server.data], capture_output=True, text=True, env=server.environment)
    if server.shared:
        check("a backup is the database's business", backup.returncode == 2 and "pg_dump" in backup.stderr and not os.path.exists(copy), backup.stderr)
    else:
        same("a backup while it runs", (backup.returncode, backup.stderr), (0, ""))
        done = subprocess.run([orgvet, "serve", "backup", copy, "--data", server.data], capture_output=True, text=True)
        check("a backup never overwrites a file", done.returncode == 2 and "already exists" in done.stderr, done.stderr)
    before = server.frameworks()
    for line in server.logged().splitlines():
        json.loads(line)
    check("the log is JSON, one object per line", '"event":"request"' in server.logged() or len(sys.argv) > 2)
    same("the service ends cleanly", server.stop(), 0)
    if not server.shared:
        restored = os.path.join(server.folder, "restored")
        os.mkdir(restored, 0o700)
        os.rename(copy, os.path.join(restored, "orgvet.db"))
        with open(os.path.join(restored, "admin.token"), "w") as file:
            file.write(server.token)
        other = Server(orgvet, data=restored)
        same("a backup is a complete store", other.frameworks(), before)
        check("tokens of the backup are valid", "sitename" in other.call("core_webservice_get_site_info"))
        other.end()
    with open(os.path.join(server.folder, "orgvet.db"), "w") as file:
        file.write("this is no store")
    for options, about in ((("--data", server.folder), ""), (("--data", server.data, "--listen", "nix"), "is not a valid ADDRESS:PORT"),
                           (("--data", server.data, "--tls-cert", "x"), "given together"), (("--data", server.data, "--base-url", "x"), "http://"),
                           (("--data", server.data, "x"), "takes no arguments")):
        done = subprocess.run([orgvet, "serve", *options], capture_output=True, text=True, timeout=60)
        check(f"invalid options: {options}", done.returncode == 2 and about in done.stderr and done.stderr.startswith("orgvet: "), done.stderr)
    plain = Server(orgvet, "--namespaced-exceptions", "--base-url", "https://hr.example.org/x/", "--trust-proxy", "--max-upload", "1000", "--user-quota", "1500")
    same("namespaced class names", plain.call("nix", "x")["exception"], "core\\exception\\moodle_exception")
    same("URLs begin with the base URL", plain.call("core_webservice_get_site_info")["siteurl"], "https://hr.example.org/x")
    token = plain.admin("token", "add", "--user", "admin", "--ip", "203.0.113.0/24")
    for address, allowed in (("203.0.113.9", True), ("203.0.113.9, 198.51.100.1", False), ("198.51.100.1, 203.0.113.9", True), ("x", False)):
        got = plain.request("GET", f"{REST}?wsfunction=core_webservice_get_site_info&wstoken={token}", headers={"X-Forwarded-For": address})
        same(f"behind a proxy: {address}", b"<ERRORCODE>accessexception" in got[2], not allowed)
    big = plain.upload("x" * 1001)[0]
    same("a file that is too large", (big["errortype"], big["filename"]), ("fileoversized", "positions.csv"))
    check("other files of the request are accepted", "itemid" in json.loads(plain.request("POST", "/webservice/upload.php?token=" + plain.token, multipart(
        {}, [("a", "a.csv", "x" * 1001), ("b", "b.csv", "x")])[0], {"Content-Type": "multipart/form-data; boundary=orgvetboundary"})[2])[1])
    plain.upload("x" * 900)
    same("a user's quota", plain.upload("x" * 900)["errorcode"], "userquotalimit")
    plain.end()


# --- a site of the first generation (CONTRACT 1.1, 1.2) ---

def first_generation(run, write):
    """Settings as lists in answers; the older name of the function that returns an export's file."""
    def answer(path, body):
        form = urllib.parse.parse_qs(body)
        function = form.get("wsfunction", [""])[0]
        settings = json.loads(server.import_text(SEED, dryrun=1, settings={"csvmapping:globalmanager": "ismanager"})["settings"])
        if path.startswith("/webservice/upload.php"):
            return [{"itemid": 7, "filename": "x"}]
        if path.startswith("/webservice/pluginfile.php"):
            return "the zip"
        if function == "tool_wp_perform_import":
            return {"id": 0 if "dryrun" in form else 5, "settings": [{"name": k, "value": v} for k, v in settings.items()]}
        if function == "tool_wp_perform_export":
            return {"id": 6, "settings": [{"name": "export_instances", "value": "all"}]}
        if function in ("tool_wp_get_import_status", "tool_wp_get_export_status"):
            return {"status": 4, "statusstr": "Completed", "progress": 100}
        if function == "tool_wp_retrieve_export_file":
            return [{"filename": "x.zip", "fileurl": where + "/webservice/pluginfile.php/1/x.zip"}]
        return {"exception": "dml_missing_record_exception", "errorcode": "invalidrecord", "message": "Can not find data record in database table external_functions."}

    write("positions.csv", SEED)
    with site_that_answers(answer) as where:
        code, out, err = run("submit", "positions.csv", "--map", "globalmanager=ismanager", ORGVET_SITE=where)
        check("a site of the first generation: the same settings", code == 0 and "imported" in out and "does not provide its log to programs" in err, (code, out, err))
        code, out, err = run("submit", "positions.csv", ORGVET_SITE=where)
        check("a site of the first generation: other settings", code == 3 and "csvmapping:globalmanager: `` here, `ismanager` on the site" in err, (code, out, err))
        code, out, err = run("export", "-o", "first.zip", ORGVET_SITE=where)
        check("a site of the first generation: its export", code == 0 and out == "first.zip\n", (code, out, err))


# --- TLS ---

def tls():
    folder = tempfile.mkdtemp(prefix="orgvet-tls-")
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    secure = Server(orgvet, "--tls-cert", cert, "--tls-key", key, authority=cert)
    check("the address is https", secure.url.startswith("https://127.0.0.1:"), secure.url)
    same("over TLS", secure.call("core_webservice_get_site_info")["siteurl"], secure.url)
    path = os.path.join(folder, "positions.csv")
    with open(path, "w") as file:
        file.write(SEED)
    environment = {**os.environ, "ORGVET_SITE": secure.url, "ORGVET_TOKEN": secure.token}
    done = subprocess.run([orgvet, "submit", path], capture_output=True, text=True, env={**environment, "SSL_CERT_FILE": cert})
    check("a client that trusts the authority", done.returncode == 0 and "5 positions imported" in done.stdout, done)
    done = subprocess.run([orgvet, "submit", path], capture_output=True, text=True, env=environment)
    check("a client that does not", done.returncode == 4 and "cannot reach" in done.stderr and "certificate" in done.stderr, done)
    # nothing below TLS 1.2, on either side (RFC 8996)
    for version, fine in ((ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)):
        context = ssl.create_default_context(cafile=cert)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        try:
            with socket.create_connection((secure.host, secure.port), timeout=30) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped:
                got = wrapped.version()
        except (ssl.SSLError, ConnectionResetError, OSError):
            got = None
        same(f"the service: {version.name}", got is not None, fine)
        listener = socket.create_server(("127.0.0.1", 0))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        client = subprocess.Popen([orgvet, "status", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env={**environment, "SSL_CERT_FILE": cert, "ORGVET_SITE": f"https://127.0.0.1:{listener.getsockname()[1]}"})
        listener.settimeout(20)
        got = None
        try:
            with context.wrap_socket(listener.accept()[0], server_side=True) as wrapped:
                got = wrapped.recv(10)
                wrapped.sendall(b"HTTP/1.1 404 Not found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except (ssl.SSLError, ConnectionResetError, OSError):
            pass
        listener.close()
        client.kill()
        client.communicate()
        same(f"the client: {version.name}", got == b"POST /webs", fine)
    check("the service ends cleanly", secure.end() == 0)
    with open(key, "w") as file:
        file.write("no key")
    done = subprocess.run([orgvet, "serve", "--data", os.path.join(folder, "data"), "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key],
                          capture_output=True, text=True, timeout=60)
    check("an invalid key", done.returncode == 2 and "certificate and key" in done.stderr, done)


def upgraded():
    """A store of an older version is upgraded when it is opened: nothing in it is lost."""
    folder = tempfile.mkdtemp(prefix="orgvet-service-")
    with sqlite3.connect(os.path.join(folder, "orgvet.db")) as old, open(os.path.join(ROOT, "testdata/service/store-2.sql"), encoding="utf-8") as dump:
        old.executescript(dump.read())
    with open(os.path.join(folder, "admin.token"), "w", encoding="utf-8") as file:
        file.write("1fb9a0eb786c093dc25e226a6da80679")
    own = Server(orgvet, data=folder)
    same("the import that waited is completed", own.wait(2)["statusstr"], "Completed")
    same("existing items are kept, those of no tenant, too", [(f["name"], f["idnumber"], f["tenant"], f["items"]) for f in own.frameworks()],
         [("old", "X", 1, 2), ("shared", "Y", None, 1), ("waits", None, 1, 2)])
    same("the log of an import is kept", [e["message"] for e in own.log_of(1)["entries"]], ["kept"])
    same("exports are kept", [(e["id"], e["tenant"], e["message"]) for e in own.call("orgvet_get_exports")["exports"]], [(1, None, "why")])
    same("ids that were used are not used again", own.call("tool_wp_perform_export", exporter=EXPORTER)["id"], 10)
    id = own.import_text("idnumber,parent,name\nC,A,c\n", "new.csv", settings={"target_framework": "existing", "select_framework": "X"})["id"]
    same("nor those of imports", id, 8)
    same("an import into it is completed", own.wait(id)["statusstr"], "Completed")
    same("the item is added to the existing framework", [f["items"] for f in own.frameworks()], [3, 1, 2])
    same("the import is undone", own.call("orgvet_rollback_import", importid=id)["removed"], 1)
    same("the item is removed", [f["items"] for f in own.frameworks()], [2, 1, 2])
    same("and one of before", (own.call("orgvet_rollback_import", importid=1)["removed"], [f["name"] for f in own.frameworks()]), (1, ["old", "waits"]))
    same("the service ends cleanly", own.end(), 0)
    shutil.rmtree(folder)


for part in (protocol, hostile, uploads, access, tenants, imports, exports, client, proxy, failures, tls, running, *(() if server.shared else (upgraded,))):
    if len(sys.argv) < 3 or part.__name__ in sys.argv[2:] or part is running:
        part()
server.end()
tally.end()
