/* partners.c - the Customer List and the Supplier List: search, states, pages. */
#include "handlers.h"
#include "pages.h"
#include "partner.h"
#include "secret.h"
#include "sql/asking.h"
#include "sql/relationship.h"
#include "urls.h"
#include "views.h"
#include "words.h"

enum { PARTNERS_PAGE = 50 };

static const char *const states[] = {"active", "paused", "disconnected", NULL};

const struct form_field partners_fields[] = {
    {.name = "state", .kind = FIELD_CHOICE, .choices = states, .wrong = N_("Select a state")},
    {.name = "q", .kind = FIELD_LINE, .most = WORDS_MOST},
    {.name = "after", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {.name = "before", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {0},
};

/* What the list was narrowed to and where the page begins. */
struct cut {
    enum relationship_state state; /* 0: all */
    const char *word;
    bool newer, placed; /* the page before the place; there is a place */
    struct relationship_place place;
};

static void turn_round(struct relationship_line_list *lines)
{
    for (size_t i = 0; i < lines->n / 2; i++) {
        struct relationship_line line = lines->v[i];
        lines->v[i] = lines->v[lines->n - 1 - i];
        lines->v[lines->n - 1 - i] = line;
    }
}

static enum db_result cut_read(struct request *q, const struct partners *p, struct cut *c)
{
    *c = (struct cut){.word = words_fold(q->arena, p->q), .place = {.id = UINT64_MAX >> 1}};
    if (*p->state && !relationship_state_from(p->state, &c->state)) return DB_BUG;
    struct id from;
    c->newer = form_id(&q->form, "before", &from);
    c->placed = c->newer || form_id(&q->form, "after", &from);
    return c->placed ? relationship_place(q->db, q->session.company_id, p->kind, from, &c->place) : DB_OK;
}

/* Every page is one range of one index, or two, whatever its number (limits.md, Lists). */
static enum db_result lines_find(struct request *q, const struct cut *c, enum partner_kind kind, struct relationship_line_list *lines)
{
    struct db *db = q->db;
    uint64_t vendor = q->session.company_id, id = c->place.id;
    if (*c->word) return (c->newer ? relationship_search_newer : relationship_search)(db, vendor, kind, c->state, c->word, words_end(q->arena, c->word), id, lines);
    if (c->state == RELATIONSHIP_ACTIVE)
        return c->newer ? relationship_active_newer(db, vendor, kind, id, lines) : relationship_active_older(db, vendor, kind, id, lines);
    if (c->state)
        return c->newer ? relationship_state_newer(db, vendor, kind, c->state, id, lines) : relationship_state_older(db, vendor, kind, c->state, id, lines);
    return c->newer ? relationship_newer(db, vendor, kind, id, lines) : relationship_older(db, vendor, kind, id, lines);
}

static enum db_result lines_read(struct request *q, struct partners *p)
{
    struct cut c;
    TRY(cut_read(q, p, &c));
    TRY(lines_find(q, &c, p->kind, &p->lines));
    bool suppliers = p->kind == PARTNER_SUPPLIER, more = p->lines.n > PARTNERS_PAGE;
    if (more) p->lines.n = PARTNERS_PAGE;
    if (c.newer) turn_round(&p->lines);
    p->first = !c.placed;
    if (p->lines.n == 0) return DB_OK;
    const struct relationship_line *v = p->lines.v;
    if (c.newer || more) p->older = url_partners_list(q->arena, suppliers, p->state, p->q, "after", v[p->lines.n - 1].public_id);
    if (c.newer ? more : c.placed) p->newer = url_partners_list(q->arena, suppliers, p->state, p->q, "before", v[0].public_id);
    return DB_OK;
}

static enum db_result list_show(struct request *q, enum partner_kind kind)
{
    if (!form_good(&q->form)) return request_problem(q, 400);
    struct partners partners = {.kind = kind, .state = form_value(&q->form, "state"), .q = form_value(&q->form, "q")};
    TRY(lines_read(q, &partners));
    TRY(relationship_counts(q->db, q->session.company_id, kind, &partners.counts));
    struct asking_any asked = {0};
    struct page page = page_begin(q, kind == PARTNER_SUPPLIER ? N_("Supplier List") : N_("Customer List"), partner_place(kind));
    if (page.can[PERMIT_PARTNERS_EDIT]) TRY(asking_any(q->db, q->session.company_id, kind, &asked));
    partners.asked = asked.open;
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
