/* org/forest.c: see forest.h. */
#include "org/forest.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"

enum {
    FIRST_SLOTS = 1024,
    DONE_SLOTS = 1 << 19, /* 4 MiB */
    AHEAD = 32,           /* rows to prefetch */
};

struct ov_forest *ov_forest_new(void)
{
    struct ov_forest *forest = calloc(1, sizeof *forest);
    if (forest)
        forest->hash_key = ov_hash_key();
    return forest;
}

void ov_forest_free(struct ov_forest *forest)
{
    if (!forest)
        return;
    free(forest->key);
    free(forest->parent);
    free(forest->flags);
    free(forest->names);
    free(forest->slots);
    ov_keys_deinit(&forest->keys);
    free(forest);
}

/* Grows every array to `want` rows. */
static bool grow_rows(struct ov_forest *forest, size_t want)
{
    size_t keys = forest->capacity, parents = keys, flags = keys;
    uint64_t expected = forest->expected;
    if (want <= forest->capacity)
        return true;
    if (!ov_grow_towards(&forest->key, &keys, want, expected, sizeof *forest->key) ||
        !ov_grow_towards(&forest->parent, &parents, want, expected, sizeof *forest->parent) ||
        !ov_grow_towards(&forest->flags, &flags, want, expected, sizeof *forest->flags))
        return false;
    /* an array may have got less than expected */
    forest->capacity = keys < parents ? keys : parents;
    forest->capacity = flags < forest->capacity ? flags : forest->capacity;
    return true;
}

/* The hash table. A slot is determined by the upper bits of the hash, so a larger table has the
 * same order: growing reads the old one and writes the new one sequentially. */

static size_t home(const struct ov_forest *forest, uint32_t hash)
{
    uint64_t count = forest->slot_count; /* hash * count / 2^32, in 64 bits */
    return (size_t)(hash * (count >> 32) + (hash * (count & UINT32_MAX) >> 32));
}

static uint64_t make_slot(uint32_t hash, ov_node node)
{
    return (uint64_t)hash << 32 | (node + UINT64_C(1));
}

static ov_node slot_node(uint64_t slot)
{
    return (uint32_t)slot - 1;
}

static const struct ov_key *node_key(const struct ov_forest *forest, ov_node node)
{
    return ov_node_is_row(node) ? &forest->key[node] : &forest->names[node - OV_NODE_NAME].key;
}

/* The first slot from `at` on that has this hash or is free. */
static size_t probe(const struct ov_forest *forest, size_t at, uint32_t hash)
{
    while (forest->slots[at] && forest->slots[at] >> 32 != hash)
        at = at + 1 == forest->slot_count ? 0 : at + 1;
    return at;
}

/* The slot of the node with this key, or the free slot for it; `at` is between its home and that
 * slot. */
static uint64_t *find_slot(const struct ov_forest *forest, size_t at, uint32_t hash,
                           const struct ov_key *key)
{
    for (;; at = at + 1 == forest->slot_count ? 0 : at + 1) {
        at = probe(forest, at, hash);
        uint64_t slot = forest->slots[at];
        if (!slot || ov_key_equal(node_key(forest, slot_node(slot)), key))
            return &forest->slots[at];
    }
}

static bool set_slots(struct ov_forest *forest, size_t count)
{
    uint64_t *old = forest->slots, *slots = calloc(count, sizeof *slots);
    size_t old_count = forest->slot_count;
    if (!slots)
        return false;
    ov_mem_use_huge_pages(slots, count * sizeof *slots);
    forest->slots = slots;
    forest->slot_count = count;
    for (size_t i = 0; i < old_count; i++) {
        if (i % DONE_SLOTS == 0 &&
            i) /* release the old table gradually: the two never coexist in full */
            ov_mem_done_with(old + i - DONE_SLOTS, DONE_SLOTS * sizeof *old);
        if (!old[i])
            continue;
        size_t at = home(forest, (uint32_t)(old[i] >> 32));
        while (slots[at])
            at = at + 1 == count ? 0 : at + 1;
        slots[at] = old[i];
    }
    free(old);
    return true;
}

/* Ensures space for `more` identifiers: at most three quarters of the slots are used. The table
 * grows by half or more, up to 32-fold if the expected rows will then use seven tenths of it. */
