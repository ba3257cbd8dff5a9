/* The draft: a file in a new import, how it is read, what is wrong with it, and its edits, which
 * the service keeps. */
const UNREAD = Object.freeze({
  item: 0,
  importer: "",
  settings: {},
  encoding: "",
  delimiter: "",
  header_row: "",
  sheet: "",
  parents: "",
  fill: ""
});
const COLUMN_SETTINGS = /^(csvmapping:|csvdefault:|identifier$|hierarchy$)/;
const TARGET_SETTINGS =
  ["target_framework", "select_framework", "conflict_idnumber", "missing_parent"];
/* Problems of columns belong to the step before the review. */
const OF_COLUMNS = /^OV2/;
/* A proposal is taken from this confidence on, in percent: the step of the columns shows it. */
const PROPOSED_FROM = 50;
const CLASSES = {
  positions: "tool_organisation\\tool_wp\\importer\\positions_csv",
  departments: "tool_organisation\\tool_wp\\importer\\departments_csv",
  archive: "tool_organisation\\tool_wp\\importer\\orgstructure"
};

/* The columns that were chosen, per list of headers: files with the same are read the same way. */
const columnMemory = {
  name: "orgvet.columns",
  most: 20,
  headers: (about) => JSON.stringify(about.columns.map((column) => column.name)),
  all() {
    try {
      return JSON.parse(storage.local().getItem(this.name)) ?? [];
    } catch {
      return [];
    }
  },
  find(about) { return this.all().find((one) => one.headers === this.headers(about)); },
  keep(about, {settings, parents, fill}) {
    const headers = this.headers(about),
          some = Object.fromEntries(
            Object.entries(settings).filter(([key]) => COLUMN_SETTINGS.test(key)));
    const all = [
      {headers, importer: about.importer, settings: some, parents, fill},
      ...this.all().filter((one) => one.headers !== headers)
    ];
    try {
      storage.local().setItem(this.name, JSON.stringify(all.slice(0, this.most)));
    } catch {
      // no storage in this browser
    }
  },
};

/* The draft of this window, across reloads of the page. */
const draftMemory = {
  name: "orgvet.draft",
  find() {
    try {
      return JSON.parse(storage.session().getItem(this.name));
    } catch {
      return null;
    }
  },
  keep(draft) {
    try {
      storage.session().setItem(this.name, JSON.stringify(draft));
    } catch {
      // no storage in this browser
    }
  },
  forget() { storage.session()?.removeItem(this.name); },
};

const NO_STEPS = Object.freeze({count: 0, revision: 0, done: [], undone: [], edits: []});
/* Nothing is known of where the file belongs. targets: frameworks, the likeliest first; null: not
 * asked for yet. targetChosen: by the user. */
const NO_TARGET = Object.freeze({targets: null, targetChosen: false});
const unsureText = () =>
  T("It is not known whether the import was started: check the history before starting it again.");

