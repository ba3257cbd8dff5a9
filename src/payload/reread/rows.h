/* payload/reread/rows.h: the rows of a vetted file, read a second time, with what the importer
 * reads of each. Every output of src/payload/ comes from here. */
#ifndef PAYLOAD_REREAD_ROWS_H
#define PAYLOAD_REREAD_ROWS_H

#include "base/sha256.h"
#include "orgvet/payload.h"
#include "vet/check_access.h"

/* What the importer reads of a row; views that live until the callback returns. */
struct ov_values {
    ov_node node;                         /* in the forest */
    struct ov_text id;                    /* empty: none */
    struct ov_text parent;                /* identifier of the parent; empty: none */
    struct ov_text fields[OV_FIELDS_MAX]; /* the cell; where it is empty, the field's default */
};

/* Takes each data row, in file order; with ov_rows.every the header and blank records too. values
 * is NULL for these, and where the columns are not known. */
typedef enum ov_status ov_values_fn(void *ctx, const struct ov_record *record,
                                    const struct ov_values *values, struct ov_error *err);

struct ov_rows {
    const struct ov_check *check; /* borrowed */
    struct ov_reader *reader;     /* owned */
    struct ov_sha256 *sha;        /* owned */
    ov_values_fn *on_row;
    void *ctx;
    uint64_t count; /* rows so far */
    bool every;     /* records that are no rows are handed over too */
};

/* {0} before; a finished check that was made with options.keep_for_reread. ov_rows_deinit frees. */
OV_MUST_USE enum ov_status ov_rows_init(struct ov_rows *rows, const struct ov_check *check,
                                        ov_values_fn *on_row, void *ctx, struct ov_error *err);
void ov_rows_deinit(struct ov_rows *rows);
OV_MUST_USE enum ov_status ov_rows_feed(struct ov_rows *rows, const void *bytes, size_t len,
                                        struct ov_error *err);
/* OV_E_IO when the bytes that were hashed are not those that were vetted. Ends the hash. */
OV_MUST_USE enum ov_status ov_rows_unchanged(const struct ov_check *check, struct ov_sha256 *sha,
                                             struct ov_error *err);
/* Feeds all of a source, and finishes. */
OV_MUST_USE enum ov_status ov_rows_read(struct ov_rows *rows, const struct ov_source *source,
                                        struct ov_error *err);
/* The same of the rows. */
OV_MUST_USE enum ov_status ov_rows_finish(struct ov_rows *rows, struct ov_error *err);

#endif
