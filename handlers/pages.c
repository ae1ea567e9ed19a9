/* pages.c - see pages.h. */
#include "pages.h"

#include "permission.h"
#include "urls.h"

#include <string.h>

/* A form that came back stands at an address that no GET answers: the nearest page above it. */
static const char *path_of_get(struct request *q)
{
    if (q->method == METHOD_GET || !q->path) return NULL;
    char *path = arena_text(q->arena, q->path, strlen(q->path));
    for (char *end = path + strlen(path); end > path; end = strrchr(path, '/')) {
        *end = 0;
        if (router_find(q->arena, app.routes, METHOD_GET, path).route) return path;
    }
    return url_root().text;
}

/* Which only the panel can end: it looks what has become of the mail (industry.c). Another window or a page that failed leaves it there. */
static bool panel_completes(const struct request_note *note)
{
    return strcmp(note->code, "sent") == 0 || strcmp(note->code, "resent") == 0;
}

static bool panel_shown(const struct request *q)
{
    return q->route && strcmp(q->route->name, "industry") == 0 && q->response.status == 200;
}

struct page page_begin(struct request *q, const char *title, enum place place)
{
    const struct session *s = &q->session;
    struct page page = {
        .title = out_tr(q->out, title),
        .portal = q->config->portal_name,
        .support_email = q->config->support_email,
        .company = s->company_name,
        .email = q->signed_in ? s->email : NULL,
        .registration = q->config->open_registration,
        .vendor = s->company_kind && strcmp(s->company_kind, "vendor") == 0,
        .companies = &s->companies,
        .place = place,
        .here = path_of_get(q),
        .query = q->method == METHOD_GET && q->response.status == 200 ? q->query : "",
    };
    for (enum permission p = PERMIT_ANYONE; p < PERMIT_LIMIT; p++) page.can[p] = q->signed_in && permission_has(s, p);
    struct request_note note = {0};
    if (request_take_note(q, &note) && panel_completes(&note) && !panel_shown(q)) {
        request_leave_note(q, note);
    } else if (note.code) {
        page.note = note.code;
        page.note_about = note.about;
        page.note_until = note.until;
    }
    return page;
}

void page_fail(struct request *q, struct page *page, const struct form *form)
{
    page->form = form;
    q->response.status = 422;
}

bool page_sees_own_only(const struct request *q)
{
    return strcmp(q->session.role, "inviter") == 0;
}

const char *person_name(struct arena *a, const char *first_name, const char *last_name, const char *email)
{
    if (!*first_name && !*last_name) return email;
    return arena_printf(a, "%s%s%s", first_name, *first_name && *last_name ? " " : "", last_name);
}

struct url page_home(const struct request *q)
{
    const struct session *s = &q->session;
    if (!s->company_kind || strcmp(s->company_kind, "vendor") != 0) return url_home();
    return s->role && strcmp(s->role, "auditor") == 0 ? url_customers() : url_industry();
}
