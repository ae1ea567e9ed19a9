/* account_export.h - everything of one person as one JSON object, written as it is read: as many rows as there are in the memory of a page. */
#ifndef HANDLERS_ACCOUNT_EXPORT_H
#define HANDLERS_ACCOUNT_EXPORT_H

#include "operator_call.h"
#include "privacy_rows.h"

#include <stdio.h>

/* Of the person of op->address, into `file`; whether all of it was written, the file says. What is another's (to whom the person sent an
 * invitation) is not in it. tests/web/tables_test.py compares it with the tables that there are. */
enum db_result account_export(struct operator *op, const struct privacy_account *account, FILE *file) __attribute__((warn_unused_result));

#endif
