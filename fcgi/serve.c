/* serve.c - one request, in order: route, rate limit, session, permission, form and CSRF, handler in a transaction, answer.
 *
 * Not an array of function pointers: the order is visible and a debugger steps through it. Whatever happens, one well-formed
 * answer leaves and one line is logged.
 */
#include "serve.h"

#include "db_options.h"
#include "hint.h"
#include "limit.h"
#include "log.h"
#include "multipart.h"
#include "pool.h"
#include "request.h"
#include "response.h"
#include "router.h"
#include "secret.h"
#include "session.h"
#include "upload.h"

#include <errno.h>
#include <fcgiapp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint64_t SWEEP_US = 10 * 60 * UINT64_C(1000000);

enum { SERVE_TRIES = 4, SERVE_PAGE = 8 << 10 /* what an invitee sees is never copied; the end of each request wipes it */ };

struct serve {
    const struct config *config;
    const char *host; /* of base_url: what the Host header must say */
    struct scoreboard_slot *slot;
    struct limit_table *limits;
    struct hints *hints;
    enum scoreboard_pool pool;
    struct arena *arena;
    struct db *db;
    struct db_options options;
    struct id last; /* the last request's id */
    uint64_t sweep_us; /* the next look for files */
};

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

struct serve *serve_new(const struct config *config, struct scoreboard_slot *slot, struct limit_table *limits, struct hints *hints)
{
    router_check(app.routes);
    if (!secret_load(config->secret_file)) return NULL;
    struct serve *s = calloc(1, sizeof *s);
    if (!s) log_bug("no memory at the start");
    *s = (struct serve){.config = config, .slot = slot, .limits = limits, .hints = hints, .pool = (enum scoreboard_pool)atomic_load(&slot->pool), .arena = arena_new(), .last = id_new()};
    s->host = strstr(config->base_url, "//") + 2;
    if (!db_options_read(config, &s->options)) return NULL;
    s->db = db_new(&s->options);
    return s;
}

void serve_free(struct serve *s)
{
    db_free(s->db);
    arena_free(s->arena);
    free(s);
}

/* Unique, not secret: 64 random bits of this process and a counter from a random beginning, so that no request asks the kernel. */
static struct id request_id(struct serve *s)
{
    uint64_t n;
    memcpy(&n, s->last.b + 8, sizeof n);
    n++;
    memcpy(s->last.b + 8, &n, sizeof n);
    return s->last;
}

/* ---- what came in ---- */

static const char *copied(struct arena *a, const char *text)
{
    return text ? arena_text(a, text, strlen(text)) : NULL;
}

/* One walk over what nginx sent; only these names exist for us, so no client header of another name has any effect. */
static void parameters_read(struct request *q, char **envp, const char **method, const char **uri, const char **length)
{
#define WANTED(text, where) {.name = text, .n = sizeof(text) - 1, .to = where}
    struct {
        const char *name;
        size_t n;
        const char **to;
    } wanted[] = {WANTED("REQUEST_METHOD", method),      WANTED("REQUEST_URI", uri),
                  WANTED("CONTENT_LENGTH", length),      WANTED("CONTENT_TYPE", &q->content_type),
                  WANTED("REMOTE_ADDR", &q->remote),     WANTED("HTTP_HOST", &q->host),
                  WANTED("HTTP_COOKIE", &q->cookie),     WANTED("HTTP_ORIGIN", &q->origin),
                  WANTED("HTTP_SEC_FETCH_SITE", &q->fetch_site), WANTED("HTTP_ACCEPT_LANGUAGE", &q->accept_language)};
#undef WANTED
    for (; *envp; envp++) {
        const char *value = strchr(*envp, '=');
        size_t n = value ? (size_t)(value - *envp) : 0;
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            if (n == wanted[i].n && memcmp(*envp, wanted[i].name, n) == 0) *wanted[i].to = copied(q->arena, value + 1);
    }
}

/* 0, or the status that refuses the request. */
static int head_read(struct request *q, char **envp, const char *host, size_t *body)
{
    const char *method = "", *uri = "", *length = "";
    parameters_read(q, envp, &method, &uri, &length);
    if (!q->remote) q->remote = "";
    size_t path = strcspn(uri, "?");
    q->path = arena_text(q->arena, uri, path);
    q->query = uri[path] ? copied(q->arena, uri + path + 1) : "";
    q->head = strcmp(method, "HEAD") == 0;
    q->method = strcmp(method, "POST") == 0 ? METHOD_POST : q->head || strcmp(method, "GET") == 0 ? METHOD_GET : METHOD_OTHER;
    if (!q->host || strcasecmp(q->host, host) != 0) return 421;
    if (strspn(length, "0123456789") != strlen(length) || strlen(length) > 15) return 400;
    *body = (size_t)strtoull(length, NULL, 10);
    return 0;
}

