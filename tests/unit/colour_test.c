/* colour_test.c - fcgi/colour.c against WCAG 2.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "colour.h"

static struct colour of(const char *text)
{
    struct colour c;
    if (!colour_parse(text, &c)) fail_msg("refused: %s", text);
    return c;
}

static unsigned contrast(const char *a, const char *b)
{
    assert_int_equal(colour_contrast(of(a), of(b)), colour_contrast(of(b), of(a)));
    return colour_contrast(of(a), of(b));
}

static void a_colour_is_a_number_sign_and_six_hexadecimal_digits(void **state)
{
    (void)state;
    struct colour c = of("#0a58A6");
    assert_int_equal(c.r, 0x0a);
    assert_int_equal(c.g, 0x58);
    assert_int_equal(c.b, 0xa6);
    static const char *const refused[] = {"", "#", "0a58a6", "#0a58a", "#0a58a60", "#0a58ag", "#abc", " #0a58a6", "#0a58a6 ", "##a58a6", "red", "#-a58a6", "#\xc3\xa9\xc3\xa9\xc3\xa9"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (colour_parse(refused[i], &c)) fail_msg("taken: %s", refused[i]);
}

/* Known values: WCAG's own extremes, and pairs that checkers everywhere agree on. */
static void contrast_is_what_the_standard_says(void **state)
{
    (void)state;
    assert_int_equal(contrast("#000000", "#ffffff"), 2100);
    assert_int_equal(contrast("#ffffff", "#ffffff"), 100);
    assert_int_equal(contrast("#777777", "#ffffff"), 447); /* the famous near miss */
    assert_int_equal(contrast("#767676", "#ffffff"), 454); /* and the lightest grey that passes */
    assert_int_equal(contrast("#ff0000", "#ffffff"), 399);
    assert_int_equal(contrast("#0000ff", "#ffffff"), 859);
    assert_int_equal(contrast("#008000", "#ffffff"), 513);
    assert_int_equal(contrast("#0a0a0a", "#000000"), 106); /* the straight part of the curve */
}

static void contrast_is_rounded_down_so_that_nothing_passes_by_rounding(void **state)
{
    (void)state;
    for (unsigned grey = 0; grey < 256; grey++) {
        struct colour c = {(uint8_t)grey, (uint8_t)grey, (uint8_t)grey};
        unsigned now = colour_contrast(c, of("#ffffff"));
        assert_int_equal(now >= COLOUR_CONTRAST_LEAST, grey <= 0x76);
        if (grey) assert_true(now <= colour_contrast((struct colour){(uint8_t)(grey - 1), (uint8_t)(grey - 1), (uint8_t)(grey - 1)}, of("#ffffff")));
    }
}

static void darker_is_never_harder_to_read(void **state)
{
    (void)state;
    static const char *const some[] = {"#0a58a6", "#767676", "#ff0000", "#000000", "#ffffff", "#00ff00"};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_true(colour_contrast(colour_darker(of(some[i])), of("#ffffff")) >= contrast(some[i], "#ffffff"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_colour_is_a_number_sign_and_six_hexadecimal_digits),
        cmocka_unit_test(contrast_is_what_the_standard_says),
        cmocka_unit_test(contrast_is_rounded_down_so_that_nothing_passes_by_rounding),
        cmocka_unit_test(darker_is_never_harder_to_read),
    };
    return cmocka_run_group_tests_name("colour", tests, NULL, NULL);
}
