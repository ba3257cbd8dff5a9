/* draft/answer_problems.c: answers questions about what is wrong with a file, by kind, and about
 * how it could be fixed. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "draft/answer.h"
#include "draft/known_ids.h"
#include "draft/problems.h"
#include "draft/question.h"
#include "draft/replacements.h"
#include "draft/reply.h"

enum {
    CELL = 300,       /* bytes of a cell */
    ROWS_SHOWN = 20,  /* of one duplicate identifier; of the others their keys alone, */
    ROWS_MOST = 5000, /* up to so many */
    SPELLINGS = 50    /* of one missing parent */
};

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

/* --- writing --- */

/* A row, as people know it; cells: with all of them. */
static enum ov_status put_row(struct ov_view *view, ov_node row, bool cells, struct ov_json *json,
                              struct ov_error *err)
{
    const struct ov_check_facts *facts = ov_check_facts(view->check);
    struct ov_view_row read;
    enum ov_status status = ov_view_read(view, row, &read, err);
    if (status != OV_OK)
        return status;
    ov_json_number(json, "row", (uint64_t)row + 1);
    ov_json_number(json, "line", read.line);
    if (read.key)
        ov_json_signed(json, "key", read.key);
    if (!cells)
        return OV_OK;
    ov_json_text(json, "id", ov_utf8_cut(ov_forest_id(ov_check_forest(view->check), row), CELL));
    ov_json_text(json, "name", ov_utf8_cut(ov_view_column(&read, facts->name_column), CELL));
    ov_json_text(json, "parent", ov_utf8_cut(ov_view_column(&read, facts->parent_column), CELL));
    ov_json_number(json, "below", view->tree.below[row]);
    ov_json_list(json, "cells");
    for (uint32_t i = 0; i < read.cells && i < OV_REPLY_MAX_COLUMNS; i++)
        ov_json_text(json, NULL, ov_utf8_cut(ov_view_cell(&read), CELL));
    ov_json_end(json);
    return OV_OK;
}

static void put_texts(const struct ov_finding *finding, struct ov_json *json)
{
    ov_json_text(json, "message", finding->message);
    ov_json_nonempty(json, "help", finding->help);
}

/* What a value could be replaced by. */
static enum ov_status put_suggestion(struct ov_view *view, size_t item, struct ov_json *json,
                                     struct ov_error *err)
{
    struct ov_arena arena = {0};
    struct ov_replacement found;
    enum ov_status status = ov_replacement_of(view, item, &arena, &found, err);
    if (status == OV_OK && found.rows) {
        ov_json_text(json, "from", found.from);
        ov_json_text(json, "to", found.to);
        ov_json_number(json, "percent",
                       ov_replacement_percent(&ov_check_list(view->check)->items[item]));
    }
    ov_arena_deinit(&arena);
    return status;
}

/* The number of rows that start on a line or above. */
static enum ov_status rows_to_line(struct ov_view *view, uint64_t line, uint32_t *rows,
                                   struct ov_error *err)
{
    uint32_t low = 0, high = ov_view_file_rows(view);
    struct ov_view_row read;
    enum ov_status status = OV_OK;
    while (low < high && status == OV_OK) {
        uint32_t middle = low + (high - low) / 2;
        status = ov_view_read(view, middle, &read, err);
        if (read.line > line)
            high = middle;
        else
            low = middle + 1;
    }
    *rows = low;
    return status;
}

/* The name of the row that is suggested as a parent; rows may have been added below its line. */
static enum ov_status put_meant(struct ov_view *view, const struct ov_item *item,
                                struct ov_json *json, struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    struct ov_view_row read = {.line = item->n};
    uint32_t row = 0;
    if (item->rule != OV_R402 || !item->suggestion.len)
        return OV_OK;
    enum ov_status status = rows_to_line(view, item->n, &row, err);
    while (status == OV_OK && row-- > 0 && read.line == item->n) {
        status = ov_view_read(view, row, &read, err);
        if (status != OV_OK || !ov_text_equal(ov_forest_id(forest, row), item->suggestion))
            continue;
        ov_json_text(
            json, "to_name",
            ov_utf8_cut(ov_view_column(&read, ov_check_facts(view->check)->name_column), CELL));
        break;
    }
    return status;
}

