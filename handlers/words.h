/* words.h - what the panel's search finds an invitation by. */
#ifndef HANDLERS_WORDS_H
#define HANDLERS_WORDS_H

#include "request.h"

enum { WORDS_MOST = 100 }; /* code points of a search */
enum { WORDS_EACH_MOST = 8 };                 /* words of one text */

/* Lower-case (ASCII) form of a search or a word: what is stored and what is looked for. Trimmed. */
const char *words_fold(struct arena *a, const char *text);

/* Each place of a text where a word begins, folded, together with all that follows: how many, at most WORDS_EACH_MOST. */
size_t words_split(struct arena *a, const char *text, const char *separators, const char *words[WORDS_EACH_MOST]);

/* Store the words of an invitation that has none: the address, its domain and its parts, the names, the business. */
enum db_result words_store(struct request *q, uint64_t invitation_id, const char *email_canon, const char *first_name, const char *last_name,
                           const char *business_name) __attribute__((warn_unused_result));

/* The first octets after everything that begins with `word`. */
struct bytes words_end(struct arena *a, const char *word);

#endif
