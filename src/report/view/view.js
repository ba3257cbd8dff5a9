/* Looks at a vetted file: findings, rows, hierarchy. What is looked at comes from a source, which
 * answers with values or with promises: in a report all of it is in memory (memory.js), in the page
 * the service is asked. */
const mending = (f) => f.fix === "space" ? T("take the spaces away") :
                                           T("make it `%s`", cut(shown(f.suggestion || ""), 60));

class View {
  /* mend: what to do when a finding is to be mended; none: nothing can be. */
  constructor(source, about, mend) {
    this.source = source;
    this.mend = mend;
    this.detail = make(
      "div", {class: "detail", "aria-live": "polite"},
      make(
        "p", {class: "note"},
        T("Choose a row to see what was found in it; n and p lead to the next and the previous one that has something.")));
    this.table = new Table(source, (row) => this.tell(row));
    this.told = make("span", {role: "status", class: "note"});
    this.host = make("div", {class: "looker"}, about ? make("p", {class: "note"}, about) : null);
    const groups = source.groups();
    this.host.append(...later(groups, (list) => [this.bar(list), this.choices()]));
    this.tabs(this.host);
  }
  bar(groups) {
    this.groups = groups.map(
      (group) => make(
        "button", {
          type: "button",
          "aria-pressed": "false",
          title: group.name,
          onclick: (e) => this.pick(e.currentTarget, group.code)
        },
        make("span", {class: `mark ${group.severity}`}, group.code), " ", group.name,
        make("span", {class: "count"}, number(group.count))));
    return make(
      "div", {class: "bar", role: "group", "aria-label": T("findings by code")}, ...this.groups);
  }
  choices() {
    const severity = make(
      "select",
      {"aria-label": T("severity"), onchange: (e) => this.narrow({severity: e.target.value})},
      make("option", {value: ""}, T("every severity")),
      ...SEVERITIES.map((s) => make("option", {value: s}, T(s))));
    const search = make("input", {
      type: "search",
      "aria-label": T("search rows and messages"),
      placeholder: T("search"),
      oninput: (e) => {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.narrow({text: e.target.value.trim()}), 200);
      }
    });
    const only = make(
      "button", {
        type: "button",
        "aria-pressed": "false",
        onclick: (e) => {
          const now = e.currentTarget.getAttribute("aria-pressed") !== "true";
          e.currentTarget.setAttribute("aria-pressed", now);
          this.narrow({only: now});
        }
      },
      T("only rows with findings"));
    const step = (direction) => later(this.table.step(direction), (found) => {
      this.showTab(0);
      this.told.textContent = found ? "" :
        direction > 0               ? T("there is none behind this row") :
                                      T("there is none before this row");
    });
    return make(
      "div", {class: "bar"}, severity, search, only,
      make("button", {type: "button", onclick: () => step(-1)}, T("previous finding")),
      make("button", {type: "button", class: "next", onclick: () => step(1)}, T("next finding")),
      this.told);
  }
  pick(button, code) {
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const one of this.groups) one.setAttribute("aria-pressed", one === button && on);
    this.showTab(0);
    this.narrow({code: on ? code : ""});
  }
  narrow(change) {
    Object.assign(this.table.filter, change);
    later(this.table.apply(), () => {
      this.told.textContent = count(this.table.total, "%s row", "%s rows");
    });
  }
  tabs(host) {
    const tree = this.source.top !== undefined && this.source.hierarchical !== false;
    const names = tree ? [T("Table"), T("Organisation")] : [T("Table")];
    this.panels = names.map(
      (name, i) => make(
        "div",
        {role: "tabpanel", "aria-label": name, id: `panel${++ids}`, class: i ? "hidden" : null}));
    this.buttons = names.map(
      (name, i) => make(
        "button", {
          role: "tab",
          type: "button",
          "aria-selected": i === 0,
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
    host.append(make("div", {class: "tabs", role: "tablist"}, ...this.buttons), ...this.panels);
    this.panels[0].append(this.table.host, this.detail);
  }
  showTab(i) {
    if (!this.panels[i]) return;
    this.panels.forEach((panel, k) => panel.classList.toggle("hidden", k !== i));
    this.buttons.forEach((button, k) => {
      button.setAttribute("aria-selected", k === i);
      button.tabIndex = k === i ? 0 : -1;
    });
    if (i === 1 && !this.tree) this.organisation();
    (i ? this.tree : this.table).list.redraw();
  }
  organisation() {
    const chosen = (row) => this.tree.goto(row);
    this.around = make("div", {class: "around"});
    this.tree = new Tree(this.source, (node) => this.look(node));
    this.icicle = new Icicle(this.source, chosen);
    const search = make("input", {
      type: "search",
      "aria-label": T("search the organisation"),
      placeholder: T("search by identifier or name"),
      onkeydown: (e) => {
        if (e.key === "Enter") this.seek(e.target.value.trim());
      }
    });
    this.sought = make("span", {role: "status", class: "note"});
    this.panels[1].append(
      make(
        "div", {class: "bar"}, search,
        make(
          "button", {type: "button", onclick: () => this.seek(search.value.trim())}, T("search")),
        this.sought),
      this.icicle.canvas,
      make(
        "p", {class: "legend"},
        make("span", null, make("i", {class: "error"}), T("an error below")),
        make("span", null, make("i", {class: "warning"}), T("a warning below")),
        make("span", null, make("i"), T("nothing"))),
      make("div", {class: "organisation"}, this.tree.host, this.around));
  }
  seek(text) {
    if (!text) return;
    later(this.source.find(text, 1000), (rows) => {
      this.turn = text === this.last ? (this.turn + 1) % Math.max(rows.length, 1) : 0;
      this.last = text;
      this.sought.textContent = rows.length ?
        T("%s of %s", number(this.turn + 1), number(rows.length)) :
        T("nothing found");
      if (rows.length) this.tree.goto(rows[this.turn]);
    });
  }
  async look(node) {
    const chosen = (row) => this.tree.goto(row), mine = this.looked = {};
    const parts =
      [node.loop ? await ring(this.source, node.loop, chosen) :
                   await cards(this.source, node, chosen)];
    if (node.row) {
      const row = await this.source.rowAt(node.row);
      parts.push(...this.findings(row));
      parts.push(make(
        "p", null,
        make(
          "button", {
            type: "button",
            onclick: () => {
              this.showTab(0);
              this.table.goto(node.row);
            }
          },
          T("show it in the table"))));
    }
    if (mine === this.looked) this.around.replaceChildren(...parts);
  }
  findings(row) {
    return row.findings.map(
      (f) => make(
        "div", null,
        make(
          "p", null, make("span", {class: `mark ${f.severity}`}, T(f.severity)), " ",
          make("b", null, f.code), " ", told(f.message, 2000)),
        f.help ? make("p", {class: "help"}, told(f.help, 2000)) : null,
        f.fix && this.mend ?
          make(
            "p", null,
            make(
              "button", {type: "button", class: "mend", onclick: () => this.mend(f, row)},
              mending(f))) :
          null,
        ...(f.related || [])
          .slice(0, 10)
          .map(
            (r) => make(
              "p", {class: "help"}, T("line %s: ", number(r.line)), told(r.message || "", 300), " ",
              r.row > 0 ? make(
                            "button", {
                              type: "button",
                              onclick: () => {
                                this.showTab(0);
                                this.table.goto(r.row);
                              }
                            },
                            T("show")) :
                          null))));
  }
  tell(row) {
    if (row.cut)
      return later(this.source.rowAt(row.row), (whole) => this.tell({...whole, cut: false}));
    const cells = make("dl", {class: "values"});
    const parts = this.findings(row);
    if (!parts.length) parts.push(make("p", {class: "note"}, T("nothing was found in this row")));
    row.cells.forEach((cell, i) => {
      if (cell.length > 60)
        cells.append(
          make("dt", null, told(this.source.columns[i] ?? "", 60)),
          make("dd", {class: "value"}, told(cell, 20000)));
    });
    this.detail.replaceChildren(
      make("p", null, make("strong", null, T("line %s", number(row.line)))), ...parts, cells);
  }
}
