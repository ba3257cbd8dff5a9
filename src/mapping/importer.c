/* mapping/importer.c: see importer.h. The tables follow CONTRACT 1.4. */
#include "mapping/importer.h"

#include <assert.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define NAME_FIELD                                                                                 \
    {                                                                                              \
        .name = "name", .aliases = WORDS(NULL),                                                    \
        .looks_like = WORDS("title", "label", "jobtitle", "bezeichnung", "titel"),                 \
        .kind = OV_FIELD_NAME, .limit = 255, .required = true                                      \
    }
#define ID_FIELD                                                                                   \
    {                                                                                              \
        .name = "idnumber", .aliases = WORDS(NULL),                                                \
        .looks_like = WORDS("id", "code", "key", "number", "nummer", "kennung", "kürzel"),         \
        .kind = OV_FIELD_ID, .limit = 100                                                          \
    }
#define DESCRIPTION_FIELD                                                                          \
    {                                                                                              \
        .name = "description", .aliases = WORDS(NULL),                                             \
        .looks_like = WORDS("desc", "details", "summary", "beschreibung"),                         \
        .kind = OV_FIELD_LONG_TEXT, .has_default = true                                            \
    }
#define FORMAT_FIELD                                                                               \
    {                                                                                              \
        .name = "descriptionformat", .aliases = WORDS(NULL), .looks_like = WORDS("format"),        \
        .kind = OV_FIELD_FORMAT, .has_default = true, .fallback = "1"                              \
    }
#define PARENT_FIELD                                                                               \
    {                                                                                              \
        .name = "parentid", .aliases = WORDS("parent", "parentidnumber"),                          \
        .looks_like =                                                                              \
            WORDS("reportsto", "reportstoid", "managerid", "superior", "boss", "supervisor",       \
                  "supervisorid", "vorgesetzter", "übergeordnet", "Übergeordnet", "uebergeordnet", \
                  "übergeordneteabteilung", "Übergeordneteabteilung", "führungskraft"),            \
        .kind = OV_FIELD_PARENT                                                                    \
    }

static const struct ov_field position_fields[] = {
    NAME_FIELD,
    ID_FIELD,
    DESCRIPTION_FIELD,
    FORMAT_FIELD,
    PARENT_FIELD,
    {.name = "globalmanager",
     .aliases = WORDS("manager"),
     .looks_like = WORDS("ismanager", "lead", "leader", "islead"),
     .kind = OV_FIELD_FLAG,
     .has_default = true},
    {.name = "departmentmanager",
     .aliases = WORDS(NULL),
     .looks_like = WORDS("departmentlead", "deptmanager", "isdepartmentmanager"),
     .kind = OV_FIELD_FLAG,
     .has_default = true},
};

static const struct ov_field department_fields[] = {
    NAME_FIELD, ID_FIELD, DESCRIPTION_FIELD, FORMAT_FIELD, PARENT_FIELD,
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
static_assert(COUNT(position_fields) <= OV_FIELDS_MAX, "enlarge OV_FIELDS_MAX");

static const struct ov_importer importers[] = {
    {.name = OV_N_("positions"),
     .class_name = "tool_organisation\\tool_wp\\importer\\positions_csv",
     .fields = position_fields,
     .field_count = COUNT(position_fields),
     .sample =
         "idnumber,parent,name,description,descriptionformat,globalmanager,departmentmanager\n"
         "CEO,,Chief Executive Officer,Leads the company,1,1,0\n"
         "COO,CEO,Chief Operating Officer,Runs the daily business,1,1,0\n"},
    {.name = OV_N_("departments"),
     .class_name = "tool_organisation\\tool_wp\\importer\\departments_csv",
     .fields = department_fields,
     .field_count = COUNT(department_fields),
     .sample = "idnumber,parent,name,description,descriptionformat\n"
               "SAL,,Sales,Sells what we make,1\n"
               "SAD,SAL,Sales development,Finds new customers,1\n"},
};

const struct ov_importer *ov_importer_users(void)
{
    static const struct ov_importer users = {.name = "users", .class_name = "", .sample = ""};
    return &users;
}

const struct ov_importer *ov_importer_courses(void)
{
    static const struct ov_importer courses = {.name = "courses", .class_name = "", .sample = ""};
    return &courses;
}

size_t ov_importer_count(void)
{
    return COUNT(importers);
}

const struct ov_importer *ov_importer_at(size_t index)
{
    return &importers[index];
}

const struct ov_importer *ov_importer_find(struct ov_text name)
{
    for (size_t i = 0; i < COUNT(importers); i++)
        if (ov_text_equal_nocase(name, ov_text_of(importers[i].name)) ||
            ov_text_equal(name, ov_text_of(importers[i].class_name)))
            return &importers[i];
    return NULL;
}

const struct ov_importer *ov_importer_of_name(struct ov_text path, size_t *count)
{
    const struct ov_importer *named = NULL;
    struct ov_text name = path;
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '/')
            name = (struct ov_text){path.ptr + i + 1, path.len - i - 1};
    *count = 0;
    for (size_t i = 0; i < COUNT(importers); i++) {
        struct ov_text word = ov_text_of(importers[i].name);
        word.len--; /* `position`, `department` */
        if (ov_text_contains_nocase(name, word)) {
            named = &importers[i];
            ++*count;
        }
    }
    return *count == 1 ? named : NULL;
}

const char *ov_importer_name(const struct ov_importer *importer)
{
    return importer->name;
}

const char *ov_importer_class(const struct ov_importer *importer)
{
    return importer->class_name;
}

int ov_importer_field(const struct ov_importer *importer, struct ov_text name)
{
    if (ov_text_equal(name, OV_TEXT("parent")))
        name = OV_TEXT("parentid");
    for (size_t i = 0; i < importer->field_count; i++)
        if (ov_text_equal(name, ov_text_of(importer->fields[i].name)))
            return (int)i;
    return -1;
}

int ov_importer_kind(const struct ov_importer *importer, enum ov_field_kind kind)
{
    for (size_t i = 0; i < importer->field_count; i++)
        if (importer->fields[i].kind == kind)
            return (int)i;
    return -1;
}

bool ov_field_accepts(enum ov_field_kind kind, struct ov_text value)
{
    if (value.len == 0)
        return true;
    char c = value.ptr[0];
    if (kind == OV_FIELD_FLAG)
        return value.len == 1 && (c == '0' || c == '1');
    if (kind == OV_FIELD_FORMAT)
        return value.len == 1 && (c == '0' || c == '1' || c == '2' || c == '4');
    return true;
}
