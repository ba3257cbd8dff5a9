/* The file that is to be imported: where the service has it, how it is to be read, what was found
 * in it. Changes are made one after the other, each to what the one before it led to; one with
 * which the file cannot be vetted is not made. */
const KEPT = 10;  // copies before changes that are kept
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

/* What was chosen for files with the same headers, in this browser. */
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
      // a browser that keeps nothing: it is asked again next time
    }
  },
};

class Draft {
  constructor() {
    this.turn = Promise.resolve();
    this.clear();
  }
  /* reading: how it is named and read. about: what was found; null: there is no file. source: of
   * the view. archive: it is an export of an organisation. copies: how the file was read before
   * each change, the first as it was uploaded. difference: lines that the last change changed. id:
   * of the import that was begun from it; 0: none. */
  clear() {
    Object.assign(this, {
      reading: UNREAD,
      name: "",
      about: null,
      archive: false,
      source: null,
      copies: [],
      difference: "",
      id: 0
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
  /* Undefined: as by default. */
  settings(some, change) {
    return this.after(async () => {
      const all = Object.entries({...this.reading.settings, ...some})
                    .filter(([, value]) => value !== undefined);
      await this.vet({...change, settings: Object.fromEntries(all)});
      columnMemory.keep(this.about, this.reading.settings);
    });
  }
  /* A file that was uploaded; whether its columns are read as they were the last time. */
  take(item, name) {
    return this.after(async () => {
      if (/\.zip$/i.test(name) && await this.takeArchive(item, name)) return false;
      await this.vet({...UNREAD, item});
      Object.assign(this, {copies: [], difference: "", id: 0});
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
      return false;  // it is none; why it cannot be read is said when it is vetted
    }
    this.clear();
    Object.assign(this, {reading: {...UNREAD, item}, name, archive: true});
    this.keep();
    return true;
  }
  /* Columns are found out again. */
  anew() {
    const chosen = Object.keys(this.reading.settings).filter((key) => COLUMN_SETTINGS.test(key));
    return this.settings(Object.fromEntries(chosen.map((key) => [key, undefined])));
  }

  /* --- mending --- */

  /* A mended copy takes the file's place; how many changes that were. The file as it was uploaded,
   * and the last few copies, are kept. */
  mend(what) {
    return this.after(async () => {
      const drop = this.copies.length >= KEPT ? this.copies[1].item : 0;
      const done = await this.ask("fix", {...what, ...(drop ? {drop} : {})});
      if (!done.item) return 0;
      const {item, encoding, delimiter} = this.reading;
      if (drop) this.copies.splice(1, 1);
      this.copies.push({item, encoding, delimiter, difference: this.difference});
      try {
        await this.vet({
          item: done.item,
          ...(done.mended.encoding ? {encoding: ""} : {}),
          ...(done.mended.delimiter ? {delimiter: ""} : {})
        });
        this.difference = done.difference;
      } catch (problem) {
        this.copies.pop();
        throw problem;
      }
      return Object.values(done.mended).reduce((sum, n) => sum + n, 0);
    });
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
  dryRun() { return this.after(() => this.perform({dryrun: 1})); }
  /* A file that is read otherwise than the service would is imported as a copy in UTF-8 with
   * commas. */
  begin() {
    return this.after(async () => {
      if (this.reading.encoding || this.reading.delimiter) {
        const done = await this.ask("fix", {kinds: "encoding delimiter"});
        const {item, encoding, delimiter} = this.reading;
        this.copies.push({item, encoding, delimiter});
        this.reading = {...this.reading, item: done.item, encoding: "", delimiter: ""};
      }
      this.id = (await this.perform()).id;
      this.keep();
    });
  }

  /* --- over a reload of the page, in this window --- */

  keep() {
    const {reading, name, archive, id} = this,
                                   copies = this.copies.map(({difference, ...copy}) => copy);
    try {
      sessionStorage.setItem(
        "orgvet.draft",
        JSON.stringify({user: session.me.username, reading, name, archive, copies, id}));
    } catch {
      // it is not kept
    }
  }
  forget() {
    this.clear();
    sessionStorage.removeItem("orgvet.draft");
  }
  /* Whether there was one, and is again. */
  async recall() {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem("orgvet.draft"));
    } catch {
      return false;
    }
    if (!kept || kept.user !== session.me.username || !kept.reading.item) return false;
    try {
      if (!kept.archive) await this.after(() => this.vet(kept.reading));
    } catch (problem) {
      if (problem.passing) throw problem;
      this.forget();
      throw new Problem({
        error:
          T("The file of before is no longer there: files are kept for two days. Choose it again.")
      });
    }
    const {reading, name, archive, copies, id} = kept;
    Object.assign(this, {reading, name, archive, copies, id});
    this.keep();
    return true;
  }
}
