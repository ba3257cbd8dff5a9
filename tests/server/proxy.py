#!/usr/bin/env python3
"""Two services behind HAProxy, as the documentation has them (.packaging/nodes/haproxy.cfg): requests go to one that is
ready, and to the other one when it has gone.
usage: proxy.py ORGVET"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(__file__), "../..")
sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]
os.environ["ORGVET_TEST_STORE"] = "postgresql"
import database  # noqa: E402
from server import SEED, Node  # noqa: E402
from tally import Tally  # noqa: E402

tally = Tally("proxy")
check, same = tally.check, tally.same
orgvet = sys.argv[1]
program = shutil.which("haproxy", path=os.environ["PATH"] + ":/usr/sbin")
if not program or not database.programs():
    print("proxy: skipped: HAProxy or PostgreSQL is not there (make setup-test)")
    sys.exit()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Behind(Node):
    """A service as its users see it: through the proxy."""

    def __init__(self, node, port):  # pylint: disable=super-init-not-called
        self.__dict__.update(node.__dict__)
        self.url, self.host, self.port = f"http://127.0.0.1:{port}", "127.0.0.1", port


def compose():
    """The containers: what they are told is what there is. (They do not run here.)"""
    try:
        import yaml  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("proxy: compose.yaml: skipped: Python has no yaml (make setup-test)")
        return
    with open(os.path.join(ROOT, ".packaging/nodes/compose.yaml"), encoding="utf-8") as file:
        plan = yaml.safe_load(file)
    services = plan["services"]
    same("two services, a proxy and a database", sorted(services), ["database", "one", "proxy", "two"])
    same("the services are alike", services["one"], services["two"])
    command = services["one"]["command"]
    known = subprocess.run([orgvet, "serve", "--help"], capture_output=True, text=True).stdout
    same("their options exist", [word for word in command[1:] if not re.search(rf"{word.split('=')[0]}\b", known)], [])
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([orgvet, *[word.replace("=/data", "=" + folder) for word in command]], capture_output=True, text=True, timeout=60)
    check("and are taken, up to the database that is not here", done.returncode == 2 and "the store cannot be reached" in done.stderr, done)
    same("secrets that are used are there", {secret for one in services.values() for secret in one.get("secrets", [])} - set(plan["secrets"]), set())
    same("what is depended on is there", {name for one in services.values() for name in one.get("depends_on", [])} - set(services), set())


compose()
port = free_port()
options = ("--lease", "2", "--trust-proxy", "--base-url", f"http://127.0.0.1:{port}")
one = Node(orgvet, None, *options)
two = Node(orgvet, one, *options)
with open(os.path.join(ROOT, ".packaging/nodes/haproxy.cfg"), encoding="utf-8") as file:
    text = file.read()
text = text.replace("bind :8443 ssl crt /etc/haproxy/orgvet.pem", f"bind 127.0.0.1:{port}")
text = text.replace("127.0.0.1:8081", f"127.0.0.1:{one.port}").replace("127.0.0.1:8082", f"127.0.0.1:{two.port}")
config = os.path.join(one.folder, "haproxy.cfg")
with open(config, "w", encoding="utf-8") as file:
    file.write(text)
same("nothing is left to be replaced", re.findall(r"8443|8081|8082", text), [])
checked = subprocess.run([program, "-c", "-q", "-f", config], capture_output=True, text=True)
same("the configuration is valid", (checked.returncode, checked.stderr), (0, ""))
proxy = subprocess.Popen([program, "-db", "-f", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
both = Behind(one, port)
for _ in range(200):
    try:
        if both.request("GET", "/")[0] == 200:
            break
    except OSError:
        pass
    time.sleep(0.05)


def here(node):
    """How many requests a service has answered."""
    return int(re.search(rb"^orgvet_requests_total (\d+)", node.request("GET", "/metrics")[2], re.M).group(1))


for path in ("/metrics", "/readyz", "/healthz"):
    same(f"{path} is for operators alone", both.request("GET", path)[0], 403)
for _ in range(20):
    both.call("core_webservice_get_site_info")
check("both answer", min(here(one), here(two)) > 5, (here(one), here(two)))
same("an import through the proxy", both.wait(both.import_text(SEED, "a.csv")["id"])["statusstr"], "Completed")
both.request("GET", "/", headers={"X-Forwarded-For": "127.0.0.9"})
logged = one.logged() + two.logged()
check("a client's address is the one that the proxy has seen", '"address":"127.0.0.1"' in logged and "127.0.0.9" not in logged, logged[-300:])
# one is killed, at any moment
ids, failed = [], 0
for number in range(40):
    if number == 10:
        two.process.send_signal(signal.SIGKILL)
        two.process.wait(60)
    try:
        ids.append(both.import_text(SEED, f"n{number}.csv")["id"])
    except (OSError, KeyError, TypeError, AssertionError, ValueError):
        failed += 1
check("while one is killed, at most what it was answering fails", failed <= 2, failed)
for id in ids:
    same("every import that was acknowledged is done", both.wait(id)["statusstr"], "Completed")
two.log.close()
two.start()
# the other one ends in order, with work in hand
big = both.import_text("idnumber,parent,name\n" + "".join(f"P{i},,p\n" for i in range(100000)), "big.csv")["id"]
same("the other one ends", one.stop(), 0)
same("what it was doing is done elsewhere", two.wait(big)["statusstr"], "Completed")
proxy.terminate()
proxy.wait(60)
for node in (one, two):
    if node.process.poll() is None:
        node.stop()
    shutil.rmtree(node.folder, ignore_errors=True)
tally.end()
