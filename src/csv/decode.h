/* csv/decode.h: bytes of any encoding → UTF-8 in a window.
 *
 * The encoding is the caller's choice, else a byte-order mark's, else UTF-16 when zero bytes say
 * so, else UTF-8 when the first mebibyte is valid UTF-8, else windows-1252. UTF-8 passes through as
 * it is, invalid bytes included; in other encodings U+FFFD stands for invalid bytes. Both are
 * marked in the window. The byte-order mark is dropped. */
#ifndef CSV_DECODE_H
#define CSV_DECODE_H

#include "base/text.h"
#include "csv/window.h"

enum { OV_HEAD_SIZE = 1 << 20 /* bytes on which the encoding is decided */ };

struct ov_decoder;

/* encoding may be NULL. NULL on failure; OV_E_OPTION when iconv does not know it. */
OV_MUST_USE struct ov_decoder *ov_decoder_new(const char *encoding, struct ov_error *err);
void ov_decoder_free(struct ov_decoder *decoder);

/* Decides on the head: the first OV_HEAD_SIZE bytes, or the whole file (complete). Must be called
 * once, before the first feed; the head is not consumed. */
OV_MUST_USE enum ov_status ov_decoder_decide(struct ov_decoder *decoder, struct ov_text head,
                                             bool complete, struct ov_error *err);

/* Appends what the bytes decode to. A sequence that they cut is kept until the next call; last says
 * that there is none. */
OV_MUST_USE enum ov_status ov_decoder_feed(struct ov_decoder *decoder, struct ov_text bytes,
                                           bool last, struct ov_window *window,
                                           struct ov_error *err);

const char *ov_decoder_name(const struct ov_decoder *decoder);
bool ov_decoder_guessed_utf16(const struct ov_decoder *decoder);

/* What a file that begins so plainly is, when it is no CSV; static, or NULL. */
const char *ov_decode_foreign(struct ov_text head);

#endif
