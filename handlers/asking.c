/* asking.c - Link Existing Customer, Link Existing Supplier: a request to a company of this installation, by exact address or company ID.
 *
 * Whether that company exists must not show. So the same row is written for what belongs to nobody, with a mail that never leaves; the same
 * page answers; mails are counted by what was typed; a refusal looks like no answer, here and in the audit log. What waits can be withdrawn;
 * what was refused too, and asking again is then quiet, so that nobody is pressed by withdrawing and asking.
 */
#include "address.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "invite.h"
#include "mails.h"
#include "pages.h"
#include "partner.h"
#include "quota.h"
#include "secret.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/relationship.h"
#include "sql/asking.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"
#include "when.h"

enum { ASK_DAYS = 14 };

const struct form_field asking_fields[] = {
    {.name = "target", .kind = FIELD_LINE, .most = 254, .missing = N_("Enter an email address or a company ID")},
    {.name = "number", .kind = FIELD_LINE, .most = 50},
    {.name = "role", .kind = FIELD_ID, .wrong = N_("Select a role")},
    SENT_ONCE_FIELD,
    {0},
};

/* Whom the vendor asks. */
struct question {
    enum partner_kind kind;
    bool by_id;
    struct id company;      /* by_id */
    struct address address; /* otherwise */
    const char *target, *canon;
    uint64_t role_id;
    struct id once;
    struct url way_out; /* of what stands against it */
};

static enum db_result draw(struct request *q, const struct question *a, const struct form *form)
{
    struct partner_role_list roles;
    struct asking_line_list asked;
    TRY(company_partner_roles(q->db, q->session.company_id, &roles));
    TRY(asking_open(q->db, q->session.company_id, a->kind, &asked));
    struct asking_page show = {.kind = a->kind, .form = form, .roles = &roles, .asked = &asked};
    struct page page = page_begin(q, a->kind == PARTNER_SUPPLIER ? N_("Link Existing Supplier") : N_("Link Existing Customer"), partner_place(a->kind));
    page.view = a->way_out;
    if (!form_good(form)) page_fail(q, &page, form);
    view_asking(q->out, &page, &show);
    return DB_OK;
}

enum db_result asking_show(struct request *q)
{
    struct form form;
    form_empty(q->arena, asking_fields, &form);
    fields_once(q, &form);
    return draw(q, &(struct question){.kind = partner_kind_of(q)}, &form);
}

/* What the form names, if it can be an address or an ID at all. */
static void target_read(struct request *q, struct question *a)
{
    struct form *f = &q->form;
    a->target = form_value(f, "target");
    if (form_error(f, "target")) return;
    a->by_id = id_from_text(a->target, &a->company);
    if (a->by_id) {
        a->target = a->canon = id_text(q->arena, a->company);
        return;
    }
    if (address_parse(q->arena, a->target, &a->address)) form_fail(f, "target", "Enter an email address like name@example.com, or a company ID of 32 digits and letters");
    a->target = a->address.typed;
    a->canon = a->address.canon;
}

static void connected_already(struct request *q, struct question *a, enum invite_verdict verdict, struct id partner, const char *name)
{
    form_fail(&q->form, "target", invite_refusal(q, verdict, a->kind, name));
    a->way_out = url_partner(q->arena, a->kind == PARTNER_SUPPLIER, partner);
}

/* What this vendor knows itself and what stands against asking. */
static enum db_result obstacle_find(struct request *q, struct question *a)
{
    uint64_t vendor = q->session.company_id;
    if (a->by_id) {
        struct partner p;
        enum db_result r = relationship_details(q->db, vendor, a->kind, a->company, &p);
        if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
        if (p.state == RELATIONSHIP_ACTIVE) connected_already(q, a, INVITE_CONNECTED, p.public_id, p.name);
        if (p.state == RELATIONSHIP_PAUSED) connected_already(q, a, INVITE_PAUSED, p.public_id, p.name);
        return DB_OK;
    }
    struct invitation_obstacle o;
    bool suppressed;
    TRY(invitation_obstacle(q->db, vendor, a->kind, a->address.canon, &o));
    TRY(suppression_has(q->db, a->address.canon, &suppressed));
    enum invite_verdict verdict = invite_decide(&o, suppressed);
    if (verdict == INVITE_NEW) return DB_OK;
    if (verdict == INVITE_CONNECTED || verdict == INVITE_PAUSED) {
        connected_already(q, a, verdict, o.partner, a->target);
        return DB_OK;
    }
    form_fail(&q->form, "target", invite_refusal(q, verdict, a->kind, a->target));
    if (verdict == INVITE_PENDING || verdict == INVITE_RENEW) a->way_out = url_invitation(q->arena, o.open);
    else if (verdict == INVITE_COLLEAGUE) a->way_out = url_team();
    return DB_OK;
}

/* A request that waits, and that this form's first press has made. */
static bool asked_now(const struct request *q, const struct question *a, const struct asking_before *before)
{
    return before->open && before->sender_id == q->session.account_id && id_equal(before->once, a->once);
}

