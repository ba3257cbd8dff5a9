/* page/assets.c: see assets.h. Embedded with .incbin (GNU as); the build gzips them into
 * build/assets/. */
#include "page/assets.h"

#include "base/text.h"

#define EMBED(name, file)                                                                          \
    __asm__(".section .rodata\n.balign 8\n" name "_size: .quad " name "_end - " name "\n" name     \
            ": .incbin \"build/assets/" file ".gz\"\n" name "_end: .byte 0\n.previous\n")

#define ASSET(name, file)                                                                          \
    EMBED("ov_asset_" #name, file);                                                                \
    extern const char ov_asset_##name[];                                                           \
    extern const uint64_t ov_asset_##name##_size

ASSET(html, "page.html");
ASSET(german, "page.de.html");
ASSET(words, "de.js");
ASSET(css, "page.css");
ASSET(js, "page.js");
ASSET(view_css, "view.css");
ASSET(view_js, "view.js");

#define HTML "text/html; charset=utf-8"
#define CSS  "text/css; charset=utf-8"
#define JS   "text/javascript; charset=utf-8"

static const struct ov_asset assets[] = {
    {"/", HTML, ov_asset_html, &ov_asset_html_size},
    {"/de", HTML, ov_asset_german, &ov_asset_german_size},
    {"/page/de.js", JS, ov_asset_words, &ov_asset_words_size},
    {"/page/page.css", CSS, ov_asset_css, &ov_asset_css_size},
    {"/page/page.js", JS, ov_asset_js, &ov_asset_js_size},
    {"/page/view.css", CSS, ov_asset_view_css, &ov_asset_view_css_size},
    {"/page/view.js", JS, ov_asset_view_js, &ov_asset_view_js_size},
};

const struct ov_asset *ov_asset_find(struct ov_text path)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (ov_text_equal(path, ov_text_of(assets[i].path)))
            return &assets[i];
    return NULL;
}
