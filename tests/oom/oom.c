/* tests/oom/oom.c: the n-th allocation fails, and all after it, for every n. The whole job
 * (settings, pattern, reading, vetting, every report) must then end with a failure, never with a
 * crash or a half answer taken for a whole one. Not for sanitizers, which have an allocator of
 * their own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orgvet/orgvet.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *old);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
void free(void *old);

static long left = -1; /* allocations that still succeed; below 0: all do */

static int fails(void)
{
    if (left < 0)
        return 0;
    if (left == 0) {
        errno = ENOMEM;
        return 1;
    }
    left--;
    return 0;
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

/* A sink that keeps what it gets in memory that is there already. */
struct kept {
    char text[1 << 20];
    size_t len;
    size_t strict; /* bytes before the pretty report, the only one that may lack something */
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

/* The whole job; OV_OK when nothing failed. */
static enum ov_status job(const char *encoding, struct kept *kept)
{
    static const char *const formats[] = {"json", "ndjson", "plain", "pretty"};
    struct ov_error err = {0};
    struct ov_check_options options = {.file_name = "positions.csv", .read.encoding = encoding};
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
    for (size_t i = 0; i < 4 && status == OV_OK; i++) {
        kept->strict = kept->len;
        status = report(check, formats[i], kept, &err);
    }
    ov_check_free(check);
    return status;
}

static int run(const char *encoding)
{
    static struct kept whole, kept;
    whole.len = 0;
    left = -1;
    if (job(encoding, &whole) != OV_OK)
        return 1;
    for (long n = 0;; n++) {
        kept.len = 0;
        left = n;
        enum ov_status status = job(encoding, &kept);
        int reached = left == 0;
        left = -1;
        /* excerpts of the pretty report may be left out for want of memory, findings may not */
        bool same = kept.strict == whole.strict && !memcmp(kept.text, whole.text, whole.strict) &&
                    (reached || kept.len == whole.len);
        if (status == OV_OK && !same) {
            printf("oom: allocation %ld: success, but another report\n", n);
            return 1;
        }
        if (status == OV_OK && !reached) {
            printf("oom: %s: %ld allocations failed one after the other\n",
                   encoding ? encoding : "found encoding", n);
            return 0;
        }
    }
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
    int failed = run(NULL) + run("windows-1252");
    printf("oom: %d passed, %d failed\n", 2 - failed, failed);
    return failed ? 1 : 0;
}
