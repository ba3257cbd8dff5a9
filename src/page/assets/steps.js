/* A new import, in five steps: file, columns, check, import, log. Each is drawn from the draft. */
const STEPS = [
  {name: "file", title: () => T("File"), draw: fileStep},
  {name: "columns", title: () => T("Columns"), draw: columnsStep},
  {name: "check", title: () => T("Check"), draw: checkStep},
  {name: "import", title: () => T("Import"), draw: importStep},
  {name: "log", title: () => T("Log"), draw: logStep},
];

class Steps {
  constructor() {
    this.draft = new Draft();
    this.at = 0;
    this.problem = make("p", {class: "problem", role: "alert"});
    this.said = make("p", {role: "status", class: "note"});
    this.body = make("div");
    this.buttons = STEPS.map((step, i) => button(`${i + 1}. ${step.title()}`, () => this.go(i)));
    this.host = make(
      "section", null, make("h1", null, T("New import")),
      make(
        "nav", {class: "steps", "aria-label": T("steps")},
        make("ol", null, ...this.buttons.map((one) => make("li", null, one)))),
      this.problem, this.said, this.body);
  }
  async follow(place) {
    this.show(0);
    if (!await this.guard(() => this.draft.recall())) return;
    const step = STEPS.findIndex((one) => one.name === place);
    this.show(step > 0 ? step : this.draft.id ? 4 : 2);
  }
  /* How far one may go. */
  get reached() {
    return this.draft.about && this.draft.about.has_rows ? this.draft.id ? 4 : 3 : 0;
  }
  /* Goes to a step, so that the browser's "back" leads back from it. */
  go(step) {
    this.show(step);
    const place = `#new/${STEPS[this.at].name}`;
    if (location.hash !== place) history.pushState(null, "", place);
  }
  /* Where the browser's address leads. */
  back(place) { this.show(Math.max(0, STEPS.findIndex((one) => one.name === place))); }
  show(step, focus = true) {
    const {about} = this.draft;
    this.at = Math.min(step, this.reached);
    this.buttons.forEach((one, i) => {
      one.disabled = i > this.reached;
      if (i === this.at)
        one.setAttribute("aria-current", "step");
      else
        one.removeAttribute("aria-current");
    });
    const heading = make(
      "h2", {tabindex: "-1"}, about ? `${STEPS[this.at].title()}: ` : STEPS[this.at].title(),
      about ? told(about.name, 100) : null);
    this.body.replaceChildren(heading, ...STEPS[this.at].draw(this));
    if (focus) heading.focus();
  }
  next(name) {
    return make(
      "p", {class: "bar"},
      button(
        name, () => this.go(this.at + 1), {class: "next", disabled: this.at + 1 > this.reached}));
  }
  say(text) { this.said.textContent = text; }
  /* Does something, and tells what went wrong; then it gives undefined. */
  async guard(act) {
    this.problem.textContent = "";
    this.body.setAttribute("aria-busy", "true");
    try {
      return await act();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem.textContent = problem.message;
      return undefined;
    } finally {
      this.body.removeAttribute("aria-busy");
    }
  }
  /* Does something to the draft; then the step is drawn again, with the focus where it was. */
  async redraw(act, said) {
    const name = document.activeElement && document.activeElement.name;
    const done = await this.guard(async () => {
      const result = await act();
      this.say(typeof said === "function" ? said(result) : said || "");
      return true;
    });
    this.show(this.at, false);
    const again = name &&
      [...this.body.querySelectorAll("[name]")].find((one) => one.name === name && !one.disabled);
    if (again)
      again.focus();
    else if (!this.host.contains(document.activeElement))
      this.body.querySelector("h2").focus();
    return done;
  }
  setting(key, value) { return this.redraw(() => this.draft.setting(key, value)); }
  settings(some) { return this.redraw(() => this.draft.settings(some)); }
}

/* What was found in the file as a whole; with the columns, or without. */
function ofFile(about, withColumns = true) {
  const list = about.of_file.filter((f) => withColumns || !/^OV20[156]$/.test(f.code));
  return list.length ?
    [make(
      "ul", {class: "findings"},
      ...list.map(
        (f) => make(
          "li", null, severity(f.severity), " ", make("b", null, f.code), " ",
          told(f.message, 2000),
          f.help && !/^OV2/.test(f.code) ? make("span", {class: "help"}, " ", told(f.help, 2000)) :
                                           null)))] :
    [];
}
