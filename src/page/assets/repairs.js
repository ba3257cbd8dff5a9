/* The panel of a problem: what is wrong, what can be done about it, what will change. */

/* A panel: its head, its parts, and its foot with the action. say(): what will change. */
function setPanel(review, problem, lead, parts, foot) {
  const {about} = review.draft;
  review.panel.replaceChildren(
    make(
      "header", {class: problem?.severity ?? null},
      make(
        "h2", {tabindex: "-1"},
        problem ? icon(PROBLEM_ICONS[problem.kind] ?? problem.severity) : null,
        make("span", null, problem ? problemName(problem, about) : T("No problems left"))),
      lead ? make("p", null, ...[lead].flat()) : null),
    make("div", {class: "in"}, ...parts), ...(foot ? [foot] : []));
}
function actionFoot(text, act) {
  const say = make("p", {class: "say"}), go = btn("tonal", text, act);
  const host = make("footer", null, say, go);
  return {
    host,
    set(words, name, ready = true) {
      say.replaceChildren(...[words].flat());
      go.querySelector("span").textContent = name;
      go.ready = ready;
      go.disabled = !ready || Boolean(go.held);
    }
  };
}

async function fillPanel(review, problem) {
  if (!problem) {
    const {draft} = review;
    setPanel(
      review, null, draft.about.good ? T("The file can be imported.") : null,
      draft.problems.length ?
        [] :
        [make("p", {class: "quiet"}, T("Press Continue to see what the import will change."))],
      null);
    return;
  }
  const kinds = {
    parent: parentPanel,
    duplicate: duplicatePanel,
    circular: circularPanel,
    value: valuePanel,
    line: linePanel,
    file: otherPanel
  };
  const named = {code: problem.code, kind: problem.kind};
  if (problem.column !== undefined) named.column = problem.column;
  const answer = await review.steps.guard(() => review.draft.ask("problem", {...named, most: 200}));
  if (answer === undefined || review.problem() !== problem) return;
  const entries = answer?.entries ?? [];
  const panel = problem.code === "OV403" ? itselfPanel : kinds[problem.kind] ?? otherPanel;
  panel(review, problem, entries, answer?.total ?? 0);
}

/* The list of entries as an accordion; draw(entry): what fills it when it is opened. */
function accordion(entries, title, draw, opened) {
  let now = null;
  const all = entries.map((entry, i) => {
    const body = make("div", {class: "body"});
    const one = make(
      "details", {class: "val", open: i === 0},
      make("summary", null, icon("chev"), ...title(entry)), body);
    const open = () => {
      if (!one.open || now === entry) return;
      now = entry;
      if (!body.children.length) body.append(...draw(entry));
      for (const other of all)
        if (other !== one) other.open = false;
      opened(entry);
    };
    one.addEventListener("toggle", open);
    if (i === 0) queueMicrotask(open);
    return one;
  });
  return make("div", {class: "vals"}, ...all);
}

/* A field that finds rows by identifier or name; chosen(id, name, node). */
function rowFinder(review, label, chosen) {
  const list = make("div", {class: "finds", role: "listbox", "aria-label": T("Found")});
  let waiting = 0;
  const field = make("input", {
    class: "input",
    type: "search",
    placeholder: T("Other: identifier or name"),
    "aria-label": label,
    oninput: () => {
      clearTimeout(waiting);
      waiting = setTimeout(find, 200);
    },
    onkeydown: (e) => {
      if (e.key === "ArrowDown") list.querySelector("button")?.focus();
    }
  });
  const find = async () => {
    const text = field.value.trim();
    if (!text) {
      list.replaceChildren();
      return;
    }
    const nodes = await review.draft.ask("find", {text, all: "1"});
    const some =
      await Promise.all(nodes.slice(0, 8).map((node) => review.draft.ask("node", {node})));
    if (review.draft.about.compared)
      some.push(...(await review.draft.ask("elsewhere", {text})).slice(0, 8));
    if (text !== field.value.trim()) return;
    list.replaceChildren(...some.map(
      (one) => make(
        "button", {
          type: "button",
          class: "plain",
          role: "option",
          "aria-selected": "false",
          onclick: () => {
            list.replaceChildren();
            field.value = `${one.id} · ${one.name}`;
            chosen(one.id, one.name, one.node);
          }
        },
        make("b", null, asText(one.id, 40)), " · ", asText(one.name, 60),
        one.node === undefined ? make("span", {class: "hint"}, " ", T("in the framework")) :
                                 null)));
    if (!some.length) list.append(make("span", {class: "hint"}, T("Nothing found")));
  };
  return make(
    "div", {class: "stack-2"}, make("div", {class: "search"}, icon("search"), field), list);
}

