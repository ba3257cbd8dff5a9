/* A new import in five steps, each drawn from the draft. A step gives: `body`, its elements;
 * `heading` and `lead`; `wide`: it fills the window; `status` and `next`: the bar at the bottom,
 * with the one primary action: {text, act, why, behind}, `why`: it must wait; null: the review
 * draws that. */
const STEPS = [
  {name: "file", title: () => T("File"), draw: fileStep},
  {name: "columns", title: () => T("Columns"), draw: columnsStep},
  {name: "review", title: () => T("Review"), draw: reviewStep},
  ...LAST_STEPS,
];
const AT = Object.freeze({file: 0, columns: 1, review: 2, import: 3, result: 4});

class Steps {
  constructor() {
    Object.assign(this, {draft: new Draft(), at: 0, busy: 0, held: [], known: false});
    this.problem = make("p", {class: "problem", role: "alert"});
    this.said = make("p", {role: "status", class: "sr"});
    this.waiting = make("span", {role: "status"}, T("One moment …"));
    this.progress =
      make("progress", {max: "1", value: "0", class: "hidden", "aria-label": T("upload")});
    this.bar = make("nav", {class: "stepbar", "aria-label": T("steps")});
    this.main = make("main", {tabindex: "-1"});
    this.foot = make("footer", {class: "actionbar"});
    this.host = make(
      "div", {
        class: "view",
        ondragover: (e) => this.dragged(e, true),
        ondragleave: (e) => this.dragged(e, false),
        ondrop: (e) => this.dropped(e)
      },
      this.bar, this.problem, this.said, this.main, this.foot);
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
      if (there !== null) this.at = this.draft.archive ? AT.file : AT.review;
    }
    if (!place && this.draft.id) {
      this.forget();
      this.at = 0;
    }
    this.back(place);
    if (there) toast(there);
  }
  /* Starts over with a new draft. */
  forget() {
    this.draft.leave();
    draftMemory.forget();
    this.draft = new Draft();
    this.review = null;
    this.problem.textContent = "";
  }
  /* Whether a step is available. */
  may(step) {
    const {about, archive, id} = this.draft;
    return step === AT.file || (step === AT.result ? id > 0 : !archive && Boolean(about?.has_rows));
  }
  /* Goes to a step, so that the browser's "back" button returns from it. */
  go(step) {
    const {review} = this;
    if (review?.sheet.editing) {  // what is being typed counts
      review.sheet.commit();
      review.settled.then(() => this.go(step));
      return;
    }
    this.problem.textContent = "";
    toasts.replaceChildren();
    this.show(step);
    if (this.host.isConnected && location.hash !== this.place)
      history.pushState(null, "", this.place);
  }
  get place() { return `#new/${STEPS[this.at].name}`; }
  /* Shows the step named in the URL. */
  back(place) {
    const step = STEPS.findIndex((one) => one.name === place);
    this.problem.textContent = "";
    this.show(step < 0 ? this.at : step);
    if (this.host.isConnected) history.replaceState(null, "", this.place);
  }
  show(step, focus = true) {
    this.at = this.may(step) ? step : AT.file;
    this.review?.close();
    this.drawBar();
    const {heading, lead, aside, body, wide, status, next} = STEPS[this.at].draw(this);
    document.body.classList.toggle("fixed", Boolean(wide));
    this.main.className = wide || "page";
    this.main.style.padding = wide ? "0" : "";
    const title = make("h1", {tabindex: "-1", class: wide ? "sr" : null}, heading);
    this.main.replaceChildren(
      wide ? title :
             make(
               "div", {class: "head"},
               make("div", null, title, lead ? make("p", null, lead) : null), aside ?? null),
      ...body);
    if (next === null)
      this.review.drawFoot();
    else
      this.drawFoot(status, next);
    if (this.busy) this.hold();
    if (focus) title.focus();
  }
  drawBar() {
    const {name, about} = this.draft;
    const one = (step, i) => {
      const done = i < this.at, now = i === this.at, open = !now && this.may(i);
      const dot = make("span", {class: "dot"}, done ? icon("check") : String(i + 1)),
            inner = [dot, make("span", {class: "name"}, step.title())];
      return make(
        "li", {
          class: `step${done ? " done" : ""}${now ? " now" : ""}`,
          "aria-current": now ? "step" : null
        },
        open ? make(
                 "a", {
                   href: `#new/${step.name}`,
                   onclick: (e) => {
                     e.preventDefault();
                     this.go(i);
                   }
                 },
                 ...inner) :
               make("span", null, ...inner));
    };
    this.bar.replaceChildren(
      make("ol", {class: "steps"}, ...STEPS.map(one)),
      ...(
        name ?
          [make(
            "p", {class: "filechip"}, icon("sheet"), make("b", {class: "clip"}, asText(name, 100)),
            about ? make("span", {class: "nowrap"}, count(about.rows, "%s row", "%s rows")) :
                    null)] :
          []));
  }
  drawFoot(status, next) {
    const back = this.at > 0 && this.at < AT.result;
    this.status = make("p", {class: "status", id: "why", "aria-live": "polite"}, status || "");
    this.foot.replaceChildren(
      ...(
        back ? [btn(
                 "ghost back", T("Back"), () => this.go(this.at - 1),
                 {before: "back", "aria-label": T("Back")})] :
               []),
      this.status,
      ...(
        next ? [btn("primary", next.text, () => next.act(), {
          behind: next.behind === undefined ? "right" : next.behind,
          name: "next",
          "aria-disabled": next.why ? "true" : null,
          "aria-describedby": next.why ? "why" : null
        })] :
               []));
    this.foot.classList.toggle("hidden", !next && !back);
  }
  close() { this.review?.close(); }

  /* --- actions --- */

  say(text) { this.said.textContent = text; }
  /* Disables what leads on while busy. */
  hold() {
    for (const one of this.host.querySelectorAll("button[name=next]:enabled, .panel footer .btn")) {
      one.disabled = one.held = true;
      this.held.push(one);
    }
  }
  /* Runs an action and shows errors; returns undefined after one. */
  async guard(act) {
    const {draft} = this;
    const before = document.activeElement, slow = setTimeout(() => {
                                             if (this.waiting.isConnected) return;
                                             this.before = [...this.status?.childNodes ?? []];
                                             this.status?.replaceChildren(this.waiting);
                                           }, 300);
    this.problem.textContent = "";
    this.busy++;
    this.main.setAttribute("aria-busy", "true");
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
        for (const one of this.held.splice(0)) {
          one.held = false;
          one.disabled = one.ready === false;
        }
        if (this.waiting.isConnected) this.waiting.replaceWith(...this.before);
        this.main.removeAttribute("aria-busy");
        focusAgain(before);
      }
    }
  }
  /* Changes the draft, then draws the step again and restores the focus. */
  async redraw(act) {
    const {draft} = this, name = document.activeElement?.name || document.activeElement?.id;
    await this.guard(act);
    if (draft !== this.draft) return;
    const {scrollX, scrollY} = window;
    this.show(this.at, false);
    scrollTo(scrollX, scrollY);
    const again = name &&
      [...this.host.querySelectorAll("[name], [id]")].find(
        (one) => (one.name === name || one.id === name) && !one.disabled &&
          (one.type !== "radio" || one.checked));
    if (again)
      again.focus();
    else
      this.main.querySelector("h1").focus();
  }
  setting(key, value) { return this.redraw(() => this.draft.setting(key, value)); }
}
