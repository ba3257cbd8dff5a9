/* Administration: users, tokens, services, tenants. */
const yes = (value) => value ? T("yes") : T("no");
/* Boxes whose names make one parameter, a space between. */
const boxes = (name, legend, list) => make(
  "fieldset", null, make("legend", null, legend),
  ...list.map(([value, label, checked]) => box({"data-of": name, value, checked}, label)));

const KINDS = {
  users: {
    title: () => T("Users"),
    one: "user",
    key: (e) => ({username: e.username}),
    name: (e) => e.username,
    columns: [
      [() => T("User"), (e) => told(e.username)],
      [() => T("Name"), (e) => told(`${e.firstname} ${e.lastname}`.trim())],
      [() => T("Tenant"), (e) => String(e.tenant)],
      [() => T("Administrator"), (e) => yes(e.administrator)],
      [() => T("Password"), (e) => yes(e.password)],
      [() => T("May"), (e) => told(e.capabilities.join(", "))],
      [() => T("Suspended"), (e) => yes(e.suspended)]
    ],
    fields: (answer) =>
      [field(T("User"), input("username", {required: true})),
       field(T("First name"), input("firstname")), field(T("Last name"), input("lastname")),
       field(
         T("Password (none: tokens alone)"),
         input("password", {type: "password", autocomplete: "new-password"})),
       field(T("Tenant (id or idnumber; none: the first one)"), input("tenant")),
       box({name: "administrator", value: "1"}, T("administrator: may do everything")),
       boxes(
         "capabilities", T("May"),
         answer.capabilities.map((c) => [c.name, c.meaning, c.by_default]))],
  },
  tokens: {
    title: () => T("Tokens"),
    one: "token",
    key: (e) => ({id: e.id}),
    name: (e) => `${e.id} (${e.user})`,
    columns: [
      [() => T("Id"), (e) => String(e.id)], [() => T("User"), (e) => told(e.user)],
      [() => T("Service"), (e) => told(e.service)], [() => T("From"), (e) => e.ip || T("anywhere")],
      [() => T("Until"), (e) => e.valid_until || T("for ever")], [() => T("Made"), (e) => e.created]
    ],
    fields: () =>
      [field(T("User"), input("username", {required: true})),
       field(T("Service (none: the first one)"), input("service")),
       field(T("From these addresses alone"), input("ip", {placeholder: "192.0.2.0/24"})),
       field(T("For so many days (none: for ever)"), input("days", {type: "number", min: "1"}))],
  },
  services: {
    title: () => T("Services"),
    one: "service",
    key: (e) => ({name: e.name}),
    name: (e) => e.name,
    columns: [
      [() => T("Service"), (e) => told(e.name)],
      [() => T("Functions"), (e) => told(e.functions.join(", "))],
      [() => T("For"), (e) => e.everybody ? T("everybody") : told(e.users.join(", "))],
      [() => T("Uploads"), (e) => yes(e.uploads)], [() => T("Downloads"), (e) => yes(e.downloads)]
    ],
    fields: (answer) =>
      [field(T("Service"), input("name", {required: true})),
       box({name: "everybody", value: "1"}, T("for everybody, not for authorised users alone")),
       box({name: "no_uploads", value: "1"}, T("without uploads")),
       box({name: "no_downloads", value: "1"}, T("without downloads")),
       boxes("functions", T("Functions (none: all)"), answer.functions.map((f) => [f, f, false]))],
  },
  tenants: {
    title: () => T("Tenants"),
    one: "tenant",
    key: (e) => ({tenant: e.id}),
    name: (e) => e.name,
    columns: [
      [() => T("Id"), (e) => String(e.id)], [() => T("Name"), (e) => told(e.name)],
      [() => T("Idnumber"), (e) => told(e.idnumber || "")],
      [() => T("Shared space"), (e) => yes(e.shared)], [() => T("Users"), (e) => String(e.users)],
      [() => T("Frameworks"), (e) => String(e.frameworks)]
    ],
    fields: () =>
      [field(T("Name"), input("name", {required: true})), field(T("Idnumber"), input("idnumber")),
       box({name: "shared", value: "1"}, T("the shared space"))],
  },
};

class Manage {
  constructor() {
    this.problem = make("p", {class: "problem", role: "alert"});
    this.said = make("p", {role: "status", class: "note"});
    this.body = make("div");
    this.buttons = Object.entries(KINDS).map(
      ([name, kind]) => make(
        "button", {type: "button", name, "aria-pressed": "false", onclick: () => this.show(name)},
        kind.title()));
    this.host = make(
      "section", null, make("h1", null, T("Administration")),
      make(
        "div", {class: "bar", role: "group", "aria-label": T("what to administer")},
        ...this.buttons),
      this.problem, this.said, this.body);
  }
  follow() { this.show("users"); }
  async do(params) {
    this.problem.textContent = this.said.textContent = "";
    try {
      const answer = await ask("/page/manage", {kind: this.kind, ...params});
      this.draw(answer);
      return answer;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem.textContent = problem.message;
      return null;
    }
  }
  show(kind) {
    this.kind = kind;
    for (const button of this.buttons)
      button.setAttribute("aria-pressed", String(button.name === kind));
    return this.do({});
  }
  draw(answer) {
    const kind = KINDS[this.kind];
    const rows = answer.entries.map(
      (entry) => make(
        "tr", null, ...kind.columns.map(([, cell]) => make("td", null, cell(entry))),
        make(
          "td", null,
          make(
            "button", {
              type: "button",
              "aria-label": T("remove %s", kind.name(entry)),
              onclick: () => confirm(T("Remove %s?", kind.name(entry))) &&
                this.do({what: `${kind.one}-remove`, ...kind.key(entry)})
            },
            T("remove")))));
    const form = make(
      "form", {class: "manage", onsubmit: (e) => this.add(e)}, make("h2", null, T("Add")),
      ...kind.fields(answer),
      make("p", null, make("button", {type: "submit", class: "next"}, T("Add"))));
    this.body.replaceChildren(
      make(
        "div", {class: "list", tabindex: "0", role: "region", "aria-label": kind.title()},
        make(
          "table", {class: "works"},
          make(
            "thead", null,
            make(
              "tr", null, ...kind.columns.map(([head]) => make("th", {scope: "col"}, head())),
              make("td"))),
          make("tbody", null, ...rows))),
      this.kind === "services" ? this.allow() : "", form);
  }
  async add(event) {
    event.preventDefault();
    const form = event.target,
          params = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
    for (const one of form.querySelectorAll("[data-of]:checked"))
      params[one.dataset.of] = [params[one.dataset.of], one.value].filter(Boolean).join(" ");
    const answer = await this.do({what: `${KINDS[this.kind].one}-add`, ...params});
    if (answer && answer.token)
      this.said.replaceChildren(
        T("The token, told this once:"), " ", make("code", null, answer.token));
    else if (answer)
      this.said.textContent = T("Added.");
  }
  /* Who may use a service. */
  allow() {
    const form = make(
      "form", {
        class: "manage",
        onsubmit: (e) => {
          e.preventDefault();
          this.do({
            what: "service-allow",
            ...Object.fromEntries(new FormData(form)),
            ...(e.submitter.name === "not" ? {not: 1} : {})
          });
        }
      },
      make("h2", null, T("Who may use a service")),
      field(T("Service"), input("name", {required: true})),
      field(T("User"), input("username", {required: true})),
      make(
        "p", {class: "bar"}, make("button", {type: "submit"}, T("authorise")),
        make("button", {type: "submit", name: "not"}, T("no longer"))));
    return form;
  }
}