/* Positions report to each other, departments are below each other. */
const said = (about, positions, departments) =>
  (about.importer === "departments" ? departments : positions)();

/* --- a parent that is not there: one answer for all rows with the value --- */

let radios = 0;
function parentPanel(review, problem, entries, total) {
  const {draft} = review, {about} = draft, column = about.parent;
  const names = /^(name|either)/.test(draft.reading.parents);
  let now = null;
  const foot = actionFoot("", () => fix());
  const answers = new Map();  // entry → {to, say} or {add}
  const answerOf = (entry) => {
    if (!answers.has(entry))
      answers.set(
        entry,
        entry.to !== undefined ? {to: entry.to, name: entry.to_name} :
          entry.none           ? {to: ""} :
                                 null);
    return answers.get(entry);
  };
  const tell = () => {
    const answer = answerOf(now), rows = count(now.rows, "%s row", "%s rows");
    const done = count(now.rows, "Fix %s row", "Fix %s rows");
    if (!answer)
      foot.set(T("Choose what is meant by “%s”.", brief(now.value, 40)), done, false);
    else if (answer.add)
      foot.set(T("A row “%s” will be added.", brief(now.value, 40)), T("Add the row …"));
    else if (answer.to === "")
      foot.set(T("%s will be at the top level.", rows), done);
    else
      foot.set(
        [
          said(about, () => T("%s will report to", rows), () => T("%s will be below", rows)), " ",
          make("b", null, asText(answer.to, 40))
        ],
        done, now.spellings.length > 0);
  };
  const take = (entry, answer) => {
    answers.set(entry, answer);
    tell();
  };
  const fix = () => {
    const answer = answerOf(now);
    if (answer.add) {
      addMissing(review, now.value);
    } else {
      review.edit(
        now.spellings.map((text) => ["replace", column, text, answer.to]),
        count(now.rows, "%s row fixed", "%s rows fixed"));
    }
  };
  const draw = (entry) => {
    const name = `parent${++radios}`, first = answerOf(entry);
    const search =
      make("input", {type: "radio", name, class: "sr", tabindex: "-1", "aria-hidden": "true"});
    return [
      ...(
        entry.to !== undefined ?
          [make(
            "div", {class: "choices"},
            choice(
              {
                name,
                checked: Boolean(first),
                onchange: () => take(entry, {to: entry.to, name: entry.to_name})
              },
              make(
                "span", null, asText(entry.to, 60),
                ...(entry.to_name ? [" · ", asText(entry.to_name, 60)] : [])),
              prose(entry.help ?? "")[0] ? make("span", null, ...prose(reasonOf(entry))) : null,
              confidence(entry.percent)))] :
          [make("p", {class: "quiet"}, ...prose(plainHelp(entry.help)))]),
      search,
      rowFinder(
        review, T("Other row for “%s”", brief(entry.value, 40)),
        (id, found) => {
          search.checked = true;
          take(entry, {to: names && found ? found : id, name: found});
        }),
      make(
        "div", {class: "choices"},
        choice(
          {name, checked: Boolean(entry.none), onchange: () => take(entry, {to: ""})},
          T("Top level"), T("These rows have no parent")),
        choice(
          {name, onchange: () => take(entry, {add: true})}, T("Add it as a row"),
          T("It is missing in this file")),
        btn("ghost small", SAYS.elsewhere[0](), () => SAYS.elsewhere[1](review), {before: "right"}))
    ];
  };
  setPanel(
    review, problem,
    draft.existing ?
      count(
        problem.values, "%s value matches no row of this file and nothing in the framework.",
        "%s values match no row of this file and nothing in the framework.") :
      count(
        problem.values, "%s value matches no row of this file.",
        "%s values match no row of this file."),
    [...valueList(
      entries, total,
      (entry) =>
        [entry.value || T("(empty)"),
         entry.to !== undefined ? ["→ ", entry.to, " ", entry.to_name ?? ""].join("") :
                                  T("no suggestion")],
      draw,
      (entry) => {
        now = entry;
        tell();
        review.reveal(entry.row, column);
      })],
    entries.length ? foot.host : null);
}
/* Asks who a missing parent is, and adds its row. */
async function addMissing(review, value) {
  const {about} = review.draft, byName = /^(name|either)/.test(review.draft.reading.parents);
  const name = make("input", {class: "input", value: byName ? value : ""});
  let parent = "";
  const done = await dialog(
    T("Add “%s”", brief(value, 40)),
    [
      make("label", {class: "field"}, make("span", null, T("Name")), name),
      make(
        "div", {class: "field"}, make("span", null, fieldName("parentid", about.importer)),
        rowFinder(
          review, fieldName("parentid", about.importer),
          (id, found) => {
            parent = byName && found ? found : id;
          })),
      make("p", {class: "hint"}, T("Without a choice it is at the top level."))
    ],
    [["", T("Cancel"), null], ["primary", T("Add the row"), true]]);
  if (!done) return;
  const cells = about.columns.map(() => "");
  if (about.id >= 0) cells[about.id] = value;
  if (about.name_column >= 0) cells[about.name_column] = name.value.trim() || value;
  if (about.parent >= 0) cells[about.parent] = parent;
  review.edit([["add", 0, cells]], T("Row “%s” added", brief(value, 40)));
}
/* The reason of a suggestion: the help without its question. */
const reasonOf = (entry) =>
  (entry.help ?? "").split("?").slice(1).join("?").replace(/^\s+/, "") || (entry.help ?? "");