static int route_find(struct request *q, const struct serve *s)
{
    struct router_match match = router_find(q->arena, app.routes, q->method, q->path);
    q->route = match.route;
    memcpy(q->segment, match.segment, sizeof q->segment);
    if (!q->route && match.allow) {
        q->response.allow = match.allow;
        return 405;
    }
    if (!q->route) return 404;
    if (q->route->pool != POOL_WEB && q->route->pool != s->pool) {
        /* nginx resolves dots and %-escapes before it chooses the socket; to us such a path is no address. */
        if (strchr(q->path, '%') || strstr(q->path, "/.")) return 404;
        log_error("route %s came to the %s socket: nginx must send it to the %s socket (`invited routes --nginx`)", q->route->name, pool_name(s->pool),
                  pool_name(q->route->pool));
        return 500;
    }
    return 0;
}

/* Whether the body is encoded as the route takes it. */
static bool type_read(struct request *q)
{
    if (q->route->body != BODY_FORM) {
        q->boundary = multipart_boundary(q->arena, q->content_type);
        return q->boundary;
    }
    const char *type = q->content_type ? q->content_type : "";
    static const char form[] = "application/x-www-form-urlencoded";
    size_t size = strcspn(type, "; ");
    return size == sizeof form - 1 && strncasecmp(type, form, size) == 0;
}

/* Octets: of a button alone; of whatever people type into, with a message of 1,000 characters, where one is 12 octets in %XX, and room to be
 * told at its field that what was pasted there is too long; of one with a picture. */
static size_t body_most(const struct route *r)
{
    enum { BUTTON = 4 << 10, TYPED = 48 << 10, PICTURE = 1 << 20 };
    if (r->body == BODY_PARTS) return PICTURE;
    return r->fields ? TYPED : BUTTON;
}

static int body_read(struct request *q, FCGX_Stream *in, size_t n)
{
    if (q->method != METHOD_POST) return 0;
    if (!type_read(q)) return n == 0 ? 400 : 415;
    if (q->route->body == BODY_STREAM) {
        q->source = in;
        return upload_fits(q->config, n) ? 0 : 413;
    }
    if (n > body_most(q->route)) return 413;
    char *body = arena_alloc(q->arena, n + 1);
    if (FCGX_GetStr(body, (int)n, in) != (int)n) return 400;
    q->body = (struct bytes){body, n};
    return 0;
}

/* ---- deciding ---- */

static bool permitted(const struct request *q)
{
    enum permission permission = q->route->permission;
    if (permission == PERMIT_ANYONE || permission == PERMIT_LOCAL) return true;
    return permission != PERMIT_UNSET && q->signed_in && app.permits(&q->session, permission);
}

static enum form_result form_take(struct request *q, const char **csrf)
{
    const struct form_field *fields = q->route->fields;
    if (q->method != METHOD_POST) return form_read(q->arena, fields, (struct bytes){q->query, strlen(q->query)}, &q->form, NULL);
    if (q->query[0]) return FORM_MALFORMED;
    if (q->source) return upload_begin(q, q->source, csrf);
    if (q->boundary) return form_read_parts(q->arena, fields, q->boundary, q->body, &q->form, csrf);
    return form_read(q->arena, fields, q->body, &q->form, csrf);
}

/* Form, CSRF, handler and commit, once. */
static enum db_result handle_once(struct request *q)
{
    const char *csrf = NULL;
    bool post = q->method == METHOD_POST;
    if (form_take(q, &csrf) != FORM_READ)
        return request_problem(q, 400);
    if (post && !session_request_genuine(q, csrf)) return request_problem(q, 403);
    db_allow_writes(q->db, post);
    enum db_result r = q->route->handle(q);
    if (r == DB_OK && q->response.status < 500) r = db_commit(q->db);
    else db_rollback(q->db);
    return r;
}

/* Two who were a deadlock must not come back at the same moment: up to 4 ms, then 8, then 12. */
static void pause_random(unsigned n)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)randombytes_uniform(4000 * n) * 1000}, NULL);
}

/* DB_RETRY runs the whole handler again on what is true now. A COMMIT without an answer is looked up by the request's audit line:
 * found, the page that is ready is the truth. */
