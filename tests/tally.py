"""What the tests in Python count with: `check` each fact, `end` with "NAME: N passed, N failed"."""
import os
import sys


class Tally:
    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0

    def check(self, name, fine, about=""):
        """Counts one fact; says so when it does not hold, with what there is about it."""
        self.passed += bool(fine)
        self.failed += not fine
        if not fine:
            print(f"{self.name}: {name} FAILED {about}")
        return fine

    def within(self, name, seconds, took):
        """What must not take longer than some seconds. A busy machine may take PATIENCE times as long (4): this finds
        what takes another order of magnitude. PATIENCE=1 measures on a quiet one."""
        return self.check(name, took < seconds * float(os.environ.get("PATIENCE", 4)), f"{took:.2f} s instead of {seconds}")

    def same(self, name, got, wanted):
        """The same, of what is got and what is wanted."""
        return self.check(name, got == wanted, f"\n  got    {got!r}\n  wanted {wanted!r}")

    def end(self):
        print(f"{self.name}: {self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)
