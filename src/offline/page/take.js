/* The last step of the page without a server: what has changed, and the files to take along. */
const LAST_STEPS = [{name: "download", title: () => T("Download"), draw: takeStep}];
const SAYS = {
  which: () => T("Which file do you want to check?"),
  safe: () =>
    T("It stays on this computer: this page sends nothing and needs no internet connection."),
  status: () => T("Nothing leaves this computer"),
  target: () => T("Compare it with an earlier version?"),
  none: () => T("No comparison"),
  creates: () => null,
  other: (steps) => otherFile(steps),
  loses: () => unsaved(),
  kinds: () => T("A workbook (Excel, LibreOffice) or CSV file, as your system exports it"),
  elsewhere: [() => T("It is in another file …"), (review) => chooser(review.steps).click()],
};
/* What the shared scripts say of a framework is here said of the other file. */
const INSTEAD = {
  "in the framework": T("in the other file"),
  "only in the framework": T("only in the other file"),
  "at the top level in the framework": T("at the top level in the other file"),
  "below “%s” in the framework": T("below “%s” in the other file"),
  "named “%s” in the framework": T("named “%s” in the other file"),
  "details differ in the framework": T("details differ in the other file"),
  "compared with the framework": T("compared with the other file"),
  "Compared with the framework:": T("Compared with the other file:"),
  "Parents that are only in the framework also count as found.":
    T("Parents that are only in the other file also count as found."),
  "%s value matches no row of this file and nothing in the framework.":
    T("%s value matches no row of either file."),
  "%s values match no row of this file and nothing in the framework.":
    T("%s values match no row of either file."),
  "below “%s”, which is already in the framework": T("below “%s”, which is in the other file"),
  "Another framework …": T("Another file to compare with …"),
  "Another framework": T("Another file to compare with"),
  "Changes are kept": T("Download the corrected file to keep your changes."),
  "Press Continue to see what the import will change.":
    T("Press Continue to download the corrected file."),
  "Remembered for files with the same headings": "",
  "Chosen here, or for an earlier file with the same headings": T("Chosen here"),
  "The corrections that you made here are in this draft only. Download the corrected file first if you want to keep them.":
    T("Your changes will be lost. Download the corrected file first if you want to keep them."),
  "added by this import": T("only in this file"),
  "An import only adds new items. Existing items in the framework are not moved, renamed or removed.":
    T("An import only adds items: those in a different place or under another name must be changed by hand."),
};
Object.assign(globalThis.orgvetWords, INSTEAD);

/* Reads a file to compare with as it is proposed, and compares. */
async function compareWith(steps, file) {
  const {draft} = steps;
  await steps.guard(async () => {
    const item = await upload(file, file.name), other = new Draft();
    other.leave();
    await other.vetTable({...UNREAD, item, importer: draft.about.importer});
    await other.acceptProposals();
    others.set(item, {name: file.name, draft: other});
    draft.targetChosen = true;
    draft.targets = null;
    await chooseTarget(draft, item);
  });
  steps.show(steps.at, false);
}
/* Asks for the file to compare with. */
function chooser(steps) {
  const choose = input("file", {
    type: "file",
    class: "sr",
    accept: FILES,
    "aria-label": T("Choose a file to compare with"),
    onchange: () => choose.files[0] && compareWith(steps, choose.files[0])
  });
  return choose;
}
function otherFile(steps) {
  const choose = chooser(steps);
  return [
    btn("small", T("Compare with a file …"), () => choose.click(), {before: "sheet"}), choose,
    make("p", {class: "hint"}, T("An export, or last month's file"))
  ];
}

function takeStep(steps) {
  const {draft} = steps, {about, existing} = draft, name = stem(about.name);
  const host = make("div", {class: "stack"}, make("p", {class: "quiet"}, T("One moment …")));
  const card = (what, ending, sign, title, sub) => make(
    "a", {class: "way", href: reportOf(draft.reading, what), download: `${name}.${ending}`},
    icon(sign), make("span", null, make("b", null, title), make("span", {class: "sub"}, sub)));
  const fill = async () => {
    await null;  // until it is shown
    const changes = existing ? await draft.ask("changes") : null;
    const comparison = changes ? await compared(steps, changes) : [];
    if (draft !== steps.draft || !host.isConnected) return true;
    host.replaceChildren(
      ...leftCallout(steps),
      make(
        "div", {class: "ways"},
        card(
          "workbook", "xlsx", "sheet", T("Corrected file as a workbook"),
          T("For Excel and LibreOffice")),
        card("copy", "csv", "table", T("Corrected file as CSV"), T("For the import")),
        card(
          "xlsx", "annotated.xlsx", "error", T("Workbook with the problems marked"),
          T("To fix them in a spreadsheet program")),
        card(
          "html", "report.html", "mail", T("Report for a colleague"),
          T("What is wrong, who is affected, what to do"))),
      ...comparison);
    return true;
  };
  filling(steps, host, fill);
  return {
    heading: about.good ? T("The file can be imported: download it") : T("Download the file"),
    lead: existing ? T("An import only adds items. What it cannot do is on the to-do list below.") :
                     null,
    body: [host],
    status: "",
    next: {
      text: T("Another file"),
      behind: null,
      act: async () => {
        if (!await mayReplace(steps)) return;
        steps.forget();
        steps.go(AT.file);
      }
    }
  };
}
