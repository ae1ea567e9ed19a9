/* request_language.c - in which language a request is answered: see request.h. */
#include "request.h"

#include "language.h"

#include <string.h>

enum { LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600 };

static bool use(struct request *q, const struct language *l, enum language_source by)
{
    if (!l || by <= q->language_by) return false;
    q->out->language = l;
    q->language_by = by;
    return true;
}

/* Takes "lang=xx" out of the query, so that every page takes it without declaring it. What is not offered stays, and is answered 400 like any
 * field that the page does not know; so does a second one. */
static const struct language *query_take(struct request *q)
{
    for (const char *p = q->query; *p;) {
        size_t n = strcspn(p, "&");
        bool is = n > 5 && n <= 5 + LANGUAGE_TAG_MOST && strncmp(p, "lang=", 5) == 0;
        const struct language *l = is ? language_find(arena_text(q->arena, p + 5, n - 5)) : NULL;
        if (l) {
            size_t before = (size_t)(p - q->query);
            const char *rest = p + n + (p[n] == '&');
            if (!*rest && before) before--; /* its & */
            q->query = arena_printf(q->arena, "%.*s%s", (int)before, q->query, rest);
            return l;
        }
        p += n + (p[n] == '&');
    }
    return NULL;
}

void request_language_begin(struct request *q)
{
    use(q, language_find(q->config->language), LANGUAGE_BY_DEFAULT);
    if (q->accept_language) use(q, language_lookup(q->accept_language), LANGUAGE_BY_BROWSER);
    if (q->cookie) use(q, language_find(request_cookie(q, "lang")), LANGUAGE_BY_COOKIE);
    if (q->method == METHOD_GET && use(q, query_take(q), LANGUAGE_BY_CHOICE)) request_set_cookie(q, "lang", q->out->language->tag, LANGUAGE_COOKIE_SECONDS);
}

void request_language_of_account(struct request *q, const char *tag)
{
    use(q, language_find(tag), LANGUAGE_BY_ACCOUNT);
}

void request_language_of_invitation(struct request *q, const char *tag)
{
    use(q, language_find(tag), LANGUAGE_BY_INVITATION);
}

void request_language_forget(struct request *q)
{
    if (request_cookie(q, "lang")) request_set_cookie(q, "lang", "", 0);
}
