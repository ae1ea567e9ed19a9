/* company.c - a customer's or supplier's own company: everybody in it reads its data, owners and admins change it.
 *
 * Who saves what a colleague has changed meanwhile is shown that first (revision.h).
 */
#include "audit.h"
#include "company.h"
#include "fields.h"
#include "handlers.h"
#include "pages.h"
#include "partner_words.h"
#include "revision.h"
#include "secret.h"
#include "sql/profile.h"
#include "urls.h"
#include "views.h"

const struct form_field company_fields[] = {
    COMPANY_FIELDS,
    REVISION_FIELD,
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

/* `stale`: a colleague has changed what the form asks to change. */
static enum db_result draw(struct request *q, const struct profile *profile, const struct form *form, bool stale)
{
    struct page page = page_begin(q, "Change company data", PLACE_COMPANY);
    if (!form_good(form)) page_fail(q, &page, form);
    view_company_edit(q->out, &page, profile, form, stale);
    return DB_OK;
}

/* The form as it stands in the database. */
static void fill(struct request *q, const struct profile *profile, struct form *form)
{
    form_empty(q->arena, company_fields, form);
    form_fill(form, "business_name", profile->name);
    form_fill(form, "phone", profile->phone);
    form_fill(form, "street", profile->street);
    form_fill(form, "house_number", profile->house_number);
    form_fill(form, "postal_code", profile->postal_code);
    form_fill(form, "city", profile->city);
    form_fill(form, "country", profile->country);
}

enum db_result company_edit_show(struct request *q)
{
    struct profile profile;
    struct form form;
    TRY(profile_of(q->db, q->session.company_id, &profile));
    fill(q, &profile, &form);
    return draw(q, &profile, &form, false);
}

static enum db_result saved(struct request *q)
{
    request_leave_note(q, (struct request_note){"company-changed", "", ""});
    return request_redirect(q, url_company());
}

enum db_result company_edit_do(struct request *q)
{
    struct form *f = &q->form, now;
    struct profile profile;
    if (form_error(f, "revision")) return request_problem(q, 400);
    TRY(profile_of(q->db, q->session.company_id, &profile));
    fill(q, &profile, &now);
    bool stale = revision_stale(f, &now, profile.revision);
    if (stale) form_fail(f, "business_name", "A colleague has changed the company data meanwhile: look at what it is now, and save again if yours is right");
    if (!form_good(f)) return draw(q, &profile, f, stale);
    if (!revision_differs(f, &now)) return saved(q); /* a second press of the button */
    enum db_result r = profile_revise(q->db, q->session.company_id, profile.revision);
    if (r != DB_OK) return r == DB_NONE ? DB_RETRY : r; /* a colleague was faster: the page shows what is true now */
    TRY(fields_company_change(q, q->session.company_id, f));
    TRY(partner_words_renew(q, q->session.company_id));
    TRY(company_changed(q, "company_changed"));
    return saved(q);
}
