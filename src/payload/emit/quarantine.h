/* payload/emit/quarantine.h: writes the rows that are held back as CSV: the file's own header,
 * cells and delimiter, and further columns with the row's line and what is wrong with it. */
#ifndef PAYLOAD_EMIT_QUARANTINE_H
#define PAYLOAD_EMIT_QUARANTINE_H

#include "payload/emit/importable.h"

/* State while the rows of a file are written. */
struct ov_quarantine {
    const struct ov_check *check;  /* borrowed */
    const struct ov_item *of_file; /* borrowed: result of ov_importable_file_error; or NULL */
    size_t next;                   /* index of the first finding that may belong to the next row */
};

/* Appends the header line. Running out of memory sets out->failed. */
void ov_quarantine_header(struct ov_buf *out, const struct ov_check *check);
/* Appends a row that is held back; to be called in file order. Running out of memory sets
 * out->failed. */
void ov_quarantine_row(struct ov_quarantine *quarantine, const struct ov_record *record,
                       enum ov_row_state state, struct ov_buf *out);

#endif
