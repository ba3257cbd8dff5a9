/* The service's page. What is shown comes from /page/…; texts become text nodes, never markup. */
"use strict";
(() => {
const {make, told, T, number, Steps, Watch, Manage, session, ask, call, may} = globalThis.orgvet;
const POLL = 1000;

const time = (seconds) => seconds ? new Date(seconds * 1000).toLocaleString(document.documentElement.lang) : "";

/* Runs what a button does, and shows what went wrong where it belongs. */
const guarded = (problem, act) => async (event) => {
  event?.preventDefault();
  problem.textContent = "";
  try {
    await act(event);
  } catch (failure) {
    problem.textContent = failure.message;
  }
};

/* --- signing in --- */

function signIn(why) {
  const problem = make("p", {class: "problem", role: "alert"}, why || "");
  const field = (name, label, more) => make("label", null, label, make("input", {name, autocomplete: name === "password" ? "current-password" : name, ...more}));
  const byName = make("form", {class: "sign"}, field("username", T("User")), field("password", T("Password"), {type: "password"}), make("button", {type: "submit"}, T("Sign in")));
  const byToken = make("form", {class: "sign"}, field("token", T("Token"), {type: "password", autocomplete: "off"}), make("button", {type: "submit"}, T("Sign in with a token")));
  for (const form of [byName, byToken])
    form.addEventListener("submit", guarded(problem, async () => {
      session.me = await ask("/page/sign-in", new FormData(form));
      show();
    }));
  document.title = T("Sign in");
  document.body.replaceChildren(make("main", null, make("h1", null, T("Sign in")), problem, byName, make("h2", null, T("or with a token")),
    make("p", {class: "note"}, T("The first start of the service wrote one to admin.token, in its folder.")), byToken));
  byName.elements.username.focus();
}

/* --- imports and exports --- */

class Works {
  constructor(kind) {
    this.kind = kind; // import, export
    this.page = 0;
    this.problem = make("p", {class: "problem", role: "alert"});
    this.body = make("tbody");
    this.about = make("div", {"aria-live": "polite"});
    this.pages = make("div", {class: "bar"});
    const heads = [T("Id"), T("File"), T("Status"), T("Who"), T("When"), T("What to do")];
    this.host = make("section", null, make("h1", null, kind === "import" ? T("Imports") : T("Exports")), this.problem,
      kind === "export" ? make("p", null, make("button", {type: "button", onclick: guarded(this.problem, () => this.start())}, T("Export the organisation"))) : null,
      make("div", {class: "list", tabindex: "0", role: "region", "aria-label": kind === "import" ? T("Imports") : T("Exports")},
        make("table", {class: "works"}, make("thead", null, make("tr", null, ...heads.map((head) => make("th", {scope: "col"}, head)))), this.body)), this.pages, this.about);
  }
  async load() {
    const answer = await call(`orgvet_get_${this.kind}s`, {page: this.page, perpage: 50}), works = answer[`${this.kind}s`];
    this.body.replaceChildren(...works.map((work) => this.row(work)));
    if (!works.length) this.body.append(make("tr", null, make("td", {colspan: "6"}, T("There are none yet."))));
    this.pages.replaceChildren(...(answer.total > 50 ? [
      make("button", {type: "button", disabled: this.page === 0, onclick: () => this.turn(-1)}, T("newer")),
      make("button", {type: "button", disabled: (this.page + 1) * 50 >= answer.total, onclick: () => this.turn(1)}, T("older"))] : []));
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
      await new Promise((done) => setTimeout(done, waiting ? POLL : 10 * POLL));
    }
  }
  row(work) {
    const button = (name, act) => make("button", {type: "button", onclick: guarded(this.problem, act), "aria-label": `${name}: ${work.id}`}, name);
    const todo = [];
    if (this.kind === "import") todo.push(button(T("Log"), () => this.log(work.id)));
    if (this.kind === "import" && work.status === 4 && may("orgvet:rollback")) todo.push(button(T("Undo"), () => this.undo(work)));
    if (this.kind === "export" && work.status === 4) todo.push(make("a", {href: `/page/export?id=${work.id}`, download: work.filename}, T("Download")));
    if (work.status !== 3) todo.push(button(T("Delete the record"), () => this.remove(work)));
    const cells = [String(work.id), told(work.filename), [T(work.statusstr), work.status === 3 ? make("progress", {max: "100", value: work.progress, "aria-label": T("progress")}) : null],
      told(work.username), time(work.timecreated), todo.flatMap((one) => [one, " "])];
    return make("tr", null, ...cells.map((cell) => make("td", null, ...[cell].flat())));
  }
  async start() {
    await call("tool_wp_perform_export", {exporter: "tool_organisation\\tool_wp\\exporter\\orgstructure"});
    await this.load();
  }
  log(id) {
    const watch = new Watch(id, this.problem);
    this.about.replaceChildren(make("h2", {tabindex: "-1"}, T("Import %s", String(id))), watch.host);
    this.about.firstChild.focus();
    watch.follow();
  }
  async undo(work) {
    if (!confirm(T("Undo import %s (%s)? All that it added is removed.", work.id, work.filename))) return;
    const done = await call("orgvet_rollback_import", {importid: work.id});
    this.about.replaceChildren(make("p", {role: "status"}, T("Undone. Items removed: %s. Frameworks removed: %s.", number(done.removed), number(done.frameworks))));
    await this.load();
  }
  async remove(work) {
    if (!confirm(T("Delete the record of %s? What was imported stays.", work.id))) return;
    await call(`tool_wp_delete_${this.kind}`, {id: work.id});
    await this.load();
  }
}

/* --- all of it --- */

const places = {
  new: [() => T("New import"), () => new Steps(() => {}), "orgvet:import"],
  imports: [() => T("Imports"), () => new Works("import"), "orgvet:import"],
  exports: [() => T("Exports"), () => new Works("export"), "orgvet:export"],
  manage: [() => T("Administration"), () => new Manage(), null],
};

function show() {
  const allowed = Object.keys(places).filter((name) => places[name][2] ? may(places[name][2]) : session.me.manages);
  const main = make("main", {tabindex: "-1"});
  const open = (name) => {
    const part = places[name][1]();
    document.title = `${places[name][0]()} \u2013 ${session.me.sitename}`;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.name === name));
    main.replaceChildren(part.host);
    part.follow(); // what goes on goes on while it is shown
  };
  const buttons = allowed.map((name) => make("button", {type: "button", name, "aria-pressed": "false", onclick: () => open(name)}, places[name][0]()));
  const out = make("button", {type: "button", onclick: async () => {
    await ask("/page/sign-out", {}).catch(() => {});
    session.me = null;
    signIn();
  }}, T("Sign out"));
  document.body.replaceChildren(make("header", {class: "top"}, make("span", {class: "site"}, told(session.me.sitename)), make("nav", {"aria-label": T("parts of the page")}, ...buttons),
    make("span", null, told(`${session.me.firstname} ${session.me.lastname}`.trim())), out), main);
  if (allowed.length) open(allowed[0]);
  else main.append(make("p", null, T("You may neither import nor export here; ask whoever runs this service.")));
}

async function start(why) {
  try {
    session.me = await ask("/page/me");
    show();
  } catch (problem) {
    signIn(why || (problem.code === "sessionexpired" ? "" : problem.message));
  }
}
session.ended = signIn;
/* What nobody else has told: a view that could not be filled. */
addEventListener("unhandledrejection", (event) => {
  const problem = document.querySelector(".problem");
  if (problem && event.reason instanceof globalThis.orgvet.Problem) {
    problem.textContent = event.reason.message;
    event.preventDefault();
  }
});
start();
})();
