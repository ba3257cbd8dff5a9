/* Step 2: mapping columns to fields. */
const SURE = {
  exact: () => T("certain: the same name"),
  alias: () => T("certain: another name for it"),
  folded: () => T("likely: the same name, spelled differently"),
  given: () => T("your choice"),
  not: () => T("no column"),
  off: () => T("your choice: none"),
  unknown: () => T("the file has no such column"),
};

/* What a field means, for new users. */
const MEANING = {
  name: () => T("what it is called"),
  idnumber: () => T("its identifier, unique in the file"),
  description: () => T("further details"),
  descriptionformat: () => T("format of the description: 1 is HTML, 2 is plain text"),
  parentid: () => T("the item directly above it"),
  globalmanager: () => T("1: the holder manages everyone"),
  departmentmanager: () => T("1: the holder manages the department"),
};

function columnsStep(steps) {
  const {about, reading} = steps.draft, names = about.columns.map((column) => column.name);
  const columns =
    names.filter((name, i) => name && names.indexOf(name) === i)
      .map((name) => [name, brief(name)]);  // of two columns with the same name, the first is read
  const heads = [T("Field"), T("Column"), T("Match"), T("Samples"), T("Value for empty cells")];
  const unread =
    about.columns.filter((column) => !column.read && column.name).map((column) => column.name);
  const one = (label, name, options) => field(
    label,
    select(
      {name, onchange: (e) => steps.setting(name, e.target.value || undefined)}, options,
      reading.settings[name] || ""));
  const chosen = Object.keys(reading.settings).some((key) => COLUMN_SETTINGS.test(key));
  return [
    table(
      T("columns"), heads,
      make("tbody", null, ...about.fields.map((each) => fieldRow(steps, each, columns, heads)))),
    make(
      "div", {class: "fields"},
      one(T("Match parents by"), "identifier", [["", T("the column for idnumber")], ...columns]),
      one(T("Hierarchy"), "hierarchy", [["", T("yes")], ["none", T("no")]])),
    ...unknown(about),
    ...(unread.length ? [make("p", {class: "note"}, T("Not used:"), " ", ...commas(unread))] : []),
    ...(
      chosen ? [make(
                 "p", null,
                 button(
                   T("map columns automatically again"),
                   () => steps.redraw(() => steps.draft.anew()), {name: "anew"}))] :
               []),
    ...ofFile(about), steps.next(T("Continue to the check"))
  ];
}

/* Without a column for idnumber, parents are compared with another column: shows which. */
function unknown(about) {
  const idnumber = about.fields.find((one) => one.name === "idnumber"),
        known = about.columns[about.id];
  return idnumber?.column < 0 && known && about.tree ?
    [make(
      "p", {class: "note"},
      T("No column is mapped to idnumber: rows are identified by `%s`, and parents are compared with it.",
        brief(known.name)))] :
    [];
}

/* A field: its column, the confidence of the match, samples, and its default for empty cells. */
function fieldRow(steps, one, columns, heads) {
  const {about, reading} = steps.draft, key = `csvmapping:${one.name}`,
                read = about.columns[one.column], near = about.columns[one.near];
  const chosen = reading.settings[key],
        automatic =
          read && chosen === undefined ? T("%s (automatic)", brief(read.name)) : T("(automatic)");
  const choice = select(
    {
      name: key,
      "aria-label": T("column for %s", one.name),
      onchange: (e) =>
        steps.setting(key, e.target.value === "auto" ? undefined : e.target.value.slice(1))
    },
    [
      ["auto", automatic], ["", T("no column")],
      ...columns.map(([name, text]) => [`=${name}`, text])
    ],
    chosen === undefined ? "auto" : chosen && `=${chosen}`);
  const suggestion = near ?
    make(
      "div", null,
      button(
        T("use `%s`", brief(near.name)), () => steps.setting(key, near.name),
        {name: `use:${one.name}`, class: "suggest"})) :
    null;
  const samples =
    ((read || near)?.samples ?? []).flatMap((sample) => [asText(sample, 40), make("br")]);
  const head = make(
    "th", {scope: "row"}, one.name,
    one.required ? make("span", {class: "note"}, " ", T("(required)")) : null,
    make("div", {class: "note"}, MEANING[one.name]?.() ?? null));
  return tableRow(heads, [
    head, choice, [SURE[one.by](), suggestion], samples,
    one.has_default ? fallback(steps, one) : null
  ]);
}

function fallback(steps, one) {
  const key = `csvdefault:${one.name}`, usual = one.fallback ?? "";
  return input(key, {
    type: "text",
    "aria-label": T("value when %s is empty", one.name),
    value: one.default ?? usual,
    size: "8",
    onchange: (e) => steps.setting(key, e.target.value === usual ? undefined : e.target.value)
  });
}
