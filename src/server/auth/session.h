/* server/auth/session.h: browser sessions. A session is a secret in a cookie; the store keeps its
 * hash. It ends after hours without a request, after a week, or when the user signs out. Functions
 * that return false do so after a fault, or with a failure in request->err. */
#ifndef SERVER_AUTH_SESSION_H
#define SERVER_AUTH_SESSION_H

#include "server/auth/access.h"

enum {
    OV_SESSION_IDLE = 8 * 3600,         /* seconds without a request */
    OV_SESSION_LONGEST = 7 * 24 * 3600, /* seconds in total */
};

/* Starts a session for the authenticated caller; its cookie is sent with the answer. token: the
 * token it starts with, whose limits then apply to the session (rights, addresses, expiry); empty
 * after a password. */
bool ov_session_begin(struct ov_request *request, struct ov_text token);
/* Authenticates the request by its session cookie; otherwise the fault SESSION. A request that
 * changes something (`unsafe`) must send the session's CSRF token in the header X-Orgvet-Csrf,
 * which other sites cannot know; otherwise the fault CSRF. */
bool ov_session_find(struct ov_request *request, bool unsafe);
/* Ends the session and deletes its cookie. */
bool ov_session_end(struct ov_request *request);
/* The CSRF token of a session secret. False if out of memory. */
bool ov_session_csrf(struct ov_text secret, char csrf[OV_SHA256_HEX]);

#endif
