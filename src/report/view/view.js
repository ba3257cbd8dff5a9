/* Displays a vetted file: findings, rows, hierarchy. The data comes from a source, which returns
 * values or promises: in a report everything is in memory (memory.js), in the page it comes from
 * the service. */
const mendingOf = (f) =>
  f.fix === "space" ? T("remove the spaces") : T("change to `%s`", brief(f.suggestion || ""));

class View {
  /* options: about, a line above everything; fix(finding, row), applies the fix of a finding;
   * state, of the view that this one replaces. */
  constructor(source, {about, fix, state} = {}) {
    this.source = source;
    this.fix = fix;
    this.closing = new AbortController();
    this.table = new Table(source, (row, found) => this.tell(row, found), () => this.uncontrol());
    this.said = make("span", {role: "status", class: "note"});
    this.host = make(
      "div", {class: "looker"}, about ? make("p", {class: "note"}, about) : null,
      this.bar(source.groups()), this.choices());
    this.detail = make(
      "div", {class: "detail"},
      make(
        "p", {class: "note"},
        T("Select a row to see its findings; press n or p to go to the next or previous row with findings.")));
    this.tabs();
    this.ready = this.begin(state);
  }
  async begin(state) {
    const filter = state?.filter &&
      {...state.filter, code: this.groups.has(state.filter.code) ? state.filter.code : ""};
    if (filter) this.control(filter);
    await this.table.apply(filter);
    if (!state) return;
    const index = state.row ? await this.source.position(this.table.filter, state.row) : -1;
    if (index >= 0) await this.table.choose(index);
    if (state.tab) this.showTab(state.tab);
  }
  /* The current position, for the view that replaces this one. */
  get state() {
    return {
      filter: this.table.filter,
      row: this.row,
      tab: this.buttons.findIndex((one) => one.tabIndex === 0)
    };
  }
  close() { this.closing.abort(); }

  /* --- filters --- */

