// duckdb.mjs FILE [two]: the checks in DuckDB, on all the processors there are. Cycles: what cannot be
// reached from the top, by a recursive query over row numbers; with `two` they are left out.
import { createRequire } from "node:module";
const { DuckDBInstance } = createRequire(process.env.NODE_FROM + "/")("@duckdb/node-api");
const db = await (await DuckDBInstance.create(":memory:")).connect();
const number = async (sql) => Number((await (await db.run(sql)).getRows())[0][0]);
await db.run(`CREATE TABLE t AS SELECT idnumber AS id, parentid AS parent
  FROM read_csv('${process.argv[2]}', header = true, all_varchar = true, nullstr = '')`);
const rows = await number("SELECT count(*) FROM t");
const duplicates = rows - await number("SELECT count(DISTINCT id) FROM t");
await db.run(`CREATE TABLE n AS SELECT a.rowid::INTEGER AS id, b.rowid::INTEGER AS parent,
  a.parent IS NOT NULL AND b.rowid IS NULL AS missing FROM t a LEFT JOIN t b ON a.parent = b.id`);
const missing = await number("SELECT count(*) FROM n WHERE missing");
let cyclic = "-";
if (process.argv[3] !== "two")
  cyclic = rows - await number(`WITH RECURSIVE r(id) AS (SELECT id FROM n WHERE parent IS NULL
    UNION ALL SELECT n.id FROM n JOIN r ON n.parent = r.id) SELECT count(*) FROM r`);
console.log(`rows ${rows} duplicates ${duplicates} missing ${missing} cyclic ${cyclic}`);
