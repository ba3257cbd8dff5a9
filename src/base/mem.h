/* base/mem.h: memory allocation that can fail: growable arrays with checked sizes, and an arena.
 * Nothing here aborts. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orgvet/base.h"

/* What ov_grow and ov_grow_towards do when there is no room yet. */
OV_MUST_USE bool ov_enlarge(void *items, size_t *capacity, size_t want, uint64_t expected,
                            size_t size);

/* Grows the array at *items, of *capacity items of `size` bytes, to hold at least `want` items; by
 * at least half. On failure nothing changes. New items are not initialised. The caller frees *items
 * with free(). ov_grow_towards grows at once to `expected` items when the array is already large
 * enough to trust that (this saves copies, and unused pages cost no memory); 0: unknown. Large
 * pages are requested. */
#ifdef __clang_analyzer__ /* which cannot know that where there is room there is an array */
OV_MUST_USE bool ov_grow(void *items, size_t *capacity, size_t want, size_t size);
OV_MUST_USE bool ov_grow_towards(void *items, size_t *capacity, size_t want, uint64_t expected,
                                 size_t size);
#else
OV_MUST_USE static inline bool ov_grow(void *items, size_t *capacity, size_t want, size_t size)
{
    return want <= *capacity || ov_enlarge(items, capacity, want, 0, size);
}

OV_MUST_USE static inline bool ov_grow_towards(void *items, size_t *capacity, size_t want,
                                               uint64_t expected, size_t size)
{
    return want <= *capacity || ov_enlarge(items, capacity, want, expected, size);
}
#endif

/* Asks the system for large pages for a block from malloc, if it is large, because it will be
 * accessed at random. Only a hint. */
void ov_mem_use_huge_pages(void *memory, size_t bytes);

/* Returns the whole pages of a block from malloc to the system: their contents will not be read
 * again before the block is freed. Also a hint. */
void ov_mem_done_with(void *memory, size_t bytes);

/* A bump allocator: many small blocks, freed together. {0} is an empty arena. */
struct ov_arena {
    struct ov_arena_block *last; /* newest block; NULL in an empty arena */
    size_t used;                 /* bytes used in it */
    size_t size;                 /* bytes of all blocks */
};

/* Allocates `size` bytes, aligned for any object, uninitialised; NULL when out of memory. They live
 * until ov_arena_deinit. */
OV_MUST_USE void *ov_arena_take(struct ov_arena *arena, size_t size);

/* Copies a text into the arena. False when out of memory. */
OV_MUST_USE bool ov_arena_copy(struct ov_arena *arena, struct ov_text text, struct ov_text *copy);

/* Frees everything; the arena is empty afterwards. */
void ov_arena_deinit(struct ov_arena *arena);

#endif