static bool grow_slots(struct ov_forest *forest, size_t more)
{
    size_t least = (forest->slot_used + more) / 3 * 4 + 4, most = forest->slot_count * 32;
    if (least <= forest->slot_count)
        return true;
    size_t count = forest->slot_count + forest->slot_count / 2;
    uint64_t expected = forest->expected / 7 * 10;
    if (expected > count)
        count = expected < most ? (size_t)expected : most;
    if (count < FIRST_SLOTS)
        count = FIRST_SLOTS;
    least += least / 2;
    /* the expectation is a guess: if memory does not suffice for it, take the minimum */
    return (count > least && set_slots(forest, count)) || set_slots(forest, least);
}

/* Adds a name that is not in the table yet. */
static enum ov_status append_name(struct ov_forest *forest, const struct ov_key *key, ov_node node,
                                  struct ov_error *err)
{
    if (forest->name_count == OV_ROWS_MAX - 2)
        return ov_fail(err, OV_E_LIMIT, "more than %d different parents", OV_ROWS_MAX - 2);
    if (!ov_grow(&forest->names, &forest->name_capacity, (size_t)forest->name_count + 1,
                 sizeof *forest->names))
        return ov_fail_memory(err);
    struct ov_name *name = &forest->names[forest->name_count];
    *name = (struct ov_name){.key = *key, .node = node};
    if (!ov_keys_keep(&forest->keys, &name->key))
        return ov_fail_memory(err);
    forest->name_count++;
    return OV_OK;
}

static enum ov_status add_name(struct ov_forest *forest, const struct ov_key *key, uint32_t hash,
                               ov_node node, uint64_t *slot, struct ov_error *err)
{
    enum ov_status status = append_name(forest, key, node, err);
    if (status != OV_OK)
        return status;
    *slot = make_slot(hash, OV_NODE_NAME + forest->name_count - 1);
    forest->slot_used++;
    return OV_OK;
}

/* A key to be looked up in the table. */
struct seek {
    uint32_t hash;
    size_t
        at; /* start of the search: its slot is here or later, whatever is added in the meantime */
};

static bool is_broken(const struct ov_entry *entry)
{
    return ov_key_tag(&entry->parent) == OV_KEY_BROKEN;
}

/* Interns the identifier of row `row`. */
static enum ov_status add_id(struct ov_forest *forest, ov_node row, const struct ov_entry *entry,
                             const struct seek *seek, struct ov_error *err)
{
    uint64_t *slot = find_slot(forest, seek->at, seek->hash, &entry->id);
    ov_node known = slot_node(*slot);
    if (*slot == 0) {
        forest->key[row] = entry->id;
        if (!ov_keys_keep(&forest->keys, &forest->key[row]))
            return ov_fail_memory(err);
        *slot = make_slot(seek->hash, row);
        forest->slot_used++;
    } else if (ov_node_is_name(known)) {
        forest->key[row] = forest->names[known - OV_NODE_NAME].key;
        forest->names[known - OV_NODE_NAME].node = row;
        *slot = make_slot(seek->hash, row);
    } else if (is_broken(entry)) { /* defined already */
        forest->flags[row] |= OV_ROW_FORWARD;
        forest->forwards = true;
        forest->key[row] = ov_key_link(known);
    } else if (ov_forest_is(forest, known, OV_ROW_BROKEN)) { /* the intact row replaces it */
        forest->key[row] = forest->key[known];
        forest->flags[known] |= OV_ROW_FORWARD;
        forest->forwards = true;
        forest->key[known] = ov_key_link(row);
        *slot = make_slot(seek->hash, row);
    } else {
        forest->flags[row] |= OV_ROW_DUPLICATE;
        forest->duplicates++;
        forest->flags[known] |= OV_ROW_REPEATED;
        forest->key[row] = ov_key_link(known);
    }
    return OV_OK;
}