/* What edits call a row. */
static enum ov_status put_key(struct ov_view *view, uint32_t row, struct ov_json *json,
                              struct ov_error *err)
{
    struct ov_view_row read;
    enum ov_status status = ov_view_read(view, row, &read, err);
    if (status == OV_OK && read.key)
        ov_json_signed(json, "key", read.key);
    return status;
}

/* What is known of a value by its first finding. */
static enum ov_status put_finding(struct ov_view *view, const struct ov_problem *problem,
                                  size_t index, struct ov_json *json, struct ov_error *err)
{
    const struct ov_item *item = &ov_check_list(view->check)->items[index];
    struct ov_text cell = item->value;
    bool in_row = problem->kind == OV_PROBLEM_VALUE && item->row && item->row <= view->tree.rows;
    enum ov_status status = OV_OK;
    struct ov_finding finding;
    if (in_row && !ov_problem_is_of_value(item->rule))
        status = put_key(view, item->row - 1, json, err);
    if (status == OV_OK && in_row && item->header != OV_NO_COLUMN)
        status = cell_of(view, item, &cell, err);
    if (status == OV_OK && problem->kind != OV_PROBLEM_PARENT)
        ov_json_text(json, "value", cell);
    if (status == OV_OK)
        status = ov_view_finding(view, index, &finding);
    if (status != OV_OK)
        return status;
    ov_json_number(json, "line", item->place.line);
    ov_json_signed(json, "row", finding.row);
    put_texts(&finding, json);
    if (item->message == OV_M_MISSING_NONE)
        ov_json_bool(json, "none", true); /* it means that there is no parent */
    status = put_suggestion(view, index, json, err);
    return status == OV_OK ? put_meant(view, item, json, err) : status;
}

static enum ov_status put_value(struct ov_view *view, const struct ov_problem *problem,
                                const struct ov_problem_value *value, struct ov_json *json,
                                struct ov_error *err)
{
    enum ov_status status = OV_OK;
    ov_json_number(json, "rows", value->rows);
    if (problem->kind == OV_PROBLEM_PARENT)
        ov_json_text(json, "value", ov_forest_name(ov_check_forest(view->check), value->node));
    if (value->item < ov_check_list(view->check)->count)
        status = put_finding(view, problem, value->item, json, err);
    return status;
}

/* --- how a missing parent is written --- */

/* The cells that mean it. */
struct spellings {
    ov_node name;
    size_t count;
    struct ov_text texts[SPELLINGS]; /* arena */
};

static bool add_spelling(struct spellings *spellings, struct ov_text text, struct ov_arena *arena)
{
    for (size_t i = 0; i < spellings->count; i++)
        if (ov_text_equal(spellings->texts[i], text))
            return true;
    return spellings->count == SPELLINGS ||
           ov_arena_copy(arena, text, &spellings->texts[spellings->count++]);
}

/* Finds how names are written, in one pass over the rows. of_name: per name, its index + 1 in
 * `all`; 0: it is not asked for. */
static enum ov_status find_spellings(struct ov_view *view, const uint32_t *of_name,
                                     struct spellings *all, struct ov_arena *arena,
                                     struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    int column = ov_check_facts(view->check)->parent_column;
    enum ov_status status = OV_OK;
    for (ov_node row = 0; row < ov_view_file_rows(view) && status == OV_OK; row++) {
        ov_node parent = forest->parent[row];
        uint32_t at = ov_node_is_name(parent) ? of_name[parent - OV_NODE_NAME] : 0;
        struct ov_view_row read;
        if (!at)
            continue;
        status = ov_view_read(view, row, &read, err);
        if (status == OV_OK && !add_spelling(&all[at - 1], ov_view_column(&read, column), arena))
            status = ov_fail_memory(err);
    }
    return status;
}

