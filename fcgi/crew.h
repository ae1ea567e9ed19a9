/* crew.h - the master's children: how many of each pool, of which generation, and what to do when one dies or hangs.
 *
 * A pool is kept at its number. A child that dies after it was ready is replaced at once; one that dies before is started again with
 * a doubling delay of at most 30 s. A new generation replaces the old child by child: start one, wait until it is ready, tell an
 * old one to leave; there are never fewer than wanted.
 */
#ifndef FCGI_CREW_H
#define FCGI_CREW_H

#include "config.h"
#include "scoreboard.h"

struct limit_table;
struct crew;

/* The one crew of this process; its scoreboard is in `status_file`. Ends the process when there is no shared memory. */
struct crew *crew_new(const char *status_file);

/* How many of a pool, and the socket that it serves (-1: none). */
void crew_want(struct crew *c, enum scoreboard_pool pool, unsigned n, int listener);

/* From now on children are started with this configuration, which must stay; the older ones are replaced. */
void crew_renew(struct crew *c, const struct config *config);

/* Start what is missing, replace what is old, end what hangs. Returns milliseconds until it should be called again. */
int crew_step(struct crew *c);

/* Bury every child that has died. */
void crew_reap(struct crew *c);

/* Nothing is started any more; everyone is told to finish. */
void crew_dismiss(struct crew *c);

/* Who is still there after that is killed. */
void crew_kill(struct crew *c);

unsigned crew_size(const struct crew *c);

/* Whether every pool has its number of ready children of the current generation and no old ones. */
bool crew_complete(const struct crew *c);

#endif
