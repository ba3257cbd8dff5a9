/* base/mem.h: memory that can fail. Growable arrays with checked sizes, and an arena whose
 * pieces live until it ends. Nothing here aborts. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

#include "orgvet/base.h"

/* Makes room for at least `want` items of `size` bytes in the array at *items, whose capacity is
 * *capacity items; grows by half at least. On failure everything stays as it was. The new items
 * are not initialised. Caller frees *items with free(). */
OV_MUST_USE bool ov_grow(void *items, size_t *capacity, size_t want, size_t size);

/* The same, at once to `expected` items where a large array may believe that (it is not copied
 * then, and what is not used costs no memory); 0: nothing is expected. Large pages are asked for.
 */
OV_MUST_USE bool ov_grow_towards(void *items, size_t *capacity, size_t want, uint64_t expected,
                                 size_t size);

/* Asks the system for large pages under memory of malloc's, where it is large: it is going to be
 * met at random. A hint; nothing else depends on it. */
void ov_mem_use_huge_pages(void *memory, size_t bytes);

/* Gives the system back what lies in whole pages of memory of malloc's that will not be read again
 * before it is freed. A hint too. */
void ov_mem_done_with(void *memory, size_t bytes);

/* A bump allocator: many small pieces, freed together. {0} is an empty arena. */
struct ov_arena {
    struct ov_arena_block *last; /* newest block, NULL at first */
    size_t used;                 /* bytes used in it */
};

/* `size` bytes aligned for any object, uninitialised, or NULL. Live until ov_arena_deinit. */
OV_MUST_USE void *ov_arena_take(struct ov_arena *arena, size_t size);

/* A copy of a text in the arena. False when there is no memory. */
OV_MUST_USE bool ov_arena_copy(struct ov_arena *arena, struct ov_text text, struct ov_text *copy);

void ov_arena_deinit(struct ov_arena *arena);

#endif
