/* Administration: users, tokens, services, tenants. */
const yes = (value) => value ? T("yes") : T("no");
const when = (text) => text ? new Date(text).toLocaleString(document.documentElement.lang) : "";
/* Check boxes whose values are joined with spaces to one parameter. */
const boxes = (name, legend, list) => make(
  "fieldset", null, make("legend", null, legend),
  ...list.map(([value, label, checked]) => checkbox({"data-of": name, value, checked}, label)));
const password = (more) =>
  input("password", {type: "password", autocomplete: "new-password", ...more});
/* A selection of existing names. */
const chosen = (label, name, names, none) => field(
  label,
  select(
    {name, required: none === undefined}, [...(none === undefined ? [] : [["", none]]), ...names],
    none === undefined ? names[0]?.[0] ?? "" : ""));
const itself = (names) => names.map((name) => [name, brief(name)]);
const tenants = (answer) => answer.tenants.map((one) => [String(one.id), brief(one.name)]);

/* What is administered: the list, the actions for an entry, and the form that adds one. */
const KINDS = {
  users:
    {
      title: () => T("Users"),
      one: "user",
      key: (e) => ({username: e.username}),
      name: (e) => e.username,
      columns: [
        [() => T("User"), (e) => asText(e.username)],
        [() => T("Name"), (e) => asText(`${e.firstname} ${e.lastname}`.trim())],
        [
          () => T("Tenant"),
          (e, answer) =>
            asText(answer.tenants.find((one) => one.id === e.tenant)?.name ?? String(e.tenant))
        ],
        [() => T("Administrator"), (e) => yes(e.administrator)],
        [() => T("Password"), (e) => yes(e.password)],
        [
          () => T("Permissions"),
          (e, answer) =>
            e.capabilities
              .map((name) => answer.capabilities.find((one) => one.name === name)?.meaning ?? name)
              .join("; ")
        ],
        [() => T("Suspended"), (e) => yes(e.suspended)],
      ],
      acts:
        (e) =>
          [{
            name: T("new password"),
            ask:
              (send) =>
                [field(T("New password of %s", brief(e.username)), password({required: true})),
                 send(T("set"), {what: "user-change"})]
          },
           e.suspended ? {name: T("reactivate"), params: {what: "user-change", suspended: "0"}} : {
             name: T("suspend"),
             params: {what: "user-change", suspended: "1"},
             sure: T(
               "Suspend %s? If this user is signed in, they will be signed out.", brief(e.username))
           },
],
      fields: (answer) =>
        [field(
           T("User (lower case)"),
           input("username", {required: true, pattern: "[^A-Z ]+", autocapitalize: "none"})),
         field(T("First name"), input("firstname")),
         field(T("Last name"), input("lastname")),
         field(T("Password (empty: sign-in with token only)"), password()),
         chosen(T("Tenant"), "tenant", tenants(answer), T("the first one")),
         checkbox({name: "administrator", value: "1"}, T("administrator: full access")),
         boxes(
           "capabilities", T("Permissions"),
           answer.capabilities.map((c) => [c.name, c.meaning, c.by_default])),
],
    },
  tokens: {
    title: () => T("Tokens"),
    one: "token",
    key: (e) => ({id: e.id}),
    name: (e) => `${e.id} (${e.user})`,
    columns: [
      [() => T("ID"), (e) => String(e.id)],
      [() => T("User"), (e) => asText(e.user)],
      [() => T("Service"), (e) => asText(e.service)],
      [() => T("Allowed from"), (e) => e.ip || T("anywhere")],
      [() => T("Valid until"), (e) => when(e.valid_until) || T("no expiry")],
      [() => T("Created on"), (e) => when(e.created)],
    ],
    fields: (answer) =>
      [chosen(T("User"), "username", itself(answer.users)),
       chosen(T("Service"), "service", itself(answer.services), T("the first one")),
       field(T("Only from these IP addresses"), input("ip", {placeholder: "192.0.2.0/24"})),
       field(T("Valid for (days; empty: no expiry)"), input("days", {type: "number", min: "1"})),
],
  },
  services: {
    title: () => T("Services"),
    one: "service",
    key: (e) => ({name: e.name}),
    name: (e) => e.name,
    columns: [
      [() => T("Service"), (e) => asText(e.name)],
      [
        () => T("Functions"),
        (e, answer) => e.functions.length === answer.functions.length ?
          T("all") :
          make("span", null, ...commas(e.functions))
      ],
      [
        () => T("Available to"),
        (e) => e.everybody ? T("everybody") : make("span", null, ...commas(e.users))
      ],
      [() => T("Uploads"), (e) => yes(e.uploads)],
      [() => T("Downloads"), (e) => yes(e.downloads)],
    ],
    fields: (answer) =>
      [field(T("Service"), input("name", {required: true})),
       checkbox({name: "everybody", value: "1"}, T("for everybody, not only authorised users")),
       checkbox({name: "no_uploads", value: "1"}, T("without uploads")),
       checkbox({name: "no_downloads", value: "1"}, T("without downloads")),
       boxes(
         "functions", T("Functions (none selected: all)"),
         answer.functions.map((f) => [f, f, false])),
],
  },
  tenants: {
    title: () => T("Tenants"),
    one: "tenant",
    key: (e) => ({tenant: e.id}),
    name: (e) => e.name,
    columns: [
      [() => T("ID"), (e) => String(e.id)],
      [() => T("Name"), (e) => asText(e.name)],
      [() => T("ID number"), (e) => asText(e.idnumber || "")],
      [() => T("Users"), (e) => String(e.users)],
      [() => T("Frameworks"), (e) => String(e.frameworks)],
    ],
    fields: () =>
      [field(T("Name"), input("name", {required: true})), field(T("ID number"), input("idnumber"))],
  },
};

