/* limit.h - counters per minute in memory shared by all workers.
 *
 * Fixed windows, one 64-bit word a counter, no lock. When the table is crowded a counter may be forgotten, never invented:
 * a limit errs for the visitor. Kept by one machine for one machine.
 */
#ifndef FCGI_LIMIT_H
#define FCGI_LIMIT_H

#include "types.h"

struct arena;
struct limit_table;

/* In a shared anonymous mapping, before the children are forked. Ends the process when there is no memory. */
struct limit_table *limit_table_new(void);

/* Count one more for `key` (a keyed hash of what and whom). 0: within `per_minute`; otherwise the seconds until the minute ends. */
unsigned limit_take(struct limit_table *t, struct hash key, unsigned per_minute);

/* Whom an address counts as: of IPv6 the network (a /64), which is one visitor's, as for nginx (invited-http.conf); anything else as it is. */
const char *limit_visitor(struct arena *a, const char *address);

#endif