class Draft {
  constructor() {
    this.user = session.me.username;
    this.left = false;  // set once this draft is replaced, so that it is no longer stored
    this.turn = Promise.resolve();
    this.revision = 0;  // how often it was edited here
    this.clear();
  }
  /* reading: the draft, and how it is read. about, info: the file; null: there is none. problems:
   * of the review. fixed: those that were there and are gone. steps: its edits. archive: it is an
   * export of an organisation. id: of the import started from it; 0: none. unsure: an import was
   * requested, but there was no answer. */
  clear() {
    Object.assign(this, {
      reading: UNREAD,
      name: "",
      about: null,
      info: null,
      problems: [],
      fixed: [],
      steps: NO_STEPS,
      archive: false,
      source: null,
      made: null,
      outcome: "",
      leftOut: [],
      id: 0,
      unsure: false,
      ...NO_TARGET
    });
  }
  after(act) {
    const now = this.turn.then(act);
    this.turn = now.catch(() => {});
    return now;
  }
  ask(what, more) { return look(this.reading, what, more); }
  /* Vets the file as it is read, and as it was edited. */
  async vet(change, made, adds) {
    const reading = {...this.reading, ...change}, about = await look(reading, "about"),
          info = await look(reading, "reading"), problems = await look(reading, "problems"),
          steps = made ?? await look(reading, "steps");
    Object.assign(this, {
      reading,
      name: about.name,
      about,
      info,
      steps,
      archive: false,
      source: new Remote(reading, about)
    });
    this.noteProblems(problems, made, adds);
    this.keep();
  }
  /* fixed: what the steps have fixed; in another reading of the file there is nothing fixed yet. */
  noteProblems(all, byStep, adds) {
    const now = all.filter((one) => one.severity !== "info" && !OF_COLUMNS.test(one.code) &&
            !(one.code === "OV112" && this.info.encoding_sure)),
          is = (one) => (other) => other.code === one.code && other.column === one.column &&
      other.kind === one.kind;
    this.fixed = byStep ? [...this.fixed, ...(adds ? this.problems : [])].filter(
                            (one, i, list) => !now.some(is(one)) && list.findIndex(is(one)) === i) :
                          [];
    this.problems = now;
  }
  get errors() { return this.problems.filter((one) => one.severity === "error"); }
  change(change) { return this.after(() => this.vet(change)); }
  setting(key, value) { return this.settings({[key]: value}); }
  /* Undefined values restore the default. */
  settings(some, change) {
    return this.after(async () => {
      const all = Object.entries({...this.reading.settings, ...some})
                    .filter(([, value]) => value !== undefined);
      if (Object.keys(some).some((key) => COLUMN_SETTINGS.test(key))) this.targets = null;
      await this.vet({...change, settings: Object.fromEntries(all)});
      columnMemory.keep(this.about, this.reading);
    });
  }
  /* Takes an uploaded file; returns whether remembered column settings were applied. */
  take(item, name) {
    return this.after(async () => {
      if (/\.zip$/i.test(name) && await this.takeArchive(item, name)) return false;
      Object.assign(this, {fixed: [], problems: [], id: 0, unsure: false, ...NO_TARGET});
      await this.vetTable({...UNREAD, item});
      const known = columnMemory.find(this.about), importer = this.about.importer;
      const remembered = known && (Object.keys(known.settings).length || known.parents) &&
        (!importer || this.about.assumed || known.importer === importer);
      if (remembered)
        await this.vet({
          importer: known.importer,
          settings: known.settings,
          parents: known.parents ?? "",
          fill: known.fill ?? ""
        });
      else
        await this.acceptProposals();
      await this.leaveOut();
      return Boolean(remembered);
    });
  }
  /* Vets a table that has not been looked at: where the headings were found below other lines, they
   * are read from there, as the user sees. */
  async vetTable(change) {
    this.proposed = null;
    await this.vet(change);
    const titles = this.about.of_file.some((one) => one.code === "OV113");
    if (titles && !this.reading.header_row)
      await this.vet({header_row: String(this.info.header_row)});
  }
  /* Takes what is proposed for the columns, so that the user only has to look. */
  async acceptProposals() {
    const {choices, parents, fill} = this.info;
    const settings = {};
    for (const one of choices)
      if (one.state === "proposed" && one.percent >= PROPOSED_FROM)
        settings[one.field === "identifier" ? "identifier" : `csvmapping:${one.field}`] =
          one.column;
    /* A column means one thing: what its heading alone made it gives way. */
    const taken = new Set(Object.values(settings));
    for (const {name, column, by} of this.about.fields)
      if (
        (by === "alias" || by === "folded") && !settings[`csvmapping:${name}`] &&
        taken.has(this.about.columns[column]?.name))
        settings[`csvmapping:${name}`] = "";
    if (!Object.keys(settings).length && !parents) return;
    const proposed = this.info;
    await this.vet({
      settings: {...this.reading.settings, ...settings},
      ...(parents ? {parents, fill: fill.join("\n")} : {})
    });
    this.proposed = proposed;
  }
  /* Lines that are no rows (totals, remarks, repeated headings) are left out: the step of the file
   * shows them, and they can be kept. */
  async leaveOut() {
    const lines = [];
    for (const {code, kind} of this.problems)
      if (kind === "line")
        lines.push(...(await this.ask("problem", {code, kind, most: 200})).entries);
    this.leftOut = lines;
    if (!lines.length) return;
    this.steps = await this.ask("edit", {
      edits: JSON.stringify(lines.map((one) => ["remove", one.line])),
      label: count(lines.length, "%s line skipped: not a row", "%s lines skipped: not rows"),
      revision: this.steps.revision
    });
    await this.vet({}, this.steps);
  }
  async takeArchive(item, name) {
    try {
      await call("tool_wp_perform_import", {file: item, importer: CLASSES.archive, dryrun: 1});
    } catch (problem) {
      if (problem.passing) throw problem;
      return false;  // not an archive; vetting reports why it cannot be read
    }
    this.clear();
    Object.assign(this, {reading: {...UNREAD, item}, name, archive: true});
    this.keep();
    return true;
  }
  /* Reads the table in another way (sheet, headings, encoding …): columns are detected again, and
   * where it belongs, of which nothing holds for another kind of file. */
  readAs(change) {
    return this.after(async () => {
      const kept = change.importer ?
        [] :
        Object.entries(this.reading.settings).filter(([key]) => TARGET_SETTINGS.includes(key));
      Object.assign(this, change.importer ? NO_TARGET : {targets: null});
      await this.vetTable({settings: Object.fromEntries(kept), parents: "", fill: "", ...change});
      await this.acceptProposals();
    });
  }

