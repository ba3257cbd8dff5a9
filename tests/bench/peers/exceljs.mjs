// Reads a workbook with exceljs, as a stream.
import {createRequire} from "node:module";
const {default: _, stream} = createRequire(`${process.env.NODE_FROM}/`)("exceljs");
let rows = 0;
const options = {sharedStrings: "cache", worksheets: "emit", styles: "ignore", hyperlinks: "ignore"};
for await (const sheet of new stream.xlsx.WorkbookReader(process.argv[2], options))
  for await (const row of sheet) rows += row ? 1 : 0;
console.log(rows);
