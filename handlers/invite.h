/* invite.h - the part of sending that sending again shares. */
#ifndef HANDLERS_INVITE_H
#define HANDLERS_INVITE_H

#include "mails.h"

/* A new secret for an invitation, in a new mail: earlier links become superseded, mails that still wait are withdrawn.
 * `mail->token` is made here. */
enum db_result invite_mail(struct request *q, const struct mails_invitation *mail) __attribute__((warn_unused_result));

/* The same invitation once more to the same address, because the invitee asked: the newest links stay good, and so does the expiry. */
enum db_result invite_mail_again(struct request *q, const struct link *link) __attribute__((warn_unused_result));

#endif
