/* pool.c - see pool.h. */
#include "pool.h"

#include <stddef.h>
#include <string.h>

static const struct pool_key {
    const char *name;
    size_t socket, workers, seconds; /* where they stand in struct config */
} pools[POOLS_SERVING] = {
    [POOL_WEB] = {"web", offsetof(struct config, web_socket), offsetof(struct config, web_workers), offsetof(struct config, request_seconds)},
    [POOL_AUTH] = {"auth", offsetof(struct config, auth_socket), offsetof(struct config, auth_workers), offsetof(struct config, request_seconds)},
    [POOL_LONG] = {"long", offsetof(struct config, long_socket), offsetof(struct config, long_workers), offsetof(struct config, long_seconds)},
};

const char *pool_name(enum scoreboard_pool pool)
{
    return pool < POOLS_SERVING ? pools[pool].name : "mailer";
}

const char *pool_socket(const struct config *c, enum scoreboard_pool pool)
{
    return pool < POOLS_SERVING ? *(const char *const *)((const char *)c + pools[pool].socket) : NULL;
}

unsigned pool_workers(const struct config *c, enum scoreboard_pool pool)
{
    return pool < POOLS_SERVING ? *(const unsigned *)((const char *)c + pools[pool].workers) : c->mailer;
}

unsigned pool_seconds(const struct config *c, enum scoreboard_pool pool)
{
    return pool < POOLS_SERVING ? *(const unsigned *)((const char *)c + pools[pool].seconds) : c->request_seconds;
}

bool pool_sockets_keep(struct config *next, const struct config *now)
{
    bool same = true;
    for (unsigned p = 0; p < POOLS_SERVING; p++) {
        const char **there = (const char **)((char *)next + pools[p].socket), *here = pool_socket(now, (enum scoreboard_pool)p);
        if (strcmp(*there, here) != 0) same = false;
        *there = here;
    }
    return same;
}
