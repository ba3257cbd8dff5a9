/* draft/answer_problems.c: answers questions about what is wrong with a file, by kind, and about
 * how it could be fixed. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "draft/answer.h"
#include "draft/question.h"
#include "draft/reply.h"
#include "payload/fix/edits.h"

enum {
    CELL = 300,     /* bytes of a cell */
    ROWS_SHOWN = 20 /* rows of one value, or of one duplicate identifier */
};

/* What a problem is made of. */
enum kind { PARENT, DUPLICATE, CIRCULAR, VALUE, LINE, WHOLE };

static const char *kind_name(enum kind kind)
{
    static const char *const names[] = {
        [PARENT] = "parent", [DUPLICATE] = "duplicate", [CIRCULAR] = "circular",
        [VALUE] = "value",   [LINE] = "line",           [WHOLE] = "file"};
    return names[kind];
}

static enum kind kind_of(const struct ov_item *item)
{
    switch (item->rule) {
    case OV_R402: return PARENT;
    case OV_R401: return DUPLICATE;
    case OV_R404: return CIRCULAR;
    case OV_R114:
    case OV_R115:
    case OV_R116: return item->row == OV_NO_ROW ? LINE : VALUE;
    default: break;
    }
    return item->row == OV_NO_ROW || item->row == 0 ? WHOLE : VALUE;
}

/* --- groups --- */

/* Findings of one rule and one column, which are one problem to people. */
struct group {
    uint8_t rule, severity;
    enum kind kind;
    uint32_t column; /* OV_NO_COLUMN: of none, or of all */
    uint64_t count;
    size_t first; /* index of the first finding */
};

struct groups {
    struct group *items; /* owned */
    size_t count, capacity;
};

static bool is_in(const struct group *group, const struct ov_item *item)
{
    enum kind kind = kind_of(item);
    bool by_column = kind == VALUE || kind == WHOLE;
    return group->rule == item->rule && group->kind == kind &&
           (!by_column || group->column == item->header);
}

static bool add_item(struct groups *groups, const struct ov_item *item, size_t index)
{
    enum kind kind = kind_of(item);
    for (size_t i = 0; i < groups->count; i++) {
        if (!is_in(&groups->items[i], item))
            continue;
        groups->items[i].count++;
        if (item->severity > groups->items[i].severity)
            groups->items[i].severity = item->severity;
        return true;
    }
    if (!ov_grow(&groups->items, &groups->capacity, groups->count + 1, sizeof *groups->items))
        return false;
    groups->items[groups->count++] =
        (struct group){.rule = item->rule,
                       .severity = item->severity,
                       .kind = kind,
                       .column = kind == VALUE || kind == WHOLE ? item->header : OV_NO_COLUMN,
                       .count = 1,
                       .first = index};
    return true;
}

/* Where not all findings are kept, the only group of a rule has all that were counted. */
static void complete_counts(const struct ov_list *list, struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        bool alone = true;
        for (size_t k = 0; k < groups->count; k++)
            alone &= k == i || groups->items[k].rule != groups->items[i].rule;
        if (alone)
            groups->items[i].count = ov_list_count(list, (enum ov_rule_index)groups->items[i].rule);
    }
}

/* Errors first; then in the order in which the problems are best fixed: lines that are not rows,
 * values, identifiers, parents; among equals, what clears most. */
static int by_urgency(const void *a, const void *b)
{
    static const int turn[] = {
        [WHOLE] = 0, [LINE] = 1, [VALUE] = 3, [DUPLICATE] = 4, [CIRCULAR] = 5, [PARENT] = 2};
    const struct group *one = a, *other = b;
    if (one->severity != other->severity)
        return other->severity - one->severity;
    if (one->kind != other->kind)
        return turn[one->kind] - turn[other->kind];
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return one->first < other->first ? -1 : 1;
}

static bool find_groups(const struct ov_view *view, struct groups *groups)
{
    const struct ov_list *list = ov_check_list(view->check);
    for (size_t i = 0; i < list->count; i++)
        if (!add_item(groups, &list->items[i], i))
            return false;
    complete_counts(list, groups);
    if (groups->count)
        qsort(groups->items, groups->count, sizeof *groups->items, by_urgency);
    return true;
}

/* --- values --- */

/* A value that several findings of a problem have in common. */
struct value {
    uint64_t hash;
    uint64_t rows;
    size_t item;  /* index of the first finding with it */
    ov_node node; /* of a missing parent: the name */
};
struct values {
    struct value *items; /* owned */
    size_t count, capacity;
};

