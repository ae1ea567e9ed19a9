/* log_test.c - fcgi/log.c: what arrives on standard error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aside.h"
#include "log.h"
#include "utf8.h"

#include <errno.h>
#include <stdio.h>

static struct aside said;

static const char *log_of(void (*work)(const void *), const void *what)
{
    aside_run(&said, work, what);
    return said.said;
}

static void info(const void *what)
{
    log_info("%s", (const char *)what);
}

/* One line that holds the words behind its head. */
static void assert_logged(const char *text, const char *words)
{
    const char *line = log_of(info, text), *head = strstr(line, "] ");
    assert_non_null(head);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    assert_int_equal(strlen(head + 2), strlen(words) + 1);
    assert_memory_equal(head + 2, words, strlen(words));
}

static void a_line_says_when_how_grave_and_who(void **state)
{
    (void)state;
    int year, month, day, hour, minute, second, us, pid, end = 0;
    const char *line = log_of(info, "hello");
    assert_int_equal(sscanf(line, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ info invited[%d] hello%n", &year, &month, &day, &hour, &minute, &second,
                            &us, &pid, &end),
                     8);
    assert_string_equal(line + end, "\n");
    assert_true(pid > 1 && month >= 1 && month <= 12);
}

static void controls_cannot_make_a_line_of_their_own(void **state)
{
    (void)state;
    assert_logged("a\nb", "a\\x0ab");
    assert_logged("a\r\n2026 error forged", "a\\x0d\\x0a2026 error forged");
    assert_logged("\x1b[2J\t\x7f", "\\x1b[2J\\x09\\x7f");
    assert_logged("a\xc2\x85z\xc2\x9b", "a\\xc2\\x85z\\xc2\\x9b");
    assert_logged("\u00a0\u00e4\u20ac\U0001f600", "\u00a0\u00e4\u20ac\U0001f600");
    assert_logged("100% %s %n", "100% %s %n");
    assert_logged("", "");
}

static void with_request(const void *what)
{
    log_role_set("web");
    log_request_set(what);
    log_error("one");
    log_request_set(NULL);
    log_warning("two");
}

static void a_request_is_named_until_it_ends(void **state)
{
    (void)state;
    const char *text = log_of(with_request, "ab\ncd"), *second = strchr(text, '\n') + 1;
    assert_non_null(strstr(text, " error web["));
    assert_non_null(strstr(text, "] req=ab\\x0acd one\n"));
    assert_non_null(strstr(second, " warning web["));
    assert_null(strstr(second, "req="));
    assert_non_null(strstr(second, "] two\n"));
}

static void every_level(const void *what)
{
    log_level_set(*(const enum log_level *)what);
    log_error("E");
    log_warning("W");
    log_info("I");
    log_debug("D");
}

static void lines_above_the_level_are_dropped(void **state)
{
    (void)state;
    static const char *const names[] = {"error", "warning", "info", "debug"};
    for (unsigned i = 0; i < 4; i++) {
        enum log_level level = (enum log_level)i;
        const char *text = log_of(every_level, &level);
        unsigned lines = 0;
        for (const char *p = text; (p = strchr(p, '\n')); p++) lines++;
        assert_int_equal(lines, i + 1);
        assert_non_null(strstr(text, names[i]));
        if (i < 3) assert_null(strstr(text, names[i + 1]));
    }
}

static void debug(const void *what)
{
    log_debug("%s", (const char *)what);
}

static void debug_lines_are_asked_for(void **state)
{
    (void)state;
    assert_string_equal(log_of(debug, "x"), "");
}

static void a_long_line_is_cut_on_a_character_and_says_so(void **state)
{
    (void)state;
    static const char *const units[] = {"a", "\u00e4", "\u20ac", "\U0001f600", "\n", "\xc2\x85"};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (unsigned before = 0; before < 9; before++) {
            char text[6000];
            size_t n = before, unit = strlen(units[u]);
            memset(text, 'x', before);
            for (; n + unit < sizeof text; n += unit) memcpy(text + n, units[u], unit);
            text[n] = 0;
            log_of(info, text);
            assert_in_range(said.n, 2048 - 32, 2048);
            assert_string_equal(said.said + said.n - 7, " [cut]\n");
            assert_true(utf8_good(said.said, said.n));
            assert_ptr_equal(strchr(said.said, '\n'), said.said + said.n - 1);
        }
}

static void a_line_that_fits_is_whole(void **state)
{
    (void)state;
    char text[2048];
    for (unsigned n = 1900; n < 2048; n++) {
        memset(text, 'a', n);
        text[n] = 0;
        log_of(info, text);
        bool cut = strstr(said.said, " [cut]\n") != NULL;
        assert_true(said.n <= 2048);
        assert_int_equal(cut, strstr(said.said, text) == NULL);
        if (n == 1900) assert_false(cut);
    }
}

static void keep_errno(const void *what)
{
    (void)what;
    errno = EPIPE;
    log_info("%s", "x");
    close(STDERR_FILENO);
    log_info("to nobody");
    _exit(errno == EPIPE ? 0 : 1);
}

static void errno_is_left_alone_also_when_nobody_listens(void **state)
{
    (void)state;
    log_of(keep_errno, NULL);
    assert_true(aside_succeeded(&said));
}

static void bug(const void *what)
{
    log_level_set(LOG_LEVEL_ERROR);
    log_bug("impossible: %s", (const char *)what);
}

static void our_bug_is_logged_and_ends_the_process(void **state)
{
    (void)state;
    const char *text = log_of(bug, "pigs fly");
    assert_true(aside_aborted(&said));
    assert_non_null(strstr(text, "impossible: pigs fly\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_when_how_grave_and_who),
        cmocka_unit_test(controls_cannot_make_a_line_of_their_own),
        cmocka_unit_test(a_request_is_named_until_it_ends),
        cmocka_unit_test(lines_above_the_level_are_dropped),
        cmocka_unit_test(debug_lines_are_asked_for),
        cmocka_unit_test(a_long_line_is_cut_on_a_character_and_says_so),
        cmocka_unit_test(a_line_that_fits_is_whole),
        cmocka_unit_test(errno_is_left_alone_also_when_nobody_listens),
        cmocka_unit_test(our_bug_is_logged_and_ends_the_process),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
