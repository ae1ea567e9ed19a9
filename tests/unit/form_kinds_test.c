/* form_kinds_test.c - fcgi/form.c: what each kind of field takes, and what it says to the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "form_fixture.h"

#include <stdio.h>

#define SIGNS "Enter text without control characters or invisible characters"
#define LINKS "Enter text without web addresses and without the @ sign"
#define LONG "Shorten this: it is too long"

/* Read `value`, given with every octet in %XX, into a field. */
static const char *error_of(const char *name, const char *value)
{
    char *text = arena_printf(arena, "%s=", name), *p = arena_alloc(arena, strlen(text) + 3 * strlen(value) + 1);
    const char *encoded = p;
    p += sprintf(p, "%s", text);
    for (; *value; value++) p += sprintf(p, "%%%02x", (unsigned char)*value);
    assert_read(encoded);
    return form_error(&form, name);
}

static void assert_takes(const char *name, const char *value)
{
    const char *error = error_of(name, value);
    if (error) fail_msg("%s refuses \"%s\": %s", name, value, error);
    assert_string_equal(form_value(&form, name), value);
}

static void assert_refuses(const char *name, const char *value, const char *sentence)
{
    const char *error = error_of(name, value);
    if (!error) fail_msg("%s takes \"%s\"", name, value);
    assert_string_equal(error, sentence);
    assert_false(form_good(&form));
    if (strcmp(name, "password") != 0) assert_string_equal(form_shown(&form, name), value);
}


static void a_line_is_trimmed(void **state)
{
    (void)state;
    assert_read("line=++a++b+%09%0a&name=+Ann+&email=+ann@example.com%09");
    assert_string_equal(form_value(&form, "line"), "a  b");
    assert_string_equal(form_value(&form, "name"), "Ann");
    assert_string_equal(form_value(&form, "email"), "ann@example.com");
}

static void blanks_alone_are_nothing(void **state)
{
    (void)state;
    assert_read("name=+++&message=%0d%0a+&line=%09");
    assert_string_equal(form_error(&form, "name"), "Enter a name");
    assert_null(form_error(&form, "message"));
    assert_string_equal(form_value(&form, "message"), "");
    assert_null(form_error(&form, "line"));
}

static void a_line_has_no_controls_and_nothing_invisible(void **state)
{
    (void)state;
    static const char *const bad[] = {"a\nb",
                                      "a\rb",
                                      "a\tb",
                                      "a\x01",
                                      "\x7f"
                                      "b",
                                      "a\xc2\x85"
                                      "b",
                                      "a\u2028b",
                                      "a\u2029b",
                                      "a\x1b[1m",
                                      "a\u200bb",
                                      "a\u202eb",
                                      "a\u00adb",
                                      "\ufeff"
                                      "ab",
                                      "a\u2066b",
                                      "ab\r"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refuses("line", bad[i], SIGNS);
        assert_refuses("name", bad[i], SIGNS);
    }
    assert_takes("line", "a@b://www");
}

static void ordinary_names_are_names(void **state)
{
    (void)state;
    static const char *const good[] = {"O'Neill & S\u00f6hne",
                                       "A/S Norden",
                                       "C.H. Beck",
                                       "AT&T",
                                       "St. John's",
                                       "Procter & Gamble Co.",
                                       "Jean-Luc",
                                       "X",
                                       "7-Eleven",
                                       "\u682a\u5f0f\u4f1a\u793e\u4f8b",
                                       "\u0410\u041e \u00ab\u0420\u043e\u043c\u0430\u0448\u043a\u0430\u00bb",
                                       "M\u00fcller GmbH & Co. KG",
                                       "Yahoo!",
                                       "Toys \"R\" Us",
                                       "<b>",
                                       "50% off; DROP TABLE",
                                       "O. Nielsen A/S",
                                       "C.H. Beck A/S",
                                       "Dr. M\u00fcller / S\u00f6hne",
                                       "St. Gallen c/o Meyer",
                                       "24/7 Service Ltd.",
                                       "c/o",
                                       "/",
                                       "a/",
                                       ".",
                                       "../x",
                                       "S.p.A.",
                                       "Solvay S.A./N.V.", "Rossi S.p.A/Roma",
                                       "Meyer u. Co./Sons",
                                       "Nordisk Film & TV A/S.",
                                       "Ann\u00a0Lee",
                                       "No. 5/7",
                                       "\u05d3\u05d5\u05d3",
                                       "A:B",
                                       "A:/B"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_takes("name", good[i]);
        assert_takes("message", good[i]);
    }
}

static void nobody_advertises_in_a_name_or_message(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://evil.example",
                                      "https://evil.example/x",
                                      "HTTPS://EVIL",
                                      "see ftp://x",
                                      "www.evil.example",
                                      "WWW.evil.example",
                                      "go to Www.evil.example now",
                                      "ann@example.com",
                                      "@ann",
                                      "a @ b",
                                      "evil.example/win",
                                      "Win at evil.example/win",
                                      "evil.example/\u00e4",
                                      "bit.ly/3xYz!",
                                      "x.co/a b",
                                      "192.0.2.10/a",
                                      "evil.example:8080/x",
                                      "(evil.example/x)",
                                      "A/S and evil.example/win"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refuses("name", bad[i], LINKS);
        assert_refuses("message", bad[i], LINKS);
    }
}

static void a_link_in_a_later_line_of_a_message_is_seen(void **state)
{
    (void)state;
    assert_refuses("message", "Hello\nwww.evil.example", LINKS);
    assert_refuses("message", "Hello\nevil.example/win", LINKS);
    assert_takes("message", "I work at Example Ltd.\n24/7");
}

