/* operator_account.c - `invited account add | list | lock | unlock | export | erase`. */
#include "operator_person.h"
#include "operator_privacy.h"

#include "arena.h"
#include "out.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/audit.h"
#include "sql/operator.h"
#include "sql/session.h"
#include "when.h"

#include <stdio.h>
#include <string.h>

static int account_join(struct operator *op)
{
    enum member_role role;
    if (!op->role) op->role = "admin";
    if (!member_role_from(op->role, &role) || role == ROLE_MEMBER) return operator_fail("--role is owner, admin, inviter or auditor, not %s", op->role);
    int status = operator_person_begin(op);
    struct vendor_company vendor;
    if (!status) status = operator_vendor(op, &vendor);
    if (status) return status;
    bool found = false;
    const char *link = "";
    enum db_result r = operator_person_join(op, vendor.id, role, &found, &link);
    if (r == DB_CONFLICT) return operator_fail("%s belongs to this vendor already; nothing was changed", op->address.typed);
    if (r == DB_OK) r = db_commit(op->db);
    if (r != DB_OK) return operator_failed(r);
    printf("%s is %s of %s\n", op->address.typed, op->role, op->vendor);
    operator_person_print(op, found, link);
    return 0;
}

/* All of them, or one vendor's. */
static int account_list(struct operator *op)
{
    struct vendor_company vendor = {0};
    int status = operator_begin(op);
    if (!status && op->vendor) status = operator_vendor(op, &vendor);
    if (status) return status;
    struct out o;
    out_init(&o, op->arena);
    printf("email\tstate\tcompanies\tsince\n");
    struct operator_account_list page;
    for (uint64_t after = 0;; after = page.v[page.n - 1].id) {
        enum db_result r = op->vendor ? operator_accounts_of(op->db, vendor.id, after, &page) : operator_accounts(op->db, after, &page);
        if (r != DB_OK) return operator_failed(r);
        if (!page.n) return 0;
        for (size_t i = 0; i < page.n; i++) {
            const struct operator_account *a = &page.v[i];
            printf("%s\t%s\t%llu\t%s\n", a->email, a->locked_at.us ? "locked" : a->verified ? "active" : "unverified", (unsigned long long)a->companies,
                   when_machine(&o, a->locked_at.us ? a->locked_at : a->created_at));
        }
    }
}

static enum db_result change(struct operator *op, uint64_t id, bool lock)
{
    TRY(lock ? operator_lock(op->db, id) : operator_unlock(op->db, id));
    if (lock) TRY(session_end_all(op->db, id, NULL));
    TRY(audit_by_operator(op->db, id_new(), lock ? "account_locked" : "account_unlocked", 0, id, NULL));
    return db_commit(op->db);
}

static int account_change(struct operator *op, bool lock)
{
    int status = operator_begin(op);
    if (status) return status;
    struct account account;
    enum db_result r = account_by_email(op->db, op->address.canon, &account);
    if (r == DB_NONE) return operator_fail("%s has no account", op->address.typed);
    if (r != DB_OK) return operator_failed(r);
    r = change(op, account.id, lock);
    if (r == DB_NONE) return operator_fail("%s is %s; nothing was changed", account.email, lock ? "locked already" : "not locked");
    if (r != DB_OK) return operator_failed(r);
    printf(lock ? "%s is locked: no session of it is left, and nobody signs in to it\n" : "%s is unlocked\n", account.email);
    return 0;
}

static int account_lock(struct operator *op)
{
    return account_change(op, true);
}

static int account_unlock(struct operator *op)
{
    return account_change(op, false);
}

const struct operator_verb operator_account_verbs[] = {
    {"account", "add", "evrflp", "ev",
     "account add --email ADDRESS --vendor NAME [--role owner|admin|inviter|auditor] [--first-name F] [--last-name L] [--password-stdin]", account_join},
    {"account", "list", "v", "", "account list [--vendor NAME]", account_list},
    {"account", "lock", "e", "e", "account lock --email ADDRESS", account_lock},
    {"account", "unlock", "e", "e", "account unlock --email ADDRESS", account_unlock},
    {"account", "export", "e", "e", "account export --email ADDRESS", operator_account_export},
    {"account", "erase", "e", "e", "account erase --email ADDRESS", operator_account_erase},
    {0},
};
