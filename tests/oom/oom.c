/* tests/oom/oom.c: the n-th allocation and all later ones fail, for every n. The whole job
 * (settings, pattern, reading, vetting, payload, every report) must then end with a failure, never
 * with a crash or with partial output that is reported as complete. Not for sanitizers, which
 * replace the allocator. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oom.h"
#include "orgvet/orgvet.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *old);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
void free(void *old);

static atomic_long left = -1; /* number of allocations that still succeed; below 0: all do */

long oom_left(long allocations)
{
    return atomic_exchange(&left, allocations);
}

static int fails(void)
{
    long before = left;
    while (before > 0 && !atomic_compare_exchange_weak(&left, &before, before - 1))
        ;
    if (before != 0)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}
void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}
void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
void free(void *old)
{
    __libc_free(old);
}

/* A sink that stores what it receives in preallocated memory. */
struct kept {
    char text[1 << 20];
    size_t len;
    size_t strict; /* bytes before the pretty report, the only one that may omit something */
};

static enum ov_status keep(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    struct kept *kept = ctx;
    (void)err;
    if (len > sizeof kept->text - kept->len)
        return OV_E_IO;
    memcpy(kept->text + kept->len, data, len);
    kept->len += len;
    return OV_OK;
}

static size_t file_size;
static const char *file_bytes;

static size_t read_at(void *ctx, uint64_t offset, char *buf, size_t len)
{
    (void)ctx;
    if (offset >= file_size)
        return 0;
    size_t there = file_size - (size_t)offset;
    memcpy(buf, file_bytes + offset, there < len ? there : len);
    return there < len ? there : len;
}

static enum ov_status report(struct ov_check *check, const char *name, struct kept *kept,
                             struct ov_error *err)
{
    const struct ov_report_options options = {.verbose = true, .color = true};
    const struct ov_sink sink = {keep, kept};
    const struct ov_source source = {read_at, NULL};
    struct ov_report *made = ov_report_new(ov_format_find(ov_text_of(name)), &options, &sink, err);
    if (!made)
        return err->status;
    enum ov_status status = ov_report_add(made, "positions.csv", check, &source, err);
    if (status == OV_OK)
        status = ov_report_end(made, err);
    ov_report_free(made);
    return status;
}

static enum ov_status emit(struct ov_check *check, struct kept *kept, struct ov_error *err)
{
    const struct ov_sink sink = {keep, kept};
    struct ov_receipt receipt;
    struct ov_emit_options options = {.out = &sink, .quarantine = &sink};
    struct ov_emit *made = ov_emit_new(check, &options, err);
    if (!made)
        return err->status;
    enum ov_status status = ov_emit_feed(made, file_bytes, file_size, err);
    if (status == OV_OK)
        status = ov_emit_finish(made, &receipt, err);
    if (status == OV_OK)
        status = ov_receipt_write(&receipt, &sink, err);
    ov_emit_free(made);
    return status;
}

static enum ov_status draw(struct ov_check *check, struct kept *kept, struct ov_error *err)
{
    const struct ov_sink sink = {keep, kept};
    struct ov_tree *tree = ov_tree_new(check, &(struct ov_tree_options){.out = &sink}, err);
    if (!tree)
        return err->status;
    enum ov_status status = ov_tree_feed(tree, file_bytes, file_size, err);
    if (status == OV_OK)
        status = ov_tree_finish(tree, err);
    ov_tree_free(tree);
    return status;
}

/* Compares the file with an empty one. */
static enum ov_status compare(struct ov_check *check, struct kept *kept, struct ov_error *err)
{
    const struct ov_sink sink = {keep, kept};
    struct ov_diff *diff = NULL;
    struct ov_snapshot *before = ov_snapshot_of_payload(ov_importer_at(0), err);
    struct ov_snapshot *after = ov_snapshot_new(check, err);
    enum ov_status status = before && after ? OV_OK : err->status;
    if (status == OV_OK)
        status = ov_snapshot_finish(before, err);
    if (status == OV_OK)
        status = ov_snapshot_feed(after, file_bytes, file_size, err);
    if (status == OV_OK)
        status = ov_snapshot_finish(after, err);
    if (status == OV_OK && !(diff = ov_diff_new(before, after, err)))
        status = err->status;
    for (int format = OV_DIFF_TEXT; status == OV_OK && format <= OV_DIFF_MARKDOWN; format++)
        status = ov_diff_write(diff, (enum ov_diff_format)format, OV_GERMAN, ov_text_of("a"),
                               ov_text_of("b"), &sink, err);
    ov_diff_free(diff);
    ov_snapshot_free(before);
    ov_snapshot_free(after);
    return status;
}

