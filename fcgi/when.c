/* when.c - see when.h. */
#include "when.h"

#include "arena.h"
#include "out.h"
#include "zone.h"

#include <string.h>
#include <time.h>

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const months_short[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static struct tm broken(const char *zone, struct moment t)
{
    time_t seconds = (time_t)(t.us / 1000000);
    struct tm tm;
    if (zone_use(zone)) localtime_r(&seconds, &tm);
    else gmtime_r(&seconds, &tm);
    return tm;
}

/* Built by hand: dates stand on every page, and printf was a tenth of a page's time. */
static void two(struct out *to, int n)
{
    const char digits[2] = {(char)('0' + n / 10 % 10), (char)('0' + n % 10)};
    out_raw(to, digits, sizeof digits);
}

static void date_write(struct out *to, const struct out *o, const struct tm *tm, const char *month)
{
    const char *name = out_tr(o, month);
    out_i64(to, tm->tm_mday);
    out_raw(to, " ", 1);
    out_raw(to, name, strlen(name));
    out_raw(to, " ", 1);
    out_i64(to, tm->tm_year + 1900);
}

const char *when_date(const struct out *o, struct moment t)
{
    if (!t.us) return "";
    struct tm tm = broken(o->zone, t);
    struct out to;
    out_init(&to, o->arena);
    date_write(&to, o, &tm, months[tm.tm_mon]);
    return out_text_of(&to);
}

const char *when_date_short(const struct out *o, struct moment t)
{
    if (!t.us) return "";
    struct tm tm = broken(o->zone, t);
    struct out to;
    out_init(&to, o->arena);
    date_write(&to, o, &tm, months_short[tm.tm_mon]);
    return out_text_of(&to);
}

/* " UTC"; " CET (UTC+1)", because a name of three letters is several zones' name; " UTC+5:45" where the zone has but a number. */
static void zone_write(struct out *to, const struct tm *tm)
{
    long minutes = tm->tm_gmtoff / 60, east = minutes < 0 ? -minutes : minutes;
    const char *name = tm->tm_zone && *tm->tm_zone >= 'A' && strcmp(tm->tm_zone, "GMT") != 0 ? tm->tm_zone : "UTC";
    bool named = minutes != 0 && strcmp(name, "UTC") != 0;
    out_raw(to, " ", 1);
    out_raw(to, name, strlen(name));
    if (named) out_raw(to, " (UTC", 5);
    if (minutes != 0) {
        out_raw(to, minutes < 0 ? "-" : "+", 1);
        out_i64(to, east / 60);
        if (east % 60) {
            out_raw(to, ":", 1);
            two(to, (int)(east % 60));
        }
    }
    if (named) out_raw(to, ")", 1);
}

const char *when_full(const struct out *o, struct moment t)
{
    if (!t.us) return "";
    struct tm tm = broken(o->zone, t);
    struct out to;
    out_init(&to, o->arena);
    date_write(&to, o, &tm, months[tm.tm_mon]);
    out_raw(&to, ", ", 2);
    two(&to, tm.tm_hour);
    out_raw(&to, ":", 1);
    two(&to, tm.tm_min);
    zone_write(&to, &tm);
    return out_text_of(&to);
}

const char *when_machine(const struct out *o, struct moment t)
{
    if (!t.us) return "";
    struct tm tm = broken(NULL, t);
    const int parts[] = {tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec};
    struct out to;
    out_init(&to, o->arena);
    two(&to, (tm.tm_year + 1900) / 100);
    two(&to, (tm.tm_year + 1900) % 100);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        out_raw(&to, &"--T::"[i], 1);
        two(&to, parts[i]);
    }
    out_raw(&to, "Z", 1);
    return out_text_of(&to);
}
