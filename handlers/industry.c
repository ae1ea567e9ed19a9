/* industry.c - see industry.h.
 *
 * Every page of the list is one range of one index, whatever its number (limits.md, Lists). */
#include "industry.h"

#include "fields.h"
#include "handlers.h"
#include "pages.h"
#include "secret.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "urls.h"
#include "views.h"
#include "when.h"
#include "words.h"

#include <string.h>
#include <time.h>

enum { INDUSTRY_PAGE = 50, INDUSTRY_MAIL_WAITS = 20, INDUSTRY_MAIL_WAIT_MS = 20 };

const struct form_field industry_fields[] = {
    KIND_FILTER,
    STATUS_FILTER,
    {.name = "q", .kind = FIELD_LINE, .most = WORDS_MOST},
    {.name = "after", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {.name = "before", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {.name = "again", .kind = FIELD_ID, .wrong = N_("Go back to the invitation")},
    {0},
};

/* What the list was narrowed to and where the page begins. */
struct cut {
    uint64_t sender_id; /* 0: all */
    enum partner_kind kind;
    enum invitation_status status; /* 0: all */
    bool open, expired;            /* status Pending or Expired: what is sent again is new again */
    bool newer;                    /* the page before the place */
    struct invitation_place place;
    const char *word;
};

static const struct invitation_place first_place = {.id = UINT64_MAX >> 1, .sent_at = {INT64_C(253402300799) * 1000000}};

static enum db_result cut_read(struct request *q, const struct panel_filter *filter, struct cut *cut)
{
    *cut = (struct cut){.sender_id = page_sees_own_only(q) ? q->session.account_id : 0, .place = first_place};
    if (*filter->kind && !partner_kind_from(filter->kind, &cut->kind)) return DB_BUG;
    cut->expired = strcmp(filter->status, "expired") == 0;
    cut->open = cut->expired || strcmp(filter->status, "pending") == 0;
    if (*filter->status && !invitation_status_from(cut->expired ? "pending" : filter->status, &cut->status)) return DB_BUG;
    cut->word = words_fold(q->arena, filter->q);
    struct id place;
    cut->newer = form_id(&q->form, "before", &place);
    if (cut->newer || form_id(&q->form, "after", &place)) return invitation_place(q->db, q->session.company_id, place, &cut->place);
    return DB_OK;
}

static enum db_result lines_by_sent(struct request *q, const struct cut *c, struct invitation_line_list *lines)
{
    struct db *db = q->db;
    uint64_t vendor = q->session.company_id, id = c->place.id;
    struct moment at = c->place.sent_at;
    if (c->kind)
        return c->newer ? invitation_kind_open_newer(db, vendor, c->sender_id, c->kind, c->expired, at, id, lines)
                        : invitation_kind_open_older(db, vendor, c->sender_id, c->kind, c->expired, at, id, lines);
    return c->newer ? invitation_open_newer(db, vendor, c->sender_id, c->expired, at, id, lines) : invitation_open_older(db, vendor, c->sender_id, c->expired, at, id, lines);
}

static enum db_result lines_by_id(struct request *q, const struct cut *c, struct invitation_line_list *lines)
{
    struct db *db = q->db;
    uint64_t vendor = q->session.company_id, id = c->place.id;
    if (c->kind && c->status)
        return c->newer ? invitation_kind_status_newer(db, vendor, c->sender_id, c->kind, c->status, id, lines)
                        : invitation_kind_status_older(db, vendor, c->sender_id, c->kind, c->status, id, lines);
    if (c->kind)
        return c->newer ? invitation_kind_newer(db, vendor, c->sender_id, c->kind, id, lines) : invitation_kind_older(db, vendor, c->sender_id, c->kind, id, lines);
    if (c->status)
        return c->newer ? invitation_status_newer(db, vendor, c->sender_id, c->status, id, lines)
                        : invitation_status_older(db, vendor, c->sender_id, c->status, id, lines);
    return c->newer ? invitation_newer(db, vendor, c->sender_id, id, lines) : invitation_older(db, vendor, c->sender_id, id, lines);
}

static void turn_round(struct invitation_line_list *lines)
{
    for (size_t i = 0; i < lines->n / 2; i++) {
        struct invitation_line line = lines->v[i];
        lines->v[i] = lines->v[lines->n - 1 - i];
        lines->v[lines->n - 1 - i] = line;
    }
}

static enum db_result lines_read(struct request *q, struct panel *p)
{
    struct cut cut;
    TRY(cut_read(q, &p->filter, &cut));
    if (*cut.word)
        TRY((cut.newer ? invitation_search_newer : invitation_search)(q->db, q->session.company_id, cut.sender_id, cut.kind, cut.status, cut.expired, cut.word,
                                                                      words_end(q->arena, cut.word), cut.place.id, &p->lines));
    else if (cut.open) TRY(lines_by_sent(q, &cut, &p->lines));
    else TRY(lines_by_id(q, &cut, &p->lines));

    bool placed = cut.place.id != first_place.id, more = p->lines.n > INDUSTRY_PAGE;
    if (more) p->lines.n = INDUSTRY_PAGE;
    if (cut.newer) turn_round(&p->lines);
    const struct panel_filter *f = &p->filter;
    p->first = !placed;
    if (p->lines.n == 0) return DB_OK;
    const struct invitation_line *v = p->lines.v;
    if (cut.newer || more) p->older = url_industry_list(q->arena, f->kind, f->status, f->q, "after", v[p->lines.n - 1].public_id);
    if (cut.newer ? more : placed) p->newer = url_industry_list(q->arena, f->kind, f->status, f->q, "before", v[0].public_id);
    return DB_OK;
}

/* "Invitation sent" only when the mail server has it; the mailer needs a moment. `note_about` names the invitation. */
static enum db_result note_complete(struct request *q, struct page *page)
{
    struct id id;
    if (!page->note || (strcmp(page->note, "sent") != 0 && strcmp(page->note, "resent") != 0) || !id_from_text(page->note_about, &id)) return DB_OK;
    struct invitation i;
    for (unsigned n = 0;; n++) {
        enum db_result r = invitation_details(q->db, q->session.company_id, id, &i);
        if (r == DB_NONE) page->note = NULL;
        if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
        if (i.mail != MAIL_STATE_QUEUED || n == INDUSTRY_MAIL_WAITS) break;
        nanosleep(&(struct timespec){.tv_nsec = INDUSTRY_MAIL_WAIT_MS * 1000000L}, NULL);
    }
    if (i.mail == MAIL_STATE_BOUNCED) page->note = "refused";
    else if (i.mail != MAIL_STATE_SENT) page->note = "saved";
    page->note_about = i.email;
    page->note_until = when_date(q->out, i.expires_at);
    return DB_OK;
}

enum db_result industry_draw(struct request *q, const struct form *form, struct panel *panel)
{
    struct page page = page_begin(q, "Invitations", PLACE_INDUSTRY);
    if (!form_good(form)) page_fail(q, &page, form);
    TRY(note_complete(q, &page));
    if (panel->open) {
        page.resend = url_invitation_resend(q->arena, panel->open_id);
        page.resends = panel->open_resends;
        page.view = url_invitation(q->arena, panel->open_id);
    } else if (panel->partner) {
        page.view = url_partner(q->arena, panel->partner_kind == PARTNER_SUPPLIER, panel->partner_id);
    } else if (panel->colleague) {
        page.view = url_team();
    }
    panel->form = form;
    panel->days = q->session.expires_days;
    struct partner_role_list *roles = arena_alloc(q->arena, sizeof *roles);
    TRY(company_partner_roles(q->db, q->session.company_id, roles));
    panel->roles = roles;
    TRY(invitation_counts(q->db, q->session.company_id, page_sees_own_only(q) ? q->session.account_id : 0, &panel->counts));
    TRY(lines_read(q, panel));
    view_industry(q->out, &page, panel);
    return DB_OK;
}

/* "Invite again": what was typed for an earlier invitation, for a new one. One that this member may not see fills in nothing. */
static enum db_result fill_again(struct request *q, struct form *form)
{
    struct id id;
    struct invitation i;
    if (!form_id(&q->form, "again", &id)) return DB_OK;
    enum db_result r = invitation_details(q->db, q->session.company_id, id, &i);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    if (erased(i.email) || (page_sees_own_only(q) && i.sender_id != q->session.account_id)) return DB_OK;
    form_fill(form, "kind", partner_kind_name(i.kind));
    form_fill(form, "email", i.email);
    form_fill(form, "first_name", i.first_name);
    form_fill(form, "last_name", i.last_name);
    form_fill(form, "business_name", i.business_name);
    form_fill(form, "number", i.number);
    form_fill(form, "role", id_text(q->arena, i.role));
    form_fill(form, "language", i.language);
    form_fill(form, "message", i.message);
    form_fill(form, "expires_days", arena_printf(q->arena, "%llu", (unsigned long long)i.expires_days));
    return DB_OK;
}

enum db_result industry_show(struct request *q)
{
    if (!form_good(&q->form)) return request_problem(q, 400);
    struct panel panel = {.filter = {form_value(&q->form, "kind"), form_value(&q->form, "status"), form_value(&q->form, "q")}};
    struct form empty;
    form_empty(q->arena, invite_fields, &empty);
    fields_once(q, &empty);
    TRY(fill_again(q, &empty));
    return industry_draw(q, &empty, &panel);
}
