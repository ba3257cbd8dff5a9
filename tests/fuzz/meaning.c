/* tests/fuzz/meaning.c: libFuzzer target for the payload of a vetted file. The first byte selects
 * options. Emitting, drawing and comparing must not crash; a file has no differences from itself;
 * the output of `fix` has no more findings of any code, the same number of rows, and nothing left
 * to fix. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orgvet/orgvet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    char *ptr;
    size_t len;
};

static enum ov_status take(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    struct bytes *bytes = ctx;
    (void)err;
    char *grown = realloc(bytes->ptr, bytes->len + len + 1);
    if (!grown)
        abort();
    memcpy(grown + bytes->len, data, len);
    bytes->ptr = grown;
    bytes->len += len;
    return OV_OK;
}

static size_t read_at(void *ctx, uint64_t offset, char *buf, size_t len)
{
    const struct bytes *bytes = ctx;
    if (offset >= bytes->len)
        return 0;
    size_t there = bytes->len - (size_t)offset;
    memcpy(buf, bytes->ptr + offset, there < len ? there : len);
    return there < len ? there : len;
}

static void must(enum ov_status status)
{
    if (status != OV_OK)
        abort();
}

static struct ov_check *vet(const struct bytes *file, unsigned choice)
{
    struct ov_check_options options = {.importer = ov_importer_at(choice & 1),
                                       .keep_for_reread = true,
                                       .read.header_row = choice >> 1 & 1 ? 2 : 0,
                                       .read.max_cell = choice & 4 ? 7 : 0,
                                       .require_id = choice >> 3 & 1,
                                       .single_root = choice >> 4 & 1};
    struct ov_check *check = ov_check_new(&options, NULL);
    if (!check)
        abort();
    must(ov_check_feed(check, file->ptr, file->len, NULL));
    must(ov_check_finish(check, NULL));
    return check;
}

static void emit(struct ov_check *check, const struct bytes *file, unsigned choice)
{
    struct bytes out = {0}, held = {0};
    const struct ov_sink sink = {take, &out}, quarantine = {take, &held};
    struct ov_receipt receipt;
    struct ov_emit *emit = ov_emit_new(
        check,
        &(struct ov_emit_options){.format = choice % 3, .out = &sink, .quarantine = &quarantine},
        NULL);
    if (!emit)
        abort();
    must(ov_emit_feed(emit, file->ptr, file->len, NULL));
    must(ov_emit_finish(emit, &receipt, NULL));
    if (receipt.rows + receipt.held_back != ov_check_result(check)->rows)
        abort();
    ov_emit_free(emit);
    free(out.ptr);
    free(held.ptr);
}

static void draw(struct ov_check *check, const struct bytes *file, unsigned choice)
{
    struct bytes out = {0};
    const struct ov_sink sink = {take, &out};
    const struct ov_tree_options options = {.format = choice % 4, .out = &sink};
    struct ov_error err = {0};
    struct ov_tree *tree = ov_tree_new(check, &options, &err);
    if (!tree && err.status == OV_E_OPTION)
        return; /* no columns */
    if (!tree)
        abort();
    must(ov_tree_feed(tree, file->ptr, file->len, NULL));
    must(ov_tree_finish(tree, NULL));
    ov_tree_free(tree);
    free(out.ptr);
}

static void compare(struct ov_check *check, const struct bytes *file)
{
    struct ov_error err = {0};
    struct ov_snapshot *snapshot = ov_snapshot_new(check, &err);
    if (!snapshot && err.status == OV_E_OPTION)
        return; /* no columns */
    if (!snapshot)
        abort();
    must(ov_snapshot_feed(snapshot, file->ptr, file->len, NULL));
    enum ov_status status = ov_snapshot_finish(snapshot, &err);
    if (status == OV_E_OPTION && ov_snapshot_rows(snapshot) == 0) { /* no identifiers */
        ov_snapshot_free(snapshot);
        return;
    }
    must(status);
    struct ov_diff *diff = ov_diff_new(snapshot, snapshot, NULL);
    if (!diff)
        abort();
    struct ov_diff_summary sum = ov_diff_summary(diff);
    if (sum.added || sum.removed || sum.renamed || sum.moved || sum.changed)
        abort();
    ov_diff_free(diff);
    ov_snapshot_free(snapshot);
}

static struct ov_fix *fix_of(struct ov_check *check, const struct ov_source *source,
                             unsigned choice)
{
    const struct ov_fix_options options = {.unsafe = choice >> 5 & 1, .sort = choice >> 6 & 1};
    struct ov_error err = {0};
    struct ov_fix *fix = ov_fix_new(check, source, &options, &err);
    if (!fix) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    return fix;
}

static void fix_twice(struct ov_check *check, struct bytes *file, unsigned choice)
{
    struct bytes fixed = {0};
    const struct ov_sink sink = {take, &fixed};
    const struct ov_source source = {read_at, file}, again = {read_at, &fixed};
    struct ov_fix *first = fix_of(check, &source, choice);
    must(ov_fix_write(first, &sink, NULL));
    if (!ov_fix_is_needed(first) &&
        (fixed.len != file->len || (file->len && memcmp(fixed.ptr, file->ptr, file->len) != 0)))
        abort();
    struct ov_check *after = vet(&fixed, choice);
    if (ov_check_result(after)->rows != ov_check_result(check)->rows)
        abort();
    for (size_t rule = 0; rule < ov_rule_count(); rule++)
        if (ov_check_count(after, rule) > ov_check_count(check, rule))
            abort();
    struct ov_fix *second = fix_of(after, &again, choice);
    if (ov_fix_is_needed(second))
        abort();
    ov_fix_free(second);
    ov_fix_free(first);
    ov_check_free(after);
    free(fixed.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct bytes file = {malloc(size), size - 1};
    if (!file.ptr)
        abort();
    memcpy(file.ptr, data + 1, size - 1);
    struct ov_check *check = vet(&file, data[0]);
    emit(check, &file, data[0]);
    draw(check, &file, data[0]);
    compare(check, &file);
    fix_twice(check, &file, data[0]);
    ov_check_free(check);
    free(file.ptr);
    return 0;
}
