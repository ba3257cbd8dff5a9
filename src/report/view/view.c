/* report/view/view.c: the assets of the view, embedded (GNU as, .incbin). */
#include "report/view/view.h"

#define EMBED(name, path)                                                                          \
    __asm__(".section .rodata\n.balign 8\n" name "_size: .quad " name "_end - " name "\n" name     \
            ": .incbin \"" path "\"\n" name "_end: .byte 0\n.previous\n")

EMBED("ov_embedded_css", "src/report/view/view.css");
EMBED("ov_embedded_js", "build/scripts/view.js");
EMBED("ov_embedded_words", "build/catalogue/de.json");
extern const char ov_embedded_css[], ov_embedded_js[], ov_embedded_words[];
extern const uint64_t ov_embedded_css_size, ov_embedded_js_size, ov_embedded_words_size;

struct ov_text ov_view_css(void)
{
    return (struct ov_text){ov_embedded_css, ov_embedded_css_size};
}

struct ov_text ov_view_js(void)
{
    return (struct ov_text){ov_embedded_js, ov_embedded_js_size};
}

struct ov_text ov_view_words(void)
{
    return (struct ov_text){ov_embedded_words, ov_embedded_words_size};
}
