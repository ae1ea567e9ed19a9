/* answer.h - what vendors ask the person who is signed in: Home shows it. */
#ifndef HANDLERS_ANSWER_ASKING_H
#define HANDLERS_ANSWER_ASKING_H

#include "model.h"
#include "request.h"

/* Everything that waits: for the person's proven address, and for the companies that they decide for. */
enum db_result answer_waiting(struct request *q, struct asking_list *list) __attribute__((warn_unused_result));

#endif
