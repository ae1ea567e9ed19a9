/* mailer_drive.c - runs mailer.c against an outbox in memory; driven by smtp_test.py.
 *
 * Arguments are key=value: port, dir (where keys are made), seconds, n, bad (index of a mail with a foreign seal), down
 * (so many calls to the database fail first), record_down (likewise for results), retry (ms until the next try), wait
 * (s). Prints `mailer PID`, for each result `INDEX ATTEMPT RESULT REPLY`, at the end `exit STATUS served N`.
 */
#include "app.h"
#include "arena.h"
#include "drive.h"
#include "mail.h"
#include "mailer.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 400 };

struct box {
    struct scoreboard_slot slot;
    struct {
        unsigned attempt;
        bool final;
        int64_t due_ms;
    } mail[MOST];
    unsigned n, final, down, record_down, retry_ms;
};

static struct box *box;
static struct bytes sealed[MOST];
static char recipients[MOST][32];

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- a product and a database for the mailer ---- */

static enum db_result box_claim(struct db *db, const struct config *config, struct mail_job *jobs, unsigned most,
                                unsigned *n)
{
    (void)db, (void)config;
    *n = 0;
    if (box->down) return box->down--, DB_DOWN;
    for (unsigned i = 0; i < box->n && *n < most; i++) {
        if (box->mail[i].final || box->mail[i].due_ms > now_ms()) continue;
        box->mail[i].attempt++;
        box->mail[i].due_ms = now_ms() + box->retry_ms;
        jobs[(*n)++] = (struct mail_job){.id = i, .sender = "invites@portal.example", .recipient = recipients[i],
                                         .sealed = sealed[i], .attempt = box->mail[i].attempt};
    }
    return DB_OK;
}

static enum db_result box_record(struct db *db, const struct config *config, const struct mail_job *job,
                                 enum mail_result result, const char *reply)
{
    (void)db, (void)config;
    static const char *const names[] = {"sent", "deferred", "refused"};
    if (box->record_down) return box->record_down--, DB_DOWN;
    printf("%d %u %s %s\n", (int)job->id, job->attempt, names[result], reply);
    fflush(stdout);
    if (result != MAIL_DEFERRED && !box->mail[job->id].final) {
        box->mail[job->id].final = true;
        box->final++;
    }
    return DB_OK;
}

static enum db_result box_sweep(struct db *db, const struct config *config, bool *more)
{
    (void)db, (void)config, (void)more;
    return DB_OK;
}

const struct app app = {.mail_claim = box_claim, .mail_record = box_record, .sweep = box_sweep};

struct db *db_new(const struct db_options *options)
{
    (void)options;
    return malloc(1);
}
void db_free(struct db *db) { free(db); }
void db_start(struct db *db, struct arena *arena) { (void)db, (void)arena; }
void db_allow_writes(struct db *db, bool allowed) { (void)db, (void)allowed; }
void db_rollback(struct db *db) { (void)db; }

/* ---- main ---- */

static const char *key_file(struct arena *a, const char *name, const uint8_t key[32])
{
    char hex[65];
    const char *path = arena_printf(a, "%s/%s", argument("dir", "/tmp"), name);
    sodium_bin2hex(hex, sizeof hex, key, 32);
    FILE *f = fopen(path, "w");
    if (!f) exit(2);
    fprintf(f, "%s\n", hex);
    fclose(f);
    return path;
}

static void fill(struct arena *a, const uint8_t public[32], const uint8_t foreign[32])
{
    unsigned bad = number("bad", "9999");
    box->n = number("n", "1");
    for (unsigned i = 0; i < box->n; i++) {
        snprintf(recipients[i], sizeof recipients[i], "user%u@example.org", i);
        struct mail m = {.from_name = "A", .from = "invites@portal.example", .to = recipients[i], .subject = "Hello",
                         .language = "en", .text = "Text\n", .html = "<p>Text</p>\n", .host = "portal.example",
                         .id = {{(uint8_t)i, (uint8_t)(i >> 8)}}, .date = {1795243580000000}};
        sealed[i] = mail_seal(a, mail_build(a, &m), i == bad ? foreign : public);
    }
}

int main(int argc, char **argv)
{
    argument_count = argc;
    arguments = argv;
    if (sodium_init() < 0) return 2;
    box = mmap(NULL, sizeof *box, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct arena *a = arena_new();
    uint8_t public[32], secret[32], other_public[32], other_secret[32];
    crypto_box_keypair(public, secret);
    crypto_box_keypair(other_public, other_secret);
    fill(a, public, other_public);
    box->down = number("down", "0");
    box->record_down = number("record_down", "0");
    box->retry_ms = number("retry", "300");
    bool mismatch = argument("mismatch", NULL);
    struct config config = {.base_url = "http://127.0.0.1:8080",
                            .database_host = "",
                            .database_socket = "",
                            .database_name = "",
                            .database_user = "",
                            .database_password_file = "",
                            .database_tls_ca = "",
                            .mail_public_file = key_file(a, "mail.public", mismatch ? other_public : public),
                            .mail_secret_file = key_file(a, "mail.secret", secret),
                            .smtp_host = "127.0.0.1",
                            .smtp_port = number("port", "25"),
                            .smtp_tls = "off",
                            .smtp_tls_ca = "",
                            .smtp_user = argument("user", ""),
                            .smtp_password_file = argument("password_file", ""),
                            .smtp_seconds = number("seconds", "1"),
                            .request_seconds = 10};
    fflush(stdout);
    pid_t mailer = fork();
    if (mailer == 0) {
        printf("mailer %d\n", (int)getpid()); /* before anything that it records */
        fflush(stdout);
        _exit(mailer_run(&config, &box->slot));
    }
    int64_t end = now_ms() + 1000 * (int64_t)number("wait", "20");
    int status = 0;
    pid_t ended = 0;
    while (now_ms() < end && box->final < box->n && !(ended = waitpid(mailer, &status, WNOHANG))) usleep(5000);
    if (number("sigterm", "0")) kill(mailer, SIGTERM);
    else box->slot.leave = true;
    if (!ended) waitpid(mailer, &status, 0);
    printf("exit %d served %llu\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
           (unsigned long long)box->slot.served);
    arena_free(a);
    return 0;
}
