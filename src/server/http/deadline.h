/* server/http/deadline.h: deadlines of connections. A thread checks them and shuts down the sockets
 * of overdue connections. */
#ifndef SERVER_HTTP_DEADLINE_H
#define SERVER_HTTP_DEADLINE_H

#include <stdatomic.h>
#include <stdint.h>

struct ov_deadlines;
struct ov_deadline; /* of one connection; owned by ov_deadlines */

/* Starts the thread; *overdue (borrowed) counts overdue connections. NULL on failure.
 * ov_deadlines_end stops the thread, after which no connection is shut down any more;
 * ov_deadlines_free takes NULL. */
struct ov_deadlines *ov_deadlines_new(atomic_ullong *overdue);
void ov_deadlines_end(struct ov_deadlines *deadlines);
void ov_deadlines_free(struct ov_deadlines *deadlines);

/* Adds a connection, without a deadline yet; NULL if out of memory. It must be removed before its
 * socket is closed. The functions below accept a NULL deadline. ms: from now. */
struct ov_deadline *ov_deadline_add(struct ov_deadlines *deadlines, int fd);
void ov_deadline_remove(struct ov_deadlines *deadlines, struct ov_deadline *deadline);
void ov_deadline_in(struct ov_deadlines *deadlines, struct ov_deadline *deadline, int64_t ms);
void ov_deadline_never(struct ov_deadlines *deadlines, struct ov_deadline *deadline);

#endif
