/* problems.c - the common page of a status: what happened, what to do. Never asks the database. */
#include "problems.h"

#include "pages.h"
#include "permission.h"
#include "urls.h"
#include "views.h"

#include <string.h>

static const struct problem *problem_of(int status)
{
    static const struct problem problems[] = {
        {400, N_("This request could not be read"), N_("Something in it was not what this page sends. Go back, load the page again and send it again.")},
        {403, N_("This page was open too long"), N_("Nothing was changed. Go back, load the page again and send it again: what you typed is still there.")},
        {404, N_("Page not found"), N_("Check the address. If you came from a link, the page may have been removed.")},
        {405, N_("This address cannot be used that way"), N_("Go to the start page and use the links and buttons there.")},
        {413, N_("This is too long to send"), N_("Nothing was saved. Go back, shorten what you typed and send it again.")},
        {415, N_("This request could not be read"), N_("This address takes forms only. Go back, load the page again and send it again.")},
        {421, N_("This address is not served here"), N_("Check the address in the link that you followed.")},
        {429, N_("Too many tries"), N_("Nothing was changed. Wait a minute, then try again.")},
        {503, N_("The service is not available right now"), N_("Nothing was changed. Wait a moment, then go back and send it again.")},
        {500, N_("Something went wrong on our side"), N_("It has been recorded. Try again; if it happens again, tell us the number below.")},
    };
    size_t n = sizeof problems / sizeof *problems;
    for (size_t i = 0; i < n; i++)
        if (problems[i].status == status) return &problems[i];
    return &problems[n - 1];
}

/* The database went away with the answer to our COMMIT: nothing may be claimed. */
static const struct problem unknown = {503, N_("We do not know whether this was saved"),
                                       N_("The connection to the database was lost at that moment. Wait a moment, then look whether it is there before you send it again.")};

void problem_write(struct request *q, int status)
{
    const struct problem *problem = q->outcome_unknown ? &unknown : problem_of(status);
    struct page page = page_begin(q, problem->title, PLACE_NONE);
    page.company = NULL; /* a narrow page without the menu: nothing in it can fail again */
    view_problem(q->out, &page, problem, q->id_text);
}

enum db_result problem_closed(struct request *q)
{
    bool by_owner = q->session.delete_at.us;
    if (by_owner && permission_has(&q->session, PERMIT_VENDOR_END)) return request_redirect(q, url_closing());
    q->response.status = 403;
    struct page page = page_begin(q, by_owner ? N_("This company is closed") : N_("This company is suspended"), PLACE_NONE);
    page.vendor = false; /* a menu without what leads here again */
    page.closed = true;
    if (by_owner) view_closed(q->out, &page);
    else view_suspended(q->out, &page);
    return DB_OK;
}

/* The page that is asked for, in the language that is chosen with it; "" where there is none to come back to: what a POST brought is gone. */
static const char *page_asked(const struct request *q)
{
    if (q->method != METHOD_GET) return "";
    const char *language = q->language_by == LANGUAGE_BY_CHOICE ? q->out->language->choose + 1 : "";
    const char *asked = arena_printf(q->arena, "%s%s%s%s%s", q->path, *q->query || *language ? "?" : "", q->query, *q->query && *language ? "&" : "", language);
    return url_asked(q->arena, asked).text ? asked : "";
}

enum db_result problem_forbidden(struct request *q)
{
    if (!q->signed_in) return request_redirect(q, url_sign_in_to(q->arena, page_asked(q)));
    if (permission_closed(&q->session)) return problem_closed(q);
    if (!q->session.verified) return request_redirect(q, url_verify());
    q->response.status = 403;
    struct page page = page_begin(q, "You cannot open this page", PLACE_NONE);
    const char *kind = q->session.company_kind;
    view_forbidden(q->out, &page, kind && !permission_of_kind(kind, q->route->permission));
    return DB_OK;
}
