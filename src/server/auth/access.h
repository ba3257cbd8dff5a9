/* server/auth/access.h: who asks, and what they may do. */
#ifndef SERVER_AUTH_ACCESS_H
#define SERVER_AUTH_ACCESS_H

#include "base/sha256.h"
#include "server/http/request.h"

/* What users can be allowed to do, in the order of ov_capability_at. */
enum ov_capability_index {
    OV_CAN_USE_REST,
    OV_CAN_CREATE_TOKEN,
    OV_CAN_MANAGE_TENANTS,
    OV_CAN_IMPORT,
    OV_CAN_EXPORT,
    OV_CAN_ROLL_BACK,
    OV_CAN_SEE_ALL,
    OV_CAPABILITIES,
    OV_CAN_ALWAYS = -1, /* none is needed */
};

/* Finds the token's user and service and whether both may be used now, from this address: else a
 * fault. */
bool ov_access_token(struct ov_request *request, struct ov_text token);
/* The same by the token's hash, without a fault. */
enum ov_token_state { OV_TOKEN_GOOD, OV_TOKEN_UNKNOWN, OV_TOKEN_REFUSED, OV_TOKEN_FAILURE };
enum ov_token_state ov_access_token_hash(struct ov_request *request, const char *hash);
/* Tries a user's password, after which the caller is that user; else the fault LOGIN, after as long
 * whether there is such a user or not. */
bool ov_access_password(struct ov_request *request, struct ov_text username,
                        struct ov_text password);
/* Whether the caller's service has a function; whoever has signed in by password has all. */
bool ov_access_has_function(struct ov_request *request, struct ov_text function);
/* Whether the caller has a capability; administrators have all. */
bool ov_access_can(struct ov_request *request, int capability);
/* The same, with the fault `nopermissions`. */
bool ov_access_need(struct ov_request *request, int capability);

/* Whose imports and exports the caller may see and undo besides their own: nobody's (0), those of a
 * tenant (its id), or everybody's (-1). In statements: ?2 the caller, ?3 this. */
int64_t ov_access_scope(struct ov_request *request);
#define OV_IN_SCOPE "(account = ?2 OR ?3 = -1 OR tenant = ?3)"
/* For routes that are not web service functions: the caller is the user of the parameter `token`,
 * or a fault, when it is missing, may not be used, or its service does not give files. */
bool ov_access_downloads(struct ov_request *request);
/* The same for uploads, which the token's service must accept; by session, when the page asks. */
bool ov_access_uploads(struct ov_request *request);
/* The same before the first file of a body is kept, if a session, or a token before the file, says
 * by then who sends it. */
bool ov_access_admits_uploads(struct ov_request *request);

/* The tenant of a work: that of the parameters `tenant` (id, or an idnumber that is no number) and
 * `notenant`, or the caller's own; 0: none. A fault when it cannot be had. */
bool ov_access_tenant(struct ov_request *request, struct ov_text tenant, bool notenant,
                      int64_t *id);

/* SHA-256 of a token, as it is kept. */
OV_MUST_USE bool ov_token_hash(struct ov_text token, char hash[OV_SHA256_HEX]);
/* A new token: 32 lower-case hexadecimal digits and a NUL. */
OV_MUST_USE bool ov_token_new(char token[OV_TOKEN_LENGTH + 1]);
/* Whether an address is in a list; an address that is in no list of nothing is. */
bool ov_ip_list_has(struct ov_text list, struct ov_text address);

/* A password's hash, which says how it was made (crypt(5), yescrypt); whether a password fits one.
 */
OV_MUST_USE bool ov_password_hash(const char *password, char hash[256]);
bool ov_password_fits(const char *password, const char *hash);

#endif
