/* partner_rules.h - what an administrator may enter about a connection. Pure: no request, no database. */
#ifndef HANDLERS_PARTNER_RULES_H
#define HANDLERS_PARTNER_RULES_H

#include "types.h"

/* The end of a pause: *until is the beginning (UTC) of the day "2027-03-27", or no moment for "". NULL: good; otherwise a sentence (msgid). */
const char *partner_pause_end(const char *text, struct moment now, struct moment *until);

#endif
