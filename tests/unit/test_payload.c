/* tests/unit/test_payload.c: the parts of payload/. The whole is tested from outside
 * (tests/payload/). */
#include "unit.h"

#include "base/sha256.h"
#include "csv/quote.h"
#include "payload/fix/edits.h"
#include "payload/fix/sort_rows.h"
#include "payload/fix/patch.h"
#include "payload/reread/string_pack.h"

/* The examples of FIPS 180-4, in chunks of every size. */
static void test_sha256(void)
{
    static const struct {
        const char *text, *hex;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    struct ov_sha256 *sha = ov_sha256_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(sha);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].text);
        for (size_t piece = 1; piece <= len + 1; piece++) {
            char hex[OV_SHA256_HEX];
            for (size_t at = 0; at < len; at += piece)
                ov_sha256_add(sha, cases[i].text + at, piece < len - at ? piece : len - at);
            ov_sha256_hex(sha, hex);
            ASSERT_TEXT(ov_text_of(hex), cases[i].hex);
        }
    }
    ov_sha256_free(sha);
}

static void test_quote(void)
{
    static const struct {
        const char *text, *csv;
        char delimiter;
    } cases[] = {
        {"", "", ','},
        {"plain", "plain", ','},
        {" a ", " a ", ','},
        {"a,b", "\"a,b\"", ','},
        {"a,b", "a,b", ';'},
        {"a;b", "\"a;b\"", ';'},
        {"say \"x\"", "\"say \"\"x\"\"\"", ','},
        {"\"", "\"\"\"\"", ','},
        {"a\nb", "\"a\nb\"", ','},
        {"a\r", "\"a\r\"", ','},
    };
    struct ov_buf out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        out.len = 0;
        ov_buf_csv(&out, ov_text_of(cases[i].text), cases[i].delimiter);
        ASSERT_TEXT(ov_buf_view(&out), cases[i].csv);
    }
    out.len = 0;
    ov_buf_csv_quoted(&out, OV_TEXT("plain"));
    ASSERT_TEXT(ov_buf_view(&out), "\"plain\"");
    ov_buf_deinit(&out);
}

static void test_texts(void)
{
    struct ov_string_pack texts = {0};
    const char *words[] = {"", "one", "", "a longer one"};
    size_t at = 0;
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT(ov_string_pack_put(&texts, ov_text_of(words[i])));
    for (size_t i = 0; i < 4; i++)
        ASSERT_TEXT(ov_string_pack_take(&texts, &at), words[i]);
    CU_ASSERT_EQUAL(at, texts.len);
    ov_string_pack_deinit(&texts);
}

/* A finished check of a file, or NULL. */
static struct ov_check *vetted(const char *csv)
{
    const struct ov_check_options options = {.importer = ov_importer_at(0),
                                             .keep_for_reread = true};
    struct ov_check *check = ov_check_new(&options, NULL);
    if (check && (ov_check_feed(check, csv, strlen(csv), NULL) != OV_OK ||
                  ov_check_finish(check, NULL) != OV_OK)) {
        ov_check_free(check);
        return NULL;
    }
    return check;
}

