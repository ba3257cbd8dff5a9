"""The report never depends on the reader, the number of threads, or the kind of input.

usage: run.py ORGVET
Makes files that are large enough for a second thread, with every kind of error in them, and
compares the JSON reports of all readers that this processor supports, of one thread and several,
and of a pipe that delivers small pieces. Ends with "same: N passed, N failed"."""

import os
import random
import subprocess
import sys
import tempfile

ROWS = 12_000
READERS = ["libcsv", "fast", "avx512", "avx2", "sse2", "neon", "plain"]


def identifier(rng, number, style):
    if style == "long":
        return "organisation/unit/%d/position/%d" % (number % 97, number)
    if style == "mixed" and number % 50 == 0:
        return "Ünit %d" % number
    if style == "numbers":
        return "%06d" % number if rng.random() > 0.001 else "%d" % number
    return "P%d" % number


def make(seed, style, end):
    rng = random.Random(seed)
    out = [b"idnumber,parentid,name,description,globalmanager" + end]
    for row in range(ROWS):
        number = row
        parent = rng.randrange(row) if row else 0
        dice = rng.random()
        if dice < 0.01:
            number = rng.randrange(ROWS)  # a duplicate, or the identifier of a later row
        elif dice < 0.02:
            parent = rng.randrange(2 * ROWS)  # missing, or a later row: possibly a cycle
        id_text, parent_text = identifier(rng, number, style), identifier(rng, parent, style)
        name = "Unit %d" % (row // 2 if rng.random() < 0.01 else row)
        if rng.random() < 0.02:
            name = rng.choice(["", " x ", "=1+1", "Größe", "Ã¤", "a\tb", "-", "x" * 300])
        description = "does this and that"
        if rng.random() < 0.2:
            description = rng.choice(['"a, b"', '"says ""no"""', '"two\nlines"', '"l\r\n\r"', '""', "größer"])
        flag = rng.choice("01") if rng.random() > 0.005 else rng.choice(["yes", "maybe", "2"])
        line = "%s,%s,%s,%s,%s" % (id_text, parent_text if row else "", name, description, flag)
        dice = rng.random()
        if dice < 0.004:
            line = rng.choice([line + ",x", line[:-2], '"' + line, line.replace("U", '"U', 1), " " + line, ",,,,"])
        data = line.encode()
        if rng.random() < 0.002:
            data = data.replace(b"t", rng.choice([b"\xff", b"\0", b"\xc3", b"\\\""]), 1)
        out.append(data + (end if rng.random() > 0.001 else rng.choice([b"\n\n", b"\r", b"\r\n"])))
    return b"".join(out)


def dribs(data, seed):
    """A process that writes the bytes in pieces of irregular sizes."""
    code = ("import sys, random\nd = sys.stdin.buffer.read(); r = random.Random(%d); i = 0\n"
            "while i < len(d):\n n = r.choice([1, 3, 64, 1000, 65536, 200001]); "
            "sys.stdout.buffer.write(d[i:i + n]); sys.stdout.buffer.flush(); i += n\n" % seed)
    feeder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return feeder, data


def main():
    orgvet = os.path.abspath(sys.argv[1])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "positions.csv")
        for seed, (style, end) in enumerate([("plain", b"\n"), ("long", b"\r\n"), ("mixed", b"\n"), ("numbers", b"\r")]):
            data = make(seed, style, end)
            with open(path, "wb") as file:
                file.write(data)

            def report(*options, piped=False):
                command = [orgvet, "check", "--format", "json", *options]
                if not piped:
                    return subprocess.run([*command, path], capture_output=True)
                feeder, content = dribs(data, seed)
                done = subprocess.Popen([*command, "--stdin-filename", path, "-"], stdin=feeder.stdout,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                feeder.stdout.close()
                feeder.stdin.write(content)
                feeder.stdin.close()
                out, err = done.communicate()
                feeder.wait()
                return subprocess.CompletedProcess(command, done.returncode, out, err)

            expected = report("--reader", "libcsv", "--threads", "1")
            if expected.returncode != 1 or expected.stdout.count(b'"code"') < 200:
                print("same: %s FAILED: the file is not as bad as it should be" % style)
                failed += 1
            tries = [(("--reader", reader, "--threads", threads), False)
                     for reader in READERS for threads in ("1", "2")]
            tries += [(("--threads", "8"), False), ((), True), (("--reader", "libcsv"), True)]
            for options, piped in tries:
                got = report(*options, piped=piped)
                if b"does not support the reader" in got.stderr:
                    continue
                same = (got.returncode, got.stdout, got.stderr) == (expected.returncode, expected.stdout, expected.stderr)
                passed += same
                failed += not same
                if not same:
                    print("same: %s FAILED with %s%s" % (style, " ".join(options), " from a pipe" if piped else ""))
    print("same: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
