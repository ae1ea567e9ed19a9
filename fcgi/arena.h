/* arena.h - memory that lives as long as one request.
 *
 * Zeroed, aligned to 16, never NULL: out of memory ends the process (exit status
 * ARENA_EXIT) and the master starts another. One reset frees all and runs what was deferred.
 */
#ifndef FCGI_ARENA_H
#define FCGI_ARENA_H

#include <stdarg.h>
#include <stddef.h>

enum { ARENA_EXIT = 71 };

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/* n zeroed bytes, owned by the arena. n = 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));

/* A NUL-terminated copy of n bytes. */
char *arena_text(struct arena *a, const void *p, size_t n) __attribute__((returns_nonnull));

/* printf into the arena. */
char *arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(struct arena *a, const char *format, va_list list)
    __attribute__((format(printf, 2, 0), returns_nonnull));

/* Run fn(what) at the next reset or free, last deferred first. For the rare resource that is not memory. */
void arena_defer(struct arena *a, void (*fn)(void *), void *what);

/* Free everything allocated since arena_new or the last reset; the first block is kept (and wiped). */
void arena_reset(struct arena *a);

#endif
