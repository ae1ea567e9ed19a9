/* change.c - an invitation that waits is changed: what it brings, or the address that it should have gone to.
 *
 * What an acceptance brings is read from the row when somebody accepts, so a change needs no new link. A wrong address does: what was sent
 * there must not lead anywhere, nor tell that there is a right one.
 */
#include "address.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "invitation.h"
#include "invite.h"
#include "pages.h"
#include "quota.h"
#include "secret.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "sql/token.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"
#include "words.h"

#include <string.h>

const struct form_field change_fields[] = {
    KIND_FIELD,
    {.name = "number", .kind = FIELD_LINE, .most = 50},
    {.name = "role", .kind = FIELD_ID, .missing = N_("Select a role"), .wrong = N_("Select a role")},
    {.name = "message", .kind = FIELD_MESSAGE, .most = 1000},
    {0},
};

const struct form_field correct_fields[] = {
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = N_("Enter an email address")},
    {0},
};

/* The pages with the message and, where there is one, the way to what stands in the way. */
static enum db_result change_draw(struct request *q, const struct invitation *i, const struct form *form, struct url view)
{
    struct partner_role_list roles;
    TRY(company_partner_roles(q->db, q->session.company_id, &roles));
    struct page page = page_begin(q, "Change this invitation", PLACE_INDUSTRY);
    page.view = view;
    if (!form_good(form)) page_fail(q, &page, form);
    view_change(q->out, &page, i, form, &roles);
    return DB_OK;
}

static enum db_result correct_draw(struct request *q, const struct invitation *i, const struct form *form, struct url view)
{
    struct page page = page_begin(q, "Correct the address", PLACE_INDUSTRY);
    page.view = view;
    if (!form_good(form)) page_fail(q, &page, form);
    view_correct(q->out, &page, i, form);
    return DB_OK;
}

/* Whether this address may have this invitation as this kind. If not, the field has the message and *view leads to the reason. */
static enum db_result obstacle(struct request *q, const struct invitation *i, enum partner_kind kind, const char *canon, const char *typed,
                               const char *field, struct url *view)
{
    struct invitation_obstacle o;
    bool suppressed;
    TRY(invitation_obstacle(q->db, q->session.company_id, kind, canon, &o));
    TRY(suppression_has(q->db, canon, &suppressed));
    if (o.open_id == i->id) o.open_id = 0; /* itself */
    enum invite_verdict verdict = invite_decide(&o, suppressed);
    if (verdict == INVITE_NEW) return DB_OK;
    bool open = verdict == INVITE_PENDING || verdict == INVITE_RENEW;
    if (open && (!page_sees_own_only(q) || o.open_sender == q->session.account_id)) *view = url_invitation(q->arena, o.open);
    if (verdict == INVITE_CONNECTED || verdict == INVITE_PAUSED) *view = url_partner(q->arena, kind == PARTNER_SUPPLIER, o.partner);
    if (verdict == INVITE_COLLEAGUE) *view = url_team();
    form_fail(&q->form, field, invite_refusal(q, verdict, kind, typed));
    return DB_OK;
}

/* The company that was written down by hand is a customer or a supplier, and what is accepted makes it the person's. */
static void added_keeps_kind(struct request *q, const struct invitation *i, struct url *view)
{
    bool customer = i->kind == PARTNER_CUSTOMER;
    *view = url_partner(q->arena, !customer, i->partner);
    form_fail(&q->form, "kind",
              arena_printf(q->arena, customer ? out_tr(q->out, "%s stands in your Customer List. Disconnect it first, and add it as a supplier")
                                              : out_tr(q->out, "%s stands in your Supplier List. Disconnect it first, and add it as a customer"), i->partner_name));
}

enum db_result invitation_change_show(struct request *q)
{
    struct invitation i;
    struct form form;
    TRY(invitation_find(q, &i));
    if (i.status != INVITATION_PENDING || i.expired) return invitation_too_late(q, &i);
    form_empty(q->arena, change_fields, &form);
    form_fill(&form, "kind", partner_kind_name(i.kind));
    form_fill(&form, "number", i.number);
    form_fill(&form, "role", id_text(q->arena, i.role));
    form_fill(&form, "message", i.message);
    return change_draw(q, &i, &form, (struct url){0});
}

/* For the history: which of them, in the words of the page. */
static const char *changed(struct request *q, const struct invitation *i, enum partner_kind kind)
{
    const struct form *f = &q->form;
    const char *what = "";
    const struct {
        bool is;
        const char *word;
    } parts[] = {
        {kind != i->kind, "type"},
        {strcmp(form_value(f, "number"), i->number) != 0, "number"},
        {strcmp(form_value(f, "role"), id_text(q->arena, i->role)) != 0, "role"},
        {strcmp(form_value(f, "message"), i->message) != 0, "message"},
    };
    for (size_t n = 0; n < sizeof parts / sizeof *parts; n++)
        if (parts[n].is) what = arena_printf(q->arena, "%s%s%s", what, *what ? ", " : "", parts[n].word);
    return what;
}

