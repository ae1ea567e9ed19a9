/* visitor.h - the connections of one worker: new ones from the shared socket, and those that nginx keeps open for pages.
 *
 * libfcgi serves one connection at a time and waits on it, so a connection that nginx keeps open would pin its worker (limits.md,
 * Kept-alive FastCGI connections). Here a worker waits for all of its connections at once and lends libfcgi the one on which a
 * request has come. Kept is only what read: a GET waits for nobody, while a POST may wait seconds for a lock, and what nginx sends
 * on a kept connection meanwhile would wait with it. So a POST comes on a connection of its own, and before it is served the
 * worker gives its kept ones back: nginx asks again elsewhere, which it may do with a GET.
 */
#ifndef FCGI_VISITOR_H
#define FCGI_VISITOR_H

#include "scoreboard.h"

#include <fcgiapp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>

enum {
    VISITOR_KEPT_MAX = 64, /* more than nginx keeps in all: the bound of a table, not of the load */
    VISITOR_READY_MAX = 8  /* of those that have something to say, learnt in one system call */
};

struct visitors {
    int listener, epoll, patience;
    int kept[VISITOR_KEPT_MAX];
    size_t n;
    struct epoll_event ready[VISITOR_READY_MAX];
    int next, n_ready;
    bool reading; /* the request in hand is one after which the connection may stay */
};

/* Wait at `listener`, which must not block, for `patience` milliseconds at a time (-1: without end). False, logged: no descriptor left. */
bool visitors_open(struct visitors *v, int listener, int patience);

/* The next request, read into `request` up to its body. False: nobody, because a signal came, a kept connection ended, another
 * worker was faster or patience ended; look whether to leave, and ask again. SIGTERM, which the caller keeps blocked, can only arrive in here while
 * nobody is being served. The slot's clock runs from the connection's first sign, so the master sees a peer that stays silent. */
bool visitor_next(struct visitors *v, FCGX_Request *request, struct scoreboard_slot *slot);

/* The answer is written: send it off, and keep or close the connection. Not `whole`: the connection ends without FastCGI's word that the
 * request does, so that nginx breaks off what the visitor is receiving instead of calling it complete. */
void visitor_done(struct visitors *v, FCGX_Request *request, struct scoreboard_slot *slot, bool whole);

#endif
