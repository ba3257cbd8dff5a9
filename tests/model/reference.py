#!/usr/bin/python3
"""A naive reference model of `orgvet check`: the findings that each rule must report, written
directly from the rules.

Takes a file's bytes and options; returns the findings (code, position, row, affected rows), the
counts and the resolved settings. Quadratic and slow on purpose: it shares no code with the C
program, not even a CSV parser, so that compare.py can compare the two. Not for use outside the
tests; messages are not modelled."""
import argparse, json, re, sys, unicodedata

MIB = 1 << 20
DELIMITERS = [",", ";", "\t", "|", ":"]
WS = set(map(chr, [9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
                   0x2028, 0x2029, 0x202F, 0x205F, 0x3000]))
STRIP = "".join(sorted(WS))
BIDI = {"\u202d", "\u202e"}

FIELDS = {  # importer -> [(field, aliases, limit)], in the service's order
    "positions": [("name", [], 255), ("idnumber", [], 100), ("description", [], None),
                  ("descriptionformat", [], None), ("parentid", ["parent", "parentidnumber"], None),
                  ("globalmanager", ["manager"], None), ("departmentmanager", [], None)],
}
FIELDS["departments"] = FIELDS["positions"][:5]

SEVERITY = {c: "error" for c in
            "OV101 OV103 OV104 OV105 OV106 OV107 OV109 OV111 OV201 OV202 OV203 OV207 OV208 OV209 OV301 OV303 OV304 "
            "OV305 OV307 OV308 OV401 OV402 OV403 OV404".split()}
SEVERITY.update({c: "warning" for c in
                 "OV102 OV108 OV110 OV112 OV204 OV206 OV302 OV306 OV309 OV310 OV311 OV405 OV406 OV408".split()})
SEVERITY.update({"OV205": "info", "OV407": "info"})


# ---------------------------------------------------------------- bytes to code points

class Text:
    """chars[i], its byte offset off[i], bad[i] (invalid bytes); line[i], col[i]; one more entry for
    the end."""

    def __init__(self, items, size):
        self.chars = [c for c, _, _ in items]
        self.off = [o for _, o, _ in items] + [size]
        self.bad = [b for _, _, b in items]
        self.n = len(items)
        self.line, self.col = [], []
        line, col, i = 1, 1, 0
        while i < self.n:
            self.line.append(line)
            self.col.append(col)
            c = self.chars[i]
            if c == "\n" or (c == "\r" and not (i + 1 < self.n and self.chars[i + 1] == "\n")):
                line, col = line + 1, 1
            else:
                col += 1
            i += 1
        self.line.append(line)
        self.col.append(col)

    def place(self, i):
        return {"line": self.line[i], "column": self.col[i], "byte_offset": self.off[i]}

    def next_line(self, i):
        """Index of the first character of the physical line after the one that contains i (or the end)."""
        j = i
        while j < self.n and self.line[j] == self.line[i]:
            j += 1
        return j

    def at(self, i):
        return self.chars[i] if i < self.n else None


def decode_utf8(data, start):
    items, pos = [], start
    while pos < len(data):
        try:
            good, bad_end, stop = data[pos:].decode("utf-8"), None, len(data)
        except UnicodeDecodeError as e:
            good, stop, bad_end = data[pos:pos + e.start].decode("utf-8"), pos + e.start, pos + e.end
        o = pos
        for c in good:
            items.append((c, o, False))
            o += len(c.encode("utf-8"))
        if bad_end is None:
            break
        items.append(("\ufffd", stop, True))
        pos = bad_end
    return items


def decode_utf16(data, start, big):
    items, pos, order = [], start, "big" if big else "little"
    while pos < len(data):
        if pos + 2 > len(data):
            items.append(("\ufffd", pos, True))
            break
        u = int.from_bytes(data[pos:pos + 2], order)
        if 0xD800 <= u < 0xDC00 and pos + 4 <= len(data):
            v = int.from_bytes(data[pos + 2:pos + 4], order)
            if 0xDC00 <= v < 0xE000:
                items.append((chr(0x10000 + ((u - 0xD800) << 10) + (v - 0xDC00)), pos, False))
                pos += 4
                continue
        if 0xD800 <= u < 0xE000:
            items.append(("\ufffd", pos, True))
        else:
            items.append((chr(u), pos, False))
        pos += 2
    return items


