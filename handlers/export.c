/* export.c - the lists as CSV: as many rows as there are, in the memory of one batch.
 *
 * A batch is a page by key, so each row comes once, as it is when its turn comes; rows that are made meanwhile do not come. The first batch is
 * read before the answer begins: a database that is away is a 503 and not a broken file.
 */
#include "fields.h"
#include "handlers.h"
#include "response.h"
#include "secret.h"
#include "sheet.h"
#include "sql/export.h"
#include "words.h"

#include <string.h>

const struct form_field invitations_export_fields[] = {
    KIND_FILTER,
    STATUS_FILTER,
    {.name = "q", .kind = FIELD_LINE, .most = WORDS_MOST},
    {0},
};

static const char *const states[] = {"active", "paused", "disconnected", NULL};

const struct form_field partners_export_fields[] = {
    {.name = "state", .kind = FIELD_CHOICE, .choices = states, .wrong = N_("Select a state")},
    {.name = "q", .kind = FIELD_LINE, .most = WORDS_MOST},
    {0},
};

static void free_rows(void *rows)
{
    arena_free(rows);
}

/* What one batch lives in. */
static struct arena *rows_new(struct request *q)
{
    struct arena *rows = arena_new();
    arena_defer(q->arena, free_rows, rows);
    db_arena_use(q->db, rows);
    return rows;
}

static bool sheet_answer(struct request *q, const char *list, const char *const *names)
{
    q->response.type = "text/csv; header=present; charset=utf-8";
    response_file(q, out_tr(q->out, list), "csv");
    if (!response_begin(q)) return false;
    sheet_begin(q->out, names);
    return true;
}

static bool row_done(struct request *q)
{
    sheet_row_end(q->out);
    return q->out->n < RESPONSE_PIECE || response_piece(q);
}

/* ---- invitations ---- */

struct filter {
    enum partner_kind kind;        /* 0: both */
    enum invitation_status status; /* 0: all */
    bool expired;
    const char *word; /* NULL: all */
    struct bytes word_end;
};

/* What a word of the list's search begins with. */
static void word_read(struct request *q, const char **word, struct bytes *end)
{
    const char *folded = words_fold(q->arena, form_value(&q->form, "q"));
    *word = *folded ? folded : NULL;
    if (*word) *end = words_end(q->arena, folded);
}

static enum db_result filter_read(struct request *q, struct filter *f)
{
    const char *kind = form_value(&q->form, "kind"), *status = form_value(&q->form, "status");
    *f = (struct filter){.expired = strcmp(status, "expired") == 0};
    if (*kind && !partner_kind_from(kind, &f->kind)) return DB_BUG;
    if (*status && !invitation_status_from(f->expired ? "pending" : status, &f->status)) return DB_BUG;
    word_read(q, &f->word, &f->word_end);
    return DB_OK;
}

static const char *status_name(const struct export_invitation *i)
{
    switch (i->status) {
    case INVITATION_PENDING: return i->expired ? N_("Expired") : N_("Pending");
    case INVITATION_ACCEPTED: return N_("Accepted");
    case INVITATION_CANCELLED: return N_("Cancelled");
    case INVITATION_DECLINED: return N_("Declined");
    }
    return "";
}

static const char *mail_word(const struct out *o, enum mail_state mail)
{
    switch (mail) {
    case MAIL_STATE_QUEUED: return out_tr(o, "Queued");
    case MAIL_STATE_SENT: return out_trc(o, "an email", "Sent");
    case MAIL_STATE_DEFERRED: return out_tr(o, "Deferred");
    case MAIL_STATE_BOUNCED: return out_tr(o, "Bounced");
    case MAIL_STATE_WITHDRAWN: return out_tr(o, "Withdrawn");
    case MAIL_STATE_SUPPRESSED: return out_tr(o, "Suppressed");
    }
    return "";
}

static const char *const invitation_names[] = {N_("Email Address"), N_("Kind"), N_("Status"), N_("First name"), N_("Last name"), N_("Business name"),
    N_("Number"), N_("Role"), N_("Sent by"), N_("Sent"), N_("Expires"), N_("Ended"), N_("Mail"), N_("Answer of the mail server"), NULL};

