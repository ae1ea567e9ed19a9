/* pages.h - what every handler that draws a page does first. */
#ifndef HANDLERS_PAGES_H
#define HANDLERS_PAGES_H

#include "model.h"
#include "request.h"

/* The frame: title (msgid), who is signed in, where in the menu; takes the note that was left for this page. */
struct page page_begin(struct request *q, const char *title, enum place place);

/* The same page again with its form's messages: status 422 (RFC 9110 15.5.21). */
void page_fail(struct request *q, struct page *page, const struct form *form);

/* Whether the company in use is a vendor, in which this person has one of the roles that see only their own invitations. */
bool page_sees_own_only(const struct request *q);

/* "Ada Lovelace", or the address when no name is known. */
const char *person_name(struct arena *a, const char *first_name, const char *last_name, const char *email);

/* The start page of who is signed in: the panel for those who may invite, the Customer List for auditors, else /home. */
struct url page_home(const struct request *q);

#endif
