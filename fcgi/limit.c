/* limit.c - see limit.h. */
#include "limit.h"

#include "arena.h"
#include "log.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { LIMIT_COUNTERS = 1 << 16, LIMIT_PROBES = 8 };

/* A counter: tag of the key (24 bits), minute (24 bits), count (16 bits). */
struct limit_table {
    _Atomic uint64_t counter[LIMIT_COUNTERS];
};

struct limit_table *limit_table_new(void)
{
    void *p = mmap(NULL, sizeof(struct limit_table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) log_bug("no shared memory for the limits");
    return p;
}

static bool same(uint64_t word, uint64_t tag, uint64_t minute)
{
    return word >> 40 == tag && (word >> 16 & 0xffffff) == minute;
}

unsigned limit_take(struct limit_table *t, struct hash key, unsigned per_minute)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t minute = ((uint64_t)now.tv_sec / 60 + 1) & 0xffffff;
    uint64_t place, tag;
    memcpy(&place, key.b, sizeof place);
    memcpy(&tag, key.b + 8, sizeof tag);
    tag &= 0xffffff;

    for (unsigned probe = 0; probe < LIMIT_PROBES; probe++) {
        _Atomic uint64_t *counter = &t->counter[(place + probe) % LIMIT_COUNTERS];
        uint64_t seen = atomic_load_explicit(counter, memory_order_relaxed);
        for (;;) {
            bool ours = same(seen, tag, minute), stale = (seen >> 16 & 0xffffff) != minute;
            if (!ours && !stale) break;
            uint64_t count = ours ? seen & 0xffff : 0;
            if (count >= per_minute || count == 0xffff) return 60 - (unsigned)(now.tv_sec % 60);
            uint64_t next = tag << 40 | minute << 16 | (count + 1);
            if (atomic_compare_exchange_weak_explicit(counter, &seen, next, memory_order_relaxed, memory_order_relaxed)) return 0;
        }
    }
    return 0;
}

const char *limit_visitor(struct arena *a, const char *address)
{
    struct in6_addr v6;
    char network[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, address, &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6)) return address;
    memset(v6.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &v6, network, sizeof network);
    return arena_text(a, network, strlen(network));
}
