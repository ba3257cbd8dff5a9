/* orgvet/check.h: vetting one file. The one entry point: bytes go in with ov_check_feed, findings
 * come out as data with ov_check_next.
 *
 *     struct ov_check *check = ov_check_new(&options, &err);
 *     … ov_check_feed(check, bytes, len, &err) … ov_check_finish(check, &err);
 *     struct ov_finding finding;
 *     while (ov_check_next(check, &finding) == OV_OK && finding.rule) …
 *     ov_check_free(check); */
#ifndef ORGVET_CHECK_H
#define ORGVET_CHECK_H

#include "orgvet/finding.h"
#include "orgvet/importer.h"
#include "orgvet/records.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How to vet. {0} is the default. Texts are borrowed during ov_check_new only; with
 * `keep_for_reread`, those of `read` but the sheet for the lifetime of the check. */
struct ov_check_options {
    struct ov_read_options read;        /* how to read the file */
    const struct ov_importer *importer; /* NULL: detected from file_name, then from the fields that
                                           settings name, then from the header */
    const char *file_name;              /* the file's name in findings; may be NULL */
    bool keep_for_reread;               /* the file will be read a second time (orgvet/payload.h) */
    enum ov_language language;          /* of messages and help texts */
    bool redact; /* for public logs: findings show no cell text; identifiers become keyed hashes,
                    other cells and headers that name no known field are withheld */
    struct ov_text redact_key; /* key of those hashes and of fingerprints, any length; copied.
                                  Empty: a random key for this check */
    bool settings_only;        /* stop after the header: for ov_check_dry_run */
    bool importer_required; /* do not guess: neither detect the importer from the header nor assume
                               `positions` */
    bool errors_stay; /* ov_check_set_severity cannot lower a finding whose own severity is error:
                         for what a service would refuse anyway */
    bool accept_mapping; /* proposed columns of 80 percent and more are mapped */
    bool provisional;    /* where a column is missing without which nothing can be vetted, the check
                            goes    on with such proposals, as if they had been accepted */
    bool other_uploads;  /* without `importer`: a user or course upload is reported as such (OV118)
                            and not vetted */
    bool require_id;     /* OV302 is an error */
    char comment;        /* records that begin with this ASCII character are left out; 0: none */
    bool single_root;    /* OV407 is an error */
    uint32_t max_depth;  /* limit of OV406, levels; 0: 100 */
    uint64_t max_kept;   /* limit of findings kept per rule, in order of place; 0: no limit */
    uint64_t max_findings; /* limit of findings kept in total, shared fairly among rules; 0: no
                              limit. Counts stay exact */
    unsigned threads; /* limit of threads, the caller's included (at most two are used today); 0: 1.
                         Does not affect the results */
};

struct ov_check;

/* A new check; NULL on failure. ov_check_free takes NULL. */
OV_API OV_MUST_USE struct ov_check *ov_check_new(const struct ov_check_options *options,
                                                 struct ov_error *err);
OV_API void ov_check_free(struct ov_check *check);

/* Settings; call before the first feed. Later calls override earlier ones. Values are copied.
 * OV_E_OPTION when a value cannot be used. */

/* Sets one setting of the import service by its name: `identifier`, `csvmapping:name` … */
OV_API OV_MUST_USE enum ov_status ov_check_set(struct ov_check *check, struct ov_text key,
                                               struct ov_text value, struct ov_error *err);
/* Sets settings from JSON: {"key":"value"}, or the older [{"name":…,"value":…}]. */
OV_API OV_MUST_USE enum ov_status ov_check_set_json(struct ov_check *check, struct ov_text json,
                                                    struct ov_error *err);
/* Sets the severity of a rule, or switches the rule off. */
OV_API OV_MUST_USE enum ov_status ov_check_set_severity(struct ov_check *check,
                                                        const struct ov_rule *rule, bool off,
                                                        enum ov_severity severity,
                                                        struct ov_error *err);
/* Sets a PCRE2 pattern that the values of a field must match (unanchored; OV308). */
OV_API OV_MUST_USE enum ov_status ov_check_set_pattern(struct ov_check *check, struct ov_text field,
                                                       struct ov_text regex, struct ov_error *err);
/* Adds a value of a parent cell that means "no parent"; may be called repeatedly. */
OV_API OV_MUST_USE enum ov_status
ov_check_add_root_marker(struct ov_check *check, struct ov_text value, struct ov_error *err);
/* Options about a layout of the file that differs from the importer's. Columns are given by their
 * heading, or by the field that is read from them. */
