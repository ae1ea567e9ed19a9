/* listener.c - see listener.h. libfcgi's own FCGX_OpenSocket ends the process on an error and trusts the umask. */
#include "listener.h"

#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LISTENER_BACKLOG = 4096, LISTENER_MODE = 0660, SYSTEMD_FIRST = 3 };

/* The number of a socket in LISTEN_FDNAMES, or -1. */
static int listener_named(const char *name)
{
    const char *names = getenv("LISTEN_FDNAMES"), *pid = getenv("LISTEN_PID");
    if (!names || !pid || strtol(pid, NULL, 10) != getpid()) return -1;
    int fd = SYSTEMD_FIRST;
    for (const char *p = names;; fd++) {
        size_t n = strcspn(p, ":");
        if (n == strlen(name) && memcmp(p, name, n) == 0) return fd;
        if (!p[n]) return -1;
        p += n + 1;
    }
}

static int listener_inherit(const char *where)
{
    char *end;
    long fd = strtol(where + 3, &end, 10);
    if (*end) fd = listener_named(where + 3);
    int listening = 0;
    socklen_t n = sizeof listening;
    if (fd < SYSTEMD_FIRST || getsockopt((int)fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) != 0 || !listening) {
        log_error("%s is no listening socket: is the .socket unit enabled and named by the service?", where);
        return -1;
    }
    int flags = fcntl((int)fd, F_GETFL);
    if (flags < 0 || fcntl((int)fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl((int)fd, F_SETFD, FD_CLOEXEC) != 0) {
        log_error("%s: %s", where, strerror(errno));
        return -1;
    }
    return (int)fd;
}

static bool listener_address(const char *path, struct sockaddr_un *to)
{
    *to = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to->sun_path) {
        log_error("%s: too long for a socket (at most %zu octets)", path, sizeof to->sun_path - 1);
        return false;
    }
    memcpy(to->sun_path, path, strlen(path));
    return true;
}

/* Remove what an earlier run left. False when the place is in use. */
static bool listener_clear(const char *path, const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(path, &status) != 0) return true;
    if (!S_ISSOCK(status.st_mode)) {
        log_error("%s is there and no socket: remove it or choose another path", path);
        return false;
    }
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool refused = probe >= 0 && connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    if (probe >= 0) close(probe);
    if (!refused) {
        log_error("%s: another process listens there; end it first", path);
        return false;
    }
    return unlink(path) == 0 || errno == ENOENT;
}

static int listener_bind(const char *path)
{
    struct sockaddr_un address;
    if (!listener_address(path, &address) || !listener_clear(path, &address)) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    /* Nobody can connect between bind and listen, so the mode is right before it matters. */
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || chmod(path, LISTENER_MODE) != 0 ||
        listen(fd, LISTENER_BACKLOG) != 0) {
        log_error("%s: cannot listen: %s", path, strerror(errno));
        if (fd >= 0) close(fd);
        return -1;
    }
    return fd;
}

int listener_open(const char *where)
{
    return strncmp(where, "fd:", 3) == 0 ? listener_inherit(where) : listener_bind(where);
}

void listener_close(int listener, const char *where)
{
    if (listener < 0) return;
    close(listener);
    if (strncmp(where, "fd:", 3) != 0) unlink(where);
}
