/* migrate_test.c - sql/migrate.c on a scratch server: from nothing, again, several at once, and what it must refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "migrate.h"

#pragma GCC diagnostic ignored "-Wunused-function"
#include "scratch_server.h"

/* In place of the generated ones. */
const struct migration migrations[] = {
    {1, "0001_first", "-- A comment; with a semicolon at its end;\nCREATE TABLE a (b INT COMMENT 'x;y');  \n\n"
                      "INSERT INTO a\nVALUES (1);\nINSERT INTO a VALUES (2)\n-- the end\n;\n-- nothing more;\n"},
    {2, "0002_second", "INSERT INTO a VALUES (3);\nINSERT INTO trap VALUES (1);\nINSERT INTO a VALUES (4)"},
};
const unsigned migrations_count = 2;

static MYSQL *admin;
static struct db_options options;

static enum db_result check(void)
{
    struct arena *arena = arena_new();
    struct db *db = db_new(&options);
    db_start(db, arena);
    enum db_result r = migrate_check(db);
    db_free(db);
    arena_free(arena);
    return r;
}

static unsigned long count(const char *sql)
{
    if (mysql_query(admin, sql)) fail_msg("%s", mysql_error(admin));
    MYSQL_RES *result = mysql_store_result(admin);
    unsigned long n = strtoul(mysql_fetch_row(result)[0], NULL, 10);
    mysql_free_result(result);
    return n;
}

static int setup(void **state)
{
    (void)state;
    scratch_start();
    admin = scratch_connect(NULL);
    options = (struct db_options){
        .host = "", .socket = scratch.socket, .user = "root", .password = "", .name = "migrate_test", .tls_ca = ""};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scratch_sql(admin, "DROP DATABASE migrate_test");
    mysql_close(admin);
    mysql_library_end();
    return 0;
}

/* An empty database; the second migration works unless the table `trap` is dropped. */
static int before(void **state)
{
    (void)state;
    scratch_sql(admin, "CREATE OR REPLACE DATABASE migrate_test");
    scratch_sql(admin, "USE migrate_test");
    scratch_sql(admin, "CREATE TABLE trap (b INT) ENGINE=InnoDB");
    return 0;
}

static void from_nothing_and_again(void **state)
{
    (void)state;
    assert_int_equal(check(), DB_BUG);
    assert_int_equal(migrate_run(&options), MIGRATE_OK);
    assert_int_equal(check(), DB_OK);
    assert_int_equal(migrate_run(&options), MIGRATE_OK);
    assert_int_equal(count("SELECT SUM(b) FROM a"), 10);
    assert_int_equal(count("SELECT COUNT(*) FROM schema_migration"), 2);
}

static void several_at_once(void **state)
{
    (void)state;
    pid_t pids[4];
    for (int i = 0; i < 4; i++) {
        pids[i] = fork();
        if (pids[i] == 0) _exit((int)migrate_run(&options));
    }
    for (int i = 0; i < 4; i++) {
        int status;
        waitpid(pids[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count("SELECT SUM(b) FROM a"), 10);
    assert_int_equal(check(), DB_OK);
}

static void changed_or_unknown_is_refused(void **state)
{
    (void)state;
    assert_int_equal(migrate_run(&options), MIGRATE_OK);
    scratch_sql(admin, "INSERT INTO schema_migration VALUES (3, '0003_future', REPEAT('x', 32), NOW())");
    assert_int_equal(migrate_run(&options), MIGRATE_REFUSED);
    assert_int_equal(check(), DB_BUG);
    scratch_sql(admin, "DELETE FROM schema_migration WHERE number = 3");
    scratch_sql(admin, "UPDATE schema_migration SET checksum = REPEAT('x', 32) WHERE number = 1");
    assert_int_equal(migrate_run(&options), MIGRATE_REFUSED);
    assert_int_equal(check(), DB_BUG);
}

static void failure_is_told(void **state)
{
    (void)state;
    scratch_sql(admin, "DROP TABLE trap");
    assert_int_equal(migrate_run(&options), MIGRATE_FAILED);
    assert_int_equal(check(), DB_BUG); /* the second is missing */
    assert_int_equal(count("SELECT COUNT(*) FROM schema_migration"), 1);
}

static void another_engine_is_refused(void **state)
{
    (void)state;
    assert_int_equal(migrate_run(&options), MIGRATE_OK);
    scratch_sql(admin, "ALTER TABLE trap ENGINE=Aria");
    assert_int_equal(check(), DB_BUG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(from_nothing_and_again, before),
        cmocka_unit_test_setup(several_at_once, before),
        cmocka_unit_test_setup(changed_or_unknown_is_refused, before),
        cmocka_unit_test_setup(failure_is_told, before),
        cmocka_unit_test_setup(another_engine_is_refused, before),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
