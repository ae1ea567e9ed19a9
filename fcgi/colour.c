/* colour.c - see colour.h. */
#include "colour.h"

#include <math.h>
#include <string.h>

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool colour_parse(const char *text, struct colour *c)
{
    uint8_t part[3];
    if (strlen(text) != 7 || text[0] != '#') return false;
    for (size_t i = 0; i < 3; i++) {
        int high = hex(text[1 + 2 * i]), low = hex(text[2 + 2 * i]);
        if (high < 0 || low < 0) return false;
        part[i] = (uint8_t)(high << 4 | low);
    }
    *c = (struct colour){part[0], part[1], part[2]};
    return true;
}

/* WCAG 2.2, "relative luminance", of one sRGB channel. */
static double linear(uint8_t channel)
{
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(struct colour c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

unsigned colour_contrast(struct colour a, struct colour b)
{
    double one = luminance(a), other = luminance(b);
    double ratio = (fmax(one, other) + 0.05) / (fmin(one, other) + 0.05);
    return (unsigned)(ratio * 100 + 1e-9); /* 21:1 is 2100 in spite of binary fractions */
}

struct colour colour_darker(struct colour c)
{
    return (struct colour){(uint8_t)(c.r * 4 / 5), (uint8_t)(c.g * 4 / 5), (uint8_t)(c.b * 4 / 5)};
}
