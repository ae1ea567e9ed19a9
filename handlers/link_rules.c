/* link_rules.c - see link_rules.h; product.md, "Invitee side". */
#include "link_rules.h"

#include <string.h>

static enum link_state decide_signed_in(const struct link *link, const struct link_visitor *visitor)
{
    bool own = strcmp(link->email_canon, visitor->email_canon) == 0;
    bool may = own || visitor->fits;
    if (visitor->companies > 0) return may ? LINK_ACCEPT : LINK_OTHER;
    if (visitor->company_kind && strcmp(visitor->company_kind, partner_kind_name(link->kind)) != 0) return LINK_WRONG_KIND;
    return may ? LINK_COMPANY : LINK_OTHER;
}

/* Nobody finished a registration of the invited address: a link that was mailed there proves who the owner is, who registers anew; through
 * a copied one whoever knows the password may go on. */
static bool free_address(const struct link *link)
{
    if (!link->account_id) return true;
    return link->account_unfinished && (!link->copied || !link->account_password);
}

enum link_state link_decide(const struct link *link, const struct link_visitor *visitor)
{
    if (link->closed) return LINK_CLOSED;
    switch (link->status) {
    case INVITATION_ACCEPTED: return visitor->signed_in && link->accepted_by == visitor->account_id ? LINK_MINE : LINK_DEAD;
    case INVITATION_DECLINED: return LINK_DECLINED;
    case INVITATION_CANCELLED: return LINK_DEAD;
    case INVITATION_PENDING: break;
    }
    if (link->expired) return LINK_EXPIRED; /* also of an older link: the newest one does not work either */
    if (link->superseded) return LINK_SUPERSEDED;
    if (!link->sender_entitled) return LINK_PAUSED;
    if (visitor->signed_in && !(free_address(link) && visitor->account_id == link->account_id)) return decide_signed_in(link, visitor);
    return free_address(link) ? LINK_REGISTER : LINK_SIGN_IN;
}

bool link_waits(enum link_state state, const struct link *link, const struct link_visitor *visitor)
{
    return state == LINK_REGISTER ? link->copied : visitor->signed_in && !visitor->verified;
}