def decode_bytewise(data, codec):
    items = []
    for o in range(len(data)):
        try:
            items.append((data[o:o + 1].decode(codec), o, False))
        except UnicodeDecodeError:
            items.append(("\ufffd", o, True))
    return items


CODECS = {"mac-centraleurope": "mac_latin2", "macintosh": "mac_roman", "windows-874": "cp874", "mac-cyrillic": "mac_cyrillic"}


def decode_other(data, codec):
    codec = CODECS.get(codec, codec)
    try:
        "\u00e9".encode(codec)
        if len("a".encode(codec)) == 1 and all(len(bytes([b]).decode(codec, "replace")) == 1 for b in range(256)) \
                and codec not in ("gb18030", "shift_jis", "euc-jp", "big5", "euc-kr"):
            return decode_bytewise(data, codec)
    except (UnicodeEncodeError, UnicodeDecodeError):
        pass
    items, o = [], 0
    for c in data.decode(codec, "replace"):
        items.append((c, o, c == "\ufffd"))
        o += len(c.encode(codec, "replace"))
    return items


def is_mostly_utf8(data):
    """Whether at least nine in ten runs of bytes above 0x7F are valid UTF-8."""
    head = data[:MIB]
    runs = list(re.finditer(rb"[\x80-\xff]+", head))
    valid = 0
    for run in runs:
        try:
            run[0].decode("utf-8")
            valid += 1
        except UnicodeDecodeError as e:
            valid += len(data) > MIB and run.end() == len(head) and e.reason == "unexpected end of data"
    return valid * 10 >= len(runs) * 9


def looks_utf16(data):
    head = data[:MIB]
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 2 >= pairs and even * 10 <= odd:
        return "UTF-16LE"
    if even * 2 >= pairs and odd * 10 <= even:
        return "UTF-16BE"
    return None


def read_text(data, encoding, guess):
    """guess: the name of the encoding where bytes do not decide; that is the detector's business."""
    bom = None
    if data.startswith(b"\xef\xbb\xbf"):
        bom = ("UTF-8", 3)
    elif data.startswith(b"\xff\xfe"):
        bom = ("UTF-16LE", 2)
    elif data.startswith(b"\xfe\xff"):
        bom = ("UTF-16BE", 2)
    start = 0
    if encoding:
        name = encoding
        canon = encoding.upper().replace("_", "-").replace("UTF8", "UTF-8").replace("UTF16", "UTF-16")
        if canon in ("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-16"):
            name = canon
        if bom and (name == bom[0] or name == "UTF-16" and bom[0].startswith("UTF-16")):
            name, start = bom
        elif name == "UTF-16":
            name = "UTF-16BE"
    elif bom:
        name, start = bom
    else:
        name = looks_utf16(data) or ("UTF-8" if is_mostly_utf8(data) else guess)
    if name == "UTF-8":
        items = decode_utf8(data, start)
    elif name in ("UTF-16LE", "UTF-16BE"):
        items = decode_utf16(data, start, name.endswith("BE"))
    elif name.lower() in ("windows-1252", "cp1252"):
        name, items = "windows-1252", decode_bytewise(data, "cp1252")
    else:
        items = decode_other(data, name.lower())
    return name, Text(items, len(data))


# ---------------------------------------------------------------- code points to records

class Cell:
    def __init__(self, at):
        self.at, self.end = at, at      # raw extent: [at, end)
        self.text, self.quoted = "", False
        self.stray = self.too_large = False

    def has_bad(self, t):
        return any(t.bad[self.at:self.end])


class Record:
    def __init__(self, start):
        self.start = start
        self.cells = []
        self.end = start                # after the last cell, before the line end
        self.stop = start               # where the next record starts
        self.failed = None              # (code, index of the opening quote)
        self.row = None

    def blank(self):
        return not self.failed and all(c.text == "" and not c.too_large for c in self.cells)


def line_end_length(t, i):
    if t.at(i) == "\r":
        return 2 if t.at(i + 1) == "\n" else 1
    return 1 if t.at(i) == "\n" else 0


def closes_on_own_line(t, quote):
    i = quote + 1
    while i < t.n and t.line[i] == t.line[quote]:
        if t.chars[i] == '"':
            if t.at(i + 1) == '"':
                i += 2
                continue
            return True
        i += 1
    return False


