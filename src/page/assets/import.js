/* Step 4: what the import will change; step 5: its result. */
const CHANGES = [
  ["added", "new", "plus", () => T("New"), () => T("added by this import")],
  ["moved", "moved", "move", () => T("Moved"), () => T("in a different place: to do by hand")],
  [
    "renamed", "renamed", "pencil", () => T("Renamed"), () => T("under another name: to do by hand")
  ],
  ["removed", "gone", "minus", () => T("Gone"), () => T("not in the file: to do by hand")],
];

function importStep(steps) {
  const {draft} = steps, {about, existing} = draft;
  const host = make("div", {class: "stack"}, make("p", {class: "quiet"}, T("One moment …")));
  const positions = about.importer !== "departments";
  const fill = async () => {
    const all = (await ask("/page/frameworks")).filter((one) => one.kind === about.importer);
    const target = all.find((one) => String(one.id) === draft.reading.settings.select_framework);
    const changes = existing ? await draft.ask("changes") : null;
    if (about.good) await draft.dryRun();
    if (draft !== steps.draft || !host.isConnected) return true;
    /* What is there already stays, is added once more, or stops the import. */
    const conflict = draft.reading.settings.conflict_idnumber ?? "",
          there = changes ? about.units - changes.summary.added : 0,
          stops = there > 0 && conflict === "",
          added = stops   ? 0 :
      conflict === "skip" ? about.units - there :
                            about.units;
    const name = target ? target.name : stem(about.name);
    const what = positions ? count(added, "%s position", "%s positions") :
                             count(added, "%s department", "%s departments");
    const title = added === 0 ? T("Nothing will be added to “%s”", brief(name)) :
      existing                ? T("%s will be added to “%s”", what, brief(name)) :
                 T("%s will be created in a new framework, “%s”", what, brief(name));
    if (changes) changes.summary.added = stops ? changes.summary.added : added;
    const comparison = changes ?
      await compared(steps, changes) :
      [tiles([[about.units, "new", "plus", T("New"), T("created by this import")]])];
    if (draft !== steps.draft || !host.isConnected) return true;
    steps.main.querySelector("h1").textContent = title;
    host.replaceChildren(
      ...(about.good ? [] : [make(
                              "div", {class: "callout error"}, icon("error"),
                              make("div", {class: "stack-2"}, ...leftProblems(steps)))]),
      ...startedBefore(draft).map(
        (one) => make("div", {class: "callout warning"}, icon("warning"), one)),
      ...(
        stops ? [make(
                  "div", {class: "callout error"}, icon("error"),
                  make(
                    "p", null,
                    count(
                      there, "%s row is in the framework already, which stops the import.",
                      "%s rows are in the framework already, which stops the import."),
                    " ", T("Choose under “Options” that they stay as they are.")))] :
                []),
      ...comparison, ...sameName(all, draft), options(steps, stops));
    steps.drawFoot(about.good && added ? T("This can be undone afterwards") : "", {
      text: added ? positions ? count(added, "Import %s position", "Import %s positions") :
                                count(added, "Import %s department", "Import %s departments") :
                    T("Import"),
      behind: null,
      why: about.good && added ? null :
        about.good             ? T("There is nothing to import") :
                                 true,
      act: () => about.good && added ? confirmImport(steps, what, name) : steps.go(AT.review)
    });
    return true;
  };
  steps.guard(fill).then(
    (filled) => filled ||
      host.replaceChildren(make("p", null, btn("", T("Try again"), () => steps.show(steps.at)))));
  return {
    heading: T("What the import will change"),
    lead: existing ? T("The import only adds. What it cannot do is on the to-do list below.") :
                     null,
    body: [host],
    status: "",
    next: {text: T("Import"), why: true, act: () => {}, behind: null}
  };
}

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
  const place = (id, name) => id ? `“${brief(name || id)}”` : T("the top level");
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

/* A framework of the same name that is not the target. */
function sameName(all, draft) {
  const same = draft.existing ? null : all.find((one) => one.name === stem(draft.about.name));
  return same ?
    [make(
      "div", {class: "callout warning"}, icon("warning"),
      make(
        "p", null,
        T("A framework “%s” is there already; this import creates a second one. To compare with it, choose it in the first step.",
          brief(same.name))))] :
    [];
}

function options(steps, open) {
  const {draft} = steps, {existing, reading} = draft, {settings} = reading;
  const one = (label, name, key, entries) => make(
    "div", {class: "field"},
    make(
      "label",
      {for: `option-${name}`
      },
      label),
    select(
      {
        class: "select",
        id: `option-${name}`,
        name,
        onchange: (e) => steps.setting(key, e.target.value || undefined)
      },
      entries, settings[key] || ""));
  return make(
    "details", {class: "fold", open}, make("summary", null, T("Options")),
    make(
      "div", {class: "in stack"},
      ...(
        existing ? [one(
                     T("What is in the framework already"), "conflict", "conflict_idnumber",
                     [
                       ["", T("stops the import")], ["skip", T("stays as it is")],
                       ["suffix", T("is added once more under another identifier")],
                       ["empty", T("is added once more without an identifier")]
                     ])] :
                   []),
      one(
        T("Rows whose parent is not found"), "missing", "missing_parent",
        [["", T("stop the import")], ["root", T("become top-level rows")]])));
}

/* A warning before the same file is imported again. */
const startedBefore = ({
  id,
  unsure
}) => [...(unsure ? [unsureText()] : []),
       ...(
         id ? [T(
                "Import %s was already started from here; the file would be imported again.",
                String(id))] :
              []),
].map((text) => make("p", null, text));

async function confirmImport(steps, what, name) {
  const yes = await sure(
    T("Import now?"),
    T("%s will be added to “%s”. You can undo the import afterwards.", what, brief(name)),
    T("Import"));
  if (!yes) return;
  steps.draft.outcome = T("%s added to “%s”", what, brief(name));
  await begin(steps);
}

async function begin(steps) {
  const {draft} = steps;
  await steps.guard(async () => {
    await draft.begin();
    if (draft === steps.draft) steps.go(AT.result);
  });
}

function resultStep(steps) {
  const {draft} = steps, watch = new Watch(draft.id, steps.problem, draft.outcome),
        todo = make("div");
  watch.follow();
  if (draft.existing)
    draft.ask("todo").then(
      (answer) => answer && todo.replaceChildren(...todoList(draft, answer.todo, answer.total)),
      () => {});
  return {
    heading: T("Result"),
    body: [make("div", {class: "result stack"}, watch.host, todo)],
    status: "",
    next: {
      text: T("Another import"),
      behind: null,
      act: () => {
        steps.forget();
        steps.go(AT.file);
      }
    }
  };
}