/* --- duplicate identifiers --- */

function duplicatePanel(review, problem, entries) {
  const {draft} = review, {about} = draft, column = about.id;
  let now = null;
  const foot = actionFoot("", () => fix());
  const ways = new Map();  // entry → "first", "last"; otherwise new identifiers
  /* Rows that are too many to be listed can be dealt with once the listed ones are. */
  const isWhole = (entry) => entry.all.length === entry.rows;
  const later = () => now.all.slice(1), earlier = () => now.all.slice(0, -1);
  const tell = () => {
    const rest = later().length, way = ways.get(now);
    if (way === "first")
      foot.set(
        count(
          rest, "%s row will be deleted; the first one stays.",
          "%s rows will be deleted; the first one stays."),
        count(rest, "Delete %s row", "Delete %s rows"));
    else if (way === "last")
      foot.set(
        count(
          rest, "%s row will be deleted; the last one stays.",
          "%s rows will be deleted; the last one stays."),
        count(rest, "Delete %s row", "Delete %s rows"));
    else
      foot.set(
        said(
          about,
          () =>
            T("Rows that report to “%s” keep reporting to the first row.", brief(now.value, 40)),
          () => T("Departments below “%s” stay below the first row.", brief(now.value, 40))),
        count(rest, "Change %s identifier", "Change %s identifiers"),
        later().every((row) => row.fresh));
  };
  const fix = () => {
    const way = ways.get(now), rows = way === "last" ? earlier() : later();
    review.edit(
      rows.map((row) => way ? ["remove", row.key] : ["set", row.key, column, row.fresh]),
      T("Duplicate “%s” fixed", brief(now.value, 40)));
  };
  const draw = (entry) => {
    const name = `duplicate${++radios}`, [first, second] = entry.all,
          listed = entry.all.filter((row) => row.cells);
    const columns = about.columns.map((one, i) => [one.name, i])
                      .filter(([, i]) => first.cells[i] || second.cells[i]);
    const side = (row, other) => make(
      "div", {class: "box in"}, make("b", null, T("Line %s", number(row.line))),
      make(
        "dl", null,
        ...columns.flatMap(
          ([head, i]) =>
            [make("dt", null, asText(head || T("(no name)"), 40)),
             make(
               "dd", {class: row.cells[i] !== other.cells[i] ? "diff" : null},
               asText(row.cells[i] || "–", 80))])),
      row.below ? make("p", {class: "hint"}, T("%s below", number(row.below))) : null);
    const take = (one) => () => {
      ways.set(entry, one);
      tell();
    };
    return [
      make("div", {class: "pair"}, side(first, second), side(second, first)),
      entry.rows > 2 ? make("p", {class: "hint"}, T("and %s more", number(entry.rows - 2))) : null,
      make(
        "div", {class: "choices"},
        choice({name, checked: true, onchange: take("")}, T("Keep all: new identifiers"), null),
        ...listed.slice(1).map(
          (row) => make(
            "label", {class: "field"},
            make("span", {class: "hint"}, T("Line %s", number(row.line))), make("input", {
              class: "input",
              value: row.fresh,
              oninput: (e) => {
                row.fresh = e.target.value.trim();
                tell();
              }
            }))),
        choice(
          {name, onchange: take("first")}, T("Keep the first"), T("Line %s", number(first.line))),
        isWhole(entry) ? choice(
                           {name, onchange: take("last")},
                           entry.rows > 2 ? T("Keep the last") : T("Keep the second"),
                           T("Line %s", number(entry.all[entry.all.length - 1].line))) :
                         null)
    ].filter(Boolean);
  };
  setPanel(
    review, problem, T("Each row needs an identifier of its own: others refer to it."),
    [accordion(
      entries,
      (entry) =>
        [make("b", null, asText(entry.value, 40)),
         make("span", {class: "pct"}, count(entry.rows, "%s row", "%s rows"))],
      draw,
      (entry) => {
        now = entry;
        tell();
        review.reveal(entry.all[1].row, column);
      })],
    entries.length ? foot.host : null);
}

