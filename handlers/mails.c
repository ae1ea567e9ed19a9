/* mails.c - see mails.h. */
#include "mails.h"

#include "add_partner.h"
#include "bounce.h"
#include "address.h"
#include "log.h"
#include "mail.h"
#include "pages.h"
#include "secret.h"
#include "sql/outbox.h"
#include "suppression.h"
#include "urls.h"
#include "views.h"

#include <string.h>
#include <time.h>

enum { MAILS_NEWS_MINUTES = 3 * 24 * 60 };

static const uint8_t *public_key(const struct config *config)
{
    static uint8_t key[32];
    static bool loaded;
    if (!loaded) loaded = secret_read_key(config->mail_public_file, key);
    return loaded ? key : NULL;
}

static struct moment now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (struct moment){(int64_t)t.tv_sec * 1000000};
}

struct letter {
    struct mail mail;
    uint64_t invitation_id, vendor_id; /* vendor_id 0: not on behalf of a vendor */
    bool unsolicited;                  /* nobody at that address asked for it: never to somebody on the do-not-invite list */
    enum mail_state state;
    uint64_t minutes; /* of trying */
};

static enum db_result post(struct request *q, struct letter letter, uint64_t *outbox_id)
{
    const uint8_t *key = public_key(q->config);
    struct address address;
    if (!key) return DB_BUG;
    if (address_parse(q->arena, letter.mail.to, &address)) log_bug("a mail to no address");
    if (letter.unsolicited) {
        bool listed;
        TRY(suppression_has(q->db, address.canon, &listed));
        if (listed) letter.state = MAIL_STATE_SUPPRESSED;
        letter.mail.unsubscribe = suppression_link(q, address.canon).text;
    }
    letter.mail.from = q->config->mail_from;
    letter.mail.host = strchr(q->config->mail_from, '@') + 1;
    letter.mail.id = id_new();
    letter.mail.date = now();
    if (!letter.mail.language) letter.mail.language = "en";
    struct bytes sealed = mail_seal(q->arena, mail_build(q->arena, &letter.mail), key);
    return outbox_add(q->db, letter.mail.id, letter.invitation_id, letter.vendor_id, bounce_sender(q->arena, q->config, letter.mail.id), letter.mail.to, secret_hash(SECRET_ADDRESS, address.canon),
                      letter.unsolicited, sealed, letter.state, letter.minutes, outbox_id);
}

static struct out body(struct request *q)
{
    struct out o;
    out_init(&o, q->arena);
    o.zone = q->out->zone;
    return o;
}

static struct mail_model model(struct request *q, const char *recipient)
{
    return (struct mail_model){.portal = q->config->portal_name, .support_email = q->config->support_email, .recipient = recipient};
}

/* The same for a mail that nobody at the address asked for: its foot has the way out, and `post` must be told `unsolicited`. */
static struct mail_model model_unsolicited(struct request *q, const char *recipient)
{
    struct mail_model m = model(q, recipient);
    struct address address;
    if (address_parse(q->arena, recipient, &address)) log_bug("a mail to no address");
    m.never = suppression_link(q, address.canon);
    return m;
}

/* Whom the mail names as the sender, and until when it says that the link works. */
static void invitation_model(struct request *q, const struct mails_invitation *i, struct mail_model *m)
{
    const struct session *s = &q->session;
    const struct link *l = i->link;
    m->vendor = l ? l->vendor : s->company_name;
    m->sender_name = l ? person_name(q->arena, l->sender_first_name, l->sender_last_name, l->sender_email)
                       : person_name(q->arena, s->first_name, s->last_name, s->email);
    m->sender_email = l ? l->sender_email : s->email;
    m->kind = i->kind;
    m->message = i->message;
    m->until = l ? l->expires_at : (struct moment){now().us + (int64_t)i->days * 86400 * 1000000};
    m->link = url_absolute(q->arena, q->config->base_url, url_link(q->arena, i->token));
}

