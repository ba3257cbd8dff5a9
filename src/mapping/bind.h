/* mapping/bind.h: which column each field of the importer is read from.
 *
 * A setting decides; else a header equal to the field's name, else a known alias, else either after
 * folding case, spaces, `_` and `-`. A fuzzy match is only ever suggested. Gives data, no findings:
 * src/vet/rules_mapping.c turns what is wrong here into OV2xx. */
#ifndef MAPPING_BIND_H
#define MAPPING_BIND_H

#include "mapping/settings.h"

/* How a field came to its column. */
enum ov_bound_by {
    OV_BOUND_NOT,     /* no column fits */
    OV_BOUND_OFF,     /* a setting says: none */
    OV_BOUND_UNKNOWN, /* a setting names a column that the file does not have */
    OV_BOUND_GIVEN,   /* a setting names it */
    OV_BOUND_EXACT,   /* the header is the field's name */
    OV_BOUND_ALIAS,
    OV_BOUND_FOLDED,
};

struct ov_bound_field {
    enum ov_bound_by by;
    int column;                        /* -1: none */
    int rival;                         /* another column that fits as well, or -1 */
    struct ov_text given;              /* the column that a setting names; settings' memory */
    const struct ov_setting *fallback; /* csvdefault, or NULL */
};

struct ov_binding {
    const struct ov_importer *importer;
    const struct ov_text *headers; /* borrowed: of the file */
    size_t header_count;
    const struct ov_settings *settings; /* borrowed */
    struct ov_bound_field fields[OV_FIELDS_MAX];
    int id;          /* column of the identifier, or -1 */
    bool id_unknown; /* the setting names a column that the file does not have */
    struct ov_text id_given;
    bool hierarchy; /* `selected` */
};

/* Binds. OV_E_OPTION when the importer does not know a setting or the settings contradict one
 * another. */
OV_MUST_USE enum ov_status ov_bind(const struct ov_importer *importer,
                                   const struct ov_settings *settings,
                                   const struct ov_text *headers, size_t header_count,
                                   struct ov_binding *binding, struct ov_error *err);

/* Whether a header is the name of a field of any importer, or another word for one. */
bool ov_header_is_known(struct ov_text header);

/* The importer that alone has a field for some header, or NULL. */
const struct ov_importer *ov_bind_importer_of(const struct ov_text *headers, size_t header_count,
                                              size_t *column);

/* The column that a field is read from, or -1. */
int ov_binding_column(const struct ov_binding *binding, enum ov_field_kind kind);

/* The column whose header looks like the field under another name, or -1. */
int ov_binding_near_column(const struct ov_binding *binding, int field);
/* The field without a column that this header looks like, or -1. */
int ov_binding_near_field(const struct ov_binding *binding, int column);

/* Whether any field, or the identifier, is read from the column. */
bool ov_binding_reads(const struct ov_binding *binding, int column);

/* Whether the column fits a field that was bound to another one. */
bool ov_binding_is_rival(const struct ov_binding *binding, int column);

/* Appends the resolved settings as the service's JSON object: its keys, its order. */
void ov_binding_json(const struct ov_binding *binding, enum ov_json_style style,
                     struct ov_buf *out);

#endif