/* Missing parents, each with the cells that mean it. */
static enum ov_status put_parents(struct ov_view *view, const struct ov_problem *problem,
                                  const struct ov_problem_value *values, size_t count,
                                  struct ov_json *json, struct ov_error *err)
{
    uint32_t *of_name = calloc(ov_check_forest(view->check)->name_count + 1, sizeof *of_name);
    struct spellings *all = calloc(count + 1, sizeof *all);
    struct ov_arena arena = {0};
    enum ov_status status = OV_OK;
    if (!of_name || !all) {
        free(of_name);
        free(all);
        return ov_fail_memory(err);
    }
    for (size_t i = 0; i < count; i++)
        of_name[values[i].node - OV_NODE_NAME] = (uint32_t)i + 1;
    if (ov_check_facts(view->check)->parent_column >= 0)
        status = find_spellings(view, of_name, all, &arena, err);
    for (size_t i = 0; i < count && json->out->len < OV_REPLY_MAX_BYTES && status == OV_OK; i++) {
        ov_json_object(json, NULL);
        status = put_value(view, problem, &values[i], json, err);
        ov_json_list(json, "spellings");
        for (size_t k = 0; k < all[i].count; k++)
            ov_json_text(json, NULL, all[i].texts[k]);
        ov_json_end(json);
        ov_json_end(json);
    }
    ov_arena_deinit(&arena);
    free(all);
    free(of_name);
    return status;
}

/* --- duplicates and circles --- */

/* An identifier that no row has yet, made of one that several have: P-1-2, P-1-3 … */
static void put_fresh(const struct ov_known_ids *ids, struct ov_text id, unsigned *number,
                      struct ov_json *json)
{
    struct ov_buf text = {0};
    do {
        text.len = 0;
        ov_buf_text(&text, id);
        ov_buf_format(&text, "-%u", ++*number);
    } while (!text.failed && ov_known_ids_has(ids, ov_buf_view(&text)));
    ov_json_text(json, "fresh", ov_buf_view(&text));
    json->out->failed |= text.failed;
    ov_buf_deinit(&text);
}

/* The rows with an identifier, the first one first; those beyond ROWS_SHOWN without their cells. */
static enum ov_status put_duplicate(struct ov_view *view, const struct ov_problem_value *value,
                                    const struct ov_known_ids *ids, struct ov_json *json,
                                    struct ov_error *err)
{
    const struct ov_forest *forest = ov_check_forest(view->check);
    const struct ov_list *list = ov_check_list(view->check);
    struct ov_text id = ov_forest_id(forest, value->node);
    unsigned number = 1;
    size_t shown = 1;
    ov_json_object(json, NULL);
    ov_json_text(json, "value", id);
    ov_json_number(json, "rows", value->rows + 1);
    ov_json_list(json, "all");
    ov_json_object(json, NULL);
    enum ov_status status = put_row(view, value->node, true, json, err);
    ov_json_end(json);
    for (size_t i = value->item;
         i < list->count && shown <= value->rows && shown < ROWS_MOST && status == OV_OK; i++) {
        ov_node node =
            list->items[i].rule == OV_R401 ? ov_item_node(&list->items[i]) : OV_NODE_NONE;
        if (node >= forest->count || ov_forest_first(forest, node) != value->node)
            continue;
        ov_json_object(json, NULL);
        status = put_row(view, node, shown++ < ROWS_SHOWN, json, err);
        put_fresh(ids, id, &number, json);
        ov_json_end(json);
    }
    ov_json_end(json);
    ov_json_end(json);
    return status;
}

static enum ov_status put_duplicates(struct ov_view *view, const struct ov_problem_value *values,
                                     size_t count, struct ov_json *json, struct ov_error *err)
{
    struct ov_known_ids ids;
    enum ov_status status = ov_known_ids_init(&ids, view->check) ? OV_OK : ov_fail_memory(err);
    for (size_t i = 0; i < count && json->out->len < OV_REPLY_MAX_BYTES && status == OV_OK; i++)
        status = put_duplicate(view, &values[i], &ids, json, err);
    ov_known_ids_deinit(&ids);
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
    ov_json_number(json, "rows", cycle->loop_count);
    ov_json_number(json, "below", cycle->below);
    ov_json_number(json, "cut", (uint64_t)cycle->cut + 1);
    ov_json_list(json, "all");
    for (size_t i = 0; i < cycle->loop_count && i < MEMBERS_SHOWN && status == OV_OK; i++) {
        ov_json_object(json, NULL);
        status = put_row(view, cycles->rows[cycle->loop + i], true, json, err);
        ov_json_end(json);
    }
    ov_json_end(json);
    return status;
}

