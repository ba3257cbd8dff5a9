/* base/i18n.h: texts in the user's language (ov_translate: orgvet/base.h). */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include "base/text.h"

/* Appends a number with the language's thousands separator: 1,204 or 1.204. */
void ov_buf_number_in(struct ov_buf *buf, uint64_t number, enum ov_language language);
/* Appends the translation of a template, with {0}, {1} … replaced by `others`. */
void ov_buf_say(struct ov_buf *buf, enum ov_language language, const char *text,
                const struct ov_text *others, size_t count);
/* The same; `others` are escaped for a terminal (ov_buf_escaped). */
void ov_buf_say_escaped(struct ov_buf *buf, enum ov_language language, const char *text,
                        const struct ov_text *others, size_t count);
#define OV_OTHERS(...)                                                                             \
    (const struct ov_text[]){__VA_ARGS__},                                                         \
        sizeof((const struct ov_text[]){__VA_ARGS__}) / sizeof(struct ov_text)
/* The same with a number as {0}; the template is `one` when it is 1, else `many`. */
void ov_buf_say_count(struct ov_buf *buf, enum ov_language language, uint64_t count,
                      const char *one, const char *many);

#endif
