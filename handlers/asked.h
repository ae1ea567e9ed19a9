/* asked.h - the page that somebody asked for before signing in, and stands on afterwards.
 *
 * It comes as ?next= or in a form's field of that name, and is judged whenever it is read, by the table of routes (url_asked): what is no
 * page of ours, or has a secret in its address, is none. Who has forgotten the password keeps it in a cookie until a new one is set, so the
 * mail's link stays as short as it is, and nobody who asks for the mail chooses what its reader comes to.
 */
#ifndef HANDLERS_ASKED_H
#define HANDLERS_ASKED_H

#include "pages.h"
#include "urls.h"

#define ASKED_FIELD {.name = "next", .kind = FIELD_LINE, .most = URL_ASKED_MOST}

/* Of this request; text NULL: none, which is no reason to refuse anybody. */
struct url asked_page(struct request *q);

/* The sign-in that leads there. */
struct url asked_sign_in(struct request *q, struct url asked);

/* A page that passes it on is asked the same in another language. */
void asked_query(struct request *q, struct page *page, struct url asked);

/* For an hour; nothing ends what was kept before. */
void asked_keep(struct request *q, struct url asked);

/* What was kept, which ends here. */
struct url asked_kept(struct request *q);

#endif
