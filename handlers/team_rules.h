/* team_rules.h - who may do what to whom in a vendor's team, and what a colleague finds behind a link. Pure: no request, no database. */
#ifndef HANDLERS_TEAM_RULES_H
#define HANDLERS_TEAM_RULES_H

#include "account_rows.h"
#include "join_rows.h"
#include "team_rows.h"
#include "types.h"

/* Only an owner makes owners; nobody gives a role above their own. `actor` 0: not a member. */
bool team_may_grant(enum member_role actor, enum member_role role);

/* Only an owner changes or removes an owner. */
bool team_may_touch(enum member_role actor, enum member_role target);

/* Which of a member's open invitations have nobody who may stand for them any more. */
struct team_loss {
    bool invitations; /* to customers and suppliers */
    bool colleagues;  /* to colleagues ... */
    bool owners_only; /* ... but only those to become an owner */
};

/* `role` 0: removed. */
struct team_loss team_loss(enum member_role role);

/* How many these are. */
uint64_t team_loss_count(const struct team_member *m, struct team_loss loss);

enum team_verdict {
    TEAM_DO,
    TEAM_NOTHING,    /* has that role already */
    TEAM_NOT_YOURS,  /* the member, or the role, is above who asks */
    TEAM_LAST_OWNER, /* nobody would be left to own the company */
    TEAM_ASK,        /* what becomes of the open invitations? */
};

/* A member gets another role (0: is removed). `self`: by themselves; `answered`: it was said what becomes of the open invitations. */
enum team_verdict team_decide(const struct team_member *m, enum member_role role, bool self, bool answered);

enum join_state {
    JOIN_DEAD,       /* used by another, cancelled, unknown, malformed */
    JOIN_CLOSED,     /* the vendor is closed: neutral, whatever the request is */
    JOIN_MINE,       /* this person is a member already */
    JOIN_SUPERSEDED, /* a newer mail was sent */
    JOIN_EXPIRED,
    JOIN_VOID,       /* the sender may not make such a member any more */
    JOIN_REGISTER,   /* a new person */
    JOIN_SIGN_IN,    /* the address has an account */
    JOIN_ACCEPT,     /* signed in as the invited address */
    JOIN_OTHER,      /* signed in as another address */
};

/* `account_id` 0: nobody is signed in. */
enum join_state join_decide(const struct join *j, uint64_t account_id);

#endif
