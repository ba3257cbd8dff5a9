/* payload/emit/payload_writer.h: writes the items of a payload, and the text before and after them.
 * Running out of memory sets out->failed, or json->out->failed. */
#ifndef PAYLOAD_EMIT_PAYLOAD_WRITER_H
#define PAYLOAD_EMIT_PAYLOAD_WRITER_H

#include "base/json.h"
#include "payload/reread/rows.h"

/* Writes the item as a JSON object. has_id: with a member `id` besides `idnumber`. row:
 * its number in the payload, from 1, which is also its row number in the csv form. */
void ov_payload_item_json(struct ov_json *json, const struct ov_check *check,
                          const struct ov_values *values, bool has_id, uint64_t row);

/* Append the header line, and an item's line, of the csv form. has_id: with a column `id` in front.
 */
void ov_payload_csv_header(struct ov_buf *out, const struct ov_importer *importer, bool has_id);
void ov_payload_item_csv(struct ov_buf *out, const struct ov_check *check,
                         const struct ov_values *values, bool has_id);

/* The json form: writes what comes before the first item, with the list of items open; and, with
 * all ended, what comes after the last one: the receipt. framework: name of the target framework.
 */
void ov_payload_begin(struct ov_json *json, const struct ov_check *check, struct ov_text framework);
void ov_payload_end(struct ov_json *json, const struct ov_receipt *receipt);

/* Whether the identifier column is not the one mapped to idnumber. */
bool ov_payload_has_id(const struct ov_check *check);

#endif
