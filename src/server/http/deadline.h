/* server/http/deadline.h: when a connection has to be done. A thread looks at the deadlines and
 * shuts the sockets of those that are overdue. */
#ifndef SERVER_HTTP_DEADLINE_H
#define SERVER_HTTP_DEADLINE_H

#include <stdatomic.h>
#include <stdint.h>

struct ov_deadlines;
struct ov_deadline; /* of one connection */

/* Starts the thread; each overdue connection is counted. NULL on failure. ov_deadlines_end ends the
 * thread, after which no connection is shut any more; ov_deadlines_free takes NULL. */
struct ov_deadlines *ov_deadlines_new(atomic_ullong *overdue);
void ov_deadlines_end(struct ov_deadlines *deadlines);
void ov_deadlines_free(struct ov_deadlines *deadlines);

/* A connection, without a deadline as yet; NULL without memory. It must be removed before its
 * socket is closed. The others take NULL. */
struct ov_deadline *ov_deadline_add(struct ov_deadlines *deadlines, int fd);
void ov_deadline_remove(struct ov_deadlines *deadlines, struct ov_deadline *deadline);
void ov_deadline_in(struct ov_deadlines *deadlines, struct ov_deadline *deadline, int64_t ms);
void ov_deadline_never(struct ov_deadlines *deadlines, struct ov_deadline *deadline);

#endif
