/* queryc.c - the query compiler: named queries of sql/queries/<subject>.sql become typed C functions.
 *
 *     queryc -o OUTDIR FILE.sql...    all files of queries at once: the slots are numbered over all
 *     queryc -m OUTDIR FILE.sql...    the migrations, embedded: OUTDIR/migrations.c
 *
 * Exit 0: written. Exit 1: `file:line: message` for each mistake on standard error, nothing written.
 * The language is described in queryc_read.c.
 */
#include "queryc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct queryc queryc;

void queryc_error(struct place place, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s:%u: ", place.file, place.line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    queryc.errors++;
}

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "queryc: %s: %s\n", what, strerror(errno));
    exit(1);
}

void *queryc_alloc(size_t n)
{
    void *p = calloc(1, n + 1);
    if (!p) die("memory");
    return p;
}

char *queryc_text(const char *p, size_t n)
{
    char *text = queryc_alloc(n + 1);
    memcpy(text, p, n);
    return text;
}

void *queryc_grow(void *array, size_t count, size_t element)
{
    if (count & (count - 1)) return array; /* the room doubles at each power of two */
    void *p = realloc(array, (count ? 2 * count : 1) * element);
    if (!p) die("memory");
    return p;
}

char *queryc_read(const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f) die(path);
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, 0, f) < 0) {
        if (ferror(f)) die(path);
        text = queryc_text("", 0);
    } else if (getc(f) != EOF) {
        fprintf(stderr, "queryc: %s: holds a NUL byte\n", path);
        exit(1);
    }
    fclose(f);
    return text;
}

FILE *queryc_open(const char *dir, const char *name, const char *suffix)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", dir, name, suffix);
    FILE *f = fopen(path, "we");
    if (!f) die(path);
    return f;
}

void queryc_close(FILE *f)
{
    if (ferror(f) || fclose(f)) die("writing");
}

static struct source *source_open(const char *path)
{
    struct source *source = queryc_alloc(sizeof *source);
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t n = strlen(base);
    if (n < 5 || strcmp(base + n - 4, ".sql")) {
        queryc_error((struct place){path, 1}, "a file of queries is named <subject>.sql");
        return NULL;
    }
    *source = (struct source){.path = path, .subject = queryc_text(base, n - 4), .text = queryc_read(path)};
    return source;
}

int main(int argc, char **argv)
{
    if (argc < 4 || (strcmp(argv[1], "-o") && strcmp(argv[1], "-m"))) {
        fputs("usage: queryc -o OUTDIR QUERIES.sql...\n       queryc -m OUTDIR MIGRATION.sql...\n", stderr);
        return 1;
    }
    if (argv[1][1] == 'm') return migration_compile(argv[2], argv + 3, argc - 3);

    for (int i = 3; i < argc; i++) {
        struct source *source = source_open(argv[i]);
        if (source) PUSH(queryc.sources, queryc.source_count, source);
    }
    for (size_t i = 0; i < queryc.source_count; i++) read_enums(queryc.sources[i]);
    for (size_t i = 0; i < queryc.source_count; i++) read_source(queryc.sources[i]);
    if (queryc.errors) return 1;
    write_all(argv[2]);
    return 0;
}
