/* admission.h - what Home says about joining companies. */
#ifndef HANDLERS_ADMISSION_H
#define HANDLERS_ADMISSION_H

#include "model.h"
#include "request.h"

/* Who asks the companies that this person owns, and what became of the person's own request. `alone`: without a company
 * of that kind, so that the way to a colleague's is offered. */
enum db_result admission_home_load(struct request *q, bool alone, struct admission_home *home) __attribute__((warn_unused_result));

#endif
