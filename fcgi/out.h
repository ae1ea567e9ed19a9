/* out.h - a growing page, and every escaper there is.
 *
 * Output grows in the request's arena and cannot fail. Views are the only callers of the escapers: viewc
 * chooses one by the place in the HTML, the compiler chooses by the C type. out_raw takes what the view's
 * author wrote, never a value.
 */
#ifndef FCGI_OUT_H
#define FCGI_OUT_H

#include "colour.h"
#include "types.h"

#include <string.h>

struct arena;
struct language;

struct out {
    struct arena *arena;
    char *p; /* not NUL-terminated until out_text_of */
    size_t n, room;
    const char *csrf;     /* the request's token, for every <form method="post">; NULL in mail */
    const struct language *language; /* NULL: English */
    const char *zone;     /* in which times are told (zone.h); NULL: UTC */
    const struct out_time *times; /* the words that out_rich puts into <time> */
};

void out_init(struct out *o, struct arena *arena);

/* Make room for so many octets at once, for what is known to become long. */
void out_reserve(struct out *o, size_t room);

/* Make room for `more` octets after what is there. */
void out_grow(struct out *o, size_t more);

/* The author's own bytes. Here, because views do little else: of a piece whose length is known the compiler makes a few moves. */
static inline void out_raw(struct out *o, const char *p, size_t n)
{
    if (n > o->room - o->n)
        out_grow(o, n);
    if (n)
        memcpy(o->p + o->n, p, n);
    o->n += n;
}

/* Text and quoted attribute values: & < > " ' become references. NULL writes nothing. */
void out_text(struct out *o, const char *text);
void out_text_part(struct out *o, const char *p, const char *end);
void out_u64(struct out *o, uint64_t n);
void out_i64(struct out *o, int64_t n);

/* The same for people: divided as the page's language does ("12,345"; number.c). */
void out_number(struct out *o, uint64_t n);
void out_number_signed(struct out *o, int64_t n);

/* A whole-URL attribute. */
void out_url(struct out *o, struct url url);

/* A piece inside a URL whose beginning the author wrote: everything but RFC 3986 unreserved is percent-encoded.
 * A path segment or a query value. Refuses (writes nothing for) "." and ".." in a path. */
void out_segment(struct out *o, const char *text);
void out_segment_id(struct out *o, struct id id);

/* The same behind the author's ? or #, where "." and ".." are words like others. */
void out_query(struct out *o, const char *text);

/* Plain text of a mail: as is, but CR dropped and other controls made blanks, LF kept. */
void out_plain(struct out *o, const char *text);
void out_plain_part(struct out *o, const char *p, const char *end); /* end NULL: to the NUL */
void out_plain_url(struct out *o, struct url url);

/* One line of plain text (a mail's subject): every control, CR and LF included, becomes a blank. */
void out_line(struct out *o, const char *text);

/* In a mail's style attribute, where nothing else may stand: "#0a58a6". */
void out_colour(struct out *o, struct colour c);

/* A sentence for translators: `format` (translated) with %s for the next argument, %% and *strong*; everything
 * escaped. Only %s and %% are known. Where an argument ends with a full stop, the sentence's own is left out. An argument
 * that runs the other way than the sentence stands in <bdi>. In plain text the stars are dropped. */
void out_rich(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_rich_plain(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A name in a title, where no element can isolate it: as it is, or between U+2068 and U+2069 in a page from the right if it begins or ends with
 * what would be drawn on its other side ("Smith Ltd."). */
const char *name_told(struct out *o, const char *name);

/* `words`, known from now on as a point in time: as an argument of out_rich they stand in <time datetime="machine">. */
const char *out_time(struct out *o, const char *words, const char *machine);

/* <input type="hidden" name="csrf" value="…">; a post form in a page without a token is our bug: abort. */
void out_csrf(struct out *o);

/* The sentence in the page's language. */
const char *out_tr(const struct out *o, const char *msgid) __attribute__((format_arg(2)));
/* The same where one English word is two of another language: `context` is what translators are told (msgctxt), not shown. */
const char *out_trc(const struct out *o, const char *context, const char *msgid) __attribute__((format_arg(3)));
const char *out_trn(const struct out *o, const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(2), format_arg(3)));

/* What viewc writes: the C type of x chooses the escaper among those of the place; another type does not compile. */
#define OUT_UNSIGNED(f) unsigned char: f, unsigned short: f, unsigned: f, unsigned long: f, unsigned long long: f
#define OUT_SIGNED(f) signed char: f, short: f, int: f, long: f, long long: f
#define OUT_STRING(f) char *: f, const char *: f

/* Element content: people read it, so numbers are theirs. */
#define out_value(o, x) \
    _Generic((x), OUT_STRING(out_text), OUT_UNSIGNED(out_number), OUT_SIGNED(out_number_signed), struct url: out_url)((o), (x))
/* A quoted attribute that is not a URL: machines read its numbers. */
#define out_attribute_value(o, x) \
    _Generic((x), OUT_STRING(out_text), OUT_UNSIGNED(out_u64), OUT_SIGNED(out_i64))((o), (x))
#define out_style_value(o, x) _Generic((x), struct colour: out_colour)((o), (x))
/* In a URL that the author began: its path, and behind ? or #. */
#define out_segment_value(o, x) \
    _Generic((x), OUT_STRING(out_segment), struct id: out_segment_id, OUT_UNSIGNED(out_u64))((o), (x))
#define out_query_value(o, x) \
    _Generic((x), OUT_STRING(out_query), struct id: out_segment_id, OUT_UNSIGNED(out_u64))((o), (x))
/* Mail. */
#define out_plain_value(o, x) \
    _Generic((x), OUT_STRING(out_plain), OUT_UNSIGNED(out_number), OUT_SIGNED(out_number_signed), struct url: out_plain_url) \
    ((o), (x))
#define out_line_value(o, x) \
    _Generic((x), OUT_STRING(out_line), OUT_UNSIGNED(out_number), OUT_SIGNED(out_number_signed))((o), (x))

/* All of it as NUL-terminated text, owned by the arena. */
const char *out_text_of(struct out *o);

#endif
