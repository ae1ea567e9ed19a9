/* db_fault_test.c - fcgi/db*.c when something breaks: lost connections, deadlocks, servers that stop, hang or are not
 * there. */
#include "db_fixture.h"

#include <pthread.h>
#include <time.h>

static uint64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- conflicts with others ---- */

/* The other side of a deadlock: it has changed more rows, so the server prefers to keep it. */
static void *other_side(void *mysql)
{
    scratch_sql(mysql, "UPDATE item SET name = 'other' WHERE id = 1");
    scratch_sql(mysql, "COMMIT");
    return NULL;
}

static void deadlock_is_repeated(void **state)
{
    (void)state;
    MYSQL *other = scratch_connect("db_test");
    scratch_sql(other, "START TRANSACTION");
    scratch_sql(other, "UPDATE item SET name = 'other' WHERE id >= 2");
    assert_int_equal(rename_to(1, "ours"), DB_OK);
    pthread_t thread;
    pthread_create(&thread, NULL, other_side, other);
    usleep(300000);
    assert_int_equal(rename_to(2, "ours"), DB_RETRY);
    assert_false(db_in_transaction(db));
    pthread_join(thread, NULL);
    assert_int_equal(rename_to(3, "half"), DB_RETRY); /* the handler must not go on */
    assert_int_equal(db_commit(db), DB_RETRY);
    assert_int_equal(rows_in_table("name = 'other'"), 4);
    assert_int_equal(rename_to(1, "again"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
    assert_int_equal(rows_in_table("name = 'again'"), 1);
    mysql_close(other);
}

static void lock_timeout_rolls_back(void **state)
{
    (void)state;
    scratch_sql(admin, "START TRANSACTION");
    scratch_sql(admin, "UPDATE item SET name = 'held' WHERE id = 1");
    assert_int_equal(rename_to(2, "half"), DB_OK);
    assert_int_equal(rename_to(1, "half"), DB_RETRY);
    assert_int_equal(db_commit(db), DB_RETRY);
    scratch_sql(admin, "ROLLBACK");
    assert_int_equal(rows_in_table("name <> 'a'"), 0);
}

static void snapshot_conflict_is_repeated(void **state)
{
    (void)state;
    const char *name;
    assert_int_equal(rename_to(2, "ours"), DB_OK);
    assert_int_equal(name_of(1, &name), DB_OK); /* the snapshot */
    scratch_sql(admin, "UPDATE item SET name = 'theirs' WHERE id = 1");
    assert_int_equal(rename_to(1, "ours"), DB_RETRY);
    db_rollback(db);
    assert_int_equal(rows_in_table("name = 'ours'"), 0);
    assert_int_equal(rename_to(1, "ours"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
}

static void slow_statement_is_ended(void **state)
{
    (void)state;
    struct db_value *v;
    uint64_t n, id = connection(), start = milliseconds();
    assert_int_equal(rename_to(1, "half"), DB_OK);
    enum db_result r = run(SLOW, NULL, &v, &n);
    assert_true(milliseconds() - start < 6900); /* by the server, before the client gives the connection up */
    assert_true(r == DB_DOWN || r == DB_OK); /* BENCHMARK itself may answer when it is interrupted */
    if (r == DB_DOWN) assert_false(db_in_transaction(db));
    db_rollback(db);
    assert_int_equal(connection(), id);
}

/* ---- lost connections ---- */

static void killed_before_a_query(void **state)
{
    (void)state;
    const char *name;
    uint64_t id = connection();
    kill_connection(id);
    assert_int_equal(name_of(1, &name), DB_OK); /* nothing was under way: connected anew */
    assert_int_not_equal(connection(), id);
    kill_connection(connection());
    assert_int_equal(rename_to(1, "b"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
    assert_int_equal(rows_in_table("name = 'b'"), 1);
}

static void killed_in_a_transaction(void **state)
{
    (void)state;
    const char *name;
    uint64_t id = connection();
    assert_int_equal(rename_to(1, "half"), DB_OK);
    kill_connection(id);
    assert_int_equal(rename_to(2, "half"), DB_DOWN);
    assert_false(db_in_transaction(db));
    assert_int_equal(rename_to(3, "half"), DB_DOWN);
    assert_int_equal(name_of(1, &name), DB_DOWN);
    db_rollback(db);
    assert_int_equal(name_of(1, &name), DB_OK);
    assert_string_equal(name, "a");
    assert_int_equal(rename_to(2, "whole"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
    assert_int_equal(rows_in_table("name <> 'a'"), 1);
}

static void killed_at_commit(void **state)
{
    (void)state;
    uint64_t id = connection();
    assert_int_equal(rename_to(1, "half"), DB_OK);
    kill_connection(id);
    assert_int_equal(db_commit(db), DB_DOWN);
    assert_true(db_commit_unknown(db));
    const char *name;
    assert_int_equal(name_of(1, &name), DB_OK); /* read back without further ado */
    assert_string_equal(name, "a");
    assert_int_equal(db_commit(db), DB_OK);
    assert_false(db_commit_unknown(db));
}

/* ---- servers ---- */

static void nobody_there(void **state)
{
    (void)state;
    struct db_options away = options;
    away.socket = "/tmp/there-is-no-such-socket";
    struct db *other = db_new(&away);
    uint64_t start = milliseconds();
    for (int i = 0; i < 1000; i++) assert_int_equal(db_connect(other), DB_DOWN);
    assert_true(milliseconds() - start < 500);
    db_free(other);
}

static void first_host_that_answers(void **state)
{
    (void)state;
    struct db_options hosts = options;
    hosts.host = "127.0.0.1:9, [::1]:9,localhost:9";
    struct db *other = db_new(&hosts);
    assert_int_equal(db_connect(other), DB_DOWN);
    db_free(other);
}

static void unsafe_server_is_refused(void **state)
{
    (void)state;
    scratch_sql(admin, "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    assert_int_equal(db_connect(db), DB_BUG);
    scratch_sql(admin, "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    usleep(300000);
    assert_int_equal(db_connect(db), DB_OK);
}

static void read_only_server_is_down(void **state)
{
    (void)state;
    scratch_sql(admin, "CREATE OR REPLACE USER plain@localhost IDENTIFIED BY 'secret'");
    scratch_sql(admin, "GRANT ALL ON db_test.* TO plain@localhost");
    scratch_sql(admin, "SET GLOBAL read_only = 1");
    struct db_options plain = options;
    plain.user = "plain";
    plain.password = "secret";
    db_free(db);
    db = db_new(&plain);
    db_start(db, arena);
    assert_int_equal(rename_to(1, "b"), DB_DOWN);
    scratch_sql(admin, "SET GLOBAL read_only = 0");
    assert_int_equal(db_commit(db), DB_DOWN);
    assert_false(db_commit_unknown(db));
    assert_int_equal(rename_to(1, "b"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
    scratch_sql(admin, "DROP USER plain@localhost");
}

static void stopped_server_is_down_soon(void **state)
{
    (void)state;
    if (!scratch.ours) skip();
    kill(scratch.pid, SIGSTOP);
    uint64_t start = milliseconds();
    assert_int_equal(db_connect(db), DB_DOWN);
    assert_true(milliseconds() - start < 3000);
    start = milliseconds();
    assert_int_equal(db_connect(db), DB_DOWN); /* remembered */
    assert_true(milliseconds() - start < 50);
    kill(scratch.pid, SIGCONT);
    usleep(300000);
    assert_int_equal(db_connect(db), DB_OK);
}

static void server_comes_back(void **state)
{
    (void)state;
    if (!scratch.ours) skip();
    const char *name;
    assert_int_equal(rename_to(1, "durable"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
    assert_int_equal(rename_to(2, "half"), DB_OK);
    scratch_kill(SIGKILL);
    uint64_t start = milliseconds();
    assert_int_equal(rename_to(3, "half"), DB_DOWN);
    db_rollback(db);
    assert_int_equal(name_of(1, &name), DB_DOWN);
    assert_true(milliseconds() - start < 500);
    scratch_run();
    admin_connect();
    usleep(300000); /* the refusal is remembered for a moment */
    assert_int_equal(name_of(1, &name), DB_OK);
    assert_string_equal(name, "durable");
    assert_int_equal(rows_in_table("name = 'half'"), 0);
    assert_int_equal(rename_to(2, "whole"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(deadlock_is_repeated, before, after),
        cmocka_unit_test_setup_teardown(lock_timeout_rolls_back, before, after),
        cmocka_unit_test_setup_teardown(snapshot_conflict_is_repeated, before, after),
        cmocka_unit_test_setup_teardown(slow_statement_is_ended, before, after),
        cmocka_unit_test_setup_teardown(killed_before_a_query, before, after),
        cmocka_unit_test_setup_teardown(killed_in_a_transaction, before, after),
        cmocka_unit_test_setup_teardown(killed_at_commit, before, after),
        cmocka_unit_test_setup_teardown(nobody_there, before, after),
        cmocka_unit_test_setup_teardown(first_host_that_answers, before, after),
        cmocka_unit_test_setup_teardown(unsafe_server_is_refused, before, after),
        cmocka_unit_test_setup_teardown(read_only_server_is_down, before, after),
        cmocka_unit_test_setup_teardown(stopped_server_is_down_soon, before, after),
        cmocka_unit_test_setup_teardown(server_comes_back, before, after),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
