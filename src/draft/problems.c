/* draft/problems.c: see problems.h. */
#include "draft/problems.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

const char *ov_problem_kind_name(enum ov_problem_kind kind)
{
    static const char *const names[] = {
        [OV_PROBLEM_PARENT] = "parent",     [OV_PROBLEM_DUPLICATE] = "duplicate",
        [OV_PROBLEM_CIRCULAR] = "circular", [OV_PROBLEM_VALUE] = "value",
        [OV_PROBLEM_LINE] = "line",         [OV_PROBLEM_FILE] = "file"};
    return names[kind];
}

static enum ov_problem_kind kind_of(const struct ov_item *item)
{
    switch (item->rule) {
    case OV_R402: return OV_PROBLEM_PARENT;
    case OV_R401: return OV_PROBLEM_DUPLICATE;
    case OV_R404: return OV_PROBLEM_CIRCULAR;
    case OV_R114:
    case OV_R115:
    case OV_R116: return item->row == OV_NO_ROW ? OV_PROBLEM_LINE : OV_PROBLEM_VALUE;
    default: break;
    }
    return item->row == OV_NO_ROW || item->row == 0 ? OV_PROBLEM_FILE : OV_PROBLEM_VALUE;
}

bool ov_problem_has(const struct ov_problem *problem, const struct ov_item *item)
{
    enum ov_problem_kind kind = kind_of(item);
    bool by_column = kind == OV_PROBLEM_VALUE || kind == OV_PROBLEM_FILE;
    return problem->rule == item->rule && problem->kind == kind &&
           (!by_column || problem->column == item->header);
}

static bool add_item(struct ov_problems *problems, const struct ov_item *item, size_t index)
{
    enum ov_problem_kind kind = kind_of(item);
    for (size_t i = 0; i < problems->count; i++) {
        if (!ov_problem_has(&problems->items[i], item))
            continue;
        problems->items[i].count++;
        if (item->severity > problems->items[i].severity)
            problems->items[i].severity = item->severity;
        return true;
    }
    if (!ov_grow(&problems->items, &problems->capacity, problems->count + 1,
                 sizeof *problems->items))
        return false;
    problems->items[problems->count++] = (struct ov_problem){
        .rule = item->rule,
        .severity = item->severity,
        .kind = kind,
        .column = kind == OV_PROBLEM_VALUE || kind == OV_PROBLEM_FILE ? item->header : OV_NO_COLUMN,
        .count = 1,
        .first = index};
    return true;
}

/* Where not all findings are kept, the only problem of a rule has all that were counted. */
static void complete_counts(const struct ov_list *list, struct ov_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        bool alone = true;
        for (size_t k = 0; k < problems->count; k++)
            alone &= k == i || problems->items[k].rule != problems->items[i].rule;
        if (alone)
            problems->items[i].count =
                ov_list_count(list, (enum ov_rule_index)problems->items[i].rule);
    }
}

/* Errors first; then what is about more than one cell of one row; among equals, what clears most.
 */
static int by_urgency(const void *a, const void *b)
{
    static const int turn[] = {
        [OV_PROBLEM_FILE] = 0,  [OV_PROBLEM_LINE] = 1,      [OV_PROBLEM_PARENT] = 2,
        [OV_PROBLEM_VALUE] = 3, [OV_PROBLEM_DUPLICATE] = 4, [OV_PROBLEM_CIRCULAR] = 5};
    const struct ov_problem *one = a, *other = b;
    if (one->severity != other->severity)
        return other->severity - one->severity;
    if (one->kind != other->kind)
        return turn[one->kind] - turn[other->kind];
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return one->first < other->first ? -1 : 1;
}

bool ov_problems_find(const struct ov_view *view, struct ov_problems *problems)
{
    const struct ov_list *list = ov_check_list(view->check);
    for (size_t i = 0; i < list->count; i++)
        if (!add_item(problems, &list->items[i], i))
            return false;
    complete_counts(list, problems);
    if (problems->count)
        qsort(problems->items, problems->count, sizeof *problems->items, by_urgency);
    return true;
}

/* --- values --- */

static int by_hash(const void *a, const void *b)
{
    const struct ov_problem_value *one = a, *other = b;
    if (one->hash != other->hash)
        return one->hash < other->hash ? -1 : 1;
    return one->item < other->item ? -1 : one->item > other->item;
}

static int by_rows(const void *a, const void *b)
{
    const struct ov_problem_value *one = a, *other = b;
    if (one->rows != other->rows)
        return one->rows > other->rows ? -1 : 1;
    if (one->item != other->item)
        return one->item < other->item ? -1 : 1;
    return one->node < other->node ? -1 : one->node > other->node;
}

