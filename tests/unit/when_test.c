/* when_test.c - fcgi/when.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"
#include "out.h"
#include "when.h"
#include "zone.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct out out;

static int begin(void **state)
{
    (void)state;
    out_init(&out, arena_new());
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(out.arena);
    return 0;
}

static struct moment at(int64_t seconds)
{
    return (struct moment){seconds * 1000000};
}

static void a_moment_reads_as_people_write_it(void **state)
{
    (void)state;
    assert_string_equal(when_date(&out, at(1796220300)), "2 December 2026");
    assert_string_equal(when_date_short(&out, at(1796220300)), "2 Dec 2026");
    assert_string_equal(when_full(&out, at(1796220300)), "2 December 2026, 14:05 UTC");
    assert_string_equal(when_machine(&out, at(1796220300)), "2026-12-02T14:05:00Z");
    assert_string_equal(when_full(&out, at(1)), "1 January 1970, 00:00 UTC");
    assert_string_equal(when_machine(&out, at(253402300799)), "9999-12-31T23:59:59Z");
}

static void never_is_nothing(void **state)
{
    (void)state;
    assert_string_equal(when_date(&out, at(0)), "");
    assert_string_equal(when_date_short(&out, at(0)), "");
    assert_string_equal(when_full(&out, at(0)), "");
    assert_string_equal(when_machine(&out, at(0)), "");
    assert_string_equal(when_minute(&out, at(0)), "");
    assert_string_equal(when_minute(&out, at(253402300799)), "9999-12-31T23:59Z");
}

static void a_second_before_midnight_is_the_day_before(void **state)
{
    (void)state;
    assert_string_equal(when_date(&out, at(1767225599)), "31 December 2025");
    assert_string_equal(when_date(&out, (struct moment){1767225599999999}), "31 December 2025");
    assert_string_equal(when_date(&out, at(1767225600)), "1 January 2026");
    assert_string_equal(when_machine(&out, (struct moment){1767225599999999}), "2025-12-31T23:59:59Z");
    assert_string_equal(when_date_short(&out, at(1709164800)), "29 Feb 2024");
}

static void the_machines_time_zone_does_not_matter(void **state)
{
    (void)state;
    setenv("TZ", "Pacific/Kiritimati", 1);
    tzset();
    const char *text = when_full(&out, at(1796220300));
    unsetenv("TZ");
    tzset();
    assert_string_equal(text, "2 December 2026, 14:05 UTC");
}

static const char *in(const char *zone, int64_t seconds)
{
    out.zone = zone;
    const char *text = when_full(&out, at(seconds));
    out.zone = NULL;
    return text;
}

static void a_pages_time_zone_is_told_beside_the_hour(void **state)
{
    (void)state;
    assert_string_equal(in("UTC", 1796220300), "2 December 2026, 14:05 UTC");
    assert_string_equal(in("Europe/Berlin", 1796220300), "2 December 2026, 15:05 CET (UTC+1)");
    assert_string_equal(in("Europe/Berlin", 1782914700), "1 July 2026, 16:05 CEST (UTC+2)");
    assert_string_equal(in("America/St_Johns", 1796220300), "2 December 2026, 10:35 NST (UTC-3:30)");
    assert_string_equal(in("Asia/Kathmandu", 1796220300), "2 December 2026, 19:50 UTC+5:45");
    assert_string_equal(in("Europe/London", 1796220300), "2 December 2026, 14:05 UTC");
    assert_string_equal(in("Europe/London", 1782914700), "1 July 2026, 15:05 BST (UTC+1)");
    assert_string_equal(in("Pacific/Kiritimati", 1796220300), "3 December 2026, 04:05 UTC+14");
    assert_string_equal(in("Asia/Kathmandu", 1796220300), "2 December 2026, 19:50 UTC+5:45"); /* and back */
    out.zone = "Pacific/Kiritimati";
    assert_string_equal(when_date(&out, at(1796220300)), "3 December 2026");
    assert_string_equal(when_date_short(&out, at(1796220300)), "3 Dec 2026");
    assert_string_equal(when_machine(&out, at(1796220300)), "2026-12-02T14:05:00Z"); /* machines are told UTC */
    out.zone = NULL;
    assert_string_equal(when_full(&out, at(1796220300)), "2 December 2026, 14:05 UTC");
}

static void a_zone_is_known_by_the_machines_own_list(void **state)
{
    (void)state;
    static const char *const known[] = {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Kathmandu", "America/Port-au-Prince"};
    static const char *const unknown[] = {"", "europe/berlin", "Europe/Nowhere", "Europe", "Europe/", "/Europe/Berlin", "../../../etc/passwd", "Europe/../Europe/Berlin", "Europe//Berlin",
                                          "zone.tab", "tzdata.zi", "UTC0", ":Europe/Berlin", "Europe/Berlin ", "CET-1CEST", "\xc3\xa9",
                                          "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!zone_known(known[i])) fail_msg("not known: %s", known[i]);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (zone_known(unknown[i])) fail_msg("known: %s", unknown[i]);
    assert_false(zone_known(NULL));
    struct zone_list names = zone_names(out.arena);
    assert_true(names.n > 300);
    assert_string_equal(names.v[0], "UTC");
    for (size_t i = 1; i < names.n; i++) {
        assert_true(zone_known(names.v[i]));
        if (i > 1) assert_true(strcmp(names.v[i - 1], names.v[i]) < 0);
    }
}

static void every_month_has_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
    for (int month = 0; month < 12; month++) {
        struct tm tm = {.tm_year = 126, .tm_mon = month, .tm_mday = 15};
        struct moment t = at(timegm(&tm));
        assert_string_equal(when_date(&out, t), arena_printf(out.arena, "15 %s 2026", names[month]));
        assert_string_equal(when_date_short(&out, t), arena_printf(out.arena, "15 %.3s 2026", names[month]));
    }
}

/* Days counted one by one, with the rule of leap years written out. */
static void every_day_of_a_century_is_itself(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day = 0;
    for (int year = 1970; year <= 2100; year++, arena_reset(out.arena))
        for (int month = 0; month < 12; month++) {
            bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for (int d = 1; d <= lengths[month] + (month == 1 && leap); d++, day++)
                assert_string_equal(when_machine(&out, at(day * 86400 + 3661)),
                                    arena_printf(out.arena, "%04d-%02d-%02dT01:01:01Z", year, month + 1, d));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_moment_reads_as_people_write_it, begin, end),
        cmocka_unit_test_setup_teardown(never_is_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_second_before_midnight_is_the_day_before, begin, end),
        cmocka_unit_test_setup_teardown(the_machines_time_zone_does_not_matter, begin, end),
        cmocka_unit_test_setup_teardown(a_pages_time_zone_is_told_beside_the_hour, begin, end),
        cmocka_unit_test_setup_teardown(a_zone_is_known_by_the_machines_own_list, begin, end),
        cmocka_unit_test_setup_teardown(every_month_has_its_name, begin, end),
        cmocka_unit_test_setup_teardown(every_day_of_a_century_is_itself, begin, end),
    };
    return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