static enum db_result handle(struct request *q)
{
    struct response before = q->response;
    enum db_result r = DB_RETRY;
    for (unsigned n = 0; n < SERVE_TRIES && r == DB_RETRY; n++) {
        if (n) pause_random(n);
        q->response = before;
        q->out->n = 0;
        r = handle_once(q);
        if (q->streaming) return r;
        if (r == DB_DOWN && db_commit_unknown(q->db)) {
            struct response ready = q->response;
            r = app.committed(q->db, q->id);
            q->response = ready;
            q->outcome_unknown = r != DB_OK && r != DB_NONE;
            if (r == DB_NONE) r = DB_RETRY;
        }
    }
    return r;
}

static unsigned limited(struct request *q)
{
    if (!q->route->per_minute) return 0;
    return request_limit(q, q->route->name, limit_visitor(q->arena, q->remote), q->route->per_minute);
}

/* The answer of the product, or a status for the common page. */
static int answer(struct request *q)
{
    q->response.retry_after = limited(q);
    if (q->response.retry_after) return 429;
    if (q->route->permission != PERMIT_LOCAL) {
        db_allow_writes(q->db, true); /* "seen" of the session, at most once a minute */
        enum db_result r = session_load(q);
        if (r != DB_OK) return r == DB_BUG ? 500 : 503;
        q->out->csrf = session_csrf(q);
    }
    if (!permitted(q)) return app.forbidden(q) == DB_OK ? 0 : 500;
    switch (handle(q)) {
    case DB_OK: return 0;
    case DB_NONE: return 404;
    case DB_DOWN:
    case DB_RETRY: return 503;
    case DB_CONFLICT:
    case DB_BUG: break;
    }
    return 500;
}

static void visit(struct serve *s, struct request *q, FCGX_Request *r)
{
    size_t body = 0;
    int status = head_read(q, r->envp, s->host, &body);
    request_language_begin(q);
    if (!status) status = route_find(q, s);
    if (!status) {
        atomic_store_explicit(&s->slot->route, (unsigned)(q->route - app.routes) + 1, memory_order_relaxed);
        status = body_read(q, r->in, body);
    }
    if (!status) status = answer(q);
    upload_drain(q);
    if (status && q->streaming) q->broken = true;
    else if (status) request_problem(q, status);
}

bool serve_one(struct serve *s, FCGX_Request *r)
{
    uint64_t begun = now_us();
    struct out out;
    out_init(&out, s->arena);
    out_reserve(&out, SERVE_PAGE);
    struct request *q = arena_alloc(s->arena, sizeof *q);
    *q = (struct request){.arena = s->arena, .db = s->db, .config = s->config, .out = &out, .limits = s->limits, .hints = s->hints, .sink = r->out, .id = request_id(s), .response.status = 200};
    memcpy(q->id_text, id_text(s->arena, q->id), sizeof q->id_text);
    log_request_set(q->id_text);
    db_start(s->db, s->arena);

    visit(s, q, r);
    bool arrived = response_end(q);
    static const char *const methods[] = {"GET", "POST", "OTHER"};
    log_info("%s %s %d %zu octets, %llu us, %llu us in %u queries%s%s", q->head ? "HEAD" : methods[q->method],
             q->route ? q->route->name : "-", q->response.status, q->sent, (unsigned long long)(now_us() - begun),
             (unsigned long long)db_microseconds(s->db), db_queries(s->db), q->broken ? ", broken off" : "", arrived ? "" : ", visitor gone");
    log_request_set(NULL);
    bool whole = arrived && !q->broken;
    db_rollback(s->db);
    arena_reset(s->arena);
    atomic_store_explicit(&s->slot->route, 0, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->slot->served, 1, memory_order_relaxed);
    return whole;
}

void serve_hints(struct serve *s, struct hints *hints)
{
    static struct hint found[HINTS_MOST];
    size_t n = hints_take(hints, found);
    if (!n) return;
    db_start(s->db, s->arena);
    db_allow_writes(s->db, true);
    if (app.hints(s->db, found, n) != DB_OK) log_info("%zu hints were not written down", n);
    db_rollback(s->db);
    arena_reset(s->arena);
}

void serve_sweep(struct serve *s)
{
    bool more = false;
    uint64_t now = now_us();
    if (now < s->sweep_us) return;
    s->sweep_us = now + SWEEP_US;
    db_start(s->db, s->arena);
    db_allow_writes(s->db, true);
    if (app.sweep_files(s->db, s->config, &more) != DB_OK) log_info("files that nothing shows any more are looked for later");
    db_rollback(s->db);
    arena_reset(s->arena);
    if (more) s->sweep_us = now;
}
