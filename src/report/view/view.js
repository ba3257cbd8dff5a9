/* Looks at a vetted file: findings, rows, hierarchy. What is looked at comes from a source, which
 * answers with values or with promises: in a report all of it is in memory (Memory), in the page the
 * service is asked. Texts of the file become text nodes, never markup. */
"use strict";
(() => {
const ROW = 28, TALLEST = 8e6, BLOCK = 200, EDGE = 60, LONG = 300, SCROLLBAR = 20;
const SEVERITIES = ["error", "warning", "info"];

/* Texts in the reader's language: of the page's catalogue, or the report's. */
const words = globalThis.orgvetWords || JSON.parse(document.querySelector("script.words")?.textContent || "{}");
const T = (text, ...values) => {
  let i = 0;
  return (words[text] || text).replace(/%s/g, () => values[i++]);
};
const number = (value) => value.toLocaleString(document.documentElement.lang || "en");
const count = (value, one, many) => T(value === 1 ? one : many, number(value));

/* Characters that would be invisible, or turn the text round, are told by their numbers. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const shown = (text) => text.replace(HIDDEN, (c) => c === "\n" ? "\u240a" : c === "\r" ? "\u240d" : c === "\t" ? "\u2409"
  : `\u27e8U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`);
const cut = (text, most = LONG) => text.length > most ? text.slice(0, most) + "\u2026" : text;

function make(tag, properties, ...children) {
  const node = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}
const told = (text, most) => make("bdi", null, cut(shown(text), most));
const later = (value, then) => value instanceof Promise ? value.then(then) : then(value);
/* What a node of the hierarchy is that is no row. */
function groupOf(about) {
  if (about.missing !== undefined) return T("parent `%s` is not there", about.missing);
  if (about.there !== undefined) return T("below `%s`, which the framework has", about.there);
  if (about.loop) return T("a ring of %s", number(about.loop.size));
  return about.row ? undefined : T("the organisation");
}

/* --- a report's own data --- */

class Memory {
  constructor(rows, findings) {
    this.rows = rows;
    this.findings = findings;
    this.columns = rows.columns;
    const n = rows.data.length;
    this.count = n;
    this.at = new Map(); // row number → index; only where some are left out
    this.whole = n === rows.rows;
    if (!this.whole) rows.data.forEach((r, i) => this.at.set(r[0], i));
    this.ofRow = new Map(); // index → indexes of findings
    this.worst = new Uint8Array(n); // 0 none, 1 info, 2 warning, 3 error
    findings.forEach((f, i) => {
      const row = f.row > 0 ? this.index(f.row) : -1;
      if (row < 0) return;
      if (this.ofRow.has(row)) this.ofRow.get(row).push(i);
      else this.ofRow.set(row, [i]);
      this.worst[row] = Math.max(this.worst[row], 3 - SEVERITIES.indexOf(f.severity));
    });
    this.views = new Map();
    this.grow();
  }
  index(row) {
    return this.whole ? (row >= 1 && row <= this.count ? row - 1 : -1) : this.at.get(row) ?? -1;
  }
  row(index) {
    const data = this.rows.data[index];
    return {row: data[0], line: data[1], cells: data.slice(3), findings: (this.ofRow.get(index) || []).map((i) => this.findings[i])};
  }

  /* Rows that a filter leaves: code, severity, text, only those with findings. */
  view(filter) {
    const key = JSON.stringify(filter);
    if (this.views.has(key)) return this.views.get(key);
    const wanted = (f) => (!filter.code || f.code === filter.code) && (!filter.severity || f.severity === filter.severity);
    const text = filter.text.toLowerCase();
    let rows = filter.only || filter.code || filter.severity
      ? [...this.ofRow.keys()].filter((r) => this.ofRow.get(r).some((i) => wanted(this.findings[i]))).sort((a, b) => a - b)
      : Uint32Array.from({length: this.count}, (_, i) => i);
    if (text)
      rows = rows.filter((r) => this.rows.data[r].some((cell, i) => i > 2 && cell.toLowerCase().includes(text)) ||
        (this.ofRow.get(r) || []).some((i) => this.findings[i].message.toLowerCase().includes(text)));
    if (this.views.size > 20) this.views.clear();
    this.views.set(key, rows);
    return rows;
  }
  total(filter) { return this.view(filter).length; }
  window(filter, from, most) {
    return Array.from(this.view(filter).slice(from, from + most), (r) => this.row(r));
  }
  /* Where a row stands among those that a filter leaves; -1: nowhere. */
  position(filter, row) {
    const view = this.view(filter), index = this.index(row);
    let low = 0, high = view.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (view[middle] < index) low = middle + 1;
      else high = middle;
    }
    return view[low] === index && index >= 0 ? low : -1;
  }
  /* The next place behind or before one that has a finding. */
  next(filter, from, step) {
    const view = this.view(filter);
    for (let i = from + step; i >= 0 && i < view.length; i += step) if (this.worst[view[i]]) return i;
    return -1;
  }
  groups() {
    const groups = new Map();
    for (const f of this.findings) {
      const group = groups.get(f.code) || {code: f.code, name: f.name, severity: f.severity, count: 0};
      group.count++;
      if (SEVERITIES.indexOf(f.severity) < SEVERITIES.indexOf(group.severity)) group.severity = f.severity;
      groups.set(f.code, group);
    }
    return [...groups.values()].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.count - a.count);
  }

  /* The hierarchy: nodes are indexes of rows; then one for each parent that no row is, one for each
   * ring, and last the top. A ring's rows stand below its node, whatever their parents are. */
  grow() {
    const n = this.count, names = this.rows.names.length, loops = this.rows.loops;
    this.nodes = n + names + loops.length + 1;
    this.top = this.nodes - 1;
    const up = this.up = new Int32Array(this.nodes).fill(this.top);
    this.rows.data.forEach((r, i) => {
      const above = r[2];
      if (above < 0) up[i] = n - above - 1;
      else if (above > 0 && this.index(above) >= 0) up[i] = this.index(above);
    });
    loops.forEach((loop, i) => loop.rows.forEach((row) => {
      if (this.index(row) >= 0) up[this.index(row)] = n + names + i;
    }));
    up[this.top] = -1;
    this.breakRings();
    const first = this.first = new Int32Array(this.nodes + 2);
    for (let i = 0; i < this.nodes - 1; i++) first[up[i] + 2]++;
    for (let i = 1; i < first.length; i++) first[i] += first[i - 1];
    this.kids = new Int32Array(this.nodes);
    for (let i = 0; i < this.nodes - 1; i++) this.kids[first[up[i] + 1]++] = i;
    this.order = new Int32Array(this.nodes); // parents before children
    let size = 1;
    this.order[0] = this.top;
    for (let i = 0; i < size; i++)
      for (let k = first[this.order[i]]; k < first[this.order[i] + 1]; k++) this.order[size++] = this.kids[k];
    this.below = new Int32Array(this.nodes);
    this.worstBelow = new Uint8Array(this.nodes);
    for (let i = 0; i < n; i++) this.worstBelow[i] = this.worst[i];
    for (let i = 0; i < names; i++) this.worstBelow[n + i] = this.rows.names[i][1] ? 0 : 3;
    for (let i = size - 1; i > 0; i--) {
      const node = this.order[i], above = up[node];
      this.below[above] += this.below[node] + (node < n ? 1 : 0);
      if (this.worstBelow[node] > this.worstBelow[above]) this.worstBelow[above] = this.worstBelow[node];
    }
  }
  /* Rows that hang on each other without end, outside the shortest ring of their tangle: they are
   * put at the top, so that each row is somewhere once. */
  breakRings() {
    const seen = new Uint8Array(this.nodes); // 1: on the way, 2: leads to the top
    seen[this.top] = 2;
    for (let i = 0; i < this.nodes; i++) {
      let node = i;
      for (; !seen[node]; node = this.up[node]) seen[node] = 1;
      const end = node, ring = seen[end] === 1;
      for (node = i; seen[node] === 1; node = this.up[node]) seen[node] = 2;
      if (ring) this.up[end] = this.top;
    }
  }
  node(node) {
    const n = this.count, names = this.rows.names.length;
    const about = {node, kids: this.first[node + 1] - this.first[node], below: this.below[node], worst: this.worstBelow[node]};
    if (node < n) {
      const data = this.rows.data[node];
      about.row = data[0];
      about.id = this.rows.id >= 0 ? data[3 + this.rows.id] ?? "" : "";
      about.name = this.rows.name >= 0 ? data[3 + this.rows.name] ?? "" : "";
    } else if (node < n + names) {
      const [id, there] = this.rows.names[node - n];
      about[there ? "there" : "missing"] = id;
    } else if (node < this.top) {
      const loop = this.rows.loops[node - n - names];
      about.loop = {...loop, size: loop.rows.length};
    }
    about.group = groupOf(about);
    return about;
  }
  children(node, from, most) {
    return Array.from(this.kids.subarray(this.first[node] + from, Math.min(this.first[node] + from + most, this.first[node + 1])), (k) => this.node(k));
  }
  /* From the top to a row's node; for each its place among its siblings. */
  way(row) {
    const way = [];
    for (let node = this.index(row); node >= 0 && node !== this.top; node = this.up[node]) {
      const first = this.first[this.up[node]];
      way.unshift({node, index: this.kids.subarray(first, this.first[this.up[node] + 1]).indexOf(node)});
    }
    return way;
  }
  above(node) { return this.up[node]; }
  rowOf(node) { return node < this.count ? this.rows.data[node][0] : 0; }
  /* Rows whose identifier or name holds a text. */
  find(text, most) {
    const wanted = text.toLowerCase(), found = [];
    const columns = [this.rows.id, this.rows.name].filter((c) => c >= 0).map((c) => c + 3);
    for (let i = 0; i < this.count && found.length < most; i++)
      if (columns.some((c) => (this.rows.data[i][c] ?? "").toLowerCase().includes(wanted))) found.push(this.rows.data[i][0]);
    return found;
  }
  /* For each level of the whole: pieces [from, to, worst, node], in parts of `width`; what is
   * narrower than one is drawn together, with the worst of all. */
  overview(width, most) {
    const begin = new Float64Array(this.nodes), level = new Uint16Array(this.nodes), levels = [];
    const total = Math.max(1, this.size(this.top));
    for (let i = 0; i < this.order.length && i < this.nodes; i++) {
      const node = this.order[i];
      let at = begin[node];
      for (let k = this.first[node]; k < this.first[node + 1]; k++) {
        begin[this.kids[k]] = at;
        level[this.kids[k]] = Math.min(level[node] + 1, 65535);
        at += this.size(this.kids[k]);
      }
      if (node === this.top || level[node] > most) continue;
      const pieces = levels[level[node] - 1] ||= [];
      const from = begin[node] / total * width, to = (begin[node] + this.size(node)) / total * width;
      const last = pieces[pieces.length - 1];
      if (last && to - last[0] < 1 && from - last[1] < 1) {
        last[1] = to;
        if (this.worstBelow[node] > last[2]) [last[2], last[3]] = [this.worstBelow[node], node];
      } else {
        pieces.push([from, to, this.worstBelow[node], node]);
      }
    }
    return levels;
  }
  size(node) { return this.below[node] + (node < this.count ? 1 : 0); }
}

