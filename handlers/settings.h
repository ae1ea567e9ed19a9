/* settings.h - a vendor's settings, for the pages that show what follows from them. */
#ifndef HANDLERS_SETTINGS_H
#define HANDLERS_SETTINGS_H

#include "model.h"
#include "request.h"
#include "settings_rows.h"

/* A page of an invitee shows the vendor's picture and colour, and tells times in its zone. */
void settings_apply(struct request *q, struct page *page, const struct settings *settings);

#endif
