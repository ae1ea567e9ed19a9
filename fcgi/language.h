/* language.h - the languages of pages and mails, and which of them a visitor asks for.
 *
 * The sentences stand in English in the source. Every other language is a gettext catalogue, one domain each, so that a process speaks all of
 * them side by side; a language is offered when its catalogue is in the folder.
 */
#ifndef FCGI_LANGUAGE_H
#define FCGI_LANGUAGE_H

#include "types.h"

struct out;

struct language {
    const char *tag;    /* BCP 47: in the page, in the cookie, in the database */
    const char *choose; /* "?lang=" and the tag */
    const char *name;   /* in itself */
    const char *domain; /* of gettext; NULL: English */
    const char *decimal, *group; /* of numbers. Digits are 0 to 9 in Arabic too, as they stand in its forms, numbers of customers and links */
    unsigned group_from;         /* digits from which a number is divided */
    const char *first_day;       /* how the first day of a month stands in a date; NULL: 1 */
    bool rtl;
};

enum { LANGUAGES_MOST = 8, LANGUAGE_TAG_MOST = 12 };

/* Once, before any other; later calls look again. A folder without catalogues leaves English. */
void languages_open(const char *catalogue_dir);

/* Those that are offered, English first; and their tags, ending with NULL, for FIELD_CHOICE; `language_choices` begins with "". */
struct language_list {
    const struct language *const *v;
    size_t n;
};
struct language_list languages(void);
extern const char *language_tags[LANGUAGES_MOST + 1];
extern const char *language_choices[LANGUAGES_MOST + 2];

/* The language of a tag, or NULL: not offered. NULL and "" are none. */
const struct language *language_find(const char *tag);

/* What an Accept-Language header asks for: RFC 4647 3.4 (lookup) in the order of RFC 9110 12.4.2 (q). NULL: nothing that is offered, or
 * whatever ("*"). */
const struct language *language_lookup(const char *ranges);

/* English where the page has none. */
const struct language *language_of(const struct out *o);

#endif
