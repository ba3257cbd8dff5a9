/* vet/by_name.c: see by_name.h. */
#include "vet/by_name.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "vet/unit_ids.h"
#include "vet/variants.h"

struct ov_by_name *ov_by_name_new(enum ov_parents parents)
{
    struct ov_by_name *by_name = calloc(1, sizeof *by_name);
    if (!by_name)
        return NULL;
    by_name->parents = parents;
    by_name->forest = ov_forest_new();
    if (by_name->forest)
        return by_name;
    free(by_name);
    return NULL;
}

void ov_by_name_free(struct ov_by_name *by_name)
{
    if (!by_name)
        return;
    ov_forest_free(by_name->forest);
    free(by_name->next);
    free(by_name->same);
    free(by_name->ambiguous);
    free(by_name);
}

enum ov_status ov_by_name_add(struct ov_by_name *by_name, struct ov_text name,
                              struct ov_text parent, bool broken, struct ov_error *err)
{
    struct ov_entry entry = {.id = ov_key_of(ov_unicode_trim(name))};
    if (by_name->parents == OV_PARENTS_NAME)
        entry.parent = ov_key_of(ov_unicode_trim(parent));
    if (broken)
        entry.parent.bytes[15] = OV_KEY_BROKEN;
    return ov_forest_add(by_name->forest, &entry, 1, err);
}

/* Links the rows of each name, if their identifiers differ: several rows with one identifier are
 * one for their children. */
static bool link_names(struct ov_by_name *by_name, const struct ov_forest *forest)
{
    const struct ov_forest *names = by_name->forest;
    if (!names->duplicates)
        return true;
    by_name->next = malloc(names->count * sizeof *by_name->next);
    by_name->same = malloc(names->count * sizeof *by_name->same);
    ov_node *last = malloc(names->count * sizeof *last);
    bool fine = by_name->next && by_name->same && last;
    for (ov_node row = 0; fine && row < names->count; row++) {
        by_name->next[row] = OV_NODE_NONE;
        by_name->same[row] = 1;
        last[row] = row;
        if (!ov_forest_is(names, row, OV_ROW_DUPLICATE))
            continue;
        ov_node first = ov_forest_first(names, row);
        if (ov_text_equal(ov_forest_id(forest, row), ov_forest_id(forest, first)) &&
            ov_forest_id(forest, row).len)
            continue;
        by_name->next[last[first]] = row;
        by_name->same[first]++;
        last[first] = row;
    }
    free(last);
    return fine;
}

static bool is_ambiguous(const struct ov_by_name *by_name, ov_node row)
{
    return by_name->next && by_name->next[row] != OV_NODE_NONE;
}

static enum ov_status note_ambiguous(struct ov_by_name *by_name, ov_node name, ov_node first,
                                     struct ov_error *err)
{
    size_t index = name - OV_NODE_NAME;
    if (!ov_grow(&by_name->ambiguous, &by_name->ambiguous_capacity, index + 1,
                 sizeof *by_name->ambiguous))
        return ov_fail_memory(err);
    while (by_name->ambiguous_count <= index)
        by_name->ambiguous[by_name->ambiguous_count++] = 0;
    by_name->ambiguous[index] = first + 1;
    return OV_OK;
}

/* The node of the hierarchy for a parent found by name: its row, or a name if it is missing or
 * ambiguous; `known` has the latter, per node, as OV_NODE_NONE until it is added. */
static enum ov_status node_for(struct ov_by_name *by_name, struct ov_forest *forest, ov_node found,
                               ov_node *known, ov_node *node, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    *node = found;
    if (ov_node_is_row(found) && !is_ambiguous(by_name, found))
        return OV_OK;
    if (*known == OV_NODE_NONE) {
        struct ov_text text = ov_node_is_row(found) ? ov_forest_id(by_name->forest, found)
                                                    : ov_forest_name(by_name->forest, found);
        status = ov_forest_add_missing(forest, text, known, err);
        if (status == OV_OK && ov_node_is_row(found))
            status = note_ambiguous(by_name, *known, found, err);
    }
    *node = *known;
    return status;
}

static enum ov_status link_rows(struct ov_by_name *by_name, struct ov_forest *forest,
                                struct ov_error *err)
{
    const struct ov_forest *names = by_name->forest;
    size_t rows = names->count, all = rows + names->name_count;
    ov_node *known = malloc((all + 1) * sizeof *known);
    enum ov_status status = OV_OK;
    if (!known)
        return ov_fail_memory(err);
    for (size_t i = 0; i < all; i++)
        known[i] = OV_NODE_NONE;
    for (ov_node row = 0; row < rows && status == OV_OK; row++) {
        ov_node found = names->parent[row], node;
        if (ov_forest_is(names, row, OV_ROW_SELF))
            found = ov_forest_first(names, row);
        if (ov_forest_is(names, row, OV_ROW_SELF) && !is_ambiguous(by_name, found)) {
            ov_forest_set_parent(forest, row, row);
            continue;
        }
        if (found == OV_NODE_NONE)
            continue;
        size_t index = ov_node_is_row(found) ? found : rows + (found - OV_NODE_NAME);
        status = node_for(by_name, forest, found, &known[index], &node, err);
        if (status == OV_OK)
            ov_forest_set_parent(forest, row, node);
    }
    free(known);
    return status;
}

