/* invitation.h - what the pages about one invitation share. */
#ifndef HANDLERS_INVITATION_H
#define HANDLERS_INVITATION_H

#include "model.h"
#include "request.h"

/* The invitation that the path names, if this vendor has it and this member may see it; DB_NONE: 404. */
enum db_result invitation_find(struct request *q, struct invitation *i) __attribute__((warn_unused_result));

/* Nothing to do any more: undo what was begun, and show what has become of it. */
enum db_result invitation_too_late(struct request *q, const struct invitation *i) __attribute__((warn_unused_result));

#endif
