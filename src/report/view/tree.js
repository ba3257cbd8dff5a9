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
  /* chosen(node): callback for a chosen node. */
  constructor(source, chosen) {
    Object.assign(this, {source, chosen, id: `tree${++ids}`, at: 0});
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
    const open = Boolean(branch.child(index));
    if (node.kids) attributes["aria-expanded"] = String(open);
    const line = make(
      "div", attributes,
      make(
        "span", {class: "twist", "aria-hidden": "true"},
        node.kids ? open ? "\u25be" : "\u25b8" : ""),
      ...nameOf(node));
    line.style.paddingInlineStart = `${Math.min(branch.level - 1, 30) * 1.1}rem`;
    if (node.worst) line.append(" ", severity(SEVERITIES[3 - node.worst]));
    line.append(
      ...changesOf(node).flatMap((text) => [" ", make("span", {class: "mark change"}, text)]));
    if (node.below) line.append(make("span", {class: "below"}, T("%s below", number(node.below))));
    return line;
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

/* The name of a node, and its changes compared with an existing framework. */
function nameOf(node) {
  return node.group ? [make("span", {class: "group"}, asText(node.group, 120))] :
                      [make("b", null, asText(node.id, 60)), " ", asText(node.name, 120)];
}
function changesOf({change, there, name}) {
  if (there !== undefined && name !== undefined) return [T("only in the framework")];
  if (!change) return [];
  if (change.added) return [T("new")];
  const from = change.from === undefined ?
    [] :
    [change.from === null ? T("at the top level in the framework") :
                            T("below `%s` in the framework", brief(change.from))];
  return [
    ...from,
    ...(change.was === undefined ? [] : [T("named `%s` in the framework", brief(change.was))]),
    ...(change.other ? [T("details differ in the framework")] : [])
  ];
}