def fail(t, rec, cell):
    rec.failed = ("OV106" if closes_on_own_line(t, cell.at) else "OV105", cell.at)
    rec.stop = t.next_line(cell.at)
    rec.end = rec.stop
    return rec


def read_record(t, start, delimiter, max_cell):
    rec, i = Record(start), start
    while True:
        cell = Cell(i)
        size = 0
        if t.at(i) == '"':
            cell.quoted = True
            i += 1
            while True:
                c = t.at(i)
                if c is None:
                    return fail(t, rec, cell)
                if c == '"':
                    if t.at(i + 1) != '"':
                        break
                    i += 1
                cell.text += c
                size += len(c.encode("utf-8"))
                if size > max_cell:
                    return fail(t, rec, cell)
                i += 1
            i += 1
            if not (t.at(i) is None or t.at(i) == delimiter or line_end_length(t, i)):
                return fail(t, rec, cell)
        else:
            while not (t.at(i) is None or t.at(i) == delimiter or line_end_length(t, i)):
                c = t.chars[i]
                if c == '"':
                    cell.stray = True
                cell.text += c
                size += len(c.encode("utf-8"))
                i += 1
            cell.too_large = size > max_cell
        cell.end = i
        rec.cells.append(cell)
        if t.at(i) is not None and t.at(i) == delimiter:
            i += 1
            continue
        rec.end = i
        rec.stop = i + line_end_length(t, i)
        return rec


def read_records(t, start, delimiter, max_cell, limit=None):
    out, i = [], start
    while i < t.n and (limit is None or len(out) < limit):
        rec = read_record(t, i, delimiter, max_cell)
        i = rec.stop
        out.append(rec)
    return out


def fit(t, start, delimiter, max_cell):
    """(records with the header's column count, records, column count) among the first hundred."""
    recs = [r for r in read_records(t, start, delimiter, max_cell, 100) if not r.blank() and not r.failed]
    if not recs:
        return 0, 0, 0
    width = len(recs[0].cells)
    return sum(len(r.cells) == width for r in recs), len(recs), width


def choose_delimiter(t, start, max_cell):
    best, best_key = ",", (0, 0)
    for d in DELIMITERS:
        agree, _, width = fit(t, start, d, max_cell)
        if width > 1 and (agree, width) > best_key:
            best, best_key = d, (agree, width)
    return best


# ---------------------------------------------------------------- mapping

def fold_header(s):
    return "".join(c for c in s.casefold() if c not in WS and c not in "_-")


def distance(a, b):
    """Edit distance (with transpositions of adjacent characters)."""
    d = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if i == 0 or j == 0:
                d[i][j] = i + j
                continue
            d[i][j] = min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                d[i][j] = min(d[i][j], d[i - 2][j - 2] + 1)
    return d[len(a)][len(b)]


def looks_like(header, names):
    h = fold_header(header)
    for n in names:
        f = fold_header(n)
        if h and (f in h or len(h) >= 4 and h in f or distance(h, f) <= (1 if len(f) <= 4 else 2)):
            return True
    return False


def fitting(headers, field, aliases):
    """Columns that match a field, best first; only the first of equal headers."""
    seen, unique = set(), []
    for k, h in enumerate(headers):
        if h not in seen and h != "":
            seen.add(h)
            unique.append(k)
    stages = [lambda h: h == field, lambda h: h in aliases,
              lambda h: fold_header(h) == fold_header(field),
              lambda h: fold_header(h) in [fold_header(a) for a in aliases]]
    out = []
    for stage in stages:
        out += [k for k in unique if stage(headers[k]) and k not in out]
    return out


def column_of(headers, name):
    return headers.index(name) if name in headers else None


# ---------------------------------------------------------------- values

NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?%?", re.A)
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DAMAGE = re.compile(r"[+-]?\d+(\.\d+)?E[+-]\d+|\d{1,2}-(%s)(-\d{2,4})?|(%s)-\d{2,4}"
                    r"|#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)" % (MONTHS, MONTHS), re.A)


def cp1252_byte(c):
    if 0x80 <= ord(c) <= 0x9F:
        return ord(c) if ord(c) in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else None
    try:
        return c.encode("cp1252")[0]
    except UnicodeEncodeError:
        return None


