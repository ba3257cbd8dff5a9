/* finding/message.h: the texts of findings, for people. Functions that append set out->failed when
 * memory runs out. */
#ifndef FINDING_MESSAGE_H
#define FINDING_MESSAGE_H

#include "finding/list.h"

/* Appends the message or the help of a finding; ov_note_text is static. */
void ov_item_message(const struct ov_item *item, const struct ov_names *names, struct ov_buf *out);
void ov_item_help(const struct ov_item *item, const struct ov_names *names, struct ov_buf *out);
const char *ov_note_text(enum ov_note note, enum ov_language language);

/* Appends the replacement of a redacted cell: `#` and eight hexadecimal digits of its HMAC for an
 * identifier, so that equal ones can be recognised; otherwise `withheld`. Empty texts stay
 * empty. */
void ov_buf_redacted(struct ov_buf *out, struct ov_text key, struct ov_text text, bool identifier);
/* Appends a text of an item, escaped; redacted if redaction is on and the text is from a row. */
void ov_item_text(const struct ov_item *item, const struct ov_names *names, struct ov_text text,
                  struct ov_buf *out);

#endif
