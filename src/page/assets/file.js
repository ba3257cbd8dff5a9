/* Step 1: the file: which table of it, what is in it, and where it is going. */
const ENCODINGS =
  ["UTF-8", "windows-1252", "ISO-8859-1", "ISO-8859-15", "UTF-16LE", "UTF-16BE", "macintosh"];
const DELIMITERS = [
  [",", () => T("comma")], [";", () => T("semicolon")], ["tab", () => T("tab")],
  ["|", () => T("vertical bar")], [":", () => T("colon")]
];
const IMPORTERS = [["positions", () => T("Positions")], ["departments", () => T("Departments")]];
const FILES = ".csv,.tsv,.tab,.txt,.xlsx,.xlsm,.ods,.zip,text/csv";

function fileStep(steps) {
  const {draft} = steps;
  if (draft.archive) return archiveStep(steps);
  return draft.about ? tableStep(steps) : emptyStep(steps);
}

/* --- no file yet --- */

/* Shows the start again; the file and its edits stay with the service. */
function startOver(steps) {
  steps.forget();
  steps.go(AT.file);
}

function emptyStep(steps) {
  const choose = input("file", {
    type: "file",
    class: "sr",
    accept: FILES,
    "aria-label": T("Choose a file"),
    onchange: () => choose.files[0] && takeFile(steps, choose.files[0])
  });
  const drop = make(
    "div", {class: "drop"}, make("span", {class: "ic"}, icon("upload", {class: "i lg"})),
    make("h2", null, T("Drop your file here")), make("p", {class: "quiet"}, SAYS.kinds()),
    btn("primary", T("Choose a file"), () => choose.click()), choose, steps.progress);
  const way = (name, title, sub, act) => make(
    "button", {type: "button", class: "way", onclick: act}, icon(name),
    make("span", null, make("b", null, title), make("span", {class: "sub"}, sub)));
  const templates = IMPORTERS.flatMap(
    ([name, title]) => ["xlsx", "csv"].map(
      (format) => make(
        "a", {href: templateOf(name, format), download: `${name}.${format}`},
        `${title()} (.${format})`)));
  const earlier = make("div", {class: "stack-2"});
  ask("/page/drafts")
    .then((drafts) => earlier.replaceChildren(...earlierDrafts(steps, drafts)), () => {});
  return {
    heading: SAYS.which(),
    lead: SAYS.safe(),
    body: [make(
      "div", {class: "stack"}, drop,
      make(
        "div", {class: "ways"},
        way(
          "paste", T("Paste from a spreadsheet"), T("Copied cells, with their headings"),
          () => pasteTable(steps)),
        way(
          "sample", T("Try it with a sample"), T("A small file with typical mistakes"),
          () => takeFile(steps, sampleFile()))),
      earlier,
      make(
        "p", {class: "small quiet"}, T("No file yet? Templates to fill in:"), " ",
        ...templates.flatMap((one, i) => [i ? " · " : "", one])))]
  };
}

/* Files that were edited and not imported yet, or of which more may be to do. */
function earlierDrafts(steps, drafts) {
  const open = async (one) => {
    const taken = await steps.guard(async () => {
      await steps.draft.take(one.item, one.name);
      return true;
    });
    if (taken) steps.go(AT.review);
  };
  return drafts.length ?
    [
      make("h2", {class: "small"}, T("Continue where you stopped")),
      make(
        "div", {class: "ways"},
        ...drafts.map(
          (one) => make(
            "button", {type: "button", class: "way", onclick: () => open(one)}, icon("sheet"),
            make(
              "span", null, make("b", null, asText(one.name, 60)),
              make(
                "span", {class: "sub"}, time(one.time), " · ",
                count(one.steps, "%s change", "%s changes"))))))
    ] :
    [];
}

/* Asks for cells that were copied in a spreadsheet. */
async function pasteTable(steps) {
  const area = make(
    "textarea",
    {class: "input", rows: "8", "aria-label": T("Cells"), placeholder: T("Press Ctrl+V here")});
  const done = await dialog(
    T("Paste from a spreadsheet"),
    [
      make(
        "p", {class: "quiet"},
        T("Copy the cells in your spreadsheet, with the row of headings, and paste them here.")),
      area
    ],
    [["", T("Cancel"), null], ["primary", T("Use these cells"), true]]);
  if (done && area.value.trim())
    takeFile(steps, new File([area.value], `${T("pasted")}.tsv`, {type: "text/plain"}));
}

