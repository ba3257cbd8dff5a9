"""Reads the public CSV and encoding corpora with `orgvet` and compares the results with the
expected ones.

usage: run.py ORGVET SHARED_DIR

SHARED_DIR contains corpora/. Prints a line for each failed case, a count for each suite, and
`corpora: N passed, N failed`; exits 1 if a case failed. Without SHARED_DIR/corpora it prints a
message and exits 0. Does not download anything, write outside a temporary folder, or test anything
but reading (not the mapping, nor the rules on names, identifiers and parents).

A case is a text and what its suite states about it. Where a suite states no rows, the case is
compared with the plain reading: RFC 4180 as Python's csv module reads it, without empty lines."""

import codecs
import collections
import csv
import dataclasses
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import typing

DELIMITERS = (",", ";", "\t", "|", ":")
MALFORMED = "malformed"  # stated, seen or plain: misplaced quotes
PLAIN = "plain"  # stated: nothing, so the plain reading applies

# --- the only table of exceptions: where a suite differs from SPEC or from itself, and why ---

STRAY = "takes a stray quote as text: OV106 here"
OPEN = "takes a quote that never closes: OV105 here"
SPACE_AFTER = "takes space after a closing quote: OV106 here"
TRIM = "trims unquoted cells; space is data here (SPEC 1)"
TRIM_QUOTE = "trims space before or after quotes: OV106 here"
EMPTY = "an empty line is a record there, none here (SPEC 5)"
BLANKS = "drops a line of delimiters, which is a record here (SPEC 5)"
AT_END = "reports blank rows at the end of the file, which are no OV108 (SPEC 3)"
LINE_END = "other line ends; LF, CR and CRLF each end a record here (SPEC 1)"
ESCAPE = "option: an escape character"
DOUBLE = "option: a doubled quote is not one quote"
QUOTE = "option: another quote character"
NO_QUOTE = "option: quotes are text"
DELIMITER = "option: a delimiter that is not one of SPEC 1"
COMMENT = "option: comment lines"
NUMBERS = "option: cells become numbers, booleans or nulls"
FUNCTION = "option: a function changes the cells"
RENAME = "option: repeated headers are renamed"
GREEDY = "option: lines of white space and delimiters are dropped"
CLEAN = "option: white space inside cells is cleaned up"
BUFFER = "option: a small buffer, which cuts the row"
TWO_ROWS = "option: a header of two rows"
SOME = "option: other checks, or only some of them"
SCHEMA = "option: a schema decides what is missing or surplus"
ITERATOR = "about how Python iterates over lines, not about CSV (see SOURCE)"
OTHER = "the file is the output of another command"
UPSTREAM = "wrong upstream (see SOURCE), and quotes in an unquoted cell: OV106 here"
HEADER = "SOURCE says a,b,c, but the header of this file is foo,bar,baz"

