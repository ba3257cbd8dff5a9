/* csv/reader.h: what others in src/ need of a reader besides orgvet/records.h: looking at the head
 * of a file before its records are read, to know where the header is and what the columns contain.
 */
#ifndef CSV_READER_H
#define CSV_READER_H

#include "orgvet/records.h"

/* Called once, when the encoding is known and before the first record is read, with the ctx of the
 * reader; not for a file that is not CSV. A status other than OV_OK ends the reading. */
typedef enum ov_status ov_head_fn(void *ctx, struct ov_error *err);
void ov_reader_on_head(struct ov_reader *reader, ov_head_fn *on_head);

/* Within ov_head_fn: reads the records of the file's first mebibyte, the last one only if it is
 * complete, as the reader will. Returns the first status other than OV_OK of on_record, or the
 * failures of the reader. */
OV_MUST_USE enum ov_status ov_reader_survey(struct ov_reader *reader, ov_record_fn *on_record,
                                            void *ctx, struct ov_error *err);
/* To be called from the reader's on_record: no more records are wanted. A workbook, which is read
 * in one go, is read no further; others need not be fed. */
void ov_reader_stop(struct ov_reader *reader);
/* Within ov_head_fn: changes options.header_row. */
void ov_reader_set_header_row(struct ov_reader *reader, uint64_t row);

#endif
