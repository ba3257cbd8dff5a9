/* orgvet/base.h: the types that every other public header uses.
 *
 * Two kinds of problem are kept apart: a *finding* means that the file is wrong, and is data
 * (orgvet/finding.h); a *failure* means that orgvet could not do its work, and is an ov_status plus
 * an ov_error, declared here. */
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

/* A run of bytes, any values, NUL and invalid UTF-8 included. Never owns its bytes: the declaration
 * that returns one states its lifetime. */
struct ov_text {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;      /* bytes */
};

/* Why a call failed. */
enum ov_status {
    OV_OK = 0,    /* success */
    OV_E_MEMORY,  /* an allocation failed */
    OV_E_IO,      /* reading or writing failed */
    OV_E_LIMIT,   /* more rows or identifier bytes than orgvet can number */
    OV_E_OPTION,  /* an option, setting, encoding or pattern that cannot be used */
    OV_E_PATTERN, /* a pattern hit its match limits on some value */
    OV_E_STATE,   /* a call in an order that the header does not allow */
    OV_E_NETWORK, /* a service could not be reached or did not answer: worth a retry */
    OV_E_REFUSED, /* a service refused the request, or its store a statement */
};

/* The languages of findings, reports and failures. Codes, names and paths are the same in all. */
enum ov_language {
    OV_ENGLISH,
    OV_GERMAN,
    OV_LANGUAGES, /* the number of languages */
};
/* A failure in words. Owned by the caller; functions that take one take it as the last parameter
 * and accept NULL. The first failure wins, later ones leave it unchanged. Initialise with `struct
 * ov_error e = {0}`, or with the language of the message. */
struct ov_error {
    enum ov_status status;     /* OV_OK while nothing has failed */
    enum ov_language language; /* of the message */
    char message[320];         /* one line, UTF-8, NUL-terminated, no full stop */
};

/* A destination of bytes: a file, a socket, a buffer. */
struct ov_sink {
    /* Writes all `len` bytes or fails; `err` may be NULL. */
    enum ov_status (*write)(void *ctx, const char *data, size_t len, struct ov_error *err);
    void *ctx; /* borrowed; passed to write */
};

/* Random access to the bytes of a file, to read them again. */
struct ov_source {
    /* Reads up to `len` bytes at `offset` into buf. Returns the number of bytes read; 0 at the end
     * or on failure, so callers that need all bytes compare their digest with that of the first
     * reading. */
    size_t (*read_at)(void *ctx, uint64_t offset, char *buf, size_t len);
    void *ctx; /* borrowed; passed to read_at */
};
/* Reads at an offset of an open POSIX descriptor, for a source: all `len` bytes unless the file
 * ends or a read fails. Returns the number of bytes read. */
OV_API size_t ov_read_at(int fd, uint64_t offset, char *buf, size_t len);

/* A position in a file. Lines and columns are 1-based; a column counts code points from the start
 * of its physical line, without the byte-order mark. byte_offset is 0-based, in the original file,
 * whatever its encoding. The whole file is {1, 1, 0}. */
struct ov_place {
    uint64_t line;        /* 1-based */
    uint64_t column;      /* 1-based, code points */
    uint64_t byte_offset; /* 0-based */
};

/* The preferred language of a tag list as in Accept-Language (RFC 9110, section 12.5.4;
 * `de-AT,de;q=0.9`), or of a POSIX locale (`de_DE.UTF-8`). English when no tag is known. */
OV_API enum ov_language ov_language_of(struct ov_text tags);
/* Its language tag (BCP 47): "en", "de"; static. */
OV_API const char *ov_language_tag(enum ov_language language);
/* Translates one of orgvet's own texts; returns `text` itself when there is no translation.
 * Static. */
OV_API const char *ov_translate(enum ov_language language, const char *text);

/* Marks a text for the catalogue that is translated where it is used, not where it is defined. */
#define OV_N_(text) text

/* The version of the library, e.g. "0.1.0"; static. */
OV_API const char *ov_version(void);

/* Wraps a NUL-terminated string, without the NUL; borrowed. NULL gives the empty text. */
OV_API struct ov_text ov_text_of(const char *string);

/* Writes a text of any length and any bytes so that it is safe for a terminal or a log: escapes
 * control characters (C0, C1), invisible and bidirectional characters, and ill-formed bytes. Writes
 * no line end. */
OV_API OV_MUST_USE enum ov_status ov_write_escaped(const struct ov_sink *out, struct ov_text text,
                                                   struct ov_error *err);
/* Writes a text as a JSON string (RFC 8259), quotes included; invalid UTF-8 becomes U+FFFD. */
OV_API OV_MUST_USE enum ov_status ov_write_json(const struct ov_sink *out, struct ov_text text,
                                                struct ov_error *err);

/* The nearest of `count` words within `bound` edits of text, ASCII case ignored: for "did you
 * mean". Returns the first of equally near words (borrowed), NULL when none is near enough. */
OV_API const char *ov_text_nearest(struct ov_text text, const char *const *words, size_t count,
                                   unsigned bound);

#ifdef __cplusplus
}
#endif
#endif
