/* answer.c - a company confirms or refuses what a vendor asked (Link Existing Customer). See answer.h. */
#include "answer.h"

#include "accept.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "home.h"
#include "mails.h"
#include "pages.h"
#include "partner_words.h"
#include "secret.h"
#include "sql/company.h"
#include "sql/relationship.h"
#include "sql/asking.h"
#include "urls.h"
#include "views.h"

enum db_result answer_waiting(struct request *q, struct asking_list *list)
{
    struct asking_list named;
    TRY(asking_of_address(q->db, q->session.account_id, list));
    TRY(asking_of_companies(q->db, q->session.account_id, &named));
    struct asking *all = arena_alloc(q->arena, (list->n + named.n) * sizeof *all);
    for (size_t i = 0; i < list->n; i++) all[i] = list->v[i];
    for (size_t i = 0; i < named.n; i++) all[list->n + i] = named.v[i];
    *list = (struct asking_list){.v = all, .n = list->n + named.n};
    return DB_OK;
}

/* The request that the path names, if it waits for this person: DB_NONE for every other. */
static enum db_result find(struct request *q, struct asking *wanted)
{
    struct id id;
    struct asking_list list;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(answer_waiting(q, &list));
    for (size_t i = 0; i < list.n; i++)
        if (id_equal(list.v[i].public_id, id)) {
            *wanted = list.v[i];
            return DB_OK;
        }
    return DB_NONE;
}

static enum db_result home(struct request *q, const char *note, const char *about)
{
    request_leave_note(q, (struct request_note){note, about, ""});
    return request_redirect(q, url_home());
}

/* Not waiting for this person: withdrawn, answered, over, or none of theirs (DB_NONE). */
static enum db_result past(struct request *q, struct asking_past *was)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return asking_past(q->db, id, q->session.account_id, was);
}

static enum db_result gone(struct request *q)
{
    struct asking_past was;
    db_rollback(q->db);
    TRY(past(q, &was));
    return was.withdrawn ? home(q, "request-withdrawn", was.vendor) : home(q, "request-gone", was.vendor);
}

/* Where the mail leads. */
enum db_result answer_show(struct request *q)
{
    struct asking wanted;
    struct asking_past was;
    enum db_result r = find(q, &wanted);
    if (r == DB_OK) return home_draw(q, NULL, wanted.public_id);
    if (r != DB_NONE) return r;
    TRY(past(q, &was));
    struct page page = page_begin(q, was.withdrawn ? N_("This request was withdrawn") : N_("This request is not open any more"), PLACE_HOME);
    view_answer_past(q->out, &page, &was);
    return DB_OK;
}

/* For which company: the one that was asked, or the one that the person chose. */
static enum db_result company_of(struct request *q, const struct asking *r, struct member_company_list *list, const struct member_company **company)
{
    TRY(company_of_member(q->db, q->session.account_id, fields_company_kind(r->kind), list));
    *company = r->company_id ? NULL : accept_company(&q->form, list);
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i].id == r->company_id) *company = &list->v[i];
    return DB_OK;
}

enum db_result answer_accept_do(struct request *q)
{
    struct asking wanted;
    struct member_company_list companies;
    const struct member_company *company;
    uint64_t relationship_id;
    enum db_result r = find(q, &wanted);
    if (r != DB_OK) return r == DB_NONE ? gone(q) : r;
    TRY(company_of(q, &wanted, &companies, &company));
    if (!company) {
        form_fail(&q->form, "company", "Select the company that confirms");
        return home_draw(q, &q->form, wanted.public_id);
    }
    r = asking_answer(q->db, wanted.id, ASKING_ACCEPTED);
    if (r == DB_NONE) return gone(q);
    if (r != DB_OK) return r;
    TRY(relationship_open(q->db, wanted.vendor_id, company->id, wanted.kind, wanted.number, wanted.partner_role_id, &relationship_id));
    TRY(partner_words_add(q, relationship_id));
    TRY(audit_write(q, (struct audit){.event = "connection_confirmed", .vendor_id = wanted.vendor_id, .relationship_id = relationship_id}));
    TRY(mails_linked(q, &(struct mails_linked){.to = wanted.sender_email,
                                               .vendor_id = wanted.vendor_id,
                                               .vendor = wanted.vendor,
                                               .partner = company->name,
                                               .page = url_partner(q->arena, wanted.kind == PARTNER_SUPPLIER, company->public_id)}));
    return home(q, "connected", wanted.vendor);
}

/* Nobody is told: a refusal would tell the vendor that the company exists. */
enum db_result answer_decline_do(struct request *q)
{
    struct asking wanted;
    enum db_result r = find(q, &wanted);
    if (r != DB_OK) return r == DB_NONE ? gone(q) : r;
    r = asking_answer(q->db, wanted.id, ASKING_DECLINED);
    if (r == DB_NONE) return gone(q);
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "connection_refused"}));
    return home(q, "request-refused", wanted.vendor);
}
