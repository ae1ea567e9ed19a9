/* partner_state.c - pause a connection, lift the pause, end the connection. Each is one conditional UPDATE and one line of history. */
#include "audit.h"
#include "handlers.h"
#include "mails.h"
#include "pages.h"
#include "partner.h"
#include "partner_rules.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "sql/relationship.h"
#include "urls.h"
#include "views.h"
#include "when.h"

#include <time.h>

const struct form_field partner_pause_fields[] = {
    {.name = "until", .kind = FIELD_LINE, .most = 10},
    {0},
};

static enum db_result pause_draw(struct request *q, const struct partner *partner, const struct form *form)
{
    enum partner_kind kind = partner_kind_of(q);
    struct partner_page show = {.kind = kind, .partner = partner, .form = form};
    struct page page = page_begin(q, "Pause", partner_place(kind));
    page.title = arena_printf(q->arena, out_tr(q->out, "Pause the connection with %s?"), name_told(q->out, partner->name));
    if (!form_good(form)) page_fail(q, &page, form);
    view_partner_pause(q->out, &page, &show);
    return DB_OK;
}

enum db_result partner_pause_show(struct request *q)
{
    struct partner partner;
    struct form form;
    TRY(partner_find(q, &partner));
    if (partner.state != RELATIONSHIP_ACTIVE) return partner_back(q, &partner, "partner-unchanged", "");
    form_empty(q->arena, partner_pause_fields, &form);
    return pause_draw(q, &partner, &form);
}

enum db_result partner_pause_do(struct request *q)
{
    struct partner p;
    struct moment until;
    struct timespec now;
    TRY(partner_find(q, &p));
    clock_gettime(CLOCK_REALTIME, &now);
    const char *text = form_value(&q->form, "until");
    const char *wrong = partner_pause_end(text, q->out->zone, (struct moment){(int64_t)now.tv_sec * 1000000}, &until);
    if (wrong) form_fail(&q->form, "until", wrong);
    if (!form_good(&q->form)) return pause_draw(q, &p, &q->form);
    enum db_result r = relationship_pause(q->db, p.id, q->session.company_id, until);
    if (r == DB_NONE) return partner_back(q, &p, "partner-unchanged", "");
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "relationship_paused", .vendor_id = q->session.company_id, .relationship_id = p.id, .detail = text}));
    return partner_back(q, &p, "partner-paused", when_date(q->out, until));
}

enum db_result partner_lift_do(struct request *q)
{
    struct partner p;
    TRY(partner_find(q, &p));
    enum db_result r = relationship_lift(q->db, p.id, q->session.company_id);
    if (r == DB_NONE) return partner_back(q, &p, "partner-unchanged", "");
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "relationship_lifted", .vendor_id = q->session.company_id, .relationship_id = p.id}));
    return partner_back(q, &p, "partner-lifted", "");
}

enum db_result partner_disconnect_show(struct request *q)
{
    struct partner partner;
    TRY(partner_find(q, &partner));
    if (partner.state == RELATIONSHIP_DISCONNECTED) return partner_back(q, &partner, "partner-unchanged", "");
    enum partner_kind kind = partner_kind_of(q);
    struct partner_page show = {.kind = kind, .partner = &partner};
    struct page page = page_begin(q, "Disconnect", partner_place(kind));
    page.title = arena_printf(q->arena, out_tr(q->out, "Disconnect %s?"), name_told(q->out, partner.name));
    view_partner_disconnect(q->out, &page, &show);
    return DB_OK;
}

/* Whoever was asked to confirm it is not asked any more: an acceptance would connect it again. */
static enum db_result asked_cancel(struct request *q, const struct partner *p)
{
    struct open_invitation open;
    enum db_result r = relationship_open_invitation(q->db, p->id, &open);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    r = invitation_cancel(q->db, open.id, q->session.company_id);
    if (r != DB_OK) return r == DB_NONE ? DB_RETRY : r; /* answered at this instant: decide on what is true now */
    TRY(outbox_withdraw(q->db, open.id, NULL));
    return audit_write(q, (struct audit){.event = "invitation_cancelled", .vendor_id = q->session.company_id, .invitation_id = open.id, .relationship_id = p->id});
}

enum db_result partner_disconnect_do(struct request *q)
{
    struct partner p;
    struct partner_person_list people;
    uint64_t vendor = q->session.company_id;
    TRY(partner_find(q, &p));
    TRY(relationship_people(q->db, p.company_id, &people));
    enum db_result r = relationship_disconnect(q->db, p.id, vendor, p.company_id);
    if (r == DB_NONE) return partner_back(q, &p, "partner-unchanged", "");
    if (r != DB_OK) return r;
    TRY(audit_write(q, (struct audit){.event = "relationship_disconnected", .vendor_id = vendor, .relationship_id = p.id}));
    TRY(asked_cancel(q, &p));
    if (people.n) TRY(mails_disconnected(q, &(struct mails_disconnected){.to = people.v[0].email, .vendor = q->session.company_name, .partner = p.name}));
    return partner_back(q, &p, "partner-disconnected", "");
}
