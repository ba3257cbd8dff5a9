/* vet/filter_findings.c: see filter_findings.h. Used by baselines and suppressions. */
#include "base/error.h"
#include "vet/check_internal.h"
#include "vet/filter_findings.h"

enum ov_status ov_vet_filter(struct ov_check *check, ov_chosen *chosen, void *ctx, uint64_t *count,
                             struct ov_error *err)
{
    struct ov_list *list = &check->list;
    enum ov_status status = OV_OK;
    size_t kept = 0, i = 0;
    *count = 0;
    if (!check->facts.finished || check->list.cut)
        return ov_fail(err, OV_E_STATE,
                       "findings can only be removed from a finished check that keeps all of them");
    for (; i < list->count && status == OV_OK; i++) {
        const struct ov_item *item = &list->items[i];
        bool out = false;
        if ((status = chosen(ctx, item, &out, err)) != OV_OK)
            break;
        if (out) {
            list->counts[item->rule][item->severity]--;
            ++*count;
        } else {
            list->items[kept++] = *item;
        }
    }
    while (i < list->count) /* after a failure, keep the rest */
        list->items[kept++] = list->items[i++];
    list->count = kept;
    check->result.hides = true;
    check->result.hidden += *count;
    if (*count == 0)
        return status;
    for (int s = 0; s < OV_SEVERITIES; s++)
        check->result.severities[s] = ov_list_total(list, (enum ov_severity)s);
    check->result.root_cause_column = (struct ov_text){0};
    check->result.root_cause = (struct ov_text){0}; /* its count includes removed findings */
    return status;
}
