/* Step 3: left the problems, in the middle the rows, on the right how to fix the selected one. */
const PAGE_KEYS = ["n", "p", "?", "/"];

/* What the problems are called by people; others by the summary of their rule. */
const PROBLEM_NAMES = {
  OV103: () => T("Unreadable characters"),
  OV104: () => T("Characters that cannot be part of text"),
  OV105: () => T("Closing quotation mark missing"),
  OV106: () => T("Quotes in the wrong place"),
  OV107: () => T("Too many or too few cells"),
  OV108: () => T("Blank rows"),
  OV109: () => T("All in one column"),
  OV111: () => T("Cell too long to read"),
  OV112: () => T("Some letters may be wrong"),
  OV113: () => T("Lines above the headings"),
  OV114: () => T("Repeated headings"),
  OV115: () => T("Totals"),
  OV116: () => T("Comments"),
  OV117: () => T("Hidden rows"),
  OV301: () => T("Name missing"),
  OV302: () => T("Identifier missing"),
  OV303: () => T("Text too long"),
  OV304: () => T("Expected yes or no"),
  OV305: () => T("Unknown format of the description"),
  OV306: () => T("Spaces around text"),
  OV307: () => T("Invisible characters"),
  OV309: () => T("Looks like a formula"),
  OV310: () => T("Changed by a spreadsheet program"),
  OV311: () => T("Garbled letters"),
  OV313: () => T("Quotes around values"),
  OV314: () => T("Codes instead of characters"),
  OV401: () => T("Duplicate identifier"),
  OV403: () => T("Reports to itself"),
  OV404: () => T("Circular reporting line"),
  OV405: () => T("Identifiers that look alike"),
  OV406: () => T("Very many levels"),
  OV408: () => T("Same name twice under one parent"),
};
const PROBLEM_ICONS = {
  parent: "unlink",
  duplicate: "dup",
  circular: "cycle"
};

const parentHeading = (about) =>
  brief(about.columns[about.parent]?.name || fieldName("parentid", about.importer), 40);
function problemName(problem, about) {
  /* All that there is says clearly which is meant: it is only written in another way. */
  if (problem.code === "OV304" && problem.fixable >= problem.values)
    return T("Yes and no are written out");
  if (problem.code === "OV403" && about.importer === "departments") return T("Is its own parent");
  if (problem.kind === "parent") return T("“%s” not found", parentHeading(about));
  return PROBLEM_NAMES[problem.code]?.() ?? problem.summary;
}
const problemKey = (one) => [one.code, one.kind, one.column ?? ""].join(" ");

function problemSize(one) {
  if (one.kind === "parent")
    return `${count(one.values, "%s value", "%s values")} · ${
      count(one.count, "%s row", "%s rows")}`;
  if (one.kind === "duplicate") return count(one.values, "%s identifier", "%s identifiers");
  if (one.kind === "circular") return count(one.values, "%s reporting line", "%s reporting lines");
  if (one.kind === "line") return count(one.count, "%s line of the file", "%s lines of the file");
  return count(one.count, "%s row", "%s rows");
}

