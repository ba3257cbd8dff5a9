/* orgvet/finding.h: what can be wrong with a file. The rules and the findings. */
#ifndef ORGVET_FINDING_H
#define ORGVET_FINDING_H

#include <stdbool.h>

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How bad a finding is; in this order. */
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
    enum ov_severity severity; /* unless changed by the user or raised for a cell */
    const char *summary;       /* half a line */
    const char *what;          /* what it means and why it matters */
    const char *bad;           /* a small file that has it */
    const char *good;          /* the same file, mended */
    const char *mend;          /* how to mend it */
};

/* The rules in order of their codes. */
OV_API size_t ov_rule_count(void);
OV_API const struct ov_rule *ov_rule_at(size_t index);

/* The rule with this code or name, ASCII case ignored; NULL when there is none. */
OV_API const struct ov_rule *ov_rule_find(struct ov_text code_or_name);

/* The rule whose code or name is nearest to a misspelt one; NULL when none is near. */
OV_API const struct ov_rule *ov_rule_nearest(struct ov_text code_or_name);

/* Another place that a finding speaks of. */
struct ov_related {
    struct ov_place place;
    int64_t row;         /* 0 = header, 1 = first data record, -1 = none */
    struct ov_text id;   /* identifier of that row; may be empty */
    struct ov_text note; /* what is there: "first defined here" */
};

/* One problem, ready to be shown. Texts may hold any byte and live until the next call on the
 * check that gave the finding. Fields that do not apply are empty texts, -1 or NULL. */
struct ov_finding {
    const struct ov_rule *rule;
    enum ov_severity severity;
    struct ov_place place;
    int64_t row;               /* 0 = header, 1 = first data record, -1 = not about a record */
    struct ov_text message;    /* what is wrong; values in backticks, escaped */
    struct ov_text help;       /* how to mend it; may be empty */
    struct ov_text field;      /* the importer's field */
    bool has_header;           /* a column is meant; its header may be empty */
    struct ov_text header;     /* that column's header in the file */
    struct ov_text value;      /* offending value, shortened */
    struct ov_text id;         /* identifier of the row */
    struct ov_text suggestion; /* did you mean */
    int64_t affected;          /* rows that this keeps from importing: the row and all below it */
    size_t related_count;      /* other places: ov_check_related */
    bool is_loop;              /* OV404: they lead round it, each one's parent is the next */
    bool minimal;              /* OV404: the loop is a shortest one of its group */
    char fingerprint[33];      /* hexadecimal, NUL-terminated; survives re-sorting the file */
};

#ifdef __cplusplus
}
#endif
#endif
