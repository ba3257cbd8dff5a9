#!/usr/bin/env node
/* The command under Node.js. The program runs in a thread of its own (lib/thread.js), so that this
 * one can take the signals: an interrupt prints the summary and leaves no temporary file behind. */
"use strict";
const fs = require("fs"), path = require("path"), {Worker} = require("worker_threads"),
      {Notes} = require("../lib/notes.js");
const INTERRUPTED = 130, FAILED = 2;

const buffer = Notes.make(), notes = new Notes(buffer);
const worker = new Worker(
  path.join(__dirname, "..", "lib", "thread.js"),
  {workerData: {buffer, args: process.argv.slice(2)}, stdin: false});
worker.postMessage(
  new WebAssembly.Module(fs.readFileSync(path.join(__dirname, "..", "lib", "orgvet.wasm"))));
function clean() {
  const {files = [], words = "orgvet: interrupted\n"} = notes.read();
  for (const file of files) {
    try {
      fs.unlinkSync(file);
    } catch {
      // it was not made yet, or is gone
    }
  }
  return words;
}
process.on("SIGINT", () => {
  fs.writeSync(2, clean());
  process.exit(INTERRUPTED);
});
for (const signal of ["SIGTERM", "SIGHUP"])
  process.once(signal, () => {
    clean();
    process.kill(process.pid, signal);
  });
let broken = false;
worker.on("error", (problem) => {
  broken = true;
  clean();
  fs.writeSync(2, `orgvet: ${problem.stack}\n`);
});
worker.on("exit", (code) => {
  clean();
  process.exit(broken ? FAILED : code);
});
