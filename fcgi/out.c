/* out.c - see out.h. The page grows by doubling; escapers copy runs of harmless bytes at once. */
#include "out.h"

#include <ctype.h>
#include <libintl.h>
#include <stdarg.h>
#include <string.h>

#include "arena.h"
#include "language.h"
#include "log.h"

enum { FIRST_ROOM = 512, RICH_ARGUMENTS = 9 };

static const char digits_hex[] = "0123456789ABCDEF";

/* 1: ends a run of harmless bytes in HTML. */
static const unsigned char special[256] = {
    ['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1,
};

void out_init(struct out *o, struct arena *arena)
{
    *o = (struct out){.arena = arena};
}

static void out_move(struct out *o, size_t room)
{
    char *p = arena_alloc(o->arena, room);
    if (o->n)
        memcpy(p, o->p, o->n);
    o->p = p;
    o->room = room;
}

void out_reserve(struct out *o, size_t room)
{
    if (room > o->room) out_move(o, room);
}

void out_grow(struct out *o, size_t more)
{
    size_t need, room = o->room ? o->room : FIRST_ROOM / 2;
    if (__builtin_add_overflow(o->n, more, &need) || need > SIZE_MAX / 4)
        log_bug("a page of more than half the memory");
    do
        room *= 2;
    while (room < need);
    out_move(o, room);
}

typedef unsigned char sixteen __attribute__((vector_size(16)));

static bool sixteen_harmless(const char *p)
{
    sixteen c;
    uint64_t half[2];
    memcpy(&c, p, sizeof c);
    sixteen bad = (sixteen)((c == '&') | (c == '<') | (c == '>') | (c == '"') | (c == '\''));
    memcpy(half, &bad, sizeof half);
    return !(half[0] | half[1]);
}

/* How far it is harmless. The last sixteen may overlap those before: most texts that are long enough are never walked byte by byte. */
static const char *harmless_end(const char *p, const char *end)
{
    if (end - p >= 16) {
        while (end - p >= 16 && sixteen_harmless(p))
            p += 16;
        if (end - p < 16 && sixteen_harmless(end - 16))
            return end;
    }
    while (p != end && !special[(unsigned char)*p])
        p++;
    return p;
}

static void out_escaped(struct out *o, const char *p, const char *end)
{
    for (;;) {
        const char *run = p;
        p = harmless_end(p, end);
        out_raw(o, run, (size_t)(p - run));
        if (p == end)
            return;
        switch (*p++) {
        case '&': out_raw(o, "&amp;", 5); break;
        case '<': out_raw(o, "&lt;", 4); break;
        case '>': out_raw(o, "&gt;", 4); break;
        case '"': out_raw(o, "&quot;", 6); break;
        case '\'': out_raw(o, "&#39;", 5); break;
        }
    }
}

void out_text(struct out *o, const char *text)
{
    if (text)
        out_escaped(o, text, text + strlen(text));
}

void out_u64(struct out *o, uint64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    out_raw(o, digits + at, sizeof digits - at);
}

void out_i64(struct out *o, int64_t n)
{
    if (n < 0)
        out_raw(o, "-", 1);
    out_u64(o, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void out_colour(struct out *o, struct colour c)
{
    static const char digits[] = "0123456789abcdef";
    const char text[7] = {'#', digits[c.r >> 4], digits[c.r & 15], digits[c.g >> 4], digits[c.g & 15], digits[c.b >> 4], digits[c.b & 15]};
    out_raw(o, text, sizeof text);
}

void out_url(struct out *o, struct url url)
{
    out_text(o, url.text);
}

/* RFC 3986, 2.3. */
static const unsigned char unreserved[256] = {
    ['a' ... 'z'] = 1, ['A' ... 'Z'] = 1, ['0' ... '9'] = 1, ['-'] = 1, ['.'] = 1, ['_'] = 1, ['~'] = 1,
};

void out_query(struct out *o, const char *text)
{
    for (const char *p = text; p && *p;) {
        const char *run = p;
        while (unreserved[(unsigned char)*p])
            p++;
        out_raw(o, run, (size_t)(p - run));
        if (*p) {
            unsigned char c = (unsigned char)*p++;
            out_raw(o, (char[]){'%', digits_hex[c >> 4], digits_hex[c & 15]}, 3);
        }
    }
}

void out_segment(struct out *o, const char *text)
{
    if (text && strcmp(text, ".") != 0 && strcmp(text, "..") != 0)
        out_query(o, text);
}

void out_segment_id(struct out *o, struct id id)
{
    static const char lower[] = "0123456789abcdef";
    char text[2 * sizeof id.b];
    for (size_t i = 0; i < sizeof id.b; i++) {
        text[2 * i] = lower[id.b[i] >> 4];
        text[2 * i + 1] = lower[id.b[i] & 15];
    }
    out_raw(o, text, sizeof text);
}

static bool control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

/* Lines: LF stays and CR goes; otherwise both are controls like the others, which become blanks. */
static void out_controls_blank(struct out *o, const char *p, const char *end, bool lines)
{
    while (p != end && *p) {
        const char *run = p;
        while (p != end && *p && (!control(*p) || (lines && *p == '\n')))
            p++;
        out_raw(o, run, (size_t)(p - run));
        if (p == end || !*p)
            return;
        if (!lines || *p != '\r')
            out_raw(o, " ", 1);
        p++;
    }
}

void out_plain(struct out *o, const char *text)
{
    if (text)
        out_controls_blank(o, text, NULL, true);
}

void out_plain_url(struct out *o, struct url url)
{
    out_plain(o, url.text);
}

void out_line(struct out *o, const char *text)
{
    if (text)
        out_controls_blank(o, text, NULL, false);
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
        out_controls_blank(o, p, end, true);
    else if (p)
        out_escaped(o, p, end ? end : p + strlen(p));
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

void out_csrf(struct out *o)
{
    if (!o->csrf)
        log_bug("a post form in a page without a token");
    static const char before[] = "<input type=\"hidden\" name=\"csrf\" value=\"";
    out_raw(o, before, sizeof before - 1);
    out_text(o, o->csrf);
    out_raw(o, "\">", 2);
}

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

const char *out_text_of(struct out *o)
{
    if (o->n == o->room)
        out_grow(o, 1);
    o->p[o->n] = '\0';
    return o->p;
}
