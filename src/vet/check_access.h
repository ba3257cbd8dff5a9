/* vet/check_access.h: read access to a check for the modules outside vet/; struct ov_check itself
 * is private to vet/. Everything returned is borrowed from the check, unless stated otherwise. */
#ifndef VET_CHECK_ACCESS_H
#define VET_CHECK_ACCESS_H

#include "finding/list.h"
#include "mapping/layout.h"
#include "mapping/bind.h"
#include "org/cycle.h"
#include "org/forest.h"
#include "org/shape.h"
#include "orgvet/check.h"
#include "vet/row_map.h"
#include "vet/units.h"

/* State of a check and facts about its file. */
struct ov_check_facts {
    bool finished;      /* ov_check_finish has returned OV_OK */
    bool has_header;    /* a header record was found */
    bool header_broken; /* its quotes are malformed: the columns are unknown */
    bool stopped;       /* OV109 was found: nothing else is checked */
    bool bound;         /* the importer and its columns are known */
    bool tree;          /* identifier and parent are different columns: there is a hierarchy */
    bool reroots;       /* missing_parent: rows without their parent go to the top level */
    /* What the importer's own CSV reader would read differently (payload/emit/upload_form.c). */
    bool marker_met;      /* a parent cell contains a root marker */
    bool backslash_quote; /* a cell contains `\"` (OV110) */
    bool blank_within;    /* there is a blank record other than empty lines at the end */
    bool header_found;    /* lines above the header were skipped because it was found below them */
    bool titles_sparse;   /* these lines have fewer than half the filled cells of the header */
    size_t header_count;  /* length of ov_check_headers: all of them, except in a file beyond the
                             reader's limits */
    size_t columns;       /* cells in the header record */
    int id_column, parent_column, name_column; /* from 0; -1: none */
};
/* Borrowed; valid at any time, final once the check is finished. */
const struct ov_check_facts *ov_check_facts(const struct ov_check *check);

/* Whether the rows of the file were read: not with a wrong delimiter. */
bool ov_check_is_read(const struct ov_check *check);

/* The options the check was made with. Its result (orgvet/check.h) can also be read before the
 * check is finished, as far as it is known by then. */
const struct ov_check_options *ov_check_choices(const struct ov_check *check);
const struct ov_settings *ov_check_settings(const struct ov_check *check);
const char *ov_check_file_name(const struct ov_check *check);              /* "": not given */
const struct ov_importer *ov_check_importer(const struct ov_check *check); /* NULL: not known */
const struct ov_binding *ov_check_binding(const struct ov_check *check);
const struct ov_text *ov_check_headers(const struct ov_check *check);
const struct ov_reader *ov_check_reader(const struct ov_check *check);
uint64_t ov_check_rows(const struct ov_check *check); /* of the hierarchy */
/* Which records below the header are rows. */
const struct ov_row_map *ov_check_row_map(const struct ov_check *check);
/* How records are read as rows. */
const struct ov_layout *ov_check_layout(const struct ov_check *check);
/* The units of its paths, and how many of ov_check_rows, the last ones, were made of them. */
const struct ov_units *ov_check_units(const struct ov_check *check);
/* The row of the file, from 1, for a row of the hierarchy: of a unit that was made, the one that
 * first names it. */
uint32_t ov_check_file_row(const struct ov_check *check, ov_node row);
/* The columns up to the last one that has a heading or, in a row of as many cells as the header, a
 * value. */
size_t ov_check_used_columns(const struct ov_check *check);
/* The row of the hierarchy that a finding about a row is about. */
ov_node ov_item_node(const struct ov_item *item);
/* How many rows at the end were made. */
uint32_t ov_check_made(const struct ov_check *check);
const struct ov_forest *ov_check_forest(const struct ov_check *check); /* never NULL */
const struct ov_shape *ov_check_shape(const struct ov_check *check);
const struct ov_cycles *ov_check_cycles(const struct ov_check *check);
const struct ov_list *ov_check_list(const struct ov_check *check);
/* What formatting messages about its items needs; refers to the check. */
struct ov_names ov_vet_names(const struct ov_check *check);

/* Whether the check is finished and was made with `keep_for_reread`. */
bool ov_check_can_reread(const struct ov_check *check);
/* Whether some rule reads a column (from 0) as anything other than a yes/no flag. */
bool ov_check_reads_text(const struct ov_check *check, uint32_t column);
/* The finding at an index of the list, as by ov_check_next, which then continues after it.
 * OV_E_MEMORY on failure. */
OV_MUST_USE enum ov_status ov_check_finding(struct ov_check *check, size_t index,
                                            struct ov_finding *finding);
/* The place in the file of a cell of a row (from 1), if `column` is that of the identifier, the
 * parent or the name; `otherwise` for other columns. */
struct ov_place ov_check_place(const struct ov_check *check, uint32_t row, uint32_t column,
                               struct ov_place otherwise);
/* Computes the subtree sizes of ov_check_shape, including those of rows in cycles, unless they are
 * known already. Fails with OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_check_find_sizes(struct ov_check *check, struct ov_error *err);
/* Disables comparing missing parents by edit distance, which is slow. To be called before the first
 * byte is fed. */
void ov_check_guess_little(struct ov_check *check);

/* Adds a finding about the whole file to a finished check and sorts the list again. n, m, value and
 * extra are the arguments of the message; value must outlive the check, extra is copied. Fails with
 * OV_E_MEMORY only. */
OV_MUST_USE enum ov_status ov_check_add_finding(struct ov_check *check, enum ov_rule_index rule,
                                                enum ov_message message, uint64_t n, uint64_t m,
                                                struct ov_text value, struct ov_text extra,
                                                struct ov_error *err);

#endif
