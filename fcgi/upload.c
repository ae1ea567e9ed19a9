/* upload.c - see upload.h. */
#include "upload.h"

#include "log.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UPLOAD_PIECE = 32 << 10, UPLOAD_AROUND = 64 << 10 /* the rest of the form */, UPLOAD_MODE = 0640 /* nginx is of the folder's group */ };

struct upload {
    struct FCGX_Stream *in;
    struct form_parts *parts;
    struct form form; /* as it was read */
    const char *csrf;
    enum form_result read;
    struct out pending; /* what came behind the file's head before anybody wanted it: less than a piece */
    int fd;             /* -1: nobody takes the file yet */
    uint64_t size, most;
    bool too_big, failed, taken;
    enum upload_result result;
};

static uint64_t most_octets(const struct config *c)
{
    return (uint64_t)c->resource_max_mib << 20;
}

bool upload_fits(const struct config *c, size_t n)
{
    return n <= most_octets(c) + UPLOAD_AROUND;
}

/* ---- the body ---- */

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static bool file_take(void *to, const void *p, size_t n)
{
    struct upload *u = to;
    if (u->fd < 0) {
        out_raw(&u->pending, p, n);
        return true;
    }
    u->size += n;
    u->too_big = u->size > u->most;
    if (u->too_big) return false;
    u->failed = !write_all(u->fd, p, n);
    if (u->failed) log_error("resource_folder: cannot write: %s", strerror(errno));
    return !u->failed;
}

/* The next piece. False: refused, or there is no more. */
static bool feed(struct upload *u)
{
    char piece[UPLOAD_PIECE];
    int n = FCGX_GetStr(piece, sizeof piece, u->in);
    return n > 0 && form_parts_feed(u->parts, piece, (size_t)n);
}

/* The inputs are copied: a handler that runs again must not meet the messages of its first run. */
static void form_give(struct request *q, const struct upload *u)
{
    q->form = u->form;
    q->form.inputs = arena_alloc(q->arena, u->form.n * sizeof *u->form.inputs);
    memcpy(q->form.inputs, u->form.inputs, u->form.n * sizeof *u->form.inputs);
}

enum form_result upload_begin(struct request *q, struct FCGX_Stream *in, const char **csrf)
{
    struct upload *u = q->upload;
    if (!u) {
        q->upload = u = arena_alloc(q->arena, sizeof *u);
        *u = (struct upload){.in = in, .fd = -1, .most = most_octets(q->config)};
        out_init(&u->pending, q->arena);
        u->parts = form_parts_begin(q->arena, q->route->fields, q->boundary, &u->form, &u->csrf, file_take, u);
        while (!form_parts_at_file(u->parts) && feed(u))
            ;
        u->read = form_parts_at_file(u->parts) || form_parts_whole(u->parts) ? FORM_READ : FORM_MALFORMED;
        form_parts_check(u->parts);
    }
    form_give(q, u);
    *csrf = u->csrf;
    return u->read;
}

void upload_drain(struct request *q)
{
    if (!q->upload) return;
    char piece[UPLOAD_PIECE]; /* after the question: the compiler fills it with zeros */
    while (FCGX_GetStr(piece, sizeof piece, q->upload->in) > 0)
        ;
}

/* ---- the file ---- */

static void path_write(char path[PATH_MAX], const struct config *c, struct id stored, const char *end)
{
    static const char digits[] = "0123456789abcdef";
    char name[2 * sizeof stored.b + 1] = "";
    for (size_t i = 0; i < sizeof stored.b; i++) {
        name[2 * i] = digits[stored.b[i] >> 4];
        name[2 * i + 1] = digits[stored.b[i] & 15];
    }
    snprintf(path, PATH_MAX, "%s/%s%s", c->resource_folder, name, end);
}

/* The rename survives a power cut. */
static bool folder_sync(const struct config *c)
{
    int fd = open(c->resource_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return good;
}

static enum upload_result taken(struct upload *u)
{
    bool more = !u->pending.n || file_take(u, u->pending.p, u->pending.n);
    while (more && feed(u))
        ;
    if (u->too_big) return UPLOAD_TOO_BIG;
    if (u->failed) return UPLOAD_FAILED;
    if (!form_parts_whole(u->parts)) return UPLOAD_CUT;
    return u->size ? UPLOAD_SAVED : UPLOAD_EMPTY;
}

enum upload_result upload_save(struct request *q, struct id stored, uint64_t *size)
{
    struct upload *u = q->upload;
    if (!u->taken) {
        char part[PATH_MAX], whole[PATH_MAX];
        path_write(part, q->config, stored, ".part");
        path_write(whole, q->config, stored, "");
        u->taken = true;
        u->fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        u->result = u->fd < 0 ? UPLOAD_FAILED : taken(u);
        bool durable = u->result == UPLOAD_SAVED && fchmod(u->fd, UPLOAD_MODE) == 0 && fsync(u->fd) == 0 && rename(part, whole) == 0 && folder_sync(q->config);
        if (u->result == UPLOAD_SAVED && !durable) u->result = UPLOAD_FAILED;
        if (u->result == UPLOAD_FAILED && !u->failed) log_error("resource_folder %s: %s", q->config->resource_folder, strerror(errno));
        if (u->fd >= 0) close(u->fd);
        if (u->result != UPLOAD_SAVED) upload_remove(q->config, stored);
    }
    *size = u->size;
    return u->result;
}

bool upload_remove(const struct config *c, struct id stored)
{
    static const char *const ends[] = {".part", ""};
    bool good = true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[PATH_MAX];
        path_write(path, c, stored, ends[i]);
        if (unlink(path) == 0 || errno == ENOENT) continue;
        log_error("resource_folder %s: cannot remove: %s", c->resource_folder, strerror(errno));
        good = false;
    }
    return good;
}
