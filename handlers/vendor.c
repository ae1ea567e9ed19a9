/* vendor.c - a vendor's page for a connected company: what it shares, and what the company sends to it. What the role at this vendor permits
 * is asked at every request. A connection that has ended has no page; of one that is paused there is only the page that says so. */
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "shared.h"
#include "sql/shared.h"
#include "urls.h"
#include "views.h"

enum { VENDOR_PAGE = 50 };

const struct form_field vendor_fields[] = {
    {.name = "after", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {0},
};
const struct form_field vendor_upload_fields[] = {FIELD_ONCE, FIELD_UPLOAD, {0}};
const struct form_field vendor_note_fields[] = {FIELD_ONCE, FIELD_TITLE, FIELD_BODY, {0}};

static enum db_result find(struct request *q, struct shared_vendor *v)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return shared_vendor(q->db, q->session.company_id, id, v);
}

/* None; or it is paused, which a bookmark or a page that was left open meets: that is said, and nothing else is shown. */
static enum db_result away(struct request *q, enum db_result r)
{
    struct id id;
    struct vendor_paused p;
    if (r != DB_NONE || !id_from_text(q->segment[0], &id)) return r;
    TRY(shared_vendor_paused(q->db, q->session.company_id, id, &p));
    q->response.status = 403;
    struct page page = page_begin(q, "Vendor", PLACE_HOME);
    page.title = arena_printf(q->arena, out_tr(q->out, "The connection with %s is paused"), name_told(q->out, p.name));
    view_vendor_paused(q->out, &page, &p);
    return DB_OK;
}

enum db_result vendor_show(struct request *q)
{
    struct id from;
    struct shared_vendor v;
    struct shared_seen_line_list lines = {0};
    struct shared_place place = {.id = UINT64_MAX >> 1};
    if (!form_good(&q->form)) return request_problem(q, 400);
    enum db_result r = find(q, &v);
    if (r != DB_OK) return away(q, r);
    bool placed = form_id(&q->form, "after", &from);
    if (placed) TRY(shared_seen_place(q->db, q->session.company_id, v.vendor, from, &place));
    enum shared_audience mine = v.kind == PARTNER_CUSTOMER ? AUDIENCE_CUSTOMERS : AUDIENCE_SUPPLIERS;
    if (v.can_read) TRY(shared_seen(q->db, v.vendor_id, v.relationship_id, mine, place.id, &lines));
    struct url older = {0}, newer = {0};
    if (lines.n > VENDOR_PAGE) {
        lines.n = VENDOR_PAGE;
        older = url_vendor_after(q->arena, v.vendor, lines.v[lines.n - 1].public_id);
    }
    if (placed) newer = url_vendor(q->arena, v.vendor);
    struct page page = page_begin(q, "Vendor", PLACE_HOME);
    page.title = name_told(q->out, v.name);
    view_vendor(q->out, &page, &v, &lines, newer, older);
    return DB_OK;
}

static enum db_result send_draw(struct request *q, const struct shared_vendor *v, enum shared_kind kind, const struct form *form)
{
    struct page page = page_begin(q, "Vendor", PLACE_HOME);
    page.title = arena_printf(q->arena, kind == SHARED_FILE ? out_tr(q->out, "Send a file to %s") : out_tr(q->out, "Send a note to %s"), name_told(q->out, v->name));
    if (!form_good(form)) page_fail(q, &page, form);
    view_vendor_send(q->out, &page, v, kind, form, q->config->resource_max_mib);
    return DB_OK;
}

/* DB_NONE also for who may not: the page that shows the button says what the role permits. */
static enum db_result sender_find(struct request *q, enum shared_kind kind, struct shared_vendor *v)
{
    TRY(find(q, v));
    return (kind == SHARED_FILE ? v->can_upload : v->can_write) ? DB_OK : DB_NONE;
}

static enum db_result send_show(struct request *q, enum shared_kind kind)
{
    struct shared_vendor v;
    struct form form;
    enum db_result r = sender_find(q, kind, &v);
    if (r != DB_OK) return away(q, r);
    shared_form_empty(q, kind == SHARED_FILE ? vendor_upload_fields : vendor_note_fields, &form);
    return send_draw(q, &v, kind, &form);
}

static enum db_result send_do(struct request *q, enum shared_kind kind)
{
    struct shared_vendor v;
    struct id id;
    size_t swept;
    enum db_result r = sender_find(q, kind, &v);
    if (r != DB_OK) return away(q, r);
    if (!form_good(&q->form)) return send_draw(q, &v, kind, &q->form);
    struct shared_new n = {.kind = kind, .audience = AUDIENCE_VENDOR, .vendor_id = v.vendor_id, .relationship_id = v.relationship_id};
    if (kind == SHARED_FILE) {
        TRY(shared_sweep(q->db, q->config, &swept));
        TRY(shared_receive(q, &n));
        if (q->response.status >= 500) return DB_OK;
        if (!form_good(&q->form)) return send_draw(q, &v, kind, &q->form);
    } else {
        n.title = form_value(&q->form, "title");
        n.body = form_value(&q->form, "body");
    }
    TRY(shared_store(q, &n, &id));
    request_leave_note(q, (struct request_note){"resource-sent", n.title, v.name});
    return request_redirect(q, url_vendor(q->arena, v.vendor));
}

enum db_result vendor_upload_show(struct request *q)
{
    return send_show(q, SHARED_FILE);
}

enum db_result vendor_upload_do(struct request *q)
{
    return send_do(q, SHARED_FILE);
}

enum db_result vendor_note_show(struct request *q)
{
    return send_show(q, SHARED_NOTE);
}

enum db_result vendor_note_do(struct request *q)
{
    return send_do(q, SHARED_NOTE);
}

enum db_result vendor_file_show(struct request *q)
{
    struct id id;
    struct shared_download file;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(shared_download(q->db, q->session.company_id, id, &file));
    shared_send(q, file.title, file.stored);
    return DB_OK;
}
