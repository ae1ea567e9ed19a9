/* address_test.c - fcgi/address.c against security.md, "E-mail addresses". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "address.h"
#include "arena_fixture.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* n times c. */
static const char *times(char c, int n)
{
    char *text = arena_alloc(arena, (size_t)n + 1);
    memset(text, c, (size_t)n);
    return text;
}

static const char *join(const char *one, const char *two)
{
    return arena_printf(arena, "%s%s", one, two);
}

static void assert_same_person(const char *typed, const char *canon)
{
    struct address a = {0};
    const char *sentence = address_parse(arena, typed, &a);
    if (sentence) fail_msg("refused: %s (%s)", typed, sentence);
    assert_string_equal(a.canon, canon);
    assert_string_equal(a.domain, strchr(canon, '@') + 1);
}

static void assert_no_address(const char *text)
{
    struct address a = {0};
    if (!address_parse(arena, text, &a)) fail_msg("accepted: %s as %s", text, a.canon);
}

static void these_are_addresses_and_this_is_who_they_are(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"ann@example.com", "ann@example.com"},
        {"Ann@Example.COM", "ann@example.com"},
        {"JOHN.DOE@EXAMPLE.COM", "john.doe@example.com"},
        {"  ann@example.com  ", "ann@example.com"},
        {"\tann@example.com\r\n", "ann@example.com"},
        {"a@b.co", "a@b.co"},
        {"john.doe@example.com", "john.doe@example.com"},
        {"johndoe@example.com", "johndoe@example.com"},
        {"ann+tag@example.com", "ann+tag@example.com"},
        {"Ann+Tag@example.com", "ann+tag@example.com"},
        {"o'neill@example.ie", "o'neill@example.ie"},
        {"a!#$%&'*+-/=?^_`{|}~z@example.com", "a!#$%&'*+-/=?^_`{|}~z@example.com"},
        {"123@example.com", "123@example.com"},
        {"ann@123.example", "ann@123.example"},
        {"ann@3com.1a", "ann@3com.1a"},
        {"ann@a-b.example", "ann@a-b.example"},
        {"ann@mail.dept.example.co.uk", "ann@mail.dept.example.co.uk"},
        {"ann_lee@example.com", "ann_lee@example.com"},
        {"-@example.com", "-@example.com"},
        {"ann@b\u00fccher.example", "ann@xn--bcher-kva.example"},
        {"ann@B\u00dcCHER.example", "ann@xn--bcher-kva.example"},
        {"ann@bu\u0308cher.example", "ann@xn--bcher-kva.example"},
        {"ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"},
        {"ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"},
        {"ann@stra\u00dfe.example", "ann@xn--strae-oqa.example"}, /* non-transitional: not strasse */
        {"ann@\u4f8b\u3048.jp", "ann@xn--r8jz45g.jp"},
        {"ann@example\u3002com", "ann@example.com"}, /* the ideographic full stop of Asian keyboards */
        {"ann@\uff45xample.com", "ann@example.com"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_same_person(good[i][0], good[i][1]);
}

static void these_are_no_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "ann",
        "@",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@localhost",
        "ann@@example.com",
        "ann@b@example.com",
        "ann at example.com",
        /* dots */
        ".ann@example.com",
        "ann.@example.com",
        "an..n@example.com",
        "ann@.example.com",
        "ann@example..com",
        "ann@example.com.",
        "ann@.",
        "ann@..",
        "ann@example\u3002",
        "ann@\u3002com",
        /* quoted, commented, several, with a name */
        "\"ann\"@example.com",
        "\"ann lee\"@example.com",
        "ann(work)@example.com",
        "Ann <ann@example.com>",
        "<ann@example.com>",
        "ann@example.com,bob@example.com",
        "ann@example.com;bob@example.com",
        "ann@example.com bob@example.com",
        "ann\\@example.com",
        "ann:x@example.com",
        "mailto:ann@example.com",
        /* numbers are no domains */
        "ann@[127.0.0.1]",
        "ann@[IPv6:::1]",
        "ann@127.0.0.1",
        "ann@example.123",
        "ann@1.2",
        /* controls and blanks inside */
        "an n@example.com",
        "ann@exam ple.com",
        "ann\t@example.com",
        "ann\r\nRCPT TO:<bob@example.com>",
        "ann@example.com\r\nBcc: bob@example.com",
        "ann\n@example.com",
        "ann\x01@example.com",
        "ann\x7f@example.com",
        "ann@exa\x1fmple.com",
        /* what people do not see */
        "ann\u200b@example.com",
        "ann@exam\u200bple.com",
        "ann@exam\u00adple.com",
        "\ufeff"
        "ann@example.com",
        "ann@\u202e"
        "example.com",
        "ann@exa\u2066mple.com",
        "ann@exa\u200dmple.com",
        /* a local part that our mail path cannot carry */
        "\u00e4nn@example.com",
        "ann\u00e9@example.com",
        "\u4f8b@example.com",
        "\uff41nn@example.com",
        /* other signs in the domain, also those that mapping brings in */
        "ann@exam_ple.com",
        "ann@pier_.example",
        "ann@exam!ple.com",
        "ann@exam/ple.com",
        "ann@exam%70le.com",
        "ann@\u2100.example",
        "ann@exam\uff0fple.com",
        "ann@exam*ple.com",
        "ann@exa\u00a0mple.com",
        "ann@exa'mple.com",
        /* hyphens at the edge of a label: no host has such a name (RFC 1123 2.1) */
        "ann@-example.com",
        "ann@example-.com",
        "ann@example.-com",
        "ann@example.com-",
        /* bad A-labels and bad UTF-8 */
        "ann@xn--.example",
        "ann@xn--\u00fc.example",
        "ann@ex\xff.com",
        "ann@ex\xc3.com",
        "ann@ex\xc0\xae.com",
        "ann@\xed\xa0\x80.com",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_no_address(bad[i]);
}

