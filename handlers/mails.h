/* mails.h - the mails of the product between companies, into the outbox in the change's transaction (letter.h). Those about a person's own
 * account are in mails_account.h. */
#ifndef HANDLERS_MAILS_H
#define HANDLERS_MAILS_H

#include "mail_model.h"
#include "request.h"

/* What an invitation's mail says. */
struct mails_invitation {
    uint64_t invitation_id;
    enum partner_kind kind;
    const char *email, *language, *message;
    unsigned days;
    enum mail_reason reason;
    const char *token;
    const struct link *link; /* sent again because the invitee asked: by whom, and until when; NULL: by the signed-in member, `days` from now */
};

/* The link, to the invitee, on behalf of who invites. *outbox_id receives the mail's row. */
enum db_result mails_invitation(struct request *q, const struct mails_invitation *m, uint64_t *outbox_id) __attribute__((warn_unused_result));

/* "x accepted", to who sent the invitation. */
enum db_result mails_accepted(struct request *q, const struct link *link, const char *who, const char *company) __attribute__((warn_unused_result));

/* "x declined", and "x asked for a new invitation", to `to`: who sent the invitation, or an owner. */
enum db_result mails_declined(struct request *q, const struct link *link, const char *to) __attribute__((warn_unused_result));
enum db_result mails_asked(struct request *q, const struct link *link, const char *to) __attribute__((warn_unused_result));
/* "New message", to one of the other side; `from` is the company that wrote, `thread` the reader's own address of it. */
enum db_result mails_message(struct request *q, const char *email, const char *vendor, const char *from, struct url thread, uint64_t *outbox_id)
    __attribute__((warn_unused_result));
/* "The connection has ended", to the contact of the other side: `by_partner` says which side ended it. */
struct mails_disconnected {
    const char *to, *vendor, *partner;
    bool by_partner;
};
enum db_result mails_disconnected(struct request *q, const struct mails_disconnected *m) __attribute__((warn_unused_result));

/* The link by which a colleague joins the vendor in use as `role`, on behalf of who asks. */
enum db_result mails_colleague(struct request *q, const char *email, enum member_role role, unsigned days, const char *token, uint64_t *outbox_id)
    __attribute__((warn_unused_result));

/* To a member of the vendor in use: another role; 0: not a member any more. */
enum db_result mails_team(struct request *q, const char *email, enum member_role role) __attribute__((warn_unused_result));
/* To an owner: the signed-in one deletes the vendor in use, which can be kept until then. */
enum db_result mails_closing(struct request *q, const char *email, struct moment until) __attribute__((warn_unused_result));

/* "Somebody asks to join", to an owner; `to` NULL: a row of the same size that is never sent. And the owner's yes, to who asked. */
struct mails_admission {
    const char *to, *company;
    const char *who, *name;  /* who asks */
    const char *vendor;      /* through whose invitation; NULL: none */
};
enum db_result mails_admission_asked(struct request *q, const struct mails_admission *m) __attribute__((warn_unused_result));
enum db_result mails_admitted(struct request *q, const struct mails_admission *m) __attribute__((warn_unused_result));

/* A vendor's request to connect. When not `known`, a row that looks the same and is never sent. */
struct mails_asking {
    const char *to;
    bool known;
    enum partner_kind kind;
    struct id asked;
    unsigned days;
};

enum db_result mails_asking(struct request *q, const struct mails_asking *a, uint64_t *outbox_id) __attribute__((warn_unused_result));

/* "It is connected now", to who asked; `page` is the partner's. */
struct mails_linked {
    uint64_t vendor_id;
    const char *to, *vendor, *partner;
    struct url page;
};
enum db_result mails_linked(struct request *q, const struct mails_linked *m) __attribute__((warn_unused_result));

#endif
