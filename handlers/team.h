/* team.h - what the files of the vendor's team share. */
#ifndef HANDLERS_TEAM_H
#define HANDLERS_TEAM_H

#include "request.h"
#include "team_rules.h"

enum { TEAM_DAYS = 7 }; /* a request to a colleague works so long */

/* The role of who is signed in, in the company in use; 0: none. */
enum member_role team_own_role(const struct request *q);

/* A line of the audit log: `subject` is the account that it was done to, 0: none. */
enum db_result team_write(struct request *q, const char *event, uint64_t subject, const char *detail) __attribute__((warn_unused_result));

#endif
