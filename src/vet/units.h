/* vet/units.h: the units that the paths of a file name (--parents levels, path, outline): a tree of
 * names. Some are rows of the file, the others are made. A unit is known by the unit above it and
 * its name. */
#ifndef VET_UNITS_H
#define VET_UNITS_H

#include "base/key_filter.h"
#include "base/text.h"
#include "mapping/row_reader.h"
#include "org/forest.h"

enum { OV_UNIT_NONE = 0 /* index of what is above the top units */ };

/* Beside the index of a unit: a unit below it that one row alone is, and none is known to be below:
 * a leaf. Most are, so that only a hash is kept of each. */
#define OV_UNIT_LEAF (UINT32_C(1) << 31)

struct ov_unit {
    uint64_t name_at;    /* its name: bytes of `names`, up to that of the next */
    uint64_t hash;       /* of its path, and of the identifiers of units of their own on it */
    uint32_t above;      /* index of the unit above; OV_UNIT_NONE: none */
    ov_node row;         /* the first row that is this unit; OV_NODE_NONE: none */
    uint32_t origin;     /* index in `origins`; 0: no row was below it before it was a row itself */
    uint32_t left : 31;  /* index in `left`, plus 1, of a row that was it; 0: none */
    uint32_t wanted : 1; /* a row is in it or below it */
};

/* The cell that first names a unit. */
struct ov_unit_origin {
    struct ov_place place;
    uint32_t cell; /* its column */
    uint32_t row;  /* from 1 */
};

/* A row of a unit that was left out. */
struct ov_left_unit {
    enum ov_left_out why;
    uint64_t line;
};

/* A place in the table of units. */
struct ov_unit_slot {
    uint32_t unit; /* 0: free */
    uint32_t tag;  /* of its hash: others need not be looked at */
};

/* A row that an outline may still go on below. */
struct ov_outline_row {
    size_t depth;
    uint32_t unit;
};

/* A unit as a record. {0} is empty. */
struct ov_made_record {
    struct ov_record record;
    struct ov_cell *cells; /* owned */
    struct ov_place *places;
};

/* {0} is empty. */
struct ov_units {
    struct ov_buf names;
    uint64_t expected;     /* estimated number of rows; 0: unknown */
    struct ov_unit *items; /* owned; from index 1 */
    size_t count, capacity;
    struct ov_unit_origin *origins; /* owned; from index 1 */
    size_t origin_count, origin_capacity;
    struct ov_unit_slot *slots; /* owned: open addressing by hash */
    size_t slot_count;
    size_t settled;            /* units before this one are in the slots */
    struct ov_key_filter seen; /* all units and leaves */
    uint64_t hash_key;         /* random: so that a hostile file cannot choose the slots */
    uint32_t *of_row;          /* owned: the unit of each row; OV_UNIT_NONE: it has none */
    size_t row_count, row_capacity;
    uint64_t *leaf_hashes;            /* owned: of each row that is a leaf, that of its path */
    size_t leaf_count, leaf_capacity; /* the first rows: none from there on is a leaf */
    uint64_t leaf_hash;               /* of the leaf that was found last */
    uint32_t *leaf_slots;             /* owned: rows + 1 of leaves, by hash; NULL: not needed yet */
    size_t leaf_slot_count;
    bool leaves_ended; /* no more rows become leaves */
    bool leaves_met;   /* a unit was added that may be a leaf */
    uint32_t *path;    /* owned: the units of the last row's path */
    size_t path_count, path_capacity;
    uint64_t *hashes; /* owned: scratch, of a row's path */
    size_t hash_capacity;
    struct ov_outline_row *open; /* owned: the last row of the outline, and those above it */
    size_t open_count, open_capacity;
    struct ov_left_unit *left; /* owned */
    size_t left_count, left_capacity;
    bool own; /* some units are of the same name below the same unit: their identifiers differ */
    /* owned, with `own`, once finished: hashes of the names of each unit's path; the same,
     * ascending */
    uint64_t *name_hashes, *sorted_hashes;
};

/* The name of a unit; borrowed, until the next one is added. */
struct ov_text ov_units_name(const struct ov_units *units, size_t index);

/* Begins to look for the unit of a row: has what that needs fetched, so that other work can be done
 * meanwhile. False when out of memory. */
OV_MUST_USE bool ov_units_begin(struct ov_units *units, const struct ov_layout *layout,
                                const struct ov_read_row *row);
/* The unit of the row of ov_units_begin, with this identifier (empty: none), as its layout states
 * it; OV_UNIT_NONE: the row names none. leaf: the row has an identifier and is not left out: it may
 * be a leaf, of OV_UNIT_LEAF and the unit above. *same: an earlier row is that unit, and the row,
 * which has no identifier, says nothing else. False when out of memory. */
OV_MUST_USE bool ov_units_find(struct ov_units *units, const struct ov_layout *layout,
                               const struct ov_read_row *row, struct ov_text id, bool leaf,
                               uint32_t *unit, bool *same);
/* Goes past a row whose path cannot be trusted: the next one has nothing in common with it. */
void ov_units_skip(struct ov_units *units);
/* Notes what ov_units_find found for the next row (from 0). False when out of memory. */
OV_MUST_USE bool ov_units_add_row(struct ov_units *units, ov_node row, uint32_t unit);

/* Notes that a row that is this unit is left out. False when out of memory. */
OV_MUST_USE bool ov_units_leave(struct ov_units *units, uint32_t unit, enum ov_left_out why,
                                uint64_t line);
/* To be called once all rows are added: determines which units have rows in them or below them.
 * False when out of memory. */
OV_MUST_USE bool ov_units_finish(struct ov_units *units);
/* The next unit from `unit` on that is to be made: a row is below it, it is not a row, and none
 * that it was is left out; 0: there is none. */
uint32_t ov_units_next_missing(const struct ov_units *units, uint32_t unit);
/* The cell that first names a unit that is to be made. */
const struct ov_unit_origin *ov_units_origin(const struct ov_units *units, uint32_t unit);
/* Sets made->record to a unit: `columns` empty cells, except that of the name; all are at its
 * place. False when out of memory. ov_made_record_deinit frees. */
OV_MUST_USE bool ov_made_record_set(struct ov_made_record *made, const struct ov_units *units,
                                    uint32_t unit, size_t columns, int name_column);
void ov_made_record_deinit(struct ov_made_record *made);

void ov_units_deinit(struct ov_units *units);

#endif
