// Reads a workbook with SheetJS: the first sheet's rows.
import {createRequire} from "node:module";
const {readFile} = createRequire(`${process.env.NODE_FROM}/`)("xlsx");
const book = readFile(process.argv[2], {dense: true, cellFormula: false, cellHTML: false, cellText: false});
console.log(book.Sheets[book.SheetNames[0]].length);
