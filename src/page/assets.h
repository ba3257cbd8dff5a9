/* page/assets.h: what a browser loads, gzipped at build (GZIP, RFC 1952). */
#ifndef PAGE_ASSETS_H
#define PAGE_ASSETS_H

#include "orgvet/base.h"

struct ov_asset {
    const char *path, *type;
    const char *bytes;
    const uint64_t *size; /* bytes */
};

/* That of a path; NULL when there is none. */
const struct ov_asset *ov_asset_find(struct ov_text path);

#endif
