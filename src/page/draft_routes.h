/* page/draft_routes.h: what the page asks about a vetted draft. Each request names the draft
 * (`item`) and how it is to be read (`importer`, `settings`, `encoding`, `delimiter`): nothing
 * depends on what was asked before, so a service that was started again goes on. */
#ifndef PAGE_DRAFT_ROUTES_H
#define PAGE_DRAFT_ROUTES_H

#include "page/draft_cache.h"
#include "server/http/request.h"

/* One question; what: its name. Answers with JSON, or returns false as endpoints do. */
bool ov_draft_answer(struct ov_request *request, struct ov_text what);
/* A file that is made of it: `csv` (with what was found), `json` (the report), `html`. */
bool ov_draft_download(struct ov_request *request);

#endif
