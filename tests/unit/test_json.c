/* tests/unit/test_json.c: JSON strings and the writer. */
#include "unit.h"

#include "base/json.h"

static void test_strings(void)
{
    struct ov_buf plain = {0}, php = {0};
    struct ov_text text = OV_TEXT("a/\"\\\n\0\x1F"
                                  "é\xF0\x9F\x98\x80\xFF");
    ov_buf_json(&plain, text, OV_JSON_PLAIN);
    ov_buf_json(&php, text, OV_JSON_PHP);
    ASSERT_TEXT(ov_buf_view(&plain),
                "\"a/\\\"\\\\\\n\\u0000\\u001fé\xF0\x9F\x98\x80\xEF\xBF\xBD\"");
    ASSERT_TEXT(ov_buf_view(&php), "\"a\\/\\\"\\\\\\n\\u0000\\u001f\\u00e9\\ud83d\\ude00\\ufffd\"");
    ov_buf_deinit(&plain);
    ov_buf_deinit(&php);
}

static void test_nesting(void)
{
    struct ov_buf buf = {0};
    struct ov_json json = {.out = &buf};
    ov_json_object(&json, NULL);
    ov_json_object(&json, "none");
    ov_json_end(&json);
    ov_json_list(&json, "all");
    ov_json_text(&json, NULL, OV_TEXT("a\nb"));
    ov_json_string(&json, NULL, "c");
    ov_json_number(&json, NULL, UINT64_MAX);
    ov_json_signed(&json, NULL, INT64_MIN);
    ov_json_list(&json, NULL);
    ov_json_bool(&json, NULL, true);
    ov_json_end(&json);
    ov_json_object(&json, NULL);
    ov_json_bool(&json, "no", false);
    ov_json_end(&json);
    ov_json_null(&json, NULL);
    ov_json_end(&json);
    ov_json_raw(&json, "raw", OV_TEXT("{\"x\":[1]}"));
    ov_buf_string(ov_json_begin_value(&json, OV_TEXT("own")), "0.50");
    ov_json_end(&json);
    ASSERT_TEXT(
        ov_buf_view(&buf),
        "{\"none\":{},\"all\":[\"a\\nb\",\"c\",18446744073709551615,"
        "-9223372036854775808,[true],{\"no\":false},null],\"raw\":{\"x\":[1]},\"own\":0.50}");
    CU_ASSERT_FALSE(buf.failed);
    CU_ASSERT_EQUAL(json.depth, 0);
    ov_buf_deinit(&buf);
}

static void test_empty_texts(void)
{
    struct ov_buf buf = {0};
    struct ov_json json = {.out = &buf};
    ov_json_object(&json, NULL);
    ov_json_nonempty(&json, "a", OV_TEXT(""));
    ov_json_text_or_null(&json, "b", OV_TEXT(""));
    ov_json_text(&json, "c", (struct ov_text){0});
    ov_json_nonempty(&json, "d", OV_TEXT("x"));
    ov_json_text_or_null(&json, "", OV_TEXT("y"));
    ov_buf_char(ov_json_begin_value(&json, (struct ov_text){0}), '1');
    ov_json_end(&json);
    ASSERT_TEXT(ov_buf_view(&buf), "{\"b\":null,\"c\":\"\",\"d\":\"x\",\"\":\"y\",\"\":1}");
    ov_buf_deinit(&buf);
}

/* Line breaks come after the comma, documents have no commas between them, and the buffer may be
 * emptied at any time. */
static void test_lines_and_documents(void)
{
    struct ov_buf buf = {0}, whole = {0};
    struct ov_json json = {.out = &buf};
    for (int document = 0; document < 2; document++) {
        ov_json_list(&json, NULL);
        for (unsigned i = 0; i < 2; i++) {
            ov_json_line(&json);
            ov_json_number(&json, NULL, i);
            ov_buf_text(&whole, ov_buf_view(&buf));
            buf.len = 0;
        }
        ov_json_line(&json);
        ov_json_end(&json);
        ov_buf_char(&buf, '\n');
    }
    ov_buf_text(&whole, ov_buf_view(&buf));
    ASSERT_TEXT(ov_buf_view(&whole), "[\n0,\n1\n]\n[\n0,\n1\n]\n");
    ov_buf_deinit(&buf);
    ov_buf_deinit(&whole);
}

