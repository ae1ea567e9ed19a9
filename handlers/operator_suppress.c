/* operator_suppress.c - `invited suppress add | list | remove`: the do-not-invite list. */
#include "operator_call.h"

#include "arena.h"
#include "out.h"
#include "secret.h"
#include "sql/audit.h"
#include "sql/suppression.h"
#include "suppression.h"
#include "when.h"

#include <stdio.h>
#include <string.h>

static enum db_result change(struct operator *op, bool add)
{
    TRY(add ? suppression_put(op->db, op->address.canon, true) : suppression_take(op->db, op->address.canon));
    TRY(audit_by_operator(op->db, id_new(), add ? "never-invited" : "invitations-allowed", 0, 0, NULL));
    return db_commit(op->db);
}

static int suppress_change(struct operator *op, bool add)
{
    bool listed;
    int status = operator_begin(op);
    if (status) return status;
    enum db_result r = suppression_has(op->db, op->address.canon, &listed);
    if (r != DB_OK) return operator_failed(r);
    if (listed == add) return operator_fail("%s is %s; nothing was changed", op->address.typed, add ? "on the list already" : "not on the list");
    r = change(op, add);
    if (r != DB_OK) return operator_failed(r);
    printf(add ? "%s is on the do-not-invite list: nobody can invite this address\n" : "%s may be invited again\n", op->address.typed);
    return 0;
}

static int suppress_add(struct operator *op)
{
    return suppress_change(op, true);
}

static int suppress_remove(struct operator *op)
{
    return suppress_change(op, false);
}

static void print(struct operator *op, const struct out *o, struct hash address, enum suppression_by by, struct moment at)
{
    char *text = arena_alloc(op->arena, 2 * sizeof address.b + 1);
    for (size_t i = 0; i < sizeof address.b; i++) snprintf(text + 2 * i, 3, "%02x", address.b[i]);
    printf("%s\t%s\t%s\n", text, suppression_by_name(by), when_machine(o, at));
}

/* The list knows no addresses, only their keyed hashes: it is asked about one of them. */
static int suppress_list(struct operator *op)
{
    int status = operator_begin(op);
    if (status) return status;
    struct out o;
    out_init(&o, op->arena);
    if (op->email) {
        struct hash address = secret_hash(SECRET_ADDRESS, op->address.canon);
        struct suppressed one;
        enum db_result r = suppression_find(op->db, address, &one);
        if (r == DB_NONE) return operator_fail("%s is not on the list", op->address.typed);
        if (r != DB_OK) return operator_failed(r);
        print(op, &o, address, one.asked_by, one.asked_at);
        return 0;
    }
    struct suppression_line_list page;
    for (struct hash after = {0};; after = page.v[page.n - 1].address) {
        enum db_result r = suppression_list(op->db, after, &page);
        if (r != DB_OK) return operator_failed(r);
        if (!page.n) return 0;
        for (size_t i = 0; i < page.n; i++) print(op, &o, page.v[i].address, page.v[i].asked_by, page.v[i].asked_at);
    }
}

const struct operator_verb operator_suppress_verbs[] = {
    {"suppress", "add", "e", "e", "suppress add --email ADDRESS", suppress_add},
    {"suppress", "list", "e", "", "suppress list [--email ADDRESS]", suppress_list},
    {"suppress", "remove", "e", "e", "suppress remove --email ADDRESS", suppress_remove},
    {0},
};
