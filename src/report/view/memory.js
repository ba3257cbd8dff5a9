/* A report as the source of a view: all rows and findings are in memory. */
class Memory {
  /* summaries: the summary of each code, in words. */
  constructor(rows, findings, summaries) {
    this.summaries = summaries;
    this.rows = rows;
    this.findings = findings;
    this.columns = rows.columns;
    this.hierarchical = rows.parent >= 0;
    const n = rows.data.length;
    this.count = n;
    this.at = new Map();  // row number → index; only where some are left out
    this.whole = n === rows.rows;
    if (!this.whole) rows.data.forEach((r, i) => this.at.set(r[0], i));
    this.ofRow = new Map();          // index → indexes of findings
    this.worst = new Uint8Array(n);  // 0 none, 1 info, 2 warning, 3 error
    findings.forEach((f, i) => {
      const row = f.row > 0 ? this.index(f.row) : -1;
      if (row < 0) return;
      if (this.ofRow.has(row))
        this.ofRow.get(row).push(i);
      else
        this.ofRow.set(row, [i]);
      this.worst[row] = Math.max(this.worst[row], 3 - SEVERITIES.indexOf(f.severity));
    });
    this.views = new Map();
    this.grow();
  }
  index(row) {
    return this.whole ? (row >= 1 && row <= this.count ? row - 1 : -1) : this.at.get(row) ?? -1;
  }
  rowAt(row) { return this.row(this.index(row)); }
  row(index) {
    const data = this.rows.data[index];
    return {
      row: data[0],
      line: data[1],
      cells: data.slice(3),
      findings: (this.ofRow.get(index) || []).map((i) => this.findings[i])
    };
  }

