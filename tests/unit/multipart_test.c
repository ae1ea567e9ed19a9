/* multipart_test.c - fcgi/multipart.c and form_read_parts: what browsers send, in every division, and everything else refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_fixture.h"
#include "form.h"
#include "multipart.h"
#include "out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISPOSITION "Content-Disposition: form-data; name="
#define FIELD(name, value) "--b\r\n" DISPOSITION "\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(name, file, value) "--b\r\n" DISPOSITION "\"" name "\"; filename=\"" file "\"\r\nContent-Type: image/png\r\n\r\n" value "\r\n"
#define END "--b--\r\n"

/* ---- a sink that writes down what it was told ---- */

static void put(struct out *to, const char *text)
{
    out_raw(to, text, strlen(text));
}

static struct out told;
static size_t refuse_at; /* the call that is refused; 0: none */
static size_t calls;

static bool call(void)
{
    return ++calls != refuse_at;
}

static bool begun(void *to, const struct multipart_part *part)
{
    assert_ptr_equal(to, &told);
    put(&told, "<");
    put(&told, part->name);
    if (part->file_name) {
        put(&told, "|");
        put(&told, part->file_name);
    }
    if (part->type[0]) {
        put(&told, "|");
        put(&told, part->type);
    }
    put(&told, ">");
    return call();
}

static bool came(void *to, const void *p, size_t n)
{
    assert_ptr_equal(to, &told);
    assert_true(n > 0);
    out_raw(&told, p, n);
    return call();
}

static bool ended(void *to)
{
    assert_ptr_equal(to, &told);
    put(&told, "</>");
    return call();
}

/* Whether all of it is taken and whole, given in pieces of `step` octets, each an exact copy. */
static bool taken(const char *p, size_t n, size_t step)
{
    out_init(&told, arena);
    calls = 0;
    struct multipart *m = multipart_new(arena, "b", (struct multipart_sink){begun, came, ended, &told});
    bool good = true;
    for (size_t i = 0; i < n && good; i += step) {
        size_t size = n - i < step ? n - i : step;
        char *copy = malloc(size);
        memcpy(copy, p + i, size);
        good = multipart_feed(m, copy, size);
        free(copy);
        if (!good) assert_false(multipart_feed(m, "x", 1)); /* for good */
    }
    return good && multipart_whole(m);
}

static void assert_told(const char *p, size_t n, const char *expected, size_t expected_n)
{
    for (size_t step = 1; step <= n; step++) {
        if (!taken(p, n, step)) fail_msg("refused in steps of %zu: %s", step, p);
        assert_int_equal(told.n, expected_n);
        assert_memory_equal(told.p, expected, expected_n);
    }
}

#define TOLD(body, expected) assert_told(body, sizeof body - 1, expected, sizeof expected - 1)

static void assert_refused(const char *p, size_t n)
{
    for (size_t step = 1; step <= n; step++)
        if (taken(p, n, step)) fail_msg("taken in steps of %zu: %s", step, p);
}

#define REFUSED(body) assert_refused(body, sizeof body - 1)

/* ---- the octets ---- */

static void what_browsers_send_arrives_in_every_division(void **state)
{
    (void)state;
    TOLD(FIELD("a", "one") FIELD("b", "") END, "<a>one</><b></>");
    TOLD(FIELD("a", "one") FILE_PART("f", "a b.png", "\x89PNG\r\n\x1a\n\0x") END, "<a>one</><f|a b.png|image/png>\x89PNG\r\n\x1a\n\0x</>");
    TOLD(FILE_PART("f", "", "") END, "<f||image/png></>");
    TOLD(FIELD("a", "one") "--b--", "<a>one</>");
    TOLD("--b\r\ncontent-type:text/plain\r\ncontent-disposition:\tform-data ; name=\"a\" ; filename=\"x\"\r\n\r\nv\r\n" END, "<a|x|text/plain>v</>");
    TOLD("--b\r\n" DISPOSITION "\"a\"; filename=\"%22\xc3\xa9\\.png\"\r\n\r\nv\r\n" END, "<a|%22\xc3\xa9\\.png>v</>");
}

