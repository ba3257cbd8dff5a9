/* payload/reread/rows.h: the second reading of a vetted file: its rows, with the values that the
 * importer reads. Every output of src/payload/ is made from it. */
#ifndef PAYLOAD_REREAD_ROWS_H
#define PAYLOAD_REREAD_ROWS_H

#include "base/sha256.h"
#include "mapping/row_reader.h"
#include "orgvet/payload.h"
#include "vet/check_access.h"

/* The values that the importer reads from a row; borrowed until the callback returns. */
struct ov_values {
    ov_node node;                         /* the row's node in the forest */
    struct ov_text id;                    /* empty: none */
    struct ov_text parent;                /* the parent's identifier; empty: none */
    struct ov_text fields[OV_FIELDS_MAX]; /* the cell; if it is empty, the field's default */
};

/* Receives each data row with its cells as in the file, in order, then those that were made of
 * paths; with ov_rows.every
 * instead of these the header, blank records, and lines that are not rows (their row is -1).
 * values is NULL for those, and if the columns are not known. A failure stops the reading. */
typedef enum ov_status ov_values_fn(void *ctx, const struct ov_record *record,
                                    const struct ov_values *values, struct ov_error *err);

struct ov_rows {
    const struct ov_check *check; /* borrowed */
    struct ov_reader *reader;     /* owned */
    struct ov_sha256 *sha;        /* owned */
    ov_values_fn *on_row;
    void *ctx;
    struct ov_row_cursor cursor;
    struct ov_row_reader row_reader;
    uint64_t count; /* rows so far */
    bool every;     /* also pass on records that are not rows */
    enum ov_line
        line; /* with `every`: what the record is, if its row is below 0 and it is not blank */
};

/* Prepares the reading of the file of a finished check made with options.keep_for_reread (else
 * OV_E_STATE). `check` is borrowed. ov_rows_deinit frees, also after a failure; it takes {0}. */
OV_MUST_USE enum ov_status ov_rows_init(struct ov_rows *rows, const struct ov_check *check,
                                        ov_values_fn *on_row, void *ctx, struct ov_error *err);
void ov_rows_deinit(struct ov_rows *rows);
/* Feeds the next bytes of the file. OV_E_IO when it has more rows than were vetted; else the
 * failures of the reader and of on_row. */
OV_MUST_USE enum ov_status ov_rows_feed(struct ov_rows *rows, const void *bytes, size_t len,
                                        struct ov_error *err);
/* OV_E_IO when the hashed bytes are not those that were vetted. Finalises the hash. */
OV_MUST_USE enum ov_status ov_rows_unchanged(const struct ov_check *check, struct ov_sha256 *sha,
                                             struct ov_error *err);
/* Feeds all bytes of a source and finishes. */
OV_MUST_USE enum ov_status ov_rows_read(struct ov_rows *rows, const struct ov_source *source,
                                        struct ov_error *err);
/* Finishes the reading. OV_E_IO when the bytes are not those that were vetted. */
OV_MUST_USE enum ov_status ov_rows_finish(struct ov_rows *rows, struct ov_error *err);

#endif
