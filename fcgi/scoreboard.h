/* scoreboard.h - shared memory between the master and its children: who serves what, since when.
 *
 * `pid` and `generation` are written by the master only; the rest by the child that owns the slot. Counters of
 * limit.c live in the same mapping.
 */
#ifndef FCGI_SCOREBOARD_H
#define FCGI_SCOREBOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SCOREBOARD_SLOTS = 256 };

/* Those that serve come first. */
enum scoreboard_pool { POOL_WEB, POOL_AUTH, POOL_LONG, POOL_MAILER, POOLS, POOLS_SERVING = POOL_MAILER };

struct scoreboard_slot {
    _Atomic pid_t pid;         /* 0: free */
    _Atomic int pool;          /* enum scoreboard_pool */
    _Atomic bool leave;        /* master's word: finish what you serve and end */
    _Atomic bool ready;        /* the child has begun to work */
    _Atomic uint64_t served;   /* requests, or mails */
    _Atomic uint64_t since_us; /* CLOCK_MONOTONIC of the current request's start; 0: idle */
    _Atomic(const char *) route; /* name of the route being served: text of the program's image, same in all children */
};

struct scoreboard {
    struct scoreboard_slot slot[SCOREBOARD_SLOTS];
};

#endif
