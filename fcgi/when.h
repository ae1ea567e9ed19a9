/* when.h - points in time as people read them, in the page's time zone, and as machines do, in UTC. The texts belong to the arena; ""
 * for never. */
#ifndef FCGI_WHEN_H
#define FCGI_WHEN_H

#include "types.h"

struct out;

/* "2 December 2026" and "2 Dec 2026". */
const char *when_date(const struct out *o, struct moment t);
const char *when_date_short(const struct out *o, struct moment t);

/* "2 December 2026, 14:05 UTC", "2 December 2026, 15:05 CET (UTC+1)": the zone always beside an hour, and what it means. */
const char *when_full(const struct out *o, struct moment t);

/* The same for a sentence of a page, which rich() puts into <time>. */
const char *when_date_in(struct out *o, struct moment t);
const char *when_full_in(struct out *o, struct moment t);

/* "2026-12-02T14:05:00Z", for programs; for <time datetime>, which is as exact as the words in it, "2026-12-02T14:05Z" of a minute, and
 * "2026-12-02" of a day, which is that of the page's time zone. */
const char *when_machine(const struct out *o, struct moment t);
const char *when_minute(const struct out *o, struct moment t);
const char *when_day(const struct out *o, struct moment t);

#endif
