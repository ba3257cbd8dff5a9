/* report/view/view.c: the assets of the view, which the build turns into lists of bytes. */
#include "report/view/view.h"

static const unsigned char css[] = {
#include "src/report/view/view.css.inc"
};
static const unsigned char js[] = {
#include "build/scripts/view.js.inc"
};
static const unsigned char words[] = {
#include "build/catalogue/de.json.inc"
};

static struct ov_text text_of(const unsigned char *bytes, size_t size)
{
    return (struct ov_text){(const char *)bytes, size};
}

struct ov_text ov_view_css(void)
{
    return text_of(css, sizeof css);
}

struct ov_text ov_view_js(void)
{
    return text_of(js, sizeof js);
}

struct ov_text ov_view_words(void)
{
    return text_of(words, sizeof words);
}
