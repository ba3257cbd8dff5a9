/* orgvet/check.h: vetting one file. The one door: bytes go in with ov_check_feed, findings come out
 * as data with ov_check_next.
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

/* How to vet. {0} are the defaults. Texts are borrowed during ov_check_new only; those of `read`,
 * with `keep_for_reread`, as long as the check. */
struct ov_check_options {
    struct ov_read_options read;
    const struct ov_importer *importer; /* NULL: found out from file_name, then from the fields that
                                           settings speak of, then from the header */
    const char *file_name;              /* the name in findings; may be NULL */
    bool keep_for_reread; /* the file will be read again for what it means (orgvet/payload.h) */
    enum ov_language language; /* of what findings say */
    bool redact; /* for public logs: findings tell no text of a row's cells, identifiers as keyed
                    hashes, all else withheld; nor headers that name no known field */
    struct ov_text redact_key; /* of any length: for those hashes, and fingerprints; copied. Empty:
                                  a random one for this check */
    bool settings_only;        /* stop at the header: for ov_check_dry_run */
    bool importer_required;    /* neither the header decides nor is `positions` assumed when the
                                  importer is not clear otherwise */
    bool errors_stay;          /* ov_check_set_severity cannot lower a finding that is an error by
                                  itself: for what a service would refuse all the same */
    bool require_id;           /* OV302 is an error */
    bool single_root;          /* OV407 is an error */
    uint32_t max_depth;        /* OV406; 0: 100 */
    uint64_t max_kept;         /* most findings kept for each rule, in order of place; 0: all */
    uint64_t max_findings;     /* most findings kept of all rules together; rules share the room; 0:
                                  all.     Counts are exact all the same */
    unsigned threads; /* most threads used, the caller's included (today two at most); 0: 1.
                         What comes out does not depend on it */
};

struct ov_check;

/* A check; NULL on failure. ov_check_free frees it and takes NULL. */
OV_API OV_MUST_USE struct ov_check *ov_check_new(const struct ov_check_options *options,
                                                 struct ov_error *err);
OV_API void ov_check_free(struct ov_check *check);

/* Before the first feed. Later calls win. Values are copied. OV_E_OPTION when one cannot be used.
 */

/* One setting of the import service by its name: `identifier`, `csvmapping:name` … */
OV_API OV_MUST_USE enum ov_status ov_check_set(struct ov_check *check, struct ov_text key,
                                               struct ov_text value, struct ov_error *err);
/* Settings as JSON: {"key":"value"}, or the older [{"name":…,"value":…}]. */
OV_API OV_MUST_USE enum ov_status ov_check_set_json(struct ov_check *check, struct ov_text json,
                                                    struct ov_error *err);
/* The severity of a rule, or off. */
OV_API OV_MUST_USE enum ov_status ov_check_set_severity(struct ov_check *check,
                                                        const struct ov_rule *rule, bool off,
                                                        enum ov_severity severity,
                                                        struct ov_error *err);
/* A PCRE2 pattern that the values of a field must match somewhere (OV308). */
OV_API OV_MUST_USE enum ov_status ov_check_set_pattern(struct ov_check *check, struct ov_text field,
                                                       struct ov_text regex, struct ov_error *err);
/* A parent cell that means "none"; may be called often. */
OV_API OV_MUST_USE enum ov_status
ov_check_add_root_marker(struct ov_check *check, struct ov_text value, struct ov_error *err);
/* How many bytes will come. A hint that saves time and memory; it may be wrong. */
OV_API void ov_check_expect(struct ov_check *check, uint64_t bytes);
/* An identifier that the target framework has already; may be called often. */
OV_API OV_MUST_USE enum ov_status ov_check_add_existing(struct ov_check *check, struct ov_text id,
                                                        struct ov_error *err);

/* Hands over the next bytes of the file; how they are cut makes no difference. OV_E_OPTION when the
 * settings turn out not to fit the importer, OV_E_PATTERN when a pattern runs into its limits. */
OV_API OV_MUST_USE enum ov_status ov_check_feed(struct ov_check *check, const void *bytes,
                                                size_t len, struct ov_error *err);
/* Says that the file has ended; after it the results can be read. Call it once. */
OV_API OV_MUST_USE enum ov_status ov_check_finish(struct ov_check *check, struct ov_error *err);
/* Whether settings_only has seen the header: no more bytes are needed. */
OV_API bool ov_check_has_settings(const struct ov_check *check);
/* What a file is that is for none of the importers, by its headings: a user upload (`username` and
 * jobpositionN, jobdepartmentN, or all of firstname, lastname, email), a course upload
 * (`shortname`, `fullname`, `category`); of one with a column for parents neither. */
