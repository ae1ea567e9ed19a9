/* audit.h - one line for each change of state, in the change's transaction. */
#ifndef HANDLERS_AUDIT_H
#define HANDLERS_AUDIT_H

#include "request.h"

struct audit {
    const char *event; /* invitation_sent, invitation_accepted … : the words are in events.c and, for a history, in views/pieces.html */
    uint64_t vendor_id, account_id, invitation_id, relationship_id; /* 0: none; account_id 0: who is signed in */
    const char *detail; /* NULL: none */
};

/* Also what tells a request whose COMMIT got no answer that it happened: every handler that changes something writes at least one. */
enum db_result audit_write(struct request *q, struct audit a) __attribute__((warn_unused_result));

#endif