class Review {
  constructor(steps) {
    this.steps = steps;
    this.closing = new AbortController();
    this.key = null;  // of the selected problem; "fixes": the list of all fixes
    this.sheet = new Sheet(this.draft.source, this.draft, {
      edit: (edits, label) => this.edit(edits, label, true),
      shortcut: (key) => this.shortcut(key),
      filtered: () => this.showFilter(),
      settled: () => this.settled
    });
    this.list = make("aside", {class: "problems", "aria-label": T("Problems")});
    this.panel = make("aside", {class: "panel", "aria-label": T("How to fix it")});
    this.only = make("input", {type: "checkbox", onchange: () => this.narrow()});
    this.onlyText = make("span");
    this.search = make("input", {
      class: "input",
      type: "search",
      placeholder: T("Search"),
      "aria-label": T("Search all rows"),
      oninput: () => {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.searched(), 200);
      },
      onkeydown: (e) => e.key === "Enter" && this.view === "organisation" && this.searched()
    });
    this.undoButton = btn("ghost", null, () => this.undo(), {before: "undo", label: T("Undo")});
    this.redoButton =
      btn("ghost", null, () => this.undo("redo"), {before: "redo", label: T("Redo")});
    this.center = make("section", {class: "sheet", "aria-label": T("Rows and views")});
    this.host = [this.list, this.center, this.panel];
    this.view = "table";
    this.settled = Promise.resolve();
    addEventListener("keydown", (e) => this.pressed(e), {signal: this.closing.signal});
    this.ready = this.begin();
  }
  get draft() { return this.steps.draft; }
  /* The error of most rows: where to begin. */
  get most() { return this.draft.errors.reduce((a, b) => !a || b.count > a.count ? b : a, null); }
  close() {
    this.sheet.commit();
    this.closing.abort();
    if (this.steps.review === this) this.steps.review = null;
  }
  async begin() {
    const first = this.most ?? this.draft.problems[0];
    this.key = first ? problemKey(first) : null;
    this.draw();
    await this.sheet.apply({});
    await this.select(this.key, false);
  }

  /* --- drawing --- */

  draw() {
    this.drawProblems();
    this.drawCenter();
    this.drawFoot();
  }
  drawProblems() {
    const {draft} = this, {problems, fixed, errors, about} = draft;
    const entry = (one, first) => {
      const key = problemKey(one);
      return make(
        "li", null,
        make(
          "a", {
            class: one.severity,
            href: "#new/review",
            "aria-current": key === this.key ? "true" : null,
            onclick: (e) => {
              e.preventDefault();
              this.select(key, true);
            }
          },
          icon(PROBLEM_ICONS[one.kind] ?? one.severity),
          make("span", {class: "t"}, problemName(one, about)),
          make("span", {class: "d"}, problemSize(one)),
          first ? make("span", {class: "start"}, T("Start here: affects the most rows")) : null));
    };
    const warnings = problems.filter((one) => one.severity === "warning");
    const {most} = this;
    const fixable = problems.reduce((sum, one) => sum + one.fixable, 0);
    const all = errors.length + fixed.filter((one) => one.severity === "error").length;
    this.list.replaceChildren(
      make(
        "p", {class: "left", "aria-live": "polite"}, make("b", null, number(errors.length)),
        make("span", {class: "quiet"}, T("left to fix"))),
      make(
        "div", {
          class: "meter",
          role: "img",
          "aria-label": T("%s of %s fixed", number(all - errors.length), number(all))
        },
        ...Array.from(
          {length: Math.max(all, 1)},
          (_, i) => make("span", {class: all === 0 || i < all - errors.length ? "on" : null}))),
      make(
        "ul", {class: "plist"}, ...(most ? [entry(most, errors.length > 1)] : []),
        ...errors.filter((one) => one !== most).map((one) => entry(one))),
      ...(
        fixable > 1 ?
          [
            make("p", {class: "plabel"}, T("Suggested")),
            make(
              "ul", {class: "plist"},
              make(
                "li", null,
                make(
                  "a", {
                    class: "likely",
                    href: "#new/review",
                    "aria-current": this.key === "fixes" ? "true" : null,
                    onclick: (e) => {
                      e.preventDefault();
                      this.select("fixes", true);
                    }
                  },
                  icon("list"),
                  make("span", {class: "t"}, T("Review %s fixes at once", number(fixable))),
                  make("span", {class: "d"}, T("You see every change first")))))
          ] :
          []),
      ...(
        warnings.length ?
          [
            make("p", {class: "plabel"}, T("Worth a look")),
            make("ul", {class: "plist"}, ...warnings.map((one) => entry(one)))
          ] :
          []),
      ...(
        fixed.length ?
          [
            make("p", {class: "plabel"}, T("Fixed")),
            make(
              "ul", {class: "plist"},
              ...fixed.map(
                (one) => make(
                  "li", null,
                  make(
                    "span", {class: "sure fixed"}, icon("check"),
                    make("span", {class: "t"}, problemName(one, about))))))
          ] :
          []));
    const now = this.list.querySelector("[aria-current]");
    if (now)
      this.list.scrollLeft = now.offsetLeft - this.list.clientWidth / 4;  // on narrow screens
  }
  drawCenter() { keepingFocus(() => this.fillCenter(), this.center); }
  fillCenter() {
    const {draft} = this, {steps} = draft;
    const tab = (name, text, sign) => make(
      "button", {
        type: "button",
        name: `view:${name}`,
        "aria-label": text,
        "aria-pressed": String(this.view === name),
        onclick: () => this.show(name)
      },
      icon(sign), make("span", null, text));
    const download = btn("ghost", null, null, {before: "download", label: T("Download")});
    const more = btn("ghost", null, null, {before: "more", label: T("More")});
    this.toolbar = make(
      "div", {class: "toolbar"},
      make(
        "div", {class: "seg", role: "group", "aria-label": T("View")},
        tab("table", T("Table"), "table"),
        ...(draft.about.tree ? [tab("organisation", T("Organisation"), "tree")] : [])),
      make("div", {class: "search push"}, icon("search"), this.search), ...this.chips(),
      this.undoButton, this.redoButton, menu(download, () => this.downloads()),
      menu(more, () => this.mores()));
    this.undoButton.setAttribute("aria-disabled", String(!steps.done.length));
    this.redoButton.setAttribute("aria-disabled", String(!steps.undone.length));
    this.footer = make(
      "div", {class: "gridfoot"}, make("label", {class: "switch"}, this.only, " ", this.onlyText),
      make(
        "span", {class: "push keys"}, make("kbd", null, "F2"), " ", T("edit"), "  ",
        make("kbd", null, "N"), " ", T("next"), "  ", make("kbd", null, "?"), " ", T("all keys")));
    const inner = this.view === "table" ?
      [this.finder ?? null, this.sheet.host, this.footer] :
      [make("div", {class: "organisation-view"}, this.whole.host)];
    arrange(this.center, [this.toolbar, ...inner.filter(Boolean)]);
  }
  show(view) {
    this.sheet.commit();
    this.view = view;
    this.steps.main.classList.toggle("whole", view === "organisation");
    if (view === "organisation") this.openOrganisation();
    this.drawCenter();
    this.toolbar.querySelector(`[name="view:${view}"]`)?.focus();
    if (view === "table") {
      this.sheet.list.redraw();
      if (this.panelRevision !== this.draft.revision) this.select(this.key, false);
    }
  }
  openOrganisation() {
    const at = this.whole?.item?.node;
    this.looking?.abort();
    this.looking = new AbortController();
    this.whole = new Organisation(this.draft.source, {
      editor: this.editor(),
      seeker: false,
      closed: this.looking.signal,
      toTable: (row) => {
        this.show("table");
        this.sheet.goto(row);
      }
    });
    this.whole.wanted = this.search;
    if (at !== undefined) this.whole.tree.ready.then(() => this.whole.tree.goto(at));
  }
  /* One field searches what is shown: rows, or the organisation. */
  searched() {
    if (this.view === "table")
      this.sheet.apply({text: this.search.value.trim()});
    else
      this.whole.seek();
  }
  /* What can be done with rows in the organisation, where their parents are in a column. */
  editor() {
    const {about, reading} = this.draft, byName = /^name/.test(reading.parents);
    if (about.parent < 0 || /^(levels|path|outline)/.test(reading.parents)) return null;
    const set = async (node, column, text, label) => {
      const row = await this.draft.source.rowAt(node.row);
      this.after(() => this.draft.edit([["set", row.key, column, text]], label), label);
    };
    const move = (node, to) => set(
      node, about.parent, to ? (byName ? to.name : to.id) : "",
      T("“%s” moved", brief(node.name || node.id, 40)));
    return {
      move,
      ask: async (node) => {
        let to = null;
        const chosen = (one) => {
          to = one;
          go.disabled = false;
        };
        const top = choice(
          {name: "move-to", onchange: () => chosen({top: true})}, T("Top level"),
          T("It has no parent"));
        const finder = rowFinder(this, T("Above it"), (id, name, found) => {
          top.querySelector("input").checked = false;
          chosen({id, name, node: found});
        });
        const asked = dialog(
          T("Where does “%s” belong?", brief(node.name || node.id, 40)),
          [
            node.below ?
              make(
                "p", {class: "quiet"},
                count(
                  node.below, "%s row below it moves with it.", "%s rows below it move with it.")) :
              null,
            finder, top
          ].filter(Boolean),
          [["", T("Cancel"), null], ["primary", T("Move"), true]]);
        const go = document.querySelector("dialog[open] .btn.primary");
        go.disabled = true;
        if (!await asked) return;
        if (to.top)
          move(node, null);
        else
          this.whole.move(node, to);
      },
      rename: (node, name) =>
        set(node, about.name_column, name, T("“%s” renamed", brief(node.name, 40)))
    };
  }
  /* Beside the organisation: problems that are not fixed there. */
  chips() {
    if (this.view === "table") return [];
    const {errors, about} = this.draft;
    const chip = (one, text, sign) => btn("ghost small bad", text, () => {
      this.show("table");
      this.select(problemKey(one), true);
    }, {before: sign});
    const first = errors.length > 3 ? errors.slice(0, 2) : errors,
          more = errors.length - first.length;
    return [
      ...first.map((one) => chip(one, problemName(one, about), PROBLEM_ICONS[one.kind] ?? "error")),
      ...(
        more ?
          [chip(
            errors[first.length], count(more, "%s more problem", "%s more problems"), "error")] :
          [])
    ];
  }
  downloads() {
    const {draft} = this, name = stem(draft.about.name);
    const one = (what, file, text) => make(
      "a", {class: "btn", href: reportOf(draft.reading, what), download: file}, icon("download"),
      text);
    return [
      one("workbook", `${name}.xlsx`, T("Corrected file as a workbook")),
      one("copy", `${name}.csv`, T("Corrected file as CSV")),
      one("xlsx", `${name}.annotated.xlsx`, T("Workbook with the problems marked")),
      one("html", `${name}.report.html`, T("Report for a colleague")),
    ];
  }
  mores() {
    const one = (sign, text, act) => btn("", text, act, {before: sign});
    const {removed} = this.draft;
    return [
      one("search", T("Find and replace"), () => this.find()),
      ...(
        this.view === "table" ?
          [
            one("plus", T("Add a row"), () => this.sheet.addRow()),
            one("trash", T("Delete the row"), () => this.sheet.removeRows())
          ] :
          []),
      ...(
        removed.size ?
          [one("undo", T("Deleted rows (%s)", number(removed.size)), () => this.restore())] :
          []),
      ...(
        this.draft.steps.done.length ?
          [one(
            "list", T("Changes so far (%s)", number(this.draft.steps.count)),
            () => this.changes())] :
          []),
      one("ask", T("Keyboard"), () => this.keys()),
    ];
  }
  drawFoot() {
    const {errors, steps: made} = this.draft, left = errors.length;
    this.steps.drawFoot(
      [
        left ? count(left, "%s problem left.", "%s problems left.") : T("No problems left."), " ",
        made.count ? T("Changes are kept") : ""
      ].join(""),
      {
        text: T("Continue"),
        why: left ? true : null,
        act: () => left ? this.step(1, true) : this.steps.go(AT.import)
      });
  }

  /* --- problems --- */

  problem() { return this.draft.problems.find((one) => problemKey(one) === this.key); }
  /* Selects a problem; focus: also its panel. */
  async select(key, focus) {
    this.working = (this.working ?? 0) + 1;
    try {
      await this.showProblem(key, focus);
    } finally {
      this.working--;
    }
  }
  async showProblem(key, focus) {
    this.key = key;
    if (focus && this.view !== "table") this.show("table");
    this.drawProblems();
    const problem = this.problem(), wide = key === "fixes";
    this.steps.main.classList.toggle("wide", wide);
    const mine = this.filling = {};
    this.panelRevision = this.draft.revision;
    if (wide)
      await fillFixes(this);
    else {
      if (this.center.querySelector(".many")) this.drawCenter();
      await fillPanel(this, problem);
    }
    if (mine !== this.filling) return;
    if (this.sheet.filter.code && this.sheet.filter.code !== problem?.code)
      await this.sheet.apply({code: "", only: false});
    this.showFilter();
    if (problem && this.view === "table") await this.reveal(problem.row, this.columnOf(problem));
    if (focus && !this.sheet.editing)
      (wide ? this.center : this.panel).querySelector("h2")?.focus();
  }
  /* Shows a row that a panel is about, unless the user is at work in the grid. */
  async reveal(row, column) {
    if (!this.staying && !this.sheet.editing && row > 0) await this.sheet.goto(row, column);
  }
  /* What the rows are filtered by. */
  showFilter() {
    const {filter} = this.sheet, problem = this.problem();
    this.only.checked = filter.only;
    this.only.disabled = !problem || problem.kind === "line" || problem.kind === "file";
    this.onlyText.textContent = problem ?
      count(
        problem.count, "Only the %s row with this problem", "Only the %s rows with this problem") :
      T("Only rows with problems");
    if (this.search.value.trim() !== filter.text && document.activeElement !== this.search)
      this.search.value = filter.text;
  }
  columnOf(problem) {
    const {about} = this.draft;
    if (problem.kind === "parent" || problem.kind === "circular")
      return about.parent >= 0 ? about.parent : undefined;
    if (problem.kind === "duplicate") return about.id >= 0 ? about.id : undefined;
    return problem.column;
  }
  narrow() {
    const problem = this.problem();
    this.sheet.apply(
      this.only.checked && problem ? {code: problem.code, only: true} : {code: "", only: false});
  }
  /* The next or the previous problem; errors: only those. */
  step(by, errors) {
    const all = errors ? this.draft.errors : this.draft.problems;
    if (!all.length) return;
    const at = all.findIndex((one) => problemKey(one) === this.key);
    const next = all[(at + by + all.length) % all.length];
    this.select(problemKey(next), true);
  }

  /* --- edits --- */

  /* inGrid: the focus stays in the grid. */
  edit(edits, label, inGrid) {
    return this.after(() => this.draft.edit(edits, label), label, {
      inGrid,
      /* What is typed is seen where it was typed. */
      quiet: inGrid && edits.length === 1 && edits[0][0] === "set"
    });
  }
  /* options: inGrid, quiet; again: [name, action] of the toast, in place of Undo. */
  after(act, label, options = {}) {
    this.working = (this.working ?? 0) + 1;
    const done = this.carryOut(act, label, options).finally(() => {
      this.working--;
    });
    this.settled = Promise.allSettled([this.settled, done]);
    return done;
  }
  async carryOut(act, label, {inGrid, quiet, again}) {
    const {steps, draft} = this, key = this.key;
    const focused = inGrid || this.sheet.host.contains(document.activeElement),
          before = draft.errors.length, {revision} = draft.steps;
    toasts.replaceChildren();
    const done = await steps.guard(async () => {
      await act();
      return true;
    });
    if (!done || draft !== this.draft) return;
    if (steps.review !== this) {  // this view was left, and opened again
      await steps.review?.renew(steps.review.key, false);
      return;
    }
    await this.renew(key, focused);
    const left = draft.errors.length;
    steps.say(`${label}. ${
      left ? count(left, "%s problem left.", "%s problems left.") : T("No problems left.")}`);
    const made = draft.steps.revision, [name, action] = again ?? [T("Undo"), () => this.undo()];
    if (label && (!quiet || left < before))
      toast(
        label, made === revision ? null : () => draft.steps.revision === made && action(), name);
  }
  /* Draws everything again for the draft as it is now; stays at the problem if it is still there.
   */
  async renew(key, focused) {
    const {problems} = this.draft;
    const at = problems.findIndex((one) => problemKey(one) === key);
    this.steps.drawBar();
    this.draw();
    await this.sheet.renew(this.draft.source);
    const next = key === "fixes" && problems.some((one) => one.fixable) ? key :
      at >= 0                                                           ? key :
      problems.length ? problemKey(this.most ?? problems[0]) :
                        null;
    if (this.view === "organisation") {
      this.key = next;
      this.drawProblems();
      this.show("organisation");
      this.whole.tree.host.focus();
    } else if (focused) {
      this.key = next;
      this.drawProblems();
      this.staying = true;  // the panel does not lead elsewhere
      this.panelRevision = this.draft.revision;
      if (next !== "fixes") await fillPanel(this, this.problem());
      this.staying = false;
      this.showFilter();
      if (!this.sheet.editing) this.sheet.host.focus();
    } else {
      await this.select(next, true);
    }
  }
  undo(what = "undo") {
    const {done, undone} = this.draft.steps, list = what === "undo" ? done : undone;
    if (!list.length) return;
    this.sheet.commit();
    const back = what === "undo", label = back ? list[list.length - 1] : list[0];
    this.after(
      () => this.draft.move(what), back ? T("Undone: %s", label) : T("Redone: %s", label),
      back ? {again: [T("Redo"), () => this.undo("redo")]} : {});
  }
  async restore() {
    const {removed} = this.draft;
    const boxes = [...removed].map(
      ([key, label]) => checkbox({value: String(key)}, [
        key > 0 ? T("line %s", number(key)) : T("added row %s", number(-key)), label || ""
      ].filter(Boolean).join(": ")));
    const done = await dialog(
      T("Deleted rows"),
      [make("div", {class: "stack-2"}, ...boxes.map((one) => make("div", null, one)))],
      [["", T("Cancel"), null], ["primary", T("Restore selected"), true]]);
    const keys = boxes.map((one) => one.querySelector("input"))
                   .filter((one) => one.checked)
                   .map((one) => Number(one.value));
    if (done && keys.length)
      this.edit(
        keys.map((key) => ["restore", key]),
        count(keys.length, "%s row restored", "%s rows restored"));
  }
  async changes() {
    const {done} = this.draft.steps;
    const what = await dialog(
      T("Changes so far"),
      [make("ol", null, ...done.slice(-100).map((one) => make("li", null, one || T("a change"))))],
      [["danger", T("Undo all of them"), "reset"], ["primary", T("Close"), null]]);
    if (what)
      this.after(
        () => this.draft.move("reset"), T("All changes undone"),
        {again: [T("Redo"), () => this.undo("redo")]});
  }

  /* --- find and replace: in all cells of a column --- */

  find() {
    if (this.view !== "table") this.show("table");
    const {about} = this.draft, columns = [
      ["", T("All columns")],
      ...about.columns.map((one, i) => [String(i), brief(one.name || T("(no name)"))])
    ];
    const column =
      select({class: "select", "aria-label": T("Column"), onchange: () => tell()}, columns, "");
    const from = make("input", {class: "input", "aria-label": T("Find"), oninput: () => tell()}),
          to = make("input", {class: "input", "aria-label": T("Replace with")});
    const whole = make("input", {type: "checkbox", onchange: () => tell()});
    const said = make("span", {class: "quiet", role: "status"}),
          go = btn("small", T("Replace"), () => replace());
    /* The values that are meant, by column, with the number of their cells. */
    const look = async () => {
      const wanted = column.value === "" ? columns.slice(1).map(([at]) => at) : [column.value],
            how = {text: from.value, ...(whole.checked ? {whole: "1"} : {})};
      const found = [];
      for (const at of from.value === "" ? [] : wanted)
        found.push({column: Number(at), ...await this.draft.ask("values", {column: at, ...how})});
      return found;
    };
    const cellsIn = (found) => found.reduce((sum, one) => sum + one.rows, 0);
    const tell = () => {
      clearTimeout(this.counting);
      this.counting = setTimeout(async () => {
        const cells = cellsIn(await look());
        said.textContent = count(cells, "in %s cell", "in %s cells");
        go.disabled = !cells;
      }, 200);
    };
    const replace = async () => {
      const found = await look(), cells = cellsIn(found),
            many = found.find((one) => one.total > one.values.length);
      if (many)
        said.textContent = T("in too many different values at once: %s", number(many.total));
      else if (cells)
        this.edit(
          found.flatMap(
            (one) => replacements(one.values, from.value, to.value)
                       .map(([before, after]) => ["replace", one.column, before, after])),
          T("“%s” replaced: %s", brief(from.value, 30), count(cells, "%s cell", "%s cells")));
    };
    const close = () => {
      this.finder = null;
      this.drawCenter();
      this.sheet.host.focus();
    };
    this.finder = make(
      "form", {
        class: "toolbar find",
        "aria-label": T("Find and replace"),
        onsubmit: (e) => {
          e.preventDefault();
          replace();
        },
        onkeydown: (e) => e.key === "Escape" && close()
      },
      make("label", {class: "line-up"}, T("Column"), column),
      make("label", {class: "line-up"}, T("Find"), from),
      make("label", {class: "line-up"}, T("Replace with"), to),
      make("label", {class: "line-up"}, whole, T("whole cell")), said,
      make(
        "span", {class: "line-up push"}, go,
        btn("ghost small", null, close, {before: "x", label: T("Close")})));
    this.view = "table";
    this.drawCenter();
    from.focus();
  }

  /* --- keys --- */

  pressed(event) {
    const typing = event.target.closest?.(
      "input:not([type=radio]):not([type=checkbox]), textarea, select, dialog");
    const control = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
    if (!this.center.isConnected || event.altKey || document.querySelector("dialog[open]")) return;
    if (control && key === "z" && !typing)
      this.undo(event.shiftKey ? "redo" : "undo");
    else if (control && key === "y" && !typing)
      this.undo("redo");
    else if (control && key === "h")
      this.find();
    else if (control || typing)
      return;
    else if (!this.shortcut(key))
      return;
    event.preventDefault();
  }
  /* Carries out a key of the page; whether it is one. */
  shortcut(key) {
    if (key === "n" || key === "p")
      this.step(key === "n" ? 1 : -1);
    else if (key === "/")
      this.search.focus();
    else if (key === "?")
      this.keys();
    else
      return false;
    return true;
  }
  keys() {
    const CTRL = T("Ctrl");
    const list = [
      [["N", "P"], T("next, previous problem")], [["F2"], T("change the cell (or just type)")],
      [[T("Enter")], T("accept and go down; Tab: to the right; Alt+Enter: a new line")],
      [["Esc"], T("leave it as it was")], [[CTRL, "V"], T("paste a block from a spreadsheet")],
      [[CTRL, "D"], T("fill down")], [[CTRL, "H"], T("find and replace")],
      [[T("Del")], T("empty the cell; with Shift: delete the row")],
      [[CTRL, "Z"], T("undo; %s+Y: redo", CTRL)], [["M"], T("move to … (organisation)")],
      [["/"], T("search")]
    ];
    return dialog(
      T("Keyboard"),
      [make(
        "div", {class: "keylist small"},
        ...list.flatMap(
          ([keys, text]) =>
            [make("span", null, ...keys.flatMap((one) => [make("kbd", null, one), " "])),
             make("span", null, text)]))],
      [["primary", T("Close"), null]]);
  }
}

/* What values become when a text in them is replaced. Edits take effect one after the other: a
 * value that another one becomes comes before it, so that none is replaced twice. */
function replacements(values, from, to) {
  const waiting = new Set(values), pairs = [];
  const add = (value) => {
    const after = value.replaceAll(from, () => to);
    waiting.delete(value);
    if (waiting.has(after)) add(after);
    pairs.push([value, after]);
  };
  for (const value of values)
    if (waiting.has(value)) add(value);
  return pairs.filter(([before, after]) => before !== after);
}

function reviewStep(steps) {
  steps.review?.close();
  const review = steps.review = new Review(steps);
  return {heading: T("Review and fix"), wide: "review", body: review.host, status: "", next: null};
}
