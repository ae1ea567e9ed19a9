/* utf8_test.c - fcgi/utf8.c, over every code point and against a slow decoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "utf8.h"

#include <string.h>

static size_t encode(uint32_t c, char out[5])
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[n] | c);
    out[n] = 0;
    return n;
}

static void every_code_point_is_good_but_nul_and_surrogates(void **state)
{
    (void)state;
    char text[5];
    for (uint32_t c = 0; c <= 0x1fffff; c++) {
        bool wanted = c != 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
        if (utf8_good(text, encode(c, text)) != wanted) fail_msg("U+%04X", c);
    }
}

/* RFC 3629, 4, its grammar read octet by octet. */
static size_t slow_character(const unsigned char *p, size_t n)
{
    static const unsigned char rows[][5] = {{1, 0x01, 0x7f, 0, 0},       {2, 0xc2, 0xdf, 0x80, 0xbf}, {3, 0xe0, 0xe0, 0xa0, 0xbf},
                                            {3, 0xe1, 0xec, 0x80, 0xbf}, {3, 0xed, 0xed, 0x80, 0x9f}, {3, 0xee, 0xef, 0x80, 0xbf},
                                            {4, 0xf0, 0xf0, 0x90, 0xbf}, {4, 0xf1, 0xf3, 0x80, 0xbf}, {4, 0xf4, 0xf4, 0x80, 0x8f}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const unsigned char *row = rows[i];
        if (n < row[0] || p[0] < row[1] || p[0] > row[2]) continue;
        if (row[0] > 1 && (p[1] < row[3] || p[1] > row[4])) continue;
        bool tail = true;
        for (size_t j = 2; j < row[0]; j++) tail = tail && p[j] >= 0x80 && p[j] <= 0xbf;
        if (tail) return row[0];
    }
    return 0;
}

static bool slow_good(const unsigned char *p, size_t n)
{
    for (size_t length; n > 0; p += length, n -= length)
        if ((length = slow_character(p, n)) == 0) return false;
    return true;
}

static void the_grammar_of_rfc_3629_agrees_about_random_octets(void **state)
{
    (void)state;
    static const unsigned char edges[] = {0x00, 0x01, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2,
                                          0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};
    uint32_t random = 1;
    unsigned good = 0;
    for (unsigned i = 0; i < 400000; i++) {
        unsigned char text[6];
        random = random * 1664525u + 1013904223u;
        size_t n = (random >> 24) % 6;
        for (size_t j = 0; j < n; j++) {
            random = random * 1664525u + 1013904223u;
            text[j] = edges[(random >> 16) % sizeof edges];
        }
        bool wanted = slow_good(text, n);
        good += wanted;
        if (utf8_good((const char *)text, n) != wanted) fail_msg("%02x %02x %02x %02x (%zu)", text[0], text[1], text[2], text[3], n);
    }
    assert_true(good > 1000);
}

static void nothing_behind_the_end_is_looked_at(void **state)
{
    (void)state;
    assert_true(utf8_good("", 0));
    assert_true(utf8_good(NULL, 0));
    assert_false(utf8_good("\xe2\x82\xac", 2));
    assert_false(utf8_good("a\xc3\xa4", 2));
    assert_true(utf8_good("a\xff", 1));
    assert_false(utf8_good("a\0b", 3));
    assert_false(utf8_good("a\0", 2));
}

static void length_counts_characters(void **state)
{
    (void)state;
    assert_int_equal(utf8_length(""), 0);
    assert_int_equal(utf8_length("abc"), 3);
    assert_int_equal(utf8_length("a\u00e4\u20ac\U0001f600"), 4);
    assert_int_equal(utf8_length("u\u0308"), 2);
}

static bool in(uint32_t c, const uint32_t (*ranges)[2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1]) return true;
    return false;
}

static void controls_and_hidden_characters_are_those_of_the_list(void **state)
{
    (void)state;
    static const uint32_t controls[][2] = {{0x01, 0x1f}, {0x7f, 0x9f}, {0x2028, 0x2029}};
    /* security.md, E-mail addresses 5; then others of Unicode's format characters that draw nothing or turn the direction */
    static const uint32_t hidden[][2] = {{0xad, 0xad},   {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069},  {0xfeff, 0xfeff},
                                         {0x61c, 0x61c}, {0x180e, 0x180e}, {0x2060, 0x206f}, {0xe0000, 0xe007f}};
    char text[16] = "ab";
    for (uint32_t c = 1; c <= 0x10ffff; c++) {
        if (c == 0xd800) c = 0xe000;
        strcpy(text + 2 + encode(c, text + 2), "z");
        bool control = in(c, controls, 3);
        if (utf8_has_control(text, false) != control) fail_msg("control U+%04X", c);
        if (utf8_has_control(text, true) != (control && c != '\n')) fail_msg("control in lines U+%04X", c);
        if (utf8_has_hidden(text) != in(c, hidden, 9)) fail_msg("hidden U+%04X", c);
    }
    assert_false(utf8_has_control("", false));
    assert_false(utf8_has_hidden(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_is_good_but_nul_and_surrogates),
        cmocka_unit_test(the_grammar_of_rfc_3629_agrees_about_random_octets),
        cmocka_unit_test(nothing_behind_the_end_is_looked_at),
        cmocka_unit_test(length_counts_characters),
        cmocka_unit_test(controls_and_hidden_characters_are_those_of_the_list),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
