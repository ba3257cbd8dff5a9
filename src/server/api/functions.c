/* server/api/functions.c: the tables of functions.h (PROTOCOL.md). Names and results of the first
 * ones are Moodle Workplace's; `orgvet_` is our own prefix. */
#include "server/api/functions.h"

#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define SPECS(...)  ((const struct ov_spec[]){__VA_ARGS__, END})
#define STRUCT(...) (&(const struct ov_spec){.type = OV_TYPE_STRUCT, .of = SPECS(__VA_ARGS__)})
#define LIST(...)                                                                                  \
    (&(const struct ov_spec){                                                                      \
        .type = OV_TYPE_LIST,                                                                      \
        .of = &(const struct ov_spec){.type = OV_TYPE_STRUCT, .of = SPECS(__VA_ARGS__)}})
#define INT(...)                                                                                   \
    {                                                                                              \
        .type = OV_TYPE_INT, .name = __VA_ARGS__                                                   \
    }
#define BOOL(...)                                                                                  \
    {                                                                                              \
        .type = OV_TYPE_BOOL, .name = __VA_ARGS__                                                  \
    }
#define TEXT(...)                                                                                  \
    {                                                                                              \
        .type = OV_TYPE_TEXT, .name = __VA_ARGS__                                                  \
    }
#define SETTINGS(...)                                                                              \
    {                                                                                              \
        .type = OV_TYPE_SETTINGS, .name = __VA_ARGS__                                              \
    }

#define TENANT_PARAMS                                                                              \
    TEXT("tenant", .optional = true, .fallback = "",                                               \
         .what = "database id or non-numeric idnumber of the tenant"),                             \
        BOOL("notenant", .optional = true, .fallback = "0", .what = "without a tenant")

#define SCHEDULED                                                                                  \
    STRUCT(INT("id", .what = "id of what was scheduled; 0 for a dry run"),                         \
           TEXT("settings", .null_allowed = true,                                                  \
                .what = "the settings that are in force, a JSON object"))

#define STATUS                                                                                     \
    STRUCT(INT("status", .what = "1 created, 2 scheduled, 3 in progress, 4 completed, 5 error, "   \
                                 "6 rolled back"),                                                 \
           TEXT("statusstr", .what = "the same in words"),                                         \
           INT("progress", .what = "percent that are done"))

#define FILES                                                                                      \
    LIST(TEXT("filename"), TEXT("filepath"), INT("filesize", .what = "bytes"),                     \
         TEXT("fileurl", .what = "add your token to it"),                                          \
         INT("timemodified", .what = "seconds since 1970"), TEXT("mimetype"),                      \
         BOOL("isexternalfile"))

#define PAGE_PARAMS                                                                                \
    INT("page", .optional = true, .fallback = "0", .what = "from 0"),                              \
        INT("perpage", .optional = true, .fallback = "50", .what = "1 to 1000")

/* A page of a list of imports or exports; the arguments are the fields only one of them has. */
#define WORKS(name, ...)                                                                           \
    INT("total"),                                                                                  \
    {                                                                                              \
        name, .type = OV_TYPE_LIST,                                                                \
              .of = STRUCT(INT("id"), TEXT("kind", .what = "class of the importer or exporter"),   \
                           INT("status"), TEXT("statusstr"), INT("progress", .what = "percent"),   \
                           TEXT("username"), INT("tenant", .null_allowed = true),                  \
                           INT("timecreated", .what = "seconds since 1970"),                       \
                           INT("timefinished", .null_allowed = true), __VA_ARGS__)                 \
    }

#define PARAM_EXPORT INT("exportid", .what = "id of the export")
#define PARAM_IMPORT INT("importid", .what = "id of the import")
#define PARAM_ID     INT("id", .what = "its id")

