/* serve.h - one request, in order, and what a worker keeps between requests: arena, connection, keys.
 *
 * serve_one answers with one well-formed response and logs one line; it names its route in the slot for the master. The worker finishes the
 * FastCGI request afterwards, or breaks it off where the answer came in pieces and could not be brought to its end.
 */
#ifndef FCGI_SERVE_H
#define FCGI_SERVE_H

#include "config.h"
#include "scoreboard.h"

struct FCGX_Request;
struct hints;
struct limit_table;
struct serve;

/* NULL, logged with the cure, when this process cannot work: no key, no database password. The database may be down. */
struct serve *serve_new(const struct config *config, struct scoreboard_slot *slot, struct limit_table *limits, struct hints *hints);
void serve_free(struct serve *s);

/* False: what has been sent of the answer is not all of it. */
bool serve_one(struct serve *s, struct FCGX_Request *r);

/* Write down what pages left behind, if anything; when the database cannot, it is lost. */
void serve_hints(struct serve *s, struct hints *hints);

/* Every ten minutes: remove files that nothing shows any more. */
void serve_sweep(struct serve *s);

#endif
