/* colour.h - a vendor's own colour, and whether people can read with it (WCAG 2.2, 1.4.3). Pure. */
#ifndef FCGI_COLOUR_H
#define FCGI_COLOUR_H

#include "types.h"

struct colour {
    uint8_t r, g, b;
};

/* What text must keep against what is behind it: 4.50, in hundredths. */
enum { COLOUR_CONTRAST_LEAST = 450 };

/* "#rrggbb". */
bool colour_parse(const char *text, struct colour *c);

/* The contrast ratio of WCAG 2.2 in hundredths, rounded down: 100 to 2100. */
unsigned colour_contrast(struct colour a, struct colour b);

/* A fifth darker, for what the pointer is over: its contrast with a light page is higher. */
struct colour colour_darker(struct colour c);

#endif