/* --- questions --- */

static void put_problem(const struct ov_view *view, const struct ov_problem *problem,
                        const struct ov_problem_values *values, const struct ov_replacements *fixes,
                        struct ov_json *json)
{
    const struct ov_rule *rule = ov_rule_at(problem->rule);
    const struct ov_list *list = ov_check_list(view->check);
    const struct ov_item *item = &list->items[problem->first];
    uint64_t fixable = 0;
    for (size_t i = 0; i < fixes->count; i++)
        fixable += ov_problem_has(problem, &list->items[fixes->items[i].item]);
    ov_json_object(json, NULL);
    ov_json_string(json, "code", rule->code);
    ov_json_string(json, "name", rule->name);
    ov_json_string(json, "kind", ov_problem_kind_name(problem->kind));
    ov_json_string(json, "severity", ov_severity_name((enum ov_severity)problem->severity));
    ov_json_string(json, "summary",
                   ov_translate(ov_check_choices(view->check)->language, rule->summary));
    if (problem->column != OV_NO_COLUMN)
        ov_json_number(json, "column", problem->column);
    ov_json_number(json, "count", problem->count);
    ov_json_number(json, "values",
                   problem->kind == OV_PROBLEM_CIRCULAR ? ov_check_cycles(view->check)->count
                                                        : values->count);
    ov_json_number(json, "fixable", fixable);
    ov_json_number(json, "line", item->place.line);
    ov_json_signed(json, "row", item->row == OV_NO_ROW ? -1 : (int64_t)item->row);
    ov_json_end(json);
}

/* The problems of a file, the most urgent one first; `fixable`: replacements that are proposed. */
enum ov_status ov_answer_problems(const struct ov_question *question, struct ov_json *json,
                                  struct ov_error *err)
{
    struct ov_view *view = question->view;
    struct ov_problems problems = {0};
    struct ov_replacements fixes = {0};
    enum ov_status status = ov_replacements_find(view, &fixes, err);
    if (status == OV_OK && !ov_problems_find(view, &problems))
        status = ov_fail_memory(err);
    ov_json_list(json, NULL);
    for (size_t i = 0; i < problems.count && status == OV_OK; i++) {
        struct ov_problem_values values = {0};
        if (ov_problem_values_find(view, &problems.items[i], &values))
            put_problem(view, &problems.items[i], &values, &fixes, json);
        else
            status = ov_fail_memory(err);
        free(values.items);
    }
    ov_json_end(json);
    free(problems.items);
    ov_replacements_deinit(&fixes);
    return status;
}

/* The problem that the parameters `code`, `kind` and `column` name; NULL if there is none. */
static const struct ov_problem *asked_problem(const struct ov_question *question,
                                              const struct ov_problems *problems)
{
    struct ov_text code = ov_question_param(question, "code"),
                   kind = ov_question_param(question, "kind"),
                   column = ov_question_param(question, "column");
    uint32_t number =
        column.len ? ov_question_number(question, "column", UINT32_MAX) : OV_NO_COLUMN;
    for (size_t i = 0; i < problems->count; i++) {
        const struct ov_problem *problem = &problems->items[i];
        if (ov_text_equal(code, ov_text_of(ov_rule_at(problem->rule)->code)) &&
            (!kind.len || ov_text_equal(kind, ov_text_of(ov_problem_kind_name(problem->kind)))) &&
            problem->column == number)
            return problem;
    }
    return NULL;
}

