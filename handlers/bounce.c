/* bounce.c - see bounce.h. */
#include "bounce.h"

#include "arena.h"
#include "bounce_report.h"
#include "db_options.h"
#include "log.h"
#include "migrate.h"
#include "secret.h"
#include "sql/outbox.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TRY_AGAIN = 75, WRONG_CALL = 2, MESSAGE_MOST = 1 << 20, NUMBER_TEXT = 32, MAC_TEXT = 16 };

/* The first 64 bits, in hexadecimal digits: mail servers may change the case of an address. */
static const char *mac(struct arena *a, const char *number)
{
    struct hash hash = secret_hash(SECRET_BOUNCE, number);
    struct id id;
    memcpy(id.b, hash.b, sizeof id.b);
    return arena_text(a, id_text(a, id), MAC_TEXT);
}

const char *bounce_sender(struct arena *a, const struct config *config, struct id number)
{
    if (!*config->bounce_address) return config->mail_from;
    const char *at = strchr(config->bounce_address, '@'), *text = id_text(a, number);
    return arena_printf(a, "%.*s+%s.%s%s", (int)(at - config->bounce_address), config->bounce_address, text, mac(a, text), at);
}

/* The mail that an address of ours names. */
static bool number_read(struct arena *a, const char *recipient, struct id *number)
{
    const char *plus = strrchr(recipient, '+');
    if (!plus || strlen(plus) < 1 + NUMBER_TEXT + 1 + MAC_TEXT + 1 || plus[1 + NUMBER_TEXT] != '.' || plus[1 + NUMBER_TEXT + 1 + MAC_TEXT] != '@') return false;
    char *text = arena_text(a, plus + 1, NUMBER_TEXT), *proof = arena_text(a, plus + 1 + NUMBER_TEXT + 1, MAC_TEXT);
    for (char *p = text; *p; p++) *p = *p >= 'A' && *p <= 'F' ? (char)(*p | 0x20) : *p;
    for (char *p = proof; *p; p++) *p = *p >= 'A' && *p <= 'F' ? (char)(*p | 0x20) : *p;
    return id_from_text(text, number) && secret_equal(proof, mac(a, text));
}

/* The first megabyte: the notification stands before the message that it returns. The rest is read and forgotten. */
static struct bytes message_read(struct arena *a)
{
    char *p = arena_alloc(a, MESSAGE_MOST), rest[4096];
    size_t n = 0;
    ssize_t got;
    while (n < MESSAGE_MOST && (got = read(STDIN_FILENO, p + n, MESSAGE_MOST - n)) > 0) n += (size_t)got;
    while (n == MESSAGE_MOST && read(STDIN_FILENO, rest, sizeof rest) > 0)
        ;
    return (struct bytes){p, n};
}

static enum db_result record(struct db *db, struct id number, const char *reason)
{
    struct outbox_mail mail;
    TRY(outbox_by_number(db, number, &mail));
    TRY(outbox_came_back(db, mail.id, reason));
    TRY(outbox_history(db, mail.id, "mail_came_back", reason, NULL));
    return db_commit(db);
}

static int take(struct arena *a, const struct config *config, const char *recipient)
{
    static struct db_options options;
    struct id number;
    struct bounce_report report;
    if (!secret_load(config->secret_file) || !db_options_read(config, &options)) return TRY_AGAIN;
    struct bytes message = message_read(a);
    if (!number_read(a, recipient, &number)) return log_info("a message to an address that is not ours was dropped"), 0;
    if (!bounce_report_read(a, message, &report) || !report.failed) return log_info("a message that is no final failure was dropped"), 0;
    struct db *db = db_new(&options);
    db_start(db, a);
    db_allow_writes(db, true);
    enum db_result r = migrate_check(db);
    if (r == DB_OK) r = record(db, number, report.reason);
    db_free(db);
    if (r != DB_OK && r != DB_NONE) return log_warning("a returned mail could not be recorded: the mail server tries again"), TRY_AGAIN;
    return 0;
}

int bounce_run(const struct config *config, int argc, char **argv)
{
    if (argc != 2) return fprintf(stderr, "usage: invited bounce RECIPIENT < message\n"), WRONG_CALL;
    struct arena *a = arena_new();
    int status = take(a, config, argv[1]);
    arena_free(a);
    return status;
}
