/* company_new.c - who has no company, having left or been removed from every one, registers one for themselves, where registration is open.
 *
 * For who has one, Home is the place: a further company comes with an invitation. So nobody piles companies up, and the second press of the
 * button finds the first one.
 */
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "home.h"
#include "pages.h"
#include "people.h"
#include "sql/company.h"
#include "urls.h"
#include "views.h"

const struct form_field company_new_fields[] = {
    KIND_FIELD,
    COMPANY_FIELDS,
    {0},
};

bool home_lone(const struct request *q)
{
    return !q->session.company_id && !q->session.companies.n;
}

static enum db_result draw(struct request *q, const struct form *form)
{
    struct page page = page_begin(q, N_("Register your company"), PLACE_HOME);
    if (!form_good(form)) page_fail(q, &page, form);
    view_company_new(q->out, &page, form);
    return DB_OK;
}

enum db_result company_new_show(struct request *q)
{
    if (!q->config->open_registration || !home_lone(q)) return request_redirect(q, url_home());
    form_empty(q->arena, company_new_fields, &q->form);
    return draw(q, &q->form);
}

enum db_result company_new_do(struct request *q)
{
    const struct form *f = &q->form;
    uint64_t company_id;
    if (!q->config->open_registration || !home_lone(q)) return request_redirect(q, url_home());
    if (!form_good(f)) return draw(q, f);
    TRY(fields_company_register(q, f, &company_id));
    enum db_result r = company_member_first(q->db, company_id, q->session.account_id);
    if (r == DB_NONE) { /* has one meanwhile */
        db_rollback(q->db);
        return request_redirect(q, url_home());
    }
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "company_registered"}));
    TRY(people_sign_in(q, q->session.account_id, company_id));
    request_leave_note(q, (struct request_note){"company-registered", form_value(f, "business_name"), ""});
    return request_redirect(q, url_home());
}
