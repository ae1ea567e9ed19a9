/* request.h - one request: what came in, who asks, what goes out.
 *
 * Lives in its arena; nothing in it survives the answer. Everything FastCGI handed over has been copied.
 */
#ifndef FCGI_REQUEST_H
#define FCGI_REQUEST_H

#include "app.h"
#include "arena.h"
#include "config.h"
#include "db.h"
#include "form.h"
#include "out.h"
#include "router.h"
#include "types.h"

enum { REQUEST_SEGMENTS = ROUTER_SEGMENTS };

/* Roles, in both kinds of company. */
struct session {
    struct hash hash; /* all zero: nobody is signed in */
    uint64_t account_id;
    struct id account;
    const char *email, *email_canon, *first_name, *last_name;
    bool verified; /* the mailbox is proven; before that a person may do nothing here but prove it */
    uint64_t company_id; /* the company in use; 0: none */
    struct id company;
    const char *company_name;
    const char *company_kind; /* vendor, customer, supplier */
    const char *role;         /* owner, admin, inviter, auditor, member */
    bool suspended;           /* the operator has closed that company: nothing may be done in it */
    struct moment delete_at;  /* an owner has: it is deleted from then on, and until then an owner may keep it; 0: none has */
    bool deleting;            /* that time has come */
    const char *time_zone;    /* of the company in use; NULL: UTC */
    const char *language;     /* of its invitations */
    const char *own_language; /* the person's; "": as the browser says */
    unsigned expires_days;    /* of them too */
    struct own_company_list companies; /* empty unless there is another one to switch to */
};

/* What decided the language, weakest first. */
enum language_source {
    LANGUAGE_BY_NOTHING,
    LANGUAGE_BY_DEFAULT,    /* the installation's */
    LANGUAGE_BY_BROWSER,    /* Accept-Language */
    LANGUAGE_BY_INVITATION, /* of the link that was opened */
    LANGUAGE_BY_ACCOUNT,
    LANGUAGE_BY_COOKIE,     /* ?lang= of an earlier page. Signing in with an account that has a language ends it, so here it is newer than that */
    LANGUAGE_BY_CHOICE,     /* ?lang= of this page */
};

struct FCGX_Stream;
struct upload;
struct limit_table;
struct hints;

struct response {
    int status;           /* 200 unless set */
    const char *type;     /* Content-Type; NULL: text/html; charset=utf-8 */
    const char *location; /* for 303 */
    const char *cookies;  /* complete Set-Cookie lines, CRLF-ended, or "" */
    const char *allow;    /* for 405 */
    unsigned retry_after; /* seconds; 0: no header */
    bool clear_site_data; /* after sign-out */
    bool secret_page;     /* Referrer-Policy: no-referrer */
    bool immutable;       /* its address will never mean anything else: anybody may keep it for ever, so no cookie comes with it */
    const char *filename; /* the visitor saves the answer under this name and never opens it in place */
    const char *internal; /* nginx sends this file instead (X-Accel-Redirect): a path in a location that is internal */
};

struct request {
    struct arena *arena;
    struct db *db;
    const struct config *config;
    struct out *out; /* the page */

    struct id id; /* request id: log, error page, audit line */
    char id_text[33];
    enum method method;
    bool head;
    const char *path, *query, *host, *remote, *cookie, *origin, *fetch_site, *content_type, *accept_language;
    struct bytes body;
    struct FCGX_Stream *source; /* of the body, where it is not read at once */
    struct upload *upload;      /* of a route with BODY_STREAM, from its form on */
    const char *boundary; /* of the parts, where the route takes them */

    const struct route *route;
    const char *segment[REQUEST_SEGMENTS]; /* the {…} of the path, decoded */
    struct form form;                      /* the declared fields: body of a POST, query of a GET */
    struct session session;
    bool signed_in;
    const char *visitor; /* the cookie's text that CSRF is bound to: the session's, or before sign-in the visitor's */
    struct limit_table *limits;
    struct hints *hints; /* what a GET leaves behind instead of writing */
    enum language_source language_by; /* out->language */

    bool outcome_unknown; /* a COMMIT got no answer, and nobody could be asked what became of it */

    struct response response;

    /* Of response.h. */
    struct FCGX_Stream *sink;
    bool streaming; /* the answer leaves in pieces */
    bool broken;    /* it could not be brought to its end */
    bool gone;      /* nobody takes it any more */
    size_t sent;    /* octets without the head */
};

/* 303 See Other. Always DB_OK. */
enum db_result request_redirect(struct request *q, struct url to);

/* Answer with the common page of a status, e.g. request_problem(q, 404). Always DB_OK. */
enum db_result request_problem(struct request *q, int status);

/* Written above the h1 of the next page, once. It travels in a cookie of the visitor's own, so a GET writes nothing. */
struct request_note {
    const char *code;  /* which sentence: "sent", "saved" … chosen by the views */
    const char *about; /* its first word, e.g. an address; "" without */
    const char *until; /* its second, e.g. a date */
};

/* Leave a note for the page that the visitor is redirected to. */
void request_leave_note(struct request *q, struct request_note note);

/* Take the note that was left, if any, and end it. False: none. */
bool request_take_note(struct request *q, struct request_note *note);

/* Count one more of `what` by or about `whom` in this minute. 0: within the limit; otherwise the seconds until it is again. */
unsigned request_limit(struct request *q, const char *what, const char *whom, unsigned per_minute);

/* Sign a person in: a new secret in a new cookie; the old one's hash, if any, is in q->session.hash for the caller to end.
 * Returns what to store. */
struct hash request_session_new(struct request *q);

/* Sign out: both cookies end and the browser forgets its caches. */
void request_session_end(struct request *q);

/* The language of the answer: ?lang= (a GET; remembered in a cookie), the cookie, the browser, the installation. */
void request_language_begin(struct request *q);

/* The same once more is known; what decided already and is stronger stays. Tags that are not offered are none. */
void request_language_of_account(struct request *q, const char *tag);
void request_language_of_invitation(struct request *q, const char *tag);

/* End the cookie: from now on the account decides. */
void request_language_forget(struct request *q);

/* One cookie by name, or NULL. The value is the client's: check it. */
const char *request_cookie(const struct request *q, const char *name);

/* Add a cookie with the attributes of security.md (24); value "" ends it. `seconds` 0: until the browser closes. */
void request_set_cookie(struct request *q, const char *name, const char *value, unsigned seconds);

#endif
