/* What a file changes in what is there already, and what is to be done by hand. */
const CHANGES = [
  ["added", "new", "plus", () => T("New"), () => T("added by this import")],
  ["moved", "moved", "move", () => T("Moved"), () => T("in a different place: to do by hand")],
  [
    "renamed", "renamed", "pencil", () => T("Renamed"), () => T("under another name: to do by hand")
  ],
  ["removed", "gone", "minus", () => T("Gone"), () => T("not in the file: to do by hand")],
];

/* Fills the part of a step that takes time; if that fails, it can be tried again. fill: resolves
 * with true. */
const filling = (steps, host, fill) => steps.guard(fill).then(
  (filled) => filled ||
    host.replaceChildren(make("p", null, btn("", T("Try again"), () => steps.show(steps.at)))));
const leftCallout = (steps) =>
  steps.draft.about.good ? [] : [make(
                                  "div", {class: "callout error"}, icon("error"),
                                  make("div", {class: "stack-2"}, ...leftProblems(steps)))];
/* What keeps the file from being imported, and where it is settled. */
function leftProblems(steps) {
  const {about, errors} = steps.draft, ofColumns = columnProblems(about);
  return [
    make("p", null, T("Some problems are left: nothing can be imported before they are fixed.")),
    make(
      "ul", null, ...ofColumns.map((one) => make("li", null, ...prose(one.message))),
      ...errors.map((one) => make("li", null, problemName(one, about)))),
    make(
      "p", {class: "line-up wrap"},
      ofColumns.length ? btn("small", T("Columns"), () => steps.go(AT.columns), {before: "table"}) :
                         null,
      errors.length ?
        btn("small", T("Review and fix"), () => steps.go(AT.review), {before: "list"}) :
        null)
  ];
}

const tiles = (list) => make(
  "div", {class: "tiles"},
  ...list.map(
    ([n, state, sign, what, then]) => make(
      "div", {class: `tile ${state}`}, make("p", {class: "n"}, icon(sign), number(n)),
      make("p", {class: "what"}, what), make("p", {class: "then"}, then))));

/* One thing to do by hand, in words. */
function todoText(one) {
  const who = [make("b", null, asText(one.name || one.id, 80)), " (", asText(one.id, 40), ")"];
  const place = (id, name) => id ? T("“%s”", brief(name || id)) : T("the top level");
  if (one.kind === "move")
    return [
      ...who, ": ",
      T("move from %s to %s", place(one.from, one.from_name), place(one.to, one.to_name))
    ];
  if (one.kind === "rename") return [...who, ": ", T("rename, it was “%s”", brief(one.from))];
  if (one.kind === "remove") return [...who, ": ", T("remove, it is not in the file any more")];
  return [...who, ": ", T("change the details")];
}

const downloadLink = (draft, what, ending, text) => make(
  "a", {
    class: "btn small",
    href: reportOf(draft.reading, what),
    download: `${stem(draft.about.name)}.${ending}`
  },
  icon("download"), text);

/* What an import does not do, to be ticked off, printed or kept. */
function todoList(draft, todo, total) {
  if (!todo.length) return [];
  return [make(
    "section", {class: "box"},
    make(
      "header", null, make("h2", null, T("To do by hand")),
      make(
        "span", {class: "line-up push noprint"}, downloadLink(draft, "todo", "todo.csv", T("CSV")),
        downloadLink(draft, "todo-workbook", "todo.xlsx", T("Workbook")),
        btn("small ghost", T("Print"), () => print(), {before: "print"}))),
    make(
      "div", {class: "in stack-2"},
      make(
        "p", {class: "quiet small"},
        T("An import never moves, renames or removes what is already there.")),
      make(
        "ul", {class: "todo"},
        ...todo.map(
          (one) => make(
            "li", null,
            make(
              "label", {class: "line-up"}, make("input", {type: "checkbox"}),
              make("span", null, ...todoText(one)))))),
      total > todo.length ?
        make("p", {class: "hint"}, T("The download has all %s of them.", number(total))) :
        null))];
}

/* The file compared with the framework: what is added, and the to-do list. */
async function compared(steps, changes) {
  const {draft} = steps, {summary} = changes, {todo, total} = await draft.ask("todo");
  return [
    tiles(
      CHANGES.map(([key, state, sign, what, then]) => [summary[key], state, sign, what(), then()])),
    ...todoList(draft, todo, total),
    ...(
      summary.added ?
        [make(
          "p", null, downloadLink(draft, "new-rows", "new.csv", T("Only the new rows, as CSV")))] :
        [])
  ];
}
