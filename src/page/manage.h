/* page/manage.h: administration for those who may: users, tokens, services, tenants. */
#ifndef PAGE_MANAGE_H
#define PAGE_MANAGE_H

#include "server/http/request.h"

/* Whether the caller may administer: administrators, and by a token those alone whose service has
 * every function, so that a token for one job stays one. */
bool ov_manage_may(struct ov_request *request);
/* Does what the parameter `what` says (user-add, token-remove …; empty: nothing), and answers with
 * the list of the parameter `kind` (users, tokens, services, tenants), and a new token, told once.
 */
bool ov_manage(struct ov_request *request);

#endif
