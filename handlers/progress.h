/* progress.h - how far an invitee came: opened the link, began the form. A statistic: nothing is ever decided by it. */
#ifndef HANDLERS_PROGRESS_H
#define HANDLERS_PROGRESS_H

#include "hint.h"
#include "request.h"

/* The page of a link that works is shown. Writes nothing: a worker does, soon after (hint.h). A HEAD shows nothing. */
void progress_opened(const struct request *q, uint64_t invitation_id);

/* The form was sent and something is missing yet; in the transaction of the request. */
enum db_result progress_begun(struct request *q, uint64_t invitation_id);

/* Of struct app. */
enum db_result progress_write(struct db *db, const struct hint *hints, size_t n);

#endif
