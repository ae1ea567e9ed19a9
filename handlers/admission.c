/* admission.c - a person asks to join a company that is here already, instead of making a second one; its owner decides.
 *
 * The answer to who asks is the same whether such a company exists or not: a line is stored either way, and a mail is built either way.
 */
#include "accept.h"
#include "address.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "admission.h"
#include "link.h"
#include "mails.h"
#include "mails_account.h"
#include "pages.h"
#include "progress.h"
#include "password.h"
#include "people.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/admission.h"
#include "urls.h"
#include "views.h"

#include <string.h>

enum { ADMISSION_A_DAY = 5, ADMISSION_CROWD = 20 };

#define COLLEAGUE \
    {.name = "colleague", .kind = FIELD_LINE, .most = 254, .missing = N_("Enter the company ID or the email address of a colleague")}

const struct form_field admission_fields[] = {COLLEAGUE, {0}};

const struct form_field link_admission_fields[] = {
    COLLEAGUE,
    {.name = "first_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your first name")},
    {.name = "last_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your last name")},
    {.name = "email", .kind = FIELD_LINE, .most = 254}, /* for password managers; the link says which address it is */
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter a password")},
    {0},
};

/* The company that was meant; id 0: none. A company ID and an address are told apart by the @. */
static enum db_result company_meant(struct request *q, const struct link *link, struct admission_company *company)
{
    const char *typed = form_value(&q->form, "colleague");
    struct address address;
    struct id id;
    enum company_kind kind = link && link->kind == PARTNER_SUPPLIER ? COMPANY_SUPPLIER : COMPANY_CUSTOMER;
    enum db_result r = DB_NONE;
    *company = (struct admission_company){0};
    if (strchr(typed, '@')) {
        const char *wrong = address_parse(q->arena, typed, &address);
        if (wrong) form_fail(&q->form, "colleague", wrong);
        else r = admission_company_by_colleague(q->db, address.canon, link ? link->vendor_id : 0, !link || kind == COMPANY_CUSTOMER,
                                           !link || kind == COMPANY_SUPPLIER, company);
    } else if (id_from_text(typed, &id)) {
        r = admission_company_by_id(q->db, id, company);
    } else {
        form_fail(&q->form, "colleague", "Enter a company ID of 32 letters and digits, or the whole email address of a colleague");
    }
    if (r == DB_OK && link && company->kind != kind) *company = (struct admission_company){0};
    return r == DB_NONE ? DB_OK : r;
}

/* The message at the field when this person has asked too often; otherwise *company is 0 where nobody is to be asked. */
static enum db_result company_allow(struct request *q, uint64_t account_id, struct admission_company *company)
{
    struct admission_standing s;
    if (company->id) TRY(admission_lapse(q->db, account_id, company->id, NULL));
    TRY(admission_standing(q->db, company->id, account_id, &s));
    if (s.today >= ADMISSION_A_DAY) form_fail(&q->form, "colleague", "You have asked 5 times within a day: wait for an answer, or try again tomorrow");
    if (!s.proven || s.inside || s.waiting || s.declined || s.crowd >= ADMISSION_CROWD) company->id = 0;
    return DB_OK;
}

static enum db_result ask(struct request *q, const struct mails_admission *who, uint64_t account_id, uint64_t invitation_id, uint64_t company_id)
{
    struct admission_owner_list owners = {0};
    enum db_result r = admission_add(q->db, id_new(), company_id, account_id, invitation_id, NULL);
    if (r == DB_CONFLICT) return DB_RETRY; /* the button was pressed twice: the second finds the first */
    if (r != DB_OK) return r;
    if (company_id) TRY(admission_owners(q->db, company_id, &owners));
    for (size_t i = 0; i < owners.n; i++) {
        struct mails_admission mail = *who;
        mail.to = owners.v[i].email;
        mail.company = owners.v[i].company;
        TRY(mails_admission_asked(q, &mail));
    }
    if (!owners.n) TRY(mails_admission_asked(q, who));
    TRY(audit_write(q, (struct audit){.event = "admission_asked", .account_id = account_id, .invitation_id = invitation_id}));
    request_leave_note(q, (struct request_note){"admission-asked", "", ""});
    return request_redirect(q, url_home());
}

/* ---- from the menu, for who is signed in ---- */

