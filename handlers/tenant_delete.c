/* tenant_delete.c - see tenant_delete.h. */
#include "tenant_delete.h"

#include "sql/tenant.h"

/* Deletes a batch of one kind; *some: there was something to delete. */
typedef enum db_result piece(struct db *db, uint64_t vendor, bool *some);

static enum db_result rows(enum db_result r, uint64_t n, bool *some)
{
    *some = n > 0;
    return r;
}

/* First of all: from now on it is nobody's, and nobody sees half of it. */
static enum db_result people(struct db *db, uint64_t vendor, bool *some)
{
    uint64_t n = 0;
    TRY(tenant_leave_sessions(db, vendor, NULL));
    return rows(tenant_delete_members(db, vendor, &n), n, some);
}

static enum db_result things(struct db *db, uint64_t vendor, bool received, bool *some)
{
    struct tenant_batch b;
    uint64_t n;
    TRY(tenant_shared_batch(db, vendor, received, &b));
    *some = b.last;
    if (!*some) return DB_OK;
    TRY(tenant_delete_audiences(db, vendor, received, b.last, &n));
    if (n) return DB_OK; /* there may be more of them than fit into a batch */
    TRY(tenant_delete_files(db, vendor, received, b.last, NULL));
    return tenant_delete_shared(db, vendor, received, b.last, NULL);
}

static enum db_result shared(struct db *db, uint64_t vendor, bool *some)
{
    return things(db, vendor, false, some);
}

static enum db_result received(struct db *db, uint64_t vendor, bool *some)
{
    return things(db, vendor, true, some);
}

static enum db_result invitations(struct db *db, uint64_t vendor, bool *some)
{
    struct tenant_batch b;
    TRY(tenant_invitation_batch(db, vendor, &b));
    *some = b.last;
    if (!*some) return DB_OK;
    TRY(tenant_delete_words(db, vendor, b.last, NULL));
    TRY(tenant_delete_tokens(db, vendor, b.last, NULL));
    TRY(tenant_leave_requests(db, vendor, b.last, NULL));
    return tenant_delete_invitations(db, vendor, b.last, NULL);
}

static enum db_result merged(struct db *db, uint64_t vendor, bool *some)
{
    uint64_t n = 0;
    return rows(tenant_delete_merged(db, vendor, &n), n, some);
}

static enum db_result relationships(struct db *db, uint64_t vendor, bool *some)
{
    struct tenant_batch b;
    uint64_t n;
    TRY(tenant_relationship_batch(db, vendor, &b));
    *some = b.last;
    if (!*some) return DB_OK;
    TRY(tenant_delete_messages(db, vendor, b.last, &n));
    if (n) return DB_OK; /* as above */
    TRY(tenant_delete_notices(db, vendor, b.last, NULL));
    TRY(tenant_delete_relationship_words(db, vendor, b.last, NULL));
    return tenant_delete_relationships(db, vendor, b.last, NULL);
}

static enum db_result requests(struct db *db, uint64_t vendor, bool *some)
{
    uint64_t n = 0;
    return rows(tenant_delete_requests(db, vendor, &n), n, some);
}

static enum db_result team(struct db *db, uint64_t vendor, bool *some)
{
    struct tenant_batch b;
    TRY(tenant_team_batch(db, vendor, &b));
    *some = b.last;
    if (!*some) return DB_OK;
    TRY(tenant_delete_team_tokens(db, vendor, b.last, NULL));
    return tenant_delete_team(db, vendor, b.last, NULL);
}

static enum db_result mails(struct db *db, uint64_t vendor, bool *some)
{
    uint64_t n = 0;
    return rows(tenant_delete_mails(db, vendor, &n), n, some);
}

static enum db_result details(struct db *db, uint64_t vendor, bool *some)
{
    struct tenant_events b;
    TRY(tenant_event_batch(db, vendor, &b));
    *some = b.last;
    if (!*some) return DB_OK;
    TRY(tenant_delete_details(db, vendor, b.place, b.last, NULL));
    return tenant_event_done(db, vendor, b.last);
}

/* Children before parents. What comes before is looked for again each time, so nothing needs to be remembered. */
static piece *const pieces[] = {people, shared, received, invitations, merged, relationships, requests, team, mails, details};

enum db_result tenant_delete(struct db *db, uint64_t vendor_id, bool *more)
{
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        TRY(pieces[i](db, vendor_id, more));
        if (*more) return DB_OK;
    }
    TRY(tenant_delete_roles(db, vendor_id, NULL));
    TRY(tenant_delete_logo(db, vendor_id, NULL));
    return tenant_delete_company(db, vendor_id);
}
