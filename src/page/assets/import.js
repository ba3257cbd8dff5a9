/* Step 4: what the import will change; step 5: its result. */
const LAST_STEPS = [
  {name: "import", title: () => T("Import"), draw: importStep},
  {name: "result", title: () => T("Result"), draw: resultStep},
];
const SAYS = {
  which: () => T("Which file do you want to import?"),
  safe: () => T("Nothing is imported before you have seen what will change."),
  status: () => T("Nothing is imported yet"),
  target: () => T("Where is it going?"),
  none: (name) => T("A new framework, “%s”", name),
  creates: (about) => about.importer === "departments" ?
    count(about.units, "Creates %s department.", "Creates %s departments.") :
    count(about.units, "Creates %s position.", "Creates %s positions."),
  other: () => [],
  loses: (draft) => draft.changes > 0,
  kinds: () => T(
    "A workbook (Excel, LibreOffice) or CSV file, as your system exports it; or the zip of an export"),
  elsewhere: [() => T("It is in another framework …"), (review) => otherFramework(review)],
};

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
      ...leftCallout(steps),
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
  filling(steps, host, fill);
  return {
    heading: T("What the import will change"),
    lead: existing ? T("The import only adds. What it cannot do is on the to-do list below.") :
                     null,
    body: [host],
    status: "",
    next: {text: T("Import"), why: true, act: () => {}, behind: null}
  };
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

/* Asks for the framework that has the missing parents: the file is then compared with it. */
async function otherFramework(review) {
  const {draft, steps} = review;
  const targets = await steps.guard(() => draft.ask("targets"));
  if (!targets) return;
  const now = Number(draft.existing ? draft.reading.settings.select_framework : 0),
        others = targets.filter((one) => one.id !== now);
  const list = select(
    {class: "select", "aria-label": T("Framework")},
    others.map((one) => [String(one.id), `${brief(one.name)} (${number(one.items)})`]),
    String(others[0]?.id));
  const done = await dialog(
    T("In which framework are they?"),
    others.length ?
      [
        list,
        make(
          "p", {class: "hint"},
          T("The rows will be added to this framework; its existing items count as found."))
      ] :
      [make("p", null, T("No other framework of this kind exists."))],
    [
      ["", T("Cancel"), null],
      ...(others.length ? [["primary", T("Use this framework"), true]] : [])
    ]);
  const chosen = others.find((one) => String(one.id) === list.value);
  if (!done || !chosen) return;
  draft.targetChosen = true;
  review.after(() => chooseTarget(draft, chosen.id), T("Compared with “%s”", brief(chosen.name)));
}