  /* The rows that pass a filter: code, severity, text, only rows with findings. */
  view(filter) {
    const key = JSON.stringify(filter);
    if (this.views.has(key)) return this.views.get(key);
    const wanted = (f) => (!filter.code || f.code === filter.code) &&
      (!filter.severity || f.severity === filter.severity);
    const text = filter.text.toLowerCase();
    let rows = filter.only || filter.code || filter.severity ?
      [...this.ofRow.keys()]
        .filter((r) => this.ofRow.get(r).some((i) => wanted(this.findings[i])))
        .sort((a, b) => a - b) :
      Uint32Array.from({length: this.count}, (_, i) => i);
    if (text)
      rows = rows.filter(
        (r) => this.rows.data[r].some((cell, i) => i > 2 && cell.toLowerCase().includes(text)) ||
          (this.ofRow.get(r) || [])
            .some((i) => this.findings[i].message.toLowerCase().includes(text)));
    if (this.views.size > 20) this.views.clear();
    this.views.set(key, rows);
    return rows;
  }
  total(filter) { return this.view(filter).length; }
  window(filter, from, most) {
    return Array.from(this.view(filter).slice(from, from + most), (r) => this.row(r));
  }
  /* The index of a row among those that pass a filter; -1: filtered out. */
  position(filter, row) {
    const view = this.view(filter), index = this.index(row);
    let low = 0, high = view.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (view[middle] < index)
        low = middle + 1;
      else
        high = middle;
    }
    return view[low] === index && index >= 0 ? low : -1;
  }
  /* The first index with a finding, from `from` on, forwards or backwards; -1: none. */
  next(filter, from, step) {
    const view = this.view(filter);
    for (let i = from; i >= 0 && i < view.length; i += step)
      if (this.worst[view[i]]) return i;
    return -1;
  }
  groups() {
    const groups = new Map();
    for (const f of this.findings) {
      const group = groups.get(f.code) ||
        {code: f.code, summary: this.summaries[f.code], severity: f.severity, count: 0};
      group.count++;
      if (SEVERITIES.indexOf(f.severity) < SEVERITIES.indexOf(group.severity))
        group.severity = f.severity;
      groups.set(f.code, group);
    }
    return [...groups.values()].sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.count - a.count);
  }

  /* The hierarchy. Nodes are indexes of rows, then one per parent that is not a row, then one per
   * cycle, and finally the top. The rows of a cycle are below its node, whatever their parents
   * are. */
  grow() {
    const n = this.count, names = this.rows.names.length, loops = this.rows.loops;
    this.nodes = n + names + loops.length + 1;
    this.top = this.nodes - 1;
    const up = this.up = new Int32Array(this.nodes).fill(this.top);
    this.rows.data.forEach((r, i) => {
      const above = r[2];
      if (above < 0)
        up[i] = n - above - 1;
      else if (above > 0 && this.index(above) >= 0)
        up[i] = this.index(above);
    });
    loops.forEach((loop, i) => loop.rows.forEach((row) => {
      if (this.index(row) >= 0) up[this.index(row)] = n + names + i;
    }));
    up[this.top] = -1;
    this.breakCycles();
    const first = this.first = new Int32Array(this.nodes + 2);
    for (let i = 0; i < this.nodes - 1; i++) first[up[i] + 2]++;
    for (let i = 1; i < first.length; i++) first[i] += first[i - 1];
    this.kids = new Int32Array(this.nodes);
    for (let i = 0; i < this.nodes - 1; i++) this.kids[first[up[i] + 1]++] = i;
    this.order = new Int32Array(this.nodes);  // parents before children
    let size = 1;
    this.order[0] = this.top;
    for (let i = 0; i < size; i++)
      for (let k = first[this.order[i]]; k < first[this.order[i] + 1]; k++)
        this.order[size++] = this.kids[k];
    this.below = new Int32Array(this.nodes);
    this.worstBelow = new Uint8Array(this.nodes);
    for (let i = 0; i < n; i++) this.worstBelow[i] = this.worst[i];
    for (let i = 0; i < names; i++) this.worstBelow[n + i] = this.rows.names[i][1] ? 0 : 3;
    for (let i = size - 1; i > 0; i--) {
      const node = this.order[i], above = up[node];
      this.below[above] += this.below[node] + (node < n ? 1 : 0);
      if (this.worstBelow[node] > this.worstBelow[above])
        this.worstBelow[above] = this.worstBelow[node];
    }
  }
  /* Breaks the remaining cycles, those besides the shortest one of a group, by moving a row of each
   * to the top, so that every row is shown exactly once. */
  breakCycles() {
    const seen = new Uint8Array(this.nodes);  // 1: on the way, 2: leads to the top
    seen[this.top] = 2;
    for (let i = 0; i < this.nodes; i++) {
      let node = i;
      for (; !seen[node]; node = this.up[node]) seen[node] = 1;
      const end = node, cyclic = seen[end] === 1;
      for (node = i; seen[node] === 1; node = this.up[node]) seen[node] = 2;
      if (cyclic) this.up[end] = this.top;
    }
  }
  node(node) {
    const n = this.count, names = this.rows.names.length;
    const about = {
      node,
      kids: this.first[node + 1] - this.first[node],
      below: this.below[node],
      own: this.own(node),
      worst: this.worstBelow[node]
    };
    if (node < n) {
      const data = this.rows.data[node];
      about.row = data[0];
      about.id = this.identifier(node);
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
  /* The worst severity of a node itself: a parent that does not exist, a cycle and its rows are
   * errors. */
  own(node) {
    const isLoop = (one) => one >= this.count + this.rows.names.length && one !== this.top;
    if (node < this.count) return isLoop(this.up[node]) ? 3 : this.worst[node];
    return node === this.top || this.rows.names[node - this.count]?.[1] ? 0 : 3;
  }
  children(node, from, most) {
    return Array.from(
      this.kids.subarray(
        this.first[node] + from, Math.min(this.first[node] + from + most, this.first[node + 1])),
      (k) => this.node(k));
  }
  /* The path from the top to a node; for each node its index among its siblings. */
  way(from) {
    const way = [];
    for (let node = from; node >= 0 && node !== this.top; node = this.up[node]) {
      const first = this.first[this.up[node]];
      way.unshift(
        {node, index: this.kids.subarray(first, this.first[this.up[node] + 1]).indexOf(node)});
    }
    return way;
  }
  above(node) { return this.up[node]; }
  nodeOf(row) { return this.index(row); }
  /* Nodes of rows whose identifier or name contains a text. */
  find(text, most) {
    const wanted = text.toLowerCase(), found = [];
    const columns = [this.rows.id, this.rows.name].filter((c) => c >= 0).map((c) => c + 3);
    for (let i = 0; i < this.count && found.length < most; i++)
      if (columns.some((c) => (this.rows.data[i][c] ?? "").toLowerCase().includes(wanted)))
        found.push(i);
    return found;
  }
  /* For each level: pieces [from, to, own, worst, node], own: the worst severity of itself, worst:
   * with all below it, in parts of `width`, with a label and the number below where there is room;
   * pieces narrower than one part are merged, keeping the worst severities of all. */
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
      const from = begin[node] / total * width,
            to = (begin[node] + this.size(node)) / total * width;
      const last = pieces[pieces.length - 1];
      if (last && to - last[0] < 1 && from - last[1] < 1) {
        const own = this.own(node), worst = this.worstBelow[node];
        if (own > last[2] || (own === last[2] && worst > last[3])) last[4] = node;
        last[1] = to;
        last[2] = Math.max(last[2], own);
        last[3] = Math.max(last[3], worst);
      } else {
        const label = to - from >= 48 && node < this.count + this.rows.names.length ?
          [this.label(node), this.below[node]] :
          [];
        pieces.push([from, to, this.own(node), this.worstBelow[node], node, ...label]);
      }
    }
    return levels;
  }
  label(node) {
    const {name} = this.rows, known = node < this.count && name >= 0;
    return (known && this.rows.data[node][3 + name]) || this.identifier(node);
  }
  identifier(node) {
    if (node >= this.count) return this.rows.names[node - this.count][0];
    return this.rows.id >= 0 ? this.rows.data[node][3 + this.rows.id] ?? "" : "";
  }
  size(node) { return this.below[node] + (node < this.count ? 1 : 0); }
}
