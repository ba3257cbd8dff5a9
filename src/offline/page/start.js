/* The frame of the page without a server. */
class Page {
  constructor() {
    this.steps = new Steps();
    const other = document.documentElement.lang === "de" ? ["en", "English"] : ["de", "Deutsch"];
    document.body.replaceChildren(
      symbols,
      make(
        "header", {class: "appbar"},
        make("span", {class: "brand"}, icon("logo"), make("span", null, "orgvet")),
        make(
          "span", {class: "chip sure"}, icon("shield"),
          make("span", null, T("Nothing leaves this computer"))),
        make(
          "nav", {class: "push", "aria-label": T("Language")},
          make("a", {href: `?lang=${other[0]}`, lang: other[0], hreflang: other[0]}, other[1]))),
      session.connection, make("div", {class: "view"}, this.steps.host));
    document.title = `orgvet \u2013 ${T("check an organisation file")}`;
  }
  follow() { this.steps.back(location.hash.slice(1).split("/")[1]); }
}
let page = null;
addEventListener("popstate", () => page.follow());
/* Problems not shown elsewhere: a view could not be filled. */
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Problem)) return;
  event.preventDefault();
  page.steps.problem.textContent = event.reason.message;
});
/* A file dropped outside the drop zone must not replace the page. */
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
/* For tests: whether nothing is being done, and how many edits there were. */
const idle = () =>
  !page?.steps.busy && !page?.steps.review?.working && !page?.steps.draft.proposing;
const changes = () => page?.steps.draft.revision ?? 0;
Object.assign(globalThis.orgvet, {idle, changes, look});
engine.begin();
page = new Page();
page.steps.known = true;
page.steps.follow(location.hash.slice(1).split("/")[1]);
