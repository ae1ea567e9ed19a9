/* quota_test.c - handlers/quota_rules.c: the counts at and over each limit, and what an address is counted under. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "quota_rules.h"

static const struct config config = {.member_recipients_day = 20,
                                     .vendor_recipients_day = 100,
                                     .installation_recipients_day = 1000,
                                     .address_mails_day = 3,
                                     .new_vendor_recipients_day = 10};

static void at_its_limit_everything_passes_and_one_more_does_not(void **state)
{
    (void)state;
    struct quota_counts most = {.member = 20, .vendor = 100, .address = 3, .installation = 1000};
    assert_int_equal(quota_decide(&config, &most, false), QUOTA_NONE);
    struct quota_counts n = most;
    n.member++;
    assert_int_equal(quota_decide(&config, &n, false), QUOTA_MEMBER);
    n = most;
    n.vendor++;
    assert_int_equal(quota_decide(&config, &n, false), QUOTA_VENDOR);
    assert_int_equal(quota_decide(&config, &n, true), QUOTA_VENDOR);
    n = most;
    n.address++;
    assert_int_equal(quota_decide(&config, &n, false), QUOTA_ADDRESS);
    n = most;
    n.installation++;
    assert_int_equal(quota_decide(&config, &n, false), QUOTA_INSTALLATION);
}

static void a_new_vendor_has_less(void **state)
{
    (void)state;
    struct quota_counts n = {.member = 1, .vendor = 10, .address = 1, .installation = 10};
    assert_int_equal(quota_decide(&config, &n, true), QUOTA_NONE);
    assert_false(quota_age_matters(&config, &n));
    n.vendor++;
    assert_int_equal(quota_decide(&config, &n, true), QUOTA_NEW_VENDOR);
    assert_int_equal(quota_decide(&config, &n, false), QUOTA_NONE);
    assert_true(quota_age_matters(&config, &n));
    n.vendor = 101;
    assert_false(quota_age_matters(&config, &n));
}

static void a_tag_is_dropped_for_counting_and_nothing_else(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"ann@a.example", "ann@a.example"},
                                           {"ann+news@a.example", "ann@a.example"},
                                           {"ann+a+b@a.example", "ann@a.example"},
                                           {"ann+@a.example", "ann@a.example"},
                                           {"+ann@a.example", "+ann@a.example"},
                                           {"a.nn@a.example", "a.nn@a.example"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) assert_string_equal(quota_abuse_key(arena, pairs[i][0]), pairs[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_its_limit_everything_passes_and_one_more_does_not),
        cmocka_unit_test(a_new_vendor_has_less),
        cmocka_unit_test_setup_teardown(a_tag_is_dropped_for_counting_and_nothing_else, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