static void test_confidence(void)
{
    static const struct {
        const char *ids, *parent;
        unsigned percent; /* 0: no suggestion */
    } cases[] = {
        {"CEO\n", "ceo", 95},
        {"CEO\nceo\n", "Ceo", 47}, /* either could be meant */
        {"0012\n", "12", 95},
        {"HEAD\n", "HEAF", 75},
        {"COO\n", "COOO", 75},
        {"HEADS\n", "HEAF", 0},
        {"HEAD\nHEAP\n", "HEAT", 37},
        {"N1042\n", "N1043", 50},
        {"MARKETING\n", "MARKETNG", 88},
        {"MARKETING\n", "MARKETNGG", 77},
        {"XYZ\n", "AAAA", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char csv[200] = "idnumber,parentid,name\n";
        for (const char *id = cases[i].ids; *id; id = strchr(id, '\n') + 1)
            sprintf(csv + strlen(csv), "%.*s,,N\n", (int)strcspn(id, "\n"), id);
        sprintf(csv + strlen(csv), "LAST,%s,N\n", cases[i].parent);
        struct ov_check *check = vetted(csv);
        CU_ASSERT_PTR_NOT_NULL_FATAL(check);
        unsigned percent = 0;
        for (size_t k = 0; k < ov_check_list(check)->count; k++)
            if (ov_check_list(check)->items[k].rule == OV_R402 &&
                ov_check_list(check)->items[k].suggestion.len)
                percent = ov_edits_confidence(&ov_check_list(check)->items[k]);
        CU_ASSERT_EQUAL(percent, cases[i].percent);
        if (percent != cases[i].percent)
            printf("  `%s`: %u, not %u\n", cases[i].parent, percent, cases[i].percent);
        ov_check_free(check);
    }
}

/* Rows wait for their parents, in chains too; rows of a cycle and the first of two duplicates do
 * not. */
static void test_order(void)
{
    static const struct {
        const char *csv, *order; /* row numbers, from 1 */
    } cases[] = {
        {"A,,N\nB,A,N\n", "12"},
        {"B,A,N\nA,,N\n", "21"},
        {"C,B,N\nB,A,N\nA,,N\n", "321"},
        {"C,A,N\nX,,N\nB,A,N\nA,,N\nD,A,N\n", "24135"},
        {"A,B,N\nB,A,N\nC,D,N\nD,A,N\n", "1234"},   /* in and below a cycle */
        {"B,A,one\nB,,two\nA,,N\nC,B,N\n", "3124"}, /* the second B waits for the first */
        {"B,missing,N\nA,,N\n", "12"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char csv[200] = "idnumber,parentid,name\n", got[16] = "";
        struct ov_sort_rows order;
        struct ov_check *check = vetted(strcat(csv, cases[i].csv));
        CU_ASSERT_PTR_NOT_NULL_FATAL(check);
        CU_ASSERT_FATAL(ov_sort_rows_init(&order, check));
        for (ov_node row = 0; row < ov_check_forest(check)->count; row++) {
            const char number[] = {(char)('1' + row), '\0'};
            struct ov_text waited;
            if (ov_sort_rows_must_wait(&order, row)) {
                CU_ASSERT(ov_sort_rows_keep(&order, row, ov_text_of(number)));
                continue;
            }
            strcat(got, number);
            ov_sort_rows_passed(&order, row);
            while (ov_sort_rows_next(&order, &waited))
                strncat(got, waited.ptr, waited.len);
        }
        CU_ASSERT_STRING_EQUAL(got, cases[i].order);
        ov_sort_rows_deinit(&order);
        ov_check_free(check);
    }
}

static enum ov_status gather(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    (void)err;
    ov_buf_put(ctx, data, len);
    return OV_OK;
}

static void test_patch(void)
{
    static const struct {
        const char *pieces; /* one letter per line: `=` unchanged, `-` removed, `+` added, `~`
                             * changed */
        const char *heads;
    } cases[] = {
        {"====", ""},
        {"~", "@@ -1 +1 @@"},
        {"==~==", "@@ -1,5 +1,5 @@"},
        {"=====~=====", "@@ -3,7 +3,7 @@"},
        {"~======~", "@@ -1,8 +1,8 @@"},                 /* six lines in between: one hunk */
        {"~=======~", "@@ -1,4 +1,4 @@@@ -6,4 +6,4 @@"}, /* seven: two hunks */
        {"+", "@@ -0,0 +1 @@"},
        {"-", "@@ -1 +0,0 @@"},
        {"====+", "@@ -2,3 +2,4 @@"},
        {"-========-", "@@ -1,4 +1,3 @@@@ -7,4 +6,3 @@"},
    };
    const struct ov_patch_options options = {.name = {"f", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_buf out = {0};
        const struct ov_sink sink = {gather, &out};
        struct ov_patch patch;
        char heads[200] = "";
        ov_patch_init(&patch, &options, &sink);
        for (const char *p = cases[i].pieces; *p; p++) {
            struct ov_text old = OV_TEXT("old\n"), none = {0};
            struct ov_text fixed = *p == '=' ? old : OV_TEXT("new\n");
            CU_ASSERT_EQUAL(
                ov_patch_put(&patch, *p == '+' ? none : old, *p == '-' ? none : fixed, NULL),
                OV_OK);
        }
        CU_ASSERT_EQUAL(ov_patch_end(&patch, NULL), OV_OK);
        ov_buf_char(&out, '\0');
        for (const char *at = strstr(out.ptr, "@@"); at; at = strstr(at + 1, "\n@@")) {
            at += *at == '\n';
            strncat(heads, at, strcspn(at, "\n"));
        }
        CU_ASSERT_STRING_EQUAL(heads, cases[i].heads);
        ov_patch_deinit(&patch);
        ov_buf_deinit(&out);
    }
}

void suite_payload(void)
{
    CU_pSuite suite = CU_add_suite("payload", NULL, NULL);
    CU_add_test(suite, "SHA-256", test_sha256);
    CU_add_test(suite, "cells are quoted where they must be", test_quote);
    CU_add_test(suite, "texts one behind the other", test_texts);
    CU_add_test(suite, "how sure a did-you-mean is", test_confidence);
    CU_add_test(suite, "rows behind their parents", test_order);
    CU_add_test(suite, "hunks of a difference", test_patch);
}
