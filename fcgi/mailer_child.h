/* mailer_child.h - the process that opens a batch of mails and hands them to the mail server. */
#ifndef FCGI_MAILER_CHILD_H
#define FCGI_MAILER_CHILD_H

#include "app.h"
#include "config.h"
#include "smtp.h"

#include <sys/types.h>

struct mailer_keys {
    uint8_t secret[32], public[32];
};

/* What the child writes into the pipe, one write for each mail as soon as it is known. */
struct mailer_report {
    uint32_t index, result; /* of the job; enum mail_result */
    uint32_t unsealed;      /* not 0: the seal did not open */
    char reply[SMTP_REPLY + 1];
};

/* After so many seconds a child hangs. What mail_claim fixes as the next try must be later than that, if a second
 * machine claims from the same outbox. */
unsigned mailer_child_seconds(const struct config *config);

/* The whole life of the child; at most SMTP_MOST jobs. Closes what it inherited, ends with status 0; dies with
 * `mailer`. */
_Noreturn void mailer_child_run(const struct config *config, struct mailer_keys *keys, const struct mail_job *jobs,
                                unsigned n, int report_fd, pid_t mailer);

#endif
