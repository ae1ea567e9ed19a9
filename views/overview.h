/* overview.h - what the overview is given to show. */
#ifndef VIEWS_OVERVIEW_H
#define VIEWS_OVERVIEW_H

#include "model.h"
#include "overview_rows.h"

/* A bar, as SVG wants it: "8.33%" of the width, pixels of the height. */
struct chart_bar {
    const char *x, *width;
    unsigned y, height;
};

enum { CHART_HEIGHT = 96 };

/* A picture of one number a week. Without a word in it: words are HTML beside it, which grow with the reader's text and never with the
 * picture. */
struct chart {
    const char *id;             /* "sent": its elements are sent-title and sent-words */
    const char *title, *words;  /* "Sent:", before the total; what it shows, for those who do not see it */
    uint64_t total;
    struct {
        struct chart_bar *v;
        size_t n;
    } bars;
};

/* One line of numbers with a bar for its share of a whole. */
struct share {
    const char *id;    /* of its picture's title */
    const char *name;  /* in the page's language */
    uint64_t n, whole;
    const char *words; /* "50%" */
    const char *width; /* the same, as SVG wants it */
    const char *title; /* "5 of 10" */
};

struct share_list {
    struct share *v;
    size_t n;
};

struct overview_line {
    struct moment begins;
    struct overview_week n;
};

struct overview_page {
    unsigned weeks;   /* the period */
    const char *kind; /* customer, supplier, "" for both */
    bool any;         /* anything was sent, accepted or expired, or came back */
    struct chart sent, accepted, expired;
    struct {
        struct overview_line *v;
        size_t n;
    } lines;            /* oldest first */
    const char *median; /* "2 days"; NULL: nothing was accepted */
    struct share_list steps, domains;
};

static inline bool overview_is(const struct overview_page *p, unsigned weeks)
{
    return p->weeks == weeks;
}

#endif
