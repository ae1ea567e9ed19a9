/* register.c - registering without an invitation: an account and a company, whose address is proven by mail afterwards.
 *
 * The answer is the same in words and work whether the address has an account or not (ASVS 5.0 6.3.8); only the mail differs. A second
 * registration never changes an account: nobody can put a password under somebody else's verification.
 */
#include "address.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "pages.h"
#include "password.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/company.h"
#include "urls.h"
#include "verification.h"
#include "views.h"

enum { REGISTER_MAILS_A_MINUTE = 3 };

const struct form_field open_register_fields[] = {
    KIND_FIELD,
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = N_("Enter an email address")},
    {.name = "first_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your first name")},
    {.name = "last_name", .kind = FIELD_NAME, .most = 100, .missing = N_("Enter your last name")},
    COMPANY_FIELDS,
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter a password")},
    {0},
};

static enum db_result draw(struct request *q, bool failed)
{
    struct page page = page_begin(q, q->config->open_registration ? N_("Create an account") : N_("Registration is by invitation"), PLACE_NONE);
    page.company = NULL;
    if (failed) page_fail(q, &page, &q->form);
    if (q->config->open_registration) view_register_open(q->out, &page, &q->form);
    else view_register_closed(q->out, &page);
    return DB_OK;
}

enum db_result register_show(struct request *q)
{
    form_empty(q->arena, open_register_fields, &q->form);
    return draw(q, false);
}

static enum db_result company_new(struct request *q, uint64_t account_id)
{
    const struct form *f = &q->form;
    uint64_t company_id;
    TRY(fields_company_register(q, f, &company_id));
    return company_member_add(q->db, company_id, account_id, ROLE_OWNER, NULL);
}

/* `old`: the account that the address has, or one without an id. */
static enum db_result enter(struct request *q, const struct address *address, const struct account *old, const char *stored)
{
    const struct form *f = &q->form;
    const char *first = form_value(f, "first_name"), *last = form_value(f, "last_name");
    bool fresh = !old->id || (old->unfinished && !old->password);
    if (!fresh) {
        TRY(verification_known(q, old->id, old->email));
        return audit_write(q, (struct audit){.event = "registration_repeated", .account_id = old->id});
    }
    uint64_t account_id = old->id;
    enum db_result r = old->id ? account_claim(q->db, old->id, address->typed, first, last, stored, false)
                               : account_register(q->db, id_new(), address->typed, address->canon, first, last, stored, &account_id);
    if (r == DB_CONFLICT || r == DB_NONE) return DB_RETRY; /* registered by somebody else meanwhile: decide again */
    if (r != DB_OK) return r;
    TRY(company_new(q, account_id));
    TRY(verification_begin(q, account_id, address->typed));
    return audit_write(q, (struct audit){.event = "registered", .account_id = account_id});
}

enum db_result register_do(struct request *q)
{
    if (!q->config->open_registration) return request_redirect(q, url_register());
    struct form *f = &q->form;
    const char *password = form_value(f, "password");
    const char *words[] = {form_value(f, "first_name"), form_value(f, "last_name"), form_value(f, "business_name"), form_value(f, "email"),
                           q->config->portal_name, NULL};
    const char *weak = *password ? password_weakness(q->arena, password, words) : NULL;
    if (weak) form_fail(f, "password", weak);
    struct address address;
    if (!form_good(f) || address_parse(q->arena, form_value(f, "email"), &address)) return draw(q, true);
    q->response.retry_after = request_limit(q, "register", address.canon, REGISTER_MAILS_A_MINUTE);
    if (q->response.retry_after) return request_problem(q, 429);
    const char *stored = password_hash(q->arena, q->config, password);
    if (!stored) return request_problem(q, 503);

    struct account old = {0};
    enum db_result r = account_by_email(q->db, address.canon, &old);
    if (r != DB_OK && r != DB_NONE) return r;
    TRY(enter(q, &address, &old, stored));
    request_leave_note(q, (struct request_note){"verify-sent", address.typed, ""});
    return request_redirect(q, url_verify());
}
