// polars.mjs FILE: duplicates and missing parents with Polars; cycles by a walk over row numbers.
import { createRequire } from "node:module";
const pl = createRequire(process.env.NODE_FROM + "/")("nodejs-polars");
const t = pl.readCSV(process.argv[2], { columns: ["idnumber", "parentid"], inferSchemaLength: 0 });
const rows = t.height;
const ids = t.select(pl.col("idnumber")).withColumn(pl.Series("row", Int32Array.from({ length: rows }, (_, i) => i)));
const distinct = t.getColumn("idnumber").nUnique();
const joined = t.select(pl.col("parentid")).join(ids.unique({ subset: ["idnumber"], keep: "first" }),
  { leftOn: "parentid", rightOn: "idnumber", how: "left" });
const parent = joined.getColumn("row");
const named = joined.getColumn("parentid");
const missing = parent.nullCount() - named.nullCount();
const up = Int32Array.from(parent.toArray(), (row) => row ?? -1);
const state = new Int32Array(rows);
let cyclic = 0;
for (let start = 0; start < rows; start++) {
  let node = start;
  while (node >= 0 && state[node] === 0) { state[node] = start + 1; node = up[node]; }
  if (node >= 0 && state[node] === start + 1) {
    const end = node;
    do { cyclic++; node = up[node]; } while (node !== end);
  }
}
console.log(`rows ${rows} duplicates ${rows - distinct} missing ${missing} cyclic ${cyclic}`);
