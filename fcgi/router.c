/* router.c - see router.h. */
#include "router.h"

#include "arena.h"
#include "log.h"

#include <string.h>

/* Whether `path` has the form of `pattern`; the places of {…} are left in segment[] as pointer and length. */
static bool matches(const char *pattern, const char *path, const char *segment[ROUTER_SEGMENTS], size_t length[ROUTER_SEGMENTS])
{
    size_t n = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++) return false;
            continue;
        }
        size_t size = strcspn(path, "/");
        if (size == 0) return false;
        segment[n] = path;
        length[n++] = size;
        path += size;
        pattern = strchr(pattern, '}') + 1;
    }
    return *path == 0;
}

struct router_match router_find(struct arena *a, const struct route *routes, enum method method, const char *path)
{
    struct router_match found = {0};
    if (*path != '/') return found;
    for (const struct route *route = routes; route->name; route++) {
        if (route->path[1] != path[1] && route->path[1] != '{') continue; /* most of the table, at the cost of one look */
        const char *segment[ROUTER_SEGMENTS] = {0};
        size_t length[ROUTER_SEGMENTS];
        if (!matches(route->path, path, segment, length)) continue;
        if (route->method != method) {
            found.allow = found.allow ? "GET, HEAD, POST" : route->method == METHOD_GET ? "GET, HEAD" : "POST";
            continue;
        }
        found.route = route;
        for (size_t i = 0; i < ROUTER_SEGMENTS && segment[i]; i++) found.segment[i] = arena_text(a, segment[i], length[i]);
        break;
    }
    return found;
}

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcmp(path + n - m, end) == 0;
}

void router_check(const struct route *routes)
{
    for (const struct route *route = routes; route->name; route++) {
        if (route->permission == PERMIT_UNSET || !route->handle) log_bug("route %s has no permission or no handler", route->name);
        if (route->pool == POOL_LONG && strncmp(route->path, "/export/", 8) != 0 && !ends_in(route->path, "/upload"))
            log_bug("route %s: nginx gives long waits and long bodies to addresses below /export/ and to those that end in /upload (invited-locations.conf)", route->name);
        if (route->body == BODY_STREAM && (route->pool != POOL_LONG || !route->fields)) log_bug("route %s takes a file: it belongs to the long workers", route->name);
        for (const struct route *other = routes; other != route; other++)
            if (other->method == route->method && strcmp(other->path, route->path) == 0) log_bug("%s and %s are the same address", other->name, route->name);
    }
}
