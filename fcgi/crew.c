/* crew.c - see crew.h. */
#include "crew.h"

#include "hint.h"
#include "limit.h"
#include "log.h"
#include "mailer.h"
#include "pool.h"
#include "worker.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    STEP_SOON_MS = 5,    /* while a child is starting */
    STEP_IDLE_MS = 500,  /* how late a hanging request is noticed, at most */
    DELAY_FIRST_MS = 250,
    DELAY_MOST_MS = 30 * 1000,
    READY_MOST_MS = 20 * 1000, /* longest start of a child */
    GRACE_MS = 2 * 1000,       /* between SIGTERM and SIGKILL */
    AUTH_NICE = 10,
    LONG_NICE = 5, /* a page that is asked for meanwhile goes first */
};

/* What only the master needs to know of the child in the scoreboard's slot of the same number. */
struct child {
    unsigned generation;
    uint64_t started_ms, told_ms, ended_ms; /* told: to leave; ended: SIGTERM for a request that is too old */
};

struct pool {
    unsigned wanted;
    int listener;
    unsigned failures; /* in a row, before ready */
    uint64_t not_before_ms;
};

struct crew {
    struct scoreboard *board;
    struct limit_table *limits;
    struct hints *hints;
    const struct config *config;
    pid_t master;
    unsigned generation;
    bool dismissed;
    struct pool pool[POOLS];
    struct child child[SCOREBOARD_SLOTS];
};

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct crew *crew_new(const char *status_file)
{
    static struct crew only;
    struct crew *c = &only;
    c->board = scoreboard_new(status_file);
    c->limits = limit_table_new();
    c->hints = hints_new();
    c->master = getpid();
    return c;
}

void crew_want(struct crew *c, enum scoreboard_pool pool, unsigned n, int listener)
{
    c->pool[pool].wanted = n;
    c->pool[pool].listener = listener;
}

void crew_renew(struct crew *c, const struct config *config)
{
    c->config = config;
    c->generation++;
    for (unsigned p = 0; p < POOLS; p++) c->pool[p].failures = 0, c->pool[p].not_before_ms = 0;
}

/* ---- a child's life ---- */

static _Noreturn void child_main(const struct crew *c, unsigned i, enum scoreboard_pool pool)
{
    /* The master may die between fork and prctl: then there is nobody left to signal us. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != c->master) _exit(1);
    log_role_set(pool_name(pool));
    /* Ctrl-C and a closed terminal reach the whole group; only the master decides. */
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigset_t all_but_term;
    sigemptyset(&all_but_term);
    sigaddset(&all_but_term, SIGTERM);
    sigprocmask(SIG_SETMASK, &all_but_term, NULL);

    struct scoreboard_slot *slot = &c->board->slot[i];
    if (pool == POOL_MAILER) exit(mailer_run(c->config, slot));
    if (pool == POOL_AUTH) setpriority(PRIO_PROCESS, 0, AUTH_NICE);
    if (pool == POOL_LONG) setpriority(PRIO_PROCESS, 0, LONG_NICE);
    /* A page that is asked for waits until nginx and MariaDB have finished their turn: fewer changes of process, 4 % less of our time. */
    if (pool == POOL_WEB) sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
    exit(worker_run(c->config, c->pool[pool].listener, slot, c->limits, c->hints));
}

static void slot_clear(struct scoreboard_slot *slot, enum scoreboard_pool pool)
{
    atomic_store(&slot->pool, (int)pool);
    atomic_store(&slot->leave, false);
    atomic_store(&slot->ready, false);
    atomic_store(&slot->served, 0);
    atomic_store(&slot->since_us, 0);
    atomic_store(&slot->route, 0);
}

/* Later tries wait longer; children that fail together count once. */
static void pool_delay(struct pool *pool, const char *name)
{
    if (now_ms() < pool->not_before_ms) return;
    unsigned doublings = pool->failures < 8 ? pool->failures : 8;
    uint64_t delay = (uint64_t)DELAY_FIRST_MS << doublings;
    if (delay > DELAY_MOST_MS) delay = DELAY_MOST_MS;
    pool->failures++;
    pool->not_before_ms = now_ms() + delay;
    log_warning("the next %s child is started in %llu ms", name, (unsigned long long)delay);
}

static bool child_start(struct crew *c, enum scoreboard_pool pool)
{
    unsigned i = 0;
    while (i < SCOREBOARD_SLOTS && c->board->slot[i].pid) i++;
    if (i == SCOREBOARD_SLOTS) return false; /* all leaving: a place comes free */
    slot_clear(&c->board->slot[i], pool);
    c->child[i] = (struct child){.generation = c->generation, .started_ms = now_ms()};
    pid_t pid = fork();
    if (pid == 0) child_main(c, i, pool);
    if (pid < 0) {
        log_error("fork: %s", strerror(errno));
        pool_delay(&c->pool[pool], pool_name(pool));
        return false;
    }
    atomic_store(&c->board->slot[i].pid, pid);
    return true;
}

static void child_tell(struct crew *c, unsigned i)
{
    if (c->child[i].told_ms) return;
    c->child[i].told_ms = now_ms();
    atomic_store(&c->board->slot[i].leave, true);
    kill(c->board->slot[i].pid, SIGTERM);
}

/* Whose fault, and what was under way. */
static void child_report(const struct crew *c, unsigned i, int status)
{
    const struct scoreboard_slot *slot = &c->board->slot[i];
    const char *route = scoreboard_route(c->board, slot), *name = pool_name((enum scoreboard_pool)slot->pool);
    unsigned long long served = slot->served;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && c->child[i].told_ms) {
        log_info("%s %d has left after %llu served", name, (int)slot->pid, served);
        return;
    }
    const char *serving = route ? route : slot->since_us ? "a request not yet routed" : slot->ready ? "nothing" : "nothing yet";
    if (WIFSIGNALED(status))
        log_error("%s %d ended by signal %d (%s) while serving %s, after %llu served", name, (int)slot->pid, WTERMSIG(status),
                  strsignal(WTERMSIG(status)), serving, served);
    else
        log_error("%s %d ended with status %d while serving %s, after %llu served", name, (int)slot->pid, WEXITSTATUS(status), serving,
                  served);
}

