/* session.c - see session.h. */
#include "session.h"

#include "out.h"
#include "secret.h"

#include <sodium.h>
#include <string.h>

static bool secure(const struct request *q)
{
    return strncmp(q->config->base_url, "https:", 6) == 0;
}

static const char *cookie_name(const struct request *q, const char *name)
{
    return secure(q) ? arena_printf(q->arena, "__Host-%s", name) : name;
}

const char *request_cookie(const struct request *q, const char *name)
{
    const char *full = cookie_name(q, name);
    size_t n = strlen(full);
    for (const char *p = q->cookie; p && *p;) {
        while (*p == ' ' || *p == ';') p++;
        size_t size = strcspn(p, ";");
        if (size > n && strncmp(p, full, n) == 0 && p[n] == '=') return arena_text(q->arena, p + n + 1, size - n - 1);
        p += size;
    }
    return NULL;
}

void request_set_cookie(struct request *q, const char *name, const char *value, unsigned seconds)
{
    const char *age = !*value ? "; Max-Age=0" : seconds ? arena_printf(q->arena, "; Max-Age=%u", seconds) : "";
    const char *const words[] = {q->response.cookies ? q->response.cookies : "", "Set-Cookie: ", cookie_name(q, name), "=", value,
                                 "; Path=/; HttpOnly; SameSite=Lax", secure(q) ? "; Secure" : "", age, "\r\n"};
    struct out o;
    out_init(&o, q->arena);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) out_raw(&o, words[i], strlen(words[i]));
    q->response.cookies = out_text_of(&o);
}

static const char *secret_cookie(const struct request *q, const char *name)
{
    const char *value = request_cookie(q, name);
    return secret_well_formed(value) ? value : NULL;
}

static void visitor_new(struct request *q)
{
    q->visitor = secret_new(q->arena);
    request_set_cookie(q, "visitor", q->visitor, 0);
}

enum db_result session_load(struct request *q)
{
    const char *session = secret_cookie(q, "session");
    if (session) {
        struct hash hash = secret_hash(SECRET_SESSION, session);
        enum db_result r = app.session_load(q, hash);
        if (r == DB_OK) {
            q->session.hash = hash;
            q->signed_in = true;
            q->visitor = session;
        }
        if (r != DB_NONE) return r;
    }
    q->visitor = secret_cookie(q, "visitor");
    if (!q->visitor) visitor_new(q);
    return DB_OK;
}

const char *session_csrf(struct request *q)
{
    return secret_hash_text(q->arena, SECRET_CSRF, q->visitor);
}

bool session_request_genuine(const struct request *q, const char *csrf)
{
    bool same_site = q->fetch_site && strcmp(q->fetch_site, "same-origin") == 0;
    if (q->fetch_site && !same_site) return false;
    if (q->origin && strcmp(q->origin, q->config->base_url) != 0 && !(same_site && strcmp(q->origin, "null") == 0)) return false;
    return csrf && q->visitor && secret_equal(csrf, secret_hash_text(q->arena, SECRET_CSRF, q->visitor));
}

struct hash request_session_new(struct request *q)
{
    const char *secret = secret_new(q->arena);
    request_set_cookie(q, "session", secret, 0);
    if (request_cookie(q, "visitor")) request_set_cookie(q, "visitor", "", 0);
    return secret_hash(SECRET_SESSION, secret);
}

void request_session_end(struct request *q)
{
    request_set_cookie(q, "session", "", 0);
    request_set_cookie(q, "visitor", "", 0);
    q->response.clear_site_data = true;
}
