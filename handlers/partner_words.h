/* partner_words.h - what the Customer List's and the Supplier List's search finds a company by: business name, number, contact address. */
#ifndef HANDLERS_PARTNER_WORDS_H
#define HANDLERS_PARTNER_WORDS_H

#include "model.h"
#include "request.h"

/* After a company was connected: what it is found by in that vendor's list. Nothing is removed. */
enum db_result partner_words_add(struct request *q, uint64_t relationship_id) __attribute__((warn_unused_result));

/* After a company's name or contact has changed, or a number: in the lists of all its vendors anew. */
enum db_result partner_words_renew(struct request *q, uint64_t company_id) __attribute__((warn_unused_result));

#endif
