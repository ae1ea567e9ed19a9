/* main.c - the command line: `invited [-c FILE] COMMAND ...`. Commands of the server are here, those of the product in app.commands. */
#include "app.h"
#include "config.h"
#include "keygen.h"
#include "language.h"
#include "log.h"
#include "master.h"
#include "router.h"
#include "route_table.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef INVITED_VERSION
#define INVITED_VERSION "development"
#endif

static const char config_usual[] = "/etc/invited/invited.conf";
static const char *config_path; /* -c FILE, or the usual one where it exists, or NULL */

static bool readable(const char *key, const char *path)
{
    if (!*path || access(path, R_OK) == 0) return true;
    fprintf(stderr, "%s = %s: %s%s\n", key, path, strerror(errno), errno == ENOENT ? " (`invited keygen` makes the missing keys)" : "");
    return false;
}

/* Better one sentence now than a child that dies again and again. */
static bool files_readable(const struct config *c, bool web, bool mailer)
{
    bool good = readable("database_password_file", c->database_password_file) && readable("database_tls_ca", c->database_tls_ca);
    if (web) good = readable("secret_file", c->secret_file) && readable("mail_public_file", c->mail_public_file) && good;
    if (web && access(c->resource_folder, W_OK | X_OK) != 0) {
        fprintf(stderr, "resource_folder = %s: %s: shared files are kept there; make it, owned by this user and of nginx's group, mode 2750\n", c->resource_folder,
                strerror(errno));
        good = false;
    }
    if (mailer) good = readable("mail_secret_file", c->mail_secret_file) && readable("smtp_password_file", c->smtp_password_file) && good;
    return good;
}

static int serve_run(const struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return fprintf(stderr, "serve takes no arguments\n"), 2;
    router_check(app.routes);
    return files_readable(config, true, config->mailer) ? master_run(config, config_path, false) : 1;
}

static int mailer_only_run(const struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return fprintf(stderr, "mailer takes no arguments\n"), 2;
    return files_readable(config, false, true) ? master_run(config, config_path, true) : 1;
}

static int migrate_run(const struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return fprintf(stderr, "migrate takes no arguments\n"), 2;
    return app.migrate(config);
}

static int check_config_run(const struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return fprintf(stderr, "check-config takes no arguments\n"), 2;
    config_print(config);
    if (!files_readable(config, true, config->mailer)) fprintf(stderr, "the values are good, but `serve` would not start here yet\n");
    return 0;
}

static int version_run(const struct config *config, int argc, char **argv)
{
    (void)config, (void)argc, (void)argv;
    puts("invited " INVITED_VERSION);
    return 0;
}

static int help_run(const struct config *config, int argc, char **argv);

static const struct command commands[] = {
    {"serve", "run web workers, auth workers and (mailer = true) the mailer", serve_run},
    {"mailer", "run the mailer alone", mailer_only_run},
    {"migrate", "bring the database to the schema of this program", migrate_run},
    {"keygen", "make the key files that are missing", keygen_run},
    {"check-config", "read the configuration and print every value in force", check_config_run},
    {"routes", "print every address, who may go there, and its limits; --nginx: the map for nginx", route_table_run},
    {"version", "print the version", version_run},
    {"help", "this list", help_run},
    {NULL, NULL, NULL},
};

static void usage_print(FILE *to)
{
    fprintf(to, "usage: invited [-c FILE] COMMAND ...\n\n");
    for (const struct command *c = commands; c->name; c++) fprintf(to, "  %-24s %s\n", c->name, c->usage);
    for (const struct command *c = app.commands; c && c->name; c++) fprintf(to, "  %s\n", c->usage);
    fprintf(to, "\nFILE is %s where nothing else is said; every key can be set as INVITED_<KEY> too.\n", config_usual);
}

static int help_run(const struct config *config, int argc, char **argv)
{
    (void)config, (void)argc, (void)argv;
    usage_print(stdout);
    return 0;
}

static const struct command *command_find(const struct command *list, const char *name)
{
    for (const struct command *c = list; c && c->name; c++)
        if (strcmp(c->name, name) == 0) return c;
    return NULL;
}

static void log_level_apply(const char *name)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) log_level_set((enum log_level)i);
}

static bool config_apply(const struct config *config)
{
    log_level_apply(config->log_level);
    languages_open(config->catalogue_dir);
    if (language_find(config->language)) return true;
    fprintf(stderr, "language = %s: there is no such catalogue in catalogue_dir, %s\n", config->language, config->catalogue_dir);
    return false;
}

/* What can be asked for on a machine that has no configuration yet. */
static bool needs_config(const struct command *c)
{
    return c->run != help_run && c->run != version_run && c->run != route_table_run;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    if (sodium_init() < 0) return fprintf(stderr, "libsodium does not start\n"), 1;

    if (access(config_usual, F_OK) == 0) config_path = config_usual;
    int option;
    while ((option = getopt(argc, argv, "+c:")) != -1) {
        if (option != 'c') return usage_print(stderr), 2;
        config_path = optarg;
    }
    argc -= optind;
    argv += optind;
    optind = 1; /* a command may read its own options */
    if (argc < 1) return usage_print(stderr), 2;
    const struct command *command = command_find(commands, argv[0]);
    if (!command) command = command_find(app.commands, argv[0]);
    if (!command) {
        fprintf(stderr, "invited: no command `%s`; `invited help` lists them\n", argv[0]);
        return 2;
    }
    static struct config config;
    if (needs_config(command) && !config_read(&config, config_path)) return 1;
    if (needs_config(command) && !config_apply(&config)) return 1;
    return command->run(&config, argc, argv);
}
