/* out_test.c - fcgi/out.c and out_sentence.c: every escaper, sentences with values. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <libintl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "language.h"
#include "out.h"

static struct arena *arena;
static struct out out;

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    out_init(&out, arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* What was written since the last time. */
static const char *written(void)
{
    const char *text = out_text_of(&out);
    out_init(&out, arena);
    return text;
}

#define WRITES(call, text)                     \
    do {                                       \
        call;                                  \
        assert_string_equal(written(), text);  \
    } while (0)

static void text_loses_its_power_over_html(void **state)
{
    (void)state;
    WRITES(out_text(&out, "a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
    WRITES(out_text(&out, "plain Zo\u00eb"), "plain Zo\u00eb");
    WRITES(out_text(&out, ""), "");
    WRITES(out_text(&out, NULL), "");
    WRITES(out_text(&out, "&&"), "&amp;&amp;");
    WRITES(out_url(&out, (struct url){"/a?b=1&c='"}), "/a?b=1&amp;c=&#39;");
}

static void every_octet_is_escaped_or_copied(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char text[] = {(char)c, '\0'};
        out_text(&out, text);
        const char *got = written();
        if (strchr("&<>\"'", c))
            assert_int_equal(got[0], '&');
        else
            assert_string_equal(got, text);
    }
}

static void a_special_is_escaped_wherever_it_stands_in_a_text_of_any_length(void **state)
{
    (void)state;
    enum { LONGEST = 50 };
    static const char *const escaped[] = {"&&amp;", "<&lt;", ">&gt;", "\"&quot;", "'&#39;"};
    for (int length = 1; length <= LONGEST; length++)
        for (int at = 0; at < length; at++)
            for (size_t i = 0; i < sizeof escaped / sizeof *escaped; i++) {
                char text[LONGEST + 1] = "", wanted[LONGEST + 8];
                memset(text, 'x', (size_t)length);
                text[at] = escaped[i][0];
                snprintf(wanted, sizeof wanted, "%.*s%s%s", at, text, escaped[i] + 1, text + at + 1);
                WRITES(out_text(&out, text), wanted);
            }
}

static void numbers_reach_their_limits(void **state)
{
    (void)state;
    WRITES(out_u64(&out, 0), "0");
    WRITES(out_u64(&out, UINT64_MAX), "18446744073709551615");
    WRITES(out_i64(&out, INT64_MIN), "-9223372036854775808");
    WRITES(out_i64(&out, INT64_MAX), "9223372036854775807");
    WRITES(out_i64(&out, -10), "-10");
}

static void a_segment_cannot_leave_its_place(void **state)
{
    (void)state;
    WRITES(out_segment(&out, "a/b?c#d&e=f%2f"), "a%2Fb%3Fc%23d%26e%3Df%252f");
    WRITES(out_segment(&out, "AZaz09-._~"), "AZaz09-._~");
    WRITES(out_segment(&out, "\u00eb \"'<>\n\\:@"), "%C3%AB%20%22%27%3C%3E%0A%5C%3A%40");
    WRITES(out_segment(&out, "."), "");
    WRITES(out_segment(&out, ".."), "");
    WRITES(out_segment(&out, "..."), "...");
    WRITES(out_segment(&out, NULL), "");
    WRITES(out_query(&out, ".."), "..");
    WRITES(out_query(&out, "a&b=c+d"), "a%26b%3Dc%2Bd");
}

static void an_id_is_32_hexadecimal_digits(void **state)
{
    (void)state;
    struct id id = {{0x00, 0x0f, 0xf0, 0xff, 0xab, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10}};
    WRITES(out_segment_id(&out, id), "000ff0ffab0000000000000000000010");
}

static void the_type_chooses_the_escaper(void **state)
{
    (void)state;
    char array[] = "<";
    WRITES(out_value(&out, array), "&lt;");
    WRITES(out_value(&out, (short)-1), "-1");
    WRITES(out_value(&out, (unsigned char)255), "255");
    WRITES(out_value(&out, (size_t)7), "7");
    WRITES(out_value(&out, (struct url){"&"}), "&amp;");
    WRITES(out_segment_value(&out, "/"), "%2F");
    WRITES(out_segment_value(&out, 5u), "5");
    WRITES(out_plain_value(&out, (struct url){"/?a&b"}), "/?a&b");
    WRITES(out_line_value(&out, "a\nb"), "a b");
}

static void plain_text_keeps_lines_but_no_controls(void **state)
{
    (void)state;
    WRITES(out_plain(&out, "a\r\nb\tc\x1b[m\x7f<&>"), "a\nb c [m <&>");
    WRITES(out_plain(&out, "\r\r"), "");
    WRITES(out_plain(&out, NULL), "");
    WRITES(out_line(&out, "a\r\nBcc: x\n"), "a  Bcc: x ");
    WRITES(out_line(&out, NULL), "");
}

static void a_name_that_ends_with_a_full_stop_is_the_end_of_its_sentence(void **state)
{
    (void)state;
    WRITES(out_rich(&out, "of %s.", "Smith Ltd."), "of Smith Ltd.");
    WRITES(out_rich(&out, "of *%s*. It", "Smith Ltd."), "of <strong>Smith Ltd.</strong> It");
    WRITES(out_rich_plain(&out, "of %s. It is *%s*.", "Smith Ltd.", "S.A."), "of Smith Ltd. It is S.A.");
    WRITES(out_rich(&out, "%s.%s. %s: .", "a.", "b", "c."), "a..b. c.: .");
    WRITES(out_rich(&out, "%s, %s...", "a.", ""), "a., ...");
}

static void a_name_in_a_title_keeps_its_full_stop(void **state)
{
    (void)state;
    static const struct language arabic = {.tag = "ar", .rtl = true};
    assert_string_equal(name_told(&out, "Smith Ltd."), "Smith Ltd.");
    out.language = &arabic;
    assert_string_equal(name_told(&out, "Smith Ltd."), "\u2068Smith Ltd.\u2069");
    assert_string_equal(name_told(&out, "(1) Smith"), "\u2068(1) Smith\u2069");
    assert_string_equal(name_told(&out, "Smith 2"), "Smith 2");
    assert_string_equal(name_told(&out, "\u0646\u0648\u0631"), "\u0646\u0648\u0631");
    assert_string_equal(name_told(&out, ""), "");
    assert_null(name_told(&out, NULL));
}

static void names_and_addresses_stand_alone_where_the_sentence_runs_the_other_way(void **state)
{
    (void)state;
    static const struct language arabic = {.tag = "ar", .rtl = true};
    WRITES(out_rich(&out, "%s, *%s*", "Smith Ltd.", "a@b.example"), "Smith Ltd., <strong>a@b.example</strong>");
    WRITES(out_rich(&out, "by *%s*", "\u0646\u0648\u0631 <"), "by <strong><bdi>\u0646\u0648\u0631 &lt;</bdi></strong>");
    WRITES(out_rich(&out, "by %s", "\u05d0"), "by <bdi>\u05d0</bdi>");
    out.language = &arabic;
    WRITES(out_rich(&out, "%s, *%s*", "Smith Ltd.", "a@b.example"), "<bdi>Smith Ltd.</bdi>, <strong><bdi>a@b.example</bdi></strong>");
    out.language = &arabic;
    WRITES(out_rich(&out, "%s: %s, %s%s", "12,345", "10-20", "", "7"), "12,345: <bdi>10-20</bdi>, 7");
    out.language = &arabic;
    WRITES(out_rich(&out, "until %s", out_time(&out, "2", "2026-12-02")), "until <time datetime=\"2026-12-02\">2</time>");
    out.language = &arabic;
    WRITES(out_rich_plain(&out, "by %s", "Smith Ltd."), "by Smith Ltd.");
}

static void rich_sentences_escape_everything(void **state)
{
    (void)state;
    WRITES(out_rich(&out, "a *%s* & 100%%", "<*b*>"), "a <strong>&lt;*b*&gt;</strong> &amp; 100%");
    WRITES(out_rich(&out, "%s%s", "x", "y"), "xy");
    WRITES(out_rich(&out, "%2$s, %1$s", "x", "y"), "y, x");
    WRITES(out_rich(&out, "none"), "none");
    WRITES(out_rich(&out, "%%%s%%", "%s"), "%%s%");
    WRITES(out_rich_plain(&out, "a *%s* & 100%%", "<b>\r"), "a <b> & 100%");
}

static void a_time_in_a_sentence_is_one_for_machines_too(void **state)
{
    (void)state;
    const char *t = out_time(&out, "2 <December", "2026-12-02T14:05:00Z");
    WRITES(out_rich(&out, "until *%s*, by %s", t, "2 <December."), "until <strong><time datetime=\"2026-12-02T14:05:00Z\">2 &lt;December</time></strong>, by 2 &lt;December.");
    WRITES(out_rich_plain(&out, "until %s", t), "until 2 <December");
}

static void a_bad_translation_cannot_break_the_page(void **state)
{
    (void)state;
    const char *volatile odd_star = "a *b", *volatile unknown = "50 % of 5%";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
    WRITES(out_rich(&out, odd_star), "a <strong>b</strong>");
    WRITES(out_rich(&out, unknown), "50 % of 5%");
#pragma GCC diagnostic pop
}

static void a_page_grows_without_losing_anything(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        out_u64(&out, i % 10);
        out_raw(&out, "<>", 2);
    }
    assert_int_equal(out.n, 300000);
    const char *text = out_text_of(&out);
    assert_int_equal(strlen(text), 300000);
    assert_memory_equal(text, "0<>1<>", 6);
    assert_string_equal(text + 300000 - 6, "8<>9<>");
}

