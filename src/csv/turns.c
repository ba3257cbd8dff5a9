/* csv/turns.c: see turns.h. */
#include "csv/turns.h"

#include <assert.h>

static_assert(OV_FAST_RECORD + OV_FAST_STEP * OV_SCAN_BLOCK < OV_KEPT_CELLS &&
                  OV_KEPT_CELLS < OV_KEPT_TEXT,
              "all of what the fast reader takes is kept, as the parser would");

bool ov_turns_init(struct ov_turns *turns, ov_scan_fn *scan, char delimiter, size_t max_cell,
                   struct ov_cursor *cursor, struct ov_outlet *outlet)
{
    turns->parser = ov_parser_new(delimiter, max_cell, cursor, outlet);
    turns->fast = scan ? ov_fast_new(scan, delimiter, max_cell, cursor, outlet) : NULL;
    return turns->parser && (turns->fast || !scan);
}

void ov_turns_deinit(struct ov_turns *turns)
{
    ov_fast_free(turns->fast);
    ov_parser_free(turns->parser);
    *turns = (struct ov_turns){0};
}

enum ov_status ov_turns_run(struct ov_turns *turns, bool last, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    bool more = false;
    while (status == OV_OK && !more) {
        if (turns->fast && ov_parser_is_between(turns->parser)) {
            status = ov_fast_run(turns->fast, last, &more, err);
            if (status != OV_OK || (more && !last))
                break;
            ov_fast_moved(turns->fast);
        }
        status = ov_parser_run(turns->parser, last, &more, err);
    }
    return status;
}

void ov_turns_drop(struct ov_turns *turns)
{
    size_t dropped = ov_parser_drop(turns->parser);
    if (turns->fast)
        ov_fast_dropped(turns->fast, dropped);
}
