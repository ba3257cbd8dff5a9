/* What ask.js is where there is a service: here the engine answers, in a worker. Nothing is sent,
 * and nothing is kept in the browser. */
const session = {
  me: {username: "", may: ["orgvet:import"], sitename: "orgvet"},
  connection: make("p", {class: "connection", role: "alert"})
};
const storage = {
  local: () => null,
  session: () => null
};
const may = (capability) => session.me.may.includes(capability);

const embedded = (id) => document.getElementById(id).textContent;
const engine = {
  next: 0,
  waiting: new Map(),
  begin() {
    const source = new Blob([embedded("worker")], {type: "text/javascript"});
    this.worker = new Worker(URL.createObjectURL(source));
    this.worker.onmessage = ({data: {id, ...answer}}) => {
      const {done, fail} = this.waiting.get(id);
      this.waiting.delete(id);
      if (answer.error === undefined)
        done(answer.answer);
      else
        fail(new Problem(answer, 400));
    };
    this.worker.onerror = (event) => {
      session.connection.textContent = T("This browser cannot run orgvet: %s", event.message);
    };
    const program = Uint8Array.from(atob(embedded("program")), (letter) => letter.charCodeAt(0));
    this.do("start", program);
  },
  do(act, ...args) {
    return new Promise((done, fail) => {
      this.waiting.set(this.next, {done, fail});
      this.worker.postMessage({id: this.next++, act, args});
    });
  }
};

/* --- files --- */

/* By their numbers: name; steps: those in effect, and those undone, each {text, edits, label}. */
const files = new Map();
/* Files to compare with, by their numbers: {name, draft}. */
const others = new Map();

async function upload(file, name) {
  const number = files.size + 1;
  await engine.do("put", number, file);
  files.set(number, {name, done: [], undone: [], revision: 0});
  return number;
}
/* An export of an organisation is for the importer alone. */
const call = () => Promise.reject(new Problem({error: "", errorcode: "offline"}, 400));
const ask = (path) => Promise.resolve(path === "/page/drafts" ? [] : null);

/* --- steps of edits, as the service keeps them (server/PROTOCOL.md) --- */

let inEffect = null;  // the file and revision of which the engine has the steps
async function useSteps(item) {
  const file = files.get(item), wanted = `${item} ${file.revision}`;
  if (inEffect === wanted) return;
  inEffect = wanted;
  await engine.do("steps", file.done.map((step) => step.text));
}
const STEP_WORDS = {
  steps: () => {},
  edit: async (file, {edits, label}) => {
    const kept = await engine.do("step", edits);
    file.done.push({text: JSON.stringify(kept), edits: kept, label});
    file.undone = [];
  },
  undo: (file) => {
    if (file.done.length) file.undone.unshift(file.done.pop());
  },
  redo: (file) => {
    if (file.undone.length) file.done.push(file.undone.shift());
  },
  reset: (file) => Object.assign(file, {done: [], undone: []}),
};
async function changeSteps(item, what, more) {
  const file = files.get(item), labels = (list) => list.map((step) => step.label);
  await useSteps(item);
  await STEP_WORDS[what](file, more);
  if (what !== "steps") file.revision++;
  return {
    count: file.done.length,
    revision: file.revision,
    done: labels(file.done),
    undone: labels(file.undone),
    edits: file.done.map((step) => step.edits)
  };
}

/* --- questions --- */

/* A request to the engine (offline.c): the target is another file, not a framework. */
function requestOf(draft, more) {
  const {target_framework, select_framework, conflict_idnumber, ...settings} = draft.settings,
                                                                other =
                                                                  target_framework === "existing" ?
    others.get(Number(select_framework)) :
    null;
  const texts = {...params({...draft, settings}), ...more}, {item, ...rest} = texts;
  return {
    ...Object.fromEntries(Object.entries(rest)
                            .filter(([, value]) => value !== undefined)
                            .map(([name, value]) => [name, String(value)])),
    file: `/file${item}/it`,
    name: files.get(Number(item)).name,
    language: document.documentElement.lang,
    ...(other ? {against: requestOf(other.draft.reading, {})} : {})
  };
}
async function look(draft, what, more = {}) {
  if (what in STEP_WORDS) return changeSteps(draft.item, what, more);
  await useSteps(draft.item);
  if (what === "targets") return targets(draft);
  return engine.do("ask", requestOf(draft, {...more, what}));
}
/* The files to compare with, the likeliest first. */
async function targets(draft) {
  const list = [];
  for (const [id, {name}] of others) {
    const settings = {target_framework: "existing", select_framework: String(id)};
    list.push({
      id,
      name,
      ...await engine.do(
        "known", requestOf({...draft, settings: {...draft.settings, ...settings}}, {}))
    });
  }
  return list.sort((a, b) => b.known - a.known);
}

/* --- downloads: links that the page follows itself --- */

const DOWNLOAD = "#download/";
const linkTo = (act, request) => DOWNLOAD + encodeURIComponent(JSON.stringify({act, request}));
const reportOf = (draft, what) => linkTo("write", {draft, what});
const templateOf = (importer, format) => linkTo("template", {importer, format});
async function download(link) {
  const {act, request} = JSON.parse(decodeURIComponent(link.hash.slice(DOWNLOAD.length)));
  const {draft, what} = request;
  if (draft) await useSteps(draft.item);
  const {blob} = await engine.do(
    act, draft ? requestOf(draft, {what}) : {...request, language: document.documentElement.lang});
  const url = URL.createObjectURL(blob);
  make("a", {href: url, download: link.download}).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);  // milliseconds
  if (draft) files.get(draft.item).saved = files.get(draft.item).revision;
}
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[download]");
  if (!link?.hash.startsWith(DOWNLOAD)) return;
  event.preventDefault();
  page.steps.guard(() => download(link));
});
/* Edits that were not downloaded would be lost. */
const unsaved =
  () => [...files.values()].some((file) => file.done.length && file.saved !== file.revision);
addEventListener("beforeunload", (event) => {
  if (unsaved()) event.preventDefault();
});
