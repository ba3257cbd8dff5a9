/* tests/unit/test_check.c: the whole pipeline through its one entry point. */
#include "unit.h"

#include "base/text.h"

/* The findings of a check as text, one per line. */
static void vet(struct ov_text bytes, size_t piece, struct ov_buf *out)
{
    const struct ov_check_options options = {.importer = ov_importer_at(0)};
    struct ov_error err = {0};
    struct ov_check *check = ov_check_new(&options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(check);
    out->len = 0;
    for (size_t at = 0; at < bytes.len; at += piece) {
        size_t take = piece < bytes.len - at ? piece : bytes.len - at;
        CU_ASSERT_EQUAL(ov_check_feed(check, bytes.ptr + at, take, &err), OV_OK);
    }
    CU_ASSERT_EQUAL(ov_check_finish(check, &err), OV_OK);
    struct ov_finding finding;
    while (ov_check_next(check, &finding) == OV_OK && finding.rule) {
        ov_buf_format(out, "%s %s %llu:%llu:%llu row %lld a%lld %s ", finding.rule->code,
                      ov_severity_name(finding.severity), (unsigned long long)finding.place.line,
                      (unsigned long long)finding.place.column,
                      (unsigned long long)finding.place.byte_offset, (long long)finding.row,
                      (long long)finding.affected, finding.fingerprint);
        ov_buf_text(out, finding.message);
        ov_buf_text(out, finding.help);
        ov_buf_char(out, '\n');
    }
    ov_buf_text(out, ov_check_result(check)->root_cause);
    ov_buf_text(out, ov_check_result(check)->settings);
    ov_check_free(check);
}

static size_t random_file(struct rng *rng, char *out, size_t most)
{
    static const char *const ids[] = {"CEO", "COO",  "ceo", "CEO ",    "",
                                      "X",   "0042", "42",  "\xC3\x84"};
    static const char *const odd[] = {"\n",   ",,\n", "\"open\n", "a\"b,", "\"x\" y,",
                                      "\xFF", "é",    "=1",       "\x07",  "\"multi\nline\""};
    size_t len = (size_t)snprintf(out, most, "idnumber,parent,name,manager\n");
    unsigned rows = rng_below(rng, 10);
    for (unsigned i = 0; i < rows && len + 80 < most; i++) {
        if (rng_below(rng, 6) == 0)
            len += (size_t)sprintf(out + len, "%s", odd[rng_below(rng, 10)]);
        len += (size_t)sprintf(out + len, "%s,%s,Name %u,%s\n", ids[rng_below(rng, 9)],
                               ids[rng_below(rng, 9)], rng_below(rng, 3),
                               rng_below(rng, 9) ? "1" : "yes");
    }
    return len;
}

static void test_any_chunking(void)
{
    struct rng rng = {99};
    struct ov_buf whole = {0}, cut = {0};
    for (int round = 0; round < 3000; round++) {
        char bytes[2048];
        struct ov_text text = {bytes, random_file(&rng, bytes, sizeof bytes)};
        vet(text, text.len + 1, &whole);
        vet(text, 1 + rng_below(&rng, 5), &cut);
        if (!ov_text_equal(ov_buf_view(&whole), ov_buf_view(&cut))) {
            CU_FAIL("chunking makes a difference");
            printf("%.*s\n--\n%.*s\n--\n%.*s\n", OV_FMT(text), OV_FMT(ov_buf_view(&whole)),
                   OV_FMT(ov_buf_view(&cut)));
            break;
        }
    }
    CU_PASS("3,000 random files");
    ov_buf_deinit(&whole);
    ov_buf_deinit(&cut);
}

static void test_every_prefix(void)
{
    static const char file[] = "\xEF\xBB\xBFidnumber,parent,name,description,manager\r\n"
                               "CEO,,Chief,\"Leads, \"\"all\"\"\r\nof it\",1\r\n"
                               "COO,CEO,Größe,x,0\r\nOM,COO,Office,,\r\n";
    struct ov_buf out = {0};
    for (size_t len = 0; len < sizeof file; len++)
        vet((struct ov_text){file, len}, 7, &out);
    vet((struct ov_text){file, sizeof file - 1}, 7, &out);
    CU_ASSERT_EQUAL(out.ptr[0], '{'); /* the whole file: no findings, settings only */
    ov_buf_deinit(&out);
}

static void test_fingerprints_survive_a_resort(void)
{
    struct ov_buf a = {0}, b = {0};
    vet(OV_TEXT("idnumber,parent,name\nA,Q,x\nB,A,\nC,A,\n"), 64, &a);
    vet(OV_TEXT("idnumber,parent,name\n\nC,A,\nA,Q,x\nB,A,\n"), 64, &b);
    size_t found = 0, lines = 0;
    ov_buf_char(&b, '\0');
    for (const char *line = a.ptr; line < a.ptr + a.len;) {
        const char *end = memchr(line, '\n', (size_t)(a.ptr + a.len - line));
        if (!end)
            break;
        char fingerprint[33] = "";
        for (const char *p = line; p + 33 < end; p++)
            if (p[0] == ' ' && p[33] == ' ' && strspn(p + 1, "0123456789abcdef") == 32)
                memcpy(fingerprint, p + 1, 32);
        lines++;
        found += fingerprint[0] && strstr(b.ptr, fingerprint);
        line = end + 1;
    }
    CU_ASSERT_EQUAL(lines, 3);
    CU_ASSERT_EQUAL(found, 3);
    ov_buf_deinit(&a);
    ov_buf_deinit(&b);
}

/* With a limit on all findings the rules share the space, the first findings of each are kept, and
 * counts are exact. */
static void test_findings_are_bounded(void)
{
    const struct ov_check_options options = {.importer = ov_importer_at(0), .max_findings = 10};
    struct ov_error err = {0};
    struct ov_check *check = ov_check_new(&options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(check);
    struct ov_buf file = {0};
    ov_buf_string(&file, "idnumber,parent,name\n");
    for (int i = 0; i < 100; i++) /* OV306 in each, OV301 in the last three */
        ov_buf_format(&file, i < 97 ? "%d,, x%d\n" : "%d,,\n", i, i);
    ov_buf_string(&file, "y,nix,y\n"); /* OV402 */
    CU_ASSERT_EQUAL(ov_check_feed(check, file.ptr, file.len, &err), OV_OK);
    CU_ASSERT_EQUAL(ov_check_finish(check, &err), OV_OK);
    struct ov_finding finding;
    unsigned spaces = 0, empty = 0, missing = 0, all = 0;
    while (ov_check_next(check, &finding) == OV_OK && finding.rule) {
        if (strcmp(finding.rule->code, "OV306") == 0) {
            spaces++;
            CU_ASSERT_EQUAL(finding.row, spaces);
        }
        empty += strcmp(finding.rule->code, "OV301") == 0;
        missing += strcmp(finding.rule->code, "OV402") == 0;
        all++;
    }
    CU_ASSERT_EQUAL(all, 10);
    CU_ASSERT_EQUAL(empty, 3);
    CU_ASSERT_EQUAL(missing, 1);
    CU_ASSERT_EQUAL(ov_check_result(check)->severities[OV_ERROR], 4);
    CU_ASSERT_EQUAL(ov_check_result(check)->severities[OV_WARNING], 97);
    struct ov_soundness soundness; /* unless errors are among the findings that were not kept */
    CU_ASSERT_EQUAL(ov_check_soundness(check, &soundness, &err), OV_E_STATE);
    ov_buf_deinit(&file);
    ov_check_free(check);
}

static void test_options_are_kept_apart(void)
{
    const struct ov_check_options options = {.importer = ov_importer_at(0), .max_kept = 1};
    struct ov_error err = {0};
    struct ov_check *check = ov_check_new(&options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(check);
    CU_ASSERT_EQUAL(ov_check_add_root_marker(check, OV_TEXT("TOTAL"), &err), OV_OK);
    CU_ASSERT_EQUAL(ov_check_add_existing(check, OV_TEXT("HQ"), &err), OV_OK);
    CU_ASSERT_EQUAL(
        ov_check_set_severity(check, ov_rule_find(OV_TEXT("OV402")), false, OV_INFO, &err), OV_OK);
    struct ov_text file = OV_TEXT("idnumber,parent,name\nA,TOTAL,x\nB,HQ,y\nC,U,z\nD,V,w\n");
    CU_ASSERT_EQUAL(ov_check_feed(check, file.ptr, file.len, &err), OV_OK);
    CU_ASSERT_EQUAL(ov_check_finish(check, &err), OV_OK);
    struct ov_finding finding;
    CU_ASSERT_EQUAL(ov_check_next(check, &finding), OV_OK);
    CU_ASSERT_STRING_EQUAL(finding.rule->code, "OV402");
    CU_ASSERT_EQUAL(finding.severity, OV_INFO);
    CU_ASSERT_EQUAL(finding.row, 3);
    CU_ASSERT_EQUAL(finding.affected, -1); /* an info does not prevent the import */
    CU_ASSERT_EQUAL(ov_check_next(check, &finding), OV_OK);
    CU_ASSERT_PTR_NULL(finding.rule); /* the second exceeds max_kept … */
    const struct ov_check_result *result = ov_check_result(check);
    CU_ASSERT_EQUAL(result->severities[OV_INFO], 2); /* … but is counted */
    CU_ASSERT_EQUAL(result->roots, 1);
    CU_ASSERT_EQUAL(result->nodes, 4);
    CU_ASSERT_EQUAL(ov_check_feed(check, "x", 1, &err), OV_E_STATE);
    ov_check_free(check);
}

void suite_check(void)
{
    CU_pSuite suite = CU_add_suite("check", NULL, NULL);
    CU_add_test(suite, "any chunking gives the same findings", test_any_chunking);
    CU_add_test(suite, "every prefix of a good file", test_every_prefix);
    CU_add_test(suite, "fingerprints survive a re-sort", test_fingerprints_survive_a_resort);
    CU_add_test(suite, "findings are bounded", test_findings_are_bounded);
    CU_add_test(suite, "options and results", test_options_are_kept_apart);
}
