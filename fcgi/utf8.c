/* utf8.c - see utf8.h. */
#include "utf8.h"

#include <stdint.h>
#include <string.h>

/* The code point at *p of at most n octets and its length, or 0 when it is not well-formed. */
static size_t decode(const unsigned char *p, size_t n, uint32_t *c)
{
    if (p[0] < 0x80) {
        *c = p[0];
        return 1;
    }
    size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || length > n) return 0;
    uint32_t code = p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) return 0;
        code = code << 6 | (p[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0;
    *c = code;
    return length;
}

bool utf8_good(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + n;
    while (p < end) {
        uint32_t c;
        size_t length = decode(p, (size_t)(end - p), &c);
        if (length == 0 || c == 0) return false;
        p += length;
    }
    return true;
}

size_t utf8_length(const char *text)
{
    size_t n = 0;
    for (; *text; text++) n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* Whether any code point of well-formed text satisfies `test`. */
static bool any(const char *text, bool (*test)(uint32_t))
{
    const unsigned char *p = (const unsigned char *)text;
    for (size_t n = strlen(text); n > 0;) {
        uint32_t c;
        size_t length = decode(p, n, &c);
        if (length == 0) return false;
        if (test(c)) return true;
        p += length;
        n -= length;
    }
    return false;
}

static bool control_but_lf(uint32_t c)
{
    return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static bool hidden(uint32_t c)
{
    static const uint32_t ranges[][2] = {{0xad, 0xad},       {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f},
                                         {0x202a, 0x202e},   {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xe0000, 0xe007f}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1]) return true;
    return false;
}

bool utf8_has_control(const char *text, bool lines)
{
    return any(text, control_but_lf) || (!lines && strchr(text, '\n'));
}

bool utf8_has_hidden(const char *text)
{
    return any(text, hidden);
}
