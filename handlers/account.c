/* account.c - what a person decides for themselves, in whatever company: the language. */
#include "handlers.h"
#include "language.h"
#include "pages.h"
#include "permission.h"
#include "problems.h"
#include "sql/account.h"
#include "urls.h"
#include "views.h"

#include <string.h>

const struct form_field account_fields[] = {
    {.name = "language", .kind = FIELD_CHOICE, .choices = language_choices, .wrong = N_("Select a language")},
    {0},
};

static enum db_result draw(struct request *q, const struct form *form)
{
    const struct session *s = &q->session;
    struct page page = page_begin(q, N_("Your account"), PLACE_ACCOUNT);
    if (!form_good(form)) page_fail(q, &page, form);
    view_account(q->out, &page, person_name(q->arena, s->first_name, s->last_name, ""), form);
    return DB_OK;
}

enum db_result account_show(struct request *q)
{
    struct form form;
    if (permission_closed(&q->session)) return problem_closed(q);
    form_empty(q->arena, account_fields, &form);
    form_fill(&form, "language", q->session.own_language);
    return draw(q, &form);
}

/* A language that was chosen for this browser alone ends: the person has just said more. */
enum db_result account_do(struct request *q)
{
    const char *language = form_value(&q->form, "language");
    if (permission_closed(&q->session)) return problem_closed(q);
    if (!form_good(&q->form)) return draw(q, &q->form);
    if (strcmp(language, q->session.own_language) != 0) TRY(account_language_set(q->db, q->session.account_id, language));
    request_language_forget(q);
    request_leave_note(q, (struct request_note){"account-saved", "", ""});
    return request_redirect(q, url_account());
}
