/* arena_test.c - fcgi/arena.c. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"

static void memory_is_zero_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    unsigned char *before = NULL;
    for (size_t n = 0; n < 3000; n += 7) {
        unsigned char *p = arena_alloc(a, n);
        assert_int_equal((uintptr_t)p % 16, 0);
        assert_ptr_not_equal(p, before);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, n);
        before = p;
    }
    arena_free(a);
}

static void nothing_is_a_valid_pointer_too(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char *one = arena_alloc(a, 0), *two = arena_alloc(a, 0);
    assert_non_null(one);
    assert_ptr_not_equal(one, two);
    arena_free(a);
}

static void memory_is_zero_again_after_a_reset(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char *first = arena_alloc(a, 1000);
    memset(first, 'x', 1000);
    memset(arena_alloc(a, 1000000), 'x', 1000000);
    memset(arena_alloc(a, 100), 'x', 100);
    arena_reset(a);
    char *again = arena_alloc(a, 1000);
    assert_ptr_equal(again, first);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(again[i], 0);
    arena_free(a);
}

static void big_and_small_requests_mix(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char *kept[40];
    for (size_t i = 0; i < 40; i++) {
        size_t n = i % 3 == 0 ? 300000 : 9000;
        kept[i] = arena_alloc(a, n);
        memset(kept[i], (int)('A' + i), n);
    }
    for (size_t i = 0; i < 40; i++) {
        assert_int_equal(kept[i][0], 'A' + i);
        assert_int_equal(kept[i][8999], 'A' + i);
    }
    arena_free(a);
}

static void text_is_copied_and_ended(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char from[] = {'a', 'b', 'c', 'd'};
    char *text = arena_text(a, from, 3);
    from[0] = 'z';
    assert_string_equal(text, "abc");
    assert_string_equal(arena_text(a, NULL, 0), "");
    arena_free(a);
}

static void printf_makes_room_for_everything(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(arena_printf(a, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_printf(a, "%s", ""), "");
    char *wide = arena_printf(a, "%0200000d", 1);
    assert_int_equal(strlen(wide), 200000);
    assert_int_equal(wide[199999], '1');
    arena_free(a);
}

static char order[8];

static void note(void *what)
{
    strncat(order, what, 1);
}

static void deferred_calls_run_once_last_first(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    order[0] = '\0';
    arena_defer(a, note, "1");
    arena_defer(a, note, "2");
    arena_defer(a, note, "3");
    assert_string_equal(order, "");
    arena_reset(a);
    assert_string_equal(order, "321");
    arena_reset(a);
    assert_string_equal(order, "321");
    arena_defer(a, note, "4");
    arena_free(a);
    assert_string_equal(order, "3214");
}

static void defer_another(void *arena)
{
    arena_text(arena, "scratch", 7);
    arena_defer(arena, note, "x");
}

static void a_deferred_call_may_use_the_arena(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    order[0] = '\0';
    arena_defer(a, defer_another, a);
    arena_free(a);
    assert_string_equal(order, "x");
}

/* The exit status of asking for n bytes. */
static int status_of(size_t n)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        struct arena *a = arena_new();
        volatile size_t wanted = n;
        arena_alloc(a, wanted);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void sizes_that_overflow_end_the_process(void **state)
{
    (void)state;
    assert_int_equal(status_of(SIZE_MAX), ARENA_EXIT);
    assert_int_equal(status_of(SIZE_MAX - 15), ARENA_EXIT);
    assert_int_equal(status_of(SIZE_MAX - 64), ARENA_EXIT);
    assert_int_equal(status_of(100), 0);
}

static void freeing_no_arena_is_fine(void **state)
{
    (void)state;
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zero_aligned_and_apart),
        cmocka_unit_test(nothing_is_a_valid_pointer_too),
        cmocka_unit_test(memory_is_zero_again_after_a_reset),
        cmocka_unit_test(big_and_small_requests_mix),
        cmocka_unit_test(text_is_copied_and_ended),
        cmocka_unit_test(printf_makes_room_for_everything),
        cmocka_unit_test(deferred_calls_run_once_last_first),
        cmocka_unit_test(a_deferred_call_may_use_the_arena),
        cmocka_unit_test(sizes_that_overflow_end_the_process),
        cmocka_unit_test(freeing_no_arena_is_fine),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
