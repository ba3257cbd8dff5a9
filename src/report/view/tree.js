/* The hierarchy as a tree that loads nodes on demand (ARIA Authoring Practices, tree view). */
/* An open node: its children, some of which may be open, too. */
class Branch {
  constructor(tree, node, level, total, parent, index) {
    Object.assign(this, {node, level, total, parent, index});
    this.opened = [];  // branches, by their indexes
    this.size = total;
    this.blocks = new Blocks((from, most) => tree.source.children(node, from, most), tree.list);
  }
  grown(by) {
    for (let branch = this; branch; branch = branch.parent) branch.size += by;
  }
  /* The branch and the index in it of line `place` below this one. */
  locate(place) {
    let before = 0;  // lines of open children passed
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
    for (const branch of this.opened)
      if (branch.index < index) line += branch.size;
    return this.parent ? this.parent.place(this.index) + 1 + line : line;
  }
  child(index) { return this.opened.find((branch) => branch.index === index); }
}

class Tree {
  /* chosen(node): callback for a chosen node. editor: {move(node, to), ask(node), rename(node)},
   * for rows that can be moved by dragging or by the key M, and renamed by F2; null: they cannot.
   */
  constructor(source, chosen, editor = null) {
    Object.assign(this, {source, chosen, editor, id: `tree${++ids}`, at: 0});
    this.host = make("div", {
      class: "scroller tree",
      role: "tree",
      tabindex: "0",
      "aria-label": T("the organisation"),
      onkeydown: (e) => this.key(e)
    });
    this.list = new Virtual(this.host, (i) => this.line(i));
    this.ready = this.begin();
  }
  async begin() {
    const top = await this.source.node(this.source.top);
    this.root = new Branch(this, this.source.top, 1, top.kids, null, 0);
    this.list.resize(this.root.size);
    if (!top.kids) return;
    await this.root.blocks.load(0);
    if (top.kids === 1) this.toggle(0, true);
    await this.tell();
  }
  about(place) {
    const [branch, index] = this.root.locate(place);
    return {branch, index, node: branch.blocks.get(index)};
  }
  line(place) {
    const {branch, index, node} = this.about(place), chosen = place === this.at;
    const attributes = {
      role: "treeitem",
      id: `${this.id}-${place}`,
      class: chosen ? "item chosen" : "item",
      "aria-level": branch.level,
      "aria-setsize": branch.total,
      "aria-posinset": index + 1,
      "aria-selected": String(chosen),
      onclick: (e) => this.clicked(place, e)
    };
    if (chosen) this.host.setAttribute("aria-activedescendant", attributes.id);
    if (!node) return make("div", attributes, "\u2026");
    if (this.editor) Object.assign(attributes, this.dragging(node));
    const open = Boolean(branch.child(index));
    if (node.kids) attributes["aria-expanded"] = String(open);
    const line = make(
      "div", attributes,
      make(
        "span", {class: "twist", "aria-hidden": "true"},
        node.kids ? open ? "\u25be" : "\u25b8" : ""),
      ...nameOf(node));
    line.style.setProperty("--level", Math.min(branch.level - 1, 30));
    const marked = [
      ...problemMarks(node),
      ...changesOf(node).map((text) => make("span", {class: "mark change"}, text))
    ];
    line.append(...marked.flatMap((one) => [" ", one]), make("span", {class: "grow"}), " ");
    if (node.below)
      line.append(
        make("span", {class: "below", "aria-hidden": "true"}, number(node.below)),
        make("span", {class: "unseen"}, T("%s below", number(node.below))));
    return line;
  }
  /* What makes a line movable, and a place to move others to. */
  dragging(node) {
    const into = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    return {
      draggable: node.row ? "true" : null,
      ondragstart: (e) => {
        this.dragged = node;
        e.dataTransfer.setData("text/plain", node.id ?? "");
        e.dataTransfer.effectAllowed = "move";
      },
      ondragend: () => {
        this.dragged = null;
      },
      ondragover: (e) => this.dragged && node.row && into(e),
      ondrop: (e) => {
        const {dragged} = this;
        if (!dragged || !node.row) return;
        into(e);
        this.dragged = null;
        if (dragged.node !== node.node) this.editor.move(dragged, node);
      }
    };
  }
  clicked(place, event) {
    this.at = place;
    if (event.target.classList.contains("twist")) this.toggle(place);
    this.tell();
  }
  async tell() {
    this.list.show(this.at);
    const place = this.at, {branch, index} = this.about(place),
          node = await branch.blocks.load(index);
    if (this.at === place && node) this.chosen(node);
  }
  toggle(place, open) {
    const {branch, index, node} = this.about(place), there = branch.child(index);
    if (!node || !node.kids || (open !== undefined && open === Boolean(there))) return;
    if (there) {
      branch.opened.splice(branch.opened.indexOf(there), 1);
      branch.grown(-there.size);
    } else {
      const at = branch.opened.findIndex((b) => b.index > index);
      branch.opened.splice(
        at < 0 ? branch.opened.length : at, 0,
        new Branch(this, node.node, branch.level + 1, node.kids, branch, index));
      branch.grown(node.kids);
    }
    this.list.resize(this.root.size);
  }
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.root?.size) return;
    const {branch, index, node} = this.about(this.at), last = this.root.size - 1,
                          {page} = this.list;
    const move = (place) => {
      this.at = Math.max(0, Math.min(last, place));
    };
    const keys = {
      ArrowDown: () => move(this.at + 1),
      ArrowUp: () => move(this.at - 1),
      PageDown: () => move(this.at + page),
      PageUp: () => move(this.at - page),
      Home: () => move(0),
      End: () => move(last),
      ArrowRight: () =>
        branch.child(index) ? move(this.at + 1) : node?.kids && this.toggle(this.at, true),
      ArrowLeft: () => branch.child(index) ?
        this.toggle(this.at, false) :
        branch.parent && move(branch.parent.place(branch.index)),
      Enter: () => this.toggle(this.at),
      " ": () => this.toggle(this.at)
    };
    const edits = this.editor && node?.row ? {m: "ask", F2: "rename"} : {},
          edit = edits[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (edit) {
      event.preventDefault();
      event.stopPropagation();
      this.editor[edit](node);
      return;
    }
    if (!(event.key in keys)) return;
    keys[event.key]();
    event.preventDefault();
    this.tell();
  }
  /* Opens the path to a node and chooses it, unless another node is requested in the meantime. */
  async goto(node) {
    const mine = this.going = {}, way = await this.source.way(node);
    let branch = this.root;
    for (const {index} of way) {
      await branch.blocks.load(index);
      if (mine !== this.going) return;
      this.at = branch.place(index);
      if (index === way[way.length - 1].index && branch.level === way.length) break;
      this.toggle(this.at, true);
      branch = branch.child(index);
    }
    if (way.length) await this.tell();
  }
}

