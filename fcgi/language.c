/* language.c - see language.h. */
#include "language.h"

#include "out.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* gettext looks in FOLDER/<the process's locale>/LC_MESSAGES; the process speaks C.UTF-8, which alone is on every Debian. */
#define CATALOGUE "%s/C.UTF-8/LC_MESSAGES/%s.mo"
#define NARROW_SPACE "\xe2\x80\xaf"
#define SPACE "\xc2\xa0"

enum { RANGES_MOST = 32 };

#define TAG(text) .tag = text, .choose = "?lang=" text

static const struct language all[] = {
    {TAG("en"), .name = "English", .decimal = ".", .group = ",", .group_from = 4},
    {TAG("de"), .name = "Deutsch", .domain = "invited-de", .decimal = ",", .group = ".", .group_from = 4},
    {TAG("fr"), .name = "Français", .domain = "invited-fr", .decimal = ",", .group = NARROW_SPACE, .group_from = 4, .first_day = "1er"},
    {TAG("pl"), .name = "Polski", .domain = "invited-pl", .decimal = ",", .group = SPACE, .group_from = 5},
    {TAG("ar"), .name = "العربية", .domain = "invited-ar", .decimal = ".", .group = ",", .group_from = 4, .rtl = true},
    /* For tests: every sentence in brackets, so that one without was never translated (tests/pseudo). */
    {TAG("en-XA"), .name = "[Ëñğļîšĥ]", .domain = "invited-en-XA", .decimal = ".", .group = ",", .group_from = 4},
};

enum { ALL = sizeof all / sizeof *all };
_Static_assert(sizeof all / sizeof *all <= (size_t)LANGUAGES_MOST, "room for every language");

static const struct language *offered[ALL];
static size_t n_offered;
const char *language_tags[LANGUAGES_MOST + 1] = {"en"};
const char *language_choices[LANGUAGES_MOST + 2] = {"", "en"};

static bool available(const struct language *l, const char *folder)
{
    char path[512];
    if (!l->domain) return true;
    int n = snprintf(path, sizeof path, CATALOGUE, folder, l->domain);
    return n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}

void languages_open(const char *catalogue_dir)
{
    unsetenv("LANGUAGE"); /* gettext would prefer it to the locale */
    n_offered = 0;
    memset(language_tags, 0, sizeof language_tags);
    memset(language_choices, 0, sizeof language_choices);
    language_choices[0] = "";
    for (size_t i = 0; i < ALL; i++) {
        if (!available(&all[i], catalogue_dir)) continue;
        if (all[i].domain) {
            bindtextdomain(all[i].domain, catalogue_dir);
            bind_textdomain_codeset(all[i].domain, "UTF-8");
        }
        language_tags[n_offered] = language_choices[n_offered + 1] = all[i].tag;
        offered[n_offered++] = &all[i];
    }
}

struct language_list languages(void)
{
    return (struct language_list){offered, n_offered};
}

static const struct language *find(const char *tag, size_t n)
{
    for (size_t i = 0; i < n_offered; i++)
        if (strlen(offered[i]->tag) == n && strncasecmp(offered[i]->tag, tag, n) == 0) return offered[i];
    return NULL;
}

const struct language *language_find(const char *tag)
{
    return tag ? find(tag, strlen(tag)) : NULL;
}

const struct language *language_of(const struct out *o)
{
    return o->language ? o->language : &all[0];
}

/* ---- Accept-Language ---- */

struct range {
    const char *p;
    size_t n;
    unsigned q; /* thousandths */
};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The weight behind a range, up to `end`: "; q=0.7". What is none is 0, so that nobody guesses. */
static unsigned weight(const char *p, const char *end)
{
    while (p < end && blank(*p)) p++;
    if (p == end) return 1000;
    if (*p++ != ';') return 0;
    while (p < end && blank(*p)) p++;
    if (end - p < 3 || (*p != 'q' && *p != 'Q') || p[1] != '=' || (p[2] != '0' && p[2] != '1')) return 0;
    unsigned q = (unsigned)(p[2] - '0') * 1000, digit = 100;
    p += 3;
    if (p < end && *p == '.')
        for (p++; p < end && *p >= '0' && *p <= '9' && digit; p++, digit /= 10) q += (unsigned)(*p - '0') * digit;
    while (p < end && blank(*p)) p++;
    return p == end && q <= 1000 ? q : 0;
}

/* The ranges, heaviest first, those of one weight as they came. */
static size_t ranges_read(const char *header, struct range ranges[RANGES_MOST])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-*";
    size_t n = 0;
    for (const char *p = header; *p && n < RANGES_MOST;) {
        while (blank(*p) || *p == ',') p++;
        const char *end = p + strcspn(p, ",");
        struct range range = {.p = p, .n = strspn(p, letters)};
        range.q = weight(p + range.n, end);
        p = end;
        if (!range.n) continue;
        size_t at = n++;
        for (; at > 0 && ranges[at - 1].q < range.q; at--) ranges[at] = ranges[at - 1];
        ranges[at] = range;
    }
    return n;
}

/* "de-CH-1996", "de-CH", "de": the last subtag goes. RFC 4647 takes a single letter before it along: no tag of ours ends in one. */
static const struct language *range_lookup(struct range range)
{
    while (range.n) {
        const struct language *l = find(range.p, range.n);
        if (l) return l;
        do
            range.n--;
        while (range.n && range.p[range.n] != '-');
    }
    return NULL;
}

static bool refused(const struct language *l, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ranges[i].q == 0 && strlen(l->tag) == ranges[i].n && strncasecmp(l->tag, ranges[i].p, ranges[i].n) == 0) return true;
    return false;
}

const struct language *language_lookup(const char *header)
{
    struct range ranges[RANGES_MOST];
    size_t n = header ? ranges_read(header, ranges) : 0;
    for (size_t i = 0; i < n && ranges[i].q > 0; i++) {
        const struct language *l = range_lookup(ranges[i]);
        if (l && !refused(l, ranges, n)) return l;
    }
    return NULL;
}
