/* master.c - see master.h. */
#include "master.h"

#include "crew.h"
#include "listener.h"
#include "log.h"
#include "notify.h"
#include "scoreboard.h"
#include "pool.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

struct master {
    const char *path;
    bool mailer_only, announced;
    const struct config *config; /* in force */
    struct config *reread;       /* the same when it came with SIGHUP; children have their own copy of every earlier one */
    struct crew *crew;
    int listener[POOLS]; /* -1: none */
};

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* A dead worker must not leave secrets in a core file, nor may another process of the same user read them (ASVS 16.5.4). */
static void memory_protect(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#ifndef INVITED_SANITIZED /* the leak checker reads its own process */
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

static void signals_set(sigset_t *watched)
{
    sigemptyset(watched);
    sigaddset(watched, SIGTERM);
    sigaddset(watched, SIGINT);
    sigaddset(watched, SIGHUP);
    sigaddset(watched, SIGCHLD);
    sigprocmask(SIG_BLOCK, watched, NULL);
}

static unsigned wanted(const struct master *m, const struct config *config, enum scoreboard_pool pool)
{
    if (m->mailer_only) return pool == POOL_MAILER;
    return pool_workers(config, pool);
}

static void config_apply(struct master *m, const struct config *config)
{
    m->config = config;
    for (unsigned p = 0; p < POOLS; p++) crew_want(m->crew, (enum scoreboard_pool)p, wanted(m, config, (enum scoreboard_pool)p), m->listener[p]);
    crew_renew(m->crew, config);
}

static void reload(struct master *m)
{
    struct config *next = malloc(sizeof *next);
    if (!next || !config_read(next, m->path)) {
        log_error("SIGHUP: the configuration has errors (see above): the old one stays in force");
        free(next);
        return;
    }
    if (!pool_sockets_keep(next, m->config)) log_warning("SIGHUP: new socket addresses need a restart; the old ones stay");
    log_info("SIGHUP: replacing the workers one by one");
    m->announced = false;
    config_apply(m, next);
    free(m->reread);
    m->reread = next;
}

static void sockets_close(struct master *m)
{
    for (unsigned p = 0; p < POOLS; p++) listener_close(m->listener[p], pool_socket(m->config, (enum scoreboard_pool)p));
}

static bool sockets_open(struct master *m)
{
    for (unsigned p = 0; p < POOLS; p++) m->listener[p] = -1;
    for (unsigned p = 0; !m->mailer_only && p < POOLS_SERVING; p++) {
        m->listener[p] = listener_open(pool_socket(m->config, (enum scoreboard_pool)p));
        if (m->listener[p] < 0) return sockets_close(m), false;
    }
    return true;
}

/* Everyone finishes; whoever takes longer than a request may is killed. */
static void finish(struct master *m, const sigset_t *watched)
{
    notify_send("STOPPING=1");
    log_info("ending: everyone finishes what they serve");
    crew_dismiss(m->crew);
    uint64_t deadline = now_ms() + (uint64_t)m->config->request_seconds * 1000;
    for (bool killed = false; crew_size(m->crew);) {
        if (!killed && now_ms() > deadline) {
            crew_kill(m->crew);
            killed = true;
        }
        crew_step(m->crew);
        sigtimedwait(watched, NULL, &(struct timespec){.tv_nsec = 50 * 1000 * 1000});
        crew_reap(m->crew);
    }
    sockets_close(m);
    log_info("ended");
}

static void announce(struct master *m, uint64_t begun_ms)
{
    if (m->announced || !crew_complete(m->crew)) return;
    m->announced = true;
    unsigned n[POOLS];
    for (unsigned p = 0; p < POOLS; p++) n[p] = wanted(m, m->config, (enum scoreboard_pool)p);
    log_info("ready after %llu ms: %u web, %u auth, %u long%s", (unsigned long long)(now_ms() - begun_ms), n[POOL_WEB], n[POOL_AUTH],
             n[POOL_LONG], n[POOL_MAILER] ? ", mailer" : "");
    notify_send("READY=1");
}

int master_run(const struct config *config, const char *path, bool mailer_only)
{
    uint64_t begun = now_ms();
    log_role_set("master");
    sigset_t watched;
    signals_set(&watched);
    memory_protect();
    struct master m = {.path = path, .mailer_only = mailer_only, .config = config};
    if (!sockets_open(&m)) return 1;
    const char *status_file = mailer_only ? config->mailer_status_file : config->status_file;
    m.crew = crew_new(status_file);
    config_apply(&m, config);

    for (;;) {
        int wait = crew_step(m.crew);
        announce(&m, begun);
        struct timespec limit = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000L};
        int signal = sigtimedwait(&watched, NULL, &limit);
        crew_reap(m.crew);
        if (signal == SIGHUP) {
            begun = now_ms();
            reload(&m);
        } else if (signal == SIGTERM || signal == SIGINT) {
            break;
        }
    }
    finish(&m, &watched);
    scoreboard_end(status_file);
    free(m.reread);
    return 0;
}
