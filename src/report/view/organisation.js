/* The organisation: above an overview of all of it, left the tree, on the right the chosen item
 * with what is above and below it. */
const MOST_FOUND = 1000;

class Organisation {
  /* options: editor: what can be done with a row: {move(node, to), ask(node), rename(node, name)},
   * or null; toTable(row); closed: an AbortSignal for when the view is closed; seeker: whether it
   * has a search field of its own. */
  constructor(source, {editor = null, toTable, closed, seeker = true}) {
    Object.assign(this, {source, editor, toTable, at: source.top});
    const go = (node) => this.go(node);
    this.around = make("div", {class: "around"});
    this.said = make("span", {role: "status", class: "note"});
    this.tree = new Tree(source, (node) => this.look(node), editor && {
      move: (node, to) => this.move(node, to),
      ask: editor.ask,
      rename: (node) => this.rename(node)
    });
    this.icicle = new Icicle(source, go, closed);
    this.seek = this.turner(
      this.said, (text) => source.find(text, MOST_FOUND), () => this.wanted?.value.trim() ?? "");
    const act = (text, what, label) => make(
      "button", {type: "button", "aria-label": label, onclick: () => what(source, this.at)}, text);
    const legend = [
      [null, T("no problem")], ["error", T("problem")], ["warning", T("warning")],
      ["deeper", T("problem below")], ["chosen", T("selected")]
    ];
    this.host = make(
      "div", {class: "org"},
      make(
        "div", {class: "bar"}, seeker ? this.seeker() : null, this.said,
        make("span", {class: "grow"}),
        act(T("Print"), chartPrint, T("Print the selection and everything below it")),
        act("SVG", chartSvg, T("Download as SVG")), act("PNG", chartPng, T("Download as PNG"))),
      source.changes ? this.changes() : null, this.icicle.host,
      make(
        "p", {class: "legend"},
        ...legend.map(([kind, text]) => make("span", null, make("i", {class: kind}), text)),
        make("span", {class: "grow"}), this.icicle.about),
      make("div", {class: "organisation"}, this.tree.host, this.around));
  }
  async go(node) {
    await this.tree.goto(node);
    this.tree.host.focus();
  }

  /* --- finding --- */

  seeker() {
    this.wanted = make("input", {
      type: "search",
      "aria-label": T("search the organisation"),
      placeholder: T("identifier or name"),
      onkeydown: (e) => {
        if (e.key === "Enter") this.seek();
      }
    });
    return make(
      "span", {class: "bar"}, this.wanted,
      make("button", {type: "button", onclick: () => this.seek()}, T("search")));
  }
  /* Returns a function that goes to the next match each time it is called. */
  turner(said, find, wanted) {
    let last = null, found = [], turn = 0;
    return async () => {
      const now = wanted();
      if (now === "") {
        said.textContent = "";
        return;
      }
      if (now !== last) [found, turn] = [await find(now), -1];
      last = now;
      turn = (turn + 1) % Math.max(found.length, 1);
      const of = found.length < MOST_FOUND ? number(found.length) :
                                             T("more than %s", number(MOST_FOUND - 1));
      said.textContent = found.length ? T("%s of %s", number(turn + 1), of) : T("no matches");
      if (found.length) await this.tree.goto(found[turn]);
    };
  }
  /* A summary of an import into an existing framework. */
  changes() {
    const host = make(
            "div", {class: "bar", role: "group", "aria-label": T("compared with the framework")}),
          status = make("span", {role: "status", class: "note"});
    const kinds = [
      ["added", T("new")], ["moved", T("with a different parent")], ["renamed", T("renamed")],
      ["changed", T("with changed details")], ["removed", T("only in the framework")]
    ];
    const fill = async () => {
      const {summary} = await this.source.changes();
      const buttons =
        kinds.filter(([kind]) => summary[kind])
          .map(
            ([kind, name]) => make(
              "button", {
                type: "button",
                onclick: this.turner(status, (one) => this.source.changed(one), () => kind)
              },
              name, make("span", {class: "count"}, number(summary[kind]))));
      host.append(
        make("span", null, T("Compared with the framework:")),
        ...(buttons.length ? buttons : [T("no differences")]), status);
    };
    fill();
    return make(
      "div", null, host,
      make(
        "p", {class: "note"},
        T("An import only adds new items. Existing items in the framework are not moved, renamed or removed.")));
  }

