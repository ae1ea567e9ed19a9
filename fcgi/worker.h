/* worker.h - one process of a pool: waits at the shared socket, serves one request at a time.
 *
 * Signals: SIGTERM is blocked except while it waits for the next visitor (visitor.h), the only interruptible point, so no visitor is dropped
 * (architecture.md, libfcgi). Ends after what it serves when told to (SIGTERM or slot->leave). Exit status 0.
 */
#ifndef FCGI_WORKER_H
#define FCGI_WORKER_H

#include "config.h"
#include "scoreboard.h"

struct hints;
struct limit_table;

/* Never returns before it is told to leave. `listener` is non-blocking. */
int worker_run(const struct config *config, int listener, struct scoreboard_slot *slot, struct limit_table *limits, struct hints *hints);

#endif
