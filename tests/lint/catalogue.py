#!/usr/bin/env python3
"""Whether each catalogue has every text that orgvet says, and nothing else, with the same places for values.

usage: catalogue.py [--missing]   (the latter prints what is missing as entries to fill in)"""
import glob
import json
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
STRING = r'"(?:[^"\\]|\\.)*"'
STRINGS = rf"(?:{STRING}\s*)+"


# What is given a text, and says it in a language; OV_N_ marks what is given to them elsewhere.
SAYS = ["OV_N_", "ov_translate", "ov_buf_say", "ov_buf_say_escaped", "ov_buf_say_count", "ov_fail", "ov_fault", "ov_reading_fail", "ov_reading_fail_kind", "cli_fail", "cli_note", "cli_say"]
OWN = {
    "src/report/html.c": ["put_cell", "put_number"],
    "src/report/pretty.c": ["put_word"],
    "src/server/jobs/import_zip.c": ["refuse"],
    "src/cli/cmd_manual.c": ["put_section"],
    "src/payload/diff/diff_markdown.c": ["put_rest"],
}


def text_of(literals):
    return "".join(literal[1:-1] for literal in re.findall(STRING, literals))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def of_source():
    """Texts → whether the page's scripts say them."""
    texts = {}
    for call in re.finditer(rf"OV_MESSAGE\(\w+,\s*({STRINGS}),\s*({STRINGS})\)", read("src/finding/messages.def")):
        for group in call.groups():
            if not re.fullmatch(r"(?:\{\w+\})?", text_of(group)):
                texts[text_of(group)] = False
    for call in re.finditer(rf"OV_NOTE\(\w+,\s*({STRINGS})\)", read("src/finding/notes.def")):
        texts[text_of(call.group(1))] = False
    for call in re.finditer(rf"OV_RULE_\w+\(\d+, {STRING}, [^\"]*({STRINGS})\)", read("src/finding/rules.def")):
        texts[text_of(call.group(1))] = False
    for call in re.finditer(rf"OV_EXPLAIN\(\d+,\s*({STRINGS}),\s*{STRINGS},\s*{STRINGS},\s*({STRINGS})\)", read("src/finding/explain.def")):
        for group in call.groups():
            texts[text_of(group)] = False
    for path, kind in (("src/cli/options.def", "CLI_OPTION"), ("src/cli/commands.def", "CLI_(?:NETWORK_)?COMMAND")):
        for call in re.finditer(rf"^{kind}\((.*?)\)$", read(path), re.M | re.S):
            literals = [text_of(group) for group in re.findall(STRINGS, call.group(1))]
            texts.update(dict.fromkeys(literals[-1:] if kind == "CLI_OPTION" else literals[2:], False))
    for call in re.finditer(rf"OV_FAULT\(.*, ({STRING})\)$", read("src/server/http/faults.def"), re.M):
        texts[text_of(call.group(1))] = False
    for path in glob.glob("src/**/*.c", recursive=True):
        source = read(path)
        says = "|".join(SAYS + OWN.get(path, []))
        for call in re.finditer(rf"\b(?:{says})\(", source):
            depth, end = 1, call.end()
            while depth:  # to the call's own bracket, past strings
                literal = re.compile(STRING).match(source, end)
                end = literal.end() if literal else end + 1
                depth += 0 if literal else {"(": 1, ")": -1}.get(source[end - 1], 0)
            inside = re.sub(r"OV_TEXT\([^)]*\)|strcmp\([^)]*\)", "", source[call.end():end])
            if re.match(r"\s*(?:struct|enum|const)\b", inside):
                continue
            for literals in re.findall(STRINGS, inside):
                if re.search(r"[A-Za-z]", re.sub(r"%[-.*0-9]*[a-z]+|\\n", "", text_of(literals))):
                    texts[text_of(literals)] = False
    for words in (["error", "warning", "info"], ["comma", "semicolon", "tab", "vertical bar", "colon"]):
        texts.update(dict.fromkeys(words, False))
    for path in glob.glob("src/page/assets/*.js") + glob.glob("src/report/view/*.js") + glob.glob("src/offline/page/*.js"):
        source = read(path)
        for call in re.finditer(rf"\bT\(\s*({STRING})", source):
            texts[text_of(call.group(1))] = True
        for call in re.finditer(rf"\bT\(\w[^\"()]*\?\s*({STRING})\s*:\s*({STRING})", source):
            texts.update({text_of(group): True for group in call.groups()})
        for call in re.finditer(rf"\bcount\([^\"]*?,\s*({STRING}),\s*({STRING})", source):
            texts.update({text_of(group): True for group in call.groups()})
    state_words = re.findall(rf"case OV_STATE_\w+: return ({STRING})", read("src/server/jobs/job.c"))
    for word in ["error", "warning", "info"] + [word[1:-1] for word in state_words]:
        texts[word] = True
    return {text: page for text, page in texts.items() if text}


def of_catalogue(path):
    entries = {}
    for page, id, text in re.findall(rf"(#: page\n)?msgid ({STRINGS})msgstr ({STRINGS})", read(path)):
        if text_of(id) in entries:
            print(f"{path}: twice: {text_of(id)}")
        if text_of(id):
            entries[text_of(id)] = (text_of(text), bool(page))
    return entries


wanted, bad = of_source(), 0
for path in sorted(glob.glob("src/base/po/*.po")):
    there = of_catalogue(path)
    for text, page in sorted(wanted.items()):
        if text not in there or not there[text][0]:
            bad += 1
            print(f'{"#: page" + chr(10) if page else ""}msgid "{text}"\nmsgstr ""\n' if "--missing" in sys.argv else f"{path}: no translation of: {text}")
        elif page and not there[text][1]:
            bad += 1
            print(f"{path}: `#: page` is missing before: {text}")
    for text, (translated, page) in there.items():
        places = [sorted(re.findall(r"\{[a-z0-9=]+\}", one)) + re.findall(r"%[.*]*l*[sduc%]", one) for one in (text, translated)]
        ticks = text.count("`") % 2 == translated.count("`") % 2
        for problem, found in (("nobody says", text not in wanted), ("other places for values", places[0] != places[1] and translated), ("a backtick too many", not ticks), ("`<` on the page", page and "<" in translated)):
            if found:
                bad += 1
                print(f"{path}: {problem}: {text}")
if "--missing" not in sys.argv:
    print("catalogue: fine" if not bad else f"catalogue: {bad} problems")
sys.exit(bool(bad))
