/* tests/fuzz/check.c: libFuzzer target for the whole pipeline. The first byte selects options and
 * how the input is split into chunks. Vetting must not crash, and the result must not depend on the
 * chunks or on the reader. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orgvet/orgvet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
    uint64_t findings, hash;
};

static enum ov_status add(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    struct sum *sum = ctx;
    (void)err;
    for (size_t i = 0; i < len; i++)
        sum->hash = sum->hash * UINT64_C(1099511628211) + (unsigned char)data[i];
    return OV_OK;
}

static struct sum vet(const uint8_t *data, size_t size, unsigned choice, size_t piece,
                      const char *reader)
{
    static const char *const encodings[] = {NULL, "UTF-8", "windows-1252", "UTF-16LE"};
    struct sum sum = {0};
    struct ov_check_options options = {.importer = ov_importer_at(choice & 1),
                                       .read.encoding = encodings[choice >> 1 & 3],
                                       .read.max_cell = choice & 8 ? 5 : 0,
                                       .read.header_row = choice >> 4 & 1 ? 2 : 0,
                                       .read.reader = reader,
                                       .max_depth = choice & 32 ? 2 : 0};
    struct ov_check *check = ov_check_new(&options, NULL);
    if (!check)
        abort();
    for (size_t at = 0; at < size; at += piece)
        if (ov_check_feed(check, data + at, piece < size - at ? piece : size - at, NULL) != OV_OK)
            abort();
    if (ov_check_finish(check, NULL) != OV_OK)
        abort();
    const struct ov_sink sink = {add, &sum};
    struct ov_report *report = ov_report_new(ov_format_find(ov_text_of("json")),
                                             &(struct ov_report_options){0}, &sink, NULL);
    if (!report || ov_report_add(report, "f", check, NULL, NULL) != OV_OK ||
        ov_report_end(report, NULL) != OV_OK)
        abort();
    ov_report_free(report);
    ov_check_free(check);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct sum whole = vet(data + 2, size - 2, data[0], size, "libcsv");
    struct sum fast = vet(data + 2, size - 2, data[0], size, "fast");
    struct sum cut = vet(data + 2, size - 2, data[0], 1 + data[1] % 7, NULL);
    if (memcmp(&whole, &cut, sizeof whole) != 0 || memcmp(&whole, &fast, sizeof whole) != 0)
        abort();
    return 0;
}
