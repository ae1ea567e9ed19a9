/* quota.h - at most so many recipients a day: of one member, one vendor, one address over all vendors, this installation.
 *
 * Counted are mails that somebody asked us to send to somebody else, first ones and repeated ones, in the transaction that sends
 * them. A day is UTC's. The numbers are in the configuration.
 */
#ifndef HANDLERS_QUOTA_H
#define HANDLERS_QUOTA_H

#include "quota_rules.h"
#include "request.h"

/* Why not, and when again. */
struct quota_refusal {
    enum quota_kind kind; /* QUOTA_NONE: go on */
    const char *sentence;  /* which limit, and when sending works again */
    unsigned seconds;      /* until then; 0: never for this one */
};

/* Count one more mail to this address by the signed-in member of the vendor in use. Everybody waits for these rows:
 * to be called as late as possible, but before this transaction SELECTs anything (a mail does), or what others have counted since is a
 * conflict. DB_OK with refusal->kind set: nothing was counted and nothing that this transaction wrote remains; the caller draws a page
 * with the sentence and calls quota_answer. */
enum db_result quota_take(struct request *q, const char *email, const char *email_canon, struct quota_refusal *refusal)
    __attribute__((warn_unused_result));

/* The same for one more mail about an invitation, which may be repeated a few times only. */
enum db_result quota_take_again(struct request *q, uint64_t invitation_id, const char *email, const char *email_canon,
                                 struct quota_refusal *refusal) __attribute__((warn_unused_result));

/* What a recipient, or whoever says so, asks for: an invitation once more (counted with the vendors' invitations to that address), or a mail
 * about the account, each kind by itself: nobody is kept out of an account by invitations, nor from invitations by somebody who types the
 * address into a form. */
enum quota_asked {
    QUOTA_ASKED_INVITATION,
    QUOTA_ASKED_RESET,
    QUOTA_ASKED_VERIFICATION,
};

/* Count it; *send false: as many as an address gets in a day have gone. What the visitor sees is the same: the caller builds the mail all
 * the same, and it does not leave. To be called like quota_take. */
enum db_result quota_ask(struct request *q, enum quota_asked what, const char *email_canon, bool *send) __attribute__((warn_unused_result));

/* The status and Retry-After of a page that says so: 429 (RFC 6585). */
void quota_answer(struct request *q, const struct quota_refusal *refusal);

/* A page of its own for what has no form that could keep the sentence, with the way back in words to be translated. */
enum db_result quota_page(struct request *q, const struct quota_refusal *refusal, struct url back, const char *way) __attribute__((warn_unused_result));

#endif
