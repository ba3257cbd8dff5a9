/* page/changes.h: a vetted file beside a framework that is there already. */
#ifndef PAGE_CHANGES_H
#define PAGE_CHANGES_H

#include "page/look.h"
#include "service/sql.h"

/* Appends what would have to change for the framework to be as the file is, as JSON: `summary` with
 * its numbers, `text` with each change in words, as far as they find room. */
OV_MUST_USE enum ov_status ov_changes_put(struct ov_look *look, struct ov_sql *sql,
                                          int64_t framework, struct ov_text name,
                                          struct ov_buf *out, struct ov_error *err);

#endif
