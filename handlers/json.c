/* json.c - see json.h. */
#include "json.h"

#include "arena.h"
#include "log.h"
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

void json_begin(struct json_stream *s, FILE *file, struct db *db, struct arena *around)
{
    *s = (struct json_stream){.file = file, .db = db};
    out_init(&s->out, around);
    db_arena_use(db, around);
}

static void rows_in(struct json_stream *s, struct arena *rows)
{
    out_init(&s->out, rows);
    db_arena_use(s->db, rows);
}

enum db_result json_list(struct json_stream *s, const char *name, struct arena *rows, json_page *page, const void *of)
{
    struct arena *around = s->out.arena;
    uint64_t last = 0;
    size_t n = 0;
    fprintf(s->file, ",\n\"%s\": [", name);
    s->first = true;
    do {
        arena_reset(rows);
        rows_in(s, rows);
        TRY(page(s, of, &last, &n));
    } while (n && !ferror(s->file)); /* who reads it may have gone */
    fputs(s->first ? "]" : "\n]", s->file);
    s->first = false; /* of the list around it */
    rows_in(s, around);
    return DB_OK;
}

static void dump(struct json_stream *s, json_t *record, size_t how)
{
    if (!record) log_bug("a record that JSON cannot hold");
    fputs(s->first ? "\n" : ",\n", s->file);
    s->first = false;
    if (how) fputc('{', s->file);
    json_dumpf(record, s->file, JSON_COMPACT | JSON_PRESERVE_ORDER | how);
    json_decref(record);
}

void json_record(struct json_stream *s, json_t *record)
{
    dump(s, record, 0);
}

void json_record_begin(struct json_stream *s, json_t *record)
{
    dump(s, record, JSON_EMBED);
}

void json_record_end(struct json_stream *s)
{
    fputc('}', s->file);
}
