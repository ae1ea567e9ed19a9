/* overview_test.c - handlers/overview_rules.c: bars and times of the overview. Its weeks and percents go through overview_test.py of tests/web. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "out.h"
#include "overview_rules.h"

static void every_bar_stands_on_the_ground_and_the_smallest_is_seen(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0, 1, 500, 1000};
    static const unsigned heights[] = {0, 3, CHART_HEIGHT / 2, CHART_HEIGHT};
    struct chart c = {0};
    overview_bars(arena, &c, numbers, 4, 1000);
    assert_int_equal(c.total, 1501);
    assert_int_equal(c.bars.n, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(c.bars.v[i].height, heights[i]);
        assert_int_equal(c.bars.v[i].y + c.bars.v[i].height, CHART_HEIGHT);
        assert_string_equal(c.bars.v[i].width, "20.00%");
    }
    assert_string_equal(c.bars.v[3].x, "77.50%");
    struct chart empty = {0};
    overview_bars(arena, &empty, numbers, 1, 0);
    assert_int_equal(empty.bars.v[0].height, 0);
}

static void a_time_is_as_exact_as_people_remember_it(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *words;
    } rows[] = {{0, "1 minute"}, {89, "1 minute"}, {90, "2 minutes"}, {5399, "90 minutes"}, {5400, "2 hours"}, {129599, "36 hours"}, {129600, "2 days"}, {864000, "10 days"}};
    struct out o;
    out_init(&o, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_string_equal(overview_duration(&o, rows[i].seconds), rows[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_bar_stands_on_the_ground_and_the_smallest_is_seen, begin, end),
        cmocka_unit_test_setup_teardown(a_time_is_as_exact_as_people_remember_it, begin, end),
    };
    return cmocka_run_group_tests_name("overview", tests, NULL, NULL);
}
