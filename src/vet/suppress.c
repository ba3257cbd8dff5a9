/* vet/suppress.c: what a configuration suppresses; see orgvet/config.h. */
#include "base/error.h"
#include "vet/config.h"
#include "vet/run.h"

static enum ov_status is_suppressed(void *ctx, const struct ov_item *item, bool *out,
                                    struct ov_error *err)
{
    struct ov_config *config = ctx;
    const struct ov_rule *rule = ov_rule_at(item->rule);
    (void)err;
    for (size_t i = 0; i < config->suppression_count; i++) {
        struct ov_config_suppression *one = &config->suppressions[i];
        if (one->what.rule != rule || !one->applies ||
            (one->pattern && ov_pattern_search(one->pattern, item->id) != OV_MATCH_YES))
            continue;
        one->what.met = true; /* so is another one that fits too: none of the two is unused */
        *out = true;
    }
    return OV_OK;
}

enum ov_status ov_check_suppress(struct ov_check *check, struct ov_config *config,
                                 struct ov_text path, uint64_t *count, struct ov_error *err)
{
    for (size_t i = 0; i < config->suppression_count; i++) {
        struct ov_config_suppression *one = &config->suppressions[i];
        one->applies = ov_config_fits(config, one->what.scope, path);
        one->what.tried |= one->applies;
    }
    return ov_vet_take_out(check, is_suppressed, config, count, err);
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
