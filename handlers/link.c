/* link.c - the page behind an invitation's link, and everything a person can do on it.
 *
 * A GET changes nothing, ever. What a POST does is decided anew from the one row that the token names (security.md, 4).
 */
#include "accept.h"
#include "add_partner.h"
#include "audit.h"
#include "company.h"
#include "handlers.h"
#include "link.h"
#include "link_rules.h"
#include "log.h"
#include "pages.h"
#include "password.h"
#include "people.h"
#include "progress.h"
#include "secret.h"
#include "settings.h"
#include "settings_rules.h"
#include "sql/account.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "sql/session.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"

#include <string.h>
#include <strings.h>

#define PLAIN(n, k, m) {.name = n, .kind = k, .most = m}

const struct form_field register_fields[] = {
    {.name = "first_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your first name")},
    {.name = "last_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your last name")},
    COMPANY_FIELDS,
    PLAIN("email", FIELD_LINE, 254), /* for password managers; the link says which address it is */
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter a password")},
    {0},
};

const struct form_field link_company_fields[] = {COMPANY_FIELDS, {0}};

const struct form_field link_sign_in_fields[] = {
    PLAIN("email", FIELD_LINE, 254),
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter your password")},
    {0},
};

const struct form_field accept_fields[] = {
    {.name = "company", .kind = FIELD_ID, .wrong = N_("Select a company")},
    {0},
};

/* One visit of a link: the invitation, what the visitor may do, and what the page shows. */
struct visit {
    struct hash hash;
    struct link link;
    struct link_visitor visitor;
    enum link_state state;
    struct member_company_list companies;
    struct link_page show;
};

static enum db_result visit_begin(struct request *q, struct visit *v)
{
    *v = (struct visit){.state = LINK_DEAD, .show = {.token = q->segment[0]}};
    q->response.secret_page = true;
    if (!secret_well_formed(q->segment[0])) return DB_OK;
    v->hash = secret_hash(SECRET_INVITATION, q->segment[0]);
    enum db_result r = invitation_by_hash(q->db, v->hash, &v->link);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    const struct session *s = &q->session;
    if (q->signed_in)
        TRY(company_of_member(q->db, s->account_id, v->link.kind == PARTNER_CUSTOMER ? COMPANY_CUSTOMER : COMPANY_SUPPLIER, &v->companies));
    v->visitor = (struct link_visitor){.signed_in = q->signed_in,
                                       .verified = s->verified,
                                       .account_id = s->account_id,
                                       .email_canon = s->email_canon,
                                       .fits = s->verified && settings_address_fits(v->link.address_policy, v->link.email_canon, s->email_canon),
                                       .company_kind = s->company_kind,
                                       .companies = v->companies.n};
    v->state = link_decide(&v->link, &v->visitor);
    if (v->state > LINK_CLOSED) request_language_of_invitation(q, v->link.language);
    v->show.link = &v->link;
    v->show.sender = person_name(q->arena, v->link.sender_first_name, v->link.sender_last_name, v->link.sender_email);
    v->show.never = !v->link.copied; /* the mailbox's owner decides, not who was handed a copy */
    v->show.companies = &v->companies;
    v->show.waits = link_waits(v->state, &v->link, &v->visitor);
    v->show.signed_in = q->signed_in && v->state != LINK_REGISTER ? s->email : NULL;
    v->show.signed_in_kind = s->company_kind;
    v->show.others = v->link.address_policy != POLICY_EXACT;
    v->show.own = q->signed_in && strcmp(s->email_canon, v->link.email_canon) == 0;
    return DB_OK;
}

