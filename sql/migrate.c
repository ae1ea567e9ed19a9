/* migrate.c - see migrate.h. */
#include "migrate.h"

#include "arena.h"
#include "db_schema.h"
#include "log.h"
#include "schema.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char table_sql[] = "CREATE TABLE IF NOT EXISTS schema_migration ("
                                "  number     INT UNSIGNED NOT NULL PRIMARY KEY,"
                                "  name       VARCHAR(100) NOT NULL,"
                                "  checksum   BINARY(32) NOT NULL COMMENT 'BLAKE2b of the text',"
                                "  applied_at DATETIME(6) NOT NULL"
                                ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci";

static struct hash checksum(const struct migration *m)
{
    struct hash hash;
    crypto_generichash(hash.b, sizeof hash.b, (const unsigned char *)m->sql, strlen(m->sql), NULL, 0);
    return hash;
}

/* NULL, or why the applied migrations are not the beginning of ours. */
static const char *mismatch(struct arena *a, const struct schema_migration_list *applied)
{
    for (size_t i = 0; i < applied->n; i++) {
        const struct schema_migration *theirs = &applied->v[i];
        if (i >= migrations_count || theirs->number != migrations[i].number)
            return arena_printf(
                a, "the database has migration %s, which this program does not know: it belongs to another version",
                theirs->name);
        struct hash ours = checksum(&migrations[i]);
        if (memcmp(ours.b, theirs->checksum.b, sizeof ours.b) != 0)
            return arena_printf(
                a, "migration %s was changed after it was applied: put its text back and write a new migration",
                theirs->name);
    }
    return NULL;
}

/* ---- statements of a migration ---- */

static bool is_comment(const char *line)
{
    line += strspn(line, " \t");
    return strncmp(line, "--", 2) == 0;
}

/* The next statement, from *p: it ends with a ; at the end of a line that is no comment. NULL: there is none. */
static char *statement_next(struct arena *a, const char **p)
{
    const char *begin = *p, *line = begin;
    bool any = false;
    while (*line) {
        size_t n = strcspn(line, "\n"), used = n;
        while (used && strchr(" \t\r", line[used - 1])) used--;
        const char *end = line + used;
        bool text = used && !is_comment(line);
        any |= text;
        line += n + (line[n] == '\n');
        if (!text || end[-1] != ';') continue;
        *p = line;
        return arena_text(a, begin, (size_t)(end - 1 - begin));
    }
    *p = line;
    return any ? arena_text(a, begin, (size_t)(line - begin)) : NULL;
}

/* ---- applying ---- */

static enum db_result apply(struct db *db, const struct migration *m)
{
    const char *p = m->sql;
    char *sql;
    for (unsigned n = 1; (sql = statement_next(db_arena(db), &p)); n++) {
        enum db_result r = db_schema_change(db, sql);
        if (r == DB_OK) continue;
        fprintf(stderr, "migration %s: statement %u failed; those before it have happened. It was:\n%s\n", m->name, n,
                sql);
        return r;
    }
    TRY(schema_migration_add(db, m->number, m->name, checksum(m), NULL));
    TRY(db_commit(db));
    printf("applied %s\n", m->name);
    fflush(stdout);
    return DB_OK;
}

static enum db_result lock(struct db *db)
{
    struct schema_lock lock = {false};
    for (int second = 0; second < 60 && !lock.locked; second++) TRY(schema_lock(db, &lock));
    if (lock.locked) return DB_OK;
    fputs("another migration has been running for a minute\n", stderr);
    return DB_DOWN;
}

static enum migrate_result run(struct db *db)
{
    struct schema_migration_list applied;
    if (lock(db) != DB_OK || db_schema_change(db, table_sql) != DB_OK || schema_migrations(db, &applied) != DB_OK)
        return MIGRATE_FAILED;
    const char *problem = mismatch(db_arena(db), &applied);
    if (problem) {
        fprintf(stderr, "%s\n", problem);
        return MIGRATE_REFUSED;
    }
    for (size_t i = applied.n; i < migrations_count; i++)
        if (apply(db, &migrations[i]) != DB_OK) return MIGRATE_FAILED;
    struct schema_lock unlocked;
    return schema_unlock(db, &unlocked) == DB_OK ? MIGRATE_OK : MIGRATE_FAILED;
}

enum migrate_result migrate_run(const struct db_options *options)
{
    struct db *db = db_new_patient(options);
    struct arena *arena = arena_new();
    db_start(db, arena);
    enum migrate_result r = run(db);
    if (r == MIGRATE_FAILED) fputs("the schema is not complete\n", stderr);
    db_free(db); /* and with it the lock */
    arena_free(arena);
    return r;
}

enum db_result migrate_check(struct db *db)
{
    struct schema_migration_list applied;
    enum db_result r = schema_migrations(db, &applied);
    if (r == DB_BUG) log_error("the database has no schema of ours: run `invited migrate`");
    TRY(r);
    const char *problem = mismatch(db_arena(db), &applied);
    if (problem) {
        log_error("%s", problem);
        return DB_BUG;
    }
    if (applied.n < migrations_count) {
        log_error("migration %s is missing: run `invited migrate`", migrations[applied.n].name);
        return DB_BUG;
    }
    struct schema_engine engine;
    TRY(schema_engine(db, &engine));
    if (engine.others == 0) return DB_OK;
    log_error("%llu tables are not InnoDB: ALTER TABLE ... ENGINE=InnoDB", (unsigned long long)engine.others);
    return DB_BUG;
}
