/* mails_account.h - the mails about a person's own account, into the outbox like those of mails.h.
 *
 * Without `send` a row of the same size is written that is never sent: the answer costs the same. */
#ifndef HANDLERS_MAILS_ACCOUNT_H
#define HANDLERS_MAILS_ACCOUNT_H

#include "model.h"
#include "request.h"

/* The link that proves the mailbox. */
enum db_result mails_verify(struct request *q, const char *email, const char *token, unsigned minutes, bool send) __attribute__((warn_unused_result));

/* The link that sets a password. */
enum db_result mails_reset(struct request *q, const char *email, const char *token, unsigned minutes, bool send) __attribute__((warn_unused_result));

/* To an address that somebody registered a second time. */
enum db_result mails_account_exists(struct request *q, const char *email, bool send) __attribute__((warn_unused_result));

/* To a new person whose address is proven, once: `vendor` is whom the person is connected with now, NULL: nobody yet; with a `role` the
 * vendor whose team it is, and 0 otherwise. */
enum db_result mails_welcome(struct request *q, const char *email, const char *vendor, enum member_role role) __attribute__((warn_unused_result));

enum db_result mails_password_changed(struct request *q, const char *email) __attribute__((warn_unused_result));

#endif
