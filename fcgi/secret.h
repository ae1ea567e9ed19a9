/* secret.h - the installation's one key and what is derived from it.
 *
 * Tokens, session cookies and CSRF fields are random or keyed BLAKE2b (ASVS 11.4, 7.2): what the database holds cannot
 * be turned into a link, and a hash of one purpose never matches another.
 */
#ifndef FCGI_SECRET_H
#define FCGI_SECRET_H

#include "types.h"

struct arena;

enum { SECRET_TEXT = 43 }; /* 32 octets in base64url without padding */

enum secret_purpose {
    SECRET_INVITATION = 1, SECRET_PASSWORD, SECRET_SESSION, SECRET_CSRF, SECRET_ADDRESS, SECRET_NEVER, SECRET_BOUNCE, SECRET_JOIN, SECRET_PLACE, SECRET_VERIFY,
    SECRET_BROWSER, SECRET_LIMIT
};

/* Reads a key file: 64 hexadecimal digits in one line. False (logged, with the path and the cure) when it cannot. */
bool secret_read_key(const char *path, uint8_t key[32]);

/* Load the installation's key and derive a key for each purpose, in locked memory. */
bool secret_load(const char *path);

/* A fresh secret of 256 random bits as SECRET_TEXT characters, for a cookie. */
const char *secret_new(struct arena *a);

/* One of 255 random bits for a link in a mail: letters, digits and "_", so that it is one word there. */
const char *secret_new_link(struct arena *a);

/* Whether a text has the form of a secret; nothing else is looked up. */
bool secret_well_formed(const char *text);

/* What is stored in place of a secret. */
struct hash secret_hash(enum secret_purpose purpose, const char *text);

/* The same as text, e.g. for the CSRF field. */
const char *secret_hash_text(struct arena *a, enum secret_purpose purpose, const char *text);

/* A text that only this installation can make or read, for a link: the same text gives the same link, of another purpose another one.
 * base64url in one word, about a third longer than the text and 54 characters more. */
const char *secret_seal(struct arena *a, enum secret_purpose purpose, const char *text);

/* The text again; NULL for whatever secret_seal of this purpose did not make. */
const char *secret_open(struct arena *a, enum secret_purpose purpose, const char *sealed);

/* Equal, in constant time. */
bool secret_equal(const char *a, const char *b);

/* A random public id, and its 32 hexadecimal digits. */
struct id id_new(void);
const char *id_text(struct arena *a, struct id id);
bool id_from_text(const char *text, struct id *id);
bool id_equal(struct id a, struct id b);

#endif
