/* mailer.c - see mailer.h.
 *
 * Two processes: this one owns the database and never parses what a mail server says; the child owns the conversation
 * and has no database. The child opens the seals, so that no secret link is ever in the longer-lived process.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* ppoll */
#endif
#include "mailer.h"

#include "app.h"
#include "arena.h"
#include "db.h"
#include "db_options.h"
#include "log.h"
#include "mailer_child.h"
#include "secret.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    IDLE_MS = 100,           /* how late a mail is noticed, at most: an admin who just pressed Send Invite is waiting */
    DOWN_FIRST_MS = 250,     /* how long we leave a database alone that is down: doubling */
    DOWN_MOST_MS = 5000,
    SWEEP_MS = 10 * 60 * 1000, /* between two looks for what is to be erased */
    LEAVE_RECORD_MS = 10000, /* told to leave: how long we still try to write down what we know */
};

struct mailer {
    const struct config *config;
    struct scoreboard_slot *slot;
    struct mailer_keys *keys; /* sodium_malloc'ed */
    struct db *db;
    struct arena *arena;
    struct mail_job jobs[SMTP_MOST];
    bool recorded[SMTP_MOST];
    unsigned n;
    bool moved; /* in this batch a mail left the outbox for good */
    int64_t sweep_ms; /* the next look */
    bool down; /* the database was, the last time we asked */
    int down_ms;
};

static volatile sig_atomic_t mailer_told;

static void mailer_on_term(int signal)
{
    (void)signal;
    mailer_told = 1;
}

static bool mailer_leaves(const struct mailer *m)
{
    return mailer_told || atomic_load_explicit(&m->slot->leave, memory_order_relaxed);
}

static int64_t mailer_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Wait for `fd` (-1: nothing) or `ms`. The only place where SIGTERM can enter. */
static bool mailer_wait(int fd, int64_t ms)
{
    struct timespec limit = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    struct pollfd p = {.fd = fd, .events = POLLIN};
    sigset_t none;
    sigemptyset(&none);
    return ppoll(&p, fd >= 0, &limit, &none) > 0;
}

/* ---- the database, which may come and go ---- */

static void mailer_db_good(struct mailer *m)
{
    if (m->down) log_info("the database answers again");
    m->down = false;
    m->down_ms = 0;
}

/* Says so once, and waits a little longer every time. */
static void mailer_db_bad(struct mailer *m, enum db_result result, const char *what)
{
    if (!m->down && result != DB_RETRY)
        log_error("%s: the database %s", what, result == DB_DOWN ? "is down" : "refuses");
    m->down = m->down || result != DB_RETRY;
    m->down_ms = !m->down_ms ? DOWN_FIRST_MS : m->down_ms * 2 > DOWN_MOST_MS ? DOWN_MOST_MS : m->down_ms * 2;
    int64_t end = mailer_now_ms() + m->down_ms, left;
    while ((left = end - mailer_now_ms()) > 0) {
        mailer_wait(-1, left < IDLE_MS ? left : IDLE_MS);
        if (mailer_leaves(m)) break;
    }
}

/* What we know of a mail must not get lost because the database is away for a minute: a mail that was sent and not
 * written down is sent twice. */
static void mailer_record(struct mailer *m, unsigned i, enum mail_result result, const char *reply)
{
    if (m->recorded[i]) return;
    m->recorded[i] = true;
    m->moved = m->moved || result != MAIL_DEFERRED;
    int64_t leave_end = 0;
    for (;;) {
        enum db_result r = app.mail_record(m->db, m->config, &m->jobs[i], result, reply);
        if (r == DB_OK || r == DB_NONE || r == DB_CONFLICT) break;
        if (r == DB_BUG) {
            log_error("the result of mail %llu cannot be written down", (unsigned long long)m->jobs[i].id);
            return;
        }
        db_rollback(m->db); /* or every further try would get this answer, unasked */
        mailer_db_bad(m, r, "a mail's result");
        if (!mailer_leaves(m)) continue;
        if (!leave_end) leave_end = mailer_now_ms() + LEAVE_RECORD_MS;
        if (mailer_now_ms() > leave_end) {
            log_error("the result of mail %llu is lost: it may be sent again", (unsigned long long)m->jobs[i].id);
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = DOWN_FIRST_MS * 1000000L}, NULL);
    }
    mailer_db_good(m);
    atomic_fetch_add_explicit(&m->slot->served, 1, memory_order_relaxed);
}

/* ---- a batch ---- */

/* One report of the child. A hostile server may have taken it over: nothing is believed to be in range. */
static void mailer_take(struct mailer *m, struct mailer_report *report)
{
    char reply[SMTP_REPLY + 1];
    if (report->index >= m->n || report->result > MAIL_REFUSED) {
        log_error("the mail child reported nonsense");
        return;
    }
    report->reply[SMTP_REPLY] = 0;
    smtp_words(reply, report->reply);
    if (report->unsealed)
        log_error("mail %llu cannot be opened: mail_secret_file is not the key that it was sealed for",
                  (unsigned long long)m->jobs[report->index].id);
    mailer_record(m, report->index, (enum mail_result)report->result, reply);
}

