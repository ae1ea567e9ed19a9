/* connect.c - the Connect page: the person chooses among all vendors' invitations to the proven address, and presses one button.
 *
 * All are selected and nothing happens before the button: nobody is joined to a stranger unasked (security.md, 3). After it the page shows
 * what became of each choice, read anew from the invitations that its address names; what was left out is not selected again.
 */
#include "accept.h"
#include "connect.h"
#include "handlers.h"
#include "pages.h"
#include "people.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "urls.h"
#include "views.h"

#define CHOSEN(n) {.name = "i" #n, .kind = FIELD_ID, .wrong = N_("Select an invitation from the list")}
#define ALL_CHOSEN \
    CHOSEN(1), CHOSEN(2), CHOSEN(3), CHOSEN(4), CHOSEN(5), CHOSEN(6), CHOSEN(7), CHOSEN(8), CHOSEN(9), CHOSEN(10), CHOSEN(11), CHOSEN(12), \
        CHOSEN(13), CHOSEN(14), CHOSEN(15), CHOSEN(16), CHOSEN(17), CHOSEN(18), CHOSEN(19), CHOSEN(20)

const struct form_field connect_result_fields[] = {ALL_CHOSEN, {0}};

const struct form_field connect_fields[] = {
    ALL_CHOSEN,
    {.name = "customer", .kind = FIELD_ID, .wrong = N_("Select a company")},
    {.name = "supplier", .kind = FIELD_ID, .wrong = N_("Select a company")},
    {0},
};

static const char *const names[CONNECT_MOST] = {"i1",  "i2",  "i3",  "i4",  "i5",  "i6",  "i7",  "i8",  "i9",  "i10",
                                                "i11", "i12", "i13", "i14", "i15", "i16", "i17", "i18", "i19", "i20"};

/* The chosen invitations, all of them to this person; DB_NONE: one is not, or does not exist. */
static enum db_result chosen(struct request *q, struct connect_page *p)
{
    p->results.v = arena_alloc(q->arena, CONNECT_MOST * sizeof *p->results.v);
    for (size_t i = 0; i < CONNECT_MOST; i++) {
        struct id id;
        if (!form_value(&q->form, names[i])[0] || !form_id(&q->form, names[i], &id)) continue;
        bool again = false;
        for (size_t k = 0; k < p->results.n; k++) again = again || id_equal(p->results.v[k].public_id, id);
        if (again) continue;
        TRY(invitation_at_home(q->db, id, q->session.email_canon, &p->results.v[p->results.n]));
        p->results.n++;
    }
    return DB_OK;
}

static enum db_result draw(struct request *q, struct connect_page *p, bool failed)
{
    const struct session *s = &q->session;
    TRY(invitation_pending_for(q->db, s->email_canon, &p->pending));
    TRY(company_of_member(q->db, s->account_id, COMPANY_CUSTOMER, &p->customers));
    TRY(company_of_member(q->db, s->account_id, COMPANY_SUPPLIER, &p->suppliers));
    p->form = &q->form;
    p->account_id = s->account_id;
    struct page page = page_begin(q, "Connect", PLACE_HOME);
    if (failed) {
        page_fail(q, &page, &q->form);
        p->results.n = 0;
    }
    view_connect(q->out, &page, p);
    return DB_OK;
}

enum db_result connect_show(struct request *q)
{
    struct connect_page *p = arena_alloc(q->arena, sizeof *p);
    if (!form_good(&q->form)) return DB_NONE;
    TRY(chosen(q, p));
    p->fresh = !p->results.n;
    return draw(q, p, false);
}

/* The company that the form names for this kind, or the only one. */
static const struct member_company *company_for(const struct request *q, const struct connect_page *p, enum partner_kind kind)
{
    const struct member_company_list *companies = kind == PARTNER_CUSTOMER ? &p->customers : &p->suppliers;
    struct id wanted;
    bool named = form_id(&q->form, kind == PARTNER_CUSTOMER ? "customer" : "supplier", &wanted);
    for (size_t i = 0; i < companies->n; i++)
        if (named ? id_equal(companies->v[i].public_id, wanted) : companies->n == 1) return &companies->v[i];
    return NULL;
}

static bool companies_named(struct request *q, const struct connect_page *p)
{
    for (size_t i = 0; i < p->results.n; i++) {
        enum partner_kind kind = p->results.v[i].kind;
        if (company_for(q, p, kind)) continue;
        bool any = kind == PARTNER_CUSTOMER ? p->customers.n : p->suppliers.n;
        form_fail(&q->form, kind == PARTNER_CUSTOMER ? "customer" : "supplier",
                  any ? "Select the company that accepts" : "Open the link in the email: it lets you register a company for this");
    }
    return form_good(&q->form);
}

static enum db_result connect_all(struct request *q, const struct connect_page *p)
{
    const struct session *s = &q->session;
    uint64_t first = 0;
    bool in_use = false;
    for (size_t i = 0; i < p->results.n; i++) {
        const struct link *l = &p->results.v[i];
        const struct member_company *company = company_for(q, p, l->kind);
        struct acceptance a = {.link = l, .email_canon = s->email_canon, .account_id = s->account_id, .company_id = company->id, .company_name = company->name};
        enum db_result r = accept_one(q, &a);
        if (r == DB_NONE) continue; /* told beside its line */
        if (r != DB_OK) return r;
        if (!first) first = a.company_id;
        in_use = in_use || a.company_id == s->company_id;
    }
    return first && !in_use ? people_sign_in(q, s->account_id, first) : DB_OK;
}

enum db_result connect_do(struct request *q)
{
    const struct session *s = &q->session;
    struct connect_page *p = arena_alloc(q->arena, sizeof *p);
    if (!form_good(&q->form)) return draw(q, p, true);
    TRY(chosen(q, p));
    TRY(company_of_member(q->db, s->account_id, COMPANY_CUSTOMER, &p->customers));
    TRY(company_of_member(q->db, s->account_id, COMPANY_SUPPLIER, &p->suppliers));
    if (!p->results.n) form_fail(&q->form, names[0], "Select at least one invitation");
    if (!p->results.n || !companies_named(q, p)) return draw(q, p, true);
    TRY(connect_all(q, p));
    struct id ids[CONNECT_MOST];
    for (size_t i = 0; i < p->results.n; i++) ids[i] = p->results.v[i].public_id;
    return request_redirect(q, url_connect_result(q->arena, ids, p->results.n));
}
