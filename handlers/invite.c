/* invite.c - sending an invitation: from the form to the record, its secret and its mail, in one transaction. */
#include "address.h"
#include "audit.h"
#include "fields.h"
#include "handlers.h"
#include "industry.h"
#include "invite.h"
#include "invite_rules.h"
#include "language.h"
#include "mails.h"
#include "pages.h"
#include "quota.h"
#include "secret.h"
#include "settings.h"
#include "sql/company.h"
#include "sql/invitation.h"
#include "sql/outbox.h"
#include "sql/relationship.h"
#include "sql/quota.h"
#include "sql/role.h"
#include "sql/token.h"
#include "suppression.h"
#include "urls.h"
#include "words.h"

/* Before the link ends; and so long after the mail at least: of a link that works for three days, a day later. */
enum { REMINDER_HOURS = 48, REMINDER_DISTANCE = 23 };

const struct form_field invite_fields[] = {
    KIND_FIELD,
    {.name = "email", .kind = FIELD_EMAIL, .most = 254, .missing = N_("Enter an email address")},
    {.name = "first_name", .kind = FIELD_NAME, .most = 100},
    {.name = "last_name", .kind = FIELD_NAME, .most = 100},
    {.name = "business_name", .kind = FIELD_NAME, .most = 100},
    {.name = "number", .kind = FIELD_LINE, .most = 50},
    {.name = "role", .kind = FIELD_ID, .wrong = N_("Select a role")},
    {.name = "language", .kind = FIELD_CHOICE, .choices = language_tags, .wrong = N_("Select a language")},
    {.name = "message", .kind = FIELD_MESSAGE, .most = 1000},
    {.name = "expires_days", .kind = FIELD_NUMBER, .low = 1, .high = 30, .wrong = N_("Enter a number of days from 1 to 30")},
    SENT_ONCE_FIELD,
    {0},
};

/* The role that the form names, or the vendor's first. Another vendor's role is no role. */
enum db_result invite_role(struct request *q, uint64_t *role_id)
{
    struct partner_role_list roles;
    TRY(company_partner_roles(q->db, q->session.company_id, &roles));
    struct id wanted;
    bool named = form_id(&q->form, "role", &wanted);
    *role_id = 0;
    for (size_t i = 0; i < roles.n && !*role_id; i++)
        if (!named || id_equal(roles.v[i].public_id, wanted)) *role_id = roles.v[i].id;
    if (!*role_id) form_fail(&q->form, "role", "Select a role");
    return DB_OK;
}

enum db_result invite_role_held(struct request *q, uint64_t role_id)
{
    struct role_held held;
    enum db_result r = role_held(q->db, role_id, &held);
    return r == DB_NONE ? DB_RETRY : r;
}

/* A new invitation has no earlier links, words and mails, and must not look for them: rows that are not there are locked as the gap at
 * the end of the index, where everybody else's new ones belong, and two people who send at once would be a deadlock. */
/* The reminder that waits in the outbox, if the vendor wants one and there are so many hours left. It carries the mail's own link, and
 * whatever ends the invitation withdraws it with all its mails. It is not counted against the limits: there is one for each mail that was. */
static enum db_result reminder(struct request *q, const struct mails_invitation *mail, unsigned hours)
{
    struct mails_invitation m = *mail;
    struct outbox_reminder reminder;
    uint64_t outbox_id;
    TRY(outbox_reminder(q->db, m.invitation_id, hours, &reminder));
    if (!reminder.wanted) return DB_OK;
    m.reason = MAIL_REMINDER;
    TRY(mails_invitation(q, &m, &outbox_id));
    return outbox_remind(q->db, outbox_id, m.invitation_id, NULL);
}

enum db_result invite_remind_anew(struct request *q, struct id invitation, const char *email_canon)
{
    struct link l;
    TRY(invitation_at_home(q->db, invitation, email_canon, &l));
    enum db_result r = outbox_reminder_withdraw(q->db, l.id);
    if (r != DB_OK) return r == DB_NONE ? DB_OK : r;
    struct mails_invitation m = {
        .invitation_id = l.id, .kind = l.kind, .email = l.email, .language = l.language, .message = l.message, .token = secret_new_link(q->arena), .link = &l};
    TRY(token_add_invitation(q->db, secret_hash(SECRET_INVITATION, m.token), l.id, NULL));
    return reminder(q, &m, REMINDER_HOURS);
}

