/* The worker of the page without a server: it has the files and the engine. Messages: {id, act,
 * args}; answers: {id, answer}, or {id, problem} for what the page shows. */
let runtime = null;

/* A file by its number. The engine reads it several times: a small one from memory, a large one
 * from the disk, where each part that is read takes longer and leaves memory to be freed. */
const SMALL = 128 * 1024 * 1024;
async function mount(number, file) {
  const {FS, WORKERFS} = runtime, folder = `/file${number}`;
  FS.mkdir(folder);
  if (file.size <= SMALL)
    FS.writeFile(`${folder}/it`, new Uint8Array(await file.arrayBuffer()), {canOwn: true});
  else
    FS.mount(WORKERFS, {blobs: [{name: "it", data: file}]}, folder);
}
const text = (name, ...args) =>
  JSON.parse(runtime.ccall(name, "string", args.map(() => "string"), args));

const ACTS = {
  start: async (program) => {
    const unpacked = new Blob([program]).stream().pipeThrough(new DecompressionStream("gzip"));
    runtime = await engine({wasmBinary: await new Response(unpacked).arrayBuffer()});
    return {answer: null};
  },
  put: async (number, file) => {
    await mount(number, file);
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

async function answer({id, act, args}) {
  try {
    postMessage({id, ...await ACTS[act](...args)});
  } catch (problem) {
    postMessage({id, error: String(problem), errorcode: "broken"});
  }
}
/* One after the other, as they came. */
let last = Promise.resolve();
onmessage = ({data}) => {
  last = last.then(() => answer(data));
};
