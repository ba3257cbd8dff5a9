/* A new import, in five steps. Its state is a draft: the file's area, and how it is to be read. */
"use strict";
(() => {
const {make, told, T, number, count, View, Problem, Remote, session, ask, call, may, upload, look, reportOf} = globalThis.orgvet;
const POLL = 400, KEPT = 10, LINES = 2000, REMEMBERED = 50;
const ENCODINGS = ["UTF-8", "windows-1252", "ISO-8859-1", "ISO-8859-15", "UTF-16LE", "UTF-16BE", "macintosh"];
const DELIMITERS = [[",", () => T("comma")], [";", () => T("semicolon")], ["tab", () => T("tab")], ["|", () => T("vertical bar")], [":", () => T("colon")]];
const IMPORTERS = {positions: () => T("Positions"), departments: () => T("Departments")};
const CLASSES = {positions: "tool_organisation\\tool_wp\\importer\\positions_csv", departments: "tool_organisation\\tool_wp\\importer\\departments_csv"};

/* --- what was chosen for a file with the same headers --- */

const MEMORY = "orgvet.columns";
const recalled = () => {
  try {
    return JSON.parse(localStorage.getItem(MEMORY)) || [];
  } catch {
    return [];
  }
};
const headersOf = (about) => JSON.stringify(about.columns.map((column) => column.name));
function remember(about, settings) {
  const headers = headersOf(about), columns = Object.fromEntries(Object.entries(settings).filter(([key]) => /^(csvmapping:|csvdefault:|identifier$|hierarchy$)/.test(key)));
  const others = recalled().filter((one) => one.headers !== headers).slice(0, REMEMBERED - 1);
  try {
    localStorage.setItem(MEMORY, JSON.stringify([{headers, importer: about.importer, settings: columns}, ...others]));
  } catch {
    // a browser that keeps nothing: it is asked again next time
  }
}

const select = (attributes, options, value) => {
  const host = make("select", attributes, ...options.map(([key, text]) => make("option", {value: key}, text)));
  host.value = value;
  return host;
};
const button = (name, act, more) => make("button", {type: "button", onclick: act, ...more}, name);
const field = (label, input, ...more) => make("p", {class: "field"}, make("label", null, make("span", null, label), input), ...more);

class Steps {
  constructor(opened) {
    this.opened = opened; // is told the import that was begun
    this.draft = {item: 0, importer: "", encoding: "", delimiter: "", settings: {}};
    this.about = null;
    this.copies = []; // areas of the file before each change, the first as it was uploaded
    this.at = 0;
    this.problem = make("p", {class: "problem", role: "alert"});
    this.said = make("p", {role: "status", class: "note"});
    this.body = make("div");
    this.steps = [[T("File"), () => this.file()], [T("Columns"), () => this.columns()], [T("Check"), () => this.check()], [T("Import"), () => this.import()], [T("Log"), () => this.log()]];
    this.buttons = this.steps.map(([name], i) => button(`${i + 1}. ${name}`, () => this.go(i)));
    this.host = make("section", null, make("h1", null, T("New import")), make("nav", {class: "steps", "aria-label": T("steps")}, make("ol", null, ...this.buttons.map((one) => make("li", null, one)))),
      this.problem, this.said, this.body);
  }
  follow() { this.go(0); }
  /* How far one may go. */
  reached() {
    if (!this.about) return 0;
    if (!this.about.has_rows) return 0;
    return this.id ? 4 : 3;
  }
  go(step, focus = true) {
    this.at = Math.min(step, this.reached());
    this.buttons.forEach((one, i) => {
      one.disabled = i > this.reached();
      if (i === this.at) one.setAttribute("aria-current", "step");
      else one.removeAttribute("aria-current");
    });
    const heading = make("h2", {tabindex: "-1"}, this.about ? `${this.steps[this.at][0]}: ` : this.steps[this.at][0], this.about ? told(this.about.name, 100) : null);
    this.body.replaceChildren(heading, ...this.steps[this.at][1]());
    if (focus) heading.focus();
  }
  next(name) { return make("p", {class: "bar"}, button(name, () => this.go(this.at + 1), {class: "next", disabled: this.at + 1 > this.reached()})); }
  say(text) { this.said.textContent = text; }
  /* Does something, and tells what went wrong. */
  async guard(act) {
    this.problem.textContent = "";
    try {
      this.body.setAttribute("aria-busy", "true");
      return await act();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem.textContent = problem.message;
      return undefined;
    } finally {
      this.body.removeAttribute("aria-busy");
    }
  }
  /* Vets with a change; one with which it cannot be vetted is not made. */
  async vet(change, said) {
    return this.guard(async () => {
      const draft = {...this.draft, ...change}, begun = performance.now();
      const about = await look(draft, "about");
      Object.assign(this, {draft, about, source: new Remote(draft, about), vetted: performance.now() - begun});
      this.say(said || "");
      return true;
    });
  }
  /* The same, and the step is drawn again with the focus where it was. */
  async change(change, said) {
    const name = document.activeElement && document.activeElement.name;
    await this.vet(change, said);
    this.go(this.at, false);
    if (name) [...this.body.querySelectorAll("[name]")].find((one) => one.name === name)?.focus();
  }
  setting(key, value) {
    const settings = {...this.draft.settings};
    if (value === undefined) delete settings[key];
    else settings[key] = value;
    return this.change({settings}).then(() => this.about && remember(this.about, this.draft.settings));
  }

  /* --- 1. the file --- */

  file() {
    const input = make("input", {type: "file", name: "file", accept: ".csv,.tsv,.tab,.txt,text/csv", onchange: () => this.take(input.files[0])});
    this.progress = make("progress", {max: "1", value: "0", class: "hidden", "aria-label": T("upload")});
    const drop = make("div", {class: "drop", ondragover: (e) => { e.preventDefault(); drop.classList.add("over"); }, ondragleave: () => drop.classList.remove("over"), ondrop: (e) => {
      e.preventDefault();
      drop.classList.remove("over");
      if (e.dataTransfer.files.length > 1) this.problem.textContent = T("One file at a time, please.");
      else this.take(e.dataTransfer.files[0]);
    }}, make("label", null, T("Drop a CSV file here, or choose one:"), " ", input), this.progress);
    const templates = make("p", {class: "note"}, T("No file yet? Templates to fill in:"), " ", ...Object.keys(IMPORTERS).flatMap((name) => [make("a", {href: `/page/template?importer=${name}`, download: `${name}.csv`}, `${name}.csv`), " "]));
    return [drop, templates, ...(this.about ? this.reading() : [])];
  }
  async take(file) {
    if (!file) return;
    this.progress.classList.remove("hidden");
    await this.guard(async () => {
      const item = await upload(file, file.name, (share) => { this.progress.value = share; });
      this.copies = [];
      this.id = 0;
      this.about = null;
      this.draft = {item, importer: "", encoding: "", delimiter: "", settings: {}};
      if (!await this.vet({})) return;
      const known = recalled().find((one) => one.headers === headersOf(this.about));
      if (known && Object.keys(known.settings).length && (!this.about.importer || this.about.assumed || known.importer === this.about.importer)) {
        if (await this.vet({importer: known.importer, settings: known.settings})) this.say(T("The columns are read as they were the last time for a file with the same headers."));
      }
    });
    this.progress.classList.add("hidden");
    this.go(0);
  }
  reading() {
    const about = this.about, draft = this.draft;
    const encodings = [["", T("%s, as recognised", about.encoding)], ...ENCODINGS.map((name) => [name, name])];
    const found = DELIMITERS.find(([key]) => key === about.delimiter);
    const delimiters = [["", T("%s, as recognised", found ? found[1]() : T("none"))], ...DELIMITERS.map(([key, name]) => [key, name()])];
    if (draft.encoding) encodings[0][1] = T("as recognised");
    if (draft.delimiter) delimiters[0][1] = T("as recognised");
    const importers = Object.entries(IMPORTERS).map(([key, name]) => [key, name()]);
    const table = make("table", {class: "preview"}, make("caption", null, count(about.rows, "The first of %s row, as it is read:", "The first of %s rows, as they are read:")),
      make("thead", null, make("tr", null, ...about.columns.map((column) => make("th", {scope: "col"}, told(column.name || T("(no name)"), 60))))),
      make("tbody", null, ...about.first.map((row) => make("tr", null, ...row.map((cell) => make("td", null, told(cell, 80)))))));
    return [make("div", {class: "fields"},
      field(T("What is in it"), select({name: "importer", onchange: (e) => this.change({importer: e.target.value})}, importers, about.importer || "positions")),
      field(T("Encoding"), select({name: "encoding", onchange: (e) => this.change({encoding: e.target.value})}, encodings, draft.encoding)),
      field(T("Delimiter"), select({name: "delimiter", onchange: (e) => this.change({delimiter: e.target.value})}, delimiters, draft.delimiter))),
    about.assumed && !draft.importer ? make("p", {class: "note"}, T("It is not clear what is in it; positions are assumed.")) : null,
    ...this.ofFile(), about.has_rows ? make("div", {class: "list", tabindex: "0", role: "region", "aria-label": T("preview")}, table) : null, this.next(T("Go on to the columns"))].filter(Boolean);
  }
  /* What is said of the file as a whole. */
  ofFile(with_columns = true) {
    const list = this.about.of_file.filter((f) => with_columns || !/^OV20[156]$/.test(f.code));
    return list.length ? [make("ul", {class: "findings"}, ...list.map((f) => make("li", null, make("span", {class: `mark ${f.severity}`}, T(f.severity)), " ", make("b", null, f.code), " ", told(f.message, 2000),
      f.help && !/^OV2/.test(f.code) ? make("span", {class: "help"}, " ", told(f.help, 2000)) : null)))] : [];
  }

  /* --- 2. the columns --- */

  columns() {
    const about = this.about, names = about.columns.map((column) => column.name);
    const sure = {exact: T("certain: the same name"), alias: T("certain: another name of it"), folded: T("likely: the same but for spelling"), given: T("your choice"), not: T("no column"), off: T("your choice: none"), unknown: T("the file has no such column")};
    const columns = names.map((name, i) => [name, name || T("(no name)"), i]).filter(([name, , i]) => name && names.indexOf(name) === i);
    const rows = about.fields.map((f) => {
      const key = `csvmapping:${f.name}`, chosen = key in this.draft.settings, near = f.near >= 0 ? names[f.near] : "";
      const options = [["auto", f.column >= 0 && !chosen ? T("%s (automatic)", names[f.column]) : T("(automatic)")], ["", T("none")], ...columns.map(([name]) => [`=${name}`, name])];
      const samples = f.column >= 0 ? about.columns[f.column].samples : near ? about.columns[f.near].samples : [];
      const choice = select({name: key, "aria-label": T("column for %s", f.name), onchange: (e) => this.setting(key, e.target.value === "auto" ? undefined : e.target.value.slice(1))}, options, chosen ? this.draft.settings[key] ? `=${this.draft.settings[key]}` : "" : "auto");
      const fallback = f.has_default ? make("input", {type: "text", name: `csvdefault:${f.name}`, "aria-label": T("where %s is empty", f.name), value: f.default ?? f.fallback ?? "", size: "8",
        onchange: (e) => this.setting(`csvdefault:${f.name}`, e.target.value === (f.fallback ?? "") ? undefined : e.target.value)}) : null;
      return make("tr", null, make("th", {scope: "row"}, f.name, f.required ? make("span", {class: "note"}, " ", T("(needed)")) : null), make("td", null, choice),
        make("td", null, sure[f.by], near ? make("div", null, button(T("use `%s`", near), () => this.setting(key, near), {name: `use:${f.name}`, class: "suggest"})) : null),
        make("td", null, ...samples.flatMap((sample) => [told(sample, 40), make("br")])), make("td", null, fallback));
    });
    const unread = about.columns.filter((column) => !column.read && column.name).map((column) => column.name);
    const head = [T("Field"), T("Column"), T("How sure that is"), T("Samples"), T("Where it is empty")];
    return [make("div", {class: "list", tabindex: "0", role: "region", "aria-label": T("columns")}, make("table", {class: "works"}, make("thead", null, make("tr", null, ...head.map((text) => make("th", {scope: "col"}, text)))), make("tbody", null, ...rows))),
      make("div", {class: "fields"}, field(T("Parents are named by"), select({name: "identifier", onchange: (e) => this.setting("identifier", e.target.value || undefined)},
        [["", T("the column of idnumber")], ...columns.map(([name]) => [name, name])], this.draft.settings.identifier || "")),
      field(T("There is a hierarchy"), select({name: "hierarchy", onchange: (e) => this.setting("hierarchy", e.target.value || undefined)}, [["", T("yes")], ["none", T("no")]], this.draft.settings.hierarchy || ""))),
      unread.length ? make("p", {class: "note"}, T("Nothing reads:"), " ", ...unread.flatMap((name, i) => [i ? ", " : "", told(name, 60)])) : null, ...this.ofFile(), this.next(T("Go on to the check"))].filter(Boolean);
  }

  /* --- 3. the check --- */

  verdict() {
    const about = this.about;
    return make("p", {class: about.good ? "verdict good" : "verdict bad"}, about.good ? T("This file can be imported: ") : T("This file cannot be imported as it is: "),
      [count(about.rows, "%s row", "%s rows"), count(about.errors, "%s error", "%s errors"), count(about.warnings, "%s warning", "%s warnings")].join(", "));
  }
  check() {
    const about = this.about;
    const name = about.name.replace(/\.[^.]*$/, "");
    const view = new View(this.source, null, (f, row) => this.mend({kinds: f.fix, row: row.row, confidence: 1}));
    const downloads = make("p", {class: "bar"}, make("a", {href: reportOf(this.draft, "csv"), download: `${name}.annotated.csv`}, T("CSV with what was found")), make("a", {href: reportOf(this.draft, "json"), download: `${name}.report.json`}, T("report (JSON)")),
      make("a", {href: reportOf(this.draft, "html"), download: `${name}.report.html`}, T("report to mail (HTML)")), this.copies.length ? make("a", {href: reportOf(this.draft, "file"), download: about.name}, T("the mended file")) : null);
    return [this.verdict(), about.cause ? make("p", {class: "cause"}, make("strong", null, T("Begin here:")), " ", told(about.cause.message, 500),
      about.cause.identifier ? button(T("parents are named by `%s`", about.cause.identifier), () => this.setting("identifier", about.cause.identifier)) : null,
      about.cause.line && about.has_rows ? button(T("show"), () => this.guard(async () => view.table.goto(await this.source.ask("at", {line: about.cause.line})))) : null) : null,
    ...this.ofFile(), this.fixes(), downloads, view.host, this.next(T("Go on to the import"))].filter(Boolean);
  }
  fixes() {
    const fixes = this.about.fixes, words = {
      space: (n) => count(n, "take spaces away in %s cell", "take spaces away in %s cells"), flag: (n) => count(n, "write %s flag as 0 or 1", "write %s flags as 0 or 1"), blank: (n) => count(n, "take %s blank row out", "take %s blank rows out"),
      encoding: () => T("write it as UTF-8"), zeros: (n) => count(n, "give %s identifier its zeros back", "give %s identifiers their zeros back"), parent: (n) => count(n, "give %s row the parent that was probably meant", "give %s rows the parents that were probably meant")};
    const guesses = ["zeros", "parent"], there = Object.keys(fixes).filter((kind) => words[kind]), safe = there.filter((kind) => !guesses.includes(kind));
    const buttons = there.map((kind) => button(words[kind](fixes[kind]), () => this.mend({kinds: kind}), {name: `fix:${kind}`}));
    if (safe.length > 1) buttons.unshift(button(T("mend all that is safe"), () => this.mend({kinds: safe.join(" ")}), {name: "fix:safe"}));
    if (there.length > 1 && there.length > safe.length) buttons.push(button(T("mend all, guesses too"), () => this.mend({kinds: there.join(" ")}), {name: "fix:all"}));
    if (this.copies.length) buttons.push(button(T("undo the last change"), () => this.unmend(), {name: "fix:undo"}));
    return buttons.length ? make("div", {class: "bar fixes", role: "group", "aria-label": T("mend a copy of the file")}, make("span", null, T("Mend a copy:")), ...buttons) : null;
  }
  /* A mended copy takes the file's place; the one as it was uploaded, and the last few, are kept. */
  async mend(what) {
    const drop = this.copies.length >= KEPT ? this.copies.splice(1, 1)[0] : 0;
    await this.guard(async () => {
      const done = await look(this.draft, "fix", {...what, ...(drop ? {drop} : {})}), changes = Object.values(done.mended).reduce((sum, n) => sum + n, 0);
      if (!changes) return this.say(T("Nothing was changed: with that change something else would be wrong."));
      const before = this.draft.item;
      const read = {item: done.item, ...(done.mended.encoding ? {encoding: ""} : {}), ...(done.mended.delimiter ? {delimiter: ""} : {})};
      if (await this.vet(read, count(changes, "%s change, in a copy; the file itself stays as it is.", "%s changes, in a copy; the file itself stays as it is."))) this.copies.push(before);
    });
    this.go(this.at, false);
    this.body.querySelector("h2").focus();
  }
  async unmend() {
    await this.vet({item: this.copies.pop()}, T("The last change is undone."));
    this.go(this.at, false);
    this.body.querySelector("h2").focus();
  }

  /* --- 4. the import --- */

  import() {
    const about = this.about, settings = this.draft.settings, existing = settings.target_framework === "existing";
    const target = select({name: "target", onchange: (e) => this.target(e.target.value)}, [["", T("a new framework, `%s`", about.name.replace(/\.[^.]*$/, ""))]], "");
    const host = make("div", null, make("p", {class: "note"}, T("One moment …")));
    this.guard(async () => {
      const all = await ask("/page/frameworks");
      for (const one of all.filter((framework) => framework.kind === about.importer))
        target.append(make("option", {value: String(one.id)}, `${one.name} (${T("%s items", number(one.items))})`));
      target.value = existing ? settings.select_framework : "";
      host.replaceChildren(...await this.plan());
    });
    return [make("div", {class: "fields"}, field(T("Import into"), target),
      existing ? field(T("What the framework has already"), select({name: "conflict", onchange: (e) => this.setting("conflict_idnumber", e.target.value || undefined)},
        [["", T("stops the import")], ["skip", T("is skipped")], ["suffix", T("is imported under another idnumber")], ["empty", T("is imported without an idnumber")]], settings.conflict_idnumber || "")) : null,
      field(T("Rows whose parent is nowhere"), select({name: "missing", onchange: (e) => this.setting("missing_parent", e.target.value || undefined)}, [["", T("stop the import")], ["root", T("are put at the top")]], settings.missing_parent || ""))), host];
  }
  target(id) {
    const settings = {...this.draft.settings};
    delete settings.target_framework;
    delete settings.select_framework;
    delete settings.conflict_idnumber;
    if (id) Object.assign(settings, {target_framework: "existing", select_framework: id});
    return this.change({settings, ...(id ? {importer: this.about.importer} : {})});
  }
  /* What the import is going to do: asked of the service, without doing it. */
  async plan() {
    const about = this.about, how = this.draft.settings.conflict_idnumber || "error", conflicts = about.conflict_count;
    const words = {error: T("so nothing will be imported"), skip: T("they will be skipped"), suffix: T("they will be imported under other idnumbers"), empty: T("they will be imported without idnumbers")};
    const added = how === "skip" ? about.rows - conflicts : about.rows, stops = conflicts > 0 && how === "error";
    const lines = [about.good && !stops ? count(added, "%s item will be created.", "%s items will be created.") : T("As it is, nothing will be imported.")];
    if (conflicts) lines.push(`${count(conflicts, "%s idnumber is in the framework already:", "%s idnumbers are in the framework already:")} ${words[how]}`);
    const settings = (await this.perform(true)).settings, parts = [this.verdict()];
    parts.push(make("ul", null, ...lines.map((line) => make("li", null, line)), conflicts ? make("li", null, T("Such as:"), " ", ...about.conflicts.flatMap((id, i) => [i ? ", " : "", told(id, 60)])) : null));
    if (this.draft.settings.target_framework === "existing") parts.push(await this.changes());
    parts.push(make("details", null, make("summary", null, T("settings, as the service takes them (dry run)")), make("pre", {tabindex: "0"}, JSON.stringify(JSON.parse(settings), null, 2))));
    if (this.id) parts.push(make("p", {class: "note"}, T("Import %s was begun from here already; it would be imported once more.", String(this.id))));
    parts.push(make("p", {class: "bar"}, button(T("Import now"), () => this.begin(), {class: "next", name: "import", disabled: !about.good || stops}),
      about.good ? null : button(T("back to the check"), () => this.go(2))));
    return parts;
  }
  async changes() {
    const changes = await look(this.draft, "changes"), numbers = changes.summary;
    return make("div", null, make("h3", null, T("The file beside the framework")), make("ul", null,
      make("li", null, count(numbers.added, "%s item is new", "%s items are new")), make("li", null, count(numbers.moved, "%s item has another parent", "%s items have another parent"), numbers.moved ? T(", with %s below them", number(numbers.moved_rows - numbers.moved)) : ""),
      make("li", null, count(numbers.renamed, "%s item has another name", "%s items have another name")), make("li", null, count(numbers.removed, "%s item of the framework is not in the file", "%s items of the framework are not in the file"))),
    make("p", {class: "note"}, T("An import adds what is new; what the framework has already is neither moved nor removed by it.")),
    changes.text ? make("details", null, make("summary", null, T("each of them")), make("pre", {tabindex: "0"}, told(changes.text, 200000))) : null);
  }
  /* A file that is read otherwise than the service would is imported as a copy in UTF-8 with commas. */
  async perform(dry) {
    if (!dry && (this.draft.encoding || this.draft.delimiter)) {
      const done = await look(this.draft, "fix", {kinds: "encoding delimiter"});
      this.copies.push(this.draft.item);
      this.draft = {...this.draft, item: done.item, encoding: "", delimiter: ""};
    }
    return call("tool_wp_perform_import", {file: this.draft.item, importer: CLASSES[this.about.importer], settings: JSON.stringify(this.draft.settings), ...(dry ? {dryrun: 1} : {})});
  }
  async begin() {
    const begun = await this.guard(() => this.perform(false));
    if (!begun) return;
    this.id = begun.id;
    this.opened(begun.id);
    this.go(4);
  }

  /* --- 5. the log --- */

  log() {
    const host = make("div");
    this.watch = new Watch(this.id, this.problem);
    host.append(this.watch.host, make("p", {class: "bar"}, button(T("another import"), () => {
      Object.assign(this, {about: null, id: 0, copies: [], draft: {item: 0, importer: "", encoding: "", delimiter: "", settings: {}}});
      this.say("");
      this.go(0);
    })));
    this.watch.follow();
    return [host];
  }
}

/* --- one import: its progress, its log as it comes, and undoing it --- */

class Watch {
  constructor(id, problem) {
    this.id = id;
    this.problem = problem;
    this.told = 0;
    this.status = make("p", {role: "status", class: "verdict"}, T("One moment …"));
    this.progress = make("progress", {max: "100", value: "0", "aria-label": T("progress of the import")});
    this.lines = make("ol", {class: "log"});
    this.more = make("p", {class: "note"});
    this.todo = make("p", {class: "bar"});
    this.host = make("div", null, this.status, this.progress, this.todo, make("h3", null, T("Log of import %s", String(id))), this.lines, this.more);
  }
  async follow() {
    do {
      let ended = false;
      try {
        const work = await call("tool_wp_get_import_status", {importid: this.id});
        ended = work.status > 3;
        this.show(work, ended);
        await this.read();
        this.problem.textContent = "";
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.problem.textContent = problem.message;
        if (!session.me || problem.code !== "unreachable" && problem.code !== "servicebusy") return;
      }
      if (ended) return;
      await new Promise((done) => setTimeout(done, POLL));
    } while (this.host.isConnected);
  }
  show(work, ended) {
    this.status.textContent = T(work.statusstr);
    this.status.className = `verdict ${work.status === 4 ? "good" : work.status === 5 ? "bad" : ""}`;
    this.progress.value = ended ? 100 : work.progress;
    this.progress.classList.toggle("hidden", ended);
    this.todo.replaceChildren(...(ended ? [button(T("report (JSON)"), () => this.guard(() => this.report()), {name: "report"}),
      work.status === 4 && may("orgvet:rollback") ? button(T("Undo this import"), () => this.guard(() => this.undo()), {name: "undo"}) : null].filter(Boolean) : []));
  }
  async guard(act) {
    this.problem.textContent = "";
    try {
      await act();
    } catch (problem) {
      this.problem.textContent = problem.message;
    }
  }
  async read() {
    const PAGE = 500;
    for (;;) {
      const {entries, total} = await call("orgvet_get_import_log", {importid: this.id, page: Math.floor(this.told / PAGE), perpage: PAGE});
      const fresh = entries.slice(this.told % PAGE);
      this.lines.append(...fresh.map((entry) => make("li", null, make("span", {class: `mark ${entry.level}`}, T(entry.level)), " ", entry.code ? make("b", null, `${entry.code} `) : null,
        entry.line ? T("line %s: ", number(entry.line)) : "", told(entry.message, 2000))));
      this.told += fresh.length;
      this.more.textContent = total > this.told ? T("and %s more", number(total - this.told)) : "";
      if (!fresh.length || this.told >= Math.min(total, LINES)) return;
    }
  }
  async report() {
    const {report} = await call("orgvet_get_import_report", {importid: this.id});
    if (!report) throw new Problem({error: T("There is no report: the file was not vetted.")});
    const url = URL.createObjectURL(new Blob([report], {type: "application/json"}));
    make("a", {href: url, download: `import-${this.id}.json`}).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
  async undo() {
    if (!confirm(T("Undo import %s? All that it added is removed.", String(this.id)))) return;
    const done = await call("orgvet_rollback_import", {importid: this.id});
    this.told = 0;
    this.lines.replaceChildren();
    await this.follow();
    this.status.textContent = T("Undone. Items removed: %s. Frameworks removed: %s.", number(done.removed), number(done.frameworks));
  }
}

Object.assign(globalThis.orgvet, {Steps, Watch});
})();