static enum db_result before_find(struct request *q, const struct question *a, struct asking_before *before)
{
    enum db_result r = asking_before(q->db, q->session.company_id, a->kind, a->canon, before);
    if (r == DB_NONE) *before = (struct asking_before){0};
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    if (before->open && !asked_now(q, a, before))
        form_fail(&q->form, "target",
                  arena_printf(q->arena, out_tr(q->out, "You have asked %s already: the request waits until %s"), a->target, when_date(q->out, before->expires_at)));
    return DB_OK;
}

static enum db_result record(struct request *q, const struct question *a, const struct asking_before *before, uint64_t company_id)
{
    const struct session *s = &q->session;
    const char *number = form_value(&q->form, "number");
    uint64_t named = a->by_id ? company_id : 0;
    if (before->id) TRY(asking_mail_forget(q->db, before->id, NULL));
    enum db_result r = before->id ? asking_renew(q->db, before->id, s->company_id, s->account_id, a->once, a->target, named, number, a->role_id, ASK_DAYS)
                                  : asking_add(q->db, id_new(), s->company_id, s->account_id, a->once, a->kind, a->target, a->canon, a->by_id ? NULL : a->canon, named,
                                                number, a->role_id, ASK_DAYS, NULL);
    if (r == DB_CONFLICT || r == DB_NONE) return DB_RETRY; /* a colleague was faster: decide again on what is true now */
    return r == DB_OK ? invite_role_held(q, a->role_id) : r;
}

/* `email` NULL: nobody is to be told, by a mail that never leaves. */
static enum db_result mail(struct request *q, const struct question *a, const struct asking_row *row, const char *email)
{
    uint64_t outbox_id;
    struct mails_asking m = {.to = email ? email : q->session.email, .known = email != NULL, .kind = a->kind, .asked = row->public_id, .days = ASK_DAYS};
    TRY(mails_asking(q, &m, &outbox_id));
    return asking_mailed(q->db, row->id, outbox_id, NULL);
}

static enum db_result asked_back(struct request *q, const struct question *a)
{
    request_leave_note(q, (struct request_note){a->kind == PARTNER_SUPPLIER ? "supplier-asked" : "customer-asked", a->target, ""});
    return request_redirect(q, url_asking(a->kind == PARTNER_SUPPLIER));
}

enum db_result asking_do(struct request *q)
{
    struct question a = {.kind = partner_kind_of(q), .once = fields_once(q, &q->form)};
    struct asking_before before;
    struct asking_target target = {0};
    TRY(invite_role(q, &a.role_id));
    target_read(q, &a);
    if (form_good(&q->form)) TRY(obstacle_find(q, &a));
    if (form_good(&q->form)) TRY(before_find(q, &a, &before));
    if (!form_good(&q->form)) return draw(q, &a, &q->form);
    if (asked_now(q, &a, &before)) return asked_back(q, &a); /* pressed twice */

    enum db_result r = asking_target(q->db, a.kind, a.by_id ? NULL : a.canon, a.company, &target);
    if (r != DB_OK && r != DB_NONE) return r;
    bool known = r == DB_OK;
    TRY(record(q, &a, &before, target.company_id));
    struct quota_refusal refusal;
    TRY(quota_take(q, a.target, a.canon, &refusal));
    if (refusal.kind) {
        form_fail(&q->form, "target", refusal.sentence);
        TRY(draw(q, &a, &q->form));
        quota_answer(q, &refusal);
        return DB_OK;
    }
    struct asking_row row;
    TRY(asking_row(q->db, q->session.company_id, a.kind, a.canon, &row));
    TRY(mail(q, &a, &row, known && !before.refused ? target.email : NULL));
    TRY(audit_write(q, (struct audit){.event = "connection_asked", .vendor_id = q->session.company_id, .detail = id_text(q->arena, row.public_id)}));
    return asked_back(q, &a);
}

/* ---- withdrawn ---- */

static enum db_result own_find(struct request *q, struct asking_own *asked)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    return asking_own(q->db, q->session.company_id, partner_kind_of(q), id, asked);
}

static enum db_result back(struct request *q, const char *note, const struct asking_own *asked)
{
    request_leave_note(q, (struct request_note){note, asked->target, ""});
    return request_redirect(q, url_asking(partner_kind_of(q) == PARTNER_SUPPLIER));
}

static enum db_result too_late(struct request *q, const struct asking_own *asked)
{
    db_rollback(q->db);
    return back(q, asked->withdrawn ? "asking-withdrawn" : "asking-late", asked);
}

enum db_result asking_withdraw_show(struct request *q)
{
    struct asking_own asked;
    TRY(own_find(q, &asked));
    if (!asked.open) return too_late(q, &asked);
    struct page page = page_begin(q, N_("Withdraw this request?"), partner_place(partner_kind_of(q)));
    view_asking_withdraw(q->out, &page, &asked, partner_kind_of(q));
    return DB_OK;
}

enum db_result asking_withdraw_do(struct request *q)
{
    struct asking_own asked;
    TRY(own_find(q, &asked));
    enum db_result r = asking_withdraw(q->db, asked.id, q->session.company_id);
    if (r == DB_NONE) return too_late(q, &asked);
    if (r != DB_OK) return r;
    if (asked.outbox_id) TRY(asking_mail_end(q->db, asked.outbox_id, NULL));
    TRY(audit_write(q, (struct audit){.event = "connection_withdrawn", .vendor_id = q->session.company_id, .detail = q->segment[0]}));
    return back(q, "asking-withdrawn", &asked);
}
