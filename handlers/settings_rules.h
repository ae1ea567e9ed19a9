/* settings_rules.h - what a vendor may decide, and what follows from it. Pure: no request, no database. */
#ifndef HANDLERS_SETTINGS_RULES_H
#define HANDLERS_SETTINGS_RULES_H

#include "settings_rows.h"
#include "types.h"

struct out;

/* Why a colour cannot be used (a sentence with the contrast that it has), or NULL. "" is no colour. */
const char *settings_colour_error(const struct out *o, const char *colour);

/* Whether a person with the canonical address `mine` may accept what was sent to `invited`. The database decides the same once more. */
bool settings_address_fits(enum address_policy policy, const char *invited, const char *mine);

#endif
