/* retention.c - see retention.h.
 *
 * Done by the mailer when it has nothing to send: it runs everywhere, so nobody has to think of a timer, and it needs no key, because the
 * hash that takes the address's place was stored with the mail.
 */
#include "retention.h"

#include "sql/invitation.h"
#include "sql/retention.h"

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

enum db_result retention_sweep(struct db *db, const struct config *config, bool *more)
{
    struct retention_due_list due;
    TRY(retention_due(db, config->retention_days, &due));
    for (size_t i = 0; i < due.n; i++) TRY(erase(db, due.v[i].id, config->retention_days));
    *more = due.n > 0;
    return db_commit(db);
}
