/* bounce.h - mails that come back. Their envelope's sender names the mail and proves that we sent it. */
#ifndef HANDLERS_BOUNCE_H
#define HANDLERS_BOUNCE_H

#include "config.h"
#include "types.h"

struct arena;

/* The envelope's sender for the mail of that number: bounce+NUMBER.MAC@…, made from `bounce_address`; `mail_from` where that is empty. */
const char *bounce_sender(struct arena *a, const struct config *config, struct id number);

/* `invited bounce RECIPIENT`: a returned message on standard input, as a mail server's pipe gives it. 0 also for what is none of ours,
 * so that nobody is answered; 75 (sysexits, EX_TEMPFAIL) when the mail server shall try again. */
int bounce_run(const struct config *config, int argc, char **argv);

#endif
