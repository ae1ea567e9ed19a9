/* browser.c - see browser.h. */
#include "browser.h"

#include "secret.h"

enum { BROWSER_SECONDS = 2 * 24 * 60 * 60 };

static const char *cookie(struct request *q)
{
    const char *value = request_cookie(q, "browser");
    return secret_well_formed(value) ? value : NULL;
}

struct hash browser_mark(struct request *q)
{
    const char *secret = cookie(q);
    if (!secret) secret = secret_new(q->arena);
    request_set_cookie(q, "browser", secret, BROWSER_SECONDS);
    return secret_hash(SECRET_BROWSER, secret);
}

struct hash browser_seen(struct request *q)
{
    const char *secret = cookie(q);
    return secret_hash(SECRET_BROWSER, secret ? secret : secret_new(q->arena));
}
