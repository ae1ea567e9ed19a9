/* mail.h - one message, built whole: RFC 5322 with CRLF, multipart/alternative, quoted-printable UTF-8.
 *
 * Every octet that reaches a header is checked or encoded here (RFC 2047); libesmtp adds nothing. A message may show one picture, which it
 * brings along (RFC 2387, RFC 2392), so that reading it asks nobody for anything. The picture is put behind the message when it leaves:
 * mail that waits is small, and sealed without it.
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
    bool pictured;        /* the HTML shows mail_picture_url(id), and mail_picture must follow the message */
    const char *unsubscribe; /* List-Unsubscribe (RFC 2369): an address of ours without blanks; NULL: none */
    const char *host;     /* right side of the Message-ID */
    struct id id;         /* left side, and the MIME boundary */
    struct moment date;
};

/* The message, ready for DATA (not dot-stuffed), owned by the arena. An address with a forbidden octet is our bug
 * (addresses come from address_parse): abort. */
struct bytes mail_build(struct arena *a, const struct mail *m);

/* Where the HTML of the message with this id finds its picture. */
struct url mail_picture_url(struct arena *a, struct id id);

/* What follows a pictured message: the picture, "image/png" say, and the message's end. Owned by the arena; four thirds of the image. */
struct bytes mail_picture(struct arena *a, struct id id, const char *type, struct bytes image);

/* Seal for the mailer: crypto_box_seal. `key` is the mailer's public key. */
struct bytes mail_seal(struct arena *a, struct bytes message, const uint8_t key[32]);

#endif