static int by_hash(const void *a, const void *b)
{
    const struct value *one = a, *other = b;
    if (one->hash != other->hash)
        return one->hash < other->hash ? -1 : 1;
    return one->item < other->item ? -1 : one->item > other->item;
}

static int by_rows(const void *a, const void *b)
{
    const struct value *one = a, *other = b;
    if (one->rows != other->rows)
        return one->rows > other->rows ? -1 : 1;
    return one->item < other->item ? -1 : 1;
}

/* Merges equal values. */
static void merge(struct values *values)
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

static bool add_value(struct values *values, struct value value)
{
    if (!ov_grow(&values->items, &values->capacity, values->count + 1, sizeof *values->items))
        return false;
    values->items[values->count++] = value;
    return true;
}

/* The values of cells with findings. */
static bool find_cell_values(const struct ov_list *list, const struct group *group,
                             struct values *values)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct ov_item *item = &list->items[i];
        const struct value value = {ov_hash(item->value, item->message), 1, i, OV_NODE_NONE};
        if (is_in(group, item) && !add_value(values, value))
            return false;
    }
    merge(values);
    return true;
}

/* The names of missing parents, with all their rows, whether their findings are kept or not. */
static bool find_missing(const struct ov_view *view, struct values *values)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    const struct ov_list *list = ov_check_list(view->check);
    struct value *names = calloc(forest->name_count + 1, sizeof *names);
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
static bool find_duplicates(const struct ov_view *view, struct values *values)
{
    const struct ov_list *list = ov_check_list(view->check);
    const struct ov_forest *forest = ov_check_forest(view->check);
    for (size_t i = 0; i < list->count; i++) {
        const struct ov_item *item = &list->items[i];
        ov_node node = item->rule == OV_R401 ? ov_item_node(item) : OV_NODE_NONE;
        if (node >= forest->count)
            continue;
        ov_node first = ov_forest_first(forest, node);
        if (!add_value(values, (struct value){first + UINT64_C(1), 1, i, first}))
            return false;
    }
    merge(values);
    return true;
}

static bool find_values(const struct ov_view *view, const struct group *group,
                        struct values *values)
{
    switch (group->kind) {
    case PARENT: return find_missing(view, values);
    case DUPLICATE: return find_duplicates(view, values);
    default: return find_cell_values(ov_check_list(view->check), group, values);
    }
}

/* --- fixes --- */

/* The text of a cell with a finding; borrowed until the next row is read. */
static enum ov_status cell_of(struct ov_view *view, const struct ov_item *item,
                              struct ov_text *cell, struct ov_error *err)
{
    struct ov_view_row row;
    enum ov_status status = ov_view_read(view, item->row - 1, &row, err);
    if (status == OV_OK)
        *cell = ov_view_column(&row, (int)item->header);
    return status;
}

/* Whether a finding can be fixed by replacing the value of its cell, wherever it occurs in the
 * column. *to: by what; arena. */
static enum ov_status fix_of(struct ov_view *view, const struct ov_item *item,
                             struct ov_arena *arena, bool *there, struct ov_text *from,
                             struct ov_text *to, struct ov_error *err)
{
    enum ov_fix_kind kind = ov_edits_kind(item);
    enum ov_status status = OV_OK;
    *there = false;
    if (kind == OV_FIX_KINDS || item->row == 0 || item->row > view->tree.rows ||
        kind == OV_FIX_ZEROS)
        return OV_OK;
    struct ov_text cell;
    status = cell_of(view, item, &cell, err);
    if (status != OV_OK)
        return status;
    struct ov_text wanted =
        kind == OV_FIX_SPACE ? ov_edits_trim(view->check, item->header, cell) : item->suggestion;
    if (ov_text_equal(wanted, cell))
        return OV_OK;
    if (!ov_arena_copy(arena, cell, from) || !ov_arena_copy(arena, wanted, to))
        return ov_fail_memory(err);
    *there = true;
    return OV_OK;
}

static unsigned percent_of(const struct ov_item *item)
{
    return item->rule == OV_R402 ? ov_edits_confidence(item) : 100;
}

/* --- writing --- */