/* --- lists of any length, of which only what is seen is drawn --- */

class Virtual {
  constructor(host, draw, head = 0) {
    this.host = host;
    this.draw = draw;
    this.head = head; // height of what stays at the top
    this.count = this.offset = 0;
    this.window = make("div", {class: "window", role: "presentation"});
    this.spacer = make("div", {class: "spacer", role: "presentation"}, this.window);
    host.append(this.spacer);
    host.addEventListener("scroll", () => this.scrolled());
    host.addEventListener("wheel", (e) => this.wheeled(e), {passive: false});
    new ResizeObserver(() => this.redraw()).observe(host);
  }
  get room() { return Math.max(ROW, this.host.clientHeight - this.head); }
  get height() { return this.count * ROW; }
  get most() { return Math.max(0, this.height - this.room); }
  get scaled() { return this.height > TALLEST; }
  resize(count) {
    this.count = count;
    this.spacer.style.height = `${Math.min(this.height, TALLEST) + this.head}px`;
    this.host.style.maxHeight = `${Math.max(this.height, 6 * ROW) + this.head + SCROLLBAR}px`; // no taller than its lines
    this.offset = Math.min(this.offset, this.most);
    this.redraw();
  }
  scrolled() {
    const top = this.host.scrollTop, range = Math.min(this.height, TALLEST) - this.room;
    if (this.scaled && Math.round(top) === this.expected) return; // our own doing
    this.offset = this.scaled ? Math.min(this.most, top / range * this.most) : top;
    this.redraw();
  }
  wheeled(event) {
    if (!this.scaled || event.ctrlKey || !event.deltaY) return;
    event.preventDefault();
    this.to(this.offset + event.deltaY * (event.deltaMode === 1 ? ROW : 1));
  }
  to(offset) {
    this.offset = Math.max(0, Math.min(this.most, offset));
    const range = Math.min(this.height, TALLEST) - this.room;
    this.host.scrollTop = this.scaled ? this.offset / this.most * range : this.offset;
    this.expected = Math.round(this.host.scrollTop);
    this.redraw();
  }
  show(index) {
    if (index * ROW < this.offset) this.to(index * ROW);
    else if ((index + 1) * ROW > this.offset + this.room) this.to((index + 1) * ROW - this.room);
    else this.redraw();
  }
  get page() { return Math.max(1, Math.floor(this.room / ROW) - 1); }
  redraw() {
    const first = Math.floor(this.offset / ROW), lines = [];
    for (let i = first; i < this.count && i * ROW < this.offset + this.room + ROW; i++) lines.push(this.draw(i));
    this.window.style.top = `${this.head}px`;
    const inner = make("div", {role: "presentation"}, ...lines);
    inner.style.transform = `translateY(${first * ROW - this.offset}px)`;
    this.window.replaceChildren(inner);
  }
}

