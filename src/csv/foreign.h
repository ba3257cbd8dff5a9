/* csv/foreign.h: recognises files that are obviously something other than CSV. */
#ifndef CSV_FOREIGN_H
#define CSV_FOREIGN_H

#include <stdbool.h>

#include "base/text.h"

/* What kind of file starts with these bytes, in words to be translated; static. NULL: it may be
 * CSV. */
const char *ov_foreign_format(struct ov_text head);

/* Whether a file that starts with these bytes is a zip archive, as workbooks are. */
bool ov_is_zip(struct ov_text head);

#endif
