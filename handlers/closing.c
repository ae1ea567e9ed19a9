/* closing.c - how an owner deletes the company: asked for with its name and a password, closed at once, deleted for good later (retention.c).
 *
 * One address, /settings/delete, which asks while the company is open, and afterwards says when it goes; then its owners are led there from
 * everywhere else.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* fopencookie */
#endif
#include "audit.h"
#include "handlers.h"
#include "letter.h"
#include "log.h"
#include "mails.h"
#include "pages.h"
#include "people.h"
#include "response.h"
#include "sql/closing.h"
#include "sql/outbox.h"
#include "sql/tenant.h"
#include "tenant_export.h"
#include "urls.h"
#include "views.h"

#include <stdio.h>
#include <string.h>

const struct form_field closing_fields[] = {
    {.name = "email", .kind = FIELD_LINE, .most = 254}, /* for password managers; the session says whose it is */
    {.name = "name", .kind = FIELD_LINE, .most = 200, .missing = N_("Enter the name of the company")},
    {.name = "password", .kind = FIELD_PASSWORD, .missing = N_("Enter your password")},
    {0},
};

/* ---- asked ---- */

static enum db_result ask(struct request *q)
{
    struct page page = page_begin(q, N_("Delete this company?"), PLACE_SETTINGS);
    if (!form_good(&q->form)) page_fail(q, &page, &q->form);
    view_closing(q->out, &page, &q->form, letter_moment_in((uint64_t)q->config->delete_days * 24 * 60));
    return DB_OK;
}

enum db_result closing_show(struct request *q)
{
    const struct session *s = &q->session;
    if (!s->delete_at.us) {
        form_empty(q->arena, closing_fields, &q->form);
        return ask(q);
    }
    struct page page = page_begin(q, s->deleting ? N_("This company is being deleted") : N_("This company will be deleted"), PLACE_NONE);
    page.vendor = false; /* a menu without what leads here again */
    page.closed = true;
    view_closing_waits(q->out, &page, s->delete_at, s->deleting);
    return DB_OK;
}

static enum db_result owners_tell(struct request *q)
{
    struct closing closing;
    struct closing_owner_list owners;
    TRY(closing_when(q->db, q->session.company_id, &closing));
    for (uint64_t after = 0;; after = owners.v[owners.n - 1].id) {
        TRY(closing_owners(q->db, q->session.company_id, after, &owners));
        if (!owners.n) return DB_OK;
        for (size_t i = 0; i < owners.n; i++) TRY(mails_closing(q, owners.v[i].email, closing.delete_at));
    }
}

enum db_result closing_do(struct request *q)
{
    const struct session *s = &q->session;
    struct account account;
    enum people_try tried;
    if (s->delete_at.us) return request_redirect(q, url_closing()); /* another owner was faster, or it was pressed twice */
    if (!form_good(&q->form)) return ask(q);
    if (strcmp(form_value(&q->form, "name"), s->company_name) != 0) form_fail(&q->form, "name", N_("Enter the name exactly as it stands above"));
    TRY(people_try(q, s->email_canon, "password", N_("Enter the right password"), &account, &tried));
    if (tried == PEOPLE_ANSWERED) return DB_OK;
    if (!form_good(&q->form)) return ask(q);
    enum db_result r = closing_begin(q->db, s->company_id, s->account_id, q->config->delete_days);
    if (r == DB_NONE) return request_redirect(q, url_closing());
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "settings_closed", .vendor_id = s->company_id}));
    TRY(owners_tell(q));
    log_info("an owner deletes vendor %llu", (unsigned long long)s->company_id);
    return request_redirect(q, url_closing());
}

/* ---- until then ---- */

enum db_result closing_undo_do(struct request *q)
{
    const struct session *s = &q->session;
    enum db_result r = closing_undo(q->db, s->company_id, s->account_id);
    if (r == DB_NONE) return request_redirect(q, url_settings()); /* which is open again, or leads to why it is not */
    if (r != DB_OK) return r;
    TRY(outbox_release(q->db, s->company_id, NULL));
    TRY(audit_write(q, (struct audit){.event = "settings_kept", .vendor_id = s->company_id}));
    if (!s->suspended) request_leave_note(q, (struct request_note){"vendor-kept", s->company_name, ""});
    return request_redirect(q, url_settings());
}

static ssize_t piece_write(void *to, const char *p, size_t n)
{
    struct request *q = to;
    out_raw(q->out, p, n);
    return q->out->n < RESPONSE_PIECE || response_piece(q) ? (ssize_t)n : 0;
}

/* The same as the operator's `vendor delete --export` writes. What is being deleted is not whole any more: such an answer is broken off. */
enum db_result company_export(struct request *q)
{
    struct tenant_company c;
    uint64_t vendor = q->session.company_id;
    TRY(tenant_company(q->db, vendor, &c));
    if (c.deleting) return DB_NONE;
    q->response.type = "application/json";
    response_file(q, q->session.company_name, "json");
    if (!response_begin(q)) return DB_OK;
    FILE *file = fopencookie(q, "w", (cookie_io_functions_t){.write = piece_write});
    if (!file) log_bug("no memory for a stream");
    enum db_result r = tenant_export(q->db, q->arena, &c, vendor, file);
    fclose(file); /* what cannot be sent: the visitor has gone */
    if (r == DB_OK) r = tenant_company(q->db, vendor, &c);
    return r == DB_OK && c.deleting ? DB_NONE : r;
}