/* Pieces of a list that a source hands over, kept. */
class Blocks {
  constructor(ask, arrived) {
    this.ask = ask;
    this.arrived = arrived;
    this.blocks = new Map();
  }
  block(number) {
    let block = this.blocks.get(number);
    if (block) return block;
    if (this.blocks.size > 50) this.blocks.delete(this.blocks.keys().next().value);
    block = this.ask(number * BLOCK, BLOCK);
    this.blocks.set(number, block);
    if (block instanceof Promise)
      block.then((got) => {
        this.blocks.set(number, got);
        this.arrived();
      }, () => this.blocks.delete(number));
    return block;
  }
  /* Null: it is under way. What is near is asked for too, so that it is there when it is seen. */
  get(index) {
    const number = Math.floor(index / BLOCK), at = index % BLOCK, block = this.block(number);
    if (block instanceof Promise) return null;
    if (at > BLOCK - EDGE && block.length === BLOCK) this.block(number + 1);
    if (at < EDGE && number > 0) this.block(number - 1);
    return block[at];
  }
  /* The same, or a promise of it. */
  load(index) {
    return later(this.block(Math.floor(index / BLOCK)), (block) => block[index % BLOCK]);
  }
}

/* --- the table --- */

let ids = 0;

class Table {
  constructor(source, chosen) {
    this.source = source;
    this.chosen = chosen;
    this.at = 0;
    this.id = `grid${++ids}`;
    this.filter = {code: "", severity: "", text: "", only: false};
    const columns = source.columns;
    this.head = make("div", {class: "row head", role: "row", "aria-rowindex": "1"},
      ...[T("line"), ...columns, T("what was found")].map((name, i) => make("span", {role: "columnheader", "aria-colindex": i + 1, class: i ? null : "number"}, told(name || T("(no name)"), 60))));
    this.host = make("div", {class: "scroller grid", role: "grid", tabindex: "0", "aria-label": T("rows of the file"), "aria-colcount": columns.length + 2, onkeydown: (e) => this.key(e)}, this.head);
    this.host.style.setProperty("--columns", `4.5rem repeat(${columns.length}, minmax(8rem, 1fr)) minmax(22rem, 2fr)`);
    this.host.style.setProperty("--least", `${26.5 + 8 * columns.length}rem`);
    this.list = new Virtual(this.host, (i) => this.line(i), ROW);
    this.apply();
  }
  apply() {
    this.blocks = new Blocks((from, most) => this.source.window(this.filter, from, most), () => this.list.redraw());
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
    const attributes = {role: "row", id: `${this.id}-${index}`, "aria-rowindex": index + 2, class: index === this.at ? "row chosen" : "row", onclick: () => this.choose(index)};
    if (index === this.at) {
      attributes["aria-selected"] = "true";
      this.host.setAttribute("aria-activedescendant", attributes.id);
    }
    if (!row) return make("div", attributes, make("span", {class: "number", role: "gridcell"}, "\u2026"));
    const marks = new Map();
    for (const f of row.findings) {
      const column = f.at ?? (f.header === undefined ? -1 : this.source.columns.indexOf(f.header));
      if (!marks.has(column) || SEVERITIES.indexOf(f.severity) < SEVERITIES.indexOf(marks.get(column).severity)) marks.set(column, f);
    }
    const cells = [make("span", {class: "number", role: "gridcell", "aria-colindex": 1}, String(row.line))];
    for (let i = 0; i < width; i++) {
      const mark = marks.get(i);
      cells.push(make("span", {role: "gridcell", "aria-colindex": i + 2, class: mark ? `${mark.severity} cell` : null, title: mark ? mark.message : null}, told(row.cells[i] ?? "")));
    }
    const about = make("span", {role: "gridcell", "aria-colindex": width + 2});
    for (const f of row.findings.slice(0, 3)) about.append(make("span", {class: `mark ${f.severity}`}, f.code), " ", told(f.message), "  ");
    return make("div", attributes, ...cells, about);
  }
  key(event) {
    const moves = {ArrowDown: 1, ArrowUp: -1, PageDown: this.list.page, PageUp: -this.list.page, Home: -this.total, End: this.total};
    if (event.key in moves) this.choose(Math.max(0, Math.min(this.total - 1, this.at + moves[event.key])));
    else if (event.key === "n" || event.key === "p") this.step(event.key === "n" ? 1 : -1);
    else return;
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
    return this.stepping = later(before, () => later(this.source.next(this.filter, this.at, direction), (index) => {
      if (index >= 0) this.choose(index);
      return index >= 0;
    }));
  }
  goto(row) {
    return later(this.source.position(this.filter, row), (index) => {
      if (index >= 0) return this.choose(index);
      this.filter = {code: "", severity: "", text: "", only: false};
      return later(this.apply(), () => later(this.source.position(this.filter, row), (i) => this.choose(i)));
    });
  }
}