enum db_result invite_mail_first(struct request *q, const struct mails_invitation *mail)
{
    struct mails_invitation m = *mail;
    uint64_t outbox_id;
    m.token = secret_new_link(q->arena);
    TRY(token_add_invitation(q->db, secret_hash(SECRET_INVITATION, m.token), m.invitation_id, NULL));
    TRY(mails_invitation(q, &m, &outbox_id));
    TRY(invitation_mail_set(q->db, m.invitation_id, outbox_id));
    return reminder(q, &m, REMINDER_HOURS + REMINDER_DISTANCE);
}

enum db_result invite_mail(struct request *q, const struct mails_invitation *mail)
{
    TRY(token_supersede(q->db, mail->invitation_id, NULL));
    TRY(outbox_withdraw(q->db, mail->invitation_id, NULL));
    return invite_mail_first(q, mail);
}

enum db_result invite_mail_again(struct request *q, const struct link *link)
{
    TRY(outbox_withdraw(q->db, link->id, NULL));
    return invite_mail_first(q, &(struct mails_invitation){
                             .invitation_id = link->id, .kind = link->kind, .email = link->email, .language = link->language, .message = link->message, .reason = MAIL_ASKED, .link = link});
}

/* The record, new or renewed, from the form. */
static enum db_result record(struct request *q, enum invite_verdict verdict, const struct invitation_obstacle *obstacle, const struct address *address,
                             uint64_t role_id, struct id once, struct mails_invitation *mail, struct id *id)
{
    const struct form *f = &q->form;
    const struct session *s = &q->session;
    const char *first = form_value(f, "first_name"), *last = form_value(f, "last_name"), *business = form_value(f, "business_name");
    const char *language = form_value(f, "language")[0] ? form_value(f, "language") : s->language;
    unsigned days = (unsigned)form_number(f, "expires_days", s->expires_days);
    *mail = (struct mails_invitation){.email = address->typed, .language = language, .message = form_value(f, "message"), .days = days};
    if (!partner_kind_from(form_value(f, "kind"), &mail->kind)) return DB_BUG;
    if (verdict == INVITE_RENEW) {
        *id = obstacle->open;
        mail->reason = MAIL_AGAIN;
        mail->invitation_id = obstacle->open_id;
        TRY(invitation_renew(q->db, obstacle->open_id, s->company_id, s->account_id, once, address->typed, first, last, business, form_value(f, "number"), role_id,
                             language, mail->message, days));
        TRY(quota_resends_anew(q->db, obstacle->open_id, NULL));
        TRY(invitation_words_drop(q->db, obstacle->open_id, NULL));
    } else {
        *id = id_new();
        struct relationship_waiting waiting;
        enum db_result r = relationship_waiting(q->db, s->company_id, mail->kind, address->canon, &waiting);
        if (r != DB_OK && r != DB_NONE) return r;
        TRY(invitation_add(q->db, *id, s->company_id, s->account_id, once, mail->kind, address->typed, address->canon, first, last, business,
                           form_value(f, "number"), role_id, language, mail->message, days, &mail->invitation_id));
        if (r == DB_OK) TRY(relationship_ask(q->db, mail->invitation_id, waiting.id));
    }
    TRY(invite_role_held(q, role_id));
    return words_store(q, mail->invitation_id, address->canon, first, last, business);
}

const char *invite_refusal(struct request *q, enum invite_verdict verdict, enum partner_kind kind, const char *email)
{
    const struct out *out = q->out;
    bool customer = kind == PARTNER_CUSTOMER;
    switch (verdict) {
    case INVITE_PENDING: return arena_printf(q->arena, out_tr(out, "%s already has a pending invitation"), email);
    case INVITE_CONNECTED:
        return arena_printf(q->arena, customer ? out_tr(out, "%s is already a customer") : out_tr(out, "%s is already a supplier"), email);
    case INVITE_PAUSED: return arena_printf(q->arena, out_tr(out, "The connection with %s is paused: lift the pause first"), email);
    case INVITE_COLLEAGUE: return arena_printf(q->arena, out_tr(out, "%s is a colleague of yours, in this company"), email);
    case INVITE_SUPPRESSED: return suppression_sentence(q, email);
    case INVITE_RENEW: return arena_printf(q->arena, out_tr(out, "%s already has an invitation of this type, which has expired: resend that one"), email);
    case INVITE_NEW: break;
    }
    return NULL;
}

