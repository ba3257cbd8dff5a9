/* server/api/validate.h: validation of parameters, as by external_api::validate_parameters
 * (PROTOCOL.md, Parameters), with the same wording of details, which clients know. */
#ifndef SERVER_API_VALIDATE_H
#define SERVER_API_VALIDATE_H

#include "server/api/functions.h"

/* Checks parameters against their declaration and fills in defaults. The result is the
 * request's; NULL after a fault. */
struct ov_value *ov_validate(struct ov_request *request, const struct ov_spec *params,
                             const struct ov_value *given);

#endif
