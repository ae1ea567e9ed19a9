/* forgot.c - a forgotten password: ask for a link by mail, set a new password with it.
 *
 * The answer to "Forgot your password" is the same in words, work and time whether the address has an account or not
 * (ASVS 5.0 6.3.8): for an unknown one the same rows are written, leading nowhere. A reset never accepts or connects anything.
 */
#include "address.h"
#include "asked.h"
#include "audit.h"
#include "handlers.h"
#include "mails_account.h"
#include "pages.h"
#include "password.h"
#include "people.h"
#include "quota.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/session.h"
#include "sql/token.h"
#include "urls.h"
#include "verification.h"
#include "views.h"

enum { FORGOT_LINK_MINUTES = 60, FORGOT_MAILS_A_MINUTE = 3 };

const struct form_field forgot_fields[] = {
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = N_("Enter an email address")},
    ASKED_FIELD,
    {0},
};

const struct form_field reset_fields[] = {
    {.name = "email", .kind = FIELD_LINE, .most = 254}, /* for password managers; the link says whose it is */
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter a new password")},
    {0},
};

static enum db_result draw(struct request *q, struct url asked, bool failed)
{
    struct page page = page_begin(q, "Reset your password", PLACE_NONE);
    page.company = NULL;
    asked_query(q, &page, asked);
    if (failed) page_fail(q, &page, &q->form);
    view_forgot(q->out, &page, &q->form, asked);
    return DB_OK;
}

enum db_result forgot_show(struct request *q)
{
    struct url asked = asked_page(q);
    form_empty(q->arena, forgot_fields, &q->form);
    return draw(q, asked, false);
}

/* As many a day as an address gets; after that one more whenever none of them works any more. So a mailbox cannot be flooded, and nobody who
 * asks in the owner's name keeps the owner out of the account. */
static enum db_result may_send(struct request *q, const struct account *account, const struct address *address, bool *send)
{
    struct token_password_live links;
    TRY(token_password_live(q->db, account->id, &links));
    TRY(quota_ask(q, QUOTA_ASKED_RESET, address->canon, send));
    *send = *send || !links.live;
    return DB_OK;
}

enum db_result forgot_do(struct request *q)
{
    struct address address;
    struct url asked = asked_page(q);
    if (!form_good(&q->form) || address_parse(q->arena, form_value(&q->form, "email"), &address)) return draw(q, asked, true);
    q->response.retry_after = request_limit(q, "forgot", address.canon, FORGOT_MAILS_A_MINUTE);
    if (q->response.retry_after) return request_problem(q, 429);

    struct account account = {0};
    enum db_result r = account_by_email(q->db, address.canon, &account);
    if (r != DB_OK && r != DB_NONE) return r;
    bool send;
    TRY(may_send(q, &account, &address, &send));
    const char *token = secret_new_link(q->arena);
    TRY(token_add_password(q->db, secret_hash(SECRET_PASSWORD, token), send ? account.id : 0, FORGOT_LINK_MINUTES, NULL));
    TRY(mails_reset(q, r == DB_OK ? account.email : address.typed, token, FORGOT_LINK_MINUTES, r == DB_OK && send));
    TRY(audit_write(q, (struct audit){.event = "password_link_asked", .account_id = account.id}));
    asked_keep(q, asked);
    request_leave_note(q, (struct request_note){"reset-sent", address.typed, ""});
    return request_redirect(q, asked_sign_in(q, asked));
}

static enum db_result reset_draw(struct request *q, const struct password_token *token, bool failed)
{
    struct page page = page_begin(q, "Choose a new password", PLACE_NONE);
    page.company = NULL;
    if (failed) page_fail(q, &page, &q->form);
    view_reset(q->out, &page, &q->form, q->segment[0], token->email);
    return DB_OK;
}

static enum db_result reset_dead(struct request *q)
{
    q->response.status = 410;
    struct page page = page_begin(q, "This link does not work", PLACE_NONE);
    page.company = NULL;
    view_reset_dead(q->out, &page);
    return DB_OK;
}

/* The live link that the path names: DB_NONE for every other. */
static enum db_result reset_token(struct request *q, struct hash *hash, struct password_token *token)
{
    q->response.secret_page = true;
    if (!secret_well_formed(q->segment[0])) return DB_NONE;
    *hash = secret_hash(SECRET_PASSWORD, q->segment[0]);
    return token_password(q->db, *hash, token);
}

/* Nobody finished this registration, so what it holds may be a stranger's: the mailbox's owner registers freshly (security.md, 2). */
static enum db_result unfinished_draw(struct request *q, const struct password_token *token)
{
    struct page page = page_begin(q, "Register again", PLACE_NONE);
    page.company = NULL;
    view_reset_unfinished(q->out, &page, q->segment[0], token->email);
    return DB_OK;
}

static enum db_result unfinished_do(struct request *q, struct hash hash, const struct password_token *token)
{
    enum db_result r = token_password_use(q->db, hash);
    if (r == DB_NONE) return reset_dead(q);
    if (r != DB_OK) return r;
    TRY(verification_overwrite(q, token->account_id));
    request_leave_note(q, (struct request_note){"registration-removed", token->email, ""});
    return request_redirect(q, url_register());
}

enum db_result reset_show(struct request *q)
{
    struct hash hash;
    struct password_token token;
    enum db_result r = reset_token(q, &hash, &token);
    if (r == DB_NONE) return reset_dead(q);
    if (r != DB_OK) return r;
    if (token.unfinished) return unfinished_draw(q, &token);
    form_empty(q->arena, reset_fields, &q->form);
    return reset_draw(q, &token, false);
}

enum db_result reset_do(struct request *q)
{
    struct hash hash;
    struct password_token token;
    enum db_result r = reset_token(q, &hash, &token);
    if (r == DB_NONE) return reset_dead(q);
    if (r != DB_OK) return r;
    if (token.unfinished) return unfinished_do(q, hash, &token);
    const char *password = form_value(&q->form, "password");
    const char *words[] = {token.first_name, token.last_name, token.email, q->config->portal_name, NULL};
    if (form_good(&q->form)) {
        const char *weak = password_weakness(q->arena, password, words);
        if (weak) form_fail(&q->form, "password", weak);
    }
    if (!form_good(&q->form)) return reset_draw(q, &token, true);
    const char *stored = password_hash(q->arena, q->config, password);
    if (!stored) return request_problem(q, 503);

    r = token_password_use(q->db, hash);
    if (r == DB_NONE) return reset_dead(q);
    if (r != DB_OK) return r;
    TRY(token_password_void(q->db, token.account_id, NULL));
    TRY(account_password_set(q->db, token.account_id, stored));
    TRY(session_end_all(q->db, token.account_id, NULL));
    TRY(mails_password_changed(q, token.email));
    TRY(audit_write(q, (struct audit){.event = "password_set", .account_id = token.account_id}));
    request_session_end(q);
    q->response.clear_site_data = false;
    request_leave_note(q, (struct request_note){"password-set", "", ""});
    return request_redirect(q, asked_sign_in(q, asked_kept(q)));
}
