/* link_company.c - a further company for an invitation, of a person who has one of that kind already. */
#include "accept.h"
#include "fields.h"
#include "handlers.h"
#include "link.h"
#include "pages.h"
#include "views.h"

#include <strings.h>

const struct form_field link_company_fields[] = {COMPANY_FIELDS, {0}};

/* Who has companies of that kind may register a further one; not before the address is proven, so that nobody piles them up. */
static bool may_add_company(const struct link_visit *v)
{
    return v->state == LINK_ACCEPT && !v->show.waits;
}

static enum db_result company_draw(struct request *q, struct link_visit *v, struct form *form)
{
    struct page page = link_page(q, &v->link, N_("Register another company"));
    v->show.form = form;
    if (!form_good(form)) page_fail(q, &page, form);
    view_link_company(q->out, &page, &v->show);
    return DB_OK;
}

enum db_result link_company_show(struct request *q)
{
    struct link_visit v;
    struct form form;
    TRY(link_visit(q, &v));
    if (!may_add_company(&v)) return link_back(q);
    form_empty(q->arena, link_company_fields, &form);
    form_fill(&form, "business_name", v.link.business_name);
    TRY(link_fill_added(q, &v.link, &form));
    return company_draw(q, &v, &form);
}

enum db_result link_company_do(struct request *q)
{
    struct link_visit v;
    TRY(link_visit(q, &v));
    if (v.state == LINK_MINE) return request_redirect(q, url_home());
    if (!may_add_company(&v)) return link_back(q);
    struct form *f = &q->form;
    const char *name = form_value(f, "business_name");
    for (size_t i = 0; i < v.companies.n; i++)
        if (strcasecmp(v.companies.v[i].name, name) == 0)
            form_fail(f, "business_name", N_("You have a company with this name: go back and accept with it, or enter another name"));
    if (!form_good(f)) return company_draw(q, &v, f);
    return link_finish(q, &v, &(struct acceptance){.link = &v.link, .hash = &v.hash, .account_id = q->session.account_id, .form = f});
}
