// papaparse.mjs FILE: duplicates, missing parents and cycles with Papa Parse and a Map.
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
const Papa = createRequire(process.env.NODE_FROM + "/")("papaparse");
const parents = new Map();
let duplicates = 0, header = true;
await new Promise((done, fail) => Papa.parse(createReadStream(process.argv[2], "utf8"), {
  step: ({ data }) => {
    if (header) { header = false; return; }
    if (data.length < 2) return;
    if (parents.has(data[0])) duplicates++; else parents.set(data[0], data[1]);
  }, complete: done, error: fail, delimiter: "," }));
let missing = 0, cyclic = 0;
for (const parent of parents.values()) if (parent && !parents.has(parent)) missing++;
const state = new Map();
for (const start of parents.keys()) {
  let node = start;
  while (parents.has(node) && !state.has(node)) { state.set(node, start); node = parents.get(node); }
  if (parents.has(node) && state.get(node) === start) {
    const end = node;
    do { cyclic++; node = parents.get(node); } while (node !== end);
  }
}
console.log(`rows ${parents.size + duplicates} duplicates ${duplicates} missing ${missing} cyclic ${cyclic}`);
