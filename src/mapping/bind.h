/* mapping/bind.h: binds each field of the importer to the column it is read from.
 *
 * A setting decides; otherwise a header that equals the field's name, then a known alias, then
 * either after folding case, spaces, `_` and `-`. A fuzzy match is only ever suggested. Returns
 * data, not findings: src/vet/rules_mapping.c turns problems into OV2xx. */
#ifndef MAPPING_BIND_H
#define MAPPING_BIND_H

#include "mapping/settings.h"

/* How a field was bound. */
enum ov_bound_by {
    OV_BOUND_NOT,      /* no column matches */
    OV_BOUND_OFF,      /* unmapped by a setting */
    OV_BOUND_UNKNOWN,  /* a setting names a column that is not in the file */
    OV_BOUND_GIVEN,    /* a setting names it */
    OV_BOUND_EXACT,    /* the header equals the field's name */
    OV_BOUND_ALIAS,    /* … one of its aliases */
    OV_BOUND_FOLDED,   /* … either, after folding */
    OV_BOUND_PROPOSED, /* a proposal that was accepted, or is tried (propose.h) */
};

struct ov_bound_field {
    enum ov_bound_by by;               /* how */
    int column;                        /* -1: none */
    int rival;                         /* another column that matches as well, or -1 */
    struct ov_text given;              /* the column named by a setting; memory of the settings */
    const struct ov_setting *fallback; /* csvdefault, or NULL; borrowed */
};

struct ov_binding {
    const struct ov_importer *importer; /* static */
    const struct ov_text *headers;      /* borrowed: of the file */
    size_t header_count;
    const struct ov_settings *settings;          /* borrowed */
    struct ov_bound_field fields[OV_FIELDS_MAX]; /* in the order of importer->fields */
    int id;                                      /* column of the identifier, or -1 */
    bool id_unknown;         /* the setting names a column that is not in the file */
    struct ov_text id_given; /* the setting `identifier`; memory of the settings */
    bool hierarchy;          /* the setting `hierarchy` is `selected` */
};

/* Binds all fields. `binding` borrows the other arguments. OV_E_OPTION when the importer does not
 * have a setting or the settings contradict each other. */
OV_MUST_USE enum ov_status ov_bind(const struct ov_importer *importer,
                                   const struct ov_settings *settings,
                                   const struct ov_text *headers, size_t header_count,
                                   struct ov_binding *binding, struct ov_error *err);

/* The importer's field that a heading names: exactly, by alias or folded; -1: none. */
int ov_heading_field(const struct ov_importer *importer, struct ov_text heading);
/* Whether a header is the name of a field of any importer, or an alias or suggested word for
 * one. */
bool ov_header_is_known(struct ov_text header);

/* The importer that alone has a field for some header, or NULL. *column is set to that header's
 * index. */
const struct ov_importer *ov_bind_importer_of(const struct ov_text *headers, size_t header_count,
                                              size_t *column);

/* The column that the first field of a kind is read from, or -1. */
int ov_binding_column(const struct ov_binding *binding, enum ov_field_kind kind);

/* The unread column whose header resembles the field, or -1. */
int ov_binding_near_column(const struct ov_binding *binding, int field);
/* The unbound field that the column's header resembles, or -1. */
int ov_binding_near_field(const struct ov_binding *binding, int column);

/* Reads a field from a proposed column; that of the identifier is then also the identifier, unless
 * a setting names another one. */
void ov_binding_accept(struct ov_binding *binding, int field, int column);
/* Reads a field from no column. */
void ov_binding_leave(struct ov_binding *binding, int field);

/* The number of fields that are read from the column, the identifier aside. */
size_t ov_binding_fields(const struct ov_binding *binding, int column);
/* Whether the identifier or any field is read from the column. */
bool ov_binding_reads(const struct ov_binding *binding, int column);

/* Whether the column matches a field that is bound to another column. */
bool ov_binding_is_rival(const struct ov_binding *binding, int column);

/* Appends the resolved settings as a JSON object with the service's keys, in its order. */
void ov_binding_json(const struct ov_binding *binding, enum ov_json_style style,
                     struct ov_buf *out);

/* Whether a heading is that of a column that orgvet added to a file (orgvet_…): it is passed over.
 */
bool ov_is_own_column(struct ov_text heading);

#endif