enum ov_other_upload { OV_OTHER_NONE, OV_OTHER_USERS, OV_OTHER_COURSES };
OV_API enum ov_other_upload ov_check_other_upload(const struct ov_check *check);
/* Whether a column is mapped to a field of the importer. */
OV_API bool ov_check_maps(const struct ov_check *check, struct ov_text field);
/* Whether the header could be read and its columns were matched with an importer's fields. */
OV_API bool ov_check_has_columns(const struct ov_check *check);

/* What the file came to; after finish. Texts live as long as the check. */
struct ov_check_result {
    const struct ov_importer *importer; /* the one that was used */
    bool importer_assumed; /* it was not clear: `positions` was assumed, or with importer_required
                              nothing was vetted */
    struct ov_text importer_column; /* the heading that alone spoke for it; empty: not a heading */
    const char *encoding;           /* IANA name */
    char delimiter;
    uint64_t rows;         /* data records read, blank ones not counted */
    uint64_t nodes, roots; /* as in schemas/report-1.json */
    uint32_t max_depth;
    uint64_t severities[OV_SEVERITIES]; /* exact numbers of findings */
    uint64_t existing_parents;          /* rows whose parent is only in the target framework
                                           (ov_check_add_existing) */
    bool has_hierarchy; /* false of a user upload: nodes, roots, max_depth and settings mean nothing
                         */
    bool hides;         /* a baseline or suppressions were applied */
    uint64_t hidden;    /* findings that these took out */
    bool has_gone; /* a baseline was applied: ov_check_gone has what it knows and is not there */
    struct ov_text settings; /* resolved, as a JSON object; "{}" when there is no header */
    struct ov_text
        root_cause; /* "fixing line 17 clears 1,204 findings"; empty when none stands out */
    uint64_t root_cause_line; /* 0: no one line */
    uint64_t root_cause_clears;
    struct ov_text root_cause_column; /* the column that is to be the identifier; empty: none */
};
OV_API const struct ov_check_result *ov_check_result(const struct ov_check *check);
/* SHA-256 of the file's bytes, hexadecimal; after finish, of a check with `keep_for_reread`;
 * else empty.
 */
OV_API const char *ov_check_sha256(const struct ov_check *check);
/* The settings that it was given, as a JSON object: for a service that is to use the same. Writes
 * no line end. */
OV_API OV_MUST_USE enum ov_status ov_check_given_settings(const struct ov_check *check,
                                                          const struct ov_sink *out,
                                                          struct ov_error *err);
/* The value given for a setting, by its name; empty when none was. Lives as long as the check. */
OV_API struct ov_text ov_check_given_setting(const struct ov_check *check, struct ov_text key);
/* The exact number of findings of the rule at an index of ov_rule_at. */
OV_API uint64_t ov_check_count(const struct ov_check *check, size_t rule_index);

/* The next finding, sorted by place; finding->rule is NULL behind the last one. ov_check_rewind
 * starts again. OV_E_MEMORY is the only failure. */
OV_API OV_MUST_USE enum ov_status ov_check_next(struct ov_check *check, struct ov_finding *finding);
/* The fingerprint of a finding that a baseline (ov_check_hide) knows and that is gone; false when
 * there are no more. Lives as long as the check. */
OV_API bool ov_check_gone(const struct ov_check *check, size_t index, struct ov_text *fingerprint);
/* Another place that the finding last given speaks of; index < finding.related_count. */
OV_API struct ov_related ov_check_related(const struct ov_check *check, size_t index);
/* Of a finding with is_loop: the identifier alone of that place. */
OV_API struct ov_text ov_check_member(const struct ov_check *check, size_t index);
/* Back to before the first finding. */
OV_API void ov_check_rewind(struct ov_check *check);

/* Writes what the import service answers to a dry run, {"id":0,"settings":"…"}, and a line end; or,
 * when the settings are not valid or the importer is not clear, its error object, with *refused set
 * (seeds/migration-web-services.txt, CONTRACT 1.4). After settings_only; rows are not looked at.
 * `failure` is the OV_E_OPTION that ov_check_set… or feed gave before, or NULL. */
OV_API OV_MUST_USE enum ov_status ov_check_dry_run(struct ov_check *check,
                                                   const struct ov_error *failure,
                                                   const struct ov_sink *out, bool *refused,
                                                   struct ov_error *err);

/* Writes the service's error object for an importer that it does not know. */
OV_API OV_MUST_USE enum ov_status
ov_dry_run_unknown_importer(struct ov_text name, const struct ov_sink *out, struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
