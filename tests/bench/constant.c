/* constant.c - the limit that the pages are measured against: a constant page of OCTETS octets through libfcgi, with the accept loop of
 * fcgi/worker.c and as many workers. `constant SOCKET WORKERS OCTETS`; SIGTERM ends it.
 */
#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t told;

static void leave(int signal)
{
    (void)signal;
    told = 1;
}

static int listener_open(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to.sun_path) return -1;
    memcpy(to.sun_path, path, strlen(path));
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof to) != 0 || chmod(path, 0660) != 0 || listen(fd, 4096) != 0) return -1;
    return fd;
}

static void page_write(FCGX_Stream *out, const char *page, size_t octets)
{
    FCGX_FPrintF(out,
                 "Status: 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %lu\r\nCache-Control: no-store\r\n"
                 "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\r\n",
                 (unsigned long)octets);
    FCGX_PutStr(page, (int)octets, out);
}

static int work(int listener, size_t octets)
{
    FCGX_Request request;
    char *page = malloc(octets + 1);
    if (!page || FCGX_Init() != 0 || FCGX_InitRequest(&request, listener, 0) != 0) return 1;
    memset(page, 'x', octets);
    sigset_t none;
    sigemptyset(&none);
    while (!told) {
        if (FCGX_Accept_r(&request) == 0) {
            page_write(request.out, page, octets);
            FCGX_Finish_r(&request);
            continue;
        }
        struct pollfd fd = {.fd = listener, .events = POLLIN};
        if (!told) ppoll(&fd, 1, NULL, &none);
    }
    FCGX_Free(&request, 1);
    free(page);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) return fprintf(stderr, "usage: constant SOCKET WORKERS OCTETS\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = leave}, NULL);
    int listener = listener_open(argv[1]);
    if (listener < 0) return perror(argv[1]), 1;
    long workers = strtol(argv[2], NULL, 10);
    size_t octets = strtoul(argv[3], NULL, 10);
    for (long i = 0; i < workers; i++)
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            return work(listener, octets);
        }
    int signal;
    sigwait(&term, &signal);
    unlink(argv[1]);
    return 0; /* the workers get their SIGTERM from the kernel */
}
