/* scoreboard.h - shared memory between the master and its children: who serves what, since when.
 *
 * `pid` and `generation` are written by the master only; the rest by the child that owns the slot. The memory is a file that `invited
 * status` reads: so the master answers nobody and stays as simple as it is.
 */
#ifndef FCGI_SCOREBOARD_H
#define FCGI_SCOREBOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SCOREBOARD_SLOTS = 256, SCOREBOARD_ROUTES = 256, SCOREBOARD_NAME = 40 };

/* Those that serve come first. */
enum scoreboard_pool { POOL_WEB, POOL_AUTH, POOL_LONG, POOL_MAILER, POOLS, POOLS_SERVING = POOL_MAILER };

struct scoreboard_slot {
    _Atomic pid_t pid;         /* 0: free */
    _Atomic int pool;          /* enum scoreboard_pool */
    _Atomic bool leave;        /* master's word: finish what you serve and end */
    _Atomic bool ready;        /* the child has begun to work */
    _Atomic uint64_t served;   /* requests, or mails */
    _Atomic uint64_t since_us; /* CLOCK_MONOTONIC of the current request's start; 0: idle */
    _Atomic unsigned route;    /* the route being served: its place in the table of routes, from 1; 0: none */
};

struct scoreboard {
    uint64_t version;     /* of this struct: another program's board is not read */
    pid_t master;
    int64_t begun_us;     /* real time */
    char route[SCOREBOARD_ROUTES][SCOREBOARD_NAME]; /* names, for whoever reads this without the program's table */
    struct scoreboard_slot slot[SCOREBOARD_SLOTS];
};

/* The master's: in the file `path`, held under a lock while this process or a child of it lives. Where that cannot be, a warning says so
 * and the board is in nameless memory. Never NULL. */
struct scoreboard *scoreboard_new(const char *path);

/* The master ends: nobody looks for the file any more. */
void scoreboard_end(const char *path);

/* A running master's, read-only; NULL: none runs here, or another version of the program. */
const struct scoreboard *scoreboard_look(const char *path);

/* The name of a slot's route, or NULL. */
const char *scoreboard_route(const struct scoreboard *board, const struct scoreboard_slot *slot);

#endif
