/* multipart.h - the one parser of multipart/form-data (RFC 7578, RFC 2046 5.1), fed with octets as they come.
 *
 * Strict: what no browser sends is refused (a preamble, an epilogue, padding behind a boundary, another header than
 * Content-Disposition and Content-Type, a part without a name, filename*). It holds a part's head and nothing else: what is in the
 * parts goes to the caller's functions in pieces of any size, so a file may stream to a disk.
 */
#ifndef FCGI_MULTIPART_H
#define FCGI_MULTIPART_H

#include "types.h"

struct arena;

enum { MULTIPART_PARTS = 64, MULTIPART_HEAD = 2048, MULTIPART_BOUNDARY = 70 };

/* One part's head. Texts belong to the arena and are good UTF-8 without control characters. */
struct multipart_part {
    const char *name;
    const char *file_name; /* as the browser gave it, "" where no file was chosen; NULL: a plain field */
    const char *type;      /* as the browser guessed it: believe the content; "" without */
};

/* Each of them refuses the whole body by returning false. */
struct multipart_sink {
    bool (*begin)(void *to, const struct multipart_part *part);
    bool (*data)(void *to, const void *p, size_t n); /* never n == 0 */
    bool (*end)(void *to);                           /* of the part */
    void *to;
};

struct multipart;

/* The boundary of a Content-Type; NULL: another type, or none that RFC 2046 allows. */
const char *multipart_boundary(struct arena *a, const char *content_type);

/* Lives in the arena. */
struct multipart *multipart_new(struct arena *a, const char *boundary, struct multipart_sink sink);

/* The next octets. False: refused, for good. */
bool multipart_feed(struct multipart *m, const void *p, size_t n);

/* Whether the last boundary has come: a body that was cut off is not whole. */
bool multipart_whole(const struct multipart *m);

#endif