static const char *title_of(const struct request *q, const struct visit *v)
{
    bool customer = v->link.kind == PARTNER_CUSTOMER;
    switch (v->state) {
    case LINK_DEAD: return N_("This invitation link does not work");
    case LINK_CLOSED: return N_("This invitation cannot be opened now");
    case LINK_MINE: return N_("You accepted this invitation");
    case LINK_DECLINED: return N_("You declined this invitation");
    case LINK_SUPERSEDED: return N_("A newer invitation was sent to you");
    case LINK_EXPIRED: return N_("This invitation has expired");
    case LINK_PAUSED: return N_("This invitation is paused");
    case LINK_WRONG_KIND: return customer ? N_("This invitation is for a customer account") : N_("This invitation is for a supplier account");
    case LINK_OTHER: return N_("This invitation is for another address");
    case LINK_REGISTER:
    case LINK_SIGN_IN:
    case LINK_ACCEPT:
    case LINK_COMPANY: break;
    }
    if (customer) return arena_printf(q->arena, out_tr(q->out, "%s invited you to be a customer"), v->link.vendor);
    return arena_printf(q->arena, out_tr(q->out, "%s invited you to be a supplier"), v->link.vendor);
}

/* `form` may carry the messages of a POST. */
static enum db_result draw(struct request *q, struct visit *v, struct form *form)
{
    struct page page = page_begin(q, title_of(q, v), PLACE_NONE);
    page.company = NULL;
    page.heading = v->state > LINK_CLOSED ? v->link.vendor : NULL; /* a dead link does not tell whose it was */
    const struct link *l = &v->link;
    if (page.heading)
        settings_apply(q, &page, &(struct settings){.time_zone = l->time_zone, .colour = l->colour, .logo = l->logo, .logo_width = l->logo_width, .logo_height = l->logo_height});
    v->show.form = form;
    if (form && !form_good(form)) page_fail(q, &page, form);
    switch (v->state) {
    case LINK_REGISTER:
    case LINK_COMPANY: view_link_register(q->out, &page, &v->show); break;
    case LINK_SIGN_IN: view_link_sign_in(q->out, &page, &v->show); break;
    case LINK_ACCEPT: view_link_accept(q->out, &page, &v->show); break;
    case LINK_WRONG_KIND: view_link_wrong_kind(q->out, &page, &v->show); break;
    case LINK_OTHER: view_link_other(q->out, &page, &v->show); break;
    case LINK_MINE: view_link_mine(q->out, &page, &v->show); break;
    case LINK_DECLINED: view_link_declined(q->out, &page, &v->show); break;
    case LINK_SUPERSEDED: view_link_superseded(q->out, &page, &v->show); break;
    case LINK_EXPIRED: view_link_expired(q->out, &page, &v->show); break;
    case LINK_PAUSED: view_link_paused(q->out, &page, &v->show); break;
    case LINK_CLOSED: view_link_closed(q->out, &page, &v->show); break;
    case LINK_DEAD:
        q->response.status = 404;
        view_link_dead(q->out, &page);
        break;
    }
    return DB_OK;
}

/* What the vendor wrote down of a company that it added by hand. */
static enum db_result fill_added(struct request *q, uint64_t invitation_id, struct form *form)
{
    struct added_partner added;
    enum db_result r = add_partner_of(q, invitation_id, &added);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    const char *const known[][2] = {{"phone", added.phone},   {"street", added.street}, {"house_number", added.house_number}, {"postal_code", added.postal_code},
                                    {"city", added.city}, {"country", added.country}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) form_fill(form, known[i][0], known[i][1]);
    return DB_OK;
}

/* The form was sent and comes back with its messages. */
static enum db_result draw_failed(struct request *q, struct visit *v, struct form *form)
{
    TRY(progress_begun(q, v->link.id));
    return draw(q, v, form);
}

/* The first showing: what the inviter knew is filled in. */
static enum db_result draw_fresh(struct request *q, struct visit *v)
{
    struct form form;
    form_empty(q->arena, v->state == LINK_SIGN_IN ? link_sign_in_fields : v->state == LINK_ACCEPT ? accept_fields : register_fields, &form);
    if (v->state == LINK_REGISTER || v->state == LINK_COMPANY || v->state == LINK_WRONG_KIND) {
        form_fill(&form, "first_name", v->link.first_name);
        form_fill(&form, "last_name", v->link.last_name);
        form_fill(&form, "business_name", v->link.business_name);
        if (v->link.added) TRY(fill_added(q, v->link.id, &form));
    }
    return draw(q, v, &form);
}

enum db_result link_show(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (v.state > LINK_PAUSED) progress_opened(q, v.link.id);
    return draw_fresh(q, &v);
}