static void what_only_looks_like_a_boundary_is_content(void **state)
{
    (void)state;
    TOLD(FIELD("a", "\r\n-\r\n--\r\n--c\r\r\n\r\r\n--\r\n-b --b") END, "<a>\r\n-\r\n--\r\n--c\r\r\n\r\r\n--\r\n-b --b</>");
    TOLD(FIELD("a", "\r") END, "<a>\r</>");
    TOLD(FIELD("a", "\r\n") END, "<a>\r\n</>");
    TOLD(FIELD("a", "\r\n--\r") END, "<a>\r\n--\r</>");
}

static void what_no_browser_sends_is_refused(void **state)
{
    (void)state;
    REFUSED("");
    REFUSED("--b--\r\n");
    REFUSED("before\r\n" FIELD("a", "one") END);
    REFUSED("\r\n" FIELD("a", "one") END);
    REFUSED(FIELD("a", "one") END "after");
    REFUSED(FIELD("a", "one") END "\r\n");
    REFUSED(FIELD("a", "one") "--b--\n");
    REFUSED(FIELD("a", "one") "--b--\r\r");
    REFUSED(FIELD("a", "one") "--b- ");
    REFUSED(FIELD("a", "one\r\n--bc") END);
    REFUSED("--b \r\n" DISPOSITION "\"a\"\r\n\r\nv\r\n" END);
    REFUSED("--b\n" DISPOSITION "\"a\"\n\nv\n--b--\n");
    REFUSED("--c\r\n" DISPOSITION "\"a\"\r\n\r\nv\r\n--c--\r\n");
}

static void a_head_says_a_name_and_little_else(void **state)
{
    (void)state;
#define HEAD(head) "--b\r\n" head "\r\n\r\nv\r\n" END
    REFUSED(HEAD(""));
    REFUSED("--b\r\n\r\nv\r\n" END);
    REFUSED(HEAD("Content-Type: text/plain"));
    REFUSED(HEAD("Content-Disposition: form-data"));
    REFUSED(HEAD("Content-Disposition: attachment; name=\"a\""));
    REFUSED(HEAD("Content-Disposition: form-datax; name=\"a\""));
    REFUSED(HEAD(DISPOSITION "a"));
    REFUSED(HEAD(DISPOSITION "\"\""));
    REFUSED(HEAD(DISPOSITION "\"a"));
    REFUSED(HEAD(DISPOSITION "\"a\" x"));
    REFUSED(HEAD(DISPOSITION "\"a\"; filename=x"));
    REFUSED(HEAD(DISPOSITION "\"a\"; filename*=UTF-8''x"));
    REFUSED(HEAD(DISPOSITION "\"a\"; filename=\"x\"; filename=\"y\""));
    REFUSED(HEAD(DISPOSITION "\"a\"; name=\"b\""));
    REFUSED(HEAD(DISPOSITION "\"a\"\r\n" DISPOSITION "\"b\""));
    REFUSED(HEAD(DISPOSITION "\"a\"\r\nContent-Type: a/b\r\nContent-Type: a/c"));
    REFUSED(HEAD(DISPOSITION "\"a\"\r\nContent-Transfer-Encoding: base64"));
    REFUSED(HEAD(DISPOSITION "\"a\"\r\n folded"));
    REFUSED(HEAD(DISPOSITION "\"a\nb\""));
    REFUSED(HEAD(DISPOSITION "\"a\0b\""));
    REFUSED(HEAD(DISPOSITION "\"a\xff\""));
    REFUSED(HEAD(DISPOSITION "\"a\"; filename=\"\xc0\xaf\""));
#undef HEAD
}

static void heads_and_parts_are_bounded(void **state)
{
    (void)state;
    struct out body;
    for (int more = 0; more <= 1; more++) {
        out_init(&body, arena);
        for (int i = 0; i < MULTIPART_PARTS + more; i++) put(&body, arena_printf(arena, "--b\r\n" DISPOSITION "\"p%d\"\r\n\r\nv\r\n", i));
        put(&body, "--b--");
        assert_int_equal(taken(body.p, body.n, 7), !more);
        out_init(&body, arena);
        put(&body, "--b\r\n" DISPOSITION "\"");
        size_t room = MULTIPART_HEAD - strlen(DISPOSITION "\"") - strlen("\"\r\n\r\n") + (size_t)more;
        for (size_t i = 0; i < room; i++) put(&body, "n");
        put(&body, "\"\r\n\r\nv\r\n--b--");
        assert_int_equal(taken(body.p, body.n, 7), !more);
    }
}

