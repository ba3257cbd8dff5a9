/* Displays a vetted file: findings, rows, hierarchy. The data comes from a source, which returns
 * values or promises: in a report everything is in memory (memory.js), in the page it comes from
 * the service. */
class View {
  /* about: a line above everything; null: none. */
  constructor(source, about = null) {
    this.source = source;
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
    this.ready = this.table.apply();
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
           make("span", {class: `mark ${group.severity}`}, number(group.count)), " ", group.summary,
           " ", make("span", {class: "code"}, group.code))]));
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
    if (i === 1 && !this.whole) this.organisation();
    (i ? this.whole.tree : this.table).list.redraw();
  }
  inTable(row) {
    this.showTab(0);
    return this.table.goto(row);
  }
  organisation() {
    this.whole = new Organisation(
      this.source, {toTable: (row) => this.inTable(row), closed: this.closing.signal});
    this.panels[1].append(this.whole.host);
  }

  /* --- findings of a row --- */

  findings(row) { return row.findings.map((f) => finding(f, (one) => this.inTable(one))); }
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
