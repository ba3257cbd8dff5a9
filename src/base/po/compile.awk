# Turns a catalogue (gettext's PO format) into lines of key, msgid, msgstr and "page", tabs between;
# texts stay escaped as in C, the key is what they are sorted by (LC_ALL=C). Entries without a
# translation and the head are left out.
function quoted(line) {
    sub(/^[^"]*"/, "", line)
    sub(/"[ \t]*$/, "", line)
    return line
}
function finish(   key) {
    if (id != "" && text != "") {
        key = id
        gsub(/\\n/, "\001", key)
        gsub(/\\"/, "\"", key)
        gsub(/\\\\/, "\\", key)
        print key "\t" id "\t" text "\t" (page ? "page" : "")
    }
    id = text = ""
    page = 0
}
/^#: page/ { if (at == "text") finish(); at = ""; page = 1 }
/^msgid /  { if (at == "text") finish(); at = "id"; id = quoted($0) }
/^msgstr / { at = "text"; text = quoted($0) }
/^"/       { if (at == "id") id = id quoted($0); else text = text quoted($0) }
END        { finish() }