/* --- the tree --- */

/* A node that is open: its children, of which some are open in turn. */
class Branch {
  constructor(tree, node, level, total, parent, index) {
    Object.assign(this, {node, level, total, parent, index});
    this.opened = []; // branches, by their indexes
    this.size = total;
    this.blocks = new Blocks((from, most) => tree.source.children(node, from, most), () => tree.list.redraw());
  }
  grown(by) { for (let branch = this; branch; branch = branch.parent) branch.size += by; }
  /* The branch and the index in it of the place-th line below this one. */
  locate(place) {
    let before = 0; // lines of open children passed
    for (const branch of this.opened) {
      const own = branch.index + before;
      if (place <= own) break;
      if (place <= own + branch.size) return branch.locate(place - own - 1);
      before += branch.size;
    }
    return [this, place - before];
  }
  /* The line of a child. */
  place(index) {
    let line = index;
    for (const branch of this.opened) if (branch.index < index) line += branch.size;
    return this.parent ? this.parent.place(this.index) + 1 + line : line;
  }
  child(index) { return this.opened.find((branch) => branch.index === index); }
}

class Tree {
  constructor(source, chosen) {
    this.source = source;
    this.chosen = chosen;
    this.id = `tree${++ids}`;
    this.host = make("div", {class: "scroller tree", role: "tree", tabindex: "0", "aria-label": T("the organisation"), onkeydown: (e) => this.key(e)});
    this.at = 0;
    this.list = new Virtual(this.host, (i) => this.line(i));
    later(source.node(source.top), (top) => {
      this.root = new Branch(this, source.top, 1, top.kids, null, 0);
      this.list.resize(this.root.size);
      if (!top.kids) return;
      later(this.root.blocks.load(0), () => {
        if (top.kids === 1) this.toggle(0, true);
        this.tell();
      });
    });
  }
  about(place) {
    const [branch, index] = this.root.locate(place);
    return {branch, index, node: branch.blocks.get(index)};
  }
  line(place) {
    const {branch, index, node} = this.about(place);
    const open = branch.child(index);
    const attributes = {role: "treeitem", id: `${this.id}-${place}`, class: place === this.at ? "item chosen" : "item", "aria-level": branch.level, "aria-setsize": branch.total,
      "aria-posinset": index + 1, "aria-selected": place === this.at ? "true" : "false", onclick: (e) => this.clicked(place, e)};
    if (place === this.at) this.host.setAttribute("aria-activedescendant", attributes.id);
    if (!node) return make("div", attributes, "\u2026");
    if (node.kids) attributes["aria-expanded"] = open ? "true" : "false";
    const line = make("div", attributes, make("span", {class: "twist", "aria-hidden": "true"}, node.kids ? open ? "\u25be" : "\u25b8" : ""));
    line.style.paddingInlineStart = `${Math.min(branch.level - 1, 30) * 1.1}rem`;
    if (node.group) line.append(make("span", {class: "group"}, told(node.group, 120)));
    else line.append(make("b", null, told(node.id, 60)), " ", told(node.name, 120));
    if (node.worst) line.append(" ", make("span", {class: `mark ${SEVERITIES[3 - node.worst]}`}, T(SEVERITIES[3 - node.worst])));
    if (node.below) line.append(make("span", {class: "below"}, T("%s below", number(node.below))));
    return line;
  }
  clicked(place, event) {
    this.at = place;
    if (event.target.classList.contains("twist")) this.toggle(place);
    this.tell();
  }
  tell() {
    this.list.show(this.at);
    const place = this.at, {branch, index} = this.about(place);
    later(branch.blocks.load(index), (node) => {
      if (this.at === place && node) this.chosen(node);
    });
  }
  toggle(place, open) {
    const {branch, index, node} = this.about(place), there = branch.child(index);
    if (!node || !node.kids || (open !== undefined && open === Boolean(there))) return;
    if (there) {
      branch.opened.splice(branch.opened.indexOf(there), 1);
      branch.grown(-there.size);
    } else {
      const at = branch.opened.findIndex((b) => b.index > index);
      branch.opened.splice(at < 0 ? branch.opened.length : at, 0, new Branch(this, node.node, branch.level + 1, node.kids, branch, index));
      branch.grown(node.kids);
    }
    this.list.resize(this.root.size);
  }
  key(event) {
    const {branch, index, node} = this.about(this.at), last = this.root.size - 1;
    const move = (place) => { this.at = Math.max(0, Math.min(last, place)); };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowDown") move(this.at + 1);
    else if (event.key === "ArrowUp") move(this.at - 1);
    else if (event.key === "PageDown") move(this.at + this.list.page);
    else if (event.key === "PageUp") move(this.at - this.list.page);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(last);
    else if (event.key === "ArrowRight" && node && node.kids) {
      if (branch.child(index)) move(this.at + 1);
      else this.toggle(this.at, true);
    } else if (event.key === "ArrowLeft") {
      if (branch.child(index)) this.toggle(this.at, false);
      else if (branch.parent) move(branch.parent.place(branch.index));
    } else if (event.key === "Enter" || event.key === " ") this.toggle(this.at);
    else return;
    event.preventDefault();
    this.tell();
  }
  /* Opens what leads to a row, and chooses it. */
  goto(row) {
    const descend = (way, i, branch) => later(branch.blocks.load(way[i].index), () => {
      const place = branch.place(way[i].index);
      if (i === way.length - 1) {
        this.at = place;
        return this.tell();
      }
      this.toggle(place, true);
      return descend(way, i + 1, branch.child(way[i].index));
    });
    return later(this.source.way(row), (way) => way.length ? descend(way, 0, this.root) : undefined);
  }
}