/* --- circular reporting lines --- */

function circularPanel(review, problem, entries) {
  const {draft} = review, {about} = draft, column = about.parent;
  const names = /^(name)/.test(draft.reading.parents);
  let now = null;
  const answers = new Map();  // entry → {row, to}
  const foot = actionFoot("", () => fix());
  const tell = () => {
    const {row, to} = answers.get(now) ?? {};
    if (!row)
      foot.set(T("Choose which reporting line to change."), T("Fix"), false);
    else if (to === undefined)
      foot.set(
        said(
          about, () => T("Choose who “%s” reports to.", brief(row.name || row.id, 40)),
          () => T("Choose what is above “%s”.", brief(row.name || row.id, 40))),
        T("Fix"), false);
    else
      foot.set(
        to === "" ? T("“%s” will be at the top level.", brief(row.name || row.id, 40)) :
                    [
                      said(
                        about, () => T("“%s” will report to", brief(row.name || row.id, 40)),
                        () => T("“%s” will be below", brief(row.name || row.id, 40))),
                      " ", make("b", null, asText(to, 40))
                    ],
        T("Fix 1 row"));
  };
  const fix = () => {
    const {row, to} = answers.get(now);
    review.edit([["set", row.key, column, to]], T("Circular reporting line fixed"));
  };
  const draw = (entry) => {
    const ask = make("div", {class: "stack-2"});
    const change = (one) => {
      const name = `circle${++radios}`;
      const take = (to) => {
        answers.set(entry, {row: one, to});
        tell();
      };
      take("");
      ask.replaceChildren(
        make(
          "h3", {tabindex: "-1"},
          said(
            about, () => T("Who does “%s” report to?", brief(one.name || one.id, 60)),
            () => T("What is above “%s”?", brief(one.name || one.id, 60)))),
        make(
          "div", {class: "choices"},
          choice(
            {name, checked: true, onchange: () => take("")}, T("Top level"),
            T("It has no parent"))),
        rowFinder(review, T("Other row"), (id, found) => {
          for (const input of ask.querySelectorAll("input[type=radio]")) input.checked = false;
          take(names && found ? found : id);
        }));
      ask.querySelector("h3").focus();
      ask.scrollIntoView({block: "nearest"});
      review.reveal(one.row, column);
    };
    const nodes = entry.all.flatMap((one, i) => {
      const next = entry.all[(i + 1) % entry.all.length], best = one.row === entry.cut;
      return [
        make(
          "div", {class: "cnode"}, make("b", null, asText(one.name || one.id, 60)), make("br"),
          make("span", null, asText(one.id, 40), " · ", T("line %s", number(one.line)))),
        make(
          "div", {class: best ? "cedge best" : "cedge"}, icon("down"),
          make(
            "span", {class: "what"},
            said(
              about, () => T("reports to %s", brief(next.name || next.id, 40)),
              () => T("is below %s", brief(next.name || next.id, 40))),
            best ? make("span", null, " · ", T("affects the fewest rows")) : null),
          btn(best ? "tonal small" : "small", T("Change this one"), () => change(one)))
      ];
    });
    return [
      make("div", {class: "cycle"}, ...nodes),
      make(
        "p", {class: "hint"},
        entry.below ?
          count(entry.below, "%s row below it is affected.", "%s rows below it are affected.") :
          ""),
      ask
    ];
  };
  setPanel(
    review, problem,
    said(
      about,
      () => T("These rows form a circular reporting line: one of the reporting lines must change."),
      () =>
        T("These departments form a circular reporting line: one of them needs another parent.")),
    [accordion(
      entries,
      (entry) =>
        [make("b", null, entry.all.slice(0, 3).map((one) => cut(shown(one.id), 20)).join(" → ")),
         make("span", {class: "pct"}, count(entry.rows, "%s row", "%s rows"))],
      draw,
      (entry) => {
        now = entry;
        tell();
        review.reveal((entry.all.find((one) => one.row === entry.cut) ?? entry.all[0]).row, column);
      })],
    entries.length ? foot.host : null);
}

