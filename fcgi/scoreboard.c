/* scoreboard.c - see scoreboard.h. */
#include "scoreboard.h"

#include "app.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Changes whenever the struct does. */
#define VERSION (UINT64_C(0x696e766974656401) ^ sizeof(struct scoreboard))

static bool held; /* the file is ours */

/* Open, ours alone, empty and of the right size; -1 after a warning. The descriptor stays open: with it the lock lives as long as we do. */
static int file_open(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    const char *wrong = fd < 0 ? strerror(errno) : flock(fd, LOCK_EX | LOCK_NB) != 0 ? "another master holds it" : NULL;
    if (!wrong && (ftruncate(fd, 0) != 0 || ftruncate(fd, sizeof(struct scoreboard)) != 0)) wrong = strerror(errno);
    if (!wrong) return fd;
    log_warning("%s: %s: `invited status` will not see these processes", path, wrong);
    if (fd >= 0) close(fd);
    return -1;
}

struct scoreboard *scoreboard_new(const char *path)
{
    int fd = *path ? file_open(path) : -1;
    held = fd >= 0;
    struct scoreboard *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | (held ? 0 : MAP_ANONYMOUS), fd, 0);
    if (board == MAP_FAILED) log_bug("no memory for the scoreboard");
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    board->master = getpid();
    board->begun_us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
    for (size_t i = 0; app.routes[i].name && i < SCOREBOARD_ROUTES; i++) snprintf(board->route[i], SCOREBOARD_NAME, "%s", app.routes[i].name);
    board->version = VERSION;
    return board;
}

void scoreboard_end(const char *path)
{
    if (held) unlink(path);
}

const struct scoreboard *scoreboard_look(const char *path)
{
    int fd = *path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    struct stat file;
    if (fd < 0) return NULL;
    /* Who gets the lock is alone: the master that left this file was killed. */
    bool alive = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK && fstat(fd, &file) == 0 && file.st_size == sizeof(struct scoreboard);
    const struct scoreboard *board = alive ? mmap(NULL, sizeof *board, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    close(fd);
    return board == MAP_FAILED || board->version != VERSION ? NULL : board;
}

const char *scoreboard_route(const struct scoreboard *board, const struct scoreboard_slot *slot)
{
    unsigned route = slot->route;
    return route && route <= SCOREBOARD_ROUTES ? board->route[route - 1] : NULL;
}
