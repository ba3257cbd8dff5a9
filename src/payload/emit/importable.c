/* payload/emit/importable.c: see importable.h. */
#include "payload/emit/importable.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "vet/check_access.h"

const struct ov_item *ov_importable_file_error(const struct ov_check *check,
                                               enum ov_rule_index below)
{
    for (size_t i = 0; i < ov_check_list(check)->count; i++) {
        const struct ov_item *item = &ov_check_list(check)->items[i];
        if (item->severity == OV_ERROR && item->rule < below &&
            (item->row == 0 || item->row == OV_NO_ROW))
            return item;
    }
    return NULL;
}

static void mark_errors(const struct ov_check *check, uint8_t *states)
{
    for (size_t i = 0; i < ov_check_list(check)->count; i++)
        if (ov_check_list(check)->items[i].severity == OV_ERROR)
            states[ov_item_node(&ov_check_list(check)->items[i])] = OV_ROW_HELD;
}

/* Marks rows that have no place in the hierarchy, whatever the severity of the rules. */
static void mark_homeless(const struct ov_check *check, uint8_t *states)
{
    const struct ov_forest *forest = ov_check_forest(check);
    for (ov_node row = 0; row < forest->count; row++)
        if (ov_forest_is(forest, row, OV_ROW_BROKEN | OV_ROW_DUPLICATE | OV_ROW_SELF) ||
            ov_check_shape(check)->depth[row] == 0 ||
            (!ov_check_facts(check)->reroots && ov_forest_is_missing(forest, forest->parent[row])))
            states[row] = OV_ROW_HELD;
}

/* The state of a row without problems of its own, which depends on that of its parent. */
static uint8_t state_below(const struct ov_check *check, const uint8_t *states, ov_node row)
{
    ov_node parent = ov_check_forest(check)->parent[row];
    if (!ov_node_is_row(parent))
        return OV_ROW_SOUND;
    return states[parent] == OV_ROW_SOUND ? OV_ROW_SOUND : OV_ROW_BELOW;
}

/* Gives each row of unknown state the state that follows from the nearest known one above it;
 * visits each row at most twice. Ends because rows on cycles are held back already. */
static void pass_down(const struct ov_check *check, uint8_t *states)
{
    const struct ov_forest *forest = ov_check_forest(check);
    for (ov_node row = 0; row < forest->count; row++) {
        ov_node top = row;
        while (states[top] == OV_ROW_UNKNOWN && ov_node_is_row(forest->parent[top]) &&
               states[forest->parent[top]] == OV_ROW_UNKNOWN)
            top = forest->parent[top];
        if (states[top] != OV_ROW_UNKNOWN)
            continue;
        uint8_t state = state_below(check, states, top);
        for (ov_node at = row; at != top; at = forest->parent[at])
            states[at] = state;
        states[top] = state;
    }
}

enum ov_status ov_importable_find(const struct ov_check *check, uint8_t **states,
                                  struct ov_soundness *soundness, struct ov_error *err)
{
    *states = NULL;
    if (!ov_check_facts(check)->finished ||
        (ov_check_result(check)->severities[OV_ERROR] && ov_check_list(check)->cut))
        return ov_fail(err, OV_E_STATE,
                       "soundness requires a finished check with all its findings");
    *states = calloc((size_t)ov_check_rows(check) + 1, 1);
    if (!*states)
        return ov_fail_memory(err);
    *soundness = (struct ov_soundness){.has_header = ov_check_facts(check)->has_header &&
                                                     !ov_check_facts(check)->header_broken,
                                       .rows = ov_check_rows(check)};
    if (!ov_check_facts(check)->bound || ov_importable_file_error(check, OV_RULES)) {
        memset(*states, OV_ROW_HELD, (size_t)ov_check_rows(check));
    } else {
        mark_errors(check, *states);
        mark_homeless(check, *states);
        pass_down(check, *states);
    }
    for (uint64_t row = 0; row < ov_check_rows(check); row++)
        soundness->held_back += (*states)[row] != OV_ROW_SOUND;
    soundness->errors = soundness->held_back || ov_check_result(check)->severities[OV_ERROR];
    return OV_OK;
}

enum ov_status ov_check_soundness(const struct ov_check *check, struct ov_soundness *soundness,
                                  struct ov_error *err)
{
    uint8_t *states;
    enum ov_status status = ov_importable_find(check, &states, soundness, err);
    free(states);
    return status;
}

enum ov_status ov_importable_all(const struct ov_check *check, bool *whole, struct ov_error *err)
{
    struct ov_soundness soundness = {.errors = true};
    enum ov_status status = OV_OK;
    if (!ov_check_result(check)->severities[OV_ERROR])
        status = ov_check_soundness(check, &soundness, err);
    *whole = status == OV_OK && soundness.has_header && !soundness.errors;
    return status;
}