/* Read reports until the child closes the pipe. One that takes too long is ended. */
static void mailer_listen(struct mailer *m, int fd, pid_t child)
{
    int64_t end = mailer_now_ms() + (int64_t)mailer_child_seconds(m->config) * 1000, leave = 0;
    bool killed = false, told = false;
    for (;;) {
        if (mailer_wait(fd, IDLE_MS / 4)) {
            struct mailer_report report;
            ssize_t n = read(fd, &report, sizeof report);
            if (n == (ssize_t)sizeof report) mailer_take(m, &report);
            else if (n == 0) return;
            else if (n > 0 || errno != EINTR) killed = kill(child, SIGKILL) == 0; /* the end of the pipe follows */
            continue; /* a child is only late when it has nothing to say */
        }
        int64_t now = mailer_now_ms();
        if (mailer_leaves(m) && !leave) leave = now;
        /* Half of the time that the master grants: then the child begins no more mails. */
        if (leave && !told && now - leave > (int64_t)m->config->request_seconds * 500) told = kill(child, SIGTERM) == 0;
        if (now > end && !killed) {
            log_error("the mail child takes too long: killed");
            killed = kill(child, SIGKILL) == 0;
        }
    }
}

static void mailer_batch(struct mailer *m)
{
    int fds[2];
    pid_t child = -1, mailer = getpid();
    memset(m->recorded, 0, sizeof m->recorded);
    if (pipe(fds) == 0) {
        child = fork();
        if (child == 0) mailer_child_run(m->config, m->keys, m->jobs, m->n, fds[1], mailer);
        close(fds[1]);
        if (child > 0) mailer_listen(m, fds[0], child);
        else log_error("fork: %s", strerror(errno));
        close(fds[0]);
    } else {
        log_error("pipe: %s", strerror(errno));
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (child > 0 && WIFSIGNALED(status)) log_error("the mail child ended by signal %d", WTERMSIG(status));
    else if (child > 0 && WEXITSTATUS(status)) log_error("the mail child ended with status %d", WEXITSTATUS(status));
    for (unsigned i = 0; i < m->n; i++) mailer_record(m, i, MAIL_DEFERRED, "The mail program ended unexpectedly");
}

/* Claim what is due and send it. True: try the next ones at once. Not when all of them have to wait: with the mail
 * server away this would use up an attempt of every mail within a moment. */
static bool mailer_step(struct mailer *m)
{
    arena_reset(m->arena);
    db_start(m->db, m->arena);
    db_allow_writes(m->db, true);
    m->n = 0;
    m->moved = false;
    enum db_result r = app.mail_claim(m->db, m->config, m->jobs, SMTP_MOST, &m->n);
    if (r == DB_NONE) m->n = 0;
    else if (r != DB_OK) {
        mailer_db_bad(m, r, "the outbox");
        return false;
    }
    mailer_db_good(m);
    if (m->n) mailer_batch(m);
    return m->moved;
}

/* Nothing to send: a batch of what is to be erased, so that a mail waits for one batch at most. */
static void mailer_sweep(struct mailer *m)
{
    bool more = false;
    int64_t now = mailer_now_ms();
    if (now < m->sweep_ms) return;
    m->sweep_ms = now + SWEEP_MS;
    arena_reset(m->arena);
    db_start(m->db, m->arena);
    db_allow_writes(m->db, true);
    enum db_result r = app.sweep(m->db, m->config, &more);
    if (more || r == DB_RETRY) m->sweep_ms = now;
    if (r == DB_OK) return;
    db_rollback(m->db);
    mailer_db_bad(m, r, "the retention of data");
}

/* ---- start ---- */

static void mailer_set_signals(void)
{
    struct sigaction action = {.sa_handler = mailer_on_term};
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
}

/* The two keys must be a pair, or every mail would be refused as unopenable. */
static bool mailer_load_keys(struct mailer *m)
{
    uint8_t expected[32];
    m->keys = sodium_malloc(sizeof *m->keys);
    if (!m->keys) {
        log_error("no locked memory for the mailer's key");
        return false;
    }
    if (!secret_read_key(m->config->mail_secret_file, m->keys->secret) ||
        !secret_read_key(m->config->mail_public_file, m->keys->public))
        return false;
    if (crypto_scalarmult_base(expected, m->keys->secret) ||
        sodium_memcmp(expected, m->keys->public, sizeof expected)) {
        log_error("%s does not belong to %s", m->config->mail_public_file, m->config->mail_secret_file);
        return false;
    }
    sodium_mprotect_readonly(m->keys);
    return true;
}

int mailer_run(const struct config *config, struct scoreboard_slot *slot)
{
    struct mailer m = {.config = config, .slot = slot};
    struct db_options options;
    mailer_set_signals();
#ifndef __SANITIZE_ADDRESS__
    prctl(PR_SET_DUMPABLE, 0); /* no core file with keys; the leak checker needs it on */
#endif
    bool good = mailer_load_keys(&m) && db_options_read(config, &options);
    if (good) {
        m.db = db_new(&options);
        m.arena = arena_new();
        atomic_store(&slot->ready, true);
        while (!mailer_leaves(&m))
            if (!mailer_step(&m) && !mailer_leaves(&m) && !m.down) {
                mailer_sweep(&m);
                mailer_wait(-1, IDLE_MS);
            }
        db_free(m.db);
        arena_free(m.arena);
    }
    sodium_free(m.keys);
    return good ? 0 : 1;
}
