/* page/assets.c: see assets.h. The build gzips them into build/assets/, and turns these into lists
 * of bytes. */
#include "page/assets.h"

#include "base/text.h"

static const unsigned char html[] = {
#include "build/assets/page.html.gz.inc"
};
static const unsigned char german[] = {
#include "build/assets/page.de.html.gz.inc"
};
static const unsigned char words[] = {
#include "build/assets/de.js.gz.inc"
};
static const unsigned char css[] = {
#include "build/assets/page.css.gz.inc"
};
static const unsigned char js[] = {
#include "build/assets/page.js.gz.inc"
};
static const unsigned char view_css[] = {
#include "build/assets/view.css.gz.inc"
};
static const unsigned char view_js[] = {
#include "build/assets/view.js.gz.inc"
};

#define HTML "text/html; charset=utf-8"
#define CSS  "text/css; charset=utf-8"
#define JS   "text/javascript; charset=utf-8"

static const struct ov_asset assets[] = {
    {"/", HTML, html, sizeof html},
    {"/de", HTML, german, sizeof german},
    {"/page/de.js", JS, words, sizeof words},
    {"/page/page.css", CSS, css, sizeof css},
    {"/page/page.js", JS, js, sizeof js},
    {"/page/view.css", CSS, view_css, sizeof view_css},
    {"/page/view.js", JS, view_js, sizeof view_js},
};

const struct ov_asset *ov_asset_find(struct ov_text path)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (ov_text_equal(path, ov_text_of(assets[i].path)))
            return &assets[i];
    return NULL;
}
