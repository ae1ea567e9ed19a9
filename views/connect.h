/* connect.h - what the Connect page is given to show. */
#ifndef VIEWS_CONNECT_H
#define VIEWS_CONNECT_H

#include "model.h"

enum { CONNECT_MOST = 20 }; /* invitations that one page connects with */

/* Invitations to connect with, and what became of those that were chosen before. */
struct connect_page {
    const struct form *form;
    struct pending_invitation_list pending;
    struct member_company_list customers, suppliers; /* in which the person decides */
    struct {
        struct link *v;
        size_t n;
    } results;
    uint64_t account_id;
    bool fresh; /* nothing was chosen or left out yet: all are selected */
};

/* The field of the nth choice, from 0. */
static inline const char *connect_name(struct arena *a, size_t n)
{
    return arena_printf(a, "i%zu", n + 1);
}

/* Whether this invitation is selected: all are at first, then those that the form that comes back chose. */
static inline bool connect_chosen(const struct connect_page *p, struct arena *a, struct id invitation)
{
    struct id id;
    if (p->fresh) return true;
    for (size_t i = 0; i < CONNECT_MOST; i++)
        if (form_id(p->form, connect_name(a, i), &id) && id_equal(id, invitation)) return true;
    return false;
}

/* Whether a shown invitation of this kind can be accepted by a company of the person's. */
static inline bool connect_possible(const struct connect_page *p, enum partner_kind kind)
{
    return kind == PARTNER_CUSTOMER ? p->customers.n : p->suppliers.n;
}

/* Whether there is anything to choose. */
static inline bool connect_any(const struct connect_page *p, enum partner_kind kind)
{
    for (size_t i = 0; i < p->pending.n && i < CONNECT_MOST; i++)
        if (p->pending.v[i].kind == kind && connect_possible(p, kind)) return true;
    return false;
}

#endif