static void invitation_row(struct out *o, const struct export_invitation *i)
{
    sheet_cell(o, i->email);
    sheet_cell(o, i->kind == PARTNER_CUSTOMER ? out_tr(o, "Customer") : out_tr(o, "Supplier"));
    sheet_cell(o, out_tr(o, status_name(i)));
    sheet_cell(o, i->first_name);
    sheet_cell(o, i->last_name);
    sheet_cell(o, i->business_name);
    sheet_cell(o, i->number);
    sheet_cell(o, i->role);
    sheet_cell(o, i->sender);
    sheet_moment(o, i->sent_at);
    sheet_moment(o, i->expires_at);
    sheet_moment(o, i->ended_at);
    sheet_cell(o, mail_word(o, i->mail));
    sheet_cell(o, i->reply);
}

enum db_result invitations_export(struct request *q)
{
    if (!form_good(&q->form)) return request_problem(q, 400);
    struct filter f;
    TRY(filter_read(q, &f));
    struct arena *rows = rows_new(q);
    uint64_t before = UINT64_MAX >> 1;
    for (struct export_invitation_list batch;; arena_reset(rows)) {
        TRY(export_invitations(q->db, q->session.company_id, f.kind, f.status, f.expired, f.word, f.word_end, before, &batch));
        if (!q->streaming && !sheet_answer(q, N_("Invitations"), invitation_names)) return DB_OK;
        if (!batch.n) return DB_OK;
        before = batch.v[batch.n - 1].id;
        for (size_t i = 0; i < batch.n; i++) {
            if (!batch.v[i].listed) continue;
            invitation_row(q->out, &batch.v[i]);
            if (!row_done(q)) return DB_OK;
        }
    }
}

/* ---- customers and suppliers ---- */

static const char *state_name(enum relationship_state state)
{
    switch (state) {
    case RELATIONSHIP_ACTIVE: return N_("Active");
    case RELATIONSHIP_PAUSED: return N_("Paused");
    case RELATIONSHIP_DISCONNECTED: return N_("Disconnected");
    }
    return "";
}

static const char *const partner_names[] = {N_("Business name"), N_("Number"), N_("State"), N_("Since"), N_("Role"), N_("Contact"), N_("First name"),
    N_("Last name"), N_("Phone"), N_("Street"), N_("House number"), N_("Postal code"), N_("City"), N_("Country"), N_("Company ID"), NULL};

static void partner_row(struct out *o, struct arena *a, const struct export_partner *p)
{
    sheet_cell(o, p->name);
    sheet_cell(o, p->number);
    sheet_cell(o, out_tr(o, state_name(p->state)));
    sheet_moment(o, p->since);
    const char *const texts[] = {p->role, p->email, p->first_name, p->last_name, p->phone, p->street, p->house_number, p->postal_code, p->city, p->country};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) sheet_cell(o, texts[i]);
    sheet_cell(o, id_text(a, p->public_id));
}

static enum db_result partners_export(struct request *q, enum partner_kind kind)
{
    if (!form_good(&q->form)) return request_problem(q, 400);
    enum relationship_state state = 0; /* all */
    const char *named = form_value(&q->form, "state"), *word;
    struct bytes word_end = {0};
    if (*named && !relationship_state_from(named, &state)) return DB_BUG;
    word_read(q, &word, &word_end);
    struct arena *rows = rows_new(q);
    uint64_t before = UINT64_MAX >> 1;
    for (struct export_partner_list batch;; arena_reset(rows)) {
        TRY(export_partners(q->db, q->session.company_id, kind, state, word, word_end, before, &batch));
        if (!q->streaming && !sheet_answer(q, kind == PARTNER_CUSTOMER ? N_("Customers") : N_("Suppliers"), partner_names)) return DB_OK;
        if (!batch.n) return DB_OK;
        before = batch.v[batch.n - 1].id;
        for (size_t i = 0; i < batch.n; i++) {
            if (!batch.v[i].listed) continue;
            partner_row(q->out, rows, &batch.v[i]);
            if (!row_done(q)) return DB_OK;
        }
    }
}

enum db_result customers_export(struct request *q)
{
    return partners_export(q, PARTNER_CUSTOMER);
}

enum db_result suppliers_export(struct request *q)
{
    return partners_export(q, PARTNER_SUPPLIER);
}