/* --- the whole at once --- */

class Icicle {
  constructor(source, chosen) {
    this.source = source;
    this.canvas = make("canvas", {class: "icicle", role: "img", "aria-label": T("the whole organisation, a bar for each item, coloured by the worst finding below; the tree beside it tells the same")});
    this.canvas.addEventListener("click", (e) => {
      const piece = this.piece(e);
      if (piece && source.rowOf(piece[3])) chosen(source.rowOf(piece[3]));
    });
    this.canvas.addEventListener("mousemove", (e) => {
      const piece = this.piece(e);
      if (piece) later(source.node(piece[3]), (node) => { this.canvas.title = node.group || `${shown(node.id)} ${cut(shown(node.name), 80)}`; });
    });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }
  piece(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const level = (this.levels || [])[Math.floor(y / box.height * (this.levels || []).length)];
    return level && level.find((p) => x >= p[0] && x <= p[1]);
  }
  draw() {
    const width = this.canvas.clientWidth;
    if (!width) return;
    later(this.source.overview(width, 40), (levels) => {
      const scale = devicePixelRatio || 1, height = this.canvas.clientHeight, style = getComputedStyle(this.canvas);
      this.canvas.width = width * scale;
      this.canvas.height = height * scale;
      this.levels = levels;
      const g = this.canvas.getContext("2d");
      g.scale(scale, scale);
      const fills = [style.getPropertyValue("--icicle"), style.getPropertyValue("--info-ground"), this.pattern(g, style, "warning"), this.pattern(g, style, "error")];
      const tall = height / Math.max(levels.length, 4);
      levels.forEach((pieces, level) => {
        for (const [from, to, worst] of pieces) {
          g.fillStyle = fills[worst];
          g.fillRect(from, level * tall, Math.max(to - from - (to - from > 3 ? 1 : 0), 0.5), tall - 1);
        }
      });
    });
  }
  /* Colour and pattern: error is hatched, warning dotted. */
  pattern(g, style, kind) {
    const tile = make("canvas", {width: 6, height: 6}), t = tile.getContext("2d");
    t.fillStyle = style.getPropertyValue(`--${kind}-ground`);
    t.fillRect(0, 0, 6, 6);
    t.fillStyle = t.strokeStyle = style.getPropertyValue(`--${kind}`);
    t.beginPath();
    if (kind === "error") {
      t.lineWidth = 1.6;
      for (const d of [-6, 0, 6]) {
        t.moveTo(d - 1, 7);
        t.lineTo(d + 7, -1);
      }
      t.stroke();
    } else {
      t.arc(3, 3, 1.4, 0, 7);
      t.fill();
    }
    return g.createPattern(tile, "repeat");
  }
}

