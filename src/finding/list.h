/* finding/list.h: findings as data. Rules add them, in any order; reports read them sorted by
 * place. Knows no input: what a finding speaks of is copied in, or points into memory of the run.
 */
#ifndef FINDING_LIST_H
#define FINDING_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"
#include "finding/rule.h"

enum {
    OV_NO_ROW = UINT32_MAX,
    OV_NO_COLUMN = UINT32_MAX,
    OV_VALUE_MAX = 80, /* bytes kept of an offending value */
};

/* What few findings have; in the arena. */
struct ov_item_detail {
    struct ov_related *related;
    size_t related_count;
    const uint32_t *loop; /* OV404: rows round it, from 0; memory of the run */
    size_t loop_count;
    struct ov_text group; /* for the fingerprint: digest of all that it is about (OV404:
                             identifiers; OV405, OV408: what they have in common) */
    struct ov_text extra; /* another text of the message, no suggestion */
    uint64_t affected;    /* 0: taken from the row */
    uint64_t cut_line;    /* OV404: the line where the loop is cheapest to cut */
    bool minimal;
};

/* One finding. About 120 bytes, plus its texts. */
struct ov_item {
    struct ov_place place;
    struct ov_text value, id, suggestion; /* arena, or memory of the run */
    uint64_t n, m; /* numbers of the message; OV402: m identifiers are as near as the suggestion,
                      2 may stand for more */
    struct ov_item_detail *detail; /* NULL for most */
    uint32_t row;                  /* 0 = header, OV_NO_ROW = none */
    uint32_t header;               /* index of the column it speaks of, or OV_NO_COLUMN */
    uint32_t ordinal;              /* among equal ones in file order; set by ov_list_sort */
    uint8_t rule, message, severity;
    int8_t field; /* index in the importer's fields, or -1 */
};

/* The findings of one file. */
struct ov_list {
    struct ov_item *items;
    size_t count, capacity;
    uint64_t counts[OV_RULES][OV_SEVERITIES]; /* exact, whatever is kept */
    uint64_t kept[OV_RULES];
    uint64_t cap;           /* most kept for each rule; 0 = all */
    uint64_t most;          /* most kept of all rules together; 0 = all */
    int severity[OV_RULES]; /* the user's choice: severity, OV_AS_IS or OV_OFF */
    bool stays[OV_RULES];   /* that choice does not lower what is an error by itself */
    struct ov_arena arena;  /* texts and details */
    bool cut;               /* a cap was met: not all are kept */
    bool failed;            /* no memory; sticky */
};
enum { OV_AS_IS = -1, OV_OFF = -2 };

void ov_list_init(struct ov_list *list);
void ov_list_deinit(struct ov_list *list);

/* Adds a finding with the rule's own severity (or `severity`) and returns it to be filled in until
 * the next call; NULL when it is switched off, over a cap (then it is counted), or there is no
 * memory (then list->failed). Findings of one rule must come in order of their places: the first
 * `cap` of them are kept. With `most` rules share the room: those with few findings keep them all,
 * the others the first so many. */
struct ov_item *ov_list_add(struct ov_list *list, enum ov_rule_index rule, enum ov_message message,
                            struct ov_place place, uint32_t row);
struct ov_item *ov_list_add_as(struct ov_list *list, enum ov_rule_index rule,
                               enum ov_severity severity, enum ov_message message,
                               struct ov_place place, uint32_t row);

/* Counts findings that are not kept, at the rule's own severity or the user's. */
void ov_list_count_only(struct ov_list *list, enum ov_rule_index rule, uint64_t count);

/* Copies of texts for an item, in the list's arena; a failure makes the list fail and gives the
 * empty text. The second shortens to OV_VALUE_MAX bytes with an ellipsis. */
struct ov_text ov_list_keep(struct ov_list *list, struct ov_text text);
struct ov_text ov_list_keep_short(struct ov_list *list, struct ov_text text);

/* A detail for an item, zeroed, with room for these many related places; NULL and a failed list
 * when there is no memory. */
struct ov_item_detail *ov_list_detail(struct ov_list *list, size_t related);

/* Gives the item a copy of another text for its message. */
void ov_list_extra(struct ov_list *list, struct ov_item *item, struct ov_text extra);

bool ov_list_is_off(const struct ov_list *list, enum ov_rule_index rule);
uint64_t ov_list_count(const struct ov_list *list, enum ov_rule_index rule);
uint64_t ov_list_total(const struct ov_list *list, enum ov_severity severity);

/* Sorts by place, then code, and numbers equal findings for their fingerprints. */
struct ov_names;
OV_MUST_USE bool ov_list_sort(struct ov_list *list, const struct ov_names *names);

/* What the words of a finding need from the run. */
struct ov_names {
    const struct ov_text *headers; /* of the file's columns */
    size_t header_count;
    const char *const *fields;                           /* names of the importer's fields */
    struct ov_text (*id)(const void *run, uint32_t row); /* a row's identifier, rows from 0 */
    const void *run;
    enum ov_language language;
    /* where no text of a row's cells is to be told */
    struct ov_text redact_key;         /* for hashes; empty: all may be told */
    uint32_t id_column, parent_column; /* identifiers stand there; or OV_NO_COLUMN */
    bool (*known)(const void *run, struct ov_text header); /* the header may be told */
};

/* What is told of a cell instead of its text: `#` and eight hexadecimal digits of its HMAC where it
 * is an identifier, so that the same ones can be told to be the same; else `withheld`. Nothing
 * instead of nothing. */
void ov_buf_redacted(struct ov_buf *out, struct ov_text key, struct ov_text text, bool identifier);
/* Appends a text of an item; escaped, and redacted where that is asked for and it is of a row. */
void ov_item_text(const struct ov_item *item, const struct ov_names *names, struct ov_text text,
                  struct ov_buf *out);

/* The header or field name that stands in a finding's fingerprint and JSON. */
struct ov_text ov_item_field(const struct ov_item *item, const struct ov_names *names);
struct ov_text ov_item_header(const struct ov_item *item, const struct ov_names *names);
/* A header as it may be told: itself, or `withheld`. */
struct ov_text ov_names_header(const struct ov_names *names, struct ov_text header);

/* Appends the words of a finding. */
void ov_item_message(const struct ov_item *item, const struct ov_names *names, struct ov_buf *out);
void ov_item_help(const struct ov_item *item, const struct ov_names *names, struct ov_buf *out);
const char *ov_note_text(enum ov_note note, enum ov_language language);

/* The fingerprint: code, identifier, field and ordinal; of findings about a group (detail->group)
 * code, group and ordinal. With a redact_key an HMAC, else the same for ever. */
OV_MUST_USE bool ov_item_fingerprint(const struct ov_item *item, const struct ov_names *names,
                                     char hex[33]);

#endif
