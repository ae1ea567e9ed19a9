/* json.c - see json.h. */
#include "json.h"

#include "operator_call.h"
#include "secret.h"
#include "when.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

json_t *json_moment(const struct out *o, struct moment t)
{
    return t.us ? json_string(when_machine(o, t)) : json_null();
}

json_t *json_id(const struct out *o, struct id id)
{
    return json_string(id_text(o->arena, id));
}

FILE *json_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file) operator_fail("%s: %s; nothing was changed", path, strerror(errno));
    return file;
}

bool json_file_done(FILE *file)
{
    bool good = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;
    return fclose(file) == 0 && good;
}