enum ov_layout_key {
    OV_LAYOUT_PARENTS,    /* how a row names its parent: `id` (default), `name`, `either`,
                             `levels=COLUMN,COLUMN…` (a heading with a comma in double quotes),
                             `path=COLUMN`, `outline=COLUMN` */
    OV_LAYOUT_SEPARATOR,  /* what separates the names of a path; default: the likeliest */
    OV_LAYOUT_FILL_DOWN,  /* a column whose empty cells mean the cell above; repeatable */
    OV_LAYOUT_WHERE,      /* `COLUMN=VALUE` or `COLUMN!=VALUE`: only such rows; repeatable */
    OV_LAYOUT_VALID_ON,   /* a date: only rows that are valid on that day */
    OV_LAYOUT_VALID_FROM, /* the column of the first day of a row */
    OV_LAYOUT_VALID_TO,   /* the column of its last day */
    OV_LAYOUT_KEYS
};
OV_API OV_MUST_USE enum ov_status ov_check_set_layout(struct ov_check *check,
                                                      enum ov_layout_key key, struct ov_text value,
                                                      struct ov_error *err);
/* Announces the number of bytes to come. A hint that saves time and memory; it may be wrong. */
OV_API void ov_check_expect(struct ov_check *check, uint64_t bytes);
/* Adds an identifier that already exists in the target framework; may be called repeatedly. */
OV_API OV_MUST_USE enum ov_status ov_check_add_existing(struct ov_check *check, struct ov_text id,
                                                        struct ov_error *err);

/* Feeds the next bytes of the file; how the file is split makes no difference. OV_E_OPTION when the
 * settings turn out not to fit the importer, OV_E_PATTERN when a pattern hits its limits. */
OV_API OV_MUST_USE enum ov_status ov_check_feed(struct ov_check *check, const void *bytes,
                                                size_t len, struct ov_error *err);
/* Marks the end of the file; the results can be read afterwards. Call it once. */
OV_API OV_MUST_USE enum ov_status ov_check_finish(struct ov_check *check, struct ov_error *err);
/* Whether a settings_only check has seen the header and needs no more bytes. */
OV_API bool ov_check_has_settings(const struct ov_check *check);
/* What kind of upload a file is that no importer reads, judged by its headings: a user upload
 * (`username` and jobpositionN or jobdepartmentN, or all of firstname, lastname, email), or a
 * course upload (`shortname`, `fullname`, `category`). OV_OTHER_NONE for a file with a parent
 * column. */
enum ov_other_upload { OV_OTHER_NONE, OV_OTHER_USERS, OV_OTHER_COURSES };
/* The kind of upload; valid once the header was read. */
OV_API enum ov_other_upload ov_check_other_upload(const struct ov_check *check);
/* Whether a column is mapped to a field of the importer. */
OV_API bool ov_check_maps(const struct ov_check *check, struct ov_text field);
/* Whether the header could be read and its columns were matched with an importer's fields. */
OV_API bool ov_check_has_columns(const struct ov_check *check);

/* The results of a check; valid after finish. Texts live as long as the check. */
struct ov_check_result {
    const struct ov_importer *importer; /* the importer used */
    enum ov_other_upload other; /* with options.other_uploads: what the file is, which was then not
                                   vetted (OV118) */
    bool importer_assumed;      /* the importer was unclear: `positions` was assumed, or, with
                                   importer_required, nothing was vetted */
    struct ov_text importer_column; /* the heading that alone decided it; empty: no heading did */
    bool is_workbook;               /* then encoding and delimiter are "" */
    struct ov_text sheet;           /* of a workbook: the one that was read */
    const char *encoding;           /* IANA name */
    bool encoding_sure;             /* false: it was guessed; what is written must not rely on it */
    struct ov_text sample; /* a cell as it was decoded, for the reader to judge; empty: UTF-8, all
                              is ASCII, or options.redact */
    uint64_t sample_line;  /* its line */
    char delimiter;        /* the one used */
    const char *delimiter_name;         /* for people: `tab`, and a character beyond ASCII itself */
    uint64_t header_row;                /* physical line of the header; 0: there is none */
    uint64_t left_out;                  /* records left out by an option */
    bool provisional;                   /* it was vetted with proposals that nobody has accepted */
    uint64_t rows;                      /* data records read, without blank ones */
    uint64_t nodes, roots;              /* as in schemas/report-1.json */
    uint32_t max_depth;                 /* levels of the hierarchy */
    uint64_t severities[OV_SEVERITIES]; /* exact number of findings */
    uint64_t existing_parents;          /* rows whose parent is only in the target framework
                                           (ov_check_add_existing) */
    bool has_hierarchy; /* false for a user upload: nodes, roots, max_depth and settings are then
                           meaningless */
    bool hides;         /* a baseline or suppressions were applied */
    uint64_t hidden;    /* findings removed by these */
    bool
        has_gone; /* a baseline was applied: ov_check_gone lists its entries that no longer occur */
    struct ov_text settings; /* resolved settings as a JSON object; "{}" without a header */
    struct ov_text
        root_cause; /* "fixing line 17 clears 1,204 findings"; empty when none stands out */
    uint64_t root_cause_line;   /* 0: not a single line */
    uint64_t root_cause_clears; /* findings that fixing the root cause would clear */
    struct ov_text
        root_cause_column; /* the column to use as the identifier; empty: not applicable */
};
/* The results of a finished check; lives as long as the check. */
OV_API const struct ov_check_result *ov_check_result(const struct ov_check *check);
/* When the encoding is not sure: the likeliest names, the one in use first; NULL past the last one.
 * Lives as long as the check. */
