/* mailer_child.c - see mailer_child.h.
 *
 * Secrets: the key is wiped as soon as the seals are open, before the first octet of a server is read; password and
 * mails are wiped at the end. The process never dumps core.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* close_range */
#endif
#include "mailer_child.h"

#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
    SESSION_FACTOR = 4, /* times smtp_seconds: no mail is begun later than that */
    STAGES = 6 + SMTP_FINAL_FACTOR, /* how long the last one may take, in stages */
    REPORT_FD = 3,
};

static volatile sig_atomic_t child_stop;

static void child_on_term(int signal)
{
    (void)signal;
    child_stop = 1;
}

unsigned mailer_child_seconds(const struct config *config)
{
    return (SESSION_FACTOR + STAGES) * config->smtp_seconds;
}

static void child_set_up(int report_fd, pid_t mailer)
{
    struct sigaction action = {.sa_handler = child_on_term};
    sigset_t none;
    sigemptyset(&none);
    sigaction(SIGTERM, &action, NULL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* Without the mailer nobody would write down what we do. It may have died before prctl. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != mailer) _exit(1);
    if (report_fd != REPORT_FD) dup2(report_fd, REPORT_FD);
    close_range(REPORT_FD + 1, ~0u, 0); /* the database's connection, the listeners */
}

/* The password's one line, or NULL (logged). The caller wipes and frees. */
static char *child_read_password(const char *path)
{
    char *text = sodium_malloc(512);
    if (!text) return NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, 511);
    if (fd >= 0) close(fd);
    if (n < 0) {
        log_error("cannot read smtp_password_file %s: %s", path, strerror(errno));
        sodium_free(text);
        return NULL;
    }
    text[n] = 0;
    text[strcspn(text, "\r\n")] = 0;
    return text;
}

static void child_report(unsigned index, enum mail_result result, bool unsealed, const char *reply)
{
    struct mailer_report report = {.index = index, .result = (uint32_t)result, .unsealed = unsealed};
    memcpy(report.reply, reply, strnlen(reply, SMTP_REPLY));
    /* Smaller than PIPE_BUF, so all or nothing. Without a reader we are gone already. */
    if (write(REPORT_FD, &report, sizeof report) != (ssize_t)sizeof report) _exit(1);
}

/* Mails under way, and which job each one was. */
struct child_batch {
    struct smtp_mail mails[SMTP_MOST];
    unsigned job[SMTP_MOST];
    unsigned n;
};

static void child_on_result(void *arg, const struct smtp_mail *mail)
{
    const struct child_batch *batch = arg;
    child_report(batch->job[mail - batch->mails], mail->result, false, mail->reply);
}

static void child_open(struct child_batch *batch, const struct mailer_keys *keys, const struct mail_job *jobs,
                       unsigned n)
{
    for (unsigned i = 0; i < n && i < SMTP_MOST; i++) {
        size_t size = jobs[i].sealed.n, rest = jobs[i].rest.n;
        uint8_t *text = size > crypto_box_SEALBYTES ? malloc(size - crypto_box_SEALBYTES + rest) : NULL;
        if (!text || crypto_box_seal_open(text, jobs[i].sealed.p, size, keys->public, keys->secret)) {
            free(text);
            child_report(i, MAIL_REFUSED, true, "This mail could not be opened: the mailer's key has changed");
            continue;
        }
        if (rest) memcpy(text + size - crypto_box_SEALBYTES, jobs[i].rest.p, rest);
        batch->mails[batch->n] = (struct smtp_mail){.sender = jobs[i].sender,
                                                    .recipient = jobs[i].recipient,
                                                    .text = {text, size - crypto_box_SEALBYTES + rest}};
        batch->job[batch->n++] = i;
    }
}

/* Who we are to the mail server: the host of base_url. An address is written in brackets (RFC 5321 4.1.3). */
static void child_name(char name[256], const char *base_url)
{
    const char *host = strstr(base_url, "://");
    host = host ? host + 3 : base_url;
    if (*host == '[') {
        snprintf(name, 256, "localhost");
        return;
    }
    int n = (int)strcspn(host, ":/");
    bool address = n && strspn(host, "0123456789.") >= (size_t)n;
    snprintf(name, 256, address ? "[%.*s]" : "%.*s", n > 250 ? 250 : n, host);
}

static void child_send(const struct config *config, struct child_batch *batch)
{
    char name[256], *password = NULL;
    child_name(name, config->base_url);
    if (config->smtp_user[0] && !(password = child_read_password(config->smtp_password_file))) {
        for (unsigned i = 0; i < batch->n; i++)
            child_report(batch->job[i], MAIL_DEFERRED, false, "The mail program cannot read its password");
        return;
    }
    const struct smtp_options options = {.host = config->smtp_host,
                                         .port = config->smtp_port,
                                         .tls = strcmp(config->smtp_tls, "off") != 0,
                                         .tls_ca = config->smtp_tls_ca,
                                         .user = config->smtp_user,
                                         .password = password ? password : "",
                                         .helo = name,
                                         .seconds = config->smtp_seconds,
                                         .session_seconds = SESSION_FACTOR * config->smtp_seconds,
                                         .stop = &child_stop};
    smtp_deliver(&options, batch->mails, batch->n, child_on_result, batch);
    sodium_free(password); /* wipes */
}

_Noreturn void mailer_child_run(const struct config *config, struct mailer_keys *keys, const struct mail_job *jobs,
                                unsigned n, int report_fd, pid_t mailer)
{
    static struct child_batch batch;
    child_set_up(report_fd, mailer);
    child_open(&batch, keys, jobs, n);
    sodium_free(keys); /* wipes our copy; the mailer keeps its own */
    if (batch.n) child_send(config, &batch);
    for (unsigned i = 0; i < batch.n; i++)
        sodium_memzero((void *)(uintptr_t)batch.mails[i].text.p, batch.mails[i].text.n);
    _exit(0); /* no exit handlers: what they would close belongs to the mailer */
}
