/* number.h - numbers as people read them, in the page's language. The texts belong to the arena. */
#ifndef FCGI_NUMBER_H
#define FCGI_NUMBER_H

#include "types.h"

struct out;

/* "12,345"; German "12.345", Polish "12 345" with blanks that do not break. */
const char *number_text(const struct out *o, uint64_t n);

/* The same up to `most`, which is as far as it was counted; "1,000+" for more. */
const char *number_up_to(const struct out *o, uint64_t n, uint64_t most);

/* "1.4" of 14 tenths. */
const char *number_tenths(const struct out *o, uint64_t tenths);

/* "999 B", "1.4 MB": decimal units. */
const char *number_size(const struct out *o, uint64_t octets);

#endif
