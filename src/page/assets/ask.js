/* What the page asks the service. */
class Problem extends Error {
  constructor(answer, status) {
    super(
      answer.debuginfo || answer.error || answer.message ||
      T("the service answered with %s", status));
    this.code = answer.errorcode || "";
  }
}
const unreachable = () => new Problem(
  {error: T("the service cannot be reached; it may be starting again"), errorcode: "unreachable"});

/* Who has signed in, and who is told when that has ended. */
const session = {
  me: null,
  ended: () => {}
};

function judged(status, data) {
  if (status >= 200 && status < 300) return data;
  const problem = new Problem(data ?? {}, status);
  if (problem.code === "sessionexpired" && session.me) {
    session.me = null;
    session.ended(problem.message);
  }
  throw problem;
}

const word = () => session.me ? session.me.csrf : "page";

async function ask(path, form) {
  let answer;
  const options = form ?
    {method: "POST", body: new URLSearchParams(form), headers: {"X-Orgvet-Csrf": word()}} :
    {};
  try {
    answer = await fetch(path, {...options, credentials: "same-origin"});
  } catch {
    throw unreachable();
  }
  const type = answer.headers.get("Content-Type") || "";
  return judged(answer.status, type.startsWith("application/json") ? await answer.json() : {});
}
const call = (wsfunction, params) => ask("/page/call", {wsfunction, ...params});
const may = (capability) => session.me.may.includes(capability);

/* Uploads a file into a draft area of its own; how far it has come is told from 0 to 1. */
function upload(file, name, progress) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest(), form = new FormData();
    form.append("file", file, name);
    request.open("POST", "/webservice/upload.php");
    request.setRequestHeader("X-Orgvet-Csrf", word());
    request.responseType = "json";
    request.upload.onprogress = (e) => progress(e.lengthComputable ? e.loaded / e.total : 0);
    request.onerror = () => fail(unreachable());
    request.onload = () => {
      try {
        const refused =
          request.response && request.response.errorcode;  // which upload.php tells with 200
        const answer = judged(refused ? 400 : request.status, request.response),
              [first] = Array.isArray(answer) ? answer : [answer ?? {}];
        if (first.itemid)
          done(first.itemid);
        else
          fail(new Problem(first, request.status));
      } catch (problem) {
        fail(problem);
      }
    };
    request.send(form);
  });
}

/* --- a vetted draft as the source of a view; what it is asked with is the whole of its state ---
 */

class Remote {
  constructor(draft, about) {
    this.draft = draft;
    this.about = about;
    this.columns = about.columns.map((column) => column.name);
    this.top = about.top;
    this.count = about.has_rows ? about.rows : 0;
    this.hierarchical = about.tree;
  }
  ask(what, params) { return look(this.draft, what, params); }
  filter(filter) {
    return Object.fromEntries(
      Object.entries({...filter, only: filter.only ? "1" : ""}).filter(([, value]) => value));
  }
  async total(filter) { return (await this.ask("rows", {...this.filter(filter), most: 0})).total; }
  async window(filter, from, most) {
    return (await this.ask("rows", {...this.filter(filter), from, most})).rows;
  }
  position(filter, row) { return this.ask("position", {...this.filter(filter), row}); }
  next(filter, from, step) {
    return this.ask("next", {...this.filter(filter), from, ...(step < 0 ? {back: 1} : {})});
  }
  groups() { return this.about.groups; }
  node(node) {
    return this.ask("node", {node}).then((about) => ({...about, group: groupOf(about)}));
  }
  async children(node, from, most) {
    return (await this.ask("children", {node, from, most}))
      .map((about) => ({...about, group: groupOf(about)}));
  }
  async way(row) { return (await this.ask("way", {row})).reverse(); }
  above(node) { return this.node(node).then((about) => about.up); }
  rowOf(node) { return node < this.count ? node + 1 : 0; }
  find(text) { return this.ask("find", {text}); }
  overview(width) { return this.ask("overview", {width: Math.round(width)}); }
  rowAt(row) { return this.ask("row", {row}); }
}

/* How a draft is named and read; what is empty is found out. */
function params(draft) {
  const named = {
    item: draft.item,
    importer: draft.importer,
    encoding: draft.encoding,
    delimiter: draft.delimiter,
    settings: Object.keys(draft.settings).length ? JSON.stringify(draft.settings) : ""
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value));
}
const look = (draft, what, more) => ask("/page/look", {...params(draft), what, ...more});
const reportOf = (draft, what) => `/page/report?${new URLSearchParams({...params(draft), what})}`;
