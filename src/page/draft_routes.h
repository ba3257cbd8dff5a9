/* page/draft_routes.h: queries about a vetted draft. Each request names the draft
 * (`item`) and how it is to be read (`importer`, `settings`, `encoding`, `delimiter`); requests are
 * stateless, so they survive a restart of the service. */
#ifndef PAGE_DRAFT_ROUTES_H
#define PAGE_DRAFT_ROUTES_H

#include "page/draft_cache.h"
#include "server/http/request.h"

/* Answers one query with JSON; what: its name. False after a fault or a failure. */
bool ov_draft_answer(struct ov_request *request, struct ov_text what);

#endif
