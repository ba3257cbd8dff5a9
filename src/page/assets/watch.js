/* One import: its progress, its log as it grows, and rollback. */
const WATCH = {
  often: 400,
  seldom: 5000 /* milliseconds between two requests */,
  page: 500,
  lines: 2000
};

class Watch {
  /* outcome: what the import has done once it is completed, in words; may be missing. */
  constructor(id, problem, outcome) {
    Object.assign(this, {id, problem, outcome, received: 0});
    this.status = make("h2", null, T("One moment …"));
    this.sign = make("span", {class: "big likely"});
    this.progress =
      make("progress", {max: "100", value: "0", "aria-label": T("progress of the import")});
    this.lines = make("ol", {class: "log"});
    this.more = make("p", {class: "hint"});
    this.todo = make("p", {class: "line-up wrap"});
    this.log = make(
      "details", {class: "fold"}, make("summary", null, T("Log of import %s", String(id))),
      make("div", {class: "in"}, this.lines, this.more));
    this.host = make(
      "div", {class: "stack"},
      make("div", {class: "line-up", role: "status"}, this.sign, this.status), this.progress,
      this.todo, this.log);
  }
  async follow() {
    for (let wait = WATCH.often;; await pause(wait)) {
      try {
        const work = await call("tool_wp_get_import_status", {importid: this.id}),
              ended = work.status > 3;
        this.show(work, ended);
        await this.read();
        if (ended) return;
        wait = WATCH.often;
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (!problem.passing) this.problem.textContent = problem.message;
        if (!problem.passing || !session.me) return;
        wait = Math.min(2 * wait, WATCH.seldom);
      }
      if (!this.host.isConnected) return;
    }
  }
  show(work, ended) {
    const completed = work.status === 4 && this.outcome ? `: ${this.outcome}` : "",
          status = T(work.statusstr) + completed,
          undo = ended && work.status === 4 && may("orgvet:rollback");
    if (this.status.textContent !== status) this.status.textContent = status;
    const state = work.status === 4 ? "sure" : work.status === 5 ? "error" : "likely";
    this.sign.className = `big ${state}`;
    this.sign.replaceChildren(icon(
      work.status === 4   ? "check" :
        work.status === 5 ? "error" :
                            "half",
      {class: "i lg"}));
    if (work.status === 5) this.log.open = true;  // it says what went wrong
    this.progress.value = ended ? 100 : work.progress;
    this.progress.classList.toggle("hidden", ended);
    const act = (name, text, what) => btn("", text, once(guarded(this.problem, what)), {name});
    if (ended)
      this.todo.replaceChildren(
        act("report", T("Report (JSON)"), () => this.report()),
        ...(undo ? [act("undo", T("Undo this import"), () => this.undo())] : []));
  }
  async read() {
    for (;;) {
      const {entries, total} = await call(
        "orgvet_get_import_log",
        {importid: this.id, page: Math.floor(this.received / WATCH.page), perpage: WATCH.page});
      const fresh = entries.slice(this.received % WATCH.page);
      this.lines.append(...fresh.map(
        (entry) => make(
          "li", null, severity(entry.level), " ",
          entry.code ? make("b", null, `${entry.code} `) : null,
          entry.line ? T("line %s: ", number(entry.line)) : "", asText(entry.message, 2000))));
      this.received += fresh.length;
      this.more.textContent =
        total > this.received ? T("and %s more", number(total - this.received)) : "";
      if (!fresh.length || this.received >= Math.min(total, WATCH.lines)) return;
    }
  }
  async report() {
    const {report} = await call("orgvet_get_import_report", {importid: this.id});
    if (!report) throw new Problem({error: T("No report available: the file was not checked.")});
    const url = URL.createObjectURL(new Blob([report], {type: "application/json"}));
    make("a", {href: url, download: `import-${this.id}.json`}).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
  async undo() {
    if (!await sure(
          T("Undo import %s?", String(this.id)), T("Everything it added will be removed."),
          T("Undo it")))
      return;
    const done = await call("orgvet_rollback_import", {importid: this.id});
    this.received = 0;
    this.lines.replaceChildren();
    await this.follow();
    this.status.textContent = undoneText(done);
  }
}
const undoneText = (done) =>
  T("Undone. Items removed: %s. Frameworks removed: %s.", number(done.removed),
    number(done.frameworks));
