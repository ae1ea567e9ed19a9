/* letter.c - see letter.h. */
#include "letter.h"

#include "address.h"
#include "bounce.h"
#include "language.h"
#include "log.h"
#include "mail.h"
#include "pages.h"
#include "secret.h"
#include "settings_rules.h"
#include "sql/outbox.h"
#include "suppression.h"
#include "urls.h"
#include "utf8.h"

#include <string.h>
#include <time.h>

enum { SUBJECT_MOST = 60, NAME_LEAST = 12, LOGO_WIDTH = 200, LOGO_HEIGHT = 48 /* pixels, at most */ };

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

static struct address address_of(struct request *q, const char *email)
{
    struct address address;
    if (address_parse(q->arena, email, &address)) log_bug("a mail to no address");
    return address;
}

/* The vendor's own where people can read with it, else the portal's. */
static struct colour colour_of(struct request *q, const char *text)
{
    struct colour c = {0x0a, 0x58, 0xa6};
    if (text && *text && !settings_colour_error(q->out, text)) colour_parse(text, &c);
    return c;
}

/* The logo as large as it is, but for the mail's head. Programs that read mail know no maximum, only a width and a height. */
static void logo_put(struct request *q, struct letter *l, uint64_t width, uint64_t height)
{
    if (!width || !height) return;
    l->model.logo = mail_picture_url(q->arena, l->id);
    if (height > LOGO_HEIGHT) width = width * LOGO_HEIGHT / height, height = LOGO_HEIGHT;
    if (width > LOGO_WIDTH) height = height * LOGO_WIDTH / width, width = LOGO_WIDTH;
    l->model.logo_width = width ? width : 1;
    l->model.logo_height = height ? height : 1;
}

enum db_result letter_begin(struct request *q, const struct letter_head *head, struct letter *letter)
{
    struct address address = address_of(q, head->to);
    struct outbox_reader reader;
    TRY(outbox_reader(q->db, head->vendor_id, address.canon, &reader));
    *letter = (struct letter){.head = *head,
                              .id = id_new(),
                              .model = {.colour = colour_of(q, reader.colour),
                                        .portal = q->config->portal_name,
                                        .support_email = q->config->support_email,
                                        .recipient = head->to,
                                        .never = suppression_link(q, address.canon)},
                              .zone = reader.time_zone};
    const char *const tags[] = {reader.own_language, head->language, reader.language};
    letter->language = language_of(q->out); /* of who asks for the mail: no vendor stands behind it */
    for (size_t i = sizeof tags / sizeof *tags; i-- > 0;)
        if (language_find(tags[i])) letter->language = language_find(tags[i]);
    logo_put(q, letter, reader.logo_width, reader.logo_height);
    return DB_OK;
}

static struct out page(struct request *q, const struct letter *letter)
{
    struct out o;
    out_init(&o, q->arena);
    o.zone = letter->zone;
    o.language = letter->language;
    return o;
}

static const char *drawn(struct request *q, const struct letter *letter, const struct mail_model *m, void view(struct out *, const struct mail_model *))
{
    struct out o = page(q, letter);
    view(&o, m);
    return out_text_of(&o);
}

/* The first `n` characters. */
static char *cut(struct arena *a, const char *text, size_t n)
{
    const char *p = text;
    for (; *p && n; n--)
        do p++;
        while (((unsigned char)*p & 0xc0) == 0x80);
    return arena_text(a, text, (size_t)(p - text));
}

/* So much shorter that the subject fits, but recognisable. */
static const char *shorter(struct arena *a, const char *name, size_t excess)
{
    size_t n = name ? utf8_length(name) : 0;
    if (n <= NAME_LEAST) return name;
    size_t keep = n > excess + 1 + NAME_LEAST ? n - excess - 1 : NAME_LEAST;
    char *text = cut(a, name, keep);
    for (size_t end = strlen(text); end && text[end - 1] == ' '; end--) text[end - 1] = 0;
    return arena_printf(a, "%s…", text);
}

