/* The lists of imports and exports, with their status and actions. */
const WORKS = {
  often: 1000,
  seldom: 10000 /* milliseconds between two requests */,
  page: 50
};

const time = (seconds) =>
  seconds ? new Date(seconds * 1000).toLocaleString(document.documentElement.lang) : "";

class Works {
  constructor(kind) {
    Object.assign(this, {kind, page: 0, rows: new Map()});  // kind: import, export; rows: by id
    this.problem = make("p", {class: "problem", role: "alert"});
    this.body = make("tbody");
    this.none = make("tr", null, make("td", {colspan: "6"}, T("None yet.")));
    this.about = make("div");
    this.pages = [-1, 1].map(
      (by) => button(
        by < 0 ? T("newer") : T("older"), this.does(() => this.turn(by)), {class: "hidden"}));
    this.heads = [T("ID"), T("File"), T("Status"), T("Who"), T("When"), T("Actions")];
    this.heading = make("h1", {tabindex: "-1"}, kind === "import" ? T("History") : T("Exports"));
    const begin = button(T("Export the organisation"), once(this.does(() => this.start())));
    this.host = make(
      "section", null, this.heading, this.problem,
      kind === "export" ? make("p", null, begin) : null,
      table(this.heading.textContent, this.heads, this.body),
      make("p", {class: "bar"}, ...this.pages), this.about);
  }
  does(act) { return guarded(this.problem, act); }
  /* Loads a page of the list; returns whether a job is running. */
  async load() {
    const mine = this.loading = {},
          answer = await call(`orgvet_get_${this.kind}s`, {page: this.page, perpage: WORKS.page}),
          works = answer[`${this.kind}s`];
    if (mine !== this.loading) return true;
    if (!works.length && this.page > 0) {
      this.page = Math.max(0, Math.ceil(answer.total / WORKS.page) - 1);
      return this.load();
    }
    const before = this.rows;
    this.rows = new Map(works.map((work) => [work.id, this.kept(before.get(work.id), work)]));
    const rows = works.length ? [...this.rows.values()].map((row) => row.host) : [this.none];
    if (
      rows.length !== this.body.children.length ||
      rows.some((row, i) => row !== this.body.children[i]))
      this.body.replaceChildren(...rows);
    this.pages[0].disabled = this.page === 0;
    this.pages[1].disabled = (this.page + 1) * WORKS.page >= answer.total;
    for (const one of this.pages) one.classList.toggle("hidden", answer.total <= WORKS.page);
    return works.some((work) => work.status < 4);
  }
  /* Keeps a row that has not changed, so that it keeps the focus. */
  kept(row, work) {
    const said = JSON.stringify(work);
    if (row?.said === said) return row;
    return {said, host: tableRow(this.heads, this.cells(work))};
  }
  turn(by) {
    this.page += by;
    return this.load();
  }
  /* Polls the list, more often while a job is running. */
  async follow() {
    while (this.host.isConnected) {
      let waiting = true;
      try {
        waiting = await this.load();
      } catch (problem) {
        if (!problem.passing) this.problem.textContent = problem.message;
        if (!session.me) return;
      }
      await Promise.race([
        pause(waiting ? WORKS.often : WORKS.seldom), new Promise((done) => {
          this.again = done;
        })
      ]);
    }
  }
  cells(work) {
    const act = (name, does) =>
            button(name, this.does(does), {"aria-label": `${name}: ${work.id}`}),
          todo = [];
    if (this.kind === "import") todo.push(act(T("Log"), () => this.log(work.id)));
    if (this.kind === "import" && work.status === 4 && may("orgvet:rollback"))
      todo.push(act(T("Undo"), () => this.undo(work)));
    if (this.kind === "export" && work.status === 4)
      todo.push(
        make("a", {href: `/page/export?id=${work.id}`, download: work.filename}, T("Download")));
    if (work.status !== 3) todo.push(act(T("Delete entry"), () => this.remove(work)));
    const progress = work.status === 3 ?
      [" ", make("progress", {max: "100", value: work.progress, "aria-label": T("progress")})] :
      [];
    return [
      String(work.id), asText(work.filename), [T(work.statusstr), ...progress],
      asText(work.username), time(work.timecreated), make("div", {class: "bar"}, ...todo)
    ];
  }
  async start() {
    await call(
      "tool_wp_perform_export", {exporter: "tool_organisation\\tool_wp\\exporter\\orgstructure"});
    await this.load();
    this.again?.();
  }
  log(id) {
    const watch = new Watch(id, this.problem),
          heading = make("h2", {tabindex: "-1"}, T("Import %s", String(id)));
    this.about.replaceChildren(heading, watch.host);
    heading.focus();
    watch.follow();
  }
  async undo(work) {
    if (!await sure(
          T("Undo import %s (%s)?", work.id, brief(work.filename)),
          T("Everything it added will be removed."), T("Undo it")))
      return;
    const done = await call("orgvet_rollback_import", {importid: work.id});
    this.about.replaceChildren(make("p", {role: "status"}, undoneText(done)));
    await this.load();
    this.heading.focus();
  }
  async remove(work) {
    if (!await sure(
          T("Delete the entry for %s?", brief(work.filename)), T("Imported data is kept."),
          T("Delete")))
      return;
    await call(`tool_wp_delete_${this.kind}`, {id: work.id});
    await this.load();
    this.heading.focus();
  }
}
