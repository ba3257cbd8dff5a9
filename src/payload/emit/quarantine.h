/* payload/emit/quarantine.h: rows that are held back, as CSV: the file's own header and cells, its
 * delimiter, and columns that say where a row stood and what is wrong. */
#ifndef PAYLOAD_EMIT_QUARANTINE_H
#define PAYLOAD_EMIT_QUARANTINE_H

#include "payload/emit/importable.h"

struct ov_quarantine {
    const struct ov_check *check;
    const struct ov_item *of_file; /* ov_importable_file_error */
    size_t next;                   /* finding from which on a row's findings are looked for */
};

/* Appends the header line. */
void ov_quarantine_header(struct ov_buf *out, const struct ov_check *check);
/* Appends a row that is not sound. Rows come in file order. */
void ov_quarantine_row(struct ov_quarantine *quarantine, const struct ov_record *record,
                       enum ov_row_state state, struct ov_buf *out);

#endif
