/* orgvet/payload.h: what a vetted file means for the importer.
 *
 * The file is read twice: ov_check vets it (with options.again), then the same bytes are handed
 * over again and the items come out, parents before children. A file that is not the same the
 * second time is OV_E_IO.
 *
 *     struct ov_emit *emit = ov_emit_new(check, &options, &err);
 *     … ov_emit_feed(emit, bytes, len, &err) … ov_emit_finish(emit, &receipt, &err);
 *     ov_emit_free(emit); */
#ifndef ORGVET_PAYLOAD_H
#define ORGVET_PAYLOAD_H

#include <stdbool.h>

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a payload is written. */
enum ov_payload_format {
    OV_PAYLOAD_JSON,   /* one object with settings, items and receipt */
    OV_PAYLOAD_NDJSON, /* an item a line */
    OV_PAYLOAD_CSV,    /* RFC 4180, UTF-8, LF, under the importer's own field names */
};
/* The format of this name; false when there is none. */
OV_API bool ov_payload_format_find(struct ov_text name, enum ov_payload_format *format);

/* Which rows of a vetted file can be imported. A row is sound when nothing of level error is said
 * of it, it is in no cycle, and its parent is none, sound, or in the target framework already. The
 * first of several rows with one identifier may be sound. Of a file with an error that is no row's
 * (a column is missing) no row is. */
struct ov_soundness {
    bool errors;        /* there is something of level error, or a row that is not sound */
    bool has_header;    /* there is a header: rows can be held back */
    uint64_t rows;      /* data rows of the file */
    uint64_t held_back; /* of these: not sound */
};

/* Of a check that is finished and keeps all findings (options.max_kept). */
OV_API OV_MUST_USE enum ov_status ov_check_soundness(const struct ov_check *check,
                                                     struct ov_soundness *soundness,
                                                     struct ov_error *err);

struct ov_emit_options {
    enum ov_payload_format format;
    struct ov_text framework;         /* name of the framework to be made */
    const struct ov_sink *out;        /* borrowed until ov_emit_free */
    const struct ov_sink *quarantine; /* the same: rows held back, as CSV; NULL: they are dropped */
};

struct ov_receipt {
    uint64_t rows;      /* items written */
    uint64_t held_back; /* rows of the file that were not */
    bool has_id;        /* items have an `id` besides `idnumber`: a re-import of the csv form needs
                           the setting {"identifier":"id"} */
    char source_sha256[65];  /* of the file; hexadecimal, NUL-terminated */
    char payload_sha256[65]; /* of the items as ndjson */
};

struct ov_emit;

/* An emission of a finished check, which must outlive it. OV_E_STATE when the check is not
 * finished, was made without options.again, or keeps not all findings (options.max_kept). NULL on
 * failure; ov_emit_free frees it and takes NULL. Nothing is written
 * before ov_emit_feed or ov_emit_finish. */
OV_API OV_MUST_USE struct ov_emit *
ov_emit_new(struct ov_check *check, const struct ov_emit_options *options, struct ov_error *err);
OV_API void ov_emit_free(struct ov_emit *emit);

/* Hands over the next bytes of the file, from its beginning. Any failure leaves what was written
 * unfinished: JSON unclosed. */
OV_API OV_MUST_USE enum ov_status ov_emit_feed(struct ov_emit *emit, const void *bytes, size_t len,
                                               struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_emit_finish(struct ov_emit *emit, struct ov_receipt *receipt,
                                                 struct ov_error *err);

/* Writes the receipt as a JSON object and a line end. */
OV_API OV_MUST_USE enum ov_status ov_receipt_write(const struct ov_receipt *receipt,
                                                   const struct ov_sink *out, struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
