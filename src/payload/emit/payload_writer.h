/* payload/emit/payload_writer.h: how one item, and what stands before and behind all of them, is
 * written. */
#ifndef PAYLOAD_EMIT_PAYLOAD_WRITER_H
#define PAYLOAD_EMIT_PAYLOAD_WRITER_H

#include "payload/reread/rows.h"

/* Appends the item as a JSON object without a line end; has_id: with `id` besides `idnumber`. row:
 * its number in the payload, from 1, which is that of its row in the csv form. */
void ov_payload_item_json(struct ov_buf *out, const struct ov_check *check,
                          const struct ov_values *values, bool has_id, uint64_t row);

/* Appends the header line, or the item's line, of the csv form. */
void ov_payload_csv_header(struct ov_buf *out, const struct ov_importer *importer, bool has_id);
void ov_payload_item_csv(struct ov_buf *out, const struct ov_check *check,
                         const struct ov_values *values, bool has_id);

/* Appends what stands before the first item of the json form; behind the last one; and the receipt
 * as a JSON object. */
void ov_payload_begin(struct ov_buf *out, const struct ov_check *check, struct ov_text framework);
void ov_payload_end(struct ov_buf *out, const struct ov_receipt *receipt);
void ov_payload_receipt(struct ov_buf *out, const struct ov_receipt *receipt);

/* Whether the identifier is another column than the one mapped to idnumber. */
bool ov_payload_has_id(const struct ov_check *check);

#endif
