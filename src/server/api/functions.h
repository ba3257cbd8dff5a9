/* server/api/functions.h: the web service functions. One const table for each function declares its
 * parameters, what it needs and what it answers; validation, both forms of the answer and the page
 * of documentation come from these tables. */
#ifndef SERVER_API_FUNCTIONS_H
#define SERVER_API_FUNCTIONS_H

#include "server/auth/access.h"

/* The type of a value: Moodle's, as clients know them (CONTRACT 2.3). */
enum ov_type {
    OV_TYPE_INT,      /* PARAM_INT */
    OV_TYPE_BOOL,     /* PARAM_BOOL */
    OV_TYPE_TEXT,     /* PARAM_RAW: valid UTF-8 */
    OV_TYPE_SETTINGS, /* a JSON object as text; or the older list of name and value */
    OV_TYPE_LIST,     /* of `of` */
    OV_TYPE_STRUCT,   /* of `of`, each by its name */
};

/* One value. */
struct ov_spec {
    const char *name; /* in a structure; NULL behind the last one */
    enum ov_type type;
    bool optional;        /* a parameter: it need not be given; a result: it may be missing */
    bool null_allowed;    /* of a result: it may be null */
    const char *fallback; /* of an optional parameter; NULL: it is missing then */
    const char *what;     /* what it means, for the documentation */
    const struct ov_spec *of;
};

struct ov_function {
    const char *name, *what;
    const struct ov_spec *params; /* ends with a name of NULL */
    const struct ov_spec *result; /* NULL: it answers nothing */
    int capability;               /* enum ov_capability_index */
    /* *result is to fit the declaration; false after a fault or a failure */
    bool (*run)(struct ov_request *request, const struct ov_value *params,
                struct ov_value **result);
};

/* The function of this name, or NULL. The one at an index; NULL behind the last. */
const struct ov_function *ov_function_find(struct ov_text name);
const struct ov_function *ov_function_at(size_t index);
/* "PARAM_INT" …; static. */
const char *ov_type_name(enum ov_type type);

/* validate.c: parameters against their declaration, with defaults filled in; NULL after a fault. */
struct ov_value *ov_validate(struct ov_request *request, const struct ov_spec *params,
                             const struct ov_value *given);

/* result.c: a value as JSON, as PHP writes it, or as Moodle's XML. */
void ov_result_json(struct ov_buf *out, const struct ov_spec *spec, const struct ov_value *value);
void ov_result_xml(struct ov_buf *out, const struct ov_spec *spec, const struct ov_value *value);
/* Appends a text to XML, escaped. */
void ov_xml_text(struct ov_buf *out, struct ov_text text);

/* Of validated parameters. */
int64_t ov_param_int(const struct ov_value *params, const char *name);
struct ov_text ov_param_text(const struct ov_value *params, const char *name);

/* The functions' own files. */
#define OV_RUN(name)                                                                               \
    bool name(struct ov_request *request, const struct ov_value *params, struct ov_value **result)
OV_RUN(ov_run_perform_import);
OV_RUN(ov_run_perform_export);
OV_RUN(ov_run_import_status);
OV_RUN(ov_run_export_status);
OV_RUN(ov_run_export_file);
OV_RUN(ov_run_delete_import);
OV_RUN(ov_run_delete_export);
OV_RUN(ov_run_import_log);
OV_RUN(ov_run_import_report);
OV_RUN(ov_run_rollback_import);
OV_RUN(ov_run_site_info);
OV_RUN(ov_run_imports);
OV_RUN(ov_run_exports);

#endif
