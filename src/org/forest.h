/* org/forest.h: the rows of a file as nodes of a hierarchy.
 *
 * Rows are numbered as in the file, from 1; arrays are indexed by row - 1 and hold one property
 * each. Identifiers and parents are interned in any row order: a parent that no row has defined yet
 * is a *name*, which becomes a row when a row with that identifier arrives. Independent of CSV and
 * rules: it represents the hierarchy, src/vet/ judges it. */
#ifndef ORG_FOREST_H
#define ORG_FOREST_H

#include <stdbool.h>

#include "org/keys.h"

/* A node: the index of a row, or one of these. */
typedef uint32_t ov_node;
#define OV_NODE_NONE     UINT32_MAX           /* no parent */
#define OV_NODE_EXISTING (UINT32_MAX - 1)     /* in the target framework already */
#define OV_NODE_NAME     UINT32_C(0x80000000) /* flag: a name that no row has (yet) */
enum { OV_ROWS_MAX = 0x7FFFFFFF };

/* Properties of a row; or-ed. */
enum ov_row_flag {
    OV_ROW_BROKEN = 1,    /* only its identifier is known; it has no parent and is not a node */
    OV_ROW_DUPLICATE = 2, /* an earlier row has the same identifier */
    OV_ROW_FORWARD = 4,   /* broken, and a later intact row has the same identifier */
    OV_ROW_SELF = 8, /* it is its own parent; here it has none, or (a duplicate) the first row */
    OV_ROW_ANONYMOUS = 16, /* it has no identifier */
    OV_ROW_TOP = 32,       /* its parent cell is missing, empty or a root marker */
    OV_ROW_REPEATED = 64,  /* later rows have the same identifier */
    OV_ROW_MARK = 128,     /* for traversals; clear between them */
};

/* A row to add: half a cache line. */
struct ov_entry {
    struct ov_key id;     /* tag 0: no identifier; long keys are borrowed */
    struct ov_key parent; /* the same; OV_KEY_BROKEN: the row is broken and has none */
};

struct ov_name {
    struct ov_key key; /* long ones point into ov_forest.keys */
    ov_node node; /* the row that defined it, OV_NODE_EXISTING, or OV_NODE_NONE while undefined */
};

struct ov_forest {
    uint32_t count; /* number of rows */
    size_t capacity;
    struct ov_key *key;    /* the identifier; for a duplicate a link to the first row, for a forward
                              row to its target */
    ov_node *parent;       /* a row, a name or OV_NODE_NONE */
    uint8_t *flags;        /* enum ov_row_flag */
    struct ov_name *names; /* owned */
    uint32_t name_count;
    uint32_t existing; /* the number of leading names that are from ov_forest_add_existing */
    size_t name_capacity;
    struct ov_keys keys; /* texts of long keys */
    uint64_t *slots;     /* open addressing: hash << 32 | node + 1, 0 = free; ordered by hash */
    size_t slot_count, slot_used; /* in all; used */
    uint64_t hash_key;            /* random, per forest */
    uint64_t expected;            /* estimated number of rows; 0: unknown */
    bool forwards;                /* some row has OV_ROW_FORWARD */
    bool brokens;                 /* some row is broken */
    uint32_t duplicates;          /* number of rows with OV_ROW_DUPLICATE */
    uint32_t selfs;               /* number of rows with OV_ROW_SELF */
};

/* An empty forest; NULL when out of memory. ov_forest_free takes NULL. */
OV_MUST_USE struct ov_forest *ov_forest_new(void);
void ov_forest_free(struct ov_forest *forest);

/* Adds the next rows; long keys are copied. OV_E_LIMIT for too many rows or parents,
 * OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_forest_add(struct ov_forest *forest, const struct ov_entry *entries,
                                         size_t count, struct ov_error *err);

/* Adds an identifier of the target framework; the text is copied. Call it before the first row.
 * OV_E_LIMIT, OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_forest_add_existing(struct ov_forest *forest, struct ov_text id,
                                                  struct ov_error *err);

/* For hierarchies whose rows do not name their parents by identifier; once all rows are added, and
 * before ov_forest_resolve. */
/* Sets the parent of a row that was added without one: a row (itself: OV_ROW_SELF), or a name. */
void ov_forest_set_parent(struct ov_forest *forest, ov_node row, ov_node parent);
/* Sets the identifier of a row that was added without one; the text is copied. OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_forest_identify(struct ov_forest *forest, ov_node row,
                                              struct ov_text id, struct ov_error *err);
/* Adds a name that no row has, nor will be found to have; the text is copied. OV_E_LIMIT,
 * OV_E_MEMORY. */
OV_MUST_USE enum ov_status ov_forest_add_missing(struct ov_forest *forest, struct ov_text text,
                                                 ov_node *name, struct ov_error *err);

/* The first row with an identifier, or the name that some row has as its parent; OV_NODE_NONE:
 * there is neither. Only before ov_forest_resolve. */
ov_node ov_forest_find(const struct ov_forest *forest, struct ov_text id);
/* Prepares for looking up an identifier soon. */
void ov_forest_prefetch(const struct ov_forest *forest, struct ov_text id);
/* Whether an identifier was added by ov_forest_add_existing. Only before ov_forest_resolve. */
bool ov_forest_knows(const struct ov_forest *forest, struct ov_text id);
/* Call it after the last row: resolves every parent to a row, a name that no row has, or
 * OV_NODE_NONE. Frees the table of identifiers. */
void ov_forest_resolve(struct ov_forest *forest);

/* Whether a row has one of these flags; its identifier (empty: none); the first row with the same
 * identifier. */
static inline bool ov_forest_is(const struct ov_forest *forest, ov_node row, unsigned flags)
{
    return (forest->flags[row] & flags) != 0;
}
/* The text lives as long as the forest, once the last row has been added. */
struct ov_text ov_forest_id(const struct ov_forest *forest, ov_node row);
ov_node ov_forest_first(const struct ov_forest *forest, ov_node row);

/* Whether a node is a row. */
static inline bool ov_node_is_row(ov_node node)
{
    return node < OV_NODE_NAME;
}
/* Whether a node is a name. */
static inline bool ov_node_is_name(ov_node node)
{
    return node >= OV_NODE_NAME && node < OV_NODE_EXISTING;
}
/* Whether a node is a name that neither a row nor the target framework has. */
static inline bool ov_forest_is_missing(const struct ov_forest *forest, ov_node node)
{
    return ov_node_is_name(node) && forest->names[node - OV_NODE_NAME].node == OV_NODE_NONE;
}
/* The text of a name; lives as long as the forest, once the last row has been added. */
struct ov_text ov_forest_name(const struct ov_forest *forest, ov_node name);

/* The parent if it is an intact row; otherwise OV_NODE_NONE. Resolved forests only. */
static inline ov_node ov_forest_up(const struct ov_forest *forest, ov_node row)
{
    ov_node parent = forest->parent[row];
    if (!ov_node_is_row(parent) || (forest->brokens && ov_forest_is(forest, parent, OV_ROW_BROKEN)))
        return OV_NODE_NONE;
    return parent;
}

#endif
