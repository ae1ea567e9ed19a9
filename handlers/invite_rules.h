/* invite_rules.h - whether an address may be invited now. Pure: no request, no database. */
#ifndef HANDLERS_INVITE_RULES_H
#define HANDLERS_INVITE_RULES_H

#include "invitation_rows.h"
#include "types.h"

enum invite_verdict {
    INVITE_NEW,       /* a new record */
    INVITE_RENEW,     /* the expired record is sent anew */
    INVITE_PENDING,   /* an open one stands in the way: offer Resend and View */
    INVITE_CONNECTED, /* already connected */
    INVITE_PAUSED,    /* connected, but paused: lift the pause first */
    INVITE_SUPPRESSED, /* wants no invitations */
    INVITE_COLLEAGUE, /* a member of this vendor */
};

/* `suppressed`: the address is on the do-not-invite list. */
enum invite_verdict invite_decide(const struct invitation_obstacle *o, bool suppressed);

#endif
