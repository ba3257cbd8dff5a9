/* One import: its progress, its log as it comes, and undoing it. */
const POLL = 400, LINES = 2000;

class Watch {
  constructor(id, problem) {
    this.id = id;
    this.problem = problem;
    this.told = 0;
    this.status = make("p", {role: "status", class: "verdict"}, T("One moment …"));
    this.progress =
      make("progress", {max: "100", value: "0", "aria-label": T("progress of the import")});
    this.lines = make("ol", {class: "log"});
    this.more = make("p", {class: "note"});
    this.todo = make("p", {class: "bar"});
    this.host = make(
      "div", null, this.status, this.progress, this.todo,
      make("h3", null, T("Log of import %s", String(id))), this.lines, this.more);
  }
  async follow() {
    do {
      let ended = false;
      try {
        const work = await call("tool_wp_get_import_status", {importid: this.id});
        ended = work.status > 3;
        this.show(work, ended);
        await this.read();
        this.problem.textContent = "";
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.problem.textContent = problem.message;
        if (!session.me || problem.code !== "unreachable" && problem.code !== "servicebusy") return;
      }
      if (ended) return;
      await new Promise((done) => setTimeout(done, POLL));
    } while (this.host.isConnected);
  }
  show(work, ended) {
    this.status.textContent = T(work.statusstr);
    this.status.className = `verdict ${
      work.status === 4   ? "good" :
        work.status === 5 ? "bad" :
                            ""}`;
    this.progress.value = ended ? 100 : work.progress;
    this.progress.classList.toggle("hidden", ended);
    this.todo.replaceChildren(...(
      ended ?
        [
          button(T("report (JSON)"), () => this.guard(() => this.report()), {name: "report"}),
          work.status === 4 && may("orgvet:rollback") ?
            button(T("Undo this import"), () => this.guard(() => this.undo()), {name: "undo"}) :
            null
        ].filter(Boolean) :
        []));
  }
  async guard(act) {
    this.problem.textContent = "";
    try {
      await act();
    } catch (problem) {
      this.problem.textContent = problem.message;
    }
  }
  async read() {
    const PAGE = 500;
    for (;;) {
      const {entries, total} = await call(
        "orgvet_get_import_log",
        {importid: this.id, page: Math.floor(this.told / PAGE), perpage: PAGE});
      const fresh = entries.slice(this.told % PAGE);
      this.lines.append(...fresh.map(
        (entry) => make(
          "li", null, make("span", {class: `mark ${entry.level}`}, T(entry.level)), " ",
          entry.code ? make("b", null, `${entry.code} `) : null,
          entry.line ? T("line %s: ", number(entry.line)) : "", told(entry.message, 2000))));
      this.told += fresh.length;
      this.more.textContent = total > this.told ? T("and %s more", number(total - this.told)) : "";
      if (!fresh.length || this.told >= Math.min(total, LINES)) return;
    }
  }
  async report() {
    const {report} = await call("orgvet_get_import_report", {importid: this.id});
    if (!report) throw new Problem({error: T("There is no report: the file was not vetted.")});
    const url = URL.createObjectURL(new Blob([report], {type: "application/json"}));
    make("a", {href: url, download: `import-${this.id}.json`}).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
  async undo() {
    if (!confirm(T("Undo import %s? All that it added is removed.", String(this.id)))) return;
    const done = await call("orgvet_rollback_import", {importid: this.id});
    this.told = 0;
    this.lines.replaceChildren();
    await this.follow();
    this.status.textContent =
      T("Undone. Items removed: %s. Frameworks removed: %s.", number(done.removed),
        number(done.frameworks));
  }
}
