"""PostgreSQL for the tests of the service: started on a socket in a folder of its own, and gone with the test.
With ORGVET_TEST_STORE=postgresql in the environment, each service of a test has a database in it."""
import atexit
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time


def programs():
    """The folder of the newest PostgreSQL's programs; None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    return os.path.dirname(found[-1]) if found else None


class Database:
    def __init__(self, durable=False):
        self.durable = durable  # commits are on disk; the tests do without
        self.programs = programs()
        self.folder = tempfile.mkdtemp(prefix="orgvet-database-")
        self.data = os.path.join(self.folder, "data")
        self.names = {}
        self.owner = {}
        if os.getuid() == 0:  # it refuses to run as root
            user = pwd.getpwnam("postgres")
            self.owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "orgvet", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        atexit.register(self.end)

    def run(self, program, *args):
        subprocess.run([os.path.join(self.programs, program), *args], check=True, capture_output=True, cwd=self.folder, **self.owner)

    def start(self):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.programs, "postgres"), "-D", self.data, "-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}",
                 "-c", "max_connections=400", "-c", "fsync=" + ("on" if self.durable else "off")], stdout=log, stderr=log, cwd=self.folder, **self.owner)
        for _ in range(600):
            if self.process.poll() is not None:
                break
            if subprocess.run([os.path.join(self.programs, "pg_isready"), "-q", "-h", self.folder]).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL does not start: " + open(os.path.join(self.folder, "log")).read()[-2000:])

    def stop(self, how=signal.SIGINT):
        """SIGINT: at once, in order; SIGKILL: as if the machine had lost it."""
        self.process.send_signal(how)
        self.process.wait(60)

    def recover(self):
        """Starts again after a stop of any kind: what a killed one has left on the machine is removed."""
        if os.path.exists(os.path.join(self.data, "postmaster.pid")):
            os.unlink(os.path.join(self.data, "postmaster.pid"))
        for _ in range(20):
            try:
                return self.start()
            except RuntimeError:
                time.sleep(0.5)  # processes of the killed one still end
        raise RuntimeError("PostgreSQL does not recover")

    def address(self, data):
        """Of the database of a service that has this folder."""
        data = os.path.abspath(data)
        if data not in self.names:
            name = f"orgvet{len(self.names)}"
            self.query("CREATE DATABASE " + name, "postgres")
            self.names[data] = name
        return f"postgresql://orgvet@/{self.names[data]}?host={self.folder}"

    def query(self, text, name):
        return subprocess.run([os.path.join(self.programs, "psql"), "-h", self.folder, "-U", "orgvet", "-d", name, "-At", "-v", "ON_ERROR_STOP=1", "-c", text],
                              check=True, capture_output=True, text=True).stdout.strip()

    def busy(self, text, name):
        """Begins a statement that lasts; call the result to end it."""
        process = subprocess.Popen([os.path.join(self.programs, "psql"), "-h", self.folder, "-U", "orgvet", "-d", name, "-c", text],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "postgres"):
            time.sleep(0.02)

        def end():
            self.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "postgres")
            process.wait(60)
        return end

    def dump(self, name):
        return subprocess.run([os.path.join(self.programs, "pg_dump"), "-h", self.folder, "-U", "orgvet", name], check=True, capture_output=True).stdout

    def end(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


ONE = []
lock = threading.Lock()


def environment(data):
    """What a service with this folder needs in its environment."""
    if os.environ.get("ORGVET_TEST_STORE") == "postgresql" and not programs():
        print("skipped: PostgreSQL is not there (make setup-test)")
        sys.exit()
    if os.environ.get("ORGVET_TEST_STORE") != "postgresql":
        return os.environ
    with lock:
        if not ONE:
            ONE.append(Database())
        return {**os.environ, "ORGVET_STORE": ONE[0].address(data)}
