#!/usr/bin/python3
"""generate.py SEED: one small random organisation CSV on standard output; generate(seed) returns
its bytes."""
import random, sys

HEADERS = {"idnumber": ["idnumber"] * 8 + ["IDnumber", "id number", "ID-Number", "id_number", "id", "code", "Id"],
           "parentid": ["parent"] * 6 + ["parentid", "parentidnumber", "Parent", "PARENT ID", "parent_id"],
           "name": ["name"] * 8 + ["Name", "NAME", " name"],
           "description": ["description"] * 4 + ["Description"],
           "descriptionformat": ["descriptionformat"] * 3 + ["Description Format"],
           "globalmanager": ["globalmanager", "manager", "Manager", "global_manager"],
           "departmentmanager": ["departmentmanager", "department manager"]}
EXTRA = ["notes", "phone", "ismanager", "x1", "budget", "Parent", "manager"]
WORDS = ["Sales", "Support", "Head of Marketing", "Finance", "Legal", "Chef", "Art and design", "Research", "Office Manager",
         "B\u00fcro", "Direc\u00e7\u00e3o", "\u7d4c\u7406", "\U0001f600 Team", "IT", "HR", "Medical advising"]


class Sheet:
    def __init__(self, r):
        self.r = r
        self.fields = ["idnumber", "parentid", "name"]
        for f in ("description", "descriptionformat", "globalmanager", "departmentmanager"):
            if r.random() < 0.35:
                self.fields.append(f)
        if r.random() < 0.3:
            r.shuffle(self.fields)
        plain = r.random() < 0.7
        self.headers = [HEADERS[f][0] if plain else r.choice(HEADERS[f]) for f in self.fields]
        self.rows = []                  # lists of cell texts
        self.raw = {}                   # row index -> raw replacement of cells: {column: raw text}
        self.after = {}                 # row index -> raw text appended to the row
        self.blank_before = {}          # row index -> list of raw blank lines

    def col(self, f):
        return self.fields.index(f)

    def make_ids(self, n):
        r = self.r
        style = r.randrange(5)
        if style == 0:
            ids = ["%03d" % k for k in range(1, n + 1)]
        elif style == 1:
            ids = [str(k) for k in range(1, n + 1)]
        elif style == 2:
            ids = ["P-%d" % (k * 7) for k in range(1, n + 1)]
        else:
            ids, seen = [], set()
            while len(ids) < n:
                w = "".join(r.choice("ABCDEFGHKMNOPRSTU") for _ in range(r.choice((3, 3, 4, 6))))
                if style == 4 and r.random() < 0.2:
                    w += r.choice(["\u00e9", "\u00df", "\u00c5", "\u7d4c"])
                if w not in seen:
                    seen.add(w)
                    ids.append(w)
        return ids

    def fill(self):
        r = self.r
        n = r.choice((0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25)) if r.random() < 0.9 else r.randrange(26)
        ids = self.make_ids(n)
        shape = r.randrange(4)
        for k, i in enumerate(ids):
            if k == 0 or r.random() < 0.06:
                p = ""
            else:
                p = ids[k - 1] if shape == 0 else ids[0] if shape == 1 else r.choice(ids[:k])
            name = r.choice(WORDS) + (" %d" % k if r.random() < 0.85 else "")
            cells = {"idnumber": i, "parentid": p, "name": name, "description": r.choice(["", "about " + name]),
                     "descriptionformat": r.choice(["", "1", "0", "2", "4"]), "globalmanager": r.choice(["", "0", "1"]),
                     "departmentmanager": r.choice(["", "0", "1"])}
            self.rows.append([cells[f] for f in self.fields])
        if r.random() < 0.5:
            r.shuffle(self.rows)

    # ---- defects; each may do nothing if the sheet is too small

    def some(self):
        return self.r.randrange(len(self.rows)) if self.rows else None

    def d_duplicate(self):
        k = self.some()
        if k is None:
            return
        row = list(self.rows[k])
        mode = self.r.randrange(3)
        if mode:
            row[self.col("name")] += " again"
        if mode == 2:
            row[self.col("parentid")] = self.rows[self.some()][self.col("idnumber")]
        for _ in range(self.r.choice((1, 1, 1, 2))):
            self.rows.insert(self.r.randrange(len(self.rows) + 1), list(row))

    def d_missing(self):
        k = self.some()
        if k is None:
            return
        p = self.rows[k][self.col("parentid")] or "ZZZ"
        self.rows[k][self.col("parentid")] = self.r.choice(
            [p + p[-1], p.lower(), " " + p, p + " ", p.lstrip("0") or "0", "0" + p, p[:-1] + "\u0410", "NOPE", "0", p[:-1]])

    def d_lost_row(self):
        if len(self.rows) > 2:
            del self.rows[self.some()]

    def d_self(self):
        k = self.some()
        if k is not None:
            self.rows[k][self.col("parentid")] = self.rows[k][self.col("idnumber")]

    def d_cycle(self):
        if len(self.rows) < 2:
            return
        n = self.r.randrange(2, min(6, len(self.rows)) + 1)
        picked = self.r.sample(range(len(self.rows)), n)
        for a, b in zip(picked, picked[1:] + picked[:1]):
            self.rows[a][self.col("parentid")] = self.rows[b][self.col("idnumber")]

    def d_duplicate_cycle(self):
        if len(self.rows) < 2:
            return
        child = {}
        for row in self.rows:
            child.setdefault(row[self.col("parentid")], []).append(row)
        for _ in range(self.r.choice((1, 1, 2))):
            top = self.rows[self.some()]
            low = top
            for _ in range(self.r.randrange(1, 5)):
                below = child.get(low[self.col("idnumber")])
                if not below:
                    break
                low = self.r.choice(below)
            row = list(top)
            row[self.col("name")] += " share"
            row[self.col("parentid")] = low[self.col("idnumber")]
            self.rows.insert(self.r.randrange(len(self.rows) + 1), row)

    def d_no_id(self):
        k = self.some()
        if k is not None:
            self.rows[k][self.col("idnumber")] = ""

    def d_no_name(self):
        k = self.some()
        if k is not None:
            self.rows[k][self.col("name")] = self.r.choice(["", "", " ", "\t", "\u00a0"])

    def d_ragged(self):
        k = self.some()
        if k is None:
            return
        row = self.rows[k]
        m = self.r.randrange(4)
        if m == 0:
            row.append("")
        elif m == 1:
            row += ["extra", "more"][:self.r.randrange(1, 3)]
        elif m == 2:
            row.pop()
        else:
            del row[self.r.randrange(1, len(row)):]

    def d_stray(self):
        k = self.some()
        if k is None:
            return
        c = self.r.randrange(len(self.rows[k]))
        v = self.rows[k][c]
        self.raw.setdefault(id(self.rows[k]), {})[c] = self.r.choice(
            [v + '"', 'a "%s" b' % v, '"%s"x' % v, '"%s" ' % v, ' "%s"' % v, '"%s""' % v, '"%s\\" x"' % v, '"a\n%s" z' % v,
             '"%s", "q"' % v, '5" %s' % v])

    def d_unterminated(self):
        k = self.some()
        if k is None:
            return
        c = self.r.randrange(len(self.rows[k]))
        v = self.rows[k][c]
        self.raw.setdefault(id(self.rows[k]), {})[c] = self.r.choice(['"' + v, '"' + v, '"%s""' % v, '"', '"a""b'])

    def d_multiline(self):
        k = self.some()
        if k is not None:
            f = self.r.choice([f for f in self.fields if f in ("name", "description")])
            e = self.r.choice(["\n", "\r\n", "\r", "\n\n"])
            self.rows[k][self.col(f)] = "first" + e + "second \u00e9" + self.r.choice(["", e + "third"])

    def d_quoted(self):
        for _ in range(3):
            k = self.some()
            if k is not None:
                c = self.r.randrange(len(self.rows[k]))
                v = self.rows[k][c] + self.r.choice(["", ' "x"', ", z"] if self.fields[c:c + 1] == ["name"] else [""])
                self.rows[k][c] = v
                self.raw.setdefault(id(self.rows[k]), {})[c] = '"' + v.replace('"', '""') + '"'

    def d_blank(self):
        k = self.some()
        if k is not None:
            width = len(self.headers)
            self.blank_before.setdefault(id(self.rows[k]), []).append(
                self.r.choice(["", "", "D" * (width - 1), "D", "D" * (width + 1), '""', '""D""']))

    def put(self, values, fields=None):
        k = self.some()
        if k is None:
            return
        fs = [f for f in self.fields if f in fields] if fields else self.fields
        if not fs:
            return
        c = self.col(self.r.choice(fs))
        if c < len(self.rows[k]):
            v = self.r.choice(values)
            self.rows[k][c] = v(self.rows[k][c]) if callable(v) else v

    def d_nul(self):
        self.put([lambda v: v + "\0", lambda v: "\0" + v, lambda v: v[:1] + "\0\0" + v[1:]])

    def d_control(self):
        self.put([lambda v: v + "\x07", lambda v: "\x1b[31m" + v, lambda v: v + "\u202e" + "x", lambda v: v + "\x01",
                  lambda v: v[:1] + "\t" + v[1:] + "y", lambda v: v + "\u0085z"])

    def d_space(self):
        self.put([lambda v: " " + v, lambda v: v + " ", lambda v: v + "\u00a0", lambda v: "\t" + v, "  "])

    def d_formula(self):
        self.put(["=1+1", "+49 30 1234", "-5", "-x", "@SUM(A1)", "=HYPERLINK(1)", "+1.5", "-"],
                 ["name", "description", "idnumber"])

    def d_flag(self):
        if not set(self.fields) & {"globalmanager", "departmentmanager"}:
            return
        self.put(["yes", "no", "true", "x", "2", "01", "TRUE"], ["globalmanager", "departmentmanager"])

    def d_format(self):
        self.put(["400", "3", "html", "01", "-1"], ["descriptionformat"])

    def d_long(self):
        n = self.r.choice((100, 101, 255, 256, 300))
        self.put([lambda v: (v + "\u00e9" * n)[:n], "y" * n], ["name", "idnumber", "description"])

    def d_mojibake(self):
        self.put(["Caf\u00c3\u00a9", "B\u00c3\u00bcro", "it\u00e2\u20ac\u2122s"], ["name", "description"])

    def d_damage(self):
        self.put(["2E+05", "1-Mar", "#REF!", "1.5E+10"], ["idnumber"])

    def d_near(self):
        k = self.some()
        if k is None:
            return
        row = list(self.rows[k])
        v = row[self.col("idnumber")]
        row[self.col("idnumber")] = self.r.choice(
            [v.lower(), v + " ", v.upper(), "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in v)])
        row[self.col("name")] += " near"
        self.rows.insert(self.r.randrange(len(self.rows) + 1), row)

    def d_sibling(self):
        if len(self.rows) > 1:
            a, b = self.r.sample(self.rows, 2)
            if len(a) == len(b) == len(self.fields):
                b[self.col("name")] = a[self.col("name")]
                if self.r.random() < 0.8:
                    b[self.col("parentid")] = a[self.col("parentid")]

    def d_backslash(self):
        self.put([lambda v: 'say \\"hi\\" ' + v, "path\\"], ["name", "description"])
        self.d_quoted()

    def d_zero_padded(self):
        c = self.col("idnumber")
        if len(self.rows) < 8 or any(len(x) != len(self.fields) for x in self.rows):
            return
        new = {x[c]: "%04d" % (k + 1) for k, x in enumerate(self.rows) if x[c]}
        for x in self.rows:
            x[c] = new.get(x[c], x[c])
            x[self.col("parentid")] = new.get(x[self.col("parentid")], x[self.col("parentid")])
        x = self.r.choice(self.rows)
        x[c] = x[c].lstrip("0")

    def add_column(self, header, at, values):
        for x in self.rows:
            x.insert(min(at, len(x)), self.r.choice(values))
        self.headers.insert(at, header)
        self.fields.insert(at, "-")

    def d_extra(self):
        self.add_column(self.r.choice(EXTRA), self.r.randrange(len(self.headers) + 1), ["", "n", "17", "0"])

    def d_empty_header(self):
        self.add_column("", self.r.randrange(len(self.headers) + 1), self.r.choice([[""], ["", "v"], ["w"]]))

    def d_duplicate_header(self):
        self.add_column(self.r.choice(self.headers), self.r.randrange(len(self.headers) + 1), ["", "A", "1"])

    def d_drop_column(self):
        f = self.r.choice(self.fields)
        if f in ("-", "idnumber", "name", "parentid") and self.r.random() < 0.6:
            return
        c = self.fields.index(f)
        self.fields[c] = "gone"
        self.headers[c] = self.r.choice(["whatever", "zz", "nme", "parnt"])

    DEFECTS = [(d_duplicate, 4), (d_missing, 5), (d_lost_row, 2), (d_self, 2), (d_cycle, 4), (d_duplicate_cycle, 4),
               (d_no_id, 3), (d_no_name, 3), (d_ragged, 4), (d_stray, 5), (d_unterminated, 3), (d_multiline, 3),
               (d_quoted, 3), (d_blank, 3), (d_nul, 2), (d_control, 2), (d_space, 3), (d_formula, 2), (d_flag, 2),
               (d_format, 2), (d_long, 2), (d_mojibake, 1), (d_damage, 1), (d_near, 2), (d_sibling, 3), (d_backslash, 2),
               (d_zero_padded, 1)]
    COLUMNS = [d_extra, d_empty_header, d_duplicate_header, d_drop_column]


def cell_raw(v, delimiter, quote_all):
    if quote_all or any(c in v for c in (delimiter, '"', "\r", "\n")):
        return '"' + v.replace('"', '""') + '"'
    return v


def generate(seed):
    r = random.Random("orgvet-%s" % seed)
    s = Sheet(r)
    s.fill()
    wild = r.random() < 0.1
    n = r.randrange(5, 15) if wild else r.choice((0, 0, 1, 1, 1, 2, 2, 3, 4))
    table = [f for f, w in Sheet.DEFECTS for _ in range(w)]
    for _ in range(n):
        if all(len(x) == len(s.fields) for x in s.rows):
            r.choice(table)(s)
        else:
            r.choice([Sheet.d_blank, Sheet.d_blank, Sheet.d_blank, lambda s: None])(s)
    if r.random() < 0.25:
        for _ in range(r.choice((1, 1, 2))):
            if not s.raw and all(len(x) == len(s.fields) for x in s.rows):
                r.choice(Sheet.COLUMNS)(s)
    delimiter = r.choice([","] * 8 + [";", "\t", "|", ":"])
    if any(delimiter == "\t" and "\t" in v for x in s.rows for v in x):
        delimiter = ","
    end = r.choice(["\n"] * 5 + ["\r\n"] * 4 + ["\r"])
    quote_all = r.random() < 0.08
    lines = [delimiter.join(cell_raw(h, delimiter, quote_all) for h in s.headers)]
    for row in s.rows:
        for b in s.blank_before.get(id(row), []):
            lines.append(b.replace("D", delimiter))
        raw = s.raw.get(id(row), {})
        lines.append(delimiter.join(raw.get(c) if raw.get(c) is not None else cell_raw(v, delimiter, quote_all)
                                    for c, v in enumerate(row)))
    if r.random() < 0.08:
        lines += [r.choice(["", delimiter * (len(s.headers) - 1), delimiter])] * r.randrange(1, 4)
    if r.random() < 0.03:
        lines.insert(0, r.choice(["", delimiter * 2]))
    if r.random() < 0.04:
        lines.insert(0, "sep=" + delimiter)
    if r.random() < 0.15:               # mixed line ends
        text = "".join(x + (r.choice(["\n", "\r\n"]) if end != "\r" else end) for x in lines)
    else:
        text = "".join(x + end for x in lines)
    if r.random() < 0.15:
        text = text[:-len(end)]
    if r.random() < 0.02:
        text = ""
    kind = r.random()
    if kind < 0.07:
        data = b"\xef\xbb\xbf" + text.encode("utf-8")
    elif kind < 0.09:
        data = b"\xff\xfe" + text.encode("utf-16-le")
    elif kind < 0.10:
        data = b"\xfe\xff" + text.encode("utf-16-be")
    elif kind < 0.13:
        data = text.encode("cp1252", "ignore")
    else:
        data = text.encode("utf-8")
    if r.random() < 0.05 and data and kind >= 0.13 or r.random() < 0.3 and kind < 0.07:
        for _ in range(r.choice((1, 1, 2))):    # invalid UTF-8, not at the end of a line, not in the header
            first = max(data.find(b"\n"), data.find(b"\r"), 0) + 1
            if first < len(data):
                k = r.randrange(first, len(data))
                data = data[:k] + r.choice([b"\xff", b"\xe9", b"\xc3", b"\xfc", b"\xed\xa0\x80", b"\xc0\xaf"]) + data[k:]
    return data


if __name__ == "__main__":
    sys.stdout.buffer.write(generate(int(sys.argv[1])))
