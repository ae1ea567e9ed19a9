/* out_sentence.c - see out.h: sentences in the page's language, with values in them. */
#include "out.h"

#include <ctype.h>
#include <libintl.h>
#include <stdarg.h>
#include <string.h>

#include "arena.h"
#include "language.h"

enum { RICH_ARGUMENTS = 9 };

/* gettext answers "" with the catalogue's header, so "" never reaches it. */
const char *out_tr(const struct out *o, const char *msgid)
{
    return o->language && o->language->domain && *msgid ? dgettext(o->language->domain, msgid) : msgid;
}

/* As pgettext does: the context and the sentence are one key; what has no translation comes back as it is. */
const char *out_trc(const struct out *o, const char *context, const char *msgid)
{
    if (!o->language || !o->language->domain)
        return msgid;
    const char *key = arena_printf(o->arena, "%s\004%s", context, msgid), *told = dgettext(o->language->domain, key);
    return told == key ? msgid : told;
}

const char *out_trn(const struct out *o, const char *one, const char *many, unsigned long n)
{
    if (!o->language || !o->language->domain || !*one)
        return n == 1 ? one : many;
    return dngettext(o->language->domain, one, many, n);
}

/* At a '%': the argument's number (from 1) of "%s" or "%2$s", and its end. `next` counts the plain ones. 0: neither. */
static unsigned rich_argument(const char *p, unsigned *next, const char **end)
{
    if (p[1] == 's') {
        *end = p + 2;
        return ++*next <= RICH_ARGUMENTS ? *next : 0;
    }
    if (p[1] >= '1' && p[1] <= '0' + RICH_ARGUMENTS && p[2] == '$' && p[3] == 's') {
        *end = p + 4;
        return (unsigned)(p[1] - '0');
    }
    return 0;
}

/* The highest argument that the format names. */
static unsigned rich_arguments(const char *format)
{
    unsigned next = 0, most = 0;
    for (const char *p = format; *p;) {
        const char *end = p + 1;
        if (*p == '%') {
            unsigned number = rich_argument(p, &next, &end);
            if (number > most)
                most = number;
            if (!number && p[1] == '%')
                end = p + 2;
        }
        p = end;
    }
    return most;
}

/* U+2068, U+2069. */
#define ISOLATE "\u2068"
#define ISOLATE_END "\u2069"

const char *name_told(struct out *o, const char *name)
{
    size_t n = name ? strlen(name) : 0;
    bool whole = n && (isalpha((unsigned char)name[0]) || name[0] & 0x80) && (isalnum((unsigned char)name[n - 1]) || name[n - 1] & 0x80);
    return !n || whole || !language_of(o)->rtl ? name : arena_printf(o->arena, ISOLATE "%s" ISOLATE_END, name);
}

struct rich {
    bool plain, strong;
    const char *argument[RICH_ARGUMENTS];
};

static void rich_part(struct out *o, const struct rich *rich, const char *p, const char *end)
{
    if (p && rich->plain)
        out_plain_part(o, p, end);
    else if (p)
        out_text_part(o, p, end ? end : p + strlen(p));
}

struct out_time {
    const char *words, *machine;
    const struct out_time *next;
};

const char *out_time(struct out *o, const char *words, const char *machine)
{
    struct out_time *t = arena_alloc(o->arena, sizeof *t);
    *t = (struct out_time){words, machine, o->times};
    o->times = t;
    return words;
}

/* A name or an address may run the other way than the sentence: then it is isolated (Unicode TR 9), or "Smith Ltd.", two names in a row and
 * "+49 40 1" are drawn in another order. Numbers are not: their digits are the sentence's. D6 to DF begin what is written from the right. */
static bool rich_isolated(const struct out *o, const char *value)
{
    if (language_of(o)->rtl)
        return value[strspn(value, "0123456789.,")] != '\0';
    while (*value && ((unsigned char)*value < 0xd6 || (unsigned char)*value > 0xdf))
        value++;
    return *value != '\0';
}

static void rich_value(struct out *o, const struct rich *rich, const char *value)
{
    const struct out_time *t = rich->plain ? NULL : o->times;
    while (t && t->words != value)
        t = t->next;
    if (!t) {
        bool isolated = !rich->plain && value && rich_isolated(o, value);
        if (isolated)
            out_raw(o, "<bdi>", 5);
        rich_part(o, rich, value, NULL);
        if (isolated)
            out_raw(o, "</bdi>", 6);
        return;
    }
    out_raw(o, "<time datetime=\"", 16);
    out_text(o, t->machine);
    out_raw(o, "\">", 2);
    out_text(o, value);
    out_raw(o, "</time>", 7);
}

static void rich_star(struct out *o, struct rich *rich)
{
    if (rich->plain)
        return;
    rich->strong = !rich->strong;
    if (rich->strong)
        out_raw(o, "<strong>", 8);
    else
        out_raw(o, "</strong>", 9);
}

/* "Smith Ltd." at the end of a sentence is its full stop as well. */
static bool rich_stopped(const char *value)
{
    size_t n = value ? strlen(value) : 0;
    return n && value[n - 1] == '.';
}

static void rich_write(struct out *o, struct rich *rich, const char *format)
{
    unsigned next = 0;
    bool stopped = false;
    const char *run = format, *p = format;
    while (*p) {
        const char *end = p + 1;
        unsigned number = *p == '%' ? rich_argument(p, &next, &end) : 0;
        if (!number && *p == '%' && p[1] == '%') {
            rich_part(o, rich, run, p + 1);
            run = end = p + 2;
        } else if (number || *p == '*') {
            rich_part(o, rich, run, p);
            if (number) {
                rich_value(o, rich, rich->argument[number - 1]);
                stopped = rich_stopped(rich->argument[number - 1]);
            } else {
                rich_star(o, rich);
            }
            run = end;
        } else {
            if (stopped && p == run && *p == '.' && (p[1] == '\0' || p[1] == ' '))
                run = end;
            stopped = false;
        }
        p = end;
    }
    rich_part(o, rich, run, p);
    if (rich->strong) /* a translator's odd star must not swallow the page */
        rich_star(o, rich);
}

/* Numbered arguments ("%2$s") let translators change the order, so all are fetched first. */
#define RICH(is_plain)                                   \
    do {                                                 \
        struct rich rich = {.plain = (is_plain)};        \
        unsigned n = rich_arguments(format);             \
        va_list list;                                    \
        va_start(list, format);                          \
        for (unsigned i = 0; i < n; i++)                 \
            rich.argument[i] = va_arg(list, const char *); \
        va_end(list);                                    \
        rich_write(o, &rich, format);                    \
    } while (0)

void out_rich(struct out *o, const char *format, ...)
{
    RICH(false);
}

void out_rich_plain(struct out *o, const char *format, ...)
{
    RICH(true);
}