static enum ov_status add_parent(struct ov_forest *forest, ov_node row,
                                 const struct ov_entry *entry, const struct seek *seek,
                                 struct ov_error *err)
{
    if (ov_key_tag(&entry->parent) == 0) {
        forest->flags[row] |= OV_ROW_TOP;
        return OV_OK;
    }
    if (ov_key_equal(&entry->parent, &entry->id)) {
        forest->flags[row] |= OV_ROW_SELF;
        forest->selfs++;
        if (ov_forest_is(forest, row, OV_ROW_DUPLICATE)) /* its parent is the first row */
            forest->parent[row] = forest->key[row].halves[0];
        return OV_OK;
    }
    uint64_t *slot = find_slot(forest, seek->at, seek->hash, &entry->parent);
    if (*slot == 0) {
        enum ov_status status =
            add_name(forest, &entry->parent, seek->hash, OV_NODE_NONE, slot, err);
        if (status != OV_OK)
            return status;
    }
    forest->parent[row] = slot_node(*slot);
    return OV_OK;
}

static enum ov_status add_row(struct ov_forest *forest, const struct ov_entry *entry,
                              const struct seek seeks[2], struct ov_error *err)
{
    enum ov_status status = OV_OK;
    bool broken = is_broken(entry);
    ov_node row = forest->count;
    forest->key[row] = (struct ov_key){.words = {0, 0}};
    forest->parent[row] = OV_NODE_NONE;
    forest->flags[row] = broken ? OV_ROW_BROKEN : 0;
    forest->brokens |= broken;
    if (ov_key_tag(&entry->id))
        status = add_id(forest, row, entry, &seeks[0], err);
    else
        forest->flags[row] |= OV_ROW_ANONYMOUS;
    if (status == OV_OK && !broken)
        status = add_parent(forest, row, entry, &seeks[1], err);
    if (status == OV_OK)
        forest->count++;
    return status;
}

/* Starts the lookup of a key: prefetches its home slot … */
static void seek_slot(const struct ov_forest *forest, const struct ov_key *key, struct seek *seek)
{
    seek->hash = ov_key_hash(key, forest->hash_key);
    seek->at = home(forest, seek->hash);
    __builtin_prefetch(&forest->slots[seek->at]);
}

/* … then finds the slot and prefetches the key it refers to. */
static void seek_key(const struct ov_forest *forest, struct seek *seek)
{
    seek->at = probe(forest, seek->at, seek->hash);
    if (forest->slots[seek->at])
        __builtin_prefetch(node_key(forest, slot_node(forest->slots[seek->at])));
}

static void seek_slots(const struct ov_forest *forest, const struct ov_entry *entries, size_t count,
                       struct seek seeks[][2])
{
    for (size_t i = 0; i < count; i++) {
        seek_slot(forest, &entries[i].id, &seeks[i][0]);
        seek_slot(forest, &entries[i].parent, &seeks[i][1]);
    }
}

enum ov_status ov_forest_add(struct ov_forest *forest, const struct ov_entry *entries, size_t count,
                             struct ov_error *err)
{
    struct seek seeks[2][AHEAD][2]; /* of a group of rows, and of the next group */
    enum ov_status status = OV_OK;
    if (forest->count + (uint64_t)count > OV_ROWS_MAX)
        return ov_fail(err, OV_E_LIMIT, "more than %d rows", OV_ROWS_MAX);
    if (!grow_rows(forest, forest->count + count) || !grow_slots(forest, 2 * count))
        return ov_fail_memory(err);
    seek_slots(forest, entries, count < AHEAD ? count : AHEAD, seeks[0]);
    for (size_t i = 0, group = 0; i < count; i += AHEAD, group ^= 1) {
        size_t end = i + AHEAD < count ? i + AHEAD : count;
        size_t next = end + AHEAD < count ? end + AHEAD : count;
        seek_slots(forest, entries + end, next - end, seeks[group ^ 1]);
        for (size_t k = 0; k < end - i; k++) {
            seek_key(forest, &seeks[group][k][0]);
            seek_key(forest, &seeks[group][k][1]);
        }
        for (size_t k = 0; status == OV_OK && k < end - i; k++)
            status = add_row(forest, &entries[i + k], seeks[group][k], err);
    }
    return status;
}

enum ov_status ov_forest_add_existing(struct ov_forest *forest, struct ov_text id,
                                      struct ov_error *err)
{
    struct ov_key key = ov_key_of(id);
    uint32_t hash = ov_key_hash(&key, forest->hash_key);
    if (!grow_slots(forest, 1))
        return ov_fail_memory(err);
    uint64_t *slot = find_slot(forest, home(forest, hash), hash, &key);
    enum ov_status status =
        *slot ? OV_OK : add_name(forest, &key, hash, OV_NODE_EXISTING, slot, err);
    forest->existing = forest->name_count;
    return status;
}

