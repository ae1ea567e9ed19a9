/* add.c - Add Customer, Add Supplier: by hand, without asking, in three steps.
 *
 * The first two steps are GETs and what was typed travels in the address, so the back button works and nothing is half made; every
 * step checks all of it anew. The second shows what this vendor has itself, never another's (product.md, Add Customer).
 */
#include "add_partner.h"
#include "address.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "industry.h"
#include "invite.h"
#include "pages.h"
#include "partner.h"
#include "partner_rules.h"
#include "partner_words.h"
#include "quota.h"
#include "secret.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/relationship.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"
#include "words.h"

enum { ADD_WORDS_MOST = 4, ADD_SIMILAR_MOST = 20 };

#define ADD_FIRST(missing_email, missing_name) \
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = missing_email}, \
    {.name = "business_name", .kind = FIELD_NAME, .most = 100, .missing = missing_name}

const struct form_field add_start_fields[] = {ADD_FIRST(NULL, NULL), {0}};
const struct form_field add_first_fields[] = {ADD_FIRST(N_("Enter an email address"), N_("Enter the name of the business")), {0}};

const struct form_field add_fields[] = {
    ADD_FIRST(N_("Enter an email address"), N_("Enter the name of the business")),
    {.name = "first_name", .kind = FIELD_NAME, .most = 100},
    {.name = "last_name", .kind = FIELD_NAME, .most = 100},
    COMPANY_DATA_FIELDS,
    {.name = "number", .kind = FIELD_LINE, .most = 50},
    {.name = "role", .kind = FIELD_ID, .wrong = N_("Select a role")},
    {0},
};

/* One run through the steps. */
struct adding {
    enum partner_kind kind;
    struct address address;
    struct invitation_obstacle obstacle;
    struct add_page show;
};

static struct page begin(struct request *q, struct adding *a, const char *customer, const char *supplier, const struct form *form)
{
    bool suppliers = a->kind == PARTNER_SUPPLIER;
    struct page page = page_begin(q, suppliers ? supplier : customer, partner_place(a->kind));
    a->show.kind = a->kind;
    a->show.form = form;
    if (!form_good(form)) page_fail(q, &page, form);
    return page;
}

static enum db_result first_draw(struct request *q, struct adding *a, const struct form *form)
{
    struct page page = begin(q, a, N_("Add Customer"), N_("Add Supplier"), form);
    page.view = a->show.way_out;
    view_add_first(q->out, &page, &a->show);
    return DB_OK;
}

enum db_result add_first_show(struct request *q)
{
    struct adding a = {.kind = partner_kind_of(q)};
    return first_draw(q, &a, &q->form);
}

/* Whether this address can be added: the form has the message when not, and the way out stands beside it. */
static enum db_result consider(struct request *q, struct adding *a, bool *good)
{
    struct form *f = &q->form;
    a->kind = partner_kind_of(q);
    *good = false;
    if (form_error(f, "email") || address_parse(q->arena, form_value(f, "email"), &a->address)) return DB_OK;
    bool suppressed;
    TRY(invitation_obstacle(q->db, q->session.company_id, a->kind, a->address.canon, &a->obstacle));
    TRY(suppression_has(q->db, a->address.canon, &suppressed));
    enum invite_verdict verdict = invite_decide(&a->obstacle, suppressed);
    const char *refusal = invite_refusal(q, verdict, a->kind, a->address.typed);
    if (refusal) form_fail(f, "email", refusal);
    if (verdict == INVITE_PENDING || verdict == INVITE_RENEW) a->show.way_out = url_invitation(q->arena, a->obstacle.open);
    if (verdict == INVITE_COLLEAGUE) a->show.way_out = url_team();
    if (verdict == INVITE_CONNECTED || verdict == INVITE_PAUSED) a->show.way_out = url_partner(q->arena, a->kind == PARTNER_SUPPLIER, a->obstacle.partner);
    *good = form_good(f);
    return DB_OK;
}

/* What begins like one word, behind what was found before, each once. */
static enum db_result similar_more(struct request *q, struct adding *a, const char *word)
{
    struct similar_partner_list partners;
    struct similar_invitation_list invitations;
    struct bytes end = words_end(q->arena, word);
    TRY(relationship_similar(q->db, q->session.company_id, a->kind, word, end, &partners));
    TRY(relationship_similar_invitations(q->db, q->session.company_id, a->kind, word, end, &invitations));
    struct similar_partner_list *p = &a->show.partners;
    for (size_t i = 0; i < partners.n && p->n < ADD_SIMILAR_MOST; i++) {
        size_t k = 0;
        while (k < p->n && !id_equal(p->v[k].public_id, partners.v[i].public_id)) k++;
        if (k == p->n) p->v[p->n++] = partners.v[i];
    }
    struct similar_invitation_list *v = &a->show.invitations;
    for (size_t i = 0; i < invitations.n && v->n < ADD_SIMILAR_MOST; i++) {
        size_t k = 0;
        while (k < v->n && !id_equal(v->v[k].public_id, invitations.v[i].public_id)) k++;
        if (k == v->n) v->v[v->n++] = invitations.v[i];
    }
    return DB_OK;
}

