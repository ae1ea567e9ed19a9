/* mails.h - the mails of the product, into the outbox: built whole, sealed for the mailer, in the change's transaction. */
#ifndef HANDLERS_MAILS_H
#define HANDLERS_MAILS_H

#include "model.h"
#include "request.h"

/* What an invitation's mail says. */
struct mails_invitation {
    uint64_t invitation_id;
    enum partner_kind kind;
    const char *email, *language, *message;
    unsigned days;
    const char *token;
};

/* The link, to the invitee, on behalf of the signed-in member of the vendor. *outbox_id receives the mail's row. */
enum db_result mails_invitation(struct request *q, const struct mails_invitation *m, uint64_t *outbox_id) __attribute__((warn_unused_result));

/* "x accepted", to who sent the invitation. */
enum db_result mails_accepted(struct request *q, const struct link *link, const char *who, const char *company) __attribute__((warn_unused_result));

/* The link that sets a password. When not `known`, a row of the same size that is never sent. */
enum db_result mails_reset(struct request *q, const char *email, bool known, const char *token, unsigned minutes) __attribute__((warn_unused_result));

#endif
