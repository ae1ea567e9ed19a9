/* words_test.c - handlers/words.c, what needs no database: the form of a search, and the range of what begins with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "words.h"

#include <string.h>

static void a_search_is_trimmed_and_folded(void **state)
{
    (void)state;
    assert_string_equal(words_fold(arena, "  Van DYK Trading "), "van dyk trading");
    assert_string_equal(words_fold(arena, ""), "");
    assert_string_equal(words_fold(arena, "   "), "");
    assert_string_equal(words_fold(arena, "@[`{AZaz09"), "@[`{azaz09");
    assert_string_equal(words_fold(arena, "a  b"), "a  b");
}

static void other_scripts_are_looked_for_as_typed(void **state)
{
    (void)state;
    assert_string_equal(words_fold(arena, "\u00c4rzte"), "\u00c4rzte");
    assert_string_equal(words_fold(arena, "\u0130I\u212a"), "\u0130i\u212a");
}

static void folding_leaves_the_text_alone_and_changes_nothing_twice(void **state)
{
    (void)state;
    char text[] = " Ann ";
    const char *folded = words_fold(arena, text);
    assert_string_equal(text, " Ann ");
    assert_string_equal(words_fold(arena, folded), folded);
}

/* As the database compares VARBINARY. */
static bool found(const char *search, const char *word)
{
    struct bytes stop = words_end(arena, search);
    size_t n = strlen(word);
    int order = memcmp(word, stop.p, n < stop.n ? n : stop.n);
    return strcmp(word, search) >= 0 && (order < 0 || (order == 0 && n < stop.n));
}

static void the_range_holds_whatever_begins_with_the_word_and_nothing_else(void **state)
{
    (void)state;
    static const char *const words[] = {"",
                                        "a",
                                        "an",
                                        "ann",
                                        "anna",
                                        "ann ",
                                        "ann lee",
                                        "ann\u00e4",
                                        "ann\U0010ffff",
                                        "ann\x7f",
                                        "anm",
                                        "ano",
                                        "b",
                                        "ann\U0010ffff\U0010ffff",
                                        "\u00e4nn",
                                        "\u00e4",
                                        "\u00e4\u00e4",
                                        "\U0010ffff"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t j = 0; j < sizeof words / sizeof *words; j++) {
            bool begins = strncmp(words[j], words[i], strlen(words[i])) == 0;
            if (found(words[i], words[j]) != begins) fail_msg("%s in the range of %s: %d", words[j], words[i], !begins);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_search_is_trimmed_and_folded, begin, end),
        cmocka_unit_test_setup_teardown(other_scripts_are_looked_for_as_typed, begin, end),
        cmocka_unit_test_setup_teardown(folding_leaves_the_text_alone_and_changes_nothing_twice, begin, end),
        cmocka_unit_test_setup_teardown(the_range_holds_whatever_begins_with_the_word_and_nothing_else, begin, end),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