/* --- one item and those around it --- */

const CARDS = 12, SMALL = 4;

function card(source, node, chosen, is) {
  const open = () => node.row ? chosen(node.row) : null;
  return make("button", {class: is ? "card chosen" : "card", type: "button", "aria-current": is ? "true" : null, onclick: open},
    make("b", null, told(node.group || node.id, 60)), make("span", null, told(node.name || "", 60)),
    node.worst ? make("span", {class: `mark ${SEVERITIES[3 - node.worst]}`}, T(SEVERITIES[3 - node.worst])) : null,
    node.below ? make("span", null, T("%s below", number(node.below))) : null);
}

async function cards(source, node, chosen) {
  const host = make("div", {class: "cards"}), above = [];
  for (let up = await source.above(node.node); up >= 0 && up !== source.top && above.length < 2; up = await source.above(up)) above.unshift(await source.node(up));
  for (const one of above) host.append(card(source, one, chosen), make("div", {class: "stem"}));
  host.append(card(source, node, chosen, true));
  if (!node.kids) return host;
  const kids = await source.children(node.node, 0, CARDS), list = make("ul");
  for (const kid of kids) {
    const item = make("li", null, card(source, kid, chosen));
    if (kid.kids) {
      const more = await source.children(kid.node, 0, SMALL);
      item.append(make("ul", null, ...more.map((one) => make("li", null, card(source, one, chosen)))));
      if (kid.kids > SMALL) item.append(make("p", {class: "note"}, T("and %s more", number(kid.kids - SMALL))));
    }
    list.append(item);
  }
  host.append(make("div", {class: "stem"}), list);
  if (node.kids > CARDS) host.append(make("p", {class: "note"}, T("and %s more", number(node.kids - CARDS))));
  return host;
}

