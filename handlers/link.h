/* link.h - one visit of an invitation's link, which link*.c share, and what follows a decline there or on the person's home page. */
#ifndef HANDLERS_LINK_H
#define HANDLERS_LINK_H

#include "link_rules.h"
#include "model.h"
#include "request.h"

struct acceptance;

/* The invitation, what the visitor may do, and what the page shows. */
struct link_visit {
    struct hash hash;
    struct link link;
    struct link_visitor visitor;
    enum link_state state;
    struct member_company_list companies; /* of the invitation's kind, in which the visitor may decide */
    struct link_page show;
};

/* The route's token, looked up; LINK_DEAD where it leads nowhere. Writes nothing. */
enum db_result link_visit(struct request *q, struct link_visit *v) __attribute__((warn_unused_result));

/* A page of this invitation, with its vendor's name, logo, colour and time zone. NULL: of a dead link, which does not tell whose it was. */
struct page link_page(struct request *q, const struct link *link, const char *title);

/* The page of the visit's state. `form` may carry the messages of a POST. */
enum db_result link_draw(struct request *q, struct link_visit *v, struct form *form) __attribute__((warn_unused_result));

/* The same for a form that was sent and comes back: the invitation is begun. */
enum db_result link_draw_failed(struct request *q, struct link_visit *v, struct form *form) __attribute__((warn_unused_result));

/* Fills in what the vendor wrote down of a company that it added by hand. */
enum db_result link_fill_added(struct request *q, const struct link *link, struct form *form) __attribute__((warn_unused_result));

/* To the link's own page, which says what is true now. */
enum db_result link_back(struct request *q) __attribute__((warn_unused_result));

/* Accepted, or remembered until the address is proven; and where that leads. */
enum db_result link_finish(struct request *q, const struct link_visit *v, struct acceptance *a) __attribute__((warn_unused_result));

/* What follows a decline, in its transaction: waiting mails withdrawn, a line of history, and the sender is told. */
enum db_result link_declined(struct request *q, const struct link *link) __attribute__((warn_unused_result));

#endif
