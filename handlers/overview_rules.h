/* overview_rules.h - weeks, bars and words of the overview. Without request or database. */
#ifndef HANDLERS_OVERVIEW_RULES_H
#define HANDLERS_OVERVIEW_RULES_H

#include "overview.h"

/* The Mondays, 0:00 in `zone` (zone.h), of the `n` weeks that end with the one of `now`, and the one after it: n + 1 moments. */
void overview_mondays(const char *zone, struct moment now, unsigned n, struct moment *mondays);

/* Bars of n numbers, as high as `most` makes them: anything above 0 is seen. */
void overview_bars(struct arena *a, struct chart *c, const uint64_t *numbers, size_t n, uint64_t most);

/* Whole percent; of nothing: 0. What is neither nothing nor all is shown as neither. */
unsigned overview_percent(uint64_t n, uint64_t whole);

/* "40 minutes", "5 hours", "3 days": as exact as people remember it. */
const char *overview_duration(const struct out *o, uint64_t seconds);

#endif
