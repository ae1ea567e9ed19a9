/* browser.h - knowing the browser again that began something by mail, also after its session has ended. */
#ifndef HANDLERS_BROWSER_H
#define HANDLERS_BROWSER_H

#include "request.h"

/* What to store of this browser: a keyed hash of its cookie, which is made when there is none. */
struct hash browser_mark(struct request *q);

/* The same of the cookie that the request brought along; a hash of nothing when there is none. */
struct hash browser_seen(struct request *q);

#endif
