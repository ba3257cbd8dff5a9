/* orgvet/records.h: reading CSV exactly (RFC 4180). Bytes go in, in pieces of any size; records
 * come out with the place of every cell. Nothing is mapped or vetted. */
#ifndef ORGVET_RECORDS_H
#define ORGVET_RECORDS_H

#include <stdbool.h>

#include "orgvet/base.h"
#include "orgvet/finding.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is unusual about a cell; or-ed. */
enum ov_cell_flag {
    OV_CELL_QUOTED = 1,  /* it began with a quote */
    OV_CELL_INVALID = 2, /* it holds bytes that are invalid in the file's encoding */
    OV_CELL_LARGE = 4,   /* over the limit, or the record is over 16 MiB: text is cut */
    OV_CELL_BROKEN = 8,  /* its quotes are wrong: text holds what could be read of its line */
    OV_CELL_STRAY = 16,  /* unquoted with a quote inside, which text keeps */
};

/* One cell. Where it stands: ov_cell_place. */
struct ov_cell {
    struct ov_text text; /* UTF-8 but for invalid bytes of a UTF-8 file, which are kept; unquoted */
    unsigned flags;      /* enum ov_cell_flag */
    uint32_t at;         /* for ov_cell_place: bytes before it in the record's decoded text */
};

/* Bytes that are invalid in the file's encoding. */
struct ov_invalid {
    struct ov_place place;
    unsigned char bytes[4]; /* as they stand in the file */
    unsigned char count;    /* 1 to 4 */
};

/* For ov_cell_place: the place of one byte of a record's text, from which it counts on. */
struct ov_walk {
    size_t at;
    uint64_t line, column;
};

/* One record. Everything in it lives until the callback returns. */
struct ov_record {
    struct ov_place place;       /* of its first byte */
    const struct ov_cell *cells; /* `kept` of them */
    size_t kept;                 /* cells in the array: all, or the first 1,048,576 */
    size_t count;                /* cells in the file; 0 for an empty line */
    int64_t row; /* 0 = header, 1, 2, …; -1 for a blank record (cells of 0 bytes) */
    const struct ov_rule *error; /* OV105 or OV106, or NULL when its quotes are right */
    size_t error_cell; /* the index of the cell of `error`: the one at which the line was given up
                          (OV_CELL_BROKEN, the last), else the first with a quote inside */
    const struct ov_invalid *invalid; /* invalid bytes, in order; the first 65,536 */
    size_t invalid_kept;              /* of that array */
    uint64_t invalid_count;           /* places in the file */
    bool plain; /* between delimiters and quotes there is nothing but printable ASCII without `\`,
                   and no cell has another flag than OV_CELL_QUOTED */
    /* for ov_cell_place and ov_record_end: */
    const struct ov_place *places; /* of each kept cell, and of the end; NULL: found in the text */
    const char *text;              /* decoded, from the first byte to before the line end */
    size_t size;                   /* of that text, bytes */
    bool one_line;                 /* there is no CR or LF in it */
    struct ov_walk *walk;   /* how far places were counted; NULL when they need not be (plain) */
    const uint64_t *origin; /* offset in the file of each of its bytes, and of what follows;
                               NULL: they run in step */
};

/* Where a kept cell begins: at its opening quote, if it has one. */
OV_API struct ov_place ov_cell_place(const struct ov_record *record, size_t cell);

/* The place just behind the record's last byte, before the line end. */
OV_API struct ov_place ov_record_end(const struct ov_record *record);

/* How to read. {0} reads as `orgvet check` does by default. */
struct ov_read_options {
    const char *encoding; /* a name that iconv knows; NULL: found out (BOM, UTF-8, windows-1252) */
    char delimiter;       /* one of , ; | : or a tab; 0: found out */
    uint64_t skip;        /* physical lines to pass over before the header */
    size_t max_cell;      /* bytes, up to 1 GiB; 0: 1 MiB */
    const char *reader;   /* "libcsv", which defines what a record is; "fast", which gives the same
                             records and asks libcsv for those that are not plainly well-formed; one
                             way of "fast": "avx512", "avx2", "sse2", "neon", "plain"; NULL or
                             "auto": the fastest that the processor can run */
};

/* Takes each record in file order, blank ones too. A status other than OV_OK ends the reading and
 * is what feed or finish returns. */
typedef enum ov_status ov_record_fn(void *ctx, const struct ov_record *record,
                                    struct ov_error *err);

struct ov_reader;

/* A reader; NULL on failure. Borrows nothing but ctx. ov_reader_free frees it. */
OV_API OV_MUST_USE struct ov_reader *ov_reader_new(const struct ov_read_options *options,
                                                   ov_record_fn *on_record, void *ctx,
                                                   struct ov_error *err);
OV_API void ov_reader_free(struct ov_reader *reader);

/* Hands over the next `len` bytes of the file; how they are cut makes no difference. */
OV_API OV_MUST_USE enum ov_status ov_reader_feed(struct ov_reader *reader, const void *bytes,
                                                 size_t len, struct ov_error *err);

/* Says that the file has ended. Call it once. */
OV_API OV_MUST_USE enum ov_status ov_reader_finish(struct ov_reader *reader, struct ov_error *err);

/* What was found out, valid once a record was handed out or finish was called. The name is IANA's
 * where orgvet knows it and lives as long as the reader. */
OV_API const char *ov_reader_encoding(const struct ov_reader *reader);
OV_API char ov_reader_delimiter(const struct ov_reader *reader);
/* Whether the first line was a `sep=;` line, which is not a record. */
OV_API bool ov_reader_has_sep_line(const struct ov_reader *reader);

/* What the file plainly is instead of CSV ("an Excel workbook or zip archive"), static; NULL when
 * it may be CSV. Nothing is read of such a file. */
OV_API const char *ov_reader_foreign(const struct ov_reader *reader);

/* Whether the encoding is UTF-16 and was recognised by its zero bytes. */
OV_API bool ov_reader_guessed_utf16(const struct ov_reader *reader);

/* The delimiter that clearly fits the first records, whatever was chosen, and the columns that it
 * gives; 0 when none does. */
OV_API OV_MUST_USE enum ov_status ov_reader_fitting_delimiter(const struct ov_reader *reader,
                                                              char *delimiter, size_t *columns,
                                                              struct ov_error *err);

/* The delimiter that a user names: "," ";" "|" ":" "tab" "\t" "comma" "semicolon" "pipe" "colon",
 * or "auto", which gives 0. False for anything else. */
OV_API bool ov_delimiter_parse(struct ov_text name, char *delimiter);

/* Its name for people: the character, or "tab"; static. */
OV_API const char *ov_delimiter_name(char delimiter);

#ifdef __cplusplus
}
#endif
#endif