def mojibake(s):
    for i in range(len(s)):
        b = cp1252_byte(s[i])
        if b is None or not 0xC2 <= b <= 0xF4:
            continue
        n = 2 if b < 0xE0 else 3 if b < 0xF0 else 4
        seq = [cp1252_byte(c) for c in s[i:i + n]]
        if len(seq) == n and None not in seq:
            try:
                bytes(seq).decode("utf-8")
                return True
            except UnicodeDecodeError:
                pass
    return False


def is_control(c, description):
    if c == "\0" or description and c in "\t\r\n":
        return False
    return ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F or c in BIDI


def near(s):
    s = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", s).casefold())
    return s.strip(STRIP)


def did_you_mean(parent, known):
    def pick(test):
        return next((k for k in known if test(k)), None)
    strip0 = lambda s: s.lstrip("0")
    return (pick(lambda k: k.strip(STRIP) == parent.strip(STRIP)) or pick(lambda k: k.casefold() == parent.casefold())
            or pick(lambda k: near(k) == near(parent)) or pick(lambda k: strip0(k) and strip0(k) == strip0(parent))
            or pick(lambda k: distance(k, parent) <= (1 if len(parent) < 6 else 2) and len(parent) > 1))


# ---------------------------------------------------------------- the check

class Options:
    importer = "positions"
    identifier = None
    map = {}
    default = {}
    settings = {}
    root_markers = ()
    existing = None       # bytes
    delimiter = "auto"
    encoding = None
    guess = "windows-1252"
    max_cell = MIB
    max_depth = 100
    skip = 0
    require_id = False
    single_root = False
    patterns = {}

    def __init__(self, **kw):
        for k, v in kw.items():
            setattr(self, k, v)


class Row:
    pass