/* A cycle: its rows in a ring, each an arrow to its parent; the cheapest cut is dashed. */
async function ring(source, loop, chosen) {
  const most = 16, rows = loop.rows.slice(0, most), at = loop.rows.indexOf(loop.cut);
  if (at < 0 || at >= most) rows[rows.length - 1] = loop.cut;
  const size = 360, radius = 135, seats = [];
  const place = (i) => [size / 2 + radius * Math.sin(2 * Math.PI * i / rows.length), size / 2 - radius * Math.cos(2 * Math.PI * i / rows.length)];
  const drawing = make("svg:svg", {class: "ring", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": T("a ring of %s rows; the line below tells where to cut it", number(loop.size))});
  const near = [];
  for (const [i, row] of rows.entries()) {
    const [node] = (await source.way(row)).slice(-1), about = await source.node(node.node), [x, y] = place(i), [nx, ny] = place((i + 1) % rows.length);
    near.push(about);
    drawing.append(make("svg:path", {class: row === loop.cut ? "cut" : null, d: `M ${x} ${y} Q ${size / 2 + (x + nx - size) / 2.4} ${size / 2 + (y + ny - size) / 2.4} ${nx} ${ny}`}));
    seats.push(make("svg:circle", {class: row === loop.cut ? "seat cut" : "seat", cx: x, cy: y, r: 26}), make("svg:text", {x, y}, cut(shown(about.id), 8)));
  }
  drawing.append(...seats);
  const first = near[rows.indexOf(loop.cut)];
  return make("div", null, drawing,
    make("p", null, make("strong", null, T("Where to cut it:")), " ", T("give row %s another parent:", number(loop.cut)), " ", make("button", {type: "button", onclick: () => chosen(loop.cut)}, told(first ? first.id : "", 60))),
    loop.size > rows.length ? make("p", {class: "note"}, T("%s of the ring's rows are not drawn", number(loop.size - rows.length))) : null);
}

/* --- all of it, for one file --- */

const mending = (f) => f.fix === "space" ? T("take the spaces away") : T("make it `%s`", cut(shown(f.suggestion || ""), 60));

class View {
  /* mend: what to do when a finding is to be mended; none: nothing can be. */
  constructor(source, about, mend) {
    this.source = source;
    this.mend = mend;
    this.detail = make("div", {class: "detail", "aria-live": "polite"}, make("p", {class: "note"}, T("Choose a row to see what was found in it; n and p lead to the next and the previous one that has something.")));
    this.table = new Table(source, (row) => this.tell(row));
    this.told = make("span", {role: "status", class: "note"});
    this.host = make("div", {class: "looker"}, about ? make("p", {class: "note"}, about) : null);
    const groups = source.groups();
    this.host.append(...later(groups, (list) => [this.bar(list), this.choices()]));
    this.tabs(this.host);
  }
  bar(groups) {
    this.groups = groups.map((group) => make("button", {type: "button", "aria-pressed": "false", title: group.name, onclick: (e) => this.pick(e.currentTarget, group.code)},
      make("span", {class: `mark ${group.severity}`}, group.code), " ", group.name, make("span", {class: "count"}, number(group.count))));
    return make("div", {class: "bar", role: "group", "aria-label": T("findings by code")}, ...this.groups);
  }
  choices() {
    const severity = make("select", {"aria-label": T("severity"), onchange: (e) => this.narrow({severity: e.target.value})},
      make("option", {value: ""}, T("every severity")), ...SEVERITIES.map((s) => make("option", {value: s}, T(s))));
    const search = make("input", {type: "search", "aria-label": T("search rows and messages"), placeholder: T("search"), oninput: (e) => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.narrow({text: e.target.value.trim()}), 200);
    }});
    const only = make("button", {type: "button", "aria-pressed": "false", onclick: (e) => {
      const now = e.currentTarget.getAttribute("aria-pressed") !== "true";
      e.currentTarget.setAttribute("aria-pressed", now);
      this.narrow({only: now});
    }}, T("only rows with findings"));
    const step = (direction) => later(this.table.step(direction), (found) => {
      this.showTab(0);
      this.told.textContent = found ? "" : direction > 0 ? T("there is none behind this row") : T("there is none before this row");
    });
    return make("div", {class: "bar"}, severity, search, only, make("button", {type: "button", onclick: () => step(-1)}, T("previous finding")),
      make("button", {type: "button", class: "next", onclick: () => step(1)}, T("next finding")), this.told);
  }
  pick(button, code) {
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const one of this.groups) one.setAttribute("aria-pressed", one === button && on);
    this.showTab(0);
    this.narrow({code: on ? code : ""});
  }
  narrow(change) {
    Object.assign(this.table.filter, change);
    later(this.table.apply(), () => { this.told.textContent = count(this.table.total, "%s row", "%s rows"); });
  }
  tabs(host) {
    const tree = this.source.top !== undefined && this.source.hierarchical !== false;
    const names = tree ? [T("Table"), T("Organisation")] : [T("Table")];
    this.panels = names.map((name, i) => make("div", {role: "tabpanel", "aria-label": name, id: `panel${++ids}`, class: i ? "hidden" : null}));
    this.buttons = names.map((name, i) => make("button", {role: "tab", type: "button", "aria-selected": i === 0, "aria-controls": this.panels[i].id, tabindex: i ? "-1" : "0", onclick: () => this.showTab(i), onkeydown: (e) => {
      if (e.key !== "ArrowRight" && e.key !== "ArrowLeft") return;
      this.showTab((i + 1) % names.length);
      this.buttons[(i + 1) % names.length].focus();
    }}, name));
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
    const search = make("input", {type: "search", "aria-label": T("search the organisation"), placeholder: T("search by identifier or name"), onkeydown: (e) => {
      if (e.key === "Enter") this.seek(e.target.value.trim());
    }});
    this.sought = make("span", {role: "status", class: "note"});
    this.panels[1].append(make("div", {class: "bar"}, search, make("button", {type: "button", onclick: () => this.seek(search.value.trim())}, T("search")), this.sought),
      this.icicle.canvas, make("p", {class: "legend"}, make("span", null, make("i", {class: "error"}), T("an error below")), make("span", null, make("i", {class: "warning"}), T("a warning below")), make("span", null, make("i"), T("nothing"))),
      make("div", {class: "organisation"}, this.tree.host, this.around));
  }
  seek(text) {
    if (!text) return;
    later(this.source.find(text, 1000), (rows) => {
      this.turn = text === this.last ? (this.turn + 1) % Math.max(rows.length, 1) : 0;
      this.last = text;
      this.sought.textContent = rows.length ? T("%s of %s", number(this.turn + 1), number(rows.length)) : T("nothing found");
      if (rows.length) this.tree.goto(rows[this.turn]);
    });
  }
  async look(node) {
    const chosen = (row) => this.tree.goto(row), mine = this.looked = {};
    const parts = [node.loop ? await ring(this.source, node.loop, chosen) : await cards(this.source, node, chosen)];
    if (node.row) {
      const row = await this.source.rowAt(node.row);
      parts.push(...this.findings(row));
      parts.push(make("p", null, make("button", {type: "button", onclick: () => { this.showTab(0); this.table.goto(node.row); }}, T("show it in the table"))));
    }
    if (mine === this.looked) this.around.replaceChildren(...parts);
  }
  findings(row) {
    return row.findings.map((f) => make("div", null,
      make("p", null, make("span", {class: `mark ${f.severity}`}, T(f.severity)), " ", make("b", null, f.code), " ", told(f.message, 2000)),
      f.help ? make("p", {class: "help"}, told(f.help, 2000)) : null,
      f.fix && this.mend ? make("p", null, make("button", {type: "button", class: "mend", onclick: () => this.mend(f, row)}, mending(f))) : null,
      ...(f.related || []).slice(0, 10).map((r) => make("p", {class: "help"}, T("line %s: ", number(r.line)), told(r.message || "", 300), " ",
        r.row > 0 ? make("button", {type: "button", onclick: () => { this.showTab(0); this.table.goto(r.row); }}, T("show")) : null))));
  }
  tell(row) {
    if (row.cut) return later(this.source.rowAt(row.row), (whole) => this.tell({...whole, cut: false}));
    const cells = make("dl", {class: "values"});
    const parts = this.findings(row);
    if (!parts.length) parts.push(make("p", {class: "note"}, T("nothing was found in this row")));
    row.cells.forEach((cell, i) => {
      if (cell.length > 60) cells.append(make("dt", null, told(this.source.columns[i] ?? "", 60)), make("dd", {class: "value"}, told(cell, 20000)));
    });
    this.detail.replaceChildren(make("p", null, make("strong", null, T("line %s", number(row.line)))), ...parts, cells);
  }
}

/* --- a report --- */

Memory.prototype.rowAt = function (row) { return this.row(this.index(row)); };

function report() {
  for (const section of document.querySelectorAll("section.file")) {
    const rows = section.querySelector("script.rows"), findings = section.querySelector("script.findings");
    if (!rows) continue;
    const data = JSON.parse(rows.textContent);
    const source = new Memory(data, JSON.parse(findings.textContent));
    source.hierarchical = data.parent >= 0;
    const about = source.whole ? null : T("Of %s rows these %s are here: those in which something was found, and those above them.", number(data.rows), number(source.count));
    section.classList.add("scripted");
    section.append(new View(source, about).host);
    rows.remove();
    findings.remove();
  }
}

globalThis.orgvet = {View, Memory, Table, Tree, Virtual, make, told, T, later, number, count, shown, cut, groupOf};
report();
})();
