/* draft/filter.c: see filter.h. */
#include "draft/filter.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/search.h"
#include "base/unicode.h"
#include "draft/view.h"
#include "vet/check_access.h"

void ov_filtered_clear(struct ov_filtered *filtered)
{
    free(filtered->rows);
    ov_buf_deinit(&filtered->key);
    *filtered = (struct ov_filtered){0};
}

/* A filter being applied. */
struct sieve {
    struct ov_view *view;
    const struct ov_view_filter *filter; /* borrowed, like the view */
    struct ov_buf wanted;                /* the filter's text, folded if it is not ASCII */
    bool is_ascii;                       /* of `wanted` */
    struct ov_buf folded;                /* scratch */
    bool by_finding;                     /* only rows with a matching finding qualify */
};

/* Whether a text contains the filter's; case is ignored. */
static bool holds(struct sieve *sieve, struct ov_text text)
{
    if (!sieve->is_ascii) {
        ov_unicode_fold_to_search(text, &sieve->folded);
        text = ov_buf_view(&sieve->folded);
    }
    return ov_text_contains_nocase(text, ov_buf_view(&sieve->wanted));
}

static bool row_holds(struct sieve *sieve, struct ov_view_row *row)
{
    const struct ov_check *check = sieve->view->check;
    if (sieve->filter->names)
        return holds(sieve, ov_view_column(row, ov_check_facts(check)->id_column)) ||
               holds(sieve, ov_view_column(row, ov_check_facts(check)->name_column));
    for (uint32_t i = 0; i < row->cells; i++)
        if (holds(sieve, ov_view_cell(row)))
            return true;
    return false;
}

static bool finding_fits(const struct sieve *sieve, const struct ov_item *item)
{
    return (sieve->filter->rule < 0 || item->rule == sieve->filter->rule) &&
           (sieve->filter->severity < 0 || item->severity == sieve->filter->severity);
}

static bool some_finding_fits(const struct sieve *sieve, uint32_t row)
{
    const struct ov_view *view = sieve->view;
    if (!view->finding[row])
        return false;
    size_t first = view->finding[row] - 1, end = ov_view_findings_end(view, first);
    for (size_t i = first; i < end; i++)
        if (finding_fits(sieve, &ov_check_list(view->check)->items[i]))
            return true;
    return false;
}

static bool some_message_has(struct sieve *sieve, uint32_t row, struct ov_error *err)
{
    struct ov_view *view = sieve->view;
    struct ov_finding finding;
    if (!view->finding[row] || sieve->filter->names)
        return false;
    size_t first = view->finding[row] - 1, end = ov_view_findings_end(view, first);
    for (size_t i = first; i < end; i++) {
        if (ov_view_finding(view, i, &finding) != OV_OK) {
            ov_fail_memory(err);
            return false;
        }
        if (holds(sieve, finding.message))
            return true;
    }
    return false;
}

static bool fits(struct sieve *sieve, uint32_t row, struct ov_error *err)
{
    struct ov_view_row read;
    if (sieve->by_finding && !some_finding_fits(sieve, row))
        return false;
    if (sieve->filter->text.len == 0)
        return true;
    return ov_view_read(sieve->view, row, &read, err) == OV_OK &&
           (row_holds(sieve, &read) || some_message_has(sieve, row, err));
}

static enum ov_status fill(struct sieve *sieve, struct ov_filtered *filtered, struct ov_error *err)
{
    const struct ov_view *view = sieve->view;
    size_t capacity = 0;
    struct ov_error own = OV_ERROR_LIKE(err);
    if (!sieve->by_finding && sieve->filter->text.len == 0) {
        filtered->count = view->tree.rows;
        return OV_OK;
    }
    filtered->rows = malloc(sizeof *filtered->rows); /* not NULL: that would mean all rows */
    bool ok = filtered->rows != NULL;
    capacity = 1;
    for (uint32_t row = 0; ok && row < view->tree.rows && own.status == OV_OK; row++) {
        if (!fits(sieve, row, &own))
            continue;
        ok = ov_grow(&filtered->rows, &capacity, filtered->count + 1, sizeof *filtered->rows);
        if (ok)
            filtered->rows[filtered->count++] = row;
    }
    if (own.status != OV_OK)
        return ov_fail(err, own.status, "%s", own.message);
    return ok && !sieve->folded.failed ? OV_OK : ov_fail_memory(err);
}

static bool make_sieve(struct sieve *sieve)
{
    const struct ov_view_filter *filter = sieve->filter;
    sieve->by_finding = filter->only || filter->rule >= 0 || filter->severity >= 0;
    sieve->is_ascii = true;
    for (size_t i = 0; i < filter->text.len; i++)
        sieve->is_ascii &= (unsigned char)filter->text.ptr[i] < 0x80;
    if (sieve->is_ascii)
        ov_buf_text(&sieve->wanted, filter->text);
    else
        ov_unicode_fold_to_search(filter->text, &sieve->wanted);
    return !sieve->wanted.failed;
}

static void put_key(struct ov_buf *key, const struct ov_view_filter *filter)
{
    ov_buf_format(key, "%d %d %d %d ", filter->only, filter->severity, filter->rule, filter->names);
    ov_buf_text(key, filter->text);
}

const struct ov_filtered *ov_filtered(struct ov_view *view, const struct ov_view_filter *filter,
                                      struct ov_error *err)
{
    struct ov_buf key = {0};
    struct ov_filtered *oldest = &view->views[0];
    put_key(&key, filter);
    if (key.failed) {
        ov_fail_memory(err);
        return NULL;
    }
    for (int i = 0; i < OV_VIEW_FILTERED; i++) {
        struct ov_filtered *filtered = &view->views[i];
        if (ov_text_equal(ov_buf_view(&filtered->key), ov_buf_view(&key))) {
            filtered->used = ++view->turn;
            ov_buf_deinit(&key);
            return filtered;
        }
        if (filtered->used < oldest->used)
            oldest = filtered;
    }
    struct sieve sieve = {.view = view, .filter = filter};
    ov_filtered_clear(oldest);
    oldest->key = key;
    oldest->used = ++view->turn;
    enum ov_status status = make_sieve(&sieve) ? fill(&sieve, oldest, err) : ov_fail_memory(err);
    ov_buf_deinit(&sieve.wanted);
    ov_buf_deinit(&sieve.folded);
    if (status == OV_OK)
        return oldest;
    ov_filtered_clear(oldest);
    return NULL;
}

static bool is_before(const void *filtered, size_t index, const void *row)
{
    return ov_filtered_row(filtered, (uint32_t)index) < *(const uint32_t *)row;
}

uint32_t ov_filtered_place(const struct ov_filtered *filtered, uint32_t row)
{
    return (uint32_t)ov_lower_bound(filtered, 0, filtered->count, &row, is_before);
}