static void a_message_has_lines(void **state)
{
    (void)state;
    assert_read("message=%0d%0aDear+Ann%2c%0d%0a%0d%0ahello%0dyou%0a&name=A");
    assert_string_equal(form_value(&form, "message"), "Dear Ann,\n\nhelloyou");
    assert_null(form_error(&form, "message"));
    assert_refuses("message", "a\tb", SIGNS);
    assert_refuses("message", "a\nb\u2028", SIGNS);
    assert_refuses("message", "a\x08", SIGNS);
}

static void length_is_counted_in_characters(void **state)
{
    (void)state;
    assert_takes("line", "0123456789");
    assert_takes("line", "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4");
    assert_takes("line", "\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600");
    assert_refuses("line", "01234567890", LONG);
    assert_refuses("line", "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4", LONG);
    assert_read("line=+++0123456789+++");
    assert_null(form_error(&form, "line"));
}

static void a_carriage_return_of_the_browser_is_no_character_of_a_message(void **state)
{
    (void)state;
    char *text = arena_alloc(arena, 8 * 1000), *p = text + sprintf(text, "message=");
    for (unsigned i = 0; i < 500; i++) p += sprintf(p, "a%%0d%%0a");
    strcpy(p - 6, "b");
    assert_read(text);
    assert_int_equal(strlen(form_value(&form, "message")), 1000);
    assert_null(form_error(&form, "message"));
}

static void an_address_is_checked_where_it_stands(void **state)
{
    (void)state;
    assert_takes("email", "Ann.Lee+x@Example.com");
    assert_non_null(error_of("email", "ann"));
    assert_string_equal(form_shown(&form, "email"), "ann");
    assert_non_null(error_of("email", "ann@example.com\r\nBcc: b@example.com"));
    assert_non_null(error_of("email", "ann@example.com\n,b@example.com"));
}

static void a_password_is_kept_to_the_octet(void **state)
{
    (void)state;
    assert_read("password=++a%09b%0d%0a%c3%a4www.@:/+");
    assert_string_equal(form_value(&form, "password"), "  a\tb\r\n\u00e4www.@:/ ");
    assert_null(form_error(&form, "password"));
    assert_takes("password", " ");
    assert_takes("password", "a\u200bb");
}

static void a_password_is_never_shown_again(void **state)
{
    (void)state;
    assert_read("password=secret+word&line=shown");
    assert_string_equal(form_value(&form, "password"), "secret word");
    assert_string_equal(form_shown(&form, "password"), "");
    assert_string_equal(form_shown(&form, "line"), "shown");
    assert_string_equal(form_shown(&form, "nothing"), "");
    assert_string_equal(form_shown(NULL, "line"), "");
    assert_refuses("password", memset(arena_alloc(arena, 1026), 'p', 1025), LONG);
    assert_string_equal(form_shown(&form, "password"), "");
}

static void a_choice_is_one_of_the_choices(void **state)
{
    (void)state;
    assert_takes("colour", "red");
    assert_takes("colour", "green");
    static const char *const bad[] = {"blue", "Red", "redd", "re", "red green", "NULL"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_refuses("colour", bad[i], "Choose a colour");
}

static void a_number_lies_between_its_bounds(void **state)
{
    (void)state;
    assert_takes("days", "1");
    assert_takes("days", "30");
    assert_int_equal(form_number(&form, "days", 7), 30);
    assert_takes("days", "007");
    assert_int_equal(form_number(&form, "days", 9), 7);
    static const char *const bad[] = {"0",
                                      "31",
                                      "-1",
                                      "+1",
                                      "1.0",
                                      "1e1",
                                      "0x1",
                                      "one",
                                      "1 2",
                                      "1\n2",
                                      "99999999999999999999",
                                      "4294967297",
                                      "18446744073709551617",
                                      "\u0661",
                                      "\uff11"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_refuses("days", bad[i], "Enter 1 to 30");
    assert_read("name=A");
    assert_int_equal(form_number(&form, "days", 7), 7);
}

static void an_id_is_32_hexadecimal_digits(void **state)
{
    (void)state;
    struct id id;
    assert_takes("company", "00112233445566778899aabbccddeeff");
    assert_true(form_id(&form, "company", &id));
    assert_int_equal(id.b[0], 0);
    assert_int_equal(id.b[15], 0xff);
    static const char *const bad[] = {"0", "00112233445566778899aabbccddeef", "00112233445566778899aabbccddeefff",
                                      "00112233445566778899aabbccddeefg", "00112233445566778899aabbccddee f"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refuses("company", bad[i], "Choose a company");
        assert_false(form_id(&form, "company", &id));
    }
    assert_read("name=A");
    assert_false(form_id(&form, "company", &id));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_trimmed),
        TEST(blanks_alone_are_nothing),
        TEST(a_line_has_no_controls_and_nothing_invisible),
        TEST(ordinary_names_are_names),
        TEST(nobody_advertises_in_a_name_or_message),
        TEST(a_link_in_a_later_line_of_a_message_is_seen),
        TEST(a_message_has_lines),
        TEST(length_is_counted_in_characters),
        TEST(a_carriage_return_of_the_browser_is_no_character_of_a_message),
        TEST(an_address_is_checked_where_it_stands),
        TEST(a_password_is_kept_to_the_octet),
        TEST(a_password_is_never_shown_again),
        TEST(a_choice_is_one_of_the_choices),
        TEST(a_number_lies_between_its_bounds),
        TEST(an_id_is_32_hexadecimal_digits),
    };
    return cmocka_run_group_tests_name("form_kinds", tests, NULL, NULL);
}