static void who_typed_another_script_is_told_so(void **state)
{
    (void)state;
    struct address a;
    const char *foreign = address_parse(arena, "j\u00fcrgen@example.com", &a), *wrong = address_parse(arena, "jurgen", &a);
    assert_non_null(foreign);
    assert_non_null(wrong);
    assert_string_not_equal(foreign, wrong);
    assert_non_null(strstr(foreign, "before the @"));
}

static void the_spelling_is_kept_for_the_mail(void **state)
{
    (void)state;
    struct address a;
    assert_null(address_parse(arena, "  John.Doe+Work@Example.COM ", &a));
    assert_string_equal(a.typed, "John.Doe+Work@Example.COM");
    assert_null(address_parse(arena, "John.Doe@B\u00fccher.Example", &a));
    assert_string_equal(a.typed, "John.Doe@xn--bcher-kva.example");
}

static void dots_and_tags_make_another_person(void **state)
{
    (void)state;
    struct address a, b;
    assert_null(address_parse(arena, "john.doe@gmail.com", &a));
    assert_null(address_parse(arena, "johndoe@gmail.com", &b));
    assert_string_not_equal(a.canon, b.canon);
    assert_null(address_parse(arena, "johndoe+x@gmail.com", &a));
    assert_string_not_equal(a.canon, b.canon);
}

static void the_local_part_has_at_most_64_octets(void **state)
{
    (void)state;
    const char *full = join(times('a', 64), "@example.com");
    assert_same_person(full, full);
    assert_no_address(join("a", full));
}

static void a_label_has_at_most_63_octets(void **state)
{
    (void)state;
    const char *full = arena_printf(arena, "ann@%s.example", times('a', 63));
    assert_same_person(full, full);
    assert_no_address(arena_printf(arena, "ann@%s.example", times('a', 64)));
    assert_no_address(arena_printf(arena, "ann@example.%s", times('a', 64)));
}

/* local@ and four labels, `total` octets in all. */
static const char *of_length(int total)
{
    const char *l = times('l', 63);
    int rest = total - 11 - 3 * 64;
    return arena_printf(arena, "0123456789@%s.%s.%s.%s", l, l, l, times('z', rest));
}

static void an_address_has_at_most_254_octets(void **state)
{
    (void)state;
    assert_int_equal(strlen(of_length(254)), 254);
    assert_same_person(of_length(254), of_length(254));
    assert_same_person(arena_printf(arena, "  %s  ", of_length(254)), of_length(254));
    assert_no_address(of_length(255));
    assert_no_address(of_length(256));
    assert_no_address(join("a@", times('b', 1000000)));
    assert_no_address(times('@', 100000));
}

static void lengths_count_after_the_domain_became_a_labels(void **state)
{
    (void)state;
    char text[1024] = "ann@";
    for (unsigned i = 0; i < 30; i++) strcat(text, "\u00fc.");
    struct address a;
    assert_null(address_parse(arena, join(text, "example"), &a)); /* 30 of xn--tda. */
    assert_int_equal(strlen(a.canon), 4 + 30 * 8 + 7);
    assert_true(strlen(join(text, "example.com")) < 254);
    assert_no_address(join(text, "example.com"));
}

/* ---- an independent, slow reading of the rules for ASCII text ---- */

static bool one_of(char c, const char *set)
{
    for (; *set; set++)
        if (*set == c) return true;
    return false;
}

static bool part_slow(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] == '.' && (i == 0 || i == n - 1 || p[i - 1] == '.')) return false;
    return n > 0;
}