/* Say at the address what stands in the way, and offer the way out. */
static enum db_result refuse(struct request *q, enum invite_verdict verdict, enum partner_kind kind, const struct invitation_obstacle *o,
                             const struct address *address)
{
    struct panel panel = {.filter = {"", "", ""}};
    panel.open = verdict == INVITE_PENDING && (!page_sees_own_only(q) || o->open_sender == q->session.account_id);
    panel.open_id = o->open;
    panel.open_resends = o->open_resends;
    panel.partner = verdict == INVITE_CONNECTED || verdict == INVITE_PAUSED;
    panel.partner_id = o->partner;
    panel.partner_kind = kind;
    panel.colleague = verdict == INVITE_COLLEAGUE;
    const char *sentence = invite_refusal(q, verdict, kind, address->typed);
    if (verdict == INVITE_PENDING && !panel.open)
        sentence = arena_printf(q->arena, out_tr(q->out, "%s already has a pending invitation from %s, who can send it again or change it"), address->typed, o->open_sender_email);
    form_fail(&q->form, "email", sentence);
    return industry_draw(q, &q->form, &panel);
}

/* Everything is kept for the day when it works again. */
static enum db_result too_many(struct request *q, const struct quota_refusal *refusal)
{
    struct panel panel = {.filter = {"", "", ""}};
    form_fail(&q->form, "email", refusal->sentence);
    TRY(industry_draw(q, &q->form, &panel));
    quota_answer(q, refusal);
    return DB_OK;
}

static enum db_result sent(struct request *q, struct id id)
{
    request_leave_note(q, (struct request_note){"sent", id_text(q->arena, id), ""});
    return request_redirect(q, url_industry());
}

enum db_result invite_send(struct request *q)
{
    struct address address = {0};
    struct id once = fields_once(q, &q->form);
    struct panel panel = {.filter = {"", "", ""}};
    uint64_t role_id;
    TRY(invite_role(q, &role_id));
    if (!form_good(&q->form) || address_parse(q->arena, form_value(&q->form, "email"), &address)) return industry_draw(q, &q->form, &panel);

    enum partner_kind kind;
    struct invitation_obstacle obstacle;
    if (!partner_kind_from(form_value(&q->form, "kind"), &kind)) return DB_BUG;
    TRY(invitation_obstacle(q->db, q->session.company_id, kind, address.canon, &obstacle));
    bool suppressed;
    TRY(suppression_has(q->db, address.canon, &suppressed));
    enum invite_verdict verdict = invite_decide(&obstacle, suppressed);
    if (verdict == INVITE_PENDING && obstacle.open_sender == q->session.account_id && id_equal(obstacle.open_once, once)) return sent(q, obstacle.open); /* pressed twice */
    if (verdict != INVITE_NEW && verdict != INVITE_RENEW) return refuse(q, verdict, kind, &obstacle, &address);

    struct mails_invitation mail;
    struct id id;
    enum db_result r = record(q, verdict, &obstacle, &address, role_id, once, &mail, &id);
    if (r == DB_CONFLICT || r == DB_NONE) return DB_RETRY; /* a colleague was faster: decide again on what is true now */
    if (r != DB_OK) return r;
    struct quota_refusal refusal;
    TRY(quota_take(q, address.typed, address.canon, &refusal));
    if (refusal.kind) return too_many(q, &refusal);
    TRY(verdict == INVITE_RENEW ? invite_mail(q, &mail) : invite_mail_first(q, &mail));
    TRY(audit_write(q, (struct audit){.event = verdict == INVITE_RENEW ? "invitation_renewed" : "invitation_sent",
                                      .vendor_id = q->session.company_id,
                                      .invitation_id = mail.invitation_id}));
    return sent(q, id);
}
