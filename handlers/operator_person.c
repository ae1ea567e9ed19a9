/* operator_person.c - see operator_person.h. */
#include "operator_person.h"

#include "arena.h"
#include "password.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/audit.h"
#include "sql/company.h"
#include "sql/token.h"
#include "urls.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

enum { OPERATOR_LINK_MINUTES = 7 * 24 * 60 };

/* From standard input, up to the end of its first line. */
static int password_read(struct operator *op)
{
    char line[PASSWORD_MOST + 2] = {0};
    if (!fgets(line, sizeof line, stdin)) return operator_fail("no password on standard input");
    line[strcspn(line, "\r\n")] = 0;
    const char *words[] = {op->first_name, op->last_name, op->email, NULL};
    const char *weak = utf8_good(line, strlen(line)) ? password_weakness(op->arena, line, words) : "The password is not UTF-8";
    if (weak) return operator_fail("%s", weak);
    op->password = password_hash(op->arena, op->config, line);
    return op->password ? 0 : operator_fail("not enough memory to hash the password");
}

int operator_person_begin(struct operator *op)
{
    if (!op->first_name) op->first_name = "";
    if (!op->last_name) op->last_name = "";
    const char *wrong = address_parse(op->arena, op->email, &op->address);
    if (wrong) return operator_fail("%s", wrong);
    if ((*op->first_name && !operator_text_good(op->first_name, 100)) || (*op->last_name && !operator_text_good(op->last_name, 100)))
        return operator_fail("a name is too long or not plain text");
    if (op->password_on_stdin) {
        int status = password_read(op);
        if (status) return status;
    }
    return operator_begin(op);
}

/* The person of the address: found, or new. An existing one keeps name and password. */
static enum db_result person(struct operator *op, uint64_t *account_id, bool *found)
{
    struct account account;
    enum db_result r = account_by_email(op->db, op->address.canon, &account);
    *found = r == DB_OK;
    if (r == DB_OK) *account_id = account.id;
    if (r != DB_NONE) return r;
    return account_add(op->db, id_new(), op->address.typed, op->address.canon, op->first_name, op->last_name, op->password, op->password != NULL, account_id);
}

static enum db_result link_add(struct operator *op, uint64_t account_id, const char **link)
{
    const char *token = secret_new_link(op->arena);
    *link = url_absolute(op->arena, op->config->base_url, url_reset(op->arena, token)).text;
    return token_add_password(op->db, secret_hash(SECRET_PASSWORD, token), account_id, OPERATOR_LINK_MINUTES, NULL);
}

void operator_person_print(const struct operator *op, bool found, const char *link)
{
    if (found) printf("%s has an account already: it keeps its password\n", op->address.typed);
    else if (op->password) printf("%s can sign in at %s/sign-in\n", op->address.typed, op->config->base_url);
    else printf("Set a password within 7 days: %s\n", link);
}

enum db_result operator_person_join(struct operator *op, uint64_t company_id, enum member_role role, bool *found, const char **link)
{
    uint64_t account_id;
    TRY(person(op, &account_id, found));
    TRY(company_member_add(op->db, company_id, account_id, role, NULL));
    if (!*found && !op->password) TRY(link_add(op, account_id, link));
    return audit_by_operator(op->db, id_new(), "member_added", company_id, account_id, NULL);
}
