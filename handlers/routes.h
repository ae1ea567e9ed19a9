/* routes.h - the table of handlers/routes.c. */
#ifndef HANDLERS_ROUTES_H
#define HANDLERS_ROUTES_H

#include "app.h"

extern const struct route routes[];

#endif
