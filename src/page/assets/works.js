/* The lists of imports and exports, what became of them, and what can be done with them. */
const LOOK_AGAIN = 1000;  // milliseconds between two looks, while something is under way

const time = (seconds) =>
  seconds ? new Date(seconds * 1000).toLocaleString(document.documentElement.lang) : "";

class Works {
  constructor(kind) {
    this.kind = kind;  // import, export
    this.page = 0;
    this.problem = make("p", {class: "problem", role: "alert"});
    this.body = make("tbody");
    this.about = make("div", {"aria-live": "polite"});
    this.pages = make("div", {class: "bar"});
    const heads = [T("Id"), T("File"), T("Status"), T("Who"), T("When"), T("What to do")];
    this.host = make(
      "section", null, make("h1", null, kind === "import" ? T("Imports") : T("Exports")),
      this.problem,
      kind === "export" ?
        make(
          "p", null,
          make(
            "button", {type: "button", onclick: guarded(this.problem, () => this.start())},
            T("Export the organisation"))) :
        null,
      make(
        "div", {
          class: "list",
          tabindex: "0",
          role: "region",
          "aria-label": kind === "import" ? T("Imports") : T("Exports")
        },
        make(
          "table", {class: "works"},
          make(
            "thead", null,
            make("tr", null, ...heads.map((head) => make("th", {scope: "col"}, head)))),
          this.body)),
      this.pages, this.about);
  }
  async load() {
    const answer = await call(`orgvet_get_${this.kind}s`, {page: this.page, perpage: 50}),
          works = answer[`${this.kind}s`];
    this.body.replaceChildren(...works.map((work) => this.row(work)));
    if (!works.length)
      this.body.append(make("tr", null, make("td", {colspan: "6"}, T("There are none yet."))));
    this.pages.replaceChildren(...(
      answer.total > 50 ?
        [
          make(
            "button", {type: "button", disabled: this.page === 0, onclick: () => this.turn(-1)},
            T("newer")),
          make(
            "button", {
              type: "button",
              disabled: (this.page + 1) * 50 >= answer.total,
              onclick: () => this.turn(1)
            },
            T("older"))
        ] :
        []));
    return works.some((work) => work.status < 4);
  }
  turn(by) {
    this.page += by;
    guarded(this.problem, () => this.load())();
  }
  /* Goes on looking while something is under way. */
  async follow() {
    while (this.host.isConnected) {
      let waiting = true;
      try {
        waiting = await this.load();
        this.problem.textContent = "";
      } catch (problem) {
        this.problem.textContent = problem.message;
        if (!session.me) return;
      }
      await new Promise((done) => setTimeout(done, waiting ? LOOK_AGAIN : 10 * LOOK_AGAIN));
    }
  }
  row(work) {
    const button = (name, act) => make(
      "button",
      {type: "button", onclick: guarded(this.problem, act), "aria-label": `${name}: ${work.id}`},
      name);
    const todo = [];
    if (this.kind === "import") todo.push(button(T("Log"), () => this.log(work.id)));
    if (this.kind === "import" && work.status === 4 && may("orgvet:rollback"))
      todo.push(button(T("Undo"), () => this.undo(work)));
    if (this.kind === "export" && work.status === 4)
      todo.push(
        make("a", {href: `/page/export?id=${work.id}`, download: work.filename}, T("Download")));
    if (work.status !== 3) todo.push(button(T("Delete the record"), () => this.remove(work)));
    const cells = [
      String(work.id), told(work.filename),
      [
        T(work.statusstr),
        work.status === 3 ?
          make("progress", {max: "100", value: work.progress, "aria-label": T("progress")}) :
          null
      ],
      told(work.username), time(work.timecreated), todo.flatMap((one) => [one, " "])
    ];
    return make("tr", null, ...cells.map((cell) => make("td", null, ...[cell].flat())));
  }
  async start() {
    await call(
      "tool_wp_perform_export", {exporter: "tool_organisation\\tool_wp\\exporter\\orgstructure"});
    await this.load();
  }
  log(id) {
    const watch = new Watch(id, this.problem);
    this.about.replaceChildren(
      make("h2", {tabindex: "-1"}, T("Import %s", String(id))), watch.host);
    this.about.firstChild.focus();
    watch.follow();
  }
  async undo(work) {
    if (!confirm(T("Undo import %s (%s)? All that it added is removed.", work.id, work.filename)))
      return;
    const done = await call("orgvet_rollback_import", {importid: work.id});
    this.about.replaceChildren(make(
      "p", {role: "status"},
      T("Undone. Items removed: %s. Frameworks removed: %s.", number(done.removed),
        number(done.frameworks))));
    await this.load();
  }
  async remove(work) {
    if (!confirm(T("Delete the record of %s? What was imported stays.", work.id))) return;
    await call(`tool_wp_delete_${this.kind}`, {id: work.id});
    await this.load();
  }
}