/* A small file that shows what can be fixed; its names are those of the reader's language. */
function sampleFile() {
  const rows = [
    [T("Position no."), T("Position title"), T("Reports to"), T("Remarks"), T("Global manager")],
    ["P-100", T("Managing director"), "", T("Leads the company"), T("yes")],
    ["P-110", T("Head of operations"), "P-100", "", T("no")],
    ["P-120", T("Head of finance"), "P-100", "", T("no")],
    ["P-200", T("Site manager"), "P-110", T("Two shifts"), T("no")],
    ["P-201", T("Shift lead, early"), "P-20O", "", T("no")],
    ["P-202", T("Shift lead, late"), "P-20O", "", T("no")],
    ["P-300", T("Head of IT"), "P-302", "", T("no")],
    ["P-301", T("Developer"), "P-300", "", T("no")],
    ["P-302", T("System administrator"), "P-301", "", T("no")],
    ["P-120", T("Accountant"), "P-120", "", T("no")],
  ];
  const text = rows.map((row) => row.join(";")).join("\r\n");
  return new File([`${text}\r\n`], `${T("sample")}.csv`, {type: "text/csv"});
}

/* Whether the file may be replaced: asks if corrections would be lost. */
const mayReplace = async (steps) => !SAYS.loses(steps.draft) ||
  await sure(
    T("Replace the file?"),
    T("The corrections that you made here are in this draft only. Download the corrected file first if you want to keep them."),
    T("Replace it"));

/* If another file is chosen meanwhile, the first one is dropped. */
async function takeFile(steps, file) {
  const {progress} = steps;
  if (!await mayReplace(steps)) return;
  steps.taking?.abort();
  const {signal} = steps.taking = new AbortController();
  steps.go(AT.file);
  progress.value = 0;
  progress.classList.remove("hidden");
  const known = await steps.guard(async () => {
    try {
      const item = await upload(file, file.name, (share) => {
        progress.value = share;
      }, signal);
      if (signal.aborted) return undefined;
      steps.review = null;
      return await steps.draft.take(item, file.name);
    } catch (problem) {
      if (signal.aborted) return undefined;
      throw problem;
    }
  });
  if (signal.aborted) return;
  progress.classList.add("hidden");
  if (known === undefined) return;
  steps.go(AT.file);
  if (known) toast(T("An earlier file had the same headings: its columns are used again."));
}

/* An export of an organisation is imported as it is. */
function archiveStep(steps) {
  const {draft} = steps;
  return {
    heading: T("This is an export of an organisation"),
    lead: T("All its frameworks will be created as new ones."),
    body: startedBefore(draft),
    next: {text: T("Import"), act: () => begin(steps), behind: null},
    status: SAYS.status()
  };
}

/* --- the table --- */

function tableStep(steps) {
  const {draft} = steps, {about, info} = draft;
  if (!draft.targets && about.has_rows)
    proposeTarget(steps).then(() => {
      if (draft.targets && draft === steps.draft && steps.at === AT.file && !steps.busy)
        steps.redraw(async () => {});
    });
  const side = make(
    "div", {class: "stack"}, contentChoice(steps),
    ...(about.has_rows && about.rows ? [targetChoice(steps)] : []),
    ...(info.encoding_sure ? [] : [encodingChoice(steps)]), readingDetails(steps));
  const good = about.has_rows && about.rows > 0;
  return {
    heading: good ? T("Is this the right table?") : T("This table cannot be read"),
    lead: good ?
      T("Click the row that holds the headings, if it is not row %s.", number(info.header_row)) :
      null,
    aside: btn("push", T("Another file"), () => startOver(steps), {before: "upload"}),
    body: [
      ...(good ? leftOutLines(steps) : [fileProblems(about)]),
      make("div", {class: "two"}, make("div", {class: "stack"}, preview(steps)), side)
    ],
    status: SAYS.status(),
    next: {
      text: T("Continue"),
      act: () => good && leaveFile(steps),
      why: good ? null : T("No rows were found")
    }
  };
}

/* Skips the columns if there is nothing to decide. */
async function leaveFile(steps) {
  if (columnsOpen(steps.draft)) {
    steps.go(AT.columns);
    return;
  }
  await proposeTarget(steps);
  steps.go(AT.review);
  toast(
    T("All columns were certain, so that step was skipped."), () => steps.go(AT.columns),
    T("Look at them"));
}

/* Lines that were left out, and a way to keep them. */
function leftOutLines(steps) {
  const {draft} = steps, {leftOut} = draft, removed = draft.removed,
        lines = leftOut.filter((one) => removed.has(one.line));
  if (!lines.length) return [];
  const keep = (one) => steps.redraw(
    () => draft.edit(
      [["restore", one.line], ["keep", one.line]], T("Line %s is a row", number(one.line))));
  return [make(
    "div", {class: "callout"}, icon("info"),
    make(
      "div", {class: "stack-2"},
      make(
        "p", null,
        count(lines.length, "Not a row, so it is left out:", "Not rows, so they are left out:")),
      ...lines.slice(0, 5).map(
        (one) => make(
          "p", {class: "line-up wrap"}, make("b", null, T("Line %s", number(one.line))),
          make("span", null, asText(one.value ?? "", 60)),
          btn("ghost small", T("Keep it"), () => keep(one)))),
      lines.length > 5 ? make("p", {class: "hint"}, T("and %s more", number(lines.length - 5))) :
                         null))];
}