EXCEPTIONS = {
    ("csv-spectrum", "location_coordinates"): UPSTREAM,
    ("cpython-test_csv", "002_test_read_delimiter"): DELIMITER,
    ("cpython-test_csv", "003_test_read_eof"): OPEN,
    ("cpython-test_csv", "004_test_read_eof"): OPEN,
    ("cpython-test_csv", "005_test_read_eof"): ESCAPE,
    ("cpython-test_csv", "008_test_read_eof"): ESCAPE,
    ("cpython-test_csv", "013_test_read_eol"): ITERATOR,
    ("cpython-test_csv", "014_test_read_eol"): ITERATOR,
    ("cpython-test_csv", "015_test_read_eol"): ITERATOR,
    ("cpython-test_csv", "016_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "017_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "018_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "019_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "020_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "021_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "022_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "023_test_read_escape"): ESCAPE,
    ("cpython-test_csv", "029_test_read_nul"): ESCAPE,
    ("cpython-test_csv", "032_test_read_oddinputs"): EMPTY,
    ("cpython-test_csv", "034_test_read_oddinputs"): STRAY,
    ("cpython-test_csv", "036_test_read_quoting"): NO_QUOTE,
    ("cpython-test_csv", "037_test_read_quoting"): NO_QUOTE,
    ("cpython-test_csv", "038_test_read_quoting"): NUMBERS,
    ("cpython-test_csv", "040_test_read_quoting"): QUOTE,
    ("cpython-test_csv", "041_test_read_quoting"): QUOTE,
    ("cpython-test_csv", "042_test_read_skipinitialspace"): TRIM,
    ("cpython-test_csv", "044_test_dubious_quote"): STRAY,
    ("cpython-test_csv", "046_test_inline_quote"): STRAY,
    ("cpython-test_csv", "047_test_inline_quotes"): STRAY,
    ("cpython-test_csv", "048_test_lone_quote"): STRAY,
    ("cpython-test_csv", "049_test_quote_and_quote"): STRAY,
    ("cpython-test_csv", "054_test_quotes_and_more"): STRAY,
    ("cpython-test_csv", "061_test_space_and_quote"): STRAY,
    ("cpython-test_csv", "063_test_read_escape_fieldsep"): ESCAPE,
    ("cpython-test_csv", "064_test_read_escape_fieldsep"): ESCAPE,
    ("libcsv", "test01"): TRIM,
    ("libcsv", "test01 CSV_STRICT"): TRIM,
    ("libcsv", "test01 CSV_STRICT CSV_EMPTY_IS_NULL"): TRIM,
    ("libcsv", "test06"): TRIM,
    ("libcsv", "test06 CSV_STRICT"): TRIM,
    ("libcsv", "test07"): STRAY,
    ("libcsv", "test08"): SPACE_AFTER,
    ("libcsv", "test11"): TRIM,
    ("libcsv", "test11 CSV_EMPTY_IS_NULL"): TRIM,
    ("libcsv", "test12b CSV_REPALL_NL"): EMPTY,
    ("libcsv", "test12b CSV_REPALL_NL CSV_EMPTY_IS_NULL"): EMPTY,
    ("libcsv", "test14"): TRIM_QUOTE,
    ("libcsv", "test14 CSV_STRICT"): TRIM_QUOTE,
    ("libcsv", "test15"): TRIM_QUOTE,
    ("libcsv", "test15 CSV_STRICT"): TRIM_QUOTE,
    ("libcsv", "test16"): OPEN,
    ("libcsv", "test16 CSV_STRICT"): OPEN,
    ("libcsv", "test16 (2)"): OPEN,
    ("libcsv", "test16 CSV_STRICT (2)"): OPEN,
    ("libcsv", "test17"): TRIM,
    ("libcsv", "test17 CSV_STRICT"): TRIM,
    ("libcsv", "test17 CSV_STRICT CSV_EMPTY_IS_NULL"): TRIM,
    ("libcsv", "test19 CSV_EMPTY_IS_NULL"): TRIM_QUOTE,
    ("libcsv", "custom01"): QUOTE,
    ("rust-csv", "term_weird"): LINE_END,
    ("rust-csv", "ascii_delimited"): DELIMITER,
    ("rust-csv", "quote_outer_space"): STRAY,
    ("rust-csv", "quote_change"): QUOTE,
    ("rust-csv", "quote_delimiter"): QUOTE,
    ("rust-csv", "quote_no_escapes"): STRAY,
    ("rust-csv", "quote_escapes_no_double"): DOUBLE,
    ("rust-csv", "quote_escapes"): ESCAPE,
    ("rust-csv", "quote_escapes_change"): ESCAPE,
    ("rust-csv", "quote_escapes_with_comma"): ESCAPE,
    ("rust-csv", "quoting_disabled"): NO_QUOTE,
    ("rust-csv", "delimiter_weird"): DELIMITER,
    ("rust-csv", "comment_1"): COMMENT,
    ("papaparse", "core_parser: Unquoted field with quotes at end of field"): STRAY,
    ("papaparse", "core_parser: Quoted field with whitespace around quotes"): STRAY,
    ("papaparse", "core_parser: Misplaced quotes in data, not as opening quotes"): STRAY,
    ("papaparse", "core_parser: Commented line at beginning"): COMMENT,
    ("papaparse", "core_parser: Commented line in middle"): COMMENT,
    ("papaparse", "core_parser: Commented line at end"): COMMENT,
    ("papaparse", "core_parser: Two comment lines consecutively"): COMMENT,
    ("papaparse", "core_parser: Two comment lines consecutively at end of file"): COMMENT,
    ("papaparse", "core_parser: Three comment lines consecutively at beginning of file"): COMMENT,
    ("papaparse", "core_parser: Entire file is comment lines"): COMMENT,
    ("papaparse", "core_parser: Comment with non-default character"): COMMENT,
    ("papaparse", "core_parser: Multi-character comment string"): COMMENT,
    ("papaparse", "core_parser: Input with only a commented line"): COMMENT,
    ("papaparse", "core_parser: Input with only a commented line and blank line after"): COMMENT,
    ("papaparse", "core_parser: One column input with empty fields"): EMPTY,
    ("papaparse", "core_parser: Fast mode with comments"): COMMENT,
    ("papaparse", "core_parser: Fast mode with blank line at end"): EMPTY,
    ("papaparse", "core_parser: Simple duplicated header names"): RENAME,
    ("papaparse", "core_parser: Duplicated header names with headerTransform"): RENAME,
    ("papaparse", "core_parser: Duplicated header names existing column"): RENAME,
    ("papaparse", "core_parser: Duplicate header names with __proto__ field"): RENAME,
    ("papaparse", "parse: Quoted fields with spaces between closing quote and next "
     "delimiter"): SPACE_AFTER,
    ("papaparse", "parse: Quoted fields with spaces between closing quote and next new "
     "line"): SPACE_AFTER,
    ("papaparse", "parse: Quoted fields with spaces after closing quote"): SPACE_AFTER,
    ("papaparse", "parse: Misplaced quotes in data twice, not as opening quotes"): STRAY,
    ("papaparse", "parse: Mixed slash n and slash r should choose first as precident"): LINE_END,
    ("papaparse", "parse: Header rows are transformed when transformHeader function is "
     "provided"): FUNCTION,
    ("papaparse", "parse: transformHeader accepts and optional index attribute"): FUNCTION,
    ("papaparse", "parse: ASCII 30 delimiter"): DELIMITER,
    ("papaparse", "parse: ASCII 31 delimiter"): DELIMITER,
    ("papaparse", "parse: Multi-character delimiter"): DELIMITER,
    ("papaparse", "parse: Multi-character delimiter (length 2) with quoted field"): DELIMITER,
    ("papaparse", "parse: Callback delimiter"): DELIMITER,
    ("papaparse", "parse: Dynamic typing converts numeric literals and maintains "
     "precision"): NUMBERS,
    ("papaparse", "parse: Dynamic typing converts boolean literals"): NUMBERS,
    ("papaparse", "parse: Dynamic typing applies to specific columns"): NUMBERS,
    ("papaparse", "parse: Dynamic typing applies to specific columns by index"): NUMBERS,
    ("papaparse", "parse: Dynamic typing can be applied to `__parsed_extra`"): NUMBERS,
    ("papaparse", "parse: Dynamic typing by indices can be determined by function"): NUMBERS,
    ("papaparse", "parse: Dynamic typing by headers can be determined by function"): NUMBERS,
    ("papaparse", "parse: Dynamic typing converts empty values into NULL"): NUMBERS,
    ("papaparse", "parse: Custom transform function is applied to values"): FUNCTION,
    ("papaparse", "parse: Custom transform accepts column number also"): FUNCTION,
    ("papaparse", "parse: Custom transform accepts header name when using header"): FUNCTION,
    ("papaparse", "parse: Blank line at beginning"): EMPTY,
    ("papaparse", "parse: Blank line in middle"): EMPTY,
    ("papaparse", "parse: Blank lines at end"): EMPTY,
    ("papaparse", "parse: Empty lines"): EMPTY,
    ("papaparse", "parse: Lines with comments are not used when guessing the delimiter in an "
     "escaped file"): COMMENT,
    ("papaparse", "parse: Lines with comments are not used when guessing the delimiter in a "
     "non-escaped file"): COMMENT,
    ("papaparse", "parse: Single quote as quote character"): QUOTE,
    ("papaparse", "parse: Custom escape character in the middle"): ESCAPE,
    ("papaparse", "parse: Custom escape character at the end"): ESCAPE,
    ("papaparse", "parse: Header row with preceding comment"): COMMENT,
    ("papaparse", "parse: Using reserved regex character . as quote character"): QUOTE,
    ("papaparse", "parse: Using reserved regex character | as quote character"): QUOTE,
    ("papaparse", "parse: Parsing with skipEmptyLines set to 'greedy'"): GREEDY,
    ("papaparse", "parse: Parsing with skipEmptyLines set to 'greedy' with quotes and "
     "delimiters as content"): GREEDY,
    ("papaparse", "parse: Quoted fields with spaces between closing quote and next delimiter "
     "and contains delimiter"): SPACE_AFTER,
    ("papaparse", "parse: Quoted fields with spaces between closing quote and newline and "
     "contains newline"): SPACE_AFTER,
    ("papaparse", "unparse: Custom delimiter (ASCII 30)"): DELIMITER,
    ("papaparse", "unparse: Custom delimiter (Multi-character)"): DELIMITER,
    ("papaparse", "unparse: Custom delimiter (Multi-character), field contains custom "
     "delimiter"): DELIMITER,
    ("papaparse", "unparse: Custom, but strange, line ending ($)"): LINE_END,
    ("papaparse", "unparse: Custom quote character (single quote)"): QUOTE,
    ("papaparse", "unparse: Custom quoteChar escapes and quotes embedded quoteChar (no "
     "escapeChar)"): QUOTE,
    ("papaparse", "unparse: Custom quoteChar with custom escapeChar quotes and escapes "
     "embedded quoteChar"): QUOTE,
    ("w3c-csvw", "test052"): COMMENT,
    ("w3c-csvw", "test055"): BLANKS,
    ("w3c-csvw", "test057"): COMMENT,
    ("w3c-csvw", "test058"): COMMENT,
    ("zsv", "test-echo-quoted.out"): STRAY,
    ("zsv", "test-echo-buffsize.out"): BUFFER,
    ("zsv", "test-5-select.out"): STRAY,
    ("zsv", "test-7-select.out2"): CLEAN,
    ("zsv", "test-7-select.out3"): CLEAN,
    ("zsv", "test-8-select.out2"): CLEAN,
    ("zsv", "test-8-select.out3"): CLEAN,
    ("zsv", "test-9-select.out"): NO_QUOTE,
    ("zsv", "test-13-select.out"): TWO_ROWS,
    ("zsv", "test-blank-leading-rows-1.out"): BLANKS,
    ("zsv", "test-blank-leading-rows-2.out"): OTHER,
    ("zsv", "test-2json.out2"): STRAY,
    ("zsv", "test-2json.out3"): STRAY,
    ("zsv", "test-quoted-nonstandard-count.out"): STRAY,
    ("zsv", "test-quoted-nonstandard-select.out"): STRAY,
    ("zsv", "test-quoted-nonstandard-quoted2-count.out"): STRAY,
    ("zsv", "test-quoted-nonstandard-quoted2-select.out"): STRAY,
    ("zsv", "test-onlycrlf-select.out1"): NO_QUOTE,
    ("zsv", "test-onlycrlf-select.out2"): NO_QUOTE,
    ("zsv", "test-onlycrlf-select.out3"): LINE_END,
    ("frictionless", "test_resource_validate_blank_rows_multiple"): AT_END,
    ("frictionless", "test_resource_validate_pick_errors"): SOME,
    ("frictionless", "test_resource_validate_pick_errors_tags"): SOME,
    ("frictionless", "test_resource_validate_skip_errors"): SOME,
    ("frictionless", "test_resource_validate_skip_errors_tags"): SOME,
    ("frictionless", "test_resource_validate_invalid_limit_errors"): SOME,
    ("frictionless", "test_resource_validate_custom_check"): SOME,
    ("frictionless", "test_resource_validate_custom_check_with_arguments"): SOME,
    ("frictionless", "test_resource_validate_bound_checklist"): SOME,
    ("frictionless", "test_resource_validate_schema_extra_headers_and_cells"): SCHEMA,
    ("frictionless", "test_resource_validate_schema_multiple_errors"): SCHEMA,
    ("frictionless",
     "test_resource_validate_less_actual_fields_with_required_constraint_issue_950"): SCHEMA,
    ("encoding/csvkit", "test_utf8.csv: stated"): HEADER,
    ("encoding/csvkit", "test_utf8_bom.csv: stated"): HEADER,
}


# --- orgvet ---


class Crash(Exception):
    """A signal, an unexpected exit code, or contradictory output."""


class Orgvet:
    """Runs the program under test; raises Crash for anything that must never happen."""

    def __init__(self, program):
        self.program = program

    def run(self, *args):
        """Runs a command; returns its exit code and its output lines."""
        done = subprocess.run([self.program, *map(str, args)], capture_output=True, timeout=60)
        if done.returncode not in (0, 1, 2):
            raise Crash(f"{args[0]}: exit {done.returncode}: {done.stderr[-300:]!r}")
        try:
            return done.returncode, done.stdout.decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise Crash(f"{args[0]}: the output is not UTF-8: {error}") from error

    def records(self, path, *options):
        """The rows of a file, or MALFORMED; the same with and without `--places`."""
        code, lines = self.run("records", *options, path)
        placed_code, placed_lines = self.run("records", "--places", *options, path)
        rows = [json.loads(line) for line in lines if line]
        placed = [json.loads(line) for line in placed_lines if line]
        errors = {record["error"] for record in placed if "error" in record}
        if [[cell["text"] for cell in record["cells"]] for record in placed] != rows:
            raise Crash("records: other cells with --places")
        if code == 2 or code != placed_code or code != bool(errors) or errors - {"OV105", "OV106"}:
            raise Crash(f"records: exit {code}, with --places {placed_code}, errors {errors}")
        return MALFORMED if errors else rows

    def text(self, path, *options):
        """All cells of a file, malformed or not, in order."""
        _, lines = self.run("records", *options, path)
        return "".join(cell for line in lines if line for cell in json.loads(line))

    def check(self, path, *options):
        """The report on a file: its encoding, its delimiter and its findings."""
        code, lines = self.run("check", "--format", "json", *options, path)
        if code == 2:
            raise Crash("check: exit 2")
        return json.loads("\n".join(lines))["files"][0]


def found(report, code):
    """The findings with a code in a report."""
    return [finding for finding in report["findings"] if finding["code"] == code]


def ragged(orgvet, path):
    """The ragged rows with their width and the header's, if OV107 reports exactly these."""
    rows = orgvet.records(path)
    width = len(rows[0])
    uneven = [(number, len(row), width) for number, row in enumerate(rows) if len(row) != width]
    reported = [finding["row"] for finding in found(orgvet.check(path), "OV107")]
    return uneven if reported == [number for number, _, _ in uneven] else reported


# --- the plain reading ---


def well_formed(text, delimiter):
    """Whether quotes occur only around cells, and doubled inside them."""
    cell = re.compile(rf'"(?:[^"]|"")*"|[^"\r\n{re.escape(delimiter)}]*')
    end = re.compile(rf"{re.escape(delimiter)}|\r\n|\r|\n|\Z")
    place = 0
    while True:
        after = end.match(text, cell.match(text, place).end())
        if not after:
            return False
        if not after.group():
            return True
        place = after.end()


def plain(text, delimiter, skip=0):
    """The rows of a text, or MALFORMED, without its first `skip` lines and without empty lines."""
    text = "".join(io.StringIO(text, newline="").readlines()[skip:])
    if not well_formed(text, delimiter):
        return MALFORMED
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return [row for row in reader if row]


def decoded(data, name=""):
    """The text of a file as SPEC 1 decides: by its byte-order mark, else UTF-8, else what it is."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if is_mostly_utf8(data):
            return data.decode("utf-8", "replace")
        return data.decode(OTHERS[name][1] if name in OTHERS else "cp1252", "replace").removeprefix("\ufeff")


# --- cases ---


@dataclasses.dataclass
class Case:
    """A text and what its suite states: rows (or the result of `view` on them), MALFORMED or PLAIN.
    A case that is not about rows has `ask`, which returns orgvet's result to compare."""

    suite: str
    name: str
    source: pathlib.Path | bytes
    stated: typing.Any = PLAIN
    delimiter: str = ","
    guess: bool = False  # leave the delimiter to orgvet
    skip: int = 0
    view: typing.Callable = lambda rows: rows
    ask: typing.Callable | None = None

    def options(self):
        return ["--skip", self.skip] + ([] if self.guess else ["--delimiter", self.delimiter])


def short(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:297]}..."


