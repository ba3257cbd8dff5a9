/* page/assets.h: the files a browser loads, gzipped at build time (RFC 1952). */
#ifndef PAGE_ASSETS_H
#define PAGE_ASSETS_H

#include "orgvet/base.h"

/* A file; all pointers are static. */
struct ov_asset {
    const char *path, *type;    /* URL path; Content-Type */
    const unsigned char *bytes; /* gzipped */
    size_t size;                /* bytes */
};

/* The asset at a path, or NULL. Static. */
const struct ov_asset *ov_asset_find(struct ov_text path);

#endif
