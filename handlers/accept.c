/* accept.c - see accept.h.
 *
 * The conditional UPDATE comes first: whoever meets its one row holds it until the end, and everybody else is told by the database.
 */
#include "accept.h"

#include "add_partner.h"
#include "audit.h"
#include "fields.h"
#include "mails.h"
#include "mails_account.h"
#include "pages.h"
#include "partner_words.h"
#include "people.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "sql/relationship.h"
#include "verification.h"

const struct member_company *accept_company(const struct form *f, const struct member_company_list *companies)
{
    struct id wanted;
    if (form_error(f, "company")) return NULL;
    bool named = form_id(f, "company", &wanted);
    for (size_t i = 0; i < companies->n; i++)
        if (named ? id_equal(companies->v[i].public_id, wanted) : companies->n == 1) return &companies->v[i];
    return NULL;
}

static enum db_result person(struct request *q, const struct link *l, const struct form *f, const char *password, bool proven, uint64_t *account_id)
{
    const char *first = form_value(f, "first_name"), *last = form_value(f, "last_name");
    enum db_result r;
    if (l->account_id) {
        if (proven && l->account_password) TRY(verification_overwrite(q, l->account_id));
        *account_id = l->account_id;
        r = account_claim(q->db, l->account_id, l->email, first, last, password, proven);
    } else if (proven) {
        r = account_add(q->db, id_new(), l->email, l->email_canon, first, last, password, true, account_id);
    } else {
        r = account_register(q->db, id_new(), l->email, l->email_canon, first, last, password, account_id);
    }
    if (r != DB_CONFLICT && r != DB_NONE) return r;
    *account_id = 0;
    return DB_RETRY; /* registered through another link meanwhile: decide again */
}

enum db_result accept_person_add(struct request *q, const struct link *l, const struct form *f, const char *password, uint64_t *account_id)
{
    return person(q, l, f, password, true, account_id);
}

/* `added`: the company that the vendor wrote down; NULL: none. */
static enum db_result company_of(struct request *q, struct acceptance *a, const struct added_partner *added)
{
    if (a->company_id) return added ? add_partner_replace(q, added, a->company_id) : DB_OK;
    const struct form *f = a->form;
    a->company_name = form_value(f, "business_name");
    if (added) {
        a->company_id = added->company_id;
        return add_partner_take_over(q, added, a->account_id, f);
    }
    TRY(fields_company_add(q, id_new(), fields_company_kind(a->link->kind), f, &a->company_id));
    return company_member_add(q->db, a->company_id, a->account_id, ROLE_OWNER, NULL);
}

enum db_result accept_connect(struct request *q, struct acceptance *a, const char *who)
{
    const struct link *l = a->link;
    struct added_partner found, *added = &found;
    enum db_result r = add_partner_of(q, l->id, &found);
    if (r == DB_NONE) added = NULL;
    else if (r != DB_OK) return r;
    TRY(company_of(q, a, added));
    uint64_t relationship_id;
    TRY(relationship_open(q->db, l->vendor_id, a->company_id, l->kind, l->number, l->partner_role_id, &relationship_id));
    if (added) TRY(add_partner_settle(q, added, l->vendor_id, relationship_id));
    TRY(partner_words_add(q, relationship_id));
    TRY(invitation_accepted(q->db, l->id, a->account_id, relationship_id));
    TRY(outbox_withdraw(q->db, l->id, NULL));
    TRY(audit_write(q, (struct audit){.event = "invitation_accepted",
                                      .vendor_id = l->vendor_id,
                                      .account_id = a->account_id,
                                      .invitation_id = l->id,
                                      .relationship_id = relationship_id}));
    return mails_accepted(q, l, who, a->company_name);
}

enum db_result accept_one(struct request *q, struct acceptance *a)
{
    const struct link *l = a->link;
    const char *who = a->hash && a->account_id ? q->session.email : l->email; /* through a link the policy may let another address accept */
    if (a->company_id) TRY(company_decider(q->db, a->company_id, a->account_id)); /* not removed, demoted or merged away meanwhile */
    TRY(a->hash ? invitation_accept(q->db, l->id, *a->hash, a->account_id) : invitation_accept_at_home(q->db, l->public_id, a->email_canon));
    if (!a->account_id) TRY(person(q, l, a->form, a->password, true, &a->account_id));
    return accept_connect(q, a, who);
}

enum db_result accept_commit(struct request *q, struct acceptance *a)
{
    bool newcomer = !a->account_id;
    TRY(accept_one(q, a));
    if (newcomer) TRY(mails_welcome(q, a->link->email, a->link->vendor, 0));
    if (newcomer || q->session.company_id != a->company_id) TRY(people_sign_in(q, a->account_id, a->company_id)); /* at home in the company that is connected now */
    request_leave_note(q, (struct request_note){"connected", a->link->vendor, ""});
    return DB_OK;
}

enum db_result accept_later(struct request *q, struct acceptance *a)
{
    const struct link *l = a->link;
    bool newcomer = !a->account_id;
    if (newcomer) TRY(person(q, l, a->form, a->password, false, &a->account_id));
    TRY(company_of(q, a, NULL)); /* one that the vendor wrote down is settled when they are connected */
    TRY(verification_remember(q, a->account_id, l->id, a->company_id));
    TRY(audit_write(q, (struct audit){.event = "invitation_waiting", .vendor_id = l->vendor_id, .account_id = a->account_id, .invitation_id = l->id}));
    TRY(verification_begin(q, a->account_id, newcomer ? l->email : q->session.email));
    if (newcomer) TRY(people_sign_in(q, a->account_id, a->company_id));
    request_leave_note(q, (struct request_note){"verify-sent", newcomer ? l->email : q->session.email, ""});
    return DB_OK;
}