static enum ov_status fix(struct ov_check *check, struct kept *kept, struct ov_error *err)
{
    const struct ov_sink sink = {keep, kept};
    const struct ov_source source = {read_at, NULL};
    const struct ov_patch_options patch = {.name = {"f", 1}};
    const struct ov_fix_options options = {.unsafe = true, .sort = true};
    struct ov_fix *fix = ov_fix_new(check, &source, &options, err);
    if (!fix)
        return err->status;
    enum ov_status status = ov_fix_write(fix, &sink, err);
    if (status == OV_OK)
        status = ov_fix_write_patch(fix, &patch, &sink, err);
    if (status == OV_OK)
        status = ov_fix_write_summary(fix, ov_text_of("f"), false, &sink, err);
    ov_fix_free(fix);
    return status;
}

/* Reads a configuration and removes the findings it suppresses; checks a user upload against the
 * file. */
static enum ov_status gate(struct ov_check *check, struct kept *kept, struct ov_error *err)
{
    static const char json[] =
        "{\"importer\":\"positions\",\"settings\":{\"csvmapping:name\":\"name\"},"
        "\"patterns\":{\"name\":\"^.\"},\"rules\":{\"formula\":\"off\"},\"root_markers\":[\"X\"],"
        "\"files\":{\"hr/*.csv\":{\"require_id\":true}},"
        "\"suppress\":[{\"code\":\"OV401\",\"identifier\":\"C[O]*\",\"reason\":\"known\"}]}";
    static const char users[] =
        "username,jobposition1,jobdepartment1\nann,COO,\nbob,coo,x\ncy,Q,\n";
    const struct ov_check_options options = {.file_name = "users.csv"};
    uint64_t count;
    struct ov_config *config = ov_config_new(ov_text_of(json), err);
    if (!config)
        return err->status;
    enum ov_status status = ov_check_suppress(check, config, ov_text_of("f"), &count, err);
    ov_config_free(config);
    struct ov_jobs *jobs = status == OV_OK ? ov_jobs_new(err) : NULL;
    if (status == OV_OK)
        status = jobs ? ov_jobs_add(jobs, check, err) : err->status;
    struct ov_check *upload = status == OV_OK ? ov_jobs_check(jobs, &options, err) : NULL;
    if (status == OV_OK)
        status = upload ? ov_check_feed(upload, users, sizeof users - 1, err) : err->status;
    if (status == OV_OK)
        status = ov_check_finish(upload, err);
    if (status == OV_OK)
        status = report(upload, "json", kept, err);
    ov_check_free(upload);
    ov_jobs_free(jobs);
    return status;
}

/* A run: the file, the read options, the number of threads. */
struct scenario {
    const char *name, *encoding;
    unsigned threads;
    uint64_t max_kept; /* most findings per rule */
};

/* The whole job; OV_OK if nothing failed. */
static enum ov_status job(const struct scenario *scenario, struct kept *kept)
{
    static const char *const formats[] = {
        "json",       "ndjson", "plain", "sarif",  "github", "github-summary", "gitlab", "junit",
        "checkstyle", "csv",    "html",  "pretty", "xlsx"};
    enum { FORMATS = sizeof formats / sizeof *formats };
    struct ov_error err = {0};
    struct ov_check_options options = {.file_name = "positions.csv",
                                       .read.encoding = scenario->encoding,
                                       .threads = scenario->threads,
                                       .keep_for_reread = true,
                                       .max_kept = scenario->max_kept};
    struct ov_check *check = ov_check_new(&options, &err);
    if (!check)
        return err.status;
    enum ov_status status =
        ov_check_set_json(check, ov_text_of("{\"csvdefault:globalmanager\":\"0\"}"), &err);
    if (status == OV_OK)
        status = ov_check_set(check, ov_text_of("csvmapping:name"), ov_text_of("name"), &err);
    if (status == OV_OK)
        status = ov_check_set_pattern(check, ov_text_of("name"), ov_text_of("^[^#]*$"), &err);
    if (status == OV_OK)
        status = ov_check_add_root_marker(check, ov_text_of("TOTAL"), &err);
    if (status == OV_OK)
        status = ov_check_add_existing(check, ov_text_of("HQ"), &err);
    if (status == OV_OK)
        status = ov_check_feed(check, file_bytes, file_size, &err);
    if (status == OV_OK)
        status = ov_check_finish(check, &err);
    if (status == OV_OK && !scenario->max_kept)
        status = emit(check, kept, &err);
    if (status == OV_OK && !scenario->max_kept)
        status = draw(check, kept, &err);
    if (status == OV_OK && !scenario->max_kept)
        status = compare(check, kept, &err);
    if (status == OV_OK && !scenario->max_kept)
        status = fix(check, kept, &err);
    if (status == OV_OK && !scenario->max_kept)
        status = gate(check, kept, &err);
    for (size_t i = 0; i < FORMATS && status == OV_OK; i++) {
        kept->strict = kept->len;
        status = report(check, formats[i], kept, &err);
    }
    ov_check_free(check);
    return status;
}

