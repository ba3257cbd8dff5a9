/* csv/record_sink.h: the destination of both readers' records, so that rows are numbered in one
 * place. */
#ifndef CSV_RECORD_SINK_H
#define CSV_RECORD_SINK_H

#include "orgvet/records.h"

struct ov_record_sink {
    ov_record_fn *on_record; /* receives each record */
    void *ctx;               /* borrowed; passed to on_record */
    int64_t next_row;        /* 0 = the header */
};

/* Numbers the record, unless it is blank, and delivers it; returns the callback's status. */
static inline enum ov_status ov_record_sink_put(struct ov_record_sink *sink,
                                                struct ov_record *record, bool blank,
                                                struct ov_error *err)
{
    record->row = blank ? -1 : sink->next_row++;
    return sink->on_record(sink->ctx, record, err);
}

#endif
