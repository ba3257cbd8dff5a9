/* orgvet/config.h: orgvet.json, which says once how the files of a folder are vetted. A JSON
 * object:
 *
 *     {"importer": "positions",
 *      "rules": {"formula": "off"},
 *      "files": {"hr/departments*.csv": {"importer": "departments"}},
 *      "suppress": [{"code": "OV309", "identifier": "TMP-*", "reason": "placeholders of the HR
 * system"}]}
 *
 * Reading checks everything in it. What it says comes out as values; who reads them applies them.
 */
#ifndef ORGVET_CONFIG_H
#define ORGVET_CONFIG_H

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_config;

/* Reads a configuration; NULL on failure. OV_E_OPTION: the message begins with the place of what is
 * wrong, `LINE:COLUMN: `. ov_config_free takes NULL. */
OV_API OV_MUST_USE struct ov_config *ov_config_new(struct ov_text json, struct ov_error *err);
OV_API void ov_config_free(struct ov_config *config);

/* What a value is about. */
enum ov_config_key {
    OV_CONFIG_IMPORTER,
    OV_CONFIG_SETTINGS,     /* name: the setting; json: an object of this one */
    OV_CONFIG_RULES,        /* name: code or name; text: a severity or `off` */
    OV_CONFIG_PATTERNS,     /* name: the field; text: a PCRE2 pattern */
    OV_CONFIG_REQUIRE_ID,   /* text: `true` or `false` */
    OV_CONFIG_SINGLE_ROOT,  /* likewise */
    OV_CONFIG_ROOT_MARKERS, /* text: one of them */
    OV_CONFIG_MAX_DEPTH,    /* text: a whole number */
    OV_CONFIG_FAIL_ON,      /* text: a severity or `never` */
    OV_CONFIG_BUDGET,       /* name: max_removed, max_moved or max_renamed; text: N or N% */
    OV_CONFIG_EXISTING,     /* text: the path of one file, from the configuration's folder */
    OV_CONFIG_SITE,         /* text: the address of an import service */
    OV_CONFIG_JOBS_FILE,    /* text: the path of a user upload, from the configuration's folder */
    OV_CONFIG_KEYS,
};
/* "importer" …; static. */
OV_API const char *ov_config_key_name(enum ov_config_key key);

/* One value. Texts live as long as the configuration. */
struct ov_config_value {
    enum ov_config_key key;
    struct ov_text name; /* empty for keys that have one value */
    struct ov_text text;
    struct ov_text json;   /* of settings */
    uint64_t line, column; /* where it stands, 1-based */
};

/* Scopes: 0 is for every file, the others are the entries of `files`, in their order. */
OV_API size_t ov_config_scopes(const struct ov_config *config);
/* Whether a scope is for a path, which counts from the configuration's folder and has `/` between
 * its parts. A glob without `/` fits a file of that name in any folder. */
OV_API bool ov_config_fits(const struct ov_config *config, size_t scope, struct ov_text path);
/* Whether the files of a scope are to be skipped: `"GLOB": false`. Of several scopes for a file the
 * last one counts. */
OV_API bool ov_config_excludes(const struct ov_config *config, size_t scope);
/* The next value of a scope from *index on, 0 at first, which moves behind it; false behind the
 * last one. */
OV_API bool ov_config_next(const struct ov_config *config, size_t scope, size_t *index,
                           struct ov_config_value *value);
/* The glob of a scope above 0. */
OV_API struct ov_text ov_config_glob(const struct ov_config *config, size_t scope);

/* Takes what `suppress` names out of a finished check that kept all findings (options.max_kept,
 * max_findings): out of its findings and its counts. *count: how many they were. With any the check
 * has no root cause. Not for two checks at once. */
OV_API OV_MUST_USE enum ov_status ov_check_suppress(struct ov_check *check,
                                                    struct ov_config *config, struct ov_text path,
                                                    uint64_t *count, struct ov_error *err);
/* Whether it suppresses anything. */
OV_API bool ov_config_suppresses(const struct ov_config *config);

/* One entry of `suppress`. */
struct ov_suppression {
    const struct ov_rule *rule;
    struct ov_text identifier; /* glob; empty: any */
    struct ov_text reason;
    uint64_t line, column;
    size_t scope;
    bool tried; /* it was for a file that ov_check_suppress was given */
    bool met;   /* and took a finding out; a file with tried and not met needs it no more */
};
/* The next suppression from *index on, as ov_config_next. */
OV_API bool ov_config_next_suppression(const struct ov_config *config, size_t *index,
                                       struct ov_suppression *suppression);

#ifdef __cplusplus
}
#endif
#endif
