/* tests/fuzz/records.c: libFuzzer target for the readers. Records must not depend on the reader or
 * on the chunks of the input, and positions must ascend and stay within the file. */
#include <stdlib.h>
#include <string.h>

#include "orgvet/orgvet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    size_t size;
    uint64_t records, hash, last;
};

static void mix(struct seen *seen, uint64_t number)
{
    seen->hash = (seen->hash ^ number) * UINT64_C(1099511628211);
}

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct seen *seen = ctx;
    struct ov_place end = ov_record_end(record);
    (void)err;
    if (record->place.byte_offset < seen->last || end.byte_offset > seen->size ||
        record->place.byte_offset > end.byte_offset)
        abort();
    seen->last = record->place.byte_offset;
    seen->records++;
    mix(seen, record->count);
    mix(seen, record->error ? record->error_cell + 2 : 1);
    for (size_t i = 0; i < record->kept; i++) {
        const struct ov_cell *cell = &record->cells[i];
        struct ov_place place = ov_cell_place(record, i);
        if (place.byte_offset < seen->last || place.byte_offset > seen->size)
            abort();
        mix(seen, place.line);
        mix(seen, place.column);
        mix(seen, place.byte_offset + cell->flags);
        for (size_t k = 0; k < cell->text.len; k++)
            mix(seen, (unsigned char)cell->text.ptr[k]);
    }
    for (size_t i = 0; i < record->invalid_kept; i++)
        mix(seen, record->invalid[i].place.byte_offset);
    return OV_OK;
}

static struct seen read_all(const uint8_t *data, size_t size, unsigned choice, size_t piece,
                            const char *reader_name)
{
    static const char *const encodings[] = {NULL, "UTF-8", "UTF-16BE", "Shift_JIS"};
    const struct ov_read_options options = {.encoding = encodings[choice & 3],
                                            .delimiter = choice & 4 ? ';' : 0,
                                            .max_cell = choice & 8 ? 1 + (choice >> 5) : 0,
                                            .header_row = choice >> 4 & 1 ? 2 : 0,
                                            .reader = reader_name};
    struct seen seen = {.size = size};
    struct ov_reader *reader = ov_reader_new(&options, on_record, &seen, NULL);
    if (!reader)
        abort();
    for (size_t at = 0; at < size; at += piece)
        if (ov_reader_feed(reader, data + at, piece < size - at ? piece : size - at, NULL) != OV_OK)
            abort();
    if (ov_reader_finish(reader, NULL) != OV_OK)
        abort();
    ov_reader_free(reader);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= 2 && memcmp(data, "PK", 2) == 0)
        return 0; /* a workbook: see book.c */
    if (size < 2)
        return 0;
    struct seen whole = read_all(data + 2, size - 2, data[0], size, "libcsv");
    struct seen fast = read_all(data + 2, size - 2, data[0], size, "fast");
    struct seen plain = read_all(data + 2, size - 2, data[0], size, "plain");
    struct seen cut = read_all(data + 2, size - 2, data[0], 1 + data[1] % 5, NULL);
    if (memcmp(&whole, &cut, sizeof whole) != 0 || memcmp(&whole, &fast, sizeof whole) != 0 ||
        memcmp(&whole, &plain, sizeof whole) != 0)
        abort();
    return 0;
}