def check(data, opt=None, guess=None):
    opt = opt or Options()
    opt.guess = guess or opt.guess
    findings = []
    out = {"rows": 0, "nodes": 0, "roots": 0, "max_depth": 0, "encoding": "UTF-8", "delimiter": ",", "settings": {},
           "counts": {}, "findings": findings}
    FILE = {"line": 1, "column": 1, "byte_offset": 0}

    def add(code, place, severity=None, **more):
        f = {"code": code, "severity": severity or SEVERITY[code], **place}
        f.update({k: v for k, v in more.items() if v is not None})
        findings.append(f)

    def finish():
        findings.sort(key=lambda f: (f["byte_offset"], f["line"], f["column"], f["code"]))
        for f in findings:
            out["counts"][f["code"]] = out["counts"].get(f["code"], 0) + 1
        out["counts"] = dict(sorted(out["counts"].items()))
        return out

    def only(code):
        findings.clear()
        add(code, FILE)
        return finish()

    if data[:4] == b"PK\x03\x04" or data[:5] == b"%PDF-" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return only("OV103")
    if not data:
        return only("OV101")
    out["encoding"], t = read_text(data, opt.encoding, opt.guess)

    # --- leading sep= line, skipped lines, delimiter
    start, delimiter = 0, None
    if "".join(t.chars[:4]).lower() == "sep=" and t.n > 4 and t.chars[4] not in '\r\n"' and \
            (t.n == 5 or line_end_length(t, 5)):
        delimiter = t.chars[4]
        start = 5 + line_end_length(t, 5)
    for _ in range(opt.skip):
        start = t.next_line(start) if start < t.n else start
    if opt.delimiter != "auto":
        delimiter = opt.delimiter
    if delimiter is None:
        delimiter = choose_delimiter(t, start, opt.max_cell)
    out["delimiter"] = delimiter

    records = read_records(t, start, delimiter, opt.max_cell)
    while records and records[-1].blank() and records[-1].start == records[-1].end:  # empty lines at the end are ignored
        records.pop()
    if not records:
        out["delimiter"] = ","
        return only("OV101")
    if all(r.blank() for r in records):
        return only("OV101")
    header_at = next(k for k, r in enumerate(records) if not r.blank())
    header = records[header_at]
    if not header.failed and len(header.cells) == 1:
        for d in DELIMITERS:
            agree, total, width = fit(t, start, d, opt.max_cell)
            if d != delimiter and width > 1 and agree * 10 >= total * 9:
                return only("OV109")

    if out["encoding"] != "UTF-8":
        add("OV112", FILE)

    header.row = 0
    body, blank_line = [], None
    for r in records[:header_at] + records[header_at + 1:]:
        if r.blank():  # a run of them is one finding
            place = t.place(r.start)
            if place["line"] != blank_line:
                add("OV108", place)
            blank_line = place["line"] + 1
        else:
            body.append(r)
            r.row = len(body)
    out["rows"] = len(body)
    if not body:
        add("OV102", FILE)

    headers = [c.text for c in header.cells]
    width = len(headers)
    header_ok = not header.failed

    # --- structure: each record by itself
    def at(r, cell):
        return {**t.place(cell.at), "row": r.row}

    extents = [(r.start, r.stop, r.row) for r in [header] + body]
    for i in range(t.n):
        if t.bad[i]:
            rows = [row for a, b, row in extents if a <= i < b]
            add("OV103", {**t.place(i), **({"row": rows[0]} if rows else {})})
    for r in [header] + body:
        for c in r.cells:
            if c.too_large:
                add("OV111", at(r, c))
            if c.stray and not r.failed:
                add("OV106", at(r, c))
            if '\\"' in "".join(t.chars[c.at:c.end]):
                add("OV110", at(r, c))
        nul = next((i for i in range(r.start, r.stop) if t.chars[i] == "\0"), None)
        if nul is not None:
            inside = [c.at for c in r.cells if c.at <= nul < c.end]
            i = inside[0] if inside else r.failed[1]
            add("OV104", {**t.place(i), "row": r.row})
        if r.failed:
            add(r.failed[0], {**t.place(r.failed[1]), "row": r.row})
        r.ragged = header_ok and r is not header and not r.failed and len(r.cells) != width
        if r.ragged:
            i = r.cells[width].at if len(r.cells) > width else r.end
            add("OV107", {**t.place(i), "row": r.row})
    if not header_ok:           # the columns are unknown: nothing can be mapped
        return finish()

    # --- settings
    fields = FIELDS[opt.importer]
    given = dict(opt.settings)
    for f, v in opt.map.items():
        given["csvmapping:" + ("parentid" if f == "parent" else f)] = v
    for f, v in opt.default.items():
        given["csvdefault:" + ("parentid" if f == "parent" else f)] = v
    if opt.identifier is not None:
        given["identifier"] = opt.identifier
    S = {"target_framework": given.get("target_framework", "new"), "hierarchy": given.get("hierarchy", "selected"),
         "identifier": ""}
    col, losers, explicit_bad = {}, set(), set()

    def head(k):
        return {**t.place(header.cells[k].at), "row": 0}

    for field, aliases, _ in fields:
        key = "csvmapping:" + field
        if given.get(key) is not None:
            S[key] = given[key]
            col[field] = column_of(headers, S[key]) if S[key] != "" else None
            if S[key] != "" and col[field] is None:
                explicit_bad.add(field)
                add("OV202", FILE, field=field)
        else:
            fits = fitting(headers, field, aliases)
            col[field] = fits[0] if fits else None
            S[key] = headers[fits[0]] if fits else ""
            if len(fits) > 1:
                losers.update(fits[1:])
                add("OV206", head(fits[0]), field=field, header=headers[fits[0]])
        default = "csvdefault:" + field
        if field == "descriptionformat":
            S[default] = given.get(default, "1")
        elif default in given:
            S[default] = given[default]
    S["select_framework"] = given.get("select_framework")
    for k, v in given.items():
        if k not in S:
            S[k] = v
    if given.get("identifier"):
        S["identifier"] = given["identifier"]
        ident = column_of(headers, given["identifier"])
        if ident is None:
            add("OV202", FILE)
    else:
        ident = col["idnumber"]
        for test in (lambda h, w: h == w, lambda h, w: fold_header(h) == w):
            for word in ("id", "code"):
                if ident is None:
                    ident = next((k for k, h in enumerate(headers) if test(h, word)), None)
        if ident is None:
            ident = col["name"]
        S["identifier"] = headers[ident] if ident is not None else ""
    out["settings"] = S

    # --- the columns
    used = {k for k in col.values() if k is not None} | ({ident} if ident is not None else set())
    if col["name"] is None and "name" not in explicit_bad:
        add("OV201", FILE, field="name")
    for k, h in enumerate(headers):
        if h == "":
            if any(k < len(r.cells) and r.cells[k].text != "" for r in body):
                add("OV204", head(k), header=h)
        elif h in headers[:k]:
            add("OV203", head(k), header=h)
        elif k not in used and k not in losers:
            names = [n for f, al, _ in fields if col[f] is None for n in [f] + al]
            add("OV205", head(k), "warning" if looks_like(h, names) else None, header=h)
    parent = col["parentid"]
    hierarchical = parent is not None
    if parent is not None and parent == ident:
        add("OV207", head(parent), header=headers[parent], field="parentid")
        hierarchical = False
    if S["hierarchy"] == "selected" and parent is None and "parentid" not in explicit_bad:
        add("OV208", FILE, field="parentid")
    if S["hierarchy"] != "selected" and parent is not None:
        add("OV209", head(parent), header=headers[parent], field="parentid")

    # --- rows
    fields_of = {k: [f for f, _, _ in fields if col[f] == k] for k in used}
    rows = []
    for r in body:
        x = Row()
        x.r, x.row, x.cells = r, r.row, r.cells
        cell = lambda k: r.cells[k] if k is not None and k < len(r.cells) else None
        x.broken = bool(r.failed or r.ragged or any(c.stray or c.has_bad(t) for c in r.cells)
                        or any("\0" in t.chars[i] or t.bad[i] for i in range(r.start, r.stop))
                        or any(cell(k) and cell(k).too_large for k in used))
        c = cell(ident)
        x.idcell = c
        x.id = c.text if c and not c.too_large and not c.has_bad(t) else ""
        x.pcell = cell(parent)
        x.parent = ""
        if hierarchical and x.pcell and not x.broken and x.pcell.text not in opt.root_markers:
            x.parent = x.pcell.text
        x.namecell = cell(col["name"])
        rows.append(x)

    # --- values
    numeric = [x.id for x in rows if re.fullmatch(r"[0-9]+", x.id)]
    pad = None
    for w in {len(s) for s in numeric}:
        same = [s for s in numeric if len(s) == w]
        if len(same) * 10 >= len(numeric) * 9 and any(s[0] == "0" for s in same):
            pad = w
    for x in rows:
        for k in sorted(used):
            if k >= len(x.cells):
                continue
            c, fs = x.cells[k], fields_of[k]
            v = c.text
            if c.too_large:
                continue
            is_id = k == ident
            more = {"header": headers[k], "field": fs[0] if fs else None, "id": x.id or None}

            def value(code, severity=None, **extra):
                add(code, at(x.r, c), severity, **more, **extra, x=x)

            empty_name = "name" in fs and not x.broken and v.strip(STRIP) == ""
            if empty_name:
                value("OV301")
            if is_id and not x.broken and v == "":
                value("OV302", "error" if opt.require_id else None)
            limits = [lim for f, _, lim in fields if f in fs and lim]
            if is_id and col["idnumber"] is None and not fs:
                limits.append(100)
            if limits and len(v) > min(limits):
                value("OV303")
            if ("globalmanager" in fs or "departmentmanager" in fs) and v not in ("", "0", "1"):
                value("OV304", suggestion={"yes": "1", "true": "1", "x": "1", "no": "0", "false": "0"}
                      .get(v.strip(STRIP).casefold()))
            if "descriptionformat" in fs and v not in ("", "0", "1", "2", "4"):
                value("OV305")
            if v != v.strip(STRIP) and not empty_name:
                value("OV306", "error" if is_id or k == parent else None)
            if any(is_control(ch, "description" in fs) for ch in v):
                value("OV307")
            for f, pattern in opt.patterns.items():
                if ("parentid" if f == "parent" else f) in fs and v != "" and not re.search(pattern, v):
                    value("OV308")
            if v[:1] in ("=", "+", "-", "@") and v != "" and not NUMBER.fullmatch(v):
                value("OV309")
            if is_id and (DAMAGE.fullmatch(v) or pad and x.id and re.fullmatch(r"[0-9]+", v) and len(v) < pad):
                value("OV310")
            if mojibake(v):
                value("OV311")

    # --- identity
    good = [x for x in rows if not x.broken]
    first = {}                      # identifier -> its first sound row
    for x in good:
        if x.id != "" and x.id not in first:
            first[x.id] = x
    known = {x.id for x in rows if x.id != ""}
    holder = dict(first)            # the parent row of children: a broken row only if there is no sound one
    for x in rows:
        if x.id != "":
            holder.setdefault(x.id, x)
    existing = existing_ids(opt) if opt.existing is not None else []
    known_order = list(dict.fromkeys([x.id for x in rows if x.id != ""] + existing))
    known |= set(existing)
    id_field = (fields_of[ident] or [None])[0] if ident is not None else None
    if ident is not None and col["idnumber"] == ident:
        id_field = "idnumber"
    id_more = {"header": headers[ident] if ident is not None else None, "field": id_field}
    seen_near = {}
    for x in good:
        if x.id == "":
            continue
        if first[x.id] is not x:
            add("OV401", at(x.r, x.idcell), id=x.id, x=x, **id_more)
        elif near(x.id) in seen_near:
            add("OV405", at(x.r, x.idcell), id=x.id, **id_more)
        else:
            seen_near[near(x.id)] = x
    nodes = [x for x in good if x.id == "" or first[x.id] is x]
    out["nodes"] = len(nodes)
    roots = [x for x in nodes if x.parent == ""]
    out["roots"] = len(roots)
    for x in nodes:
        x.level = 1
    out["max_depth"] = 1 if nodes else 0

    children = {}
    for x in good:
        if x.parent != "" and x.parent in holder:
            children.setdefault(id(holder[x.parent]), []).append(x)

    def below(starts):
        """Rows reachable downwards from the given rows, including those."""
        todo, seen = list(starts), {}
        while todo:
            x = todo.pop()
            if id(x) not in seen:
                seen[id(x)] = x
                todo += children.get(id(x), [])
        return len(seen)

    if hierarchical and ident is not None:
        p_more = {"header": headers[parent], "field": "parentid"}
        edges = {}                  # (id, parent) -> smallest row with that edge
        for x in good:
            if x.parent == "":
                continue
            if x.parent not in known:
                add("OV402", at(x.r, x.pcell), id=x.id or None, x=x, suggestion=did_you_mean(x.parent, known_order),
                    **p_more)
            elif x.parent == x.id:
                add("OV403", at(x.r, x.pcell), id=x.id, x=x, **p_more)
            elif x.id != "" and x.parent in first:
                edges.setdefault((x.id, x.parent), x)
        groups = strong_groups(edges)
        in_cycle = set().union(*groups) if groups else set()
        out["_edges"] = {e: (x.row, at(x.r, x.pcell)) for e, x in edges.items()}
        out["_groups"] = groups
        for g in groups:
            loop = shortest_loop(g, edges)
            where = [edges[(a, loop[(k + 1) % len(loop)])] for k, a in enumerate(loop)]
            low = min(range(len(loop)), key=lambda k: where[k].row)
            x = where[low]
            hit = [y for y in good if y.id in g and y.parent in g and y.parent != y.id]
            add("OV404", at(x.r, x.pcell), id=x.id, members=loop[low:] + loop[:low], minimal=True,
                affected=below(hit + [first[i] for i in g]), **p_more)

        # levels: nodes only, by the first row of each identifier; 0 = in or below a cycle
        for x in nodes:
            chain, y = [], x
            while True:
                if y.id in in_cycle or y in chain:
                    x.level = 0
                    break
                chain.append(y)
                if y.parent == "" or y.parent not in first:
                    x.level = len(chain)
                    break
                y = first[y.parent]
        out["max_depth"] = max([x.level for x in nodes], default=0)
        for x in nodes:
            if x.level == opt.max_depth + 1:
                add("OV406", at(x.r, x.idcell), id=x.id or None, **id_more)
        if len(roots) > 1:
            add("OV407", FILE, "error" if opt.single_root else None)
        names = set()
        for x in nodes:
            if x.namecell is None or x.namecell.text.strip(STRIP) == "":
                continue
            if x.parent != "" and (x.parent not in known or x.parent == x.id):
                continue
            if (x.parent, x.namecell.text) in names:
                add("OV408", at(x.r, x.namecell), id=x.id or None, header=headers[col["name"]], field="name")
            names.add((x.parent, x.namecell.text))

    for f in findings:              # rows that an error excludes from the import
        x = f.pop("x", None)
        if x is not None and f["severity"] == "error":
            f["affected"] = below([x])
    return finish()


