/* verify.c - proving the mailbox: ask for the mail again, follow its link, be connected with whom one had accepted.
 *
 * GET changes nothing; POST needs the browser that asked for the mail, a session of the account or its password (verification.h).
 */
#include "accept.h"
#include "audit.h"
#include "browser.h"
#include "connect.h"
#include "handlers.h"
#include "log.h"
#include "mails_account.h"
#include "pages.h"
#include "password.h"
#include "people.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/invitation.h"
#include "sql/verification.h"
#include "urls.h"
#include "verification.h"
#include "views.h"

const struct form_field verify_fields[] = {
    {.name = "email", .kind = FIELD_LINE, .most = 254}, /* for password managers; the link says whose it is */
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter the password that you registered with")},
    {0},
};

/* ---- asking for the mail ---- */

enum db_result verify_show(struct request *q)
{
    if (q->signed_in && q->session.verified) return request_redirect(q, url_root());
    struct page page = page_begin(q, q->signed_in ? N_("Verify your email address") : N_("Check your email"), PLACE_NONE);
    page.company = NULL;
    view_verify(q->out, &page);
    return DB_OK;
}

enum db_result verify_send(struct request *q)
{
    request_redirect(q, q->signed_in ? url_verify() : url_sign_in());
    if (!q->signed_in || q->session.verified) return DB_OK;
    TRY(verification_begin(q, q->session.account_id, q->session.email));
    TRY(audit_write(q, (struct audit){.event = "verification_asked"}));
    request_leave_note(q, (struct request_note){"verify-sent", q->session.email, ""});
    return DB_OK;
}

/* ---- the link ---- */

struct visit {
    struct hash hash;
    struct verification row;
    bool known; /* the visitor need not type the password */
};

/* The link that the path names: DB_NONE for none. */
static enum db_result visit_begin(struct request *q, struct visit *v)
{
    q->response.secret_page = true;
    if (!secret_well_formed(q->segment[0])) return DB_NONE;
    v->hash = secret_hash(SECRET_VERIFY, q->segment[0]);
    TRY(verification_by_hash(q->db, v->hash, browser_seen(q), &v->row));
    v->known = v->row.known || (q->signed_in && q->session.account_id == v->row.account_id);
    return v->row.live && !v->row.verified ? DB_OK : DB_NONE;
}

static enum db_result dead(struct request *q)
{
    q->response.status = 410;
    struct page page = page_begin(q, "This link does not work", PLACE_NONE);
    page.company = NULL;
    view_verify_dead(q->out, &page);
    return DB_OK;
}

static enum db_result draw(struct request *q, const struct visit *v, bool failed)
{
    struct page page = page_begin(q, "Verify your email address", PLACE_NONE);
    page.company = NULL;
    if (failed) page_fail(q, &page, &q->form);
    view_verify_link(q->out, &page, &q->form, q->segment[0], v->row.email, v->known);
    return DB_OK;
}

enum db_result verify_link_show(struct request *q)
{
    struct visit v = {0};
    enum db_result r = visit_begin(q, &v);
    if (r == DB_NONE) return dead(q);
    if (r != DB_OK) return r;
    form_empty(q->arena, verify_fields, &q->form);
    return draw(q, &v, false);
}

/* What was accepted before, each under its own condition at this moment. */
struct connected {
    struct id asked[CONNECT_MOST];
    size_t n_asked, n;
    const char *vendor; /* the first one */
    uint64_t company_id;
};

static enum db_result connect_remembered(struct request *q, const struct verification *row, struct connected *c)
{
    struct remembered_list waiting;
    TRY(verification_remembered(q->db, row->account_id, &waiting));
    TRY(verification_forget(q->db, row->account_id, NULL));
    for (size_t i = 0; i < waiting.n && i < CONNECT_MOST; i++) {
        struct link link;
        enum db_result r = invitation_at_home(q->db, waiting.v[i].invitation, row->email_canon, &link);
        if (r == DB_NONE) continue; /* the address was corrected: it is somebody else's now */
        if (r != DB_OK) return r;
        c->asked[c->n_asked++] = waiting.v[i].invitation;
        struct acceptance a = {.link = &link,
                               .email_canon = row->email_canon,
                               .account_id = row->account_id,
                               .company_id = waiting.v[i].company_id,
                               .company_name = waiting.v[i].company_name};
        r = accept_one(q, &a);
        if (r == DB_NONE) continue;
        if (r != DB_OK) return r;
        if (!c->n++) c->vendor = link.vendor;
        if (!c->company_id) c->company_id = a.company_id;
    }
    return DB_OK;
}

/* To what the person wants to know now. */
static enum db_result go_on(struct request *q, const struct verification *row, const struct connected *c)
{
    struct pending_invitation_list pending;
    TRY(invitation_pending_for(q->db, row->email_canon, &pending));
    bool one = c->n == 1 && c->n_asked == 1;
    request_leave_note(q, one ? (struct request_note){"connected", c->vendor, ""} : (struct request_note){"verified", row->email, ""});
    return request_redirect(q, c->n_asked && !one ? url_connect_result(q->arena, c->asked, c->n_asked) : pending.n ? url_connect() : url_home());
}

static enum db_result verify(struct request *q, const struct visit *v)
{
    const struct verification *row = &v->row;
    enum db_result r = verification_use(q->db, v->hash);
    if (r == DB_OK) r = account_verify(q->db, row->account_id);
    if (r != DB_OK) return r == DB_NONE ? DB_RETRY : r;
    TRY(verification_void(q->db, row->account_id, NULL));
    TRY(audit_write(q, (struct audit){.event = "address_verified", .account_id = row->account_id}));
    struct connected c = {0};
    TRY(connect_remembered(q, row, &c));
    TRY(mails_welcome(q, row->email, c.vendor, 0));
    TRY(people_sign_in(q, row->account_id, c.company_id));
    return go_on(q, row, &c);
}

enum db_result verify_link_do(struct request *q)
{
    struct visit v = {0};
    enum db_result r = visit_begin(q, &v);
    if (r == DB_NONE && v.row.verified && v.known) return request_redirect(q, url_root()); /* pressed twice */
    if (r == DB_NONE) return dead(q);
    if (r != DB_OK) return r;
    if (v.known) return verify(q, &v);
    if (!form_good(&q->form)) return draw(q, &v, true);
    q->response.retry_after = people_limit(q, v.row.email_canon);
    if (q->response.retry_after) return request_problem(q, 429);
    switch (password_check(q->config, v.row.password, form_value(&q->form, "password"))) {
    case PASSWORD_BUSY: return request_problem(q, 503);
    case PASSWORD_WRONG:
        log_info("verification refused");
        form_fail(&q->form, "password", "Enter the right password for this address");
        return draw(q, &v, true);
    case PASSWORD_RIGHT: break;
    }
    return verify(q, &v);
}
