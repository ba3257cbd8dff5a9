/* vet/baseline.c: see orgvet/baseline.h. */
#include "orgvet/baseline.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/json.h"
#include "base/search.h"
#include "vet/check_internal.h"
#include "vet/check_access.h"
#include "vet/filter_findings.h"

/* A known finding. */
struct entry {
    struct ov_text path, code, fingerprint, message; /* arena */
    bool met;                                        /* ov_check_hide has found it in a file */
};

struct ov_baseline {
    struct entry *items; /* owned */
    size_t count, capacity;
    bool sorted;      /* by path, code and fingerprint */
    bool holds_texts; /* some messages may contain cell texts: not redacted */
    struct ov_arena arena;
};

struct ov_baseline *ov_baseline_new(struct ov_error *err)
{
    struct ov_baseline *baseline = calloc(1, sizeof *baseline);
    if (!baseline)
        ov_fail_memory(err);
    return baseline;
}

void ov_baseline_free(struct ov_baseline *baseline)
{
    if (!baseline)
        return;
    free(baseline->items);
    ov_arena_deinit(&baseline->arena);
    free(baseline);
}

static bool append_entry(struct ov_baseline *baseline, const struct entry *entry)
{
    if (!ov_grow(&baseline->items, &baseline->capacity, baseline->count + 1,
                 sizeof *baseline->items))
        return false;
    struct entry *added = &baseline->items[baseline->count];
    *added = (struct entry){.met = false};
    if (!ov_arena_copy(&baseline->arena, entry->path, &added->path) ||
        !ov_arena_copy(&baseline->arena, entry->code, &added->code) ||
        !ov_arena_copy(&baseline->arena, entry->fingerprint, &added->fingerprint) ||
        !ov_arena_copy(&baseline->arena, entry->message, &added->message))
        return false;
    baseline->count++;
    baseline->sorted = false;
    return true;
}

static int by_finding(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = ov_text_compare(x->path, y->path);
    if (order == 0)
        order = ov_text_compare(x->code, y->code);
    return order ? order : ov_text_compare(x->fingerprint, y->fingerprint);
}

static void sort(struct ov_baseline *baseline)
{
    if (baseline->count && !baseline->sorted)
        qsort(baseline->items, baseline->count, sizeof *baseline->items, by_finding);
    baseline->sorted = true;
}

/* Reading. */

static enum ov_status read_entry(struct ov_baseline *baseline, const cJSON *json,
                                 struct ov_error *err)
{
    const char *texts[4] = {"path", "code", "fingerprint", "message"};
    for (size_t i = 0; i < 4; i++) {
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(json, texts[i]);
        if (i < 3 && !cJSON_IsString(member))
            return ov_fail(err, OV_E_OPTION,
                           "finding %zu in the baseline has no `%s`: rewrite the baseline with "
                           "`--write-baseline`",
                           baseline->count + 1, texts[i]);
        texts[i] = cJSON_IsString(member) ? member->valuestring : "";
    }
    const struct entry entry = {.path = ov_text_of(texts[0]),
                                .code = ov_text_of(texts[1]),
                                .fingerprint = ov_text_of(texts[2]),
                                .message = ov_text_of(texts[3])};
    return append_entry(baseline, &entry) ? OV_OK : ov_fail_memory(err);
}

static enum ov_status read_all(struct ov_baseline *baseline, const cJSON *json,
                               struct ov_error *err)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(json, "orgvet_baseline");
    const cJSON *findings = cJSON_GetObjectItemCaseSensitive(json, "findings");
    const cJSON *finding;
    if (!json)
        return ov_fail(err, OV_E_OPTION, "it is not a JSON file");
    if (!cJSON_IsNumber(version) || !cJSON_IsArray(findings))
        return ov_fail(err, OV_E_OPTION, "it is not an orgvet baseline");
    if (version->valuedouble != 1)
        return ov_fail(err, OV_E_OPTION, "it is a baseline from another version of orgvet (%g)",
                       version->valuedouble);
    cJSON_ArrayForEach(finding, findings)
    {
        enum ov_status status = read_entry(baseline, finding, err);
        if (status != OV_OK)
            return status;
    }
    return OV_OK;
}

enum ov_status ov_baseline_read(struct ov_baseline *baseline, struct ov_text json,
                                struct ov_error *err)
{
    cJSON *root = json.len ? cJSON_ParseWithLength(json.ptr, json.len) : NULL;
    enum ov_status status = read_all(baseline, root, err);
    cJSON_Delete(root);
    return status;
}

enum ov_status ov_baseline_add(struct ov_baseline *baseline, struct ov_check *check,
                               struct ov_text path, struct ov_error *err)
{
    struct ov_finding finding;
    enum ov_status status;
    if (!check->facts.finished || check->list.cut)
        return ov_fail(err, OV_E_STATE, "a baseline needs finished checks with all their findings");
    baseline->holds_texts |= !check->options.redact;
    ov_check_rewind(check);
    while ((status = ov_check_next(check, &finding)) == OV_OK && finding.rule) {
        const struct entry entry = {.path = path,
                                    .code = ov_text_of(finding.rule->code),
                                    .fingerprint = ov_text_of(finding.fingerprint),
                                    .message = finding.message};
        if (!append_entry(baseline, &entry))
            return ov_fail_memory(err);
    }
    ov_check_rewind(check);
    return status == OV_OK ? OV_OK : ov_fail_memory(err);
}

