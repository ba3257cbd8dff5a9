/* Step 4: the target framework, and what the import will do; step 5: its result. */
function importStep(steps) {
  const {about, reading, existing} = steps.draft, {settings} = reading;
  const target = select(
    {name: "target", onchange: (e) => choose(steps, e.target.value)},
    [["", T("a new framework, `%s`", stem(about.name))]], "");
  const host = make("div", null, make("p", {class: "note"}, T("One moment …")));
  const fill = async () => {
    const all =
      (await ask("/page/frameworks")).filter((framework) => framework.kind === about.importer);
    target.append(...all.map(
      (one) => make(
        "option", {value: String(one.id)},
        `${brief(one.name)} (${T("%s items", number(one.items))}, ${T("no. %s", one.id)})`)));
    target.value = existing ? settings.select_framework : "";
    const same = existing ? null : all.find((one) => one.name === stem(about.name));
    host.replaceChildren(
      ...(
        same ? [make(
                 "p", {class: "note"},
                 T("A framework `%s` already exists; to add to it, choose it above.",
                   brief(same.name)))] :
               []),
      ...await plan(steps));
    return true;
  };
  steps.guard(fill).then(
    (filled) => filled ||
      host.replaceChildren(make("p", null, button(T("try again"), () => steps.show(steps.at)))));
  const conflict = existing ?
    field(
      T("An item that already exists in the framework"),
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
    T("Rows whose parent is missing"),
    select(
      {
        name: "missing",
        onchange: (e) => steps.setting("missing_parent", e.target.value || undefined)
      },
      [["", T("stop the import")], ["root", T("become top-level rows")]],
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

/* What the import will do, as reported by a dry run. */
async function plan(steps) {
  const {draft} = steps, {about} = draft, how = draft.reading.settings.conflict_idnumber || "error",
        conflicts = about.conflict_count;
  const stops = about.good && conflicts > 0 && how === "error",
        added = how === "skip" ? about.rows - conflicts : about.rows;
  const settings = JSON.parse((await draft.dryRun()).settings);
  const parts = [
    stops ?
      make(
        "p", {class: "verdict bad"},
        T("Choose above what to do with items that already exist in the framework; nothing is imported until you do.")) :
      verdict(about)
  ];
  const lines = stops   ? [] :
    about.good && added ? [count(added, "%s item will be created.", "%s items will be created.")] :
                          [T("With the current file and settings, nothing will be imported.")];
  const fate = {
    error: "",
    skip: T("Existing items will be skipped."),
    suffix:
      T("Existing items will be imported under another idnumber, such as `%s_2`.",
        brief(about.conflicts[0] ?? "")),
    empty: T("Existing items will be imported without an idnumber.")
  };
  if (conflicts)
    lines.push(
      `${
        count(
          conflicts, "%s idnumber already exists in the framework.",
          "%s idnumbers already exist in the framework.")} ${fate[how]}`,
      [T("For example:"), " ", ...commas(about.conflicts)]);
  parts.push(make("ul", null, ...lines.map((line) => make("li", null, ...[line].flat()))));
  if (draft.existing) parts.push(...await beside(steps));
  parts.push(make(
    "details", null, make("summary", null, T("settings as applied by the service (dry run)")),
    make("pre", {tabindex: "0"}, JSON.stringify(settings, null, 2))));
  parts.push(...startedBefore(draft));
  const now = button(
    T("Import now"), () => begin(steps),
    {class: "next", name: "import", disabled: !about.good || stops});
  parts.push(make(
    "p", {class: "bar"}, now,
    about.good ? null : button(T("back to the check"), () => steps.go(2))));
  return parts;
}

/* The file compared with the target framework. */
async function beside(steps) {
  const changes = await steps.draft.ask("changes"), numbers = changes.summary,
        below = numbers.moved_rows - numbers.moved;
  const kinds = [
    [numbers.added, () => count(numbers.added, "%s item is new", "%s items are new")],
    [
      numbers.moved,
      () =>
        count(numbers.moved, "%s item has a different parent", "%s items have a different parent") +
        (below > 0 ? T(", plus %s below", number(below)) : "")
    ],
    [
      numbers.renamed,
      () => count(numbers.renamed, "%s item has a different name", "%s items have a different name")
    ],
    [
      numbers.changed,
      () =>
        count(numbers.changed, "%s item has different details", "%s items have different details")
    ],
    [
      numbers.removed,
      () => count(
        numbers.removed, "%s item in the framework is not in the file",
        "%s items in the framework are not in the file")
    ],
    [
      changes.left_out,
      () => count(
        changes.left_out, "%s item in the framework has no idnumber and is not compared",
        "%s items in the framework have no idnumber and are not compared")
    ]
  ];
  const lines = kinds.filter(([some]) => some).map(([, text]) => make("li", null, text()));
  const each = changes.text.split("\n").slice(1, -1).flatMap((line) => [asText(line, 500), "\n"]);
  const seen = steps.draft.about.tree ? button(T("View in the organisation"), () => {
    steps.viewed = {...steps.viewed, tab: 1};
    steps.go(2);
  }) : null;
  return [
    make("h3", null, T("Compared with the framework")),
    make("ul", null, ...(lines.length ? lines : [make("li", null, T("no differences"))])),
    make(
      "p", {class: "note"},
      T("An import only adds new items. Existing items in the framework are not moved, renamed or removed.")),
    each.length ?
      make(
        "details", null, make("summary", null, T("show each change")),
        make(
          "p", {class: "note"},
          T("+ new, - only in the framework, > different parent, ~ different name, * different details")),
        make("pre", {tabindex: "0"}, ...each, changes.cut ? T("and more") : "")) :
      null,
    seen ? make("p", null, seen) : null
  ].filter(Boolean);
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
].map((text) => make("p", {class: "note"}, text));

async function begin(steps) {
  const {draft} = steps;
  await steps.guard(async () => {
    await draft.begin();
    if (draft === steps.draft) steps.go(4);
  });
}

function logStep(steps) {
  const watch = new Watch(steps.draft.id, steps.problem);
  watch.follow();
  return [
    watch.host,
    make(
      "p", {class: "bar"},
      button(
        T("start another import"),
        () => {
          steps.forget();
          steps.go(0);
        }))
  ];
}
