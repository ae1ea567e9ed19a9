/* worker.c - see worker.h. */
#include "worker.h"

#include "hint.h"
#include "log.h"
#include "serve.h"
#include "visitor.h"

#include <fcgiapp.h>
#include <malloc.h>
#include <signal.h>
#include <sodium.h>

enum { HINTS_MS = 1000 /* how late an idle worker writes down what pages left behind */ };

static volatile sig_atomic_t told;

static void leave(int signal)
{
    (void)signal;
    told = 1;
}

static void signals_set(void)
{
    struct sigaction action = {.sa_handler = leave};
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* libfcgi allocates its two 8 KiB buffers for each request and frees them: by default glibc gives that memory back to the kernel and
 * takes it again, three system calls and a dozen page faults a request. */
static void memory_keep(void)
{
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_TOP_PAD, 256 << 10);
}

/* A key for every new visitor would be a system call for every new visitor: libsodium's own generator, seeded here from the kernel's,
 * makes them from then on. It belongs to one process, so it begins after the fork. */
static void randomness_keep(void)
{
    randombytes_set_implementation(&randombytes_internal_implementation);
    randombytes_stir();
}

int worker_run(const struct config *config, int listener, struct scoreboard_slot *slot, struct limit_table *limits, struct hints *hints)
{
    signals_set();
    memory_keep();
    randomness_keep();
    FCGX_Request request;
    struct visitors visitors;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request, -1, 0) != 0) {
        log_error("libfcgi does not start");
        return 1;
    }
    bool writes = atomic_load(&slot->pool) != POOL_WEB; /* what pages left behind: pages themselves must not wait for it */
    bool stores = atomic_load(&slot->pool) == POOL_LONG; /* files */
    if (!visitors_open(&visitors, listener, writes ? HINTS_MS : -1)) return 1;
    struct serve *serve = serve_new(config, slot, limits, hints);
    if (!serve) return 1;
    atomic_store(&slot->ready, true);

    while (!told && !atomic_load_explicit(&slot->leave, memory_order_relaxed)) {
        if (visitor_next(&visitors, &request, slot)) {
            bool whole = serve_one(serve, &request);
            visitor_done(&visitors, &request, slot, whole);
        }
        if (writes) serve_hints(serve, hints);
        if (stores) serve_sweep(serve);
    }
    if (writes) serve_hints(serve, hints);
    FCGX_Free(&request, 1);
    serve_free(serve);
    return 0;
}
