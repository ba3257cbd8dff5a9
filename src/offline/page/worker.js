/* The worker of the page without a server: it has the files and the engine. Messages: {id, act,
 * args}; answers: {id, answer}, or {id, problem} for what the page shows. */
let started, runtime = null;
const ready = new Promise((done) => {
  started = done;
});

/* files: blobs by their numbers; the engine reads them as it needs them. */
function mount(number, file) {
  const {FS, WORKERFS} = runtime, folder = `/file${number}`;
  FS.mkdir(folder);
  FS.mount(WORKERFS, {blobs: [{name: "it", data: file}]}, folder);
}
const text = (name, ...args) =>
  JSON.parse(runtime.ccall(name, "string", args.map(() => "string"), args));

const ACTS = {
  start: async (program) => {
    const unpacked = new Blob([program]).stream().pipeThrough(new DecompressionStream("gzip"));
    runtime = await engine({wasmBinary: await new Response(unpacked).arrayBuffer()});
    started();
    return {answer: null};
  },
  put: (number, file) => {
    mount(number, file);
    return {answer: null};
  },
  ask: (request) => text("offline_ask", JSON.stringify(request)),
  known: (request) => text("offline_known", JSON.stringify(request)),
  step: (edits) => text("offline_step", edits),
  steps: (list) => {
    runtime._offline_steps_begin();
    for (const one of list) runtime.ccall("offline_steps_add", null, ["string"], [one]);
    return {answer: null};
  },
  write: (request) => written("offline_write", request),
  template: (request) => written("offline_template", request),
};
/* What is written to a file, as a blob. */
function written(name, request) {
  const path = "/tmp/download", {FS} = runtime, answer = text(name, JSON.stringify(request), path);
  if (answer.error !== undefined) return answer;
  const blob = new Blob([FS.readFile(path)], {type: answer.answer?.type ?? ""});
  FS.unlink(path);
  return {answer: {...answer.answer, blob}};
}

onmessage = async ({data: {id, act, args}}) => {
  try {
    if (act !== "start") await ready;
    postMessage({id, ...await ACTS[act](...args)});
  } catch (problem) {
    postMessage({id, error: String(problem), errorcode: "broken"});
  }
};
