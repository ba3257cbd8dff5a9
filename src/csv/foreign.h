/* csv/foreign.h: recognises files that are obviously something other than CSV. */
#ifndef CSV_FOREIGN_H
#define CSV_FOREIGN_H

#include "base/text.h"

/* What kind of file starts with these bytes, in words to be translated; static. NULL: it may be
 * CSV. */
const char *ov_foreign_format(struct ov_text head);

#endif
