/* mails_invitation.c - the mails of an invitation: the link to the invitee, and what became of it to who sent it. */
#include "mails.h"

#include "add_partner.h"
#include "letter.h"
#include "pages.h"
#include "urls.h"
#include "views.h"

enum db_result mails_invitation(struct request *q, const struct mails_invitation *i, uint64_t *outbox_id)
{
    const struct link *link = i->link;
    struct added_partner added;
    enum db_result r = add_partner_of(q, i->invitation_id, &added);
    if (r != DB_OK && r != DB_NONE) return r;
    struct moment until = link ? link->expires_at : letter_moment_in(i->days * 24 * 60);
    struct letter l;
    TRY(letter_begin(q,
                     &(struct letter_head){.to = i->email,
                                           .vendor_id = link ? link->vendor_id : q->session.company_id,
                                           .invitation_id = i->invitation_id,
                                           .minutes = letter_minutes_until(until),
                                           .language = i->language,
                                           .unsolicited = true,
                                           .personal = true},
                     &l));
    if (link) {
        l.model.vendor = link->vendor;
        l.model.sender_name = person_name(q->arena, link->sender_first_name, link->sender_last_name, link->sender_email);
        l.model.sender_email = link->sender_email;
    } else {
        letter_from_me(q, &l.model);
    }
    l.model.kind = i->kind;
    l.model.message = i->message;
    l.model.until = until;
    l.model.reason = i->reason;
    l.model.added = r == DB_OK;
    l.model.link = letter_link(q, url_link(q->arena, i->token));
    return letter_post(q, &l, i->reason == MAIL_REMINDER ? LETTER(reminder) : LETTER(invitation), outbox_id);
}

/* News of an invitation for who sent it. */
static enum db_result news(struct request *q, const struct link *link, const char *to, struct letter *l)
{
    TRY(letter_begin(q, &(struct letter_head){.to = to, .vendor_id = link->vendor_id, .minutes = LETTER_NEWS_MINUTES}, l));
    l->model.vendor = link->vendor;
    l->model.who = link->email;
    l->model.kind = link->kind;
    l->model.until = link->expires_at;
    l->model.link = letter_link(q, url_invitation(q->arena, link->public_id));
    return DB_OK;
}

enum db_result mails_accepted(struct request *q, const struct link *link, const char *who, const char *company)
{
    struct letter l;
    TRY(news(q, link, link->sender_email, &l));
    l.model.who = who;
    l.model.company = company;
    return letter_post(q, &l, LETTER(accepted), NULL);
}

enum db_result mails_declined(struct request *q, const struct link *link, const char *to)
{
    struct letter l;
    TRY(news(q, link, to, &l));
    return letter_post(q, &l, LETTER(declined), NULL);
}

enum db_result mails_asked(struct request *q, const struct link *link, const char *to)
{
    struct letter l;
    TRY(news(q, link, to, &l));
    return letter_post(q, &l, LETTER(asked), NULL);
}