static void a_body_that_was_cut_off_is_not_whole(void **state)
{
    (void)state;
    static const char body[] = FIELD("a", "one") FILE_PART("f", "x", "\r\n--") "--b--";
    for (size_t n = 0; n < sizeof body - 1; n++) assert_false(taken(body, n, 3));
    assert_true(taken(body, sizeof body - 1, 3));
}

static void every_word_of_the_sink_can_refuse(void **state)
{
    (void)state;
    static const char body[] = FIELD("a", "x\r\ny") FIELD("b", "z") END;
    assert_true(taken(body, sizeof body - 1, sizeof body));
    size_t all = calls;
    for (refuse_at = 1; refuse_at <= all; refuse_at++) assert_false(taken(body, sizeof body - 1, sizeof body));
    refuse_at = 0;
}

/* Random bodies, made of what parsers stumble over: nothing is read outside, and the division never matters. */
static void nonsense_is_decided_the_same_in_every_division(void **state)
{
    (void)state;
    static const char *const pieces[] = {"\r", "\n", "\r\n", "-", "--", "b", "--b", "\r\n--b", "--b--", "\r\n\r\n", "\"", ";", ":", " ", "x", "\xff",
                                         DISPOSITION, DISPOSITION "\"a\"", "; filename=\"f\"", "Content-Type: t", FIELD("a", "v"), END, FILE_PART("f", "n", "v")};
    unsigned seed = 20261121, good = 0;
    for (int round = 0; round < 4000; round++) {
        struct out body;
        out_init(&body, arena);
        if (rand_r(&seed) % 2) put(&body, FIELD("a", "v") "--b\r\n" DISPOSITION "\"c\"");
        for (int n = rand_r(&seed) % 12; n > 0; n--) {
            const char *piece = pieces[(size_t)rand_r(&seed) % (sizeof pieces / sizeof *pieces)];
            put(&body, piece);
        }
        if (rand_r(&seed) % 2) put(&body, "\r\n\r\nv\r\n--b--");
        bool whole = taken(body.p, body.n, body.n + 1);
        struct out first = told;
        good += whole;
        for (size_t step = 1; step <= 5; step++) {
            assert_int_equal(taken(body.p, body.n, step), whole);
            if (whole) assert_memory_equal(told.p, first.p, first.n);
        }
        if (round % 100 == 0) arena_reset(arena);
    }
    assert_true(good > 50);
}

/* ---- the boundary ---- */

