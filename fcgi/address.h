/* address.h - what counts as an e-mail address, and when two are the same.
 *
 * Rules: security.md, E-mail addresses. Identity is `canon`: domain in lower-case A-labels (IDNA 2008,
 * non-transitional), local part ASCII with A-Z folded by table; dots and +tags kept.
 */
#ifndef FCGI_ADDRESS_H
#define FCGI_ADDRESS_H

struct arena;

struct address {
    const char *typed; /* trimmed, as typed: what RCPT TO and people see; an IDN domain becomes A-labels */
    const char *canon; /* identity: stored in VARBINARY(254), compared bytewise */
    const char *domain; /* inside canon, after the @ */
};

/* NULL when `text` is an address, filled into *a; otherwise a sentence (msgid) that instructs the person. */
const char *address_parse(struct arena *arena, const char *text, struct address *a);

#endif