def look(case, orgvet, path):
    """orgvet's result for a case, and that of the plain reading."""
    if case.ask:
        seen = case.ask(orgvet, path)
        return seen, seen
    orgvet.check(path, *case.options())  # any output, but no crash
    rows = orgvet.records(path, *case.options())
    right = plain(decoded(path.read_bytes()), case.delimiter, case.skip)
    return [MALFORMED if one is MALFORMED else case.view(one) for one in (rows, right)]


def problem(case, orgvet, path):
    """The error in a case, or None."""
    reason = EXCEPTIONS.get((case.suite, case.name))
    try:
        seen, right = look(case, orgvet, path)
    except (Crash, subprocess.TimeoutExpired) as error:
        return str(error)
    except (ValueError, LookupError) as error:
        return f"output that cannot be read: {error!r}"
    stated = right if case.stated is PLAIN else case.stated
    if reason is None:
        return None if seen == stated else f"got {short(seen)}, expected {short(stated)}"
    if seen == stated:
        return f"agrees with its suite, so it is no exception ({reason})"
    if seen == right:
        return None
    return f"got {short(seen)}, plain reading {short(right)} (exception: {reason})"


def numbered(cases):
    """The cases, with ` (2)`, ` (3)` … after a name that their suite has already used."""
    times = collections.Counter()
    for case in cases:
        times[case.suite, case.name] += 1
        if times[case.suite, case.name] > 1:
            case.name += f" ({times[case.suite, case.name]})"
        yield case


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def supported(delimiter, otherwise=","):
    return delimiter if delimiter in DELIMITERS else otherwise