def strong_groups(edges):
    """Groups of two or more identifiers that can all reach each other, in any order (naive: reachability)."""
    after = {}
    for a, b in edges:
        after.setdefault(a, set()).add(b)
    reach = {}
    for a in after:
        seen, todo = set(), list(after[a])
        while todo:
            b = todo.pop()
            if b not in seen:
                seen.add(b)
                todo += after.get(b, ())
        reach[a] = seen
    groups, done = [], set()
    for a in after:
        if a not in done and a in reach[a]:
            g = {b for b in reach[a] if a in reach.get(b, ())}
            done |= g
            groups.append(g)
    return groups


def shortest_loop(group, edges):
    """A shortest cycle; among equals the one whose sorted edge rows are smallest."""
    after = {}
    for (a, b) in edges:
        if a in group and b in group:
            after.setdefault(a, []).append(b)
    best = None
    length = None
    for s in sorted(group):
        # all shortest paths s -> ... -> s, breadth first, over simple paths
        layer = [[s]]
        found = []
        depth_seen = {s: 0}
        while layer and not found and (length is None or len(layer[0]) <= length):
            nxt = []
            for path in layer:
                for b in after[path[-1]]:
                    if b == s:
                        found.append(path)
                    elif depth_seen.get(b, len(path)) >= len(path):
                        depth_seen[b] = len(path)
                        nxt.append(path + [b])
            layer = nxt
            if len(layer) > 2000:
                layer = layer[:2000]
        for path in found:
            rows = sorted(edges[(a, path[(k + 1) % len(path)])].row for k, a in enumerate(path))
            if best is None or (len(path), rows) < best[0]:
                best = ((len(path), rows), path)
                length = len(path)
    return best[1]


