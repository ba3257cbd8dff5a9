/* page/vetted.h: what the page asks about a vetted draft. Each request names the draft (`item`) and
 * how it is to be read (`importer`, `settings`, `encoding`, `delimiter`): nothing depends on what
 * was asked before, so a service that was started again goes on. */
#ifndef PAGE_VETTED_H
#define PAGE_VETTED_H

#include "page/looks.h"
#include "server/http/request.h"

/* One question; what: its name. Answers with JSON, or returns false as endpoints do. */
bool ov_vetted_ask(struct ov_request *request, struct ov_text what);
/* A file that is made of it: `csv` (with what was found), `json` (the report), `html`. */
bool ov_vetted_download(struct ov_request *request);

#endif