def objects(rows):
    """The rows after the header, each keyed by it."""
    return [dict(zip(rows[0], row)) for row in rows[1:]]


# --- the suites with stated rows ---


def csv_spectrum(home):
    """Objects keyed by the header."""
    for path in sorted((home / "csvs").iterdir()):
        stated = load(home / "json" / f"{path.stem}.json")
        yield Case("csv-spectrum", path.stem, path, stated, view=objects)


def cpython(home):
    """Rows, or the message of an error, which means malformed quotes."""
    for case in load(home / "expected.json"):
        stated = MALFORMED if case["error"] else case["rows"]
        delimiter = supported(case["options"].get("delimiter"))
        yield Case("cpython-test_csv", case["name"], home / case["file"], stated, delimiter)


def libcsv(home):
    """Rows under each set of options; the files of its own tests/ state nothing."""
    for case in load(home / "expected.json"):
        name = " ".join([case["name"], *case["options"]])
        stated = MALFORMED if case["error"] else case["rows"]
        yield Case("libcsv", name, home / case["file"], stated, case.get("delimiter", ","))
    for path in sorted((home / "tests").iterdir()):
        yield Case("libcsv", path.name, path)


def rust_csv(home):
    """Rows under builder options; the files of data/ state nothing."""
    for case in load(home / "expected.json"):
        tabs = "delimiter(b'\\t')" in case["options"]
        path = home / case["file"]
        yield Case("rust-csv", case["name"], path, case["rows"], "\t" if tabs else ",")
    delimiters = {"smallpop-colon.csv": ":", "strange.csv": ";"}
    for path in sorted((home / "data").iterdir()):
        yield Case("rust-csv", path.name, path, PLAIN, delimiters.get(path.name, ","), guess=True)


