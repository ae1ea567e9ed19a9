/* partner.h - what the pages about one customer or supplier share. */
#ifndef HANDLERS_PARTNER_H
#define HANDLERS_PARTNER_H

#include "model.h"
#include "request.h"

/* Which of the two lists the route belongs to: /customers…, /add/customer… or /suppliers…, /add/supplier…. */
enum partner_kind partner_kind_of(const struct request *q);
enum place partner_place(enum partner_kind kind);

/* The company that the path names, if this vendor has it: DB_NONE for every other. */
enum db_result partner_find(struct request *q, struct partner *partner) __attribute__((warn_unused_result));

/* To the company's own page, with a note about it; `until` "" without. */
enum db_result partner_back(struct request *q, const struct partner *partner, const char *note, const char *until) __attribute__((warn_unused_result));

/* The role that the form's `role` names. DB_NONE: it is none of this vendor's, and the field says so. */
enum db_result partner_role_read(struct request *q, struct partner_role *role) __attribute__((warn_unused_result));

#endif