  bar(groups) {
    this.groups = new Map(groups.map(
      (group) =>
        [group.code,
         make(
           "button", {
             type: "button",
             "aria-pressed": "false",
             title: group.summary,
             onclick: () => this.pick(group.code)
           },
           make("span", {class: `mark ${group.severity}`}, group.code), " ", group.summary,
           make("span", {class: "count"}, number(group.count)))]));
    return make(
      "div", {class: "bar", role: "group", "aria-label": T("findings by code")},
      ...this.groups.values());
  }
  choices() {
    this.severity = make(
      "select",
      {"aria-label": T("severity"), onchange: (e) => this.narrow({severity: e.target.value})},
      make("option", {value: ""}, T("all severities")),
      ...SEVERITIES.map((s) => make("option", {value: s}, T(s))));
    this.search = make("input", {
      type: "search",
      "aria-label": T("search rows and messages"),
      placeholder: T("search"),
      oninput: () => {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.narrow({text: this.search.value.trim()}), 200);
      }
    });
    this.only = make(
      "button", {
        type: "button",
        "aria-pressed": "false",
        onclick: () => this.narrow({only: !this.table.filter.only})
      },
      T("only rows with findings"));
    return make(
      "div", {class: "bar"}, this.severity, this.search, this.only,
      make("button", {type: "button", onclick: () => this.step(-1)}, T("previous finding")),
      make(
        "button", {type: "button", class: "next", onclick: () => this.step(1)}, T("next finding")),
      this.said);
  }
  pick(code) {
    this.showTab(0);
    this.narrow({code: code === this.table.filter.code ? "" : code});
  }
  /* Makes the controls reflect the filter. */
  control({code, severity, text, only}) {
    for (const [one, button] of this.groups)
      button.setAttribute("aria-pressed", String(one === code));
    this.severity.value = severity;
    this.only.setAttribute("aria-pressed", String(only));
    if (this.search.value.trim() !== text) this.search.value = text;
  }
  uncontrol() {
    this.control(this.table.filter);
    this.said.textContent = "";
  }
  async narrow(change) {
    const applied = this.table.apply(change);
    this.control(this.table.filter);
    if (!await applied) return;
    const {total, filter} = this.table, group = this.groups.get(filter.code);
    this.said.textContent = !total && group && !filter.text ?
      T("this applies to the file as a whole, not to a single row") :
      count(total, "%s row", "%s rows");
  }
  async step(direction) {
    this.showTab(0);
    const found = await this.table.step(direction);
    if (!found)
      this.said.textContent = T("none found");
    else
      this.table.host.scrollIntoView({block: "nearest"});
    if (found === "again")
      this.said.textContent +=
        direction > 0 ? `, ${T("continued from the top")}` : `, ${T("continued from the end")}`;
  }

  /* --- tabs: table and organisation --- */

  tabs() {
    const tree = this.source.top !== undefined && this.source.hierarchical,
          names = tree ? [T("Table"), T("Organisation")] : [T("Table")];
    this.panels = names.map(
      (name, i) => make(
        "div",
        {role: "tabpanel", "aria-label": name, id: `panel${++ids}`, class: i ? "hidden" : null}));
    this.buttons = names.map(
      (name, i) => make(
        "button", {
          role: "tab",
          type: "button",
          "aria-selected": String(i === 0),
          "aria-controls": this.panels[i].id,
          tabindex: i ? "-1" : "0",
          onclick: () => this.showTab(i),
          onkeydown: (e) => {
            if (e.key !== "ArrowRight" && e.key !== "ArrowLeft") return;
            this.showTab((i + 1) % names.length);
            this.buttons[(i + 1) % names.length].focus();
          }
        },
        name));
    this.host.append(
      make("div", {class: "tabs", role: "tablist"}, ...this.buttons), ...this.panels);
    this.panels[0].append(make("div", {class: "side-by-side"}, this.table.host, this.detail));
  }
  showTab(i) {
    if (!this.panels[i]) return;
    this.panels.forEach((panel, k) => panel.classList.toggle("hidden", k !== i));
    this.buttons.forEach((button, k) => {
      button.setAttribute("aria-selected", String(k === i));
      button.tabIndex = k === i ? 0 : -1;
    });
    if (i === 1 && !this.tree) this.organisation();
    (i ? this.tree : this.table).list.redraw();
  }
  inTable(row) {
    this.showTab(0);
    return this.table.goto(row);
  }
  async inTree(node) {
    await this.tree.goto(node);
    this.tree.host.focus();
  }

  /* --- the organisation --- */

  organisation() {
    const go = (node) => this.inTree(node);
    this.around = make("div", {class: "around"});
    this.tree = new Tree(this.source, (node) => this.look(node, go));
    this.icicle = new Icicle(this.source, go, this.closing.signal);
    const legend = [
      ["error", T("errors, here or below")], ["warning", T("warnings, here or below")],
      [null, T("no findings")]
    ];
    this.panels[1].append(
      this.seeker(), ...(this.source.changes ? [this.changes()] : []), this.icicle.host,
      make(
        "p", {class: "legend"},
        ...legend.map(([kind, text]) => make("span", null, make("i", {class: kind}), text))),
      make("div", {class: "organisation"}, this.tree.host, this.around));
  }
  seeker() {
    const search = make("input", {
      type: "search",
      "aria-label": T("search the organisation"),
      placeholder: T("identifier or name"),
      onkeydown: (e) => {
        if (e.key === "Enter") seek();
      }
    });
    const status = make("span", {role: "status", class: "note"}),
          seek = this.turner(
            status, (text) => this.source.find(text, MOST_FOUND), () => search.value.trim());
    return make(
      "div", {class: "bar"}, search, make("button", {type: "button", onclick: seek}, T("search")),
      status);
  }
  /* Returns a function that goes to the next match each time it is called. */
  turner(said, find, wanted) {
    let last = null, found = [], turn = 0;
    return async () => {
      const now = wanted();
      if (now === "") return;
      if (now !== last) [found, turn] = [await find(now), -1];
      last = now;
      turn = (turn + 1) % Math.max(found.length, 1);
      const of = found.length < MOST_FOUND ? number(found.length) :
                                             T("more than %s", number(MOST_FOUND - 1));
      said.textContent = found.length ? T("%s of %s", number(turn + 1), of) : T("no matches");
      if (found.length) await this.tree.goto(found[turn]);
    };
  }
  /* A summary of an import into an existing framework. */
  changes() {
    const host = make(
            "div", {class: "bar", role: "group", "aria-label": T("compared with the framework")}),
          status = make("span", {role: "status", class: "note"});
    const kinds = [
      ["added", T("new")], ["moved", T("with a different parent")], ["renamed", T("renamed")],
      ["changed", T("with changed details")], ["removed", T("only in the framework")]
    ];
    const fill = async () => {
      const {summary} = await this.source.changes();
      const buttons =
        kinds.filter(([kind]) => summary[kind])
          .map(
            ([kind, name]) => make(
              "button", {
                type: "button",
                onclick: this.turner(status, (one) => this.source.changed(one), () => kind)
              },
              name, make("span", {class: "count"}, number(summary[kind]))));
      host.append(
        make("span", null, T("Compared with the framework:")),
        ...(buttons.length ? buttons : [T("no differences")]), status);
    };
    fill();
    return make(
      "div", null, host,
      make(
        "p", {class: "note"},
        T("An import only adds new items. Existing items in the framework are not moved, renamed or removed.")));
  }
  async look(node, go) {
    const mine = this.looked = {};
    const parts =
      [node.loop ? await ring(this.source, node.loop, go) : await cards(this.source, node, go)];
    if (node.row) {
      parts.push(...this.findings(await this.source.rowAt(node.row)));
      parts.push(make(
        "p", null,
        make(
          "button", {type: "button", onclick: () => this.inTable(node.row)},
          T("show in the table"))));
    }
    if (mine === this.looked) this.around.replaceChildren(...parts);
  }

  /* --- findings of a row --- */

  findings(row) { return row.findings.map((f) => this.finding(f, row)); }
  finding(f, row) {
    const fix = f.fix && this.fix ?
      make(
        "p", null,
        make(
          "button", {type: "button", class: "fix", onclick: () => this.fix(f, row)},
          mendingOf(f))) :
      null;
    const related = (f.related || []),
          shown = related.slice(0, 20).map(
            (r) => make(
              "p", {class: "help"}, T("line %s: ", number(r.line)), asText(r.message || "", 300),
              " ",
              r.row > 0 ?
                make("button", {type: "button", onclick: () => this.inTable(r.row)}, T("show")) :
                null));
    const more = (f.related_count ?? related.length) - shown.length;
    return make(
      "div", null,
      make(
        "p", null, severity(f.severity), " ", make("b", null, f.code), " ",
        asText(f.message, 2000)),
      f.help ? make("p", {class: "help"}, asText(f.help, 2000)) : null, fix, ...shown,
      more > 0 ? make("p", {class: "note"}, T("and %s more", number(more))) : null);
  }
  async tell(row, found) {
    this.row = row.row;
    const mine = this.telling = {}, whole = row.cut ? await this.source.rowAt(row.row) : row;
    if (mine !== this.telling) return;
    const parts = whole.findings.length ?
      this.findings(whole) :
      [make("p", {class: "note"}, T("no findings in this row"))];
    const long = whole.cells.flatMap(
      (cell, i) => cell.length > 60 ?
        [
          make("dt", null, asText(this.source.columns[i] ?? "", 60)),
          make("dd", {class: "value"}, asText(cell, 20000))
        ] :
        []);
    this.detail.replaceChildren(
      make("p", null, make("strong", null, T("line %s", number(row.line)))), ...parts,
      make("dl", {class: "values"}, ...long));
    if (found)
      this.said.textContent = `${T("line %s", number(row.line))}: ${
        count(whole.findings.length, "%s finding", "%s findings")}`;
  }
}
const MOST_FOUND = 1000;