/* What is wrong with a node itself; quietly, that something is below it. */
const PROBLEMS = {
  error: () => [T("problem"), T("problem below")],
  warning: () => [T("warning"), T("warning below")]
};
function problemMarks({own, worst}) {
  const mark = (level, below) => {
    const kind = SEVERITIES[3 - level];
    return make(
      "span", {class: `mark ${below ? "deeper" : kind}`}, PROBLEMS[kind]()[below ? 1 : 0]);
  };
  return [
    ...(own > 1 ? [mark(own)] : []), ...(worst > 1 && worst > own ? [mark(worst, true)] : [])
  ];
}
/* The name of a node, and its changes compared with an existing framework. */
function nameOf(node) {
  if (node.group) return [make("span", {class: "group"}, asText(node.group, 120))];
  return node.name ?
    [asText(node.name, 120), " ", make("span", {class: "id"}, asText(node.id, 60))] :
    [asText(node.id, 60)];
}
function changesOf({change, there, name}) {
  if (there !== undefined && name !== undefined) return [T("only in the framework")];
  if (!change) return [];
  if (change.added) return [T("new")];
  const from = change.from === undefined ?
    [] :
    [change.from === null ? T("at the top level in the framework") :
                            T("below “%s” in the framework", brief(change.from))];
  return [
    ...from,
    ...(change.was === undefined ? [] : [T("named “%s” in the framework", brief(change.was))]),
    ...(change.other ? [T("details differ in the framework")] : [])
  ];
}
