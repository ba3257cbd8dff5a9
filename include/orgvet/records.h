/* orgvet/records.h: reads CSV exactly (RFC 4180). Bytes go in, in chunks of any size; records come
 * out with the place of every cell. Nothing is mapped or vetted. */
#ifndef ORGVET_RECORDS_H
#define ORGVET_RECORDS_H

#include <stdbool.h>

#include "orgvet/base.h"
#include "orgvet/edits.h"
#include "orgvet/finding.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Properties of a cell; or-ed. */
enum ov_cell_flag {
    OV_CELL_QUOTED = 1,   /* it starts with a quote */
    OV_CELL_INVALID = 2,  /* it contains bytes that are invalid in the file's encoding */
    OV_CELL_LARGE = 4,    /* over the limit, or the record is over 16 MiB: text is truncated */
    OV_CELL_BROKEN = 8,   /* malformed quotes: text is what could be read of its line */
    OV_CELL_STRAY = 16,   /* unquoted, but contains a quote, which text keeps */
    OV_CELL_UNKEPT = 64,  /* a workbook's formula of which no value was kept (OV312) */
    OV_CELL_EDITED = 128, /* an edit (orgvet/edits.h) has set its text */
    OV_CELL_FILLED = 32,  /* not from a reader: it is empty, and text is that of the cell above */
};

/* One cell. Its position: ov_cell_place. */
struct ov_cell {
    struct ov_text text; /* unquoted; UTF-8, except that invalid bytes of a UTF-8 file are kept */
    unsigned flags;      /* enum ov_cell_flag */
    uint32_t at;         /* for ov_cell_place: offset in the record's decoded text, bytes */
};

/* Bytes that are invalid in the file's encoding. */
struct ov_invalid {
    struct ov_place place;  /* of the first one */
    unsigned char bytes[4]; /* as in the file */
    unsigned char count;    /* 1 to 4 */
};

/* For ov_cell_place: the place of one byte of a record's text, from which counting continues. */
struct ov_walk {
    size_t at;             /* offset in the record's text, bytes */
    uint64_t line, column; /* of that byte, 1-based */
};

/* One record. Valid, with everything it points at, until the callback returns. */
struct ov_record {
    struct ov_place place;       /* of its first byte */
    const struct ov_cell *cells; /* an array of `kept` cells */
    size_t kept;                 /* cells in the array: all of them, or the first 1,048,576 */
    size_t count;                /* cells in the file; 0 for an empty line */
    int64_t row;    /* 0 = header, 1, 2, …; -1 for a blank record (cells of 0 bytes) */
    uint32_t added; /* number of the row that was added by an edit; 0: it is in the file */
    bool is_row;    /* an edit makes it a row, whatever it looks like */
    const struct ov_rule *error; /* OV105 or OV106; NULL when its quotes are well-formed */
    size_t error_cell; /* the cell of `error`, an index: the last cell, where reading of the line
                          was given up (OV_CELL_BROKEN), or else the first with a quote inside */
    const struct ov_invalid *invalid; /* invalid bytes, in order; the first 65,536 */
    size_t invalid_kept;              /* length of that array */
    uint64_t invalid_count;           /* total, kept or not */
    bool plain; /* apart from delimiters and quotes it is all printable ASCII without `\` and `&`,
                   and OV_CELL_QUOTED is the only flag of its cells */
    /* private to ov_cell_place and ov_record_end: */
    const struct ov_place
        *places;            /* of each kept cell, and of the end; NULL: computed from the text */
    const char *text;       /* decoded, from the first byte up to the line end */
    size_t size;            /* of that text, bytes */
    bool one_line;          /* it contains no CR or LF */
    struct ov_walk *walk;   /* how far places have been counted; NULL when not needed (plain) */
    const uint64_t *origin; /* file offset of each of its bytes, and of the byte after; NULL:
                               offsets are contiguous */
};

/* The place where a kept cell begins: at its opening quote, if it has one. */
OV_API struct ov_place ov_cell_place(const struct ov_record *record, size_t cell);

/* The place just after the record's last byte, before the line end. */
OV_API struct ov_place ov_record_end(const struct ov_record *record);

/* How to read a file. {0} is the default of `orgvet check`. */
struct ov_read_options {
    const char
        *encoding;  /* a name known to iconv; NULL: detected (byte-order mark, UTF-8, a guess) */
    char delimiter; /* any ASCII character but quote and line ends; 0: detected */
    uint32_t wide_delimiter; /* a character beyond ASCII instead; 0: none */
    uint64_t header_row; /* physical line, from 1, at which reading begins: that of the header; 0:
                            the first record. A check then looks for the header */
    const char *sheet;   /* of a workbook: its name, or its number, from 1; NULL: the first one that
                            is not hidden */
    uint64_t max_workbook;            /* bytes that a workbook may unpack to; 0: 1 GiB */
    size_t max_cell;                  /* bytes, up to 1 GiB; 0: 1 MiB */
    const struct ov_row_edits *edits; /* changes to the file, borrowed by the reader; NULL: none */
    const char *reader; /* "libcsv", the reference; "fast", which yields the same records and leaves
                           those that are not plainly well-formed to libcsv; a variant of "fast":
                           "avx512", "avx2", "sse2", "neon", "plain"; NULL or "auto": the fastest
                           that the processor supports */
};

