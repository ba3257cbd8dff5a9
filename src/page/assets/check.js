/* Step 3: the findings, as table and hierarchy, and fixing a copy of the file. */
const MENDINGS = {
  space: (n) => count(n, "remove spaces in %s cell", "remove spaces in %s cells"),
  flag: (n) => count(n, "write %s flag as 0 or 1", "write %s flags as 0 or 1"),
  blank: (n) => count(n, "remove %s blank row", "remove %s blank rows"),
  encoding: () => T("convert it to UTF-8"),
  zeros: (n) => count(
    n, "restore the leading zeros of %s identifier", "restore the leading zeros of %s identifiers"),
  parent: (n) => count(n, "set the likely parent of %s row", "set the likely parents of %s rows"),
};
const GUESSES = ["zeros", "parent"], MOST_LINES = 400;

function checkStep(steps) {
  const {draft} = steps, {about} = draft;
  const view = steps.view = new View(draft.source, {
    fix: (f, row) => fix(steps, {kinds: f.fix, row: row.row, confidence: 1}),
    state: steps.viewed
  });
  return [
    verdict(about), ...listed(about), ...cause(steps, view), ...ofFile(about), ...fixes(steps),
    ...lastChange(draft), downloads(draft), view.host, steps.next(T("Continue to the import"))
  ];
}

function verdict(about) {
  const counts = [
    count(about.rows, "%s row", "%s rows"), count(about.errors, "%s error", "%s errors"),
    count(about.warnings, "%s warning", "%s warnings")
  ];
  return make(
    "p", {class: about.good ? "verdict good" : "verdict bad"},
    about.good ? T("This file can be imported: ") : T("This file cannot be imported as it is: "),
    counts.join(", "));
}

/* Only part of a very long list of findings is kept. */
function listed(about) {
  return about.listed === undefined ?
    [] :
    [make(
      "p", {class: "note"},
      T("Only %s of the findings are listed. Fix these to see the next ones.",
        number(about.listed)))];
}

/* The root cause, with a button that leads to it. */
function cause(steps, view) {
  const {about, source} = steps.draft, found = about.cause;
  if (!found) return [];
  const other = found.identifier ? button(
                                     T("match parents by `%s`", found.identifier),
                                     () => steps.setting("identifier", found.identifier)) :
                                   null;
  const show = found.line && about.has_rows ?
    button(
      T("show"),
      () => steps.guard(async () => view.inTable(await source.ask("at", {line: found.line})))) :
    null;
  return [make(
    "p", {class: "cause"}, make("strong", null, T("Start here:")), " ", asText(found.message, 500),
    other, show)];
}

function downloads(draft) {
  const name = stem(draft.about.name),
        report = (what, file, text) =>
          make("a", {href: reportOf(draft.reading, what), download: file}, text);
  return make(
    "p", {class: "bar"}, make("span", null, T("Download:")),
    report("xlsx", `${name}.annotated.xlsx`, T("Workbook with findings")),
    report("csv", `${name}.annotated.csv`, T("CSV with findings")),
    report("json", `${name}.report.json`, T("report (JSON)")),
    report("html", `${name}.report.html`, T("report to send by email (HTML)")),
    draft.copies.length ? report("copy", draft.about.name, T("the fixed file")) : null);
}

function fixes(steps) {
  const {about} = steps.draft, found = about.fixes,
        there = Object.keys(found).filter((kind) => MENDINGS[kind]),
        safe = there.filter((kind) => !GUESSES.includes(kind));
  const all = (name, text, kinds) =>
    button(text, () => fix(steps, {kinds: kinds.join(" ")}), {name: `fix:${name}`});
  const buttons = there.map((kind) => all(kind, MENDINGS[kind](found[kind]), [kind]));
  if (safe.length > 1) buttons.unshift(all("safe", T("apply all safe fixes"), safe));
  if (there.length > 1 && there.length > safe.length)
    buttons.push(all("all", T("apply all fixes, including guesses"), there));
  if (steps.draft.copies.length)
    buttons.push(button(
      T("undo the last change"),
      () => steps.redraw(() => steps.draft.undo(), T("The last change has been undone.")),
      {name: "fix:undo"}));
  const left = about.good || there.length ? [] : [
    make(
      "p", {class: "note"},
      T("The remaining problems cannot be fixed here: correct them where the file comes from, and choose the file again."))
  ];
  return buttons.length ?
    [
      ...left,
      make(
        "div", {class: "bar fixes", role: "group", "aria-label": T("fix a copy of the file")},
        make("span", null, T("Fix a copy:")), ...buttons)
    ] :
    left;
}

/* The changed lines, before and after. */
function lastChange(draft) {
  const {differences} = draft;
  const lines =
    differences.flatMap(({text}) => text.split("\n").slice(2)).filter((line) => /^[-+]/.test(line));
  const cut = lines.length > MOST_LINES || differences.some((one) => one.cut);
  if (!lines.length && !cut) return [];
  const shown =
    lines.slice(0, MOST_LINES)
      .flatMap((line) => [make(line[0] === "-" ? "del" : "ins", null, asText(line, 500)), "\n"]);
  return [make(
    "details", null, make("summary", null, T("show the changes")),
    shown.length ? make("pre", {tabindex: "0"}, ...shown) : null,
    cut ?
      make(
        "p", {class: "note"},
        T("Not all changes are shown; the fixed file, which you can download, contains all of them.")) :
      null)];
}

function fix(steps, what) {
  return steps.redraw(
    () => steps.draft.fix(what),
    (changes) => changes ?
      count(
        changes, "%s change, in a copy; the file itself is not changed.",
        "%s changes, in a copy; the file itself is not changed.") :
      T("Nothing was changed, because this change would cause another problem."));
}
