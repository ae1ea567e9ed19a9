/* tenant_delete.h - everything of a vendor out of the database, a batch at a time.
 *
 * The companies on the other side stay, and so do the accounts of its people; of the audit log ids and times. Whoever calls commits: after
 * each batch, or once after the last, so that data of a kind that is not known here (a foreign key refuses) leave all as it was.
 */
#ifndef HANDLERS_TENANT_DELETE_H
#define HANDLERS_TENANT_DELETE_H

#include "db.h"

/* The next batch, of a few thousand rows. *more: there may be another one; else the vendor itself, which must be closed, has gone. */
enum db_result tenant_delete(struct db *db, uint64_t vendor_id, bool *more) __attribute__((warn_unused_result));

#endif
