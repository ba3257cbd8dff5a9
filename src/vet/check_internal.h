/* vet/check_internal.h: the state of one check of one file, shared by the files of src/vet/. The
 * pipeline is check.c; every rule is one small function in a rules_*.c. */
#ifndef VET_CHECK_INTERNAL_H
#define VET_CHECK_INTERNAL_H

#include "base/hash.h"
#include "base/pattern.h"
#include "base/sha256.h"
#include "base/text.h"
#include "finding/list.h"
#include "mapping/bind.h"
#include "mapping/propose.h"
#include "mapping/recognize.h"
#include "mapping/row_reader.h"
#include "org/cycle.h"
#include "org/loader.h"
#include "org/places.h"
#include "orgvet/check.h"
#include "vet/by_name.h"
#include "vet/check_access.h"
#include "vet/units.h"

enum {
    OV_MAX_DEPTH = 100,    /* default of OV406 */
    OV_FIT_COLUMNS = 8,    /* other columns tried as the identifier */
    OV_FIT_ROWS = 1 << 16, /* rows they are tried on */
    OV_WIDTHS = 64,        /* widths of numeric identifiers that are counted */
    OV_CAUSE_MARKERS = 4,  /* values that the root cause names for --root-marker */
    OV_CAUSE_OPTIONS = 8,  /* words of the options that it advises */
};

/* A user's pattern for a field (OV308). */
struct ov_field_pattern {
    struct ov_text field, regex; /* arena */
    struct ov_pattern *pattern;  /* owned */
};

/* A column that cell rules check, as one field. */
struct ov_plan {
    int column; /* from 0 */
    int field;  /* index in the importer's fields; -1: the identifier column, if no field is mapped
                   to it */
    enum ov_field_kind kind;                /* OV_FIELD_ID when field is -1 */
    unsigned limit;                         /* code points; 0: none */
    bool required;                          /* an empty value is an error */
    bool is_id, is_parent;                  /* the column holds identifiers, parents */
    bool repeats;                           /* an earlier plan is for the same column */
    const struct ov_field_pattern *pattern; /* borrowed; or NULL */
};

/* A run of blank rows not reported yet: blank rows count only when another row
 * follows. */
struct ov_blank_run {
    struct ov_place first; /* of the first row in the run */
    uint64_t count;        /* rows */
    uint64_t empty;        /* of these, empty lines that no record with cells follows */
};

/* A column all of whose cells in the head are in foreign quotes (OV313). */
struct ov_quoted_column {
    int column;            /* from 0 */
    struct ov_place place; /* of the first such cell */
    uint32_t row;          /* its row, from 1 */
    struct ov_text value;  /* that cell; the list's */
    uint64_t count;        /* such cells */
};

/* How a root marker was met. */
struct ov_marker_use {
    uint64_t count; /* rows that have it as their parent */
    ov_node row;    /* the row with this identifier, if there is one; before that is known: a row */
};

/* Another column tried as the identifier. */
struct ov_fit {
    int column;       /* from 0 */
    uint64_t *hashes; /* owned: of its cells, one per row */
};

/* A record that the layout leaves out. */
struct ov_left_row {
    enum ov_left_out why;
    uint64_t line;
};
struct ov_left_rows {
    struct ov_forest *ids;    /* owned: what their children would name; NULL: there are none */
    struct ov_left_row *rows; /* owned: of each row of `ids` */
    size_t count, capacity;
};

/* The other count of cells than the header's that most rows seem to have (OV107). */
struct ov_ragged {
    uint64_t cells; /* per row; 0: not known */
    uint64_t rows;  /* with this count, since it was taken for the usual one */
    uint64_t votes; /* these, less those with another count */
    bool filled;    /* in some row a cell beyond the header is not empty */
};

/* The single change that would resolve most findings. */
struct ov_cause {
    uint64_t clears;        /* findings it resolves; 0: there is no such change */
    uint64_t line;          /* the line to change; 0: a row must be added, or an option set */
    struct ov_text missing; /* the identifier of the row to add */
    struct ov_text markers[OV_CAUSE_MARKERS]; /* values that mean "no parent"; the forest's */
    size_t marker_count;
    const char *parents; /* static: the value of --parents that finds the parents; NULL: none */
    uint64_t found;      /* findings that it resolves */
};

struct ov_check {
    struct ov_check_options options;
    struct ov_arena arena; /* headers, patterns, root markers */
    char *file_name;       /* owned; "": not given */
    char *sheet;           /* owned: options.read.sheet, or NULL */
    struct ov_settings settings;
    struct ov_field_pattern *patterns;
    size_t pattern_count, pattern_capacity;
    struct ov_text *markers;
    size_t marker_count, marker_capacity;
    struct ov_marker_use *marker_uses; /* owned: of each marker */
    struct ov_list list;
    struct ov_reader *reader;
    struct ov_sha256 *sha;      /* owned: of all bytes; NULL without options.keep_for_reread */
    char sha256[OV_SHA256_HEX]; /* hexadecimal, once the check is finished */
    uint64_t expected;          /* expected bytes; 0: not known */
    bool started;               /* ov_check_feed was called: options are fixed */
    enum ov_status failed;      /* the first failure: the check cannot be continued */
    struct ov_check_facts facts;

