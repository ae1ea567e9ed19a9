/* smtp_wire.h - watches what passes between libesmtp and the server, and ends a conversation that is not in order.
 *
 * libesmtp believes too much and tells too little: it connects without a time limit, goes on after a failed AUTH, takes
 * answers that nobody asked for, reads long lines as several. Its monitor callback shows every octet before it acts
 * on it, and its connect() is ours, so the cure needs no change in the library.
 */
#ifndef FCGI_SMTP_WIRE_H
#define FCGI_SMTP_WIRE_H

#include "smtp.h"

struct smtp_wire {
    const struct smtp_options *options;
    int fd;              /* of the conversation; libesmtp closes it */
    int64_t started_ms;  /* the session */
    int64_t asked_ms;    /* since when we wait for the server */
    bool connected;      /* ever */
    bool tls;            /* the handshake was good */
    bool authenticated;  /* AUTH was answered 2xx */
    bool mailing;        /* a MAIL FROM was written */
    bool closing;        /* QUIT was written: what comes now is not news */
    bool sending;        /* DATA was answered 354, its own answer not yet begun */
    unsigned owed;       /* answers that we have asked for and not seen end */
    char command[9];     /* first word of the last command */

    char line[SMTP_LINE + 1]; /* the answer's line under way */
    size_t n;
    int code;                    /* of the last complete answer */
    char reply[SMTP_REPLY + 1];  /* its last line */
    char trouble[SMTP_REPLY + 1]; /* why we ended the conversation; "" if we did not */
};

/* Between these two, TCP connections made by this process get the time limit and are watched. One at a time. */
void smtp_wire_begin(struct smtp_wire *wire, const struct smtp_options *options);
void smtp_wire_end(void);

/* For smtp_set_monitorcb; arg is the wire. */
void smtp_wire_monitor(const char *p, int n, int writing, void *arg);

/* The library has taken another piece of the message: we are the ones who work, not the server. */
void smtp_wire_touch(struct smtp_wire *wire);

/* End the conversation; the first reason is kept. */
void smtp_wire_stop(struct smtp_wire *wire, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The handshake begins: nothing unencrypted may lie in the buffers. */
void smtp_wire_tls_begins(struct smtp_wire *wire);

/* Why the conversation ended before a mail had its answer: never empty. */
void smtp_wire_reason(const struct smtp_wire *wire, char reply[SMTP_REPLY + 1]);

bool smtp_is_loopback(const char *host);

#endif
