/* sign_in.c - the start page, sign in, sign out. */
#include "address.h"
#include "asked.h"
#include "handlers.h"
#include "pages.h"
#include "password.h"
#include "people.h"
#include "sql/account.h"
#include "urls.h"
#include "views.h"

const struct form_field sign_in_fields[] = {
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = N_("Enter an email address")},
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter a password")},
    ASKED_FIELD,
    {0},
};

const struct form_field sign_in_page_fields[] = {
    ASKED_FIELD,
    {0},
};

enum db_result root_show(struct request *q)
{
    return request_redirect(q, q->signed_in ? page_home(q) : url_sign_in());
}

static enum db_result draw(struct request *q, struct url asked, bool failed)
{
    struct page page = page_begin(q, "Sign in", PLACE_NONE);
    page.company = NULL;
    asked_query(q, &page, asked);
    if (failed) page_fail(q, &page, &q->form);
    view_sign_in(q->out, &page, &q->form, asked);
    return DB_OK;
}

enum db_result sign_in_show(struct request *q)
{
    struct url asked = asked_page(q);
    if (q->signed_in && asked.text) return request_redirect(q, asked);
    form_empty(q->arena, sign_in_fields, &q->form);
    return draw(q, asked, false);
}

/* Stronger parameters since the password was set: nobody waits for the next change of it. */
static enum db_result rehash(struct request *q, const struct account *account, const char *password)
{
    if (!password_outdated(q->config, account->password)) return DB_OK;
    const char *stored = password_hash(q->arena, q->config, password);
    return stored ? account_password_rehash(q->db, account->id, account->password, stored, NULL) : DB_OK;
}

enum db_result sign_in_do(struct request *q)
{
    struct url asked = asked_page(q);
    if (!form_good(&q->form)) return draw(q, asked, true);
    struct address address;
    if (address_parse(q->arena, form_value(&q->form, "email"), &address)) return draw(q, asked, true);
    struct account account;
    enum people_try tried;
    TRY(people_try(q, address.canon, "email", N_("Enter the right email address and password"), &account, &tried));
    if (tried != PEOPLE_RIGHT) return tried == PEOPLE_WRONG ? draw(q, asked, true) : DB_OK;
    TRY(rehash(q, &account, form_value(&q->form, "password")));
    TRY(people_enter(q, account.id));
    return request_redirect(q, asked.text ? asked : url_root()); /* which knows the new session */
}

enum db_result sign_out_do(struct request *q)
{
    TRY(people_leave(q));
    request_leave_note(q, (struct request_note){"signed-out", "", ""});
    return request_redirect(q, url_sign_in());
}
