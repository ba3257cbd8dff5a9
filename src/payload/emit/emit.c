/* payload/emit/emit.c: writes the payload, parents before children (parents_first.h), and the
 * quarantined rows. */
#include <stdlib.h>

#include "base/error.h"
#include "payload/emit/payload_writer.h"
#include "payload/emit/parents_first.h"
#include "payload/emit/quarantine.h"
#include "vet/check_access.h"

enum { LARGE = 64 * 1024 /* bytes after which a buffer is written */ };

struct ov_emit {
    const struct ov_check *check; /* borrowed */
    struct ov_emit_options options;
    struct ov_parents_first ordered;
    struct ov_quarantine quarantine;
    struct ov_sha256 *sha;   /* owned: of all items as ndjson, whatever the format */
    struct ov_buf item;      /* the current item, as ndjson */
    struct ov_buf out, held; /* pending output: payload, quarantine */
    struct ov_json json;     /* writes to out, in the json form */
    struct ov_receipt receipt;
    bool started; /* the text before the first item is in the buffers */
};

bool ov_payload_format_find(struct ov_text name, enum ov_payload_format *format)
{
    static const char *const names[] = {"json", "ndjson", "csv"};
    for (int i = 0; i < 3; i++) {
        if (ov_text_equal(name, ov_text_of(names[i]))) {
            *format = (enum ov_payload_format)i;
            return true;
        }
    }
    return false;
}

static enum ov_status flush(struct ov_buf *buf, const struct ov_sink *sink, bool all,
                            struct ov_error *err)
{
    if (buf->failed)
        return ov_fail_memory(err);
    if (buf->len == 0 || (buf->len < LARGE && !all))
        return OV_OK;
    enum ov_status status = sink->write(sink->ctx, buf->ptr, buf->len, err);
    buf->len = 0;
    return status;
}

static void put_prologue(struct ov_emit *emit)
{
    const struct ov_check *check = emit->check;
    emit->started = true;
    if (ov_check_facts(check)->bound && emit->options.format == OV_PAYLOAD_JSON)
        ov_payload_begin(&emit->json, check, emit->options.framework);
    if (ov_check_facts(check)->bound && emit->options.format == OV_PAYLOAD_CSV)
        ov_payload_csv_header(&emit->out, ov_check_binding(check)->importer, emit->receipt.has_id);
    if (emit->options.quarantine)
        ov_quarantine_header(&emit->held, check);
}

static bool has_backslash_quote(const struct ov_buf *out, size_t from)
{
    for (const char *at = out->ptr + from, *end = out->ptr + out->len; at < end; at++) {
        at = memchr(at, '\\', (size_t)(end - at));
        if (!at)
            return false;
        if (at + 1 < end && at[1] == '"')
            return true;
    }
    return false;
}

static enum ov_status put_item(void *ctx, const struct ov_values *values, struct ov_error *err)
{
    struct ov_emit *emit = ctx;
    bool has_id = emit->receipt.has_id;
    struct ov_json item = {.out = &emit->item};
    emit->item.len = 0;
    ov_payload_item_json(&item, emit->check, values, has_id, emit->receipt.rows + 1);
    ov_buf_char(&emit->item, '\n');
    if (emit->item.failed)
        return ov_fail_memory(err);
    ov_sha256_add(emit->sha, emit->item.ptr, emit->item.len);
    if (emit->options.format == OV_PAYLOAD_CSV) {
        size_t from = emit->out.len;
        ov_payload_item_csv(&emit->out, emit->check, values, has_id);
        if (!emit->receipt.backslash_row && has_backslash_quote(&emit->out, from))
            emit->receipt.backslash_row = (uint64_t)values->node + 1;
    } else if (emit->options.format == OV_PAYLOAD_NDJSON) {
        ov_buf_put(&emit->out, emit->item.ptr, emit->item.len);
    } else {
        ov_json_line(&emit->json);
        ov_json_raw(&emit->json, NULL, (struct ov_text){emit->item.ptr, emit->item.len - 1});
    }
    emit->receipt.rows++;
    return flush(&emit->out, emit->options.out, false, err);
}

static enum ov_status hold_back(void *ctx, const struct ov_record *record, enum ov_row_state state,
                                struct ov_error *err)
{
    struct ov_emit *emit = ctx;
    emit->receipt.held_back++;
    if (!emit->options.quarantine)
        return OV_OK;
    ov_quarantine_row(&emit->quarantine, record, state, &emit->held);
    return flush(&emit->held, emit->options.quarantine, false, err);
}

struct ov_emit *ov_emit_new(struct ov_check *check, const struct ov_emit_options *options,
                            struct ov_error *err)
{
    struct ov_emit *emit = calloc(1, sizeof *emit);
    if (!emit || !(emit->sha = ov_sha256_new())) {
        ov_emit_free(emit);
        ov_fail_memory(err);
        return NULL;
    }
    emit->check = check;
    emit->options = *options;
    emit->json.out = &emit->out;
    emit->quarantine.check = check;
    emit->quarantine.of_file = ov_importable_file_error(check, OV_RULES);
    if (ov_parents_first_init(&emit->ordered, check, put_item, hold_back, emit, err) != OV_OK) {
        ov_emit_free(emit);
        return NULL;
    }
    if (ov_check_facts(check)->bound)
        emit->receipt.has_id = ov_payload_has_id(check);
    return emit;
}

void ov_emit_free(struct ov_emit *emit)
{
    if (!emit)
        return;
    ov_parents_first_deinit(&emit->ordered);
    ov_sha256_free(emit->sha);
    ov_buf_deinit(&emit->item);
    ov_buf_deinit(&emit->out);
    ov_buf_deinit(&emit->held);
    free(emit);
}

enum ov_status ov_emit_feed(struct ov_emit *emit, const void *bytes, size_t len,
                            struct ov_error *err)
{
    if (!emit->started)
        put_prologue(emit);
    return ov_parents_first_feed(&emit->ordered, bytes, len, err);
}

enum ov_status ov_emit_finish(struct ov_emit *emit, struct ov_receipt *receipt,
                              struct ov_error *err)
{
    if (!emit->started)
        put_prologue(emit);
    enum ov_status status = ov_parents_first_finish(&emit->ordered, err);
    if (status != OV_OK)
        return status;
    memcpy(emit->receipt.source_sha256, ov_check_sha256(emit->check),
           sizeof emit->receipt.source_sha256);
    ov_sha256_hex(emit->sha, emit->receipt.payload_sha256);
    if (ov_check_facts(emit->check)->bound && emit->options.format == OV_PAYLOAD_JSON)
        ov_payload_end(&emit->json, &emit->receipt);
    status = flush(&emit->out, emit->options.out, true, err);
    if (status == OV_OK && emit->options.quarantine)
        status = flush(&emit->held, emit->options.quarantine, true, err);
    *receipt = emit->receipt;
    return status;
}