# --- Papa Parse ---


def papa_object(header, row):
    """A row as Papa Parse keys it: surplus cells in a list."""
    extra = {"__parsed_extra": row[len(header):]} if len(row) > len(header) else {}
    return dict(zip(header, row)) | extra


def papa_view(config, keyed):
    """Papa Parse's result for the rows under `header` (keyed by it) and `preview`."""
    keyed = keyed and config.get("header")

    def view(rows):
        if keyed:
            rows = [papa_object(rows[0], row) for row in rows[1:]]
        return rows[: config.get("preview") or None]

    return view


def papa_parse(home):
    """Rows or objects. The parser proper takes a comma by default; `parse` guesses."""
    for table in ("core_parser", "parse"):
        for case in load(home / f"{table}_tests.json"):
            config = case.get("config", {})
            stated = case["expected"]["data"]
            if any(error["type"] == "Quotes" for error in case["expected"]["errors"]):
                stated = MALFORMED
            yield Case(
                "papaparse", f"{table}: {case['description']}", case["input"].encode(), stated,
                supported(config.get("delimiter")),
                guess=table == "parse" and "delimiter" not in config,
                skip=max(0, config.get("skipFirstNLines", 0)),
                view=papa_view(config, table == "parse"))
    yield from papa_unparse(home)
    for path in sorted(home.iterdir()):
        if path.suffix in (".csv", ".tsv"):
            delimiter = "\t" if path.suffix == ".tsv" else ","
            yield Case("papaparse", path.name, path, PLAIN, delimiter, guess=True)
    yield Case("papaparse", "verylong-sample.csv: TooFewFields", home / "verylong-sample.csv",
               [498, 998, 1498, 1998], ask=lambda orgvet, path: [
                   finding["row"] - 1 for finding in found(orgvet.check(path), "OV107")])


def papa_unparse(home):
    """The texts that Papa Parse writes; rows of text must be read back unchanged."""
    for case in load(home / "unparse_tests.json"):
        config = case.get("config", {})
        rows = case["input"]
        is_text = isinstance(rows, list) and all(
            isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows)
        stated = rows if is_text else PLAIN
        yield Case("papaparse", f"unparse: {case['description']}", case["expected"].encode(),
                   stated, supported(config.get("delimiter")))


