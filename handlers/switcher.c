/* switcher.c - a person of several companies chooses the one to use. */
#include "audit.h"
#include "handlers.h"
#include "people.h"
#include "sql/company.h"
#include "urls.h"

const struct form_field company_switch_fields[] = {
    {.name = "company", .kind = FIELD_ID, .missing = N_("Select a company"), .wrong = N_("Select a company")},
    {0},
};

/* The secret is a new one, as at sign-in: what somebody may do changes here (ASVS 5.0 7.2.4). */
enum db_result company_switch_do(struct request *q)
{
    const struct session *s = &q->session;
    struct id wanted;
    struct switch_company company;
    if (!form_id(&q->form, "company", &wanted)) return DB_NONE;
    TRY(company_switch(q->db, s->account_id, wanted, &company));
    TRY(people_sign_in(q, s->account_id, company.id));
    TRY(audit_write(q, (struct audit){.event = "company_switched"}));
    request_redirect(q, url_root()); /* which knows the new session */
    return DB_OK;
}
