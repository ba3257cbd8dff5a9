/* Step 1: the file, and how it is read. */
const ENCODINGS =
  ["UTF-8", "windows-1252", "ISO-8859-1", "ISO-8859-15", "UTF-16LE", "UTF-16BE", "macintosh"];
const DELIMITERS = [
  [",", () => T("comma")], [";", () => T("semicolon")], ["tab", () => T("tab")],
  ["|", () => T("vertical bar")], [":", () => T("colon")]
];
const IMPORTERS = [["positions", () => T("Positions")], ["departments", () => T("Departments")]];

function fileStep(steps) {
  const {draft} = steps, choose = input("file", {
                           type: "file",
                           accept: ".csv,.tsv,.tab,.txt,.xlsx,.xlsm,.ods,.zip,text/csv",
                           onchange: () => choose.files[0] && takeFile(steps, choose.files[0])
                         });
  const drop = make(
    "div", {class: "drop"},
    make(
      "label", null, T("Drop a CSV file, a workbook or the zip of an export here, or choose one:"),
      " ", choose),
    steps.progress);
  const templates = IMPORTERS.flatMap(
    ([name]) => ["xlsx", "csv"].flatMap(
      (format) =>
        [make(
           "a", {
             href: `/page/template?importer=${name}&format=${format}`,
             download: `${name}.${format}`
           },
           `${name}.${format}`),
         " "]));
  return [
    drop, make("p", {class: "note"}, T("No file yet? Templates to fill in:"), " ", ...templates),
    ...(
      draft.archive ? ofArchive(steps) :
        draft.about ? howRead(steps) :
                      [])
  ];
}

/* If another file is chosen meanwhile, the first one is dropped. */
async function takeFile(steps, file) {
  const {progress} = steps;
  steps.taking?.abort();
  const {signal} = steps.taking = new AbortController();
  steps.go(0);
  progress.value = 0;
  progress.classList.remove("hidden");
  const known = await steps.guard(async () => {
    try {
      const item = await upload(file, file.name, (share) => {
        progress.value = share;
      }, signal);
      if (signal.aborted) return undefined;
      const known = await steps.draft.take(item, file.name);
      steps.viewed = undefined;
      return known;
    } catch (problem) {
      if (signal.aborted) return undefined;
      throw problem;
    }
  });
  if (signal.aborted) return;
  progress.classList.add("hidden");
  if (known === undefined) return;
  steps.go(0);
  if (known)
    steps.say(
      T("The columns are read the same way as last time for a file with the same headers."));
}

/* An export of an organisation is imported as it is. */
function ofArchive(steps) {
  const {draft} = steps,
        now = button(T("Import now"), () => begin(steps), {class: "next", name: "import"});
  return [
    make(
      "p", {class: "verdict good"},
      T("This is an export of an organisation: all its frameworks will be created as new ones.")),
    ...startedBefore(draft), make("p", {class: "bar"}, now)
  ];
}

/* The first rows, and the settings that can be corrected. */
function howRead(steps) {
  const {about, reading} = steps.draft,
                change = (some) => steps.redraw(() => steps.draft.change(some));
  const found = DELIMITERS.find(([key]) => key === about.delimiter);
  const recognised =
    (given,
     text) => ["", given ? T("detected automatically") : T("%s (detected automatically)", text)];
  const choices = [
    field(
      T("Content"),
      select(
        {name: "importer", onchange: (e) => change({importer: e.target.value})},
        IMPORTERS.map(([key, name]) => [key, name()]), about.importer || "positions")),
    field(
      T("Encoding"),
      select(
        {name: "encoding", onchange: (e) => change({encoding: e.target.value})},
        [recognised(reading.encoding, about.encoding), ...ENCODINGS.map((name) => [name, name])],
        reading.encoding)),
    field(
      T("Delimiter"),
      select(
        {name: "delimiter", onchange: (e) => change({delimiter: e.target.value})},
        [
          recognised(reading.delimiter, found ? found[1]() : T("none")),
          ...DELIMITERS.map(([key, name]) => [key, name()])
        ],
        reading.delimiter)),
  ];
  const assumed = about.assumed && !reading.importer ?
    [make("p", {class: "note"}, T("The content is not clear; positions are assumed."))] :
    [];
  return [
    make("div", {class: "fields"}, ...choices), ...assumed, ...ofFile(about),
    ...(about.has_rows ? [preview(about)] : []), steps.next(T("Continue to the columns"))
  ];
}

function preview(about) {
  return make(
    "div", {class: "list", tabindex: "0", role: "region", "aria-label": T("preview")},
    make(
      "table", {class: "preview"},
      make(
        "caption", null,
        count(about.rows, "%s row, as it is read:", "The first rows of %s, as they are read:")),
      make(
        "thead", null,
        make(
          "tr", null,
          ...about.columns.map(
            (column) => make("th", {scope: "col"}, asText(column.name || T("(no name)"), 60))))),
      make(
        "tbody", null,
        ...about.first.map(
          (row) => make("tr", null, ...row.map((cell) => make("td", null, asText(cell, 80))))))));
}
