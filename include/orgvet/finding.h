/* orgvet/finding.h: what can be wrong with a file: rules and findings. */
#ifndef ORGVET_FINDING_H
#define ORGVET_FINDING_H

#include <stdbool.h>

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How serious a finding is, in ascending order. */
enum ov_severity {
    OV_INFO,
    OV_WARNING,
    OV_ERROR,
    OV_SEVERITIES, /* the number of severities */
};

/* "info", "warning", "error"; static. */
OV_API const char *ov_severity_name(enum ov_severity severity);

/* One rule. All strings are static, UTF-8, NUL-terminated. */
struct ov_rule {
    const char *code;          /* "OV402"; never reused */
    const char *name;          /* "missing-parent" */
    enum ov_severity severity; /* default, before user settings; single cells may raise it */
    const char *summary;       /* a short phrase */
    const char *what;          /* what it means and why it matters */
    const char *bad;           /* a small file with the mistake */
    const char *good;          /* the same file, fixed */
    const char *fix;           /* how to fix it */
};

/* The rules, ordered by code; static. ov_rule_at: index < ov_rule_count(). */
OV_API size_t ov_rule_count(void);
OV_API const struct ov_rule *ov_rule_at(size_t index);

/* Finds a rule by code or name, ASCII case ignored; NULL when there is none. */
OV_API const struct ov_rule *ov_rule_find(struct ov_text code_or_name);

/* The rule whose code or name is nearest to a misspelt one; NULL when none is near enough. */
OV_API const struct ov_rule *ov_rule_nearest(struct ov_text code_or_name);

/* Another place that a finding refers to. */
struct ov_related {
    struct ov_place place; /* of the cell or row referred to */
    int64_t row;           /* 0 = header, 1 = first data record, -1 = none */
    struct ov_text id;     /* identifier of that row; may be empty */
    struct ov_text note;   /* what is there, for people: "first defined here" */
};

/* One problem, ready to be shown. Texts may hold any bytes and live until the next call on the
 * check that returned the finding. Fields that do not apply are empty texts, -1 or NULL. */
struct ov_finding {
    const struct ov_rule *rule; /* static; NULL: no finding */
    enum ov_severity severity;  /* after user settings */
    struct ov_place place;      /* of the offending cell, row or file */
    int64_t row;                /* 0 = header, 1 = first data record, -1 = not about a record */
    struct ov_text message;     /* what is wrong; values in backticks, escaped */
    struct ov_text help;        /* how to fix it; may be empty */
    struct ov_text field;       /* the importer's field name */
    bool has_header;            /* it refers to a column, whose header may be empty */
    struct ov_text header;      /* that column's header in the file */
    struct ov_text value;       /* the offending value, shortened */
    struct ov_text id;          /* identifier of the row */
    struct ov_text suggestion;  /* replacement for "did you mean" */
    int64_t affected; /* rows that this keeps from being imported: the row and all rows below it */
    size_t related_count; /* number of related places: ov_check_related */
    bool is_loop; /* OV404: the related places form the cycle, each one's parent is the next */
    bool minimal; /* OV404: no shorter cycle exists in its group */
    char fingerprint[33]; /* hexadecimal, NUL-terminated; survives re-sorting the file */
};

#ifdef __cplusplus
}
#endif
#endif
