/* when.c - see when.h. */
#include "when.h"

#include "arena.h"
#include "language.h"
#include "out.h"
#include "zone.h"

#include <string.h>
#include <time.h>

/* TRANSLATORS: {day} and {year} become numbers; the month in the form that stands in a date. */
static const char *const dates[] = {
    N_("{day} January {year}"), N_("{day} February {year}"), N_("{day} March {year}"), N_("{day} April {year}"),
    N_("{day} May {year}"), N_("{day} June {year}"), N_("{day} July {year}"), N_("{day} August {year}"),
    N_("{day} September {year}"), N_("{day} October {year}"), N_("{day} November {year}"), N_("{day} December {year}"),
};
/* The same with short months. */
static const char *const dates_short[] = {
    N_("{day} Jan {year}"), N_("{day} Feb {year}"), N_("{day} Mar {year}"), N_("{day} Apr {year}"),
    N_("{day} May {year}"), N_("{day} Jun {year}"), N_("{day} Jul {year}"), N_("{day} Aug {year}"),
    N_("{day} Sep {year}"), N_("{day} Oct {year}"), N_("{day} Nov {year}"), N_("{day} Dec {year}"),
};

/* TRANSLATORS: time zones with a name of their own in some languages: German MEZ and MESZ for CET and CEST. */
static const char *const zones[] = {N_("CET"), N_("CEST"), N_("EET"), N_("EEST"), N_("WET"), N_("WEST")};

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

/* A translator's pattern: {name} becomes what is written for it, an unknown one stays as it is. */
struct part {
    const char *name;
    struct out *text; /* NULL: the number */
    int number;
};

static void pattern_write(struct out *to, const char *pattern, const struct part *parts, size_t n)
{
    for (const char *p = pattern, *open; *p; p = open) {
        open = p + strcspn(p + (*p == '{'), "{") + (*p == '{');
        for (size_t i = 0; *p == '{' && i < n; i++) {
            size_t length = strlen(parts[i].name);
            if (strncmp(p + 1, parts[i].name, length) != 0 || p[1 + length] != '}') continue;
            if (parts[i].text) out_raw(to, parts[i].text->p, parts[i].text->n);
            else out_i64(to, parts[i].number);
            p += length + 2;
        }
        out_raw(to, p, (size_t)(open - p));
    }
}

static void date_write(struct out *to, const struct out *o, const struct tm *tm, const char *const patterns[12])
{
    const char *first = tm->tm_mday == 1 ? language_of(o)->first_day : NULL;
    struct out day;
    out_init(&day, o->arena);
    if (first) out_raw(&day, first, strlen(first));
    const struct part parts[] = {{"day", first ? &day : NULL, tm->tm_mday}, {"year", NULL, tm->tm_year + 1900}};
    pattern_write(to, out_tr(o, patterns[tm->tm_mon]), parts, sizeof parts / sizeof *parts);
}

static const char *date(const struct out *o, struct moment t, const char *const patterns[12])
{
    if (!t.us) return "";
    struct tm tm = broken(o->zone, t);
    struct out to;
    out_init(&to, o->arena);
    date_write(&to, o, &tm, patterns);
    return out_text_of(&to);
}

const char *when_date(const struct out *o, struct moment t)
{
    return date(o, t, dates);
}

const char *when_date_short(const struct out *o, struct moment t)
{
    return date(o, t, dates_short);
}

static const char *zone_word(const struct out *o, const char *name)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i], name) == 0) return out_tr(o, zones[i]);
    return name;
}

/* "UTC"; "CET (UTC+1)", because a name of three letters is several zones' name; "UTC+5:45" where the zone has but a number. */
static void zone_write(struct out *to, const struct out *o, const struct tm *tm)
{
    long minutes = tm->tm_gmtoff / 60, east = minutes < 0 ? -minutes : minutes;
    const char *name = tm->tm_zone && *tm->tm_zone >= 'A' && strcmp(tm->tm_zone, "GMT") != 0 ? zone_word(o, tm->tm_zone) : "UTC";
    bool named = minutes != 0 && strcmp(name, "UTC") != 0;
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
    struct out to, day, hour, zone;
    out_init(&to, o->arena);
    out_init(&day, o->arena);
    out_init(&hour, o->arena);
    out_init(&zone, o->arena);
    date_write(&day, o, &tm, dates);
    two(&hour, tm.tm_hour);
    out_raw(&hour, ":", 1);
    two(&hour, tm.tm_min);
    zone_write(&zone, o, &tm);
    const struct part parts[] = {{"date", &day, 0}, {"time", &hour, 0}, {"zone", &zone, 0}};
    /* TRANSLATORS: "2 December 2026, 15:05 CET (UTC+1)". */
    pattern_write(&to, out_tr(o, "{date}, {time} {zone}"), parts, sizeof parts / sizeof *parts);
    return out_text_of(&to);
}

/* The first `n` of month, day, hour, minute and second. `zone` NULL: UTC. */
static const char *machine(const struct out *o, const char *zone, struct moment t, size_t n, const char *end)
{
    if (!t.us) return "";
    struct tm tm = broken(zone, t);
    const int parts[] = {tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec};
    struct out to;
    out_init(&to, o->arena);
    two(&to, (tm.tm_year + 1900) / 100);
    two(&to, (tm.tm_year + 1900) % 100);
    for (size_t i = 0; i < n; i++) {
        out_raw(&to, &"--T::"[i], 1);
        two(&to, parts[i]);
    }
    out_raw(&to, end, strlen(end));
    return out_text_of(&to);
}

const char *when_machine(const struct out *o, struct moment t) { return machine(o, NULL, t, 5, "Z"); }

const char *when_minute(const struct out *o, struct moment t) { return machine(o, NULL, t, 4, "Z"); }

const char *when_day(const struct out *o, struct moment t) { return machine(o, o->zone, t, 2, ""); }

const char *when_date_in(struct out *o, struct moment t)
{
    return t.us ? out_time(o, when_date(o, t), when_day(o, t)) : "";
}

const char *when_full_in(struct out *o, struct moment t)
{
    return t.us ? out_time(o, when_full(o, t), when_minute(o, t)) : "";
}
