/* csv/encoding.h: which encoding a file is in, judged by its first bytes.
 *
 * A byte-order mark decides; otherwise zero bytes, which make it UTF-16; otherwise valid UTF-8, or
 * text of which at least nine in ten runs of bytes above 0x7F are valid UTF-8; otherwise
 * libuchardet guesses. Its guess of a part of ISO 8859 is taken for the Windows code page that
 * contains it, and whatever reads the same as windows-1252 is windows-1252. */
#ifndef CSV_ENCODING_H
#define CSV_ENCODING_H

#include "base/text.h"

enum { OV_ENCODING_LIKELY = 3 /* names to choose from */ };

struct ov_encoding {
    char name[40];                          /* IANA's where orgvet knows it; iconv knows it */
    bool sure;                              /* false: a guess that nobody should rely on unseen */
    bool by_zeros;                          /* UTF-16 that was recognised by its zero bytes */
    size_t mark;                            /* bytes of byte-order mark at the start */
    const char *likely[OV_ENCODING_LIKELY]; /* when not sure: the likeliest names, best first; the
                                               rest is NULL. Static, or `name` */
};

/* IANA's name for an encoding as users write it, or the same name; static or `given`. */
const char *ov_encoding_iana(const char *given);
/* The name by which iconv knows an encoding, which need not be IANA's; static or `name`. */
const char *ov_encoding_iconv(const char *name);
/* The byte-order mark at the start of a text: its encoding's name, static, and length; NULL: none.
 */
const char *ov_encoding_mark(struct ov_text head, size_t *len);
/* Detects the encoding of a file from its head; complete: this is the whole file. The head should
 * contain a byte above 0x7F if the file has any. OV_E_MEMORY is the only failure. */
OV_MUST_USE enum ov_status ov_encoding_detect(struct ov_text head, bool complete,
                                              struct ov_encoding *encoding, struct ov_error *err);

#endif
