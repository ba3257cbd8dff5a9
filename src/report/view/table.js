/* The rows of a file, with what was found in them. */
class Table {
  constructor(source, chosen) {
    this.source = source;
    this.chosen = chosen;
    this.at = 0;
    this.id = `grid${++ids}`;
    this.filter = {code: "", severity: "", text: "", only: false};
    const columns = source.columns;
    this.head = make(
      "div", {class: "row head", role: "row", "aria-rowindex": "1"},
      ...[T("line"), ...columns, T("what was found")].map(
        (name, i) => make(
          "span", {role: "columnheader", "aria-colindex": i + 1, class: i ? null : "number"},
          told(name || T("(no name)"), 60))));
    this.host = make(
      "div", {
        class: "scroller grid",
        role: "grid",
        tabindex: "0",
        "aria-label": T("rows of the file"),
        "aria-colcount": columns.length + 2,
        onkeydown: (e) => this.key(e)
      },
      this.head);
    this.host.style.setProperty(
      "--columns", `4.5rem repeat(${columns.length}, minmax(8rem, 1fr)) minmax(22rem, 2fr)`);
    this.host.style.setProperty("--least", `${26.5 + 8 * columns.length}rem`);
    this.list = new Virtual(this.host, (i) => this.line(i), ROW);
    this.apply();
  }
  apply() {
    this.blocks = new Blocks(
      (from, most) => this.source.window(this.filter, from, most), () => this.list.redraw());
    this.at = 0;
    return later(this.source.total(this.filter), (total) => {
      this.host.setAttribute("aria-rowcount", total + 1);
      this.total = total;
      this.list.to(0);
      this.list.resize(total);
    });
  }
  line(index) {
    const row = this.blocks.get(index), width = this.source.columns.length;
    const attributes = {
      role: "row",
      id: `${this.id}-${index}`,
      "aria-rowindex": index + 2,
      class: index === this.at ? "row chosen" : "row",
      onclick: () => this.choose(index)
    };
    if (index === this.at) {
      attributes["aria-selected"] = "true";
      this.host.setAttribute("aria-activedescendant", attributes.id);
    }
    if (!row)
      return make("div", attributes, make("span", {class: "number", role: "gridcell"}, "\u2026"));
    const marks = new Map();
    for (const f of row.findings) {
      const column = f.at ?? (f.header === undefined ? -1 : this.source.columns.indexOf(f.header));
      if (
        !marks.has(column) ||
        SEVERITIES.indexOf(f.severity) < SEVERITIES.indexOf(marks.get(column).severity))
        marks.set(column, f);
    }
    const cells =
      [make("span", {class: "number", role: "gridcell", "aria-colindex": 1}, String(row.line))];
    for (let i = 0; i < width; i++) {
      const mark = marks.get(i);
      cells.push(make(
        "span", {
          role: "gridcell",
          "aria-colindex": i + 2,
          class: mark ? `${mark.severity} cell` : null,
          title: mark ? mark.message : null
        },
        told(row.cells[i] ?? "")));
    }
    const about = make("span", {role: "gridcell", "aria-colindex": width + 2});
    for (const f of row.findings.slice(0, 3))
      about.append(make("span", {class: `mark ${f.severity}`}, f.code), " ", told(f.message), "  ");
    return make("div", attributes, ...cells, about);
  }
  key(event) {
    const moves = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: this.list.page,
      PageUp: -this.list.page,
      Home: -this.total,
      End: this.total
    };
    if (event.key in moves)
      this.choose(Math.max(0, Math.min(this.total - 1, this.at + moves[event.key])));
    else if (event.key === "n" || event.key === "p")
      this.step(event.key === "n" ? 1 : -1);
    else
      return;
    event.preventDefault();
  }
  choose(index) {
    if (index < 0 || index >= this.total) return;
    this.at = index;
    this.list.show(index);
    later(this.blocks.load(index), (row) => {
      if (this.at === index) this.chosen(row);
    });
  }
  /* To the next finding, or back; one step after the other, however fast they are asked for. */
  step(direction) {
    const before = this.stepping instanceof Promise ? this.stepping.catch(() => {}) : undefined;
    return this.stepping = later(
             before, () => later(this.source.next(this.filter, this.at, direction), (index) => {
                       if (index >= 0) this.choose(index);
                       return index >= 0;
                     }));
  }
  goto(row) {
    return later(this.source.position(this.filter, row), (index) => {
      if (index >= 0) return this.choose(index);
      this.filter = {code: "", severity: "", text: "", only: false};
      return later(
        this.apply(), () => later(this.source.position(this.filter, row), (i) => this.choose(i)));
    });
  }
}