enum db_result mails_invitation(struct request *q, const struct mails_invitation *i, uint64_t *outbox_id)
{
    struct mail_model m = model_unsolicited(q, i->email);
    struct added_partner added;
    enum db_result r = add_partner_of(q, i->invitation_id, &added);
    if (r != DB_OK && r != DB_NONE) return r;
    invitation_model(q, i, &m);
    m.added = r == DB_OK;
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_invitation_subject(&subject, &m);
    view_mail_invitation_text(&text, &m);
    view_mail_invitation_html(&html, &m);
    int64_t minutes = (m.until.us - now().us) / 60000000;
    struct letter letter = {.invitation_id = i->invitation_id,
                            .vendor_id = i->link ? i->link->vendor_id : q->session.company_id,
                            .unsolicited = true,
                            .state = MAIL_STATE_QUEUED,
                            .minutes = minutes > 0 ? (uint64_t)minutes : 0};
    letter.mail = (struct mail){.from_name = arena_printf(q->arena, "%s via %s", m.vendor, m.portal),
                                .to = i->email,
                                .reply_to_name = m.sender_name,
                                .reply_to = m.sender_email,
                                .subject = out_text_of(&subject),
                                .text = out_text_of(&text),
                                .html = out_text_of(&html)};
    return post(q, letter, outbox_id);
}

enum db_result mails_accepted(struct request *q, const struct link *link, const char *who, const char *company)
{
    struct mail_model m = model(q, link->sender_email);
    m.vendor = link->vendor;
    m.who = who;
    m.company = company;
    m.kind = link->kind;
    m.link = url_absolute(q->arena, q->config->base_url, url_invitation(q->arena, link->public_id));
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_accepted_subject(&subject, &m);
    view_mail_accepted_text(&text, &m);
    view_mail_accepted_html(&html, &m);
    struct letter letter = {.vendor_id = link->vendor_id, .state = MAIL_STATE_QUEUED, .minutes = MAILS_NEWS_MINUTES};
    letter.mail = (struct mail){
        .from_name = m.portal, .to = link->sender_email, .subject = out_text_of(&subject), .text = out_text_of(&text), .html = out_text_of(&html)};
    return post(q, letter, NULL);
}

/* News of an invitation for who sent it. */
static struct mail_model news(struct request *q, const struct link *link, const char *to)
{
    struct mail_model m = model(q, to);
    m.vendor = link->vendor;
    m.who = link->email;
    m.kind = link->kind;
    m.until = link->expires_at;
    m.link = url_absolute(q->arena, q->config->base_url, url_invitation(q->arena, link->public_id));
    return m;
}

/* The vendor in whose name the signed-in person acts; 0: none. */
static uint64_t own_vendor(const struct request *q)
{
    return q->session.company_kind && strcmp(q->session.company_kind, "vendor") == 0 ? q->session.company_id : 0;
}

/* `vendor_id`: on whose behalf, so that it waits while that vendor is suspended; 0: nobody's. */
static enum db_result news_post(struct request *q, uint64_t vendor_id, const struct mail_model *m, struct out *subject, struct out *text, struct out *html,
                                uint64_t *outbox_id)
{
    struct letter letter = {.vendor_id = vendor_id, .state = MAIL_STATE_QUEUED, .minutes = MAILS_NEWS_MINUTES};
    letter.mail = (struct mail){
        .from_name = m->portal, .to = m->recipient, .subject = out_text_of(subject), .text = out_text_of(text), .html = out_text_of(html)};
    return post(q, letter, outbox_id);
}

enum db_result mails_declined(struct request *q, const struct link *link, const char *to)
{
    struct mail_model m = news(q, link, to);
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_declined_subject(&subject, &m);
    view_mail_declined_text(&text, &m);
    view_mail_declined_html(&html, &m);
    return news_post(q, link->vendor_id, &m, &subject, &text, &html, NULL);
}

enum db_result mails_asked(struct request *q, const struct link *link, const char *to)
{
    struct mail_model m = news(q, link, to);
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_asked_subject(&subject, &m);
    view_mail_asked_text(&text, &m);
    view_mail_asked_html(&html, &m);
    return news_post(q, link->vendor_id, &m, &subject, &text, &html, NULL);
}