  /* --- edits --- */

  /* Makes a step of edits, which can be undone. */
  edit(edits, label) { return this.makeStep("edit", {edits: JSON.stringify(edits), label}); }
  move(what) { return this.makeStep(what); }
  /* A step that was made, but whose result could not be shown, is not made again. */
  makeStep(what, more) {
    return this.after(async () => {
      const wanted = JSON.stringify([what, more]);
      if (this.made !== wanted) {
        this.steps = await this.ask(what, {...more, revision: this.steps.revision});
        this.made = wanted;
      }
      await this.vet({}, this.steps, what === "edit" || what === "redo");
      this.made = null;
      this.revision++;
    });
  }
  /* How many steps the user has made. */
  get changes() { return Math.max(0, this.steps.count - (this.leftOut.length ? 1 : 0)); }
  /* The rows that were removed: by their keys, what the user called it. */
  get removed() {
    const keys = new Map(), {edits, done} = this.steps;
    edits.forEach((step, i) => {
      const label = done[done.length - edits.length + i];
      for (const [what, key] of step)
        if (what === "remove")
          keys.set(key, step.length === 1 ? label : "");
        else if (what === "restore")
          keys.delete(key);
    });
    return keys;
  }

  /* --- importing --- */

  get existing() { return this.reading.settings.target_framework === "existing"; }
  /* What is imported: the file, or the form of it in which the service reads what was vetted. */
  async ready() {
    if (this.archive) return {item: this.reading.item, importer: CLASSES.archive, settings: {}};
    const {item, settings} = await this.ask("ready", this.sent ? {drop: this.sent} : {});
    this.sent = item === this.reading.item ? 0 : item;
    return {item, importer: CLASSES[this.about.importer], settings};
  }
  async perform(more) {
    const {item, importer, settings} = await this.ready();
    return call(
      "tool_wp_perform_import",
      {file: item, importer, settings: JSON.stringify(settings), ...more});
  }
  dryRun() { return this.after(() => this.perform({dryrun: 1})); }
  begin() {
    return this.after(async () => {
      this.unsure = true;
      this.keep();
      try {
        this.id = (await this.perform()).id;
        this.unsure = false;
      } catch (problem) {
        this.unsure = problem.passing && problem.code !== "servicebusy";
        if (this.unsure) problem.message += `. ${unsureText()}`;
        throw problem;
      } finally {
        this.keep();
      }
    });
  }

  /* --- across reloads of the page, in this window --- */

  keep() {
    if (this.left) return;
    const {user, reading, name, archive, id, unsure, targetChosen, leftOut} = this;
    draftMemory.keep({user, reading, name, archive, id, unsure, targetChosen, leftOut});
  }
  leave() { this.left = true; }
  /* Returns null if there is no draft. Otherwise restores it and returns a note for the user, or
   * "": a framework that no longer exists is removed from the settings. */
  async recall() {
    const kept = draftMemory.find();
    let problem;
    if (!kept || kept.user !== this.user || !kept.reading.item) return null;
    const {reading, name, archive, id, unsure, targetChosen} = kept;
    this.targetChosen = Boolean(targetChosen);
    this.leftOut = kept.leftOut ?? [];
    if (archive) {
      Object.assign(this, {reading, name, archive, id, unsure});
      return "";
    }
    const {target_framework, select_framework, conflict_idnumber, ...settings} = reading.settings;
    for (const one of target_framework ? [reading, {...reading, settings}] : [reading]) {
      try {
        await this.after(() => this.vet(one));
      } catch (failure) {
        if (failure.passing || failure.code === "sessionexpired") throw failure;
        problem = failure;
        continue;
      }
      Object.assign(this, {id, unsure});
      this.keep();
      return one === reading ? "" : T("The selected framework no longer exists.");
    }
    this.clear();
    draftMemory.forget();
    throw new Problem({
      error: T(
        "The previous file is no longer available; choose it again. Files are kept for two days. (%s)",
        problem.message)
    });
  }
}
