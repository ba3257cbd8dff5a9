/* tests/oom/oom.h: limits the number of allocations that succeed. */
#ifndef TESTS_OOM_H
#define TESTS_OOM_H

#include <stdbool.h>

/* Sets the number of allocations that still succeed, below 0: all. Returns what was
 * left of the previous number; 0: one has failed. */
long oom_left(long allocations);

/* service.c, page.c: run the test; return 0, or 1 after a message. */
int oom_service(void);
int oom_page(void);

/* service.c: creates a store in a temporary folder for a service, and removes it. The first returns
 * false after a message, the second true if something was left behind. */
struct ov_service;
bool oom_store_begin(struct ov_service *service, char folder[64]);
bool oom_store_end(struct ov_service *service, const char *folder);

#endif
