/* suppression.h - the do-not-invite list: who is on it, and the link that leads there.
 *
 * The list holds keyed hashes of canonical addresses and is honoured by all vendors. The link holds the address itself, sealed, so that
 * nobody guesses one and the page can say whose it is; it is the same in every mail to an address and works for ever.
 */
#ifndef HANDLERS_SUPPRESSION_H
#define HANDLERS_SUPPRESSION_H

#include "request.h"

/* Whether an address is on the list. */
enum db_result suppression_has(struct db *db, const char *email_canon, bool *listed) __attribute__((warn_unused_result));

/* Put an address on the list, or take it off; its waiting mails that nobody there asked for are stopped. */
enum db_result suppression_put(struct db *db, const char *email_canon, bool by_operator) __attribute__((warn_unused_result));
enum db_result suppression_take(struct db *db, const char *email_canon) __attribute__((warn_unused_result));

/* "Never invite me again" for this address: absolute, for mails; and for pages. */
struct url suppression_link(struct request *q, const char *email_canon);
struct url suppression_page(struct request *q, const char *email_canon);

/* What a vendor is told who wants to invite such an address: the reason and the way out, and nothing of other vendors. */
const char *suppression_sentence(struct request *q, const char *email);

#endif
