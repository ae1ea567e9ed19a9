/* invite.h - the parts of sending that sending again and changing share. */
#ifndef HANDLERS_INVITE_H
#define HANDLERS_INVITE_H

#include "invite_rules.h"
#include "mails.h"

/* The first mail of a new invitation. `mail->token` is made here. */
enum db_result invite_mail_first(struct request *q, const struct mails_invitation *mail) __attribute__((warn_unused_result));

/* A new secret for an invitation, in a new mail: earlier links become superseded, mails that still wait are withdrawn.
 * `mail->token` is made here. */
enum db_result invite_mail(struct request *q, const struct mails_invitation *mail) __attribute__((warn_unused_result));

/* What the reminder that waits says has changed: another one in its place, with a new secret beside the others. Nothing, where none waits. */
enum db_result invite_remind_anew(struct request *q, struct id invitation, const char *email_canon) __attribute__((warn_unused_result));

/* The same invitation once more to the same address, because the invitee asked: the newest links stay good, and so does the expiry. */
enum db_result invite_mail_again(struct request *q, const struct link *link) __attribute__((warn_unused_result));

/* The partner role that the form's `role` names, or the vendor's first one. Another vendor's is none: the form has the message, *role_id is 0. */
enum db_result invite_role(struct request *q, uint64_t *role_id) __attribute__((warn_unused_result));

/* After something was given that role: nobody removes it before this transaction ends. DB_RETRY: a colleague was faster. */
enum db_result invite_role_held(struct request *q, uint64_t role_id) __attribute__((warn_unused_result));

/* What the sender is told when this address cannot be invited; NULL for INVITE_NEW. */
const char *invite_refusal(struct request *q, enum invite_verdict verdict, enum partner_kind kind, const char *email);

#endif
