/* permission.h - what each role may do: one table, for the routes and for the pages that show a button or do not. */
#ifndef HANDLERS_PERMISSION_H
#define HANDLERS_PERMISSION_H

#include "app.h"
#include "request.h"

/* Whether somebody who is signed in may use a route of that permission with the company in use and the role there, both read from the
 * database for this very request (product.md, Words). Nothing before the address is verified. */
bool permission_has(const struct session *s, enum permission permission);

/* Whether some role of such a company may: else the page belongs to another kind of company, and no role would help. */
bool permission_of_kind(const char *company_kind, enum permission permission);

/* Whether nothing may be done in the company in use: the operator has closed it, or an owner to delete it. */
static inline bool permission_closed(const struct session *s)
{
    return s->suspended || s->delete_at.us;
}

#endif
