/* given.h - what the views of tests/views are given: one of everything, most of it naughty. */
#ifndef TESTS_VIEWS_GIVEN_H
#define TESTS_VIEWS_GIVEN_H

#include "colour.h"
#include "types.h"

struct row {
    const char *name;
    uint64_t n;
    struct id id;
    bool on;
};

struct row_list {
    struct row *v;
    size_t n;
};

struct given {
    const char *plain, *naughty, *script, *utf8, *none, *empty, *dot, *dots, *host, *lines, *newline, *format;
    uint64_t biggest;
    int64_t smallest;
    unsigned count;
    unsigned char octet;
    short little;
    bool yes, no;
    char array[8];
    struct id id;
    struct url url, no_url;
    struct colour colour;
    struct row_list rows, no_rows;
};

#endif
