/* operator_delete.c - `invited vendor delete`: everything of a vendor into a file, and then out of the database.
 *
 * One transaction, so that a failure in the middle, or data of a kind that this file does not know (a foreign key refuses), leaves all as
 * it was. Only a suspended vendor: nothing changes between the export and the end. The companies on the other side stay, and so do the
 * accounts of its people.
 */
#include "operator_delete.h"

#include "json.h"
#include "secret.h"
#include "shared.h"
#include "sql/audit.h"
#include "sql/tenant.h"
#include "tenant_export.h"

#include <stdio.h>
#include <unistd.h>

/* ---- delete ---- */

static enum db_result invitations_delete(struct db *db, uint64_t vendor)
{
    for (struct tenant_batch b;;) {
        TRY(tenant_invitation_batch(db, vendor, &b));
        if (!b.last) return DB_OK;
        TRY(tenant_delete_words(db, vendor, b.last, NULL));
        TRY(tenant_delete_tokens(db, vendor, b.last, NULL));
        TRY(tenant_leave_requests(db, vendor, b.last, NULL));
        TRY(tenant_delete_invitations(db, vendor, b.last, NULL));
    }
}

static enum db_result relationships_delete(struct db *db, uint64_t vendor)
{
    for (struct tenant_batch b;;) {
        TRY(tenant_relationship_batch(db, vendor, &b));
        if (!b.last) return DB_OK;
        TRY(tenant_delete_messages(db, vendor, b.last, NULL));
        TRY(tenant_delete_notices(db, vendor, b.last, NULL));
        TRY(tenant_delete_relationship_words(db, vendor, b.last, NULL));
        TRY(tenant_delete_relationships(db, vendor, b.last, NULL));
    }
}

static enum db_result details_delete(struct db *db, uint64_t vendor)
{
    struct tenant_batch b;
    for (uint64_t after = 0;; after = b.last) {
        TRY(tenant_event_batch(db, vendor, after, &b));
        if (!b.last) return DB_OK;
        TRY(tenant_delete_details(db, vendor, after, b.last, NULL));
    }
}

/* Children before parents. */
static enum db_result everything_delete(struct db *db, uint64_t vendor)
{
    TRY(tenant_delete_files(db, vendor, NULL));
    TRY(tenant_delete_audiences(db, vendor, NULL));
    TRY(tenant_delete_shared(db, vendor, NULL));
    TRY(invitations_delete(db, vendor));
    TRY(tenant_delete_merged(db, vendor, NULL));
    TRY(relationships_delete(db, vendor));
    TRY(tenant_delete_team_tokens(db, vendor, NULL));
    TRY(tenant_delete_team(db, vendor, NULL));
    for (uint64_t n = 1; n;) TRY(tenant_delete_mails(db, vendor, &n));
    TRY(details_delete(db, vendor));
    TRY(tenant_delete_roles(db, vendor, NULL));
    TRY(tenant_delete_logo(db, vendor, NULL));
    TRY(tenant_delete_members(db, vendor, NULL));
    TRY(tenant_leave_sessions(db, vendor, NULL));
    TRY(audit_by_operator(db, id_new(), "vendor_deleted", vendor, 0, NULL));
    TRY(tenant_delete_company(db, vendor));
    return db_commit(db);
}

/* Their rows say that they must go; what cannot be removed now is removed by the next one who shares something. */
static void files_remove(struct operator *op)
{
    size_t n = 1;
    while (n && shared_sweep(op->db, op->config, &n) == DB_OK && db_commit(op->db) == DB_OK)
        ;
}

int operator_vendor_delete(struct operator *op)
{
    struct vendor_company vendor;
    struct tenant_company c;
    int status = operator_begin(op);
    if (!status) status = operator_vendor(op, &vendor);
    if (status) return status;
    enum db_result r = tenant_company(op->db, vendor.id, &c);
    if (r != DB_OK) return operator_failed(r);
    if (!c.suspended_at.us) return operator_fail("%s is not suspended: suspend it first, so that nothing changes meanwhile; nothing was changed", vendor.name);
    FILE *file = json_file(op->file);
    if (!file) return 1;
    r = tenant_export(op, &c, vendor.id, file);
    if (!json_file_done(file) && r == DB_OK) return operator_fail("%s cannot be written whole; nothing was changed", op->file);
    if (r == DB_OK) r = everything_delete(op->db, vendor.id);
    if (r != DB_OK) {
        unlink(op->file); /* it would be in the way of the next try */
        return operator_failed(r);
    }
    files_remove(op);
    printf("%s is deleted; what it was is in %s\n", vendor.name, op->file);
    return 0;
}
