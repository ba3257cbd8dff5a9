/* server/api/functions.h: the web service functions. A const table per function declares its
 * parameters, required capability and result; validation, both result formats and the documentation
 * page are generated from these tables. */
#ifndef SERVER_API_FUNCTIONS_H
#define SERVER_API_FUNCTIONS_H

#include "server/auth/access.h"

/* The type of a value, named as in Moodle (PROTOCOL.md, Parameters). */
enum ov_type {
    OV_TYPE_INT,      /* PARAM_INT */
    OV_TYPE_BOOL,     /* PARAM_BOOL */
    OV_TYPE_TEXT,     /* PARAM_RAW: valid UTF-8 */
    OV_TYPE_SETTINGS, /* a JSON object as text, or the older list of names and values */
    OV_TYPE_LIST,     /* list of `of` */
    OV_TYPE_STRUCT,   /* structure of the members `of` */
};

/* The declaration of one value. */
struct ov_spec {
    const char *name;         /* member name; NULL ends a table */
    enum ov_type type;        /* decides how `of` is used */
    bool optional;            /* a parameter may be omitted; a result may be missing */
    bool null_allowed;        /* a result may be null */
    const char *fallback;     /* default of an optional parameter; NULL: stays missing */
    const char *what;         /* description, for the documentation */
    const struct ov_spec *of; /* of a list: its element; of a structure: its members */
};

/* A web service function. Static. */
struct ov_function {
    const char *name, *what;      /* what: description */
    const struct ov_spec *params; /* ends with a name of NULL */
    const struct ov_spec *result; /* NULL: no result */
    int capability;               /* enum ov_capability_index; required of the caller */
    /* Runs it with validated parameters. *result must match the declaration and is the pool's.
     * False after a fault or a failure. */
    bool (*run)(struct ov_request *request, const struct ov_value *params,
                struct ov_value **result);
};

/* The function of this name, or NULL; the function at an index, NULL past the end. */
const struct ov_function *ov_function_find(struct ov_text name);
const struct ov_function *ov_function_at(size_t index);
/* "PARAM_INT" …; static */
const char *ov_type_name(enum ov_type type);

/* Access to validated parameters; 0 or empty if missing. Texts are borrowed. */
int64_t ov_param_int(const struct ov_value *params, const char *name);
struct ov_text ov_param_text(const struct ov_value *params, const char *name);

/* The implementations, each in its own file. */
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
