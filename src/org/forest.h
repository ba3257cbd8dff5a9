/* org/forest.h: the rows of a file as nodes of a hierarchy.
 *
 * Rows are numbered as in the file, from 1; arrays are indexed by row - 1 and hold one fact each.
 * Identifiers and parents are interned as they come, in any row order: a parent that no row has
 * defined yet is a *name*, which becomes a row when one with that identifier arrives. Knows no CSV
 * and no rules: it says what is, src/vet/ says what is wrong. */
#ifndef ORG_FOREST_H
#define ORG_FOREST_H

#include <stdbool.h>

#include "org/keys.h"

/* A node: a row's index; or one of these. */
typedef uint32_t ov_node;
#define OV_NODE_NONE     UINT32_MAX           /* no parent */
#define OV_NODE_EXISTING (UINT32_MAX - 1)     /* in the target framework already */
#define OV_NODE_NAME     UINT32_C(0x80000000) /* flag of a name that no row has (yet) */
enum { OV_ROWS_MAX = 0x7FFFFFFF };

/* What is known of a row; or-ed. */
enum ov_row_flag {
    OV_ROW_BROKEN = 1,     /* its identifier is only known; it has no parent and is no node */
    OV_ROW_DUPLICATE = 2,  /* an earlier row has its identifier */
    OV_ROW_FORWARD = 4,    /* broken, and a later sound row has its identifier */
    OV_ROW_SELF = 8,       /* it names itself as its parent; has none here, or (a duplicate) the
                              first row */
    OV_ROW_ANONYMOUS = 16, /* it has no identifier */
    OV_ROW_TOP = 32,       /* no parent cell, or one that means none */
    OV_ROW_REPEATED = 64,  /* later rows have its identifier */
    OV_ROW_MARK = 128,     /* for whoever walks; clear between walks */
};

/* A row to be added: half a line of the cache. */
struct ov_entry {
    struct ov_key id;     /* of no text: none; long ones are borrowed */
    struct ov_key parent; /* the same; OV_KEY_BROKEN: the row is broken and has none */
};

struct ov_name {
    struct ov_key key;
    ov_node node; /* the row that defined it, OV_NODE_EXISTING, or OV_NODE_NONE while missing */
};

struct ov_forest {
    uint32_t count; /* rows */
    size_t capacity;
    struct ov_key *key; /* the identifier; of a duplicate a link to the first row, of a forward to
                           its target */
    ov_node *parent;    /* a row, a name or OV_NODE_NONE */
    uint8_t *flags;     /* enum ov_row_flag */
    struct ov_name *names;
    uint32_t name_count;
    uint32_t existing; /* the first so many names: given by ov_forest_add_existing */
    size_t name_capacity;
    struct ov_keys keys;
    uint64_t *slots; /* open addressing: hash << 32 | node + 1, 0 = free; in order of the hashes */
    size_t slot_count, slot_used;
    uint64_t hash_key;
    uint64_t expected;   /* rows there will be; a guess, 0 when there is none */
    bool forwards;       /* some row is one */
    bool brokens;        /* some row is broken */
    uint32_t duplicates; /* rows that are one */
    uint32_t selfs;      /* rows that name themselves as their parent */
};

/* An empty forest; NULL when there is no memory. */
OV_MUST_USE struct ov_forest *ov_forest_new(void);
void ov_forest_free(struct ov_forest *forest);

/* Adds the next rows. */
OV_MUST_USE enum ov_status ov_forest_add(struct ov_forest *forest, const struct ov_entry *entries,
                                         size_t count, struct ov_error *err);

/* Says that the target framework has this identifier. Before the first row. */
OV_MUST_USE enum ov_status ov_forest_add_existing(struct ov_forest *forest, struct ov_text id,
                                                  struct ov_error *err);

/* Whether ov_forest_add_existing had this identifier. Before ov_forest_resolve. */
bool ov_forest_knows(const struct ov_forest *forest, struct ov_text id);
/* After the last row: from now on a parent is a row, a name that no row has, or OV_NODE_NONE. Frees
 * the table of identifiers. */
void ov_forest_resolve(struct ov_forest *forest);

/* Of a row: its flags, its identifier (empty: none), the first row with that identifier. */
static inline bool ov_forest_is(const struct ov_forest *forest, ov_node row, unsigned flags)
{
    return (forest->flags[row] & flags) != 0;
}
/* The text lives as long as the forest, once the last row was added. */
struct ov_text ov_forest_id(const struct ov_forest *forest, ov_node row);
ov_node ov_forest_first(const struct ov_forest *forest, ov_node row);

/* Whether the node is a row. */
static inline bool ov_node_is_row(ov_node node)
{
    return node < OV_NODE_NAME;
}
/* Whether the node is a name. */
static inline bool ov_node_is_name(ov_node node)
{
    return node >= OV_NODE_NAME && node < OV_NODE_EXISTING;
}
/* Whether the node is a name that neither a row nor the target framework has. */
static inline bool ov_forest_is_missing(const struct ov_forest *forest, ov_node node)
{
    return ov_node_is_name(node) && forest->names[node - OV_NODE_NAME].node == OV_NODE_NONE;
}
struct ov_text ov_forest_name(const struct ov_forest *forest, ov_node name);

/* The parent, when it is a sound row; else OV_NODE_NONE. Resolved forests only. */
static inline ov_node ov_forest_up(const struct ov_forest *forest, ov_node row)
{
    ov_node parent = forest->parent[row];
    if (!ov_node_is_row(parent) || (forest->brokens && ov_forest_is(forest, parent, OV_ROW_BROKEN)))
        return OV_NODE_NONE;
    return parent;
}

#endif