# --- W3C CSV on the web ---


def csvw(home):
    """The JSON results, for tables whose columns are cells; every file, unchanged."""
    for case in load(home / "cases.json"):
        entry = case.get("json_entry") or case.get("nonnorm_entry") or {}
        if "result" in entry and case["id"] != "test034":  # test034: columns computed from others
            yield csvw_result(home, case["id"], entry)
    for path in sorted(home.rglob("*.[ct]sv")):
        delimiter = "\t" if path.suffix == ".tsv" else ","
        yield Case("w3c-csvw", str(path.relative_to(home)), path, PLAIN, delimiter, guess=True)


def csvw_result(home, name, entry):
    """The case of a JSON result: a table, by the metadata that its test names."""
    action = home / entry["action"]
    metadata = [path for path in (entry["action"], *entry.get("implicit", ()))
                if path.endswith("metadata.json")]
    group = load(home / metadata[0]) if metadata else {"url": action.name}
    table = group.get("tables", [group])[0]
    dialect = table.get("dialect", group.get("dialect", {}))
    if isinstance(dialect, str):
        dialect = load(action.parent / dialect)
    header = dialect.get("header") is not False or dialect.get("headerRowCount") == 1
    if "header=absent" in entry.get("contentType", ""):
        header = False
    stated = [row["describes"][0] for row in load(home / entry["result"])["tables"][0]["row"]]
    columns = table.get("tableSchema", {}).get("columns", [])
    view = csvw_view(columns, table.get("null", ""), header, count(dialect, "skipColumns"))
    return Case("w3c-csvw", name, action.parent / table["url"],
                [{key: value for key, value in row.items() if key != "@id"} for row in stated],
                supported(dialect.get("delimiter")), skip=count(dialect, "skipRows"), view=view)


def count(dialect, name):
    """A number of a dialect; an invalid one is ignored, as CSVW specifies."""
    number = dialect.get(name)
    return number if type(number) is int and number > 0 else 0


def csvw_view(columns, null, header, hidden):
    """The rows as the JSON results give them: by column name, without empty cells."""

    def view(rows):
        rows = [row[hidden:] for row in rows]
        titles = rows[0] if header else []
        known = [column.get("name", column.get("titles")) for column in columns] or titles
        return [
            {
                known[i] if i < len(known) else f"_col.{i + 1}":
                    csvw_value(cell, columns[i].get("datatype") if i < len(columns) else None)
                for i, cell in enumerate(row) if cell not in ("", null)
            }
            for row in rows[int(header):]]

    return view


def csvw_value(cell, datatype):
    """A cell as its datatype is written in JSON."""
    if datatype == "number":
        return float(cell)
    if isinstance(datatype, dict) and datatype.get("format") == "M/d/yyyy":
        month, day, year = cell.strip().split("/")
        return f"{year}-{month:0>2}-{day:0>2}"
    return cell


# --- zsv ---


def zsv(home):
    """The output files of its commands, each reversed; no crash on former crash cases."""
    for case in load(home / "expected.json"):
        for name in case["expected"]:
            if not name.endswith(".err"):
                yield zsv_output(case["command"], home / case["input"], home / name)
    delimiters = {"tab.txt": "\t", "crlf.txt": "|", "seed_07_pull_tabs": "\t",
                  "seed_03_push_semicolon": ";"}
    for path in sorted((home / "data").iterdir()):
        yield Case("zsv", path.name, path, PLAIN, delimiters.get(path.name, ","))
    for path in sorted((home / "poc").iterdir()):
        yield Case("zsv", path.name, path)


def zsv_output(command, source, output):
    """The case of one output file, by the command that wrote it."""
    text = output.read_bytes().decode("utf-8", "replace")
    delimiter = {"tab.txt": "\t", "crlf.txt": "|"}.get(source.name, ",")

    def case(stated, view=lambda rows: rows, ask=None):
        return Case("zsv", output.name, source, stated, delimiter, view=view, ask=ask)

    verb = re.search("check|echo|count|2json|2tsv|$", output.name).group() or "select"
    if verb == "check" and "UTF-8" in command:
        stated = [int(row) for row in re.findall(r"^Row (\d+) invalid utf8", text, re.M)]
        return case(stated, ask=zsv_not_utf8)
    if verb == "check":
        stated = [tuple(map(int, counts)) for counts in
                  re.findall(r"^Row (\d+) column count \((\d+)\) .* header \((\d+)\)", text, re.M)]
        return case(stated, ask=ragged)
    if verb == "count":
        return case(int(text.split()[0]), view=lambda rows: len(rows) - 1)
    if verb == "select":
        breaks = command.rpartition("-e ")[2] if "-e " in command else "\n"
        return case(plain(text, ","), view=lambda rows: zsv_selected(rows, breaks))
    if verb == "2json":
        return case(json.loads(text), view=objects if output.name != "test-2json.out3" else list)
    if verb == "2tsv":
        return case([[cell.replace("\\n", "\n") for cell in row] for row in plain(text, "\t")])
    if "--trim" in command:
        return case(plain(text, ","), view=lambda rows: [[c.strip() for c in row] for row in rows])
    return case(plain(text, ","))


