/* link.h - what an invitation's own link shares with the person's home page. */
#ifndef HANDLERS_LINK_H
#define HANDLERS_LINK_H

#include "model.h"
#include "request.h"

/* What follows a decline, in its transaction: waiting mails withdrawn, a line of history, and the sender is told. */
enum db_result link_declined(struct request *q, const struct link *link) __attribute__((warn_unused_result));

#endif