/* Merges equal values. */
static void merge(struct ov_problem_values *values)
{
    size_t kept = 0;
    if (values->count)
        qsort(values->items, values->count, sizeof *values->items, by_hash);
    for (size_t i = 0; i < values->count; i++) {
        if (kept && values->items[kept - 1].hash == values->items[i].hash)
            values->items[kept - 1].rows += values->items[i].rows;
        else
            values->items[kept++] = values->items[i];
    }
    values->count = kept;
    if (kept)
        qsort(values->items, kept, sizeof *values->items, by_rows);
}

static bool add_value(struct ov_problem_values *values, struct ov_problem_value value)
{
    if (!ov_grow(&values->items, &values->capacity, values->count + 1, sizeof *values->items))
        return false;
    values->items[values->count++] = value;
    return true;
}

bool ov_problem_is_of_value(uint8_t rule)
{
    switch (rule) {
    case OV_R303:
    case OV_R304:
    case OV_R305:
    case OV_R306:
    case OV_R307:
    case OV_R308:
    case OV_R309:
    case OV_R310:
    case OV_R311:
    case OV_R313:
    case OV_R314: return true;
    default: return false;
    }
}

/* The values of cells with findings; of other rules, each finding. */
static bool find_cell_values(const struct ov_list *list, const struct ov_problem *problem,
                             struct ov_problem_values *values)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct ov_item *item = &list->items[i];
        /* a value that was cut may be that of different cells */
        bool alone = !ov_problem_is_of_value(item->rule) || item->value.len > OV_VALUE_MAX;
        uint64_t hash = alone ? i : ov_hash(item->value, item->message);
        const struct ov_problem_value value = {hash, 1, i, OV_NODE_NONE};
        if (ov_problem_has(problem, item) && !add_value(values, value))
            return false;
    }
    merge(values);
    return true;
}

/* The names of missing parents, with all their rows, whether their findings are kept or not. */
static bool find_missing(const struct ov_view *view, struct ov_problem_values *values)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    const struct ov_list *list = ov_check_list(view->check);
    struct ov_problem_value *names = calloc(forest->name_count + 1, sizeof *names);
    bool fine = names != NULL;
    for (ov_node row = 0; fine && row < forest->count; row++) {
        ov_node parent = forest->parent[row];
        if (ov_forest_is_missing(forest, parent) && !ov_forest_is(forest, row, OV_ROW_BROKEN))
            names[parent - OV_NODE_NAME].rows++;
    }
    for (uint32_t i = 0; fine && i < forest->name_count; i++) {
        names[i].item = SIZE_MAX;
        names[i].node = OV_NODE_NAME + i;
    }
    for (size_t i = list->count; fine && i-- > 0;) {
        const struct ov_item *item = &list->items[i];
        ov_node node = item->rule == OV_R402 ? ov_item_node(item) : OV_NODE_NONE;
        if (node < forest->count && ov_node_is_name(forest->parent[node]))
            names[forest->parent[node] - OV_NODE_NAME].item = i;
    }
    for (uint32_t i = 0; fine && i < forest->name_count; i++)
        fine = names[i].rows == 0 || add_value(values, names[i]);
    free(names);
    if (fine && values->count)
        qsort(values->items, values->count, sizeof *values->items, by_rows);
    return fine;
}

/* The identifiers that several rows have: of each, the first later row. */
static bool find_duplicates(const struct ov_view *view, struct ov_problem_values *values)
{
    const struct ov_list *list = ov_check_list(view->check);
    const struct ov_forest *forest = ov_check_forest(view->check);
    for (size_t i = 0; i < list->count; i++) {
        const struct ov_item *item = &list->items[i];
        ov_node node = item->rule == OV_R401 ? ov_item_node(item) : OV_NODE_NONE;
        if (node >= forest->count)
            continue;
        ov_node first = ov_forest_first(forest, node);
        if (!add_value(values, (struct ov_problem_value){first + UINT64_C(1), 1, i, first}))
            return false;
    }
    merge(values);
    return true;
}

bool ov_problem_values_find(const struct ov_view *view, const struct ov_problem *problem,
                            struct ov_problem_values *values)
{
    switch (problem->kind) {
    case OV_PROBLEM_PARENT: return find_missing(view, values);
    case OV_PROBLEM_DUPLICATE: return find_duplicates(view, values);
    default: return find_cell_values(ov_check_list(view->check), problem, values);
    }
}
