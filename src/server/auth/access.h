/* server/auth/access.h: authentication and authorisation of requests. Functions that return false
 * do so after a fault, or with a failure in request->err. */
#ifndef SERVER_AUTH_ACCESS_H
#define SERVER_AUTH_ACCESS_H

#include "base/sha256.h"
#include "server/http/request.h"

/* Capabilities of users, in the order of ov_capability_at. */
enum ov_capability_index {
    OV_CAN_USE_REST,
    OV_CAN_CREATE_TOKEN,
    OV_CAN_MANAGE_TENANTS,
    OV_CAN_IMPORT,
    OV_CAN_EXPORT,
    OV_CAN_ROLL_BACK,
    OV_CAN_SEE_ALL,
    OV_CAPABILITIES,
    OV_CAN_ALWAYS = -1, /* no capability is required */
};

/* Authenticates the request by a token: finds its user and service, and checks that both may be
 * used now, from this address (PROTOCOL.md, Tokens). Otherwise the fault INVALID_TOKEN or
 * ACCESS. */
bool ov_access_token(struct ov_request *request, struct ov_text token);
/* The same by the token's hash, without a fault. */
enum ov_token_state { OV_TOKEN_GOOD, OV_TOKEN_UNKNOWN, OV_TOKEN_REFUSED, OV_TOKEN_FAILURE };
enum ov_token_state ov_access_token_hash(struct ov_request *request, const char *hash);
/* Authenticates the request by username and password; otherwise the fault LOGIN, after the same
 * time whether the user exists or not, or WAIT or BUSY. */
bool ov_access_password(struct ov_request *request, struct ov_text username,
                        struct ov_text password);
/* Whether the caller's service includes a function; always true after sign-in by password. */
bool ov_access_has_function(struct ov_request *request, struct ov_text function);
/* Whether the caller has a capability; administrators have all. */
bool ov_access_can(struct ov_request *request, int capability);
/* The same, with the fault PERMISSION. */
bool ov_access_need(struct ov_request *request, int capability);

/* Whose imports and exports the caller may see and undo besides their own: nobody's (0), those of a
 * tenant (its id), or everybody's (-1). Bind it to ?3 of OV_IN_SCOPE, and the caller to ?2. */
int64_t ov_access_scope(struct ov_request *request);
#define OV_IN_SCOPE "(account = ?2 OR ?3 = -1 OR (tenant = ?3 AND tenant <> 0))"
/* The tenant of an import or export: who cannot switch between tenants has them in their own one.
 * *tenant: the caller's own if there is no such job. */
OV_MUST_USE bool ov_access_job_tenant(struct ov_request *request, bool import, int64_t id,
                                      int64_t *tenant);
/* Authenticates by the parameter `token`, for routes that are not web service functions
 * (PROTOCOL.md, Download). A fault if it is missing or may not be used, or if its service does not
 * allow downloads. */
bool ov_access_downloads(struct ov_request *request);
/* The same for uploads (PROTOCOL.md, Upload). Requests from the page authenticate by session. */
bool ov_access_uploads(struct ov_request *request);
/* The same before the first file of a body is stored. True if neither the page's header nor a token
 * has arrived by then. */
bool ov_access_admits_uploads(struct ov_request *request);

/* The tenant of a job: that of the parameters `tenant` (id, or an idnumber that is not a number)
 * and `notenant`, or the caller's own. *id 0: no tenant. A fault if not found, or not allowed. */
bool ov_access_tenant(struct ov_request *request, struct ov_text tenant, bool notenant,
                      int64_t *id);

/* SHA-256 of a token, as stored, in hexadecimal. False if out of memory. */
OV_MUST_USE bool ov_token_hash(struct ov_text token, char hash[OV_SHA256_HEX]);
/* A new token: 32 lower-case hexadecimal digits and a NUL. False if no random numbers are
 * available. */
OV_MUST_USE bool ov_token_new(char token[OV_TOKEN_LENGTH + 1]);
/* Whether a list of addresses and CIDR ranges contains an address; an empty list contains all. */
bool ov_ip_list_has(struct ov_text list, struct ov_text address);

/* A password's hash, which includes the method (crypt(5), yescrypt), false on failure; whether a
 * password matches a hash. */
OV_MUST_USE bool ov_password_hash(const char *password, char hash[256]);
bool ov_password_fits(const char *password, const char *hash);

#endif
