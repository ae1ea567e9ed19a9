/* invite_rules.c - see invite_rules.h; the table of product.md, "The states of an invitation". */
#include "invite_rules.h"

enum invite_verdict invite_decide(const struct invitation_obstacle *o, bool suppressed)
{
    if (o->colleague) return INVITE_COLLEAGUE;
    if (o->connection == RELATIONSHIP_PAUSED) return INVITE_PAUSED;
    if (o->connection == RELATIONSHIP_ACTIVE) return INVITE_CONNECTED;
    if (suppressed) return INVITE_SUPPRESSED;
    if (!o->open_id) return INVITE_NEW;
    return o->open_expired ? INVITE_RENEW : INVITE_PENDING;
}
