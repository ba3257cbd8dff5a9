/* report/view/view.h: how findings, rows and hierarchy are looked at: a style sheet and a script
 * that the HTML report and the service's page share. */
#ifndef REPORT_VIEW_VIEW_H
#define REPORT_VIEW_VIEW_H

#include "orgvet/base.h"

/* Static. */
struct ov_text ov_view_css(void);
struct ov_text ov_view_js(void);
/* What the script says, in German: a JSON object of translations. */
struct ov_text ov_view_words(void);

#endif
