/* member_rules.h - who may change whom in a company, vendor or partner. Pure: no request, no database. */
#ifndef HANDLERS_MEMBER_RULES_H
#define HANDLERS_MEMBER_RULES_H

#include "account_rows.h"
#include "types.h"

enum member_verdict {
    MEMBER_FINE,
    MEMBER_FORBIDDEN,   /* the role does not manage people */
    MEMBER_OWNERS_ONLY, /* about an owner, or would make one */
    MEMBER_LAST_OWNER,  /* the company would have none */
};

/* Owners and admins manage people; only an owner makes, changes or removes an owner. */
enum member_verdict member_manages(enum member_role actor, bool about_owner);

/* `actor` gives `target` the role `becomes`. `owners`: how many the company has. */
enum member_verdict member_role_decide(enum member_role actor, enum member_role target, enum member_role becomes, uint64_t owners);

/* `actor` removes `target`; `self`: one leaves, which everybody may. */
enum member_verdict member_remove_decide(enum member_role actor, enum member_role target, bool self, uint64_t owners);

#endif
