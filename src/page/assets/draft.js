/* The file to be imported: its draft on the service, how it is to be read, and the findings.
 * Changes are applied one after another, each to the result of the previous one; a change with
 * which the file cannot be vetted is not applied. */
const KEPT = 10;  // max. earlier copies to keep
const CLASSES = {
  positions: "tool_organisation\\tool_wp\\importer\\positions_csv",
  departments: "tool_organisation\\tool_wp\\importer\\departments_csv",
  archive: "tool_organisation\\tool_wp\\importer\\orgstructure",
};
const COLUMN_SETTINGS = /^(csvmapping:|csvdefault:|identifier$|hierarchy$)/;
const UNREAD = {
  item: 0,
  importer: "",
  encoding: "",
  delimiter: "",
  settings: {}
};

/* The column settings chosen for files with the same headers, in this browser. */
const columnMemory = {
  most: 50,
  all() {
    try {
      return JSON.parse(localStorage.getItem("orgvet.columns")) || [];
    } catch {
      return [];
    }
  },
  headers: (about) => JSON.stringify(about.columns.map((column) => column.name)),
  find(about) { return this.all().find((one) => one.headers === this.headers(about)); },
  keep(about, settings) {
    const chosen = Object.entries(settings).filter(([key]) => COLUMN_SETTINGS.test(key));
    const one = {
      headers: this.headers(about),
      importer: about.importer,
      settings: Object.fromEntries(chosen)
    };
    try {
      localStorage.setItem("orgvet.columns", JSON.stringify([
        one, ...this.all().filter((other) => other.headers !== one.headers).slice(0, this.most - 1)
      ]));
    } catch {
      // no storage in this browser: the user must choose again next time
    }
  },
};

/* The draft of this window, across reloads of the page. */
const draftMemory = {
  name: "orgvet.draft",
  find() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name));
    } catch {
      return null;
    }
  },
  keep(draft) {
    try {
      sessionStorage.setItem(this.name, JSON.stringify(draft));
    } catch {
      // no storage in this browser
    }
  },
  forget() { sessionStorage.removeItem(this.name); },
};

/* The lines changed by a fix, as a unified diff; cut: incomplete. */
const NO_LINES = {
  text: "",
  cut: false
};
/* How much of a diff is kept across reloads, in characters. */
const MOST_KEPT = 20000;
const fewLines = ({text, cut}) => text.length <= MOST_KEPT ?
  {text, cut} :
  {text: text.slice(0, text.lastIndexOf("\n", MOST_KEPT) + 1), cut: true};

const unsureText = () =>
  T("It is not known whether the import was started: check `Imports` before starting it again.");