/* A row, as people know it. */
static enum ov_status put_row(struct ov_view *view, ov_node row, struct ov_json *json,
                              struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    struct ov_view_row read;
    enum ov_status status = ov_view_read(view, row, &read, err);
    if (status != OV_OK)
        return status;
    ov_json_object(json, NULL);
    ov_json_number(json, "row", (uint64_t)row + 1);
    ov_json_number(json, "line", read.line);
    ov_json_signed(json, "key", read.added ? -(int64_t)read.added : (int64_t)read.line);
    ov_json_text(json, "id", ov_utf8_cut(ov_forest_id(forest, row), CELL));
    ov_json_text(
        json, "name",
        ov_utf8_cut(ov_view_column(&read, ov_check_facts(view->check)->name_column), CELL));
    ov_json_text(
        json, "parent",
        ov_utf8_cut(ov_view_column(&read, ov_check_facts(view->check)->parent_column), CELL));
    ov_json_number(json, "below", view->tree.below[row]);
    ov_json_list(json, "cells");
    for (uint32_t i = 0; i < read.cells && i < OV_REPLY_MAX_COLUMNS; i++)
        ov_json_text(json, NULL, ov_utf8_cut(ov_view_cell(&read), CELL));
    ov_json_end(json);
    ov_json_end(json);
    return OV_OK;
}

static void put_texts(const struct ov_finding *finding, struct ov_json *json)
{
    ov_json_text(json, "message", finding->message);
    ov_json_nonempty(json, "help", finding->help);
}

/* What a value could be replaced by. */
static enum ov_status put_suggestion(struct ov_view *view, const struct ov_item *item,
                                     struct ov_json *json, struct ov_error *err)
{
    struct ov_arena arena = {0};
    struct ov_text from, to;
    bool there;
    enum ov_status status = fix_of(view, item, &arena, &there, &from, &to, err);
    if (status == OV_OK && there) {
        ov_json_text(json, "from", from);
        ov_json_text(json, "to", to);
        ov_json_number(json, "percent", percent_of(item));
    }
    ov_arena_deinit(&arena);
    return status;
}

/* The name of the row that is suggested as a parent: the last one that starts on its line or
 * above. */
static enum ov_status put_meant(struct ov_view *view, const struct ov_item *item,
                                struct ov_json *json, struct ov_error *err)
{
    uint32_t low = 0, high = view->tree.rows;
    struct ov_view_row read;
    enum ov_status status = OV_OK;
    if (item->rule != OV_R402 || !item->suggestion.len)
        return OV_OK;
    while (low < high && status == OV_OK) {
        uint32_t middle = low + (high - low) / 2;
        status = ov_view_read(view, middle, &read, err);
        if (read.line > item->n)
            high = middle;
        else
            low = middle + 1;
    }
    if (status != OV_OK || low == 0 ||
        !ov_text_equal(ov_forest_id(ov_check_forest(view->check), low - 1), item->suggestion))
        return status;
    status = ov_view_read(view, low - 1, &read, err);
    if (status == OV_OK)
        ov_json_text(
            json, "to_name",
            ov_utf8_cut(ov_view_column(&read, ov_check_facts(view->check)->name_column), CELL));
    return status;
}

static enum ov_status put_value(struct ov_view *view, const struct group *group,
                                const struct value *value, struct ov_json *json,
                                struct ov_error *err)
{
    const struct ov_list *list = ov_check_list(view->check);
    const struct ov_item *item = value->item < list->count ? &list->items[value->item] : NULL;
    enum ov_status status = OV_OK;
    struct ov_finding finding;
    ov_json_object(json, NULL);
    ov_json_number(json, "rows", value->rows);
    if (group->kind == PARENT)
        ov_json_text(json, "value", ov_forest_name(ov_check_forest(view->check), value->node));
    if (item) {
        struct ov_text cell = item->value;
        if (group->kind == VALUE && item->row && item->row <= view->tree.rows &&
            item->header != OV_NO_COLUMN)
            status = cell_of(view, item, &cell, err);
        if (group->kind != PARENT && status == OV_OK)
            ov_json_text(json, "value", cell);
        if (status == OV_OK)
            status = ov_view_finding(view, value->item, &finding);
        if (status == OV_OK) {
            ov_json_number(json, "line", item->place.line);
            ov_json_signed(json, "row", finding.row);
            put_texts(&finding, json);
            status = put_suggestion(view, item, json, err);
        }
        if (status == OV_OK)
            status = put_meant(view, item, json, err);
    }
    ov_json_end(json);
    return status;
}

static enum ov_status put_duplicate(struct ov_view *view, const struct value *value,
                                    struct ov_json *json, struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    const struct ov_list *list = ov_check_list(view->check);
    enum ov_status status = OV_OK;
    ov_json_object(json, NULL);
    ov_json_text(json, "value", ov_forest_id(forest, value->node));
    ov_json_number(json, "rows", value->rows + 1);
    ov_json_list(json, "all");
    status = put_row(view, value->node, json, err);
    for (size_t i = value->item, shown = 1;
         i < list->count && shown < ROWS_SHOWN && status == OV_OK; i++) {
        ov_node node =
            list->items[i].rule == OV_R401 ? ov_item_node(&list->items[i]) : OV_NODE_NONE;
        if (node >= forest->count || ov_forest_first(forest, node) != value->node)
            continue;
        status = put_row(view, node, json, err);
        shown++;
    }
    ov_json_end(json);
    ov_json_end(json);
    return status;
}