/* The text before the last opening bracket, if the text ends with a closing one. */
static struct ov_text before_brackets(struct ov_text text)
{
    struct ov_text inside = ov_text_in_brackets(text);
    bool round = inside.ptr && inside.ptr[-1] == '(';
    return ov_unicode_trim(
        (struct ov_text){text.ptr, round ? (size_t)(inside.ptr - text.ptr) - 1 : 0});
}

/* What a cell that is not an identifier refers to: one inside it, or a row of this name. */
static enum ov_status find_meant(struct ov_by_name *by_name, struct ov_forest *forest, uint32_t i,
                                 struct ov_error *err)
{
    struct ov_text cell = ov_unicode_trim(ov_key_text(&forest->names[i].key));
    ov_node row = OV_NODE_NONE;
    for (unsigned variant = 0; variant < OV_VARIANTS_INSIDE && !ov_node_is_row(row); variant++) {
        struct ov_text part = ov_unicode_trim(ov_identifier_inside(cell, variant));
        row = part.len ? ov_forest_find(forest, part) : OV_NODE_NONE;
    }
    if (!ov_node_is_row(row)) {
        row = ov_forest_find(by_name->forest, cell);
        if (!ov_node_is_row(row))
            row = ov_forest_find(by_name->forest, before_brackets(cell));
        if (!ov_node_is_row(row))
            return OV_OK;
        if (is_ambiguous(by_name, row))
            return note_ambiguous(by_name, OV_NODE_NAME + i, row, err);
    }
    forest->names[i].node =
        ov_forest_is(forest, row, OV_ROW_ANONYMOUS) ? row : ov_forest_first(forest, row);
    return OV_OK;
}

static enum ov_status find_all_meant(struct ov_by_name *by_name, struct ov_forest *forest,
                                     struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (uint32_t i = 0; i < forest->name_count && status == OV_OK; i++)
        if (forest->names[i].node == OV_NODE_NONE)
            status = find_meant(by_name, forest, i, err);
    for (ov_node row = 0; row < forest->count; row++)
        if (ov_node_is_name(forest->parent[row]) &&
            forest->names[forest->parent[row] - OV_NODE_NAME].node == row)
            ov_forest_set_parent(forest, row, row);
    return status;
}

/* Gives the rows that others name, but that have no identifier, their name as one. */
static enum ov_status identify_parents(struct ov_by_name *by_name, struct ov_forest *forest,
                                       struct ov_error *err)
{
    struct ov_buf id = {0};
    enum ov_status status = OV_OK;
    for (ov_node row = 0; row < forest->count && status == OV_OK; row++) {
        ov_node parent = forest->parent[row];
        if (ov_node_is_name(parent))
            parent = forest->names[parent - OV_NODE_NAME].node;
        if (!ov_node_is_row(parent) || !ov_forest_is(forest, parent, OV_ROW_ANONYMOUS))
            continue;
        struct ov_text name = ov_forest_id(by_name->forest, parent);
        id.len = 0;
        ov_buf_text(&id, name);
        ov_make_id(&id, forest, true, ov_hash(name, 0));
        status = id.failed ? ov_fail_memory(err)
                           : ov_forest_identify(forest, parent, ov_buf_view(&id), err);
    }
    ov_buf_deinit(&id);
    return status;
}

enum ov_status ov_by_name_link(struct ov_by_name *by_name, struct ov_forest *forest,
                               struct ov_error *err)
{
    if (!link_names(by_name, forest))
        return ov_fail_memory(err);
    enum ov_status status;
    if (by_name->parents == OV_PARENTS_EITHER) {
        status = find_all_meant(by_name, forest, err);
    } else {
        ov_forest_resolve(by_name->forest);
        status = link_rows(by_name, forest, err);
    }
    return status == OV_OK ? identify_parents(by_name, forest, err) : status;
}

ov_node ov_by_name_ambiguous(const struct ov_by_name *by_name, ov_node parent)
{
    if (!by_name || !ov_node_is_name(parent) || parent - OV_NODE_NAME >= by_name->ambiguous_count)
        return OV_NODE_NONE;
    uint32_t first = by_name->ambiguous[parent - OV_NODE_NAME];
    return first ? first - 1 : OV_NODE_NONE;
}
