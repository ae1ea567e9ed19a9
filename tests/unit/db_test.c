/* db_test.c - fcgi/db*.c against a real server: values, kinds, the transaction, and our own mistakes. */
#include "db_fixture.h"

/* ---- values and kinds ---- */

static void values_survive(void **state)
{
    (void)state;
    static char big[100000];
    for (size_t i = 0; i < sizeof big; i++) big[i] = (char)('a' + i % 26);
    uint8_t id[16] = {1, 0, 3}, hash[32] = {9, 0, 7};
    struct moment at = {1709210096789012};
    struct db_value in[] = {db_text_or_null("full"),
                            {.type = DB_ID, .s = {id, 16}},
                            {.type = DB_HASH, .s = {hash, 32}},
                            db_text_or_null("Zoë 😀 'x' \\"),
                            db_bytes((struct bytes){big, sizeof big}),
                            db_i64(-42),
                            db_bool(true),
                            db_time(at)};
    uint64_t new_id = 0, n;
    assert_int_equal(run(ADD, in, NULL, &new_id), DB_OK);
    assert_int_equal(new_id, 5);
    assert_true(db_in_transaction(db));
    assert_int_equal(db_commit(db), DB_OK);
    assert_false(db_in_transaction(db));

    struct db_value *v;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run(BY_CODE, in, &v, &n), DB_OK);
        assert_int_equal(v[0].u, 5);
        assert_memory_equal(v[1].s.p, id, 16);
        assert_memory_equal(v[2].s.p, hash, 32);
        assert_string_equal(v[3].s.p, "Zoë 😀 'x' \\");
        assert_int_equal(v[4].s.n, sizeof big);
        assert_memory_equal(v[4].s.p, big, sizeof big);
        assert_int_equal(v[5].i, -42);
        assert_int_equal(v[6].u, 1);
        assert_int_equal(v[7].t.us, at.us);
    }
    assert_int_equal(db_queries(db), 4);
    assert_true(db_microseconds(db) > 0);
}

static void nulls_and_empty_results(void **state)
{
    (void)state;
    struct db_value code[] = {db_text_or_null("one")}, *v;
    uint64_t n;
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_OK);
    for (int i = 1; i < 8; i++) assert_int_equal(v[i].null, i != 3 && i != 6);
    assert_null(v[4].s.p);
    assert_int_equal(v[5].i, 0);
    assert_int_equal(v[7].t.us, 0);

    code[0] = db_text_or_null("nobody");
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_NONE);
    code[0] = db_text_or_null(NULL);
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_NONE);

    struct db_value from[] = {db_u64(1)};
    assert_int_equal(run(ALL, from, &v, &n), DB_OK);
    assert_int_equal(n, 4);
    assert_int_equal(v[3 * 8].u, 4);
    from[0] = db_u64(UINT64_MAX);
    assert_int_equal(run(ALL, from, &v, &n), DB_OK);
    assert_int_equal(n, 0);
}

static void empty_text_is_not_null(void **state)
{
    (void)state;
    const char *name = NULL;
    assert_int_equal(rename_to(1, ""), DB_OK);
    assert_int_equal(name_of(1, &name), DB_OK);
    assert_string_equal(name, "");
    struct db_value code[] = {db_text_or_null("one")}, *v;
    uint64_t n;
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_OK);
    assert_false(v[3].null);
    assert_int_equal(v[3].s.n, 0);
}

static void time_goes_round(void **state)
{
    (void)state;
    static const struct {
        int64_t us, back;
        const char *text;
    } t[] = {{1, 1, "1970-01-01 00:00:00.000001"},
             {-1, -1, "1969-12-31 23:59:59.999999"},
             {951782400000000, 951782400000000, "2000-02-29 00:00:00.000000"},
             {1709210096789012, 1709210096789012, "2024-02-29 12:34:56.789012"},
             {-2203891200000000, -2203891200000000, "1900-03-01 00:00:00.000000"},
             {INT64_MAX, 253402300799999999, "9999-12-31 23:59:59.999999"},
             {INT64_MIN, -62135596800000000, "0001-01-01 00:00:00.000000"}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char code[16], condition[100];
        snprintf(code, sizeof code, "t%zu", i);
        struct bytes none = {0};
        struct db_value in[] = {db_text_or_null(code), db_bytes_or_null(none),           db_bytes_or_null(none),
                                db_text_or_null(NULL), db_bytes_or_null(none),           db_i64_or_null(0),
                                db_bool(false),        db_time((struct moment){t[i].us})};
        struct db_value *v;
        uint64_t n;
        assert_int_equal(run(ADD, in, NULL, NULL), DB_OK);
        assert_int_equal(db_commit(db), DB_OK);
        assert_int_equal(run(BY_CODE, in, &v, &n), DB_OK);
        assert_int_equal(v[7].t.us, t[i].back);
        snprintf(condition, sizeof condition, "code = '%s' AND at = '%s'", code, t[i].text);
        assert_int_equal(rows_in_table(condition), 1);
    }
}