static bool label_slow(const char *p, size_t n)
{
    if (n == 0 || n > 63 || p[0] == '-' || p[n - 1] == '-') return false;
    for (size_t i = 0; i < n; i++)
        if (!one_of(p[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")) return false;
    return true;
}

static bool domain_slow(const char *p, size_t n)
{
    size_t labels = 0, digits = 0, last = 0;
    for (size_t i = 0, begun = 0; i <= n; i++) {
        if (i < n && p[i] != '.') continue;
        if (!label_slow(p + begun, i - begun)) return false;
        labels++;
        last = i - begun;
        digits = 0;
        for (size_t j = begun; j < i; j++) digits += one_of(p[j], "0123456789");
        begun = i + 1;
    }
    return labels >= 2 && digits < last;
}

static bool address_slow(const char *text)
{
    size_t from = 0, to = strlen(text), at = 0, ats = 0;
    while (from < to && one_of(text[from], " \t\r\n")) from++;
    while (to > from && one_of(text[to - 1], " \t\r\n")) to--;
    for (size_t i = from; i < to; i++) {
        if (text[i] <= 0x20 || text[i] >= 0x7f || one_of(text[i], "<>()[],;:\\\"")) return false;
        if (text[i] == '@') {
            at = i;
            ats++;
        }
    }
    return ats == 1 && to - from <= 254 && at - from <= 64 && part_slow(text + from, at - from) && domain_slow(text + at + 1, to - at - 1);
}

static uint32_t random_state = 20261121;

static unsigned any_below(unsigned n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % n;
}

static const char *random_text(const char *const *pieces, unsigned n_pieces)
{
    char text[200] = "";
    for (unsigned i = any_below(8); i > 0; i--) strcat(text, pieces[any_below(n_pieces)]);
    return arena_text(arena, text, strlen(text));
}

static void a_slow_reading_of_the_rules_agrees_about_random_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {"@",    "@",    "@", ".", ".", ".",  "a", "B",  "c", "ann", "com",    "1",  "23",
                                         "-",    "+",    "_", "'", " ", "\"", "(", "<",  ":", ",",   "\\",     "\t", "\n",
                                         "\x01", "\x7f", "[", "]", "!", "/",  "%", "xy", "Q", "*",   "example"};
    unsigned good = 0;
    for (unsigned i = 0; i < 60000; i++) {
        unsigned n = sizeof pieces / sizeof *pieces;
        const char *text = random_text(pieces, n);
        if (i % 2) text = arena_printf(arena, "a%s@%s.com", text, random_text(pieces, n));
        struct address a;
        bool expected = address_slow(text), got = !address_parse(arena, text, &a);
        if (expected != got) fail_msg("\"%s\" is %s", text, got ? "accepted" : "refused");
        good += got;
        if (i % 1000 == 0) arena_reset(arena);
    }
    assert_true(good > 300); /* or the comparison says nothing */
}

static void an_identity_is_its_own_identity(void **state)
{
    (void)state;
    static const char *const pieces[] = {"@",         "@",      ".",      ".",      "a",       "Z",      "example",    "com",    "\u00fc",
                                         "\u00df",    "\u0130", "\u017f", "\u4f8b", "u\u0308", "\u3002", "\u0627",     "\u05d0", "xn--",
                                         "bcher-kva", "\u2170", "\u2488", "\ufb01", "\u212a",  "\u0345", "\U0001f600", "\u00b7", "-"};
    unsigned good = 0;
    for (unsigned i = 0; i < 30000; i++) {
        struct address a, again;
        const char *text = arena_printf(arena, "ann@%s.com", random_text(pieces, sizeof pieces / sizeof *pieces));
        if (address_parse(arena, text, &a)) continue;
        good++;
        assert_int_equal(strspn(a.domain, "abcdefghijklmnopqrstuvwxyz0123456789-."), strlen(a.domain));
        if (address_parse(arena, a.canon, &again)) fail_msg("%s gives %s, which is refused", text, a.canon);
        assert_string_equal(again.canon, a.canon);
        if (address_parse(arena, a.typed, &again)) fail_msg("%s gives %s, which is refused", text, a.typed);
        assert_string_equal(again.canon, a.canon);
        if (i % 1000 == 0) arena_reset(arena);
    }
    assert_true(good > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(these_are_addresses_and_this_is_who_they_are, begin, end),
        cmocka_unit_test_setup_teardown(these_are_no_addresses, begin, end),
        cmocka_unit_test_setup_teardown(who_typed_another_script_is_told_so, begin, end),
        cmocka_unit_test_setup_teardown(the_spelling_is_kept_for_the_mail, begin, end),
        cmocka_unit_test_setup_teardown(dots_and_tags_make_another_person, begin, end),
        cmocka_unit_test_setup_teardown(the_local_part_has_at_most_64_octets, begin, end),
        cmocka_unit_test_setup_teardown(a_label_has_at_most_63_octets, begin, end),
        cmocka_unit_test_setup_teardown(an_address_has_at_most_254_octets, begin, end),
        cmocka_unit_test_setup_teardown(lengths_count_after_the_domain_became_a_labels, begin, end),
        cmocka_unit_test_setup_teardown(a_slow_reading_of_the_rules_agrees_about_random_text, begin, end),
        cmocka_unit_test_setup_teardown(an_identity_is_its_own_identity, begin, end),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
