/* worker.c - see worker.h.
 *
 * libfcgi drops a visitor when a signal arrives while it polls a new connection, and spins after FCGX_ShutdownPending. So
 * SIGTERM stays blocked, the listener does not block, and ppoll is the only place where a signal can enter.
 */
#include "worker.h"

#include "log.h"
#include "serve.h"

#include <errno.h>
#include <fcgiapp.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t told;

static void leave(int signal)
{
    (void)signal;
    told = 1;
}

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
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

/* Wait until somebody connects or a signal arrives. */
static void visitor_wait(int listener)
{
    struct pollfd fd = {.fd = listener, .events = POLLIN};
    sigset_t none;
    sigemptyset(&none);
    ppoll(&fd, 1, NULL, &none);
}

/* Out of descriptors or memory: the listener stays readable, and without a pause this would spin. */
static bool visitor_refuse(const char *why, int error)
{
    log_warning("%s: %s", why, strerror(error));
    nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
    return false;
}

/* Take the next visitor if there is one. The connection is accepted here and given to libfcgi, whose own accept polls every new
 * connection first, for nothing. The clock runs from here, so that a peer that connects and stays silent is seen by the master too. */
static bool visitor_accept(FCGX_Request *request, struct scoreboard_slot *slot)
{
    int fd = accept4(request->listen_sock, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) return errno == EAGAIN || errno == ECONNABORTED || errno == EINTR ? false : visitor_refuse("accept", errno);
    atomic_store_explicit(&slot->since_us, now_us(), memory_order_relaxed);
    request->ipcFd = fd;
    request->keepConnection = 1; /* or it is closed before it is read; the peer's first record says what holds */
    int failure = FCGX_Accept_r(request);
    if (failure == 0) return true;
    atomic_store_explicit(&slot->since_us, 0, memory_order_relaxed);
    return failure == -EAGAIN ? false : visitor_refuse("libfcgi", failure < 0 ? -failure : 0);
}

/* Ending a connection libfcgi shuts it down, polls, reads what still comes, and closes: for a request without a body, of which nothing
 * can still come, three system calls for nothing. A detached request is only closed. */
static void visitor_leave(FCGX_Request *request)
{
    const char *length = FCGX_GetParam("CONTENT_LENGTH", request->envp);
    if (!length || !*length) FCGX_Detach(request);
    FCGX_Finish_r(request);
    FCGX_Attach(request);
}

/* libfcgi allocates its two 8 KiB buffers for each request and frees them: by default glibc gives that memory back to the kernel and
 * takes it again, three system calls and a dozen page faults a request. */
static void memory_keep(void)
{
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_TOP_PAD, 256 << 10);
}

int worker_run(const struct config *config, int listener, struct scoreboard_slot *slot, struct limit_table *limits)
{
    signals_set();
    memory_keep();
    FCGX_Request request;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request, listener, 0) != 0) {
        log_error("libfcgi does not start");
        return 1;
    }
    struct serve *serve = serve_new(config, slot, limits, atomic_load(&slot->pool) == POOL_AUTH);
    if (!serve) return 1;
    atomic_store(&slot->ready, true);

    while (!told && !atomic_load_explicit(&slot->leave, memory_order_relaxed)) {
        if (!visitor_accept(&request, slot)) {
            if (!atomic_load_explicit(&slot->leave, memory_order_relaxed)) visitor_wait(listener);
            continue;
        }
        serve_one(serve, &request);
        visitor_leave(&request);
        atomic_store_explicit(&slot->since_us, 0, memory_order_relaxed);
    }
    FCGX_Free(&request, 1);
    serve_free(serve);
    return 0;
}
