"""Makes workbooks by hand: `xlsx(path, sheets, …)`, so that every detail of the format can be tried."""
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TOP = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def letters(column):
    """The name of a column, from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(value, place, style=0):
    """A cell: None, a text (inline), a number, a bool, or (type, XML) as it is."""
    attributes = f' r="{place}"' + (f' s="{style}"' if style else "")
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f"<c{attributes}{value[0] and ' t=' + quoteattr(value[0])}>{value[1]}</c>"
    if isinstance(value, bool):
        return f'<c{attributes} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c{attributes}><v>{value!r}</v></c>"
    return f'<c{attributes} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet(rows, merged=(), hidden=(), styles=None):
    """The XML of a sheet; styles: {place: index}."""
    out = [TOP, f'<worksheet xmlns="{MAIN}"><sheetData>']
    for line, row in enumerate(rows, 1):
        if row is None:  # a row that the file leaves out
            continue
        places = [f"{letters(column)}{line}" for column in range(1, len(row) + 1)]
        out.append(f'<row r="{line}"{" hidden=" + quoteattr("1") if line in hidden else ""}>')
        out += [cell(value, place, (styles or {}).get(place, 0)) for value, place in zip(row, places)]
        out.append("</row>")
    out.append("</sheetData>")
    if merged:
        out.append(f'<mergeCells count="{len(merged)}">' + "".join(f'<mergeCell ref="{ref}"/>' for ref in merged) + "</mergeCells>")
    return "".join(out) + "</worksheet>"


def parts(sheets, strings=None, formats=(), states=None, date1904=False):
    """The parts of a workbook: {member: XML}. sheets: {name: XML}; formats: codes, of the styles from 1 on."""
    names = list(sheets)
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"'
                     f'{(states or {}).get(name) and " state=" + quoteattr(states[name]) or ""}/>' for n, name in enumerate(names, 1))
    related = "".join(f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                      for n in range(1, len(names) + 1))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = {"workbook": "sheet.main", "sharedStrings": "sharedStrings", "styles": "styles"}
    types |= {f"worksheets/sheet{n}": "worksheet" for n in range(1, len(names) + 1)}
    overrides = "".join(f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{name}+xml"/>' for part, name in types.items())
    members = {
        "[Content_Types].xml": TOP + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                               '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                               f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": TOP + f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" '
                             'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": TOP + f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr{" date1904=" + quoteattr("1") if date1904 else ""}/>'
                                 f"<sheets>{listed}</sheets></workbook>",
    }
    if strings is not None:
        related += f'<Relationship Id="rIdS" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        members["xl/sharedStrings.xml"] = TOP + f'<sst xmlns="{MAIN}">' + "".join(f"<si>{one}</si>" for one in strings) + "</sst>"
    if formats:
        related += f'<Relationship Id="rIdF" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        codes = "".join(f'<numFmt numFmtId="{164 + n}" formatCode={quoteattr(code)}/>' for n, code in enumerate(formats) if isinstance(code, str))
        cells = "".join(f'<xf numFmtId="{164 + n if isinstance(code, str) else code}"/>' for n, code in enumerate(formats))
        members["xl/styles.xml"] = (TOP + f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
                                    f'<cellXfs><xf numFmtId="0"/>{cells}</cellXfs></styleSheet>')
    members["xl/_rels/workbook.xml.rels"] = TOP + f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>'
    members |= {f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)}
    return members


def write(path, members):
    """Writes members in their order; a list of pairs may repeat a name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return path


def ods(path, tables, hidden=()):
    """An OpenDocument workbook; tables: {name: XML of its rows}; hidden: names of those that are not displayed."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style"))
    styles = "".join(f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
                     for name, shown in (("ta1", "true"), ("ta2", "false")))
    body = "".join(f'<table:table table:name={quoteattr(name)} table:style-name="{"ta2" if name in hidden else "ta1"}">{rows}</table:table>'
                   for name, rows in tables.items())
    content = (TOP + f'<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>'
               f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>")
    return write(path, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def ods_cell(value, more=""):
    """A cell of an OpenDocument workbook: a text, None, or (type, value, text)."""
    if value is None:
        return f"<table:table-cell {more}/>"
    if isinstance(value, tuple):
        kind, given, text = value
        name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
        return (f'<table:table-cell office:value-type="{kind}" office:{name}="{given}" {more}>'
                f"<text:p>{escape(text)}</text:p></table:table-cell>")
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell office:value-type="string" {more}>{paragraphs}</table:table-cell>'


def ods_row(values, more=""):
    return f"<table:table-row {more}>" + "".join(value if isinstance(value, str) and value.startswith("<") else ods_cell(value) for value in values) + "</table:table-row>"


def xlsx(path, rows, **how):
    """A workbook of one sheet, `Sheet1`."""
    own = {key: how.pop(key) for key in ("merged", "hidden", "styles") if key in how}
    return write(path, parts({"Sheet1": sheet(rows, **own)}, **how))
