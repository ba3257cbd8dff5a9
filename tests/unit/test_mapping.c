/* tests/unit/test_mapping.c: settings and the binding of columns. */
#include "unit.h"

#include "mapping/bind.h"

enum { HEADERS_MAX = 8 };

/* Splits "a|b|c" into headers. */
static size_t split(const char *list, struct ov_text *headers)
{
    size_t count = 0;
    while (*list && count < HEADERS_MAX) {
        size_t len = strcspn(list, "|");
        headers[count++] = (struct ov_text){list, len};
        list += len + (list[len] == '|');
    }
    return count;
}

static void test_automatic_mapping(void)
{
    static const struct {
        const char *headers, *settings;
        const char *identifier, *name, *parent, *manager;
    } cases[] = {
        {"idnumber|parent|name|ismanager", "{}", "idnumber", "name", "parent", ""},
        {"idnumber|parentid|name|manager", "{}", "idnumber", "name", "parentid", "manager"},
        {"idnumber|parentidnumber|name|globalmanager|manager", "{}", "idnumber", "name",
         "parentidnumber", "globalmanager"},
        {"ID Number|PARENT_ID|Name|Global-Manager", "{}", "ID Number", "Name", "PARENT_ID",
         "Global-Manager"},
        {"id|code|name", "{}", "id", "name", "", ""},
        {"code|name", "{}", "code", "name", "", ""},
        {"name", "{}", "name", "name", "", ""},
        {"idnumber|name|boss", "{\"csvmapping:parentid\":\"boss\"}", "idnumber", "name", "boss",
         ""},
        {"idnumber|name|boss", "{\"csvmapping:parent\":\"boss\"}", "idnumber", "name", "boss", ""},
        {"idnumber|parent|name", "{\"csvmapping:parentid\":\"\"}", "idnumber", "name", "", ""},
        {"idnumber|parent|name|code", "{\"identifier\":\"code\"}", "code", "name", "parent", ""},
        {"idnumber|parent|name|code", "{\"csvmapping:idnumber\":\"code\"}", "code", "name",
         "parent", ""},
        {"idnumber|name|name", "[{\"name\":\"csvmapping:parentid\",\"value\":null}]", "idnumber",
         "name", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_settings settings = {0};
        struct ov_text headers[HEADERS_MAX];
        struct ov_binding binding;
        struct ov_error err = {0};
        struct ov_buf json = {0};
        char expected[160];
        size_t count = split(cases[i].headers, headers);
        CU_ASSERT_EQUAL(ov_settings_put_json(&settings, ov_text_of(cases[i].settings), &err),
                        OV_OK);
        CU_ASSERT_EQUAL(ov_bind(ov_importer_at(0), &settings, headers, count, &binding, &err),
                        OV_OK);
        ov_binding_json(&binding, OV_JSON_PLAIN, &json);
        ov_buf_char(&json, '\0');
        const struct {
            const char *key, *value;
        } members[] = {{"identifier", cases[i].identifier},
                       {"csvmapping:name", cases[i].name},
                       {"csvmapping:parentid", cases[i].parent},
                       {"csvmapping:globalmanager", cases[i].manager}};
        for (size_t m = 0; m < 4; m++) {
            snprintf(expected, sizeof expected, "\"%s\":\"%s\"", members[m].key, members[m].value);
            bool found = json.ptr && strstr(json.ptr, expected);
            CU_ASSERT_TRUE(found);
            if (!found)
                printf("  %s: no %s in %s\n", cases[i].headers, expected, json.ptr);
        }
        ov_buf_deinit(&json);
        ov_settings_deinit(&settings);
    }
}

static void test_settings_errors(void)
{
    static const struct {
        const char *json, *message; /* part of it */
    } cases[] = {
        {"", "not a JSON object"},
        {"{", "not valid JSON"},
        {"{} x", "not valid JSON"},
        {"7", "must be a JSON object"},
        {"{\"hierachy\":\"none\"}", "did you mean `hierarchy`"},
        {"{\"csvmaping:name\":\"x\"}", "did you mean `csvmapping:name`"},
        {"{\"hierarchy\":\"tree\"}", "`selected` or `none`"},
        {"{\"hierarchy\":true}", "must be a string"},
        {"{\"select_framework\":1e999}", "whole number"},
        {"{\"select_framework\":1.5}", "whole number"},
        {"{\"csvdefault:name\":\"x\"}", "cannot have a default"},
        {"{\"csvdefault:descriptionformat\":\"400\"}", "0, 1, 2 or 4"},
        {"[{\"value\":\"x\"}]", "must contain objects"},
        {"[7]", "must contain objects"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_settings settings = {0};
        struct ov_error err = {0};
        CU_ASSERT_EQUAL(ov_settings_put_json(&settings, ov_text_of(cases[i].json), &err),
                        OV_E_OPTION);
        bool reported = strstr(err.message, cases[i].message) != NULL;
        CU_ASSERT_TRUE(reported);
        if (!reported)
            printf("  %s: %s\n", cases[i].json, err.message);
        ov_settings_deinit(&settings);
    }
}

static void test_contradictions(void)
{
    struct ov_text headers[HEADERS_MAX];
    struct ov_binding binding;
    size_t count = split("idnumber|name", headers);
    static const char *const cases[] = {"{\"target_framework\":\"existing\"}",
                                        "{\"csvmapping:globalmanager\":\"name\"}"};
    for (size_t i = 0; i < 2; i++) {
        struct ov_settings settings = {0};
        struct ov_error err = {0};
        CU_ASSERT_EQUAL(ov_settings_put_json(&settings, ov_text_of(cases[i]), &err), OV_OK);
        /* departments have no manager fields */
        CU_ASSERT_EQUAL(ov_bind(ov_importer_at(1), &settings, headers, count, &binding, &err),
                        OV_E_OPTION);
        ov_settings_deinit(&settings);
    }
}

static void test_importers(void)
{
    struct ov_text headers[HEADERS_MAX];
    CU_ASSERT_PTR_EQUAL(
        ov_importer_find(OV_TEXT("tool_organisation\\tool_wp\\importer\\departments_csv")),
        ov_importer_find(OV_TEXT("Departments")));
    CU_ASSERT_PTR_NULL(ov_importer_find(OV_TEXT("jobs")));
    size_t column = 0;
    CU_ASSERT_PTR_EQUAL(ov_bind_importer_of(headers, split("idnumber|Manager", headers), &column),
                        ov_importer_at(0));
    CU_ASSERT_EQUAL(column, 1);
    CU_ASSERT_PTR_NULL(ov_bind_importer_of(headers, split("idnumber|name", headers), &column));
    CU_ASSERT(ov_header_is_known(OV_TEXT(" ID-Number ")));
    CU_ASSERT(ov_header_is_known(OV_TEXT("parent_id")));
    CU_ASSERT(!ov_header_is_known(OV_TEXT("Miller")));
    CU_ASSERT(!ov_header_is_known(OV_TEXT("")));
}

static void test_near_columns(void)
{
    struct ov_settings settings = {0};
    struct ov_text headers[HEADERS_MAX];
    struct ov_binding binding;
    size_t count = split("idnumber|parent|Title|ismanager|colour", headers);
    CU_ASSERT_EQUAL(ov_bind(ov_importer_at(0), &settings, headers, count, &binding, NULL), OV_OK);
    CU_ASSERT_EQUAL(ov_binding_near_column(&binding, 0), 2);
    CU_ASSERT_EQUAL(ov_binding_near_field(&binding, 2), 0);
    CU_ASSERT_EQUAL(ov_binding_near_field(&binding, 3),
                    ov_importer_field(ov_importer_at(0), OV_TEXT("globalmanager")));
    CU_ASSERT_EQUAL(ov_binding_near_field(&binding, 4), -1);
}

void suite_mapping(void)
{
    CU_pSuite suite = CU_add_suite("mapping", NULL, NULL);
    CU_add_test(suite, "automatic mapping", test_automatic_mapping);
    CU_add_test(suite, "errors in settings", test_settings_errors);
    CU_add_test(suite, "contradictions", test_contradictions);
    CU_add_test(suite, "importers", test_importers);
    CU_add_test(suite, "near columns", test_near_columns);
}
