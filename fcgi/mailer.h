/* mailer.h - takes mail out of the outbox and speaks SMTP through libesmtp.
 *
 * Each batch is sent by a child process of its own, so that a crash inside the library costs one attempt. The attempt is
 * committed before the conversation begins; what the child did not report is tried again when its time comes.
 */
#ifndef FCGI_MAILER_H
#define FCGI_MAILER_H

#include "config.h"
#include "scoreboard.h"

/* Runs until told to leave (SIGTERM or slot->leave), finishing the batch under way. Exit status 0. */
int mailer_run(const struct config *config, struct scoreboard_slot *slot);

#endif
