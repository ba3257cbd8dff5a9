/* A vetted draft as the data source of a view; its parameters are its whole state. What answers is
 * the service (ask.js), or the engine in this browser (offline/local.js). */
class Problem extends Error {
  constructor(answer, status) {
    super(
      answer.debuginfo || answer.error || answer.message ||
      T("the service responded with status %s", status));
    this.code = answer.errorcode || "";
    /* Worth a retry: the service is unreachable or busy, or a proxy in front of it reports an
     * error. */
    this.passing =
      this.code === "unreachable" || this.code === "servicebusy" || (status >= 500 && !this.code);
  }
}

const noded = (about) =>
  ({...about, ...(about.there === undefined ? {} : {id: about.there}), group: groupOf(about)});

class Remote {
  constructor(draft, about) {
    Object.assign(this, {
      draft,
      about,
      columns: about.columns.map((column) => column.name),
      top: about.top,
      count: about.units,
      hierarchical: about.tree
    });
    if (about.compared) {
      this.changes = () => this.ask("changes");
      this.changed = (kind) => this.ask("changed", {kind});
    }
  }
  ask(what, params) { return look(this.draft, what, params); }
  filter(filter) {
    return Object.fromEntries(
      Object.entries({...filter, only: filter.only ? "1" : ""}).filter(([, value]) => value));
  }
  async total(filter) { return (await this.ask("rows", {...this.filter(filter), most: 0})).total; }
  /* An answer may be shorter than requested: then requests the rest. */
  async window(filter, from, most) {
    const rows = [];
    for (;;) {
      const more = {...this.filter(filter), from: from + rows.length, most: most - rows.length};
      const answer = await this.ask("rows", more);
      rows.push(...answer.rows);
      const missing = Math.min(most, answer.total - from) - rows.length;
      if (missing <= 0 || !answer.rows.length) return rows;
    }
  }
  position(filter, row) { return this.ask("position", {...this.filter(filter), row}); }
  async node(node) { return noded(await this.ask("node", {node})); }
  async children(node, from, most) {
    return (await this.ask("children", {node, from, most})).map(noded);
  }
  async way(node) { return (await this.ask("way", {node})).reverse(); }
  async above(node) { return (await this.node(node)).up; }
  nodeOf(row) { return row - 1; }
  find(text) { return this.ask("find", {text}); }
  overview(width) { return this.ask("overview", {width: Math.round(width)}); }
  rowAt(row) { return this.ask("row", {row}); }
}

/* Which draft, and how it is to be read; empty values are detected. */
const READ_AS = ["importer", "encoding", "delimiter", "header_row", "sheet", "parents", "fill"];
function params(draft) {
  const named = {
    item: draft.item,
    ...Object.fromEntries(READ_AS.map((name) => [name, draft[name]])),
    settings: Object.keys(draft.settings).length ? JSON.stringify(draft.settings) : ""
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value));
}
