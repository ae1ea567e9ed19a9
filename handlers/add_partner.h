/* add_partner.h - a customer or supplier that a vendor added by hand, as long as nobody of it has confirmed.
 *
 * Whether the address has an account somewhere in this installation must not show, to the vendor least of all. So adding does the same in
 * both cases: a company of what the vendor typed, without people; a relationship; an invitation that belongs to it, whose link the mailbox
 * proves itself by. Who follows it takes that company over as its owner, or connects a company of their own in its place.
 */
#ifndef HANDLERS_ADD_PARTNER_H
#define HANDLERS_ADD_PARTNER_H

#include "model.h"
#include "request.h"
#include "sql/relationship.h"

/* The company that an open invitation belongs to, while it has no people. DB_NONE: an invitation like any other. */
enum db_result add_partner_of(struct request *q, uint64_t invitation_id, struct added_partner *added) __attribute__((warn_unused_result));

/* In the acceptance: who accepts with a new company takes the added one over, with the data of their form. */
enum db_result add_partner_take_over(struct request *q, const struct added_partner *added, uint64_t account_id, const struct form *form)
    __attribute__((warn_unused_result));

/* Who accepts with a company of their own: it stands in the added one's place, with its number, role and history. Before relationship_open. */
enum db_result add_partner_replace(struct request *q, const struct added_partner *added, uint64_t company_id) __attribute__((warn_unused_result));

/* After relationship_open: where that company was in the list already, the added one is a doublet and ends. */
enum db_result add_partner_settle(struct request *q, const struct added_partner *added, uint64_t vendor_id, uint64_t relationship_id)
    __attribute__((warn_unused_result));

/* The invitee said no: the connection that the vendor wrote down ends. */
enum db_result add_partner_declined(struct request *q, const struct link *link) __attribute__((warn_unused_result));

#endif
