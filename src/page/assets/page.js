/* The service's page. All data comes from /page/…; it is inserted as text nodes, never as
 * markup. */

/* --- signing in --- */

function signIn(why) {
  page?.steps.draft.leave();
  page?.part?.close?.();
  const problem = make("p", {class: "problem", role: "alert"}, why || "");
  const form = (submit, look, ...fields) => make(
    "form", {
      class: "sign",
      onsubmit: guarded(
        problem,
        async (e) => {
          session.me = await ask("/page/sign-in", new FormData(e.target));
          show();
        })
    },
    ...fields.map(
      ([name, label, more]) => make(
        "div", {class: "field"},
        make(
          "label",
          {for: `sign-${name}`
          },
          label),
        input(name, {id: `sign-${name}`, class: "input", ...more}))),
    make("button", {type: "submit", class: `btn ${look}`}, submit));
  const byName = form(
    T("Sign in"), "primary",
    ["username", T("User"), {autocomplete: "username", autocapitalize: "none"}],
    ["password", T("Password"), {type: "password", autocomplete: "current-password"}]);
  const byToken = form(
    T("Sign in with a token"), "", ["token", T("Token"), {type: "password", autocomplete: "off"}]);
  document.title = T("Sign in");
  document.body.classList.remove("fixed");
  document.body.replaceChildren(
    symbols,
    make(
      "header", {class: "appbar"},
      make("span", {class: "brand"}, icon("logo"), make("span", null, "orgvet"))),
    session.connection,
    make(
      "main", {class: "center"},
      make(
        "section", {class: "box", style: "width:min(24rem,100%)"},
        make(
          "div", {class: "in stack"}, make("h1", null, T("Sign in")),
          make(
            "p", {class: "quiet"},
            T("Check, fix and import files with positions and departments here. The operator of this service provides you with a user account or a token.")),
          problem, byName,
          make(
            "details", {class: "bytoken", open: true}, make("summary", null, T("With a token")),
            make(
              "div", {class: "stack"}, byToken,
              make(
                "p", {class: "hint"},
                T("For the operator: when it first started, the service wrote a token to admin.token in its folder."))))))));
  byName.elements.username.focus();
}

/* --- the page --- */

/* The views; the URL's fragment names one and, in a new import, the step: #new/check. */
const PLACES = {
  new:
    {title: () => T("New import"), make: (page) => page.steps, needs: () => may("orgvet:import")},
  imports:
    {title: () => T("History"), make: () => new Works("import"), needs: () => may("orgvet:import")},
  exports:
    {title: () => T("Exports"), make: () => new Works("export"), needs: () => may("orgvet:export")},
  manage:
    {title: () => T("Administration"), make: () => new Manage(), needs: () => session.me.manages},
};

class Page {
  constructor() {
    this.allowed = Object.keys(PLACES).filter((name) => PLACES[name].needs());
    this.main = make("div", {class: "view"});
    this.steps = new Steps();  // lives as long as the page: running operations continue
    this.links = this.allowed.map(
      (name) => make(
        "a", {
          href: `#${name}`,
          "data-name": name,
          class: name === "manage" ? "opt" : null,
          onclick: (e) => {
            e.preventDefault();
            this.go(name);
          }
        },
        PLACES[name].title()));
    const {sitename, firstname, lastname} = session.me, who = `${firstname} ${lastname}`.trim();
    this.problem = make("p", {class: "problem", role: "alert"});
    const account = btn(
      "ghost", make("span", {class: "opt"}, asText(who, 40)), null,
      {"aria-label": T("%s: account", brief(who)), behind: "chevd"});
    account.prepend(make("span", {
      class: "avatar",
      "data-i": who.split(/\s+/).map((one) => one[0]).join("").slice(0, 2).toUpperCase()
    }));
    document.body.replaceChildren(
      symbols,
      make(
        "header", {class: "appbar"},
        make(
          "a", {
            class: "brand",
            href: "#new",
            title: brief(sitename),
            onclick: (e) => {
              e.preventDefault();
              if (this.allowed.length) this.go(this.allowed[0]);
            }
          },
          icon("logo"), make("span", {class: "opt"}, asText(sitename, 40))),
        make("nav", {class: "appnav", "aria-label": T("page sections")}, ...this.links),
        make(
          "div", {class: "user push"},
          menu(account, () => [btn("", T("Sign out"), () => this.leave(), {name: "sign-out"})]))),
      session.connection, this.problem, this.main);
    if (this.allowed.length)
      this.follow();
    else
      this.main.append(make(
        "main", {class: "page"},
        make(
          "p", null,
          T("You do not have permission to import or export here; ask the operator of this service."))));
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
    for (const one of this.links)
      if (one.dataset.name === name)
        one.setAttribute("aria-current", "page");
      else
        one.removeAttribute("aria-current");
    document.body.classList.remove("fixed");
    const {host} = this.part;
    this.main.replaceChildren(
      host.classList.contains("view") ? host : make("main", {class: "page"}, host));
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
  const problem = page?.part?.problem;
  if (problem && !event.reason.passing) problem.textContent = event.reason.message;
});
/* A file dropped outside the drop zone must not replace the page. */
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
/* For tests: whether nothing is being done, and how many edits there were. */
const idle = () =>
  !page?.steps.busy && !page?.steps.review?.working && !page?.steps.draft.proposing;
const changes = () => page?.steps.draft.revision ?? 0;
Object.assign(globalThis.orgvet, {Remote, session, upload, look, idle, changes});
start();
