/* shared.c - a vendor's shared resources: what there is, for whom, and the end of it. (shared_add.c adds.) */
#include "audit.h"
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "shared.h"
#include "sql/shared.h"
#include "upload.h"
#include "urls.h"
#include "views.h"

#include <string.h>

enum { SHARED_PAGE = 50 };

static const char *const audiences[] = {"customers", "suppliers", "chosen", NULL};

const struct form_field shared_list_fields[] = {
    {.name = "after", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {0},
};

const struct form_field shared_audience_fields[] = {
    {.name = "audience", .kind = FIELD_CHOICE, .choices = audiences, .wrong = N_("Select who may see this"), .missing = N_("Select who may see this")},
    {0},
};

const struct form_field shared_company_fields[] = {
    {.name = "company", .kind = FIELD_LINE, .most = 254, .missing = N_("Enter a business name, a number, an address or a Company ID")},
    {0},
};

const struct form_field shared_unshare_fields[] = {
    {.name = "company", .kind = FIELD_ID, .wrong = N_("Select a company"), .missing = N_("Select a company")},
    {0},
};

static enum db_result list_show(struct request *q, bool received)
{
    struct id from;
    struct shared_line_list lines;
    struct shared_place place = {.id = UINT64_MAX >> 1};
    if (!form_good(&q->form)) return request_problem(q, 400);
    bool placed = form_id(&q->form, "after", &from);
    if (placed) TRY(shared_place(q->db, q->session.company_id, from, &place));
    TRY(shared_older(q->db, q->session.company_id, received, place.id, &lines));
    struct shared_list list = {.lines = &lines, .received = received};
    if (lines.n > SHARED_PAGE) {
        lines.n = SHARED_PAGE;
        list.older = url_shared_after(q->arena, received, lines.v[lines.n - 1].public_id);
    }
    if (placed) list.newer = received ? url_shared_received() : url_shared();
    struct page page = page_begin(q, received ? N_("Received from partners") : N_("Shared resources"), PLACE_SHARED);
    view_shared(q->out, &page, &list);
    return DB_OK;
}

enum db_result shared_show(struct request *q)
{
    return list_show(q, false);
}

enum db_result shared_received_show(struct request *q)
{
    return list_show(q, true);
}

static enum db_result find(struct request *q, struct shared_line *line)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return shared_one(q->db, q->session.company_id, id, line);
}

static enum db_result item_draw(struct request *q, const struct shared_line *line, const struct form *audience, const struct form *company,
                                const struct shared_company_list *found)
{
    struct shared_company_list chosen = {0};
    struct form empty_audience, empty_company;
    if (line->audience == AUDIENCE_CHOSEN) TRY(shared_with_list(q->db, line->id, &chosen));
    form_empty(q->arena, shared_audience_fields, &empty_audience);
    form_fill(&empty_audience, "audience", shared_audience_names[line->audience]);
    form_empty(q->arena, shared_company_fields, &empty_company);
    struct page page = page_begin(q, "Shared resource", PLACE_SHARED);
    page.title = line->title;
    const struct form *wrong = audience && !form_good(audience) ? audience : company && !form_good(company) ? company : NULL;
    if (wrong) page_fail(q, &page, wrong);
    struct shared_item item = {line, audience ? audience : &empty_audience, company ? company : &empty_company, &chosen, found};
    view_shared_item(q->out, &page, &item);
    return DB_OK;
}

enum db_result shared_item_show(struct request *q)
{
    struct shared_line line;
    TRY(find(q, &line));
    return item_draw(q, &line, NULL, NULL, NULL);
}

static enum db_result item_changed(struct request *q, const struct shared_line *line, const char *note, const char *about)
{
    TRY(audit_write(q, (struct audit){.event = "resource_audience", .vendor_id = q->session.company_id, .detail = id_text(q->arena, line->public_id)}));
    request_leave_note(q, (struct request_note){note, about, ""});
    return request_redirect(q, url_shared_item(q->arena, line->public_id));
}