/* To the link's own page, which says what is true now. */
static enum db_result back(struct request *q)
{
    request_redirect(q, url_link(q->arena, q->segment[0]));
    return DB_OK;
}

static enum db_result home(struct request *q)
{
    request_redirect(q, url_home());
    return DB_OK;
}

static enum db_result finish(struct request *q, const struct visit *v, struct acceptance *a)
{
    if (v->show.waits) {
        TRY(progress_begun(q, v->link.id));
        TRY(accept_later(q, a));
        request_redirect(q, url_verify());
        return DB_OK;
    }
    enum db_result r = accept_commit(q, a);
    if (r == DB_NONE) return DB_RETRY; /* decide again on what is true now */
    return r == DB_OK ? home(q) : r;
}

/* A person who is signed in registers a company of the right kind for themselves: names and password are known. */
static enum db_result register_company(struct request *q, struct visit *v)
{
    struct form *f = &q->form;
    static const char *const known[] = {"first_name", "last_name", "password"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) form_forgive(f, known[i]);
    if (!form_good(f)) {
        if (v->state == LINK_WRONG_KIND) v->state = LINK_COMPANY;
        return draw_failed(q, v, f);
    }
    return finish(q, v, &(struct acceptance){.link = &v->link, .hash = &v->hash, .account_id = q->session.account_id, .form = f});
}

/* Who has companies of that kind may register a further one; not before the address is proven, so that nobody piles them up. */
static bool may_add_company(const struct visit *v)
{
    return v->state == LINK_ACCEPT && !v->show.waits;
}

static enum db_result company_draw(struct request *q, struct visit *v, struct form *form)
{
    struct page page = page_begin(q, N_("Register another company"), PLACE_NONE);
    page.company = NULL;
    page.heading = v->link.vendor;
    v->show.form = form;
    if (!form_good(form)) page_fail(q, &page, form);
    view_link_company(q->out, &page, &v->show);
    return DB_OK;
}

enum db_result link_company_show(struct request *q)
{
    struct visit v;
    struct form form;
    TRY(visit_begin(q, &v));
    if (!may_add_company(&v)) return back(q);
    form_empty(q->arena, link_company_fields, &form);
    form_fill(&form, "business_name", v.link.business_name);
    if (v.link.added) TRY(fill_added(q, v.link.id, &form));
    return company_draw(q, &v, &form);
}

enum db_result link_company_do(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (v.state == LINK_MINE) return home(q);
    if (!may_add_company(&v)) return back(q);
    struct form *f = &q->form;
    const char *name = form_value(f, "business_name");
    for (size_t i = 0; i < v.companies.n; i++)
        if (strcasecmp(v.companies.v[i].name, name) == 0)
            form_fail(f, "business_name", N_("You have a company with this name: go back and accept with it, or enter another name"));
    if (!form_good(f)) return company_draw(q, &v, f);
    return finish(q, &v, &(struct acceptance){.link = &v.link, .hash = &v.hash, .account_id = q->session.account_id, .form = f});
}

/* Whether what was typed is the password of the account that has the invited address. */
static enum db_result password_try(struct request *q, const struct link *l, enum password_result *right, bool *locked)
{
    struct account account;
    TRY(account_by_email(q->db, l->email_canon, &account));
    *right = password_check(q->config, account.password, form_value(&q->form, "password"));
    *locked = account.locked;
    return DB_OK;
}

/* A second press of the button, after the first one did it: whoever knows the password that it set sees the same success. */
static enum db_result registered_already(struct request *q, const struct visit *v)
{
    const struct link *l = &v->link;
    bool typed = form_value(&q->form, "password")[0];
    if (l->status != INVITATION_ACCEPTED || !l->account_id || l->accepted_by != l->account_id || !typed) return back(q);
    q->response.retry_after = people_limit(q, l->email_canon);
    if (q->response.retry_after) return request_problem(q, 429);
    enum password_result right;
    bool locked;
    TRY(password_try(q, l, &right, &locked));
    if (right == PASSWORD_BUSY) return request_problem(q, 503);
    if (right == PASSWORD_WRONG || locked) return back(q);
    TRY(people_sign_in(q, l->account_id, 0));
    TRY(audit_write(q, (struct audit){.event = "signed_in", .account_id = l->account_id}));
    request_leave_note(q, (struct request_note){"connected", l->vendor, ""});
    return home(q);
}

