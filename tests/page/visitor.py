"""A browser as far as cookies go: what the page asks the service, without a browser."""
import json
import time
import urllib.parse

from server import multipart


class Visitor:
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
        while status == 429:  # somebody was wrong a moment ago
            time.sleep(1)
            status, me = self.ask("/page/sign-in", form)
        if status == 200:
            self.csrf = me["csrf"]
        return status, me

    def upload(self, text, name="org.csv", item=None):
        """The draft area that a file is put into."""
        body, boundary = multipart({"itemid": item} if item else {}, [("file", name, text)])
        headers = {"Cookie": self.cookie, "X-Orgvet-Csrf": self.csrf, "Content-Type": "multipart/form-data; boundary=" + boundary}
        _, _, data = self.server.request("POST", "/webservice/upload.php", body, headers)
        return json.loads(data)[0]["itemid"]

    def look(self, item, what, **more):
        """(status, answer) of a question about a draft."""
        return self.ask("/page/look", {"item": item, "what": what, **more})
