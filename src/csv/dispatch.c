/* csv/dispatch.c: see dispatch.h. */
#include "csv/dispatch.h"

#include <assert.h>

static_assert(OV_FAST_RECORD + OV_FAST_STEP * OV_SCAN_BLOCK < OV_KEPT_CELLS &&
                  OV_KEPT_CELLS < OV_KEPT_TEXT,
              "all of what the fast reader takes is kept, as the parser would");

bool ov_dispatch_init(struct ov_dispatch *dispatch, ov_scan_fn *scan, char delimiter,
                      size_t max_cell, struct ov_cursor *cursor, struct ov_record_sink *sink)
{
    dispatch->parser = ov_parser_new(delimiter, max_cell, cursor, sink);
    dispatch->simd = scan ? ov_simd_reader_new(scan, delimiter, max_cell, cursor, sink) : NULL;
    return dispatch->parser && (dispatch->simd || !scan);
}

void ov_dispatch_deinit(struct ov_dispatch *dispatch)
{
    ov_simd_reader_free(dispatch->simd);
    ov_parser_free(dispatch->parser);
    *dispatch = (struct ov_dispatch){0};
}

enum ov_status ov_dispatch_run(struct ov_dispatch *dispatch, bool last, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    bool more = false;
    while (status == OV_OK && !more) {
        if (dispatch->simd && ov_parser_is_between(dispatch->parser)) {
            status = ov_simd_reader_run(dispatch->simd, last, &more, err);
            if (status != OV_OK || (more && !last))
                break;
            ov_simd_reader_moved(dispatch->simd);
        }
        status = ov_parser_run(dispatch->parser, last, &more, err);
    }
    return status;
}

void ov_dispatch_drop(struct ov_dispatch *dispatch)
{
    size_t dropped = ov_parser_drop(dispatch->parser);
    if (dispatch->simd)
        ov_simd_reader_dropped(dispatch->simd, dropped);
}
