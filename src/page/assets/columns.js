/* Step 2: which column is which. */

/* What the fields are called by people. */
const FIELD_NAMES = {
  name: () => T("Name"),
  idnumber: () => T("Identifier"),
  description: () => T("Description"),
  descriptionformat: () => T("Format of the description"),
  globalmanager: () => T("Global manager"),
  departmentmanager: () => T("Department manager"),
};
const fieldName = (name, importer) => name === "parentid" ?
  (importer === "departments" ? T("Parent department") : T("Reports to")) :
  (FIELD_NAMES[name]?.() ?? name);
const BY_NAME = {
  exact: () => T("The heading is the field's own name"),
  alias: () => T("The heading is another name for the field"),
  folded: () => T("The heading is the field's name, spelled differently"),
  given: () => T("Chosen here, or for an earlier file with the same headings"),
};

/* Whether something about the columns should be looked at: a guess, or a mistake. */
function columnsOpen(draft) {
  const {about, info} = draft;
  return (draft.proposed?.choices ?? []).some((one) => one.state === "proposed") ||
    info.choices.some((one) => one.state === "proposed") ||
    about.fields.some((one) => one.required && one.column < 0) || Boolean(draft.reading.parents) ||
    columnProblems(about).length > 0;
}

const columnProblems = (about) =>
  about.of_file.filter((one) => OF_COLUMNS.test(one.code) && one.severity === "error");

function columnsStep(steps) {
  const {draft} = steps, {about} = draft;
  const matched = about.fields.filter((one) => one.column >= 0).length,
        missing = about.fields.filter((one) => one.required && one.column < 0);
  const heads = [T("Field"), T("Column in your file"), T("Match"), T("Why"), T("Samples")];
  const levels = levelsOf(draft),
        unread = about.columns.filter(
          (column) => !column.read && column.name && !levels.includes(column.name));
  const wrong = columnProblems(about).filter((one) => one.code !== "OV201");
  return {
    heading: T("Do the columns match?"),
    lead:
      T("%s of %s fields have a column, matched by heading and content.", number(matched),
        number(about.fields.length)),
    aside: make("span", {class: "push hint"}, T("Remembered for files with the same headings")),
    body: [make(
      "div", {class: "stack"},
      ...wrong.map(
        (one) => make(
          "div", {class: "callout error"}, icon("error"),
          make("p", null, ...prose(one.message), ". ", ...prose(plainHelp(one.help))))),
      make(
        "section", {class: "box scroll"},
        make(
          "table", {class: "table blocks cols"},
          make("caption", {class: "sr"}, T("Fields and the columns they come from")),
          make(
            "thead", null,
            make("tr", null, ...heads.map((head) => make("th", {scope: "col"}, head)))),
          make(
            "tbody", null,
            ...about.fields.filter((one) => one.name !== "descriptionformat" || one.column >= 0)
              .map((one) => fieldRow(steps, one))))),
      make(
        "div", {class: "two"},
        make("div", {class: "stack"}, parentsChoice(steps), defaultsChoice(steps)),
        make(
          "section", {class: "box"},
          make(
            "header", null, make("h2", null, T("Not imported")),
            make(
              "span", {class: "quiet small push"},
              count(unread.length, "%s column", "%s columns"))),
          make(
            "div", {class: "in stack-2"},
            make(
              "p", {class: "line-up wrap"},
              ...unread.slice(0, 40).map(
                (one) => make("span", {class: "chip plain"}, asText(one.name, 40)))),
            make(
              "p", {class: "small quiet"}, T("They stay in the file when you download it."))))))],
    status: missing.length ?
      T("Please choose a column for: %s",
        missing.map((one) => fieldName(one.name, about.importer)).join(", ")) :
      wrong.length ? T("Please fix what is marked above.") :
                     SAYS.status(),
    next: {
      text: T("Continue"),
      act: () => missing.length ?
        steps.main.querySelector(`select[name="csvmapping:${missing[0].name}"]`)?.focus() :
        wrong.length ? steps.main.querySelector(".callout.error").scrollIntoView() :
                       leaveColumns(steps),
      why: missing.length || wrong.length ? true : null
    }
  };
}

