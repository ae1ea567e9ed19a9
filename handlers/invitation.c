/* invitation.c - one invitation: everything known, its history, send it again, cancel it. */
#include "audit.h"
#include "events.h"
#include "handlers.h"
#include "invitation.h"
#include "invite.h"
#include "invite_rules.h"
#include "pages.h"
#include "quota.h"
#include "secret.h"
#include "sql/audit.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"

static enum db_result find(struct request *q, struct invitation *i)
{
    struct id id;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(invitation_details(q->db, q->session.company_id, id, i));
    return page_sees_own_only(q) && i->sender_id != q->session.account_id ? DB_NONE : DB_OK;
}

enum db_result invitation_find(struct request *q, struct invitation *i)
{
    TRY(find(q, i));
    return erased(i->email) ? DB_NONE : DB_OK;
}

enum db_result invitation_show(struct request *q)
{
    struct invitation i;
    struct history_line_list history;
    TRY(find(q, &i));
    TRY(audit_of_invitation(q->db, i.id, &history));
    events_told(q->out, &history);
    struct page page = page_begin(q, "Invitation", PLACE_INDUSTRY);
    page.title = erased(i.email) ? out_tr(q->out, "Invitation, address erased") : arena_printf(q->arena, out_tr(q->out, "Invitation to %s"), i.email);
    view_invitation(q->out, &page, &i, &history, q->config->mail_from);
    return DB_OK;
}

enum db_result invitation_too_late(struct request *q, const struct invitation *i)
{
    db_rollback(q->db);
    request_leave_note(q, (struct request_note){"too-late", i->email, ""});
    return request_redirect(q, url_invitation(q->arena, i->public_id));
}

/* What has come between since it was sent: *sentence says why it is not sent again; NULL: nothing. */
static enum db_result stands_against(struct request *q, const struct invitation *i, const char **sentence)
{
    struct invitation_obstacle o;
    bool suppressed;
    TRY(invitation_obstacle(q->db, q->session.company_id, i->kind, i->email_canon, &o));
    TRY(suppression_has(q->db, i->email_canon, &suppressed));
    o.open_id = 0; /* itself */
    *sentence = invite_refusal(q, invite_decide(&o, suppressed), i->kind, i->email);
    return DB_OK;
}

const struct form_field resend_fields[] = {
    {.name = "resends", .kind = FIELD_NUMBER, .low = 0, .high = INT32_MAX, .wrong = N_("Open this page again")},
    {0},
};

/* Nothing was sent, because it was sent, or ended, since the page was drawn: pressed twice, both presses see the one success. */
static enum db_result sent_before(struct request *q, const struct invitation *i)
{
    struct invitation_sent now;
    db_rollback(q->db);
    TRY(invitation_sent(q->db, i->id, q->session.account_id, &now));
    if (!now.pending) return invitation_too_late(q, i);
    request_leave_note(q, now.just ? (struct request_note){"resent", id_text(q->arena, i->public_id), ""} : (struct request_note){"sent-meanwhile", "", ""});
    return request_redirect(q, now.just ? url_industry() : url_invitation(q->arena, i->public_id));
}

enum db_result invitation_resend_do(struct request *q)
{
    struct invitation i;
    const char *against = NULL;
    TRY(invitation_find(q, &i));
    if (i.status == INVITATION_PENDING) TRY(stands_against(q, &i, &against));
    if (against) {
        request_leave_note(q, (struct request_note){"not-sent", against, ""});
        return request_redirect(q, url_invitation(q->arena, i.public_id));
    }
    enum db_result r = invitation_resend(q->db, i.id, q->session.company_id, q->session.account_id, (uint64_t)form_number(&q->form, "resends", INT32_MAX));
    if (r == DB_NONE) return sent_before(q, &i);
    if (r != DB_OK) return r;
    struct quota_refusal refusal;
    TRY(quota_take_again(q, i.id, i.email, i.email_canon, &refusal));
    if (refusal.kind) return quota_page(q, &refusal, url_invitation(q->arena, i.public_id), N_("Back to the invitation"));
    TRY(invite_mail(q, &(struct mails_invitation){.invitation_id = i.id,
                                                  .kind = i.kind,
                                                  .email = i.email,
                                                  .language = i.language,
                                                  .message = i.message,
                                                  .reason = MAIL_AGAIN,
                                                  .days = (unsigned)i.expires_days}));
    TRY(audit_write(q, (struct audit){.event = "invitation_resent", .vendor_id = q->session.company_id, .invitation_id = i.id}));
    request_leave_note(q, (struct request_note){"resent", id_text(q->arena, i.public_id), ""});
    return request_redirect(q, url_industry());
}

enum db_result invitation_cancel_show(struct request *q)
{
    struct invitation i;
    TRY(invitation_find(q, &i));
    if (i.status != INVITATION_PENDING) return invitation_too_late(q, &i);
    struct page page = page_begin(q, N_("Cancel this invitation?"), PLACE_INDUSTRY);
    view_invitation_cancel(q->out, &page, &i);
    return DB_OK;
}

enum db_result invitation_cancel_do(struct request *q)
{
    struct invitation i;
    TRY(invitation_find(q, &i));
    enum db_result r = invitation_cancel(q->db, i.id, q->session.company_id);
    if (r == DB_NONE) return invitation_too_late(q, &i);
    if (r != DB_OK) return r;
    TRY(outbox_withdraw(q->db, i.id, NULL));
    TRY(audit_write(q, (struct audit){.event = "invitation_cancelled", .vendor_id = q->session.company_id, .invitation_id = i.id}));
    request_leave_note(q, (struct request_note){"cancelled", i.email, ""});
    return request_redirect(q, url_industry());
}

enum db_result invitation_take_over_do(struct request *q)
{
    struct invitation i;
    TRY(invitation_find(q, &i));
    if (i.sender_entitled) return invitation_too_late(q, &i);
    enum db_result r = invitation_take_over(q->db, i.id, q->session.company_id, i.sender_id, q->session.account_id);
    if (r == DB_NONE) return invitation_too_late(q, &i);
    if (r != DB_OK) return r;
    TRY(invite_remind_anew(q, i.public_id, i.email_canon));
    TRY(audit_write(q, (struct audit){.event = "invitation_taken_over", .vendor_id = q->session.company_id, .invitation_id = i.id}));
    request_leave_note(q, (struct request_note){"taken-over", i.email, ""});
    return request_redirect(q, url_invitation(q->arena, i.public_id));
}
