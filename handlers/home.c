/* home.c - the home of whoever is signed in: what waits for an answer; a customer's or supplier's vendors, a vendor's invitations. */
#include "accept.h"
#include "answer.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "admission.h"
#include "home.h"
#include "link.h"
#include "link_rules.h"
#include "pages.h"
#include "permission.h"
#include "problems.h"
#include "secret.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/message.h"
#include "sql/outbox.h"
#include "sql/relationship.h"
#include "urls.h"
#include "views.h"

const struct form_field home_accept_fields[] = {
    {.name = "company", .kind = FIELD_ID, .wrong = N_("Select a company")},
    {0},
};

enum db_result home_draw(struct request *q, const struct form *form, struct id wrong)
{
    const struct session *s = &q->session;
    struct asking_list asked;
    struct home_vendor_list vendors;
    struct pending_invitation_list pending;
    struct member_company_list customers, suppliers;
    struct invitation_counts counts;
    TRY(answer_waiting(q, &asked));
    TRY(invitation_pending_for(q->db, s->email_canon, &pending));
    TRY(company_of_member(q->db, s->account_id, COMPANY_CUSTOMER, &customers));
    TRY(company_of_member(q->db, s->account_id, COMPANY_SUPPLIER, &suppliers));
    struct page page = page_begin(q, "Home", PLACE_HOME);
    if (form) page_fail(q, &page, form);
    struct admission_home admission;
    /* A vendor's people have a company here; only an invitation makes them think of another one. A member has the one in use. */
    bool alone = customers.n + suppliers.n == 0 && (page.vendor ? pending.n > 0 : !s->company_id);
    if (home_lone(q)) {
        TRY(admission_home_load(q, false, &admission));
        view_home_lone(q->out, &page, &asked, &admission, &pending, &customers, form, wrong);
        return DB_OK;
    }
    TRY(admission_home_load(q, alone, &admission));
    if (page.vendor) {
        TRY(invitation_counts(q->db, s->company_id, page_sees_own_only(q) ? s->account_id : 0, &counts));
        struct message_newest_list messages = {0};
        if (page.can[PERMIT_MESSAGES]) TRY(message_newest(q->db, s->company_id, &messages));
        view_vendor_home(q->out, &page, &asked, &counts, &admission, &pending, &customers, &suppliers, form, wrong, &messages);
        return DB_OK;
    }
    TRY(relationship_vendors_of(q->db, s->account_id, s->company_id, &vendors));
    view_home(q->out, &page, &asked, &vendors, &admission, &pending, &customers, &suppliers, form, wrong);
    return DB_OK;
}

enum db_result home_show(struct request *q)
{
    if (permission_closed(&q->session)) return problem_closed(q);
    return home_draw(q, NULL, (struct id){0});
}

/* Not open any more: the home page shows what is. */
static enum db_result gone(struct request *q)
{
    db_rollback(q->db);
    request_leave_note(q, (struct request_note){"gone", "", ""});
    return request_redirect(q, url_home());
}

enum db_result home_accept(struct request *q)
{
    const struct session *s = &q->session;
    struct id id;
    struct link link;
    struct member_company_list companies;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(invitation_at_home(q->db, id, s->email_canon, &link));
    if (link.status == INVITATION_ACCEPTED && link.accepted_by == s->account_id) return request_redirect(q, url_home());
    TRY(company_of_member(q->db, s->account_id, fields_company_kind(link.kind), &companies));
    const struct member_company *company = accept_company(&q->form, &companies);
    if (!company) {
        form_fail(&q->form, "company", companies.n ? N_("Select the company that accepts") : N_("Open the link in the email: it lets you register a company for this"));
        return home_draw(q, &q->form, id);
    }
    struct acceptance a = {.link = &link, .email_canon = s->email_canon, .account_id = s->account_id, .company_id = company->id, .company_name = company->name};
    enum db_result r = accept_commit(q, &a);
    if (r == DB_NONE) return gone(q);
    return r == DB_OK ? request_redirect(q, url_home()) : r;
}

enum db_result home_decline_show(struct request *q)
{
    struct id id;
    struct link link;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(invitation_at_home(q->db, id, q->session.email_canon, &link));
    if (link.status != INVITATION_PENDING || link.expired) return gone(q);
    struct page page = page_begin(q, N_("Decline this invitation?"), PLACE_HOME);
    view_home_decline(q->out, &page, &link);
    return DB_OK;
}

enum db_result home_decline(struct request *q)
{
    struct id id;
    struct link link;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(invitation_at_home(q->db, id, q->session.email_canon, &link));
    enum db_result r = invitation_decline_at_home(q->db, id, q->session.email_canon);
    if (r == DB_NONE) return gone(q);
    if (r != DB_OK) return r;
    TRY(link_declined(q, &link));
    request_leave_note(q, (struct request_note){"declined", link.vendor, ""});
    return request_redirect(q, url_home());
}
