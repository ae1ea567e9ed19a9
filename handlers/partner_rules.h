/* partner_rules.h - what an administrator may enter about a connection. Pure: no request, no database. */
#ifndef HANDLERS_PARTNER_RULES_H
#define HANDLERS_PARTNER_RULES_H

#include "arena.h"
#include "types.h"

/* The end of a pause: *until is the beginning of the day "2027-03-27" in the zone (NULL: UTC), or no moment for "". NULL: good; otherwise a sentence
 * (msgid). */
const char *partner_pause_end(const char *text, const char *zone, struct moment now, struct moment *until);

/* The next word of a folded business name, and *rest behind it; NULL: there is none. */
const char *partner_name_word(struct arena *a, const char **rest);

/* Whether a word of a name tells one business from another: not "ltd", "the", "of". */
bool partner_word_tells(const char *word);

#endif
