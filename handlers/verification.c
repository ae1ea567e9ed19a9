/* verification.c - see verification.h. */
#include "verification.h"

#include "address.h"
#include "audit.h"
#include "browser.h"
#include "log.h"
#include "mails_account.h"
#include "quota.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/session.h"
#include "sql/token.h"
#include "sql/verification.h"

enum { VERIFICATION_MINUTES = 2 * 24 * 60 };

/* The keyed hash of the address, and whether it may have another mail today. */
static enum db_result within_limit(struct request *q, const char *email, struct hash *hash, bool *send)
{
    struct address address;
    if (address_parse(q->arena, email, &address)) log_bug("a mail to no address");
    *hash = secret_hash(SECRET_ADDRESS, address.canon);
    return quota_ask(q, QUOTA_ASKED_VERIFICATION, address.canon, send);
}

enum db_result verification_begin(struct request *q, uint64_t account_id, const char *email)
{
    struct hash address;
    bool send;
    TRY(within_limit(q, email, &address, &send));
    const char *token = secret_new_link(q->arena);
    TRY(verification_add(q->db, secret_hash(SECRET_VERIFY, token), account_id, address, browser_mark(q), VERIFICATION_MINUTES, true, NULL));
    return mails_verify(q, email, token, VERIFICATION_MINUTES, send);
}

enum db_result verification_known(struct request *q, uint64_t account_id, const char *email)
{
    struct hash address;
    bool send;
    TRY(within_limit(q, email, &address, &send));
    TRY(verification_add(q->db, secret_hash(SECRET_VERIFY, secret_new_link(q->arena)), account_id, address, browser_mark(q), VERIFICATION_MINUTES, false, NULL));
    return mails_account_exists(q, email, send);
}

enum db_result verification_remember(struct request *q, uint64_t account_id, uint64_t invitation_id, uint64_t company_id)
{
    return verification_wait(q->db, account_id, invitation_id, company_id, NULL);
}

enum db_result verification_overwrite(struct request *q, uint64_t account_id)
{
    enum db_result r = account_empty(q->db, account_id);
    if (r == DB_NONE) return DB_RETRY;
    if (r != DB_OK) return r;
    struct lone_company_list companies;
    TRY(session_end_all(q->db, account_id, NULL));
    TRY(verification_void(q->db, account_id, NULL));
    TRY(token_password_void(q->db, account_id, NULL));
    TRY(verification_forget(q->db, account_id, NULL));
    TRY(verification_lone_companies(q->db, account_id, &companies));
    for (size_t i = 0; i < companies.n; i++) {
        TRY(verification_member_drop(q->db, companies.v[i].id, account_id, NULL));
        TRY(verification_company_drop(q->db, companies.v[i].id, NULL));
    }
    return audit_write(q, (struct audit){.event = "registration_removed", .account_id = account_id});
}
