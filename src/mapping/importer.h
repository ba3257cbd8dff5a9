/* mapping/importer.h: what each importer reads, one const table per importer. */
#ifndef MAPPING_IMPORTER_H
#define MAPPING_IMPORTER_H

#include <stdbool.h>

#include "base/text.h"
#include "orgvet/importer.h"

enum { OV_FIELDS_MAX = 16 };

/* What a field means, which decides what is checked of its cells. */
enum ov_field_kind {
    OV_FIELD_TEXT,
    OV_FIELD_NAME,
    OV_FIELD_ID,
    OV_FIELD_PARENT,
    OV_FIELD_FLAG,      /* 0, 1 or empty */
    OV_FIELD_FORMAT,    /* 0, 1, 2 or 4 */
    OV_FIELD_LONG_TEXT, /* line ends and tabs are fine */
};

struct ov_field {
    const char *name;              /* as in csvmapping:NAME */
    const char *const *aliases;    /* headers that it is also mapped to, NULL-terminated */
    const char *const *looks_like; /* headers that are only suggested, folded, NULL-terminated */
    enum ov_field_kind kind;
    unsigned limit; /* code points; 0 = none */
    bool required;
    bool has_default;     /* csvdefault:NAME exists */
    const char *fallback; /* its built-in value, always in the settings; NULL = none */
};

struct ov_importer {
    const char *name;
    const char *class_name;
    const struct ov_field *fields; /* in the order of the service's settings */
    size_t field_count;
    const char *sample; /* the template */
};

/* What a user upload with jobs is called: no importer, and not among ov_importer_at. */
const struct ov_importer *ov_importer_users(void);
/* The field's index, or -1. `parent` is accepted for `parentid`. */
int ov_importer_field(const struct ov_importer *importer, struct ov_text name);
/* The index of the first field of a kind, or -1. */
int ov_importer_kind(const struct ov_importer *importer, enum ov_field_kind kind);
/* Whether a value is right for a flag or format field (empty is). */
bool ov_field_accepts(enum ov_field_kind kind, struct ov_text value);

#endif
