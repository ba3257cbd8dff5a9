/* payload/texts.h: many texts kept one behind the other: four bytes more than their own each. */
#ifndef PAYLOAD_TEXTS_H
#define PAYLOAD_TEXTS_H

#include <stdbool.h>

#include "orgvet/base.h"

struct ov_texts {
    char *bytes; /* owned */
    size_t len, capacity;
};

/* Adds a text of less than 4 GiB; false when there is no memory. It can be taken from where `len`
 * was before. */
OV_MUST_USE bool ov_texts_put(struct ov_texts *texts, struct ov_text text);
/* The text at *at, until one is added; moves *at behind it. */
struct ov_text ov_texts_take(const struct ov_texts *texts, size_t *at);
void ov_texts_deinit(struct ov_texts *texts);

#endif