void ov_forest_set_parent(struct ov_forest *forest, ov_node row, ov_node parent)
{
    forest->flags[row] &= (uint8_t)~OV_ROW_TOP;
    if (parent == row) {
        forest->flags[row] |= OV_ROW_SELF;
        forest->selfs++;
        forest->parent[row] = OV_NODE_NONE;
        return;
    }
    if (ov_node_is_row(parent) && ov_forest_first(forest, parent) != row)
        parent = ov_forest_first(forest, parent);
    forest->parent[row] = parent;
}

enum ov_status ov_forest_identify(struct ov_forest *forest, ov_node row, struct ov_text id,
                                  struct ov_error *err)
{
    struct ov_entry entry = {.id = ov_key_of(id)};
    struct seek seek;
    if (!grow_slots(forest, 1))
        return ov_fail_memory(err);
    seek_slot(forest, &entry.id, &seek);
    forest->flags[row] &= (uint8_t)~OV_ROW_ANONYMOUS;
    return add_id(forest, row, &entry, &seek, err);
}

enum ov_status ov_forest_add_missing(struct ov_forest *forest, struct ov_text text, ov_node *name,
                                     struct ov_error *err)
{
    struct ov_key key = ov_key_of(text);
    *name = OV_NODE_NAME + forest->name_count;
    return append_name(forest, &key, OV_NODE_NONE, err);
}

ov_node ov_forest_find(const struct ov_forest *forest, struct ov_text id)
{
    struct ov_key key = ov_key_of(id);
    uint32_t hash = ov_key_hash(&key, forest->hash_key);
    if (forest->slot_count == 0)
        return OV_NODE_NONE;
    const uint64_t *slot = find_slot(forest, home(forest, hash), hash, &key);
    return *slot ? slot_node(*slot) : OV_NODE_NONE;
}

void ov_forest_prefetch(const struct ov_forest *forest, struct ov_text id)
{
    struct ov_key key = ov_key_of(id);
    if (forest->slot_count)
        __builtin_prefetch(&forest->slots[home(forest, ov_key_hash(&key, forest->hash_key))], 1);
}

bool ov_forest_knows(const struct ov_forest *forest, struct ov_text id)
{
    ov_node node = ov_forest_find(forest, id);
    return ov_node_is_name(node) && forest->names[node - OV_NODE_NAME].node == OV_NODE_EXISTING;
}

/* Follows links to the row that defines an identifier. */
static ov_node follow(const struct ov_forest *forest, ov_node row)
{
    while (ov_node_is_row(row) && ov_forest_is(forest, row, OV_ROW_FORWARD))
        row = forest->key[row].halves[0];
    return row;
}

void ov_forest_resolve(struct ov_forest *forest)
{
    bool names = forest->name_count > 0;
    for (ov_node row = 0; (names || forest->forwards) && row < forest->count; row++) {
        ov_node parent = forest->parent[row];
        if (ov_node_is_name(parent)) {
            ov_node node = forest->names[parent - OV_NODE_NAME].node;
            if (ov_node_is_row(node))
                parent = node;
        }
        if (forest->forwards && ov_node_is_row(parent))
            parent = follow(forest, parent);
        forest->parent[row] = parent;
    }
    free(forest->slots);
    forest->slots = NULL;
    forest->slot_count = forest->slot_used = 0;
}

ov_node ov_forest_first(const struct ov_forest *forest, ov_node row)
{
    return ov_forest_is(forest, row, OV_ROW_DUPLICATE) ? forest->key[row].halves[0] : row;
}

struct ov_text ov_forest_id(const struct ov_forest *forest, ov_node row)
{
    row = follow(forest, ov_forest_first(forest, row));
    if (ov_forest_is(forest, row, OV_ROW_ANONYMOUS))
        return (struct ov_text){0};
    return ov_key_text(&forest->key[row]);
}

struct ov_text ov_forest_name(const struct ov_forest *forest, ov_node name)
{
    return ov_key_text(&forest->names[name - OV_NODE_NAME].key);
}
