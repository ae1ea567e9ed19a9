/* letter.h - one mail on its way into the outbox: begun for its reader, filled in, drawn by its three views, sealed for the mailer.
 *
 * It is written in the transaction of the change that it announces. The language is the reader's: of the account, else of the invitation,
 * else of the vendor, else of the page on which the mail was asked for.
 */
#ifndef HANDLERS_LETTER_H
#define HANDLERS_LETTER_H

#include "mail_model.h"
#include "request.h"

/* As long as news are news. */
enum { LETTER_NEWS_MINUTES = 3 * 24 * 60 };

struct letter_head {
    const char *to;
    uint64_t vendor_id;     /* on whose behalf, so that it waits while that vendor is closed; 0: nobody's */
    uint64_t invitation_id; /* whose link it carries; 0: none */
    uint64_t minutes;       /* of trying */
    const char *language;   /* of the invitation; NULL: it says none */
    bool unsolicited;       /* nobody at that address asked for it: never to somebody on the do-not-invite list */
    bool mute;              /* a row of the same size that is never sent, so that the answer costs the same */
    bool personal;          /* from a person: "Northwind via Portal", and answers go to model.sender_email */
};

struct letter {
    struct letter_head head;
    struct id id;
    struct mail_model model; /* for the views: portal, support_email, recipient, colour, logo and never are filled in */
    const struct language *language;
    const char *zone;
};

struct letter_views {
    void (*subject)(struct out *o, const struct mail_model *m);
    void (*text)(struct out *o, const struct mail_model *m);
    void (*html)(struct out *o, const struct mail_model *m);
};
#define LETTER(name) ((struct letter_views){view_mail_##name##_subject, view_mail_##name##_text, view_mail_##name##_html})

enum db_result letter_begin(struct request *q, const struct letter_head *head, struct letter *letter) __attribute__((warn_unused_result));

/* *outbox_id receives the mail's row; NULL: nobody wants to know. */
enum db_result letter_post(struct request *q, const struct letter *letter, struct letter_views views, uint64_t *outbox_id) __attribute__((warn_unused_result));

/* An address of a page, as a mail must say it. */
struct url letter_link(struct request *q, struct url page);

/* When a link that works for so many minutes ends, and how many there are until then (0: over). */
struct moment letter_moment_in(uint64_t minutes);
uint64_t letter_minutes_until(struct moment end);

/* The vendor in whose name the signed-in person acts; 0: none. */
uint64_t letter_own_vendor(const struct request *q);

/* The signed-in person, as who writes: vendor, sender_name and sender_email. */
void letter_from_me(struct request *q, struct mail_model *m);

#endif
