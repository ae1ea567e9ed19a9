/* team_rules.c - see team_rules.h; product.md, Words, and security.md, 79. */
#include "team_rules.h"

#include "member_rules.h"

bool team_may_grant(enum member_role actor, enum member_role role)
{
    return role != ROLE_MEMBER /* of customers and suppliers */ && member_manages(actor, role == ROLE_OWNER) == MEMBER_FINE;
}

bool team_may_touch(enum member_role actor, enum member_role target)
{
    return member_manages(actor, target == ROLE_OWNER) == MEMBER_FINE;
}

struct team_loss team_loss(enum member_role role)
{
    bool invites = role == ROLE_OWNER || role == ROLE_ADMIN || role == ROLE_INVITER;
    return (struct team_loss){.invitations = !invites, .colleagues = role != ROLE_OWNER, .owners_only = role == ROLE_ADMIN};
}

uint64_t team_loss_count(const struct team_member *m, struct team_loss loss)
{
    return (loss.invitations ? m->invitations : 0) + (!loss.colleagues ? 0 : loss.owners_only ? m->future_owners : m->colleagues);
}

enum team_verdict team_decide(const struct team_member *m, enum member_role role, bool self, bool answered)
{
    bool leaves = self && !role; /* which everybody may */
    if (!leaves && !team_may_touch(m->actor_role, m->role)) return TEAM_NOT_YOURS;
    if (role && !team_may_grant(m->actor_role, role)) return TEAM_NOT_YOURS;
    if (role == m->role) return TEAM_NOTHING;
    if (m->role == ROLE_OWNER && m->owners < 2) return TEAM_LAST_OWNER;
    return answered || !team_loss_count(m, team_loss(role)) ? TEAM_DO : TEAM_ASK;
}

enum join_state join_decide(const struct join *j, uint64_t account_id)
{
    bool own = account_id && account_id == j->account_id;
    if (j->closed) return JOIN_CLOSED;
    switch (j->status) {
    case TEAM_ACCEPTED: return account_id && j->accepted_by == account_id ? JOIN_MINE : JOIN_DEAD;
    case TEAM_CANCELLED: return JOIN_DEAD;
    case TEAM_PENDING: break;
    }
    if (own && j->member) return JOIN_MINE;
    if (j->superseded) return JOIN_SUPERSEDED;
    if (j->expired) return JOIN_EXPIRED;
    if (!j->sender_entitled) return JOIN_VOID;
    if (account_id && !own) return JOIN_OTHER;
    if (own && j->proven) return JOIN_ACCEPT;
    return j->account_id && j->proven ? JOIN_SIGN_IN : JOIN_REGISTER;
}
