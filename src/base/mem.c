/* base/mem.c: see mem.h. */
#include "base/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    HUGE_LEAST = 4 << 20,
    BELIEVE_FROM = 1 << 15, /* items; `expected` is trusted above this … */
    BELIEVE_TIMES = 512,    /* … unless it is this many times the current size */
};

/* madvise may fail: that costs speed or memory, never correctness. */

static uintptr_t page_size(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (uintptr_t)size : 1 << 16; /* the largest in use */
}

void ov_mem_use_huge_pages(void *memory, size_t bytes)
{
    /* Include partial pages at both ends, so that malloc's mapping stays in one piece: realloc can
     * only move such a mapping without copying. */
    uintptr_t page = page_size();
    uintptr_t start = (uintptr_t)memory / page * page;
    uintptr_t end = ((uintptr_t)memory + bytes + page - 1) / page * page;
    if (bytes >= HUGE_LEAST)
        (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}

void ov_mem_done_with(void *memory, size_t bytes)
{
    uintptr_t page = page_size();
    uintptr_t start = ((uintptr_t)memory + page - 1) / page * page; /* whole pages only */
    uintptr_t end = ((uintptr_t)memory + bytes) / page * page;
    if (end > start)
        (void)madvise((void *)start, end - start, MADV_DONTNEED);
}

static bool enlarge(void *items, size_t *capacity, size_t want, size_t size)
{
    void *array; /* copied: the caller's pointer has its own type */
    size_t room = *capacity + *capacity / 2;
    if (room < want)
        room = want;
    if (room < 8)
        room = 8;
    if (room > SIZE_MAX / size)
        return false;
    memcpy(&array, items, sizeof array);
    void *grown = realloc(array, room * size);
    if (!grown)
        return false;
    memcpy(items, &grown, sizeof grown);
    *capacity = room;
    ov_mem_use_huge_pages(grown, room * size);
    /* cppcheck-suppress memleak ; owned by the caller's pointer now */
    return true;
}

bool ov_enlarge(void *items, size_t *capacity, size_t want, uint64_t expected, size_t size)
{
    bool believed = want >= BELIEVE_FROM && expected > want && expected / BELIEVE_TIMES < want;
    return (believed && enlarge(items, capacity, (size_t)expected, size)) ||
           enlarge(items, capacity, want, size);
}

struct ov_arena_block {
    struct ov_arena_block *before; /* the previously allocated block */
    size_t room;                   /* size of data, bytes */
    alignas(max_align_t) char data[];
};

enum { ARENA_BLOCK = 32 * 1024 };

void *ov_arena_take(struct ov_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) / align * align;
    if (!arena->last || arena->last->room - arena->used < size) {
        size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
        struct ov_arena_block *block = malloc(sizeof *block + room);
        if (!block)
            return NULL;
        ov_mem_use_huge_pages(block, sizeof *block + room);
        block->before = arena->last;
        block->room = room;
        arena->last = block;
        arena->size += sizeof *block + room;
        arena->used = 0;
    }
    void *piece = arena->last->data + arena->used;
    arena->used += size;
    return piece;
}

bool ov_arena_copy(struct ov_arena *arena, struct ov_text text, struct ov_text *copy)
{
    char *bytes = ov_arena_take(arena, text.len ? text.len : 1);
    if (!bytes)
        return false;
    if (text.len)
        memcpy(bytes, text.ptr, text.len);
    *copy = (struct ov_text){bytes, text.len};
    return true;
}

void ov_arena_deinit(struct ov_arena *arena)
{
    for (struct ov_arena_block *block = arena->last; block;) {
        struct ov_arena_block *before = block->before;
        free(block);
        block = before;
    }
    *arena = (struct ov_arena){0};
}