enum db_result mails_message(struct request *q, const char *email, const char *vendor, const char *from, struct url thread, uint64_t *outbox_id)
{
    struct mail_model m = model(q, email);
    m.vendor = vendor;
    m.company = from;
    m.link = url_absolute(q->arena, q->config->base_url, thread);
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_message_subject(&subject, &m);
    view_mail_message_text(&text, &m);
    view_mail_message_html(&html, &m);
    return news_post(q, own_vendor(q), &m, &subject, &text, &html, outbox_id);
}

enum db_result mails_disconnected(struct request *q, const struct mails_disconnected *d)
{
    struct mail_model m = model(q, d->to);
    m.vendor = d->vendor;
    m.company = d->partner;
    m.who = d->by_partner ? d->partner : d->vendor;
    m.link = url_absolute(q->arena, q->config->base_url, url_home());
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_disconnected_subject(&subject, &m);
    view_mail_disconnected_text(&text, &m);
    view_mail_disconnected_html(&html, &m);
    struct letter letter = {.vendor_id = own_vendor(q), .state = MAIL_STATE_QUEUED, .minutes = MAILS_NEWS_MINUTES};
    letter.mail = (struct mail){
        .from_name = m.portal, .to = d->to, .subject = out_text_of(&subject), .text = out_text_of(&text), .html = out_text_of(&html)};
    return post(q, letter, NULL);
}

enum db_result mails_admission_asked(struct request *q, const struct mails_admission *j)
{
    struct mail_model m = model(q, j->to ? j->to : j->who);
    m.who = j->who;
    m.sender_name = j->name;
    m.company = j->company ? j->company : j->who;
    m.vendor = j->vendor;
    m.link = url_absolute(q->arena, q->config->base_url, url_home());
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_admission_asked_subject(&subject, &m);
    view_mail_admission_asked_text(&text, &m);
    view_mail_admission_asked_html(&html, &m);
    struct letter letter = {.state = j->to ? MAIL_STATE_QUEUED : MAIL_STATE_WITHDRAWN, .minutes = MAILS_NEWS_MINUTES};
    letter.mail = (struct mail){
        .from_name = m.portal, .to = m.recipient, .subject = out_text_of(&subject), .text = out_text_of(&text), .html = out_text_of(&html)};
    return post(q, letter, NULL);
}

enum db_result mails_admitted(struct request *q, const struct mails_admission *j)
{
    struct mail_model m = model(q, j->to);
    m.company = j->company;
    m.link = url_absolute(q->arena, q->config->base_url, url_home());
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_admitted_subject(&subject, &m);
    view_mail_admitted_text(&text, &m);
    view_mail_admitted_html(&html, &m);
    return news_post(q, own_vendor(q), &m, &subject, &text, &html, NULL);
}

enum db_result mails_asking(struct request *q, const char *email, bool known, enum partner_kind kind, unsigned days)
{
    const struct session *s = &q->session;
    struct mail_model m = model_unsolicited(q, email);
    m.vendor = s->company_name;
    m.sender_name = person_name(q->arena, s->first_name, s->last_name, s->email);
    m.sender_email = s->email;
    m.kind = kind;
    m.until = (struct moment){now().us + (int64_t)days * 86400 * 1000000};
    m.link = url_absolute(q->arena, q->config->base_url, url_home());
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_asking_subject(&subject, &m);
    view_mail_asking_text(&text, &m);
    view_mail_asking_html(&html, &m);
    struct letter letter = {.vendor_id = s->company_id, .unsolicited = known, .state = known ? MAIL_STATE_QUEUED : MAIL_STATE_WITHDRAWN, .minutes = (uint64_t)days * 24 * 60};
    letter.mail = (struct mail){.from_name = arena_printf(q->arena, "%s via %s", m.vendor, m.portal),
                                .to = email,
                                .reply_to_name = m.sender_name,
                                .reply_to = m.sender_email,
                                .subject = out_text_of(&subject),
                                .text = out_text_of(&text),
                                .html = out_text_of(&html)};
    return post(q, letter, NULL);
}

