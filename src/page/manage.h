/* page/manage.h: administration on the page: users, tokens, services, tenants. */
#ifndef PAGE_MANAGE_H
#define PAGE_MANAGE_H

#include "server/http/request.h"

/* Whether the caller may administer: administrators only; with a token only if its service includes
 * every function, so that a token for a limited purpose stays limited. */
bool ov_manage_may(struct ov_request *request);
/* Performs the operation in the parameter `what` (user-add, token-remove …; empty: none), and
 * answers with the list in the parameter `kind` (users, tokens, services, tenants) and, once, a new
 * token. False after a fault or a failure. */
bool ov_manage(struct ov_request *request);

#endif
