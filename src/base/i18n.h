/* base/i18n.h: texts in the language of whoever reads them (orgvet/base.h, ov_translate). */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include "base/text.h"

/* A number as people of that language write it: 1,204 or 1.204. */
void ov_buf_number_in(struct ov_buf *buf, uint64_t number, enum ov_language language);
/* Appends the translation of a text in which {0}, {1} … stand for others. */
void ov_buf_say(struct ov_buf *buf, enum ov_language language, const char *text,
                const struct ov_text *others, size_t count);
/* The same; the others are escaped for a terminal (ov_buf_escaped). */
void ov_buf_say_escaped(struct ov_buf *buf, enum ov_language language, const char *text,
                        const struct ov_text *others, size_t count);
#define OV_OTHERS(...)                                                                             \
    (const struct ov_text[]){__VA_ARGS__},                                                         \
        sizeof((const struct ov_text[]){__VA_ARGS__}) / sizeof(struct ov_text)
/* The same with one number for {0}, by another text when it is 1. */
void ov_buf_say_count(struct ov_buf *buf, enum ov_language language, uint64_t count,
                      const char *one, const char *many);

#endif
