/* mapping/layout.h: the layout of a file that differs from the importer's: how its rows name their
 * parents, which cells mean the one above, and which records are left out. Options are given as
 * texts; columns are resolved once the header is known, and what depends on values is learned from
 * the head of the file. Nothing changes afterwards: row_reader.h applies it in every reading. */
#ifndef MAPPING_LAYOUT_H
#define MAPPING_LAYOUT_H

#include "base/mem.h"
#include "mapping/bind.h"
#include "mapping/dates.h"
#include "orgvet/check.h"

enum {
    OV_SEPARATORS = 6,         /* usual separators of a path */
    OV_FILLED_MOST = 64 * 1024 /* bytes of a cell that is filled down */
};

/* How a row names its parent. */
enum ov_parents {
    OV_PARENTS_ID,
    OV_PARENTS_NAME,
    OV_PARENTS_EITHER,
    OV_PARENTS_LEVELS,
    OV_PARENTS_PATH,
    OV_PARENTS_OUTLINE,
};

/* A column that an option names. */
struct ov_layout_use {
    enum ov_layout_key key;
    struct ov_text column; /* as given */
    struct ov_text value;  /* of OV_LAYOUT_WHERE: what its cells are compared with */
    bool differs;          /* of OV_LAYOUT_WHERE: they must not equal it */
    int index;             /* from 0; -1: not resolved, or the file has no such column */
    unsigned orders;       /* of a column of dates: enum ov_date_order, those that fit */
    unsigned differ;       /* … and in which some cell is another day than in the first of them */
};

/* {0} is the importer's layout. */
struct ov_layout {
    struct ov_arena arena; /* of all texts */
    enum ov_parents parents;
    struct ov_text parents_given; /* the whole option; empty: not given */
    struct ov_layout_use *uses;   /* owned; in the order given */
    size_t count, capacity;
    struct ov_text separator; /* of a path; empty: not given, and none was learned */
    bool separator_given;
    size_t separators[OV_SEPARATORS]; /* cells with each of the usual ones */
    int valid_on;                     /* a day as of ov_date_parse; 0: every row is valid */
    size_t numbers, depths;           /* outline: cells of the head that are numbers; filled ones */
    size_t dotted, indented;          /* … numbers like 1.2; cells with white space first */
    size_t separated;                 /* path: cells with the separator that was given */
    bool redact;                      /* failures show no values */
    /* levels, path, outline: */
    bool incomplete; /* a column was not found */
    bool own_names;  /* the name is read from a column of its own */
    int name_column; /* where row_reader.h puts the name, or that column; -1: none */
};

/* Sets an option, or adds to those that can be repeated. OV_E_OPTION when the value is not one. */
OV_MUST_USE enum ov_status ov_layout_set(struct ov_layout *layout, enum ov_layout_key key,
                                         struct ov_text value, struct ov_error *err);
/* Sets the options of another layout. */
OV_MUST_USE enum ov_status ov_layout_copy(struct ov_layout *layout, const struct ov_layout *from,
                                          struct ov_error *err);
/* OV_E_OPTION when options contradict each other, or one needs another. */
OV_MUST_USE enum ov_status ov_layout_verify(const struct ov_layout *layout, struct ov_error *err);
void ov_layout_deinit(struct ov_layout *layout);

/* Finds the columns that are not found yet: by their heading, or by the field that is read from
 * them. */
void ov_layout_resolve(struct ov_layout *layout, const struct ov_binding *binding);
/* Whether the rows' names and parents come from levels, a path or an outline. */
bool ov_layout_is_path(const struct ov_layout *layout);
/* Whether records are read as they are in the file. */
bool ov_layout_is_plain(const struct ov_layout *layout);
/* The same, and parents are given by identifier: no option changes how the file is read. */
bool ov_layout_is_importers(const struct ov_layout *layout);
/* Whether a column is read because of an option. */
bool ov_layout_reads(const struct ov_layout *layout, int column);
/* The same, and no field is meant to be read from it. */
bool ov_layout_takes(const struct ov_layout *layout, int column);
/* Whether the column of the name comes from the layout: it is not mapped. */
bool ov_layout_gives_names(const struct ov_layout *layout);
/* Whether the depth of an outline's rows is a number. */
bool ov_layout_is_numbered(const struct ov_layout *layout);

/* The parts of a number like 2 or 1.2.3; 0: it is not one. */
size_t ov_number_parts(struct ov_text text);
/* The depth that a cell of an outline's numbers says: itself, or its parts where some have dots.
 * False when it is not a number. */
bool ov_layout_depth(const struct ov_layout *layout, struct ov_text cell, size_t *depth);

/* Whether something must be learned from the values of the head. */
bool ov_layout_is_curious(const struct ov_layout *layout);
/* Learns from a record of the head … */
void ov_layout_learn(struct ov_layout *layout, const struct ov_record *record);
/* … and decides. OV_E_OPTION when a column of dates can be read in several ways, or in none, or
 * when no cell of a path or an outline says where its row belongs. */
OV_MUST_USE enum ov_status ov_layout_decide(struct ov_layout *layout, const struct ov_text *headers,
                                            struct ov_error *err);
/* The separator that most of some cells contain, counted as by ov_layout_count_separators. */
struct ov_text ov_layout_likely_separator(const size_t counts[OV_SEPARATORS]);
void ov_layout_count_separators(struct ov_text cell, size_t counts[OV_SEPARATORS]);

#endif