/* With other columns, the file may be known to belong to a framework only now. */
async function leaveColumns(steps) {
  const target = await proposeTarget(steps);
  steps.go(AT.review);
  if (target)
    toast(
      T("Most identifiers are in “%s”: compared with it.", brief(target)), () => steps.go(AT.file),
      T("Look at it"));
}

/* How a field got its column: a chip and a reason. */
function matchOf(draft, one) {
  const known = [...(draft.proposed?.choices ?? []), ...draft.info.choices].find(
    (each) => each.field === one.name && each.state === "proposed");
  const read = draft.about.columns[one.column];
  if (read && known?.column === read.name)
    return [confidence(known.percent), prose(known.reason ?? "")];
  if (read && one.by === "given")
    return [make("span", {class: "chip plain"}, T("Chosen")), [BY_NAME.given()]];
  if (read) return [chip("sure", T("Certain")), [BY_NAME[one.by]?.() ?? ""]];
  const near = draft.about.columns[one.near];
  if (near || known) return [chip("choose", T("Please choose")), prose(known?.reason ?? "")];
  if (one.required)
    return [chip("choose", T("Please choose")), [T("Nothing can be imported without it")]];
  return [make("span", {class: "chip plain"}, T("No column")), [T("Optional")]];
}

function fieldRow(steps, one) {
  const {draft} = steps, {about, reading} = draft, key = `csvmapping:${one.name}`,
        names = about.columns.map((column) => column.name),
        columns = names.filter((name, i) => name && names.indexOf(name) === i),
        read = about.columns[one.column];
  const label = fieldName(one.name, about.importer), [match, why] = matchOf(draft, one);
  const levels = levelsOf(draft);
  const byLayout = /^(levels|path|outline)/.test(reading.parents) &&
    (one.name === "parentid" || (one.name === "name" && (!read || levels.includes(read.name))));
  const take = (name) => {
    const some = {[key]: name};
    if (one.name === "idnumber" && name) some.identifier = name;
    steps.redraw(() => draft.settings(some));
  };
  const list = select(
    {
      class: "select",
      name: key,
      "aria-label": T("Column for %s", label),
      disabled: byLayout,
      onchange: (e) => take(e.target.value.slice(1))
    },
    [
      ["", byLayout ? T("from the levels or the path") : T("Do not import")],
      ...columns.map((name) => [`=${name}`, brief(name)])
    ],
    read && !byLayout ? `=${read.name}` : "");
  const samples =
    (read?.samples ?? []).flatMap((sample, i) => [i ? " · " : "", asText(sample, 40)]);
  const usual =
    one.has_default && (one.name === "globalmanager" || one.name === "departmentmanager");
  return make(
    "tr", null,
    make(
      "th", {scope: "row"}, label, " ",
      one.required ? make("span", {class: "hint"}, T("required")) : null, make("br"),
      make("span", {class: "key"}, one.name)),
    make("td", {class: "full"}, list), make("td", null, byLayout ? "" : match),
    make(
      "td", {class: "full small quiet"}, ...(byLayout ? [] : why),
      !read && usual && !byLayout ? T(": every row gets “no”") : ""),
    make("td", {class: "full small"}, ...(samples.length ? samples : ["–"])));
}

/* What cells that are empty, or that the file does not have, become. */
function defaultsChoice(steps) {
  const {about} = steps.draft, some = about.fields.filter((one) => one.has_default);
  if (!some.length) return null;
  return make(
    "details", {class: "fold"}, make("summary", null, T("Values for empty cells")),
    make("div", {class: "in fields"}, ...some.map((one) => {
      const key = `csvdefault:${one.name}`, usual = one.fallback ?? "";
      return make(
        "div", {class: "field"}, make("label", {for: `default-${one.name}`
        }, fieldName(one.name, about.importer)), input(key, {
          id: `default-${one.name}`,
          class: "input",
          value: one.default ?? usual,
          onchange: (e) => steps.setting(key, e.target.value === usual ? undefined : e.target.value)
        }));
    })));
}