static enum db_result similar_find(struct request *q, struct adding *a)
{
    a->show.partners.v = arena_alloc(q->arena, ADD_SIMILAR_MOST * sizeof *a->show.partners.v);
    a->show.invitations.v = arena_alloc(q->arena, ADD_SIMILAR_MOST * sizeof *a->show.invitations.v);
    TRY(similar_more(q, a, a->address.canon));
    const char *word, *name = words_fold(q->arena, form_value(&q->form, "business_name"));
    for (unsigned n = 0; n < ADD_WORDS_MOST && (word = partner_name_word(q->arena, &name));) {
        if (!partner_word_tells(word)) continue;
        TRY(similar_more(q, a, word));
        n++;
    }
    return DB_OK;
}

enum db_result add_check_show(struct request *q)
{
    struct adding a = {0};
    bool good;
    TRY(consider(q, &a, &good));
    if (!good) return first_draw(q, &a, &q->form);
    TRY(similar_find(q, &a));
    struct page page = begin(q, &a, N_("Is this customer new?"), N_("Is this supplier new?"), &q->form);
    view_add_check(q->out, &page, &a.show);
    return DB_OK;
}

static enum db_result data_draw(struct request *q, struct adding *a, const struct form *form)
{
    struct partner_role_list roles;
    TRY(company_partner_roles(q->db, q->session.company_id, &roles));
    struct page page = begin(q, a, N_("Customer data"), N_("Supplier data"), form);
    page.view = a->show.way_out;
    a->show.roles = &roles;
    view_add_data(q->out, &page, &a->show);
    return DB_OK;
}

enum db_result add_data_show(struct request *q)
{
    struct adding a = {0};
    bool good;
    TRY(consider(q, &a, &good));
    if (!good) return first_draw(q, &a, &q->form);
    struct form form;
    form_empty(q->arena, add_fields, &form);
    form_fill(&form, "email", form_value(&q->form, "email"));
    form_fill(&form, "business_name", form_value(&q->form, "business_name"));
    return data_draw(q, &a, &form);
}

/* What is inserted before the mail's quota is asked for: company, relationship, and the question that belongs to it. */
static enum db_result record(struct request *q, const struct adding *a, uint64_t role_id, struct id company, uint64_t *relationship_id,
                             struct mails_invitation *mail)
{
    const struct form *f = &q->form;
    const struct session *s = &q->session;
    const char *first = form_value(f, "first_name"), *last = form_value(f, "last_name"), *business = form_value(f, "business_name");
    uint64_t company_id;
    *mail = (struct mails_invitation){.kind = a->kind, .email = a->address.typed, .language = s->language, .message = "", .days = (unsigned)s->expires_days};
    TRY(invitation_add(q->db, id_new(), s->company_id, s->account_id, (struct id){0}, a->kind, a->address.typed, a->address.canon, first, last, business,
                       form_value(f, "number"), role_id, mail->language, "", mail->days, &mail->invitation_id));
    TRY(fields_company_add(q, company, fields_company_kind(a->kind), f, &company_id));
    TRY(relationship_open(q->db, s->company_id, company_id, a->kind, form_value(f, "number"), role_id, relationship_id));
    TRY(relationship_ask(q->db, mail->invitation_id, *relationship_id));
    TRY(invite_role_held(q, role_id));
    return words_store(q, mail->invitation_id, a->address.canon, first, last, business);
}

enum db_result add_do(struct request *q)
{
    struct adding a = {0};
    struct form *f = &q->form;
    bool good;
    uint64_t role_id, relationship_id;
    TRY(invite_role(q, &role_id));
    TRY(consider(q, &a, &good));
    if (!good) return data_draw(q, &a, f);

    struct mails_invitation mail;
    struct quota_refusal refusal;
    struct id company = id_new();
    enum db_result r = record(q, &a, role_id, company, &relationship_id, &mail);
    if (r == DB_CONFLICT) return DB_RETRY; /* a colleague was faster: decide again on what is true now */
    if (r != DB_OK) return r;
    TRY(quota_take(q, a.address.typed, a.address.canon, &refusal));
    if (refusal.kind) {
        form_fail(f, "email", refusal.sentence);
        TRY(data_draw(q, &a, f));
        quota_answer(q, &refusal);
        return DB_OK;
    }
    TRY(partner_words_add(q, relationship_id));
    TRY(invite_mail_first(q, &mail));
    TRY(audit_write(q, (struct audit){.event = "relationship_added",
                                      .vendor_id = q->session.company_id,
                                      .invitation_id = mail.invitation_id,
                                      .relationship_id = relationship_id}));
    request_leave_note(q, (struct request_note){"partner-added", a.address.typed, ""});
    return request_redirect(q, url_partner(q->arena, a.kind == PARTNER_SUPPLIER, company));
}