/* What is wrong with the file as a whole, where it has no rows. */
function fileProblems(about) {
  return make(
    "div", {class: "callout error", role: "alert"}, icon("error"),
    make(
      "div", {class: "stack-2"},
      ...about.of_file.filter((one) => one.severity === "error")
        .slice(0, 5)
        .map(
          (one) => make("p", null, ...prose(one.message), ". ", ...prose(plainHelp(one.help))))));
}

/* Edits belong to the cells of one sheet, as they are cut by one delimiter. */
async function readOtherwise(steps, change) {
  const {draft} = steps, made = draft.changes;
  if (
    made > 0 &&
    !await sure(
      T("Read the file in another way?"),
      count(
        made, "%s change that was made here would no longer fit, and is undone.",
        "%s changes that were made here would no longer fit, and are undone."),
      T("Undo and read"))) {
    steps.show(steps.at, false);
    return;
  }
  await steps.redraw(async () => {
    if (draft.steps.count) await draft.move("reset");
    await draft.readAs(change);
    await draft.after(() => draft.leaveOut());
  });
}

function preview(steps) {
  const {draft} = steps, {info, about} = draft, host = make("section", {class: "box"});
  const sheets = info.sheets.filter((one) => one.visible || one.name === info.sheet);
  const head = make(
    "header", null,
    ...(sheets.length > 1 ?
          [
            make("span", {class: "small quiet"}, T("Sheet")),
            make(
              "div", {class: "seg", role: "group", "aria-label": T("Sheet")},
              ...sheets.map((one) => make(
                "button", {
                  type: "button",
                  name: `sheet:${one.name}`,
                  "aria-pressed": String(one.name === info.sheet),
                  onclick: () => readOtherwise(steps, {sheet: one.name, header_row: ""})
                },
                brief(one.name))))
          ] :
          []),
    make(
      "span", {class: "push small quiet"},
      T("Headings: row %s", number(info.header_row)), " · ", count(about.rows, "%s row", "%s rows")));
  const body = make("div", {
    class: "grid-wrap",
    tabindex: "0",
    role: "region",
    "aria-label": T("First rows of the table")
  });
  host.append(head, body);
  draft.ask("lines").then((lines) => body.replaceChildren(linesTable(steps, lines)), () => {});
  return host;
}

function linesTable(steps, lines) {
  const {draft} = steps, {header_row} = draft.info, SHOWN = 14,
        width = Math.max(...lines.map((one) => one.cells.length), 1);
  const row = (one) => {
    const is = one.line === header_row,
          radio = make("input", {
            type: "radio",
            name: "header_row",
            value: String(one.line),
            checked: is,
            "aria-label": T("Row %s holds the headings", number(one.line)),
            onchange: () => choose(one.line)
          });
    return make(
      "tr", {
        class: is               ? "headrow" :
          one.line < header_row ? "out pick" :
                                  "pick",
        onclick: (e) => e.target !== radio && choose(one.line)
      },
      make("th", {class: "ln", scope: "row"}, radio, " ", number(one.line)),
      ...Array.from({length: width}, (_, i) => make("td", null, asText(one.cells[i] ?? "", 60))));
  };
  const choose = (line) => {
    if (line !== header_row) steps.redraw(() => draft.readAs({header_row: String(line)}));
  };
  const rest = draft.about.rows - Math.min(lines.length, SHOWN) + 1;
  return make(
    "table", {class: "cells preview"}, make("caption", {class: "sr"}, T("First rows of the table")),
    make(
      "tbody", null, ...lines.slice(0, SHOWN).map(row),
      ...(
        rest > 0 && draft.about.has_rows ?
          [make(
            "tr", {class: "out"}, make("th", {class: "ln"}, "…"),
            make("td", {colspan: String(width)}, T("more rows follow")))] :
          [])));
}

function contentChoice(steps) {
  const {draft} = steps, {about} = draft;
  return make(
    "fieldset", {class: "field"}, make("legend", {class: "field-name"}, T("What is in it?")),
    make(
      "div", {class: "seg", role: "group"},
      ...IMPORTERS.map(
        ([key, name]) => make(
          "button", {
            type: "button",
            name: `importer:${key}`,
            "aria-pressed": String(key === about.importer),
            onclick: () => steps.redraw(() => draft.readAs({importer: key}))
          },
          key === about.importer ? icon("check") : null, name()))),
    about.assumed && !draft.reading.importer ?
      make(
        "p", {class: "hint"},
        T("Neither the file name nor the headings show this; please check.")) :
      null);
}

