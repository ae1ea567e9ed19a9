/* operator.c - see operator.h: `vendor add`, `account add`.
 *
 * Each prints what was made and exits 0; a mistake is one sentence on standard error and status 1, a wrong call status 2.
 */
#include "operator.h"

#include "address.h"
#include "arena.h"
#include "db_options.h"
#include "migrate.h"
#include "password.h"
#include "secret.h"
#include "sql/account.h"
#include "sql/audit.h"
#include "sql/company.h"
#include "sql/token.h"
#include "urls.h"
#include "utf8.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OPERATOR_LINK_MINUTES = 7 * 24 * 60, WRONG_CALL = 2 };

struct operator {
    const struct config *config;
    struct arena *arena;
    struct db *db;
    const char *name, *vendor, *email, *role, *first_name, *last_name;
    bool password_on_stdin;
    const char *password; /* hashed; NULL: a link is printed */
    struct address address;
};

static bool options_read(struct operator *op, int argc, char **argv, const struct option *options)
{
    int c;
    optind = 0;
    opterr = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'n': op->name = optarg; break;
        case 'v': op->vendor = optarg; break;
        case 'e': op->email = optarg; break;
        case 'r': op->role = optarg; break;
        case 'f': op->first_name = optarg; break;
        case 'l': op->last_name = optarg; break;
        case 'p': op->password_on_stdin = true; break;
        default: return false;
        }
    }
    return optind == argc;
}

static int __attribute__((format(printf, 1, 2))) fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("invited: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    return 1;
}

static int failed(enum db_result r)
{
    if (r == DB_DOWN) return fail("the database does not answer; nothing was changed");
    if (r == DB_CONFLICT) return fail("this exists already; nothing was changed");
    return fail("the database refused this; see the line above; nothing was changed");
}

static bool text_good(const char *text, size_t most)
{
    return *text && utf8_good(text, strlen(text)) && utf8_length(text) <= most && !utf8_has_control(text, false) && !utf8_has_hidden(text);
}

/* From standard input, up to the end of its first line. */
static int password_read(struct operator *op)
{
    char line[PASSWORD_MOST + 2] = {0};
    if (!fgets(line, sizeof line, stdin)) return fail("no password on standard input");
    line[strcspn(line, "\r\n")] = 0;
    const char *words[] = {op->first_name, op->last_name, op->email, NULL};
    const char *weak = utf8_good(line, strlen(line)) ? password_weakness(op->arena, line, words) : "The password is not UTF-8";
    if (weak) return fail("%s", weak);
    op->password = password_hash(op->arena, op->config, line);
    return op->password ? 0 : fail("not enough memory to hash the password");
}

/* Everything that can be wrong before the database is asked. */
static int begin(struct operator *op)
{
    const char *wrong = address_parse(op->arena, op->email, &op->address);
    if (wrong) return fail("%s", wrong);
    if ((*op->first_name && !text_good(op->first_name, 100)) || (*op->last_name && !text_good(op->last_name, 100))) return fail("a name is too long or not plain text");
    if (op->password_on_stdin) {
        int status = password_read(op);
        if (status) return status;
    }
    static struct db_options options;
    if (!secret_load(op->config->secret_file) || !db_options_read(op->config, &options)) return 1;
    op->db = db_new(&options);
    db_start(op->db, op->arena);
    db_allow_writes(op->db, true);
    return migrate_check(op->db) == DB_OK ? 0 : fail("the database is not ready: start it, then run `invited migrate`");
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
    const char *token = secret_new(op->arena);
    *link = url_absolute(op->arena, op->config->base_url, url_reset(op->arena, token)).text;
    return token_add_password(op->db, secret_hash(SECRET_PASSWORD, token), account_id, OPERATOR_LINK_MINUTES, NULL);
}

static void link_print(const struct operator *op, bool found, const char *link)
{
    if (found) printf("%s has an account already: it keeps its password\n", op->address.typed);
    else if (op->password) printf("%s can sign in at %s/sign-in\n", op->address.typed, op->config->base_url);
    else printf("Set a password within 7 days: %s\n", link);
}

static enum db_result person_join(struct operator *op, uint64_t company_id, enum member_role role, bool *found, const char **link)
{
    uint64_t account_id;
    TRY(person(op, &account_id, found));
    TRY(company_member_add(op->db, company_id, account_id, role, NULL));
    if (!*found && !op->password) TRY(link_add(op, account_id, link));
    return audit_add(op->db, id_new(), "member_added", company_id, account_id, 0, 0, "by the operator", NULL);
}

