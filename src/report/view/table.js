/* The rows of a file, with their findings. */
const ALL = Object.freeze({code: "", severity: "", text: "", only: false});

class Table {
  /* chosen(row, found): callback for a chosen row; found: by stepping to a finding. cleared():
   * callback for a filter that was reset, because it excluded the row to show. */
  constructor(source, chosen, cleared) {
    Object.assign(this, {source, chosen, cleared, at: -1, total: 0, filter: ALL});
    this.id = `grid${++ids}`;
    const {columns} = source, heads = [T("line"), ...columns, T("findings")];
    this.head = make(
      "div", {class: "row head", role: "row", "aria-rowindex": "1"},
      ...heads.map(
        (name, i) => make(
          "span", {role: "columnheader", "aria-colindex": i + 1, class: i ? null : "number"},
          asText(name || T("(no name)"), 60))));
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
    this.size([]);
    this.list = new Virtual(this.host, (i) => this.line(i), 1);
    this.blocks = new Blocks(() => [], this.list);
  }
  /* Applies a changed filter; false if another one superseded it in the meantime. */
  async apply(change) {
    const filter = this.filter = {...this.filter, ...change},
          total = await this.source.total(filter);
    if (filter !== this.filter) return false;
    this.blocks = new Blocks((from, most) => this.source.window(filter, from, most), this.list);
    this.at = -1;
    this.host.removeAttribute("aria-activedescendant");
    this.host.setAttribute("aria-rowcount", total + 1);
    this.total = total;
    this.list.to(0);
    this.list.resize(total);
    if (total && !this.sized) {
      this.sized = true;
      this.size((await this.source.window(filter, 0, 50)) || []);
    }
    return true;
  }
  /* Fits column widths to some rows, within bounds; in rem, because the letters of the head are
   * bolder than those of the rows. */
  size(rows) {
    const letters = (text) => [...text.slice(0, 60)].length;
    const widths = this.source.columns.map((name, i) => {
      const most =
        Math.max(4, letters(name) + 1, ...rows.map((row) => letters(row.cells[i] ?? "")));
      return Math.min(28, most) * 0.58 + 1;
    });
    const sum = widths.reduce((all, width) => all + width, 0);
    const tracks = widths.map((width) => `minmax(${width}rem, ${width}fr)`);
    this.host.style.setProperty("--columns", `4.5rem ${tracks.join(" ")} minmax(13rem, 24fr)`);
    this.host.style.setProperty("--least", `${17.5 + sum}rem`);
  }
  line(index) {
    const row = this.blocks.get(index), chosen = index === this.at;
    const attributes = {
      role: "row",
      id: `${this.id}-${index}`,
      "aria-rowindex": index + 2,
      class: chosen ? "row chosen" : "row",
      "aria-selected": chosen ? "true" : null,
      onclick: () => this.choose(index)
    };
    if (chosen) this.host.setAttribute("aria-activedescendant", attributes.id);
    return make(
      "div", attributes,
      ...(row ? this.cells(row) : [make("span", {class: "number", role: "gridcell"}, "\u2026")]));
  }
  /* The header column that a finding refers to; -1: none. */
  column(f) {
    return f.at ?? (f.header === undefined ? -1 : this.source.columns.indexOf(f.header));
  }
  cells(row) {
    const {columns} = this.source, marks = new Map();  // column → the worst finding
    for (const f of row.findings) {
      const there = marks.get(this.column(f));
      if (!there || SEVERITIES.indexOf(f.severity) < SEVERITIES.indexOf(there.severity))
        marks.set(this.column(f), f);
    }
    const cells = columns.map((_, i) => {
      const mark = marks.get(i);
      return make(
        "span", {
          role: "gridcell",
          "aria-colindex": i + 2,
          class: mark ? `${mark.severity} cell` : null,
          title: mark ? cut(shown(mark.message)) : null
        },
        asText(row.cells[i] ?? ""));
    });
    const about = row.findings.slice(0, 3).flatMap(
      (f) =>
        [severity(f.severity), " ", asText(f.message), " ", make("span", {class: "code"}, f.code),
         "  "]);
    return [
      make("span", {class: "number", role: "gridcell", "aria-colindex": 1}, String(row.line)),
      ...cells, make("span", {role: "gridcell", "aria-colindex": columns.length + 2}, ...about)
    ];
  }
  key(event) {
    const {page} = this.list, moves = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.total,
      End: this.total
    };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in moves)
      this.choose(Math.max(0, Math.min(this.total - 1, this.at + moves[event.key])));
    else if (event.key === "n" || event.key === "p")
      this.step(event.key === "n" ? 1 : -1);
    else
      return;
    event.preventDefault();
  }
  async choose(index, found = false) {
    if (index < 0 || index >= this.total) return;
    this.at = index;
    this.list.show(index);
    const row = await this.blocks.load(index);
    if (this.at !== index) return;
    if (found) this.reveal(row);
    this.chosen(row, found);
  }
  /* Scrolls horizontally to the first cell with a finding. */
  reveal(row) {
    const column = Math.min(...row.findings.map((f) => this.column(f)).filter((at) => at >= 0));
    const cell = document.getElementById(`${this.id}-${this.at}`)?.children[column + 1];
    if (!cell) return;
    const {host} = this, from = cell.offsetLeft, to = from + cell.offsetWidth;
    if (from < host.scrollLeft || to > host.scrollLeft + host.clientWidth)
      host.scrollLeft = Math.max(0, from - host.clientWidth / 4);
  }
  /* Goes to the next or previous finding, wrapping around at the end; calls are queued. False:
   * there is none. */
  step(direction) {
    const before = this.stepping;
    this.stepping = (async () => {
      await before?.catch(() => {});
      const end = direction < 0 ? this.total - 1 : 0,
            from = this.at < 0 ? end : this.at + direction;
      const next = (place) => place < 0 ? -1 : this.source.next(this.filter, place, direction);
      const there = await next(from), index = there >= 0 ? there : await next(end);
      if (index < 0) return false;
      await this.choose(index, true);
      return there >= 0 ? "there" : "again";
    })();
    return this.stepping;
  }
  async goto(row) {
    let index = await this.source.position(this.filter, row);
    if (index < 0) {
      await this.apply(ALL);
      this.cleared();
      index = await this.source.position(this.filter, row);
    }
    await this.choose(index);
    this.host.focus();
  }
}
