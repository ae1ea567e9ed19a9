/* retention.c - see retention.h.
 *
 * Done by the mailer when it has nothing to send: it runs everywhere, so nobody has to think of a timer, and it needs no key, because the
 * hash that takes the address's place was stored with the mail.
 */
#include "retention.h"

#include "log.h"
#include "secret.h"
#include "sql/asking.h"
#include "sql/audit.h"
#include "sql/closing.h"
#include "sql/invitation.h"
#include "sql/privacy.h"
#include "sql/retention.h"
#include "sql/session.h"
#include "sql/team.h"
#include "sql/verification.h"
#include "tenant_delete.h"

enum { VENDOR_AGAIN_MINUTES = 10 };

static enum db_result erase(struct db *db, uint64_t id, unsigned days)
{
    uint64_t changed;
    TRY(retention_erase(db, id, days, &changed));
    if (!changed) return DB_OK; /* sent anew, or another mailer was faster */
    TRY(invitation_words_drop(db, id, NULL));
    TRY(retention_mails(db, id, NULL));
    TRY(retention_words(db, id, NULL));
    TRY(retention_history(db, id, NULL));
    return retention_links(db, id, NULL);
}

/* A request to a colleague has nothing that must stay: the whole row goes. */
static enum db_result team_erase(struct db *db, const struct team_over *t, unsigned days)
{
    enum db_result r = team_request_over(db, t->id, days);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    if (t->outbox_id) TRY(team_mail_end(db, t->outbox_id, NULL));
    TRY(team_request_links_drop(db, t->id, NULL));
    return team_request_drop(db, t->id, NULL);
}

/* The same for a request to connect that nobody confirmed. */
static enum db_result asking_erase(struct db *db, uint64_t id, unsigned days)
{
    TRY(asking_mail_forget(db, id, NULL));
    enum db_result r = asking_over_drop(db, id, days);
    return r == DB_NONE ? DB_OK : r;
}

/* Who registered and never proved the address: like an operator's erasing, with the companies that are nobody else's. Invitations to the
 * address are their vendors', and have a time of their own. */
static enum db_result registration_erase(struct db *db, uint64_t id, unsigned days)
{
    uint64_t changed;
    struct lone_company_list companies;
    TRY(retention_registration_erase(db, id, days, &changed));
    if (!changed) return DB_OK; /* used just now, or another mailer was faster */
    TRY(session_end_all(db, id, NULL));
    TRY(verification_forget(db, id, NULL));
    TRY(retention_registration_mails(db, id, NULL));
    TRY(retention_registration_links(db, id, NULL));
    TRY(privacy_erase_tokens(db, id, NULL));
    TRY(privacy_erase_events(db, id, NULL));
    TRY(verification_lone_companies(db, id, &companies));
    for (size_t i = 0; i < companies.n; i++) {
        TRY(verification_member_drop(db, companies.v[i].id, id, NULL));
        TRY(verification_company_drop(db, companies.v[i].id, NULL));
    }
    return audit_add(db, id_new(), "registration_removed", 0, id, 0, 0, "", NULL);
}

/* A batch of one vendor, and the line that it has gone after the last. */
static enum db_result vendor_batch(struct db *db, uint64_t id)
{
    bool left;
    TRY(tenant_delete(db, id, &left));
    if (!left) TRY(audit_add(db, id_new(), "vendor_deleted", id, 0, 0, 0, "", NULL));
    return db_commit(db);
}

/* The reason is in the log already. Those whose time came after it go first until it is tried again. */
static enum db_result vendor_later(struct db *db, uint64_t id)
{
    db_rollback(db);
    log_error("vendor %llu cannot be deleted now, and is tried again in %d minutes", (unsigned long long)id, VENDOR_AGAIN_MINUTES);
    TRY(closing_later(db, id, VENDOR_AGAIN_MINUTES, NULL));
    return db_commit(db);
}

/* A batch of a vendor that its owner deletes, and whose time has come. */
static enum db_result vendor_delete(struct db *db, bool *more)
{
    struct closing_due due;
    enum db_result r = closing_due(db, &due);
    if (r == DB_OK) r = closing_hold(db, due.id);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    r = vendor_batch(db, due.id);
    if (r != DB_OK && r != DB_RETRY) r = vendor_later(db, due.id);
    if (r == DB_OK) *more = true; /* of this one, or the next */
    return r;
}

enum db_result retention_sweep(struct db *db, const struct config *config, bool *more)
{
    struct retention_due_list due;
    struct team_over_list over;
    struct asking_over_list asked;
    struct registration_over_list registered;
    TRY(retention_registrations(db, config->retention_days, &registered));
    TRY(asking_over(db, config->retention_days, &asked));
    TRY(team_requests_over(db, config->retention_days, &over));
    TRY(retention_due(db, config->retention_days, &due));
    for (size_t i = 0; i < due.n; i++) TRY(erase(db, due.v[i].id, config->retention_days));
    for (size_t i = 0; i < over.n; i++) TRY(team_erase(db, &over.v[i], config->retention_days));
    for (size_t i = 0; i < asked.n; i++) TRY(asking_erase(db, asked.v[i].id, config->retention_days));
    for (size_t i = 0; i < registered.n; i++) TRY(registration_erase(db, registered.v[i].id, config->retention_days));
    *more = due.n > 0 || over.n > 0 || asked.n > 0 || registered.n > 0;
    TRY(db_commit(db));
    return vendor_delete(db, more);
}
