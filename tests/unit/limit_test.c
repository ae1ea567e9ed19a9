/* limit_test.c - fcgi/limit.c. The minute is the kernel's: what fails because one ended in the middle is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "limit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct limit_table *table;

static int begin(void **state)
{
    (void)state;
    table = limit_table_new();
    return 0;
}

static long minute(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec / 60;
}

/* A key as the hash makes it: all octets differ with n. */
static struct hash key(uint64_t n)
{
    struct hash h;
    for (unsigned i = 0; i < sizeof h.b; i++) {
        n = n * 6364136223846793005u + 1442695040888963407u;
        h.b[i] = (uint8_t)(n >> 56);
    }
    return h;
}

/* How many of `tries` are within the limit. */
static unsigned granted(struct hash k, unsigned tries, unsigned per_minute)
{
    unsigned n = 0;
    for (unsigned i = 0; i < tries; i++) n += limit_take(table, k, per_minute) == 0;
    return n;
}

/* The body again when a minute ended while it ran. */
#define WITHIN_A_MINUTE                       \
    for (long begun = -1; begun != minute();) \
        for (begun = minute(), begin(NULL); begun >= 0 && table; table = NULL)

static void the_nth_is_within_the_limit_and_the_next_is_not(void **state)
{
    (void)state;
    static const unsigned limits[] = {1, 2, 30, 60, 1000};
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++) {
        unsigned n = 0, seconds = 0;
        WITHIN_A_MINUTE {
            n = granted(key(i), limits[i], limits[i]);
            seconds = limit_take(table, key(i), limits[i]);
        }
        assert_int_equal(n, limits[i]);
        assert_in_range(seconds, 1, 60);
    }
}

static void who_is_refused_is_not_counted_further(void **state)
{
    (void)state;
    unsigned n = 0, more = 0;
    WITHIN_A_MINUTE {
        n = granted(key(1), 500, 3);
        more = granted(key(1), 500, 5);
    }
    assert_int_equal(n, 3);
    assert_int_equal(more, 2);
}

static void nothing_is_within_a_limit_of_none(void **state)
{
    (void)state;
    assert_int_not_equal(limit_take(table, key(1), 0), 0);
}

static void keys_do_not_know_each_other(void **state)
{
    (void)state;
    enum { KEYS = 2000 };
    unsigned n = 0;
    WITHIN_A_MINUTE {
        n = 0;
        for (unsigned round = 0; round < 5; round++)
            for (unsigned i = 0; i < KEYS; i++) n += limit_take(table, key(i), 2) == 0;
    }
    assert_int_equal(n, 2 * KEYS);
}

static void neighbours_in_the_table_do_not_know_each_other(void **state)
{
    (void)state;
    struct hash k[8];
    unsigned n = 0;
    for (unsigned i = 0; i < 8; i++) { /* the same place, another tag */
        k[i] = (struct hash){{7}};
        k[i].b[8] = (uint8_t)(i + 1);
    }
    WITHIN_A_MINUTE {
        n = 0;
        for (unsigned round = 0; round < 5; round++)
            for (unsigned i = 0; i < 8; i++) n += limit_take(table, k[i], 3) == 0;
    }
    assert_int_equal(n, 8 * 3);
}

static void a_crowded_table_errs_for_the_visitor(void **state)
{
    (void)state;
    struct hash k = {{9}};
    unsigned refused = 0, crowded = 0;
    WITHIN_A_MINUTE {
        refused = crowded = 0;
        for (unsigned i = 1; i <= 8; i++) { /* every counter that the key could have */
            struct hash other = k;
            other.b[8] = (uint8_t)i;
            refused += limit_take(table, other, 1) != 0;
        }
        k.b[8] = 200;
        for (unsigned i = 0; i < 100; i++) crowded += limit_take(table, k, 1) == 0;
    }
    assert_int_equal(refused, 0);
    assert_int_equal(crowded, 100);
}

static void a_flood_of_strangers_never_refuses_who_did_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 300000; i++) assert_int_equal(limit_take(table, key(1000000 + i), 1000), 0);
}

static void a_limit_above_what_a_counter_holds_still_ends(void **state)
{
    (void)state;
    unsigned n = 0;
    WITHIN_A_MINUTE
        n = granted(key(3), 70000, 1000000);
    assert_int_equal(n, 0xffff);
}

enum { PROCESSES = 4, EACH = 20000, LIMIT = 30000 };

static unsigned granted_by_processes(void)
{
    int ends[2];
    unsigned sum = 0, n;
    assert_int_equal(pipe(ends), 0);
    for (unsigned i = 0; i < PROCESSES; i++) {
        if (fork()) continue;
        n = granted(key(4), EACH, LIMIT);
        _exit(write(ends[1], &n, sizeof n) == sizeof n ? 0 : 1);
    }
    close(ends[1]);
    while (read(ends[0], &n, sizeof n) == sizeof n) sum += n;
    close(ends[0]);
    for (unsigned i = 0; i < PROCESSES; i++) wait(NULL);
    return sum;
}

static void processes_count_together_and_lose_nothing(void **state)
{
    (void)state;
    unsigned n = 0;
    WITHIN_A_MINUTE
        n = granted_by_processes();
    assert_int_equal(n, LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_nth_is_within_the_limit_and_the_next_is_not, begin),
        cmocka_unit_test_setup(who_is_refused_is_not_counted_further, begin),
        cmocka_unit_test_setup(nothing_is_within_a_limit_of_none, begin),
        cmocka_unit_test_setup(keys_do_not_know_each_other, begin),
        cmocka_unit_test_setup(neighbours_in_the_table_do_not_know_each_other, begin),
        cmocka_unit_test_setup(a_crowded_table_errs_for_the_visitor, begin),
        cmocka_unit_test_setup(a_flood_of_strangers_never_refuses_who_did_nothing, begin),
        cmocka_unit_test_setup(a_limit_above_what_a_counter_holds_still_ends, begin),
        cmocka_unit_test_setup(processes_count_together_and_lose_nothing, begin),
    };
    return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
