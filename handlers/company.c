/* company.c - a customer's or supplier's own company: everybody in it reads its data, owners and admins change it. */
#include "audit.h"
#include "company.h"
#include "fields.h"
#include "handlers.h"
#include "pages.h"
#include "partner_words.h"
#include "secret.h"
#include "sql/profile.h"
#include "urls.h"
#include "views.h"

const struct form_field company_fields[] = {
    COMPANY_FIELDS,
    {0},
};

enum db_result company_changed(struct request *q, const char *event)
{
    return audit_write(q, (struct audit){.event = event, .detail = id_text(q->arena, q->session.company)});
}

enum db_result company_show(struct request *q)
{
    struct profile profile;
    TRY(profile_of(q->db, q->session.company_id, &profile));
    struct page page = page_begin(q, "Company data", PLACE_COMPANY);
    view_company(q->out, &page, &profile);
    return DB_OK;
}

static enum db_result draw(struct request *q, const struct form *form)
{
    struct page page = page_begin(q, "Change company data", PLACE_COMPANY);
    if (!form_good(form)) page_fail(q, &page, form);
    view_company_edit(q->out, &page, form);
    return DB_OK;
}

enum db_result company_edit_show(struct request *q)
{
    struct profile profile;
    struct form form;
    TRY(profile_of(q->db, q->session.company_id, &profile));
    form_empty(q->arena, company_fields, &form);
    form_fill(&form, "business_name", profile.name);
    form_fill(&form, "phone", profile.phone);
    form_fill(&form, "street", profile.street);
    form_fill(&form, "house_number", profile.house_number);
    form_fill(&form, "postal_code", profile.postal_code);
    form_fill(&form, "city", profile.city);
    form_fill(&form, "country", profile.country);
    return draw(q, &form);
}

enum db_result company_edit_do(struct request *q)
{
    const struct form *f = &q->form;
    if (!form_good(f)) return draw(q, f);
    TRY(fields_company_change(q, q->session.company_id, f));
    TRY(partner_words_renew(q, q->session.company_id));
    TRY(company_changed(q, "company_changed"));
    request_leave_note(q, (struct request_note){"company-changed", "", ""});
    return request_redirect(q, url_company());
}
