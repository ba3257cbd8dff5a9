/* report/view/view.c: the assets of the view, embedded (GNU as, .incbin). */
#include "report/view/view.h"

#define EMBED(name, path)                                                                          \
    __asm__(".section .rodata\n" #name "_begin:\n.incbin \"" path "\"\n" #name "_end:\n.byte 0\n"  \
            ".previous\n");                                                                        \
    extern const char name##_begin[], name##_end[]

EMBED(ov_embedded_css, "src/report/view/view.css");
EMBED(ov_embedded_js, "src/report/view/view.js");

struct ov_text ov_view_css(void)
{
    return (struct ov_text){ov_embedded_css_begin,
                            (size_t)(ov_embedded_css_end - ov_embedded_css_begin)};
}

struct ov_text ov_view_js(void)
{
    return (struct ov_text){ov_embedded_js_begin,
                            (size_t)(ov_embedded_js_end - ov_embedded_js_begin)};
}
