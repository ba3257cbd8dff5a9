/* csv/outlet.h: where both readers hand their records out, so that rows are numbered once. */
#ifndef CSV_OUTLET_H
#define CSV_OUTLET_H

#include "orgvet/records.h"

struct ov_outlet {
    ov_record_fn *on_record;
    void *ctx;
    int64_t next_row; /* 0 = the header */
};

/* Numbers the record, unless it is blank, and hands it out. */
static inline enum ov_status ov_outlet_put(struct ov_outlet *outlet, struct ov_record *record,
                                           bool blank, struct ov_error *err)
{
    record->row = blank ? -1 : outlet->next_row++;
    return outlet->on_record(outlet->ctx, record, err);
}

#endif