enum db_result mails_linked(struct request *q, const struct mails_linked *d)
{
    struct mail_model m = model(q, d->to);
    m.vendor = d->vendor;
    m.company = d->partner;
    m.who = q->session.email;
    m.link = url_absolute(q->arena, q->config->base_url, d->page);
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_linked_subject(&subject, &m);
    view_mail_linked_text(&text, &m);
    view_mail_linked_html(&html, &m);
    return news_post(q, d->vendor_id, &m, &subject, &text, &html, NULL);
}

enum db_result mails_reset(struct request *q, const char *email, bool known, const char *token, unsigned minutes)
{
    struct mail_model m = model(q, email);
    m.until = (struct moment){now().us + (int64_t)minutes * 60 * 1000000};
    m.link = url_absolute(q->arena, q->config->base_url, url_reset(q->arena, token));
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_reset_subject(&subject, &m);
    view_mail_reset_text(&text, &m);
    view_mail_reset_html(&html, &m);
    struct letter letter = {.state = known ? MAIL_STATE_QUEUED : MAIL_STATE_WITHDRAWN, .minutes = minutes};
    letter.mail = (struct mail){.from_name = m.portal, .to = email, .subject = out_text_of(&subject), .text = out_text_of(&text), .html = out_text_of(&html)};
    return post(q, letter, NULL);
}

enum db_result mails_colleague(struct request *q, const char *email, const char *role, unsigned days, const char *token, uint64_t *outbox_id)
{
    const struct session *s = &q->session;
    struct mail_model m = model_unsolicited(q, email);
    m.vendor = s->company_name;
    m.sender_name = person_name(q->arena, s->first_name, s->last_name, s->email);
    m.sender_email = s->email;
    m.role = role;
    m.until = (struct moment){now().us + (int64_t)days * 86400 * 1000000};
    m.link = url_absolute(q->arena, q->config->base_url, url_join(q->arena, token));
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_colleague_subject(&subject, &m);
    view_mail_colleague_text(&text, &m);
    view_mail_colleague_html(&html, &m);
    struct letter letter = {.vendor_id = s->company_id, .unsolicited = true, .state = MAIL_STATE_QUEUED, .minutes = (uint64_t)days * 24 * 60};
    letter.mail = (struct mail){.from_name = arena_printf(q->arena, "%s via %s", m.vendor, m.portal),
                                .to = email,
                                .reply_to_name = m.sender_name,
                                .reply_to = m.sender_email,
                                .subject = out_text_of(&subject),
                                .text = out_text_of(&text),
                                .html = out_text_of(&html)};
    return post(q, letter, outbox_id);
}

enum db_result mails_team(struct request *q, const char *email, const char *role)
{
    struct mail_model m = model(q, email);
    m.vendor = q->session.company_name;
    m.sender_email = q->session.email;
    m.role = role;
    m.link = url_absolute(q->arena, q->config->base_url, url_sign_in());
    struct out subject = body(q), text = body(q), html = body(q);
    view_mail_team_subject(&subject, &m);
    view_mail_team_text(&text, &m);
    view_mail_team_html(&html, &m);
    struct letter letter = {.vendor_id = q->session.company_id, .state = MAIL_STATE_QUEUED, .minutes = MAILS_NEWS_MINUTES};
    letter.mail = (struct mail){.from_name = m.portal, .to = email, .subject = out_text_of(&subject), .text = out_text_of(&text), .html = out_text_of(&html)};
    return post(q, letter, NULL);
}

enum db_result mails_plain(struct request *q, const struct mails_plain *m)
{
    struct letter letter = {.state = m->send ? MAIL_STATE_QUEUED : MAIL_STATE_WITHDRAWN, .minutes = m->minutes};
    letter.mail = (struct mail){.from_name = q->config->portal_name, .to = m->to, .subject = m->subject, .text = m->text, .html = m->html};
    return post(q, letter, NULL);
}

struct moment mails_moment_in(unsigned minutes)
{
    return (struct moment){now().us + (int64_t)minutes * 60 * 1000000};
}
