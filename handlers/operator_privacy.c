/* operator_privacy.c - `invited account export | erase`: everything of one person, shown or replaced. */
#include "operator_privacy.h"

#include "account_export.h"
#include "arena.h"
#include "secret.h"
#include "sql/audit.h"
#include "sql/privacy.h"
#include "sql/verification.h"
#include "sql/session.h"

#include <stdio.h>
#include <string.h>

/* The person, after operator_begin. Exit status. */
static int person(struct operator *op, struct privacy_account *account)
{
    int status = operator_begin(op);
    if (status) return status;
    enum db_result r = privacy_account(op->db, op->address.canon, account);
    if (r == DB_NONE) return operator_fail("%s has no account", op->address.typed);
    return r == DB_OK ? 0 : operator_failed(r);
}

int operator_account_export(struct operator *op)
{
    struct privacy_account account;
    int status = person(op, &account);
    if (status) return status;
    enum db_result r = account_export(op, &account, stdout);
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (r != DB_OK) return operator_failed(r);
    return written ? 0 : operator_fail("standard output cannot be written");
}

/* ---- erase ---- */

/* In place of an address; the same as in retention.sql for the address alone. */
static const char *pseudonym(struct operator *op, struct hash of)
{
    char digits[17];
    for (size_t i = 0; i < 8; i++) snprintf(digits + 2 * i, 3, "%02x", of.b[i]);
    return arena_printf(op->arena, "erased-%s@erased.invalid", digits);
}

static enum db_result erase(struct operator *op, const struct privacy_account *account)
{
    const char *canon = op->address.canon;
    uint64_t account_id = account->id;
    struct hash address = secret_hash(SECRET_ADDRESS, canon);
    const char *name = pseudonym(op, address);
    /* who registers anew and is erased again is another account */
    const char *account_name = pseudonym(op, secret_hash(SECRET_ADDRESS, arena_printf(op->arena, "%s %s", canon, id_text(op->arena, account->public_id))));
    TRY(privacy_erase_contact(op->db, account_id, canon, NULL));
    TRY(privacy_leave(op->db, account_id, NULL));
    TRY(privacy_erase_connections(op->db, canon, NULL));
    TRY(privacy_end_requests(op->db, account_id, NULL));
    TRY(session_end_all(op->db, account_id, NULL));
    TRY(privacy_erase_tokens(op->db, account_id, NULL));
    TRY(verification_void(op->db, account_id, NULL));
    TRY(verification_forget(op->db, account_id, NULL));
    TRY(privacy_erase_links(op->db, canon, NULL));
    TRY(privacy_erase_search(op->db, canon, NULL));
    TRY(privacy_erase_details(op->db, canon, NULL));
    TRY(privacy_erase_events(op->db, account_id, NULL));
    TRY(privacy_erase_received(op->db, canon, name, NULL));
    TRY(privacy_erase_team(op->db, canon, name, NULL));
    TRY(privacy_erase_mails(op->db, address, NULL));
    TRY(privacy_erase_account(op->db, account_id, account_name));
    TRY(audit_by_operator(op->db, id_new(), "account_erased", 0, account_id, NULL));
    return db_commit(op->db);
}

int operator_account_erase(struct operator *op)
{
    struct privacy_account account;
    struct privacy_company_list companies;
    int status = person(op, &account);
    if (status) return status;
    enum db_result r = privacy_companies(op->db, account.id, &companies);
    for (size_t i = 0; r == DB_OK && i < companies.n; i++) {
        const struct privacy_company *c = &companies.v[i];
        if (c->last_owner) return operator_fail("%s is the last owner of %s (%s): make somebody else an owner first; nothing was changed", account.email, c->name, company_kind_name(c->kind));
    }
    if (r == DB_OK) r = erase(op, &account);
    if (r != DB_OK) return operator_failed(r);
    printf("%s is erased: what is left are ids and times\n", account.email);
    return 0;
}