static void affected_rows(void **state)
{
    (void)state;
    struct db_value in[] = {db_bool(true), db_u64(2)};
    uint64_t n = 99;
    assert_int_equal(run(FLAG, in, NULL, &n), DB_OK);
    assert_int_equal(n, 3);
    assert_int_equal(run(FLAG, in, NULL, &n), DB_OK);
    assert_int_equal(n, 3); /* found, not changed: CLIENT_FOUND_ROWS */
    assert_int_equal(rename_to(1, "b"), DB_OK);
    assert_int_equal(rename_to(1, "b"), DB_OK);
    assert_int_equal(rename_to(99, "b"), DB_NONE);
    assert_int_equal(db_commit(db), DB_OK);
    assert_int_equal(rows_in_table("flag"), 3);
}

static void duplicate_leaves_the_transaction_usable(void **state)
{
    (void)state;
    assert_int_equal(rename_to(2, "before"), DB_OK);
    assert_int_equal(add("one"), DB_CONFLICT);
    assert_true(db_in_transaction(db));
    assert_int_equal(rename_to(3, "after"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
    assert_int_equal(rows_in_table("name IN ('before', 'after')"), 2);
}

static void writes_are_refused(void **state)
{
    (void)state;
    db_allow_writes(db, false);
    assert_int_equal(add("new"), DB_BUG);
    assert_int_equal(rename_to(1, "x"), DB_BUG);
    const char *name;
    assert_int_equal(name_of(1, &name), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
    db_allow_writes(db, true);
    assert_int_equal(rename_to(1, "x"), DB_OK);
    db_rollback(db);
    assert_int_equal(rows_in_table("name <> 'a'"), 0);
}

/* ---- our own mistakes ---- */

static void bugs_are_told(void **state)
{
    (void)state;
    struct db_value *v, in[] = {db_text_or_null("x"), db_u64(1)};
    uint64_t n;
    const char *name;
    assert_int_equal(run(WRONG, NULL, &v, &n), DB_BUG);
    assert_int_equal(run(WRONG_COUNT, NULL, &v, &n), DB_BUG);
    scratch_sql(admin, "UPDATE item SET name = NULL WHERE id = 2");
    assert_int_equal(name_of(2, &name), DB_BUG); /* declared as never NULL */
    scratch_sql(admin, "UPDATE item SET name = 'a\\0b' WHERE id = 2");
    assert_int_equal(name_of(2, &name), DB_BUG);
    assert_int_equal(name_of(1, &name), DB_OK);

    assert_int_equal(rename_to(1, "b"), DB_OK);
    assert_int_equal(run(TWO, in, NULL, NULL), DB_BUG); /* a change of four rows: rolled back */
    assert_false(db_in_transaction(db));
    assert_int_equal(rename_to(1, "c"), DB_BUG); /* what follows does not begin half a transaction */
    assert_int_equal(db_commit(db), DB_BUG);
    assert_int_equal(rows_in_table("name IN ('b', 'c', 'x')"), 0);
    assert_int_equal(rename_to(1, "d"), DB_OK);
    assert_int_equal(db_commit(db), DB_OK);
}

static void two_rows_for_one(void **state)
{
    (void)state;
    scratch_sql(admin, "ALTER TABLE item DROP INDEX code");
    scratch_sql(admin, "UPDATE item SET code = 'one'");
    struct db_value code[] = {db_text_or_null("one")}, *v;
    uint64_t n;
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_BUG);
    scratch_sql(admin, "TRUNCATE item");
    scratch_sql(admin, "ALTER TABLE item ADD UNIQUE code (code)");
}

static void a_changed_table_is_prepared_again(void **state)
{
    (void)state;
    struct db_value code[] = {db_text_or_null("one")}, *v;
    uint64_t n;
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_OK);
    scratch_sql(admin, "ALTER TABLE item MODIFY name VARCHAR(200), ADD extra INT FIRST");
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_OK);
    assert_string_equal(v[3].s.p, "a");
    scratch_sql(admin, "ALTER TABLE item DROP extra");
    assert_int_equal(run(BY_CODE, code, &v, &n), DB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_survive, before, after),
        cmocka_unit_test_setup_teardown(nulls_and_empty_results, before, after),
        cmocka_unit_test_setup_teardown(empty_text_is_not_null, before, after),
        cmocka_unit_test_setup_teardown(time_goes_round, before, after),
        cmocka_unit_test_setup_teardown(affected_rows, before, after),
        cmocka_unit_test_setup_teardown(duplicate_leaves_the_transaction_usable, before, after),
        cmocka_unit_test_setup_teardown(writes_are_refused, before, after),
        cmocka_unit_test_setup_teardown(bugs_are_told, before, after),
        cmocka_unit_test_setup_teardown(two_rows_for_one, before, after),
        cmocka_unit_test_setup_teardown(a_changed_table_is_prepared_again, before, after),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
