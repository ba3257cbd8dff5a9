"""A site that gives prepared answers."""
import contextlib, http.server, json, threading


@contextlib.contextmanager
def site_that_answers(answer):
    """The site's address, while it runs: each POST is answered with answer(path, body), both texts,
    as JSON."""
    class Site(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8", "replace")
            data = json.dumps(answer(self.path, body), ensure_ascii=False).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
