/* operator.c - see operator.h: one function for each noun; the verbs are in operator_<noun>.c. */
#include "operator.h"

#include "bounce.h"
#include "db_options.h"
#include "migrate.h"
#include "operator_call.h"

static int vendor_command(const struct config *config, int argc, char **argv)
{
    return operator_call(operator_vendor_verbs, config, argc, argv);
}

static int account_command(const struct config *config, int argc, char **argv)
{
    return operator_call(operator_account_verbs, config, argc, argv);
}

static int suppress_command(const struct config *config, int argc, char **argv)
{
    return operator_call(operator_suppress_verbs, config, argc, argv);
}

static int status_command(const struct config *config, int argc, char **argv)
{
    return operator_call(operator_status_verbs, config, argc, argv);
}

int operator_migrate(const struct config *config)
{
    struct db_options options;
    if (!db_options_read(config, &options)) return 1;
    return migrate_run(&options) == MIGRATE_OK ? 0 : 1;
}

/* One line of `invited help` each. */
const struct command operator_commands[] = {
    {"vendor", "vendor add --name NAME --owner-email ADDRESS [--password-stdin]", vendor_command},
    {"vendor", "vendor list | suspend | resume | delete [--name NAME | --id ID] [--export FILE]", vendor_command},
    {"account", "account add --email ADDRESS --vendor NAME [--role ROLE] [--password-stdin]", account_command},
    {"account", "account list [--vendor NAME] | lock | unlock | export | erase --email ADDRESS", account_command},
    {"status", "status                   who serves what, since when, and what mail waits", status_command},
    {"bounce", "bounce RECIPIENT         a mail that came back, on standard input from the mail server's pipe", bounce_run},
    {"suppress", "suppress add | list | remove --email ADDRESS", suppress_command},
    {0},
};
