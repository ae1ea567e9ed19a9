/* settings_test.c - handlers/settings_rules.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "out.h"
#include "settings_rules.h"

#include <string.h>

static void a_policy_lets_the_right_addresses_accept(void **state)
{
    (void)state;
    static const struct {
        const char *invited, *mine;
        bool exact, domain, any;
    } rows[] = {
        {"ann@acme.example", "ann@acme.example", true, true, true},
        {"ann@acme.example", "bob@acme.example", false, true, true},
        {"ann@acme.example", "ann@other.example", false, false, true},
        {"ann@acme.example", "ann@sub.acme.example", false, false, true},
        {"ann@sub.acme.example", "ann@acme.example", false, false, true},
        {"ann@acme.example", "ann@evilacme.example", false, false, true},
        {"ann@acme.example", "ann@acme.example.evil.example", false, false, true},
        {"\"a@b\"@acme.example", "b@acme.example", false, true, true},
        {"ann@acme.example", "\"x@acme.example\"@evil.example", false, false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(settings_address_fits(POLICY_EXACT, rows[i].invited, rows[i].mine), rows[i].exact);
        assert_int_equal(settings_address_fits(POLICY_DOMAIN, rows[i].invited, rows[i].mine), rows[i].domain);
        assert_int_equal(settings_address_fits(POLICY_ANY, rows[i].invited, rows[i].mine), rows[i].any);
    }
    assert_false(settings_address_fits(POLICY_ANY, "ann@acme.example", NULL)); /* nobody is signed in */
}

static void a_colour_is_good_where_it_can_be_read_both_ways_round(void **state)
{
    (void)state;
    struct out o;
    out_init(&o, arena);
    static const char *const good[] = {"", "#0a58a6", "#000000", "#8A1C5B", "#707070"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_null(settings_colour_error(&o, good[i]));
    assert_non_null(strstr(settings_colour_error(&o, "#777777"), "white text on it is 4.47:1"));
    assert_non_null(strstr(settings_colour_error(&o, "#767676"), "as text on the page its contrast is 4.23:1"));
    assert_non_null(strstr(settings_colour_error(&o, "blue"), "six hexadecimal digits"));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_policy_lets_the_right_addresses_accept),
        TEST(a_colour_is_good_where_it_can_be_read_both_ways_round),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