/* At most SUBJECT_MOST characters in every language: names give way before words do, the partner's before the vendor's. */
static const char *subject_of(struct request *q, const struct letter *letter, struct letter_views views)
{
    struct mail_model m = letter->model;
    const char **names[] = {&m.company, &m.vendor, &m.portal};
    const char *subject = drawn(q, letter, &m, views.subject);
    for (size_t i = 0; i < sizeof names / sizeof *names && utf8_length(subject) > SUBJECT_MOST; i++) {
        *names[i] = shorter(q->arena, *names[i], utf8_length(subject) - SUBJECT_MOST);
        subject = drawn(q, letter, &m, views.subject);
    }
    if (utf8_length(subject) <= SUBJECT_MOST) return subject;
    return arena_printf(q->arena, "%s…", cut(q->arena, subject, SUBJECT_MOST - 1));
}

static const char *from_name(struct request *q, const struct letter *letter)
{
    struct out o = page(q, letter);
    /* TRANSLATORS: who sends a mail: the vendor's name, the portal's name. */
    return arena_printf(q->arena, out_tr(&o, "%s via %s"), letter->model.vendor, letter->model.portal);
}

enum db_result letter_post(struct request *q, const struct letter *letter, struct letter_views views, uint64_t *outbox_id)
{
    const struct letter_head *h = &letter->head;
    const struct mail_model *m = &letter->model;
    const uint8_t *key = public_key(q->config);
    struct address address = address_of(q, h->to);
    enum mail_state state = h->mute ? MAIL_STATE_WITHDRAWN : MAIL_STATE_QUEUED;
    if (!key) return DB_BUG;
    if (h->unsolicited) {
        bool listed;
        TRY(suppression_has(q->db, address.canon, &listed));
        if (listed && !h->mute) state = MAIL_STATE_SUPPRESSED;
    }
    struct mail mail = {.from_name = h->personal ? from_name(q, letter) : m->portal,
                        .from = q->config->mail_from,
                        .to = h->to,
                        .reply_to_name = h->personal && mail_sender_named(m) ? m->sender_name : NULL,
                        .reply_to = h->personal ? m->sender_email : m->support_email,
                        .subject = subject_of(q, letter, views),
                        .language = letter->language->tag,
                        .text = drawn(q, letter, m, views.text),
                        .html = drawn(q, letter, m, views.html),
                        .pictured = m->logo.text != NULL,
                        .unsubscribe = m->never.text,
                        .host = strchr(q->config->mail_from, '@') + 1,
                        .id = letter->id,
                        .date = now()};
    struct bytes sealed = mail_seal(q->arena, mail_build(q->arena, &mail), key);
    return outbox_add(q->db, mail.id, h->invitation_id, h->vendor_id, bounce_sender(q->arena, q->config, mail.id), h->to,
                      secret_hash(SECRET_ADDRESS, address.canon), h->unsolicited, mail.pictured, sealed, state, h->minutes, outbox_id);
}

struct url letter_link(struct request *q, struct url page)
{
    return url_absolute(q->arena, q->config->base_url, page);
}

struct moment letter_moment_in(uint64_t minutes)
{
    return (struct moment){now().us + (int64_t)minutes * 60 * 1000000};
}

uint64_t letter_minutes_until(struct moment end)
{
    int64_t minutes = (end.us - now().us) / 60000000;
    return minutes > 0 ? (uint64_t)minutes : 0;
}

uint64_t letter_own_vendor(const struct request *q)
{
    return q->session.company_kind && strcmp(q->session.company_kind, "vendor") == 0 ? q->session.company_id : 0;
}

void letter_from_me(struct request *q, struct mail_model *m)
{
    const struct session *s = &q->session;
    m->vendor = s->company_name;
    m->sender_name = person_name(q->arena, s->first_name, s->last_name, s->email);
    m->sender_email = s->email;
}
