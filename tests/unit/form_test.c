/* form_test.c - fcgi/form.c: one body or query, once, strictly. What each kind of field takes: form_kinds_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aside.h"
#include "form_fixture.h"

#include <stdio.h>

static void assert_malformed(const char *encoded)
{
    if (take(encoded, strlen(encoded)) != FORM_MALFORMED) fail_msg("read: %s", encoded);
}

/* ---- the encoding ---- */

static void values_are_decoded_once(void **state)
{
    (void)state;
    assert_read("name=Ann+Lee&line=%41%2b%2B%26%3d&password=%2541&email=");
    assert_string_equal(form_value(&form, "name"), "Ann Lee");
    assert_string_equal(form_value(&form, "line"), "A++&=");
    assert_string_equal(form_value(&form, "password"), "%41");
}

static void a_name_may_be_encoded_too(void **state)
{
    (void)state;
    assert_read("%6eame=Ann");
    assert_string_equal(form_value(&form, "name"), "Ann");
    assert_malformed("name=Ann&%6eame=Bob");
}

static void only_the_first_equals_sign_divides(void **state)
{
    (void)state;
    assert_read("password=a=b==c");
    assert_string_equal(form_value(&form, "password"), "a=b==c");
}

static void a_field_without_a_value_is_empty(void **state)
{
    (void)state;
    assert_read("line&colour=&name&email=ann%40example.com&password=x");
    assert_string_equal(form_value(&form, "line"), "");
    assert_null(form_error(&form, "line"));
    assert_null(form_error(&form, "colour"));
    assert_string_equal(form_error(&form, "name"), "Enter a name");
}

static void empty_pairs_are_no_fields(void **state)
{
    (void)state;
    assert_read("");
    assert_read("&");
    assert_read("&&&" ALL_GOOD "&&");
    assert_true(form_good(&form));
}

static void what_no_form_of_ours_sends_is_malformed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "unknown=1",
        "role=owner",
        "name=Ann&tenant_id=7",
        "=",
        "=x",
        "Name=Ann",
        "name%20=Ann",
        "name[]=Ann",
        "+name=Ann", /* not declared */
        "name=Ann&name=Bob",
        "name=Ann&name=Ann",
        "name&name",
        "password=&password=x", /* twice */
        "name=%",
        "name=%4",
        "name=%4g",
        "name=%g4",
        "name=%%41",
        "name=%u0041",
        "name=A%",
        "name=% 41",
        "%=Ann",
        "name=%+4", /* % */
        "name=%00",
        "name=Ann%00Lee",
        "password=%00",
        "%00=1",
        "csrf=%00",
        "na%00me=1", /* NUL */
        "name=%ff",
        "name=%c3",
        "name=%c0%80",
        "name=%c0%ae",
        "name=%ed%a0%80",
        "name=%f4%90%80%80",
        "name=\xff",
        "name=%e0%80%af", /* UTF-8 */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_malformed(bad[i]);
    assert_int_equal(take("name=A\0B", 8), FORM_MALFORMED);
    assert_int_equal(take("name=A\0", 7), FORM_MALFORMED);
    assert_int_equal(take("\0", 1), FORM_MALFORMED);
}

static void a_percent_at_the_end_does_not_look_into_the_next_field(void **state)
{
    (void)state;
    assert_malformed("line=%4&name=Ann");
    assert_malformed("line=%&41=1");
    assert_int_equal(take("name=A%41", 8), FORM_MALFORMED);
}

static void values_can_be_asked_of_a_malformed_form(void **state)
{
    (void)state;
    assert_malformed("name=Ann&bad=1&line=x");
    assert_string_equal(form_value(&form, "name"), "Ann");
    assert_string_equal(form_value(&form, "line"), "");
    assert_string_equal(form_value(&form, "email"), "");
}

static void the_token_is_set_aside(void **state)
{
    (void)state;
    assert_read(ALL_GOOD);
    assert_null(csrf);
    assert_read("csrf=abc%2d&" ALL_GOOD);
    assert_string_equal(csrf, "abc-");
    assert_string_equal(form_value(&form, "csrf"), "");
    assert_read("csrf=");
    assert_string_equal(csrf, "");
    assert_malformed("csrf=abc&csrf=abc");
}

static void a_query_has_no_token(void **state)
{
    (void)state;
    assert_int_equal(form_read(arena, fields, (struct bytes){"csrf=abc", 8}, &form, NULL), FORM_MALFORMED);
    assert_int_equal(form_read(arena, fields, (struct bytes){"line=abc", 8}, &form, NULL), FORM_READ);
}

static void an_address_without_a_form_takes_nothing_but_the_token(void **state)
{
    (void)state;
    assert_int_equal(form_read(arena, NULL, (struct bytes){"", 0}, &form, &csrf), FORM_READ);
    assert_int_equal(form_read(arena, NULL, (struct bytes){"csrf=a", 6}, &form, &csrf), FORM_READ);
    assert_string_equal(csrf, "a");
    assert_int_equal(form_read(arena, NULL, (struct bytes){"a=1", 3}, &form, &csrf), FORM_MALFORMED);
    assert_true(form_good(&form));
    assert_string_equal(form_value(&form, "a"), "");
}

