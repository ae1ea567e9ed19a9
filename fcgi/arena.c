/* arena.c - see arena.h. A chain of blocks; the first stays for the next request.
 *
 * Free space is always zero: blocks come from calloc, and a reset wipes what was used, also before memory goes back to
 * malloc, so that a request's secrets end with it. Under AddressSanitizer free space is poisoned and allocations
 * keep a distance, so that one byte too far is found.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { DISTANCE = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { DISTANCE = 0 };
#endif

enum { ALIGN = 16, FIRST_BLOCK = 256 * 1024, LARGEST_GROWTH = 4 * 1024 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(ALIGN) unsigned char data[];
};

struct defer {
    struct defer *next;
    void (*fn)(void *);
    void *what;
};

struct arena {
    struct block *first, *last;
    struct defer *defers; /* last deferred first */
};

static _Noreturn void out_of_memory(size_t n)
{
    log_error("out of memory: %zu bytes were wanted", n);
    _exit(ARENA_EXIT);
}

static size_t add(size_t a, size_t b)
{
    size_t sum;
    if (__builtin_add_overflow(a, b, &sum) || sum > PTRDIFF_MAX)
        out_of_memory(SIZE_MAX);
    return sum;
}

static __attribute__((returns_nonnull)) struct block *block_new(size_t size)
{
    struct block *block = calloc(1, add(sizeof *block, size));
    if (!block)
        out_of_memory(size);
    block->size = size;
    ASAN_POISON_MEMORY_REGION(block->data, size);
    return block;
}

static void block_wipe(struct block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
    explicit_bzero(block->data, block->used);
    block->used = 0;
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        out_of_memory(sizeof *a);
    a->first = a->last = block_new(FIRST_BLOCK);
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    ASAN_UNPOISON_MEMORY_REGION(a->first->data, a->first->size);
    free(a->first);
    free(a);
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t room = add(add(n ? n : 1, DISTANCE), ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct block *block = a->last;

    if (room > block->size - block->used) {
        size_t size = block->size < LARGEST_GROWTH ? 2 * block->size : LARGEST_GROWTH;
        block = block_new(room > size ? room : size);
        a->last->next = block;
        a->last = block;
    }
    unsigned char *p = block->data + block->used;
    block->used += room;
    ASAN_UNPOISON_MEMORY_REGION(p, n);
    return p;
}

char *arena_text(struct arena *a, const void *p, size_t n)
{
    char *text = arena_alloc(a, add(n, 1));
    if (n)
        memcpy(text, p, n);
    return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = arena_vprintf(a, format, list);
    va_end(list);
    return text;
}

/* Straight into what is left of the block: most texts fit, and formatting twice costs more than anything else here. */
char *arena_vprintf(struct arena *a, const char *format, va_list list)
{
    struct block *block = a->last;
    size_t left = block->size - block->used;
    char *place = (char *)block->data + block->used;
    va_list again;
    va_copy(again, list);
    ASAN_UNPOISON_MEMORY_REGION(place, left);
    int n = vsnprintf(place, left, format, list);
    if (n < 0)
        log_bug("arena_printf: bad format");
    size_t written = (size_t)n < left ? (size_t)n : left;
    ASAN_POISON_MEMORY_REGION(place, left);
    char *text = arena_alloc(a, (size_t)n + 1);
    if (text != place) {
        ASAN_UNPOISON_MEMORY_REGION(place, left);
        memset(place, 0, written);
        ASAN_POISON_MEMORY_REGION(place, left);
        vsnprintf(text, (size_t)n + 1, format, again);
    }
    va_end(again);
    return text;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *what)
{
    struct defer *defer = arena_alloc(a, sizeof *defer);
    *defer = (struct defer){.next = a->defers, .fn = fn, .what = what};
    a->defers = defer;
}

void arena_reset(struct arena *a)
{
    /* One at a time: what runs may still use the arena, and defer more. */
    while (a->defers) {
        struct defer *defer = a->defers;
        a->defers = defer->next;
        defer->fn(defer->what);
    }
    for (struct block *block = a->first->next, *next; block; block = next) {
        next = block->next;
        block_wipe(block);
        free(block);
    }
    a->first->next = NULL;
    a->last = a->first;
    block_wipe(a->first);
    ASAN_POISON_MEMORY_REGION(a->first->data, a->first->size);
}