static void the_text_ends_even_when_the_room_is_used_up(void **state)
{
    (void)state;
    char full[1024];
    memset(full, 'x', sizeof full);
    do
        out_raw(&out, full, out.room && out.room - out.n < sizeof full ? out.room - out.n : sizeof full);
    while (out.n < out.room);
    size_t n = out.n;
    const char *text = written();
    assert_int_equal(strlen(text), n);
    assert_string_equal(text + n - 2, "xx");
    assert_string_equal(written(), "");
}

static void room_made_in_advance_is_not_made_again(void **state)
{
    (void)state;
    out_text(&out, "begun ");
    out_reserve(&out, 100000);
    const char *p = out.p;
    for (unsigned i = 0; i < 9000; i++)
        out_raw(&out, "0123456789", 10);
    assert_ptr_equal(out.p, p);
    out_reserve(&out, 10);
    assert_ptr_equal(out.p, p);
    assert_memory_equal(written(), "begun 0123", 10);
}

static void the_csrf_field_holds_the_token(void **state)
{
    (void)state;
    out.csrf = "a\"b";
    WRITES(out_csrf(&out), "<input type=\"hidden\" name=\"csrf\" value=\"a&quot;b\">");
}

static void a_form_without_a_token_is_our_bug(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        if (freopen("/dev/null", "w", stderr))
            out_csrf(&out);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void without_a_language_sentences_stay_english(void **state)
{
    (void)state;
    assert_string_equal(out_tr(&out, "Hello"), "Hello");
    assert_string_equal(out_trn(&out, "one", "many", 1), "one");
    assert_string_equal(out_trn(&out, "one", "many", 0), "many");
    out.language = &(struct language){.domain = "invited-nowhere"};
    assert_string_equal(out_tr(&out, "Hello"), "Hello");
    assert_string_equal(out_trn(&out, "one", "many", 2), "many");
    assert_string_equal(out_trc(&out, "a mail", "Sent"), "Sent");
}

/* A catalogue of four sentences, in the format of msgfmt. */
static void catalogue_write(const char *path)
{
    static const char *const from[] = {"", "Hello", "a mail\004Sent", "one\0many"};
    static const char *const to[] = {"Content-Type: text/plain; charset=UTF-8\n"
                                     "Plural-Forms: nplurals=2; plural=(n != 1);\n",
                                     "Gr\u00fc\u00df Gott", "Gesendet", "eins\0viele"};
    static const uint32_t n[] = {0, 5, 11, 8, 83, 11, 8, 10};
    uint32_t head[7 + 16] = {0x950412de, 0, 4, 28, 28 + 32, 0, 28 + 64};
    uint32_t at = sizeof head;
    for (size_t i = 0; i < 8; i++) {
        head[7 + 2 * i] = n[i];
        head[8 + 2 * i] = at;
        at += n[i] + 1;
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(head, sizeof head, 1, file);
    for (size_t i = 0; i < 8; i++)
        fwrite(i < 4 ? from[i] : to[i - 4], n[i] + 1, 1, file);
    fclose(file);
}

static void the_language_is_a_catalogue(void **state)
{
    (void)state;
    char folder[] = "/tmp/out_test.XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *locale = arena_printf(arena, "%s/C.UTF-8", folder);
    const char *messages = arena_printf(arena, "%s/LC_MESSAGES", locale);
    const char *path = arena_printf(arena, "%s/invited-test.mo", messages);
    mkdir(locale, 0700);
    mkdir(messages, 0700);
    catalogue_write(path);
    setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain("invited-test", folder);

    out.language = &(struct language){.domain = "invited-test"};
    assert_string_equal(out_tr(&out, "Hello"), "Gr\u00fc\u00df Gott");
    assert_string_equal(out_trn(&out, "one", "many", 1), "eins");
    assert_string_equal(out_trn(&out, "one", "many", 5), "viele");
    assert_string_equal(out_tr(&out, ""), ""); /* gettext would answer with the catalogue's header */
    assert_string_equal(out_tr(&out, "unknown"), "unknown");
    assert_string_equal(out_trc(&out, "a mail", "Sent"), "Gesendet");
    assert_string_equal(out_trc(&out, "an invitation", "Sent"), "Sent");

    unlink(path);
    rmdir(messages);
    rmdir(locale);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_loses_its_power_over_html, begin, end),
        cmocka_unit_test_setup_teardown(every_octet_is_escaped_or_copied, begin, end),
        cmocka_unit_test_setup_teardown(a_special_is_escaped_wherever_it_stands_in_a_text_of_any_length, begin, end),
        cmocka_unit_test_setup_teardown(numbers_reach_their_limits, begin, end),
        cmocka_unit_test_setup_teardown(a_segment_cannot_leave_its_place, begin, end),
        cmocka_unit_test_setup_teardown(an_id_is_32_hexadecimal_digits, begin, end),
        cmocka_unit_test_setup_teardown(the_type_chooses_the_escaper, begin, end),
        cmocka_unit_test_setup_teardown(plain_text_keeps_lines_but_no_controls, begin, end),
        cmocka_unit_test_setup_teardown(rich_sentences_escape_everything, begin, end),
        cmocka_unit_test_setup_teardown(a_name_that_ends_with_a_full_stop_is_the_end_of_its_sentence, begin, end),
        cmocka_unit_test_setup_teardown(a_name_in_a_title_keeps_its_full_stop, begin, end),
        cmocka_unit_test_setup_teardown(names_and_addresses_stand_alone_where_the_sentence_runs_the_other_way, begin, end),
        cmocka_unit_test_setup_teardown(a_time_in_a_sentence_is_one_for_machines_too, begin, end),
        cmocka_unit_test_setup_teardown(a_bad_translation_cannot_break_the_page, begin, end),
        cmocka_unit_test_setup_teardown(a_page_grows_without_losing_anything, begin, end),
        cmocka_unit_test_setup_teardown(the_text_ends_even_when_the_room_is_used_up, begin, end),
        cmocka_unit_test_setup_teardown(room_made_in_advance_is_not_made_again, begin, end),
        cmocka_unit_test_setup_teardown(the_csrf_field_holds_the_token, begin, end),
        cmocka_unit_test_setup_teardown(a_form_without_a_token_is_our_bug, begin, end),
        cmocka_unit_test_setup_teardown(without_a_language_sentences_stay_english, begin, end),
        cmocka_unit_test_setup_teardown(the_language_is_a_catalogue, begin, end),
    };
    return cmocka_run_group_tests_name("out", tests, NULL, NULL);
}