static void a_million_ampersands_are_read(void **state)
{
    (void)state;
    enum { MANY = 1000000 };
    char *text = arena_alloc(arena, MANY + 1);
    memset(text, '&', MANY);
    assert_read(text);
    memcpy(text + MANY - 6, "line=x", 6);
    assert_read(text);
    assert_string_equal(form_value(&form, "line"), "x");
    for (size_t i = 0; i + 2 < MANY; i += 2) memcpy(text + i, "a&", 2);
    assert_malformed(text);
    memset(text, '%', MANY);
    assert_malformed(text);
}

/* ---- errors and values ---- */

static void a_required_field_says_what_is_missing(void **state)
{
    (void)state;
    assert_read("line=x");
    assert_false(form_good(&form));
    assert_string_equal(form_error(&form, "name"), "Enter a name");
    assert_string_equal(form_error(&form, "password"), "Enter a password");
    assert_null(form_error(&form, "line"));
    assert_null(form_error(&form, "colour"));
    assert_null(form_error(&form, "nothing"));
    assert_null(form_error(NULL, "name"));
    assert_read(ALL_GOOD);
    assert_true(form_good(&form));
}

static void every_value_is_kept_when_one_is_wrong(void **state)
{
    (void)state;
    assert_read("line=tiny&name=http%3a%2f%2fx&message=a%0d%0ab&email=ann&password=p&colour=blue&days=99&company=0");
    assert_string_equal(form_shown(&form, "line"), "tiny");
    assert_string_equal(form_shown(&form, "name"), "http://x");
    assert_string_equal(form_shown(&form, "message"), "a\nb");
    assert_string_equal(form_shown(&form, "email"), "ann");
    assert_string_equal(form_shown(&form, "colour"), "blue");
    assert_string_equal(form_shown(&form, "days"), "99");
    assert_string_equal(form_shown(&form, "company"), "0");
}

static void problems_stand_in_the_order_of_the_form(void **state)
{
    (void)state;
    assert_read("company=0&days=99&email=ann&name=Ann&password=x");
    struct form_problem_list list = form_problems(arena, &form);
    assert_int_equal(list.n, 3);
    assert_string_equal(list.v[0].name, "email");
    assert_string_equal(list.v[1].name, "days");
    assert_string_equal(list.v[1].sentence, "Enter 1 to 30");
    assert_string_equal(list.v[2].name, "company");
    assert_read(ALL_GOOD);
    assert_int_equal(form_problems(arena, &form).n, 0);
}

static void the_first_sentence_at_a_field_stays(void **state)
{
    (void)state;
    assert_read(ALL_GOOD);
    form_fail(&form, "email", "one");
    form_fail(&form, "email", "two");
    assert_string_equal(form_error(&form, "email"), "one");
    assert_int_equal(form_problems(arena, &form).n, 1);
    form_forgive(&form, "email");
    assert_true(form_good(&form));
}

static void a_field_can_be_forgiven(void **state)
{
    (void)state;
    assert_read("name=Ann&email=ann%40example.com");
    assert_false(form_good(&form));
    form_forgive(&form, "password");
    assert_true(form_good(&form));
    assert_null(form_error(&form, "password"));
    form_forgive(&form, "password");
    form_forgive(&form, "line");
    assert_true(form_good(&form));
    form_fail(&form, "password", "after all");
    assert_false(form_good(&form));
    assert_string_equal(form_error(&form, "password"), "after all");
}

static void a_form_begins_empty_and_can_be_filled(void **state)
{
    (void)state;
    form_empty(arena, fields, &form);
    assert_true(form_good(&form));
    assert_string_equal(form_value(&form, "name"), "");
    assert_null(form_error(&form, "name"));
    form_fill(&form, "name", "Ann");
    assert_string_equal(form_shown(&form, "name"), "Ann");
    form_empty(arena, NULL, &form);
    assert_true(form_good(&form));
    assert_string_equal(form_value(&form, "name"), "");
    assert_string_equal(form_value(NULL, "name"), "");
}

static void fail_unknown(const void *what)
{
    (void)what;
    form_fail(&form, "colours", "x");
}

static void a_sentence_at_no_field_is_our_bug(void **state)
{
    (void)state;
    form_empty(arena, fields, &form);
    static struct aside said;
    aside_run(&said, fail_unknown, NULL);
    assert_true(aside_aborted(&said));
    assert_non_null(strstr(said.said, "no field colours"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_are_decoded_once),
        TEST(a_name_may_be_encoded_too),
        TEST(only_the_first_equals_sign_divides),
        TEST(a_field_without_a_value_is_empty),
        TEST(empty_pairs_are_no_fields),
        TEST(what_no_form_of_ours_sends_is_malformed),
        TEST(a_percent_at_the_end_does_not_look_into_the_next_field),
        TEST(values_can_be_asked_of_a_malformed_form),
        TEST(the_token_is_set_aside),
        TEST(a_query_has_no_token),
        TEST(an_address_without_a_form_takes_nothing_but_the_token),
        TEST(a_million_ampersands_are_read),
        TEST(a_required_field_says_what_is_missing),
        TEST(every_value_is_kept_when_one_is_wrong),
        TEST(problems_stand_in_the_order_of_the_form),
        TEST(the_first_sentence_at_a_field_stays),
        TEST(a_field_can_be_forgiven),
        TEST(a_form_begins_empty_and_can_be_filled),
        TEST(a_sentence_at_no_field_is_our_bug),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
