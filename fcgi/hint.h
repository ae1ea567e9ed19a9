/* hint.h - numbers that were shown, in memory shared by all workers, until somebody writes them down.
 *
 * A GET writes nothing. Where it is worth a line of statistics that something was shown, its number is left here, and a worker that
 * hashes passwords or serves long answers writes it down within about a second: nobody who asked for a page waits for it. A set of words
 * without a lock: a number waits once, with the time of its first showing. Full: forgotten, never invented. Kept by one machine; what
 * waits when the program ends is lost.
 */
#ifndef FCGI_HINT_H
#define FCGI_HINT_H

#include "types.h"

struct hints;

/* A number that was shown, and how many milliseconds ago. */
struct hint {
    uint64_t number;
    unsigned ms;
};

enum { HINTS_MOST = 1024 };

/* In a shared anonymous mapping, before the children are forked. Ends the process when there is no memory. */
struct hints *hints_new(void);

/* Leave a number, from 1; one of more than 40 bits is forgotten. */
void hint_put(struct hints *h, uint64_t number);

/* Take out everything that waits, at most HINTS_MOST. Each is taken by one process only. */
size_t hints_take(struct hints *h, struct hint *to);

#endif