static void a_boundary_is_what_the_standard_allows(void **state)
{
    (void)state;
    assert_string_equal(multipart_boundary(arena, "multipart/form-data; boundary=----WebKitFormBoundaryx1"), "----WebKitFormBoundaryx1");
    assert_string_equal(multipart_boundary(arena, "Multipart/Form-Data;Boundary=\"a'b=c\""), "a'b=c");
    static const char *const refused[] = {"",
                                          "text/plain; boundary=b",
                                          "multipart/form-data",
                                          "multipart/form-data;",
                                          "multipart/form-datax; boundary=b",
                                          "multipart/form-data; boundary=",
                                          "multipart/form-data; boundary=\"\"",
                                          "multipart/form-data; boundary=\"b",
                                          "multipart/form-data; boundary=b; x=y",
                                          "multipart/form-data; charset=x; boundary=b",
                                          "multipart/form-data; boundary=a b",
                                          "multipart/form-data; boundary=a\tb",
                                          "multipart/form-data; boundary=\"a b\"",
                                          "multipart/form-data; boundary=b\r\n",
                                          "multipart/form-data; boundary=a\xc3\xa9"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (multipart_boundary(arena, refused[i])) fail_msg("taken: %s", refused[i]);
    assert_null(multipart_boundary(arena, NULL));
    for (int n = MULTIPART_BOUNDARY; n <= MULTIPART_BOUNDARY + 1; n++)
        assert_int_equal(multipart_boundary(arena, arena_printf(arena, "multipart/form-data; boundary=%0*d", n, 0)) != NULL, n == MULTIPART_BOUNDARY);
}

/* ---- as a form ---- */

static const struct form_field fields[] = {
    {.name = "name", .kind = FIELD_NAME, .most = 10, .missing = "Enter a name"},
    {.name = "text", .kind = FIELD_MESSAGE, .most = 100},
    {.name = "picture", .kind = FIELD_FILE, .high = 8, .missing = "Choose a picture", .wrong = "Choose a smaller picture"},
    {0},
};

static struct form form;
static const char *csrf;

static enum form_result form_of(const char *p, size_t n)
{
    return form_read_parts(arena, fields, "b", (struct bytes){p, n}, &form, &csrf);
}

#define FORM_OF(body) form_of(body, sizeof body - 1)

static void a_form_of_parts_is_checked_like_any_other(void **state)
{
    (void)state;
    assert_int_equal(FORM_OF(FIELD("csrf", "t") FIELD("name", " Ann ") FIELD("text", "a\r\nb") FILE_PART("picture", "p.png", "\0\xff!") END), FORM_READ);
    assert_true(form_good(&form));
    assert_string_equal(csrf, "t");
    assert_string_equal(form_value(&form, "name"), "Ann");
    assert_string_equal(form_value(&form, "text"), "a\nb");
    assert_string_equal(form_value(&form, "picture"), "p.png");
    assert_int_equal(form_file(&form, "picture").n, 3);
    assert_memory_equal(form_file(&form, "picture").p, "\0\xff!", 3);
    assert_int_equal(form_file(&form, "name").n, 0);

    assert_int_equal(FORM_OF(FIELD("name", "far too long a name") FILE_PART("picture", "", "") END), FORM_READ);
    assert_string_equal(form_error(&form, "name"), "Shorten this: it is too long");
    assert_string_equal(form_error(&form, "picture"), "Choose a picture");
    assert_null(csrf);
    assert_int_equal(FORM_OF(FIELD("name", "Ann") FILE_PART("picture", "p", "12345678") END), FORM_READ);
    assert_true(form_good(&form));
    assert_int_equal(FORM_OF(FIELD("name", "Ann") FILE_PART("picture", "p", "123456789") END), FORM_READ);
    assert_string_equal(form_error(&form, "picture"), "Choose a smaller picture");
}

static void undeclared_repeated_and_wrongly_sent_parts_are_malformed(void **state)
{
    (void)state;
    assert_int_equal(FORM_OF(FIELD("other", "x") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FIELD("name", "x") FIELD("name", "y") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FILE_PART("picture", "a", "x") FILE_PART("picture", "b", "y") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FIELD("csrf", "x") FIELD("csrf", "y") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FILE_PART("name", "a", "x") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FILE_PART("csrf", "a", "x") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FIELD("picture", "x") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FIELD("name", "a\0b") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FIELD("name", "\xff") END), FORM_MALFORMED);
    assert_int_equal(FORM_OF(FIELD("name", "x")), FORM_MALFORMED);
    const char *none;
    assert_int_equal(form_read(arena, fields, (struct bytes){"picture=x", 9}, &form, &none), FORM_MALFORMED);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_browsers_send_arrives_in_every_division),
        TEST(what_only_looks_like_a_boundary_is_content),
        TEST(what_no_browser_sends_is_refused),
        TEST(a_head_says_a_name_and_little_else),
        TEST(heads_and_parts_are_bounded),
        TEST(a_body_that_was_cut_off_is_not_whole),
        TEST(every_word_of_the_sink_can_refuse),
        TEST(nonsense_is_decided_the_same_in_every_division),
        TEST(a_boundary_is_what_the_standard_allows),
        TEST(a_form_of_parts_is_checked_like_any_other),
        TEST(undeclared_repeated_and_wrongly_sent_parts_are_malformed),
    };
    return cmocka_run_group_tests_name("multipart", tests, NULL, NULL);
}