def zsv_not_utf8(orgvet, path):
    """The rows with bytes that are not UTF-8."""
    places = found(orgvet.check(path, "--encoding", "UTF-8"), "OV103")
    return sorted({finding["row"] for finding in places})


def zsv_selected(rows, breaks):
    """Rows as `zsv select` gives them: as wide as the header, trimmed, with the specified line ends."""
    width = len(rows[0])
    rows = [(row + [""] * width)[:width] for row in rows]
    return [[re.sub("\r\n|\r|\n", breaks, cell.strip()) for cell in row] for row in rows]


# --- frictionless ---

STRUCTURE = {
    "blank-row": "blank", "missing-cell": "ragged", "extra-cell": "ragged",
    "blank-label": "no label", "duplicate-label": "twice",
}


def frictionless(home):
    """The structural errors of each test, by line or by column; every file, unchanged."""
    for case in load(home / "expected.json"):
        path = home / "data" / case["file"]
        if path.exists() and "rowNumber" in case["fields"]:
            stated = {(STRUCTURE[kind], row or column)
                      for row, column, kind, *_ in case["errors"] if kind in STRUCTURE}
            yield Case("frictionless", case["test"].rpartition("::")[2], path, stated,
                       ask=frictionless_structure)
    for path in sorted((home / "data").iterdir()):
        yield Case("frictionless", path.name, path, guess=True)
    yield Case("frictionless", "test_resource_validate_no_data", home / "data" / "empty.csv", True,
               ask=lambda orgvet, path: bool(found(orgvet.check(path), "OV101")))
    yield Case("frictionless", "test_resource_validate_encoding_invalid",
               home / "data" / "latin1.csv", [20], ask=lambda orgvet, path: [
                   finding["byte_offset"] for finding in
                   found(orgvet.check(path, "--encoding", "UTF-8"), "OV103")])


def frictionless_structure(orgvet, path):
    """orgvet's findings on a table's structure: (kind, line, or number of the column)."""
    report = orgvet.check(path)
    _, lines = orgvet.run("records", "--places", path)
    columns = [cell["column"] for cell in json.loads(lines[0])["cells"]]
    return (
        {("blank", finding["line"]) for finding in found(report, "OV108")}
        | {("ragged", finding["line"]) for finding in found(report, "OV107")}
        | {("no label", columns.index(f["column"]) + 1) for f in found(report, "OV204")}
        | {("twice", columns.index(f["column"]) + 1) for f in found(report, "OV203")})


# --- encodings ---

SEMICOLONS = ("1680-fread-header-encoding.csv", "table-with-accents.csv")
HEAD = [["a", "b", "c"], ["1", "2", "3"]]
RUSSELL = "russellCRLF.csv"


def invalid(data, encoding):
    """The offset of each maximal sequence of bytes that is invalid in an encoding."""
    places = []

    def note(error):
        places.append(error.start)
        return "", error.end

    codecs.register_error("note", note)
    data.decode(encoding, "note")
    return places


def encodings(home):
    """Each file as orgvet detects it and as UTF-8, and what the SOURCE files state."""
    for path in sorted(home.glob("*/*")):
        if path.name != "SOURCE":
            suite = f"encoding/{path.parent.name}"
            yield found_out(suite, path)
            yield as_utf8(suite, path)
    yield from encodings_stated(home)


def verdict(report, rows):
    """The compared properties of a file: the encoding, whether OV112, where OV103, and the rows."""
    return {
        "encoding": report["encoding"],
        "delimiter": report["delimiter"],
        "OV112": len(found(report, "OV112")),
        "OV103": [finding["byte_offset"] for finding in found(report, "OV103")],
        "rows": rows,
    }


def expected_verdict(path, encoding, text, places):
    delimiter = ";" if path.name in SEMICOLONS else ","
    if path.parent.name == "bits-utf8":
        delimiter = "\t"
    return {"encoding": encoding, "delimiter": delimiter, "OV112": int(encoding != "UTF-8"),
            "OV103": places, "rows": plain(text, delimiter)}


# Files that are in neither UTF-8 nor windows-1252, and are recognised as what they are.
OTHERS = {"UTF-8-test.txt": ("UTF-8", "utf-8"), "gb18030.txt": ("GB18030", "gb18030"), "table-infer-iso-8859-7.csv": ("windows-1253", "cp1253")}


def is_mostly_utf8(data):
    runs = re.findall(rb"[\x80-\xff]+", data)
    return 10 * sum(not invalid(run, "utf-8") for run in runs) >= 9 * len(runs)


def found_out(suite, path):
    """Without an option: OV112 for all but UTF-8, and OV103 where bytes are invalid."""
    data = path.read_bytes()
    if data.startswith(codecs.BOM_UTF16_LE):
        encoding, places = "UTF-16LE", []
    elif data.startswith(codecs.BOM_UTF16_BE):
        encoding, places = "UTF-16BE", []
    elif path.name in OTHERS:
        encoding, places = OTHERS[path.name][0], invalid(data, OTHERS[path.name][1])
    elif is_mostly_utf8(data):
        encoding, places = "UTF-8", invalid(data, "utf-8")
    else:
        encoding, places = "windows-1252", invalid(data, "cp1252")
    return Case(suite, path.name, path, expected_verdict(path, encoding, decoded(data, path.name), places),
                ask=lambda orgvet, path: verdict(orgvet.check(path), orgvet.records(path)))


