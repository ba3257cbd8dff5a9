#!/usr/bin/python3
"""foo.c has foo.h: each public function and object of foo.c is declared by foo.h beside it (of foo_part.c also by
foo.h), by the interface of its module, or by a header in include/orgvet/. Functions that a table names are listed by
the header of the table."""
import pathlib
import re
import sys

SRC, PUBLIC = pathlib.Path("src"), pathlib.Path("include/orgvet")
INTERFACES = ("server/server.h", "client/client.h", "page/page.h")  # what cli/ uses of these folders
TABLES = {  # names → what lists them
    r"cmd_[a-z_]+": "cli/commands.def",
    r"ov_format_[a-z_]+": "report/report.h",
    r"ov_run_[a-z_]+": "server/api/functions.h",
    r"ov_endpoint_[a-z_]+|ov_rest_put_fault": "server/api/routes.h",
    r"ov_answer_[a-z_]+": "draft/question.h",
}
# stubs of functions of other files, for a build without those; functions of the system, where it lacks them
EXEMPT = {SRC / "cli/engine_only.c", SRC / "offline/libc.c"}


def code(path):
    """The file without comments and the contents of strings."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def definitions(path):
    """Names of the non-static functions and objects that a file defines."""
    text = code(path)
    for match in re.finditer(r"^(?!static\b|typedef\b|extern\b)[a-z_][\w \*]*?\b(\w+)(\(|\[| =|;)", text, re.M):
        rest = text[match.start():]
        if match[2] == "(" and rest.find(";") < rest.find("{") or match[2] == ";":
            continue  # a declaration
        yield match[1]


def headers(source):
    """The headers that may declare what a file defines, apart from the public ones."""
    parts = source.stem.split("_")
    yield from (source.with_name("_".join(parts[:n]) + ".h") for n in range(len(parts), 0, -1))
    yield from (SRC / header for header in INTERFACES if (SRC / header).parent in source.parents)


def main():
    bad = 0
    public = "\n".join(code(header) for header in PUBLIC.glob("*.h"))
    for source in sorted(set(SRC.rglob("*.c")) - EXEMPT):
        declared = public + "\n".join(code(header) for header in headers(source) if header.exists())
        for name in definitions(source):
            listed = "".join(code(SRC / table) for names, table in TABLES.items()
                             if re.fullmatch(names, name) and (SRC / table).parent == source.parent)
            if name != "main" and not re.search(rf"\b{name}\b", declared + listed):
                bad += 1
                print(f"headers: {source}: {name} is not declared by a header of its file")
    print(f"headers: {bad} problems" if bad else "headers: fine")
    return bad > 0


sys.exit(main())