static int run(const struct scenario *scenario)
{
    static struct kept whole, kept;
    whole.len = 0;
    left = -1;
    if (job(scenario, &whole) != OV_OK) {
        printf("oom: %s: fails with all the memory there is\n", scenario->name);
        return 1;
    }
    for (long n = 0;; n++) {
        kept.len = 0;
        left = n;
        enum ov_status status = job(scenario, &kept);
        int reached = left == 0;
        left = -1;
        /* out of memory, the pretty report may omit excerpts, but not findings */
        bool same = kept.strict == whole.strict && !memcmp(kept.text, whole.text, whole.strict) &&
                    (reached || kept.len == whole.len);
        if (status == OV_OK && !same) {
            printf("oom: allocation %ld: success, but another report\n", n);
            return 1;
        }
        if (status == OV_OK && !reached) {
            printf("oom: %s: %ld allocations failed one after the other\n", scenario->name, n);
            return 0;
        }
    }
}

/* A file that is large enough for a second thread, with missing parents that have suggestions, rows
 * below broken ones, duplicates, a cycle, long identifiers and long rows. */
static void make_large(void)
{
    enum { ROWS = 9000 };
    static char bytes[ROWS * 120];
    size_t len = (size_t)sprintf(bytes, "idnumber,parent,name,description\n");
    for (int i = 0; i < ROWS; i++) {
        const char *format = i % 900 == 7    ? "p %d,P%d,\"N\"\"%d\",\"a\nb\"\n"
                             : i % 900 == 8  ? "P%d,Q%d,N%d,lost\n"
                             : i % 900 == 9  ? "P%d,P%d,N%d,too,many\n"
                             : i % 900 == 10 ? "an identifier longer than a key %d,P%d,N%d,\n"
                                             : "P%d,P%d,N%d,x\n";
        int parent = i % 900 == 20 ? i + 1 : i % 900 == 21 ? i - 1 : i / 2;
        len += (size_t)sprintf(bytes + len, format, i % 900 == 30 ? i - 1 : i, parent, i);
    }
    file_bytes = bytes;
    file_size = len;
}

/* A workbook, read in one piece; false after a message. */
static bool read_book(const char *path)
{
    static char bytes[8192];
    FILE *file = fopen(path, "rb");
    file_bytes = bytes;
    file_size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    if (!file_size)
        printf("oom: cannot read %s\n", path);
    return file_size > 0;
}

int main(void)
{
    static char bytes[8192];
    int len = snprintf(bytes, sizeof bytes,
                       "idnumber,parent,name,description,manager,\n"
                       "CEO,,Chief,\"Leads\nall\",1,\nCOO,CEO,Operations,,yes,x\n"
                       "COO,CEO,Second,,0,\nOM,COOO,Office,,,\nom,coo,Office,,,\nA,B,#,,,\n"
                       "B,A,Beta,,,\nA,C,Alpha,,,\nC,B,Gamma,,,\nX,X,Own,,,\n,,,,,\n,TOTAL,Top,,,\n"
                       "\"open,HQ,x,,,\nR,HQ\nS ,HQ,=1+1,\xC3\x83\xC2\xA9,2,\n");
    file_bytes = bytes;
    file_size = (size_t)len;
    int failed = run(&(struct scenario){"found encoding", NULL, 1, 0}) +
                 run(&(struct scenario){"windows-1252", "windows-1252", 1, 0});
    make_large();
    failed += run(&(struct scenario){"a large file, one thread", NULL, 1, 3}) +
              run(&(struct scenario){"a large file, two threads", NULL, 2, 3});
    failed += !read_book("tests/oom/book.xlsx") ||
              run(&(struct scenario){"a workbook, .xlsx", NULL, 1, 3});
    failed +=
        !read_book("tests/oom/book.ods") || run(&(struct scenario){"a workbook, .ods", NULL, 1, 3});
    failed += oom_service();
    failed += oom_page();
    printf("oom: %d passed, %d failed\n", 8 - failed, failed);
    return failed ? 1 : 0;
}
