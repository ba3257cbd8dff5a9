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

/* check_clone.c: a new check under the choices of another, which knows its importer; NULL on
 * failure. Of the same bytes, with so many findings; or of other ones, read in another way. */
struct ov_check *ov_check_again(const struct ov_check *model, uint64_t findings,
                                struct ov_error *err);
struct ov_check *ov_check_like(const struct ov_check *model, const struct ov_read_options *read,
                               struct ov_error *err);

/* check_clone.c: feeds a check all bytes of a source and finishes it. size: how many must come; 0:
 * not known. */
OV_MUST_USE enum ov_status ov_vet_source(struct ov_check *check, const struct ov_source *source,
                                         uint64_t size, struct ov_error *err);

/* check_clone.c: a new check as a site makes it that is given the importer and these settings (a
 * JSON object), and has what the model's target framework has: no other choice of the model's
 * counts; NULL on failure. settings_only: as in ov_check_options; else with `keep_for_reread`. */
struct ov_check *ov_check_of_site(const struct ov_check *model, struct ov_text settings,
                                  bool settings_only, struct ov_error *err);

/* dry_run.c: after settings_only, the settings that the service would use, as PHP writes JSON; or,
 * when it refuses them, the detail of its message (*refused). */
OV_MUST_USE enum ov_status ov_dry_run_answer(struct ov_check *check, struct ov_buf *text,
                                             bool *refused, struct ov_error *err);
/* dry_run.c: the detail about an importer that is not known. */
void ov_dry_run_unknown(struct ov_text name, struct ov_buf *detail);

/* add_finding.c: each returns the finding to be filled in, or NULL when it is not kept
 * (ov_list_add). */

/* Adds a finding about a cell of the record. */
struct ov_item *ov_vet_cell(struct ov_check *check, struct ov_vetted *vetted,
                            enum ov_rule_index rule, enum ov_severity severity,
                            enum ov_message message, size_t column, int field);
/* Adds a finding about the record at some place. */
struct ov_item *ov_vet_record(struct ov_check *check, struct ov_vetted *vetted,
                              enum ov_rule_index rule, enum ov_message message,
                              struct ov_place place);
/* Adds a finding about the whole file. */
struct ov_item *ov_vet_file(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message);
/* Adds a finding about a cell of a row that is long past. */
struct ov_item *ov_vet_node(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message, ov_node row, enum ov_row_cell cell);
/* rules_tree.c: another place that a finding speaks of; index below their number. */
struct ov_related ov_vet_related(const struct ov_check *check, const struct ov_item *item,
                                 size_t index);
/* Adds a finding about a column's header. */
struct ov_item *ov_vet_header(struct ov_check *check, enum ov_rule_index rule,
                              enum ov_severity severity, enum ov_message message, int column,
                              int field);

struct ov_names ov_vet_names(const struct ov_check *check);

/* filter_findings.c: takes the findings that are chosen out of a finished check that keeps all, and
 * out of its counts. *count: how many they were. With any the check has no root cause. */
typedef enum ov_status ov_chosen(void *ctx, const struct ov_item *item, bool *out,
                                 struct ov_error *err);
OV_MUST_USE enum ov_status ov_vet_filter(struct ov_check *check, ov_chosen *chosen, void *ctx,
                                         uint64_t *count, struct ov_error *err);

/* jobs.c: whether a header is of a column of user uploads that is read; of a check that
 * ov_jobs_check made: its header, each row, the end. */
bool ov_jobs_reads(struct ov_text header);
OV_MUST_USE enum ov_status ov_jobs_header(struct ov_check *check, struct ov_error *err);
OV_MUST_USE enum ov_status ov_jobs_row(struct ov_check *check, const struct ov_vetted *vetted,
                                       struct ov_error *err);
OV_MUST_USE enum ov_status ov_jobs_conclude(struct ov_check *check, struct ov_error *err);

/* header.c: copies the header's texts and places; false when there is no memory. */
OV_MUST_USE bool ov_header_keep(struct ov_check *check, const struct ov_record *record);
/* header.c: OV109; sets check->stopped. */
OV_MUST_USE enum ov_status ov_header_delimiter(struct ov_check *check, struct ov_error *err);
/* header.c: the importer: the caller's; else the one that the file's name speaks of; else the one
 * that alone has the fields of the settings; else, but with options.importer_required, the one that
 * alone has some column (*column: its heading). NULL when it is not clear. */
const struct ov_importer *ov_header_importer(const struct ov_check *check, struct ov_text *column);
/* header.c: what headings alone say that a file is. */
enum ov_other_upload ov_headers_upload(const struct ov_text *headers, size_t count);
/* header.c: after binding, which columns the rules look at, and which make the hierarchy. */
void ov_header_plan(struct ov_check *check);

/* rules_record.c: OV103 to OV107, OV110, OV111 of any record; sets vetted->broken. */
void ov_rules_record(struct ov_check *check, struct ov_vetted *vetted);
/* rules_record.c: blank rows (OV108), pending until another record follows. */
OV_MUST_USE bool ov_rules_blank(struct ov_check *check, const struct ov_record *record);
void ov_rules_flush_blanks(struct ov_check *check);
/* rules_mapping.c: OV201 to OV209 but OV204. */
void ov_rules_mapping(struct ov_check *check);
/* rules_mapping.c: OV204, once the rows are known. */
void ov_rules_empty_headers(struct ov_check *check);
/* rules_cell.c: OV301 to OV311, but OV310, of one cell. OV_E_PATTERN when a pattern ran into its
 * limits. */
OV_MUST_USE enum ov_status ov_rules_cell(struct ov_check *check, struct ov_vetted *vetted,
                                         const struct ov_plan *plan, struct ov_error *err);
/* rules_cell.c: whether no rule has anything to say of a record: printable ASCII in as many cells
 * as the header has. Most are so, and this tells with few looks at each cell that is needed. */
bool ov_rules_nothing_to_say(const struct ov_check *check, const struct ov_record *record);
/* rules_cell.c: whether a spreadsheet has changed an identifier (OV310), seen from it alone. */
bool ov_is_damaged(struct ov_text id, enum ov_message *message);
/* rules_tree.c: OV4xx but OV402, and OV310, when all rows are known. */
OV_MUST_USE enum ov_status ov_rules_tree(struct ov_check *check, struct ov_error *err);
/* suggest.c: OV402 with its did-you-mean. */
OV_MUST_USE enum ov_status ov_rules_missing_parent(struct ov_check *check, struct ov_error *err);
/* root_cause.c: the root cause. */
OV_MUST_USE enum ov_status ov_find_cause(struct ov_check *check, struct ov_error *err);
void ov_fit_row(struct ov_check *check, const struct ov_record *record);

#endif
