"""Counts checks in Python tests: `check` each condition, `end` with "NAME: N passed, N failed"."""
import os
import sys


class Tally:
    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0

    def check(self, name, fine, about=""):
        """Counts one check; if it failed, prints its name and details."""
        self.passed += bool(fine)
        self.failed += not fine
        if not fine:
            print(f"{self.name}: {name} FAILED {about}")
        return fine

    def within(self, name, seconds, took):
        """A time limit in seconds. It is multiplied by PATIENCE (4) for busy machines, and so
        detects only differences of an order of magnitude. PATIENCE=1 measures on an idle one."""
        return self.check(name, took < seconds * float(os.environ.get("PATIENCE", 4)), f"{took:.2f} s instead of {seconds}")

    def same(self, name, got, wanted):
        """Checks that two values are equal."""
        return self.check(name, got == wanted, f"\n  got    {got!r}\n  wanted {wanted!r}")

    def end(self):
        print(f"{self.name}: {self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)
