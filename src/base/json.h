/* base/json.h: writes JSON (RFC 8259) into a buffer.
 *
 *     struct ov_json json = {.out = &buf};
 *     ov_json_object(&json, NULL);
 *     ov_json_text(&json, "name", name);
 *     ov_json_list(&json, "rows");
 *     ov_json_number(&json, NULL, 1);
 *     ov_json_end(&json);
 *     ov_json_end(&json);                                    {"name":"…","rows":[1]}
 *
 * Commas, braces and escaping are the writer's business; what it writes does not depend on what is
 * in the buffer, which may be emptied in between. Failures (out of memory, over the buffer's
 * maximum) set out->failed and are sticky, so that callers check once at the end. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/text.h"

/* How strings are written as JSON (RFC 8259, section 7). Invalid UTF-8 becomes U+FFFD; C0, C1 and
 * bidirectional controls are escaped, and so is `##[`, which build servers interpret as a
 * command. */
enum ov_json_style {
    OV_JSON_PLAIN, /* `"` and `\` are also escaped, UTF-8 is kept */
    OV_JSON_PHP,   /* like PHP's json_encode without flags: also `/` and all non-ASCII */
    OV_JSON_HTML,  /* for a script element in HTML: also `<` */
};
/* Appends the text as a JSON string, quotes included. */
void ov_buf_json(struct ov_buf *buf, struct ov_text text, enum ov_json_style style);

enum { OV_JSON_DEPTH = 64 /* objects and lists that may be open; more set out->failed */ };

/* A writer. Set `out` and `style`, the rest to 0. Values that are in no object or list are
 * documents of their own, without commas between them: a writer can be used again. */
struct ov_json {
    struct ov_buf *out;       /* borrowed */
    enum ov_json_style style; /* of keys and texts */
    bool any;                 /* what is open has a member or element already */
    bool line;                /* a line break is due */
    unsigned depth;           /* number of open objects and lists */
    uint64_t lists;           /* whether each is a list, a bit each, the innermost one lowest */
};

/* In all functions, key is the name of a member if an object was opened last; otherwise it is NULL,
 * and not used. */

/* Begin an object or a list; ov_json_end ends the one opened last (out->failed if there is none).
 */
void ov_json_object(struct ov_json *json, const char *key);
void ov_json_list(struct ov_json *json, const char *key);
void ov_json_end(struct ov_json *json);
/* Puts a line break before the next member, element or end. */
void ov_json_line(struct ov_json *json);

/* Write a value: a text, a NUL-terminated string, a number, true or false, null. */
void ov_json_text(struct ov_json *json, const char *key, struct ov_text text);
void ov_json_string(struct ov_json *json, const char *key, const char *string);
void ov_json_number(struct ov_json *json, const char *key, uint64_t number);
void ov_json_signed(struct ov_json *json, const char *key, int64_t number);
void ov_json_bool(struct ov_json *json, const char *key, bool yes);
void ov_json_null(struct ov_json *json, const char *key);
/* Write a text; if it is empty, nothing, or null. */
void ov_json_nonempty(struct ov_json *json, const char *key, struct ov_text text);
void ov_json_text_or_null(struct ov_json *json, const char *key, struct ov_text text);
/* Writes a value that is JSON already. */
void ov_json_raw(struct ov_json *json, const char *key, struct ov_text value);
/* Begins a value; returns the buffer, to which the caller appends it as JSON. */
struct ov_buf *ov_json_begin_value(struct ov_json *json, struct ov_text key);

#endif
