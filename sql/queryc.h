/* queryc.h - what the query compiler knows after reading: the parts pass it on from reader to checker to writer.
 *
 * A program that runs for a moment at build time: memory is never freed, running out of it ends it.
 * Every mistake in the input goes through queryc_error; whoever calls it goes on, so that one run shows them all.
 */
#ifndef SQL_QUERYC_H
#define SQL_QUERYC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* ---- the language ---- */

struct place {
    const char *file;
    unsigned line;
};

struct source {
    const char *path, *subject; /* sql/queries/account.sql, account */
    const char *text;
};

/* An enum: `-- enum invitation_status INVITATION_ pending accepted`. */
struct kind {
    struct place place;
    const char *name, *prefix;
    const char **values;
    size_t n;
};

enum type { TYPE_U64, TYPE_I64, TYPE_BOOL, TYPE_TEXT, TYPE_BYTES, TYPE_ID, TYPE_HASH, TYPE_TIME, TYPE_ENUM };

/* A parameter or a column. */
struct field {
    const char *name;
    enum type type;
    const struct kind *kind; /* of TYPE_ENUM */
    bool nullable, used;
};

struct fields {
    struct field *v;
    size_t n;
};

/* A row struct, declared where it is first used. */
struct row {
    struct place place;
    const struct source *owner;
    const char *name;
    struct fields columns;
    bool many;
};

/* SQL text under a name, put in where a statement says $name. */
struct piece {
    struct place place;
    const char *name, *text;
    unsigned line; /* where the text begins */
    bool used;
};

enum result { RESULT_ONE, RESULT_MANY, RESULT_EXEC, RESULT_CHANGE, RESULT_INSERT };

struct query {
    struct place place;
    const struct source *source;
    const char *name, *description;
    struct fields parameters;
    enum result result;
    const struct row *row; /* of RESULT_ONE and RESULT_MANY */
    const char *sql;       /* with ? for parameters, in one line */
    size_t *marks;         /* for each ? the parameter's index */
    size_t mark_count;
};

/* Everything that was read, in the order of the command line. Elements are pointers: they stay where they are. */
struct queryc {
    struct source **sources;
    struct kind **kinds;
    struct row **rows;
    struct piece **pieces;
    struct query **queries;
    size_t source_count, kind_count, row_count, piece_count, query_count;
    unsigned errors;
};

extern struct queryc queryc;

/* ---- queryc.c ---- */

void queryc_error(struct place place, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *queryc_alloc(size_t n) __attribute__((returns_nonnull));
char *queryc_text(const char *p, size_t n) __attribute__((returns_nonnull));

/* array with room for one more element than count. */
void *queryc_grow(void *array, size_t count, size_t element) __attribute__((returns_nonnull));

/* Read a whole file; ends the program when it cannot. */
char *queryc_read(const char *path);

/* Open DIR/NAME for writing and close it; end the program when it cannot. */
FILE *queryc_open(const char *dir, const char *name, const char *suffix);
void queryc_close(FILE *f);

#define PUSH(array, count, item) ((array) = queryc_grow((array), (count), sizeof *(array)), (array)[(count)++] = (item))

/* ---- queryc_read.c ---- */

/* Read the enums of one source; after that was done for all, everything else of it. */
void read_enums(const struct source *source);
void read_source(const struct source *source);

/* ---- queryc_sql.c ---- */

/* From *p: the text of one statement without its `;`. *p and *line then stand behind it. NULL after an error. */
const char *sql_statement_read(const char *file, const char **p, unsigned *line);

/* Fill query->sql and its marks from the statement's text, which began at that line. */
void sql_resolve(struct query *query, const char *text, unsigned line);

/* ---- queryc_write.c, queryc_migration.c ---- */

void write_all(const char *dir);
int migration_compile(const char *dir, char **paths, int n);
void write_string(FILE *f, const char *p, size_t n);

#endif
