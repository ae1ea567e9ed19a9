/* accept.h - the one transaction that turns an invitation into a relationship. */
#ifndef HANDLERS_ACCEPT_H
#define HANDLERS_ACCEPT_H

#include "model.h"
#include "request.h"

/* Who accepts, for which company. */
struct acceptance {
    const struct link *link;
    const struct hash *hash;  /* the link's; NULL: from the home page, by the proven address */
    const char *email_canon;  /* of the home page's person; with hash NULL */
    uint64_t account_id;      /* 0: a new person, from `form` and `password` */
    const char *password;     /* hashed; of a new person */
    uint64_t company_id;      /* 0: a new company, from `form` */
    const char *company_name; /* of company_id */
    const struct form *form;
};

/* The company that the form's `company` names, or the only one; NULL: none. */
const struct member_company *accept_company(const struct form *f, const struct member_company_list *companies);

/* The account of who registers through a link that was mailed: new and verified, or in place of a registration that nobody finished. */
enum db_result accept_person_add(struct request *q, const struct link *l, const struct form *f, const char *password, uint64_t *account_id)
    __attribute__((warn_unused_result));

/* What follows once the invitation is taken, in the same transaction: the company, the relationship, history, and the sender is told
 * that the address `who` accepted. */
enum db_result accept_connect(struct request *q, struct acceptance *a, const char *who) __attribute__((warn_unused_result));

/* DB_NONE: somebody was faster, or the invitation is not open any more; nothing has changed. On DB_OK the person is signed in
 * when new (account_id was 0) and the caller redirects. */
enum db_result accept_commit(struct request *q, struct acceptance *a) __attribute__((warn_unused_result));

/* The same without touching who is signed in and without a note: for several at once. */
enum db_result accept_one(struct request *q, struct acceptance *a) __attribute__((warn_unused_result));

/* Accepted through a link that does not prove the mailbox, by somebody whose address is not verified: remembered, and connected by itself
 * when it is (verification.h). A new person is signed in; the caller redirects. */
enum db_result accept_later(struct request *q, struct acceptance *a) __attribute__((warn_unused_result));

#endif
