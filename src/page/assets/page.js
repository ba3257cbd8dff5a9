/* The service's page. All data comes from /page/…; it is inserted as text nodes, never as
 * markup. */

/* --- signing in --- */

function signIn(why) {
  page?.steps.draft.leave();
  const problem = make("p", {class: "problem", role: "alert"}, why || "");
  const form = (submit, ...fields) => make(
    "form", {
      class: "sign",
      onsubmit: guarded(
        problem,
        async (e) => {
          session.me = await ask("/page/sign-in", new FormData(e.target));
          show();
        })
    },
    ...fields.map(([name, label, more]) => make("label", null, label, input(name, more))),
    make("button", {type: "submit"}, submit));
  const byName = form(
    T("Sign in"), ["username", T("User"), {autocomplete: "username", autocapitalize: "none"}],
    ["password", T("Password"), {type: "password", autocomplete: "current-password"}]);
  const byToken =
    form(T("Sign in with a token"), ["token", T("Token"), {type: "password", autocomplete: "off"}]);
  document.title = T("Sign in");
  document.body.replaceChildren(make(
    "main", null, session.connection, make("h1", null, T("Sign in")),
    make(
      "p", {class: "note"},
      T("Check, fix and import files with positions and departments here. The operator of this service provides you with a user account or a token.")),
    problem, byName, make("h2", null, T("or with a token")),
    make(
      "p", {class: "note"},
      T("For the operator of this service: on its first start, it wrote a token to admin.token in its folder.")),
    byToken));
  byName.elements.username.focus();
}

/* --- the page --- */

/* The views; the URL's fragment names one and, in a new import, the step: #new/check. */
const PLACES = {
  new:
    {title: () => T("New import"), make: (page) => page.steps, needs: () => may("orgvet:import")},
  imports:
    {title: () => T("Imports"), make: () => new Works("import"), needs: () => may("orgvet:import")},
  exports:
    {title: () => T("Exports"), make: () => new Works("export"), needs: () => may("orgvet:export")},
  manage:
    {title: () => T("Administration"), make: () => new Manage(), needs: () => session.me.manages},
};

class Page {
  constructor() {
    this.allowed = Object.keys(PLACES).filter((name) => PLACES[name].needs());
    this.main = make("main", {tabindex: "-1"});
    this.steps = new Steps();  // lives as long as the page: running operations continue
    this.buttons = this.allowed.map(
      (name) => button(PLACES[name].title(), () => this.go(name), {name, "aria-pressed": "false"}));
    const {sitename, firstname, lastname} = session.me;
    this.problem = make("p", {class: "problem", role: "alert"});
    document.body.replaceChildren(
      make(
        "header", {class: "top"}, make("span", {class: "site"}, asText(sitename)),
        make("nav", {"aria-label": T("page sections")}, ...this.buttons),
        make("span", null, asText(`${firstname} ${lastname}`.trim())),
        button(T("Sign out"), () => this.leave())),
      session.connection, this.problem, this.main);
    if (this.allowed.length)
      this.follow();
    else
      this.main.append(make(
        "p", null,
        T("You do not have permission to import or export here; ask the operator of this service.")));
  }
  go(name) {
    history.pushState(null, "", `#${name}`);
    this.open(name);
  }
  /* Shows the view named in the URL. */
  follow() {
    const [asked, place] = location.hash.slice(1).split("/"),
                  name = this.allowed.includes(asked) ? asked : this.allowed[0];
    if (name === this.name)
      this.part.back?.(place);
    else
      this.open(name, place);
  }
  open(name, place) {
    this.part?.close?.();
    this.name = name;
    this.part = PLACES[name].make(this);
    document.title = `${PLACES[name].title()} \u2013 ${session.me.sitename}`;
    for (const one of this.buttons) one.setAttribute("aria-pressed", String(one.name === name));
    this.main.replaceChildren(this.part.host);
    this.part.follow(place);
  }
  /* Users of a shared computer must know whether signing out worked. */
  async leave() {
    try {
      await ask("/page/sign-out", {});
    } catch (problem) {
      if (problem.code !== "sessionexpired") {
        this.problem.textContent = T("You are still signed in: %s", problem.message);
        return;
      }
    }
    session.me = null;
    sessionStorage.clear();
    signIn();
  }
}

let page = null;
const show = () => {
  page = new Page();
};
addEventListener("popstate", () => {
  if (session.me) page.follow();
});

async function start() {
  try {
    session.me = await ask("/page/me");
    show();
  } catch (problem) {
    signIn(problem.code === "sessionexpired" ? "" : problem.message);
  }
}
session.ended = signIn;
/* Problems not shown elsewhere: a view could not be filled. */
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Problem)) return;
  event.preventDefault();
  const problem = document.querySelector("main .problem");
  if (problem && !event.reason.passing) problem.textContent = event.reason.message;
});
/* A file dropped outside the drop zone must not replace the page. */
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
Object.assign(globalThis.orgvet, {Remote, session, upload, look});
start();