class Draft {
  constructor() {
    this.user = session.me.username;
    this.left = false;  // set once this draft is replaced, so that it is no longer stored
    this.turn = Promise.resolve();
    this.clear();
  }
  /* reading: the draft, and how it is read. about: the findings; null: no file. source: data source
   * of the view. archive: it is an export of an organisation. copies: how the file was read before
   * each change; the first is the original. difference: the last change. id: of the import started
   * from it; 0: none. unsure: an import was requested, but there was no answer. */
  clear() {
    Object.assign(this, {
      reading: UNREAD,
      name: "",
      about: null,
      archive: false,
      source: null,
      copies: [],
      difference: NO_LINES,
      id: 0,
      unsure: false
    });
  }
  after(act) {
    const now = this.turn.then(act);
    this.turn = now.catch(() => {});
    return now;
  }
  ask(what, more) { return look(this.reading, what, more); }
  async vet(change) {
    const reading = {...this.reading, ...change}, about = await look(reading, "about");
    Object.assign(
      this, {reading, name: about.name, about, archive: false, source: new Remote(reading, about)});
    this.keep();
  }
  change(change) { return this.after(() => this.vet(change)); }
  setting(key, value) { return this.settings({[key]: value}); }
  /* Undefined values restore the default. */
  settings(some, change) {
    return this.after(async () => {
      const all = Object.entries({...this.reading.settings, ...some})
                    .filter(([, value]) => value !== undefined);
      await this.vet({...change, settings: Object.fromEntries(all)});
      columnMemory.keep(this.about, this.reading.settings);
    });
  }
  /* Takes an uploaded file; returns whether remembered column settings were applied. */
  take(item, name) {
    return this.after(async () => {
      if (/\.zip$/i.test(name) && await this.takeArchive(item, name)) return false;
      await this.vet({...UNREAD, item});
      Object.assign(this, {copies: [], difference: NO_LINES, id: 0, unsure: false});
      this.keep();
      const known = columnMemory.find(this.about), importer = this.about.importer;
      if (!known || !Object.keys(known.settings).length) return false;
      if (importer && !this.about.assumed && known.importer !== importer) return false;
      await this.vet({importer: known.importer, settings: known.settings});
      return true;
    });
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
  /* Detects the columns again. */
  anew() {
    const chosen = Object.keys(this.reading.settings).filter((key) => COLUMN_SETTINGS.test(key));
    return this.settings(Object.fromEntries(chosen.map((key) => [key, undefined])));
  }

  /* --- fixing --- */

  /* Replaces the file with a fixed copy; returns the number of changes. The original file and the
   * last few copies are kept. */
  fix(what) {
    return this.after(async () => {
      const drop = this.copies.length >= KEPT ? this.copies[1].item : 0;
      const done = await this.ask("fix", {...what, ...(drop ? {drop} : {})});
      if (!done.item) return 0;
      if (drop) {
        this.copies.splice(1, 1);
        this.copies[1].difference = {...this.copies[1].difference, cut: true};
      }
      await this.replace(done);
      return Object.values(done.fixed).reduce((sum, n) => sum + n, 0);
    });
  }
  async replace({item, fixed, difference, cut}) {
    const {reading} = this, before = {
      item: reading.item,
      encoding: reading.encoding,
      delimiter: reading.delimiter,
      difference: this.difference
    };
    await this.vet({
      item,
      ...(fixed.encoding ? {encoding: ""} : {}),
      ...(fixed.delimiter ? {delimiter: ""} : {})
    });
    this.copies.push(before);
    this.difference = {text: difference, cut};
    this.keep();
  }
  undo() {
    return this.after(async () => {
      if (!this.copies.length) return;
      const {difference, ...before} = this.copies[this.copies.length - 1];
      await this.vet(before);
      this.copies.pop();
      this.difference = difference;
      this.keep();
    });
  }

  /* The diffs of all changes so far. */
  get differences() { return [...this.copies.map((copy) => copy.difference), this.difference]; }

  /* --- importing --- */

  get existing() { return this.reading.settings.target_framework === "existing"; }
  perform(more) {
    return call("tool_wp_perform_import", {
      file: this.reading.item,
      importer: this.archive ? CLASSES.archive : CLASSES[this.about.importer],
      settings: JSON.stringify(this.reading.settings),
      ...more
    });
  }
  dryRun() {
    return this.after(async () => {
      await this.settle();
      return this.perform({dryrun: 1});
    });
  }
  /* A file that is read differently here than the service would is converted to a copy that it
   * reads correctly: UTF-8 with commas and, if that is not enough, a first line that names the
   * delimiter. */
  async settle() {
    if (!this.reading.encoding && !this.reading.delimiter) return;
    const asChosen = columnMemory.headers(this.about), {reading, difference} = this,
          copies = [...this.copies];
    for (const more of [{}, {separator: 1}]) {
      const done = await this.ask("fix", {kinds: "encoding delimiter", ...more});
      if (done.item)
        await this.replace({...done, fixed: {encoding: 1, delimiter: 1}});
      else
        await this.vet({encoding: "", delimiter: ""});
      if (columnMemory.headers(this.about) === asChosen) return;
      Object.assign(this, {copies: [...copies], difference});
      await this.vet(reading);
    }
    throw new Problem(
      {error: T("The import would read this file differently from what is shown here.")});
  }
  begin() {
    return this.after(async () => {
      await this.settle();
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
    const {user, reading, name, archive, id, unsure} = this, difference = fewLines(this.difference),
                                             copies = this.copies.map(
                                               (copy) => (
                                                 {...copy, difference: fewLines(copy.difference)}));
    draftMemory.keep({user, reading, name, archive, copies, difference, id, unsure});
  }
  leave() { this.left = true; }
  /* Returns null if there is no draft. Otherwise restores it and returns a note for the user, or
   * "": a framework that no longer exists is removed from the settings. */
  async recall() {
    const kept = draftMemory.find();
    let problem;
    if (!kept || kept.user !== this.user || !kept.reading.item) return null;
    const {reading, name, archive, copies, difference, id, unsure} = kept;
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
      Object.assign(this, {copies, difference, id, unsure});
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
