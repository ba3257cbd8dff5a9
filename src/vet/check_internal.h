/* vet/check_internal.h: one run over one file, shared by the files of src/vet/. The pipeline is
 * check.c; every rule is one small function in a rules_*.c. */
#ifndef VET_CHECK_INTERNAL_H
#define VET_CHECK_INTERNAL_H

#include "base/hash.h"
#include "base/pattern.h"
#include "base/sha256.h"
#include "base/text.h"
#include "finding/list.h"
#include "mapping/bind.h"
#include "org/cycle.h"
#include "org/loader.h"
#include "org/places.h"
#include "orgvet/check.h"

enum {
    OV_MAX_DEPTH = 100,    /* default of OV406 */
    OV_FIT_COLUMNS = 8,    /* other columns that are tried as the identifier */
    OV_FIT_ROWS = 1 << 16, /* rows that they are tried on */
    OV_WIDTHS = 64,        /* widths of numeric identifiers that are told apart */
};

/* A pattern of OV308. */
struct ov_field_pattern {
    struct ov_text field, regex; /* arena */
    struct ov_pattern *pattern;  /* owned */
};

/* A column that a rule looks at, by one field. */
struct ov_plan {
    int column;
    int field; /* -1: the identifier, which no field is mapped to */
    enum ov_field_kind kind;
    unsigned limit; /* code points; 0 = none */
    bool required;
    bool is_id, is_parent;
    bool repeats;                           /* an earlier plan looks at the same column */
    const struct ov_field_pattern *pattern; /* or NULL */
};

/* Blank rows not yet reported: they count only when another row follows. A run of equal ones. */
struct ov_blank_run {
    struct ov_place first;
    uint64_t stride; /* bytes from one to the next */
    uint64_t count;
};

/* Another column tried as the identifier: hashes of its cells. */
struct ov_fit {
    int column;
    uint64_t *hashes; /* owned */
};

/* The one change that would clear most findings. */
struct ov_cause {
    uint64_t clears;        /* findings; 0: no such change */
    uint64_t line;          /* to be changed; 0: a row is to be added, or an option */
    struct ov_text missing; /* the identifier that a row is to be added for */
};

struct ov_check {
    struct ov_check_options options;
    struct ov_arena arena; /* headers and what the user gave */
    char *file_name;       /* owned; "" when there is none */
    struct ov_settings settings;
    struct ov_field_pattern *patterns;
    size_t pattern_count, pattern_capacity;
    struct ov_text *markers;
    size_t marker_count, marker_capacity;
    struct ov_list list;
    struct ov_reader *reader;
    struct ov_sha256 *sha;      /* owned: of the bytes; NULL without options.keep_for_reread */
    char sha256[OV_SHA256_HEX]; /* of the whole file, once it is finished */
    uint64_t expected;          /* bytes that will come; 0: not known */
    bool started;               /* bytes have come */
    enum ov_status failed;      /* the first failure of feed: nothing more is done */

    /* the header */
    bool has_header;
    bool header_broken; /* its quotes are wrong: columns are not known */
    bool stopped;       /* OV109: nothing else is reported */
    struct ov_text *headers;
    struct ov_place *header_places;
    bool headerless;         /* some columns have no header */
    bool *header_data;       /* the column has data; kept for columns without a header */
    uint32_t *first_columns; /* of each column: the first one with the same header */
    size_t header_count;     /* of headers that were kept: all, but in a monstrous file */
    size_t columns;          /* cells of the header */
    struct ov_binding binding;
    bool bound;
    bool importer_assumed;
    const struct ov_importer *importer;
    const char *field_names[OV_FIELDS_MAX]; /* its fields */

    struct ov_jobs *jobs; /* the file is a user upload, held against these; else NULL */

    /* what the header leads to */
    struct ov_plan plans[OV_FIELDS_MAX + 1];
    size_t plan_count;
    int id_column, parent_column, name_column; /* -1: none */
    bool tree;                                 /* there is a hierarchy to check */
    bool reroots; /* rows whose parent is nowhere are imported at the top (missing_parent) */
    int placed[OV_ROW_CELLS]; /* columns of the cells whose places are kept; or -1 */

    /* what the importer's own reader would take otherwise (payload/emit/upload_form.c) */
    bool marker_met;      /* a parent cell held a root marker */
    bool backslash_quote; /* a cell holds `\"` (OV110) */
    bool blank_within;    /* a blank record that is not an empty line at the end */

    /* the rows */
    uint64_t rows;
    struct ov_blank_run *blanks;
    size_t blank_count, blank_capacity;
    struct ov_forest *forest; /* owned; the loader's until the last row: it lies apart, so that two
                                 threads do not write to the same lines of the cache */
    uint64_t hash_key;        /* of the forest */
    bool guesses_little;      /* missing parents are not compared by edit distance */
    struct ov_loader *loader; /* NULL before the header, and once all rows are in the forest */
    struct ov_places places;
    uint64_t *names; /* owned: of each row, a hash of its name, the same in every run; 0: none */
    size_t names_capacity;
    struct ov_fit fits[OV_FIT_COLUMNS];
    size_t fit_count, fit_rows;
    uint64_t widths[OV_WIDTHS]; /* numeric identifiers of each width */
    bool padded[OV_WIDTHS];     /* some of them begin with 0 */
    unsigned id_kinds;          /* enum ov_byte_kind of all identifiers */
    bool id_damaged;            /* a spreadsheet has changed one (OV310) */

    struct ov_text *gone; /* owned; texts in the arena: fingerprints that a baseline has in vain */
    size_t gone_count, gone_capacity;

    /* the end */
    bool finished;
    struct ov_shape shape;
    struct ov_cycles cycles;
    struct ov_cause cause;
    struct ov_check_result result;
    struct ov_buf texts;   /* settings and root cause */
    size_t next;           /* of ov_check_next */
    struct ov_buf shown;   /* the texts of the finding handed out */
    struct ov_buf *hashed; /* owned: with options.redact, an identifier handed out */
};

/* A record being vetted. */
struct ov_vetted {
    const struct ov_record *record;
    uint32_t row;             /* 0 = header */
    const struct ov_cell *id; /* its identifier cell, where it can be read; else an empty one */
    struct ov_text kept;      /* its text in the list's arena, once a finding needed it */
    bool broken;
};

#endif
