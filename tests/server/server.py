"""A service for a test, started on a free port of the loopback address with its own store."""
import http.client
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile

import database

POSITIONS = "tool_organisation\\tool_wp\\importer\\positions_csv"
DEPARTMENTS = "tool_organisation\\tool_wp\\importer\\departments_csv"
EXPORTER = "tool_organisation\\tool_wp\\exporter\\orgstructure"
SEED = ("idnumber,parent,name,description,ismanager\n"
        "CEO,,Chief Executive Officer,Chief Executive Officer position,1\n"
        "COO,CEO,Chief Operating Officer,Chief Operating Officer position,1\n"
        "HMD,COO,Head of Marketing and Design,Head of Marketing and Design position,1\n"
        "MCO,HMD,Marketing Consultant,Marketing Consultant position,0\n"
        "OM,COO,Office Manager,Office Manager position,0\n")


class Server:
    def __init__(self, orgvet, *options, data=None, preexec=None, authority=None, store=None):
        self.orgvet = os.path.abspath(orgvet)
        self.folder = tempfile.mkdtemp(prefix="orgvet-service-")
        self.data = data or os.path.join(self.folder, "data")
        self.options, self.preexec, self.authority = options, preexec, authority
        self.environment = {**os.environ, "ORGVET_STORE": store} if store else database.environment(self.data)
        self.shared = "ORGVET_STORE" in self.environment
        if self.shared and not store and "--lease" not in options:  # what was killed is taken over soon
            self.options += ("--lease", "2")
        self.start()

    def start(self):
        out = open(os.path.join(self.folder, "out"), "w+b")
        self.log = open(os.path.join(self.folder, "log"), "ab")
        self.process = subprocess.Popen(
            [self.orgvet, "serve", "--data", self.data, "--listen", "127.0.0.1:0", *self.options],
            stdout=out, stderr=self.log, preexec_fn=self.preexec, env=self.environment)
        for _ in range(1500):
            said = open(out.name).read()
            found = re.search(r"^listening on (\S+)$", said, re.M)
            if found or self.process.poll() is not None:
                break
            time.sleep(0.01)
        out.close()
        if not found:
            raise RuntimeError("the service did not start: " + open(self.log.name).read())
        self.url = found.group(1)
        self.host, self.port = urllib.parse.urlsplit(self.url).hostname, urllib.parse.urlsplit(self.url).port
        self.token = open(os.path.join(self.data, "admin.token")).read().strip()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait(60)
        self.log.close()
        return code

    def end(self):
        code = self.stop() if self.process.poll() is None else None
        if self.process.returncode not in (0, -signal.SIGTERM, -signal.SIGKILL) and os.path.exists(self.log.name):
            print(self.logged()[-4000:], file=sys.stderr)  # it says why it ended by itself
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def sql(self, text):
        """What a statement on the store gives: rows of texts and numbers."""
        if self.shared:
            lines = database.ONE[0].query(text, database.ONE[0].names[os.path.abspath(self.data)]).splitlines()
            return [tuple(int(cell) if re.fullmatch(r"-?\d+", cell) else cell for cell in line.split("|")) for line in lines]
        connection = sqlite3.connect(os.path.join(self.data, "orgvet.db"), timeout=30)
        with connection:
            rows = connection.execute(text).fetchall()
        connection.close()
        return rows

    def held(self):
        """Lets another program have the store to itself, for a minute; call the result to end that."""
        if self.shared:
            return database.ONE[0].busy("SELECT pg_advisory_lock(1869768566), pg_sleep(60)", database.ONE[0].names[os.path.abspath(self.data)])
        other = sqlite3.connect(os.path.join(self.data, "orgvet.db"), isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        return other.close

    def stored(self):
        """Everything in the store, as bytes."""
        if self.shared:
            return database.ONE[0].dump(database.ONE[0].names[os.path.abspath(self.data)])
        with open(os.path.join(self.data, "orgvet.db"), "rb") as file:
            return file.read()

    def logged(self):
        return open(self.log.name).read()

    def admin(self, *args, given=None, fails=False):
        done = subprocess.run([self.orgvet, "admin", "--data", self.data, *args], input=given,
                              capture_output=True, text=True, env=self.environment)
        if not fails and done.returncode:
            raise RuntimeError(f"admin {args}: {done.stderr}")
        return done if fails else done.stdout.strip()

    def cron(self):
        return subprocess.run([self.orgvet, "cron", "--data", self.data], capture_output=True,
                              text=True, env=self.environment)

    def request(self, method, path, body=None, headers=None, home=None):
        """(status, headers, bytes) of one request; home: the client's address."""
        if self.url.startswith("https:"):
            trusted = ssl.create_default_context(cafile=self.authority)
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=60, context=trusted)
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=60, source_address=home and (home, 0))
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, answer.headers, data

    def call(self, function, token=None, **params):
        """The JSON answer of a web service function."""
        form = [("wsfunction", function), ("wstoken", self.token if token is None else token),
                ("moodlewsrestformat", "json"), *params.items()]
        status, _, data = self.request("POST", "/webservice/rest/server.php",
                                       urllib.parse.urlencode(form),
                                       {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 200, (status, data)
        return json.loads(data)

    def upload(self, text, name="positions.csv", token=None, **fields):
        """The JSON answer of upload.php."""
        body, boundary = multipart({**fields}, [("file", name, text)])
        _, _, data = self.request(
            "POST", "/webservice/upload.php?token=" + (self.token if token is None else token), body,
            {"Content-Type": "multipart/form-data; boundary=" + boundary})
        return json.loads(data)

    def import_text(self, text, name="positions.csv", importer=POSITIONS, settings=None, token=None,
                    raw=None, **more):
        """Uploads and schedules; the answer to the scheduling."""
        item = self.upload(text, name, token)[0]["itemid"]
        if settings is not None:
            more["settings"] = json.dumps(settings)
        if raw is not None:
            more["settings"] = raw
        return self.call("tool_wp_perform_import", token, file=item, importer=importer, **more)

    def wait(self, import_id, token=None, function="tool_wp_get_import_status", key="importid"):
        """The last status of an import, once it has ended."""
        for _ in range(6000):
            status = self.call(function, token, **{key: import_id})
            if status.get("status", 9) >= 4:
                return status
            time.sleep(0.02)
        raise RuntimeError("it does not end")

    def exported(self, export_id):
        """The CSV of each framework of an export, by its name, once it is done."""
        self.wait(export_id, function="tool_wp_get_export_status", key="exportid")
        file = self.call("tool_wp_get_export_file", exportid=export_id)[0]
        archive = zipfile.ZipFile(io.BytesIO(self.request("GET", file["fileurl"][len(self.url):] + "?token=" + self.token)[2]))
        manifest = json.loads(archive.read("manifest.json"))
        return {one["framework"]["name"]: archive.read(one["file"]).decode() for one in manifest["members"]}

    def frameworks(self):
        return [json.loads(line) for line in self.admin("framework", "list").splitlines()]

    def log_of(self, import_id, token=None, **params):
        return self.call("orgvet_get_import_log", token, importid=import_id, **params)


def multipart(fields, files, boundary="orgvetboundary"):
    """A body of multipart/form-data, and its boundary."""
    parts = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, filename, content in files:
        content = content if isinstance(content, bytes) else content.encode()
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
                     f"Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), boundary


class Node(Server):
    """A service with its own folder; the store is that of the first one (None: it is the first)."""

    def __init__(self, orgvet, first, *options, **more):
        self.first, self.stopped = first, False
        super().__init__(orgvet, *options, **more)

    def start(self):
        if self.first:
            self.environment = self.first.environment
            os.makedirs(self.data, mode=0o700, exist_ok=True)
            with open(os.path.join(self.data, "admin.token"), "w", encoding="ascii") as file:
                file.write(self.first.token)
        super().start()

    def revived(self):
        if self.process.poll() is not None:
            self.log.close()
            self.start()
