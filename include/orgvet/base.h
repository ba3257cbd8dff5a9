/* orgvet/base.h: the words that every other public header uses.
 *
 * Two kinds of wrong are never mixed: a *finding* says that the file is wrong and is data
 * (orgvet/finding.h); a *failure* says that orgvet could not work and is an ov_status here. */
#ifndef ORGVET_BASE_H
#define ORGVET_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define OV_API          __attribute__((visibility("default")))
#define OV_MUST_USE     __attribute__((warn_unused_result))
#define OV_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define OV_API
#define OV_MUST_USE
#define OV_PRINTF(f, a)
#endif

/* A run of bytes that may hold any byte, NUL and invalid UTF-8 included. Never owns what it
 * points at: the declaration that hands one out says how long it lives. */
struct ov_text {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;      /* bytes */
};

/* Why a call could not do its work. */
enum ov_status {
    OV_OK = 0,    /* it did */
    OV_E_MEMORY,  /* an allocation failed */
    OV_E_IO,      /* reading or writing failed */
    OV_E_LIMIT,   /* more rows or identifier bytes than orgvet can number */
    OV_E_OPTION,  /* an option, setting, encoding or pattern that cannot be used */
    OV_E_PATTERN, /* a pattern ran into its match limits on some value */
    OV_E_STATE,   /* calls in an order that the header forbids */
    OV_E_NETWORK, /* a service could not be reached, or did not answer: worth a retry */
    OV_E_REFUSED, /* a service refused */
};

/* The languages in which findings, reports and failures are told. Codes, names and paths are the
 * same in all. */
enum ov_language {
    OV_ENGLISH,
    OV_GERMAN,
    OV_LANGUAGES, /* the number of languages */
};
/* A failure in words. Caller-owned; functions that take one take it last and accept NULL.
 * The first failure written wins, later ones leave it alone. Start with `struct ov_error e = {0}`,
 * or with the language in which it is to be told.
 */
struct ov_error {
    enum ov_status status;     /* OV_OK while nothing has failed */
    enum ov_language language; /* of the message */
    char message[320];         /* one line, UTF-8, NUL-terminated, without a full stop */
};

/* Where bytes go: a file, a socket, a buffer. */
struct ov_sink {
    /* Takes all of `len` bytes or fails; `err` may be NULL. */
    enum ov_status (*write)(void *ctx, const char *data, size_t len, struct ov_error *err);
    void *ctx; /* borrowed; handed to write */
};

/* Where the bytes of a file can be read again. */
struct ov_source {
    /* Reads up to `len` bytes at `offset` into buf; returns how many, 0 at the end or on failure:
     * what needs all bytes compares their digest with that of the first reading. */
    size_t (*read_at)(void *ctx, uint64_t offset, char *buf, size_t len);
    void *ctx; /* borrowed; handed to read_at */
};

/* A place in a file. Lines, columns: 1-based; a column counts code points from the start of its
 * physical line, the byte-order mark aside. byte_offset: 0-based, in the file as it was given,
 * whatever its encoding. The whole file is {1, 1, 0}. */
struct ov_place {
    uint64_t line;
    uint64_t column;
    uint64_t byte_offset;
};

/* The language that is wanted most: of a list of tags as in Accept-Language (RFC 9110, section
 * 12.5.4; `de-AT,de;q=0.9`), or of a POSIX locale (`de_DE.UTF-8`). English when none is known. */
OV_API enum ov_language ov_language_of(struct ov_text tags);
/* Its tag (BCP 47): "en", "de"; static. */
OV_API const char *ov_language_tag(enum ov_language language);
/* A text of orgvet's own in a language; the text itself where it has no translation. Static. */
OV_API const char *ov_translate(enum ov_language language, const char *text);

/* Marks a text that is translated where it is said, not where it stands: for the catalogue. */
#define OV_N_(text) text

/* The version of the library, e.g. "0.1.0"; static. */
OV_API const char *ov_version(void);

/* A text of a NUL-terminated string, without the NUL; NULL gives the empty text. */
OV_API struct ov_text ov_text_of(const char *string);

/* Writes a text, of any length and any bytes, for a terminal or a log: control characters (C0, C1),
 * what is invisible or changes the direction, and ill-formed bytes are escaped. Writes no line
 * end. */
OV_API OV_MUST_USE enum ov_status ov_write_escaped(const struct ov_sink *out, struct ov_text text,
                                                   struct ov_error *err);
/* Writes a text as a JSON string (RFC 8259), quotes included; what is not UTF-8 becomes U+FFFD. */
OV_API OV_MUST_USE enum ov_status ov_write_json(const struct ov_sink *out, struct ov_text text,
                                                struct ov_error *err);

/* The nearest of `count` words within `bound` edits of text, ASCII case ignored: for "did you
 * mean". The first of equally near ones; NULL when none is near. */
OV_API const char *ov_text_nearest(struct ov_text text, const char *const *words, size_t count,
                                   unsigned bound);

#ifdef __cplusplus
}
#endif
#endif
