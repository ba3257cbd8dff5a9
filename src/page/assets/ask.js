/* Requests to the service. */
/* What is kept in the browser: for all windows, for this one. */
const storage = {
  local: () => localStorage,
  session: () => sessionStorage
};

const unreachable = () => new Problem(
  {error: T("cannot reach the service; it may be restarting"), errorcode: "unreachable"});

/* The signed-in user, a callback for the end of the session, and where connection problems are
 * shown. */
const session = {
  me: null,
  ended: () => {},
  connection: make("p", {class: "connection", role: "alert"})
};
const tellConnection = (text) => {
  if (session.connection.textContent === text) return;
  const before = session.connection.textContent;
  session.connection.textContent = text;
  if (text && !before) setTimeout(lookAgain, 2000);
};
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const LONGEST_WAIT = 3200; /* milliseconds between two attempts */
/* Polls until the service is reachable again. */
async function lookAgain() {
  const [status] = await send(() => fetched("/page/me")).catch(() => [0]);
  if (status && status < 500) tellConnection("");
  if (session.connection.textContent) setTimeout(lookAgain, 2000);
}

function judged(status, data) {
  if (status >= 200 && status < 300) {
    tellConnection("");
    return data;
  }
  const problem = new Problem(data ?? {}, status);
  if (problem.passing) tellConnection(problem.message);
  if (problem.code === "sessionexpired" && session.me) {
    session.me = null;
    session.ended(problem.message);
  }
  throw problem;
}

const word = () => session.me ? session.me.csrf : "page";

/* Sends one request and returns the answer, whatever its status. Retries while the service is busy,
 * as nothing was done then. */
async function send(post) {
  for (let wait = 200;; wait *= 2) {
    let status, data;
    try {
      [status, data] = await post();
    } catch {  // unreachable, or the upload was interrupted
      tellConnection(unreachable().message);
      throw unreachable();
    }
    if (data?.errorcode !== "servicebusy" || wait > LONGEST_WAIT) return [status, data];
    await pause(wait);
  }
}
const fetched = async (path, options) => {
  const answer = await fetch(path, {...options, credentials: "same-origin"}),
        isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  return [answer.status, isJson ? await answer.json() : {}];
};
/* Sends a request; if the user has signed in again in another window meanwhile, sends it once
 * more. */
async function answered(post) {
  let [status, data] = await send(post);
  if (data?.errorcode === "sesskey" && session.me) {
    const [ok, me] = await send(() => fetched("/page/me"));
    if (ok === 200 && me.username === session.me.username) {
      session.me = me;
      [status, data] = await send(post);
    } else {
      location.reload();
    }
  }
  return judged(status, data);
}
const ask = (path, form) => answered(
  () => fetched(
    path,
    form ? {method: "POST", body: new URLSearchParams(form), headers: {"X-Orgvet-Csrf": word()}} :
           {}));
const call = (wsfunction, params) => ask("/page/call", {wsfunction, ...params});
const may = (capability) => session.me.may.includes(capability);

/* Uploads a file to a new draft area; progress is reported from 0 to 1. */
async function upload(file, name, progress, signal) {
  const [one] = [await answered(() => posted(file, name, progress, signal))].flat();
  if (!one.itemid) throw new Problem(one, 200);  // for example, too large
  return one.itemid;
}
const posted = (file, name, progress, signal) => new Promise((done, fail) => {
  const request = new XMLHttpRequest(), form = new FormData();
  form.append("file", file, name);
  request.open("POST", "/webservice/upload.php");
  request.setRequestHeader("X-Orgvet-Csrf", word());
  request.responseType = "json";
  request.upload.onprogress = (e) => progress(e.lengthComputable ? e.loaded / e.total : 0);
  request.onerror = fail;
  request.onload = () => {
    const data = request.response ?? {};
    done([data.errorcode && request.status === 200 ? 400 : request.status, data]);
  };
  signal.addEventListener("abort", () => {
    request.abort();
    fail();
  });
  request.send(form);
});

/* --- about a draft --- */

const look = (draft, what, more) => ask("/page/draft", {...params(draft), what, ...more});
const reportOf = (draft, what) => `/page/report?${new URLSearchParams({...params(draft), what})}`;
const templateOf = (importer, format) => `/page/template?importer=${importer}&format=${format}`;