/* Candidates for the encoding, each with a cell as it would be read. */
function encodingChoice(steps) {
  const {draft} = steps, {info, about, reading} = draft;
  return make(
    "fieldset", {class: "field"},
    make("legend", {class: "field-name"}, T("Which of these is spelled right?")),
    make(
      "div", {class: "choices"},
      ...info.encodings.slice(0, 3).map(
        (one) => choice(
          {
            name: "encoding",
            value: one.name,
            checked: one.name === (reading.encoding || about.encoding),
            onchange: () => steps.redraw(() => draft.readAs({encoding: one.name}))
          },
          asText(one.sample, 60), `${one.name}, ${T("line %s", number(one.line))}`))));
}

/* What can be corrected by hand, if the detection was wrong. */
function readingDetails(steps) {
  const {draft} = steps, {about, info, reading} = draft;
  if (info.workbook) return null;
  const found = DELIMITERS.find(([key]) => key === about.delimiter);
  const
    one =
      (label, name, auto, options) =>
        make(
          "div", {class: "field"},
          make(
            "label",
            {for: `reading-${name}`
            },
            label),
          select(
            {
              class: "select",
              id: `reading-${name}`,
              name,
              onchange: (e) => name ===
                  "delimiter" ?
                readOtherwise(steps, {delimiter: e.target.value}) :
                steps.redraw(() => draft.readAs({[name]: e.target.value}))
            },
            [
              [
                "",
                reading[name] ? T("detected automatically") : T("%s (detected automatically)", auto)
              ],
              ...options
            ],
            reading[name]));
  return make(
    "details", {class: "fold"}, make("summary", null, T("How the file is read")),
    make(
      "div", {class: "in stack"},
      one(T("Encoding"), "encoding", about.encoding, ENCODINGS.map((name) => [name, name])),
      one(
        T("Delimiter"), "delimiter", found ? found[1]() : T("none"),
        DELIMITERS.map(([key, name]) => [key, name()]))));
}

/* --- where it is going --- */

/* Finds the framework that has most of the identifiers and compares the file with it, unless the
 * user has chosen. Resolves with its name if it did, otherwise "". */
async function proposeTarget(steps) {
  const {draft} = steps;
  if (draft.targets || !draft.about?.has_rows) return "";
  draft.proposing ??= findTarget(steps, draft).finally(() => {
    draft.proposing = null;
  });
  return draft.proposing;
}
async function findTarget(steps, draft) {
  const {reading} = draft,
        targets = await draft.ask("targets").catch((problem) => problem.passing ? null : []);
  if (!targets || reading !== draft.reading) return "";  // busy, or read in another way meanwhile
  draft.targets = targets;
  const [best] = targets;
  if (!best || best.known * 2 <= draft.about.units || draft.existing || draft.targetChosen)
    return "";
  return await steps.guard(() => chooseTarget(draft, best.id).then(() => best.name)) ?? "";
}

function chooseTarget(draft, id) {
  return draft.settings(
    {
      target_framework: id ? "existing" : undefined,
      select_framework: id ? String(id) : undefined,
      conflict_idnumber: id ? "skip" : undefined
    },
    id ? {importer: draft.about.importer} : {});
}

function targetChoice(steps) {
  const {draft} = steps, {about, existing, reading} = draft, targets = draft.targets ?? [];
  const now = existing ? Number(reading.settings.select_framework) : 0;
  const take = (id) => steps.redraw(() => {
    draft.targetChosen = true;
    draft.keep();
    return chooseTarget(draft, id);
  });
  const shown = targets.filter((one, i) => one.id === now || (i < 3 && one.known > 0));
  const other = targets.filter((one) => !shown.includes(one));
  return make(
    "fieldset", {class: "field"}, make("legend", {class: "field-name"}, SAYS.target()),
    make(
      "div", {class: "choices"},
      ...shown.map(
        (one) => choice(
          {
            name: "target",
            value: String(one.id),
            checked: one.id === now,
            onchange: () => take(one.id)
          },
          T("Compare with “%s”", brief(one.name)),
          T("%s of %s identifiers are already there.", number(one.known), number(about.units)),
          one.known * 2 > about.units ? chip("likely", T("Likely")) : null)),
      choice(
        {name: "target", value: "", checked: !now, onchange: () => take(0)},
        SAYS.none(brief(stem(about.name))), SAYS.creates(about)),
      ...(
        other.length ?
          [select(
            {
              class: "select",
              name: "other-target",
              "aria-label": T("Another framework"),
              onchange: (e) => e.target.value && take(Number(e.target.value))
            },
            [
              ["", T("Another framework …")],
              ...other.map((one) => [String(one.id), `${brief(one.name)} (${number(one.items)})`])
            ],
            "")] :
          []),
      ...SAYS.other(steps)),
    existing ?
      make("p", {class: "hint"}, T("Parents that are only in the framework also count as found.")) :
      null);
}