static enum db_result draw(struct request *q, const struct form *form)
{
    struct page page = page_begin(q, "Join a company", PLACE_HOME);
    if (!form_good(form)) page_fail(q, &page, form);
    view_admission(q->out, &page, form);
    return DB_OK;
}

enum db_result admission_show(struct request *q)
{
    form_empty(q->arena, admission_fields, &q->form);
    return draw(q, &q->form);
}

enum db_result admission_do(struct request *q)
{
    const struct session *s = &q->session;
    struct admission_company company;
    if (!form_good(&q->form)) return draw(q, &q->form);
    TRY(company_meant(q, NULL, &company));
    if (form_good(&q->form)) TRY(company_allow(q, s->account_id, &company));
    if (!form_good(&q->form)) {
        db_rollback(q->db);
        return draw(q, &q->form);
    }
    struct admission_invitation invitation = {0};
    enum db_result r = admission_invitation(q->db, s->account_id, company.id, &invitation);
    if (r != DB_OK && r != DB_NONE) return r;
    struct mails_admission who = {.who = s->email, .name = person_name(q->arena, s->first_name, s->last_name, s->email), .vendor = invitation.vendor};
    return ask(q, &who, s->account_id, invitation.id, company.id);
}

/* ---- from an invitation's link, also for who has no account yet ---- */

/* The invitation, when this visitor may answer it but has no company for it; DB_NONE: the link's own page says what is true. */
static enum db_result link_open(struct request *q, struct link *link, bool *newcomer)
{
    const struct session *s = &q->session;
    struct member_company_list companies = {0};
    q->response.secret_page = true;
    if (!secret_well_formed(q->segment[0])) return DB_NONE;
    TRY(invitation_by_hash(q->db, secret_hash(SECRET_INVITATION, q->segment[0]), link));
    if (q->signed_in)
        TRY(company_of_member(q->db, s->account_id, fields_company_kind(link->kind), &companies));
    struct link_visitor visitor = {.signed_in = q->signed_in, .verified = s->verified, .account_id = s->account_id, .email_canon = s->email_canon, .company_kind = s->company_kind,
                                   .companies = companies.n};
    enum link_state state = link_decide(link, &visitor);
    bool own = q->signed_in && strcmp(s->email_canon, link->email_canon) == 0;
    *newcomer = state == LINK_REGISTER;
    if (link_waits(state, link, &visitor)) return DB_NONE; /* nobody asks a stranger's company before the mailbox is proven */
    return *newcomer || state == LINK_COMPANY || (state == LINK_WRONG_KIND && own) ? DB_OK : DB_NONE;
}

static enum db_result back(struct request *q, enum db_result r)
{
    if (r == DB_NONE) request_redirect(q, url_link(q->arena, q->segment[0]));
    return r == DB_NONE ? DB_OK : r;
}

static enum db_result asked_draw(struct request *q, const struct link *link, bool newcomer)
{
    struct page page = link_page(q, link, N_("Ask to join your company"));
    if (!form_good(&q->form)) page_fail(q, &page, &q->form);
    view_link_admission(q->out, &page, link, q->segment[0], &q->form, newcomer);
    return DB_OK;
}

enum db_result link_admission_show(struct request *q)
{
    struct link link;
    bool newcomer;
    enum db_result r = link_open(q, &link, &newcomer);
    if (r != DB_OK) return back(q, r);
    form_empty(q->arena, link_admission_fields, &q->form);
    form_fill(&q->form, "first_name", link.first_name);
    form_fill(&q->form, "last_name", link.last_name);
    return asked_draw(q, &link, newcomer);
}

/* What a newcomer has typed besides the company: the names stand, and a password that is good. */
static const char *password_weak(struct request *q, const struct link *link)
{
    const struct form *f = &q->form;
    const char *password = form_value(f, "password");
    const char *words[] = {form_value(f, "first_name"), form_value(f, "last_name"), link->email, link->vendor, NULL};
    return *password ? password_weakness(q->arena, password, words) : NULL;
}

static enum db_result newcomer_add(struct request *q, const struct link *link, uint64_t *account_id)
{
    const char *stored = password_hash(q->arena, q->config, form_value(&q->form, "password"));
    if (!stored) return DB_NONE;
    TRY(accept_person_add(q, link, &q->form, stored, account_id));
    TRY(people_sign_in(q, *account_id, 0));
    TRY(mails_welcome(q, link->email, NULL, 0));
    return audit_write(q, (struct audit){.event = "registered", .account_id = *account_id, .invitation_id = link->id});
}

