/* smtp.h - one conversation with the mail server, through libesmtp, for up to 50 messages.
 *
 * Only the mailer's child calls this: libesmtp may crash, keeps static state and is good for one session a process.
 * A message counts as sent only when the server answered 2xx to its recipient and 2xx to its text.
 */
#ifndef FCGI_SMTP_H
#define FCGI_SMTP_H

#include "app.h"
#include "types.h"

#include <signal.h>

enum { SMTP_MOST = 50, SMTP_REPLY = 400, SMTP_LINE = 998 };

/* RFC 5321 4.5.3.2.6: the answer to the text may take several times as long, because giving up too early is how one
 * mail becomes two. */
enum { SMTP_FINAL_FACTOR = 4 };

struct smtp_options {
    const char *host; /* a name or an IPv4 address; libesmtp takes no IPv6 literal */
    unsigned port;
    bool tls;            /* STARTTLS with a verified certificate or nothing */
    const char *tls_ca;  /* PEM file; "": the system's */
    const char *user, *password; /* user "": no AUTH. Only sent over TLS or to a loopback host */
    const char *helo;            /* our name */
    unsigned seconds;         /* for each stage of the conversation */
    unsigned session_seconds; /* no new message is begun after so many */
    const volatile sig_atomic_t *stop; /* nor once this is not 0; NULL: never */
};

struct smtp_mail {
    const char *sender, *recipient; /* envelope */
    struct bytes text;              /* a whole message as mail_build makes it */

    /* Filled in by smtp_deliver. */
    bool done;
    enum mail_result result;
    char reply[SMTP_REPLY + 1]; /* the server's words, or ours: one line of UTF-8 without controls */
};

/* Send all. Every mail gets its result, and `report` is called once for each as soon as it is known (in any order).
 * MAIL_REFUSED is only ever the server's 5xx about this recipient or this text, or a message that we must not send. */
void smtp_deliver(const struct smtp_options *options, struct smtp_mail *mails, unsigned n,
                  void (*report)(void *arg, const struct smtp_mail *mail), void *arg);

/* Copy `text` as one line of valid UTF-8 without controls, at most SMTP_REPLY octets. */
void smtp_words(char reply[SMTP_REPLY + 1], const char *text);

#endif