enum db_result invitation_change_do(struct request *q)
{
    struct invitation i;
    struct url view = {0};
    uint64_t role_id;
    enum partner_kind kind = 0;
    TRY(invitation_find(q, &i));
    if (i.status != INVITATION_PENDING || i.expired) return invitation_too_late(q, &i);
    TRY(invite_role(q, &role_id));
    if (!form_good(&q->form)) return change_draw(q, &i, &q->form, view);
    if (!partner_kind_from(form_value(&q->form, "kind"), &kind)) return DB_BUG;
    if (kind != i.kind && i.partner_name) added_keeps_kind(q, &i, &view);
    else if (kind != i.kind) TRY(obstacle(q, &i, kind, i.email_canon, i.email, "kind", &view));
    if (!form_good(&q->form)) return change_draw(q, &i, &q->form, view);

    const char *what = changed(q, &i, kind);
    request_redirect(q, url_invitation(q->arena, i.public_id));
    if (!*what) return DB_OK;
    enum db_result r = invitation_change(q->db, i.id, q->session.company_id, kind, form_value(&q->form, "number"), role_id, form_value(&q->form, "message"));
    if (r == DB_CONFLICT || r == DB_NONE) return DB_RETRY; /* a colleague was faster, or it was pressed twice: decide again on what is true now */
    if (r != DB_OK) return r;
    TRY(invite_role_held(q, role_id));
    TRY(invite_remind_anew(q, i.public_id, i.email_canon));
    TRY(audit_write(q, (struct audit){.event = "invitation_changed", .vendor_id = q->session.company_id, .invitation_id = i.id, .detail = what}));
    request_leave_note(q, (struct request_note){"invitation-changed", i.email, ""});
    return DB_OK;
}

enum db_result invitation_correct_show(struct request *q)
{
    struct invitation i;
    struct form form;
    TRY(invitation_find(q, &i));
    if (i.status != INVITATION_PENDING) return invitation_too_late(q, &i);
    form_empty(q->arena, correct_fields, &form);
    form_fill(&form, "email", i.email);
    return correct_draw(q, &i, &form, (struct url){0});
}

/* The record, its words, a new secret and its mail; what went to the old address is dead and says nothing. */
static enum db_result corrected(struct request *q, const struct invitation *i, const struct address *address, struct quota_refusal *refusal)
{
    TRY(invitation_correct(q->db, i->id, q->session.company_id, q->session.account_id, address->typed, address->canon, i->sent_at));
    TRY(invitation_words_drop(q->db, i->id, NULL));
    TRY(words_store(q, i->id, address->canon, i->first_name, i->last_name, i->business_name));
    TRY(token_void(q->db, i->id, NULL));
    TRY(quota_take_again(q, i->id, address->typed, address->canon, refusal));
    if (refusal->kind) return DB_OK;
    TRY(invite_mail(q, &(struct mails_invitation){.invitation_id = i->id,
                                                  .kind = i->kind,
                                                  .email = address->typed,
                                                  .language = i->language,
                                                  .message = i->message,
                                                  .days = (unsigned)i->expires_days}));
    return audit_write(q, (struct audit){.event = "invitation_corrected", .vendor_id = q->session.company_id, .invitation_id = i->id});
}

enum db_result invitation_correct_do(struct request *q)
{
    struct invitation i;
    struct address address = {0};
    struct url view = {0};
    TRY(invitation_find(q, &i));
    if (i.status != INVITATION_PENDING) return invitation_too_late(q, &i);
    if (!form_good(&q->form) || address_parse(q->arena, form_value(&q->form, "email"), &address)) return correct_draw(q, &i, &q->form, view);
    if (strcmp(address.typed, i.email) == 0)
        form_fail(&q->form, "email", "Enter the right address: the invitation was sent to this one already");
    else TRY(obstacle(q, &i, i.kind, address.canon, address.typed, "email", &view));
    if (!form_good(&q->form)) return correct_draw(q, &i, &q->form, view);
    struct quota_refusal refusal;
    enum db_result r = corrected(q, &i, &address, &refusal);
    if (r == DB_CONFLICT || r == DB_NONE) return DB_RETRY; /* somebody was faster, or it was pressed twice: decide again on what is true now */
    if (r != DB_OK) return r;
    if (refusal.kind) return quota_page(q, &refusal, url_invitation(q->arena, i.public_id), N_("Back to the invitation"));
    request_leave_note(q, (struct request_note){"sent", id_text(q->arena, i.public_id), ""});
    return request_redirect(q, url_industry());
}