def existing_ids(opt):
    """--existing: a CSV, whose identifier column is found as usual; a file without such a header is
    a plain list."""
    name, t = read_text(opt.existing, None)
    d = choose_delimiter(t, 0, MIB)
    recs = [r for r in read_records(t, 0, d, MIB) if not r.blank() and r.cells]
    if not recs:
        return []
    headers = [c.text for c in recs[0].cells]
    k = None
    if opt.identifier in headers:
        k = headers.index(opt.identifier)
    for word in ("idnumber", "id", "code"):
        if k is None:
            k = next((j for j, h in enumerate(headers) if fold_header(h) == word), None)
    if k is None:
        return [r.cells[0].text for r in recs if r.cells[0].text]
    return [r.cells[k].text for r in recs[1:] if k < len(r.cells) and r.cells[k].text]


def public(result):
    return {k: v for k, v in result.items() if not k.startswith("_")}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("file")
    ap.add_argument("--importer", choices=["positions", "departments"])
    ap.add_argument("--identifier")
    for o in ("--map", "--default", "--root-marker", "--pattern"):
        ap.add_argument(o, action="append", default=[])
    ap.add_argument("--settings", default="{}")
    ap.add_argument("--existing")
    ap.add_argument("--delimiter", default="auto")
    ap.add_argument("--encoding")
    ap.add_argument("--max-cell", type=int, default=MIB)
    ap.add_argument("--max-depth", type=int, default=100)
    ap.add_argument("--skip", type=int, default=0)
    ap.add_argument("--require-id", action="store_true")
    ap.add_argument("--single-root", action="store_true")
    a = ap.parse_args()
    pairs = lambda l: dict(s.split("=", 1) for s in l)
    settings = json.loads(a.settings)
    if isinstance(settings, list):
        settings = {s["name"]: s["value"] for s in settings}
    base = a.file.rsplit("/", 1)[-1].lower()
    importer = a.importer or ("departments" if "department" in base and "position" not in base else "positions")
    if a.delimiter in ("\\t", "tab"):
        a.delimiter = "\t"
    opt = Options(importer=importer, identifier=a.identifier, map=pairs(a.map), default=pairs(a.default),
                  settings=settings, root_markers=tuple(a.root_marker), delimiter=a.delimiter,
                  existing=open(a.existing, "rb").read() if a.existing else None,
                  encoding=a.encoding, max_cell=a.max_cell, max_depth=a.max_depth, skip=a.skip,
                  require_id=a.require_id, single_root=a.single_root, patterns=pairs(a.pattern))
    data = sys.stdin.buffer.read() if a.file == "-" else open(a.file, "rb").read()
    json.dump(public(check(data, opt)), sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
    main()
