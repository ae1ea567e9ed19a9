/* mail.h - one message, built whole: RFC 5322 with CRLF, multipart/alternative, quoted-printable UTF-8.
 *
 * Every octet that reaches a header is checked or encoded here (RFC 2047); libesmtp adds nothing.
 */
#ifndef FCGI_MAIL_H
#define FCGI_MAIL_H

#include "types.h"

struct arena;

struct mail {
    const char *from_name, *from; /* "Northwind via Portal", invites@… */
    const char *to;               /* address as typed */
    const char *reply_to_name, *reply_to; /* or NULL */
    const char *subject;  /* UTF-8; controls become blanks */
    const char *language; /* Content-Language, e.g. "en" */
    const char *text, *html; /* UTF-8, LF lines */
    const char *unsubscribe; /* List-Unsubscribe (RFC 2369): an address of ours without blanks; NULL: none */
    const char *host;     /* right side of the Message-ID */
    struct id id;         /* left side, and the MIME boundary */
    struct moment date;
};

/* The message, ready for DATA (not dot-stuffed), owned by the arena. An address with a forbidden octet is our bug
 * (addresses come from address_parse): abort. */
struct bytes mail_build(struct arena *a, const struct mail *m);

/* Seal for the mailer: crypto_box_seal. `key` is the mailer's public key. */
struct bytes mail_seal(struct arena *a, struct bytes message, const uint8_t key[32]);

#endif