enum db_result shared_audience_do(struct request *q)
{
    struct shared_line line;
    enum shared_audience audience;
    TRY(find(q, &line));
    if (line.audience == AUDIENCE_VENDOR) return DB_NONE;
    if (!form_good(&q->form)) return item_draw(q, &line, &q->form, NULL, NULL);
    if (!shared_audience_from(form_value(&q->form, "audience"), &audience)) return DB_BUG;
    TRY(shared_audience_set(q->db, q->session.company_id, line.public_id, audience, NULL));
    return item_changed(q, &line, "shared-audience", line.title);
}

/* One match is taken; among several the person chooses. */
enum db_result shared_company_add(struct request *q)
{
    struct shared_line line;
    struct shared_company_list found;
    struct id partner = {0};
    TRY(find(q, &line));
    if (line.audience != AUDIENCE_CHOSEN) return DB_NONE;
    if (!form_good(&q->form)) return item_draw(q, &line, NULL, &q->form, NULL);
    const char *words = form_value(&q->form, "company");
    id_from_text(words, &partner);
    TRY(shared_find_company(q->db, q->session.company_id, partner, words, &found));
    if (found.n != 1) {
        form_fail(&q->form, "company", found.n ? N_("Several companies match. Choose one below") : N_("You have no customer or supplier of this name, number or address. Check it in the list"));
        return item_draw(q, &line, NULL, &q->form, &found);
    }
    enum db_result r = shared_with_add(q->db, found.v[0].relationship_id, line.id, NULL);
    if (r != DB_OK && r != DB_CONFLICT) return r;
    return item_changed(q, &line, "shared-with", found.v[0].name);
}

enum db_result shared_company_remove(struct request *q)
{
    struct shared_line line;
    struct id partner;
    TRY(find(q, &line));
    if (!form_good(&q->form) || !form_id(&q->form, "company", &partner)) return request_problem(q, 400);
    TRY(shared_with_remove(q->db, q->session.company_id, line.public_id, partner));
    return item_changed(q, &line, "shared-not-with", line.title);
}

enum db_result shared_remove_show(struct request *q)
{
    struct shared_line line;
    TRY(find(q, &line));
    struct page page = page_begin(q, line.received ? N_("Remove what you received?") : N_("Stop sharing this?"), PLACE_SHARED);
    view_shared_remove(q->out, &page, &line);
    return DB_OK;
}

/* The row goes first; then the file, which nobody can reach any more. Should the second step not happen, the sweep does it later. */
static enum db_result file_remove(struct request *q, struct id stored)
{
    TRY(shared_file_gone(q->db, stored));
    TRY(db_commit(q->db));
    if (upload_remove(q->config, stored) && shared_file_forget(q->db, stored, NULL) != DB_OK) db_rollback(q->db);
    return DB_OK;
}

enum db_result shared_remove_do(struct request *q)
{
    struct shared_line line;
    size_t swept;
    TRY(shared_sweep(q->db, q->config, &swept));
    TRY(find(q, &line));
    TRY(shared_with_clear(q->db, line.id, NULL));
    TRY(shared_remove(q->db, q->session.company_id, line.id));
    TRY(audit_write(q, (struct audit){.event = "resource_removed", .vendor_id = q->session.company_id, .detail = id_text(q->arena, line.public_id)}));
    request_leave_note(q, (struct request_note){"shared-removed", line.title, ""});
    request_redirect(q, line.received ? url_shared_received() : url_shared());
    return line.kind == SHARED_FILE ? file_remove(q, line.stored) : DB_OK;
}

enum db_result shared_file_show(struct request *q)
{
    struct shared_line line;
    TRY(find(q, &line));
    if (line.kind != SHARED_FILE) return DB_NONE;
    shared_send(q, line.title, line.stored);
    return DB_OK;
}