static enum ov_status put_entries(const struct ov_question *question,
                                  const struct ov_problem *problem,
                                  const struct ov_problem_values *values, struct ov_json *json,
                                  struct ov_error *err)
{
    struct ov_view *view = question->view;
    const struct ov_cycles *cycles = ov_check_cycles(view->check);
    size_t total = problem->kind == OV_PROBLEM_CIRCULAR ? cycles->count : values->count;
    size_t from = ov_question_number(question, "from", (uint32_t)total);
    size_t most = ov_question_number(question, "most", OV_REPLY_MAX_ROWS);
    if (most == 0)
        most = OV_REPLY_MAX_ROWS;
    size_t count = most < total - from ? most : total - from;
    enum ov_status status = OV_OK;
    ov_json_number(json, "total", total);
    ov_json_list(json, "entries");
    if (problem->kind == OV_PROBLEM_DUPLICATE)
        status = put_duplicates(view, values->items + from, count, json, err);
    else if (problem->kind == OV_PROBLEM_PARENT)
        status = put_parents(view, problem, values->items + from, count, json, err);
    for (size_t i = from; i < from + count && json->out->len < OV_REPLY_MAX_BYTES &&
                          status == OV_OK && problem->kind > OV_PROBLEM_DUPLICATE;
         i++) {
        ov_json_object(json, NULL);
        status = problem->kind == OV_PROBLEM_CIRCULAR
                     ? put_circle(view, &cycles->items[i], json, err)
                     : put_value(view, problem, &values->items[i], json, err);
        ov_json_end(json);
    }
    ov_json_end(json);
    return status;
}

/* One problem: its values, with the number of their rows and what could be done about them. */
enum ov_status ov_answer_problem(const struct ov_question *question, struct ov_json *json,
                                 struct ov_error *err)
{
    struct ov_problems problems = {0};
    struct ov_problem_values values = {0};
    enum ov_status status =
        ov_problems_find(question->view, &problems) ? OV_OK : ov_fail_memory(err);
    const struct ov_problem *problem = status == OV_OK ? asked_problem(question, &problems) : NULL;
    if (problem && problem->kind != OV_PROBLEM_CIRCULAR &&
        !ov_problem_values_find(question->view, problem, &values))
        status = ov_fail_memory(err);
    if (status == OV_OK && problem) {
        ov_json_object(json, NULL);
        status = put_entries(question, problem, &values, json, err);
        ov_json_end(json);
    } else if (status == OV_OK) {
        ov_json_null(json, NULL);
    }
    free(values.items);
    free(problems.items);
    return status;
}

/* Fixes that can be made by replacing values: those that fix most first; `total`: also those that
 * are not listed. */
enum ov_status ov_answer_all_fixes(const struct ov_question *question, struct ov_json *json,
                                   struct ov_error *err)
{
    struct ov_view *view = question->view;
    struct ov_replacements all = {0};
    enum ov_status status = ov_replacements_find(view, &all, err);
    ov_json_object(json, NULL);
    ov_json_number(json, "total", all.count);
    ov_json_list(json, "fixes");
    for (size_t i = 0; i < all.count && i < OV_REPLY_MAX_FOUND && status == OV_OK &&
                       json->out->len < OV_REPLY_MAX_BYTES;
         i++) {
        const struct ov_item *item = &ov_check_list(view->check)->items[all.items[i].item];
        struct ov_finding finding;
        status = ov_view_finding(view, all.items[i].item, &finding);
        if (status != OV_OK)
            break;
        ov_json_object(json, NULL);
        ov_json_string(json, "code", finding.rule->code);
        ov_json_number(json, "column", item->header);
        ov_json_text(json, "from", all.items[i].from);
        ov_json_text(json, "to", all.items[i].to);
        ov_json_number(json, "rows", all.items[i].rows);
        ov_json_number(json, "line", item->place.line);
        ov_json_signed(json, "row", finding.row);
        ov_json_number(json, "percent", ov_replacement_percent(item));
        put_texts(&finding, json);
        status = put_meant(view, item, json, err);
        ov_json_end(json);
    }
    ov_json_end(json);
    ov_json_end(json);
    ov_replacements_deinit(&all);
    return status;
}
