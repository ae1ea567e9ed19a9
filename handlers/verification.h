/* verification.h - proving a mailbox: the mail, the browser that asked for it, and what a person accepted meanwhile.
 *
 * A link alone verifies nothing: mail scanners open every link, and who registered with somebody else's address waits for exactly that
 * (security.md, 2). It takes the browser that asked for the mail, a session of the account, or the account's password.
 */
#ifndef HANDLERS_VERIFICATION_H
#define HANDLERS_VERIFICATION_H

#include "request.h"

/* Queue the mail with the link to this account's address and remember this browser. More than a few mails a day are not sent; the answer
 * is the same. */
enum db_result verification_begin(struct request *q, uint64_t account_id, const char *email) __attribute__((warn_unused_result));

/* The same work for an address that has an account already: the mail says so and how to sign in. */
enum db_result verification_known(struct request *q, uint64_t account_id, const char *email) __attribute__((warn_unused_result));

/* This person pressed Accept for that company, before the address is proven: connected by itself when it is. The caller writes the audit
 * line and begins the verification. */
enum db_result verification_remember(struct request *q, uint64_t account_id, uint64_t invitation_id, uint64_t company_id)
    __attribute__((warn_unused_result));

/* The mailbox's real owner has come, through a mailed link: an account whose registration nobody finished loses its password, sessions,
 * links, remembered acceptances and the companies that it alone had made. DB_RETRY: it is finished meanwhile, decide again. */
enum db_result verification_overwrite(struct request *q, uint64_t account_id) __attribute__((warn_unused_result));

#endif
