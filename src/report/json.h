/* report/json.h: parts of the JSON report that other formats use too. Functions that append set
 * out->failed when memory runs out. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/report.h"

/* Appends a finding as a JSON object of schemas/report-1.json; with `path` the member
 * `path` comes first. */
OV_MUST_USE enum ov_status ov_report_json_finding(struct ov_report *report,
                                                  const struct ov_vetted_file *file,
                                                  const struct ov_finding *finding, bool path,
                                                  struct ov_error *err);
/* Appends the member `root_cause`. */
void ov_report_json_cause(struct ov_json *json, const struct ov_check *check);
/* Appends the member `summary`, an object: `files` and `rows` (if `files`), `error`, `warning`,
 * `info`. */
void ov_report_json_totals(struct ov_json *json, const struct ov_totals *totals, bool files);

#endif
