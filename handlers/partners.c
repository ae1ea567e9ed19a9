/* partners.c - the Customer List and the Supplier List. */
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "sql/relationship.h"
#include "urls.h"
#include "views.h"

enum { PARTNERS_PAGE = 50 };

const struct form_field partners_fields[] = {
    {.name = "after", .kind = FIELD_ID, .wrong = "Go back to the first page"},
    {.name = "before", .kind = FIELD_ID, .wrong = "Go back to the first page"},
    {0},
};

static void turn_round(struct relationship_line_list *lines)
{
    for (size_t i = 0; i < lines->n / 2; i++) {
        struct relationship_line line = lines->v[i];
        lines->v[i] = lines->v[lines->n - 1 - i];
        lines->v[lines->n - 1 - i] = line;
    }
}

static enum db_result list_show(struct request *q, enum partner_kind kind)
{
    if (!form_good(&q->form)) return request_problem(q, 400);
    bool suppliers = kind == PARTNER_SUPPLIER;
    struct relationship_line_list lines;
    struct relationship_place place = {.id = UINT64_MAX >> 1};
    struct id from;
    bool newer = form_id(&q->form, "before", &from), placed = newer || form_id(&q->form, "after", &from);
    uint64_t vendor = q->session.company_id;
    if (placed) TRY(relationship_place(q->db, vendor, kind, from, &place));
    if (newer) TRY(relationship_newer(q->db, vendor, kind, place.id, &lines));
    else TRY(relationship_older(q->db, vendor, kind, place.id, &lines));

    bool more = lines.n > PARTNERS_PAGE;
    if (more) lines.n = PARTNERS_PAGE;
    if (newer) turn_round(&lines);
    struct partners partners = {.kind = kind, .lines = &lines};
    if (lines.n && (newer || more)) partners.older = url_partners_list(q->arena, suppliers, "after", lines.v[lines.n - 1].public_id);
    if (lines.n && (newer ? more : placed)) partners.newer = url_partners_list(q->arena, suppliers, "before", lines.v[0].public_id);
    struct page page = page_begin(q, suppliers ? "Supplier List" : "Customer List", suppliers ? PLACE_SUPPLIERS : PLACE_CUSTOMERS);
    view_partners(q->out, &page, &partners);
    return DB_OK;
}

enum db_result customers_show(struct request *q)
{
    return list_show(q, PARTNER_CUSTOMER);
}

enum db_result suppliers_show(struct request *q)
{
    return list_show(q, PARTNER_SUPPLIER);
}
