/* member_rules.c - see member_rules.h; product.md, Words. */
#include "member_rules.h"

enum member_verdict member_manages(enum member_role actor, bool about_owner)
{
    if (actor != ROLE_OWNER && actor != ROLE_ADMIN) return MEMBER_FORBIDDEN;
    return about_owner && actor != ROLE_OWNER ? MEMBER_OWNERS_ONLY : MEMBER_FINE;
}

enum member_verdict member_role_decide(enum member_role actor, enum member_role target, enum member_role becomes, uint64_t owners)
{
    enum member_verdict verdict = member_manages(actor, target == ROLE_OWNER || becomes == ROLE_OWNER);
    if (verdict != MEMBER_FINE) return verdict;
    return target == ROLE_OWNER && becomes != ROLE_OWNER && owners < 2 ? MEMBER_LAST_OWNER : MEMBER_FINE;
}

enum member_verdict member_remove_decide(enum member_role actor, enum member_role target, bool self, uint64_t owners)
{
    enum member_verdict verdict = self ? MEMBER_FINE : member_manages(actor, target == ROLE_OWNER);
    if (verdict != MEMBER_FINE) return verdict;
    return target == ROLE_OWNER && owners < 2 ? MEMBER_LAST_OWNER : MEMBER_FINE;
}
