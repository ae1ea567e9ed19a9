/* response.h - the answer's head, the same for every page, and one write of it all. */
#ifndef FCGI_RESPONSE_H
#define FCGI_RESPONSE_H

#include "request.h"

struct FCGX_Stream;

/* Writes status, headers and the page. False when the visitor has gone. */
bool response_write(struct request *q, struct FCGX_Stream *to);

#endif
