/* config/suppress.c: applies the suppressions of a configuration; see orgvet/config.h.
 *
 * The ones that apply to the file are indexed by rule and by the longest literal text that an
 * identifier must equal, start with, end with or contain, so that a finding is compared only with
 * the few that may match it. */
#include <stdlib.h>

#include "base/error.h"
#include "base/glob.h"
#include "base/hash.h"
#include "config/config.h"
#include "vet/check_access.h"
#include "vet/filter_findings.h"

enum {
    LITERAL = 24, /* most bytes compared of a prefix, a suffix or a substring */
    KINDS = 4,    /* the whole identifier, its prefix, its suffix, a substring */
};

/* A suppression in the index. */
struct entry {
    uint64_t hash;                    /* of rule, kind and literal */
    struct ov_config_suppression *of; /* borrowed */
    uint32_t next;                    /* index + 1 of the next one with the same hash; 0: none */
};

struct index {
    uint64_t key;          /* of the hashes */
    struct entry *entries; /* owned */
    size_t count;
    uint32_t *slots; /* owned: index + 1 of the first entry; 0: free */
    size_t mask;
    uint32_t lengths[KINDS]; /* per kind, bit n: some literal has n bytes */
};

static uint64_t hash_of(const struct index *index, const struct ov_rule *rule,
                        enum ov_glob_kind kind, struct ov_text literal)
{
    uint64_t about = (uint64_t)(rule - ov_rule_at(0)) * KINDS + (uint64_t)kind;
    return ov_hash(literal, ov_hash_number(index->key + about));
}

static uint32_t *slot_of(const struct index *index, uint64_t hash)
{
    size_t at = hash & index->mask;
    while (index->slots[at] && index->entries[index->slots[at] - 1].hash != hash)
        at = (at + 1) & index->mask;
    return &index->slots[at];
}

static void index_suppression(struct index *index, struct ov_config_suppression *one)
{
    struct ov_text literal = {0};
    enum ov_glob_kind kind = OV_GLOB_BEGINS; /* with the empty text: any identifier */
    if (one->pattern)
        kind = ov_glob_literal(one->what.identifier, LITERAL, &literal);
    struct entry *entry = &index->entries[index->count++];
    *entry = (struct entry){.hash = hash_of(index, one->what.rule, kind, literal), .of = one};
    uint32_t *slot = slot_of(index, entry->hash);
    entry->next = *slot;
    *slot = (uint32_t)index->count;
    if (kind != OV_GLOB_WHOLE)
        index->lengths[kind] |= UINT32_C(1) << literal.len;
}

static bool build_index(struct index *index, struct ov_config *config)
{
    size_t slots = 16;
    while (slots < 2 * config->suppression_count)
        slots *= 2;
    *index = (struct index){.key = ov_hash_key(), .mask = slots - 1};
    index->entries = calloc(config->suppression_count + 1, sizeof *index->entries);
    index->slots = calloc(slots, sizeof *index->slots);
    for (size_t i = 0; index->entries && index->slots && i < config->suppression_count; i++)
        if (config->suppressions[i].applies)
            index_suppression(index, &config->suppressions[i]);
    return index->entries && index->slots;
}

/* Whether a suppression indexed under this kind and literal matches the finding. All matching ones
 * are marked as used. */
static bool match_entries(const struct index *index, const struct ov_item *item,
                          enum ov_glob_kind kind, struct ov_text literal)
{
    const struct ov_rule *rule = ov_rule_at(item->rule);
    bool met = false;
    uint32_t i = *slot_of(index, hash_of(index, rule, kind, literal));
    for (; i; i = index->entries[i - 1].next) {
        struct ov_config_suppression *one = index->entries[i - 1].of;
        if (met && one->what.met)
            continue;
        if (one->what.rule != rule ||
            (one->pattern && ov_pattern_search(one->pattern, item->id) != OV_MATCH_YES))
            continue;
        one->what.met = met = true;
    }
    return met;
}

static enum ov_status is_suppressed(void *ctx, const struct ov_item *item, bool *out,
                                    struct ov_error *err)
{
    const struct index *index = ctx;
    struct ov_text id = item->id;
    (void)err;
    *out = match_entries(index, item, OV_GLOB_WHOLE, id);
    for (size_t n = 0; n <= LITERAL && n <= id.len; n++) {
        if (index->lengths[OV_GLOB_BEGINS] >> n & 1)
            *out |= match_entries(index, item, OV_GLOB_BEGINS, (struct ov_text){id.ptr, n});
        if (index->lengths[OV_GLOB_ENDS] >> n & 1)
            *out |=
                match_entries(index, item, OV_GLOB_ENDS, (struct ov_text){id.ptr + id.len - n, n});
        for (size_t i = 0; index->lengths[OV_GLOB_HOLDS] >> n & 1 && i + n <= id.len; i++)
            *out |= match_entries(index, item, OV_GLOB_HOLDS, (struct ov_text){id.ptr + i, n});
    }
    return OV_OK;
}

enum ov_status ov_check_suppress(struct ov_check *check, struct ov_config *config,
                                 struct ov_text path, uint64_t *count, struct ov_error *err)
{
    struct index index;
    for (size_t i = 0; i < config->suppression_count; i++) {
        struct ov_config_suppression *one = &config->suppressions[i];
        one->applies = ov_config_fits(config, one->what.scope, path, ov_check_result(check)->sheet);
        one->what.tried |= one->applies;
    }
    enum ov_status status = build_index(&index, config)
                                ? ov_vet_filter(check, is_suppressed, &index, count, err)
                                : ov_fail_memory(err);
    free(index.entries);
    free(index.slots);
    return status;
}

bool ov_config_suppresses(const struct ov_config *config)
{
    return config->suppression_count > 0;
}

bool ov_config_next_suppression(const struct ov_config *config, size_t *index,
                                struct ov_suppression *suppression)
{
    if (*index >= config->suppression_count)
        return false;
    *suppression = config->suppressions[(*index)++].what;
    return true;
}
