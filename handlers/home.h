/* home.h - the home page, drawn again with the message of a form on it. */
#ifndef HANDLERS_HOME_H
#define HANDLERS_HOME_H

#include "request.h"

/* `wrong` is the invitation or request whose form has the messages; form NULL: none. */
enum db_result home_draw(struct request *q, const struct form *form, struct id wrong) __attribute__((warn_unused_result));

/* Who is signed in has no company at all. */
bool home_lone(const struct request *q);

#endif
