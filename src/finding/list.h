/* finding/list.h: findings as data. Rules add them, in any order; reports read them sorted by
 * place. Independent of the input: texts of a finding are copies, or point into memory of the
 * run. */
#ifndef FINDING_LIST_H
#define FINDING_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"
#include "finding/rule.h"

#define OV_NO_ROW    UINT32_MAX
#define OV_NO_COLUMN UINT32_MAX

enum { OV_VALUE_MAX = 80 /* bytes kept of an offending value */ };

/* Data that few findings have; allocated in the arena. */
struct ov_item_detail {
    struct ov_related *related; /* related_count of them */
    size_t related_count;
    const uint32_t *loop; /* OV404: the rows of the cycle, from 0; memory of the run */
    size_t loop_count;
    struct ov_text group; /* for the fingerprint: digest of everything the finding is about (OV404:
                             identifiers; OV405, OV408: what they have in common) */
    struct ov_text extra; /* another text of the message, not a suggestion */
    uint64_t affected;    /* 0: taken from the row */
    uint64_t cut_line;    /* OV404: the line where the cycle is cheapest to cut */
    bool minimal;         /* OV404: no shorter cycle exists in its group */
};

/* One finding. About 120 bytes, plus its texts. */
struct ov_item {
    struct ov_place place;                /* of the offending cell or row */
    struct ov_text value, id, suggestion; /* arena, or memory of the run */
    uint64_t n, m; /* numbers in the message; OV402: m identifiers are as near as the suggestion, 2
                      may mean more */
    struct ov_item_detail *detail; /* NULL for most */
    uint32_t row;                  /* 0 = header, OV_NO_ROW = none */
    uint32_t header;               /* index of the column, or OV_NO_COLUMN */
    uint32_t made; /* the node, plus 1, of a unit that was made and is first named in this row; 0:
                      it is about the row itself */
    uint32_t ordinal; /* number among equal findings in file order; set by ov_list_sort */
    uint8_t rule, message, severity; /* enum ov_rule_index, ov_message, ov_severity */
    int8_t field;                    /* index of the importer's field, or -1 */
};

/* The findings of a file. */
struct ov_list {
    struct ov_item *items; /* owned */
    size_t count, capacity;
    uint64_t counts[OV_RULES][OV_SEVERITIES]; /* exact, however many are kept */
    uint64_t kept[OV_RULES];                  /* of these in items */
    uint64_t cap;                             /* limit of findings kept per rule; 0 = none */
    uint64_t most;                            /* limit of findings kept in total; 0 = none */
    int severity[OV_RULES]; /* the user's choice: a severity, OV_AS_IS or OV_OFF */
    bool stays[OV_RULES];   /* that choice does not lower findings that are errors by default */
    struct ov_arena arena;  /* texts and details */
    bool cut;               /* a limit was reached: not all findings are kept */
    bool failed;            /* out of memory; sticky */
};
enum { OV_AS_IS = -1, OV_OFF = -2 };

/* Removes all findings; the choices remain. */
void ov_list_clear(struct ov_list *list);
/* Makes an empty list without limits; ov_list_deinit frees everything. */
void ov_list_init(struct ov_list *list);
void ov_list_deinit(struct ov_list *list);

/* Adds a finding with the rule's own severity (or `severity`) and returns it, to be filled in
 * before the next call. NULL when the rule is switched off, a limit is reached (the finding is
 * still counted), or memory runs out (list->failed). Findings of one rule must be added in order of
 * place: the first `cap` of them are kept. `most` is shared among rules: those with few findings
 * keep all, the others their first ones. */
struct ov_item *ov_list_add(struct ov_list *list, enum ov_rule_index rule, enum ov_message message,
                            struct ov_place place, uint32_t row);
struct ov_item *ov_list_add_as(struct ov_list *list, enum ov_rule_index rule,
                               enum ov_severity severity, enum ov_message message,
                               struct ov_place place, uint32_t row);

/* Counts findings that are not kept, with the rule's own severity or the user's. */
void ov_list_count_only(struct ov_list *list, enum ov_rule_index rule, uint64_t count);

/* Copies a text for an item into the list's arena. On failure marks the list as failed and returns
 * the empty text. The second truncates to OV_VALUE_MAX bytes and adds an ellipsis. */
struct ov_text ov_list_keep(struct ov_list *list, struct ov_text text);
struct ov_text ov_list_keep_short(struct ov_list *list, struct ov_text text);

/* A zeroed detail for an item, with space for `related` places; arena. NULL and a failed list when
 * out of memory. */
struct ov_item_detail *ov_list_detail(struct ov_list *list, size_t related);

/* Sets a copy of another text for the item's message, shortened. */
void ov_list_extra(struct ov_list *list, struct ov_item *item, struct ov_text extra);

/* Whether a rule is switched off, so that none of its findings would be added. */
bool ov_list_is_off(const struct ov_list *list, enum ov_rule_index rule);
/* The exact number of findings of a rule. */
uint64_t ov_list_count(const struct ov_list *list, enum ov_rule_index rule);
/* The exact number of findings of a severity. */
uint64_t ov_list_total(const struct ov_list *list, enum ov_severity severity);

/* Sorts by place, then code, and numbers equal findings for their fingerprints. False when out of
 * memory. */
struct ov_names;
OV_MUST_USE bool ov_list_sort(struct ov_list *list, const struct ov_names *names);

/* What the texts of a finding need to know of the run. Everything is borrowed. */
struct ov_names {
    const struct ov_text *headers; /* of the file's columns */
    size_t header_count;
    const char *const *fields;                           /* names of the importer's fields */
    struct ov_text (*id)(const void *run, uint32_t row); /* the identifier of a row, rows from 0 */
    const void *run;                                     /* passed to id and known */
    enum ov_language language;                           /* of messages and notes */
    bool workbook;                                       /* the file is one, not a text */
    /* redaction: when no cell text may be shown */
    struct ov_text redact_key;         /* key of the hashes; empty: everything may be shown */
    uint32_t id_column, parent_column; /* the columns of identifiers; or OV_NO_COLUMN */
    bool (*known)(const void *run, struct ov_text header); /* whether a header may be shown */
};

/* The field name and the header of a finding, as in its fingerprint and JSON; the header as
 * ov_names_header. */
struct ov_text ov_item_field(const struct ov_item *item, const struct ov_names *names);
struct ov_text ov_item_header(const struct ov_item *item, const struct ov_names *names);
/* A header as it may be shown: itself, or `withheld`. */
struct ov_text ov_names_header(const struct ov_names *names, struct ov_text header);

/* The fingerprint, 32 hexadecimal digits and a NUL: of code, identifier, field and ordinal; for
 * findings about a group (detail->group) of code, group and ordinal. An HMAC if there is a
 * redact_key, otherwise stable for ever. False when out of memory. */
OV_MUST_USE bool ov_item_fingerprint(const struct ov_item *item, const struct ov_names *names,
                                     char hex[33]);

#endif
