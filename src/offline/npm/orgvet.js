#!/usr/bin/env node
/* The command under Node.js. The program runs in a thread of its own (lib/program.js), so that this
 * one can take the signals: an interrupt prints the summary and leaves no temporary file behind.
 * Where it has so little to do that it ends at once, a signal waits for that, and starting is
 * faster. */
"use strict";
const fs = require("fs"), path = require("path");
const INTERRUPTED = 130, FAILED = 2, LITTLE = 1024 * 1024,
      SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const lib = path.join(__dirname, "..", "lib"), args = process.argv.slice(2);

/* Whether all that is named is small, and nothing else is read: no pipe, folder or pattern. */
function isLittle() {
  let size = 0;
  for (const arg of args) {
    const about = fs.statSync(arg.replace(/^-.*?=|^@/, ""), {throwIfNoEntry: false});
    if (arg === "-" || /[*?[]/.test(arg) || (about && !about.isFile())) return false;
    size += about?.size ?? 0;
  }
  return size < LITTLE;
}
const compiled = () => new WebAssembly.Module(fs.readFileSync(path.join(lib, "orgvet.wasm")));
const report = (problem) => fs.writeSync(2, `orgvet: ${problem.stack}\n`);

function runHere() {
  for (const signal of SIGNALS) process.on(signal, () => {});
  try {
    require("../lib/program.js")(compiled());
  } catch (problem) {
    report(problem);
    process.exit(FAILED);
  }
}

function runInThread() {
  const {Worker} = require("worker_threads"), {Notes} = require("../lib/notes.js"),
        buffer = Notes.make(), notes = new Notes(buffer);
  const worker =
    new Worker(path.join(lib, "program.js"), {workerData: {buffer, args}, stdin: false});
  worker.postMessage(compiled());
  let broken = false, ended = null;
  for (const signal of SIGNALS)
    process.once(signal, () => {
      ended = signal;
      worker.terminate();
    });
  worker.on("error", (problem) => {
    broken = true;
    report(problem);
  });
  worker.on("exit", (code) => {
    const {files = [], words = "orgvet: interrupted\n"} = notes.read();
    for (const file of files) {
      try {
        fs.unlinkSync(file);
      } catch {
        // it was not made yet, or is gone
      }
    }
    if (ended && ended !== "SIGINT") return process.kill(process.pid, ended);
    if (ended) fs.writeSync(2, words);
    process.exit(ended ? INTERRUPTED : broken ? FAILED : code);
  });
}

if (isLittle())
  runHere();
else
  runInThread();
