/* operator_call.c - see operator_call.h. */
#include "operator_call.h"

#include "arena.h"
#include "db_options.h"
#include "migrate.h"
#include "secret.h"
#include "sql/company.h"
#include "sql/operator.h"
#include "utf8.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WRONG_CALL = 2 };

static const struct option options[] = {
    {"name", required_argument, NULL, 'n'},       {"id", required_argument, NULL, 'i'},        {"owner-email", required_argument, NULL, 'o'},
    {"email", required_argument, NULL, 'e'},      {"vendor", required_argument, NULL, 'v'},    {"role", required_argument, NULL, 'r'},
    {"first-name", required_argument, NULL, 'f'}, {"last-name", required_argument, NULL, 'l'}, {"password-stdin", no_argument, NULL, 'p'},
    {"export", required_argument, NULL, 'x'},     {0},
};

static bool options_read(struct operator *op, const struct operator_verb *verb, int argc, char **argv)
{
    char seen[16] = "";
    int c;
    optind = 0;
    opterr = 1;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == '?' || !strchr(verb->may, c) || strchr(seen, c)) return false;
        seen[strlen(seen)] = (char)c;
        switch (c) {
        case 'n': op->name = optarg; break;
        case 'i': op->id = optarg; break;
        case 'v': op->vendor = optarg; break;
        case 'o':
        case 'e': op->email = optarg; break;
        case 'r': op->role = optarg; break;
        case 'f': op->first_name = optarg; break;
        case 'l': op->last_name = optarg; break;
        case 'x': op->file = optarg; break;
        default: op->password_on_stdin = true; break;
        }
    }
    for (const char *must = verb->must; *must; must++)
        if (!strchr(seen, *must)) return false;
    return optind == argc;
}

static int usage_print(const struct operator_verb *verbs, const struct operator_verb *only)
{
    const char *before = "usage:";
    for (const struct operator_verb *v = verbs; v->noun; v++) {
        if (only && v != only) continue;
        fprintf(stderr, "%s invited %s\n", before, v->usage);
        before = "      ";
    }
    return WRONG_CALL;
}

int operator_call(const struct operator_verb *verbs, const struct config *config, int argc, char **argv)
{
    const struct operator_verb *verb = verbs;
    bool alone = !*verbs->verb; /* a noun without verbs */
    while (!alone && verb->noun && (argc < 2 || strcmp(argv[1], verb->verb) != 0)) verb++;
    if (!verb->noun) return usage_print(verbs, NULL);
    struct operator op = {.config = config};
    int skip = alone ? 0 : 1;
    if (!options_read(&op, verb, argc - skip, argv + skip)) return usage_print(verbs, verb);
    op.arena = arena_new();
    int status = verb->run(&op);
    db_free(op.db);
    arena_free(op.arena);
    return status;
}

int operator_fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("invited: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    return 1;
}

int operator_failed(enum db_result r)
{
    if (r == DB_DOWN) return operator_fail("the database does not answer; nothing was changed");
    if (r == DB_RETRY) return operator_fail("others are changing the same; nothing was changed, try again");
    if (r == DB_CONFLICT) return operator_fail("this exists already; nothing was changed");
    return operator_fail("the database refused this; see the line above; nothing was changed");
}

int operator_begin(struct operator *op)
{
    const char *wrong = op->email ? address_parse(op->arena, op->email, &op->address) : NULL;
    if (wrong) return operator_fail("%s", wrong);
    static struct db_options connection;
    if (!secret_load(op->config->secret_file) || !db_options_read(op->config, &connection)) return 1;
    op->db = db_new(&connection);
    db_start(op->db, op->arena);
    db_allow_writes(op->db, true);
    return migrate_check(op->db) == DB_OK ? 0 : operator_fail("the database is not ready: start it, then run `invited migrate`");
}

bool operator_text_good(const char *text, size_t most)
{
    return *text && utf8_good(text, strlen(text)) && utf8_length(text) <= most && !utf8_has_control(text, false) && !utf8_has_hidden(text);
}

int operator_vendor(struct operator *op, struct vendor_company *vendor)
{
    const char *name = op->vendor ? op->vendor : op->name;
    if ((name != NULL) == (op->id != NULL)) return operator_fail("say which vendor: --name NAME or --id ID");
    if (op->id) {
        struct id id;
        enum db_result r = id_from_text(op->id, &id) ? operator_vendor_by_id(op->db, id, vendor) : DB_NONE;
        if (r == DB_NONE) return operator_fail("there is no vendor with the id %s; `invited vendor list` shows them", op->id);
        return r == DB_OK ? 0 : operator_failed(r);
    }
    struct vendor_company_list found;
    enum db_result r = company_vendor_by_name(op->db, name, &found);
    if (r != DB_OK) return operator_failed(r);
    if (found.n == 0) return operator_fail("there is no vendor %s; `invited vendor add` makes one", name);
    if (found.n > 1) return operator_fail("several vendors are called %s: say which by --id; `invited vendor list` shows them", name);
    *vendor = found.v[0];
    return 0;
}