/* The names in a list of columns, as options write it: separated by commas, quoted where needed. */
const namesOf = (list) => [...list.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map(
  ([, quoted, plain]) => plain ?? quoted.replace(/""/g, "\""));

/* The columns that are levels, or hold the path. */
const levelsOf = ({reading}) => namesOf(reading.parents.replace(/^(levels|path)=/, ""));

/* How the rows say who is above them. */
function parentsChoice(steps) {
  const {draft} = steps, {about, info, reading} = draft, now = reading.parents || "id",
        proposed = draft.proposed?.parents || info.parents || "";
  const flat = reading.settings.hierarchy === "none";
  const kind = flat ? "none" : now.split("=")[0],
        names = about.columns.map((one) => one.name).filter(Boolean);
  const take = (parents, fill = "") => steps.redraw(
    () => draft.settings(
      flat ? {hierarchy: undefined, "csvmapping:parentid": undefined} : {}, {parents, fill}));
  const takeNone = () => steps.redraw(
    () => draft.settings({hierarchy: "none", "csvmapping:parentid": ""}, {parents: "", fill: ""}));
  const quoted = (name) => /[,"]/.test(name) ? `"${name.replace(/"/g, "\"\"")}"` : name;
  const levels = async () => {
    const used = namesOf(now.startsWith("levels=") ? now.slice(7) : "");
    const boxes =
      names.map((name) => checkbox({value: name, checked: used.includes(name)}, brief(name)));
    const done = await dialog(
      T("Which columns are the levels?"),
      [
        make("p", {class: "quiet"}, T("From the highest to the lowest, in the order of the file.")),
        make("div", {class: "stack-2"}, ...boxes.map((one) => make("div", null, one)))
      ],
      [["", T("Cancel"), null], ["primary", T("Use these columns"), true]]);
    const chosen = boxes.map((one) => one.querySelector("input")).filter((one) => one.checked);
    if (done && chosen.length)
      take(`levels=${chosen.map((one) => quoted(one.value)).join(",")}`);
    else
      steps.show(steps.at, false);
  };
  const path = async () => {
    const list = select({class: "select"}, names.map((name) => [name, brief(name)]), names[0]);
    const done = await dialog(
      T("Which column holds the path?"), [list],
      [["", T("Cancel"), null], ["primary", T("Use this column"), true]]);
    if (done)
      take(`path=${quoted(list.value)}`);
    else
      steps.show(steps.at, false);
  };
  const one = (value, title, why, act) => choice(
    {
      name: "parents",
      value,
      checked: kind === value,
      onchange: act,
      onclick: kind === value && (value === "levels" || value === "path") ? act : null
    },
    title, why, proposed.split("=")[0] === value ? chip("likely", T("Likely")) : null);
  const positions = about.importer !== "departments";
  return make(
    "section", {class: "box"},
    make(
      "header", null,
      make(
        "h2", null,
        positions ? T("How does the file show who reports to whom?") :
                    T("How does the file show the parent department?"))),
    make(
      "div", {class: "in choices"}, one("id", T("By identifier"), null, () => take("")),
      one(
        "name", T("By name"), T("The column holds names instead of identifiers"),
        () => take("name")),
      one("either", T("By identifier or name"), null, () => take("either")),
      one(
        "levels", T("By level columns"),
        kind === "levels" ? now.slice(7) : T("Level 1, Level 2, Level 3"),
        () => proposed.startsWith("levels=") && kind !== "levels" ?
          take(proposed, (draft.proposed?.fill ?? info.fill).join("\n")) :
          levels()),
      one(
        "path", T("By a path in one cell"),
        kind === "path" ? now.slice(5) : T("Company / Operations / North"),
        () => proposed.startsWith("path=") && kind !== "path" ? take(proposed) : path()),
      one("none", T("Not at all"), T("A flat list"), takeNone)));
}
