/* vet/findings.c: returns the findings of a finished check as data (orgvet/check.h). */
#include "finding/message.h"
#include "vet/check_internal.h"
#include "vet/check_access.h"
#include "vet/rules_tree.h"

void ov_check_rewind(struct ov_check *check)
{
    check->next = 0;
}

/* How many rows an error prevents from being imported: the row and all below it; -1 for other
 * findings. */
static int64_t affected_by(const struct ov_check *check, const struct ov_item *item)
{
    if (item->severity != OV_ERROR || item->row == 0 || item->row == OV_NO_ROW)
        return -1;
    if (item->detail && item->detail->affected)
        return (int64_t)item->detail->affected;
    ov_node row = ov_item_node(item);
    return check->shape.size && row < check->forest->count ? (int64_t)check->shape.size[row] : 1;
}

enum ov_status ov_check_next(struct ov_check *check, struct ov_finding *finding)
{
    *finding = (struct ov_finding){0};
    if (!check->facts.finished || check->next == check->list.count)
        return OV_OK;
    const struct ov_item *item = &check->list.items[check->next++];
    struct ov_names names = ov_vet_names(check);
    struct ov_buf *shown = &check->shown;
    bool redacted = check->options.redact;
    size_t ends[5] = {0};
    shown->len = 0;
    ov_item_message(item, &names, shown);
    ends[0] = shown->len;
    ov_item_help(item, &names, shown);
    ends[1] = shown->len;
    if (redacted) {
        ov_item_text(item, &names, item->value, shown);
        ends[2] = shown->len;
        ov_item_text(item, &names, item->suggestion, shown);
        ends[3] = shown->len;
        ov_buf_redacted(shown, check->options.redact_key, item->id, true);
        ends[4] = shown->len;
    }
    if (shown->failed)
        return OV_E_MEMORY;
    *finding = (struct ov_finding){
        .rule = ov_rule_at(item->rule),
        .severity = (enum ov_severity)item->severity,
        .place = item->place,
        .row = item->row == OV_NO_ROW ? -1 : (int64_t)item->row,
        .message = {shown->ptr, ends[0]},
        .help = {shown->ptr + ends[0], ends[1] - ends[0]},
        .field = ov_item_field(item, &names),
        .has_header = item->header != OV_NO_COLUMN,
        .header = ov_item_header(item, &names),
        .value = redacted ? (struct ov_text){shown->ptr + ends[1], ends[2] - ends[1]} : item->value,
        .id = redacted ? (struct ov_text){shown->ptr + ends[3], ends[4] - ends[3]} : item->id,
        .suggestion =
            redacted ? (struct ov_text){shown->ptr + ends[2], ends[3] - ends[2]} : item->suggestion,
        .affected = affected_by(check, item),
    };
    if (!ov_item_fingerprint(item, &names, finding->fingerprint))
        return OV_E_MEMORY;
    if (item->detail) {
        finding->is_loop = item->detail->loop_count > 0;
        finding->related_count =
            finding->is_loop ? item->detail->loop_count : item->detail->related_count;
        finding->minimal = item->detail->minimal;
    }
    return OV_OK;
}

/* The identifier, redacted if the options ask for it; the text lives until the next call. */
static struct ov_text redacted_id(const struct ov_check *check, struct ov_text id)
{
    if (!check->options.redact)
        return id;
    check->hashed->len = 0;
    ov_buf_redacted(check->hashed, check->options.redact_key, id, true);
    return ov_buf_view(check->hashed);
}

struct ov_related ov_check_related(const struct ov_check *check, size_t index)
{
    struct ov_related related = ov_vet_related(check, &check->list.items[check->next - 1], index);
    related.id = redacted_id(check, related.id);
    return related;
}

struct ov_text ov_check_member(const struct ov_check *check, size_t index)
{
    const struct ov_item *item = &check->list.items[check->next - 1];
    return redacted_id(check, ov_forest_id(check->forest, item->detail->loop[index]));
}
