/* request.c - see request.h: what handlers do to the answer. */
#include "request.h"

#include "limit.h"
#include "secret.h"

#include <sodium.h>
#include <string.h>

enum db_result request_redirect(struct request *q, struct url to)
{
    q->response.status = 303;
    q->response.location = to.text;
    q->out->n = 0;
    return DB_OK;
}

enum db_result request_problem(struct request *q, int status)
{
    q->out->n = 0;
    q->response.status = status;
    q->response.location = NULL;
    q->response.immutable = false;
    q->response.secret_page = true; /* whatever the path holds; there is no form here that would need a referrer */
    if ((status == 503 || status == 429) && !q->response.retry_after) q->response.retry_after = 5;
    app.problem(q, status);
    return DB_OK;
}

void request_leave_note(struct request *q, struct request_note note)
{
    const char *text = arena_printf(q->arena, "%s\n%s\n%s", note.code, note.about, note.until);
    size_t room = sodium_base64_encoded_len(strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *value = arena_alloc(q->arena, room);
    sodium_bin2base64(value, room, (const unsigned char *)text, strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    request_set_cookie(q, "note", value, 300);
}

bool request_take_note(struct request *q, struct request_note *note)
{
    const char *value = request_cookie(q, "note");
    if (!value || !*value) return false;
    request_set_cookie(q, "note", "", 0);
    size_t n = 0;
    char *text = arena_alloc(q->arena, strlen(value) + 1);
    if (sodium_base642bin((unsigned char *)text, strlen(value), value, strlen(value), NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    char *about = strchr(text, '\n');
    char *until = about ? strchr(about + 1, '\n') : NULL;
    if (!until) return false;
    *about++ = 0;
    *until++ = 0;
    *note = (struct request_note){.code = text, .about = about, .until = until};
    return true;
}

unsigned request_limit(struct request *q, const char *what, const char *whom, unsigned per_minute)
{
    unsigned most = per_minute * q->config->limit_percent / 100;
    if (per_minute == 0 || q->config->limit_percent == 0) return 0;
    return limit_take(q->limits, secret_hash(SECRET_LIMIT, arena_printf(q->arena, "%s %s", what, whom)), most ? most : 1);
}