/* --- a row that reports to itself --- */

function itselfPanel(review, problem, entries) {
  const {draft} = review, column = draft.about.parent;
  const names = /^name/.test(draft.reading.parents);
  let now = null;
  const answers = new Map();  // entry → its parent; otherwise none
  const foot = actionFoot(
    "",
    () => review.edit(
      [["set", now.key, column, answers.get(now) ?? ""]],
      count(1, "%s row fixed", "%s rows fixed")));
  const tell = () => {
    const to = answers.get(now);
    foot.set(
      to ?
        [
          said(draft.about, () => T("The row will report to"), () => T("The row will be below")),
          " ", make("b", null, asText(to, 40))
        ] :
        T("The row will be at the top level."),
      count(1, "Fix %s row", "Fix %s rows"));
  };
  const take = (entry, to) => {
    answers.set(entry, to);
    tell();
  };
  const draw = (entry) => {
    const top = choice(
      {name: `itself${++radios}`, checked: true, onchange: () => take(entry, "")}, T("Top level"),
      T("It has no parent"));
    return [
      make("div", {class: "choices"}, top),
      rowFinder(
        review, T("Other row for “%s”", brief(entry.value ?? "", 40)),
        (id, found) => {
          top.querySelector("input").checked = false;
          take(entry, names && found ? found : id);
        })
    ];
  };
  setPanel(
    review, problem,
    said(
      draft.about, () => T("Nobody can report to themselves."),
      () => T("A department cannot be its own parent.")),
    [accordion(
      entries,
      (entry) =>
        [make("b", null, asText(entry.value ?? "", 40)),
         make("span", {class: "pct"}, T("line %s", number(entry.line)))],
      draw,
      (entry) => {
        now = entry;
        tell();
        review.reveal(entry.row, column);
      })],
    entries.length ? foot.host : null);
}

/* --- values of cells: one answer for all cells with the value --- */

function valuePanel(review, problem, entries, total) {
  const {draft} = review, column = problem.column, {about} = draft;
  let now = null;
  const foot = actionFoot("", () => fix());
  const answers = new Map();
  /* Without a suggestion, line breaks are what is most often wrong. */
  const likeliest = (entry) => entry.to ?? (entry.value ?? "").replace(/\s*[\r\n]+\s*/g, " ");
  const answer = () => answers.get(now) ?? likeliest(now);
  const tell = () => {
    const text = answer(), same = text === (now.value ?? "");
    const cells = count(now.rows, "Fix %s cell", "Fix %s cells");
    foot.set(
      same          ? T("Type what it should be.") :
        text === "" ? count(now.rows, "%s cell will be empty.", "%s cells will be empty.") :
                      [
                        count(now.rows, "%s cell becomes", "%s cells become"), " ",
                        make("b", null, asText(text, 60))
                      ],
      cells, !same && column !== undefined);
  };
  const fix = () => review.edit(
    now.key === undefined ? [["replace", column, now.value, answer()]] :
                            [["set", now.key, column, answer()]],
    count(now.rows, "%s cell fixed", "%s cells fixed"));
  const draw = (entry) =>
    [make("p", {class: "quiet"}, ...prose(plainHelp(entry.help) || entry.message)),
     ...(column === undefined ? [] : [
       make(
         "label", {class: "field"},
         make(
           "span", {class: "hint"},
           entry.key === undefined ? T("All cells with this value become") : T("The cell becomes")),
         make(
           "textarea", {
             class: "input",
             rows: "1",
             oninput: (e) => {
               answers.set(entry, e.target.value);
               tell();
             }
           },
           likeliest(entry)))
     ])];
  const fixable = entries.filter((one) => one.to !== undefined);
  const all = fixable.length > 1 ?
    btn(
      "", T("Fix all %s values as suggested", number(fixable.length)),
      () => review.edit(
        fixable.map((one) => ["replace", column, one.from, one.to]),
        count(fixable.length, "%s value fixed", "%s values fixed")),
      {before: "check"}) :
    null;
  setPanel(
    review, problem,
    column === undefined ?
      null :
      [
        T("In the column “%s”.", brief(about.columns[column]?.name ?? "", 40)),
        problem.code === "OV304" ? ` ${T("The import needs 1 for yes and 0 for no.")}` : ""
      ],
    [
      all,
      ...valueList(
        entries, total,
        (entry) => [visible(entry.value), entry.to !== undefined ? `→ ${visible(entry.to)}` : ""],
        draw,
        (entry) => {
          now = entry;
          tell();
          review.reveal(entry.row, column);
        }),
      make("p", {class: "key"}, problem.code)
    ].filter(Boolean),
    entries.length && column !== undefined ? foot.host : null);
}
/* Values, one of which is open, and how many more there are. title: gives what one is and becomes.
 */
