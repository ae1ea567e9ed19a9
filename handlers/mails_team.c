/* mails_team.c - the mails of a vendor's team. */
#include "mails.h"

#include "letter.h"
#include "urls.h"
#include "views.h"

enum db_result mails_colleague(struct request *q, const char *email, enum member_role role, unsigned days, const char *token, uint64_t *outbox_id)
{
    struct letter l;
    TRY(letter_begin(q,
                     &(struct letter_head){.to = email,
                                           .vendor_id = q->session.company_id,
                                           .minutes = days * 24 * 60,
                                           .unsolicited = true,
                                           .personal = true},
                     &l));
    letter_from_me(q, &l.model);
    l.model.role = role;
    l.model.until = letter_moment_in(days * 24 * 60);
    l.model.link = letter_link(q, url_join(q->arena, token));
    return letter_post(q, &l, LETTER(colleague), outbox_id);
}

enum db_result mails_team(struct request *q, const char *email, enum member_role role)
{
    struct letter l;
    TRY(letter_begin(q, &(struct letter_head){.to = email, .vendor_id = q->session.company_id, .minutes = LETTER_NEWS_MINUTES}, &l));
    letter_from_me(q, &l.model);
    l.model.role = role;
    l.model.link = letter_link(q, url_sign_in());
    return letter_post(q, &l, LETTER(team), NULL);
}

/* On nobody's behalf: it must not wait until the vendor is open again. */
enum db_result mails_closing(struct request *q, const char *email, struct moment until)
{
    struct letter l;
    TRY(letter_begin(q, &(struct letter_head){.to = email, .minutes = LETTER_NEWS_MINUTES}, &l));
    letter_from_me(q, &l.model);
    l.model.until = until;
    l.model.link = letter_link(q, url_closing());
    return letter_post(q, &l, LETTER(closing), NULL);
}