enum db_result link_register(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (v.state == LINK_COMPANY || (v.state == LINK_WRONG_KIND && v.show.own)) return register_company(q, &v);
    if (v.state == LINK_MINE) return home(q);
    if (v.state == LINK_DEAD) return registered_already(q, &v);
    if (v.state != LINK_REGISTER) return back(q);

    struct form *f = &q->form;
    const char *password = form_value(f, "password");
    const char *words[] = {form_value(f, "first_name"), form_value(f, "last_name"), form_value(f, "business_name"), v.link.email, v.link.vendor, NULL};
    const char *weak = *password ? password_weakness(q->arena, password, words) : NULL;
    if (weak) form_fail(f, "password", weak);
    if (!form_good(f)) return draw_failed(q, &v, f);
    const char *stored = password_hash(q->arena, q->config, password);
    if (!stored) return request_problem(q, 503);
    return finish(q, &v, &(struct acceptance){.link = &v.link, .hash = &v.hash, .password = stored, .form = f});
}

enum db_result link_sign_in(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (v.state != LINK_SIGN_IN) return back(q);
    if (!form_good(&q->form)) return draw_failed(q, &v, &q->form);
    q->response.retry_after = people_limit(q, v.link.email_canon);
    if (q->response.retry_after) return request_problem(q, 429);
    enum password_result right;
    bool locked;
    TRY(password_try(q, &v.link, &right, &locked));
    switch (right) {
    case PASSWORD_BUSY: return request_problem(q, 503);
    case PASSWORD_WRONG:
        log_info("sign-in refused");
        form_fail(&q->form, "password", "Enter the right password for this address");
        return draw_failed(q, &v, &q->form);
    case PASSWORD_RIGHT: break;
    }
    if (locked) {
        form_fail(&q->form, "password", people_locked_sentence(q));
        return draw_failed(q, &v, &q->form);
    }
    TRY(people_sign_in(q, v.link.account_id, 0));
    TRY(progress_begun(q, v.link.id));
    TRY(audit_write(q, (struct audit){.event = "signed_in", .account_id = v.link.account_id}));
    request_redirect(q, url_link(q->arena, q->segment[0]));
    return DB_OK;
}

enum db_result link_sign_out(struct request *q)
{
    q->response.secret_page = true;
    if (q->signed_in) {
        TRY(session_end(q->db, q->session.hash, NULL));
        TRY(audit_write(q, (struct audit){.event = "signed_out"}));
    }
    request_session_end(q);
    request_redirect(q, url_link(q->arena, q->segment[0]));
    return DB_OK;
}

enum db_result link_accept(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (v.state == LINK_MINE) return home(q);
    if (v.state != LINK_ACCEPT) return back(q);
    const struct member_company *company = accept_company(&q->form, &v.companies);
    if (!company) {
        form_fail(&q->form, "company", "Select the company that accepts");
        return draw_failed(q, &v, &q->form);
    }
    return finish(q, &v, &(struct acceptance){
                         .link = &v.link, .hash = &v.hash, .account_id = q->session.account_id, .company_id = company->id, .company_name = company->name});
}

/* To the page that holds the address sealed: sealing is for who presses, and not for everybody who looks. */
enum db_result link_never(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (!v.show.never) return back(q);
    request_redirect(q, suppression_page(q, v.link.email_canon));
    return DB_OK;
}

enum db_result link_decline_show(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (v.state < LINK_PAUSED) return back(q);
    struct page page = page_begin(q, N_("Decline this invitation?"), PLACE_NONE);
    page.company = NULL;
    page.heading = v.link.vendor;
    view_link_decline(q->out, &page, &v.show);
    return DB_OK;
}

enum db_result link_decline(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    if (v.state < LINK_PAUSED) return back(q);
    enum db_result r = invitation_decline(q->db, v.link.id, v.hash);
    if (r == DB_NONE) return back(q);
    if (r != DB_OK) return r;
    TRY(link_declined(q, &v.link));
    return back(q);
}
