/* app.h - what the server needs to know of the product: handlers/ defines `app`, fcgi/ runs it.
 *
 * fcgi/ knows no page, no table and no word of HTML; whatever needs one goes through here.
 */
#ifndef FCGI_APP_H
#define FCGI_APP_H

#include "config.h"
#include "db.h"
#include "permit.h"
#include "scoreboard.h"
#include "types.h"

struct request;
struct session;
struct form_field;
struct mail_job;
struct hint;

enum method { METHOD_GET, METHOD_POST, METHOD_OTHER }; /* HEAD is served as GET without the body; no route has OTHER */

/* How a POST's form is encoded. */
enum body_type {
    BODY_FORM, /* application/x-www-form-urlencoded */
    BODY_PARTS, /* multipart/form-data, with files, held in memory: a mebibyte at most */
    BODY_STREAM /* the same, ending in one file of at most resource_max_mib, which upload.h takes to the disk as it comes */
};

/* One line of handlers/routes.c. */
struct route {
    const char *name; /* what the log says instead of the path, which may hold a secret */
    enum method method;
    const char *path; /* "/i/{token}/accept"; a {segment} is one path segment */
    enum permission permission;
    enum db_result (*handle)(struct request *q);
    const struct form_field *fields; /* of the body (POST) or the query (GET); ends with a NULL name; NULL: none */
    unsigned per_minute;             /* requests of one client address; 0: no limit */
    enum scoreboard_pool pool;       /* who serves it (pool.h); AUTH and LONG: never on the pages' socket */
    enum body_type body;
};

/* One due mail, claimed and its attempt committed. */
struct mail_job {
    uint64_t id;
    const char *sender, *recipient; /* envelope */
    struct bytes sealed;            /* crypto_box_seal of the whole message, CRLF lines */
    struct bytes rest;              /* what follows it unsealed: a vendor's logo; p NULL: nothing */
    unsigned attempt;               /* 1 for the first */
};

enum mail_result { MAIL_SENT, MAIL_DEFERRED, MAIL_REFUSED };

/* An operator's command: `invited NAME ...`. Returns the exit status. */
struct command {
    const char *name, *usage;
    int (*run)(const struct config *config, int argc, char **argv);
};

struct app {
    const struct route *routes; /* ends with a NULL name */
    const struct command *commands;

    /* Fill q->session from the cookie's hash; DB_NONE when there is none. */
    enum db_result (*session_load)(struct request *q, struct hash hash);

    /* Whether this session, of somebody who is signed in, may use a route of that permission. */
    bool (*permits)(const struct session *s, enum permission permission);

    /* Write the page for a status that no handler answered (400, 403, 404, 405, 413, 415, 429, 500, 503 …).
     * Must not use the database. */
    void (*problem)(struct request *q, int status);

    /* What to answer when the session lacks the route's permission. */
    enum db_result (*forbidden)(struct request *q);

    /* Whether the change of this request was committed after all (its audit line is there): DB_OK or DB_NONE. */
    enum db_result (*committed)(struct db *db, struct id request_id);

    /* Take up to `most` due mails out of the outbox: each attempt is counted and the next try fixed, committed
     * before this returns. *n = 0: nothing due. Jobs live in the arena of db_start. */
    enum db_result (*mail_claim)(struct db *db, const struct config *config, struct mail_job *jobs, unsigned most, unsigned *n);

    /* Write down how an attempt ended, committed. `reply`: the server's words (UTF-8, one line, at most 400 octets). */
    enum db_result (*mail_record)(struct db *db, const struct config *config, const struct mail_job *job, enum mail_result result,
                                  const char *reply);

    /* What is to be erased by now, a batch of it, committed; the mailer asks when it has nothing to send. *more: ask again soon. */
    enum db_result (*sweep)(struct db *db, const struct config *config, bool *more);

    /* Files that nothing shows any more, a few, committed; the long workers ask now and then: they alone may write there. *more: as above. */
    enum db_result (*sweep_files)(struct db *db, const struct config *config, bool *more);

    /* Write down what pages left behind (hint.h), committed. Numbers of what is gone meanwhile are passed over. */
    enum db_result (*hints)(struct db *db, const struct hint *hints, size_t n);

    /* Apply migrations up to what this program knows, under GET_LOCK (`invited migrate`): exit status. */
    int (*migrate)(const struct config *config);

    /* DB_OK when the schema is exactly the one this program knows. */
    enum db_result (*schema_check)(struct db *db);
};

extern const struct app app;

#endif
