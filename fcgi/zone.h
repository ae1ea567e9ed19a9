/* zone.h - the time zones of the system's tzdata, by their IANA names. */
#ifndef FCGI_ZONE_H
#define FCGI_ZONE_H

#include "types.h"

struct arena;

enum { ZONE_NAME_MOST = 64 };

/* Whether the machine knows a zone of this name. */
bool zone_known(const char *name);

/* Every name to choose from: UTC, then the zones of tzdata's table in the order of the alphabet. */
struct zone_list {
    const char **v;
    size_t n;
};
struct zone_list zone_names(struct arena *a);

/* Make localtime_r mean this zone, which is known, until the next call. False: it is UTC (or NULL), use gmtime_r. A process serves one
 * request at a time; nothing else in it asks for local time. */
bool zone_use(const char *name);

#endif