/* Writing. */

enum ov_status ov_baseline_write(struct ov_baseline *baseline, const struct ov_sink *out,
                                 struct ov_error *err)
{
    enum { LARGE = 64 * 1024 };
    struct ov_buf buf = {0};
    struct ov_json json = {.out = &buf};
    enum ov_status status = OV_OK;
    sort(baseline);
    ov_json_object(&json, NULL);
    ov_json_number(&json, "orgvet_baseline", 1);
    if (baseline->holds_texts)
        ov_json_string(&json, "holds", "texts of cells, in messages");
    ov_json_list(&json, "findings");
    for (size_t i = 0; i < baseline->count && status == OV_OK; i++) {
        const struct entry *entry = &baseline->items[i];
        ov_json_line(&json);
        ov_json_object(&json, NULL);
        ov_json_text(&json, "path", entry->path);
        ov_json_text(&json, "code", entry->code);
        ov_json_text(&json, "fingerprint", entry->fingerprint);
        ov_json_text(&json, "message", entry->message);
        ov_json_end(&json);
        if (buf.len >= LARGE && !buf.failed) {
            status = out->write(out->ctx, buf.ptr, buf.len, err);
            buf.len = 0;
        }
    }
    ov_json_line(&json);
    ov_json_end(&json);
    ov_json_end(&json);
    ov_buf_char(&buf, '\n');
    if (status == OV_OK)
        status = buf.failed ? ov_fail_memory(err) : out->write(out->ctx, buf.ptr, buf.len, err);
    ov_buf_deinit(&buf);
    return status;
}

/* Hiding. */

static bool is_before(const void *items, size_t index, const void *wanted)
{
    return by_finding((const struct entry *)items + index, wanted) < 0;
}

/* An entry equal to `wanted` that has not been matched yet, or NULL. */
static struct entry *find_unmatched(struct ov_baseline *baseline, const struct entry *wanted)
{
    size_t i = ov_lower_bound(baseline->items, 0, baseline->count, wanted, is_before);
    for (; i < baseline->count && by_finding(&baseline->items[i], wanted) == 0; i++)
        if (!baseline->items[i].met)
            return &baseline->items[i];
    return NULL;
}

/* Context of is_known, which selects the findings to hide. */
struct hiding {
    struct ov_baseline *baseline;
    struct ov_text path;
    struct ov_names names; /* for fingerprints, redacted as the check is */
    struct ov_names plain; /* without redaction: for baselines written without --redact */
};

static enum ov_status is_known(void *ctx, const struct ov_item *item, bool *known,
                               struct ov_error *err)
{
    struct hiding *hiding = ctx;
    char fingerprint[33];
    struct entry wanted = {.path = hiding->path, .code = ov_text_of(ov_rule_at(item->rule)->code)};
    if (!ov_item_fingerprint(item, &hiding->names, fingerprint))
        return ov_fail_memory(err);
    wanted.fingerprint = ov_text_of(fingerprint);
    struct entry *entry = find_unmatched(hiding->baseline, &wanted);
    if (!entry && hiding->names.redact_key.len) {
        if (!ov_item_fingerprint(item, &hiding->plain, fingerprint))
            return ov_fail_memory(err);
        entry = find_unmatched(hiding->baseline, &wanted);
    }
    if (entry)
        entry->met = true;
    *known = entry != NULL;
    return OV_OK;
}

/* Records in the check the fingerprints of this file's entries that matched no finding. */
static enum ov_status keep_gone(struct ov_check *check, const struct ov_baseline *baseline,
                                struct ov_text path, struct ov_error *err)
{
    check->result.has_gone = true;
    for (size_t i = 0; i < baseline->count; i++) {
        const struct entry *entry = &baseline->items[i];
        struct ov_text copy;
        if (entry->met || !ov_text_equal(entry->path, path))
            continue;
        if (!ov_grow(&check->gone, &check->gone_capacity, check->gone_count + 1,
                     sizeof *check->gone) ||
            !ov_arena_copy(&check->arena, entry->fingerprint, &copy))
            return ov_fail_memory(err);
        check->gone[check->gone_count++] = copy;
    }
    return OV_OK;
}

enum ov_status ov_check_hide(struct ov_check *check, struct ov_baseline *baseline,
                             struct ov_text path, uint64_t *known, struct ov_error *err)
{
    struct hiding hiding = {baseline, path, ov_vet_names(check), ov_vet_names(check)};
    hiding.plain.redact_key = (struct ov_text){0};
    sort(baseline);
    enum ov_status status = ov_vet_filter(check, is_known, &hiding, known, err);
    return status == OV_OK ? keep_gone(check, baseline, path, err) : status;
}

bool ov_baseline_next_gone(const struct ov_baseline *baseline, struct ov_text path, size_t *index,
                           struct ov_text *code, struct ov_text *message)
{
    for (; *index < baseline->count; ++*index) {
        const struct entry *entry = &baseline->items[*index];
        if (entry->met || !ov_text_equal(entry->path, path))
            continue;
        *code = entry->code;
        *message = entry->message;
        ++*index;
        return true;
    }
    return false;
}
