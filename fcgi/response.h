/* response.h - the answer: its head, the same for every page, and one write of it all; or, for what would not fit into memory, pieces. */
#ifndef FCGI_RESPONSE_H
#define FCGI_RESPONSE_H

#include "request.h"

enum { RESPONSE_PIECE = 64 << 10 }; /* octets: worth sending */

/* The answer is a file to keep: "Customers 2026-11-21.csv", with the day in UTC. */
void response_file(struct request *q, const char *name, const char *ending);

/* From here on the answer leaves in pieces, in bounded memory: for routes of the long workers, whose connections nginx does not keep. The
 * head is written, without a length, so its type and file name must be known. Then fill q->out and send it, again and again. False:
 * nobody waits for more (HEAD, or the visitor has gone): stop and return DB_OK.
 * A handler that returns anything else after this has its connection broken off: half a list must not look like a whole one. */
bool response_begin(struct request *q);

/* Send what q->out holds, and empty it. */
bool response_piece(struct request *q);

/* Status, headers and the page; of an answer in pieces, what is left. False when the visitor has gone. */
bool response_end(struct request *q);

#endif