    /* the header */
    bool titles;                 /* there are lines above it, which were not chosen to be skipped */
    struct ov_place title_place; /* of the first of these */
    uint64_t header_row;         /* physical line of the header */
    uint64_t second_header;      /* that of a second header below it; 0: none */
    bool comments;               /* a `#` at the start of a record is a comment */
    struct ov_text *headers;
    struct ov_place *header_places;
    bool headerless;   /* some columns have no header */
    bool *header_data; /* per column: some cell is not empty; only for columns without a header */
    uint32_t *first_columns; /* per column: the first column with the same header */
    struct ov_binding binding;
    struct ov_binding given; /* without proposals that nobody has accepted */
    struct ov_proposals proposals;
    struct ov_layout guess;          /* the layout that is proposed; only its options --parents and
                                        --fill-down are used */
    struct ov_filled_columns filled; /* of the latter */
    int valid_from, valid_to; /* columns headed and filled as the days of a row's validity; -1 */
    struct ov_quoted_column quoted[OV_FIELDS_MAX + 1]; /* columns with foreign quotes */
    size_t quoted_count;
    bool accepted[OV_FIELDS_MAX];          /* the field is read from the proposed column */
    struct ov_text reasons[OV_FIELDS_MAX]; /* arena: of the proposals; empty with options.redact */
    bool mapping_accepted;                 /* with options.accept_mapping, some are */
    struct ov_text *accept;                /* owned, texts in the arena: options that accept them */
    size_t accept_count, accept_capacity;
    bool importer_assumed; /* it is a default: the header did not determine it */
    const struct ov_importer *importer;
    const char *field_names[OV_FIELDS_MAX]; /* names of its fields */

    struct ov_jobs *jobs; /* borrowed; NULL unless the file is a user upload */

    /* derived from the header */
    struct ov_plan plans[OV_FIELDS_MAX + 1];
    size_t plan_count;
    int placed[OV_ROW_CELLS]; /* columns whose cells' places are kept; -1: none */

    /* the rows */
    uint64_t rows;
    struct ov_layout layout;
    struct ov_row_reader row_reader;
    struct ov_units units;      /* with levels, a path or an outline */
    struct ov_by_name *by_name; /* owned: with parents by name; otherwise NULL */
    struct ov_left_rows left;
    uint32_t made; /* rows at the end that were made of units without a row */
    struct ov_row_map row_map;
    uint64_t not_rows;                             /* records in it */
    struct ov_kept_record *pending, **pending_end; /* owned: what may be totals, in order */
    size_t pending_count;
    struct ov_blank_run *blanks;
    size_t blank_count, blank_capacity;
    /* owned; written by the loader until the last row. Allocated separately, so that two threads do
     * not write to the same cache lines */
    struct ov_forest *forest;
    uint64_t hash_key;        /* the forest's */
    bool guesses_little;      /* missing parents are not compared by edit distance */
    struct ov_loader *loader; /* owned; NULL before the first row and after the last */
    struct ov_places places;  /* of the cells in `placed`, per row */
    uint64_t *names;          /* owned: per row, an unkeyed hash of its name; 0: no name */
    size_t names_capacity;
    struct ov_fit fits[OV_FIT_COLUMNS];
    size_t fit_count, fit_rows;
    uint64_t widths[OV_WIDTHS]; /* numeric identifiers of each width in bytes */
    bool padded[OV_WIDTHS];     /* some of that width start with 0 */
    unsigned id_kinds;          /* enum ov_byte_kind of all identifiers, or-ed */
    bool id_damaged;            /* some identifier may have been changed by a spreadsheet (OV310) */

    struct ov_text *gone; /* owned, texts in the arena: fingerprints of baseline entries that
                             matched no finding */
    size_t gone_count, gone_capacity;

    /* the end */
    struct ov_shape shape;
    struct ov_cycles cycles;
    struct ov_cause cause;
    struct ov_ragged ragged;
    struct ov_text options_of_cause[OV_CAUSE_OPTIONS]; /* arena, or static */
    size_t option_count;
    struct ov_check_result result;
    struct ov_buf texts;   /* the root cause, then the settings as JSON */
    size_t next;           /* index of the next finding that ov_check_next returns */
    struct ov_buf shown;   /* texts of the finding returned last */
    struct ov_buf *hashed; /* owned: with options.redact, the redacted identifier returned last */
};

/* A record being vetted. */
struct ov_vetted {
    const struct ov_record *record;
    uint32_t row;             /* from 1; 0: the header */
    const struct ov_cell *id; /* its identifier cell; an empty one when that cannot be read */
    struct ov_text kept;      /* the identifier in the list's arena, once a finding has needed it */
    bool broken;              /* its cells cannot be trusted */
    uint32_t made;            /* of a unit that is made, its node, plus 1; 0: it is a row */
    size_t named;             /* the column, from 1, that has the name which the layout has put into
                                 that of the name; 0: its own */
};

#endif
