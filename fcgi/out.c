/* out.c - see out.h. The page grows by doubling; escapers copy runs of harmless bytes at once. */
#include "out.h"

#include <string.h>

#include "arena.h"
#include "log.h"

enum { FIRST_ROOM = 512 };

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

void out_text_part(struct out *o, const char *p, const char *end)
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
        out_text_part(o, text, text + strlen(text));
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

void out_plain_part(struct out *o, const char *p, const char *end)
{
    out_controls_blank(o, p, end, true);
}

void out_plain(struct out *o, const char *text)
{
    if (text)
        out_plain_part(o, text, NULL);
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

void out_csrf(struct out *o)
{
    if (!o->csrf)
        log_bug("a post form in a page without a token");
    static const char before[] = "<input type=\"hidden\" name=\"csrf\" value=\"";
    out_raw(o, before, sizeof before - 1);
    out_text(o, o->csrf);
    out_raw(o, "\">", 2);
}

const char *out_text_of(struct out *o)
{
    if (o->n == o->room)
        out_grow(o, 1);
    o->p[o->n] = '\0';
    return o->p;
}