static const struct ov_function functions[] = {
    {"core_webservice_get_site_info", "what this site is, and what the token can be used for",
     SPECS({.name = "serviceshortnames",
            .type = OV_TYPE_LIST,
            .optional = true,
            .what = "not heeded any more",
            .of = &(const struct ov_spec){.type = OV_TYPE_TEXT}}),
     STRUCT(TEXT("sitename"), TEXT("username"), TEXT("firstname"), TEXT("lastname"),
            TEXT("fullname"), TEXT("lang"), INT("userid"), TEXT("siteurl"), TEXT("userpictureurl"),
            {.name = "functions",
             .type = OV_TYPE_LIST,
             .what = "of the token's service",
             .of = STRUCT(TEXT("name"), TEXT("version"))},
            INT("downloadfiles", .what = "1: the service gives files"),
            INT("uploadfiles", .what = "1: the service takes files"), TEXT("release"),
            TEXT("version"), TEXT("mobilecssurl"), BOOL("usercanmanageownfiles"),
            INT("userquota", .what = "bytes of drafts"),
            INT("usermaxuploadfilesize", .what = "bytes"), INT("userhomepage"), INT("siteid"),
            TEXT("sitecalendartype"), TEXT("usercalendartype"), BOOL("userissiteadmin"),
            TEXT("theme")),
     OV_CAN_ALWAYS, ov_run_site_info},
    {"tool_wp_perform_export", "schedules an export, or with dryrun says what it would do",
     SPECS(TEXT("exporter", .what = "class of the exporter"),
           SETTINGS("settings", .optional = true, .what = "settings of the exporter"),
           BOOL("dryrun", .optional = true, .fallback = "0", .what = "schedule nothing"),
           TENANT_PARAMS),
     SCHEDULED, OV_CAN_EXPORT, ov_run_perform_export},
    {"tool_wp_perform_import", "schedules an import, or with dryrun says what it would do",
     SPECS(INT("exportid", .optional = true, .fallback = "0", .what = "take the file of an export"),
           INT("file", .optional = true, .fallback = "0",
               .what = "take the file of a draft area: the itemid that upload.php gave"),
           TEXT("importer", .optional = true, .fallback = "",
                .what = "class of the importer; needed when several fit"),
           SETTINGS("settings", .optional = true, .what = "settings of the importer"),
           BOOL("dryrun", .optional = true, .fallback = "0", .what = "schedule nothing"),
           TENANT_PARAMS),
     SCHEDULED, OV_CAN_IMPORT, ov_run_perform_import},
    {"tool_wp_get_export_status", "how far an export has come", SPECS(PARAM_EXPORT), STATUS,
     OV_CAN_EXPORT, ov_run_export_status},
    {"tool_wp_get_import_status", "how far an import has come", SPECS(PARAM_IMPORT), STATUS,
     OV_CAN_IMPORT, ov_run_import_status},
    {"tool_wp_get_export_file", "where the file of an export can be downloaded",
     SPECS(PARAM_EXPORT), FILES, OV_CAN_EXPORT, ov_run_export_file},
    {"tool_wp_retrieve_export_file", "the older name of tool_wp_get_export_file",
     SPECS(PARAM_EXPORT), FILES, OV_CAN_EXPORT, ov_run_export_file},
    {"tool_wp_delete_export", "deletes an export and its file", SPECS(PARAM_ID), NULL,
     OV_CAN_EXPORT, ov_run_delete_export},
    {"tool_wp_delete_import",
     "deletes an import and its log; what it imported stays, a scheduled one is not done",
     SPECS(PARAM_ID), NULL, OV_CAN_IMPORT, ov_run_delete_import},
    {"orgvet_get_imports", "imports, the newest first: one's own, and those of others one may see",
     SPECS(PAGE_PARAMS),
     STRUCT(WORKS("imports", TEXT("filename"), INT("rows", .what = "items that were added"))),
     OV_CAN_IMPORT, ov_run_imports},
    {"orgvet_get_exports", "exports, likewise", SPECS(PAGE_PARAMS),
     STRUCT(WORKS("exports", TEXT("filename", .what = "empty until it is completed"),
                  TEXT("message", .what = "why it failed; else empty"))),
     OV_CAN_EXPORT, ov_run_exports},
    {"orgvet_get_import_log", "what an import did and found",
     SPECS(PARAM_IMPORT,
           TEXT("level", .optional = true, .fallback = "info",
                .what = "the lowest level: info, warning or error"),
           INT("page", .optional = true, .fallback = "0", .what = "from 0"),
           INT("perpage", .optional = true, .fallback = "100", .what = "1 to 1000"),
           INT("after", .optional = true, .fallback = "0",
               .what = "instead of a page, the entries behind this id: `next` of the last answer")),
     STRUCT(INT("total", .null_allowed = true, .what = "entries on all pages; null with `after`"),
            INT("page"), INT("perpage"),
            INT("next", .what = "the id to go on `after`; 0: that was all"),
            {.name = "entries",
             .type = OV_TYPE_LIST,
             .of = STRUCT(INT("id"), TEXT("level", .what = "info, warning or error"),
                          TEXT("code", .what = "of the rule, OV402; empty: none"),
                          INT("line", .null_allowed = true, .what = "of the file, from 1"),
                          INT("column", .null_allowed = true, .what = "from 1"),
                          INT("row", .null_allowed = true, .what = "of the data, from 1"),
                          TEXT("message"), INT("timecreated", .what = "seconds since 1970"))}),
     OV_CAN_IMPORT, ov_run_import_log},
    {"orgvet_get_import_report", "what the vetting of an import's file found", SPECS(PARAM_IMPORT),
     STRUCT(INT("importid"),
            TEXT("report", .null_allowed = true,
                 .what = "the JSON report of `orgvet check`; null before the file was vetted")),
     OV_CAN_IMPORT, ov_run_import_report},
    {"orgvet_rollback_import",
     "undoes an import: all that it added is gone; refused when later work depends on it",
     SPECS(PARAM_IMPORT),
     STRUCT(INT("importid"), INT("removed", .what = "items that were removed"),
            INT("frameworks", .what = "frameworks that were removed")),
     OV_CAN_ROLL_BACK, ov_run_rollback_import},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

const struct ov_function *ov_function_at(size_t index)
{
    return index < FUNCTIONS ? &functions[index] : NULL;
}

const char *ov_service_function_at(size_t index)
{
    return index < FUNCTIONS ? functions[index].name : NULL;
}

const struct ov_function *ov_function_find(struct ov_text name)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (ov_text_equal(name, ov_text_of(functions[i].name)))
            return &functions[i];
    return NULL;
}

const char *ov_type_name(enum ov_type type)
{
    static const char *const names[] = {
        [OV_TYPE_INT] = "int",   [OV_TYPE_BOOL] = "bool (0 or 1)",
        [OV_TYPE_TEXT] = "text", [OV_TYPE_SETTINGS] = "settings",
        [OV_TYPE_LIST] = "list", [OV_TYPE_STRUCT] = "object",
    };
    return names[type];
}

int64_t ov_param_int(const struct ov_value *params, const char *name)
{
    const struct ov_value *value = ov_value_get(params, ov_text_of(name));
    return value ? value->number : 0;
}

struct ov_text ov_param_text(const struct ov_value *params, const char *name)
{
    const struct ov_value *value = ov_value_get(params, ov_text_of(name));
    return value ? value->text : (struct ov_text){0};
}
