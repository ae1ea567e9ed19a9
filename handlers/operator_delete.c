/* operator_delete.c - `invited vendor delete`: everything of a vendor into a file, and then out of the database.
 *
 * One transaction, so that a failure in the middle leaves all as it was. Only a suspended vendor: nothing changes between the export and the
 * end. How an owner does it: closing.c.
 */
#include "operator_delete.h"

#include "json.h"
#include "secret.h"
#include "shared.h"
#include "sql/audit.h"
#include "sql/tenant.h"
#include "tenant_delete.h"
#include "tenant_export.h"

#include <stdio.h>
#include <unistd.h>

static enum db_result everything_delete(struct db *db, uint64_t vendor)
{
    for (bool more = true; more;) TRY(tenant_delete(db, vendor, &more));
    TRY(audit_by_operator(db, id_new(), "vendor_deleted", vendor, 0, NULL));
    return db_commit(db);
}

/* Their rows say that they must go; what cannot be removed now is removed by the long workers. */
static void files_remove(struct operator *op)
{
    for (bool more = true; more;)
        if (shared_sweep_files(op->db, op->config, &more) != DB_OK) return;
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
    r = tenant_export(op->db, op->arena, &c, vendor.id, file);
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
