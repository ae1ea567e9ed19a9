/* partner_rules.c - see partner_rules.h. */
#include "partner_rules.h"

#include "zone.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PAUSE_MOST_DAYS = 3650 };

/* A day begins an hour late where clocks are put forward at midnight: mktime may answer with the day before. */
static time_t day_begin(struct tm day, const char *zone)
{
    if (!zone_use(zone)) return timegm(&day);
    struct tm begin = day;
    begin.tm_isdst = -1;
    time_t t = mktime(&begin);
    return begin.tm_mday == day.tm_mday ? t : t + 3600;
}

const char *partner_pause_end(const char *text, const char *zone, struct moment now, struct moment *until)
{
    *until = (struct moment){0};
    if (!*text) return NULL;
    static const char wrong[] = N_("Enter a date like 2027-03-27");
    struct tm day = {0};
    if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 || sscanf(text, "%4d-%2d-%2d", &day.tm_year, &day.tm_mon, &day.tm_mday) != 3) return wrong;
    struct tm wanted = day;
    day.tm_year -= 1900;
    day.tm_mon -= 1;
    timegm(&day); /* which makes 3 March of 31 February */
    if (day.tm_year + 1900 != wanted.tm_year || day.tm_mon + 1 != wanted.tm_mon || day.tm_mday != wanted.tm_mday) return wrong;
    until->us = (int64_t)day_begin(day, zone) * 1000000;
    if (until->us <= now.us) return N_("Enter a date after today");
    if (until->us > now.us + (int64_t)PAUSE_MOST_DAYS * 86400 * 1000000) return N_("Enter a date within the next ten years");
    return NULL;
}

const char *partner_name_word(struct arena *a, const char **rest)
{
    static const char separators[] = " ,;.:&/+-()'\"";
    const char *p = *rest + strspn(*rest, separators);
    size_t n = strcspn(p, separators);
    *rest = p + n;
    return n ? arena_text(a, p, n) : NULL;
}

bool partner_word_tells(const char *word)
{
    static const char *const common[] = {"the", "and", "und", "ltd", "llc", "inc", "corp", "gmbh", "limited", "company",
                                         "group", "holding", "sarl", "srl", "spa", "plc", "der", "die", "das", "les", NULL};
    if (strlen(word) < 3) return false;
    for (const char *const *c = common; *c; c++)
        if (strcmp(*c, word) == 0) return false;
    return true;
}
