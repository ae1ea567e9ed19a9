/* operator_call.h - what the operator's commands share: their options, the way to the database, and how a mistake is told.
 *
 * Each command prints what it did and exits 0; a mistake is one sentence on standard error and status 1, a wrong call status 2.
 */
#ifndef HANDLERS_OPERATOR_CALL_H
#define HANDLERS_OPERATOR_CALL_H

#include "address.h"
#include "app.h"
#include "company_rows.h"

/* One call of `invited NOUN VERB --options`. An option that was not given is NULL. */
struct operator {
    const struct config *config;
    struct arena *arena;
    struct db *db;
    const char *name, *id, *vendor, *email, *role, *first_name, *last_name, *file;
    bool password_on_stdin;
    const char *password;   /* hashed; NULL: a link is printed */
    struct address address; /* of email, after operator_begin */
};

/* `invited NOUN VERB`. Options are letters of operator_call.c's table: those that may stand there, and those that must. */
struct operator_verb {
    const char *noun, *verb, *may, *must, *usage;
    int (*run)(struct operator *op);
};

extern const struct operator_verb operator_vendor_verbs[], operator_account_verbs[], operator_suppress_verbs[], operator_status_verbs[];

/* Find the verb, read its options, run it. Exit status. */
int operator_call(const struct operator_verb *verbs, const struct config *config, int argc, char **argv);

/* Say a mistake; returns 1. */
int operator_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what the database said. */
int operator_failed(enum db_result r);

/* Check the address (where --email was given), load the keys, connect: everything that can be wrong before something is changed.
 * Exit status. */
int operator_begin(struct operator *op);

/* Whether a text may be a name: plain, not empty, at most so many characters. */
bool operator_text_good(const char *text, size_t most);

/* The vendor of --name or --id (or --vendor), after operator_begin. Exit status. */
int operator_vendor(struct operator *op, struct vendor_company *vendor);

#endif
