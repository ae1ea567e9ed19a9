/* join.c - the link by which a colleague becomes a member of a vendor. A GET changes nothing; a POST decides anew. */
#include "handlers.h"
#include "mails_account.h"
#include "pages.h"
#include "password.h"
#include "people.h"
#include "secret.h"
#include "settings.h"
#include "sql/account.h"
#include "sql/company.h"
#include "sql/join.h"
#include "sql/session.h"
#include "sql/team.h"
#include "sql/token.h"
#include "team_rules.h"
#include "urls.h"
#include "verification.h"
#include "views.h"

const struct form_field join_fields[] = {
    {.name = "first_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your first name")},
    {.name = "last_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your last name")},
    {.name = "email", .kind = FIELD_LINE, .most = 254}, /* for password managers; the link says which address it is */
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter a password")},
    {0},
};

struct visit {
    struct hash hash;
    struct join join;
    enum join_state state;
};

static enum db_result visit_begin(struct request *q, struct visit *v)
{
    *v = (struct visit){.state = JOIN_DEAD};
    q->response.secret_page = true;
    if (!secret_well_formed(q->segment[0])) return DB_OK;
    v->hash = secret_hash(SECRET_JOIN, q->segment[0]);
    enum db_result r = join_by_hash(q->db, v->hash, &v->join);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    v->state = join_decide(&v->join, q->signed_in ? q->session.account_id : 0);
    return DB_OK;
}

static const char *title_of(struct request *q, const struct visit *v)
{
    switch (v->state) {
    case JOIN_DEAD: return N_("This invitation link does not work");
    case JOIN_CLOSED: return N_("This invitation cannot be opened now");
    case JOIN_EXPIRED: return N_("This invitation has expired");
    case JOIN_SUPERSEDED: return N_("A newer invitation was sent to you");
    case JOIN_VOID: return N_("This invitation is not valid any more");
    case JOIN_MINE: return arena_printf(q->arena, out_tr(q->out, "You’re a member of %s"), name_told(q->out, v->join.vendor));
    case JOIN_OTHER: return N_("This invitation is for another address");
    case JOIN_REGISTER:
    case JOIN_SIGN_IN:
    case JOIN_ACCEPT: break;
    }
    return arena_printf(q->arena, out_tr(q->out, "%s invited you to its team"), name_told(q->out, v->join.vendor));
}

static enum db_result draw(struct request *q, const struct visit *v, const struct form *form)
{
    const struct join *j = &v->join;
    struct page page = page_begin(q, title_of(q, v), PLACE_NONE);
    page.company = NULL;
    if (v->state > JOIN_CLOSED) { /* a dead link does not tell whose it was */
        page.heading = j->vendor;
        settings_apply(q, &page, &(struct settings){.time_zone = j->time_zone, .colour = j->colour, .logo = j->logo, .logo_width = j->logo_width, .logo_height = j->logo_height});
    }
    if (form && !form_good(form)) page_fail(q, &page, form);
    struct join_page show = {.join = j, .token = q->segment[0], .signed_in = q->signed_in ? q->session.email : NULL, .form = form};
    if (v->state > JOIN_CLOSED) show.sender = person_name(q->arena, j->sender_first_name, j->sender_last_name, j->sender_email);
    switch (v->state) {
    case JOIN_REGISTER: view_join_register(q->out, &page, &show); break;
    case JOIN_SIGN_IN: view_join_sign_in(q->out, &page, &show); break;
    case JOIN_ACCEPT: view_join_accept(q->out, &page, &show); break;
    case JOIN_OTHER: view_join_other(q->out, &page, &show); break;
    case JOIN_CLOSED: view_join_closed(q->out, &page, &show); break;
    case JOIN_MINE: view_join_mine(q->out, &page); break;
    case JOIN_SUPERSEDED:
    case JOIN_EXPIRED:
    case JOIN_VOID:
        q->response.status = 410;
        view_join_over(q->out, &page, &show, v->state == JOIN_SUPERSEDED);
        break;
    case JOIN_DEAD:
        q->response.status = 404;
        view_join_dead(q->out, &page);
        break;
    }
    return DB_OK;
}

