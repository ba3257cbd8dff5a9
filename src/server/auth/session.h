/* server/auth/session.h: who has signed in with a browser. A session is a secret in a cookie, of
 * which the store has a hash; it ends after hours without a request, after a week, or by signing
 * out. */
#ifndef SERVER_AUTH_SESSION_H
#define SERVER_AUTH_SESSION_H

#include "server/auth/access.h"

enum {
    OV_SESSION_IDLE = 8 * 3600,         /* seconds without a request */
    OV_SESSION_LONGEST = 7 * 24 * 3600, /* seconds altogether */
};

/* Begins one for the caller, whose cookie goes with the answer. One that begins with a token may do
 * what the token may, from where it may, and as long; token: it, or empty after a password. */
bool ov_session_begin(struct ov_request *request, struct ov_text token);
/* Finds that of the request's cookie, whose user is the caller then; else the fault SESSION. A
 * request that changes something (`unsafe`) must tell the session's own word in its header
 * X-Orgvet-Csrf, which no other site can know: else the fault CSRF. */
bool ov_session_find(struct ov_request *request, bool unsafe);
/* Ends it: the cookie goes too. */
bool ov_session_end(struct ov_request *request);
/* That word. */
bool ov_session_csrf(struct ov_text secret, char csrf[OV_SHA256_HEX]);

#endif
