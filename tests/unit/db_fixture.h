/* db_fixture.h - for the two test programs of fcgi/db: a scratch server with a table of four rows, and queries on it.
 */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "db.h"
#include "db_values.h"

#pragma GCC diagnostic ignored "-Wunused-function" /* each test program uses its share */
#include "scratch_server.h"

/* ---- the queries, as sql/queryc.c would write them ---- */

static const enum db_type item_types[] = {DB_U64, DB_ID, DB_HASH, DB_TEXT, DB_BYTES, DB_I64, DB_BOOL, DB_TIME};
static const bool item_nullable[] = {false, true, true, true, true, true, false, true};
static const char *const item_names[] = {"id", "public_id", "hash", "name", "note", "amount", "flag", "at"};

static const enum db_type one_u64[] = {DB_U64}, one_text[] = {DB_TEXT};
static const bool not_nullable[] = {false};
static const char *const n_name[] = {"n"};

enum { BY_CODE, ALL, ADD, RENAME, FLAG, SLOW, CONNECTION, WRONG, NAME_OF, TWO, DROP, WRONG_COUNT, QUERIES };

#define ITEM .columns = 8, .column_types = item_types, .column_nullable = item_nullable, .column_names = item_names
#define SINGLE(t) .columns = 1, .column_types = t, .column_nullable = not_nullable, .column_names = n_name
#define COLUMNS "SELECT id, public_id, hash, name, note, amount, flag, at FROM item "

static const struct db_query queries[QUERIES] = {
    [BY_CODE] = {.name = "item_by_code", .sql = COLUMNS "WHERE code = ?", .kind = DB_ONE, .parameters = 1, ITEM},
    [ALL] = {.name = "item_all", .sql = COLUMNS "WHERE id >= ? ORDER BY id", .kind = DB_MANY, .parameters = 1, ITEM},
    [ADD] =
        {.name = "item_add",
         .sql =
             "INSERT INTO item (code, public_id, hash, name, note, amount, flag, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
         .kind = DB_INSERT,
         .parameters = 8},
    [RENAME] = {.name = "item_rename",
                .sql = "UPDATE item SET name = ? WHERE id = ?",
                .kind = DB_CHANGE,
                .parameters = 2},
    [FLAG] = {.name = "item_flag", .sql = "UPDATE item SET flag = ? WHERE id >= ?", .kind = DB_EXEC, .parameters = 2},
    [SLOW] = {.name = "item_slow", .sql = "SELECT BENCHMARK(100000000000, SHA1('x')) AS n", .kind = DB_ONE, SINGLE(one_u64)},
    [CONNECTION] = {.name = "item_connection", .sql = "SELECT CONNECTION_ID() AS n", .kind = DB_ONE, SINGLE(one_u64)},
    [WRONG] = {.name = "item_wrong", .sql = "SELECT nothing AS n FROM nowhere", .kind = DB_ONE, SINGLE(one_u64)},
    [NAME_OF] = {.name = "item_name",
                 .sql = "SELECT name AS n FROM item WHERE id = ?",
                 .kind = DB_ONE,
                 .parameters = 1,
                 SINGLE(one_text)},
    [TWO] = {.name = "item_two", .sql = "UPDATE item SET name = ? WHERE id >= ?", .kind = DB_CHANGE, .parameters = 2},
    [DROP] = {.name = "item_drop", .sql = "DELETE FROM item WHERE id = ?", .kind = DB_CHANGE, .parameters = 1},
    [WRONG_COUNT] = {.name = "item_count", .sql = "SELECT 1 AS n, 2 AS m", .kind = DB_ONE, SINGLE(one_u64)},
};
static struct db_query slotted[QUERIES];
const struct db_query *const db_queries_all[QUERIES] = {NULL};
const unsigned db_queries_count = QUERIES;

/* ---- the fixture ---- */

static struct db_options options;
static struct db *db;
static struct arena *arena;
static MYSQL *admin;

static enum db_result run(int query, const struct db_value *in, struct db_value **rows, uint64_t *n)
{
    return db_run(db, &slotted[query], in, rows, n);
}

static enum db_result add(const char *code)
{
    struct db_value in[] = {
        db_text_or_null(code), db_bytes_or_null((struct bytes){0}), db_bytes_or_null((struct bytes){0}),
        db_text_or_null("a"),  db_bytes_or_null((struct bytes){0}), db_i64_or_null(0),
        db_bool(false),        db_time_or_null((struct moment){0})};
    return run(ADD, in, NULL, NULL);
}

static enum db_result rename_to(uint64_t id, const char *name)
{
    struct db_value in[] = {db_text_or_null(name), db_u64(id)};
    return run(RENAME, in, NULL, NULL);
}

static enum db_result name_of(uint64_t id, const char **name)
{
    struct db_value in[] = {db_u64(id)}, *v;
    uint64_t n;
    TRY(run(NAME_OF, in, &v, &n));
    *name = v->s.p;
    return DB_OK;
}

static uint64_t connection(void)
{
    struct db_value *v;
    uint64_t n;
    assert_int_equal(run(CONNECTION, NULL, &v, &n), DB_OK);
    return v->u;
}

static void kill_connection(uint64_t id)
{
    char sql[60];
    snprintf(sql, sizeof sql, "KILL %llu", (unsigned long long)id);
    scratch_sql(admin, sql);
    usleep(100000);
}

static unsigned long rows_in_table(const char *condition)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM item WHERE %s", condition);
    if (mysql_query(admin, sql)) fail_msg("%s", mysql_error(admin));
    MYSQL_RES *result = mysql_store_result(admin);
    unsigned long n = strtoul(mysql_fetch_row(result)[0], NULL, 10);
    mysql_free_result(result);
    return n;
}

static void admin_connect(void)
{
    if (admin) mysql_close(admin);
    admin = scratch_connect("db_test");
    assert_non_null(admin);
}

static int setup(void **state)
{
    (void)state;
    for (unsigned i = 0; i < QUERIES; i++) {
        slotted[i] = queries[i];
        slotted[i].slot = i;
        slotted[i].origin = "db_test.c:0";
    }
    scratch_start();
    admin = scratch_connect(NULL);
    scratch_sql(admin, "CREATE OR REPLACE DATABASE db_test CHARACTER SET utf8mb4");
    scratch_sql(admin, "USE db_test");
    scratch_sql(admin,
                "CREATE TABLE item (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, code VARBINARY(16) UNIQUE, "
                "public_id BINARY(16), hash BINARY(32), name VARCHAR(100), note LONGBLOB, amount BIGINT, "
                "flag BOOL NOT NULL, at DATETIME(6)) ENGINE=InnoDB");
    options = (struct db_options){
        .host = "", .socket = scratch.socket, .user = "root", .password = "", .name = "db_test", .tls_ca = ""};
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_sql(admin, "DROP DATABASE db_test");
    mysql_close(admin);
    arena_free(arena);
    mysql_library_end();
    return 0;
}

/* Four rows, 1 to 4, and a fresh handle for each test. */
static int before(void **state)
{
    (void)state;
    scratch_sql(admin, "TRUNCATE item");
    scratch_sql(admin, "INSERT INTO item (code, name, flag) VALUES ('one', 'a', 0), ('two', 'a', 0), ('three', 'a', "
                       "0), ('four', 'a', 0)");
    db = db_new(&options);
    db_start(db, arena);
    return 0;
}

static int after(void **state)
{
    (void)state;
    db_free(db);
    arena_reset(arena);
    return 0;
}

#endif