enum db_result join_show(struct request *q)
{
    struct visit v;
    struct form form;
    TRY(visit_begin(q, &v));
    form_empty(q->arena, v.state == JOIN_SIGN_IN ? link_sign_in_fields : join_fields, &form);
    return draw(q, &v, &form);
}

/* To the link's own page, which says what is true now. */
static enum db_result back(struct request *q)
{
    return request_redirect(q, url_join(q->arena, q->segment[0]));
}

/* A new person, or the account that was waiting for its mailbox's owner. */
static enum db_result person(struct request *q, const struct join *j, const char *password, uint64_t *account_id)
{
    const char *first = form_value(&q->form, "first_name"), *last = form_value(&q->form, "last_name");
    *account_id = j->account_id;
    if (!j->account_id) {
        enum db_result r = account_add(q->db, id_new(), j->email, j->email_canon, first, last, password, true, account_id);
        return r == DB_CONFLICT ? DB_RETRY : r;
    }
    if (j->unfinished) TRY(verification_overwrite(q, j->account_id));
    enum db_result r = join_claim(q->db, j->account_id, first, last, password);
    if (r != DB_OK) return r == DB_NONE ? DB_RETRY : r;
    TRY(token_password_void(q->db, j->account_id, NULL));
    return session_end_all(q->db, j->account_id, NULL);
}

/* `password` NULL: the signed-in person. */
static enum db_result become_member(struct request *q, const struct visit *v, const char *password)
{
    const struct join *j = &v->join;
    uint64_t account_id = q->session.account_id;
    enum db_result r = join_accept(q->db, j->id, v->hash);
    if (r != DB_OK) return r == DB_NONE ? DB_RETRY : r; /* decide again on what is true now */
    if (password) TRY(person(q, j, password, &account_id));
    r = company_member_add(q->db, j->vendor_id, account_id, j->role, NULL);
    if (r != DB_OK) return r == DB_CONFLICT ? DB_RETRY : r;
    TRY(join_accepted(q->db, j->id, account_id));
    if (password) TRY(mails_welcome(q, j->email, j->vendor, j->role));
    TRY(people_sign_in(q, account_id, j->vendor_id));
    TRY(team_audit(q->db, q->id, "member_joined", j->vendor_id, account_id, account_id, member_role_name(j->role), NULL));
    request_leave_note(q, (struct request_note){"team-joined", j->vendor, ""});
    return request_redirect(q, url_team());
}

enum db_result join_register(struct request *q)
{
    struct visit v;
    struct form *f = &q->form;
    TRY(visit_begin(q, &v));
    if (v.state != JOIN_REGISTER) return back(q);
    const char *password = form_value(f, "password");
    const char *words[] = {form_value(f, "first_name"), form_value(f, "last_name"), v.join.email, v.join.vendor, NULL};
    const char *weak = *password ? password_weakness(q->arena, password, words) : NULL;
    if (weak) form_fail(f, "password", weak);
    if (!form_good(f)) return draw(q, &v, f);
    const char *stored = password_hash(q->arena, q->config, password);
    return stored ? become_member(q, &v, stored) : request_problem(q, 503);
}

enum db_result join_sign_in(struct request *q)
{
    struct visit v;
    struct account account;
    TRY(visit_begin(q, &v));
    if (v.state != JOIN_SIGN_IN) return back(q);
    if (!form_good(&q->form)) return draw(q, &v, &q->form);
    enum people_try tried;
    TRY(people_try(q, v.join.email_canon, "password", N_("Enter the right password for this address"), &account, &tried));
    if (tried != PEOPLE_RIGHT) return tried == PEOPLE_WRONG ? draw(q, &v, &q->form) : DB_OK;
    TRY(people_enter(q, account.id));
    return back(q);
}

enum db_result join_sign_out(struct request *q)
{
    q->response.secret_page = true;
    TRY(people_leave(q));
    return back(q);
}

enum db_result join_do(struct request *q)
{
    struct visit v;
    TRY(visit_begin(q, &v));
    return v.state == JOIN_ACCEPT ? become_member(q, &v, NULL) : back(q);
}
