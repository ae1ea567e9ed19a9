/* link.c - the page behind an invitation's link, and how a person accepts on it: registers, signs in, says which company.
 *
 * A GET changes nothing, ever. What a POST does is decided anew from the one row that the token names (security.md, 4).
 */
#include "accept.h"
#include "fields.h"
#include "handlers.h"
#include "link.h"
#include "password.h"
#include "people.h"
#include "progress.h"
#include "urls.h"

const struct form_field register_fields[] = {
    {.name = "first_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your first name")},
    {.name = "last_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your last name")},
    COMPANY_FIELDS,
    {.name = "email", .kind = FIELD_LINE, .most = 254}, /* for password managers; the link says which address it is */
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter a password")},
    {0},
};

const struct form_field link_sign_in_fields[] = {
    {.name = "email", .kind = FIELD_LINE, .most = 254},
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter your password")},
    {0},
};

const struct form_field accept_fields[] = {
    {.name = "company", .kind = FIELD_ID, .wrong = N_("Select a company")},
    {0},
};

/* The first showing: what the inviter knew is filled in. */
static enum db_result draw_fresh(struct request *q, struct link_visit *v)
{
    struct form form;
    form_empty(q->arena, v->state == LINK_SIGN_IN ? link_sign_in_fields : v->state == LINK_ACCEPT ? accept_fields : register_fields, &form);
    if (v->state == LINK_REGISTER || v->state == LINK_COMPANY || v->state == LINK_WRONG_KIND) {
        form_fill(&form, "first_name", v->link.first_name);
        form_fill(&form, "last_name", v->link.last_name);
        form_fill(&form, "business_name", v->link.business_name);
        TRY(link_fill_added(q, &v->link, &form));
    }
    return link_draw(q, v, &form);
}

enum db_result link_show(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (v.state > LINK_PAUSED) progress_opened(q, v.link.id);
    return draw_fresh(q, &v);
}

/* A person who is signed in registers a company of the right kind for themselves: names and password are known. */
static enum db_result register_company(struct request *q, struct link_visit *v)
{
    struct form *f = &q->form;
    static const char *const known[] = {"first_name", "last_name", "password"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) form_forgive(f, known[i]);
    if (!form_good(f)) {
        if (v->state == LINK_WRONG_KIND) v->state = LINK_COMPANY;
        return link_draw_failed(q, v, f);
    }
    return link_finish(q, v, &(struct acceptance){.link = &v->link, .hash = &v->hash, .account_id = q->session.account_id, .form = f});
}

/* Who typed the password of the account that has the invited address, or what stands in the way. */
static enum db_result password_try(struct request *q, const struct link *l, enum people_try *tried)
{
    struct account account;
    return people_try(q, l->email_canon, "password", N_("Enter the right password for this address"), &account, tried);
}

/* A second press of the button, after the first one did it: whoever knows the password that it set sees the same success. */
static enum db_result registered_already(struct request *q, const struct link_visit *v)
{
    const struct link *l = &v->link;
    bool typed = form_value(&q->form, "password")[0];
    if (l->status != INVITATION_ACCEPTED || !l->account_id || l->accepted_by != l->account_id || !typed) return link_back(q);
    enum people_try tried;
    TRY(password_try(q, l, &tried));
    if (tried != PEOPLE_RIGHT) return tried == PEOPLE_WRONG ? link_back(q) : DB_OK;
    TRY(people_enter(q, l->account_id));
    request_leave_note(q, (struct request_note){"connected", l->vendor, ""});
    return request_redirect(q, url_home());
}

enum db_result link_register(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (v.state == LINK_COMPANY || (v.state == LINK_WRONG_KIND && v.show.own)) return register_company(q, &v);
    if (v.state == LINK_MINE) return request_redirect(q, url_home());
    if (v.state == LINK_DEAD) return registered_already(q, &v);
    if (v.state != LINK_REGISTER) return link_back(q);

    struct form *f = &q->form;
    const char *password = form_value(f, "password");
    const char *words[] = {form_value(f, "first_name"), form_value(f, "last_name"), form_value(f, "business_name"), v.link.email, v.link.vendor, NULL};
    const char *weak = *password ? password_weakness(q->arena, password, words) : NULL;
    if (weak) form_fail(f, "password", weak);
    if (!form_good(f)) return link_draw_failed(q, &v, f);
    const char *stored = password_hash(q->arena, q->config, password);
    if (!stored) return request_problem(q, 503);
    return link_finish(q, &v, &(struct acceptance){.link = &v.link, .hash = &v.hash, .password = stored, .form = f});
}

enum db_result link_sign_in(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (v.state != LINK_SIGN_IN) return link_back(q);
    if (!form_good(&q->form)) return link_draw_failed(q, &v, &q->form);
    enum people_try tried;
    TRY(password_try(q, &v.link, &tried));
    if (tried != PEOPLE_RIGHT) return tried == PEOPLE_WRONG ? link_draw_failed(q, &v, &q->form) : DB_OK;
    TRY(progress_begun(q, v.link.id));
    TRY(people_enter(q, v.link.account_id));
    return link_back(q);
}

enum db_result link_sign_out(struct request *q)
{
    q->response.secret_page = true;
    TRY(people_leave(q));
    return link_back(q);
}

enum db_result link_accept(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (v.state == LINK_MINE) return request_redirect(q, url_home());
    if (v.state != LINK_ACCEPT) return link_back(q);
    const struct member_company *company = accept_company(&q->form, &v.companies);
    if (!company) {
        form_fail(&q->form, "company", "Select the company that accepts");
        return link_draw_failed(q, &v, &q->form);
    }
    return link_finish(q, &v, &(struct acceptance){
                         .link = &v.link, .hash = &v.hash, .account_id = q->session.account_id, .company_id = company->id, .company_name = company->name});
}