/* A circular reporting line: its rows in order, each one's parent is the next one, the last one's
 * the first. */
static enum ov_status put_circle(struct ov_view *view, const struct ov_cycle *cycle,
                                 struct ov_json *json, struct ov_error *err)
{
    enum { MEMBERS_SHOWN = 100 };
    const struct ov_cycles *cycles = ov_check_cycles(view->check);
    enum ov_status status = OV_OK;
    ov_json_object(json, NULL);
    ov_json_number(json, "rows", cycle->loop_count);
    ov_json_number(json, "below", cycle->below);
    ov_json_number(json, "cut", (uint64_t)cycle->cut + 1);
    ov_json_list(json, "all");
    for (size_t i = 0; i < cycle->loop_count && i < MEMBERS_SHOWN && status == OV_OK; i++)
        status = put_row(view, cycles->rows[cycle->loop + i], json, err);
    ov_json_end(json);
    ov_json_end(json);
    return status;
}

/* --- questions --- */

static void put_group(const struct ov_view *view, const struct group *group,
                      const struct values *values, struct ov_json *json)
{
    const struct ov_rule *rule = ov_rule_at(group->rule);
    const struct ov_item *item = &ov_check_list(view->check)->items[group->first];
    uint64_t fixable = 0;
    for (size_t i = 0; i < values->count; i++) {
        size_t index = values->items[i].item;
        fixable += index < ov_check_list(view->check)->count &&
                   ov_edits_kind(&ov_check_list(view->check)->items[index]) != OV_FIX_KINDS;
    }
    ov_json_object(json, NULL);
    ov_json_string(json, "code", rule->code);
    ov_json_string(json, "name", rule->name);
    ov_json_string(json, "kind", kind_name(group->kind));
    ov_json_string(json, "severity", ov_severity_name((enum ov_severity)group->severity));
    ov_json_string(json, "summary",
                   ov_translate(ov_check_choices(view->check)->language, rule->summary));
    if (group->column != OV_NO_COLUMN)
        ov_json_number(json, "column", group->column);
    ov_json_number(json, "count", group->count);
    ov_json_number(json, "values",
                   group->kind == CIRCULAR ? ov_check_cycles(view->check)->count : values->count);
    ov_json_number(json, "fixable", fixable);
    ov_json_number(json, "line", item->place.line);
    ov_json_signed(json, "row", item->row == OV_NO_ROW ? -1 : (int64_t)item->row);
    ov_json_end(json);
}

/* The problems of a file, the most urgent one first. */
enum ov_status ov_answer_problems(const struct ov_question *question, struct ov_json *json,
                                  struct ov_error *err)
{
    struct ov_view *view = question->view;
    struct groups groups = {0};
    bool fine = find_groups(view, &groups);
    ov_json_list(json, NULL);
    for (size_t i = 0; i < groups.count && fine; i++) {
        struct values values = {0};
        fine = find_values(view, &groups.items[i], &values);
        if (fine)
            put_group(view, &groups.items[i], &values, json);
        free(values.items);
    }
    ov_json_end(json);
    free(groups.items);
    return fine ? OV_OK : ov_fail_memory(err);
}

/* The group that the parameters `code`, `kind` and `column` name; NULL if there is none. */
static const struct group *asked_group(const struct ov_question *question,
                                       const struct groups *groups)
{
    struct ov_text code = ov_question_param(question, "code"),
                   kind = ov_question_param(question, "kind"),
                   column = ov_question_param(question, "column");
    uint32_t number =
        column.len ? ov_question_number(question, "column", UINT32_MAX) : OV_NO_COLUMN;
    for (size_t i = 0; i < groups->count; i++) {
        const struct group *group = &groups->items[i];
        if (ov_text_equal(code, ov_text_of(ov_rule_at(group->rule)->code)) &&
            (!kind.len || ov_text_equal(kind, ov_text_of(kind_name(group->kind)))) &&
            group->column == number)
            return group;
    }
    return NULL;
}

