/* tenant_export.h - everything of a vendor as one JSON object, written as it is read: as many rows as there are in the memory of a page. */
#ifndef HANDLERS_TENANT_EXPORT_H
#define HANDLERS_TENANT_EXPORT_H

#include "db.h"
#include "tenant_rows.h"

#include <stdio.h>

/* Into `file`; whether all of it was written, the file says. What is read before the first list lives in `around`.
 * tests/web/tables_test.py compares it with the tables that there are. */
enum db_result tenant_export(struct db *db, struct arena *around, const struct tenant_company *company, uint64_t vendor_id, FILE *file)
    __attribute__((warn_unused_result));

#endif
