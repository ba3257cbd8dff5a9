/* The second step: which column is which field. */
const SURE = {
  exact: () => T("certain: the same name"),
  alias: () => T("certain: another name of it"),
  folded: () => T("likely: the same but for spelling"),
  given: () => T("your choice"),
  not: () => T("no column"),
  off: () => T("your choice: none"),
  unknown: () => T("the file has no such column"),
};

function columnsStep(steps) {
  const {about, reading} = steps.draft, names = about.columns.map((column) => column.name);
  const columns = names.filter(
    (name, i) => name && names.indexOf(name) === i);  // of two with one name the first is read
  const heads =
    [T("Field"), T("Column"), T("How sure that is"), T("Samples"), T("Where it is empty")];
  const unread =
    about.columns.filter((column) => !column.read && column.name).map((column) => column.name);
  return [
    table(
      T("columns"), heads,
      make("tbody", null, ...about.fields.map((one) => fieldRow(steps, one, columns)))),
    make(
      "div", {class: "fields"},
      field(
        T("Parents are named by"),
        select(
          {
            name: "identifier",
            onchange: (e) => steps.setting("identifier", e.target.value || undefined)
          },
          [["", T("the column of idnumber")], ...columns.map((name) => [name, name])],
          reading.settings.identifier || "")),
      field(
        T("There is a hierarchy"),
        select(
          {
            name: "hierarchy",
            onchange: (e) => steps.setting("hierarchy", e.target.value || undefined)
          },
          [["", T("yes")], ["none", T("no")]], reading.settings.hierarchy || ""))),
    ...(
      unread.length ? [make("p", {class: "note"}, T("Nothing reads:"), " ", ...commas(unread))] :
                      []),
    ...ofFile(about), steps.next(T("Go on to the check"))
  ];
}

/* A field: its column, how sure that is, samples, and what it is where its cell is empty. */
function fieldRow(steps, one, columns) {
  const {about, reading} = steps.draft, key = `csvmapping:${one.name}`,
                fallbackKey = `csvdefault:${one.name}`;
  const chosen = reading.settings[key], read = about.columns[one.column],
        near = about.columns[one.near];
  const automatic =
    read && chosen === undefined ? T("%s (automatic)", read.name) : T("(automatic)");
  const choice = select(
    {
      name: key,
      "aria-label": T("column for %s", one.name),
      onchange: (e) =>
        steps.setting(key, e.target.value === "auto" ? undefined : e.target.value.slice(1))
    },
    [["auto", automatic], ["", T("none")], ...columns.map((name) => [`=${name}`, name])],
    chosen === undefined ? "auto" : chosen && `=${chosen}`);
  const fallback = one.has_default ? input(fallbackKey, {
    type: "text",
    "aria-label": T("where %s is empty", one.name),
    value: one.default ?? one.fallback ?? "",
    size: "8",
    onchange: (e) => steps.setting(
      fallbackKey, e.target.value === (one.fallback ?? "") ? undefined : e.target.value)
  }) :
                                     null;
  const suggestion = near ? make(
                              "div", null,
                              button(
                                T("use `%s`", near.name), () => steps.setting(key, near.name),
                                {name: `use:${one.name}`, class: "suggest"})) :
                            null;
  return make(
    "tr", null,
    make(
      "th", {scope: "row"}, one.name,
      one.required ? make("span", {class: "note"}, " ", T("(needed)")) : null),
    make("td", null, choice), make("td", null, SURE[one.by](), suggestion),
    make(
      "td", null,
      ...((read || near)?.samples ?? []).flatMap((sample) => [told(sample, 40), make("br")])),
    make("td", null, fallback));
}
