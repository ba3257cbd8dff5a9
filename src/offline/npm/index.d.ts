/** A report, as `orgvet check --format json` prints it; its schema is report-1.json of this package. */
export interface Report {
  schema_version: 1;
  tool: {name: string; version: string};
  files: FileReport[];
  summary: {files: number; rows: number; error: number; warning: number; info: number};
}
export interface FileReport {
  path: string;
  rows?: number;
  /** The number of findings of each code. */
  counts: Record<string, number>;
  summary: {error: number; warning: number; info: number};
  findings: Finding[];
  [member: string]: unknown;
}
export interface Finding {
  /** Such as OV402. */
  code: string;
  name: string;
  severity: "error" | "warning" | "info";
  message: string;
  help?: string;
  /** From 1; bytes of the line. */
  line: number;
  column: number;
  row?: number;
  /** What to write instead. */
  suggestion?: string;
  [member: string]: unknown;
}
/**
 * The options of `orgvet check`, without their dashes: `headerRow: 3` is `--header-row 3`. A list repeats
 * an option; an object repeats it with `KEY=VALUE`. Files that options name are read from the disk.
 */
export interface Options {
  /** The name of the file; it may determine the importer. */
  fileName?: string;
  language?: "en" | "de";
  importer?: "positions" | "departments";
  map?: Record<string, string>;
  default?: Record<string, string>;
  settings?: object;
  encoding?: string;
  delimiter?: string;
  headerRow?: number;
  sheet?: string | number;
  parents?: string;
  fillDown?: string | string[];
  where?: string | string[];
  acceptMapping?: boolean;
  [option: string]: unknown;
}
/** An option is not valid, or the file cannot be read. */
export class OrgvetError extends Error {}
/** Checks a file: CSV or a workbook. Rejects with an OrgvetError if it cannot be checked at all. */
export function check(bytes: Uint8Array | ArrayBuffer | string, options?: Options): Promise<Report>;
