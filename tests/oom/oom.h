/* tests/oom/oom.h: how many allocations still succeed. */
#ifndef TESTS_OOM_H
#define TESTS_OOM_H

/* Sets it, below 0: all do; returns what was left of them, 0: one has failed. */
long oom_left(long allocations);

/* service.c: 0, or 1 after it has said what is wrong. */
int oom_service(void);

#endif