enum db_result link_admission_do(struct request *q)
{
    struct link link;
    bool newcomer;
    struct form *f = &q->form;
    struct admission_company company = {0};
    uint64_t account_id = q->session.account_id;
    enum db_result r = link_open(q, &link, &newcomer);
    if (r != DB_OK) return back(q, r);
    static const char *const known[] = {"first_name", "last_name", "password"};
    for (size_t i = 0; !newcomer && i < sizeof known / sizeof *known; i++) form_forgive(f, known[i]);
    const char *weak = newcomer ? password_weak(q, &link) : NULL;
    if (weak) form_fail(f, "password", weak);
    if (!form_error(f, "colleague")) TRY(company_meant(q, &link, &company));
    if (!form_good(f)) {
        TRY(progress_begun(q, link.id));
        return asked_draw(q, &link, newcomer);
    }
    if (newcomer) {
        r = newcomer_add(q, &link, &account_id);
        if (r != DB_OK) return r == DB_NONE ? request_problem(q, 503) : r;
    }
    TRY(company_allow(q, account_id, &company));
    if (!form_good(f)) {
        db_rollback(q->db);
        TRY(progress_begun(q, link.id));
        return asked_draw(q, &link, newcomer);
    }
    const struct session *s = &q->session;
    const char *first = newcomer ? form_value(f, "first_name") : s->first_name, *last = newcomer ? form_value(f, "last_name") : s->last_name;
    struct mails_admission who = {.who = link.email, .name = person_name(q->arena, first, last, link.email), .vendor = link.vendor};
    TRY(progress_begun(q, link.id));
    return ask(q, &who, account_id, link.id, company.id);
}

/* ---- the owner decides ---- */

static enum db_result find(struct request *q, struct admission_request *j)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return admission_of_owner(q->db, id, q->session.account_id, j);
}

static enum db_result decided(struct request *q, const char *note, const char *about)
{
    request_leave_note(q, (struct request_note){note, about, ""});
    return request_redirect(q, url_home());
}

/* The invitation that led here is accepted for the company, if it is still open. */
static enum db_result invitation_take(struct request *q, const struct admission_request *j)
{
    struct link link;
    static const struct id none;
    if (id_equal(j->invitation, none)) return DB_OK;
    enum db_result r = invitation_at_home(q->db, j->invitation, j->email_canon, &link);
    if (r == DB_OK) r = invitation_accept_at_home(q->db, j->invitation, j->email_canon);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    return accept_connect(q, &(struct acceptance){.link = &link, .account_id = j->account_id, .company_id = j->company_id, .company_name = j->company}, j->email);
}

enum db_result home_admission_accept(struct request *q)
{
    struct admission_request j;
    TRY(find(q, &j));
    enum db_result r = admission_decide(q->db, j.id, j.company_id, q->session.account_id, ADMISSION_ACCEPTED);
    if (r == DB_NONE) return decided(q, "admission-gone", "");
    if (r != DB_OK) return r;
    r = company_member_add(q->db, j.company_id, j.account_id, ROLE_MEMBER, NULL);
    if (r != DB_OK && r != DB_CONFLICT) return r; /* a member already: so be it */
    TRY(invitation_take(q, &j));
    TRY(audit_write(q, (struct audit){.event = "admission_accepted", .detail = q->segment[0]}));
    TRY(mails_admitted(q, &(struct mails_admission){.to = j.email, .company = j.company}));
    return decided(q, "admission-accepted", j.email);
}

enum db_result home_admission_decline(struct request *q)
{
    struct admission_request j;
    TRY(find(q, &j));
    enum db_result r = admission_decide(q->db, j.id, j.company_id, q->session.account_id, ADMISSION_DECLINED);
    if (r == DB_NONE) return decided(q, "admission-gone", "");
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "admission_declined", .detail = q->segment[0]}));
    return decided(q, "admission-declined", j.email);
}

enum db_result admission_home_load(struct request *q, bool alone, struct admission_home *home)
{
    *home = (struct admission_home){.alone = alone};
    TRY(admission_inbox(q->db, q->session.account_id, &home->inbox));
    enum db_result r = admission_mine(q->db, q->session.account_id, &home->mine);
    home->asked = r == DB_OK;
    return r == DB_NONE ? DB_OK : r;
}
