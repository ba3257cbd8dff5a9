/* The rows of the file as a grid that can be edited (ARIA Authoring Practices, grid): one tab stop,
 * arrows move, F2 or typing edits. Rows come from the service as they are needed. */
const ROW_HEADS = 1, WIDEST = 28;

class Sheet {
  /* source: of a draft. act: {edit(edits, label), shortcut(key), filtered(filter), settled()};
   * settled: resolves once no edit is under way. */
  constructor(source, draft, act) {
    Object.assign(this, {source, draft, act, filter: {code: "", text: "", only: false}});
    Object.assign(this, {total: 0, row: 0, column: 0, anchor: null, editing: null});
    const {columns} = source, id = draft.about.id;
    /* Who it is comes first, and to whom it belongs; then the others as in the file. */
    const {parent, name_column} = draft.about;
    this.order = [id, parent, name_column, ...columns.keys()].filter(
      (one, i, all) => one >= 0 && all.indexOf(one) === i);
    this.head = make(
      "div", {class: "line heads", role: "row", "aria-rowindex": "1"},
      make("span", {class: "ln", role: "columnheader", "aria-colindex": "1"}, T("Line")),
      ...this.order.map(
        (at, i) => make(
          "span", {
            role: "columnheader",
            "aria-colindex": i + 2,
            class: at === id ? "idc" : null,
            title: columns[at] ? brief(columns[at]) : null
          },
          asText(columns[at] || T("(no name)"), 60))));
    this.host = make(
      "div", {
        class: "sheet-grid",
        role: "grid",
        tabindex: "0",
        "aria-label": T("Rows of the file"),
        "aria-colcount": columns.length + 1,
        onkeydown: (e) => this.key(e),
        onclick: (e) => this.clicked(e),
        oncopy: (e) => this.copy(e),
        onpaste: (e) => this.paste(e)
      },
      this.head);
    this.size([]);
    this.list = new Virtual(this.host, (i) => this.line(i), ROW_HEADS);
    this.blocks = new Blocks(() => [], this.list);
  }
  /* Takes the data of the draft as it is now, at the same place; while a cell is being typed in,
   * once that has ended: rows must not move under it. */
  async renew(source) {
    this.source = source;
    this.late = Boolean(this.editing);
    if (!this.late) await this.apply({}, true);
  }
  async apply(change, stay) {
    const filter = this.filter = {...this.filter, ...change},
          total = await this.source.total(filter);
    if (filter !== this.filter) return;
    const blocks = new Blocks((from, most) => this.source.window(filter, from, most), this.list);
    if (total) await blocks.load(Math.min(this.row, total - 1));  // no flicker
    if (filter !== this.filter) return;
    const active = this.editing?.row.key ?? (stay ? this.blocks.get(this.row)?.key : undefined);
    this.blocks = blocks;
    this.total = total;
    this.host.setAttribute("aria-rowcount", total + 1);
    if (!stay) Object.assign(this, {row: 0, anchor: null});
    this.row = Math.max(0, Math.min(this.row, total - 1));
    if (total && !this.sized) {
      this.sized = true;
      this.size((await this.source.window(filter, 0, 50)) || []);
    }
    if (active !== undefined) this.follow(active);
    if (!stay) this.list.to(0);
    this.list.resize(total);
    this.act.filtered(filter);
  }
  /* Rows may have come and gone: stays at the one with a key, if it is still near. */
  follow(key) {
    const NEAR = 60;
    for (let by = 0; by < NEAR; by++)
      for (const index of [this.row - by, this.row + by])
        if (index >= 0 && index < this.total && this.blocks.get(index)?.key === key) {
          this.row = index;
          return;
        }
  }
  size(rows) {
    const letters = (text) => [...text.slice(0, 60)].length;
    const widths = this.order.map((at) => {
      const most = Math.max(
        5, letters(this.source.columns[at]) + 2,
        ...rows.map((row) => letters(row.cells[at] ?? "") + 2));
      return Math.min(WIDEST, most) * 0.5 + 1.3;
    });
    const tracks = widths.map((width, i) => i ? `minmax(${width}rem, ${width}fr)` : `${width}rem`);
    this.host.style.setProperty("--columns", `3.75rem ${tracks.join(" ")}`);
    this.host.style.setProperty(
      "--least", `${widths.reduce((all, width) => all + width, 3.75)}rem`);
  }

