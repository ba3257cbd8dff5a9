/* payload/emit/payload_writer.h: writes the items of a payload, and the text before and after them.
 * All functions append to `out`; running out of memory sets out->failed. */
#ifndef PAYLOAD_EMIT_PAYLOAD_WRITER_H
#define PAYLOAD_EMIT_PAYLOAD_WRITER_H

#include "payload/reread/rows.h"

/* The item as a JSON object without a line end. has_id: with a member `id` besides `idnumber`. row:
 * its number in the payload, from 1, which is also its row number in the csv form. */
void ov_payload_item_json(struct ov_buf *out, const struct ov_check *check,
                          const struct ov_values *values, bool has_id, uint64_t row);

/* The header line, and an item's line, of the csv form. has_id: with a column `id` in front. */
void ov_payload_csv_header(struct ov_buf *out, const struct ov_importer *importer, bool has_id);
void ov_payload_item_csv(struct ov_buf *out, const struct ov_check *check,
                         const struct ov_values *values, bool has_id);

/* The text before the first item of the json form, and the text after the last one, which has the
 * receipt. framework: name of the target framework. */
void ov_payload_begin(struct ov_buf *out, const struct ov_check *check, struct ov_text framework);
void ov_payload_end(struct ov_buf *out, const struct ov_receipt *receipt);

/* Whether the identifier column is not the one mapped to idnumber. */
bool ov_payload_has_id(const struct ov_check *check);

#endif