const valueList = (entries, total, title, draw, opened) =>
  [accordion(
     entries,
     (entry) => {
       const [is, becomes] = title(entry);
       return [
         make("b", null, asText(is, 40)), make("span", {class: "to clip"}, becomes),
         make("span", {class: "pct"}, count(entry.rows, "%s row", "%s rows"))
       ];
     },
     draw, opened),
   ...(
     total > entries.length ?
       [make("p", {class: "hint"}, T("and %s more", number(total - entries.length)))] :
       [])];
/* A value whose spaces at the ends can be seen. */
const visible = (text) => text === undefined || text === "" ?
  T("(empty)") :
  text.replace(/^\s+|\s+$/g, (spaces) => "␣".repeat(spaces.length));

/* --- lines that are not rows --- */

function linePanel(review, problem, entries, total) {
  const lines = entries.map(
    (entry) => make(
      "div",
      {class: "val"},
      make(
        "div", {class: "line-up", style: "padding:9px 0"},
        make("b", null, T("Line %s", number(entry.line))),
        make("span", {class: "to clip"}, asText(entry.value ?? "", 60)),
        make(
          "span", {class: "line-up push"},
          btn(
            "small", T("Remove"),
            () => review.edit([["remove", entry.line]], T("Line %s removed", number(entry.line)))),
          btn(
            "ghost small", T("This is a row"),
            () => review.edit([["keep", entry.line]], T("Line %s is a row", number(entry.line)))))),
      ));
  const foot = actionFoot(
    "",
    () => review.edit(
      entries.map((one) => ["remove", one.line]),
      count(entries.length, "%s line removed", "%s lines removed")));
  foot.set(
    T("They are not imported in any case."),
    count(entries.length, "Remove %s line", "Remove %s lines"));
  setPanel(
    review, problem, T("These lines do not look like rows of the table."),
    [
      make("div", {class: "vals"}, ...lines),
      total > entries.length ?
        make("p", {class: "hint"}, T("and %s more", number(total - entries.length))) :
        null
    ].filter(Boolean),
    entries.length ? foot.host : null);
}

/* --- what is wrong with the file as a whole, or with a heading --- */

function otherPanel(review, problem, entries) {
  setPanel(
    review, problem, null,
    [
      ...entries.slice(0, 20).map(
        (entry) => make(
          "div", {class: "val"}, make("p", null, ...prose(entry.message)),
          entry.help ? make("p", {class: "quiet"}, ...prose(plainHelp(entry.help))) : null)),
      make(
        "p", {class: "line-up wrap"},
        btn("", T("How the file is read"), () => review.steps.go(AT.file), {before: "sheet"}),
        btn("", T("Columns"), () => review.steps.go(AT.columns), {before: "table"})),
      make("p", {class: "key"}, problem.code)
    ],
    null);
}

/* --- many fixes at once --- */

