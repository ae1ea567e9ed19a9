/* shared_add.c - a vendor shares a file, a link or a note. */
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "shared.h"
#include "sql/shared.h"
#include "urls.h"
#include "views.h"

static const char *const audiences[] = {"customers", "suppliers", "chosen", NULL};

#define FIELD_AUDIENCE {.name = "audience", .kind = FIELD_CHOICE, .choices = audiences, .wrong = N_("Select who may see this"), .missing = N_("Select who may see this")}

const struct form_field shared_upload_fields[] = {FIELD_ONCE, FIELD_AUDIENCE, FIELD_UPLOAD, {0}};
const struct form_field shared_link_fields[] = {
    FIELD_ONCE,
    FIELD_AUDIENCE,
    FIELD_TITLE,
    {.name = "url", .kind = FIELD_LINE, .most = 500, .missing = N_("Enter an address that begins with https://")},
    {0},
};
const struct form_field shared_note_fields[] = {FIELD_ONCE, FIELD_AUDIENCE, FIELD_TITLE, FIELD_BODY, {0}};

static const struct form_field *fields_of(enum shared_kind kind)
{
    return kind == SHARED_FILE ? shared_upload_fields : kind == SHARED_LINK ? shared_link_fields : shared_note_fields;
}

static enum db_result draw(struct request *q, enum shared_kind kind, const struct form *form)
{
    struct page page = page_begin(q, kind == SHARED_FILE ? N_("Share a file") : kind == SHARED_LINK ? N_("Share a link") : N_("Share a note"), PLACE_SHARED);
    if (!form_good(form)) page_fail(q, &page, form);
    view_shared_add(q->out, &page, kind, form, q->config->resource_max_mib);
    return DB_OK;
}

static enum db_result share_show(struct request *q, enum shared_kind kind)
{
    struct form form;
    shared_form_empty(q, fields_of(kind), &form);
    return draw(q, kind, &form);
}

static enum db_result share_do(struct request *q, enum shared_kind kind)
{
    struct form *f = &q->form;
    struct id id;
    size_t swept;
    struct shared_new n = {.kind = kind, .vendor_id = q->session.company_id};
    if (kind == SHARED_LINK && !form_error(f, "url") && !url_web(form_value(f, "url")).text) form_fail(f, "url", "Enter an address that begins with https://");
    if (!form_good(f)) return draw(q, kind, f);
    if (!shared_audience_from(form_value(f, "audience"), &n.audience)) return DB_BUG;
    n.title = form_value(f, "title");
    if (kind == SHARED_LINK) n.url = form_value(f, "url");
    if (kind == SHARED_NOTE) n.body = form_value(f, "body");
    if (kind == SHARED_FILE) {
        TRY(shared_sweep(q->db, q->config, &swept));
        TRY(shared_receive(q, &n));
        if (q->response.status >= 500) return DB_OK;
        if (!form_good(f)) return draw(q, kind, f);
    }
    TRY(shared_store(q, &n, &id));
    request_leave_note(q, (struct request_note){"shared", n.title, ""});
    return request_redirect(q, n.audience == AUDIENCE_CHOSEN ? url_shared_item(q->arena, id) : url_shared());
}

enum db_result shared_upload_show(struct request *q)
{
    return share_show(q, SHARED_FILE);
}

enum db_result shared_upload_do(struct request *q)
{
    return share_do(q, SHARED_FILE);
}

enum db_result shared_link_show(struct request *q)
{
    return share_show(q, SHARED_LINK);
}

enum db_result shared_link_do(struct request *q)
{
    return share_do(q, SHARED_LINK);
}

enum db_result shared_note_show(struct request *q)
{
    return share_show(q, SHARED_NOTE);
}

enum db_result shared_note_do(struct request *q)
{
    return share_do(q, SHARED_NOTE);
}
