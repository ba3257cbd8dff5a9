/* tests/unit/test_base.c: texts, UTF-8, Unicode forms, patterns, buffers, the list of findings. */
#include "unit.h"

#include "base/glob.h"
#include "base/mem.h"
#include "base/pattern.h"
#include "base/search.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/dup_filter.h"
#include "base/key_filter.h"
#include "base/task.h"
#include "base/text.h"
#include "base/unicode.h"
#include "base/xml.h"
#include "finding/list.h"

static void test_utf8_sequences(void)
{
    static const struct {
        const char *bytes;
        size_t taken;
        uint32_t code;
    } cases[] = {
        {"a", 1, 'a'},
        {"\xC3\xA9", 2, 0xE9},
        {"\xE2\x82\xAC", 3, 0x20AC},
        {"\xF0\x9F\x98\x80", 4, 0x1F600},
        {"\xC0\x80", 1, UINT32_MAX},         /* overlong */
        {"\xE0\x80\x80", 1, UINT32_MAX},     /* overlong */
        {"\xED\xA0\x80", 1, UINT32_MAX},     /* surrogate */
        {"\xF4\x90\x80\x80", 1, UINT32_MAX}, /* above 10FFFF */
        {"\x80", 1, UINT32_MAX},
        {"\xE2\x82"
         "x",
         2, UINT32_MAX}, /* maximal subpart */
        {"\xF0\x9F\x98"
         "x",
         3, UINT32_MAX},
        {"\xFF", 1, UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t code;
        const char *end = cases[i].bytes + strlen(cases[i].bytes);
        CU_ASSERT_EQUAL(ov_utf8_next(cases[i].bytes, end, &code), cases[i].taken);
        CU_ASSERT_EQUAL(code, cases[i].code);
    }
}

static void test_utf8_valid_prefix(void)
{
    bool cut;
    CU_ASSERT_EQUAL(ov_utf8_valid_prefix(OV_TEXT("abc\xC3\xA9"), &cut), 5);
    CU_ASSERT_FALSE(cut);
    CU_ASSERT_EQUAL(ov_utf8_valid_prefix(OV_TEXT("abcdefgh\xE2\x82"), &cut), 8);
    CU_ASSERT_TRUE(cut);
    CU_ASSERT_EQUAL(ov_utf8_valid_prefix(OV_TEXT("abc\xE2x"), &cut), 3);
    CU_ASSERT_FALSE(cut);
    CU_ASSERT_EQUAL(ov_utf8_count(OV_TEXT("a\xC3\xA9\xE2\x82\xFFz")), 5);
}

static void test_distance(void)
{
    static const struct {
        const char *a, *b;
        unsigned distance;
    } cases[] = {
        {"COO", "COO", 0}, {"COOO", "COO", 1},    {"CEO", "COO", 1},        {"COE", "CEO", 1},
        {"", "ab", 2},     {"Größe", "Grose", 2}, {"kitten", "sitting", 3}, {"abc", "", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_text a = ov_text_of(cases[i].a), b = ov_text_of(cases[i].b);
        CU_ASSERT_EQUAL(ov_text_distance(a, b, 5), cases[i].distance);
        CU_ASSERT_EQUAL(ov_text_distance(b, a, 5), cases[i].distance);
        if (cases[i].distance)
            CU_ASSERT_EQUAL(ov_text_distance(a, b, cases[i].distance - 1), cases[i].distance);
    }
    static const char *const words[] = {"format", "output", "importer"};
    CU_ASSERT_STRING_EQUAL(ov_text_nearest(OV_TEXT("formatt"), words, 3, 2), "format");
    CU_ASSERT_PTR_NULL(ov_text_nearest(OV_TEXT("zzz"), words, 3, 2));
}

static bool is_less(const void *numbers, size_t index, const void *key)
{
    return ((const int *)numbers)[index] < *(const int *)key;
}

static void test_lower_bound(void)
{
    static const int numbers[] = {1, 3, 3, 3, 7};
    static const struct {
        int key;
        size_t from, to, found;
    } cases[] = {
        {0, 0, 5, 0}, {1, 0, 5, 0}, {2, 0, 5, 1}, {3, 0, 5, 1}, {4, 0, 5, 4}, {7, 0, 5, 4},
        {8, 0, 5, 5}, {3, 2, 5, 2}, {8, 2, 4, 4}, {0, 2, 4, 2}, {3, 0, 0, 0}, {3, 5, 5, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(ov_lower_bound(numbers, cases[i].from, cases[i].to, &cases[i].key, is_less),
                        cases[i].found);
}

static void test_xml(void)
{
    struct ov_buf content = {0}, attribute = {0};
    struct ov_text text = OV_TEXT("<a&b> \"é\"\t\n\r\0\xFF##[\xEF\xBF\xBE\xE2\x80\xAE");
    ov_buf_xml(&content, text, OV_XML_CONTENT);
    ov_buf_xml(&attribute, text, OV_XML_ATTRIBUTE);
    ASSERT_TEXT(ov_buf_view(&content), "&lt;a&amp;b&gt; &quot;é&quot;\t\n&#13;\xEF\xBF\xBD"
                                       "\xEF\xBF\xBD&#35;#[\xEF\xBF\xBD&#8238;");
    ASSERT_TEXT(ov_buf_view(&attribute), "&lt;a&amp;b&gt; &quot;é&quot;&#9;&#10;&#13;\xEF\xBF\xBD"
                                         "\xEF\xBF\xBD&#35;#[\xEF\xBF\xBD&#8238;");
    ov_buf_deinit(&content);
    ov_buf_deinit(&attribute);
}

static void test_buffer_limit(void)
{
    struct ov_buf buf = {.maximum = 4};
    ov_buf_string(&buf, "abc");
    CU_ASSERT_FALSE(buf.failed);
    ov_buf_string(&buf, "de");
    CU_ASSERT_TRUE(buf.failed);
    ov_buf_string(&buf, "f");
    ASSERT_TEXT(ov_buf_view(&buf), "abc");
    ov_buf_deinit(&buf);
    ov_buf_number(&buf, 1204);
    ov_buf_char(&buf, ' ');
    ov_buf_number(&buf, 7);
    ASSERT_TEXT(ov_buf_view(&buf), "1,204 7");
    ov_buf_deinit(&buf);
    static const uint64_t numbers[] = {0, 9, 10, 99, 100, 101, 999, 1000, 12345, UINT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%llu", (unsigned long long)numbers[i]);
        ov_buf_decimal(&buf, numbers[i]);
        ASSERT_TEXT(ov_buf_view(&buf), expected);
        ov_buf_deinit(&buf);
    }
}

static void test_unicode_forms(void)
{
    struct ov_buf buf = {0};
    ov_unicode_fold(OV_TEXT(" CEO\xC2\xA0"), &buf);
    ASSERT_TEXT(ov_buf_view(&buf), "ceo");
    ov_unicode_fold(OV_TEXT("ﬁN Straße"), &buf);
    ASSERT_TEXT(ov_buf_view(&buf), "fin strasse");
    ov_unicode_fold(OV_TEXT("A\xFF"), &buf); /* ill-formed: folded up to the ASCII part */
    ASSERT_TEXT(ov_buf_view(&buf), "a\xFF");
    ov_unicode_skeleton(OV_TEXT("\xD0\x9E"
                                "P0l1"),
                        &buf); /* Cyrillic O */
    ASSERT_TEXT(ov_buf_view(&buf), "opoll");
    ov_buf_deinit(&buf);
    ASSERT_TEXT(ov_unicode_trim(OV_TEXT("\xE3\x80\x80 x y\t")), "x y");
    CU_ASSERT_EQUAL(ov_unicode_trim(OV_TEXT(" \xC2\xA0")).len, 0);
    CU_ASSERT_EQUAL(ov_unicode_to_cp1252(0x20AC), 0x80);
    CU_ASSERT_EQUAL(ov_unicode_to_cp1252(0x3042), -1);
}

static void test_pattern(void)
{
    struct ov_error err = {0};
    struct ov_pattern *pattern = ov_pattern_new(OV_TEXT("^[A-Z]+$"), &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pattern);
    CU_ASSERT_EQUAL(ov_pattern_search(pattern, OV_TEXT("CEO")), OV_MATCH_YES);
    CU_ASSERT_EQUAL(ov_pattern_search(pattern, OV_TEXT("ceo")), OV_MATCH_NO);
    CU_ASSERT_EQUAL(ov_pattern_search(pattern, OV_TEXT("CE\xFFO")), OV_MATCH_NO);
    ov_pattern_free(pattern);
    pattern = ov_pattern_new(OV_TEXT("^(a+)+$"), &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pattern);
    CU_ASSERT_EQUAL(ov_pattern_search(pattern, OV_TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")),
                    OV_MATCH_LIMIT);
    ov_pattern_free(pattern);
    CU_ASSERT_PTR_NULL(ov_pattern_new(OV_TEXT("("), &err));
    CU_ASSERT_EQUAL(err.status, OV_E_OPTION);
}

static void test_arena_and_grow(void)
{
    struct ov_arena arena = {0};
    for (size_t i = 1; i < 3000; i += 7) {
        char *piece = ov_arena_take(&arena, i * 13);
        CU_ASSERT_PTR_NOT_NULL_FATAL(piece);
        memset(piece, 0x5A, i * 13);
    }
    CU_ASSERT_PTR_NULL(ov_arena_take(&arena, SIZE_MAX - 8));
    ov_arena_deinit(&arena);
    int *items = NULL;
    size_t capacity = 0;
    CU_ASSERT_TRUE(ov_grow(&items, &capacity, 3, sizeof *items));
    CU_ASSERT_FALSE(ov_grow(&items, &capacity, SIZE_MAX / 2, sizeof *items));
    CU_ASSERT_TRUE(capacity >= 3);
    free(items);
}

static void test_list(void)
{
    struct ov_list list;
    ov_list_init(&list);
    list.cap = 2;
    list.severity[OV_R405] = OV_OFF;
    list.severity[OV_R408] = OV_ERROR;
    CU_ASSERT_PTR_NULL(
        ov_list_add(&list, OV_R405, OV_M_NEAR_DUPLICATE, (struct ov_place){1, 1, 0}, 1));
    for (uint64_t line = 9; line > 5; line--)
        ov_list_add(&list, OV_R408, OV_M_SIBLING_NAME, (struct ov_place){line, 1, line * 10}, 1);
    ov_list_add(&list, OV_R301, OV_M_EMPTY_NAME, (struct ov_place){8, 1, 80}, 1);
    CU_ASSERT_EQUAL(list.count, 3);
    CU_ASSERT_EQUAL(ov_list_count(&list, OV_R408), 4);
    CU_ASSERT_EQUAL(ov_list_count(&list, OV_R405), 0);
    CU_ASSERT_EQUAL(ov_list_total(&list, OV_ERROR), 5);
    CU_ASSERT_TRUE(ov_list_sort(&list, &(struct ov_names){0}));
    CU_ASSERT_EQUAL(list.items[0].rule, OV_R301); /* same position as the next one, smaller code */
    CU_ASSERT_EQUAL(list.items[1].place.line, 8);
    CU_ASSERT_EQUAL(list.items[2].place.line, 9);
    CU_ASSERT_EQUAL(list.items[1].ordinal, 0);
    CU_ASSERT_EQUAL(list.items[2].ordinal, 1);
    ov_list_deinit(&list);
}

/* Findings of different rules about short headers are never treated as equal, whatever the key. */
static void test_ordinals_under_many_keys(void)
{
    struct ov_text headers[26];
    char texts[26][3]; /* which differ in one byte */
    for (size_t i = 0; i < 26; i++) {
        memcpy(texts[i], "pa", 2);
        texts[i][2] = (char)('a' + i);
        headers[i] = (struct ov_text){texts[i], 3};
    }
    const struct ov_names names = {.headers = headers, .header_count = 26};
    unsigned wrong = 0;
    for (int round = 0; round < 300; round++) { /* each sort draws a new key */
        struct ov_list list;
        ov_list_init(&list);
        for (uint32_t i = 0; i < 26; i++) {
            for (int rule = 0; rule < OV_RULES; rule++) {
                struct ov_item *item = ov_list_add(&list, (enum ov_rule_index)rule, OV_M_UNMAPPED,
                                                   (struct ov_place){1, i + 1, i}, 0);
                if (item)
                    item->header = i;
            }
        }
        CU_ASSERT_TRUE(ov_list_sort(&list, &names));
        for (size_t i = 0; i < list.count; i++)
            wrong += list.items[i].ordinal != 0;
        ov_list_deinit(&list);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void test_rules(void)
{
    CU_ASSERT_PTR_EQUAL(ov_rule_find(OV_TEXT("ov402")), ov_rule_find(OV_TEXT("missing-parent")));
    CU_ASSERT_PTR_NULL(ov_rule_find(OV_TEXT("OV999")));
    CU_ASSERT_STRING_EQUAL(ov_rule_nearest(OV_TEXT("mising-parent"))->code, "OV402");
    for (size_t i = 0; i < ov_rule_count(); i++) {
        const struct ov_rule *rule = ov_rule_at(i);
        CU_ASSERT_TRUE(strlen(rule->what) > 20 && strlen(rule->fix) >= 10 && rule->good[0]);
        CU_ASSERT_TRUE(i == 0 || strcmp(ov_rule_at(i - 1)->code, rule->code) < 0);
    }
}

static void test_kinds(void)
{
    static const struct {
        const char *text;
        unsigned kinds;
    } cases[] = {
        {"", 0},
        {"09", OV_BYTE_DIGIT},
        {"AZ", OV_BYTE_UPPER},
        {"az", OV_BYTE_LOWER},
        {"!~/:@[`{", OV_BYTE_MARK},
        {" ", OV_BYTE_OTHER},
        {"\x7F", OV_BYTE_OTHER},
        {"é", OV_BYTE_OTHER},
        {"P-1", OV_BYTE_UPPER | OV_BYTE_MARK | OV_BYTE_DIGIT},
    };
    static const char *const parts[] = {"a", "é", "€", "\xF0\x9F\x98\x80", "abcdefgh"};
    struct rng rng = {8};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(ov_text_kinds(ov_text_of(cases[i].text)), cases[i].kinds);
    for (int round = 0; round < 1000; round++) {
        char text[200] = "";
        unsigned count = rng_below(&rng, 20);
        for (unsigned i = 0; i < count; i++)
            strcat(text, parts[rng_below(&rng, 5)]);
        CU_ASSERT_EQUAL(ov_utf8_count_valid(ov_text_of(text)), ov_utf8_count(ov_text_of(text)));
    }
}

static void test_repeats(void)
{
    enum { MANY = 20000 };
    static uint32_t hashes[MANY], kept[MANY];
    struct rng rng = {21};
    size_t left = 0;
    for (unsigned round = 0; round < 4; round++) {
        unsigned values = round < 2 ? 200000000 : 30000;
        for (size_t i = 0; i < MANY; i++)
            kept[i] = hashes[i] =
                rng_below(&rng, 10) ? (uint32_t)ov_hash_number(1 + rng_below(&rng, values)) : 0;
        CU_ASSERT_TRUE_FATAL(ov_dup_filter_keep(kept, round % 2 ? MANY : MANY / 2));
        for (size_t i = 0; i < (round % 2 ? MANY : MANY / 2); i += 7) {
            bool repeated = false;
            for (size_t k = 0; k < (round % 2 ? MANY : MANY / 2) && hashes[i]; k++)
                repeated |= k != i && hashes[k] == hashes[i];
            CU_ASSERT_TRUE(kept[i] == hashes[i] || (kept[i] == 0 && !repeated));
            left += round < 2 && kept[i] != 0;
        }
    }
    CU_ASSERT_TRUE(left < MANY / 7 / 2); /* the filter does remove duplicates */
    CU_ASSERT_TRUE(ov_dup_filter_keep(kept, 0));
}

static void test_key_filter(void)
{
    enum { MANY = 20000 };
    struct ov_key_filter filter = {0};
    size_t wrong = 0;
    CU_ASSERT_TRUE_FATAL(ov_key_filter_grow(&filter, 0));
    for (uint64_t i = 0; i < MANY; i++) {
        if (ov_key_filter_is_full(&filter)) {
            CU_ASSERT_TRUE_FATAL(ov_key_filter_grow(&filter, i % 3 ? MANY : 0));
            for (uint64_t k = 0; k < i; k++)
                ov_key_filter_add(&filter, ov_hash_number(k));
        }
        wrong += ov_key_filter_may_have(&filter, ov_hash_number(i));
        ov_key_filter_add(&filter, ov_hash_number(i));
    }
    CU_ASSERT_TRUE(wrong < MANY / 100);
    for (uint64_t i = 0; i < MANY; i++)
        CU_ASSERT_TRUE(ov_key_filter_may_have(&filter, ov_hash_number(i)));
    ov_key_filter_deinit(&filter);
}

static void square(void *ctx)
{
    int *number = ctx;
    *number *= *number;
}

static void test_tasks(void)
{
    for (int apart = 0; apart < 2; apart++) {
        struct ov_task task;
        int number = 12;
        ov_task_start(&task, square, &number, apart);
        ov_task_wait(&task);
        CU_ASSERT_EQUAL(number, 144);
    }
}

/* A naive matcher of `*`, `**`, `?` and letters against a path. */
static bool fits(const char *glob, const char *path)
{
    if (glob[0] == '*' && glob[1] == '*' && glob[2] == '/' && fits(glob + 3, path))
        return true;
    if (glob[0] == '*' && glob[1] == '*') {
        for (const char *rest = path;; rest++) {
            bool folder = glob[2] != '/' || (rest > path && rest[-1] == '/');
            if (folder && fits(glob + (glob[2] == '/' ? 3 : 2), rest))
                return true;
            if (!*rest)
                return false;
        }
    }
    if (glob[0] == '*')
        return fits(glob + 1, path) || (*path && *path != '/' && fits(glob, path + 1));
    if (!*glob || !*path)
        return *glob == *path;
    return (*glob == *path || (*glob == '?' && *path != '/')) && fits(glob + 1, path + 1);
}

static void test_globs(void)
{
    struct rng rng = {1};
    unsigned yes = 0;
    for (int i = 0; i < 20000; i++) {
        char glob[16] = "", path[16] = "";
        unsigned glob_len = 1 + rng_below(&rng, 6), path_len = 1 + rng_below(&rng, 7);
        glob[0] = '/'; /* so that the glob applies to the whole path */
        for (unsigned j = 1; j <= glob_len; j++)
            glob[j] = "ab/*?"[rng_below(&rng, 5)];
        path[0] = '/';
        for (unsigned j = 1; j <= path_len; j++)
            path[j] = "ab/"[rng_below(&rng, 3)];
        if (strstr(glob, "***") || strstr(glob, "a**/") || strstr(glob, "b**/") ||
            strstr(glob, "?**/"))
            continue; /* `**` after another character is not specified */
        struct ov_pattern *pattern = ov_glob_new(ov_text_of(glob), true, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(pattern);
        bool matched = ov_pattern_search(pattern, ov_text_of(path)) == OV_MATCH_YES;
        if (matched != fits(glob, path))
            printf("glob %s path %s\n", glob, path);
        CU_ASSERT_EQUAL(matched, fits(glob, path));
        yes += matched;
        ov_pattern_free(pattern);
    }
    CU_ASSERT(yes > 1000);
}

static void test_glob_classes(void)
{
    static const struct {
        const char *glob, *text;
        bool path, matches;
    } cases[] = {
        {"[!a]x", "sx", false, true},
        {"[!a]x", "ax", false, false},
        {"[^a-c]", "s", false, true},
        {"[^a-c]", "b", false, false},
        {"[!a]*", "/s", false, true},
        {"?", "/", false, true},
        {"a/[!b]x", "a/sx", true, true},
        {"a/[!b]c", "a//c", true, false},
        {"[]a]", "]", false, true},
        {"[:a:]", ":", false, true},
        {"[a\\-z]", "-", false, true},
        {"[a\\-z]", "b", false, false},
        {"[\xC3\xA4-\xC3\xBC]", "\xC3\xB6", false, true},
        {"p*[0-9].csv", "hr/p1/p-7.csv", true, true},
        {"p*[0-9].csv", "hr/p1.csv/x", true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_pattern *pattern = ov_glob_new(ov_text_of(cases[i].glob), cases[i].path, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(pattern);
        bool matches = ov_pattern_search(pattern, ov_text_of(cases[i].text)) == OV_MATCH_YES;
        CU_ASSERT_EQUAL(matches, cases[i].matches);
        ov_pattern_free(pattern);
    }
    static const char *const invalid[] = {"", "a[", "a[b", "[]", "[!]", "[z-a]", "a\\"};
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        CU_ASSERT_PTR_NULL(ov_glob_new(ov_text_of(invalid[i]), false, NULL));
}

static void test_languages(void)
{
    static const struct {
        const char *tags;
        enum ov_language language;
    } cases[] = {{"", OV_ENGLISH},           {"de", OV_GERMAN},
                 {"de_DE.UTF-8", OV_GERMAN}, {"de-AT,de;q=0.9,en;q=0.8", OV_GERMAN},
                 {"C.UTF-8", OV_ENGLISH},    {"fr,en;q=0.5,de;q=0.6", OV_GERMAN},
                 {"en,de", OV_ENGLISH},      {"de;q=0,en;q=0.1", OV_ENGLISH},
                 {"dex", OV_ENGLISH},        {"DE;q=0.001", OV_GERMAN},
                 {",;q=,=", OV_ENGLISH}};
    struct ov_buf out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(ov_language_of(ov_text_of(cases[i].tags)), cases[i].language);
    for (size_t i = 0; i < ov_rule_count(); i++) { /* all are found: the table is sorted */
        const struct ov_rule *rule = ov_rule_at(i);
        const char *const texts[] = {rule->summary, rule->what, rule->fix};
        for (size_t j = 0; j < 3; j++) {
            CU_ASSERT_PTR_EQUAL(ov_translate(OV_ENGLISH, texts[j]), texts[j]);
            CU_ASSERT_PTR_NOT_EQUAL(ov_translate(OV_GERMAN, texts[j]), texts[j]);
        }
    }
    CU_ASSERT_STRING_EQUAL(ov_translate(OV_GERMAN, "what nobody says"), "what nobody says");
    ov_buf_say(&out, OV_ENGLISH, "{1} of {0}, {2} {x} {", OV_OTHERS(OV_TEXT("a"), OV_TEXT("b")));
    CU_ASSERT(ov_text_equal(ov_buf_view(&out), OV_TEXT("b of a, {2} {x} {")));
    out.len = 0;
    ov_buf_say_count(&out, OV_GERMAN, 1204567, "{0} row", "{0} rows");
    CU_ASSERT(ov_text_equal(ov_buf_view(&out), OV_TEXT("1.204.567 Zeilen")));
    ov_buf_deinit(&out);
}

void suite_base(void)
{
    CU_pSuite suite = CU_add_suite("base and finding", NULL, NULL);
    CU_add_test(suite, "UTF-8 sequences", test_utf8_sequences);
    CU_add_test(suite, "UTF-8 valid prefix", test_utf8_valid_prefix);
    CU_add_test(suite, "edit distance", test_distance);
    CU_add_test(suite, "lower bound", test_lower_bound);
    CU_add_test(suite, "XML texts", test_xml);
    CU_add_test(suite, "buffers and their limit", test_buffer_limit);
    CU_add_test(suite, "Unicode forms", test_unicode_forms);
    CU_add_test(suite, "patterns and their limits", test_pattern);
    CU_add_test(suite, "arena and growing", test_arena_and_grow);
    CU_add_test(suite, "list of findings", test_list);
    CU_add_test(suite, "ordinals under many keys", test_ordinals_under_many_keys);
    CU_add_test(suite, "rules", test_rules);
    CU_add_test(suite, "kinds and counts of bytes", test_kinds);
    CU_add_test(suite, "repeated hashes", test_repeats);
    CU_add_test(suite, "filter of keys", test_key_filter);
    CU_add_test(suite, "tasks", test_tasks);
    CU_add_test(suite, "languages", test_languages);
    CU_add_test(suite, "globs against a naive matcher", test_globs);
    CU_add_test(suite, "classes in globs", test_glob_classes);
}
