/* mails_partner.c - the mails between a vendor and the companies that it is connected with, or asks to be. */
#include "mails.h"

#include "letter.h"
#include "urls.h"
#include "views.h"

/* On whose behalf: `vendor_id`, or 0. */
static enum db_result begin(struct request *q, const char *to, uint64_t vendor_id, struct url page, struct letter *l)
{
    TRY(letter_begin(q, &(struct letter_head){.to = to, .vendor_id = vendor_id, .minutes = LETTER_NEWS_MINUTES}, l));
    l->model.link = letter_link(q, page);
    return DB_OK;
}

enum db_result mails_message(struct request *q, const char *email, const char *vendor, const char *from, struct url thread, uint64_t *outbox_id)
{
    struct letter l;
    TRY(begin(q, email, letter_own_vendor(q), thread, &l));
    l.model.vendor = vendor;
    l.model.company = from;
    return letter_post(q, &l, LETTER(message), outbox_id);
}

enum db_result mails_disconnected(struct request *q, const struct mails_disconnected *d)
{
    struct letter l;
    TRY(begin(q, d->to, letter_own_vendor(q), url_home(), &l));
    l.model.vendor = d->vendor;
    l.model.company = d->partner;
    l.model.who = d->by_partner ? d->partner : d->vendor;
    return letter_post(q, &l, LETTER(disconnected), NULL);
}

enum db_result mails_admission_asked(struct request *q, const struct mails_admission *j)
{
    struct letter l;
    TRY(letter_begin(q, &(struct letter_head){.to = j->to ? j->to : j->who, .minutes = LETTER_NEWS_MINUTES, .mute = !j->to}, &l));
    l.model.who = j->who;
    l.model.sender_name = j->name;
    l.model.company = j->company ? j->company : j->who;
    l.model.vendor = j->vendor;
    l.model.link = letter_link(q, url_home());
    return letter_post(q, &l, LETTER(admission_asked), NULL);
}

enum db_result mails_admitted(struct request *q, const struct mails_admission *j)
{
    struct letter l;
    TRY(begin(q, j->to, letter_own_vendor(q), url_home(), &l));
    l.model.company = j->company;
    return letter_post(q, &l, LETTER(admitted), NULL);
}

enum db_result mails_asking(struct request *q, const struct mails_asking *a, uint64_t *outbox_id)
{
    struct letter l;
    TRY(letter_begin(q,
                     &(struct letter_head){.to = a->to,
                                           .vendor_id = q->session.company_id,
                                           .minutes = a->days * 24 * 60,
                                           .unsolicited = true,
                                           .mute = !a->known,
                                           .personal = true},
                     &l));
    letter_from_me(q, &l.model);
    l.model.kind = a->kind;
    l.model.until = letter_moment_in(a->days * 24 * 60);
    l.model.link = letter_link(q, url_answer(q->arena, a->asked));
    return letter_post(q, &l, LETTER(asking), outbox_id);
}

enum db_result mails_linked(struct request *q, const struct mails_linked *d)
{
    struct letter l;
    TRY(begin(q, d->to, d->vendor_id, d->page, &l));
    l.model.vendor = d->vendor;
    l.model.company = d->partner;
    l.model.who = q->session.email;
    return letter_post(q, &l, LETTER(linked), NULL);
}