async function fillFixes(review) {
  const {draft} = review, {about} = draft, steps = review.steps;
  const answer = await steps.guard(() => draft.ask("fixes"));
  if (!answer || review.key !== "fixes") return;
  const {fixes: all, total} = answer;
  const ticked = new Set(all.filter((one) => one.percent >= SURE_FROM));
  const nameOfFix = (one) => {
    const problem = draft.problems.find((p) => p.code === one.code && p.column === one.column);
    return problem ? problemName(problem, about) : one.message;
  };
  let shownOnes = "all";
  const head =
    make("h2", {tabindex: "-1"}, count(all.length, "%s suggested fix", "%s suggested fixes"));
  const foot = actionFoot("", () => apply());
  const body = make("tbody"),
        everything = make("input", {type: "checkbox", "aria-label": T("All")});
  const groups = {
    all: () => all,
    sure: () => all.filter((one) => one.percent >= SURE_FROM),
    likely: () => all.filter((one) => one.percent < SURE_FROM)
  };
  const tell = () => {
    foot.set(
      T("%s of %s chosen; can be undone", number(ticked.size), number(all.length)),
      count(ticked.size, "Apply %s fix", "Apply %s fixes"), ticked.size > 0);
    everything.checked = ticked.size === all.length;
    everything.indeterminate = ticked.size > 0 && ticked.size < all.length;
  };
  const apply = () => review.edit(
    [...ticked].map((one) => ["replace", one.column, one.from, one.to]),
    count(ticked.size, "%s fix applied", "%s fixes applied"));
  const row = (one) => {
    const tick = make("input", {
      type: "checkbox",
      checked: ticked.has(one),
      "aria-label": T("Choose: %s becomes %s", brief(one.from, 40), brief(one.to, 40)),
      onchange: () => {
        if (tick.checked)
          ticked.add(one);
        else
          ticked.delete(one);
        tell();
      }
    });
    return make(
      "tr", null, make("td", null, tick),
      make(
        "td", {class: "num nowrap"},
        one.rows > 1 ? count(one.rows, "%s row", "%s rows") : T("line %s", number(one.line))),
      make("td", {class: "full"}, asText(about.columns[one.column]?.name ?? "", 40)),
      make(
        "td", {class: "full"}, make("span", {class: "before"}, asText(visible(one.from), 60)), " ",
        make("span", {class: "sr"}, T("becomes")), icon("right"), " ",
        make(
          "span", {class: "after"}, asText(visible(one.to), 60),
          one.to_name ? [" ", one.to_name].join("") : "")),
      make(
        "td", {class: "full quiet small"}, ...prose(one.to_name ? reasonOf(one) : nameOfFix(one))),
      make("td", null, confidence(one.percent)));
  };
  const draw = () => {
    const some = groups[shownOnes](), likely = some.filter((one) => one.percent < SURE_FROM),
          certain = some.filter((one) => one.percent >= SURE_FROM);
    const group = (text, list) => list.length ?
      [
        make("tr", {class: "grp"}, make("th", {colspan: "6", scope: "rowgroup"}, text)),
        ...list.map(row)
      ] :
      [];
    body.replaceChildren(
      ...group(T("Likely: not chosen yet"), likely), ...group(T("Certain: chosen"), certain));
  };
  everything.addEventListener("change", () => {
    for (const one of all)
      if (everything.checked)
        ticked.add(one);
      else
        ticked.delete(one);
    draw();
    tell();
  });
  const seg = ["all", "sure", "likely"].map(
    (name) => make(
      "button", {
        type: "button",
        "aria-pressed": String(name === shownOnes),
        onclick: () => {
          shownOnes = name;
          for (const [i, one] of seg.entries())
            one.setAttribute("aria-pressed", String(["all", "sure", "likely"][i] === name));
          draw();
        }
      },
      {all: T("All"), sure: T("Certain"), likely: T("Likely")}[name], " ",
      number(groups[name]().length)));
  const heads = [T("Rows"), T("Column"), T("Before and after"), T("Why"), T("Match")];
  review.center.replaceChildren(make(
    "div", {class: "panel many", style: "border:0;flex:1;min-height:0"},
    make(
      "header", {class: "line-up wrap"},
      make(
        "div", null, head,
        make(
          "p", null,
          T("Nothing changes before you press the button. What is only likely is not chosen.")),
        total > all.length ?
          make("p", {class: "hint"}, T("%s more follow afterwards.", number(total - all.length))) :
          null),
      make("div", {class: "seg push", role: "group", "aria-label": T("Show")}, ...seg)),
    make(
      "div", {
        class: "scroll",
        style: "flex:1;min-height:0",
        tabindex: "0",
        role: "region",
        "aria-label": T("Suggested fixes")
      },
      make(
        "table", {class: "table blocks many"},
        make(
          "thead", null,
          make(
            "tr", null, make("td", null, everything),
            ...heads.map((one) => make("th", {scope: "col"}, one)))),
        body)),
    foot.host));
  draw();
  tell();
}
