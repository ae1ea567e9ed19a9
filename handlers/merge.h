/* merge.h - where a vendor's old link to a merged company leads. */
#ifndef HANDLERS_MERGE_H
#define HANDLERS_MERGE_H

#include "company_rows.h"
#include "request.h"

/* To the company that lives on, when the path names one that was emptied and that this vendor knew; otherwise DB_NONE. */
enum db_result merge_redirect(struct request *q, enum partner_kind kind) __attribute__((warn_unused_result));

#endif