static enum ov_status put_entries(const struct ov_question *question, const struct group *group,
                                  const struct values *values, struct ov_json *json,
                                  struct ov_error *err)
{
    const struct ov_cycles *cycles = ov_check_cycles(question->view->check);
    size_t total = group->kind == CIRCULAR ? cycles->count : values->count;
    size_t from = ov_question_number(question, "from", UINT32_MAX);
    size_t most = ov_question_number(question, "most", OV_REPLY_MAX_ROWS);
    if (most == 0)
        most = OV_REPLY_MAX_ROWS;
    enum ov_status status = OV_OK;
    ov_json_number(json, "total", total);
    ov_json_list(json, "entries");
    for (size_t i = from;
         i < total && i - from < most && json->out->len < OV_REPLY_MAX_BYTES && status == OV_OK;
         i++) {
        if (group->kind == CIRCULAR)
            status = put_circle(question->view, &cycles->items[i], json, err);
        else if (group->kind == DUPLICATE)
            status = put_duplicate(question->view, &values->items[i], json, err);
        else
            status = put_value(question->view, group, &values->items[i], json, err);
    }
    ov_json_end(json);
    return status;
}

/* One problem: its values, with the number of their rows and what could be done about them. */
enum ov_status ov_answer_problem(const struct ov_question *question, struct ov_json *json,
                                 struct ov_error *err)
{
    struct groups groups = {0};
    struct values values = {0};
    enum ov_status status = find_groups(question->view, &groups) ? OV_OK : ov_fail_memory(err);
    const struct group *group = status == OV_OK ? asked_group(question, &groups) : NULL;
    if (group && group->kind != CIRCULAR && !find_values(question->view, group, &values))
        status = ov_fail_memory(err);
    if (status == OV_OK && group) {
        ov_json_object(json, NULL);
        status = put_entries(question, group, &values, json, err);
        ov_json_end(json);
    } else if (status == OV_OK) {
        ov_json_null(json, NULL);
    }
    free(values.items);
    free(groups.items);
    return status;
}

/* A value that can be replaced. */
struct replacement {
    uint64_t hash;
    uint64_t rows;
    size_t item;
    struct ov_text from, to; /* arena */
};

static int by_replacement(const void *a, const void *b)
{
    const struct replacement *one = a, *other = b;
    if (one->hash != other->hash)
        return one->hash < other->hash ? -1 : 1;
    return one->item < other->item ? -1 : 1;
}

static int by_size(const void *a, const void *b)
{
    const struct replacement *one = a, *other = b;
    if (one->rows != other->rows)
        return one->rows > other->rows ? -1 : 1;
    return one->item < other->item ? -1 : 1;
}

/* Fixes that can be made by replacing values: one for each value of a column. */
enum ov_status ov_answer_all_fixes(const struct ov_question *question, struct ov_json *json,
                                   struct ov_error *err)
{
    struct ov_view *view = question->view;
    const struct ov_list *list = ov_check_list(view->check);
    struct replacement *all = calloc(list->count + 1, sizeof *all);
    struct ov_arena arena = {0};
    size_t count = 0, kept = 0;
    enum ov_status status = all ? OV_OK : ov_fail_memory(err);
    for (size_t i = 0; i < list->count && status == OV_OK; i++) {
        bool there;
        struct replacement *one = &all[count];
        status = fix_of(view, &list->items[i], &arena, &there, &one->from, &one->to, err);
        if (status != OV_OK || !there)
            continue;
        one->hash = ov_hash(one->to, ov_hash(one->from, list->items[i].header + UINT64_C(1)));
        one->rows = 1;
        one->item = i;
        count++;
    }
    if (count)
        qsort(all, count, sizeof *all, by_replacement);
    for (size_t i = 0; i < count; i++) {
        if (kept && all[kept - 1].hash == all[i].hash)
            all[kept - 1].rows++;
        else
            all[kept++] = all[i];
    }
    if (kept)
        qsort(all, kept, sizeof *all, by_size);
    ov_json_list(json, NULL);
    for (size_t i = 0; i < kept && i < OV_REPLY_MAX_FOUND && status == OV_OK &&
                       json->out->len < OV_REPLY_MAX_BYTES;
         i++) {
        const struct ov_item *item = &list->items[all[i].item];
        struct ov_finding finding;
        status = ov_view_finding(view, all[i].item, &finding);
        if (status != OV_OK)
            break;
        ov_json_object(json, NULL);
        ov_json_string(json, "code", finding.rule->code);
        ov_json_number(json, "column", item->header);
        ov_json_text(json, "from", all[i].from);
        ov_json_text(json, "to", all[i].to);
        ov_json_number(json, "rows", all[i].rows);
        ov_json_number(json, "line", item->place.line);
        ov_json_signed(json, "row", finding.row);
        ov_json_number(json, "percent", percent_of(item));
        put_texts(&finding, json);
        status = put_meant(view, item, json, err);
        ov_json_end(json);
    }
    ov_json_end(json);
    ov_arena_deinit(&arena);
    free(all);
    return status;
}