  /* --- drawing --- */

  column_of(f) { return f.at ?? -1; }
  line(index) {
    const row = this.blocks.get(index), id = this.draft.about.id;
    const attributes = {class: "line", role: "row", "aria-rowindex": index + 2, "data-row": index};
    if (!row) return make("div", attributes, make("span", {class: "ln", role: "rowheader"}, "…"));
    if (index === this.row) attributes.class += " sel";
    if (row.key < 0) attributes.class += " added";
    if (row.key === undefined) attributes.class += " made";
    const marks = new Map();
    for (const f of row.findings)
      if (f.severity !== "info" && (!marks.has(this.column_of(f)) || f.severity === "error"))
        marks.set(this.column_of(f), f);
    const range = this.range();
    const whole = marks.get(-1);
    return make(
      "div", attributes,
      make(
        "span", {
          class: whole ? "ln err" : "ln",
          role: "rowheader",
          "aria-colindex": "1",
          title: whole            ? cut(shown(whole.message)) :
            row.key < 0           ? T("added") :
            row.key === undefined ? T("made from line %s", number(row.line)) :
                                    null
        },
        ...(
          row.key < 0 ?
            [icon("plus"), make("span", {class: "sr"}, T("added"))] :
            row.key === undefined ?
            [icon("tree"), make("span", {class: "sr"}, T("made from line %s", number(row.line)))] :
            [number(row.line)])),
      ...this.order.map((at, i) => this.cell(row, index, at, i, marks.get(at), range, id)));
  }
  cell(row, index, at, i, mark, range, id) {
    const text = row.cells[at] ?? "", active = index === this.row && i === this.column,
          name = `cell-${index}-${i}`;
    const edited = row.edited?.includes(at);
    const kind =
      [
        at === id ? "idc" : "", mark ? mark.severity === "error" ? "err" : "warn" : "",
        edited ? "edited" : "", active ? "active" : "",
        range && index >= range.top && index <= range.bottom && i >= range.left &&
            i <= range.right ?
          "in" :
          ""
      ].filter(Boolean)
        .join(" ");
    if (active) this.host.setAttribute("aria-activedescendant", name);
    const host = make(
      "span", {
        id: name,
        role: "gridcell",
        class: kind || null,
        "aria-colindex": i + 2,
        "data-cell": i,
        "aria-invalid": mark ? "true" : null,
        "aria-selected": active ? "true" : null,
        "aria-readonly": row.key === undefined ? "true" : null,
        title: mark ? cut(shown(mark.message)) :
          edited    ? T("edited") :
                      null
      },
      mark ? icon(mark.severity === "error" ? "error" : "warning") : null, asText(text),
      mark ? make("span", {class: "sr"}, `, ${cut(shown(mark.message))}`) : null,
      edited && !mark ? make("span", {class: "sr"}, `, ${T("edited")}`) : null);
    if (this.editing?.row.key === row.key && active) {
      host.classList.add("editing");
      host.replaceChildren(this.editing.input);
    }
    return host;
  }
  /* The selected block of cells. */
  range() {
    if (!this.anchor) return null;
    const rows = [this.row, this.anchor.row], columns = [this.column, this.anchor.column];
    return {
      top: Math.min(...rows),
      bottom: Math.max(...rows),
      left: Math.min(...columns),
      right: Math.max(...columns)
    };
  }

  /* --- moving --- */

