/* mails_account.c - see mails_account.h. */
#include "mails_account.h"

#include "letter.h"
#include "urls.h"
#include "views.h"

static enum db_result begin(struct request *q, const char *email, struct url page, unsigned minutes, bool send, struct letter *l)
{
    TRY(letter_begin(q, &(struct letter_head){.to = email, .minutes = minutes, .mute = !send}, l));
    l->model.link = letter_link(q, page);
    l->model.until = letter_moment_in(minutes);
    return DB_OK;
}

enum db_result mails_verify(struct request *q, const char *email, const char *token, unsigned minutes, bool send)
{
    struct letter l;
    TRY(begin(q, email, url_verify_link(q->arena, token), minutes, send, &l));
    return letter_post(q, &l, LETTER(verify), NULL);
}

enum db_result mails_reset(struct request *q, const char *email, const char *token, unsigned minutes, bool send)
{
    struct letter l;
    TRY(begin(q, email, url_reset(q->arena, token), minutes, send, &l));
    return letter_post(q, &l, LETTER(reset), NULL);
}

enum db_result mails_account_exists(struct request *q, const char *email, bool send)
{
    struct letter l;
    TRY(begin(q, email, url_sign_in(), LETTER_NEWS_MINUTES, send, &l));
    return letter_post(q, &l, LETTER(exists), NULL);
}

enum db_result mails_welcome(struct request *q, const char *email, const char *vendor, enum member_role role)
{
    struct letter l;
    TRY(begin(q, email, url_home(), LETTER_NEWS_MINUTES, true, &l));
    l.model.vendor = vendor;
    l.model.role = role;
    return letter_post(q, &l, LETTER(welcome), NULL);
}

enum db_result mails_password_changed(struct request *q, const char *email)
{
    struct letter l;
    TRY(begin(q, email, url_forgot(), LETTER_NEWS_MINUTES, true, &l));
    return letter_post(q, &l, LETTER(password), NULL);
}
