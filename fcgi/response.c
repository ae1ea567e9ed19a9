/* response.c - see response.h.
 *
 * Headers come from here and not from nginx, where one add_header in a location drops the outer ones (security.md, 15).
 * Numbers in comments are ASVS 5.0.
 */
#include "response.h"

#include "log.h"

#include <fcgiapp.h>
#include <limits.h>
#include <string.h>
#include <time.h>

enum { RESPONSE_HEAD = 1500 }; /* a usual head never grows */

static const char *reason(int status)
{
    switch (status) {
    case 200: return "OK";
    case 303: return "See Other";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
    }
}

/* 3.4.3, 3.4.4, 3.4.6, 3.4.8, 3.5.8, 14.3.2 */
#define FIXED_HEADERS                                                                                                       \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; " \
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'\r\n"                                                        \
    "X-Content-Type-Options: nosniff\r\n"                                                                                   \
    "Cross-Origin-Opener-Policy: same-origin\r\n"                                                                           \
    "Cross-Origin-Resource-Policy: same-origin\r\n"                                                                         \
    "Cross-Origin-Embedder-Policy: require-corp\r\n"

static void line(struct out *head, const char *name, const char *value)
{
    out_raw(head, name, strlen(name));
    out_line(head, value); /* no CR or LF can come in (4.2.4) */
    out_raw(head, "\r\n", 2);
}

static void number(struct out *head, const char *name, uint64_t n)
{
    out_raw(head, name, strlen(name));
    out_u64(head, n);
    out_raw(head, "\r\n", 2);
}

/* RFC 6266: the name in UTF-8 for who reads RFC 8187, before it a plain one for who does not. */
static void disposition(struct out *head, const char *filename)
{
    static const char begin[] = "Content-Disposition: attachment; filename=\"", middle[] = "\"; filename*=UTF-8''";
    out_raw(head, begin, sizeof begin - 1);
    for (const char *p = filename; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x80 && c < 0xc0) continue; /* one mark for each character */
        out_raw(head, c < 0x20 || c >= 0x7f || strchr("\"\\%/", c) ? "_" : p, 1);
    }
    out_raw(head, middle, sizeof middle - 1);
    out_query(head, filename);
    out_raw(head, "\r\n", 2);
}

static void head_write(const struct request *q, struct out *head)
{
    const struct response *r = &q->response;
    out_raw(head, "Status: ", 8);
    out_u64(head, (uint64_t)r->status);
    line(head, " ", reason(r->status));
    line(head, "Content-Type: ", r->type ? r->type : "text/html; charset=utf-8");
    if (!q->streaming && !r->internal) number(head, "Content-Length: ", q->out->n);
    line(head, "Referrer-Policy: ", r->secret_page ? "no-referrer" : "same-origin");
    out_raw(head, FIXED_HEADERS, sizeof FIXED_HEADERS - 1);
    line(head, "Cache-Control: ", r->immutable ? "public, max-age=31536000, immutable" : "no-store");
    if (!r->immutable) line(head, "Vary: ", "Cookie, Accept-Language");
    if (strncmp(q->config->base_url, "https:", 6) == 0) line(head, "Strict-Transport-Security: ", "max-age=63072000; includeSubDomains");
    line(head, "X-Request-Id: ", q->id_text);
    if (r->location) line(head, "Location: ", r->location);
    if (r->allow) line(head, "Allow: ", r->allow);
    if (r->retry_after) number(head, "Retry-After: ", r->retry_after);
    if (r->clear_site_data) line(head, "Clear-Site-Data: ", "\"cache\", \"storage\"");
    if (r->filename) disposition(head, r->filename);
    if (r->internal) line(head, "X-Accel-Redirect: ", r->internal);
    if (r->cookies && !r->immutable) out_raw(head, r->cookies, strlen(r->cookies));
    out_raw(head, "\r\n", 2);
}

static bool put(struct request *q, const char *p, size_t n)
{
    for (size_t done = 0; done < n && !q->gone;) {
        int part = n - done > INT_MAX ? INT_MAX : (int)(n - done);
        q->gone = FCGX_PutStr(p + done, part, q->sink) != part;
        done += (size_t)part;
    }
    return !q->gone;
}

static bool head_put(struct request *q)
{
    struct out head;
    out_init(&head, q->arena);
    out_reserve(&head, RESPONSE_HEAD);
    head_write(q, &head);
    return put(q, head.p, head.n);
}

void response_file(struct request *q, const char *name, const char *ending)
{
    char day[sizeof "2026-11-21"];
    time_t now = time(NULL);
    struct tm parts;
    strftime(day, sizeof day, "%Y-%m-%d", gmtime_r(&now, &parts));
    q->response.filename = arena_printf(q->arena, "%s %s.%s", name, day, ending);
}

bool response_begin(struct request *q)
{
    if (q->route->pool != POOL_LONG) log_bug("%s answers in pieces, but its route is none of the long workers'", q->route->name);
    q->streaming = true;
    q->out->n = 0;
    out_reserve(q->out, 2 * RESPONSE_PIECE);
    return head_put(q) && !q->head;
}

bool response_piece(struct request *q)
{
    size_t n = q->out->n;
    q->out->n = 0;
    q->sent += n;
    return put(q, q->out->p, n);
}

bool response_end(struct request *q)
{
    if (!q->streaming && !head_put(q)) return false;
    if (q->broken || q->gone) return !q->gone;
    if (!q->head) return response_piece(q);
    q->sent += q->out->n;
    return true;
}
