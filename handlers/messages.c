/* messages.c - the thread of one relationship, from both of its sides.
 *
 * Who may read it is the thread's row: for the vendor its own partner, for the partner what its role at this vendor permits. What was
 * written stays readable when the connection is paused or has ended; nothing is added then.
 */
#include "audit.h"
#include "handlers.h"
#include "mails.h"
#include "pages.h"
#include "secret.h"
#include "sql/message.h"
#include "urls.h"
#include "views.h"

enum { MESSAGES_PAGE = 50 };

enum side { SIDE_CUSTOMER, SIDE_SUPPLIER, SIDE_PARTNER }; /* a vendor writing to a customer or a supplier; one of these */

const struct form_field messages_fields[] = {
    {.name = "before", .kind = FIELD_ID, .wrong = N_("Go back to the first page")},
    {0},
};

const struct form_field message_fields[] = {
    {.name = "once", .kind = FIELD_ID, .wrong = N_("Send the message again"), .missing = N_("Send the message again")},
    {.name = "text", .kind = FIELD_TEXT, .most = 4000, .missing = N_("Enter a message")},
    {0},
};

static enum db_result thread_find(struct request *q, enum side side, struct thread *t)
{
    struct id id;
    uint64_t company = q->session.company_id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    if (side != SIDE_PARTNER) return message_thread_of_vendor(q->db, company, side == SIDE_CUSTOMER ? PARTNER_CUSTOMER : PARTNER_SUPPLIER, id, t);
    TRY(message_thread_of_partner(q->db, company, id, t));
    return t->reads ? DB_OK : DB_NONE;
}

static struct url thread_url(struct request *q, enum side side, const struct thread *t)
{
    return side == SIDE_PARTNER ? url_vendor_messages(q->arena, t->vendor_public)
           : side == SIDE_CUSTOMER ? url_customer_messages(q->arena, t->partner_public)
                                   : url_supplier_messages(q->arena, t->partner_public);
}

/* Pages come newest first and are read oldest first. */
static void turn_round(struct message_line_list *lines)
{
    for (size_t i = 0; i < lines->n / 2; i++) {
        struct message_line line = lines->v[i];
        lines->v[i] = lines->v[lines->n - 1 - i];
        lines->v[lines->n - 1 - i] = line;
    }
}

static enum db_result draw(struct request *q, enum side side, const struct thread *t, const struct form *form)
{
    struct message_line_list lines;
    struct message_place place = {.id = UINT64_MAX >> 1};
    struct id from;
    bool fresh = !form, placed = fresh && form_id(&q->form, "before", &from);
    if (placed) TRY(message_place(q->db, t->relationship_id, from, &place));
    TRY(message_earlier(q->db, t->relationship_id, place.id, &lines));
    bool more = lines.n > MESSAGES_PAGE;
    if (more) lines.n = MESSAGES_PAGE;
    turn_round(&lines);

    struct form empty;
    if (fresh) {
        form_empty(q->arena, message_fields, &empty);
        form_fill(&empty, "once", id_text(q->arena, id_new()));
    }
    struct thread_page show = {
        .thread = t, .lines = &lines, .partner = side == SIDE_PARTNER, .here = thread_url(q, side, t), .form = fresh ? &empty : form, .latest = !placed};
    if (more) show.earlier = url_messages_before(q->arena, show.here, lines.v[0].public_id);
    const char *other = show.partner ? t->vendor : t->partner;
    struct page page = page_begin(q, N_("Messages"), show.partner ? PLACE_HOME : side == SIDE_CUSTOMER ? PLACE_CUSTOMERS : PLACE_SUPPLIERS);
    page.title = arena_printf(q->arena, out_tr(q->out, "Messages with %s"), name_told(q->out, other));
    if (!fresh) page_fail(q, &page, form);
    view_messages(q->out, &page, &show);
    return DB_OK;
}

static enum db_result thread_show(struct request *q, enum side side)
{
    struct thread t;
    if (!form_good(&q->form)) return request_problem(q, 400);
    TRY(thread_find(q, side, &t));
    return draw(q, side, &t, NULL);
}

/* The other side learns of it by mail: at once, or an hour after the mail before. */
static enum db_result tell(struct request *q, enum side side, const struct thread *t)
{
    bool to_vendor = side == SIDE_PARTNER;
    TRY(message_notice_begin(q->db, t->relationship_id, to_vendor, NULL));
    enum db_result r = message_notice_due(q->db, t->relationship_id, to_vendor);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    struct message_reader_list readers;
    if (to_vendor) TRY(message_readers_of_vendor(q->db, t->relationship_id, &readers));
    else TRY(message_readers_of_partner(q->db, t->relationship_id, &readers));
    for (size_t i = 0; i < readers.n; i++) {
        uint64_t outbox_id;
        enum side theirs = to_vendor ? t->kind == PARTNER_CUSTOMER ? SIDE_CUSTOMER : SIDE_SUPPLIER : SIDE_PARTNER;
        TRY(mails_message(q, readers.v[i].email, t->vendor, to_vendor ? t->partner : t->vendor, thread_url(q, theirs, t), &outbox_id));
        TRY(message_notice_schedule(q->db, outbox_id, t->relationship_id, to_vendor));
    }
    return DB_OK;
}

static enum db_result thread_write(struct request *q, enum side side)
{
    struct thread t;
    struct id once;
    TRY(thread_find(q, side, &t));
    if (!t.active) form_fail(&q->form, "text", "This connection is not active. Nobody can write here until it is active again");
    if (!t.writes) form_fail(&q->form, "text", "Your role at this vendor does not include writing. Ask the vendor to change it");
    if (!form_good(&q->form)) {
        if (form_error(&q->form, "once")) form_fill(&q->form, "once", id_text(q->arena, id_new()));
        return draw(q, side, &t, &q->form);
    }
    form_id(&q->form, "once", &once);
    enum db_result r = message_add(q->db, once, t.relationship_id, q->session.account_id, side != SIDE_PARTNER, form_value(&q->form, "text"), NULL);
    if (r == DB_OK) {
        TRY(tell(q, side, &t));
        TRY(audit_write(q, (struct audit){.event = "message_sent", .vendor_id = t.vendor_id, .relationship_id = t.relationship_id}));
    } else if (r != DB_CONFLICT) { /* pressed twice: it is there */
        return r;
    }
    request_leave_note(q, (struct request_note){"message-sent", side == SIDE_PARTNER ? t.vendor : t.partner, ""});
    return request_redirect(q, thread_url(q, side, &t));
}

enum db_result customer_messages_show(struct request *q)
{
    return thread_show(q, SIDE_CUSTOMER);
}

enum db_result customer_message_send(struct request *q)
{
    return thread_write(q, SIDE_CUSTOMER);
}

enum db_result supplier_messages_show(struct request *q)
{
    return thread_show(q, SIDE_SUPPLIER);
}

enum db_result supplier_message_send(struct request *q)
{
    return thread_write(q, SIDE_SUPPLIER);
}

enum db_result vendor_messages_show(struct request *q)
{
    return thread_show(q, SIDE_PARTNER);
}

enum db_result vendor_message_send(struct request *q)
{
    return thread_write(q, SIDE_PARTNER);
}
