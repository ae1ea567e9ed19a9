/* types.h - the small values that every folder speaks in.
 *
 * Text is always `const char *`: NUL-terminated, valid UTF-8, never holding a NUL
 * byte itself (the one parser of the form refuses it). What is not text is `struct bytes`.
 */
#ifndef FCGI_TYPES_H
#define FCGI_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sentence for translators that is kept as it is and translated where it is shown (out_tr). */
#define N_(text) text

/* Any octets. The memory belongs to whoever made them, mostly the request's arena. */
struct bytes {
    const void *p;
    size_t n;
};

/* A public identifier: 128 random bits (ASVS 11.5.1), stored as BINARY(16). */
struct id {
    uint8_t b[16];
};

/* A keyed BLAKE2b-256 of a secret, stored as BINARY(32). */
struct hash {
    uint8_t b[32];
};

/* A point in time: microseconds since 1970-01-01T00:00:00Z. 0 stands for "never" (SQL NULL). */
struct moment {
    int64_t us;
};

/* An address that is safe as a whole href, src or action. Only urls.c and url_web() make one. */
struct url {
    const char *text;
};

/* A company that a person may work for, as the switcher names it. */
struct own_company {
    struct id id;
    const char *name, *kind; /* vendor, customer, supplier */
    bool in_use;
};

struct own_company_list {
    struct own_company *v;
    size_t n;
};

#endif
