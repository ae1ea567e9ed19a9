/* visitor.c - see visitor.h.
 *
 * libfcgi drops a visitor when a signal arrives while it polls a new connection, and spins after FCGX_ShutdownPending. So
 * SIGTERM stays blocked, the listener does not block, and epoll_pwait is the only place where a signal can enter.
 */
#include "visitor.h"

#include "log.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

bool visitors_open(struct visitors *v, int listener, int patience)
{
    *v = (struct visitors){.listener = listener, .epoll = epoll_create1(EPOLL_CLOEXEC), .patience = patience};
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
    if (v->epoll >= 0 && epoll_ctl(v->epoll, EPOLL_CTL_ADD, listener, &event) == 0) return true;
    log_error("epoll: %s", strerror(errno));
    return false;
}

static void kept_forget(struct visitors *v, int fd)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->kept[i] == fd) {
            v->kept[i] = v->kept[--v->n];
            return;
        }
}

static bool is_kept(const struct visitors *v, int fd)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->kept[i] == fd) return true;
    return false;
}

/* Whoever was ready is looked for anew: it may be one of these. */
static void kept_close(struct visitors *v, int but)
{
    v->next = v->n_ready = 0;
    while (v->n) {
        int fd = v->kept[--v->n];
        if (fd != but) close(fd);
    }
}

static void kept_add(struct visitors *v, int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = fd};
    if (epoll_ctl(v->epoll, EPOLL_CTL_ADD, fd, &event) == 0)
        v->kept[v->n++] = fd;
    else
        close(fd);
}

/* Out of descriptors or memory: the listener stays readable, and without a pause this would spin. */
static void visitor_refuse(const char *why, int error)
{
    log_warning("%s: %s", why, strerror(error));
    nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
}

/* The connection on which something has come, or -1. */
static int connection_wait(struct visitors *v)
{
    sigset_t none;
    sigemptyset(&none);
    if (v->next == v->n_ready) {
        v->next = 0;
        v->n_ready = epoll_pwait(v->epoll, v->ready, VISITOR_READY_MAX, v->patience, &none);
        if (v->n_ready <= 0) return v->n_ready = 0, -1;
    }
    struct epoll_event event = v->ready[v->next++];
    int fd = event.data.fd;
    if (fd != v->listener) {
        if (!(event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))) return fd;
        kept_forget(v, fd);
        close(fd);
        return -1;
    }
    fd = accept4(v->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 && errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) visitor_refuse("accept", errno);
    return fd;
}

static bool request_reads(const FCGX_Request *request)
{
    const char *method = FCGX_GetParam("REQUEST_METHOD", request->envp), *length = FCGX_GetParam("CONTENT_LENGTH", request->envp);
    return method && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) && (!length || !*length);
}

/* The connection is accepted here and given to libfcgi, whose own accept polls every new connection first, for nothing. It has no
 * socket to accept from, and says EBADF where it would: the connection ended or did not speak FastCGI, and is closed. */
bool visitor_next(struct visitors *v, FCGX_Request *request, struct scoreboard_slot *slot)
{
    int fd = connection_wait(v);
    if (fd < 0) return false;
    atomic_store_explicit(&slot->since_us, now_us(), memory_order_relaxed);
    request->ipcFd = fd;
    request->keepConnection = 1; /* or it is closed before it is read; the peer's first record says what holds */
    int failure = FCGX_Accept_r(request);
    if (failure == 0) {
        v->reading = request_reads(request);
        if (!v->reading) kept_close(v, fd);
        return true;
    }
    kept_forget(v, fd);
    atomic_store_explicit(&slot->since_us, 0, memory_order_relaxed);
    if (failure != -EBADF) visitor_refuse("libfcgi", failure < 0 ? -failure : 0);
    return false;
}

/* What nginx sent to the end, or the rest would be read as the beginning of the next request. */
static void input_drain(FCGX_Request *request)
{
    while (FCGX_GetChar(request->in) != EOF)
        ;
}

/* Ending a connection libfcgi shuts it down, polls, reads what still comes, and closes: for a request without a body, of which nothing
 * can still come, three system calls for nothing. A detached request is only closed. */
void visitor_done(struct visitors *v, FCGX_Request *request, struct scoreboard_slot *slot, bool whole)
{
    int fd = request->ipcFd;
    bool known = is_kept(v, fd), keep = whole && request->keepConnection && v->reading && (known || v->n < VISITOR_KEPT_MAX);
    if (keep)
        input_drain(request);
    else
        request->keepConnection = 0;
    if (!keep && v->reading) FCGX_Detach(request);
    if (whole) FCGX_Finish_r(request);
    else FCGX_Free(request, 1);
    FCGX_Attach(request);
    if (request->ipcFd < 0)
        kept_forget(v, fd);
    else if (!known)
        kept_add(v, fd);
    request->ipcFd = -1;
    atomic_store_explicit(&slot->since_us, 0, memory_order_relaxed);
}