class Manage {
  constructor() {
    this.problem = make("p", {class: "problem", role: "alert"});
    this.said = make("p", {role: "status", class: "note"});
    this.body = make("div");
    this.buttons = Object.entries(KINDS).map(
      ([name, kind]) =>
        button(kind.title(), () => this.show(name), {name, "aria-pressed": "false"}));
    this.host = make(
      "section", null, make("h1", null, T("Administration")),
      make(
        "div", {class: "bar", role: "group", "aria-label": T("administration sections")},
        ...this.buttons),
      this.problem, this.said, this.body);
  }
  follow() { this.show("users"); }
  /* Performs an action, if any, and shows the updated list. */
  async do(params) {
    const kind = this.kind;
    this.problem.textContent = this.said.textContent = "";
    try {
      const answer = await ask("/page/manage", {kind, ...params});
      if (kind !== this.kind) return null;
      this.draw(answer);
      return answer;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!problem.passing) this.problem.textContent = problem.message;
      return null;
    }
  }
  show(kind) {
    this.kind = kind;
    for (const one of this.buttons) one.setAttribute("aria-pressed", String(one.name === kind));
    return this.do({});
  }
  draw(answer) {
    const kind = KINDS[this.kind], heads = [...kind.columns.map(([head]) => head()), T("Actions")];
    const rows = answer.entries.map(
      (entry) => tableRow(
        heads, [...kind.columns.map(([, cell]) => cell(entry, answer)), this.acts(kind, entry)]));
    const form = make(
      "form", {class: "manage", onsubmit: (e) => this.add(e)},
      this.heading = make("h2", {tabindex: "-1"}, T("Add")), ...kind.fields(answer),
      make("p", null, make("button", {type: "submit", class: "next"}, T("Add"))));
    this.body.replaceChildren(
      table(kind.title(), heads, make("tbody", null, ...rows)),
      ...(this.kind === "services" ? [this.allow(answer)] : []), form);
  }
  acts(kind, entry) {
    const name = kind.name(entry), host = make("div", {class: "bar"});
    const acts = [
      ...(kind.acts?.(entry) ?? []),
      {name: T("remove"), params: {what: `${kind.one}-remove`}, sure: T("Remove %s?", brief(name))}
    ];
    host.append(...acts.map((act) => button(act.name, async () => {
                              if (act.ask)
                                host.replaceChildren(this.question(kind, entry, act.ask));
                              else if (!act.sure || await sure(act.sure, "", act.name))
                                this.done({...act.params, ...kind.key(entry)});
                            }, {"aria-label": `${act.name}: ${brief(name)}`})));
    return host;
  }
  /* A small form in place of an entry's buttons. */
  question(kind, entry, fields) {
    let params = {};
    const send = (name, more) => {
      params = more;
      return make(
        "p", {class: "bar"}, make("button", {type: "submit", class: "next"}, name),
        button(T("cancel"), () => this.do({})));
    };
    return make(
      "form", {
        onsubmit: (e) => {
          e.preventDefault();
          this.done({...params, ...kind.key(entry), ...Object.fromEntries(new FormData(e.target))});
        }
      },
      ...fields(send));
  }
  /* Redraws the list after an action; keyboard users continue at its heading. */
  async done(params) {
    const answer = await this.do(params);
    if (answer && params.password && params.username === session.me.username) {
      session.me = null;  // like all sessions of that user
      signIn(T("Your password has been changed: sign in with the new one."));
    } else if (answer) {
      this.said.textContent = T("Done.");
      this.heading.focus();
    }
    return answer;
  }
  async add(event) {
    event.preventDefault();
    const form = event.target,
          params = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
    for (const one of form.querySelectorAll("[data-of]:checked"))
      params[one.dataset.of] = [params[one.dataset.of], one.value].filter(Boolean).join(" ");
    const answer = await this.done({what: `${KINDS[this.kind].one}-add`, ...params});
    if (answer?.token)
      this.said.replaceChildren(
        T("The token, shown only once:"), " ", make("code", null, answer.token), " ",
        button(T("copy"), () => navigator.clipboard.writeText(answer.token)));
    else if (answer)
      this.said.textContent = T("Added.");
  }
  /* The users of a service. */
  allow(answer) {
    return make(
      "form", {
        class: "manage",
        onsubmit: (e) => {
          e.preventDefault();
          this.done({
            what: "service-allow",
            ...Object.fromEntries(new FormData(e.target)),
            ...(e.submitter.name === "not" ? {not: 1} : {})
          });
        }
      },
      make("h2", null, T("Who may use a service")),
      chosen(T("Service"), "name", itself(answer.services)),
      chosen(T("User"), "username", itself(answer.users)),
      make(
        "p", {class: "bar"}, make("button", {type: "submit"}, T("authorise")),
        make("button", {type: "submit", name: "not"}, T("revoke"))));
  }
}
