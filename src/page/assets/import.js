/* The fourth step, into which framework and what that will do; and the fifth, what it did. */
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
                 T("There is a framework `%s` already; to add to it, choose it above.",
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
    T("Rows whose parent is missing"),
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
  const stops = about.good && conflicts > 0 && how === "error",
        added = how === "skip" ? about.rows - conflicts : about.rows;
  const settings = JSON.parse((await draft.dryRun()).settings);
  const parts = [
    stops ?
      make(
        "p", {class: "verdict bad"},
        T("Choose above what is to become of what the framework has already; until then nothing is imported.")) :
      verdict(about)
  ];
  const lines = stops   ? [] :
    about.good && added ? [count(added, "%s item will be created.", "%s items will be created.")] :
                          [T("As it is, nothing will be imported.")];
  const fate = {
    error: "",
    skip: T("What is there already will be skipped."),
    suffix:
      T("What is there already will be imported under another idnumber, such as `%s_2`.",
        brief(about.conflicts[0] ?? "")),
    empty: T("What is there already will be imported without an idnumber.")
  };
  if (conflicts)
    lines.push(
      `${
        count(
          conflicts, "%s idnumber is in the framework already.",
          "%s idnumbers are in the framework already.")} ${fate[how]}`,
      [T("Such as:"), " ", ...commas(about.conflicts)]);
  parts.push(make("ul", null, ...lines.map((line) => make("li", null, ...[line].flat()))));
  if (draft.existing) parts.push(...await beside(steps));
  parts.push(make(
    "details", null, make("summary", null, T("settings, as the service takes them (dry run)")),
    make("pre", {tabindex: "0"}, JSON.stringify(settings, null, 2))));
  parts.push(...begunBefore(draft));
  const now = button(
    T("Import now"), () => begin(steps),
    {class: "next", name: "import", disabled: !about.good || stops});
  parts.push(make(
    "p", {class: "bar"}, now,
    about.good ? null : button(T("back to the check"), () => steps.go(2))));
  return parts;
}

/* The file compared with the framework that it is imported into. */
async function beside(steps) {
  const changes = await steps.draft.ask("changes"), numbers = changes.summary,
        below = numbers.moved_rows - numbers.moved;
  const kinds = [
    [numbers.added, () => count(numbers.added, "%s item is new", "%s items are new")],
    [
      numbers.moved,
      () => count(numbers.moved, "%s item has another parent", "%s items have another parent") +
        (below > 0 ? T(", with %s below", number(below)) : "")
    ],
    [
      numbers.renamed,
      () => count(numbers.renamed, "%s item has another name", "%s items have another name")
    ],
    [
      numbers.changed,
      () => count(numbers.changed, "%s item has other details", "%s items have other details")
    ],
    [
      numbers.removed,
      () => count(
        numbers.removed, "%s item of the framework is not in the file",
        "%s items of the framework are not in the file")
    ],
    [
      changes.left_out,
      () => count(
        changes.left_out, "%s item of the framework has no idnumber, and is not compared",
        "%s items of the framework have no idnumber, and are not compared")
    ]
  ];
  const lines = kinds.filter(([some]) => some).map(([, text]) => make("li", null, text()));
  const each = changes.text.split("\n").slice(1, -1).flatMap((line) => [told(line, 500), "\n"]);
  const seen = steps.draft.about.tree ? button(T("See it in the organisation"), () => {
    steps.viewed = {...steps.viewed, tab: 1};
    steps.go(2);
  }) : null;
  return [
    make("h3", null, T("Compared with the framework")),
    make("ul", null, ...(lines.length ? lines : [make("li", null, T("nothing differs"))])),
    make(
      "p", {class: "note"},
      T("An import adds what is new. What the framework has already is not moved, renamed or removed by it.")),
    each.length ?
      make(
        "details", null, make("summary", null, T("show each of them")),
        make(
          "p", {class: "note"},
          T("+ new, - only in the framework, > another parent, ~ another name, * other details")),
        make("pre", {tabindex: "0"}, ...each, changes.cut ? T("and more") : "")) :
      null,
    seen ? make("p", null, seen) : null
  ].filter(Boolean);
}

/* What is to be known before it is begun again. */
const begunBefore =
  ({id,
    unsure}) => [...(unsure ? [unsureText()] : []),
                 ...(
                   id ? [T(
                          "Import %s was begun from here already; it would be imported once more.",
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
        T("another import"),
        () => {
          steps.forget();
          steps.go(0);
        }))
  ];
}
