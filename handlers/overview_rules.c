/* overview_rules.c - see overview_rules.h. */
#include "overview_rules.h"

#include "arena.h"
#include "zone.h"

#include <time.h>

/* The C library knows how long each day is where the clock changes. */
void overview_mondays(const char *zone, struct moment now, unsigned n, struct moment *mondays)
{
    time_t seconds = (time_t)(now.us / 1000000);
    bool local = zone_use(zone);
    struct tm today;
    if (local) localtime_r(&seconds, &today);
    else gmtime_r(&seconds, &today);
    int monday = today.tm_mday - (today.tm_wday + 6) % 7;
    for (unsigned i = 0; i <= n; i++) {
        struct tm day = {.tm_year = today.tm_year, .tm_mon = today.tm_mon, .tm_mday = monday + 7 * ((int)i + 1 - (int)n), .tm_isdst = -1};
        mondays[i].us = (int64_t)(local ? mktime(&day) : timegm(&day)) * 1000000;
    }
}

void overview_bars(struct arena *a, struct chart *c, const uint64_t *numbers, size_t n, uint64_t most)
{
    enum { LEAST = 3 };
    c->bars.v = arena_alloc(a, n * sizeof *c->bars.v);
    c->bars.n = n;
    double step = 100.0 / (double)n;
    for (size_t i = 0; i < n; i++) {
        unsigned height = most ? (unsigned)((double)numbers[i] / (double)most * CHART_HEIGHT + .5) : 0;
        if (numbers[i] && height < LEAST) height = LEAST;
        c->bars.v[i] = (struct chart_bar){.x = arena_printf(a, "%.2f%%", (double)i * step + step * .1),
                                          .width = arena_printf(a, "%.2f%%", step * .8),
                                          .y = CHART_HEIGHT - height,
                                          .height = height};
        c->total += numbers[i];
    }
}

unsigned overview_percent(uint64_t n, uint64_t whole)
{
    if (!whole) return 0;
    unsigned percent = (unsigned)((double)n / (double)whole * 100 + .5);
    if (n && !percent) return 1;
    return n < whole && percent >= 100 ? 99 : percent;
}

const char *overview_duration(const struct out *o, uint64_t seconds)
{
    enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
    unsigned minutes = (unsigned)((seconds + MINUTE / 2) / MINUTE), hours = (unsigned)((seconds + HOUR / 2) / HOUR), days = (unsigned)((seconds + DAY / 2) / DAY);
    if (!minutes) minutes = 1;
    if (seconds < 90 * MINUTE) return arena_printf(o->arena, out_trn(o, "%u minute", "%u minutes", minutes), minutes);
    if (seconds < 36 * HOUR) return arena_printf(o->arena, out_trn(o, "%u hour", "%u hours", hours), hours);
    return arena_printf(o->arena, out_trn(o, "%u day", "%u days", days), days);
}
