/* A new import in five steps: file, columns, check, import, log. Each step is drawn from the
 * draft. */
const STEPS = [
  {name: "file", title: () => T("File"), draw: fileStep},
  {name: "columns", title: () => T("Columns"), draw: columnsStep},
  {name: "check", title: () => T("Check"), draw: checkStep},
  {name: "import", title: () => T("Import"), draw: importStep},
  {name: "log", title: () => T("Log"), draw: logStep},
];

class Steps {
  constructor() {
    Object.assign(
      this,
      {draft: new Draft(), at: 0, busy: 0, held: [], view: null, viewed: undefined, known: false});
    this.problem = make("p", {class: "problem", role: "alert"});
    this.said = make("p", {role: "status", class: "note"});
    this.waiting = make("p", {class: "note", role: "status"}, T("One moment …"));
    this.progress =
      make("progress", {max: "1", value: "0", class: "hidden", "aria-label": T("upload")});
    this.body = make("div");
    this.buttons = STEPS.map((step, i) => button(`${i + 1}. ${step.title()}`, () => this.go(i)));
    this.host = make(
      "section", {
        ondragover: (e) => this.dragged(e, true),
        ondragleave: (e) => this.dragged(e, false),
        ondrop: (e) => this.dropped(e)
      },
      make("h1", null, T("New import")),
      make(
        "nav", {class: "steps", "aria-label": T("steps")},
        make("ol", null, ...this.buttons.map((one) => make("li", null, one)))),
      this.problem, this.said, this.body);
  }
  dragged(event, over) {
    event.preventDefault();
    this.host.querySelector(".drop")?.classList.toggle("over", over);
  }
  dropped(event) {
    const {files} = event.dataTransfer;
    this.dragged(event, false);
    if (files.length > 1)
      this.problem.textContent = T("One file at a time, please.");
    else if (files.length)
      takeFile(this, files[0]);
  }

  /* --- navigation --- */

  /* Restores the draft of this window. Without a step in the URL, a draft already imported is
   * replaced by a new one. */
  async follow(place) {
    let there = null;
    if (!this.known) {
      this.show(0);
      there = await this.guard(() => this.draft.recall());
      if (there === undefined) return;  // not possible at present
      this.known = true;
      if (there !== null) this.at = this.draft.archive ? 0 : 2;
    }
    if (!place && this.draft.id) {
      this.forget();
      this.at = 0;
    }
    this.back(place);
    if (there) this.say(there);
  }
  /* Starts over with a new draft. */
  forget() {
    this.draft.leave();
    draftMemory.forget();
    this.draft = new Draft();
    this.viewed = undefined;
    this.said.textContent = this.problem.textContent = "";
  }
  /* Whether a step is available. */
  may(step) {
    const {about, archive, id} = this.draft;
    return step === 0 || (step === 4 ? id > 0 : !archive && Boolean(about?.has_rows));
  }
  /* Goes to a step, so that the browser's "back" button returns from it. */
  go(step) {
    this.said.textContent = this.problem.textContent = "";
    this.show(step);
    if (this.host.isConnected && location.hash !== this.place)
      history.pushState(null, "", this.place);
  }
  get place() { return `#new/${STEPS[this.at].name}`; }
  /* Shows the step named in the URL. */
  back(place) {
    const step = STEPS.findIndex((one) => one.name === place);
    this.said.textContent = this.problem.textContent = "";
    this.show(step < 0 ? this.at : step);
    if (this.host.isConnected) history.replaceState(null, "", this.place);
  }
  show(step, focus = true) {
    const {name} = this.draft;
    this.at = this.may(step) ? step : 0;
    this.buttons.forEach((one, i) => {
      one.disabled = !this.may(i);
      if (i === this.at)
        one.setAttribute("aria-current", "step");
      else
        one.removeAttribute("aria-current");
    });
    this.close();
    const title = STEPS[this.at].title(),
          heading = make(
            "h2", {tabindex: "-1"}, name ? `${title}: ` : title, name ? asText(name, 100) : null);
    this.body.replaceChildren(heading, ...STEPS[this.at].draw(this));
    if (this.busy) this.hold();
    if (focus) heading.focus();
  }
  /* Closes the view; its state is kept for the next one. */
  close() {
    if (this.view) this.viewed = this.view.state;
    this.view?.close();
    this.view = null;
  }
  next(name) {
    return make(
      "p", {class: "bar"},
      button(name, () => this.go(this.at + 1), {class: "next", disabled: !this.may(this.at + 1)}));
  }

  /* --- actions --- */

  say(text) { this.said.textContent = text; }
  /* Disables the buttons that lead on while busy. */
  hold() {
    for (const one of this.body.querySelectorAll(
           ":is(button.next, .fixes button, .cause button, button.fix):enabled")) {
      one.disabled = true;
      this.held.push(one);
    }
  }
  /* Runs an action and shows errors; returns undefined after one. */
  async guard(act) {
    const {draft} = this;
    const before = document.activeElement,
          slow = setTimeout(() => this.body.before(this.waiting), 300);
    this.problem.textContent = "";
    this.busy++;
    this.body.setAttribute("aria-busy", "true");
    this.hold();
    try {
      return await act();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (draft === this.draft) this.problem.textContent = problem.message;
      return undefined;
    } finally {
      clearTimeout(slow);
      if (!--this.busy) {
        for (const one of this.held.splice(0)) one.disabled = false;
        this.waiting.remove();
        this.body.removeAttribute("aria-busy");
        focusAgain(before);
      }
    }
  }
  /* Changes the draft, then redraws the step and restores the focus. */
  async redraw(act, said) {
    const {draft} = this, before = document.activeElement,
          inView = this.view?.host.contains(before);
    await this.guard(async () => {
      const result = await act();
      if (draft === this.draft) this.say(typeof said === "function" ? said(result) : said || "");
    });
    const now = document.activeElement, name = (this.body.contains(now) ? now : before)?.name,
          {scrollX, scrollY} = window;
    this.show(this.at, false);
    scrollTo(scrollX, scrollY);
    if (inView && this.view) {
      await this.view.ready;
      this.view?.table.host.focus();
      return;
    }
    const again = name &&
      [...this.body.querySelectorAll("[name]")].find((one) => one.name === name && !one.disabled);
    if (again)
      again.focus();
    else if (!this.host.contains(document.activeElement))
      this.body.querySelector("h2").focus();
  }
  setting(key, value) { return this.redraw(() => this.draft.setting(key, value)); }
}

/* Findings on the file as a whole, with or without those on columns. */
function ofFile(about, withColumns = true) {
  const list = about.of_file.filter((f) => withColumns || !/^OV20[156]$/.test(f.code)),
        more = about.of_file_count - about.of_file.length;
  if (!list.length) return [];
  return [make(
    "ul", {class: "findings"},
    ...list.map(
      (f) => make(
        "li", null, severity(f.severity), " ", make("b", null, f.code), " ",
        asText(f.message, 2000),
        f.help && !/^OV2/.test(f.code) ? make("div", {class: "help"}, asText(f.help, 2000)) :
                                         null)),
    more > 0 ? make("li", {class: "note"}, T("and %s more", number(more))) : null)];
}