  /* --- the chosen item --- */

  /* Shows an item; asked again while it is being shown, that is waited for. */
  look(node) {
    if (this.looked?.node !== node.node)
      this.looked = {
        node: node.node,
        done: this.shown(node).catch((failure) => {
          this.looked = null;
          throw failure;
        })
      };
    return this.looked.done;
  }
  async shown(node) {
    const {source} = this;
    this.at = node.node;
    this.icicle.choose(node.node);
    const go = (one) => this.go(one), row = node.row ? await source.rowAt(node.row) : null;
    const parts = node.loop ?
      [await ring(source, node.loop, go)] :
      [await crumbs(source, node, go), this.chosen(node, row), ...await below(source, node, go)];
    if (node.node !== this.at) return;
    this.item = node;
    this.around.replaceChildren(
      ...parts, ...(row ? row.findings.map((f) => finding(f, this.toTable)) : []));
  }
  chosen(node, row) {
    const act = (text, what, more) =>
      make("button", {type: "button", onclick: what, ...more}, text);
    this.title = make("h2", {class: "name"}, asText(node.name || node.group || node.id, 120));
    return make(
      "div", {class: "card chosen"}, this.title,
      make(
        "p", {class: "about"}, make("bdi", null, node.group ? "" : cut(shown(node.id ?? ""), 60)),
        row ? ` · ${T("line %s", number(row.line))}` : "", make("span", {class: "grow"}),
        node.below ? T("%s below", number(node.below)) : ""),
      marks(node),
      node.row ? make(
                   "p", {class: "bar"},
                   ...(
                     this.editor ?
                       [
                         act(T("Move to …"), () => this.editor.ask(node)),
                         act(T("Rename"), () => this.rename(node))
                       ] :
                       []),
                   act(T("Show in the table"), () => this.toTable(node.row))) :
                 null);
  }
  /* Renames the chosen item where its name stands. */
  async rename(node) {
    /* A name of several lines, or one that was cut, is changed in the table. */
    if (/[\r\n]/.test(node.name) || new TextEncoder().encode(node.name).length > 290)
      return this.toTable(node.row);
    await this.look(node);
    if (this.item?.node !== node.node || !node.row) return undefined;
    const field = make("input", {"aria-label": T("Name"), value: node.name});
    const end = (keep) => {
      if (!field.isConnected) return;
      const name = field.value;
      this.title.replaceChildren(asText(node.name, 120));
      this.tree.host.focus();
      if (keep && name !== node.name) this.editor.rename(node, name);
    };
    field.addEventListener("keydown", (e) => {
      e.stopPropagation();
      if (e.key === "Enter" || e.key === "Escape") end(e.key === "Enter");
    });
    field.addEventListener(
      "blur", () => setTimeout(() => document.activeElement === field || end(true)));
    this.title.replaceChildren(field);
    field.focus();
    field.select();
    return undefined;
  }
  /* An item cannot be below one that is below it. */
  async move(node, to) {
    const way = to.node === undefined ? [] : await this.source.way(to.node);
    if (way.some((one) => one.node === node.node))
      this.said.textContent =
        T("“%s” is below “%s”.", brief(to.name || to.id), brief(node.name || node.id));
    else if (!to.id)
      this.said.textContent =
        T("“%s” has no identifier yet: nothing can be put below it.", brief(to.name));
    else
      this.editor.move(node, to);
  }
}

/* A finding of a row, in words. */
function finding(f, toTable) {
  const related = (f.related || []),
        shownOnes = related.slice(0, 20).map(
          (r) => make(
            "p", {class: "help"}, T("line %s: ", number(r.line)), ...prose(r.message || "", 300),
            " ",
            r.row > 0 ? make("button", {type: "button", onclick: () => toTable(r.row)}, T("show")) :
                        null));
  const more = (f.related_count ?? related.length) - shownOnes.length;
  return make(
    "div", {class: `finding ${f.severity}`},
    make(
      "p", null, severity(f.severity), " ", ...prose(f.message, 2000), " ",
      make("span", {class: "code"}, f.code)),
    f.help ? make("p", {class: "help"}, ...prose(f.help, 2000)) : null, ...shownOnes,
    more > 0 ? make("p", {class: "note"}, T("and %s more", number(more))) : null);
}
