/* link_rules.c - see link_rules.h; product.md, "Invitee side". */
#include "link_rules.h"

#include <string.h>

static enum link_state decide_signed_in(const struct link *link, const struct link_visitor *visitor)
{
    bool own = strcmp(link->email_canon, visitor->email_canon) == 0;
    if (own && link->copied && !link->account_verified) return LINK_PROVE;
    bool may = own || visitor->fits;
    if (visitor->companies > 0) return may ? LINK_ACCEPT : LINK_OTHER;
    if (visitor->company_kind && strcmp(visitor->company_kind, partner_kind_name(link->kind)) != 0) return LINK_WRONG_KIND;
    return may ? LINK_COMPANY : LINK_OTHER;
}

enum link_state link_decide(const struct link *link, const struct link_visitor *visitor)
{
    if (link->suspended) return LINK_CLOSED;
    switch (link->status) {
    case INVITATION_ACCEPTED: return visitor->signed_in && link->accepted_by == visitor->account_id ? LINK_MINE : LINK_DEAD;
    case INVITATION_DECLINED: return LINK_DECLINED;
    case INVITATION_CANCELLED: return LINK_DEAD;
    case INVITATION_PENDING: break;
    }
    if (link->expired) return LINK_EXPIRED; /* also of an older link: the newest one does not work either */
    if (link->superseded) return LINK_SUPERSEDED;
    if (!link->sender_entitled) return LINK_PAUSED;
    if (visitor->signed_in) return decide_signed_in(link, visitor);
    if (link->account_id) return LINK_SIGN_IN;
    return link->copied ? LINK_PROVE : LINK_REGISTER;
}
