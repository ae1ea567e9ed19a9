/* router.h - from method and path to one line of handlers/routes.c. */
#ifndef FCGI_ROUTER_H
#define FCGI_ROUTER_H

#include "app.h"

enum { ROUTER_SEGMENTS = 3 };

struct router_match {
    const struct route *route; /* NULL: none */
    const char *segment[ROUTER_SEGMENTS]; /* the {…}, owned by the arena */
    const char *allow; /* when the path exists for another method: the Allow header; else NULL */
};

struct arena;

/* `path` as it came, undecoded: our addresses need no %-escapes, and a segment with one is no id and no secret, which its handler
 * says in its own words (a damaged link of a mail is not "Page not found"). */
struct router_match router_find(struct arena *a, const struct route *routes, enum method method, const char *path);

/* Ends the process with a message when a route has no permission, no handler, or two routes are the same. */
void router_check(const struct route *routes);

#endif
