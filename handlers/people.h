/* people.h - signing a person in: one new session, whatever the way. */
#ifndef HANDLERS_PEOPLE_H
#define HANDLERS_PEOPLE_H

#include "account_rows.h"
#include "company_rows.h"
#include "request.h"

/* A new session with a new secret; the old one is dead (ASVS 5.0 7.2.4). `company_id` 0: the person's own first company,
 * a vendor before a partner. */
enum db_result people_sign_in(struct request *q, uint64_t account_id, uint64_t company_id)
    __attribute__((warn_unused_result));

/* app.session_load. */
enum db_result people_session_load(struct request *q, struct hash hash);

/* The same for who came with a password, and the other way: each with its line in the audit log. */
enum db_result people_enter(struct request *q, uint64_t account_id) __attribute__((warn_unused_result));
enum db_result people_leave(struct request *q) __attribute__((warn_unused_result));

/* What came of a password. */
enum people_try {
    PEOPLE_RIGHT,
    PEOPLE_WRONG,    /* or of a locked account: the form has the message */
    PEOPLE_ANSWERED, /* tried too often, or nobody has the time to look: 429 or 503 */
};

/* Whether the form's password is the one of the account that has this address; takes the same time when there is none. `wrong`: the message at
 * `field`. */
enum db_result people_try(struct request *q, const char *email_canon, const char *field, const char *wrong, struct account *account, enum people_try *tried)
    __attribute__((warn_unused_result));

/* What somebody is told whose password was right and whose account the operator has locked. Nobody else learns of it. */
const char *people_locked_sentence(struct request *q);

/* One more try of a password for this account, besides the limit of the address that tries: two independent counts
 * (security.md, 13). 0: go on; otherwise seconds to wait. */
unsigned people_limit(struct request *q, const char *email_canon);

#endif