  /* The row and column of an element within a cell. */
  at(element) {
    const cell = element.closest?.("[data-cell]"), line = element.closest?.("[data-row]");
    return line && {row: Number(line.dataset.row), column: cell ? Number(cell.dataset.cell) : null};
  }
  clicked(event) {
    const there = this.at(event.target);
    if (!there || event.target === this.editing?.input) return;
    this.move(there.row, there.column ?? this.column, event.shiftKey);
    /* The first click draws the cell anew, so that browsers do not see a double click. */
    if (event.detail >= 2 && there.column !== null) this.begin();
  }
  /* Goes to a cell; extend: the block from the first one to it. */
  move(row, column, extend) {
    if (this.editing) this.commit();
    if (extend)
      this.anchor ??= {row: this.row, column: this.column};
    else
      this.anchor = null;
    this.row = Math.max(0, Math.min(this.total - 1, row));
    this.column = Math.max(0, Math.min(this.order.length - 1, column));
    this.list.show(this.row);
    this.reveal();
  }
  /* Scrolls sideways to the active cell; the line and the identifier stay. */
  reveal() {
    const cell = this.host.querySelector(".active"), line = cell?.parentElement;
    if (!cell || cell.classList.contains("idc")) return;
    const fixed = [...line.children].slice(0, 2).reduce((sum, one) => sum + one.offsetWidth, 0),
          from = cell.offsetLeft, to = from + cell.offsetWidth, {host} = this;
    if (from < host.scrollLeft + fixed)
      host.scrollLeft = from - fixed;
    else if (to > host.scrollLeft + host.clientWidth)  // no column is cut at the left
      host.scrollLeft = Math.min(
                          from,
                          ...[...line.children]
                            .map((one) => one.offsetLeft)
                            .filter((left) => left - fixed >= to - host.clientWidth)) -
        fixed;
  }
  /* Shows a row, by its number, and a column of the file. */
  async goto(row, column) {
    let index = await this.source.position(this.filter, row);
    if (index < 0) {
      await this.apply({code: "", text: "", only: false});
      index = await this.source.position(this.filter, row);
    }
    if (index < 0) return;
    this.move(index, column === undefined ? this.column : this.order.indexOf(column));
  }
  key(event) {
    if (this.editing) {
      this.list.show(this.row);
      this.editing.input.focus();
      return;
    }
    const {key, shiftKey, ctrlKey, metaKey, altKey} = event, control = ctrlKey || metaKey,
                                            {page} = this.list;
    const moves = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [page, 0],
      PageUp: [-page, 0],
      Home: control ? [-this.total, -this.order.length] : [0, -this.order.length],
      End: control ? [this.total, this.order.length] : [0, this.order.length],
    };
    if (altKey || !this.total) return;
    const typed = key.length === 1 && !control;
    if (this.waiting) {
      clearTimeout(this.waiting.timer);
      const first = this.waiting.key;
      this.waiting = null;
      this.begin(typed ? first + key : first);
    } else if (typed && PAGE_KEYS.includes(key))
      this.wait(key);
    else if (key in moves)
      this.move(this.row + moves[key][0], this.column + moves[key][1], shiftKey);
    else if (control && key.toLowerCase() === "d")
      this.fillDown();
    else if (control)
      return;
    else if (key === "F2" || key === "Enter")
      this.begin();
    else if (key === "Delete" && shiftKey)
      this.removeRows();
    else if (key === "Delete" || key === "Backspace")
      this.clear();
    else if (key === "Escape" && this.anchor)
      this.move(this.row, this.column);
    else if (typed)
      this.begin(key);
    else
      return;
    event.preventDefault();
    event.stopPropagation();
  }

  /* A key of the page begins a text if another one follows at once. */
  wait(key) {
    const AT_ONCE = 350;  // milliseconds
    const timer = setTimeout(() => {
      this.waiting = null;
      this.act.shortcut(key);
    }, AT_ONCE);
    this.waiting = {key, timer};
  }

  /* --- editing --- */

  refuse(text) { toast(text); }
  /* Edits the active cell; first: what was typed in place of its text. */
  async begin(first) {
    const {row: index, column} = this;
    let row = this.blocks.get(index);
    if (!row) return;
    if (row.key === undefined) {
      this.refuse(T("This row was made from line %s: change it there.", number(row.line)));
      return;
    }
    const at = this.order[column];
    if (first === undefined) {
      row = await this.whole(row);
      if (!row || this.row !== index || this.column !== column) return;
    }
    const text = row.cells[at] ?? "";
    const field = make("textarea", {
      class: "plain-input",
      rows: "1",
      "aria-label": T("Line %s, %s", number(row.line), brief(this.source.columns[at])),
      oninput: () => this.fit(field),
      onkeydown: (e) => this.editKey(e),
      onblur: () => setTimeout(() => this.left(field))
    });
    field.value = first ?? text;
    /* A text area turns CR LF into LF: what is unchanged is told by what it made of the text. */
    this.editing = {input: field, row, at, before: first === undefined ? field.value : null, text};
    this.list.redraw();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    this.fit(field);
  }
  /* A row with whole cells; null, with a message: they are too long. */
  async whole(row) {
    if (!row.cut) return row;
    await this.act.settled();
    const whole = await this.source.rowAt(row.row);
    if (!whole.cut && whole.key === row.key) return whole;
    this.refuse(T("This cell is too long to be changed here."));
    return null;
  }
  fit(field) {
    const MOST = 6;
    field.rows = Math.min(MOST, field.value.split("\n").length);
  }
  /* The field lost the focus: because the row was drawn again, or because the user went elsewhere.
   */
  left(field) {
    if (this.editing?.input !== field || document.activeElement === field) return;
    if (document.activeElement === document.body && field.isConnected)
      field.focus();
    else if (field.isConnected)
      this.commit();
  }
  editKey(event) {
    const {key, shiftKey, altKey} = event, field = event.target;
    event.stopPropagation();
    if (event.isComposing) return;
    if (key === "Escape") {
      this.end();
      this.host.focus();
    } else if (key === "Enter" && altKey) {
      event.preventDefault();
      field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
      this.fit(field);
    } else if (key === "Enter" || key === "Tab") {
      event.preventDefault();
      this.commit();
      if (key === "Enter")
        this.move(this.row + (shiftKey ? -1 : 1), this.column);
      else
        this.move(this.row, this.column + (shiftKey ? -1 : 1));
      this.host.focus();
    }
  }
  commit() {
    const {editing} = this;
    if (!editing) return;
    const {row, at, input, before} = editing;
    this.end();
    if (input.value === before) return;
    const text = editing.text.includes("\r\n") ? input.value.replace(/\n/g, "\r\n") : input.value;
    if (text === editing.text) return;
    this.act.edit(
      [["set", row.key, at, text]],
      T("Line %s, %s: “%s”", number(row.line), brief(this.source.columns[at]), brief(text, 40)));
  }
  end() {
    this.editing = null;
    this.list.redraw();
    if (this.late) this.renew(this.source);
  }
  /* The rows of the block, or the active one, as they are shown; rows that were made are left out.
   * Null: too many. */
  async rows(count) {
    const MOST = 5000;
    const range =
      this.range() ?? {top: this.row, bottom: this.row, left: this.column, right: this.column};
    const most = Math.min(count ?? range.bottom - range.top + 1, this.total - range.top);
    if (most > MOST) {
      this.refuse(
        T("At most %s rows can be changed at once this way; find and replace changes any number.",
          number(MOST)));
      return null;
    }
    let rows = Array.from({length: most}, (_, i) => this.blocks.get(range.top + i));
    if (rows.some((row) => !row)) {
      await this.act.settled();
      rows = await this.source.window(this.filter, range.top, most);
    }
    return {range, rows: rows.filter((row) => row.key !== undefined)};
  }
  async clear() {
    const some = await this.rows();
    if (!some) return;
    const {range, rows} = some;
    const edits = rows.flatMap(
      (row) => this.order.slice(range.left, range.right + 1)
                 .filter((at) => row.cells[at])
                 .map((at) => ["set", row.key, at, ""]));
    if (edits.length)
      this.act.edit(edits, count(edits.length, "%s cell emptied", "%s cells emptied"));
  }
  async fillDown() {
    const some = await this.rows();
    if (!some || some.rows.length < 2) return;
    const {range, rows: [top, ...rows]} = some, first = await this.whole(top),
                              columns = this.order.slice(range.left, range.right + 1);
    if (!first) return;
    const edits =
      rows.flatMap((row) => columns.map((at) => ["set", row.key, at, first.cells[at] ?? ""]));
    this.act.edit(edits, count(edits.length, "%s cell filled", "%s cells filled"));
  }
  async removeRows() {
    const some = await this.rows(), rows = some?.rows ?? [], {id, name_column} = this.draft.about;
    const called = (row) =>
      brief([row.cells[id], row.cells[name_column]].filter(Boolean).join(" "), 40);
    if (rows.length)
      this.act.edit(
        rows.map((row) => ["remove", row.key]),
        rows.length === 1 && called(rows[0]) ?
          T("“%s” deleted", called(rows[0])) :
          count(rows.length, "%s row deleted", "%s rows deleted"));
  }
  async addRow() {
    const row = this.total ? await this.blocks.load(this.row) : null;
    this.act.edit(
      [["add", row ? row.line : 0, this.source.columns.map(() => "")]], T("A row added"));
  }
  copy(event) {
    if (this.editing) return;
    event.preventDefault();
    const range =
      this.range() ?? {top: this.row, bottom: this.row, left: this.column, right: this.column};
    const quoted = (text) => /[\t\r\n]/.test(text) ? `"${text.replace(/"/g, "\"\"")}"` : text;
    const lines = [];
    for (let i = range.top; i <= range.bottom; i++) {
      const row = this.blocks.get(i);
      if (!row || row.cut) {
        this.refuse(T("There is too much text here to copy; download the file instead."));
        return;
      }
      lines.push(this.order.slice(range.left, range.right + 1)
                   .map((at) => quoted(row.cells[at] ?? ""))
                   .join("\t"));
    }
    event.clipboardData.setData("text/plain", lines.join("\n"));
  }
  /* Pastes a block of cells from a spreadsheet, from the active cell on. */
  async paste(event) {
    if (this.editing) return;
    event.preventDefault();
    const block = cellsOf(event.clipboardData.getData("text/plain"));
    if (!block.length || !this.total) return;
    this.anchor = null;
    const some = await this.rows(block.length);
    if (!some) return;
    const edits = some.rows.flatMap(
      (row, i) =>
        block[i]
          .map((text, k) => [this.order[this.column + k], text])
          .filter(([at, text]) => at !== undefined && (row.cut || text !== (row.cells[at] ?? "")))
          .map(([at, text]) => ["set", row.key, at, text]));
    if (edits.length)
      this.act.edit(edits, count(edits.length, "%s cell pasted", "%s cells pasted"));
    if (some.rows.length < block.length)
      this.refuse(
        T("Copied rows that do not fit here: %s. Add rows first.",
          number(block.length - some.rows.length)));
  }
}
/* The cells of text as spreadsheets copy it: tabs between cells; only those with line breaks or
 * tabs are quoted. */
function cellsOf(text) {
  const rows = text ? [[]] : [], ends = /[\t\r\n]/g;
  for (let at = 0, ended = !text; !ended;) {
    const close = text[at] === "\"" ? closingQuote(text, at) : -1;
    ends.lastIndex = at;
    const end = close >= 0 ? close + 1 : ends.exec(text)?.index ?? text.length;
    rows[rows.length - 1].push(
      close >= 0 ? text.slice(at + 1, close).replace(/""/g, "\"") : text.slice(at, end));
    const line = text[end] !== "\t";
    at = end + (text.startsWith("\r\n", end) ? 2 : 1);
    ended = end >= text.length || (line && at >= text.length);
    if (!ended && line) rows.push([]);
  }
  return rows;
}
/* Where the quoted cell that begins at a place ends; -1: it is not one. */
function closingQuote(text, at) {
  let close = text.indexOf("\"", at + 1);
  while (close >= 0 && text[close + 1] === "\"") close = text.indexOf("\"", close + 2);
  const behind = text[close + 1] ?? "\n";
  return close >= 0 && /[\t\r\n]/.test(behind) && /[\t\r\n]/.test(text.slice(at, close)) ? close :
                                                                                           -1;
}