OV_API const char *ov_check_likely_encoding(const struct ov_check *check, size_t index);
/* How the identifier or a field is read. */
enum ov_column_state { OV_COLUMN_NONE, OV_COLUMN_MAPPED, OV_COLUMN_PROPOSED };
struct ov_column_choice {
    const char *field; /* `identifier`, or the field's name; static */
    enum ov_column_state state;
    struct ov_text column; /* its heading in the file; meaningless with OV_COLUMN_NONE */
    const char *by[2];     /* setting, name, alias, folded, words, values; static, or NULL */
    unsigned percent;      /* confidence; 100: mapped, 0: none */
    struct ov_text reason; /* of a proposal, for people */
};
/* The choice at an index: first that of the identifier, then one for each field of the importer, in
 * its order. False past the end, and where the columns are not known. Texts live as long as the
 * check. */
OV_API bool ov_check_column(const struct ov_check *check, size_t index,
                            struct ov_column_choice *choice);
/* The value of the option --parents (OV_LAYOUT_PARENTS) that the file seems to need; empty: none.
 */
OV_API struct ov_text ov_check_proposed_parents(const struct ov_check *check);
/* The columns of the option --fill-down (OV_LAYOUT_FILL_DOWN) that the file seems to need with it;
 * false past the last one. Lives as long as the check. */
OV_API bool ov_check_proposed_fill(const struct ov_check *check, size_t index,
                                   struct ov_text *column);
/* With result.provisional: the options of the command line that accept the proposals, unquoted
 * (`--map`, `idnumber=Position ID`, …); false past the last one. Lives as long as the check. */
OV_API bool ov_check_accept(const struct ov_check *check, size_t index, struct ov_text *option);
/* The options of the command line that resolve the root cause, unquoted (`--root-marker`, `NULL`);
 * false past the last one, or when no option does. Lives as long as the check. */
OV_API bool ov_check_cause_option(const struct ov_check *check, size_t index,
                                  struct ov_text *option);
/* SHA-256 of the file's bytes in hexadecimal; after finish, for a check with `keep_for_reread`,
 * otherwise empty. Lives as long as the check. */
OV_API const char *ov_check_sha256(const struct ov_check *check);
/* Writes the settings given to the check as a JSON object, for a service that should use the same.
 * Writes no line end. */
OV_API OV_MUST_USE enum ov_status ov_check_given_settings(const struct ov_check *check,
                                                          const struct ov_sink *out,
                                                          struct ov_error *err);
/* The value given for a setting, by its name; empty when none was given. Lives as long as the
 * check. */
OV_API struct ov_text ov_check_given_setting(const struct ov_check *check, struct ov_text key);
/* The exact number of findings of the rule at this index of ov_rule_at. */
OV_API uint64_t ov_check_count(const struct ov_check *check, size_t rule_index);

/* Returns the next finding, sorted by place; finding->rule is NULL after the last one.
 * ov_check_rewind starts over. OV_E_MEMORY is the only failure. */
OV_API OV_MUST_USE enum ov_status ov_check_next(struct ov_check *check, struct ov_finding *finding);
/* The fingerprint of the baseline entry number `index` that no longer occurs (ov_check_hide); false
 * past the end. Lives as long as the check. */
OV_API bool ov_check_gone(const struct ov_check *check, size_t index, struct ov_text *fingerprint);
/* A related place of the finding last returned; index < finding.related_count. */
OV_API struct ov_related ov_check_related(const struct ov_check *check, size_t index);
/* For a finding with is_loop: just the identifier at that place. */
OV_API struct ov_text ov_check_member(const struct ov_check *check, size_t index);
/* Restarts the iteration before the first finding. */
OV_API void ov_check_rewind(struct ov_check *check);

/* Writes the import service's answer to a dry run, {"id":0,"settings":"…"}, and a line end. If the
 * settings are invalid or the importer is unclear, writes the service's error object instead and
 * sets *refused (seeds/migration-web-services.txt, CONTRACT 1.4). Call it after settings_only; rows
 * are not checked. `failure` is the OV_E_OPTION that ov_check_set… or feed returned before, or
 * NULL. */
OV_API OV_MUST_USE enum ov_status ov_check_dry_run(struct ov_check *check,
                                                   const struct ov_error *failure,
                                                   const struct ov_sink *out, bool *refused,
                                                   struct ov_error *err);

/* Writes the service's error object for an unknown importer. */
OV_API OV_MUST_USE enum ov_status
ov_dry_run_unknown_importer(struct ov_text name, const struct ov_sink *out, struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
