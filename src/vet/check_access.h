/* vet/check_access.h: what the rest of the engine reads of a check, whose insides are those of
 * vet/. All that is returned is borrowed from the check. */
#ifndef VET_CHECK_ACCESS_H
#define VET_CHECK_ACCESS_H

#include "finding/list.h"
#include "mapping/bind.h"
#include "org/cycle.h"
#include "org/forest.h"
#include "org/shape.h"
#include "orgvet/check.h"

/* What is known of a file as a whole. */
struct ov_check_facts {
    bool finished;      /* ov_check_finish has returned OV_OK */
    bool has_header;    /* a header was found */
    bool header_broken; /* its quotes are wrong: columns are not known */
    bool stopped;       /* OV109: nothing else is reported */
    bool bound;         /* the importer and its columns are known */
    bool tree;          /* there is a hierarchy */
    bool reroots;       /* rows whose parent is nowhere are imported at the top (missing_parent) */
    /* What the importer's own reader would read otherwise (payload/emit/upload_form.c). */
    bool marker_met;      /* a parent cell held a root marker */
    bool backslash_quote; /* a cell holds `\"` (OV110) */
    bool blank_within;    /* a blank record that is not an empty line at the end */
    size_t header_count;  /* of ov_check_headers: all headings, but in a monstrous file */
    size_t columns;       /* cells of the header */
    int id_column, parent_column, name_column; /* -1: none */
};
struct ov_check_facts ov_check_facts(const struct ov_check *check);

/* The choices that it was made with; the result (orgvet/check.h) is there before it is finished,
 * too, as far as it is known. */
const struct ov_check_options *ov_check_choices(const struct ov_check *check);
const struct ov_settings *ov_check_settings(const struct ov_check *check);
const char *ov_check_file_name(const struct ov_check *check);              /* "": none */
const struct ov_importer *ov_check_importer(const struct ov_check *check); /* NULL: not known */
const struct ov_binding *ov_check_binding(const struct ov_check *check);
const struct ov_text *ov_check_headers(const struct ov_check *check);
const struct ov_reader *ov_check_reader(const struct ov_check *check);
uint64_t ov_check_rows(const struct ov_check *check);
const struct ov_forest *ov_check_forest(const struct ov_check *check); /* NULL: no columns */
const struct ov_shape *ov_check_shape(const struct ov_check *check);
const struct ov_cycles *ov_check_cycles(const struct ov_check *check);
const struct ov_list *ov_check_list(const struct ov_check *check);
/* For messages about its items. */
struct ov_names ov_vet_names(const struct ov_check *check);

/* Whether it is finished and was made with `keep_for_reread`. */
bool ov_check_can_reread(const struct ov_check *check);
/* Whether a rule reads a column as text, not as yes or no. */
bool ov_check_reads_text(const struct ov_check *check, uint32_t column);
/* The finding at an index of the list; as ov_check_next, which goes on behind it. */
OV_MUST_USE enum ov_status ov_check_finding(struct ov_check *check, size_t index,
                                            struct ov_finding *finding);
/* Where a cell of a row (from 1) is in the file, of the columns of identifiers, parents and names;
 * otherwise that. */
struct ov_place ov_check_place(const struct ov_check *check, uint32_t row, uint32_t column,
                               struct ov_place otherwise);
/* Finds the sizes of ov_check_shape, those of rows in cycles too, unless they are known. */
OV_MUST_USE enum ov_status ov_check_find_sizes(struct ov_check *check, struct ov_error *err);
/* Before bytes come: missing parents are not compared by edit distance, which takes time. */
void ov_check_guess_little(struct ov_check *check);

/* Adds a finding about the whole file to a finished check. n, m, value and extra are those of the
 * message; value is static, extra is copied. */
OV_MUST_USE enum ov_status ov_check_add_finding(struct ov_check *check, enum ov_rule_index rule,
                                                enum ov_message message, uint64_t n, uint64_t m,
                                                struct ov_text value, struct ov_text extra,
                                                struct ov_error *err);

#endif
