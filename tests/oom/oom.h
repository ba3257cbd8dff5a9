/* tests/oom/oom.h: how many allocations still succeed. */
#ifndef TESTS_OOM_H
#define TESTS_OOM_H

#include <stdbool.h>

/* Sets it, below 0: all do; returns what was left of them, 0: one has failed. */
long oom_left(long allocations);

/* service.c, page.c: 0, or 1 after it has said what is wrong. */
int oom_service(void);
int oom_page(void);

/* service.c: a store in a folder of its own, for a service; and its end. False after it has said
 * what is wrong; true when something was left behind. */
struct ov_service;
bool oom_store_begin(struct ov_service *service, char folder[64]);
bool oom_store_end(struct ov_service *service, const char *folder);

#endif