def as_utf8(suite, path):
    """With `--encoding UTF-8`: OV103 at each invalid sequence, and the text around it is read."""
    data = path.read_bytes()
    text = data.decode("utf-8-sig", "replace")
    option = ("--encoding", "UTF-8")
    return Case(suite, f"{path.name} as UTF-8", path,
                expected_verdict(path, "UTF-8", text, invalid(data, "utf-8")),
                ask=lambda orgvet, path: verdict(
                    orgvet.check(path, *option), orgvet.records(path, *option)))


def encodings_stated(home):
    """What the SOURCE files state about single files."""

    def rows(suite, name, stated, view=lambda rows: rows, encoding=()):
        return Case(f"encoding/{suite}", f"{name}: stated", home / suite / name, stated,
                    ask=lambda orgvet, path: view(orgvet.records(path, *encoding)))

    for path in sorted((home / "csvkit").glob("test_[lu]*.csv")):
        last = "©" if "latin1" in path.name else "ʤ"
        yield rows("csvkit", path.name, HEAD + [["4", "5", last]])
    yield Case("encoding/csvkit", "bad.csv: stated", home / "csvkit" / "bad.csv",
               [(1, 4, 3), (2, 2, 3)], ask=ragged)
    for path in sorted((home / "bits-utf8").glob("*.txt")):
        bare = re.sub("[\t\r\n]", "", path.read_bytes().decode("utf-8"))
        yield Case("encoding/bits-utf8", f"{path.name}: stated", path, bare,
                   ask=lambda orgvet, path: orgvet.text(path, "--delimiter", "\t"))

    yield rows("data.table", "utf16le.txt", [["a", "b"], ["c", "d"]])
    yield rows("data.table", "utf16be.txt", [["a", "b"], ["c", "d"]])
    yield rows("data.table", "gb18030.txt", [["y", "z"], ["", ""]],  # x is preceded by a byte-order mark
               view=lambda rows: [row[1:] for row in rows], encoding=("--encoding", "GB18030"))
    yield rows("data.table", "issue_1087_utf8_bom.csv", "a", view=lambda rows: rows[0][0])
    yield rows("data.table", RUSSELL, "357.97", view=lambda rows: rows[19][3])
    russell = plain(decoded((home / "data.table" / RUSSELL).read_bytes()), ",")
    yield rows("data.table", "russellCRCRLF.csv", russell)
    yield rows("data.table", "unescaped.csv", MALFORMED)
    lines = 'embedded "field"\nwith some embedded new\nlines as well'
    yield rows("data.table", "doublequote_newline.csv", ["a", lines, "not this one", "a"],
               view=lambda rows: [row[1] for row in rows[7:11]])

    yield rows("frictionless", "latin1.csv", ["2", "©"], view=lambda rows: rows[2])
    yield rows("frictionless", "bom.csv", "id", view=lambda rows: rows[0][0])
    greek = home / "frictionless" / "table-infer-iso-8859-7.csv"
    yield rows("frictionless", greek.name, plain(greek.read_bytes().decode("iso-8859-7"), ","),
               encoding=("--encoding", "ISO-8859-7"))
    table = plain((home / "rust-csv" / "uspop.csv").read_text(encoding="utf-8"), ",")
    yield rows("rust-csv", "uspop-latin1.csv", [
        [cell.replace("Oakman", "Õakman") for cell in row] for row in table])


# --- all suites ---


def all_cases(corpora):
    parsing = corpora / "parsing"
    yield from csv_spectrum(parsing / "csv-spectrum")
    yield from cpython(parsing / "cpython-test_csv")
    yield from libcsv(parsing / "libcsv")
    yield from rust_csv(parsing / "rust-csv")
    yield from papa_parse(parsing / "papaparse")
    yield from csvw(parsing / "w3c-csvw")
    yield from zsv(parsing / "zsv")
    yield from frictionless(parsing / "frictionless")
    yield from encodings(corpora / "encoding")


def main(program, shared):
    corpora = pathlib.Path(shared, "corpora")
    if not corpora.is_dir():
        print(f"corpora: skipped, {corpora} is not here")
        print("corpora: 0 passed, 0 failed")
        return 0
    csv.field_size_limit(1 << 30)
    orgvet = Orgvet(program)
    counts = collections.defaultdict(collections.Counter)
    unused = set(EXCEPTIONS)
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        written = pathlib.Path(directory, "case.csv")
        for case in numbered(all_cases(corpora)):
            path = case.source
            if isinstance(path, bytes):
                written.write_bytes(path)
                path = written
            wrong = problem(case, orgvet, path)
            unused.discard((case.suite, case.name))
            counts[case.suite]["cases"] += 1
            counts[case.suite]["exceptions"] += (case.suite, case.name) in EXCEPTIONS
            if wrong:
                failed += 1
                print(f"FAIL {case.suite}: {case.name}: {wrong}")
    for suite, name in sorted(unused):
        print(f"FAIL {suite}: {name}: an exception that names no case")
    for suite, count in counts.items():
        print(f"{suite}: {count['cases']} cases, {count['exceptions']} exceptions")
    total = sum(count["cases"] for count in counts.values())
    print(f"corpora: {total - failed} passed, {failed + len(unused)} failed")
    return 1 if failed or unused else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: run.py ORGVET SHARED_DIR")
    sys.exit(main(*sys.argv[1:]))