static void test_styles(void)
{
    static const char *const expected[] = {
        [OV_JSON_PLAIN] = "{\"\\\"/<é\":\"\\\"/<é\"}",
        [OV_JSON_PHP] = "{\"\\\"\\/<\\u00e9\":\"\\\"\\/<\\u00e9\"}",
        [OV_JSON_HTML] = "{\"\\\"/\\u003cé\":\"\\\"/\\u003cé\"}",
    };
    for (int style = OV_JSON_PLAIN; style <= OV_JSON_HTML; style++) {
        struct ov_buf buf = {0};
        struct ov_json json = {.out = &buf, .style = (enum ov_json_style)style};
        ov_json_object(&json, NULL);
        ov_json_text(&json, "\"/<é", OV_TEXT("\"/<é"));
        ov_json_end(&json);
        ASSERT_TEXT(ov_buf_view(&buf), expected[style]);
        ov_buf_deinit(&buf);
    }
}

static void test_failures(void)
{
    struct ov_buf buf = {.maximum = 6};
    struct ov_json json = {.out = &buf};
    ov_json_list(&json, NULL);
    ov_json_number(&json, NULL, 12);
    ov_json_number(&json, NULL, 3456);
    CU_ASSERT_TRUE(buf.failed);
    ov_json_end(&json);
    CU_ASSERT_TRUE(buf.failed);
    ASSERT_TEXT(ov_buf_view(&buf), "[12,");
    ov_buf_deinit(&buf);
    json = (struct ov_json){.out = &buf};
    ov_json_end(&json); /* nothing is open */
    CU_ASSERT_TRUE(buf.failed);
    CU_ASSERT_EQUAL(json.depth, 0);
    ov_buf_deinit(&buf);
}

static void test_depth(void)
{
    struct ov_buf buf = {0}, expected = {0};
    struct ov_json json = {.out = &buf};
    for (int i = 0; i < OV_JSON_DEPTH; i++) { /* [{"k":{"k":[{ … */
        const char *key = i && (i - 1) % 3 ? "k" : NULL;
        ov_buf_string(&expected, key ? "\"k\":" : "");
        ov_buf_char(&expected, i % 3 ? '{' : '[');
        if (i % 3)
            ov_json_object(&json, key);
        else
            ov_json_list(&json, key);
    }
    for (int i = OV_JSON_DEPTH; i-- > 0; ov_json_end(&json))
        ov_buf_char(&expected, i % 3 ? '}' : ']');
    CU_ASSERT(ov_text_equal(ov_buf_view(&buf), ov_buf_view(&expected)));
    CU_ASSERT_FALSE(buf.failed);
    for (int i = 0; i < 3 * OV_JSON_DEPTH; i++)
        ov_json_list(&json, NULL);
    CU_ASSERT_TRUE(buf.failed);
    for (int i = 0; i < 3 * OV_JSON_DEPTH; i++)
        ov_json_end(&json);
    CU_ASSERT_EQUAL(json.depth, 0);
    ov_buf_deinit(&buf);
    ov_buf_deinit(&expected);
}

void suite_json(void)
{
    CU_pSuite suite = CU_add_suite("JSON", NULL, NULL);
    CU_add_test(suite, "strings", test_strings);
    CU_add_test(suite, "nesting and commas", test_nesting);
    CU_add_test(suite, "empty texts", test_empty_texts);
    CU_add_test(suite, "lines and documents", test_lines_and_documents);
    CU_add_test(suite, "styles", test_styles);
    CU_add_test(suite, "sticky failures", test_failures);
    CU_add_test(suite, "depth", test_depth);
}
