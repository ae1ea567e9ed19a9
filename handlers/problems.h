/* problems.h - the pages for what no handler answered. */
#ifndef HANDLERS_PROBLEMS_H
#define HANDLERS_PROBLEMS_H

#include "request.h"

/* app.problem: the page of a status, without the database. */
void problem_write(struct request *q, int status);

/* What the people of a company see that is closed, instead of any page of it: by whom, and whom to ask. Its owners, when one of them deletes it,
 * are led to where it can be kept (closing.c). */
enum db_result problem_closed(struct request *q);

/* app.forbidden: to sign-in, or for somebody who is signed in the reason. */
enum db_result problem_forbidden(struct request *q);

#endif
