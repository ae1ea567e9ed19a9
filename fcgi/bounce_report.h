/* bounce_report.h - a mail that came back: what its delivery status notification says. RFC 3464, RFC 3462. */
#ifndef FCGI_BOUNCE_REPORT_H
#define FCGI_BOUNCE_REPORT_H

#include "types.h"

struct arena;

enum { BOUNCE_REASON = 400 }; /* octets */

struct bounce_report {
    bool failed;        /* the mail was not delivered and nobody will try again (Action: failed); a delay is none */
    const char *reason; /* the mail server's words in one line of UTF-8, or the status; "" when it says nothing. Owned by the arena */
};

/* Whether the message holds a notification that can be read. Any octets are taken: whoever the mail went to may have written them. */
bool bounce_report_read(struct arena *a, struct bytes message, struct bounce_report *report);

#endif
