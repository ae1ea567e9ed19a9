/* hint_test.c - fcgi/hint.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hint.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct hint found[HINTS_MOST];

static void a_number_waits_once_and_is_taken_once(void **state)
{
    (void)state;
    struct hints *h = hints_new();
    for (unsigned i = 0; i < 1000; i++) hint_put(h, 7);
    hint_put(h, 8);
    assert_int_equal(hints_take(h, found), 2);
    assert_int_equal(found[0].number + found[1].number, 15);
    assert_int_equal(hints_take(h, found), 0);
    hint_put(h, 7);
    assert_int_equal(hints_take(h, found), 1);
    assert_int_equal(found[0].number, 7);
}

static void it_says_how_long_ago_it_was_shown_first(void **state)
{
    (void)state;
    struct hints *h = hints_new();
    hint_put(h, 7);
    usleep(30 * 1000);
    hint_put(h, 7);
    hints_take(h, found);
    assert_in_range(found[0].ms, 29, 60 * 1000);
    hint_put(h, 7);
    hints_take(h, found);
    assert_in_range(found[0].ms, 0, 20 * 1000);
}

static void what_does_not_fit_is_forgotten_and_nothing_is_invented(void **state)
{
    (void)state;
    struct hints *h = hints_new();
    enum { MANY = 100 * HINTS_MOST };
    for (uint64_t i = 1; i <= MANY; i++) hint_put(h, i);
    hint_put(h, 0);
    hint_put(h, UINT64_C(1) << 40);
    size_t n = hints_take(h, found);
    assert_in_range(n, HINTS_MOST / 2, HINTS_MOST);
    static bool seen[MANY + 1];
    for (size_t i = 0; i < n; i++) {
        assert_in_range(found[i].number, 1, MANY);
        assert_false(seen[found[i].number]);
        seen[found[i].number] = true;
    }
}

static void the_largest_number_comes_back_whole(void **state)
{
    (void)state;
    struct hints *h = hints_new();
    hint_put(h, (UINT64_C(1) << 40) - 1);
    assert_int_equal(hints_take(h, found), 1);
    assert_int_equal(found[0].number, (UINT64_C(1) << 40) - 1);
}

static void processes_that_put_at_once_lose_nothing_that_fits(void **state)
{
    (void)state;
    struct hints *h = hints_new();
    enum { PROCESSES = 4, EACH = 60 }; /* few enough that no eight neighbours are full */
    for (unsigned p = 0; p < PROCESSES; p++)
        if (fork() == 0) {
            for (unsigned round = 0; round < 1000; round++)
                for (unsigned i = 1; i <= EACH; i++) hint_put(h, p % 2 * EACH + i); /* two processes put the same */
            _exit(0);
        }
    for (unsigned p = 0; p < PROCESSES; p++) wait(NULL);
    static unsigned times[2 * EACH + 1];
    size_t n = hints_take(h, found);
    for (size_t i = 0; i < n; i++) times[found[i].number]++;
    for (unsigned i = 1; i <= 2 * EACH; i++) assert_in_range(times[i], 1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_waits_once_and_is_taken_once),
        cmocka_unit_test(it_says_how_long_ago_it_was_shown_first),
        cmocka_unit_test(what_does_not_fit_is_forgotten_and_nothing_is_invented),
        cmocka_unit_test(the_largest_number_comes_back_whole),
        cmocka_unit_test(processes_that_put_at_once_lose_nothing_that_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