static enum db_result vendor_make(struct operator *op, struct id id, bool *found, const char **link)
{
    uint64_t vendor_id;
    TRY(company_add(op->db, id, COMPANY_VENDOR, op->name, "", "", "", "", "", "", &vendor_id));
    TRY(company_partner_role_add(op->db, id_new(), vendor_id, "Standard", "read,download,upload,write", NULL));
    TRY(company_partner_role_add(op->db, id_new(), vendor_id, "Read-only", "read,download", NULL));
    TRY(audit_add(op->db, id_new(), "vendor_added", vendor_id, 0, 0, 0, "by the operator", NULL));
    TRY(person_join(op, vendor_id, ROLE_OWNER, found, link));
    return db_commit(op->db);
}

static int vendor_add(struct operator *op)
{
    if (!text_good(op->name, 100)) return fail("--name wants plain text of at most 100 characters");
    int status = begin(op);
    if (status) return status;
    struct vendor_company_list same;
    enum db_result r = company_vendor_by_name(op->db, op->name, &same);
    if (r == DB_OK && same.n) return fail("there is a vendor %s already; nothing was changed", op->name);
    struct id id = id_new();
    bool found = false;
    const char *link = "";
    if (r == DB_OK) r = vendor_make(op, id, &found, &link);
    if (r != DB_OK) return failed(r);
    printf("Vendor %s, id %s\n", op->name, id_text(op->arena, id));
    link_print(op, found, link);
    return 0;
}

static int account_join(struct operator *op)
{
    enum member_role role;
    if (!member_role_from(op->role, &role) || role == ROLE_MEMBER) return fail("--role is owner, admin, inviter or auditor, not %s", op->role);
    int status = begin(op);
    if (status) return status;
    struct vendor_company_list vendors;
    enum db_result r = company_vendor_by_name(op->db, op->vendor, &vendors);
    if (r == DB_OK && vendors.n == 0) return fail("there is no vendor %s; `invited vendor add` makes one", op->vendor);
    bool found = false;
    const char *link = "";
    if (r == DB_OK) r = person_join(op, vendors.v[0].id, role, &found, &link);
    if (r == DB_CONFLICT) return fail("%s belongs to this vendor already; nothing was changed", op->address.typed);
    if (r == DB_OK) r = db_commit(op->db);
    if (r != DB_OK) return failed(r);
    printf("%s is %s of %s\n", op->address.typed, op->role, op->vendor);
    link_print(op, found, link);
    return 0;
}

static int run(struct operator *op, int (*command)(struct operator *))
{
    op->arena = arena_new();
    int status = command(op);
    db_free(op->db);
    arena_free(op->arena);
    return status;
}

static int vendor_command(const struct config *config, int argc, char **argv)
{
    static const struct option options[] = {{"name", required_argument, NULL, 'n'},       {"owner-email", required_argument, NULL, 'e'},
                                            {"first-name", required_argument, NULL, 'f'}, {"last-name", required_argument, NULL, 'l'},
                                            {"password-stdin", no_argument, NULL, 'p'},   {0}};
    struct operator op = {.config = config, .first_name = "", .last_name = ""};
    if (argc < 2 || strcmp(argv[1], "add") != 0 || !options_read(&op, argc - 1, argv + 1, options) || !op.name || !op.email) {
        fputs("usage: invited vendor add --name NAME --owner-email ADDRESS [--first-name F] [--last-name L] [--password-stdin]\n", stderr);
        return WRONG_CALL;
    }
    return run(&op, vendor_add);
}

static int account_command(const struct config *config, int argc, char **argv)
{
    static const struct option options[] = {{"email", required_argument, NULL, 'e'},      {"vendor", required_argument, NULL, 'v'},
                                            {"role", required_argument, NULL, 'r'},       {"first-name", required_argument, NULL, 'f'},
                                            {"last-name", required_argument, NULL, 'l'},  {"password-stdin", no_argument, NULL, 'p'}, {0}};
    struct operator op = {.config = config, .role = "admin", .first_name = "", .last_name = ""};
    if (argc < 2 || strcmp(argv[1], "add") != 0 || !options_read(&op, argc - 1, argv + 1, options) || !op.email || !op.vendor) {
        fputs("usage: invited account add --email ADDRESS --vendor NAME [--role owner|admin|inviter|auditor] [--first-name F] [--last-name L] [--password-stdin]\n", stderr);
        return WRONG_CALL;
    }
    return run(&op, account_join);
}

int operator_migrate(const struct config *config)
{
    struct db_options options;
    if (!db_options_read(config, &options)) return 1;
    return migrate_run(&options) == MIGRATE_OK ? 0 : 1;
}

const struct command operator_commands[] = {
    {"vendor", "vendor add --name NAME --owner-email ADDRESS [--password-stdin]", vendor_command},
    {"account", "account add --email ADDRESS --vendor NAME [--role ROLE] [--password-stdin]", account_command},
    {0},
};