void crew_reap(struct crew *c)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        unsigned i = 0;
        while (i < SCOREBOARD_SLOTS && c->board->slot[i].pid != pid) i++;
        if (i == SCOREBOARD_SLOTS) continue;
        struct scoreboard_slot *slot = &c->board->slot[i];
        child_report(c, i, status);
        struct pool *pool = &c->pool[slot->pool];
        bool worked = slot->ready && (slot->served || now_ms() - c->child[i].started_ms > 1000);
        if (worked) pool->failures = 0;
        else if (!c->child[i].told_ms) pool_delay(pool, pool_name((enum scoreboard_pool)slot->pool));
        atomic_store(&slot->pid, 0);
    }
}

/* ---- all of them ---- */

struct count {
    unsigned fresh, ready, old; /* ready: of the fresh ones; who was told to leave counts no more */
    int an_old_one;
};

static struct count pool_count(const struct crew *c, unsigned pool)
{
    struct count n = {.an_old_one = -1};
    for (unsigned i = 0; i < SCOREBOARD_SLOTS; i++) {
        const struct scoreboard_slot *slot = &c->board->slot[i];
        if (!slot->pid || slot->pool != (int)pool || c->child[i].told_ms) continue;
        if (c->child[i].generation != c->generation) {
            n.old++;
            n.an_old_one = (int)i;
        } else {
            n.fresh++;
            n.ready += slot->ready;
        }
    }
    return n;
}

static void pool_step(struct crew *c, unsigned p, uint64_t now)
{
    struct pool *pool = &c->pool[p];
    struct count n = pool_count(c, p);
    if (n.old) {
        bool settled = n.fresh == n.ready;
        if (settled && n.fresh + n.old > pool->wanted) child_tell(c, (unsigned)n.an_old_one);
        else if (settled && n.fresh < pool->wanted && now >= pool->not_before_ms) child_start(c, (enum scoreboard_pool)p);
        return;
    }
    for (; n.fresh < pool->wanted && now >= pool->not_before_ms; n.fresh++)
        if (!child_start(c, (enum scoreboard_pool)p)) return;
}

/* End a request that is too old, a start that is too slow, a leave that takes too long. */
static void child_watch(struct crew *c, unsigned i, uint64_t now)
{
    const struct scoreboard_slot *slot = &c->board->slot[i];
    struct child *child = &c->child[i];
    uint64_t since = slot->since_us / 1000, most = (uint64_t)pool_seconds(c->config, (enum scoreboard_pool)slot->pool) * 1000;
    bool overdue = since && now > since + most;
    bool slow = !slot->ready && now > child->started_ms + READY_MOST_MS;
    bool lingering = child->told_ms && slot->pool != POOL_MAILER && now > child->told_ms + most + GRACE_MS;
    if (!overdue && !slow && !lingering) {
        child->ended_ms = 0;
        return;
    }
    if (!child->ended_ms) {
        const char *route = scoreboard_route(c->board, slot);
        log_error("%s %d is ended: %s%s", pool_name((enum scoreboard_pool)slot->pool), (int)slot->pid,
                  overdue ? "it serves one request for too long: " : slow ? "not ready in time" : "told to leave long ago",
                  overdue ? (route ? route : "not yet routed") : "");
        child->ended_ms = now;
        kill(slot->pid, SIGTERM);
    } else if (now > child->ended_ms + GRACE_MS) {
        kill(slot->pid, SIGKILL);
    }
}

int crew_step(struct crew *c)
{
    uint64_t now = now_ms();
    for (unsigned i = 0; i < SCOREBOARD_SLOTS; i++)
        if (c->board->slot[i].pid) child_watch(c, i, now);
    if (c->dismissed) return 50;
    int next = STEP_IDLE_MS;
    for (unsigned p = 0; p < POOLS; p++) {
        pool_step(c, p, now);
        struct count n = pool_count(c, p);
        bool waiting = c->pool[p].not_before_ms > now;
        if (n.fresh > n.ready || (n.old && !waiting)) next = STEP_SOON_MS;
        else if (waiting && c->pool[p].not_before_ms - now < (uint64_t)next) next = (int)(c->pool[p].not_before_ms - now);
    }
    return next;
}

void crew_dismiss(struct crew *c)
{
    c->dismissed = true;
    for (unsigned i = 0; i < SCOREBOARD_SLOTS; i++)
        if (c->board->slot[i].pid) child_tell(c, i);
}

void crew_kill(struct crew *c)
{
    for (unsigned i = 0; i < SCOREBOARD_SLOTS; i++) {
        const struct scoreboard_slot *slot = &c->board->slot[i];
        if (!slot->pid) continue;
        log_error("%s %d does not end: killed", pool_name((enum scoreboard_pool)slot->pool), (int)slot->pid);
        kill(slot->pid, SIGKILL);
    }
}

unsigned crew_size(const struct crew *c)
{
    unsigned n = 0;
    for (unsigned i = 0; i < SCOREBOARD_SLOTS; i++) n += c->board->slot[i].pid != 0;
    return n;
}

bool crew_complete(const struct crew *c)
{
    for (unsigned p = 0; p < POOLS; p++) {
        struct count n = pool_count(c, p);
        if (n.ready != c->pool[p].wanted || n.old) return false;
    }
    return true;
}
