/* asked.c - see asked.h. */
#include "asked.h"

#include <sodium.h>
#include <string.h>

static const char cookie[] = "asked";
enum { ASKED_COOKIE_SECONDS = 60 * 60, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

/* A language chosen here is newer than the one that the page was asked for in. */
struct url asked_page(struct request *q)
{
    form_forgive(&q->form, "next");
    const char *asked = form_value(&q->form, "next");
    return q->language_by == LANGUAGE_BY_CHOICE ? url_asked_in_any_language(q->arena, asked) : url_asked(q->arena, asked);
}

struct url asked_sign_in(struct request *q, struct url asked)
{
    return url_sign_in_to(q->arena, asked.text ? asked.text : "");
}

void asked_query(struct request *q, struct page *page, struct url asked)
{
    const char *here = asked_sign_in(q, asked).text;
    page->query = here + strcspn(here, "?") + (asked.text != NULL);
}

void asked_keep(struct request *q, struct url asked)
{
    if (!asked.text) {
        if (request_cookie(q, cookie)) request_set_cookie(q, cookie, "", 0);
        return;
    }
    size_t n = strlen(asked.text), room = sodium_base64_encoded_len(n, VARIANT);
    char *value = arena_alloc(q->arena, room);
    sodium_bin2base64(value, room, (const unsigned char *)asked.text, n, VARIANT);
    request_set_cookie(q, cookie, value, ASKED_COOKIE_SECONDS);
}

struct url asked_kept(struct request *q)
{
    const char *value = request_cookie(q, cookie);
    if (!value || !*value) return (struct url){0};
    request_set_cookie(q, cookie, "", 0);
    size_t n = 0;
    char *text = arena_alloc(q->arena, strlen(value) + 1);
    if (sodium_base642bin((unsigned char *)text, strlen(value), value, strlen(value), NULL, &n, NULL, VARIANT) != 0 || strlen(text) != n) return (struct url){0};
    return url_asked(q->arena, text);
}
