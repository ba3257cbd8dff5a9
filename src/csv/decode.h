/* csv/decode.h: decodes bytes of any encoding to UTF-8, into a window.
 *
 * The encoding is the caller's choice, or is detected (encoding.h) in the first mebibyte of the
 * file; if that is all ASCII, in the mebibyte that begins with the first byte above 0x7F. UTF-8 is
 * passed through unchanged, including invalid bytes; from other encodings invalid bytes become
 * U+FFFD. Both are marked in the window. The byte-order mark is dropped. */
#ifndef CSV_DECODE_H
#define CSV_DECODE_H

#include "base/text.h"
#include "csv/encoding.h"
#include "csv/window.h"

#define OV_WIDE_DELIMITER '\x1F' /* what a delimiter beyond ASCII is read as */
enum { OV_HEAD_SIZE = 1 << 20 /* bytes used to detect the encoding */ };

struct ov_decoder;

/* wide: a code point that is read as OV_WIDE_DELIMITER; 0: none. `encoding` may be NULL: detect it.
 * NULL on failure; OV_E_OPTION when iconv does not know the encoding. ov_decoder_free takes NULL.
 */
OV_MUST_USE struct ov_decoder *ov_decoder_new(const char *encoding, uint32_t wide,
                                              struct ov_error *err);
void ov_decoder_free(struct ov_decoder *decoder);

/* Decides on the encoding from the head of the file: its first OV_HEAD_SIZE bytes, or all of it
 * (complete). Call it once, before the first feed; the head is not consumed. */
OV_MUST_USE enum ov_status ov_decoder_decide(struct ov_decoder *decoder, struct ov_text head,
                                             bool complete, struct ov_error *err);

/* Appends the decoded bytes to the window. A sequence that is split at the end is kept for the next
 * call; `last` means that there is none. OV_E_MEMORY is the only failure. */
OV_MUST_USE enum ov_status ov_decoder_feed(struct ov_decoder *decoder, struct ov_text bytes,
                                           bool last, struct ov_window *window,
                                           struct ov_error *err);

/* The encoding in use; its name is empty before it was decided. Lives as long as the decoder. */
const struct ov_encoding *ov_decoder_encoding(const struct ov_decoder *decoder);

#endif
