/* orgvet/config.h: orgvet.json, which configures how the files of a folder are vetted. A JSON
 * object:
 *
 *     {"importer": "positions",
 *      "rules": {"formula": "off"},
 *      "files": {"hr/departments*.csv": {"importer": "departments"}},
 *      "suppress": [{"code": "OV309", "identifier": "TMP-*", "reason": "placeholders"}]}
 *
 * Reading validates all of it. The contents are returned as values; the caller applies them. */
#ifndef ORGVET_CONFIG_H
#define ORGVET_CONFIG_H

#include "orgvet/check.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_config;

/* Reads a configuration; NULL on failure. OV_E_OPTION: the message begins with the position of the
 * mistake, `LINE:COLUMN: `. ov_config_free takes NULL. */
OV_API OV_MUST_USE struct ov_config *ov_config_new(struct ov_text json, struct ov_error *err);
OV_API void ov_config_free(struct ov_config *config);

/* What a value sets. */
enum ov_config_key {
    OV_CONFIG_IMPORTER,
    OV_CONFIG_SETTINGS,     /* name: the setting; json: an object with just this setting */
    OV_CONFIG_RULES,        /* name: code or name; text: a severity or `off` */
    OV_CONFIG_PATTERNS,     /* name: the field; text: a PCRE2 pattern */
    OV_CONFIG_REQUIRE_ID,   /* text: `true` or `false` */
    OV_CONFIG_SINGLE_ROOT,  /* the same */
    OV_CONFIG_ROOT_MARKERS, /* text: one root marker */
    OV_CONFIG_MAX_DEPTH,    /* text: a whole number */
    OV_CONFIG_FAIL_ON,      /* text: a severity or `never` */
    OV_CONFIG_BUDGET,       /* name: max_removed, max_moved or max_renamed; text: N or N% */
    OV_CONFIG_EXISTING,     /* text: the path of one file, relative to the configuration's folder */
    OV_CONFIG_SITE,         /* text: the URL of an import service */
    OV_CONFIG_ENCODING,     /* text: as --encoding, as are the next ones: the options of reading */
    OV_CONFIG_DELIMITER,
    OV_CONFIG_HEADER_ROW,
    OV_CONFIG_SHEET,
    OV_CONFIG_COMMENT,
    OV_CONFIG_PARENTS,
    OV_CONFIG_PATH_SEPARATOR,
    OV_CONFIG_FILL_DOWN, /* one column */
    OV_CONFIG_WHERE,     /* one condition */
    OV_CONFIG_VALID_ON,
    OV_CONFIG_VALID_FROM,
    OV_CONFIG_VALID_TO,
    OV_CONFIG_JOBS_FILE, /* text: the path of a user upload, relative to that folder */
    OV_CONFIG_KEYS,
};

/* One value. Texts live as long as the configuration. */
struct ov_config_value {
    enum ov_config_key key; /* what it sets */
    struct ov_text name;    /* empty for keys with a single value */
    struct ov_text text;    /* the value; see enum ov_config_key */
    struct ov_text json;    /* for settings */
    uint64_t line, column;  /* position in the file, 1-based */
};

/* The number of scopes: scope 0 applies to every file, the others are the entries of `files` and of
 * the `sheets` in these, in order. */
OV_API size_t ov_config_scopes(const struct ov_config *config);
/* Whether a scope applies to a path, and to the sheet that is read of it (empty: none). The path is
 * relative to the configuration's folder, with `/` as the separator. A glob without `/` matches a
 * file of that name in any folder. */
OV_API bool ov_config_fits(const struct ov_config *config, size_t scope, struct ov_text path,
                           struct ov_text sheet);
/* The sheet that a scope is about, an entry of `sheets`; empty: it is about whole files. Lives as
 * long as the configuration. */
OV_API struct ov_text ov_config_sheet(const struct ov_config *config, size_t scope);
/* Whether the files or sheets of a scope are to be skipped: `"GLOB": false`. If several scopes
 * apply to a file, the last one decides. */
OV_API bool ov_config_excludes(const struct ov_config *config, size_t scope);
/* Iterates over the values of a scope: starts at *index, initially 0, and advances it past the
 * value returned; false at the end. */
OV_API bool ov_config_next(const struct ov_config *config, size_t scope, size_t *index,
                           struct ov_config_value *value);
/* The glob of a scope above 0; lives as long as the configuration. */
OV_API struct ov_text ov_config_glob(const struct ov_config *config, size_t scope);

/* Removes suppressed findings from a finished check that kept all findings (options.max_kept,
 * max_findings): from its list and from its counts. *count is the number removed; when it is not 0,
 * the check has no root cause. Not safe for two checks at once. */
OV_API OV_MUST_USE enum ov_status ov_check_suppress(struct ov_check *check,
                                                    struct ov_config *config, struct ov_text path,
                                                    uint64_t *count, struct ov_error *err);
/* Whether the configuration suppresses anything. */
OV_API bool ov_config_suppresses(const struct ov_config *config);

/* One entry of `suppress`. Texts live as long as the configuration. */
struct ov_suppression {
    const struct ov_rule *rule; /* never NULL */
    struct ov_text identifier;  /* glob; empty: any */
    struct ov_text reason;      /* why, for people */
    uint64_t line, column;      /* position in the file, 1-based */
    size_t scope;               /* see ov_config_scopes */
    bool tried;                 /* it applied to a file that ov_check_suppress was given */
    bool met; /* and removed a finding; tried but never met means that it is obsolete */
};
/* Iterates over the suppressions, like ov_config_next. */
OV_API bool ov_config_next_suppression(const struct ov_config *config, size_t *index,
                                       struct ov_suppression *suppression);

#ifdef __cplusplus
}
#endif
#endif
