/* The fourth step, into which framework and what that will do; and the fifth, what it did. */
function importStep(steps) {
  const {about, reading, existing} = steps.draft, {settings} = reading;
  const target = select(
    {name: "target", onchange: (e) => choose(steps, e.target.value)},
    [["", T("a new framework, `%s`", stem(about.name))]], "");
  const host = make("div", null, make("p", {class: "note"}, T("One moment …")));
  steps.guard(async () => {
    const all = await ask("/page/frameworks");
    for (const one of all.filter((framework) => framework.kind === about.importer))
      target.append(make(
        "option", {value: String(one.id)}, `${one.name} (${T("%s items", number(one.items))})`));
    target.value = existing ? settings.select_framework : "";
    host.replaceChildren(...await plan(steps));
  });
  const conflict = existing ?
    field(
      T("What the framework has already"),
      select(
        {
          name: "conflict",
          onchange: (e) => steps.setting("conflict_idnumber", e.target.value || undefined)
        },
        [
          ["", T("stops the import")], ["skip", T("is skipped")],
          ["suffix", T("is imported under another idnumber")],
          ["empty", T("is imported without an idnumber")]
        ],
        settings.conflict_idnumber || "")) :
    null;
  const missing = field(
    T("Rows whose parent is nowhere"),
    select(
      {
        name: "missing",
        onchange: (e) => steps.setting("missing_parent", e.target.value || undefined)
      },
      [["", T("stop the import")], ["root", T("are put at the top")]],
      settings.missing_parent || ""));
  return [make("div", {class: "fields"}, field(T("Import into"), target), conflict, missing), host];
}

function choose(steps, framework) {
  const target = {
    target_framework: framework ? "existing" : undefined,
    select_framework: framework || undefined,
    conflict_idnumber: undefined
  };
  return steps.redraw(
    () => steps.draft.settings(target, framework ? {importer: steps.draft.about.importer} : {}));
}

/* What the import is going to do: asked of the service, without doing it. */
async function plan(steps) {
  const {draft} = steps, {about} = draft, how = draft.reading.settings.conflict_idnumber || "error",
        conflicts = about.conflict_count;
  const words = {
    error: T("so nothing will be imported"),
    skip: T("they will be skipped"),
    suffix: T("they will be imported under other idnumbers"),
    empty: T("they will be imported without idnumbers")
  };
  const stops = !about.good || (conflicts > 0 && how === "error"),
        added = how === "skip" ? about.rows - conflicts : about.rows;
  const lines = [make(
    "li", null,
    stops ? T("As it is, nothing will be imported.") :
            count(added, "%s item will be created.", "%s items will be created."))];
  if (conflicts) {
    lines.push(
      make(
        "li", null,
        `${
          count(
            conflicts, "%s idnumber is in the framework already:",
            "%s idnumbers are in the framework already:")} ${words[how]}`),
      make("li", null, T("Such as:"), " ", ...commas(about.conflicts)));
  }
  const settings = JSON.parse((await draft.dryRun()).settings),
        parts = [verdict(about), make("ul", null, ...lines)];
  if (draft.existing) parts.push(await beside(draft));
  parts.push(make(
    "details", null, make("summary", null, T("settings, as the service takes them (dry run)")),
    make("pre", {tabindex: "0"}, JSON.stringify(settings, null, 2))));
  if (draft.id)
    parts.push(make(
      "p", {class: "note"},
      T("Import %s was begun from here already; it would be imported once more.",
        String(draft.id))));
  const now =
    button(T("Import now"), () => begin(steps), {class: "next", name: "import", disabled: stops});
  parts.push(make(
    "p", {class: "bar"}, now,
    about.good ? null : button(T("back to the check"), () => steps.go(2))));
  return parts;
}

/* The file beside the framework that it is imported into. */
async function beside(draft) {
  const changes = await draft.ask("changes"), numbers = changes.summary;
  const below =
    numbers.moved ? T(", with %s below them", number(numbers.moved_rows - numbers.moved)) : "";
  const lines = [
    count(numbers.added, "%s item is new", "%s items are new"),
    count(numbers.moved, "%s item has another parent", "%s items have another parent") + below,
    count(numbers.renamed, "%s item has another name", "%s items have another name"),
    count(
      numbers.removed, "%s item of the framework is not in the file",
      "%s items of the framework are not in the file"),
  ];
  return make(
    "div", null, make("h3", null, T("The file beside the framework")),
    make("ul", null, ...lines.map((line) => make("li", null, line))),
    make(
      "p", {class: "note"},
      T("An import adds what is new; what the framework has already is neither moved nor removed by it.")),
    changes.text ? make(
                     "details", null, make("summary", null, T("each of them")),
                     make("pre", {tabindex: "0"}, told(changes.text, 200000))) :
                   null);
}

async function begin(steps) {
  const button = steps.body.querySelector("[name=import]");
  button.disabled = true;  // one press, one import
  await steps.guard(() => steps.draft.begin().then(() => steps.go(4)));
  button.disabled = false;
}

function logStep(steps) {
  const watch = new Watch(steps.draft.id, steps.problem);
  watch.follow();
  return [
    watch.host,
    make(
      "p", {class: "bar"},
      button(
        T("another import"),
        () => {
          steps.draft.forget();
          steps.say("");
          steps.go(0);
        }))
  ];
}
