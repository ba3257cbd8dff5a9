/* finding/rule.c: the table of rules, built from rules.def and explain.def. */
#include "finding/rule.h"

#include <assert.h>

#include "base/text.h"

static const struct ov_rule rules[OV_RULES] = {
#define OV_RULE(number, rule_name, rule_severity, rule_summary)                                    \
    [OV_R##number].code = "OV" #number, [OV_R##number].name = (rule_name),                         \
    [OV_R##number].severity = OV_##rule_severity, [OV_R##number].summary = (rule_summary),
#include "finding/rules.def"
#define OV_EXPLAIN(number, rule_what, rule_bad, rule_good, rule_fix)                               \
    [OV_R##number].what = (rule_what), [OV_R##number].bad = (rule_bad),                            \
    [OV_R##number].good = (rule_good), [OV_R##number].fix = (rule_fix),
#include "finding/explain.def"
#undef OV_EXPLAIN
};

/* A rule without an explanation, or an explanation without a rule, fails to compile. */
enum {
#define OV_EXPLAIN(number, what, bad, good, fix) explained_##number = OV_R##number,
#include "finding/explain.def"
#undef OV_EXPLAIN
#define OV_RULE(number, name, severity, summary) rule_##number = explained_##number,
#include "finding/rules.def"
};

const char *ov_severity_name(enum ov_severity severity)
{
    static const char *const names[OV_SEVERITIES] = {
        [OV_INFO] = "info", [OV_WARNING] = "warning", [OV_ERROR] = "error"};
    return names[severity];
}

size_t ov_rule_count(void)
{
    return OV_RULES;
}

const struct ov_rule *ov_rule_at(size_t index)
{
    return &rules[index];
}

const struct ov_rule *ov_rule_find(struct ov_text code_or_name)
{
    for (size_t i = 0; i < OV_RULES; i++)
        if (ov_text_equal_nocase(code_or_name, ov_text_of(rules[i].code)) ||
            ov_text_equal_nocase(code_or_name, ov_text_of(rules[i].name)))
            return &rules[i];
    return NULL;
}

const struct ov_rule *ov_rule_nearest(struct ov_text code_or_name)
{
    const char *codes[OV_RULES], *names[OV_RULES];
    for (size_t i = 0; i < OV_RULES; i++) {
        codes[i] = rules[i].code;
        names[i] = rules[i].name;
    }
    const char *word = ov_text_nearest(code_or_name, names, OV_RULES, 3);
    if (!word)
        word = ov_text_nearest(code_or_name, codes, OV_RULES, 1);
    return word ? ov_rule_find(ov_text_of(word)) : NULL;
}
