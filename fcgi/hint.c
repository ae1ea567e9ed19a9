/* hint.c - see hint.h. */
#include "hint.h"

#include "log.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

enum { HINT_PROBES = 8, HINT_CLOCK_BITS = 24 };

/* A word: the number (40 bits) and the clock's milliseconds (24 bits: four and a half hours). 0: free. */
struct hints {
    _Atomic uint64_t word[HINTS_MOST];
};

#define CLOCK_MASK ((UINT64_C(1) << HINT_CLOCK_BITS) - 1)

static uint64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct hints *hints_new(void)
{
    void *p = mmap(NULL, sizeof(struct hints), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) log_bug("no shared memory for the hints");
    return p;
}

void hint_put(struct hints *h, uint64_t number)
{
    if (!number || number >> (64 - HINT_CLOCK_BITS)) return;
    uint64_t place = number * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    for (unsigned probe = 0; probe < HINT_PROBES; probe++) {
        _Atomic uint64_t *word = &h->word[(place + probe) % HINTS_MOST];
        uint64_t found = atomic_load_explicit(word, memory_order_relaxed);
        if (!found && atomic_compare_exchange_strong_explicit(word, &found, number << HINT_CLOCK_BITS | (clock_ms() & CLOCK_MASK), memory_order_relaxed,
                                                              memory_order_relaxed))
            return;
        if (found >> HINT_CLOCK_BITS == number) return; /* a page that is looked at all the time costs one read */
    }
}

size_t hints_take(struct hints *h, struct hint *to)
{
    size_t n = 0;
    uint64_t now = clock_ms();
    for (size_t i = 0; i < HINTS_MOST; i++) {
        if (!atomic_load_explicit(&h->word[i], memory_order_relaxed)) continue;
        uint64_t word = atomic_exchange_explicit(&h->word[i], 0, memory_order_relaxed);
        if (!word) continue; /* another process was faster */
        uint64_t ms = (now - word) & CLOCK_MASK;
        /* one that came after `now` was taken */
        to[n++] = (struct hint){.number = word >> HINT_CLOCK_BITS, .ms = ms > CLOCK_MASK / 2 ? 0 : (unsigned)ms};
    }
    return n;
}
