/* link_rules.h - what a visitor finds behind an invitation's link. Pure: no request, no database. */
#ifndef HANDLERS_LINK_RULES_H
#define HANDLERS_LINK_RULES_H

#include "invitation_rows.h"
#include "types.h"

enum link_state {
    LINK_DEAD,       /* used by another, cancelled, unknown, malformed: one page for all of these */
    LINK_CLOSED,     /* the vendor is closed: neutral, whatever the invitation is */
    LINK_MINE,       /* accepted by this person */
    LINK_DECLINED,
    LINK_SUPERSEDED, /* a newer mail was sent */
    LINK_EXPIRED,
    LINK_PAUSED,     /* the sender may not invite any more */
    LINK_REGISTER,   /* a new person */
    LINK_SIGN_IN,    /* the address has an account */
    LINK_ACCEPT,     /* signed in, with a company of the right kind */
    LINK_COMPANY,    /* signed in as an address that may accept, without any company yet */
    LINK_WRONG_KIND, /* signed in with an account of another kind */
    LINK_OTHER,      /* signed in as an address that may not */
};

/* Who looks. */
struct link_visitor {
    bool signed_in;
    bool verified; /* the address is proven */
    uint64_t account_id;
    const char *email_canon;
    bool fits;                /* the address is proven, and the vendor's policy lets it accept for the invited one */
    const char *company_kind; /* of the company in use; NULL: none */
    size_t companies;         /* of the invitation's kind, in which this person may decide */
};

enum link_state link_decide(const struct link *link, const struct link_visitor *visitor);

/* Whether an acceptance in that state has to wait until the address is proven: a copied link proves nothing, and an account only when it is
 * verified. */
bool link_waits(enum link_state state, const struct link *link, const struct link_visitor *visitor);

#endif