/* Called for each record in file order, blank ones included. A status other than OV_OK stops
 * reading and is returned by feed or finish. */
typedef enum ov_status ov_record_fn(void *ctx, const struct ov_record *record,
                                    struct ov_error *err);

struct ov_reader;

/* A new reader; NULL on failure. Borrows only ctx. ov_reader_free takes NULL. */
OV_API OV_MUST_USE struct ov_reader *ov_reader_new(const struct ov_read_options *options,
                                                   ov_record_fn *on_record, void *ctx,
                                                   struct ov_error *err);
OV_API void ov_reader_free(struct ov_reader *reader);

/* Feeds the next `len` bytes of the file; how the file is split makes no difference. */
OV_API OV_MUST_USE enum ov_status ov_reader_feed(struct ov_reader *reader, const void *bytes,
                                                 size_t len, struct ov_error *err);

/* Whether the file is a workbook (.xlsx, .xlsm, .ods), and which sheet of it is read; its encoding
 * and its delimiter are then "". Valid after finish; the name lives as long as the reader. */
OV_API bool ov_reader_is_workbook(const struct ov_reader *reader);
OV_API struct ov_text ov_reader_sheet(const struct ov_reader *reader);
/* Passes on the names of the sheets of a workbook of `size` bytes, in order; they live until
 * on_sheet returns. Nothing is passed on where it is not a workbook that can be read. max_workbook:
 * as in ov_read_options. Fails with OV_E_MEMORY only. */
OV_API OV_MUST_USE enum ov_status
ov_workbook_sheets(const struct ov_source *source, uint64_t size, uint64_t max_workbook,
                   void (*on_sheet)(void *ctx, struct ov_text name, bool visible), void *ctx,
                   struct ov_error *err);
/* How many rows of the sheet are hidden or filtered away; *first: the place of the first. After
 * finish. */
OV_API uint64_t ov_reader_hidden(const struct ov_reader *reader, struct ov_place *first);

/* Marks the end of the file. Call it once. */
OV_API OV_MUST_USE enum ov_status ov_reader_finish(struct ov_reader *reader, struct ov_error *err);

/* What was detected; valid once a record was returned or finish was called. The name is IANA's
 * where orgvet knows it, and lives as long as the reader. */
OV_API const char *ov_reader_encoding(const struct ov_reader *reader);
/* The delimiter used; ',' while unknown. */
OV_API char ov_reader_delimiter(const struct ov_reader *reader);
/* Whether the first line was a `sep=;` line, which is not a record. */
OV_API bool ov_reader_has_sep_line(const struct ov_reader *reader);

/* What the file obviously is instead of CSV ("an Excel workbook or a zip archive"), static; NULL
 * when it may be CSV. No records are read from such a file. */
OV_API const char *ov_reader_foreign(const struct ov_reader *reader);

/* Whether UTF-16 was detected by its zero bytes. */
OV_API bool ov_reader_guessed_utf16(const struct ov_reader *reader);
/* Whether the encoding is certain: chosen, marked, UTF-8, UTF-16, or windows-1252 that reads as
 * Western text throughout. */
OV_API bool ov_reader_is_sure(const struct ov_reader *reader);
/* When it is not: the likeliest encodings, the one in use first; NULL past the last one. Lives as
 * long as the reader. */
OV_API const char *ov_reader_likely_encoding(const struct ov_reader *reader, size_t index);

/* What else may have put all of a file's cells into one column. */
enum ov_one_column {
    OV_ONE_COLUMN_FINE,      /* nothing: it has one column */
    OV_ONE_COLUMN_DELIMITER, /* another delimiter */
    OV_ONE_COLUMN_QUOTES,    /* each line is one quoted cell */
    OV_ONE_COLUMN_WIDTHS,    /* columns are aligned by spaces */
};
/* For a file that is read as one column: why, what clearly fits the first records instead (a
 * delimiter's name, static; NULL with other causes), and the number of columns it gives. */
OV_API OV_MUST_USE enum ov_status ov_reader_why_one_column(const struct ov_reader *reader,
                                                           enum ov_one_column *why,
                                                           const char **delimiter, size_t *columns,
                                                           struct ov_error *err);

/* Parses a delimiter as users write it: any one character, "tab" "\t" "comma" "semicolon" "pipe"
 * "colon", "\x01" for a control character, or "auto", which gives 0. *wide: a character beyond
 * ASCII, for wide_delimiter; otherwise 0. False for anything else. */
OV_API bool ov_delimiter_parse(struct ov_text name, char *delimiter, uint32_t *wide);

/* The delimiter used, as text for people: the character itself, "tab", or "\x01"; lives as long as
 * the reader. */
OV_API const char *ov_reader_delimiter_name(const struct ov_reader *reader);
/* The name of an ASCII delimiter: static. */
OV_API const char *ov_delimiter_name(char delimiter);

#ifdef __cplusplus
}
#endif
#endif
