/* mapping/importer.h: the fields of each importer, one const table per importer. */
#ifndef MAPPING_IMPORTER_H
#define MAPPING_IMPORTER_H

#include <stdbool.h>

#include "base/text.h"
#include "orgvet/importer.h"

enum { OV_FIELDS_MAX = 16 };

/* The meaning of a field; decides how its cells are checked. */
enum ov_field_kind {
    OV_FIELD_TEXT,
    OV_FIELD_NAME,
    OV_FIELD_ID,
    OV_FIELD_PARENT,
    OV_FIELD_FLAG,      /* 0, 1 or empty */
    OV_FIELD_FORMAT,    /* 0, 1, 2 or 4 */
    OV_FIELD_LONG_TEXT, /* line ends and tabs are allowed */
};

struct ov_field {
    const char *name;              /* as in csvmapping:NAME */
    const char *const *aliases;    /* headers that are mapped automatically, NULL-terminated */
    const char *const *looks_like; /* folded headers that are only suggested, NULL-terminated */
    enum ov_field_kind kind;       /* what it means */
    unsigned limit;                /* maximum, code points; 0 = none */
    bool required;                 /* it must be mapped and not empty */
    bool has_default;              /* csvdefault:NAME exists */
    const char *fallback;          /* built-in default, always part of the settings; NULL = none */
};

struct ov_importer {
    const char *name;              /* short name */
    const char *class_name;        /* of the web service */
    const struct ov_field *fields; /* in the order of the service's settings */
    size_t field_count;
    const char *sample; /* the template */
};

/* A pseudo-importer for user uploads with jobs; static, not among ov_importer_at. */
const struct ov_importer *ov_importer_users(void);
/* One for course uploads, which are not vetted; static, not among ov_importer_at. */
const struct ov_importer *ov_importer_courses(void);
/* The index of a field, or -1. `parent` is accepted for `parentid`. */
int ov_importer_field(const struct ov_importer *importer, struct ov_text name);
/* The index of the first field of a kind, or -1. */
int ov_importer_kind(const struct ov_importer *importer, enum ov_field_kind kind);
/* Whether a value is valid for a flag or format field; empty values are. Always true for other
 * kinds. */
bool ov_field_accepts(enum ov_field_kind kind, struct ov_text value);

#endif
