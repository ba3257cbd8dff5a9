/* The hierarchy, opened as it is looked at (ARIA Authoring Practices, tree view). */
/* A node that is open: its children, of which some are open in turn. */
class Branch {
  constructor(tree, node, level, total, parent, index) {
    Object.assign(this, {node, level, total, parent, index});
    this.opened = [];  // branches, by their indexes
    this.size = total;
    this.blocks =
      new Blocks((from, most) => tree.source.children(node, from, most), () => tree.list.redraw());
  }
  grown(by) {
    for (let branch = this; branch; branch = branch.parent) branch.size += by;
  }
  /* The branch and the index in it of the place-th line below this one. */
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
  constructor(source, chosen) {
    this.source = source;
    this.chosen = chosen;
    this.id = `tree${++ids}`;
    this.host = make("div", {
      class: "scroller tree",
      role: "tree",
      tabindex: "0",
      "aria-label": T("the organisation"),
      onkeydown: (e) => this.key(e)
    });
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
    const attributes = {
      role: "treeitem",
      id: `${this.id}-${place}`,
      class: place === this.at ? "item chosen" : "item",
      "aria-level": branch.level,
      "aria-setsize": branch.total,
      "aria-posinset": index + 1,
      "aria-selected": place === this.at ? "true" : "false",
      onclick: (e) => this.clicked(place, e)
    };
    if (place === this.at) this.host.setAttribute("aria-activedescendant", attributes.id);
    if (!node) return make("div", attributes, "\u2026");
    if (node.kids) attributes["aria-expanded"] = open ? "true" : "false";
    const line = make(
      "div", attributes,
      make(
        "span", {class: "twist", "aria-hidden": "true"},
        node.kids ? open ? "\u25be" : "\u25b8" : ""));
    line.style.paddingInlineStart = `${Math.min(branch.level - 1, 30) * 1.1}rem`;
    if (node.group)
      line.append(make("span", {class: "group"}, told(node.group, 120)));
    else
      line.append(make("b", null, told(node.id, 60)), " ", told(node.name, 120));
    if (node.worst)
      line.append(
        " ",
        make("span", {class: `mark ${SEVERITIES[3 - node.worst]}`}, T(SEVERITIES[3 - node.worst])));
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
      branch.opened.splice(
        at < 0 ? branch.opened.length : at, 0,
        new Branch(this, node.node, branch.level + 1, node.kids, branch, index));
      branch.grown(node.kids);
    }
    this.list.resize(this.root.size);
  }
  key(event) {
    const {branch, index, node} = this.about(this.at), last = this.root.size - 1;
    const move = (place) => {
      this.at = Math.max(0, Math.min(last, place));
    };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowDown")
      move(this.at + 1);
    else if (event.key === "ArrowUp")
      move(this.at - 1);
    else if (event.key === "PageDown")
      move(this.at + this.list.page);
    else if (event.key === "PageUp")
      move(this.at - this.list.page);
    else if (event.key === "Home")
      move(0);
    else if (event.key === "End")
      move(last);
    else if (event.key === "ArrowRight" && node && node.kids) {
      if (branch.child(index))
        move(this.at + 1);
      else
        this.toggle(this.at, true);
    } else if (event.key === "ArrowLeft") {
      if (branch.child(index))
        this.toggle(this.at, false);
      else if (branch.parent)
        move(branch.parent.place(branch.index));
    } else if (event.key === "Enter" || event.key === " ")
      this.toggle(this.at);
    else
      return;
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
    return later(
      this.source.way(row), (way) => way.length ? descend(way, 0, this.root) : undefined);
  }
}
