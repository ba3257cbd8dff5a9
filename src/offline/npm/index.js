/* The JavaScript API: see index.d.ts. */
"use strict";
const fs = require("fs"), path = require("path"), {Worker} = require("worker_threads");

class OrgvetError extends Error {
  constructor(message) {
    super(message);
    this.name = "OrgvetError";
  }
}

/* The options of the command: {headerRow: 3} is --header-row 3, a list or an object repeats one. */
function argsOf(options) {
  const args = [];
  for (const [name, value] of Object.entries(options)) {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const one = (text) => args.push(`${option}=${text}`);
    if (value === undefined || value === null || value === false) continue;
    if (value === true)
      args.push(option);
    else if (name === "settings" && typeof value === "object")
      one(JSON.stringify(value));
    else if (Array.isArray(value))
      value.forEach(one);
    else if (typeof value === "object")
      for (const [key, of] of Object.entries(value)) one(`${key}=${of}`);
    else
      one(String(value));
  }
  return args;
}

let program = null;  // compiled once
function run(args, input, language) {
  return new Promise((done, fail) => {
    let answer = null;
    const worker = new Worker(path.join(__dirname, "lib", "program.js"), {
      workerData: {args, input},
      env: {...process.env, LC_ALL: language === "de" ? "de_DE.UTF-8" : "C.UTF-8"}
    });
    program ??= new WebAssembly.Module(fs.readFileSync(path.join(__dirname, "lib", "orgvet.wasm")));
    worker.postMessage(program);
    worker.on("message", (message) => {
      answer = message;
    });
    worker.on("error", fail);
    worker.on("exit", () => answer ? done(answer) : fail(new OrgvetError("orgvet ended early")));
  });
}

async function check(bytes, {fileName, language, ...options} = {}) {
  const input = typeof bytes === "string" ? Buffer.from(bytes) : new Uint8Array(bytes);
  const args = [
    "check", "--format=json", "--quiet", "--no-config", ...argsOf(options),
    ...(fileName ? [`--stdin-filename=${fileName}`] : []), "-"
  ];
  const {code, out, err} = await run(args, input, language);
  if (code > 1) throw new OrgvetError(Buffer.from(err).toString().trim().replace(/^orgvet: /, ""));
  return JSON.parse(Buffer.from(out).toString());
}

module.exports = {
  check,
  OrgvetError
};
