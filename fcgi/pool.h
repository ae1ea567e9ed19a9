/* pool.h - the groups of processes that the master keeps: what each is called, and what the configuration says of it.
 *
 *   web     pages: what reads quickly and what writes a row
 *   auth    what hashes a password: few, so that a flood of sign-ins cannot starve the pages
 *   long    what takes minutes: a list of a million rows, a file of many megabytes; few, and never on a connection that nginx keeps
 *   mailer  serves nobody: takes mail out of the outbox
 */
#ifndef FCGI_POOL_H
#define FCGI_POOL_H

#include "config.h"
#include "scoreboard.h"

/* "web", "auth", "long", "mailer": in the log and in the name of nginx's upstream. */
const char *pool_name(enum scoreboard_pool pool);

/* Where nginx reaches it; NULL for the mailer. */
const char *pool_socket(const struct config *c, enum scoreboard_pool pool);

unsigned pool_workers(const struct config *c, enum scoreboard_pool pool);

/* The longest that one request may take. */
unsigned pool_seconds(const struct config *c, enum scoreboard_pool pool);

/* Sockets are opened once: let `next` keep those of `now`. False when it named others. */
bool pool_sockets_keep(struct config *next, const struct config *now);

#endif
